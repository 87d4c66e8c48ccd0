//! Waiting on Linux: `ppoll`, which takes nanoseconds, where it matters; the
//! socket's own coarse timeout, which saves a system call, where it does not.

use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;

use super::{ATTENTION, Received};

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

/// Has the kernel report the TTL of what arrives; true, as it can.
pub(super) fn report_ttl(socket: &UdpSocket) -> io::Result<bool> {
    if socket.local_addr()?.is_ipv6() {
        setsockopt(socket, sockopt::Ipv6RecvHopLimit, &true)?;
    }
    // An IPv6 socket receives IPv4 too.
    setsockopt(socket, sockopt::Ipv4RecvTtl, &true)?;
    Ok(true)
}

pub(super) fn receive_with_ttl(
    socket: &UdpSocket,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<Received> {
    ready(socket, wait)?;
    let mut control = nix::cmsg_space!(i32, i32);
    let mut parts = [IoSliceMut::new(buffer)];
    let message = recvmsg::<SockaddrStorage>(
        socket.as_raw_fd(),
        &mut parts,
        Some(&mut control),
        MsgFlags::empty(),
    )?;
    let ttl = message.cmsgs()?.find_map(|part| match part {
        ControlMessageOwned::Ipv4Ttl(ttl) | ControlMessageOwned::Ipv6HopLimit(ttl) => {
            u8::try_from(ttl).ok()
        }
        _ => None,
    });
    let from = message.address.and_then(|from| {
        let v4 = from.as_sockaddr_in().map(|v4| SocketAddr::from(*v4));
        v4.or_else(|| from.as_sockaddr_in6().map(|v6| SocketAddr::from(*v6)))
    });
    Ok(Received {
        len: message.bytes,
        from: from.ok_or(io::ErrorKind::AddrNotAvailable)?,
        ttl,
    })
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
