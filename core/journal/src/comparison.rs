//! The same exchange over UDP, over a new TCP connection each time, and over one that
//! is kept: what each cost.
//!
//! Owns the arithmetic of packets and bytes. What became of the exchanges is the
//! client's decision, as for a ping: a comparison is three sessions side by side.

use crate::header::Header;
use crate::record::{Carried, Connected};
use udping_core::stats::Summary;

pub use crate::traffic::{Traffic, Via};

/// Bytes of headers without options: IPv4 (RFC 791), IPv6 (RFC 8200), UDP (RFC 768),
/// TCP (RFC 9293).
const IPV4: u64 = 20;
const IPV6: u64 = 40;
const UDP: u64 = 8;
const TCP: u64 = 20;

/// What is known of a lane's sockets so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledger {
    via: Via,
    ipv6: bool,
    connections: u64,
    exchanges: u64,
    bytes: [u64; 2],
    /// Packets out and in, as counted; `None` once one socket's were not.
    packets: Option<[u64; 2]>,
    retransmitted: Option<u64>,
}

impl Ledger {
    /// A lane of the comparison that `header` describes, of which nothing is known yet.
    #[must_use]
    pub fn new(via: Via, header: &Header) -> Self {
        Self {
            via,
            ipv6: header.ipv6,
            connections: 0,
            exchanges: 0,
            bytes: [0; 2],
            packets: Some([0; 2]),
            retransmitted: (via != Via::Udp).then_some(0),
        }
    }

    /// A connection was made.
    pub fn connected(&mut self, _: &Connected) {
        self.connections = self.connections.saturating_add(1);
    }

    /// A socket has done its work.
    pub fn carried(&mut self, it: &Carried) {
        let add = |sum: u64, more: u64| sum.saturating_add(more);
        self.exchanges = add(self.exchanges, it.carried);
        self.bytes = [
            add(self.bytes[0], it.bytes_out),
            add(self.bytes[1], it.bytes_in),
        ];
        self.packets = self
            .packets
            .zip(it.packets_out.zip(it.packets_in))
            .map(|([out, back], (more_out, more_back))| [add(out, more_out), add(back, more_back)]);
        self.retransmitted = self
            .retransmitted
            .zip(it.retransmitted)
            .map(|(sum, more)| add(sum, more));
    }

    /// What it all comes to, where `summary` tells what became of the exchanges.
    #[must_use]
    pub fn traffic(&self, summary: &Summary) -> Traffic {
        let add = u64::saturating_add;
        let answered = add(summary.replied, summary.late);
        let [out, back] = self.packets.unwrap_or_else(|| {
            // SYN, ACK and FIN of each connection, a request and its answer's ACK; on the
            // way back SYN-ACK and FIN-ACK, and an answer.
            let (connections, exchanges) = (self.connections, self.exchanges);
            [
                add(connections.saturating_mul(3), add(exchanges, answered)),
                add(connections.saturating_mul(2), answered),
            ]
        });
        let transport = if self.via == Via::Udp { UDP } else { TCP };
        let header = transport + if self.ipv6 { IPV6 } else { IPV4 };
        let bytes = |packets: u64, payload: u64| add(packets.saturating_mul(header), payload);
        Traffic {
            round_trips: add(answered, self.connections),
            connections: self.connections,
            packets_out: out,
            packets_in: back,
            bytes_out: bytes(out, self.bytes[0]),
            bytes_in: bytes(back, self.bytes[1]),
            counted: self.packets.is_some(),
            retransmitted: self.retransmitted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, WireName};
    use udping_core::Config;

    fn header(ipv6: bool) -> Header {
        Header {
            ipv6,
            ..Header::new(
                Kind::Compare,
                "test".into(),
                WireName::Textbook,
                &Config::default(),
                4,
            )
        }
    }

    fn carried(exchanges: u64, packets: Option<[u64; 2]>) -> Carried {
        Carried {
            carried: exchanges,
            at_ns: 0,
            bytes_out: 24 * exchanges,
            bytes_in: 24 * exchanges,
            packets_out: packets.map(|[out, _]| out),
            packets_in: packets.map(|[_, back]| back),
            retransmitted: packets.map(|_| 1),
        }
    }

    /// Nine answers in time and one late.
    fn ten() -> Summary {
        Summary {
            replied: 9,
            late: 1,
            ..Summary::default()
        }
    }

    #[test]
    fn a_datagram_has_eight_bytes_of_its_own_and_needs_no_more() {
        for (ipv6, header_len) in [(false, 28), (true, 48)] {
            let mut ledger = Ledger::new(Via::Udp, &header(ipv6));
            ledger.carried(&carried(10, Some([10, 9])));
            let told = ledger.traffic(&ten());
            assert_eq!(
                (told.round_trips, told.packets_out, told.packets_in),
                (10, 10, 9)
            );
            assert_eq!(told.bytes_out, 10 * (header_len + 24));
            assert_eq!(told.bytes_in, 9 * header_len + 240);
            assert_eq!(told.retransmitted, None);
        }
    }

    #[test]
    fn a_connection_costs_a_round_trip_and_what_is_not_counted_is_the_least() {
        let mut fresh = Ledger::new(Via::TcpNew, &header(false));
        let mut kept = Ledger::new(Via::TcpKept, &header(false));
        for seq in 1..=10 {
            fresh.connected(&Connected {
                connected: seq,
                at_ns: 0,
            });
            fresh.carried(&carried(1, None));
        }
        kept.connected(&Connected {
            connected: 1,
            at_ns: 0,
        });
        kept.carried(&carried(10, None));
        let (fresh, kept) = (fresh.traffic(&ten()), kept.traffic(&ten()));
        assert_eq!((fresh.round_trips, kept.round_trips), (20, 11));
        assert_eq!((fresh.packets_out, fresh.packets_in), (50, 30));
        assert_eq!((kept.packets_out, kept.packets_in), (23, 12));
        assert_eq!(fresh.bytes_out, 50 * 40 + 240);
        assert!(!fresh.counted && fresh.retransmitted.is_none());
    }

    #[test]
    fn what_the_system_counted_is_taken_if_it_counted_all() {
        let mut ledger = Ledger::new(Via::TcpNew, &header(false));
        ledger.carried(&carried(1, Some([6, 4])));
        ledger.carried(&carried(1, Some([7, 5])));
        let told = ledger.traffic(&ten());
        assert_eq!((told.packets_out, told.packets_in), (13, 9));
        assert!(told.counted);
        assert_eq!(told.retransmitted, Some(2));
        ledger.carried(&carried(1, None));
        assert!(!ledger.traffic(&ten()).counted);
    }
}
