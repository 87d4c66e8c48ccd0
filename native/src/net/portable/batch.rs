//! Batches where the system has no calls for them: one datagram after the other.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

use super::super::Peer;
use super::super::batch::{Batch, Filled};
use super::limit;

/// What a system call needs of each datagram besides its bytes: nothing more.
#[derive(Debug)]
pub(in super::super) struct Headers;

impl Headers {
    pub(in super::super) fn new() -> Self {
        Self
    }
}

/// Sends the datagrams from place `first` on, and returns how many went out, and what the
/// system said in place of sending the next one.
pub(in super::super) fn send_many(
    socket: &UdpSocket,
    batch: &mut Batch,
    first: usize,
    _divide: bool,
) -> (usize, Option<io::Error>) {
    for index in first..batch.len {
        let sent = match batch.get(index) {
            (datagram, Some(peer)) => socket.send_to(datagram, peer.address),
            (datagram, None) => socket.send(datagram),
        };
        if let Err(error) = sent {
            return (index - first, Some(error));
        }
    }
    (batch.len - first, None)
}

/// Nothing joins datagrams here.
pub(in super::super) fn join_datagrams(_: &UdpSocket) {}

/// Waits at most `wait` for a datagram.
pub(in super::super) fn receive_many(
    socket: &UdpSocket,
    batch: &mut Batch,
    wait: Duration,
) -> io::Result<()> {
    batch.len = 0;
    limit(socket, wait)?;
    let room = batch.bytes.get_mut(..batch.place).unwrap_or_default();
    let (len, peer) = socket.recv_from(room)?;
    batch.filled[0] = Filled::one(len, Some(Peer::plain(peer)));
    batch.len = 1;
    Ok(())
}
