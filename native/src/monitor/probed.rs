//! A target while it is probed: its session, and what came of it.
//!
//! Owns that a session counts time from its own beginning, and how long one may last: neither a
//! journal nor a STAMP reflector's times can tell more than 104 days. Who is due when, the
//! engine knows.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::Client;
use udping_core::event::{Outcome, Output};
use udping_core::table::Entry;
use udping_core::time::ClientTime;
use udping_core::timestamp::Timestamps;
use udping_core::wire::Claim;

use super::conditions::{Cause, Watch};
use super::figures::Figures;
use super::journals::Journals;
use super::recent::{Happened, ProbeEvent, Recent};
use super::scribe::SessionHeader;
use super::target::TargetPlan;
use crate::i18n::say;
use crate::kernel_timestamps::TimestampPairs;
use crate::wire::Wire;

/// How long a session lasts, of a target that is probed without end. The times of a reflector
/// are told up to 52 days either way of its beginning, and that clock may be ahead.
pub(super) const LONGEST: Duration = Duration::from_hours(30 * 24);

/// How a session's wire and timestamps are made.
pub(crate) trait Sessions {
    /// Of a session that counts time from `zero`.
    ///
    /// # Errors
    /// The system gives no random numbers.
    fn open(&self, plan: &TargetPlan, zero: ClientTime) -> anyhow::Result<(Box<Wire>, Timestamps)>;
}

/// A session of the core. It counts time from its beginning.
pub(crate) struct Session {
    /// What the monitor's clock read then.
    zero: ClientTime,
    /// Until when it has been decided what is lost, in the session's time.
    decided: ClientTime,
    pub(super) client: Client<Box<[Entry]>>,
    pub(super) wire: Box<Wire>,
    /// The kernel's, of probes and of their replies.
    pub(super) timestamps: TimestampPairs,
}

impl Session {
    /// A session as `plan` wants it, whose first probe is due at `start`.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub(super) fn open<S: Sessions>(
        sessions: &S,
        plan: &TargetPlan,
        start: ClientTime,
    ) -> anyhow::Result<Self> {
        let (wire, timestamps) = sessions.open(plan, start)?;
        let config = plan.settings.config.to_builder();
        let config = config.timestamps(timestamps).build()?;
        let entries = config.entries_needed();
        let table = vec![Entry::EMPTY; usize::try_from(entries)?].into_boxed_slice();
        let client = Client::new(config, ClientTime::ZERO, table);
        Ok(Self {
            zero: start,
            decided: ClientTime::ZERO,
            client: client.context(say::PING_NOT_MEASURABLE)?,
            wire,
            timestamps: TimestampPairs::new(entries),
        })
    }

    /// The session's time when the monitor's clock reads `at`; before its beginning, that.
    pub(super) fn time(&self, at: ClientTime) -> ClientTime {
        let since = at.checked_since(self.zero).unwrap_or_default();
        ClientTime::ZERO.saturating_add(since)
    }

    /// What the monitor's clock reads at the session's time `at`.
    pub(super) const fn monitor_time(&self, at: ClientTime) -> ClientTime {
        self.zero
            .saturating_add(Duration::from_nanos(at.as_nanos()))
    }

    /// Does what is due at the session's time `at`.
    pub(super) fn poll(&mut self, at: ClientTime) -> Output {
        let output = self.client.poll(at);
        if matches!(output, Output::Event(_)) {
            self.decided = at;
        }
        output
    }

    /// The moment, by the monitor's clock, of what came at `at`. What the kernel had before
    /// something was lost, and is read only after that, comes too late for that decision: it
    /// stands, and whoever decides it all again has to come to the same.
    pub(super) fn moment(&self, at: ClientTime) -> ClientTime {
        at.max(self.monitor_time(self.decided))
    }

    /// Whether it has to end, so that another one can go on.
    pub(super) fn is_old(&self, now: ClientTime) -> bool {
        let endless = self.client.config().count().is_none();
        endless
            && !self.client.is_stopped()
            && self.time(now) > ClientTime::ZERO.saturating_add(LONGEST)
    }
}

/// Where a target's probes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) socket: usize,
    pub(crate) server: SocketAddr,
}

/// A target while it is probed.
pub(crate) struct Target {
    pub(crate) plan: TargetPlan,
    pub(crate) figures: Figures,
    pub(crate) recent: Recent,
    /// Where journals are written.
    pub(crate) recorded: Option<Box<Recorded>>,
    pub(super) watch: Watch,
    pub(super) session: Session,
    /// Where its probes go; `None` while its name has no address.
    pub(crate) route: Option<Route>,
    /// When its name is looked up again; `None` while it is, or if it is an address.
    pub(crate) look_again: Option<ClientTime>,
    /// It is probed: its address has been looked up, found or not.
    pub(super) begun: bool,
    /// It is this agent itself, in a mesh group, and so is not probed.
    pub(super) own: bool,
    /// Tells its entry in the heap from older ones.
    pub(super) turn: u64,
    /// Tells its session from all others.
    pub(super) number: u64,
    /// How it is to be probed once nothing of this is in flight any more.
    pub(super) next: Option<TargetPlan>,
}

