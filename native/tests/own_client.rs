//! The programs that the lab's lessons show, run as they stand there against this server: what
//! they print without a fault, with each, and under each lesson's script.
//!
//! Only the port differs, since a test takes a free one.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use support::{Ended, Reflector, Running, Scratch, run};

fn lessons() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/lessons")
}

fn program(file: &str) -> String {
    fs::read_to_string(lessons().join("code").join(file)).unwrap()
}

/// A program that is given to Python as a text, with the server's port.
fn python(text: &str, port: u16) -> Command {
    assert_eq!(text.matches("12000").count(), 1, "one place names the port");
    let mut python = Command::new("python3");
    python.args(["-u", "-c", &text.replace("12000", &port.to_string())]);
    python
}

/// A server that follows this script.
fn serving(script: &str) -> (Reflector, Scratch) {
    let file = Scratch::holding(script);
    let arguments = format!("--reply upper --script {}", file.path().display());
    (Reflector::start(&arguments), file)
}

/// What a program comes to whose packets meet this script.
fn under(script: &str, text: &str) -> Ended {
    let (server, _file) = serving(script);
    run(&mut python(text, server.address().port()))
}

/// What was printed of each ping: its RTT in milliseconds, `None` where it is lost.
fn printed(ended: &Ended) -> Vec<(u64, Option<f64>)> {
    let lines = ended.stdout.lines();
    let pings = lines.filter_map(|line| line.strip_prefix("ping ")?.split_once(": "));
    pings
        .map(|(number, what)| {
            let rtt = what
                .strip_prefix("RTT ")
                .and_then(|it| it.strip_suffix(" ms"));
            assert!(rtt.is_some() || what == "lost", "{ended:?}");
            (number.parse().unwrap(), rtt.map(|rtt| rtt.parse().unwrap()))
        })
        .collect()
}

fn lost(ended: &Ended) -> Vec<u64> {
    let pings = printed(ended).into_iter();
    pings
        .filter(|(_, rtt)| rtt.is_none())
        .map(|(number, _)| number)
        .collect()
}

