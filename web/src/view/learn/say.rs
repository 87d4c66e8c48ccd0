//! What the room says of lanes, packets, notes and measures.
//!
//! Owns which message says what of them. Touches no element.

use udping_journal::{Action, Intervention};
use udping_link::Direction;

use super::super::i18n::{Key, Localization, Value, key};
use udping_engine::lesson::measure::{Measure, Unit};
use udping_engine::lesson::scene::{Control, Lane, Panel, Stage};
use udping_engine::lesson::track::{Flight, PacketKind, Track};
use udping_engine::order::ordered;
use udping_sim::Side;
use udping_sim::actors::{Note, Segment};

/// A lane's name.
pub(super) const fn lane(lane: Lane) -> Key {
    match lane {
        Lane::Ours => key::LEARN_LANE_OURS,
        Lane::CreditsWhateverArrives => key::LEARN_LANE_CREDITS_WHATEVER_ARRIVES,
        Lane::RestartsTimeout => key::LEARN_LANE_RESTARTS_TIMEOUT,
        Lane::WaitsForever => key::LEARN_LANE_WAITS_FOREVER,
        Lane::FailsAtTimeout => key::LEARN_LANE_FAILS_AT_TIMEOUT,
        Lane::ReadsWallClock => key::LEARN_LANE_READS_WALL_CLOCK,
        Lane::TcpNew => key::LEARN_LANE_TCP_NEW,
        Lane::TcpKept => key::LEARN_LANE_TCP_KEPT,
        Lane::UdpCrowd => key::LEARN_LANE_UDP_CROWD,
        Lane::UdpQueue => key::LEARN_LANE_UDP_QUEUE,
        Lane::TcpCrowd => key::LEARN_LANE_TCP_CROWD,
        Lane::Heartbeat => key::LEARN_LANE_HEARTBEAT,
    }
}

/// A panel's heading.
pub(super) const fn panel(panel: Panel) -> Key {
    match panel {
        Panel::Counters => key::LEARN_COUNTERS,
        Panel::Sockets => key::LEARN_SOCKETS,
        Panel::Clocks => key::LEARN_CLOCKS,
        Panel::Figures => key::LEARN_FIGURES,
        Panel::Estimator => key::LEARN_ESTIMATOR,
        Panel::Watch => key::LEARN_WATCH,
        Panel::Messages => key::LEARN_MESSAGES_PANEL,
    }
}

/// A control's name.
pub(super) const fn control(control: Control) -> Key {
    match control {
        Control::RequestDelay => key::LEARN_CONTROL_REQUEST_DELAY,
        Control::ReplyDelay => key::LEARN_CONTROL_REPLY_DELAY,
        Control::Jitter => key::LEARN_CONTROL_JITTER,
        Control::RequestLoss => key::LEARN_CONTROL_REQUEST_LOSS,
        Control::ReplyLoss => key::LEARN_CONTROL_REPLY_LOSS,
        Control::Service => key::LEARN_CONTROL_SERVICE,
        Control::Timeout => key::LEARN_CONTROL_TIMEOUT,
        Control::Count => key::LEARN_CONTROL_COUNT,
        Control::Interval => key::LEARN_CONTROL_INTERVAL,
        Control::Clients => key::LEARN_CONTROL_CLIENTS,
        Control::ServerClock => key::LEARN_CONTROL_SERVER_CLOCK,
        Control::Room => key::LEARN_CONTROL_ROOM,
    }
}

/// The sentence in which a control is moved.
pub(super) const fn what_if(control: Control) -> Key {
    match control {
        Control::RequestDelay => key::LEARN_WHAT_IF_REQUEST_DELAY,
        Control::ReplyDelay => key::LEARN_WHAT_IF_REPLY_DELAY,
        Control::Jitter => key::LEARN_WHAT_IF_JITTER,
        Control::RequestLoss => key::LEARN_WHAT_IF_REQUEST_LOSS,
        Control::ReplyLoss => key::LEARN_WHAT_IF_REPLY_LOSS,
        Control::Service => key::LEARN_WHAT_IF_SERVICE,
        Control::Timeout => key::LEARN_WHAT_IF_TIMEOUT,
        Control::Count => key::LEARN_WHAT_IF_COUNT,
        Control::Interval => key::LEARN_WHAT_IF_INTERVAL,
        Control::Clients => key::LEARN_WHAT_IF_CLIENTS,
        Control::ServerClock => key::LEARN_WHAT_IF_SERVER_CLOCK,
        Control::Room => key::LEARN_WHAT_IF_ROOM,
    }
}

