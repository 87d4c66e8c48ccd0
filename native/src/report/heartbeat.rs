//! What people read of heartbeats, at either end.
//!
//! Owns which sentence stands for which outcome. What is missing, and who has stopped, is the
//! core's to decide.

use std::fmt::Display;
use std::time::Duration;

use udping_core::heartbeat::{BeatOrder, BeatOutcome, MonitorSummary, SenderState, SenderSummary};

use super::figures::{exact_millis, millis, some};
use super::seconds;
use crate::i18n::say;

/// What an arrival means, in one line or more: `heartbeat 3 from …`.
pub(crate) fn heard(who: &dyn Display, seq: u64, heard: &BeatOutcome) -> Vec<String> {
    let mut lines = Vec::new();
    if heard.back {
        lines.push(say::MonitorBack { who }.to_string());
    }
    match heard.order {
        BeatOrder::First if seq > 1 => lines.push(say::MonitorNewLate { who, seq }.to_string()),
        BeatOrder::First => lines.push(say::MonitorNew { who }.to_string()),
        BeatOrder::Gap { from } => lines.push(missing(who, from, seq.saturating_sub(1))),
        BeatOrder::Restart => lines.push(say::MonitorRestart { who, seq }.to_string()),
        _ => {}
    }
    let more = match heard.order {
        BeatOrder::Late => say::MONITOR_LATE.text(),
        BeatOrder::Duplicate => say::MONITOR_DUPLICATE.text(),
        BeatOrder::TooOld => say::MONITOR_TOO_OLD.text(),
        BeatOrder::NoRoom => say::MONITOR_NO_ROOM.text(),
        _ => "",
    };
    let difference = difference(heard).unwrap_or_default();
    let beat = say::MonitorBeat {
        seq,
        who,
        more,
        difference,
    };
    lines.push(beat.to_string());
    lines
}

fn missing(who: &dyn Display, from: u64, to: u64) -> String {
    let n = to.saturating_sub(from).saturating_add(1);
    if n == 1 {
        say::MonitorMissingOne { who, seq: from }.to_string()
    } else {
        say::MonitorMissing { who, from, to, n }.to_string()
    }
}

/// ` time difference 12.3 ms, 0.4 ms above the minimum`.
fn difference(heard: &BeatOutcome) -> Option<String> {
    let nanos = heard.difference?;
    let size = Duration::from_nanos(nanos.unsigned_abs());
    let difference = format!("{}{}", sign(nanos), millis(size));
    Some(match heard.extra.map(millis) {
        Some(extra) => say::MonitorDifferenceOver { difference, extra }.to_string(),
        None => say::MonitorDifference { difference }.to_string(),
    })
}

fn sign(nanos: i64) -> &'static str {
    if nanos < 0 { "-" } else { "" }
}

/// A client fell silent.
pub(crate) fn stopped(who: &dyn Display, silence: Duration) -> String {
    let silence = seconds(silence);
    say::MonitorStopped { who, silence }.to_string()
}

/// One client at the end.
pub(crate) fn client(who: &dyn Display, place: &SenderState) -> String {
    let exact = |nanos: i64| format!("{}{}", sign(nanos), exact_millis(nanos.unsigned_abs()));
    let range = place.least.zip(place.greatest).map(|(least, greatest)| {
        let (least, greatest) = (exact(least), exact(greatest));
        say::MonitorRange { least, greatest }.to_string()
    });
    let stopped = if place.is_stopped() {
        say::MONITOR_CLIENT_STOPPED.text()
    } else {
        ""
    };
    say::MonitorClient {
        who,
        n: place.beats,
        missing: place.missing,
        last: place.highest(),
        range: range.unwrap_or_else(|| say::MONITOR_NO_RANGE.to_string()),
        stopped,
    }
    .to_string()
}

/// All of them together.
pub(crate) fn watched(sums: &MonitorSummary) -> String {
    let all = say::MonitorSummary {
        senders: sums.senders,
        beats: sums.beats,
        missing: sums.missing,
    };
    let rest = [
        some(sums.late, |n| say::MonitorSumLate { n }),
        some(sums.duplicates, |n| say::MonitorSumDuplicates { n }),
        some(sums.restarts, |n| say::MonitorSumRestarts { n }),
        some(sums.stopped, |n| say::MonitorSumStopped { n }),
        some(sums.back, |n| say::MonitorSumBack { n }),
        some(sums.too_old, |n| say::MonitorSumTooOld { n }),
        some(sums.no_room, |n| say::MonitorSumNoRoom { n }),
        some(sums.unreadable, |n| say::MonitorSumUnreadable { n }),
    ];
    list(&all, rest)
}

/// What a sender did.
pub(crate) fn sent(sums: &SenderSummary, elapsed: Duration) -> String {
    let all = say::BeatSummary {
        n: sums.sent,
        time: seconds(elapsed),
    };
    let rest = [
        some(sums.refused, |n| say::BeatSumRefused { n }),
        some(sums.unsent, |n| say::BeatSumUnsent { n }),
        some(sums.missed, |n| say::BeatSumMissed { n }),
    ];
    list(&all, rest)
}

fn list<const N: usize>(first: &dyn Display, rest: [Option<String>; N]) -> String {
    let rest = rest.into_iter().flatten();
    rest.fold(first.to_string(), |list, more| list + ", " + &more)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(order: BeatOrder, difference: Option<i64>, seq: u64) -> Vec<String> {
        let arrival = BeatOutcome {
            order,
            difference,
            extra: difference.map(|_| Duration::from_micros(400)),
            back: false,
            newly_stopped: false,
        };
        heard(&"host", seq, &arrival)
    }

    #[test]
    fn an_arrival_is_told_with_what_it_means() {
        assert_eq!(
            said(BeatOrder::Next, Some(-12_300_000), 3),
            ["heartbeat 3 from host: time difference -12.3 ms, 0.400 ms above the minimum"]
        );
        assert_eq!(
            said(BeatOrder::Gap { from: 4 }, None, 7),
            [
                "missing from host: heartbeats 4 to 6 (3 of them)",
                "heartbeat 7 from host"
            ]
        );
        assert_eq!(
            said(BeatOrder::Gap { from: 4 }, None, 5)[0],
            "missing from host: heartbeat 4"
        );
    }
}
