//! One run, simulated or replayed: the same questions, the same answers.
//!
//! Owns the view model: every answer is a pure function of (run, cursor). A run
//! never changes; acting on one makes another (see [`history`](super::history)).

use std::sync::OnceLock;
use std::time::Duration;

use udping_core::event::Output;
use udping_core::schedule::Schedule;
use udping_journal::comparison::Via;
use udping_journal::replay::Report;
use udping_journal::{Far, Header, Incident, Kind, Printed, Record, ScheduleSpec};
use udping_sim::{World, WorldError};

use super::checkpoints::{Checkpoints, Terms};
use super::facts::Facts;
use super::gaps::Gaps;
use super::lanes::Lanes;
use super::log::{
    Cursor, Event, EventData, Flight, Log, Probe, Symbol, Timer, TimerKind, Wait, index_u32,
};
use super::message::Message;
use super::missing_data::is_of_end;
use super::order::ordered;
use super::recorder::{Recorder, Recording};
use super::server_clock::{Exchange, ServerClock};
use super::server_side::ServerSide;

/// A run, whole.
#[derive(Debug, Clone)]
pub struct Run {
    header: Header,
    source: Source,
    /// Made when first asked for: a worker that only decides again needs none.
    indexes: OnceLock<Indexes>,
    server_clock: Option<ServerClock>,
    server_side: Option<Box<ServerSide>>,
}

/// What is made of a log once, so that it is found quickly. It grows with the log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Indexes {
    checkpoints: Checkpoints,
    gaps: Gaps,
    lanes: Lanes,
    /// What became of each probe; made when first asked for.
    facts: OnceLock<Facts>,
}

impl Indexes {
    /// How much later than at its last moment a probe may be settled, where its client was busy.
    const SLACK_NS: u64 = 1_000_000_000;

    fn grow(&mut self, log: &Log, header: &Header, server: Option<&ServerSide>) {
        let end = log.events.at.last().copied().unwrap_or(0);
        let reach = header.timeout_ns.saturating_add(header.late_window_ns);
        let final_ns = end.saturating_sub(reach.saturating_add(Self::SLACK_NS));
        self.facts = OnceLock::new();
        self.checkpoints.grow(log, &Terms::of(header));
        self.gaps.grow(log, server, final_ns);
        self.lanes.grow(log, header.timeout_ns / 64, final_ns);
    }
}

#[derive(Debug, Clone)]
enum Source {
    Simulated(Box<Recording>),
    Recorded(Box<Recorded>),
}

/// What a journal came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorded {
    pub(crate) log: Log,
    pub(crate) report: Report,
    pub(crate) missing_data: Vec<Message>,
    /// Which way of a comparison this is.
    pub(crate) via: Option<Via>,
    /// How long the session waited, where this is how it would have been under another timeout.
    pub(crate) waited: Option<Wait>,
    /// The comparison's other ways.
    pub(crate) others: Vec<Run>,
    /// Figures that a ping does not have.
    pub(crate) figures: Option<Message>,
    /// Who senders of heartbeats are, by their numbers.
    pub(crate) names: Vec<(u64, String)>,
    /// What the server's journal says of the probes, of a merged one.
    pub(crate) far: Vec<Far>,
    /// It is what a merged journal's server saw, made of that.
    pub(crate) of_server: bool,
    /// What a graded program printed of its probes.
    pub(crate) printed: Vec<Printed>,
    /// It is what that program made of them.
    pub(crate) of_program: bool,
}

/// Where a run comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A simulated network: every arrival is known, and packets can be acted on.
    Simulated,
    /// A journal: only what the client saw is known.
    Recorded,
}

/// A run that is being simulated, for whoever wants to tell how far it is.
#[derive(Debug)]
pub struct Simulation {
    header: Header,
    recorder: Recorder,
}

impl Simulation {
    /// Begins the run that `header` describes.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn begin(header: &Header) -> Result<Self, WorldError> {
        Ok(Self {
            header: header.clone(),
            recorder: Recorder::new(header)?,
        })
    }

    /// Goes on for so many steps at most; false at the end.
    pub fn advance(&mut self, steps: usize) -> bool {
        self.recorder.advance(steps)
    }

    /// How many probes were sent so far.
    #[must_use]
    pub fn probes(&self) -> usize {
        self.recorder.probes()
    }

    /// The run, simulated to its end.
    #[must_use]
    pub fn finish(self) -> Run {
        Run::simulated(self.header, self.recorder.run())
    }
}

