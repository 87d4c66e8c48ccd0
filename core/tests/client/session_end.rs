//! How a session ends, and calls that nobody needed.

use super::*;

#[test]
fn it_is_done_when_every_probe_is_answered() {
    let mut client = Driven::new(assignment(1));
    let probe = client.send(at(0));
    let _ = client.answer(at(20), &probe);
    assert_eq!(client.0.poll(at(20)), Output::Done);
}

#[test]
fn it_lingers_for_the_last_late_reply_and_no_longer() {
    let mut client = Driven::new(assignment(1));
    client.send(at(0));
    client.lose(at(1_001));
    client.waits(at(1_001), just_after(at(2_000)));
    client.waits(at(2_000), just_after(at(2_000)));
    assert_eq!(client.0.poll(just_after(at(2_000))), Output::Done);
}

#[test]
fn it_does_not_linger_for_what_was_answered_or_refused() {
    let mut client = Driven::new(assignment(2));
    let first = client.send(at(0));
    client.lose(at(1_001));
    client.send(at(1_001));
    let _ = client.0.handle_unreachable(at(1_002), None);
    client.waits(at(1_002), just_after(at(2_000)));
    let _ = client.answer(at(1_003), &first);
    assert_eq!(client.0.poll(at(1_003)), Output::Done);
}

#[test]
fn without_linger_it_ends_with_the_last_deadline() {
    let config = assignment(1)
        .to_builder()
        .late_window(ms(0))
        .build()
        .unwrap();
    let mut client = Driven::new(config);
    let probe = client.send(at(0));
    client.lose(just_after(at(1_000)));
    assert_eq!(client.0.poll(just_after(at(1_000))), Output::Done);
    let too_old = client.answer(just_after(at(1_000)), &probe);
    assert_eq!(too_old, ignored(Ignored::TooOld));
}

#[test]
fn a_stop_ends_it_at_once_and_leaves_the_open_open() {
    let mut client = Driven::new(assignment(5));
    let probe = client.send(at(0));
    client.0.stop(at(400));
    assert!(client.0.is_stopped());
    assert_eq!(client.0.poll(at(400)), Output::Done);
    assert_eq!(client.0.in_flight().count(), 1);
    assert_eq!(client.0.send_now(at(400)), None);
    // Whoever goes on listening still gets true answers.
    assert_eq!(client.answer(at(500), &probe), replied(1, ms(500)));
    assert_eq!(client.0.poll(at(500)), Output::Done);
}

#[test]
fn what_was_overdue_at_the_stop_is_lost() {
    let mut client = Driven::new(assignment(5));
    client.send(at(0));
    client.0.stop(at(1_500));
    assert_eq!(client.lose(at(1_500)), (1, at(1_000)));
    assert_eq!(client.0.poll(at(1_500)), Output::Done);
}

#[test]
fn a_session_without_a_count_goes_on() {
    let config = assignment(1).to_builder().count(None).build().unwrap();
    let mut client = Driven::new(config);
    for seq in 1..=1_000 {
        let probe = client.send(at(seq));
        assert_eq!(client.answer(at(seq), &probe), replied(seq, ms(0)));
    }
}

#[test]
fn exactly_as_many_probes_as_asked_for_go_out() {
    for config in [assignment(10), paced(10, ms(300)), window(10, 4)] {
        let mut client = Driven::new(config);
        let (mut now, mut sent) = (at(0), 0);
        loop {
            match client.0.poll(now) {
                Output::Send(_) => sent += 1,
                Output::Event(_) => {}
                Output::Wait(until) => now = until,
                Output::Done => break,
            }
        }
        assert_eq!(sent, 10, "{config:?}");
    }
}

#[test]
fn polls_that_nobody_needed_change_nothing() {
    let mut client = Driven::new(assignment(2));
    let probe = client.send(at(0));
    for now in 0..1_000 {
        client.waits(at(now), just_after(at(1_000)));
        client.waits(at(0), just_after(at(1_000)));
    }
    assert_eq!(client.answer(at(999), &probe), replied(1, ms(999)));
}
