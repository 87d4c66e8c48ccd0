//! Waiting with what every system has: the socket's read timeout.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use super::ATTENTION;

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

fn limit(socket: &UdpSocket, wait: Duration) -> io::Result<()> {
    // Zero would mean for ever.
    socket.set_read_timeout(Some(wait.clamp(Duration::from_micros(1), ATTENTION)))
}
