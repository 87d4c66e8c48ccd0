//! Many datagrams at once: `sendmmsg`, and long messages. Datagrams of one size to one peer
//! go through the system as one message, which it divides at the end (`UDP_SEGMENT`); and
//! such that come from one peer come out of it as one (`UDP_GRO`).

use std::array;
use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, UdpSocket};
use std::num::NonZeroUsize;
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::errno::Errno;
use nix::libc::{c_int, in_pktinfo, in6_pktinfo};
use nix::sys::socket::sockopt::UdpGroSegment;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt};

use super::super::Peer;
use super::super::batch::{BATCH, Batch, Filled};
use super::super::errors::received;
use super::ancillary::{Outgoing, destination, send};
use super::{address_of, ready};

/// Up to which size datagrams are sent as long messages: what every way takes whole
/// (RFC 8200 §5), since the system divides messages only where it need not divide what
/// comes of them.
const EACH_AT_MOST: usize = 1_280 - 40 - 8;

/// How much one message holds: IPv4's longest datagram.
const MESSAGE_AT_MOST: usize = 65_507;

/// What the system calls need of each datagram besides its bytes.
pub(in super::super) struct Headers {
    /// Room for ancillary data.
    cmsgs: Vec<u8>,
    /// What a call failed with that had received something, too.
    later: Option<io::Error>,
    more: Lookahead,
    whole: Outgoing,
    divided: Outgoing,
    /// The system divides messages, as far as is known.
    divides: bool,
    to: [Option<SockaddrStorage>; BATCH],
}

