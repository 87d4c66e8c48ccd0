//! The client's state machine. Every transition of a probe lives here, and only here.
//!
//! ```text
//!                    ┌─ reply by the deadline ──▶ replied
//! due ─ Send ─▶ in flight ─ deadline passed ────▶ lost ─ reply in the late window ─▶ late
//!                    ├─ unreachable ────────────▶ refused
//!                    └─ send failed ────────────▶ unsent
//! ```
//!
//! Invariants: one life per probe; one absolute deadline per probe, moved by
//! nothing; an RTT is the difference of two readings of one clock; work per call that at
//! most grows with the logarithm of the table; no call order and no input can make it panic. It must not know wires,
//! sockets or clocks.

use core::time::Duration;

use crate::config::{Config, ConfigError};
use crate::event::{Event, Ignored, Outcome, Output};
use crate::schedule::{Pacer, Schedule};
use crate::table::{Entry, State, Table};
use crate::time::{ClientTime, WallTime, saturating_nanos};
use crate::timestamp::is_cut_copy;
use crate::wire::{Claim, Probe, Unreadable, low_bits};

/// The client of one session. The crate's header tells how to drive it.
///
/// `S` is the storage of its table: `[Entry; N]`, `&mut [Entry]` or a boxed slice.
#[derive(Debug, Clone)]
pub struct Client<S> {
    config: Config,
    /// The config's timeout and late window in nanoseconds, as every call needs them.
    timeout: u64,
    late_window: u64,
    table: Table<S>,
    start: ClientTime,
    /// The latest time any call has named.
    now: ClientTime,
    /// The sequence number of the probe sent last; 0 before the first.
    last_seq: u64,
    /// That probe's timestamp.
    last_timestamp: WallTime,
    /// Only of a paced schedule.
    pacer: Option<Pacer>,
    /// Since when the next probe could have gone out, where that waits for another.
    free_since: ClientTime,
    stopped: bool,
}

impl<S: AsRef<[Entry]> + AsMut<[Entry]>> Client<S> {
    /// A client whose first probe is due at `start`.
    ///
    /// # Errors
    /// [`ConfigError::TableTooSmall`] if that is more probes than there are `entries`.
    pub fn new(config: Config, start: ClientTime, entries: S) -> Result<Self, ConfigError> {
        let table = Table::new(entries);
        config.check_table(table.len())?;
        let pacer = match config.schedule() {
            Schedule::Paced { interval } => Some(Pacer::new(start, interval)),
            _ => None,
        };
        Ok(Self {
            timeout: saturating_nanos(config.timeout()),
            late_window: saturating_nanos(config.late_window()),
            config,
            table,
            start,
            now: start,
            last_seq: 0,
            last_timestamp: WallTime::ZERO,
            pacer,
            free_since: start,
            stopped: false,
        })
    }

    /// Has the probes' timestamps begin with `start`, which the wall clock read at time zero.
    /// For before the first probe: later ones would not be true to that.
    pub fn set_timestamp_start(&mut self, start: WallTime) {
        self.config.set_timestamp_start(start);
    }

    /// The next thing to do. Call until it says [`Output::Wait`] or [`Output::Done`].
    pub fn poll(&mut self, now: ClientTime) -> Output {
        let now = self.advance(now);
        if let Some(entry) = self.table.oldest_in_flight() {
            let (seq, deadline) = (entry.seq, self.deadline(entry));
            if deadline < now {
                self.settle(seq, State::Lost, deadline);
                return Output::Event(Event::Lost { seq, deadline });
            }
        }
        if self.stopped {
            return Output::Done;
        }
        match self.next_due() {
            Some(due) if due <= now => self.send_due(due, now),
            due => self.wait(due),
        }
    }

    /// Sends a probe outside the schedule's plan: with [`Schedule::OnDemand`] the
    /// only way to send one. `None` when the session is over, while a probe in flight
    /// holds the table's next place, or while probes are held back.
    pub fn send_now(&mut self, now: ClientTime) -> Option<Probe> {
        let now = self.advance(now);
        let held = self.config.accept_unnumbered() && self.free_at().is_none_or(|at| at > now);
        let open = !self.stopped && !self.exhausted() && !held;
        (open && !self.table.blocked(self.last_seq.saturating_add(1)))
            .then(|| self.hand_out(now, now))
    }

