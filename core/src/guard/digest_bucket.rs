//! Digests of replies that were sent lately, a few to a place.
//!
//! Owns how many there are, how short they are, and which gives way. Knows nothing of
//! what they are of.

use core::num::NonZeroU32;

/// How many replies one place remembers.
const MOST: usize = 14;

/// In no order, the free places last.
///
/// Half a digest each, so that a whole table stays in a processor's nearer caches: one in
/// three hundred million others is taken for one of fourteen, and ten such are answered a
/// second.
#[derive(Debug, Clone, Copy)]
pub(super) struct DigestBucket([Option<NonZeroU32>; MOST]);

impl DigestBucket {
    pub(super) const NONE: Self = Self([None; MOST]);

    pub(super) fn contains(&self, digest: NonZeroU32) -> bool {
        self.0.contains(&Some(digest))
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0 == [None; MOST]
    }

    /// Adds `digest`. Where there is no room, `chance` picks the one that gives way: were it
    /// the oldest, one more than there is room for could come round for ever and never be
    /// known.
    pub(super) fn add(&mut self, digest: NonZeroU32, chance: u64) {
        let [any, ..] = chance.to_be_bytes();
        let fits = |place: &Option<NonZeroU32>| place.is_none_or(|known| known == digest);
        let place = self.0.iter().position(fits);
        if let Some(place) = self.0.get_mut(place.unwrap_or(usize::from(any) % MOST)) {
            *place = Some(digest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_picks_who_gives_way_when_there_is_no_room() {
        let digest = |n| NonZeroU32::new(n).unwrap();
        let mut bucket = DigestBucket::NONE;
        for n in [1, 2, 2, 3, 1].into_iter().chain(4..=14) {
            bucket.add(digest(n), 0);
        }
        assert!((1..=14).all(|n| bucket.contains(digest(n))), "{bucket:?}");
        bucket.add(digest(15), 2 << 56);
        assert!(bucket.contains(digest(15)) && !bucket.contains(digest(3)));
        assert_eq!(bucket.0.iter().flatten().count(), MOST);
    }
}
