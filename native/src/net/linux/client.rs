//! A client's socket on Linux: the kernel's word on each datagram, where it was asked
//! for. Owns `SO_TIMESTAMPING` and the error queue. What a stamp means is not known here.

use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::errno::Errno;
use nix::libc;
use nix::poll::PollFlags;
use nix::sys::socket::sockopt::{Ipv4RecvTtl, Ipv6RecvHopLimit, Timestamping};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, RecvMsg, TimestampingFlag, recv, recvmsg, setsockopt,
};
use nix::sys::time::TimeSpec;
use udping_core::time::ClientTime;

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
    /// A wait ended because the kernel has stamps to tell.
    pending: bool,
    room: Vec<u8>,
}

impl Control {
    /// Asks the kernel for what `options` want. Without stamps a session goes on.
    pub(in super::super) fn new(socket: &UdpSocket, options: &Options) -> io::Result<Self> {
        if options.reply_ttl {
            match socket.local_addr()? {
                SocketAddr::V4(_) => setsockopt(socket, Ipv4RecvTtl, &true)?,
                SocketAddr::V6(_) => setsockopt(socket, Ipv6RecvHopLimit, &true)?,
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
        })
    }

    pub(in super::super) fn stamps(&self) -> bool {
        self.stamps
    }

    pub(in super::super) fn stamps_pending(&self) -> bool {
        self.pending
    }

    /// Has the kernel count from zero, and forgets the stamps it has not told.
    pub(in super::super) fn restart_stamps(&mut self, socket: &UdpSocket) -> io::Result<()> {
        count_from_zero(socket)?;
        while self.next_stamp(socket)?.is_some() {}
        Ok(())
    }

    /// The next stamp that the kernel has for a datagram sent: its number, and when.
    pub(in super::super) fn next_stamp(
        &mut self,
        socket: &UdpSocket,
    ) -> io::Result<Option<(u32, WallTime)>> {
        let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
        loop {
            let told = recvmsg::<()>(socket.as_raw_fd(), &mut [], Some(&mut self.room), flags);
            let message = match told {
                Ok(message) => message,
                Err(Errno::EINTR) => continue,
                Err(Errno::EAGAIN) => {
                    self.pending = false;
                    return Ok(None);
                }
                Err(error) => return Err(error.into()),
            };
            let (mut number, mut at) = (None, None);
            for word in message.cmsgs()? {
                match word {
                    ControlMessageOwned::ScmTimestampsns(stamps) => at = wall(stamps.system),
                    ControlMessageOwned::Ipv4RecvErr(about, _)
                    | ControlMessageOwned::Ipv6RecvErr(about, _)
                        if about.ee_origin == libc::SO_EE_ORIGIN_TIMESTAMPING =>
                    {
                        number = Some(about.ee_data);
                    }
                    _ => {}
                }
            }
            if let Some(stamp) = number.zip(at) {
                return Ok(Some(stamp));
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
        self.pending |= self.stamps && events.contains(PollFlags::POLLERR);
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
