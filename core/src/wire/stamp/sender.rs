//! The Session-Sender's end: requests out, replies in.
//!
//! Owns the order in which a request's TLVs are written and what a reply's TLVs are
//! found to say. Does not know which requests are in flight.

use core::fmt;
use core::num::NonZeroU16;

use super::auth::TAG_LEN;
use super::base::{Base, Reflected};
use super::tlv::{
    EXTRA_PADDING, HEADER_LEN, HMAC, INTEGRITY, MALFORMED, TIMESTAMP_INFO, TimestampInfo, Tlv,
    UNRECOGNIZED, sign, verify, walk,
};
use super::{DecodeError, ErrorEstimate, Mode, Request, TWAMP_LEN, Timestamp};
use crate::time::{ERA_NANOS, ReflectorTime};
use crate::wire::{Claim, ReflectorTimes};

/// The TLVs a request asks with (RFC 8972 §4); none by default.
///
/// Where [`Mode`] has a key and a Timestamp Information TLV is asked for, an HMAC
/// TLV follows it. Extra Padding comes last: RFC 8972 §4.8 allows it on either side
/// of the HMAC TLV, and behind it is where implementations agree what is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Extensions<'a> {
    /// Ask how the reflector comes by its timestamps (§4.3).
    pub timestamp_info: bool,
    /// The content of an Extra Padding TLV (§4.1), which a reflector copies back:
    /// to make the packet larger, or random bytes to know the reply by.
    pub padding: Option<&'a [u8]>,
}

impl Extensions<'_> {
    /// RFC 8972 §4.8: padding alone needs no HMAC TLV.
    const fn is_signed(&self, mode: Mode<'_>) -> bool {
        self.timestamp_info && mode.tlv_key().is_some()
    }
}

/// Why a request could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EncodeError {
    /// The buffer is smaller than [`Request::encoded_len`].
    Buffer,
    /// The padding is longer than a TLV's 65 535 bytes.
    Padding,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Buffer => "the buffer is too small for the request",
            Self::Padding => "a padding TLV holds at most 65535 bytes",
        })
    }
}

impl core::error::Error for EncodeError {}

impl Request {
    /// Bytes of a request with these `extensions`, and of the reply to it.
    #[must_use]
    pub const fn encoded_len(mode: Mode<'_>, extensions: Extensions<'_>) -> usize {
        let mut len = mode.base_len();
        if extensions.timestamp_info {
            len += HEADER_LEN + TimestampInfo::LEN;
        }
        if extensions.is_signed(mode) {
            len += HEADER_LEN + TAG_LEN;
        }
        if let Some(padding) = extensions.padding {
            len = len.saturating_add(HEADER_LEN).saturating_add(padding.len());
        }
        len
    }

    /// Writes the request to the beginning of `buffer` and returns its length.
    ///
    /// # Errors
    /// If the buffer is too small or the padding too long; `buffer` is then as it was.
    pub fn encode(
        &self,
        mode: Mode<'_>,
        extensions: Extensions<'_>,
        buffer: &mut [u8],
    ) -> Result<usize, EncodeError> {
        if extensions
            .padding
            .is_some_and(|padding| u16::try_from(padding.len()).is_err())
        {
            return Err(EncodeError::Padding);
        }
        let len = Self::encoded_len(mode, extensions);
        let packet = buffer.get_mut(..len).ok_or(EncodeError::Buffer)?;
        Base::write(packet, mode, self, None);

        let tlvs = &mut packet[mode.base_len()..];
        let mut end = 0;
        if extensions.timestamp_info {
            end = append(tlvs, end, TIMESTAMP_INFO, &[0; TimestampInfo::LEN]);
        }
        if extensions.is_signed(mode) {
            let at = end;
            end = append(tlvs, end, HMAC, &[0; TAG_LEN]);
            if let (Some(hmac), Some(key)) = (Tlv::at(tlvs, at), mode.tlv_key()) {
                sign(tlvs, &hmac, self.seq, key);
            }
        }
        if let Some(padding) = extensions.padding {
            append(tlvs, end, EXTRA_PADDING, padding);
        }
        Ok(len)
    }
}

/// Writes a TLV at `at`, flagged as a Session-Sender must (RFC 8972 §4), and returns
/// where it ends. The caller has checked that it fits.
fn append(tlvs: &mut [u8], at: usize, kind: u8, value: &[u8]) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "encode refuses longer padding"
    )]
    let [high, low] = (value.len() as u16).to_be_bytes();
    let (start, end) = (at + HEADER_LEN, at + HEADER_LEN + value.len());
    tlvs[at..start].copy_from_slice(&[UNRECOGNIZED, kind, high, low]);
    tlvs[start..end].copy_from_slice(value);
    end
}

/// What a Session-Reflector's packet says (RFC 8762 §4.3.1). None of it is trusted:
/// in [`Mode::Open`] anyone can write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reply<'p> {
    /// A copy of `sender_seq` from a stateless reflector; from a stateful one, the
    /// count of its replies before this one.
    pub seq: u32,
    /// T3: when the reply left.
    pub sent: Timestamp,
    /// T2: when the request arrived.
    pub received: Timestamp,
    /// How good the reflector's clock is, and the format of T2 and T3.
    pub error: ErrorEstimate,
    /// The request's SSID; `None` also from a reflector that knows only RFC 8762 or
    /// TWAMP (RFC 8972 §3).
    pub ssid: Option<NonZeroU16>,
    /// The request's sequence number.
    pub sender_seq: u32,
    /// T1 as the request said it, all 64 bits. It proves that the reflector saw the
    /// request; it is not what RTT is measured from.
    pub sender_timestamp: Timestamp,
    /// The request's error estimate; `None` if what came back is not one.
    pub sender_error: Option<ErrorEstimate>,
    /// The TTL or Hop Limit with which the request arrived.
    pub sender_ttl: u8,
    /// What the TLVs say.
    pub tlvs: Findings<'p>,
}

