//! The two ways between the ends, and what is on them.
//!
//! Owns how a packet is launched, duplicated, damaged and acted on, whoever sent it. Knows
//! nothing of what its bytes mean.

use core::time::Duration;

use udping_core::time::ClientTime;
use udping_journal::{Action, Intervention, Scenario, corrupt};
use udping_link::{Corruption, Direction, Link};

use crate::Departure;
use crate::actor::Buffer;
use crate::flights::{Flight, Flights};
use crate::packet::Packet;

#[derive(Debug, Clone)]
pub(crate) struct Network {
    request: Link,
    reply: Link,
    flights: Flights,
}

impl Network {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            request: Link::new(scenario.seed, Direction::Request, scenario.request),
            reply: Link::new(scenario.seed, Direction::Reply, scenario.reply),
            flights: Flights::default(),
        }
    }

    /// Puts a datagram on its way, and a copy of it, which is whole, if the link
    /// duplicates it. `damaged` is what was so already: the request that it answers.
    #[inline]
    pub(crate) fn launch(
        &mut self,
        direction: Direction,
        departure: &Departure,
        bytes: &Buffer,
        damaged: bool,
    ) -> (Packet, Option<Packet>) {
        let link = match direction {
            Direction::Request => &self.request,
            Direction::Reply => &self.reply,
        };
        let fate = link.fate(departure.id);
        let mut packet = Packet::meeting(departure, direction, &fate);
        packet.damaged |= damaged;
        let flight = self.flights.launch(&packet, bytes, departure.len);
        if let Some(corruption) = fate.corrupt {
            damage(flight.datagram_mut(), packet.padding, corruption);
        }
        let copy = fate.duplicate.filter(|_| !fate.lost).map(|delay| {
            let mut copy = packet.duplicate(delay);
            copy.damaged = damaged;
            self.flights.launch(&copy, bytes, departure.len);
            copy
        });
        (packet, copy)
    }

    /// When the next flight ends.
    pub(crate) fn next_end(&self) -> Option<ClientTime> {
        self.flights.next_end()
    }

    /// Ends the next flight.
    pub(crate) fn land(&mut self) -> Option<&Flight> {
        self.flights.land()
    }

    /// Carries an intervention out: whether its packet is in flight, and the copy that is
    /// made of it. `count` numbers those that copy a packet of its probe.
    pub(crate) fn intervene(
        &mut self,
        now: ClientTime,
        intervention: &Intervention,
        count: usize,
    ) -> (bool, Option<Packet>) {
        let target = |packet: &Packet| packet.is_target_of(intervention);
        let act = |flight: &mut Flight| {
            let packet = &mut flight.packet;
            match intervention.action {
                Action::Drop => {
                    packet.lost = true;
                    packet.until = now;
                }
                Action::Delay { by_ns } => {
                    packet.until = packet.until.saturating_add(Duration::from_nanos(by_ns));
                }
                Action::Corrupt => {
                    packet.damaged = true;
                    corrupt(flight.datagram_mut());
                }
                Action::Duplicate { after_ns } => {
                    let copy = packet.copy(count, Duration::from_nanos(after_ns));
                    return Some((*flight, copy));
                }
            }
            None
        };
        let acted = self.flights.act_on(target, act);
        let hit = acted.is_some();
        let copy = acted.flatten().map(|(original, copy)| {
            self.flights.copy(&original, &copy);
            copy
        });
        (hit, copy)
    }

    /// The packets in flight, in no order.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &Packet> {
        self.flights.iter()
    }
}

/// Damages a datagram somewhere in its whole length. Padding that is not carried is
/// compared, where it is, as the last byte that is.
fn damage(datagram: &mut [u8], padding: u16, corruption: Corruption) {
    let whole = datagram.len().saturating_add(padding.into());
    let last = datagram.len().saturating_sub(1);
    if let Some(byte) = datagram.get_mut(corruption.index(whole).min(last)) {
        *byte ^= corruption.mask.get();
    }
}
