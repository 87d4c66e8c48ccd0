//! The flags of `udping path`.

use std::ffi::OsString;

use clap::Args;

use super::examples;
use super::impairments::{ImpairmentArgs, ScriptArgs};
use crate::headings::ANSWERS;

/// Running a command on a path of its own.
#[derive(Debug, Args)]
#[command(after_help = examples::PATH)]
pub(crate) struct PathArgs {
    /// What to run, with its arguments; {host} is the server's address.
    ///
    /// That is 10.0.0.2; over IPv6 there is `fd00::2`.
    #[arg(value_name = "COMMAND", help_heading = None, required = true, trailing_var_arg = true)]
    pub(crate) command: Vec<OsString>,
    /// What runs at the far end, as the shell reads it.
    ///
    /// By default `udping serve --tcp`, on port 12000, without limits.
    #[arg(long, help_heading = ANSWERS, value_name = "COMMAND")]
    pub(crate) server: Option<String>,
    /// Show what the server prints, on standard error.
    ///
    /// What another server than the default one prints is always shown.
    #[arg(short, long, help_heading = ANSWERS)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) impairments: ImpairmentArgs,
    #[command(flatten)]
    pub(crate) script: ScriptArgs,
}
