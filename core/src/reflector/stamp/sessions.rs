//! How many replies each session has had, in a table that never grows.
//!
//! Owns the counters, and which sessions give way to new ones. Knows nothing of
//! packets.

use core::net::SocketAddr;
use core::num::NonZeroU16;

use crate::assoc_table::{self, Keyed};
use crate::guard::{DropReason, mapped};
use crate::time::ReflectorTime;

/// What is remembered of one session.
#[derive(Debug, Clone, Copy, Default)]
pub struct StampSession {
    /// 0 while the place is free.
    key: u64,
    seen: u64,
    replies: u64,
}

/// How long a session that has come back at least once keeps its place without a
/// word: as long as TWAMP waits before it gives a session up (RFC 5357 §4.2, REFWAIT).
const ABSENCE: u64 = 900_000_000_000;

impl StampSession {
    /// A free place.
    pub const EMPTY: Self = Self {
        key: 0,
        seen: 0,
        replies: 0,
    };

    /// Sessions of one request, which is all that an invented source needs, give way
    /// first; others only when they have long been silent.
    fn rank(&self, now: ReflectorTime) -> Option<(bool, u64)> {
        let returned = self.replies > 1;
        let present = now.as_nanos() <= self.seen.saturating_add(ABSENCE);
        (!(returned && present)).then_some((returned, self.seen))
    }
}

impl Keyed for StampSession {
    fn key(&self) -> u64 {
        self.key
    }
}

/// The table.
#[derive(Debug, Clone)]
pub(super) struct Sessions<S> {
    secret: u64,
    table: S,
}

impl<S: AsMut<[StampSession]>> Sessions<S> {
    pub(super) fn new(secret: u64, mut table: S) -> Self {
        table.as_mut().fill(StampSession::EMPTY);
        Self { secret, table }
    }

    /// Counts a reply, and returns how many there were before it: the low 32 bits.
    /// A session that finds no place is refused, since any number would be a lie.
    pub(super) fn count(
        &mut self,
        now: ReflectorTime,
        from: SocketAddr,
        ssid: Option<NonZeroU16>,
    ) -> Result<u32, DropReason> {
        let name: [&[u8]; 3] = [
            &mapped(from.ip()).to_be_bytes(),
            &from.port().to_be_bytes(),
            &ssid.map_or(0, NonZeroU16::get).to_be_bytes(),
        ];
        let key = assoc_table::key(self.secret, name);
        let (session, known) =
            assoc_table::place(self.table.as_mut(), key, |entry| entry.rank(now))
                .ok_or(DropReason::SessionLimit)?;
        if !known {
            *session = StampSession {
                key,
                ..StampSession::EMPTY
            };
        }
        session.seen = now.as_nanos();
        let before = session.replies;
        session.replies = before.saturating_add(1);
        Ok(crate::wire::low_bits(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assoc_table::WAYS;

    fn at(seconds: u64) -> ReflectorTime {
        ReflectorTime::from_nanos(seconds * 1_000_000_000)
    }

    fn from(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    #[test]
    fn each_session_is_counted_by_itself() {
        let mut sessions = Sessions::new(7, [StampSession::EMPTY; 64]);
        let mut count = |port, ssid| sessions.count(at(0), from(port), NonZeroU16::new(ssid));
        assert_eq!(
            [count(1, 1), count(1, 1), count(1, 1)],
            [Ok(0), Ok(1), Ok(2)]
        );
        assert_eq!(count(2, 1), Ok(0), "another port");
        assert_eq!(count(1, 2), Ok(0), "another SSID");
        assert_eq!(count(1, 0), Ok(0), "none");
        assert_eq!(count(1, 1), Ok(3));
    }

    #[test]
    fn sessions_that_came_back_are_not_displaced() {
        let mut sessions = Sessions::new(7, [StampSession::EMPTY; WAYS]);
        let mut count = |second, port| sessions.count(at(second), from(port), None);
        for port in 1..=7 {
            assert_eq!([count(0, port), count(0, port)], [Ok(0), Ok(1)]);
        }
        for port in 100..200 {
            assert_eq!(count(1, port), Ok(0), "one place for all these");
        }
        assert_eq!(count(2, 199), Ok(1));
        assert_eq!(count(3, 200), Err(DropReason::SessionLimit));
        assert_eq!(count(4, 1), Ok(2));
        assert_eq!(count(901, 200), Ok(0), "2 to 7 have been silent for long");
        assert_eq!(count(902, 1), Ok(3));
    }
}
