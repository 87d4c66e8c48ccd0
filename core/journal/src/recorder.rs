//! A session whose every input and decision becomes a record.
//!
//! Owns the one place where an input's record is made, so that the command, the
//! simulator and the replay cannot log the same thing differently. A record holds the
//! time that the client judged by, so times on record never go back. Decides
//! nothing; what the session does not count, the windows, is counted here.

use alloc::boxed::Box;
use alloc::string::String;

use udping_core::client::Client;
use udping_core::event::{Event, Outcome, Output};
use udping_core::session::Session;
use udping_core::stats::{Full, Stats, Summary, Windows};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::{Claim, Probe, Unreadable};
use udping_core::{Config, ConfigError};

use crate::outage::{OutageTracker, Outages};
use crate::record::{InterimRecord, Record, Stop, StopReason};

/// A session that is put on record.
#[derive(Debug, Clone)]
pub struct Recorder<S> {
    /// Apart, so that a recorder can be moved.
    session: Box<Session<S, Full>>,
    windows: Option<Box<Windows<Full>>>,
    outages: OutageTracker,
    /// The figures since the last [`Recorder::interim`], if they are kept.
    interval: Option<Box<Stats<Full>>>,
    done: bool,
}

impl<S: AsRef<[Entry]> + AsMut<[Entry]>> Recorder<S> {
    /// A session whose first probe is due at `start`.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn new(config: Config, start: ClientTime, entries: S) -> Result<Self, ConfigError> {
        Ok(Self {
            session: Box::new(Session::new(config, start, entries)?),
            windows: None,
            outages: OutageTracker::default(),
            interval: None,
            done: false,
        })
    }

    /// [`Session::with_wall`].
    #[must_use]
    pub fn with_wall(self, wall: Option<WallTime>) -> Self {
        Self {
            session: Box::new(self.session.with_wall(wall)),
            ..self
        }
    }

    /// The same session, which also keeps the figures of its last while.
    #[must_use]
    pub fn with_windows(self) -> Self {
        Self {
            windows: Some(Box::new(Windows::new())),
            ..self
        }
    }

    /// [`Client::set_timestamp_start`].
    pub fn set_timestamp_start(&mut self, start: WallTime) {
        self.session.set_timestamp_start(start);
    }

    /// The same session, which also keeps the figures of each interval.
    #[must_use]
    pub fn with_intervals(self) -> Self {
        Self {
            interval: Some(Box::new(Stats::new())),
            ..self
        }
    }

    /// The client, to ask.
    #[must_use]
    pub fn client(&self) -> &Client<S> {
        self.session.client()
    }

    /// The figures so far.
    #[must_use]
    pub fn stats(&self) -> &Stats<Full> {
        self.session.stats()
    }

    /// The figures of the last while, if they are kept.
    #[must_use]
    pub fn windows(&self) -> Option<&Windows<Full>> {
        self.windows.as_deref()
    }

    /// [`Client::poll`], with the record if it decided something. That it is over is on
    /// record once.
    #[inline]
    pub fn poll(&mut self, now: ClientTime) -> (Output, Option<Record>) {
        let output = self.poll_unrecorded(now);
        let record = self.said(&output);
        (output, record)
    }

    /// The record of what was said last.
    #[inline]
    pub(crate) fn said(&mut self, output: &Output) -> Option<Record> {
        let again = matches!(output, Output::Done) && core::mem::replace(&mut self.done, true);
        if again {
            None
        } else {
            Record::said(self.client().now(), output)
        }
    }

    /// [`Self::poll`] for who makes the record, by [`Record::said`], or does without.
    #[inline]
    pub fn poll_unrecorded(&mut self, now: ClientTime) -> Output {
        let output = self.session.poll(now);
        if let Some(windows) = &mut self.windows {
            output.roll(windows);
        }
        self.note(&output);
        output
    }

    /// [`Client::send_now`], with its record.
    pub fn send_now(&mut self, now: ClientTime) -> Option<(Probe, Record)> {
        let probe = self.session.send_now(now)?;
        self.note(&Output::Send(probe));
        Some((probe, Record::sent(&probe)))
    }

    /// [`Session::expire`], with its record.
    pub fn expire(&mut self, now: ClientTime) -> Option<(Event, Record)> {
        let event = self.session.expire(now)?;
        if let Some(windows) = &mut self.windows {
            Output::Event(event).roll(windows);
        }
        self.note(&Output::Event(event));
        let record = Record::event(self.client().now(), &event);
        Some((event, record))
    }

    /// [`Client::handle_reply`], with its record. What time has decided by `now` comes
    /// first, and goes to `before`: so a loss stands on record before the reply that
    /// reveals it.
    #[inline]
    pub fn reply(
        &mut self,
        now: ClientTime,
        claim: &Claim,
        mut before: impl FnMut(Event, Record),
    ) -> (Outcome, Record) {
        while self.client().is_overdue(now)
            && let Some((event, record)) = self.expire(now)
        {
            before(event, record);
        }
        let (claimed, own) = self.named(claim.seq);
        let outcome = self.session.handle_reply(now, claim);
        self.roll(&outcome);
        let now = self.client().now();
        (outcome, Record::reply(now, claim, claimed, own, &outcome))
    }

    /// [`Client::handle_unreadable`], with its record.
    pub fn unreadable(&mut self, now: ClientTime, why: Unreadable) -> (Outcome, Record) {
        self.unreadable_from(now, why, None)
    }

    /// A datagram came from `address`, which is not the server's, with its record. Without an
    /// address the record does not say whose.
    pub fn elsewhere(&mut self, now: ClientTime, address: Option<String>) -> (Outcome, Record) {
        self.unreadable_from(now, Unreadable::Elsewhere, address)
    }

    fn unreadable_from(
        &mut self,
        now: ClientTime,
        why: Unreadable,
        address: Option<String>,
    ) -> (Outcome, Record) {
        let outcome = self.session.handle_unreadable(now, why);
        self.roll(&outcome);
        let now = self.client().now();
        (outcome, Record::unreadable(now, why, address, &outcome))
    }

    /// [`Client::handle_unreachable`], with what the system said, and its record.
    pub fn unreachable(
        &mut self,
        now: ClientTime,
        seq: Option<u64>,
        error: Option<String>,
    ) -> (Outcome, Record) {
        let outcome = self.session.handle_unreachable(now, seq);
        self.roll(&outcome);
        (
            outcome,
            Record::unreachable(self.client().now(), seq, error, &outcome),
        )
    }

    /// [`Client::handle_send_failure`], with what the system said, and its record.
    pub fn send_failure(
        &mut self,
        now: ClientTime,
        seq: u64,
        error: Option<String>,
    ) -> (Outcome, Record) {
        let outcome = self.session.handle_send_failure(now, seq);
        self.roll(&outcome);
        (
            outcome,
            Record::unsent(self.client().now(), seq, error, &outcome),
        )
    }

    /// [`Client::handle_kernel_rtt`], known at `now`, with its record.
    pub fn kernel_rtt(&mut self, now: ClientTime, seq: u64, kernel_ns: i64) -> (Outcome, Record) {
        let outcome = self.session.handle_kernel_rtt(seq, kernel_ns);
        self.roll(&outcome);
        let now = now.max(self.client().now());
        (outcome, Record::kernel(now, seq, kernel_ns, &outcome))
    }

    /// [`Client::stop`], with its record.
    pub fn stop(&mut self, now: ClientTime, reason: StopReason) -> Record {
        self.session.stop(now);
        Record::Stop(Stop {
            stop: reason,
            at_ns: self.client().now().as_nanos(),
        })
    }

    /// The outages so far, if there were any.
    #[must_use]
    pub fn outages(&self) -> Option<Outages> {
        self.outages.so_far()
    }

    /// The figures so far, as a record.
    #[must_use]
    pub fn summary(&self) -> Record {
        self.summary_at(self.client().now())
    }

    /// The same, as taken at `now`.
    #[must_use]
    pub fn summary_at(&self, now: ClientTime) -> Record {
        Record::summary(now, self.stats().summary(), self.outages())
    }

    /// The figures so far as the record of a run that goes on, and those since the last call,
    /// if they are kept.
    pub fn interim(&mut self) -> (Record, Option<Summary>) {
        let interim = InterimRecord {
            interim: Box::new(self.stats().summary()),
            at_ns: self.client().now().as_nanos(),
        };
        let interval = self.interval.as_mut().map(|interval| {
            let summary = interval.summary();
            **interval = Stats::new();
            summary
        });
        (Record::Interim(interim), interval)
    }

    #[inline]
    fn note(&mut self, output: &Output) {
        self.outages.output(output, self.session.client());
        if let Some(interval) = &mut self.interval {
            output.tally(interval);
        }
    }

    fn roll(&mut self, outcome: &Outcome) {
        let client = self.session.client();
        if let Some(windows) = &mut self.windows {
            outcome.roll(client.now(), client.config().timeout(), windows);
        }
        self.outages.outcome(outcome, client);
        if let Some(interval) = &mut self.interval {
            outcome.tally(interval);
        }
    }

    /// The whole number and the timestamp of the probe that a claim names, as far as
    /// the client still has them.
    #[must_use]
    pub fn named(&self, low: Option<u32>) -> (Option<u64>, Option<WallTime>) {
        let claimed = low.and_then(|low| self.client().unwrap_seq(low));
        (
            claimed,
            claimed.and_then(|seq| self.client().timestamp(seq)),
        )
    }
}
