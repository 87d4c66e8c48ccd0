//! TCP as far as one small request and its answer go: handshake, retransmission,
//! teardown. A model to compare with UDP, not an implementation.
//!
//! Each segment carries at most one message, so one retransmission timer a side is
//! enough. The timer is RFC 6298's; a segment that was sent twice gives no sample.

use std::collections::VecDeque;

use super::arena::{Act, Actor, Note, Packet};
use super::rto::Rto;

/// What a segment is for. `exchange` numbers the requests from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// Opens a connection.
    Syn {
        /// The exchange it is opened for.
        exchange: u64,
    },
    /// Accepts it.
    SynAck {
        /// The exchange it is opened for.
        exchange: u64,
    },
    /// Confirms what came.
    Ack {
        /// The exchange whose answer it confirms; 0 for the handshake.
        exchange: u64,
    },
    /// The request.
    Request {
        /// Which.
        exchange: u64,
    },
    /// Its answer, which confirms the request too.
    Response {
        /// Which.
        exchange: u64,
    },
    /// Closes the connection.
    Fin {
        /// The exchange it served last.
        exchange: u64,
    },
    /// Confirms that.
    FinAck {
        /// The exchange it served last.
        exchange: u64,
    },
}

impl Segment {
    /// Bytes of IPv4 and TCP headers without options, and of the message.
    #[must_use]
    pub fn bytes(self, message: u64) -> u64 {
        let carries = matches!(self, Self::Request { .. } | Self::Response { .. });
        20 + 20 + if carries { message } else { 0 }
    }
}

impl Packet for Segment {
    /// The request and the response of exchange n bear its number, as UDP's ping n does, so
    /// that the network that loses the one loses the other. Control segments have numbers
    /// of their own.
    fn number(&self, _nth: u64) -> u64 {
        let (kind, exchange) = match *self {
            Self::Request { exchange } | Self::Response { exchange } => (0, exchange),
            Self::Syn { exchange } => (1, exchange),
            Self::SynAck { exchange } => (2, exchange),
            Self::Ack { exchange } => (3, exchange),
            Self::Fin { exchange } => (4, exchange),
            Self::FinAck { exchange } => (5, exchange),
        };
        kind * CONTROL + exchange
    }
}

/// Far above any exchange's number.
const CONTROL: u64 = 1 << 32;

/// A segment that waits for its confirmation.
#[derive(Debug, Clone, Copy)]
struct Unconfirmed {
    segment: Segment,
    sent_ns: u64,
    again: bool,
}

/// What both ends do: send, wait for the confirmation, send again.
#[derive(Debug, Clone, Default)]
struct Sender {
    queue: VecDeque<Segment>,
    said: VecDeque<Note>,
    unconfirmed: Option<Unconfirmed>,
    rto: Rto,
}

impl Sender {
    fn poll(&mut self, now_ns: u64) -> Act<Segment> {
        if let Some(note) = self.said.pop_front() {
            return Act::Say(note);
        }
        if let Some(segment) = self.queue.pop_front() {
            if needs_confirmation(segment) {
                self.unconfirmed = Some(Unconfirmed {
                    segment,
                    sent_ns: now_ns,
                    again: false,
                });
            }
            return Act::Send(segment);
        }
        let Some(waiting) = &mut self.unconfirmed else {
            return Act::Idle;
        };
        let expiry = waiting.sent_ns.saturating_add(self.rto.timeout_ns());
        if now_ns < expiry {
            return Act::Wait(expiry);
        }
        self.rto.back_off();
        (waiting.sent_ns, waiting.again) = (now_ns, true);
        let segment = waiting.segment;
        self.said.push_back(Note::Retransmits {
            rto_ns: self.rto.timeout_ns(),
        });
        Act::Send(segment)
    }

    /// The awaited segment was confirmed.
    fn confirm(&mut self, now_ns: u64) {
        if let Some(confirmed) = self.unconfirmed.take()
            && !confirmed.again
        {
            self.rto.sample(now_ns - confirmed.sent_ns);
        }
    }

    fn awaits(&self, segment: Segment) -> bool {
        self.unconfirmed
            .is_some_and(|waiting| waiting.segment == segment)
    }
}

fn needs_confirmation(segment: Segment) -> bool {
    !matches!(segment, Segment::Ack { .. } | Segment::FinAck { .. })
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
    began_ns: u64,
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
            began_ns: 0,
            started: false,
        }
    }

    fn next(&mut self, now_ns: u64) {
        if self.exchange >= self.count {
            return;
        }
        self.exchange += 1;
        self.began_ns = now_ns;
        let exchange = self.exchange;
        let first = if self.connected {
            Segment::Request { exchange }
        } else {
            Segment::Syn { exchange }
        };
        self.sender.queue.push_back(first);
    }
}

impl Actor<Segment> for TcpClient {
    fn poll(&mut self, now_ns: u64) -> Act<Segment> {
        if !self.started {
            self.started = true;
            self.next(now_ns);
        }
        self.sender.poll(now_ns)
    }

