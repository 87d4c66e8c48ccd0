//! Conditions on a run's figures that end it with exit status 3: `--fail 'loss>5%'`.
//!
//! Owns how a condition is written, and whether the figures meet it. The figures are the core's.

use std::cmp::Ordering;
use std::str::FromStr;

use udping_core::stats::{Full, Stats, Summary};
use udping_core::time::saturating_nanos;
use udping_link::Rate;

use crate::duration::unit_duration;
use crate::i18n::say;
use crate::report::exact_millis;
use crate::warn;

/// A condition.
#[derive(Debug, Clone)]
pub(crate) struct FailCondition {
    /// As it was written.
    text: String,
    /// What the figure is called.
    name: String,
    relation: Relation,
    bound: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    More,
    MoreOrEqual,
    LessOrEqual,
    Less,
}

/// A figure, with what it is compared with.
#[derive(Debug, Clone, Copy)]
enum Bound {
    Loss(Rate),
    /// Nanoseconds.
    Time(Time, u64),
    /// The percentile, in millionths, and nanoseconds.
    Percentile(u32, u64),
    Count(Count, u64),
}

/// Reads a duration in nanoseconds.
type Time = fn(&Summary) -> Option<u64>;
/// Reads a number.
type Count = fn(&Summary) -> u64;

const LOSS: &str = "loss";

const TIMES: [(&str, Time); 7] = [
    ("min", |it| it.rtt.map(|rtt| rtt.min_ns)),
    ("avg", |it| it.rtt.map(|rtt| rtt.mean_ns)),
    ("median", |it| it.rtt.map(|rtt| rtt.median_ns)),
    ("max", |it| it.rtt.map(|rtt| rtt.max_ns)),
    ("mdev", |it| it.rtt.and_then(|rtt| rtt.stddev_ns)),
    ("jitter", |it| it.jitter_rfc3550_ns),
    ("ipdv", |it| it.ipdv.map(|ipdv| ipdv.mean_abs_ns)),
];

/// Under their names in the summary on record.
const COUNTS: [(&str, Count); 13] = [
    ("sent", |it| it.sent),
    ("replied", |it| it.replied),
    ("lost", |it| it.lost),
    ("late", |it| it.late),
    ("refused", |it| it.refused),
    ("unsent", |it| it.unsent),
    ("missed", |it| it.missed),
    ("duplicates", |it| it.duplicates),
    ("ignored", |it| it.ignored),
    ("unverified", |it| it.unverified),
    ("truncated", |it| it.truncated),
    ("altered", |it| it.altered),
    ("reordered", |it| {
        it.reordering.map_or(0, |order| order.reordered)
    }),
];

/// The millionths that `p95` or `p99.9` names: more than 0 and at most all.
fn percentile(name: &str) -> Option<u32> {
    let number = name.strip_prefix('p')?;
    let rate: Rate = format!("{number}%").parse().ok()?;
    Some(rate.ppm()).filter(|ppm| *ppm > 0)
}

/// All that can be named.
fn names() -> String {
    let times = TIMES.iter().map(|(name, _)| *name);
    let counts = COUNTS.iter().map(|(name, _)| *name);
    let names = [LOSS].into_iter().chain(times).chain(["pNN"]).chain(counts);
    names.collect::<Vec<_>>().join(", ")
}

impl FromStr for FailCondition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let malformed = || say::ArgFail { names: names() }.to_string();
        let at = text.find(['<', '>']).ok_or_else(malformed)?;
        let (name, rest) = text.split_at(at);
        let relations = [
            (">=", Relation::MoreOrEqual),
            ("<=", Relation::LessOrEqual),
            (">", Relation::More),
            ("<", Relation::Less),
        ];
        let mut parts = relations
            .iter()
            .filter_map(|(sign, relation)| Some((*relation, rest.strip_prefix(sign)?.trim())));
        let (relation, value) = parts.next().ok_or_else(malformed)?;
        let name = name.trim();
        let time = || {
            let time = unit_duration(value).map_err(|_| say::ArgFailTime { name }.to_string());
            time.map(saturating_nanos)
        };
        let bound = if name == LOSS {
            let rate = value.parse();
            Bound::Loss(rate.map_err(|_| say::ArgFailLoss { name }.to_string())?)
        } else if let Some((_, figure)) = TIMES.iter().find(|it| it.0 == name) {
            Bound::Time(*figure, time()?)
        } else if let Some(ppm) = percentile(name) {
            Bound::Percentile(ppm, time()?)
        } else if let Some((_, figure)) = COUNTS.iter().find(|it| it.0 == name) {
            let count = value.parse();
            Bound::Count(
                *figure,
                count.map_err(|_| say::ArgFailCount { name }.to_string())?,
            )
        } else {
            let names = names();
            return Err(say::ArgFailName { name, names }.to_string());
        };
        Ok(Self {
            text: text.trim().to_owned(),
            name: name.to_owned(),
            relation,
            bound,
        })
    }
}

impl Relation {
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::More => order.is_gt(),
            Self::MoreOrEqual => order.is_ge(),
            Self::LessOrEqual => order.is_le(),
            Self::Less => order.is_lt(),
        }
    }
}

