//! Losses by direction, from a reflector that counts its replies.
//!
//! Owns the comparing of the probes' numbers with the reflector's. Knows nothing of
//! deadlines: a reply is a reply, late or not.

use super::summary::Directions;
use crate::wire::low_bits;

/// How far back a reply's count is recognised as one that was there before.
const WINDOW: u64 = 1_024;

/// Bits of a word of the window.
const WORD: u64 = 64;

#[derive(Debug, Clone)]
pub(super) struct ReflectorCount {
    /// What the reflector had counted before this session: some do not start from zero.
    base: Option<u64>,
    /// The highest probe that was replied to.
    highest_probe: u64,
    /// The highest count, from the base.
    highest_count: u64,
    /// How many different counts came.
    distinct: u64,
    /// Replies with a count of their own to probes that had been replied to.
    duplicated_there: u64,
    /// Which of the last counts came, by their low bits.
    seen: [u64; (WINDOW / WORD) as usize],
    /// A count was not the probe's number, so it is no copy of it.
    proven: bool,
}

impl ReflectorCount {
    pub(super) const fn new() -> Self {
        Self {
            base: None,
            highest_probe: 0,
            highest_count: 0,
            distinct: 0,
            duplicated_there: 0,
            seen: [0; (WINDOW / WORD) as usize],
            proven: false,
        }
    }

    /// A reply to `seq` that is the reflector's `count`-th, or its `seq`-th.
    pub(super) fn record(&mut self, seq: u64, count: Option<u32>, again: bool) {
        let low = count.unwrap_or(low_bits(seq));
        self.proven |= low != low_bits(seq);
        let Self {
            base,
            highest_count,
            ..
        } = self;
        let base = *base.get_or_insert_with(|| {
            // One that is ahead of the probes began before this session did.
            let base = u64::from(low).saturating_sub(seq);
            *highest_count = (u64::from(low) - base).saturating_sub(1);
            base
        });
        self.highest_probe = self.highest_probe.max(seq);
        // The whole count, near the highest so far.
        let ahead = low
            .wrapping_sub(low_bits(base.saturating_add(self.highest_count)))
            .cast_signed();
        let Some(count) = self.highest_count.checked_add_signed(ahead.into()) else {
            return;
        };
        if self.is_new(count) {
            self.distinct = self.distinct.saturating_add(1);
            if again {
                self.duplicated_there = self.duplicated_there.saturating_add(1);
            }
        }
    }

    /// Notes a count; whether it is the first time. One too old to tell is not new.
    fn is_new(&mut self, count: u64) -> bool {
        if count > self.highest_count {
            let passed = (count - self.highest_count).min(WINDOW);
            for between in 0..passed {
                *self.word(count - between) &= !bit(count - between);
            }
            self.highest_count = count;
        } else if self.highest_count - count >= WINDOW {
            return false;
        }
        let word = self.word(count);
        let new = *word & bit(count) == 0;
        *word |= bit(count);
        new
    }

    fn word(&mut self, count: u64) -> &mut u64 {
        &mut self.seen[(count / WORD % (WINDOW / WORD)) as usize]
    }

    pub(super) fn directions(&self) -> Option<Directions> {
        self.proven.then(|| {
            let arrived = self.highest_count.saturating_sub(self.duplicated_there);
            Directions {
                probes: self.highest_probe,
                lost_there: self.highest_probe.saturating_sub(arrived),
                lost_back: self.highest_count.saturating_sub(self.distinct),
                duplicated_there: self.duplicated_there,
            }
        })
    }
}

const fn bit(count: u64) -> u64 {
    1 << (count % WORD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    fn told(replies: &[(u64, u32, bool)]) -> Option<Directions> {
        let mut counting = ReflectorCount::new();
        for &(seq, count, again) in replies {
            counting.record(seq, Some(count), again);
        }
        counting.directions()
    }

    fn lost(directions: Option<Directions>) -> Option<(u64, u64)> {
        directions.map(|it| (it.lost_there, it.lost_back))
    }

    #[test]
    fn by_hand() {
        // 2 is lost on the way there, the reply to 4 on the way back.
        let replies = [(1, 1, false), (3, 2, false), (5, 4, false)];
        assert_eq!(lost(told(&replies)), Some((1, 1)));
    }

    #[test]
    fn a_copied_number_proves_nothing() {
        assert_eq!(told(&[(1, 1, false), (3, 3, false)]), None);
        let mut counting = ReflectorCount::new();
        counting.record(7, None, false);
        assert_eq!(counting.directions(), None);
    }

    #[test]
    fn a_duplicate_tells_by_its_count_where_it_was_made() {
        // The request to 2 arrived twice: two counts. The reply to 3 did: one count.
        let there = told(&[(1, 1, false), (2, 2, false), (2, 3, true), (3, 4, false)]);
        assert_eq!(lost(there), Some((0, 0)));
        assert_eq!(there.unwrap().duplicated_there, 1);
        let back = told(&[(2, 1, false), (3, 2, false), (3, 2, true)]);
        assert_eq!(lost(back), Some((1, 0)));
        assert_eq!(back.unwrap().duplicated_there, 0);
    }

    #[test]
    fn order_does_not_matter() {
        let replies = [(5, 4, false), (1, 1, false), (3, 2, false)];
        assert_eq!(lost(told(&replies)), Some((1, 1)));
    }

    #[test]
    fn a_reflector_that_began_to_count_before_is_counted_from_there() {
        // As one that counts all sessions together: 101 for the first.
        let replies = [(1, 101, false), (2, 102, false), (4, 103, false)];
        assert_eq!(lost(told(&replies)), Some((1, 0)));
    }

    #[test]
    fn counts_wrap_at_32_bits() {
        let base = u64::from(u32::MAX) - 2;
        let replies: Vec<_> = (1..=6)
            .map(|n| (base + n + 1, low_bits(base + n), false))
            .collect();
        assert_eq!(lost(told(&replies)).map(|(_, back)| back), Some(base));
        assert_eq!(told(&replies).unwrap().lost_there, 1);
    }

    proptest! {
        #[test]
        fn any_counts_are_survived(replies in prop::collection::vec((any::<u64>(), any::<u32>(), any::<bool>()), 0..50)) {
            let _ = told(&replies);
        }

        #[test]
        fn what_was_dropped_is_what_is_told(fates in prop::collection::vec(0..3_u8, 1..600)) {
            // 0 arrives, 1 is lost there, 2 is lost back; the last arrives.
            let (mut counting, mut count, mut lost) = (ReflectorCount::new(), 0, (0, 0));
            let fates = [&fates[..], &[1, 0]].concat();
            for (seq, fate) in (1..).zip(fates) {
                if fate == 1 {
                    lost.0 += 1;
                    continue;
                }
                count += 1;
                if fate == 2 {
                    lost.1 += 1;
                } else {
                    counting.record(seq, Some(count), false);
                }
            }
            let told = counting.directions().unwrap();
            prop_assert_eq!((told.lost_there, told.lost_back), lost);
        }
    }
}
