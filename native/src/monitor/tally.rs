//! What one target's line shows: counts, and how long replies took.

use std::time::Duration;

use udping_core::event::{Event, Outcome, Output};

/// The running counts of one target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) sent: u64,
    pub(crate) replied: u64,
    pub(crate) lost: u64,
    pub(crate) refused: u64,
    /// Taken back, so not among those that were sent.
    pub(crate) unsent: u64,
    pub(crate) late: u64,
    pub(crate) duplicates: u64,
    pub(crate) ignored: u64,
    /// Of all that were replied.
    pub(crate) rtt_sum: Duration,
    pub(crate) shortest: Option<Duration>,
    pub(crate) longest: Duration,
}

impl Tally {
    pub(crate) fn output(&mut self, output: &Output) {
        match output {
            Output::Send(_) => self.sent += 1,
            Output::Event(Event::Lost { .. }) => self.lost += 1,
            Output::Event(Event::Missed { .. }) | Output::Wait(_) | Output::Done => {}
        }
    }

    pub(crate) fn outcome(&mut self, outcome: &Outcome) {
        match *outcome {
            Outcome::Replied { rtt, .. } => {
                self.replied += 1;
                self.rtt_sum = self.rtt_sum.saturating_add(rtt);
                self.shortest = Some(self.shortest.map_or(rtt, |it| it.min(rtt)));
                self.longest = self.longest.max(rtt);
            }
            Outcome::Late { newly_lost, .. } => {
                if newly_lost {
                    self.lost += 1;
                }
                self.late += 1;
            }
            Outcome::Duplicate { .. } => self.duplicates += 1,
            Outcome::Refused { .. } => self.refused += 1,
            Outcome::Unsent { .. } => {
                self.sent -= 1;
                self.unsent += 1;
            }
            Outcome::KernelRtt { .. } => {}
            Outcome::Ignored(_) => self.ignored += 1,
        }
    }

    /// Probes that went out and whose fate is known.
    pub(crate) const fn settled(&self) -> u64 {
        self.replied + self.lost + self.refused
    }

    /// The mean of the RTTs.
    pub(crate) fn mean(&self) -> Option<Duration> {
        let replied = u128::from(self.replied);
        let mean = self.rtt_sum.as_nanos().checked_div(replied)?;
        u64::try_from(mean).ok().map(Duration::from_nanos)
    }
}
