//! What people read of a comparison: its exchanges, and what each way cost.
//!
//! Owns which of its figures are shown. What an exchange costs is the journal's arithmetic; the
//! sentences are the catalogue's.

use std::time::Duration;

use udping_core::event::Outcome;
use udping_core::stats::{Distribution, Summary};
use udping_core::wire::{Claim, Damage};
use udping_journal::comparison::{Traffic, Via};

use super::figures::{exact_millis, millis, percentile};
use crate::i18n::{Message, say};

/// The beginning of an exchange's line: `tcp new  seq=3`.
fn start(via: Via, seq: u64) -> String {
    let name = match via {
        Via::Udp => say::COMPARE_UDP,
        Via::TcpNew => say::COMPARE_NEW,
        Via::TcpKept => say::COMPARE_KEPT,
    };
    format!("{name:<15} seq={seq}")
}

/// What became of an exchange. It was connected `connected` after it began, where it had
/// to be; `why` is what the network or the system said.
pub(crate) fn outcome(
    via: Via,
    outcome: &Outcome,
    timeout: Duration,
    connected: Option<Duration>,
    why: &str,
) -> Option<String> {
    let connected = connected.map(|after| {
        let time = millis(after).with_point();
        say::CompareConnected { time }.to_string()
    });
    let connected = connected.unwrap_or_default();
    let (seq, text) = match *outcome {
        Outcome::Replied { seq, rtt, .. } => {
            let time = millis(rtt).with_point();
            let text = say::CompareLineTime { time, connected };
            (seq, text.to_string())
        }
        Outcome::Late { seq, rtt, .. } => {
            let text = say::CompareLineLate {
                time: millis(rtt).with_point(),
                connected,
                by: millis(rtt.saturating_sub(timeout)).with_point(),
            };
            (seq, text.to_string())
        }
        Outcome::Duplicate { seq, rtt } => {
            let time = millis(rtt).with_point();
            (seq, say::CompareLineDuplicate { time }.to_string())
        }
        Outcome::Refused { seq, after } => {
            let time = millis(after);
            (seq, say::CompareLineRefused { time, why }.to_string())
        }
        Outcome::Unsent { seq } => (seq, say::CompareLineUnsent { why }.to_string()),
        Outcome::KernelRtt { .. } | Outcome::Ignored(_) => return None,
    };
    Some(format!("{} {text}", start(via, seq)))
}

/// How the answer that made this claim differs from its request, if it was credited.
pub(crate) fn damage(via: Via, outcome: &Outcome, claim: &Claim) -> Option<String> {
    let Outcome::Replied { seq, .. } = *outcome else {
        return None;
    };
    let size = u64::from(claim.size.unwrap_or_default());
    let text = match claim.damage? {
        Damage::Truncated => say::CompareLineTruncated { size }.to_string(),
        Damage::Altered => say::COMPARE_LINE_ALTERED.to_string(),
    };
    Some(format!("{} {text}", start(via, seq)))
}

/// No answer came in time.
pub(crate) fn lost(via: Via, seq: u64, timeout: Duration) -> String {
    let timeout = millis(timeout);
    format!("{} {}", start(via, seq), say::CompareLineLost { timeout })
}

/// One way's figures at the end.
pub(crate) type Lane = (Summary, Traffic);

