//! `udping heartbeat`: a number and the time, one way, on a fixed beat.
//!
//! Owns the socket and the order of clock, sending and record. When a heartbeat goes
//! out is the core's decision.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::Schedule;
use udping_core::event::{Event, Outcome, Output};
use udping_core::heartbeat::Sender;
use udping_core::time::{ClientTime, ReflectorTime, saturating_nanos};
use udping_core::wire::Probe;
use udping_core::wire::described::DescriptionError;
use udping_core::wire::heartbeat::{LONGEST, encode};
use udping_core::wire::template::{Role, Template, Values};
use udping_journal::{Description, Done, Header, Record, Stop, StopReason, UnixNanos};

use crate::ExitStatus;
use crate::cli::{HeartbeatArgs, WireArg};
use crate::clock::Clock;
use crate::i18n::{duration, say};
use crate::journal::{self, Subject, next_address};
use crate::net::{
    ClientSocket, Connected, Options, RECEIVE_BUFFER, Resolved, SendResult, Skipped, back_off,
    is_unreachable, resolve,
};
use crate::outlet::Outlet;
use crate::report::{connect_with_advice, heartbeat as lines, seconds, send_error};
use crate::run_end::RunEnd;
use crate::signals::Signals;

/// Until when a refusal is one of the first heartbeat's, and another address is tried. The
/// journal waits for that.
const CERTAIN: ClientTime = ClientTime::from_nanos(1_000_000_000);

pub(crate) fn run(args: &HeartbeatArgs) -> anyhow::Result<ExitStatus> {
    let family = args.family.family();
    let template = args.request.as_deref();
    let template = template.map(|text| Template::compile(text, Role::Request));
    let template = template
        .transpose()
        .map_err(DescriptionError::Request)?
        .map(Box::new);
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let end = RunEnd::new(&signals, args.deadline);
    let port = WireArg::Textbook.default_port();
    let mut resolved = resolve(&args.target, port, family, None, &end)?;
    let mut connected = connect(resolved)?;
    let sinks = args.record.sinks(&end)?;
    let (silent, quiet) = (args.record.to_stdout(), args.record.quiet);
    let mut outlet = Outlet::held(silent, quiet, sinks, &end)?;
    let mut skipped = Vec::new();
    loop {
        for failed in &connected.skipped {
            outlet.always(failed.failed());
        }
        skipped.append(&mut connected.skipped);
        let Connected {
            socket,
            server,
            others,
            ..
        } = connected;
        outlet.always(say::BeatHeading {
            name: args.target.name(),
            server,
            interval: duration(args.interval),
            times: match args.count {
                0 => say::BEAT_ENDLESS.to_string(),
                n => say::BeatTimes { n }.to_string(),
            },
        });
        for skipped in &skipped {
            outlet.record(0, next_address(skipped, args.record.redact));
        }
        let mut run = HeartbeatRun {
            sender: Sender::new(args.interval, NonZeroU64::new(args.count)),
            socket,
            clock: Clock::start(),
            outlet,
            header: Some(header(args, server)),
            provisional: !others.is_empty(),
            refused_at_first: false,
            size: usize::try_from(args.size.unwrap_or(0))?,
            template: template.clone(),
            refused: None,
        };
        run.run(end.left(), &signals);
        resolved = match Resolved::of(others).filter(|_| run.refused_at_first) {
            Some(others) => others,
            None => return Ok(run.finish()),
        };
        outlet = run.outlet;
        outlet.forget();
        let refused = Skipped::refused(server.ip(), resolved.server.ip());
        outlet.always(say::PingRefusedTrying {
            server: refused.address,
            next: refused.next,
        });
        skipped.push(refused);
        connected = connect(resolved)?;
    }
}

/// A socket for the first address that can be connected to.
fn connect(resolved: Resolved) -> anyhow::Result<Connected<ClientSocket>> {
    resolved.connect(|server| {
        let socket = ClientSocket::open(server, &Options::default())?;
        let broadcast = Some(say::ONE_HOST_ONLY);
        connect_with_advice(server, broadcast, |server| socket.connect(server))?;
        Ok(socket)
    })
}

