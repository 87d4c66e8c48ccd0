//! STAMP on the wire: RFC 8762 with the session identifier and the extensions of
//! RFC 8972, and TWAMP Light's sizes where RFC 8762 §4.6 has them interwork.
//!
//! Owns the packets' layout, their authentication and the rules for TLVs, at both
//! ends: [`Request::encode`] and [`Reply::decode`] for the Session-Sender,
//! [`Incoming`] for the Session-Reflector. Knows nothing of sessions, sockets or
//! clocks: every time and every counter is given by the caller, and whether an
//! echoed timestamp is the one that was sent is for the client to compare.
//!
//! A packet does not say whether it is a request or a reply, nor whether it is
//! authenticated: the first is what [`Incoming::looks_like_reply`] is for, the
//! second comes from configuration, as a [`Mode`].
//!
//! ```
//! use core::time::Duration;
//! use udping_core::wire::stamp::{
//!     ErrorEstimate, Extensions, Format, Incoming, Mode, Peers, Reflection, Reply, Request,
//!     Timestamp, TimestampInfo,
//! };
//!
//! let error = ErrorEstimate::new(Duration::from_millis(1), false, Format::Ntp);
//! let at = |nanos| Timestamp::new(Format::Ntp, nanos);
//! let request = Request { seq: 7, timestamp: at(1_000), error, ssid: None };
//! let mut datagram = [0; 64];
//! let len = request.encode(Mode::Open, Extensions::default(), &mut datagram)?;
//!
//! // The reflector turns the very bytes of the request into the reply.
//! let incoming = Incoming::decode(&mut datagram[..len], Mode::Open, Peers::StampOnly)?;
//! let reply = incoming.reply(&Reflection {
//!     counter: None,
//!     received: at(5_000),
//!     sent: at(6_000),
//!     error,
//!     ttl: 64,
//!     clocks: TimestampInfo::SOFTWARE,
//! });
//!
//! let reply = Reply::decode(reply, Mode::Open)?;
//! assert_eq!((reply.sender_seq, reply.sender_timestamp), (7, at(1_000)));
//! assert_eq!(reply.claim(0).seq, Some(7));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod auth;
mod base;
mod error_estimate;
mod reflector;
mod sender;
mod session_sender;
mod timestamp;
mod tlv;

use core::fmt;
use core::num::NonZeroU16;

pub use auth::{Key, KeyTooShort, TAG_LEN};
pub use error_estimate::ErrorEstimate;
pub use reflector::{Incoming, Peers, Reflection, looks_like_reply};
pub use sender::{EncodeError, Extensions, Findings, Reply, Verdict};
pub use session_sender::{ProbeTimes, SessionSender};
pub use timestamp::{Format, Timestamp};
pub use tlv::{SyncSource, TimestampInfo, TimestampMethod};

/// The port a reflector listens on unless told otherwise (RFC 8762 §4.1).
pub const DEFAULT_PORT: u16 = 862;

/// Bytes of an unauthenticated packet without TLVs (RFC 8762 §4.2).
pub const OPEN_LEN: usize = 44;

/// Bytes of an authenticated packet without TLVs (RFC 8762 §4.2).
pub const AUTH_LEN: usize = 112;

/// Bytes of the smallest unauthenticated TWAMP reply (RFC 5357 §4.2.1): everything
/// up to and with the Session-Sender TTL.
pub const TWAMP_LEN: usize = 41;

/// What both ends have agreed to protect. It is configuration and never read off a
/// packet, or else an attacker would choose it.
#[derive(Debug, Clone, Copy)]
pub enum Mode<'k> {
    /// Unauthenticated (RFC 8762 §4.2.1): nothing is protected.
    Open,
    /// Unauthenticated, but with the TLVs protected by an HMAC TLV (RFC 8972 §4.8).
    OpenWithSignedTlvs(&'k Key),
    /// Authenticated (RFC 8762 §4.2.2): the packet and its TLVs are protected. Not
    /// against replay (RFC 8972 §6).
    Auth(&'k Key),
}

impl<'k> Mode<'k> {
    /// Bytes of a packet without TLVs: [`OPEN_LEN`] or [`AUTH_LEN`].
    #[must_use]
    pub const fn base_len(self) -> usize {
        match self {
            Self::Open | Self::OpenWithSignedTlvs(_) => OPEN_LEN,
            Self::Auth(_) => AUTH_LEN,
        }
    }

    /// The key of the base packet's HMAC.
    const fn base_key(self) -> Option<&'k Key> {
        match self {
            Self::Open | Self::OpenWithSignedTlvs(_) => None,
            Self::Auth(key) => Some(key),
        }
    }

    /// The key of the HMAC TLV.
    const fn tlv_key(self) -> Option<&'k Key> {
        match self {
            Self::Open => None,
            Self::OpenWithSignedTlvs(key) | Self::Auth(key) => Some(key),
        }
    }
}

/// What a Session-Sender says of a probe (RFC 8762 §4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Request {
    /// The sequence number; a session's first is 0.
    pub seq: u32,
    /// T1: when the request left, by the sender's clock. A reflector copies all 64
    /// bits back, so they also tell a reply from a guess.
    pub timestamp: Timestamp,
    /// How good that clock is, and the format of `timestamp`.
    pub error: ErrorEstimate,
    /// The session's identifier (RFC 8972 §3), on the wire 0 if it has none.
    pub ssid: Option<NonZeroU16>,
}

/// Why a datagram is not a packet of the expected [`Mode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecodeError {
    /// It has too few bytes.
    Length,
    /// The HMAC of its first 96 bytes does not verify (RFC 8762 §4.4).
    Hmac,
    /// The Multiplier of its error estimate is zero (RFC 4656 §4.1.2).
    ErrorEstimate,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "too short for a STAMP packet of this mode",
            Self::Hmac => "the HMAC does not verify",
            Self::ErrorEstimate => "the error estimate's multiplier is zero",
        })
    }
}

impl core::error::Error for DecodeError {}