/// The table of the three ways, in the order of [`Via::ALL`].
pub(crate) fn table(lanes: &[Lane; 3]) -> String {
    let mut rows = vec![format!(
        "{:<22}{:>16}{:>16}{:>16}",
        "",
        say::COMPARE_COLUMN_UDP,
        say::COMPARE_COLUMN_NEW,
        say::COMPARE_COLUMN_KEPT
    )];
    let mut row = |name: Message, cell: &dyn Fn(&Lane) -> Option<String>| {
        let cells = lanes.each_ref().map(cell);
        if cells.iter().any(Option::is_some) {
            let [udp, new, kept] = cells.map(|cell| cell.unwrap_or_else(|| "-".to_owned()));
            rows.push(format!("{name:<22}{udp:>16}{new:>16}{kept:>16}"));
        }
    };
    let some = |number: u64| (number > 0).then(|| number.to_string());
    let all = |number: u64| Some(number.to_string());
    row(say::COMPARE_SENT, &|(it, _)| all(it.sent));
    row(say::COMPARE_ANSWERED, &|(it, _)| all(it.replied));
    row(say::COMPARE_TRUNCATED, &|(it, _)| some(it.truncated));
    row(say::COMPARE_ALTERED, &|(it, _)| some(it.altered));
    row(say::COMPARE_LOST, &|(it, _)| all(it.lost));
    row(say::COMPARE_LATE, &|(it, _)| some(it.late));
    row(say::COMPARE_REFUSED, &|(it, _)| some(it.refused));
    row(say::COMPARE_UNSENT, &|(it, _)| some(it.unsent));
    row(say::COMPARE_UNDECIDED, &|(it, _)| some(it.in_flight));
    row(say::COMPARE_CONNECTIONS, &|(_, it)| some(it.connections));
    row(say::COMPARE_ROUND_TRIPS, &|(_, it)| all(it.round_trips));
    row(say::COMPARE_PACKETS, &|(_, it)| {
        let mark = if it.counted { "" } else { "*" };
        Some(format!("{}/{}{mark}", it.packets_out, it.packets_in))
    });
    row(say::COMPARE_BYTES, &|(_, it)| {
        Some(format!("{}/{}", it.bytes_out, it.bytes_in))
    });
    row(say::COMPARE_RETRANSMITTED, &|(_, it)| {
        it.retransmitted.map(|number| number.to_string())
    });
    let time = |pick: fn(&Distribution) -> u64| {
        move |(it, _): &Lane| {
            it.rtt
                .as_ref()
                .map(|rtt| exact_millis(pick(rtt)).to_string())
        }
    };
    let known = |pick: fn(&Distribution) -> u64| {
        move |(it, _): &Lane| {
            it.rtt
                .as_ref()
                .map(|rtt| percentile(rtt, pick(rtt)).to_string())
        }
    };
    row(say::COMPARE_LEAST, &time(|rtt| rtt.min_ns));
    row(say::COMPARE_MEAN, &time(|rtt| rtt.mean_ns));
    row(say::COMPARE_MEDIAN, &known(|rtt| rtt.median_ns));
    row(say::COMPARE_P99, &known(|rtt| rtt.p99_ns));
    row(say::COMPARE_GREATEST, &time(|rtt| rtt.max_ns));
    rows.join("\n")
}

/// What was measured and what was not, and what a loss did on each way.
pub(crate) fn notes(lanes: &[Lane; 3], ipv6: bool) -> Vec<String> {
    let ip = if ipv6 { 40 } else { 20 };
    let mut notes = vec![say::CompareMeasured { ip }.to_string()];
    let [udp, tcp @ ..] = lanes;
    let connected = tcp.iter().any(|(_, it)| it.connections > 0);
    if connected {
        let counted = tcp.iter().all(|(_, it)| it.counted);
        notes.push(if counted {
            say::COMPARE_COUNTED.to_string()
        } else {
            say::COMPARE_NOT_COUNTED.to_string()
        });
    }
    if udp.0.lost > 0 {
        let (lost, sent) = (udp.0.lost, udp.0.sent);
        notes.push(say::CompareUdpLost { lost, sent }.to_string());
    }
    if connected {
        let late = tcp.iter().map(|(it, _)| it.late).sum();
        let late = super::some(late, |n| say::CompareTcpLate { n });
        let retransmitted: Option<u64> = tcp.iter().map(|(_, it)| it.retransmitted).sum();
        let retransmitted = match retransmitted {
            Some(0) => say::COMPARE_TCP_NONE.to_string(),
            Some(n) => say::CompareTcpSome { n }.to_string(),
            None => say::COMPARE_TCP_UNKNOWN.to_string(),
        };
        let parts = [
            Some(say::COMPARE_TCP.to_string()),
            late,
            Some(retransmitted),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        notes.push(parts.join(" "));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(lost: u64, connections: u64, retransmitted: Option<u64>) -> Lane {
        (
            Summary {
                sent: 10,
                replied: 10 - lost,
                lost,
                ..Summary::default()
            },
            Traffic {
                connections,
                retransmitted,
                counted: connections == 0,
                ..Traffic::default()
            },
        )
    }

    #[test]
    fn columns_stand_under_their_names_and_what_is_unknown_is_a_dash() {
        let lanes = [lane(3, 0, None), lane(0, 10, Some(2)), lane(0, 1, None)];
        let table = table(&lanes);
        let widths: Vec<usize> = table.lines().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == 70), "{table}");
        let line = |name: &str| {
            let line = table.lines().find(|line| line.starts_with(name));
            let line = line.unwrap().strip_prefix(name).unwrap();
            line.split_whitespace().collect::<Vec<_>>()
        };
        assert_eq!(line("lost"), ["3", "0", "0"]);
        assert_eq!(line("connections"), ["-", "10", "1"]);
        assert_eq!(line("retransmitted"), ["-", "2", "-"]);
        assert!(!table.contains("median"), "nothing was timed");
    }

    #[test]
    fn the_notes_say_no_more_than_is_known() {
        let lanes = [lane(3, 0, None), lane(0, 10, Some(0)), lane(0, 1, Some(0))];
        let text = notes(&lanes, false).join("\n");
        assert!(text.contains("3 of 10 had no answer"), "{text}");
        assert!(text.contains("retransmitted no segment"), "{text}");
        let refused = [lane(0, 0, None), lane(0, 0, Some(0)), lane(0, 0, Some(0))];
        assert_eq!(notes(&refused, true).len(), 1);
    }
}
