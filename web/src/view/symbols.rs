//! One symbol an outcome: its shape in `index.html`, its class in `style.css`, its name.

use super::dom::Row;
use super::i18n::{Key, key};
use udping_engine::log::{EventData, Symbol};

/// How a symbol looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Its shape, as a reference into `index.html`.
    pub(crate) shape: &'static str,
    /// The class that colours it.
    pub(crate) class: &'static str,
}

impl Look {
    /// Shows it in a row.
    pub(crate) fn show(self, row: &mut Row) {
        row.part("symbol").class(&["symbol ", self.class].concat());
        row.part("shape").set("href", self.shape);
    }
}

/// The symbols that the legend explains, in its order.
pub(crate) const LEGEND: [Symbol; 6] = [
    Symbol::InFlight,
    Symbol::Replied,
    Symbol::Lost,
    Symbol::Late,
    Symbol::Duplicate,
    Symbol::Ignored,
];

/// The look of an outcome.
pub(crate) const fn look(symbol: Symbol) -> Look {
    let (shape, class) = match symbol {
        Symbol::InFlight => ("#sym-flight", "in-flight"),
        Symbol::Replied => ("#sym-replied", "replied"),
        Symbol::Lost => ("#sym-lost", "lost"),
        Symbol::Late => ("#sym-late", "late"),
        Symbol::Duplicate => ("#sym-duplicate", "duplicate"),
        Symbol::Ignored => ("#sym-ignored", "ignored"),
        Symbol::Refused => ("#sym-refused", "refused"),
        Symbol::Unsent => ("#sym-unsent", "unsent"),
        Symbol::Unknown => ("#sym-unknown", "unknown"),
    };
    Look { shape, class }
}

/// The look of an event.
pub(crate) fn event_look(what: &EventData) -> Look {
    match what.symbol() {
        Some(symbol) => look(symbol),
        None => match what {
            EventData::Reflected { .. } => Look {
                shape: "#sym-sent",
                class: "unknown",
            },
            EventData::Intervened { .. } => Look {
                shape: "#sym-act",
                class: "acted",
            },
            EventData::KernelRtt { .. } => Look {
                shape: "#sym-due",
                class: "unknown",
            },
            // The others have symbols of their own, or are an end of something.
            EventData::Sent { .. }
            | EventData::Unanswered { .. }
            | EventData::Dropped { .. }
            | EventData::Replied { .. }
            | EventData::Late { .. }
            | EventData::Duplicate { .. }
            | EventData::Ignored(_)
            | EventData::Lost { .. }
            | EventData::Missed { .. }
            | EventData::Refused { .. }
            | EventData::Unsent
            | EventData::Stopped(_)
            | EventData::Done
            | EventData::Gap { .. }
            | EventData::Heard { .. }
            | EventData::Silent { .. }
            | EventData::Received { .. }
            | EventData::Answered { .. }
            | EventData::NotAnswered(_)
            | EventData::Transmitted
            | EventData::Incident(_) => Look {
                shape: "#sym-end",
                class: "unknown",
            },
        },
    }
}

/// The name of an outcome.
pub(crate) const fn name(symbol: Symbol) -> Key {
    match symbol {
        Symbol::InFlight => key::OUTCOME_IN_FLIGHT,
        Symbol::Replied => key::OUTCOME_REPLIED,
        Symbol::Lost => key::OUTCOME_LOST,
        Symbol::Late => key::OUTCOME_LATE,
        Symbol::Duplicate => key::OUTCOME_DUPLICATE,
        Symbol::Ignored => key::OUTCOME_IGNORED,
        Symbol::Refused => key::OUTCOME_REFUSED,
        Symbol::Unsent => key::OUTCOME_UNSENT,
        Symbol::Unknown => key::OUTCOME_UNKNOWN,
    }
}
