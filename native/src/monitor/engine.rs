//! All targets and their clients, and who is due when: one heap of deadlines.
//!
//! Owns that beats are spread over the interval, that each target is one session of the core,
//! and what becomes of it when the configuration changes. Has no clock and no socket: what is
//! due is handed out, and what arrives is given to it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::event::{Event, Outcome, Output};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, saturating_nanos};
use udping_core::timestamp::Timestamps;
use udping_core::wire::{Claim, Probe};
use udping_core::{Client, Schedule};

use super::conditions::{Cause, Watch};
use super::figures::Figures;
use super::journals::Journals;
use super::recent::{Happened, ProbeEvent, Recent};
use super::scribe::SessionHeader;
use super::target::{TargetId, TargetPlan};
use crate::i18n::say;
use crate::wire::Wire;

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
    watch: Watch,
    client: Client<Box<[Entry]>>,
    wire: Box<Wire>,
    /// Where its probes go; `None` while its name has no address.
    pub(crate) route: Option<Route>,
    /// When its name is looked up again; `None` while it is, or if it is an address.
    pub(crate) look_again: Option<ClientTime>,
    /// It is probed: its address has been looked up, found or not.
    begun: bool,
    /// Tells its entry in the heap from older ones.
    turn: u64,
    /// How it is to be probed once nothing of this is in flight any more.
    next: Option<TargetPlan>,
}

/// How a session is known to its journals.
pub(crate) struct Recorded {
    /// Begins the names of all of them.
    pub(crate) name: Arc<str>,
    session: Arc<SessionHeader>,
    /// Its journals outlive the process.
    pub(crate) kept: bool,
    /// The number of the journal of all that happens, while that is whole.
    journal: Option<u64>,
    /// Those of journals that somebody looks at.
    followed: Vec<u64>,
}

impl Recorded {
    /// The numbers of the journals that are written.
    fn open(&self) -> impl Iterator<Item = u64> {
        self.journal.iter().chain(&self.followed).copied()
    }
}

impl Target {
    /// Notes what happened.
    fn note(&mut self, journals: Option<&mut Journals>, happened: &Happened) {
        self.recent.push(happened);
        if let Some((journals, recorded)) = journals.zip(self.recorded.as_mut()) {
            let mut takes = |id: &u64| journals.happened(*id, *happened);
            recorded.journal = recorded.journal.filter(&mut takes);
            recorded.followed.retain(takes);
        }
    }

    /// Counts what an input came to at `at`; a reply with this `claim`, where it was one.
    fn count(
        &mut self,
        journals: Option<&mut Journals>,
        at: ClientTime,
        outcome: &Outcome,
        claim: Option<&Claim>,
    ) {
        self.figures.outcome(at, outcome, claim, self.wire.wall());
        self.look(journals, at);
    }

    /// Has an excerpt be written, if by now a condition holds.
    fn look(&mut self, journals: Option<&mut Journals>, at: ClientTime) {
        if let Some(journals) = journals
            && let Some(cause) = self.watch.look(at, &self.plan.conditions, &self.figures)
        {
            self.excerpt(journals, at, cause);
        }
    }

    fn excerpt(&self, journals: &mut Journals, at: ClientTime, cause: Cause) {
        if let Some(recorded) = &self.recorded {
            journals.excerpt(&recorded.name, &recorded.session, &self.recent, cause, at);
        }
    }

    /// Ends the journal of all that happens.
    fn end(&mut self, journals: Option<&mut Journals>, at: ClientTime) {
        if let Some((journals, recorded)) = journals.zip(self.recorded.take()) {
            for id in recorded.open() {
                journals.end(id, at);
            }
        }
    }

    /// Probes that are in flight, as the client knows them.
    #[cfg(test)]
    pub(crate) fn in_flight(&self) -> u64 {
        self.client.in_flight().count() as u64
    }
}

/// A probe that is due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Departure {
    pub(crate) target: usize,
    pub(crate) probe: Probe,
    pub(crate) route: Option<Route>,
}

