//! What packets meet on both ways of a path, as one value.
//!
//! Owns nothing but that they go together. What each does to a packet is the link model's.

use udping_link::{Impairments, Seed};

/// What packets meet in each direction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathImpairments {
    pub(crate) seed: Seed,
    pub(crate) request: Impairments,
    pub(crate) reply: Impairments,
}

impl PathImpairments {
    pub(crate) fn any(&self) -> bool {
        [self.request, self.reply]
            .iter()
            .any(|way| *way != Impairments::default())
    }
}
