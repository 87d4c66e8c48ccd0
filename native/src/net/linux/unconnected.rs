//! One socket for many servers: unconnected, so everything that comes says where it came from,
//! and many datagrams take one system call.
//!
//! Owns `recvmmsg` with the kernel's timestamps, and the error queue by the batch, with the address
//! that each error is about and the number of the datagram that each timestamp is of. Whose they
//! are is not known here.

use std::fmt;
use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::time::Duration;

use anyhow::Context as _;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg};
use nix::sys::time::TimeSpec;
use socket2::{Domain, Socket, Type};

use super::super::batch::{BATCH, Batch};
use super::super::errors::received;
use super::super::errqueue::{ErrQueueMsg, Undelivered};
use super::super::{Options, enlarge_receive_buffer};
use super::ancillary::report_timestamps;
use super::batch::send_many;
use super::client::{
    RETURNED, count_from_zero, errqueue_cmsgs, errqueue_msg, report_errors, timestamp,
};
use super::{DropCount, address_of};
use crate::clock::KernelTimestamp;
use crate::i18n::say;

/// Bytes of a place for what comes, at the least: more than any wire's reply has by itself.
const PLACE: usize = 2_048;

/// A socket that many servers answer to.
pub(crate) struct UnconnectedSocket {
    socket: UdpSocket,
    /// The kernel timestamps what is sent, and numbers it.
    numbers: bool,
    headers: MultiHeaders<SockaddrStorage>,
    /// [`BATCH`] places of `place` bytes.
    room: Vec<u8>,
    place: usize,
    dropped: Option<DropCount>,
}

/// What is taken from a socket.
pub(crate) enum Taken<'a> {
    /// A datagram with its sender, and when the kernel received it, if that is known.
    Datagram(&'a [u8], SocketAddr, Option<KernelTimestamp>),
    /// When the kernel sent the datagram with this number: how many were sent before it.
    Timestamp(u32, KernelTimestamp),
    /// A datagram that was sent to this address was not delivered.
    Undelivered(Undelivered, SocketAddr),
}

/// Room for a batch of an error queue's messages, of which any socket makes use.
#[derive(Debug)]
pub(crate) struct ErrQueueRoom(Vec<u8>);

impl Default for ErrQueueRoom {
    fn default() -> Self {
        Self(vec![0; RETURNED * BATCH])
    }
}

impl fmt::Debug for UnconnectedSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnconnectedSocket")
            .field("socket", &self.socket)
            .finish_non_exhaustive()
    }
}

