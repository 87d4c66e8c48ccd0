//! Packets that wait for their time, within bounds.
//!
//! Owns the order, and what is thrown away where there is no room. Knows nothing of what waits.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use udping_core::time::ReflectorTime;

/// How many packets, and how many of their bytes, may be held at once.
const MOST_PACKETS: usize = 1 << 17;
const MOST_BYTES: usize = 64 << 20;

/// What waits for its time.
pub(crate) trait Held {
    /// When it is over.
    fn due(&self) -> ReflectorTime;
    /// How many bytes it takes.
    fn len(&self) -> usize;
}

/// The waiting packets, earliest first, in the order they came where equal.
#[derive(Debug)]
pub(crate) struct DelayQueue<H> {
    heap: BinaryHeap<Ordered<H>>,
    pushed: u64,
    bytes: usize,
    overflowed: u64,
}

#[derive(Debug)]
struct Ordered<H> {
    order: u64,
    held: H,
}

impl<H: Held> Default for DelayQueue<H> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
            pushed: 0,
            bytes: 0,
            overflowed: 0,
        }
    }
}

impl<H: Held> DelayQueue<H> {
    pub(crate) fn push(&mut self, held: H) {
        let bytes = self.bytes + held.len();
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

    pub(crate) fn pop_due(&mut self, now: ReflectorTime) -> Option<H> {
        if self.next_due()? > now {
            return None;
        }
        let held = self.heap.pop()?.held;
        self.bytes -= held.len();
        Some(held)
    }

    pub(crate) fn next_due(&self) -> Option<ReflectorTime> {
        self.heap.peek().map(|next| next.held.due())
    }

    /// Packets that found no room.
    pub(crate) fn overflowed(&self) -> u64 {
        self.overflowed
    }
}

impl<H: Held> Ord for Ordered<H> {
    fn cmp(&self, other: &Self) -> Ordering {
        // A heap gives its greatest first.
        (other.held.due(), other.order).cmp(&(self.held.due(), self.order))
    }
}

impl<H: Held> PartialOrd for Ordered<H> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<H: Held> PartialEq for Ordered<H> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<H: Held> Eq for Ordered<H> {}
