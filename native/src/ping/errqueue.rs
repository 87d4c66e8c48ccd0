//! What the kernel's error queue holds of probes that were sent: timestamps, and who could not
//! deliver them.
//!
//! Owns the way from a message to the probe it names. What that decides is the core's.

use std::io;
use std::net::IpAddr;

use udping_core::event::Outcome;

use super::kernel_timestamps::KernelRtt;
use super::run::PingRun;
use crate::net::{DeliveryError, ErrQueueMsg, Undelivered};
use crate::tui::ViewEvent;

impl PingRun<'_> {
    /// Takes the messages that there are: all, or up to the last probe's timestamp, where
    /// nothing says that there are more. Whether some probe was not delivered.
    pub(super) fn take_errqueue(&mut self) -> bool {
        let mut any = false;
        while let Ok(Some(message)) = self.transport.next_errqueue_msg() {
            let timestamp = matches!(message, ErrQueueMsg::Timestamp(..));
            any |= matches!(message, ErrQueueMsg::Undelivered(_));
            self.take_msg(message);
            if timestamp && !self.transport.awaits_timestamp() && !self.transport.errqueue_pending()
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
                let seq = self.transport.recognise(beginning, &self.session);
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
            && !self.transport.names_errors()
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
