//! `udping grade server`.
//! Owns that a server may lose requests and take its time, and must answer all of each and live
//! on.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::bugs;
use crate::support::{Scratch, run, udping};

/// The textbook's, which loses requests at random.
const TEXTBOOK: &str = r#"
import random, socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
last, first = b"", None
while True:
    data, client = sock.recvfrom(1024)
    if random.random() >= 0.36:
        sock.sendto(data.upper(), client)
"#;

/// Another course's: fixed fields, of which the sixth byte says that it is an answer.
const FIELDS: &str = r#"
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
    data, client = sock.recvfrom(2048)
    if len(data) != 40 or not data[:10].isdigit():
        continue
    sock.sendto(data[:5] + b"1" + data[6:], client)
"#;

/// A server, which is another's text with words replaced, and its bug.
struct Server {
    text: &'static str,
    replace: &'static [(&'static str, &'static str)],
    bug: Option<&'static str>,
}

const fn textbook(
    replace: &'static [(&'static str, &'static str)],
    bug: Option<&'static str>,
) -> Server {
    Server {
        text: TEXTBOOK,
        replace,
        bug,
    }
}

const SERVERS: [Server; 20] = [
    textbook(&[], None),
    textbook(&[("0.36", "0.5")], None),
    textbook(&[("data.upper()", "b'PONG: ' + data")], None),
    // One after the other, half a second for each.
    textbook(
        &[
            ("0.36", "0"),
            ("        sock", "        time.sleep(0.5)\n        sock"),
        ],
        None,
    ),
    // All that comes, and more than a terminal holds.
    textbook(
        &[
            ("1024", "65535"),
            ("    if", "    print(client, data)\n    if"),
        ],
        None,
    ),
    Server {
        text: FIELDS,
        replace: &[],
        bug: None,
    },
    Server {
        text: FIELDS,
        replace: &[("data[:5] + b\"1\" + data[6:]", "data")],
        bug: Some("answer-changed"),
    },
    textbook(
        &[("data.upper()", "data.decode().upper().encode()")],
        Some("server-died"),
    ),
    textbook(&[("data.upper()", "data.split()[1]")], Some("server-died")),
    textbook(&[("client)\n", "('127.0.0.1', 9))\n")], Some("no-answer")),
    textbook(
        &[
            ("0.36", "0"),
            ("        sock", "        time.sleep(1.4)\n        sock"),
        ],
        Some("slow-answer"),
    ),
    textbook(&[("data.upper()", "data + data")], Some("answer-repeated")),
    textbook(&[("data.upper()", "data[:16]")], Some("answer-truncated")),
    textbook(&[("data.upper()", "data[::-1]")], Some("answer-changed")),
    textbook(
        &[("data.upper()", "b'Hello from the server'")],
        Some("answer-changed"),
    ),
    // A buffer as long as the shortest that has come.
    textbook(
        &[
            ("b\"\"", "1024"),
            ("    if", "    last = min(last, len(data))\n    if"),
            ("data.upper()", "data[:last].upper()"),
        ],
        Some("answer-truncated"),
    ),
    textbook(
        &[(
            "client)\n",
            "client)\n        sock.sendto(data.upper(), client)\n",
        )],
        Some("answered-twice"),
    ),
    textbook(
        &[(
            "sock.sendto(",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(",
        )],
        Some("answer-elsewhere"),
    ),
    textbook(
        &[
            ("0.36", "0"),
            (
                "        sock.sendto(data.upper(), client)",
                "        sock.sendto(last, client)\n        last = data",
            ),
        ],
        Some("wrong-answer"),
    ),
    textbook(
        &[
            ("    if", "    first = first or client\n    if"),
            (", client)\n", ", first)\n"),
        ],
        Some("wrong-answer"),
    ),
];

/// What is wrong with the grader's verdict, if anything.
fn graded(server: &Server) -> Option<String> {
    let mut text = server.text.to_owned();
    for (word, by) in server.replace {
        assert!(text.contains(word), "{word}");
        text = text.replace(word, by);
    }
    let folder = Scratch::new();
    fs::create_dir(folder.path()).unwrap();
    fs::write(folder.path().join("server.py"), &text).unwrap();
    let mut command = udping();
    command.args([
        "grade", "server", "--port", "12000", "--format", "json", "--folder",
    ]);
    command.arg(folder.path());
    if server.text == FIELDS {
        command.args(["--assignment", "fixed-fields"]);
    }
    let ended = run(command.args(["--", "python3", "server.py"]));
    fs::remove_dir_all(folder.path()).unwrap();
    let said = serde_json::from_str(&ended.stdout);
    let said: Value = said.unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let found = bugs(&said);
    let counts: Vec<&str> = found.iter().filter(|it| it.1).map(|it| it.0).collect();
    let right = match server.bug {
        Some(bug) => counts.contains(&bug),
        None => counts.is_empty(),
    };
    let code = Some(i32::from(server.bug.is_some()));
    (!right || ended.code != code).then(|| format!("{:?}: {text}\n{ended:?}", server.bug))
}

#[test]
fn a_server_may_lose_requests_but_not_end_at_one_that_it_cannot_read() {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                while let Some(server) = SERVERS.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = graded(server);
                    println!(
                        "{} {:?}",
                        if found.is_none() { "ok" } else { "WRONG" },
                        server.bug
                    );
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
