//! The journal against the machine: does the client still decide the same?
//!
//! Feeds a journal's inputs to the real client, makes each record anew from what
//! the client says, and compares the two. Knows nothing of files.

mod heartbeat;
mod verifier;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use crate::comparison::{Ledger, Traffic, Via};
use crate::recorder::Recorder;
use crate::{Done, Header, Kind, Record, SummaryRecord, TrafficRecord};
use udping_core::event::Output;
use udping_core::schedule::ConfigError;
use udping_core::schedule::Schedule;
use udping_core::table::Entry;
use udping_core::time::{ClientTime, ReflectorTime};

pub use heartbeat::HeartbeatReplay;
pub use verifier::Verifier;

/// The most slots a replay will make, whatever a header asks for: 2²².
pub const MOST_SLOTS: u64 = 1 << 22;

/// How many differences are kept in full; all are counted.
const KEPT: usize = 1_000;

/// A replay in progress: of a ping, of a simulation, or of one lane of a comparison.
#[derive(Debug, Clone)]
pub struct Replay {
    session: Recorder<Vec<Entry>>,
    /// What the sockets of a comparison's lane carried.
    ledger: Option<Ledger>,
    /// That has been told on record.
    told: bool,
    /// What `poll` said and no record has answered yet.
    pending: Option<(Output, Option<Record>)>,
    report: Report,
}

/// What a replay found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Decisions compared.
    pub decisions: u64,
    /// How many of them differ.
    pub differences: u64,
    /// The first of those, in order.
    pub examples: Vec<Difference>,
    /// Records of a kind this code does not know.
    pub unknown: u64,
    /// Records after dropped ones, which cannot be verified.
    pub unverifiable: u64,
    /// Records that the writer dropped.
    pub dropped: u64,
    /// The session's end is on record.
    pub done: bool,
    /// The final figures are on record.
    pub summary: bool,
}

impl Report {
    /// Every decision was the same, and none was beyond verifying.
    #[must_use]
    pub const fn verified(&self) -> bool {
        self.differences == 0 && self.unverifiable == 0
    }
}

/// One decision that the client would have made otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line of the journal, from 1 for the header.
    pub line: u64,
    /// The probe it is about, if it is about one.
    pub seq: Option<u64>,
    /// The record that stands there; empty where there is none.
    pub recorded: String,
    /// The record that the client's decision makes; empty where it decides nothing.
    pub decided: String,
}

impl core::fmt::Display for Difference {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [recorded, decided] = [&self.recorded, &self.decided]
            .map(|record| if record.is_empty() { "nothing" } else { record });
        write!(
            f,
            "line {}: recorded {recorded}, the client decides {decided}",
            self.line
        )
    }
}

/// Why a journal cannot be replayed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayError {
    /// Its configuration is not one a client accepts.
    Config(ConfigError),
    /// Its client's table is larger than any this program makes.
    TableTooLarge(u64),
    /// It is a journal of another kind than this replays.
    Kind,
}

impl core::fmt::Display for ReplayError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Config(error) => write!(f, "the journal's configuration cannot be run: {error}"),
            Self::TableTooLarge(slots) => {
                write!(
                    f,
                    "the journal's table of {slots} slots is larger than the {MOST_SLOTS} that are supported"
                )
            }
            Self::Kind => f.write_str("the journal is of another kind"),
        }
    }
}

impl core::error::Error for ReplayError {}

/// A table as a journal's header asks for.
///
/// # Errors
/// [`ReplayError::TableTooLarge`] above [`MOST_SLOTS`].
pub fn table(slots: u64) -> Result<Vec<Entry>, ReplayError> {
    let len = usize::try_from(slots).ok().filter(|_| slots <= MOST_SLOTS);
    Ok(vec![
        Entry::EMPTY;
        len.ok_or(ReplayError::TableTooLarge(slots))?
    ])
}

impl Replay {
    /// A replay of the session that `header` describes.
    ///
    /// # Errors
    /// [`ReplayError`] if no client could have run it.
    pub fn new(header: &Header) -> Result<Self, ReplayError> {
        match header.kind {
            Kind::Ping | Kind::Simulation => Self::of(header, None),
            Kind::Compare | Kind::Heartbeat => Err(ReplayError::Kind),
        }
    }

    /// A replay of one lane of the comparison that `header` describes.
    ///
    /// # Errors
    /// [`ReplayError`] if no client could have run it.
    pub fn lane(header: &Header, via: Via) -> Result<Self, ReplayError> {
        Self::of(header, Some(Ledger::new(via, header)))
    }

