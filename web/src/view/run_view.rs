//! A run as it is looked at in one room: its history, a place in it, and what the user has
//! chosen there.
//!
//! Owns the state between two clicks and everything derived from the run shown.
//! Touches no element.

use std::rc::Rc;

use super::i18n::seconds;
use super::lab::PlotState;
use super::what_if::WhatIf;
use udping_core::stats::Summary;
use udping_engine::chart::Chart;
use udping_engine::chart::window::{around, panned, zoomed};
use udping_engine::compare::Comparison;
use udping_engine::figures::Figures;
use udping_engine::filter::{Matches, Search};
use udping_engine::histogram::Histogram;
use udping_engine::history::History;
use udping_engine::log::{Cursor, Event, Symbol};
use udping_engine::notes::Notes;
use udping_engine::player::Player;
use udping_engine::probe_table::{ProbeTable, Sort};
use udping_engine::query::Query;
use udping_engine::run::{Origin, Run};
use udping_engine::scale::Scale;
use udping_engine::table::Rows;
use udping_engine::what_if::Steps;

/// The room above the run's first moment, in pixels.
const ABOVE: f64 = 20.0;

/// A history and the user's place in it.
#[derive(Debug)]
pub(crate) struct RunView {
    pub(crate) history: History,
    pub(crate) cursor: Cursor,
    pub(crate) player: Player,
    /// The last frame's time while playing, in milliseconds.
    pub(crate) last_frame: Option<f64>,
    /// The probe shown at the side; `None` follows the latest.
    pub(crate) chosen: Option<usize>,
    /// The event chosen in the table or the diagram.
    pub(crate) selected: Option<usize>,
    /// Where measuring starts.
    pub(crate) measure_from: Option<usize>,
    /// The branch laid beside the one shown.
    pub(crate) compared: Option<ComparedBranch>,
    /// What the browser keeps the journal as that was laid beside last.
    pub(crate) beside: Option<String>,
    /// The two lie beside each other by time, and not by probe.
    pub(crate) by_time: bool,
    /// The number that was chosen among those of both.
    pub(crate) pair: Option<u64>,
    pub(crate) what_if: WhatIf,
    /// The timeouts that were asked about.
    pub(crate) asked: Steps,
    pub(crate) query: Query,
    /// How the table of probes is sorted.
    pub(crate) sort: Sort,
    /// What part of the run the plot shows, in nanoseconds.
    pub(crate) window: (u64, u64),
    /// How the plot shows it.
    pub(crate) plot: PlotState,
    /// What was noted of it.
    pub(crate) notes: Notes,
    /// The diagram's zoom over the comfortable one.
    pub(crate) zoom: f64,
    /// The diagram's time is linear: pauses are drawn as long as they are.
    pub(crate) linear: bool,
    /// How far the diagram is scrolled, in pixels.
    pub(crate) top: f64,
    pub(crate) derived: Derived,
    /// Replies and probes of each branch at its end.
    pub(crate) outcomes: Vec<(u64, u64)>,
    /// Counts the changes of what is derived, so that pictures know when to start over.
    pub(crate) edition: u32,
    /// It is still measured.
    pub(crate) growing: bool,
}

/// What follows from the run shown; made again with another run.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) run: Rc<Run>,
    pub(crate) scale: Scale,
    pub(crate) chart: Chart,
    pub(crate) histogram: Histogram,
    pub(crate) figures: Figures,
    /// The figures of the whole run.
    pub(crate) whole: Summary,
    pub(crate) rows: Rows,
    /// What the filter finds in the run.
    pub(crate) found: Matches,
    /// Those found, sorted: made when the table of probes is looked at.
    pub(crate) probes: Option<ProbeTable>,
    /// A filter on its way through the run.
    search: Option<Search>,
}

/// The branch beside the one shown.
#[derive(Debug)]
pub(crate) struct ComparedBranch {
    pub(crate) branch: usize,
    pub(crate) run: Rc<Run>,
    pub(crate) scale: Scale,
    /// Its samples, and the greatest RTT among them.
    pub(crate) chart: Chart,
    pub(crate) slowest_ns: Option<u64>,
    pub(crate) comparison: Comparison,
}

/// How many events a filter goes through at once.
const STRETCH: usize = 16_384;

