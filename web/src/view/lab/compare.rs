//! Two runs compared probe by probe: strips of both over one axis of numbers, the differences in
//! words, the figures of both, and a row a probe.
//!
//! Owns how a comparison looks and reads. What differs, the engine knows.

mod rows;
mod strips;
mod words;

use std::rc::Rc;

use udping_core::stats::Summary;
use udping_engine::compare::figures;
use udping_engine::run::Run;

use super::ActiveRun;
use super::packets::branch_name;
use crate::view::dom::{Leaf, Rows, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use rows::PairRows;
use strips::Strips;
use words::Words;

/// What shows a comparison.
#[derive(Debug)]
pub(crate) struct CompareView {
    bar: Leaf,
    root: Leaf,
    names: [Leaf; 2],
    by_probe: Leaf,
    by_time: Leaf,
    strips: Strips,
    words: Words,
    figures: Rows,
    rows: PairRows,
    /// The figures of both runs, of which edition of the view.
    known: Option<(u32, [Summary; 2])>,
}

/// Two runs, with their names.
pub(super) struct Both<'a> {
    pub(super) runs: [&'a Rc<Run>; 2],
    pub(super) names: [String; 2],
}

impl CompareView {
    pub(crate) fn new() -> Self {
        Self {
            bar: Leaf::of("compare-bar"),
            root: Leaf::of("view-compare"),
            names: ["compare-a", "compare-b"].map(Leaf::of),
            by_probe: Leaf::of("by-probe"),
            by_time: Leaf::of("by-time"),
            strips: Strips::new(),
            words: Words::new(),
            figures: Rows::new(by_id("compare-figures"), "t-cells"),
            rows: PairRows::new(),
            known: None,
        }
    }

    /// Another language: everything is written again.
    pub(crate) fn clear(&mut self) {
        self.known = None;
    }

    /// Draws the comparison, if there is one; `open` says whether there is room for it.
    pub(crate) fn draw(&mut self, l10n: &Localization, view: &RunView, open: bool) {
        self.bar.show(view.compared.is_some());
        let shown = view.by_probe() && open;
        self.root.show(shown);
        let Some(compared) = &view.compared else {
            self.known = None;
            return;
        };
        let branches = view.history.branches();
        let name = |at: usize| {
            let branch = branches.get(at);
            branch.map_or_else(String::new, |branch| branch_name(l10n, branch))
        };
        let both = Both {
            runs: [view.run(), &compared.run],
            names: [view.history.active(), compared.branch].map(name),
        };
        for (leaf, name) in self.names.iter_mut().zip(&both.names) {
            leaf.text(name);
        }
        self.by_probe.flag("aria-pressed", !view.by_time);
        self.by_time.flag("aria-pressed", view.by_time);
        if !shown {
            return;
        }
        let fresh = self
            .known
            .is_none_or(|(edition, _)| edition != view.edition);
        if fresh {
            let summaries = both.runs.map(|run| figures(run));
            self.known = Some((view.edition, summaries));
            self.words
                .write(l10n, &compared.comparison, &both, &summaries);
            self.figures(l10n, &summaries);
        }
        let chosen = view.compared_seq();
        self.strips
            .draw(l10n, &compared.comparison, &both, (view.edition, chosen));
        self.rows
            .draw(l10n, &compared.comparison, &both, (view.edition, chosen));
    }

    fn figures(&mut self, l10n: &Localization, figures: &[Summary; 2]) {
        let [a, b] = figures;
        let mut rows: Vec<[String; 4]> = Vec::new();
        let of = |it: &Summary| {
            l10n.say(
                key::COMPARE_OF,
                &[
                    ("count", Value::Count(it.replied)),
                    ("all", Value::Count(it.sent)),
                ],
            )
        };
        let signed = |left: u64, right: u64, text: &dyn Fn(u64) -> String| {
            let sign = match left.cmp(&right) {
                core::cmp::Ordering::Less => "+",
                core::cmp::Ordering::Equal => "",
                core::cmp::Ordering::Greater => "\u{2212}",
            };
            [sign, &text(left.abs_diff(right))].concat()
        };
        let count = |it: u64| l10n.count(it);
        rows.push([
            l10n.get(key::FIGURE_REPLIED).to_owned(),
            of(a),
            of(b),
            signed(a.replied, b.replied, &count),
        ]);
        for (name, of) in [
            (key::FIGURE_LOST, (|it| it.lost) as fn(&Summary) -> u64),
            (key::FIGURE_LATE, |it| it.late),
        ] {
            rows.push([
                l10n.get(name).to_owned(),
                count(of(a)),
                count(of(b)),
                signed(of(a), of(b), &count),
            ]);
        }
        let ppm = |it: &Summary| {
            let settled = it.replied + it.lost + it.refused;
            (it.lost.saturating_mul(1_000_000)).checked_div(settled)
        };
        if let (Some(left), Some(right)) = (ppm(a), ppm(b)) {
            let share = |it: &Summary| it.loss().map_or_else(String::new, |it| l10n.share(it));
            let points = |it: u64| l10n.share_ppm(it);
            rows.push([
                l10n.get(key::FIGURE_LOSS).to_owned(),
                share(a),
                share(b),
                signed(left, right, &points),
            ]);
        }
        let span = |it: u64| l10n.span(it);
        for (name, of) in [
            (
                key::FIGURE_MEDIAN,
                (|it| Some(it.rtt?.median_ns)) as fn(&Summary) -> Option<u64>,
            ),
            (key::FIGURE_P90, |it| Some(it.rtt?.p90_ns)),
            (key::FIGURE_JITTER, |it| it.jitter_rfc3550_ns),
        ] {
            let [left, right] = [of(a), of(b)];
            let text = |it: Option<u64>| it.map_or_else(|| "–".to_owned(), span);
            let difference = left.zip(right);
            rows.push([
                l10n.get(name).to_owned(),
                text(left),
                text(right),
                difference.map_or_else(String::new, |(left, right)| signed(left, right, &span)),
            ]);
        }
        self.figures.show(rows.len(), |index, row| {
            for (slot, text) in ["name", "one", "two", "three"].iter().zip(&rows[index]) {
                row.part(slot).text(text);
            }
        });
    }
}

impl ActiveRun<'_> {
    /// Lays the runs beside each other by probe, or by time.
    pub(super) fn compare_by(&mut self, how: &str) {
        self.view.by_time = how == "time";
        self.lab.resized = true;
        self.view.edition += 1;
    }

    /// Lays the run under the timeout that is asked about beside the one on record.
    pub(super) fn compare_what_if(&mut self) {
        let timeout = self.view.what_if.timeout_ns().unwrap_or_default();
        let Some(run) = self.view.what_if.answer().map(Rc::clone) else {
            return;
        };
        let name = [("span", Value::Span(timeout))];
        let name = self.page.l10n.say(key::BRANCH_WHAT_IF, &name);
        self.view.show_what_if(false);
        self.view.compare_with_run(&name, run);
        self.lab.resized = true;
    }

    /// What was compared with stands first.
    pub(super) fn swap(&mut self) {
        let Some(other) = self.view.compared.as_ref().map(|it| it.branch) else {
            return;
        };
        let active = self.view.history.active();
        let chosen = self.view.compared_seq();
        let at_ns = self.view.cursor.at_ns;
        self.view.compare_with(None);
        if self.view.history.select(other) {
            self.view.follow_history();
            self.view.go(self.view.run().seek(at_ns));
        }
        self.view.chosen = chosen.and_then(|seq| self.view.run().find(seq));
        self.view.compare_with(Some(active));
        self.lab.resized = true;
    }

    /// Chooses the probe of a number, in whichever run it is, and goes to where it was settled.
    pub(super) fn choose_pair(&mut self, value: &str) {
        let Ok(seq) = value.parse() else { return };
        self.view.pair = Some(seq);
        let run = Rc::clone(self.view.run());
        self.view.chosen = run.find(seq);
        let end = run.after(run.events());
        let probe = self.view.chosen.and_then(|at| run.probe(at, end));
        if let Some(settled) = probe.and_then(|probe| probe.settled_event) {
            self.view.player.pause();
            self.view.go(run.after(settled));
            self.keep_now_in_sight();
        }
    }
}
