//! The flag for conditions that end a run with an exit status of their own.

use clap::Args;

use crate::fail::FailCondition;
use crate::headings::OUTPUT;

#[derive(Debug, Args)]
pub(crate) struct FailArgs {
    /// End with exit status 3 if this holds, as 'loss>5%'.
    ///
    /// The figures are the summary's, as 'p95>200ms'. Can be given several times: then any of
    /// them will do.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_name = "CONDITION")]
    pub(crate) fail: Vec<FailCondition>,
}
