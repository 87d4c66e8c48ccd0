//! Why requests are dropped, as people read it, and a log that nobody can flood.
//!
//! Owns the words. Whom they are about, and whether a reason holds, is the core's.

use std::fmt;

use udping_core::guard::DropReason;
use udping_core::time::ReflectorTime;

use crate::i18n::{Message, say};
use crate::throttle::Throttle;

/// The drops since the log last named each reason.
#[derive(Debug, Default)]
pub(super) struct DropLog([Throttle; DropReason::ALL.len()]);

impl DropLog {
    /// Counts a dropped request, and gives the line for the log if one is due: once a second
    /// at most for each reason, however many there are.
    pub(super) fn note(
        &mut self,
        now: ReflectorTime,
        from: impl fmt::Display,
        why: DropReason,
    ) -> Option<String> {
        let place = usize::from(why.code());
        let since = self.0.get_mut(place)?.due(now.as_nanos(), 1)?;
        let why = reason(why);
        Some(say::ServeDropped { from, why, since }.to_string())
    }
}

/// Why one request got no answer.
pub(super) fn reason(why: DropReason) -> Message {
    match why {
        DropReason::SourceAddress => say::DROP_SOURCE_ADDRESS,
        DropReason::NotAllowed => say::DROP_NOT_ALLOWED,
        DropReason::SystemPort => say::DROP_SYSTEM_PORT,
        DropReason::OwnPort => say::DROP_OWN_PORT,
        DropReason::ReflectorPort => say::DROP_REFLECTOR_PORT,
        DropReason::RateLimit => say::DROP_RATE_LIMIT,
        DropReason::TotalLimit => say::DROP_TOTAL_LIMIT,
        DropReason::EchoLoop => say::DROP_ECHO_LOOP,
        DropReason::Malformed => say::DROP_MALFORMED,
        DropReason::Unauthentic => say::DROP_UNAUTHENTIC,
        DropReason::ReplyShaped => say::DROP_REPLY_SHAPED,
        DropReason::SessionLimit => say::DROP_SESSION_LIMIT,
    }
}

/// How many requests were dropped for this reason, as people read it.
pub(super) fn counted(n: u64, why: DropReason) -> String {
    match why {
        DropReason::SourceAddress => say::DroppedSourceAddress { n }.to_string(),
        DropReason::NotAllowed => say::DroppedNotAllowed { n }.to_string(),
        DropReason::SystemPort => say::DroppedSystemPort { n }.to_string(),
        DropReason::OwnPort => say::DroppedOwnPort { n }.to_string(),
        DropReason::ReflectorPort => say::DroppedReflectorPort { n }.to_string(),
        DropReason::RateLimit => say::DroppedRateLimit { n }.to_string(),
        DropReason::TotalLimit => say::DroppedTotalLimit { n }.to_string(),
        DropReason::EchoLoop => say::DroppedEchoLoop { n }.to_string(),
        DropReason::Malformed => say::DroppedMalformed { n }.to_string(),
        DropReason::Unauthentic => say::DroppedUnauthentic { n }.to_string(),
        DropReason::ReplyShaped => say::DroppedReplyShaped { n }.to_string(),
        DropReason::SessionLimit => say::DroppedSessionLimit { n }.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // chronyd wrote a line for every packet that it refused.
    #[test]
    fn cve_2010_0294_a_reason_is_logged_once_a_second_with_what_was_left_out() {
        let mut log = DropLog::default();
        let mut note = |ms: u64, why| {
            let now = ReflectorTime::from_nanos(ms * 1_000_000);
            log.note(now, "192.0.2.1:5000", why)
        };
        assert!(note(0, DropReason::RateLimit).is_some());
        for ms in 1..1_000 {
            assert_eq!(note(ms, DropReason::RateLimit), None);
        }
        let line = note(1_000, DropReason::RateLimit).unwrap();
        assert!(line.contains("(1000 since"), "{line}");
        assert!(
            note(1_000, DropReason::EchoLoop).is_some(),
            "another reason"
        );
    }

    #[test]
    fn every_reason_has_a_line_and_a_count_of_its_own_and_is_in_the_documents() {
        let page = include_str!("../../../docs/reflector.md");
        let mut said = std::collections::BTreeSet::new();
        for why in DropReason::ALL {
            assert!(said.insert(reason(why).text()), "{why:?}");
            let counted = counted(7, why);
            let kind = counted.strip_prefix("7 dropped ").unwrap();
            assert!(page.contains(&format!("*{kind}*")), "{kind}");
        }
    }
}
