//! What befell a recorded run from outside, as a message.
//!
//! Owns which message says what. What it was, the journal says.

use udping_journal::{Befallen, Note};

use super::message::{Arg, Message};

/// The explanation of an event; what it says more exactly is in the journal's `note`.
pub(super) fn message(what: Befallen, note: Option<&Note>) -> Message {
    let span = note.and_then(|note| note.for_ns).unwrap_or(0);
    let by = note.and_then(|note| note.by_ns).unwrap_or(0);
    let lasting = |id| Message::new(id).with("span", Arg::Span(span));
    let text = |text: Option<&String>| Arg::Text(text.cloned().unwrap_or_default());
    match what {
        Befallen::Stopped => lasting("why-befell-stopped"),
        Befallen::Stalled => lasting("why-befell-stalled"),
        Befallen::Slept => lasting("why-befell-slept"),
        Befallen::ClockSet => Message::new(if by < 0 {
            "why-befell-clock-back"
        } else {
            "why-befell-clock-ahead"
        })
        .with("span", Arg::Span(by.unsigned_abs())),
        Befallen::Moved => Message::new("why-befell-moved")
            .with("address", text(note.and_then(|note| note.address.as_ref()))),
        Befallen::NetworkDown => Message::new("why-befell-network-down")
            .with("error", text(note.and_then(|note| note.error.as_ref()))),
        Befallen::NetworkUp => lasting("why-befell-network-up"),
        _ => Message::new("why-befell-otherwise"),
    }
}
