//! What is remembered of sources and of replies, in a table that never grows.
//!
//! Owns the places, who gets one, and who has to give way. Knows nothing of rules.

use core::net::{IpAddr, SocketAddr};

use super::marks::Marks;
use super::network::mapped;
use crate::places::{self, Entry};
use crate::time::ReflectorTime;

/// A place in a guard's memory: for what is known of one source, and for some of the
/// replies that were sent to anybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Track {
    source: Source,
    marks: Marks,
}

/// What is known of one source.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Source {
    /// 0 while the place is free.
    key: u64,
    since: u64,
    seen: u64,
    pub(super) level: u64,
    pub(super) echo_level: u64,
    /// Known well enough to go before newcomers.
    pub(super) regular: bool,
}

/// How long a source must have been known to become a regular one.
const PROBATION: u64 = 1_000_000_000;

/// How long a regular source keeps its place without a word.
const ABSENCE: u64 = 10_000_000_000;

impl Track {
    /// A free place.
    pub const EMPTY: Self = Self {
        source: Source::UNKNOWN,
        marks: Marks::NONE,
    };
}

impl Source {
    const UNKNOWN: Self = Self {
        key: 0,
        since: 0,
        seen: 0,
        level: 0,
        echo_level: 0,
        regular: false,
    };

    /// Known for a while, and not a regular yet.
    pub(super) fn may_become_regular(&self, now: ReflectorTime) -> bool {
        !self.regular && now.as_nanos() >= self.since.saturating_add(PROBATION)
    }

    /// Whoever is not a regular gives way, the one unseen longest first.
    fn rank(&self, now: ReflectorTime) -> Option<u64> {
        let present = now.as_nanos() <= self.seen.saturating_add(ABSENCE);
        (!(self.regular && present)).then_some(self.seen)
    }
}

impl Entry for Track {
    fn key(&self) -> u64 {
        self.source.key
    }
}

/// The table. The secret keeps others from choosing which sources share places.
#[derive(Debug)]
pub(super) struct Sources<T> {
    secret: u64,
    tracks: T,
}

impl<T: AsMut<[Track]>> Sources<T> {
    pub(super) fn new(secret: u64, mut tracks: T) -> Self {
        tracks.as_mut().fill(Track::EMPTY);
        Self { secret, tracks }
    }

    /// The place of a source's addresses as a whole: one IPv4 address, or an IPv6
    /// /56, which is what one subscriber is commonly given (RIPE-690 §4.2).
    pub(super) fn prefix(&mut self, now: ReflectorTime, ip: IpAddr) -> Option<&mut Source> {
        let ip = ip.to_canonical();
        let bits = match ip {
            IpAddr::V4(_) => mapped(ip),
            IpAddr::V6(_) => mapped(ip) >> 72 << 72,
        };
        self.source(now, bits, 0)
    }

    /// The place of one address with one port.
    pub(super) fn endpoint(&mut self, now: ReflectorTime, from: SocketAddr) -> Option<&mut Source> {
        self.source(now, mapped(from.ip()), from.port())
    }

    /// Whether a reply with this mark was sent there lately.
    pub(super) fn knows_reply(&mut self, to: SocketAddr, mark: &[u8]) -> bool {
        let digest = self.digest(to, mark);
        self.marks(digest)
            .is_some_and(|marks| marks.contains(digest))
    }

    /// Remembers a reply; `chance` picks another to forget where there is no room.
    pub(super) fn remember_reply(&mut self, to: SocketAddr, mark: &[u8], chance: u64) {
        let digest = self.digest(to, mark);
        if let Some(marks) = self.marks(digest) {
            marks.add(digest, chance);
        }
    }

    fn digest(&self, to: SocketAddr, mark: &[u8]) -> u64 {
        let place = mapped(to.ip()).to_be_bytes();
        places::key(self.secret, [&place, &to.port().to_be_bytes(), mark])
    }

