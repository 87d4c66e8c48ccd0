//! Predictions: how a question is put, and how its answer is chosen, typed, marked or drawn.
//!
//! Owns the prediction that is not yet made, and what pointers and keys do to it. Which answer
//! it stands for is the engine's to say.

use maud::{Markup, html};
use web_sys::{Element, HtmlInputElement, PointerEvent};

use super::super::dom::{all, by_id, document};
use super::super::i18n::{Localization, Value, key};
use super::lanes::{Asked, Overlay};
use super::markup::{self, line, prose, put, said};
use super::{Learn, say};
use udping_engine::lesson::measure::Unit;
use udping_engine::lesson::prediction::{Form, Prediction};
use udping_engine::lesson::progress::{LessonProgress, Phase};
use udping_engine::lesson::values::Values;
use udping_engine::lesson::{Mark, Question, StopPoint, Trigger};
use udping_sim::Side;

/// How tall the lanes' titles are, which stay when the picture is scrolled, in pixels.
const HEAD: f64 = 52.0;

impl Learn {
    /// The question that waits for its prediction.
    pub(super) fn asked(&self) -> Option<&Question> {
        let (lesson, index, step) = self.step()?;
        let asked = self.progress.of(lesson).phase(index, step) == Phase::Asked;
        step.question.as_ref().filter(|_| asked)
    }

    /// Predicts something, not yet for good.
    pub(super) fn guess(&mut self, prediction: Option<Prediction>) -> Option<String> {
        self.guess = prediction;
        self.moved = true;
        None
    }

    /// The moments that can be marked: the first, the last, and how far apart they are.
    fn moments(&self) -> Option<(u64, u64, u64)> {
        let Form::Moment {
            span_ns, step_ns, ..
        } = self.asked()?.form
        else {
            return None;
        };
        let from_ns = self.playback.as_ref()?.at_ns;
        // Round ones, whenever the question is asked.
        let first = from_ns.div_ceil(step_ns) * step_ns;
        Some((first, (from_ns + span_ns) / step_ns * step_ns, step_ns))
    }

    /// Marks the moment nearest to this one that can be marked.
    fn mark_moment(&mut self, at_ns: u64) -> Option<String> {
        let (from_ns, until_ns, step_ns) = self.moments()?;
        let whole = (at_ns + step_ns / 2) / step_ns * step_ns;
        let at_ns = i64::try_from(whole.clamp(from_ns, until_ns)).ok()?;
        self.guess(Some(Prediction::Value(at_ns)))
    }

    /// Moves the marked moment by so many steps.
    pub(super) fn nudge(&mut self, steps: i64) -> Option<String> {
        let (from_ns, _, step_ns) = self.moments()?;
        let now = match self.guess {
            Some(Prediction::Value(at_ns)) => u64::try_from(at_ns).ok()?,
            _ => from_ns,
        };
        let by = steps * i64::try_from(step_ns).ok()?;
        self.mark_moment(now.saturating_add_signed(by))
    }

    /// The field was written into, or the slider moved.
    pub(super) fn typed(&mut self, l10n: &Localization, input: &HtmlInputElement) {
        let Some(form) = self.asked().map(|question| question.form) else {
            return;
        };
        match form {
            Form::Moment { .. } => {
                if let Ok(at_ns) = input.value().parse() {
                    self.mark_moment(at_ns);
                }
            }
            Form::Number { .. } => {
                let number = l10n.read(&input.value().replace('−', "-"));
                #[expect(clippy::cast_possible_truncation, reason = "cut at the ends")]
                let value = number.map(|number| (number * scale(form)).round() as i64);
                self.guess(value.map(Prediction::Value));
            }
            Form::Choice | Form::Arrow { .. } => {}
        }
    }

