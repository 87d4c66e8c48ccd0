//! The assignment's second exercise: the same packets, one way only. Both ends and their
//! wire are the core's, as the command runs them.

use alloc::collections::VecDeque;
use core::num::NonZeroU64;
use core::time::Duration;

use udping_core::event::Output;
use udping_core::heartbeat::{Beat, BeatOrder, Monitor, MonitorOutput, Sender, SenderState};
use udping_core::time::{ClientTime, ReflectorTime, WallTime};
use udping_core::wire::heartbeat;

use super::Note;
use crate::actor::{Act, Actor, Outbox, Reaction};
use crate::packet::{Departure, Packet};

/// The client: a packet every so often, and no interest in answers.
#[derive(Debug, Clone)]
pub struct HeartbeatSender(Option<Sender>);

impl HeartbeatSender {
    /// `count` heartbeats, `interval_ns` apart.
    #[must_use]
    pub fn new(count: u64, interval_ns: u64) -> Self {
        let interval = Duration::from_nanos(interval_ns);
        // To the core no count is no end.
        let count = NonZeroU64::new(count);
        Self(count.map(|count| Sender::new(interval, Some(count))))
    }
}

impl Actor for HeartbeatSender {
    type Note = Note;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Note>) -> Act {
        let Some(sender) = &mut self.0 else {
            return Act::Idle;
        };
        loop {
            match sender.poll(now) {
                Output::Send(probe) => {
                    let utc = BEGIN.saturating_add(now.as_nanos());
                    let len =
                        heartbeat::encode(probe.seq, utc, 0, out.datagram).unwrap_or_default();
                    return Act::Send(Departure::numbered(probe.seq, now, len));
                }
                Output::Wait(until) => return Act::Wait(until),
                Output::Done => return Act::Idle,
                // In virtual time no slot goes by.
                Output::Event(_) => {}
            }
        }
    }

    fn receive(
        &mut self,
        _now: ClientTime,
        _packet: &Packet,
        _datagram: &[u8],
        _out: &mut Outbox<'_, Note>,
    ) -> Reaction {
        Reaction::Take
    }
}

/// The only client there is.
const CLIENT: u64 = 1;

/// What the client's wall clock reads at the beginning, in nanoseconds since 1970: a whole
/// second in November 2023.
const BEGIN: u64 = 1_700_000_000_000_000_000;

/// The server: reports what is missing, and calls the client stopped after a silence.
/// From one end it cannot tell a stopped client from a path that loses everything.
#[derive(Debug, Clone)]
pub struct HeartbeatMonitor {
    monitor: Monitor<[SenderState; 1]>,
    /// What its wall clock reads at the beginning.
    wall: u64,
    said: VecDeque<Note>,
}

impl HeartbeatMonitor {
    /// A server that calls a client stopped after `silence_ns` without a heartbeat, and
    /// whose clock is `clock_ns` ahead of the client's.
    #[must_use]
    pub fn new(silence_ns: u64, clock_ns: i64) -> Self {
        let wall = BEGIN.saturating_add_signed(clock_ns);
        let monitor = Monitor::new(Some(Duration::from_nanos(silence_ns)), [SenderState::EMPTY]);
        Self {
            monitor: monitor.with_wall(Some(WallTime::from_nanos(wall))),
            wall,
            said: VecDeque::new(),
        }
    }
}

impl Actor for HeartbeatMonitor {
    type Note = Note;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Note>) -> Act {
        if let Some(note) = self.said.pop_front() {
            out.say(note);
            return Act::Say;
        }
        match self.monitor.poll(ReflectorTime::from_nanos(now.as_nanos())) {
            MonitorOutput::Stopped { .. } => {
                out.say(Note::Stopped);
                Act::Say
            }
            MonitorOutput::Wait(until) => Act::Wait(ClientTime::from_nanos(until.as_nanos())),
            MonitorOutput::Idle | MonitorOutput::Done => Act::Idle,
        }
    }

    fn receive(
        &mut self,
        now: ClientTime,
        packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, Note>,
    ) -> Reaction {
        let Ok(said) = heartbeat::decode(datagram) else {
            out.say(Note::Discarded { seq: packet.number });
            return Reaction::Take;
        };
        let utc = self.wall.saturating_add(now.as_nanos());
        let beat = Beat {
            seq: said.seq,
            clock: said.clock(utc),
        };
        let now = ReflectorTime::from_nanos(now.as_nanos());
        let heard = self.monitor.handle_beat(now, CLIENT, beat);
        if heard.newly_stopped {
            self.said.push_back(Note::Stopped);
        }
        self.said.push_back(Note::Heard {
            seq: beat.seq,
            apart_ns: heard.difference.unwrap_or_default(),
        });
        if let BeatOrder::Gap { from } = heard.order {
            let to = beat.seq.saturating_sub(1);
            self.said.push_back(Note::Missing { from, to });
        }
        Reaction::Take
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use udping_journal::Scenario;
    use udping_link::{Impairments, Loss, Rate, Seed};

    use super::*;
    use crate::{World, WorldEvent};

    const SECOND: u64 = 1_000_000_000;

    fn world(way: Impairments) -> World<HeartbeatSender, HeartbeatMonitor> {
        let scenario = Scenario {
            seed: Seed::new(3).unwrap(),
            request: way,
            ..Scenario::default()
        };
        let client = HeartbeatSender::new(20, SECOND);
        let server = HeartbeatMonitor::new(5 * SECOND, -40_000_000);
        World::between(client, server, scenario)
    }

    fn way() -> Impairments {
        Impairments {
            delay: Duration::from_millis(10),
            ..Impairments::default()
        }
    }

    #[test]
    fn what_is_missing_and_when_it_stopped() {
        let lossy = Impairments {
            loss: Loss::Independent(Rate::from_ppm(300_000).unwrap()),
            ..way()
        };
        let (mut lost, mut missing, mut stopped, mut heard) = (Vec::new(), Vec::new(), 0, 0);
        let mut first = None;
        for step in world(lossy) {
            match step.what {
                WorldEvent::Lost(packet) => lost.push(packet.number),
                WorldEvent::Arrived(packet) => {
                    heard = packet.number;
                    first.get_or_insert(heard);
                }
                _ => {}
            }
            match step.note {
                Some(Note::Missing { from, to }) => missing.extend(from..=to),
                Some(Note::Stopped) => stopped += 1,
                Some(Note::Heard { apart_ns, .. }) => {
                    assert_eq!(apart_ns, 10_000_000 - 40_000_000);
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

    #[test]
    fn what_is_damaged_says_something_else_or_nothing() {
        let damaged = Impairments {
            corrupt: Rate::from_ppm(500_000).unwrap(),
            ..way()
        };
        let notes: Vec<Note> = world(damaged).filter_map(|step| step.note).collect();
        let right = |note: &&Note| matches!(note, Note::Heard { seq, apart_ns } if *seq <= 20 && *apart_ns == -30_000_000);
        let right = notes.iter().filter(right).count();
        assert!((1..20).contains(&right), "{notes:?}");
    }
}