    /// Where a reply with this digest is remembered.
    fn marks(&mut self, digest: u64) -> Option<&mut Marks> {
        let tracks = self.tracks.as_mut();
        let len = u64::try_from(tracks.len()).ok()?;
        let place = usize::try_from(digest.checked_rem(len)?).ok()?;
        Some(&mut tracks.get_mut(place)?.marks)
    }

    /// The place of a source, found or made; `None` if all it could have are kept.
    fn source(&mut self, now: ReflectorTime, bits: u128, port: u16) -> Option<&mut Source> {
        let name: [&[u8]; 2] = [&bits.to_be_bytes(), &port.to_be_bytes()];
        let key = places::key(self.secret, name);
        let (track, known) =
            places::place(self.tracks.as_mut(), key, |track| track.source.rank(now))?;
        let source = &mut track.source;
        if !known {
            *source = Source {
                key,
                since: now.as_nanos(),
                ..Source::UNKNOWN
            };
        }
        source.seen = now.as_nanos();
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::WAYS;
    use std::net::Ipv4Addr;

    fn at(ms: u64) -> ReflectorTime {
        ReflectorTime::from_nanos(ms * 1_000_000)
    }

    /// Marks source `n`, and says whether it bore the mark already.
    fn mark(sources: &mut Sources<[Track; WAYS]>, ms: u64, n: u32) -> Option<bool> {
        let ip = IpAddr::V4(Ipv4Addr::from_bits(n));
        let source = sources.prefix(at(ms), ip)?;
        Some(core::mem::replace(&mut source.level, 1) == 1)
    }

    #[test]
    fn a_full_table_forgets_the_newcomer_unseen_longest() {
        let mut sources = Sources::new(7, [Track::EMPTY; WAYS]);
        for n in 1..=8 {
            assert_eq!(mark(&mut sources, n.into(), n), Some(false));
        }
        assert_eq!(mark(&mut sources, 9, 1), Some(true));
        assert_eq!(mark(&mut sources, 10, 9), Some(false), "in the place of 2");
        assert_eq!(mark(&mut sources, 11, 1), Some(true));
        assert_eq!(mark(&mut sources, 12, 2), Some(false), "forgotten, so new");
    }

    #[test]
    fn newcomers_do_not_drive_out_regulars_until_these_have_gone() {
        let mut sources = Sources::new(7, [Track::EMPTY; WAYS]);
        for n in 1..=8 {
            assert_eq!(mark(&mut sources, 0, n), Some(false));
            sources.tracks[usize::try_from(n - 1).unwrap()]
                .source
                .regular = true;
        }
        assert_eq!(mark(&mut sources, 1_000, 9), None, "all are regulars");
        assert_eq!(mark(&mut sources, 9_000, 1), Some(true));
        assert_eq!(
            mark(&mut sources, 10_001, 9),
            Some(false),
            "2 to 8 went quiet"
        );
        assert_eq!(mark(&mut sources, 10_002, 1), Some(true));
    }

    #[test]
    fn replies_are_known_by_whom_they_went_to_whoever_else_comes_and_goes() {
        let mut sources = Sources::new(7, [Track::EMPTY; WAYS]);
        let to = |port| SocketAddr::from(([192, 0, 2, 1], port));
        sources.remember_reply(to(5_000), b"one", 0);
        for n in 1..100 {
            let _ = mark(&mut sources, n.into(), n);
        }
        assert!(sources.knows_reply(to(5_000), b"one"));
        assert!(!sources.knows_reply(to(5_001), b"one"));
        assert!(!sources.knows_reply(to(5_000), b"two"));
    }

    #[test]
    fn a_table_without_places_remembers_nothing() {
        let mut sources = Sources::new(7, [Track::EMPTY; 0]);
        let to = SocketAddr::from(([192, 0, 2, 1], 5_000));
        sources.remember_reply(to, b"one", 0);
        assert!(!sources.knows_reply(to, b"one"));
    }
}
