//! One life a probe, one deadline a probe, and what comes after it.

use super::*;

#[test]
fn a_reply_at_the_deadline_itself_counts() {
    let mut client = Driven::new(assignment(1));
    let probe = client.send(at(0));
    client.waits(at(1_000), just_after(at(1_000)));
    assert_eq!(client.answer(at(1_000), &probe), replied(1, ms(1_000)));
    assert_eq!(client.0.poll(at(9_000)), Output::Done);
}

#[test]
fn a_nanosecond_later_it_is_lost_and_the_reply_late() {
    let mut client = Driven::new(assignment(1));
    let probe = client.send(at(0));
    let now = just_after(at(1_000));
    assert_eq!(client.lose(now), (1, at(1_000)));
    let rtt = Duration::from_nanos(1_000_000_001);
    assert_eq!(client.answer(now, &probe), late(1, rtt, false));
}

#[test]
fn a_late_reply_settles_the_probe_itself_where_poll_is_behind() {
    let mut client = Driven::new(assignment(2));
    let probe = client.send(at(0));
    assert_eq!(client.answer(at(1_300), &probe), late(1, ms(1_300), true));
    // No loss is given again, and the next probe was due at the deadline.
    let next = client.send(at(1_300));
    assert_eq!((next.seq, next.due, next.at), (2, at(1_000), at(1_300)));
}

#[test]
fn the_rtt_is_counted_from_the_sending_not_from_the_due_time() {
    let mut client = Driven::new(assignment(1));
    let probe = client.send(at(70));
    assert_eq!((probe.due, probe.at), (at(0), at(70)));
    assert_eq!(client.answer(at(100), &probe), replied(1, ms(30)));
}

#[test]
fn no_reply_moves_another_probes_deadline() {
    let mut client = Driven::new(window(2, 2));
    let (first, second) = (client.send(at(0)), client.send(at(10)));
    assert_eq!(client.answer(at(900), &second), replied(2, ms(890)));
    client.waits(at(900), just_after(at(1_000)));
    assert_eq!(client.lose(at(1_001)), (1, at(1_000)));
    assert_eq!(client.answer(at(1_500), &first), late(1, ms(1_500), false));
}

#[test]
fn lateness_ends_with_the_linger() {
    let mut client = Driven::new(assignment(1));
    let probe = client.send(at(0));
    client.lose(at(1_001));
    let mut on_time = Driven(client.0.clone());
    assert_eq!(on_time.answer(at(2_000), &probe), late(1, ms(2_000), false));
    let too_late = client.answer(just_after(at(2_000)), &probe);
    assert_eq!(too_late, ignored(Ignored::TooOld));
}

#[test]
fn a_second_copy_is_a_duplicate_with_its_own_time_and_ends_with_the_linger_too() {
    let mut client = Driven::new(assignment(2));
    let first = client.send(at(0));
    let _ = client.answer(at(20), &first);
    let duplicate = |seq, rtt| Outcome::Duplicate { seq, rtt };
    assert_eq!(client.answer(at(25), &first), duplicate(1, ms(25)));
    assert_eq!(client.answer(at(2_000), &first), duplicate(1, ms(2_000)));
    let too_late = client.answer(just_after(at(2_000)), &first);
    assert_eq!(too_late, ignored(Ignored::TooOld));
    // One that follows a late reply is a duplicate as well: the probe stays lost.
    let second = client.send(at(2_001));
    let _ = client.answer(at(3_100), &second);
    assert_eq!(client.answer(at(3_200), &second), duplicate(2, ms(1_199)));
}

#[test]
fn an_unreachable_settles_the_probe_it_names_or_the_oldest() {
    let mut client = Driven::new(window(3, 3));
    let probes = [client.send(at(0)), client.send(at(1)), client.send(at(2))];
    let refused = |seq, after| Outcome::Refused { seq, after };
    let named = client.0.handle_unreachable(at(10), Some(2));
    assert_eq!(named, refused(2, ms(9)));
    let unnamed = client.0.handle_unreachable(at(11), None);
    assert_eq!(unnamed, refused(1, ms(11)));
    // It is settled: neither a reply nor another refusal changes it.
    let settled = ignored(Ignored::AlreadySettled);
    assert_eq!(client.answer(at(12), &probes[0]), settled);
    assert_eq!(client.0.handle_unreachable(at(12), Some(1)), settled);
    assert_eq!(client.answer(at(13), &probes[2]), replied(3, ms(11)));
    let nobody = client.0.handle_unreachable(at(14), None);
    assert_eq!(nobody, ignored(Ignored::NothingInFlight));
    let unknown = client.0.handle_unreachable(at(14), Some(4));
    assert_eq!(unknown, ignored(Ignored::NotSent));
}

