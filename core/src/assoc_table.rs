//! A set-associative table of fixed size: eight ways, and a keyed hash picks the set.
//!
//! Owns where an entry may stand and who gives way. Knows nothing of what entries
//! are about.

#[expect(
    deprecated,
    reason = "see `key`: std's replacement is not to be had without std"
)]
use core::hash::{Hasher as _, SipHasher};

/// Entries per set: in how many places one entry can stand.
pub(crate) const WAYS: usize = 8;

/// What a table holds.
pub(crate) trait Keyed {
    /// What it is found by; 0 while the place is free.
    fn key(&self) -> u64;
}

/// The place of the entry named `key`, which is not 0: its own, and true; or one that
/// the caller is to write a new entry into, and false.
///
/// Of the entries in the way, the one whose `rank` is least gives way; one that has
/// none never does. `None` if all there are stay, or the table is empty.
pub(crate) fn place<E: Keyed, R: Ord>(
    table: &mut [E],
    key: u64,
    rank: impl Fn(&E) -> Option<R>,
) -> Option<(&mut E, bool)> {
    let sets = u64::try_from(table.len().div_ceil(WAYS)).ok()?;
    let set = usize::try_from(key.checked_rem(sets)?).ok()?;
    let places = table.chunks_mut(WAYS).nth(set)?;
    if let Some(index) = places.iter().position(|entry| entry.key() == key) {
        return Some((places.get_mut(index)?, true));
    }
    let (_, place) = places
        .iter_mut()
        .filter_map(|entry| match entry.key() {
            0 => Some((None, entry)),
            _ => Some((Some(rank(entry)?), entry)),
        })
        .min_by(|(one, _), (other, _)| one.cmp(other))?;
    Some((place, false))
}

/// The key of what `parts` name, one after the other: `SipHash`, keyed with a secret, so
/// that others cannot choose who shares a place. Never 0.
#[expect(
    deprecated,
    reason = "what replaces it is in std; this one is keyed and in core, and does what it says"
)]
pub(crate) fn key<const N: usize>(secret: u64, parts: [&[u8]; N]) -> u64 {
    let mut hasher = SipHasher::new_with_keys(secret, !secret);
    for part in parts {
        hasher.write(part);
    }
    hasher.finish().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Keyed for (u64, Option<u8>) {
        fn key(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn a_free_place_goes_first_then_the_least_of_those_that_may_go() {
        let mut table = [(0, None); WAYS];
        let mut put = |key, rank| {
            let (place, known) = place(&mut table, key, |entry| entry.1)?;
            let old = core::mem::replace(place, (key, rank));
            Some((old.0, known))
        };
        for key in 1..=8 {
            let rank = (key > 2).then_some(10 - u8::try_from(key).unwrap());
            assert_eq!(put(key, rank), Some((0, false)), "free places first");
        }
        assert_eq!(put(3, None), Some((3, true)), "known, and now it stays");
        assert_eq!(put(9, None), Some((8, false)));
        for key in 10..=13 {
            assert!(put(key, None).is_some());
        }
        assert_eq!(put(14, None), None, "all stay");
    }

    #[test]
    fn an_empty_table_has_no_place() {
        assert!(place::<(u64, Option<u8>), _>(&mut [], 1, |entry| entry.1).is_none());
    }

    #[test]
    fn a_key_is_of_all_parts_and_the_secret_and_never_zero() {
        assert_ne!(key(0, [b"x"]), key(1, [b"x"]));
        assert_ne!(key(0, [b"x"]), key(0, [b"y"]));
        assert_eq!(key(7, [b"one", b"other"]), key(7, [b"oneother"]));
        assert_ne!(key(0, [b""]), 0);
    }
}
