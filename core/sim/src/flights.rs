//! The packets in flight and their bytes, by the time at which their flights end. Knows
//! nothing of what happens to them then.

use alloc::collections::{BinaryHeap, VecDeque};
use alloc::vec::Vec;
use core::cmp::Reverse;

use udping_core::time::ClientTime;
use udping_link::Direction;

use crate::actor::{Buffer, MOST_BYTES};
use crate::packet::Packet;

/// The end of a flight, its number in the order of setting out, and its place. Small on
/// purpose: this is what is moved about.
type End = (ClientTime, u64, usize);

/// Every packet in flight. Of those that end at one time, the one that set out first
/// comes first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flights {
    /// Those to the server, and those back, that end after all that set out before them:
    /// where packets do not overtake each other, all of them.
    in_order: [VecDeque<End>; 2],
    /// The others.
    ends: BinaryHeap<Reverse<End>>,
    /// The first of all these, which is asked for more often than it changes.
    first: Option<End>,
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

/// The earlier of two, as far as there are any.
pub(crate) fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

impl Flights {
    /// Puts a packet under way whose datagram is the first `len` of `bytes`; the flight can
    /// still be changed, but for its end.
    pub(crate) fn launch(&mut self, packet: &Packet, bytes: &Buffer, len: usize) -> &mut Flight {
        let place = self.free.pop().unwrap_or(self.places.len());
        self.launched = self.launched.saturating_add(1);
        let end = (packet.until, self.launched, place);
        let [requests, replies] = &mut self.in_order;
        let queue = match packet.direction {
            Direction::Request => requests,
            Direction::Reply => replies,
        };
        if queue.back().is_none_or(|last| *last < end) {
            queue.push_back(end);
        } else {
            self.ends.push(Reverse(end));
        }
        if self.first.is_none_or(|first| end < first) {
            self.first = Some(end);
        }
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

    fn find_first(&mut self) {
        let [requests, replies] = &self.in_order;
        let other = self.ends.peek().map(|Reverse(end)| end);
        let in_order = earlier(requests.front(), replies.front());
        self.first = earlier(in_order, other).copied();
    }

    /// When the next flight ends.
    pub(crate) fn next_end(&self) -> Option<ClientTime> {
        self.first.map(|(until, ..)| until)
    }

    /// Ends the next flight, which is there to look at until the next launch.
    pub(crate) fn land(&mut self) -> Option<&Flight> {
        let (_, number, place) = self.first?;
        let is_first = |end: Option<&End>| end.is_some_and(|end| end.1 == number);
        let [requests, replies] = &mut self.in_order;
        if is_first(requests.front()) {
            requests.pop_front();
        } else if is_first(replies.front()) {
            replies.pop_front();
        } else {
            self.ends.pop();
        }
        self.find_first();
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
        let place = |(_, _, place): &End| self.places.get(*place);
        let wanted = |end: &End| place(end).is_some_and(|it| wanted(&it.packet));
        let (_, number, place) = *self.all().find(|end| wanted(end))?;
        let flight = self.places.get_mut(place)?;
        let result = act(flight);
        let until = flight.packet.until;
        // It may end before others now, or after them.
        self.ends.retain(|Reverse(end)| end.1 != number);
        for queue in &mut self.in_order {
            queue.retain(|end| end.1 != number);
        }
        self.ends.push(Reverse((until, number, place)));
        self.find_first();
        Some(result)
    }

    fn all(&self) -> impl Iterator<Item = &End> {
        let others = self.ends.iter().map(|Reverse(end)| end);
        self.in_order.iter().flatten().chain(others)
    }

    /// The packets in flight, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Packet> {
        let flight = |(_, _, place): &End| self.places.get(*place);
        self.all().filter_map(flight).map(|it| &it.packet)
    }
}
