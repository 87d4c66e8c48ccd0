//! Incidents of a run, as people read them.

use std::time::Duration;

use udping_journal::{Befallen, Note};

use super::figures::seconds;
use crate::i18n::say;

/// The sentence for it, on the way to `server`.
pub(crate) fn sentence(note: &Note, server: &str) -> String {
    let time = seconds(Duration::from_nanos(note.for_ns.unwrap_or(0)));
    match note.note {
        Befallen::Stopped => say::BefellStopped { time }.to_string(),
        Befallen::Stalled => say::BefellStalled { time }.to_string(),
        Befallen::Slept => say::BefellSlept { time }.to_string(),
        Befallen::ClockSet => {
            let by = note.by_ns.unwrap_or(0);
            let time = seconds(Duration::from_nanos(by.unsigned_abs()));
            if by < 0 {
                say::BefellClockBack { time }.to_string()
            } else {
                say::BefellClockAhead { time }.to_string()
            }
        }
        Befallen::Moved => {
            let address = note.address.as_deref().unwrap_or_default();
            say::BefellMoved { server, address }.to_string()
        }
        Befallen::NetworkDown => {
            let error = note.error.as_deref().unwrap_or_default();
            say::BefellNetworkDown { error }.to_string()
        }
        Befallen::NetworkUp => say::BefellNetworkUp { time }.to_string(),
        _ => say::BEFELL_OTHERWISE.to_string(),
    }
}

/// What can befall a run, and is worth counting.
const KINDS: [Befallen; 6] = [
    Befallen::Stopped,
    Befallen::Stalled,
    Befallen::Slept,
    Befallen::ClockSet,
    Befallen::Moved,
    Befallen::NetworkDown,
];

/// How often each of them happened.
#[derive(Debug, Default)]
pub(crate) struct Tally([u64; KINDS.len()]);

impl Tally {
    pub(crate) fn count(&mut self, befallen: Befallen) {
        for (times, kind) in self.0.iter_mut().zip(KINDS) {
            *times += u64::from(kind == befallen);
        }
    }

    /// A line of the summary; `None` if nothing happened.
    pub(crate) fn line(&self) -> Option<String> {
        let told = self.0.iter().zip(KINDS).filter(|(n, _)| **n > 0);
        let told = told.map(|(&n, kind)| match kind {
            Befallen::Stopped => say::MeanwhileStopped { n }.to_string(),
            Befallen::Stalled => say::MeanwhileStalled { n }.to_string(),
            Befallen::Slept => say::MeanwhileSlept { n }.to_string(),
            Befallen::ClockSet => say::MeanwhileClockSet { n }.to_string(),
            Befallen::Moved => say::MeanwhileMoved { n }.to_string(),
            _ => say::MeanwhileNetworkDown { n }.to_string(),
        });
        let what = told.collect::<Vec<String>>().join(", ");
        (!what.is_empty()).then(|| say::Meanwhile { what }.to_string())
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
