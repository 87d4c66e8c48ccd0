//! Refusals in words, and a log of them that nobody can flood.

use std::fmt;
use std::time::Duration;

use udping_core::guard::DropReason;
use udping_core::time::ReflectorTime;

use crate::i18n::{Message, say};

/// How often the log names a reason again.
const LOG_INTERVAL: Duration = Duration::from_secs(1);

/// The refusals since the log last named each reason.
#[derive(Debug, Default)]
pub(super) struct Refusals([Unsaid; DropReason::ALL.len()]);

#[derive(Debug, Default)]
struct Unsaid {
    logged: Option<ReflectorTime>,
    since: u64,
}

impl Refusals {
    /// Counts a refusal, and gives the line for the log if one is due: once a second
    /// at most for each reason, however many there are.
    pub(super) fn note(
        &mut self,
        now: ReflectorTime,
        from: impl fmt::Display,
        why: DropReason,
    ) -> Option<String> {
        let place = DropReason::ALL.iter().position(|reason| *reason == why)?;
        let unsaid = self.0.get_mut(place)?;
        unsaid.since += 1;
        let due = unsaid
            .logged
            .is_none_or(|logged| now >= logged.saturating_add(LOG_INTERVAL));
        if !due {
            return None;
        }
        let since = std::mem::take(&mut unsaid.since);
        unsaid.logged = Some(now);
        let why = reason(why);
        Some(say::ServeRefused { from, why, since }.to_string())
    }
}

/// Why one request got no answer.
pub(super) fn reason(why: DropReason) -> Message {
    match why {
        DropReason::SourceAddress => say::REFUSAL_SOURCE_ADDRESS,
        DropReason::NotAllowed => say::REFUSAL_NOT_ALLOWED,
        DropReason::SystemPort => say::REFUSAL_SYSTEM_PORT,
        DropReason::OwnPort => say::REFUSAL_OWN_PORT,
        DropReason::ReflectorPort => say::REFUSAL_REFLECTOR_PORT,
        DropReason::RateLimit => say::REFUSAL_RATE_LIMIT,
        DropReason::TotalLimit => say::REFUSAL_TOTAL_LIMIT,
        DropReason::EchoLoop => say::REFUSAL_ECHO_LOOP,
        DropReason::Malformed => say::REFUSAL_MALFORMED,
        DropReason::Unauthentic => say::REFUSAL_UNAUTHENTIC,
        DropReason::ReplyShaped => say::REFUSAL_REPLY_SHAPED,
        DropReason::SessionLimit => say::REFUSAL_SESSION_LIMIT,
        _ => say::REFUSAL_OTHERWISE,
    }
}

/// How many requests were refused for this reason, in words.
pub(super) fn counted(n: u64, why: DropReason) -> String {
    match why {
        DropReason::SourceAddress => say::RefusedSourceAddress { n }.to_string(),
        DropReason::NotAllowed => say::RefusedNotAllowed { n }.to_string(),
        DropReason::SystemPort => say::RefusedSystemPort { n }.to_string(),
        DropReason::OwnPort => say::RefusedOwnPort { n }.to_string(),
        DropReason::ReflectorPort => say::RefusedReflectorPort { n }.to_string(),
        DropReason::RateLimit => say::RefusedRateLimit { n }.to_string(),
        DropReason::TotalLimit => say::RefusedTotalLimit { n }.to_string(),
        DropReason::EchoLoop => say::RefusedEchoLoop { n }.to_string(),
        DropReason::Malformed => say::RefusedMalformed { n }.to_string(),
        DropReason::Unauthentic => say::RefusedUnauthentic { n }.to_string(),
        DropReason::ReplyShaped => say::RefusedReplyShaped { n }.to_string(),
        DropReason::SessionLimit => say::RefusedSessionLimit { n }.to_string(),
        _ => say::RefusedOtherwise { n }.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // chronyd wrote a line for every packet that it refused.
    #[test]
    fn cve_2010_0294_a_reason_is_logged_once_a_second_with_what_was_left_out() {
        let mut refusals = Refusals::default();
        let mut note = |ms: u64, why| {
            let now = ReflectorTime::from_nanos(ms * 1_000_000);
            refusals.note(now, "192.0.2.1:5000", why)
        };
        assert!(note(0, DropReason::RateLimit).is_some());
        for ms in 1..1_000 {
            assert_eq!(note(ms, DropReason::RateLimit), None);
        }
        let line = note(1_000, DropReason::RateLimit).unwrap();
        assert!(line.contains("(1000 such since"), "{line}");
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
            assert_ne!(reason(why), say::REFUSAL_OTHERWISE, "{why:?}");
            assert!(said.insert(reason(why).text()), "{why:?}");
            let counted = counted(7, why);
            let kind = counted.strip_prefix("7 refused ").unwrap();
            assert!(page.contains(&format!("*{kind}*")), "{kind}");
        }
    }
}
