//! What a journal holds, where it goes, and that it never holds up the measuring.

use std::fs::File;
use std::io::Read as _;
use std::process::Command;

use crate::support::journal::{Session, records, verify};
use crate::support::{Reflector, Running, Scratch, next_datagram, run, udping_with};

#[test]
fn what_json_prints_is_the_journal() {
    let server = Reflector::start("--loss 30% --seed 3 --duplicate 30%");
    let file = Scratch::new();
    let ended = run(server
        .pinged("--json -c 10 -i 10ms -W 100ms --journal")
        .arg(file.path()));
    assert_eq!(ended.stdout, file.text());
    assert_eq!(ended.code, Some(0));
    verify(file.path());

    let brief = run(&mut server.pinged("--json -q -c 3 -W 100ms"));
    let lines = records(&brief.stdout);
    assert_eq!(lines.len(), 2, "{brief:?}");
    assert_eq!(lines[0]["udping"], "journal");
    assert_eq!(lines[1]["summary"]["sent"], 3);

    let dash = run(&mut server.pinged("-c 3 -W 100ms --journal -"));
    assert_eq!(records(&dash.stdout)[0]["udping"], "journal");
    assert_eq!(records(&dash.stdout).last().unwrap()["summary"]["sent"], 3);
}

#[test]
fn no_number_is_more_than_javascript_reads_exactly() {
    let server = Reflector::start("");
    let longest = "-c 2 --json --linger 9007199s -W 9007199s";
    let json = run(&mut server.pinged(longest)).stdout;
    // What would be more is a string.
    let numbers = json
        .split(['{', '}', ',', ':'])
        .filter(|it| !it.starts_with('"'));
    for word in numbers.flat_map(|it| it.split(|c: char| !c.is_ascii_digit())) {
        assert!(
            word.is_empty() || word.parse::<u64>().unwrap() <= 1 << 53,
            "{word}"
        );
    }
}

#[test]
fn redacted_it_names_nobody() {
    let server = Reflector::start("");
    // A refusal too, whose words are the system's.
    let nobody = std::net::UdpSocket::bind("127.0.0.78:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for target in [format!("localhost:{}", server.port), nobody.to_string()] {
        let json = run(&mut udping_with(&format!(
            "-4 --redact --json -c 2 {target}"
        )))
        .stdout;
        for word in ["127.0.0", "localhost", &target] {
            assert!(!json.contains(word), "{word} in {json}");
        }
        assert_eq!(records(&json).last().unwrap()["summary"]["sent"], 2);
    }
}

#[test]
fn a_summary_ends_it_even_where_all_was_lost() {
    let server = Reflector::start("--loss 100%");
    let session = Session::ping("127.0.0.1", server.port, "-c 3 -W 20ms");
    assert_eq!(session.lost(), [1, 2, 3]);
    let json = run(&mut server.pinged("--json -c 3 -W 20ms")).stdout;
    let summary = &records(&json).pop().unwrap()["summary"];
    assert_eq!(summary["lost"], 3);
    assert!(
        summary.get("rtt").is_none(),
        "what is undefined is absent: {summary}"
    );
}

/// A named pipe.
fn named_pipe() -> Scratch {
    let pipe = Scratch::new();
    let made = run(Command::new("mkfifo").arg(pipe.path()));
    assert_eq!(made.code, Some(0), "{made:?}");
    pipe
}

#[test]
fn a_reader_that_comes_late_finds_a_gap_and_the_measuring_did_not_wait() {
    let server = Reflector::start("");
    let pipe = named_pipe();
    // More records than the queue and the pipe hold together.
    let running = Running::start(server.pinged("-f -c 60000 --journal").arg(pipe.path()));
    running.line_with("60000 packets transmitted, 60000 received");
    let mut text = String::new();
    File::open(pipe.path())
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    let ended = running.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("the journal has gaps: "), "{ended:?}");

    let records = records(&text);
    let missing: u64 = records.iter().filter_map(|it| it["gap"].as_u64()).sum();
    assert!(missing > 0, "no gap: {ended:?}");
    let kept = records.iter().filter(|it| it.get("gap").is_none()).count() as u64;
    // A header, a line for each probe and each reply, the end, the summary.
    assert_eq!(kept + missing, 1 + 120_000 + 1 + 1);
    assert_eq!(records.last().unwrap()["summary"]["replied"], 60_000);

    let file = Scratch::holding(&text);
    let replay = verify(file.path());
    assert!(replay.stdout.contains("verified in part: "), "{replay:?}");
    assert!(
        replay
            .stdout
            .contains("records were dropped when this was written"),
        "{replay:?}"
    );
    assert!(
        replay
            .stdout
            .contains("60000 packets transmitted, 60000 received"),
        "{replay:?}"
    );
}

#[test]
fn a_reader_that_never_comes_holds_nothing_up() {
    let server = Reflector::start("");
    let pipe = named_pipe();
    let ended = run(server.pinged("-c 3 --journal").arg(pipe.path()));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stdout.contains("3 packets transmitted, 3 received"),
        "{ended:?}"
    );
    assert!(
        ended
            .stderr
            .contains("the journal is not complete: nothing is reading the journal"),
        "{ended:?}"
    );
}

#[test]
fn nor_does_it_beside_standard_output() {
    let server = Reflector::start("");
    let pipe = named_pipe();
    let ended = run(server.pinged("-c 3 --json --journal").arg(pipe.path()));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("nothing is reading the journal"),
        "{ended:?}"
    );
}

#[test]
fn a_reader_that_goes_costs_the_journal_and_not_the_measuring() {
    let server = Reflector::start("");
    let pipe = named_pipe();
    let running = Running::start(server.pinged("-c 0 -i 20ms --journal").arg(pipe.path()));
    drop(File::open(pipe.path()).unwrap());
    running.warning_with("Broken pipe (os error 32); measuring continues without the journal");
    running.line_with("seq=");
    running.signal("INT");
    let ended = running.finish();
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("the journal is not complete"),
        "{ended:?}"
    );
}

#[test]
fn its_wall_clock_gives_the_moment_of_each_probe() {
    let server = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = server.local_addr().unwrap();
    let echo = std::thread::spawn(move || {
        let mut request = [0; 100];
        let (len, from) = next_datagram(&server, &mut request);
        server.send_to(&request[..len], from).unwrap();
        String::from_utf8_lossy(&request[..len]).into_owned()
    });
    let json = run(&mut udping_with(&format!("-c 1 -W 60s --json {to}"))).stdout;
    let carried = echo.join().unwrap();
    let lines = records(&json);
    let (header, summary) = (&lines[0], &lines[lines.len() - 1]);
    assert_eq!(header["host"], "127.0.0.1");
    for key in ["host", "address", "port", "wall_ns"] {
        assert!(
            !header[key].is_null() && header[key] == summary[key],
            "{key}: {json}"
        );
    }
    let wall: u64 = header["wall_ns"].as_str().unwrap().parse().unwrap();
    let sent = wall + lines[1]["at_ns"].as_u64().unwrap();
    // What the request itself says of that, to the microsecond.
    let (secs, rest) = carried.split(' ').nth(2).unwrap().split_once('.').unwrap();
    let time: u64 = format!("{secs}{:0<9}", rest.trim()).parse().unwrap();
    let apart = time.abs_diff(sent);
    assert!(apart < 2_000, "{apart} ns: {carried:?} and {json}");
}
