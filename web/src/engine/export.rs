//! A simulated run as the journal that `udping simulate` writes, byte for byte.

use super::run::Run;

/// The journal of `run`, header to summary; `None` of a recorded run, whose
/// journal the user has already.
#[must_use]
pub fn journal(run: &Run) -> Option<String> {
    let _ = run;
    todo!()
}
