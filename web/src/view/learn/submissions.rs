//! Exercises on the teacher's page: links to them, and the files that were handed in.
//!
//! Owns what is said of a file. Whether it is right is the engine's answer.

use std::fmt::Write as _;

use super::super::i18n::{Value, Words, key};
use super::super::refusal;
use super::Learn;
use super::html::{button, escape, line, message};
use super::say;
use udping_engine::lesson::Lesson;
use udping_engine::lesson::exercise::{HandIn, HandInError, Verdict};
use udping_engine::lesson::route::Route;

/// Links to make, and files to check.
pub(super) fn draw(words: &Words, learn: &Learn) -> String {
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
        "</select>{}</div><div class=\"field\"><label for=\"learn-link\">{}</label><input id=\"learn-link\" class=\"mono\" type=\"url\" autocomplete=\"off\" spellcheck=\"false\" value=\"{}\"></div><div class=\"field\"><label for=\"learn-file\">{}</label><input type=\"file\" id=\"learn-file\" accept=\".json\" multiple></div><div id=\"learn-checked\">{}</div></section>",
        button(words, "make", "btn", key::LEARN_TEACHER_MAKE),
        escape(words.get(key::LEARN_TEACHER_LINK)),
        escape(&learn.link),
        escape(words.get(key::LEARN_TEACHER_CHECK)),
        checked(words, learn)
    );
    out
}

/// What became of the files that were handed in.
pub(super) fn checked(words: &Words, learn: &Learn) -> String {
    let lessons = &learn.lessons;
    let link = learn.link.trim();
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let given = match Route::parse(fragment, lessons) {
        Some(Ok(place @ Route::Exercise { .. })) => Some(place),
        _ => None,
    };
    let mut out = String::new();
    if given.is_none() && !link.is_empty() {
        out.push_str(&wrong(words.get(key::LEARN_TEACHER_NO_LINK)));
    }
    let open = if learn.submissions.len() == 1 {
        " open"
    } else {
        ""
    };
    for (name, text) in &learn.submissions {
        let file = HandIn::parse(text);
        let verdict = file.and_then(|file| file.check(lessons).map(|verdict| (file, verdict)));
        let _ = match verdict {
            Ok((file, verdict)) => write!(
                out,
                "<details class=\"handed\"{open}>{}</details>",
                table(words, lessons, &file, &verdict, given)
            ),
            Err(error) => write!(
                out,
                "<div class=\"handed\"><b>{}</b>{}</div>",
                escape(name),
                wrong(&refusal(words, error))
            ),
        };
    }
    out
}

fn wrong(text: &str) -> String {
    format!("<p class=\"wrong\">{}</p>", escape(text))
}

fn refusal(words: &Words, error: HandInError) -> String {
    match error {
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
    }
}

fn table(
    words: &Words,
    lessons: &[Lesson],
    file: &HandIn,
    verdict: &Verdict,
    given: Option<Route>,
) -> String {
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
    let run = Route::Exercise {
        lesson: verdict.lesson,
        seed: file.seed,
    };
    let mut out = format!("<summary><b>{}</b>", escape(&said));
    for (flagged, flag) in [
        (verdict.altered, key::LEARN_TEACHER_ALTERED),
        (
            given.is_some_and(|given| given != run),
            key::LEARN_TEACHER_OTHER_RUN,
        ),
    ] {
        if flagged {
            let _ = write!(
                out,
                " <span class=\"flag\">{}</span>",
                escape(words.get(flag))
            );
        }
    }
    out.push_str("</summary><table class=\"plainly\"><thead><tr>");
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
    let _ = write!(
        out,
        "</tbody></table><p class=\"small\"><a href=\"#{}\">{}</a></p>",
        run.fragment(lessons),
        escape(words.get(key::LEARN_TEACHER_RUN))
    );
    out
}
