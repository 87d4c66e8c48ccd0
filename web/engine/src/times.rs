//! What is known of when a probe was where.
//!
//! Owns which of its times are known, and by whose clock. Why nothing more is, the page says.

use super::log::{Cursor, EventData, EventKind, flag, index};
use super::run::{Origin, Run};

/// A moment in the life of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// T1: it went out.
    Sent,
    /// T2: it reached the server.
    Reached,
    /// T3: its reply left the server.
    Answered,
    /// T4: its reply came.
    Arrived,
    /// The last moment at which a reply counts.
    Deadline,
    /// A further reply came.
    Again,
    /// The network said that nobody listens.
    Refused,
}

/// The times of one probe, as far as they are known at a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// The probe's number.
    pub seq: u64,
    /// When it went out: what the others are counted from, in nanoseconds.
    pub sent_ns: u64,
    /// Its moments in order of time, in nanoseconds on the client's clock.
    pub moments: Vec<(Moment, u64)>,
    /// How its RTT divides, where the server's times are known.
    pub ways: Option<Ways>,
    /// The interval between the kernel's own timestamps, in nanoseconds.
    pub kernel_ns: Option<u64>,
}

/// What of an RTT was spent where, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// From the client to the server.
    pub there_ns: u64,
    /// In the server, which its own clock alone tells.
    pub server_ns: u64,
    /// Back to the client.
    pub back_ns: u64,
    /// How far off both ways may be, as the server's clock was laid on the client's; `None` where
    /// both ends have one clock, or call theirs synchronised.
    pub error_ns: Option<u64>,
}

impl Times {
    /// Those of the probe at an index; `None` before it is sent.
    #[must_use]
    pub fn of(run: &Run, probe: usize, cursor: Cursor) -> Option<Self> {
        let it = run.probe(probe, cursor)?;
        let sent_ns = it.sent_ns?;
        let mut moments = vec![(Moment::Sent, sent_ns)];
        let mut kernel_ns = None;
        if run.header().timeout_ns > 0 {
            moments.push((Moment::Deadline, it.deadline_ns));
        }
        let happened = run.story(probe).into_iter();
        for event in happened.filter(|event| *event < cursor.index) {
            let Some(event) = run.event(event) else {
                continue;
            };
            let moment = match event.what {
                EventData::Replied { .. } | EventData::Late { .. } => Moment::Arrived,
                EventData::Duplicate { .. } => Moment::Again,
                EventData::Refused { .. } => Moment::Refused,
                EventData::KernelRtt { kernel_ns: span } => {
                    kernel_ns = Some(span);
                    continue;
                }
                _ => continue,
            };
            moments.push((moment, event.at_ns));
        }
        let ways = match run.origin() {
            Origin::Recorded => recorded(run, probe, cursor, &mut moments),
            Origin::Simulated => simulated(run, probe, cursor, &mut moments),
        };
        // In a simulation some happen at one moment: the order in which they can is theirs then.
        moments.sort_by_cached_key(|(moment, _)| *moment as u64);
        moments.sort_by_cached_key(|(_, at)| *at);
        Some(Self {
            seq: it.seq,
            sent_ns,
            moments,
            ways,
            kernel_ns,
        })
    }

    /// When a moment was, in nanoseconds, if it is known.
    #[must_use]
    pub fn at(&self, wanted: Moment) -> Option<u64> {
        let found = self.moments.iter().find(|(moment, _)| *moment == wanted);
        found.map(|(_, at)| *at)
    }
}

/// The server's own times, which its reply carries.
fn recorded(
    run: &Run,
    probe: usize,
    cursor: Cursor,
    moments: &mut Vec<(Moment, u64)>,
) -> Option<Ways> {
    let it = run.exchange_of(probe, cursor)?;
    moments.push((Moment::Reached, it.reached));
    moments.push((Moment::Answered, it.answered));
    Some(Ways {
        there_ns: it.reached - it.sent,
        server_ns: it.answered - it.reached,
        back_ns: it.arrived - it.answered,
        error_ns: run.server_clock().and_then(|clock| clock.error_ns),
    })
}

/// What a simulated world knows of itself.
fn simulated(
    run: &Run,
    probe: usize,
    cursor: Cursor,
    moments: &mut Vec<(Moment, u64)>,
) -> Option<Ways> {
    let log = run.log();
    let reached_event = run.story(probe).into_iter().find(|event| {
        *event < cursor.index
            && log
                .code(*event)
                .is_some_and(|code| code.kind() == EventKind::Reflected)
    })?;
    let reached = *log.events.at.get(reached_event)?;
    moments.push((Moment::Reached, reached));
    let first = log.flights.launched_by(reached_event);
    let launched = log.flights.launched_by(cursor.index);
    let reply = (first..launched).find(|flight| {
        let of = log.flights.probe.get(*flight).copied().and_then(index) == Some(probe);
        let flags = log.flights.flags.get(*flight).copied().unwrap_or(0);
        of && flags & flag::REPLY != 0
    })?;
    let answered = (*log.flights.from.get(reply)?).max(reached);
    if answered > cursor.at_ns {
        return None;
    }
    moments.push((Moment::Answered, answered));
    let arrived = moments
        .iter()
        .find(|(moment, _)| *moment == Moment::Arrived);
    let sent = moments.first().map(|(_, at)| *at)?;
    Some(Ways {
        there_ns: reached.checked_sub(sent)?,
        server_ns: answered - reached,
        back_ns: arrived.and_then(|(_, at)| at.checked_sub(answered))?,
        error_ns: None,
    })
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;

    #[test]
    fn the_parts_of_a_simulated_rtt_add_up() {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.count = 40;
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        let end = run.after(run.events());
        let mut divided = 0;
        for probe in 0..run.probes() {
            let times = Times::of(&run, probe, end).unwrap();
            assert!(times.moments.is_sorted_by_key(|(_, at)| *at));
            assert_eq!(times.at(Moment::Sent), Some(times.sent_ns));
            let it = run.probe(probe, end).unwrap();
            assert_eq!(times.at(Moment::Deadline), Some(it.deadline_ns));
            let (Some(ways), Some(rtt)) = (times.ways, it.rtt_ns) else {
                continue;
            };
            assert_eq!(ways.there_ns + ways.server_ns + ways.back_ns, rtt);
            assert_eq!(times.at(Moment::Arrived), Some(times.sent_ns + rtt));
            divided += 1;
        }
        assert!(divided > 10);
    }

    #[test]
    fn nothing_is_known_before_it_happened() {
        let setup = Preset::AlwaysLate.setup(Seed::from_low_bits(1));
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        assert_eq!(Times::of(&run, 0, Cursor::default()), None);
        let mut known = 0;
        for event in 0..run.events() {
            let cursor = run.after(event);
            let times = Times::of(&run, 0, cursor).unwrap();
            let past = times.moments.iter().filter(|(moment, at)| {
                assert!(*moment == Moment::Deadline || *at <= cursor.at_ns);
                *moment != Moment::Deadline
            });
            let past = past.count();
            assert!(past >= known, "what is known stays known");
            known = past;
        }
        assert_eq!(known, 4, "T1 to T4");
    }
}
