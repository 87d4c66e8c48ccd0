//! What the wires are called on the command line.
//!
//! Owns their names, and the port that each has. What a wire does with the other options is
//! `wire`'s.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use udping_core::wire::stamp;
use udping_core::wire::template::presets::{PRESETS, Preset};
use udping_journal::WireName;

use super::values::DEFAULT_PORT;

/// How probes look on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum WireArg {
    /// The assignment's `Ping <seq> <time>`.
    #[default]
    Textbook,
    /// STAMP, the IETF's measurement protocol (RFC 8762); also speaks to TWAMP Light.
    Stamp,
    /// A described one that has a name.
    Described(&'static Preset),
}

impl ValueEnum for WireArg {
    fn value_variants<'a>() -> &'a [Self] {
        static WIRES: [WireArg; PRESETS.len() + 2] = {
            let mut wires = [WireArg::Textbook; PRESETS.len() + 2];
            wires[1] = WireArg::Stamp;
            let mut index = 0;
            while index < PRESETS.len() {
                wires[index + 2] = WireArg::Described(&PRESETS[index]);
                index += 1;
            }
            wires
        };
        &WIRES
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Textbook => PossibleValue::new(WireName::Textbook.name())
                .help("The assignment's `Ping <seq> <time>`"),
            Self::Stamp => PossibleValue::new(WireName::Stamp.name()).help(
                "STAMP, the IETF's measurement protocol (RFC 8762); also speaks to TWAMP Light",
            ),
            Self::Described(preset) => PossibleValue::new(preset.name),
        })
    }
}

impl WireArg {
    /// The port where none is given.
    pub(crate) const fn default_port(self) -> u16 {
        match self {
            Self::Textbook | Self::Described(_) => DEFAULT_PORT,
            Self::Stamp => stamp::DEFAULT_PORT,
        }
    }

    /// Its name in a journal.
    pub(crate) const fn name(self) -> WireName {
        match self {
            Self::Textbook => WireName::Textbook,
            Self::Stamp => WireName::Stamp,
            Self::Described(_) => WireName::Described,
        }
    }
}
