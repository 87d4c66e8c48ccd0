//! The engine in virtual time, with random networks and changes of its configuration.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::sync::Arc;

use proptest::prelude::*;
use udping_core::session::SessionWire;
use udping_core::stats::{Full, Stats};
use udping_core::time::WallTime;
use udping_core::timestamp::Timestamps;
use udping_core::wire::stamp::{
    ErrorEstimate, Format, Incoming, Mode, Peers, Reflection, SessionSender, Timestamp,
    TimestampInfo,
};
use udping_core::wire::text::{Padding, Pattern};
use udping_journal::replay::Replay;
use udping_journal::{Header, StopReason, parse_line, to_line};

use super::super::conditions::Conditions;
use super::super::figures::Settled;
use super::super::scribe::Scribe;
use super::super::sockets::Path;
use super::super::target::{Asked, AskedWire};
use super::*;
use crate::cli::WireArg;
use crate::net::Family;
use crate::wire::{Wire, WirePlan};

/// What the wall clock reads at the engine's time zero.
const WALL: u64 = 1_700_000_000_000_000_000;

/// Sessions that are the same each time.
struct Fixed;

impl Sessions for Fixed {
    fn open(&self, plan: &TargetPlan, zero: ClientTime) -> anyhow::Result<(Box<Wire>, Timestamps)> {
        let wall = WallTime::from_nanos(WALL + zero.as_nanos());
        let wire = match &plan.settings.wire {
            WirePlan::Stamp { .. } => {
                let error = ErrorEstimate::new(Duration::from_millis(1), true, Format::Ntp);
                let ssid = NonZeroU16::MIN;
                SessionWire::Stamp(SessionSender::new(None, error, ssid, vec![7; 16], wall))
            }
            _ => SessionWire::Textbook {
                padding: Padding {
                    size: 0,
                    pattern: Pattern::default(),
                },
            },
        };
        let (start, key) = (wall, 0);
        Ok((Box::new(wire), Timestamps { start, key }))
    }
}

fn plan(name: &str, interval: Duration, wire: WireArg) -> TargetPlan {
    let asked = Asked {
        interval,
        count: None,
        timeout: Duration::from_millis(300),
        size: None,
        wire: AskedWire::Named(wire),
        path: Path::default(),
        family: Family::Any,
        resolve: Duration::from_mins(1),
        key_file: None,
        clock_error: None,
    };
    TargetPlan {
        name: Arc::from(name),
        group: None,
        labels: Arc::default(),
        host: "192.0.2.1".parse().unwrap(),
        conditions: Conditions::default(),
        settings: Arc::new(asked.settings().unwrap()),
    }
}

fn route(target: usize) -> Route {
    let port = u16::try_from(target + 1).unwrap();
    Route {
        socket: 0,
        server: SocketAddr::from(([192, 0, 2, 1], port)),
    }
}

fn ms(millis: u64) -> ClientTime {
    ClientTime::from_nanos(millis * 1_000_000)
}

/// Has all targets begin that wait for an address.
fn begin(engine: &mut Engine<Fixed>, now: ClientTime) {
    for target in engine.take_idle() {
        engine.begin(now, target, Some(route(target))).unwrap();
    }
}

/// That nothing is counted twice, or not at all.
fn adds_up(engine: &Engine<Fixed>) {
    for (_, target) in engine.targets() {
        let figures = &target.figures;
        assert_eq!(figures.in_flight(), target.in_flight(), "{figures:?}");
    }
}

