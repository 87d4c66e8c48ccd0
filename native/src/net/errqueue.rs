//! The messages of a socket's error queue: when datagrams went out, and who could not deliver
//! them, and why.
//!
//! Owns the types. Knows nothing of probes.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::IpAddr;

use crate::clock::KernelTimestamp;

/// A message about a datagram that was sent.
#[derive(Debug)]
pub(crate) enum ErrQueueMsg {
    /// When the kernel sent the datagram with this number: how many were sent before it.
    Timestamp(u32, KernelTimestamp),
    /// Somebody could not deliver one.
    Undelivered(Undelivered),
    /// This host would not send one, which was known at once, but not why: it is longer than
    /// this path MTU.
    MtuExceeded(u32),
}

/// A datagram that could not be delivered.
#[derive(Debug)]
pub(crate) struct Undelivered {
    pub(crate) why: DeliveryError,
    /// Who says so, where that is known.
    pub(crate) by: Option<IpAddr>,
    /// How the datagram begins, where that came back with the message.
    beginning: [u8; BEGINNING],
    len: usize,
}

/// How much of a datagram is asked for: what names any wire's probe.
const BEGINNING: usize = 48;

impl Undelivered {
    pub(crate) fn new(why: DeliveryError, by: Option<IpAddr>, returned: &[u8]) -> Self {
        let mut beginning = [0; BEGINNING];
        let len = returned.len().min(BEGINNING);
        beginning[..len].copy_from_slice(&returned[..len]);
        Self {
            why,
            by,
            beginning,
            len,
        }
    }

    /// The beginning of the datagram, as much as came back.
    pub(crate) fn beginning(&self) -> &[u8] {
        &self.beginning[..self.len]
    }
}

/// Why a datagram could not be delivered (RFC 792, RFC 1812 §5.2.7, RFC 4443 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryError {
    /// Nobody listens on the port.
    Port,
    Host,
    Network,
    Protocol,
    /// Somebody on the way forbids it.
    Prohibited,
    /// It was on its way for too many hops.
    HopLimit,
    /// Nobody may fragment it, and it is too long for the path, which takes this many
    /// bytes, if that is known.
    TooLong(Option<u32>),
    /// Whatever else: an error of the system's.
    Other(Option<i32>),
}

impl DeliveryError {
    /// What an error of a socket says of a datagram sent earlier; `None` if it is about
    /// something else.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        match error.kind() {
            // Windows reports a refused datagram as a reset connection.
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Some(Self::Port),
            ErrorKind::HostUnreachable => Some(Self::Host),
            ErrorKind::NetworkUnreachable => Some(Self::Network),
            _ => None,
        }
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Port => "port unreachable",
            Self::Host => "host unreachable",
            Self::Network => "network unreachable",
            Self::Protocol => "protocol unreachable",
            Self::Prohibited => "administratively prohibited",
            Self::HopLimit => "time to live exceeded",
            Self::TooLong(Some(mtu)) => {
                return write!(f, "message too long, mtu={mtu}");
            }
            Self::TooLong(None) => "message too long",
            Self::Other(Some(error)) => {
                return io::Error::from_raw_os_error(*error).fmt(f);
            }
            Self::Other(None) => "not delivered",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_datagram_comes_back_in_part() {
        let long: Vec<u8> = (0..100).collect();
        let message = Undelivered::new(DeliveryError::Port, None, &long);
        assert_eq!(message.beginning(), &long[..BEGINNING]);
        let none = Undelivered::new(DeliveryError::Port, None, &[]);
        assert_eq!(none.beginning(), b"");
    }
}
