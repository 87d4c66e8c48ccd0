//! Sockets: the client's, connected to one server, and the reflector's.
//!
//! Owns everything that differs between systems. Knows nothing of probes.

mod address;
mod batch;
mod connect;
mod errors;
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "the portable way learns nothing from the kernel")
)]
mod errqueue;
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

pub(crate) use address::{Address, Target, in_a_zone, port_number, split_port};
#[cfg(target_os = "linux")]
pub(crate) use batch::BATCH;
pub(crate) use batch::{Batch, Joined};
pub(crate) use connect::connect;
pub(crate) use errors::{
    SendResult, back_off, is_queue_full, is_too_long, is_unreachable, received,
};
pub(crate) use errqueue::{DeliveryError, ErrQueueMsg, Undelivered};
#[cfg(target_os = "linux")]
pub(crate) use linux::{
    ErrQueueRoom, Readiness, Taken, UnconnectedSocket, are_of_this_host, wait_for_any,
};
pub(crate) use options::{MtuDiscovery, Options, Source};
pub(crate) use resolve::{Connected, Family, Resolved, Skipped, resolve};
pub(crate) use system::{exact_timers, tcp_counts, without_carrier};

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;
use std::{fmt, io};

use anyhow::Context as _;
use socket2::{Domain, Socket, Type};
use udping_core::time::ClientTime;

use crate::clock::{Clock, KernelTimestamp};
use crate::i18n::say;
use crate::poll::POLL_INTERVAL;

/// The largest datagram there is, and one byte more to notice that it was cut.
pub(crate) const RECEIVE_BUFFER: usize = 65_536;

/// Whether this system's kernel timestamps datagrams.
pub(crate) const KERNEL_TIMESTAMPS: bool = system::TIMESTAMPS;

/// How much sockets ask the system to keep of what arrives while they are busy (`SO_RCVBUF`,
/// in bytes): some thousand datagrams. It gives as much of that as it likes.
const SOCKET_RECEIVE_BUFFER: usize = 4 << 20;

fn enlarge_receive_buffer(socket: &Socket) {
    // Where it refuses, what it gave by itself has to do.
    let _ = socket.set_recv_buffer_size(SOCKET_RECEIVE_BUFFER);
}

/// A datagram that was received, and what the kernel says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// When: read before anything else was done with it.
    pub(crate) at: ClientTime,
    pub(crate) len: usize,
    pub(crate) kernel_timestamp: Option<KernelTimestamp>,
    pub(crate) ttl: Option<u8>,
}

impl Arrival {
    pub(crate) fn bare(at: ClientTime, len: usize) -> Self {
        Self {
            at,
            len,
            kernel_timestamp: None,
            ttl: None,
        }
    }
}

/// A socket connected to one server: the kernel drops what others send.
#[derive(Debug)]
pub(crate) struct ClientSocket {
    socket: UdpSocket,
    control: system::Control,
    /// What was taken from the error queue when a call failed.
    taken: VecDeque<ErrQueueMsg>,
    /// The number of the interface that it is bound to.
    interface: Option<u32>,
    /// The flow label of what it sends.
    flow_label: Option<u32>,
    /// Gets what comes to its port from others than its server, where the system can have
    /// that beside it.
    elsewhere: Option<UdpSocket>,
}

impl ClientSocket {
    /// A socket as `options` want it, on a port that the system picks.
    pub(crate) fn open(server: SocketAddr, options: &Options) -> anyhow::Result<Self> {
        let domain = Domain::for_address(server);
        let socket = Socket::new(domain, Type::DGRAM, None).context(say::NO_SOCKET)?;
        enlarge_receive_buffer(&socket);
        options.apply(&socket, server)?;
        let socket = UdpSocket::from(socket);
        socket.set_read_timeout(Some(POLL_INTERVAL))?;
        let control = system::Control::new(&socket, options).context(say::NO_ANCILLARY)?;
        Ok(Self {
            socket,
            control,
            taken: VecDeque::new(),
            interface: options.interface(),
            flow_label: options.flow_label,
            elsewhere: None,
        })
    }

    /// Whether the interface that `options` name is another one than it is bound to: it was
    /// deleted and created again under the same name.
    pub(crate) fn interface_recreated(&self, options: &Options) -> bool {
        let interface = options.interface();
        interface.is_some() && interface != self.interface
    }

