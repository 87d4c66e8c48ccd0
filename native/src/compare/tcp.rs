//! A TCP connection of a comparison: a request is a line, and so is its answer.
//!
//! Owns what a byte stream needs that a datagram does not: where an answer ends.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use udping_core::time::ClientTime;
use udping_core::wire::{Claim, text};
use udping_journal::Carried;

use super::lane::ExchangeError;
use crate::clock::Clock;
use crate::i18n::say;
use crate::net::{POLL_INTERVAL, TcpCounts, connect, received, tcp_counts};

/// The longest answer that is read.
const LONGEST: usize = 1 << 17;

/// How long a connection's goodbye may take: it is not measured.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// A connection.
pub(super) struct Connection {
    stream: TcpStream,
    /// What came and is not a whole answer yet.
    partial: Vec<u8>,
    carried: u64,
    bytes: [u64; 2],
}

/// What listening came to.
pub(super) enum ReadResult {
    /// A whole answer, without its end of line.
    Answer(ClientTime, Vec<u8>),
    /// Nothing yet.
    Pending,
    /// No more will come, and why.
    Closed(ExchangeError),
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
            carried: 0,
            bytes: [0; 2],
        })
    }

    /// Sends a request, with the newline that ends it, within `wait`.
    pub(super) fn send(&mut self, request: &[u8], wait: Duration) -> io::Result<()> {
        self.stream.set_write_timeout(Some(at_least(wait)))?;
        self.stream.write_all(request)?;
        self.carried += 1;
        self.bytes[0] += request.len() as u64;
        Ok(())
    }

    /// Listens for at most `wait`, and never longer than [`POLL_INTERVAL`]. `expected` is the
    /// answer that is complete even without an end of line: some servers send none.
    pub(super) fn listen(&mut self, clock: &Clock, wait: Duration, expected: &Claim) -> ReadResult {
        let mut room = [0; 4096];
        let limit = self
            .stream
            .set_read_timeout(Some(at_least(wait.min(POLL_INTERVAL))));
        let read = received(limit.and_then(|()| self.stream.read(&mut room)));
        let now = clock.client_time();
        match read {
            Ok(None) => ReadResult::Pending,
            Ok(Some(0)) => ReadResult::Closed(ExchangeError {
                error: "closed by the other end".to_owned(),
                text: say::COMPARE_CLOSED.to_string(),
            }),
            Ok(Some(len)) => {
                self.bytes[1] += len as u64;
                self.partial
                    .extend_from_slice(room.get(..len).unwrap_or_default());
                match self.next_answer(expected) {
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

    /// The next whole answer of what has come.
    pub(super) fn next_answer(&mut self, expected: &Claim) -> Option<Vec<u8>> {
        if let Some(end) = self.partial.iter().position(|byte| *byte == b'\n') {
            let rest = self.partial.split_off(end + 1);
            let mut line = std::mem::replace(&mut self.partial, rest);
            line.truncate(end);
            return Some(line);
        }
        let whole = text::decode_reply(&self.partial)
            .is_ok_and(|claim| (claim.seq, claim.timestamp) == (expected.seq, expected.timestamp));
        whole.then(|| std::mem::take(&mut self.partial))
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
