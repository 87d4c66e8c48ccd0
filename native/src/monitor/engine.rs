//! All targets and their clients, and who is due when: one heap of deadlines.
//!
//! Owns that beats are spread over the interval, that each target is one session of the core,
//! and what becomes of it when the configuration changes. Has no clock and no socket: what is
//! due is handed out, and what arrives is given to it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use udping_core::Schedule;
use udping_core::event::{Event, Outcome, Output};
use udping_core::time::{ClientTime, saturating_nanos};
use udping_core::wire::Probe;

use super::conditions::Cause;
use super::figures::{Figures, PeerTotals};
use super::journals::Journals;
use super::numbering::SentProbe;
use super::probed::{Recorded, Route, Session, Sessions, Target};
use super::recent::{ProbeEvent, Recent};
use super::scribe::SessionHeader;
use super::target::{TargetId, TargetPlan};
use crate::clock::KernelTimestamp;
use crate::metrics::Summary;

/// How long a window is at the least and at the most: for a thousand beats a second, windows of a
/// millisecond cost two thirds more processor time.
const WINDOWS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(8));

/// How many beats a window is to hold, where it need not be longer than it may.
const TOGETHER: f64 = 8.0;

/// By how much nearer to each other the beats of a window are.
const CLOSER: u64 = 128;

/// How long a window these targets are to have: to wake for each beat by itself costs more than
/// the probe.
fn window(plans: &[TargetPlan]) -> Duration {
    let rates = plans
        .iter()
        .map(|plan| match plan.settings.config.schedule() {
            Schedule::Paced { interval } => 1.0 / interval.as_secs_f64(),
            _ => 0.0,
        });
    let rate: f64 = rates.sum();
    let (least, most) = WINDOWS;
    let wanted = Duration::try_from_secs_f64(TOGETHER / rate).unwrap_or(most);
    wanted.clamp(least, most)
}

/// A probe that is due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Departure {
    pub(crate) target: usize,
    /// The number of its session.
    pub(crate) session: u64,
    pub(crate) probe: Probe,
    pub(crate) route: Option<Route>,
}

impl Departure {
    pub(crate) const fn sent_probe(&self) -> SentProbe {
        SentProbe {
            target: self.target,
            session: self.session,
            seq: self.probe.seq,
        }
    }
}

/// What a change of the configuration leaves to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) added: usize,
    pub(crate) changed: usize,
    pub(crate) removed: usize,
}

/// All targets.
pub(crate) struct Engine<S> {
    sessions: S,
    targets: Vec<Option<Target>>,
    ids: HashMap<TargetId, usize>,
    deadlines: BinaryHeap<Reverse<(ClientTime, usize, u64)>>,
    turns: u64,
    /// Sessions that have begun.
    sessions_begun: u64,
    /// Places of `targets` that are free.
    free: Vec<usize>,
    /// Where journals are wanted.
    pub(crate) journals: Option<Journals>,
    /// Histograms have native buckets, too.
    pub(crate) native: bool,
    /// Slots that went by without their probe, of targets that are gone, too.
    pub(crate) missed: u64,
    /// By how much probes left later than they were due.
    pub(crate) timer_error: Summary,
    /// Targets whose address is to be found before they begin.
    idle: Vec<usize>,
    /// Routes that nobody uses any more.
    closed: Vec<Route>,
    /// The sums of the peers that are gone, by the name of their group: those of a group never
    /// go back.
    pub(crate) gone: BTreeMap<String, PeerTotals>,
    /// Which of the places within an interval the next target takes.
    place: u32,
    /// So long a time's beats are together at its beginning.
    window: Duration,
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
            sessions_begun: 0,
            free: Vec::new(),
            journals: None,
            native: false,
            missed: 0,
            timer_error: Summary::default(),
            idle: Vec::new(),
            closed: Vec::new(),
            gone: BTreeMap::new(),
            place,
            window: WINDOWS.0,
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
        let is_over = |target: &Target| target.begun && target.session.client.awaits_only_late();
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