    /// A pointer is down in the picture, or moves there: whether that predicts something.
    pub(super) fn points(&mut self, event: &PointerEvent) -> bool {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        if let Some(zone) = document().get_element_by_id("learn-zone") {
            let area = zone.get_bounding_client_rect();
            let (Some(Form::Moment { span_ns, .. }), Some(playback)) =
                (self.asked().map(|question| question.form), &self.playback)
            else {
                return false;
            };
            let from_ns = playback.at_ns;
            let part = ((y - area.top()) / area.height().max(1.0)).clamp(0.0, 1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a part of a span, between 0 and the whole of it"
            )]
            let into = (span_ns as f64 * part) as u64;
            self.mark_moment(from_ns + into);
            return true;
        }
        if document().get_element_by_id("learn-aim").is_none() {
            return false;
        }
        let far = |target: &Element| {
            let area = target.get_bounding_client_rect();
            (area.left() + area.width() / 2.0 - x).hypot(area.top() + area.height() / 2.0 - y)
        };
        let targets = all(&by_id("learn-lanes"), "[data-target]");
        let nearest = targets
            .iter()
            .min_by(|one, other| far(one).total_cmp(&far(other)));
        let answer = nearest.and_then(|it| it.get_attribute("data-target")?.parse().ok());
        if let Some(answer) = answer {
            self.guess(Some(Prediction::Answer(answer)));
        }
        answer.is_some()
    }

    /// What lies over the stage: the question in the picture, or what was predicted and is.
    pub(super) fn overlay(&self) -> Overlay {
        let mut overlay = Overlay {
            acts: self.task().map_or_else(
                || self.step().is_some() && self.open_to_end(),
                |(_, task)| !task.actions.is_empty(),
            ),
            ..Overlay::default()
        };
        let (Some((lesson, index, step)), Some(playback)) = (self.step(), &self.playback) else {
            return overlay;
        };
        let (stage, walk) = (&playback.stage, self.progress.of(lesson));
        let Some(question) = &step.question else {
            return overlay;
        };
        let moment = |answer: Option<usize>| {
            let at = question.answers.get(answer?)?.at;
            at?.at_ns(stage)
        };
        if self.asked().is_some() {
            let guess = match self.guess {
                Some(Prediction::Answer(answer)) => moment(Some(answer)),
                Some(Prediction::Value(at_ns)) => u64::try_from(at_ns).ok(),
                None => None,
            };
            let targets = question.answers.iter().enumerate();
            overlay.asked = match question.form {
                Form::Moment { lane, span_ns, .. } => Some(Asked::Moment {
                    lane,
                    span_ns,
                    guess_ns: guess,
                }),
                Form::Arrow { lane } => Some(Asked::Arrow {
                    lane,
                    targets: targets
                        .filter_map(|(number, _)| Some((number, moment(Some(number))?)))
                        .collect(),
                    guess_ns: guess,
                }),
                Form::Choice | Form::Number { .. } => None,
            };
        } else if walk.phase(index, step) == Phase::Shown && self.attempt.is_untouched() {
            let value = walk.value_at(index).and_then(|at| u64::try_from(at).ok());
            let answer = walk.answer_at(index);
            match question.form {
                Form::Moment { lane, .. } => overlay.moment = value.map(|at_ns| (lane, at_ns)),
                Form::Arrow { lane } => {
                    let from_ns = lesson.begins_ns(index, stage);
                    overlay.arrow = moment(answer).map(|to_ns| (lane, from_ns, to_ns));
                }
                Form::Choice | Form::Number { .. } => {}
            }
            if let Mark::Moment(stop) = step.mark() {
                let at_ns = stop.at_ns(stage).map(|at_ns| at_ns - stop.later_ns);
                overlay.mark = at_ns.map(|at_ns| (stop.lane, side(stop), at_ns));
            }
        }
        overlay
    }

    /// Lets the answer be in sight where the reveal ends: in the picture, or in a figure.
    pub(super) fn seek_mark(&mut self) {
        let room = by_id("learn-room");
        let lanes = by_id("learn-lanes");
        for mark in all(&lanes, "[data-mark]") {
            let (view, mark) = (
                lanes.get_bounding_client_rect(),
                mark.get_bounding_client_rect(),
            );
            let middle = mark.top() + mark.height() / 2.0;
            if mark.top() < view.top() + HEAD || mark.bottom() > view.bottom() {
                let off = middle - (view.top() + view.height() / 2.0);
                #[expect(clippy::cast_possible_truncation, reason = "pixels")]
                lanes.set_scroll_top(lanes.scroll_top() + off as i32);
            }
        }
        let asked = self.step().filter(|(_, _, step)| step.question.is_some());
        if let Some(Mark::Figure(lane, measure)) = asked.map(|(_, _, step)| step.mark()) {
            let playback = self.playback.as_mut();
            let seeks = playback.is_some_and(|it| std::mem::take(&mut it.reveals));
            for cell in all(&room, &format!("[data-measure='{lane}:{measure:?}']")) {
                // An element of the page takes any attribute.
                let _ = cell.toggle_attribute_with_force("data-mark", true);
                let area = cell.get_bounding_client_rect();
                let view = room.get_bounding_client_rect();
                if seeks && (area.top() < view.top() || area.bottom() > view.bottom()) {
                    cell.scroll_into_view_with_bool(false);
                }
            }
        }
    }

    /// Shows in the question what is predicted so far.
    pub(super) fn draw_guess(&self, l10n: &Localization) {
        let Some(question) = self.asked() else {
            return;
        };
        let room = by_id("learn-room");
        for answer in all(&room, "[data-learn=answer]") {
            let number = answer
                .get_attribute("data-value")
                .and_then(|it| it.parse().ok());
            let pressed = number.is_some_and(|it| self.guess == Some(Prediction::Answer(it)));
            // Elements of the page take any attribute.
            let _ = answer.set_attribute("aria-pressed", if pressed { "true" } else { "false" });
        }
        for check in all(&room, "#learn-check") {
            // Elements of the page take any attribute.
            let _ = check.toggle_attribute_with_force("disabled", self.guess.is_none());
        }
        if let (Form::Moment { .. }, Some((from_ns, ..))) = (question.form, self.moments()) {
            let at_ns = match self.guess {
                Some(Prediction::Value(at_ns)) => u64::try_from(at_ns).ok(),
                _ => None,
            };
            let text = at_ns.map_or_else(|| "–".to_owned(), |at_ns| l10n.time(at_ns));
            put("learn-guess-now", &html! { (text) });
            for input in all(&room, "#learn-guess") {
                // An element of the page takes any attribute.
                let _ = input.set_attribute("aria-valuetext", &text);
                let input: HtmlInputElement = wasm_bindgen::JsCast::unchecked_into(input);
                input.set_value(&at_ns.unwrap_or(from_ns).to_string());
            }
        }
    }
}

