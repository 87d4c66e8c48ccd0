//! Tables: a header that names the column of round trips, and often their unit.
//!
//! Owns which cell of a row that is. What else a row says is the reader's.

use super::Quantity;
use super::numbers::{named_unit, numbers};
use super::words::{LABELS, RTT_WORDS, TIME_WORDS};
use crate::grade::printed::Unit;

/// The column of round trips.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Column {
    /// What stands between cells; several spaces where nothing does.
    mark: Option<char>,
    index: usize,
    cells: usize,
    unit: Option<Unit>,
}

/// A row: the ping's number, and its round trip if there is one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) label: i64,
    pub(super) rtt: Option<Quantity>,
}

/// The cells of a line.
fn cells(text: &str, mark: Option<char>) -> Vec<&str> {
    if let Some(mark) = mark {
        let inner = text.trim().trim_matches('|');
        return inner.split(mark).map(str::trim).collect();
    }
    let parts = text.split("  ").flat_map(|it| it.split('\t'));
    parts.map(str::trim).filter(|it| !it.is_empty()).collect()
}

impl Column {
    /// Of a header, if a line is one: words alone, one of them about times.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mark = ['|', ';', ','].into_iter().find(|it| text.contains(*it));
        let cells = cells(text, mark);
        let at = |words: &[&str]| {
            let has = |it: &&str| words.iter().any(|word| it.contains(word));
            cells.iter().position(|it| has(it) && !it.contains("stamp"))
        };
        let index = at(&RTT_WORDS).or_else(|| at(&TIME_WORDS))?;
        let is_short_cell = |it: &&str| it.len() < 30 && it.split_whitespace().count() < 4;
        let has_number = cells.iter().any(|it| {
            let mut words = it.split(|it: char| !it.is_ascii_alphanumeric() && it != '#');
            words.any(|it| LABELS.contains(&it))
        });
        let short = index > 0 && has_number && cells.iter().all(is_short_cell);
        let cell = *cells.get(index)?;
        short.then(|| Self {
            mark,
            index,
            cells: cells.len(),
            unit: cell
                .split(|it: char| !it.is_ascii_alphabetic())
                .find_map(named_unit),
        })
    }

    /// What a line says, if it is a row.
    pub(super) fn row(&self, text: &str) -> Option<Row> {
        let cells = cells(text, self.mark);
        let label = cells.first()?.parse().ok()?;
        let cell = match self.mark {
            Some(_) if cells.len() != self.cells => return None,
            Some(_) => cells.get(self.index),
            // Cells may be empty there.
            None => cells.get(self.index).or(cells.last()),
        };
        let found = numbers(cell?);
        let rtt = found
            .first()
            .filter(|_| cells.len() > 1)
            .map(|it| Quantity {
                unit: it.quantity.unit.or(self.unit),
                ..it.quantity.clone()
            });
        (found.len() <= 1 && cells.len() > 1).then_some(Row { label, rtt })
    }
}