    /// Ends all sessions and their journals, and waits until these are written. What is lost by
    /// then counts in both.
    pub(crate) fn finish(&mut self, now: ClientTime) {
        for target in self.targets.iter_mut().flatten() {
            let at = target.session.time(now);
            target.session.client.stop(at);
            while let output @ Output::Event(_) = target.session.poll(at) {
                target.figures.output(&output);
            }
        }
        if let Some(journals) = self.journals.take() {
            let recorded = self
                .targets()
                .filter_map(|(_, it)| Some((it.recorded.as_ref()?, it)));
            let open = recorded.flat_map(|(recorded, target)| {
                let at = target.session.time(now);
                recorded.open().map(move |id| (id, at))
            });
            journals.finish(open);
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
        self.window = window(&plans);
        for plan in plans {
            let id = plan.id();
            if !self.ids.contains_key(&id) && !wanted.contains_key(&id) {
                let plan = plan.clone();
                fresh.push(Target::new(&self.sessions, plan, now, self.native)?);
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
                keep_sums(&mut self.gone, target);
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
            let at = target.session.time(now);
            target.session.client.stop(at);
            self.schedule(index, now);
        } else {
            self.renew(now, index);
        }
        true
    }

    /// Takes a peer for this agent itself, which does not probe itself.
    pub(crate) fn set_own(&mut self, now: ClientTime, index: usize) {
        let Some(target) = self.targets.get_mut(index).and_then(Option::as_mut) else {
            return;
        };
        if std::mem::replace(&mut target.own, true) {
            return;
        }
        target.end(self.journals.as_mut(), now);
        keep_sums(&mut self.gone, target);
        target.figures = Figures::new(self.native);
        // What the heap has of it is of an earlier turn.
        (target.begun, target.turn) = (false, 0);
        self.closed.extend(target.route.take());
        self.renew(now, index);
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
        target.own = false;
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
        let place = self.phase(&plan);
        let start = self.together(now.saturating_add(place));
        let session = Session::open(&self.sessions, &plan, start)?;
        let recorded = self.journals.as_mut().map(|journals| {
            let server = route.map(|route| route.server);
            let config = *session.client.config();
            let session = SessionHeader::new(&plan, config, &session.wire, server);
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
        self.sessions_begun += 1;
        let number = self.sessions_begun;
        if let Some(target) = self.get_mut(index) {
            (target.session, target.recorded) = (session, recorded);
            target.number = number;
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

    /// The moment for a target that should begin at `start`: within the same window, and near
    /// those that begin within it too, so that one call sends them all.
    fn together(&self, start: ClientTime) -> ClientTime {
        let window = saturating_nanos(self.window).max(1);
        let within = start.as_nanos() % window;
        let begun = start.as_nanos() - within;
        ClientTime::from_nanos(begun + within / CLOSER)
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
            if target.session.is_old(now) {
                let plan = target.plan.clone();
                target.next.get_or_insert(plan);
                target.session.client.stop(target.session.time(now));
            }
            let output = target.session.poll(target.session.time(now));
            target.figures.output(&output);
            match output {
                Output::Send(probe) => {
                    let late = probe.at.checked_since(probe.due).unwrap_or_default();
                    target.note(journals, now, probe.seq, ProbeEvent::Sent { late });
                    departures.push(Departure {
                        target: index,
                        session: target.number,
                        probe,
                        route: target.route,
                    });
                    self.timer_error.record(saturating_nanos(late));
                }
                Output::Event(Event::Missed { slots, .. }) => self.missed += slots,
                Output::Event(Event::Lost { .. }) => target.look(journals, now),
                Output::Wait(_) | Output::Done if target.session.client.awaits_only_late() => {
                    return self.renew(now, index);
                }
                Output::Wait(at) => {
                    let at = target.session.monitor_time(at);
                    return self.schedule(index, at);
                }
                Output::Done => {
                    // One that was stopped names no time, and what is in flight has one each.
                    let oldest = target.session.client.in_flight().next();
                    if let Some(deadline) = oldest.map(|it| it.deadline) {
                        let after = deadline.saturating_add(Duration::from_nanos(1));
                        let after = target.session.monitor_time(after);
                        self.schedule(index, after);
                    }
                    return;
                }
            }
        }
    }

    /// The wall clock was set: sessions that tell its time begin again, by the right one.
    pub(crate) fn renew_timed(&mut self, now: ClientTime) {
        for index in 0..self.targets.len() {
            let Some(target) = self.get_mut(index).filter(|it| it.begun) else {
                continue;
            };
            if target.session.wire.wall().is_some() {
                let plan = target.plan.clone();
                target.next.get_or_insert(plan);
                target.session.client.stop(target.session.time(now));
                self.schedule(index, now);
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
        let lengths = self.targets().map(|(_, it)| it.session.wire.request_len());
        lengths.max().unwrap_or_default()
    }

    /// Bytes of the longest request of one target.
    pub(crate) fn request_len(&self, target: usize) -> usize {
        self.get(target)
            .map_or(0, |it| it.session.wire.request_len())
    }

    /// Writes the request of a probe, and says how long it is.
    pub(crate) fn encode(&self, target: usize, probe: &Probe, buffer: &mut [u8]) -> usize {
        self.get(target)
            .map_or(0, |it| it.session.wire.encode(probe, buffer))
    }

    /// Takes what came from a target's server at `at`, which the kernel received at `received`, if
    /// that is known.
    pub(crate) fn reply(
        &mut self,
        index: usize,
        at: ClientTime,
        datagram: &[u8],
        received: Option<KernelTimestamp>,
    ) {
        let (target, mut journals) = self.parts(index);
        let Some(target) = target else {
            return;
        };
        let (arrived, at) = (at, target.session.moment(at));
        let Session { client, wire, .. } = &mut target.session;
        let claim = wire.decode(datagram, client);
        let seq = client.last_seq();
        let what = claim.map_or_else(ProbeEvent::Unreadable, ProbeEvent::Reply);
        target.note(journals.as_deref_mut(), at, seq, what);
        let time = target.session.time(at);
        let outcome = match claim {
            Ok(claim) => target.session.client.handle_reply(time, claim),
            Err(why) => target.session.client.handle_unreadable(time, why),
        };
        let mut shown = (at, outcome);
        if let Outcome::Replied { seq, .. } | Outcome::Late { seq, .. } = outcome
            && let Some(received) = received
            && let Some(kernel_ns) = target.session.timestamps.replied(seq, received)
            && let Some(kernel) = target.kernel_rtt(journals.as_deref_mut(), seq, kernel_ns)
            && let Outcome::Replied { verified, .. } = outcome
        {
            // It decides nothing. The RTT that is shown is the best one known.
            let rtt = kernel;
            shown = (arrived, Outcome::Replied { seq, rtt, verified });
        }
        target.count(shown.0, &shown.1, claim.ok().as_ref());
        target.look(journals, at);
    }

    /// Takes when the kernel sent a probe. That may be another session's by now.
    pub(crate) fn transmitted(&mut self, probe: &SentProbe, at: KernelTimestamp) {
        let (target, journals) = self.parts(probe.target);
        let Some(target) = target.filter(|it| it.number == probe.session) else {
            return;
        };
        if let Some(kernel_ns) = target.session.timestamps.transmitted(probe.seq, at) {
            // Its reply was first, and what has been shown of that stays.
            target.kernel_rtt(journals, probe.seq, kernel_ns);
        }
    }

    /// Takes that somebody could not deliver the request that begins so.
    pub(crate) fn undelivered(&mut self, index: usize, at: ClientTime, beginning: &[u8]) {
        let (target, mut journals) = self.parts(index);
        let Some(target) = target else {
            return;
        };
        let at = target.session.moment(at);
        let Session { client, wire, .. } = &target.session;
        let Some(seq) = wire.recognise(beginning, client) else {
            return;
        };
        target.note(journals.as_deref_mut(), at, seq, ProbeEvent::Unreachable);
        let time = target.session.time(at);
        let outcome = target.session.client.handle_unreachable(time, Some(seq));
        target.count(at, &outcome, None);
        target.look(journals, at);
    }

    /// Takes that a probe could not be sent.
    pub(crate) fn unsent(&mut self, index: usize, at: ClientTime, seq: u64) {
        let (target, mut journals) = self.parts(index);
        let Some(target) = target else {
            return;
        };
        let at = target.session.moment(at);
        target.note(journals.as_deref_mut(), at, seq, ProbeEvent::Unsent);
        let time = target.session.time(at);
        let outcome = target.session.client.handle_send_failure(time, seq);
        target.count(at, &outcome, None);
        target.look(journals, at);
    }
}

/// Adds what a peer that goes has come to.
fn keep_sums(gone: &mut BTreeMap<String, PeerTotals>, peer: &Target) {
    if let Some(group) = peer.plan.group.as_deref().filter(|group| group.mesh) {
        let sums = gone.entry(group.name.clone()).or_default();
        sums.add(&peer.figures);
    }
}

#[cfg(test)]
mod tests;
