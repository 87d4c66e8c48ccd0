//! Many targets at once, against reflectors on loopback.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

use support::{Running, Scratch, as_whoever_tests, run, udping, udping_with, wait_for};

/// A reflector of this wire, and the port that it has on every address of loopback.
fn reflector(arguments: &str) -> (Running, u16) {
    let running = Running::start(
        udping()
            .args(["serve", "--bind", "0.0.0.0:0", "--allow", "127.0.0.0/8"])
            .args(arguments.split_whitespace()),
    );
    let line = running.line();
    let port = line.rsplit(':').next().unwrap_or_default();
    (running, port.parse().unwrap())
}

/// The number that stands after `name` in what is said of a target.
fn number(line: &str, name: &str) -> u64 {
    let (_, rest) = line
        .split_once(name)
        .unwrap_or_else(|| panic!("no {name} in {line}"));
    let digits = rest
        .trim_start()
        .split(|it: char| !it.is_ascii_digit())
        .next();
    digits.unwrap().parse().unwrap()
}

#[test]
fn targets_of_several_wires_are_measured_together_and_nothing_is_counted_twice() {
    let (_text, text) = reflector("");
    let (_stamp, stamp) = reflector("--wire stamp --stateful");
    let (_lossy, lossy) = reflector("--loss 50%,0% --duplicate 50%");
    // Bound, so that nobody else has the port; and nobody answers there.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    let folder = Scratch::folder();
    let file = folder.path().join("fleet.toml");
    fs::write(
        &file,
        format!(
            r#"
            targets = ["127.0.0.1:{text}", "127.0.0.2:{text}", "localhost:{text}", "{silent}"]
            [defaults]
            interval = "20ms"
            timeout = "300ms"
            [[groups]]
            name = "stamp"
            wire = "stamp"
            targets = [{{ host = "127.0.0.1:{stamp}", name = "reflector" }}]
            [[groups]]
            name = "same address, other group"
            targets = ["127.0.0.1:{text}", {{ host = "127.0.0.1:{lossy}", name = "lossy" }}]
            "#
        ),
    )
    .unwrap();
    let checked = run(udping().arg("monitor").arg(&file).arg("--check"));
    assert_eq!(
        (checked.code, checked.stdout.as_str()),
        (Some(0), "7 targets\n")
    );
    let ended = run(udping().arg("monitor").arg(&file).args(["-w", "2s"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.warnings().is_empty(), "{ended:?}");
    let lines: Vec<&str> = ended.stdout.lines().skip(1).take(7).collect();
    assert_eq!(lines.len(), 7, "{ended:?}");
    for line in lines {
        let [sent, in_flight, lost] = ["sent", "in flight", "lost"].map(|it| number(line, it));
        assert!(sent > 10 && lost + in_flight <= sent, "{line}");
        if line.starts_with(&silent.to_string()) {
            assert_eq!(lost + in_flight, sent, "{line}");
        } else if line.contains("/lossy:") {
            assert!(lost > 0, "{line}");
        } else {
            assert_eq!(lost, 0, "{line}");
        }
    }
}

#[test]
fn a_target_that_cannot_be_sent_to_does_not_look_healthy() {
    let ended = run(udping().args(["monitor", "-w", "1s", "-i", "50ms", "name.invalid"]));
    assert!(ended.stderr.contains("name.invalid"), "{ended:?}");
    let line = ended
        .stdout
        .lines()
        .find(|it| it.starts_with("name.invalid"));
    let unsent = number(line.unwrap(), "unsent");
    assert!(unsent > 0, "{ended:?}");
}

#[test]
fn a_source_port_that_takes_root_is_named_once_root_is_given_up() {
    let first = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    if first.unwrap().trim() != "1024" {
        return support::skipped("anybody may have ports below 1024 here");
    }
    let (_text, port) = reflector("");
    let file = Scratch::new();
    let file = file.path().with_extension("toml");
    let target = format!("{{ host = \"127.0.0.1:{port}\", source = \"127.0.0.1:500\" }}");
    fs::write(&file, format!("targets = [{target}]\n")).unwrap();
    let ended = run(udping()
        .args(["monitor", "-w", "1s", "-i", "50ms"])
        .arg(&file));
    fs::remove_file(&file).unwrap();
    assert!(ended.stderr.contains("from port 500"), "{ended:?}");
    let line = ended.stdout.lines().find(|it| it.contains("unsent"));
    assert!(number(line.unwrap(), "unsent") > 0, "{ended:?}");
}

#[test]
fn a_configuration_that_is_wrong_is_refused_with_its_line() {
    let folder = Scratch::folder();
    let file = folder.path().join("fleet.toml");
    fs::write(&file, "targets = [\n  \"a\",\n  \"a\",\n]\n").unwrap();
    let ended = run(udping().arg("monitor").arg(&file));
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("fleet.toml, line 3: the target a"),
        "{ended:?}"
    );
}

#[test]
fn a_configuration_that_changes_is_followed_and_one_that_is_wrong_is_not() {
    let (_text, port) = reflector("");
    let folder = Scratch::folder();
    let file = folder.path().join("fleet.toml");
    let found = folder.path().join("found.json");
    let targets = |names: &str| {
        let text = format!(
            "targets = [{names}]\nfile_sd = [\"*.json\"]\n[defaults]\ninterval = \"20ms\"\ntimeout = \"200ms\"\n"
        );
        // In one step, so that no half of it is read.
        let new = folder.path().join("new");
        fs::write(&new, text).unwrap();
        fs::rename(&new, &file).unwrap();
    };
    let [stays, goes, comes, sought] = [1, 2, 3, 4].map(|it| format!("127.0.0.{it}:{port}"));
    targets(&format!("\"{stays}\", \"{goes}\""));
    let mut command = udping();
    let monitor = Running::start(command.arg("monitor").arg(&file).args(as_whoever_tests()));
    assert_eq!(monitor.line(), "2 targets");
    // Wrong in a way of its own, and asked for by a signal, too.
    targets(&format!("\"{stays}\", 5"));
    let warning = monitor.warning_with("the configuration before stays");
    assert!(warning.contains("line 1"), "{warning}");
    monitor.signal("HUP");
    monitor.warning_with("the configuration before stays");
    targets(&format!("\"{stays}\", \"{comes}\""));
    monitor.warning_with("1 added, 0 changed, 1 removed");
    fs::write(&found, format!("[{{\"targets\": [\"{sought}\"]}}]")).unwrap();
    monitor.warning_with("1 added, 0 changed, 0 removed");
    fs::write(&found, "[{").unwrap();
    monitor.warning_with("the targets found before stay");
    monitor.signal("TERM");
    let ended = monitor.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let line = |name: &str| ended.stdout.lines().find(|it| it.starts_with(name));
    let sent = |name: &str| line(name).map(|line| number(line, "sent"));
    assert_eq!(sent(&goes), None, "{ended:?}");
    assert!(
        sent(&stays) > sent(&comes) && sent(&comes) > sent(&sought),
        "{ended:?}"
    );
    assert!(sent(&sought) > Some(0), "{ended:?}");
    for name in [&stays, &comes, &sought] {
        assert_eq!(number(line(name).unwrap(), "lost"), 0, "{ended:?}");
    }
}

#[test]
fn several_hosts_are_pinged_at_once_and_each_has_its_line() {
    let (_one, one) = reflector("");
    let (_other, other) = reflector("--reply upper");
    let hosts = format!("127.0.0.1:{one} 127.0.0.1:{other}");
    let ended = run(&mut udping_with(&format!("-c 3 -i 50ms {hosts}")));
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{ended:?}");
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{ended:?}");
    for (line, host) in lines.iter().zip(hosts.split(' ')) {
        assert!(line.starts_with(host), "{line}");
        let counts = ["sent", "in flight", "lost"].map(|it| number(line, it));
        assert_eq!(counts, [3, 0, 0], "{line}");
    }
    // As fping: whoever does not answer is to be seen.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    let ended = run(&mut udping_with(&format!(
        "-c 1 -W 100ms 127.0.0.1:{one} {silent}"
    )));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let lost = ended.stdout.lines().map(|line| number(line, "lost"));
    assert!(lost.eq([0, 1]), "{ended:?}");
}

