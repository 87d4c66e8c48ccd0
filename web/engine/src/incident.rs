//! The incidents of a recorded run, as messages.
//!
//! Owns which message says what. What it was, the journal says.

use udping_journal::{Incident, IncidentKind};

use super::message::{Arg, Message};

/// The explanation of an event; what it says more exactly is in the journal's record.
pub(super) fn message(what: IncidentKind, incident: Option<&Incident>) -> Message {
    let span = incident.and_then(|incident| incident.for_ns).unwrap_or(0);
    let by = incident.and_then(|incident| incident.by_ns).unwrap_or(0);
    let lasting = |id| Message::new(id).with("span", Arg::Span(span));
    let text = |text: Option<&String>| Arg::Text(text.cloned().unwrap_or_default());
    match what {
        IncidentKind::Stopped => lasting("why-incident-stopped"),
        IncidentKind::Stalled => lasting("why-incident-stalled"),
        IncidentKind::Slept => lasting("why-incident-slept"),
        IncidentKind::ClockSet => Message::new(if by < 0 {
            "why-incident-clock-back"
        } else {
            "why-incident-clock-ahead"
        })
        .with("span", Arg::Span(by.unsigned_abs())),
        IncidentKind::Moved => Message::new("why-incident-moved").with(
            "address",
            text(incident.and_then(|incident| incident.address.as_ref())),
        ),
        IncidentKind::MovedTarget => Message::new("why-incident-moved-target").with(
            "address",
            text(incident.and_then(|incident| incident.address.as_ref())),
        ),
        IncidentKind::NextAddress => {
            let of = |it: fn(&Incident) -> &Option<String>| {
                text(incident.and_then(|incident| it(incident).as_ref()))
            };
            Message::new("why-incident-next-address")
                .with("address", of(|it| &it.address))
                .with("old", of(|it| &it.old_address))
                .with("error", of(|it| &it.error))
        }
        IncidentKind::NetworkDown => Message::new("why-incident-network-down").with(
            "error",
            text(incident.and_then(|incident| incident.error.as_ref())),
        ),
        IncidentKind::NetworkUp => lasting("why-incident-network-up"),
        IncidentKind::Waited => lasting("why-incident-waited"),
        IncidentKind::Other => Message::new("why-incident-otherwise"),
    }
}
