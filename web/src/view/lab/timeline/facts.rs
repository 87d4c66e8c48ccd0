//! What is known of a probe, as facts with their names.
//!
//! Owns which facts there are and their order. Where they are shown, is others' to know.

use crate::view::i18n::{Key, Localization, Value, key};
use udping_engine::fsm::why;
use udping_engine::log::{Cursor, EventData, Symbol};
use udping_engine::run::Run;

/// What is known of a probe at a cursor, each with its name.
pub(super) fn facts(
    l10n: &Localization,
    run: &Run,
    probe: usize,
    cursor: Cursor,
) -> Vec<(&'static str, String)> {
    let Some(it) = run.probe(probe, cursor) else {
        return Vec::new();
    };
    let mut facts = Vec::new();
    let mut add = |name: Key, value: String| facts.push((l10n.get(name), value));
    let exchange = run.exchange_of(probe, cursor);
    if let Some(sent) = it.sent_ns {
        let name = if exchange.is_some() {
            key::FACT_T1
        } else {
            key::FACT_SENT
        };
        let late = sent.saturating_sub(it.due_ns);
        add(
            name,
            if late >= 1_000 && !run.beats() {
                let values = [("at", Value::Time(sent)), ("late", Value::Span(late))];
                l10n.say(key::FACT_SENT_AFTER, &values)
            } else {
                l10n.time(sent)
            },
        );
    }
    if let Some(exchange) = exchange {
        add(key::FACT_T2, l10n.time(exchange.reached));
        add(key::FACT_T3, l10n.time(exchange.answered));
        add(key::FACT_T4, l10n.time(exchange.arrived));
        let ways = [
            (
                "there",
                Value::Span(exchange.reached.saturating_sub(exchange.sent)),
            ),
            (
                "held",
                Value::Span(exchange.answered.saturating_sub(exchange.reached)),
            ),
            (
                "back",
                Value::Span(exchange.arrived.saturating_sub(exchange.answered)),
            ),
        ];
        add(key::FACT_WAYS, l10n.say(key::FACT_WAYS_VALUE, &ways));
    }
    if !run.beats() {
        let deadline = [
            ("at", Value::Time(it.deadline_ns)),
            ("span", Value::Span(run.header().timeout_ns)),
        ];
        add(
            key::FACT_DEADLINE,
            l10n.say(key::FACT_DEADLINE_VALUE, &deadline),
        );
    }
    let story = run.story(probe);
    let events = story.iter().filter(|event| **event < cursor.index);
    let events: Vec<_> = events.filter_map(|event| run.event(*event)).collect();
    if let Some(rtt) = it.rtt_ns {
        let span = [("span", Value::Span(rtt))];
        add(key::FACT_RTT, l10n.say(key::FACT_RTT_PROGRAM, &span));
    }
    for event in &events {
        match event.what {
            EventData::KernelRtt { kernel_ns } => {
                let span = [("span", Value::Span(kernel_ns))];
                add(key::FACT_RTT, l10n.say(key::FACT_RTT_KERNEL, &span));
            }
            EventData::Duplicate { rtt_ns } => {
                let span = [("span", Value::Span(rtt_ns))];
                add(key::FACT_AGAIN, l10n.say(key::FACT_AGAIN_VALUE, &span));
            }
            _ => {}
        }
    }
    let datagrams = run.datagrams(probe, cursor);
    let size = datagrams.first().map(|datagram| datagram.len as u64);
    if let Some(size) = size {
        add(
            key::FACT_SIZE,
            l10n.say(key::FACT_SIZE_VALUE, &[("bytes", Value::Count(size))]),
        );
    }
    if matches!(it.symbol, Some(Symbol::Replied | Symbol::Late)) {
        let verdict = if it.verified {
            key::FACT_VERIFIED
        } else {
            key::FACT_UNVERIFIED
        };
        add(key::FACT_BYTES, l10n.get(verdict).to_owned());
    }
    if let Some(line) = events.iter().rev().find_map(|event| event.line) {
        add(key::FACT_LINE, line.to_string());
    }
    facts
}

/// Why the last thing happened to a probe, in a sentence.
pub(super) fn reason(l10n: &Localization, run: &Run, probe: usize, cursor: Cursor) -> String {
    let events = run.story(probe).into_iter().rev();
    let told = events
        .filter(|event| *event < cursor.index)
        .filter(|event| {
            let what = run.event(*event).map(|event| event.what);
            !matches!(what, Some(EventData::KernelRtt { .. }) | None)
        });
    let mut reasons = told.filter_map(|event| why(run, event));
    reasons
        .next()
        .map_or_else(String::new, |why| l10n.tell(&why))
}
