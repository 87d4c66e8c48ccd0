//! The options of a socket that every system has: TOS, over IPv4.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use socket2::Socket;

use super::super::MtuDiscovery;

pub(in super::super) fn set_tos(socket: &Socket, server: SocketAddr, tos: u8) -> io::Result<()> {
    match server {
        SocketAddr::V4(_) => socket.set_tos_v4(u32::from(tos)),
        SocketAddr::V6(_) => Err(io::ErrorKind::Unsupported.into()),
    }
}

pub(in super::super) fn set_mtu_discovery(
    _socket: &Socket,
    _server: SocketAddr,
    _how: MtuDiscovery,
) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(in super::super) fn bind_interface(_socket: &Socket, _name: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// None: no socket is bound to an interface here.
pub(in super::super) fn interface_number(_name: &str) -> Option<u32> {
    None
}

/// None: there is no portable way to learn of a carrier.
pub(in super::super) fn without_carrier(_here: IpAddr) -> Option<String> {
    None
}

/// No: there is no portable way to learn of an interface's addresses.
pub(in super::super) fn is_broadcast(_address: Ipv4Addr) -> bool {
    false
}
