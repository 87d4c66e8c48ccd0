//! One packet on its way, without its bytes. Knows how it ends, and nothing of any other
//! packet.

use core::time::Duration;

use udping_core::time::{ClientTime, saturating_nanos};
use udping_journal::Intervention;
use udping_link::{Direction, Fate, PacketId};

/// A datagram that sets out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// Its name on its way: packets of one name meet the same fate whoever sends them.
    pub id: PacketId,
    /// What its sender calls it, which its answer bears too.
    pub number: u64,
    /// Which client sends or gets it, where several share that end.
    pub client: u16,
    /// When it leaves.
    pub at: ClientTime,
    /// How many bytes were written.
    pub len: usize,
    /// How many bytes of padding follow them that are not carried.
    pub padding: u16,
}

impl Departure {
    /// The datagram that its sender calls `number`, which sends one of that number only,
    /// and for itself.
    #[must_use]
    pub const fn numbered(number: u64, at: ClientTime, len: usize) -> Self {
        Self {
            id: PacketId {
                seq: number,
                copy: 0,
            },
            number,
            client: 0,
            at,
            len,
            padding: 0,
        }
    }
}

/// A packet in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    /// Which packet it is.
    pub id: PacketId,
    /// When it set out.
    pub from: ClientTime,
    /// When its flight ends: at the other end, or on the way if it is `lost`.
    pub until: ClientTime,
    /// What its sender calls it.
    pub number: u64,
    /// Which client's it is, where there are several.
    pub client: u16,
    /// How many bytes of padding follow those that are carried.
    pub padding: u16,
    /// Which way it travels.
    pub direction: Direction,
    /// It will not arrive.
    pub lost: bool,
    /// It, or the request that it answers, was damaged on the way.
    pub damaged: bool,
    /// It is a copy that was made on the way: nobody sent it.
    pub copied: bool,
}

impl Packet {
    /// Sent out under `fate`. A lost packet ends half-way.
    pub(crate) fn meeting(departure: &Departure, direction: Direction, fate: &Fate) -> Self {
        let delay = if fate.lost {
            fate.delay / 2
        } else {
            fate.delay
        };
        Self {
            id: departure.id,
            from: departure.at,
            until: departure.at.saturating_add(delay),
            number: departure.number,
            client: departure.client,
            padding: departure.padding,
            direction,
            lost: fate.lost,
            damaged: fate.corrupt.is_some(),
            copied: false,
        }
    }

    /// The copy that the network makes of it, with a delay of its own.
    pub(crate) fn duplicate(mut self, delay: Duration) -> Self {
        self.id.copy = self.id.copy.saturating_add(1);
        self.until = self.from.saturating_add(delay);
        self.copied = true;
        self
    }

    /// The copy that somebody makes of it, who has made `count` of its probe's packets:
    /// it has a name that no other packet of the probe has, whichever way it travels.
    pub(crate) fn copy(mut self, count: usize, after: Duration) -> Self {
        let number = u32::try_from(count)
            .unwrap_or(u32::MAX >> 2)
            .min(u32::MAX >> 2);
        self.id.copy = match self.direction {
            // The network's own duplicate of a request is 1, and replies double the number.
            Direction::Request => number.saturating_add(1),
            Direction::Reply => number | (1 << 31),
        };
        self.until = self.until.saturating_add(after);
        self.copied = true;
        self
    }

    /// Whether `intervention` acts on this packet.
    pub(crate) fn is_target_of(&self, intervention: &Intervention) -> bool {
        self.direction == intervention.direction && self.id == intervention.packet
    }

    /// The time from setting out to the end of its flight.
    #[must_use]
    pub fn travel(&self) -> Duration {
        Duration::from_nanos(saturating_nanos(
            self.until.checked_since(self.from).unwrap_or_default(),
        ))
    }
}
