//! The statistics as plain data, ready to print or to put into a journal.
//!
//! Owns the figures' names, units and definitions. What is undefined is absent,
//! never zero. Knows nothing of how the figures come about.

use core::fmt;

use super::buckets::LIMIT;

/// All that is known of a run so far.
///
/// Every probe sent is in exactly one place:
/// `sent = replied + lost + refused + in_flight`. Durations are in nanoseconds
/// and rounded down where they are computed. In JSON the fields keep this order
/// and absent ones are left out; a figure passes 2⁵³, beyond which JavaScript
/// would round it, only with a duration over 104 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Probes that went out.
    pub sent: u64,
    /// Probes answered by their deadline.
    pub replied: u64,
    /// Of the replied, those whose reply did not carry the probe's timestamp back.
    pub unverified: u64,
    /// Of the replied, those whose reply was shorter than its request.
    pub truncated: u64,
    /// Of the replied, those whose reply began with its request and had other padding.
    pub altered: u64,
    /// Probes with no reply by their deadline.
    pub lost: u64,
    /// Of the lost, those whose reply came after all. They stay lost.
    pub late: u64,
    /// Probes that the far end or a router said it could not deliver.
    pub refused: u64,
    /// Probes whose fate is open.
    pub in_flight: u64,
    /// Probes that this host could not send. They are in no other count, and in
    /// [`Summary::loss`].
    pub unsent: u64,
    /// Slots of the schedule that passed without a probe.
    pub missed: u64,
    /// Further copies of replies already credited.
    pub duplicates: u64,
    /// Datagrams credited to no probe.
    pub ignored: u64,
    /// The best known RTTs of the replied probes, each probe's first copy (RFC 2681 §2.4):
    /// the kernel's where both its timestamps are known, and this program's elsewhere. IPDV
    /// and jitter are theirs.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub rtt: Option<Distribution>,
    /// Of these, those that are the kernel's.
    pub kernel_rtts: u64,
    /// RTTs of the same probes by this program's clock, by which everything is decided.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub decided_rtt: Option<Distribution>,
    /// RTTs of the late ones by this program's clock, which are in no other figure of delay.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub late_rtt: Option<Range>,
    /// RTT differences of neighbours in sequence.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub ipdv: Option<Ipdv>,
    /// Interarrival jitter over the replied probes' RTTs, in order of arrival
    /// (RFC 3550 §6.4.1, appendix A.8). Absent with fewer than two.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub jitter_rfc3550_ns: Option<u64>,
    /// Order of arrival. Absent while nothing arrived.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub reordering: Option<Reordering>,
    /// Losses in a row. Absent while nothing was lost or refused.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub loss_runs: Option<LossRuns>,
    /// What this host adds: the RTT by this program's clock less the kernel's, probe by
    /// probe, late ones included.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub host_added: Option<Distribution>,
    /// Kernel timestamps that could not be used.
    pub kernel_rtts_discarded: u64,
    /// How long after its time each probe of a fixed schedule went out. Absent with
    /// any other schedule.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub timer_error: Option<Distribution>,
    /// What the reflector's own times and counts add. Absent where it told none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub reflected: Option<Reflected>,
}

/// What a reflector that tells its times and counts its replies adds to the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reflected {
    /// The time between T2 and T3, which a reply spent in the reflector. Only replies
    /// in which 0 ≤ T3 − T2 ≤ RTT.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub server: Option<Range>,
    /// RTT less that time: the way there and back alone. Of the same replies.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub rtt_net: Option<Range>,
    /// Replies whose T2 and T3 cannot be, since they do not fit into the RTT.
    pub implausible: u64,
    /// Each way by itself, by two clocks.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub one_way: Option<OneWay>,
    /// Losses on each way. Only where the reflector has shown that it counts.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub directions: Option<Directions>,
}

/// Delays one way, as the difference of two clocks (RFC 7679): no better than these
/// agree. Only replies in which 0 ≤ T3 − T2 ≤ RTT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OneWay {
    /// In all of these replies, both ends called their clocks synchronised to UTC. If
    /// not, the delays are off by the clocks' difference; their variation is not.
    pub synchronized: bool,
    /// T2 − T1: the way there.
    pub there: Delays,
    /// T4 − T3: the way back.
    pub back: Delays,
    /// How far the reflector's clock is ahead.
    pub offset: ClockOffset,
}

