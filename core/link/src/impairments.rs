//! What a link is like. Owns the impairments' vocabulary and permitted ranges;
//! what they do to a packet is the parent module's business.

#[cfg(feature = "serde")]
pub(crate) mod json;

use core::{fmt, time::Duration};

use super::Rate;

/// What one direction of a path does to packets. The default is a perfect link.
///
/// Written as JSON, durations are whole nanoseconds, rates whole parts per million,
/// and what equals the default is left out. Reading refuses what
/// [`Impairments::validate`] refuses, and any field it does not know: a run under
/// half-understood impairments would be another run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(remote = "Self", default, deny_unknown_fields)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(!remote))]
pub struct Impairments {
    /// Which packets are lost.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "json::is_default"))]
    pub loss: Loss,
    /// The base delay, before jitter.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "delay_ns", with = "json::Nanoseconds")
    )]
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "json::is_default"))]
    pub delay: Duration,
    /// How packets' delays differ.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "json::is_default"))]
    pub jitter: Jitter,
    /// How often a packet arrives twice.
    #[cfg_attr(feature = "serde", serde(rename = "duplicate_ppm"))]
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "json::is_default"))]
    pub duplicate: Rate,
    /// How often a packet is held back, and for how long.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "json::is_default"))]
    pub reorder: Reorder,
    /// How often a packet's bytes are damaged.
    #[cfg_attr(feature = "serde", serde(rename = "corrupt_ppm"))]
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "json::is_default"))]
    pub corrupt: Rate,
}

/// Which packets are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Loss {
    /// Each packet on its own.
    #[cfg_attr(feature = "serde", serde(rename = "independent_ppm"))]
    Independent(Rate),
    /// In bursts: a link that is now Good, now Bad, and moves at each packet. Gilbert,
    /// "Capacity of a burst-noise channel", 1960; Elliott, "Estimates of error rates
    /// for codes on burst-noise channels", 1963.
    ///
    /// It is Bad for `enter_bad / (enter_bad + leave_bad)` of the packets, and for
    /// `1 / leave_bad` of them at a stretch on average.
    Bursty {
        /// How often the link turns Bad after a packet in Good.
        #[cfg_attr(feature = "serde", serde(rename = "enter_bad_ppm"))]
        enter_bad: Rate,
        /// How often the link turns Good after a packet in Bad.
        #[cfg_attr(feature = "serde", serde(rename = "leave_bad_ppm"))]
        leave_bad: Rate,
        /// How often a packet is lost in Bad.
        #[cfg_attr(feature = "serde", serde(rename = "loss_in_bad_ppm"))]
        loss_in_bad: Rate,
        /// How often a packet is lost in Good.
        #[cfg_attr(feature = "serde", serde(rename = "loss_in_good_ppm", default))]
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "json::is_default"))]
        loss_in_good: Rate,
    },
}

impl Default for Loss {
    fn default() -> Self {
        Self::Independent(Rate::NEVER)
    }
}

/// How packets' delays differ from the base delay. A delay never falls below 0, and a
/// deviation never exceeds [`Impairments::MAX_DELAY`]; where that cuts a distribution,
/// its mean and σ are no longer the ones asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Jitter {
    /// They don't.
    #[default]
    None,
    /// Evenly spread around the base delay.
    Uniform {
        /// The greatest deviation to either side.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "spread_ns", with = "json::Nanoseconds")
        )]
        spread: Duration,
    },
    /// Bell-shaped around the base delay.
    Normal {
        /// The standard deviation.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "sigma_ns", with = "json::Nanoseconds")
        )]
        sigma: Duration,
    },
    /// Added to the base delay, memoryless: a queue's usual wait.
    Exponential {
        /// The mean of what is added, which is also its standard deviation.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "mean_ns", with = "json::Nanoseconds")
        )]
        mean: Duration,
    },
    /// Added to the base delay, with a long tail: mostly little, now and then a lot.
    LogNormal {
        /// The mean of what is added. Zero adds nothing, whatever `sigma`.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "mean_ns", with = "json::Nanoseconds")
        )]
        mean: Duration,
        /// The standard deviation of what is added, not of its logarithm.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "sigma_ns", with = "json::Nanoseconds")
        )]
        sigma: Duration,
    },
}

