//! `udping serve --heartbeat`: listens, answers if templates say so, and says who is alive.
//!
//! Owns the socket, the packets that are held back to be late, and the names of
//! clients. How heartbeats are answered is `answering`'s. What is missing, and who has stopped, is the core's to decide.

mod answering;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::Schedule;
use udping_core::heartbeat::{self, Beat, BeatOrder, Monitor, MonitorOutput, SenderState};
use udping_core::reflector::described::AnswersError;
use udping_core::time::{ReflectorTime, WallTime};
use udping_core::wire::heartbeat::{CREDIBLE_NS, decode};
use udping_core::wire::template::{Role, Template};
use udping_core::wire::{self, LARGEST_EXACT};
use udping_journal::{
    Done, Header, Named, Passage, Received, Record, ReflectorSpec, Silent, Stop, StopReason,
    UnixNanos, Unreadable, Way,
};
use udping_link::{Direction, Impairments, Link, PacketId};

use super::counts::ServiceCounts;
use super::described::{answers, refused};
use super::held_packet::HeldPacket;
use super::listen::listen;
use super::{Allowed, allowed, announce, policy};
use crate::ExitStatus;
use crate::cli::{ByArg, ServeArgs, WireArg};
use crate::clock::Clock;
use crate::confine::{self, Sandbox, Task};
use crate::delay_queue::DelayQueue;
use crate::i18n::{duration, say};
use crate::inform;
use crate::journal::{self, Subject};
use crate::net::{Ancillary, Peer, RECEIVE_BUFFER, ServerSocket, is_unreachable};
use crate::outlet::Outlet;
use crate::poll::POLL_INTERVAL;
use crate::reflector::AnyReflector;
use crate::report::{self, heartbeat as lines, ignored};
use crate::run_end::RunEnd;
use crate::sd_notify::ServiceManager;
use crate::signals::Signals;
use answering::HeartbeatReflector;

/// Clients that can be watched at once: a table of some 100 KB.
const CLIENTS: usize = 1 << 10;

/// How many clients get a line at the end.
const LISTED: usize = 50;

pub(super) fn run(
    args: &ServeArgs,
    signals: &Signals,
    manager: &ServiceManager,
) -> anyhow::Result<ExitStatus> {
    let impairments = args.impairments.real_path()?;
    let place = args.bind.address(WireArg::Textbook.default_port())?;
    let socket = listen(place, 1)?.swap_remove(0);
    let address = socket.address()?;
    let policy = policy(args, address)?;
    let answers = answers(args, address)?;
    anyhow::ensure!(
        answers.is_some() || impairments.reply == Impairments::default(),
        say::MONITOR_REPLY_IMPAIRMENTS
    );
    anyhow::ensure!(answers.is_none() || !args.record.redact, say::SERVE_REDACT);
    if args.record.to_stdout() {
        inform(&say::ServeListening { address });
    } else {
        announce(address)?;
    }
    if answers.is_some() && impairments.any() {
        inform(&say::ServeImpairments {
            request: report::impairments(&impairments.request),
            reply: report::impairments(&impairments.reply),
            seed: impairments.seed,
        });
    } else if impairments.any() {
        inform(&say::MonitorImpairments {
            request: report::impairments(&impairments.request),
            seed: impairments.seed,
        });
    }
    let end = RunEnd::new(signals, None);
    let clock = Clock::start();
    let wall = clock.wall_at(ReflectorTime::ZERO).as_nanos();
    let epoch = wall.saturating_sub(CREDIBLE_NS) / SECOND * SECOND;
    let mut header = header(args, address, [epoch, wall]);
    let mut answering = None;
    if let Some((description, answers)) = answers {
        let spec = ReflectorSpec {
            seed: impairments.seed,
            request: impairments.request,
            reply: impairments.reply,
            ..ReflectorSpec::default()
        };
        header.reflector = Some(spec.with_policy(&policy));
        header = header.on_described(description);
        answering = Some(HeartbeatReflector {
            reflector: AnyReflector::described(answers, &policy)?,
            link: Link::new(impairments.seed, Direction::Reply, impairments.reply),
            room: vec![0; RECEIVE_BUFFER],
            lost: 0,
            unsendable: 0,
        });
    }
    let monitor = Monitor::new(args.silence, vec![SenderState::EMPTY; CLIENTS]);
    let monitor = monitor.with_wall(header.wall());
    // Files are opened as whoever started this, and written to as nobody; a named pipe is
    // opened when it has a reader, and so as nobody.
    let sinks = args.record.sinks(&end)?;
    confine::give_up_privileges(&args.confine)?;
    #[cfg(target_os = "linux")]
    args.record.can_split()?;
    let mut outlet = Outlet::start(&args.record, header, sinks, &end)?;
    outlet.say(match args.silence.map(duration) {
        Some(silence) => say::MonitorOpening { silence }.to_string(),
        None => say::MONITOR_OPENING_BEATS.to_string(),
    });
    outlet.say(say::MONITOR_DIFFERENCES);
    let mut server = HeartbeatServer {
        monitor,
        by: args.by,
        expected: expected(args)?,
        answering,
        ancillary: Ancillary::new(),
        socket,
        clock,
        epoch,
        wall,
        link: Link::new(impairments.seed, Direction::Request, impairments.request),
        held: DelayQueue::default(),
        arrivals: 0,
        lost: 0,
        allowed: allowed(args)?,
        not_allowed: 0,
        secret: crate::random()?,
        redact: args.record.redact,
        names: HashMap::new(),
        outlet,
    };
    // The journal's thread, which receives nothing, stays outside.
    Sandbox::prepare(&args.confine, Task::Answer).enter(true);
    manager.ready();
    server.run(signals, manager)?;
    manager.stopping();
    Ok(server.finish())
}

