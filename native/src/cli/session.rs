//! The flags that configure a session, real or simulated.
//!
//! Owns how they become the core's configuration, which says what it does not accept.

use std::num::NonZeroU64;
use std::time::Duration;

use clap::{Args, ValueEnum};
use udping_core::{Config, ConfigError, Schedule};

use super::values::{count, positive_duration, size, window};
use crate::duration::duration;
use crate::headings::{PROBES, SCHEDULE};

/// How many probes are sent if nobody says.
const COUNT: u64 = 10;

/// How many probes -f keeps in flight if nobody says.
const FLOOD: u32 = 32;

#[derive(Debug, Args)]
#[command(next_help_heading = SCHEDULE)]
pub(crate) struct SessionArgs {
    /// How many probes to send; 0 for no end. [default: 10]
    #[arg(short = 'c', long, value_name = "N", value_parser = count, allow_hyphen_values = true)]
    pub(crate) count: Option<u64>,
    /// Send one every TIME, whether replies come or not.
    ///
    /// Without it each probe waits for the previous one's reply or timeout. A probe that
    /// cannot go out on time is missed, and counted.
    #[arg(short, long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true, conflicts_with = "flood")]
    pub(crate) interval: Option<Duration>,
    /// Send the next probe as soon as a reply comes.
    ///
    /// Adaptive, and never later than the timeout: what is done without -i, but not by
    /// --tui.
    #[arg(short = 'A', hide_short_help = true, conflicts_with_all = ["interval", "flood"])]
    pub(crate) adaptive: bool,
    /// How long a reply may take and still count.
    #[arg(short = 'W', long, value_name = "TIME", default_value = "1s", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) timeout: Duration,
    /// How much longer a late reply is recognised. [default: the timeout]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    pub(crate) linger: Option<Duration>,
    /// Send as fast as replies come.
    ///
    /// With 32 probes in flight, or as many as -l says, and without a line for each reply.
    #[arg(short = 'f', long)]
    pub(crate) flood: bool,
    /// Keep N probes in flight. [default: 1, with -f 32]
    ///
    /// N go out at once, then one for each that is replied or lost: ping's preload, where
    /// replies set the pace.
    #[arg(short = 'l', long, hide_short_help = true, value_name = "N", conflicts_with = "interval", value_parser = window, allow_hyphen_values = true)]
    pub(crate) window: Option<u32>,
    /// Pad every probe to this many bytes.
    ///
    /// One that needs more by itself stays as long as it is: a text probe has 27 bytes or
    /// more, a STAMP probe 44, or from 64 on.
    #[arg(short, long, help_heading = PROBES, value_name = "BYTES", value_parser = size, allow_hyphen_values = true)]
    pub(crate) size: Option<u32>,
    /// Which replies to credit.
    #[arg(long = "match", help_heading = PROBES, hide_short_help = true, value_enum, default_value_t)]
    pub(crate) matching: MatchArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum MatchArg {
    /// Replies with a sequence number.
    #[default]
    Seq,
    /// Any reply, whatever it says, one probe at a time.
    Any,
}

impl SessionArgs {
    /// The session, whose timestamps are its caller's to say.
    pub(crate) fn config(&self) -> Result<Config, ConfigError> {
        let schedule = match (self.interval, self.window, self.flood) {
            (Some(interval), ..) => Schedule::Paced { interval },
            (None, None, true) => Schedule::Window { size: FLOOD },
            (None, Some(size), flood) if flood || size > 1 => Schedule::Window { size },
            (None, ..) => Schedule::StopAndWait {
                gap: Duration::ZERO,
            },
        };
        Config::builder()
            .schedule(schedule)
            .count(self.count())
            .timeout(self.timeout)
            .late_window(self.linger.unwrap_or(self.timeout))
            .accept_unnumbered(self.credits_any())
            .build()
    }

    /// How many probes are sent; `None` for no end.
    pub(crate) fn count(&self) -> Option<NonZeroU64> {
        NonZeroU64::new(self.count.unwrap_or(COUNT))
    }

    /// Whether any reply is credited.
    pub(crate) fn credits_any(&self) -> bool {
        self.matching == MatchArg::Any
    }

    /// Bytes a probe is padded to; 0 for none.
    pub(crate) fn padding(&self) -> anyhow::Result<usize> {
        Ok(usize::try_from(self.size.unwrap_or(0))?)
    }
}
