//! What a link does to packets: one seeded model for the reflector's impairments
//! and for the simulator.
//!
//! Owns [`Link`], which maps a packet to its [`Fate`]. Knows nothing of clocks,
//! probes in flight or queues: when a packet enters the link, and what an
//! intervention makes of its fate, is the caller's business.
//!
//! A fate is a pure function of (seed, direction, packet); there is no generator
//! to advance. Each question about a packet (is it lost? how late is it?) is
//! answered by a draw of its own, so that acting on one packet changes no other
//! packet's fate, and changing one condition changes no draw made for another.
//! Rates are compared with the same draw whatever they are: a higher rate hits
//! the packets that the lower one hit, and more.
//!
//! The results are the same bit for bit on every target: integer arithmetic, and
//! `libm` with one rounding to nanoseconds where a distribution needs it.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "schema")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod draw;
mod impairments;
mod rate;
mod seed;
#[cfg(test)]
mod tests;

pub use self::{
    impairments::{Impairments, ImpairmentsError, Jitter, Loss, Reorder},
    rate::{Rate, RateError},
    seed::{Seed, SeedError},
};

use core::{num::NonZeroU8, time::Duration};

use self::draw::{Draw, exact};
use udping_core::splitmix;
use udping_core::time::saturating_nanos;

/// The way a packet travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Direction {
    /// From the client to the reflector.
    Request,
    /// From the reflector to the client.
    Reply,
}

/// Which packet, in one direction of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PacketId {
    /// The number of the probe that the packet carries or answers.
    pub seq: u64,
    /// Which of that probe's packets in this direction: 0 for the first. A request
    /// that was duplicated is answered twice, by copies 0 and 1.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "impairments::json::is_default")
    )]
    pub copy: u32,
}

/// What the link does to one packet.
///
/// Every field is drawn whatever the others say, so that a caller who rescues a
/// lost packet knows when it would have arrived. Of a packet that is `lost`,
/// nothing arrives, its duplicate included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fate {
    /// The packet never arrives, and neither does a duplicate of it.
    pub lost: bool,
    /// Time from entering the link to leaving it, jitter and holding included.
    /// At most three times [`Impairments::MAX_DELAY`].
    pub delay: Duration,
    /// Damage to the packet's bytes. A duplicate arrives whole.
    pub corrupt: Option<Corruption>,
    /// The link delivers the packet twice: the second copy's own delay, which can
    /// be the shorter. It is not held back, corrupted or duplicated again.
    pub duplicate: Option<Duration>,
    /// The packet was held back for others to overtake; `delay` says for how long.
    pub held_back: bool,
}

/// Damage to one byte of a packet, whatever the packet's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Corruption {
    /// Where: as a fraction of the length, in units of 2⁻⁶⁴.
    pub at: u64,
    /// The bits to flip there.
    pub mask: NonZeroU8,
}

impl Corruption {
    /// Damages `bytes` in place: exactly one byte changes, or none if there is none.
    /// Applied twice, it undoes itself.
    pub fn apply(self, bytes: &mut [u8]) {
        if let Some(byte) = bytes.get_mut(self.index(bytes.len())) {
            *byte ^= self.mask.get();
        }
    }

    /// Which byte it damages of a packet that has so many; 0 of none.
    #[must_use]
    pub fn index(self, len: usize) -> usize {
        // A length always fits u64, and the product's high half is below it.
        usize::try_from(Draw(self.at).below(len as u64)).unwrap_or(0)
    }
}

/// The questions asked of a packet. Their numbers are part of every seed's
/// meaning: never renumber one.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Loss = 0,
    Burst = 1,
    Jitter = 2,
    Hold = 3,
    Duplicate = 4,
    DuplicateJitter = 5,
    Corrupt = 6,
    CorruptAt = 7,
    CorruptMask = 8,
}

/// One direction of a network path under fixed impairments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    key: u64,
    impairments: Impairments,
    /// The base delay in nanoseconds, within its limit.
    base: u64,
}

impl Link {
    /// How many packets back the state of a bursty link is looked for. At the slowest
    /// change that [`Impairments::validate`] permits, one look in 10¹⁴ ends here.
    const BURST_HORIZON: u64 = 1 << 15;

    /// The link that `seed` makes of `impairments` in one direction.
    ///
    /// Impairments that [`Impairments::validate`] would refuse are not refused here:
    /// a duration beyond [`Impairments::MAX_DELAY`] counts as that much, and burst
    /// rates out of range give a loss rate that nobody asked for.
    #[must_use]
    pub const fn new(seed: Seed, direction: Direction, impairments: Impairments) -> Self {
        Self {
            key: splitmix::at(seed.get(), direction as u64),
            base: limited(impairments.delay),
            impairments,
        }
    }

    /// The impairments that the link was made of.
    #[must_use]
    pub const fn impairments(&self) -> &Impairments {
        &self.impairments
    }

