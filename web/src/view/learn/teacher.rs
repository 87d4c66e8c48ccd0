//! The teacher's page: every lesson's aim, answers and solution, and the exercises.

use std::fmt::Write as _;

use super::super::refusal;
use super::super::words::{Value, Words, key};
use super::Learn;
use super::html::{button, escape, line, message, source};
use super::say;
use super::screens::minutes;
use crate::engine::lesson::Lesson;
use crate::engine::lesson::exercise::{HandIn, HandInError, Verdict};
use crate::engine::lesson::place::Place;
use crate::engine::lesson::task::Deed;

pub(super) fn draw(words: &Words, learn: &Learn) -> String {
    let mut out = format!(
        "<div class=\"learn-page teacher\"><a class=\"link\" href=\"#{}\">← {}</a><h2 id=\"learn-title\" class=\"learn-title\" tabindex=\"-1\">{}</h2><p class=\"lead\">{}</p><p class=\"row\">{}</p>{}",
        Place::List.fragment(&learn.lessons),
        escape(words.get(key::LEARN_ALL)),
        escape(words.get(key::LEARN_TEACHER_TITLE)),
        escape(words.get(key::LEARN_TEACHER_INTRO)),
        button(
            "print",
            "",
            "btn",
            &escape(words.get(key::LEARN_TEACHER_PRINT))
        ),
        exercises(words, learn)
    );
    for (number, lesson) in learn.lessons.iter().enumerate() {
        out.push_str(&self::lesson(words, number, lesson));
    }
    out.push_str("</div>");
    out
}

fn exercises(words: &Words, learn: &Learn) -> String {
    let mut out = format!(
        "<section class=\"panel no-print\"><h3 class=\"big\">{}</h3><p>{}</p><p class=\"soft small\">{}</p><div class=\"row\"><label for=\"learn-for\">{}</label><select id=\"learn-for\">",
        escape(words.get(key::LEARN_TEACHER_EXERCISES)),
        escape(words.get(key::LEARN_TEACHER_EXERCISES_INTRO)),
        escape(words.get(key::LEARN_EXERCISE_HONEST)),
        escape(words.get(key::LEARN_TEACHER_FOR))
    );
    for (number, lesson) in learn.lessons.iter().enumerate() {
        // Writing to a string cannot fail, here and below.
        let _ = write!(
            out,
            "<option value=\"{number}\">{}. {}</option>",
            number + 1,
            escape(message(words, &lesson.title))
        );
    }
    let _ = write!(
        out,
        "</select>{}</div><p class=\"field\" id=\"learn-made\" hidden><label for=\"learn-link\">{}</label><input id=\"learn-link\" class=\"mono\" readonly></p><div class=\"field\"><label for=\"learn-file\">{}</label><input type=\"file\" id=\"learn-file\" accept=\".json\"></div><div id=\"learn-checked\">{}</div></section>",
        button(
            "make",
            "",
            "btn",
            &escape(words.get(key::LEARN_TEACHER_MAKE))
        ),
        escape(words.get(key::LEARN_TEACHER_LINK)),
        escape(words.get(key::LEARN_TEACHER_CHECK)),
        learn.checked.as_deref().unwrap_or_default()
    );
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
    let mut deeds = crate::engine::lesson::task::Deeds::default();
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
                let hop = stage.iter().flat_map(|stage| &stage.tracks).find_map(|it| {
                    let mut hops = it.hops.iter();
                    hops.find(|hop| (hop.direction, hop.id) == (act.direction, act.packet))
                });
                let packet = hop.map(|hop| say::hop(words, hop)).unwrap_or_default();
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

/// What became of a file that was handed in.
pub(super) fn checked(words: &Words, lessons: &[Lesson], text: &str) -> String {
    let file = HandIn::parse(text);
    let verdict = file.and_then(|file| file.check(lessons).map(|verdict| (file, verdict)));
    match verdict {
        Ok((file, verdict)) => table(words, lessons, &file, &verdict),
        Err(error) => {
            let text = match error {
                HandInError::NotOurs => words.get(key::LEARN_HAND_IN_NOT_OURS).to_owned(),
                HandInError::Newer(version) => words.say(
                    key::LEARN_HAND_IN_NEWER,
                    &[("version", Value::Number(version.into()))],
                ),
                HandInError::NoLesson(lesson) => words.say(
                    key::LEARN_HAND_IN_NO_LESSON,
                    &[("lesson", Value::Text(&lesson))],
                ),
                HandInError::Readings => words.get(key::LEARN_HAND_IN_READINGS).to_owned(),
                HandInError::World(error) => words.say(
                    key::LEARN_HAND_IN_WORLD,
                    &[("what", Value::Text(&refusal::world(words, &error)))],
                ),
            };
            format!("<p class=\"wrong\">{}</p>", escape(&text))
        }
    }
}

fn table(words: &Words, lessons: &[Lesson], file: &HandIn, verdict: &Verdict) -> String {
    let Some(lesson) = lessons.get(verdict.lesson) else {
        return String::new();
    };
    let right = verdict.readings.iter().filter(|it| it.is_right()).count();
    let name = if file.name.trim().is_empty() {
        words.get(key::LEARN_TEACHER_NOBODY)
    } else {
        file.name.trim()
    };
    let said = words.say(
        key::LEARN_TEACHER_CHECKED,
        &[
            ("name", Value::Text(name)),
            ("lesson", Value::Text(message(words, &lesson.title))),
            ("right", Value::Count(right as u64)),
            ("all", Value::Count(verdict.readings.len() as u64)),
        ],
    );
    let mut out = format!(
        "<p><b id=\"learn-verdict\">{}</b></p><table class=\"plainly\"><thead><tr>",
        escape(&said)
    );
    for heading in [
        key::LEARN_TEACHER_READING,
        key::LEARN_TEACHER_GIVEN,
        key::LEARN_TEACHER_TRUTH,
    ] {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(words.get(heading)));
    }
    out.push_str("</tr></thead><tbody>");
    for (reading, checked) in lesson.exercise.readings.iter().zip(&verdict.readings) {
        let (class, verdict) = if checked.is_right() {
            ("replied", key::LEARN_TEACHER_YES)
        } else {
            ("lost", key::LEARN_TEACHER_NO)
        };
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"mono\">{} <b class=\"{class}\">{}</b></td><td class=\"mono\">{}</td></tr>",
            line(message(words, &reading.text)),
            escape(&say::value(words, checked.measure, checked.given)),
            escape(words.get(verdict)),
            escape(&say::value(words, checked.measure, checked.truth))
        );
    }
    out.push_str("</tbody></table>");
    out
}
