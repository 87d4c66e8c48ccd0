//! Waiting on Linux: `ppoll`, which takes nanoseconds, where it matters; the
//! socket's own coarse timeout, which saves a system call, where it does not. And
//! what the kernel says of a datagram besides its bytes.

mod ancillary;
mod batch;
mod client;
mod options;
mod tcp;
mod unconnected;

use std::fs::File;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::socket::{MsgFlags, SockaddrStorage};
use nix::sys::time::TimeSpec;

use socket2::{Domain, SockRef, Socket, Type};

use crate::poll::POLL_INTERVAL;
pub(super) use ancillary::{
    Ancillary, receive_with_ancillary, report_destination, report_timestamps, report_ttl, send_from,
};
pub(super) use batch::{Headers, join_datagrams, receive_many, send_many};
pub(super) use client::{Control, TIMESTAMPS};
pub(crate) use options::{are_of_this_host, without_carrier};
pub(super) use options::{
    bind_interface, has_interface, interface_names, interface_number, is_broadcast,
    send_flow_label, set_mark, set_mtu_discovery, set_tos,
};
pub(crate) use tcp::tcp_counts;
pub(crate) use unconnected::{ErrQueueRoom, Readiness, Taken, UnconnectedSocket, wait_for_any};

pub(super) fn receive_from(
    socket: &UdpSocket,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<(usize, SocketAddr)> {
    ready(socket, wait)?;
    socket.recv_from(buffer)
}

fn address_of(from: SockaddrStorage) -> Option<SocketAddr> {
    let v4 = from.as_sockaddr_in().map(|v4| SocketAddr::from(*v4));
    v4.or_else(|| from.as_sockaddr_in6().map(|v6| SocketAddr::from(*v6)))
}

/// Waits until something happened, and says what, and how to receive without waiting
/// again; or returns at once, where the socket's own timeout is precise enough.
fn ready(socket: &UdpSocket, wait: Duration) -> io::Result<(MsgFlags, PollFlags)> {
    // The kernel rounds that timeout up to a tick of at most 10 ms.
    if wait >= POLL_INTERVAL + Duration::from_millis(20) {
        return Ok((MsgFlags::empty(), PollFlags::empty()));
    }
    let mut fds = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
    match ppoll(&mut fds, Some(TimeSpec::from_duration(wait)), None)? {
        0 => Err(io::ErrorKind::TimedOut.into()),
        // It may have been the error queue, and no datagram to receive.
        _ => Ok((
            MsgFlags::MSG_DONTWAIT,
            fds[0].revents().unwrap_or(PollFlags::empty()),
        )),
    }
}

/// How many messages to a socket found no room: the last figure of its line in the kernel's
/// list (`proc(5)`), which is opened once and read again.
#[derive(Debug)]
pub(super) struct DropCount {
    list: File,
    inode: String,
}

impl DropCount {
    pub(super) fn of(socket: &UdpSocket) -> Option<Self> {
        let number = socket.as_fd().as_raw_fd();
        let named = std::fs::read_link(format!("/proc/self/fd/{number}")).ok()?;
        let named = named.to_str()?.strip_prefix("socket:[")?;
        let list = match socket.local_addr().ok()? {
            SocketAddr::V4(_) => "/proc/self/net/udp",
            SocketAddr::V6(_) => "/proc/self/net/udp6",
        };
        Some(Self {
            list: File::open(list).ok()?,
            inode: named.strip_suffix(']')?.to_owned(),
        })
    }

    pub(super) fn read(&self) -> Option<u64> {
        let mut list = Vec::new();
        let mut part = [0; 4096];
        loop {
            let len = self.list.read_at(&mut part, list.len() as u64).ok()?;
            list.extend_from_slice(part.get(..len).filter(|part| !part.is_empty())?);
            // Lines are of one length, and one that is not whole yet is looked at again.
            let text = std::str::from_utf8(&list).ok()?;
            let (whole, _) = text.rsplit_once('\n').unwrap_or_default();
            let ours = |line: &&str| line.split_whitespace().nth(9) == Some(&*self.inode);
            if let Some(line) = whole.lines().find(ours) {
                return line.split_whitespace().next_back()?.parse().ok();
            }
        }
    }
}

/// A socket for what comes to the port of a connected one from others than its peer: the
/// kernel gives each datagram to the socket that names its sender, and the rest to this.
pub(super) fn listen_beside(connected: &UdpSocket) -> io::Result<UdpSocket> {
    let here = connected.local_addr()?;
    let connected = SockRef::from(connected);
    let beside = Socket::new(Domain::for_address(here), Type::DGRAM, None)?;
    // Nobody else can join them: both allow it only meanwhile.
    connected.set_reuse_address(true)?;
    beside.set_reuse_address(true)?;
    let bound = beside.bind(&here.into());
    connected.set_reuse_address(false)?;
    beside.set_reuse_address(false)?;
    bound?;
    beside.set_nonblocking(true)?;
    Ok(beside.into())
}

/// Asks for timers that are as exact as they can be, in this thread: the kernel else groups those
/// that end within 50 µs of each other.
pub(crate) fn exact_timers() -> io::Result<()> {
    Ok(nix::sys::prctl::set_timerslack(1)?)
}

/// Lets several sockets listen on one port.
pub(super) fn share_port(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_port(true)
}