/// At which end something happens.
const fn side(stop: StopPoint) -> Side {
    match stop.what {
        Trigger::Reaches
        | Trigger::Answers
        | Trigger::Opened
        | Trigger::Closed
        | Trigger::Missing
        | Trigger::Stopped => Side::Server,
        _ => Side::Client,
    }
}

/// How many of the measure's units one of those written is.
const fn scale(form: Form) -> f64 {
    match form.unit() {
        Some(Unit::Span) => 1e6,
        Some(Unit::Share) => 1e4,
        _ => 1.0,
    }
}

/// A question that waits, or was answered.
pub(super) fn draw(
    l10n: &Localization,
    learn: &Learn,
    question: &Question,
    walk: &LessonProgress,
    index: usize,
) -> Markup {
    html! {
        fieldset class="question" {
            (markup::legend(l10n, &said(l10n, &question.text, &learn.values), "question"))
            @if learn.asked().is_some() {
                (ask(l10n, learn, question))
            } @else {
                (answered(l10n, learn, question, walk, index))
            }
        }
    }
}

/// The ways to predict.
fn ask(l10n: &Localization, learn: &Learn, question: &Question) -> Markup {
    let how = match question.form {
        Form::Choice => key::LEARN_PREDICT,
        Form::Number { .. } => key::LEARN_PREDICT_NUMBER,
        Form::Moment { .. } => key::LEARN_PREDICT_MOMENT,
        Form::Arrow { .. } => key::LEARN_PREDICT_ARROW,
    };
    html! {
        p class="soft small" { (l10n.get(how)) }
        @match question.form {
            Form::Number { .. } => {
                div class="value" {
                    input id="learn-guess" inputmode=(keyboard(question)) autocomplete="off"
                        aria-label=(l10n.named("learn-guess.aria-label"));
                    span class="unit" { (unit(l10n, question.form)) }
                }
            }
            Form::Moment { .. } => {
                @if let Some((from_ns, until_ns, step_ns)) = learn.moments() {
                    div class="row marking" {
                        button type="button" class="btn icon" data-learn="earlier"
                            aria-label=(l10n.named("learn-earlier.aria-label")) { "−" }
                        input type="range" id="learn-guess" min=(from_ns) max=(until_ns)
                            step=(step_ns) value=(from_ns)
                            aria-label=(l10n.named("learn-guess.aria-label"));
                        button type="button" class="btn icon" data-learn="later"
                            aria-label=(l10n.named("learn-later.aria-label")) { "+" }
                        output id="learn-guess-now" class="mono" for="learn-guess" {}
                    }
                }
            }
            Form::Choice | Form::Arrow { .. } => {}
        }
        @for (number, it) in question.answers.iter().enumerate() {
            @if it.is_chosen() || matches!(question.form, Form::Arrow { .. }) {
                button type="button" class="answer" data-learn="answer" data-value=(number)
                    aria-pressed="false" { (line(&said(l10n, &it.text, &learn.values))) }
            }
        }
        p class="row" {
            button type="button" id="learn-check" class="btn primary" data-learn="check" disabled {
                (l10n.get(key::LEARN_CHECK))
            }
            button type="button" id="learn-skip" class="link" data-learn="skip" {
                (l10n.get(key::LEARN_SKIP))
            }
        }
    }
}

