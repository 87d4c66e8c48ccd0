//! A journal that is still written: what has been read of it so far, as runs that grow.
//!
//! Owns that nothing is copied: while a run is looked at, its log is in it, and it is given
//! back before more is read. Knows nothing of where bytes come from.

use super::{LoadError, Loader};
use crate::log::index_u32;
use crate::run::{Recorded, Run};
use crate::scale::float;

/// What the end of a journal is to tell, and nobody knows before.
const AT_THE_END: [&str; 2] = ["missing-end", "missing-summary"];

impl Loader {
    /// The run as far as it was read, one for each way of a comparison; none before the header.
    /// Give them back with [`Loader::take_back`] before anything is fed again.
    #[must_use]
    pub fn so_far(&mut self) -> Vec<Run> {
        let Some(session) = &mut self.session else {
            return Vec::new();
        };
        let mut runs = session.ways();
        for run in &mut runs {
            run.forget_missing(&AT_THE_END);
        }
        runs
    }

    /// Takes back what [`Loader::so_far`] gave.
    pub fn take_back(&mut self, runs: Vec<Run>) {
        let Some(session) = self.session.as_mut().filter(|it| it.logs.is_empty()) else {
            return;
        };
        let runs = runs.into_iter().map(Run::into_growing);
        (session.logs, session.indexes) = runs.unzip();
    }

    /// The runs at the end of the journal, as [`Loader::finish`] has them.
    ///
    /// # Errors
    /// As [`Loader::finish`].
    pub fn finish_ways(self) -> Result<Vec<Run>, LoadError> {
        let mut first = self.finish()?;
        let others = first.take_others();
        Ok(core::iter::once(first).chain(others).collect())
    }

    /// Whether the final figures were read: nothing more is to come of this run.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        let session = self.session.as_ref();
        session.is_some_and(|session| session.replay.report().summary)
    }
}

impl Run {
    /// A run without events that stands in for this one while it grows.
    #[must_use]
    pub fn stand_in(&self) -> Self {
        Self::recorded(self.header().clone(), Recorded::default())
    }