/// What a change of the configuration leaves to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) added: usize,
    pub(crate) changed: usize,
    pub(crate) removed: usize,
}

/// How a session's wire and timestamps are made.
pub(crate) trait Sessions {
    /// # Errors
    /// The system gives no random numbers.
    fn open(&self, plan: &TargetPlan) -> anyhow::Result<(Box<Wire>, Timestamps)>;
}

/// All targets.
pub(crate) struct Engine<S> {
    sessions: S,
    targets: Vec<Option<Target>>,
    ids: HashMap<TargetId, usize>,
    deadlines: BinaryHeap<Reverse<(ClientTime, usize, u64)>>,
    turns: u64,
    /// Places of `targets` that are free.
    free: Vec<usize>,
    /// Where journals are wanted.
    pub(crate) journals: Option<Journals>,
    /// Histograms have native buckets, too.
    pub(crate) native: bool,
    /// Slots that went by without their probe, of targets that are gone, too.
    pub(crate) missed: u64,
    /// Targets whose address is to be found before they begin.
    idle: Vec<usize>,
    /// Routes that nobody uses any more.
    closed: Vec<Route>,
    /// Which of the places within an interval the next target takes.
    place: u32,
}

impl<S: Sessions> Engine<S> {
    /// Without any target. The first takes the `place` within its interval, and the others
    /// places as far from it and each other as can be.
    pub(crate) fn new(sessions: S, place: u32) -> Self {
        Self {
            sessions,
            targets: Vec::new(),
            ids: HashMap::new(),
            deadlines: BinaryHeap::new(),
            turns: 0,
            free: Vec::new(),
            journals: None,
            native: false,
            missed: 0,
            idle: Vec::new(),
            closed: Vec::new(),
            place,
        }
    }

    pub(crate) fn targets(&self) -> impl Iterator<Item = (usize, &Target)> {
        let targets = self.targets.iter().enumerate();
        targets.filter_map(|(index, target)| Some((index, target.as_ref()?)))
    }

    /// How many targets there is room for: their numbers are below that.
    pub(crate) fn places(&self) -> usize {
        self.targets.len()
    }

    pub(crate) fn get(&self, target: usize) -> Option<&Target> {
        self.targets.get(target)?.as_ref()
    }

    /// A target, and where what happens to it is written.
    fn parts(&mut self, target: usize) -> (Option<&mut Target>, Option<&mut Journals>) {
        let target = self.targets.get_mut(target).and_then(Option::as_mut);
        (target, self.journals.as_mut())
    }

    /// Whether no target has anything left to send or to decide.
    pub(crate) fn is_over(&self) -> bool {
        let is_over = |target: &Target| target.begun && target.client.awaits_only_late();
        self.targets.iter().flatten().all(is_over)
    }

    /// Has the last minutes of all targets be written, since somebody asks.
    pub(crate) fn excerpt_all(&mut self, now: ClientTime) {
        let Some(journals) = &mut self.journals else {
            return;
        };
        for target in self.targets.iter().flatten() {
            target.excerpt(journals, now, Cause::Asked);
        }
    }

    /// Has all that happens to the target of this name be written to this file, from its last
    /// minutes on. Whether there is one that is probed.
    pub(crate) fn follow(&mut self, name: &str, file: PathBuf) -> bool {
        let mut targets = self.targets.iter_mut().flatten();
        let target = targets.find(|target| target.plan.full_name() == name);
        let Some((target, journals)) = target.zip(self.journals.as_mut()) else {
            return false;
        };
        let Some(recorded) = &mut target.recorded else {
            return false;
        };
        let followed = journals.follow(file, &recorded.session, target.recent.clone());
        recorded.followed.extend(followed);
        followed.is_some()
    }

    /// Ends all journals, and waits until they are written.
    pub(crate) fn finish_journals(&mut self, now: ClientTime) {
        if let Some(journals) = self.journals.take() {
            let recorded = self.targets().filter_map(|(_, it)| it.recorded.as_ref());
            let open = recorded.flat_map(|it| it.open());
            journals.finish(open, now);
        }
    }