/// Every mark of the lanes: its shape, its class, and what it means.
pub(super) const GLYPHS: &[(&str, &str, Key)] = &[
    ("#sym-flight", "in-flight", key::LEARN_GLYPH_FLIGHT),
    ("#sym-broken", "lost", key::LEARN_GLYPH_BROKEN),
    ("#sym-replied", "replied", key::LEARN_GLYPH_REPLIED),
    ("#sym-miscredited", "lost", key::LEARN_GLYPH_MISCREDITED),
    ("#sym-lost", "lost", key::LEARN_GLYPH_LOST),
    ("#sym-failed", "lost", key::LEARN_GLYPH_FAILED),
    ("#sym-unknown", "lost", key::LEARN_GLYPH_MISSING),
    ("#sym-late", "late", key::LEARN_GLYPH_LATE),
    ("#sym-duplicate", "duplicate", key::LEARN_GLYPH_DUPLICATE),
    ("#sym-ignored", "ignored", key::LEARN_GLYPH_IGNORED),
    ("#sym-end", "lost", key::LEARN_GLYPH_STOPPED),
    ("#sym-sent", "late", key::LEARN_GLYPH_RETRANSMITS),
];

/// What a control is set to, with its unit.
pub(super) fn setting(l10n: &Localization, control: Control, value: i64) -> String {
    match control {
        Control::Count | Control::Clients | Control::Room => value.to_string(),
        Control::RequestLoss | Control::ReplyLoss => {
            l10n.share_ppm(value.unsigned_abs().saturating_mul(10_000))
        }
        _ => l10n.signed_span(value.saturating_mul(1_000_000)),
    }
}

/// What can be done to a packet.
pub(super) fn act(l10n: &Localization, action: Action) -> String {
    match action {
        Action::Drop => l10n.get(key::LEARN_ACT_DROP).to_owned(),
        Action::Delay { by_ns } => l10n.say(key::LEARN_ACT_DELAY, &[("span", Value::Span(by_ns))]),
        Action::Duplicate { .. } => l10n.get(key::LEARN_ACT_DUPLICATE).to_owned(),
        Action::Corrupt => l10n.get(key::LEARN_ACT_CORRUPT).to_owned(),
    }
}

/// That a packet was acted on, and when.
pub(super) fn acted(l10n: &Localization, action: Action, packet: &str, at_ns: u64) -> String {
    let acted = [
        ("act", Value::Text(&act(l10n, action))),
        ("packet", Value::Text(packet)),
        ("at", Value::Time(at_ns)),
    ];
    l10n.say(key::LEARN_ACTED, &acted)
}

/// The name of the packet that was acted on.
pub(super) fn packet(l10n: &Localization, stage: &Stage, act: &Intervention) -> String {
    let flights = stage.tracks.iter().flat_map(|track| &track.flights);
    let same =
        flights.filter(|flight| (flight.direction, flight.id) == (act.direction, act.packet));
    // Lanes may name theirs alike: it is the one that had set out last by then.
    let out = same.filter(|flight| flight.from_ns <= act.at_ns);
    let acted = out.max_by_key(|flight| flight.from_ns);
    acted.map(|it| flight(l10n, it)).unwrap_or_default()
}

/// A packet's name.
pub(super) fn flight(l10n: &Localization, flight: &Flight) -> String {
    let numbered = |key: Key, seq: u64| l10n.say(key, &[("seq", Value::Number(seq))]);
    let plain = |key: Key| l10n.get(key).to_owned();
    let name = match flight.kind {
        PacketKind::Ping(seq) => numbered(key::LEARN_PACKET_PING, seq),
        PacketKind::Reply(seq) => numbered(key::LEARN_PACKET_REPLY, seq),
        PacketKind::Beat(seq) => numbered(key::LEARN_PACKET_BEAT, seq),
        PacketKind::Tcp(segment) => match segment {
            Segment::Syn { .. } => plain(key::LEARN_PACKET_SYN),
            Segment::SynAck { .. } => plain(key::LEARN_PACKET_SYN_ACK),
            Segment::Ack { .. } | Segment::LastAck { .. } => plain(key::LEARN_PACKET_ACK),
            Segment::Request { exchange } => numbered(key::LEARN_PACKET_REQUEST, exchange),
            Segment::Response { exchange } => numbered(key::LEARN_PACKET_RESPONSE, exchange),
            Segment::Fin { .. } => plain(key::LEARN_PACKET_FIN),
            Segment::FinAck { .. } => plain(key::LEARN_PACKET_FIN_ACK),
        },
    };
    let name = match flight.member {
        Some(member) => l10n.say(
            key::LEARN_PACKET_OF,
            &[
                ("client", Value::Text(&letter(member))),
                ("what", Value::Text(&name)),
            ],
        ),
        None => name,
    };
    if flight.copy {
        l10n.say(key::LEARN_PACKET_COPY, &[("what", Value::Text(&name))])
    } else {
        name
    }
}

