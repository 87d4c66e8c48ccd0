//! What-if in words: its answers, the probes that change, and the switch between the two runs.
//!
//! Owns the text and which of it is shown. The counts are the engine's.

use std::rc::Rc;

use web_sys::HtmlInputElement;

use super::curve::{Curve, said};
use crate::view::dom::{Leaf, Rows, all, by_id, typed};
use crate::view::i18n::{Localization, Value, key, seconds};
use crate::view::run_view::RunView;
use crate::view::symbols;
use udping_engine::what_if::{Changed, Timeouts};

/// How many of the probes that change are named.
const NAMED: usize = 40;

/// The panel's part, and the bar above the run.
#[derive(Debug)]
pub(super) struct WhatIfPanel {
    pub(super) curve: Curve,
    part: Leaf,
    ask: Leaf,
    unasked: Leaf,
    as_recorded: Leaf,
    answers: Rows,
    changes: Leaf,
    probes: Rows,
    go: Leaf,
    bar: Leaf,
    bar_title: Leaf,
    bar_text: Leaf,
    switch: [Leaf; 2],
    /// The timeout that the field shows: what is being written there stays.
    written: Option<u64>,
    /// What is drawn: the view's edition, the timeout, whether it is decided, and shown.
    shown: Option<(u32, u64, bool, bool)>,
}

impl WhatIfPanel {
    pub(super) fn new() -> Self {
        let bar = Leaf::of("what-if-bar");
        let mut buttons = all(bar.element(), ".switch button")
            .into_iter()
            .map(Leaf::new);
        let mut button = || buttons.next().unwrap_or_else(|| bar.clone());
        Self {
            curve: Curve::new(),
            part: Leaf::of("what-if-part"),
            ask: Leaf::of("what-if-ask"),
            unasked: Leaf::of("what-if-unasked"),
            as_recorded: Leaf::of("what-if-as"),
            answers: Rows::new(by_id("what-if-answers"), "t-answer"),
            changes: Leaf::of("what-if-changes"),
            probes: Rows::new(by_id("what-if-probes"), "t-changed"),
            go: Leaf::of("what-if-go"),
            switch: [button(), button()],
            bar_title: Leaf::within(bar.element(), "b"),
            bar_text: Leaf::within(bar.element(), "span"),
            bar,
            written: None,
            shown: None,
        }
    }

    pub(super) fn clear(&mut self) {
        self.written = None;
        self.shown = None;
    }

