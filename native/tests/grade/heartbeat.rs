//! `udping grade heartbeat` and `heartbeat-server`.
//! Owns that a right program of each is not accused, and that each bug is named.

use std::fs;
use std::thread;

use serde_json::Value;

use crate::bugs;
use crate::support::{Scratch, run, udping};

const SENDER: &str = r#"
import socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
number = 0
while True:
    number += 1
    sock.sendto(f"{number} {time.time()}".encode(), (sys.argv[1], int(sys.argv[2])))
    time.sleep(0.4)
"#;

const SERVER: &str = r#"
import socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
last, seen = 0, set()
while True:
    sock.settimeout(2 if seen else None)
    try:
        data, sender = sock.recvfrom(1024)
    except TimeoutError:
        print("The client has stopped")
        break
    number, sent = data.decode().split()
    print(f"Heartbeat {number} from {sender}: difference {time.time() - float(sent):.3f} s")
    number = int(number)
    seen.add(number)
    # One that the next one overtakes is not lost yet.
    for old in range(last + 1, number - 1):
        if old not in seen:
            print(f"Heartbeat {old} was lost")
    last = max(last, number - 2)
"#;

/// One that says at once what is missing.
const HASTY: &str = r#"
import socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
last = total = 0
while True:
    sock.settimeout(2 if last else None)
    try:
        data, sender = sock.recvfrom(1024)
    except TimeoutError:
        print("The client has stopped")
        break
    number, sent = data.decode().split()
    print(f"Heartbeat {number}: difference {time.time() - float(sent):.3f} s")
    number = int(number)
    if last and number > last + 1:
        total += number - last - 1
        print(f"{number - last - 1} packets lost")
    elif number < last:
        total -= 1
    last = max(last, number)
"#;

/// The bugs that are named in a program, which is another's text with a word replaced.
fn graded(what: &str, (text, word, by): (&str, &str, &str)) -> (Option<i32>, Vec<String>) {
    assert!(text.contains(word), "{word}");
    let folder = Scratch::folder();
    fs::write(folder.path().join("beat.py"), text.replace(word, by)).unwrap();
    let mut command = udping();
    command.args(["grade", what, "--format", "json", "--folder"]);
    command
        .arg(folder.path())
        .args(["--", "python3", "beat.py"]);
    if what == "heartbeat" {
        command.args(["{host}", "{port}"]);
    }
    let ended = run(&mut command);
    let said: Value = serde_json::from_str(&ended.stdout).unwrap();
    let found = bugs(&said);
    (
        ended.code,
        found.into_iter().map(|it| it.0.to_owned()).collect(),
    )
}

#[test]
fn bugs_of_heartbeats_are_named_and_right_programs_pass() {
    let sender = |word, by| ("heartbeat", (SENDER, word, by));
    let server = |word, by| ("heartbeat-server", (SERVER, word, by));
    let hasty = |word, by| ("heartbeat-server", (HASTY, word, by));
    let programs = [
        (sender("0.4", "0.5"), None),
        (
            sender("    time.sleep(0.4)", "    sock.recvfrom(99)"),
            Some("beat-waits"),
        ),
        (
            sender("{time.time()}", "{time.process_time()}"),
            Some("beat-time"),
        ),
        (
            sender("sleep(0.4)", "sleep(0.1 if number % 3 else 1.2)"),
            Some("beat-uneven"),
        ),
        (sender("number += 1", "number += 2"), Some("numbers")),
        (server("2 if", "3 if"), None),
        (hasty("total -= 1", "total -= 1"), Some("beat-order")),
        (hasty("total -= 1", "print(number, 'came late')"), None),
        (
            hasty(
                "        print(f\"{number - last - 1} packets lost\")\n    elif number < last:\n        total -= 1\n    last = max(last, number)",
                "    elif number < last:\n        total -= 1\n    last = max(last, number)\n    print(f\"{total} lost so far\")",
            ),
            None,
        ),
        (
            hasty(
                "        print(f\"{number - last - 1} packets lost\")\n    elif number < last:\n        total -= 1",
                "    print(f\"{total} lost so far\")",
            ),
            Some("beat-order"),
        ),
        (
            server("time.time() - float(sent)", "float(sent) % 9 + 3"),
            Some("beat-difference"),
        ),
        (
            server("Heartbeat {old} was", "Heartbeat {old + 90} was"),
            Some("beat-loss"),
        ),
        (
            hasty("{number - last - 1}", "{number - last}"),
            Some("beat-loss"),
        ),
        (
            server("sock.settimeout(2 if seen else None)", "pass"),
            Some("stop-unsaid"),
        ),
        (
            server("settimeout(2 if", "settimeout(0.2 if"),
            Some("stop-early"),
        ),
        (
            server("number, sent", "number, sent, more"),
            Some("server-died"),
        ),
    ];
    thread::scope(|scope| {
        for ((what, program), bug) in programs {
            scope.spawn(move || {
                let (code, found) = graded(what, program);
                let named = found.iter().any(|it| Some(it.as_str()) == bug);
                assert!(
                    named || bug.is_none() && found.is_empty(),
                    "{program:?}: {found:?}"
                );
                // What asks for more than the exercise does is only advice.
                let fails = bug.is_some_and(|it| it != "beat-order");
                assert_eq!(code, Some(i32::from(fails)), "{program:?}");
            });
        }
    });
}
