//! The datagrams of a comparison. A thread of its own receives, so that an answer has
//! the time at which it came, whatever else is being waited for.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use anyhow::Context as _;
use udping_core::time::ClientTime;

use crate::clock::Clock;
use crate::i18n::say;
use crate::net::{
    RECEIVE_BUFFER, back_off, is_unreachable, listen_elsewhere, next_elsewhere, received, send,
};
use crate::poll::POLL_INTERVAL;
use crate::report::connect_with_advice;

/// What came, and when.
pub(super) type UdpEvent = (ClientTime, io::Result<Vec<u8>>);

/// How many arrivals wait to be looked at: a server that answers without end fills this,
/// and no more.
pub(super) const WAITING: usize = 1 << 10;

/// The socket, and what its thread received.
pub(super) struct Udp {
    socket: UdpSocket,
    /// Gets what comes from others than the server.
    elsewhere: Option<UdpSocket>,
    arrivals: Receiver<UdpEvent>,
    shared: Arc<Shared>,
    /// Datagrams and their payload, out and in.
    pub(super) packets: [u64; 2],
    pub(super) bytes: [u64; 2],
}

/// What the thread and the socket's owner know of each other.
#[derive(Debug, Default)]
struct Shared {
    ending: AtomicBool,
    /// Arrivals that found no place to wait in.
    dropped: AtomicU64,
}

impl Udp {
    pub(super) fn open(server: SocketAddr, clock: Clock) -> anyhow::Result<Self> {
        let any = crate::net::unspecified(server);
        let socket = UdpSocket::bind(any).context(say::NO_SOCKET)?;
        let broadcast = Some(say::ONE_HOST_ONLY);
        connect_with_advice(server, broadcast, |server| socket.connect(server))?;
        socket.set_read_timeout(Some(POLL_INTERVAL))?;
        let (sender, arrivals) = sync_channel(WAITING);
        let shared = Arc::new(Shared::default());
        let receiving = socket.try_clone().context(say::NO_SOCKET)?;
        let its = Arc::clone(&shared);
        thread::Builder::new()
            .name("udp".to_owned())
            .spawn(move || receive(&receiving, clock, &sender, &its))
            .context(say::COMPARE_NO_UDP_THREAD)?;
        Ok(Self {
            elsewhere: listen_elsewhere(&socket),
            socket,
            arrivals,
            shared,
            packets: [0; 2],
            bytes: [0; 2],
        })
    }

    /// Sends a request, and says whether the system let it.
    pub(super) fn send(&mut self, datagram: &[u8]) -> io::Result<()> {
        send(&self.socket, datagram).sent?;
        self.packets[0] += 1;
        self.bytes[0] += datagram.len() as u64;
        Ok(())
    }

    /// What comes within `wait`.
    pub(super) fn next(&mut self, wait: std::time::Duration) -> Option<UdpEvent> {
        let arrival = self.arrivals.recv_timeout(wait).ok()?;
        if let (_, Ok(bytes)) = &arrival {
            self.packets[1] += 1;
            self.bytes[1] += bytes.len() as u64;
        }
        Some(arrival)
    }

    /// Where the next datagram came from that was not the server's, if there is one.
    pub(super) fn next_elsewhere(&self) -> Option<SocketAddr> {
        // What it says is of no interest.
        let (_, from) = next_elsewhere(self.elsewhere.as_ref()?, &mut [0])?;
        Some(from)
    }

    /// How many arrivals came faster than they were looked at, and were left out.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }
}

impl Drop for Udp {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::Relaxed);
    }
}

fn receive(socket: &UdpSocket, clock: Clock, to: &SyncSender<UdpEvent>, shared: &Shared) {
    let mut room = vec![0; RECEIVE_BUFFER];
    while !shared.ending.load(Ordering::Relaxed) {
        let result = received(socket.recv(&mut room));
        let now = clock.client_time();
        let arrival = match result {
            Ok(None) => continue,
            Ok(Some(len)) => Ok(room.get(..len).unwrap_or_default().to_vec()),
            Err(error) if is_unreachable(&error) => Err(error),
            Err(_) => {
                back_off(POLL_INTERVAL);
                continue;
            }
        };
        match to.try_send((now, arrival)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                shared.dropped.fetch_add(1, Ordering::Relaxed);
            }
            Err(TrySendError::Disconnected(_)) => return,
        }
    }
}

/// What the network's error for a datagram means.
pub(super) fn explained(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => say::COMPARE_NO_UDP.to_string(),
        _ => say::COMPARE_NO_WAY.to_string(),
    }
}
