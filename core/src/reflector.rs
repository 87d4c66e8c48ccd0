//! The other end: request in, reply or silence out, with the reason.
//!
//! Owns what the text wire's reflector says and the counts of what it did. Must
//! not know sockets, clocks or impairments.

#[cfg(feature = "described")]
pub mod described;
#[cfg(feature = "stamp")]
pub mod stamp;
#[cfg(feature = "stamp")]
mod wire;

use core::net::SocketAddr;

use crate::guard::{Draws, DropReason, Guard, SourceEntry};
use crate::time::ReflectorTime;

#[cfg(feature = "stamp")]
pub use wire::{Request, WireReflector};

/// What the text wire's reflector answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReplyMode {
    /// The request, byte for byte.
    #[default]
    Echo,
    /// The request in upper case, as the textbook's server does.
    Upper,
    /// `pong`, with no number in it; never longer than the request.
    Pong,
}

impl ReplyMode {
    /// Writes the answer to `request` into `reply` and returns its length: that of
    /// the request or less, and never more than `reply` holds.
    pub fn write(self, request: &[u8], reply: &mut [u8]) -> usize {
        let source = match self {
            Self::Echo | Self::Upper => request,
            Self::Pong => PONG,
        };
        let len = source.len().min(request.len()).min(reply.len());
        if let (Some(to), Some(from)) = (reply.get_mut(..len), source.get(..len)) {
            to.copy_from_slice(from);
            if self == Self::Upper {
                to.make_ascii_uppercase();
            }
        }
        len
    }

    /// What tells that `request` may be one of our own replies: itself. Another
    /// reflector may return `pong` in upper case, and then it still is ours.
    fn digest_input(self, request: &[u8]) -> &[u8] {
        let ours = PONG
            .get(..request.len())
            .filter(|ours| self == Self::Pong && ours.eq_ignore_ascii_case(request));
        ours.unwrap_or(request)
    }
}

const PONG: &[u8] = b"pong";

/// What a reflector has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Requests that came.
    pub requests: u64,
    /// Replies made.
    pub replies: u64,
    dropped: [u64; DropReason::ALL.len()],
}

impl Counts {
    /// Requests that got no answer, for whatever reason.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.requests.saturating_sub(self.replies)
    }

    /// Requests that got no answer for this reason.
    #[must_use]
    pub fn of(&self, why: DropReason) -> u64 {
        self.dropped
            .get(usize::from(why.code()))
            .copied()
            .unwrap_or(0)
    }

    fn count_dropped(&mut self, why: DropReason) {
        if let Some(count) = self.dropped.get_mut(usize::from(why.code())) {
            *count = count.saturating_add(1);
        }
    }
}

/// A guard, and the counts of what became of the requests that it judged.
#[derive(Debug, Clone)]
struct CountingGuard<T> {
    guard: Guard<T>,
    counts: Counts,
}

impl<T: AsMut<[SourceEntry]>> CountingGuard<T> {
    fn new(guard: Guard<T>) -> Self {
        Self {
            guard,
            counts: Counts::default(),
        }
    }

    /// Counts a request, and whether `answer` answers it or why not.
    fn count(
        &mut self,
        answer: impl FnOnce(&mut Guard<T>) -> Result<usize, DropReason>,
    ) -> Result<usize, DropReason> {
        let counts = &mut self.counts;
        counts.requests = counts.requests.saturating_add(1);
        let len = answer(&mut self.guard).inspect_err(|why| counts.count_dropped(*why))?;
        counts.replies = counts.replies.saturating_add(1);
        Ok(len)
    }
}

/// The reflector of one socket. `T` is the storage of its table of sources.
#[derive(Debug, Clone)]
pub struct Reflector<T> {
    mode: ReplyMode,
    counting: CountingGuard<T>,
}

impl<T: AsMut<[SourceEntry]>> Reflector<T> {
    /// A reflector that answers in this `mode` to whomever `guard` admits.
    pub fn new(mode: ReplyMode, guard: Guard<T>) -> Self {
        Self {
            mode,
            counting: CountingGuard::new(guard),
        }
    }

    /// Judges `request` from `from`; the reply is written into `reply`, and its
    /// length returned.
    ///
    /// # Errors
    /// Why the answer is silence.
    pub fn handle_request(
        &mut self,
        now: ReflectorTime,
        from: SocketAddr,
        request: &[u8],
        reply: &mut [u8],
    ) -> Result<usize, DropReason> {
        let mode = self.mode;
        self.counting.count(|guard| {
            let ours = mode.digest_input(request);
            guard.admit(now, from)?;
            let digest = guard.digest(from, ours);
            guard.admit_echo(now, from, [digest])?;
            let len = mode.write(request, reply);
            let said = reply.get(..len).unwrap_or_default();
            // An echo has the digest of what it echoes.
            let is_echo = mode == ReplyMode::Echo && len == request.len();
            guard.replied(if is_echo || said == ours {
                digest
            } else {
                guard.digest(from, said)
            });
            Ok(len)
        })
    }

    /// [`Guard::draws`] of its guard.
    #[must_use]
    pub fn draws(&self) -> Draws {
        self.counting.guard.draws()
    }

    /// What it has done so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counting.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Policy;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn each_answer_is_what_its_name_says() {
        let mut reply = [0; 16];
        assert_eq!(ReplyMode::Echo.write(b"Ping 1", &mut reply), 6);
        assert_eq!(&reply[..6], b"Ping 1");
        assert_eq!(ReplyMode::Upper.write(b"Ping 1\0", &mut reply), 7);
        assert_eq!(&reply[..7], b"PING 1\0");
        assert_eq!(ReplyMode::Pong.write(b"Ping 1", &mut reply), 4);
        assert_eq!(&reply[..4], b"pong");
        assert_eq!(ReplyMode::Pong.write(b"hi", &mut reply), 2);
    }

    proptest! {
        #[test]
        fn no_reply_is_longer_than_its_request(request in proptest::collection::vec(any::<u8>(), 0..64), kind in 0..3) {
            let answer = [ReplyMode::Echo, ReplyMode::Upper, ReplyMode::Pong][usize::try_from(kind).unwrap()];
            prop_assert!(answer.write(&request, &mut [0; 128]) <= request.len());
        }
    }

    #[test]
    fn every_request_is_counted_once() {
        let guard = Guard::new(&Policy::open(12_000), 1, vec![SourceEntry::EMPTY; 16]);
        let mut reflector: Reflector<Vec<SourceEntry>> = Reflector::new(ReplyMode::Echo, guard);
        let mut reply = [0; 16];
        let mut ask = |from: &str| {
            let from = from.parse().unwrap();
            reflector.handle_request(ReflectorTime::ZERO, from, b"hello", &mut reply)
        };
        assert_eq!(ask("192.0.2.1:5000"), Ok(5));
        assert_eq!(ask("192.0.2.1:53"), Err(DropReason::SystemPort));
        assert_eq!(ask("192.0.2.1:12000"), Err(DropReason::OwnPort));
        let counts = reflector.counts();
        assert_eq!(
            (counts.requests, counts.replies, counts.dropped()),
            (3, 1, 2)
        );
        assert_eq!(
            (
                counts.of(DropReason::SystemPort),
                counts.of(DropReason::OwnPort)
            ),
            (1, 1)
        );
        let each: u64 = DropReason::ALL.iter().map(|why| counts.of(*why)).sum();
        assert_eq!(each, counts.dropped());
    }
}
