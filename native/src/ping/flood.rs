//! Sending by the batch, where replies set the pace.
//!
//! Owns the probes that are handed out and not sent yet: a batch at the most, and never
//! while the loop waits. What becomes of a probe that cannot be sent is `run`'s.

use std::io;
use std::time::Duration;

use udping_core::wire::Probe;
use udping_journal::Record;

use super::run::PingRun;
use crate::net::{Arrival, Batch, RECEIVE_BUFFER};

/// Room for a batch each way.
pub(super) struct Flood {
    waiting: Batch,
    probes: Vec<(Probe, Option<Record>)>,
    arrived: Batch,
    /// The last thing that came from the server is a reply. Until then, and after an error,
    /// each probe goes by itself: of a long message that nobody takes, the network reports
    /// once, and the probes but one would be lost rather than refused.
    answers: bool,
}

impl Flood {
    /// For requests of at most `longest` bytes.
    pub(super) fn new(longest: usize) -> Self {
        Self {
            waiting: Batch::new(longest),
            probes: Vec::new(),
            arrived: Batch::new(RECEIVE_BUFFER),
            answers: false,
        }
    }

    /// Whether no probe waits.
    pub(super) fn is_empty(&self) -> bool {
        self.probes.is_empty()
    }

    /// Adds a probe to those that wait, and sends them if no more can.
    pub(super) fn add(&mut self, run: &mut PingRun<'_>, probe: Probe, record: Option<Record>) {
        self.waiting
            .push(None, |room| run.transport.wire.encode(&probe, room));
        self.probes.push((probe, record));
        if self.waiting.is_full() {
            self.flush(run);
        }
    }

    /// Sends the probes that wait.
    pub(super) fn flush(&mut self, run: &mut PingRun<'_>) {
        let mut first = 0;
        while first < self.waiting.len() {
            let (went, stale) =
                run.transport
                    .send_many(&mut self.waiting, first, &self.probes, self.answers);
            let probes = self.probes.get_mut(first..).unwrap_or_default();
            for (probe, record) in probes.iter_mut().take(went) {
                run.went_out(probe, record.take());
            }
            first += went;
            if first < self.waiting.len() {
                self.answers = false;
                // The next one failed, by itself or for an earlier one's error. By itself it
                // says which, and what that decides comes after all that was decided before.
                for (probe, record) in probes.iter_mut().skip(went) {
                    run.record_sent(probe, record.take());
                }
                if let Some((probe, _)) = self.probes.get(first) {
                    let mut result = run.transport.send(probe.seq, self.waiting.get(first).0);
                    result.stale = result.stale.or(stale);
                    run.account(probe, None, result);
                }
                first += 1;
            }
        }
        self.probes.clear();
        self.waiting.clear();
    }

    /// Waits at most `wait` for replies, and takes all that are there.
    pub(super) fn receive(&mut self, run: &mut PingRun<'_>, wait: Duration) -> io::Result<()> {
        let received = run.transport.receive_many(&mut self.arrived, wait);
        self.answers &= received.is_ok();
        let Some(at) = received? else {
            return Ok(());
        };
        self.answers = true;
        for (datagram, _) in self.arrived.datagrams() {
            run.receive(&Arrival::bare(at, datagram.len()), datagram);
        }
        Ok(())
    }
}
