//! What is known of the chosen probe: its times, where its RTT was spent, its records; and the
//! ways to the next probe of a kind.

use super::ActiveRun;
use crate::view::dom::{Leaf, Rows, all, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use crate::view::share;
use crate::view::symbols::{Look, look, name};
use udping_engine::facts::Fact;
use udping_engine::foreign::visible;
use udping_engine::run::Run;
use udping_engine::times::{Moment, Times};

/// The most records that are shown of one probe.
const MOST_RECORDS: usize = 24;

/// The probe panel's lower part.
#[derive(Debug)]
pub(super) struct Details {
    outcome: Leaf,
    outcome_symbol: Leaf,
    outcome_shape: Leaf,
    outcome_name: Leaf,
    times: Leaf,
    moments: Rows,
    ways: Leaf,
    records: Leaf,
    records_title: Leaf,
    lines: Rows,
    jumps: Vec<(Fact, bool, Leaf)>,
    /// What is shown: another run, probe or moment is needed for a change.
    shown: Option<(u32, usize, usize)>,
    /// For which probe the buttons are, of which run.
    ready: Option<(u32, Option<usize>)>,
}

impl Details {
    pub(super) fn new() -> Self {
        let jumps = all(&by_id("jumps"), "button").into_iter().filter_map(|it| {
            let (fact, forward) = jump(&it.get_attribute("data-value")?)?;
            Some((fact, forward, Leaf::new(it)))
        });
        let outcome = Leaf::of("probe-outcome");
        Self {
            jumps: jumps.collect(),
            outcome_symbol: Leaf::within(outcome.element(), ".symbol"),
            outcome_shape: Leaf::within(outcome.element(), "use"),
            outcome_name: Leaf::within(outcome.element(), "span"),
            outcome,
            times: Leaf::of("times"),
            moments: Rows::new(by_id("moments"), "t-moment"),
            ways: Leaf::of("ways"),
            records: Leaf::of("records-part"),
            records_title: Leaf::of("records-title"),
            lines: Rows::new(by_id("records"), "t-record"),
            shown: None,
            ready: None,
        }
    }

    /// Another language.
    pub(super) fn clear(&mut self) {
        self.moments.clear();
        self.shown = None;
    }

    pub(super) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let run = view.run();
        let probe = view.shown_probe();
        if self.ready != Some((view.edition, probe)) {
            self.ready = Some((view.edition, probe));
            for (fact, forward, button) in &mut self.jumps {
                let none = run.facts().next_with(*fact, probe, *forward).is_none();
                button.attribute("aria-disabled", none.then_some("true"));
            }
        }
        let symbol = probe.and_then(|probe| run.probe(probe, view.cursor)?.symbol);
        self.outcome.show(symbol.is_some());
        if let Some(symbol) = symbol {
            let Look { shape, class } = look(symbol);
            self.outcome_symbol.class(&["symbol ", class].concat());
            self.outcome_shape.set("href", shape);
            self.outcome_name.text(l10n.get(name(symbol)));
        }
        let times = probe.and_then(|probe| Times::of(run, probe, view.cursor));
        self.times.show(times.is_some() && !run.beats());
        self.records.show(times.is_some());
        let (Some(probe), Some(times)) = (probe, times) else {
            self.shown = None;
            return;
        };
        let state = (view.edition, probe, view.cursor.index);
        if self.shown == Some(state) {
            return;
        }
        self.shown = Some(state);
        self.moments(l10n, run, &times);
        let records = records(run, probe, view.cursor.index);
        self.lines.show(records.len(), |index, row| {
            let (line, text) = &records[index];
            let line = line.map_or_else(String::new, |line| line.to_string());
            row.part("line").text(&line);
            row.part("text").text(&visible(text));
        });
        self.records_title.text(l10n.get(if view.recorded() {
            key::RECORDS
        } else {
            key::RECORDS_SIMULATED
        }));
    }

    fn moments(&mut self, l10n: &Localization, run: &Run, times: &Times) {
        let ways = times.ways;
        let error = ways.and_then(|ways| ways.error_ns);
        self.moments.show(times.moments.len(), |index, row| {
            let (moment, at) = times.moments[index];
            row.part("name").text(l10n.get(match moment {
                Moment::Sent => key::MOMENT_SENT,
                Moment::Reached => key::MOMENT_REACHED,
                Moment::Answered => key::MOMENT_ANSWERED,
                Moment::Arrived => key::MOMENT_ARRIVED,
                Moment::Deadline => key::MOMENT_DEADLINE,
                Moment::Again => key::MOMENT_AGAIN,
                Moment::Refused => key::MOMENT_REFUSED,
            }));
            let about = matches!(moment, Moment::Reached | Moment::Answered);
            let about = error.filter(|_| about);
            let mut text = l10n.time_exact(at);
            if let Some(error) = about {
                text = format!("{text} ± {}", l10n.span(error));
            }
            row.part("at").text(&text);
            let since = l10n.span(at.saturating_sub(times.sent_ns));
            row.part("since").text(&since);
            row.leaf.class(match moment {
                Moment::Deadline => "soft",
                _ => "",
            });
        });
        let answered = times.at(Moment::Arrived).is_some();
        self.ways
            .show(ways.is_some() || answered || times.kernel_ns.is_some());
        let mut text = match ways {
            Some(ways) => {
                let mut spans = vec![
                    ("there", Value::Span(ways.there_ns)),
                    ("server", Value::Span(ways.server_ns)),
                    ("back", Value::Span(ways.back_ns)),
                ];
                let key = match ways.error_ns {
                    Some(error) => {
                        spans.push(("error", Value::Span(error)));
                        key::WAYS_UNSYNCHRONISED
                    }
                    None => key::WAYS,
                };
                l10n.say(key, &spans)
            }
            None if answered && run.server_clock().is_some() => {
                l10n.get(key::WAYS_IMPOSSIBLE).to_owned()
            }
            // The server's own journal tells, and stands below.
            None if run
                .server_side()
                .is_some_and(|it| it.parts(times.seq).is_some()) =>
            {
                String::new()
            }
            None if answered => l10n.get(key::WAYS_UNKNOWN).to_owned(),
            None => String::new(),
        };
        if let Some(kernel) = times.kernel_ns {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&l10n.say(key::WAYS_KERNEL, &[("span", Value::Span(kernel))]));
        }
        self.ways.text(&text);
    }
}

