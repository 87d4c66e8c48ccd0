//! `udping path` where there are no network namespaces.

use crate::ExitStatus;
use crate::cli::PathArgs;
use crate::i18n::say;

/// Whether this process is on such a path.
pub(crate) const fn is_here() -> bool {
    false
}

pub(crate) fn run(_: &PathArgs) -> anyhow::Result<ExitStatus> {
    anyhow::bail!("{}\n{}", say::ELSEWHERE_NO_PATH, say::PATH_INSTEAD)
}
