//! What holds for every run: steps, forks, figures.

use udping_journal::ScheduleSpec;
use udping_journal::{Action, Intervention};
use udping_link::{Direction, PacketId, Rate, Seed};
use udping_sim::World;

use super::compare::Comparison;
use super::figures::Figures;
use super::history::{ActError, History};
use super::log::{Cursor, EventData};
use super::presets::Preset;
use super::run::Run;
use super::setup::Setup;

/// A run in which everything happens.
fn wild(count: u64) -> Setup {
    let mut setup = Preset::HomeWifi.setup(Seed::from_low_bits(20_261_122));
    setup.count = count;
    setup.timeout_ns = 30_000_000;
    for way in [&mut setup.scenario.request, &mut setup.scenario.reply] {
        way.duplicate = Rate::from_ppm(100_000).unwrap();
        way.corrupt = Rate::from_ppm(50_000).unwrap();
    }
    setup
}

fn end(run: &Run) -> Cursor {
    run.after(run.events())
}

/// Everything there is to see at a cursor.
fn seen(run: &Run, cursor: Cursor) -> String {
    let probes: Vec<_> = (0..run.probes())
        .filter_map(|at| run.probe(at, cursor).filter(|it| it.symbol.is_some()))
        .collect();
    let figures = Figures::default().at(run, cursor);
    let (flights, timers) = (run.in_flight(cursor), run.timers(cursor));
    format!("{cursor:?} {probes:?} {flights:?} {timers:?} {figures:?}")
}

#[test]
fn fifty_steps_on_and_fifty_back_are_none_at_all() {
    let run = Run::simulate(&wild(200).header().unwrap()).unwrap();
    let start = run.step(Cursor::default(), 100);
    let mut cursor = start;
    let mut there = Vec::new();
    for _ in 0..50 {
        there.push(seen(&run, cursor));
        cursor = run.step(cursor, 1);
    }
    assert_eq!(cursor, run.step(start, 50));
    for expected in there.into_iter().rev() {
        cursor = run.step(cursor, -1);
        assert_eq!(seen(&run, cursor), expected);
    }
    assert_eq!(cursor, start);
    assert_eq!(run.step(start, -101), Cursor::default());
    assert_eq!(run.step(start, isize::MAX), end(&run));
    assert_eq!(run.step(start, 0), start);
}

#[test]
fn what_is_seen_is_what_the_world_was() {
    let header = wild(300).header().unwrap();
    let run = Run::simulate(&header).unwrap();
    let mut world = World::new(&header).unwrap();
    let mut index = 0;
    let mut figures = Figures::default();
    while world.step().is_some() {
        let cursor = run.after(index);
        index += 1;
        assert_eq!(cursor.at_ns, world.now().as_nanos());
        let summary = world.session().stats().summary();
        assert_eq!(figures.at(&run, cursor), summary);
        let mut flying: Vec<_> = world
            .in_flight()
            .map(|it| {
                (
                    it.until.as_nanos(),
                    it.from.as_nanos(),
                    it.id,
                    it.direction,
                    it.lost,
                )
            })
            .collect();
        let mut found: Vec<_> = run
            .in_flight(cursor)
            .iter()
            .map(|it| {
                let id = PacketId {
                    seq: it.seq,
                    copy: it.copy,
                };
                (it.until_ns, it.from_ns, id, it.direction, it.lost)
            })
            .collect();
        flying.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, flying, "after event {index}");
        let waiting: Vec<u64> = world
            .session()
            .client()
            .in_flight()
            .map(|it| it.seq)
            .collect();
        let found = (0..run.probes()).filter_map(|at| run.probe(at, cursor));
        let found: Vec<u64> = found
            .filter(|probe| probe.symbol == Some(super::log::Symbol::InFlight))
            .map(|probe| probe.seq)
            .collect();
        assert_eq!(found, waiting);
    }
    assert_eq!(index, run.events());
}

#[test]
fn a_seek_lands_after_everything_of_its_moment() {
    let run = Run::simulate(&wild(50).header().unwrap()).unwrap();
    for event in 0..run.events() {
        let at_ns = run.event(event).unwrap().at_ns;
        let cursor = run.seek(at_ns);
        assert!(cursor.index > event && cursor.at_ns == at_ns);
        assert!(
            run.event(cursor.index)
                .is_none_or(|next| next.at_ns > at_ns)
        );
        if at_ns > 0 {
            assert!(run.seek(at_ns - 1).index <= event);
        }
    }
    assert_eq!(run.seek(u64::MAX), end(&run));
}

