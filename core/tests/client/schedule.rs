//! When probes go out.

use super::*;

#[test]
fn stop_and_wait_sends_the_next_when_the_last_is_settled_and_the_gap_is_over() {
    let config = assignment(3)
        .to_builder()
        .schedule(Schedule::StopAndWait { gap: ms(50) })
        .build()
        .unwrap();
    let mut client = Driven::new(config);
    let first = client.send(at(0));
    client.waits(at(10), just_after(at(1_000)));
    let _ = client.answer(at(20), &first);
    client.waits(at(20), at(70));
    assert_eq!(client.send(at(75)).due, at(70));
    // After a loss the gap runs from the deadline, whenever that was noticed.
    assert_eq!(client.lose(at(1_100)), (2, at(1_075)));
    client.waits(at(1_100), at(1_125));
    assert_eq!(client.send(at(1_125)).due, at(1_125));
}

#[test]
fn paced_probes_do_not_drift() {
    let mut client = Driven::with_slots(paced(100, ms(10)), 100);
    for slot in 0..100 {
        // Each is a little late, and none moves the next.
        let late = slot % 7;
        let probe = client.send(at(slot * 10 + late));
        assert_eq!(probe.due, at(slot * 10), "slot {slot}");
        let outcome = client.answer(at(slot * 10 + late), &probe);
        assert_eq!(outcome, replied(slot + 1, ms(0)));
    }
    assert_eq!(client.0.poll(at(1_000)), Output::Done);
}

#[test]
fn a_slot_is_missed_at_the_next_slots_time_and_counted() {
    let missed = |due, slots| Output::Event(Event::Missed { due, slots });
    let mut client = Driven::with_slots(paced(3, ms(10)), 300);
    client.send(at(0));
    // Just before the next slot's time it can still go out …
    assert_eq!(client.send(ClientTime::from_nanos(19_999_999)).due, at(10));
    // … and at that time it cannot.
    assert_eq!(client.0.poll(at(57)), missed(at(20), 3));
    assert_eq!(client.send(at(57)).due, at(50));
    // Missed slots are not probes: exactly three went out.
    client.waits(at(57), just_after(at(1_000)));
}

#[test]
fn a_missed_slot_is_told_at_its_successors_very_time() {
    let mut client = Driven::with_slots(paced(2, ms(10)), 300);
    let one = Event::Missed {
        due: at(0),
        slots: 1,
    };
    assert_eq!(client.0.poll(at(10)), Output::Event(one));
    assert_eq!(client.send(at(10)).due, at(10));
    client.waits(at(10), at(20));
}

#[test]
fn an_interval_that_nobody_can_keep_still_lets_a_probe_out_after_each_miss() {
    // A look at the clock takes longer than the interval.
    let mut client = Driven::with_slots(paced(3, Duration::from_nanos(1)), 3);
    let mut times = (0..).map(|look| at(1 + look));
    let mut sent = 0;
    for _ in 0..6 {
        match client.0.poll(times.next().unwrap()) {
            Output::Send(probe) => sent += u64::from(probe.due < probe.at),
            Output::Event(Event::Missed { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(sent, 3);
}

#[test]
fn the_last_slots_are_not_missed_once_every_probe_is_out() {
    let mut client = Driven::new(paced(1, ms(10)));
    let probe = client.send(at(0));
    let _ = client.answer(at(500), &probe);
    assert_eq!(client.0.poll(at(500)), Output::Done);
}

#[test]
fn an_interval_longer_than_the_timeout_waits_for_its_time() {
    let mut client = Driven::new(paced(2, ms(5_000)));
    client.send(at(0));
    assert_eq!(client.lose(at(1_001)), (1, at(1_000)));
    client.waits(at(1_001), at(5_000));
    assert_eq!(client.send(at(5_000)).seq, 2);
}

#[test]
fn a_window_is_kept_full() {
    let mut client = Driven::new(window(9, 3));
    let first = [client.send(at(0)), client.send(at(0)), client.send(at(0))];
    client.waits(at(0), just_after(at(1_000)));
    let _ = client.answer(at(5), &first[1]);
    assert_eq!(client.send(at(5)).seq, 4);
    client.waits(at(5), just_after(at(1_000)));
    // Lost probes free their place, while a late reply still finds them.
    assert_eq!(client.lose(at(1_002)), (1, at(1_000)));
    assert_eq!(client.lose(at(1_002)), (3, at(1_000)));
    assert_eq!(client.send(at(1_002)).seq, 5);
    assert_eq!(client.send(at(1_002)).seq, 6);
    let still = client.answer(at(1_004), &first[0]);
    assert_eq!(still, late(1, ms(1_004), false));
    // It was lost already, so its reply frees no place.
    client.waits(at(1_004), just_after(at(1_005)));
}

#[test]
fn a_window_never_takes_the_place_of_a_probe_in_flight() {
    let mut client = Driven::with_slots(window(9, 2), 2);
    let (first, second) = (client.send(at(0)), client.send(at(0)));
    let _ = client.answer(at(1), &second);
    // Place 1 of 2 is the third's, and the first is in it.
    client.waits(at(1), just_after(at(1_000)));
    assert_eq!(client.answer(at(2), &first), replied(1, ms(2)));
    assert_eq!(client.send(at(2)).seq, 3);
}

#[test]
fn a_refusal_and_a_failure_free_a_place_too() {
    let mut client = Driven::new(window(4, 2));
    client.send(at(0));
    client.send(at(0));
    let _ = client.0.handle_unreachable(at(1), Some(1));
    assert_eq!(client.send(at(1)).seq, 3);
    let _ = client.0.handle_send_failure(at(2), 2);
    // The failure's place is free a timeout later.
    client.waits(at(2), just_after(at(1_001)));
    assert_eq!(client.lose(at(1_002)), (3, at(1_001)));
    assert_eq!(client.send(at(1_002)).due, at(1_002));
}

#[test]
fn on_demand_sends_only_when_asked() {
    let config = assignment(2)
        .to_builder()
        .schedule(Schedule::OnDemand)
        .build()
        .unwrap();
    let mut client = Driven::with_slots(config, 1);
    assert_eq!(client.0.poll(at(0)), Output::Done);
    let probe = client.0.send_now(at(5)).unwrap();
    assert_eq!((probe.seq, probe.due, probe.at), (1, at(5), at(5)));
    assert_eq!(client.0.send_now(at(6)), None, "its place is taken");
    let _ = client.answer(at(7), &probe);
    assert_eq!(client.0.send_now(at(8)).map(|p| p.seq), Some(2));
    let _ = client.0.handle_unreachable(at(9), None);
    assert_eq!(client.0.send_now(at(9)), None, "two were asked for");
}

#[test]
fn a_probe_out_of_turn_never_pushes_out_a_paced_one() {
    // The horizon of 100 ms holds eleven slots, and the spare places are gone.
    let config = paced(100, ms(10))
        .to_builder()
        .timeout(ms(50))
        .late_window(ms(50))
        .build()
        .unwrap();
    let slots = usize::try_from(config.entries_needed()).unwrap();
    let mut client = Driven::with_slots(config, slots);
    let mut sent = 1;
    client.send(at(0));
    while client.0.send_now(at(1)).is_some() {
        sent += 1;
    }
    assert_eq!(sent, slots);
    // There is no place for the next slot before the losses at 50 ms.
    client.waits(at(10), just_after(at(50)));
    assert_eq!(client.0.in_flight().count(), slots);
}
