//! The flags about what `serve` gives up before it answers anybody.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Confinement (Linux)")]
pub(crate) struct ConfineArgs {
    /// Once the port is open, be this user and no longer root: a name or a number. By
    /// default root becomes nobody.
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Do without the sandbox, in which no file, socket or program can be opened once the
    /// port is.
    #[arg(long)]
    pub(crate) no_sandbox: bool,
}
