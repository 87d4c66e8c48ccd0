//! `udping view` and `--view` in a command that was built without the page.

use crate::ExitStatus;
use crate::cli::{RecordArgs, ViewArgs};
use crate::i18n::say;
use crate::journal::Sink;
use crate::signals::Signals;

pub(crate) fn run(args: &ViewArgs) -> anyhow::Result<ExitStatus> {
    anyhow::ensure!(args.follow.is_none(), say::VIEW_FLAG_ABSENT);
    let file = args
        .file
        .as_ref()
        .map_or_else(String::new, |file| format!(" {}", file.display()));
    anyhow::bail!(say::ViewAbsent { file })
}

/// What `--view` opens; there is none.
pub(crate) enum LiveLab {}

impl LiveLab {
    pub(crate) fn open(_: &RecordArgs, _: &mut Vec<Sink>, _: bool) -> anyhow::Result<Self> {
        anyhow::bail!(say::VIEW_FLAG_ABSENT)
    }

    pub(crate) fn stay(self, _: &Signals) {
        match self {}
    }
}

/// What the page of a monitor's targets asks; there is none.
#[cfg(target_os = "linux")]
pub(crate) trait Targets: Send + Sync {
    #[expect(dead_code, reason = "nobody asks")]
    fn rows(&self) -> Vec<crate::row::Row>;

    #[expect(dead_code, reason = "nobody asks")]
    fn follow(&self, name: &str, file: std::path::PathBuf) -> bool;
}

/// What `udping monitor --view` opens; there is none.
#[cfg(target_os = "linux")]
pub(crate) enum FleetLab {}

#[cfg(target_os = "linux")]
impl FleetLab {
    pub(crate) fn open(_: Box<dyn Targets>, _: bool) -> anyhow::Result<Self> {
        anyhow::bail!(say::VIEW_FLAG_ABSENT)
    }
}
