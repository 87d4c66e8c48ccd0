//! The state of a simulated run as it is looked at: its branches, and the place in them.
//!
//! Owns what a room is restored from: a link, a file, the browser's history and the stack of
//! undone acts all hold this one value. Text is hostile until decoded: length and every range
//! are checked, and unknown fields are refused. Simulates nothing.

use serde::{Deserialize, Serialize};
use udping_journal::{Intervention, LARGEST, json};

use super::notes::Notes;
use super::setup::Setup;
use super::undo::UndoStack;

/// Branches and the place in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// At least one; parents come before their children.
    pub branches: Vec<BranchState>,
    /// Which branch is shown, and where in it.
    #[serde(default)]
    pub place: Place,
}

/// One branch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BranchState {
    /// The index of the branch it was made from; absent for one that stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// The intervention that made it; absent where other conditions did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Intervention>,
    /// Its conditions; absent where they are its parent's with the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup: Option<Setup>,
    /// A name that the user gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A place in a run, simulated or recorded, and how it is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Place {
    /// Where the cursor is, in nanoseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub at_ns: u64,
    /// How many events have happened there, where the time alone does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The chosen probe's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<u64>,
    /// The diagram's zoom, in thousandths; absent where it is the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoom_permille: Option<u32>,
    /// The diagram's time is linear.
    #[serde(skip_serializing_if = "is_default")]
    pub linear: bool,
    /// The part of the run that the plot shows, in nanoseconds; absent where it is the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<(u64, u64)>,
    /// The timeout that is asked about, in nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_if_ns: Option<u64>,
    /// The index of the branch shown.
    #[serde(skip_serializing_if = "is_default")]
    pub branch: usize,
    /// The index of the branch that it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<usize>,
    /// What else the page wants back: short names and values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub view: Vec<(String, String)>,
    /// What was noted of the run.
    #[serde(default, skip_serializing_if = "Notes::is_empty")]
    pub notes: Notes,
}

/// Why a link or a file cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateError {
    /// It is longer than any link that this page makes.
    TooLong,
    /// It was made by a newer page.
    NewerVersion(u32),
    /// It was made by an older page, of before the first release.
    OlderVersion(u32),
    /// It was cut or changed on its way.
    Damaged(String),
}

impl core::fmt::Display for StateError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong => write!(f, "the link is longer than {} bytes", State::LARGEST_FILE),
            Self::NewerVersion(version) | Self::OlderVersion(version) => {
                write!(
                    f,
                    "the link has version {version}, and this page reads {}",
                    State::VERSION
                )
            }
            Self::Damaged(what) => write!(f, "the link is damaged: {what}"),
        }
    }
}

impl core::error::Error for StateError {}

impl State {
    /// The most branches that a state has.
    pub const MOST_BRANCHES: usize = 1_000;
    /// The most probes that all branches have together.
    pub const MOST_PROBES: u64 = 4_000_000;
    /// The version of the encoding that this code writes, and the only one it reads.
    pub const VERSION: u32 = 2;
    /// The largest file that is read, in bytes.
    pub const LARGEST_FILE: usize = 1 << 20;
    /// The longest name of a branch, in bytes.
    pub const LONGEST_NAME: usize = 200;

    /// The state of one run, at its beginning.
    #[must_use]
    pub fn of(setup: Setup) -> Self {
        let branch = BranchState {
            setup: Some(setup),
            ..BranchState::default()
        };
        Self {
            branches: vec![branch],
            place: Place::default(),
        }
    }

    /// What each branch simulates; `None` where the state is in disorder.
    #[must_use]
    pub fn setups(&self) -> Option<Vec<Setup>> {
        let mut setups: Vec<Setup> = Vec::with_capacity(self.branches.len());
        for branch in &self.branches {
            let setup = match (&branch.setup, branch.parent, branch.cause) {
                (Some(setup), ..) => setup.clone(),
                (None, Some(parent), Some(cause)) => setups.get(parent)?.with(cause),
                (None, ..) => return None,
            };
            setups.push(setup);
        }
        Some(setups)
    }

    /// The same without what can be derived, as it is written down.
    #[must_use]
    pub fn compact(mut self) -> Self {
        let Some(setups) = self.setups() else {
            return self;
        };
        for (branch, setup) in self.branches.iter_mut().zip(&setups) {
            let parent = branch.parent.and_then(|parent| setups.get(parent));
            let derived = parent.zip(branch.cause);
            let derived = derived.map(|(parent, cause)| parent.with(cause));
            branch.setup = (derived.as_ref() != Some(setup)).then(|| setup.clone());
        }
        self
    }

