//! `sendmmsg` and `recvmmsg`.

use std::array;
use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::sys::socket::{
    ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg,
};

use super::super::batch::{BATCH, Batch, Filled};
use super::{address_of, ready};

/// What the system calls need of each datagram besides its bytes.
pub(in super::super) struct Headers {
    system: MultiHeaders<SockaddrStorage>,
    to: [Option<SockaddrStorage>; BATCH],
}

impl Headers {
    pub(in super::super) fn new() -> Self {
        Self {
            system: MultiHeaders::preallocate(BATCH, None),
            to: [None; BATCH],
        }
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}

/// Sends the datagrams from place `first` on, and returns how many went out: at least
/// one, or the error is the first one's.
pub(in super::super) fn send_many(
    socket: &UdpSocket,
    batch: &mut Batch,
    first: usize,
) -> io::Result<usize> {
    let Batch {
        headers: Headers { system, to },
        bytes,
        place,
        filled,
        len,
    } = batch;
    let filled = filled.get(first..*len).unwrap_or_default();
    let to = to.get_mut(..filled.len()).unwrap_or_default();
    for (to, filled) in to.iter_mut().zip(filled) {
        *to = filled.peer.map(SockaddrStorage::from);
    }
    let mut waiting = bytes.chunks_exact(*place).skip(first).zip(filled);
    let parts: [[IoSlice<'_>; 1]; BATCH] = array::from_fn(|_| {
        let datagram = waiting
            .next()
            .and_then(|(place, filled)| place.get(..filled.len));
        [IoSlice::new(datagram.unwrap_or_default())]
    });
    let none: [ControlMessage<'_>; 0] = [];
    let parts = parts.iter().take(filled.len());
    let sent = sendmmsg(
        socket.as_raw_fd(),
        system,
        parts,
        &*to,
        none,
        MsgFlags::empty(),
    )?;
    Ok(sent.count())
}

/// Waits at most `wait` for a datagram, and takes all that are there.
pub(in super::super) fn receive_many(
    socket: &UdpSocket,
    batch: &mut Batch,
    wait: Duration,
) -> io::Result<()> {
    batch.len = 0;
    let (flags, _) = ready(socket, wait)?;
    let Batch {
        headers: Headers { system, .. },
        bytes,
        place,
        filled,
        len,
    } = batch;
    let mut places = bytes.chunks_exact_mut(*place);
    let mut parts: [[IoSliceMut<'_>; 1]; BATCH] =
        array::from_fn(|_| [IoSliceMut::new(places.next().unwrap_or_default())]);
    let flags = flags | MsgFlags::MSG_WAITFORONE;
    let messages = recvmmsg(socket.as_raw_fd(), system, parts.iter_mut(), flags, None)?;
    for (filled, message) in filled.iter_mut().zip(messages) {
        *filled = Filled {
            len: message.bytes,
            peer: message.address.and_then(address_of),
        };
        *len += 1;
    }
    Ok(())
}
