//! A session that really happened, under another timeout.
//!
//! Feeds the recorded packets to a real client with the other timeout and compares
//! each probe's outcome with the recorded one. It can only know what was observed:
//! the packets are as they were sent (under another timeout a stop-and-wait client
//! would have sent them at other times), and where nobody was listening any more,
//! the outcome is unknown.

use alloc::vec::Vec;
use core::time::Duration;

use crate::header::Header;
use crate::record::Record;
use crate::replay::{MAX_TABLE_ENTRIES, ReplayError, table};
use udping_core::client::Client;
use udping_core::event::{Event, Outcome, Output};
use udping_core::stats::{Full, Stats, Summary};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, saturating_nanos};
use udping_core::{Config, Schedule};

/// A re-decision in progress.
#[derive(Debug, Clone)]
pub struct WhatIf {
    client: Client<Vec<Entry>>,
    stats: Stats<Full>,
    /// What the journal says of each probe, by its number less one.
    recorded: Vec<Probe>,
    /// The same under the other timeout.
    decided: Vec<Fate>,
    timeout: Duration,
    observed: Duration,
    end: ClientTime,
    overflowed: bool,
}

#[derive(Debug, Clone, Copy)]
struct Probe {
    at: ClientTime,
    fate: Fate,
}

/// How a probe fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Not settled when the session ended.
    InFlight,
    /// Answered in time.
    Replied,
    /// Not answered.
    Lost,
    /// Answered after the deadline.
    Late,
    /// Refused by the network.
    Refused,
    /// Never sent.
    Unsent,
    /// Nobody was listening for long enough to tell.
    Unknown,
}

/// One probe whose outcome is another under the other timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The probe's number.
    pub seq: u64,
    /// As recorded.
    pub recorded: Fate,
    /// As decided now.
    pub decided: Fate,
}

/// How many probes fared how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// [`Fate::Replied`].
    pub replied: u64,
    /// [`Fate::Lost`] and [`Fate::Late`].
    pub lost: u64,
    /// [`Fate::Late`].
    pub late: u64,
    /// [`Fate::Refused`].
    pub refused: u64,
    /// [`Fate::Unknown`] and [`Fate::InFlight`].
    pub unknown: u64,
}

impl WhatIf {
    /// The session that `header` describes, under `timeout`.
    ///
    /// # Errors
    /// [`ReplayError::Config`] if no client accepts that timeout.
    pub fn new(header: &Header, timeout: Duration) -> Result<Self, ReplayError> {
        let observed =
            Duration::from_nanos(header.timeout_ns.saturating_add(header.late_window_ns));
        let config = Config::builder()
            .schedule(Schedule::OnDemand)
            .count(None)
            .timeout(timeout)
            // The recorded horizon stays where it was.
            .late_window(observed.saturating_sub(timeout))
            .timestamps(header.timestamps())
            .build()?;
        // Twice the recorded table: a longer timeout keeps probes in flight for longer.
        let slots = table(
            header
                .table_entries
                .max(1 << 10)
                .saturating_mul(2)
                .min(MAX_TABLE_ENTRIES),
        )?;
        let client = Client::new(config, ClientTime::ZERO, slots).map_err(ReplayError::Config)?;
        Ok(Self {
            client,
            stats: Stats::new(),
            recorded: Vec::new(),
            decided: Vec::new(),
            timeout,
            observed,
            end: ClientTime::ZERO,
            overflowed: false,
        })
    }

    /// Takes the next record of the journal.
    pub fn feed(&mut self, record: &Record) {
        let at = ClientTime::from_nanos;
        match record {
            Record::Sent(it) => self.sent(at(it.at_ns)),
            Record::Reply(it) => {
                let seq = record.seq(|low| self.client.unwrap_seq(low));
                if it.rtt_ns.is_some() {
                    self.note(seq, Fate::Replied);
                } else if it.late_ns.is_some() {
                    self.note(seq, Fate::Late);
                }
                // A reply without a number is judged as the one it was credited to.
                let mut claim = it.claim(seq.and_then(|seq| self.client.timestamp(seq)));
                if it.rtt_ns.or(it.late_ns).or(it.duplicate_ns).is_some() {
                    claim.seq = seq.map(udping_core::wire::low_bits);
                }
                self.pass(at(it.at_ns));
                let outcome = self.client.handle_reply(at(it.at_ns), claim);
                outcome.tally(&mut self.stats);
                match outcome {
                    Outcome::Replied { seq, .. } => self.decide(seq, Fate::Replied),
                    Outcome::Late { seq, .. } => self.decide(seq, Fate::Late),
                    _ => {}
                }
            }
            Record::Lost(it) => self.note(Some(it.lost), Fate::Lost),
            Record::Unreachable(it) => {
                self.note(it.refused, Fate::Refused);
                if let Outcome::Refused { seq, .. } =
                    self.client.handle_unreachable(at(it.at_ns), it.refused)
                {
                    self.stats.refused(seq);
                    self.decide(seq, Fate::Refused);
                }
            }
            Record::Unsent(it) => {
                self.note(Some(it.unsent), Fate::Unsent);
                if let Outcome::Unsent { seq } =
                    self.client.handle_send_failure(at(it.at_ns), it.unsent)
                {
                    self.stats.unsent(seq);
                    self.decide(seq, Fate::Unsent);
                }
            }
            Record::Stop(it) => self.end = self.end.max(at(it.at_ns)),
            Record::Done(it) => self.end = self.end.max(at(it.at_ns)),
            _ => {}
        }
    }

