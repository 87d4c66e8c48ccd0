//! How many instructions the core's work takes: `cargo xtask bench instructions` counts them.
//!
//! Owns fixed amounts of work, each a case by name. An instruction count is the same in
//! every run, where a time is not, so a change of a hundredth shows. Valgrind does the
//! counting, of what happens inside [`measured`] alone:
//!
//! ```text
//! valgrind --tool=callgrind --toggle-collect='*measured*' instructions 'text, encode'
//! ```
//!
//! Without a name it lists the cases, each with how many times its work is done.
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use core::hint::black_box;
use core::net::{Ipv4Addr, SocketAddr};
use core::num::{NonZeroU16, NonZeroU64};
use core::time::Duration;

use udping_core::client::Client;
use udping_core::event::Output;
use udping_core::guard::{Guard, Policy, RateLimit, SourceEntry};
use udping_core::heartbeat::{Beat, Monitor, Sender, SenderState};
use udping_core::reflector::stamp::{StampReflector, StampSession, Terms};
use udping_core::reflector::{Reflector, ReplyMode};
use udping_core::stats::{Exchange, Full, Stats, Windows};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, ReflectorTime, WallTime};
use udping_core::timestamp::Timestamps;
use udping_core::wire::stamp::{
    ErrorEstimate, Extensions, Format, Incoming, Key, Mode, Peers, Reflection, Reply, Request,
    Timestamp, TimestampInfo,
};
use udping_core::wire::template::{Role, Template};
use udping_core::wire::{Claim, Probe, ReflectorTimes, heartbeat, text};
use udping_core::{Config, Schedule};
use udping_journal::Recorder;
use udping_journal::Scenario;
use udping_journal::replay::Replay;
use udping_journal::{Header, Record, parse_record, to_line};
use udping_link::{Direction, Impairments, Jitter, Link, Loss, PacketId, Rate, Reorder, Seed};
use udping_sim::World;

/// How often each case does its work, unless it says otherwise.
const TIMES: u32 = 10_000;

/// Summaries are asked for now and then.
const SUMMARIES: u32 = 100;

const INTERVAL: Duration = Duration::from_millis(1);

/// Samples before a summary: more than any size of the statistics keeps one by one.
const SAMPLES: u64 = 200_000;

