//! The reflector where everybody can reach it: loops, floods, invented sources,
//! amplification. Owns what it promises there; how programs are started is `support`'s.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

#[path = "support/stamp.rs"]
#[allow(dead_code, reason = "other test programs use the rest of it")]
mod stamp_support;
mod support;

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use stamp_support::{Reflector, stamp_suite};
use support::{Running, counterparts, run, udping};

// ---- Loops ------------------------------------------------------------------------

/// Ports of the two reflectors: no rule forbids answering them.
const ONE: u16 = 41_000;
const OTHER: u16 = 42_000;

/// Where both are: an address of loopback's that is none of the loopback network's, so that
/// what holds elsewhere holds.
const HOME: &str = "192.0.2.1";

/// Packets in two seconds after one spoofed datagram, in a namespace of its own.
fn packets(arguments: &[String]) -> u64 {
    packets_and_later(arguments).0
}

/// The same, and how many of them in the second of these seconds.
fn packets_and_later(arguments: &[String]) -> (u64, u64) {
    packets_at(HOME, arguments)
}

fn packets_at(home: &str, arguments: &[String]) -> (u64, u64) {
    let ended = run(Command::new("unshare")
        .args(["-rn", "python3"])
        .arg(counterparts().join("loop.py"))
        .arg(format!("--at={home}"))
        .args(arguments));
    let said = ended.stdout.trim().strip_prefix("PACKETS ");
    let (all, later) = said
        .and_then(|said| said.split_once(" LATER "))
        .unwrap_or_else(|| {
            panic!(
                "this needs a network namespace (unprivileged user namespaces, or root): {ended:?}"
            )
        });
    (all.parse().unwrap(), later.parse().unwrap())
}

fn ours(wire: &str, port: u16) -> String {
    ours_at(HOME, wire, port)
}

fn ours_at(home: &str, wire: &str, port: u16) -> String {
    let program = env!("CARGO_BIN_EXE_udping");
    format!("--program={program} serve --bind {home}:{port} --wire {wire}")
}

fn echo(port: u16) -> String {
    format!("--echo={port}")
}

fn spoof(from: u16, to: u16) -> String {
    format!("--spoof={from}:{to}")
}

/// What is sent in another's name: T1 as it should be, and one that makes the first
/// reply look like no reply.
const STAMP: [&str; 2] = ["--stamp=now", "--stamp=long-ago"];
const TEXT: &str = "--text=Ping 1 1795972408.123456789";

#[test]
fn two_plain_echoes_do_loop_so_the_experiment_can_fail() {
    let count = packets(&[echo(ONE), echo(OTHER), spoof(ONE, OTHER), TEXT.into()]);
    assert!(count > 1_000, "{count} packets");
}

// UDP servers that answer whatever comes, set on each other (VU#417980).
#[test]
fn cve_2024_2169_our_reflectors_do_not_answer_each_other() {
    for wire in ["stamp", "stamp --stateful", "stamp --twamp-light"] {
        for first in STAMP {
            let count = packets(&[
                ours(wire, ONE),
                ours("stamp", OTHER),
                spoof(ONE, OTHER),
                first.into(),
            ]);
            assert!((2..=6).contains(&count), "{wire}, {first}: {count} packets");
        }
    }
}

#[test]
fn our_reflector_does_not_answer_itself() {
    for (wire, first) in [("stamp", STAMP[0]), ("stamp", STAMP[1]), ("textbook", TEXT)] {
        let count = packets(&[ours(wire, OTHER), spoof(OTHER, OTHER), first.into()]);
        assert_eq!(count, 1, "{wire}, {first}: the spoofed one and no more");
    }
}

#[test]
fn a_plain_echo_gets_ten_a_second_at_most() {
    for (wire, first) in [("stamp", STAMP[0]), ("stamp", STAMP[1]), ("textbook", TEXT)] {
        let count = packets(&[
            ours(wire, OTHER),
            echo(ONE),
            spoof(ONE, OTHER),
            first.into(),
        ]);
        // Two packets a round: a burst of ten, ten a second, and the first.
        assert!(
            (2..=64).contains(&count),
            "{wire}, {first}: {count} packets"
        );
    }
}

