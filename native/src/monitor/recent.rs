//! The last minutes of one target, in few bytes: what went out, and what came in.
//!
//! Owns the form in memory, and that the oldest give way. What was decided is not kept: the
//! core's client decides the same again from these.

use std::collections::VecDeque;
use std::time::Duration;

use udping_core::time::{ClientTime, ReflectorTime, WallTime, saturating_nanos};
use udping_core::wire::{Claim, Damage, ReflectorTimes, Unreadable};

/// How far back they are kept.
const KEPT: Duration = Duration::from_mins(5);

/// Bytes of one target's at the most: five minutes at one a second, with a reflector's times and
/// the kernel's.
const MOST_BYTES: usize = 12 << 10;

/// Bytes of an entry at the most: two of flags, and eight numbers of up to ten.
const LONGEST: usize = 2 + 8 * 10;

/// What happened to one target, in the order in which it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) at: ClientTime,
    /// The probe that it is about; of a reply, the one sent last, since what it claims may be
    /// no probe's.
    pub(crate) seq: u64,
    pub(crate) what: ProbeEvent,
}

/// An input of the client, or the probe that it handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProbeEvent {
    /// A probe went out, so much later than it was due.
    Sent { late: Duration },
    /// A reply that its wire could read.
    Reply(Claim),
    /// A datagram of the server's that its wire could not read.
    Unreadable(Unreadable),
    /// Somebody could not deliver the probe.
    Unreachable,
    /// This host could not send it.
    Unsent,
    /// The kernel's own interval between the probe and its reply.
    KernelRtt { kernel_ns: i64 },
}

/// The last of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recent {
    bytes: VecDeque<u8>,
    /// What the oldest that is kept counts from.
    oldest: Base,
    /// What the next one counts from.
    newest: Base,
    /// How many have given way.
    #[cfg(test)]
    dropped: u64,
}

/// What the numbers of an entry are differences to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Base {
    at: u64,
    seq: u64,
    timestamp: u64,
    received: u64,
}

const SENT: u8 = 0;
const UNREACHABLE: u8 = 1;
const UNSENT: u8 = 2;
const REPLY: u8 = 3;
/// Beside [`UNSENT`] in its first byte: a datagram that nobody could read, and above it why.
const UNREADABLE: u8 = UNSENT | 1 << 2;
const WHY: u32 = 3;
/// Beside [`UNREACHABLE`] in its first byte: the kernel's interval.
const KERNEL_RTT: u8 = UNREACHABLE | 1 << 2;
/// Flags of a reply, beside [`REPLY`] in its first byte, and in a second one.
const SEQ: u8 = 1 << 2;
const TIMESTAMP: u8 = 1 << 3;
const TIMES: u8 = 1 << 4;
const COUNT: u8 = 1 << 5;
const SIZE: u8 = 1 << 6;
const MORE: u8 = 1 << 7;
const NEEDS_PROOF: u8 = 1;
const SYNCED: u8 = 2;
const TRUNCATED: u8 = 4;
const ALTERED: u8 = 8;

impl Recent {
    /// Notes what happened, and forgets what is too old for that.
    pub(crate) fn push(&mut self, happened: &Happened) {
        self.make_room();
        write(&mut self.bytes, &mut self.newest, happened);
        let since = happened
            .at
            .as_nanos()
            .saturating_sub(saturating_nanos(KEPT));
        while self.bytes.len() > MOST_BYTES || self.next_at().is_some_and(|at| at < since) {
            let mut rest = Reader {
                bytes: &self.bytes,
                from: 0,
            };
            let mut base = self.oldest;
            if rest.next(&mut base).is_none() {
                break;
            }
            let len = rest.from;
            self.oldest = base;
            self.bytes.drain(..len);
            #[cfg(test)]
            {
                self.dropped += 1;
            }
        }
    }

    /// Makes room for an entry: half as much again as there is, and no more than can be used. By
    /// itself the queue would double, and end with a third more than that.
    fn make_room(&mut self) {
        let (len, capacity) = (self.bytes.len(), self.bytes.capacity());
        if capacity - len < LONGEST {
            let wanted = (capacity + capacity / 2).min(MOST_BYTES + LONGEST);
            self.bytes.reserve_exact(wanted.max(len + LONGEST) - len);
        }
    }

    /// The entries, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Happened> {
        let (mut rest, mut base) = (
            Reader {
                bytes: &self.bytes,
                from: 0,
            },
            self.oldest,
        );
        std::iter::from_fn(move || rest.next(&mut base))
    }

    /// How many have given way.
    #[cfg(test)]
    const fn dropped(&self) -> u64 {
        self.dropped
    }

    fn next_at(&self) -> Option<u64> {
        let mut base = self.oldest;
        Reader {
            bytes: &self.bytes,
            from: 0,
        }
        .next(&mut base)?;
        Some(base.at)
    }
}

