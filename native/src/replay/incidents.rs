//! The incidents of a journal: what happened to its run from outside, a rate limit too, which
//! is none of its records.
//!
//! Owns how much of that is kept and printed; the sentences are the report's.

use std::io::{self, Write};
use std::time::Duration;

use udping_journal::{Header, Incident, IncidentKind, Record};

use super::SHOWN;
use crate::i18n::say;
use crate::rate_limit::RateLimitDetector;
use crate::report::{IncidentCounts, incident_sentence, seconds};
use crate::visible;

/// The incidents of a journal: the first of them, and how many there are of each kind.
#[derive(Debug, Default)]
pub(super) struct Incidents {
    first: Vec<Incident>,
    count: u64,
    kinds: IncidentCounts,
    /// Where the target was found last, if it moved and that is on record.
    moved_to: Option<String>,
    rate_limit: RateLimitDetector,
    /// Datagrams that the run's host dropped, as its final figures say.
    pub(super) rx_dropped: Option<u64>,
}

impl Incidents {
    pub(super) fn take(&mut self, record: &Record) {
        self.rate_limit.take(record);
        self.rx_dropped = self.rx_dropped.or(record.rx_dropped());
        let Record::Incident(incident) = record else {
            return;
        };
        self.count += 1;
        self.kinds.count(incident.incident);
        if incident.incident == IncidentKind::MovedTarget {
            self.moved_to.clone_from(&incident.address);
        }
        if self.first.len() < SHOWN {
            // Whose journal it is, nobody knows.
            self.first.push(Incident {
                address: incident.address.as_deref().map(visible),
                error: incident.error.as_deref().map(visible),
                ..incident.clone()
            });
        }
    }

    /// Replies a second that a rate limit seems to have let pass.
    pub(super) fn suspected_rate_limit(&self) -> Option<u64> {
        self.rate_limit.suspected()
    }

    /// Whom the last figures of a journal with this header are about.
    pub(super) fn last_target(&self, header: &Header) -> Option<String> {
        let Some(address) = &self.moved_to else {
            return header.target();
        };
        let address = Some(address.clone());
        Header {
            address,
            ..header.clone()
        }
        .target()
    }

    /// Prints them, of a run whose probes went to `server`.
    pub(super) fn print(&self, out: &mut impl Write, server: &str) -> io::Result<()> {
        if let Some(line) = self.kinds.line() {
            writeln!(out, "{line}")?;
        }
        for incident in &self.first {
            let time = seconds(Duration::from_nanos(incident.at_ns));
            let what = incident_sentence(incident, server);
            writeln!(out, "  {}", say::ReplayIncident { time, what })?;
        }
        let n = self.count - self.first.len() as u64;
        if n > 0 {
            writeln!(out, "  {}", say::AndMore { n })?;
        }
        Ok(())
    }
}
