//! What must hold of the lessons' words, in both languages: every number comes from the world,
//! no answer is told by its length, and there are not too many of them.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::measure::Unit;
use super::values::Values;
use super::*;

/// Stands for a variable in a text.
const VARIABLE: char = '\u{fffc}';

/// A message: its words, and the variables among them.
struct Words {
    text: String,
    variables: Vec<String>,
}

type Catalogue = BTreeMap<String, Words>;

fn catalogues() -> [Catalogue; 2] {
    [
        include_str!("../../../locales/learn.en.ftl"),
        include_str!("../../../locales/learn.pt-BR.ftl"),
    ]
    .map(|file| {
        let entries = parser::parse(file).unwrap().body.into_iter();
        let messages = entries.filter_map(|entry| match entry {
            Entry::Message(message) => Some((message.id.name.to_owned(), message.value?)),
            _ => None,
        });
        messages.map(|(id, value)| (id, words(value))).collect()
    })
}

fn words(pattern: Pattern<&str>) -> Words {
    let mut words = Words {
        text: String::new(),
        variables: Vec::new(),
    };
    add(&mut words, pattern);
    words
}

fn add(words: &mut Words, pattern: Pattern<&str>) {
    for element in pattern.elements {
        match element {
            PatternElement::TextElement { value } => words.text.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => {
                words.variables.push(id.name.to_owned());
                words.text.push(VARIABLE);
            }
            PatternElement::Placeable {
                expression: Expression::Select { variants, .. },
            } => variants.into_iter().for_each(|it| add(words, it.value)),
            PatternElement::Placeable { .. } => {}
        }
    }
}

/// A lesson's messages, by the values that they can name.
fn messages(lesson: &Lesson) -> Vec<(Values, Vec<&str>)> {
    let lessons = all().unwrap();
    let mut places = Vec::new();
    for (index, step) in lesson.steps.iter().enumerate() {
        let mut named = vec![step.text.as_str(), step.after.as_str()];
        if let Some(question) = &step.question {
            named.push(&question.text);
            let answers = question.answers.iter();
            named.extend(answers.flat_map(|it| [it.text.as_str(), it.feedback.as_str()]));
        }
        places.push((Values::of_step(&lessons, lesson, index), named));
    }
    let task = &lesson.task;
    let mut named = vec![task.text.as_str(), &task.hint, &task.done];
    named.extend(task.goals.iter().filter_map(|goal| goal.text.as_deref()));
    places.push((Values::of_task(&lessons, lesson), named));
    places.push((Values::of_commands(&lessons, lesson), vec![&lesson.real]));
    places.push((Values::default(), vec![&lesson.title, &lesson.aim]));
    places
}

/// A number that prose says by itself. Not meant are those of a citation, those in `code`, where
/// formulas stand, too, and those that end a name: T1, IPv4, HTTP/3.
fn number(text: &str) -> Option<&str> {
    for span in prose::paragraphs(text).into_iter().flatten() {
        let (prose::Span::Text(words) | prose::Span::Term { words, .. }) = span else {
            continue;
        };
        let mut before = "";
        for word in words.split_inclusive([' ', '\n', '\u{a0}']) {
            let digit = word.find(|letter: char| letter.is_ascii_digit());
            let named = |at: usize| {
                let stem = word[..at].trim_end_matches('/');
                stem.ends_with(char::is_alphabetic)
            };
            let cited = before == "Ross " && word.starts_with('§');
            if digit.is_some_and(|at| !named(at)) && !cited {
                return Some(word);
            }
            before = word;
        }
    }
    None
}

#[test]
fn every_number_of_the_prose_is_the_worlds_or_cited() {
    for catalogue in catalogues() {
        for lesson in all().unwrap() {
            for (values, named) in messages(&lesson) {
                let mut used = BTreeSet::new();
                for id in named {
                    let words = &catalogue[id];
                    for name in &words.variables {
                        assert!(values.get(name).is_some(), "{id}: what is ${name}?");
                    }
                    used.extend(words.variables.iter().map(String::as_str));
                    let written = number(&words.text);
                    assert!(written.is_none(), "{id} says {written:?}");
                }
                let unused = values.names().find(|name| !used.contains(name));
                assert_eq!(unused, None, "{}", lesson.id);
            }
        }
    }
}

