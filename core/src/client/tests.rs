//! What only a client that has sent four thousand million probes can show.

use core::num::NonZeroU64;
use core::time::Duration;
use std::vec;
use std::vec::Vec;

use super::*;

const WRAP: u64 = 1 << 32;

const fn at(ns: u64) -> ClientTime {
    ClientTime::from_nanos(ns)
}

/// A client that has sent `sent` probes already, all of them settled long ago.
fn after(sent: u64, schedule: Schedule, count: u64) -> Client<Vec<Entry>> {
    let config = Config::builder()
        .schedule(schedule)
        .count(NonZeroU64::new(sent + count))
        .build()
        .unwrap();
    let mut client = Client::new(config, at(0), vec![Entry::EMPTY; 8]).unwrap();
    client.last_seq = sent;
    client
}

#[test]
fn numbers_unwrap_against_the_probe_sent_last() {
    let client = after(WRAP + 2, Schedule::OnDemand, 1);
    for (low, seq) in [
        (2, Some(WRAP + 2)),
        (0, Some(WRAP)),
        (u32::MAX, Some(WRAP - 1)),
        (3, None),
        // Half the numbers are behind, half are ahead.
        (3 + u32::MAX / 2, None),
        (4 + u32::MAX / 2, Some(WRAP / 2 + 3)),
    ] {
        assert_eq!(client.unwrap_seq(low), seq, "{low}");
    }
    let young = after(2, Schedule::OnDemand, 1);
    assert_eq!(young.unwrap_seq(1), Some(1));
    for low in [0, 3, u32::MAX] {
        assert_eq!(young.unwrap_seq(low), None, "before the first: {low}");
    }
}

#[test]
fn a_session_goes_on_across_the_wrap() {
    let gap = Duration::ZERO;
    let schedules = [
        Schedule::StopAndWait { gap },
        Schedule::Window { size: 4 },
        Schedule::Window { size: 8 },
    ];
    for schedule in schedules {
        let mut client = after(WRAP - 5, schedule, 10);
        let mut flying = Vec::new();
        let mut replied = Vec::new();
        for now in 0.. {
            match client.poll(at(now)) {
                Output::Send(probe) => flying.push(probe),
                Output::Wait(_) => {
                    // The newest is answered first.
                    let probe = flying.pop().unwrap();
                    let outcome = client.handle_reply(at(now), Claim::answering(&probe));
                    assert!(
                        matches!(outcome, Outcome::Replied { seq, verified: true, .. } if seq == probe.seq),
                        "{probe:?} {outcome:?}"
                    );
                    replied.push(probe.seq);
                }
                Output::Event(event) => panic!("{event:?}"),
                Output::Done => break,
            }
        }
        replied.sort_unstable();
        assert!(replied.into_iter().eq(WRAP - 4..=WRAP + 5), "{schedule:?}");
    }
}

#[test]
fn late_and_duplicate_replies_find_their_probe_across_the_wrap() {
    let mut client = after(WRAP - 1, Schedule::OnDemand, 3);
    let old = client.send_now(at(0)).unwrap();
    let new = client.send_now(at(1)).unwrap();
    assert_eq!((old.wire_seq(), new.wire_seq()), (0, 1));
    let answer =
        |client: &mut Client<_>, now, probe| client.handle_reply(now, Claim::answering(probe));
    let second = at(1_000_000_001);
    assert!(
        matches!(answer(&mut client, second, &new), Outcome::Replied { seq, .. } if seq == WRAP + 1)
    );
    assert!(
        matches!(answer(&mut client, second, &new), Outcome::Duplicate { seq, .. } if seq == WRAP + 1)
    );
    assert!(
        matches!(answer(&mut client, second, &old), Outcome::Late { seq, newly_lost: true, .. } if seq == WRAP)
    );
    // The number before them names a probe that the table no longer holds.
    let gone = Claim {
        seq: Some(u32::MAX),
        ..Claim::default()
    };
    assert_eq!(
        client.handle_reply(second, gone),
        Outcome::Ignored(Ignored::TooOld)
    );
}

#[test]
fn the_last_number_of_all_is_not_a_panic() {
    let mut client = after(u64::MAX - 2, Schedule::OnDemand, 2);
    assert_eq!(client.send_now(at(0)).map(|p| p.seq), Some(u64::MAX - 1));
    assert_eq!(client.send_now(at(0)).map(|p| p.seq), Some(u64::MAX));
    assert_eq!(client.send_now(at(0)), None);
}
