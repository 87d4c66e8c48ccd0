//! `udping monitor` where there is no `recvmmsg` and no error queue.

use crate::ExitStatus;
use crate::cli::MonitorArgs;
use crate::i18n::say;

pub(crate) fn run(_: &MonitorArgs) -> anyhow::Result<ExitStatus> {
    anyhow::bail!(say::ELSEWHERE_NO_MONITOR)
}