impl Headers {
    pub(in super::super) fn new() -> Self {
        Self {
            cmsgs: nix::cmsg_space!(in_pktinfo, in6_pktinfo, c_int),
            later: None,
            more: Lookahead::default(),
            whole: Outgoing::whole(BATCH),
            divided: Outgoing::divided(BATCH),
            divides: true,
            to: [None; BATCH],
        }
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}

/// Has the kernel hand over what comes from one peer in long messages, if it can.
pub(in super::super) fn join_datagrams(socket: &UdpSocket) {
    // Where it can't, each comes alone.
    let _ = setsockopt(socket, UdpGroSegment, &true);
}

/// Sends datagrams from place `first` on that leave from the same address, and returns how
/// many went out, and what the system said if none did. In long messages where `divide`
/// lets it.
pub(in super::super) fn send_many(
    socket: &UdpSocket,
    batch: &mut Batch,
    first: usize,
    divide: bool,
) -> (usize, Option<io::Error>) {
    let mut divide = divide && batch.headers.divides;
    loop {
        match send_alike(socket, batch, first, divide) {
            Ok(went) => return (went, None),
            Err(Errno::EINVAL | Errno::EIO | Errno::EMSGSIZE | Errno::EOPNOTSUPP) if divide => {
                batch.headers.divides = false;
                divide = false;
            }
            // The next one, sent by itself, meets the rule for errors.
            Err(error) => return (0, Some(error.into())),
        }
    }
}

fn send_alike(
    socket: &UdpSocket,
    batch: &mut Batch,
    first: usize,
    divide: bool,
) -> nix::Result<usize> {
    let Batch {
        headers: Headers {
            whole, divided, to, ..
        },
        bytes,
        place,
        filled,
        len,
    } = batch;
    let filled = filled.get(first..*len).unwrap_or_default();
    let at = filled.first().and_then(origin);
    let alike = filled.iter().take_while(|it| origin(it) == at).count();
    let filled = filled.get(..alike).unwrap_or_default();
    let (filled, each) = match divisible(filled).filter(|_| divide) {
        Some((alike, each)) => (alike, Some(each)),
        None => (filled, None),
    };
    let mut places = bytes.chunks_exact(*place).skip(first).zip(filled);
    let parts: [IoSlice<'_>; BATCH] = array::from_fn(|_| {
        let datagram = places
            .next()
            .and_then(|(place, filled)| place.get(..filled.len));
        IoSlice::new(datagram.unwrap_or_default())
    });
    let joined = each.map_or(1, |each| MESSAGE_AT_MOST / usize::from(each));
    let runs = filled.chunk_by(|one, next| one.peer == next.peer);
    let runs = runs.flat_map(|run| run.chunks(joined));
    let mut messages: [&[IoSlice<'_>]; BATCH] = [&[]; BATCH];
    let (mut rest, mut count) = (&parts[..], 0);
    for ((message, to), run) in messages.iter_mut().zip(to.iter_mut()).zip(runs) {
        (*message, rest) = rest.split_at_checked(run.len()).unwrap_or_default();
        let peer = run.first().and_then(|filled| filled.peer);
        *to = peer.map(|peer| SockaddrStorage::from(peer.address));
        count += 1;
    }
    let messages = messages.get(..count).unwrap_or_default();
    let to = to.get(..count).unwrap_or_default();
    let outgoing = if each.is_some() { divided } else { whole };
    let went = send(socket, outgoing, messages, to, at, each)?;
    Ok(messages.iter().take(went).map(|parts| parts.len()).sum())
}

/// The address of ours that a datagram leaves from, if it matters.
fn origin(filled: &Filled) -> Option<IpAddr> {
    filled.peer.and_then(|peer| peer.at)
}

/// How many of these datagrams, from the first on, are of one size, and that size: if any
/// two of them in a row go to one peer, and long messages hold at least two.
fn divisible(filled: &[Filled]) -> Option<(&[Filled], u16)> {
    let each = filled.first()?.len;
    let alike = filled.iter().take_while(|it| it.len == each).count();
    let alike = filled.get(..alike)?;
    let joins = alike.windows(2).any(|two| two[0].peer == two[1].peer);
    let each = u16::try_from(each).ok().filter(|each| *each > 0);
    let each = each.filter(|each| joins && usize::from(*each) <= EACH_AT_MOST);
    Some((alike, each?))
}

/// Waits at most `wait` for a datagram, and takes all that are there: up to a batch, or up
/// to a long message.
pub(in super::super) fn receive_many(
    socket: &UdpSocket,
    batch: &mut Batch,
    wait: Duration,
) -> io::Result<()> {
    batch.len = 0;
    if let Some(error) = batch.headers.later.take() {
        return Err(error);
    }
    let (mut flags, _) = ready(socket, wait)?;
    let Batch {
        headers: Headers {
            cmsgs, later, more, ..
        },
        bytes,
        place,
        filled,
        len,
    } = batch;
    let most = if more.is_worth_a_look() { BATCH } else { 1 };
    for (room, filled) in bytes.chunks_exact_mut(*place).zip(filled).take(most) {
        match receive_one(socket, room, cmsgs, flags) {
            Ok(received) => *filled = received,
            Err(error) if *len == 0 => return Err(error.into()),
            Err(error) => {
                // What has come already comes first.
                *later = received::<()>(Err(error.into())).err();
                break;
            }
        }
        *len += 1;
        flags |= MsgFlags::MSG_DONTWAIT;
        if filled.each.is_some() {
            break;
        }
    }
    if most > 1 {
        more.was_there(batch.len > 1);
    }
    Ok(())
}

/// Whether more than one datagram is there when one is. To look costs a system call, which
/// is part of the round trip of each that comes alone: so each look that finds none makes the next
/// one rarer.
#[derive(Debug, Default)]
struct Lookahead {
    /// How many receptions go by between looks, and until the next.
    pause: u32,
    left: u32,
}

impl Lookahead {
    const LONGEST_PAUSE: u32 = 15;

    fn is_worth_a_look(&mut self) -> bool {
        let now = self.left == 0;
        self.left = self.left.checked_sub(1).unwrap_or(self.pause);
        now
    }

    /// What a look showed.
    fn was_there(&mut self, more: bool) {
        self.pause = if more {
            0
        } else {
            (self.pause * 2 + 1).min(Self::LONGEST_PAUSE)
        };
        self.left = self.pause;
    }
}

/// A message into `room`. `recvmmsg` would take many at once, but nix gives each of its
/// headers no more room for ancillary data than its last message used, and a size that is
/// missing would make one datagram of many.
fn receive_one(
    socket: &UdpSocket,
    room: &mut [u8],
    cmsgs: &mut [u8],
    flags: MsgFlags,
) -> nix::Result<Filled> {
    let mut parts = [IoSliceMut::new(room)];
    let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(cmsgs), flags)?;
    let (mut at, mut each) = (None, None);
    for cmsg in message.cmsgs()? {
        if let ControlMessageOwned::UdpGroSegments(size) = cmsg {
            each = usize::try_from(size).ok().and_then(NonZeroUsize::new);
        }
        at = destination(&cmsg).or(at);
    }
    let from = message.address.and_then(address_of);
    Ok(Filled {
        len: message.bytes,
        peer: from.map(|address| Peer { address, at }),
        each,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_that_find_nothing_grow_rarer_until_one_finds_more() {
        let mut more = Lookahead::default();
        let mut receptions = Vec::new();
        for found in [false, false, false, false, false, true, true] {
            let mut passed = 0;
            while !more.is_worth_a_look() {
                passed += 1;
            }
            receptions.push(passed);
            more.was_there(found);
        }
        assert_eq!(receptions, [0, 1, 3, 7, 15, 15, 0]);
    }
}
