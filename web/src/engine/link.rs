//! Share links: a simulated run and the place in it, in what follows the `#`.
//!
//! Owns the encoding and its version. Text from a link is hostile until decoded:
//! length, depth and every range are checked, and unknown fields are refused.

use serde::{Deserialize, Serialize};

use super::setup::Setup;

/// What a link carries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shared {
    /// The run, its interventions included.
    pub setup: Setup,
    /// Where the cursor is, in nanoseconds.
    pub at_ns: u64,
    /// How many events have happened there, where the time alone does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The chosen probe's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<u64>,
    /// What else the page wants back: short names and short values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub view: Vec<(String, String)>,
}

/// What follows the `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// Nothing that concerns the engine.
    None,
    /// A shared run.
    Shared(Box<Shared>),
    /// A journal to open, by its address.
    Log(String),
}

/// Why a link cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkError {
    /// It is longer than any link that this page makes.
    TooLong,
    /// It was made by a newer page.
    NewerVersion(u32),
    /// It was cut or changed on its way.
    Damaged(String),
}

impl Fragment {
    /// Reads what follows the `#`; the `#` itself may be there.
    ///
    /// # Errors
    /// [`LinkError`] says what is wrong with it.
    pub fn parse(fragment: &str) -> Result<Self, LinkError> {
        let _ = fragment;
        todo!()
    }
}

impl Shared {
    /// The fragment that carries it, without the `#`: letters, digits, `-`, `_`, `=`, `.`.
    #[must_use]
    pub fn fragment(&self) -> String {
        todo!()
    }
}
