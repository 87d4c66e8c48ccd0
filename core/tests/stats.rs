//! The statistics as their user sees them.

use core::time::Duration;
use proptest::prelude::*;
use udping_core::session::Session;
use udping_core::stats::{Fleet, Ipdv, LossRuns, Range, Ratio, Reordering, Small, Stats, Summary};
use udping_core::table::Entry;

const fn ns(nanos: u64) -> Duration {
    Duration::from_nanos(nanos)
}

/// Ten probes with every fate there is.
fn session() -> Stats<Fleet> {
    let mut stats = Stats::<Fleet>::new();
    (1..=10).for_each(|seq| stats.sent(seq));
    stats.replied(1, ns(100), true);
    stats.replied(3, ns(120), true);
    stats.replied(2, ns(104), false);
    stats.duplicate(2);
    stats.lost(4);
    stats.refused(5);
    stats.late(4, ns(900));
    stats.lost(7);
    stats.unsent(8);
    stats.missed(3);
    stats.ignored();
    stats.kernel_rtt(1, ns(100), ns(90));
    stats.kernel_rtt(3, ns(120), ns(95));
    // Longer than the RTT, and of the late one.
    stats.kernel_rtt(2, ns(100), ns(101));
    stats.kernel_rtt(4, ns(900), ns(890));
    stats.kernel_rtt_discarded();
    stats
}

#[test]
fn nothing_happened() {
    assert_eq!(Stats::<Fleet>::new().summary(), Summary::default());
    assert_eq!(Stats::<Fleet>::default().summary(), Summary::default());
}

#[test]
fn a_session_by_hand() {
    let told = session().summary();
    assert_eq!(
        (
            told.sent,
            told.replied,
            told.lost,
            told.refused,
            told.in_flight
        ),
        (9, 3, 2, 1, 3)
    );
    assert_eq!(
        (told.unverified, told.late, told.unsent, told.missed),
        (1, 1, 1, 3)
    );
    assert_eq!(
        (told.duplicates, told.ignored, told.kernel_rtts_discarded),
        (1, 1, 2)
    );
    assert_eq!((told.settled(), told.received()), (6, 4));

    // 3 of 6 and the one not sent were not replied; the late one does not mend that.
    assert_eq!(
        told.loss().map(|loss| (loss.part(), loss.whole())),
        Some((4, 7))
    );
    assert_eq!(
        told.duplication()
            .map(|ratio| (ratio.part(), ratio.whole())),
        Some((1, 4))
    );
    // 2 came after 3. The late 4 came after nothing higher.
    assert_eq!(
        told.reordered().map(|ratio| (ratio.part(), ratio.whole())),
        Some((1, 4))
    );
    assert_eq!(
        told.reordering,
        Some(Reordering {
            reordered: 1,
            max_extent: Some(1)
        })
    );

    let rtt = told.decided_rtt.unwrap();
    assert_eq!(
        (rtt.n, rtt.min_ns, rtt.mean_ns, rtt.max_ns),
        (3, 100, 108, 120)
    );
    assert_eq!((rtt.median_ns, rtt.p50_ns, rtt.p99_9_ns), (104, 104, 120));
    // (64 + 16 + 144) / 3 = 74.7
    assert_eq!(rtt.stddev_ns, Some(8));
    // The kernel's of 1 and 3, this program's of 2.
    let rtt = told.rtt.unwrap();
    assert_eq!(
        (rtt.n, rtt.min_ns, rtt.median_ns, rtt.max_ns),
        (3, 90, 95, 104)
    );
    assert_eq!(told.kernel_rtts, 2);
    assert_eq!(
        told.late_rtt,
        Some(Range {
            n: 1,
            min_ns: 900,
            mean_ns: 900,
            max_ns: 900
        })
    );
    // Of the best known: 2 − 1: +14; 3 − 2: −9.
    assert_eq!(
        told.ipdv,
        Some(Ipdv {
            n: 2,
            mean_abs_ns: 11,
            min_ns: -9,
            max_ns: 14
        })
    );
    // In order of arrival: |5|, then |9|: 5 + 9 − ((5 + 8) >> 4) = 14; 14 >> 4 = 0.
    assert_eq!(told.jitter_rfc3550_ns, Some(0));
    // 4 (lost) and 5 (refused) are one run, 7 is another.
    assert_eq!(
        told.loss_runs,
        Some(LossRuns {
            count: 2,
            longest: 2,
            current: 1
        })
    );

    let added = told.host_added.unwrap();
    assert_eq!(
        (added.n, added.min_ns, added.max_ns, added.median_ns),
        (3, 10, 25, 10)
    );
}