/// The records about a probe so far, each with its line where it has one.
fn records(run: &Run, probe: usize, events: usize) -> Vec<(Option<u64>, String)> {
    let story = run.story(probe).into_iter();
    let happened = story.filter(|event| *event < events);
    happened
        .filter_map(|event| Some((run.event(event)?.line, run.record_line(event)?)))
        .take(MOST_RECORDS)
        .collect()
}

/// What a button's value asks for: `late-next`, `lost-previous`.
fn jump(value: &str) -> Option<(Fact, bool)> {
    let (word, way) = value.rsplit_once('-')?;
    let fact = Fact::ALL.into_iter().find(|fact| fact.word() == word)?;
    Some((fact, way == "next"))
}

impl ActiveRun<'_> {
    /// Chooses the next or the previous probe of a kind; says so where there is none.
    pub(super) fn jump(&mut self, value: &str) {
        let Some((fact, forward)) = jump(value) else {
            return;
        };
        match self
            .view
            .run()
            .facts()
            .next_with(fact, self.view.shown_probe(), forward)
        {
            Some(probe) => self.choose_probe(probe),
            None => self.page.tell(if forward {
                key::JUMP_NONE_AFTER
            } else {
                key::JUMP_NONE_BEFORE
            }),
        }
    }

    /// Copies a link to this probe, at this moment.
    pub(super) fn copy_link(&mut self) {
        // A link follows no newest probe: it names one.
        self.view.chosen = self.view.shown_probe();
        match self.link() {
            Some(link) => share::copy_text(&link, key::COPIED),
            None => self.page.tell(key::SHARE_RECORDED),
        }
    }

    /// Copies the chosen probe's records, line by line.
    pub(super) fn copy_records(&mut self) {
        let view = &*self.view;
        let Some(probe) = view.shown_probe() else {
            return;
        };
        let lines = records(view.run(), probe, view.cursor.index).into_iter();
        let lines: Vec<String> = lines.map(|(_, text)| text).collect();
        share::copy_text(&lines.join("\n"), key::RECORDS_COPIED);
    }
}
