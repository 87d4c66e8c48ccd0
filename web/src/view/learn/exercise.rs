//! Exercises: what a student writes down and hands in.
//!
//! Owns the way from what was written to the file. Whether it is right is the engine's
//! answer, and what is said of it [`super::submissions`]'s.

use super::super::dom::{by_id, show};
use super::super::i18n::{Localization, Value, key};
use super::super::share;
use super::Learn;
use udping_engine::lesson::Reading;
use udping_engine::lesson::exercise::Submission;
use udping_engine::lesson::measure::Unit;
use udping_engine::lesson::route::Route;

impl Learn {
    /// Something was read off and written down.
    pub(super) fn wrote(&mut self, index: usize, text: String) {
        if self.written.len() <= index {
            self.written.resize(index + 1, String::new());
        }
        self.written[index] = text;
    }

    /// Something was written in words.
    pub(super) fn wrote_in_words(&mut self, field: &str, text: String) {
        match field {
            "student" => self.student = text,
            "name" => self.name = text,
            "why" => self.why = text,
            _ => {}
        }
    }

    /// Gives the student the file to hand in.
    pub(super) fn save(&mut self, l10n: &Localization) -> Option<String> {
        let Route::Exercise { lesson, seed } = self.route else {
            return None;
        };
        let lesson = self.lessons.get(lesson)?;
        let read = |(index, reading): (usize, &Reading)| {
            let number = l10n.read(self.written.get(index)?)?;
            let scale = if unit_of(reading).is_empty() {
                1.0
            } else {
                1e6
            };
            #[expect(clippy::cast_possible_truncation, reason = "cut at the ends")]
            let number = (number * scale).round() as i64;
            Some(number)
        };
        let readings: Vec<_> = lesson
            .exercise
            .readings
            .iter()
            .enumerate()
            .map(read)
            .collect();
        let words = [&self.student, &self.why].into_iter();
        let missing = readings.iter().filter(|reading| reading.is_none()).count()
            + words.filter(|words| words.trim().is_empty()).count();
        let complaint = l10n.say(
            key::LEARN_EXERCISE_MISSING,
            &[("count", Value::Count(missing as u64))],
        );
        let complaint = (missing > 0).then_some(complaint.as_str());
        by_id("learn-missing").set_text_content(complaint);
        show("learn-missing", missing > 0);
        if missing > 0 {
            return None;
        }
        let file = Submission::new(lesson, seed, &self.student, &self.name, readings, &self.why);
        let name = format!("udping-{}.json", lesson.id);
        Some(
            match share::text(&file.text()).and_then(|blob| share::download(&name, &blob)) {
                Ok(()) => l10n.say(key::LEARN_EXERCISE_SAVED, &[("name", Value::Text(&name))]),
                Err(error) => format!("{error:?}"),
            },
        )
    }
}

/// The unit that a reading is written in: `ms`, or none.
pub(super) fn unit_of(reading: &Reading) -> &'static str {
    match reading.measure.unit() {
        Unit::Span => "ms",
        Unit::Count | Unit::Bytes | Unit::Share => "",
    }
}

/// An answer as it is written down: in the reading's unit, with every digit.
pub(super) fn written(reading: &Reading, answer: Option<i64>) -> String {
    let Some(answer) = answer else {
        return String::new();
    };
    if unit_of(reading).is_empty() {
        return answer.to_string();
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "times of a run are below 2^53 ns"
    )]
    let milliseconds = answer as f64 / 1e6;
    milliseconds.to_string()
}
