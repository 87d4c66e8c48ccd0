//! What becomes of sending a probe, and what the system says to that.
//!
//! Owns what it comes to when it fails; the tries are the socket's. When a probe is sent is
//! `run`'s.

use std::io;

use udping_core::event::Outcome;
use udping_core::table::State;
use udping_core::time::ClientTime;
use udping_core::wire::Probe;
use udping_journal::{Record, StopReason};

use super::run::PingRun;
use crate::i18n::say;
use crate::net::{DeliveryError, SendResult, is_too_long};
use crate::report::{delivery_error, send_error};

impl PingRun<'_> {
    /// Notes what became of sending `probe`.
    pub(super) fn account(&mut self, probe: &Probe, record: Option<Record>, result: SendResult) {
        let SendResult { sent, stale } = result;
        self.record_sent(probe, record);
        if let Some(error) = stale.filter(|_| sent.is_ok()) {
            let oldest = self.session.client().in_flight().next();
            let about = oldest
                .map(|oldest| oldest.seq)
                .filter(|seq| *seq != probe.seq)
                .unwrap_or(probe.seq.saturating_sub(1));
            self.guess(Some(about), &error);
        }
        while let Some(message) = self.transport.next_taken_msg() {
            self.take_msg(message);
        }
        match sent {
            Ok(()) => self.network_is_up(),
            Err(error) => self.not_sent(probe.seq, error),
        }
        self.remark_outstanding(probe);
    }

    /// Notes that the system would not send probe `seq`, and why.
    fn not_sent(&mut self, seq: u64, error: io::Error) {
        let now = self.transport.now();
        let mtu = self.mtu.filter(|_| is_too_long(&error));
        let (why, on_record) = match mtu.map(|mtu| DeliveryError::TooLong(Some(mtu))) {
            Some(why) => (delivery_error(why), why.to_string()),
            None => (send_error(&error), error.to_string()),
        };
        let (outcome, record) = self.session.send_failure(now, seq, Some(on_record));
        self.outputs
            .say(|report, out| report.unsent(out, now, seq, &why));
        self.outputs.outcome(now, outcome, record);
        if let Outcome::Unsent { .. } = outcome {
            self.follow_the_interface();
            self.network_is_down(now, &error);
            self.give_up_if_hopeless(now, error);
        }
    }

    /// Notes that a probe went out.
    pub(super) fn went_out(&mut self, probe: &Probe, record: Option<Record>) {
        self.record_sent(probe, record);
        self.network_is_up();
        self.remark_outstanding(probe);
    }

    pub(super) fn record_sent(&mut self, probe: &Probe, record: Option<Record>) {
        if let Some(record) = record {
            self.outputs.record(probe.at, record);
        }
    }

    fn remark_outstanding(&mut self, probe: &Probe) {
        let previous = probe.seq.saturating_sub(1);
        if self.plan.outstanding
            && let Some(probing) = self.session.client().probe(previous)
            && probing.state == State::InFlight
        {
            self.outputs.remark(&say::Outstanding { seq: previous });
        }
    }

    /// Nothing has ever gone out and the system says why: waiting will not help.
    fn give_up_if_hopeless(&mut self, now: ClientTime, error: io::Error) {
        use io::ErrorKind::{InvalidInput, NetworkDown, NetworkUnreachable, PermissionDenied};
        let hopeless = is_too_long(&error)
            || matches!(
                error.kind(),
                NetworkDown | NetworkUnreachable | PermissionDenied | InvalidInput
            );
        if hopeless && self.session.stats().summary().sent == 0 {
            let record = self.session.stop(now, StopReason::Failure);
            self.outputs.record(now, record);
        }
        self.send_error = Some(error);
    }
}
