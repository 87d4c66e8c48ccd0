//! What people read of heartbeats, at either end.

use std::fmt::{self, Display};
use std::time::Duration;

use udping_core::heartbeat::{Came, Heard, Place, SenderSummary, WatchSummary};

use super::figures::{exact_millis, millis};
use super::{count, seconds};

/// What an arrival means, in one line or more: `heartbeat 3 from …`.
pub(crate) fn heard(who: &dyn Display, seq: u64, heard: &Heard, silence: Duration) -> Vec<String> {
    let mut lines = Vec::new();
    if heard.newly_stopped {
        lines.push(stopped(who, silence));
    }
    if heard.back {
        lines.push(format!("{who} is back"));
    }
    match heard.came {
        Came::First if seq > 1 => lines.push(format!(
            "{who} is new here: whether there were heartbeats before {seq}, nobody can tell"
        )),
        Came::First => lines.push(format!("{who} is new here")),
        Came::Gap { from } => lines.push(missing(who, from, seq.saturating_sub(1))),
        Came::Restart => lines.push(format!("{who} counts anew, from {seq}")),
        _ => {}
    }
    let more = match heard.came {
        Came::Late => ": late, others overtook it",
        Came::Duplicate => ": it has come before",
        Came::TooOld => ": too old to tell whether it has come before",
        Came::NoRoom => ": not watched, there are too many clients already",
        _ => "",
    };
    let difference = difference(heard).unwrap_or_default();
    lines.push(format!("heartbeat {seq} from {who}{more}{difference}"));
    lines
}

fn missing(who: &dyn Display, from: u64, to: u64) -> String {
    if from == to {
        format!("missing from {who}: heartbeat {from}")
    } else {
        format!(
            "missing from {who}: heartbeats {from} to {to} ({} of them)",
            to - from + 1
        )
    }
}

/// ` time difference 12.3 ms, 0.4 ms over the least`.
fn difference(heard: &Heard) -> Option<String> {
    let difference = signed(heard.difference?);
    let extra = heard.extra.map_or_else(String::new, |extra| {
        format!(", {} ms over the least", millis(extra))
    });
    Some(format!(": time difference {difference} ms{extra}"))
}

fn signed(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    format!(
        "{sign}{}",
        millis(Duration::from_nanos(nanos.unsigned_abs()))
    )
}

/// A client fell silent.
pub(crate) fn stopped(who: &dyn Display, silence: Duration) -> String {
    format!(
        "{who} has stopped, or nothing gets through: no new heartbeat for {} s",
        seconds(silence)
    )
}

/// What there is to know before the first difference is read.
pub(crate) const DIFFERENCES: &str = "A time difference is the way here plus whatever the two clocks differ by: only its changes are delay.";

/// One client at the end.
pub(crate) fn client(who: &dyn Display, place: &Place) -> String {
    let exact = |nanos: i64| {
        let sign = if nanos < 0 { "-" } else { "" };
        format!("{sign}{}", exact_millis(nanos.unsigned_abs()))
    };
    let range = place.least.zip(place.greatest).map(|(least, greatest)| {
        format!(
            ", time difference least/greatest = {}/{} ms",
            exact(least),
            exact(greatest)
        )
    });
    let range = range.unwrap_or_else(|| ", its times are no date".to_owned());
    let stopped = if place.is_stopped() { ", stopped" } else { "" };
    format!(
        "{who}: {}, {} missing, the last is {}{range}{stopped}",
        count(place.beats, "heartbeat"),
        place.missing,
        place.highest()
    )
}

/// All of them together.
pub(crate) fn watched(sums: &WatchSummary) -> impl Display {
    let sums = *sums;
    fmt::from_fn(move |f| {
        let clients = count(sums.senders, "client");
        let beats = count(sums.beats, "heartbeat");
        write!(f, "{clients}, {beats}, {} missing", sums.missing)?;
        for (number, what) in [
            (sums.late, "late"),
            (sums.duplicates, "came twice"),
            (sums.restarts, "counted anew"),
            (sums.stopped, "called stopped"),
            (sums.back, "came back"),
            (sums.too_old, "too old"),
            (sums.no_room, "not watched for want of room"),
            (sums.unreadable, "no heartbeats"),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
        }
        Ok(())
    })
}

/// What a sender did.
pub(crate) fn sent(sums: &SenderSummary, elapsed: Duration) -> impl Display {
    let sums = *sums;
    fmt::from_fn(move |f| {
        let sent = count(sums.sent, "heartbeat");
        write!(f, "{sent} sent in {} s", seconds(elapsed))?;
        for (number, what) in [
            (sums.refused, "refused"),
            (sums.unsent, "not sent"),
            (sums.missed, "slots missed"),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(came: Came, difference: Option<i64>, seq: u64) -> Vec<String> {
        let heard_ = Heard {
            came,
            difference,
            extra: difference.map(|_| Duration::from_micros(400)),
            back: false,
            newly_stopped: false,
        };
        heard(&"host", seq, &heard_, Duration::from_secs(5))
    }

    #[test]
    fn an_arrival_is_told_with_what_it_means() {
        assert_eq!(
            told(Came::Next, Some(-12_300_000), 3),
            ["heartbeat 3 from host: time difference -12.3 ms, 0.400 ms over the least"]
        );
        assert_eq!(
            told(Came::Gap { from: 4 }, None, 7),
            [
                "missing from host: heartbeats 4 to 6 (3 of them)",
                "heartbeat 7 from host"
            ]
        );
        assert_eq!(
            told(Came::Gap { from: 4 }, None, 5)[0],
            "missing from host: heartbeat 4"
        );
    }
}
