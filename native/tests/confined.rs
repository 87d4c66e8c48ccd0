//! What `serve` gives up before it answers anybody, as the kernel tells it. Owns what must
//! be gone and what must still work; how programs are started is `support`'s.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Duration;

use support::journal::Session;
use support::{Reflector, Running, get, run, skipped, udping, udping_with, wait_for};

/// Whether the tests run as root; said aloud if not.
fn are_root() -> bool {
    let id = run(Command::new("id").arg("-u")).stdout;
    let root = id.trim() == "0";
    if !root {
        skipped("only root has anything to give up");
    }
    root
}

/// What the kernel says of each thread of a process.
struct Statuses(Vec<String>);

impl Statuses {
    /// As soon as every thread is in the sandbox.
    fn confined(id: u32) -> Self {
        for _ in 0..6_000 {
            let statuses = Self::of(id);
            if statuses.all("Seccomp").iter().all(|mode| mode == "2") {
                return statuses;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("not in a sandbox: {:?}", Self::of(id).all("Seccomp"));
    }

    fn of(id: u32) -> Self {
        let threads = fs::read_dir(format!("/proc/{id}/task")).unwrap();
        let status = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("status"));
        Self(threads.map(|it| status(it.unwrap()).unwrap()).collect())
    }

    /// What each says under this name.
    fn all(&self, name: &str) -> Vec<String> {
        let value = |status: &String| {
            let mut lines = status.lines().filter_map(|line| line.split_once(':'));
            let line = lines.find(|(key, _)| *key == name);
            let (_, value) = line.unwrap_or_else(|| panic!("no {name} in {status}"));
            value.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        self.0.iter().map(value).collect()
    }

    /// All threads say the same under this name: this.
    fn assert(&self, name: &str, expected: &str) {
        for said in self.all(name) {
            assert_eq!(said, expected, "{name}");
        }
    }

    fn assert_no_capabilities(&self) {
        for set in ["CapEff", "CapPrm", "CapInh", "CapAmb"] {
            self.assert(set, "0000000000000000");
        }
        self.assert("NoNewPrivs", "1");
    }
}

/// The user that root becomes: a number for each of real, effective, saved, file system.
fn is_user(statuses: &Statuses, id: &str) {
    statuses.assert("Uid", &[id; 4].join(" "));
    statuses.assert("Gid", &[id; 4].join(" "));
    statuses.assert("Groups", id);
}

// ping kept the root that it had been started with.
#[test]
fn cve_2000_1213_root_is_given_up_when_the_low_port_is_bound() {
    if !are_root() {
        return;
    }
    for threads in [1, 3] {
        // An address of our own, so that nobody else has its port.
        let [_, _, high, low] = std::process::id().to_be_bytes();
        let host = format!("127.77.{high}.{low}");
        let bind = format!("{host}:862");
        let reflector = Reflector::bound(&bind, &format!("--wire stamp --threads {threads}"));
        let running = &reflector.running;
        running.warning_with("no longer root but nobody (");
        running.warning_with("in a sandbox: no file, socket or program can be opened");
        let statuses = Statuses::confined(running.id());
        assert_eq!(statuses.0.len(), threads);
        let nobody = run(Command::new("id").args(["-u", "nobody"])).stdout;
        is_user(&statuses, nobody.trim());
        statuses.assert_no_capabilities();
        // 862 is the port where none is given.
        let session = Session::ping(&host, 862, "--wire stamp -c 3");
        assert_eq!(session.replied(), [1, 2, 3], "{session:?}");
        assert_eq!(reflector.stop().stdout, "3 requests, 3 replies\n");
    }
}

#[test]
fn root_becomes_whom_one_names() {
    if !are_root() {
        return;
    }
    let daemon = run(Command::new("id").args(["-u", "daemon"])).stdout;
    for name in ["daemon", daemon.trim()] {
        let reflector = Reflector::start(&format!("--user {name} --no-sandbox"));
        reflector
            .running
            .warning_with("no longer root but daemon (");
        let statuses = Statuses::of(reflector.running.id());
        is_user(&statuses, daemon.trim());
        statuses.assert_no_capabilities();
        statuses.assert("Seccomp", "0");
        assert_eq!(run(&mut reflector.pinged("-c 2")).code, Some(0));
    }
    let ended = run(&mut udping_with(
        "serve --bind 127.0.0.1:0 --user no-such-user",
    ));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("there is no user no-such-user"),
        "{ended:?}"
    );
}

/// `udping serve` in a user namespace made with these arguments of `unshare`.
fn in_a_user_namespace(how: &str, arguments: &str) -> Option<Running> {
    let possible = run(Command::new("unshare").args([how, "true"]));
    if possible.code != Some(0) {
        skipped("no user namespaces here");
        return None;
    }
    let mut command = Command::new("unshare");
    command.arg(how).arg(udping().get_program());
    command.args(["serve", "--bind", "127.0.0.1:0"]);
    Some(Running::start(command.args(arguments.split_whitespace())))
}

#[test]
fn where_there_is_nobody_else_to_be_root_keeps_its_name_and_nothing_more() {
    let Some(running) = in_a_user_namespace("-r", "") else {
        return;
    };
    running.warning_with("still root, though without its privileges: cannot become nobody");
    Statuses::confined(running.id()).assert_no_capabilities();
    drop(running);
    // Who was named, has to be had.
    let running = in_a_user_namespace("-r", "--user daemon").unwrap();
    let ended = running.finish();
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("cannot become daemon"), "{ended:?}");
}