/// How many words a message has when its values are written: those with a unit are two.
fn count(words: &Words, values: &Values) -> usize {
    let has_unit = |name: &&String| {
        let unit = values.get(name).map(|quantity| quantity.unit);
        matches!(unit, Some(Unit::Span | Unit::Share))
    };
    let units = words.variables.iter().filter(has_unit).count();
    words.text.split_whitespace().count() + units
}

/// The lessons that were there at commit 80a39d2.
const FIRST_TEN: [&str; 10] = [
    "first-ping",
    "udp-server",
    "udp-and-tcp",
    "delay",
    "timeout",
    "late-reply",
    "duplicates-and-order",
    "misleading-figures",
    "choosing-a-timeout",
    "heartbeat",
];

#[test]
fn the_first_ten_lessons_have_two_thirds_of_the_words_they_had() {
    // 6579 and 6729 at that commit, counted likewise.
    for (catalogue, limit) in catalogues().iter().zip([4_386, 4_486]) {
        let lessons = all().unwrap();
        let first = lessons
            .iter()
            .filter(|it| FIRST_TEN.contains(&it.id.as_str()));
        let counts: Vec<(&str, usize)> = first
            .map(|lesson| {
                let places = messages(lesson);
                let each = places.iter().flat_map(|(values, named)| {
                    let named = named.iter();
                    named.map(move |id| count(&catalogue[*id], values))
                });
                (lesson.id.as_str(), each.sum())
            })
            .collect();
        assert_eq!(counts.len(), FIRST_TEN.len());
        let words: usize = counts.iter().map(|(_, words)| words).sum();
        assert!(words <= limit, "{words} words: {counts:?}");
    }
}

#[test]
fn no_right_answer_is_told_by_its_length() {
    for catalogue in catalogues() {
        let (mut questions, mut longest, mut shortest) = (0, 0, 0);
        for lesson in all().unwrap() {
            for question in lesson
                .steps
                .iter()
                .filter_map(|step| step.question.as_ref())
            {
                let length = |answer: &Answer| catalogue[&answer.text].text.chars().count();
                let (right, wrong): (Vec<_>, Vec<_>) =
                    question.answers.iter().partition(|answer| answer.right);
                let right = length(right[0]);
                let most = wrong.iter().map(|it| length(it)).max().unwrap();
                let least = wrong.iter().map(|it| length(it)).min().unwrap();
                questions += 1;
                longest += usize::from(right > most);
                shortest += usize::from(right < least);
                // A few letters more or less are not seen.
                let like = right <= most * 5 / 4 + 3 && right * 5 / 4 + 12 >= least;
                assert!(
                    like,
                    "{}: {right} letters, {least} to {most}",
                    question.text
                );
            }
        }
        // Of three answers each is the longest once in three questions, by chance.
        for often in [longest, shortest] {
            assert!(often * 5 <= questions * 2, "{often} of {questions}");
        }
    }
}

#[test]
fn a_planning_question_asks_and_states_no_number() {
    for catalogue in catalogues() {
        for plan in plan::all().unwrap() {
            let points = plan.points.iter().map(|point| &point.text);
            for id in points.chain([&plan.text]) {
                assert_eq!(number(&catalogue[id].text), None, "{id}");
            }
        }
    }
}

#[test]
fn a_number_is_told_from_a_citation_a_formula_and_a_name() {
    for free in [
        "RFC 768",
        "(Kurose & Ross §2.7)",
        "T1 to T4",
        "HTTP/3",
        "`J / 16`",
        "p99",
    ] {
        assert_eq!(number(free), None, "{free}");
    }
    for written in [
        "60 ms",
        "T 1",
        "[2 pings](probe)",
        "RFC 768, 8 bytes",
        "§2.7",
        "1/16",
    ] {
        assert!(number(written).is_some(), "{written}");
    }
}
