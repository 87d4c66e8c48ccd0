//! The teacher's page: every lesson's aim, answers and solution.

use maud::{Markup, html};

use super::super::i18n::{Localization, Value, key};
use super::Learn;
use super::markup::{button, heading, line, message, said, source};
use super::screens::{back, minutes};
use super::{say, scorm, submissions};
use udping_engine::lesson::Lesson;
use udping_engine::lesson::task::{Attempt, LearnerAction};
use udping_engine::lesson::values::Values;

pub(super) fn draw(l10n: &Localization, learn: &Learn) -> Markup {
    html! {
        div class="learn-page teacher" {
            (back(l10n, learn))
            (heading(l10n.get(key::LEARN_TEACHER_TITLE)))
            p class="lead" { (l10n.get(key::LEARN_TEACHER_INTRO)) }
            p class="row" { (button(l10n, "print", "btn", key::LEARN_TEACHER_PRINT)) }
            (submissions::draw(l10n, learn))
            (scorm::draw(l10n))
            @for (number, it) in learn.lessons.iter().enumerate() { (lesson(l10n, &learn.lessons, number, it)) }
        }
    }
}

fn lesson(l10n: &Localization, all: &[Lesson], number: usize, lesson: &Lesson) -> Markup {
    let text = |id: &str, values: &Values| line(&said(l10n, id, values));
    let task = Values::of_task(all, lesson);
    let shown = Values::of_commands(all, lesson);
    html! {
        article {
            h3 class="big" {
                (number + 1) ". " (message(l10n, &lesson.title)) " "
                small class="soft" { (minutes(l10n, lesson)) }
            }
            p { b { (l10n.get(key::LEARN_TEACHER_AIM)) "." } " " (line(message(l10n, &lesson.aim))) }
            ol class="asked" {
                @for (index, step) in lesson.steps.iter().enumerate() {
                    @let values = Values::of_step(all, lesson, index);
                    li {
                        p { (text(&step.text, &values)) }
                        @if let Some(question) = &step.question {
                            p { b { (text(&question.text, &values)) } }
                            ul {
                                @for answer in &question.answers {
                                    li {
                                        @if answer.right { "✓ " b { (text(&answer.text, &values)) } }
                                        @else { "✗ " (text(&answer.text, &values)) }
                                        " " span class="soft" { (text(&answer.feedback, &values)) }
                                    }
                                }
                            }
                        }
                        p { (text(&step.after, &values)) }
                    }
                }
            }
            p { b { (l10n.get(key::LEARN_STEP_TASK)) "." } " " (text(&lesson.task.text, &task)) }
            p { b { (l10n.get(key::LEARN_TEACHER_SOLUTION)) "." } " " (acts(l10n, lesson, &lesson.task.solution.iter().copied().collect())) }
            p class="commands" { @for command in &lesson.commands { code { (command) } br; } }
            p { (text(&lesson.real, &shown)) }
            p class="small" {
                b { (l10n.get(key::LEARN_SOURCES)) "." } " "
                @for (number, name) in lesson.sources.iter().enumerate() {
                    @if number > 0 { ", " }
                    (source(name))
                }
            }
        }
    }
}

/// What was done in a task, in words.
pub(super) fn acts(l10n: &Localization, lesson: &Lesson, attempt: &Attempt) -> String {
    let task = &lesson.task;
    let scene = lesson.scenes.get(task.scene);
    let stage = scene.and_then(|scene| attempt.play(scene).ok());
    // Where no goal is measured at the moment shown, that moment is no act.
    let look = LearnerAction::Look(attempt.at_ns);
    let look = task.goals.iter().any(|goal| goal.now).then_some(look);
    let said = |action| match action {
        LearnerAction::Set(control, value) => format!(
            "{}: {}",
            l10n.get(say::control(control)),
            say::setting(l10n, control, value)
        ),
        LearnerAction::Intervene(act) => {
            let packet = stage.as_ref().map(|stage| say::packet(l10n, stage, &act));
            say::acted(l10n, act.action, &packet.unwrap_or_default(), act.at_ns)
        }
        LearnerAction::Look(at_ns) => {
            l10n.say(key::LEARN_TEACHER_GO, &[("at", Value::Time(at_ns))])
        }
    };
    let all: Vec<_> = attempt.each().chain(look).map(said).collect();
    all.join("; ")
}
