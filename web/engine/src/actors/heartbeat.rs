//! The assignment's second exercise: the same packets, one way only. Both ends are the
//! core's, as the command runs them.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::time::Duration;

use udping_core::event::Output;
use udping_core::heartbeat::{self, BeatOrder, Monitor, MonitorOutput, Sender, SenderState};
use udping_core::time::{ClientTime, ReflectorTime, WallTime};

use super::arena::{Act, Actor, Note, Packet};

/// A heartbeat: a number and a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// Its number, from 1.
    pub seq: u64,
    /// When it was sent, by its sender's clock.
    pub sent_ns: u64,
}

impl Packet for Beat {
    fn number(&self, _nth: u64) -> u64 {
        self.seq
    }
}

/// The client: a packet every so often, and no interest in answers.
#[derive(Debug, Clone)]
pub struct Beats(Option<Sender>);

impl Beats {
    /// `count` heartbeats, `interval_ns` apart.
    #[must_use]
    pub fn new(count: u64, interval_ns: u64) -> Self {
        let interval = Duration::from_nanos(interval_ns);
        // To the core no count is no end.
        let count = NonZeroU64::new(count);
        Self(count.map(|count| Sender::new(interval, Some(count))))
    }
}

impl Actor<Beat> for Beats {
    fn poll(&mut self, now_ns: u64) -> Act<Beat> {
        let Some(sender) = &mut self.0 else {
            return Act::Idle;
        };
        loop {
            match sender.poll(ClientTime::from_nanos(now_ns)) {
                Output::Send(probe) => {
                    return Act::Send(Beat {
                        seq: probe.seq,
                        sent_ns: now_ns,
                    });
                }
                Output::Wait(until) => return Act::Wait(until.as_nanos()),
                Output::Done => return Act::Idle,
                // In virtual time no slot goes by.
                Output::Event(_) => {}
            }
        }
    }

    fn receive(&mut self, _now_ns: u64, _packet: Beat) {}
}

/// The only client there is.
const CLIENT: u64 = 1;

/// What the client's clock reads at the beginning: so much that the server's may be
/// behind it.
const BEGIN: u64 = 1 << 62;

/// The server: reports what is missing, and calls the client stopped after a silence.
/// From one end it cannot tell a stopped client from a path that loses everything.
#[derive(Debug, Clone)]
pub struct Watches {
    watch: Monitor<[SenderState; 1]>,
    said: VecDeque<Note>,
}

impl Watches {
    /// A server that calls a client stopped after `silence_ns` without a heartbeat, and
    /// whose clock is `clock_ns` ahead of the client's.
    #[must_use]
    pub fn new(silence_ns: u64, clock_ns: i64) -> Self {
        let wall = BEGIN.saturating_add_signed(clock_ns);
        let watch = Monitor::new(Duration::from_nanos(silence_ns), [SenderState::EMPTY]);
        Self {
            watch: watch.with_wall(Some(WallTime::from_nanos(wall))),
            said: VecDeque::new(),
        }
    }
}

impl Actor<Beat> for Watches {
    fn poll(&mut self, now_ns: u64) -> Act<Beat> {
        if let Some(note) = self.said.pop_front() {
            return Act::Say(note);
        }
        match self.watch.poll(ReflectorTime::from_nanos(now_ns)) {
            MonitorOutput::Stopped { .. } => Act::Say(Note::Stopped),
            MonitorOutput::Wait(until) => Act::Wait(until.as_nanos()),
            MonitorOutput::Idle | MonitorOutput::Done => Act::Idle,
        }
    }

    fn receive(&mut self, now_ns: u64, packet: Beat) {
        let beat = heartbeat::Beat {
            seq: packet.seq,
            clock: Some(BEGIN.saturating_add(packet.sent_ns)),
        };
        let now = ReflectorTime::from_nanos(now_ns);
        let heard = self.watch.handle_beat(now, CLIENT, beat);
        if heard.newly_stopped {
            self.said.push_back(Note::Stopped);
        }
        self.said.push_back(Note::Heard {
            seq: packet.seq,
            apart_ns: heard.difference.unwrap_or_default(),
        });
        if let BeatOrder::Gap { from } = heard.order {
            let to = packet.seq.saturating_sub(1);
            self.said.push_back(Note::Missing { from, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::arena::{What, run};
    use super::*;
    use udping_journal::Scenario;
    use udping_link::{Impairments, Loss, Rate, Seed};

    #[test]
    fn what_is_missing_and_when_it_stopped() {
        let way = Impairments {
            delay: Duration::from_millis(10),
            loss: Loss::Independent(Rate::from_ppm(300_000).unwrap()),
            ..Impairments::default()
        };
        let scenario = Scenario {
            seed: Seed::new(3).unwrap(),
            request: way,
            ..Scenario::default()
        };
        let second = 1_000_000_000;
        let (mut client, mut server) = (
            Beats::new(20, second),
            Watches::new(5 * second, -40_000_000),
        );
        let run = run(&mut client, &mut server, &scenario, 60 * second);
        let (mut lost, mut missing, mut stopped, mut heard) = (Vec::new(), Vec::new(), 0, 0);
        let mut first = None;
        for happening in &run {
            match happening.what {
                What::Sent {
                    packet, lost: true, ..
                } => lost.push(packet.seq),
                What::Said {
                    note: Note::Missing { from, to },
                    ..
                } => missing.extend(from..=to),
                What::Said {
                    note: Note::Stopped,
                    ..
                } => stopped += 1,
                What::Said {
                    note: Note::Heard { apart_ns, .. },
                    ..
                } => assert_eq!(apart_ns, 10_000_000 - 40_000_000),
                What::Arrived { packet, .. } => {
                    heard = packet.seq;
                    first.get_or_insert(heard);
                }
                _ => {}
            }
        }
        // What is lost after the last one heard looks like silence, and of what went
        // before the first nobody knows.
        lost.retain(|seq| *seq < heard && Some(*seq) > first);
        assert!(!lost.is_empty());
        assert_eq!((missing, stopped), (lost, 1));
    }
}
