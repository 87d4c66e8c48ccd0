//! The Session-Reflector's end: a request in, and its bytes turned into the reply.
//!
//! Owns what a reply is made of and the rules for the TLVs it copies. Does not know
//! whom it serves, how often, or whether it should.

use super::base::{Base, Reflected};
use super::tlv::{
    INTEGRITY, MALFORMED, TIMESTAMP_INFO, TimestampInfo, Tlv, UNRECOGNIZED, sign, verify,
};
use super::{DecodeError, ErrorEstimate, Mode, Request, TWAMP_LEN, Timestamp};
use crate::time::ERA_NANOS;

/// How near to the present the timestamps of a reply-shaped request are, in
/// nanoseconds.
const REPLY_WINDOW: u64 = 60_000_000_000;

/// Whose unauthenticated requests are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Peers {
    /// STAMP's, of 44 bytes or more (RFC 8762 §4.2).
    #[default]
    StampOnly,
    /// TWAMP Light's too, of [`TWAMP_LEN`] bytes or more.
    ///
    /// RFC 8762 §4.6 would answer even 14 bytes with 44. That makes a reflector an
    /// amplifier, so here a reply is never longer than its request, and requests that
    /// cannot hold a TWAMP reply are refused.
    TwampLightToo,
}

/// What the reflector puts into a reply (RFC 8762 §4.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reflection {
    /// `None` from a stateless reflector, which copies the request's sequence number;
    /// from a stateful one, how many replies this session has had before.
    pub counter: Option<u32>,
    /// T2: when the request arrived.
    pub received: Timestamp,
    /// T3: when the reply leaves.
    pub sent: Timestamp,
    /// How good the reflector's clock is, and the format of T2 and T3. Towards TWAMP
    /// Light it is NTP (RFC 8762 §4.6).
    pub error: ErrorEstimate,
    /// The TTL or Hop Limit with which the request arrived; 255 if it cannot be known,
    /// which is what others send then.
    pub ttl: u8,
    /// The answer to a Timestamp Information TLV (RFC 8972 §4.3).
    pub clocks: TimestampInfo,
}

/// A valid request, still in the buffer it came in.
///
/// The reply is written over it, so it has the request's length, no more and no less
/// (RFC 8762 §4).
#[derive(Debug)]
pub struct Incoming<'p, 'k> {
    packet: &'p mut [u8],
    mode: Mode<'k>,
    base: Base,
    request: Request,
}

impl<'p, 'k> Incoming<'p, 'k> {
    /// Reads the request that `packet` is, all of it and nothing else, and verifies it
    /// before anything in it is used (RFC 8762 §4.4). MBZ fields are ignored.
    ///
    /// # Errors
    /// If `packet` is too short, does not verify, or its error estimate is invalid. It
    /// then deserves no reply.
    pub fn decode(packet: &'p mut [u8], mode: Mode<'k>, peers: Peers) -> Result<Self, DecodeError> {
        let least = match (mode, peers) {
            (Mode::Open | Mode::OpenWithSignedTlvs(_), Peers::TwampLightToo) => TWAMP_LEN,
            _ => mode.base_len(),
        };
        if packet.len() < least {
            return Err(DecodeError::Length);
        }
        let base = Base::read(packet, mode);
        if !base.is_authentic(mode) {
            return Err(DecodeError::Hmac);
        }
        let mut request = base.head(mode).ok_or(DecodeError::ErrorEstimate)?;
        if packet.len() < mode.base_len() {
            // TWAMP has no SSID: its padding begins there, and its replies have zeros.
            request.ssid = None;
        }
        Ok(Self {
            packet,
            mode,
            base,
            request,
        })
    }

    /// What the request says.
    #[must_use]
    pub const fn request(&self) -> Request {
        self.request
    }

    /// Whether this is some reflector's reply rather than a request: answering it makes
    /// two reflectors answer each other for ever, since STAMP's packets do not say
    /// which they are.
    ///
    /// True if both the Receive Timestamp and the Session-Sender Timestamp stand where
    /// a reply has them, each in the format that its error estimate names, and within
    /// 60 s of `now`, in nanoseconds since 1970. That looks at bytes that RFC 8762
    /// §4.2.1 says to ignore, on purpose: in a STAMP request they are zero, and
    /// TWAMP's random padding passes for two such timestamps once in 2⁵⁰ requests.
    #[must_use]
    pub fn looks_like_reply(&self, now: u64) -> bool {
        is_reply(&self.base.reflected(self.mode), self.request.error, now)
    }

