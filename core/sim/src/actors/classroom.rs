//! The assignment's client as classrooms write it: right, and wrong in ways that are
//! named by their bug. Stop-and-wait, on the assignment's own wire.
//!
//! Owns what each takes for the answer to its ping. The server is the reflector.

use alloc::collections::VecDeque;
use core::time::Duration;

use udping_core::time::{ClientTime, WallTime, saturating_nanos};
use udping_core::wire::{Probe, text};

use super::Note;
use crate::actor::{Act, Actor, Outbox, Reaction};
use crate::packet::{Departure, Packet};

/// What a client takes for the answer to the ping that is out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// As it should be: a reply counts for the ping it names, by that ping's deadline.
    ChecksSequence,
    /// The bug most of them have: whatever arrives is taken for the answer. A late reply
    /// is credited to the next ping, with an RTT that never was.
    CreditsWhateverArrives,
    /// It checks the number, but every `recv` starts the timeout again: each stale packet
    /// gives the ping that is out another full timeout.
    RestartsTimeout,
    /// It sets no timeout: without a reply it waits for ever.
    WaitsForever,
    /// It sets a timeout, and does not catch the exception: the first loss ends it.
    FailsAtTimeout,
    /// It is right, but reads the wall clock, which is set ahead while it waits.
    ReadsWallClock {
        /// When that happens.
        at: ClientTime,
        /// By how much.
        ahead: Duration,
    },
}

/// A client of the assignment.
#[derive(Debug, Clone)]
pub struct ClassroomClient {
    rule: Rule,
    count: u64,
    timeout: Duration,
    seq: u64,
    sent: ClientTime,
    deadline: Option<ClientTime>,
    /// The least time from one ping to the next: it sleeps until then.
    interval: Duration,
    /// What came while it slept: the socket keeps it. The ping it is about, and the one it names.
    buffer: VecDeque<(u64, Option<u64>)>,
}

impl ClassroomClient {
    /// A client that sends `count` pings and waits `timeout_ns` for each.
    #[must_use]
    pub const fn new(rule: Rule, count: u64, timeout_ns: u64) -> Self {
        Self {
            rule,
            count,
            timeout: Duration::from_nanos(timeout_ns),
            seq: 0,
            sent: ClientTime::ZERO,
            deadline: None,
            interval: Duration::ZERO,
            buffer: VecDeque::new(),
        }
    }

    /// The same, with a new ping at most every `interval`.
    #[must_use]
    pub fn every(self, interval: Duration) -> Self {
        Self { interval, ..self }
    }

    /// What `recv` returned: the ping it is about, and the one it names.
    fn received(&mut self, now: ClientTime, about: u64, named: Option<u64>) -> Note {
        let taken = match self.rule {
            Rule::CreditsWhateverArrives | Rule::WaitsForever | Rule::FailsAtTimeout => true,
            Rule::ChecksSequence | Rule::RestartsTimeout | Rule::ReadsWallClock { .. } => {
                named == Some(self.seq)
            }
        };
        if !taken {
            if self.rule == Rule::RestartsTimeout {
                self.deadline = Some(now.saturating_add(self.timeout));
            }
            return Note::Discarded { seq: about };
        }
        self.deadline = None;
        let mut rtt = now.checked_since(self.sent).unwrap_or_default();
        if let Rule::ReadsWallClock { at, ahead } = self.rule
            && (self.sent..=now).contains(&at)
        {
            rtt = rtt.saturating_add(ahead);
        }
        Note::Replied {
            seq: self.seq,
            truly: about,
            rtt_ns: saturating_nanos(rtt),
        }
    }
}

/// The wall clock at time zero, in November 2023.
const START: WallTime = WallTime::from_nanos(1_700_000_000_000_000_000);

