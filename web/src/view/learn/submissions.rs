//! Exercises on the teacher's page: links to them, and the files that were handed in.
//!
//! Owns what is said of a file. Whether it is right is the engine's answer.

use maud::{Markup, html};

use super::super::i18n::{Localization, Value, key};
use super::super::refusal;
use super::Learn;
use super::markup::{button, line, message};
use super::say;
use udping_engine::lesson::Lesson;
use udping_engine::lesson::exercise::{CheckReport, Submission, SubmissionError};
use udping_engine::lesson::route::Route;

/// Links to make, and files to check.
pub(super) fn draw(l10n: &Localization, learn: &Learn) -> Markup {
    html! {
        section class="panel no-print" {
            h3 class="big" { (l10n.get(key::LEARN_TEACHER_EXERCISES)) }
            p { (l10n.get(key::LEARN_TEACHER_EXERCISES_INTRO)) }
            p class="soft small" { (l10n.get(key::LEARN_EXERCISE_HONEST)) }
            div class="row" {
                label for="learn-for" { (l10n.get(key::LEARN_TEACHER_FOR)) }
                select id="learn-for" {
                    @for (number, lesson) in learn.lessons.iter().enumerate() {
                        option value=(number) {
                            (number + 1) ". " (message(l10n, &lesson.title))
                        }
                    }
                }
                (button(l10n, "make", "btn", key::LEARN_TEACHER_MAKE))
            }
            div class="field" {
                label for="learn-link" { (l10n.get(key::LEARN_TEACHER_LINK)) }
                input id="learn-link" class="mono" type="url" autocomplete="off"
                    spellcheck="false" value=(learn.link);
            }
            div class="field" {
                label for="learn-file" { (l10n.get(key::LEARN_TEACHER_CHECK)) }
                input type="file" id="learn-file" accept=".json" multiple;
            }
            div id="learn-checked" { (checked(l10n, learn)) }
        }
    }
}

/// What became of the files that were handed in.
pub(super) fn checked(l10n: &Localization, learn: &Learn) -> Markup {
    let lessons = &learn.lessons;
    let link = learn.link.trim();
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let given = match Route::parse(fragment, lessons) {
        Some(Ok(route @ Route::Exercise { .. })) => Some(route),
        _ => None,
    };
    let check = |text: &str| {
        let file = Submission::parse(text)?;
        file.check(lessons).map(|report| (file, report))
    };
    html! {
        @if given.is_none() && !link.is_empty() {
            p class="wrong" { (l10n.get(key::LEARN_TEACHER_NO_LINK)) }
        }
        @for (name, text) in &learn.submissions {
            @match check(text) {
                Ok((file, report)) => {
                    details class="handed" open[learn.submissions.len() == 1] {
                        (table(l10n, lessons, &file, &report, given))
                    }
                }
                Err(error) => {
                    div class="handed" { b { (name) } p class="wrong" { (refusal(l10n, error)) } }
                }
            }
        }
    }
}

fn refusal(l10n: &Localization, error: SubmissionError) -> String {
    match error {
        SubmissionError::NotOurs => l10n.get(key::LEARN_HAND_IN_NOT_OURS).to_owned(),
        SubmissionError::Newer(version) => l10n.say(
            key::LEARN_HAND_IN_NEWER,
            &[("version", Value::Number(version.into()))],
        ),
        SubmissionError::NoLesson(lesson) => l10n.say(
            key::LEARN_HAND_IN_NO_LESSON,
            &[("lesson", Value::Text(&lesson))],
        ),
        SubmissionError::Readings => l10n.get(key::LEARN_HAND_IN_READINGS).to_owned(),
        SubmissionError::World(error) => l10n.say(
            key::LEARN_HAND_IN_WORLD,
            &[("what", Value::Text(&refusal::world(l10n, &error)))],
        ),
    }
}

fn table(
    l10n: &Localization,
    lessons: &[Lesson],
    file: &Submission,
    report: &CheckReport,
    given: Option<Route>,
) -> Markup {
    let Some(lesson) = lessons.get(report.lesson) else {
        return Markup::default();
    };
    let right = report.readings.iter().filter(|it| it.is_right()).count();
    let name = if file.name.trim().is_empty() {
        l10n.get(key::LEARN_TEACHER_NOBODY)
    } else {
        file.name.trim()
    };
    let text = l10n.say(
        key::LEARN_TEACHER_CHECKED,
        &[
            ("name", Value::Text(name)),
            ("lesson", Value::Text(message(l10n, &lesson.title))),
            ("right", Value::Count(right as u64)),
            ("all", Value::Count(report.readings.len() as u64)),
        ],
    );
    let run = Route::Exercise {
        lesson: report.lesson,
        seed: file.seed,
    };
    let other_run = given.is_some_and(|given| given != run);
    let flags = [
        (report.altered, key::LEARN_TEACHER_ALTERED),
        (other_run, key::LEARN_TEACHER_OTHER_RUN),
    ];
    let headings = [
        key::LEARN_TEACHER_READING,
        key::LEARN_TEACHER_GIVEN,
        key::LEARN_TEACHER_TRUTH,
    ];
    let readings = lesson.exercise.readings.iter().zip(&report.readings);
    html! {
        summary {
            b { (text) }
            @for (flagged, flag) in flags {
                @if flagged { " " span class="flag" { (l10n.get(flag)) } }
            }
        }
        table class="plainly" {
            thead { tr { @for heading in headings { th scope="col" { (l10n.get(heading)) } } } }
            tbody {
                @for (reading, checked) in readings {
                    @let (class, report) = if checked.is_right() {
                        ("replied", key::LEARN_TEACHER_YES)
                    } else {
                        ("lost", key::LEARN_TEACHER_NO)
                    };
                    tr {
                        th scope="row" { (line(message(l10n, &reading.text))) }
                        td class="mono" {
                            (say::value(l10n, checked.measure, checked.given)) " "
                            b class=(class) { (l10n.get(report)) }
                        }
                        td class="mono" { (say::value(l10n, checked.measure, checked.truth)) }
                    }
                }
            }
        }
        p class="small" {
            a href={ "#" (run.fragment(lessons)) } { (l10n.get(key::LEARN_TEACHER_RUN)) }
        }
    }
}