const SECOND: u64 = 1_000_000_000;

/// How heartbeats look, as the options say.
fn expected(args: &ServeArgs) -> anyhow::Result<Vec<Template>> {
    let compiled = args.expect.iter().enumerate().map(|(index, text)| {
        let template = Template::compile(text, Role::Expect);
        template.map_err(|error| refused(AnswersError::Expect(index, error)))
    });
    compiled.collect()
}

fn header(args: &ServeArgs, address: SocketAddr, [epoch, wall]: [u64; 2]) -> Header {
    let subject = Subject::of(None, address, args.record.redact);
    Header {
        epoch_s: Some(epoch / SECOND),
        wall_ns: Some(UnixNanos(WallTime::from_nanos(wall))),
        // 0 is what each client's beat says.
        silence_ns: Some(args.silence.map_or(0, udping_core::time::saturating_nanos)),
        ..journal::heartbeat_header(Schedule::OnDemand, None, CLIENTS as u64, subject.as_ref())
    }
}

/// The receiver of heartbeats.
struct HeartbeatServer {
    monitor: Monitor<Vec<SenderState>>,
    /// What tells clients apart.
    by: ByArg,
    /// How heartbeats look; the tolerant reading, if it is empty.
    expected: Vec<Template>,
    /// What answers them, if anything does.
    answering: Option<HeartbeatReflector>,
    ancillary: Ancillary,
    socket: ServerSocket,
    clock: Clock,
    /// What clocks are counted from, in nanoseconds since 1970.
    epoch: u64,
    /// What this end's wall clock read at time zero, in nanoseconds since 1970. It is not
    /// followed when it is set, so that differences stay comparable.
    wall: u64,
    link: Link,
    held: DelayQueue<HeldPacket>,
    /// Datagrams so far: each one's number is its packet's name to the link.
    arrivals: u64,
    /// Lost on the way here, as was asked for.
    lost: u64,
    allowed: Allowed,
    not_allowed: u64,
    /// Keeps others from choosing which clients share a place.
    secret: u64,
    redact: bool,
    /// Who the clients are that are watched.
    names: HashMap<u64, String>,
    outlet: Outlet,
}

