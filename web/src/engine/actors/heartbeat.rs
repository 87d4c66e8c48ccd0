//! The assignment's second exercise: the same packets, one way only.

use std::collections::VecDeque;

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
pub struct Beats {
    interval_ns: u64,
    count: u64,
    sent: u64,
}

impl Beats {
    /// `count` heartbeats, `interval_ns` apart.
    #[must_use]
    pub fn new(count: u64, interval_ns: u64) -> Self {
        Self {
            interval_ns,
            count,
            sent: 0,
        }
    }
}

impl Actor<Beat> for Beats {
    fn poll(&mut self, now_ns: u64) -> Act<Beat> {
        let due = self.interval_ns.saturating_mul(self.sent);
        if self.sent >= self.count {
            Act::Idle
        } else if now_ns < due {
            Act::Wait(due)
        } else {
            self.sent += 1;
            Act::Send(Beat {
                seq: self.sent,
                sent_ns: now_ns,
            })
        }
    }

    fn receive(&mut self, _now_ns: u64, _packet: Beat) {}
}

/// The server: reports what is missing, and calls the client stopped after a silence.
/// From one end it cannot tell a stopped client from a path that loses everything.
#[derive(Debug, Clone)]
pub struct Watches {
    silence_ns: u64,
    clock_ns: i64,
    heard_ns: Option<u64>,
    highest: u64,
    said: VecDeque<Note>,
}

impl Watches {
    /// A server that calls a client stopped after `silence_ns` without a heartbeat, and
    /// whose clock is `clock_ns` ahead of the client's.
    #[must_use]
    pub fn new(silence_ns: u64, clock_ns: i64) -> Self {
        Self {
            silence_ns,
            clock_ns,
            heard_ns: None,
            highest: 0,
            said: VecDeque::new(),
        }
    }
}

impl Actor<Beat> for Watches {
    fn poll(&mut self, now_ns: u64) -> Act<Beat> {
        if let Some(note) = self.said.pop_front() {
            return Act::Say(note);
        }
        let Some(heard) = self.heard_ns else {
            return Act::Idle;
        };
        let silent = heard.saturating_add(self.silence_ns);
        if now_ns < silent {
            return Act::Wait(silent);
        }
        self.heard_ns = None;
        Act::Say(Note::Stopped)
    }

    fn receive(&mut self, now_ns: u64, packet: Beat) {
        self.heard_ns = Some(now_ns);
        let way = i64::try_from(now_ns - packet.sent_ns).unwrap_or(i64::MAX);
        self.said.push_back(Note::Heard {
            seq: packet.seq,
            apart_ns: way.saturating_add(self.clock_ns),
        });
        if packet.seq > self.highest + 1 {
            self.said.push_back(Note::Missing {
                from: self.highest + 1,
                to: packet.seq - 1,
            });
        }
        self.highest = self.highest.max(packet.seq);
    }
}

#[cfg(test)]
mod tests {
    use super::super::arena::{What, run};
    use super::*;
    use std::time::Duration;
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
        let (mut client, mut server) = (
            Beats::new(20, second),
            Watches::new(5 * second, -40_000_000),
        );
        let run = run(&mut client, &mut server, &scenario, 60 * second);
        let (mut lost, mut missing, mut stopped, mut heard) = (Vec::new(), Vec::new(), 0, 0);
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
                What::Arrived { packet, .. } => heard = packet.seq,
                _ => {}
            }
        }
        // What is lost after the last one heard looks like silence.
        lost.retain(|seq| *seq < heard);
        assert!(!lost.is_empty());
        assert_eq!((missing, stopped), (lost, 1));
    }
}
