//! One probe's state machine at a cursor: where it is, how it came there, and why.
//!
//! Owns the states' names, their timers, and why each came. What became of a probe is the client's
//! decision; how the machine is drawn is the page's.

use udping_core::event::Ignored;
use udping_core::guard::DropReason;
use udping_core::heartbeat::BeatOrder;
use udping_core::wire::Damage;
use udping_journal::{Action, Record, ScheduleSpec, StopReason};

use super::incident;
use super::log::{Cursor, Event, EventData, Probe, Symbol, Timer, flag};
use super::message::{Arg, Message};
use super::run::Run;
use super::scale::float;

/// A probe's state, as the picture names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Not sent yet.
    Due,
    /// Sent, not settled.
    Waiting,
    /// Answered in time.
    Replied,
    /// No reply by the deadline.
    Lost,
    /// Lost, then answered.
    Late,
    /// Nobody listens.
    Refused,
    /// It could not be sent.
    Unsent,
}

/// An arrow of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// From here.
    pub from: State,
    /// To there.
    pub to: State,
    /// The event by which this probe went this way, if it has at the cursor.
    pub taken: Option<usize>,
}

/// One probe's machine at a cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// The probe's number.
    pub seq: u64,
    /// Where it is.
    pub state: State,
    /// Every arrow there is.
    pub transitions: [Transition; 6],
    /// The timer that runs, if one does.
    pub timer: Option<Timer>,
    /// How much of that timer has passed, from 0 to 1.
    pub fraction: f64,
    /// How much of it is left, in nanoseconds.
    pub left_ns: u64,
    /// Why it is where it is.
    pub why: Message,
}

impl State {
    /// All, in the order in which a reader meets them.
    pub const ALL: [Self; 7] = [
        Self::Due,
        Self::Waiting,
        Self::Replied,
        Self::Lost,
        Self::Late,
        Self::Refused,
        Self::Unsent,
    ];

    /// The catalogue's key for its name, such as `state-waiting`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Due => "state-due",
            Self::Waiting => "state-waiting",
            Self::Replied => "state-replied",
            Self::Lost => "state-lost",
            Self::Late => "state-late",
            Self::Refused => "state-refused",
            Self::Unsent => "state-unsent",
        }
    }
}

impl Machine {
    /// The machine of the probe at `probe`; `None` if there is none.
    #[must_use]
    pub fn of(run: &Run, probe: usize, cursor: Cursor) -> Option<Self> {
        let it = run.probe(probe, cursor)?;
        let log = run.log();
        let sent = it.symbol.map(|_| it.sent_event);
        let late = log.late_by(probe, cursor.index);
        let settled = it.settled_event;
        let state = match it.symbol {
            None => State::Due,
            Some(Symbol::Replied) => State::Replied,
            Some(Symbol::Lost) => State::Lost,
            Some(Symbol::Late) => State::Late,
            Some(Symbol::Refused) => State::Refused,
            Some(Symbol::Unsent) => State::Unsent,
            // Only a run's own probes have states: nothing ignored or duplicated does.
            Some(Symbol::InFlight | Symbol::Duplicate | Symbol::Ignored | Symbol::Unknown) => {
                State::Waiting
            }
        };
        let settled_as = |wanted: State| {
            let as_wanted = state == wanted || (wanted == State::Lost && state == State::Late);
            settled.filter(|_| as_wanted)
        };
        let arrow = |from, to, taken| Transition { from, to, taken };
        let from_waiting = |to| arrow(State::Waiting, to, settled_as(to));
        let timer = run.timer(probe, cursor);
        let passed = timer.map(|timer| {
            let whole = timer.until_ns - timer.from_ns;
            (cursor.at_ns.saturating_sub(timer.from_ns).min(whole), whole)
        });
        Some(Self {
            seq: it.seq,
            state,
            transitions: [
                arrow(State::Due, State::Waiting, sent),
                from_waiting(State::Replied),
                from_waiting(State::Lost),
                arrow(State::Lost, State::Late, late),
                from_waiting(State::Refused),
                from_waiting(State::Unsent),
            ],
            timer,
            fraction: passed.map_or(0.0, |(passed, whole)| float(passed) / float(whole.max(1))),
            left_ns: passed.map_or(0, |(passed, whole)| whole - passed),
            why: standing(run, &it, state, cursor, late.or(settled))?,
        })
    }
}

