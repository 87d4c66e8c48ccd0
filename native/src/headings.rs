//! The groups in which the help lists flags, by what people want.

/// When probes go out, and when a run ends.
pub(crate) const SCHEDULE: &str = "Schedule";
/// What a probe is, where it comes from, and how it travels.
pub(crate) const PROBES: &str = "Probes";
/// What is printed and recorded.
pub(crate) const OUTPUT: &str = "Output and journal";
/// What a reflector does.
pub(crate) const ANSWERS: &str = "Answers";
/// What happens to packets on the way.
pub(crate) const IMPAIRMENTS: &str =
    "Impairments (one value for the way back, or two as REQUEST,REPLY)";
/// Whom a reflector answers, and how often.
pub(crate) const LIMITS: &str = "Limits";
/// What a reflector does in place of answering.
pub(crate) const HEARTBEATS: &str = "Heartbeats (with --heartbeat)";
/// What every command has.
pub(crate) const GENERAL: &str = "General";
