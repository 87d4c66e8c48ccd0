//! What a right client would have decided on the packets that went.
//!
//! Owns each ping's replies and round trip. Output is not known here.

use std::time::Duration;

use udping_core::wire::text::decode_reply;

use super::assignment::Assignment;
use super::transcript::{Late, Packet, PacketRole, ReplyKind, Transcript};

/// A ping as it was seen; times in seconds.
#[derive(Debug, Clone)]
pub(super) struct Ping {
    pub(super) at: f64,
    pub(super) port: u16,
    pub(super) seq: Option<i64>,
    pub(super) text: String,
    pub(super) bytes: Vec<u8>,
    pub(super) length: usize,
    /// From its sending to its first true reply, if any came.
    pub(super) rtt: Option<f64>,
}

/// A datagram that went to the program.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    pub(super) at: f64,
    /// Whose reply it is; garbage is nobody's.
    pub(super) ping: Option<usize>,
    pub(super) kind: Option<ReplyKind>,
    pub(super) text: String,
}

/// All that went.
#[derive(Debug, Clone)]
pub(super) struct Truth {
    pub(super) pings: Vec<Ping>,
    pub(super) arrivals: Vec<Arrival>,
    pub(super) timeout: f64,
    /// The most by which this side was late.
    pub(super) late: f64,
    /// When it was late, and by how much.
    lateness: Vec<Late>,
    /// Some ping went out while another was waited for.
    pub(super) concurrent: bool,
}

impl Truth {
    pub(super) fn of(seen: &Transcript, assignment: &Assignment) -> Self {
        let mut pings: Vec<Ping> = Vec::new();
        let mut arrivals = Vec::new();
        for packet in &seen.packets {
            let at = seconds(packet.at_ns);
            match packet.what {
                PacketRole::Request { port } => pings.push(Ping {
                    at,
                    port,
                    seq: assignment.wire.number(&packet.bytes),
                    text: text(packet),
                    bytes: packet.bytes.clone(),
                    length: packet.length,
                    rtt: None,
                }),
                PacketRole::Reply { request, kind } => arrivals.push(Arrival {
                    at,
                    ping: Some(request),
                    kind: Some(kind),
                    text: text(packet),
                }),
                PacketRole::Noise => arrivals.push(Arrival {
                    at,
                    ping: None,
                    kind: None,
                    text: String::new(),
                }),
            }
        }
        for arrival in &arrivals {
            let ping = arrival.ping.and_then(|it| pings.get_mut(it));
            if let Some(ping) = ping
                && arrival.kind != Some(ReplyKind::Stranger)
                && ping.rtt.is_none()
            {
                ping.rtt = Some(arrival.at - ping.at);
            }
        }
        let timeout = assignment.timeout.as_secs_f64();
        let concurrent = is_concurrent(&pings, &arrivals, timeout, &[]);
        Self {
            pings,
            arrivals,
            timeout,
            late: seconds(seen.late_ns),
            lateness: seen.late.clone(),
            concurrent,
        }
    }

    /// Looks again whether pings went out while others were waited for, knowing when some were
    /// said to be lost: those were waited for no more.
    pub(super) fn given_up(&mut self, at: &[f64]) {
        self.concurrent = is_concurrent(&self.pings, &self.arrivals, self.timeout, at);
    }

    /// Whether nothing went to the program that is not a reply in time, the first one to its ping.
    pub(super) fn is_clean(&self, refused: bool) -> bool {
        !refused && self.strays().next().is_none()
    }

    /// What went to the program and is not the first reply to a ping, in time.
    pub(super) fn strays(&self) -> impl Iterator<Item = &Arrival> {
        self.arrivals.iter().filter(|it| self.is_stray(it))
    }

    pub(super) fn is_stray(&self, arrival: &Arrival) -> bool {
        let kinds = [Some(ReplyKind::Copy), Some(ReplyKind::Stranger)];
        let ping = arrival.ping.filter(|it| self.in_time(*it).is_some());
        ping.is_none() || kinds.contains(&arrival.kind)
    }

    /// The round trip of a ping, if its reply came in time.
    pub(super) fn in_time(&self, ping: usize) -> Option<f64> {
        let rtt = self.pings.get(ping)?.rtt?;
        (rtt <= self.timeout).then_some(rtt)
    }

