//! The measuring loop: clock, socket and core, in that order.
//!
//! Owns when the clock is read, and that nothing is written between a probe's time
//! and its sending. Every decision is the core's.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use udping_core::event::{Outcome, Output};
use udping_core::schedule::Schedule;
use udping_core::stats::{Summary, WindowFigures};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, saturating_nanos};
use udping_core::wire::Probe;
use udping_journal::Recorder;
use udping_journal::StopReason;

use super::PingPlan;
use super::flood::Flood;
use super::incidents::Host;
use super::outputs::{HeldReply, Outputs};
use super::transport::Transport;
use crate::fail;
use crate::i18n::say;
use crate::net::{Arrival, RECEIVE_BUFFER, back_off, exact_timers, is_unreachable};
use crate::rate_limit::RateLimitDetector;
use crate::report::{about, interim, of_interest, progress, send_advice};
use crate::signals::Signals;
use crate::tui::ViewEvent;
use crate::warn;

/// A session while it runs.
pub(super) struct PingRun<'a> {
    pub(super) plan: &'a PingPlan,
    pub(super) session: Recorder<Vec<Entry>>,
    pub(super) transport: Transport,
    pub(super) outputs: Outputs,
    pub(super) host: Host,
    rate_limit: RateLimitDetector,
    /// Where probes go.
    pub(super) server: SocketAddr,
    /// How long the longest datagram is that this host lets out, if one was longer.
    pub(super) mtu: Option<u32>,
    /// When the figures so far are to be said next.
    interim_at: Option<ClientTime>,
    /// The last error of sending.
    pub(super) send_error: Option<io::Error>,
    /// The first that was heard of the server's host is that nobody listens, and the target
    /// has another address.
    pub(super) refused_at_first: bool,
}

/// What a session came to.
pub(super) struct RunResult {
    pub(super) summary: Summary,
    /// All that was asked for has been written.
    pub(super) complete: bool,
    /// One of the conditions of `--fail` holds.
    pub(super) condition_met: bool,
}

/// After how many probes in a row, each of them due at once, the loop listens.
const CATCH_UP: u32 = 4;

/// Since when the host of a run of one probe at a time is monitored. A shorter one is spared
/// the thread: every system call of a process with two costs some nanoseconds more, which
/// are part of its round trips.
const MONITORED_FROM: ClientTime = ClientTime::from_nanos(500_000_000);

impl<'a> PingRun<'a> {
    pub(super) fn new(
        plan: &'a PingPlan,
        session: Recorder<Vec<Entry>>,
        transport: Transport,
        mut outputs: Outputs,
    ) -> Self {
        if !transport.has_timestamps() {
            outputs.note(if plan.options.kernel_timestamps {
                say::NO_TIMESTAMPS_HERE
            } else {
                say::OWN_TIMES_ONLY
            });
        }
        Self {
            plan,
            session,
            transport,
            outputs,
            host: Host::default(),
            rate_limit: RateLimitDetector::default(),
            server: plan.server,
            mtu: None,
            interim_at: plan
                .every
                .map(|every| ClientTime::ZERO.saturating_add(every)),
            send_error: None,
            refused_at_first: false,
        }
    }

