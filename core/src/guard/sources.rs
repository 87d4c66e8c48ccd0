//! What is remembered of sources and of replies, in a table that never grows.
//!
//! Owns the places, who gets one, and who has to give way. Knows nothing of rules.

use core::net::{IpAddr, SocketAddr};
use core::num::NonZeroU32;

use super::digest_bucket::DigestBucket;
use super::network::mapped;
use crate::assoc_table::{self, Keyed};
use crate::time::ReflectorTime;

/// A place in a guard's memory: what is known of one source; or, in the table's last
/// quarter, of some of the replies that were sent to anybody.
///
/// A line of the usual processor's caches, each of which is a wait.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct SourceEntry(Known);

#[derive(Debug, Clone, Copy)]
enum Known {
    Source(Source),
    Replies(DigestBucket),
}

/// A reply, or what may be one coming back: its digest, which is of whom it went to, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyDigest(u64);

/// Where a source was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Lookup {
    /// Where it was before; or it was not looked for.
    #[default]
    Known,
    /// In a place that was free, or another's: nothing was known of it any more.
    New,
    /// Nowhere: all the places that it could have are kept.
    Full,
}

/// What is known of one source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Source {
    /// 0 while the place is free.
    key: u64,
    since: u64,
    seen: u64,
    pub(super) level: u64,
    pub(super) echo_level: u64,
    /// Known well enough to go before newcomers.
    pub(super) regular: bool,
}

/// What a source's addresses have in common: one IPv4 address, or an IPv6 /56, which is what
/// one subscriber is commonly given (RIPE-690 §4.2).
#[must_use]
pub fn prefix(ip: IpAddr) -> u128 {
    let ip = ip.to_canonical();
    match ip {
        IpAddr::V4(_) => mapped(ip),
        IpAddr::V6(_) => mapped(ip) >> 72 << 72,
    }
}

/// How long a source must have been known to become a regular one.
const PROBATION: u64 = 1_000_000_000;

/// How long a regular source keeps its place without a word.
const ABSENCE: u64 = 10_000_000_000;

impl SourceEntry {
    /// A free place.
    pub const EMPTY: Self = Self(Known::Source(Source::UNKNOWN));

    const fn source(&self) -> Option<&Source> {
        match &self.0 {
            Known::Source(source) => Some(source),
            Known::Replies(_) => None,
        }
    }
}

impl Default for SourceEntry {
    fn default() -> Self {
        Self::EMPTY
    }
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

    /// One that is seen for the first time.
    #[must_use]
    pub const fn new(now: ReflectorTime) -> Self {
        Self {
            since: now.as_nanos(),
            seen: now.as_nanos(),
            ..Self::UNKNOWN
        }
    }

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

impl Keyed for SourceEntry {
    fn key(&self) -> u64 {
        self.source().map_or(0, |source| source.key)
    }
}

/// The table. The secret keeps others from choosing which sources share places.
#[derive(Debug, Clone)]
pub(super) struct Sources<T> {
    secret: u64,
    tracks: T,
}

impl<T: AsMut<[SourceEntry]>> Sources<T> {
    pub(super) fn new(secret: u64, mut tracks: T) -> Self {
        tracks.as_mut().fill(SourceEntry::EMPTY);
        let mut sources = Self { secret, tracks };
        let (_, replies) = sources.parts();
        replies.fill(SourceEntry(Known::Replies(DigestBucket::NONE)));
        sources
    }

    /// The places of sources, and those of replies.
    fn parts(&mut self) -> (&mut [SourceEntry], &mut [SourceEntry]) {
        let tracks = self.tracks.as_mut();
        let sources = tracks.len() - tracks.len() / 4;
        tracks.split_at_mut(sources)
    }

    /// The place of a source's addresses as a whole: its [`prefix`].
    pub(super) fn prefix(
        &mut self,
        now: ReflectorTime,
        ip: IpAddr,
    ) -> (Lookup, Option<&mut Source>) {
        self.source(now, prefix(ip), 0)
    }

    /// The place of one address with one port.
    pub(super) fn endpoint(
        &mut self,
        now: ReflectorTime,
        from: SocketAddr,
    ) -> (Lookup, Option<&mut Source>) {
        self.source(now, mapped(from.ip()), from.port())
    }

    /// What tells a reply to `peer`.
    pub(super) fn digest(&self, peer: SocketAddr, what: &[u8]) -> ReplyDigest {
        // Words of eight bytes: the hash takes those in, and what follows, the quickest.
        let address = mapped(peer.ip()).to_be_bytes();
        let port = u64::from(peer.port()).to_be_bytes();
        let name: [&[u8]; 3] = [&address, &port, what];
        ReplyDigest(assoc_table::key(self.secret, name))
    }

    /// Whether such a reply was sent lately.
    pub(super) fn knows_reply(&mut self, digest: ReplyDigest) -> bool {
        self.bucket(digest)
            .is_some_and(|(bucket, digest)| bucket.contains(digest))
    }