    pub(crate) fn get_mut(&mut self, target: usize) -> Option<&mut Target> {
        self.targets.get_mut(target)?.as_mut()
    }

    /// Has exactly the targets of `plans`. Those that were there go on as they are, with all
    /// that is known of them.
    ///
    /// # Errors
    /// A session could not be made; nothing has changed.
    pub(crate) fn reload(
        &mut self,
        now: ClientTime,
        plans: Vec<TargetPlan>,
    ) -> anyhow::Result<Changes> {
        let mut changes = Changes::default();
        let mut fresh = Vec::new();
        let mut wanted = HashMap::new();
        for plan in plans {
            let id = plan.id();
            if !self.ids.contains_key(&id) && !wanted.contains_key(&id) {
                fresh.push(self.target(now, plan.clone())?);
            }
            wanted.entry(id).or_insert(plan);
        }
        let gone: Vec<TargetId> = self
            .ids
            .keys()
            .filter(|id| !wanted.contains_key(*id))
            .cloned()
            .collect();
        for id in gone {
            let Some(index) = self.ids.remove(&id) else {
                continue;
            };
            let mut target = self.targets.get_mut(index).and_then(Option::take);
            if let Some(target) = &mut target {
                target.end(self.journals.as_mut(), now);
            }
            self.closed.extend(target.and_then(|target| target.route));
            self.free.push(index);
            changes.removed += 1;
        }
        for (id, plan) in wanted {
            let Some(target) = self.ids.get(&id).copied() else {
                continue;
            };
            changes.changed += usize::from(self.change(now, target, plan));
        }
        for target in fresh {
            let id = target.plan.id();
            let index = self.free.pop().unwrap_or_else(|| {
                self.targets.push(None);
                self.targets.len() - 1
            });
            if let Some(slot) = self.targets.get_mut(index) {
                *slot = Some(target);
            }
            self.ids.insert(id, index);
            self.idle.push(index);
            changes.added += 1;
        }
        Ok(changes)
    }

    /// Whether anything is another way in `plan`.
    fn change(&mut self, now: ClientTime, index: usize, plan: TargetPlan) -> bool {
        let Some(target) = self.get_mut(index) else {
            return false;
        };
        if target.next.as_ref().unwrap_or(&target.plan) == &plan {
            return false;
        }
        if target.plan.settings == plan.settings && target.plan.host == plan.host {
            // What has no part in how it is probed.
            target.plan = plan;
            target.next = None;
            return true;
        }
        target.next = Some(plan);
        if target.begun {
            // What is in flight is to be settled by the session that sent it.
            target.client.stop(now);
            self.schedule(index, now);
        } else {
            self.renew(now, index);
        }
        true
    }

    fn target(&mut self, now: ClientTime, plan: TargetPlan) -> anyhow::Result<Target> {
        let (wire, client) = session(&self.sessions, &plan, now)?;
        Ok(Target {
            plan,
            figures: Figures::new(self.native),
            recent: Recent::default(),
            recorded: None,
            watch: Watch::default(),
            client,
            wire,
            route: None,
            look_again: None,
            begun: false,
            turn: 0,
            next: None,
        })
    }

