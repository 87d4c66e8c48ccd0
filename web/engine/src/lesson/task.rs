//! What somebody does with a scene, and whether that achieves what a task asks for.
//!
//! Owns what counts as achieved. What an act does to packets is the simulator's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use udping_journal::{Action, Intervention};
use udping_sim::WorldError;

use super::measure::Measure;
use super::scene::{Control, Scene, Stage};

/// Expressions by the names that prose has for them.
pub type Expressions = BTreeMap<String, String>;

/// A task: bring something about with the controls.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Which of the lesson's scenes it is about.
    #[serde(default)]
    pub scene: usize,
    /// What to do.
    pub text: String,
    /// Help for those who are stuck.
    pub hint: String,
    /// What is to be said when it is done.
    pub done: String,
    /// What can be changed.
    #[serde(default)]
    pub controls: Vec<Dial>,
    /// What can be done to packets.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// What must hold for it to be achieved.
    pub goals: Vec<Goal>,
    /// The values that its words name.
    #[serde(default)]
    pub values: Expressions,
    /// One way to do it: the teacher's answer, and the tests'.
    pub solution: Vec<LearnerAction>,
}

/// A control and its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    /// What it changes.
    pub control: Control,
    /// The least it can be set to, in the control's unit.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// How far apart its values are.
    pub step: i64,
}

/// Something that must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// What it says to the learner; facts have none.
    #[serde(default)]
    pub text: Option<String>,
    /// What is measured.
    pub measure: Measure,
    /// In which lane.
    #[serde(default)]
    pub lane: usize,
    /// The least it may be.
    #[serde(default)]
    pub least: Option<i64>,
    /// The most it may be.
    #[serde(default)]
    pub most: Option<i64>,
    /// It is measured at the moment shown, not at the end.
    #[serde(default)]
    pub now: bool,
}

/// One thing that somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearnerAction {
    /// Sets a control.
    Set(Control, i64),
    /// Acts on a packet.
    Intervene(Intervention),
    /// Goes to a moment, in nanoseconds.
    Look(u64),
}

/// What somebody has done with a scene so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attempt {
    /// What controls were set to.
    pub(crate) set: BTreeMap<Control, i64>,
    /// What was done to packets, in the order it was done.
    pub interventions: Vec<Intervention>,
    /// The moment shown.
    pub at_ns: u64,
}

impl Goal {
    /// What its measure comes to.
    #[must_use]
    pub fn value(&self, stage: &Stage, at_ns: u64) -> Option<i64> {
        let at_ns = if self.now { at_ns } else { u64::MAX };
        stage.measure(self.lane, self.measure, at_ns)
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, stage: &Stage, at_ns: u64) -> bool {
        self.value(stage, at_ns).is_some_and(|value| {
            self.least.is_none_or(|least| value >= least)
                && self.most.is_none_or(|most| value <= most)
        })
    }
}

impl Dial {
    /// Whether it can be set to this.
    #[must_use]
    pub fn has(&self, value: i64) -> bool {
        (self.least..=self.most).contains(&value) && (value - self.least) % self.step == 0
    }
}

impl Task {
    /// Whether the task lets somebody do this.
    #[must_use]
    pub fn permits(&self, action: &LearnerAction) -> bool {
        match action {
            LearnerAction::Set(control, value) => self
                .controls
                .iter()
                .any(|dial| dial.control == *control && dial.has(*value)),
            LearnerAction::Intervene(intervention) => self.actions.contains(&intervention.action),
            LearnerAction::Look(_) => true,
        }
    }

    /// Whether these acts achieve it, played again in its scene. What it does not permit
    /// achieves nothing.
    #[must_use]
    pub fn is_achieved_by(&self, attempt: &Attempt, scene: &Scene) -> bool {
        attempt.each().all(|act| self.permits(&act))
            && attempt
                .play(scene)
                .is_ok_and(|stage| self.is_achieved(&stage, attempt.at_ns))
    }

    /// Whether all its goals hold.
    #[must_use]
    pub fn is_achieved(&self, stage: &Stage, at_ns: u64) -> bool {
        self.goals.iter().all(|goal| goal.holds(stage, at_ns))
    }
}

impl Attempt {
    /// Does one more thing. A control that moves takes earlier interventions back: the packets
    /// that they were about are no longer where they were.
    pub fn add(&mut self, action: LearnerAction) {
        match action {
            LearnerAction::Set(control, value) => {
                self.set.insert(control, value);
                self.interventions.clear();
                self.at_ns = 0;
            }
            LearnerAction::Intervene(intervention) => {
                self.at_ns = intervention.at_ns;
                self.interventions.push(intervention);
            }
            LearnerAction::Look(at_ns) => self.at_ns = at_ns,
        }
    }

    /// Whether nothing was done yet.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.set.is_empty() && self.interventions.is_empty()
    }

    /// All of it, one thing after the other.
    pub fn each(&self) -> impl Iterator<Item = LearnerAction> {
        let set = self
            .set
            .iter()
            .map(|(control, value)| LearnerAction::Set(*control, *value));
        set.chain(
            self.interventions
                .iter()
                .copied()
                .map(LearnerAction::Intervene),
        )
    }

    /// The scene as it is after all of it.
    #[must_use]
    pub fn on(&self, scene: &Scene) -> Scene {
        let mut scene = scene.clone();
        for (control, value) in &self.set {
            scene.set(*control, *value);
        }
        let interventions = &mut scene.setup.scenario.interventions;
        interventions.extend(&self.interventions);
        Intervention::sort(interventions);
        scene
    }

    /// The same, played.
    ///
    /// # Errors
    /// [`WorldError`] if the core refuses what the controls make of it.
    pub fn play(&self, scene: &Scene) -> Result<Stage, WorldError> {
        self.on(scene).play()
    }
}

impl FromIterator<LearnerAction> for Attempt {
    fn from_iter<I: IntoIterator<Item = LearnerAction>>(actions: I) -> Self {
        let mut all = Self::default();
        for action in actions {
            all.add(action);
        }
        all
    }
}