/// How a session is known to its journals.
pub(crate) struct Recorded {
    /// Begins the names of all of them.
    pub(crate) name: Arc<str>,
    pub(super) session: Arc<SessionHeader>,
    /// Its journals outlive the process.
    pub(crate) kept: bool,
    /// The number of the journal of all that happens, while that is whole.
    pub(super) journal: Option<u64>,
    /// Those of journals that somebody looks at.
    pub(super) followed: Vec<u64>,
}

impl Recorded {
    /// The numbers of the journals that are written.
    pub(super) fn open(&self) -> impl Iterator<Item = u64> {
        self.journal.iter().chain(&self.followed).copied()
    }
}

impl Target {
    /// A target that is not probed yet.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(super) fn new<S: Sessions>(
        sessions: &S,
        plan: TargetPlan,
        now: ClientTime,
        native: bool,
    ) -> anyhow::Result<Self> {
        let session = Session::open(sessions, &plan, now)?;
        Ok(Self {
            plan,
            figures: Figures::new(native),
            recent: Recent::default(),
            recorded: None,
            watch: Watch::default(),
            session,
            route: None,
            look_again: None,
            begun: false,
            own: false,
            turn: 0,
            number: 0,
            next: None,
        })
    }

    /// Whether it is a target of this agent, and not the agent.
    pub(crate) const fn is_probed(&self) -> bool {
        !self.own
    }

    /// Whether its name is being looked up, and has not been found or not found yet.
    pub(crate) const fn is_awaited(&self) -> bool {
        !self.begun && !self.own
    }

    /// Notes what happened to probe `seq` at `at`; of a reply, the one sent last.
    pub(super) fn note(
        &mut self,
        journals: Option<&mut Journals>,
        at: ClientTime,
        seq: u64,
        what: ProbeEvent,
    ) {
        let at = self.session.time(at);
        let happened = Happened { at, seq, what };
        self.recent.push(&happened);
        if let Some((journals, recorded)) = journals.zip(self.recorded.as_mut()) {
            let mut takes = |id: &u64| journals.happened(*id, happened);
            recorded.journal = recorded.journal.filter(&mut takes);
            recorded.followed.retain(takes);
        }
    }

    /// Counts what an input came to at `at`; a reply with this `claim`, where it was one.
    pub(super) fn count(&mut self, at: ClientTime, outcome: &Outcome, claim: Option<&Claim>) {
        let session = &self.session;
        let (time, wall) = (session.time(at), session.wire.wall());
        self.figures.outcome(time, outcome, claim, wall);
    }

    /// Takes the kernel's own interval between probe `seq` and its reply, and gives it where it is
    /// believed.
    pub(super) fn kernel_rtt(
        &mut self,
        journals: Option<&mut Journals>,
        seq: u64,
        kernel_ns: i64,
    ) -> Option<Duration> {
        let client = &mut self.session.client;
        let outcome = client.handle_kernel_rtt(seq, kernel_ns);
        // Whenever it is known: what time decides by then is not decided yet.
        let at = client.now();
        let at = self.session.monitor_time(at);
        self.note(journals, at, seq, ProbeEvent::KernelRtt { kernel_ns });
        match outcome {
            Outcome::KernelRtt { kernel, .. } => Some(kernel),
            _ => None,
        }
    }

    /// Has an excerpt be written, if by now a condition holds.
    pub(super) fn look(&mut self, journals: Option<&mut Journals>, at: ClientTime) {
        if let Some(journals) = journals
            && let Some(cause) = self.watch.look(at, &self.plan.conditions, &self.figures)
        {
            self.excerpt(journals, at, cause);
        }
    }

    pub(super) fn excerpt(&self, journals: &mut Journals, at: ClientTime, cause: Cause) {
        if let Some(recorded) = &self.recorded {
            let at = self.session.time(at);
            journals.excerpt(&recorded.name, &recorded.session, &self.recent, cause, at);
        }
    }

    /// Ends the journals of its session.
    pub(super) fn end(&mut self, journals: Option<&mut Journals>, at: ClientTime) {
        let at = self.session.time(at);
        if let Some((journals, recorded)) = journals.zip(self.recorded.take()) {
            for id in recorded.open() {
                journals.end(id, at);
            }
        }
    }

    /// Probes that are in flight, as the client knows them.
    #[cfg(test)]
    pub(crate) fn in_flight(&self) -> u64 {
        self.session.client.in_flight().count() as u64
    }
}