    /// The loop. Returns the time at which it ended.
    pub(super) fn measure(&mut self, signals: &Signals) -> ClientTime {
        let mut request = vec![0; self.transport.wire.request_len()];
        let mut buffer = vec![0; RECEIVE_BUFFER];
        self.begin();
        let alone = matches!(self.plan.config.schedule(), Schedule::StopAndWait { .. });
        let floods = matches!(self.plan.config.schedule(), Schedule::Window { .. });
        let mut flood = floods.then(|| Flood::new(request.len()));
        let joined = floods && self.transport.join_datagrams();
        let mut unread = 0;
        while !self.refused_at_first {
            self.attend(signals, flood.as_ref());
            self.take_incidents(signals);
            // Nothing but the decision and the encoding comes between this and the sending.
            let now = self.transport.now();
            if !self.host.is_monitored() && (now >= MONITORED_FROM || !alone) {
                self.start_monitor(signals);
            }
            let (output, record) = self.session.poll(now);
            let deadline = match (output, &mut flood) {
                (Output::Send(probe), None) => {
                    let len = self.transport.wire.encode(&probe, &mut request);
                    let datagram = request.get(..len).unwrap_or_default();
                    let sent = self.transport.send(probe.seq, datagram);
                    // One at a time, nothing else is due before this probe's own deadline:
                    // so its reply is listened for before anything else is done.
                    let mut wait =
                        self.remaining(now, now.saturating_add(self.plan.config.timeout()));
                    if let Some(patience) = self.outputs.patience(now) {
                        wait = wait.min(patience);
                    }
                    let received = (alone && sent.is_plain())
                        .then(|| self.transport.receive(&mut buffer, wait));
                    self.account(&probe, record, sent);
                    self.show_sent(&probe);
                    if let Some(received) = received {
                        let taken = received.map(|arrival| self.take_in(&buffer, arrival));
                        self.explain(taken, wait);
                    } else {
                        unread += 1;
                    }
                    if unread >= CATCH_UP {
                        self.catch_up(&mut buffer, 2 * unread);
                        unread = 0;
                    }
                    // Only now: before a probe that is due it would delay that, and while the
                    // reply to one alone is on its way, that.
                    self.look_for_timestamp();
                    continue;
                }
                (Output::Send(probe), Some(flood)) => {
                    flood.add(self, probe, record);
                    self.show_sent(&probe);
                    continue;
                }
                (output, flood) => {
                    if let Some(flood) = flood {
                        flood.flush(self);
                    }
                    if let Some(record) = record {
                        self.outputs.record(now, record);
                    }
                    match output {
                        Output::Event(event) => {
                            self.outputs.settle();
                            self.outputs.event(now, event);
                            self.take_elsewhere(&mut buffer);
                            continue;
                        }
                        Output::Wait(_) if !self.lingers() => return now,
                        Output::Wait(deadline) => deadline,
                        Output::Send(_) | Output::Done => {
                            while let Some(patience) = self.look_for_timestamp() {
                                // The timestamp ends this, too.
                                let _ = self.transport.receive(&mut buffer, patience);
                            }
                            return now;
                        }
                    }
                }
            };
            unread = 0;
            // Just before the time the loop only looks, since waking up takes too long.
            let mut wait = self.remaining(now, deadline).saturating_sub(self.plan.spin);
            if self.transport.socket.errqueue_pending() {
                self.take_errqueue();
                continue;
            }
            if self.outputs.patience(now).is_some() {
                let Some(patience) = self.look_for_timestamp() else {
                    continue;
                };
                wait = wait.min(patience);
            }
            let listened = match &mut flood {
                // The kernel's timestamps come with one datagram at a time.
                Some(flood) if joined => flood.receive(self, wait),
                _ => {
                    let received = self.transport.receive(&mut buffer, wait);
                    received.map(|arrival| self.take_in(&buffer, arrival))
                }
            };
            self.explain(listened, wait);
        }
        self.transport.now()
    }

    /// Has time run from here.
    fn begin(&mut self) {
        // What was said before must not delay the first probe.
        let wall = self.transport.restart_clock();
        if let Some(wall) = wall {
            self.session.set_timestamp_start(wall);
        }
        self.outputs.begin(wall);
        if self.is_paced()
            && let Err(error) = exact_timers()
        {
            self.outputs.note(say::CoarseTimers { error });
        }
    }

    /// Whether anything but late replies is waited for, or they are to be waited for. Where none
    /// came at all, the host is most probably down: whoever only asks whether it is up has the
    /// answer, and whoever records or watches the run gets what there is.
    fn lingers(&self) -> bool {
        !self.session.client().awaits_only_late()
            || self.plan.lingers
            || self.session.stats().any_reply()
    }

    fn is_paced(&self) -> bool {
        matches!(self.plan.config.schedule(), Schedule::Paced { .. })
    }

    /// From `now` until `deadline`, or until the end of the whole run, if that is before.
    fn remaining(&self, now: ClientTime, deadline: ClientTime) -> Duration {
        let deadline = self.interim_at.map_or(deadline, |at| at.min(deadline));
        let wait = deadline.checked_since(now).unwrap_or_default();
        self.plan.deadline.map_or(wait, |end| {
            wait.min(Duration::from_nanos(
                saturating_nanos(end).saturating_sub(now.as_nanos()),
            ))
        })
    }

