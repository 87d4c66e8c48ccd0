//! The flags about what a service gives up before it answers or measures.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Confinement (Linux)")]
pub(crate) struct ConfineArgs {
    /// User to become once all ports are open.
    ///
    /// A name or a number. By default root becomes nobody.
    #[arg(long, hide_short_help = true, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Run without the sandbox.
    ///
    /// In it no program can be started, and only that opened which the task takes: to answer,
    /// nothing.
    #[arg(long, hide_short_help = true)]
    pub(crate) no_sandbox: bool,
}