    /// Judges a reply that arrived at `now`.
    pub fn handle_reply(&mut self, now: ClientTime, claim: Claim) -> Outcome {
        let now = self.advance(now);
        let (entry, verified) = match self.credit(now, &claim) {
            Ok(credit) => credit,
            Err(reason) => return Outcome::Ignored(reason),
        };
        let (seq, state) = (entry.seq, entry.state);
        let rtt = since(now, entry.at);
        let deadline = self.deadline(entry);
        if now > deadline.saturating_add_nanos(self.late_window) {
            return Outcome::Ignored(Ignored::TooOld);
        }
        match state {
            State::InFlight if now <= deadline => {
                self.settle(seq, State::Replied, now);
                Outcome::Replied { seq, rtt, verified }
            }
            State::InFlight => {
                self.settle(seq, State::Lost, deadline);
                self.table.settle(seq, State::LostThenLate, now);
                self.release(now);
                Outcome::Late {
                    seq,
                    rtt,
                    verified,
                    newly_lost: true,
                }
            }
            State::Lost => {
                self.table.settle(seq, State::LostThenLate, now);
                self.release(now);
                Outcome::Late {
                    seq,
                    rtt,
                    verified,
                    newly_lost: false,
                }
            }
            State::Replied | State::LostThenLate => Outcome::Duplicate { seq, rtt },
            State::Refused => Outcome::Ignored(Ignored::AlreadySettled),
            State::Unsent | State::Empty => Outcome::Ignored(Ignored::NotSent),
        }
    }

    /// Notes a datagram that its wire could not read.
    pub fn handle_unreadable(&mut self, now: ClientTime, why: Unreadable) -> Outcome {
        self.advance(now);
        Outcome::Ignored(why.into())
    }

    /// Notes that nobody listens at the other end (ICMP unreachable), for probe
    /// `seq`, or for the oldest one in flight where the system does not say.
    pub fn handle_unreachable(&mut self, now: ClientTime, seq: Option<u64>) -> Outcome {
        let now = self.advance(now);
        let Some(seq) = seq.or_else(|| self.table.oldest_in_flight().map(|entry| entry.seq)) else {
            return Outcome::Ignored(Ignored::NothingInFlight);
        };
        match self.table.get(seq) {
            Some(&entry) if entry.state == State::InFlight && now <= self.deadline(&entry) => {
                self.settle(seq, State::Refused, now);
                Outcome::Refused {
                    seq,
                    after: since(now, entry.at),
                }
            }
            Some(_) => Outcome::Ignored(Ignored::AlreadySettled),
            None => Outcome::Ignored(self.absence(seq)),
        }
    }

    /// Takes a probe back that could not be sent: it was never sent, so it can
    /// never be lost. Where replies set the pace, the next probe is due a timeout
    /// later, so that a dead network is not hammered.
    pub fn handle_send_failure(&mut self, now: ClientTime, seq: u64) -> Outcome {
        let now = self.advance(now);
        match self.table.get(seq).map(|entry| entry.state) {
            Some(State::InFlight) => {
                let free = match self.config.schedule() {
                    Schedule::Paced { .. } => now,
                    _ => now.saturating_add_nanos(self.timeout),
                };
                self.settle(seq, State::Unsent, free);
                Outcome::Unsent { seq }
            }
            Some(_) => Outcome::Ignored(Ignored::AlreadySettled),
            None => Outcome::Ignored(self.absence(seq)),
        }
    }

    /// Takes the kernel's own interval between request and reply of an answered
    /// probe, in nanoseconds. It refines the figures and changes no decision. One
    /// longer than the RTT, or negative, is not believed: the clock that it was taken
    /// by, the wall clock, was set meanwhile.
    pub fn handle_kernel_rtt(&mut self, seq: u64, kernel_ns: i64) -> Outcome {
        let answered = [State::Replied, State::LostThenLate];
        let entry = self.table.get(seq);
        let entry = entry.filter(|entry| answered.contains(&entry.state));
        let rtt = entry.map(|entry| since(entry.settled, entry.at));
        let kernel = u64::try_from(kernel_ns).map(Duration::from_nanos);
        match (rtt, kernel) {
            (Some(rtt), Ok(kernel)) if kernel <= rtt => Outcome::KernelRtt { seq, rtt, kernel },
            _ => Outcome::Ignored(Ignored::BadKernelRtt),
        }
    }

    /// Ends the session: no probe goes out any more, and what is in flight stays
    /// undecided, unless its deadline has passed.
    pub fn stop(&mut self, now: ClientTime) {
        self.advance(now);
        self.stopped = true;
    }

    /// Whether [`Client::stop`] was called.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether time has decided by `now` that the oldest probe in flight is lost, which
    /// [`Client::poll`] has not said yet.
    #[must_use]
    pub fn is_overdue(&self, now: ClientTime) -> bool {
        let oldest = self.table.oldest_in_flight();
        oldest.is_some_and(|entry| self.deadline(entry) < now.max(self.now))
    }

    /// Whether nothing is left to send or to decide: only late replies may still come.
    #[must_use]
    pub fn awaits_only_late(&self) -> bool {
        (self.stopped || self.exhausted()) && self.table.in_flight() == 0
    }

    /// What the session was configured with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// When the first probe was due.
    #[must_use]
    pub fn start(&self) -> ClientTime {
        self.start
    }