/// A case: its name, how often it does its work, and the work.
type Case = (&'static str, u32, fn());

const CASES: [Case; 34] = [
    ("probe life, replied", TIMES, || life(Fate::Replied, false)),
    ("probe life, lost", TIMES, || life(Fate::Lost, false)),
    ("probe life, replied, with statistics", TIMES, || {
        life(Fate::Replied, true);
    }),
    ("probe life, mixed, with statistics", TIMES, || {
        life(Fate::Mixed, true);
    }),
    ("probe life, mixed, in a session", TIMES, session),
    ("text, encode", TIMES, text_encode),
    ("text, decode an echo", TIMES, || {
        text_decode(&text_request());
    }),
    ("text, decode a wordy reply", TIMES, || text_decode(WORDY)),
    ("text, reflect", TIMES, text_reflect),
    ("template, write", TIMES, template_write),
    ("template, read", TIMES, || {
        template_read("Ping {seq} {time}");
    }),
    ("template, read past any", TIMES, || {
        template_read("(?i){any} {seq} {time}");
    }),
    ("stamp, encode", TIMES, || stamp_encode(Mode::Open)),
    ("stamp, decode", TIMES, || stamp_decode(Mode::Open)),
    ("stamp, encode authenticated", TIMES, || {
        stamp_encode(Mode::Auth(&key()));
    }),
    ("stamp, decode authenticated", TIMES, || {
        stamp_decode(Mode::Auth(&key()));
    }),
    ("stamp, reflect", TIMES, || stamp_reflect(None)),
    ("stamp, reflect authenticated", TIMES, || {
        stamp_reflect(Some(&key()));
    }),
    ("heartbeat, encode", TIMES, beat_encode),
    ("heartbeat, decode", TIMES, beat_decode),
    ("heartbeat, send", TIMES, beat_send),
    ("heartbeat, receive", TIMES, beat_receive),
    ("link, fate on a clean way", TIMES, || fate(way())),
    ("link, fate on a rough way", TIMES, || fate(rough_way())),
    ("simulation, by probe", TIMES, || simulated(way())),
    ("simulation on a rough way, by probe", TIMES, || {
        simulated(rough_way());
    }),
    ("statistics, a replied probe", TIMES, replied),
    ("statistics, an exchange", TIMES, exchanged),
    ("statistics, a summary", SUMMARIES, summary),
    ("windows, a replied probe", TIMES, window_replied),
    ("windows, figures", SUMMARIES, window_figures),
    ("journal, write, by probe", TIMES, journal_write),
    ("journal, read, by probe", TIMES, journal_read),
    ("journal, replay, by probe", TIMES, journal_replay),
];

fn main() {
    let name = std::env::args()
        .nth(1)
        .filter(|name| !name.starts_with('-'));
    match name {
        Some(name) => {
            let case = CASES.iter().find(|(case, ..)| *case == name);
            case.unwrap_or_else(|| panic!("no case is called {name:?}"))
                .2();
        }
        None => {
            for (name, times, _) in CASES {
                println!("{times}\t{name}");
            }
        }
    }
}

/// What is counted. It is no part of its callers, so that valgrind knows its name.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

fn repeat(times: u32, mut work: impl FnMut()) {
    measured(&mut || (0..times).for_each(|_| work()));
}

fn at(nanos: u64) -> ClientTime {
    ClientTime::from_nanos(nanos)
}

/// What a run's timestamps are made of.
const TIMESTAMPS: Timestamps = Timestamps {
    start: WallTime::from_nanos(1_795_972_408_123_456_789),
    key: 7,
};

/// A probe each millisecond: a table of some two thousand.
fn paced() -> Config {
    Config::builder()
        .schedule(Schedule::Paced { interval: INTERVAL })
        .count(None)
        .timeout(Duration::from_secs(1))
        .late_window(Duration::from_secs(1))
        .accept_unnumbered(false)
        .timestamps(TIMESTAMPS)
        .build()
        .unwrap()
}

const SLOTS: usize = 2_048;

#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Replied,
    Lost,
    /// One in ten is lost, one in fifty comes twice.
    Mixed,
}

impl Fate {
    /// How many replies come to a probe.
    fn replies(self, seq: u64) -> u32 {
        match self {
            Self::Lost => 0,
            Self::Mixed if seq.is_multiple_of(10) => 0,
            Self::Mixed if seq % 50 == 1 => 2,
            Self::Replied | Self::Mixed => 1,
        }
    }
}

/// Some variation, as a network has it.
fn rtt(seq: u64) -> Duration {
    Duration::from_nanos(300_000 + (seq * 7_919) % 100_000)
}

/// From one slot to the next: due, sent, and what comes of it.
fn life(fate: Fate, counted: bool) {
    let slots = vec![Entry::EMPTY; SLOTS];
    let mut client = Client::new(paced(), ClientTime::ZERO, slots).unwrap();
    let mut stats = Box::new(Stats::<Full>::new());
    let mut now = ClientTime::ZERO;
    let mut one = move || {
        let mut sent = None;
        loop {
            let output = black_box(&mut client).poll(now);
            if counted {
                output.tally(&mut stats);
            }
            match output {
                Output::Send(probe) => sent = Some(probe),
                Output::Event(_) => {}
                Output::Wait(_) | Output::Done => break,
            }
        }
        let probe = sent.unwrap();
        let arrival = now.saturating_add(rtt(probe.seq));
        for _ in 0..fate.replies(probe.seq) {
            let claim = black_box(Claim::answering(&probe));
            let outcome = client.handle_reply(arrival, claim);
            if counted {
                outcome.tally(&mut stats);
            }
        }
        now = now.saturating_add(INTERVAL);
    };
    // Until probes begin to be forgotten.
    (0..3_000).for_each(|_| one());
    repeat(TIMES, one);
}

