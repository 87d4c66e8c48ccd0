//! A class on the teacher's page: links for its students, and the results that come back.
//!
//! Owns what is said of a result. Whose run it is and whether it is right is the engine's
//! answer, without the class secret none: the page has no key to hand out.

use maud::{Markup, html};

use super::super::i18n::{Language, Localization, Value, key};
use super::super::refusal;
use super::Learn;
use super::exercise::written;
use super::markup::{button, line, message, put};
use super::{say, teacher};
use udping_engine::lesson::Reading;
use udping_engine::lesson::class::{Class, Marked, Owner, Student, csv};
use udping_engine::lesson::exercise::{CheckReport, SubmissionError};
use udping_engine::lesson::route::Route;

/// What the teacher wrote down.
#[derive(Debug, Default)]
pub(super) struct ClassForm {
    pub(super) secret: String,
    pub(super) students: String,
    /// Where the class finds the page; empty for where it is now.
    pub(super) address: String,
    /// The links, as they were made: student and link.
    pub(super) links: Vec<(Student, String)>,
    /// The files that were handed in: their names, and what is in them.
    pub(super) files: Vec<(String, String)>,
}

impl ClassForm {
    fn class(&self) -> Class {
        Class::new(&self.secret, &self.students)
    }

    /// The links as a table for a spreadsheet.
    pub(super) fn links_csv(&self, l10n: &Localization) -> String {
        let headings = [
            key::LEARN_EXERCISE_STUDENT,
            key::LEARN_EXERCISE_NAME,
            key::LEARN_CLASS_LINK,
        ];
        let links = self.links.iter();
        let links = links.map(|(student, link)| {
            vec![student.number.clone(), student.name.clone(), link.clone()]
        });
        let mut rows = vec![headings.map(|it| l10n.get(it).to_owned()).to_vec()];
        rows.extend(links);
        csv(&rows, decimal(l10n))
    }

    /// The links as lines, to be sent.
    pub(super) fn links_text(&self) -> String {
        let line = |(student, link): &(Student, String)| {
            let Student { number, name } = student;
            let words = [number.as_str(), name, link];
            let words: Vec<_> = words.into_iter().filter(|it| !it.is_empty()).collect();
            words.join("\t")
        };
        let lines: Vec<_> = self.links.iter().map(line).collect();
        lines.join("\n")
    }
}

impl Learn {
    /// Something was written down on the teacher's page.
    pub(super) fn wrote_of_class(&mut self, field: &str, text: String) {
        match field {
            "secret" => self.class.secret = text,
            "students" => self.class.students = text,
            "address" => self.class.address = text,
            _ => return,
        }
        self.class.links.clear();
        put("learn-links", &Markup::default());
    }

    /// Makes the links of a lesson: how many, to be said.
    pub(super) fn make(&mut self, l10n: &Localization, lesson: usize) -> Option<String> {
        let here = || {
            let location = web_sys::window()?.location();
            Some(location.origin().ok()? + &location.pathname().ok()?)
        };
        let address = self.class.address.trim();
        let address = if address.is_empty() {
            here()?
        } else {
            address.split('#').next().unwrap_or_default().to_owned()
        };
        let class = self.class.class();
        let links = class.links(lesson, &self.lessons).into_iter();
        let links = links.map(|(student, link)| (student.clone(), format!("{address}#{link}")));
        self.class.links = links.collect();
        put("learn-links", &links_of(l10n, &self.class));
        let made = [("count", Value::Count(self.class.links.len() as u64))];
        Some(if self.class.links.is_empty() {
            l10n.get(key::LEARN_CLASS_NOTHING).to_owned()
        } else {
            l10n.say(key::LEARN_CLASS_MADE, &made)
        })
    }

