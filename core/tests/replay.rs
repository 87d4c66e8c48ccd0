//! A simulated session's journal, replayed through the real client.
#![cfg(feature = "serde")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use core::time::Duration;

use udping_core::journal::{Header, Record, parse_record, to_line};
use udping_core::link::{Conditions, Loss, Rate, Seed};
use udping_core::replay::{Replay, Report};
use udping_core::schedule::{Config, Schedule};
use udping_core::sim::{Scenario, World};
use udping_core::what_if::WhatIf;

fn scenario() -> Scenario {
    let way = Conditions {
        loss: Loss::Independent(Rate::from_ppm(150_000).unwrap()),
        delay: Duration::from_millis(300),
        jitter: udping_core::link::Jitter::Exponential {
            mean: Duration::from_millis(200),
        },
        duplicate: Rate::from_ppm(50_000).unwrap(),
        corrupt: Rate::from_ppm(50_000).unwrap(),
        ..Conditions::default()
    };
    Scenario {
        seed: Seed::new(7).unwrap(),
        request: way,
        reply: way,
        ..Scenario::default()
    }
}

fn journal(config: &Config) -> Vec<String> {
    let header = Header::simulation("udping test".into(), config, None, scenario());
    let mut world = World::new(&header).unwrap();
    let mut lines = vec![to_line(&header).unwrap()];
    lines.extend(
        world
            .by_ref()
            .filter_map(|step| step.record)
            .map(|record| to_line(&record).unwrap()),
    );
    lines.push(to_line(&world.summary()).unwrap());
    lines
}

fn replay(lines: &[String]) -> Report {
    let mut replay = Replay::new(&Header::parse(&lines[0]).unwrap()).unwrap();
    for (number, line) in (2..).zip(&lines[1..]) {
        replay.feed(number, &parse_record(line).unwrap().0);
    }
    replay.report().clone()
}

fn configs() -> [Config; 3] {
    let config = Config {
        count: core::num::NonZeroU64::new(300),
        ..Config::default()
    };
    [
        config,
        Config {
            schedule: Schedule::Paced {
                interval: Duration::from_millis(70),
            },
            ..config
        },
        Config {
            schedule: Schedule::Window { size: 8 },
            ..config
        },
    ]
}

#[test]
fn every_schedule_replays_without_a_difference() {
    for config in configs() {
        let lines = journal(&config);
        let report = replay(&lines);
        assert!(
            report.verified(),
            "{config:?}: {:#?}",
            report.examples.first()
        );
        assert!(
            report.decisions > 600 && report.done && report.summary,
            "{report:?}"
        );
    }
}

#[test]
fn a_record_survives_its_line() {
    for config in configs() {
        for line in &journal(&config)[1..] {
            let (record, unknown) = parse_record(line).unwrap();
            assert_eq!((to_line(&record).unwrap(), unknown), (line.clone(), 0));
        }
    }
}

#[test]
fn the_recorded_timeout_changes_nothing_and_a_shorter_one_only_takes_replies() {
    for config in configs() {
        let lines = journal(&config);
        let header = Header::parse(&lines[0]).unwrap();
        let ask = |timeout| {
            let mut what_if = WhatIf::new(&header, timeout).unwrap();
            for line in &lines[1..] {
                what_if.feed(&parse_record(line).unwrap().0);
            }
            what_if.finish()
        };
        let same = ask(config.timeout);
        assert_eq!(same.changes().count(), 0, "{:?}", same.changes().next());
        assert_eq!(same.recorded(), same.decided());
        let shorter = ask(Duration::from_millis(700));
        assert!(shorter.decided().replied < shorter.recorded().replied);
        assert_eq!(shorter.decided().unknown, 0);
        let longer = ask(Duration::from_secs(10));
        assert!(longer.decided().replied > longer.recorded().replied);
        assert!(longer.decided().unknown > 0, "{:?}", longer.decided());
    }
}

#[test]
fn a_changed_decision_is_found() {
    let mut lines = journal(&configs()[0]);
    let at = lines
        .iter()
        .position(|line| line.contains("rtt_ns"))
        .unwrap();
    let Record::Reply(mut reply) = parse_record(&lines[at]).unwrap().0 else {
        panic!()
    };
    reply.rtt_ns = reply.rtt_ns.map(|rtt| rtt + 1);
    lines[at] = to_line(&Record::Reply(reply)).unwrap();
    let report = replay(&lines);
    assert_eq!(
        (report.differences, report.examples[0].line),
        (1, at as u64 + 1)
    );
}
