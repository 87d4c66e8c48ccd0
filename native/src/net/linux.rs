//! Waiting on Linux: `ppoll`, which takes nanoseconds, where it matters; the
//! socket's own coarse timeout, which saves a system call, where it does not. And
//! what the kernel tells of a datagram besides its bytes.

mod batch;
mod client;
mod options;
mod tcp;

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};
use std::time::Duration;

use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrStorage, recvmsg,
    sendmmsg, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;

use socket2::Socket;

use super::{ATTENTION, Peer, Received};
pub(super) use batch::{Headers, receive_many, send_many};
pub(super) use client::{Control, STAMPS};
pub(super) use options::{bind_interface, set_mtu_discovery, set_tos};
pub(super) use tcp::tcp_counts;

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

/// Has the kernel report the address that what arrives was sent to; true, as it can.
pub(super) fn report_destination(socket: &UdpSocket) -> io::Result<bool> {
    if socket.local_addr()?.is_ipv6() {
        // It reports IPv4's too, as mapped addresses.
        setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true)?;
    } else {
        setsockopt(socket, sockopt::Ipv4PacketInfo, &true)?;
    }
    Ok(true)
}

/// Room for what the kernel tells of a datagram besides its bytes, and is told of one: made
/// once, so that no datagram asks for memory.
pub(super) struct Details {
    told: Vec<u8>,
    /// A batch of one, for an address of ours of either kind.
    v4: MultiHeaders<SockaddrStorage>,
    v6: MultiHeaders<SockaddrStorage>,
}

impl Details {
    pub(super) fn new() -> Self {
        let one = |room| MultiHeaders::preallocate(1, Some(room));
        Self {
            told: nix::cmsg_space!(i32, i32, in_pktinfo, in6_pktinfo),
            v4: one(nix::cmsg_space!(in_pktinfo)),
            v6: one(nix::cmsg_space!(in6_pktinfo)),
        }
    }
}

pub(super) fn receive_with_details(
    socket: &UdpSocket,
    details: &mut Details,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<Received> {
    let (flags, _) = ready(socket, wait)?;
    let mut parts = [IoSliceMut::new(buffer)];
    let told = Some(details.told.as_mut_slice());
    let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, told, flags)?;
    let (mut ttl, mut at) = (None, None);
    for part in message.cmsgs()? {
        match part {
            ControlMessageOwned::Ipv4Ttl(hops) | ControlMessageOwned::Ipv6HopLimit(hops) => {
                ttl = u8::try_from(hops).ok();
            }
            // For a broadcast, the address of ours that answers for it.
            ControlMessageOwned::Ipv4PacketInfo(info) => {
                at = Some(Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr)).into());
            }
            ControlMessageOwned::Ipv6PacketInfo(info) => {
                at = Some(IpAddr::from(info.ipi6_addr.s6_addr)).filter(|at| !at.is_multicast());
            }
            _ => {}
        }
    }
    let from = message.address.and_then(address_of);
    Ok(Received {
        len: message.bytes,
        peer: Peer {
            address: from.ok_or(io::ErrorKind::AddrNotAvailable)?,
            at,
        },
        ttl,
    })
}

fn address_of(from: SockaddrStorage) -> Option<SocketAddr> {
    let v4 = from.as_sockaddr_in().map(|v4| SocketAddr::from(*v4));
    v4.or_else(|| from.as_sockaddr_in6().map(|v6| SocketAddr::from(*v6)))
}

/// Sends from the address `at` of ours.
pub(super) fn send_from(
    socket: &UdpSocket,
    details: &mut Details,
    datagram: &[u8],
    at: IpAddr,
    to: SocketAddr,
) -> io::Result<()> {
    let (info4, info6);
    let (headers, at) = match at {
        IpAddr::V4(at) => {
            info4 = self::info4(at);
            (&mut details.v4, ControlMessage::Ipv4PacketInfo(&info4))
        }
        IpAddr::V6(at) => {
            info6 = self::info6(at);
            (&mut details.v6, ControlMessage::Ipv6PacketInfo(&info6))
        }
    };
    let (parts, to) = ([[IoSlice::new(datagram)]], [Some(to.into())]);
    let fd = socket.as_raw_fd();
    sendmmsg(fd, headers, &parts, to, [at], MsgFlags::empty())?;
    Ok(())
}

const fn info4(at: Ipv4Addr) -> in_pktinfo {
    in_pktinfo {
        ipi_ifindex: 0,
        ipi_spec_dst: in_addr {
            s_addr: at.to_bits().to_be(),
        },
        ipi_addr: in_addr { s_addr: 0 },
    }
}

const fn info6(at: Ipv6Addr) -> in6_pktinfo {
    in6_pktinfo {
        ipi6_addr: in6_addr {
            s6_addr: at.octets(),
        },
        ipi6_ifindex: 0,
    }
}

/// Waits until something happened, and says what, and how to receive without waiting
/// again; or returns at once, where the socket's own timeout is precise enough.
fn ready(socket: &UdpSocket, wait: Duration) -> io::Result<(MsgFlags, PollFlags)> {
    // The kernel rounds that timeout up to a tick of at most 10 ms.
    if wait >= ATTENTION + Duration::from_millis(20) {
        return Ok((MsgFlags::empty(), PollFlags::empty()));
    }
    let mut fds = [PollFd::new(socket.as_fd(), PollFlags::POLLIN)];
    match ppoll(&mut fds, Some(TimeSpec::from_duration(wait)), None)? {
        0 => Err(io::ErrorKind::TimedOut.into()),
        // It may have been a stamp, and no datagram to receive.
        _ => Ok((
            MsgFlags::MSG_DONTWAIT,
            fds[0].revents().unwrap_or(PollFlags::empty()),
        )),
    }
}

/// The kernel else groups timers that end within 50 µs of each other.
pub(super) fn exact_timers() -> io::Result<()> {
    Ok(nix::sys::prctl::set_timerslack(1)?)
}

/// Lets several sockets listen on one port.
pub(super) fn share_port(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_port(true)
}