    /// How many datagrams came to it and found no room to wait in, where the system counts
    /// them.
    pub(crate) fn rx_dropped(&self) -> u64 {
        let dropped = system::DropCount::of(&self.socket);
        dropped.and_then(|it| it.read()).unwrap_or_default()
    }

    /// Connects it: the kernel then drops what others send.
    pub(crate) fn connect(&self, mut server: SocketAddr) -> io::Result<()> {
        if let (SocketAddr::V6(server), Some(label)) = (&mut server, self.flow_label) {
            // The system wants it as it stands in the packet.
            server.set_flowinfo(label.to_be());
        }
        self.socket.connect(server)
    }

    /// Has what comes to its port from others than its server be kept for
    /// [`ClientSocket::next_elsewhere`], rather than refused by the system: by a socket of
    /// its own, so that receiving from the server costs no more. It is connected.
    pub(crate) fn listen_elsewhere(&mut self) {
        self.elsewhere = listen_elsewhere(&self.socket);
    }

    /// The length of the next datagram that came from another address or port than the
    /// server's, and where it came from.
    pub(crate) fn next_elsewhere(&self, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        next_elsewhere(self.elsewhere.as_ref()?, buffer)
    }

    /// Sends a datagram. After a failure, whether this one's or an earlier one's, the kernel
    /// numbers what is sent from zero again.
    pub(crate) fn send(&mut self, datagram: &[u8]) -> SendResult {
        let Self {
            socket,
            control,
            taken,
            ..
        } = self;
        errors::send(
            || socket.send(datagram).map(drop),
            || after_failure(socket, control, taken),
        )
    }

    /// Waits at most `wait` for a datagram, and never longer than [`POLL_INTERVAL`]; with
    /// none, only looks whether there is one. It may return early without one, when
    /// the error queue holds something.
    pub(crate) fn receive(
        &mut self,
        buffer: &mut [u8],
        wait: Duration,
        clock: &Clock,
    ) -> io::Result<Option<Arrival>> {
        let arrival = received(self.control.receive(&self.socket, buffer, wait, clock));
        if arrival.is_err() {
            self.control.mark_pending();
        }
        arrival
    }

    /// Sends what is in `batch` from place `first` on, and returns how many went out, and
    /// what the system said in place of sending the next one, if it said so. It may be left
    /// to `divide` a long message into them: what becomes of it then becomes of all of them.
    /// Unless all went out, the kernel numbers what is sent from zero again.
    pub(crate) fn send_many(
        &mut self,
        batch: &mut Batch,
        first: usize,
        divide: bool,
    ) -> (usize, Option<io::Error>) {
        let (went, error) = system::send_many(&self.socket, batch, first, divide);
        if first + went < batch.len() {
            self.control.mark_pending();
            after_failure(&self.socket, &mut self.control, &mut self.taken);
        }
        (went, error)
    }

    /// Has what [`ClientSocket::receive_many`] takes come in long messages, where the
    /// system can join datagrams. [`ClientSocket::receive`] is not for those.
    pub(crate) fn join_datagrams(&self) {
        system::join_datagrams(&self.socket);
    }

    /// Like [`ClientSocket::receive`] for all datagrams that are there, without what the
    /// kernel says of them; returns when they were taken.
    pub(crate) fn receive_many(
        &mut self,
        batch: &mut Batch,
        wait: Duration,
        clock: &Clock,
    ) -> io::Result<Option<ClientTime>> {
        let arrived = received(system::receive_many(&self.socket, batch, wait));
        // An error, or a wait that ends with nothing, may be because of the error queue.
        if !matches!(arrived, Ok(Some(()))) {
            self.control.mark_pending();
        }
        Ok(arrived?.map(|()| clock.client_time()))
    }

    /// Where it sends from.
    pub(crate) fn address(&self) -> io::Result<IpAddr> {
        Ok(self.socket.local_addr()?.ip().to_canonical())
    }

    /// Whether the kernel timestamps what is sent and received.
    pub(crate) fn timestamps(&self) -> bool {
        self.control.timestamps()
    }

    /// Whether the error queue names each datagram that could not be delivered: what an error
    /// of a call says then says nothing more.
    pub(crate) fn names_errors(&self) -> bool {
        self.control.names_errors()
    }

    /// Whether the error queue may hold something: until it is taken, every short wait ends
    /// at once.
    pub(crate) fn errqueue_pending(&self) -> bool {
        self.control.errqueue_pending() || !self.taken.is_empty()
    }

