//! The Replay room's panel: the verdict, the file, and what is missing from it.

use crate::view::describe;
use crate::view::dom::{Leaf, Rows, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use udping_engine::command;
use udping_engine::foreign::visible;
use udping_engine::setup::Setup;

/// How many differences are listed.
const LISTED: usize = 50;

/// The panel.
#[derive(Debug)]
pub(crate) struct JournalPanel {
    drop: Leaf,
    error: Leaf,
    loaded: Leaf,
    facts: Rows,
    fold: Leaf,
    fold_line: Leaf,
    again: Leaf,
    command: Leaf,
    command_text: Leaf,
    intro: Leaf,
    verdict: Leaf,
    verdict_symbol: Leaf,
    verdict_shape: Leaf,
    verdict_text: Leaf,
    verdict_note: Leaf,
    differences: Leaf,
    difference_rows: Rows,
    missing_data: Rows,
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
            fold: Leaf::of("facts"),
            fold_line: Leaf::within(&by_id("facts"), "summary span"),
            again: Leaf::of("open-simulated"),
            command: Leaf::of("record-again"),
            command_text: Leaf::of("record-command"),
            intro: Leaf::of("replay-intro"),
            verdict_symbol: Leaf::within(verdict.element(), ".symbol"),
            verdict_shape: Leaf::within(verdict.element(), "use"),
            verdict_text: Leaf::within(verdict.element(), "b"),
            verdict_note: Leaf::within(verdict.element(), "p"),
            verdict,
            differences: Leaf::of("differences"),
            difference_rows: Rows::new(by_id("differences"), "t-difference"),
            missing_data: Rows::new(by_id("missing-data"), "t-item"),
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
        self.intro.show(view.is_none());
        self.drop.class(if view.is_some() {
            "drop compact"
        } else {
            "drop"
        });
        let Some(view) = view else { return };
        if self.shown != Some(view.edition) {
            self.shown = Some(view.edition);
            self.file(l10n, name, view);
            self.again.show(Setup::of(view.run().header()).is_some());
            let is_live = name == l10n.get(key::LIVE_NAME);
            let file = if is_live { "run.jsonl" } else { name };
            let command = command::ping(view.history.run().header(), file);
            self.command.show(command.is_some());
            if let Some(command) = command {
                self.command_text.command(&visible(&command.line));
            }
            self.verdict(l10n, view);
            let missing = view.run().missing_data();
            self.missing_data.show(missing.len().max(1), |index, item| {
                match missing.get(index) {
                    Some(missing) => item.leaf.text(&l10n.tell(missing)),
                    None => item.leaf.text(l10n.get(key::MISSING_NOTHING)),
                }
            });
        }
    }

    fn file(&mut self, l10n: &Localization, name: &str, view: &RunView) {
        let (run, header) = (view.history.run(), view.history.run().header());
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
        // In one line, what tells this run from another; all of it where it has figures of its
        // own, which stand nowhere else.
        let probes = [("probes", Value::Count(run.probes() as u64))];
        let probes = l10n.say(key::FACTS_PROBES, &probes);
        let schedule = describe::schedule(l10n, header);
        let name = visible(name);
        self.fold_line
            .text(&[&*name, &probes, &schedule].join(" · "));
        let open = run.figures().is_some();
        self.fold.attribute("open", open.then_some(""));
        self.facts.show(facts.len(), |index, row| {
            row.part("name").text(facts[index].0);
            row.part("value").text(&visible(&facts[index].1));
        });
    }

    fn verdict(&mut self, l10n: &Localization, view: &RunView) {
        let Some(report) = view.run().report() else {
            return;
        };
        let decisions = ("decisions", Value::Count(report.decisions));
        let whole = report.dropped == 0;
        // The first line that was left out, if any was.
        let mut missing = view.history.run().missing_data().iter();
        let left_out = missing.find(|it| it.id == "missing-line");
        let left_out = left_out.map(|it| l10n.tell(it));
        let (class, symbol, text, note) = if view.growing && report.verified() {
            (
                "verdict",
                ("#sym-verified", "in-flight"),
                l10n.say(key::LIVE_SO_FAR, &[decisions]),
                l10n.get(key::LIVE_SO_FAR_NOTE).to_owned(),
            )
        } else if report.verified()
            && whole
            && let Some(end) = view.history.run().missing_end()
        {
            let last = view.history.run().last_seq().unwrap_or(0);
            (
                "verdict",
                ("#sym-verified", "in-flight"),
                l10n.say(
                    key::VERIFIED_SO_FAR,
                    &[("seq", Value::Number(last)), decisions],
                ),
                l10n.tell(end),
            )
        } else if report.verified() && whole {
            (
                "verdict good",
                ("#sym-verified", "replied"),
                l10n.say(key::VERIFIED, &[decisions]),
                l10n.get(key::VERIFIED_NOTE).to_owned(),
            )
        } else if report.differences == 0 {
            let records = [("records", Value::Count(report.unverifiable))];
            (
                "verdict",
                ("#sym-unknown", "unknown"),
                l10n.say(key::NOT_VERIFIABLE, &records),
                left_out.unwrap_or_default(),
            )
        } else {
            let args = [("differences", Value::Count(report.differences)), decisions];
            (
                "verdict bad",
                ("#sym-differs", "lost"),
                l10n.say(key::DIFFERS, &args),
                left_out.unwrap_or_else(|| l10n.get(key::DIFFERS_NOTE).to_owned()),
            )
        };
        self.verdict.class(class);
        let (shape, colour) = symbol;
        self.verdict_symbol.class(&["symbol ", colour].concat());
        self.verdict_shape.set("href", shape);
        self.verdict_text.text(&text);
        self.verdict_note.text(&note);
        let listed = report.examples.len().min(LISTED);
        let more = report.differences.saturating_sub(listed as u64);
        self.differences.show(listed > 0);
        let words = |record: &str| describe::record(l10n, view.run(), record);
        self.difference_rows
            .show(listed + usize::from(more > 0), |index, item| {
                let difference = report.examples.get(index).filter(|_| index < listed);
                let line = difference.map(|difference| difference.line.to_string());
                let text = match difference {
                    Some(difference) => l10n.say(
                        key::DIFFERENCE,
                        &[
                            ("line", Value::Number(difference.line)),
                            ("recorded", Value::Text(&words(&difference.recorded))),
                            ("decided", Value::Text(&words(&difference.decided))),
                        ],
                    ),
                    None => l10n.say(key::DIFFERENCE_MORE, &[("count", Value::Count(more))]),
                };
                let button = item.part("text");
                button.text(&text);
                button.attribute("data-value", line.as_deref());
                button.attribute("disabled", line.is_none().then_some(""));
            });
    }
}
