//! A simulated run as the journal that `udping simulate` writes, byte for byte.

use udping_core::journal::to_line;
use udping_core::sim::World;

use super::run::{Origin, Run};

/// The journal of `run`, header to summary; `None` of a recorded run, whose
/// journal the user has already.
#[must_use]
pub fn journal(run: &Run) -> Option<String> {
    if run.origin() == Origin::Recorded {
        return None;
    }
    let mut world = World::new(run.header()).ok()?;
    let mut journal = to_line(run.header()).ok()?;
    for record in world.by_ref().filter_map(|step| step.record) {
        journal.push_str(&to_line(&record).ok()?);
    }
    journal.push_str(&to_line(&world.summary()).ok()?);
    Some(journal)
}
