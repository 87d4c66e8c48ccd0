//! The packets in flight and their bytes, by the time at which their flights end. Knows
//! nothing of what happens to them then.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use udping_core::time::ClientTime;

use crate::actor::{Buffer, MOST_BYTES};
use crate::packet::Packet;

/// Every packet in flight. Of those that end at one time, the one that set out first
/// comes first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flights {
    /// The end of a flight, its number in the order of setting out, and its place.
    /// Small on purpose: this is what the heap moves about.
    ends: BinaryHeap<Reverse<(ClientTime, u64, usize)>>,
    places: Vec<Flight>,
    free: Vec<usize>,
    launched: u64,
}

/// A packet with its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flight {
    pub(crate) packet: Packet,
    bytes: Buffer,
    len: usize,
}

impl Flight {
    pub(crate) fn datagram(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    pub(crate) fn datagram_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }
}

impl Flights {
    /// Puts a packet under way whose datagram is the first `len` of `bytes`; the flight can
    /// still be changed, but for its end.
    pub(crate) fn launch(&mut self, packet: &Packet, bytes: &Buffer, len: usize) -> &mut Flight {
        let place = self.free.pop().unwrap_or(self.places.len());
        self.launched = self.launched.saturating_add(1);
        self.ends
            .push(Reverse((packet.until, self.launched, place)));
        let flight = Flight {
            packet: *packet,
            bytes: *bytes,
            len: len.min(MOST_BYTES),
        };
        if place == self.places.len() {
            self.places.push(flight);
        } else {
            self.places[place] = flight;
        }
        &mut self.places[place]
    }

    /// A copy of `flight`, as `packet`.
    pub(crate) fn copy(&mut self, flight: &Flight, packet: &Packet) {
        self.launch(packet, &flight.bytes, flight.len);
    }

    /// When the next flight ends.
    pub(crate) fn next_end(&self) -> Option<ClientTime> {
        self.ends.peek().map(|Reverse((until, ..))| *until)
    }

    /// Ends the next flight, which is there to look at until the next launch.
    pub(crate) fn land(&mut self) -> Option<&Flight> {
        let Reverse((_, _, place)) = self.ends.pop()?;
        self.free.push(place);
        self.places.get(place)
    }

    /// Lets `act` change a flight, the first one that `wanted` picks; `None` if there
    /// is none.
    pub(crate) fn act_on<R>(
        &mut self,
        wanted: impl Fn(&Packet) -> bool,
        act: impl FnOnce(&mut Flight) -> R,
    ) -> Option<R> {
        let target = self.iter().position(wanted)?;
        let mut ends = core::mem::take(&mut self.ends).into_vec();
        let result = ends.get_mut(target).and_then(|Reverse((until, _, place))| {
            let flight = self.places.get_mut(*place)?;
            let result = act(flight);
            *until = flight.packet.until;
            Some(result)
        });
        self.ends = ends.into();
        result
    }

    /// The packets in flight, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Packet> {
        let flight =
            |Reverse((_, _, place)): &Reverse<(ClientTime, u64, usize)>| self.places.get(*place);
        self.ends.iter().filter_map(flight).map(|it| &it.packet)
    }
}
