//! Branches: a simulated run, and the runs that acting on its packets or changing its
//! conditions made of it.
//!
//! Owns which branches there are, what led to each, and what was done, to be undone. Acting
//! never changes a branch, it adds one. What a state is when written down is
//! [`state`](super::state)'s.

use std::rc::Rc;

use udping_journal::Header;
use udping_journal::{Action, Intervention};
use udping_link::PacketId;
use udping_sim::WorldError;

use super::conditions;
use super::log::{Cursor, EventKind};
use super::message::Message;
use super::run::{Origin, Run};
use super::setup::{self, Setup};
use super::state::{BranchState, Place, State};
use super::undo::UndoStack;

/// A run and its branches. There is always at least one.
#[derive(Debug)]
pub struct History {
    /// The branch shown, which is always there.
    shown: Branch,
    active: usize,
    branches: Vec<Branch>,
    /// Runs that no branch has now, the oldest first: going back finds them simulated.
    kept: Vec<Rc<Run>>,
    /// What was done, to be undone.
    pub undo: UndoStack<State>,
    /// Counts how often another branch was shown.
    serial: u32,
}

/// One branch.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The branch it was forked from; `None` for the first.
    pub parent: Option<usize>,
    /// The intervention that made it; `None` for the first.
    pub cause: Option<Intervention>,
    /// What is other in its conditions than in its parent's; nothing where nobody changed them.
    pub changes: Vec<Message>,
    /// A name that the user gave it.
    pub name: Option<String>,
    /// Its run.
    pub run: Rc<Run>,
}

impl Branch {
    /// One that comes from no other.
    fn alone(run: Rc<Run>) -> Self {
        Self {
            parent: None,
            cause: None,
            changes: Vec::new(),
            name: None,
            run,
        }
    }
}

/// Why a packet could not be acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActError {
    /// The run is recorded: what really happened cannot be changed.
    Recorded,
    /// The packet is not in flight at the cursor.
    NotInFlight,
    /// As many branches, or probes in all of them, as the page holds.
    TooMany,
}

