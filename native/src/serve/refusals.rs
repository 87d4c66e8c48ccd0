//! Refusals in words, and a log of them that nobody can flood.

use std::fmt;
use std::time::Duration;

use udping_core::guard::Refusal;
use udping_core::time::ReflectorTime;

/// How often the log names a reason again.
const LOG_INTERVAL: Duration = Duration::from_secs(1);

/// The refusals since the log last named each reason.
#[derive(Debug, Default)]
pub(super) struct Refusals([Unsaid; Refusal::ALL.len()]);

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
        why: Refusal,
    ) -> Option<String> {
        let place = Refusal::ALL.iter().position(|reason| *reason == why)?;
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
        Some(format!(
            "no answer to {from}: {} ({since} such since the last line)",
            reason(why)
        ))
    }
}

/// Why one request got no answer.
pub(super) fn reason(why: Refusal) -> &'static str {
    match why {
        Refusal::SourceAddress => "its source is no host's address",
        Refusal::NotAllowed => "its source is not in an allowed network",
        Refusal::SystemPort => "its source port is 0 or a system port",
        Refusal::OwnPort => "its source port is our own",
        Refusal::ReflectorPort => "its source port is a reflector's",
        Refusal::RateLimit => "its source is over the rate limit",
        Refusal::TotalLimit => "all sources together are over the limit",
        Refusal::EchoLoop => "our own reply keeps coming back",
        Refusal::Malformed => "it is not a request of this wire",
        Refusal::Unauthentic => "it is not authenticated with our key",
        Refusal::ReplyShaped => "it has the shape of a reply",
        Refusal::SessionLimit => "there are too many sessions",
        _ => "a rule forbids it",
    }
}

/// What requests refused for this reason are called where they are counted.
pub(super) fn counted(why: Refusal) -> &'static str {
    match why {
        Refusal::SourceAddress => "refused as from no host's address",
        Refusal::NotAllowed => "refused as from a network that is not allowed",
        Refusal::SystemPort => "refused for their source port",
        Refusal::OwnPort => "refused as coming from our own port",
        Refusal::ReflectorPort => "refused as coming from a reflector's port",
        Refusal::RateLimit => "refused by the rate limit",
        Refusal::TotalLimit => "refused by the limit for all sources",
        Refusal::EchoLoop => "refused as our own replies coming back",
        Refusal::Malformed => "refused as no requests of this wire",
        Refusal::Unauthentic => "refused as not authenticated",
        Refusal::ReplyShaped => "refused as replies",
        Refusal::SessionLimit => "refused for want of room for their session",
        _ => "refused by a rule",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_logged_once_a_second_with_what_was_left_out() {
        let mut refusals = Refusals::default();
        let mut note = |ms: u64, why| {
            let now = ReflectorTime::from_nanos(ms * 1_000_000);
            refusals.note(now, "192.0.2.1:5000", why)
        };
        assert!(note(0, Refusal::RateLimit).is_some());
        for ms in 1..1_000 {
            assert_eq!(note(ms, Refusal::RateLimit), None);
        }
        let line = note(1_000, Refusal::RateLimit).unwrap();
        assert!(line.contains("(1000 such since"), "{line}");
        assert!(note(1_000, Refusal::EchoLoop).is_some(), "another reason");
    }
}
