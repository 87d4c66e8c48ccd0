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

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

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
    /// The TTL of what arrives is reported, where the system can.
    ttl: bool,
}

/// What arrived at a server's socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Received {
    /// How many bytes.
    pub(crate) len: usize,
    /// From whom.
    pub(crate) from: SocketAddr,
    /// With which TTL or Hop Limit, if that was asked for.
    pub(crate) ttl: Option<u8>,
}

impl ServerSocket {
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        socket.set_read_timeout(Some(ATTENTION))?;
        Ok(Self { socket, ttl: false })
    }

    /// Asks for the TTL or Hop Limit of everything that arrives from now on.
    pub(crate) fn report_ttl(&mut self) -> io::Result<()> {
        self.ttl = system::report_ttl(&self.socket)?;
        Ok(())
    }

    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    pub(crate) fn send(&self, datagram: &[u8], to: SocketAddr) -> io::Result<()> {
        self.socket.send_to(datagram, to).map(drop)
    }

    /// Waits at most `wait` for a datagram, and never longer than [`ATTENTION`].
    pub(crate) fn receive(
        &self,
        buffer: &mut [u8],
        wait: Duration,
    ) -> io::Result<Option<Received>> {
        quiet(if self.ttl {
            system::receive_with_ttl(&self.socket, buffer, wait)
        } else {
            system::receive_from(&self.socket, buffer, wait).map(|(len, from)| Received {
                len,
                from,
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
