//! Rows of numbers alone: a table without a header, tuples, or values between tabs.
//!
//! Owns which line is such a row. One by itself says nothing: several must follow each other.

use super::numbers::numbers;
use super::words::{LABELS, LOST, TIMED_OUT};
use super::{Quantity, Said};

/// A row: the ping's number, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) label: i64,
    pub(super) said: Said,
}

/// What stands in a cell where there is no round trip.
const NONE: [&str; 8] = [
    "none",
    "null",
    "nil",
    "nan",
    "inf",
    "infinity",
    "undefined",
    "n/a",
];

/// Whether a line has such a word.
pub(super) fn says_none(text: &str) -> bool {
    let mut words = text.split(|it: char| !(it.is_alphanumeric() || it == '/'));
    words.any(|it| NONE.contains(&it))
}

/// What a cell says.
enum Cell {
    Whole(i64, Quantity),
    Time(Quantity),
    Loss(Said),
    /// What may stand for a loss, or between two cells.
    Dash,
    Word,
}

impl Cell {
    fn of(text: &str) -> Option<Self> {
        let around = |it: char| "()[]{}'\"|,;:#=>".contains(it) || it.is_whitespace();
        let text = text.trim_matches(around);
        if text.chars().all(|it| "*-".contains(it)) {
            return Some(Self::Dash);
        }
        if NONE.contains(&text) || matches!(text, "-1" | "-1.0") {
            return Some(Self::Loss(Said::Lost));
        }
        let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
        if has(&TIMED_OUT) {
            return Some(Self::Loss(Said::TimedOut));
        }
        if has(&LOST) {
            return Some(Self::Loss(Said::Lost));
        }
        let numbers = numbers(text);
        let Some(number) = numbers.first().filter(|_| numbers.len() == 1) else {
            let is_word = text.chars().all(char::is_alphabetic);
            return is_word.then_some(Self::Word);
        };
        let before = number.before.trim_matches(around);
        let labels = before.is_empty() || before == "-" || LABELS.contains(&before);
        let is_unit = number.after.is_empty() || number.quantity.unit.is_some();
        if !labels || !is_unit {
            return None;
        }
        let quantity = number.quantity.clone();
        Some(match number.whole.filter(|_| quantity.unit.is_none()) {
            Some(whole) => Self::Whole(whole, quantity),
            None => Self::Time(quantity),
        })
    }
}

impl Row {
    /// What a line says, if it could be a row.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let marks = ["\t", ";", "|", ", ", ",", "  ", " "];
        let mark = marks.into_iter().find(|it| text.contains(it))?;
        let cells = text.split(mark).filter(|it| !it.trim().is_empty());
        let cells: Vec<Cell> = cells.map(Cell::of).collect::<Option<_>>()?;
        let (mut label, mut said) = (None, None);
        let dashed = cells.iter().any(|it| matches!(it, Cell::Dash));
        for cell in cells {
            let new = match cell {
                Cell::Word | Cell::Dash => continue,
                Cell::Whole(whole, _) if label.is_none() => {
                    label = Some(whole);
                    continue;
                }
                _ if label.is_none() => return None,
                Cell::Loss(loss) => loss,
                Cell::Whole(_, quantity) | Cell::Time(quantity) => {
                    // So many seconds are a date.
                    if quantity.value.abs() >= 1e8 && quantity.unit.is_none() {
                        continue;
                    }
                    Said::Rtt(quantity)
                }
            };
            said = match (said, new) {
                (None, new) => Some(new),
                // Which of two is it?
                (Some(Said::Rtt(_)), Said::Rtt(_)) => return None,
                // A loss may stand beside whatever its time is.
                (Some(Said::Rtt(_)), loss) | (Some(loss), _) => Some(loss),
            };
        }
        let said = said.or(dashed.then_some(Said::Lost));
        // Whatever else stands in a line that says it: how long was waited, most likely.
        let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
        let said = match said {
            Some(Said::Rtt(_)) if has(&TIMED_OUT) => Some(Said::TimedOut),
            Some(Said::Rtt(_)) if has(&LOST) => Some(Said::Lost),
            said => said,
        };
        label.zip(said).map(|(label, said)| Self { label, said })
    }
}

/// The rows among lines: at least three whose numbers follow each other.
pub(super) fn rows(lines: &[(usize, String)]) -> Vec<(usize, Row)> {
    let all = lines
        .iter()
        .filter_map(|(place, text)| Some((*place, Row::of(text)?)));
    let rows: Vec<(usize, Row)> = all.collect();
    let follows = rows.windows(2).all(|two| match two {
        [(_, one), (_, next)] => next.label == one.label + 1,
        _ => true,
    });
    if follows && rows.len() >= 3 {
        rows
    } else {
        Vec::new()
    }
}
