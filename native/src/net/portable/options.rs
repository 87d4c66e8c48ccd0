//! The options of a socket that every system has: TOS, over IPv4.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs as _};

use socket2::Socket;

use super::super::MtuDiscovery;

pub(in super::super) fn set_tos(socket: &Socket, server: SocketAddr, tos: u8) -> io::Result<()> {
    match server {
        SocketAddr::V4(_) => socket.set_tos_v4(u32::from(tos)),
        SocketAddr::V6(_) => Err(io::ErrorKind::Unsupported.into()),
    }
}

pub(in super::super) fn send_flow_label(_socket: &Socket) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(in super::super) fn set_mark(_socket: &Socket, _mark: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
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

/// As the resolver reads a zone, which every system's does.
pub(in super::super) fn interface_number(name: &str) -> Option<u32> {
    let found = (format!("fe80::%{name}"), 0).to_socket_addrs().ok()?;
    let mut zones = found.filter_map(|address| match address {
        SocketAddr::V6(v6) => Some(v6.scope_id()),
        SocketAddr::V4(_) => None,
    });
    zones.find(|zone| *zone != 0)
}

/// Left to the call that uses it: there is no portable way to learn of interfaces.
pub(in super::super) fn has_interface(_number: u32) -> bool {
    true
}

/// None that are known.
pub(in super::super) fn interface_names() -> Vec<String> {
    Vec::new()
}

/// None: there is no portable way to learn of a carrier.
pub(crate) fn without_carrier(_here: IpAddr) -> Option<String> {
    None
}

/// No: there is no portable way to learn of an interface's addresses.
pub(in super::super) fn is_broadcast(_address: Ipv4Addr) -> bool {
    false
}
