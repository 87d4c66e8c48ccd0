//! Why a journal cannot be replayed, and the table that a replay needs.

use alloc::vec;
use alloc::vec::Vec;

use udping_core::schedule::ConfigError;
use udping_core::table::Entry;

/// The most slots a replay will make, whatever a header asks for: 2²².
pub const MOST_SLOTS: u64 = 1 << 22;

/// Why a journal cannot be replayed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayError {
    /// Its configuration is not one a client accepts.
    Config(ConfigError),
    /// Its client's table is larger than any this program makes.
    TableTooLarge(u64),
    /// It is a journal of another kind than this replays.
    Kind,
}

impl core::fmt::Display for ReplayError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Config(error) => write!(f, "the journal's configuration cannot be run: {error}"),
            Self::TableTooLarge(slots) => {
                write!(
                    f,
                    "the journal's table of {slots} slots is larger than the {MOST_SLOTS} that are supported"
                )
            }
            Self::Kind => f.write_str("the journal is of another kind"),
        }
    }
}

impl core::error::Error for ReplayError {}

/// A table as a journal's header asks for.
///
/// # Errors
/// [`ReplayError::TableTooLarge`] above [`MOST_SLOTS`].
pub fn table(slots: u64) -> Result<Vec<Entry>, ReplayError> {
    let len = usize::try_from(slots).ok().filter(|_| slots <= MOST_SLOTS);
    Ok(vec![
        Entry::EMPTY;
        len.ok_or(ReplayError::TableTooLarge(slots))?
    ])
}