fn session() {
    let slots = vec![Entry::EMPTY; SLOTS];
    let mut session = Recorder::new(paced(), ClientTime::ZERO, slots)
        .unwrap()
        .with_windows();
    let mut now = ClientTime::ZERO;
    let mut one = move || {
        let mut sent = None;
        loop {
            let (output, record) = black_box(&mut session).poll(now);
            black_box(record);
            match output {
                Output::Send(probe) => sent = Some(probe),
                Output::Event(_) => {}
                Output::Wait(_) | Output::Done => break,
            }
        }
        let probe = sent.unwrap();
        let arrival = now.saturating_add(rtt(probe.seq));
        for _ in 0..Fate::Mixed.replies(probe.seq) {
            let claim = black_box(Claim::answering(&probe));
            let _ = black_box(session.reply(arrival, &claim, |_, _| {}));
        }
        now = now.saturating_add(INTERVAL);
    };
    (0..3_000).for_each(|_| one());
    repeat(TIMES, one);
}

const PROBE: Probe = Probe {
    seq: 123_456,
    timestamp: TIMESTAMPS.start,
    due: ClientTime::ZERO,
    at: ClientTime::ZERO,
};

const WORDY: &[u8] =
    b"Reply to PING 123456 1795972408.123456789 from 192.0.2.1 at 12:30:01.123456 OK\r\n";

fn text_request() -> Vec<u8> {
    let mut buffer = [0; 64];
    let len = text::encode_request(&PROBE, 0, &mut buffer).unwrap();
    buffer[..len].to_vec()
}

fn text_encode() {
    let mut buffer = [0; 64];
    repeat(TIMES, || {
        text::encode_request(black_box(&PROBE), 0, black_box(&mut buffer)).unwrap();
    });
}

fn text_decode(datagram: &[u8]) {
    repeat(TIMES, || {
        black_box(text::decode_reply(black_box(datagram)).unwrap());
    });
}

fn template_write() {
    let template = Template::compile("Ping {seq} {time}", Role::Request).unwrap();
    let mut buffer = [0; 64];
    repeat(TIMES, || {
        let values = black_box(&PROBE).into();
        template.write(values, black_box(&mut buffer)).unwrap();
    });
}

fn template_read(template: &str) {
    let template = Template::compile(template, Role::Expect).unwrap();
    let request = text_request();
    repeat(TIMES, || {
        black_box(black_box(&template).read(black_box(&request)).unwrap());
    });
}

/// A guard with rates that nobody uses up.
fn guard() -> Guard<Vec<SourceEntry>> {
    let plenty = RateLimit {
        per_second: u32::MAX.try_into().unwrap(),
        burst: u32::MAX.try_into().unwrap(),
    };
    let policy = Policy {
        per_source: Some(plenty),
        total: Some(plenty),
        ..Policy::open(12_000)
    };
    Guard::new(&policy, 7, vec![SourceEntry::EMPTY; 4_096])
}

/// One of a hundred clients.
fn peer(nth: u32) -> SocketAddr {
    let ip = Ipv4Addr::from_bits(0x0a00_0001 + nth % 100);
    SocketAddr::from((ip, 50_000))
}

fn text_reflect() {
    let mut reflector = Reflector::new(ReplyMode::Echo, guard());
    let mut request = text_request();
    let mut reply = [0; 64];
    let mut nth = 0_u32;
    repeat(TIMES, || {
        nth += 1;
        // Each is another's, or it would be taken for our own reply coming back.
        request[5..9].copy_from_slice(&nth.to_be_bytes());
        let now = ReflectorTime::from_nanos(u64::from(nth) * 10_000);
        let len = reflector.handle_request(now, peer(nth), black_box(&request), &mut reply);
        black_box(len.unwrap());
    });
}

fn key() -> Key {
    Key::new(&[7; 32]).unwrap()
}

/// 2026-11-23, in nanoseconds since 1970.
const TODAY: u64 = 1_795_392_000_000_000_000;

fn error() -> ErrorEstimate {
    ErrorEstimate::new(Duration::from_millis(1), false, Format::Ntp)
}

fn stamp_request(seq: u32) -> Request {
    Request {
        seq,
        timestamp: Timestamp::from_utc(Format::Ntp, TODAY + u64::from(seq) * 10_000),
        error: error(),
        ssid: NonZeroU16::new(99),
    }
}

fn extensions() -> Extensions<'static> {
    Extensions {
        timestamp_info: false,
        padding: Some(&[0x55; 32]),
    }
}

