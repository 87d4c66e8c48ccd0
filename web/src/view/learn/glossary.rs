//! The words that lessons explain: those of one, and all of them.
//!
//! Owns which words are a lesson's: those that its prose links to, in that order.

use std::fmt::Write as _;

use super::super::i18n::{Value, Words, key};
use super::Learn;
use super::html::{escape, message, message_text, terms};
use udping_engine::lesson::Lesson;
use udping_engine::lesson::route::{Route, Screen};

/// The words of a lesson, with a heading; nothing if it has none.
pub(super) fn of(words: &Words, lesson: &Lesson) -> String {
    let names = names(words, lesson);
    if names.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<h3>{}</h3><dl class=\"glossary\">",
        escape(words.get(key::LEARN_GLOSSARY))
    );
    for term in names {
        out.push_str(&entry(words, &term, ""));
    }
    out.push_str("</dl>");
    out
}

/// The page of all words, in alphabetical order, each with the lesson that explains it first.
pub(super) fn draw(words: &Words, learn: &Learn) -> String {
    let mut out = format!(
        "<div class=\"learn-page\"><a class=\"link\" href=\"#{}\">← {}</a><h2 id=\"learn-title\" class=\"learn-title\" tabindex=\"-1\">{}</h2><dl class=\"glossary\">",
        Route::List.fragment(&learn.lessons),
        escape(words.get(key::LEARN_ALL)),
        escape(words.get(key::LEARN_GLOSSARY_TITLE))
    );
    let mut all: Vec<(String, String)> = Vec::new();
    for (number, lesson) in learn.lessons.iter().enumerate() {
        let place = Route::Lesson {
            lesson: number,
            screen: Screen::Step(0),
        };
        // Writing to a string cannot fail, here and below.
        for term in names(words, lesson) {
            if all.iter().any(|(known, _)| *known == term) {
                continue;
            }
            let mut first = String::new();
            let _ = write!(
                first,
                "<dd class=\"small\"><a href=\"#{}\">{}</a></dd>",
                place.fragment(&learn.lessons),
                escape(&words.say(
                    key::LEARN_LESSON_NUMBER,
                    &[("number", Value::Number(number as u64 + 1))]
                ))
            );
            all.push((term, first));
        }
    }
    let name = |(term, _): &(String, String)| message_text(words, &named(term)).to_lowercase();
    all.sort_by_key(name);
    for (term, first) in all {
        out.push_str(&entry(words, &term, &first));
    }
    out.push_str("</dl></div>");
    out
}

fn named(term: &str) -> String {
    format!("learn-term-{term}")
}

fn entry(words: &Words, term: &str, more: &str) -> String {
    let name = named(term);
    format!(
        "<div><dt>{}</dt><dd>{}</dd>{more}</div>",
        message_text(words, &name),
        message_text(words, &format!("{name}-is"))
    )
}

/// The words that a lesson links to.
fn names(words: &Words, it: &Lesson) -> Vec<String> {
    let mut texts = Vec::new();
    for step in &it.steps {
        texts.push(&step.text);
        if let Some(ask) = &step.ask {
            texts.push(&ask.question);
            texts.extend(ask.answers.iter().flat_map(|it| [&it.text, &it.feedback]));
        }
        texts.push(&step.after);
    }
    let mut names = Vec::new();
    for text in texts {
        for term in terms(message(words, text)) {
            if !names.contains(&term) {
                names.push(term);
            }
        }
    }
    names
}
