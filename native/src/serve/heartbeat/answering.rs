//! How heartbeats are answered, where they are: by the reflector of described wires, on a way
//! back with impairments, and on record.
//!
//! Knows nothing of who is watched.

use udping_core::time::ReflectorTime;
use udping_journal::{Judged, Passage, Transmitted, Way};
use udping_link::{Direction, Link, PacketId};

use super::HeartbeatServer;
use crate::net::Peer;
use crate::reflector::{AnyReflector, IncomingRequest};
use crate::serve::held_packet::HeldPacket;

/// What answers heartbeats.
pub(super) struct HeartbeatReflector {
    pub(super) reflector: AnyReflector,
    /// The way back.
    pub(super) link: Link,
    /// Room for an answer.
    pub(super) room: Vec<u8>,
    /// Answers lost on the way back, as was asked for.
    pub(super) lost: u64,
    /// Answers that could not be sent.
    pub(super) unsendable: u64,
}

impl HeartbeatServer {
    /// Answers a datagram that has arrived, if templates say how and the rules let it.
    pub(super) fn answer(
        &mut self,
        now: ReflectorTime,
        packet: PacketId,
        peer: Peer,
        bytes: &[u8],
    ) {
        let Some(answering) = &mut self.answering else {
            return;
        };
        let request = IncomingRequest {
            peer,
            ttl: None,
            // No script runs here.
            number: 0,
            received: now,
            bytes,
        };
        let HeartbeatReflector {
            reflector, room, ..
        } = answering;
        let answered = reflector.answer(&self.clock, now, &request, room);
        let judged = Judged {
            number: packet.seq,
            copy: packet.copy,
            connection: None,
            at_ns: now.as_nanos(),
            draws: reflector.draws(),
        };
        let len = match answered {
            Ok(len) => len,
            Err(why) => return self.record(judged.dropped(why)),
        };
        let reply = answering.room.get(..len).unwrap_or_default().to_vec();
        let fate = answering.link.fate(PacketId {
            copy: packet.copy * 2,
            ..packet
        });
        let (own, duplicate, _) = Passage::of(&fate, &[]);
        answering.lost += u64::from(own.lost);
        let size = Some(len).filter(|len| *len != bytes.len());
        let size = size.and_then(|size| u32::try_from(size).ok());
        self.record(judged.answered(size, Way::of(&own, duplicate.as_ref(), &[])));
        let hold = |passage: Passage, nth: u32| HeldPacket {
            due: now.saturating_add(passage.delay),
            direction: Direction::Reply,
            packet,
            nth,
            peer,
            ttl: None,
            number: 0,
            bytes: reply.clone(),
        };
        if let Some(duplicate) = duplicate.filter(|it| !it.lost) {
            self.held.push(hold(duplicate, 1));
        }
        if own.lost {
            return;
        }
        if own.delay.is_zero() {
            self.send((packet, 0), peer, &reply);
        } else {
            self.held.push(hold(own, 0));
        }
    }

    /// Sends the copy `nth` of an answer.
    pub(super) fn send(&mut self, (packet, nth): (PacketId, u32), peer: Peer, reply: &[u8]) {
        let now = self.clock.reflector_time();
        let error = self
            .socket
            .send(&mut self.ancillary, reply, peer)
            .sent
            .err();
        if let Some(answering) = &mut self.answering {
            answering.unsendable += u64::from(error.is_some());
        }
        self.record(Transmitted {
            transmitted: packet.seq,
            at_ns: now.as_nanos(),
            connection: None,
            copy: Some(packet.copy).filter(|copy| *copy > 0),
            duplicate: Some(nth).filter(|nth| *nth > 0),
            error: error.map(|error| error.to_string()),
        });
    }
}