/// A packet's name where there is little room: its number, or whose it is.
pub(super) fn short_flight(l10n: &Localization, flight: &Flight) -> String {
    let number = match flight.kind {
        PacketKind::Ping(number)
        | PacketKind::Reply(number)
        | PacketKind::Beat(number)
        | PacketKind::Tcp(
            Segment::Request { exchange: number } | Segment::Response { exchange: number },
        ) => number,
        PacketKind::Tcp(_) => {
            let whole = Flight {
                member: None,
                ..*flight
            };
            return self::flight(l10n, &whole);
        }
    };
    flight.member.map_or_else(|| number.to_string(), letter)
}

/// What an end says where there is little room: the number, and the time that it took.
pub(super) fn short(l10n: &Localization, note: Note) -> Option<String> {
    match note {
        Note::Replied { seq, rtt_ns, .. } | Note::Late { seq, rtt_ns } => {
            Some(format!("{seq}: {}", l10n.span(rtt_ns)))
        }
        Note::TimedOut { seq } | Note::Discarded { seq } | Note::Duplicate { seq } => {
            Some(seq.to_string())
        }
        _ => None,
    }
}

/// A client of several: A, B, C.
pub(super) fn letter(member: usize) -> String {
    let letters = (b'A'..=b'Z').map(char::from);
    letters.cycle().nth(member).unwrap_or('?').to_string()
}

/// What an end says, or one of several there, in a few words; a second line where what it
/// says is not so.
pub(super) fn note(
    l10n: &Localization,
    note: Note,
    member: Option<usize>,
) -> (String, Option<String>) {
    let Some(member) = member else {
        return outcome(l10n, note);
    };
    let what = match note {
        // Each of several sends one ping, which needs no number.
        Note::Replied { rtt_ns, .. } => l10n.span(rtt_ns),
        note => outcome(l10n, note).0,
    };
    let args = [
        ("client", Value::Text(&letter(member))),
        ("what", Value::Text(&what)),
    ];
    (l10n.say(key::LEARN_PACKET_OF, &args), None)
}

fn outcome(l10n: &Localization, note: Note) -> (String, Option<String>) {
    let seq = |seq| ("seq", Value::Number(seq));
    let text = match note {
        Note::Replied {
            seq: number,
            truly,
            rtt_ns,
        } => {
            let args = [seq(number), ("span", Value::Span(rtt_ns))];
            if truly != number {
                let truly = [("truly", Value::Number(truly))];
                return (
                    l10n.say(key::LEARN_NOTE_MISCREDITED, &args),
                    Some(l10n.say(key::LEARN_NOTE_TRULY, &truly)),
                );
            }
            l10n.say(key::LEARN_NOTE_REPLIED, &args)
        }
        Note::TimedOut { seq: number } => l10n.say(key::LEARN_NOTE_TIMED_OUT, &[seq(number)]),
        Note::Failed { seq: number } => l10n.say(key::LEARN_NOTE_FAILED, &[seq(number)]),
        Note::Discarded { seq: number } => l10n.say(key::LEARN_NOTE_DISCARDED, &[seq(number)]),
        Note::Late {
            seq: number,
            rtt_ns,
        } => l10n.say(
            key::LEARN_NOTE_LATE,
            &[seq(number), ("span", Value::Span(rtt_ns))],
        ),
        Note::Duplicate { seq: number } => l10n.say(key::LEARN_NOTE_DUPLICATE, &[seq(number)]),
        Note::Connected => l10n.get(key::LEARN_NOTE_CONNECTED).to_owned(),
        Note::Opened => l10n.get(key::LEARN_NOTE_OPENED).to_owned(),
        Note::Closed => l10n.get(key::LEARN_NOTE_CLOSED).to_owned(),
        Note::Retransmits { .. } => l10n.get(key::LEARN_NOTE_RETRANSMITS).to_owned(),
        Note::Heard {
            seq: number,
            apart_ns,
        } => l10n.say(
            key::LEARN_NOTE_HEARD,
            &[
                seq(number),
                ("span", Value::Text(&l10n.signed_span(apart_ns))),
            ],
        ),
        Note::Missing { from, to } if from == to => l10n.say(
            key::LEARN_NOTE_MISSING_ONE,
            &[("from", Value::Number(from))],
        ),
        Note::Missing { from, to } => l10n.say(
            key::LEARN_NOTE_MISSING,
            &[("from", Value::Number(from)), ("to", Value::Number(to))],
        ),
        Note::Stopped => l10n.get(key::LEARN_NOTE_STOPPED).to_owned(),
    };
    (text, None)
}

