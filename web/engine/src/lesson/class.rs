//! A class and its exercises: a run of each student's own, and the results that come back.
//!
//! Owns whose run is whose, and which results are equal. Whether an answer is right is
//! [`super::exercise`]'s. The class secret is all that ties a run to a student; it is in no
//! link and in no result.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use udping_link::Seed;

use super::Lesson;
use super::exercise::{CheckReport, CheckedReading, Submission, SubmissionError};
use super::route::Route;

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Class {
    secret: String,
    /// Its students, as far as they are known.
    pub students: Vec<Student>,
}

/// A student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Student {
    /// The student number, which need not be a number.
    pub number: String,
    /// The name; empty if the list has none.
    pub name: String,
}

/// Whose run a result is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// That of the student whom it names.
    Student,
    /// That of another student of the class.
    Other(&'a Student),
    /// Nobody's: the secret gives no student of the class this run.
    Nobody,
}

/// A result, marked.
#[derive(Debug)]
pub struct Marked<'a> {
    /// What was handed in.
    pub result: Submission,
    /// Whose run it is of.
    pub owner: Owner<'a>,
    /// What its answers are held against; `None` where the run is nobody's. Without the class
    /// secret, no right answer is to be had here.
    pub report: Option<CheckReport>,
    /// Which of the results it equals, from 0.
    pub equal: Vec<usize>,
}

impl Class {
    /// A class of these students, a line for each: a number and a name, as a spreadsheet copies
    /// or saves them, or behind a space. A line above them that names the columns is none.
    #[must_use]
    pub fn new(secret: &str, students: &str) -> Self {
        let mut students: Vec<Student> = students.lines().filter_map(Student::parse).collect();
        let numbered = |it: &Student| has_digit(&it.number);
        if let [first, others @ ..] = students.as_slice()
            && !numbered(first)
            && !others.is_empty()
            && others.iter().all(numbered)
        {
            students.remove(0);
        }
        let mut seen = BTreeSet::new();
        students.retain(|it| seen.insert(it.number.to_lowercase()));
        Self {
            secret: secret.trim().to_owned(),
            students,
        }
    }

    /// The seed of a student's runs: HMAC-SHA256 (RFC 2104) of the number under the class
    /// secret, its last 53 bits. `None` without a secret.
    #[must_use]
    pub fn seed(&self, number: &str) -> Option<Seed> {
        if self.secret.is_empty() {
            return None;
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).ok()?;
        // Who types a number may do so in capitals.
        mac.update(number.trim().to_lowercase().as_bytes());
        let code = mac.finalize().into_bytes();
        let (_, last) = code.as_slice().split_last_chunk()?;
        Some(Seed::from_low_bits(u64::from_be_bytes(*last)))
    }

    /// The links of the class to a lesson's exercise, one for each student, each what follows
    /// the page's `#`.
    #[must_use]
    pub fn links(&self, lesson: usize, lessons: &[Lesson]) -> Vec<(&Student, String)> {
        let link = |student: &Student| {
            let seed = self.seed(&student.number)?;
            Some(Route::Exercise { lesson, seed }.fragment(lessons))
        };
        let links = self.students.iter();
        links
            .filter_map(|student| Some((student, link(student)?)))
            .collect()
    }

    fn owner(&self, result: &Submission) -> Owner<'_> {
        if self.seed(&result.student) == Some(result.seed) {
            return Owner::Student;
        }
        let mut others = self.students.iter();
        others
            .find(|other| self.seed(&other.number) == Some(result.seed))
            .map_or(Owner::Nobody, Owner::Other)
    }

    /// Marks what was handed in: the runs of the class are played again.
    pub fn mark<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
        lessons: &[Lesson],
    ) -> Vec<Result<Marked<'_>, SubmissionError>> {
        let mark = |text| {
            let result = Submission::parse(text)?;
            let owner = self.owner(&result);
            let report = match owner {
                Owner::Nobody => None,
                Owner::Student | Owner::Other(_) => Some(result.check(lessons)?),
            };
            Ok(Marked {
                result,
                owner,
                report,
                equal: Vec::new(),
            })
        };
        let mut all: Vec<Result<Marked<'_>, SubmissionError>> =
            texts.into_iter().map(mark).collect();
        let equal: Vec<Vec<usize>> = all
            .iter()
            .enumerate()
            .map(|(place, one)| {
                let others = all.iter().enumerate();
                let equal = |other: &Result<Marked<'_>, _>| match (one, other) {
                    (Ok(one), Ok(other)) => one.equals(other),
                    _ => false,
                };
                others
                    .filter(|(index, other)| *index != place && equal(other))
                    .map(|(index, _)| index)
                    .collect()
            })
            .collect();
        for (one, equal) in all.iter_mut().zip(equal) {
            if let Ok(one) = one {
                one.equal = equal;
            }
        }
        all
    }
}