    fn receive(&mut self, now_ns: u64, segment: Segment) {
        let exchange = self.exchange;
        match segment {
            Segment::SynAck { .. } if self.sender.awaits(Segment::Syn { exchange }) => {
                self.sender.confirm(now_ns);
                self.connected = true;
                self.sender.said.push_back(Note::Connected);
                self.sender
                    .queue
                    .extend([Segment::Ack { exchange: 0 }, Segment::Request { exchange }]);
            }
            // Our confirmation was lost.
            Segment::SynAck { .. } => self.sender.queue.push_back(Segment::Ack { exchange: 0 }),
            Segment::Response { exchange: of }
                if self.sender.awaits(Segment::Request { exchange: of }) =>
            {
                self.sender.confirm(now_ns);
                let rtt_ns = now_ns - self.began_ns;
                self.sender.said.push_back(Note::Replied {
                    seq: of,
                    truly: of,
                    rtt_ns,
                });
                self.sender.queue.push_back(Segment::Ack { exchange: of });
                if self.kept && of < self.count {
                    self.next(now_ns);
                } else {
                    self.sender.queue.push_back(Segment::Fin { exchange: of });
                }
            }
            Segment::Response { exchange: of } => {
                self.sender.queue.push_back(Segment::Ack { exchange: of });
            }
            Segment::FinAck { exchange: of }
                if self.sender.awaits(Segment::Fin { exchange: of }) =>
            {
                self.sender.confirm(now_ns);
                self.connected = false;
                // The next connection starts its estimate afresh (RFC 6298 §2).
                self.sender.rto = Rto::default();
                self.next(now_ns);
            }
            _ => {}
        }
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
    fn say(&mut self, open: bool) {
        if self.open != open {
            self.open = open;
            let note = if open { Note::Opened } else { Note::Closed };
            self.sender.said.push_back(note);
        }
    }
}

impl Actor<Segment> for TcpServer {
    fn poll(&mut self, now_ns: u64) -> Act<Segment> {
        self.sender.poll(now_ns)
    }

    fn receive(&mut self, now_ns: u64, segment: Segment) {
        match segment {
            Segment::Syn { exchange } => {
                let reply = Segment::SynAck { exchange };
                if !self.sender.awaits(reply) {
                    self.sender.rto = Rto::default();
                    self.sender.unconfirmed = None;
                    self.say(true);
                    self.sender.queue.push_back(reply);
                }
            }
            Segment::Ack { exchange: 0 } => {
                if matches!(
                    self.sender.unconfirmed,
                    Some(Unconfirmed {
                        segment: Segment::SynAck { .. },
                        ..
                    })
                ) {
                    self.sender.confirm(now_ns);
                }
            }
            Segment::Ack { exchange } => {
                if self.sender.awaits(Segment::Response { exchange }) {
                    self.sender.confirm(now_ns);
                }
            }
            Segment::Request { exchange } => {
                let reply = Segment::Response { exchange };
                if !self.sender.awaits(reply) {
                    // It confirms whatever we were still waiting for.
                    self.sender.confirm(now_ns);
                    self.sender.queue.push_back(reply);
                }
            }
            Segment::Fin { exchange } => {
                self.sender.confirm(now_ns);
                self.sender.queue.push_back(Segment::FinAck { exchange });
                self.say(false);
            }
            Segment::SynAck { .. } | Segment::Response { .. } | Segment::FinAck { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::arena::{Happening, Side, What, run};
    use super::*;
    use std::time::Duration;
    use udping_journal::Scenario;
    use udping_link::{Impairments, Loss, Rate, Seed};

    const SECOND: u64 = 1_000_000_000;

    fn scenario(loss_ppm: u32, seed: u64) -> Scenario {
        let way = Impairments {
            delay: Duration::from_millis(50),
            loss: Loss::Independent(Rate::from_ppm(loss_ppm).unwrap()),
            ..Impairments::default()
        };
        Scenario {
            seed: Seed::new(seed).unwrap(),
            request: way,
            reply: way,
            ..Scenario::default()
        }
    }

    fn exchange(count: u64, kept: bool, scenario: &Scenario) -> Vec<Happening<Segment>> {
        run(
            &mut TcpClient::new(count, kept),
            &mut TcpServer::default(),
            scenario,
            10_000 * SECOND,
        )
    }

    fn answers(run: &[Happening<Segment>]) -> Vec<(u64, u64)> {
        let answer = |happening: &Happening<Segment>| match happening.what {
            What::Said {
                by: Side::Client,
                note: Note::Replied { seq, rtt_ns, .. },
                ..
            } => Some((seq, rtt_ns)),
            _ => None,
        };
        run.iter().filter_map(answer).collect()
    }

    #[test]
    fn a_new_connection_costs_two_round_trips_and_a_kept_one_a_single() {
        let rtt = SECOND / 10;
        let fresh = exchange(3, false, &scenario(0, 1));
        assert_eq!(answers(&fresh), [(1, 2 * rtt), (2, 2 * rtt), (3, 2 * rtt)]);
        let kept = exchange(3, true, &scenario(0, 1));
        assert_eq!(answers(&kept), [(1, 2 * rtt), (2, rtt), (3, rtt)]);
        let segments = |run: &[Happening<Segment>]| {
            run.iter()
                .filter(|happening| matches!(happening.what, What::Sent { .. }))
                .count()
        };
        // SYN, SYN-ACK, ACK, request, response, ACK, FIN, FIN-ACK.
        assert_eq!(segments(&fresh), 3 * 8);
        assert_eq!(segments(&kept), 8 + 2 * 3);
    }

    #[test]
    fn loss_becomes_delay_and_every_request_is_answered() {
        for seed in 0..50 {
            for kept in [false, true] {
                let run = exchange(10, kept, &scenario(300_000, seed));
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
