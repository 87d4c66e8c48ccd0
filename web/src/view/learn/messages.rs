//! Messages that have arrived, byte by byte, and what calls of a certain length get of them.
//!
//! Owns how that looks. What a call gets is the engine's to say.

use maud::{Markup, html};

use super::super::i18n::{Localization, Value, key};
use super::say;
use udping_engine::lesson::bytes::Call;
use udping_engine::lesson::scene::Stage;

/// Each lane's buffer, and the calls that empty it.
pub(super) fn draw(l10n: &Localization, stage: &Stage, at_ns: u64) -> Markup {
    html! {
        div class="learn-lists" {
            @for (lane, kind) in stage.scene.lanes.iter().enumerate() {
                div {
                    p { b { (l10n.get(say::lane(*kind))) } }
                    (buffer(&stage.messages(lane, at_ns)))
                    ol class="calls plain" {
                        @for call in stage.calls(lane, at_ns) { li { (returned(l10n, stage, lane, &call)) } }
                    }
                }
            }
        }
    }
}

/// The bytes as boxes, each message's of a shade of its own.
fn buffer(messages: &[String]) -> Markup {
    html! {
        p class="bytes mono" {
            @for message in messages {
                span class="bytes-of" {
                    @for letter in message.chars() {
                        span { @if letter == ' ' { "␣" } @else { (letter) } }
                    }
                }
            }
        }
    }
}

fn returned(l10n: &Localization, stage: &Stage, lane: usize, call: &Call) -> Markup {
    let name = if stage.is_stream(lane) {
        "recv"
    } else {
        "recvfrom"
    };
    html! {
        code { (name) "(" (stage.scene.room) ")" } " → "
        code { "b\"" (call.bytes) "\"" }
        @if !call.cut.is_empty() {
            " " span class="misleading" {
                (l10n.say(key::LEARN_CALL_CUT, &[("bytes", Value::Text(&call.cut))]))
            }
        }
        @if call.joined { " " span class="misleading" { (l10n.get(key::LEARN_CALL_JOINED)) } }
    }
}
