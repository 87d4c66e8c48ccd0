//! Branches: a simulated run, and the runs that acting on its packets made of it.
//!
//! Owns which branches there are and what led to each. Acting never changes a
//! branch, it adds one.

use std::rc::Rc;

use udping_journal::Header;
use udping_journal::{Action, Intervention};
use udping_link::PacketId;
use udping_sim::WorldError;

use super::log::{Cursor, Kind};
use super::run::{Origin, Run};
use super::setup::Setup;

/// A run and its branches. There is always at least one.
#[derive(Debug)]
pub struct History {
    /// The branch shown, which is always there.
    shown: Branch,
    active: usize,
    branches: Vec<Branch>,
}

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
        Ok(Self::of(Run::simulate(&setup.header()?)?))
    }

    /// The history of a run that exists, such as a loaded one.
    #[must_use]
    pub fn of(run: Run) -> Self {
        let first = Branch {
            parent: None,
            cause: None,
            name: None,
            run: Rc::new(run),
        };
        Self {
            shown: first.clone(),
            active: 0,
            branches: vec![first],
        }
    }

    /// The history of a loaded run, with the other ways of a comparison as branches, and what
    /// the server saw of a merged one.
    #[must_use]
    pub fn of_all(mut run: Run) -> Self {
        let mut others = run.take_others();
        others.extend(run.server_run());
        let mut history = Self::of(run);
        history
            .branches
            .extend(others.into_iter().map(|run| Branch {
                parent: None,
                cause: None,
                name: None,
                run: Rc::new(run),
            }));
        history
    }

    /// The history of runs that are still measured: one, or the ways of a comparison. `None` of
    /// none.
    #[must_use]
    pub fn of_runs(runs: Vec<Run>) -> Option<Self> {
        let mut runs = runs.into_iter();
        let first = runs.next()?;
        Some(Self::of_all(first.with_others(runs.collect())))
    }

    /// Takes the runs of all branches out, so that they can grow; `aside` stands in for them.
    pub fn take_runs(&mut self, aside: &Rc<Run>) -> Vec<Rc<Run>> {
        self.shown.run = Rc::clone(aside);
        let branches = self.branches.iter_mut();
        branches
            .map(|branch| core::mem::replace(&mut branch.run, Rc::clone(aside)))
            .collect()
    }

    /// Puts runs back in their order.
    pub fn put_runs(&mut self, runs: Vec<Run>) {
        for (branch, run) in self.branches.iter_mut().zip(runs) {
            branch.run = Rc::new(run);
        }
        self.select(self.active);
    }

    /// Adds a run from elsewhere beside the others, such as another journal, under a name.
    /// Returns its number; `None` if as many are open as are kept.
    pub fn add(&mut self, name: String, run: Rc<Run>) -> Option<usize> {
        let number = self.branches.len();
        (number < Self::MOST_BRANCHES).then(|| {
            self.branches.push(Branch {
                parent: None,
                cause: None,
                name: Some(name),
                run,
            });
            number
        })
    }

    /// All branches, the first one first.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Which branch is shown.
    #[must_use]
    pub fn active(&self) -> usize {
        self.active
    }

    /// The run that is shown.
    #[must_use]
    pub fn run(&self) -> &Rc<Run> {
        &self.shown.run
    }

    /// Shows another branch; false if there is none of that number.
    pub fn select(&mut self, branch: usize) -> bool {
        let found = self.branches.get(branch).cloned();
        if let Some(shown) = found.clone() {
            (self.shown, self.active) = (shown, branch);
        }
        found.is_some()
    }

    /// Names a branch; false if there is none of that number.
    pub fn rename(&mut self, branch: usize, name: String) -> bool {
        let found = self.branches.get_mut(branch);
        found.is_some_and(|branch| {
            branch.name = Some(name).filter(|name| !name.trim().is_empty());
            true
        })
    }

    /// Acts on a packet in flight at `cursor` of the branch shown, and shows the
    /// branch that this makes. Returns the cursor there: the same moment, after the
    /// intervention. What was done later in the branch shown is done in the new one too,
    /// so that this act is all that the two differ by. (What then finds its packet gone
    /// hits nothing, and says so.)
    ///
    /// # Errors
    /// [`ActError`] says why not; nothing has changed then.
    pub fn act(
        &mut self,
        cursor: Cursor,
        flight: usize,
        action: Action,
    ) -> Result<Cursor, ActError> {
        let fork = self.prepare(cursor, flight, action)?;
        let run = self.run().fork(fork.header.clone());
        Ok(self.adopt(&fork, run.map_err(|_| ActError::Recorded)?))
    }

    /// The same without the run, for whoever has it simulated elsewhere.
    ///
    /// # Errors
    /// [`ActError`] says why not.
    pub fn prepare(&self, cursor: Cursor, flight: usize, action: Action) -> Result<Fork, ActError> {
        let run = self.run();
        if run.origin() == Origin::Recorded {
            return Err(ActError::Recorded);
        }
        if self.branches.len() >= Self::MOST_BRANCHES {
            return Err(ActError::TooManyBranches);
        }
        let target = run
            .flight(flight, cursor)
            .filter(|_| run.log().is_flying(flight, cursor.index))
            .ok_or(ActError::NotInFlight)?;
        // A packet that sets out at this very moment can be acted on from the next on,
        // and one that arrives by then cannot be.
        let at_ns = cursor.at_ns.max(target.from_ns.saturating_add(1));
        if at_ns >= target.until_ns {
            return Err(ActError::NotInFlight);
        }
        let cause = Intervention {
            at_ns,
            direction: target.direction,
            packet: PacketId {
                seq: target.seq,
                copy: target.copy,
            },
            action,
        };
        let mut header = run.header().clone();
        let scenario = header.scenario.as_mut().ok_or(ActError::Recorded)?;
        let all = &mut scenario.interventions;
        Intervention::sort(all);
        let index = all.partition_point(|other| other.at_ns <= at_ns);
        all.insert(index, cause);
        Ok(Fork {
            header,
            cause,
            index,
            parent: self.active,
        })
    }

    /// Shows the branch of a fork, whose run this is. Returns the cursor right after the
    /// intervention.
    pub fn adopt(&mut self, fork: &Fork, run: Run) -> Cursor {
        let cursor = after_intervention(&run, fork.cause.at_ns, fork.index);
        self.branches.push(Branch {
            parent: Some(fork.parent),
            cause: Some(fork.cause),
            name: None,
            run: Rc::new(run),
        });
        self.select(self.branches.len() - 1);
        cursor
    }
}

/// A branch that has no run yet.
#[derive(Debug, Clone)]
pub struct Fork {
    /// What it simulates.
    pub header: Header,
    /// What makes it.
    pub cause: Intervention,
    /// The cause's index among all that is done.
    index: usize,
    parent: usize,
}

/// The cursor right after the intervention at `index`, which happens at `at_ns`.
fn after_intervention(run: &Run, at_ns: u64, index: usize) -> Cursor {
    let end = run.seek(at_ns);
    let event = (0..end.index).rev().find(|event| {
        let code = run.log().code(*event);
        code.is_some_and(|code| code.kind() == Kind::Intervened)
    });
    debug_assert_eq!(
        event.and_then(|event| run.log().events.value.get(event).copied()),
        Some(index as u64)
    );
    event.map_or(end, |event| run.after(event))
}