    /// The latest time that any call has named: what a call that named an earlier
    /// one was judged by.
    #[must_use]
    pub fn now(&self) -> ClientTime {
        self.now
    }

    /// The sequence number of the probe sent last; 0 before the first.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// The probes in flight, oldest first.
    pub fn in_flight(&self) -> impl Iterator<Item = ProbeStatus> {
        self.table.iter_in_flight().map(|entry| self.status(entry))
    }

    /// Where probe `seq` is in its life, while the table holds it.
    #[must_use]
    pub fn probe(&self, seq: u64) -> Option<ProbeStatus> {
        self.table.get(seq).map(|entry| self.status(entry))
    }

    /// The timestamp of probe `seq`, while the table holds it.
    #[must_use]
    pub fn timestamp(&self, seq: u64) -> Option<WallTime> {
        self.table.get(seq).map(|entry| entry.timestamp)
    }

    /// The probe that a reply with this claim would be credited to now.
    #[must_use]
    pub fn addressee(&self, claim: &Claim) -> Option<u64> {
        let credit = self.credit(self.now, claim);
        credit.ok().map(|(entry, _)| entry.seq)
    }

    /// The sequence number that `low` stands for, seen from the probe sent last.
    /// `None` if it is ahead of it, or before the first.
    #[must_use]
    pub fn unwrap_seq(&self, low: u32) -> Option<u64> {
        let behind = low_bits(self.last_seq).wrapping_sub(low);
        if behind > u32::MAX / 2 {
            return None;
        }
        self.last_seq
            .checked_sub(u64::from(behind))
            .filter(|seq| *seq > 0)
    }

    fn status(&self, entry: &Entry) -> ProbeStatus {
        let deadline = self.deadline(entry);
        ProbeStatus {
            seq: entry.seq,
            at: entry.at,
            deadline,
            horizon: deadline.saturating_add_nanos(self.late_window),
            state: entry.state,
        }
    }

    /// Whom a reply speaks for, and whether it proves it.
    #[inline]
    fn credit(&self, now: ClientTime, claim: &Claim) -> Result<(&Entry, bool), Ignored> {
        let named = claim.seq.map(|low| self.unwrap_seq(low));
        let entry = named.flatten().and_then(|seq| self.table.get(seq));
        let both = entry.zip(claim.timestamp);
        if let Some((entry, timestamp)) = both
            && timestamp == entry.timestamp
        {
            return Ok((entry, true));
        }
        let owner = |timestamp| self.table.with_timestamp(self.last_seq, timestamp);
        let owner = claim.timestamp.and_then(owner);
        if self.config.accept_unnumbered() {
            let entry = self.only_candidate(now)?;
            let contradicted = owner.is_some_and(|owner| owner != entry.seq);
            return if contradicted {
                Err(Ignored::TimestampMismatch)
            } else {
                Ok((entry, false))
            };
        }
        let cut = both.is_some_and(|(entry, timestamp)| is_cut_copy(timestamp, entry.timestamp));
        match (named, entry) {
            (None, _) => Err(Ignored::NoSequence),
            (Some(_), Some(_)) if owner.is_some() => Err(Ignored::TimestampMismatch),
            // A time of the server's own: no proof, and no contradiction.
            (Some(_), Some(entry)) if cut || !claim.needs_proof => Ok((entry, false)),
            (Some(_), _) if claim.needs_proof => Err(Ignored::NoSequence),
            (Some(None), _) => Err(Ignored::NotSent),
            (Some(Some(_)), _) => Err(Ignored::TooOld),
        }
    }

    /// The one probe that a reply can be of, whatever it says.
    fn only_candidate(&self, now: ClientTime) -> Result<&Entry, Ignored> {
        let unanswered = self.table.newest_unanswered();
        let unanswered = unanswered.filter(|entry| self.horizon(entry) >= now);
        match (self.table.oldest_in_flight(), unanswered) {
            (None, None) => Err(Ignored::NothingInFlight),
            (Some(entry), None) | (None, Some(entry)) if self.table.in_flight() < 2 => Ok(entry),
            _ => Err(Ignored::Ambiguous),
        }
    }

    /// Why the table does not hold `seq`.
    fn absence(&self, seq: u64) -> Ignored {
        if seq > self.last_seq || seq == 0 {
            Ignored::NotSent
        } else {
            Ignored::TooOld
        }
    }

    fn advance(&mut self, now: ClientTime) -> ClientTime {
        self.now = self.now.max(now);
        self.now
    }

    fn deadline(&self, entry: &Entry) -> ClientTime {
        entry.at.saturating_add_nanos(self.timeout)
    }

    fn horizon(&self, entry: &Entry) -> ClientTime {
        self.deadline(entry).saturating_add_nanos(self.late_window)
    }

