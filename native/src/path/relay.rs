//! The path itself: packets taken from the device of one end and given to that of the other,
//! with what the seeded link and a script do to them on the way.
//!
//! Owns the packets on their way. Knows nothing of namespaces, nor of who sends.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::time::Duration;

use tun_rs::SyncDevice;
use udping_core::time::ReflectorTime;
use udping_journal::{PacketName, Passage, Script, corrupt};
use udping_link::{Direction, Link, PacketId};

use super::network::{ADDRESSES, Addresses};
use crate::clock::Clock;
use crate::delay_queue::{DelayQueue, Held};
use crate::net::RECEIVE_BUFFER;
use crate::path_impairments::PathImpairments;

/// How many packets of one end are taken before the other has its turn.
const AT_A_TIME: usize = 64;

/// A packet on its way.
#[derive(Debug)]
struct Packet {
    due: ReflectorTime,
    way: usize,
    bytes: Vec<u8>,
}

impl Held for Packet {
    fn due(&self) -> ReflectorTime {
        self.due
    }

    fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// One direction.
struct Way {
    from: Addresses,
    to: Addresses,
    direction: Direction,
    link: Link,
    /// Packets so far: each one's number is its name to the link.
    packets: u64,
    lost: u64,
}

/// What became of the packets of one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct WayCounts {
    pub(super) packets: u64,
    pub(super) lost: u64,
}

/// The two ends' devices, near and far, and what is between them.
pub(super) struct Relay {
    devices: [SyncDevice; 2],
    /// From the near end to the far, and back.
    ways: [Way; 2],
    held: DelayQueue<Packet>,
    clock: Clock,
    script: Script,
    room: Vec<u8>,
}

impl Relay {
    pub(super) fn new(
        devices: [SyncDevice; 2],
        impairments: PathImpairments,
        script: Script,
    ) -> io::Result<Self> {
        for device in &devices {
            device.set_nonblocking(true)?;
        }
        let way = |direction, there, [from, to]: [Addresses; 2]| Way {
            from,
            to,
            direction,
            link: Link::new(impairments.seed, direction, there),
            packets: 0,
            lost: 0,
        };
        let [near, far] = ADDRESSES;
        Ok(Self {
            devices,
            ways: [
                way(Direction::Request, impairments.request, [near, far]),
                way(Direction::Reply, impairments.reply, [far, near]),
            ],
            held: DelayQueue::default(),
            clock: Clock::start(),
            script,
            room: vec![0; RECEIVE_BUFFER],
        })
    }

    /// What becomes readable when an end sends.
    pub(super) fn devices(&self) -> [BorrowedFd<'_>; 2] {
        self.devices.each_ref().map(|device| device.as_fd())
    }

    /// How long until a packet arrives, if one is on its way.
    pub(super) fn wait(&self) -> Option<Duration> {
        let due = self.held.next_due()?;
        let wait = due.checked_since(self.clock.reflector_time());
        Some(wait.unwrap_or_default())
    }

    /// Takes what the ends have sent, and delivers what has arrived.
    pub(super) fn carry(&mut self) -> io::Result<()> {
        for way in 0..self.ways.len() {
            for _ in 0..AT_A_TIME {
                match self.devices[way].recv(&mut self.room) {
                    Ok(len) => self.enter(way, len),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        }
        let now = self.clock.reflector_time();
        while let Some(packet) = self.held.pop_due(now) {
            // The end's device may be down, or its queue full: one more packet is lost, as on
            // any path.
            if self.devices[1 - packet.way].send(&packet.bytes).is_err() {
                self.ways[packet.way].lost += 1;
            }
        }
        Ok(())
    }

    /// A packet, the first `len` bytes of the room, sets out.
    fn enter(&mut self, way: usize, len: usize) {
        let index = way;
        let (now, way) = (self.clock.reflector_time(), &mut self.ways[way]);
        let bytes = self.room.get(..len).unwrap_or_default();
        // What an end says to its network, such as a search for routers, has no receiver, and
        // takes no number from what has.
        if !way.carries(bytes) {
            return;
        }
        way.packets += 1;
        let fate = way.link.fate(PacketId {
            seq: way.packets,
            copy: 0,
        });
        let actions = self.script.actions(PacketName {
            number: way.packets,
            direction: way.direction,
            copy: 0,
        });
        let (own, duplicate, copies) = Passage::of(&fate, actions);
        way.lost += u64::from(own.lost);
        for passage in duplicate.into_iter().chain(copies).chain([own]) {
            if passage.lost {
                continue;
            }
            let mut bytes = bytes.to_vec();
            if passage.corrupt {
                corrupt(&mut bytes);
            }
            self.held.push(Packet {
                due: now.saturating_add(passage.delay),
                way: index,
                bytes,
            });
        }
    }

    /// What became of the packets, there and back, and how many found no room on the way.
    pub(super) fn counts(&self) -> ([WayCounts; 2], u64) {
        let counts = self.ways.each_ref().map(|way| WayCounts {
            packets: way.packets,
            lost: way.lost,
        });
        (counts, self.held.overflowed())
    }
}

impl Way {
    /// Whether it leads from where a packet comes to where it goes.
    fn carries(&self, packet: &[u8]) -> bool {
        let between = |from: IpAddr, to: IpAddr| self.from.contains(&from) && self.to.contains(&to);
        match packet {
            [version, ..] if version >> 4 == 4 => {
                let at = |start: usize| packet.get(start..)?.first_chunk::<4>().copied();
                matches!((at(12), at(16)), (Some(from), Some(to)) if between(from.into(), to.into()))
            }
            [version, ..] if version >> 4 == 6 => {
                let at = |start: usize| packet.get(start..)?.first_chunk::<16>().copied();
                matches!((at(8), at(24)), (Some(from), Some(to)) if between(from.into(), to.into()))
            }
            _ => false,
        }
    }
}
