//! Networks with a name.

use super::setup::Setup;

/// A named setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// A switch away.
    CampusLan,
    /// A busy living room.
    HomeWifi,
    /// Up and down again.
    Satellite,
    /// The textbook's server: 30 % loss.
    Textbook,
    /// Every reply 1.3 s late.
    AlwaysLate,
}

impl Preset {
    /// All, in the order to show them.
    pub const ALL: [Self; 5] = [
        Self::CampusLan,
        Self::HomeWifi,
        Self::Satellite,
        Self::Textbook,
        Self::AlwaysLate,
    ];

    /// The catalogue's key for its name, such as `preset-campus-lan`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CampusLan => "preset-campus-lan",
            Self::HomeWifi => "preset-home-wifi",
            Self::Satellite => "preset-satellite",
            Self::Textbook => "preset-textbook",
            Self::AlwaysLate => "preset-always-late",
        }
    }

    /// The setup, with the given seed's chance.
    #[must_use]
    pub fn setup(self, seed: udping_core::link::Seed) -> Setup {
        let _ = seed;
        todo!()
    }
}
