//! What a simulated run is made of: chance, impairments, and what people did.
//!
//! Owns the vocabulary. What an intervention does to a packet in flight is the simulator's.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use udping_link::{Direction, Impairments, PacketId, Seed};

/// Everything that a simulated run depends on beyond the client's configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scenario {
    /// Where all chance comes from.
    pub seed: Seed,
    /// The way to the reflector.
    #[serde(default)]
    pub request: Impairments,
    /// The way back.
    #[serde(default)]
    pub reply: Impairments,
    /// How long the reflector takes over a request.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub service_ns: u64,
    /// What people did to packets, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<Intervention>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference; clippy objects where pointers have 64 bits"
)]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

impl Scenario {
    /// Every number that is not checked where it is read.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let interventions = self.interventions.iter().flat_map(|it| {
            let action = match it.action {
                Action::Delay { by_ns } => ("by_ns", by_ns),
                Action::Duplicate { after_ns } => ("after_ns", after_ns),
                Action::Drop | Action::Corrupt => ("", 0),
            };
            [("at_ns", it.at_ns), ("seq", it.packet.seq), action]
        });
        core::iter::once(("service_ns", self.service_ns)).chain(interventions)
    }
}

/// Somebody acts on one packet in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Intervention {
    /// When.
    pub at_ns: u64,
    /// Which way the packet travels.
    pub direction: Direction,
    /// Which packet it is.
    pub packet: PacketId,
    /// What is done to it.
    pub action: Action,
}

impl Intervention {
    /// Puts them in the order in which they happen; those of one moment keep theirs.
    pub fn sort(interventions: &mut [Self]) {
        interventions.sort_by_cached_key(|it| it.at_ns);
    }
}

/// What can be done to a packet in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Action {
    /// It ends here.
    Drop,
    /// It arrives later.
    Delay {
        /// By how much.
        by_ns: u64,
    },
    /// A copy of it arrives too.
    Duplicate {
        /// How long after the packet itself.
        after_ns: u64,
    },
    /// One bit of its timestamp is flipped.
    Corrupt,
}

/// Does [`Action::Corrupt`] to a datagram: flips a bit of the last byte that is no padding.
/// Of a request in the assignment's words the timestamp is hurt, and the sequence number is
/// not.
pub fn corrupt(datagram: &mut [u8]) {
    const BIT: u8 = 0x40;
    let last = datagram.iter_mut().rfind(|byte| !matches!(byte, 0 | b' '));
    if let Some(byte) = last {
        *byte ^= BIT;
    }
}

impl Intervention {
    /// Whether both copy a packet of one probe, travelling one way.
    #[must_use]
    pub fn copies_as(&self, other: &Self) -> bool {
        matches!(self.action, Action::Duplicate { .. })
            && self.direction == other.direction
            && self.packet.seq == other.packet.seq
    }
}