    fn of(header: &Header, ledger: Option<Ledger>) -> Result<Self, ReplayError> {
        let session = Recorder::new(header.config(), ClientTime::ZERO, table(header.slots)?)
            .map_err(ReplayError::Config)?
            .with_wall(header.wall_ns.map(ReflectorTime::from_nanos));
        Ok(Self {
            session,
            ledger,
            told: false,
            pending: None,
            report: Report::default(),
        })
    }

    /// Takes the record on `line` (from 1 for the header), and says whether the
    /// client decides otherwise.
    pub fn feed(&mut self, line: u64, record: &Record) -> Option<&Difference> {
        let before = self.report.differences;
        if self.report.can_judge(record) {
            match record {
                Record::Summary(recorded) => self.summary(line, recorded),
                _ => self.decide(line, record),
            }
        }
        self.report.since(before)
    }

    /// Takes a record that belongs to no session of the journal.
    fn reject(&mut self, line: u64, record: &Record) -> Option<&Difference> {
        let before = self.report.differences;
        if self.report.can_judge(record) {
            self.report.judge(line, record, None);
        }
        self.report.since(before)
    }

    /// What was found so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The client and its figures as they stand after the records fed so far.
    #[must_use]
    pub fn session(&self) -> &Recorder<Vec<Entry>> {
        &self.session
    }

    fn decide(&mut self, line: u64, record: &Record) {
        let at = ClientTime::from_nanos;
        let decided = match record {
            Record::Sent(sent) if self.session.client().config().schedule == Schedule::OnDemand => {
                let sent = self.session.send_now(at(sent.at_ns));
                sent.map(|(_, record)| record)
            }
            Record::Sent(sent) => {
                self.poll_until(line, at(sent.at_ns), |o| matches!(o, Output::Send(_)))
            }
            Record::Missed(missed) => self.poll_next(at(missed.at_ns)),
            Record::Lost(_) => {
                // When the loss was noticed is not on record and does not matter.
                let expiry = self
                    .session
                    .client()
                    .in_flight()
                    .next()
                    .map(|probe| probe.deadline);
                let just_after = |at: ClientTime| at.saturating_add(Duration::from_nanos(1));
                expiry.and_then(|deadline| self.poll_next(just_after(deadline)))
            }
            Record::Done(done) => {
                self.report.done = true;
                self.poll_until(line, at(done.at_ns), |o| matches!(o, Output::Done))
            }
            Record::Reply(reply) => {
                let (_, own_token) = self.session.named(reply.reply);
                Some(
                    self.session
                        .reply(at(reply.at_ns), &reply.claim(own_token))
                        .1,
                )
            }
            Record::Unreadable(it) => Some(self.session.unreadable(at(it.at_ns), it.unreadable).1),
            Record::Unreachable(it) => Some(
                self.session
                    .unreachable(at(it.at_ns), it.unreachable, it.error.clone())
                    .1,
            ),
            Record::Unsent(it) => Some(
                self.session
                    .send_failure(at(it.at_ns), it.unsent, it.error.clone())
                    .1,
            ),
            Record::Stamp(it) => Some(self.session.stamp(it.stamp, it.kernel_ns).1),
            Record::Stop(stop) => {
                self.session.stop(at(stop.at_ns), stop.stop);
                return;
            }
            Record::Connected(it) if let Some(ledger) = &mut self.ledger => {
                return ledger.connected(it);
            }
            Record::Carried(it) if let Some(ledger) = &mut self.ledger => {
                return ledger.carried(it);
            }
            Record::Traffic(_) => {
                self.told = true;
                self.traffic_record()
            }
            // Of a run of another kind.
            Record::Beat(_)
            | Record::Silent(_)
            | Record::Named(_)
            | Record::Beats(_)
            | Record::Watched(_)
            | Record::Connected(_)
            | Record::Carried(_) => None,
            Record::Summary(_) | Record::Gap(_) | Record::Note(_) | Record::Unknown => return,
        };
        self.report.judge(line, record, decided.as_ref());
    }

    /// The next thing `poll` says, or has said already; `None` while it waits.
    fn poll_next(&mut self, now: ClientTime) -> Option<Record> {
        let (output, record) = self
            .pending
            .take()
            .unwrap_or_else(|| self.session.poll(now));
        if matches!(output, Output::Wait(_)) {
            None
        } else {
            record
        }
    }

