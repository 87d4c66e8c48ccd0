//! The TLVs after the base packet (RFC 8972 §4).
//!
//! Owns their framing, their flags and the HMAC TLV's rules. Does not know which
//! end it serves.

use core::ops::Range;

use super::auth::{Key, TAG_LEN};

/// U: the reflector did not recognise the TLV.
pub(super) const UNRECOGNIZED: u8 = 0x80;
/// M: the reflector found the TLV malformed.
pub(super) const MALFORMED: u8 = 0x40;
/// I: the TLVs failed the HMAC's verification.
pub(super) const INTEGRITY: u8 = 0x20;

/// Type 1 (RFC 8972 §4.1).
pub(super) const EXTRA_PADDING: u8 = 1;
/// Type 3 (RFC 8972 §4.3).
pub(super) const TIMESTAMP_INFO: u8 = 3;
/// Type 8 (RFC 8972 §4.8).
pub(super) const HMAC: u8 = 8;

/// Bytes before the value: flags, type and the value's length.
pub(super) const HEADER_LEN: usize = 4;

/// One TLV, as places in the bytes it was found in.
#[derive(Debug, Clone)]
pub(super) struct Tlv {
    /// Where it begins, which is where its flags are.
    pub(super) at: usize,
    pub(super) flags: u8,
    /// `None` if the bytes end before it.
    pub(super) kind: Option<u8>,
    /// Empty if the TLV is malformed.
    pub(super) value: Range<usize>,
    /// Its length is not valid for its type, or reaches beyond the packet.
    pub(super) malformed: bool,
}

impl Tlv {
    /// The TLV that begins at `at`, or `None` where the bytes end.
    pub(super) fn at(tlvs: &[u8], at: usize) -> Option<Self> {
        let bytes = tlvs.get(at..)?;
        let &flags = bytes.first()?;
        let (kind, len) = match *bytes {
            [_, kind, high, low, ..] => {
                let len = usize::from(u16::from_be_bytes([high, low]));
                let fits = len <= bytes.len() - HEADER_LEN && is_valid_len(kind, len);
                (Some(kind), fits.then_some(len))
            }
            [_, kind, ..] => (Some(kind), None),
            _ => (None, None),
        };
        let value = len.map_or(at..at, |len| at + HEADER_LEN..at + HEADER_LEN + len);
        Some(Self {
            at,
            flags,
            kind,
            value,
            malformed: len.is_none(),
        })
    }

    /// Where the next one begins. Nothing after a malformed TLV is processed (RFC
    /// 8972 §4), since its length cannot be believed.
    pub(super) fn next(&self) -> Option<usize> {
        (!self.malformed).then_some(self.value.end)
    }

    /// Whether this implementation knows the type.
    pub(super) const fn is_recognized(&self) -> bool {
        matches!(self.kind, Some(EXTRA_PADDING | TIMESTAMP_INFO | HMAC))
    }
}

/// Every TLV up to the first malformed one, which is the last.
pub(super) fn walk(tlvs: &[u8]) -> impl Iterator<Item = Tlv> {
    core::iter::successors(Tlv::at(tlvs, 0), |tlv| Tlv::at(tlvs, tlv.next()?))
}

/// Whether a value of `len` bytes is valid for the type `kind`.
const fn is_valid_len(kind: u8, len: usize) -> bool {
    match kind {
        // Optional sub-TLVs may follow the four fields.
        TIMESTAMP_INFO => len >= TimestampInfo::LEN,
        HMAC => len == TAG_LEN,
        _ => true,
    }
}

/// The TLVs failed the HMAC's verification; none of them may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IntegrityFailed;

