//! The log of a session: what went into the client and what it decided.
//!
//! JSON Lines, one record a line, the header first. Times are whole nanoseconds
//! since the header's start, and no number exceeds 2⁵³. Owns the vocabulary and its
//! two directions, to and from a line; knows nothing of files, and re-decides
//! nothing (that is [`replay`](crate::replay)).
//!
//! **Inputs**: `at_ns`, what a reply claims (`reply`, `token`, `t2_ns`, `t3_ns`,
//! `count`, `synced`), `unreadable`, `unreachable`, `unsent`, `stamp` with `kernel_ns`, `stop`;
//! of heartbeats `beat`, `from` and `clock_ns`; of comparisons `connected` and `carried` with
//! all that it says.
//! **Decisions**: every other field, except in the header, a `gap`, a `note` and a `named`.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod comparison;
mod header;
mod line;
mod record;
pub mod recorder;
pub mod replay;
mod scenario;
#[cfg(feature = "schema")]
mod schema;
mod tree;
pub mod what_if;

pub use header::{Header, HeaderError, Kind, ScheduleSpec, VERSION, WireName};
pub use line::{LineError, parse_line, parse_record};
pub use record::{
    Beat, BeatsRecord, Befallen, Carried, Connected, Done, Gap, Lost, Missed, Named, Note, Record,
    Reply, Sent, Silent, Stamp, Stop, StopReason, SummaryRecord, TrafficRecord, Unreachable,
    Unreadable, Unsent, WatchedRecord,
};

pub use recorder::Recorder;
pub use scenario::{Action, Intervention, Scenario};
pub use tree::{JsonError, from_any, from_json};

#[cfg(feature = "schema")]
pub use schema::schema;

/// `record` (a [`Header`] or a [`Record`]) as a line of a journal, newline included.
///
/// # Errors
/// A [`Record::Unknown`] has no line. No other record causes an error.
pub fn to_line(record: &impl serde::Serialize) -> Result<alloc::string::String, serde_json::Error> {
    let mut line = serde_json::to_string(record)?;
    line.push('\n');
    Ok(line)
}

/// A record of one of the sessions that a comparison's journal holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Tagged<'a> {
    /// The record.
    #[serde(flatten)]
    pub record: &'a Record,
    /// Which session it belongs to.
    pub via: comparison::Via,
}

/// The largest number a journal holds.
pub const LARGEST: u64 = udping_core::wire::LARGEST_EXACT;