    /// What it is in JSON.
    #[must_use]
    pub fn json(&self) -> String {
        // Numbers, short names and lists of them: there is nothing that JSON cannot hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`State::json`] wrote.
    ///
    /// # Errors
    /// [`StateError::Damaged`] says what is wrong with it.
    pub fn parse(json: &str) -> Result<Self, StateError> {
        let state: Self =
            json::from_str(json).map_err(|error| StateError::Damaged(error.to_string()))?;
        let checked = state.check();
        checked.map_err(|what| StateError::Damaged(what.to_owned()))?;
        Ok(state)
    }

    /// The file that opens the same as a link.
    #[must_use]
    pub fn file(&self) -> String {
        let file = File {
            udping_lab: Self::VERSION,
            state: self.json(),
        };
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Whether a file that begins so is one of [`State::file`]'s.
    #[must_use]
    pub fn is_file(head: &[u8]) -> bool {
        head.starts_with(FILE_HEAD.as_bytes())
    }

    /// Reads what [`State::file`] wrote.
    ///
    /// # Errors
    /// [`StateError`] says what is wrong with it.
    pub fn parse_file(text: &str) -> Result<Self, StateError> {
        if text.len() > Self::LARGEST_FILE {
            return Err(StateError::TooLong);
        }
        let file: File =
            json::from_str(text).map_err(|error| StateError::Damaged(error.to_string()))?;
        check_version(file.udping_lab)?;
        Self::parse(&file.state)
    }

    /// What no state of this page's says.
    fn check(&self) -> Result<(), &'static str> {
        let number = self.branches.len();
        if number == 0 || number > Self::MOST_BRANCHES {
            return Err("no branch, or too many");
        }
        let Place {
            branch, compared, ..
        } = &self.place;
        if *branch >= number || compared.is_some_and(|other| other >= number) {
            return Err("a branch that is not there");
        }
        for (index, branch) in self.branches.iter().enumerate() {
            if branch.parent.is_some_and(|parent| parent >= index) {
                return Err("a branch before its parent");
            }
            let name = branch.name.as_ref();
            if name.is_some_and(|name| name.len() > Self::LONGEST_NAME) {
                return Err("too long a name");
            }
        }
        self.place.check()?;
        let setups = self.setups().ok_or("a branch without conditions")?;
        setups.iter().try_for_each(check)?;
        if setups.iter().map(|setup| setup.count).sum::<u64>() > Self::MOST_PROBES {
            return Err("more probes than the page holds");
        }
        Ok(())
    }
}

impl Place {
    /// Most of what a link may carry of a view, and the longest word there.
    const MOST_VIEW: usize = 32;
    const LONGEST_WORD: usize = 1_000;

    /// The value of a name in [`Place::view`].
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.view.iter();
        all.find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }

    /// What no place of this page's says.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let (from, until) = self.window.unwrap_or((0, 1));
        let times = [self.at_ns, from, until, self.what_if_ns.unwrap_or(0)];
        if times.into_iter().any(|time| time > LARGEST) || from >= until {
            return Err("a time beyond 2^53 ns");
        }
        let words = || self.view.iter().flat_map(|(name, value)| [name, value]);
        if self.view.len() > Self::MOST_VIEW || words().any(|it| it.len() > Self::LONGEST_WORD) {
            return Err("too long a view");
        }
        self.notes.check()?;
        Ok(())
    }
}

/// What no setup of this page's says.
fn check(setup: &Setup) -> Result<(), &'static str> {
    let times = setup.scenario.interventions.iter().map(|it| it.at_ns);
    let numbers = [
        setup.timeout_ns,
        setup.late_window_ns.unwrap_or(0),
        setup.scenario.service_ns,
    ];
    if !(1..=Setup::MOST_PROBES).contains(&setup.count) {
        return Err("more probes than the page simulates, or none");
    }
    let mut numbers = numbers.into_iter().chain(times);
    if numbers.any(|number| number > LARGEST) {
        return Err("a time beyond 2^53 ns");
    }
    Ok(())
}

/// Refuses every version but this code's.
pub(crate) fn check_version(version: u32) -> Result<(), StateError> {
    match version {
        State::VERSION => Ok(()),
        version if version > State::VERSION => Err(StateError::NewerVersion(version)),
        version => Err(StateError::OlderVersion(version)),
    }
}

/// How a file begins.
const FILE_HEAD: &str = r#"{"udping_lab":"#;

/// A state as a file. The state is text in it, so that a version is known before what it says.
#[derive(Serialize, Deserialize)]
struct File {
    udping_lab: u32,
    state: String,
}

/// Whether a field may be left out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl UndoStack<State> {
    /// What it is in JSON.
    #[must_use]
    pub fn json(&self) -> String {
        // States are written so.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`UndoStack::json`] wrote; `None` of anything else.
    #[must_use]
    pub fn parse(json: &str) -> Option<Self> {
        let stack: Self = json::from_str(json).ok()?;
        let mut states = stack.past.iter().chain(&stack.future);
        let sound = states.all(|state| state.check().is_ok());
        sound.then_some(stack)
    }
}

#[cfg(test)]
mod tests;