fn encoded(seq: u32, mode: Mode<'_>) -> Vec<u8> {
    let mut packet = vec![0; 256];
    let len = stamp_request(seq)
        .encode(mode, extensions(), &mut packet)
        .unwrap();
    packet.truncate(len);
    packet
}

fn stamp_encode(mode: Mode<'_>) {
    let mut buffer = [0; 256];
    let request = stamp_request(7);
    repeat(TIMES, || {
        let request = black_box(&request);
        request
            .encode(mode, extensions(), black_box(&mut buffer))
            .unwrap();
    });
}

fn stamp_decode(mode: Mode<'_>) {
    let mut packet = encoded(7, mode);
    let now = Timestamp::from_utc(Format::Ntp, TODAY);
    let incoming = Incoming::decode(&mut packet, mode, Peers::StampOnly).unwrap();
    let reply = incoming.reply(&Reflection {
        counter: None,
        received: now,
        sent: now,
        error: error(),
        ttl: 64,
        clocks: TimestampInfo::SOFTWARE,
    });
    repeat(TIMES, || {
        let reply = Reply::decode(black_box(reply), mode).unwrap();
        black_box(reply.claim(0));
    });
}

fn stamp_reflect(key: Option<&Key>) {
    let mode = key.map_or(Mode::Open, Mode::Auth);
    let mut packets: Vec<_> = (1..=TIMES).map(|seq| encoded(seq, mode)).collect();
    let terms = Terms {
        key: key.cloned(),
        peers: Peers::StampOnly,
        error: error(),
        clocks: TimestampInfo::SOFTWARE,
    };
    let sessions = vec![StampSession::EMPTY; 1_024];
    let mut reflector = StampReflector::stateful(terms, guard(), 7, sessions);
    let mut packets = packets.iter_mut().zip(1..);
    repeat(TIMES, || {
        let (packet, nth) = packets.next().unwrap();
        let now = u64::from(nth) * 10_000;
        let received = TODAY + now;
        let accepted = reflector
            .handle_request(
                ReflectorTime::from_nanos(now),
                WallTime::from_nanos(received),
                peer(nth),
                packet,
            )
            .unwrap();
        black_box(accepted.reply(WallTime::from_nanos(received + 1_000), Some(64)));
    });
}

fn beat_encode() {
    let mut buffer = [0; 64];
    repeat(TIMES, || {
        heartbeat::encode(black_box(123_456), TODAY, 0, black_box(&mut buffer)).unwrap();
    });
}

fn beat_decode() {
    let mut buffer = [0; 64];
    let len = heartbeat::encode(123_456, TODAY, 0, &mut buffer).unwrap();
    repeat(TIMES, || {
        let said = heartbeat::decode(black_box(&buffer[..len])).unwrap();
        black_box(said.clock(TODAY));
    });
}

fn beat_send() {
    let mut sender = Sender::new(INTERVAL, None);
    let mut now = ClientTime::ZERO;
    repeat(TIMES, || {
        while !matches!(black_box(&mut sender).poll(now), Output::Wait(_)) {}
        now = now.saturating_add(INTERVAL);
    });
}

fn beat_receive() {
    let mut watch = Monitor::new(Some(Duration::from_secs(3)), vec![SenderState::EMPTY; 64])
        .with_wall(Some(WallTime::from_nanos(TODAY)));
    let mut nth = 0;
    repeat(TIMES, || {
        nth += 1;
        let now = ReflectorTime::from_nanos(nth * 1_000_000);
        let beat = Beat {
            seq: nth,
            clock: Some(TODAY + nth * 1_000_000),
        };
        let _ = black_box(watch.handle_beat(now, 1 + nth % 10, black_box(beat)));
        let _ = black_box(watch.poll(now));
    });
}

/// A path of 10 ms each way.
fn way() -> Impairments {
    Impairments {
        delay: Duration::from_millis(10),
        ..Impairments::default()
    }
}

fn rough_way() -> Impairments {
    Impairments {
        loss: Loss::Independent(rate(100_000)),
        jitter: Jitter::Exponential { mean: INTERVAL },
        duplicate: rate(10_000),
        corrupt: rate(1_000),
        reorder: Reorder {
            rate: rate(10_000),
            extra: INTERVAL,
        },
        ..way()
    }
}

