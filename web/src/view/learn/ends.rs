//! What is inside the ends of each lane: what is waited for, what lies in the sockets' buffers, what
//! the server has, what was printed, what the clocks say.
//!
//! Owns how it is drawn, under the lanes and as wide as they are. What it is, the engine says.

use maud::{Markup, html};

use super::super::dom::tenths;
use super::super::i18n::{Key, Localization, Value, key};
use super::say;
use udping_engine::lesson::ends::{Clocks, Wait};
use udping_engine::lesson::scene::Stage;
use udping_engine::lesson::track::Flight;
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
            // A client that hears of nothing prints nothing.
            @let prints = track.moments.iter().any(|it| it.by == Side::Client);
            div class="ends" {
                @if prints { div class="printed" {
                    span class="soft" { (l10n.get(key::LEARN_PRINTED)) }
                    @for line in printed.iter().skip(printed.len().saturating_sub(LINES)) {
                        code { (line) }
                    }
                    @if printed.is_empty() { span class="soft" { "–" } }
                } }
                @for wait in ends.waits.iter().take(WAITS) { (bar(l10n, *wait, at_ns)) }
                @if let Some(buffers) = &ends.buffers {
                    div class="buffers" {
                        (buffer(l10n, key::LEARN_BUFFER_CLIENT, &buffers.client))
                        (buffer(l10n, key::LEARN_BUFFER_SERVER, &buffers.server))
                    }
                }
                @if let Some(clocks) = stage.clocks(lane, at_ns) { (self::clocks(l10n, clocks)) }
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

/// A socket's buffer as a box, with the datagrams in it.
fn buffer(l10n: &Localization, name: Key, datagrams: &[Flight]) -> Markup {
    html! {
        div class="buffer" {
            span class="soft" { (l10n.get(name)) }
            @if datagrams.is_empty() { span class="soft none" { (l10n.get(key::LEARN_BUFFER_EMPTY)) } }
            @for datagram in datagrams { code { (say::flight(l10n, datagram)) } }
        }
    }
}

/// The client's two clocks side by side, and the time that passed by each.
fn clocks(l10n: &Localization, clocks: Clocks) -> Markup {
    let sent = [("number", Value::Number(clocks.number))];
    let rows = [
        ("time.monotonic()", clocks.monotonic, ""),
        (
            "time.time()",
            clocks.wall,
            if clocks.wall.1 - clocks.wall.0 == clocks.monotonic.1 - clocks.monotonic.0 {
                ""
            } else {
                "misleading"
            },
        ),
    ];
    html! {
        table class="plainly clocks" {
            thead { tr {
                th scope="col" { (l10n.get(key::LEARN_CLOCK)) }
                th scope="col" { (l10n.say(key::LEARN_CLOCK_SENT, &sent)) }
                th scope="col" { (l10n.get(key::LEARN_CLOCK_NOW)) }
                th scope="col" { (l10n.get(key::LEARN_CLOCK_PASSED)) }
            } }
            tbody {
                @for (name, (from, until), class) in rows {
                    tr class=(class) {
                        th scope="row" { code { (name) } }
                        td class="mono" { (l10n.signed_span(from)) }
                        td class="mono" { (l10n.signed_span(until)) }
                        td class="mono" { (l10n.signed_span(until - from)) }
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
