//! A TCP segment on the wire: RFC 9293's header, as far as the model goes.
//!
//! Owns the kinds of segments, their bytes and their names. Who sends which, and when, is
//! for the two ends.

use udping_core::wire::low_bits;

use crate::actor::Buffer;

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
    /// Confirms that, and closes the other direction.
    FinAck {
        /// The exchange it served last.
        exchange: u64,
    },
    /// Confirms that in turn.
    LastAck {
        /// The exchange it served last.
        exchange: u64,
    },
}

/// The header's bytes without options (RFC 9293 §3.1).
const HEADER: usize = 20;

const FIN: u8 = 1;
const SYN: u8 = 1 << 1;
const PSH: u8 = 1 << 3;
const ACK: u8 = 1 << 4;

/// The control bits of each kind, in the kinds' order. What confirms has ACK; messages
/// have PSH.
const FLAGS: [u8; 8] = [PSH, SYN, SYN | ACK, ACK, FIN, FIN | ACK, PSH | ACK, ACK];

/// The kinds are this far apart: far above any exchange's number.
const KIND: u32 = 32;

impl Segment {
    /// Bytes of IPv4 and TCP headers without options, and of the message.
    #[must_use]
    pub fn bytes(self, message: u64) -> u64 {
        let carries = matches!(self, Self::Request { .. } | Self::Response { .. });
        20 + HEADER as u64 + if carries { message } else { 0 }
    }

    /// Its place among [`FLAGS`], and its exchange.
    const fn parts(self) -> (usize, u64) {
        match self {
            Self::Request { exchange } => (0, exchange),
            Self::Syn { exchange } => (1, exchange),
            Self::SynAck { exchange } => (2, exchange),
            Self::Ack { exchange } => (3, exchange),
            Self::Fin { exchange } => (4, exchange),
            Self::FinAck { exchange } => (5, exchange),
            Self::Response { exchange } => (6, exchange),
            Self::LastAck { exchange } => (7, exchange),
        }
    }

    const fn of(kind: usize, exchange: u64) -> Option<Self> {
        Some(match kind {
            0 => Self::Request { exchange },
            1 => Self::Syn { exchange },
            2 => Self::SynAck { exchange },
            3 => Self::Ack { exchange },
            4 => Self::Fin { exchange },
            5 => Self::FinAck { exchange },
            6 => Self::Response { exchange },
            7 => Self::LastAck { exchange },
            _ => return None,
        })
    }

    /// The number that tells it from every other.
    #[must_use]
    pub const fn number(self) -> u64 {
        let (kind, exchange) = self.parts();
        (kind as u64) << KIND | exchange
    }

    /// The segment of that number.
    #[must_use]
    pub fn numbered(number: u64) -> Option<Self> {
        let kind = usize::try_from(number >> KIND).ok()?;
        Self::of(kind, number & u64::from(u32::MAX))
    }

    /// The number that it meets its fate under. The request and the response of exchange n
    /// bear n, as UDP's ping n does, so that the network that loses the one loses the
    /// other.
    pub(super) const fn fate_number(self) -> u64 {
        match self {
            Self::Response { exchange } => Self::Request { exchange }.number(),
            other => other.number(),
        }
    }

    /// Writes it, and returns its length. The exchange stands for the sequence number, and
    /// what the model has no use for is zero; the message, which says nothing, is left out.
    pub(super) fn encode(self, out: &mut Buffer) -> usize {
        let (kind, exchange) = self.parts();
        let mut header = [0; HEADER];
        header[4..8].copy_from_slice(&low_bits(exchange).to_be_bytes());
        // What the last confirmation acknowledges is a FIN: one byte more of the sequence.
        header[11] = u8::from(matches!(self, Self::LastAck { .. }));
        // The header's length, in words of four bytes.
        header[12] = 5 << 4;
        header[13] = FLAGS[kind];
        let checksum = checksum(&header).to_be_bytes();
        header[16..18].copy_from_slice(&checksum);
        out[..HEADER].copy_from_slice(&header);
        HEADER
    }

    /// Reads one; `None` if it is damaged, which its checksum tells, or none at all.
    pub(super) fn decode(datagram: &[u8]) -> Option<Self> {
        let header: &[u8; HEADER] = datagram.first_chunk()?;
        if checksum(header) != 0 {
            return None;
        }
        let kind = FLAGS.iter().position(|flags| *flags == header[13])?;
        let [_, _, _, _, a, b, c, d, _, _, _, fin, ..] = *header;
        match (
            Self::of(kind, u32::from_be_bytes([a, b, c, d]).into())?,
            fin,
        ) {
            (Self::Ack { exchange }, 1) => Some(Self::LastAck { exchange }),
            (segment, _) => Some(segment),
        }
    }
}

/// The Internet checksum (RFC 1071); of a header that bears its own, 0.
fn checksum(header: &[u8; HEADER]) -> u16 {
    let words = header.as_chunks::<2>().0.iter();
    let sum = words.fold(0_u16, |sum, word| {
        let (sum, carry) = sum.overflowing_add(u16::from_be_bytes(*word));
        sum + u16::from(carry)
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::MOST_BYTES;

    const ALL: [Segment; 7] = [
        Segment::Syn { exchange: 1 },
        Segment::SynAck { exchange: 1 },
        Segment::Ack { exchange: 0 },
        Segment::Request { exchange: 300 },
        Segment::Response { exchange: 300 },
        Segment::Fin { exchange: 70_000 },
        Segment::FinAck { exchange: 70_000 },
    ];

    #[test]
    fn every_segment_is_read_back_and_known_by_its_number() {
        for segment in ALL {
            let mut out = [0; MOST_BYTES];
            let len = segment.encode(&mut out);
            assert_eq!(Segment::decode(&out[..len]), Some(segment));
            assert_eq!(Segment::numbered(segment.number()), Some(segment));
        }
    }

    #[test]
    fn the_checksum_finds_every_damaged_byte() {
        for segment in ALL {
            let mut out = [0; MOST_BYTES];
            let len = segment.encode(&mut out);
            for place in 0..len {
                for mask in 1..=u8::MAX {
                    let mut damaged = out;
                    damaged[place] ^= mask;
                    assert_eq!(Segment::decode(&damaged[..len]), None, "{place} {mask}");
                }
            }
        }
        assert_eq!(Segment::decode(&[0; HEADER - 1]), None);
    }
}
