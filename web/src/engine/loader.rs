//! A journal's bytes, in chunks of any size, to a [`Run`].
//!
//! Owns lines, limits and what is said of a bad file. Knows nothing of files: the
//! page reads, this is fed.

use super::message::Message;
use super::run::Run;

/// Reads a journal. Drop it to cancel.
#[derive(Debug)]
pub struct Loader {}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes taken.
    pub bytes: u64,
    /// Lines read.
    pub lines: u64,
    /// Probes found.
    pub probes: u64,
}

/// Why a journal cannot be opened: a sentence, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadError {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1; 0 where the whole line is meant.
    pub column: u64,
    /// What is wrong.
    pub what: Message,
}

impl Loader {
    /// The longest line that is read, in bytes. The longest a udping writes is a header
    /// with all its interventions.
    pub const LONGEST_LINE: usize = 1 << 20;

    /// A loader at the first byte.
    #[must_use]
    pub fn new() -> Self {
        Self {}
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`LoadError`]; the loader is of no more use then.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        let _ = bytes;
        todo!()
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        todo!()
    }

    /// The bytes are at their end.
    ///
    /// # Errors
    /// [`LoadError`] if that is no journal, not even one that was cut.
    pub fn finish(self) -> Result<Run, LoadError> {
        todo!()
    }
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}
