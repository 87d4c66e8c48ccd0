//! What is inside the ends of a lane at a moment: which pings are waited for and until when, what
//! lies in the sockets' buffers, what the server works on, and what the client's clocks say.
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
    /// Requests that the server works on, in the order they came.
    pub held: Vec<Flight>,
    /// Datagrams in the sockets' buffers, which no program has read yet; `None` without datagrams.
    pub buffers: Option<Buffers>,
}

/// Datagrams in the buffers of a lane's sockets, in the order they came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Buffers {
    /// Replies in the client's.
    pub client: Vec<Flight>,
    /// Requests in the server's.
    pub server: Vec<Flight>,
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

/// What the client's two clocks say, in nanoseconds since the beginning by the one that runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The number of the newest ping.
    pub number: u64,
    /// The monotonic clock, when that ping is sent, and now or when its reply comes.
    pub monotonic: (i64, i64),
    /// The wall clock then.
    pub wall: (i64, i64),
}

impl Stage {
    /// The client's two clocks in a lane at a moment, where a scene sets one of them.
    #[must_use]
    pub fn clocks(&self, lane: usize, at_ns: u64) -> Option<Clocks> {
        let track = self.tracks.get(lane)?;
        if self.scene.wall_clock_step_ns.1 == 0 {
            return None;
        }
        let sent = track.flights.iter().filter(|flight| {
            let request = flight.direction == Direction::Request && !flight.copy;
            request && flight.from_ns <= at_ns
        });
        let newest = sent.max_by_key(|flight| flight.from_ns)?;
        let over = track.moments.iter().find(|moment| {
            matches!(moment.note, Note::Replied { seq, .. } | Note::TimedOut { seq }
                if Some(seq) == newest.kind.number())
        });
        let until_ns = over.map_or(at_ns, |over| over.at_ns.min(at_ns));
        let both = |clock: &dyn Fn(u64) -> i64| (clock(newest.from_ns), clock(until_ns));
        Some(Clocks {
            number: newest.kind.number()?,
            monotonic: both(&signed),
            wall: both(&|at_ns| self.scene.wall_clock(at_ns)),
        })
    }

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
        let held = requests.clone().filter(|flight| {
            let left_ns = left_ns(track, flight);
            !flight.lost && flight.until_ns <= at_ns && left_ns.is_some_and(|left| at_ns < left)
        });
        let mut held: Vec<Flight> = held.copied().collect();
        held.sort_by_cached_key(|flight| flight.until_ns);
        // One program that serves one request after the other leaves the rest where they are.
        let served = match kind {
            Lane::UdpQueue => held.len().min(1),
            _ => held.len(),
        };
        let queued = held.split_off(served);
        let datagrams = requests.clone().next().is_some();
        Ends {
            waits: waits.collect(),
            held,
            buffers: datagrams.then(|| Buffers {
                client: unread(track, at_ns),
                server: queued,
            }),
        }
    }
}

/// Replies that have come, and that the client reads later.
fn unread(track: &Track, at_ns: u64) -> Vec<Flight> {
    let come = track.flights.iter().filter(|flight| {
        let arrived = !flight.lost && flight.until_ns <= at_ns;
        arrived && flight.direction == Direction::Reply
    });
    let read_later = come.filter(|flight| {
        let read = track.moments.iter().find(|moment| {
            let about = match moment.note {
                Note::Replied { truly, .. } => Some(truly),
                Note::Discarded { seq } => Some(seq),
                _ => None,
            };
            let its = about == flight.kind.number() && moment.member == flight.member;
            its && moment.at_ns >= flight.until_ns
        });
        read.is_some_and(|read| read.at_ns > at_ns)
    });
    read_later.copied().collect()
}

fn signed(at_ns: u64) -> i64 {
    i64::try_from(at_ns).unwrap_or(i64::MAX)
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
    use crate::lesson::scene::Control;

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

    #[test]
    fn what_a_busy_server_has_not_read_lies_in_its_buffer() {
        let lessons = all().unwrap();
        let one_socket = lessons.iter().find(|it| it.id == "one-socket").unwrap();
        // A's request comes at 50 ms, B's and C's each 20 ms later; each takes 300 ms.
        let stage = one_socket.scenes[1].play().unwrap();
        let inside = |at_ms: u64| {
            let ends = stage.ends(0, at_ms * 1_000_000);
            (ends.held.len(), ends.buffers.unwrap().server.len())
        };
        assert_eq!(
            [49, 60, 80, 100].map(inside),
            [(0, 0), (1, 0), (1, 1), (1, 2)]
        );
        assert_eq!([360, 700].map(inside), [(1, 1), (1, 0)]);
    }

    #[test]
    fn what_comes_while_a_client_sleeps_lies_in_its_buffer() {
        let lessons = all().unwrap();
        let client = lessons
            .iter()
            .find(|it| it.id == "write-the-client")
            .unwrap();
        let mut scene = client.scenes[3].clone();
        for (control, ms) in [
            (Control::Timeout, 300),
            (Control::RequestDelay, 250),
            (Control::ReplyDelay, 250),
        ] {
            scene.set(control, ms);
        }
        // It gives ping 1 up at 300 ms and sleeps until 1 s; the reply is there at 500 ms.
        let stage = scene.play().unwrap();
        let unread = |at_ms: u64| {
            let ends = stage.ends(0, at_ms * 1_000_000);
            ends.buffers.unwrap().client.len()
        };
        assert_eq!([499, 500, 999, 1000].map(unread), [0, 1, 1, 0]);
    }

    #[test]
    fn a_clock_that_is_set_measures_another_time_than_one_that_runs_on() {
        let lessons = all().unwrap();
        let delay = lessons.iter().find(|lesson| lesson.id == "delay").unwrap();
        let stage = delay.scenes[2].play().unwrap();
        let clocks = stage.clocks(0, 200_000_000).unwrap();
        assert_eq!(clocks.number, 2);
        assert_eq!(clocks.monotonic, (100_000_000, 200_000_000));
        assert_eq!(clocks.wall, (100_000_000, 0));
        let before = stage.clocks(0, 149_000_000).unwrap();
        assert_eq!(before.monotonic, before.wall);
        assert_eq!(delay.scenes[0].play().unwrap().clocks(0, 0), None);
    }
}