    /// The next message of the error queue.
    pub(crate) fn next_errqueue_msg(&mut self) -> io::Result<Option<ErrQueueMsg>> {
        match self.taken.pop_front() {
            None => self.control.next_errqueue_msg(&self.socket),
            taken => Ok(taken),
        }
    }

    /// The next of those that were taken when a call failed.
    pub(crate) fn next_taken_msg(&mut self) -> Option<ErrQueueMsg> {
        self.taken.pop_front()
    }
}

/// After a call that failed, takes what the error queue holds, and has the kernel number what
/// is sent from zero again: whether it has counted the datagram that failed, it
/// does not say. Whether some datagram was not delivered.
fn after_failure(
    socket: &UdpSocket,
    control: &mut system::Control,
    taken: &mut VecDeque<ErrQueueMsg>,
) -> bool {
    control.restart_numbering(socket);
    let mut undelivered = false;
    while let Ok(Some(message)) = control.next_errqueue_msg(socket) {
        undelivered |= matches!(message, ErrQueueMsg::Undelivered(_));
        // A timestamp that was not taken yet is numbered the old way.
        if !matches!(message, ErrQueueMsg::Timestamp(..)) {
            taken.push_back(message);
        }
    }
    undelivered
}

/// A socket that gets what comes to the port of `connected` from others than its peer, where the
/// system can have that.
pub(crate) fn listen_elsewhere(connected: &UdpSocket) -> Option<UdpSocket> {
    // It serves a hint only, and measuring goes on without.
    system::listen_beside(connected).ok()
}

/// The length of the next datagram that came there, and where it came from.
pub(crate) fn next_elsewhere(
    elsewhere: &UdpSocket,
    buffer: &mut [u8],
) -> Option<(usize, SocketAddr)> {
    // An error is about nothing that was sent: this socket sends nothing.
    elsewhere.recv_from(buffer).ok()
}

/// Whether what is sent to `address` goes to everybody on a network of this host.
pub(crate) fn is_broadcast(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_broadcast() || system::is_broadcast(v4),
        IpAddr::V6(_) => false,
    }
}

/// The address that a socket as `options` want it would send from, were it connected to
/// `server` now. Nothing is sent.
pub(crate) fn source_towards(server: SocketAddr, options: &Options) -> io::Result<IpAddr> {
    let socket = Socket::new(Domain::for_address(server), Type::DGRAM, None)?;
    if let Some(Source::Interface(name)) = &options.source {
        system::bind_interface(&socket, name)?;
    }
    socket.connect(&server.into())?;
    let here = socket.local_addr()?.as_socket();
    Ok(here
        .ok_or(io::ErrorKind::AddrNotAvailable)?
        .ip()
        .to_canonical())
}

/// A socket that anybody may send to.
#[derive(Debug)]
pub(crate) struct ServerSocket {
    socket: UdpSocket,
    /// The system gives ancillary data with what arrives.
    ancillary: bool,
    /// It matters when each datagram comes and goes.
    alone: bool,
    /// Where the system counts what found no room, opened before the sandbox closes.
    dropped: Option<system::DropCount>,
}

/// Who sent a datagram, and where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Which of our addresses it was sent to, where the socket has several and the
    /// system says: a reply from any other is one that the peer does not expect.
    at: Option<IpAddr>,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ip = self.address.ip().to_canonical();
        SocketAddr::new(ip, self.address.port()).fmt(f)
    }
}

/// Room for ancillary data: what the system says of datagrams besides their bytes. Of one
/// thread, which needs it as long as it receives or sends.
pub(crate) struct Ancillary(system::Ancillary);

impl Ancillary {
    pub(crate) fn new() -> Self {
        Self(system::Ancillary::new())
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
    /// When the kernel received it, if that was asked for.
    pub(crate) kernel_timestamp: Option<KernelTimestamp>,
}

impl Peer {
    /// One whose socket has but one address of ours to be sent to.
    pub(crate) fn plain(address: SocketAddr) -> Self {
        Self { address, at: None }
    }
}

impl ServerSocket {
    /// Listens on `address`, alone.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        Self::from(UdpSocket::bind(address)?.into())
    }