    /// Where a target's probes are to go from now on. The first time, it also begins.
    ///
    /// # Errors
    /// Its session could not be made.
    pub(crate) fn begin(
        &mut self,
        now: ClientTime,
        index: usize,
        route: Option<Route>,
    ) -> anyhow::Result<()> {
        let Some(target) = self.get_mut(index) else {
            return Ok(());
        };
        let before = std::mem::replace(&mut target.route, route);
        let begun = std::mem::replace(&mut target.begun, true);
        self.closed
            .extend(before.filter(|before| Some(*before) != route));
        if begun {
            return Ok(());
        }
        let Some(target) = self.get(index) else {
            return Ok(());
        };
        let plan = target.plan.clone();
        let start = now.saturating_add(self.phase(&plan));
        let (wire, client) = session(&self.sessions, &plan, start)?;
        let recorded = self.journals.as_mut().map(|journals| {
            let server = route.map(|route| route.server);
            let session = SessionHeader::new(&plan, *client.config(), &wire, server);
            let session = Arc::new(session);
            let name = journals.name(&plan.full_name(), &session);
            let journal = journals.begin(&name, &session);
            Box::new(Recorded {
                name,
                session,
                kept: journals.keeps(),
                journal,
                followed: Vec::new(),
            })
        });
        if let Some(target) = self.get_mut(index) {
            (target.wire, target.client) = (wire, client);
            target.recorded = recorded;
            // They name probes of the session before.
            target.figures.forget_exemplars();
        }
        self.schedule(index, start);
        Ok(())
    }

