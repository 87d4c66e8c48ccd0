//! Waiting on Linux: `ppoll`, which takes nanoseconds, where it matters; the
//! socket's own coarse timeout, which saves a system call, where it does not.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsFd;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use super::ATTENTION;

pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
    ready(socket, wait)?;
    socket.recv(buffer)
}

pub(super) fn receive_from(
    socket: &UdpSocket,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<(usize, SocketAddr)> {
    ready(socket, wait)?;
    socket.recv_from(buffer)
}

/// Returns when a datagram is there, or at once where the socket's own timeout is
/// precise enough for `wait`.
fn ready(socket: &UdpSocket, wait: Duration) -> io::Result<()> {
    // The kernel rounds that timeout up to a tick of at most 10 ms.
    if wait >= ATTENTION + Duration::from_millis(20) {
        return Ok(());
    }
    let mut fds = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
    match ppoll(&mut fds, Some(TimeSpec::from_duration(wait)), None)? {
        0 => Err(io::ErrorKind::TimedOut.into()),
        _ => Ok(()),
    }
}
