//! Another timeout for a recorded run: which one is asked about, the run as it would have
//! been, and which of the two is shown.
//!
//! Owns that state and what switching between the two runs does to the view. Touches no
//! element; what would have happened is the engine's to say.

use std::rc::Rc;

use super::run_view::{Derived, RunView};
use udping_engine::log::Symbol;
use udping_engine::run::Run;
use udping_engine::what_if::Timeouts;

/// What is asked of a run.
#[derive(Debug, Default)]
pub(crate) struct WhatIf {
    /// Of a run that can be asked.
    pub(crate) timeouts: Option<Rc<Timeouts>>,
    /// The timeout asked about; `None` is the recorded one.
    pub(crate) asked_ns: Option<u64>,
    /// The run under the timeout that was decided last, and that timeout.
    pub(crate) decided: Option<(u64, Rc<Run>)>,
}

impl WhatIf {
    /// Nothing is asked of `run` yet.
    pub(crate) fn of(run: &Run) -> Self {
        let can_be = run.report().is_some() && run.can_be_decided_again();
        Self {
            timeouts: can_be.then(|| Rc::new(Timeouts::of(run))),
            ..Self::default()
        }
    }

    /// The timeout that the marker stands at.
    pub(crate) fn timeout_ns(&self) -> Option<u64> {
        let recorded = self.timeouts.as_ref()?.recorded_ns();
        Some(self.asked_ns.unwrap_or(recorded))
    }

    /// The run as it would have been, if that is known for the timeout asked about.
    pub(crate) fn answer(&self) -> Option<&Rc<Run>> {
        let (timeout, run) = self.decided.as_ref()?;
        (self.asked_ns == Some(*timeout)).then_some(run)
    }
}

impl RunView {
    /// Whether the run shown is one that was decided again.
    pub(crate) fn shows_what_if(&self) -> bool {
        self.run().recorded_timeout_ns().is_some()
    }

    /// Shows the run under the timeout asked about, or the recorded one. The moment stays,
    /// and what is in sight.
    pub(crate) fn show_what_if(&mut self, shown: bool) {
        let decided = self.what_if.answer().filter(|_| shown);
        let run = Rc::clone(decided.unwrap_or_else(|| self.history.run()));
        if Rc::ptr_eq(&run, self.run()) {
            return;
        }
        let now = self.derived.scale.y(self.cursor.at_ns) - self.top;
        let whole = self.window == (0, self.run().end_ns().max(1));
        let at_end = self.cursor.index >= self.run().events();
        let at_ns = if at_end {
            run.end_ns()
        } else {
            self.cursor.at_ns
        };
        self.cursor = run.seek(at_ns);
        self.derived = Derived::of(run, &self.query, self.zoom, self.linear);
        self.top = self.derived.scale.y(self.cursor.at_ns) - now;
        if whole || self.window.1 > self.run().end_ns() {
            self.window = (0, self.run().end_ns().max(1));
        }
        self.selected = self.cursor.index.checked_sub(1);
        self.measure_from = None;
        self.edition += 1;
    }

    /// How a probe fares in the other of the two runs, if that differs: while the run under
    /// another timeout is shown, what it was on record.
    pub(crate) fn under_other_timeout(&self, probe: usize) -> Option<Symbol> {
        let answer = self.what_if.answer()?;
        let (here, there) = if self.shows_what_if() {
            (self.run(), self.history.run())
        } else {
            (self.run(), answer)
        };
        let other = there.outcome(probe)?;
        (Some(other) != here.outcome(probe)).then_some(other)
    }

    /// Goes to where a probe was settled, and shows it at the side.
    pub(crate) fn go_to_probe(&mut self, probe: usize) {
        let run = Rc::clone(self.run());
        let end = run.after(run.events());
        let Some(found) = run.probe(probe, end) else {
            return;
        };
        self.player.pause();
        let late = run
            .story(probe)
            .into_iter()
            .find(|event| run.event(*event).and_then(|it| it.what.symbol()) == Some(Symbol::Late));
        let event = late.or(found.settled_event).unwrap_or(found.sent_event);
        self.chosen = Some(probe);
        self.go(run.after(event));
    }
}
