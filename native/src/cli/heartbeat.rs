//! The flags of `udping heartbeat`.

use std::time::Duration;

use clap::Args;

use super::examples;
use super::family::FamilyArgs;
use super::record::RecordArgs;
use super::values::{count, positive_duration, size};
use crate::headings::{PROBES, SCHEDULE};
use crate::net::Target;

/// Sending heartbeats.
#[derive(Debug, Args)]
#[command(next_help_heading = SCHEDULE, after_help = examples::HEARTBEAT)]
pub(crate) struct HeartbeatArgs {
    /// Whom to send to: a name or address.
    ///
    /// With a port if it is not 12000.
    #[arg(value_name = "HOST[:PORT]", help_heading = None)]
    pub(crate) target: Target,
    /// How many heartbeats to send; 0 for no end.
    #[arg(short = 'c', long, value_name = "N", default_value_t = 0, value_parser = count, allow_hyphen_values = true)]
    pub(crate) count: u64,
    /// Send one every TIME.
    #[arg(short, long, value_name = "TIME", default_value = "1s", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) interval: Duration,
    /// End after this time.
    #[arg(short = 'w', long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) deadline: Option<Duration>,
    /// Pad every heartbeat to this many bytes.
    ///
    /// One that needs more by itself stays as long as it is.
    #[arg(short, long, help_heading = PROBES, value_name = "BYTES", value_parser = size, allow_hyphen_values = true)]
    pub(crate) size: Option<u32>,
    /// Send heartbeats as this template says.
    ///
    /// As 'Heartbeat {seq} {time}': see `udping wires`. [default: '{seq} {time}', with six
    /// decimals]
    #[arg(long, help_heading = PROBES, value_name = "TEMPLATE", conflicts_with = "size", allow_hyphen_values = true)]
    pub(crate) request: Option<String>,
    #[command(flatten)]
    pub(crate) family: FamilyArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}
