//! Exercises: a run under a seed, what somebody read off it and did in the lesson's task, and
//! whether that is so.
//!
//! Owns the file that a student hands in. It holds answers and acts and no marks, carries no
//! secret and proves no authorship: whoever has it can play all of it again, and so does the
//! checker.

use serde::{Deserialize, Serialize};
use udping_journal::json;
use udping_link::Seed;
use udping_sim::WorldError;

use super::measure::{Measure, Unit};
use super::scene::{Scene, Stage};
use super::task::Attempt;
use super::{Exercise, Lesson};

/// The version of the file.
const VERSION: u32 = 2;

/// No file of ours is longer.
const LONGEST: usize = 100_000;

/// How far a time that was read off may be from the true one.
const CLOSE_NS: i64 = 1_000_000;

/// The file that a student hands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Always `exercise`: the word by which the file is known.
    udping: String,
    version: u32,
    /// The lesson's name.
    pub lesson: String,
    /// The run's seed.
    pub seed: Seed,
    /// The student number, and the name, in the student's own words.
    pub student: String,
    /// See `student`.
    pub name: String,
    /// What was read off, in the order of the lesson's readings.
    pub readings: Vec<Option<i64>>,
    /// Why it is so, in a sentence: for the teacher to read.
    pub why: String,
    /// What was done in the lesson's task.
    pub acts: Option<Attempt>,
}

/// What a file of any version begins with.
#[derive(Deserialize)]
struct Known {
    udping: String,
    version: u32,
}

/// What a checker found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Which lesson, from 0.
    pub lesson: usize,
    /// One for each of its readings.
    pub readings: Vec<CheckedReading>,
    /// Whether the acts achieve the lesson's task; `None` if there are none.
    pub achieved: Option<bool>,
}

/// One reading, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedReading {
    /// What was measured.
    pub measure: Measure,
    /// What was read off.
    pub given: Option<i64>,
    /// What it is.
    pub truth: Option<i64>,
}

/// Why a file cannot be checked.
#[derive(Debug)]
pub enum SubmissionError {
    /// It is none of these files.
    NotOurs,
    /// A newer page wrote it.
    Newer(u32),
    /// There is no such lesson.
    NoLesson(String),
    /// It has not as many readings as the lesson.
    Readings,
    /// The run cannot be played.
    World(WorldError),
}

impl Exercise {
    /// The scene under a seed.
    #[must_use]
    pub fn under(&self, seed: Seed) -> Scene {
        let mut scene = self.scene.clone();
        scene.setup.scenario.seed = seed;
        scene
    }

    /// What is to be read off a stage.
    #[must_use]
    pub fn truths(&self, stage: &Stage) -> Vec<Option<i64>> {
        let readings = self.readings.iter();
        let truth =
            |reading: &super::Reading| stage.measure(reading.lane, reading.measure, u64::MAX);
        readings.map(truth).collect()
    }
}

impl CheckedReading {
    /// Whether it was read off right: to the unit, or to the millisecond.
    #[must_use]
    pub fn is_right(&self) -> bool {
        let (Some(given), Some(truth)) = (self.given, self.truth) else {
            return false;
        };
        let close = match self.measure.unit() {
            Unit::Span => CLOSE_NS,
            Unit::Count | Unit::Bytes | Unit::Share => 0,
        };
        given.abs_diff(truth) <= close.unsigned_abs()
    }
}

