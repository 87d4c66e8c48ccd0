//! A client under any operations whatever, and what must hold after each of them.
//!
//! Owns the vocabulary of operations and the invariants, which are kept in a model
//! of its own: one entry a probe, moved only by what the client says. The property
//! tests and the fuzz target share it; each brings its own way to make operations.

mod model;

use core::num::NonZeroU64;
use core::time::Duration;

use udping_core::client::Client;
use udping_core::event::{Outcome, Output};
use udping_core::stats::{Full, Stats};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, ReflectorTime, WallTime};
use udping_core::timestamp::Timestamps;
use udping_core::wire::{Claim, ReflectorTimes, Unreadable, low_bits};
use udping_core::{Config, ConfigError, Schedule};
use udping_journal::Recorder;
use udping_journal::replay::{Replay, Report};
use udping_journal::{Header, Kind, LARGEST, Record, StopReason, WireName, parse_record, to_line};

use model::Model;

/// A session to be put through operations. Times are in nanoseconds.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) schedule: Schedule,
    pub(crate) count: Option<NonZeroU64>,
    pub(crate) timeout: u64,
    pub(crate) late_window: u64,
    pub(crate) accept_unnumbered: bool,
    pub(crate) wall: u64,
    pub(crate) key: u32,
    /// Slots beyond those that the configuration needs.
    pub(crate) spare_slots: u8,
    pub(crate) start: u64,
}

impl Setup {
    /// # Panics
    /// If it [cannot be run](Self::check).
    pub(crate) fn config(&self) -> Config {
        self.check().unwrap()
    }

    pub(crate) fn check(&self) -> Result<Config, ConfigError> {
        Config::builder()
            .schedule(self.schedule)
            .count(self.count)
            .timeout(Duration::from_nanos(self.timeout))
            .late_window(Duration::from_nanos(self.late_window))
            .accept_unnumbered(
                self.accept_unnumbered
                    && match self.schedule {
                        Schedule::StopAndWait { .. } | Schedule::Paced { .. } => true,
                        Schedule::Window { size } => size == 1,
                        Schedule::OnDemand => false,
                    },
            )
            .timestamps(Timestamps {
                start: WallTime::from_nanos(self.wall),
                key: self.key,
            })
            .build()
    }

    pub(crate) fn slots(&self) -> usize {
        let needed = usize::try_from(self.config().entries_needed()).unwrap();
        needed + usize::from(self.spare_slots)
    }
}

/// A time, seen from the latest one named so far.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    After(u64),
    Before(u64),
    /// `u64::MAX`.
    End,
}

/// A probe, seen from the one sent last, or any number whatever.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whom {
    Back(u8),
    Number(u64),
}

/// The timestamp that a reply carries.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Carried {
    /// That of the probe it names.
    Own,
    /// The same without its last three digits.
    Cut,
    /// None at all.
    Nothing,
    /// That of another probe.
    Of(u8),
    /// Any number.
    Number(u64),
}

/// One call of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Op {
    Poll(When),
    /// Polls until it says to wait.
    Drain(When),
    Reply(When, Option<Whom>, Carried, bool, Option<(u64, u64)>),
    Unreadable(When, bool),
    Unreachable(When, Option<Whom>),
    SendFailure(When, Whom),
    Kernel(Whom, i64),
    Stop(When),
    SendNow(When),
}

/// Puts a client through `ops` and checks it after each one. Where the journal can
/// tell the whole of it, a session of the same operations is replayed as well.
///
/// # Panics
/// If anything is not as it must be.
pub(crate) fn run(setup: &Setup, ops: &[Op]) {
    Rig::new(setup, false).run(ops);
    let on_record = setup.start == 0 && !ops.iter().any(|op| matches!(op, Op::SendNow(_)));
    if on_record {
        let told = Rig::new(setup, true).run(ops);
        let recorded = Log::new(setup).run(ops);
        assert_eq!(recorded.told, told, "the session is not its client");
        recorded.verify(setup);
    }
}

/// What a client said to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Output(Output),
    Outcome(Outcome),
    Nothing,
}

/// The times and numbers that operations refer to.
#[derive(Debug)]
struct Bearings {
    now: u64,
    sent: Vec<WallTime>,
}

impl Bearings {
    fn new(start: u64) -> Self {
        Self {
            now: start,
            sent: Vec::new(),
        }
    }

    /// The time to call with; what the client makes of it is `self.now`.
    fn time(&mut self, when: When) -> ClientTime {
        let given = match when {
            When::After(by) => self.now.saturating_add(by),
            When::Before(by) => self.now.saturating_sub(by),
            When::End => u64::MAX,
        };
        self.now = self.now.max(given);
        ClientTime::from_nanos(given)
    }

    fn seq(&self, whom: Whom) -> u64 {
        match whom {
            Whom::Back(back) => (self.sent.len() as u64).saturating_sub(back.into()),
            Whom::Number(number) => number,
        }
    }

    fn timestamp(&self, seq: u64) -> Option<WallTime> {
        let index = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.sent.get(index).copied()
    }