#[test]
fn beats_are_spread_over_the_interval_however_many_there_are() {
    const TARGETS: usize = 1_000;
    let interval = Duration::from_secs(1);
    let plans = (0..TARGETS).map(|it| plan(&it.to_string(), interval, WireArg::Textbook));
    let mut engine = Engine::new(Fixed, 12_345);
    engine.reload(ClientTime::ZERO, plans.collect()).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut most = 0;
    for slot in 0..100_u64 {
        let mut departures = Vec::new();
        assert!(engine.advance(
            ms(slot * 10 + 10),
            ms(slot * 10 + 10),
            usize::MAX,
            &mut departures
        ));
        most = most.max(departures.len());
    }
    let sent: u64 = engine.targets().map(|(_, it)| it.figures.sent()).sum();
    assert!(sent >= TARGETS as u64);
    // Two windows, with eight each, and one more of each by chance.
    assert!((8..=18).contains(&most), "{most} within 10 ms");
}

#[test]
fn no_more_are_handed_out_at_once_than_asked_for() {
    let plans =
        (0..10).map(|it| plan(&it.to_string(), Duration::from_millis(1), WireArg::Textbook));
    let mut engine = Engine::new(Fixed, 0);
    engine.reload(ClientTime::ZERO, plans.collect()).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    assert!(!engine.advance(ms(1), ms(1), 4, &mut departures));
    assert_eq!(departures.len(), 4);
    departures.clear();
    while !engine.advance(ms(1), ms(1), 4, &mut departures) {
        departures.clear();
    }
    adds_up(&engine);
}

#[test]
fn what_becomes_due_meanwhile_waits_for_the_next_turn() {
    let plans = ["a", "b"].map(|name| plan(name, Duration::from_millis(10), WireArg::Textbook));
    let mut engine = Engine::new(Fixed, 0);
    engine.reload(ClientTime::ZERO, plans.to_vec()).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    // Each look at the clock is so late that another probe is due by then.
    for turn in 0..4 {
        let looks = (10..).map(|late| ms(turn * 100 + late * 10));
        let ended = looks.take(5).position(|now| {
            departures.clear();
            engine.advance(ms(turn * 100 + 90), now, 1, &mut departures)
        });
        assert!(ended.is_some(), "it sends for ever");
    }
    adds_up(&engine);
}

