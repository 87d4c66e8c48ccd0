//! The base packet: which field stands where, in either mode.
//!
//! Owns the offsets of RFC 8762 §4.2 and §4.3 and the HMAC of §4.4. Does not know
//! what the fields mean, nor what follows the base packet.

use core::num::NonZeroU16;

use super::auth::TAG_LEN;
use super::{AUTH_LEN, ErrorEstimate, Mode, OPEN_LEN, Request, TWAMP_LEN, Timestamp};

/// Where an authenticated packet's HMAC begins, and how many bytes it covers.
const TAG_AT: usize = AUTH_LEN - TAG_LEN;

/// Offsets in bytes. The sequence number comes first in every packet. The first
/// group is in both ends' packets; in a request the second is all MBZ.
struct Layout {
    timestamp: usize,
    error: usize,
    ssid: usize,

    received: usize,
    sender_seq: usize,
    sender_timestamp: usize,
    sender_error: usize,
    sender_ttl: usize,
}

/// RFC 8762 Figures 2 and 5, with RFC 8972 Figures 1 and 2.
const OPEN: Layout = Layout {
    timestamp: 4,
    error: 12,
    ssid: 14,
    received: 16,
    sender_seq: 24,
    sender_timestamp: 28,
    sender_error: 36,
    sender_ttl: 40,
};

/// RFC 8762 Figures 4 and 6, with RFC 8972 Figures 3 and 4.
const AUTH: Layout = Layout {
    timestamp: 16,
    error: 24,
    ssid: 26,
    received: 32,
    sender_seq: 48,
    sender_timestamp: 64,
    sender_error: 72,
    sender_ttl: 80,
};

const _: () = assert!(OPEN.sender_ttl + 1 == TWAMP_LEN && TWAMP_LEN <= OPEN_LEN);
const _: () = assert!(AUTH.sender_ttl < TAG_AT);

/// The sequence number and the time of a packet of which only the beginning is there:
/// twelve bytes will do, or twenty-four if it is authenticated.
pub(super) fn beginning(packet: &[u8], mode: Mode<'_>) -> Option<(u32, Timestamp)> {
    let seq = packet.first_chunk()?;
    let timestamp = packet.get(layout(mode).timestamp..)?.first_chunk()?;
    Some((
        u32::from_be_bytes(*seq),
        Timestamp::from_bits(u64::from_be_bytes(*timestamp)),
    ))
}

/// What a reflector adds to a request, or a sender finds in a reply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reflected {
    pub(super) received: Timestamp,
    pub(super) sender_seq: u32,
    pub(super) sender_timestamp: Timestamp,
    /// Echoed, so anything at all.
    pub(super) sender_error: u16,
    pub(super) sender_ttl: u8,
}

/// One base packet, in a place of its own: every offset lies inside it whatever
/// the datagram's length, so no read or write can miss.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base([u8; AUTH_LEN]);

impl Base {
    /// As many bytes of `packet` as a base packet of `mode` has, zeros after them.
    pub(super) fn read(packet: &[u8], mode: Mode<'_>) -> Self {
        let mut base = Self([0; AUTH_LEN]);
        let len = packet.len().min(mode.base_len());
        base.0[..len].copy_from_slice(&packet[..len]);
        base
    }

    /// Whether the HMAC verifies, where `mode` has one.
    pub(super) fn is_authentic(&self, mode: Mode<'_>) -> bool {
        mode.base_key()
            .is_none_or(|key| key.verifies(&[&self.0[..TAG_AT]], self.field(TAG_AT)))
    }

    /// The fields that both ends' packets have, or `None` if the error estimate is
    /// invalid.
    pub(super) fn head(&self, mode: Mode<'_>) -> Option<Request> {
        let layout = layout(mode);
        Some(Request {
            seq: u32::from_be_bytes(self.field(0)),
            timestamp: self.timestamp(layout.timestamp),
            error: ErrorEstimate::from_bits(u16::from_be_bytes(self.field(layout.error)))?,
            ssid: NonZeroU16::new(u16::from_be_bytes(self.field(layout.ssid))),
        })
    }

    /// The fields that only a reply has; in a proper request they are all zero.
    pub(super) fn reflected(&self, mode: Mode<'_>) -> Reflected {
        let layout = layout(mode);
        let [sender_ttl] = self.field(layout.sender_ttl);
        Reflected {
            received: self.timestamp(layout.received),
            sender_seq: u32::from_be_bytes(self.field(layout.sender_seq)),
            sender_timestamp: self.timestamp(layout.sender_timestamp),
            sender_error: u16::from_be_bytes(self.field(layout.sender_error)),
            sender_ttl,
        }
    }

    /// Writes a base packet over the beginning of `packet`, cut where `packet` ends,
    /// with zeros in all the fields that must be zero, and authenticated if `mode` is.
    pub(super) fn write(
        packet: &mut [u8],
        mode: Mode<'_>,
        head: &Request,
        reflected: Option<&Reflected>,
    ) {
        let layout = layout(mode);
        let mut base = Self([0; AUTH_LEN]);
        base.set(0, head.seq.to_be_bytes());
        base.set(layout.timestamp, head.timestamp.bits().to_be_bytes());
        base.set(layout.error, head.error.bits().to_be_bytes());
        base.set(
            layout.ssid,
            head.ssid.map_or(0, NonZeroU16::get).to_be_bytes(),
        );
        if let Some(reflected) = reflected {
            base.set(layout.received, reflected.received.bits().to_be_bytes());
            base.set(layout.sender_seq, reflected.sender_seq.to_be_bytes());
            base.set(
                layout.sender_timestamp,
                reflected.sender_timestamp.bits().to_be_bytes(),
            );
            base.set(layout.sender_error, reflected.sender_error.to_be_bytes());
            base.set(layout.sender_ttl, [reflected.sender_ttl]);
        }
        if let Some(key) = mode.base_key() {
            base.set(TAG_AT, key.tag(&[&base.0[..TAG_AT]]));
        }
        let len = packet.len().min(mode.base_len());
        packet[..len].copy_from_slice(&base.0[..len]);
    }

    fn timestamp(&self, at: usize) -> Timestamp {
        Timestamp::from_bits(u64::from_be_bytes(self.field(at)))
    }

    fn field<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut field = [0; N];
        field.copy_from_slice(&self.0[at..at + N]);
        field
    }

    fn set<const N: usize>(&mut self, at: usize, field: [u8; N]) {
        self.0[at..at + N].copy_from_slice(&field);
    }
}

const fn layout(mode: Mode<'_>) -> &'static Layout {
    match mode {
        Mode::Open | Mode::OpenWithSignedTlvs(_) => &OPEN,
        Mode::Auth(_) => &AUTH,
    }
}