fn write(bytes: &mut VecDeque<u8>, base: &mut Base, happened: &Happened) {
    let at = happened.at.as_nanos();
    let (since, ahead) = (difference(at, base.at), difference(happened.seq, base.seq));
    (base.at, base.seq) = (at, happened.seq);
    let claim = match &happened.what {
        ProbeEvent::Reply(claim) => claim,
        other => {
            bytes.push_back(match other {
                ProbeEvent::Unreachable => UNREACHABLE,
                ProbeEvent::Unsent => UNSENT,
                ProbeEvent::KernelRtt { .. } => KERNEL_RTT,
                ProbeEvent::Unreadable(why) => UNREADABLE | why.code() << WHY,
                ProbeEvent::Sent { .. } | ProbeEvent::Reply(_) => SENT,
            });
            put(bytes, since);
            put(bytes, ahead);
            match other {
                ProbeEvent::Sent { late } => put(bytes, saturating_nanos(*late)),
                ProbeEvent::KernelRtt { kernel_ns } => {
                    put(bytes, difference(kernel_ns.cast_unsigned(), 0));
                }
                _ => {}
            }
            return;
        }
    };
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    let more = flag(claim.needs_proof, NEEDS_PROOF)
        | flag(claim.synced, SYNCED)
        | flag(claim.damage == Some(Damage::Truncated), TRUNCATED)
        | flag(claim.damage == Some(Damage::Altered), ALTERED);
    bytes.push_back(
        REPLY
            | flag(claim.seq.is_some(), SEQ)
            | flag(claim.timestamp.is_some(), TIMESTAMP)
            | flag(claim.times.is_some(), TIMES)
            | flag(claim.count.is_some(), COUNT)
            | flag(claim.size.is_some(), SIZE)
            | flag(more != 0, MORE),
    );
    if more != 0 {
        bytes.push_back(more);
    }
    put(bytes, since);
    put(bytes, ahead);
    if let Some(seq) = claim.seq {
        put(bytes, difference(u64::from(seq), happened.seq));
    }
    if let Some(time) = claim.timestamp {
        put(bytes, difference(time.as_nanos(), base.timestamp));
        base.timestamp = time.as_nanos();
    }
    if let Some(times) = claim.times {
        let received = times.received.as_nanos();
        put(bytes, difference(received, base.received));
        put(bytes, difference(times.sent.as_nanos(), received));
        base.received = received;
    }
    for number in [claim.count, claim.size].into_iter().flatten() {
        put(bytes, u64::from(number));
    }
}

/// `to - from`, with the sign in the lowest bit (zigzag).
const fn difference(to: u64, from: u64) -> u64 {
    let wrapped = to.wrapping_sub(from).cast_signed();
    ((wrapped << 1) ^ (wrapped >> 63)).cast_unsigned()
}

const fn apply(from: u64, difference: u64) -> u64 {
    let wrapped = (difference >> 1) ^ (difference & 1).wrapping_neg();
    from.wrapping_add(wrapped)
}

/// Writes a number in groups of seven bits, the lowest first (LEB128).
fn put(bytes: &mut VecDeque<u8>, mut number: u64) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            return bytes.push_back(low);
        }
        bytes.push_back(low | 0x80);
    }
}

