//! Ancillary data of a server's datagrams, received and sent: their TTL, and which address of
//! ours they were sent to or leave from.
//!
//! Owns the room for that, made once, so that no datagram asks for memory.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrStorage, TimestampingFlag,
    recvmsg, sendmmsg, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;

use super::super::{Peer, Received};
use super::client::timestamp;
use super::{address_of, ready};

/// Room for the ancillary data of one datagram received, and of one sent.
pub(in super::super) struct Ancillary {
    cmsgs: Vec<u8>,
    outgoing: Outgoing,
}

impl Ancillary {
    pub(in super::super) fn new() -> Self {
        Self {
            cmsgs: nix::cmsg_space!(i32, i32, in_pktinfo, in6_pktinfo, [TimeSpec; 3]),
            outgoing: Outgoing::whole(1),
        }
    }
}

/// Headers of messages to send, as the kernel wants them: with room for just the ancillary
/// data of each.
pub(super) struct Outgoing {
    anywhere: MultiHeaders<SockaddrStorage>,
    v4: MultiHeaders<SockaddrStorage>,
    v6: MultiHeaders<SockaddrStorage>,
}

impl Outgoing {
    /// For so many messages that are one datagram each.
    pub(super) fn whole(messages: usize) -> Self {
        Self {
            anywhere: MultiHeaders::preallocate(messages, None),
            v4: MultiHeaders::preallocate(messages, Some(nix::cmsg_space!(in_pktinfo))),
            v6: MultiHeaders::preallocate(messages, Some(nix::cmsg_space!(in6_pktinfo))),
        }
    }

    /// For so many messages that the kernel divides into datagrams.
    pub(super) fn divided(messages: usize) -> Self {
        let headers = |room| MultiHeaders::preallocate(messages, Some(room));
        Self {
            anywhere: headers(nix::cmsg_space!(u16)),
            v4: headers(nix::cmsg_space!(in_pktinfo, u16)),
            v6: headers(nix::cmsg_space!(in6_pktinfo, u16)),
        }
    }

    /// For what leaves from an address of ours of the same kind as `at`.
    fn leaving(&mut self, at: Option<IpAddr>) -> &mut MultiHeaders<SockaddrStorage> {
        match at {
            None => &mut self.anywhere,
            Some(IpAddr::V4(_)) => &mut self.v4,
            Some(IpAddr::V6(_)) => &mut self.v6,
        }
    }
}

/// The address of ours that a datagram is to leave from, in the kernel's terms.
enum Origin {
    V4(in_pktinfo),
    V6(in6_pktinfo),
}

impl Origin {
    const fn of(at: IpAddr) -> Self {
        match at {
            IpAddr::V4(at) => Self::V4(in_pktinfo {
                ipi_ifindex: 0,
                ipi_spec_dst: in_addr {
                    s_addr: at.to_bits().to_be(),
                },
                ipi_addr: in_addr { s_addr: 0 },
            }),
            IpAddr::V6(at) => Self::V6(in6_pktinfo {
                ipi6_addr: in6_addr {
                    s6_addr: at.octets(),
                },
                ipi6_ifindex: 0,
            }),
        }
    }

    const fn cmsg(&self) -> ControlMessage<'_> {
        match self {
            Self::V4(info) => ControlMessage::Ipv4PacketInfo(info),
            Self::V6(info) => ControlMessage::Ipv6PacketInfo(info),
        }
    }
}

/// Has the kernel report the TTL of what arrives; true, as it can.
pub(in super::super) fn report_ttl(socket: &UdpSocket) -> io::Result<bool> {
    if socket.local_addr()?.is_ipv6() {
        setsockopt(socket, sockopt::Ipv6RecvHopLimit, &true)?;
    }
    // An IPv6 socket receives IPv4 too.
    setsockopt(socket, sockopt::Ipv4RecvTtl, &true)?;
    Ok(true)
}

