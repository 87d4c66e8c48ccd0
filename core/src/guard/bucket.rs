//! Token buckets, and the dice for those who find theirs empty.
//!
//! Owns rates and chance. Knows nothing of sources.

use core::num::NonZeroU32;

use crate::splitmix;
use crate::time::ReflectorTime;

/// A rate with a burst, in datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Datagrams a second.
    pub per_second: NonZeroU32,
    /// How many may come at once after a pause.
    pub burst: NonZeroU32,
}

impl RateLimit {
    /// Draws one datagram from the bucket kept in `level`: the time at which it
    /// would be full again (the generic cell rate algorithm, ITU-T I.371).
    pub(super) fn draw(self, level: &mut u64, now: ReflectorTime) -> bool {
        self.draw_above(level, now, 0)
    }

    /// The same, but leaves the bucket's last `reserve` datagrams to others.
    pub(super) fn draw_above(self, level: &mut u64, now: ReflectorTime, reserve: u32) -> bool {
        let now = now.as_nanos();
        let interval = 1_000_000_000 / u64::from(self.per_second.get());
        let full_again = (*level).max(now).saturating_add(interval);
        let open = self.burst.get().saturating_sub(reserve);
        let admitted = full_again - now <= interval.saturating_mul(u64::from(open));
        if admitted {
            *level = full_again;
        }
        admitted
    }
}

/// Chance, drawn from a secret and a count: nobody outside can tell what comes, and the
/// same inputs bring the same.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    secret: u64,
    rolls: u64,
}

impl Dice {
    pub(super) const fn new(secret: u64) -> Self {
        Self { secret, rolls: 0 }
    }

    /// Any number.
    pub(super) fn roll(&mut self) -> u64 {
        let roll = splitmix::at(self.secret, self.rolls);
        self.rolls = self.rolls.wrapping_add(1);
        roll
    }

    /// One chance in four.
    pub(super) fn admit_over_limit(&mut self) -> bool {
        self.roll() >> 62 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(per_second: u32, burst: u32) -> RateLimit {
        RateLimit {
            per_second: per_second.try_into().unwrap(),
            burst: burst.try_into().unwrap(),
        }
    }

    fn at(ms: u64) -> ReflectorTime {
        ReflectorTime::from_nanos(ms * 1_000_000)
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let (limit, mut level) = (limit(10, 3), 0);
        let mut given = |ms| (0..9).filter(|_| limit.draw(&mut level, at(ms))).count();
        assert_eq!(
            [given(0), given(99), given(100), given(1_000)],
            [3, 0, 1, 3]
        );
    }

    #[test]
    fn a_reserve_is_for_those_who_may_draw_it() {
        let (limit, mut level) = (limit(10, 4), 0);
        let given = |reserve, level: &mut u64| {
            (0..9)
                .filter(|_| limit.draw_above(level, at(0), reserve))
                .count()
        };
        assert_eq!(given(2, &mut level), 2);
        assert_eq!(given(0, &mut level), 2);
        assert_eq!(given(4, &mut 0), 0, "all of it is reserved");
    }

    #[test]
    fn the_leak_is_one_in_four_and_depends_on_the_secret_alone() {
        let wins = |secret| {
            let mut dice = Dice::new(secret);
            (0..10_000)
                .map(|_| dice.admit_over_limit())
                .collect::<std::vec::Vec<_>>()
        };
        let won = wins(7).into_iter().filter(|won| *won).count();
        assert!((2_300..2_700).contains(&won), "{won}");
        assert_eq!(wins(7), wins(7));
        assert_ne!(wins(7), wins(8));
    }
}