    pub(super) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let what_if = &view.what_if;
        self.part.show(!view.history.run().beats());
        self.ask.show(what_if.timeouts.is_some());
        self.unasked.show(what_if.timeouts.is_none());
        let Some((timeouts, timeout)) = what_if.timeouts.as_ref().zip(what_if.timeout_ns()) else {
            self.bar.show(false);
            return;
        };
        // What follows is the same while time goes on, sixty times a second.
        let answered = what_if.answer().is_some();
        let shown = (view.edition, timeout, answered, view.shows_what_if());
        if self.shown == Some(shown) {
            return;
        }
        self.shown = self.curve.draw(l10n, timeouts, timeout).then_some(shown);
        if self.written != Some(timeout) {
            self.written = Some(timeout);
            typed::<HtmlInputElement>("what-if-ms")
                .set_value(&crate::view::simulate::trim(l10n, seconds(timeout) * 1e3));
        }
        self.as_recorded.show(what_if.asked_ns.is_none());
        self.answers(l10n, timeouts, timeout);
        self.changes(l10n, view, timeouts, timeout);
        self.bar(l10n, view, timeouts, timeout);
        // The next step that is worth one: the timeout that saves all, or the run asked about.
        let recorded = timeouts.recorded_ns();
        let best = timeouts.saves_all_ns().filter(|best| *best > recorded);
        let offered = match what_if.asked_ns {
            _ if view.shows_what_if() => None,
            None => best,
            asked => asked,
        };
        self.go.show(offered.is_some());
        if let Some(timeout) = offered {
            self.go.set("data-value", &timeout.to_string());
            let span = [("timeout", Value::Span(timeout))];
            self.go.text(&l10n.say(key::WHAT_IF_SHOW, &span));
        }
    }

    /// A timeout in each line, and what it would have meant.
    fn answers(&mut self, l10n: &Localization, timeouts: &Timeouts, timeout: u64) {
        let recorded = timeouts.recorded_ns();
        let counts = |at: u64| {
            let counts = timeouts.counts(at);
            [
                ("replied", Value::Count(counts.replied)),
                ("lost", Value::Count(counts.lost)),
                ("late", Value::Count(counts.late)),
                ("unknown", Value::Count(counts.unknown)),
            ]
        };
        let mut lines = vec![(recorded, l10n.say(key::WHAT_IF_RECORDED, &counts(recorded)))];
        if let Some((best, slowest)) = timeouts.saves_all_ns().zip(timeouts.slowest_ns()) {
            let mut values = counts(best).to_vec();
            values.push(("slowest", Value::Span(slowest)));
            let text = if best > recorded {
                key::WHAT_IF_SAVES_ALL
            } else {
                key::WHAT_IF_ENOUGH
            };
            lines.push((best, l10n.say(text, &values)));
        }
        if let Some(certain) = timeouts.certain_ns() {
            let beyond = timeouts.counts(timeouts.listened_ns().saturating_add(1));
            let unknown = [("unknown", Value::Count(beyond.unknown))];
            lines.push((certain, l10n.say(key::WHAT_IF_CERTAIN, &unknown)));
        }
        if lines.iter().all(|(at, _)| *at != timeout) {
            lines.push((timeout, l10n.say(key::WHAT_IF_ASKED, &counts(timeout))));
        }
        lines.sort_by_cached_key(|(at, _)| *at);
        self.answers.show(lines.len(), |index, row| {
            let (at, text) = &lines[index];
            row.part("at").text(&l10n.span(*at));
            row.part("at").set("data-value", &at.to_string());
            row.part("at").flag("aria-pressed", *at == timeout);
            row.part("text").text(text);
        });
    }

    fn changes(&mut self, l10n: &Localization, view: &RunView, timeouts: &Timeouts, timeout: u64) {
        let Changed {
            count: all,
            was,
            outcome,
            first,
        } = timeouts.changed(timeout, NAMED);
        let name = |symbol| l10n.get(symbols::name(symbol));
        self.changes.show(timeout != timeouts.recorded_ns());
        let values = [
            ("timeout", Value::Span(timeout)),
            ("changes", Value::Count(all)),
            ("was", Value::Text(name(was))),
            ("outcome", Value::Text(name(outcome))),
        ];
        self.changes.text(&l10n.say(key::WHAT_IF_CHANGES, &values));
        let end = view.history.run();
        let end = end.after(end.events());
        let more = all.saturating_sub(first.len() as u64);
        let shown = first.len() + usize::from(more > 0);
        self.probes.show(shown, |index, row| {
            let probe = first
                .get(index)
                .and_then(|probe| usize::try_from(*probe).ok());
            let found = probe.and_then(|probe| view.history.run().probe(probe, end));
            row.leaf
                .attribute("disabled", found.is_none().then_some(""));
            if let Some(found) = found {
                row.leaf.text(&format!("#{}", found.seq));
                row.leaf.set("data-value", &found.index.to_string());
            } else {
                let more = [("count", Value::Count(more))];
                row.leaf.text(&l10n.say(key::WHAT_IF_MORE, &more));
            }
        });
    }

    /// The switch between the run on record and the one decided again.
    fn bar(&mut self, l10n: &Localization, view: &RunView, timeouts: &Rc<Timeouts>, timeout: u64) {
        let recorded = timeouts.recorded_ns();
        self.bar.show(view.what_if.asked_ns.is_some());
        let shown = view.shows_what_if();
        self.bar.class(if shown {
            "what-if-bar on"
        } else {
            "what-if-bar"
        });
        let all = timeouts.changed(timeout, 0).count;
        let span = |at| [("timeout", Value::Span(at))];
        let title = if shown {
            key::WHAT_IF_TITLE
        } else {
            key::WHAT_IF_TITLE_RECORDED
        };
        let title = l10n.say(title, &span(if shown { timeout } else { recorded }));
        self.bar_title.text(&title);
        let text = if shown {
            let values = [
                ("changes", Value::Count(all)),
                ("probes", Value::Count(timeouts.probes())),
            ];
            l10n.say(key::WHAT_IF_DECIDED, &values)
        } else if view.what_if.answer().is_none() {
            l10n.get(key::WHAT_IF_DECIDING).to_owned()
        } else {
            said(l10n, timeout, &timeouts.counts(timeout))
        };
        self.bar_text.text(&text);
        for (button, (text, at, on)) in self.switch.iter_mut().zip([
            (key::WHAT_IF_SWITCH_RECORDED, recorded, !shown),
            (key::WHAT_IF_SWITCH, timeout, shown),
        ]) {
            button.text(&l10n.say(text, &span(at)));
            button.flag("aria-pressed", on);
        }
    }
}