    /// Where a T3 of this end would stand if its reply came back: as the Timestamp from
    /// a plain echo, and as the Session-Sender Timestamp from another reflector.
    #[must_use]
    pub fn where_ours_may_return(&self) -> [Timestamp; 2] {
        let reflected = self.base.reflected(self.mode);
        [self.request.timestamp, reflected.sender_timestamp]
    }

    /// Whether the request is too short for STAMP, and so TWAMP Light's.
    #[must_use]
    pub const fn is_twamp_light(&self) -> bool {
        self.packet.len() < self.mode.base_len()
    }

    /// Turns the request into the reply to it, and gives back the whole of it.
    #[must_use]
    pub fn reply(self, reflection: &Reflection) -> &'p mut [u8] {
        let Self {
            packet,
            mode,
            request,
            ..
        } = self;
        let head = Request {
            seq: reflection.counter.unwrap_or(request.seq),
            timestamp: reflection.sent,
            error: reflection.error,
            ssid: request.ssid,
        };
        let reflected = Reflected {
            received: reflection.received,
            sender_seq: request.seq,
            sender_timestamp: request.timestamp,
            sender_error: request.error.bits(),
            sender_ttl: reflection.ttl,
        };
        Base::write(packet, mode, &head, Some(&reflected));
        if let Some(tlvs) = packet.get_mut(mode.base_len()..) {
            reflect_tlvs(tlvs, mode, request.seq, head.seq, reflection.clocks);
        }
        packet
    }
}

/// Whether a datagram on another wire looks like an unauthenticated STAMP reply, as
/// [`Incoming::looks_like_reply`] tells: a reflector that echoes it would keep a STAMP
/// reflector busy for ever.
#[must_use]
pub fn looks_like_reply(datagram: &[u8], now: u64) -> bool {
    if datagram.len() < TWAMP_LEN {
        return false;
    }
    let base = Base::read(datagram, Mode::Open);
    base.head(Mode::Open)
        .is_some_and(|head| is_reply(&base.reflected(Mode::Open), head.error, now))
}

fn is_reply(reflected: &Reflected, error: ErrorEstimate, now: u64) -> bool {
    let Some(sender_error) = ErrorEstimate::from_bits(reflected.sender_error) else {
        return false;
    };
    let is_recent = |stamp: Timestamp, error: ErrorEstimate| {
        stamp
            .nanos_since(error.format(), now)
            .is_some_and(|ahead| ahead.min(ERA_NANOS - ahead) <= REPLY_WINDOW)
    };
    is_recent(reflected.received, error) && is_recent(reflected.sender_timestamp, sender_error)
}

/// The Session-Reflector's rules of RFC 8972 §4 and §4.8: what is known is answered,
/// what is not is flagged, and everything else stays as it came. The reserved flags
/// are sent as zero.
fn reflect_tlvs(
    tlvs: &mut [u8],
    mode: Mode<'_>,
    request_seq: u32,
    reply_seq: u32,
    clocks: TimestampInfo,
) {
    let key = mode.tlv_key();
    let verified = verify(tlvs, request_seq, key);
    let mut next = Some(0);
    while let Some(tlv) = next.and_then(|at| Tlv::at(tlvs, at)) {
        let mut flags = 0;
        if !tlv.is_recognized() {
            flags |= UNRECOGNIZED;
        }
        if tlv.malformed {
            flags |= MALFORMED;
        }
        if verified.is_err() {
            flags |= INTEGRITY;
        } else if tlv.kind == Some(TIMESTAMP_INFO) && !tlv.malformed {
            let fields = tlv.value.start..tlv.value.start + TimestampInfo::LEN;
            tlvs[fields].copy_from_slice(&clocks.to_bytes());
        }
        tlvs[tlv.at] = flags;
        next = tlv.next();
    }
    if let (Ok(Some(hmac)), Some(key)) = (verified, key) {
        sign(tlvs, &hmac, reply_seq, key);
    }
}