    fn exhausted(&self) -> bool {
        self.config
            .count()
            .is_some_and(|count| self.last_seq >= count.get())
    }

    /// When the schedule wants the next probe; `None` while something must happen first.
    fn next_due(&self) -> Option<ClientTime> {
        if self.exhausted() {
            return None;
        }
        // Probes outside the plan can hold the next place whatever the schedule.
        if self.table.blocked(self.last_seq.saturating_add(1)) {
            return None;
        }
        let has_room = |places: u32| self.table.in_flight() < places;
        let free = self.free_at()?;
        match self.config.schedule() {
            Schedule::StopAndWait { .. } => has_room(1).then_some(free),
            Schedule::Window { size } => has_room(size).then_some(free),
            Schedule::Paced { .. } if self.config.accept_unnumbered() => {
                Some(self.pacer.as_ref()?.due()?.max(free))
            }
            Schedule::Paced { .. } => self.pacer.as_ref()?.due(),
            Schedule::OnDemand => None,
        }
    }

    /// Since or from when another probe may be out. Where any reply is credited that is as
    /// soon as no other probe could be the one it answers: `None` while one is in flight.
    fn free_at(&self) -> Option<ClientTime> {
        if !self.config.accept_unnumbered() {
            return Some(self.free_since);
        }
        let free = match self.table.newest_unanswered() {
            None => self.free_since,
            // After the end of time no probe could be told from a lost one.
            Some(entry) if self.horizon(entry).as_nanos() == u64::MAX => return None,
            Some(entry) => just_after(self.horizon(entry)).max(self.free_since),
        };
        (self.table.in_flight() == 0).then_some(free)
    }

    fn send_due(&mut self, due: ClientTime, now: ClientTime) -> Output {
        let held_until = self.free_at().filter(|_| self.config.accept_unnumbered());
        let Some(pacer) = self.pacer.as_mut() else {
            return Output::Send(self.hand_out(due, now));
        };
        let due = pacer.due().unwrap_or(due);
        let slots = match held_until.map_or(0, |free| pacer.skip_to(free)) {
            0 => pacer.take(due, now),
            held_back => held_back,
        };
        if slots > 0 {
            return Output::Event(Event::Missed { due, slots });
        }
        Output::Send(self.hand_out(due, now))
    }

    fn hand_out(&mut self, due: ClientTime, at: ClientTime) -> Probe {
        let seq = self.last_seq.saturating_add(1);
        let timestamp = self.config.timestamps().after(self.last_timestamp, seq, at);
        self.last_timestamp = timestamp;
        self.table.insert(seq, timestamp, at);
        self.last_seq = seq;
        Probe {
            seq,
            timestamp,
            due,
            at,
        }
    }

    /// Ends a probe's flight and, where replies set the pace, frees its place.
    #[inline]
    fn settle(&mut self, seq: u64, state: State, at: ClientTime) {
        self.table.settle(seq, state, at);
        let free = match self.config.schedule() {
            Schedule::StopAndWait { gap } => at.saturating_add(gap),
            _ => at,
        };
        self.free_since = self.free_since.max(free);
    }

    /// The reply of a lost probe has come, so it holds no other back.
    fn release(&mut self, now: ClientTime) {
        if self.config.accept_unnumbered() {
            self.free_since = self.free_since.max(now);
        }
    }

    fn wait(&self, due: Option<ClientTime>) -> Output {
        let expiry = self
            .table
            .oldest_in_flight()
            .map(|entry| just_after(self.deadline(entry)));
        let next = match (due, expiry) {
            (Some(due), Some(expiry)) => Some(due.min(expiry)),
            (one, other) => one.or(other),
        };
        // Nothing left to send or to settle: only late replies may still come.
        let lingering = || {
            let entry = self.table.newest_unanswered()?;
            Some(self.horizon(entry))
                .filter(|horizon| *horizon >= self.now)
                .map(just_after)
        };
        match next.or_else(lingering) {
            Some(at) if at > self.now => Output::Wait(at),
            // The end of time itself: no later moment can be named.
            Some(_) | None => Output::Done,
        }
    }
}

/// One probe, seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProbeStatus {
    /// The probe's number.
    pub seq: u64,
    /// When it was handed out.
    pub at: ClientTime,
    /// The last moment at which a reply counts.
    pub deadline: ClientTime,
    /// The last moment at which a reply is still recognised as late.
    pub horizon: ClientTime,
    /// Where in its life it is.
    pub state: State,
}

/// A nanosecond after.
const fn just_after(at: ClientTime) -> ClientTime {
    at.saturating_add_nanos(1)
}

/// `now − earlier`, where the client itself keeps time from running back.
fn since(now: ClientTime, earlier: ClientTime) -> Duration {
    now.checked_since(earlier).unwrap_or_default()
}

#[cfg(test)]
mod tests;