impl Actor for ClassroomClient {
    type Note = Note;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Note>) -> Act {
        match self.deadline {
            Some(_) if !self.buffer.is_empty() => {
                if let Some((about, named)) = self.buffer.pop_front() {
                    out.say(self.received(now, about, named));
                }
                Act::Say
            }
            Some(_) if self.rule == Rule::WaitsForever => Act::Idle,
            Some(deadline) if now <= deadline => {
                Act::Wait(deadline.saturating_add(Duration::from_nanos(1)))
            }
            Some(_) => {
                self.deadline = None;
                if self.rule == Rule::FailsAtTimeout {
                    self.count = self.seq;
                    out.say(Note::Failed { seq: self.seq });
                } else {
                    out.say(Note::TimedOut { seq: self.seq });
                }
                Act::Say
            }
            None if self.seq >= self.count => Act::Idle,
            None if self.seq > 0 && now < self.sent.saturating_add(self.interval) => {
                Act::Wait(self.sent.saturating_add(self.interval))
            }
            None => {
                self.seq += 1;
                self.sent = now;
                self.deadline = Some(now.saturating_add(self.timeout));
                // `Ping <number> <time>`, as the assignment has it.
                let since_start = Duration::from_nanos(now.as_nanos());
                let probe = Probe {
                    seq: self.seq,
                    timestamp: START.saturating_add(since_start),
                    due: now,
                    at: now,
                };
                let len = text::encode_request(&probe, 0, out.datagram).unwrap_or_default();
                Act::Send(Departure::numbered(self.seq, now, len))
            }
        }
    }

    fn receive(
        &mut self,
        now: ClientTime,
        packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, Note>,
    ) -> Reaction {
        let named = text::decode_reply(datagram).ok().and_then(|it| it.seq);
        let named = named.map(u64::from);
        if self.deadline.is_some() {
            out.say(self.received(now, packet.number, named));
        } else if self.seq < self.count {
            // It sleeps, and is not in `recv`.
            self.buffer.push_back((packet.number, named));
        } else {
            out.say(Note::Discarded { seq: packet.number });
        }
        Reaction::Take
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use udping_journal::Scenario;
    use udping_link::{Impairments, Rate, Seed};

    use super::*;
    use crate::{ServerEnd, World};

    const SECOND: u64 = 1_000_000_000;

    fn scenario(way: Impairments) -> Scenario {
        Scenario {
            seed: Seed::new(1).unwrap(),
            request: way,
            reply: way,
            ..Scenario::default()
        }
    }

    fn after(ms: u64) -> Impairments {
        Impairments {
            delay: Duration::from_millis(ms),
            ..Impairments::default()
        }
    }

    fn notes(rule: Rule, scenario: &Scenario) -> Vec<Note> {
        let client = ClassroomClient::new(rule, 10, SECOND);
        let server = ServerEnd::text(scenario.seed, Duration::ZERO);
        let world = World::between(client, server, scenario.clone());
        world.filter_map(|step| step.note).collect()
    }

    #[test]
    fn the_right_client_believes_no_late_reply() {
        // Every reply is 1.3 s under way: none arrives in time.
        let notes = notes(Rule::ChecksSequence, &scenario(after(650)));
        let timed_out = |note: &&Note| matches!(note, Note::TimedOut { .. });
        assert_eq!(notes.iter().filter(timed_out).count(), 10);
        let replied = |note: &Note| matches!(note, Note::Replied { .. });
        assert!(!notes.iter().any(replied));
    }

    #[test]
    fn the_usual_client_credits_late_replies_to_other_pings() {
        let notes = notes(Rule::CreditsWhateverArrives, &scenario(after(650)));
        let credited: Vec<_> = notes
            .iter()
            .filter_map(|note| match *note {
                Note::Replied { seq, truly, rtt_ns } => Some((seq, truly, rtt_ns)),
                _ => None,
            })
            .collect();
        assert!(credited.len() >= 7, "{credited:?}");
        assert!(
            credited
                .iter()
                .all(|(seq, truly, rtt)| seq != truly && *rtt < SECOND + SECOND / 10)
        );
    }

    #[test]
    fn a_timeout_that_restarts_accepts_what_came_too_late() {
        let notes = notes(Rule::RestartsTimeout, &scenario(after(650)));
        let over = notes
            .iter()
            .any(|note| matches!(note, Note::Replied { rtt_ns, .. } if *rtt_ns > SECOND));
        assert!(over, "{notes:?}");
    }

    /// What a client does that sends a ping a second.
    fn paced(rule: Rule, count: u64, scenario: &Scenario) -> Vec<Note> {
        let client = ClassroomClient::new(rule, count, SECOND).every(Duration::from_secs(1));
        let server = ServerEnd::text(scenario.seed, Duration::ZERO);
        let world = World::between(client, server, scenario.clone());
        world.filter_map(|step| step.note).collect()
    }

    #[test]
    fn with_a_pause_every_late_reply_is_credited_alike() {
        let notes = paced(Rule::CreditsWhateverArrives, 10, &scenario(after(650)));
        let credited = notes.iter().filter_map(|note| match *note {
            Note::Replied { seq, truly, rtt_ns } => Some((seq - truly, rtt_ns.div_ceil(1_000_000))),
            _ => None,
        });
        // The second ping leaves a nanosecond late, as its predecessor's timeout ends.
        assert_eq!(credited.collect::<Vec<_>>(), [(1, 300); 9]);
    }

    #[test]
    fn what_comes_while_a_client_sleeps_waits_in_its_socket() {
        let mut scenario = scenario(after(50));
        scenario.reply.duplicate = Rate::ALWAYS;
        scenario.reply.jitter = udping_link::Jitter::Uniform {
            spread: Duration::from_millis(40),
        };
        let notes = paced(Rule::CreditsWhateverArrives, 2, &scenario);
        assert!(
            notes.contains(&Note::Replied {
                seq: 2,
                truly: 1,
                rtt_ns: 0
            }),
            "{notes:?}"
        );
        let right = paced(Rule::ChecksSequence, 2, &scenario);
        assert!(right.contains(&Note::Discarded { seq: 1 }), "{right:?}");
        let all = right
            .iter()
            .filter(|note| matches!(note, Note::Replied { .. }));
        assert_eq!(all.count(), 2);
    }

    #[test]
    fn without_a_timeout_a_loss_is_the_end_and_an_exception_is_too() {
        let lost = scenario(Impairments {
            loss: udping_link::Loss::Independent(Rate::ALWAYS),
            ..after(50)
        });
        assert_eq!(paced(Rule::WaitsForever, 3, &lost), []);
        assert_eq!(
            paced(Rule::FailsAtTimeout, 3, &lost),
            [Note::Failed { seq: 1 }]
        );
    }

    #[test]
    fn a_clock_that_is_set_ahead_counts_as_time_that_passed() {
        let rule = Rule::ReadsWallClock {
            at: ClientTime::from_nanos(SECOND + 50_000_000),
            ahead: Duration::from_millis(200),
        };
        let rtts = paced(rule, 3, &scenario(after(50)));
        let rtts = rtts.iter().filter_map(|note| match *note {
            Note::Replied { rtt_ns, .. } => Some(rtt_ns / 1_000_000),
            _ => None,
        });
        assert_eq!(rtts.collect::<Vec<_>>(), [100, 300, 100]);
    }

    #[test]
    fn with_nothing_late_all_three_agree() {
        let scenario = scenario(after(20));
        let right = notes(Rule::ChecksSequence, &scenario);
        assert_eq!(right.len(), 10);
        assert_eq!(right, notes(Rule::CreditsWhateverArrives, &scenario));
        assert_eq!(right, notes(Rule::RestartsTimeout, &scenario));
    }

    #[test]
    fn who_reads_the_number_finds_what_is_damaged() {
        let scenario = scenario(Impairments {
            corrupt: Rate::ALWAYS,
            ..after(20)
        });
        let replied = |rule| {
            let replied = |note: &Note| matches!(note, Note::Replied { .. });
            notes(rule, &scenario).into_iter().filter(replied).count()
        };
        assert_eq!(replied(Rule::CreditsWhateverArrives), 10);
        let right = replied(Rule::ChecksSequence);
        assert!((1..10).contains(&right), "{right}");
    }
}
