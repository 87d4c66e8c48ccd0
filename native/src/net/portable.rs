//! Waiting with what every system has: the socket's read timeout.

mod batch;
mod client;
mod options;

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use socket2::Socket;

use super::{Peer, Received, TcpCounts};
use crate::poll::POLL_INTERVAL;
pub(super) use batch::{Headers, join_datagrams, receive_many, send_many};
pub(super) use client::{Control, TIMESTAMPS};
pub(crate) use options::without_carrier;
pub(super) use options::{
    bind_interface, has_interface, interface_names, interface_number, is_broadcast,
    send_flow_label, set_mark, set_mtu_discovery, set_tos,
};

pub(super) fn receive_from(
    socket: &UdpSocket,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<(usize, SocketAddr)> {
    limit(socket, wait)?;
    socket.recv_from(buffer)
}

/// False: there is no portable way to learn the TTL of what arrives.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail at it")]
pub(super) fn report_ttl(_: &UdpSocket) -> io::Result<bool> {
    Ok(false)
}

/// False: nor when.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail at it")]
pub(super) fn report_timestamps(_: &UdpSocket) -> io::Result<bool> {
    Ok(false)
}

/// False: nor to which address it was sent.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail at it")]
pub(super) fn report_destination(_: &UdpSocket) -> io::Result<bool> {
    Ok(false)
}

/// Nothing: there is none here.
pub(super) struct Ancillary;

impl Ancillary {
    pub(super) fn new() -> Self {
        Self
    }
}

pub(super) fn receive_with_ancillary(
    socket: &UdpSocket,
    _: &mut Ancillary,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<Received> {
    let (len, address) = receive_from(socket, buffer, wait)?;
    Ok(Received {
        len,
        peer: Peer { address, at: None },
        ttl: None,
        kernel_timestamp: None,
    })
}

/// The system picks the address of ours.
pub(super) fn send_from(
    socket: &UdpSocket,
    _: &mut Ancillary,
    datagram: &[u8],
    _at: IpAddr,
    to: SocketAddr,
) -> io::Result<()> {
    socket.send_to(datagram, to).map(drop)
}

/// Nothing: there is no portable way to count what found no room.
#[derive(Debug)]
pub(super) struct DropCount;

impl DropCount {
    pub(super) fn of(_: &UdpSocket) -> Option<Self> {
        None
    }

    #[expect(clippy::unused_self, reason = "the shape that other systems need")]
    pub(super) fn read(&self) -> Option<u64> {
        None
    }
}

fn limit(socket: &UdpSocket, wait: Duration) -> io::Result<()> {
    // Zero would mean for ever.
    socket.set_read_timeout(Some(wait.clamp(Duration::from_micros(1), POLL_INTERVAL)))
}

/// None: which of two sockets gets a datagram is each system's own affair.
pub(super) fn listen_beside(_connected: &UdpSocket) -> io::Result<UdpSocket> {
    Err(io::ErrorKind::Unsupported.into())
}

/// They are what they are.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail at it")]
pub(crate) fn exact_timers() -> io::Result<()> {
    Ok(())
}

/// None: no portable call counts a connection's segments.
pub(crate) fn tcp_counts(_stream: &TcpStream) -> Option<TcpCounts> {
    None
}

/// Sharing a port means something else on every other system.
pub(super) fn share_port(_socket: &Socket) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