#[test]
fn figures_are_the_same_whichever_way_one_comes() {
    let run = Run::simulate(&wild(4_000).header().unwrap()).unwrap();
    let mut moving = Figures::default();
    assert!(run.events() > 3 * 4_096, "several checkpoints");
    let far = [
        9_000,
        4_095,
        4_096,
        4_097,
        13_000,
        0,
        8_192,
        run.events(),
        1,
    ];
    for index in far {
        let cursor = run.step(Cursor::default(), index.cast_signed());
        assert_eq!(moving.at(&run, cursor), Figures::default().at(&run, cursor));
        let mut fresh = Cursor::default();
        let mut walking = Figures::default();
        while fresh.index < index {
            fresh = run.step(fresh, 1_000.min(index - fresh.index).cast_signed());
            walking.at(&run, fresh);
        }
        assert_eq!(walking.at(&run, fresh), moving.at(&run, cursor));
    }
}

#[test]
fn a_fork_is_the_run_that_its_header_describes() {
    let setups = [
        wild(40),
        wild(2_000),
        Setup {
            schedule: ScheduleSpec::Window { size: 8 },
            ..wild(600)
        },
    ];
    for setup in setups {
        let mut history = History::simulate(&setup).unwrap();
        let actions = [
            Action::Drop,
            Action::Delay { by_ns: 25_000_000 },
            Action::Duplicate {
                after_ns: 3_000_000,
            },
            Action::Corrupt,
        ];
        // Later and later, then in the past of all that, each on the branch before.
        for (round, share) in [1, 2, 3, 5, 7, 9, 4, 2, 8].into_iter().enumerate() {
            let run = history.run().clone();
            let cursor = run.step(Cursor::default(), (run.events() * share / 10).cast_signed());
            let cursor = (0..run.events() - cursor.index)
                .map(|on| run.step(cursor, on.cast_signed()))
                .find(|cursor| {
                    run.in_flight(*cursor)
                        .iter()
                        .any(|it| it.until_ns > cursor.at_ns + 1)
                });
            let cursor = cursor.unwrap();
            let flights = run.in_flight(cursor);
            let flight = flights
                .iter()
                .find(|it| it.until_ns > cursor.at_ns + 1)
                .unwrap();
            let there = history
                .act(cursor, flight.index, actions[round % 4])
                .unwrap();
            let fork = history.run();
            let fresh = Run::simulate(fork.header()).unwrap();
            assert!(fork.log() == fresh.log(), "round {round}");
            let last = fork.event(there.index - 1).unwrap();
            assert!(
                matches!(last.what, EventData::Intervened { intervention, hit: true }
                    if intervention.action == actions[round % 4] && intervention.packet.seq == flight.seq),
                "{last:?}"
            );
            // Up to there nothing is otherwise.
            let before = cursor.index.min(there.index - 1);
            assert_eq!(
                seen(&run, run.after(before - 1)),
                seen(fork, fork.after(before - 1))
            );
        }
        assert_eq!(history.branches().len(), 10);
        assert!(history.select(0) && !history.select(10));
        assert_eq!(history.run().header(), &setup.header().unwrap());
    }
}

#[test]
fn acting_in_the_past_changes_that_packet_s_fate_only() {
    let setup = Setup {
        schedule: ScheduleSpec::Paced {
            interval_ns: 10_000_000,
        },
        ..Preset::HomeWifi.setup(Seed::from_low_bits(5))
    };
    let mut history = History::simulate(&setup).unwrap();
    // Two whole requests, the later one first.
    let drop_at = |history: &mut History, at_ns: u64| {
        let run = history.run().clone();
        let (cursor, flight) = (0..run.events())
            .map(|event| run.after(event))
            .filter(|cursor| cursor.at_ns >= at_ns)
            .find_map(|cursor| {
                let mut flying = run.in_flight(cursor).into_iter();
                let whole = flying.find(|it| {
                    it.direction == Direction::Request && !it.lost && it.until_ns > cursor.at_ns + 1
                })?;
                Some((cursor, whole))
            })
            .unwrap();
        history.act(cursor, flight.index, Action::Drop).unwrap();
        flight.seq
    };
    let late = drop_at(&mut history, 600_000_000);
    let early = drop_at(&mut history, 100_000_000);
    assert!(early < late);
    let [first, one, both] = [0, 1, 2].map(|branch| history.branches()[branch].run.clone());
    let changed = |left: &Run, right: &Run| -> Vec<u64> {
        let changes = Comparison::of(left, right).changes;
        changes.iter().map(|change| change.seq).collect()
    };
    assert_eq!(changed(&first, &one), [late]);
    assert_eq!(changed(&one, &both), [early]);
    assert_eq!(changed(&first, &both), [early, late]);
}

