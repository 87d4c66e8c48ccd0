//! Which socket a target is probed from: a few for all of them, and never one that two targets
//! with the same address share.
//!
//! Owns that what comes to a socket from an address is one target's at the most: a reply of
//! another address is nobody's. So it is with the kernel's timestamps of what a socket sends, by
//! their numbers.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;

use udping_core::time::ClientTime;

use super::numbering::{Numbering, SentProbe};
use crate::clock::KernelTimestamp;
use crate::net::{
    BATCH, Batch, ErrQueueRoom, Options, Source, Taken, UnconnectedSocket, Undelivered,
};

/// How many sockets there are for the targets of one path at the most, but for those that
/// have their address in common.
const SOCKETS: usize = 4;

/// How many targets a socket has before another one is opened: what is due together leaves in
/// one call, and what comes together finds room to wait in.
const EACH: usize = 1_000;

/// For how many messages of an error queue there is room at the least, where all are taken.
const ERRORS: usize = 8;

/// What the datagrams of some targets have in common, so that they leave from one socket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Path {
    pub(crate) tos: Option<u8>,
    pub(crate) ttl: Option<u8>,
    pub(crate) source: Option<Source>,
}

impl Path {
    /// How many sockets there are at the most: no two can have the same port.
    const fn sockets(&self) -> usize {
        match self.source {
            Some(Source::Address { port: Some(_), .. }) => 1,
            _ => SOCKETS,
        }
    }

    fn options(&self) -> Options {
        Options {
            tos: self.tos,
            ttl: self.ttl,
            source: self.source.clone(),
            ..Options::default()
        }
    }
}

/// All sockets, and whose addresses they know.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    open: Vec<UnconnectedSocket>,
    /// What each of them is for, IPv6 or not, and how many targets it has.
    shared: Vec<(bool, Path, usize)>,
    /// Whose the datagrams of a socket and an address are.
    routes: HashMap<(usize, SocketAddr), usize>,
    /// What the kernel's numbers mean, of each socket.
    numberings: Vec<Numbering>,
    room: ErrQueueRoom,
    strangers: u64,
}

/// What has come to a socket, and whose it is.
pub(crate) enum Input<'a> {
    /// From this target's server, and when the kernel received it, if that is known.
    Reply(usize, &'a [u8], Option<KernelTimestamp>),
    /// When the kernel sent this probe.
    Timestamp(SentProbe, KernelTimestamp),
    /// This was not delivered; `None` if it was no target's.
    Undelivered(Option<usize>, Undelivered),
}

impl Sockets {
    /// The socket that `target` is to use for `server`, which answers with `bytes`.
    ///
    /// # Errors
    /// None could be opened as `path` wants it.
    pub(crate) fn connect(
        &mut self,
        target: usize,
        server: SocketAddr,
        path: &Path,
        bytes: usize,
    ) -> anyhow::Result<usize> {
        let address = key(server);
        let shared = self.shared.iter().enumerate();
        let alike = shared.filter(|(_, (v6, its, _))| *v6 == server.is_ipv6() && its == path);
        let (all, free) = alike.fold((0, None), |(all, least), (index, (.., targets))| {
            let taken = self.routes.contains_key(&(index, address));
            let one = Some((*targets, index)).filter(|_| !taken);
            (all + 1, [least, one].into_iter().flatten().min())
        });
        let has_room = |(targets, _): &(usize, usize)| *targets < EACH || all >= path.sockets();
        let socket = if let Some((_, socket)) = free.filter(has_room) {
            socket
        } else {
            let options = path.options();
            self.open.push(UnconnectedSocket::open(server, &options)?);
            self.shared.push((server.is_ipv6(), path.clone(), 0));
            self.numberings.push(Numbering::default());
            self.open.len() - 1
        };
        if let Some((.., targets)) = self.shared.get_mut(socket) {
            *targets += 1;
        }
        if let Some(open) = self.open.get_mut(socket) {
            open.expect(bytes);
        }
        self.routes.insert((socket, address), target);
        Ok(socket)
    }

    /// What comes from `server` to this socket is nobody's any more.
    pub(crate) fn disconnect(&mut self, socket: usize, server: SocketAddr) {
        let had = self.routes.remove(&(socket, key(server)));
        let shared = self.shared.get_mut(socket).filter(|_| had.is_some());
        if let Some((.., targets)) = shared {
            *targets = targets.saturating_sub(1);
        }
    }

    pub(crate) fn all(&self) -> &[UnconnectedSocket] {
        &self.open
    }