fn has_digit(text: &str) -> bool {
    text.contains(|letter: char| letter.is_ascii_digit())
}

impl Student {
    /// A line of a list. The name may stand before the number.
    fn parse(line: &str) -> Option<Self> {
        let line = line.trim_start_matches('\u{feff}').trim();
        let separator = ['\t', ';', ','].into_iter().find(|it| {
            let mut outside = line.split('"').step_by(2);
            outside.any(|text| text.contains(*it))
        });
        let cells = match separator {
            Some(separator) => cells(line, separator),
            None => line.splitn(2, ' ').map(cell).collect(),
        };
        let mut cells = cells.into_iter().filter(|it| !it.is_empty());
        let (number, name) = (cells.next()?, cells.next().unwrap_or_default());
        let (number, name) = if separator.is_some() && !has_digit(&number) && has_digit(&name) {
            (name, number)
        } else {
            (number, name)
        };
        Some(Self { number, name })
    }
}

/// The cells of a line (RFC 4180 §2, whatever the separator).
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut quoted = false;
    let parts = line.split(|letter| {
        quoted ^= letter == '"';
        letter == separator && !quoted
    });
    parts.map(cell).collect()
}

fn cell(text: &str) -> String {
    let text = text.trim();
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.map_or_else(
        || text.to_owned(),
        |inner| inner.replace("\"\"", "\"").trim().to_owned(),
    )
}

impl Marked<'_> {
    /// How many of its answers are right; `None` where they are not marked.
    #[must_use]
    pub fn right(&self) -> Option<usize> {
        let readings = &self.report.as_ref()?.readings;
        Some(readings.iter().filter(|it| it.is_right()).count())
    }

    /// Whether every answer is right.
    fn is_right(&self) -> bool {
        let report = self.report.as_ref();
        report.is_some_and(|it| it.readings.iter().all(CheckedReading::is_right))
    }

    /// Whether one is likely to be the other's: the same sentence, the same answers, or acts at
    /// the same moments. Two runs may well have the same right answers.
    fn equals(&self, other: &Self) -> bool {
        let (one, two) = (&self.result, &other.result);
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|letter: char| !letter.is_alphanumeric());
            let words = words.filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect()
        };
        let (why, same) = (words(&one.why), one.readings == two.readings);
        let by_chance = one.seed != two.seed && self.is_right() && other.is_right();
        one.lesson == two.lesson
            && ((!why.is_empty() && why == words(&two.why))
                || (same && !by_chance)
                || (one.acts == two.acts && acted_while_playing(one)))
    }
}

/// Whether something was done while time passed. What happens in a task's scene happens at whole
/// milliseconds, and who goes from event to event acts then, or right after a packet sets out.
fn acted_while_playing(result: &Submission) -> bool {
    let acts = result.acts.iter().flat_map(|acts| &acts.interventions);
    { acts }.any(|act| act.at_ns % 1_000_000 > 1)
}