/// Which keys a number takes: those for decimals may have no minus.
fn keyboard(question: &Question) -> &'static str {
    let negative = question
        .answers
        .iter()
        .any(|it| it.value < Some(0) && it.value.is_some());
    if negative { "text" } else { "decimal" }
}

fn unit(l10n: &Localization, form: Form) -> &str {
    match form.unit() {
        Some(Unit::Span) => l10n.get(key::LEARN_UNIT_MS),
        Some(Unit::Share) => "%",
        Some(Unit::Bytes) => "B",
        Some(Unit::Count) | None => "",
    }
}

/// What was predicted, what is right, and what is said of the difference.
fn answered(
    l10n: &Localization,
    learn: &Learn,
    question: &Question,
    walk: &LessonProgress,
    index: usize,
) -> Markup {
    let answer = walk.answer_at(index);
    let given = answer.and_then(|answer| question.answers.get(answer));
    let right = given.is_some_and(|given| given.right);
    let value = walk.value_at(index).map(|value| match question.form {
        Form::Number { measure, .. } => say::value(l10n, measure, Some(value)),
        _ => l10n.time(value.unsigned_abs()),
    });
    let shown = |number: usize, it: &udping_engine::lesson::Answer| {
        question.form == Form::Choice || it.right || answer == Some(number)
    };
    html! {
        @if let Some(value) = &value {
            p class="predicted" { (l10n.say(key::LEARN_YOU_SAID, &[("value", Value::Text(value))])) }
        }
        div class="answers" role="list" {
            @for (number, it) in question.answers.iter().enumerate().filter(|(number, it)| shown(*number, it)) {
                @let class = match (answer == Some(number), it.right) {
                    (_, true) => "right",
                    (true, false) => "wrong-answer",
                    _ => "",
                };
                div role="listitem" class={ "answer " (class) (if answer == Some(number) { " given" } else { "" }) } {
                    (line(&said(l10n, &it.text, &learn.values)))
                }
            }
        }
        @if answer.is_none() {
            p class="soft" { (l10n.get(key::LEARN_SKIPPED)) }
        } @else {
            div class={ "feedback " (if right { "right" } else { "wrong-answer" }) } {
                b { (verdict(l10n, right)) } " "
                (prose(l10n, &feedback(l10n, &learn.values, question, answer), "feedback"))
            }
        }
    }
}

fn verdict(l10n: &Localization, right: bool) -> &str {
    l10n.get(if right {
        key::LEARN_RIGHT
    } else {
        key::LEARN_WRONG
    })
}

/// What is said to a prediction.
fn feedback(
    l10n: &Localization,
    values: &Values,
    question: &Question,
    answer: Option<usize>,
) -> String {
    let given = answer.and_then(|answer| question.answers.get(answer));
    given.map_or_else(
        || l10n.get(key::LEARN_WRONG_OTHER).to_owned(),
        |given| said(l10n, &given.feedback, values),
    )
}

/// The same with its verdict, to be said aloud.
pub(super) fn aloud(
    l10n: &Localization,
    values: &Values,
    question: &Question,
    answer: Option<usize>,
) -> String {
    let given = answer.and_then(|answer| question.answers.get(answer));
    let verdict = verdict(l10n, given.is_some_and(|given| given.right));
    let feedback = markup::plain(&feedback(l10n, values, question, answer));
    format!("{verdict} {feedback}")
}
