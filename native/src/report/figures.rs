//! Figures as text, in ping's manner.

use std::time::Duration;

use udping_core::stats::{Distribution, Summary, WindowFigures};
use udping_core::time::nanos;

/// Milliseconds with as many decimals as ping gives: three below 1 ms, two below
/// 10, one below 100, then none.
pub(super) fn millis(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1e3;
    let decimals = match nanos(duration) {
        0..1_000_000 => 3,
        1_000_000..10_000_000 => 2,
        10_000_000..100_000_000 => 1,
        _ => 0,
    };
    format!("{ms:.decimals$}")
}

/// Milliseconds with three decimals, as in ping's summary.
pub(super) fn exact_millis(nanos: u64) -> String {
    format!("{}.{:03}", nanos / 1_000_000, nanos / 1_000 % 1_000)
}

pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

/// Parts per million as a percentage, without needless zeros.
pub(super) fn percent(ppm: u64) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1 run`, `2 runs`.
pub(crate) fn count(number: u64, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}

/// `10 packets transmitted, 7 received, 30% packet loss, time 3012ms`: ping's line
/// and no more, since programs read it.
pub(super) fn packets(summary: &Summary, elapsed: Duration) -> String {
    let also = list(
        &[
            (summary.duplicates, "duplicates"),
            (summary.refused, "errors"),
        ],
        ", +",
    );
    let loss = summary.loss_ppm.map_or_else(
        || ", packet loss undefined".to_owned(),
        |ppm| format!(", {}% packet loss", percent(ppm)),
    );
    format!(
        "{} packets transmitted, {} received{also}{loss}, time {}ms",
        summary.sent,
        summary.replied,
        elapsed.as_millis()
    )
}

/// Each number above zero with its name, after `separator`.
fn list(numbers: &[(u64, &str)], separator: &str) -> String {
    numbers
        .iter()
        .filter(|(number, _)| *number > 0)
        .fold(String::new(), |list, (number, what)| {
            list + &format!("{separator}{number} {what}")
        })
}

/// What else became of probes and replies.
fn fates(summary: &Summary) -> Option<String> {
    let fates = list(
        &[
            (summary.lost, "lost"),
            (summary.late, "of them late"),
            (summary.refused, "refused"),
            (summary.in_flight, "still in flight"),
            (summary.unsent, "not sent"),
            (summary.missed, "slots missed"),
            (summary.unverified, "unverified"),
            (summary.ignored, "ignored"),
        ],
        ", ",
    );
    fates.strip_prefix(", ").map(str::to_owned)
}

/// The lines after that, each only where it is defined.
pub(super) fn details(summary: &Summary) -> Vec<String> {
    let mut lines: Vec<String> = fates(summary).into_iter().collect();
    if let Some(rtt) = &summary.rtt {
        let mdev = rtt.stddev_ns.map_or_else(|| "-".to_owned(), exact_millis);
        lines.push(format!(
            "rtt min/avg/max/mdev = {}/{}/{}/{mdev} ms",
            exact_millis(rtt.min_ns),
            exact_millis(rtt.mean_ns),
            exact_millis(rtt.max_ns),
        ));
        lines.push(format!(
            "rtt p50/p90/p95/p99/p99.9 = {} ms",
            percentiles(rtt)
        ));
    }
    let jitter = summary
        .jitter_rfc3550_ns
        .map(|jitter| format!("jitter (RFC 3550) = {} ms", exact_millis(jitter)));
    let ipdv = summary
        .ipdv
        .map(|ipdv| format!("mean |ipdv| = {} ms", exact_millis(ipdv.mean_abs_ns)));
    let variation: Vec<String> = jitter.into_iter().chain(ipdv).collect();
    if !variation.is_empty() {
        lines.push(variation.join(", "));
    }
    lines.extend(kernel(summary));
    // In virtual time there is none.
    if let Some(error) = summary.timer_error.filter(|error| error.max_ns > 0) {
        lines.push(format!(
            "timer error p50/p99/max = {}/{}/{} ms",
            exact_millis(error.p50_ns),
            exact_millis(error.p99_ns),
            exact_millis(error.max_ns)
        ));
    }
    if let Some(late) = &summary.late_rtt {
        lines.push(format!(
            "late min/avg/max = {}/{}/{} ms, {} of {} lost",
            exact_millis(late.min_ns),
            exact_millis(late.mean_ns),
            exact_millis(late.max_ns),
            summary.late,
            summary.lost,
        ));
    }
    if let Some(runs) = summary
        .loss_runs
        .filter(|runs| runs.longest > 1 && summary.lost > 0)
    {
        let what = if summary.refused > 0 {
            "losses and refusals"
        } else {
            "losses"
        };
        lines.push(format!(
            "{what} in {}, the longest of {}",
            count(runs.count, "run"),
            runs.longest
        ));
    }
    if let Some(order) = summary.reordering.filter(|order| order.reordered > 0) {
        lines.push(format!(
            "{} out of order",
            count(order.reordered, "reply").replace("replys", "replies")
        ));
    }
    lines
}

/// Those windows that say something else than the totals of a run that takes so long
/// already: the shorter ones. The shortest is always one, since the run goes on.
pub(crate) fn of_interest(windows: &[WindowFigures], elapsed: Duration) -> &[WindowFigures] {
    let shorter = windows.partition_point(|window| window.span < elapsed);
    windows.get(..shorter.max(1)).unwrap_or(windows)
}

/// `last 10 s: 99/100 packets, 1% loss, min/avg/p50/p99/max = … ms`, in the words of the
/// line on SIGQUIT.
pub(super) fn window(window: &WindowFigures) -> String {
    let span = match window.span.as_secs() {
        minutes if minutes % 60 == 0 => format!("{} min", minutes / 60),
        seconds => format!("{seconds} s"),
    };
    let loss = window.loss().map_or_else(String::new, |loss| {
        format!(", {}% loss", percent(loss.ppm()))
    });
    let rtt = window.rtt.map_or_else(String::new, |rtt| {
        let times = [rtt.min_ns, rtt.mean_ns, rtt.p50_ns, rtt.p99_ns, rtt.max_ns];
        let times = times.map(|nanos| millis(Duration::from_nanos(nanos)));
        format!(", min/avg/p50/p99/max = {} ms", times.join("/"))
    });
    let unsent = list(&[(window.unsent, "not sent")], ", ");
    format!(
        "last {span}: {}/{} packets{loss}{unsent}{rtt}",
        window.replied,
        window.settled()
    )
}

/// Whose stamps there are beside the program's own times, and what they show.
fn kernel(summary: &Summary) -> Option<String> {
    let discarded = match summary.stamps_discarded {
        0 => String::new(),
        some => format!(", {some} not credible"),
    };
    let stamped = |n| format!("{n} of {} replies stamped", summary.replied);
    match (&summary.kernel, &summary.host_added) {
        (Some(kernel), Some(added)) => Some(format!(
            "kernel p50/p99 = {}/{} ms, host added p50/p99 = {}/{} ms ({}{discarded})",
            exact_millis(kernel.p50_ns),
            exact_millis(kernel.p99_ns),
            exact_millis(added.p50_ns),
            exact_millis(added.p99_ns),
            stamped(kernel.n),
        )),
        _ if summary.stamps_discarded > 0 => Some(format!("kernel: {}{discarded}", stamped(0))),
        _ => None,
    }
}

fn percentiles(rtt: &Distribution) -> String {
    [rtt.p50_ns, rtt.p90_ns, rtt.p95_ns, rtt.p99_ns, rtt.p99_9_ns]
        .map(exact_millis)
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_pings_decimals() {
        let ms = |nanos| millis(Duration::from_nanos(nanos));
        assert_eq!(ms(26_400), "0.026");
        assert_eq!(ms(1_234_000), "1.23");
        assert_eq!(ms(12_340_000), "12.3");
        assert_eq!(ms(1_300_400_000), "1300");
        assert_eq!(exact_millis(1_234_567), "1.234");
    }

    #[test]
    fn percentages_have_no_needless_zeros() {
        assert_eq!(percent(300_000), "30");
        assert_eq!(percent(333_333), "33.3333");
        assert_eq!(percent(0), "0");
        assert_eq!(percent(1_000_000), "100");
    }

    #[test]
    fn an_empty_run_claims_nothing() {
        let line = packets(&Summary::default(), Duration::ZERO);
        assert_eq!(
            line,
            "0 packets transmitted, 0 received, packet loss undefined, time 0ms"
        );
        assert_eq!(details(&Summary::default()), Vec::<String>::new());
    }
}