/// Why a probe is where it is.
fn standing(
    run: &Run,
    probe: &Probe,
    state: State,
    cursor: Cursor,
    last: Option<usize>,
) -> Option<Message> {
    let seq = Arg::Number(probe.seq);
    Some(match state {
        // When it will be due is known beforehand only on a beat, or after a settlement.
        State::Due => match run.due_at(cursor) {
            Some(timer) if timer.seq == probe.seq => Message::new("why-due")
                .with("seq", seq)
                .with("due", Arg::Time(timer.until_ns)),
            // On a beat, nothing has to happen first.
            _ if matches!(run.header().schedule, ScheduleSpec::Paced { .. }) => {
                Message::new("why-due")
                    .with("seq", seq)
                    .with("due", Arg::Time(probe.due_ns))
            }
            _ => Message::new("why-due-open").with("seq", seq),
        },
        State::Waiting => Message::new("why-waiting")
            .with("seq", seq)
            .with("sent", Arg::Time(probe.sent_ns?))
            .with("deadline", Arg::Time(probe.deadline_ns))
            .with(
                "left",
                Arg::Span(probe.deadline_ns.saturating_sub(cursor.at_ns)),
            ),
        State::Lost if run.timer(probe.index, cursor).is_some() => Message::new("why-late-window")
            .with("seq", seq)
            .with("deadline", Arg::Time(probe.deadline_ns))
            .with("horizon", Arg::Time(probe.horizon_ns))
            .with("timeout", Arg::Span(run.header().timeout_ns)),
        State::Replied | State::Lost | State::Late | State::Refused | State::Unsent => {
            why(run, last?)?
        }
    })
}

/// Why an event happened, in a sentence.
#[must_use]
pub fn why(run: &Run, event: usize) -> Option<Message> {
    let damage = match run.log().verbatim(event) {
        Some(Record::Reply(reply)) => reply.damage,
        _ => None,
    };
    let event = run.event(event)?;
    let timeout = run.header().timeout_ns;
    let seq = Arg::Number(event.seq.unwrap_or(0));
    let of_probe = |id| Message::new(id).with("seq", seq.clone());
    Some(match event.what {
        EventData::Sent { .. } => why_sent(run, &event),
        EventData::Reflected { .. } => of_probe("why-reflected"),
        EventData::Unanswered { .. } => of_probe("why-unanswered"),
        EventData::Dropped { flight } => match run.log().flights.flags.get(flight) {
            Some(flags) if flags & flag::REPLY != 0 => of_probe("why-dropped-reply"),
            _ => of_probe("why-dropped-request"),
        },
        EventData::Replied { rtt_ns, verified } => of_probe(match (damage, verified) {
            (Some(Damage::Truncated), _) => "why-replied-truncated",
            (Some(Damage::Altered), _) => "why-replied-altered",
            (None, true) => "why-replied",
            (None, false) => "why-replied-unverified",
        })
        .with("rtt", Arg::Span(rtt_ns))
        .with("timeout", Arg::Span(timeout))
        .with("left", Arg::Span(timeout.saturating_sub(rtt_ns))),
        EventData::Late { rtt_ns, .. } => of_probe("why-late")
            .with("rtt", Arg::Span(rtt_ns))
            .with("timeout", Arg::Span(timeout))
            .with("over", Arg::Span(rtt_ns.saturating_sub(timeout))),
        EventData::Duplicate { rtt_ns } => of_probe("why-duplicate").with("rtt", Arg::Span(rtt_ns)),
        EventData::Ignored(why) => why_ignored(why, seq),
        EventData::Lost { deadline_ns } => of_probe("why-lost")
            .with("deadline", Arg::Time(deadline_ns))
            .with("timeout", Arg::Span(timeout)),
        EventData::Missed { slots } => Message::new("why-missed").with("slots", Arg::Count(slots)),
        EventData::Refused { after_ns } => {
            of_probe("why-refused").with("after", Arg::Span(after_ns))
        }
        EventData::Unsent => of_probe("why-unsent"),
        EventData::KernelRtt { kernel_ns } => {
            of_probe("why-kernel-rtt").with("kernel", Arg::Span(kernel_ns))
        }
        EventData::Intervened { intervention, hit } => {
            let of_packet = |id| Message::new(id).with("seq", Arg::Number(intervention.packet.seq));
            match intervention.action {
                _ if !hit => of_packet("why-intervened-nothing"),
                Action::Drop => of_packet("why-intervened-drop"),
                Action::Corrupt => of_packet("why-intervened-corrupt"),
                Action::Delay { by_ns } => {
                    of_packet("why-intervened-delay").with("by", Arg::Span(by_ns))
                }
                Action::Duplicate { after_ns } => {
                    of_packet("why-intervened-duplicate").with("after", Arg::Span(after_ns))
                }
            }
        }
        EventData::Stopped(StopReason::Signal) => Message::new("why-stopped-signal"),
        EventData::Stopped(StopReason::Deadline) => Message::new("why-stopped-deadline"),
        EventData::Stopped(StopReason::ClosedPipe) => Message::new("why-stopped-closed-pipe"),
        EventData::Stopped(StopReason::Failure) => Message::new("why-stopped-failure"),
        EventData::Stopped(StopReason::Replies) => Message::new("why-stopped-replies"),
        EventData::Stopped(StopReason::Excerpt) => Message::new("why-stopped-excerpt"),
        EventData::Done => Message::new("why-done"),
        EventData::Heard { order, .. } => heard(order, seq),
        EventData::Silent { .. } => match run.header().silence_ns {
            None | Some(0) => Message::new("why-silent-beats"),
            Some(silence) => Message::new("why-silent").with("silence", Arg::Span(silence)),
        },
        EventData::Received { .. } => Message::new("why-received"),
        EventData::Answered { .. } => Message::new("why-answered"),
        EventData::NotAnswered(why) => Message::new(not_answered(why)),
        EventData::Transmitted => Message::new("why-transmitted"),
        EventData::Gap { dropped } => Message::new("why-gap").with("records", Arg::Count(dropped)),
        EventData::Incident(what) => incident::message(what, run.incident_of(event.index)),
    })
}

