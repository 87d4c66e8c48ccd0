//! `udping monitor` where there is no `recvmmsg` and no error queue.

use crate::ExitStatus;
use crate::cli::{MonitorArgs, PingArgs};
use crate::i18n::say;

pub(crate) fn ping(_: &PingArgs) -> anyhow::Result<ExitStatus> {
    anyhow::bail!(say::ELSEWHERE_NO_MONITOR)
}

pub(crate) fn run(_: &MonitorArgs) -> anyhow::Result<ExitStatus> {
    anyhow::bail!(say::ELSEWHERE_NO_MONITOR)
}
