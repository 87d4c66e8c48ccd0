//! The teacher's page: every lesson's aim, answers and solution.

use maud::{Markup, html};

use super::super::i18n::{Value, Words, key};
use super::Learn;
use super::markup::{button, heading, line, message, source};
use super::screens::{back, minutes};
use super::{say, submissions};
use udping_engine::lesson::Lesson;
use udping_engine::lesson::task::{Deed, Deeds};

pub(super) fn draw(words: &Words, learn: &Learn) -> Markup {
    html! {
        div class="learn-page teacher" {
            (back(words, learn))
            (heading(words.get(key::LEARN_TEACHER_TITLE)))
            p class="lead" { (words.get(key::LEARN_TEACHER_INTRO)) }
            p class="row" { (button(words, "print", "btn", key::LEARN_TEACHER_PRINT)) }
            (submissions::draw(words, learn))
            @for (number, it) in learn.lessons.iter().enumerate() { (lesson(words, number, it)) }
        }
    }
}

fn lesson(words: &Words, number: usize, lesson: &Lesson) -> Markup {
    let text = |id: &str| line(message(words, id));
    html! {
        article {
            h3 class="big" {
                (number + 1) ". " (message(words, &lesson.title)) " "
                small class="soft" { (minutes(words, lesson)) }
            }
            p { b { (words.get(key::LEARN_TEACHER_AIM)) "." } " " (text(&lesson.aim)) }
            ol class="asked" {
                @for step in &lesson.steps {
                    li {
                        p { (text(&step.text)) }
                        @if let Some(ask) = &step.ask {
                            p { b { (text(&ask.question)) } }
                            ul {
                                @for answer in &ask.answers {
                                    li {
                                        @if answer.right { "✓ " b { (text(&answer.text)) } }
                                        @else { "✗ " (text(&answer.text)) }
                                        " " span class="soft" { (text(&answer.feedback)) }
                                    }
                                }
                            }
                        }
                        p { (text(&step.after)) }
                    }
                }
            }
            p { b { (words.get(key::LEARN_STEP_TASK)) "." } " " (text(&lesson.task.text)) }
            p { b { (words.get(key::LEARN_TEACHER_SOLUTION)) "." } " " (solution(words, lesson)) }
            p class="commands" { @for command in &lesson.commands { code { (command) } br; } }
            p { (text(&lesson.real)) }
            p class="small" {
                b { (words.get(key::LEARN_SOURCES)) "." } " "
                @for (number, name) in lesson.sources.iter().enumerate() {
                    @if number > 0 { ", " }
                    (source(name))
                }
            }
        }
    }
}

/// A task's solution in words.
fn solution(words: &Words, lesson: &Lesson) -> String {
    let task = &lesson.task;
    let scene = lesson.scenes.get(task.scene);
    let mut deeds = Deeds::default();
    let mut all = Vec::new();
    for deed in &task.solution {
        all.push(match deed {
            Deed::Set(control, value) => format!(
                "{}: {}",
                words.get(say::control(*control)),
                say::setting(words, *control, *value)
            ),
            Deed::Act(act) => {
                let stage = scene.and_then(|scene| deeds.play(scene).ok());
                let packet = stage.map(|stage| say::packet(words, &stage, act));
                say::acted(words, act.action, &packet.unwrap_or_default(), act.at_ns)
            }
            Deed::Look(at_ns) => words.say(key::LEARN_TEACHER_GO, &[("at", Value::Time(*at_ns))]),
        });
        deeds.add(*deed);
    }
    all.join("; ")
}
