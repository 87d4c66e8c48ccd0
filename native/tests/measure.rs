//! What the command measures besides the assignment: the kernel's timestamps, pacing,
//! full speed, the flags of ping that reach into the socket. Against its own reflector,
//! on loopback. No test looks at how long anything took: machines differ.

mod support;

use std::process::Command;

use serde_json::Value;

use support::journal::records;
use support::{Ended, Running, Scratch, Server, in_a_network_of_its_own, python, run, udping};

/// The reflector at work on a port of its own.
struct Reflector {
    running: Running,
    port: String,
}

impl Reflector {
    fn start(arguments: &str) -> Self {
        let running = Running::start(
            udping()
                .args(["serve", "--bind", "127.0.0.1:0"])
                .args(arguments.split_whitespace()),
        );
        let line = running.line();
        let port = line.rsplit(':').next().unwrap_or_default();
        Self {
            port: port.to_owned(),
            running,
        }
    }

    /// Pings it and returns the journal's lines.
    fn journal(&self, arguments: &str) -> Vec<Value> {
        let ended = self.ping(&format!("--json {arguments}"));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let lines = ended.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in {line}")))
            .collect()
    }

    fn ping(&self, arguments: &str) -> Ended {
        run(udping()
            .arg(format!("127.0.0.1:{}", self.port))
            .args(arguments.split_whitespace()))
    }

    /// Ends it as a user does, and returns what it said of itself.
    fn stop(self) -> String {
        let id = self.running.id().to_string();
        let stopped = run(Command::new("kill").args(["-TERM", &id]));
        assert_eq!(stopped.code, Some(0), "it was still there");
        let ended = self.running.finish();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout
    }
}

/// The lines that have this key.
fn of<'a>(journal: &'a [Value], key: &str) -> Vec<&'a Value> {
    let has = |line: &&Value| line.get(key).is_some();
    journal.iter().filter(has).collect()
}

fn number(record: &Value, key: &str) -> u64 {
    let number = record.get(key).and_then(Value::as_u64);
    number.unwrap_or_else(|| panic!("no {key} in {record}"))
}

fn summary(journal: &[Value]) -> &Value {
    let last = journal.last();
    &last.unwrap_or_else(|| panic!("no lines at all"))["summary"]
}

#[cfg(target_os = "linux")]
mod kernel {
    use super::*;

    #[test]
    fn stamps_come_by_default_and_lie_within_the_round_trip() {
        let server = Reflector::start("");
        for schedule in ["", "-i 10ms", "-f --timestamps kernel"] {
            let journal = server.journal(&format!("-c 50 {schedule}"));
            let replies = of(&journal, "reply");
            let rtts: Vec<(u64, u64)> = replies
                .iter()
                .map(|reply| (number(reply, "reply"), number(reply, "rtt_ns")))
                .collect();
            assert_eq!(rtts.len(), 50, "{schedule}");
            let stamps = of(&journal, "kernel");
            assert!(!stamps.is_empty(), "{schedule}: no stamps");
            for stamp in &stamps {
                assert!(stamp.get("ignored").is_none(), "{stamp}");
                let of_probe = (number(stamp, "kernel"), number(stamp, "decided_rtt_ns"));
                assert!(rtts.contains(&of_probe), "{stamp}");
                assert!(
                    number(stamp, "kernel_ns") <= of_probe.1,
                    "not within: {stamp}"
                );
            }
            let told = summary(&journal);
            assert_eq!(
                number(told, "kernel_rtts"),
                stamps.len() as u64,
                "{schedule}"
            );
            let last = stamps.last().map(|stamp| number(stamp, "kernel"));
            assert_eq!(
                last,
                Some(50),
                "{schedule}: the last one has its timestamp too"
            );
            let by_kernel = |seq| {
                let stamp = stamps.iter().find(|it| number(it, "kernel") == seq)?;
                Some(number(stamp, "kernel_ns"))
            };
            let best = rtts
                .iter()
                .map(|(seq, rtt)| by_kernel(*seq).unwrap_or(*rtt));
            let decided = rtts.iter().map(|(_, rtt)| rtt);
            let mean = |key: &str| number(&told[key], "mean_ns");
            assert_eq!(mean("rtt"), best.sum::<u64>() / 50, "{schedule}");
            assert_eq!(mean("decided_rtt"), decided.sum::<u64>() / 50, "{schedule}");
            // Three lines at most for any probe.
            let lines = of(&journal, "sent").len() + replies.len() + stamps.len();
            let others = ["udping", "missed", "incident", "done", "summary"]
                .map(|key| of(&journal, key).len());
            assert!(lines <= 150, "{schedule}");
            assert_eq!(
                lines + others.iter().sum::<usize>(),
                journal.len(),
                "{schedule}"
            );
        }
    }

