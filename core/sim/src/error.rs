//! Why there can be no world as it is described.

use udping_core::ConfigError;
use udping_journal::replay::ReplayError;
use udping_link::{Direction, ImpairmentsError};

/// Why there can be no such world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldError {
    /// The header is of a real run.
    NotSimulated,
    /// The client refuses its configuration.
    Session(ReplayError),
    /// Its described wire is none, or none that is simulated here.
    Wire,
    /// The impairments in one direction are out of range.
    Impairments(Direction, ImpairmentsError),
}

impl core::fmt::Display for WorldError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotSimulated => {
                f.write_str("this journal is of a real run, so there is nothing to simulate")
            }
            Self::Session(error) => error.fmt(f),
            Self::Wire => f.write_str("its wire cannot be simulated"),
            Self::Impairments(Direction::Request, error) => {
                write!(f, "on the way to the server: {error}")
            }
            Self::Impairments(Direction::Reply, error) => write!(f, "on the way back: {error}"),
        }
    }
}

impl core::error::Error for WorldError {}

impl From<ReplayError> for WorldError {
    fn from(error: ReplayError) -> Self {
        Self::Session(error)
    }
}

impl From<ConfigError> for WorldError {
    fn from(error: ConfigError) -> Self {
        Self::Session(error.into())
    }
}
