//! Exercises: a run under a seed, what somebody read off it, and whether that is so.
//!
//! Owns the file that a student hands in. It carries no secret and proves no
//! authorship: whoever has it can play the run again, and so does the checker. Its checksum
//! finds what was changed by hand, and nobody who knows how it is made.

use serde::{Deserialize, Serialize};
use udping_link::Seed;
use udping_sim::WorldError;

use super::measure::{Measure, Unit};
use super::scene::{Scene, Stage};
use super::{Exercise, Lesson};

/// The version of the file.
const VERSION: u32 = 1;

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
    /// Whose it is, in their own words.
    pub name: String,
    /// What was read off, in the order of the lesson's readings.
    pub readings: Vec<Option<i64>>,
    /// What the rest comes to: see `Submission::sum`.
    checksum: String,
}

/// What a checker found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Which lesson, from 0.
    pub lesson: usize,
    /// The file is not as the page wrote it.
    pub altered: bool,
    /// One for each of its readings.
    pub readings: Vec<CheckedReading>,
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
    pub fn new(lesson: &Lesson, seed: Seed, name: &str, readings: Vec<Option<i64>>) -> Self {
        let mut file = Self {
            udping: "exercise".to_owned(),
            version: VERSION,
            lesson: lesson.id.clone(),
            seed,
            name: name.to_owned(),
            readings,
            checksum: String::new(),
        };
        file.checksum = file.sum();
        file
    }

    /// The checksum of what the file says: FNV-1a, 64 bits, over all of it.
    fn sum(&self) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut take = |bytes: &[u8]| {
            // The end of each part counts too, so that none runs into the next.
            for byte in bytes.iter().chain(&[0xff]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
            }
        };
        take(self.lesson.as_bytes());
        take(&self.seed.get().to_be_bytes());
        take(self.name.as_bytes());
        for reading in &self.readings {
            take(&[u8::from(reading.is_some())]);
            take(&reading.unwrap_or_default().to_be_bytes());
        }
        format!("{hash:016x}")
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
        let file: Self = serde_json::from_str(text).map_err(|_| SubmissionError::NotOurs)?;
        if file.udping != "exercise" {
            return Err(SubmissionError::NotOurs);
        }
        if file.version > VERSION {
            return Err(SubmissionError::Newer(file.version));
        }
        Ok(file)
    }

    /// Plays its run again and compares.
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
        Ok(CheckReport {
            lesson: number,
            altered: self.checksum != self.sum(),
            readings: all.map(checked).collect(),
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
            let file = Submission::new(lesson, seed, "Ana", truths.clone());
            let file = Submission::parse(&file.text()).unwrap();
            assert_eq!(file.name, "Ana");
            let report = file.check(&lessons).unwrap();
            assert_eq!(report.lesson, number);
            assert!(
                report.readings.iter().all(CheckedReading::is_right),
                "{report:?}"
            );
            for index in 0..truths.len() {
                let mut wrong = truths.clone();
                wrong[index] = wrong[index].map(|value| value + CLOSE_NS + 1);
                let file = Submission::new(lesson, seed, "", wrong);
                let report = file.check(&lessons).unwrap();
                let right: Vec<_> = report
                    .readings
                    .iter()
                    .map(CheckedReading::is_right)
                    .collect();
                assert!(!right[index] && right.iter().filter(|right| !**right).count() == 1);
                let mut missing = truths.clone();
                missing[index] = None;
                let file = Submission::new(lesson, seed, "", missing);
                assert!(!file.check(&lessons).unwrap().readings[index].is_right());
            }
        }
    }

    #[test]
    fn a_file_that_was_changed_by_hand_is_flagged() {
        let lessons = crate::lesson::all().unwrap();
        let readings = vec![Some(1), Some(2), None];
        let file = Submission::new(&lessons[0], Seed::from_low_bits(5), "Ana", readings);
        let text = file.text();
        assert!(
            !Submission::parse(&text)
                .unwrap()
                .check(&lessons)
                .unwrap()
                .altered
        );
        for (was, is) in [
            ("Ana", "Eva"),
            ("\"seed\": 5", "\"seed\": 6"),
            ("null", "3"),
            (" 2,", " 1,"),
            ("first-ping", "timeout"),
        ] {
            let changed = text.replace(was, is);
            assert_ne!(changed, text, "{was}");
            let report = Submission::parse(&changed).unwrap().check(&lessons);
            assert!(report.is_err() || report.unwrap().altered, "{was} to {is}");
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
        let mut file = Submission::new(&lessons[0], Seed::default(), "", vec![]);
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
