//! From a name to an address.

use std::net::{SocketAddr, ToSocketAddrs as _};

use anyhow::Context as _;

use crate::cli::Target;
use crate::i18n::say;

/// Which kind of address will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Any,
    V4,
    V6,
}

/// The first address of `target` that will do, with `port` if it names none.
pub(crate) fn resolve(target: &Target, port: u16, family: Family) -> anyhow::Result<SocketAddr> {
    let host = &target.host;
    let addresses = (host.as_str(), target.port.unwrap_or(port))
        .to_socket_addrs()
        .with_context(|| say::NoAddressFor { host: host.clone() })?;
    let addresses: Vec<SocketAddr> = addresses.collect();
    let chosen = addresses.iter().find(|address| match family {
        Family::Any => true,
        Family::V4 => address.is_ipv4(),
        Family::V6 => address.is_ipv6(),
    });
    chosen.copied().with_context(|| match family {
        Family::V4 => say::NoIpv4 { host }.to_string(),
        Family::V6 => say::NoIpv6 { host }.to_string(),
        Family::Any => say::NoAddress { host }.to_string(),
    })
}
