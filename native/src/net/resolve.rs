//! From a name to an address, within the time that there is.
//!
//! Owns the thread in which the system's resolver runs: it takes as long as its servers
//! keep it waiting, and nothing can end it.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::{io, iter};

use anyhow::{Context as _, anyhow};

use super::POLL_INTERVAL;
use super::address::{Address, in_a_zone};
use crate::cli::Target;
use crate::i18n::say;
use crate::run_end::RunEnd;

/// Which kind of address will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Any,
    V4,
    V6,
}

impl Family {
    fn includes(self, address: SocketAddr) -> bool {
        match self {
            Self::Any => true,
            Self::V4 => address.is_ipv4(),
            Self::V6 => address.is_ipv6(),
        }
    }
}

/// The addresses of a target that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// The first.
    pub(crate) server: SocketAddr,
    /// The others, in the order in which they are to be tried.
    pub(crate) others: Vec<SocketAddr>,
}

impl Resolved {
    /// Only those that an address of `family` reaches, if it is of one, and there are any.
    pub(crate) fn reached_from(self, family: Option<Family>) -> Self {
        let mut all = iter::once(self.server).chain(self.others.iter().copied());
        let Some(server) = all.find(|it| family.is_some_and(|family| family.includes(*it))) else {
            return self;
        };
        let others = all.filter(|it| it.is_ipv4() == server.is_ipv4());
        let others = others.collect();
        Self { server, others }
    }
}

/// The addresses of `target` that will do, with `port` if it names none; in the zone of
/// `interface`, if they need one; unless `end` comes before they are found.
pub(crate) fn resolve(
    target: &Target,
    port: u16,
    family: Family,
    interface: Option<&str>,
    end: &RunEnd,
) -> anyhow::Result<Resolved> {
    let host = &target.host;
    let port = target.port.unwrap_or(port);
    let addresses = match host.parse::<Address>() {
        Ok(address) => vec![this_host(address.with_port(port)?)],
        Err(_) => look_up(host, port, end)?,
    };
    let mut will_do = addresses.into_iter().filter(|it| family.includes(*it));
    let server = will_do.next().with_context(|| match family {
        Family::V4 => say::NoIpv4 { host }.to_string(),
        Family::V6 => say::NoIpv6 { host }.to_string(),
        Family::Any => say::NoAddress { host }.to_string(),
    })?;
    let mut others: Vec<SocketAddr> = Vec::new();
    let server = in_a_zone(server, interface)?;
    for other in will_do.filter_map(|other| in_a_zone(other, interface).ok()) {
        if other != server && !others.contains(&other) {
            others.push(other);
        }
    }
    Ok(Resolved { server, others })
}

/// Loopback in place of no address at all, which systems take for this host, if not all alike.
fn this_host(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

/// All addresses of `host`, each with `port`, unless `end` comes before.
fn look_up(host: &str, port: u16, end: &RunEnd) -> anyhow::Result<Vec<SocketAddr>> {
    let (sender, found) = channel();
    // What servers of names know of a name in other letters is its A-label (RFC 5890).
    let name = if host.is_ascii() {
        host.to_owned()
    } else {
        idna::domain_to_ascii(host).map_err(|_| {
            let host = host.to_owned();
            anyhow!(say::NoName { host })
        })?
    };
    let host = if name == host {
        name.clone()
    } else {
        format!("{host} ({name})")
    };
    thread::Builder::new()
        .name("resolver".to_owned())
        .spawn(move || {
            let addresses = (name.as_str(), port).to_socket_addrs();
            // Nobody waits any more for what took too long.
            let _ = sender.send(addresses.map(Iterator::collect));
        })
        .context(say::NO_RESOLVER_THREAD)?;
    loop {
        let wait = end
            .left()
            .map_or(POLL_INTERVAL, |left| left.min(POLL_INTERVAL));
        let found: io::Result<Vec<SocketAddr>> = match found.recv_timeout(wait) {
            Ok(found) => found,
            Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::NotFound.into()),
            Err(RecvTimeoutError::Timeout) if end.is_asked_for() => {
                anyhow::bail!(say::ResolveStopped { host })
            }
            Err(RecvTimeoutError::Timeout) if end.has_come() => {
                anyhow::bail!(say::ResolveTimedOut {
                    host,
                    within: format!("{:?}", end.deadline().unwrap_or_default())
                })
            }
            Err(RecvTimeoutError::Timeout) => continue,
        };
        return found.with_context(|| say::NoAddressFor { host });
    }
}
