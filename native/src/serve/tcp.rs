//! `udping serve --tcp`: the same reflector over TCP, a line for a request, or what came
//! before a pause.
//!
//! Owns what a stream needs beyond a datagram: where a request ends, how long one may
//! take to come, and how many connections there may be. A thread for each connection;
//! none of them ever keeps the UDP side waiting.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use socket2::SockRef;
use udping_core::guard::{DropReason, Guard, Policy, SourceEntry};
use udping_core::reflector::ReplyMode;
use udping_core::reflector::described::Answers;
use udping_core::time::ReflectorTime;
use udping_core::wire::{Claim, text};
use udping_journal::{Judged, Way, tcp_delay};
use udping_link::{Direction, Link};

use super::drops::{DropLog, reason};
use super::lock;
use super::record::ServeRecorder;
use crate::clock::Clock;
use crate::i18n::say;
use crate::net::{Peer, back_off, received};
use crate::path_impairments::PathImpairments;
use crate::poll::POLL_INTERVAL;
use crate::reflector::IncomingRequest;
use crate::report::some;
use crate::stdio::Stdout;
use crate::warn;

/// Connections at a time. One more makes the one idle longest give way.
const CONNECTIONS: usize = 256;

/// The longest request, as long as a datagram's.
const LONGEST: usize = 65_536;

/// How long a request may take to come, from its first byte on.
const REQUEST: Duration = Duration::from_secs(10);

/// How long a request without an end of line may pause and still go on. A connection that
/// has ended one with an end of line ends them all so.
pub(crate) const QUIET: Duration = Duration::from_millis(50);

/// How long a connection may be idle.
const IDLE: Duration = Duration::from_mins(2);

/// How long a reply may wait for its reader.
const WRITING: Duration = Duration::from_secs(10);

/// Places for sources in the guard's table.
const SOURCE_ENTRIES: usize = 1 << 12;

/// The TCP side of a reflector.
pub(super) struct TcpServer {
    listener: TcpListener,
    address: SocketAddr,
    answer: ReplyMode,
    /// What templates say instead.
    described: Option<Answers>,
    guard: Mutex<Guard<Vec<SourceEntry>>>,
    drops: Mutex<DropLog>,
    request: Link,
    reply: Link,
    clock: Clock,
    /// Where each request gets a line, if it does.
    log: Option<Stdout>,
    ending: AtomicBool,
    open: Mutex<HashMap<u64, OpenConnection>>,
    counts: TcpCounters,
}

/// A connection, as its own thread has it.
struct Connection<'a> {
    number: u64,
    peer: SocketAddr,
    stream: &'a TcpStream,
    record: Option<&'a Mutex<ServeRecorder>>,
}

/// A connection, seen from outside of its thread.
struct OpenConnection {
    stream: TcpStream,
    /// When its last request was whole.
    active: ReflectorTime,
}

#[derive(Default)]
struct TcpCounters {
    connections: AtomicU64,
    requests: AtomicU64,
    replies: AtomicU64,
    dropped: AtomicU64,
    held: AtomicU64,
    displaced: AtomicU64,
    slow: AtomicU64,
    endless: AtomicU64,
}

fn add(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed) + 1
}

impl TcpServer {
    /// Listens where the UDP side does.
    pub(super) fn bind(
        address: SocketAddr,
        answer: ReplyMode,
        described: Option<Answers>,
        policy: &Policy,
        impairments: PathImpairments,
        log: Option<Stdout>,
    ) -> io::Result<Self> {
        let secret = crate::random().map_err(io::Error::other)?;
        Ok(Self {
            listener: TcpListener::bind(address)?,
            address,
            answer,
            described,
            guard: Mutex::new(Guard::new(
                policy,
                secret,
                vec![SourceEntry::EMPTY; SOURCE_ENTRIES],
            )),
            drops: Mutex::default(),
            request: Link::new(impairments.seed, Direction::Request, impairments.request),
            reply: Link::new(impairments.seed, Direction::Reply, impairments.reply),
            clock: Clock::start(),
            log,
            ending: AtomicBool::new(false),
            open: Mutex::default(),
            counts: TcpCounters::default(),
        })
    }

    /// Has it go by the clock of the UDP side.
    pub(super) fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Serves until [`TcpServer::end`] is called; `record`, if there is one, gets everything.
    pub(super) fn run(&self, record: Option<&Mutex<ServeRecorder>>) {
        thread::scope(|scope| {
            while !self.is_ending() {
                let (stream, peer) = match self.listener.accept() {
                    Ok(accepted) => accepted,
                    Err(_) if self.is_ending() => break,
                    // The connection is gone, or there are too many files: that passes.
                    Err(_) => {
                        back_off(POLL_INTERVAL);
                        continue;
                    }
                };
                if self.is_ending() {
                    break;
                }
                let number = add(&self.counts.connections);
                if let Err(error) = self.admit(number, &stream) {
                    warn(&say::ServeTcpNotServed { peer, error });
                    continue;
                }
                let thread = thread::Builder::new().name(format!("tcp {number}"));
                let started = thread.spawn_scoped(scope, move || {
                    self.serve(&Connection {
                        number,
                        peer,
                        stream: &stream,
                        record,
                    });
                    lock(&self.open).remove(&number);
                });
                if let Err(error) = started {
                    lock(&self.open).remove(&number);
                    warn(&say::ServeTcpNotServed { peer, error });
                }
            }
            // Whoever still waits for a request gets none.
            for open in lock(&self.open).values() {
                hang_up(&open.stream);
            }
        });
    }

