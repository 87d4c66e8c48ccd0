//! What part of a run is in sight, and how zooming and panning change it.

use crate::scale::{float, whole};

/// The shortest stretch that can be looked at, in nanoseconds.
const LEAST_NS: u64 = 1_000;

/// A stretch of a run's time, from the first moment in sight to the last, in nanoseconds.
pub type Window = (u64, u64);

/// Zooms around the moment at `share` of the window, which stays where it is unless an end of the
/// run comes into sight. A factor above 1 shows less.
#[must_use]
pub fn zoomed((from, until): Window, end_ns: u64, factor: f64, share: f64) -> Window {
    let end = end_ns.max(1);
    let share = share.clamp(0.0, 1.0);
    let span = until.saturating_sub(from);
    let at = from.saturating_add(whole(float(span) * share));
    let span = whole(float(span) / factor.max(1e-12)).clamp(LEAST_NS.min(end), end);
    let from = at
        .saturating_sub(whole(float(span) * share))
        .min(end.saturating_sub(span));
    (from, from + span)
}

/// Moves the window by a share of its length, as far as the run goes.
#[must_use]
pub fn panned((from, until): Window, end_ns: u64, share: f64) -> Window {
    let end = end_ns.max(1);
    let span = until.saturating_sub(from).min(end);
    let by = whole(float(span) * share.abs());
    let from = if share < 0.0 {
        from.saturating_sub(by)
    } else {
        from.saturating_add(by)
    };
    let from = from.min(end - span);
    (from, from + span)
}

/// The window that shows a stretch, with a little air at both sides.
#[must_use]
pub fn around((from, until): Window, end_ns: u64) -> Window {
    let (from, until) = (from.min(until), from.max(until));
    let air = (until - from) / 50;
    let (from, until) = (from.saturating_sub(air), until.saturating_add(air));
    zoomed((from, until), end_ns, 1.0, 0.5)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const END: u64 = 1_000_000_000_000;

    proptest! {
        #[test]
        fn zooming_keeps_the_time_under_the_pointer(
            from in 0..END / 2, span in 1_000_000..END / 2, factor in 0.01..100.0_f64, share in 0.0..1.0_f64,
        ) {
            let window = (from, from + span);
            let zoomed = zoomed(window, END, factor, share);
            prop_assert!(zoomed.1 <= END && zoomed.0 < zoomed.1);
            let under = |(from, until): Window| float(from) + float(until - from) * share;
            // At an end of the run there is nothing more to show.
            if zoomed.0 > 0 && zoomed.1 < END {
                let moved = (under(zoomed) - under(window)).abs() / float(zoomed.1 - zoomed.0);
                prop_assert!(moved < 1e-2, "{moved}");
            }
        }

        #[test]
        fn in_and_out_again_is_where_one_was(from in END / 4..END / 2, share in 0.0..1.0_f64) {
            let window = (from, from + END / 8);
            let back = zoomed(zoomed(window, END, 4.0, share), END, 0.25, share);
            prop_assert!(back.0.abs_diff(window.0) < 100 && back.1.abs_diff(window.1) < 100);
        }

        #[test]
        fn panning_keeps_the_length_and_stays_in_the_run(from in 0..END, span in 1..END, share in -3.0..3.0_f64) {
            let window = (from.min(END - span), from.min(END - span) + span);
            let panned = panned(window, END, share);
            prop_assert_eq!(panned.1 - panned.0, span);
            prop_assert!(panned.1 <= END);
        }
    }
}
