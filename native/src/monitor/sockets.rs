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

/// How many sockets take turns for the targets of one path.
const SOCKETS: usize = 4;

/// What the datagrams of some targets have in common, so that they leave from one socket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Path {
    pub(crate) tos: Option<u8>,
    pub(crate) ttl: Option<u8>,
    pub(crate) source: Option<Source>,
}

impl Path {
    /// How many sockets take turns: no two can have the same port.
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
    paths: Vec<(bool, Path)>,
    /// Whose the datagrams of a socket and an address are.
    routes: HashMap<(usize, SocketAddr), usize>,
    turn: usize,
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
        let wanted = (server.is_ipv6(), path);
        let alike = self.paths.iter().enumerate();
        let alike = alike.filter(|(_, (v6, path))| (*v6, path) == wanted);
        let alike: Vec<usize> = alike.map(|(index, _)| index).collect();
        self.turn = self.turn.wrapping_add(1);
        let turns = (0..alike.len()).map(|nth| alike[(nth + self.turn) % alike.len()]);
        let mut free = turns.filter(|socket| !self.routes.contains_key(&(*socket, key(server))));
        let socket = match free.next() {
            Some(socket) if alike.len() >= path.sockets() => socket,
            _ => {
                let options = path.options();
                self.open.push(UnconnectedSocket::open(server, &options)?);
                self.paths.push((server.is_ipv6(), path.clone()));
                self.open.len() - 1
            }
        };
        if let Some(open) = self.open.get_mut(socket) {
            open.expect(bytes);
        }
        self.routes.insert((socket, key(server)), target);
        Ok(socket)
    }

    /// What comes from `server` to this socket is nobody's any more.
    pub(crate) fn disconnect(&mut self, socket: usize, server: SocketAddr) {
        self.routes.remove(&(socket, key(server)));
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
