//! Digests of replies that were sent lately, a few to a place.
//!
//! Owns how many there are and which gives way. Knows nothing of what they are of.

/// How many replies one place remembers.
const MOST: usize = 4;

/// In no order; 0 where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks([u64; MOST]);

impl Marks {
    pub(super) const NONE: Self = Self([0; MOST]);

    pub(super) fn contains(&self, digest: u64) -> bool {
        self.0.contains(&digest)
    }

    /// Adds `digest`, which is not 0. Where there is no room, `chance` picks the one that
    /// gives way: were it the oldest, one more than there is room for could come round for
    /// ever and never be known.
    pub(super) fn add(&mut self, digest: u64, chance: u64) {
        if self.contains(digest) {
            return;
        }
        let [any, ..] = chance.to_be_bytes();
        let free = self.0.iter().position(|mark| *mark == 0);
        if let Some(mark) = self.0.get_mut(free.unwrap_or(usize::from(any) % MOST)) {
            *mark = digest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_picks_who_gives_way_when_there_is_no_room() {
        let mut marks = Marks::NONE;
        for digest in [1, 2, 2, 3, 4, 1] {
            marks.add(digest, 0);
        }
        assert_eq!(marks.0, [1, 2, 3, 4]);
        marks.add(5, 2 << 56);
        assert_eq!(marks.0, [1, 2, 5, 4]);
        assert!(marks.contains(5) && !marks.contains(3));
    }
}