    /// [`UnconnectedSocket::send`].
    pub(crate) fn send(
        &mut self,
        socket: usize,
        batch: &mut Batch,
        first: usize,
    ) -> (usize, Option<io::Error>) {
        match self.open.get_mut(socket) {
            Some(socket) => socket.send(batch, first),
            None => (0, Some(io::ErrorKind::NotConnected.into())),
        }
    }

    /// Notes that the socket sent these at `now`, in this order.
    pub(crate) fn sent(
        &mut self,
        socket: usize,
        now: ClientTime,
        probes: impl Iterator<Item = SentProbe>,
    ) {
        let open = self.open.get(socket).filter(|it| it.numbers());
        if let Some((_, numbering)) = open.zip(self.numberings.get_mut(socket)) {
            for probe in probes {
                numbering.sent(now, probe);
            }
        }
    }

    /// The socket did not send something, which the kernel may have counted: it is to begin again.
    pub(crate) fn restart_numbering(&mut self, socket: usize) {
        let open = self.open.get_mut(socket).filter(|it| it.numbers());
        if let Some((open, numbering)) = open.zip(self.numberings.get_mut(socket)) {
            open.restart_numbering();
            numbering.restart();
        }
    }

    /// Gives `each` datagram of a target's server that has come to a socket, after the timestamps
    /// that belong to them: how many came, others' included.
    ///
    /// # Errors
    /// As [`UnconnectedSocket::receive`].
    pub(crate) fn receive(
        &mut self,
        socket: usize,
        mut each: impl FnMut(Input<'_>),
    ) -> io::Result<usize> {
        let open = self.open.get_mut(socket);
        let Some((open, numbering)) = open.zip(self.numberings.get_mut(socket)) else {
            return Ok(0);
        };
        let room = Some(&mut self.room).filter(|_| numbering.awaited() > 0);
        let (looked, mut found) = (room.is_some(), false);
        let (routes, strangers) = (&self.routes, &mut self.strangers);
        let received = open.receive(room, |taken| {
            let is_datagram = matches!(taken, Taken::Datagram(..));
            found |= !is_datagram;
            match input(routes, socket, numbering, taken) {
                Some(input) => each(input),
                // What comes from elsewhere is nobody's.
                None => *strangers += u64::from(is_datagram),
            }
        });
        if looked && !found && received.is_ok() {
            numbering.found_nothing();
        }
        received
    }

    /// Gives `each` message of a socket's error queue: all of them, or, of what it sent just now,
    /// the timestamps.
    pub(crate) fn take_errqueue(
        &mut self,
        socket: usize,
        all: bool,
        mut each: impl FnMut(Input<'_>),
    ) {
        let open = self.open.get(socket);
        let Some((open, numbering)) = open.zip(self.numberings.get_mut(socket)) else {
            return;
        };
        loop {
            let least = if all { ERRORS } else { 0 };
            let most = numbering.awaited().clamp(least, BATCH);
            if most == 0 {
                return;
            }
            let routes = &self.routes;
            let came = open.take_errqueue(&mut self.room, most, |taken| {
                input(routes, socket, numbering, taken)
                    .into_iter()
                    .for_each(&mut each);
            });
            if came == 0 && !all {
                numbering.found_nothing();
            }
            if came < most {
                return;
            }
        }
    }

    /// How many datagrams came from addresses that are no target's.
    pub(crate) const fn strangers(&self) -> u64 {
        self.strangers
    }

    /// How many datagrams came and found no room to wait in.
    pub(crate) fn rx_dropped(&self) -> u64 {
        self.open.iter().map(UnconnectedSocket::rx_dropped).sum()
    }
}

/// Whose it is that was taken from a socket, if it is anybody's.
fn input<'a>(
    routes: &HashMap<(usize, SocketAddr), usize>,
    socket: usize,
    numbering: &mut Numbering,
    taken: Taken<'a>,
) -> Option<Input<'a>> {
    let whose = |address| routes.get(&(socket, key(address))).copied();
    Some(match taken {
        Taken::Datagram(bytes, from, at) => Input::Reply(whose(from)?, bytes, at),
        Taken::Timestamp(number, at) => Input::Timestamp(numbering.transmitted(number)?, at),
        Taken::Undelivered(undelivered, to) => Input::Undelivered(whose(to), undelivered),
    })
}

/// An address as it comes back: a flow label is no part of it.
fn key(mut server: SocketAddr) -> SocketAddr {
    if let SocketAddr::V6(v6) = &mut server {
        v6.set_flowinfo(0);
    }
    server
}
