//! The log of a session: what went into the client and what it decided.
//!
//! JSON Lines, one record a line, the header first. Times are whole nanoseconds
//! since the header's start, and no number exceeds 2⁵³. Owns the vocabulary and its
//! two directions, to and from a line; knows nothing of files, and re-decides
//! nothing (that is [`replay`]).
//!
//! Each kind of record is one entry of a table ([`Record::TYPES`]), which also says of each
//! field whether it is an input, a decision or a label.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

#[macro_use]
mod table;

pub mod both;
mod both_summary;
pub mod clocks;
pub mod comparison;
mod decision;
mod duration;
mod field;
pub mod format;
mod header;
pub mod json;
mod line;
mod number;
mod outage;
mod record;
pub mod recorder;
mod reflector;
pub mod replay;
mod rest;
mod scenario;
#[cfg(feature = "schema")]
mod schema;
mod script;
mod served;
mod traffic;
pub mod what_if;

pub use duration::{DurationError, Written, parse_duration};
pub use header::{Description, Graded, Header, HeaderError, Kind, Note, ScheduleSpec, VERSION};
pub use line::{FastLines, LineError, parse_line, parse_record};
pub use number::{LARGEST, UnixNanos};
pub use outage::{Outage, Outages};
pub use record::*;

pub use recorder::Recorder;
pub use reflector::{Judged, Way, tcp_delay};
pub use scenario::{Action, Intervention, Scenario, corrupt};
pub use script::{PacketName, Passage, Script, ScriptError, ScriptProblem, SourceCounts};
pub use served::{ReflectorSpec, ServedSummary, TcpSummary};
pub use table::{Class, FieldType, RecordType};
pub use udping_core::wire::WireName;

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

/// Whether an optional field is left out of its line.
pub(crate) fn is_absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
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
