//! Networks, and the list of those that are served.
//!
//! Owns what an address belongs to. Knows nothing of rates or ports.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

/// An address and how many of its leading bits count (RFC 4632 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: u128,
    /// Of the 128 bits of an IPv6 address, in which IPv4's are mapped.
    bits: u32,
}

impl Network {
    const EVERYTHING: Self = Self { base: 0, bits: 0 };

    /// Whether `ip` lies in it.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        (mapped(ip) ^ self.base)
            .checked_shr(128 - self.bits)
            .unwrap_or(0)
            == 0
    }
}

/// The address among IPv6's, where IPv4's are `::ffff:0:0/96` (RFC 4291 §2.5.5.2).
pub(crate) fn mapped(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
    .to_bits()
}

/// Why a text is not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkError;

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a network as 192.0.2.0/24, 2001:db8::/32, or one address")
    }
}

impl core::error::Error for NetworkError {}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ip = IpAddr::V6(Ipv6Addr::from_bits(self.base)).to_canonical();
        let mapped = Ipv6Addr::BITS - Ipv4Addr::BITS;
        match ip {
            IpAddr::V4(_) if self.bits >= mapped => write!(f, "{ip}/{}", self.bits - mapped),
            // As it was given, had it been given as IPv6's.
            _ => write!(f, "{}/{}", Ipv6Addr::from_bits(self.base), self.bits),
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    /// Reads `ADDRESS/BITS`, or an address alone. Bits beyond the length may be set.
    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let ip: IpAddr = address.parse().map_err(|_| NetworkError)?;
        let (whole, before) = match ip {
            IpAddr::V4(_) => (Ipv4Addr::BITS, Ipv6Addr::BITS - Ipv4Addr::BITS),
            IpAddr::V6(_) => (Ipv6Addr::BITS, 0),
        };
        let length = match length {
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().map_err(|_| NetworkError)?
            }
            Some(_) => return Err(NetworkError),
            None => whole,
        };
        if length > whole {
            return Err(NetworkError);
        }
        Ok(Self {
            base: mapped(ip),
            bits: before + length,
        })
    }
}

/// The networks that are served; while it is empty, everybody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    networks: [Network; Self::MOST],
    len: usize,
}

impl Allowed {
    /// How many networks it holds.
    pub const MOST: usize = 32;

    /// Everybody, for want of any restriction.
    pub const EVERYBODY: Self = Self {
        networks: [Network::EVERYTHING; Self::MOST],
        len: 0,
    };

    /// Adds a network; false if there are [`Self::MOST`] already.
    #[must_use]
    pub fn add(&mut self, network: Network) -> bool {
        let Some(place) = self.networks.get_mut(self.len) else {
            return false;
        };
        *place = network;
        self.len += 1;
        true
    }

    /// The networks.
    #[must_use]
    pub fn networks(&self) -> &[Network] {
        self.networks.get(..self.len).unwrap_or_default()
    }

    /// Whether nobody is excluded.
    #[must_use]
    pub const fn is_everybody(&self) -> bool {
        self.len == 0
    }

    /// Whether `ip` is in one of the networks.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        self.networks
            .iter()
            .take(self.len)
            .any(|network| network.contains(ip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, ip: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.contains(ip.parse().unwrap())
    }

    #[test]
    fn a_network_holds_what_shares_its_leading_bits() {
        assert!(contains("192.0.2.0/24", "192.0.2.255"));
        assert!(!contains("192.0.2.0/24", "192.0.3.0"));
        assert!(
            contains("192.0.2.77/24", "192.0.2.1"),
            "bits beyond the length"
        );
        assert!(contains("192.0.2.1", "192.0.2.1"));
        assert!(!contains("192.0.2.1", "192.0.2.0"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!contains("2001:db8::/32", "2001:db9::"));
        assert!(contains("::/0", "192.0.2.1") && contains("::/0", "::1"));
        assert!(contains("0.0.0.0/0", "255.1.2.3") && !contains("0.0.0.0/0", "::1"));
        assert!(
            contains("127.0.0.0/8", "::ffff:127.0.0.9"),
            "a mapped address"
        );
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "/8",
            "192.0.2.0/33",
            "::/129",
            "192.0.2/24",
            "::/-1",
            "::/+1",
            "::/",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NetworkError), "{text}");
        }
    }

    #[test]
    fn a_full_list_says_so() {
        let mut allowed = Allowed::EVERYBODY;
        assert!(allowed.is_everybody() && !allowed.contains(Ipv4Addr::LOCALHOST.into()));
        for _ in 0..Allowed::MOST {
            assert!(allowed.add("127.0.0.1".parse().unwrap()));
        }
        assert!(!allowed.add(Network::EVERYTHING));
        assert!(allowed.contains(Ipv4Addr::LOCALHOST.into()));
        assert!(!allowed.contains(Ipv4Addr::BROADCAST.into()));
    }
}
