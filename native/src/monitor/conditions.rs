//! When something happens to a target that is worth a journal of its last minutes.
//!
//! Owns that each condition says so once, as it begins to hold. Knows nothing of journals.

use std::time::Duration;

use udping_core::time::ClientTime;
use udping_link::Rate;

use super::figures::Figures;
use crate::i18n::{Message, say};

/// How long nothing more is said after that: what comes then is mostly in the same minutes.
const PAUSE: Duration = Duration::from_mins(1);

/// How many settled probes a loss is a share of, at the least.
const ENOUGH: u8 = 20;

/// What is worth it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conditions {
    /// An outage begins.
    pub(crate) outage: bool,
    /// The loss of the last 64 settled probes rises above this.
    pub(crate) loss: Option<Rate>,
    /// The smoothed RTT rises above this.
    pub(crate) rtt: Option<Duration>,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            outage: true,
            loss: None,
            rtt: None,
        }
    }
}

/// Why an excerpt is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Outage,
    Loss,
    Rtt,
    /// Somebody asked for it.
    Asked,
}

impl Cause {
    /// As people read it.
    pub(crate) const fn text(self) -> Message {
        match self {
            Self::Outage => say::EXCERPT_OUTAGE,
            Self::Loss => say::EXCERPT_LOSS,
            Self::Rtt => say::EXCERPT_RTT,
            Self::Asked => say::EXCERPT_ASKED,
        }
    }
}

/// Which of a target's conditions hold.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Watch {
    holds: [bool; 3],
    /// Nothing is said before.
    quiet_until: ClientTime,
}

impl Watch {
    /// The condition that holds at `now` and did not before, if there is one.
    pub(crate) fn look(
        &mut self,
        now: ClientTime,
        conditions: &Conditions,
        figures: &Figures,
    ) -> Option<Cause> {
        let (recent, loss) = figures.recent_loss();
        let most = |rate: Rate| f64::from(rate.ppm()) / 1e6;
        let holds = [
            conditions.outage && figures.outages().1,
            recent >= ENOUGH && conditions.loss.is_some_and(|it| loss > most(it)),
            conditions.rtt.is_some() && figures.smoothed_rtt() > conditions.rtt,
        ];
        let before = std::mem::replace(&mut self.holds, holds);
        let causes = [Cause::Outage, Cause::Loss, Cause::Rtt].into_iter();
        let begun = causes
            .zip(holds.into_iter().zip(before))
            .find_map(|(cause, (holds, held))| (holds && !held).then_some(cause))?;
        if now < self.quiet_until {
            return None;
        }
        self.quiet_until = now.saturating_add(PAUSE);
        Some(begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second a probe: the RTT of each in milliseconds, or none; and what was said of them.
    fn said(conditions: &Conditions, rtts: &[Option<u64>]) -> Vec<(u64, Cause)> {
        let (mut figures, mut watch) = (Figures::new(false), Watch::default());
        let mut said = Vec::new();
        for (seq, rtt) in (1..).zip(rtts) {
            let at = ClientTime::from_nanos(seq * 1_000_000_000);
            figures.settle_one(seq, rtt.map(Duration::from_millis));
            said.extend(watch.look(at, conditions, &figures).map(|it| (seq, it)));
        }
        said
    }

    #[test]
    fn each_condition_says_so_once_as_it_begins_to_hold() {
        let outage = Conditions::default();
        let mut rtts = [Some(1); 200];
        rtts[10..15].fill(None);
        assert_eq!(said(&outage, &rtts), [(12, Cause::Outage)]);
        // Within a minute it is the same story, and after it another one.
        rtts[40..45].fill(None);
        rtts[100..105].fill(None);
        let both = [(12, Cause::Outage), (102, Cause::Outage)];
        assert_eq!(said(&outage, &rtts), both);
        let none = Conditions {
            outage: false,
            ..outage
        };
        assert_eq!(said(&none, &rtts), []);
    }

    #[test]
    fn loss_and_delay_count_above_what_the_configuration_says() {
        let loss = Conditions {
            outage: false,
            loss: "10%".parse().ok(),
            rtt: Some(Duration::from_millis(50)),
        };
        let mut rtts = [Some(1); 90];
        // The first of few says nothing; of sixty-four, the seventh is more than 10 %.
        rtts[0] = None;
        for lost in 0..8 {
            rtts[70 + 2 * lost] = None;
        }
        assert_eq!(said(&loss, &rtts), [(83, Cause::Loss)]);
        let mut rtts = [Some(1); 90];
        rtts[30..].fill(Some(100));
        let (seq, cause) = said(&loss, &rtts)[0];
        assert_eq!(cause, Cause::Rtt);
        assert!((33..40).contains(&seq), "smoothed, it takes some: {seq}");
    }
}
