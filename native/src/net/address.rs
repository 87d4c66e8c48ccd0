//! Addresses as people write them, with a zone where one is needed (RFC 4007 §11), and with a
//! port or without.
//!
//! Owns the one grammar of a target, of a place to listen and of a source. Which of them it
//! is, is the command line's to know.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::str::FromStr;

use anyhow::Context as _;

use super::system;
use crate::i18n::{Message, say};

/// An IP address, and the zone that it is of, by the interface's name or number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    ip: IpAddr,
    zone: Option<String>,
}

impl Address {
    /// Whether it is of IPv4.
    pub(crate) const fn is_ipv4(&self) -> bool {
        self.ip.is_ipv4()
    }

    /// Where `port` is at this address.
    ///
    /// # Errors
    /// There is no such zone.
    pub(crate) fn with_port(&self, port: u16) -> anyhow::Result<SocketAddr> {
        Ok(match (self.ip, &self.zone) {
            (IpAddr::V6(ip), Some(zone)) => {
                SocketAddrV6::new(ip, port, 0, zone_number(zone)?).into()
            }
            (ip, _) => SocketAddr::new(ip, port),
        })
    }
}

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        Self { ip, zone: None }
    }
}

impl FromStr for Address {
    type Err = Message;

    fn from_str(text: &str) -> Result<Self, Message> {
        let (ip, zone) = match text.split_once('%') {
            Some((ip, zone)) => (ip, Some(zone)),
            None => (text, None),
        };
        let ip = ip.parse().map_err(|_| say::ARG_ADDRESS)?;
        match (ip, zone) {
            (IpAddr::V4(_), Some(_)) | (IpAddr::V6(_), Some("")) => Err(say::ARG_ZONE),
            (ip, zone) => Ok(Self {
                ip,
                zone: zone.map(str::to_owned),
            }),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.zone {
            Some(zone) => write!(f, "{}%{zone}", self.ip),
            None => self.ip.fmt(f),
        }
    }
}

/// Takes the host and the port, if there is one, out of `HOST`, `HOST:PORT`, `ADDRESS`, or
/// `[ADDRESS]:PORT`.
pub(crate) fn split_port(text: &str) -> Result<(&str, Option<&str>), Message> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or(say::ARG_OPEN_BRACKET)?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(say::ARG_AFTER_BRACKET),
        };
    }
    Ok(match text.split_once(':') {
        // More than one colon: an IPv6 address by itself, with or without its zone.
        Some((_, rest)) if rest.contains(':') => (text, None),
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    })
}

/// Whom to ping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (host, port) = split_port(text).map_err(Message::text)?;
        if host.contains([':', '%']) {
            host.parse::<Address>().map_err(Message::text)?;
        }
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(say::ARG_NO_HOST.to_string());
        }
        let port = port.map(port_number).transpose()?;
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl Target {
    /// Its name for people, who may not know what an address without a host means.
    pub(crate) fn name(&self) -> String {
        let host = &self.host;
        match host.parse::<IpAddr>() {
            Ok(ip) if ip.is_unspecified() => say::ThisHost { host }.to_string(),
            _ => host.clone(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.port, self.host.contains(':')) {
            (Some(port), true) => write!(f, "[{}]:{port}", self.host),
            (Some(port), false) => write!(f, "{}:{port}", self.host),
            (None, _) => f.write_str(&self.host),
        }
    }
}

/// A port that something can be at.
pub(crate) fn port_number(text: &str) -> Result<u16, String> {
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| say::ARG_PORT.to_string())
}

/// `address` in the zone that is `interface`'s, if it needs one and has none.
///
/// # Errors
/// It needs one: says which there are.
pub(crate) fn in_a_zone(
    address: SocketAddr,
    interface: Option<&str>,
) -> anyhow::Result<SocketAddr> {
    let SocketAddr::V6(v6) = address else {
        return Ok(address);
    };
    if v6.scope_id() != 0 || !needs_zone(*v6.ip()) {
        return Ok(address);
    }
    let zone = interface.with_context(|| say::ZoneMissing {
        address: *v6.ip(),
        interfaces: interfaces(),
    })?;
    let number = zone_number(zone)?;
    Ok(SocketAddrV6::new(*v6.ip(), v6.port(), v6.flowinfo(), number).into())
}

