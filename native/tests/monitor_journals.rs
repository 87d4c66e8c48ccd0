//! What a monitor leaves on record: everything, or the last minutes of what went wrong.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::path::PathBuf;
use std::time::Duration;

use support::journal::{records, values, verify};
use support::{Reflector, Running, Scratch, as_whoever_tests, run, udping};

/// What is in a folder, in order.
fn files(folder: &Scratch) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    files.sort();
    files
}

fn monitor(arguments: &str) -> std::process::Command {
    let mut command = udping();
    command.arg("monitor").args(as_whoever_tests());
    command.args(arguments.split_whitespace());
    command
}

/// The number after `name` in a line.
fn number(line: &str, name: &str) -> u64 {
    let (_, rest) = line.split_once(name).unwrap();
    let digits = rest.trim_start().split(|it: char| !it.is_ascii_digit());
    digits.into_iter().next().unwrap().parse().unwrap()
}

/// Where a monitor gives its figures.
fn figures_at(monitor: &Running) -> String {
    let place = monitor.warning_with("http://");
    let (_, place) = place.rsplit_once("http://").unwrap();
    place.split_once('/').unwrap().0.to_owned()
}

/// A scrape.
fn metrics(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /metrics HTTP/1.0\r\nHost: x\r\nAccept: application/openmetrics-text;version=1.0.0\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Waits until so many targets have had so many replies each.
fn until_replies(address: &str, replies: u64, targets: usize) {
    let has_enough = |line: &str| {
        let count = line.rsplit_once(' ').and_then(|(_, it)| it.parse().ok());
        line.starts_with("udping_rtt_seconds_count") && count >= Some(replies)
    };
    while metrics(address).lines().filter(|it| has_enough(it)).count() < targets {
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn everything_that_is_counted_is_on_record_and_verifies() {
    let lossy = Reflector::start("--loss 20%,10% --duplicate 20% --seed 7");
    let stamp = Reflector::start("--wire stamp --stateful");
    let folder = Scratch::folder();
    let config = Scratch::new();
    let file = config.path().with_extension("toml");
    fs::write(
        &file,
        format!(
            "targets = [\"{}\", {{ host = \"{}\", wire = \"stamp\", name = \"stamp/1\" }}]\n",
            lossy.address(),
            stamp.address()
        ),
    )
    .unwrap();
    let ended = run(monitor("-i 10ms -W 100ms -w 2s")
        .arg(&file)
        .arg("--journal")
        .arg(folder.path()));
    fs::remove_file(&file).unwrap();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.warnings().is_empty(), "{ended:?}");
    let files = files(&folder);
    assert_eq!(files.len(), 2, "{files:?}");
    for (name, safe) in [
        (lossy.address().to_string(), lossy.address().to_string()),
        ("stamp/1".to_owned(), "stamp_1".to_owned()),
    ] {
        let safe = safe.replace(':', "_");
        let is_its = |it: &&PathBuf| {
            let name = it.file_name().unwrap().to_str().unwrap();
            name.starts_with(&format!("{safe}-20"))
        };
        let file = files.iter().find(is_its).unwrap();
        verify(file);
        let journal = records(&fs::read_to_string(file).unwrap());
        let said = ended.stdout.lines().find(|it| it.starts_with(&name));
        let said = said.unwrap();
        let count = |key| values(&journal, key).len() as u64;
        assert_eq!(count("sent"), number(said, "sent"), "{said}");
        assert_eq!(count("lost"), number(said, " lost"), "{said}");
        let summary = &journal.last().unwrap()["summary"];
        assert_eq!(
            summary["in_flight"].as_u64(),
            Some(number(said, "in flight"))
        );
    }
}

#[test]
fn an_rtt_is_the_interval_between_the_kernels_timestamps_and_both_are_on_record() {
    let reflectors = [(); 3].map(|()| Reflector::start(""));
    let folder = Scratch::folder();
    // What it cannot deliver comes by the same queue as the timestamps.
    let closed = {
        let socket = UdpSocket::bind("127.0.0.9:0").unwrap();
        socket.local_addr().unwrap()
    };
    let monitor = Running::start(
        monitor(&format!("-i 10ms --listen 127.0.0.1:0 {closed} --journal"))
            .arg(folder.path())
            .args(reflectors.iter().map(|it| it.address().to_string())),
    );
    let address = figures_at(&monitor);
    until_replies(&address, 50, reflectors.len());
    let figures = metrics(&address);
    monitor.signal("TERM");
    assert_eq!(monitor.finish().code, Some(0));
    for file in files(&folder) {
        verify(&file);
        let journal = records(&fs::read_to_string(file).unwrap());
        let host = format!("{}:{}", text(&journal[0]["host"]), journal[0]["port"]);
        if host == closed.to_string() {
            assert!(!values(&journal, "refused").is_empty(), "{host}");
            continue;
        }
        let figure = |name: &str| {
            let name = format!("udping_rtt_seconds_{name}{{target=\"{host}\"}} ");
            let found = figures.lines().find_map(|it| it.strip_prefix(&name));
            found.unwrap().split(' ').next().unwrap().parse::<f64>()
        };
        let (mut own, mut best, mut believed) = (0, 0, 0);
        // Those that had come when the figures were asked for.
        let counted = figure("count").unwrap();
        let in_time = journal.iter().filter(|it| it["rtt_ns"].is_u64());
        for (reply, n) in in_time.zip(1_u32..) {
            let rtt = reply["rtt_ns"].as_u64().unwrap();
            let is_its = |it: &&serde_json::Value| it["kernel"] == reply["reply"];
            let its: Vec<_> = journal.iter().filter(is_its).collect();
            let [its] = its[..] else {
                panic!("one interval of {reply}: {its:?}");
            };
            let interval = its["kernel_ns"].as_u64().unwrap();
            let is_believed = its["ignored"].is_null();
            assert!(interval <= rtt || !is_believed, "{its} {reply}");
            if f64::from(n) <= counted {
                (own, believed) = (own + rtt, believed + u32::from(is_believed));
                best += if is_believed { interval } else { rtt };
            }
        }
        assert!(
            f64::from(believed) > counted / 2.0,
            "{believed} of {counted}"
        );
        let sum = Duration::from_secs_f64(figure("sum").unwrap()).as_nanos();
        assert!(best < own, "{best} {own}");
        assert!(sum.abs_diff(best.into()) < 1_000, "{sum} {best} {own}");
    }
}

/// A text of a record.
fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn an_outage_leaves_the_minutes_before_it_as_a_journal() {
    let reflector = Reflector::start("");
    let stays = Reflector::start("");
    let folder = Scratch::folder();
    let target = reflector.address().to_string();
    let monitor = Running::start(
        monitor(&format!(
            "-i 20ms -W 200ms --listen 127.0.0.1:0 {target} {}",
            stays.address()
        ))
        .arg("--excerpts")
        .arg(folder.path()),
    );
    assert_eq!(monitor.line(), "2 targets");
    until_replies(&figures_at(&monitor), 20, 2);
    reflector.stop();
    let warning = monitor.warning_with("an outage: the last minutes are in");
    let files = files(&folder);
    assert_eq!(
        files.len(),
        1,
        "of the target that is gone alone: {files:?}"
    );
    assert!(warning.contains(&*files[0].to_string_lossy()), "{warning}");
    assert!(warning.contains(&target.replace(':', "_")), "{warning}");
    verify(&files[0]);
    let journal = records(&fs::read_to_string(&files[0]).unwrap());
    assert!(values(&journal, "rtt_ns").len() > 10, "what was before");
    let summary = journal.last().unwrap();
    assert!(summary["outages"].is_object(), "{summary}");
    // The lab opens at the moment, which is its end.
    let (_, at) = warning.rsplit_once("--at ").unwrap();
    let end = summary["at_ns"].as_f64().unwrap() / 1e9;
    assert!(
        (at.trim().parse::<f64>().unwrap() - end).abs() < 0.001,
        "{warning}"
    );
    monitor.signal("TERM");
    assert_eq!(monitor.finish().code, Some(0));
}

#[test]
fn an_exemplar_names_its_probe_and_its_journal() {
    let reflector = Reflector::start("");
    let folder = Scratch::folder();
    let monitor = Running::start(
        monitor(&format!(
            "-i 20ms --listen 127.0.0.1:0 {} --journal",
            reflector.address()
        ))
        .arg(folder.path()),
    );
    let address = figures_at(&monitor);
    let (name, probe) = loop {
        let answer = metrics(&address);
        // Until the first reply.
        if let Some((_, exemplar)) = answer.split_once("# {journal=\"") {
            let (name, rest) = exemplar.split_once("\",probe=\"").unwrap();
            let (probe, _) = rest.split_once('"').unwrap();
            break (name.to_owned(), probe.parse::<u64>().unwrap());
        }
    };
    monitor.signal("TERM");
    assert_eq!(monitor.finish().code, Some(0));
    let journal = folder.path().join(format!("{name}.jsonl"));
    let journal = records(&fs::read_to_string(journal).unwrap());
    let is_it = |it: &&serde_json::Value| it["reply"].as_u64() == Some(probe);
    assert!(journal.iter().find(is_it).unwrap()["rtt_ns"].is_u64());
}

#[test]
fn on_sigusr1_all_targets_leave_their_last_minutes_and_the_newest_stay_within_the_quota() {
    let reflectors = [(); 3].map(|()| Reflector::start(""));
    let folder = Scratch::folder();
    let targets = reflectors.each_ref().map(|it| it.address().to_string());
    // Each is longer than this, and so the newest stays alone.
    let monitor = Running::start(
        monitor("-i 20ms --listen 127.0.0.1:0 --excerpts-max 4K --excerpts")
            .arg(folder.path())
            .args(&targets),
    );
    let address = figures_at(&monitor);
    // Until each has more to say than the quota holds.
    until_replies(&address, 50, targets.len());
    monitor.signal("USR1");
    let mut written = Vec::new();
    for _ in &targets {
        let said = monitor.warning_with("as asked for: the last minutes are in");
        let file = said.split_whitespace().find(|it| it.contains("-from-"));
        written.push(PathBuf::from(
            file.unwrap().trim_end_matches([',', ';', ':']),
        ));
    }
    assert_eq!(files(&folder), written[2..], "{written:?}");
    verify(&written[2]);
    monitor.signal("TERM");
    assert_eq!(monitor.finish().code, Some(0));
}