impl AsFd for UnconnectedSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl UnconnectedSocket {
    /// A socket as `options` want it, for servers of the family of `server`.
    ///
    /// # Errors
    /// The system refuses one of the options.
    pub(crate) fn open(server: SocketAddr, options: &Options) -> anyhow::Result<Self> {
        let socket =
            Socket::new(Domain::for_address(server), Type::DGRAM, None).context(say::NO_SOCKET)?;
        enlarge_receive_buffer(&socket);
        if server.is_ipv6() {
            // IPv4 has sockets of its own.
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        options.apply(&socket, server)?;
        let socket = UdpSocket::from(socket);
        report_errors(&socket).context(say::NO_ANCILLARY)?;
        let numbers = count_from_zero(&socket, false).is_ok();
        if !numbers {
            // Without it, the time at which a reply is taken has to do.
            let _ = report_timestamps(&socket);
        }
        Ok(Self {
            dropped: DropCount::of(&socket),
            socket,
            numbers,
            headers: headers(),
            room: vec![0; PLACE * BATCH],
            place: PLACE,
        })
    }

    /// Makes room for replies to requests of `bytes`.
    pub(crate) fn expect(&mut self, bytes: usize) {
        // One more, to notice a reply that is longer than its request.
        let place = self.place.max(bytes.saturating_add(1));
        if place > self.place {
            self.place = place;
            self.room = vec![0; place * BATCH];
        }
    }

    /// Whether the kernel timestamps what is sent, and numbers it from zero.
    pub(crate) const fn numbers(&self) -> bool {
        self.numbers
    }

    /// Has the kernel number what is sent from zero again: whether it has counted a datagram that
    /// it did not send, it does not say.
    pub(crate) fn restart_numbering(&mut self) {
        self.numbers = self.numbers && count_from_zero(&self.socket, false).is_ok();
    }

    /// How many datagrams came and found no room to wait in.
    pub(crate) fn rx_dropped(&self) -> u64 {
        let dropped = self.dropped.as_ref();
        dropped.and_then(DropCount::read).unwrap_or_default()
    }

    /// Sends what is in `batch` from place `first` on, and returns how many went out, and what
    /// the system said in place of sending the next one, if it said so: that may be about a
    /// datagram sent earlier, which the error queue then names.
    pub(crate) fn send(&mut self, batch: &mut Batch, first: usize) -> (usize, Option<io::Error>) {
        send_many(&self.socket, batch, first, false)
    }

    /// Gives `each` datagram that is there: at most a batch. How many that were. What the error
    /// queue holds by then comes before them, where there is `room` to look for it: the kernel has
    /// a probe's timestamp before the probe leaves, and so before its reply.
    ///
    /// # Errors
    /// The system's, which may be about a datagram sent earlier.
    pub(crate) fn receive(
        &mut self,
        room: Option<&mut ErrQueueRoom>,
        mut each: impl FnMut(Taken<'_>),
    ) -> io::Result<usize> {
        let mut parts: Vec<[IoSliceMut<'_>; 1]> = self
            .room
            .chunks_exact_mut(self.place)
            .map(|place| [IoSliceMut::new(place)])
            .collect();
        let fd = self.socket.as_raw_fd();
        let flags = MsgFlags::MSG_DONTWAIT;
        let messages = recvmmsg(fd, &mut self.headers, parts.iter_mut(), flags, None);
        let Some(messages) = received(messages.map_err(io::Error::from))? else {
            return Ok(0);
        };
        if let Some(room) = room {
            take_errqueue(&self.socket, room, BATCH, &mut each);
        }
        let (mut count, mut complete) = (0, true);
        for message in messages {
            count += 1;
            let at = message
                .cmsgs()
                .into_iter()
                .flatten()
                .find_map(|it| match it {
                    ControlMessageOwned::ScmTimestampsns(times) => timestamp(times.system),
                    _ => None,
                });
            complete &= at.is_some();
            let bytes = message.iovs().next().unwrap_or_default();
            if let Some(from) = message.address.and_then(address_of) {
                each(Taken::Datagram(bytes, from, at));
            }
        }
        if !complete {
            // nix gives each header no more room for ancillary data than its last message
            // used, so one that came without a timestamp has none for the next one's.
            self.headers = headers();
        }
        Ok(count)
    }

    /// Gives `each` message of the error queue: `most` of them at the most, and no more than a
    /// batch. How many that were.
    pub(crate) fn take_errqueue(
        &self,
        room: &mut ErrQueueRoom,
        most: usize,
        mut each: impl FnMut(Taken<'_>),
    ) -> usize {
        take_errqueue(&self.socket, room, most, &mut each)
    }
}

/// [`UnconnectedSocket::take_errqueue`]. What cannot be read for now stays where it is.
fn take_errqueue(
    socket: &UdpSocket,
    room: &mut ErrQueueRoom,
    most: usize,
    each: &mut impl FnMut(Taken<'_>),
) -> usize {
    let mut parts: Vec<[IoSliceMut<'_>; 1]> = room
        .0
        .chunks_exact_mut(RETURNED)
        .take(most)
        .map(|place| [IoSliceMut::new(place)])
        .collect();
    // Made anew: nix gives each header no more room for an address than its last message used, and
    // a timestamp comes without one.
    let mut headers = MultiHeaders::preallocate(parts.len(), Some(errqueue_cmsgs()));
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let messages = recvmmsg(
        socket.as_raw_fd(),
        &mut headers,
        parts.iter_mut(),
        flags,
        None,
    );
    let mut count = 0;
    for message in messages.into_iter().flatten() {
        count += 1;
        let (said, to) = (errqueue_msg(&message), message.address);
        match said {
            Ok(Some(ErrQueueMsg::Timestamp(number, at))) => each(Taken::Timestamp(number, at)),
            Ok(Some(ErrQueueMsg::Undelivered(undelivered))) => {
                // The kernel says whom only of those (`ip_recv_error`).
                if let Some(to) = to.and_then(address_of) {
                    each(Taken::Undelivered(undelivered, to));
                }
            }
            // A call that cannot be made says so itself.
            Ok(Some(ErrQueueMsg::MtuExceeded(_)) | None) | Err(_) => {}
        }
    }
    count
}

fn headers() -> MultiHeaders<SockaddrStorage> {
    MultiHeaders::preallocate(BATCH, Some(nix::cmsg_space!([TimeSpec; 3])))
}

/// What a wait has found out of a socket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Readiness {
    /// A datagram is there, or an error in place of one.
    pub(crate) readable: bool,
    /// The error queue holds something.
    pub(crate) errqueue: bool,
}

/// Waits until one of `sockets` has something, or `other`, but at most `wait`; `ready` then
/// says what each has. Whether it was `other`.
///
/// # Errors
/// The system's.
pub(crate) fn wait_for_any(
    sockets: &[UnconnectedSocket],
    other: BorrowedFd<'_>,
    wait: Duration,
    ready: &mut Vec<Readiness>,
) -> io::Result<bool> {
    let all = sockets.iter().map(AsFd::as_fd);
    let mut fds: Vec<PollFd<'_>> = std::iter::once(other)
        .chain(all)
        .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
        .collect();
    ready.clear();
    ready.resize(sockets.len(), Readiness::default());
    let waited = ppoll(&mut fds, Some(TimeSpec::from_duration(wait)), None);
    if received(waited.map_err(io::Error::from))?.is_none() {
        return Ok(false);
    }
    let mut events = fds
        .iter()
        .map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
    let other = events.next().is_some_and(|it| !it.is_empty());
    for (ready, events) in ready.iter_mut().zip(events) {
        ready.errqueue = events.contains(PollFlags::POLLERR);
        ready.readable = events.contains(PollFlags::POLLIN);
    }
    Ok(other)
}
