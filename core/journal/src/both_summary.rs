//! What both ends of a session say of it, as a journal has it.
//!
//! Owns no rule: what follows from the records is for [`both`](crate::both).

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::clocks::Bounds;

/// The other end of a merged journal: what is known of the journal that was kept there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FarEnd {
    /// The program that wrote it.
    pub tool: String,
    /// Nothing is missing in it. Otherwise a probe that it does not name may have come.
    pub complete: bool,
}

/// Where a probe, or the reply to it, was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LossPlace {
    /// On the way to the server, which never saw it.
    Request,
    /// At the server, which did not answer it.
    Server,
    /// On the way back.
    Reply,
}

/// What both ends together say of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BothSummary {
    /// Probes of which the server's journal says something.
    pub reached: u64,
    /// Lost probes that never reached the server.
    pub lost_requests: u64,
    /// Lost probes that the server did not answer.
    pub unanswered: u64,
    /// Lost probes whose reply was lost on the way back.
    pub lost_replies: u64,
    /// Lost probes of which that is not known.
    pub lost_somewhere: u64,
    /// By how much the server's clock was ahead when the first probe went out. Absent where
    /// no exchange says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_offset_ns: Option<Bounds>,
    /// The same when the last one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_offset_ns: Option<Bounds>,
    /// How much faster the server's clock ran, in parts per billion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift_ppb: Option<Bounds>,
}
