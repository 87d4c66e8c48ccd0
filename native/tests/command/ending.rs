//! However a run ends, it ends with a summary and a whole journal; and if it is
//! killed outright, with all that was written until then.

use std::process::Command;

use serde_json::Value;

use crate::support::journal::{records, values, verify, verify_cut};
use crate::support::{Ended, Reflector, Running, Scratch, run, udping, with_silent_resolver};

/// A journal that was written to its end, and replays.
fn whole(file: &Scratch) -> Vec<Value> {
    let replay = verify(file.path());
    assert!(!replay.stdout.contains("note:"), "{replay:?}");
    let records = records(&file.text());
    assert!(
        records.last().unwrap().get("summary").is_some(),
        "{records:?}"
    );
    records
}

/// Pings without end, and is sent these signals after its third reply.
fn ended_by(server: &Reflector, file: &Scratch, signals: &[&str]) -> Ended {
    let command = server.pinged("-c 0 -i 20ms --journal");
    // Whoever runs the tests may have SIGHUP ignored.
    let mut heeding = Command::new("env");
    heeding
        .arg("--default-signal=HUP")
        .arg(command.get_program());
    heeding.args(command.get_args()).arg(file.path());
    let running = Running::start(&mut heeding);
    running.line_with("seq=3 ");
    for signal in signals {
        running.signal(signal);
    }
    running.finish()
}

#[test]
fn sigint_and_sigterm_end_with_a_summary_and_a_whole_journal() {
    let server = Reflector::start("");
    // `timeout` sends its signal to the process, and to its group.
    for signals in [&["INT"][..], &["TERM"], &["HUP"], &["TERM", "TERM"]] {
        let file = Scratch::new();
        let ended = ended_by(&server, &file, signals);
        assert_eq!(ended.code, Some(0), "replies came: {ended:?}");
        assert!(ended.stdout.contains(" 0% packet loss, time "), "{ended:?}");
        assert_eq!(ended.stderr, "");
        let session = whole(&file);
        assert!(
            session.iter().any(|it| it["stop"] == "signal"),
            "{session:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn with_nohup_it_outlives_its_terminal() {
    let server = Reflector::start("");
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" -c 0 -i 20ms \"$1\""]);
    command.arg(udping().get_program());
    command.arg(server.address().to_string());
    let running = Running::start(&mut command);
    running.line_with("seq=3 ");
    running.signal("HUP");
    for _ in 0..20 {
        running.line_with(" time=");
    }
    running.signal("INT");
    assert_eq!(running.finish().code, Some(0));
}

#[test]
fn a_run_that_had_no_replies_ends_by_that() {
    let server = Reflector::start("--loss 100%");
    let file = Scratch::new();
    let running = Running::start(server.pinged("-c 0 -W 20ms --journal").arg(file.path()));
    running.line_with("seq=2 lost");
    running.signal("INT");
    let ended = running.finish();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stdout.contains(" 0 received, 100% packet loss"),
        "{ended:?}"
    );
    whole(&file);
}

#[test]
fn probes_in_flight_at_the_end_are_neither_lost_nor_answered() {
    let server = Reflector::start("--delay 20s");
    let file = Scratch::new();
    let running = Running::start(
        server
            .pinged("-O -c 0 -i 50ms -W 30s --journal")
            .arg(file.path()),
    );
    running.line_with("no answer yet for seq=2");
    running.signal("INT");
    let ended = running.finish();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains(" 100% packet loss"), "{ended:?}");
    assert!(ended.stdout.contains(" still in flight"), "{ended:?}");
    whole(&file);
}

#[test]
fn sigquit_prints_a_line_and_goes_on() {
    let server = Reflector::start("");
    let running = Running::start(&mut server.pinged("-c 0 -i 20ms"));
    running.line_with("seq=3 ");
    running.signal("QUIT");
    let line = running.warning_with(" packets, 0% loss, min/avg/median/max = ");
    let (received, _) = line.split_once('/').unwrap();
    let next = received.parse::<u64>().unwrap() + 2;
    running.line_with(&format!("seq={next} "));
    running.signal("INT");
    assert_eq!(running.finish().code, Some(0));
}

#[test]
fn a_server_too_says_at_its_end_what_it_did() {
    for signal in ["INT", "TERM"] {
        let server = Reflector::start("");
        assert_eq!(run(&mut server.pinged("-c 4")).code, Some(0));
        server.running.signal("QUIT");
        server.running.warning_with("4 requests, 4 replies");
        server.running.signal(signal);
        let ended = server.running.finish();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.stdout, "4 requests, 4 replies\n");
    }
}

