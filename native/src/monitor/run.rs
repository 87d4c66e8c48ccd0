//! The loop: what came is taken, what is due is sent, and then it sleeps.
//!
//! Owns the clock's readings, the system calls, and that what is due within a millisecond
//! takes one of them. Every decision is the engine's.

use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::time::{ClientTime, ReflectorTime};
use udping_core::timestamp::Timestamps;

use super::engine::{Changes, Departure, Engine};
use super::health::Health;
use super::probed::{Route, Sessions};
use super::resolver::{Answer, Question, Resolver};
use super::snapshot::{SnapshotQueue, Snapshots};
use super::sockets::{Input, Sockets};
use super::target::TargetPlan;
use super::wake::{Sleeper, Waker};
use crate::clock::{Clock, Clocks};
use crate::i18n::{chain, say};
use crate::net::{Address, BATCH, Batch, Peer, Readiness, Undelivered, exact_timers, wait_for_any};
use crate::poll::POLL_INTERVAL;
use crate::signals::Signals;
use crate::warn;
use crate::wire::Wire;

/// What is due within this takes one turn of the loop.
const GRAIN: Duration = Duration::from_millis(1);

/// How often the loop looks who is to be looked up again.
const LOOK: Duration = Duration::from_secs(1);

/// How often a datagram is handed again to a system that reports earlier ones' fate instead.
const RETRIES: usize = 8;

/// A datagram that was not delivered, until what came before is settled, and whose it was.
type Held = (Option<usize>, Undelivered);

/// Makes sessions of this process: of its clock, and with its random numbers.
pub(crate) struct ProcessSessions(Clock);

impl Sessions for ProcessSessions {
    fn open(&self, plan: &TargetPlan, zero: ClientTime) -> anyhow::Result<(Box<Wire>, Timestamps)> {
        // Read again: since the process began, the wall clock may have been set.
        let mut clock = self.0;
        clock.follow_wall(clock.reflector_time());
        let wall = clock.wall_at(ReflectorTime::from_nanos(zero.as_nanos()));
        let wire = Box::new(plan.settings.wire.open(wall)?);
        Ok((wire, crate::timestamps(wall)?))
    }
}

/// The loop's state.
pub(crate) struct MonitorRun {
    pub(crate) engine: Engine<ProcessSessions>,
    clock: Clock,
    sockets: Sockets,
    resolver: Resolver,
    batch: Batch,
    /// Bytes of the longest request that the batch has room for.
    longest: usize,
    departures: Vec<Departure>,
    sleeper: Sleeper,
    waker: Waker,
    queue: SnapshotQueue,
    snapshots: Snapshots,
    looked: ClientTime,
    /// Which peer this agent is, where that is not told by addresses.
    pub(crate) own_name: Option<String>,
    /// The clocks then, and how often one had moved against the other.
    clocks: Clocks,
    clock_steps: u64,
    /// What each socket has, as the last wait found it.
    ready: Vec<Readiness>,
    undelivered: Vec<Held>,
}

impl MonitorRun {
    /// # Errors
    /// The system gives no thread or no random numbers.
    pub(crate) fn new(signals: &Signals) -> anyhow::Result<Self> {
        let clock = Clock::start();
        let (sleeper, waker) = Sleeper::new()?;
        let (queue, snapshots) = SnapshotQueue::new(waker.clone());
        let place = udping_core::wire::low_bits(crate::random()?);
        Ok(Self {
            engine: Engine::new(ProcessSessions(clock), place),
            clock,
            sockets: Sockets::default(),
            resolver: Resolver::start(signals).context(say::NO_RESOLVER_THREAD)?,
            batch: Batch::new(0),
            longest: 0,
            departures: Vec::with_capacity(BATCH),
            sleeper,
            waker,
            queue,
            snapshots,
            looked: ClientTime::ZERO,
            own_name: None,
            clocks: clock.all(),
            clock_steps: 0,
            ready: Vec::new(),
            undelivered: Vec::new(),
        })
    }

    /// What another thread wakes the loop by.
    pub(crate) fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// What another thread asks for the figures by.
    pub(crate) fn snapshots(&self) -> Snapshots {
        self.snapshots.clone()
    }

    pub(crate) fn now(&self) -> ClientTime {
        self.clock.client_time()
    }

    /// Has exactly the targets of `plans`.
    ///
    /// # Errors
    /// As [`Engine::reload`].
    pub(crate) fn reload(&mut self, plans: Vec<TargetPlan>) -> anyhow::Result<Changes> {
        self.complete_snapshot();
        let changes = self.engine.reload(self.now(), plans)?;
        self.settle_routes();
        let longest = self.engine.longest();
        if longest > self.longest {
            self.longest = longest;
            self.batch = Batch::new(longest);
        }
        Ok(changes)
    }

    /// Runs until `is_over`, which is asked at least every 100 ms, and is given the run.
    ///
    /// # Errors
    /// The system gives no random numbers for a session.
    pub(crate) fn run(&mut self, mut is_over: impl FnMut(&mut Self) -> bool) -> anyhow::Result<()> {
        // Timers that are less exact only make beats later.
        let _ = exact_timers();
        while !is_over(self) {
            let turned = self.now();
            self.receive();
            self.send();
            self.settle_routes();
            self.look_up();
            let more = self.serve_snapshot();
            self.sleep(turned, more)?;
        }
        Ok(())
    }

