//! The flags of `udping monitor`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::confine::ConfineArgs;
use super::examples;
use super::family::FamilyArgs;
use super::metrics::ExportArgs;
use super::values::{file_size, positive_duration, size};
use super::wire::WireArg;
use crate::headings::{OUTPUT, PROBES, SCHEDULE};

/// Monitoring.
#[derive(Debug, Args)]
#[command(next_help_heading = SCHEDULE, after_help = examples::MONITOR)]
pub(crate) struct MonitorArgs {
    /// The configuration, a file whose name ends in .toml; or hosts.
    ///
    /// It is read again on SIGHUP, and when it changes.
    #[arg(value_name = "CONFIG.toml|HOST[:PORT]", help_heading = None, required = true)]
    pub(crate) targets: Vec<String>,
    /// Read the configuration, say what is wrong with it, and end.
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) check: bool,
    /// Send one to each target every TIME.
    ///
    /// This and what follows is what the configuration leaves open.
    #[arg(short, long, value_name = "TIME", default_value = "1s", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) interval: Duration,
    /// How long a reply may take and still count.
    #[arg(short = 'W', long, value_name = "TIME", default_value = "1s", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) timeout: Duration,
    /// End after this time.
    #[arg(short = 'w', long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) deadline: Option<Duration>,
    /// Pad every probe to this many bytes.
    #[arg(short, long, help_heading = PROBES, value_name = "BYTES", value_parser = size, allow_hyphen_values = true)]
    pub(crate) size: Option<u32>,
    /// Format of the probes, by name.
    ///
    /// `udping wires` shows them all.
    #[arg(long, help_heading = PROBES, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) wire: WireArg,
    #[command(flatten)]
    pub(crate) family: FamilyArgs,
    /// Record everything, in journals in this folder.
    ///
    /// One for each session with a target.
    #[arg(long, help_heading = OUTPUT, value_name = "FOLDER")]
    pub(crate) journal: Option<PathBuf>,
    /// Record a target's last minutes, when something happens.
    ///
    /// In this folder: as an outage begins, as loss or RTT rises as the configuration says, and
    /// of all targets on SIGUSR1.
    #[arg(long, help_heading = OUTPUT, value_name = "FOLDER")]
    pub(crate) excerpts: Option<PathBuf>,
    /// Keep at most SIZE of them.
    ///
    /// As 100M or 2G; the oldest give way.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_name = "SIZE", default_value = "1G", value_parser = file_size, requires = "excerpts")]
    pub(crate) excerpts_max: u64,
    /// Show all targets in the browser, live.
    ///
    /// A row each; its name opens the lab on that target. Nothing leaves this machine.
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) view: bool,
    /// With --view, only print the address.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, requires = "view")]
    pub(crate) no_open: bool,
    /// The name of this agent in the groups whose members probe one another.
    ///
    /// By default the member that has an address of this host, which is not probed.
    #[arg(long = "self", help_heading = PROBES, hide_short_help = true, value_name = "NAME")]
    pub(crate) own_name: Option<String>,
    #[command(flatten)]
    pub(crate) confine: ConfineArgs,
    #[command(flatten)]
    pub(crate) export: ExportArgs,
}