/// A table as text (RFC 4180 but for the separator), with the mark by which spreadsheets know
/// UTF-8. A cell that they would take for a formula begins with an apostrophe: what students
/// write is in it.
///
/// `decimal` is what stands in numbers before the decimals. Where it is a comma, spreadsheets
/// expect a semicolon between cells.
#[must_use]
pub fn csv(rows: &[Vec<String>], decimal: char) -> String {
    let separator = if decimal == ',' { ";" } else { "," };
    let cell = |text: &String| {
        let begins = text.trim_start().chars().next();
        // Full-width signs too: some spreadsheets take them for the narrow ones.
        let formula = begins.is_some_and(|it| "=+-@＝＋－＠".contains(it));
        let number = text.strip_prefix('-').is_some_and(|digits| {
            digits
                .chars()
                .all(|it| it.is_ascii_digit() || it == decimal)
        });
        let guard = if formula && !number { "'" } else { "" };
        if guard.is_empty() && !text.contains([',', '"', '\n', '\r', '\t', ';']) {
            text.clone()
        } else {
            format!("\"{guard}{}\"", text.replace('"', "\"\""))
        }
    };
    rows.iter().fold("\u{feff}".to_owned(), |out, row| {
        let cells: Vec<_> = row.iter().map(cell).collect();
        out + &cells.join(separator) + "\r\n"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDENTS: &str = "101, Ana Lima\n\n 102;\"Bia\"\r\n103\tCaio\nx9 Davi Reis\n";

    fn class() -> Class {
        Class::new(" segredo ", STUDENTS)
    }

    /// What a student hands in, with the right answers or those given.
    fn result(class: &Class, of: &str, by: &str, why: &str, readings: Option<&[i64]>) -> String {
        let lessons = crate::lesson::all().unwrap();
        let lesson = &lessons[4];
        let seed = class.seed(of).unwrap();
        let stage = lesson.exercise.under(seed).play().unwrap();
        let readings = readings.map_or_else(
            || lesson.exercise.truths(&stage),
            |it| it.iter().copied().map(Some).collect(),
        );
        Submission::new(lesson, seed, by, "Name", readings, why, None).text()
    }

    #[test]
    fn a_list_is_read_as_it_is_exported() {
        let class = class();
        let students: Vec<_> = class
            .students
            .iter()
            .map(|it| (it.number.as_str(), it.name.as_str()))
            .collect();
        assert_eq!(
            students,
            [
                ("101", "Ana Lima"),
                ("102", "Bia"),
                ("103", "Caio"),
                ("x9", "Davi Reis")
            ]
        );
    }

    #[test]
    fn a_list_of_sixty_is_read_as_spreadsheets_of_both_languages_give_it() {
        let name =
            |place: u32| format!("Conceição \"Ção\" D’Ávila, {}", "x".repeat(place as usize));
        let number = |number: u32| format!("2023{number:06}");
        // Copied cells, a file saved in Portuguese, one saved in English; with columns to spare.
        let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |place: u32, separator: char, head: bool, first: bool| {
            let (number, name) = match (head, separator) {
                (true, ',') => ("Number".to_owned(), "Name".to_owned()),
                (true, _) => ("Matrícula".to_owned(), "Nome".to_owned()),
                (false, '\t') => (number(place), name(place)),
                (false, _) => (number(place), quoted(name(place))),
            };
            let cells = if first {
                [number, name]
            } else {
                [name, number]
            };
            [&cells.join(&separator.to_string()), "", ""].join(&separator.to_string())
        };
        for separator in ['\t', ';', ','] {
            for (head, first) in [(true, true), (false, true), (true, false)] {
                let head = head.then(|| line(0, separator, true, first));
                let lines = (1..=60).map(|place| line(place, separator, false, first));
                let lines: Vec<_> = head.into_iter().chain(lines).collect();
                let list = format!("\u{feff}{}\r\n\r\n", lines.join("\r\n"));
                let class = Class::new("s", &list);
                let all: Vec<_> = (1..=60)
                    .map(|place| Student {
                        number: number(place),
                        name: name(place),
                    })
                    .collect();
                assert_eq!(class.students, all, "{list}");
            }
        }
        // Who is in it twice has one link; where no number has a digit, no line is a heading.
        assert_eq!(Class::new("s", "x1\nX1;Ana\n").students.len(), 1);
        assert_eq!(Class::new("s", "ana\nbia\n").students.len(), 2);
    }

    #[test]
    fn a_seed_is_the_macs_last_53_bits() {
        // printf 101 | openssl dgst -sha256 -hmac segredo
        let bits = 0xf933_c448_dcdb_2777;
        assert_eq!(class().seed(" 101 "), Some(Seed::from_low_bits(bits)));
        assert_eq!(class().seed("X9"), class().seed("x9"));
        assert_eq!(Class::new(" ", STUDENTS).seed("101"), None);
    }

    #[test]
    fn each_student_has_a_link_and_a_run_of_their_own() {
        let lessons = crate::lesson::all().unwrap();
        let class = class();
        let links = class.links(4, &lessons);
        assert_eq!(links.len(), 4);
        for (place, (student, link)) in links.iter().enumerate() {
            let seed = class.seed(&student.number).unwrap();
            let route = Route::Exercise { lesson: 4, seed };
            assert_eq!(Route::parse(link, &lessons), Some(Ok(route)));
            assert!(links.iter().skip(place + 1).all(|(_, other)| other != link));
        }
        let other = Class::new("other", STUDENTS);
        assert_ne!(other.links(4, &lessons), links);
        assert!(Class::new("", STUDENTS).links(4, &lessons).is_empty());
    }

    #[test]
    fn what_is_handed_in_is_marked_only_with_the_secret() {
        let lessons = crate::lesson::all().unwrap();
        let class = class();
        let texts = [
            result(&class, "101", "101", "one", None),
            result(&class, "101", "102", "two", Some(&[9, 9, 9, 9])),
            result(&Class::new("guess", ""), "103", "103", "three", None),
            "no result".to_owned(),
        ];
        let marked = class.mark(texts.iter().map(String::as_str), &lessons);
        let own = marked[0].as_ref().unwrap();
        assert_eq!((own.owner, own.right()), (Owner::Student, Some(4)));
        let other = marked[1].as_ref().unwrap();
        assert_eq!(other.owner, Owner::Other(&class.students[0]));
        assert_eq!(other.right(), Some(0));
        let nobody = marked[2].as_ref().unwrap();
        assert_eq!((nobody.owner, nobody.right()), (Owner::Nobody, None));
        assert!(matches!(marked[3], Err(SubmissionError::NotOurs)));
        for wrong in ["", "guess"] {
            let wrong = Class::new(wrong, STUDENTS);
            let marked = wrong.mark([texts[0].as_str()], &lessons);
            assert!(marked[0].as_ref().unwrap().report.is_none());
        }
    }

    #[test]
    fn equal_results_are_noticed_and_equal_truths_are_not() {
        let lessons = crate::lesson::all().unwrap();
        let class = class();
        let equal = |texts: [&String; 2]| {
            let marked = class.mark(texts.map(String::as_str), &lessons);
            let equal = |place: usize| marked[place].as_ref().unwrap().equal.clone();
            assert_eq!(equal(0).is_empty(), equal(1).is_empty());
            !equal(0).is_empty()
        };
        let wrong: &[i64] = &[7, 0, 0, 7];
        let one = result(&class, "101", "101", "It came too late.", Some(wrong));
        let copied = result(&class, "102", "102", "Another sentence.", Some(wrong));
        let sentence = result(&class, "102", "102", "it came  too late", None);
        let own = result(&class, "103", "103", "My own.", None);
        assert!(equal([&one, &copied]) && equal([&one, &sentence]) && equal([&own, &own]));
        assert!(!equal([&one, &own]) && !equal([&sentence, &own]));

        // Two runs whose right answers are the same.
        let lesson = &lessons[4];
        let truths = |number: &String| {
            let seed = class.seed(number).unwrap();
            lesson
                .exercise
                .truths(&lesson.exercise.under(seed).play().unwrap())
        };
        let numbers: Vec<String> = (0..100).map(|number| format!("n{number}")).collect();
        let pair = numbers.iter().enumerate().find_map(|(place, one)| {
            let mut others = numbers.iter().skip(place + 1);
            let same = others.find(|other| truths(other) == truths(one))?;
            Some((one, same))
        });
        let (first, second) = pair.unwrap();
        let first = result(&class, first, first, "First.", None);
        let second = result(&class, second, second, "Second.", None);
        assert!(!equal([&first, &second]));
    }

    #[test]
    fn acts_at_the_same_moment_are_noticed_unless_the_lesson_suggests_it() {
        use crate::lesson::task::{Attempt, LearnerAction};

        let lessons = crate::lesson::all().unwrap();
        let class = class();
        let lesson = &lessons[4];
        let acts = |later_ns: u64| -> Attempt {
            let solution = lesson.task.solution.iter().copied();
            let later = |mut action| {
                if let LearnerAction::Intervene(act) = &mut action {
                    act.at_ns += later_ns;
                }
                action
            };
            solution.map(later).collect()
        };
        let equal = |later_ns: [u64; 2]| {
            let hand_in = |number: &str, later_ns| {
                let seed = class.seed(number).unwrap();
                let readings = vec![None; lesson.exercise.readings.len()];
                Submission::new(
                    lesson,
                    seed,
                    number,
                    "",
                    readings,
                    number,
                    Some(acts(later_ns)),
                )
            };
            let mut texts = [hand_in("101", later_ns[0]), hand_in("102", later_ns[1])];
            texts[1].readings[0] = Some(1);
            let texts = texts.map(|it| it.text());
            let marked = class.mark(texts.iter().map(String::as_str), &lessons);
            let marked: Vec<_> = marked.into_iter().map(Result::unwrap).collect();
            assert!(
                marked
                    .iter()
                    .all(|it| it.report.as_ref().unwrap().achieved == Some(true))
            );
            !marked[0].equal.is_empty()
        };
        assert!(!equal([0, 0]) && !equal([1, 1]));
        assert!(equal([123_456, 123_456]) && !equal([123_456, 123_457]));

        for lesson in lessons.iter().filter(|it| !it.task.actions.is_empty()) {
            let stage = lesson.scenes[lesson.task.scene].play().unwrap();
            let whole = stage.times().iter().all(|at_ns| at_ns % 1_000_000 <= 1);
            assert!(whole, "{}: {:?}", lesson.id, stage.times());
        }
    }

    #[test]
    fn a_cell_of_a_table_is_no_formula() {
        let row = |cells: &[&str]| vec![cells.iter().map(|it| (*it).to_owned()).collect()];
        let rows = row(&["a,b", "say \"so\"", "=1+1", "-12.5", "@x", "line\nline"]);
        assert_eq!(
            csv(&rows, '.'),
            "\u{feff}\"a,b\",\"say \"\"so\"\"\",\"'=1+1\",-12.5,\"'@x\",\"line\nline\"\r\n"
        );
        let rows = row(&["-12,5", "-12.5", "-1-cmd|x", " =1", "＝1", "-", "a;b"]);
        assert_eq!(
            csv(&rows, ','),
            "\u{feff}\"-12,5\";\"'-12.5\";\"'-1-cmd|x\";\"' =1\";\"'＝1\";-;\"a;b\"\r\n"
        );
    }
}
