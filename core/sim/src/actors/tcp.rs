//! TCP as far as one small request and its answer go: handshake, retransmission,
//! teardown. A model to compare with UDP, not an implementation.
//!
//! Each segment carries at most one message, so one retransmission timer a side is
//! enough. The timer is RFC 6298's; a segment that was sent twice gives no sample. A
//! damaged segment counts as lost, since its checksum tells (RFC 9293 §3.1).

use alloc::collections::{BTreeMap, VecDeque};
use core::time::Duration;

use udping_core::time::{ClientTime, saturating_nanos};
use udping_link::PacketId;

use super::{Note, Rto, Segment};
use crate::actor::{Act, Actor, Buffer, Outbox, Reaction};
use crate::packet::{Departure, Packet};

/// A segment that waits for its confirmation.
#[derive(Debug, Clone, Copy)]
struct Unconfirmed {
    segment: Segment,
    sent: ClientTime,
    again: bool,
}

/// What both ends do: send, wait for the confirmation, send again.
#[derive(Debug, Clone, Default)]
struct Sender {
    queue: VecDeque<Segment>,
    unconfirmed: Option<Unconfirmed>,
    rto: Rto,
    /// How often each number was sent.
    times: BTreeMap<u64, u32>,
}

impl Sender {
    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Note>) -> Act {
        if let Some(segment) = self.queue.pop_front() {
            if needs_confirmation(segment) {
                self.unconfirmed = Some(Unconfirmed {
                    segment,
                    sent: now,
                    again: false,
                });
            }
            return Act::Send(self.departure(now, segment, out.datagram));
        }
        let Some(waiting) = &mut self.unconfirmed else {
            return Act::Idle;
        };
        let timeout = Duration::from_nanos(self.rto.timeout_ns());
        let expiry = waiting.sent.saturating_add(timeout);
        if now < expiry {
            return Act::Wait(expiry);
        }
        self.rto.back_off();
        (waiting.sent, waiting.again) = (now, true);
        let segment = waiting.segment;
        out.say(Note::Retransmits {
            rto_ns: self.rto.timeout_ns(),
        });
        Act::Send(self.departure(now, segment, out.datagram))
    }

    fn departure(&mut self, now: ClientTime, segment: Segment, out: &mut Buffer) -> Departure {
        let seq = segment.fate_number();
        let times = self.times.entry(seq).or_default();
        // What an end sends has an even number, and the network's duplicate the odd one.
        let copy = times.saturating_mul(2);
        *times = times.saturating_add(1);
        Departure {
            id: PacketId { seq, copy },
            ..Departure::numbered(segment.number(), now, segment.encode(out))
        }
    }

    /// The awaited segment was confirmed.
    fn confirm(&mut self, now: ClientTime) {
        if let Some(confirmed) = self.unconfirmed.take()
            && !confirmed.again
        {
            self.rto.sample(since(now, confirmed.sent));
        }
    }

    fn awaits(&self, segment: Segment) -> bool {
        self.unconfirmed
            .is_some_and(|waiting| waiting.segment == segment)
    }
}

fn needs_confirmation(segment: Segment) -> bool {
    !matches!(segment, Segment::Ack { .. } | Segment::LastAck { .. })
}

fn since(now: ClientTime, then: ClientTime) -> u64 {
    saturating_nanos(now.checked_since(then).unwrap_or_default())
}

/// The client: `count` requests, each on a connection of its own or all on one.
#[derive(Debug, Clone)]
pub struct TcpClient {
    sender: Sender,
    count: u64,
    exchange: u64,
    kept: bool,
    connected: bool,
    /// When the current exchange began, its handshake included.
    began: ClientTime,
    started: bool,
}

impl TcpClient {
    /// A client that keeps its connection, or opens a new one each time.
    #[must_use]
    pub fn new(count: u64, kept: bool) -> Self {
        Self {
            sender: Sender::default(),
            count,
            exchange: 0,
            kept,
            connected: false,
            began: ClientTime::ZERO,
            started: false,
        }
    }

