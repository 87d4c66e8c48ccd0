//! What became of every packet of a run, as a script that does the same to other packets.
//!
//! Knows nothing of why it became of them: by chance, or since somebody acted on them.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use udping_core::time::saturating_nanos;
use udping_journal::{Action, PacketName, Script};
use udping_link::{Direction, PacketId};

use crate::actor::Actor;
use crate::packet::Packet;
use crate::world::{Step, World, WorldEvent};

/// What became of the packets of one client.
#[derive(Debug, Clone, Default)]
pub struct Fates(BTreeMap<(u64, Direction), Vec<Flown>>);

/// A packet, as it was last seen.
#[derive(Debug, Clone, Copy)]
struct Flown {
    packet: Packet,
    /// The number of the packet that an end sent, of which this is a copy: or its own.
    sent: u32,
}

impl Fates {
    /// Takes note of a step.
    pub fn take<N>(&mut self, step: &Step<N>) {
        let copied = match &step.what {
            WorldEvent::Sent(packet) => Some(self.launched(packet, packet.id)),
            WorldEvent::Reflected(request, reply) => {
                self.seen(request);
                Some(self.launched(reply, reply.id))
            }
            WorldEvent::Lost(packet)
            | WorldEvent::Arrived(packet)
            | WorldEvent::Dropped(packet, _) => {
                self.seen(packet);
                None
            }
            WorldEvent::Intervened(intervention, _) => Some(intervention.packet),
            WorldEvent::Said(_) | WorldEvent::Done => None,
        };
        if let (Some(of), Some(copy)) = (copied, &step.copy) {
            self.launched(copy, of);
        }
    }

    /// Everything that becomes of the packets that [`Fates::take`] saw: those that are still
    /// in flight in `world` arrive.
    #[must_use]
    pub fn script<C: Actor, S>(mut self, world: &World<C, S>) -> Script {
        for packet in world.in_flight() {
            self.seen(packet);
        }
        let mut script = Script::default();
        for (number, direction) in self.0.keys() {
            if *direction == Direction::Request {
                self.write(*number, &mut script);
            }
        }
        script
    }

    fn family(&mut self, packet: &Packet) -> &mut Vec<Flown> {
        let name = (packet.id.seq, packet.direction);
        self.0.entry(name).or_default()
    }

    /// A packet that sets out: a copy of the packet `of`, or itself.
    fn launched(&mut self, packet: &Packet, of: PacketId) -> PacketId {
        let family = self.family(packet);
        let original = family.iter().find(|it| it.packet.id == of);
        let sent = original.map_or(of.copy, |it| it.sent);
        family.push(Flown {
            packet: *packet,
            sent,
        });
        packet.id
    }

    fn seen(&mut self, packet: &Packet) {
        let family = self.family(packet);
        if let Some(flown) = family.iter_mut().find(|it| it.packet.id == packet.id) {
            flown.packet = *packet;
        }
    }

    /// What becomes of a request, and of the replies to it and its copies.
    fn write(&self, number: u64, script: &mut Script) {
        let family = |direction| self.0.get(&(number, direction)).into_iter().flatten();
        let requests: Vec<Packet> = family(Direction::Request).map(|it| it.packet).collect();
        let name = PacketName {
            number,
            direction: Direction::Request,
            copy: 0,
        };
        let Some(from) = requests.first().map(|it| it.from) else {
            return;
        };
        let since = |packet: &Packet, from| {
            saturating_nanos(packet.until.checked_since(from).unwrap_or_default())
        };
        let arrived = requests.iter().filter(|it| !it.lost);
        let arrived = arrived.map(|it| (*it, since(it, from), it.damaged));
        for (copy, request) in (0..).zip(write(name, arrived.collect(), script)) {
            let name = PacketName {
                direction: Direction::Reply,
                copy,
                ..name
            };
            // Each request is answered under an even number.
            let answer = request.id.copy.saturating_mul(2);
            let replies = family(Direction::Reply).filter(|it| it.sent == answer);
            let mut replies = replies.map(|it| it.packet).peekable();
            if replies.peek().is_none() {
                continue;
            }
            let arrived = replies.filter(|it| !it.lost).map(|it| {
                // What happened to the request happens to it again.
                let damaged = it.damaged && !request.damaged;
                (it, since(&it, request.until), damaged)
            });
            write(name, arrived.collect(), script);
        }
    }
}

/// Writes how a packet and its copies arrive, so long after it set out, and damaged or
/// whole. Returns them in the order of the copies that the script makes: its own first.
fn write(
    name: PacketName,
    mut arrived: Vec<(Packet, u64, bool)>,
    script: &mut Script,
) -> Vec<Packet> {
    // What is done to a packet is not done to the copies made of it before: so first the
    // copies that arrive whole, and last what becomes of the packet itself.
    arrived.sort_by_cached_key(|(packet, _, damaged)| {
        2 * u64::from(*damaged) + u64::from(packet.copied)
    });
    let damaged = arrived.iter().any(|(.., damaged)| *damaged);
    let own = arrived.iter().position(|(.., is)| *is == damaged);
    let Some((own, by_ns, _)) = own.map(|own| arrived.remove(own)) else {
        script.push(name, Action::Drop);
        return Vec::new();
    };
    let (hurt, whole): (Vec<_>, Vec<_>) = arrived.into_iter().partition(|(.., is)| *is);
    let mut names = Vec::from([own]);
    let mut copies = |some: Vec<(Packet, u64, bool)>, script: &mut Script| {
        for (copy, after_ns, _) in some {
            script.push(name, Action::Duplicate { after_ns });
            names.push(copy);
        }
    };
    copies(whole, script);
    if damaged {
        script.push(name, Action::Corrupt);
    }
    copies(hurt, script);
    if by_ns > 0 {
        script.push(name, Action::Delay { by_ns });
    }
    names
}
