//! Why a journal cannot be replayed, and the table that a replay needs.

use alloc::vec;
use alloc::vec::Vec;

use udping_core::ConfigError;
use udping_core::table::Entry;

/// The most entries of a table that a replay will make, whatever a header asks for: 2²².
pub const MAX_TABLE_ENTRIES: u64 = 1 << 22;

/// Why a journal cannot be replayed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
            Self::TableTooLarge(entries) => {
                write!(
                    f,
                    "the journal's table of {entries} entries is larger than the {MAX_TABLE_ENTRIES} that are supported"
                )
            }
            Self::Kind => f.write_str("the journal is of another kind"),
        }
    }
}

impl core::error::Error for ReplayError {}

impl From<ConfigError> for ReplayError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// A table as a journal's header asks for.
///
/// # Errors
/// [`ReplayError::TableTooLarge`] above [`MAX_TABLE_ENTRIES`].
pub fn table(entries: u64) -> Result<Vec<Entry>, ReplayError> {
    let len = usize::try_from(entries)
        .ok()
        .filter(|_| entries <= MAX_TABLE_ENTRIES);
    Ok(vec![
        Entry::EMPTY;
        len.ok_or(ReplayError::TableTooLarge(entries))?
    ])
}
