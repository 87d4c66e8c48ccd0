//! A client's socket where the kernel says nothing about a datagram but its length.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

use super::super::{Arrival, Options, Word};
use super::limit;
use crate::clock::Clock;

/// Whether this system stamps datagrams in its kernel.
pub(in super::super) const STAMPS: bool = false;

/// The kernel's word on datagrams, of which there is none.
#[derive(Debug)]
pub(in super::super) struct Control {
    /// The socket never waits.
    looking: bool,
}

#[expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "the shape that a system with more to say needs"
)]
impl Control {
    pub(in super::super) fn new(_socket: &UdpSocket, _options: &Options) -> io::Result<Self> {
        Ok(Self { looking: false })
    }

    pub(in super::super) fn stamps(&self) -> bool {
        false
    }

    pub(in super::super) fn names_errors(&self) -> bool {
        false
    }

    pub(in super::super) fn words_pending(&self) -> bool {
        false
    }

    pub(in super::super) fn suspect(&mut self) {}

    pub(in super::super) fn restart_stamps(&mut self, _socket: &UdpSocket) {}

    pub(in super::super) fn next_word(&mut self, _socket: &UdpSocket) -> io::Result<Option<Word>> {
        Ok(None)
    }

    pub(in super::super) fn receive(
        &mut self,
        socket: &UdpSocket,
        buffer: &mut [u8],
        wait: Duration,
        clock: &Clock,
    ) -> io::Result<Arrival> {
        // A switch costs a system call, so it is not thrown for every look.
        if self.looking != wait.is_zero() {
            self.looking = wait.is_zero();
            socket.set_nonblocking(self.looking)?;
        }
        if !self.looking {
            limit(socket, wait)?;
        }
        let len = socket.recv(buffer)?;
        Ok(Arrival::bare(clock.client_time(), len))
    }
}
