//! A reflector on any wire: what `serve` runs, and the simulator.
//!
//! Owns the choice of the wire, and that no wire's reflector answers what is another
//! wire's reply. Must not know sockets or clocks: T3 is asked for when a reply is made.

use core::net::SocketAddr;

#[cfg(feature = "described")]
use super::described::DescribedReflector;
use super::stamp::{StampReflector, StampSession};
use super::{CountingGuard, Counts, Reflector};
use crate::guard::{Draws, DropReason, SourceEntry};
use crate::time::{ReflectorTime, WallTime};
use crate::wire::stamp::looks_like_reply;
use crate::wire::{Claim, text};

/// The reflector of one socket. `T` and `S` are the storage of its tables, of sources and
/// of STAMP sessions.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "described",
    expect(
        clippy::large_enum_variant,
        reason = "a socket has one, and templates are arrays where nothing allocates"
    )
)]
pub enum WireReflector<T, S> {
    /// On the assignment's wire.
    Text(Reflector<T>),
    /// On RFC 8762's.
    Stamp(StampReflector<T, S>),
    /// On one that templates describe.
    #[cfg(feature = "described")]
    Described(DescribedReflector<T>),
}

/// A datagram that came.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// When, by the reflector's own clock.
    pub at: ReflectorTime,
    /// When by its wall clock, since the Unix epoch: T2.
    pub received: WallTime,
    /// From whom.
    pub from: SocketAddr,
    /// The TTL or Hop Limit with which it came, if it is known.
    pub ttl: Option<u8>,
    /// What.
    pub bytes: &'a [u8],
}

impl<T: AsMut<[SourceEntry]>, S: AsMut<[StampSession]>> WireReflector<T, S> {
    /// Judges `request`; the reply is written into `reply`, which is at least as long, and
    /// its length returned. `sent` reads T3 from the clock that T2 was read from.
    ///
    /// # Errors
    /// Why the answer is silence.
    pub fn handle_request(
        &mut self,
        request: &Request<'_>,
        reply: &mut [u8],
        sent: impl FnOnce() -> WallTime,
    ) -> Result<usize, DropReason> {
        let Request {
            at,
            received,
            from,
            ttl,
            bytes,
        } = *request;
        if let Some(counting) = self.counting()
            && counting.guard.enforces(DropReason::ReplyShaped)
            && looks_like_reply(bytes, received.as_nanos())
        {
            return counting.count(|guard| {
                guard.forget_draws();
                Err(DropReason::ReplyShaped)
            });
        }
        match self {
            Self::Text(reflector) => reflector.handle_request(at, from, bytes, reply),
            #[cfg(feature = "described")]
            Self::Described(reflector) => {
                reflector.handle_request(at, received, from, bytes, reply)
            }
            Self::Stamp(reflector) => {
                let packet = reply.get_mut(..bytes.len()).ok_or(DropReason::Malformed)?;
                packet.copy_from_slice(bytes);
                let accepted = reflector.handle_request(at, received, from, packet)?;
                Ok(accepted.reply(sent(), ttl).len())
            }
        }
    }

    /// What judges and counts requests before their bytes are looked at, on other wires than
    /// STAMP.
    fn counting(&mut self) -> Option<&mut CountingGuard<T>> {
        match self {
            Self::Text(reflector) => Some(&mut reflector.counting),
            #[cfg(feature = "described")]
            Self::Described(reflector) => Some(&mut reflector.counting),
            Self::Stamp(_) => None,
        }
    }

    /// What `request` says, as far as it can be read: its number, and on the text wire its
    /// timestamp. Whether it is answered does not depend on that.
    #[must_use]
    pub fn read(&self, request: &[u8]) -> Claim {
        match self {
            Self::Text(_) => text::decode_reply(request).unwrap_or_default(),
            Self::Stamp(_) => Claim {
                seq: request.first_chunk().copied().map(u32::from_be_bytes),
                ..Claim::default()
            },
            #[cfg(feature = "described")]
            Self::Described(reflector) => reflector.read(request),
        }
    }

    /// [`Guard::draws`] of its guard, for the last request.
    ///
    /// [`Guard::draws`]: crate::guard::Guard::draws
    #[must_use]
    pub fn draws(&self) -> Draws {
        match self {
            Self::Text(reflector) => reflector.draws(),
            Self::Stamp(reflector) => reflector.draws(),
            #[cfg(feature = "described")]
            Self::Described(reflector) => reflector.draws(),
        }
    }

    /// What it has done so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        match self {
            Self::Text(reflector) => reflector.counts(),
            Self::Stamp(reflector) => reflector.counts(),
            #[cfg(feature = "described")]
            Self::Described(reflector) => reflector.counts(),
        }
    }
}