    /// Marks what was handed in, again if the class is another now: what it came to, to be said.
    pub(super) fn mark(&self, l10n: &Localization) -> Option<String> {
        put("learn-checked", &checked(l10n, self));
        let class = self.class.class();
        let marked = marked(&class, self);
        let name = |one: &Marked<'_>| summary(l10n, self, &class, one);
        let said: Vec<_> = marked.iter().flatten().map(name).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The results as a table for a spreadsheet.
    pub(super) fn results_csv(&self, l10n: &Localization) -> String {
        let class = self.class.class();
        let marked = marked(&class, self);
        let readings = marked.iter().flatten().map(|it| it.result.readings.len());
        let most = readings.max().unwrap_or_default();
        let headings = [
            key::LEARN_EXERCISE_STUDENT,
            key::LEARN_EXERCISE_NAME,
            key::LEARN_CLASS_LESSON,
            key::LEARN_CLASS_RIGHT,
            key::LEARN_CLASS_QUESTIONS,
            key::LEARN_STEP_TASK,
            key::LEARN_CLASS_RUN,
            key::LEARN_CLASS_EQUAL_TO,
            key::LEARN_CLASS_FILE,
            key::LEARN_CLASS_WHY,
        ];
        let heading = l10n.get(key::LEARN_TEACHER_READING);
        let numbered = (1..=most).map(|number| format!("{heading} {number}"));
        let headings = headings.into_iter().map(|it| l10n.get(it).to_owned());
        let mut rows = vec![headings.chain(numbered).collect()];
        for (one, (file, _)) in marked.iter().zip(&self.class.files) {
            let Ok(one) = one else { continue };
            let result = &one.result;
            let mut row = vec![
                result.student.clone(),
                name_of(&class, one).to_owned(),
                result.lesson.clone(),
                one.right().map_or_else(String::new, |it| it.to_string()),
                result.readings.len().to_string(),
                task(l10n, one).unwrap_or_default().to_owned(),
                owner(l10n, one).unwrap_or_default(),
                equal(&marked, one),
                file.clone(),
                result.why.clone(),
            ];
            let lesson = self.lessons.iter().find(|it| it.id == result.lesson);
            let asked = lesson.map_or(&[][..], |it| &it.exercise.readings);
            let answers = asked.iter().zip(&result.readings);
            let decimal = decimal(l10n).to_string();
            let answer = |(asked, answer): (&Reading, &Option<i64>)| {
                written(asked, *answer).replace('.', &decimal)
            };
            row.extend(answers.map(answer));
            rows.push(row);
        }
        csv(&rows, decimal(l10n))
    }
}

/// What spreadsheets of the page's language take for the decimal sign.
fn decimal(l10n: &Localization) -> char {
    match l10n.language() {
        Language::English => '.',
        Language::Portuguese => ',',
    }
}

/// Links to make, and files to mark.
pub(super) fn draw(l10n: &Localization, learn: &Learn) -> Markup {
    let form = &learn.class;
    html! {
        section class="panel no-print" {
            h3 class="big" { (l10n.get(key::LEARN_TEACHER_EXERCISES)) }
            p { (l10n.get(key::LEARN_TEACHER_EXERCISES_INTRO)) }
            p class="soft small" { (l10n.get(key::LEARN_EXERCISE_HONEST)) }
            div class="field" {
                label for="learn-for" { (l10n.get(key::LEARN_TEACHER_FOR)) }
                select id="learn-for" {
                    @for (number, lesson) in learn.lessons.iter().enumerate() {
                        option value=(number) {
                            (number + 1) ". " (message(l10n, &lesson.title))
                        }
                    }
                }
            }
            div class="field" {
                label for="learn-secret" { (l10n.get(key::LEARN_CLASS_SECRET)) }
                (button(l10n, "new-secret", "btn small", key::LEARN_CLASS_NEW_SECRET))
                input id="learn-secret" class="mono wide" data-class="secret" autocomplete="off"
                    spellcheck="false" value=(form.secret) aria-describedby="learn-secret-note";
            }
            p id="learn-secret-note" class="soft small" { (l10n.get(key::LEARN_CLASS_SECRET_NOTE)) }
            div class="field" {
                label for="learn-students" { (l10n.get(key::LEARN_CLASS_STUDENTS)) }
                textarea id="learn-students" class="wide" data-class="students" rows="4"
                    autocomplete="off" spellcheck="false" { (form.students) }
            }
            div class="field" {
                label for="learn-address" { (l10n.get(key::LEARN_CLASS_ADDRESS)) }
                input id="learn-address" class="mono wide" type="url" data-class="address"
                    autocomplete="off" spellcheck="false" value=(form.address)
                    aria-describedby="learn-class-where";
            }
            p id="learn-class-where" class="soft small" { (line(l10n.get(key::LEARN_CLASS_WHERE))) }
            p class="row" { (button(l10n, "make", "btn primary", key::LEARN_TEACHER_MAKE)) }
            div id="learn-links" { (links_of(l10n, form)) }
            div class="field" {
                label for="learn-file" { (l10n.get(key::LEARN_TEACHER_CHECK)) }
                input type="file" id="learn-file" class="wide" accept=".json" multiple;
            }
            div id="learn-checked" { (checked(l10n, learn)) }
        }
    }
}

fn links_of(l10n: &Localization, form: &ClassForm) -> Markup {
    html! {
        @if !form.links.is_empty() {
            textarea id="learn-link-list" class="mono wide" rows="6" readonly
                aria-label=(l10n.get(key::LEARN_CLASS_LINKS)) { (form.links_text()) }
            p class="row" {
                (button(l10n, "copy-links", "btn", key::LEARN_CLASS_COPY))
                (button(l10n, "links-csv", "btn", key::LEARN_CLASS_CSV))
            }
        }
    }
}

fn marked<'a>(class: &'a Class, learn: &Learn) -> Vec<Result<Marked<'a>, SubmissionError>> {
    let texts = learn.class.files.iter().map(|(_, text)| text.as_str());
    class.mark(texts, &learn.lessons)
}

