//! What a replay found.
//!
//! Owns the comparison of what stands on record with what is decided now.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::header::Header;
use crate::record::{Done, Record};

/// How many differences are kept in full; all are counted.
pub(super) const KEPT: usize = 1_000;

/// What a replay found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "what a journal may lack")]
pub struct Report {
    /// Decisions compared.
    pub decisions: u64,
    /// How many of them differ.
    pub differences: u64,
    /// The first of those, in order.
    pub examples: Vec<Difference>,
    /// Records of a kind this code does not know.
    pub unknown: u64,
    /// Records after dropped ones, which cannot be verified.
    pub unverifiable: u64,
    /// Records that the writer dropped.
    pub dropped: u64,
    /// The journal was split, and what stands before this part is elsewhere: no record of it
    /// can be verified.
    pub continued: bool,
    /// The journal was split, and what follows this part is elsewhere.
    pub continues: bool,
    /// The session's end is on record.
    pub done: bool,
    /// The final figures are on record.
    pub summary: bool,
}

impl Report {
    /// Every decision was the same, and none was beyond verifying.
    #[must_use]
    pub const fn verified(&self) -> bool {
        self.differences == 0 && self.unverifiable == 0
    }
}

/// One decision that would have been made otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The line of the journal, from 1 for the header.
    pub line: u64,
    /// The probe it is about, if it is about one.
    pub seq: Option<u64>,
    /// The record that stands there; empty where there is none.
    pub recorded: String,
    /// The record that the client's decision makes; empty where it decides nothing.
    pub decided: String,
}

impl core::fmt::Display for Difference {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [recorded, decided] = [&self.recorded, &self.decided]
            .map(|record| if record.is_empty() { "nothing" } else { record });
        write!(
            f,
            "line {}: recorded {recorded}, the client decides {decided}",
            self.line
        )
    }
}

impl Report {
    /// An empty one, for the journal or the part of one that `header` begins.
    pub(super) fn of(header: &Header) -> Self {
        Self {
            continued: header.part.is_some(),
            ..Self::default()
        }
    }

    /// Takes note of what a record says of the journal itself; whether it can be judged.
    #[inline]
    pub(super) fn can_judge(&mut self, record: &Record) -> bool {
        // Where another record follows, the parts were joined.
        self.continues = matches!(record, Record::Split(_));
        match record {
            Record::Incident(_) | Record::Split(_) | Record::Printed(_) => {}
            Record::Unknown => self.unknown = self.unknown.saturating_add(1),
            Record::Gap(gap) => self.dropped = self.dropped.saturating_add(gap.gap.max(1)),
            _ if self.dropped > 0 || self.continued => {
                self.unverifiable = self.unverifiable.saturating_add(1);
                self.done |= matches!(record, Record::Done(_));
                self.summary |= matches!(
                    record,
                    Record::Summary(_) | Record::Beats(_) | Record::Watched(_) | Record::Served(_)
                );
            }
            _ => return true,
        }
        false
    }

    /// Compares a decision on record with the one that is made now.
    pub(super) fn judge(&mut self, line: u64, recorded: &Record, decided: Option<&Record>) {
        self.decisions = self.decisions.saturating_add(1);
        if decided != Some(recorded) {
            let decided = decided.map_or_else(String::new, text);
            self.differ(line, seq(recorded), text(recorded), decided);
        }
    }

    /// A decision is made before `line` that is not on record.
    pub(super) fn missing(&mut self, line: u64, decided: Option<&Record>) {
        self.decisions = self.decisions.saturating_add(1);
        let text = decided.map_or_else(String::new, text);
        self.differ(line, decided.and_then(seq), String::new(), text);
    }

    /// The final figures are on record, and an end should be before them.
    pub(super) fn concluded(&mut self, line: u64, now_ns: u64) {
        self.summary = true;
        if !self.done {
            let end = Record::Done(Done {
                done: true,
                at_ns: now_ns,
            });
            self.missing(line, Some(&end));
        }
    }

    /// The latest difference, if there are more than `before`.
    pub(super) fn since(&self, before: u64) -> Option<&Difference> {
        (self.differences > before)
            .then(|| self.examples.last())
            .flatten()
    }

    fn differ(&mut self, line: u64, seq: Option<u64>, recorded: String, decided: String) {
        self.differences = self.differences.saturating_add(1);
        if self.examples.len() < KEPT {
            self.examples.push(Difference {
                line,
                seq,
                recorded,
                decided,
            });
        }
    }
}

fn text(record: &Record) -> String {
    serde_json::to_string(record)
        .unwrap_or_else(|error| format!("a record that cannot be shown: {error}"))
}

/// The number of the probe that a record is about, as far as the record has it.
fn seq(record: &Record) -> Option<u64> {
    record.seq(|low| Some(low.into()))
}
