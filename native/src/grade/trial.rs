//! One trial: the program on one scripted network, in a process of its own, from which no
//! way leads out where the system permits that.
//!
//! Owns the sockets, the terminal and the times of everything. What is sent when is the
//! scenario's; what it means, nobody's here.

use std::fs::File;
use std::io::{self, IoSliceMut, Read as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, TcpListener, UdpSocket};
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd};
use std::time::Duration;

use anyhow::Context as _;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;
use serde::{Deserialize, Serialize};
use socket2::{Domain, Protocol, Socket, Type};
use udping_core::reflector::described::Answers;
use udping_core::time::saturating_nanos;
use udping_journal::Script;

use super::confine;
use super::names;
use super::program::{Program, launch, terminal};
use super::reader::Reader;
use super::scenario::{Availability, Noise, Scenario};
use super::starved::Starved;
use super::transcript::{End, Late, Open, Packet, PacketRole, ReplyKind, Transcript};
use crate::clock::{Clock, KernelTimestamp};
use crate::i18n::say;

/// What is to be tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Trial {
    pub(super) scenario: String,
    /// The program, its arguments, and the folder that it runs in.
    pub(super) program: Program,
    /// How many pings there should be, and how long each waits.
    pub(super) count: u64,
    pub(super) timeout: Duration,
    /// What a server reads, and what it answers to that; without, it echoes.
    pub(super) answer: Option<(String, String)>,
}

/// How many bytes of a datagram are kept.
const KEPT: usize = 1100;

/// How long a program has until it first does anything.
const START: Duration = Duration::from_secs(25);

/// How long it may then do nothing, beside its timeout.
const IDLE: Duration = Duration::from_secs(5);

/// The longest datagram that IPv4 has.
const LONGEST: usize = 65_507;

/// How often this side looks at least: so it sees when the machine is busy.
const LOOK: Duration = Duration::from_millis(20);

/// Lateness of no account.
const PUNCTUAL: Duration = Duration::from_millis(1);

/// Before a reply that must be on time, the processor is kept so long.
const SPIN: Duration = Duration::from_micros(300);

/// Runs a trial.
///
/// # Errors
/// There is no socket or no terminal to be had.
pub(super) fn run(trial: &Trial) -> anyhow::Result<Transcript> {
    let scenario = Scenario::find(&trial.scenario).context(say::GRADE_NO_SCENARIO)?;
    confine::stay_below()?;
    let mut open = Vec::new();
    if trial.program.isolated {
        confine::isolate()?;
    } else {
        open.extend([Open::Network, Open::Processes, Open::Files]);
    }
    Running::new(trial, scenario, open)?.run()
}

/// A trial in progress.
struct Running<'a> {
    trial: &'a Trial,
    scenario: &'a Scenario,
    script: Script,
    answers: Option<Answers>,
    clock: Clock,
    port: u16,
    sockets: Vec<UdpSocket>,
    stranger: UdpSocket,
    tcp: Option<TcpListener>,
    /// Sees what is sent to a port on which nobody listens.
    raw: Option<Socket>,
    names: Option<names::Names>,
    due: Vec<Reply>,
    requests: usize,
    away_until: Option<Duration>,
    seen: Transcript,
    active: Duration,
    /// How many processes the system had at first.
    processes: usize,
}

