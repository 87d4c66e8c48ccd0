//! The figures above the plot: those at the cursor, and those of the whole run beside them.

use udping_core::stats::Summary;

use crate::view::dom::{Leaf, all, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;

/// Two rows of figures under one head.
#[derive(Debug)]
pub(crate) struct Headline {
    root: Leaf,
    rows: [Vec<Leaf>; 2],
}

impl Headline {
    pub(crate) fn new() -> Self {
        let root = by_id("headline");
        let cells = |row: &str| all(&root, row).into_iter().map(Leaf::new).collect();
        Self {
            rows: [
                cells("tbody tr:first-child > *"),
                cells("tbody tr:last-child > *"),
            ],
            root: Leaf::new(root),
        }
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &mut RunView) {
        let figures = view.derived.figures.at(&view.derived.run, view.cursor);
        // Of heartbeats there is only how many went out, if any did here.
        self.root.show(!view.run().beats() || figures.sent > 0);
        let at = [("at", Value::Time(view.cursor.at_ns))];
        let names = [
            l10n.say(key::FIGURES_AT, &at),
            l10n.get(key::FIGURES_WHOLE).to_owned(),
        ];
        let beats = view.run().beats();
        for ((cells, figures), name) in self
            .rows
            .iter_mut()
            .zip([&figures, &view.derived.whole])
            .zip(names)
        {
            let texts = texts(l10n, figures, beats);
            for (cell, text) in cells.iter_mut().zip(core::iter::once(name).chain(texts)) {
                cell.text(&text);
            }
        }
    }
}

/// The figures in the order of the table's columns.
fn texts(l10n: &Localization, figures: &Summary, beats: bool) -> [String; 9] {
    let dash = || String::from("–");
    let count = |count| if beats { dash() } else { l10n.count(count) };
    // The share is of all that were not answered, which refused ones were not, either.
    let lost = match figures.loss().filter(|_| !beats) {
        Some(_) if figures.refused > 0 => format!(
            "{}, {} {}",
            l10n.count(figures.lost),
            l10n.count(figures.refused),
            l10n.get(key::FIGURE_REFUSED)
        ),
        Some(loss) => format!(
            "{} ({})",
            l10n.count(figures.lost),
            l10n.rate(loss.part(), loss.whole())
        ),
        None => count(figures.lost),
    };
    let percentile = |take: fn(&udping_core::stats::Distribution) -> u64| {
        let rtt = figures.rtt.as_ref();
        rtt.map_or_else(dash, |rtt| l10n.percentile(rtt, take(rtt)))
    };
    [
        l10n.count(figures.sent),
        count(figures.replied),
        lost,
        count(figures.late),
        count(figures.duplicates),
        count(figures.in_flight),
        percentile(|rtt| rtt.median_ns),
        percentile(|rtt| rtt.p90_ns),
        figures
            .jitter_rfc3550_ns
            .map_or_else(dash, |jitter| l10n.span(jitter)),
    ]
}