#[test]
fn a_refusal_after_the_deadline_is_no_refusal() {
    let mut client = Driven::new(assignment(1));
    client.send(at(0));
    let behind = client.0.handle_unreachable(just_after(at(1_000)), None);
    assert_eq!(behind, ignored(Ignored::AlreadySettled));
    assert_eq!(client.lose(at(1_001)), (1, at(1_000)));
}

#[test]
fn a_probe_that_could_not_be_sent_is_never_lost() {
    let mut client = Driven::new(assignment(2));
    let first = client.send(at(5));
    let unsent = client.0.handle_send_failure(at(6), 1);
    assert_eq!(unsent, Outcome::Unsent { seq: 1 });
    assert_eq!(client.answer(at(7), &first), ignored(Ignored::NotSent));
    let again = client.0.handle_send_failure(at(7), 1);
    assert_eq!(again, ignored(Ignored::AlreadySettled));
    let unknown = client.0.handle_send_failure(at(7), 2);
    assert_eq!(unknown, ignored(Ignored::NotSent));
    // A dead network is not hammered: the next is due a timeout later.
    client.waits(at(7), at(1_006));
    assert_eq!(client.send(at(1_006)).seq, 2);
}

#[test]
fn a_kernels_interval_refines_a_reply_and_nothing_else() {
    let mut client = Driven::new(assignment(2));
    let first = client.send(at(0));
    let bad = ignored(Ignored::BadKernelRtt);
    assert_eq!(
        client.0.handle_kernel_rtt(1, 1_000_000),
        bad,
        "not replied yet"
    );
    let _ = client.answer(at(20), &first);
    let stamped = Outcome::KernelRtt {
        seq: 1,
        rtt: ms(20),
        kernel: ms(20),
    };
    assert_eq!(client.0.handle_kernel_rtt(1, 20_000_000), stamped);
    let longer = client.0.handle_kernel_rtt(1, 20_000_001);
    assert_eq!(longer, bad, "longer than the RTT");
    assert_eq!(
        client.0.handle_kernel_rtt(1, -1),
        bad,
        "the clock was set back"
    );
    assert_eq!(client.0.handle_kernel_rtt(2, 1_000_000), bad, "not sent");
    let second = client.send(at(20));
    client.lose(at(1_021));
    assert_eq!(client.0.handle_kernel_rtt(2, 1_000_000), bad, "lost");
    let _ = client.answer(at(1_100), &second);
    let late = Outcome::KernelRtt {
        seq: 2,
        rtt: ms(1_080),
        kernel: ms(1),
    };
    assert_eq!(client.0.handle_kernel_rtt(2, 1_000_000), late, "late");
}

#[test]
fn time_that_goes_back_counts_as_the_latest_seen() {
    let mut client = Driven::new(assignment(2));
    let first = client.send(at(100));
    client.waits(at(500), just_after(at(1_100)));
    assert_eq!(client.answer(at(50), &first), replied(1, ms(400)));
    let second = client.send(at(0));
    assert_eq!((second.due, second.at), (at(500), at(500)));
    client.0.stop(at(0));
    assert_eq!(client.0.now(), at(500));
}

#[test]
fn questions_about_a_probe_are_answered_while_the_table_holds_it() {
    let mut client = Driven::with_slots(assignment(3), 2);
    let first = client.send(at(0));
    let probing = client.0.probe(1).unwrap();
    assert_eq!(probing.deadline, at(1_000));
    assert_eq!(probing.horizon, at(2_000));
    assert_eq!(client.0.in_flight().collect::<Vec<_>>(), [probing]);
    assert_eq!(client.0.timestamp(1), Some(first.timestamp));
    let _ = client.answer(at(1), &first);
    let second = client.send(at(1));
    let _ = client.answer(at(2), &second);
    client.send(at(2));
    assert_eq!((client.0.probe(1), client.0.timestamp(1)), (None, None));
    assert_eq!(client.answer(at(3), &first), ignored(Ignored::TooOld));
}