    /// By how much a busy machine may have changed what was measured of that ping: all that the
    /// program waited for a processor, and the most by which this side was late.
    pub(super) fn late_during(&self, ping: usize) -> f64 {
        let from = self.pings.get(ping).map_or(0.0, |it| it.at);
        let until = from + self.in_time(ping).unwrap_or(self.timeout);
        let (mut program, mut own) = (0.0, 0.0_f64);
        for late in &self.lateness {
            let (at, by) = (seconds(late.at_ns), seconds(late.by_ns));
            // It is looked at now and then.
            if at < from - 0.02 || at - by > until + 0.07 {
                continue;
            }
            if late.program {
                program += by;
            } else {
                own = own.max(by);
            }
        }
        program + own
    }

    /// Whether that is too near to the timeout to be called so.
    pub(super) fn is_near(&self, ping: usize, near: f64) -> bool {
        let rtt = self.pings.get(ping).and_then(|it| it.rtt);
        rtt.is_some_and(|it| (it - self.timeout).abs() < near)
    }

    /// What went to the program while it waited for a ping, other than that ping's own replies.
    pub(super) fn others_during(&self, ping: usize) -> impl Iterator<Item = &Arrival> {
        let from = self.pings.get(ping).map_or(0.0, |it| it.at);
        let until = from + self.in_time(ping).unwrap_or(self.timeout);
        self.arrivals
            .iter()
            .filter(move |it| it.ping != Some(ping) && it.at >= from - 0.001 && it.at <= until)
    }

    /// The texts that went over the wire, each with its ping.
    pub(super) fn quoted(&self) -> Vec<(usize, String)> {
        let requests = self.pings.iter().map(|it| it.text.clone()).enumerate();
        let replies = self
            .arrivals
            .iter()
            .filter_map(|it| Some((it.ping?, it.text.clone())));
        requests
            .chain(replies)
            .filter(|it| !it.1.is_empty())
            .collect()
    }
}

/// Whether the next ping went out while the one before was waited for, and nothing came that
/// could have ended the wait.
fn is_concurrent(pings: &[Ping], arrivals: &[Arrival], timeout: f64, given_up: &[f64]) -> bool {
    let begin = pings.first().map_or(0.0, |it| it.at);
    let early = pings.windows(2).filter(|two| {
        let [first, second] = two else { return false };
        // Later it may have given up, at once for each.
        if first.at > begin + timeout - 0.05 {
            return false;
        }
        let came = arrivals
            .iter()
            .any(|it| it.at >= first.at - 0.002 && it.at <= second.at + 0.005);
        let over = given_up
            .iter()
            .any(|it| *it >= first.at && *it <= second.at + 0.03);
        second.at - first.at < timeout - 0.1 && !came && !over
    });
    early.count() >= 2
}

pub(super) fn seconds(nanos: u64) -> f64 {
    Duration::from_nanos(nanos).as_secs_f64()
}

/// The number of a request, as the textbook's clients say it.
pub(super) fn number(bytes: &[u8]) -> Option<i64> {
    /// So many are a time, with or without a number before it.
    const MOST: i64 = 100_000_000;
    stated(bytes).filter(|it| *it < MOST)
}

fn stated(bytes: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let behind = text.split_once("ping").map_or("", |it| it.1);
    let digits = behind.trim_start_matches(|it: char| !it.is_ascii_alphanumeric());
    let end = digits.find(|it: char| !it.is_ascii_digit());
    let (digits, rest) = digits.split_at(end.unwrap_or(digits.len()));
    // A date or a time of day may stand behind, or before.
    if !rest.starts_with([':', '-', '.', '/'])
        && let Ok(number) = digits.parse()
    {
        return Some(number);
    }
    let decoded = decode_reply(bytes).ok().and_then(|it| it.seq);
    decoded.map(i64::from).or_else(|| {
        // As a field of an object.
        let behind = text.split_once("seq")?.1;
        let digits = behind.trim_start_matches(|it: char| !it.is_ascii_digit());
        let end = digits.find(|it: char| !it.is_ascii_digit());
        digits.get(..end.unwrap_or(digits.len()))?.parse().ok()
    })
}

/// A packet's text, if it is one.
fn text(packet: &Packet) -> String {
    let text = str::from_utf8(&packet.bytes).unwrap_or_default();
    text.trim_matches(|it: char| it == '\0' || it.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn the_number_stands_behind_the_word_whatever_the_time_looks_like() {
        for text in [
            "Ping 7 2026-11-30T18:44:19.123456789Z",
            "PING 7 18:44:19",
            "ping #7 Mon Nov 30 18:44:19 2026",
            "PING 7 1700000000123 \r\n",
            "Ping: 7",
            "{\"type\": \"Ping\", \"seq\": 7, \"time\": 1764540000.5}",
        ] {
            assert_eq!(number(text.as_bytes()), Some(7), "{text}");
        }
        // The time stands where the number should end.
        assert_eq!(number(b"PING 71700000000123\r\n"), None);
    }
}