/// Has a shell run the command with these arguments and pipe it somewhere.
fn piped(arguments: &str, into: &str) -> Ended {
    // The shell's own words on how the command ended go last.
    let script = format!("{{ \"$0\" {arguments}; echo code $? >&2; }} | {into}");
    run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_udping")]))
}

#[test]
fn a_closed_pipe_ends_quietly_with_a_whole_journal() {
    let server = Reflector::start("");
    for format in ["", "--json"] {
        let file = Scratch::new();
        let arguments = format!(
            "{} -c 0 -i 20ms {format} --journal {}",
            server.address(),
            file.path().display()
        );
        let ended = piped(&arguments, "head -n 1");
        // By whether a reply came before it was noticed.
        let codes = ["code 0\n", "code 1\n"];
        assert!(
            codes.contains(&ended.stderr.as_str()),
            "{format}: {ended:?}"
        );
        assert_eq!(ended.stdout.lines().count(), 1, "{format}: {ended:?}");
        let session = whole(&file);
        assert!(
            session.iter().any(|it| it["stop"] == "closed_pipe"),
            "{format}: {session:?}"
        );
    }
}

#[test]
fn a_pipe_that_nobody_ever_read_ends_as_quietly() {
    let server = Reflector::start("");
    for (command, code) in [
        (format!("{} -c 0 -i 20ms", server.address()), [0, 1]),
        ("demo".to_owned(), [0, 1]),
        ("simulate -c 20".to_owned(), [0, 0]),
    ] {
        let file = Scratch::new();
        let arguments = format!("{command} --journal {}", file.path().display());
        let ended = piped(&arguments, "true");
        let expected = code.map(|code| format!("code {code}\n"));
        assert!(expected.contains(&ended.stderr), "{command}: {ended:?}");
        whole(&file);
    }
}

#[test]
fn whoever_stops_reading_a_replay_gets_its_verdict_all_the_same() {
    let file = Scratch::new();
    let simulated = run(udping()
        .args(["simulate", "-q", "--journal"])
        .arg(file.path()));
    assert_eq!(simulated.code, Some(0));
    let replay = format!("replay {}", file.path().display());
    assert_eq!(piped(&replay, "true").stderr, "code 0\n");
    let altered = file.text().replacen("\"rtt_ns\":0", "\"rtt_ns\":7", 1);
    std::fs::write(file.path(), altered).unwrap();
    assert_eq!(piped(&replay, "true").stderr, "code 1\n");
}

#[test]
fn killed_outright_all_but_the_last_moment_is_in_the_journal() {
    let server = Reflector::start("");
    let file = Scratch::new();
    let running = Running::start(server.pinged("-c 0 -i 20ms --journal").arg(file.path()));
    running.line_with("seq=60 ");
    running.signal("KILL");
    let ended = running.finish();
    assert_eq!(ended.code, None, "{ended:?}");

    let replay = verify_cut(file.path());
    assert!(
        replay.stdout.contains("note: the journal is cut "),
        "{replay:?}"
    );
    let kept = values(&records(&whole_lines(&file.text())), "reply");
    // A second is fifty probes.
    assert!(kept.last().unwrap() >= &10, "{kept:?}");
}

/// What stands before the last newline.
fn whole_lines(text: &str) -> String {
    text.rsplit_once('\n').unwrap().0.to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn a_deadline_bounds_the_looking_up_of_a_name_too() {
    for command in ["", "heartbeat"] {
        let script = format!("exec \"$UDPING\" {command} -w 500ms silent.example");
        let Some(ended) = with_silent_resolver(&script) else {
            return;
        };
        // The resolver by itself takes ten seconds, and says that it failed.
        assert_eq!(ended.code, Some(2), "{ended:?}");
        let why = "`silent.example` has no address after 500ms";
        assert!(ended.stderr.contains(why), "{ended:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn several_names_that_nobody_answers_for_by_then_are_named() {
    for command in [
        "-w 500ms 127.0.0.1:53 -c 2 silent.example",
        "-q -w 500ms silent.example other.example",
        "monitor -w 500ms silent.example",
    ] {
        let script = format!("exec \"$UDPING\" {command}");
        let Some(ended) = with_silent_resolver(&script) else {
            return;
        };
        assert_eq!(ended.code, Some(2), "{command}: {ended:?}");
        let why = "udping: `silent.example` has no address after 500ms: the name servers do not";
        assert_eq!(ended.stderr.matches(why).count(), 1, "{command}: {ended:?}");
        assert!(!ended.stderr.contains("`127.0.0.1"), "{command}: {ended:?}");
        let unsent = "silent.example: sent 0";
        assert!(ended.stdout.contains(unsent), "{command}: {ended:?}");
    }
}