    /// What a line of a reply says, against the record.
    #[test]
    fn a_replys_line_shows_the_kernels_time_and_without_it_the_programs() {
        let server = Reflector::start("");
        for (arguments, by_kernel) in [
            ("-c 10", true),
            ("-c 10 -i 20ms", true),
            ("-c 3 -i 200ms", true),
            ("-c 10 --timestamps app", false),
        ] {
            let file = Scratch::new();
            let path = file.path().display();
            let said = server.ping(&format!("{arguments} --journal {path}")).stdout;
            let journal = records(&std::fs::read_to_string(file.path()).unwrap());
            let stamps = of(&journal, "kernel");
            assert_eq!(!stamps.is_empty(), by_kernel, "{arguments}");
            for reply in of(&journal, "reply") {
                let seq = number(reply, "reply");
                let stamp = stamps.iter().find(|it| number(it, "kernel") == seq);
                let best = stamp.map_or(number(reply, "rtt_ns"), |it| number(it, "kernel_ns"));
                let line = said
                    .lines()
                    .find(|line| line.contains(&format!(" seq={seq} ")));
                let (_, time) = line.unwrap().split_once(" time=").unwrap();
                let time = time.strip_suffix(" ms").unwrap();
                let (whole, decimals) = time.split_once('.').unwrap_or((time, ""));
                let unit = 10_u64.pow(6 - u32::try_from(decimals.len()).unwrap());
                let shown: u64 = format!("{whole}{decimals}").parse().unwrap();
                assert!(
                    (shown * unit).abs_diff(best) <= unit / 2,
                    "{time} for {best}"
                );
            }
            // In order, and each once.
            let seqs = said.lines().filter_map(|line| line.split_once(" seq="));
            let seqs: Vec<&str> = seqs
                .map(|(_, rest)| rest.split(' ').next().unwrap())
                .collect();
            let all: Vec<String> = (1..=seqs.len()).map(|seq| seq.to_string()).collect();
            assert_eq!(seqs, all, "{said}");
        }
    }

    #[test]
    fn late_replies_have_the_kernels_time_on_record_and_show_the_decided_one() {
        let server = Reflector::start("--delay 0ms,150ms");
        for schedule in ["", "-i 120ms"] {
            let arguments = format!("-c 3 -W 100ms --linger 60s {schedule} --json");
            let ended = run(udping()
                .arg(format!("127.0.0.1:{}", server.port))
                .args(arguments.split_whitespace()));
            assert_eq!(ended.code, Some(1), "{ended:?}");
            let journal = records(&ended.stdout);
            let late: Vec<(u64, u64)> = of(&journal, "late_ns")
                .iter()
                .map(|reply| (number(reply, "reply"), number(reply, "late_ns")))
                .collect();
            assert_eq!(late.len(), 3, "{ended:?}");
            let stamps = of(&journal, "kernel");
            assert!(!stamps.is_empty(), "{ended:?}");
            for stamp in stamps {
                let decided = (number(stamp, "kernel"), number(stamp, "decided_rtt_ns"));
                assert!(late.contains(&decided), "{stamp}");
            }
            let told = summary(&journal);
            assert_eq!(number(told, "kernel_rtts"), 0, "{told}");
            let longest = late.iter().map(|(_, rtt)| *rtt).max();
            assert_eq!(Some(number(&told["late_rtt"], "max_ns")), longest, "{told}");
        }
    }

    #[test]
    fn the_applications_own_times_can_be_had_alone() {
        let server = Reflector::start("");
        for arguments in ["--timestamps app", "-f"] {
            let journal = server.journal(&format!("-c 20 {arguments}"));
            assert_eq!(of(&journal, "reply").len(), 20, "{arguments}");
            assert_eq!(of(&journal, "kernel").len(), 0, "{arguments}");
        }
        let said = server.ping("-c 2 --timestamps app").stdout;
        assert!(
            said.contains("\ntimes are measured by this program\n"),
            "{said}"
        );
        let said = server.ping("-c 2 --timestamps kernel").stdout;
        let by = "\nrtt by the kernel's clock: 2, by this program's: 0; this host added p50/p99 = ";
        assert!(said.contains(by), "{said}");
    }

