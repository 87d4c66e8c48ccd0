//! How fast the core is: `cargo bench -p udping-sim --bench core`.
//!
//! The budgets: a probe's whole life in 50 ns; 3 million simulated probes a second, through their wire
//! and the reflector, and 2 million with losses and jitter.
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use core::hint::black_box;
use core::num::NonZeroU64;
use core::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use udping_core::client::Client;
use udping_core::event::Output;
use udping_core::stats::{Full, Stats};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, WallTime};
use udping_core::timestamp::Timestamps;
use udping_core::wire::template::{Role, Template};
use udping_core::wire::{Claim, Probe, text};
use udping_core::{Config, Schedule};
use udping_journal::Scenario;
use udping_journal::replay::Replay;
use udping_journal::{Header, Record, parse_record, to_line};
use udping_link::{Impairments, Jitter, Loss, Rate, Seed};
use udping_sim::World;

const INTERVAL: Duration = Duration::from_millis(1);

/// What a run's timestamps are made of.
const TIMESTAMPS: Timestamps = Timestamps {
    start: WallTime::from_nanos(1_795_972_408_123_456_789),
    key: 7,
};

/// A probe each millisecond: a table of some two thousand.
fn paced() -> Config {
    let schedule = Schedule::Paced { interval: INTERVAL };
    let builder = Config::builder().schedule(schedule).count(None);
    builder.timestamps(TIMESTAMPS).build().unwrap()
}

/// A client, its figures and its clock.
struct Driven {
    client: Client<Vec<Entry>>,
    stats: Stats<Full>,
    now: ClientTime,
}

impl Driven {
    fn new() -> Self {
        let slots = vec![Entry::EMPTY; 2_048];
        Self {
            client: Client::new(paced(), ClientTime::ZERO, slots).unwrap(),
            stats: Stats::new(),
            now: ClientTime::ZERO,
        }
    }

    /// Polls until it waits; the probe that went out.
    fn poll(&mut self) -> Option<Probe> {
        let mut sent = None;
        loop {
            let output = black_box(&mut self.client).poll(self.now);
            output.tally(&mut self.stats);
            match output {
                Output::Send(probe) => sent = Some(probe),
                Output::Event(_) => {}
                Output::Wait(_) | Output::Done => return sent,
            }
        }
    }

    /// From one slot to the next: due, sent, and what comes of it.
    fn live(&mut self, replies: u32) {
        let probe = self.poll().unwrap();
        let arrival = self.now.saturating_add(Duration::from_micros(300));
        for _ in 0..replies {
            let claim = black_box(Claim::answering(&probe));
            self.client
                .handle_reply(arrival, claim)
                .tally(&mut self.stats);
        }
        self.now = self.now.saturating_add(INTERVAL);
    }
}

fn probe_life(c: &mut Criterion) {
    let mut group = c.benchmark_group("probe life");
    for (name, replies) in [("replied", 1), ("lost", 0), ("replied and doubled", 2)] {
        let mut driven = Driven::new();
        for _ in 0..5_000 {
            driven.live(replies);
        }
        group.bench_function(name, |b| b.iter(|| driven.live(replies)));
    }
    group.finish();
}

fn wire(c: &mut Criterion) {
    let mut group = c.benchmark_group("text");
    let probe = Probe {
        seq: 123_456,
        timestamp: TIMESTAMPS.start,
        due: ClientTime::ZERO,
        at: ClientTime::ZERO,
    };
    let mut buffer = [0; 64];
    group.bench_function("encode", |b| {
        b.iter(|| text::encode_request(black_box(&probe), 0, &mut buffer));
    });
    let len = text::encode_request(&probe, 0, &mut buffer).unwrap();
    group.bench_function("decode an echo", |b| {
        b.iter(|| text::decode_reply(black_box(&buffer[..len])));
    });
    let wordy =
        b"Reply to PING 123456 1795972408.123456789 from 192.0.2.1 at 12:30:01.123456 OK\r\n";
    group.bench_function("decode a wordy reply", |b| {
        b.iter(|| text::decode_reply(black_box(wordy)));
    });
    group.finish();

    let mut group = c.benchmark_group("template");
    let compiled = |template, role| Template::compile(template, role).unwrap();
    let ping = compiled("Ping {seq} {time}", Role::Request);
    let mut request = buffer;
    group.bench_function("write", |b| {
        b.iter(|| ping.write(black_box(&probe).into(), &mut request));
    });
    for (name, template) in [
        ("read", "Ping {seq} {time}"),
        ("read past any", "(?i){any} {seq} {time}"),
    ] {
        let template = compiled(template, Role::Expect);
        group.bench_function(name, |b| {
            b.iter(|| template.read(black_box(&buffer[..len])).unwrap());
        });
    }
    group.finish();
}