#[test]
fn who_is_not_root_becomes_nobody_else() {
    let Some(running) = in_a_user_namespace("-U", "--user daemon") else {
        return;
    };
    let ended = running.finish();
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("only root can become daemon"),
        "{ended:?}"
    );
}

#[test]
fn in_the_sandbox_everything_still_works() {
    let busy = "--loss 10% --delay 1ms,1ms --duplicate 5% --seed 1 -v";
    for arguments in ["", busy, "--wire stamp --stateful --threads 2"] {
        let reflector = Reflector::start(arguments);
        Statuses::confined(reflector.running.id());
        let wire = arguments.split(" --").next().unwrap_or_default();
        let wire = if wire.contains("stamp") { wire } else { "" };
        let ended = run(&mut reflector.pinged(&format!("{wire} -f -c 500 -W 100ms -q")));
        assert_eq!(ended.code, Some(0), "{arguments}: {ended:?}");
        // A line on request, and one at the end.
        reflector.running.signal("QUIT");
        reflector.running.warning_with(" requests, ");
        let ended = reflector.stop();
        assert!(ended.stdout.contains(" requests, "), "{ended:?}");
    }
}

#[test]
fn over_tcp_it_is_confined_too_and_takes_connections_in() {
    let reflector = Reflector::start("--tcp --loss 20% --seed 4");
    let running = &reflector.running;
    running.warning_with("TCP in a sandbox: no file or program can be opened");
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = TcpStream::connect(("127.0.0.1", reflector.port)).unwrap();
        client.write_all(b"Ping 1 0\n").unwrap();
        let mut reply = [0; 9];
        client.read_exact(&mut reply).unwrap();
        assert_eq!(&reply, b"Ping 1 0\n");
        clients.push(client);
    }
    // The thread of each connection as well.
    let statuses = Statuses::confined(running.id());
    assert_eq!(statuses.0.len(), 2 + clients.len());
    if are_root() {
        statuses.assert_no_capabilities();
    }
    let compared = format!("compare 127.0.0.1:{} -c 3", reflector.port);
    assert_eq!(run(&mut udping_with(&compared)).code, Some(0));
    // Its end waits for nobody who is still connected.
    let ended = reflector.stop();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("TCP: 7 connections"), "{ended:?}");
}

