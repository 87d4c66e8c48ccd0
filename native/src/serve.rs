//! `udping serve`: the reflector on a real socket, with whatever trouble was asked for.
//!
//! Owns the queue of packets that are held back to be late. Whom to answer, and
//! what, is the core's; what a packet meets is the link model's.

mod queue;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::guard::{Guard, RateLimit, Refusal, Track};
use udping_core::link::{Conditions, Direction, Link, PacketId, Seed};
use udping_core::reflector::{Answer, Counts, Reflector};
use udping_core::time::ReflectorTime;

use crate::Verdict;
use crate::cli::{RateLimitArg, ServeArgs};
use crate::clock::Clock;
use crate::net::{ATTENTION, RECEIVE_BUFFER, ServerSocket, is_unreachable};
use crate::signals::Signals;
use queue::{Held, Queue, Way};

/// Requests a second from one source where nothing else is said and the address is
/// not loopback.
const DEFAULT_RATE: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// Sources that are remembered; beyond it the one unseen longest is forgotten.
const SOURCES: usize = 4_096;

/// How often the log says that a limit bites.
const LOG_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<Verdict> {
    let signals = Signals::install().context("cannot take over signals")?;
    let [request, reply] = args.conditions.both()?;
    let trouble = Trouble {
        seed: args.conditions.seed()?,
        request,
        reply,
    };
    let socket = ServerSocket::bind(args.bind).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "another program has that port; choose another, or 0 for any free one"
            }
            io::ErrorKind::PermissionDenied => {
                "ports below 1024 need privileges; choose a higher one"
            }
            io::ErrorKind::AddrNotAvailable => "this machine does not have that address",
            _ => "choose another address",
        };
        anyhow::Error::new(error).context(format!("cannot listen on {}: {advice}", args.bind))
    })?;
    let address = socket.address()?;
    let rate = match args.rate_limit {
        Some(RateLimitArg::Off) => None,
        Some(RateLimitArg::PerSecond(rate)) => Some(rate),
        None => (!address.ip().is_loopback()).then_some(DEFAULT_RATE),
    };
    let mut service = Service::new(socket, args.reply.into(), rate, trouble, crate::random()?)?;

    let mut out = io::stdout().lock();
    writeln!(out, "listening on {address}")?;
    out.flush()?;
    drop(out);
    if trouble.any() {
        eprintln!(
            "conditions: to the server {:?}, back {:?}, seed {}",
            trouble.request, trouble.reply, trouble.seed
        );
    }
    let verbose = args.verbose;
    service.run(&signals, &mut |line| {
        if verbose {
            writeln!(io::stdout(), "{line}")
        } else {
            Ok(())
        }
    })?;
    writeln!(io::stdout(), "{}", service.summary())?;
    Ok(Verdict::Good)
}

/// What packets meet on each way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trouble {
    pub(crate) seed: Seed,
    pub(crate) request: Conditions,
    pub(crate) reply: Conditions,
}

impl Trouble {
    fn any(&self) -> bool {
        [self.request, self.reply]
            .iter()
            .any(|way| *way != Conditions::default())
    }
}

/// A reflector at work.
pub(crate) struct Service {
    socket: ServerSocket,
    reflector: Reflector<Vec<Track>>,
    request: Link,
    reply: Link,
    clock: Clock,
    /// Requests so far: each one's number is its packet's name to the links.
    arrivals: u64,
    held: Queue,
    dropped: [u64; 2],
    unsendable: u64,
    bitten: Bites,
}

/// Limits that bit since the log last said so.
#[derive(Debug, Default)]
struct Bites {
    logged: Option<ReflectorTime>,
    since: u64,
}

impl Service {
    pub(crate) fn new(
        socket: ServerSocket,
        answer: Answer,
        rate: Option<NonZeroU32>,
        trouble: Trouble,
        secret: u64,
    ) -> anyhow::Result<Self> {
        let limit = rate.map(|rate| RateLimit {
            per_second: rate,
            burst: rate,
        });
        let guard = Guard::new(
            socket.address()?.port(),
            limit,
            secret,
            vec![Track::EMPTY; SOURCES * 2],
        );
        Ok(Self {
            socket,
            reflector: Reflector::new(answer, guard),
            request: Link::new(trouble.seed, Direction::Request, trouble.request),
            reply: Link::new(trouble.seed, Direction::Reply, trouble.reply),
            clock: Clock::start(),
            arrivals: 0,
            held: Queue::default(),
            dropped: [0; 2],
            unsendable: 0,
            bitten: Bites::default(),
        })
    }