    /// Deals with an arrival, if there was one.
    fn take_in(&mut self, buffer: &[u8], arrival: Option<Arrival>) {
        let Some(arrival) = arrival else { return };
        let datagram = buffer.get(..arrival.len).unwrap_or_default();
        self.look_for_timestamp();
        self.receive(&arrival, datagram);
    }

    /// Takes at most `most` of what has come, without waiting for more: where a probe is
    /// always due, nothing else would listen.
    fn catch_up(&mut self, buffer: &mut [u8], most: u32) {
        for _ in 0..most {
            match self.transport.receive(buffer, Duration::ZERO) {
                Ok(None) => return,
                Ok(arrival) => self.take_in(buffer, arrival),
                Err(error) => self.explain(Err(error), Duration::ZERO),
            }
        }
    }

    /// Says why listening for at most `wait` failed, if it did.
    fn explain(&mut self, listened: io::Result<()>, wait: Duration) {
        match listened {
            Ok(()) => {}
            // It may be what the error queue is about, and then says nothing more.
            Err(_) if self.take_errqueue() => {}
            Err(error) if is_unreachable(&error) => self.guess(None, &error),
            Err(error) => {
                self.outputs.remark(&say::CannotReceive { error });
                back_off(wait);
            }
        }
    }

    /// Says the figures so far, and those since the last time, if it is time to.
    fn say_interim(&mut self) {
        let now = self.transport.now();
        let Some((every, at)) = self.plan.every.zip(self.interim_at) else {
            return;
        };
        if now < at {
            return;
        }
        let mut next = at;
        while next <= now {
            next = next.saturating_add(every);
        }
        self.interim_at = Some(next);
        let (record, interval) = self.session.interim();
        self.outputs.record(now, record);
        if let Some(interval) = interval.filter(|_| !self.outputs.has_view()) {
            let all = self.session.stats().summary();
            let line = interim(Duration::from_nanos(now.as_nanos()), every, &interval, &all);
            self.outputs.say(|_, out| writeln!(out, "{line}"));
        }
    }

    /// Signals, the end of the whole run, what the outputs report, and what is said now and
    /// then.
    fn attend(&mut self, signals: &Signals, flood: Option<&Flood>) {
        let reads_on = self.outputs.attend();
        // What waits to be sent is counted, and not on record yet.
        if flood.is_none_or(Flood::is_empty) {
            self.say_interim();
        }
        if signals.take_report() && !self.outputs.has_view() {
            let windows = self.windows(self.transport.now());
            warn(&progress(
                &self.session.stats().summary(),
                windows.as_slice(),
            ));
        }
        let over = |end: Duration| self.transport.now().as_nanos() >= saturating_nanos(end);
        let enough = |until: NonZeroU64| self.session.stats().replied_count() >= until.get();
        let reason = if signals.stopped() {
            StopReason::Signal
        } else if self.plan.deadline.is_some_and(over) {
            StopReason::Deadline
        } else if self.plan.until.is_some_and(enough) {
            StopReason::Replies
        } else if reads_on {
            return;
        } else {
            StopReason::ClosedPipe
        };
        if !self.session.client().is_stopped() {
            let now = self.transport.now();
            let record = self.session.stop(now, reason);
            self.outputs.record(now, record);
        }
    }