    /// Ends the feed: what nobody heard is decided as far as it was observed.
    #[must_use]
    pub fn finish(mut self) -> Answer {
        let end = self.end;
        self.pass(
            end.saturating_add(self.timeout)
                .saturating_add(Duration::from_nanos(1)),
        );
        for (probe, fate) in self.recorded.iter().zip(&mut self.decided) {
            let listened = saturating_nanos(end.checked_since(probe.at).unwrap_or_default())
                .min(saturating_nanos(self.observed));
            let undecided = matches!(fate, Fate::Lost | Fate::InFlight);
            if undecided && listened < saturating_nanos(self.timeout) {
                *fate = Fate::Unknown;
            }
        }
        Answer {
            summary: self.stats.summary(),
            recorded: self.recorded,
            decided: self.decided,
        }
    }

    fn sent(&mut self, at: ClientTime) {
        self.pass(at);
        // Once a probe finds no place, the numbers no longer agree: the rest is unknown.
        let probe = if self.overflowed {
            None
        } else {
            self.client.send_now(at)
        };
        self.overflowed = probe.is_none();
        if let Some(probe) = probe {
            self.stats.sent(probe.seq);
        }
        self.recorded.push(Probe {
            at,
            fate: Fate::InFlight,
        });
        self.decided.push(if self.overflowed {
            Fate::Unknown
        } else {
            Fate::InFlight
        });
    }

    /// Lets time decide until `now`.
    fn pass(&mut self, now: ClientTime) {
        self.end = self.end.max(now);
        loop {
            let output = self.client.poll(now);
            output.tally(&mut self.stats);
            match output {
                Output::Event(Event::Lost { seq, .. }) => self.decide(seq, Fate::Lost),
                Output::Event(_) => {}
                Output::Send(_) | Output::Wait(_) | Output::Done => return,
            }
        }
    }

    fn note(&mut self, seq: Option<u64>, fate: Fate) {
        if let Some(probe) = seq
            .and_then(index)
            .and_then(|index| self.recorded.get_mut(index))
        {
            probe.fate = fate;
        }
    }

    fn decide(&mut self, seq: u64, fate: Fate) {
        if let Some(decided) = index(seq).and_then(|index| self.decided.get_mut(index)) {
            *decided = fate;
        }
    }
}

fn index(seq: u64) -> Option<usize> {
    usize::try_from(seq.checked_sub(1)?).ok()
}

/// What another timeout would have meant.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The figures under it. What is unknown counts as lost here.
    pub summary: Summary,
    recorded: Vec<Probe>,
    decided: Vec<Fate>,
}

impl Answer {
    /// The probes whose outcome is another, in order.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        (1..)
            .zip(self.recorded.iter().zip(&self.decided))
            .map(|(seq, (probe, decided))| Change {
                seq,
                recorded: probe.fate,
                decided: *decided,
            })
            .filter(|change| change.recorded != change.decided)
    }

    /// How probe `seq` fared: as recorded, and as decided now.
    #[must_use]
    pub fn fates(&self, seq: u64) -> Option<(Fate, Fate)> {
        let index = index(seq)?;
        Some((self.recorded.get(index)?.fate, *self.decided.get(index)?))
    }

    /// How many probes fared how under the recorded timeout.
    #[must_use]
    pub fn recorded(&self) -> Tally {
        Tally::of(self.recorded.iter().map(|probe| probe.fate))
    }

    /// How many fare how under the other.
    #[must_use]
    pub fn decided(&self) -> Tally {
        Tally::of(self.decided.iter().copied())
    }
}

impl Tally {
    fn of(fates: impl Iterator<Item = Fate>) -> Self {
        let mut tally = Self::default();
        for fate in fates {
            match fate {
                Fate::Replied => tally.replied += 1,
                Fate::Lost => tally.lost += 1,
                Fate::Late => {
                    tally.lost += 1;
                    tally.late += 1;
                }
                Fate::Refused => tally.refused += 1,
                Fate::InFlight | Fate::Unknown => tally.unknown += 1,
                Fate::Unsent => {}
            }
        }
        tally
    }
}