impl Derived {
    pub(crate) fn of(run: Rc<Run>, query: &Query, zoom: f64, linear: bool) -> Self {
        let found = Matches::all(&run);
        let mut derived = Self {
            scale: Scale::new(&run, Scale::comfortable(&run) * zoom, !linear),
            chart: Chart::new(&run),
            histogram: Histogram::new(&run),
            figures: Figures::default(),
            whole: Figures::default().at(&run, run.after(run.events())),
            rows: Rows::new(&run, &found),
            found,
            search: None,
            probes: None,
            run,
        };
        derived.seek(query);
        derived
    }

    /// Begins to look for what a filter finds; in a small run it is found at once.
    fn seek(&mut self, query: &Query) {
        let mut search = Search::begin(&self.run, query.clone());
        if search.advance(&self.run, STRETCH) {
            self.search = Some(search);
        } else {
            self.take(search);
        }
    }

    fn take(&mut self, search: Search) {
        self.search = None;
        self.found = search.into_found();
        self.rows = Rows::new(&self.run, &self.found);
        self.probes = None;
    }
}

impl RunView {
    pub(crate) fn new(history: History) -> Self {
        let run = Rc::clone(history.run());
        let query = Query::default();
        Self {
            cursor: run.seek(0),
            player: Player::of(&run),
            last_frame: None,
            chosen: None,
            selected: None,
            measure_from: None,
            compared: None,
            beside: None,
            by_time: false,
            pair: None,
            what_if: WhatIf::of(&run),
            asked: Steps::default(),
            window: (0, run.end_ns().max(1)),
            plot: PlotState::default(),
            notes: Notes::of(&run.header().notes),
            zoom: 1.0,
            linear: false,
            top: -ABOVE,
            derived: Derived::of(run, &query, 1.0, false),
            query,
            sort: Sort::default(),
            outcomes: outcomes(&history),
            history,
            edition: 0,
            growing: false,
        }
    }

    pub(crate) fn run(&self) -> &Rc<Run> {
        &self.derived.run
    }

    pub(crate) fn recorded(&self) -> bool {
        self.run().origin() == Origin::Recorded
    }

    /// Takes up what the history shows now.
    pub(crate) fn follow_history(&mut self) {
        let run = Rc::clone(self.history.run());
        let whole = self.window == (0, self.run().end_ns().max(1));
        self.derived = Derived::of(run, &self.query, self.zoom, self.linear);
        if whole || self.window.1 > self.run().end_ns() {
            self.window = (0, self.run().end_ns().max(1));
        }
        self.outcomes = outcomes(&self.history);
        self.plot.hover = None;
        self.what_if = WhatIf::of(self.run());
        self.selected = None;
        self.measure_from = None;
        self.edition += 1;
        let compared = self.compared.take().map(|compared| compared.branch);
        if let Some(branch) = compared.filter(|branch| *branch != self.history.active()) {
            self.compare_with(Some(branch));
        }
    }

    /// Lays a branch beside the one shown, or takes it away.
    pub(crate) fn compare_with(&mut self, branch: Option<usize>) {
        let run = branch.and_then(|branch| {
            self.history
                .branches()
                .get(branch)
                .map(|it| Rc::clone(&it.run))
        });
        self.pair = None;
        self.compared = branch.zip(run).map(|(branch, run)| {
            let comfortable = Scale::comfortable(self.run());
            let chart = Chart::new(&run);
            ComparedBranch {
                branch,
                scale: Scale::new(&run, comfortable * self.zoom, !self.linear),
                slowest_ns: chart.slowest_ns(&run),
                chart,
                comparison: Comparison::of(self.run(), &run),
                run,
            }
        });
        self.edition += 1;
    }

    /// Whether two runs lie beside each other probe by probe.
    pub(crate) fn by_probe(&self) -> bool {
        self.compared.is_some() && !self.by_time
    }

    /// The number of the probe that is chosen, which may be in the other run only.
    pub(crate) fn compared_seq(&self) -> Option<u64> {
        let run = self.run();
        let chosen = self.chosen.and_then(|at| run.probe(at, self.cursor));
        let other = self.pair.filter(|seq| run.find(*seq).is_none());
        chosen.map(|probe| probe.seq).or(other)
    }