/// A datagram to be sent.
struct Reply {
    at: Duration,
    from: Sender,
    to: SocketAddr,
    what: PacketRole,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Sender {
    Server(usize),
    Stranger,
}

impl<'a> Running<'a> {
    fn new(trial: &'a Trial, scenario: &'a Scenario, open: Vec<Open>) -> anyhow::Result<Self> {
        let answers = trial.answer.as_ref().map(|(expect, answer)| {
            let pair = [(expect.as_str(), answer.as_str())];
            Answers::compile(pair)
        });
        let answers = answers.transpose().context(say::GRADE_WIRE_WRONG)?;
        let (sockets, port) = bind(trial.program.port).context(say::NO_SOCKET)?;
        let listens = scenario.listening != Availability::Never;
        let raw = (scenario.listening != Availability::Always)
            .then(|| Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::UDP)).ok())
            .flatten();
        if let Some(raw) = &raw {
            raw.set_nonblocking(true)?;
            setsockopt(raw, sockopt::ReceiveTimestampns, &true)?;
        }
        let unseen = raw.is_none() && scenario.listening != Availability::Always;
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
        if let Some(tcp) = &tcp {
            tcp.set_nonblocking(true)?;
        }
        let names = trial.program.isolated.then(names::Names::new).flatten();
        Ok(Self {
            trial,
            scenario,
            script: scenario.script().context(say::GRADE_NO_SCENARIO)?,
            answers,
            clock: Clock::start(),
            port,
            sockets: if listens { sockets } else { Vec::new() },
            stranger: UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).context(say::NO_SOCKET)?,
            tcp,
            raw,
            names,
            due: Vec::new(),
            requests: 0,
            away_until: None,
            seen: Transcript {
                packets: Vec::new(),
                output: Vec::new(),
                end: End::Hung,
                ended_ns: 0,
                late_ns: 0,
                late: Vec::new(),
                tcp: false,
                unseen,
                refused: scenario.listening != Availability::Always,
                outside: false,
                tampered: false,
                open,
            },
            active: Duration::ZERO,
            processes: confine::all_processes(),
        })
    }

    fn run(mut self) -> anyhow::Result<Transcript> {
        let routes = confine::routes();
        let terminal = terminal()?;
        let mut launched = launch(&self.trial.program, self.port, terminal.slave)?;
        let mut status = launched.stdout.take();
        let mut reader = Reader::new(File::from(terminal.master));
        let mut told = Vec::new();
        let mut starved = Starved::new(launched.id());
        let end = loop {
            let ended = self.wait(reader.as_fd(), status.as_ref().map(|it| it.as_fd()))?;
            self.receive()?;
            self.send_due();
            self.come_back();
            self.accept();
            if let Some(names) = &self.names {
                names.answer();
            }
            self.read(&mut reader);
            self.disturbed(starved.look().unwrap_or_default(), true);
            if ended && let Some(status) = &mut status {
                let mut bytes = [0; 4096];
                let read = status.read(&mut bytes)?;
                told.extend_from_slice(bytes.get(..read).unwrap_or_default());
                if read == 0 {
                    break serde_json::from_slice(&told).unwrap_or(End::Signal(9));
                }
            }
            if let Some(end) = self.overdue(reader.is_full()) {
                break end;
            }
        };
        let ended = self.clock.elapsed();
        if self.trial.program.isolated {
            self.seen.outside = confine::went_outside(&routes);
            self.seen.tampered = confine::is_tampered(&self.trial.program.folder);
        }
        // Whoever is first in a namespace of processes takes all others along.
        let _ = launched.kill();
        let _ = launched.wait();
        confine::end_all();
        self.read(&mut reader);
        reader.finish_line(self.clock.elapsed());
        self.seen.output = reader.lines;
        self.seen.end = end;
        self.seen.ended_ns = saturating_nanos(ended);
        Ok(self.seen)
    }

    /// Waits for something to do; and says whether the launcher has something to say.
    fn wait(&mut self, master: BorrowedFd<'_>, status: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        let now = self.clock.elapsed();
        let times = self.due.iter().map(|it| it.at);
        let next = times.chain(self.away_until).min();
        let mut wait = LOOK;
        if let Some(next) = next {
            let spin = if self.scenario.near {
                SPIN
            } else {
                Duration::ZERO
            };
            wait = wait.min(next.saturating_sub(now).saturating_sub(spin));
        }
        let mut files: Vec<BorrowedFd<'_>> = status.into_iter().collect();
        files.push(master);
        files.extend(self.sockets.iter().map(|it| it.as_fd()));
        files.extend(self.tcp.iter().map(|it| it.as_fd()));
        files.extend(self.raw.iter().map(|it| it.as_fd()));
        files.extend(self.names.iter().map(names::Names::file));
        let polled = files.iter().map(|it| PollFd::new(*it, PollFlags::POLLIN));
        let mut polled: Vec<PollFd<'_>> = polled.collect();
        let nothing = match ppoll(&mut polled, Some(TimeSpec::from_duration(wait)), None) {
            Ok(count) => count == 0,
            Err(Errno::EINTR) => false,
            Err(error) => return Err(error.into()),
        };
        let ready = |it: &PollFd<'_>| it.any().unwrap_or(false);
        // A terminal that was closed would be ready for ever.
        if polled.get(1).is_some_and(ready) && !polled.first().is_some_and(ready) {
            let hung_up = polled.get(1).and_then(PollFd::revents);
            if hung_up.is_some_and(|it| it.contains(PollFlags::POLLHUP)) {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        let told = status.is_some() && polled.first().is_some_and(ready);
        if nothing {
            self.late(self.clock.elapsed().saturating_sub(now + wait));
        }
        Ok(told)
    }

    fn receive(&mut self) -> anyhow::Result<()> {
        let mut buffer = vec![0; 1 << 16];
        for index in 0..self.sockets.len() {
            while let Some(socket) = self.sockets.get(index)
                && let Some((length, from, at)) = self.take(socket.as_fd(), &mut buffer)?
            {
                let bytes = buffer.get(..length).unwrap_or_default().to_vec();
                self.request(index, from, &bytes, at);
            }
        }
        // Whoever takes its reply for the server's may ask it from then on.
        while let Some((length, from, at)) = self.take(self.stranger.as_fd(), &mut buffer)? {
            let bytes = buffer.get(..length).unwrap_or_default().to_vec();
            self.note(at, PacketRole::Request { port: from.port() }, &bytes);
            self.requests += 1;
        }
        if self.away_until.is_some() && !self.sockets.is_empty() {
            self.sockets.clear();
            self.due.clear();
            // It saw the same datagrams.
            if let Some(raw) = &mut self.raw {
                while raw.read(&mut buffer).is_ok() {}
            }
        }
        while let Some(raw) = &self.raw
            && let Some((length, _, at)) = self.take(raw.as_fd(), &mut buffer)?
        {
            let listening = !self.sockets.is_empty();
            let datagram = buffer.get(..length).unwrap_or_default();
            if let Some((port, bytes)) = to_port(datagram, self.port)
                && !listening
            {
                let bytes = bytes.to_vec();
                self.late(self.clock.elapsed().saturating_sub(at));
                self.note(at, PacketRole::Request { port }, &bytes);
                self.requests += 1;
            }
        }
        Ok(())
    }

    /// The next datagram of a socket, and when the kernel received it.
    fn take(
        &self,
        socket: BorrowedFd<'_>,
        buffer: &mut [u8],
    ) -> anyhow::Result<Option<(usize, SocketAddr, Duration)>> {
        let mut control = nix::cmsg_space!(TimeSpec);
        let mut slices = [IoSliceMut::new(buffer)];
        let got = recvmsg::<SockaddrStorage>(
            socket.as_raw_fd(),
            &mut slices,
            Some(&mut control),
            MsgFlags::MSG_DONTWAIT,
        );
        let got = match got {
            Ok(got) => got,
            // The last is what an ICMP message said of an earlier reply.
            Err(Errno::EAGAIN | Errno::EINTR | Errno::ECONNREFUSED) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let now = self.clock.reflector_time();
        let mut at = now;
        for message in got.cmsgs()? {
            if let ControlMessageOwned::ScmTimestampns(time) = message {
                let nanos = Duration::from(time).as_nanos();
                let kernel = KernelTimestamp::from_nanos(i64::try_from(nanos)?);
                at = self.clock.received_at(now, kernel);
            }
        }
        let from = got.address.as_ref().and_then(address);
        let at = Duration::from_nanos(at.as_nanos());
        Ok(from.map(|from| (got.bytes, from, at)))
    }

    fn request(&mut self, socket: usize, from: SocketAddr, bytes: &[u8], at: Duration) {
        self.late(self.clock.elapsed().saturating_sub(at));
        self.note(at, PacketRole::Request { port: from.port() }, bytes);
        let index = self.requests;
        self.requests += 1;
        let number = u64::try_from(self.requests).unwrap_or(u64::MAX);
        if let Availability::Restart { from, away } = self.scenario.listening
            && number == from
        {
            self.away_until = Some(at + away);
        }
        // What came with the one at which it goes away is not answered either.
        let Some(reply) = self.answer(bytes).filter(|_| self.away_until.is_none()) else {
            return;
        };
        if self.scenario.noise == Noise::Garbage {
            let garbage = [
                (10, b"\xff\xfe\x00?%$!&\x80\xc3".to_vec()),
                (20, Vec::new()),
                (30, vec![b'x'; LONGEST]),
            ];
            for (after, bytes) in garbage {
                self.due.push(Reply {
                    at: at + Duration::from_millis(after),
                    from: Sender::Server(socket),
                    to: from,
                    what: PacketRole::Noise,
                    bytes,
                });
            }
        }
        for due in self.scenario.replies(&self.script, number) {
            let mut bytes = reply.clone();
            match due.kind {
                ReplyKind::Upper => bytes.make_ascii_uppercase(),
                ReplyKind::Padded => bytes.resize(bytes.len().max(1024), 0),
                ReplyKind::Plain | ReplyKind::Stranger | ReplyKind::Copy => {}
            }
            self.due.push(Reply {
                at: at + due.after,
                from: match due.kind {
                    ReplyKind::Stranger => Sender::Stranger,
                    _ => Sender::Server(socket),
                },
                to: from,
                what: PacketRole::Reply {
                    request: index,
                    kind: due.kind,
                },
                bytes,
            });
        }
    }

    /// The reply to a request, if it is of the wire.
    fn answer(&self, request: &[u8]) -> Option<Vec<u8>> {
        let Some(answers) = &self.answers else {
            return Some(request.to_vec());
        };
        let mut reply = vec![0; 2048];
        let wall = self.clock.wall_at(self.clock.reflector_time());
        let length = answers.write(request, wall, &mut reply).ok()?;
        reply.truncate(length);
        Some(reply)
    }

    fn send_due(&mut self) {
        loop {
            let next = (0..self.due.len()).min_by_key(|it| self.due.get(*it).map(|it| it.at));
            let at = next.and_then(|it| self.due.get(it)).map(|it| it.at);
            let (Some(next), Some(at)) = (next, at) else {
                return;
            };
            let spin = if self.scenario.near {
                2 * SPIN
            } else {
                Duration::ZERO
            };
            if at > self.clock.elapsed() + spin {
                return;
            }
            while at > self.clock.elapsed() {
                std::hint::spin_loop();
            }
            let reply = self.due.swap_remove(next);
            let socket = match reply.from {
                Sender::Server(index) => self.sockets.get(index),
                Sender::Stranger => Some(&self.stranger),
            };
            let Some(socket) = socket else { continue };
            // Before: whoever gets it may have answered before this process goes on.
            let now = self.clock.elapsed();
            // A program that has closed its socket refuses it, which is its right.
            let sent = socket.send_to(&reply.bytes, reply.to);
            self.late(now.saturating_sub(at));
            if sent.is_ok() {
                self.note(now, reply.what, &reply.bytes);
            }
        }
    }

    /// Listens again, once it is time.
    fn come_back(&mut self) {
        if self.away_until.is_some_and(|it| it <= self.clock.elapsed())
            && let Ok((sockets, _)) = bind(Some(self.port))
        {
            self.away_until = None;
            self.sockets = sockets;
        }
    }

    fn accept(&mut self) {
        if let Some(tcp) = &self.tcp {
            while tcp.accept().is_ok() {
                self.seen.tcp = true;
            }
        }
    }

    /// This side was late.
    fn late(&mut self, by: Duration) {
        self.seen.late_ns = self.seen.late_ns.max(saturating_nanos(by));
        self.disturbed(by, false);
    }

    /// Something was late, which may have changed what is measured.
    fn disturbed(&mut self, by: Duration, program: bool) {
        if by > PUNCTUAL {
            self.seen.late.push(Late {
                at_ns: saturating_nanos(self.clock.elapsed()),
                by_ns: saturating_nanos(by),
                program,
            });
        }
    }

    fn note(&mut self, at: Duration, what: PacketRole, bytes: &[u8]) {
        self.active = self.active.max(at);
        self.seen.packets.push(Packet {
            at_ns: saturating_nanos(at),
            what,
            bytes: bytes.iter().take(KEPT).copied().collect(),
            length: bytes.len(),
        });
    }

    fn read(&mut self, reader: &mut Reader) {
        let now = self.clock.elapsed();
        if reader.read(now) {
            self.active = now;
        }
    }

    /// Why the program is not to go on, if it is not.
    fn overdue(&self, flooded: bool) -> Option<End> {
        let now = self.clock.elapsed();
        let many = 3 * self.trial.count + 10;
        let requests = u64::try_from(self.requests).unwrap_or(u64::MAX);
        let pings = u32::try_from(self.trial.count).unwrap_or(u32::MAX);
        let most = START + (self.trial.timeout * 2 + Duration::from_secs(1)) * pings;
        if flooded {
            return Some(End::Flood);
        }
        if confine::too_many_processes(self.processes) {
            return Some(End::Processes);
        }
        if requests > many || now > most {
            return Some(End::Endless);
        }
        let idle = if self.active.is_zero() {
            START
        } else {
            IDLE + self.trial.timeout
        };
        let waits = self.due.is_empty() && self.away_until.is_none();
        let hangs = waits && now > self.active + idle;
        hangs.then(|| {
            if confine::has_many(self.processes) {
                End::Processes
            } else {
                End::Hung
            }
        })
    }
}

/// Sockets on a port of loopback: this one, or any that is free.
fn bind(port: Option<u16>) -> io::Result<(Vec<UdpSocket>, u16)> {
    let first = UdpSocket::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))?;
    let port = first.local_addr()?.port();
    let mut sockets = vec![first];
    // Where there is no IPv6, nobody looks there.
    sockets.extend(UdpSocket::bind((Ipv6Addr::LOCALHOST, port)));
    for socket in &sockets {
        setsockopt(socket, sockopt::ReceiveTimestampns, &true)?;
    }
    Ok((sockets, port))
}

/// Source port and payload of an IPv4 packet with a UDP datagram to `port`.
fn to_port(packet: &[u8], port: u16) -> Option<(u16, &[u8])> {
    let header = usize::from(packet.first()? & 0xf) * 4;
    let udp = packet.get(header..)?;
    let number = |at: usize| Some(u16::from_be_bytes([*udp.get(at)?, *udp.get(at + 1)?]));
    (number(2)? == port).then_some((number(0)?, udp.get(8..)?))
}

fn address(from: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = from
        .as_sockaddr_in()
        .map(|it| SocketAddr::V4(SocketAddrV4::new(it.ip(), it.port())));
    v4.or_else(|| {
        from.as_sockaddr_in6()
            .map(|it| SocketAddr::from((it.ip(), it.port())))
    })
}
