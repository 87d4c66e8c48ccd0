//! The graph's scale: between round numbers, linear or logarithmic.
//!
//! Owns how high an RTT stands. Draws nothing.

use super::super::model::Column;
use super::scaled;

/// How high an RTT stands in the graph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The RTT at the lower end, if the scale is logarithmic; 0 otherwise.
    low: u64,
    /// The RTT at the upper end.
    pub(super) high: u64,
    log: bool,
}

impl Scale {
    /// One on which all of `columns` fit, between round numbers.
    pub(super) fn of<'a>(columns: impl Iterator<Item = &'a Column> + Clone, log: bool) -> Self {
        let most = columns.clone().map(|it| it.max).max().filter(|it| *it > 0);
        let high = most.map_or(0, round_up);
        let least = columns.filter_map(Column::mean).min();
        let low = if log {
            round_down(least.unwrap_or(0)).min(high / 2)
        } else {
            0
        };
        Self { low, high, log }
    }

    /// Which part of `room` is below `nanos`.
    pub(super) fn part(self, nanos: u64, room: u64) -> u64 {
        if self.log {
            let low = log2(self.low);
            let above = log2(nanos).saturating_sub(low);
            scaled(above, log2(self.high).saturating_sub(low), room)
        } else {
            scaled(nanos, self.high, room)
        }
    }

    /// What stands in the middle of it.
    pub(super) fn middle(self) -> u64 {
        if self.log {
            exp2(log2(self.low).midpoint(log2(self.high)))
        } else {
            self.high / 2
        }
    }
}

/// The binary logarithm in 1024ths: straight from each power of two to the next, which is at most
/// 9 % of that beside it.
fn log2(nanos: u64) -> u64 {
    let nanos = nanos.max(1);
    let octave = nanos.ilog2();
    let fraction = (nanos << (63 - octave)) >> 53 & 1023;
    u64::from(octave) << 10 | fraction
}

/// The inverse of [`log2`].
fn exp2(log: u64) -> u64 {
    let (octave, fraction) = (log >> 10, log & 1023);
    let nanos = u128::from(1024 + fraction) << octave.min(63) >> 10;
    u64::try_from(nanos).unwrap_or(u64::MAX)
}

/// Some times each power of ten, from a microsecond on.
fn round_numbers() -> impl Iterator<Item = u64> {
    (3..20).flat_map(|power| [1, 2, 3, 4, 6, 8].map(|it| 10_u64.pow(power).saturating_mul(it)))
}

fn round_up(nanos: u64) -> u64 {
    let mut numbers = round_numbers();
    numbers.find(|it| *it >= nanos).unwrap_or(u64::MAX)
}

fn round_down(nanos: u64) -> u64 {
    let below = round_numbers().take_while(|it| *it <= nanos);
    below.last().unwrap_or(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_numbers() {
        let scales = [0, 1_000, 1_001, 4_999, 5_001, u64::MAX].map(round_up);
        assert_eq!(scales, [1_000, 1_000, 2_000, 6_000, 6_000, u64::MAX]);
        let scales = [0, 1_000, 1_001, 4_999, 10_000_000].map(round_down);
        assert_eq!(scales, [1_000, 1_000, 1_000, 4_000, 10_000_000]);
        assert!(round_down(u64::MAX) >= 10_000_000_000_000_000_000);
    }

    #[test]
    fn a_logarithm_and_back_is_within_a_thousandth() {
        for nanos in [1, 2, 3, 1_000, 999_999, 5_000_000, u64::MAX] {
            let back = exp2(log2(nanos));
            assert!(nanos - back <= nanos / 1_000, "{nanos} {back}");
        }
    }
}
