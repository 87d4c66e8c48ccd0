//! Sockets: the client's, connected to one server, and the reflector's.
//!
//! Owns everything that differs between systems. Knows nothing of probes.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;
mod resolve;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

pub(crate) use resolve::{Family, resolve};

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;
use std::{fmt, io};

use socket2::{Domain, Socket, Type};

/// How long a wait lasts before the loop looks at its signals again.
pub(crate) const ATTENTION: Duration = Duration::from_millis(100);

/// The largest datagram there is, and one byte more to notice that it was cut.
pub(crate) const RECEIVE_BUFFER: usize = 65_536;

/// A socket connected to one server: the kernel drops what others send.
#[derive(Debug)]
pub(crate) struct ClientSocket {
    socket: UdpSocket,
}

impl ClientSocket {
    /// A socket on a port that the system picks, connected to `server`.
    pub(crate) fn connect(server: SocketAddr, ttl: Option<u8>) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(server), Type::DGRAM, None)?;
        if let Some(ttl) = ttl {
            match server {
                SocketAddr::V4(_) => socket.set_ttl_v4(u32::from(ttl))?,
                SocketAddr::V6(_) => socket.set_unicast_hops_v6(u32::from(ttl))?,
            }
        }
        let any: SocketAddr = match server {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        socket.bind(&any.into())?;
        socket.connect(&server.into())?;
        let socket = UdpSocket::from(socket);
        socket.set_read_timeout(Some(ATTENTION))?;
        Ok(Self { socket })
    }

    pub(crate) fn send(&self, datagram: &[u8]) -> io::Result<()> {
        loop {
            match self.socket.send(datagram) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                sent => return sent.map(drop),
            }
        }
    }

    /// Waits at most `wait` for a datagram, and never longer than [`ATTENTION`].
    pub(crate) fn receive(&self, buffer: &mut [u8], wait: Duration) -> io::Result<Option<usize>> {
        quiet(system::receive(&self.socket, buffer, wait))
    }
}

/// A socket that anybody may send to.
#[derive(Debug)]
pub(crate) struct ServerSocket {
    socket: UdpSocket,
    /// The system tells more of what arrives than its bytes and its sender.
    details: bool,
}

/// Who sent a datagram, and where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Which of our addresses it was sent to, where the socket has several and the
    /// system tells: a reply from any other is one that the peer does not expect.
    at: Option<IpAddr>,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ip = self.address.ip().to_canonical();
        SocketAddr::new(ip, self.address.port()).fmt(f)
    }
}

/// What arrived at a server's socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Received {
    /// How many bytes.
    pub(crate) len: usize,
    pub(crate) peer: Peer,
    /// With which TTL or Hop Limit, if that was asked for.
    pub(crate) ttl: Option<u8>,
}

impl ServerSocket {
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        socket.set_read_timeout(Some(ATTENTION))?;
        let details = address.ip().is_unspecified() && system::report_destination(&socket)?;
        Ok(Self { socket, details })
    }

    /// Asks for the TTL or Hop Limit of everything that arrives from now on.
    pub(crate) fn report_ttl(&mut self) -> io::Result<()> {
        self.details |= system::report_ttl(&self.socket)?;
        Ok(())
    }

    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Sends from the address that `to` sent to.
    pub(crate) fn send(&self, datagram: &[u8], to: Peer) -> io::Result<()> {
        match to.at {
            Some(at) => system::send_from(&self.socket, datagram, at, to.address),
            None => self.socket.send_to(datagram, to.address).map(drop),
        }
    }

    /// Waits at most `wait` for a datagram, and never longer than [`ATTENTION`].
    pub(crate) fn receive(
        &self,
        buffer: &mut [u8],
        wait: Duration,
    ) -> io::Result<Option<Received>> {
        quiet(if self.details {
            system::receive_with_details(&self.socket, buffer, wait)
        } else {
            system::receive_from(&self.socket, buffer, wait).map(|(len, address)| Received {
                len,
                peer: Peer { address, at: None },
                ttl: None,
            })
        })
    }
}

/// Time that ran out, or a signal that came, is no error.
fn quiet<T>(received: io::Result<T>) -> io::Result<Option<T>> {
    match received {
        Ok(received) => Ok(Some(received)),
        Err(error) => match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => {
                Ok(None)
            }
            _ => Err(error),
        },
    }
}

/// Whether an error of the socket is the network's word that nobody is there.
pub(crate) fn is_unreachable(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable};
    // Windows reports a refused datagram as a reset connection.
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionReset | HostUnreachable | NetworkUnreachable
    )
}
