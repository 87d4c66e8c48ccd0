//! How a question is answered: by choosing, by typing a number, by marking a moment, or by
//! drawing an arrow.
//!
//! Owns which answer a value stands for. How one is put into the picture is not known here.

use serde::Deserialize;

use super::measure::{Measure, Unit};
use super::scene::Stage;
use super::{Answer, Question};

/// How a question is answered. Answers without a place or value are chosen, whatever the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Form {
    /// One of the answers is chosen.
    #[default]
    Choice,
    /// A number is typed.
    Number {
        /// What is asked for.
        measure: Measure,
        /// In which lane.
        #[serde(default)]
        lane: usize,
        /// How far from an answer's value still stands for it, in the measure's unit.
        #[serde(default)]
        within: i64,
    },
    /// A moment is marked beside the client's line.
    Moment {
        /// In which lane.
        #[serde(default)]
        lane: usize,
        /// How long after the moment shown it may be, in nanoseconds.
        span_ns: u64,
        /// How far apart the moments are that can be marked, in nanoseconds.
        step_ns: u64,
    },
    /// An arrow is drawn from what arrives now to the ping that it counts for.
    Arrow {
        /// In which lane.
        #[serde(default)]
        lane: usize,
    },
}

/// What somebody predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prediction {
    /// An answer, by its number.
    Answer(usize),
    /// A number in the measure's unit, or a moment in nanoseconds.
    Value(i64),
}

impl Form {
    /// The lane that it is made in.
    #[must_use]
    pub const fn lane(self) -> Option<usize> {
        match self {
            Self::Moment { lane, .. } | Self::Arrow { lane } => Some(lane),
            Self::Choice | Self::Number { .. } => None,
        }
    }

    /// The unit of the number that is typed.
    #[must_use]
    pub const fn unit(self) -> Option<Unit> {
        match self {
            Self::Number { measure, .. } => Some(measure.unit()),
            _ => None,
        }
    }

    /// How far from an answer's value still stands for it.
    fn within(self) -> u64 {
        match self {
            Self::Number {
                measure, within, ..
            } => match measure.unit() {
                // Half a millisecond, or half a percent, is what rounding may do.
                Unit::Span => within.unsigned_abs().max(500_000),
                Unit::Share => within.unsigned_abs().max(5_000),
                Unit::Count | Unit::Bytes => within.unsigned_abs(),
            },
            Self::Moment { step_ns, .. } => step_ns,
            Self::Choice | Self::Arrow { .. } => 0,
        }
    }
}

impl Answer {
    /// The value that it stands for where values are given.
    #[must_use]
    pub fn value_in(&self, stage: &Stage) -> Option<i64> {
        self.value
            .or_else(|| i64::try_from(self.at?.at_ns(stage)?).ok())
    }

    /// Whether it is chosen even where values are given: it has none.
    #[must_use]
    pub const fn is_chosen(&self) -> bool {
        self.value.is_none() && self.at.is_none()
    }
}

impl Question {
    /// The number of the answer that a prediction stands for: the nearest that is near enough;
    /// `None` if it is none of them.
    #[must_use]
    pub fn answer_of(&self, prediction: Prediction, stage: &Stage) -> Option<usize> {
        let value = match prediction {
            Prediction::Answer(number) => {
                return (number < self.answers.len()).then_some(number);
            }
            Prediction::Value(value) => value,
        };
        let answers = self.answers.iter().enumerate();
        let far = answers
            .filter_map(|(number, answer)| Some((number, answer.value_in(stage)?.abs_diff(value))));
        let near = far.filter(|(_, far)| *far <= self.form.within());
        near.min_by_key(|(_, far)| *far).map(|(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every question with a form in the picture or a number, with its stage.
    fn all(each: impl Fn(&str, &crate::lesson::Step, &Question, &Stage, u64)) {
        for lesson in crate::lesson::all().unwrap() {
            for (index, step) in lesson.steps.iter().enumerate() {
                let Some(question) = &step.question else {
                    continue;
                };
                let stage = lesson.scenes[step.scene].play().unwrap();
                let from = lesson.begins_ns(index, &stage);
                each(&question.text, step, question, &stage, from);
            }
        }
    }

    #[test]
    fn every_value_stands_for_its_answer_and_one_far_off_for_none() {
        all(|text, _, question, stage, _| {
            for (number, answer) in question.answers.iter().enumerate() {
                let chosen = Prediction::Answer(number);
                assert_eq!(question.answer_of(chosen, stage), Some(number), "{text}");
                let Some(value) = answer.value_in(stage) else {
                    assert!(answer.is_chosen(), "{text}: {number} never happens");
                    continue;
                };
                assert_ne!(question.form, Form::Choice, "{text}: {number} has a value");
                let given = Prediction::Value(value);
                assert_eq!(question.answer_of(given, stage), Some(number), "{text}");
            }
            let far = Prediction::Value(i64::MAX / 2);
            assert_eq!(question.answer_of(far, stage), None, "{text}");
        });
    }

    #[test]
    fn the_right_answer_is_what_the_world_does() {
        all(|text, step, question, stage, from| {
            let number = question.right();
            let right = &question.answers[number.unwrap()];
            match question.form {
                Form::Choice => {}
                Form::Number { measure, lane, .. } => {
                    let until = step.until.at_ns(stage).unwrap();
                    let truth = stage.measure(lane, measure, until).unwrap();
                    let truth = Prediction::Value(truth);
                    assert_eq!(question.answer_of(truth, stage), number, "{text}");
                }
                Form::Moment {
                    span_ns, step_ns, ..
                } => {
                    let Some(at) = right.at else {
                        // What never happens has no moment: it is chosen beside the picture.
                        assert!(right.is_chosen(), "{text}");
                        return;
                    };
                    let at = at.at_ns(stage).unwrap();
                    assert!(
                        from < at && at < from + span_ns,
                        "{text}: {at} after {from}"
                    );
                    assert!(span_ns / step_ns >= 10, "{text}");
                    for answer in question.answers.iter().filter_map(|it| it.at) {
                        let at = answer.at_ns(stage).unwrap();
                        assert!((from..from + span_ns).contains(&at), "{text}: {at}");
                    }
                }
                Form::Arrow { .. } => {
                    for answer in question.answers.iter().filter_map(|it| it.at) {
                        assert!(answer.at_ns(stage).unwrap() <= from, "{text}: {answer:?}");
                    }
                }
            }
        });
    }
}