    /// What `poll` says of the wanted kind. Whatever it decides before that is
    /// missing from the journal.
    fn poll_until(
        &mut self,
        line: u64,
        now: ClientTime,
        wanted: impl Fn(&Output) -> bool,
    ) -> Option<Record> {
        loop {
            let (output, record) = self
                .pending
                .take()
                .unwrap_or_else(|| self.session.poll(now));
            match output {
                _ if wanted(&output) => return record,
                Output::Event(_) => {
                    self.report.missing(line, record.as_ref());
                }
                Output::Send(_) => {
                    self.pending = Some((output, record.clone()));
                    return record;
                }
                Output::Wait(_) | Output::Done => return None,
            }
        }
    }

    /// What the sockets of a comparison's lane carried so far.
    #[must_use]
    pub fn traffic(&self) -> Option<Traffic> {
        let ledger = self.ledger.as_ref()?;
        Some(ledger.traffic(&self.session.stats().summary()))
    }

    fn traffic_record(&self) -> Option<Record> {
        let traffic = self.traffic()?;
        Some(Record::Traffic(TrafficRecord { traffic }))
    }

    fn summary(&mut self, line: u64, recorded: &SummaryRecord) {
        let now = self.session.client().now();
        self.report.concluded(line, now.as_nanos());
        if let Some(traffic) = self.traffic_record().filter(|_| !self.told) {
            self.report.missing(line, Some(&traffic));
        }
        let summary = |summary| Record::Summary(Box::new(SummaryRecord { summary }));
        let decided = summary(self.session.stats().summary());
        self.report
            .judge(line, &summary(recorded.summary), Some(&decided));
    }
}

impl Report {
    /// Takes note of what a record says of the journal itself; whether it can be judged.
    fn can_judge(&mut self, record: &Record) -> bool {
        match record {
            Record::Note(_) => {}
            Record::Unknown => self.unknown = self.unknown.saturating_add(1),
            Record::Gap(gap) => self.dropped = self.dropped.saturating_add(gap.gap.max(1)),
            _ if self.dropped > 0 => {
                self.unverifiable = self.unverifiable.saturating_add(1);
                self.done |= matches!(record, Record::Done(_));
                self.summary |= matches!(
                    record,
                    Record::Summary(_) | Record::Beats(_) | Record::Watched(_)
                );
            }
            _ => return true,
        }
        false
    }

    /// Compares a decision on record with the one that is made now.
    fn judge(&mut self, line: u64, recorded: &Record, decided: Option<&Record>) {
        self.decisions = self.decisions.saturating_add(1);
        if decided != Some(recorded) {
            let decided = decided.map_or_else(String::new, text);
            self.differ(line, seq_of(recorded), text(recorded), decided);
        }
    }

    /// A decision is made before `line` that is not on record.
    fn missing(&mut self, line: u64, decided: Option<&Record>) {
        self.decisions = self.decisions.saturating_add(1);
        let (seq, decided) = (
            decided.and_then(seq_of),
            decided.map_or_else(String::new, text),
        );
        self.differ(line, seq, String::new(), decided);
    }

    /// The final figures are on record, and an end should be before them.
    fn concluded(&mut self, line: u64, now_ns: u64) {
        self.summary = true;
        if !self.done {
            let end = Record::Done(Done {
                done: true,
                at_ns: now_ns,
            });
            self.missing(line, Some(&end));
        }
    }

    /// The latest difference, if there are more than `before`.
    fn since(&self, before: u64) -> Option<&Difference> {
        (self.differences > before)
            .then(|| self.examples.last())
            .flatten()
    }

    fn differ(&mut self, line: u64, seq: Option<u64>, recorded: String, decided: String) {
        self.differences = self.differences.saturating_add(1);
        if self.examples.len() < KEPT {
            self.examples.push(Difference {
                line,
                seq,
                recorded,
                decided,
            });
        }
    }
}

fn text(record: &Record) -> String {
    serde_json::to_string(record)
        .unwrap_or_else(|error| format!("a record that cannot be shown: {error}"))
}

/// The probe that a record is about.
fn seq_of(record: &Record) -> Option<u64> {
    match record {
        Record::Sent(it) => Some(it.sent),
        Record::Reply(it) => it.seq.or(it.reply.map(u64::from)),
        Record::Lost(it) => Some(it.lost),
        Record::Unreachable(it) => it.refused.or(it.unreachable),
        Record::Unsent(it) => Some(it.unsent),
        Record::Stamp(it) => Some(it.stamp),
        Record::Beat(it) => Some(it.beat),
        _ => None,
    }
}