    /// Makes room for a connection, and remembers it.
    fn admit(&self, number: u64, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(WRITING))?;
        let open = OpenConnection {
            stream: stream.try_clone()?,
            active: self.clock.reflector_time(),
        };
        let mut all = lock(&self.open);
        if all.len() >= CONNECTIONS {
            let idlest = all.iter().min_by_key(|(number, it)| (it.active, **number));
            let idlest = idlest.map(|(number, _)| *number);
            if let Some(idlest) = idlest.and_then(|number| all.remove(&number)) {
                hang_up(&idlest.stream);
                add(&self.counts.displaced);
            }
        }
        all.insert(number, open);
        Ok(())
    }

    /// Answers one connection's requests until it ends.
    fn serve(&self, connection: &Connection<'_>) {
        let mut stream = connection.stream;
        let mut partial: Vec<u8> = Vec::new();
        let mut room = [0; 4096];
        let mut since = self.clock.reflector_time();
        let (mut latest, mut speaks_lines) = (since, false);
        // When the reply before this one was due: none overtakes another.
        let mut order = since;
        while !self.is_ending() {
            let patience = if partial.is_empty() { IDLE } else { REQUEST };
            let mut until = since.saturating_add(patience);
            let quiet = latest.saturating_add(QUIET);
            let ends_quiet = !partial.is_empty() && !speaks_lines && quiet <= until;
            if ends_quiet {
                until = quiet;
            }
            let now = self.clock.reflector_time();
            let left = until.checked_since(now);
            let Some(left) = left.filter(|left| !left.is_zero()) else {
                if ends_quiet && self.answer(connection, latest, &partial, &mut order) {
                    partial.clear();
                    since = self.answered(connection.number);
                    continue;
                }
                if !ends_quiet && !partial.is_empty() {
                    add(&self.counts.slow);
                }
                return hang_up(stream);
            };
            let limit = stream.set_read_timeout(Some(left));
            let read = received(limit.and_then(|()| stream.read(&mut room)));
            let now = self.clock.reflector_time();
            let came = match read {
                Ok(None) => continue,
                Ok(Some(0)) => {
                    // What it said before it ended is a request, too.
                    if !partial.is_empty() {
                        self.answer(connection, now, &partial, &mut order);
                    }
                    return hang_up(stream);
                }
                Ok(Some(len)) => room.get(..len).unwrap_or_default(),
                Err(_) => return,
            };
            latest = now;
            if partial.is_empty() {
                since = now;
            }
            // Only what is new can hold the end of a line.
            for piece in came.split_inclusive(|byte| *byte == b'\n') {
                partial.extend_from_slice(piece);
                if piece.last() != Some(&b'\n') {
                    continue;
                }
                if !self.answer(connection, now, &partial, &mut order) {
                    return hang_up(stream);
                }
                partial.clear();
                speaks_lines = true;
                since = self.answered(connection.number);
            }
            if partial.len() > LONGEST {
                add(&self.counts.endless);
                return hang_up(stream);
            }
        }
    }

    /// Notes that a connection's request was answered now, and returns when that is.
    fn answered(&self, number: u64) -> ReflectorTime {
        let now = self.clock.reflector_time();
        if let Some(open) = lock(&self.open).get_mut(&number) {
            open.active = now;
        }
        now
    }

    /// Answers a request that came at `came`, its end of line included if it has one; false if
    /// the connection is to end.
    fn answer(
        &self,
        connection: &Connection<'_>,
        came: ReflectorTime,
        request: &[u8],
        order: &mut ReflectorTime,
    ) -> bool {
        let (mut stream, peer) = (connection.stream, connection.peer);
        let mut reply = vec![0; LONGEST];
        // Locked before the time is read: those on record never go back.
        let mut record = connection.record.map(lock);
        let now = self.clock.reflector_time();
        let seq = add(&self.counts.requests);
        let (admitted, draws) = {
            let mut guard = lock(&self.guard);
            (guard.admit(now, peer), guard.draws())
        };
        let judged = Judged {
            number: seq,
            copy: 0,
            connection: Some(connection.number),
            at_ns: now.as_nanos(),
            draws,
        };
        let (delay, losses) = tcp_delay([&self.request, &self.reply], seq);
        let len = admitted.and_then(|()| self.write(came, request, &mut reply));
        if let Some(record) = &mut record {
            let arrival = IncomingRequest {
                peer: Peer::plain(peer),
                ttl: None,
                received: came,
                bytes: request,
                // A script names datagrams.
                number: 0,
            };
            let number = (seq, judged.connection);
            record.received(now, number, &arrival, &self.read(request), Way::default());
            match len {
                Ok(len) => {
                    let size = Some(len).filter(|len| *len != request.len());
                    record.answered(&judged, size, Way::delayed(delay));
                }
                Err(why) => record.dropped(&judged, why),
            }
        }
        drop(record);
        if let Err(why) = len {
            self.drop_request(now, peer, seq, why);
            return false;
        }
        self.counts.held.fetch_add(losses.into(), Ordering::Relaxed);
        let due = came.saturating_add(delay).max(*order);
        *order = due;
        while let Some(wait) = due.checked_since(self.clock.reflector_time())
            && !wait.is_zero()
        {
            // One that gave way frees its thread, however long its reply was to be held.
            if self.is_ending() || !lock(&self.open).contains_key(&connection.number) {
                return false;
            }
            thread::sleep(wait.min(POLL_INTERVAL));
        }
        let written = stream.write_all(&reply);
        if let Some(mut record) = connection.record.map(lock) {
            let now = self.clock.reflector_time();
            let error = written.as_ref().err().map(ToString::to_string);
            record.transmitted_over_tcp(now, (seq, connection.number), error);
        }
        if written.is_err() {
            return false;
        }
        add(&self.counts.replies);
        let bytes = request.len();
        self.log(&say::ServeTcpLogAnswered {
            number: seq,
            peer,
            bytes,
        });
        true
    }

    /// Writes the answer to a request that came at `came`, with an end of line if that has one,
    /// and returns its length.
    fn write(
        &self,
        came: ReflectorTime,
        request: &[u8],
        reply: &mut Vec<u8>,
    ) -> Result<usize, DropReason> {
        let (text, end) = split_end(request);
        let len = match &self.described {
            Some(answers) => answers.write(text, self.clock.wall_at(came), reply)?,
            None => self.answer.write(text, reply),
        };
        reply.truncate(len);
        if !end.is_empty() && reply.last() != Some(&b'\n') {
            reply.extend_from_slice(end);
        }
        Ok(reply.len())
    }

    /// What a request says, for the record.
    fn read(&self, request: &[u8]) -> Claim {
        let (text, _) = split_end(request);
        match &self.described {
            Some(answers) => answers.claim(text),
            None => text::decode_reply(text).unwrap_or_default(),
        }
    }

    fn drop_request(&self, now: ReflectorTime, peer: SocketAddr, seq: u64, why: DropReason) {
        add(&self.counts.dropped);
        if let Some(line) = lock(&self.drops).note(now, peer, why) {
            warn(&line);
        }
        self.log(&say::ServeTcpLogDropped {
            number: seq,
            peer,
            why: reason(why),
        });
    }

    fn log(&self, line: &dyn fmt::Display) {
        if let Some(log) = &self.log {
            // Whether anybody reads, the UDP side finds out.
            let _ = log.clone().line(line);
        }
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Has [`TcpServer::run`] come to its end.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
        for open in lock(&self.open).values() {
            hang_up(&open.stream);
        }
        // Wakes up whoever waits for a connection.
        if SockRef::from(&self.listener)
            .shutdown(Shutdown::Both)
            .is_ok()
        {
            return;
        }
        // On other systems than Linux a connection does. If that cannot be made, one is waiting
        // to be accepted already.
        let mut door = self.address;
        if door.ip().is_unspecified() {
            door.set_ip(if door.is_ipv4() {
                Ipv4Addr::LOCALHOST.into()
            } else {
                Ipv6Addr::LOCALHOST.into()
            });
        }
        drop(TcpStream::connect_timeout(&door, Duration::from_secs(1)));
    }
}

/// A request's text, and the end of its line if it has one.
fn split_end(request: &[u8]) -> (&[u8], &[u8]) {
    let end = usize::from(request.last() == Some(&b'\n'));
    request.split_at(request.len() - end)
}

/// Ends a connection. One that is gone already is ended, too.
fn hang_up(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Both);
}

impl fmt::Display for TcpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counts = &self.counts;
        let all = say::ServeTcpSummary {
            connections: get(&counts.connections),
            requests: get(&counts.requests),
            replies: get(&counts.replies),
        };
        all.fmt(f)?;
        let rest = [
            some(get(&counts.dropped), |n| say::ServeTcpDropped { n }),
            some(get(&counts.held), |n| say::ServeTcpHeld { n }),
            some(get(&counts.displaced), |n| say::ServeTcpDisplaced { n }),
            some(get(&counts.slow), |n| say::ServeTcpSlow { n }),
            some(get(&counts.endless), |n| say::ServeTcpEndless { n }),
        ];
        rest.iter().flatten().try_for_each(|it| write!(f, ", {it}"))
    }
}