impl<'p> Reply<'p> {
    /// Reads a reply. Without authentication, [`TWAMP_LEN`] bytes are enough, so that
    /// TWAMP Light reflectors are understood too (RFC 8762 §4.6).
    ///
    /// # Errors
    /// If `packet` is too short, does not verify, or its error estimate is invalid. A
    /// fault in the TLVs is no error: [`Findings::verdict`] tells.
    pub fn decode(packet: &'p [u8], mode: Mode<'_>) -> Result<Self, DecodeError> {
        let least = match mode {
            Mode::Open | Mode::OpenWithSignedTlvs(_) => TWAMP_LEN,
            Mode::Auth(_) => mode.base_len(),
        };
        if packet.len() < least {
            return Err(DecodeError::Length);
        }
        let base = Base::read(packet, mode);
        if !base.is_authentic(mode) {
            return Err(DecodeError::Hmac);
        }
        let Request {
            seq,
            timestamp: sent,
            error,
            ssid,
        } = base.head(mode).ok_or(DecodeError::ErrorEstimate)?;
        let Reflected {
            received,
            sender_seq,
            sender_timestamp,
            sender_error,
            sender_ttl,
        } = base.reflected(mode);
        let tlvs = packet.get(mode.base_len()..).unwrap_or_default();
        Ok(Self {
            seq,
            sent,
            received,
            error,
            ssid,
            sender_seq,
            sender_timestamp,
            sender_error: ErrorEstimate::from_bits(sender_error),
            sender_ttl,
            tlvs: Findings::read(tlvs, seq, mode),
        })
    }

    /// What the client needs to credit this reply.
    ///
    /// It proves nothing: who has sent the request compares [`Self::sender_timestamp`] with
    /// its T1, and puts the probe's timestamp in.
    ///
    /// The times count from `epoch`, in nanoseconds since 1970 in the timescale of
    /// the reflector's format; they are absent unless both are there and neither is
    /// before it, which what is nearer to it than half an era tells.
    #[must_use]
    pub fn claim(&self, epoch: u64) -> Claim {
        let time = |stamp: Timestamp| {
            let nanos = stamp.nanos_since(self.error.format(), epoch)?;
            (nanos < ERA_NANOS / 2).then_some(ReflectorTime::from_nanos(nanos))
        };
        let times = time(self.received)
            .zip(time(self.sent))
            .map(|(received, sent)| ReflectorTimes { received, sent });
        Claim {
            seq: Some(self.sender_seq),
            times,
            ..Claim::default()
        }
    }
}

/// What became of the TLVs of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// There are none.
    Absent,
    /// Each came back with the U flag: the reflector knows none of them, or no TLVs
    /// at all.
    Unrecognized,
    /// They are good, as far as they were recognised.
    Good,
    /// From some TLV on they are malformed, by the reflector's M flag or by their
    /// lengths; those before it are good.
    Malformed,
    /// The reflector says so by the I flag, or the HMAC does not verify here. None of
    /// them is used.
    IntegrityFailed,
}

/// What the TLVs of a reply say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Findings<'p> {
    /// What became of them.
    pub verdict: Verdict,
    /// How the reflector comes by T2 and T3, if it said.
    pub timestamp_info: Option<TimestampInfo>,
    /// The content of the first Extra Padding TLV that the reflector recognised. What
    /// stands behind an HMAC TLV is not covered by it.
    pub padding: Option<&'p [u8]>,
}

impl<'p> Findings<'p> {
    /// The Session-Sender's rules of RFC 8972 §4 and §4.8.
    fn read(tlvs: &'p [u8], seq: u32, mode: Mode<'_>) -> Self {
        let mut found = Self {
            verdict: Verdict::Good,
            timestamp_info: None,
            padding: None,
        };
        // The flags that any of them has, and those that all have.
        let flags = |(any, all), tlv: Tlv| (any | tlv.flags, all & tlv.flags);
        let (any, all) = walk(tlvs).fold((0, u8::MAX), flags);
        if tlvs.is_empty() {
            found.verdict = Verdict::Absent;
        } else if any & INTEGRITY != 0 {
            found.verdict = Verdict::IntegrityFailed;
        } else if all & UNRECOGNIZED != 0 {
            found.verdict = Verdict::Unrecognized;
        } else if verify(tlvs, seq, mode.tlv_key()).is_err() {
            found.verdict = Verdict::IntegrityFailed;
        } else {
            found.collect(tlvs);
        }
        found
    }

    fn collect(&mut self, tlvs: &'p [u8]) {
        for tlv in walk(tlvs) {
            if tlv.malformed || tlv.flags & MALFORMED != 0 {
                self.verdict = Verdict::Malformed;
                return;
            }
            if tlv.flags & UNRECOGNIZED != 0 {
                continue;
            }
            let value = &tlvs[tlv.value];
            match tlv.kind {
                Some(TIMESTAMP_INFO) => self.timestamp_info = TimestampInfo::from_value(value),
                Some(EXTRA_PADDING) => self.padding = self.padding.or(Some(value)),
                _ => {}
            }
        }
    }
}
