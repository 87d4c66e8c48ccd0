//! The monitor beside one that remembers everything.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::vec;
use std::vec::Vec;

const SECOND: u64 = 1_000_000_000;

fn at(ms: u64) -> ReflectorTime {
    ReflectorTime::from_nanos(ms * 1_000_000)
}

fn watch(places: usize) -> Monitor<Vec<SenderState>> {
    Monitor::new(
        Some(Duration::from_secs(3)),
        vec![SenderState::EMPTY; places],
    )
}

/// Feeds numbers of one sender, a second apart, and tells what each is.
fn came(watch: &mut Monitor<Vec<SenderState>>, seqs: &[u64]) -> Vec<BeatOrder> {
    let start = watch.now();
    let beats = seqs.iter().zip(1_u32..);
    beats
        .map(|(&seq, nth)| {
            let now = start.saturating_add(Duration::from_secs(1) * nth);
            watch.handle_beat(now, 7, Beat { seq, clock: None }).order
        })
        .collect()
}

/// One beat with a clock, in milliseconds.
fn clocked(watch: &mut Monitor<Vec<SenderState>>, ms: u64, seq: u64, clock: u64) -> BeatOutcome {
    let clock = Some(clock * 1_000_000);
    watch.handle_beat(at(ms), 7, Beat { seq, clock })
}

#[test]
fn gaps_are_missing_until_they_come_after_all() {
    let mut watch = watch(8);
    assert_eq!(
        came(&mut watch, &[5, 6, 9, 7, 7, 9, 10]),
        [
            BeatOrder::First,
            BeatOrder::Next,
            BeatOrder::Gap { from: 7 },
            BeatOrder::Late,
            BeatOrder::Duplicate,
            BeatOrder::Duplicate,
            BeatOrder::Next
        ]
    );
    let sums = watch.summary();
    assert_eq!((sums.missing, sums.late, sums.duplicates), (1, 1, 2));
    assert_eq!((sums.beats, sums.senders), (5, 1));
}

#[test]
fn what_the_first_overtook_is_late_and_was_never_missing() {
    let mut watch = watch(8);
    assert_eq!(
        came(&mut watch, &[2, 1]),
        [BeatOrder::First, BeatOrder::Late]
    );
    assert_eq!(watch.summary().missing, 0);
}

#[test]
fn silence_is_called_once_and_a_beat_at_the_deadline_still_counts() {
    let mut watch = watch(8);
    assert_eq!(watch.poll(at(0)), MonitorOutput::Idle);
    assert_eq!(came(&mut watch, &[1]), [BeatOrder::First]);
    let wait = ReflectorTime::from_nanos(4 * SECOND + 1);
    assert_eq!(watch.poll(at(1_000)), MonitorOutput::Wait(wait));
    let heard = watch.handle_beat(
        at(4_000),
        7,
        Beat {
            seq: 2,
            clock: None,
        },
    );
    assert!(!heard.back && !heard.newly_stopped);
    let stopped = MonitorOutput::Stopped {
        key: 7,
        deadline: at(7_000),
        silence: Duration::from_secs(3),
    };
    assert_eq!(watch.poll(at(9_000)), stopped);
    assert_eq!(watch.poll(at(9_000)), MonitorOutput::Idle);
    let heard = watch.handle_beat(
        at(9_500),
        7,
        Beat {
            seq: 3,
            clock: None,
        },
    );
    assert_eq!(
        (heard.order, heard.back, heard.newly_stopped),
        (BeatOrder::Next, true, false)
    );
    assert_eq!((watch.summary().stopped, watch.summary().back), (1, 1));
}

#[test]
fn a_beat_that_finds_the_silence_too_long_says_so_itself() {
    let mut watch = watch(8);
    assert_eq!(came(&mut watch, &[1]), [BeatOrder::First]);
    let heard = watch.handle_beat(
        at(60_000),
        7,
        Beat {
            seq: 5,
            clock: None,
        },
    );
    assert!(heard.back && heard.newly_stopped);
    assert_eq!(heard.order, BeatOrder::Gap { from: 2 });
    assert!(matches!(watch.poll(at(60_000)), MonitorOutput::Wait(_)));
    assert_eq!(watch.summary().stopped, 1);
}

