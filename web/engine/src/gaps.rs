//! Where nothing happens: no event, and no arrow to draw.

use super::log::{EventKind, Log, Symbol, index, index_u32};
use super::server_side::ServerSide;

/// Stretches of idle time, in order, none shorter than ten microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gaps(pub(crate) Vec<(u64, u64)>, Final);

/// As far as nothing that may still come changes anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Final {
    stretches: usize,
    events: usize,
    flights: usize,
    busy_until: u64,
}

/// Shorter ones are not worth a mark at any zoom.
const SHORTEST_NS: u64 = 10_000;

impl Gaps {
    /// Takes in what `log` has gained since the last time. What was sent before `final_ns` is
    /// settled.
    pub(crate) fn grow(&mut self, log: &Log, server: Option<&ServerSide>, final_ns: u64) {
        let Self(stretches, known) = self;
        stretches.truncate(known.stretches);
        let (mut busy_until, mut flight) = (known.busy_until, known.flights);
        for (event, &at) in log.events.at.iter().enumerate().skip(known.events) {
            if at < final_ns {
                *known = Final {
                    stretches: stretches.len(),
                    events: event,
                    flights: flight,
                    busy_until,
                };
            }
            if at.saturating_sub(busy_until) >= SHORTEST_NS {
                stretches.push((busy_until, at));
            }
            busy_until = busy_until.max(at).max(answered_at(log, event));
            let left = || server?.left_by(log.seq(event)?);
            if log
                .code(event)
                .is_some_and(|code| code.kind() == EventKind::Sent)
            {
                busy_until = busy_until.max(left().unwrap_or(0));
            }
            while log.flights.launched.get(flight) == Some(&index_u32(event)) {
                let until = log.flights.until.get(flight).copied().unwrap_or(0);
                busy_until = busy_until.max(until);
                flight += 1;
            }
        }
    }
}

/// When the probe that an event sends is answered; 0 if it is not, or where the flights
/// say it better.
fn answered_at(log: &Log, event: usize) -> u64 {
    let sends = log
        .code(event)
        .is_some_and(|code| code.kind() == EventKind::Sent);
    if !sends || log.flights.len() > 0 {
        return 0;
    }
    let answer = || {
        let probe = index(*log.events.probe.get(event)?)?;
        let all = log.events.at.len();
        match log.symbol(probe, all)? {
            Symbol::Late => log.late_by(probe, all),
            Symbol::Replied | Symbol::Refused => log.settled_by(probe, all),
            _ => None,
        }
    };
    answer()
        .and_then(|event| log.events.at.get(event).copied())
        .unwrap_or(0)
}
