//! What the two ends say to each other, as values.
//!
//! Owns [`Probe`], [`Claim`], the numbers on the wire and the wires' names; the formats below
//! turn them into bytes and back. Knows nothing of the session: whom a reply is
//! credited to is the client's decision.

pub mod described;
pub mod heartbeat;
#[cfg(feature = "stamp")]
pub mod stamp;
pub mod template;
pub mod text;

use crate::time::{ClientTime, ReflectorTime, WallTime};

/// A wire's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WireName {
    /// The assignment's `Ping <seq> <time>`.
    #[default]
    Textbook,
    /// RFC 8762.
    Stamp,
    /// What the header's `description` says.
    Described,
}

impl WireName {
    /// Those whose packets this crate writes by itself, without a description.
    pub const OWN: [Self; 2] = [Self::Textbook, Self::Stamp];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Textbook => "textbook",
            Self::Stamp => "stamp",
            Self::Described => "described",
        }
    }

    /// Whether a reflector reads a probe's timestamp in every request, and not only its number.
    #[must_use]
    pub const fn tells_timestamp(self) -> bool {
        match self {
            Self::Textbook => true,
            Self::Stamp | Self::Described => false,
        }
    }
}

/// The largest number that may go into JSON: 2⁵³, up to which JavaScript, jq and pandas
/// read every whole number exactly (RFC 8259 §6).
pub const LARGEST_EXACT: u64 = 1 << 53;

/// A request as the client wants it sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Probe {
    /// The probe's number in this session, from 1. Wires carry the low 32 bits.
    pub seq: u64,
    /// The time that it carries, which no other probe of the session has.
    pub timestamp: WallTime,
    /// When the schedule asked for it.
    pub due: ClientTime,
    /// When the client handed it out: the T1 of its RTT.
    pub at: ClientTime,
}

impl Probe {
    /// The sequence number as a wire carries it: the low 32 bits.
    #[must_use]
    pub const fn wire_seq(&self) -> u32 {
        low_bits(self.seq)
    }
}

/// The low 32 bits of a sequence number.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is asked for"
)]
pub const fn low_bits(seq: u64) -> u32 {
    seq as u32
}

/// What a reply says about itself. Nothing in it is trusted: it names a probe,
/// it never dates one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Claim {
    /// The low 32 bits of the sequence number the reply carries, if it has one.
    pub seq: Option<u32>,
    /// The timestamp that stands beside the number, if one does: a probe's, or its own.
    pub timestamp: Option<WallTime>,
    /// The number stands amid other text, where it counts only with its probe's timestamp.
    pub needs_proof: bool,
    /// When the reflector says it received the request and sent the reply.
    pub times: Option<ReflectorTimes>,
    /// Which of its replies to this session the reflector says this is, low 32 bits;
    /// absent if it does not count, or comes to the number in `seq`.
    pub count: Option<u32>,
    /// The reflector's clock and this end's are both said to be synchronised to UTC.
    pub synced: bool,
    /// Bytes of the reply, where it has more or fewer than its request, or is damaged.
    pub size: Option<u32>,
    /// What is not as in the request.
    pub damage: Option<Damage>,
}

/// What happened to the content of a request on its way to the server and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Damage {
    /// The reply is shorter than its request.
    Truncated,
    /// The reply begins with the request, and differs from it in its padding.
    Altered,
}

impl Claim {
    /// The claim of a reply that answers `probe` in full.
    #[must_use]
    pub const fn answering(probe: &Probe) -> Self {
        Self {
            seq: Some(probe.wire_seq()),
            timestamp: Some(probe.timestamp),
            needs_proof: false,
            times: None,
            count: None,
            synced: false,
            size: None,
            damage: None,
        }
    }
}

/// A reflector's two readings of its own clock, T2 and T3 (RFC 8762 §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReflectorTimes {
    /// T2: when the request arrived.
    pub received: ReflectorTime,
    /// T3: when the reply left.
    pub sent: ReflectorTime,
}

/// Why a datagram cannot be read as a reply on its wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "WhyUnreadable"))]
pub enum Unreadable {
    /// It has no bytes, or nothing but padding.
    Empty,
    /// It is not text, and no number with a timestamp is in it.
    NotText,
    /// It is no packet of the wire: too short, or with a field that cannot be.
    Malformed,
    /// It is not authenticated with the session's key.
    Unauthentic,
    /// It does not carry back what its probe carried.
    Foreign,
    /// It came from another address or port than the server's, so nobody read it.
    Elsewhere,
}

impl Unreadable {
    /// Every reason; each stands where its [`code`](Self::code) says.
    pub const ALL: [Self; 6] = [
        Self::Empty,
        Self::NotText,
        Self::Malformed,
        Self::Unauthentic,
        Self::Foreign,
        Self::Elsewhere,
    ];

    /// Its number, from 0. A reason keeps its number; a new one takes the next.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl core::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::NotText => "it is not text",
            Self::Malformed => "it is no packet of this wire",
            Self::Unauthentic => "it is not authenticated with the session's key",
            Self::Foreign => "it does not carry back what its probe carried",
            Self::Elsewhere => "it came from another address or port than the server's",
        })
    }
}

impl core::error::Error for Unreadable {}