/// How many timers are listed at once.
const MOST_TIMERS: usize = 1_000;

impl Run {
    /// Simulates the run that `header` describes, to its end.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn simulate(header: &Header) -> Result<Self, WorldError> {
        Ok(Simulation::begin(header)?.finish())
    }

    /// The same run under other interventions; what comes before the first that
    /// differs is not simulated again.
    pub(crate) fn fork(&self, header: Header) -> Result<Self, WorldError> {
        let recording = match &self.source {
            Source::Simulated(recording) => Recorder::fork(recording, &header)?.run(),
            Source::Recorded(_) => Recorder::new(&header)?.run(),
        };
        Ok(Self::simulated(header, recording))
    }

    fn simulated(header: Header, recording: Recording) -> Self {
        Self {
            indexes: OnceLock::new(),
            header,
            source: Source::Simulated(Box::new(recording)),
            server_clock: None,
            server_side: None,
        }
    }

    /// A run that was simulated elsewhere, of which only the log came here.
    pub(crate) fn simulated_elsewhere(header: Header, log: Log) -> Self {
        Self::simulated(header, Recording::bare(log))
    }

    /// A run that was read from a journal.
    pub(crate) fn recorded(header: Header, recorded: Recorded) -> Self {
        Self::growing(header, recorded, None)
    }

    /// The same of a journal that is still written, with the indexes of what it was before.
    pub(crate) fn growing(header: Header, recorded: Recorded, known: Option<Indexes>) -> Self {
        let side = ServerSide::of(&header, &recorded.log, &recorded.far);
        let indexes = known.map(|mut indexes| {
            indexes.grow(&recorded.log, &header, side.as_ref());
            indexes
        });
        let mut run = Self {
            indexes: indexes.map_or_else(OnceLock::new, OnceLock::from),
            header,
            source: Source::Recorded(Box::new(recorded)),
            server_clock: None,
            server_side: side.map(Box::new),
        };
        if !run.log().reflections.is_empty() {
            let terms = Terms::of(&run.header);
            let figures = run.checkpoints().end(run.log(), &terms);
            run.server_clock = ServerClock::of(&run.header, &figures);
        }
        run
    }

    fn indexes(&self) -> &Indexes {
        self.indexes.get_or_init(|| {
            let mut indexes = Indexes::default();
            indexes.grow(self.log(), &self.header, self.server_side());
            indexes
        })
    }

    pub(crate) fn log(&self) -> &Log {
        match &self.source {
            Source::Simulated(recording) => &recording.log,
            Source::Recorded(recorded) => &recorded.log,
        }
    }

    /// What [`Run::growing`] takes; nothing of a simulated one.
    pub(crate) fn into_growing(self) -> (Log, Option<Indexes>) {
        match self.source {
            Source::Simulated(_) => <(Log, Option<Indexes>)>::default(),
            Source::Recorded(recorded) => (recorded.log, self.indexes.into_inner()),
        }
    }

    pub(crate) fn checkpoints(&self) -> &Checkpoints {
        &self.indexes().checkpoints
    }

    pub(crate) fn gaps(&self) -> &Gaps {
        &self.indexes().gaps
    }

    /// What became of each probe by the end.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        self.indexes().facts.get_or_init(|| Facts::of(self.log()))
    }

    pub(crate) fn lanes(&self) -> &Lanes {
        &self.indexes().lanes
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        match self.source {
            Source::Simulated(_) => Origin::Simulated,
            Source::Recorded(_) => Origin::Recorded,
        }
    }

    /// Its header: configuration, and the scenario of a simulated one.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Whether it is of heartbeats, which nobody answers and which have no timeout, or was
    /// written by a server: there are no round trips in it.
    #[must_use]
    pub fn beats(&self) -> bool {
        matches!(self.header.kind, Kind::Heartbeat | Kind::Serve)
    }

    /// Whether it was written where heartbeats or requests arrive.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.beats() && self.probes() == 0
    }

    /// The greatest number that it gives, about.
    #[must_use]
    pub fn last_number(&self) -> u64 {
        let last = self.last_seq().unwrap_or(0);
        let counted = self.header.count.map_or(0, core::num::NonZeroU64::get);
        let beats = if self.listens() {
            self.events() as u64
        } else {
            0
        };
        last.max(counted).max(beats)
    }

    /// How many events it has.
    #[must_use]
    pub fn events(&self) -> usize {
        self.log().events.at.len()
    }

    /// How many probes it has.
    #[must_use]
    pub fn probes(&self) -> usize {
        self.log().probes.seq.len()
    }

    /// The time of its last event, in nanoseconds.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        self.log().events.at.last().copied().unwrap_or(0)
    }

    /// The event at `index`.
    #[must_use]
    pub fn event(&self, index: usize) -> Option<Event> {
        self.log().event(index)
    }

    /// The probe at `index`, as it stands at `cursor`.
    #[must_use]
    pub fn probe(&self, index: usize, cursor: Cursor) -> Option<Probe> {
        let mut probe = self.log().probe(index, cursor, self.wait())?;
        // What became of a heartbeat, its sender never learns.
        if self.beats() && probe.symbol == Some(Symbol::InFlight) {
            probe.symbol = Some(Symbol::Unknown);
        }
        // Under a timeout longer than anybody listened, it may have been answered after that.
        if let Some(wait) = self.read_from_journal().and_then(|it| it.waited)
            && probe.symbol == Some(Symbol::InFlight)
            && probe.sent_ns.is_some_and(|sent| {
                cursor.index == self.events()
                    || cursor.at_ns > sent.saturating_add(wait.listened_ns())
            })
        {
            probe.symbol = Some(Symbol::Unknown);
        }
        Some(probe)
    }

    /// The index of the probe with this number.
    #[must_use]
    pub fn find(&self, seq: u64) -> Option<usize> {
        self.log().find(seq).and_then(super::log::index)
    }

    /// The index of the last probe sent by `cursor`; `None` before the first.
    #[must_use]
    pub fn newest(&self, cursor: Cursor) -> Option<usize> {
        let sent = &self.log().probes.sent;
        let events = index_u32(cursor.index);
        sent.partition_point(|event| *event < events).checked_sub(1)
    }

    /// The events about one probe, in order. Replies that came long after its horizon
    /// are left out.
    #[must_use]
    pub fn story(&self, probe: usize) -> Vec<usize> {
        let log = self.log();
        let Some(sent) = log
            .probes
            .sent
            .get(probe)
            .copied()
            .and_then(super::log::index)
        else {
            return Vec::new();
        };
        let from = log.events.at.get(sent).copied().unwrap_or(0);
        let wait = self.wait();
        let reach = wait.timeout_ns.saturating_add(wait.late_window_ns);
        let end = log.events_by(from.saturating_add(reach.saturating_mul(2)));
        let about = |event: &usize| log.events.probe.get(*event) == Some(&index_u32(probe));
        (sent..end).filter(about).collect()
    }

    /// The packets in flight at `cursor`, the next to arrive first. Empty in a recorded
    /// run, where nobody saw them; [`Run::timers`] tells which probes wait.
    #[must_use]
    pub fn in_flight(&self, cursor: Cursor) -> Vec<Flight> {
        let log = self.log();
        let launched = log.flights.launched_by(cursor.index);
        // Nothing in the air now has ended before, whatever will be done to it.
        let flying = log.flights.until_after(launched, cursor.at_ns);
        let flights = flying.filter(|flight| log.is_flying(*flight, cursor.index));
        let flights: Vec<Flight> = flights.filter_map(|at| log.flight(at, cursor)).collect();
        let order = ordered(flights.iter().map(|flight| flight.until_ns));
        order.filter_map(|at| flights.get(at).cloned()).collect()
    }

    /// The flight at `index`, as it stands at `cursor`; `None` before its launch.
    #[must_use]
    pub fn flight(&self, index: usize, cursor: Cursor) -> Option<Flight> {
        self.log().flight(index, cursor)
    }

    /// The server's own times of the reply at an event: T2 and T3, in nanoseconds on its
    /// own clock, where the wire carries them.
    #[must_use]
    pub fn server_times(&self, event: usize) -> Option<[u64; 2]> {
        let reflection = self.log().reflection(event)?;
        Some([reflection.t2, reflection.t3])
    }

    /// The server's clock, where a recorded server tells its times.
    #[must_use]
    pub fn server_clock(&self) -> Option<ServerClock> {
        self.server_clock
    }

    /// What the server's journal says, of a merged one.
    #[must_use]
    pub fn server_side(&self) -> Option<&ServerSide> {
        self.server_side.as_deref()
    }

    /// A run of what the server saw, of a merged journal: each probe that came, from then until
    /// its reply went out.
    #[must_use]
    pub fn server_run(&self) -> Option<Self> {
        let log = self.server_side()?.log(self.log());
        let mut header = self.header.clone();
        header.far_end = None;
        let recorded = Recorded {
            log,
            of_server: true,
            ..Recorded::default()
        };
        Some(Self::recorded(header, recorded))
    }

    /// Whether it is such a run.
    #[must_use]
    pub fn is_of_server(&self) -> bool {
        self.read_from_journal().is_some_and(|it| it.of_server)
    }

    /// Whether nothing is known of the far end.
    #[must_use]
    pub fn far_end_unseen(&self) -> bool {
        let seen = self.server_clock.is_some() || self.server_side.is_some();
        self.origin() == Origin::Recorded && !seen
    }

    /// The four times of the reply at an event, where the server told its own and they
    /// can be.
    #[must_use]
    pub fn exchange(&self, event: usize) -> Option<Exchange> {
        let log = self.log();
        let reflection = log.reflection(event)?;
        let (arrived, rtt_ns) = (log.events.at.get(event)?, log.events.value.get(event)?);
        match self.event(event)?.what {
            EventData::Replied { .. } | EventData::Late { .. } | EventData::Duplicate { .. } => {
                self.server_clock?.exchange(*arrived, *rtt_ns, reflection)
            }
            _ => None,
        }
    }

    /// The same for a probe, once a reply has come that is credited to it.
    #[must_use]
    pub fn exchange_of(&self, probe: usize, cursor: Cursor) -> Option<Exchange> {
        let log = self.log();
        let reply = log.late_by(probe, cursor.index);
        self.exchange(reply.or_else(|| log.settled_by(probe, cursor.index))?)
    }

    /// The event by which a probe came to what it is: its late reply, what settled it, or else its
    /// sending.
    #[must_use]
    pub fn outcome_event(&self, probe: usize) -> Option<usize> {
        let log = self.log();
        let late = log.late_by(probe, usize::MAX);
        let settled = late.or_else(|| log.settled_by(probe, usize::MAX));
        settled.or_else(|| super::log::index(*log.probes.sent.get(probe)?))
    }

    /// The record of an event as a journal's line; `None` for what only a simulation knows.
    #[must_use]
    pub fn record_line(&self, event: usize) -> Option<String> {
        let line = udping_journal::to_line(self.log().record(event)?.as_ref()).ok()?;
        Some(line.trim_end().to_owned())
    }

    /// The first event that stands on a journal's line, or on one after it.
    #[must_use]
    pub fn event_on_line(&self, line: u64) -> Option<usize> {
        let (mut from, mut until) = (0, self.events());
        while from < until {
            let middle = from.midpoint(until);
            if self.log().line(middle).is_some_and(|at| at < line) {
                from = middle + 1;
            } else {
                until = middle;
            }
        }
        (from < self.events()).then_some(from)
    }

    /// How long after its slot the probe of an event went out; `None` where nothing sets a
    /// time for it.
    #[must_use]
    pub fn lateness(&self, event: usize) -> Option<Duration> {
        match self.log().record(event)?.output()? {
            Output::Send(probe) => Schedule::from(self.header().schedule).lateness(&probe),
            Output::Event(_) | Output::Wait(_) | Output::Done => None,
        }
    }

    /// The timers that run at `cursor`, the next to run out first; at most a thousand.
    #[must_use]
    pub fn timers(&self, cursor: Cursor) -> Vec<Timer> {
        let log = self.log();
        let wait = self.wait();
        let reach = wait.timeout_ns.saturating_add(wait.late_window_ns);
        let sent_at = |event: u32| {
            let at = super::log::index(event);
            at.and_then(|at| log.events.at.get(at).copied())
                .unwrap_or(0)
        };
        let from = cursor.at_ns.saturating_sub(reach);
        let first = log
            .probes
            .sent
            .partition_point(|event| sent_at(*event) < from);
        let end = self.newest(cursor).map_or(0, |newest| newest + 1);
        let timers: Vec<Timer> = (first..end)
            .filter_map(|at| self.timer(at, cursor))
            .take(MOST_TIMERS)
            .chain(self.due_at(cursor))
            .collect();
        let order = ordered(timers.iter().map(|timer| timer.until_ns));
        order.filter_map(|at| timers.get(at).copied()).collect()
    }

    /// The timer that a probe runs at `cursor`, if it runs one.
    #[must_use]
    pub fn timer(&self, probe: usize, cursor: Cursor) -> Option<Timer> {
        let it = self.probe(probe, cursor)?;
        let (from_ns, until_ns, kind) = match it.symbol? {
            Symbol::InFlight => (it.sent_ns?, it.deadline_ns, TimerKind::Deadline),
            Symbol::Lost => (it.deadline_ns, it.horizon_ns, TimerKind::LateWindow),
            Symbol::Replied
            | Symbol::Late
            | Symbol::Duplicate
            | Symbol::Ignored
            | Symbol::Refused
            | Symbol::Unsent
            | Symbol::Unknown => return None,
        };
        (until_ns >= cursor.at_ns && until_ns > from_ns).then_some(Timer {
            probe,
            seq: it.seq,
            from_ns,
            until_ns,
            kind,
        })
    }

    /// The time until the next probe, where it is settled at the cursor already.
    pub(crate) fn due_at(&self, cursor: Cursor) -> Option<Timer> {
        let next = self.newest(cursor).map_or(0, |newest| newest + 1);
        let it = self.probe(next, cursor)?;
        let pause = match self.header.schedule {
            ScheduleSpec::Paced { interval_ns } => interval_ns,
            ScheduleSpec::StopAndWait { gap_ns } => gap_ns,
            ScheduleSpec::Window { .. } | ScheduleSpec::OnDemand => return None,
        };
        let from_ns = it.due_ns.saturating_sub(pause);
        (from_ns <= cursor.at_ns && it.due_ns > cursor.at_ns).then_some(Timer {
            probe: next,
            seq: it.seq,
            from_ns,
            until_ns: it.due_ns,
            kind: TimerKind::Due,
        })
    }

    /// The cursor at a time, after everything that happened by then.
    #[must_use]
    pub fn seek(&self, at_ns: u64) -> Cursor {
        let at_ns = at_ns.min(self.end_ns());
        Cursor {
            at_ns,
            index: self.log().events_by(at_ns),
        }
    }

    /// The cursor right after the event at `index`.
    #[must_use]
    pub fn after(&self, index: usize) -> Cursor {
        let index = index.min(self.events().saturating_sub(1));
        Cursor {
            at_ns: self.log().events.at.get(index).copied().unwrap_or(0),
            index: (index + 1).min(self.events()),
        }
    }

    /// The cursor `events` events on, or back where negative. It stops at the ends.
    #[must_use]
    pub fn step(&self, cursor: Cursor, events: isize) -> Cursor {
        let index = cursor.index.saturating_add_signed(events);
        match index.checked_sub(1) {
            _ if events == 0 => cursor,
            None => Cursor::default(),
            Some(last) => self.after(last),
        }
    }

    /// The cursor one event on, or back, that changes something seen: a kernel timestamp
    /// refines the event before it, and joins its step.
    #[must_use]
    pub fn step_seen(&self, cursor: Cursor, on: bool) -> Cursor {
        let unseen = |event: usize| {
            let code = self.log().code(event);
            code.is_some_and(|code| code.kind() == super::log::EventKind::KernelRtt)
        };
        let mut index = cursor.index;
        if on {
            index += 1;
            while unseen(index) {
                index += 1;
            }
        } else {
            while index > 0 && unseen(index - 1) {
                index -= 1;
            }
            index = index.saturating_sub(1);
        }
        match index.min(self.events()).checked_sub(1) {
            None => Cursor::default(),
            Some(last) => self.after(last),
        }
    }

    /// What the core found when it decided a recorded run again; `None` where simulated.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match &self.source {
            Source::Simulated(_) => None,
            Source::Recorded(recorded) => Some(&recorded.report),
        }
    }

    /// What the journal does not say, each as a message; empty where simulated.
    #[must_use]
    pub fn missing_data(&self) -> &[Message] {
        match &self.source {
            Source::Simulated(_) => &[],
            Source::Recorded(recorded) => &recorded.missing_data,
        }
    }

    /// What says that the journal's end is missing, if it is.
    #[must_use]
    pub fn missing_end(&self) -> Option<&Message> {
        self.missing_data().iter().find(|it| is_of_end(it))
    }

    /// The number of its last probe; `None` if it has none.
    #[must_use]
    pub fn last_seq(&self) -> Option<u64> {
        self.log().probes.seq.last().copied()
    }

    /// Leaves messages of these names out of [`Run::missing_data`].
    pub(crate) fn forget_missing(&mut self, names: &[&str]) {
        if let Source::Recorded(recorded) = &mut self.source {
            let kept = |it: &Message| !names.contains(&it.id);
            recorded.missing_data.retain(kept);
        }
    }

    /// Which way of a comparison it is; `None` if it is of none.
    #[must_use]
    pub fn via(&self) -> Option<Via> {
        self.read_from_journal()?.via
    }

    /// Figures that a ping does not have.
    #[must_use]
    pub fn figures(&self) -> Option<&Message> {
        self.read_from_journal()?.figures.as_ref()
    }

    /// The address of whoever sent the heartbeat at an event, or fell silent there.
    #[must_use]
    pub fn sender_of(&self, event: usize) -> Option<&str> {
        let recorded = self.read_from_journal()?;
        let sender = match recorded.log.verbatim(event)? {
            Record::Beat(it) => it.from,
            Record::Silent(it) => it.stopped,
            _ => return None,
        };
        let found = recorded.names.iter().find(|(number, _)| *number == sender);
        found.map(|(_, name)| name.as_str())
    }

    /// What the run met with from outside at an event.
    #[must_use]
    pub fn incident_of(&self, event: usize) -> Option<&Incident> {
        match self.read_from_journal()?.log.verbatim(event)? {
            Record::Incident(it) => Some(it),
            _ => None,
        }
    }

    /// The first way of a comparison, with these others in it.
    pub(crate) fn with_others(mut self, others: Vec<Self>) -> Self {
        if let Source::Recorded(recorded) = &mut self.source {
            recorded.others = others;
        }
        self
    }

    /// Takes the other ways of a comparison out of it.
    pub(crate) fn take_others(&mut self) -> Vec<Self> {
        match &mut self.source {
            Source::Simulated(_) => Vec::new(),
            Source::Recorded(recorded) => core::mem::take(&mut recorded.others),
        }
    }

    pub(crate) fn read_from_journal(&self) -> Option<&Recorded> {
        match &self.source {
            Source::Simulated(_) => None,
            Source::Recorded(recorded) => Some(recorded),
        }
    }

    /// Every record of its journal in turn, header and summary left out.
    ///
    /// # Errors
    /// [`WorldError`] if a simulated run cannot be simulated again, though it was before.
    pub fn each_record(&self, mut take: impl FnMut(&Record)) -> Result<(), WorldError> {
        match &self.source {
            Source::Simulated(_) => {
                let world = World::new(&self.header)?;
                for record in world.filter_map(|step| step.record()) {
                    take(&record);
                }
            }
            Source::Recorded(recorded) => {
                let events = 0..recorded.log.events.at.len();
                for record in events.filter_map(|event| recorded.log.record(event)) {
                    take(&record);
                }
            }
        }
        Ok(())
    }

    fn wait(&self) -> Wait {
        Wait {
            timeout_ns: self.header.timeout_ns,
            late_window_ns: self.header.late_window_ns,
        }
    }
}
