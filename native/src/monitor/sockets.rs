//! Which socket a target is probed from: a few for all of them, and never one that two targets
//! with the same address share.
//!
//! Owns that what comes to a socket from an address is one target's at the most: a reply of
//! another address is nobody's.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;

use crate::clock::KernelTimestamp;
use crate::net::{Batch, ErrQueueMsg, Options, Source, UnconnectedSocket};

/// How many sockets there are for the targets of one path at the most, but for those that
/// have their address in common.
const SOCKETS: usize = 4;

/// How many targets a socket has before another one is opened: what is due together leaves in
/// one call, and what comes together finds room to wait in.
const EACH: usize = 1_000;

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
    strangers: u64,
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

    /// The target whose server this is on this socket.
    pub(crate) fn target(&self, socket: usize, server: SocketAddr) -> Option<usize> {
        self.routes.get(&(socket, key(server))).copied()
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

    /// Gives `each` datagram of a target's server that has come to a socket: how many came,
    /// others' included.
    ///
    /// # Errors
    /// As [`UnconnectedSocket::receive`].
    pub(crate) fn receive(
        &mut self,
        socket: usize,
        mut each: impl FnMut(usize, &[u8], Option<KernelTimestamp>),
    ) -> io::Result<usize> {
        let Some(open) = self.open.get_mut(socket) else {
            return Ok(0);
        };
        open.receive(|datagram, from, kernel| {
            // What comes from elsewhere is nobody's.
            match self.routes.get(&(socket, key(from))) {
                Some(target) => each(*target, datagram, kernel),
                None => self.strangers += 1,
            }
        })
    }

    /// [`UnconnectedSocket::next_errqueue_msg`].
    ///
    /// # Errors
    /// As there.
    pub(crate) fn next_errqueue_msg(
        &mut self,
        socket: usize,
    ) -> io::Result<Option<(ErrQueueMsg, SocketAddr)>> {
        let socket = self.open.get_mut(socket);
        socket.map_or(Ok(None), UnconnectedSocket::next_errqueue_msg)
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

/// An address as it comes back: a flow label is no part of it.
fn key(mut server: SocketAddr) -> SocketAddr {
    if let SocketAddr::V6(v6) = &mut server {
        v6.set_flowinfo(0);
    }
    server
}