/// Packets held back so that later ones overtake them. (Jitter wider than the gap
/// between packets reorders them too.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reorder {
    /// How often a packet is held back.
    #[cfg_attr(feature = "serde", serde(rename = "rate_ppm"))]
    pub rate: Rate,
    /// For how long, on top of its delay.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "extra_ns", with = "json::Nanoseconds")
    )]
    pub extra: Duration,
}

impl Reorder {
    /// How long a packet is held back where nobody says how long.
    pub const EXTRA: Duration = Duration::from_millis(50);
}

impl Impairments {
    /// The longest duration that a condition may have: one hour.
    pub const MAX_DELAY: Duration = Duration::from_hours(1);

    /// The least that a bursty link's `enter_bad` and `leave_bad` may add up to, in
    /// parts per million. Slower links would need too long a look back for a packet's
    /// state to be found without remembering any.
    pub const MIN_TRANSITIONS_PPM: u32 = 1_000;

    /// Checks every range.
    ///
    /// # Errors
    /// [`ImpairmentsError`] names the first field out of its range, and the range.
    pub const fn validate(&self) -> Result<(), ImpairmentsError> {
        if let Loss::Bursty {
            enter_bad,
            leave_bad,
            ..
        } = self.loss
        {
            let sum_ppm = enter_bad.ppm() + leave_bad.ppm();
            if sum_ppm < Self::MIN_TRANSITIONS_PPM || sum_ppm > Rate::ALWAYS.ppm() {
                return Err(ImpairmentsError::Transitions { sum_ppm });
            }
        }
        let durations = [
            ("delay", self.delay),
            ("reorder.extra", self.reorder.extra),
            match self.jitter {
                Jitter::None => ("jitter", Duration::ZERO),
                Jitter::Uniform { spread } => ("jitter.spread", spread),
                Jitter::Normal { sigma } | Jitter::LogNormal { sigma, .. } => {
                    ("jitter.sigma", sigma)
                }
                Jitter::Exponential { mean } => ("jitter.mean", mean),
            },
            match self.jitter {
                Jitter::LogNormal { mean, .. } => ("jitter.mean", mean),
                _ => ("jitter", Duration::ZERO),
            },
        ];
        let mut i = 0;
        while i < durations.len() {
            let (field, given) = durations[i];
            if given.as_nanos() > Self::MAX_DELAY.as_nanos() {
                return Err(ImpairmentsError::TooLong { field, given });
            }
            i += 1;
        }
        Ok(())
    }
}

/// A condition out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImpairmentsError {
    /// A duration is above [`Impairments::MAX_DELAY`].
    TooLong {
        /// Which, such as `jitter.sigma`.
        field: &'static str,
        /// What it was.
        given: Duration,
    },
    /// A bursty link's `enter_bad` and `leave_bad` add up to less than
    /// [`Impairments::MIN_TRANSITIONS_PPM`] or to more than 100 %.
    Transitions {
        /// What they add up to, in parts per million.
        sum_ppm: u32,
    },
}

impl fmt::Display for ImpairmentsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { field, given } => {
                write!(
                    f,
                    "{field} is {given:?}: it must be from 0 to {:?}",
                    Impairments::MAX_DELAY
                )
            }
            Self::Transitions { sum_ppm } => write!(
                f,
                "loss.bursty.enter_bad and leave_bad add up to {sum_ppm} ppm: \
                 together they must be from {} to {} ppm",
                Impairments::MIN_TRANSITIONS_PPM,
                Rate::ALWAYS.ppm(),
            ),
        }
    }
}

impl core::error::Error for ImpairmentsError {}