    /// The next place within the interval of `plan`: steps of the golden ratio leave no two
    /// near each other, however many there are.
    fn phase(&mut self, plan: &TargetPlan) -> Duration {
        const STEP: u32 = 0x9E37_79B9;
        self.place = self.place.wrapping_add(STEP);
        let interval = match plan.settings.config.schedule() {
            Schedule::Paced { interval } => saturating_nanos(interval),
            _ => 0,
        };
        let nanos = (u128::from(interval) * u128::from(self.place)) >> 32;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(interval))
    }

    fn schedule(&mut self, index: usize, at: ClientTime) {
        self.turns += 1;
        let turn = self.turns;
        if let Some(target) = self.get_mut(index) {
            target.turn = turn;
            self.deadlines.push(Reverse((at, index, turn)));
        }
    }

    /// When something is due next.
    pub(crate) fn deadline(&self) -> Option<ClientTime> {
        self.deadlines.peek().map(|Reverse((at, ..))| *at)
    }

    /// Does at `now` what was due by `until`, and hands out the probes of it: `most` of them at
    /// the most, so that each is sent soon after its time was taken. Whether that is all.
    pub(crate) fn advance(
        &mut self,
        until: ClientTime,
        now: ClientTime,
        most: usize,
        departures: &mut Vec<Departure>,
    ) -> bool {
        while let Some(Reverse((at, index, turn))) = self.deadlines.peek().copied() {
            if at > until {
                return true;
            }
            if departures.len() >= most {
                return false;
            }
            self.deadlines.pop();
            if self.get(index).is_some_and(|target| target.turn == turn) {
                self.poll(now, index, departures);
            }
        }
        true
    }

    fn poll(&mut self, now: ClientTime, index: usize, departures: &mut Vec<Departure>) {
        loop {
            let (target, journals) = self.parts(index);
            let Some(target) = target else {
                return;
            };
            let output = target.client.poll(now);
            target.figures.output(&output);
            match output {
                Output::Send(probe) => {
                    let late = probe.at.checked_since(probe.due).unwrap_or_default();
                    let sent = Happened {
                        at: probe.at,
                        seq: probe.seq,
                        what: ProbeEvent::Sent { late },
                    };
                    target.note(journals, &sent);
                    departures.push(Departure {
                        target: index,
                        probe,
                        route: target.route,
                    });
                }
                Output::Event(Event::Missed { slots, .. }) => self.missed += slots,
                Output::Event(Event::Lost { .. }) => target.look(journals, now),
                Output::Wait(_) | Output::Done if target.client.awaits_only_late() => {
                    return self.renew(now, index);
                }
                Output::Wait(at) => return self.schedule(index, at),
                Output::Done => {
                    // One that was stopped names no time, and what is in flight has one each.
                    let oldest = target.client.in_flight().next();
                    if let Some(deadline) = oldest.map(|it| it.deadline) {
                        self.schedule(index, deadline.saturating_add(Duration::from_nanos(1)));
                    }
                    return;
                }
            }
        }
    }

    /// Has the plan that the configuration wants by now; the session begins once its address
    /// is known.
    fn renew(&mut self, now: ClientTime, index: usize) {
        let (target, journals) = self.parts(index);
        let Some(target) = target else {
            return;
        };
        let Some(plan) = target.next.take() else {
            return;
        };
        target.end(journals, now);
        target.plan = plan;
        target.begun = false;
        target.recent = Recent::default();
        let route = target.route.take();
        self.closed.extend(route);
        self.idle.push(index);
    }

    /// Targets whose address is to be found before they begin.
    pub(crate) fn take_idle(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.idle)
    }

    /// Routes that nobody uses any more.
    pub(crate) fn take_closed(&mut self) -> Vec<Route> {
        std::mem::take(&mut self.closed)
    }

    /// Bytes of the longest request.
    pub(crate) fn longest(&self) -> usize {
        let lengths = self.targets().map(|(_, target)| target.wire.request_len());
        lengths.max().unwrap_or_default()
    }

    /// Bytes of the longest request of one target.
    pub(crate) fn request_len(&self, target: usize) -> usize {
        self.get(target)
            .map_or(0, |target| target.wire.request_len())
    }

    /// Writes the request of a probe, and says how long it is.
    pub(crate) fn encode(&self, target: usize, probe: &Probe, buffer: &mut [u8]) -> usize {
        self.get(target)
            .map_or(0, |it| it.wire.encode(probe, buffer))
    }

    /// Takes what came from a target's server at `at`.
    pub(crate) fn reply(&mut self, index: usize, at: ClientTime, datagram: &[u8]) {
        let (target, mut journals) = self.parts(index);
        let Some(target) = target else {
            return;
        };
        let claim = target.wire.decode(datagram, &target.client);
        let happened = Happened {
            at,
            seq: target.client.last_seq(),
            what: claim.map_or_else(ProbeEvent::Unreadable, ProbeEvent::Reply),
        };
        target.note(journals.as_deref_mut(), &happened);
        let outcome = match claim {
            Ok(claim) => target.client.handle_reply(at, claim),
            Err(why) => target.client.handle_unreadable(at, why),
        };
        target.count(journals, at, &outcome, claim.ok().as_ref());
    }

    /// Takes that somebody could not deliver the request that begins so.
    pub(crate) fn undelivered(&mut self, index: usize, at: ClientTime, beginning: &[u8]) {
        let (target, mut journals) = self.parts(index);
        let Some(target) = target else {
            return;
        };
        let Some(seq) = target.wire.recognise(beginning, &target.client) else {
            return;
        };
        let what = ProbeEvent::Unreachable;
        target.note(journals.as_deref_mut(), &Happened { at, seq, what });
        let outcome = target.client.handle_unreachable(at, Some(seq));
        target.count(journals, at, &outcome, None);
    }

    /// Takes that a probe could not be sent.
    pub(crate) fn unsent(&mut self, index: usize, at: ClientTime, seq: u64) {
        let (target, mut journals) = self.parts(index);
        let Some(target) = target else {
            return;
        };
        let what = ProbeEvent::Unsent;
        target.note(journals.as_deref_mut(), &Happened { at, seq, what });
        let outcome = target.client.handle_send_failure(at, seq);
        target.count(journals, at, &outcome, None);
    }
}

/// What a session is made of.
type TargetSession = (Box<Wire>, Client<Box<[Entry]>>);

/// A session as `plan` wants it, whose first probe is due at `start`.
fn session<S: Sessions>(
    sessions: &S,
    plan: &TargetPlan,
    start: ClientTime,
) -> anyhow::Result<TargetSession> {
    let (wire, timestamps) = sessions.open(plan)?;
    let config = plan.settings.config.to_builder();
    let config = config.timestamps(timestamps).build()?;
    let entries = usize::try_from(config.entries_needed())?;
    let table = vec![Entry::EMPTY; entries].into_boxed_slice();
    let client = Client::new(config, start, table).context(say::PING_NOT_MEASURABLE)?;
    Ok((wire, client))
}

#[cfg(test)]
mod tests;
