//! Waiting with what every system has: the socket's read timeout.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use super::{ATTENTION, Received};

pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
    limit(socket, wait)?;
    socket.recv(buffer)
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