#[test]
fn everything_lost_has_no_rtt() {
    let mut stats = Stats::<Fleet>::new();
    for seq in 1..=10 {
        stats.sent(seq);
        stats.lost(seq);
    }
    let told = stats.summary();
    assert_eq!(told.loss(), Ratio::new(10, 10));
    assert_eq!(
        (told.rtt, told.ipdv, told.jitter_rfc3550_ns, told.reordering),
        (None, None, None, None)
    );
    assert_eq!(
        told.loss_runs,
        Some(LossRuns {
            count: 1,
            longest: 10,
            current: 10
        })
    );
}

#[test]
fn a_late_reply_does_not_end_a_run_of_losses() {
    let mut stats = Stats::<Fleet>::new();
    stats.lost(1);
    stats.lost(2);
    stats.late(2, ns(5));
    assert_eq!(stats.summary().loss_runs.map(|runs| runs.current), Some(2));
    stats.replied(3, ns(5), true);
    assert_eq!(stats.summary().loss_runs.map(|runs| runs.current), Some(0));
}

#[test]
fn a_late_reply_takes_its_place_in_the_order_of_arrival() {
    let mut stats = Stats::<Fleet>::new();
    stats.lost(1);
    stats.replied(2, ns(5), true);
    stats.replied(3, ns(5), true);
    stats.late(1, ns(50));
    let order = Reordering {
        reordered: 1,
        max_extent: Some(2),
    };
    assert_eq!(stats.summary().reordering, Some(order));
}

/// More replies than probes once made a ping print 105 % and overflow.
#[test]
fn more_replies_than_probes_is_no_negative_loss() {
    let mut stats = Stats::<Fleet>::new();
    stats.sent(1);
    (1..=5).for_each(|seq| stats.replied(seq, ns(1), true));
    let told = stats.summary();
    assert_eq!((told.loss(), told.in_flight), (Ratio::new(0, 5), 0));
}

/// Where the table of sizes says how much each takes.
#[test]
fn the_memory_is_what_the_documentation_says() {
    assert!(
        size_of::<Stats<Small>>() <= 9_216,
        "{}",
        size_of::<Stats<Small>>()
    );
    // With its client: so ten thousand targets take 240 MiB, all told.
    let fleet = size_of::<Session<[Entry; 4], Fleet>>();
    assert!(fleet <= 24 * 1_024, "{fleet}");
}

#[cfg(feature = "alloc")]
#[test]
fn the_commands_size_is_exact_to_ten_thousand_samples_and_within_a_thousandth_beyond() {
    use udping_core::stats::{Full, Size};

    let cells = Full::cells().len();
    assert!(cells >= 10_000);
    let room = 4 * cells * size_of::<u64>() + 3 * size_of_val(&*Full::neighbours());
    let all = size_of::<Stats<Full>>() + room;
    assert!(
        size_of::<Stats<Full>>() <= 4_096 && all <= 568 * 1_024,
        "{all}"
    );

    let mut stats = Stats::<Full>::new();
    let error = |stats: &Stats<Full>| stats.summary().rtt.unwrap().percentile_error_ppm;
    (0..10_000).for_each(|seq| stats.replied(seq, ns(seq), true));
    assert_eq!(error(&stats), 0);
    (10_000..20_000).for_each(|seq| stats.replied(seq, ns(seq), true));
    assert!((1..1_000).contains(&error(&stats)));
}