struct Reader<'a> {
    bytes: &'a VecDeque<u8>,
    from: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.from).copied()?;
        self.from += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn narrow(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn next(&mut self, base: &mut Base) -> Option<Happened> {
        let kind = self.byte()?;
        let reply = kind & 3 == REPLY;
        let more = if reply && kind & MORE != 0 {
            self.byte()?
        } else {
            0
        };
        base.at = apply(base.at, self.number()?);
        base.seq = apply(base.seq, self.number()?);
        let what = match kind & 3 {
            SENT => ProbeEvent::Sent {
                late: Duration::from_nanos(self.number()?),
            },
            UNREACHABLE if kind == UNREACHABLE => ProbeEvent::Unreachable,
            UNREACHABLE => ProbeEvent::KernelRtt {
                kernel_ns: apply(0, self.number()?).cast_signed(),
            },
            UNSENT if kind == UNSENT => ProbeEvent::Unsent,
            UNSENT => {
                let why = Unreadable::ALL.get(usize::from(kind >> WHY)).copied();
                ProbeEvent::Unreadable(why?)
            }
            _ => ProbeEvent::Reply(self.claim(kind, more, base)?),
        };
        Some(Happened {
            at: ClientTime::from_nanos(base.at),
            seq: base.seq,
            what,
        })
    }

    fn claim(&mut self, kind: u8, more: u8, base: &mut Base) -> Option<Claim> {
        let mut claim = Claim {
            needs_proof: more & NEEDS_PROOF != 0,
            synced: more & SYNCED != 0,
            damage: match (more & TRUNCATED, more & ALTERED) {
                (0, 0) => None,
                (0, _) => Some(Damage::Altered),
                _ => Some(Damage::Truncated),
            },
            ..Claim::default()
        };
        if kind & SEQ != 0 {
            claim.seq = u32::try_from(apply(base.seq, self.number()?)).ok();
        }
        if kind & TIMESTAMP != 0 {
            base.timestamp = apply(base.timestamp, self.number()?);
            claim.timestamp = Some(WallTime::from_nanos(base.timestamp));
        }
        if kind & TIMES != 0 {
            base.received = apply(base.received, self.number()?);
            let sent = apply(base.received, self.number()?);
            claim.times = Some(ReflectorTimes {
                received: ReflectorTime::from_nanos(base.received),
                sent: ReflectorTime::from_nanos(sent),
            });
        }
        if kind & COUNT != 0 {
            claim.count = Some(self.narrow()?);
        }
        if kind & SIZE != 0 {
            claim.size = Some(self.narrow()?);
        }
        Some(claim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that is anything, and often small.
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let number = self.0 >> 1;
            number >> (self.0 % 61)
        }

        fn some(&mut self) -> Option<u64> {
            self.next().is_multiple_of(2).then(|| self.next())
        }

        fn small(&mut self) -> Option<u32> {
            self.some().map(|it| u32::try_from(it % (1 << 32)).unwrap())
        }

        fn happened(&mut self) -> Happened {
            let what = match self.next() % 6 {
                0 => ProbeEvent::Sent {
                    late: Duration::from_nanos(self.next()),
                },
                1 => ProbeEvent::Unreachable,
                2 => ProbeEvent::Unsent,
                4 => ProbeEvent::KernelRtt {
                    kernel_ns: if self.next().is_multiple_of(2) {
                        self.next().cast_signed()
                    } else {
                        -self.next().cast_signed()
                    },
                },
                3 => ProbeEvent::Unreadable(
                    Unreadable::ALL[usize::try_from(self.next() % 6).unwrap()],
                ),
                _ => ProbeEvent::Reply(Claim {
                    seq: self.small(),
                    timestamp: self.some().map(WallTime::from_nanos),
                    needs_proof: self.next().is_multiple_of(2),
                    times: self.some().map(|it| ReflectorTimes {
                        received: ReflectorTime::from_nanos(it),
                        sent: ReflectorTime::from_nanos(self.next()),
                    }),
                    count: self.small(),
                    synced: self.next().is_multiple_of(2),
                    size: self.small(),
                    damage: match self.next() % 3 {
                        0 => None,
                        1 => Some(Damage::Truncated),
                        _ => Some(Damage::Altered),
                    },
                }),
            };
            Happened {
                at: ClientTime::from_nanos(self.next()),
                seq: self.next(),
                what,
            }
        }
    }

    #[test]
    fn whatever_is_kept_comes_back_as_it_was_and_the_oldest_give_way() {
        for seed in 0..50 {
            let (mut numbers, mut recent) = (Numbers(seed), Recent::default());
            let mut all = Vec::new();
            for _ in 0..800 {
                let happened = numbers.happened();
                recent.push(&happened);
                all.push(happened);
                assert!(recent.bytes.len() <= MOST_BYTES);
            }
            let dropped = usize::try_from(recent.dropped()).unwrap();
            assert!(dropped > 0, "something had to give way");
            assert!(recent.iter().eq(all[dropped..].iter().copied()));
        }
    }

    #[test]
    fn five_minutes_at_one_a_second_take_less_than_eight_kilobytes() {
        let mut recent = Recent::default();
        for seq in 1..=1_000 {
            let at = ClientTime::from_nanos(seq * 1_000_000_000);
            let sent = Happened {
                at,
                seq,
                what: ProbeEvent::Sent {
                    late: Duration::from_micros(137),
                },
            };
            recent.push(&sent);
            let claim = Claim {
                seq: u32::try_from(seq).ok(),
                timestamp: Some(WallTime::from_nanos(1_700_000_000_000_000_123 + seq)),
                ..Claim::default()
            };
            let at = at.saturating_add(Duration::from_micros(20_137));
            recent.push(&Happened {
                at,
                seq,
                what: ProbeEvent::Reply(claim),
            });
            recent.push(&Happened {
                at,
                seq,
                what: ProbeEvent::KernelRtt {
                    kernel_ns: 20_098_765,
                },
            });
        }
        let first = recent.iter().next().unwrap();
        assert_eq!(first.seq, 700);
        assert_eq!(recent.iter().count(), 903 - 1);
        assert!(recent.bytes.len() < 8 << 10, "{}", recent.bytes.len());
    }

    #[test]
    fn no_more_memory_is_taken_than_can_be_used() {
        let (mut recent, mut numbers) = (Recent::default(), Numbers(3));
        while recent.dropped() < 1_000 {
            let at = ClientTime::ZERO;
            recent.push(&Happened {
                at,
                ..numbers.happened()
            });
            let capacity = recent.bytes.capacity();
            assert!(capacity <= MOST_BYTES + LONGEST, "{capacity}");
        }
    }
}