/// When heartbeat `seq` of a sender comes at `ms`, the silence at which it is then called.
fn silence_after(beats: &[(u64, u64)]) -> (u64, Duration) {
    let mut watch = Monitor::new(None, vec![SenderState::EMPTY; 8]);
    for &(ms, seq) in beats {
        let heard = watch.handle_beat(at(ms), 7, Beat { seq, clock: None });
        assert!(heard.order.is_life(), "{beats:?}");
    }
    match watch.poll(at(10_000_000)) {
        MonitorOutput::Stopped { silence, .. } => (watch.summary().stopped, silence),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_silence_nobody_set_is_three_times_the_beat_seen() {
    let seconds = Duration::from_secs;
    for (beats, silence) in [
        (&[(0, 1)][..], seconds(15)),
        (&[(0, 1), (5_000, 2), (10_000, 3)], seconds(15)),
        (&[(0, 1), (10_000, 2)], seconds(30)),
        (&[(0, 1), (10, 2), (20, 3)], seconds(3)),
        // What is missing is no slower beat.
        (&[(0, 1), (10_000, 3), (15_000, 4)], seconds(15)),
        // Nor does one that came early change it by more than its share.
        (&[(0, 1), (8_000, 2), (8_000, 3)], seconds(21)),
    ] {
        assert_eq!(silence_after(beats), (1, silence), "{beats:?}");
    }
    // A beat slower than the first silence is learned from being called once.
    let slow = [(0, 1), (40_000, 2), (80_000, 3), (120_000, 4)];
    assert_eq!(silence_after(&slow), (2, seconds(120)));
}

#[test]
fn copies_and_stragglers_are_no_sign_of_life() {
    let mut watch = watch(8);
    assert_eq!(
        came(&mut watch, &[1, 3]),
        [BeatOrder::First, BeatOrder::Gap { from: 2 }]
    );
    for (ms, seq) in [(4_000, 3), (4_500, 2)] {
        let _ = watch.handle_beat(at(ms), 7, Beat { seq, clock: None });
    }
    let stopped = MonitorOutput::Stopped {
        key: 7,
        deadline: at(5_000),
        silence: Duration::from_secs(3),
    };
    assert_eq!(watch.poll(at(5_001)), stopped);
}

#[test]
fn a_sender_that_restarts_its_count_is_known_by_its_clock() {
    let mut watch = watch(8).with_wall(Some(WallTime::from_nanos(0)));
    for (seq, ms) in [(1, 1_000), (2, 2_000), (3, 3_000)] {
        let _ = clocked(&mut watch, ms, seq, ms);
    }
    assert_eq!(
        clocked(&mut watch, 3_100, 2, 2_000).order,
        BeatOrder::Duplicate
    );
    assert_eq!(
        clocked(&mut watch, 4_000, 1, 4_000).order,
        BeatOrder::Restart
    );
    assert_eq!(clocked(&mut watch, 5_000, 2, 5_000).order, BeatOrder::Next);
    // A straggler of the first count: its clock is older, and nothing is missing.
    assert_eq!(
        clocked(&mut watch, 5_100, 1, 1_000).order,
        BeatOrder::Duplicate
    );
    assert_eq!(watch.summary().restarts, 1);
}

#[test]
fn without_a_clock_silence_or_a_great_distance_tells_a_new_count() {
    let mut watch = watch(8);
    assert_eq!(
        came(&mut watch, &[1, 2]),
        [BeatOrder::First, BeatOrder::Next]
    );
    assert!(matches!(
        watch.poll(at(10_000)),
        MonitorOutput::Stopped { .. }
    ));
    let seqs = [1, 100, 37, 36];
    assert_eq!(
        came(&mut watch, &seqs),
        [
            BeatOrder::Restart,
            BeatOrder::Gap { from: 2 },
            BeatOrder::Late,
            BeatOrder::Restart
        ]
    );
}

#[test]
fn the_difference_is_signed_and_the_least_is_what_others_are_measured_by() {
    // This end's clock is 500 ms behind the sender's.
    let mut watch = watch(8).with_wall(Some(WallTime::from_nanos(1_000_000_000)));
    let first = clocked(&mut watch, 0, 1, 1_500);
    assert_eq!((first.difference, first.extra), (Some(-500_000_000), None));
    let second = clocked(&mut watch, 1_040, 2, 2_500);
    assert_eq!(second.difference, Some(-460_000_000));
    assert_eq!(second.extra, Some(Duration::from_millis(40)));
    let place = watch.senders().next().unwrap();
    assert_eq!(
        (place.least, place.greatest),
        (Some(-500_000_000), Some(-460_000_000))
    );
}

#[test]
fn a_full_table_keeps_the_living_and_gives_the_stopped_away() {
    let mut watch = watch(2);
    let beat = Beat {
        seq: 1,
        clock: None,
    };
    assert_eq!(watch.handle_beat(at(0), 1, beat).order, BeatOrder::First);
    assert_eq!(watch.handle_beat(at(1), 2, beat).order, BeatOrder::First);
    assert_eq!(watch.handle_beat(at(2), 3, beat).order, BeatOrder::NoRoom);
    assert!(matches!(
        watch.poll(at(3_001)),
        MonitorOutput::Stopped { key: 1, .. }
    ));
    assert_eq!(
        watch.handle_beat(at(3_001), 3, beat).order,
        BeatOrder::First
    );
    let sums = watch.summary();
    assert_eq!((sums.senders, sums.no_room, sums.stopped), (3, 1, 1));
}

#[test]
fn an_end_says_what_was_due_and_no_more() {
    let mut watch = watch(8);
    assert_eq!(came(&mut watch, &[1]), [BeatOrder::First]);
    watch.stop(at(4_001));
    assert!(matches!(
        watch.poll(at(4_001)),
        MonitorOutput::Stopped { .. }
    ));
    assert_eq!(watch.poll(at(4_001)), MonitorOutput::Done);
}

/// What a receiver with endless memory knows of one sender that never restarts its count.
#[derive(Default)]
struct Known {
    seen: BTreeSet<u64>,
    heard: u64,
    stopped: bool,
}

proptest! {
    /// Against a receiver with endless memory: the same numbers missing, the same
    /// silences, whenever it is polled.
    #[test]
    fn it_knows_what_an_endless_memory_knows(
        steps in prop::collection::vec((0_u64..3, 0_u64..20, 0_u64..5, any::<bool>()), 1..200),
    ) {
        let silence = 3_000;
        let mut watch = watch(8);
        let mut known: BTreeMap<u64, Known> = BTreeMap::new();
        let (mut now, mut called, mut expected) = (0, 0, 0);
        for (key, jump, wait, polled) in steps {
            now += wait * 800;
            if polled {
                while let MonitorOutput::Stopped { .. } = watch.poll(at(now)) {
                    called += 1;
                }
            }
            let it = known.entry(key + 1).or_default();
            if !it.stopped && !it.seen.is_empty() && it.heard + silence < now {
                it.stopped = true;
                expected += 1;
            }
            // Up to ten below the highest, or above it; a stopped one only goes on.
            let highest = it.seen.last().copied().unwrap_or(100);
            let seq = highest + if it.stopped { jump + 1 } else { jump } - if it.stopped { 0 } else { 10 };
            let new = it.seen.last().is_none_or(|last| seq > *last);
            let copy = !it.seen.insert(seq);
            if new {
                (it.heard, it.stopped) = (now, false);
            }
            let heard = watch.handle_beat(at(now), key + 1, Beat { seq, clock: None });
            called += u64::from(heard.newly_stopped);
            prop_assert_eq!(heard.order == BeatOrder::Duplicate, copy);
            prop_assert_eq!(heard.order == BeatOrder::Late, !new && !copy);
        }
        for it in known.values_mut() {
            expected += u64::from(!it.stopped && it.heard + silence < now);
        }
        while let MonitorOutput::Stopped { .. } = watch.poll(at(now)) {
            called += 1;
        }
        prop_assert_eq!(called, expected);
        prop_assert_eq!(watch.summary().stopped, called);
        for place in watch.senders() {
            let it = &known[&place.sender()];
            let (first, last) = (place.since, *it.seen.last().unwrap());
            let absent = (first..=last).filter(|seq| !it.seen.contains(seq)).count();
            prop_assert_eq!(place.missing, absent as u64);
        }
    }

    #[test]
    fn any_calls_in_any_order_are_taken(
        places in 0_usize..20,
        calls in prop::collection::vec((0_u8..5, any::<u64>(), 0_u32..64, any::<u64>(), any::<Option<u64>>()), 0..200),
    ) {
        let mut watch = Monitor::new(calls.len().checked_sub(9).map(|s| Duration::from_nanos(s as u64 * SECOND)), vec![SenderState::EMPTY; places])
            .with_wall(Some(WallTime::from_nanos(u64::MAX / 2)));
        for (call, time, shift, seq, clock) in calls {
            let now = ReflectorTime::from_nanos(time >> shift);
            match call {
                0..3 => { let _ = watch.handle_beat(now, time % 30, Beat { seq: seq >> shift, clock }); }
                3 => watch.handle_unreadable(now),
                _ => match watch.poll(now) {
                    MonitorOutput::Wait(until) => prop_assert!(until > watch.now()),
                    MonitorOutput::Stopped { deadline, .. } => prop_assert!(deadline < watch.now()),
                    _ => {}
                },
            }
            let sums = watch.summary();
            prop_assert!(sums.back <= sums.stopped);
            prop_assert!(watch.senders().count() <= places);
        }
    }
}