/// Delays that two clocks tell. Negative ones say that the clocks disagree: none of them is
/// a delay then ([`OneWay::are_delays`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delays {
    /// How many delays.
    pub n: u64,
    /// The least.
    pub min_ns: i64,
    /// The arithmetic mean, rounded towards zero.
    pub mean_ns: i64,
    /// The greatest.
    pub max_ns: i64,
    /// Their differences between neighbours in sequence, which no constant difference
    /// of the clocks changes.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub ipdv: Option<Ipdv>,
}

/// The difference of two clocks, ((T2 − T1) + (T3 − T4)) ÷ 2, from the reply with the
/// least RTT without server time, which leaves the least room (RFC 5905 §8, §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClockOffset {
    /// How far the reflector's clock is ahead of this end's; negative if behind.
    pub ahead_ns: i64,
    /// How far that may be off, whatever the delays each way: half of that RTT.
    pub error_ns: u64,
}

/// Losses by direction, as a reflector that counts its replies lets them be told
/// (RFC 8762 §4.3). Of probes up to the highest that was replied to; what became of
/// later ones nobody can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Directions {
    /// Probes up to that one.
    pub probes: u64,
    /// Probes that the reflector did not answer: lost on the way there, or refused.
    pub lost_there: u64,
    /// Replies that did not come: lost on the way back.
    pub lost_back: u64,
    /// Probes that the network delivered twice, as far as both replies came.
    pub duplicated_there: u64,
}

impl OneWay {
    /// Whether no delay is negative. If one is, the clocks differ by more than a delay, and
    /// none of them is one.
    #[must_use]
    pub const fn are_delays(&self) -> bool {
        self.there.min_ns >= 0 && self.back.min_ns >= 0
    }
}

/// A distribution of durations.
///
/// Number, minimum, mean, maximum and standard deviation are exact. Percentiles and the
/// median are as exact as `percentile_error_ppm` says, and never below the minimum or above
/// the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Distribution {
    /// How many durations.
    pub n: u64,
    /// The least.
    pub min_ns: u64,
    /// The arithmetic mean.
    pub mean_ns: u64,
    /// The middle one, or the mean of the middle two (RFC 2330 §11.3).
    pub median_ns: u64,
    /// The greatest.
    pub max_ns: u64,
    /// The population's standard deviation σ. Absent if the squares' sum
    /// exceeds 128 bits, which an hour's RTT would take 10¹³ replies to do.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub stddev_ns: Option<u64>,
    /// The smallest that at least 50 % of the durations do not exceed
    /// (RFC 2330 §11.3).
    pub p50_ns: u64,
    /// The same with 90 %.
    pub p90_ns: u64,
    /// The same with 95 %.
    pub p95_ns: u64,
    /// The same with 99 %.
    pub p99_ns: u64,
    /// The same with 99.9 %.
    pub p99_9_ns: u64,
    /// By how many millionths of itself a percentile or the median may be off: 0, so all
    /// are exact, while there is room to keep each duration. Where there is not, those of
    /// 2⁴² ns (73 minutes) and more are given as the maximum.
    pub percentile_error_ppm: u32,
}

impl Distribution {
    /// `percentile`, one of the percentiles or the median, to no more digits than are known:
    /// a multiple of a power of ten nanoseconds, which comes second and is 1 where it is
    /// exact. It is never below the minimum or above the maximum: where no number of so few
    /// digits lies between them, it has as many more as one that does needs.
    #[must_use]
    pub fn known(&self, percentile: u64) -> (u64, u64) {
        let mut unit = 1;
        while u128::from(unit) < self.error(percentile)
            && let Some(wider) = 10_u64.checked_mul(unit)
            && self.nearest(percentile, wider).is_some()
        {
            unit = wider;
        }
        (self.nearest(percentile, unit).unwrap_or(percentile), unit)
    }

    /// By how many nanoseconds `percentile` may be off. That it lies at an extreme does not
    /// make it exact: that may be all that its bucket tells.
    fn error(&self, percentile: u64) -> u128 {
        if self.percentile_error_ppm == 0 {
            return 0;
        }
        let least = self.min_ns.min(percentile);
        let to_an_extreme = (percentile - least).max(self.max_ns.saturating_sub(percentile));
        // Those beyond the last bucket's limit can be anything from there on.
        let by_bucket = if percentile >= LIMIT {
            u128::from(percentile)
        } else {
            let error = u128::from(percentile) * u128::from(self.percentile_error_ppm);
            error.div_ceil(1_000_000)
        };
        by_bucket.min(u128::from(to_an_extreme))
    }

