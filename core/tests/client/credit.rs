//! Whom a reply is credited to, and what counts as proof.

use super::*;
use udping_core::timestamp::Timestamps;
use udping_core::wire::Unreadable;

const fn time(nanos: u64) -> WallTime {
    WallTime::from_nanos(nanos)
}

fn unverified(seq: u64) -> Outcome {
    Outcome::Replied {
        seq,
        rtt: ms(10),
        verified: false,
    }
}

#[test]
fn a_timestamp_is_proof_and_a_number_alone_is_not() {
    let mut client = Driven::new(assignment(3));
    let _ = client.send(at(0));
    assert_eq!(client.reply(at(10), Some(1), None), unverified(1));
    // A time of the server's own is no proof and no contradiction.
    client.send(at(10));
    assert_eq!(
        client.reply(at(20), Some(2), Some(time(70_000_000))),
        unverified(2)
    );
    let third = client.send(at(20));
    let later = time(third.timestamp.as_nanos() + 5_000);
    assert_eq!(client.reply(at(30), Some(3), Some(later)), unverified(3));
}

#[test]
fn another_probes_timestamp_is_a_contradiction() {
    let mut client = Driven::new(window(2, 2));
    let (first, second) = (client.send(at(0)), client.send(at(1)));
    let crossed = client.reply(at(5), Some(1), Some(second.timestamp));
    assert_eq!(crossed, ignored(Ignored::TimestampMismatch));
    // The server that counts on by one: credited to nobody.
    let next = client.reply(at(5), Some(2), Some(first.timestamp));
    assert_eq!(next, ignored(Ignored::TimestampMismatch));
    let beyond = client.reply(at(5), Some(3), Some(second.timestamp));
    assert_eq!(beyond, ignored(Ignored::NotSent));
    assert_eq!(client.answer(at(6), &first), replied(1, ms(6)));
    assert_eq!(client.answer(at(6), &second), replied(2, ms(5)));
}

#[test]
fn the_timestamp_of_a_probe_that_the_table_has_lost_proves_nothing() {
    let mut client = Driven::with_slots(assignment(3), 1);
    let first = client.send(at(0));
    assert_eq!(client.answer(at(10), &first), replied(1, ms(10)));
    client.send(at(10));
    let old = client.reply(at(20), Some(2), Some(first.timestamp));
    assert_eq!(old, unverified(2));
}

#[test]
fn a_copy_that_is_true_to_the_microsecond_is_credited_unverified_wherever_it_stands() {
    let mut client = Driven::new(assignment(3));
    let mut reply = |cut: fn(u64) -> u64| {
        let now = client.0.now();
        let probe = client.send(now);
        let claim = Claim {
            timestamp: Some(time(cut(probe.timestamp.as_nanos()))),
            needs_proof: true,
            ..Claim::answering(&probe)
        };
        client.0.handle_reply(now.saturating_add(ms(10)), claim)
    };
    assert_eq!(reply(|nanos| nanos / 1_000 * 1_000), unverified(1));
    assert_eq!(reply(|nanos| nanos.div_ceil(1_000) * 1_000), unverified(2));
    let millis = reply(|nanos| nanos / 1_000_000 * 1_000_000 - 1_000);
    assert_eq!(millis, ignored(Ignored::NoSequence));
}

#[test]
fn a_number_that_needs_proof_is_none_without() {
    let mut client = Driven::new(assignment(2));
    let probe = client.send(at(0));
    let needy = |timestamp| Claim {
        timestamp,
        needs_proof: true,
        ..Claim::answering(&probe)
    };
    for timestamp in [None, Some(time(70_000_000))] {
        let outcome = client.0.handle_reply(at(5), needy(timestamp));
        assert_eq!(outcome, ignored(Ignored::NoSequence));
    }
    let proven = needy(Some(probe.timestamp));
    assert_eq!(client.0.handle_reply(at(10), proven), replied(1, ms(10)));
}

