//! Journals: what a run writes is what a replay verifies, and nothing else is.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod both;
mod eventful;
mod golden;
mod hostile;
mod interventions;
mod kinds;
mod outages;
mod replay;
mod schema;
mod script;
mod stamp;
mod tamper;

use core::num::NonZeroU64;
use core::time::Duration;

use udping_core::{Config, Schedule};
use udping_journal::Scenario;
use udping_journal::replay::{Replay, Report};
use udping_journal::{Header, Record, parse_record, to_line};
use udping_link::{Impairments, Jitter, Loss, Rate, Seed};
use udping_sim::World;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn ppm(ppm: u32) -> Rate {
    Rate::from_ppm(ppm).unwrap()
}

/// A path on which everything happens.
fn rough_path(seed: u64) -> Scenario {
    let way = Impairments {
        loss: Loss::Independent(ppm(150_000)),
        delay: ms(300),
        jitter: Jitter::Exponential { mean: ms(200) },
        duplicate: ppm(50_000),
        corrupt: ppm(50_000),
        ..Impairments::default()
    };
    Scenario {
        seed: Seed::new(seed).unwrap(),
        request: way,
        reply: way,
        ..Scenario::default()
    }
}

/// A configuration for each schedule that a simulated run can have.
fn configs(count: u64) -> [Config; 3] {
    let config = Config::builder()
        .count(NonZeroU64::new(count))
        .build()
        .unwrap();
    let with = |schedule| config.to_builder().schedule(schedule).build().unwrap();
    [
        config,
        with(Schedule::Paced { interval: ms(70) }),
        with(Schedule::Window { size: 8 }),
    ]
}

fn header(config: &Config, scenario: Scenario) -> Header {
    Header::simulation("udping test".into(), config, None, scenario)
}

/// The lines of a simulated run, its header first.
fn simulate(header: &Header) -> Vec<String> {
    let mut world = World::new(header).unwrap();
    let mut lines = vec![to_line(header).unwrap()];
    let records = world.by_ref().filter_map(|step| step.record());
    lines.extend(records.map(|record| to_line(&record).unwrap()));
    lines.push(to_line(&world.summary()).unwrap());
    lines
}

fn parse(lines: &[String]) -> Vec<Record> {
    let record = |line: &String| parse_record(line).unwrap().0;
    lines.iter().map(record).collect()
}

fn verify(header: &Header, records: &[Record]) -> Report {
    let mut replay = Replay::new(header).unwrap();
    for (line, record) in (2..).zip(records) {
        replay.feed(line, record);
    }
    replay.report().clone()
}