#[cfg(feature = "serde")]
#[test]
fn in_json_the_order_is_fixed_and_the_undefined_left_out() {
    let json = serde_json::to_string(&Summary::default()).unwrap();
    assert_eq!(
        json,
        r#"{"sent":0,"replied":0,"unverified":0,"truncated":0,"altered":0,"lost":0,"late":0,"refused":0,"in_flight":0,"#
            .to_owned()
            + r#""unsent":0,"missed":0,"duplicates":0,"ignored":0,"kernel_rtts":0,"kernel_rtts_discarded":0}"#
    );
    assert_eq!(
        serde_json::from_str::<Summary>(&json).unwrap(),
        Summary::default()
    );

    let summary = session().summary();
    let json = serde_json::to_string(&summary).unwrap();
    assert!(json.contains(
        r#""late_rtt":{"n":1,"min_ns":900,"mean_ns":900,"max_ns":900},"ipdv":{"n":2,"mean_abs_ns":11,"min_ns":-9,"max_ns":14},"jitter_rfc3550_ns":0,"reordering":{"reordered":1,"max_extent":1},"loss_runs":{"count":2,"longest":2,"current":1},"host_added":{"#
    ));
    assert_eq!(serde_json::from_str::<Summary>(&json).unwrap(), summary);
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_does_not_ask_for_what_may_be_absent() {
    let schema = serde_json::to_value(schemars::schema_for!(Summary)).unwrap();
    let required = schema["required"].as_array().unwrap();
    assert!(required.contains(&"in_flight".into()));
    assert!(!required.contains(&"rtt".into()));
}

#[derive(Debug, Clone)]
enum Call {
    Sent(u64),
    Replied(u64, Duration, bool),
    Lost(u64),
    Late(u64, Duration),
    Duplicate(u64),
    Refused(u64),
    Unsent(u64),
    Missed(u64),
    Ignored,
    KernelRtt(u64, Duration, Duration),
    KernelRttDiscarded,
}

impl Call {
    fn make(&self, stats: &mut Stats<Fleet>) {
        match *self {
            Self::Sent(seq) => stats.sent(seq),
            Self::Replied(seq, rtt, verified) => stats.replied(seq, rtt, verified),
            Self::Lost(seq) => stats.lost(seq),
            Self::Late(seq, rtt) => stats.late(seq, rtt),
            Self::Duplicate(seq) => stats.duplicate(seq),
            Self::Refused(seq) => stats.refused(seq),
            Self::Unsent(seq) => stats.unsent(seq),
            Self::Missed(slots) => stats.missed(slots),
            Self::Ignored => stats.ignored(),
            Self::KernelRtt(seq, rtt, kernel) => stats.kernel_rtt(seq, rtt, kernel),
            Self::KernelRttDiscarded => stats.kernel_rtt_discarded(),
        }
    }
}

fn any_call() -> impl Strategy<Value = Call> {
    let seq = || prop_oneof![0..20_u64, Just(u64::MAX), Just(u64::MAX - 1), any::<u64>()];
    let time = || {
        prop_oneof![
            (0..2_000_000_u64).prop_map(ns),
            any::<u64>().prop_map(ns),
            Just(Duration::MAX),
            Just(Duration::ZERO),
        ]
    };
    prop_oneof![
        seq().prop_map(Call::Sent),
        (seq(), time(), any::<bool>()).prop_map(|(seq, rtt, ok)| Call::Replied(seq, rtt, ok)),
        seq().prop_map(Call::Lost),
        (seq(), time()).prop_map(|(seq, rtt)| Call::Late(seq, rtt)),
        seq().prop_map(Call::Duplicate),
        seq().prop_map(Call::Refused),
        seq().prop_map(Call::Unsent),
        any::<u64>().prop_map(Call::Missed),
        Just(Call::Ignored),
        (seq(), time(), time()).prop_map(|(seq, rtt, kernel)| Call::KernelRtt(seq, rtt, kernel)),
        Just(Call::KernelRttDiscarded),
    ]
}

proptest! {
    /// The best known figures are those of a session in which each reply comes with the best
    /// known RTT, however long its kernel timestamp takes, as long as it waits.
    #[test]
    fn the_best_known_rtt_of_each_reply_counts(
        replies in prop::collection::vec((1..1_000_u64, prop::option::of((0..=100_u64, 0..16_usize))), 1..80),
    ) {
        let (mut stats, mut best) = (Stats::<Fleet>::new(), Stats::<Fleet>::new());
        let mut stamped = 0;
        for (place, (rtt, stamp)) in replies.iter().enumerate() {
            let kernel = stamp.map(|(percent, _)| rtt * percent / 100);
            stats.replied(place as u64, ns(*rtt), true);
            best.replied(place as u64, ns(kernel.unwrap_or(*rtt)), true);
            stamped += u64::from(stamp.is_some());
            // Those whose timestamps came so many replies later.
            let last = place + 1 == replies.len();
            for (earlier, (rtt, stamp)) in replies.iter().enumerate().take(place + 1) {
                if let Some((percent, after)) = stamp
                    && (earlier + after == place || last && earlier + after > place)
                {
                    stats.kernel_rtt(earlier as u64, ns(*rtt), ns(rtt * percent / 100));
                }
            }
        }
        let (told, best) = (stats.summary(), best.summary());
        prop_assert_eq!((told.rtt, told.ipdv), (best.rtt, best.ipdv));
        let rtt = told.rtt.unwrap();
        for (ppm, nanos) in [
            (0, rtt.min_ns),
            (500_000, rtt.p50_ns),
            (950_000, rtt.p95_ns),
            (999_000, rtt.p99_9_ns),
            (1_000_000, rtt.max_ns),
        ] {
            prop_assert_eq!(stats.rtt_percentile(ppm), Some(nanos));
        }
        prop_assert_eq!(told.jitter_rfc3550_ns, best.jitter_rfc3550_ns);
        prop_assert_eq!(told.kernel_rtts, stamped);
        let decided: u64 = replies.iter().map(|(rtt, _)| rtt).sum();
        prop_assert_eq!(told.decided_rtt.unwrap().mean_ns, decided / replies.len() as u64);
    }

    /// Whatever is called, nothing panics and what is defined is in its range.
    #[test]
    fn any_calls_in_any_order(calls in prop::collection::vec(any_call(), 0..200)) {
        let mut stats = Stats::<Fleet>::new();
        for call in &calls {
            call.make(&mut stats);
        }
        let told = stats.summary();
        prop_assert_eq!(told.loss().is_some(), told.settled() + told.unsent > 0);
        prop_assert!(told.loss().is_none_or(|loss| loss.part() <= loss.whole()));
        prop_assert_eq!(told.rtt.map_or(0, |rtt| rtt.n), told.replied);
        prop_assert_eq!(told.late_rtt.map_or(0, |rtt| rtt.n), told.late);
        prop_assert_eq!(told.decided_rtt.map_or(0, |rtt| rtt.n), told.replied);
        prop_assert!(told.kernel_rtts <= told.host_added.map_or(0, |added| added.n));
        prop_assert!(told.kernel_rtts <= told.replied);
        prop_assert!(told.reordering.is_none_or(|order| order.reordered < told.received()));
        prop_assert!(told.unverified <= told.replied);
        if let Some(runs) = told.loss_runs {
            prop_assert!(runs.current <= runs.longest && runs.longest <= told.lost + told.refused);
            prop_assert!(1 <= runs.count && runs.count <= told.lost + told.refused);
        }
    }

    /// Probes that live one life each are all accounted for, at every moment.
    #[test]
    fn every_probe_is_in_exactly_one_place(fates in prop::collection::vec(0..6_u8, 0..100)) {
        let mut stats = Stats::<Fleet>::new();
        let mut in_flight = 0;
        for (seq, fate) in (1..).zip(fates) {
            stats.sent(seq);
            match fate {
                0 => stats.replied(seq, ns(seq), true),
                1 => stats.lost(seq),
                2 => {
                    stats.lost(seq);
                    stats.late(seq, ns(seq));
                }
                3 => stats.refused(seq),
                4 => stats.unsent(seq),
                _ => in_flight += 1,
            }
            let told = stats.summary();
            prop_assert_eq!(told.in_flight, in_flight);
            prop_assert_eq!(told.sent, told.settled() + told.in_flight);
            prop_assert_eq!(told.sent + told.unsent, seq);
        }
    }
}