    /// Sleeps until something is due, or has come, but for a millisecond in any case. With
    /// `more` to do, it is not for longer.
    fn sleep(&mut self, turned: ClientTime, more: bool) -> io::Result<()> {
        let left = |until: ClientTime| until.checked_since(self.now()).unwrap_or_default();
        thread::sleep(left(turned.saturating_add(GRAIN)));
        let due = self.engine.deadline().map_or(POLL_INTERVAL, left);
        let wait = if more {
            Duration::ZERO
        } else {
            due.min(POLL_INTERVAL)
        };
        let other = self.sleeper.as_fd();
        if wait_for_any(self.sockets.all(), other, wait, &mut self.ready)? {
            self.sleeper.clear();
        }
        Ok(())
    }

    /// Takes all that has come, before time decides anything: each as of its arrival, and after
    /// the kernel's times of sending, which belong to it.
    fn receive(&mut self) {
        let Self {
            engine,
            clock,
            sockets,
            ready,
            undelivered,
            ..
        } = self;
        for (socket, ready) in ready.iter().enumerate() {
            if ready.errqueue {
                sockets.take_errqueue(socket, true, |input| take(engine, undelivered, input));
            }
            let mut more = ready.readable;
            while more {
                let (mut now, mut clocks) = (None, None);
                let received = sockets.receive(socket, |input| match input {
                    Input::Reply(target, datagram, kernel) => {
                        let now = *now.get_or_insert_with(|| clock.client_time());
                        let at = kernel.map_or(now, |kernel| {
                            let clocks = clocks.get_or_insert_with(|| clock.all());
                            ClientTime::from_nanos(clocks.arrival(now.as_nanos(), kernel))
                        });
                        engine.reply(target, at, datagram, kernel);
                    }
                    message => take(engine, undelivered, message),
                });
                let Ok(count) = received else {
                    // What it is about, the error queue says.
                    sockets.take_errqueue(socket, true, |input| take(engine, undelivered, input));
                    break;
                };
                more = count == BATCH;
            }
            // Only now: replies that have come are of an earlier moment.
            settle(engine, undelivered, clock);
        }
    }

    /// Sends all that is due as the turn begins: what becomes due meanwhile waits for the next
    /// one, or a machine that is too busy would send for ever, and take nothing that came.
    fn send(&mut self) {
        let until = self.now();
        loop {
            let now = self.now();
            let mut departures = std::mem::take(&mut self.departures);
            departures.clear();
            let all = self.engine.advance(until, now, BATCH, &mut departures);
            departures.sort_by_key(|it| it.route.map(|route| route.socket));
            let by_socket = |one: &Departure, next: &Departure| {
                one.route.map(|it| it.socket) == next.route.map(|it| it.socket)
            };
            for run in departures.chunk_by(by_socket) {
                for run in run.chunks(BATCH) {
                    self.send_run(run);
                }
            }
            self.departures = departures;
            if all {
                return;
            }
        }
    }

    /// Sends probes from one socket.
    fn send_run(&mut self, run: &[Departure]) {
        let now = self.clock.client_time();
        let Some(Route { socket, .. }) = run.first().and_then(|it| it.route) else {
            for departure in run {
                self.engine
                    .unsent(departure.target, now, departure.probe.seq);
            }
            return;
        };
        self.batch.clear();
        for departure in run {
            let server = departure.route.map(|route| Peer::plain(route.server));
            let (target, probe) = (departure.target, &departure.probe);
            let engine = &self.engine;
            self.batch
                .push(server, |room| engine.encode(target, probe, room));
        }
        let (mut first, mut retries) = (0, 0);
        while let Some(departure) = run.get(first) {
            let (went, error) = self.sockets.send(socket, &mut self.batch, first);
            let sent = run.iter().skip(first).take(went).map(Departure::sent_probe);
            self.sockets.sent(socket, now, sent);
            first += went;
            let Self {
                engine,
                clock,
                sockets,
                undelivered,
                ..
            } = self;
            let sent_all = first == run.len();
            // Timestamps are there by now, unless this host's own queue is long: taken later, they
            // would wake the loop for nothing else.
            sockets.take_errqueue(socket, !sent_all, |input| take(engine, undelivered, input));
            let stale = settle(engine, undelivered, clock);
            if sent_all {
                return;
            }
            // What it had counted by then is known.
            sockets.restart_numbering(socket);
            let Some(error) = error.filter(|_| went == 0) else {
                retries = 0;
                continue;
            };
            if error.kind() == io::ErrorKind::Interrupted || stale && retries < RETRIES {
                retries += 1;
                continue;
            }
            let now = self.clock.client_time();
            self.engine
                .unsent(departure.target, now, departure.probe.seq);
            (first, retries) = (first + 1, 0);
        }
    }

