//! The teacher's page: every lesson's aim, answers and solution.

use std::fmt::Write as _;

use super::super::i18n::{Value, Words, key};
use super::Learn;
use super::html::{button, escape, line, message, source};
use super::screens::minutes;
use super::{say, submissions};
use udping_engine::lesson::Lesson;
use udping_engine::lesson::route::Route;
use udping_engine::lesson::task::Deed;

pub(super) fn draw(words: &Words, learn: &Learn) -> String {
    let mut out = format!(
        "<div class=\"learn-page teacher\"><a class=\"link\" href=\"#{}\">← {}</a><h2 id=\"learn-title\" class=\"learn-title\" tabindex=\"-1\">{}</h2><p class=\"lead\">{}</p><p class=\"row\">{}</p>{}",
        Route::List.fragment(&learn.lessons),
        escape(words.get(key::LEARN_ALL)),
        escape(words.get(key::LEARN_TEACHER_TITLE)),
        escape(words.get(key::LEARN_TEACHER_INTRO)),
        button(words, "print", "btn", key::LEARN_TEACHER_PRINT),
        submissions::draw(words, learn)
    );
    for (number, lesson) in learn.lessons.iter().enumerate() {
        out.push_str(&self::lesson(words, number, lesson));
    }
    out.push_str("</div>");
    out
}

fn lesson(words: &Words, number: usize, lesson: &Lesson) -> String {
    let mut out = format!(
        "<article><h3 class=\"big\">{}. {} <small class=\"soft\">{}</small></h3><p><b>{}.</b> {}</p><ol class=\"asked\">",
        number + 1,
        escape(message(words, &lesson.title)),
        escape(&minutes(words, lesson)),
        escape(words.get(key::LEARN_TEACHER_AIM)),
        line(message(words, &lesson.aim))
    );
    for step in &lesson.steps {
        let _ = write!(out, "<li><p>{}</p>", line(message(words, &step.text)));
        if let Some(ask) = &step.ask {
            let _ = write!(
                out,
                "<p><b>{}</b></p><ul>",
                line(message(words, &ask.question))
            );
            for answer in &ask.answers {
                let text = line(message(words, &answer.text));
                let (mark, text) = if answer.right {
                    ("✓", format!("<b>{text}</b>"))
                } else {
                    ("✗", text)
                };
                let _ = write!(
                    out,
                    "<li>{mark} {text} <span class=\"soft\">{}</span></li>",
                    line(message(words, &answer.feedback))
                );
            }
            out.push_str("</ul>");
        }
        let _ = write!(out, "<p>{}</p></li>", line(message(words, &step.after)));
    }
    let _ = write!(
        out,
        "</ol><p><b>{}.</b> {}</p><p><b>{}.</b> {}</p><p class=\"commands\">",
        escape(words.get(key::LEARN_STEP_TASK)),
        line(message(words, &lesson.task.text)),
        escape(words.get(key::LEARN_TEACHER_SOLUTION)),
        escape(&solution(words, lesson))
    );
    for command in &lesson.commands {
        let _ = write!(out, "<code>{}</code><br>", escape(command));
    }
    let _ = write!(out, "</p><p>{}", line(message(words, &lesson.real)));
    let sources: Vec<String> = lesson.sources.iter().map(|name| source(name)).collect();
    let _ = write!(
        out,
        "</p><p class=\"small\"><b>{}.</b> {}</p></article>",
        escape(words.get(key::LEARN_SOURCES)),
        sources.join(", ")
    );
    out
}

/// A task's solution in words.
fn solution(words: &Words, lesson: &Lesson) -> String {
    let task = &lesson.task;
    let scene = lesson.scenes.get(task.scene);
    let mut deeds = udping_engine::lesson::task::Deeds::default();
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
                let packet = packet.unwrap_or_default();
                words.say(
                    key::LEARN_ACTED,
                    &[
                        ("act", Value::Text(&say::act(words, act.action))),
                        ("packet", Value::Text(&packet)),
                        ("at", Value::Time(act.at_ns)),
                    ],
                )
            }
            Deed::Look(at_ns) => words.say(key::LEARN_TEACHER_GO, &[("at", Value::Time(*at_ns))]),
        });
        deeds.add(*deed);
    }
    all.join("; ")
}
