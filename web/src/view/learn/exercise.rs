//! Exercises: what a student writes down and hands in, and a teacher's link to hold it against.
//!
//! Owns the way from what was written to the file. Whether it is right is the engine's
//! answer, and what is said of it [`super::handed`]'s.

use udping_link::Seed;
use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::super::dom::{all, by_id, show, typed};
use super::super::i18n::{Localization, Value, key};
use super::super::share;
use super::{Learn, submissions};
use udping_engine::lesson::Reading;
use udping_engine::lesson::exercise::Submission;
use udping_engine::lesson::measure::Unit;
use udping_engine::lesson::route::Route;

impl Learn {
    /// Something was written down.
    pub(super) fn wrote(&mut self, index: Option<usize>, text: String) {
        match index {
            None => self.name = text,
            Some(index) => {
                if self.written.len() <= index {
                    self.written.resize(index + 1, String::new());
                }
                self.written[index] = text;
            }
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
        let missing = readings.iter().filter(|reading| reading.is_none()).count();
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
        let file = Submission::new(lesson, seed, &self.name, readings);
        let name = format!("udping-{}.json", lesson.id);
        Some(
            match share::text(&file.text()).and_then(|blob| share::download(&name, &blob)) {
                Ok(()) => l10n.say(key::LEARN_EXERCISE_SAVED, &[("name", Value::Text(&name))]),
                Err(error) => format!("{error:?}"),
            },
        )
    }

    /// Makes a link to an exercise.
    pub(super) fn make(&mut self, l10n: &Localization) -> Option<String> {
        let lesson = typed::<HtmlSelectElement>("learn-for")
            .value()
            .parse()
            .ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number from 0 to 2^53"
        )]
        let seed = (js_sys::Math::random() * 9e15) as u64;
        let seed = Seed::from_low_bits(seed);
        let location = web_sys::window()?.location();
        let (origin, path) = (location.origin().ok()?, location.pathname().ok()?);
        let fragment = Route::Exercise { lesson, seed }.fragment(&self.lessons);
        let link = format!("{origin}{path}#{fragment}");
        let input: HtmlInputElement = typed("learn-link");
        input.set_value(&link);
        input.select();
        self.linked(l10n, link)
    }

    /// A link was written down, to hold files against.
    pub(super) fn linked(&mut self, l10n: &Localization, link: String) -> Option<String> {
        self.link = link;
        let files = std::mem::take(&mut self.submissions);
        self.hand_in(l10n, files)
    }

    /// Files were handed in: what they came to, to be said.
    pub(super) fn hand_in(
        &mut self,
        l10n: &Localization,
        files: Vec<(String, String)>,
    ) -> Option<String> {
        self.submissions = files;
        let target = by_id("learn-checked");
        target.set_inner_html(&submissions::checked(l10n, self).0);
        let all = all(&target, "summary, .wrong");
        let text: Vec<String> = all.iter().filter_map(|it| it.text_content()).collect();
        (!text.is_empty()).then(|| text.join("; "))
    }
}

/// The unit that a reading is written in: `ms`, or none.
pub(super) fn unit_of(reading: &Reading) -> &'static str {
    match reading.measure.unit() {
        Unit::Span => "ms",
        Unit::Count | Unit::Bytes | Unit::Share => "",
    }
}
