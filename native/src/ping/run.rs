//! The measuring loop: clock, socket and core, in that order.
//!
//! Owns when the clock is read, and that nothing is written between a probe's time
//! and its sending. Every decision is the core's.

use std::io::{self, Write};
use std::time::Duration;

use udping_core::event::{Outcome, Output};
use udping_core::schedule::Schedule;
use udping_core::stats::{Exchange, Summary, WindowFigures};
use udping_core::table::Slot;
use udping_core::time::{ClientTime, nanos};
use udping_core::wire::Probe;
use udping_journal::Recorder;
use udping_journal::{Record, StopReason, SummaryRecord};

use super::flood::Flood;
use super::stamps::Pairs;
use super::watch::Watch;
use super::{Plan, advice};
use crate::clock::Clock;
use crate::journal::Journal;
use crate::net::{
    Arrival, Batch, ClientSocket, RECEIVE_BUFFER, back_off, exact_timers, is_unreachable,
};
use crate::report::{Report, of_interest, progress};
use crate::signals::Signals;
use crate::tui::{Tui, What};
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
    pub(super) plan: &'a Plan,
    pub(super) socket: ClientSocket,
    /// What found no room in the sockets before this one.
    pub(super) overflown: u64,
    /// The kernel's stamps, where it gives them.
    pub(super) pairs: Option<Pairs>,
    /// What the longest datagram is that this host lets out, if one was longer.
    pub(super) narrow: Option<u32>,
    /// How many probes found this host's send queue full.
    pub(super) queue_full: u64,
    pub(super) wire: Wire,
    pub(super) clock: Clock,
    /// Who watches what befalls the run, once it has begun.
    pub(super) watch: Option<Watch>,
    /// That was begun, or tried.
    pub(super) watched: bool,
    /// Since when the system lets no probe out.
    pub(super) down_since: Option<ClientTime>,
    pub(super) report: Report<Box<dyn Write>>,
    /// The terminal view, if the run is watched.
    pub(super) tui: Option<Tui>,
    journal: Option<Journal>,
    /// What is not complete and why, already said once.
    incomplete: Vec<String>,
    /// The last error of sending.
    pub(super) refused_to_send: Option<io::Error>,
    /// Nobody reads standard output any more.
    closed: bool,
    /// Standard output failed otherwise.
    mute: bool,
}

/// After how many probes in a row, each of them due at once, the loop listens.
const CATCH_UP: u32 = 4;

