//! The server of a world is the reflector that `serve` runs, and what reaches it, and what
//! comes back, are bytes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use core::num::NonZeroU64;
use core::time::Duration;

use udping_core::event::{Ignored, Outcome};
use udping_core::guard::{DropReason, Policy, RateLimit};
use udping_core::stats::Summary;
use udping_core::{Config, Schedule};
use udping_journal::{Action, Header, Intervention, Scenario, WireName};
use udping_link::{Direction, Impairments, PacketId, Rate};
use udping_sim::{Decision, Recorded, ServerEnd, Step, World, WorldEvent};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A second of probes, one each ten milliseconds, over ways of as much.
fn header(size: Option<u64>, way: Impairments) -> Header {
    let config = Config::builder()
        .schedule(Schedule::Paced { interval: ms(10) })
        .count(NonZeroU64::new(100))
        .build()
        .unwrap();
    let way = Impairments {
        delay: ms(10),
        ..way
    };
    let scenario = Scenario {
        request: way,
        reply: way,
        ..Scenario::default()
    };
    Header::simulation("udping test".into(), &config, size, scenario)
}

fn run(mut world: World) -> (Vec<Step<Recorded>>, Summary) {
    let steps = world.by_ref().collect();
    (steps, world.session().stats().summary())
}

fn outcomes(steps: &[Step<Recorded>]) -> impl Iterator<Item = Outcome> {
    steps.iter().filter_map(|step| match step.decision() {
        Some(Decision::Outcome(outcome)) => Some(outcome),
        _ => None,
    })
}

fn dropped(steps: &[Step<Recorded>]) -> Vec<DropReason> {
    let why = |step: &Step<Recorded>| match step.what {
        WorldEvent::Dropped(_, why) => Some(why),
        _ => None,
    };
    steps.iter().filter_map(why).collect()
}

#[test]
fn it_answers_by_its_policy() {
    let header = header(None, Impairments::default());
    let (steps, summary) = run(World::new(&header).unwrap());
    assert_eq!((summary.replied, dropped(&steps).len()), (100, 0));
    let few = 20.try_into().unwrap();
    let policy = Policy {
        per_source: Some(RateLimit {
            per_second: few,
            burst: few,
        }),
        ..ServerEnd::<Recorded>::POLICY
    };
    let (steps, summary) = run(World::with_policy(&header, &policy).unwrap());
    let dropped = dropped(&steps);
    assert!(dropped.iter().all(|why| *why == DropReason::RateLimit));
    assert_eq!(summary.replied + dropped.len() as u64, 100);
    // A burst of twenty, and twenty more in that second.
    assert!((35..=45).contains(&summary.replied), "{summary:?}");
}

#[test]
fn copies_of_what_it_echoed_are_answered_as_serve_does_on_loopback() {
    let mut header = header(None, Impairments::default());
    if let Some(scenario) = &mut header.scenario {
        scenario.request.duplicate = Rate::ALWAYS;
    }
    let (steps, summary) = run(World::new(&header).unwrap());
    // Of equal requests a thousand a second are.
    assert_eq!((summary.replied, summary.duplicates), (100, 100));
    assert_eq!(dropped(&steps), []);
    // STAMP's reflector knows its own replies by the time they bear, and no request has it.
    let (steps, summary) = run(World::new(&header.on(WireName::Stamp)).unwrap());
    assert_eq!((summary.duplicates, dropped(&steps).len()), (100, 0));
}

#[test]
fn on_stamp_a_request_that_leaves_as_a_reply_does_is_no_echo_of_it() {
    // Each request from the third on has the very T1 that was an earlier reply's T3.
    let header = header(None, Impairments::default()).on(WireName::Stamp);
    let (steps, summary) = run(World::new(&header).unwrap());
    assert_eq!((summary.replied, dropped(&steps)), (100, vec![]));
}

#[test]
fn damage_is_for_the_wire_to_find() {
    let damaging = Impairments {
        corrupt: Rate::ALWAYS,
        ..Impairments::default()
    };
    let header = header(None, damaging);
    let (steps, summary) = run(World::new(&header).unwrap());
    assert!(summary.unverified > 0 && summary.ignored > 0, "{summary:?}");
    let foreign = |outcome: &Outcome| *outcome == Outcome::Ignored(Ignored::Foreign);
    assert!(!outcomes(&steps).any(|it| foreign(&it)));
    let (steps, summary) = run(World::new(&header.on(WireName::Stamp)).unwrap());
    assert!(outcomes(&steps).any(|it| foreign(&it)));
    assert_eq!(summary.unverified, 0, "all of a reply, or none of it");
}

#[test]
fn what_is_damaged_in_the_padding_hurts_nobody() {
    let damaging = Impairments {
        corrupt: Rate::ALWAYS,
        ..Impairments::default()
    };
    let (_, summary) = run(World::new(&header(Some(1_400), damaging)).unwrap());
    assert!(summary.replied - summary.unverified > 90, "{summary:?}");
    // On STAMP it is part of what has to come back.
    let header = header(Some(1_400), damaging).on(WireName::Stamp);
    let (_, summary) = run(World::new(&header).unwrap());
    assert!(summary.replied < 10, "{summary:?}");
}

#[test]
fn a_hand_finds_what_a_packet_is_known_by_however_long_it_is() {
    for size in [None, Some(64), Some(1_400)] {
        for direction in [Direction::Request, Direction::Reply] {
            let mut header = header(size, Impairments::default());
            if let Some(scenario) = &mut header.scenario {
                scenario.interventions.push(Intervention {
                    at_ns: 15_000_000,
                    direction,
                    packet: match direction {
                        Direction::Request => PacketId { seq: 2, copy: 0 },
                        Direction::Reply => PacketId { seq: 1, copy: 0 },
                    },
                    action: Action::Corrupt,
                });
            }
            let (_, summary) = run(World::new(&header).unwrap());
            assert_eq!((summary.replied, summary.unverified), (100, 1), "{size:?}");
            let (_, summary) = run(World::new(&header.on(WireName::Stamp)).unwrap());
            assert_eq!((summary.replied, summary.ignored), (99, 1), "{size:?}");
        }
    }
}
