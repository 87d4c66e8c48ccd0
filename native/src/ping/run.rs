//! The measuring loop: clock, socket and core, in that order.
//!
//! Owns when the clock is read, and that nothing is written between a probe's time
//! and its sending. Every decision is the core's.

use std::io::{self, Write};
use std::time::Duration;

use udping_core::event::{Outcome, Output};
use udping_core::journal::{Record, StopReason, SummaryRecord};
use udping_core::schedule::Schedule;
use udping_core::session::Session;
use udping_core::stats::Summary;
use udping_core::table::{Slot, State};
use udping_core::time::{ClientTime, nanos};
use udping_core::wire::Probe;

use super::flood::Flood;
use super::stamps::{Interval, Pairs};
use super::{MESSAGE_TOO_LONG, Plan, advice};
use crate::clock::Clock;
use crate::journal::Journal;
use crate::net::{
    ATTENTION, Arrival, Batch, ClientSocket, RECEIVE_BUFFER, exact_timers, is_unreachable,
};
use crate::report::{Report, progress};
use crate::signals::Signals;
use crate::warn;
use crate::wire::Wire;
use crate::words::say;

/// What a run leaves behind.
#[derive(Debug, Clone, Copy)]
enum Part {
    Journal,
    Report,
}

/// A session while it runs.
pub(super) struct Run<'a> {
    plan: &'a Plan,
    socket: ClientSocket,
    /// The kernel's stamps, where it gives them.
    pairs: Option<Pairs>,
    wire: Wire,
    clock: Clock,
    report: Report<Box<dyn Write>>,
    journal: Option<Journal>,
    /// What is not complete and why, already said once.
    incomplete: Vec<String>,
    /// The last error of sending.
    refused_to_send: Option<io::Error>,
    /// Nobody reads standard output any more.
    closed: bool,
    /// Standard output failed otherwise.
    mute: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        socket: ClientSocket,
        wire: Wire,
        clock: Clock,
        mut report: Report<Box<dyn Write>>,
        journal: Option<Journal>,
    ) -> Self {
        let in_flight = plan.config.slots_needed();
        let pairs = socket.stamps().then(|| Pairs::new(in_flight));
        if pairs.is_none() {
            report.note(if plan.options.kernel_stamps {
                say::NO_STAMPS_HERE
            } else {
                say::OWN_TIMES_ONLY
            });
        }
        Self {
            plan,
            pairs,
            socket,
            wire,
            clock,
            report,
            journal,
            incomplete: Vec::new(),
            refused_to_send: None,
            closed: false,
            mute: false,
        }
    }

    /// Whether something was lost that was asked for: the journal, or the report.
    pub(super) fn is_incomplete(&self) -> bool {
        !self.incomplete.is_empty()
    }

    /// The loop. Returns the time at which it ended.
    pub(super) fn measure(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        signals: &Signals,
    ) -> ClientTime {
        let mut request = vec![0; self.wire.request_len()];
        let mut buffer = vec![0; RECEIVE_BUFFER];
        // Time runs from here: what was said before must not delay the first probe.
        if !self.wire.is_tied_to_its_clock() {
            self.clock = Clock::start();
        }
        if let Schedule::Paced { .. } = self.plan.config.schedule
            && let Err(error) = exact_timers()
        {
            self.report.note(say::CoarseTimers { error });
        }
        let floods = matches!(self.plan.config.schedule, Schedule::Window { .. });
        let mut flood = floods.then(|| Flood::new(request.len()));
        loop {
            self.attend(session, signals);
            // Nothing but the decision and the encoding comes between this and the sending.
            let now = self.clock.client_time();
            let (output, record) = session.poll(now);
            // The probe goes out before anything is written about it.
            match (output, &mut flood) {
                (Output::Send(probe), None) => {
                    let len = self.encode(&probe, &mut request);
                    let datagram = request.get(..len).unwrap_or_default();
                    self.dispatch(session, &probe, record, datagram);
                    continue;
                }
                (Output::Send(probe), Some(flood)) => {
                    flood.add(self, session, probe, record);
                    continue;
                }
                (_, Some(flood)) => flood.flush(self, session),
                (_, None) => {}
            }
            if let Some(record) = record {
                self.record(now, record);
            }
            let deadline = match output {
                Output::Event(event) => {
                    self.say(|report| report.event(&event));
                    continue;
                }
                Output::Wait(deadline) => deadline,
                Output::Send(_) | Output::Done => return now,
            };
            let wait = deadline.checked_since(now).unwrap_or_default();
            let wait = self.plan.deadline.map_or(wait, |end| {
                wait.min(Duration::from_nanos(
                    nanos(end).saturating_sub(now.as_nanos()),
                ))
            });
            // Just before the time the loop only looks, since waking up takes too long.
            let wait = wait.saturating_sub(self.plan.spin);
            let listened = match &mut flood {
                // The kernel's word on datagrams comes with one at a time.
                Some(flood) if self.pairs.is_none() => flood.receive(self, session, wait),
                _ => self.listen(session, &mut buffer, wait),
            };
            match listened {
                Ok(()) => {}
                Err(error) if is_unreachable(&error) => {
                    let now = self.clock.client_time();
                    self.unreachable(session, now, None, &error);
                }
                Err(error) => {
                    self.say(|report| report.remark(&say::CannotReceive { error }));
                    // A socket that fails at once must not turn the loop into a spin.
                    std::thread::sleep(wait.min(ATTENTION));
                }
            }
        }
    }

    /// Waits at most `wait` for a reply.
    fn listen(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        buffer: &mut [u8],
        wait: Duration,
    ) -> io::Result<()> {
        match self.socket.receive(buffer, wait, &self.clock)? {
            None if self.socket.stamps_pending() => self.take_stamps(session),
            None => {}
            Some(arrival) => {
                let datagram = buffer.get(..arrival.len).unwrap_or_default();
                self.receive(session, &arrival, datagram);
                // Only now, when this round trip has been measured.
                if self.pairs.as_ref().is_some_and(Pairs::waiting) {
                    self.take_stamps(session);
                }
            }
        }
        Ok(())
    }

    pub(super) fn receive_many(
        &mut self,
        batch: &mut Batch,
        wait: Duration,
    ) -> io::Result<Option<ClientTime>> {
        self.socket.receive_many(batch, wait, &self.clock)
    }

    /// Signals, the end of the whole run, and what the journal's thread reports.
    fn attend(&mut self, session: &mut Session<Vec<Slot>>, signals: &Signals) {
        if signals.take_report() {
            warn(&progress(&session.stats().summary()));
        }
        if let Some(journal) = &self.journal {
            self.closed |= journal.closed();
            for complaint in journal.take_complaints() {
                self.lose(Part::Journal, &complaint);
            }
        }
        let reason = if signals.stopped() {
            StopReason::Signal
        } else if self
            .plan
            .deadline
            .is_some_and(|deadline| self.clock.client_time().as_nanos() >= nanos(deadline))
        {
            StopReason::Deadline
        } else if self.closed {
            StopReason::ClosedPipe
        } else {
            return;
        };
        if !session.client().is_stopped() {
            let now = self.clock.client_time();
            let record = session.stop(now, reason);
            self.record(now, record);
        }
    }

    /// Writes a probe into `room`, and returns how long it is.
    pub(super) fn encode(&mut self, probe: &Probe, room: &mut [u8]) -> usize {
        self.wire.encode(probe, room)
    }

    /// Sends a probe, notes it, and deals with what the system says.
    pub(super) fn dispatch(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        probe: &Probe,
        record: Option<Record>,
        datagram: &[u8],
    ) {
        let mut sent = self.transmit(probe.seq, datagram);
        let mut stale = None;
        // The word that nobody listens can be about an earlier probe, in which case this
        // one was not sent, and can be now.
        if let Err(error) = &sent
            && is_unreachable(error)
            && probe.seq > 1
            && let Ok(()) = self.transmit(probe.seq, datagram)
        {
            stale = std::mem::replace(&mut sent, Ok(())).err();
        }
        self.record_sent(probe, record);
        if let Some(error) = stale {
            let now = self.clock.client_time();
            let earlier = session.client().in_flight().next().map(|oldest| oldest.seq);
            let about = earlier
                .filter(|seq| *seq != probe.seq)
                .unwrap_or(probe.seq - 1);
            self.unreachable(session, now, Some(about), &error);
        }
        if let Err(error) = sent {
            let now = self.clock.client_time();
            let (outcome, record) = session.send_failure(now, probe.seq, Some(error.to_string()));
            let seq = probe.seq;
            self.say(|report| report.remark(&say::CannotSend { seq, error: &error }));
            self.record(now, record);
            if let Outcome::Unsent { .. } = outcome {
                self.give_up_if_hopeless(session, now, error);
            }
        }
        self.remark_outstanding(session, probe);
    }

    /// Notes that a probe went out.
    pub(super) fn went_out(
        &mut self,
        session: &Session<Vec<Slot>>,
        probe: &Probe,
        record: Option<Record>,
    ) {
        self.record_sent(probe, record);
        self.remark_outstanding(session, probe);
    }

    pub(super) fn record_sent(&mut self, probe: &Probe, record: Option<Record>) {
        if let Some(record) = record {
            self.record(probe.at, record);
        }
    }

    fn remark_outstanding(&mut self, session: &Session<Vec<Slot>>, probe: &Probe) {
        let previous = probe.seq.saturating_sub(1);
        if self.plan.outstanding
            && let Some(probing) = session.client().probe(previous)
            && probing.state == State::InFlight
        {
            self.say(|report| report.remark(&say::Outstanding { seq: previous }));
        }
    }

    /// Sends probe `seq`, and keeps count of what the kernel stamps.
    fn transmit(&mut self, seq: u64, datagram: &[u8]) -> io::Result<()> {
        let sent = self.socket.send(datagram);
        match &mut self.pairs {
            Some(pairs) if sent.is_ok() => pairs.sent(seq),
            _ if sent.is_err() => self.recount(),
            _ => {}
        }
        sent
    }

    /// Sends these `probes`, which are `batch` from `first` on, and returns how many of
    /// them went out before one failed.
    pub(super) fn transmit_many(
        &mut self,
        batch: &mut Batch,
        first: usize,
        probes: &[(Probe, Option<Record>)],
    ) -> usize {
        let went = self.socket.send_many(batch, first).unwrap_or(0);
        if let Some(pairs) = &mut self.pairs {
            for (probe, _) in probes.iter().skip(first).take(went) {
                pairs.sent(probe.seq);
            }
        }
        if first + went < batch.len() {
            self.recount();
        }
        went
    }

    /// After a failure, has the kernel count anew: whether it has counted the probe that
    /// failed, it does not say.
    fn recount(&mut self) {
        if let Some(pairs) = &mut self.pairs {
            if self.socket.restart_stamps().is_ok() {
                pairs.restart();
            } else {
                self.pairs = None;
            }
        }
    }

    /// Nothing has ever gone out and the system says why: waiting will not help.
    fn give_up_if_hopeless(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        now: ClientTime,
        error: io::Error,
    ) {
        use io::ErrorKind::{InvalidInput, NetworkDown, NetworkUnreachable, PermissionDenied};
        let too_long = error.raw_os_error() == Some(MESSAGE_TOO_LONG);
        let hopeless = too_long
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

    pub(super) fn receive(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        arrival: &Arrival,
        datagram: &[u8],
    ) {
        let now = arrival.at;
        let (outcome, record) = match self.wire.decode(datagram, session) {
            Ok(claim) => session.reply(now, &claim),
            Err(why) => session.unreadable(now, why),
        };
        self.record(now, record);
        self.say(|report| report.outcome(&outcome, Some(arrival.len), arrival.ttl));
        if let (Outcome::Replied { seq, .. }, Some(at), Some(pairs)) =
            (outcome, arrival.stamp, &mut self.pairs)
            && let Some(interval) = pairs.replied(seq, at)
        {
            self.stamped(session, interval);
        }
    }

    /// Takes the stamps that the kernel has for probes sent: all that are there, or up
    /// to the last one's, beyond which there can be none.
    fn take_stamps(&mut self, session: &mut Session<Vec<Slot>>) {
        while let Ok(Some((number, at))) = self.socket.next_stamp() {
            let Some(pairs) = &mut self.pairs else {
                continue;
            };
            let interval = pairs.transmitted(number, at);
            let more = pairs.waiting() || self.socket.stamps_pending();
            if let Some(interval) = interval {
                self.stamped(session, interval);
            }
            if !more {
                return;
            }
        }
    }

    fn stamped(&mut self, session: &mut Session<Vec<Slot>>, interval: Interval) {
        let (outcome, record) = session.stamp(interval.seq, interval.kernel);
        self.record(session.client().now(), record);
        self.say(|report| report.outcome(&outcome, None, None));
    }

    fn unreachable(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        now: ClientTime,
        seq: Option<u64>,
        error: &io::Error,
    ) {
        let (outcome, record) = session.unreachable(now, seq, Some(error.to_string()));
        self.record(now, record);
        let closed = error.kind() == io::ErrorKind::ConnectionRefused;
        self.say(|report| report.unreachable(&outcome, closed));
    }

    fn record(&mut self, now: ClientTime, record: Record) {
        if let Some(journal) = &mut self.journal {
            journal.push(now.as_nanos(), record);
        }
    }

    /// Says something, unless nobody listens to standard output any more.
    pub(super) fn say(
        &mut self,
        sentence: impl FnOnce(&mut Report<Box<dyn Write>>) -> io::Result<()>,
    ) {
        if self.closed || self.mute {
            return;
        }
        match sentence(&mut self.report) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => {
                self.mute = true;
                let why = say::StdoutFailedWith { error }.to_string();
                self.lose(Part::Report, &why);
            }
        }
    }

    /// Notes that `part` will not be complete, and says so at once.
    fn lose(&mut self, part: Part, why: &str) {
        let (now, at_the_end) = match part {
            Part::Journal => (
                say::LostJournal { why }.to_string(),
                say::JournalIncomplete { why }.to_string(),
            ),
            Part::Report => (
                say::LostReport { why }.to_string(),
                say::ReportIncomplete { why }.to_string(),
            ),
        };
        warn(&format!("udping: {now}"));
        self.incomplete.push(at_the_end);
    }

    pub(super) fn finish(&mut self, summary: &Summary, ended: ClientTime) -> anyhow::Result<()> {
        let elapsed = Duration::from_nanos(ended.as_nanos());
        if let Some(backwards) = self.pairs.as_ref().map(Pairs::backwards)
            && backwards > 0
        {
            self.report.note(say::ClockSetBack { n: backwards });
        }
        self.say(|report| report.summary(summary, elapsed));
        if let Some(journal) = self.journal.take() {
            let missing = journal.missing();
            if missing > 0 {
                warn(&format!("udping: {}", say::JournalHasGaps { n: missing }));
            }
            let last = Record::Summary(Box::new(SummaryRecord { summary: *summary }));
            for why in journal.finish(last) {
                self.incomplete
                    .push(say::JournalIncomplete { why }.to_string());
            }
        }
        for message in &self.incomplete {
            warn(&format!("udping: {message}"));
        }
        if summary.sent == 0
            && let Some(error) = self.refused_to_send.take()
        {
            let (server, advice) = (self.plan.server, advice(&error));
            return Err(anyhow::Error::new(error).context(say::PingNotSent { server, advice }));
        }
        Ok(())
    }
}
