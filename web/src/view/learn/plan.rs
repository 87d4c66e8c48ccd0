//! The assignment's planning questions: a page each, with what the answer speaks of, where
//! that is seen, and room for the student's own words.
//!
//! Owns the pages, and what this browser keeps of the words. They are sent nowhere.

use std::iter;

use maud::{Markup, html};

use super::super::i18n::{Key, Localization, Value, key};
use super::super::{prefs, share};
use super::Learn;
use super::markup::{button, heading, line, message, source, symbol};
use super::screens::{back, lesson_number, link};
use udping_engine::lesson::Lesson;
use udping_engine::lesson::plan::{Answers, Plan, Point};
use udping_engine::lesson::progress::Phase;
use udping_engine::lesson::route::{Route, Screen};
use udping_journal::json;

/// Where the browser keeps what was written.
const KEPT: &str = "udping-lab.learn.answers";

/// What this browser has kept; nothing if it cannot be read.
pub(super) fn kept() -> Answers {
    let text = prefs::get(KEPT).unwrap_or_default();
    json::from_str(&text).unwrap_or_default()
}

impl Learn {
    /// Something was written on a point.
    pub(super) fn wrote_on(&mut self, point: String, text: String) {
        self.answers.insert(point, text);
        self.answers.retain(|_, text| !text.is_empty());
        // Names and texts: that can always be written.
        let kept = serde_json::to_string(&self.answers).unwrap_or_default();
        prefs::put(KEPT, &kept);
    }

    /// Copies the question shown, and what is written on it.
    pub(super) fn copy_answer(&self, l10n: &Localization) {
        let Route::Question(number) = self.route else {
            return;
        };
        let Some(plan) = self.plans.get(number) else {
            return;
        };
        let texts = plan.points.iter();
        let texts = texts.filter_map(|point| self.answers.get(&point.text));
        let all: Vec<&str> = iter::once(message(l10n, &plan.text))
            .chain(texts.map(String::as_str))
            .collect();
        share::copy_text(&all.join("\n\n"), key::LEARN_PLAN_COPIED);
    }
}

/// The questions, for the beginning of the room.
pub(super) fn list(l10n: &Localization, learn: &Learn) -> Markup {
    html! {
        h3 { (l10n.get(key::LEARN_PLAN_TITLE)) }
        ol class="plans" {
            @for (number, plan) in learn.plans.iter().enumerate() {
                li {
                    a href={ "#" (Route::Question(number).fragment(&learn.lessons)) } {
                        (message(l10n, &plan.text))
                    }
                    " " small class="soft" { (written(l10n, learn, plan)) }
                }
            }
        }
    }
}

/// The questions that a lesson helps to answer.
pub(super) fn of(l10n: &Localization, learn: &Learn, lesson: &Lesson) -> Markup {
    let plans = learn.plans.iter().enumerate();
    let plans: Vec<_> = plans.filter(|(_, plan)| plan.is_about(lesson)).collect();
    html! {
        @if !plans.is_empty() {
            h3 { (l10n.get(key::LEARN_PLAN_ANSWERS)) }
            ul class="plans" {
                @for (number, plan) in plans {
                    li {
                        a href={ "#" (Route::Question(number).fragment(&learn.lessons)) } {
                            (message(l10n, &plan.text))
                        }
                    }
                }
            }
        }
    }
}

fn written(l10n: &Localization, learn: &Learn, plan: &Plan) -> String {
    let args = [
        ("written", Value::Count(plan.written(&learn.answers) as u64)),
        ("all", Value::Count(plan.points.len() as u64)),
    ];
    l10n.say(key::LEARN_PLAN_WRITTEN, &args)
}

/// A question's page.
pub(super) fn draw(l10n: &Localization, learn: &Learn, number: usize) -> Markup {
    let Some(plan) = learn.plans.get(number) else {
        return Markup::default();
    };
    let args = [("number", Value::Number(number as u64 + 1))];
    let title = html! {
        span class="soft" { (l10n.say(key::LEARN_PLAN_NUMBER, &args)) } " "
        (message(l10n, &plan.text))
    };
    let ways = [
        (number.checked_sub(1), key::LEARN_PREVIOUS),
        (
            Some(number + 1).filter(|next| *next < learn.plans.len()),
            key::LEARN_NEXT,
        ),
    ];
    html! {
        div class="learn-page" {
            (back(l10n, learn))
            (heading(title))
            p class="lead" { (l10n.get(key::LEARN_PLAN_INTRO)) }
            ol class="points" {
                @for (index, point) in plan.points.iter().enumerate() {
                    li { (self::point(l10n, learn, index, point)) }
                }
            }
            p class="soft small" { (l10n.get(key::LEARN_PLAN_KEPT)) }
            p class="row" {
                (button(l10n, "copy-answer", "btn", key::LEARN_PLAN_COPY))
                (button(l10n, "print", "btn", key::LEARN_TEACHER_PRINT))
            }
            p class="row learn-ways" {
                @for (number, key) in ways {
                    @if let Some(number) = number {
                        (link(learn, Route::Question(number), "btn", l10n.get(key)))
                    }
                }
            }
        }
    }
}

fn point(l10n: &Localization, learn: &Learn, index: usize, point: &Point) -> Markup {
    let id = format!("point-{index}");
    html! {
        label for=(id) { (line(message(l10n, &point.text))) }
        p class="small" {
            (l10n.get(key::LEARN_PLAN_LOOK)) " "
            @for (number, route) in point.screens(&learn.lessons).into_iter().enumerate() {
                @if number > 0 { ", " }
                (screen(l10n, learn, route))
            }
            @for (number, name) in point.sources.iter().enumerate() {
                @if number > 0 || !point.at.is_empty() { ", " }
                (source(name))
            }
        }
        textarea id=(id) data-point=(point.text) rows="2" autocomplete="off" {
            (learn.answers.get(&point.text).map_or("", String::as_str))
        }
    }
}

/// A link to a lesson's screen, and whether that was seen.
fn screen(l10n: &Localization, learn: &Learn, route: Route) -> Markup {
    let Route::Lesson { lesson, screen } = route else {
        return Markup::default();
    };
    let Some(it) = learn.lessons.get(lesson) else {
        return Markup::default();
    };
    let walk = learn.progress.of(it);
    let named = |key: Key| (l10n.get(key).to_lowercase(), false);
    let (name, done) = match screen {
        Screen::Step(index) => {
            let args = [("step", Value::Number(index as u64 + 1))];
            let phase = it.steps.get(index).map(|step| walk.phase(index, step));
            let name = l10n.say(key::LEARN_STEP, &args).to_lowercase();
            (name, phase == Some(Phase::Shown))
        }
        Screen::Task => (named(key::LEARN_STEP_TASK).0, walk.is_achieved()),
        Screen::End => named(key::LEARN_STEP_END),
    };
    html! {
        a href={ "#" (route.fragment(&learn.lessons)) } title=(message(l10n, &it.title)) {
            (lesson_number(l10n, lesson)) ", " (name)
        }
        @if done { " " (symbol("symbol replied", "#sym-verified")) }
    }
}
