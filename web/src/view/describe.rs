//! Events, packets and schedules in words.
//!
//! Owns which message says what of them. Touches no element.

use std::time::Duration;

use udping_core::event::Ignored;
use udping_journal::{Action, Intervention};
use udping_journal::{Header, ScheduleSpec, StopReason};
use udping_link::Direction;

use super::i18n::{Key, Localization, Value, key};
use udping_engine::difference;
use udping_engine::foreign::visible;
use udping_engine::fsm::why;
use udping_engine::log::{Event, EventData, Flight};
use udping_engine::run::Run;

/// What an event's row says beyond its time, probe and name.
pub(crate) fn detail(l10n: &Localization, run: &Run, event: &Event) -> String {
    let span = |span_ns| [("span", Value::Span(span_ns))];
    let mut text = match event.what {
        EventData::Sent { due_ns } => match run.lateness(event.index) {
            // Less is not seen, however finely times are shown.
            Some(late) if late >= Duration::from_micros(1) => {
                l10n.say(key::DETAIL_DUE_LATE, &[("at", Value::Time(due_ns))])
            }
            Some(_) | None => String::new(),
        },
        EventData::Received { loss: true } => l10n.get(key::DETAIL_DROPPED_REQUEST).to_owned(),
        EventData::Answered { loss: true } => l10n.get(key::DETAIL_DROPPED_REPLY).to_owned(),
        EventData::NotAnswered(_) => {
            why(run, event.index).map_or_else(String::new, |why| l10n.tell(&why))
        }
        EventData::Received { loss: false }
        | EventData::Answered { loss: false }
        | EventData::Transmitted
        | EventData::Reflected { .. }
        | EventData::Unanswered { .. }
        | EventData::Unsent
        | EventData::Done => String::new(),
        EventData::Dropped { flight } => {
            let way = run
                .flight(flight, run.after(event.index))
                .map(|flight| flight.direction);
            let key = match way {
                Some(Direction::Reply) => key::DETAIL_DROPPED_REPLY,
                Some(Direction::Request) | None => key::DETAIL_DROPPED_REQUEST,
            };
            l10n.get(key).to_owned()
        }
        EventData::Replied {
            rtt_ns,
            verified: true,
        } => l10n.say(key::DETAIL_RTT, &span(rtt_ns)),
        EventData::Replied { rtt_ns, .. } => l10n.say(key::DETAIL_UNVERIFIED, &span(rtt_ns)),
        EventData::Late { rtt_ns, .. } => l10n.say(key::DETAIL_LATE, &span(rtt_ns)),
        EventData::Duplicate { rtt_ns } => l10n.say(key::DETAIL_DUPLICATE, &span(rtt_ns)),
        EventData::Ignored(reason) => l10n.get(ignored(reason)).to_owned(),
        EventData::Lost { deadline_ns } => {
            l10n.say(key::DETAIL_DEADLINE, &[("at", Value::Time(deadline_ns))])
        }
        EventData::Missed { slots } => {
            l10n.say(key::DETAIL_MISSED, &[("slots", Value::Count(slots))])
        }
        EventData::Refused { after_ns } => l10n.say(key::DETAIL_REFUSED, &span(after_ns)),
        EventData::KernelRtt { kernel_ns } => l10n.say(key::DETAIL_KERNEL_RTT, &span(kernel_ns)),
        EventData::Intervened {
            intervention,
            hit: true,
        } => acted(l10n, &intervention),
        EventData::Intervened { .. } => l10n.get(key::DETAIL_MISSED_PACKET).to_owned(),
        EventData::Stopped(reason) => l10n.get(stopped(reason)).to_owned(),
        EventData::Heard { .. } | EventData::Silent { .. } => heard(l10n, run, event),
        EventData::Incident(_) => {
            why(run, event.index).map_or_else(String::new, |why| l10n.tell(&why))
        }
        EventData::Gap { dropped } => {
            l10n.say(key::DETAIL_GAP, &[("dropped", Value::Count(dropped))])
        }
    };
    if let Some(it) = run.exchange(event.index) {
        let parts = [
            ("there", Value::Span(it.reached - it.sent)),
            ("server", Value::Span(it.answered - it.reached)),
            ("back", Value::Span(it.arrived - it.answered)),
        ];
        // Where the clocks are not synchronised, both ways are laid on one of them.
        let about = run
            .server_clock()
            .is_some_and(|clock| clock.error_ns.is_some());
        let key = if about {
            key::DETAIL_WAYS_ABOUT
        } else {
            key::DETAIL_WAYS
        };
        text = [&text, " · ", &l10n.say(key, &parts)].concat();
    }
    if event.differs
        && let Some(line) = event.line
    {
        let line = l10n.say(key::DETAIL_LINE, &[("line", Value::Number(line))]);
        text = if text.is_empty() {
            line
        } else {
            format!("{text} · {line}")
        };
    }
    text
}

/// What the receiver of heartbeats makes of an event, of whom, and the time difference.
fn heard(l10n: &Localization, run: &Run, event: &Event) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(why) = why(run, event.index) {
        parts.push(l10n.tell(&why));
    }
    if let EventData::Heard {
        difference_ns: Some(nanos),
        ..
    } = event.what
    {
        let sign = if nanos < 0 { "−" } else { "" };
        let span = format!("{sign}{}", l10n.span(nanos.unsigned_abs()));
        parts.push(l10n.say(key::DETAIL_DIFFERENCE, &[("span", Value::Text(&span))]));
    }
    parts.extend(run.sender_of(event.index).map(visible));
    parts.join(" · ")
}