    fn next(&mut self, now: ClientTime) {
        if self.exchange >= self.count {
            return;
        }
        self.exchange += 1;
        self.began = now;
        let exchange = self.exchange;
        let first = if self.connected {
            Segment::Request { exchange }
        } else {
            Segment::Syn { exchange }
        };
        self.sender.queue.push_back(first);
    }
}

impl Actor for TcpClient {
    type Note = Note;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Note>) -> Act {
        if !self.started {
            self.started = true;
            self.next(now);
        }
        self.sender.poll(now, out)
    }

    fn receive(
        &mut self,
        now: ClientTime,
        _packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, Note>,
    ) -> Reaction {
        let exchange = self.exchange;
        match Segment::decode(datagram) {
            Some(Segment::SynAck { .. }) if self.sender.awaits(Segment::Syn { exchange }) => {
                self.sender.confirm(now);
                self.connected = true;
                self.sender
                    .queue
                    .extend([Segment::Ack { exchange: 0 }, Segment::Request { exchange }]);
                out.say(Note::Connected);
            }
            // Our confirmation was lost.
            Some(Segment::SynAck { .. }) => {
                self.sender.queue.push_back(Segment::Ack { exchange: 0 });
            }
            Some(Segment::Response { exchange: of })
                if self.sender.awaits(Segment::Request { exchange: of }) =>
            {
                self.sender.confirm(now);
                let rtt_ns = since(now, self.began);
                self.sender.queue.push_back(Segment::Ack { exchange: of });
                if self.kept && of < self.count {
                    self.next(now);
                } else {
                    self.sender.queue.push_back(Segment::Fin { exchange: of });
                }
                out.say(Note::Replied {
                    seq: of,
                    truly: of,
                    rtt_ns,
                });
            }
            Some(Segment::Response { exchange: of }) => {
                self.sender.queue.push_back(Segment::Ack { exchange: of });
            }
            Some(Segment::FinAck { exchange: of })
                if self.sender.awaits(Segment::Fin { exchange: of }) =>
            {
                self.sender.confirm(now);
                self.sender
                    .queue
                    .push_back(Segment::LastAck { exchange: of });
                self.connected = false;
                // The next connection starts its estimate afresh (RFC 6298 §2).
                self.sender.rto = Rto::default();
                self.next(now);
            }
            // Our last confirmation was lost: TIME-WAIT is there to repeat it (RFC 9293 §3.6).
            Some(Segment::FinAck { exchange: of }) => {
                self.sender
                    .queue
                    .push_back(Segment::LastAck { exchange: of });
            }
            _ => {}
        }
        Reaction::Take
    }
}

/// The server's end of one client's connections: one at a time. Beside it the server
/// keeps the socket that `listen` made, whether anybody is connected or not.
#[derive(Debug, Clone, Default)]
pub struct TcpServer {
    sender: Sender,
    open: bool,
}

impl TcpServer {
    /// SYN-RECEIVED: the handshake waits for its last ACK, and `accept` has nothing to return yet.
    fn is_half_open(&self) -> bool {
        let waiting = self.sender.unconfirmed;
        waiting.is_some_and(|it| matches!(it.segment, Segment::SynAck { .. }))
    }

    /// The socket of a connection comes, or goes.
    fn is_now(&mut self, open: bool, out: &mut Outbox<'_, Note>) {
        if core::mem::replace(&mut self.open, open) != open {
            out.say(if open { Note::Opened } else { Note::Closed });
        }
    }
}

