//! One packet on its way. Knows how it ends, and nothing of any other packet.

use core::num::NonZeroU8;
use core::time::Duration;

use udping_core::time::{ClientTime, ReflectorTime, saturating_nanos};
use udping_core::wire::{Claim, Probe, ReflectorTimes, Unreadable, low_bits, text};
use udping_journal::{Action, Intervention};
use udping_link::{Corruption, Direction, Fate, PacketId};

/// What happened to a packet's bytes on the way there and on the way back.
pub(super) type Damage = [Option<Corruption>; 2];

/// A packet in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    /// Which way it travels.
    pub direction: Direction,
    /// Which packet it is.
    pub id: PacketId,
    /// When it set out.
    pub from: ClientTime,
    /// When its flight ends: at the other end, or on the way if it is `lost`.
    pub until: ClientTime,
    /// It will not arrive.
    pub lost: bool,
    pub(super) token: u64,
    pub(super) damage: Damage,
}

/// A bit in the last digit of a request of common length: the token is hurt, the
/// sequence number is not.
const FLIP: Corruption = Corruption {
    at: u64::MAX,
    mask: NonZeroU8::new(0x40).unwrap(),
};

impl Packet {
    /// Whether `intervention` acts on this packet.
    pub(super) fn is_target_of(&self, intervention: &Intervention) -> bool {
        self.direction == intervention.direction && self.id == intervention.packet
    }

    pub(super) fn new(
        direction: Direction,
        id: PacketId,
        token: u64,
        from: ClientTime,
        damage: Damage,
    ) -> Self {
        Self {
            direction,
            id,
            from,
            until: from,
            lost: false,
            token,
            damage,
        }
    }

    /// The request that carries `probe`, as it sets out.
    pub(super) fn carrying(probe: &Probe) -> Self {
        let id = PacketId {
            seq: probe.seq,
            copy: 0,
        };
        Self::new(Direction::Request, id, probe.token, probe.at, [None; 2])
    }

    /// Its bytes were damaged on the way.
    #[must_use]
    pub fn damaged(&self) -> bool {
        self.damage.iter().any(Option::is_some)
    }

    /// Sent out under `fate`. A lost packet ends half-way.
    pub(super) fn meeting(mut self, fate: &Fate) -> Self {
        self.lost = fate.lost;
        self.until = self.from.saturating_add(if fate.lost {
            fate.delay / 2
        } else {
            fate.delay
        });
        self.hurt(fate.corrupt);
        self
    }

    /// The copy that the network makes of it, whole and with a delay of its own.
    pub(super) fn duplicate(mut self, delay: Duration) -> Self {
        let [there, back] = &mut self.damage;
        *(if self.direction == Direction::Request {
            there
        } else {
            back
        }) = None;
        self.id.copy = self.id.copy.saturating_add(1);
        self.until = self.from.saturating_add(delay);
        self
    }

    /// Carries an intervention out, and returns the copy it makes, if it makes one.
    /// `count` numbers those that copy a packet of this probe, so that every copy has
    /// a name of its own.
    pub(super) fn act(
        &mut self,
        now: ClientTime,
        intervention: Intervention,
        count: usize,
    ) -> Option<Self> {
        match intervention.action {
            Action::Drop => {
                self.lost = true;
                self.until = now;
            }
            Action::Delay { by_ns } => {
                self.until = self.until.saturating_add(Duration::from_nanos(by_ns));
            }
            Action::Corrupt => self.hurt(Some(FLIP)),
            Action::Duplicate { after_ns } => {
                let mut copy = *self;
                copy.id.copy = copy_made_by(count, self.direction);
                copy.until = self.until.saturating_add(Duration::from_nanos(after_ns));
                return Some(copy);
            }
        }
        None
    }

    fn hurt(&mut self, corruption: Option<Corruption>) {
        let [there, back] = &mut self.damage;
        let place = if self.direction == Direction::Request {
            there
        } else {
            back
        };
        *place = corruption.or(*place);
    }

    /// What the reply says when it arrives, with its reflector's times where it tells
    /// them, which was `busy` for so long. Only a damaged one goes through bytes: that
    /// an undamaged echo decodes to its own claim is the wire's tested promise.
    pub(super) fn claim(&self, busy: Option<Duration>) -> Result<Claim, Unreadable> {
        let (seq, token) = (self.id.seq, self.token);
        if !self.damaged() {
            return Ok(Claim {
                seq: Some(low_bits(seq)),
                token: Some(token),
                times: busy.map(|busy| self.times(busy)),
                ..Claim::default()
            });
        }
        let probe = Probe {
            seq,
            token,
            due: self.from,
            at: self.from,
        };
        let mut datagram = [0; text::LONGEST_REQUEST];
        let len = text::encode_request(&probe, 0, &mut datagram).unwrap_or_default();
        let datagram = datagram.get_mut(..len).unwrap_or_default();
        for corruption in self.damage.into_iter().flatten() {
            corruption.apply(datagram);
        }
        text::decode_reply(datagram)
    }

    /// T2 and T3 by a clock that agrees with the client's.
    fn times(&self, busy: Duration) -> ReflectorTimes {
        let sent = self.from.as_nanos();
        ReflectorTimes {
            received: ReflectorTime::from_nanos(sent.saturating_sub(saturating_nanos(busy))),
            sent: ReflectorTime::from_nanos(sent),
        }
    }

    /// The time from setting out to the end of its flight.
    #[must_use]
    pub fn travel(&self) -> Duration {
        Duration::from_nanos(saturating_nanos(
            self.until.checked_since(self.from).unwrap_or_default(),
        ))
    }
}

/// A name that no other packet of the same probe has, whichever way it travels.
fn copy_made_by(count: usize, direction: Direction) -> u32 {
    let number = u32::try_from(count)
        .unwrap_or(u32::MAX >> 2)
        .min(u32::MAX >> 2);
    match direction {
        // The network's own duplicate of a request is 1, and replies double the number.
        Direction::Request => number.saturating_add(1),
        Direction::Reply => number | (1 << 31),
    }
}
