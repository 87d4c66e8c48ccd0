//! How far somebody has come: question, answer, reveal, task.
//!
//! Owns what may follow what, and its form as text, which the browser keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use udping_journal::json;

use super::prediction::Prediction;
use super::scene::Stage;
use super::task::Attempt;
use super::{Lesson, Step};

/// The version of the text that is kept.
const VERSION: u32 = 1;

/// How far somebody has come in all lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    version: u32,
    lessons: BTreeMap<String, LessonProgress>,
}

/// How far somebody has come in one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonProgress {
    /// The answers given at each step, in the order they were given.
    answers: BTreeMap<usize, Vec<usize>>,
    /// The first answer at each step, which stays; `None` where the step was skipped.
    first: BTreeMap<usize, Option<usize>>,
    /// The numbers and moments that were given for answers.
    values: BTreeMap<usize, i64>,
    /// The steps that were shown.
    shown: Vec<usize>,
    /// The task was achieved.
    achieved: bool,
    /// What achieved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    acts: Option<Attempt>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// A question waits for its answer.
    Asked,
    /// It was answered, with this; or there is none to answer.
    Ready(Option<usize>),
    /// The step was shown.
    Shown,
}

/// Why what was kept cannot be read.
#[derive(Debug)]
pub enum ProgressError {
    /// It is no text of ours.
    Damaged(serde_json::Error),
    /// A newer page wrote it.
    Newer(u32),
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            version: VERSION,
            lessons: BTreeMap::new(),
        }
    }
}

impl Progress {
    /// Reads what was kept.
    ///
    /// # Errors
    /// [`ProgressError`] says why not.
    pub fn parse(text: &str) -> Result<Self, ProgressError> {
        let progress: Self = json::from_str(text).map_err(ProgressError::Damaged)?;
        if progress.version > VERSION {
            return Err(ProgressError::Newer(progress.version));
        }
        Ok(progress)
    }

    /// The text to keep.
    #[must_use]
    pub fn text(&self) -> String {
        // Numbers, names and flags can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How far somebody has come in a lesson.
    #[must_use]
    pub fn of(&self, lesson: &Lesson) -> LessonProgress {
        self.lessons.get(&lesson.id).cloned().unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn walk(&mut self, lesson: &Lesson) -> &mut LessonProgress {
        self.lessons.entry(lesson.id.clone()).or_default()
    }

    /// The progress in one lesson alone, without the acts, of which there may be any number.
    #[must_use]
    pub fn only(&self, lesson: &Lesson) -> Self {
        let mut only = Self::default();
        *only.walk(lesson) = LessonProgress {
            acts: None,
            ..self.of(lesson)
        };
        only
    }

    /// Whether there is anything to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lessons
            .values()
            .all(|walk| *walk == LessonProgress::default())
    }
}

impl LessonProgress {
    /// Where a step stands.
    #[must_use]
    pub fn phase(&self, index: usize, step: &Step) -> Phase {
        if self.shown.contains(&index) {
            return Phase::Shown;
        }
        match (&step.question, self.answer_at(index)) {
            (Some(_), None) => Phase::Asked,
            (_, answer) => Phase::Ready(answer),
        }
    }

    /// The answer that stands at a step: the last that was given.
    #[must_use]
    pub fn answer_at(&self, index: usize) -> Option<usize> {
        self.answers.get(&index)?.last().copied()
    }

    /// Every answer given at a step, in order.
    #[must_use]
    pub fn answers_at(&self, index: usize) -> &[usize] {
        self.answers.get(&index).map_or(&[], Vec::as_slice)
    }

    /// The answer that was given before anything was known of a step.
    #[must_use]
    pub fn first_at(&self, index: usize) -> Option<usize> {
        self.first.get(&index).copied().flatten()
    }

    /// The number or moment that was given at a step.
    #[must_use]
    pub fn value_at(&self, index: usize) -> Option<i64> {
        self.values.get(&index).copied()
    }

    /// Answers a step's question; false if there is no such answer, or it was shown. A value
    /// that stands for no answer counts as one more than there are.
    pub fn predict(
        &mut self,
        index: usize,
        step: &Step,
        prediction: Prediction,
        stage: &Stage,
    ) -> bool {
        let Some(question) = &step.question else {
            return false;
        };
        let answer = match (question.answer_of(prediction, stage), prediction) {
            (Some(answer), _) => answer,
            (None, Prediction::Value(_)) => question.answers.len(),
            (None, Prediction::Answer(_)) => return false,
        };
        if self.phase(index, step) == Phase::Shown {
            return false;
        }
        self.answers.entry(index).or_default().push(answer);
        self.first.entry(index).or_insert(Some(answer));
        match prediction {
            Prediction::Value(value) => self.values.insert(index, value),
            Prediction::Answer(_) => self.values.remove(&index),
        };
        true
    }

    /// Shows a step although nothing was predicted.
    pub fn skip(&mut self, index: usize) {
        self.first.entry(index).or_insert(None);
        if !self.shown.contains(&index) {
            self.shown.push(index);
        }
    }

    /// Shows a step; false if its question waits for an answer.
    pub fn show(&mut self, index: usize, step: &Step) -> bool {
        match self.phase(index, step) {
            Phase::Asked => return false,
            Phase::Ready(_) => self.shown.push(index),
            Phase::Shown => {}
        }
        true
    }

    /// Takes a step back to its question.
    pub fn again(&mut self, index: usize) {
        self.shown.retain(|shown| *shown != index);
        self.answers.remove(&index);
        self.values.remove(&index);
    }

    /// The task was achieved by these acts; it stays so.
    pub fn achieve(&mut self, acts: Attempt) {
        self.achieved = true;
        self.acts.get_or_insert(acts);
    }

    /// What achieved the task.
    #[must_use]
    pub fn acts(&self) -> Option<&Attempt> {
        self.acts.as_ref()
    }

    /// Whether the task was achieved.
    #[must_use]
    pub fn is_achieved(&self) -> bool {
        self.achieved
    }

    /// How many of the lesson's steps were shown, its task counted as one more.
    #[must_use]
    pub fn done(&self, lesson: &Lesson) -> usize {
        let steps = lesson.steps.len();
        let shown = self.shown.iter().filter(|shown| **shown < steps);
        shown.count() + usize::from(self.achieved)
    }

    /// Whether there is nothing left to do.
    #[must_use]
    pub fn is_complete(&self, lesson: &Lesson) -> bool {
        self.done(lesson) == lesson.steps.len() + 1
    }
}
