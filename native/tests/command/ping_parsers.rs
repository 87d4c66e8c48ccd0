//! The report as programs read it that were written for ping's: jc and pingparsing, from `PyPI`.
//! What they find there is what the journal of the same run says.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::journal::records;
use crate::support::{
    Ended, Reflector, Running, Scratch, in_a_network_of_its_own, python_with_packages, run,
    run_with_input, udping, udping_with, unheard,
};

/// What a parser makes of a report.
fn parsed(parser: &[&str], report: &str) -> Option<Value> {
    let ended = run_with_input(python_with_packages()?.args(parser), report.as_bytes());
    assert_eq!(ended.code, Some(0), "{parser:?}: {report}\n{ended:?}");
    Some(serde_json::from_str(&ended.stdout).unwrap())
}

/// Nanoseconds as the report prints them: milliseconds with three decimals.
fn millis(nanos: &Value) -> Value {
    nanos.as_f64().map_or(Value::Null, |nanos| {
        json!((nanos / 1_000.0).round() / 1_000.0)
    })
}

fn close(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        // The report has six digits.
        (Some(one), Some(other)) => (one - other).abs() <= other * 0.000_005_1,
        _ => one.is_null() && other.is_null(),
    }
}

/// Asserts that both read the figures of `journal` in the report of its run.
fn assert_read(report: &str, journal: &Scratch) {
    let records = records(&journal.text());
    let summary = &records.last().unwrap()["summary"];
    let count = |key: &str| summary[key].as_u64().unwrap();
    let transmitted = count("sent") + count("unsent");
    let open = count("in_flight");
    // Of probes in flight, both take what ping does: they were transmitted and not received.
    #[expect(clippy::cast_precision_loss, reason = "compared with six digits")]
    let loss = |of: u64| (of > 0).then(|| 100.0 * (1.0 - count("replied") as f64 / of as f64));
    let settled = transmitted - open;
    let own_loss = json!(loss(if settled > 0 { settled } else { open }));
    let rtt = &summary["rtt"];
    let times = ["min_ns", "mean_ns", "max_ns", "stddev_ns"].map(|key| millis(&rtt[key]));

    let Some(jc) = parsed(&["-m", "jc", "--ping"], report) else {
        return;
    };
    let at = |key: &str| jc.get(key).cloned().unwrap_or_default();
    for (key, expected) in [
        ("packets_transmitted", transmitted),
        ("packets_received", count("replied")),
        ("duplicates", count("duplicates")),
    ] {
        assert_eq!(at(key), expected, "{key} in {jc} of {report}");
    }
    assert_eq!(at("errors").as_u64().unwrap_or(0), count("refused"));
    assert!(close(&at("packet_loss_percent"), &own_loss), "{jc}");
    let keys = ["min", "avg", "max", "stddev"].map(|key| at(&format!("round_trip_ms_{key}")));
    assert_eq!(keys, times, "{jc} of {report}");

    let pingparsing = parsed(&["-m", "pingparsing", "-"], report).unwrap();
    let at = |key: &str| &pingparsing[key];
    for (key, expected) in [
        ("packet_transmit", transmitted),
        ("packet_receive", count("replied")),
        ("packet_loss_count", transmitted - count("replied")),
        ("packet_duplicate_count", count("duplicates")),
    ] {
        assert_eq!(*at(key), expected, "{key} in {pingparsing} of {report}");
    }
    let all = json!(loss(transmitted));
    assert!(close(at("packet_loss_rate"), &all), "{pingparsing}");
    let keys = ["min", "avg", "max", "mdev"].map(|key| at(&format!("rtt_{key}")).clone());
    assert_eq!(keys, times, "{pingparsing} of {report}");
}

/// Runs a command with a journal, and has its report read.
fn read(command: &mut Command) -> Ended {
    let journal = Scratch::new();
    let ended = run(command.arg("--journal").arg(journal.path()));
    assert_read(&ended.stdout, &journal);
    ended
}

#[test]
fn any_loss_is_read() {
    let mut received = Vec::new();
    for loss in (0..=100).step_by(10) {
        let line =
            format!("simulate -c 30 -i 5ms --seed 3 --loss {loss}% --delay 9ms --jitter 3ms");
        let ended = read(&mut udping_with(&line));
        let line = ended.stdout.lines().rev().nth(1).unwrap().to_owned();
        received.push(line);
    }
    received.dedup();
    assert!(received.len() > 8, "{received:?}");
    // The least that is printed, without an exponent.
    read(&mut udping_with(
        "simulate -q -f -c 30000 --seed 2 --loss 0.003% --delay 1ms",
    ));
}

#[test]
fn every_fate_is_read() {
    for (serving, arguments, says) in [
        ("", "-c 1", ""),
        ("", "-c 12 -q", ""),
        ("--loss 100%", "-c 1 -W 20ms", "1 lost"),
        ("--duplicate 100%,0 --delay 1ms,0", "-c 3 -i 20ms", "DUP!"),
        (
            "--delay 100ms",
            "-c 2 -W 20ms -i 10ms --linger 9s",
            "2 of them late",
        ),
        (
            "--delay 9s",
            "-c 3 -i 9ms -W 9s -w 300ms",
            "3 still in flight",
        ),
        ("--reply pong", "-c 1 -W 2s", "--match any"),
    ] {
        let server = Reflector::start(serving);
        let ended = read(&mut server.pinged(arguments));
        assert!(ended.stdout.contains(says), "{says}: {ended:?}");
    }
    let absent = unheard().local_addr().unwrap();
    let refused = read(udping().args([&absent.to_string(), "-c", "2"]));
    assert!(
        refused.stdout.contains("Nobody is listening"),
        "{refused:?}"
    );
}

#[test]
fn a_run_that_stops_with_a_probe_in_flight_is_read() {
    let server = Reflector::start("--delay 9s");
    let journal = Scratch::new();
    let mut command = server.pinged("-O -c 0 -i 50ms -W 30s --journal");
    let running = Running::start(command.arg(journal.path()));
    let first = running.line();
    running.line_with("no answer yet for seq=2");
    running.signal("INT");
    let ended = running.finish();
    let report = format!("{first}\n{}", ended.stdout);
    assert!(report.contains("100% packet loss"), "{report}");
    assert_read(&report, &journal);
}

#[test]
fn what_could_not_be_sent_is_read() {
    let journal = Scratch::new();
    let script = format!(
        r#"ip link set lo up && ip addr add 192.0.2.1/32 dev lo
        "$UDPING" serve --bind 192.0.2.1:7000 > /dev/null 2>&1 & server=$!
        until "$UDPING" -q -c 1 192.0.2.1:7000 > /dev/null; do :; done
        "$UDPING" -c 9 -i 100ms --journal {} 192.0.2.1:7000 | while read -r line; do
            echo "$line"
            case $line in *seq=3\ *time=*) ip rule add pref 1 prohibit; ip rule del pref 0 ;; esac
        done
        kill $server; wait $server"#,
        journal.path().display()
    );
    if let Some(ended) = in_a_network_of_its_own(&script) {
        assert!(ended.stdout.contains(" could not be sent"), "{ended:?}");
        assert_read(&ended.stdout, &journal);
    }
}