/// A reflector on loopback that does everything that a network may, by turns: it answers, twice,
/// late, with something else, out of order, or not at all. Its thread ends with the process.
fn nasty_reflector() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let reflector = socket.try_clone().unwrap();
    thread::spawn(move || {
        let (mut late, mut held) = (Vec::new(), None);
        for turn in 0.. {
            let mut request = [0; 256];
            let (len, from) = reflector.recv_from(&mut request).unwrap();
            let request = request[..len].to_vec();
            let send = |reply: &[u8]| {
                reflector.send_to(reply, from).unwrap();
            };
            match turn % 8 {
                0 => {
                    send(&request);
                    send(&request);
                }
                1 => late.push((turn, request)),
                2 => {
                    let mut altered = request;
                    altered[len - 1] ^= 1;
                    send(&altered);
                }
                3 => held = Some(request),
                4 => {
                    send(&request);
                    if let Some(held) = held.take() {
                        send(&held);
                    }
                }
                5 => {}
                _ => send(&request),
            }
            // More than a timeout later, and before it is forgotten.
            let due = late.iter().position(|(at, _)| turn >= at + 7);
            if let Some(due) = due {
                send(&late.remove(due).1);
            }
        }
    });
    socket
}

/// The samples of a scrape, by name and labels.
fn scrape(address: &str) -> BTreeMap<String, f64> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /metrics HTTP/1.0\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let samples = body.lines().filter(|it| !it.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), value.parse().unwrap())
    };
    samples.map(sample).collect()
}

