//! `udping view` in a command that was built without the page.

use crate::ExitStatus;
use crate::cli::ViewArgs;
use crate::i18n::say;

pub(crate) fn run(args: &ViewArgs) -> anyhow::Result<ExitStatus> {
    let file = args
        .file
        .as_ref()
        .map_or_else(String::new, |file| format!(" {}", file.display()));
    anyhow::bail!(say::ViewAbsent { file })
}
