//! What befell a run from outside, in words.

use std::time::Duration;

use udping_core::journal::{Befallen, Note};

use super::figures::seconds;

/// The sentence for it, on the way to `server`.
pub(super) fn sentence(note: &Note, server: &str) -> String {
    let time = seconds(Duration::from_nanos(note.for_ns.unwrap_or(0)));
    match note.note {
        Befallen::Stopped => format!(
            "udping was stopped for {time} s: what came meanwhile was taken late, and looks slower than it was"
        ),
        Befallen::Stalled => format!(
            "the machine did not let udping run for {time} s: what came meanwhile was taken late, and looks slower than it was"
        ),
        Befallen::Slept => {
            format!("the machine slept for {time} s, which count for no time and no timeout")
        }
        Befallen::ClockSet => {
            let by = note.by_ns.unwrap_or(0);
            let way = if by < 0 { "back" } else { "ahead" };
            let time = seconds(Duration::from_nanos(by.unsigned_abs()));
            format!("the wall clock was set {way} by {time} s, which no round trip is measured by")
        }
        Befallen::Moved => {
            let address = note.address.as_deref().unwrap_or("another address");
            format!("the way to {server} starts from {address} now: measuring goes on from there")
        }
        Befallen::NetworkDown => {
            let error = note.error.as_deref().unwrap_or("no reason given");
            format!("the network is gone ({error}): measuring goes on as soon as it is back")
        }
        Befallen::NetworkUp => format!("the network is back after {time} s"),
        _ => "something befell this run".to_owned(),
    }
}

/// What can befall a run, with the words for one of it and for several.
const KINDS: [(Befallen, &str, &str); 6] = [
    (Befallen::Stopped, "stop", "stops"),
    (Befallen::Stalled, "stall", "stalls"),
    (Befallen::Slept, "sleep", "sleeps"),
    (Befallen::ClockSet, "clock step", "clock steps"),
    (Befallen::Moved, "change of address", "changes of address"),
    (Befallen::NetworkDown, "network outage", "network outages"),
];

/// How often each of them happened.
#[derive(Debug, Default)]
pub(super) struct Tally([u64; KINDS.len()]);

impl Tally {
    pub(super) fn count(&mut self, befallen: Befallen) {
        for (times, (kind, ..)) in self.0.iter_mut().zip(KINDS) {
            *times += u64::from(kind == befallen);
        }
    }

    /// A line of the summary; `None` if nothing happened.
    pub(super) fn line(&self) -> Option<String> {
        let told = self.0.iter().zip(KINDS).filter(|(times, _)| **times > 0);
        let told: Vec<String> = told
            .map(|(times, (_, one, many))| {
                format!("{times} {}", if *times == 1 { one } else { many })
            })
            .collect();
        (!told.is_empty()).then(|| format!("meanwhile: {}", told.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happened_is_tallied() {
        let mut tally = Tally::default();
        assert_eq!(tally.line(), None);
        for befallen in [Befallen::Moved, Befallen::Stopped, Befallen::Moved] {
            tally.count(befallen);
        }
        tally.count(Befallen::NetworkUp);
        let line = tally.line();
        assert_eq!(
            line.as_deref(),
            Some("meanwhile: 1 stop, 2 changes of address")
        );
    }
}
