//! Exercises on the teacher's page: links to them, and the files that were handed in.
//!
//! Owns what is said of a file. Whether it is right is the engine's answer.

use maud::{Markup, html};

use super::super::i18n::{Value, Words, key};
use super::super::refusal;
use super::Learn;
use super::markup::{button, line, message};
use super::say;
use udping_engine::lesson::Lesson;
use udping_engine::lesson::exercise::{HandIn, HandInError, Verdict};
use udping_engine::lesson::route::Route;

/// Links to make, and files to check.
pub(super) fn draw(words: &Words, learn: &Learn) -> Markup {
    html! {
        section class="panel no-print" {
            h3 class="big" { (words.get(key::LEARN_TEACHER_EXERCISES)) }
            p { (words.get(key::LEARN_TEACHER_EXERCISES_INTRO)) }
            p class="soft small" { (words.get(key::LEARN_EXERCISE_HONEST)) }
            div class="row" {
                label for="learn-for" { (words.get(key::LEARN_TEACHER_FOR)) }
                select id="learn-for" {
                    @for (number, lesson) in learn.lessons.iter().enumerate() {
                        option value=(number) {
                            (number + 1) ". " (message(words, &lesson.title))
                        }
                    }
                }
                (button(words, "make", "btn", key::LEARN_TEACHER_MAKE))
            }
            div class="field" {
                label for="learn-link" { (words.get(key::LEARN_TEACHER_LINK)) }
                input id="learn-link" class="mono" type="url" autocomplete="off"
                    spellcheck="false" value=(learn.link);
            }
            div class="field" {
                label for="learn-file" { (words.get(key::LEARN_TEACHER_CHECK)) }
                input type="file" id="learn-file" accept=".json" multiple;
            }
            div id="learn-checked" { (checked(words, learn)) }
        }
    }
}

/// What became of the files that were handed in.
pub(super) fn checked(words: &Words, learn: &Learn) -> Markup {
    let lessons = &learn.lessons;
    let link = learn.link.trim();
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let given = match Route::parse(fragment, lessons) {
        Some(Ok(route @ Route::Exercise { .. })) => Some(route),
        _ => None,
    };
    let check = |text: &str| {
        let file = HandIn::parse(text)?;
        file.check(lessons).map(|verdict| (file, verdict))
    };
    html! {
        @if given.is_none() && !link.is_empty() {
            p class="wrong" { (words.get(key::LEARN_TEACHER_NO_LINK)) }
        }
        @for (name, text) in &learn.submissions {
            @match check(text) {
                Ok((file, verdict)) => {
                    details class="handed" open[learn.submissions.len() == 1] {
                        (table(words, lessons, &file, &verdict, given))
                    }
                }
                Err(error) => {
                    div class="handed" { b { (name) } p class="wrong" { (refusal(words, error)) } }
                }
            }
        }
    }
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
) -> Markup {
    let Some(lesson) = lessons.get(verdict.lesson) else {
        return Markup::default();
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
    let other_run = given.is_some_and(|given| given != run);
    let flags = [
        (verdict.altered, key::LEARN_TEACHER_ALTERED),
        (other_run, key::LEARN_TEACHER_OTHER_RUN),
    ];
    let headings = [
        key::LEARN_TEACHER_READING,
        key::LEARN_TEACHER_GIVEN,
        key::LEARN_TEACHER_TRUTH,
    ];
    let readings = lesson.exercise.readings.iter().zip(&verdict.readings);
    html! {
        summary {
            b { (said) }
            @for (flagged, flag) in flags {
                @if flagged { " " span class="flag" { (words.get(flag)) } }
            }
        }
        table class="plainly" {
            thead { tr { @for heading in headings { th scope="col" { (words.get(heading)) } } } }
            tbody {
                @for (reading, checked) in readings {
                    @let (class, verdict) = if checked.is_right() {
                        ("replied", key::LEARN_TEACHER_YES)
                    } else {
                        ("lost", key::LEARN_TEACHER_NO)
                    };
                    tr {
                        th scope="row" { (line(message(words, &reading.text))) }
                        td class="mono" {
                            (say::value(words, checked.measure, checked.given)) " "
                            b class=(class) { (words.get(verdict)) }
                        }
                        td class="mono" { (say::value(words, checked.measure, checked.truth)) }
                    }
                }
            }
        }
        p class="small" {
            a href={ "#" (run.fragment(lessons)) } { (words.get(key::LEARN_TEACHER_RUN)) }
        }
    }
}