impl HeartbeatServer {
    fn run(&mut self, signals: &Signals, manager: &ServiceManager) -> anyhow::Result<()> {
        let mut room = vec![0; RECEIVE_BUFFER];
        let mut stopped = false;
        loop {
            let now = self.clock.reflector_time();
            manager.alive(0);
            if signals.take_report() {
                inform(&lines::watched(&self.monitor.summary()));
            }
            let reads_on = self.outlet.attend();
            if !stopped && (signals.stopped() || !reads_on) {
                stopped = true;
                self.monitor.stop(now);
                let stop = if reads_on {
                    StopReason::Signal
                } else {
                    StopReason::ClosedPipe
                };
                let at_ns = self.monitor.now().as_nanos();
                self.outlet
                    .record(at_ns, Record::Stop(Stop { stop, at_ns }));
            }
            while let Some(held) = self.held.pop_due(now).filter(|_| !stopped) {
                let now = self.clock.reflector_time();
                match held.direction {
                    Direction::Request => self.take(now, held.packet, held.peer, &held.bytes),
                    Direction::Reply => self.send((held.packet, held.nth), held.peer, &held.bytes),
                }
            }
            let wake = match self.monitor.poll(now) {
                MonitorOutput::Stopped {
                    key,
                    deadline,
                    silence,
                } => {
                    self.silent(key, deadline, silence);
                    continue;
                }
                MonitorOutput::Wait(until) => Some(until),
                MonitorOutput::Idle => None,
                MonitorOutput::Done => {
                    let at_ns = self.monitor.now().as_nanos();
                    let done = Record::Done(Done { done: true, at_ns });
                    self.outlet.record(at_ns, done);
                    return Ok(());
                }
            };
            let wake = wake.into_iter().chain(self.held.next_due()).min();
            let wait = wake.map_or(POLL_INTERVAL * 2, |until| {
                until.checked_since(now).unwrap_or_default()
            });
            match self.socket.receive(&mut self.ancillary, &mut room, wait) {
                Ok(Some(received)) => {
                    let now = self.clock.reflector_time();
                    let bytes = room.get(..received.len).unwrap_or_default();
                    self.arrive(now, received.peer, bytes);
                }
                Ok(None) => {}
                Err(error) if is_unreachable(&error) => {}
                Err(error) => return Err(error).context(say::SERVE_CANNOT_RECEIVE),
            }
        }
    }

    /// A datagram off the wire: the way here is simulated.
    fn arrive(&mut self, now: ReflectorTime, peer: Peer, bytes: &[u8]) {
        let ip = peer.address.ip().to_canonical();
        if !self.allowed.is_everybody() && !self.allowed.contains(ip) {
            self.not_allowed += 1;
            return;
        }
        self.arrivals += 1;
        let packet = PacketId {
            seq: self.arrivals,
            copy: 0,
        };
        let (own, duplicate, _) = Passage::of(&self.link.fate(packet), &[]);
        if self.answering.is_some() {
            let record = Received {
                received: packet.seq,
                at_ns: now.as_nanos(),
                address: peer.to_string(),
                size: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                ..Received::default()
            };
            self.record(record.on(Way::of(&own, duplicate.as_ref(), &[])));
        }
        let hold = |passage: Passage, copy: u32| HeldPacket {
            due: now.saturating_add(passage.delay),
            direction: Direction::Request,
            packet: PacketId { copy, ..packet },
            nth: 0,
            peer,
            ttl: None,
            number: 0,
            bytes: bytes.to_vec(),
        };
        if let Some(duplicate) = duplicate.filter(|it| !it.lost) {
            self.held.push(hold(duplicate, 1));
        }
        if own.lost {
            self.lost += 1;
        } else if own.delay.is_zero() {
            self.take(now, packet, peer, bytes);
        } else {
            self.held.push(hold(own, 0));
        }
    }

    fn record(&mut self, record: impl Into<Record>) {
        let record = record.into();
        self.outlet
            .record(record.at_ns().unwrap_or_default(), record);
    }

    /// A heartbeat's number, and what its sender's clock read, in nanoseconds since 1970.
    fn read(
        &self,
        now: ReflectorTime,
        bytes: &[u8],
    ) -> Result<(u64, Option<u64>), wire::Unreadable> {
        let utc = self.wall.saturating_add(now.as_nanos());
        if !self.expected.is_empty() {
            let mut readings = self.expected.iter().map(|it| it.read(bytes));
            let reading = readings.find_map(Result::ok);
            let reading = reading.ok_or(wire::Unreadable::Malformed)?;
            if let Some(seq) = reading.seq.filter(|seq| *seq <= LARGEST_EXACT) {
                let clock = reading.time.map(WallTime::as_nanos);
                let is_date = |clock: &u64| clock.abs_diff(utc) <= CREDIBLE_NS;
                return Ok((seq, clock.filter(is_date)));
            }
        }
        let said = decode(bytes)?;
        Ok((said.seq, said.clock(utc)))
    }

