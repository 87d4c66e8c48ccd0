//! A client's socket on Linux: what the kernel says of each datagram. Owns
//! `SO_TIMESTAMPING`, and the error queue, which both timestamps and ICMP errors come from.
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
    ControlMessageOwned, MsgFlags, RecvMsg, SockaddrStorage, TimestampingFlag, recv, recvmsg,
    setsockopt,
};
use nix::sys::time::TimeSpec;
use udping_core::time::ClientTime;

use super::super::errors::received;
use super::super::errqueue::{DeliveryError, ErrQueueMsg, Undelivered};
use super::super::{Arrival, Options};
use super::ready;
use crate::clock::{Clock, KernelTimestamp};

/// Whether this system timestamps datagrams in its kernel.
pub(in super::super) const TIMESTAMPS: bool = true;

/// A timestamp of a datagram that left (`SCM_TSTAMP_SND` of `linux/errqueue.h`).
const SENT: u32 = 0;

/// What the kernel says of datagrams: which of it was asked for, and room for it.
#[derive(Debug)]
pub(in super::super) struct Control {
    timestamps: bool,
    ttl: bool,
    /// A wait ended, or a call failed, since the error queue holds something.
    pending: bool,
    cmsgs: Vec<u8>,
    /// Room for what comes back of a datagram.
    returned: [u8; RETURNED],
}

/// Bytes that there is room for of a datagram that comes back.
pub(super) const RETURNED: usize = 64;

impl Control {
    /// Asks the kernel for what `options` want. Without timestamps a session goes on.
    pub(in super::super) fn new(socket: &UdpSocket, options: &Options) -> io::Result<Self> {
        report_errors(socket)?;
        match socket.local_addr()? {
            SocketAddr::V4(_) => setsockopt(socket, Ipv4RecvTtl, &options.reply_ttl)?,
            SocketAddr::V6(_) => setsockopt(socket, Ipv6RecvHopLimit, &options.reply_ttl)?,
        }
        let timestamps = options.kernel_timestamps && count_from_zero(socket, true).is_ok();
        Ok(Self {
            timestamps,
            ttl: options.reply_ttl,
            pending: false,
            cmsgs: errqueue_cmsgs(),
            returned: [0; RETURNED],
        })
    }

    pub(in super::super) fn timestamps(&self) -> bool {
        self.timestamps
    }

    /// Whether ICMP errors come by the error queue, so that no error of a call needs to be
    /// taken for one.
    #[expect(clippy::unused_self, reason = "the shape that other systems need")]
    pub(in super::super) fn names_errors(&self) -> bool {
        true
    }

    pub(in super::super) fn errqueue_pending(&self) -> bool {
        self.pending
    }

    /// Notes that a call failed, which may be because of the error queue.
    pub(in super::super) fn mark_pending(&mut self) {
        self.pending = true;
    }

    /// Has the kernel count from zero, if it timestamps. What is in the queue is counted
    /// otherwise.
    pub(in super::super) fn restart_numbering(&mut self, socket: &UdpSocket) {
        self.timestamps = self.timestamps && count_from_zero(socket, true).is_ok();
    }

