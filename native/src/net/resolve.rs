//! From a name to an address, within the time that there is.
//!
//! Owns the thread in which the system's resolver runs: it takes as long as its servers
//! keep it waiting, and nothing can end it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::{io, iter};

use anyhow::{Context as _, anyhow};

use super::address::{Address, Target, in_a_zone};
use super::errqueue::DeliveryError;
use crate::i18n::{chain, duration, say};
use crate::poll::POLL_INTERVAL;
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

    /// Those addresses, of which there is at least one, in this order.
    pub(crate) fn of(addresses: Vec<SocketAddr>) -> Option<Self> {
        let mut addresses = addresses.into_iter();
        Some(Self {
            server: addresses.next()?,
            others: addresses.collect(),
        })
    }

    /// Connects to the first address that `connect` does not fail for.
    ///
    /// # Errors
    ///
    /// It fails for the last one, too.
    pub(crate) fn connect<T>(
        self,
        mut connect: impl FnMut(SocketAddr) -> anyhow::Result<T>,
    ) -> anyhow::Result<Connected<T>> {
        let (mut server, mut skipped) = (self.server, Vec::new());
        let mut others = self.others.into_iter();
        loop {
            let error = match connect(server) {
                Ok(socket) => {
                    return Ok(Connected {
                        socket,
                        server,
                        skipped,
                        others: others.collect(),
                    });
                }
                Err(error) => error,
            };
            let Some(next) = others.next() else {
                return Err(error);
            };
            skipped.push(Skipped {
                address: server.ip(),
                why: chain(&error),
                next: next.ip(),
            });
            server = next;
        }
    }
}

/// A socket that is connected to one of a target's addresses.
pub(crate) struct Connected<T> {
    pub(crate) socket: T,
    pub(crate) server: SocketAddr,
    /// The addresses before it.
    pub(crate) skipped: Vec<Skipped>,
    /// Those after it.
    pub(crate) others: Vec<SocketAddr>,
}

/// An address of a target that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) address: IpAddr,
    /// In words, or as the network has it.
    pub(crate) why: String,
    /// The address that was tried in its place.
    pub(crate) next: IpAddr,
}

impl Skipped {
    /// That nothing could be connected to it.
    pub(crate) fn failed(&self) -> say::PingFailedTrying<&str, IpAddr> {
        say::PingFailedTrying {
            error: &self.why,
            next: self.next,
        }
    }

    /// One whose host refused what came first.
    pub(crate) fn refused(address: IpAddr, next: IpAddr) -> Self {
        Self {
            address,
            why: DeliveryError::Port.to_string(),
            next,
        }
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
                    within: duration(end.deadline().unwrap_or_default())
                })
            }
            Err(RecvTimeoutError::Timeout) => continue,
        };
        return found.with_context(|| say::NoAddressFor { host });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved() -> Resolved {
        let address = |last: u8| SocketAddr::from(([192, 0, 2, last], 7));
        Resolved {
            server: address(1),
            others: vec![address(2), address(3)],
        }
    }

    #[test]
    fn the_next_address_is_tried_only_where_connecting_fails() {
        let connected = resolved().connect(|server| {
            anyhow::ensure!(server.ip() != Ipv4Addr::new(192, 0, 2, 1), "no route");
            Ok(server)
        });
        let connected = connected.unwrap();
        assert_eq!(connected.server, resolved().others[0]);
        assert_eq!(connected.socket, connected.server);
        let said = connected.skipped.iter().map(|it| it.failed().to_string());
        assert_eq!(said.collect::<Vec<_>>(), ["no route; trying 192.0.2.2"]);
        assert_eq!(connected.others, resolved().others[1..]);
    }

    #[test]
    fn where_all_fail_the_last_one_says_why() {
        let failed = resolved().connect(|server| -> anyhow::Result<()> {
            anyhow::bail!("no route to {}", server.ip());
        });
        let error = failed.err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("no route to 192.0.2.3"));
    }
}