/// All that has happened by a moment, in order: a line each.
pub(super) fn happened(l10n: &Localization, stage: &Stage, at_ns: u64) -> Vec<String> {
    let mut lines: Vec<(u64, usize, String)> = Vec::new();
    for (index, track) in stage.tracks.iter().enumerate() {
        let moments = of_lane(l10n, track, at_ns);
        lines.extend(moments.into_iter().map(|(at, what)| (at, index, what)));
    }
    // Lanes were told one after the other, and so stand those of one moment.
    let order = ordered(lines.iter().map(|(at, ..)| *at));
    let line = |(at, index, what): (u64, usize, String)| {
        let what = in_lane(l10n, stage, index, what);
        let args = [("at", Value::Time(at)), ("what", Value::Text(&what))];
        l10n.say(key::LEARN_HAPPENED_LINE, &args)
    };
    order
        .filter_map(|at| lines.get(at).cloned())
        .map(line)
        .collect()
}

/// What happened in a lane, with the lane's name where there are several.
pub(super) fn in_lane(l10n: &Localization, stage: &Stage, index: usize, what: String) -> String {
    match stage.scene.lanes.get(index) {
        Some(kind) if stage.tracks.len() > 1 => {
            let lane = l10n.get(lane(*kind));
            let args = [("lane", Value::Text(lane)), ("what", Value::Text(&what))];
            l10n.say(key::LEARN_HAPPENED_LANE, &args)
        }
        _ => what,
    }
}

fn of_lane(l10n: &Localization, track: &Track, at_ns: u64) -> Vec<(u64, String)> {
    let mut lines = Vec::new();
    for it in &track.flights {
        let what = [("what", Value::Text(&flight(l10n, it)))];
        let request = it.direction == Direction::Request;
        let pick = |there: Key, back: Key| if request { there } else { back };
        if it.from_ns <= at_ns {
            let key = pick(key::LEARN_SETS_OUT_REQUEST, key::LEARN_SETS_OUT_REPLY);
            lines.push((it.from_ns, l10n.say(key, &what)));
        }
        if it.until_ns <= at_ns {
            let key = if it.lost {
                pick(key::LEARN_IS_LOST_REQUEST, key::LEARN_IS_LOST_REPLY)
            } else {
                pick(key::LEARN_ARRIVES_REQUEST, key::LEARN_ARRIVES_REPLY)
            };
            lines.push((it.until_ns, l10n.say(key, &what)));
        }
    }
    let by_now = track
        .moments
        .iter()
        .take_while(|moment| moment.at_ns <= at_ns);
    for moment in by_now {
        let (text, truly) = note(l10n, moment.note, moment.member);
        let text = truly.map_or(text.clone(), |truly| format!("{text}, {truly}"));
        let key = match moment.by {
            Side::Client => key::LEARN_SAID_CLIENT,
            Side::Server => key::LEARN_SAID_SERVER,
        };
        lines.push((moment.at_ns, l10n.say(key, &[("what", Value::Text(&text))])));
    }
    let order = ordered(lines.iter().map(|(at, _)| *at));
    order.filter_map(|at| lines.get(at).cloned()).collect()
}

/// By how much something differs, with its sign.
pub(super) fn change(l10n: &Localization, change_ns: i64) -> String {
    let plus = if change_ns > 0 { "+" } else { "" };
    format!("{plus}{}", l10n.signed_span(change_ns))
}

/// What was measured, with its unit.
pub(super) fn value(l10n: &Localization, measure: Measure, value: Option<i64>) -> String {
    let Some(value) = value else {
        return l10n.get(key::LEARN_NONE).to_owned();
    };
    match measure.unit() {
        Unit::Count | Unit::Bytes => l10n.count(value.unsigned_abs()),
        Unit::Share => l10n.share_ppm(value.unsigned_abs()),
        Unit::Span if measure == Measure::Finished => l10n.time(value.unsigned_abs()),
        Unit::Span if measure == Measure::ApartChange => change(l10n, value),
        Unit::Span => l10n.signed_span(value),
    }
}