    /// Listens on `address` along with others that do: each sender's datagrams go to
    /// one of them (`SO_REUSEPORT`).
    pub(crate) fn bind_shared(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
        system::share_port(&socket)?;
        socket.bind(&address.into())?;
        Self::from(socket)
    }

    fn from(socket: Socket) -> io::Result<Self> {
        enlarge_receive_buffer(&socket);
        let socket = UdpSocket::from(socket);
        socket.set_read_timeout(Some(POLL_INTERVAL))?;
        let everywhere = socket.local_addr()?.ip().is_unspecified();
        let ancillary = everywhere && system::report_destination(&socket)?;
        Ok(Self {
            dropped: system::DropCount::of(&socket),
            socket,
            ancillary,
            alone: false,
        })
    }

    /// Asks for the TTL or Hop Limit of everything that arrives from now on.
    pub(crate) fn report_ttl(&mut self) -> io::Result<()> {
        self.alone = true;
        self.ancillary |= system::report_ttl(&self.socket)?;
        Ok(())
    }

    /// Asks for the kernel's time of everything that arrives from now on. Without it, the time
    /// at which it is taken has to do.
    pub(crate) fn report_timestamps(&mut self) {
        self.alone = true;
        self.ancillary |= system::report_timestamps(&self.socket).unwrap_or(false);
    }

    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// How many messages came and found no room to wait in, where the system counts them.
    pub(crate) fn rx_dropped(&self) -> u64 {
        let dropped = self.dropped.as_ref();
        dropped
            .and_then(system::DropCount::read)
            .unwrap_or_default()
    }

    /// Sends from the address that `to` sent to.
    pub(crate) fn send(&self, ancillary: &mut Ancillary, datagram: &[u8], to: Peer) -> SendResult {
        let (socket, ancillary) = (&self.socket, &mut ancillary.0);
        errors::send(
            || match to.at {
                Some(at) => system::send_from(socket, ancillary, datagram, at, to.address),
                None => socket.send_to(datagram, to.address).map(drop),
            },
            || false,
        )
    }

    /// Has what [`ServerSocket::receive_many`] takes come in long messages, where the
    /// system can join datagrams. [`ServerSocket::receive`] is not for those.
    pub(crate) fn join_datagrams(&self) {
        system::join_datagrams(&self.socket);
    }

    /// Whether datagrams are received and sent by the batch: not where it matters when each
    /// came and each reply was sent.
    pub(crate) fn takes_batches(&self) -> bool {
        !self.alone
    }

    /// Sends what is in `batch` from place `first` on, and returns how many went out. The next
    /// one, sent by itself, says why it did not.
    pub(crate) fn send_many(&self, batch: &mut Batch, first: usize) -> usize {
        let (went, _) = system::send_many(&self.socket, batch, first, true);
        went
    }

    /// Like [`ServerSocket::receive`] for all datagrams that are there; none, if time
    /// ran out.
    pub(crate) fn receive_many(&self, batch: &mut Batch, wait: Duration) -> io::Result<()> {
        if received(system::receive_many(&self.socket, batch, wait))?.is_none() {
            batch.clear();
        }
        Ok(())
    }

    /// Waits at most `wait` for a datagram, and never longer than [`POLL_INTERVAL`].
    pub(crate) fn receive(
        &self,
        ancillary: &mut Ancillary,
        buffer: &mut [u8],
        wait: Duration,
    ) -> io::Result<Option<Received>> {
        received(if self.ancillary {
            system::receive_with_ancillary(&self.socket, &mut ancillary.0, buffer, wait)
        } else {
            system::receive_from(&self.socket, buffer, wait).map(|(len, address)| Received {
                len,
                peer: Peer { address, at: None },
                ttl: None,
                kernel_timestamp: None,
            })
        })
    }
}

/// What the system counted of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TcpCounts {
    /// Segments sent, retransmissions included.
    pub(crate) sent: u32,
    /// Segments received.
    pub(crate) received: u32,
    /// Retransmissions among those sent.
    pub(crate) retransmitted: u32,
}

/// Sends a datagram on a connected socket of which nothing more is asked.
pub(crate) fn send(socket: &UdpSocket, datagram: &[u8]) -> SendResult {
    errors::send(|| socket.send(datagram).map(drop), || false)
}

/// Any address and port of this machine from which `server` can be reached.
pub(crate) fn unspecified(server: SocketAddr) -> SocketAddr {
    let ip = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    SocketAddr::new(ip, 0)
}
