//! A step's program: drawn once, and its line that runs marked as time passes.
//!
//! Owns what is shown of it and given away as a file. Which line runs is the engine's to say.

use maud::{Markup, html};

use super::super::dom::{all, by_id};
use super::super::i18n::{Localization, Value, key};
use super::super::share;
use super::markup::put;
use super::playback::Playback;
use udping_engine::lesson::code::{self, Program, SyntaxKind};
use udping_engine::lesson::{Lesson, script_name};

/// The program with its lines.
pub(super) fn draw(l10n: &Localization, program: &Program) -> Markup {
    let new = program.new_lines();
    html! {
        figure class="program" id="learn-program" {
            figcaption {
                b class="mono" { (program.file) }
                span class="soft small" id="learn-line" {}
                (ways(l10n, &program.file))
            }
            pre tabindex="0" aria-label=(program.file) {
                @for (line, new) in program.source().lines().zip(new) {
                    span class={ "code-line" @if new { " new" } } {
                        @for (kind, piece) in code::pieces(line) {
                            @match class(kind) {
                                "" => (piece),
                                class => span class=(class) { (piece) },
                            }
                        }
                    }
                }
            }
            @if program.since.is_some() {
                p class="soft small" { (l10n.get(key::LEARN_CODE_NEW)) }
            }
        }
    }
}

/// Taking a file along: copied, or saved.
pub(super) fn ways(l10n: &Localization, file: &str) -> Markup {
    let name = [("name", Value::Text(file))];
    html! {
        span class="row" {
            @for (act, text, of) in [
                ("copy-file", key::LEARN_CODE_COPY, key::LEARN_CODE_COPY_OF),
                ("save-file", key::LEARN_CODE_SAVE, key::LEARN_CODE_SAVE_OF),
            ] {
                button type="button" class="btn small" data-learn=(act) data-value=(file)
                    aria-label=(l10n.say(of, &name)) { (l10n.get(text)) }
            }
        }
    }
}

const fn class(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::Plain => "",
        SyntaxKind::Keyword => "code-keyword",
        SyntaxKind::Text => "code-text",
        SyntaxKind::Value => "code-value",
        SyntaxKind::Comment => "code-comment",
    }
}

/// Marks the line that runs at the moment shown.
pub(super) fn mark(l10n: &Localization, program: &Program, playback: &Playback) {
    let now = program.line_at(&playback.stage, playback.at_ns);
    for (number, line) in all(&by_id("learn-room"), ".code-line").iter().enumerate() {
        // Elements of the page take any attribute.
        let _ = line.toggle_attribute_with_force("data-now", now == Some(number));
    }
    let said = now.map(|line| {
        let text = if program.waits(line) {
            key::LEARN_CODE_WAITS
        } else {
            key::LEARN_CODE_RUNS
        };
        l10n.say(text, &[("line", Value::Number(line as u64 + 1))])
    });
    put("learn-line", &html! { (said.unwrap_or_default()) });
}

/// Copies a file of the lessons.
pub(super) fn copy(file: &str) -> Option<String> {
    share::copy_text(code::source(file)?, key::LEARN_CODE_COPIED);
    None
}

/// Gives the reader a file of the lessons.
pub(super) fn save(l10n: &Localization, file: &str) -> Option<String> {
    let text = share::text_of(code::source(file)?, "text/plain");
    Some(share::save(l10n, key::LEARN_EXERCISE_SAVED, file, text))
}

/// How the reader's own client is tried under a lesson's script.
pub(super) fn own_client(l10n: &Localization, number: usize, lesson: &Lesson) -> Markup {
    let script = script_name(number);
    let lost: Vec<String> = lesson.own_client_loses.iter().map(u64::to_string).collect();
    let prints = if lost.is_empty() {
        l10n.get(key::LEARN_OWN_ALL).to_owned()
    } else {
        l10n.say(
            key::LEARN_OWN_LOST,
            &[("lost", Value::Text(&lost.join(", ")))],
        )
    };
    html! {
        h3 { (l10n.get(key::LEARN_OWN_TITLE)) }
        p { (l10n.get(key::LEARN_OWN_INTRO)) }
        ol class="commands" { li { code { "udping serve --script " (script) } } }
        p { (prints) }
        p class="soft small" { (l10n.get(key::LEARN_OWN_FILE)) }
        details {
            summary class="mono" { (script) }
            pre class="script" tabindex="0" aria-label=(script) { (code::source(&script).unwrap_or_default()) }
            (ways(l10n, &script))
        }
    }
}
