//! Sockets: the client's, connected to one server, and the reflector's.
//!
//! Owns everything that differs between systems. Knows nothing of probes.

#[cfg(target_os = "linux")]
mod linux;
mod options;
#[cfg(not(target_os = "linux"))]
mod portable;
mod resolve;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

pub(crate) use options::{MtuDiscovery, Options, Source};
pub(crate) use resolve::{Family, resolve};

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;
use std::{fmt, io};

use anyhow::Context as _;
use socket2::{Domain, Socket, Type};
use udping_core::time::ClientTime;

use crate::clock::Clock;

/// How long a wait lasts before the loop looks at its signals again.
pub(crate) const ATTENTION: Duration = Duration::from_millis(100);

/// The largest datagram there is, and one byte more to notice that it was cut.
pub(crate) const RECEIVE_BUFFER: usize = 65_536;

/// Whether this system's kernel stamps datagrams.
pub(crate) const KERNEL_STAMPS: bool = system::STAMPS;

/// A kernel's stamp on a datagram, on the wall clock: good only for differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WallTime(i64);

impl WallTime {
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "the portable way learns nothing from the kernel")
    )]
    pub(crate) const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Time elapsed since `earlier`, or `None` if `earlier` is later.
    pub(crate) fn checked_since(self, earlier: Self) -> Option<Duration> {
        let nanos = self.0.checked_sub(earlier.0)?;
        u64::try_from(nanos).ok().map(Duration::from_nanos)
    }
}

/// A datagram that was received, and the kernel's word on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// When: read before anything else was done with it.
    pub(crate) at: ClientTime,
    pub(crate) len: usize,
    pub(crate) stamp: Option<WallTime>,
    pub(crate) ttl: Option<u8>,
}

impl Arrival {
    fn bare(at: ClientTime, len: usize) -> Self {
        Self {
            at,
            len,
            stamp: None,
            ttl: None,
        }
    }
}

/// A socket connected to one server: the kernel drops what others send.
#[derive(Debug)]
pub(crate) struct ClientSocket {
    socket: UdpSocket,
    control: system::Control,
}

impl ClientSocket {
    /// A socket as `options` want it, on a port that the system picks.
    pub(crate) fn open(server: SocketAddr, options: &Options) -> anyhow::Result<Self> {
        let domain = Domain::for_address(server);
        let socket = Socket::new(domain, Type::DGRAM, None).context("cannot open a UDP socket")?;
        options.apply(&socket, server)?;
        let socket = UdpSocket::from(socket);
        socket.set_read_timeout(Some(ATTENTION))?;
        let control = system::Control::new(&socket, options)
            .context("cannot ask the system for what it knows of datagrams")?;
        Ok(Self { socket, control })
    }

    /// Connects it: the kernel then drops what others send.
    pub(crate) fn connect(&self, server: SocketAddr) -> io::Result<()> {
        self.socket.connect(server)
    }

    pub(crate) fn send(&self, datagram: &[u8]) -> io::Result<()> {
        loop {
            match self.socket.send(datagram) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                sent => return sent.map(drop),
            }
        }
    }

    /// Waits at most `wait` for a datagram, and never longer than [`ATTENTION`]; with
    /// none, only looks whether there is one. It may return early without one, when
    /// there are stamps to take.
    pub(crate) fn receive(
        &mut self,
        buffer: &mut [u8],
        wait: Duration,
        clock: &Clock,
    ) -> io::Result<Option<Arrival>> {
        quiet(self.control.receive(&self.socket, buffer, wait, clock))
    }

    /// Whether the kernel stamps what is sent and received.
    pub(crate) fn stamps(&self) -> bool {
        self.control.stamps()
    }

    /// Whether a wait ended because the kernel has stamps to tell: until they are taken,
    /// every short wait does.
    pub(crate) fn stamps_pending(&self) -> bool {
        self.control.stamps_pending()
    }

    /// The next stamp that the kernel has for a datagram sent, with its number: how many
    /// were sent before it.
    pub(crate) fn next_stamp(&mut self) -> io::Result<Option<(u32, WallTime)>> {
        self.control.next_stamp(&self.socket)
    }

    /// Has the kernel number what is sent from zero again.
    pub(crate) fn restart_stamps(&mut self) -> io::Result<()> {
        self.control.restart_stamps(&self.socket)
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

/// Asks for timers that are as exact as this system's are, in this thread.
pub(crate) fn exact_timers() -> io::Result<()> {
    system::exact_timers()
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
