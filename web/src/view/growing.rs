//! A run that is looked at while it grows.
//!
//! Owns what of the view stays as it is, and what goes along. Touches no element.

use std::rc::Rc;

use super::background_run::LONG;
use super::run_view::{Derived, RunView, outcomes};
use super::what_if::WhatIf;
use udping_engine::run::Run;

impl RunView {
    /// Whether the last moment of the run is shown.
    pub(super) fn at_newest(&self) -> bool {
        self.cursor.index >= self.run().events()
    }

    /// Has the first runs grow, so many: `grow` takes them and gives them back longer, while
    /// `aside` stands in for them. A run under another timeout stays as it was decided, and so
    /// does one from elsewhere.
    pub(super) fn grow<T>(
        &mut self,
        aside: &Rc<Run>,
        ways: usize,
        grow: impl FnOnce(Vec<Run>) -> (Vec<Run>, T),
    ) -> T {
        let (from, until) = self.window;
        let whole = self.window == (0, self.run().end_ns().max(1));
        let follows = self.at_newest();
        let shown = !self.shows_what_if();
        if shown {
            self.derived.run = Rc::clone(aside);
        }
        let compared = self.compared.take().map(|compared| compared.branch);
        let pair = self.pair;
        // Whoever else looks at one keeps it as it was.
        let runs = self.history.take_runs(aside, ways).into_iter();
        let (runs, result) = grow(runs.map(Rc::unwrap_or_clone).collect());
        self.history.put_runs(runs);
        self.outcomes = outcomes(&self.history);
        self.edition += 1;
        self.renew_timeouts();
        if shown {
            let run = Rc::clone(self.history.run());
            let end = run.end_ns().max(1);
            self.derived = Derived::of(run, &self.query, self.zoom, self.linear);
            self.window = match (whole, follows) {
                (true, _) => (0, end),
                (false, true) => (end.saturating_sub(until - from), end),
                (false, false) => (from, until),
            };
        }
        if let Some(branch) = compared {
            self.compare_with(Some(branch));
            self.pair = pair;
        }
        result
    }

    /// Counts what other timeouts would have meant again: of a long run only once it has grown
    /// by a tenth, or has ended.
    fn renew_timeouts(&mut self) {
        let run = self.history.run();
        let counted = self.what_if.timeouts.as_ref();
        let counted = counted.map_or(0, |timeouts| timeouts.probes());
        let probes = run.probes() as u64;
        if run.probes() < LONG || probes >= counted + counted / 10 || !self.growing {
            self.what_if.timeouts = WhatIf::of(run).timeouts;
        }
    }
}
