//! A request or reply whose time has not come.

use udping_core::time::ReflectorTime;
use udping_link::{Direction, PacketId};

use crate::delay_queue::Held;
use crate::net::Peer;

/// A request or reply that waits.
#[derive(Debug)]
pub(super) struct HeldPacket {
    pub(super) due: ReflectorTime,
    pub(super) direction: Direction,
    /// The request that it is, or that it answers.
    pub(super) packet: PacketId,
    /// Which copy of an answer it is.
    pub(super) nth: u32,
    pub(super) peer: Peer,
    /// With which a request came, if that is known.
    pub(super) ttl: Option<u8>,
    /// What a script calls the request that it is, or that it answers.
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
}

impl Held for HeldPacket {
    fn due(&self) -> ReflectorTime {
        self.due
    }

    fn len(&self) -> usize {
        self.bytes.len()
    }
}