/// Applies the rules of RFC 8972 §4.8 to the TLVs of a packet numbered `seq`, and
/// gives back the HMAC TLV if there is one, verified.
///
/// It fails if the tag does not verify or there is no key to verify it with; if
/// anything but Extra Padding follows the HMAC TLV; and if there is a key but no
/// HMAC TLV, unless all there is, is one Extra Padding TLV.
pub(super) fn verify(
    tlvs: &[u8],
    seq: u32,
    key: Option<&Key>,
) -> Result<Option<Tlv>, IntegrityFailed> {
    let mut hmac: Option<Tlv> = None;
    let (mut count, mut only_padding) = (0_usize, true);
    for tlv in walk(tlvs) {
        let is_padding = tlv.kind == Some(EXTRA_PADDING);
        if hmac.is_some() && !is_padding {
            return Err(IntegrityFailed);
        }
        count += 1;
        only_padding &= is_padding;
        if tlv.kind == Some(HMAC) && !tlv.malformed {
            hmac = Some(tlv);
        }
    }
    match (hmac, key) {
        (Some(hmac), Some(key)) => {
            let mut tag = [0; TAG_LEN];
            tag.copy_from_slice(&tlvs[hmac.value.clone()]);
            if key.verifies(&[&seq.to_be_bytes(), &tlvs[..hmac.at]], tag) {
                Ok(Some(hmac))
            } else {
                Err(IntegrityFailed)
            }
        }
        (Some(_), None) => Err(IntegrityFailed),
        (None, Some(_)) if count > 1 || !only_padding => Err(IntegrityFailed),
        (None, _) => Ok(None),
    }
}

/// Writes the tag of a packet numbered `seq` into its HMAC TLV's value.
pub(super) fn sign(tlvs: &mut [u8], hmac: &Tlv, seq: u32, key: &Key) {
    let tag = key.tag(&[&seq.to_be_bytes(), &tlvs[..hmac.at]]);
    tlvs[hmac.value.clone()].copy_from_slice(&tag);
}

/// What a clock is set by (RFC 8972 §5.4); other numbers are assigned by IANA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SyncSource(pub u8);

impl SyncSource {
    /// NTP.
    pub const NTP: Self = Self(1);
    /// PTP.
    pub const PTP: Self = Self(2);
    /// A Synchronization Supply Unit or a Building Integrated Timing Supply.
    pub const SSU_BITS: Self = Self(3);
    /// A satellite or radio navigation system.
    pub const GNSS: Self = Self(4);
    /// Nothing: the clock runs freely.
    pub const FREE_RUNNING: Self = Self(5);
}

/// How a timestamp is taken (RFC 8972 §5.5); other numbers are assigned by IANA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimestampMethod(pub u8);

impl TimestampMethod {
    /// With hardware assistance.
    pub const HARDWARE: Self = Self(1);
    /// By software from the local wall clock.
    pub const SOFTWARE: Self = Self(2);
    /// From a remote clock.
    pub const CONTROL_PLANE: Self = Self(3);
}

/// How a reflector came by its two timestamps (RFC 8972 §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimestampInfo {
    /// What sets the clock of T2.
    pub sync_in: SyncSource,
    /// How T2 is taken.
    pub method_in: TimestampMethod,
    /// What sets the clock of T3.
    pub sync_out: SyncSource,
    /// How T3 is taken.
    pub method_out: TimestampMethod,
}

impl TimestampInfo {
    /// What a program can say without being told more: software timestamps of a
    /// clock that nothing is known to set.
    pub const SOFTWARE: Self = Self {
        sync_in: SyncSource::FREE_RUNNING,
        method_in: TimestampMethod::SOFTWARE,
        sync_out: SyncSource::FREE_RUNNING,
        method_out: TimestampMethod::SOFTWARE,
    };

    /// Bytes of the four fields.
    pub(super) const LEN: usize = 4;

    pub(super) const fn to_bytes(self) -> [u8; Self::LEN] {
        [
            self.sync_in.0,
            self.method_in.0,
            self.sync_out.0,
            self.method_out.0,
        ]
    }

    /// The first four bytes of a TLV's value, if it has as many.
    pub(super) const fn from_value(value: &[u8]) -> Option<Self> {
        let &[sync_in, method_in, sync_out, method_out, ..] = value else {
            return None;
        };
        Some(Self {
            sync_in: SyncSource(sync_in),
            method_in: TimestampMethod(method_in),
            sync_out: SyncSource(sync_out),
            method_out: TimestampMethod(method_out),
        })
    }
}