fn rate(ppm: u32) -> Rate {
    Rate::from_ppm(ppm).unwrap()
}

fn fate(impairments: Impairments) {
    let link = Link::new(Seed::new(1).unwrap(), Direction::Request, impairments);
    let mut seq = 0;
    repeat(TIMES, || {
        seq += 1;
        black_box(link.fate(black_box(PacketId { seq, copy: 0 })));
    });
}

/// Statistics that have outgrown what they keep one by one.
fn full() -> Box<Stats<Full>> {
    let mut stats = Box::new(Stats::<Full>::new());
    for seq in 1..=SAMPLES {
        stats.sent(seq);
        stats.replied(seq, rtt(seq), true);
        stats.kernel_rtt(seq, rtt(seq), rtt(seq).mul_f64(0.97));
        stats.timer_error(Duration::from_nanos(seq % 9_000));
    }
    stats
}

fn replied() {
    let mut stats = full();
    let mut seq = SAMPLES;
    repeat(TIMES, || {
        seq += 1;
        stats.sent(seq);
        stats.replied(seq, black_box(rtt(seq)), true);
    });
}

fn exchanged() {
    let mut stats = full();
    let mut seq = SAMPLES;
    repeat(TIMES, || {
        seq += 1;
        let sent = seq * 1_000_000;
        let time = |after: u64| ReflectorTime::from_nanos(sent + after);
        let exchange = Exchange {
            seq,
            rtt: rtt(seq),
            sent: Some(WallTime::from_nanos(sent)),
            times: ReflectorTimes {
                received: time(100_000 + seq % 1_000),
                sent: time(101_000 + seq % 1_000),
            },
            synced: true,
        };
        stats.exchanged(black_box(&exchange));
        stats.counted(seq, None, false);
    });
}

fn summary() {
    let stats = full();
    repeat(SUMMARIES, || {
        black_box(black_box(&stats).summary());
    });
}

/// Windows over ten minutes of replies, a thousand a second.
fn windows() -> Box<Windows<Full>> {
    let mut windows = Box::new(Windows::new());
    for seq in 0..600_000 {
        windows.replied(at(seq * 1_000_000), seq, rtt(seq));
    }
    windows
}

fn window_replied() {
    let mut windows = windows();
    let mut seq = 600_000;
    repeat(TIMES, || {
        seq += 1;
        windows.replied(at(seq * 1_000_000), seq, black_box(rtt(seq)));
    });
}

fn window_figures() {
    let windows = windows();
    repeat(SUMMARIES, || {
        black_box(black_box(&windows).figures(at(600_000_000_000)));
    });
}

/// The header of a simulated run.
fn simulation(way: Impairments) -> Header {
    let config = paced()
        .to_builder()
        .count(NonZeroU64::new(TIMES.into()))
        .build()
        .unwrap();
    let scenario = Scenario {
        seed: Seed::new(1).unwrap(),
        request: way,
        reply: way,
        ..Scenario::default()
    };
    Header::simulation("udping bench".into(), &config, None, scenario)
}

/// Both ends, their wires and the network between them, until the last probe is decided.
fn simulated(way: Impairments) {
    let mut world = World::new(&simulation(way)).unwrap();
    measured(&mut || {
        while let Some(step) = world.step() {
            black_box(step);
        }
    });
}

/// The journal of a run on a rough path.
fn journal() -> (Header, Vec<Record>) {
    let header = simulation(rough_way());
    let world = World::new(&header).unwrap();
    let records = world.filter_map(|step| step.record()).collect();
    (header, records)
}

fn journal_write() {
    let (_, records) = journal();
    measured(&mut || {
        for record in &records {
            black_box(to_line(black_box(record)).unwrap());
        }
    });
}

fn journal_read() {
    let (_, records) = journal();
    let lines: Vec<_> = records.iter().map(|it| to_line(it).unwrap()).collect();
    measured(&mut || {
        for line in &lines {
            black_box(parse_record(black_box(line)).unwrap());
        }
    });
}

fn journal_replay() {
    let (header, records) = journal();
    measured(&mut || {
        let mut replay = Replay::new(&header).unwrap();
        for (line, record) in (2..).zip(&records) {
            replay.feed(line, record);
        }
        assert!(replay.report().verified());
    });
}