    /// The multiple of `unit` that is nearest to `percentile`, of those that are neither below
    /// the minimum nor above the maximum.
    fn nearest(&self, percentile: u64, unit: u64) -> Option<u64> {
        let below = percentile / unit * unit;
        let above = below.saturating_add(unit);
        let inside = |it: &u64| (self.min_ns..=self.max_ns).contains(it);
        [above, below]
            .into_iter()
            .filter(inside)
            .min_by_key(|it| it.abs_diff(percentile))
    }
}

/// The extent of a series of durations. All figures are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Range {
    /// How many durations.
    pub n: u64,
    /// The least.
    pub min_ns: u64,
    /// The arithmetic mean.
    pub mean_ns: u64,
    /// The greatest.
    pub max_ns: u64,
}

/// IP packet delay variation: a probe's RTT less that of the probe numbered
/// one lower, where both were replied in time (RFC 3393, RFC 5481 §4.1).
///
/// The replies of a pair may come in either order, as long as neither is as many
/// numbers behind the highest replied one as there are places for
/// ([`Size::NEIGHBOURS`](super::Size::NEIGHBOURS), 256 in the command); otherwise the
/// pair is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ipdv {
    /// How many pairs.
    pub n: u64,
    /// The mean of the absolute differences.
    pub mean_abs_ns: u64,
    /// The least difference: negative if some RTT was below its predecessor.
    pub min_ns: i64,
    /// The greatest difference.
    pub max_ns: i64,
}

/// Replies that arrived after one to a later probe (RFC 4737). Late replies
/// are included, duplicates are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reordering {
    /// How many replies were overtaken (RFC 4737 §3.3).
    pub reordered: u64,
    /// The greatest extent: how many arrivals before an overtaken reply the
    /// first of its overtakers came (RFC 4737 §4.2). Extents above 64 count
    /// as 64. Absent if none was overtaken.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub max_extent: Option<u64>,
}

/// Probes with consecutive numbers that were all lost or refused.
///
/// They may be given up out of turn: a loss joins the runs beside it if these
/// are among the eight with the highest numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LossRuns {
    /// How many runs.
    pub count: u64,
    /// Probes in the longest.
    pub longest: u64,
    /// Probes in the run that is still going on, which a reply to any later
    /// probe ends; 0 if none is.
    pub current: u64,
}

impl Summary {
    /// Probes that were to be sent, whether this host could send them or not:
    /// `sent + unsent`. What ping calls transmitted.
    #[must_use]
    pub const fn transmitted(&self) -> u64 {
        self.sent.saturating_add(self.unsent)
    }

    /// Probes whose fate is known: `replied + lost + refused`.
    #[must_use]
    pub const fn settled(&self) -> u64 {
        self.replied
            .saturating_add(self.lost)
            .saturating_add(self.refused)
    }

    /// Replies received, late ones included and duplicates not: `replied + late`.
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.replied.saturating_add(self.late)
    }

    /// Packet loss: 1 − replied ÷ (settled + unsent) (RFC 6673; RFC 7680 §4.1). What this
    /// host could not send was asked for and not answered. `None` while there is neither.
    #[must_use]
    pub const fn loss(&self) -> Option<Ratio> {
        let unanswered = self.lost.saturating_add(self.refused);
        loss(unanswered, self.settled(), self.unsent)
    }

    /// Duplicates for each reply received (RFC 5560 §5). `None` while nothing is
    /// received.
    #[must_use]
    pub const fn duplication(&self) -> Option<Ratio> {
        Ratio::new(self.duplicates, self.received())
    }

    /// The share of the replies received that were overtaken (RFC 4737 §3.3).
    /// `None` while nothing is received.
    #[must_use]
    pub const fn reordered(&self) -> Option<Ratio> {
        match self.reordering {
            Some(reordering) => Ratio::new(reordering.reordered, self.received()),
            None => None,
        }
    }
}

/// The share of `unanswered` and `unsent` probes among those `settled` or unsent.
pub(super) const fn loss(unanswered: u64, settled: u64, unsent: u64) -> Option<Ratio> {
    Ratio::new(
        unanswered.saturating_add(unsent),
        settled.saturating_add(unsent),
    )
}

/// An exact fraction of two counts, written as a percentage without its sign.
///
/// Six digits at the most, rounded to the nearest, without an exponent; `0` and `100` only
/// for what is exactly that.
///
/// ```
/// # use udping_core::stats::Ratio;
/// let percent = |part, whole| Ratio::new(part, whole).map(|ratio| ratio.to_string());
/// assert_eq!(percent(3, 10).as_deref(), Some("30"));
/// assert_eq!(percent(1, 3).as_deref(), Some("33.3333"));
/// assert_eq!(percent(1, 3_000_000).as_deref(), Some("0.0000333333"));
/// assert_eq!(percent(2_999_999, 3_000_000).as_deref(), Some("99.9999"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    part: u64,
    whole: u64,
}