#[test]
fn a_target_whose_settings_change_is_settled_first_and_keeps_its_counts() {
    let mut engine = Engine::new(Fixed, 0);
    let before = plan("a", Duration::from_millis(100), WireArg::Textbook);
    engine.reload(ClientTime::ZERO, vec![before]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    for tick in 0..20 {
        engine.advance(ms(tick * 10), ms(tick * 10), usize::MAX, &mut departures);
    }
    let sent = departures.len() as u64;
    assert_eq!(sent, 2);
    let after = plan("a", Duration::from_millis(50), WireArg::Textbook);
    let changes = engine.reload(ms(200), vec![after.clone()]).unwrap();
    assert_eq!((changes.added, changes.changed, changes.removed), (0, 1, 0));
    for tick in 20..60 {
        engine.advance(ms(tick * 10), ms(tick * 10), usize::MAX, &mut departures);
        adds_up(&engine);
    }
    let lost = |engine: &Engine<Fixed>| {
        engine
            .targets()
            .map(|(_, it)| it.figures.count(Settled::Lost))
            .sum::<u64>()
    };
    assert_eq!(lost(&engine), sent, "settled by the session that sent them");
    assert_eq!(
        engine.take_closed(),
        [route(0)],
        "its path may be another one"
    );
    begin(&mut engine, ms(600));
    engine.advance(ms(700), ms(700), usize::MAX, &mut departures);
    assert!(departures.len() as u64 > sent);
    let (_, target) = engine.targets().next().unwrap();
    assert_eq!(target.plan, after);
    assert!(target.figures.sent() > sent, "counts go on");
    adds_up(&engine);
}

#[test]
fn a_change_of_labels_disturbs_nothing() {
    let mut engine = Engine::new(Fixed, 0);
    let mut one = plan("a", Duration::from_millis(100), WireArg::Textbook);
    engine.reload(ClientTime::ZERO, vec![one.clone()]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    engine.advance(ms(90), ms(90), usize::MAX, &mut departures);
    one.labels = Arc::new(BTreeMap::from([("site".to_owned(), "b".to_owned())]));
    let changes = engine.reload(ms(90), vec![one.clone()]).unwrap();
    assert_eq!(changes.changed, 1);
    assert!(engine.take_idle().is_empty() && engine.take_closed().is_empty());
    let (_, target) = engine.targets().next().unwrap();
    assert_eq!(target.plan.labels, one.labels);
    assert_eq!(target.in_flight(), 1);
}

#[test]
fn what_answers_another_target_is_not_credited() {
    let mut engine = Engine::new(Fixed, 0);
    let interval = Duration::from_millis(100);
    let plans = ["a", "b"].map(|name| plan(name, interval, WireArg::Stamp));
    engine.reload(ClientTime::ZERO, plans.to_vec()).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    engine.advance(ms(99), ms(99), usize::MAX, &mut departures);
    let mut buffer = [0; 256];
    let departure = departures[0];
    let len = engine.encode(departure.target, &departure.probe, &mut buffer);
    // A request is too unlike a STAMP reply, and no probe's of the other target.
    engine.reply(1 - departure.target, ms(99), &buffer[..len], None);
    assert!(
        engine
            .targets()
            .all(|(_, it)| it.figures.count(Settled::Replied) == 0)
    );
    adds_up(&engine);
}

#[derive(Debug, Clone)]
enum Step {
    /// So many milliseconds pass.
    Pass(u64),
    /// One of the requests that are out is answered as it is, or comes back cut.
    Answer {
        which: usize,
        twice: bool,
        cut: bool,
    },
    Undelivered(usize),
    Unsent(usize),
    /// These targets, with these intervals.
    Reload(Vec<(u8, u8)>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..400_u64).prop_map(Step::Pass),
        8 => (any::<usize>(), any::<bool>(), any::<bool>())
            .prop_map(|(which, twice, cut)| Step::Answer { which, twice, cut }),
        2 => any::<usize>().prop_map(Step::Undelivered),
        2 => any::<usize>().prop_map(Step::Unsent),
        1 => prop::collection::vec((0..6_u8, 1..4_u8), 0..6).prop_map(Step::Reload),
    ]
}

proptest! {
    /// Whatever comes, in whatever order, and however the configuration changes: what was sent
    /// is settled or in flight, and the counts of a target that stays never go back.
    #[test]
    fn figures_add_up_and_never_go_back(steps in prop::collection::vec(step(), 1..120)) {
        let mut engine = Engine::new(Fixed, 7);
        let mut now = 0;
        let mut out: Vec<Departure> = Vec::new();
        let mut before: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for step in steps {
            let pick = |which: usize, out: &[Departure]| (!out.is_empty()).then(|| out[which % out.len()]);
            match step {
                Step::Pass(millis) => {
                    now += millis;
                    let mut departures = Vec::new();
                    while !engine.advance(ms(now), ms(now), 3, &mut departures) {
                        out.append(&mut departures);
                    }
                    out.append(&mut departures);
                }
                Step::Answer { which, twice, cut } => {
                    if let Some(departure) = pick(which, &out) {
                        let mut buffer = [0; 256];
                        let len = engine.encode(departure.target, &departure.probe, &mut buffer);
                        let len = if cut { len / 2 } else { len };
                        for _ in 0..=usize::from(twice) {
                            engine.reply(departure.target, ms(now), &buffer[..len], None);
                        }
                    }
                }
                Step::Undelivered(which) => {
                    if let Some(departure) = pick(which, &out) {
                        let mut buffer = [0; 256];
                        let len = engine.encode(departure.target, &departure.probe, &mut buffer);
                        engine.undelivered(departure.target, ms(now), &buffer[..len]);
                    }
                }
                Step::Unsent(which) => {
                    if let Some(departure) = pick(which, &out) {
                        engine.unsent(departure.target, ms(now), departure.probe.seq);
                    }
                }
                Step::Reload(targets) => {
                    let plans = targets.iter().map(|(name, tenths)| {
                        let interval = Duration::from_millis(u64::from(*tenths) * 100);
                        plan(&name.to_string(), interval, WireArg::Textbook)
                    });
                    engine.reload(ms(now), plans.collect()).unwrap();
                }
            }
            begin(&mut engine, ms(now));
            adds_up(&engine);
            let mut after = BTreeMap::new();
            for (_, target) in engine.targets() {
                let figures = &target.figures;
                let settled = Settled::ALL.map(|it| figures.count(it));
                let others = [figures.sent(), figures.late, figures.duplicates];
                let counts = [settled.as_slice(), &others].concat();
                if let Some(earlier) = before.get(&*target.plan.name) {
                    prop_assert!(counts.iter().zip(earlier).all(|(now, then)| now >= then));
                }
                after.insert(target.plan.name.to_string(), counts);
            }
            before = after;
        }
    }
}

/// What a session came to, as its journal's replay counts it.
fn replayed(session: &SessionHeader, recent: &Recent, end: ClientTime) -> (u64, Stats<Full>) {
    let (mut scribe, mut lines) = (None, Vec::new());
    for happened in recent.iter() {
        if scribe.is_none()
            && let Some((begun, header)) = Scribe::begin(session, &happened)
        {
            lines.push(to_line(&header).unwrap());
            scribe = Some(begun);
        }
        if let Some(scribe) = &mut scribe {
            let add = |record| lines.push(to_line(&record).unwrap());
            scribe.take(&happened, add).unwrap();
        }
    }
    let scribe = scribe.unwrap();
    let first = scribe.first();
    scribe.finish(end, StopReason::Excerpt, |record| {
        lines.push(to_line(&record).unwrap());
    });
    let header = Header::parse(lines[0].trim_end()).unwrap();
    let mut replay = Replay::new(&header).unwrap();
    for (number, line) in (2..).zip(&lines[1..]) {
        let (record, ..) = parse_line(line.trim_end()).unwrap();
        assert_eq!(replay.feed(number, &record), None);
    }
    assert!(replay.report().verified() && replay.report().summary);
    (first, replay.session().stats().clone())
}

#[test]
fn the_last_minutes_are_a_journal_that_is_decided_as_the_session_was() {
    let mut engine = Engine::new(Fixed, 0);
    let one = plan("a", Duration::from_millis(20), WireArg::Textbook);
    engine.reload(ClientTime::ZERO, vec![one.clone()]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    // By their moment: to each probe its reply, its late one, two of them, or none.
    let mut coming: BTreeMap<(u64, usize), Vec<u8>> = BTreeMap::new();
    let mut sent = Vec::new();
    for now in 0..60_000 {
        let mut departures = Vec::new();
        // A busy machine misses some slots.
        if now % 1_000 >= 50 {
            engine.advance(ms(now), ms(now), usize::MAX, &mut departures);
        }
        for Departure { probe, .. } in departures {
            let mut buffer = [0; 256];
            let len = engine.encode(0, &probe, &mut buffer);
            let delays: &[u64] = match probe.seq % 11 {
                0 => &[],
                1 => &[7, 12],
                2 => &[450],
                3 => &[301, 302],
                _ => &[15],
            };
            for (copy, delay) in delays.iter().enumerate() {
                let seq = usize::try_from(probe.seq).unwrap();
                coming.insert((now + delay, seq * 2 + copy), buffer[..len].to_vec());
            }
            sent.push(probe.seq);
        }
        while let Some(entry) = coming.first_entry().filter(|it| it.key().0 <= now) {
            let ((at, _), bytes) = entry.remove_entry();
            engine.reply(0, ms(at), &bytes, None);
        }
    }
    let (_, target) = engine.targets().next().unwrap();
    let (config, wire) = (*target.session.client.config(), &target.session.wire);
    let session = SessionHeader::new(&one, config, wire, None);
    let end = target.session.time(ms(60_000));
    let (first, stats) = replayed(&session, &target.recent, end);
    assert!(first > 1, "the oldest gave way");
    let newest = *sent.last().unwrap();
    let summary = stats.summary();
    assert_eq!(summary.sent, newest - first + 1);
    // Those whose fate is known for certain by then, late ones among the lost.
    let settled = first..=newest - 40;
    let lost = settled.clone().filter(|seq| matches!(seq % 11, 0 | 2 | 3));
    let lost = lost.count() as u64;
    assert!((lost..lost + 40).contains(&summary.lost), "{summary:?}");
    assert!(summary.late > 100 && summary.duplicates > 40, "{summary:?}");
    assert_eq!(summary.unverified, 0, "each proves whose it is");
}

#[test]
fn a_reply_that_the_kernel_had_in_time_is_late_once_its_probe_is_lost() {
    let mut engine = Engine::new(Fixed, 0);
    let one = plan("a", Duration::from_secs(1), WireArg::Textbook);
    engine.reload(ClientTime::ZERO, vec![one.clone()]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let (mut departures, mut buffer) = (Vec::new(), [0; 256]);
    engine.advance(ms(1_000), ms(1_000), usize::MAX, &mut departures);
    let len = engine.encode(0, &departures[0].probe, &mut buffer);
    // The timeout is 300 ms. The loop looks for what is due, and only then at what has come.
    engine.advance(ms(1_301), ms(1_301), usize::MAX, &mut departures);
    engine.reply(0, ms(1_299), &buffer[..len], None);
    let (_, target) = engine.targets().next().unwrap();
    let figures = &target.figures;
    assert_eq!((figures.sent(), figures.late), (1, 1), "{figures:?}");
    assert_eq!(figures.count(Settled::Lost), 1);
    let (config, wire) = (*target.session.client.config(), &target.session.wire);
    let session = SessionHeader::new(&one, config, wire, None);
    let (_, stats) = replayed(&session, &target.recent, target.session.time(ms(1_400)));
    let summary = stats.summary();
    assert_eq!((summary.lost, summary.late, summary.replied), (1, 1, 0));
}

/// The kernel's clock, so many microseconds after the engine's time zero.
fn kernel(micros: u64) -> KernelTimestamp {
    let nanos = WALL + micros * 1_000;
    KernelTimestamp::from_nanos(i64::try_from(nanos).unwrap())
}

/// The sum of the RTTs of the only target, in microseconds, and how many there are.
fn rtts(engine: &Engine<Fixed>) -> (u64, u64) {
    let (_, target) = engine.targets().next().unwrap();
    let total = target.figures.rtt().total();
    (total.sum_ns / 1_000, total.count)
}

#[test]
fn an_rtt_is_the_kernels_interval_wherever_it_is_known_with_the_reply() {
    let mut engine = Engine::new(Fixed, 0);
    let one = plan("a", Duration::from_millis(100), WireArg::Textbook);
    engine.reload(ClientTime::ZERO, vec![one.clone()]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let (mut departures, mut sum, mut count) = (Vec::new(), 0, 0);
    // By its own clock each takes 2 ms.
    for (sent, received, late, shown) in [
        (Some(300), Some(1_900), false, 1_600),
        (None, Some(1_900), false, 2_000),
        (Some(300), None, false, 2_000),
        (None, None, false, 2_000),
        // What has been shown stays.
        (Some(300), Some(1_900), true, 2_000),
        // Set forth, and set back: no clock to go by.
        (Some(300), Some(9_000), false, 2_000),
        (Some(300), Some(200), false, 2_000),
    ] {
        departures.clear();
        let now = engine.deadline().unwrap();
        engine.advance(now, now, usize::MAX, &mut departures);
        let zero = now.as_nanos() / 1_000;
        let stamps = [sent, received].map(|it: Option<u64>| it.map(|it| kernel(zero + it)));
        let departure = departures[0];
        let mut buffer = [0; 256];
        let len = engine.encode(0, &departure.probe, &mut buffer);
        let transmitted = |engine: &mut Engine<Fixed>| {
            if let Some(at) = stamps[0] {
                engine.transmitted(&departure.sent_probe(), at);
            }
        };
        if !late {
            transmitted(&mut engine);
        }
        let arrived = now.saturating_add(Duration::from_millis(2));
        for _ in 0..2 {
            engine.reply(0, arrived, &buffer[..len], stamps[1]);
        }
        if late {
            transmitted(&mut engine);
        }
        transmitted(&mut engine);
        (sum, count) = (sum + shown, count + 1);
        assert_eq!(rtts(&engine), (sum, count), "{:?}", (sent, received, late));
    }
    let (_, target) = engine.targets().next().unwrap();
    assert_eq!(target.figures.duplicates, count);
    assert_eq!(
        target.figures.rtts().unwrap()[0],
        Duration::from_micros(1_600)
    );
    let (config, wire) = (*target.session.client.config(), &target.session.wire);
    let session = SessionHeader::new(&one, config, wire, None);
    let (_, stats) = replayed(&session, &target.recent, target.session.time(ms(900)));
    let summary = stats.summary();
    assert_eq!(
        summary.kernel_rtts, 2,
        "the late one is on record: {summary:?}"
    );
    assert_eq!(summary.kernel_rtts_discarded, 2);
    assert_eq!(summary.decided_rtt.unwrap().min_ns, 2_000_000);
}

#[test]
fn a_timestamp_is_nobodys_but_its_own_sessions() {
    let mut engine = Engine::new(Fixed, 0);
    let interval = Duration::from_millis(100);
    let first = plan("a", interval, WireArg::Textbook);
    engine.reload(ClientTime::ZERO, vec![first]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    engine.advance(ms(100), ms(100), usize::MAX, &mut departures);
    let old = departures[0].sent_probe();
    // Another target, in the same place.
    let second = plan("b", interval, WireArg::Textbook);
    engine.reload(ms(100), vec![second]).unwrap();
    begin(&mut engine, ms(100));
    departures.clear();
    let now = engine.deadline().unwrap();
    engine.advance(now, now, usize::MAX, &mut departures);
    let new = departures[0];
    assert_eq!((new.target, new.probe.seq), (old.target, old.seq));
    let zero = now.as_nanos() / 1_000;
    let mut buffer = [0; 256];
    let len = engine.encode(new.target, &new.probe, &mut buffer);
    engine.transmitted(&old, kernel(zero + 500));
    let arrived = now.saturating_add(Duration::from_millis(2));
    engine.reply(
        new.target,
        arrived,
        &buffer[..len],
        Some(kernel(zero + 2_000)),
    );
    assert_eq!(rtts(&engine), (2_000, 1));
    engine.transmitted(&new.sent_probe(), kernel(zero + 500));
    adds_up(&engine);
}

#[test]
fn those_that_tell_the_time_begin_again_when_the_clock_is_set() {
    let mut engine = Engine::new(Fixed, 0);
    let second = Duration::from_secs(1);
    let plans = [("a", WireArg::Stamp), ("b", WireArg::Textbook)];
    let plans = plans.map(|(name, wire)| plan(name, second, wire));
    engine.reload(ClientTime::ZERO, plans.to_vec()).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    engine.advance(ms(1_500), ms(1_500), usize::MAX, &mut departures);
    engine.renew_timed(ms(1_500));
    // What is in flight is settled first.
    engine.advance(ms(1_600), ms(1_600), usize::MAX, &mut departures);
    assert!(engine.take_idle().is_empty());
    engine.advance(ms(1_900), ms(1_900), usize::MAX, &mut departures);
    let idle = engine.take_idle();
    let names = idle.iter().map(|it| &*engine.get(*it).unwrap().plan.name);
    assert!(names.eq(["a"]), "{idle:?}");
    adds_up(&engine);
}

/// The reply of a STAMP reflector that has the right time, to a request of `now`.
fn stamp_reply(request: &mut [u8], now: ClientTime) -> &mut [u8] {
    let incoming = Incoming::decode(request, Mode::Open, Peers::TwampLightToo).unwrap();
    let at = Timestamp::from_utc(Format::Ntp, WALL + now.as_nanos() + 500_000);
    incoming.reply(&Reflection {
        counter: None,
        received: at,
        sent: at,
        error: ErrorEstimate::new(Duration::from_millis(1), true, Format::Ntp),
        ttl: 64,
        clocks: TimestampInfo::SOFTWARE,
    })
}

#[test]
fn the_way_there_begins_when_the_kernel_sent_the_probe() {
    let mut engine = Engine::new(Fixed, 0);
    let one = plan("a", Duration::from_secs(1), WireArg::Stamp);
    engine.reload(ClientTime::ZERO, vec![one]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let (mut departures, mut buffer) = (Vec::new(), [0; 256]);
    let now = engine.deadline().unwrap();
    engine.advance(now, now, usize::MAX, &mut departures);
    let departure = departures[0];
    let len = engine.encode(0, &departure.probe, &mut buffer);
    let zero = now.as_nanos() / 1_000;
    engine.transmitted(&departure.sent_probe(), kernel(zero + 300));
    // The reflector has it after 500 µs, by the right time.
    let reply = stamp_reply(&mut buffer[..len], now);
    let arrived = now.saturating_add(Duration::from_millis(1));
    engine.reply(0, arrived, reply, Some(kernel(zero + 1_000)));
    let (_, target) = engine.targets().next().unwrap();
    let ways = target.figures.directions().unwrap().oneway().unwrap();
    let micros = ways.map(|way| (way.total().sum_ns + 500) / 1_000);
    assert_eq!(micros.collect::<Vec<_>>(), [200, 500]);
}

#[test]
fn a_stamp_target_is_measured_both_ways_for_years() {
    const DAY: u64 = 86_400_000;
    let mut engine = Engine::new(Fixed, 0);
    let one = plan("a", Duration::from_millis(DAY / 24), WireArg::Stamp);
    engine.reload(ClientTime::ZERO, vec![one.clone()]).unwrap();
    begin(&mut engine, ClientTime::ZERO);
    let mut departures = Vec::new();
    while let Some(now) = engine.deadline().filter(|now| *now < ms(DAY * 800)) {
        engine.advance(now, now, usize::MAX, &mut departures);
        for Departure { target, probe, .. } in departures.drain(..) {
            let mut buffer = [0; 256];
            let len = engine.encode(target, &probe, &mut buffer);
            let arrived = now.saturating_add(Duration::from_millis(1));
            engine.reply(target, arrived, stamp_reply(&mut buffer[..len], now), None);
        }
        begin(&mut engine, now);
        adds_up(&engine);
    }
    let (_, target) = engine.targets().next().unwrap();
    let replied = target.figures.count(Settled::Replied);
    assert_eq!(replied, target.figures.sent());
    // A beat more or less for each new session.
    assert!(replied.abs_diff(800 * 24) <= 2 * (800 / 30), "{replied}");
    let ways = target.figures.directions().unwrap().oneway().unwrap();
    assert!(ways.into_iter().all(|way| way.count() == replied));
    let (config, wire) = (*target.session.client.config(), &target.session.wire);
    let session = SessionHeader::new(&one, config, wire, None);
    let end = target.session.time(ms(DAY * 800));
    let (_, stats) = replayed(&session, &target.recent, end);
    let reflected = stats.summary().reflected.unwrap();
    assert!(reflected.one_way.unwrap().synchronized, "{reflected:?}");
}
