//! Figures as text, in ping's manner.
//!
//! Owns units and decimals, and the lines of a summary. What a figure is computed from is the
//! core's.

use std::fmt::Display;
use std::time::Duration;

use udping_core::stats::{Distribution, Ratio, Summary, WindowFigures};
use udping_core::time::saturating_nanos;

use crate::i18n::{Number, say};

/// Nanoseconds in units of 10 to the power of `unit` of them, with so many decimals: every
/// duration that people read is rounded here, to the nearest and halves up.
fn rounded(nanos: u64, unit: u32, decimals: u32) -> Number<String> {
    let (step, scale) = (10_u64.pow(unit - decimals), 10_u64.pow(decimals));
    let steps = nanos / step + u64::from(nanos % step >= step.div_ceil(2));
    Number(match decimals {
        0 => steps.to_string(),
        _ => format!(
            "{}.{:0width$}",
            steps / scale,
            steps % scale,
            width = decimals as usize
        ),
    })
}

const MILLISECOND: u32 = 6;

/// As many decimals of milliseconds as ping gives: three below 1 ms, two below 10, one
/// below 100, then none; and a fourth below 0.1 ms, where half of ping's microsecond is as much
/// as the kernel's timestamps err by.
const fn decimals(nanos: u64) -> u32 {
    match nanos {
        0..100_000 => 4,
        100_000..1_000_000 => 3,
        1_000_000..10_000_000 => 2,
        10_000_000..100_000_000 => 1,
        _ => 0,
    }
}

/// Milliseconds as in the line of a reply.
pub(crate) fn millis(duration: Duration) -> Number<String> {
    let nanos = saturating_nanos(duration);
    rounded(nanos, MILLISECOND, decimals(nanos))
}

/// Milliseconds with three decimals, as in ping's summary.
pub(crate) fn exact_millis(nanos: u64) -> Number<String> {
    rounded(nanos, MILLISECOND, 3)
}

/// A percentile or the median of a distribution in milliseconds, with as many decimals as
/// are known of it, and three at the most.
pub(super) fn percentile(of: &Distribution, nanos: u64) -> Number<String> {
    let (nanos, unit) = of.known(nanos);
    rounded(nanos, MILLISECOND, known_decimals(unit).min(3))
}

/// The same with no more decimals than the line of a reply has.
pub(crate) fn short_percentile(of: &Distribution, nanos: u64) -> Number<String> {
    let (nanos, unit) = of.known(nanos);
    let decimals = known_decimals(unit).min(decimals(nanos));
    rounded(nanos, MILLISECOND, decimals)
}

/// How many decimals of milliseconds a multiple of `unit` nanoseconds has.
const fn known_decimals(unit: u64) -> u32 {
    MILLISECOND.saturating_sub(unit.ilog10())
}

/// `min/avg/p50/p99/max`, each with as many decimals as the line of a reply has.
pub(crate) fn short_times(rtt: &Distribution) -> [Number<String>; 5] {
    let exact = |nanos| millis(Duration::from_nanos(nanos));
    let of = |nanos| short_percentile(rtt, nanos);
    [
        exact(rtt.min_ns),
        exact(rtt.mean_ns),
        of(rtt.p50_ns),
        of(rtt.p99_ns),
        exact(rtt.max_ns),
    ]
}

pub(crate) fn seconds(duration: Duration) -> Number<String> {
    rounded(saturating_nanos(duration), 9, 3)
}

/// `10 packets transmitted, 7 received, 30% packet loss, time 3012ms`: ping's line
/// and no more, since programs read it. While the fate of all that was transmitted is open,
/// the loss is what ping says: none of it was received.
pub(crate) fn packets(summary: &Summary, elapsed: Duration) -> String {
    let also = [
        some(summary.duplicates, |n| say::SummaryDuplicates { n }),
        some(summary.refused, |n| say::SummaryErrors { n }),
    ];
    let sent = summary.transmitted();
    let loss = summary.loss().or_else(|| Ratio::new(sent, sent));
    let loss = loss.map_or_else(String::new, |loss| say::SummaryLoss { loss }.to_string());
    say::SummaryPackets {
        sent,
        replied: summary.replied,
        also: also.into_iter().flatten().collect::<String>(),
        loss,
        time: elapsed.as_millis(),
    }
    .to_string()
}

