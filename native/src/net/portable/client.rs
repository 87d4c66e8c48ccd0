//! A client's socket where the kernel says nothing about a datagram but its length.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

use super::super::{Arrival, ErrQueueMsg, Options};
use super::limit;
use crate::clock::Clock;

/// Whether this system timestamps datagrams in its kernel.
pub(in super::super) const TIMESTAMPS: bool = false;

/// What the kernel says of datagrams: nothing.
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

    pub(in super::super) fn timestamps(&self) -> bool {
        false
    }

    pub(in super::super) fn names_errors(&self) -> bool {
        false
    }

    pub(in super::super) fn errqueue_pending(&self) -> bool {
        false
    }

    pub(in super::super) fn mark_pending(&mut self) {}

    pub(in super::super) fn restart_numbering(&mut self, _socket: &UdpSocket) {}

    pub(in super::super) fn next_errqueue_msg(
        &mut self,
        _socket: &UdpSocket,
    ) -> io::Result<Option<ErrQueueMsg>> {
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
