//! What people read of a comparison: its exchanges, and what each way cost.

use std::fmt::Write as _;
use std::time::Duration;

use udping_core::compare::{Traffic, Via};
use udping_core::event::Outcome;
use udping_core::stats::Summary;

use super::count;
use super::figures::{exact_millis, millis};

/// How each way is called in a line.
fn name(via: Via) -> &'static str {
    match via {
        Via::Udp => "udp",
        Via::TcpNew => "tcp new",
        Via::TcpKept => "tcp kept",
    }
}

/// What became of an exchange. It was connected `connected` after it began, where it had
/// to be; the network said `error`.
pub(crate) fn outcome(
    via: Via,
    outcome: &Outcome,
    timeout: Duration,
    connected: Option<Duration>,
    error: Option<&str>,
) -> Option<String> {
    let start = |seq: u64| format!("{:<8} seq={seq} ", name(via));
    let connected = connected.map_or_else(String::new, |after| {
        format!(", connected after {} ms", millis(after))
    });
    Some(match *outcome {
        Outcome::Replied { seq, rtt, .. } => {
            format!("{}time={} ms{connected}", start(seq), millis(rtt))
        }
        Outcome::Late {
            seq,
            rtt,
            newly_lost,
            ..
        } => {
            let lost = if newly_lost {
                format!("{}\n", lost(via, seq, timeout))
            } else {
                String::new()
            };
            format!(
                "{lost}{}time={} ms{connected} (late by {} ms: it stays lost)",
                start(seq),
                millis(rtt),
                millis(rtt.saturating_sub(timeout))
            )
        }
        Outcome::Duplicate { seq, rtt } => format!("{}time={} ms (DUP!)", start(seq), millis(rtt)),
        Outcome::Refused { seq, after } => format!(
            "{}refused after {} ms: {}",
            start(seq),
            millis(after),
            error.unwrap_or("nobody is listening there")
        ),
        Outcome::Unsent { seq } => format!(
            "{}could not be sent: {}",
            start(seq),
            error.unwrap_or("the system does not say why")
        ),
        Outcome::Stamped { .. } | Outcome::Ignored(_) => return None,
    })
}

/// No answer came in time.
pub(crate) fn lost(via: Via, seq: u64, timeout: Duration) -> String {
    let wait = millis(timeout);
    format!(
        "{:<8} seq={seq} lost: no answer within {wait} ms",
        name(via)
    )
}

/// One way's figures at the end.
pub(crate) type Lane = (Summary, Traffic);

/// The table of the three ways, in the order of [`Via::ALL`].
pub(crate) fn table(lanes: &[Lane; 3]) -> String {
    let mut text = format!(
        "{:<22}{:>16}{:>16}{:>16}\n",
        "", "UDP", "TCP, new each", "TCP, kept"
    );
    let mut row = |name: &str, cell: &dyn Fn(&Lane) -> Option<String>| {
        let cells = lanes.each_ref().map(cell);
        if cells.iter().all(Option::is_none) {
            return;
        }
        let [udp, new, kept] = cells.map(|cell| cell.unwrap_or_else(|| "-".to_owned()));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<22}{udp:>16}{new:>16}{kept:>16}");
    };
    let some = |number: u64| (number > 0).then(|| number.to_string());
    let all = |number: u64| Some(number.to_string());
    row("sent", &|(it, _)| all(it.sent));
    row("answered in time", &|(it, _)| all(it.replied));
    row("lost", &|(it, _)| all(it.lost));
    row("of them late", &|(it, _)| some(it.late));
    row("refused", &|(it, _)| some(it.refused));
    row("not sent", &|(it, _)| some(it.unsent));
    row("undecided", &|(it, _)| some(it.in_flight));
    row("connections", &|(_, it)| some(it.connections));
    row("round trips", &|(_, it)| all(it.round_trips));
    row("packets out/in", &|(_, it)| {
        let mark = if it.counted { "" } else { "*" };
        Some(format!("{}/{}{mark}", it.packets_out, it.packets_in))
    });
    row("bytes out/in", &|(_, it)| {
        Some(format!("{}/{}", it.bytes_out, it.bytes_in))
    });
    row("retransmitted", &|(_, it)| {
        it.retransmitted.map(|number| number.to_string())
    });
    let time = |pick: fn(&udping_core::stats::Distribution) -> u64| {
        move |(it, _): &Lane| it.rtt.as_ref().map(|rtt| exact_millis(pick(rtt)))
    };
    row("time, least (ms)", &time(|rtt| rtt.min_ns));
    row("      mean", &time(|rtt| rtt.mean_ns));
    row("      median", &time(|rtt| rtt.median_ns));
    row("      p99", &time(|rtt| rtt.p99_ns));
    row("      greatest", &time(|rtt| rtt.max_ns));
    text.truncate(text.trim_end().len());
    text
}

/// What was measured and what was not, and what a loss did on each way.
pub(crate) fn notes(lanes: &[Lane; 3], ipv6: bool) -> Vec<String> {
    let ip = if ipv6 { "40 of IPv6" } else { "20 of IPv4" };
    let mut notes = vec![format!(
        "Measured: times, from sending or connecting to the answer, and payloads. Computed: bytes, as payload plus {ip} and 8 of UDP or 20 of TCP without options."
    )];
    let [udp, tcp @ ..] = lanes;
    let connected = tcp.iter().any(|(_, it)| it.connections > 0);
    if connected {
        notes.push(
            if tcp.iter().all(|(_, it)| it.counted) {
                "Packets of TCP are those that this system counted, handshake and goodbye included."
            } else {
                "* the least that TCP needs, handshake and goodbye included: this system does not count."
            }
            .to_owned(),
        );
    }
    if udp.0.lost > 0 {
        notes.push(format!(
            "UDP: {} of {} had no answer in time. A lost datagram is silence; nobody sends it again.",
            udp.0.lost, udp.0.sent
        ));
    }
    let retransmitted: Option<u64> = tcp.iter().map(|(_, it)| it.retransmitted).sum();
    let late: u64 = tcp.iter().map(|(it, _)| it.late).sum();
    if connected {
        let late = match late {
            0 => String::new(),
            late => format!(
                " {} came after the timeout, but came.",
                count(late, "answer")
            ),
        };
        notes.push(match retransmitted {
            Some(0) => format!(
                "TCP: a lost segment is sent again, so loss is delay.{late} This system sent no segment again; what the other end sent again or held back, only its own counters tell."
            ),
            Some(number) => format!(
                "TCP: a lost segment is sent again, so loss is delay.{late} This system sent {} again; what the other end sent again, only its own counters tell.",
                count(number, "segment")
            ),
            None => format!(
                "TCP: a lost segment is sent again, so loss is delay.{late} How many were, this system does not tell."
            ),
        });
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
        assert!(!table.contains("time"), "nothing was timed");
    }

    #[test]
    fn the_notes_say_no_more_than_is_known() {
        let lanes = [lane(3, 0, None), lane(0, 10, Some(0)), lane(0, 1, Some(0))];
        let told = notes(&lanes, false).join("\n");
        assert!(told.contains("3 of 10 had no answer"), "{told}");
        assert!(told.contains("sent no segment again"), "{told}");
        let refused = [lane(0, 0, None), lane(0, 0, Some(0)), lane(0, 0, Some(0))];
        assert_eq!(notes(&refused, true).len(), 1);
    }
}
