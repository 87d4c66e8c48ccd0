//! The table's search language: `lost`, `seq:5`, `seq:5..9`, `rtt>200ms`, `line:12`.
//!
//! Terms are joined by "and"; a `-` before a term means "not". Words come from a
//! lexicon, so that every language's names work, beside the English ones.

use super::log::Mark;
use super::run::Run;

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {}

/// What a word of the lexicon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Events with this mark.
    Mark(Mark),
    /// Events of this name, such as `event-sent`.
    Event(&'static str),
    /// Events that the core decides otherwise.
    Differs,
}

/// Why a query cannot be understood: the term, and where it starts (bytes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The term.
    pub term: String,
    /// Where it starts.
    pub at: usize,
    /// What is wrong: a catalogue's key.
    pub what: &'static str,
}

impl Query {
    /// Reads a query. `lexicon` has the page's language's words, in lower case.
    ///
    /// # Errors
    /// [`QueryError`] names the first term that means nothing.
    pub fn parse(text: &str, lexicon: &[(&str, Word)]) -> Result<Self, QueryError> {
        let _ = (text, lexicon);
        todo!()
    }

    /// It lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        todo!()
    }

    /// Whether the event at `index` meets it.
    #[must_use]
    pub fn matches(&self, run: &Run, index: usize) -> bool {
        let _ = (run, index);
        todo!()
    }
}