    /// A datagram came.
    pub(super) fn receive(&mut self, arrival: &Arrival, datagram: &[u8]) {
        self.outputs.settle();
        let now = arrival.at;
        let claim = self.transport.wire.decode(datagram, self.session.client());
        let (outcome, record) = match &claim {
            Ok(claim) => {
                let outputs = &mut self.outputs;
                self.session.reply(now, claim, |event, record| {
                    outputs.record(now, record);
                    outputs.event(now, event);
                })
            }
            Err(why) => self.session.unreadable(now, *why),
        };
        self.outputs.record(now, record);
        let (len, ttl) = (arrival.len, arrival.ttl);
        if let (Outcome::Replied { seq, .. }, Ok(claim)) = (outcome, &claim) {
            self.outputs
                .say(|report, out| report.damage(out, now, seq, claim));
        }
        if matches!(outcome, Outcome::Replied { .. } | Outcome::Late { .. }) {
            self.rate_limit.replied(now);
        }
        match (outcome, claim, arrival.kernel_timestamp) {
            (Outcome::Replied { seq, rtt, verified }, Ok(claim), Some(_)) => {
                self.outputs.hold(HeldReply {
                    at: now,
                    seq,
                    rtt,
                    verified,
                    claim,
                    len,
                    ttl,
                });
            }
            (_, claim, _) => {
                self.outputs.release();
                self.outputs.show(now, || match claim {
                    Ok(claim) => ViewEvent::Reply(outcome, claim, None),
                    Err(_) => ViewEvent::Outcome(outcome),
                });
                self.outputs
                    .say(|report, out| report.outcome(out, now, &outcome, Some(len), ttl));
            }
        }
        if let Outcome::Replied { seq, .. } | Outcome::Late { seq, .. } = outcome
            && let Some(at) = arrival.kernel_timestamp
            && let Some(rtt) = self.transport.replied(seq, at)
        {
            self.kernel_rtt(rtt);
        }
        // No line waits for it, and nothing else may look for it.
        if matches!(outcome, Outcome::Late { .. }) && self.transport.awaits_timestamp() {
            self.take_errqueue();
        }
    }

    /// Looks for the kernel's timestamp of the reply that is held, and shows it without one
    /// if it has waited long enough. How long it may wait yet, if it does.
    fn look_for_timestamp(&mut self) -> Option<Duration> {
        self.outputs.patience(self.transport.now())?;
        self.take_errqueue();
        let left = self.outputs.patience(self.transport.now())?;
        if left.is_zero() {
            self.outputs.release();
            return None;
        }
        Some(left)
    }

    /// Takes what came from others than the server: looked for where a reply is missing.
    fn take_elsewhere(&mut self, buffer: &mut [u8]) {
        while let Some((len, from)) = self.transport.socket.next_elsewhere(buffer) {
            let now = self.transport.now();
            let address = (!self.plan.redact).then(|| from.to_string());
            let (outcome, record) = self.session.elsewhere(now, address);
            self.outputs.outcome(now, outcome, record);
            self.outputs
                .say(|report, out| report.elsewhere(out, len, from));
        }
    }

    fn show_sent(&mut self, probe: &Probe) {
        self.rate_limit.sent(probe.at);
        self.outputs
            .show(probe.at, || ViewEvent::Output(Output::Send(*probe)));
        if let Some(late) = self.plan.config.schedule().lateness(probe) {
            self.outputs.show(probe.at, || ViewEvent::Late(late));
        }
    }

    /// The figures of the last while, of a run that has no end.
    fn windows(&self, now: ClientTime) -> Vec<WindowFigures> {
        let endless = self.plan.config.count().is_none();
        let windows = self.session.windows().filter(|_| endless);
        windows.map_or_else(Vec::new, |windows| {
            let elapsed = Duration::from_nanos(now.as_nanos());
            of_interest(&windows.figures(now), elapsed).to_vec()
        })
    }

    /// Ends the run, whose loop ended at `ended`.
    ///
    /// # Errors
    /// If no probe could be sent.
    pub(super) fn finish(mut self, ended: ClientTime) -> anyhow::Result<RunResult> {
        self.host.stop_monitor();
        let summary = self.session.stats().summary();
        let unanswered = summary.in_flight + summary.lost.saturating_sub(summary.late);
        let (n, estimated) = self.transport.rx_dropped(unanswered);
        if n > 0 {
            let about = about(estimated);
            self.outputs.note(say::HostDropped { about, n });
        }
        self.outputs.suspect_rate_limit(self.rate_limit.suspected());
        let elapsed = Duration::from_nanos(ended.as_nanos());
        let windows = self.windows(ended);
        let start = self.session.client().config().timestamps().start;
        self.outputs.take_outages(self.session.outages(), start);
        let last = self.session.summary_at(ended).with_rx_dropped(n);
        let complete = self.outputs.finish(&summary, &windows, elapsed, last);
        match self.send_error {
            Some(error) if summary.sent == 0 => {
                let server = self.server;
                let advice = send_advice(server, &error, self.plan.broadcast_advice());
                Err(anyhow::Error::new(error).context(say::PingNotSent { server, advice }))
            }
            _ => Ok(RunResult {
                summary,
                complete,
                condition_met: fail::any_met(&self.plan.fail, &summary, Some(self.session.stats())),
            }),
        }
    }
}