    /// What happens to `packet`: the same answer however often and in whatever
    /// order packets are asked about.
    ///
    /// Takes constant time, but for [`Loss::Bursty`]: on average `1 / (enter_bad +
    /// leave_bad)` steps, and never more than 32 768.
    #[must_use]
    pub fn fate(&self, packet: PacketId) -> Fate {
        let Impairments {
            jitter,
            duplicate,
            reorder,
            corrupt,
            ..
        } = self.impairments;
        let base = self.base;
        let travel = |purpose| {
            if matches!(jitter, Jitter::None) {
                return base;
            }
            base.saturating_add_signed(deviation(jitter, self.draw(packet, purpose)))
        };

        let held_back = self.happens(packet, Purpose::Hold, reorder.rate);
        let extra = if held_back { limited(reorder.extra) } else { 0 };
        Fate {
            lost: self.happens(packet, Purpose::Loss, self.loss_rate(packet.seq)),
            delay: Duration::from_nanos(travel(Purpose::Jitter) + extra),
            corrupt: self
                .happens(packet, Purpose::Corrupt, corrupt)
                .then(|| Corruption {
                    at: self.draw(packet, Purpose::CorruptAt).0,
                    mask: self.draw(packet, Purpose::CorruptMask).mask(),
                }),
            duplicate: self
                .happens(packet, Purpose::Duplicate, duplicate)
                .then(|| Duration::from_nanos(travel(Purpose::DuplicateJitter))),
            held_back,
        }
    }

    /// The rate at which packets with this number are lost.
    fn loss_rate(&self, seq: u64) -> Rate {
        match self.impairments.loss {
            Loss::Independent(rate) => rate,
            Loss::Bursty {
                enter_bad,
                leave_bad,
                loss_in_bad,
                loss_in_good,
            } => {
                if self.is_bad(seq, enter_bad, leave_bad) {
                    loss_in_bad
                } else {
                    loss_in_good
                }
            }
        }
    }

    /// The state of the Gilbert–Elliott chain at packet `seq`, without walking there
    /// from the first packet: a coupling of both states.
    ///
    /// One draw a packet moves the chain whichever state it is in: low enough, it is
    /// Bad from here; high enough, Good; else it stays. So the last draw that decided
    /// gives the state. The chain has no beginning, numbers wrap: packet 1 already
    /// sees the stationary distribution.
    fn is_bad(&self, seq: u64, enter_bad: Rate, leave_bad: Rate) -> bool {
        if enter_bad == Rate::NEVER {
            return false;
        }
        let stream = self.stream(Purpose::Burst, 0);
        let good_from = Rate::ALWAYS.ppm() - leave_bad.ppm();
        for back in 0..Self::BURST_HORIZON {
            let ppm = Draw(splitmix::at(stream, seq.wrapping_sub(back))).ppm();
            if ppm < enter_bad.ppm() {
                return true;
            }
            if ppm >= good_from {
                return false;
            }
        }
        false
    }

    fn happens(&self, packet: PacketId, purpose: Purpose, rate: Rate) -> bool {
        // Skipping a draw changes nothing, since none depends on another.
        rate != Rate::NEVER && self.draw(packet, purpose).ppm() < rate.ppm()
    }

    fn draw(&self, packet: PacketId, purpose: Purpose) -> Draw {
        Draw(splitmix::at(self.stream(purpose, packet.copy), packet.seq))
    }

    fn stream(&self, purpose: Purpose, copy: u32) -> u64 {
        splitmix::at(self.key, ((purpose as u64) << 32) | u64::from(copy))
    }
}

/// `duration` in nanoseconds, at most [`Impairments::MAX_DELAY`].
const fn limited(duration: Duration) -> u64 {
    const MOST: u64 = saturating_nanos(Impairments::MAX_DELAY);
    let nanos = saturating_nanos(duration);
    if nanos < MOST { nanos } else { MOST }
}

/// How far from the base delay `draw` puts a packet, in nanoseconds: at most
/// [`Impairments::MAX_DELAY`] to either side.
fn deviation(jitter: Jitter, draw: Draw) -> i64 {
    match jitter {
        Jitter::None => 0,
        Jitter::Uniform { spread } => {
            let spread = limited(spread);
            draw.below(2 * spread + 1).cast_signed() - spread.cast_signed()
        }
        Jitter::Normal { sigma } => rounded(exact(limited(sigma)) * draw.normal()),
        Jitter::Exponential { mean } => rounded(exact(limited(mean)) * draw.exponential()),
        Jitter::LogNormal { mean, sigma } => {
            let (mean, sigma) = (exact(limited(mean)), exact(limited(sigma)));
            if mean == 0.0 {
                return 0;
            }
            // The normal distribution beneath has variance ln(1 + σ²/m²) and the
            // median is m / √(1 + σ²/m²).
            let relative = sigma / mean;
            let variance = relative * relative;
            let shape = libm::sqrt(libm::log1p(variance));
            rounded(mean / libm::sqrt(1.0 + variance) * libm::exp(shape * draw.normal()))
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded first; `as` saturates"
)]
fn rounded(nanos: f64) -> i64 {
    let limit = limited(Impairments::MAX_DELAY).cast_signed();
    (libm::round(nanos) as i64).clamp(-limit, limit)
}