/// An event in a few words: `probe 3 lost`.
pub(crate) fn short(l10n: &Localization, event: &Event) -> String {
    let what = l10n.named(event.what.name());
    match event.seq {
        Some(seq) => l10n.say(
            key::STEP_PROBE,
            &[("seq", Value::Number(seq)), ("what", Value::Text(what))],
        ),
        None => what.to_owned(),
    }
}

/// An event with its time, as it is announced: `1.426 s: probe 3 replied, RTT 20 ms`.
pub(crate) fn step(l10n: &Localization, run: &Run, event: &Event) -> String {
    let (what, more) = (short(l10n, event), detail(l10n, run, event));
    let what = if more.is_empty() {
        what
    } else {
        format!("{what}, {more}")
    };
    l10n.say(
        key::STEP_SAID,
        &[
            ("at", Value::Time(event.at_ns)),
            ("what", Value::Text(&what)),
        ],
    )
}

/// A journal's record in words; one that is no event, as it stands.
pub(crate) fn record(l10n: &Localization, run: &Run, record: &str) -> String {
    match (record, difference::event(record)) {
        ("", _) => l10n.get(key::DIFFERENCE_NOTHING).to_owned(),
        (_, Some(event)) => step(l10n, run, &event),
        (record, None) => visible(record),
    }
}

/// A packet's name: `ping 3 →`.
pub(crate) fn packet(l10n: &Localization, direction: Direction, seq: u64, copy: u32) -> String {
    // The reply to a copy of a request is a first reply as far as anyone can see.
    let key = match (direction, copy) {
        (Direction::Request, 0) => key::PACKET_REQUEST,
        (Direction::Request, _) => key::PACKET_REQUEST_COPY,
        (Direction::Reply, 0) => key::PACKET_REPLY,
        (Direction::Reply, _) => key::PACKET_REPLY_COPY,
    };
    l10n.say(key, &[("seq", Value::Number(seq))])
}

/// A flight's name.
pub(crate) fn flight(l10n: &Localization, flight: &Flight) -> String {
    packet(l10n, flight.direction, flight.seq, flight.copy)
}

/// What somebody did to a packet, and when: a branch's name.
pub(crate) fn acted(l10n: &Localization, intervention: &Intervention) -> String {
    let key = match intervention.action {
        Action::Drop => key::ACTED_DROP,
        Action::Delay { .. } => key::ACTED_DELAY,
        Action::Duplicate { .. } => key::ACTED_COPY,
        Action::Corrupt => key::ACTED_CORRUPT,
    };
    let id = intervention.packet;
    let name = packet(l10n, intervention.direction, id.seq, id.copy);
    let name = name.trim_matches(['→', '←', ' ']).to_owned();
    l10n.say(
        key,
        &[
            ("packet", Value::Text(&name)),
            ("at", Value::Time(intervention.at_ns)),
        ],
    )
}

/// How a run's probes go out.
pub(crate) fn schedule(l10n: &Localization, header: &Header) -> String {
    let with = |key: Key, span_ns: u64| format!("{}, {}", l10n.get(key), l10n.span(span_ns));
    match header.schedule {
        ScheduleSpec::StopAndWait { gap_ns: 0 } => l10n.get(key::SCHEDULE_STOP_AND_WAIT).to_owned(),
        ScheduleSpec::StopAndWait { gap_ns } => with(key::SCHEDULE_STOP_AND_WAIT, gap_ns),
        ScheduleSpec::Paced { interval_ns } => with(key::SCHEDULE_PACED, interval_ns),
        ScheduleSpec::Window { size } => {
            format!("{}, {size}", l10n.get(key::SCHEDULE_WINDOW))
        }
        ScheduleSpec::OnDemand => l10n.get(key::SCHEDULE_ON_DEMAND).to_owned(),
    }
}

fn ignored(reason: Option<Ignored>) -> Key {
    match reason {
        Some(Ignored::TooOld) => key::IGNORED_TOO_OLD,
        Some(Ignored::NotSent) => key::IGNORED_NOT_SENT,
        Some(Ignored::TimestampMismatch) => key::IGNORED_TIMESTAMP_MISMATCH,
        Some(Ignored::NoSequence) => key::IGNORED_NO_SEQUENCE,
        Some(Ignored::Ambiguous) => key::IGNORED_AMBIGUOUS,
        Some(Ignored::NothingInFlight) => key::IGNORED_NOTHING_IN_FLIGHT,
        Some(Ignored::AlreadySettled) => key::IGNORED_ALREADY_SETTLED,
        Some(Ignored::BadKernelRtt) => key::IGNORED_BAD_KERNEL_RTT,
        Some(Ignored::Empty) => key::IGNORED_EMPTY,
        Some(Ignored::NotText) => key::IGNORED_NOT_TEXT,
        Some(Ignored::Malformed) => key::IGNORED_MALFORMED,
        Some(Ignored::Unauthentic) => key::IGNORED_UNAUTHENTIC,
        Some(Ignored::Foreign) => key::IGNORED_FOREIGN,
        Some(Ignored::Elsewhere) => key::IGNORED_ELSEWHERE,
        None => key::IGNORED_NO_REASON,
    }
}

fn stopped(reason: StopReason) -> Key {
    match reason {
        StopReason::Deadline => key::STOPPED_DEADLINE,
        StopReason::ClosedPipe => key::STOPPED_CLOSED_PIPE,
        StopReason::Failure => key::STOPPED_FAILURE,
        StopReason::Replies => key::STOPPED_REPLIES,
        StopReason::Signal => key::STOPPED_SIGNAL,
        StopReason::Excerpt => key::STOPPED_EXCERPT,
    }
}
