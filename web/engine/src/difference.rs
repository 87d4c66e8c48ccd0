//! The two records of a difference, as events to be put into words.

use udping_journal::parse_record;

use super::log::{Event, EventData};

/// The event that a record says, where it says one; it is no row of any run, so its index is none.
#[must_use]
pub fn event(record: &str) -> Option<Event> {
    let (record, _) = parse_record(record).ok()?;
    let seq = record.seq(|low| Some(low.into()));
    Some(Event {
        index: usize::MAX,
        at_ns: record.at_ns().unwrap_or(0),
        seq,
        probe: None,
        what: EventData::of(&record, seq)?,
        line: None,
        differs: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_says_its_event_and_what_is_none_says_nothing() {
        let lost = event(r#"{"lost":3,"at_ns":900,"deadline_ns":800}"#).unwrap();
        assert_eq!((lost.seq, lost.at_ns), (Some(3), 900));
        assert_eq!(lost.what, EventData::Lost { deadline_ns: 800 });
        assert_eq!(event(""), None);
        assert_eq!(event("{}"), None);
        assert_eq!(event("not a record"), None);
    }
}