impl Submission {
    /// A file for a lesson's exercise.
    #[must_use]
    pub fn new(
        lesson: &Lesson,
        seed: Seed,
        student: &str,
        name: &str,
        readings: Vec<Option<i64>>,
        why: &str,
        acts: Option<Attempt>,
    ) -> Self {
        Self {
            udping: "exercise".to_owned(),
            version: VERSION,
            lesson: lesson.id.clone(),
            seed,
            student: student.trim().to_owned(),
            name: name.trim().to_owned(),
            readings,
            why: why.trim().to_owned(),
            acts,
        }
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        // Numbers and strings can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`SubmissionError`] says why it is none.
    pub fn parse(text: &str) -> Result<Self, SubmissionError> {
        if text.len() > LONGEST {
            return Err(SubmissionError::NotOurs);
        }
        let known: Known = json::from_str(text).map_err(|_| SubmissionError::NotOurs)?;
        if known.udping != "exercise" {
            return Err(SubmissionError::NotOurs);
        }
        if known.version > VERSION {
            return Err(SubmissionError::Newer(known.version));
        }
        json::from_str(text).map_err(|_| SubmissionError::NotOurs)
    }

    /// Plays its run and its acts again, and compares.
    ///
    /// # Errors
    /// [`SubmissionError`] if that cannot be done.
    pub fn check(&self, lessons: &[Lesson]) -> Result<CheckReport, SubmissionError> {
        let number = lessons.iter().position(|lesson| lesson.id == self.lesson);
        let found = number.and_then(|number| Some((number, lessons.get(number)?)));
        let (number, lesson) =
            found.ok_or_else(|| SubmissionError::NoLesson(self.lesson.clone()))?;
        let exercise = &lesson.exercise;
        if self.readings.len() != exercise.readings.len() {
            return Err(SubmissionError::Readings);
        }
        let stage = exercise
            .under(self.seed)
            .play()
            .map_err(SubmissionError::World)?;
        let truths = exercise.truths(&stage);
        let all = exercise.readings.iter().zip(&self.readings).zip(truths);
        let checked =
            |((reading, given), truth): ((&super::Reading, &Option<i64>), _)| CheckedReading {
                measure: reading.measure,
                given: *given,
                truth,
            };
        let task = &lesson.task;
        let achieved = |acts| {
            let scene = lesson.scenes.get(task.scene);
            scene.is_some_and(|scene| task.is_achieved_by(acts, scene))
        };
        Ok(CheckReport {
            lesson: number,
            readings: all.map(checked).collect(),
            achieved: self.acts.as_ref().map(achieved),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_truth_is_found_right_and_anything_else_is_not() {
        let lessons = crate::lesson::all().unwrap();
        for (number, lesson) in lessons.iter().enumerate() {
            let seed = Seed::from_low_bits(4_711);
            let stage = lesson.exercise.under(seed).play().unwrap();
            let truths = lesson.exercise.truths(&stage);
            let file = Submission::new(lesson, seed, " 7 ", "Ana", truths.clone(), "", None);
            let file = Submission::parse(&file.text()).unwrap();
            assert_eq!((&*file.student, &*file.name), ("7", "Ana"));
            let report = file.check(&lessons).unwrap();
            assert_eq!((report.lesson, report.achieved), (number, None));
            assert!(
                report.readings.iter().all(CheckedReading::is_right),
                "{report:?}"
            );
            for index in 0..truths.len() {
                let mut wrong = truths.clone();
                wrong[index] = wrong[index].map(|value| value + CLOSE_NS + 1);
                let file = Submission::new(lesson, seed, "", "", wrong, "", None);
                let report = file.check(&lessons).unwrap();
                let right: Vec<_> = report
                    .readings
                    .iter()
                    .map(CheckedReading::is_right)
                    .collect();
                assert!(!right[index] && right.iter().filter(|right| !**right).count() == 1);
                let mut missing = truths.clone();
                missing[index] = None;
                let file = Submission::new(lesson, seed, "", "", missing, "", None);
                assert!(!file.check(&lessons).unwrap().readings[index].is_right());
            }
        }
    }

    #[test]
    fn a_file_holds_answers_and_no_marks() {
        let lessons = crate::lesson::all().unwrap();
        let seed = Seed::from_low_bits(5);
        let file = Submission::new(
            &lessons[0],
            seed,
            "7",
            "Ana",
            vec![Some(1), None],
            "So.",
            None,
        );
        let written: serde_json::Value = serde_json::from_str(&file.text()).unwrap();
        let keys: Vec<_> = written.as_object().unwrap().keys().cloned().collect();
        let mut expected = [
            "udping", "version", "lesson", "seed", "student", "name", "readings", "why", "acts",
        ];
        expected.sort_unstable();
        assert_eq!(keys, expected);
    }

    #[test]
    fn acts_are_marked_by_what_they_come_to_whatever_the_file_says() {
        use crate::lesson::task::LearnerAction;
        use udping_journal::{Action, Intervention};

        for lesson in crate::lesson::all().unwrap() {
            let lessons = [lesson];
            let [lesson] = &lessons;
            let achieved = |acts: Attempt| {
                let seed = Seed::default();
                let readings = vec![None; lesson.exercise.readings.len()];
                let file = Submission::new(lesson, seed, "7", "", readings, "", Some(acts));
                // A mark in the file is none.
                let mut written: serde_json::Value = serde_json::from_str(&file.text()).unwrap();
                written["achieved"] = true.into();
                let file = Submission::parse(&written.to_string()).unwrap();
                file.check(&lessons).unwrap().achieved
            };
            let solution: Attempt = lesson.task.solution.iter().copied().collect();
            assert_eq!(achieved(solution.clone()), Some(true), "{}", lesson.id);
            assert_eq!(achieved(Attempt::default()), Some(false), "{}", lesson.id);
            // Acts on packets that do not exist change nothing, and what is not permitted
            // achieves nothing.
            let never = |act: Intervention| Intervention {
                at_ns: u64::MAX,
                ..act
            };
            let moved = |action: &LearnerAction| match *action {
                LearnerAction::Intervene(act) => LearnerAction::Intervene(never(act)),
                LearnerAction::Set(control, _) => LearnerAction::Set(control, i64::MAX),
                LearnerAction::Look(_) => LearnerAction::Look(0),
            };
            let altered: Attempt = lesson.task.solution.iter().map(moved).collect();
            assert_eq!(achieved(altered), Some(false), "{}", lesson.id);
            let mut forged = solution;
            forged.interventions.push(Intervention {
                at_ns: 1,
                direction: udping_link::Direction::Reply,
                packet: serde_json::from_str("{\"seq\":1}").unwrap(),
                action: Action::Delay { by_ns: 1 },
            });
            assert_eq!(achieved(forged), Some(false), "{}", lesson.id);
        }
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        let lessons = crate::lesson::all().unwrap();
        for text in ["", "{}", "[1]", "{\"udping\":\"journal\",\"version\":1}"] {
            assert!(
                matches!(Submission::parse(text), Err(SubmissionError::NotOurs)),
                "{text}"
            );
        }
        let mut file = Submission::new(&lessons[0], Seed::default(), "", "", vec![], "", None);
        assert!(matches!(
            file.check(&lessons),
            Err(SubmissionError::Readings)
        ));
        file.lesson = "none".to_owned();
        assert!(matches!(
            file.check(&lessons),
            Err(SubmissionError::NoLesson(_))
        ));
        file.version = 9;
        assert!(matches!(
            Submission::parse(&file.text()),
            Err(SubmissionError::Newer(9))
        ));
    }
}
