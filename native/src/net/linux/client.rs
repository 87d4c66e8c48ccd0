//! A client's socket on Linux: the kernel's word on each datagram. Owns
//! `SO_TIMESTAMPING`, and the error queue, which both stamps and ICMP errors come from.
//! Which probes they are about is not known here.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::libc;
use nix::poll::PollFlags;
use nix::sys::socket::sockopt::{
    Ipv4RecvErr, Ipv4RecvTtl, Ipv6RecvErr, Ipv6RecvHopLimit, Timestamping,
};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, RecvMsg, TimestampingFlag, recv, recvmsg, setsockopt,
};
use nix::sys::time::TimeSpec;
use udping_core::time::ClientTime;

use super::super::errors::received;
use super::super::word::{Obstacle, Undelivered, Word};
use super::super::{Arrival, Options, WallTime};
use super::ready;
use crate::clock::Clock;

/// Whether this system stamps datagrams in its kernel.
pub(in super::super) const STAMPS: bool = true;

/// The kernel's word on datagrams: which of it was asked for, and room for it.
#[derive(Debug)]
pub(in super::super) struct Control {
    stamps: bool,
    ttl: bool,
    /// A wait ended, or a call failed, because the kernel has something to tell.
    pending: bool,
    room: Vec<u8>,
    /// Room for what comes back of a datagram.
    returned: [u8; 64],
}

impl Control {
    /// Asks the kernel for what `options` want. Without stamps a session goes on.
    pub(in super::super) fn new(socket: &UdpSocket, options: &Options) -> io::Result<Self> {
        match socket.local_addr()? {
            SocketAddr::V4(_) => {
                setsockopt(socket, Ipv4RecvErr, &true)?;
                setsockopt(socket, Ipv4RecvTtl, &options.reply_ttl)?;
            }
            SocketAddr::V6(_) => {
                setsockopt(socket, Ipv6RecvErr, &true)?;
                // For mapped addresses.
                setsockopt(socket, Ipv4RecvErr, &true)?;
                setsockopt(socket, Ipv6RecvHopLimit, &options.reply_ttl)?;
            }
        }
        let stamps = options.kernel_stamps && count_from_zero(socket).is_ok();
        Ok(Self {
            stamps,
            ttl: options.reply_ttl,
            pending: false,
            room: nix::cmsg_space!(
                [TimeSpec; 3],
                libc::c_int,
                [u8; size_of::<libc::sock_extended_err>() + size_of::<libc::sockaddr_in6>()]
            ),
            returned: [0; 64],
        })
    }

    pub(in super::super) fn stamps(&self) -> bool {
        self.stamps
    }

    /// Whether ICMP errors come as words, so that no error of a call needs to be taken
    /// for one.
    #[expect(clippy::unused_self, reason = "the shape that other systems need")]
    pub(in super::super) fn names_errors(&self) -> bool {
        true
    }

    pub(in super::super) fn words_pending(&self) -> bool {
        self.pending
    }

    /// Notes that a call failed, which may be because of what the kernel has to tell.
    pub(in super::super) fn suspect(&mut self) {
        self.pending = true;
    }

    /// Has the kernel count from zero, if it stamps. What it has not told yet is counted
    /// otherwise.
    pub(in super::super) fn restart_stamps(&mut self, socket: &UdpSocket) {
        self.stamps = self.stamps && count_from_zero(socket).is_ok();
    }

    /// The next word that the kernel has on what was sent.
    pub(in super::super) fn next_word(&mut self, socket: &UdpSocket) -> io::Result<Option<Word>> {
        let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
        loop {
            let mut parts = [IoSliceMut::new(&mut self.returned)];
            let room = Some(self.room.as_mut_slice());
            let message = recvmsg::<()>(socket.as_raw_fd(), &mut parts, room, flags);
            let Some(message) =
                received(message.map_err(io::Error::from)).inspect_err(|_| self.pending = false)?
            else {
                self.pending = false;
                return Ok(None);
            };
            let (mut at, mut about) = (None, None);
            for word in message.cmsgs()? {
                match word {
                    ControlMessageOwned::ScmTimestampsns(stamps) => at = wall(stamps.system),
                    ControlMessageOwned::Ipv4RecvErr(error, by) => {
                        about = Some((error, by.and_then(v4)));
                    }
                    ControlMessageOwned::Ipv6RecvErr(error, by) => {
                        about = Some((error, by.and_then(v6)));
                    }
                    _ => {}
                }
            }
            let len = message.bytes;
            let returned = self.returned.get(..len).unwrap_or_default();
            if let Some(word) = about.and_then(|(error, by)| word(&error, by, at, returned)) {
                return Ok(Some(word));
            }
        }
    }

