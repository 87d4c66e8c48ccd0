//! The Replay room's panel: the file, the verdict, what is missing from it, and what if.

use udping_journal::what_if::FateCounts;
use web_sys::HtmlInputElement;

use crate::view::describe;
use crate::view::dom::{Leaf, Rows, by_id, typed};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use crate::view::symbols::look;
use udping_engine::log::Symbol;
use udping_engine::setup::Setup;
use udping_engine::what_if::WhatIf;

/// How many differences are listed.
const LISTED: usize = 50;

/// The panel.
#[derive(Debug)]
pub(crate) struct JournalPanel {
    drop: Leaf,
    error: Leaf,
    loaded: Leaf,
    facts: Rows,
    again: Leaf,
    verdict: Leaf,
    verdict_symbol: Leaf,
    verdict_shape: Leaf,
    verdict_text: Leaf,
    verdict_note: Leaf,
    differences: Leaf,
    difference_rows: Rows,
    missing_data: Rows,
    /// Heartbeats have no timeout to ask about.
    what_if: Leaf,
    answer: Leaf,
    counts: Rows,
    changes: Leaf,
    /// The run that the panel's text is about, by its view's edition.
    shown: Option<u32>,
}

impl JournalPanel {
    pub(crate) fn new() -> Self {
        let verdict = Leaf::of("verdict");
        Self {
            drop: Leaf::of("journal-open"),
            error: Leaf::of("journal-error"),
            loaded: Leaf::of("journal-loaded"),
            facts: Rows::new(by_id("journal-facts"), "t-fact"),
            again: Leaf::of("open-simulated"),
            verdict_symbol: Leaf::within(verdict.element(), ".symbol"),
            verdict_shape: Leaf::within(verdict.element(), "use"),
            verdict_text: Leaf::within(verdict.element(), "b"),
            verdict_note: Leaf::within(verdict.element(), "p"),
            verdict,
            differences: Leaf::of("differences"),
            difference_rows: Rows::new(by_id("differences"), "t-item"),
            missing_data: Rows::new(by_id("missing-data"), "t-item"),
            what_if: Leaf::of("what-if-part"),
            answer: Leaf::of("what-if-answer"),
            counts: Rows::new(by_id("what-if-rows"), "t-outcome"),
            changes: Leaf::of("what-if-changes"),
            shown: None,
        }
    }

    /// Something else is shown, or in another language.
    pub(crate) fn clear(&mut self) {
        self.shown = None;
    }

    /// Says why a file could not be opened; `None` takes the sentence away.
    pub(crate) fn show_error(&mut self, text: Option<&str>) {
        self.error.show(text.is_some());
        self.error.text(text.unwrap_or_default());
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, name: &str, view: Option<&RunView>) {
        self.loaded.show(view.is_some());
        self.drop.class(if view.is_some() {
            "drop compact"
        } else {
            "drop"
        });
        let Some(view) = view else { return };
        if self.shown != Some(view.edition) {
            self.shown = Some(view.edition);
            self.file(l10n, name, view);
            self.what_if.show(!view.run().beats());
            self.again.show(Setup::of(view.run().header()).is_some());
            self.verdict(l10n, view);
            let missing = view.run().missing_data();
            self.missing_data.show(missing.len().max(1), |index, item| {
                match missing.get(index) {
                    Some(missing) => item.leaf.text(&l10n.tell(missing)),
                    None => item.leaf.text(l10n.get(key::MISSING_NOTHING)),
                }
            });
        }
        self.what_if(l10n, view.what_if.as_ref());
    }

    fn file(&mut self, l10n: &Localization, name: &str, view: &RunView) {
        let (run, header) = (view.run(), view.run().header());
        let simulated = header
            .scenario
            .as_ref()
            .map(|_| l10n.get(key::FACT_KIND_SIMULATION).to_owned());
        let timeout = header.silence_ns.unwrap_or(header.timeout_ns);
        let facts: Vec<(&str, String)> = [
            (key::FACT_NAME, Some(name.to_owned())),
            (key::FACT_TARGET, header.target().or(simulated)),
            (key::FACT_START, header.wall_start.clone()),
            (key::FACT_PROBES, Some(l10n.count(run.probes() as u64))),
            (key::FACT_SCHEDULE, Some(describe::schedule(l10n, header))),
            (key::FACT_FIGURES, run.figures().map(|it| l10n.tell(it))),
            (
                if header.silence_ns.is_some() {
                    key::FACT_SILENCE
                } else {
                    key::FACT_TIMEOUT
                },
                Some(l10n.span(timeout)).filter(|_| timeout > 0),
            ),
            (key::FACT_CLOCK, header.clock.clone()),
            (key::FACT_TOOL, Some(header.tool.clone())),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((l10n.get(key), value?)))
        .collect();
        self.facts.show(facts.len(), |index, row| {
            row.part("name").text(facts[index].0);
            row.part("value").text(&facts[index].1);
        });
    }

