//! A run's fates as a script: done to packets that nothing else happens to, they arrive when
//! those of the run did, as often, and as whole.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use udping_journal::{PacketName, Passage, Script};
use udping_link::{Direction, Fate, Link, PacketId};
use udping_sim::{Fates, Packet, WorldEvent};

use super::interventions::{acted_upon, interventions};
use super::*;

/// How the packets of each probe arrive that travel one way: so long after the probe set
/// out, and damaged on the way or whole.
type Arrivals = BTreeMap<(u64, Direction), Vec<(Duration, bool)>>;

/// Runs a world to its end. Returns how packets arrived, the script, and the probes of which
/// some request was not answered.
fn simulated(header: &Header) -> (Arrivals, Script, BTreeSet<u64>) {
    let mut world = World::new(header).unwrap();
    let (mut fates, mut unanswered) = (Fates::default(), BTreeSet::new());
    let (mut sent, mut seen) = (BTreeMap::new(), Vec::new());
    for step in world.by_ref() {
        fates.take(&step);
        match step.what {
            WorldEvent::Sent(packet) => {
                sent.insert(packet.id.seq, packet.from);
            }
            WorldEvent::Lost(packet)
            | WorldEvent::Arrived(packet)
            | WorldEvent::Reflected(packet, _) => {
                seen.push(packet);
            }
            WorldEvent::Dropped(packet, _) => {
                unanswered.insert(packet.id.seq);
                seen.push(packet);
            }
            _ => {}
        }
    }
    let under_way: Vec<Packet> = world.in_flight().copied().collect();
    let requests = under_way
        .iter()
        .filter(|it| it.direction == Direction::Request);
    unanswered.extend(requests.map(|it| it.id.seq));
    let mut arrivals = Arrivals::new();
    for packet in seen.iter().chain(&under_way).filter(|it| !it.lost) {
        let since = packet.until.checked_since(sent[&packet.id.seq]).unwrap();
        let family = arrivals.entry((packet.id.seq, packet.direction));
        family.or_default().push((since, packet.damaged));
    }
    (sorted(arrivals), fates.script(&world), unanswered)
}

/// What `script` does to the packets of so many probes, each request answered at once.
fn scripted(script: &Script, probes: u64) -> Arrivals {
    let perfect = Link::new(Seed::default(), Direction::Request, Impairments::default());
    let nothing: Fate = perfect.fate(PacketId { seq: 1, copy: 0 });
    let passages = |number, direction, copy| {
        let actions = script.actions(PacketName {
            number,
            direction,
            copy,
        });
        let (own, duplicate, copies) = Passage::of(&nothing, actions);
        assert_eq!(duplicate, None);
        let all = core::iter::once(own).chain(copies);
        (0..)
            .zip(all)
            .filter(|(_, it)| !it.lost)
            .collect::<Vec<_>>()
    };
    let mut arrivals = Arrivals::new();
    for number in 1..=probes {
        for (copy, request) in passages(number, Direction::Request, 0) {
            let there = arrivals.entry((number, Direction::Request)).or_default();
            there.push((request.delay, request.corrupt));
            for (_, reply) in passages(number, Direction::Reply, copy) {
                let back = arrivals.entry((number, Direction::Reply)).or_default();
                back.push((
                    request.delay + reply.delay,
                    request.corrupt || reply.corrupt,
                ));
            }
        }
    }
    sorted(arrivals)
}

fn sorted(mut arrivals: Arrivals) -> Arrivals {
    for family in arrivals.values_mut() {
        family.sort();
    }
    arrivals
}

fn check(header: &Header, probes: u64) -> Script {
    let (arrivals, script, unanswered) = simulated(header);
    let scripted = scripted(&script, probes);
    for number in 1..=probes {
        for direction in [Direction::Request, Direction::Reply] {
            if direction == Direction::Reply && unanswered.contains(&number) {
                continue;
            }
            let name = (number, direction);
            assert_eq!(
                scripted.get(&name),
                arrivals.get(&name),
                "{name:?}:\n{script}"
            );
        }
    }
    assert_eq!(script.to_string().parse(), Ok(script.clone()));
    script
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_script_does_to_packets_what_happened_to_them_in_its_run(
        seed in 0_u64..1 << 53,
        schedule in 0_usize..3,
        service in 0_u64..30_000_000,
        interventions in prop::collection::vec(interventions(), 0..8),
    ) {
        let mut header = acted_upon(&configs(20)[schedule], seed, interventions);
        header.scenario.as_mut().unwrap().service_ns = service;
        check(&header, 20);
    }
}

#[test]
fn what_happens_to_nobody_is_not_in_it() {
    let script = check(&header(&configs(5)[0], Scenario::default()), 5);
    assert!(script.is_empty(), "{script}");
}
