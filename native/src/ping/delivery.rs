//! What the system says of a probe that it was handed: the error of the call that sends it,
//! and the error queue, which has timestamps and who could not deliver what.
//!
//! Owns the way from each of these to the probe it is about. What it decides is the core's;
//! the tries are the socket's; when a probe is sent is `run`'s.

use std::io;
use std::net::IpAddr;

use udping_core::event::Outcome;
use udping_core::table::State;
use udping_core::time::ClientTime;
use udping_core::wire::Probe;
use udping_journal::{Record, StopReason};

use super::run::PingRun;
use crate::i18n::say;
use crate::kernel_timestamps::KernelRtt;
use crate::net::{DeliveryError, ErrQueueMsg, SendResult, Undelivered, is_too_long};
use crate::report::{delivery_error, send_error};
use crate::tui::ViewEvent;

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
        while let Some(message) = self.transport.socket.next_taken_msg() {
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

    /// Takes the messages that there are: all, or up to the last probe's timestamp, where
    /// nothing says that there are more. Whether some probe was not delivered.
    pub(super) fn take_errqueue(&mut self) -> bool {
        let mut any = false;
        while let Ok(Some(message)) = self.transport.socket.next_errqueue_msg() {
            let timestamp = matches!(message, ErrQueueMsg::Timestamp(..));
            any |= matches!(message, ErrQueueMsg::Undelivered(_));
            self.take_msg(message);
            if timestamp
                && !self.transport.awaits_timestamp()
                && !self.transport.socket.errqueue_pending()
            {
                break;
            }
        }
        any
    }

    pub(super) fn take_msg(&mut self, message: ErrQueueMsg) {
        match message {
            ErrQueueMsg::Timestamp(number, at) => {
                if let Some(rtt) = self.transport.transmitted(number, at) {
                    self.kernel_rtt(rtt);
                }
            }
            ErrQueueMsg::Undelivered(undelivered) => {
                let Undelivered { why, by, .. } = undelivered;
                let beginning = undelivered.beginning();
                let seq = self
                    .transport
                    .wire
                    .recognise(beginning, self.session.client());
                self.undelivered(seq, why, by);
            }
            ErrQueueMsg::MtuExceeded(mtu) => self.mtu = Some(mtu),
        }
    }

    /// An error of a call says that some probe was not delivered: the one with this
    /// number, or it does not say which. Where the error queue names every such probe, it
    /// has done so, or will.
    pub(super) fn guess(&mut self, seq: Option<u64>, error: &io::Error) {
        if let Some(why) = DeliveryError::of(error)
            && !self.transport.socket.names_errors()
        {
            self.undelivered(seq, why, None);
        }
    }

    fn undelivered(&mut self, seq: Option<u64>, why: DeliveryError, by: Option<IpAddr>) {
        let now = self.transport.now();
        if self.outputs.is_provisional() {
            self.refused_at_first = why == DeliveryError::Port;
            if self.refused_at_first {
                return;
            }
            self.outputs.settle();
        }
        let (outcome, record) = self.session.unreachable(now, seq, Some(why.to_string()));
        self.outputs.record(now, record);
        let event = || ViewEvent::Undelivered(outcome, why, by);
        self.outputs.show(now, event);
        self.outputs
            .say(|report, out| report.undelivered(out, now, &outcome, why, by));
    }

    pub(super) fn kernel_rtt(&mut self, rtt: KernelRtt) {
        let now = self.session.client().now();
        let (outcome, record) = self.session.kernel_rtt(now, rtt.seq, rtt.kernel_ns);
        if let Outcome::KernelRtt { seq, kernel, .. } = outcome {
            self.outputs.release_with(seq, kernel);
        }
        self.outputs.outcome(now, outcome, record);
        self.outputs
            .say(|report, out| report.outcome(out, now, &outcome, None, None));
    }
}