// echo and chargen, and ntpd's mode 7 (CVE-2009-3563), went on for ever.
#[test]
fn cve_1999_0103_our_text_reflectors_fall_to_ten_a_second() {
    let count = packets(&[
        ours("textbook", ONE),
        ours("textbook", OTHER),
        spoof(ONE, OTHER),
        TEXT.into(),
    ]);
    assert!((2..=64).contains(&count), "{count} packets");
}

#[test]
fn a_pong_and_an_upper_reflector_fall_to_ten_a_second() {
    let (pong, upper) = ("textbook --reply pong", "textbook --reply upper");
    for (one, other) in [(pong, upper), (upper, pong), (pong, pong)] {
        let count = packets(&[
            ours(one, ONE),
            ours(other, OTHER),
            spoof(ONE, OTHER),
            TEXT.into(),
        ]);
        assert!((2..=64).contains(&count), "{one}, {other}: {count} packets");
    }
}

#[test]
fn on_loopback_a_loop_falls_to_a_thousand_a_second() {
    let home = "127.0.0.1";
    let text = |port| ours_at(home, "textbook", port);
    for peer in [text(ONE), echo(ONE)] {
        let what = [text(OTHER), peer, spoof(ONE, OTHER), TEXT.into()];
        let (all, later) = packets_at(home, &what);
        // Two packets a round: a burst of a thousand, a thousand a second, and the first. How
        // fast they go round is the machine's affair; elsewhere it is 64 at most.
        assert!((65..=6_004).contains(&all), "{what:?}: {all} packets");
        assert!(later <= 2_004, "{what:?}: {later} packets in a second");
    }
}

#[test]
fn many_datagrams_that_go_round_fall_to_ten_a_second_together() {
    let many = |first: &str| [first.to_owned(), "--many=100".to_owned()];
    for (wire, first) in [("textbook", TEXT), ("stamp", STAMP[0]), ("stamp", STAMP[1])] {
        for peer in [ours(wire, ONE), echo(ONE)] {
            let what = [ours(wire, OTHER), peer, spoof(ONE, OTHER)];
            let what = [&what[..], &many(first)].concat();
            let (all, later) = packets_and_later(&what);
            // Each is answered once or twice before it is known; then ten a second are,
            // and the other end makes two packets of each.
            assert!((100..=400).contains(&all), "{what:?}: {all} packets");
            assert!(later <= 40, "{what:?}: {later} packets in a second");
        }
    }
}

#[test]
fn anothers_reflector_is_not_kept_busy() {
    let Some(suite) = stamp_suite() else { return };
    let theirs = format!(
        "--program={} -i -S {HOME} -o {ONE}",
        suite.canonicalize().unwrap().display()
    );
    for (wire, first) in [
        ("stamp", STAMP[0]),
        ("stamp", STAMP[1]),
        ("stamp --stateful", STAMP[1]),
        ("textbook", STAMP[0]),
        ("textbook", TEXT),
    ] {
        let count = packets(&[
            ours(wire, OTHER),
            theirs.clone(),
            spoof(ONE, OTHER),
            first.into(),
        ]);
        assert!((2..=8).contains(&count), "{wire}, {first}: {count} packets");
    }
}

// ---- Invented sources -----------------------------------------------------------------

/// A STAMP request with nothing but what it must have.
fn request(seq: u32) -> [u8; 44] {
    let mut request = [0; 44];
    request[..4].copy_from_slice(&seq.to_be_bytes());
    request[13] = 1;
    request
}

/// The `n`-th of many addresses that all lead to this machine.
fn source(n: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::new(127, 1, 0, 0).to_bits() + n)
}