/// Why a server leaves a datagram unanswered.
const fn not_answered(why: DropReason) -> &'static str {
    match why {
        DropReason::SourceAddress => "why-not-answered-source-address",
        DropReason::NotAllowed => "why-not-answered-not-allowed",
        DropReason::SystemPort => "why-not-answered-system-port",
        DropReason::OwnPort => "why-not-answered-own-port",
        DropReason::ReflectorPort => "why-not-answered-reflector-port",
        DropReason::RateLimit => "why-not-answered-rate-limit",
        DropReason::TotalLimit => "why-not-answered-total-limit",
        DropReason::EchoLoop => "why-not-answered-echo-loop",
        DropReason::Malformed => "why-not-answered-malformed",
        DropReason::Unauthentic => "why-not-answered-unauthentic",
        DropReason::ReplyShaped => "why-not-answered-reply-shaped",
        DropReason::SessionLimit => "why-not-answered-session-limit",
    }
}

fn why_sent(run: &Run, event: &Event) -> Message {
    let because = |id| {
        Message::new(id)
            .with("seq", Arg::Number(event.seq.unwrap_or(0)))
            .with("at", Arg::Time(event.at_ns))
    };
    if event.probe == Some(0) {
        return because("why-sent-first");
    }
    match run.header().schedule {
        ScheduleSpec::StopAndWait { gap_ns: 0 } => because("why-sent-next"),
        ScheduleSpec::StopAndWait { gap_ns } => {
            because("why-sent-gap").with("gap", Arg::Span(gap_ns))
        }
        ScheduleSpec::Paced { interval_ns } => {
            because("why-sent-paced").with("interval", Arg::Span(interval_ns))
        }
        ScheduleSpec::Window { size } => {
            because("why-sent-window").with("size", Arg::Count(size.into()))
        }
        ScheduleSpec::OnDemand => because("why-sent-asked"),
    }
}

/// What a heartbeat is among those of its sender.
fn heard(order: BeatOrder, seq: Arg) -> Message {
    let id = match order {
        BeatOrder::First => "why-heard-first",
        BeatOrder::Next => "why-heard-next",
        BeatOrder::Gap { from } => {
            return Message::new("why-heard-gap")
                .with("seq", seq)
                .with("from", Arg::Number(from));
        }
        BeatOrder::Late => "why-heard-late",
        BeatOrder::Duplicate => "why-heard-duplicate",
        BeatOrder::Restart => "why-heard-restart",
        BeatOrder::TooOld => "why-heard-too-old",
        BeatOrder::NoRoom => "why-heard-no-room",
    };
    Message::new(id).with("seq", seq)
}

