//! The event table: the pictures' equal in words.

use web_sys::Element;

use super::grid::{Grid, Shown, index_of};
use crate::view::describe;
use crate::view::i18n::Localization;
use crate::view::run_view::RunView;
use crate::view::symbols::event_look;

/// The table.
#[derive(Debug)]
pub(crate) struct Events {
    grid: Grid,
}

impl Events {
    pub(crate) fn new() -> Self {
        Self {
            grid: Grid::new("grid", "rows", "t-event"),
        }
    }

    /// How many rows fit, to move by pages.
    pub(crate) fn page(&self) -> usize {
        self.grid.page()
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let (run, rows) = (view.run(), &view.derived.rows);
        // Figures of one width are wider than the letters that `ch` goes by.
        let widest = l10n.time(run.end_ns()).chars().count() + 1;
        self.grid.frame().style("--time", &format!("{widest}ch"));
        let wanted = view
            .selected
            .map(|event| ((view.edition, event), rows.row(event)));
        let chosen = view.shown_probe();
        self.grid.show(rows.len(), wanted, |number, row| {
            let event = rows.event(number).and_then(|index| run.event(index))?;
            let mut class = String::from("tr");
            for (holds, name) in [
                (event.index >= view.cursor.index, " future"),
                (event.probe.is_some() && event.probe == chosen, " of-chosen"),
                (
                    event.differs || other_outcome(view, event.probe, event.seq),
                    " other-outcome",
                ),
            ] {
                if holds {
                    class.push_str(name);
                }
            }
            event_look(&event.what).show(row);
            row.part("time").text(&l10n.time(event.at_ns));
            row.part("what").text(l10n.named(event.what.name()));
            let seq = event.seq.map(|seq| seq.to_string()).unwrap_or_default();
            row.part("probe").text(&seq);
            let detail = describe::detail(l10n, run, &event);
            row.part("detail").text(&detail);
            row.part("detail").set("title", &detail);
            Some(Shown {
                id: format!("event-{}", event.index),
                class,
                selected: view.selected == Some(event.index),
            })
        });
    }

    /// The event that a row shows.
    pub(crate) fn event_of(row: &Element) -> Option<usize> {
        index_of(row, "event-")
    }

    /// Another language: rows are filled in again.
    pub(crate) fn clear(&mut self) {
        self.grid.clear();
    }
}

fn other_outcome(view: &RunView, index: Option<usize>, seq: Option<u64>) -> bool {
    index
        .zip(seq)
        .is_some_and(|(index, seq)| view.otherwise(index, seq).is_some())
}