    #[test]
    fn replies_show_their_time_to_live() {
        let server = Reflector::start("");
        let said = server.ping("-c 2").stdout;
        assert!(said.contains(": seq=2 ttl=64 time="), "{said}");
    }

    /// Every refusal makes the next send fail once, and the kernel's count start over.
    #[test]
    fn a_closed_port_between_two_sessions_confuses_no_stamp() {
        let closed = Reflector::start("");
        let port = closed.port.clone();
        closed.stop();
        let ended = run(udping().args([&format!("127.0.0.1:{port}"), "-c", "5", "--json"]));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(ended.stdout.matches("\"refused\":").count(), 6, "{ended:?}");
        assert!(!ended.stdout.contains("\"stamp\""), "{ended:?}");
    }
}

#[test]
fn a_fixed_schedule_tells_how_late_its_probes_went_out() {
    let server = Reflector::start("");
    for pace in ["-i 5ms", "-i 5ms --spin", "-i 5ms --spin=1ms"] {
        let journal = server.journal(&format!("-c 20 {pace}"));
        let sent = of(&journal, "sent");
        let late = |probe: &&Value| number(probe, "at_ns") - number(probe, "due_ns");
        let latest = sent.iter().map(late).max();
        let told = &summary(&journal)["timer_error"];
        assert_eq!(number(told, "n"), 20, "{pace}");
        assert_eq!(Some(number(told, "max_ns")), latest, "{pace}");
        // Slots lie on the schedule's grid, whatever happened to earlier ones.
        for probe in &sent {
            assert_eq!(number(probe, "due_ns") % 5_000_000, 0, "{pace}: {probe}");
        }
        // Every slot had its probe, or was missed.
        let slots = number(sent[19], "due_ns") / 5_000_000;
        let missed = number(summary(&journal), "missed");
        assert_eq!(slots, 19 + missed, "{pace}");
    }
    let journal = server.journal("-c 2");
    assert!(summary(&journal).get("timer_error").is_none());
    let refused = server.ping("--spin -c 1");
    assert_eq!(refused.code, Some(2), "--spin without -i: {refused:?}");
}

#[test]
fn pings_flags_reach_the_socket() {
    let server = Reflector::start("");
    let mut good = vec!["-Q 0xb8", "-I 127.0.0.1"];
    if cfg!(target_os = "linux") {
        good.extend(["-I lo", "-M do", "-M want", "-M probe", "-M dont"]);
    }
    for flag in good {
        let ended = server.ping(&format!("-c 2 {flag}"));
        assert_eq!(ended.code, Some(0), "{flag}: {ended:?}");
    }
    for (flag, why) in [
        ("-I 192.0.2.1", "cannot send from 192.0.2.1"),
        ("-I no-such-interface", "-I no-such-interface"),
        ("-I ::1", "different families"),
        ("-Q 256", "0 to 255"),
        ("-M perhaps", "perhaps"),
    ] {
        let ended = server.ping(&format!("-c 2 {flag}"));
        assert_eq!(ended.code, Some(2), "{flag}: {ended:?}");
        assert!(ended.stderr.contains(why), "{flag}: {ended:?}");
    }
}

/// Batches both ways: nothing is lost, mixed up or left unsaid, and the journal of it
/// all says the same.
#[test]
fn a_flood_loses_nothing_of_what_a_window_holds() {
    let server = Reflector::start("");
    for window in [1, 7, 64, 300] {
        let journal = server.journal(&format!("-f --window {window} -c 5000"));
        let told = summary(&journal);
        assert_eq!(number(told, "sent"), 5000, "{window}");
        assert_eq!(number(told, "replied"), 5000, "{window}: {told}");
        assert_eq!(number(told, "unverified"), 0, "{window}");
        let gaps = of(&journal, "gap").len();
        assert_eq!(gaps, 0, "{window}: so few records wait for the journal");
        let sent = of(&journal, "sent");
        let numbers: Vec<u64> = sent.iter().map(|probe| number(probe, "sent")).collect();
        assert_eq!(numbers, (1..=5000).collect::<Vec<_>>(), "{window}");
    }
    let said = server.stop();
    assert!(
        said.contains("20000 requests, 20000 replies\n"),
        "every one was answered once: {said}"
    );
}