/// The message about a number above zero.
pub(crate) fn some<T: Display>(number: u64, message: impl FnOnce(u64) -> T) -> Option<String> {
    (number > 0).then(|| message(number).to_string())
}

/// What else became of probes and replies.
pub(crate) fn fates(summary: &Summary) -> Option<String> {
    let fates = [
        some(summary.lost, |n| say::FateLost { n }),
        some(summary.late, |n| say::FateLate { n }),
        some(summary.refused, |n| say::FateRefused { n }),
        some(summary.in_flight, |n| say::FateInFlight { n }),
        some(summary.missed, |n| say::FateMissed { n }),
        some(summary.unverified, |n| say::FateUnverified { n }),
        some(summary.truncated, |n| say::FateTruncated { n }),
        some(summary.altered, |n| say::FateAltered { n }),
        some(summary.ignored, |n| say::FateIgnored { n }),
    ];
    let fates: Vec<String> = fates.into_iter().flatten().collect();
    (!fates.is_empty()).then(|| fates.join(", "))
}

/// `rtt min/avg/max/mdev = 0.041/0.128/0.370/0.110 ms`: the line that ping has after that.
pub(super) fn rtt(summary: &Summary) -> Option<String> {
    let rtt = summary.rtt?;
    let mdev = rtt.stddev_ns.map(|mdev| exact_millis(mdev).with_point());
    let mdev = mdev.unwrap_or_else(|| "-".to_owned());
    let range = joined([rtt.min_ns, rtt.mean_ns, rtt.max_ns]).with_point();
    let figures = format!("{range}/{mdev}");
    Some(say::FigureRtt { figures }.to_string())
}

/// The figures that ping does not have, each only where it is defined.
pub(super) fn details(summary: &Summary) -> Vec<String> {
    let mut lines: Vec<String> = fates(summary).into_iter().collect();
    if let Some(rtt) = &summary.rtt {
        let all = [rtt.p50_ns, rtt.p90_ns, rtt.p95_ns, rtt.p99_ns, rtt.p99_9_ns];
        let figures = percentiles(rtt, all);
        lines.push(say::FigurePercentiles { figures }.to_string());
    }
    let jitter = summary.jitter_rfc3550_ns.map(|jitter| {
        let jitter = exact_millis(jitter);
        say::FigureJitter { jitter }.to_string()
    });
    let ipdv = summary.ipdv.map(|ipdv| {
        let ipdv = exact_millis(ipdv.mean_abs_ns);
        say::FigureIpdv { ipdv }.to_string()
    });
    let variation: Vec<String> = jitter.into_iter().chain(ipdv).collect();
    if !variation.is_empty() {
        lines.push(variation.join(", "));
    }
    lines.extend(kernel(summary));
    // In virtual time there is none.
    if let Some(error) = summary.timer_error.filter(|error| error.max_ns > 0) {
        let known = percentiles(&error, [error.p50_ns, error.p99_ns]);
        let max = exact_millis(error.max_ns);
        let figures = Number(format!("{}/{}", known.with_point(), max.with_point()));
        lines.push(if summary.missed > 0 {
            say::FigureTimerOfSent { figures }.to_string()
        } else {
            say::FigureTimer { figures }.to_string()
        });
    }
    if let Some(late) = &summary.late_rtt {
        let figures = joined([late.min_ns, late.mean_ns, late.max_ns]);
        let (late, lost) = (summary.late, summary.lost);
        lines.push(
            say::FigureLate {
                figures,
                late,
                lost,
            }
            .to_string(),
        );
    }
    if let Some(runs) = summary
        .loss_runs
        .filter(|runs| runs.longest > 1 && summary.lost > 0)
    {
        let (n, longest) = (runs.count, runs.longest);
        lines.push(if summary.refused > 0 {
            say::FigureRefusalRuns { n, longest }.to_string()
        } else {
            say::FigureLossRuns { n, longest }.to_string()
        });
    }
    if let Some(order) = summary.reordering {
        lines.extend(some(order.reordered, |n| say::FigureReordered { n }));
    }
    lines
}

