//! Conditions on the figures, and the exit status that says that one holds.

use crate::support::{Reflector, Scratch, run, udping_with, unheard};

#[test]
fn a_condition_that_holds_is_named_and_one_that_does_not_is_not() {
    let server = Reflector::start("");
    let conditions = ["--fail", "loss>0", "--fail", "max<1h", "--fail", "p75 > 1h"];
    let ended = run(server.pinged("-c 3").args(conditions));
    assert_eq!(ended.code, Some(3), "{ended:?}");
    let [said] = ended.stderr.lines().collect::<Vec<_>>()[..] else {
        panic!("{ended:?}");
    };
    assert!(said.starts_with("udping: --fail max<1h: max is "), "{said}");
    let ended = run(server.pinged("-c 3").args(["--fail", "loss>0"]));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[test]
fn without_replies_the_condition_goes_before_their_absence_and_an_error_before_both() {
    let server = Reflector::start("--loss 100%");
    let silent = |condition: &str| {
        run(server
            .pinged("-c 1 -W 20ms")
            .args(["--fail", condition, "--lang", "en"]))
    };
    let undefined = silent("p95>200ms");
    assert_eq!(undefined.code, Some(3), "{undefined:?}");
    let said = "udping: --fail p95>200ms: p95 is undefined with 0 replies in time\n";
    assert_eq!(undefined.stderr, said);
    assert_eq!(
        silent("loss>5%").stderr,
        "udping: --fail loss>5%: loss is 100%\n"
    );
    let none_holds = silent("refused>0");
    assert_eq!((none_holds.code, none_holds.stderr.as_str()), (Some(1), ""));

    let absent = unheard().local_addr().unwrap();
    let refused = run(&mut udping_with(&format!("{absent} -c 1 --fail refused>0")));
    assert_eq!(refused.code, Some(3), "{refused:?}");
    let full = server.pinged("-c 1 -W 20ms --journal /dev/full --fail loss>5%");
    let full = run(&mut { full });
    assert_eq!(full.code, Some(2), "{full:?}");
}

#[test]
fn a_simulation_and_its_journal_are_judged_alike() {
    let file = Scratch::new();
    let line = "simulate -c 100 -i 9ms --seed 4 --loss 10% --delay 20ms --jitter 9ms -q --fail";
    let said = |condition: &str| {
        let simulated = run(udping_with(line)
            .args([condition, "--overwrite", "--journal"])
            .arg(file.path()));
        let replayed = run(udping_with("replay --fail").arg(condition).arg(file.path()));
        assert_eq!(simulated.code, replayed.code, "{condition}: {replayed:?}");
        assert_eq!(simulated.stderr, replayed.stderr, "{condition}");
        (simulated.code, simulated.stderr)
    };
    assert_eq!(said("p37.5>1m"), (Some(0), String::new()));
    let (code, lost) = said("lost>=1");
    assert_eq!(code, Some(3), "{lost}");
    let (_, percentile) = said("p37.5<1m");
    assert!(percentile.contains("p37.5 is "), "{percentile}");
    // Whoever changes a decision is told of that before anything else.
    let text = file.text().replacen("\"rtt_ns\":", "\"rtt_ns\":1", 1);
    let changed = Scratch::holding(text);
    let replayed = run(udping_with("replay --fail lost>=1").arg(changed.path()));
    assert_eq!(replayed.code, Some(1), "{replayed:?}");
}

#[test]
fn what_is_no_condition_is_refused() {
    for (condition, says) in [
        (
            "speed>5",
            "`speed` is not a figure of a run; the figures are loss, min,",
        ),
        ("max>200", "compare max with a time and its unit"),
    ] {
        let ended = run(udping_with("simulate --fail").arg(condition));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains(says), "{ended:?}");
    }
    let beats = Scratch::holding(
        "{\"udping\":\"journal\",\"version\":2,\"kind\":\"heartbeat\",\"tool\":\"t\",\"wire\":\"textbook\",\
         \"schedule\":{\"paced\":{\"interval_ns\":5}},\"timeout_ns\":0,\"late_window_ns\":0,\
         \"timestamp_key\":0,\"table_entries\":4}\n",
    );
    let ended = run(udping_with("replay --fail loss>0").arg(beats.path()));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let says = "--fail needs the journal of a ping or a simulation";
    assert!(ended.stderr.contains(says), "{ended:?}");
}