    /// A datagram that has arrived.
    fn take(&mut self, now: ReflectorTime, packet: PacketId, peer: Peer, bytes: &[u8]) {
        self.answer(now, packet, peer, bytes);
        let (seq, clock) = match self.read(now, bytes) {
            Ok(said) => said,
            Err(why) => {
                self.monitor.handle_unreadable(now);
                let at_ns = self.monitor.now().as_nanos();
                let record = Record::Unreadable(Unreadable {
                    unreadable: why,
                    at_ns,
                    address: None,
                    ignored: Some(why.into()),
                });
                self.outlet.record(at_ns, record);
                let why = ignored(why.into());
                self.outlet.say(say::MonitorUnreadable { peer, why });
                return;
            }
        };
        let client = self.client(peer);
        let key = heartbeat::key(self.secret, client);
        let who = self.label(client);
        let beat = Beat {
            seq,
            clock: clock.and_then(|clock| clock.checked_sub(self.epoch)),
        };
        // A silence stands on record before the heartbeat that ends it.
        while let MonitorOutput::Stopped {
            key,
            deadline,
            silence,
        } = self.monitor.poll(now)
        {
            self.silent(key, deadline, silence);
        }
        let heard = self.monitor.handle_beat(now, key, beat);
        let record = Record::beat(self.monitor.now(), key, beat, &heard);
        let at_ns = self.monitor.now().as_nanos();
        if heard.order == BeatOrder::First {
            self.name(at_ns, key, &who);
        }
        self.outlet.record(at_ns, record);
        for line in lines::heard(&who, seq, &heard) {
            self.outlet.say(line);
        }
    }

    /// Whose heartbeat one from `peer` is: all sockets of an address are port 0 of it, if
    /// they are one client.
    fn client(&self, peer: Peer) -> SocketAddr {
        match self.by {
            ByArg::Socket => peer.address,
            ByArg::Address => SocketAddr::new(peer.address.ip().to_canonical(), 0),
        }
    }

    fn label(&self, client: SocketAddr) -> String {
        match self.by {
            ByArg::Socket => Peer::plain(client).to_string(),
            ByArg::Address => client.ip().to_string(),
        }
    }

    /// Remembers who a client is, and forgets those that are no longer watched.
    fn name(&mut self, at_ns: u64, key: u64, who: &str) {
        if self.names.len() >= 2 * CLIENTS {
            let watched: Vec<u64> = self.monitor.senders().map(SenderState::sender).collect();
            self.names.retain(|key, _| watched.contains(key));
        }
        self.names.insert(key, who.to_owned());
        if !self.redact {
            let record = Record::Named(Named {
                named: key,
                at_ns,
                address: who.to_owned(),
            });
            self.outlet.record(at_ns, record);
        }
    }

    fn silent(&mut self, key: u64, deadline: ReflectorTime, silence: Duration) {
        let at_ns = self.monitor.now().as_nanos();
        let record = Record::Silent(Silent {
            stopped: key,
            at_ns,
            deadline_ns: deadline.as_nanos(),
        });
        self.outlet.record(at_ns, record);
        let line = lines::stopped(&self.who(key), silence);
        self.outlet.say(line);
    }

    fn who(&self, key: u64) -> String {
        self.names.get(&key).cloned().unwrap_or_default()
    }

    fn finish(mut self) -> ExitStatus {
        let watched = self.monitor.summary();
        self.outlet.always(format_args!("\n{}", say::MONITOR_TITLE));
        for place in self.monitor.senders().take(LISTED) {
            let line = lines::client(&self.who(place.sender()), place);
            self.outlet.always(line);
        }
        let n = self.monitor.senders().count().saturating_sub(LISTED);
        if n > 0 {
            self.outlet.always(say::AndMore { n });
        }
        self.outlet.always(lines::watched(&watched));
        if let Some(answering) = &self.answering {
            self.outlet.always(ServiceCounts {
                lost: [0, answering.lost],
                unsendable: answering.unsendable,
                ..ServiceCounts::new(&answering.reflector.counts())
            });
        }
        if self.lost > 0 {
            self.outlet.always(say::MonitorLost { n: self.lost });
        }
        if self.held.overflowed() > 0 {
            let n = self.held.overflowed();
            self.outlet.always(say::ServeOverflowed { n });
        }
        let rx_dropped = self.socket.rx_dropped();
        if rx_dropped > 0 {
            let (about, n) = ("", rx_dropped);
            self.outlet.always(say::ServeRxDropped { about, n });
        }
        if self.not_allowed > 0 {
            let n = self.not_allowed;
            self.outlet.always(say::MonitorNotAllowed { n });
        }
        let last = Record::watched(self.monitor.now(), watched).with_rx_dropped(rx_dropped);
        if self.outlet.finish(last, None) {
            ExitStatus::Success
        } else {
            ExitStatus::Error
        }
    }
}