/// What this host could not send, and why, as far as that is known.
pub(super) fn unsent(summary: &Summary, errors: &[String]) -> Option<String> {
    let why = if errors.is_empty() {
        String::new()
    } else {
        format!(": {}", errors.join("; "))
    };
    some(summary.unsent, |n| say::FigureUnsent { n, why })
}

/// Those windows that say something else than the totals of a run that takes so long
/// already: the shorter ones. The shortest is always one, since the run goes on.
pub(crate) fn of_interest(windows: &[WindowFigures], elapsed: Duration) -> &[WindowFigures] {
    let shorter = windows.partition_point(|window| window.span < elapsed);
    windows.get(..shorter.max(1)).unwrap_or(windows)
}

/// A window's length: `10 s`, `1 min`.
pub(crate) fn span(length: Duration) -> String {
    match length.as_secs() {
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

/// `last 10 s: 99/100 packets, 1% loss, min/avg/p50/p99/max = … ms`, in the terms of the
/// line on SIGQUIT.
pub(super) fn window(window: &WindowFigures) -> String {
    let span = span(window.span);
    let whole = window.loss().map_or(0, Ratio::whole);
    let loss = window
        .loss()
        .map(Number)
        .map_or_else(String::new, |loss| say::ProgressLoss { loss }.to_string());
    let unsent = some(window.unsent, |n| say::WindowUnsent { n }).unwrap_or_default();
    let rtt = window.rtt.map_or_else(String::new, |rtt| {
        let figures = Number(short_times(&rtt).map(Number::with_point).join("/"));
        say::WindowRtt { figures }.to_string()
    });
    let replied = window.replied;
    let counts = say::WindowCounts {
        span,
        replied,
        whole,
    };
    format!("{counts}{loss}{unsent}{rtt}")
}

/// Whose clock the RTTs are by, where it is not this program's alone, and what this host adds.
fn kernel(summary: &Summary) -> Option<String> {
    let (n, discarded) = (summary.kernel_rtts, summary.kernel_rtts_discarded);
    if n == 0 && discarded == 0 {
        return None;
    }
    let own = summary.replied.saturating_sub(n);
    let discarded = some(discarded, |n| say::FigureDiscarded { n });
    let added = summary.host_added.as_ref().map(|added| {
        let added = percentiles(added, [added.p50_ns, added.p99_ns]);
        say::FigureHostAdded { added }.to_string()
    });
    let more: Vec<String> = discarded.into_iter().chain(added).collect();
    Some(say::FigureKernel { n, own }.to_string() + &more.concat())
}

fn percentiles<const N: usize>(of: &Distribution, nanos: [u64; N]) -> Number<String> {
    Number(
        nanos
            .map(|nanos| percentile(of, nanos).with_point())
            .join("/"),
    )
}

/// `1.000/2.000`, as ping puts figures side by side.
pub(super) fn joined<const N: usize>(nanos: [u64; N]) -> Number<String> {
    Number(
        nanos
            .map(|nanos| exact_millis(nanos).with_point())
            .join("/"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_pings_decimals_and_one_more_below_a_tenth() {
        let ms = |nanos| millis(Duration::from_nanos(nanos)).with_point();
        assert_eq!(ms(26_400), "0.0264");
        assert_eq!(ms(264_000), "0.264");
        assert_eq!(ms(1_234_000), "1.23");
        assert_eq!(ms(12_340_000), "12.3");
        assert_eq!(ms(1_300_400_000), "1300");
        assert_eq!(exact_millis(1_234_567).with_point(), "1.235");
    }

    #[test]
    fn one_value_has_one_rounding() {
        for (nanos, short, exact) in [
            (0, "0.0000", "0.000"),
            (499, "0.0005", "0.000"),
            (500, "0.0005", "0.001"),
            (49, "0.0000", "0.000"),
            (50, "0.0001", "0.000"),
            (99_950, "0.1000", "0.100"),
            (166_500, "0.167", "0.167"),
            (1_999_999, "2.00", "2.000"),
            (99_999_999, "100.0", "100.000"),
            (1_300_499_999, "1300", "1300.500"),
        ] {
            let said = [millis(Duration::from_nanos(nanos)), exact_millis(nanos)];
            assert_eq!(said.map(Number::with_point), [short, exact]);
        }
        let said = [Duration::from_micros(1_999_500), Duration::MAX].map(seconds);
        assert_eq!(said.map(Number::with_point), ["2.000", "18446744073.710"]);
    }

    #[test]
    fn a_percentile_has_no_digit_that_is_not_known() {
        let of = |percentile_error_ppm| Distribution {
            n: 20_000,
            min_ns: 100_000,
            mean_ns: 25_000_000,
            median_ns: 25_035_123,
            max_ns: 3_000_000_000,
            stddev_ns: None,
            p50_ns: 25_035_123,
            p90_ns: 25_035_123,
            p95_ns: 2_503_512,
            p99_ns: 250_351_234,
            p99_9_ns: 2_503_512_345,
            percentile_error_ppm,
        };
        let all = |rtt: &Distribution| {
            percentiles(rtt, [rtt.p50_ns, rtt.p95_ns, rtt.p99_ns, rtt.p99_9_ns]).with_point()
        };
        assert_eq!(all(&of(0)), "25.035/2.504/250.351/2503.512");
        assert_eq!(all(&of(977)), "25.0/2.50/250/2500");
        assert_eq!(
            short_times(&of(977)).map(Number::with_point),
            ["0.100", "25.0", "25.0", "250", "3000"]
        );
    }

    #[test]
    fn whose_clock_the_rtts_are_by_is_counted() {
        let known = Summary {
            replied: 5,
            kernel_rtts: 4,
            ..Summary::default()
        };
        let line = kernel(&known).unwrap();
        assert_eq!(line, "rtt by the kernel's clock: 4, by this program's: 1");
        let discarded = Summary {
            kernel_rtts_discarded: 2,
            ..known
        };
        let line = kernel(&discarded).unwrap();
        assert!(line.ends_with(", 2 of the kernel's implausible"), "{line}");
        assert_eq!(kernel(&Summary::default()), None);
    }

    #[test]
    fn what_is_in_flight_is_lost_only_where_nothing_else_is_known() {
        let open = Summary {
            sent: 3,
            in_flight: 3,
            ..Summary::default()
        };
        let line = packets(&open, Duration::ZERO);
        let expected = "3 packets transmitted, 0 received, 100% packet loss, time 0ms";
        assert_eq!(line, expected);
        let answered = Summary {
            replied: 1,
            in_flight: 2,
            ..open
        };
        let line = packets(&answered, Duration::ZERO);
        assert!(line.contains("1 received, 0% packet loss"), "{line}");
    }

    #[test]
    fn an_empty_run_claims_nothing() {
        let line = packets(&Summary::default(), Duration::ZERO);
        assert_eq!(line, "0 packets transmitted, 0 received, time 0ms");
        assert_eq!(rtt(&Summary::default()), None);
        assert_eq!(details(&Summary::default()), Vec::<String>::new());
    }
}