impl Actor for TcpServer {
    type Note = Note;

    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Note>) -> Act {
        self.sender.poll(now, out)
    }

    fn receive(
        &mut self,
        now: ClientTime,
        _packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, Note>,
    ) -> Reaction {
        match Segment::decode(datagram) {
            Some(Segment::Syn { exchange }) => {
                let reply = Segment::SynAck { exchange };
                if !self.sender.awaits(reply) {
                    self.sender.rto = Rto::default();
                    self.sender.unconfirmed = None;
                    self.sender.queue.push_back(reply);
                }
            }
            Some(Segment::Ack { exchange: 0 }) => {
                if self.is_half_open() {
                    self.sender.confirm(now);
                    self.is_now(true, out);
                }
            }
            Some(Segment::Ack { exchange }) => {
                if self.sender.awaits(Segment::Response { exchange }) {
                    self.sender.confirm(now);
                }
            }
            Some(Segment::Request { exchange }) => {
                let reply = Segment::Response { exchange };
                if !self.sender.awaits(reply) {
                    // It confirms whatever we were still waiting for.
                    if self.is_half_open() {
                        self.is_now(true, out);
                    }
                    self.sender.confirm(now);
                    self.sender.queue.push_back(reply);
                }
            }
            Some(Segment::Fin { exchange }) => {
                let reply = Segment::FinAck { exchange };
                if !self.sender.awaits(reply) {
                    self.sender.confirm(now);
                    self.sender.queue.push_back(reply);
                    self.is_now(false, out);
                }
            }
            Some(Segment::LastAck { exchange }) => {
                if self.sender.awaits(Segment::FinAck { exchange }) {
                    self.sender.confirm(now);
                }
            }
            Some(Segment::SynAck { .. } | Segment::Response { .. } | Segment::FinAck { .. })
            | None => {}
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
    use crate::{Step, World, WorldEvent};

    const SECOND: u64 = 1_000_000_000;

    fn scenario(way: Impairments, seed: u64) -> Scenario {
        let way = Impairments {
            delay: Duration::from_millis(50),
            ..way
        };
        Scenario {
            seed: Seed::new(seed).unwrap(),
            request: way,
            reply: way,
            ..Scenario::default()
        }
    }

    fn exchange(count: u64, kept: bool, scenario: Scenario) -> Vec<Step<Note>> {
        let client = TcpClient::new(count, kept);
        World::between(client, TcpServer::default(), scenario).collect()
    }

    fn answers(run: &[Step<Note>]) -> Vec<(u64, u64)> {
        let answer = |step: &Step<Note>| match step.note {
            Some(Note::Replied { seq, rtt_ns, .. }) => Some((seq, rtt_ns)),
            _ => None,
        };
        run.iter().filter_map(answer).collect()
    }

    #[test]
    fn a_new_connection_costs_two_round_trips_and_a_kept_one_a_single() {
        let rtt = SECOND / 10;
        let clean = || scenario(Impairments::default(), 1);
        let fresh = exchange(3, false, clean());
        assert_eq!(answers(&fresh), [(1, 2 * rtt), (2, 2 * rtt), (3, 2 * rtt)]);
        let kept = exchange(3, true, clean());
        assert_eq!(answers(&kept), [(1, 2 * rtt), (2, rtt), (3, rtt)]);
        let segments = |run: &[Step<Note>]| {
            let sent = |step: &&Step<Note>| matches!(step.what, WorldEvent::Sent(_));
            run.iter().filter(sent).count()
        };
        // SYN, SYN-ACK, ACK, request, response, ACK, FIN, FIN-ACK, ACK.
        assert_eq!(segments(&fresh), 3 * 9);
        assert_eq!(segments(&kept), 9 + 2 * 3);
    }

    #[test]
    fn loss_and_damage_become_delay_and_every_request_is_answered() {
        let rate = Rate::from_ppm(300_000).unwrap();
        let lossy = Impairments {
            loss: Loss::Independent(rate),
            ..Impairments::default()
        };
        let damaging = Impairments {
            corrupt: rate,
            ..Impairments::default()
        };
        for seed in 0..50 {
            for (way, kept) in [
                (lossy, false),
                (lossy, true),
                (damaging, false),
                (damaging, true),
            ] {
                let run = exchange(10, kept, scenario(way, seed));
                let answered: Vec<u64> = answers(&run).iter().map(|(seq, _)| *seq).collect();
                assert_eq!(
                    answered,
                    (1..=10).collect::<Vec<_>>(),
                    "seed {seed}, kept {kept}"
                );
                let slowest = answers(&run).iter().map(|(_, rtt)| *rtt).max();
                assert!(
                    slowest > Some(SECOND),
                    "a loss costs a timeout: seed {seed}"
                );
            }
        }
    }
}
