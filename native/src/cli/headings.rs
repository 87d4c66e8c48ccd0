//! The groups in which the help lists flags, by what people want.

/// When probes go out, and when a run ends.
pub(super) const SCHEDULE: &str = "Schedule";
/// What a probe is, where it comes from, and how it travels.
pub(super) const PROBES: &str = "Probes";
/// What is printed and recorded.
pub(super) const OUTPUT: &str = "Output and journal";
/// What a reflector does.
pub(super) const ANSWERS: &str = "Answers";
/// What happens to packets on the way.
pub(super) const IMPAIRMENTS: &str =
    "Impairments (one value for the way back, or two as REQUEST,REPLY)";
/// Whom a reflector answers, and how often.
pub(super) const LIMITS: &str = "Limits";
/// What a reflector does in place of answering.
pub(super) const HEARTBEATS: &str = "Heartbeats (with --heartbeat)";
/// What every command has.
pub(crate) const GENERAL: &str = "General";
