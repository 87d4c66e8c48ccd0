//! A recorded session under another timeout, decided again by the core.
//!
//! Owns how the answer is kept, a mark a probe. What can be known of it is the journal's rule.

mod decided;
mod steps;
#[cfg(test)]
mod tests;
mod timeouts;

pub use steps::Steps;
pub use timeouts::{Changed, Timeouts, round_up, rounded, stepped};

use std::time::Duration;

use udping_core::stats::Summary;
use udping_journal::replay::ReplayError;
use udping_journal::what_if::{FateCounts, ProbeFate};

use super::log::Symbol;
use super::run::Run;

/// What another timeout would have meant.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// That timeout.
    pub timeout_ns: u64,
    /// The figures under it; what is unknown counts as lost there.
    pub summary: Summary,
    /// How many fared how, as recorded.
    pub recorded: FateCounts,
    /// The same under the other timeout.
    pub decided: FateCounts,
    /// By probe: the mark it would have, or [`SAME`].
    changed: Vec<u8>,
    changes: usize,
}

/// As recorded.
const SAME: u8 = u8::MAX;

impl WhatIf {
    /// Asks the core. It goes through the whole journal again: some tenths of a second
    /// for a million probes.
    ///
    /// # Errors
    /// [`ReplayError`] if no client accepts that timeout.
    pub fn ask(run: &Run, timeout_ns: u64) -> Result<Self, ReplayError> {
        let timeout = Duration::from_nanos(timeout_ns);
        let mut what_if = udping_journal::what_if::WhatIf::new(run.header(), timeout)?;
        // Only a simulated run could fail, and this one has been simulated before.
        let walked = run.each_record(|record| what_if.feed(record));
        debug_assert!(walked.is_ok(), "{walked:?}");
        let answer = what_if.finish();
        // The core numbers the probes again, in the order in which they were sent.
        let changed = (1..=run.probes() as u64).map(|number| match answer.fates(number) {
            Some((recorded, decided)) if recorded != decided => symbol(decided) as u8,
            _ => SAME,
        });
        let changed: Vec<u8> = changed.collect();
        Ok(Self {
            timeout_ns,
            summary: answer.summary,
            recorded: answer.recorded(),
            decided: answer.decided(),
            changes: changed.iter().filter(|byte| **byte != SAME).count(),
            changed,
        })
    }

    /// How the probe at `index` would have fared, if that is another outcome.
    #[must_use]
    pub fn changed(&self, index: usize) -> Option<Symbol> {
        self.changed.get(index).copied().and_then(Symbol::from_byte)
    }

    /// How many fare otherwise.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes
    }
}

fn symbol(fate: ProbeFate) -> Symbol {
    match fate {
        ProbeFate::InFlight => Symbol::InFlight,
        ProbeFate::Replied => Symbol::Replied,
        ProbeFate::Lost => Symbol::Lost,
        ProbeFate::Late => Symbol::Late,
        ProbeFate::Refused => Symbol::Refused,
        ProbeFate::Unsent => Symbol::Unsent,
        ProbeFate::Unknown => Symbol::Unknown,
    }
}
