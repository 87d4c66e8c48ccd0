//! Exercises: what a student writes down, does in the lesson's task, and hands in.
//!
//! Owns its screen and the way from there to the file. Whether it is right is the engine's
//! answer, and what is said of it [`super::submissions`]'s.

use maud::{Markup, html};

use super::super::dom::{by_id, show};
use super::super::i18n::{Localization, Value, key};
use super::super::share;
use super::Learn;
use super::markup::{button, heading, line, message};
use super::screens::{back, link, stage};
use udping_engine::lesson::exercise::Submission;
use udping_engine::lesson::measure::Unit;
use udping_engine::lesson::route::{Route, Screen};
use udping_engine::lesson::{Lesson, Reading};

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
        let acts = self.progress.of(lesson).acts().cloned();
        let (student, name, why) = (&self.student, &self.name, &self.why);
        let file = Submission::new(lesson, seed, student, name, readings, why, acts);
        let name = format!("udping-{}.json", lesson.id);
        let file = share::text(&file.text());
        Some(share::save(l10n, key::LEARN_EXERCISE_SAVED, &name, file))
    }
}

/// Its screen.
pub(super) fn draw(l10n: &Localization, learn: &Learn, it: &Lesson) -> Markup {
    let lesson = [("lesson", Value::Text(message(l10n, &it.title)))];
    html! {
        div class="learn-head" {
            (back(l10n, learn))
            (heading(l10n.say(key::LEARN_EXERCISE_TITLE, &lesson)))
        }
        div class="learn-columns" {
            section class="panel learn-tell" {
                p { (l10n.get(key::LEARN_EXERCISE_INTRO)) }
                @for (number, reading) in it.exercise.readings.iter().enumerate() {
                    @let id = format!("reading-{number}");
                    div class="field" {
                        label for=(id) { (line(message(l10n, &reading.text))) }
                        span class="value" {
                            input id=(id) data-reading=(number) inputmode="decimal"
                                autocomplete="off"
                                value=(learn.written.get(number).map_or("", String::as_str));
                            @if !unit_of(reading).is_empty() {
                                span class="unit" { (l10n.get(key::LEARN_UNIT_MS)) }
                            }
                        }
                    }
                }
                div class="field" {
                    label for="learn-why" { (line(message(l10n, &it.exercise.why))) }
                    textarea id="learn-why" class="wide" data-own="why" rows="3"
                        autocomplete="off" { (learn.why) }
                }
                p id="learn-acts" {
                    b { (l10n.get(key::LEARN_STEP_TASK)) ". " }
                    (l10n.get(if learn.progress.of(it).acts().is_some() {
                        key::LEARN_EXERCISE_TASK_DONE
                    } else {
                        key::LEARN_EXERCISE_TASK_OPEN
                    })) " "
                    @if let Route::Exercise { lesson, .. } = learn.route {
                        (link(learn, Route::Lesson { lesson, screen: Screen::Task }, "", l10n.get(key::LEARN_EXERCISE_TASK)))
                    }
                }
                div class="field" {
                    label for="learn-student" { (l10n.get(key::LEARN_EXERCISE_STUDENT)) }
                    input id="learn-student" data-own="student" autocomplete="off" value=(learn.student);
                }
                div class="field" {
                    label for="learn-name" { (l10n.get(key::LEARN_EXERCISE_NAME)) }
                    input id="learn-name" data-own="name" autocomplete="name" value=(learn.name);
                }
                p class="row" { (button(l10n, "save", "btn primary", key::LEARN_EXERCISE_SAVE)) }
                p id="learn-missing" class="wrong" role="alert" hidden {}
                p class="soft small" { (l10n.get(key::LEARN_EXERCISE_HONEST)) }
            }
            (stage(l10n, false))
        }
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
