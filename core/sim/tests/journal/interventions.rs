//! Acting on one packet changes nothing for any other; the same header is the same
//! journal, byte for byte; and a clone is a checkpoint.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::{option, sample};
use udping_journal::{Action, Intervention};
use udping_link::{Direction, PacketId};
use udping_sim::{Packet, WorldEvent};

use super::*;

/// What became of each packet of a run: when it set out, for how long it travelled,
/// whether it was lost and whether it was damaged.
type Fates = BTreeMap<(Direction, PacketId), (u64, Duration, bool, bool)>;

/// The packets of a run whose flights ended before the run did, and when that was.
fn fates(header: &Header) -> (Fates, u64) {
    let mut world = World::new(header).unwrap();
    let fates = world
        .by_ref()
        .filter_map(|step| match step.what {
            WorldEvent::Lost(packet)
            | WorldEvent::Reflected(packet, _)
            | WorldEvent::Dropped(packet, _)
            | WorldEvent::Arrived(packet) => Some(packet),
            _ => None,
        })
        .map(|it: Packet| {
            let fate = (it.from.as_nanos(), it.travel(), it.lost, it.damaged);
            ((it.direction, it.id), fate)
        })
        .collect();
    (fates, world.now().as_nanos())
}

const PROBES: u64 = 20;

fn actions() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Drop),
        Just(Action::Corrupt),
        (0_u64..2_000_000_000).prop_map(|by_ns| Action::Delay { by_ns }),
        (0_u64..2_000_000_000).prop_map(|after_ns| Action::Duplicate { after_ns }),
    ]
}

prop_compose! {
    /// Something done to a packet that is probably in flight: the paced schedule sends
    /// one each 70 ms, and it takes some 500 ms either way.
    pub(super) fn interventions()(
        seq in 1..=PROBES,
        copy in 0_u32..3,
        later in 0_u64..800_000_000,
        direction in sample::select(vec![Direction::Request, Direction::Reply]),
        action in actions(),
    ) -> Intervention {
        let at_ns = (seq - 1) * 70_000_000 + later;
        Intervention { at_ns, direction, packet: PacketId { seq, copy }, action }
    }
}

pub(super) fn acted_upon(config: &Config, seed: u64, interventions: Vec<Intervention>) -> Header {
    header(
        config,
        Scenario {
            interventions,
            ..rough_path(seed)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn on_a_paced_schedule_only_the_packets_of_that_probe_fare_otherwise(
        seed in 0_u64..1 << 53,
        others in prop::collection::vec(interventions(), 0..6),
        one in interventions(),
    ) {
        let config = &configs(PROBES)[1];
        let runs = [others.clone(), [vec![one], others].concat()];
        let [before, after] = runs.map(|all| fates(&acted_upon(config, seed, all)));
        for ((one_way, _), (other_way, end)) in [(&before, &after), (&after, &before)] {
            for (packet, fate) in one_way.iter().filter(|(it, _)| it.1.seq != one.packet.seq) {
                // The other run may have ended with this packet still in flight.
                let (from, travel, ..) = fate;
                let ended = from + u64::try_from(travel.as_nanos()).unwrap() >= *end;
                let same = other_way.get(packet).map_or(ended, |it| it == fate);
                prop_assert!(same, "{packet:?} {fate:?} {:?}", other_way.get(packet));
            }
        }
    }

    #[test]
    fn where_replies_set_the_pace_only_times_of_departure_move(
        seed in 0_u64..1 << 53,
        one in interventions(),
        schedule in sample::select(vec![0, 2]),
    ) {
        let config = &configs(PROBES)[schedule];
        let (before, _) = fates(&acted_upon(config, seed, Vec::new()));
        let (after, _) = fates(&acted_upon(config, seed, vec![one]));
        for (packet, (_, travel, lost, damaged)) in &before {
            if packet.1.seq == one.packet.seq {
                continue;
            }
            if let Some((_, travels, is_lost, is_damaged)) = after.get(packet) {
                prop_assert_eq!((travel, lost, damaged), (travels, is_lost, is_damaged));
            }
        }
    }

    #[test]
    fn a_clone_goes_on_as_its_original_and_as_a_run_from_the_start(
        seed in 0_u64..1 << 53,
        schedule in 0_usize..3,
        others in prop::collection::vec(interventions(), 0..4),
        steps in 0_usize..200,
        later in option::of(interventions()),
    ) {
        let header = acted_upon(&configs(PROBES)[schedule], seed, others);
        let mut original = World::new(&header).unwrap();
        let mut so_far: Vec<_> = original.by_ref().take(steps).collect();
        let mut fork = original.clone();
        if let Some(later) = later {
            let in_time = later.at_ns >= fork.now().as_nanos();
            prop_assert_eq!(fork.intervene_later(later).is_ok(), in_time);
        }
        let forked = Header {
            scenario: Some(fork.scenario().clone()),
            ..header.clone()
        };
        // The fork's own header tells of the whole run.
        let mut afresh = World::new(&forked).unwrap();
        let whole: Vec<_> = afresh.by_ref().collect();
        let rest: Vec<_> = original.by_ref().collect();
        let forked: Vec<_> = fork.by_ref().collect();
        if *fork.scenario() == header.scenario.unwrap_or_default() {
            prop_assert_eq!(&forked, &rest);
            prop_assert_eq!(fork.summary(), original.summary());
        }
        so_far.extend(forked);
        prop_assert_eq!(so_far, whole);
        prop_assert_eq!(fork.summary(), afresh.summary());
    }
}

#[test]
fn the_same_header_is_the_same_journal() {
    for config in configs(200) {
        let header = header(&config, rough_path(11));
        let journal = simulate(&header);
        assert_eq!(journal, simulate(&header));
        // What is read from its first line is the whole of it.
        assert_eq!(journal, simulate(&Header::parse(&journal[0]).unwrap()));
        let other = simulate(&super::header(&config, rough_path(12)));
        assert_ne!(journal[1..], other[1..]);
    }
}

#[test]
fn each_action_does_what_its_name_says() {
    let act = |action| {
        let intervention = Intervention {
            at_ns: 1_000_000,
            direction: Direction::Request,
            packet: PacketId { seq: 1, copy: 0 },
            action,
        };
        let delay = Impairments {
            delay: ms(10),
            ..Impairments::default()
        };
        let scenario = Scenario {
            request: delay,
            reply: delay,
            interventions: vec![intervention],
            ..Scenario::default()
        };
        let mut world = World::new(&header(&configs(2)[0], scenario)).unwrap();
        let hit = world
            .by_ref()
            .any(|step| matches!(step.what, WorldEvent::Intervened(_, true)));
        assert!(hit, "{action:?}");
        world.by_ref().for_each(drop);
        world.session().stats().summary()
    };
    assert_eq!(act(Action::Drop).lost, 1);
    let delayed = act(Action::Delay { by_ns: 5_000_000 });
    assert_eq!(delayed.rtt.unwrap().max_ns, 25_000_000);
    assert_eq!(act(Action::Delay { by_ns: 990_000_000 }).late, 1);
    let corrupt = act(Action::Corrupt);
    assert_eq!((corrupt.replied, corrupt.unverified), (2, 1));
    let doubled = act(Action::Duplicate { after_ns: 0 });
    assert_eq!((doubled.replied, doubled.duplicates), (2, 1));
}
