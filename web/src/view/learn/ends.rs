//! What is inside the ends of each lane: what is waited for, what the server has, what was printed.
//!
//! Owns how it is drawn, under the lanes and as wide as they are. What it is, the engine says.

use maud::{Markup, html};

use super::super::dom::tenths;
use super::super::i18n::{Localization, Value, key};
use super::say;
use udping_engine::lesson::ends::Wait;
use udping_engine::lesson::scene::Stage;
use udping_sim::Side;

/// How many of the last lines that a program printed are shown.
const LINES: usize = 3;
/// How many waits have room.
const WAITS: usize = 3;

/// The ends of all lanes at a moment.
pub(super) fn draw(l10n: &Localization, stage: &Stage, at_ns: u64) -> Markup {
    html! {
        @for (lane, track) in stage.tracks.iter().enumerate() {
            @let ends = stage.ends(lane, at_ns);
            @let printed: Vec<String> = track
                .moments
                .iter()
                .take_while(|it| it.at_ns <= at_ns && it.by == Side::Client)
                .map(|it| say::note(l10n, it.note, it.member).0)
                .collect();
            div class="ends" {
                div class="printed" {
                    span class="soft" { (l10n.get(key::LEARN_PRINTED)) }
                    @for line in printed.iter().skip(printed.len().saturating_sub(LINES)) {
                        code { (line) }
                    }
                }
                @for wait in ends.waits.iter().take(WAITS) { (bar(l10n, *wait, at_ns)) }
                @if !ends.held.is_empty() {
                    div class="held" {
                        span class="soft" { (l10n.get(key::LEARN_HELD)) }
                        @for flight in &ends.held { code { (say::flight(l10n, flight)) } }
                    }
                }
            }
        }
    }
}

/// A wait as a bar that shrinks, with what is left of it.
fn bar(l10n: &Localization, wait: Wait, at_ns: u64) -> Markup {
    let name = wait
        .member
        .map_or_else(|| wait.number.to_string(), say::letter);
    let Some(until_ns) = wait.until_ns else {
        let args = [("name", Value::Text(&name))];
        return html! {
            div class="wait" { span class="soft" { (l10n.say(key::LEARN_WAITS_FOREVER, &args)) } }
        };
    };
    let left_ns = until_ns.saturating_sub(at_ns);
    let whole_ns = until_ns.saturating_sub(wait.from_ns).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a part of a bar")]
    let part = 100.0 * left_ns as f64 / whole_ns as f64;
    let args = [("name", Value::Text(&name)), ("left", Value::Span(left_ns))];
    html! {
        div class="wait" {
            span class="soft" { (l10n.say(key::LEARN_WAITS, &args)) }
            svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                rect class="whole" width="100" height="6" {}
                rect class="left" width=(tenths(part)) height="6" {}
            }
        }
    }
}
