//! A recorded session under another timeout, decided again by the core.

use udping_core::replay::ReplayError;
use udping_core::stats::Summary;
use udping_core::what_if::Tally;

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
}

impl WhatIf {
    /// Asks the core.
    ///
    /// # Errors
    /// [`ReplayError`] if no client accepts that timeout.
    pub fn ask(run: &Run, timeout_ns: u64) -> Result<Self, ReplayError> {
        let _ = (run, timeout_ns);
        todo!()
    }

    /// How the probe at `index` would have fared, if that is another outcome.
    #[must_use]
    pub fn changed(&self, index: usize) -> Option<Mark> {
        let _ = index;
        todo!()
    }

    /// How many fare otherwise.
    #[must_use]
    pub fn changes(&self) -> usize {
        todo!()
    }
}
