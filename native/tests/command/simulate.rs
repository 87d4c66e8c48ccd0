//! A simulation is a function of its arguments.

use crate::support::journal::{records, verify, verify_cut};
use crate::support::{Running, Scratch, run, udping_with};

const BUSY: &str = "simulate -c 200 -i 10ms -W 60ms --seed 5 --loss 5%,10% --delay 10ms,20ms \
                    --jitter 5ms,25ms --duplicate 5% --reorder 10% --service 1ms";

#[test]
fn the_same_arguments_give_the_same_journal_byte_for_byte() {
    let journals: Vec<String> = (0..3)
        .map(|_| run(&mut udping_with(&format!("{BUSY} --journal -"))).stdout)
        .collect();
    assert_eq!(journals[0], journals[1]);
    assert_eq!(journals[0], journals[2]);
    let other = BUSY.replace("--seed 5", "--seed 6");
    assert_ne!(
        journals[0],
        run(&mut udping_with(&format!("{other} --journal -"))).stdout
    );

    let file = Scratch::new();
    let report = run(udping_with(BUSY).arg("--journal").arg(file.path()));
    assert_eq!(report.code, Some(0));
    assert_eq!(
        file.text(),
        journals[0],
        "a file holds what standard output does"
    );
    verify(file.path());
    // It is a run in which everything happens.
    let summary = records(&file.text()).pop().unwrap()["summary"].clone();
    for figure in ["replied", "lost", "late", "duplicates"] {
        assert!(summary[figure].as_u64().unwrap() > 0, "{figure}: {summary}");
    }
    assert!(
        summary["reordering"]["reordered"].as_u64().unwrap() > 0,
        "{summary}"
    );
}

#[test]
fn nothing_in_its_journal_differs_from_machine_to_machine() {
    let json = run(&mut udping_with("simulate --seed 1 --journal -")).stdout;
    let header = &records(&json)[0];
    assert_eq!(header["kind"], "simulation");
    assert_eq!(header["scenario"]["seed"], 1);
    for key in ["wall_start", "host", "address", "port", "clock"] {
        assert!(header.get(key).is_none(), "{key}: {header}");
    }
}

#[test]
fn without_a_seed_each_run_is_another_and_names_its_seed() {
    let [one, other] = [(), ()].map(|()| run(&mut udping_with("simulate -q")).stdout);
    assert_ne!(one, other);
    let seed = one
        .split_once("seed ")
        .unwrap()
        .1
        .split_once(',')
        .unwrap()
        .0;
    let again = run(&mut udping_with(&format!("simulate -q --seed {seed}"))).stdout;
    assert_eq!(one, again);
    for seed in ["0", "9007199254740991"] {
        let ended = run(&mut udping_with(&format!("simulate -q --seed {seed}")));
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

#[test]
fn a_simulation_without_end_is_refused() {
    let ended = run(&mut udping_with("simulate -c 0"));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("an endless simulation"), "{ended:?}");
    assert!(ended.stderr.contains("give a count with -c"), "{ended:?}");
}

#[test]
fn a_huge_count_is_begun_and_can_be_ended() {
    let file = Scratch::new();
    let mut command = udping_with("simulate -q --loss 1% -c 9007199254740992 --journal");
    let running = Running::start(command.arg(file.path()));
    running.line_with("PING in virtual time");
    while std::fs::metadata(file.path()).map_or(0, |it| it.len()) < 100_000 {
        std::thread::yield_now();
    }
    running.signal("INT");
    let ended = running.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains(" packets transmitted, "), "{ended:?}");
    let replay = verify_cut(file.path());
    assert!(
        replay
            .stdout
            .contains("note: the journal is cut after line "),
        "{replay:?}"
    );
}

#[test]
fn many_probes_take_no_time_to_speak_of() {
    let ended = run(&mut udping_with(
        "simulate -q -c 100000 --delay 1s,2s -W 5s",
    ));
    assert!(
        ended
            .stdout
            .contains("100000 packets transmitted, 100000 received"),
        "{ended:?}"
    );
    assert!(ended.stdout.contains("time 300000000ms"), "{ended:?}");
}

#[test]
fn where_no_reply_came_the_exit_code_says_so() {
    assert_eq!(run(&mut udping_with("simulate --loss 100%")).code, Some(1));
    assert_eq!(
        run(&mut udping_with("simulate --loss 100%,0")).code,
        Some(1)
    );
    assert_eq!(run(&mut udping_with("simulate --loss 0")).code, Some(0));
}

#[test]
fn json_is_the_journal_on_standard_output_and_its_ends_if_quiet() {
    let line = "simulate -c 20 --seed 8 --loss 20% --delay 5ms";
    let file = Scratch::new();
    let json = run(udping_with(line)
        .args(["--json", "--journal"])
        .arg(file.path()));
    assert_eq!((json.code, &json.stdout), (Some(0), &file.text()));
    verify(file.path());
    for ends in ["-q --json", "-q --journal -"] {
        let ends = run(&mut udping_with(&format!("{line} {ends}"))).stdout;
        let all: Vec<_> = json.stdout.lines().collect();
        let [first, .., last] = all.as_slice() else {
            panic!("{json:?}");
        };
        assert_eq!(ends, format!("{first}\n{last}\n"));
    }
}