#[test]
fn in_each_scrape_all_that_was_sent_is_settled_once_or_in_flight() {
    let nasty = nasty_reflector().local_addr().unwrap();
    let closed = {
        let socket = UdpSocket::bind("127.0.0.9:0").unwrap();
        socket.local_addr().unwrap()
    };
    let targets = [
        nasty.to_string(),
        closed.to_string(),
        "name.invalid".to_owned(),
    ];
    let monitor = Running::start(
        udping()
            .args("monitor -i 10ms -W 50ms -s 64 --listen 127.0.0.1:0".split(' '))
            .args(&targets),
    );
    let place = monitor.warning_with("http://");
    let (_, place) = place.rsplit_once("http://").unwrap();
    let (address, _) = place.split_once('/').unwrap();
    let of = |name: &str, target: &str| format!("udping_{name}{{target=\"{target}\"");
    let mut before: BTreeMap<String, f64> = BTreeMap::new();
    // Until everything has happened.
    loop {
        let now = scrape(address);
        for target in &targets {
            let sum = |name: &str| {
                let begin = of(name, target);
                let its = now.iter().filter(|(it, _)| it.starts_with(&begin));
                its.map(|(_, value)| value).sum::<f64>()
            };
            let settled = sum("probe_outcomes_total");
            let in_flight = sum("probes_in_flight");
            let sent = sum("probes_sent_total");
            assert!(sent - settled - in_flight == 0.0, "{target}: {now:?}");
            let label = format!("{{target=\"{target}\"");
            let series = now.keys().filter(|it| it.contains(&label)).count();
            assert!(series <= 40, "{series} of {target}");
        }
        let is_counter = |name: &str| {
            let name = name.split('{').next().unwrap_or_default();
            ["_total", "_count", "_bucket"]
                .iter()
                .any(|it| name.ends_with(it))
        };
        for (name, earlier) in before.iter().filter(|(name, _)| is_counter(name)) {
            assert!(now[name] >= *earlier, "{name} goes back from {earlier}");
        }
        let [nasty, closed, unknown] = &targets;
        let outcome = |target, outcome| {
            let name = of("probe_outcomes_total", target);
            now.get(&format!("{name},outcome=\"{outcome}\"}}")).copied()
        };
        let counts = [
            outcome(nasty, "replied"),
            outcome(nasty, "lost"),
            outcome(nasty, "altered"),
            outcome(closed, "refused"),
            outcome(unknown, "unsent"),
            now.get(&format!("{}}}", of("late_replies_total", nasty)))
                .copied(),
            now.get(&format!("{}}}", of("duplicate_replies_total", nasty)))
                .copied(),
        ];
        before = now;
        if counts.iter().all(|count| *count > Some(2.0)) {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    monitor.signal("TERM");
    assert_eq!(monitor.finish().code, Some(0));
}

/// The soak's short form: `cargo xtask soak` is the long one.
#[test]
fn memory_is_flat_once_each_target_has_its_records() {
    const TARGETS: u32 = 8;
    // More than a target keeps the records of.
    const FULL: u32 = 1_500;
    const PROBES: u32 = 4_500;
    // What a probe that is never forgotten takes at the least.
    const BYTES_A_PROBE: u32 = 32;
    let network = "--loss 1% --duplicate 1% --delay 0,2ms --seed 1";
    let (_reflector, port) = reflector(&format!("{network} --rate-limit off --total-limit off"));
    let targets = (1..=TARGETS).map(|it| format!("127.0.0.{it}:{port}"));
    let monitor = Running::start(
        udping()
            .args("monitor -i 2ms -W 100ms --listen 127.0.0.1:0".split(' '))
            .args(targets),
    );
    let address = monitor.scraped_at().to_string();
    let memory_at = |probes: u32| {
        wait_for("probes", || {
            let figures = scrape(&address);
            let sent = |it: &(&String, &f64)| it.0.starts_with("udping_probes_sent_total");
            let sent: f64 = figures.iter().filter(sent).map(|it| it.1).sum();
            (sent >= f64::from(TARGETS * probes)).then_some(())
        });
        let status = fs::read_to_string(format!("/proc/{}/status", monitor.id())).unwrap();
        let line = status.lines().find(|it| it.starts_with("VmRSS:"));
        u32::try_from(number(line.unwrap(), "VmRSS:") * 1024).unwrap()
    };
    let (full, after) = (memory_at(FULL), memory_at(FULL + PROBES));
    let grown = after.saturating_sub(full);
    assert!(
        grown < TARGETS * PROBES * BYTES_A_PROBE,
        "from {full} to {after} bytes"
    );
    monitor.signal("TERM");
    assert_eq!(monitor.finish().code, Some(0));
}