/// The numbers of the lessons' files, and what is in them.
fn all() -> Vec<(u64, Value)> {
    let entries = fs::read_dir(lessons()).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            let number = name.split('-').next().unwrap().parse().unwrap();
            let text = fs::read_to_string(&path).unwrap();
            (number, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

#[test]
fn each_lessons_script_shows_the_right_client_what_the_lesson_says() {
    let tried = all().into_iter().map(|(number, lesson)| {
        thread::spawn(move || {
            // The command has the scripts itself.
            let server = Reflector::start(&format!("--script lesson-{number}.txt"));
            let ended = run(&mut python(
                &program("client-9.py"),
                server.address().port(),
            ));
            let expected = lesson["own_client_loses"].as_array().unwrap();
            let expected: Vec<u64> = expected.iter().filter_map(Value::as_u64).collect();
            assert_eq!(lost(&ended), expected, "lesson {number}: {ended:?}");
            assert_eq!(printed(&ended).len(), 10, "lesson {number}: {ended:?}");
            let summary = format!("10 sent, {} answered", 10 - expected.len());
            assert!(ended.stdout.contains(&summary), "{ended:?}");
            assert_eq!(ended.code, Some(0), "{ended:?}");
        })
    });
    let tried: Vec<_> = tried.collect();
    assert!(tried.len() >= 10);
    for thread in tried {
        thread.join().unwrap();
    }
}

#[test]
fn a_file_in_the_folder_goes_before_the_lessons_script() {
    let folder = Scratch::folder();
    fs::write(folder.path().join("lesson-3.txt"), "drop request 1").unwrap();
    let mut server = support::udping();
    server.current_dir(folder.path());
    server.args(["serve", "--bind", "127.0.0.1:0", "--script", "lesson-3.txt"]);
    let server = Running::start(&mut server);
    let listening = server.line_with("listening on ");
    let port = listening.rsplit(':').next().unwrap().parse().unwrap();
    let two = program("client-9.py").replace("range(1, 11)", "range(1, 3)");
    assert_eq!(lost(&run(&mut python(&two, port))), [1]);
}

/// The programs that send ten pings.
const TEN_PINGS: [&str; 8] = [
    "client-2.py",
    "client-3.py",
    "client-4.py",
    "client-5.py",
    "client-6.py",
    "client-7.py",
    "client-8.py",
    "client-9.py",
];

#[test]
fn every_client_works_while_nothing_fails() {
    let one = under("", &program("client-1.py"));
    assert_eq!(one.stdout, "PING 1\n", "{one:?}");
    let tried = TEN_PINGS.map(|file| {
        thread::spawn(move || {
            let ended = under("", &program(file));
            let answered: BTreeSet<u64> = printed(&ended).iter().map(|it| it.0).collect();
            assert_eq!(answered, (1..=10).collect(), "{file}: {ended:?}");
            assert_eq!((lost(&ended), ended.code), (vec![], Some(0)), "{file}");
        })
    });
    for thread in tried {
        thread.join().unwrap();
    }
}

#[test]
fn without_a_timeout_a_loss_is_waited_for() {
    let (server, _file) = serving("drop request 2");
    let port = server.address().port();
    // A ping a second: the second and the third would have been printed by then.
    let mut patience = Command::new("timeout");
    let client = python(&program("client-2.py"), port);
    patience
        .arg("4")
        .arg(client.get_program())
        .args(client.get_args());
    let ended = run(&mut patience);
    assert_eq!(ended.code, Some(124), "{ended:?}");
    assert_eq!(printed(&ended).len(), 1, "{ended:?}");
}

#[test]
fn an_exception_that_nobody_catches_ends_the_program() {
    let ended = under("drop request 2", &program("client-3.py"));
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("TimeoutError: timed out"),
        "{ended:?}"
    );
    assert_eq!(printed(&ended).len(), 1, "{ended:?}");
}

#[test]
fn a_late_reply_is_credited_to_the_next_ping() {
    let late = (1..=10).map(|number| format!("delay reply {number} 1.3s\n"));
    let ended = under(&late.collect::<String>(), &program("client-4.py"));
    assert_eq!(lost(&ended), [1]);
    let rtts = printed(&ended).into_iter().filter_map(|(_, rtt)| rtt);
    let rtts: Vec<f64> = rtts.collect();
    assert!(
        rtts.len() == 9 && rtts.iter().all(|rtt| *rtt < 900.0),
        "{rtts:?}"
    );
}

#[test]
fn a_packet_that_is_discarded_starts_the_timeout_again() {
    let script = "delay reply 1 1.3s\ndelay reply 2 1.2s";
    let ended = under(script, &program("client-5.py"));
    let second = printed(&ended)[1];
    assert!(second.1 > Some(1_000.0), "{ended:?}");
    // One deadline for each ping is what mends it.
    assert_eq!(lost(&under(script, &program("client-6.py"))), [1, 2]);
}

#[test]
fn a_wall_clock_that_is_set_ahead_is_taken_for_delay() {
    // The second reading of ping 2 is of a clock that was set ahead by 200 ms meanwhile.
    let clock = "import time as clock\n\
        clock_time, readings = clock.time, []\n\
        def ahead():\n\
        \x20   readings.append(0)\n\
        \x20   return clock_time() + (0.2 if len(readings) > 6 else 0)\n\
        clock.time = ahead\n";
    let script = "delay reply 1 50ms\ndelay reply 2 50ms";
    let [wall, monotonic] = ["client-6.py", "client-7.py"].map(|file| {
        let ended = under(script, &format!("{clock}{}", program(file)));
        printed(&ended)[1].1.unwrap()
    });
    assert!(wall >= 250.0, "{wall}");
    assert!(monotonic < 250.0, "{monotonic}");
}

#[test]
fn a_mean_of_nothing_ends_the_program_and_is_asked_for_first() {
    let all = (1..=10).fold(String::new(), |script, number| {
        script + &format!("drop request {number}\n")
    });
    let [naive, right] = ["client-8.py", "client-9.py"].map(|file| under(&all, &program(file)));
    assert!(naive.stderr.contains("ZeroDivisionError"), "{naive:?}");
    assert_eq!(right.code, Some(0), "{right:?}");
    assert!(
        right.stdout.contains("10 sent, 0 answered, 100 % lost"),
        "{right:?}"
    );
    assert!(!right.stdout.contains("mean"), "{right:?}");
}

/// What a program prints that ends by itself and needs no server.
fn alone(file: &str) -> String {
    let port = support::udp_socket().local_addr().unwrap().port();
    let ended = run(&mut python(&program(file), port));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.stdout
}

#[test]
fn udp_cuts_messages_and_tcp_joins_them() {
    assert_eq!(alone("messages-udp.py"), "b'Ping 1 0'\nb'Ping 2 0'\n");
    let joined = "b'Ping 1 0'\nb'.000Ping'\nb' 2 0.100'\n";
    assert_eq!(alone("messages-tcp.py"), joined);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long a queue holds things up is the test"
)]
fn a_slow_request_delays_those_behind_it() {
    let port = support::udp_socket().local_addr().unwrap().port();
    let _server = Running::start(&mut python(&program("server-slow.py"), port));
    let to = (Ipv4Addr::LOCALHOST, port);
    let first = support::udp_socket();
    first
        .set_read_timeout(Some(Duration::from_millis(600)))
        .unwrap();
    let mut reply = [0; 64];
    // Nobody says when it is bound.
    let answered = (0..50).any(|_| {
        first.send_to(b"Ping 0", to).unwrap();
        first.recv(&mut reply).is_ok()
    });
    assert!(answered);
    let clients = [(); 3].map(|()| support::udp_socket());
    let began = Instant::now();
    for client in &clients {
        client.send_to(b"Ping 1", to).unwrap();
    }
    for client in &clients {
        client.recv(&mut reply).unwrap();
    }
    assert!(began.elapsed() >= Duration::from_millis(900));
}

#[test]
fn the_lessons_tcp_server_answers_one_client_after_the_other() {
    let port = support::udp_socket().local_addr().unwrap().port();
    let _server = Running::start(&mut python(&program("server-tcp.py"), port));
    for _ in 0..2 {
        // Nobody says when it listens.
        let connected = (0..500).find_map(|_| {
            thread::sleep(Duration::from_millis(20));
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
        });
        let mut connected = connected.unwrap();
        connected.write_all(b"Ping 1").unwrap();
        let mut reply = String::new();
        connected.read_to_string(&mut reply).unwrap();
        assert_eq!(reply, "PING 1");
    }
}

#[test]
fn the_lessons_server_answers_whoever_asks_in_capitals() {
    let port = support::udp_socket().local_addr().unwrap().port();
    let _server = Running::start(&mut python(&program("server.py"), port));
    for number in 1..=2 {
        let client = support::udp_socket();
        client
            .set_read_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        let mut reply = [0; 64];
        // Nobody says when it is bound.
        let length = (0..100).find_map(|_| {
            let to = (Ipv4Addr::LOCALHOST, port);
            client
                .send_to(format!("Ping {number}").as_bytes(), to)
                .unwrap();
            client.recv(&mut reply).ok()
        });
        assert_eq!(
            &reply[..length.unwrap()],
            format!("PING {number}").as_bytes()
        );
    }
}