fn figures(c: &mut Criterion) {
    let mut group = c.benchmark_group("stats");
    let mut stats = Stats::<Full>::new();
    let mut seq = 0_u64;
    group.bench_function("a replied probe", |b| {
        b.iter(|| {
            seq += 1;
            let rtt = Duration::from_nanos(300_000 + (seq * 7_919) % 100_000);
            stats.sent(seq);
            stats.replied(seq, black_box(rtt), true);
        });
    });
    group.bench_function("a summary", |b| b.iter(|| black_box(&stats).summary()));
    group.finish();
}

/// The header of a simulated run on a path of 20 ms.
fn simulation(schedule: Schedule, count: u64, rough: bool) -> Header {
    let way = Impairments {
        delay: Duration::from_millis(10),
        ..Impairments::default()
    };
    let rough_way = Impairments {
        loss: Loss::Independent(Rate::from_ppm(100_000).unwrap()),
        jitter: Jitter::Exponential { mean: INTERVAL },
        duplicate: Rate::from_ppm(10_000).unwrap(),
        ..way
    };
    let way = if rough { rough_way } else { way };
    let config = Config::builder()
        .schedule(schedule)
        .count(NonZeroU64::new(count))
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

fn simulated_probes(c: &mut Criterion) {
    const PROBES: u64 = 100_000;
    let mut group = c.benchmark_group("simulated probes");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(PROBES));
    let gap = Duration::ZERO;
    let paced = Schedule::Paced { interval: INTERVAL };
    for (name, schedule, rough) in [
        ("stop-and-wait", Schedule::StopAndWait { gap }, false),
        ("paced", paced, false),
        ("window of 64", Schedule::Window { size: 64 }, false),
        ("paced, with losses and jitter", paced, true),
    ] {
        let header = simulation(schedule, PROBES, rough);
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut world = World::new(&header).unwrap();
                let decisions = world.by_ref().filter(|step| step.decision().is_some());
                (decisions.count(), world.session().stats().summary())
            });
        });
    }
    group.finish();
}

fn journal(c: &mut Criterion) {
    const PROBES: u64 = 10_000;
    let header = simulation(Schedule::Paced { interval: INTERVAL }, PROBES, true);
    let records: Vec<Record> = World::new(&header)
        .unwrap()
        .filter_map(|step| step.record())
        .collect();
    let lines: Vec<String> = records.iter().map(|it| to_line(it).unwrap()).collect();
    let bytes: usize = lines.iter().map(String::len).sum();

    let mut group = c.benchmark_group("journal, by probe");
    group
        .sample_size(50)
        .throughput(Throughput::Elements(PROBES));
    println!(
        "{} lines and {bytes} bytes for {PROBES} probes",
        lines.len()
    );
    group.bench_function("write", |b| {
        b.iter(|| {
            records
                .iter()
                .map(|it| to_line(it).unwrap().len())
                .sum::<usize>()
        });
    });
    group.bench_function("read", |b| {
        b.iter(|| lines.iter().filter(|it| parse_record(it).is_ok()).count());
    });
    group.bench_function("replay", |b| {
        b.iter(|| {
            let mut replay = Replay::new(&header).unwrap();
            for (line, record) in (2..).zip(&records) {
                replay.feed(line, record);
            }
            assert!(replay.report().verified());
        });
    });
    group.finish();
}

criterion_group!(
    benches,
    probe_life,
    wire,
    figures,
    simulated_probes,
    journal
);
criterion_main!(benches);