    /// The next message of the error queue.
    pub(in super::super) fn next_errqueue_msg(
        &mut self,
        socket: &UdpSocket,
    ) -> io::Result<Option<ErrQueueMsg>> {
        let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
        loop {
            let mut parts = [IoSliceMut::new(&mut self.returned)];
            let cmsgs = Some(self.cmsgs.as_mut_slice());
            let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, cmsgs, flags);
            let Some(message) =
                received(message.map_err(io::Error::from)).inspect_err(|_| self.pending = false)?
            else {
                self.pending = false;
                return Ok(None);
            };
            if let Some(message) = errqueue_msg(&message)? {
                return Ok(Some(message));
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
        if !self.timestamps && !self.ttl {
            let len = recv(fd, buffer, flags)?;
            return Ok(Arrival::bare(clock.client_time(), len));
        }
        let mut parts = [IoSliceMut::new(buffer)];
        let message = recvmsg::<()>(fd, &mut parts, Some(&mut self.cmsgs), flags)?;
        Ok(arrival(clock.client_time(), &message))
    }
}

/// Has the error queue say what was not delivered.
pub(super) fn report_errors(socket: &UdpSocket) -> io::Result<()> {
    if socket.local_addr()?.is_ipv6() {
        setsockopt(socket, Ipv6RecvErr, &true)?;
    }
    // An IPv6 socket sends to mapped addresses, too.
    setsockopt(socket, Ipv4RecvErr, &true)?;
    Ok(())
}

fn arrival(at: ClientTime, message: &RecvMsg<'_, '_, ()>) -> Arrival {
    let mut arrival = Arrival::bare(at, message.bytes);
    // Ancillary data that was cut is as good as none.
    for cmsg in message.cmsgs().into_iter().flatten() {
        match cmsg {
            ControlMessageOwned::ScmTimestampsns(times) => {
                arrival.kernel_timestamp = timestamp(times.system);
            }
            ControlMessageOwned::Ipv4Ttl(ttl) | ControlMessageOwned::Ipv6HopLimit(ttl) => {
                arrival.ttl = u8::try_from(ttl).ok();
            }
            _ => {}
        }
    }
    arrival
}

/// Room for the ancillary data of a message of the error queue.
pub(super) fn errqueue_cmsgs() -> Vec<u8> {
    nix::cmsg_space!(
        [TimeSpec; 3],
        libc::c_int,
        [u8; size_of::<libc::sock_extended_err>() + size_of::<libc::sockaddr_in6>()]
    )
}

/// What a message of the error queue says, if it is of a kind that is known here.
pub(super) fn errqueue_msg(
    message: &RecvMsg<'_, '_, SockaddrStorage>,
) -> io::Result<Option<ErrQueueMsg>> {
    let (mut at, mut about) = (None, None);
    for cmsg in message.cmsgs()? {
        match cmsg {
            ControlMessageOwned::ScmTimestampsns(times) => at = timestamp(times.system),
            ControlMessageOwned::Ipv4RecvErr(error, by) => about = Some((error, by.and_then(v4))),
            ControlMessageOwned::Ipv6RecvErr(error, by) => about = Some((error, by.and_then(v6))),
            _ => {}
        }
    }
    let returned = message.iovs().next().unwrap_or_default();
    Ok(about.and_then(|(error, by)| message_of(&error, by, at, returned)))
}

/// The message that this `error` is, which may bring a timestamp, or the beginning of a
/// datagram.
fn message_of(
    error: &libc::sock_extended_err,
    by: Option<IpAddr>,
    at: Option<KernelTimestamp>,
    returned: &[u8],
) -> Option<ErrQueueMsg> {
    let why = match error.ee_origin {
        libc::SO_EE_ORIGIN_TIMESTAMPING if error.ee_info == SENT => {
            return Some(ErrQueueMsg::Timestamp(error.ee_data, at?));
        }
        libc::SO_EE_ORIGIN_LOCAL if i32::try_from(error.ee_errno) == Ok(libc::EMSGSIZE) => {
            return Some(ErrQueueMsg::MtuExceeded(error.ee_info));
        }
        libc::SO_EE_ORIGIN_ICMP => match (error.ee_type, error.ee_code) {
            (3, 0 | 6 | 11) => DeliveryError::Network,
            (3, 1 | 5 | 7 | 8 | 12) => DeliveryError::Host,
            (3, 2) => DeliveryError::Protocol,
            (3, 3) => DeliveryError::Port,
            (3, 4) => DeliveryError::TooLong(Some(error.ee_info).filter(|mtu| *mtu > 0)),
            (3, 9 | 10 | 13) => DeliveryError::Prohibited,
            (11, _) => DeliveryError::HopLimit,
            _ => DeliveryError::Other(i32::try_from(error.ee_errno).ok()),
        },
        libc::SO_EE_ORIGIN_ICMP6 => match (error.ee_type, error.ee_code) {
            (1, 0) => DeliveryError::Network,
            (1, 2 | 3) => DeliveryError::Host,
            (1, 4) => DeliveryError::Port,
            (1, 1 | 5 | 6) => DeliveryError::Prohibited,
            (2, _) => DeliveryError::TooLong(Some(error.ee_info).filter(|mtu| *mtu > 0)),
            (3, _) => DeliveryError::HopLimit,
            _ => DeliveryError::Other(i32::try_from(error.ee_errno).ok()),
        },
        _ => return None,
    };
    Some(ErrQueueMsg::Undelivered(Undelivered::new(
        why, by, returned,
    )))
}

fn v4(by: libc::sockaddr_in) -> Option<IpAddr> {
    let given = i32::from(by.sin_family) == libc::AF_INET;
    given.then(|| Ipv4Addr::from(u32::from_be(by.sin_addr.s_addr)).into())
}

fn v6(by: libc::sockaddr_in6) -> Option<IpAddr> {
    let given = i32::from(by.sin6_family) == libc::AF_INET6;
    given.then(|| Ipv6Addr::from(by.sin6_addr.s6_addr).to_canonical())
}

/// A timestamp as nanoseconds; zero is how the kernel says that it has none.
pub(super) fn timestamp(time: TimeSpec) -> Option<KernelTimestamp> {
    let nanos = time.tv_sec().checked_mul(1_000_000_000)?;
    let nanos = nanos.checked_add(time.tv_nsec())?;
    (nanos != 0).then(|| KernelTimestamp::from_nanos(nanos))
}

/// Turns timestamps on, counted from zero (`SO_TIMESTAMPING`): the kernel starts to count
/// when that is set, so it is first unset.
///
/// With `twice`, the timestamp of a datagram that enters the queue of its interface is asked for,
/// and not used: taking it brings into the processor's caches what takes the next one, of the
/// datagram that leaves. The kernel goes on with sending after that, so it was the earlier, the
/// longer taking it took: by a third, as `cargo xtask bench accuracy` measures.
pub(super) fn count_from_zero(socket: &UdpSocket, twice: bool) -> io::Result<()> {
    let timestamp = TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE
        | TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE;
    let mut count = TimestampingFlag::SOF_TIMESTAMPING_TX_SOFTWARE
        | TimestampingFlag::SOF_TIMESTAMPING_OPT_ID
        | TimestampingFlag::SOF_TIMESTAMPING_OPT_TSONLY;
    if twice {
        count |= TimestampingFlag::from_bits_retain(libc::SOF_TIMESTAMPING_TX_SCHED);
    }
    setsockopt(socket, Timestamping, &timestamp)?;
    setsockopt(socket, Timestamping, &(timestamp | count))?;
    Ok(())
}