    /// How many probes were sent a second of late, or things happened where there is no probe.
    #[must_use]
    pub fn rate(&self) -> f64 {
        /// Of how long that is the mean, in nanoseconds.
        const LATELY_NS: u64 = 2_000_000_000;
        let log = self.log();
        let end = self.end_ns();
        let from = end.saturating_sub(LATELY_NS);
        let before = log.events.at.partition_point(|at| *at < from);
        let count = if self.probes() > 0 {
            let before = index_u32(before);
            self.probes() - log.probes.sent.partition_point(|sent| *sent < before)
        } else {
            self.events() - before
        };
        // The first of them begins the time that is counted.
        let spans = count.saturating_sub(usize::from(from == 0)) as u64;
        match end - from {
            0 => 0.0,
            span => float(spans) / (float(span) / 1e9),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use udping_link::Seed;

    use super::*;
    use crate::export::journal;
    use crate::figures::Figures;
    use crate::presets::Preset;
    use crate::scale::Scale;

    const COMPARISON: &str = include_str!("../../../../fuzz/seeds/journal/compare.jsonl");

    fn text(preset: Preset, count: u64) -> String {
        let mut setup = preset.setup(Seed::from_low_bits(11));
        setup.count = count;
        journal(&Run::simulate(&setup.header().unwrap()).unwrap()).unwrap()
    }

    fn whole(text: &str) -> Run {
        let mut loader = Loader::new();
        loader.feed(text.as_bytes()).unwrap();
        loader.finish().unwrap()
    }

    /// The same, looked at after each of these shares of it.
    fn in_pieces(text: &str, shares: &[u8]) -> Run {
        let mut cuts: Vec<usize> = shares
            .iter()
            .map(|share| text.len() * usize::from(*share) / 256)
            .collect();
        cuts.sort_unstable();
        let mut loader = Loader::new();
        let mut from = 0;
        for cut in cuts {
            loader.feed(&text.as_bytes()[from..cut]).unwrap();
            from = cut;
            let runs = loader.so_far();
            assert!(!loader.has_ended());
            loader.take_back(runs);
        }
        loader.feed(&text.as_bytes()[from..]).unwrap();
        let runs = loader.so_far();
        assert!(loader.has_ended());
        loader.take_back(runs);
        loader.finish().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_run_that_grew_is_the_run_read_at_once(
            shares in prop::collection::vec(0..255_u8, 0..12),
            preset in prop::sample::select(Preset::ALL.to_vec()),
        ) {
            let text = text(preset, 400);
            let (grown, whole) = (in_pieces(&text, &shares), whole(&text));
            prop_assert!(grown.log() == whole.log());
            prop_assert_eq!(grown.report(), whole.report());
            prop_assert_eq!(grown.missing_data(), whole.missing_data());
            prop_assert_eq!(&grown.gaps().0, &whole.gaps().0);
            let lane = |run: &Run| (0..run.probes()).map(|at| run.lanes().lane(at)).collect::<Vec<_>>();
            prop_assert_eq!(lane(&grown), lane(&whole));
            prop_assert_eq!(grown.lanes().used(), whole.lanes().used());
            for event in [0, 7, whole.events() / 2, whole.events()] {
                let at = |run: &Run| Figures::default().at(run, run.after(event));
                prop_assert_eq!(at(&grown), at(&whole));
            }
            prop_assert_eq!(Scale::new(&grown, 1.0, true), Scale::new(&whole, 1.0, true));
        }
    }

    #[test]
    fn figures_of_a_long_run_that_grew_are_those_of_the_run_read_at_once() {
        let text = text(Preset::CampusLan, 20_000);
        let shares: Vec<u8> = (0..=254).collect();
        let (grown, whole) = (in_pieces(&text, &shares), whole(&text));
        for share in 0..50 {
            let at = |run: &Run| Figures::default().at(run, run.after(run.events() * share / 50));
            assert_eq!(at(&grown), at(&whole));
        }
    }

    #[test]
    fn the_ways_of_a_comparison_grow_side_by_side() {
        let (header, rest) = COMPARISON.split_once('\n').unwrap();
        let mut loader = Loader::new();
        assert_eq!(loader.so_far().len(), 0);
        loader.feed(&header.as_bytes()[..20]).unwrap();
        assert_eq!(loader.so_far().len(), 0, "half a header is none");
        loader.feed(&header.as_bytes()[20..]).unwrap();
        loader.feed(b"\n").unwrap();
        let ways = loader.so_far();
        assert!(ways.len() > 1 && ways.iter().all(|way| way.probes() == 0));
        loader.take_back(ways);
        loader.feed(rest.as_bytes()).unwrap();
        let ways = loader.so_far();
        assert!(
            ways.iter()
                .all(|way| way.probes() == 2 && way.via().is_some())
        );
        assert!(loader.has_ended());
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut setup = Preset::CampusLan.setup(Seed::from_low_bits(1));
        setup.count = 5_000;
        setup.schedule = udping_journal::ScheduleSpec::Paced {
            interval_ns: 1_000_000,
        };
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        assert!((run.rate() - 1_000.0).abs() < 10.0, "{}", run.rate());
        assert!(run.stand_in().rate().abs() < 1e-9);
    }

    #[test]
    fn what_only_the_end_can_tell_is_not_missed_before() {
        let text = text(Preset::Textbook, 10);
        let half = text.lines().take(9).map(|line| format!("{line}\n"));
        let mut loader = Loader::new();
        loader.feed(half.collect::<String>().as_bytes()).unwrap();
        let missing = |run: &Run| run.missing_data().iter().any(|it| it.id == "missing-end");
        let runs = loader.so_far();
        assert!(!missing(&runs[0]));
        loader.take_back(runs);
        assert!(missing(&loader.finish().unwrap()), "it was cut after all");
    }
}