fn why_ignored(why: Option<Ignored>, seq: Arg) -> Message {
    let id = match why {
        Some(Ignored::TooOld) => return Message::new("why-ignored-too-old").with("seq", seq),
        Some(Ignored::TimestampMismatch) => {
            return Message::new("why-ignored-timestamp-mismatch").with("seq", seq);
        }
        Some(Ignored::AlreadySettled) => {
            return Message::new("why-ignored-already-settled").with("seq", seq);
        }
        Some(Ignored::NotSent) => "why-ignored-not-sent",
        Some(Ignored::NoSequence) => "why-ignored-no-sequence",
        Some(Ignored::Ambiguous) => "why-ignored-ambiguous",
        Some(Ignored::NothingInFlight) => "why-ignored-nothing-in-flight",
        Some(Ignored::BadKernelRtt) => "why-ignored-bad-kernel-rtt",
        Some(Ignored::Empty) => "why-ignored-empty",
        Some(Ignored::NotText) => "why-ignored-not-text",
        Some(Ignored::Malformed) => "why-ignored-malformed",
        Some(Ignored::Unauthentic) => "why-ignored-unauthentic",
        Some(Ignored::Foreign) => "why-ignored-foreign",
        Some(Ignored::Elsewhere) => "why-ignored-elsewhere",
        None => "why-ignored",
    };
    Message::new(id)
}

#[cfg(test)]
mod tests {
    use udping_journal::Kind;
    use udping_link::{Rate, Seed};

    use super::*;
    use crate::history::History;
    use crate::message::is_listed;
    use crate::presets::Preset;

    #[test]
    fn a_late_probe_goes_through_every_state_on_its_way() {
        let run = Run::simulate(
            &Preset::AlwaysLate
                .setup(Seed::from_low_bits(1))
                .header()
                .unwrap(),
        )
        .unwrap();
        let mut seen = Vec::new();
        let mut cursor = Cursor::default();
        loop {
            let machine = Machine::of(&run, 1, cursor).unwrap();
            assert!(is_listed(&machine.why), "{:?}", machine.why);
            assert!((0.0..=1.0).contains(&machine.fraction));
            seen.push((machine.state, machine.why.id));
            let next = run.step(cursor, 1);
            if next == cursor {
                break;
            }
            cursor = next;
        }
        seen.dedup();
        assert_eq!(
            seen,
            [
                (State::Due, "why-due-open"),
                (State::Waiting, "why-waiting"),
                (State::Lost, "why-late-window"),
                (State::Late, "why-late"),
            ]
        );
        let end = Machine::of(&run, 1, cursor).unwrap();
        let taken: Vec<_> = end
            .transitions
            .iter()
            .filter(|it| it.taken.is_some())
            .collect();
        assert_eq!(taken.len(), 3);
        assert!(taken.is_sorted_by_key(|it| it.taken));
        assert_eq!(Machine::of(&run, 10, cursor), None);
    }

    #[test]
    fn the_arc_follows_model_time() {
        let run = Run::simulate(
            &Preset::AlwaysLate
                .setup(Seed::from_low_bits(1))
                .header()
                .unwrap(),
        )
        .unwrap();
        let machine = |at_ms: u64| Machine::of(&run, 0, run.seek(at_ms * 1_000_000)).unwrap();
        let waiting = machine(250);
        assert!((waiting.fraction - 0.25).abs() < 1e-9);
        assert_eq!(waiting.left_ns, 750_000_000);
        let in_late_window = machine(1_100);
        assert_eq!(in_late_window.state, State::Lost);
        assert!((in_late_window.fraction - 0.1).abs() < 1e-9);
        assert_eq!(machine(1_400).timer, None);
    }

    #[test]
    fn every_event_has_its_reason() {
        let mut ids = std::collections::BTreeSet::new();
        for preset in Preset::ALL {
            let mut setup = preset.setup(Seed::from_low_bits(6));
            setup.count = 200;
            setup.scenario.reply.corrupt = Rate::from_ppm(300_000).unwrap();
            let mut history = History::simulate(&setup).unwrap();
            let actions = [
                Action::Drop,
                Action::Corrupt,
                Action::Delay { by_ns: 5 },
                Action::Duplicate { after_ns: 5 },
            ];
            for action in actions {
                history.select(0);
                let cursor = history.run().seek(history.run().log().flights.from[7] + 20);
                let flight = history.run().in_flight(cursor)[0].index;
                history.act(cursor, flight, action).unwrap();
            }
            for branch in history.branches() {
                let run = &branch.run;
                assert_eq!(run.header().kind, Kind::Simulation);
                for event in 0..run.events() {
                    let message = why(run, event).unwrap();
                    assert!(is_listed(&message), "{message:?}");
                    ids.insert(message.id);
                }
            }
        }
        assert!(ids.len() > 15, "{ids:?}");
    }

    #[test]
    fn every_name_is_in_the_list() {
        assert!(
            State::ALL
                .iter()
                .all(|state| is_listed(&Message::new(state.name())))
        );
        assert!(
            Preset::ALL
                .iter()
                .all(|preset| is_listed(&Message::new(preset.name())))
        );
    }
}