#[test]
fn timestamps_are_the_wall_clock_and_differ_by_the_key() {
    const START: u64 = 1_795_972_408_123_456_789;
    let sent = |key| {
        let start = time(START);
        let builder = window(3, 3).to_builder();
        let config = builder
            .timestamps(Timestamps { start, key })
            .build()
            .unwrap();
        let mut client = Driven::new(config);
        [client.send(at(1)), client.send(at(1)), client.send(at(3))]
            .map(|probe| probe.timestamp.as_nanos())
    };
    let made = sent(1);
    assert!(made.is_sorted_by(|one, next| one < next), "{made:?}");
    for (timestamp, ms) in made.into_iter().zip([1, 1, 3]) {
        assert_eq!(timestamp / 1_000, (START + ms * 1_000_000) / 1_000);
    }
    assert_ne!(made, sent(2));
}

#[test]
fn what_was_never_sent_is_answered_by_nobody() {
    let mut client = Driven::new(assignment(2));
    for seq in [0, 1, 2, u32::MAX] {
        let early = client.reply(at(0), Some(seq), None);
        assert_eq!(early, ignored(Ignored::NotSent), "{seq}");
    }
    client.send(at(0));
    for seq in [0, 2, u32::MAX] {
        let stray = client.reply(at(1), Some(seq), None);
        assert_eq!(stray, ignored(Ignored::NotSent), "{seq}");
    }
}

#[test]
fn what_cannot_be_read_is_noted_and_changes_nothing() {
    let mut client = Driven::new(assignment(1));
    let probe = client.send(at(0));
    for (why, noted) in [
        (Unreadable::Empty, Ignored::Empty),
        (Unreadable::NotText, Ignored::NotText),
    ] {
        assert_eq!(client.0.handle_unreadable(at(1), why), ignored(noted));
    }
    assert_eq!(client.answer(at(2), &probe), replied(1, ms(2)));
}

fn any(count: u64) -> Config {
    assignment(count)
        .to_builder()
        .accept_unnumbered(true)
        .build()
        .unwrap()
}

#[test]
fn a_reply_without_a_number_is_credited_only_on_request() {
    let mut client = Driven::new(assignment(1));
    client.send(at(0));
    let pong = client.reply(at(10), None, None);
    assert_eq!(pong, ignored(Ignored::NoSequence));

    let mut client = Driven::new(any(1));
    client.send(at(0));
    let credited = Outcome::Replied {
        seq: 1,
        rtt: ms(10),
        verified: false,
    };
    assert_eq!(client.reply(at(10), None, None), credited);
    let again = client.reply(at(10), None, None);
    assert_eq!(again, ignored(Ignored::NothingInFlight));
}

/// One second for a reply, one more for a late one.
fn held(now: ClientTime, mut client: Driven) -> Driven {
    client.send(now);
    client.lose(now.saturating_add(ms(1_001)));
    let over = just_after(now.saturating_add(ms(2_000)));
    client.waits(now.saturating_add(ms(1_001)), over);
    client
}

#[test]
fn after_a_loss_the_next_probe_is_held_back_until_no_late_pong_can_come() {
    for entries in [1, 16] {
        let mut client = held(at(0), Driven::with_slots(any(3), entries));
        assert_eq!(client.0.send_now(at(2_000)), None);
        let over = just_after(at(2_000));
        assert_eq!(client.send(over).seq, 2);
        assert_eq!(client.0.send_now(over), None, "one at a time");
        let pong = client.reply(at(2_500), None, None);
        assert!(matches!(pong, Outcome::Replied { seq: 2, .. }), "{pong:?}");
        assert_eq!(client.send(at(2_500)).seq, 3);
    }
}

/// The classroom's bug: the late reply to one probe taken for the next one's.
#[test]
fn a_late_pong_is_its_own_probes_and_ends_the_holding_back() {
    let mut client = held(at(0), Driven::new(any(3)));
    let late = |newly_lost| Outcome::Late {
        seq: 1,
        rtt: ms(1_300),
        verified: false,
        newly_lost,
    };
    assert_eq!(client.reply(at(1_300), None, None), late(false));
    assert_eq!(client.send(at(1_300)).seq, 2);
    // The loss was not noticed before.
    let mut client = Driven::new(any(3));
    client.send(at(0));
    assert_eq!(client.reply(at(1_300), None, None), late(true));
    let pong = client.reply(at(1_400), None, None);
    assert_eq!(pong, ignored(Ignored::NothingInFlight));
    assert_eq!(client.send(at(1_400)).seq, 2);
}

