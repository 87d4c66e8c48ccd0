//! From a name to an address, within the time that there is.
//!
//! Owns the thread in which the system's resolver runs: it takes as long as its servers
//! keep it waiting, and nothing can end it.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;

use anyhow::Context as _;

use super::POLL_INTERVAL;
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

/// The addresses of a target that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// The first.
    pub(crate) server: SocketAddr,
    /// The others, in the order in which they are to be tried.
    pub(crate) others: Vec<SocketAddr>,
}

/// The addresses of `target` that will do, with `port` if it names none, unless `end`
/// comes before they are found.
pub(crate) fn resolve(
    target: &Target,
    port: u16,
    family: Family,
    end: &RunEnd,
) -> anyhow::Result<Resolved> {
    let host = &target.host;
    let addresses = look_up(host, target.port.unwrap_or(port), end)?;
    let mut will_do = addresses.into_iter().filter(|address| match family {
        Family::Any => true,
        Family::V4 => address.is_ipv4(),
        Family::V6 => address.is_ipv6(),
    });
    let server = will_do.next().with_context(|| match family {
        Family::V4 => say::NoIpv4 { host }.to_string(),
        Family::V6 => say::NoIpv6 { host }.to_string(),
        Family::Any => say::NoAddress { host }.to_string(),
    })?;
    let mut others: Vec<SocketAddr> = Vec::new();
    for other in will_do {
        if other != server && !others.contains(&other) {
            others.push(other);
        }
    }
    Ok(Resolved { server, others })
}

/// All addresses of `host`, each with `port`, unless `end` comes before.
fn look_up(host: &str, port: u16, end: &RunEnd) -> anyhow::Result<Vec<SocketAddr>> {
    let (sender, found) = channel();
    let (host, name) = (host.to_owned(), host.to_owned());
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
