//! `udping grade` where programs cannot be confined.

use crate::ExitStatus;
use crate::cli::GradeArgs;
use crate::i18n::say;

pub(crate) fn run(_: &GradeArgs) -> anyhow::Result<ExitStatus> {
    anyhow::bail!(say::ELSEWHERE_NO_GRADE)
}