/// What became of the files that were handed in.
fn checked(l10n: &Localization, learn: &Learn) -> Markup {
    let class = learn.class.class();
    let marked = marked(&class, learn);
    html! {
        @for (one, (name, _)) in marked.iter().zip(&learn.class.files) {
            @match one {
                Ok(one) => {
                    details class="handed" open[marked.len() == 1] {
                        summary {
                            b { (summary(l10n, learn, &class, one)) }
                            @for flag in flags(l10n, &marked, one) { " " span class="flag" { (flag) } }
                        }
                        (answers(l10n, learn, one))
                    }
                }
                Err(error) => {
                    div class="handed" { b { (name) } p class="wrong" { (refusal(l10n, error)) } }
                }
            }
        }
        @if marked.iter().any(Result::is_ok) {
            p class="row" { (button(l10n, "results-csv", "btn", key::LEARN_CLASS_RESULTS_CSV)) }
        }
    }
}

fn refusal(l10n: &Localization, error: &SubmissionError) -> String {
    match error {
        SubmissionError::NotOurs => l10n.get(key::LEARN_HAND_IN_NOT_OURS).to_owned(),
        SubmissionError::Newer(version) => l10n.say(
            key::LEARN_HAND_IN_NEWER,
            &[("version", Value::Number((*version).into()))],
        ),
        SubmissionError::NoLesson(lesson) => l10n.say(
            key::LEARN_HAND_IN_NO_LESSON,
            &[("lesson", Value::Text(lesson))],
        ),
        SubmissionError::Readings => l10n.get(key::LEARN_HAND_IN_READINGS).to_owned(),
        SubmissionError::World(error) => l10n.say(
            key::LEARN_HAND_IN_WORLD,
            &[("what", Value::Text(&refusal::world(l10n, error)))],
        ),
    }
}

/// The name in the class's list, or the one that the result has.
fn name_of<'a>(class: &'a Class, one: &'a Marked<'_>) -> &'a str {
    let number = one.result.student.to_lowercase();
    let mut students = class.students.iter();
    let listed = students.find(|it| it.number.to_lowercase() == number);
    listed
        .map(|it| it.name.as_str())
        .filter(|it| !it.is_empty())
        .unwrap_or(&one.result.name)
}