    /// Lays a run from elsewhere beside the one shown; false if there is no room for it.
    pub(crate) fn compare_with_run(&mut self, name: &str, run: Rc<Run>) -> bool {
        let branches = self.history.branches();
        let known = branches.iter().position(|it| Rc::ptr_eq(&it.run, &run));
        let added = known.map_or_else(|| self.history.add_beside(name, run), Ok);
        let Ok(branch) = added else {
            return false;
        };
        self.outcomes = outcomes(&self.history);
        self.by_time = false;
        self.compare_with(Some(branch));
        true
    }

    /// Sets the table's filter.
    pub(crate) fn filter(&mut self, query: Query) {
        self.derived.seek(&query);
        self.query = query;
        self.edition += 1;
    }

    /// Whether the filter is still on its way.
    pub(crate) fn searching(&self) -> bool {
        self.derived.search.is_some()
    }

    /// Lets the filter go on while `in_time` says so.
    pub(crate) fn search_on(&mut self, in_time: impl Fn() -> bool) {
        let Some(mut search) = self.derived.search.take() else {
            return;
        };
        while search.advance(&self.derived.run, STRETCH) {
            if !in_time() {
                self.derived.search = Some(search);
                return;
            }
        }
        self.derived.take(search);
        self.edition += 1;
    }

    /// Makes the table of probes, where it is not made yet.
    pub(crate) fn probe_table(&mut self) {
        if self.derived.probes.is_none() {
            let derived = &mut self.derived;
            derived.probes = Some(ProbeTable::new(&derived.run, &derived.found, self.sort));
        }
    }

    /// What the filter finds, if there is one.
    pub(crate) fn found(&self) -> Option<&Matches> {
        Some(&self.derived.found).filter(|found| !found.is_all())
    }

    /// Zooms the diagram, keeping what is at `anchor` pixels from its top in place.
    pub(crate) fn zoom_diagram(&mut self, factor: f64, anchor: f64) {
        let at = self.derived.scale.at_ns(self.top + anchor);
        let comfortable = Scale::comfortable(self.run());
        let usual = Scale::within_zooms(comfortable * self.zoom * factor);
        self.zoom = usual / comfortable;
        self.derived.scale = Scale::new(self.run(), usual, !self.linear);
        if let Some(compared) = &mut self.compared {
            compared.scale = Scale::new(&compared.run, usual, !self.linear);
        }
        self.top = self.derived.scale.y(at) - anchor;
    }

    /// Zooms the plot around a share of its width, or around the cursor; no factor shows the whole
    /// run. False if that changes nothing.
    pub(crate) fn zoom_plot(&mut self, factor: Option<f64>, share: Option<f64>) -> bool {
        let end = self.run().end_ns().max(1);
        let (from, until) = self.window;
        let at = self.cursor.at_ns.clamp(from, until);
        let cursor = seconds(at - from) / seconds((until - from).max(1));
        let window = factor.map_or((0, end), |factor| {
            zoomed(self.window, end, factor, share.unwrap_or(cursor))
        });
        let before = std::mem::replace(&mut self.window, window);
        before != window
    }

    /// Moves the plot by a share of its width.
    pub(crate) fn pan_plot(&mut self, share: f64) {
        self.window = panned(self.window, self.run().end_ns(), share);
    }

    /// Shows the selected stretch of the plot.
    pub(crate) fn zoom_to_range(&mut self) {
        if let Some(range) = self.plot.range {
            self.window = around(range, self.run().end_ns());
        }
    }

    /// Selects from or up to now; the other end stays, or is the run's.
    pub(crate) fn bound_range(&mut self, upto: bool) {
        let now = self.cursor.at_ns;
        let (from, until) = self.plot.range.unwrap_or((0, self.run().end_ns()));
        self.plot.range = Some(if upto {
            (from.min(now), now)
        } else {
            (now, until.max(now))
        });
    }

    /// Moves the cursor, and what is in sight with it.
    pub(crate) fn go(&mut self, cursor: Cursor) {
        self.cursor = cursor;
        self.selected = cursor.index.checked_sub(1);
        self.bring_into_sight(cursor.at_ns);
    }

