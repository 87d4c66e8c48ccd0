//! One mark an outcome: its shape in `index.html`, its class in `style.css`, its name.

use super::dom::Row;
use super::i18n::{Key, key};
use udping_engine::log::{EventData, Mark};

/// How something is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// The symbol, as a reference.
    pub(crate) symbol: &'static str,
    /// The class that colours it.
    pub(crate) class: &'static str,
}

impl Look {
    /// Marks a row.
    pub(crate) fn show(self, row: &mut Row) {
        row.part("mark").class(&["mark ", self.class].concat());
        row.part("symbol").set("href", self.symbol);
    }
}

/// The marks that the legend explains, in its order.
pub(crate) const LEGEND: [Mark; 6] = [
    Mark::InFlight,
    Mark::Replied,
    Mark::Lost,
    Mark::Late,
    Mark::Duplicate,
    Mark::Ignored,
];

/// All marks, for the help.
pub(crate) const ALL: [Mark; 9] = [
    Mark::InFlight,
    Mark::Replied,
    Mark::Lost,
    Mark::Late,
    Mark::Duplicate,
    Mark::Ignored,
    Mark::Refused,
    Mark::Unsent,
    Mark::Unknown,
];

/// The look of an outcome.
pub(crate) const fn look(mark: Mark) -> Look {
    let (symbol, class) = match mark {
        Mark::InFlight => ("#m-flight", "in-flight"),
        Mark::Replied => ("#m-replied", "replied"),
        Mark::Lost => ("#m-lost", "lost"),
        Mark::Late => ("#m-late", "late"),
        Mark::Duplicate => ("#m-duplicate", "duplicate"),
        Mark::Ignored => ("#m-ignored", "ignored"),
        Mark::Refused => ("#m-refused", "refused"),
        Mark::Unsent => ("#m-unsent", "unsent"),
        Mark::Unknown => ("#m-unknown", "unknown"),
    };
    Look { symbol, class }
}

/// The look of an event.
pub(crate) fn event_look(what: &EventData) -> Look {
    match what.mark() {
        Some(mark) => look(mark),
        None => match what {
            EventData::Reflected { .. } => Look {
                symbol: "#m-sent",
                class: "unknown",
            },
            EventData::Intervened { .. } => Look {
                symbol: "#m-act",
                class: "acted",
            },
            EventData::KernelRtt { .. } => Look {
                symbol: "#m-due",
                class: "unknown",
            },
            _ => Look {
                symbol: "#m-end",
                class: "unknown",
            },
        },
    }
}

/// The name of an outcome.
pub(crate) const fn name(mark: Mark) -> Key {
    match mark {
        Mark::InFlight => key::MARK_IN_FLIGHT,
        Mark::Replied => key::MARK_REPLIED,
        Mark::Lost => key::MARK_LOST,
        Mark::Late => key::MARK_LATE,
        Mark::Duplicate => key::MARK_DUPLICATE,
        Mark::Ignored => key::MARK_IGNORED,
        Mark::Refused => key::MARK_REFUSED,
        Mark::Unsent => key::MARK_UNSENT,
        Mark::Unknown => key::MARK_UNKNOWN,
    }
}
