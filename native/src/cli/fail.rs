//! The flag for conditions that end a run with an exit status of their own.

use clap::Args;

use super::headings::OUTPUT;
use crate::fail::FailCondition;

#[derive(Debug, Args)]
pub(crate) struct FailArgs {
    /// End with exit status 3 if this holds, as 'loss>5%'.
    ///
    /// The figures are the summary's, as 'p95>200ms'. Can be given several times: then any of
    /// them will do.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_name = "CONDITION")]
    pub(crate) fail: Vec<FailCondition>,
}