    /// Remembers a reply; `chance` picks another to forget where there is no room.
    pub(super) fn remember_reply(&mut self, digest: ReplyDigest, chance: u64) {
        if let Some((bucket, digest)) = self.bucket(digest) {
            bucket.add(digest, chance);
        }
    }

    /// Where a reply is remembered, and as what: half of its digest says the one, half
    /// the other.
    fn bucket(
        &mut self,
        ReplyDigest(digest): ReplyDigest,
    ) -> Option<(&mut DigestBucket, NonZeroU32)> {
        let (_, replies) = self.parts();
        let len = u64::try_from(replies.len()).ok()?;
        // As even as the remainder of a division, and quicker.
        let place = usize::try_from((digest >> 32).saturating_mul(len) >> 32).ok()?;
        let short = u32::try_from(digest & u64::from(u32::MAX)).ok()?;
        match replies.get_mut(place)? {
            SourceEntry(Known::Replies(bucket)) => Some((bucket, NonZeroU32::new(short.max(1))?)),
            SourceEntry(Known::Source(_)) => None,
        }
    }

    /// The place of a source, found or made; none, if all it could have are kept.
    fn source(
        &mut self,
        now: ReflectorTime,
        bits: u128,
        port: u16,
    ) -> (Lookup, Option<&mut Source>) {
        let name: [&[u8]; 2] = [&bits.to_be_bytes(), &port.to_be_bytes()];
        let key = assoc_table::key(self.secret, name);
        let (sources, _) = self.parts();
        let found = assoc_table::place(sources, key, |track| track.source()?.rank(now));
        let Some((SourceEntry(Known::Source(source)), known)) = found else {
            return (Lookup::Full, None);
        };
        if !known {
            *source = Source {
                key,
                ..Source::new(now)
            };
        }
        source.seen = now.as_nanos();
        let place = if known { Lookup::Known } else { Lookup::New };
        (place, Some(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assoc_table::WAYS;
    use std::net::Ipv4Addr;

    /// As many places as one source can have, and two for replies.
    const TABLE: usize = WAYS + 2;

    fn at(ms: u64) -> ReflectorTime {
        ReflectorTime::from_nanos(ms * 1_000_000)
    }

    /// Marks source `n`, and says whether it bore the mark already.
    fn mark(sources: &mut Sources<[SourceEntry; TABLE]>, ms: u64, n: u32) -> Option<bool> {
        let ip = IpAddr::V4(Ipv4Addr::from_bits(n));
        let source = sources.prefix(at(ms), ip).1?;
        Some(core::mem::replace(&mut source.level, 1) == 1)
    }

    #[test]
    fn a_full_table_forgets_the_newcomer_unseen_longest() {
        let mut sources = Sources::new(7, [SourceEntry::EMPTY; TABLE]);
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
        let mut sources = Sources::new(7, [SourceEntry::EMPTY; TABLE]);
        for n in 1..=8 {
            assert_eq!(mark(&mut sources, 0, n), Some(false));
            let SourceEntry(known) = &mut sources.tracks[usize::try_from(n - 1).unwrap()];
            let Known::Source(source) = known else {
                panic!("{n}: {known:?}");
            };
            source.regular = true;
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
        let mut sources = Sources::new(7, [SourceEntry::EMPTY; TABLE]);
        let mark_of = |sources: &Sources<_>, port, what: &[u8]| {
            sources.digest(SocketAddr::from(([192, 0, 2, 1], port)), what)
        };
        let one = mark_of(&sources, 5_000, b"one");
        sources.remember_reply(one, 0);
        for n in 1..100 {
            let _ = mark(&mut sources, n.into(), n);
        }
        assert!(sources.knows_reply(one));
        for (port, what) in [(5_001, b"one"), (5_000, b"two")] {
            let other = mark_of(&sources, port, what);
            assert!(!sources.knows_reply(other));
        }
    }

    #[test]
    fn replies_are_remembered_all_over_their_part() {
        let mut sources = Sources::new(7, [SourceEntry::EMPTY; 64]);
        let peer = SocketAddr::from(([192, 0, 2, 1], 5_000));
        // A few more than a tenth of what there is room for: none falls on a full place.
        let digests: [ReplyDigest; 24] =
            core::array::from_fn(|n| sources.digest(peer, &[u8::try_from(n).unwrap()]));
        for digest in digests {
            sources.remember_reply(digest, 0);
        }
        assert!(
            digests
                .into_iter()
                .all(|digest| sources.knows_reply(digest))
        );
        let (_, places) = sources.parts();
        let used = places.iter().filter(
            |SourceEntry(known)| matches!(known, Known::Replies(bucket) if !bucket.is_empty()),
        );
        assert!(used.count() > 8);
    }

    #[test]
    fn a_table_without_places_remembers_nothing() {
        let mut sources = Sources::new(7, [SourceEntry::EMPTY; 0]);
        let digest = sources.digest(SocketAddr::from(([192, 0, 2, 1], 5_000)), b"one");
        sources.remember_reply(digest, 0);
        assert!(!sources.knows_reply(digest));
    }
}