    fn claim(
        &self,
        whom: Option<Whom>,
        carried: Carried,
        needs_proof: bool,
        times: Option<(u64, u64)>,
    ) -> Claim {
        let seq = whom.map(|whom| self.seq(whom));
        let own = seq.and_then(|seq| self.timestamp(seq));
        Claim {
            seq: seq.map(low_bits),
            timestamp: match carried {
                Carried::Own => own,
                Carried::Cut => own.map(|own| WallTime::from_nanos(own.as_nanos() / 1_000 * 1_000)),
                Carried::Nothing => None,
                Carried::Of(back) => self.timestamp(self.seq(Whom::Back(back))),
                Carried::Number(number) => Some(WallTime::from_nanos(number)),
            },
            needs_proof,
            times: times.map(|(received, sent)| ReflectorTimes {
                received: ReflectorTime::from_nanos(received),
                sent: ReflectorTime::from_nanos(sent),
            }),
            ..Claim::default()
        }
    }
}

const fn unreadable(empty: bool) -> Unreadable {
    if empty {
        Unreadable::Empty
    } else {
        Unreadable::NotText
    }
}

/// A bare client and the model beside it.
struct Rig {
    client: Client<Vec<Entry>>,
    stats: Stats<Full>,
    model: Model,
    at: Bearings,
    slots: usize,
    /// What time has decided is asked for before a reply, as a session does.
    settles: bool,
}

impl Rig {
    fn new(setup: &Setup, settles: bool) -> Self {
        let (config, slots) = (setup.config(), setup.slots());
        let start = ClientTime::from_nanos(setup.start);
        Self {
            client: Client::new(config, start, vec![Entry::EMPTY; slots]).unwrap(),
            stats: Stats::new(),
            model: Model::new(config, start, slots),
            at: Bearings::new(setup.start),
            slots,
            settles,
        }
    }

    fn run(mut self, ops: &[Op]) -> Vec<Told> {
        let mut told = Vec::new();
        for op in ops {
            self.apply(*op, &mut told);
            self.check();
        }
        self.model.check_counts(&self.stats.summary());
        told
    }

    fn apply(&mut self, op: Op, told: &mut Vec<Told>) {
        let outcome = match op {
            Op::Poll(when) => {
                let now = self.at.time(when);
                self.poll(now, told);
                return;
            }
            Op::Drain(when) => {
                let now = self.at.time(when);
                self.drain(now, told);
                return;
            }
            Op::Stop(when) => {
                let now = self.at.time(when);
                self.client.stop(now);
                self.model.stopped = true;
                told.push(Told::Nothing);
                return;
            }
            Op::SendNow(when) => {
                let now = self.at.time(when);
                let probe = self.client.send_now(now);
                if let Some(probe) = probe {
                    self.stats.sent(probe.seq);
                    self.at.sent.push(probe.timestamp);
                    self.model.sent(&probe, self.at.now, true);
                }
                told.push(probe.map_or(Told::Nothing, |probe| Told::Output(Output::Send(probe))));
                return;
            }
            Op::Reply(when, whom, carried, needs_proof, times) => {
                let claim = self.at.claim(whom, carried, needs_proof, times);
                let now = self.at.time(when);
                while self.settles && self.is_overdue() {
                    self.poll(now, told);
                }
                let outcome = self.client.handle_reply(now, claim);
                self.model
                    .credited(&claim, &outcome, &self.at.sent, self.at.now);
                outcome
            }
            Op::Unreadable(when, empty) => {
                let now = self.at.time(when);
                let outcome = self.client.handle_unreadable(now, unreadable(empty));
                assert!(matches!(outcome, Outcome::Ignored(_)));
                outcome
            }
            Op::Unreachable(when, whom) => {
                let seq = whom.map(|whom| self.at.seq(whom));
                let now = self.at.time(when);
                self.client.handle_unreachable(now, seq)
            }
            Op::SendFailure(when, whom) => {
                let seq = self.at.seq(whom);
                let now = self.at.time(when);
                self.client.handle_send_failure(now, seq)
            }
            Op::Kernel(whom, kernel) => self.client.handle_kernel_rtt(self.at.seq(whom), kernel),
        };
        outcome.tally(&mut self.stats);
        self.model.outcome(&outcome, self.at.now);
        told.push(Told::Outcome(outcome));
    }

    /// One poll; true if there may be more to say.
    fn poll(&mut self, now: ClientTime, told: &mut Vec<Told>) -> bool {
        let output = self.client.poll(now);
        output.tally(&mut self.stats);
        if let Output::Send(probe) = &output {
            self.at.sent.push(probe.timestamp);
        }
        self.model.output(&output, self.at.now);
        told.push(Told::Output(output));
        !matches!(output, Output::Wait(_) | Output::Done)
    }

    fn is_overdue(&self) -> bool {
        let oldest = self.client.in_flight().next();
        oldest.is_some_and(|probe| probe.deadline.as_nanos() < self.at.now)
    }

