//! `sendmmsg` and `recvmmsg`.

use std::array;
use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::libc::{in_pktinfo, in6_pktinfo};
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg};

use super::super::Peer;
use super::super::batch::{BATCH, Batch, Filled};
use super::details::{Details, Origin, destination, send};
use super::{address_of, ready};

/// What the system calls need of each datagram besides its bytes.
pub(in super::super) struct Headers {
    /// With room for what is told of a datagram.
    received: MultiHeaders<SockaddrStorage>,
    sent: MultiHeaders<SockaddrStorage>,
    /// The same, for datagrams that leave from an address of ours of either kind.
    sent_from: Details,
    to: [Option<SockaddrStorage>; BATCH],
}

impl Headers {
    pub(in super::super) fn new() -> Self {
        Self {
            received: received(),
            sent: MultiHeaders::preallocate(BATCH, None),
            sent_from: Details::of(BATCH),
            to: [None; BATCH],
        }
    }
}

fn received() -> MultiHeaders<SockaddrStorage> {
    MultiHeaders::preallocate(BATCH, Some(nix::cmsg_space!(in_pktinfo, in6_pktinfo)))
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}

/// Sends the datagrams from place `first` on that leave from the same address, and returns
/// how many went out: at least one, or the error is the first one's.
pub(in super::super) fn send_many(
    socket: &UdpSocket,
    batch: &mut Batch,
    first: usize,
) -> io::Result<usize> {
    let Batch {
        headers:
            Headers {
                sent,
                sent_from,
                to,
                ..
            },
        bytes,
        place,
        filled,
        len,
    } = batch;
    let filled = filled.get(first..*len).unwrap_or_default();
    let at = |filled: &Filled| filled.peer.and_then(|peer| peer.at);
    let from = filled.first().and_then(at);
    let alike = filled.iter().take_while(|filled| at(filled) == from);
    let count = alike.count();
    let to = to.get_mut(..count).unwrap_or_default();
    for (to, filled) in to.iter_mut().zip(filled) {
        *to = filled.peer.map(|peer| SockaddrStorage::from(peer.address));
    }
    let mut waiting = bytes.chunks_exact(*place).skip(first).zip(filled);
    let parts: [[IoSlice<'_>; 1]; BATCH] = array::from_fn(|_| {
        let datagram = waiting
            .next()
            .and_then(|(place, filled)| place.get(..filled.len));
        [IoSlice::new(datagram.unwrap_or_default())]
    });
    let parts = parts.iter().take(count);
    Ok(match from {
        None => send(socket, sent, parts, to, &[]),
        Some(at) => {
            let origin = Origin::of(at);
            send(socket, sent_from.leaving(at), parts, to, &[origin.word()])
        }
    }?)
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
        headers,
        bytes,
        place,
        filled,
        len,
    } = batch;
    let mut places = bytes.chunks_exact_mut(*place);
    let mut parts: [[IoSliceMut<'_>; 1]; BATCH] =
        array::from_fn(|_| [IoSliceMut::new(places.next().unwrap_or_default())]);
    let flags = flags | MsgFlags::MSG_WAITFORONE;
    let fd = socket.as_raw_fd();
    let messages = recvmmsg(fd, &mut headers.received, parts.iter_mut(), flags, None)?;
    let mut cut = false;
    for (filled, message) in filled.iter_mut().zip(messages) {
        let from = message.address.and_then(address_of);
        let told = message.cmsgs();
        cut |= told.is_err();
        let at = told
            .into_iter()
            .flatten()
            .find_map(|word| destination(&word));
        *filled = Filled {
            len: message.bytes,
            peer: from.map(|address| Peer { address, at }),
        };
        *len += 1;
    }
    // A header has no more room than its last message used; seldom does one need more.
    if cut {
        headers.received = received();
    }
    Ok(())
}
