//! The verdicts as pages: one for each submission, printable, in both languages, and one for a
//! class that leads to them. Each is a file by itself.
//!
//! Owns the pages. What they say is the catalogue's.

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::i18n::{Message, say};
use crate::visible;

use super::assignment::Assignment;
use super::bug::Bug;
use super::formats::score;
use super::show::unjudged;
use super::verdict::{Report, Result, Verdict};

const STYLE: &str = "\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 80rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
h2 { font-size: 1.1rem }
section { margin-bottom: 3rem }
table { border-collapse: collapse; width: 100% }
td, th { border: 1px solid #8888; padding: .3rem .6rem; text-align: left; vertical-align: top }
code, pre { white-space: pre-wrap; overflow-wrap: anywhere }
pre { font-size: .85rem; line-height: 1.3 }
summary { cursor: pointer }
.wrong { border-left: 4px solid #c33; padding-left: 1rem; margin-bottom: 2rem; break-inside: avoid }
@media print { section + section { break-before: page } }
";

const LANGUAGES: [&str; 2] = ["en", "pt-BR"];

/// How many lines of what a program printed in one scenario are shown.
const MOST_LINES: usize = 100;

/// The page of a report.
pub(super) fn page(report: &Report, assignment: &Assignment) -> String {
    let sections = html! {
        @for language in 0..LANGUAGES.len() {
            (section(report, assignment, language))
        }
        section { (printed(report)) }
    };
    document("udping grade", &sections)
}

fn document(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(LANGUAGES[0]) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    };
    page.into_string()
}

/// The verdicts in one of the languages.
fn section(report: &Report, assignment: &Assignment, language: usize) -> Markup {
    let said = |message: Message| message.both()[language];
    let word = match report.passed() {
        Some(true) => say::GRADE_PASSED,
        Some(false) => say::GRADE_FAILED,
        None => say::GRADE_NOTHING,
    };
    let (got, most) = score(report, assignment);
    let verdicts = report.verdicts();
    let bugs: BTreeSet<Bug> = verdicts.iter().map(|it| it.finding.bug).collect();
    html! {
        section lang=(LANGUAGES[language]) {
            h1 { (said(word).trim_end_matches(':')) }
            p { code { (visible(&report.command)) } }
            @if report.passed().is_some() {
                p { (said(say::GRADE_POINTS)) ": " (got) "/" (most) }
            }
            @for bug in bugs {
                @let shown: Vec<_> = verdicts.iter().filter(|it| it.finding.bug == bug).collect();
                (found(bug, &shown, said))
            }
            table {
                @for result in &report.results {
                    tr {
                        th { (result.scenario) }
                        td { (said(state(report, result))) }
                        td {
                            @for why in &result.judged.unjudged { div { (said(unjudged(*why))) } }
                        }
                    }
                }
            }
        }
    }
}

/// What is said of a scenario, in a word.
fn state(report: &Report, result: &Result) -> Message {
    if !result.passed(&report.advice) {
        say::GRADE_WRONG
    } else if result.judged.lines + result.judged.figures == 0 {
        say::GRADE_UNJUDGED
    } else {
        say::GRADE_RIGHT
    }
}

/// A bug, and where it showed, as `said` says it.
fn found(bug: Bug, shown: &[&Verdict<'_>], said: impl Fn(Message) -> &'static str) -> Markup {
    let [seen, wanted] = bug.evidence().titles();
    let advice = shown.iter().all(|it| !it.counts);
    html! {
        div.wrong {
            h2 {
                (said(bug.title()))
                @if advice { " (" (said(say::GRADE_ADVICE)) ")" }
            }
            p { (said(bug.why())) " [" (bug.id()) "]" }
            @if let Some(lesson) = bug.lesson() {
                p { (said(say::GRADE_LESSON_TITLE)) ": udping view, " (lesson) }
            }
            table {
                tr { th {} th { "#" } th { (said(seen)) } th { (said(wanted)) } }
                @for verdict in shown {
                    @let (finding, scenario) = (verdict.finding, verdict.scenario);
                    tr {
                        td { a href={ "#" (scenario) } { (scenario) } }
                        td { @if let Some(ping) = finding.ping { (ping) } }
                        td { code { (visible(&finding.printed)) } }
                        td { code { (visible(&finding.truth)) } }
                    }
                }
            }
        }
    }
}

/// What the program printed in each scenario, and how it ended; at once to be seen where
/// something is wrong.
fn printed(report: &Report) -> Markup {
    let [english, portuguese] = say::GRADE_OUTPUT.both();
    html! {
        h1 { (english) " · " span lang=(LANGUAGES[1]) { (portuguese) } }
        @for result in &report.results {
            @let output = &result.seen.output;
            details id=(result.scenario) open[!result.passed(&report.advice)] {
                summary { (result.scenario) }
                pre {
                    @for line in output.iter().take(MOST_LINES) {
                        (visible(&line.text.replace('\t', "    "))) "\n"
                    }
                    @if output.len() > MOST_LINES { "…" }
                }
                p { (result.seen.end.status().unwrap_or_default()) }
            }
        }
    }
}

/// The page of a class, of these columns: each row begins with a submission's name, which leads
/// to its page.
pub(super) fn class<const N: usize>(columns: [Message; N], rows: &[[String; N]]) -> String {
    let table = html! {
        table {
            tr {
                @for column in columns {
                    @let [english, portuguese] = column.both();
                    th { (english) br; span lang=(LANGUAGES[1]) { (portuguese) } }
                }
            }
            @for row in rows {
                tr {
                    @for (column, cell) in row.iter().enumerate() {
                        @if column == 0 {
                            @let file = utf8_percent_encode(cell, NON_ALPHANUMERIC);
                            th { a href={ (file) ".html" } { (visible(cell)) } }
                        } @else {
                            td { (visible(cell)) }
                        }
                    }
                }
            }
        }
    };
    document("udping grade class", &table)
}
