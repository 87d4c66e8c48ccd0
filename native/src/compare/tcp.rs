//! A TCP connection of a comparison: one request at a time, and its answer.
//!
//! Owns what a byte stream needs that a datagram does not: where an answer ends.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use udping_core::time::ClientTime;
use udping_journal::Carried;

use super::lane::ExchangeError;
use crate::clock::Clock;
use crate::i18n::say;
use crate::net::{TcpCounts, connect, received, tcp_counts};
use crate::poll::POLL_INTERVAL;

/// The longest answer that is read.
const LONGEST: usize = 1 << 17;

/// How long a connection's goodbye may take: it is not measured.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// How long an answer that proves nothing may pause and still go on.
const QUIET: Duration = Duration::from_millis(50);

/// A connection.
pub(super) struct Connection {
    stream: TcpStream,
    /// What came and is not a whole answer yet.
    partial: Vec<u8>,
    /// When the last of it came.
    latest: ClientTime,
    /// Only what proves its probe is an answer here: one did so, or one has not come.
    wants_proof: bool,
    carried: u64,
    bytes: [u64; 2],
}

/// What listening came to.
pub(super) enum ReadResult {
    /// A whole answer, and when the last of it came.
    Answer(ClientTime, Answer),
    /// Nothing yet.
    Pending,
    /// No more will come, and why.
    Closed(ExchangeError),
}

/// An answer.
pub(super) enum Answer {
    /// It shows by itself which probe it is of, or that it is of none.
    Says(Vec<u8>),
    /// It is of the request that is outstanding: nothing else can be.
    Outstanding,
}

impl Connection {
    /// Connects within `wait`, unless `is_over` holds before.
    pub(super) fn open(
        server: SocketAddr,
        wait: Duration,
        is_over: impl Fn() -> bool,
    ) -> io::Result<Self> {
        let stream = connect(server, wait, is_over)?;
        // A request goes out when it is written, and does not wait for a confirmation.
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            partial: Vec::new(),
            latest: ClientTime::ZERO,
            wants_proof: false,
            carried: 0,
            bytes: [0; 2],
        })
    }

    /// Sends a request within `wait`.
    pub(super) fn send(&mut self, request: &[u8], wait: Duration) -> io::Result<()> {
        self.stream.set_write_timeout(Some(at_least(wait)))?;
        self.stream.write_all(request)?;
        self.carried += 1;
        self.bytes[0] += request.len() as u64;
        Ok(())
    }

    /// Listens for at most `wait`, and never longer than [`POLL_INTERVAL`]. What proves its
    /// probe is an answer; what does not is one when nothing more has come for a while.
    pub(super) fn listen(
        &mut self,
        clock: &Clock,
        wait: Duration,
        proves: impl Fn(&[u8]) -> bool,
    ) -> ReadResult {
        let mut room = [0; 4096];
        let quiet = self.latest.saturating_add(QUIET);
        let wait = if self.partial.is_empty() {
            wait
        } else {
            quiet.checked_since(clock.client_time()).unwrap_or_default()
        };
        let limit = self
            .stream
            .set_read_timeout(Some(at_least(wait.min(POLL_INTERVAL))));
        let read = received(limit.and_then(|()| self.stream.read(&mut room)));
        let now = clock.client_time();
        match read {
            Ok(None | Some(0))
                if !self.partial.is_empty() && (now >= quiet || matches!(read, Ok(Some(0)))) =>
            {
                let bytes = std::mem::take(&mut self.partial);
                let answer = if self.wants_proof {
                    Answer::Says(bytes)
                } else {
                    Answer::Outstanding
                };
                ReadResult::Answer(self.latest, answer)
            }
            Ok(None) => ReadResult::Pending,
            Ok(Some(0)) => ReadResult::Closed(ExchangeError {
                error: "closed by the other end".to_owned(),
                text: say::COMPARE_CLOSED.to_string(),
            }),
            Ok(Some(len)) => {
                self.bytes[1] += len as u64;
                self.latest = now;
                self.partial
                    .extend_from_slice(room.get(..len).unwrap_or_default());
                match self.next_answer(proves) {
                    Some(answer) => ReadResult::Answer(now, answer),
                    None if self.partial.len() > LONGEST => ReadResult::Closed(ExchangeError {
                        error: "an answer without an end".to_owned(),
                        text: say::COMPARE_NO_END.to_string(),
                    }),
                    None => ReadResult::Pending,
                }
            }
            Err(error) => ReadResult::Closed(exchange_error(&error)),
        }
    }

    /// The next answer that proves its probe, of what has come: a line, or all of it.
    pub(super) fn next_answer(&mut self, proves: impl Fn(&[u8]) -> bool) -> Option<Answer> {
        // What is left of the padding or the line of the one before is no answer.
        let begins = |byte: &u8| *byte != 0 && !byte.is_ascii_whitespace();
        let begin = self.partial.iter().position(begins);
        self.partial.drain(..begin.unwrap_or(self.partial.len()));
        let mut from = 0;
        for line in self.partial.split_inclusive(|byte| *byte == b'\n') {
            from += line.len();
            if proves(line) {
                let answer = line.to_vec();
                self.partial.drain(..from);
                self.wants_proof = true;
                return Some(Answer::Says(answer));
            }
        }
        None
    }

    /// When the last came of an answer that may go on, if one has begun.
    pub(super) fn has_begun(&self) -> Option<ClientTime> {
        (!self.partial.is_empty()).then_some(self.latest)
    }

    /// Its request was not answered in the time that there was.
    pub(super) fn unanswered(&mut self) {
        self.partial.clear();
        self.wants_proof = true;
    }

    /// Ends it, and returns what it carried.
    pub(super) fn close(mut self, clock: &Clock) -> Carried {
        // Whatever fails here has ended it, too.
        let parted = self
            .stream
            .shutdown(Shutdown::Write)
            .and_then(|()| self.stream.set_read_timeout(Some(CLOSE_TIMEOUT)));
        let mut room = [0; 4096];
        if parted.is_ok() {
            let mut rest = 0;
            while let Ok(len) = self.stream.read(&mut room)
                && len > 0
                && rest <= LONGEST
            {
                rest += len;
                self.bytes[1] += len as u64;
            }
        }
        let counts = tcp_counts(&self.stream);
        let of = |pick: fn(TcpCounts) -> u32| counts.map(pick).map(u64::from);
        Carried {
            carried: self.carried,
            at_ns: clock.client_time().as_nanos(),
            bytes_out: self.bytes[0],
            bytes_in: self.bytes[1],
            packets_out: of(|it| it.sent),
            packets_in: of(|it| it.received),
            retransmitted: of(|it| it.retransmitted),
        }
    }
}

/// What an error of a connection means.
pub(super) fn exchange_error(error: &io::Error) -> ExchangeError {
    let text = match error.kind() {
        io::ErrorKind::ConnectionRefused => say::COMPARE_NO_TCP.to_string(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            say::COMPARE_BROKEN.to_string()
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            say::COMPARE_NO_WAY.to_string()
        }
        _ => error.to_string(),
    };
    ExchangeError {
        error: error.to_string(),
        text,
    }
}

/// A wait that the system takes: zero would be for ever.
fn at_least(wait: Duration) -> Duration {
    wait.max(Duration::from_micros(1))
}