/// Whether `ip` means something on one link only (RFC 4291 §2.5.6, §2.7).
pub(super) fn needs_zone(ip: Ipv6Addr) -> bool {
    let narrow = ip.is_multicast() && matches!(ip.octets()[1] & 0x0f, 1 | 2);
    ip.is_unicast_link_local() || narrow
}

/// The number of the interface that `zone` is, by its name or its number.
fn zone_number(zone: &str) -> anyhow::Result<u32> {
    let number = zone.parse().ok().filter(|number| *number != 0);
    system::interface_number(zone)
        .or_else(|| number.filter(|number| system::has_interface(*number)))
        .with_context(|| say::ZoneUnknown {
            zone: zone.to_owned(),
            interfaces: interfaces(),
        })
}

/// The interfaces there are, if the system says so, as an addition to a sentence.
fn interfaces() -> String {
    let names = system::interface_names();
    if names.is_empty() {
        return String::new();
    }
    let names = names.join(", ");
    say::Interfaces { names }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_it_is_written() {
        for text in ["192.0.2.1", "::1", "fe80::1%lo", "fe80::1%3", "ff02::1%lo"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for (text, why) in [
            ("host", say::ARG_ADDRESS),
            ("", say::ARG_ADDRESS),
            ("fe80::1%", say::ARG_ZONE),
            ("192.0.2.1%lo", say::ARG_ZONE),
        ] {
            assert_eq!(text.parse::<Address>(), Err(why), "{text}");
        }
    }

    #[test]
    fn a_port_stands_behind_a_host() {
        for (text, host, port) in [
            ("host", "host", None),
            ("host:7", "host", Some("7")),
            (":7", "", Some("7")),
            ("::1", "::1", None),
            ("fe80::1%lo", "fe80::1%lo", None),
            ("[fe80::1%lo]", "fe80::1%lo", None),
            ("[fe80::1%3]:7", "fe80::1%3", Some("7")),
        ] {
            assert_eq!(split_port(text), Ok((host, port)), "{text}");
        }
        assert_eq!(split_port("[::1"), Err(say::ARG_OPEN_BRACKET));
        assert_eq!(split_port("[::1]7"), Err(say::ARG_AFTER_BRACKET));
    }

    #[test]
    fn targets_read_as_people_write_them() {
        let target = |text: &str| text.parse::<Target>().map(|t| (t.host, t.port));
        assert_eq!(target("host"), Ok(("host".into(), None)));
        assert_eq!(target("host:7"), Ok(("host".into(), Some(7))));
        assert_eq!(target("::1"), Ok(("::1".into(), None)));
        assert_eq!(target("[::1]"), Ok(("::1".into(), None)));
        assert_eq!(target("[::1]:7"), Ok(("::1".into(), Some(7))));
        assert_eq!(target("fe80::1%3"), Ok(("fe80::1%3".into(), None)));
        assert_eq!(target("[fe80::1%lo]:7"), Ok(("fe80::1%lo".into(), Some(7))));
        for bad in [
            "",
            ":7",
            "host:",
            "host:0",
            "host:65536",
            "host:x",
            "[::1",
            "[::1]7",
            "a b",
            "1::2::3",
            "fe80::1%",
            "127.0.0.1%lo",
        ] {
            assert!(target(bad).is_err(), "{bad}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_zone_is_a_name_or_a_number_and_is_there() {
        let address = |text: &str| text.parse::<Address>().unwrap().with_port(7);
        let said = |text: &str| address(text).map(|it| it.to_string());
        // Loopback is the first interface of every Linux.
        assert_eq!(said("fe80::1%lo").unwrap(), "[fe80::1%1]:7");
        assert_eq!(said("fe80::1%1").unwrap(), "[fe80::1%1]:7");
        for none in ["fe80::1%nowhere", "fe80::1%0", "fe80::1%999999"] {
            let error = address(none).unwrap_err().to_string();
            assert!(error.contains("there are: lo"), "{error}");
        }
    }

    #[test]
    fn what_is_of_one_link_needs_a_zone() {
        let needs = |ip: &str| needs_zone(ip.parse().unwrap());
        for ip in ["fe80::1", "febf::1", "ff02::1", "ff01::1", "ff12::1"] {
            assert!(needs(ip), "{ip}");
        }
        for ip in ["::1", "2001:db8::1", "fc00::1", "ff05::1", "ff0e::1"] {
            assert!(!needs(ip), "{ip}");
        }
    }
}