impl FailCondition {
    /// What is to be said if these figures meet it, or do not say: what is undefined is as bad.
    /// Without `stats` only those percentiles are known that a summary has.
    fn judge(&self, summary: &Summary, stats: Option<&Stats<Full>>) -> Option<String> {
        let time = |nanos: u64, bound: u64| {
            let time = format!("{} ms", exact_millis(nanos));
            (nanos.cmp(&bound), time)
        };
        let compared = match self.bound {
            Bound::Loss(rate) => summary.loss().map(|loss| {
                let parts = u128::from(loss.part()) * 1_000_000;
                let bound = u128::from(rate.ppm()) * u128::from(loss.whole());
                (parts.cmp(&bound), format!("{loss}%"))
            }),
            Bound::Time(figure, bound) => figure(summary).map(|nanos| time(nanos, bound)),
            Bound::Percentile(ppm, bound) => {
                let nanos = match stats {
                    Some(stats) => stats.rtt_percentile(ppm),
                    None => summary.rtt.and_then(|rtt| match ppm {
                        500_000 => Some(rtt.p50_ns),
                        900_000 => Some(rtt.p90_ns),
                        950_000 => Some(rtt.p95_ns),
                        990_000 => Some(rtt.p99_ns),
                        999_000 => Some(rtt.p99_9_ns),
                        1_000_000 => Some(rtt.max_ns),
                        _ => None,
                    }),
                };
                nanos.map(|nanos| time(nanos, bound))
            }
            Bound::Count(figure, bound) => {
                let count = figure(summary);
                Some((count.cmp(&bound), count.to_string()))
            }
        };
        let (condition, name) = (&self.text, &self.name);
        match compared {
            Some((order, value)) if self.relation.holds(order) => Some(
                say::FailMet {
                    condition,
                    name,
                    value,
                }
                .to_string(),
            ),
            Some(_) => None,
            None => {
                let replied = summary.replied;
                Some(
                    say::FailUndefined {
                        condition,
                        name,
                        replied,
                    }
                    .to_string(),
                )
            }
        }
    }
}

/// Says which of the conditions the figures meet; whether any.
pub(crate) fn any_met(
    conditions: &[FailCondition],
    summary: &Summary,
    stats: Option<&Stats<Full>>,
) -> bool {
    let met = conditions
        .iter()
        .filter_map(|it| it.judge(summary, stats))
        .map(|what| warn(&format!("udping: {what}")));
    met.count() > 0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn judge(condition: &str, stats: &Stats<Full>) -> Option<String> {
        let condition: FailCondition = condition.parse().unwrap();
        condition.judge(&stats.summary(), Some(stats))
    }

    /// Twenty probes: one lost, the others replied to after 1 to 19 ms.
    fn twenty() -> Stats<Full> {
        let mut stats = Stats::new();
        for seq in 1..=20 {
            stats.sent(seq);
        }
        for ms in 1..20 {
            stats.replied(ms, Duration::from_millis(ms), true);
        }
        stats.lost(20);
        stats
    }

    #[test]
    fn each_relation_is_exact_at_its_bound() {
        let stats = twenty();
        for (bound, met) in [
            ("loss>5%", false),
            ("loss>=5%", true),
            ("loss<=0.05", true),
            ("loss < 5%", false),
            ("loss>4.9999%", true),
            ("max>19ms", false),
            ("max>=19ms", true),
            ("max<19ms", false),
            ("max<=0.019s", true),
            ("lost>=1", true),
            ("lost>1", false),
            ("p95>18ms", true),
            ("p95>19ms", false),
            ("p50>=10ms", true),
            ("p7<=2ms", true),
            ("p0.1<2ms", true),
            ("avg>=10ms", true),
            ("duplicates>0", false),
        ] {
            assert_eq!(judge(bound, &stats).is_some(), met, "{bound}");
        }
        let said = judge("p95 > 18ms", &stats).unwrap();
        assert_eq!(said, "--fail p95 > 18ms: p95 is 19.000 ms");
    }

    #[test]
    fn what_is_undefined_fails_and_says_so() {
        let mut silent = Stats::new();
        silent.sent(1);
        for bound in ["loss<1%", "loss>=0", "max<1s", "p95>1s", "jitter>1s"] {
            let said = judge(bound, &silent).unwrap();
            assert!(said.contains("undefined with 0 replies"), "{said}");
        }
        silent.lost(1);
        assert!(judge("loss<100%", &silent).is_none());
        assert!(judge("loss>=100%", &silent).is_some());
    }

    #[test]
    fn a_summary_alone_has_its_own_percentiles() {
        let summary = twenty().summary();
        let alone = |text: &str| {
            let condition: FailCondition = text.parse().unwrap();
            condition.judge(&summary, None).unwrap_or_default()
        };
        assert_eq!(alone("p95>20ms"), "");
        assert!(alone("p95>1ms").ends_with("p95 is 19.000 ms"));
        assert!(alone("p80>1s").contains("undefined"));
    }

    #[test]
    fn what_is_no_condition_is_told_what_is_one() {
        for (text, says) in [
            ("", "loss>5%"),
            ("loss", "loss>5%"),
            ("loss=5%", "loss>5%"),
            ("lozz>5%", "`lozz` is not"),
            ("p>5ms", "`p` is not"),
            ("p0>5ms", "`p0` is not"),
            ("p101>5ms", "`p101` is not"),
            ("loss>5", "loss with a rate"),
            ("loss>>5%", "loss with a rate"),
            ("max>200", "max with a time"),
            ("max>fast", "max with a time"),
            ("late>5%", "late with a whole number"),
        ] {
            let said = text.parse::<FailCondition>().unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
