//! A wall clock that is before 1970, and one that is set from one side of it to the other: a
//! label, and of no consequence. `faketime` is what shows it to the command.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::process::Command;

use support::journal::{records, verify};
use support::{Reflector, Running, Scratch, run, skipped, udping_with};

/// `udping` with these arguments, whose wall clock is shown as `faketime` has it and whose
/// monotonic clock is the machine's, if there is such a thing.
fn at(time: &str, arguments: &str) -> Option<Command> {
    let library = Command::new("faketime")
        .args(["-m", "now", "printenv", "LD_PRELOAD"])
        .output();
    let Ok(library) = library else {
        skipped("no faketime here");
        return None;
    };
    let library = String::from_utf8(library.stdout).unwrap();
    let mut command = udping_with(arguments);
    // Not by its own command, which stands between us and a signal.
    command.env("LD_PRELOAD", library.trim());
    command.env("FAKETIME", time);
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    Some(command)
}

/// Ten seconds before 1970.
const BEFORE: &str = "@1969-12-31 23:59:50";

#[test]
fn every_command_runs_before_1970() {
    let server = Reflector::start("--tcp");
    let to = server.address();
    let file = Scratch::new();
    let journal = file.path().display();
    for arguments in [
        format!("-c 2 {to}"),
        // First, since it writes over none but its own.
        format!("demo --journal {journal}"),
        format!("-D -c 2 {to}"),
        format!("--json -c 2 {to}"),
        format!("-c 2 --overwrite --journal {journal} {to}"),
        format!("compare -c 2 {to} --overwrite --journal {journal}"),
        format!("heartbeat -c 2 -i 10ms {to} --overwrite --journal {journal}"),
        format!("simulate -c 2 --overwrite --journal {journal}"),
    ] {
        let Some(mut command) = at(BEFORE, &arguments) else {
            return;
        };
        let ended = run(&mut command);
        assert_eq!(ended.code, Some(0), "{arguments}: {ended:?}");
        if arguments.contains("--journal") && !arguments.starts_with("simulate") {
            verify(file.path());
            let start = records(&file.text())[0]["wall_start"].to_string();
            assert!(
                start.starts_with("\"1969-12-31T23:59:5"),
                "{arguments}: {start}"
            );
        }
        let dated = ended.stdout.lines().any(|line| line.starts_with("[-9."));
        assert_eq!(dated, arguments.starts_with("-D"), "{arguments}: {ended:?}");
    }
}

/// The two ends are a minute apart, and so are their figures.
#[test]
fn two_ends_before_1970_differ_by_what_they_do() {
    for (serve, arguments) in [
        ("--wire stamp", "--wire stamp -c 5 -i 10ms --json"),
        ("--heartbeat", "heartbeat -c 5 -i 10ms"),
    ] {
        let serve = format!("serve --bind 127.0.0.1:0 {serve}");
        let Some(mut command) = at("@1969-12-31 23:58:50", &serve) else {
            return;
        };
        let server = Running::start(&mut command);
        let line = server.line_with("listening on ");
        let to = line.rsplit_once(' ').unwrap().1;
        let ended = run(&mut at(BEFORE, &format!("{arguments} {to}")).unwrap());
        assert_eq!(ended.code, Some(0), "{ended:?}");
        server.signal("TERM");
        let heard = server.finish();
        let behind = if serve.contains("stamp") {
            let summary = &records(&ended.stdout).pop().unwrap()["summary"];
            let offset = &summary["reflected"]["one_way"]["offset"]["ahead_ns"];
            offset.as_i64().unwrap() / 1_000_000
        } else {
            let line = heard
                .stdout
                .lines()
                .find_map(|it| it.split_once(": time difference "));
            let (_, rest) = line.unwrap();
            rest.split_once(" ms").unwrap().0.parse().unwrap()
        };
        // As long as it took to start the second.
        assert!((-60_100..0).contains(&behind), "{serve}: {behind} ms");
    }
}

/// The session passes 1970, or its ends are on either side of it.
#[test]
fn a_stamp_session_across_1970_has_its_one_way_figures() {
    for (theirs, ours, ahead_s) in [
        ("@1969-12-31 23:59:59", "@1969-12-31 23:59:59", 0),
        ("@1970-01-01 00:01:00", BEFORE, 70),
    ] {
        let Some(mut command) = at(theirs, "serve --bind 127.0.0.1:0 --wire stamp") else {
            return;
        };
        let server = Running::start(&mut command);
        let line = server.line_with("listening on ");
        let to = line.rsplit_once(' ').unwrap().1;
        let file = Scratch::new();
        // Three seconds: the reflector looks at its clock again once a second.
        let arguments = format!("--wire stamp -c 16 -i 200ms {to} --journal");
        let ended = run(at(ours, &arguments).unwrap().arg(file.path()));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        verify(file.path());
        let records = records(&file.text());
        let replies = records.iter().filter(|it| it.get("rtt_ns").is_some());
        let with_times = replies.filter(|it| it.get("t2_ns").is_some()).count();
        assert_eq!(with_times, 16, "{theirs} {ours}: {records:?}");
        let reflected = &records.last().unwrap()["summary"]["reflected"];
        let ahead = &reflected["one_way"]["offset"]["ahead_ns"];
        let ahead = ahead.as_i64().unwrap() / 1_000_000_000;
        // Theirs began before ours, by as long as it took to start.
        assert!((ahead_s - 1..=ahead_s + 59).contains(&ahead), "{ahead} s");
        assert_eq!(reflected["server"]["n"], 16, "{reflected}");
    }
}

#[test]
fn a_clock_that_is_set_below_1970_is_set_once() {
    let server = Reflector::start("");
    let time = Scratch::holding("@1970-01-01 00:01:00");
    let arguments = format!("-c 0 -i 20ms --json {}", server.address());
    let Some(mut command) = at("", &arguments) else {
        return;
    };
    command.env_remove("FAKETIME").env("FAKETIME_NO_CACHE", "1");
    command.env("FAKETIME_TIMESTAMP_FILE", time.path());
    let running = Running::start(&mut command);
    running.line_with("\"reply\":20,");
    std::fs::write(time.path(), "@1969-12-31 23:59:00").unwrap();
    running.line_with("\"clock_set\"");
    // Three lines each, and ten looks at the clocks.
    for _ in 0..300 {
        let line = running.line();
        assert!(!line.contains("clock_set"), "{line}");
    }
    running.signal("TERM");
    assert_eq!(running.finish().code, Some(0));
}

#[test]
fn a_clock_that_passes_1970_or_stays_before_it_is_not_called_set() {
    let server = Reflector::start("");
    for start in [BEFORE, "@1969-12-31 23:59:59"] {
        let arguments = format!("-c 15 -i 200ms --json {}", server.address());
        let Some(mut command) = at(start, &arguments) else {
            return;
        };
        let ended = run(&mut command);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(!ended.stdout.contains("clock_set"), "{ended:?}");
    }
}
