//! Incidents of a run, as people read them.
//!
//! Owns the sentence of each kind, and how many of each there were. What is an incident, `ping`
//! decides.

use std::time::Duration;

use udping_journal::{Incident, IncidentKind};

use super::figures::seconds;
use crate::i18n::say;

/// The sentence for it, on the way to `server`.
pub(crate) fn sentence(incident: &Incident, server: &str) -> String {
    let time = seconds(Duration::from_nanos(incident.for_ns.unwrap_or(0)));
    let [address, old, error] = [&incident.address, &incident.old_address, &incident.error]
        .map(|it| it.as_deref().unwrap_or_default());
    match incident.incident {
        IncidentKind::Stopped => say::IncidentStopped { time }.to_string(),
        IncidentKind::Stalled => say::IncidentStalled { time }.to_string(),
        IncidentKind::Slept => say::IncidentSlept { time }.to_string(),
        IncidentKind::ClockSet => {
            let by = incident.by_ns.unwrap_or(0);
            let time = seconds(Duration::from_nanos(by.unsigned_abs()));
            if by < 0 {
                say::IncidentClockBack { time }.to_string()
            } else {
                say::IncidentClockAhead { time }.to_string()
            }
        }
        IncidentKind::Moved => say::IncidentMoved { server, address }.to_string(),
        IncidentKind::MovedTarget => say::IncidentMovedTarget { old, address }.to_string(),
        IncidentKind::NextAddress => say::IncidentNextAddress {
            old,
            error,
            address,
        }
        .to_string(),
        IncidentKind::NetworkDown => say::IncidentNetworkDown { error }.to_string(),
        IncidentKind::NetworkUp => say::IncidentNetworkUp { time }.to_string(),
        IncidentKind::Waited => say::IncidentWaited { server, time }.to_string(),
        IncidentKind::Other => say::INCIDENT_OTHERWISE.to_string(),
    }
}

/// The incidents that are counted.
const KINDS: [IncidentKind; 7] = [
    IncidentKind::Stopped,
    IncidentKind::Stalled,
    IncidentKind::Slept,
    IncidentKind::ClockSet,
    IncidentKind::Moved,
    IncidentKind::MovedTarget,
    IncidentKind::NetworkDown,
];

/// How often each of them happened.
#[derive(Debug, Default)]
pub(crate) struct IncidentCounts([u64; KINDS.len()]);

impl IncidentCounts {
    pub(crate) fn count(&mut self, incident: IncidentKind) {
        for (times, kind) in self.0.iter_mut().zip(KINDS) {
            *times += u64::from(kind == incident);
        }
    }

    /// A line of the summary; `None` if nothing happened.
    pub(crate) fn line(&self) -> Option<String> {
        let counted = self.0.iter().zip(KINDS).filter(|(n, _)| **n > 0);
        let counted = counted.map(|(&n, kind)| match kind {
            IncidentKind::Stopped => say::MeanwhileStopped { n }.to_string(),
            IncidentKind::Stalled => say::MeanwhileStalled { n }.to_string(),
            IncidentKind::Slept => say::MeanwhileSlept { n }.to_string(),
            IncidentKind::ClockSet => say::MeanwhileClockSet { n }.to_string(),
            IncidentKind::Moved => say::MeanwhileMoved { n }.to_string(),
            IncidentKind::MovedTarget => say::MeanwhileMovedTarget { n }.to_string(),
            _ => say::MeanwhileNetworkDown { n }.to_string(),
        });
        let what = counted.collect::<Vec<String>>().join(", ");
        (!what.is_empty()).then(|| say::Meanwhile { what }.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happened_is_counted() {
        let mut counts = IncidentCounts::default();
        assert_eq!(counts.line(), None);
        for incident in [
            IncidentKind::Moved,
            IncidentKind::Stopped,
            IncidentKind::Moved,
        ] {
            counts.count(incident);
        }
        counts.count(IncidentKind::NetworkUp);
        let line = counts.line();
        assert_eq!(
            line.as_deref(),
            Some("meanwhile: 1 stop, 2 changes of address")
        );
    }
}