    /// Finds addresses for targets that have none yet, and gives up routes that nobody uses.
    fn settle_routes(&mut self) {
        for route in self.engine.take_closed() {
            self.sockets.disconnect(route.socket, route.server);
        }
        for target in self.engine.take_idle() {
            self.ask(target);
        }
    }

    fn ask(&mut self, index: usize) {
        let Some(target) = self.engine.get_mut(index) else {
            return;
        };
        target.look_again = None;
        let plan = &target.plan;
        self.resolver.ask(Question {
            target: index,
            host: plan.host.clone(),
            port: plan.port(),
            is_peer: plan.is_peer() && self.own_name.is_none(),
            family: plan.settings.family,
        });
    }

    /// Takes answers of the resolver, and asks for names that are due again.
    fn look_up(&mut self) {
        while let Some(answer) = self.resolver.next() {
            if let Err(error) = self.resolved(&answer) {
                warn(&chain(&error));
            }
        }
        let now = self.now();
        if now < self.looked.saturating_add(LOOK) {
            return;
        }
        self.looked = now;
        let clocks = self.clock.all();
        let before = std::mem::replace(&mut self.clocks, clocks);
        // One that went on while the machine slept is another one, too.
        if clocks.set_since(&before, Duration::ZERO).is_some() {
            self.clock_steps += 1;
            self.engine.renew_timed(now);
        }
        let due = |at: Option<ClientTime>| at.is_some_and(|at| at <= now);
        let due = self.engine.targets().filter(|(_, it)| due(it.look_again));
        let due: Vec<usize> = due.map(|(index, _)| index).collect();
        for index in due {
            self.ask(index);
        }
    }

    fn resolved(&mut self, answer: &Answer) -> anyhow::Result<()> {
        let (index, now) = (answer.question.target, self.now());
        let Some(target) = self.engine.get_mut(index) else {
            return Ok(());
        };
        // It may be another one's place by now, or its name another one.
        if target.plan.host != answer.question.host {
            return Ok(());
        }
        let is_name = target.plan.host.host.parse::<Address>().is_err();
        target.look_again = is_name.then(|| now.saturating_add(target.plan.settings.resolve));
        let route = target.route;
        let known = route.map(|route| route.server);
        let (found, own): (&[SocketAddr], bool) = match &answer.found {
            Ok((found, own)) => (found, *own),
            Err(error) => {
                // Without an answer the address that is known stays.
                if known.is_none() {
                    let name = &target.plan.name;
                    warn(&say::MonitorUnresolved {
                        name,
                        error: chain(error),
                    });
                    self.engine.begin(now, index, None)?;
                }
                return Ok(());
            }
        };
        let is_own = target.plan.is_peer()
            && match &self.own_name {
                Some(name) => **name == *target.plan.name,
                None => own,
            };
        if is_own {
            self.complete_snapshot();
            self.engine.set_own(now, index);
            self.settle_routes();
            return Ok(());
        }
        if known.is_some_and(|known| found.contains(&known)) {
            return Ok(());
        }
        let (path, bytes) = (
            target.plan.settings.path.clone(),
            self.engine.request_len(index),
        );
        let Some(server) = found.first().copied() else {
            return Ok(());
        };
        let route = match self.sockets.connect(index, server, &path, bytes) {
            Ok(socket) => Some(Route { socket, server }),
            Err(error) => {
                warn(&chain(&error));
                None
            }
        };
        self.engine.begin(now, index, route)?;
        self.settle_routes();
        Ok(())
    }

    /// Copies some of what somebody asks for. Whether there may be more to copy.
    fn serve_snapshot(&mut self) -> bool {
        let is_asked = self.queue.is_asked();
        if is_asked {
            let health = self.health();
            self.queue.serve(&self.engine, health);
        }
        is_asked
    }

    /// Finishes what somebody waits for, of the targets as they are.
    fn complete_snapshot(&mut self) {
        let health = self.health();
        self.queue.complete(&self.engine, health);
    }

    /// How this process fares.
    pub(crate) fn health(&self) -> Health {
        Health {
            missed: self.engine.missed,
            rx_dropped: self.sockets.rx_dropped(),
            strangers: self.sockets.strangers(),
            timer_error: self.engine.timer_error,
            clock_steps: self.clock_steps,
        }
    }
}

/// Takes a message of an error queue; what was `undelivered` is held.
fn take(engine: &mut Engine<ProcessSessions>, undelivered: &mut Vec<Held>, input: Input<'_>) {
    match input {
        Input::Timestamp(probe, at) => engine.transmitted(&probe, at),
        Input::Undelivered(whose, message) => undelivered.push((whose, message)),
        Input::Reply(..) => {}
    }
}

/// Settles what was `undelivered`: whether there was anything.
fn settle(
    engine: &mut Engine<ProcessSessions>,
    undelivered: &mut Vec<Held>,
    clock: &Clock,
) -> bool {
    let any = !undelivered.is_empty();
    for (whose, message) in undelivered.drain(..) {
        if let Some(target) = whose {
            engine.undelivered(target, clock.client_time(), message.beginning());
        }
    }
    any
}