/// Since when a run of one probe at a time is watched for what befalls it. A shorter one
/// is spared the thread: every system call of a process with two costs some nanoseconds
/// more, which are part of its round trips.
const WATCHED_FROM: ClientTime = ClientTime::from_nanos(500_000_000);

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
            overflown: 0,
            narrow: None,
            queue_full: 0,
            wire,
            clock,
            watch: None,
            watched: false,
            down_since: None,
            report,
            tui: None,
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
        session: &mut Recorder<Vec<Slot>>,
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
        let alone = matches!(self.plan.config.schedule, Schedule::StopAndWait { .. });
        let floods = matches!(self.plan.config.schedule, Schedule::Window { .. });
        let mut flood = floods.then(|| Flood::new(request.len()));
        // The kernel stamps each message once, and says so of one at a time.
        let joined = floods && self.pairs.is_none();
        if joined {
            self.socket.join_datagrams();
        }
        let mut unheard = 0;
        loop {
            self.attend(session, signals);
            self.heed(session);
            // Nothing but the decision and the encoding comes between this and the sending.
            let now = self.clock.client_time();
            if !self.watched && (now >= WATCHED_FROM || !alone) {
                self.start_watch(signals);
            }
            let (output, record) = session.poll(now);
            let deadline = match (output, &mut flood) {
                (Output::Send(probe), None) => {
                    let len = self.encode(&probe, &mut request);
                    let sent = self.transmit(probe.seq, request.get(..len).unwrap_or_default());
                    // One at a time, nothing else is due before this probe's own deadline:
                    // so its reply is listened for before anything else is done.
                    let wait = self.remaining(now, now.saturating_add(self.plan.config.timeout));
                    let heard = (alone && sent.is_plain())
                        .then(|| self.socket.receive(&mut buffer, wait, &self.clock));
                    self.account(session, &probe, record, sent);
                    self.show_sent(&probe);
                    if let Some(heard) = heard {
                        let taken = heard.map(|arrival| self.take_in(session, &buffer, arrival));
                        self.explain(session, taken, wait);
                    } else {
                        unheard += 1;
                    }
                    if unheard >= CATCH_UP {
                        self.catch_up(session, &mut buffer, 2 * unheard);
                        unheard = 0;
                    }
                    continue;
                }
                (Output::Send(probe), Some(flood)) => {
                    flood.add(self, session, probe, record);
                    self.show_sent(&probe);
                    continue;
                }
                (output, flood) => {
                    if let Some(flood) = flood {
                        flood.flush(self, session);
                    }
                    if let Some(record) = record {
                        self.record(now, record);
                    }
                    match output {
                        Output::Event(event) => {
                            self.show(now, || What::Output(output));
                            self.say(|report| report.event(&event));
                            continue;
                        }
                        Output::Wait(deadline) => deadline,
                        Output::Send(_) | Output::Done => return now,
                    }
                }
            };
            unheard = 0;
            // Just before the time the loop only looks, since waking up takes too long.
            let wait = self.remaining(now, deadline).saturating_sub(self.plan.spin);
            if self.socket.words_pending() {
                self.take_words(session);
                continue;
            }
            let listened = match &mut flood {
                // The kernel's word on datagrams comes with one at a time.
                Some(flood) if joined => flood.receive(self, session, wait),
                _ => {
                    let heard = self.socket.receive(&mut buffer, wait, &self.clock);
                    heard.map(|arrival| self.take_in(session, &buffer, arrival))
                }
            };
            self.explain(session, listened, wait);
        }
    }

    /// From `now` until `deadline`, or until the end of the whole run, if that is before.
    fn remaining(&self, now: ClientTime, deadline: ClientTime) -> Duration {
        let wait = deadline.checked_since(now).unwrap_or_default();
        self.plan.deadline.map_or(wait, |end| {
            wait.min(Duration::from_nanos(
                nanos(end).saturating_sub(now.as_nanos()),
            ))
        })
    }

    /// Deals with an arrival, if there was one.
    fn take_in(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        buffer: &[u8],
        arrival: Option<Arrival>,
    ) {
        let Some(arrival) = arrival else { return };
        let datagram = buffer.get(..arrival.len).unwrap_or_default();
        self.receive(session, &arrival, datagram);
        // Only now, when this round trip has been measured.
        if self.pairs.as_ref().is_some_and(Pairs::waiting) {
            self.take_words(session);
        }
    }

    /// Takes at most `most` of what has come, without waiting for more: where a probe is
    /// always due, nothing else would listen.
    fn catch_up(&mut self, session: &mut Recorder<Vec<Slot>>, buffer: &mut [u8], most: u32) {
        for _ in 0..most {
            match self.socket.receive(buffer, Duration::ZERO, &self.clock) {
                Ok(None) => return,
                Ok(arrival) => self.take_in(session, buffer, arrival),
                Err(error) => self.explain(session, Err(error), Duration::ZERO),
            }
        }
    }

    /// Says why listening for at most `wait` failed, if it did.
    fn explain(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        listened: io::Result<()>,
        wait: Duration,
    ) {
        match listened {
            Ok(()) => {}
            // It may be what the kernel's words are about, and then says nothing more.
            Err(_) if self.take_words(session) => {}
            Err(error) if is_unreachable(&error) => self.guess(session, None, &error),
            Err(error) => {
                self.say(|report| report.remark(&say::CannotReceive { error }));
                back_off(wait);
            }
        }
    }

    pub(super) fn receive_many(
        &mut self,
        batch: &mut Batch,
        wait: Duration,
    ) -> io::Result<Option<ClientTime>> {
        self.socket.receive_many(batch, wait, &self.clock)
    }

    /// Signals, the end of the whole run, and what the journal's thread reports.
    fn attend(&mut self, session: &mut Recorder<Vec<Slot>>, signals: &Signals) {
        if self.tui.as_ref().is_some_and(Tui::has_ended) {
            let why = self.end_view();
            self.lose(Part::Report, &why.unwrap_or_default());
        }
        if signals.take_report() && self.tui.is_none() {
            let windows = self.windows(session, self.clock.client_time());
            warn(&progress(&session.stats().summary(), windows.as_slice()));
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

    pub(super) fn receive(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        arrival: &Arrival,
        datagram: &[u8],
    ) {
        let now = arrival.at;
        let claim = self.wire.decode(datagram, session);
        let (outcome, record) = match &claim {
            Ok(claim) => session.reply(now, claim),
            Err(why) => session.unreadable(now, *why),
        };
        self.record(now, record);
        self.show(now, || What::Outcome(outcome));
        if let (Outcome::Replied { seq, rtt, .. }, Ok(claim)) = (outcome, &claim)
            && let Some(times) = claim.times
        {
            let (sent, synced) = (None, claim.synced);
            self.show(now, || {
                What::Exchange(Exchange {
                    seq,
                    rtt,
                    sent,
                    times,
                    synced,
                })
            });
        }
        self.say(|report| report.outcome(&outcome, Some(arrival.len), arrival.ttl));
        if let (Outcome::Replied { seq, .. }, Some(at), Some(pairs)) =
            (outcome, arrival.stamp, &mut self.pairs)
            && let Some(interval) = pairs.replied(seq, at)
        {
            self.stamped(session, interval);
        }
    }

    pub(super) fn record(&mut self, now: ClientTime, record: Record) {
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
        // On a terminal that is drawn upon, the end has to do.
        if self.tui.is_none() {
            warn(&format!("udping: {now}"));
        }
        self.incomplete.push(at_the_end);
    }

    /// Shows what happened at `at`, if somebody watches.
    pub(super) fn show(&mut self, at: ClientTime, what: impl FnOnce() -> What) {
        if let Some(tui) = &mut self.tui {
            tui.tell(at, what());
        }
    }

    fn show_sent(&mut self, probe: &Probe) {
        self.show(probe.at, || What::Output(Output::Send(*probe)));
        if let Schedule::Paced { .. } = self.plan.config.schedule {
            let late = probe.at.checked_since(probe.due).unwrap_or_default();
            self.show(probe.at, || What::Late(late));
        }
    }

    /// Gives the terminal back, and says what went wrong with the view, if something did.
    fn end_view(&mut self) -> Option<String> {
        self.tui.take().and_then(|mut tui| tui.finish())
    }

    /// The figures of the last while, of a run that has no end.
    fn windows(&self, session: &Recorder<Vec<Slot>>, now: ClientTime) -> Vec<WindowFigures> {
        let endless = self.plan.config.count.is_none();
        let windows = session.windows().filter(|_| endless);
        windows.map_or_else(Vec::new, |windows| {
            let elapsed = Duration::from_nanos(now.as_nanos());
            of_interest(&windows.figures(now), elapsed).to_vec()
        })
    }

    pub(super) fn finish(
        &mut self,
        session: &Recorder<Vec<Slot>>,
        summary: &Summary,
        ended: ClientTime,
    ) -> anyhow::Result<()> {
        self.watch = None;
        if let Some(why) = self.end_view() {
            self.lose(Part::Report, &why);
        }
        let n = self.overflown + self.socket.overflown();
        if n > 0 {
            self.report.note(say::HostDropped { n });
        }
        if self.queue_full > 0 {
            let n = self.queue_full;
            self.report.note(say::QueueFullUnsent { n });
        }
        let elapsed = Duration::from_nanos(ended.as_nanos());
        let windows = self.windows(session, ended);
        self.say(|report| report.summary(summary, &windows, elapsed));
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