#[test]
fn a_pong_beyond_the_late_window_is_nobodys() {
    let mut client = held(at(0), Driven::new(any(3)));
    let pong = client.reply(just_after(at(2_000)), None, None);
    assert_eq!(pong, ignored(Ignored::NothingInFlight));
}

#[test]
fn whatever_a_reply_says_it_is_the_only_probes_where_any_is_credited() {
    let mut client = Driven::new(any(4));
    let first = client.send(at(0));
    // The server's own counter, a number in prose, a time of its own.
    assert_eq!(client.reply(at(10), Some(7), None), unverified(1));
    client.send(at(10));
    let prose = Claim {
        needs_proof: true,
        ..Claim::answering(&first)
    };
    let prose = Claim {
        timestamp: Some(time(70_000_000)),
        ..prose
    };
    assert_eq!(client.0.handle_reply(at(20), prose), unverified(2));
    let third = client.send(at(20));
    // The server that counts on by one, and a copy of an old reply.
    let old = client.reply(at(25), Some(2), Some(first.timestamp));
    assert_eq!(old, ignored(Ignored::TimestampMismatch));
    let copy = client.answer(at(26), &first);
    assert_eq!(
        copy,
        Outcome::Duplicate {
            seq: 1,
            rtt: ms(26)
        }
    );
    let next = client.reply(at(30), Some(4), Some(third.timestamp));
    assert_eq!(next, unverified(3));
    let fourth = client.send(at(30));
    assert_eq!(client.answer(at(40), &fourth), replied(4, ms(10)));
}

#[test]
fn paced_slots_that_are_held_back_are_missed() {
    let config = paced(4, ms(300))
        .to_builder()
        .accept_unnumbered(true)
        .build()
        .unwrap();
    let mut client = Driven::new(config);
    client.send(at(0));
    client.lose(at(1_001));
    let over = just_after(at(2_000));
    client.waits(at(1_001), over);
    let missed = |due, slots| Output::Event(Event::Missed { due, slots });
    assert_eq!(client.0.poll(over), missed(at(300), 6));
    client.waits(over, at(2_100));
    client.send(at(2_100));
    // A reply that takes longer than a slot costs that slot.
    let _ = client.reply(at(2_450), None, None);
    assert_eq!(client.0.poll(at(2_450)), missed(at(2_400), 1));
    client.waits(at(2_450), at(2_700));
    assert_eq!(client.send(at(2_700)).due, at(2_700));
    let _ = client.reply(at(2_710), None, None);
    client.waits(at(2_710), at(3_000));
}

#[test]
fn a_late_reply_lets_the_next_slot_out_and_none_before_it() {
    let builder = paced(4, ms(300)).to_builder().accept_unnumbered(true);
    let mut client = Driven::new(builder.build().unwrap());
    client.send(at(0));
    client.lose(at(1_001));
    let pong = client.reply(at(1_300), None, None);
    assert!(matches!(pong, Outcome::Late { seq: 1, .. }), "{pong:?}");
    let (due, slots) = (at(300), 4);
    let missed = Output::Event(Event::Missed { due, slots });
    assert_eq!(client.0.poll(at(1_300)), missed);
    client.waits(at(1_300), at(1_500));
    assert_eq!(client.send(at(1_500)).due, at(1_500));
}

#[test]
fn a_probe_that_could_not_be_sent_holds_no_paced_one_back() {
    let builder = paced(4, ms(300)).to_builder().accept_unnumbered(true);
    let mut client = Driven::new(builder.build().unwrap());
    let probe = client.send(at(0));
    let _ = client.0.handle_send_failure(at(1), probe.seq);
    client.waits(at(2), at(300));
    client.send(at(300));
}