/// Sends a request from each of these addresses, no faster than they are taken: what finds no
/// room in a socket was never there.
fn send_from(sources: std::ops::Range<u32>, port: u16) {
    for n in sources {
        if n % 100 == 0 {
            answers(port);
        }
        let socket = UdpSocket::bind((source(n), 0)).unwrap();
        socket
            .send_to(&request(n), (Ipv4Addr::LOCALHOST, port))
            .unwrap();
    }
}

/// The memory that a process has in use, in KiB, without the files that are mapped.
fn memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let line = line.unwrap_or_else(|| panic!("no RssAnon in {status}"));
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

// chronyd remembered every client that there seemed to be.
#[test]
fn cve_2010_0293_forty_thousand_sources_cost_no_more_memory_than_a_thousand() {
    for wire in ["--wire stamp --stateful", "--wire textbook"] {
        let reflector = Reflector::ours(&format!("{wire} --rate-limit 1000 --total-limit off"));
        send_from(0..1_000, reflector.port);
        answers(reflector.port);
        let few = memory(reflector.id());
        send_from(1_000..41_000, reflector.port);
        answers(reflector.port);
        let many = memory(reflector.id());
        // Sixteen bytes each. The buffers for a burst of requests, some 400 KiB, are in use only
        // once there was one.
        let most = few + 40_000 * 16 / 1_024;
        assert!(many <= most, "{wire}: {few} KiB, then {many} KiB");
    }
}

/// Waits until the reflector has worked off what was sent to it: it answers in order.
fn answers(port: u16) {
    let socket = UdpSocket::bind((Ipv4Addr::new(127, 0, 0, 77), 0)).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    for _ in 0..100 {
        socket
            .send_to(&request(0), (Ipv4Addr::LOCALHOST, port))
            .unwrap();
        if socket.recv(&mut [0; 64]).is_ok() {
            return;
        }
    }
    panic!("the reflector answers nobody any more");
}

