//! A session that really happened, under another timeout.
//!
//! Feeds the recorded packets to a real client with the other timeout and compares
//! each probe's outcome with the recorded one. It can only know what was observed:
//! the packets are as they were sent (under another timeout a stop-and-wait client
//! would have sent them at other times), and where nobody was listening any more,
//! the outcome is unknown.

use alloc::vec::Vec;
use core::time::Duration;

use serde::Serialize;

use crate::header::Header;
use crate::record::{Record, Reply};
use crate::replay::{MAX_TABLE_ENTRIES, ReplayError, table};
use udping_core::client::Client;
use udping_core::event::{Event, Ignored, Outcome, Output};
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
    recorded: Vec<RecordedProbe>,
    /// The same under the other timeout.
    decided: Vec<ProbeFate>,
    timeout: Duration,
    observed: Duration,
    end: ClientTime,
    overflowed: bool,
}

#[derive(Debug, Clone, Copy)]
struct RecordedProbe {
    at: ClientTime,
    fate: ProbeFate,
}

/// How a probe fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeFate {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The probe's number.
    pub seq: u64,
    /// As recorded.
    pub recorded: ProbeFate,
    /// As decided now.
    pub decided: ProbeFate,
}

/// How many probes fared how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct FateCounts {
    /// [`ProbeFate::Replied`].
    pub replied: u64,
    /// [`ProbeFate::Lost`] and [`ProbeFate::Late`].
    pub lost: u64,
    /// [`ProbeFate::Late`].
    pub late: u64,
    /// [`ProbeFate::Refused`].
    pub refused: u64,
    /// [`ProbeFate::Unknown`] and [`ProbeFate::InFlight`].
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
        let entries = table(
            header
                .table_entries
                .max(1 << 10)
                .saturating_mul(2)
                .min(MAX_TABLE_ENTRIES),
        )?;
        let client = Client::new(config, ClientTime::ZERO, entries).map_err(ReplayError::Config)?;
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
        self.decide_again(record, &mut |_| {});
    }

    /// The same, and hands on the records of the session as it is decided now: what came in
    /// as it came, each decision as the client makes it under the other timeout. What is
    /// only decided after the journal's end, or where nobody listened, has no record.
    pub fn decide_again(&mut self, record: &Record, decided: &mut impl FnMut(Record)) {
        let at = ClientTime::from_nanos;
        if let Some(now) = record.at_ns().map(at) {
            self.end = self.end.max(now);
        }
        match record {
            Record::Sent(it) => {
                self.sent(at(it.at_ns), decided);
                decided(record.clone());
            }
            Record::Reply(it) => {
                let reply = self.reply(record, it, decided);
                decided(Record::Reply(reply));
            }
            // The client finds its own.
            Record::Lost(it) => self.note(Some(it.lost), ProbeFate::Lost),
            Record::Unreachable(it) => {
                self.note(it.refused, ProbeFate::Refused);
                self.pass(at(it.at_ns), decided);
                // One that named no probe, and was nobody's then, is nobody's now.
                let outcome = match it.refused.or(it.unreachable) {
                    None => Outcome::Ignored(it.ignored.unwrap_or(Ignored::NothingInFlight)),
                    seq => self.client.handle_unreachable(at(it.at_ns), seq),
                };
                if let Outcome::Refused { seq, .. } = outcome {
                    self.stats.refused(seq);
                    self.decide(seq, ProbeFate::Refused);
                }
                let (now, error) = (self.client.now(), it.error.clone());
                decided(Record::unreachable(now, it.unreachable, error, &outcome));
            }
            Record::Unsent(it) => {
                self.note(Some(it.unsent), ProbeFate::Unsent);
                self.pass(at(it.at_ns), decided);
                let outcome = self.client.handle_send_failure(at(it.at_ns), it.unsent);
                if let Outcome::Unsent { seq } = outcome {
                    self.stats.unsent(seq);
                    self.decide(seq, ProbeFate::Unsent);
                }
                let now = self.client.now();
                decided(Record::unsent(now, it.unsent, it.error.clone(), &outcome));
            }
            Record::Kernel(it) => {
                self.pass(at(it.at_ns), decided);
                let outcome = self.client.handle_kernel_rtt(it.kernel, it.kernel_ns);
                outcome.tally(&mut self.stats);
                let now = self.client.now();
                decided(Record::kernel(now, it.kernel, it.kernel_ns, &outcome));
            }
            _ => {
                if let Some(now) = record.at_ns().map(at) {
                    self.pass(now, decided);
                }
                decided(record.clone());
            }
        }
    }

    /// Judges a recorded reply again, as that of the probe it was credited to.
    fn reply(&mut self, record: &Record, it: &Reply, decided: &mut impl FnMut(Record)) -> Reply {
        let seq = record.seq(|low| self.client.unwrap_seq(low));
        if it.rtt_ns.is_some() {
            self.note(seq, ProbeFate::Replied);
        } else if it.late_ns.is_some() {
            self.note(seq, ProbeFate::Late);
        }
        let now = ClientTime::from_nanos(it.at_ns);
        // A credited reply is judged as the one of that probe, whatever it says.
        let mut claim = it.claim(seq.and_then(|seq| self.client.timestamp(seq)));
        let credited = it.rtt_ns.or(it.late_ns).or(it.duplicate_ns).is_some();
        if credited {
            claim.seq = seq.map(udping_core::wire::low_bits);
            claim.needs_proof = false;
        }
        self.pass(now, decided);
        let outcome = self.client.handle_reply(now, claim);
        outcome.tally(&mut self.stats);
        let mut reply = Reply {
            rtt_ns: None,
            late_ns: None,
            duplicate_ns: None,
            ignored: None,
            ..it.clone()
        };
        match outcome {
            Outcome::Replied { seq, rtt, verified } => {
                self.decide(seq, ProbeFate::Replied);
                reply.rtt_ns = Some(saturating_nanos(rtt));
                reply.unverified |= !credited && !verified;
            }
            Outcome::Late {
                seq, rtt, verified, ..
            } => {
                self.decide(seq, ProbeFate::Late);
                reply.late_ns = Some(saturating_nanos(rtt));
                reply.unverified |= !credited && !verified;
            }
            Outcome::Duplicate { rtt, .. } => reply.duplicate_ns = Some(saturating_nanos(rtt)),
            Outcome::Ignored(why) => reply.ignored = Some(why),
            Outcome::Refused { .. } | Outcome::Unsent { .. } | Outcome::KernelRtt { .. } => {}
        }
        reply
    }

    /// Ends the feed: what nobody heard is decided as far as it was observed.
    #[must_use]
    pub fn finish(mut self) -> WhatIfReport {
        let end = self.end;
        self.pass(
            end.saturating_add(self.timeout)
                .saturating_add(Duration::from_nanos(1)),
            &mut |_| {},
        );
        for (probe, fate) in self.recorded.iter().zip(&mut self.decided) {
            let listened = saturating_nanos(end.checked_since(probe.at).unwrap_or_default())
                .min(saturating_nanos(self.observed));
            let undecided = matches!(fate, ProbeFate::Lost | ProbeFate::InFlight);
            if undecided && listened < saturating_nanos(self.timeout) {
                *fate = ProbeFate::Unknown;
            }
        }
        WhatIfReport {
            summary: self.stats.summary(),
            recorded: self.recorded,
            decided: self.decided,
        }
    }

    fn sent(&mut self, at: ClientTime, decided: &mut impl FnMut(Record)) {
        self.pass(at, decided);
        // Once a probe finds no room in the table, the numbers no longer agree: the rest is unknown.
        let probe = if self.overflowed {
            None
        } else {
            self.client.send_now(at)
        };
        self.overflowed = probe.is_none();
        if let Some(probe) = probe {
            self.stats.sent(probe.seq);
        }
        self.recorded.push(RecordedProbe {
            at,
            fate: ProbeFate::InFlight,
        });
        self.decided.push(if self.overflowed {
            ProbeFate::Unknown
        } else {
            ProbeFate::InFlight
        });
    }

    /// Lets time decide until `now`.
    fn pass(&mut self, now: ClientTime, decided: &mut impl FnMut(Record)) {
        loop {
            let output = self.client.poll(now);
            output.tally(&mut self.stats);
            match output {
                Output::Event(Event::Lost { seq, deadline }) => {
                    self.decide(seq, ProbeFate::Lost);
                    // Where nobody listened until the deadline, nothing is known of it.
                    if self.timeout <= self.observed {
                        let found = deadline.saturating_add(Duration::from_nanos(1));
                        decided(Record::event(found, &Event::Lost { seq, deadline }));
                    }
                }
                Output::Event(_) => {}
                Output::Send(_) | Output::Wait(_) | Output::Done => return,
            }
        }
    }

    fn note(&mut self, seq: Option<u64>, fate: ProbeFate) {
        if let Some(probe) = seq
            .and_then(index)
            .and_then(|index| self.recorded.get_mut(index))
        {
            probe.fate = fate;
        }
    }

    fn decide(&mut self, seq: u64, fate: ProbeFate) {
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
pub struct WhatIfReport {
    /// The figures under it. What is unknown counts as lost here.
    pub summary: Summary,
    recorded: Vec<RecordedProbe>,
    decided: Vec<ProbeFate>,
}

impl WhatIfReport {
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
    pub fn fates(&self, seq: u64) -> Option<(ProbeFate, ProbeFate)> {
        let index = index(seq)?;
        Some((self.recorded.get(index)?.fate, *self.decided.get(index)?))
    }

    /// How many probes fared how under the recorded timeout.
    #[must_use]
    pub fn recorded(&self) -> FateCounts {
        FateCounts::of(self.recorded.iter().map(|probe| probe.fate))
    }

    /// How many fare how under the other.
    #[must_use]
    pub fn decided(&self) -> FateCounts {
        FateCounts::of(self.decided.iter().copied())
    }
}

impl FateCounts {
    fn of(fates: impl Iterator<Item = ProbeFate>) -> Self {
        let mut counts = Self::default();
        for fate in fates {
            match fate {
                ProbeFate::Replied => counts.replied += 1,
                ProbeFate::Lost => counts.lost += 1,
                ProbeFate::Late => {
                    counts.lost += 1;
                    counts.late += 1;
                }
                ProbeFate::Refused => counts.refused += 1,
                ProbeFate::InFlight | ProbeFate::Unknown => counts.unknown += 1,
                ProbeFate::Unsent => {}
            }
        }
        counts
    }
}