    /// Answers until told to stop; `log` gets a line for every request.
    pub(crate) fn run(
        &mut self,
        signals: &Signals,
        log: &mut dyn FnMut(std::fmt::Arguments<'_>) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let (mut request, mut reply) = (vec![0; RECEIVE_BUFFER], vec![0; RECEIVE_BUFFER]);
        while !signals.stopped() {
            if signals.take_report() {
                eprintln!("{}", self.summary());
            }
            let now = self.clock.reflector_time();
            while let Some(held) = self.held.pop_due(now) {
                match held.way {
                    Way::Request => {
                        self.answer(now, held.packet, held.peer, &held.bytes, &mut reply, log)?;
                    }
                    Way::Reply => self.send(&held.bytes, held.peer),
                }
            }
            let wait = self.held.next_due().map_or(ATTENTION * 2, |due| {
                due.checked_since(now).unwrap_or_default()
            });
            match self.socket.receive(&mut request, wait) {
                Ok(None) => {}
                Ok(Some((len, from))) => {
                    let now = self.clock.reflector_time();
                    let datagram = request.get(..len).unwrap_or_default();
                    self.arrive(now, from, datagram, &mut reply, log)?;
                }
                // What became of an earlier reply is its receiver's affair.
                Err(error) if is_unreachable(&error) => {}
                Err(error) => return Err(error).context("cannot receive any more"),
            }
        }
        Ok(())
    }

    pub(crate) fn summary(&self) -> String {
        let Counts {
            requests,
            replies,
            system_port,
            own_port,
            rate_limit,
            echo_loop,
        } = self.reflector.counts();
        let [there, back] = self.dropped;
        let parts = [
            (there, "lost on the way here"),
            (back, "replies lost on the way back"),
            (system_port, "refused for their source port"),
            (own_port, "refused as coming from our own port"),
            (rate_limit, "refused by the rate limit"),
            (echo_loop, "refused as our own replies coming back"),
            (
                self.held.overflowed(),
                "dropped because too many were held back",
            ),
            (self.unsendable, "replies that could not be sent"),
        ];
        let mut text = format!("{} requests, {replies} replies", requests + there);
        for (number, what) in parts.iter().filter(|(number, _)| *number > 0) {
            // Writing to a string cannot fail.
            let _ = write!(text, ", {number} {what}");
        }
        text
    }

    /// A request off the wire: the way here is simulated, then it is answered.
    fn arrive(
        &mut self,
        now: ReflectorTime,
        from: SocketAddr,
        datagram: &[u8],
        reply: &mut [u8],
        log: &mut dyn FnMut(std::fmt::Arguments<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.arrivals += 1;
        let packet = PacketId {
            seq: self.arrivals,
            copy: 0,
        };
        let fate = self.request.fate(packet);
        if fate.lost {
            self.dropped[0] += 1;
            return log(format_args!(
                "request {} from {from}: lost on the way here",
                packet.seq
            ));
        }
        let hold = |delay: Duration, copy: u32| Held {
            due: now.saturating_add(delay),
            way: Way::Request,
            packet: PacketId { copy, ..packet },
            peer: from,
            bytes: datagram.to_vec(),
        };
        if let Some(delay) = fate.duplicate {
            self.held.push(hold(delay, 1));
        }
        if fate.delay.is_zero() {
            return self.answer(now, packet, from, datagram, reply, log);
        }
        self.held.push(hold(fate.delay, 0));
        Ok(())
    }

    /// A request that has arrived: judged, answered, and the reply sent on its way.
    fn answer(
        &mut self,
        now: ReflectorTime,
        packet: PacketId,
        from: SocketAddr,
        datagram: &[u8],
        reply: &mut [u8],
        log: &mut dyn FnMut(std::fmt::Arguments<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let len = match self.reflector.handle_request(now, from, datagram, reply) {
            Ok(len) => len,
            Err(why) => {
                self.bite(now, from, why);
                return log(format_args!(
                    "request {} from {from}: no answer, {}",
                    packet.seq,
                    refusal(why)
                ));
            }
        };
        let reply = reply.get(..len).unwrap_or_default();
        let way_back = PacketId {
            copy: packet.copy * 2,
            ..packet
        };
        let fate = self.reply.fate(way_back);
        if fate.lost {
            self.dropped[1] += 1;
            return log(format_args!(
                "request {} from {from}: answered, the reply lost",
                packet.seq
            ));
        }
        let hold = |delay: Duration| Held {
            due: now.saturating_add(delay),
            way: Way::Reply,
            packet: way_back,
            peer: from,
            bytes: reply.to_vec(),
        };
        if let Some(delay) = fate.duplicate {
            self.held.push(hold(delay));
        }
        if fate.delay.is_zero() {
            self.send(reply, from);
        } else {
            self.held.push(hold(fate.delay));
        }
        log(format_args!(
            "request {} from {from}: {} bytes, answered",
            packet.seq,
            datagram.len()
        ))
    }

    fn send(&mut self, reply: &[u8], to: SocketAddr) {
        match self.socket.send(reply, to) {
            // A word about an earlier reply, not about this one.
            Err(error) if is_unreachable(&error) => {
                if self.socket.send(reply, to).is_err() {
                    self.unsendable += 1;
                }
            }
            Err(_) => self.unsendable += 1,
            Ok(()) => {}
        }
    }

    /// Says in the log that a limit bites, once a second at most.
    fn bite(&mut self, now: ReflectorTime, from: SocketAddr, why: Refusal) {
        self.bitten.since += 1;
        let due = self
            .bitten
            .logged
            .is_none_or(|logged| now >= logged.saturating_add(LOG_INTERVAL));
        if due {
            eprintln!(
                "no answer to {from}: {} ({} such since the last line)",
                refusal(why),
                self.bitten.since
            );
            self.bitten = Bites {
                logged: Some(now),
                since: 0,
            };
        }
    }
}

fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::SystemPort => "its source port is 0 or a system port",
        Refusal::OwnPort => "its source port is our own",
        Refusal::RateLimit => "its source is over the rate limit",
        Refusal::EchoLoop => "our own reply keeps coming back",
        _ => "a rule forbids it",
    }
}
