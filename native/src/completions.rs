//! `udping completions`: what a shell needs to complete the command's flags.

use std::io::{self, Write as _};

use anyhow::Context as _;

use crate::ExitStatus;
use crate::cli::{CompletionsArgs, grammar};
use crate::i18n::say;

pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut grammar(), "udping", &mut script);
    io::stdout()
        .write_all(&script)
        .context(say::STDOUT_FAILED)?;
    Ok(ExitStatus::Success)
}
