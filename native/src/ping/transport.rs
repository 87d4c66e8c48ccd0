//! A session's way to its server and back: the socket, the wire, the clock, and which of the
//! kernel's timestamps are whose.
//!
//! Owns that nothing comes between a probe and the system but its encoding. What becomes of
//! a probe is the core's.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use udping_core::time::{ClientTime, ReflectorTime, WallTime};
use udping_core::wire::Probe;
use udping_journal::Record;

use super::PingPlan;
use crate::clock::{Clock, KernelTimestamp};
use crate::kernel_timestamps::{KernelRtt, KernelTimestamps};
use crate::net::{Arrival, Batch, ClientSocket, Joined, SendResult};
use crate::wire::Wire;

/// The way to the server and back.
pub(super) struct Transport {
    /// Sends and receives by the methods here alone, so that timestamps find their probes.
    pub(super) socket: ClientSocket,
    pub(super) wire: Wire,
    clock: Clock,
    /// The kernel's timestamps, where it gives them.
    timestamps: Option<KernelTimestamps>,
    /// What found no room in the sockets before this one.
    rx_dropped: u64,
    /// What came in messages that may be joined.
    joined: Joined,
}

impl Transport {
    pub(super) fn new(plan: &PingPlan, socket: ClientSocket, wire: Wire, clock: Clock) -> Self {
        let in_flight = plan.config.entries_needed();
        Self {
            timestamps: socket
                .timestamps()
                .then(|| KernelTimestamps::new(in_flight)),
            socket,
            wire,
            clock,
            rx_dropped: 0,
            joined: Joined::default(),
        }
    }

    pub(super) fn now(&self) -> ClientTime {
        self.clock.client_time()
    }

    /// Has time run from here, unless the wire's probes carry it: what the wall clock reads.
    pub(super) fn restart_clock(&mut self) -> Option<WallTime> {
        if self.wire.wall().is_some() {
            return None;
        }
        self.clock = Clock::start();
        Some(self.clock.wall_at(ReflectorTime::ZERO))
    }

    /// Sends probe `seq`, and does nothing else that can wait.
    pub(super) fn send(&mut self, seq: u64, datagram: &[u8]) -> SendResult {
        let result = self.socket.send(datagram);
        if !result.is_plain() {
            self.renumber();
        }
        if let Some(timestamps) = self.timestamps.as_mut().filter(|_| result.sent.is_ok()) {
            timestamps.sent(seq);
        }
        result
    }

    /// Sends these `probes`, which are `batch` from `first` on, and returns how many of
    /// them went out before one failed, and with which error. The system may be left to
    /// `divide` a long message into them.
    pub(super) fn send_many(
        &mut self,
        batch: &mut Batch,
        first: usize,
        probes: &[(Probe, Option<Record>)],
        divide: bool,
    ) -> (usize, Option<io::Error>) {
        // The kernel timestamps and counts a message, not what it divides it into.
        let divide = divide && self.timestamps.is_none();
        let (went, error) = self.socket.send_many(batch, first, divide);
        if let Some(timestamps) = &mut self.timestamps {
            for (probe, _) in probes.iter().skip(first).take(went) {
                timestamps.sent(probe.seq);
            }
        }
        if first + went < batch.len() {
            self.renumber();
        }
        (went, error)
    }

    /// The kernel numbers what is sent from zero again, or timestamps no more.
    fn renumber(&mut self) {
        if !self.socket.timestamps() {
            self.timestamps = None;
        }
        if let Some(timestamps) = &mut self.timestamps {
            timestamps.restart();
        }
    }

    /// Waits at most `wait` for a datagram.
    pub(super) fn receive(
        &mut self,
        buffer: &mut [u8],
        wait: Duration,
    ) -> io::Result<Option<Arrival>> {
        self.socket.receive(buffer, wait, &self.clock)
    }

    /// The same for all that are there, after [`Transport::join_datagrams`].
    pub(super) fn receive_many(
        &mut self,
        batch: &mut Batch,
        wait: Duration,
    ) -> io::Result<Option<ClientTime>> {
        let at = self.socket.receive_many(batch, wait, &self.clock)?;
        if at.is_some() {
            self.joined.add(batch.len(), batch.datagrams().count());
        }
        Ok(at)
    }

    /// Has datagrams come in long messages, unless the kernel timestamps them, which it
    /// does to each message once. Whether it does.
    pub(super) fn join_datagrams(&self) -> bool {
        let joined = !self.has_timestamps();
        if joined {
            self.socket.join_datagrams();
        }
        joined
    }

    /// Whether the kernel timestamps what is sent and received.
    pub(super) const fn has_timestamps(&self) -> bool {
        self.timestamps.is_some()
    }

    /// Whether the kernel's timestamp of the probe sent last is yet to come.
    pub(super) fn awaits_timestamp(&self) -> bool {
        self.timestamps
            .as_ref()
            .is_some_and(KernelTimestamps::awaited)
    }

    /// The kernel's timestamp of the probe that it sent as its `number`th.
    pub(super) fn transmitted(&mut self, number: u32, at: KernelTimestamp) -> Option<KernelRtt> {
        self.timestamps.as_mut()?.transmitted(number, at)
    }

    /// The kernel's timestamp of the reply that probe `seq` was credited with.
    pub(super) fn replied(&mut self, seq: u64, at: KernelTimestamp) -> Option<KernelRtt> {
        self.timestamps.as_mut()?.replied(seq, at)
    }

    /// Goes on with another socket, and from the address that leads to `server` now, which
    /// is returned.
    pub(super) fn reopen(&mut self, plan: &PingPlan, server: SocketAddr) -> anyhow::Result<IpAddr> {
        if plan.options.has_port() {
            // No other socket can have the port as long as this one does.
            self.socket.connect(server)?;
            return Ok(self.socket.address()?);
        }
        let mut socket = ClientSocket::open(server, &plan.options)?;
        socket.connect(server)?;
        socket.listen_elsewhere();
        let address = socket.address()?;
        self.rx_dropped += self.socket.rx_dropped();
        self.socket = socket;
        // What the old one was waiting for does not come any more.
        if let Some(timestamps) = &mut self.timestamps {
            timestamps.restart();
        }
        Ok(address)
    }

    /// How many datagrams came and found no room to wait in, and whether that is an estimate:
    /// which, where so many probes are `unanswered`, is no more than their replies.
    pub(super) fn rx_dropped(&self, unanswered: u64) -> (u64, bool) {
        let messages = self.rx_dropped + self.socket.rx_dropped();
        self.joined.datagrams_in(messages, unanswered)
    }
}