    pub(in super::super) fn receive(
        &mut self,
        socket: &UdpSocket,
        buffer: &mut [u8],
        wait: Duration,
        clock: &Clock,
    ) -> io::Result<Arrival> {
        let (flags, events) = if wait.is_zero() {
            (MsgFlags::MSG_DONTWAIT, PollFlags::empty())
        } else {
            ready(socket, wait)?
        };
        self.pending |= events.contains(PollFlags::POLLERR);
        let fd = socket.as_raw_fd();
        if !self.stamps && !self.ttl {
            let len = recv(fd, buffer, flags)?;
            return Ok(Arrival::bare(clock.client_time(), len));
        }
        let mut parts = [IoSliceMut::new(buffer)];
        let message = recvmsg::<()>(fd, &mut parts, Some(&mut self.room), flags)?;
        Ok(arrival(clock.client_time(), &message))
    }
}

fn arrival(at: ClientTime, message: &RecvMsg<'_, '_, ()>) -> Arrival {
    let mut arrival = Arrival::bare(at, message.bytes);
    // Words that were cut are as good as none.
    for word in message.cmsgs().into_iter().flatten() {
        match word {
            ControlMessageOwned::ScmTimestampsns(stamps) => arrival.stamp = wall(stamps.system),
            ControlMessageOwned::Ipv4Ttl(ttl) | ControlMessageOwned::Ipv6HopLimit(ttl) => {
                arrival.ttl = u8::try_from(ttl).ok();
            }
            _ => {}
        }
    }
    arrival
}

/// What the kernel tells with this `error`, which may bring a stamp's time, or the
/// beginning of a datagram.
fn word(
    error: &libc::sock_extended_err,
    by: Option<IpAddr>,
    at: Option<WallTime>,
    returned: &[u8],
) -> Option<Word> {
    let why = match error.ee_origin {
        libc::SO_EE_ORIGIN_TIMESTAMPING => return Some(Word::Stamp(error.ee_data, at?)),
        libc::SO_EE_ORIGIN_LOCAL if i32::try_from(error.ee_errno) == Ok(libc::EMSGSIZE) => {
            return Some(Word::Narrow(error.ee_info));
        }
        libc::SO_EE_ORIGIN_ICMP => match (error.ee_type, error.ee_code) {
            (3, 0 | 6 | 11) => Obstacle::Network,
            (3, 1 | 5 | 7 | 8 | 12) => Obstacle::Host,
            (3, 2) => Obstacle::Protocol,
            (3, 3) => Obstacle::Port,
            (3, 4) => Obstacle::TooLong(Some(error.ee_info).filter(|mtu| *mtu > 0)),
            (3, 9 | 10 | 13) => Obstacle::Prohibited,
            (11, _) => Obstacle::HopLimit,
            _ => Obstacle::Other(i32::try_from(error.ee_errno).ok()),
        },
        libc::SO_EE_ORIGIN_ICMP6 => match (error.ee_type, error.ee_code) {
            (1, 0) => Obstacle::Network,
            (1, 2 | 3) => Obstacle::Host,
            (1, 4) => Obstacle::Port,
            (1, 1 | 5 | 6) => Obstacle::Prohibited,
            (2, _) => Obstacle::TooLong(Some(error.ee_info).filter(|mtu| *mtu > 0)),
            (3, _) => Obstacle::HopLimit,
            _ => Obstacle::Other(i32::try_from(error.ee_errno).ok()),
        },
        _ => return None,
    };
    Some(Word::Undelivered(Undelivered::new(why, by, returned)))
}

fn v4(by: libc::sockaddr_in) -> Option<IpAddr> {
    let told = i32::from(by.sin_family) == libc::AF_INET;
    told.then(|| Ipv4Addr::from(u32::from_be(by.sin_addr.s_addr)).into())
}

fn v6(by: libc::sockaddr_in6) -> Option<IpAddr> {
    let told = i32::from(by.sin6_family) == libc::AF_INET6;
    told.then(|| Ipv6Addr::from(by.sin6_addr.s6_addr).to_canonical())
}

/// A stamp as nanoseconds; zero is how the kernel says that it has none.
fn wall(stamp: TimeSpec) -> Option<WallTime> {
    let nanos = stamp.tv_sec().checked_mul(1_000_000_000)?;
    let nanos = nanos.checked_add(stamp.tv_nsec())?;
    (nanos != 0).then(|| WallTime::from_nanos(nanos))
}

/// Turns stamps on, counted from zero (`SO_TIMESTAMPING`): the kernel starts to count
/// when it is told to, so it is first told not to.
fn count_from_zero(socket: &UdpSocket) -> io::Result<()> {
    let stamp = TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE
        | TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE;
    let count = TimestampingFlag::SOF_TIMESTAMPING_TX_SOFTWARE
        | TimestampingFlag::SOF_TIMESTAMPING_OPT_ID
        | TimestampingFlag::SOF_TIMESTAMPING_OPT_TSONLY;
    setsockopt(socket, Timestamping, &stamp)?;
    setsockopt(socket, Timestamping, &(stamp | count))?;
    Ok(())
}
