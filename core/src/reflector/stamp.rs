//! The STAMP Session-Reflector (RFC 8762 §4.3): stateless, or counting by session.
//!
//! Owns the order in which a request is judged: source and rates first, then whether
//! it is one at all, then whether it is a reply of another reflector. Must not know
//! sockets or clocks: T2 and T3 are given.

mod sessions;

use core::net::SocketAddr;

use super::Counts;
use crate::guard::{Draws, DropReason, Guard, ReplyDigest, SourceEntry};
use crate::time::{ReflectorTime, WallTime};
use crate::wire::stamp::{
    DecodeError, ErrorEstimate, Format, Incoming, Key, Mode, Peers, Reflection, Timestamp,
    TimestampInfo,
};

use sessions::Sessions;
pub use sessions::StampSession;

/// What both ends have agreed on, and what this end says of itself.
#[derive(Debug, Clone)]
pub struct Terms {
    /// With a key, only what is authenticated with it is answered (RFC 8762 §4.4).
    pub key: Option<Key>,
    /// Whose requests are answered.
    pub peers: Peers,
    /// How good this end's clock is, and the format of T2 and T3.
    pub error: ErrorEstimate,
    /// How it comes by its timestamps.
    pub clocks: TimestampInfo,
}

impl Terms {
    fn mode(&self) -> Mode<'_> {
        self.key.as_ref().map_or(Mode::Open, Mode::Auth)
    }
}

/// The reflector of one socket. `T` is the storage of its table of sources, `S` that
/// of its table of sessions.
#[derive(Debug, Clone)]
pub struct StampReflector<T, S> {
    terms: Terms,
    guard: Guard<T>,
    sessions: Option<Sessions<S>>,
    counts: Counts,
}

impl<T: AsMut<[SourceEntry]>, S: AsMut<[StampSession]>> StampReflector<T, S> {
    /// A stateless reflector: it copies the request's sequence number.
    pub fn stateless(terms: Terms, guard: Guard<T>) -> Self {
        Self {
            terms,
            guard,
            sessions: None,
            counts: Counts::default(),
        }
    }

    /// A stateful reflector: it counts its replies for each session, so that the
    /// other end can tell losses on the way here from losses on the way back. A
    /// session is an address with its port and an SSID (RFC 8972 §3), and is learnt
    /// from its first request; `secret` is as in [`Guard::new`].
    pub fn stateful(terms: Terms, guard: Guard<T>, secret: u64, sessions: S) -> Self {
        Self {
            sessions: Some(Sessions::new(secret, sessions)),
            ..Self::stateless(terms, guard)
        }
    }

    /// Judges the request that `packet` is. `now` is the reflector's own time, which
    /// the rules go by, and `received` is T2: the wall clock when it arrived,
    /// since the Unix epoch.
    ///
    /// # Errors
    /// Why the answer is silence.
    pub fn handle_request<'a>(
        &'a mut self,
        now: ReflectorTime,
        received: WallTime,
        from: SocketAddr,
        packet: &'a mut [u8],
    ) -> Result<Accepted<'a, T>, DropReason> {
        let Self {
            terms,
            guard,
            sessions,
            counts,
        } = self;
        counts.requests = counts.requests.saturating_add(1);
        let judged = guard
            .admit(now, from)
            .and_then(|()| request(packet, terms))
            .and_then(|incoming| {
                turned_back(&incoming, guard, now, received, from)?;
                let counter = match sessions {
                    Some(sessions) => Some(sessions.count(now, from, incoming.request().ssid)?),
                    None => None,
                };
                Ok((incoming, counter))
            });
        match judged {
            Ok((incoming, counter)) => Ok(Accepted {
                incoming,
                counter,
                received,
                from,
                terms,
                guard,
                counts,
            }),
            Err(why) => {
                counts.count_dropped(why);
                Err(why)
            }
        }
    }

    /// [`Guard::draws`] of its guard.
    #[must_use]
    pub fn draws(&self) -> Draws {
        self.guard.draws()
    }

    /// What it has done so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }
}

fn request<'a>(packet: &'a mut [u8], terms: &'a Terms) -> Result<Incoming<'a, 'a>, DropReason> {
    Incoming::decode(packet, terms.mode(), terms.peers).map_err(|error| match error {
        DecodeError::Hmac => DropReason::Unauthentic,
        DecodeError::Length | DecodeError::ErrorEstimate => DropReason::Malformed,
    })
}

/// Refuses what goes round in a circle: replies, by their shape; and whatever brings
/// a recent T3 of ours back, which catches reflectors whose clock is far off.
fn turned_back<T: AsMut<[SourceEntry]>>(
    incoming: &Incoming<'_, '_>,
    guard: &mut Guard<T>,
    now: ReflectorTime,
    received: WallTime,
    from: SocketAddr,
) -> Result<(), DropReason> {
    if guard.enforces(DropReason::ReplyShaped) && incoming.looks_like_reply(received.as_nanos()) {
        return Err(DropReason::ReplyShaped);
    }
    let digests = incoming.where_ours_may_return();
    guard.admit_echo(now, from, digests.map(|stamp| digest(guard, from, stamp)))
}

/// What tells one of our replies: its T3.
fn digest<T: AsMut<[SourceEntry]>>(
    guard: &Guard<T>,
    peer: SocketAddr,
    sent: Timestamp,
) -> ReplyDigest {
    guard.digest(peer, &sent.bits().to_be_bytes())
}

/// A request that gets an answer, as soon as T3 is known.
#[derive(Debug)]
#[must_use = "an accepted request is owed its reply"]
pub struct Accepted<'a, T> {
    incoming: Incoming<'a, 'a>,
    counter: Option<u32>,
    received: WallTime,
    from: SocketAddr,
    terms: &'a Terms,
    guard: &'a mut Guard<T>,
    counts: &'a mut Counts,
}

impl<'a, T: AsMut<[SourceEntry]>> Accepted<'a, T> {
    /// The reply, written over the request and as long as it. `sent` is T3, read from
    /// the clock that T2 was read from; `ttl` is the TTL or Hop Limit with which the
    /// request came, if it is known.
    #[must_use]
    pub fn reply(self, sent: WallTime, ttl: Option<u8>) -> &'a mut [u8] {
        let error = if self.incoming.is_twamp_light() {
            // RFC 8762 §4.6: only NTP's format is understood there.
            self.terms.error.with_format(Format::Ntp)
        } else {
            self.terms.error
        };
        let stamp = |at: WallTime| Timestamp::from_utc(error.format(), at.as_nanos());
        let digest = digest(self.guard, self.from, stamp(sent));
        self.guard.replied(digest);
        self.counts.replies = self.counts.replies.saturating_add(1);
        self.incoming.reply(&Reflection {
            counter: self.counter,
            received: stamp(self.received),
            sent: stamp(sent),
            error,
            ttl: ttl.unwrap_or(u8::MAX),
            clocks: self.terms.clocks,
        })
    }
}

#[cfg(test)]
mod tests;