#[test]
fn only_what_is_in_flight_can_be_acted_on() {
    let mut history = History::simulate(&wild(50)).unwrap();
    let run = history.run().clone();
    let arrived = run
        .log()
        .flights
        .ended
        .iter()
        .position(|end| *end < 30)
        .unwrap();
    let late = end(&run);
    assert_eq!(
        history.act(late, arrived, Action::Drop),
        Err(ActError::NotInFlight)
    );
    assert_eq!(
        history.act(Cursor::default(), 7, Action::Drop),
        Err(ActError::NotInFlight)
    );
    assert_eq!(
        history.act(late, usize::MAX, Action::Drop),
        Err(ActError::NotInFlight)
    );
    assert_eq!(history.branches().len(), 1);
}

#[test]
fn a_packet_can_be_acted_on_at_the_very_moment_it_sets_out() {
    let mut history = History::simulate(&Preset::Textbook.setup(Seed::from_low_bits(1))).unwrap();
    let run = history.run().clone();
    let cursor = run.after(0);
    let flight = run.in_flight(cursor)[0].index;
    let there = history.act(cursor, flight, Action::Drop).unwrap();
    assert_eq!(there.at_ns, 1);
    let next = history.run().event(there.index).unwrap();
    assert!(matches!(next.what, EventData::Dropped { .. }), "{next:?}");
    let flight = history.run().flight(flight, there).unwrap();
    assert!(flight.lost && flight.progress < 0.001, "{flight:?}");
}

#[test]
fn a_delayed_packet_bends_where_it_was_delayed() {
    let mut setup = Preset::Textbook.setup(Seed::from_low_bits(1));
    setup.scenario.request = udping_link::Impairments {
        delay: std::time::Duration::from_millis(100),
        ..Default::default()
    };
    let mut history = History::simulate(&setup).unwrap();
    let run = history.run().clone();
    let cursor = run.seek(25_000_000);
    let flight = run.in_flight(cursor)[0].index;
    let progress = |run: &Run, at_ns| run.flight(flight, run.seek(at_ns)).unwrap().progress;
    assert!((progress(&run, 25_000_000) - 0.25).abs() < 1e-9);
    let by_ns = 75_000_000;
    let there = history
        .act(cursor, flight, Action::Delay { by_ns })
        .unwrap();
    let run = history.run();
    // 75 ms of way and 75 ms of delay are left: half as fast from there.
    for (at_ms, expected) in [(10, 0.1), (25, 0.25), (50, 0.375), (100, 0.625), (175, 1.0)] {
        let found = progress(run, at_ms * 1_000_000);
        assert!((found - expected).abs() < 1e-9, "{found} at {at_ms} ms");
    }
    assert_eq!(run.flight(flight, there).unwrap().until_ns, 175_000_000);
    assert_eq!(
        run.flight(flight, run.seek(10_000_000)).unwrap().until_ns,
        100_000_000
    );
}

#[test]
fn an_intervention_that_hits_nothing_is_told_as_that() {
    let mut setup = Preset::CampusLan.setup(Seed::from_low_bits(1));
    setup.scenario.interventions.push(Intervention {
        at_ns: 5_000_000,
        direction: Direction::Reply,
        packet: PacketId { seq: 99, copy: 0 },
        action: Action::Drop,
    });
    let run = Run::simulate(&setup.header().unwrap()).unwrap();
    let found = (0..run.events()).filter_map(|event| match run.event(event)?.what {
        EventData::Intervened { hit, .. } => Some(hit),
        _ => None,
    });
    assert_eq!(found.collect::<Vec<_>>(), [false]);
}
