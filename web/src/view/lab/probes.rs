//! The table of probes: one row each, sorted by any column.

use web_sys::Element;

use super::ActiveRun;
use super::grid::{Grid, Shown, index_of};
use crate::view::dom::{Leaf, all, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use crate::view::symbols::{look, name};
use udping_engine::facts::Fact;
use udping_engine::probe_table::{Column, Sort};
use udping_engine::times::Times;

/// The table.
#[derive(Debug)]
pub(crate) struct Probes {
    grid: Grid,
    heads: Vec<(Column, Leaf)>,
    note: Leaf,
}

impl Probes {
    pub(crate) fn new() -> Self {
        let heads = all(&by_id("probe-grid"), "[role=columnheader]");
        Self {
            grid: Grid::new("probe-grid", "probe-rows", "t-probe"),
            heads: Column::ALL
                .into_iter()
                .zip(heads.into_iter().map(Leaf::new))
                .collect(),
            note: Leaf::of("probe-note"),
        }
    }

    /// How many rows fit, to move by pages.
    pub(crate) fn page(&self) -> usize {
        self.grid.page()
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &mut RunView) {
        let sort = view.sort;
        for (column, head) in &mut self.heads {
            let order = match sort {
                Sort { column: by, .. } if by != *column => None,
                Sort {
                    descending: true, ..
                } => Some("descending"),
                Sort { .. } => Some("ascending"),
            };
            head.attribute("aria-sort", order);
        }
        view.probe_table();
        let Some(table) = &view.derived.probes else {
            return;
        };
        let run = view.run();
        // Only where the server tells its times, or in a simulation, are the ways known.
        let ways = run.server_clock().is_some() || !view.recorded();
        self.grid
            .frame()
            .class(if ways { "grid" } else { "grid no-ways" });
        let error = run.server_clock().and_then(|clock| clock.error_ns);
        self.note.show(error.is_some());
        if let Some(error) = error {
            let error = [("error", Value::Span(error))];
            self.note.text(&l10n.say(key::WAYS_ABOUT, &error));
        }
        let widest = l10n.time(run.end_ns()).chars().count() + 1;
        self.grid.frame().style("--time", &format!("{widest}ch"));
        let chosen = view.shown_probe();
        let wanted = chosen.map(|probe| ((view.edition, probe), table.row(probe)));
        let end = run.after(run.events());
        self.grid.show(table.len(), wanted, |number, row| {
            let index = table.probe(number)?;
            let probe = run.probe(index, end)?;
            let times = Times::of(run, index, end)?;
            let mut class = String::from("tr");
            let outcome = run.outcome_event(index);
            if outcome.is_none_or(|event| event >= view.cursor.index) {
                class.push_str(" future");
            }
            if view.otherwise(index, probe.seq).is_some() || probe.differs {
                class.push_str(" other-outcome");
            }
            row.part("seq").text(&probe.seq.to_string());
            row.part("sent").text(&l10n.time(times.sent_ns));
            if let Some(symbol) = probe.symbol {
                look(symbol).show(row);
                let mut text = l10n.get(name(symbol)).to_owned();
                for (fact, more) in [
                    (Fact::Duplicate, key::OUTCOME_DUPLICATE),
                    (Fact::Reordered, key::FACT_REORDERED),
                ] {
                    if run.facts().has(index, fact) {
                        text.push_str(", ");
                        text.push_str(l10n.get(more));
                    }
                }
                row.part("outcome").text(&text);
                row.part("outcome").set("title", &text);
            }
            let span = |span: Option<u64>| span.map_or_else(String::new, |span| l10n.span(span));
            row.part("rtt").text(&span(probe.rtt_ns));
            let ways = times.ways;
            row.part("there").text(&span(ways.map(|it| it.there_ns)));
            row.part("server").text(&span(ways.map(|it| it.server_ns)));
            row.part("back").text(&span(ways.map(|it| it.back_ns)));
            Some(Shown {
                id: format!("probe-row-{index}"),
                class,
                selected: chosen == Some(index),
            })
        });
    }

    /// The probe that a row shows.
    pub(crate) fn probe_of(row: &Element) -> Option<usize> {
        index_of(row, "probe-row-")
    }

    /// Another language: rows are filled in again.
    pub(crate) fn clear(&mut self) {
        self.grid.clear();
    }
}

impl ActiveRun<'_> {
    /// Sorts the table by a column; by the same one again, the other way round.
    pub(super) fn sort(&mut self, column: &str) {
        let found = Column::ALL.into_iter().find(|it| it.name() == column);
        let Some(column) = found else { return };
        let view = &mut *self.view;
        let again = view.sort.column == column;
        view.sort = Sort {
            column,
            descending: again && !view.sort.descending,
        };
        view.derived.probes = None;
        view.edition += 1;
    }

    /// Chooses the probe of a row.
    pub(in crate::view) fn choose_probe_row(&mut self, row: &Element) {
        if let Some(probe) = Probes::probe_of(row) {
            self.choose_probe(probe);
        }
    }

    /// Moves through the table by so many rows, or to one of its ends.
    pub(in crate::view) fn move_probe_row(&mut self, rows: isize) {
        self.view.probe_table();
        let Some(table) = &self.view.derived.probes else {
            return;
        };
        let Some(last) = table.len().checked_sub(1) else {
            return;
        };
        let row = self.view.shown_probe().and_then(|probe| table.row(probe));
        let row = row.map_or(0, |row| row.saturating_add_signed(rows));
        if let Some(probe) = table.probe(row.min(last)) {
            self.choose_probe(probe);
        }
    }
}
