//! The words that lessons explain: those of one, and all of them.
//!
//! Owns which words are a lesson's: those that its prose links to, in that order.

use maud::{Markup, html};

use super::super::i18n::{Localization, key};
use super::Learn;
use super::markup::{heading, message, said, terms};
use super::screens::{back, lesson_number};
use udping_engine::lesson::Lesson;
use udping_engine::lesson::route::{Route, Screen};
use udping_engine::lesson::values::Values;

/// The words of a lesson, with a heading; nothing if it has none.
pub(super) fn of(l10n: &Localization, lesson: &Lesson) -> Markup {
    let terms = names(l10n, lesson);
    html! {
        @if !terms.is_empty() {
            h3 { (l10n.get(key::LEARN_GLOSSARY)) }
            dl class="glossary" { @for term in &terms { div { (entry(l10n, term)) } } }
        }
    }
}

/// The page of all words, in alphabetical order, each with the lesson that explains it first.
pub(super) fn draw(l10n: &Localization, learn: &Learn) -> Markup {
    let mut all: Vec<(String, usize)> = Vec::new();
    for (lesson, it) in learn.lessons.iter().enumerate() {
        for term in names(l10n, it) {
            if !all.iter().any(|(known, _)| *known == term) {
                all.push((term, lesson));
            }
        }
    }
    all.sort_by_cached_key(|(term, _)| message(l10n, &format!("learn-term-{term}")).to_lowercase());
    html! {
        div class="learn-page" {
            (back(l10n, learn))
            (heading(l10n.get(key::LEARN_GLOSSARY_TITLE)))
            dl class="glossary" {
                @for (term, lesson) in &all {
                    @let route = Route::Lesson { lesson: *lesson, screen: Screen::Step(0) };
                    div {
                        (entry(l10n, term))
                        dd class="small" {
                            a href={ "#" (route.fragment(&learn.lessons)) } {
                                (lesson_number(l10n, *lesson))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn entry(l10n: &Localization, term: &str) -> Markup {
    html! {
        dt { (message(l10n, &format!("learn-term-{term}"))) }
        dd { (message(l10n, &format!("learn-term-{term}-is"))) }
    }
}

/// The words that a lesson links to.
fn names(l10n: &Localization, it: &Lesson) -> Vec<String> {
    let mut texts = Vec::new();
    for step in &it.steps {
        texts.push(&step.text);
        if let Some(question) = &step.question {
            texts.push(&question.text);
            texts.extend(
                question
                    .answers
                    .iter()
                    .flat_map(|it| [&it.text, &it.feedback]),
            );
        }
        texts.push(&step.after);
    }
    let mut names = Vec::new();
    for text in texts {
        for term in terms(&said(l10n, text, &Values::default())) {
            if !names.contains(&term) {
                names.push(term);
            }
        }
    }
    names
}
