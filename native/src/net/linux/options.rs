//! The options of a socket that Linux has in its own way.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use nix::ifaddrs::{InterfaceAddress, getifaddrs};
use nix::net::if_::{InterfaceFlags, if_nameindex};
use nix::sys::socket::{SockaddrStorage, setsockopt};
use nix::{libc, setsockopt_impl, sockopt_impl};
use rustix::net::sockopt::{
    Ipv4PathMtuDiscovery as V4, Ipv6PathMtuDiscovery as V6, set_ip_mtu_discover,
    set_ipv6_mtu_discover,
};
use socket2::Socket;

use super::super::MtuDiscovery;

pub(in super::super) fn set_tos(socket: &Socket, server: SocketAddr, tos: u8) -> io::Result<()> {
    match server {
        SocketAddr::V4(_) => socket.set_tos_v4(u32::from(tos)),
        SocketAddr::V6(_) => socket.set_tclass_v6(u32::from(tos)),
    }
}

// The socket's flow label is the one that it is connected with (`ipv6(7)` lacks it).
sockopt_impl!(
    SendFlowInfo,
    SetOnly,
    libc::IPPROTO_IPV6,
    libc::IPV6_FLOWINFO_SEND,
    bool
);

/// Has the flow label of the address that the socket is connected to be sent.
pub(in super::super) fn send_flow_label(socket: &Socket) -> io::Result<()> {
    Ok(setsockopt(socket, SendFlowInfo, &true)?)
}

pub(in super::super) fn set_mark(socket: &Socket, mark: u32) -> io::Result<()> {
    socket.set_mark(mark)
}

pub(in super::super) fn set_mtu_discovery(
    socket: &Socket,
    server: SocketAddr,
    how: MtuDiscovery,
) -> io::Result<()> {
    let (v4, v6) = match how {
        MtuDiscovery::Do => (V4::DO, V6::DO),
        MtuDiscovery::Want => (V4::WANT, V6::WANT),
        MtuDiscovery::Probe => (V4::PROBE, V6::PROBE),
        MtuDiscovery::Dont => (V4::DONT, V6::DONT),
    };
    match server {
        SocketAddr::V4(_) => set_ip_mtu_discover(socket, v4)?,
        SocketAddr::V6(_) => set_ipv6_mtu_discover(socket, v6)?,
    }
    Ok(())
}

pub(in super::super) fn bind_interface(socket: &Socket, name: &str) -> io::Result<()> {
    socket.bind_device(Some(name.as_bytes()))
}

pub(in super::super) fn interface_number(name: &str) -> Option<u32> {
    nix::net::if_::if_nametoindex(name).ok()
}

/// Whether an interface has this number.
pub(in super::super) fn has_interface(number: u32) -> bool {
    if_nameindex().is_ok_and(|all| all.iter().any(|it| it.index() == number))
}

/// The interfaces that there are.
pub(in super::super) fn interface_names() -> Vec<String> {
    let all = if_nameindex();
    let names = all.iter().flatten();
    names
        .map(|it| it.name().to_string_lossy().into_owned())
        .collect()
}

/// Whether an interface of this host has one of these addresses.
pub(crate) fn are_of_this_host(addresses: &[SocketAddr]) -> io::Result<bool> {
    let mut own = getifaddrs()?.filter_map(|it| it.address);
    Ok(own.any(|own| addresses.iter().any(|it| is(&own, it.ip()))))
}

fn is(address: &SockaddrStorage, wanted: IpAddr) -> bool {
    match wanted {
        IpAddr::V4(wanted) => address.as_sockaddr_in().is_some_and(|it| it.ip() == wanted),
        IpAddr::V6(wanted) => address
            .as_sockaddr_in6()
            .is_some_and(|it| it.ip() == wanted),
    }
}

/// The interface that is up, has the address `here`, and no carrier: what is sent by it gets
/// nowhere, and nobody says so.
pub(crate) fn without_carrier(here: IpAddr) -> Option<String> {
    let has = |address: &SockaddrStorage| is(address, here);
    let interface = getifaddrs()
        .ok()?
        .find(|interface| interface.address.as_ref().is_some_and(has))?;
    let flags = interface.flags;
    (flags.contains(InterfaceFlags::IFF_UP) && !flags.contains(InterfaceFlags::IFF_RUNNING))
        .then_some(interface.interface_name)
}

/// Whether some interface has `address` for everybody on its network.
pub(in super::super) fn is_broadcast(address: Ipv4Addr) -> bool {
    let v4 = |of: Option<SockaddrStorage>| Some(of?.as_sockaddr_in()?.ip());
    let is_own = |interface: InterfaceAddress| {
        // An address may be set without a broadcast address; the kernel has the network's last
        // one for it all the same, except where there are but two (RFC 3021).
        let last = v4(interface.address)
            .zip(v4(interface.netmask))
            .filter(|(_, mask)| (!mask.to_bits()).count_ones() > 1)
            .map(|(own, mask)| own | !mask);
        v4(interface.broadcast) == Some(address) || last == Some(address)
    };
    getifaddrs().is_ok_and(|mut all| all.any(is_own))
}
