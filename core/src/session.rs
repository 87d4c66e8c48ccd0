//! A client and its statistics, kept in step.
//!
//! Owns the one path from a decision to the figures, so that the command, the simulator,
//! the replay and the terminal view cannot count the same thing differently. Decides
//! nothing, and keeps no record: that is the journal's recorder.

#[cfg(feature = "stamp")]
mod wire;

use crate::client::Client;
use crate::config::{Config, ConfigError};
use crate::event::{Event, Outcome, Output};
use crate::stats::{Size, Stats};
use crate::table::Entry;
use crate::time::{ClientTime, WallTime};
use crate::wire::{Claim, Probe, Unreadable};

#[cfg(feature = "stamp")]
pub use wire::SessionWire;

/// A client whose every decision is counted.
#[derive(Debug, Clone)]
pub struct Session<S, Z: Size> {
    client: Client<S>,
    stats: Stats<Z>,
    wall: Option<WallTime>,
}

impl<S: AsRef<[Entry]> + AsMut<[Entry]>, Z: Size> Session<S, Z> {
    /// A session whose first probe is due at `start`.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn new(config: Config, start: ClientTime, entries: S) -> Result<Self, ConfigError> {
        Ok(Self {
            client: Client::new(config, start, entries)?,
            stats: Stats::new(),
            wall: None,
        })
    }

    /// The same session, told what this end's wall clock read at time zero, counted
    /// from where the reflector's times count: what one-way delays are taken by.
    #[must_use]
    pub fn with_wall(self, wall: Option<WallTime>) -> Self {
        Self { wall, ..self }
    }

    /// The client, to ask.
    #[must_use]
    pub fn client(&self) -> &Client<S> {
        &self.client
    }

    /// The figures so far.
    #[must_use]
    pub fn stats(&self) -> &Stats<Z> {
        &self.stats
    }

    /// [`Client::set_timestamp_start`].
    pub fn set_timestamp_start(&mut self, start: WallTime) {
        self.client.set_timestamp_start(start);
    }

    /// [`Client::poll`].
    #[inline]
    pub fn poll(&mut self, now: ClientTime) -> Output {
        let output = self.client.poll(now);
        output.tally(&mut self.stats);
        if let Output::Send(probe) = &output
            && let Some(late) = self.client.config().schedule().lateness(probe)
        {
            self.stats.timer_error(late);
        }
        output
    }

    /// [`Client::send_now`].
    pub fn send_now(&mut self, now: ClientTime) -> Option<Probe> {
        let probe = self.client.send_now(now)?;
        Output::Send(probe).tally(&mut self.stats);
        Some(probe)
    }

    /// The next loss that time has decided by `now`; it never asks whether the session is
    /// over, which is how one on demand goes on.
    pub fn expire(&mut self, now: ClientTime) -> Option<Event> {
        match self.client.is_overdue(now).then(|| self.poll(now)) {
            Some(Output::Event(event)) => Some(event),
            _ => None,
        }
    }

    /// [`Client::handle_reply`].
    #[inline]
    pub fn handle_reply(&mut self, now: ClientTime, claim: &Claim) -> Outcome {
        let outcome = self.client.handle_reply(now, *claim);
        self.count(&outcome);
        outcome.tally_claim(self.client.now(), claim, self.wall, &mut self.stats);
        outcome
    }

    /// [`Client::handle_unreadable`].
    pub fn handle_unreadable(&mut self, now: ClientTime, why: Unreadable) -> Outcome {
        let outcome = self.client.handle_unreadable(now, why);
        self.count(&outcome);
        outcome
    }

    /// [`Client::handle_unreachable`].
    pub fn handle_unreachable(&mut self, now: ClientTime, seq: Option<u64>) -> Outcome {
        let outcome = self.client.handle_unreachable(now, seq);
        self.count(&outcome);
        outcome
    }

    /// [`Client::handle_send_failure`].
    pub fn handle_send_failure(&mut self, now: ClientTime, seq: u64) -> Outcome {
        let outcome = self.client.handle_send_failure(now, seq);
        self.count(&outcome);
        outcome
    }

    /// [`Client::handle_kernel_rtt`].
    pub fn handle_kernel_rtt(&mut self, seq: u64, kernel_ns: i64) -> Outcome {
        let outcome = self.client.handle_kernel_rtt(seq, kernel_ns);
        self.count(&outcome);
        outcome
    }

    /// [`Client::stop`].
    pub fn stop(&mut self, now: ClientTime) {
        self.client.stop(now);
    }

    fn count(&mut self, outcome: &Outcome) {
        outcome.tally(&mut self.stats);
    }
}
