//! Branches: a simulated run, and the runs that acting on its packets made of it.
//!
//! Owns which branches there are and what led to each. Acting never changes a
//! branch, it adds one.

use std::rc::Rc;

use udping_core::sim::{Action, Intervention, WorldError};

use super::cursor::Cursor;
use super::run::Run;
use super::setup::Setup;

/// A run and its branches. There is always at least one.
#[derive(Debug)]
pub struct History {}

/// One branch.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The branch it was forked from; `None` for the first.
    pub parent: Option<usize>,
    /// The intervention that made it; `None` for the first.
    pub cause: Option<Intervention>,
    /// A name that the user gave it.
    pub name: Option<String>,
    /// Its run.
    pub run: Rc<Run>,
}

/// Why a packet could not be acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActError {
    /// The run is recorded: what really happened cannot be changed.
    Recorded,
    /// The packet is not in flight at the cursor.
    NotInFlight,
    /// As many branches are open as are kept.
    TooManyBranches,
}

impl History {
    /// How many branches are kept at most.
    pub const MOST_BRANCHES: usize = 32;

    /// The history that starts with the simulated run of `setup`.
    ///
    /// # Errors
    /// [`WorldError`] if there is no such run.
    pub fn simulate(setup: &Setup) -> Result<Self, WorldError> {
        let _ = setup;
        todo!()
    }

    /// The history of a run that exists, such as a loaded one.
    #[must_use]
    pub fn of(run: Run) -> Self {
        let _ = run;
        todo!()
    }

    /// All branches, the first one first.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        todo!()
    }

    /// Which branch is shown.
    #[must_use]
    pub fn active(&self) -> usize {
        todo!()
    }

    /// The run that is shown.
    #[must_use]
    pub fn run(&self) -> &Rc<Run> {
        todo!()
    }

    /// Shows another branch; false if there is none of that number.
    pub fn select(&mut self, branch: usize) -> bool {
        let _ = branch;
        todo!()
    }

    /// Names a branch; false if there is none of that number.
    pub fn rename(&mut self, branch: usize, name: String) -> bool {
        let _ = (branch, name);
        todo!()
    }

    /// Acts on a packet in flight at `cursor` of the branch shown, and shows the
    /// branch that this makes. Returns the cursor there: the same moment.
    ///
    /// # Errors
    /// [`ActError`] says why not; nothing has changed then.
    pub fn act(
        &mut self,
        cursor: Cursor,
        flight: usize,
        action: Action,
    ) -> Result<Cursor, ActError> {
        let _ = (cursor, flight, action);
        todo!()
    }
}
