//! What is inside the ends of a lane at a moment: which pings are waited for and until when, and
//! what the server has taken in and not answered yet.
//!
//! Owns what follows from a track and its scene. How it is drawn is not known here.

use udping_link::Direction;
use udping_sim::Side;
use udping_sim::actors::Note;

use super::scene::{Lane, Stage};
use super::track::{Flight, PacketKind, Track};

/// What is inside a lane's two ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ends {
    /// Pings that the client waits for.
    pub waits: Vec<Wait>,
    /// Requests that the server has and did not answer yet, in the order they came.
    pub held: Vec<Flight>,
}

/// A wait for a ping's reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The ping's number.
    pub number: u64,
    /// Whose it is, where several clients share the lane.
    pub member: Option<usize>,
    /// When it began, in nanoseconds.
    pub from_ns: u64,
    /// When it ends without a reply, in nanoseconds; never for a client without a timeout.
    pub until_ns: Option<u64>,
}

impl Stage {
    /// What is inside a lane's ends at a moment.
    #[must_use]
    pub fn ends(&self, lane: usize, at_ns: u64) -> Ends {
        let (Some(track), Some(kind)) = (self.tracks.get(lane), self.scene.lanes.get(lane)) else {
            return Ends::default();
        };
        let timeout_ns = self.scene.setup.timeout_ns;
        let requests = track.flights.iter().filter(|flight| {
            flight.direction == Direction::Request && matches!(flight.kind, PacketKind::Ping(_))
        });
        let sent = requests
            .clone()
            .filter(|flight| !flight.copy && flight.from_ns <= at_ns);
        let waits = sent.filter_map(|flight| {
            let number = flight.kind.number()?;
            let mut from_ns = flight.from_ns;
            let said = track
                .moments
                .iter()
                .take_while(|moment| moment.at_ns <= at_ns);
            for moment in said.filter(|it| it.by == Side::Client && it.member == flight.member) {
                match moment.note {
                    Note::Replied { seq, .. } | Note::TimedOut { seq } if seq == number => {
                        return None;
                    }
                    // The whole time once more, for every packet that is thrown away.
                    Note::Discarded { .. } if *kind == Lane::RestartsTimeout => {
                        from_ns = from_ns.max(moment.at_ns);
                    }
                    _ => {}
                }
            }
            let until_ns = (*kind != Lane::WaitsForever).then_some(from_ns + timeout_ns);
            let over = until_ns.is_some_and(|until| until <= at_ns);
            (!over).then_some(Wait {
                number,
                member: flight.member,
                from_ns,
                until_ns,
            })
        });
        let held = requests.filter(|flight| {
            let left_ns = left_ns(track, flight);
            !flight.lost && flight.until_ns <= at_ns && left_ns.is_some_and(|left| at_ns < left)
        });
        Ends {
            waits: waits.collect(),
            held: held.copied().collect(),
        }
    }
}

/// When the reply to a request leaves the server.
fn left_ns(track: &Track, request: &Flight) -> Option<u64> {
    let replies = track.flights.iter().filter(|flight| {
        let same = (flight.kind.number(), flight.member) == (request.kind.number(), request.member);
        flight.direction == Direction::Reply && same && flight.from_ns >= request.until_ns
    });
    replies.map(|flight| flight.from_ns).min()
}

#[cfg(test)]
mod tests {
    use crate::lesson::all;

    #[test]
    fn a_wait_ends_with_its_reply_or_at_its_deadline() {
        let lessons = all().unwrap();
        let timeout = lessons.iter().find(|it| it.id == "timeout").unwrap();
        // Ping 1 has its reply at 0.1 s; ping 2 is sent then, is dropped, and is given up 1 s later.
        let stage = timeout.scenes[0].play().unwrap();
        let waits = |at_ms: u64| {
            let ends = stage.ends(0, at_ms * 1_000_000);
            ends.waits
                .into_iter()
                .map(|it| (it.number, it.until_ns.map(|until| until / 1_000_000)))
                .collect::<Vec<_>>()
        };
        assert_eq!(waits(99), [(1, Some(1000))]);
        assert_eq!(waits(100), [(2, Some(1100))]);
        assert_eq!(waits(1099), [(2, Some(1100))]);
        assert_eq!(waits(1100), []);
    }

    #[test]
    fn a_request_is_held_for_as_long_as_the_server_takes() {
        let lessons = all().unwrap();
        let delay = lessons.iter().find(|lesson| lesson.id == "delay").unwrap();
        let stage = delay.scenes[0].play().unwrap();
        let held = |at_ms: u64| stage.ends(0, at_ms * 1_000_000).held.len();
        assert_eq!([29, 30, 49, 50].map(held), [0, 1, 1, 0]);
        assert_eq!(stage.ends(0, 40_000_000).waits.len(), 1);
    }
}
