//! The judge of what went over the wire: how many pings, their form, numbers and distances.
//!
//! Owns which of that is a bug. Output is not known here.

use super::{Bug, End, Judge, shown};

impl Judge<'_> {
    /// What went over the wire.
    pub(super) fn wire(&mut self) {
        let pings = self.truth.pings.len();
        let ended = matches!(self.seen.end, End::Exited(_)) && self.judged.findings.is_empty();
        if let Some(count) = self.assignment.count
            && pings != count
            && ended
            && !self.seen.unseen
            // Whoever is refused may give up.
            && (pings > count || !self.refused())
        {
            self.find(
                Bug::Count,
                None,
                &pings.to_string(),
                count.to_string(),
                false,
            );
        }
        for (index, ping) in self.truth.pings.clone().iter().enumerate() {
            if let Some(wrong) = self.assignment.wire.malformed(&ping.bytes, ping.length) {
                let bug = if self.assignment.wire.has_fields() {
                    Bug::Fields
                } else {
                    Bug::Form
                };
                self.find(bug, Some(index), &ping.text, wrong, false);
                break;
            }
        }
        self.numbers();
        let mut ports: Vec<u16> = self.truth.pings.iter().map(|it| it.port).collect();
        ports.sort_unstable();
        ports.dedup();
        if ports.len() == pings && pings >= 4 {
            let printed = ports.len().to_string();
            self.find(Bug::SocketPerPing, None, &printed, "1".to_owned(), false);
        }
        if let Some(interval) = self.assignment.interval {
            let interval = interval.as_secs_f64();
            let short = self.truth.pings.windows(2).position(|two| match two {
                [first, second] => second.at - first.at < interval * 0.8,
                _ => false,
            });
            if let Some(at) = short {
                let gap = self.gap(at).unwrap_or_default();
                self.find(
                    Bug::Spacing,
                    Some(at + 1),
                    &shown(gap),
                    shown(interval),
                    true,
                );
            }
        }
        self.waits();
    }

    /// Nobody listened for some of the pings.
    fn refused(&self) -> bool {
        self.seen.end != End::Hung && self.seen.refused
    }

    /// From a ping to the next.
    pub(super) fn gap(&self, ping: usize) -> Option<f64> {
        let [first, second] = [ping, ping + 1].map(|it| self.truth.pings.get(it));
        Some(second?.at - first?.at)
    }

    fn numbers(&mut self) {
        let mut numbers: Vec<i64> = self.truth.pings.iter().filter_map(|it| it.seq).collect();
        if numbers.len() < self.truth.pings.len() || numbers.len() < 2 {
            return;
        }
        let sent = numbers.clone();
        numbers.sort_unstable();
        let twice = numbers.windows(2).find_map(|two| match two {
            [first, second] if first == second => Some(*first),
            _ => None,
        });
        let mut distinct = numbers.clone();
        distinct.dedup();
        if distinct.len() == 1 {
            let printed = distinct
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            self.find(Bug::Numbers, None, &printed, "+1".to_owned(), false);
        } else if let Some(twice) = twice {
            let ping = sent.iter().rposition(|it| *it == twice);
            let times = sent.iter().filter(|it| **it == twice).count();
            let printed = format!("{times} ×");
            self.find(Bug::SentTwice, ping, &printed, "1 ×".to_owned(), false);
        } else if !self.refused()
            && numbers
                .windows(2)
                .any(|two| matches!(two, [first, second] if second - first != 1))
        {
            let printed: Vec<String> = sent.iter().take(4).map(ToString::to_string).collect();
            self.find(
                Bug::Numbers,
                None,
                &printed.join(", "),
                "+1".to_owned(),
                false,
            );
        }
    }

    /// One second for each that is not answered, as far as the next ping shows it.
    fn waits(&mut self) {
        if self.truth.concurrent {
            return;
        }
        let unanswered = |it: &usize| self.truth.pings.get(*it).is_some_and(|it| it.rtt.is_none());
        let pings = self.truth.pings.len();
        // What it pauses after a reply it may pause after a loss, too.
        let pauses = (0..pings).filter_map(|it| Some(self.gap(it)? - self.truth.in_time(it)?));
        let pause = pauses.fold(f64::INFINITY, f64::min);
        let pause = if pause.is_finite() {
            pause.max(0.0)
        } else {
            1.0
        };
        let long: Vec<(usize, f64)> = (0..pings)
            .filter(unanswered)
            .filter(|it| self.truth.others_during(*it).next().is_none())
            .filter_map(|it| Some((it, self.gap(it)?)))
            .filter(|(_, gap)| *gap > 2.0 * self.truth.timeout + 0.6 + pause)
            .collect();
        // Two, for one could be the machine's doing.
        for (ping, gap) in long.iter().filter(|_| long.len() > 1) {
            let truth = shown(self.truth.timeout);
            self.find(Bug::TimeoutLength, Some(*ping), &shown(*gap), truth, true);
        }
    }
}
