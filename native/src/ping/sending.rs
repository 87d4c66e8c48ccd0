//! Sending: a probe, or a batch of them, and what the system says to that.
//!
//! Owns what it comes to when it fails; the tries are the socket's. When a probe is sent is
//! `run`'s.

use std::io;

use udping_core::event::Outcome;
use udping_core::table::{Slot, State};
use udping_core::time::ClientTime;
use udping_core::wire::Probe;
use udping_journal::Recorder;
use udping_journal::{Record, StopReason};

use super::run::Run;
use crate::net::{Batch, Obstacle, SendResult, is_queue_full, is_too_long};
use crate::report::{obstacle, send_error};
use crate::tui::What;
use crate::words::say;

impl Run<'_> {
    /// Writes a probe into `room`, and returns how long it is.
    pub(super) fn encode(&mut self, probe: &Probe, room: &mut [u8]) -> usize {
        self.wire.encode(probe, room)
    }

    /// Sends a probe, notes it, and deals with what the system says, and with `stale`: what
    /// it said in place of sending it before.
    pub(super) fn dispatch(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        probe: &Probe,
        record: Option<Record>,
        datagram: &[u8],
        stale: Option<io::Error>,
    ) {
        let mut result = self.transmit(probe.seq, datagram);
        result.stale = result.stale.or(stale);
        self.account(session, probe, record, result);
    }

    /// Notes what became of sending `probe`.
    pub(super) fn account(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        probe: &Probe,
        record: Option<Record>,
        result: SendResult,
    ) {
        let SendResult { sent, stale } = result;
        self.record_sent(probe, record);
        if let Some(error) = stale.filter(|_| sent.is_ok()) {
            let earlier = session.client().in_flight().next().map(|oldest| oldest.seq);
            let about = earlier
                .filter(|seq| *seq != probe.seq)
                .unwrap_or(probe.seq.saturating_sub(1));
            self.guess(session, Some(about), &error);
        }
        while let Some(word) = self.socket.next_taken_word() {
            self.tell(session, word);
        }
        match sent {
            Ok(()) => self.network_is_up(session),
            Err(error) => self.not_sent(session, probe.seq, error),
        }
        self.remark_outstanding(session, probe);
    }

    /// Notes that the system would not send probe `seq`, and why.
    fn not_sent(&mut self, session: &mut Recorder<Vec<Slot>>, seq: u64, error: io::Error) {
        let now = self.clock.client_time();
        let narrow = self.narrow.filter(|_| is_too_long(&error));
        let (why, told) = match narrow.map(|mtu| Obstacle::TooLong(Some(mtu))) {
            Some(why) => (obstacle(why), why.to_string()),
            None => (send_error(&error), error.to_string()),
        };
        self.queue_full += u64::from(is_queue_full(&error));
        let (outcome, record) = session.send_failure(now, seq, Some(told));
        self.say(|report| report.unsent(now, seq, &why));
        self.record(now, record);
        self.show(now, || What::Outcome(outcome));
        if let Outcome::Unsent { .. } = outcome {
            self.follow_the_interface();
            self.network_is_down(now, &error);
            self.give_up_if_hopeless(session, now, error);
        }
    }

    /// Notes that a probe went out.
    pub(super) fn went_out(
        &mut self,
        session: &Recorder<Vec<Slot>>,
        probe: &Probe,
        record: Option<Record>,
    ) {
        self.record_sent(probe, record);
        self.network_is_up(session);
        self.remark_outstanding(session, probe);
    }

    pub(super) fn record_sent(&mut self, probe: &Probe, record: Option<Record>) {
        if let Some(record) = record {
            self.record(probe.at, record);
        }
    }

    fn remark_outstanding(&mut self, session: &Recorder<Vec<Slot>>, probe: &Probe) {
        let previous = probe.seq.saturating_sub(1);
        if self.plan.outstanding
            && let Some(probing) = session.client().probe(previous)
            && probing.state == State::InFlight
        {
            self.say(|report| report.remark(&say::Outstanding { seq: previous }));
        }
    }

    /// Sends probe `seq`, and does nothing else that can wait.
    pub(super) fn transmit(&mut self, seq: u64, datagram: &[u8]) -> SendResult {
        let result = self.socket.send(datagram);
        if !result.is_plain() {
            self.restart_pairs();
        }
        if let Some(pairs) = self.pairs.as_mut().filter(|_| result.sent.is_ok()) {
            pairs.sent(seq);
        }
        result
    }

    /// The kernel numbers what is sent from zero again, or stamps no more.
    fn restart_pairs(&mut self) {
        self.pairs = self.pairs.take().filter(|_| self.socket.stamps());
        if let Some(pairs) = &mut self.pairs {
            pairs.restart();
        }
    }

    /// Sends these `probes`, which are `batch` from `first` on, and returns how many of
    /// them went out before one failed, and with which error. The system may be left to
    /// `divide` them.
    pub(super) fn transmit_many(
        &mut self,
        batch: &mut Batch,
        first: usize,
        probes: &[(Probe, Option<Record>)],
        divide: bool,
    ) -> (usize, Option<io::Error>) {
        // The kernel stamps and counts a message, not what it divides it into.
        let divide = divide && self.pairs.is_none();
        let (went, error) = self.socket.send_many(batch, first, divide);
        if let Some(pairs) = &mut self.pairs {
            for (probe, _) in probes.iter().skip(first).take(went) {
                pairs.sent(probe.seq);
            }
        }
        if first + went < batch.len() {
            self.restart_pairs();
        }
        (went, error)
    }

    /// Nothing has ever gone out and the system says why: waiting will not help.
    fn give_up_if_hopeless(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        now: ClientTime,
        error: io::Error,
    ) {
        use io::ErrorKind::{InvalidInput, NetworkDown, NetworkUnreachable, PermissionDenied};
        let hopeless = is_too_long(&error)
            || matches!(
                error.kind(),
                NetworkDown | NetworkUnreachable | PermissionDenied | InvalidInput
            );
        if hopeless && session.stats().summary().sent == 0 {
            let record = session.stop(now, StopReason::Failure);
            self.record(now, record);
        }
        self.refused_to_send = Some(error);
    }
}
