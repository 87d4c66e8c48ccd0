//! The flags of `udping compare`.

use std::time::Duration;

use clap::Args;

use super::examples;
use super::family::FamilyArgs;
use super::record::RecordArgs;
use super::values::{count, positive_duration, size};
use crate::duration::duration;
use crate::headings::{PROBES, SCHEDULE};
use crate::net::Target;

/// Comparing UDP and TCP.
#[derive(Debug, Args)]
#[command(next_help_heading = SCHEDULE, after_help = examples::COMPARE)]
pub(crate) struct CompareArgs {
    /// Whom to ask: a name or address.
    ///
    /// With a port if it is not 12000. It should answer over UDP and TCP there, as `udping serve --tcp` does.
    #[arg(value_name = "HOST[:PORT]", help_heading = None)]
    pub(crate) target: Target,
    /// How often to ask, each way; 0 for no end.
    #[arg(short = 'c', long, value_name = "N", default_value_t = 10, value_parser = count, allow_hyphen_values = true)]
    pub(crate) count: u64,
    /// Start a round every TIME.
    ///
    /// Without it each follows the one before.
    #[arg(short, long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) interval: Option<Duration>,
    /// How long an answer may take.
    ///
    /// And still count: over TCP the connecting included.
    #[arg(short = 'W', long, value_name = "TIME", default_value = "1s", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) timeout: Duration,
    /// How much longer a late answer is waited for. [default: the timeout]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    pub(crate) linger: Option<Duration>,
    /// Pad every request to this many bytes.
    ///
    /// One that needs more by itself stays as long as it is.
    #[arg(short, long, help_heading = PROBES, value_name = "BYTES", value_parser = size, allow_hyphen_values = true)]
    pub(crate) size: Option<u32>,
    /// Over TCP, send requests without an end of line.
    ///
    /// A server then takes what has come for the request. Answers count either way.
    #[arg(long, help_heading = PROBES)]
    pub(crate) no_line_end: bool,
    #[command(flatten)]
    pub(crate) family: FamilyArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}