    fn drain(&mut self, now: ClientTime, told: &mut Vec<Told>) {
        // Every probe in the table lost, every place of it filled again, one gap.
        let most = 2 * self.slots + 2;
        for _ in 0..most {
            if !self.poll(now, told) {
                self.model.check_rest(self.at.now);
                return;
            }
        }
        panic!("at one moment, {most} outputs and no end");
    }

    fn check(&self) {
        assert_eq!(
            self.client.now().as_nanos(),
            self.at.now,
            "time ran otherwise"
        );
        let in_flight: Vec<u64> = self.client.in_flight().map(|probe| probe.seq).collect();
        assert_eq!(in_flight, self.model.in_flight(), "in flight");
    }
}

/// The same operations through a session, with its journal.
struct Log {
    session: Recorder<Vec<Entry>>,
    at: Bearings,
    told: Vec<Told>,
    records: Vec<Record>,
}

impl Log {
    fn new(setup: &Setup) -> Self {
        let slots = vec![Entry::EMPTY; setup.slots()];
        Self {
            session: Recorder::new(setup.config(), ClientTime::ZERO, slots).unwrap(),
            at: Bearings::new(0),
            told: Vec::new(),
            records: Vec::new(),
        }
    }

    fn run(mut self, ops: &[Op]) -> Self {
        for op in ops {
            self.apply(*op);
        }
        // The final figures stand behind the end of a session.
        if self.records.iter().any(|it| matches!(it, Record::Done(_))) {
            self.records.push(self.session.summary());
        }
        self
    }

    fn apply(&mut self, op: Op) {
        let (outcome, record) = match op {
            Op::Poll(when) => {
                let now = self.at.time(when);
                self.poll(now);
                return;
            }
            Op::Drain(when) => {
                let now = self.at.time(when);
                while self.poll(now) {}
                return;
            }
            Op::Stop(when) => {
                let now = self.at.time(when);
                self.records
                    .push(self.session.stop(now, StopReason::Signal));
                self.told.push(Told::Nothing);
                return;
            }
            Op::SendNow(_) => unreachable!("a session sends by its schedule only"),
            Op::Reply(when, whom, carried, needs_proof, times) => {
                let claim = self.at.claim(whom, carried, needs_proof, times);
                let now = self.at.time(when);
                let (told, records) = (&mut self.told, &mut self.records);
                self.session.reply(now, &claim, |event, record| {
                    told.push(Told::Output(Output::Event(event)));
                    records.push(record);
                })
            }
            Op::Unreadable(when, empty) => {
                let now = self.at.time(when);
                self.session.unreadable(now, unreadable(empty))
            }
            Op::Unreachable(when, whom) => {
                let seq = whom.map(|whom| self.at.seq(whom));
                let now = self.at.time(when);
                self.session.unreachable(now, seq, None)
            }
            Op::SendFailure(when, whom) => {
                let seq = self.at.seq(whom);
                let now = self.at.time(when);
                self.session.send_failure(now, seq, None)
            }
            Op::Kernel(whom, kernel) => {
                let seq = self.at.seq(whom);
                let now = self.session.client().now();
                self.session.kernel_rtt(now, seq, kernel)
            }
        };
        self.told.push(Told::Outcome(outcome));
        self.records.push(record);
    }

    fn poll(&mut self, now: ClientTime) -> bool {
        let (output, record) = self.session.poll(now);
        if let Output::Send(probe) = &output {
            self.at.sent.push(probe.timestamp);
        }
        self.told.push(Told::Output(output));
        self.records.extend(record);
        !matches!(output, Output::Wait(_) | Output::Done)
    }

    /// Replays the records as they are, and as lines of text where they may be such.
    fn verify(&self, setup: &Setup) {
        let header = Header::new(
            Kind::Ping,
            "udping test".into(),
            WireName::Textbook,
            &setup.config(),
            setup.slots() as u64,
        );
        let report = replay(&header, &self.records);
        assert_eq!(report.differences, 0, "{:#?}", report.examples);

        let lines: Vec<String> = self
            .records
            .iter()
            .map(|record| to_line(record).unwrap())
            .collect();
        let parsed: Result<Vec<Record>, _> = lines
            .iter()
            .map(|line| parse_record(line).map(|(record, _)| record))
            .collect();
        match parsed {
            Ok(parsed) => assert_eq!(parsed, self.records, "a record does not survive its line"),
            Err(error) => assert!(lines.iter().any(too_large), "{error}: {lines:#?}"),
        }
    }
}

fn replay(header: &Header, records: &[Record]) -> Report {
    let mut replay = Replay::new(header).unwrap();
    for (line, record) in (2..).zip(records) {
        replay.feed(line, record);
    }
    replay.report().clone()
}

/// Whether a line holds a number that no journal may hold.
#[expect(clippy::ptr_arg, reason = "it is handed to `any` as it is")]
fn too_large(line: &String) -> bool {
    line.split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse::<u64>().ok())
        .any(|number| number > LARGEST)
}
