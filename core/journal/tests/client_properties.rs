//! Any operations in any order: the client's invariants, and its journal's replay.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod harness;

use core::time::Duration;

use harness::{Carried, Op, Setup, When, Whom, run};
use proptest::option;
use proptest::prelude::*;
use udping_core::schedule::Schedule;

fn schedules() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        (0_u64..20).prop_map(|gap| Schedule::StopAndWait {
            gap: Duration::from_nanos(gap)
        }),
        (1_u64..20).prop_map(|interval| Schedule::Paced {
            interval: Duration::from_nanos(interval)
        }),
        (1_u32..6).prop_map(|size| Schedule::Window { size }),
        Just(Schedule::OnDemand),
    ]
}

fn starts() -> impl Strategy<Value = u64> {
    prop_oneof![8 => Just(0), 1 => any::<u64>(), 1 => u64::MAX - 100..]
}

prop_compose! {
    fn setups()(
        schedule in schedules(),
        count in option::of(1_u64..12),
        timeout in 1_u64..60,
        late_window in 0_u64..60,
        accept_unnumbered: bool,
        wall: u64,
        key: u32,
        spare_slots in 0_u8..4,
        start in starts(),
    ) -> Setup {
        let count = count.and_then(core::num::NonZeroU64::new);
        Setup { schedule, count, timeout, late_window, accept_unnumbered, wall, key, spare_slots, start }
    }
}

fn whens() -> impl Strategy<Value = When> {
    prop_oneof![
        20 => (0_u64..40).prop_map(When::After),
        3 => (0_u64..40).prop_map(When::Before),
        1 => any::<u64>().prop_map(When::After),
        1 => any::<u64>().prop_map(When::Before),
        1 => Just(When::End),
    ]
}

fn whoms() -> impl Strategy<Value = Whom> {
    prop_oneof![
        12 => (0_u8..6).prop_map(Whom::Back),
        1 => any::<u8>().prop_map(Whom::Back),
        1 => any::<u64>().prop_map(Whom::Number),
    ]
}

fn carried() -> impl Strategy<Value = Carried> {
    prop_oneof![
        8 => Just(Carried::Own),
        2 => Just(Carried::Cut),
        3 => Just(Carried::Nothing),
        2 => (0_u8..4).prop_map(Carried::Of),
        2 => any::<u64>().prop_map(Carried::Number),
    ]
}

fn operations() -> impl Strategy<Value = Op> {
    let times = || option::weighted(0.2, any::<(u32, u32)>());
    let wide = |(received, sent): (u32, u32)| (u64::from(received), u64::from(sent));
    prop_oneof![
        4 => whens().prop_map(Op::Poll),
        8 => whens().prop_map(Op::Drain),
        10 => (whens(), option::weighted(0.9, whoms()), carried(), any::<bool>(), times())
            .prop_map(move |(when, whom, carried, needs_proof, times)| Op::Reply(when, whom, carried, needs_proof, times.map(wide))),
        1 => (whens(), any::<bool>()).prop_map(|(when, empty)| Op::Unreadable(when, empty)),
        2 => (whens(), option::of(whoms())).prop_map(|(when, whom)| Op::Unreachable(when, whom)),
        2 => (whens(), whoms()).prop_map(|(when, whom)| Op::SendFailure(when, whom)),
        2 => (whoms(), -5_i64..40).prop_map(|(whom, kernel)| Op::Kernel(whom, kernel)),
    ]
}

/// Now and then a session is stopped.
fn sessions() -> impl Strategy<Value = Vec<Op>> {
    let stop = option::weighted(0.2, whens());
    let ops = || prop::collection::vec(operations(), 0..60);
    (ops(), stop, ops()).prop_map(|(mut ops, stop, after)| {
        if let Some(stop) = stop {
            ops.push(Op::Stop(stop));
        }
        ops.extend(after);
        ops
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_operations_keep_the_invariants_and_replay(setup in setups(), ops in sessions()) {
        run(&setup, &ops);
    }

    #[test]
    fn so_do_any_operations_with_unplanned_probes(
        setup in setups(),
        ops in prop::collection::vec(
            prop_oneof![3 => operations(), 1 => whens().prop_map(Op::SendNow)],
            0..100,
        ),
    ) {
        run(&setup, &ops);
    }
}