/// A measure's name.
pub(super) const fn measure(measure: Measure) -> Key {
    match measure {
        Measure::Sent => key::LEARN_MEASURE_SENT,
        Measure::CutBytes => key::LEARN_MEASURE_CUT_BYTES,
        Measure::JoinedCalls => key::LEARN_MEASURE_JOINED_CALLS,
        Measure::Answers => key::LEARN_MEASURE_ANSWERS,
        Measure::Replied => key::LEARN_MEASURE_REPLIED,
        Measure::Lost => key::LEARN_MEASURE_LOST,
        Measure::Late => key::LEARN_MEASURE_LATE,
        Measure::InFlight => key::LEARN_MEASURE_IN_FLIGHT,
        Measure::Duplicates => key::LEARN_MEASURE_DUPLICATES,
        Measure::Reordered => key::LEARN_MEASURE_REORDERED,
        Measure::RequestsLost => key::LEARN_MEASURE_REQUESTS_LOST,
        Measure::RepliesLost => key::LEARN_MEASURE_REPLIES_LOST,
        Measure::Miscredited => key::LEARN_MEASURE_MISCREDITED,
        Measure::OverTimeout => key::LEARN_MEASURE_OVER_TIMEOUT,
        Measure::Packets => key::LEARN_MEASURE_PACKETS,
        Measure::Bytes => key::LEARN_MEASURE_BYTES,
        Measure::HeaderBytes => key::LEARN_MEASURE_HEADER_BYTES,
        Measure::RoundTrips => key::LEARN_MEASURE_ROUND_TRIPS,
        Measure::Retransmissions => key::LEARN_MEASURE_RETRANSMISSIONS,
        Measure::Finished => key::LEARN_MEASURE_FINISHED,
        Measure::Sockets => key::LEARN_MEASURE_SOCKETS,
        Measure::SocketsMost => key::LEARN_MEASURE_SOCKETS_MOST,
        Measure::RttLeast => key::LEARN_MEASURE_RTT_LEAST,
        Measure::RttMost => key::LEARN_MEASURE_RTT_MOST,
        Measure::RttMean => key::LEARN_MEASURE_RTT_MEAN,
        Measure::RttMedian => key::LEARN_MEASURE_RTT_MEDIAN,
        Measure::RttP99 => key::LEARN_MEASURE_RTT_P99,
        Measure::Loss => key::LEARN_MEASURE_LOSS,
        Measure::LossInFlight => key::LEARN_MEASURE_LOSS_IN_FLIGHT,
        Measure::MeanOverSent => key::LEARN_MEASURE_MEAN_OVER_SENT,
        Measure::MeanWithTimeouts => key::LEARN_MEASURE_MEAN_WITH_TIMEOUTS,
        Measure::Rtt => key::LEARN_MEASURE_RTT,
        Measure::WallClockRtt => key::LEARN_MEASURE_WALL_CLOCK_RTT,
        Measure::ServerTime => key::LEARN_MEASURE_SERVER_TIME,
        Measure::NetworkTime => key::LEARN_MEASURE_NETWORK_TIME,
        Measure::SeenThere => key::LEARN_MEASURE_SEEN_THERE,
        Measure::SeenBack => key::LEARN_MEASURE_SEEN_BACK,
        Measure::HalfGuess => key::LEARN_MEASURE_HALF_GUESS,
        Measure::HalfError => key::LEARN_MEASURE_HALF_ERROR,
        Measure::OffsetGuess => key::LEARN_MEASURE_OFFSET_GUESS,
        Measure::WayThere => key::LEARN_MEASURE_WAY_THERE,
        Measure::WayBack => key::LEARN_MEASURE_WAY_BACK,
        Measure::Estimated => key::LEARN_MEASURE_ESTIMATED,
        Measure::Apart => key::LEARN_MEASURE_APART,
        Measure::ApartChange => key::LEARN_MEASURE_APART_CHANGE,
        Measure::Missing => key::LEARN_MEASURE_MISSING,
        Measure::Stopped => key::LEARN_MEASURE_STOPPED,
        Measure::FalseAlarms => key::LEARN_MEASURE_FALSE_ALARMS,
    }
}