fn header(args: &HeartbeatArgs, server: SocketAddr) -> Header {
    let interval = args.interval;
    let count = NonZeroU64::new(args.count);
    let subject = Subject::of(Some(&args.target.host), server, args.record.redact);
    let description = args.request.as_ref().map(|request| Description {
        request: Some(request.clone()),
        ..Description::default()
    });
    Header {
        size: args.size.map(u64::from),
        description,
        ..journal::heartbeat_header(Schedule::Paced { interval }, count, 0, subject.as_ref())
    }
}

/// A sender at work.
struct HeartbeatRun {
    sender: Sender,
    socket: ClientSocket,
    clock: Clock,
    outlet: Outlet,
    /// The journal's, until that begins.
    header: Option<Header>,
    /// The target has another address, which heartbeats may still go to.
    provisional: bool,
    /// The first that was heard of the far end's host is that nobody listens, while that was so.
    refused_at_first: bool,
    size: usize,
    /// How heartbeats look, if not as the assignment has them.
    template: Option<Box<Template>>,
    /// The first heartbeat that the far end's host refused, since nobody listened.
    refused: Option<u64>,
}

impl HeartbeatRun {
    fn run(&mut self, deadline: Option<Duration>, signals: &Signals) {
        let described = self.template.as_ref().map_or(0, |it| it.longest());
        let mut room = vec![0; self.size.max(LONGEST).max(described)];
        let mut received = vec![0; RECEIVE_BUFFER];
        let mut stopped = false;
        // What was said before must not delay the first heartbeat.
        self.clock = Clock::start();
        if let Some(header) = &mut self.header {
            header.wall_ns = Some(UnixNanos(self.clock.wall_at(ReflectorTime::ZERO)));
        }
        if !self.provisional {
            self.settle();
        }
        while !self.refused_at_first {
            let now = self.clock.client_time();
            let over = deadline.is_some_and(|end| now.as_nanos() >= saturating_nanos(end));
            let reason = if signals.stopped() {
                Some(StopReason::Signal)
            } else if !self.outlet.attend() {
                Some(StopReason::ClosedPipe)
            } else {
                over.then_some(StopReason::Deadline)
            };
            if let Some(stop) = reason.filter(|_| !stopped) {
                stopped = true;
                self.sender.stop(now);
                self.record(|at_ns| Record::Stop(Stop { stop, at_ns }));
            }
            if signals.take_report() {
                let elapsed = self.clock.elapsed();
                crate::warn(&lines::sent(&self.sender.summary(), elapsed));
            }
            let until = match self.sender.poll(now) {
                Output::Send(probe) => {
                    self.send(&probe, &mut room);
                    continue;
                }
                Output::Event(event) => {
                    let now = self.sender.now();
                    self.record(|_| Record::event(now, &event));
                    if let Event::Missed { slots: n, .. } = event {
                        self.outlet.say(say::BeatMissed { n });
                    }
                    continue;
                }
                Output::Wait(until) => until,
                Output::Done => {
                    self.record(|at_ns| Record::Done(Done { done: true, at_ns }));
                    return;
                }
            };
            let wait = until.checked_since(now).unwrap_or_default();
            let end = deadline.map_or(u64::MAX, saturating_nanos);
            let wait = wait.min(Duration::from_nanos(end.saturating_sub(now.as_nanos())));
            match self.socket.receive(&mut received, wait, &self.clock) {
                // Whatever answers a heartbeat is not asked for.
                Ok(_) => {}
                Err(error) if is_unreachable(&error) => self.unreachable(&error),
                Err(_) => back_off(wait),
            }
            // Only now: what had come by then has been taken, however long the machine was busy.
            if self.provisional && !self.refused_at_first && now >= CERTAIN {
                self.settle();
            }
            // The errors of calls have said what the error queue says.
            while self.socket.errqueue_pending() && self.socket.next_errqueue_msg().is_ok() {}
        }
    }

