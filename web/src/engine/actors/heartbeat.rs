//! The assignment's second exercise: the same packets, one way only. Both ends are the
//! core's, as the command runs them.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::time::Duration;

use udping_core::event::Output;
use udping_core::heartbeat::{Beat, Came, Place, Sender, Watch, WatchOutput};
use udping_core::time::{ClientTime, ReflectorTime};

use super::arena::{Act, Actor, Note};
use super::classroom::Ping;

/// The client: a packet every so often, and no interest in answers.
#[derive(Debug, Clone)]
pub struct Beats(Option<Sender>);

impl Beats {
    /// `count` heartbeats, `interval_ns` apart.
    #[must_use]
    pub fn new(count: u64, interval_ns: u64) -> Self {
        let interval = Duration::from_nanos(interval_ns);
        // Where the core knows no count, there is no end.
        let count = NonZeroU64::new(count);
        Self(count.map(|count| Sender::new(interval, Some(count))))
    }
}

impl Actor<Ping> for Beats {
    fn poll(&mut self, now_ns: u64) -> Act<Ping> {
        let Some(sender) = &mut self.0 else {
            return Act::Idle;
        };
        loop {
            match sender.poll(ClientTime::from_nanos(now_ns)) {
                Output::Send(probe) => return Act::Send(Ping { seq: probe.seq }),
                Output::Wait(until) => return Act::Wait(until.as_nanos()),
                Output::Done => return Act::Idle,
                // In virtual time no slot goes by.
                Output::Event(_) => {}
            }
        }
    }

    fn receive(&mut self, _now_ns: u64, _packet: Ping) {}
}

/// The only client there is.
const CLIENT: u64 = 1;

/// The server: reports what is missing, and calls the client stopped after a silence.
/// From one end it cannot tell a stopped client from a path that loses everything.
#[derive(Debug, Clone)]
pub struct Watches {
    watch: Watch<[Place; 1]>,
    said: VecDeque<Note>,
}

impl Watches {
    /// A server that calls a client stopped after `silence_ns` without a heartbeat.
    #[must_use]
    pub fn new(silence_ns: u64) -> Self {
        Self {
            watch: Watch::new(Duration::from_nanos(silence_ns), [Place::EMPTY]),
            said: VecDeque::new(),
        }
    }
}

impl Actor<Ping> for Watches {
    fn poll(&mut self, now_ns: u64) -> Act<Ping> {
        if let Some(note) = self.said.pop_front() {
            return Act::Say(note);
        }
        match self.watch.poll(ReflectorTime::from_nanos(now_ns)) {
            WatchOutput::Stopped { .. } => Act::Say(Note::Stopped),
            WatchOutput::Wait(until) => Act::Wait(until.as_nanos()),
            WatchOutput::Idle | WatchOutput::Done => Act::Idle,
        }
    }

    fn receive(&mut self, now_ns: u64, packet: Ping) {
        let beat = Beat {
            seq: packet.seq,
            clock: None,
        };
        let heard = self
            .watch
            .handle_beat(ReflectorTime::from_nanos(now_ns), CLIENT, beat);
        if heard.newly_stopped {
            self.said.push_back(Note::Stopped);
        }
        if let Came::Gap { from } = heard.came {
            let to = packet.seq.saturating_sub(1);
            self.said.push_back(Note::Missing { from, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::arena::{What, run};
    use super::*;
    use udping_core::link::{Conditions, Loss, Rate, Seed};
    use udping_core::sim::Scenario;

    #[test]
    fn what_is_missing_and_when_it_stopped() {
        let way = Conditions {
            delay: Duration::from_millis(10),
            loss: Loss::Independent(Rate::from_ppm(300_000).unwrap()),
            ..Conditions::default()
        };
        let scenario = Scenario {
            seed: Seed::new(3).unwrap(),
            request: way,
            ..Scenario::default()
        };
        let second = 1_000_000_000;
        let (mut client, mut server) = (Beats::new(20, second), Watches::new(5 * second));
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

    #[test]
    fn none_is_none() {
        assert!(matches!(Beats::new(0, 1).poll(0), Act::Idle));
    }
}
