//! The flag for conditions that end a run with an exit status of their own.

use clap::Args;

use super::headings::OUTPUT;
use crate::fail::FailCondition;

#[derive(Debug, Args)]
pub(crate) struct FailArgs {
    /// End with exit status 3 if this holds for the figures, as 'loss>5%' or 'p95>200ms';
    /// can be given several times.
    #[arg(long, help_heading = OUTPUT, value_name = "CONDITION")]
    pub(crate) fail: Vec<FailCondition>,
}
