//! A client, its statistics and its journal, kept in step.
//!
//! Owns the one place where an input's record is made, so that the command, the
//! simulator and the replay cannot log the same thing differently. A record holds the
//! time that the client judged by, so times on record never go back. Decides nothing.

use alloc::boxed::Box;
use alloc::string::String;
use core::time::Duration;

use crate::client::Client;
use crate::event::{Event, Outcome, Output};
use crate::journal::{Done, Record, Stop, StopReason};
use crate::schedule::{Config, ConfigError, Schedule};
use crate::stats::{Exchange, Stats, Windows};
use crate::table::Slot;
use crate::time::{ClientTime, ReflectorTime};
use crate::wire::{Claim, Probe, Unreadable};

/// A client whose every decision is counted and put on record.
#[derive(Debug, Clone)]
pub struct Session<S> {
    client: Client<S>,
    /// Apart, so that a session can be moved: the figures take some 100 KB.
    stats: Box<Stats>,
    windows: Option<Box<Windows>>,
    wall: Option<ReflectorTime>,
    done: bool,
}

impl<S: AsRef<[Slot]> + AsMut<[Slot]>> Session<S> {
    /// A session whose first probe is due at `start`.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn new(config: Config, start: ClientTime, slots: S) -> Result<Self, ConfigError> {
        Ok(Self {
            client: Client::new(config, start, slots)?,
            stats: Box::new(Stats::new()),
            windows: None,
            wall: None,
            done: false,
        })
    }

    /// The same session, told what this end's wall clock read at time zero, counted
    /// from where the reflector's times count: what one-way delays are taken by.
    #[must_use]
    pub fn with_wall(self, wall: Option<ReflectorTime>) -> Self {
        Self { wall, ..self }
    }

    /// The same session, which also keeps the figures of its last while.
    #[must_use]
    pub fn with_windows(self) -> Self {
        Self {
            windows: Some(Box::new(Windows::new())),
            ..self
        }
    }

    /// The client, to ask.
    #[must_use]
    pub fn client(&self) -> &Client<S> {
        &self.client
    }

    /// The figures so far.
    #[must_use]
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The figures of the last while, if they are kept.
    #[must_use]
    pub fn windows(&self) -> Option<&Windows> {
        self.windows.as_deref()
    }

    /// [`Client::poll`], with the record if it decided something.
    #[inline]
    pub fn poll(&mut self, now: ClientTime) -> (Output, Option<Record>) {
        let output = self.client.poll(now);
        output.tally(&mut self.stats);
        if let Some(windows) = &mut self.windows {
            output.roll(windows);
        }
        if let (Output::Send(probe), Schedule::Paced { .. }) =
            (&output, self.client.config().schedule)
        {
            let late = probe.at.checked_since(probe.due);
            self.stats.timer_error(late.unwrap_or_default());
        }
        let now = self.client.now();
        let record = match &output {
            Output::Send(probe) => Some(Record::sent(probe)),
            Output::Event(event) => Some(Record::event(now, event)),
            Output::Wait(_) => None,
            Output::Done if self.done => None,
            Output::Done => {
                self.done = true;
                Some(Record::Done(Done {
                    done: true,
                    at_ns: now.as_nanos(),
                }))
            }
        };
        (output, record)
    }

    /// [`Client::send_now`], with its record.
    pub fn send_now(&mut self, now: ClientTime) -> Option<(Probe, Record)> {
        let probe = self.client.send_now(now)?;
        Output::Send(probe).tally(&mut self.stats);
        Some((probe, Record::sent(&probe)))
    }

    /// The next loss that time has decided by `now`, with its record; it never asks
    /// whether the session is over, which is how one on demand goes on.
    pub fn expire(&mut self, now: ClientTime) -> Option<(Event, Record)> {
        let oldest = self.client.in_flight().next()?;
        if oldest.deadline >= now.max(self.client.now()) {
            return None;
        }
        match self.poll(now) {
            (Output::Event(event), Some(record)) => Some((event, record)),
            _ => None,
        }
    }

    /// [`Client::handle_reply`].
    #[inline]
    pub fn reply(&mut self, now: ClientTime, claim: &Claim) -> (Outcome, Record) {
        let (claimed, own_token) = self.named(claim.seq);
        let outcome = self.client.handle_reply(now, *claim);
        self.count(&outcome);
        let now = self.client.now();
        self.reflected(now, claim, &outcome);
        (
            outcome,
            Record::reply(now, claim, claimed, own_token, &outcome),
        )
    }

    /// [`Client::handle_unreadable`].
    pub fn unreadable(&mut self, now: ClientTime, why: Unreadable) -> (Outcome, Record) {
        let outcome = self.client.handle_unreadable(now, why);
        self.count(&outcome);
        (
            outcome,
            Record::unreadable(self.client.now(), why, &outcome),
        )
    }

    /// [`Client::handle_unreachable`], with what the system said.
    pub fn unreachable(
        &mut self,
        now: ClientTime,
        seq: Option<u64>,
        error: Option<String>,
    ) -> (Outcome, Record) {
        let outcome = self.client.handle_unreachable(now, seq);
        self.count(&outcome);
        (
            outcome,
            Record::unreachable(self.client.now(), seq, error, &outcome),
        )
    }

    /// [`Client::handle_send_failure`], with what the system said.
    pub fn send_failure(
        &mut self,
        now: ClientTime,
        seq: u64,
        error: Option<String>,
    ) -> (Outcome, Record) {
        let outcome = self.client.handle_send_failure(now, seq);
        self.count(&outcome);
        (
            outcome,
            Record::unsent(self.client.now(), seq, error, &outcome),
        )
    }

    /// [`Client::handle_stamp`].
    pub fn stamp(&mut self, seq: u64, kernel_ns: i64) -> (Outcome, Record) {
        let outcome = self.client.handle_stamp(seq, kernel_ns);
        self.count(&outcome);
        (outcome, Record::stamp(seq, kernel_ns, &outcome))
    }

    /// [`Client::stop`].
    pub fn stop(&mut self, now: ClientTime, reason: StopReason) -> Record {
        self.client.stop(now);
        Record::Stop(Stop {
            stop: reason,
            at_ns: self.client.now().as_nanos(),
        })
    }

    fn count(&mut self, outcome: &Outcome) {
        outcome.tally(&mut self.stats);
        if let Some(windows) = &mut self.windows {
            let timeout = self.client.config().timeout;
            outcome.roll(self.client.now(), timeout, windows);
        }
    }

    /// What the reflector said beyond the number of its probe.
    fn reflected(&mut self, now: ClientTime, claim: &Claim, outcome: &Outcome) {
        let Some(times) = claim.times else { return };
        let seq = match *outcome {
            Outcome::Replied { seq, rtt, .. } => {
                let age = Duration::from_nanos(now.as_nanos());
                let sent = age.checked_sub(rtt).zip(self.wall);
                self.stats.exchanged(&Exchange {
                    seq,
                    rtt,
                    sent: sent.map(|(at, wall)| wall.saturating_add(at)),
                    times,
                    synced: claim.synced,
                });
                seq
            }
            Outcome::Late { seq, .. } | Outcome::Duplicate { seq, .. } => seq,
            _ => return,
        };
        let again = matches!(outcome, Outcome::Duplicate { .. });
        self.stats.counted(seq, claim.count, again);
    }

    /// The whole number and the token of the probe that a claim names, as far as
    /// the client still has them.
    pub(crate) fn named(&self, low: Option<u32>) -> (Option<u64>, Option<u64>) {
        let claimed = low.and_then(|low| self.client.unwrap_seq(low));
        (claimed, claimed.and_then(|seq| self.client.token(seq)))
    }
}