    /// Heartbeats stay with this address: the journal begins.
    fn settle(&mut self) {
        self.provisional = false;
        if let Some(header) = self.header.take() {
            self.outlet.begin(header);
        }
    }

    fn send(&mut self, probe: &Probe, room: &mut [u8]) {
        let at = ReflectorTime::from_nanos(probe.at.as_nanos());
        let (seq, time) = (probe.seq, self.clock.wall_at(at));
        let len = match &self.template {
            Some(template) => template.write(Values { seq, time }, room).ok(),
            None => encode(seq, time.as_nanos(), self.size, room).ok(),
        };
        let len = len.unwrap_or_default();
        let datagram = room.get(..len).unwrap_or_default();
        let SendResult { sent, stale } = self.socket.send(datagram);
        self.record(|_| Record::sent(probe));
        match sent {
            Ok(()) => self.outlet.say(say::BeatSent {
                seq: probe.seq,
                at: seconds(Duration::from_nanos(probe.at.as_nanos())),
            }),
            Err(error) => {
                let now = self.clock.client_time();
                let outcome = self.sender.handle_send_failure(now, probe.seq);
                let now = self.sender.now();
                let said = Some(error.to_string());
                self.record(|_| Record::unsent(now, probe.seq, said, &outcome));
                let (seq, error) = (probe.seq, send_error(&error));
                self.outlet.say(say::BeatUnsent { seq, error });
            }
        }
        if let Some(error) = stale {
            self.note_refusal(&error);
        }
    }

    fn unreachable(&mut self, error: &io::Error) {
        let outcome = self.note(error);
        if let Outcome::Refused { seq, .. } = outcome
            && !self.refused_at_first
        {
            self.outlet.say(say::BeatRefused { seq });
        }
    }

    /// The network's error came with the next sending, so it is about an earlier heartbeat
    /// than the latest: which one, is not known any more.
    fn note_refusal(&mut self, error: &io::Error) {
        let outcome = self.note(error);
        if let Outcome::Refused { .. } = outcome
            && !self.refused_at_first
        {
            self.outlet.say(say::BEAT_REFUSED_BEFORE);
        }
    }

    fn note(&mut self, error: &io::Error) -> Outcome {
        if self.provisional {
            self.refused_at_first = error.kind() == io::ErrorKind::ConnectionRefused;
            if !self.refused_at_first {
                self.settle();
            }
        }
        let outcome = self.sender.handle_unreachable(self.clock.client_time());
        if let Outcome::Refused { seq, .. } = outcome
            && error.kind() == io::ErrorKind::ConnectionRefused
        {
            self.refused.get_or_insert(seq);
        }
        let now = self.sender.now();
        let said = Some(error.to_string());
        self.record(|_| Record::unreachable(now, None, said, &outcome));
        outcome
    }

    fn record(&mut self, record: impl FnOnce(u64) -> Record) {
        let at_ns = ClientTime::as_nanos(self.sender.now());
        self.outlet.record(at_ns, record(at_ns));
    }

    fn finish(mut self) -> ExitStatus {
        self.settle();
        let beats = self.sender.summary();
        let at_ns = self.sender.now().as_nanos();
        let elapsed = Duration::from_nanos(at_ns);
        self.outlet.always(lines::sent(&beats, elapsed));
        // Of the last one, the word may not have come yet.
        if self.refused == Some(1) && beats.refused + 1 >= beats.sent {
            self.outlet.always(say::BEAT_NOBODY);
        } else if self.refused.is_some() {
            self.outlet.always(say::BEAT_NOBODY_AT_TIMES);
        } else if beats.sent > 0 {
            self.outlet.always(say::BEAT_ONE_WAY);
        }
        let whole = self
            .outlet
            .finish(Record::beats(self.sender.now(), beats), None);
        if !whole || (beats.sent == 0 && beats.unsent > 0) {
            ExitStatus::Error
        } else if beats.refused > 0 || beats.sent == 0 {
            ExitStatus::Failure
        } else {
            ExitStatus::Success
        }
    }
}
