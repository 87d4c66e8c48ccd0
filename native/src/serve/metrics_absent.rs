//! No counters for Prometheus: there is a server for them on Linux only.

use std::sync::{Arc, Mutex};

use super::counts::ServiceCounts;
use crate::cli::MetricsArgs;
use crate::i18n::say;

/// No server.
pub(super) struct Absent;

/// # Errors
/// They are asked for.
pub(super) fn listen(args: &MetricsArgs) -> anyhow::Result<Absent> {
    anyhow::ensure!(args.metrics.is_none(), say::ELSEWHERE_NO_METRICS);
    Ok(Absent)
}

#[expect(clippy::unnecessary_wraps, reason = "elsewhere there may be no thread")]
pub(super) fn start(
    absent: Absent,
    _: impl Iterator<Item = Arc<Mutex<ServiceCounts>>>,
) -> anyhow::Result<Absent> {
    Ok(absent)
}

pub(super) fn check(_: &Absent) {}
