//! The wire of a simulated run, as its header names it: both ends of it.
//!
//! Owns what the command draws at random and a simulation must not. What a wire does is
//! the core's.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::num::NonZeroU16;
use core::time::Duration;

use udping_core::guard::{Guard, SourceEntry};
use udping_core::reflector::described::{Answers, DescribedReflector};
use udping_core::reflector::stamp::{StampReflector, StampSession, Terms};
use udping_core::reflector::{Reflector, ReplyMode, WireReflector};
use udping_core::session::SessionWire;
use udping_core::time::WallTime;
use udping_core::wire::described::Described;
use udping_core::wire::stamp::{
    ErrorEstimate, Format, OPEN_LEN, Peers, SessionSender, TimestampInfo,
};
use udping_journal::{Header, WireName};

use crate::actor::MOST_BYTES;
use crate::error::WorldError;

/// The client's end; a request of the textbook's wire is padded to `carried` bytes.
pub(crate) fn session(header: &Header, carried: usize) -> Result<SessionWire<Vec<u8>>, WorldError> {
    match header.wire {
        WireName::Textbook => Ok(SessionWire::Textbook {
            padding: carried.into(),
        }),
        WireName::Stamp => Ok(SessionWire::Stamp(sender(header))),
        WireName::Described => {
            let description = header.description.as_ref().ok_or(WorldError::Wire)?;
            let request = description.request.as_deref().ok_or(WorldError::Wire)?;
            let expected = description.expect.iter().map(String::as_str);
            let wire = Described::compile(request, expected).map_err(|_| WorldError::Wire)?;
            // What is longer than a packet here could not be read at its other end.
            if wire.request().longest() > MOST_BYTES {
                return Err(WorldError::Wire);
            }
            Ok(SessionWire::Described(wire))
        }
    }
}

/// What the server answers.
#[derive(Debug, Clone)]
pub(crate) enum ServerWire {
    Textbook,
    Stamp,
    Described(Box<Answers>),
}

impl ServerWire {
    /// As a run's header has it: to a described request what its wire answers, or the request.
    pub(crate) fn of(header: &Header) -> Result<Self, WorldError> {
        Ok(match header.wire {
            WireName::Textbook => Self::Textbook,
            WireName::Stamp => Self::Stamp,
            WireName::Described => {
                let description = header.description.as_ref().ok_or(WorldError::Wire)?;
                let request = description.request.as_deref().ok_or(WorldError::Wire)?;
                let answer = description.answer.first().map_or("{echo}", String::as_str);
                let answers = Answers::compile([(request, answer)]);
                Self::Described(Box::new(answers.map_err(|_| WorldError::Wire)?))
            }
        })
    }
}

/// The server's end.
pub(crate) fn reflector(
    wire: ServerWire,
    guard: Guard<Vec<SourceEntry>>,
) -> WireReflector<Vec<SourceEntry>, Vec<StampSession>> {
    match wire {
        ServerWire::Textbook => WireReflector::Text(Reflector::new(ReplyMode::default(), guard)),
        ServerWire::Stamp => WireReflector::Stamp(StampReflector::stateless(terms(), guard)),
        ServerWire::Described(answers) => {
            WireReflector::Described(DescribedReflector::new(*answers, guard))
        }
    }
}

/// What both ends' wall clocks read at time zero.
pub(crate) fn wall(header: &Header) -> WallTime {
    header.wall().unwrap_or(WallTime::ZERO)
}

/// A Session-Sender as the command has one, but for what is drawn at random there: here
/// nobody has to guess it.
fn sender(header: &Header) -> SessionSender<Vec<u8>> {
    /// Bytes of a TLV before its value.
    const TLV_HEADER: usize = 4;
    const LONGEST: usize = MOST_BYTES - OPEN_LEN - TLV_HEADER;
    let padding = match header.size {
        None => LONGEST,
        Some(size) => usize::try_from(size)
            .unwrap_or(MOST_BYTES)
            .saturating_sub(OPEN_LEN + TLV_HEADER)
            .min(LONGEST),
    };
    SessionSender::new(
        None,
        ErrorEstimate::new(Duration::MAX, false, Format::Ntp),
        NonZeroU16::MIN,
        vec![1; padding],
        wall(header),
    )
}

/// What a reflector says of itself whose clock nobody vouches for.
///
/// It writes its times in PTP's format, the client in NTP's: two clocks that agree to the
/// nanosecond read the same now and then, and a T1 that is some T3 bit for bit is taken
/// for a reply that came back.
fn terms() -> Terms {
    Terms {
        key: None,
        peers: Peers::StampOnly,
        error: ErrorEstimate::new(Duration::MAX, false, Format::Ptp),
        clocks: TimestampInfo::SOFTWARE,
    }
}