#[test]
fn who_waits_for_heartbeats_is_confined_too() {
    let journal = support::Scratch::new();
    let reflector = Reflector::start(&format!(
        "--heartbeat --journal {}",
        journal.path().display()
    ));
    reflector.running.warning_with("in a sandbox");
    let statuses = Statuses::of(reflector.running.id());
    // The journal's thread alone stays outside.
    let modes = statuses.all("Seccomp");
    assert!(modes.contains(&"2".to_owned()), "{modes:?}");
    if are_root() {
        statuses.assert("CapEff", "0000000000000000");
    }
    let ended = run(&mut udping_with(&format!(
        "heartbeat 127.0.0.1:{} -c 3 -i 20ms",
        reflector.port
    )));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let ended = reflector.stop();
    assert!(ended.stdout.contains("heartbeats: 3"), "{ended:?}");
    let replayed = run(udping().arg("replay").arg(journal.path()));
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    assert!(!replayed.stdout.contains("cut"), "{replayed:?}");
}

#[test]
fn what_measures_starts_nothing_and_is_nobody() {
    let reflector = Reflector::start("");
    let target = reflector.address();
    let monitor = Running::start(&mut udping_with(&format!(
        "monitor -i 20ms --listen 127.0.0.1:0 --otlp http://127.0.0.1:9 localhost:{} {target}",
        reflector.port
    )));
    let figures = monitor.scraped_at();
    monitor.warning_with("in a sandbox: no program can be started");
    // Each of its threads.
    let statuses = Statuses::confined(monitor.id());
    assert!(statuses.0.len() > 3, "{}", statuses.0.len());
    if are_root() {
        let nobody = run(Command::new("id").args(["-u", "nobody"])).stdout;
        is_user(&statuses, nobody.trim());
        statuses.assert_no_capabilities();
        let folder = support::Scratch::new();
        fs::create_dir(folder.path()).unwrap();
        let ended =
            run(udping_with(&format!("monitor -w 1s {target} --journal")).arg(folder.path()));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.stderr.contains("this user may not write in"),
            "{ended:?}"
        );
        fs::remove_dir(folder.path()).unwrap();
    }
    // Names are looked up, sockets opened and probes answered all the same.
    let answered = |scraped: &str| {
        let is_reply = |it: &&str| it.contains("_outcomes_total{") && it.contains("replied");
        let counts = scraped.lines().filter(is_reply);
        counts.filter(|it| !it.ends_with(" 0")).count() == 2
    };
    wait_for("replies", || {
        answered(&get(figures, "/metrics")?).then_some(())
    });
    monitor.signal("TERM");
    let ended = monitor.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn a_second_signal_still_kills() {
    let reflector = Reflector::start("");
    Statuses::confined(reflector.running.id());
    // Both arrive before it can act on the first.
    for signal in ["STOP", "INT", "TERM", "CONT"] {
        reflector.running.signal(signal);
    }
    let ended = reflector.running.finish();
    assert_eq!(ended.code, None, "{ended:?}");
}

#[test]
fn the_demo_is_as_it_was() {
    let folder = std::env::temp_dir();
    let journal = folder.join(format!("udping-confined-{}.jsonl", std::process::id()));
    let ended = run(udping().args(["demo", "--journal"]).arg(&journal));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.stderr.contains("sandbox"), "{ended:?}");
    assert!(journal.metadata().unwrap().len() > 0);
    fs::remove_file(&journal).unwrap();
}

#[test]
fn a_journal_that_could_not_be_split_is_refused_at_the_start() {
    if !are_root() {
        return;
    }
    let folder = support::Scratch::new();
    fs::create_dir(folder.path()).unwrap();
    let journal = folder.path().join("journal");
    let journal = journal.display();
    let command = format!("serve --bind 127.0.0.1:0 --journal-max 8192 --journal {journal}");
    let ended = run(&mut udping_with(&command));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("choose another with --user"),
        "{ended:?}"
    );
    fs::remove_dir_all(folder.path()).unwrap();
}
