//! A recorded session as a run that was decided again under another timeout.
//!
//! Owns how the core's new decisions get into a run's columns. Decides nothing itself.

use std::time::Duration;

use udping_journal::replay::ReplayError;
use udping_journal::what_if::WhatIf;

use crate::log::{Log, Symbol, Wait};
use crate::run::{Recorded, Run};

impl Run {
    /// Whether it can be asked about another timeout: it has one, and its journal lacks no
    /// record that the probes are counted by.
    #[must_use]
    pub fn can_be_decided_again(&self) -> bool {
        let seqs = self.log().probes.seq.iter().zip(1_u64..);
        let whole = self.report().is_none_or(|report| report.dropped == 0);
        !self.beats() && whole && self.probes() > 0 && { seqs }.all(|(seq, at)| *seq == at)
    }

    /// The same session under another timeout: the core decides again over what came in.
    /// Some tenths of a second for a million probes.
    ///
    /// # Errors
    /// [`ReplayError`] if no client accepts that timeout.
    pub fn decided_again(&self, timeout_ns: u64) -> Result<Self, ReplayError> {
        let mut header = self.header().clone();
        let mut what_if = WhatIf::new(&header, Duration::from_nanos(timeout_ns))?;
        let mut log = Log::default();
        for event in 0..self.events() {
            if let Some(record) = self.log().record(event) {
                let own = self.log().seq(event);
                what_if.decide_again(&record, &mut |decided| {
                    let seq = decided.seq(|_| own);
                    log.push_record(&decided, seq);
                });
            }
        }
        let waited = Wait {
            timeout_ns: header.timeout_ns,
            late_window_ns: header.late_window_ns,
        };
        header.timeout_ns = timeout_ns;
        header.late_window_ns = waited.listened_ns().saturating_sub(timeout_ns);
        let read = self.read_from_journal();
        let recorded = Recorded {
            log,
            report: self.report().cloned().unwrap_or_default(),
            missing_data: self.missing_data().to_vec(),
            via: self.via(),
            waited: Some(waited),
            others: Vec::new(),
            figures: read.and_then(|it| it.figures.clone()),
            names: Vec::new(),
            far: read.map_or_else(Vec::new, |it| it.far.clone()),
            of_server: false,
            printed: Vec::new(),
            of_program: false,
        };
        Ok(Self::recorded(header, recorded))
    }

    /// The timeout on record, of a run that was decided again under another.
    #[must_use]
    pub fn recorded_timeout_ns(&self) -> Option<u64> {
        Some(self.read_from_journal()?.waited?.timeout_ns)
    }

    /// How long a probe was listened for on record, of such a run.
    #[must_use]
    pub fn recorded_listened_ns(&self) -> Option<u64> {
        Some(self.read_from_journal()?.waited?.listened_ns())
    }

    /// How a probe fared in the end.
    #[must_use]
    pub fn outcome(&self, probe: usize) -> Option<Symbol> {
        self.probe(probe, self.after(self.events()))?.symbol
    }
}