    /// Moves the plot so that a moment is in sight.
    pub(crate) fn bring_into_sight(&mut self, at_ns: u64) {
        let (from, until) = self.window;
        if at_ns < from || at_ns > until {
            let (span, end) = (until - from, self.run().end_ns().max(1));
            let from = at_ns.saturating_sub(span / 2).min(end.saturating_sub(span));
            self.window = (from, from + span);
        }
    }

    /// Scrolls the diagram so that now is in sight; while playing, it stays where it is.
    pub(crate) fn keep_now_in_sight(&mut self, height: f64) {
        let now = self.derived.scale.y(self.cursor.at_ns);
        let place = now - self.top;
        let lowest = height * 0.82;
        if place > lowest {
            // Playing moves smoothly along.
            if place > height {
                return self.show_now(height);
            }
            self.top = now - lowest;
        } else if place < height * 0.12 {
            self.top = now - height * 0.4;
        }
        self.clamp_top(height);
    }

    /// Scrolls the diagram to now, with what led to it above and room ahead.
    pub(crate) fn show_now(&mut self, height: f64) {
        self.top = self.derived.scale.y(self.cursor.at_ns) - height * 0.6;
        self.clamp_top(height);
    }

    /// Keeps the diagram from being scrolled off its ends.
    pub(crate) fn clamp_top(&mut self, height: f64) {
        let most = (self.derived.scale.height() - height * 0.6).max(0.0);
        self.top = self.top.clamp(-ABOVE, most);
    }

    /// The event that happened last.
    pub(crate) fn last_event(&self) -> Option<Event> {
        self.run().event(self.cursor.index.checked_sub(1)?)
    }

    /// Shows the probe of an event at the side, if it has one.
    pub(crate) fn choose_probe_of(&mut self, event: Option<usize>) {
        let event = event.and_then(|event| self.run().event(event));
        self.chosen = event.and_then(|event| event.probe).or(self.chosen);
    }

    /// Begins to measure from the chosen event, or from the last one; or ends it.
    pub(crate) fn measure(&mut self) {
        let start = self.selected.or(self.cursor.index.checked_sub(1));
        self.measure_from = start.filter(|_| self.measure_from.is_none());
    }

    /// The RTT that is usual in this run, to choose how finely times are told.
    pub(crate) fn usual_rtt_ns(&mut self) -> u64 {
        let figures = self.derived.figures.at(&self.derived.run, self.cursor);
        match figures.rtt.map_or(0, |rtt| rtt.median_ns) {
            // Heartbeats have none.
            0 => match self.run().header().timeout_ns {
                0 => 100_000_000,
                timeout => timeout,
            },
            usual => usual,
        }
    }

    /// The index of the probe shown at the side.
    pub(crate) fn shown_probe(&self) -> Option<usize> {
        self.chosen.or_else(|| self.run().newest(self.cursor))
    }

    /// How a probe fares otherwise: under the other timeout, or in the branch beside.
    #[expect(
        clippy::option_option,
        reason = "no other branch, and a branch without this probe, are two answers"
    )]
    pub(crate) fn otherwise(&self, index: usize, seq: u64) -> Option<Option<Symbol>> {
        if let Some(other) = self.under_other_timeout(index) {
            return Some(Some(other));
        }
        let changes = &self.compared.as_ref()?.comparison.changes;
        changes
            .binary_search_by_key(&seq, |change| change.seq)
            .ok()?;
        Some(None)
    }
}

pub(super) fn outcomes(history: &History) -> Vec<(u64, u64)> {
    let outcome = |run: &Run| {
        let figures = Figures::default().at(run, run.seek(run.end_ns()));
        (figures.replied, figures.sent)
    };
    history
        .branches()
        .iter()
        .map(|branch| outcome(&branch.run))
        .collect()
}

/// `span × factor`, rounded.
pub(crate) fn scale(span: u64, factor: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place on the screen, far below 2^53 ns"
    )]
    let scaled = (span as f64 * factor).max(0.0).round() as u64;
    scaled
}

/// A whole number of things on the screen.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what fits on a screen, cut at 0"
)]
pub(crate) fn whole(value: f64) -> usize {
    value.max(0.0) as usize
}

/// A distance that the DOM wants as an integer.
#[expect(clippy::cast_possible_truncation, reason = "millions at most")]
pub(crate) fn pixels(value: f64) -> i32 {
    value.clamp(0.0, 2e9) as i32
}
