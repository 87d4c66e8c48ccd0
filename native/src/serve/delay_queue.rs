//! Packets that wait for their time, within bounds.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use udping_core::time::ReflectorTime;
use udping_link::{Direction, PacketId};

use crate::net::Peer;

/// How many packets, and how many of their bytes, may be held at once.
const MOST_PACKETS: usize = 1 << 17;
const MOST_BYTES: usize = 64 << 20;

/// A packet that waits.
#[derive(Debug)]
pub(super) struct HeldPacket {
    pub(super) due: ReflectorTime,
    pub(super) direction: Direction,
    pub(super) packet: PacketId,
    pub(super) peer: Peer,
    /// With which a request came, if that is known.
    pub(super) ttl: Option<u8>,
    pub(super) bytes: Vec<u8>,
}

/// The waiting packets, earliest first, in the order they came where equal.
#[derive(Debug, Default)]
pub(super) struct DelayQueue {
    heap: BinaryHeap<Ordered>,
    pushed: u64,
    bytes: usize,
    overflowed: u64,
}

#[derive(Debug)]
struct Ordered {
    order: u64,
    held: HeldPacket,
}

impl DelayQueue {
    pub(super) fn push(&mut self, held: HeldPacket) {
        let bytes = self.bytes + held.bytes.len();
        if self.heap.len() >= MOST_PACKETS || bytes > MOST_BYTES {
            self.overflowed += 1;
            return;
        }
        self.bytes = bytes;
        self.pushed += 1;
        self.heap.push(Ordered {
            order: self.pushed,
            held,
        });
    }

    pub(super) fn pop_due(&mut self, now: ReflectorTime) -> Option<HeldPacket> {
        if self.next_due()? > now {
            return None;
        }
        let held = self.heap.pop()?.held;
        self.bytes -= held.bytes.len();
        Some(held)
    }

    pub(super) fn next_due(&self) -> Option<ReflectorTime> {
        self.heap.peek().map(|next| next.held.due)
    }

    /// Packets that found no room.
    pub(super) fn overflowed(&self) -> u64 {
        self.overflowed
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        // A heap gives its greatest first.
        (other.held.due, other.order).cmp(&(self.held.due, self.order))
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ordered {}
