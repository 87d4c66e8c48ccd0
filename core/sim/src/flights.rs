//! The packets in flight, by the time at which their flights end. Knows nothing of
//! what happens to them then.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Packet;
use udping_core::time::ClientTime;

/// Every packet in flight. Of those that end at one time, the one that set out first
/// comes first.
#[derive(Debug, Clone, Default)]
pub(super) struct Flights {
    /// The end of a flight, its number in the order of setting out, and its place.
    /// Small on purpose: this is what the heap moves about.
    ends: BinaryHeap<Reverse<(ClientTime, u64, usize)>>,
    places: Vec<Packet>,
    free: Vec<usize>,
    launched: u64,
}

impl Flights {
    pub(super) fn launch(&mut self, packet: Packet) {
        let place = if let Some(place) = self.free.pop() {
            if let Some(it) = self.places.get_mut(place) {
                *it = packet;
            }
            place
        } else {
            self.places.push(packet);
            self.places.len() - 1
        };
        self.launched = self.launched.saturating_add(1);
        self.ends
            .push(Reverse((packet.until, self.launched, place)));
    }

    /// When the next flight ends.
    pub(super) fn next_end(&self) -> Option<ClientTime> {
        self.ends.peek().map(|Reverse((until, ..))| *until)
    }

    /// Ends the next flight.
    pub(super) fn land(&mut self) -> Option<Packet> {
        let Reverse((_, _, place)) = self.ends.pop()?;
        self.free.push(place);
        self.places.get(place).copied()
    }

    /// Lets `act` change a packet, the first one that `wanted` picks; `None` if there
    /// is none in flight.
    pub(super) fn act_on<R>(
        &mut self,
        wanted: impl Fn(&Packet) -> bool,
        act: impl FnOnce(&mut Packet) -> R,
    ) -> Option<R> {
        let target = self.iter().position(wanted)?;
        let mut ends = core::mem::take(&mut self.ends).into_vec();
        let result = ends.get_mut(target).and_then(|Reverse((until, _, place))| {
            let packet = self.places.get_mut(*place)?;
            let result = act(packet);
            *until = packet.until;
            Some(result)
        });
        self.ends = ends.into();
        result
    }

    /// The packets in flight, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Packet> {
        let packet =
            |Reverse((_, _, place)): &Reverse<(ClientTime, u64, usize)>| self.places.get(*place);
        self.ends.iter().filter_map(packet)
    }
}