fn summary(l10n: &Localization, learn: &Learn, class: &Class, one: &Marked<'_>) -> String {
    let name = [&one.result.student, name_of(class, one)].join(" ");
    let name = match name.trim() {
        "" => l10n.get(key::LEARN_TEACHER_NOBODY),
        name => name,
    };
    let mut lessons = learn.lessons.iter();
    let lesson = lessons.find(|it| it.id == one.result.lesson);
    let lesson = lesson.map_or(one.result.lesson.as_str(), |it| message(l10n, &it.title));
    let (name, lesson) = (("name", Value::Text(name)), ("lesson", Value::Text(lesson)));
    let all = ("all", Value::Count(one.result.readings.len() as u64));
    match one.right() {
        Some(right) => {
            let right = ("right", Value::Count(right as u64));
            let task = ("task", Value::Text(task(l10n, one).unwrap_or_default()));
            l10n.say(
                key::LEARN_TEACHER_CHECKED,
                &[name, lesson, right, all, task],
            )
        }
        None => l10n.say(key::LEARN_CLASS_UNMARKED, &[name, lesson]),
    }
}

/// What the acts in the lesson's task come to; `None` where they are not marked.
fn task(l10n: &Localization, one: &Marked<'_>) -> Option<&'static str> {
    Some(l10n.get(match one.report.as_ref()?.achieved {
        Some(true) => key::LEARN_CLASS_TASK_ACHIEVED,
        Some(false) => key::LEARN_CLASS_TASK_FAILED,
        None => key::LEARN_CLASS_TASK_OPEN,
    }))
}

/// What is odd about a result.
fn flags(
    l10n: &Localization,
    all: &[Result<Marked<'_>, SubmissionError>],
    one: &Marked<'_>,
) -> Vec<String> {
    let others = equal(all, one);
    let equal = (!others.is_empty())
        .then(|| l10n.say(key::LEARN_CLASS_EQUAL, &[("others", Value::Text(&others))]));
    owner(l10n, one).into_iter().chain(equal).collect()
}

/// Whose run it is, unless it is the student's own.
fn owner(l10n: &Localization, one: &Marked<'_>) -> Option<String> {
    match one.owner {
        Owner::Student => None,
        Owner::Other(Student { number, name }) => {
            let student = [number.as_str(), name].join(" ");
            let student = [("student", Value::Text(student.trim()))];
            Some(l10n.say(key::LEARN_CLASS_OTHER_RUN, &student))
        }
        Owner::Nobody => Some(l10n.get(key::LEARN_CLASS_NO_RUN).to_owned()),
    }
}

/// The students whose results equal one.
fn equal(all: &[Result<Marked<'_>, SubmissionError>], one: &Marked<'_>) -> String {
    let others = one.equal.iter().filter_map(|index| all.get(*index));
    let others = others.flatten().map(|other| {
        let Marked { result, .. } = other;
        if result.student.is_empty() {
            result.name.as_str()
        } else {
            &result.student
        }
    });
    let others: Vec<_> = others.collect();
    others.join(", ")
}

fn answers(l10n: &Localization, learn: &Learn, one: &Marked<'_>) -> Markup {
    let mut lessons = learn.lessons.iter();
    let Some(lesson) = lessons.find(|it| it.id == one.result.lesson) else {
        return Markup::default();
    };
    html! {
        @if let Some(report) = &one.report {
            (table(l10n, &lesson.exercise.readings, report))
        }
        p {
            b { (line(message(l10n, &lesson.exercise.why))) } " "
            span class="sentence" { (one.result.why) }
        }
        @if let Some(acts) = one.result.acts.as_ref().filter(|_| one.report.is_some()) {
            p {
                b { (l10n.get(key::LEARN_STEP_TASK)) "." } " "
                (teacher::acts(l10n, lesson, acts))
            }
        }
        @if let Some(report) = &one.report {
            @let run = Route::Exercise { lesson: report.lesson, seed: one.result.seed };
            p class="small" {
                a href={ "#" (run.fragment(&learn.lessons)) } { (l10n.get(key::LEARN_TEACHER_RUN)) }
            }
        }
    }
}

fn table(l10n: &Localization, readings: &[Reading], report: &CheckReport) -> Markup {
    let headings = [
        key::LEARN_TEACHER_READING,
        key::LEARN_TEACHER_GIVEN,
        key::LEARN_TEACHER_TRUTH,
    ];
    html! {
        table class="plainly" {
            thead { tr { @for heading in headings { th scope="col" { (l10n.get(heading)) } } } }
            tbody {
                @for (reading, checked) in readings.iter().zip(&report.readings) {
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
    }
}