impl History {
    /// How many probes of runs are kept that no branch has.
    const MOST_KEPT: usize = 1_000_000;
    /// How many such runs.
    const MOST_KEPT_RUNS: usize = 200;

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
        let first = Branch::alone(Rc::new(run));
        Self {
            shown: first.clone(),
            active: 0,
            branches: vec![first],
            kept: Vec::new(),
            undo: UndoStack::default(),
            serial: 0,
        }
    }

    /// The history of a loaded run, with the other ways of a comparison as branches, what the
    /// server saw of a merged one, and what a graded program made of it.
    #[must_use]
    pub fn of_all(mut run: Run) -> Self {
        let mut others = run.take_others();
        others.extend(run.server_run());
        others.extend(run.program_run());
        let mut history = Self::of(run);
        let others = others.into_iter().map(Rc::new);
        history.branches.extend(others.map(Branch::alone));
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

    /// Takes the runs of the first branches out, so many, so that they can grow; `aside` stands
    /// in for them.
    pub fn take_runs(&mut self, aside: &Rc<Run>, count: usize) -> Vec<Rc<Run>> {
        self.shown.run = Rc::clone(aside);
        let branches = self.branches.iter_mut().take(count);
        branches
            .map(|branch| core::mem::replace(&mut branch.run, Rc::clone(aside)))
            .collect()
    }

    /// Puts runs back in their order.
    pub fn put_runs(&mut self, runs: Vec<Run>) {
        for (branch, run) in self.branches.iter_mut().zip(runs) {
            branch.run = Rc::new(run);
        }
        // Another length of the same branch is no other branch.
        if let Some(shown) = self.branches.get(self.active) {
            self.shown = shown.clone();
        }
    }

    /// Adds a run from elsewhere beside the others, such as another journal, under a name.
    /// Returns its number.
    ///
    /// # Errors
    /// [`ActError::TooMany`]
    pub fn add_beside(&mut self, name: &str, run: Rc<Run>) -> Result<usize, ActError> {
        self.check_room(run.probes())?;
        let number = self.branches.len();
        self.branches.push(Branch::alone(run));
        self.rename(number, name);
        Ok(number)
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
            self.serial += 1;
        }
        found.is_some()
    }

    /// How often another branch was shown.
    #[must_use]
    pub fn serial(&self) -> u32 {
        self.serial
    }

    /// Names a branch; false if there is none of that number.
    pub fn rename(&mut self, branch: usize, name: &str) -> bool {
        let found = self.branches.get_mut(branch);
        found.is_some_and(|branch| {
            let mut name = name.trim().to_owned();
            name.truncate(name.floor_char_boundary(State::LONGEST_NAME));
            branch.name = Some(name).filter(|name| !name.is_empty());
            true
        })
    }

    /// Deletes a branch; false if there is none of that number or no other. What was made
    /// from it stays, and counts as made from what it was made from.
    pub fn remove(&mut self, branch: usize) -> bool {
        if branch >= self.branches.len() || self.branches.len() < 2 {
            return false;
        }
        let removed = self.branches.remove(branch);
        let parent = removed.parent.and_then(|it| self.branches.get(it));
        let parent = parent.map(|it| Rc::clone(&it.run));
        for other in &mut self.branches {
            match other.parent {
                Some(it) if it == branch => {
                    other.parent = removed.parent;
                    let parent = parent.as_ref().filter(|_| other.cause.is_none());
                    other.changes = changes(parent, &other.run);
                }
                Some(it) if it > branch => other.parent = Some(it - 1),
                _ => {}
            }
        }
        self.kept.push(removed.run);
        self.trim();
        match self.active {
            active if active > branch => self.active = active - 1,
            active if active == branch => {
                self.select(removed.parent.unwrap_or_else(|| branch.saturating_sub(1)));
            }
            _ => {}
        }
        true
    }

    /// Adds a run of other conditions as a branch, and shows it. It counts as made from the
    /// branch shown, or from none.
    ///
    /// # Errors
    /// [`ActError::TooMany`]
    pub fn add(&mut self, run: Run, child: bool) -> Result<(), ActError> {
        self.check_room(run.probes())?;
        let changes = changes(Some(self.run()).filter(|_| child), &run);
        self.branches.push(Branch {
            parent: child.then_some(self.active),
            changes,
            ..Branch::alone(Rc::new(run))
        });
        self.select(self.branches.len() - 1);
        Ok(())
    }

    /// Puts a run of other conditions in the place of the branch shown, from which nothing
    /// was made.
    pub fn replace(&mut self, run: Run) {
        let parent = self.shown.parent.and_then(|it| self.branches.get(it));
        let changes = changes(parent.map(|it| &it.run), &run);
        if let Some(branch) = self.branches.get_mut(self.active) {
            (branch.run, branch.changes) = (Rc::new(run), changes);
        }
        self.select(self.active);
    }

    /// Refuses a run of so many probes if there are as many as the page holds.
    ///
    /// # Errors
    /// [`ActError::TooMany`]
    pub fn check_room(&self, probes: usize) -> Result<(), ActError> {
        let all = self.branches.iter().map(|branch| branch.run.probes());
        let all = all.sum::<usize>() as u64 + probes as u64;
        let full = self.branches.len() >= State::MOST_BRANCHES || all > State::MOST_PROBES;
        if full { Err(ActError::TooMany) } else { Ok(()) }
    }

    /// The state that the simulated branches make with a place in them; `None` where a
    /// recorded run is shown. What lies beside them from elsewhere is left out.
    #[must_use]
    pub fn state(&self, place: Place) -> Option<State> {
        let simulated = |branch: &&Branch| branch.run.origin() == Origin::Simulated;
        // The number of a branch among the simulated ones.
        let number = |index: usize| {
            let before = self.branches.get(..index)?.iter().filter(simulated).count();
            let branch = self.branches.get(index).filter(simulated);
            branch.map(|_| before)
        };
        let branch = |branch: &Branch| {
            Some(BranchState {
                parent: branch.parent.and_then(number),
                cause: branch.cause,
                setup: Some(Setup::of(branch.run.header())?),
                name: branch.name.clone(),
            })
        };
        let branches = self.branches.iter().filter(simulated).map(branch);
        let branches: Vec<_> = branches.collect::<Option<_>>()?;
        let place = Place {
            branch: number(self.active)?,
            compared: place.compared.and_then(number),
            ..place
        };
        Some(State { branches, place }.compact())
    }

    /// The first run of a state that is to be simulated before [`History::show`] can show it.
    ///
    /// # Errors
    /// [`WorldError`] if it has one that there cannot be.
    pub fn missing(&self, state: &State) -> Result<Option<Header>, WorldError> {
        for setup in state.setups().unwrap_or_default() {
            let header = setup.header()?;
            if self.find(&header).is_none() {
                return Ok(Some(header));
            }
        }
        Ok(None)
    }

    fn find(&self, header: &Header) -> Option<Rc<Run>> {
        let branches = self.branches.iter().map(|branch| &branch.run);
        let mut all = branches.chain(&self.kept);
        all.find(|run| run.header() == header).cloned()
    }

    /// Keeps a run for [`History::show`].
    pub fn keep(&mut self, run: Run) {
        self.kept.push(Rc::new(run));
    }

    /// Shows a state; false, and nothing has changed, if a run of it is missing.
    pub fn show(&mut self, state: &State) -> bool {
        let setups = state.setups().unwrap_or_default();
        let run = |setup: &Setup| self.find(&setup.header().ok()?);
        let runs: Option<Vec<_>> = setups.iter().map(run).collect();
        let Some(runs) = runs.filter(|runs| state.place.branch < runs.len()) else {
            return false;
        };
        let branches = state.branches.iter().zip(&runs);
        let branches = branches.map(|(branch, run)| {
            let parent = branch.parent.and_then(|parent| runs.get(parent));
            let parent = parent.filter(|_| branch.cause.is_none());
            Branch {
                parent: branch.parent,
                cause: branch.cause,
                changes: changes(parent, run),
                name: branch.name.clone(),
                run: Rc::clone(run),
            }
        });
        let branches: Vec<Branch> = branches.collect();
        let before = core::mem::replace(&mut self.branches, branches);
        for branch in before {
            match branch.run.origin() {
                // What lies beside them from elsewhere stays.
                Origin::Recorded => self.branches.push(branch),
                Origin::Simulated => self.kept.push(branch.run),
            }
        }
        self.trim();
        self.select(state.place.branch)
    }

    /// Lets go of the oldest runs that no branch has, as far as there are too many.
    fn trim(&mut self) {
        let mut runs: Vec<Rc<Run>> = Vec::new();
        let mut probes = 0;
        for run in core::mem::take(&mut self.kept).into_iter().rev() {
            let branches = self.branches.iter().map(|branch| &branch.run);
            if branches.chain(&runs).any(|other| Rc::ptr_eq(other, &run)) {
                continue;
            }
            probes += run.probes();
            if probes > Self::MOST_KEPT || runs.len() >= Self::MOST_KEPT_RUNS {
                break;
            }
            runs.push(run);
        }
        runs.reverse();
        self.kept = runs;
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
        self.check_room(run.probes())?;
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
        let index = setup::insert(&mut scenario.interventions, cause);
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
            ..Branch::alone(Rc::new(run))
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

/// What is other in a run's conditions than in those of the run it was made from.
fn changes(parent: Option<&Rc<Run>>, run: &Run) -> Vec<Message> {
    let before = parent.and_then(|parent| Setup::of(parent.header()));
    let both = before.zip(Setup::of(run.header()));
    both.map_or_else(Vec::new, |(before, after)| {
        conditions::changes(&before, &after)
    })
}

/// The cursor right after the intervention at `index`, which happens at `at_ns`.
fn after_intervention(run: &Run, at_ns: u64, index: usize) -> Cursor {
    let end = run.seek(at_ns);
    let event = (0..end.index).rev().find(|event| {
        let code = run.log().code(*event);
        code.is_some_and(|code| code.kind() == EventKind::Intervened)
    });
    debug_assert_eq!(
        event.and_then(|event| run.log().events.value.get(event).copied()),
        Some(index as u64)
    );
    event.map_or(end, |event| run.after(event))
}
