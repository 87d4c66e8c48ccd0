//! The assignment's client as classrooms write it: right, and wrong in two ways that are
//! named by their bug. Stop-and-wait, on the assignment's own wire.
//!
//! Owns what each takes for the answer to its ping. The server is the reflector.

use core::time::Duration;

use udping_core::time::{ClientTime, WallTime, saturating_nanos};
use udping_core::wire::{Probe, low_bits, text};

use super::Note;
use crate::actor::{Act, Actor, Departure, Outbox, Reaction};
use crate::packet::Packet;

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
        }
    }
}

/// The wall clock at time zero, in November 2023.
const START: WallTime = WallTime::from_nanos(1_700_000_000_000_000_000);

impl Actor for ClassroomClient {
    type Note = Note;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Note>) -> Act {
        match self.deadline {
            Some(deadline) if now <= deadline => {
                Act::Wait(deadline.saturating_add(Duration::from_nanos(1)))
            }
            Some(_) => {
                self.deadline = None;
                out.say(Note::TimedOut { seq: self.seq });
                Act::Say
            }
            None if self.seq >= self.count => Act::Idle,
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
        let taken = match self.rule {
            Rule::CreditsWhateverArrives => true,
            Rule::ChecksSequence | Rule::RestartsTimeout => named == Some(low_bits(self.seq)),
        };
        // Nobody is in `recv` between two pings: the packet waits in the socket's buffer,
        // and these clients send the next ping at once.
        let Some(deadline) = &mut self.deadline else {
            out.say(Note::Discarded { seq: packet.number });
            return Reaction::Take;
        };
        if !taken {
            if self.rule == Rule::RestartsTimeout {
                *deadline = now.saturating_add(self.timeout);
            }
            out.say(Note::Discarded { seq: packet.number });
            return Reaction::Take;
        }
        self.deadline = None;
        out.say(Note::Replied {
            seq: self.seq,
            truly: packet.number,
            rtt_ns: saturating_nanos(now.checked_since(self.sent).unwrap_or_default()),
        });
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