#[test]
fn a_client_keeps_its_replies_while_others_flood() {
    let reflector = Reflector::stamp("--rate-limit 200 --total-limit 800");
    let port = reflector.port;
    let client = Running::start(
        udping()
            .arg(format!("127.0.0.1:{port}"))
            .args("--wire stamp -i 10ms -c 600 --json".split(' ')),
    );
    // The client comes first; who comes during a flood is a newcomer as its sources are.
    client.line_with(r#""reply":150,"#);
    let end = AtomicBool::new(false);
    let ended = thread::scope(|scope| {
        scope.spawn(|| flood(port, &end));
        let ended = client.finish();
        end.store(true, Ordering::Relaxed);
        ended
    });
    let last = ended.stdout.lines().last().unwrap_or_default();
    let last: Value = serde_json::from_str(last).unwrap();
    let replied = last["summary"]["replied"].as_u64().unwrap();
    assert!(replied >= 570, "{replied} of 600");
    let said = reflector.stop().stdout;
    assert!(
        said.contains("dropped by the rate limit") && said.contains("dropped by the limit for all"),
        "the limits were not reached: {said}"
    );
}

/// Ten thousand requests a second, from one source and from two thousand, whether or not
/// anybody takes them. After a pause the rate is made up for by so many at once that the
/// reflector's socket still has room for the client's.
#[expect(
    clippy::disallowed_methods,
    reason = "a rate on a busy machine takes a clock of its own"
)]
fn flood(port: u16, end: &AtomicBool) {
    let began = Instant::now();
    let mut sent = 0;
    while !end.load(Ordering::Relaxed) {
        let due = u32::try_from(began.elapsed().as_millis() * 10).unwrap();
        for n in (sent..due).take(50) {
            let from = if n % 2 == 0 { 0 } else { n % 4_000 };
            let socket = UdpSocket::bind((source(from), 0)).unwrap();
            socket
                .send_to(&request(n), (Ipv4Addr::LOCALHOST, port))
                .unwrap();
            sent += 1;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

// ---- Amplification ----------------------------------------------------------------------

#[test]
fn no_reply_is_longer_than_its_request_and_none_has_two() {
    for wire in [
        "--wire stamp",
        "--wire stamp --twamp-light --stateful",
        "--wire textbook",
        "--reply upper",
        "--reply pong",
    ] {
        let reflector = Reflector::ours(wire);
        let socket = || {
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let reflector = (Ipv4Addr::LOCALHOST, reflector.port);
            socket.connect(reflector).unwrap();
            socket
        };
        let (probe, marker) = (socket(), socket());
        probe.set_nonblocking(true).unwrap();
        let mut buffer = [0; 4_096];
        let mut answered = 0;
        for len in (0..200).chain([1_000, 1_472, 4_000]) {
            let mut packet = vec![0x5a; len];
            let head = request(1);
            let known = len.min(head.len());
            packet[..known].copy_from_slice(&head[..known]);
            probe.send(&packet).unwrap();
            // Requests are answered in order: when this one is, the other has been.
            marker.send(&request(1)).unwrap();
            marker.recv(&mut buffer).unwrap();
            let replies: Vec<usize> = std::iter::from_fn(|| probe.recv(&mut buffer).ok()).collect();
            assert!(replies.len() <= 1, "{wire}, {len} bytes: {replies:?}");
            assert!(
                replies.iter().all(|reply| *reply <= len),
                "{wire}, {len}: {replies:?}"
            );
            answered += replies.len();
        }
        assert!(answered > 150, "{wire}: only {answered} were answered");
    }
}

// ---- Equal requests on loopback -----------------------------------------------------------

/// How many of these equal requests are answered, each of which waits for its reply.
fn answered(reflector: &Reflector, requests: u32) -> u32 {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let ask = |_: &u32| {
        socket
            .send_to(b"hello", (Ipv4Addr::LOCALHOST, reflector.port))
            .unwrap();
        socket.recv(&mut [0; 64]).is_ok()
    };
    u32::try_from((0..requests).filter(ask).count()).unwrap()
}

#[test]
fn on_loopback_a_thousand_equal_requests_in_a_second_are_answered() {
    for reply in ["echo", "upper", "pong"] {
        let reflector = Reflector::ours(&format!("--reply {reply}"));
        assert_eq!(answered(&reflector, 1_000), 1_000, "{reply}");
    }
}

#[test]
fn without_its_guard_the_reflector_answers_all_equal_requests() {
    let reflector = Reflector::ours("--no-guard echo-loop");
    assert_eq!(answered(&reflector, 5_000), 5_000);
}

#[test]
fn no_guard_can_be_switched_off_where_others_are_reached() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let ended = run(udping().args(["serve", "--bind", address, "--no-guard", "echo-loop"]));
        assert_eq!(ended.code, Some(2), "{address}: {ended:?}");
        assert!(ended.stderr.contains("--no-guard works on loopback only"));
    }
}

// ---- Who is served -----------------------------------------------------------------------

#[test]
fn only_the_allowed_networks_are_served_and_each_refusal_is_counted() {
    let reflector = Reflector::stamp("--allow 127.0.0.64/26 --allow 127.1.0.0/16");
    let ask = |from: Ipv4Addr| {
        let socket = UdpSocket::bind(SocketAddr::from((from, 0))).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        socket
            .send_to(&request(1), (Ipv4Addr::LOCALHOST, reflector.port))
            .unwrap();
        socket.recv(&mut [0; 64]).is_ok()
    };
    assert!(ask(Ipv4Addr::new(127, 0, 0, 77)));
    assert!(ask(source(3)));
    assert!(!ask(Ipv4Addr::new(127, 0, 0, 128)));
    assert!(!ask(Ipv4Addr::LOCALHOST));
    let said = reflector.stop();
    assert!(
        said.stdout
            .contains("4 requests, 2 replies, 2 dropped for a network that is not allowed"),
        "{said:?}"
    );
    let logged = said.stderr.matches("not in an allowed network").count();
    assert_eq!(logged, 1, "once a second at most: {said:?}");
}
