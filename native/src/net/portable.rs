//! Waiting with what every system has: the socket's read timeout. The kernel says
//! nothing about a datagram but its length.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use super::{ATTENTION, Arrival, Options, Received, WallTime};
use crate::clock::Clock;

/// Whether this system stamps datagrams in its kernel.
pub(super) const STAMPS: bool = false;

/// The kernel's word on datagrams, of which there is none.
#[derive(Debug)]
pub(super) struct Control;

#[expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_ref_mut,
    reason = "the shape that a system with more to say needs"
)]
impl Control {
    pub(super) fn new(_socket: &UdpSocket, _options: &Options) -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn stamps(&self) -> bool {
        false
    }

    pub(super) fn stamps_pending(&self) -> bool {
        false
    }

    pub(super) fn restart_stamps(&mut self, _socket: &UdpSocket) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn next_stamp(
        &mut self,
        _socket: &UdpSocket,
    ) -> io::Result<Option<(u32, WallTime)>> {
        Ok(None)
    }

    pub(super) fn receive(
        &mut self,
        socket: &UdpSocket,
        buffer: &mut [u8],
        wait: Duration,
        clock: &Clock,
    ) -> io::Result<Arrival> {
        limit(socket, wait)?;
        let len = socket.recv(buffer)?;
        Ok(Arrival::bare(clock.client_time(), len))
    }
}

pub(super) fn receive_from(
    socket: &UdpSocket,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<(usize, SocketAddr)> {
    limit(socket, wait)?;
    socket.recv_from(buffer)
}

/// False: there is no portable way to learn the TTL of what arrives.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail at it")]
pub(super) fn report_ttl(_: &UdpSocket) -> io::Result<bool> {
    Ok(false)
}

pub(super) fn receive_with_ttl(
    socket: &UdpSocket,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<Received> {
    let (len, from) = receive_from(socket, buffer, wait)?;
    Ok(Received {
        len,
        from,
        ttl: None,
    })
}

fn limit(socket: &UdpSocket, wait: Duration) -> io::Result<()> {
    // Zero would mean for ever.
    socket.set_read_timeout(Some(wait.clamp(Duration::from_micros(1), ATTENTION)))
}