/// Has the kernel report when what arrives does; true, as it can.
pub(in super::super) fn report_timestamps(socket: &UdpSocket) -> io::Result<bool> {
    let received = TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE
        | TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE;
    setsockopt(socket, sockopt::Timestamping, &received)?;
    Ok(true)
}

/// Has the kernel report the address that what arrives was sent to; true, as it can.
pub(in super::super) fn report_destination(socket: &UdpSocket) -> io::Result<bool> {
    if socket.local_addr()?.is_ipv6() {
        // It reports IPv4's too, as mapped addresses.
        setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true)?;
    } else {
        setsockopt(socket, sockopt::Ipv4PacketInfo, &true)?;
    }
    Ok(true)
}

pub(in super::super) fn receive_with_ancillary(
    socket: &UdpSocket,
    ancillary: &mut Ancillary,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<Received> {
    let (flags, _) = ready(socket, wait)?;
    let mut parts = [IoSliceMut::new(buffer)];
    let cmsgs = Some(ancillary.cmsgs.as_mut_slice());
    let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, cmsgs, flags)?;
    let (mut ttl, mut at, mut kernel_timestamp) = (None, None, None);
    for cmsg in message.cmsgs()? {
        match cmsg {
            ControlMessageOwned::Ipv4Ttl(hops) | ControlMessageOwned::Ipv6HopLimit(hops) => {
                ttl = u8::try_from(hops).ok();
            }
            ControlMessageOwned::ScmTimestampsns(times) => {
                kernel_timestamp = timestamp(times.system);
            }
            cmsg => at = destination(&cmsg).or(at),
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
        kernel_timestamp,
    })
}

/// The address of ours that a datagram was sent to; of a multicast one, none.
pub(super) fn destination(cmsg: &ControlMessageOwned) -> Option<IpAddr> {
    match cmsg {
        // For a broadcast, the address of ours that answers for it.
        ControlMessageOwned::Ipv4PacketInfo(info) => {
            Some(Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr)).into())
        }
        ControlMessageOwned::Ipv6PacketInfo(info) => {
            Some(IpAddr::from(info.ipi6_addr.s6_addr)).filter(|at| !at.is_multicast())
        }
        _ => None,
    }
}

/// Sends from the address `at` of ours.
pub(in super::super) fn send_from(
    socket: &UdpSocket,
    ancillary: &mut Ancillary,
    datagram: &[u8],
    at: IpAddr,
    to: SocketAddr,
) -> io::Result<()> {
    let (part, to) = ([IoSlice::new(datagram)], [Some(to.into())]);
    send(
        socket,
        &mut ancillary.outgoing,
        &[&part],
        &to,
        Some(at),
        None,
    )?;
    Ok(())
}

/// Sends a message to each address, all of them from `at`, if that is given, and each
/// divided into datagrams of `each` bytes, if that is. `outgoing` is made for that.
/// Returns how many messages went out: at least one, or the error is the first one's.
pub(super) fn send<'a>(
    socket: &UdpSocket,
    outgoing: &'a mut Outgoing,
    messages: &'a [&'a [IoSlice<'a>]],
    to: &[Option<SockaddrStorage>],
    at: Option<IpAddr>,
    each: Option<u16>,
) -> nix::Result<usize> {
    let fd = socket.as_raw_fd();
    let origin = at.map(Origin::of);
    let origin = origin.as_ref().map(Origin::cmsg);
    let each = each.as_ref().map(ControlMessage::UdpGsoSegments);
    let cmsgs: &[ControlMessage<'_>] = match (origin, each) {
        (None, None) => &[],
        (Some(origin), None) => &[origin],
        (None, Some(each)) => &[each],
        (Some(origin), Some(each)) => &[origin, each],
    };
    let headers = outgoing.leaving(at);
    let sent = sendmmsg(fd, headers, messages, to, cmsgs, MsgFlags::empty())?;
    Ok(sent.count())
}