impl Ratio {
    /// `part` ÷ `whole`, or `None` if `whole` is zero.
    #[must_use]
    pub const fn new(part: u64, whole: u64) -> Option<Self> {
        if whole == 0 {
            None
        } else {
            Some(Self { part, whole })
        }
    }

    /// The numerator.
    #[must_use]
    pub const fn part(self) -> u64 {
        self.part
    }

    /// The denominator, never zero.
    #[must_use]
    pub const fn whole(self) -> u64 {
        self.whole
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hundredfold, whole) = (u128::from(self.part) * 100, u128::from(self.whole));
        // The decimals that make six digits: 23 for the least percentage, 100 ÷ 2⁶⁴.
        let mut decimals: u32 = match hundredfold / whole {
            0 => (0..=18)
                .find(|zeros| hundredfold * 10_u128.pow(*zeros) >= whole)
                .map_or(0, |zeros| zeros + 5),
            1..10 => 5,
            10..100 => 4,
            100..1_000 => 3,
            _ => 0,
        };
        let scale = 10_u128.pow(decimals);
        let mut digits = (hundredfold * scale + whole / 2) / whole;
        if self.part < self.whole {
            digits = digits.min(100 * scale - 1);
        }
        while decimals > 0 && digits.is_multiple_of(10) {
            (digits, decimals) = (digits / 10, decimals - 1);
        }
        let scale = 10_u128.pow(decimals);
        write!(f, "{}", digits / scale)?;
        if decimals == 0 {
            return Ok(());
        }
        write!(f, ".{:0width$}", digits % scale, width = decimals as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::ToString;

    #[test]
    fn a_ratio_is_written_with_six_digits() {
        assert_eq!(Ratio::new(1, 0), None);
        for (part, whole, percent) in [
            (0, 3, "0"),
            (3, 10, "30"),
            (1, 3, "33.3333"),
            (2, 3, "66.6667"),
            (1, 50, "2"),
            (1, 101, "0.990099"),
            (1, 3_000_000, "0.0000333333"),
            (2_999_999, 3_000_000, "99.9999"),
            (999_999, 1_000_000, "99.9999"),
            (1, u64::MAX, "0.00000000000000000542101"),
            (u64::MAX - 1, u64::MAX, "99.9999"),
            (7, 7, "100"),
            (u64::MAX, u64::MAX, "100"),
            // Duplicates may be more than replies.
            (3, 2, "150"),
            (u64::MAX, 1, "1844674407370955161500"),
        ] {
            assert_eq!(Ratio::new(part, whole).unwrap().to_string(), percent);
        }
    }

    #[test]
    fn what_could_not_be_sent_is_lost_to_whoever_asked() {
        let down = Summary {
            sent: 3,
            replied: 3,
            unsent: 7,
            ..Summary::default()
        };
        assert_eq!((down.transmitted(), down.loss()), (10, Ratio::new(7, 10)));
        let refused = Summary {
            refused: 1,
            lost: 2,
            ..down
        };
        assert_eq!(refused.loss(), Ratio::new(10, 13));
    }

    proptest! {
        #[test]
        fn a_ratio_is_as_near_as_six_digits_are(part in any::<u64>(), whole in 1..=u64::MAX) {
            let part = part % whole;
            let text = Ratio::new(part, whole).unwrap().to_string();
            prop_assert_eq!(text == "0", part == 0);
            prop_assert!(text != "100" && !text.contains('e'), "{text}");
            let digits = text.replace('.', "");
            prop_assert!(digits.trim_start_matches('0').len() <= 6, "{text}");
            let near = |one: f64, other: f64| (one - other).abs() <= other * 0.000_005_1;
            #[expect(clippy::cast_precision_loss, reason = "compared with six digits")]
            let exact = part as f64 / whole as f64 * 100.0;
            prop_assert!(near(text.parse().unwrap(), exact), "{text} for {exact}");
        }
    }

    #[test]
    fn what_is_undefined_has_no_ratio() {
        let nothing = Summary {
            sent: 5,
            in_flight: 5,
            ..Summary::default()
        };
        assert_eq!(
            (nothing.loss(), nothing.duplication(), nothing.reordered()),
            (None, None, None)
        );
    }
}