/// Many datagrams in one call: what the system joins and divides stays apart.
#[cfg(target_os = "linux")]
#[test]
fn long_messages_are_as_good_as_their_datagrams() {
    let server = Reflector::start("");
    // The longest message; one with a shorter end; short ones; datagrams too long for us
    // to send so.
    for burst in ["1023 64 0", "100 9 37", "3 64 0", "7000 9 1", "33 1 32"] {
        let arguments = format!("burst {} {burst}", server.port);
        let mut client = python("long_messages.py");
        let ended = run(client.args(arguments.split_whitespace()));
        assert_eq!(ended.code, Some(0), "{burst}: {ended:?}");
    }
    let said = server.stop();
    assert!(said.contains("150 requests, 150 replies\n"), "{said}");

    let echo = Server::start(python("long_messages.py").arg("echo"));
    let address = format!("127.0.0.1:{}", echo.port);
    for (size, probes) in [("", 5000), ("-s 1000", 500), ("-s 1300", 500)] {
        let arguments = format!("{address} -f --window 64 -q -c {probes} {size}");
        let ended = run(udping().args(arguments.split_whitespace()));
        assert_eq!(ended.code, Some(0), "{size}: {ended:?}");
        let all = format!("{probes} packets transmitted, {probes} received, 0% packet loss");
        assert!(ended.stdout.contains(&all), "{size}: {ended:?}");
        assert!(!ended.stdout.contains("unverified"), "{size}: {ended:?}");
    }
    assert_eq!(echo.line(), "JOINED");
}

/// Datagrams that are longer than the way is wide have to be divided by themselves.
#[cfg(target_os = "linux")]
#[test]
fn where_no_message_can_be_divided_each_datagram_goes_alone() {
    let script = r#"
        ip link set lo up mtu 600
        "$UDPING" serve --bind 127.0.0.1:7000 > /dev/null 2>&1 & server=$!
        trap 'kill $server' EXIT
        until "$UDPING" -q -c 1 127.0.0.1:7000 > /dev/null; do :; done
        for size in 500 600 1200; do
            "$UDPING" -f -q -c 2000 --window 64 -s $size 127.0.0.1:7000
        done
    "#;
    if let Some(ended) = in_a_network_of_its_own(script) {
        let all = "2000 packets transmitted, 2000 received, 0% packet loss";
        assert_eq!(ended.stdout.matches(all).count(), 3, "{ended:?}");
    }
}

#[test]
fn a_flood_against_nobody_ends_and_says_so() {
    let gone = Reflector::start("");
    let address = format!("127.0.0.1:{}", gone.port);
    gone.stop();
    let file = std::env::temp_dir().join(format!("udping-nobody-{}.jsonl", std::process::id()));
    let ended = run(udping()
        .args([&address, "-f", "-c", "500", "-W", "200ms", "--journal"])
        .arg(&file));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("Nobody is listening"), "{ended:?}");
    // However many of them one call's error stands for: the error queue has each.
    #[cfg(target_os = "linux")]
    assert!(ended.stdout.contains("\n500 refused\n"), "{ended:?}");
    let replayed = run(udping().arg("replay").arg(&file));
    let _ = std::fs::remove_file(&file);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    assert!(replayed.stdout.contains(" 0 differences"), "{replayed:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn several_threads_serve_one_port() {
    let server = Reflector::start("--threads 3");
    for _ in 0..8 {
        let ended = server.ping("-q -f -c 200");
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    let said = server.stop();
    assert!(said.contains("1600 requests, 1600 replies\n"), "{said}");
    let refused = run(udping().args(["serve", "--threads", "2", "--loss", "10%"]));
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

/// A reflector that stands still while it is flooded: what its host dropped meanwhile, it says.
#[cfg(target_os = "linux")]
#[test]
fn what_the_servers_own_queue_dropped_is_said_by_the_server() {
    let file = Scratch::new();
    let file = file.path();
    let server = Reflector::start(&format!("--journal {}", file.display()));
    let signal = |name: &str| {
        let id = server.running.id().to_string();
        assert_eq!(run(Command::new("kill").args([name, &id])).code, Some(0));
    };
    signal("-STOP");
    let ended = server.ping("-f --window 40000 -c 40000 -W 100ms -q");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    signal("-CONT");
    let said = server.stop();
    let dropped = said.split(", ").find_map(|part| {
        part.trim_end()
            .strip_suffix(" that this host dropped")
            .map(|number| number.trim_start_matches("about ").to_owned())
    });
    let number: u64 = dropped.unwrap_or_else(|| panic!("{said}")).parse().unwrap();
    assert!(number > 100, "{said}");
    let replayed = run(udping().args(["replay", "--json"]).arg(file));
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    let on_record = format!("\"rx_dropped\":{number},");
    assert!(replayed.stdout.contains(&on_record), "{replayed:?}");
}