    fn verdict(&mut self, l10n: &Localization, view: &RunView) {
        let Some(report) = view.run().report() else {
            return;
        };
        let decisions = ("decisions", Value::Count(report.decisions));
        let (class, symbol, text, note) = if report.verified() {
            (
                "verdict good",
                ("#sym-verified", "replied"),
                l10n.say(key::VERIFIED, &[decisions]),
                l10n.get(key::VERIFIED_NOTE),
            )
        } else if report.differences == 0 {
            let records = [("records", Value::Count(report.unverifiable))];
            (
                "verdict",
                ("#sym-unknown", "unknown"),
                l10n.say(key::NOT_VERIFIABLE, &records),
                "",
            )
        } else {
            let args = [("differences", Value::Count(report.differences)), decisions];
            (
                "verdict bad",
                ("#sym-differs", "lost"),
                l10n.say(key::DIFFERS, &args),
                l10n.get(key::DIFFERS_NOTE),
            )
        };
        self.verdict.class(class);
        let (shape, colour) = symbol;
        self.verdict_symbol.class(&["symbol ", colour].concat());
        self.verdict_shape.set("href", shape);
        self.verdict_text.text(&text);
        self.verdict_note.text(note);
        let listed = report.examples.len().min(LISTED);
        let more = report.differences.saturating_sub(listed as u64);
        self.differences.show(listed > 0);
        let record = |record| match record {
            "" => Value::Text(l10n.get(key::DIFFERENCE_NOTHING)),
            record => Value::Text(record),
        };
        self.difference_rows
            .show(listed + usize::from(more > 0), |index, item| {
                item.leaf.text(
                    &match report.examples.get(index).filter(|_| index < listed) {
                        Some(difference) => l10n.say(
                            key::DIFFERENCE,
                            &[
                                ("line", Value::Number(difference.line)),
                                ("recorded", record(&difference.recorded)),
                                ("decided", record(&difference.decided)),
                            ],
                        ),
                        None => l10n.say(key::DIFFERENCE_MORE, &[("count", Value::Count(more))]),
                    },
                );
            });
    }

    fn what_if(&mut self, l10n: &Localization, answer: Option<&WhatIf>) {
        self.answer.show(answer.is_some());
        let Some(answer) = answer else { return };
        let rows: [(Symbol, fn(&FateCounts) -> u64); 5] = [
            (Symbol::Replied, |counts| counts.replied),
            (Symbol::Lost, |counts| counts.lost),
            (Symbol::Late, |counts| counts.late),
            (Symbol::Refused, |counts| counts.refused),
            (Symbol::Unknown, |counts| counts.unknown),
        ];
        self.counts.show(rows.len(), |index, row| {
            let (symbol, take) = rows[index];
            let values = [take(&answer.recorded), take(&answer.decided)];
            row.leaf.show(symbol != Symbol::Refused || values != [0, 0]);
            look(symbol).show(row);
            row.part("name")
                .text(l10n.get(crate::view::symbols::name(symbol)));
            for (slot, value) in ["recorded", "decided"].into_iter().zip(values) {
                row.part(slot).text(&l10n.count(value));
            }
        });
        self.changes.text(&l10n.say(
            key::WHAT_IF_CHANGES,
            &[("changes", Value::Count(answer.changes() as u64))],
        ));
    }

    /// Where the slider and its field stand for this timeout.
    pub(crate) fn put_timeout(l10n: &Localization, view: &RunView, timeout_ns: u64) {
        let part = (crate::view::i18n::seconds(timeout_ns) / reach(view))
            .clamp(0.0, 1.0)
            .sqrt();
        typed::<HtmlInputElement>("what-if").set_value_as_number(part);
        typed::<HtmlInputElement>("what-if-ms").set_value(&crate::view::simulate::trim(
            l10n,
            crate::view::i18n::seconds(timeout_ns) * 1e3,
        ));
        Leaf::of("what-if").set("aria-valuetext", &l10n.span(timeout_ns));
    }

    /// The timeout that the slider stands for.
    pub(crate) fn slid_timeout(view: &RunView) -> u64 {
        let part = typed::<HtmlInputElement>("what-if").value_as_number();
        let exact = crate::view::run_view::scale(1, reach(view) * part * part * 1e9);
        // Round numbers are easier to talk about.
        let step = match exact {
            ..10_000_000 => 10_000,
            10_000_000..100_000_000 => 1_000_000,
            _ => 5_000_000,
        };
        (exact.div_ceil(step) * step).max(step)
    }
}

/// How far the slider reaches, in seconds: as long as anybody listened.
fn reach(view: &RunView) -> f64 {
    let header = view.run().header();
    crate::view::i18n::seconds(header.timeout_ns.saturating_add(header.late_window_ns)).max(1e-3)
}
