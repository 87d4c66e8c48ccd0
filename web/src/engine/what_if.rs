//! A recorded session under another timeout, decided again by the core.

use std::time::Duration;

use udping_core::replay::ReplayError;
use udping_core::stats::Summary;
use udping_core::what_if::{Answer, Fate, Tally};

use super::log::Mark;
use super::run::Run;

/// What another timeout would have meant.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// That timeout.
    pub timeout_ns: u64,
    /// The figures under it; what is unknown counts as lost there.
    pub summary: Summary,
    /// How many fared how, as recorded.
    pub recorded: Tally,
    /// The same under the other timeout.
    pub decided: Tally,
    answer: Answer,
    changes: usize,
}

impl WhatIf {
    /// Asks the core. It goes through the whole journal again: some tenths of a second
    /// for a million probes.
    ///
    /// # Errors
    /// [`ReplayError`] if no client accepts that timeout.
    pub fn ask(run: &Run, timeout_ns: u64) -> Result<Self, ReplayError> {
        let timeout = Duration::from_nanos(timeout_ns);
        let mut what_if = udping_core::what_if::WhatIf::new(run.header(), timeout)?;
        // Only a simulated run could fail, and this one has been simulated before.
        let walked = run.each_record(|record| what_if.feed(record));
        debug_assert!(walked.is_ok(), "{walked:?}");
        let answer = what_if.finish();
        Ok(Self {
            timeout_ns,
            summary: answer.summary,
            recorded: answer.recorded(),
            decided: answer.decided(),
            changes: answer.changes().count(),
            answer,
        })
    }

    /// How the probe at `index` would have fared, if that is another outcome.
    #[must_use]
    pub fn changed(&self, index: usize) -> Option<Mark> {
        // The core numbers the probes anew, in the order in which they were sent.
        let (recorded, decided) = self.answer.fates(index as u64 + 1)?;
        (recorded != decided).then_some(mark(decided))
    }

    /// How many fare otherwise.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes
    }
}

fn mark(fate: Fate) -> Mark {
    match fate {
        Fate::InFlight => Mark::InFlight,
        Fate::Replied => Mark::Replied,
        Fate::Lost => Mark::Lost,
        Fate::Late => Mark::Late,
        Fate::Refused => Mark::Refused,
        Fate::Unsent => Mark::Unsent,
        _ => Mark::Unknown,
    }
}
