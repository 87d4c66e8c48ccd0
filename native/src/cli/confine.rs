//! The flags about what `serve` gives up before it answers anybody.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Confinement (Linux)")]
pub(crate) struct ConfineArgs {
    /// User to become once the port is open.
    ///
    /// A name or a number. By default root becomes nobody.
    #[arg(long, hide_short_help = true, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Run without the sandbox.
    ///
    /// In it no file, socket or program can be opened once the port is.
    #[arg(long, hide_short_help = true)]
    pub(crate) no_sandbox: bool,
}
