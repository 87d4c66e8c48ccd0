//! Runs without end: their windows, and what may happen to them. Processes are stopped,
//! interfaces go down, addresses change, in a network of the test's own; the clocks are
//! those of one process (`counterparts/clocks.c`), since the machine's are everybody's.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use support::journal::{records, verify};
use support::{
    Ended, Reflector, Running, Scratch, counterparts, in_a_network_of_its_own, next_datagram, run,
    udp_socket,
};

/// The incidents in a journal that replays without a difference.
fn incidents(file: &Scratch) -> Vec<Value> {
    let replay = verify(file.path());
    assert!(!replay.stdout.contains("skipped"), "{replay:?}");
    let records = records(&file.text());
    let incidents = records
        .into_iter()
        .filter(|it| it.get("incident").is_some());
    incidents.collect()
}

#[test]
fn an_endless_run_tells_its_last_while_beside_the_totals() {
    let server = Reflector::start("");
    let running = Running::start(&mut server.pinged("-c 0 -i 20ms"));
    running.line_with("seq=5 ");
    running.signal("QUIT");
    let line = running.warning_with(" packets, 0% loss, min/avg/median/max = ");
    let (totals, window) = line.split_once("; last 10 s: ").unwrap();
    let replied = |figures: &str| figures.split_once('/').unwrap().0.parse::<u64>().unwrap();
    assert_eq!(replied(totals), replied(window), "so far they are the same");
    assert!(window.contains("/avg/p50/p99/max = "), "{line}");
    running.signal("INT");
    let ended = running.finish();
    assert!(ended.stdout.contains("\nlast 10 s: "), "{ended:?}");
    assert!(!ended.stdout.contains("\nlast 1 min: "), "{ended:?}");
    let counted = run(&mut server.pinged("-c 3"));
    assert!(!counted.stdout.contains("last 10 s"), "{counted:?}");
}

#[test]
fn a_window_forgets_what_the_totals_keep() {
    let server = Reflector::start("");
    let running = Running::start(&mut server.pinged("-c 0 -i 100ms"));
    // After ten seconds and a part of a window, the first second's are out of it.
    running.line_with("seq=125 ");
    running.signal("INT");
    let ended = running.finish();
    let line = |start: &str| {
        let line = ended.stdout.lines().find(|line| line.starts_with(start));
        line.unwrap_or_else(|| panic!("no {start} in {ended:?}"))
    };
    let window = line("last 10 s: ").trim_start_matches("last 10 s: ");
    let replied: u64 = window.split_once('/').unwrap().0.parse().unwrap();
    assert!((1..=101).contains(&replied), "{ended:?}");
    assert!(
        !ended.stdout.contains("last 1 min"),
        "so far it is the totals: {ended:?}"
    );
}

#[test]
fn a_run_that_was_stopped_says_so_and_goes_on() {
    let server = Reflector::start("");
    let file = Scratch::new();
    let running = Running::start(server.pinged("-c 0 -i 20ms --journal").arg(file.path()));
    running.line_with("seq=3 ");
    running.signal("STOP");
    let stat = format!("/proc/{}/stat", running.id());
    while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {}
    // This is how long it is stopped, and not a wait for anything.
    std::thread::sleep(Duration::from_millis(900));
    running.signal("CONT");
    running.line_with("udping was stopped for ");
    running.line_with(" time=");
    running.signal("INT");
    let ended = running.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("\nmeanwhile: 1 stop"), "{ended:?}");
    let incidents = incidents(&file);
    assert_eq!(incidents[0]["incident"], "stopped", "{incidents:?}");
    // Less than that by what was left of the period in which it was stopped.
    let time = incidents[0]["for_ns"].as_u64().unwrap();
    assert!(time >= 600_000_000, "{incidents:?}");
}

#[test]
fn sleep_and_a_clock_that_is_set_are_told_apart_and_change_no_round_trip() {
    let server = Reflector::start("");
    let journal = Scratch::new();
    let clocks = Scratch::holding([0; 16]);
    // Written over and never cut: the process has it in its memory.
    let set = |wall: i64, asleep: i64| {
        let file = std::fs::File::options().write(true).open(clocks.path());
        let bytes = [wall.to_ne_bytes(), asleep.to_ne_bytes()].concat();
        std::os::unix::fs::FileExt::write_all_at(&file.unwrap(), &bytes, 0).unwrap();
    };
    let running = Running::start(
        server
            .pinged("-c 0 -i 20ms --journal")
            .arg(journal.path())
            .env("LD_PRELOAD", shared_library("clocks"))
            .env("UDPING_CLOCKS", clocks.path()),
    );
    let hour = 3_600_000_000_000;
    running.line_with("seq=3 ");
    set(hour, hour);
    running.line_with("the machine slept for 3600.000 s");
    set(hour - 5_000_000_000, hour);
    running.line_with("the wall clock was set back by 5.000 s");
    set(hour, hour);
    running.line_with("the wall clock was set ahead by 5.000 s");
    running.line_with(" time=");
    running.signal("INT");
    let ended = running.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let tally = "\nmeanwhile: 1 sleep, 2 clock steps\n";
    assert!(ended.stdout.contains(tally), "{ended:?}");
    let told: Vec<_> = incidents(&journal)
        .iter()
        .map(|it| it["incident"].clone())
        .collect();
    assert_eq!(told, ["slept", "clock_set", "clock_set"]);
    let replies = records(&journal.text());
    let rtts = replies.iter().filter_map(|it| it["rtt_ns"].as_u64());
    assert!(rtts.max().unwrap() < 1_000_000_000, "all in time");
}

/// A run in virtual time, where nothing takes any but waiting: what it says and records, and
/// what it asked of its socket, in order.
fn in_virtual_time(
    server: &Reflector,
    arguments: &str,
    withheld: bool,
) -> (String, Vec<Value>, Vec<String>) {
    let (calls, journal) = (Scratch::new(), Scratch::new());
    let mut command = server.pinged(arguments);
    command.arg("--journal").arg(journal.path());
    command.env("LD_PRELOAD", shared_library("calls"));
    command.env("UDPING_CALLS", calls.path());
    if withheld {
        command.env("UDPING_WITHHOLD", "1");
    }
    let ended = run(&mut command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let calls = calls.text().lines().map(str::to_owned).collect();
    (ended.stdout, records(&journal.text()), calls)
}

/// Nothing comes between a probe and its reply where there is but one: what is done there would
/// be part of its RTT.
#[test]
fn the_error_queue_is_read_when_no_probe_is_on_its_way() {
    let server = Reflector::start("");
    let (_, records, calls) = in_virtual_time(&server, "-c 50", false);
    let each = (1..=50).flat_map(|seq| {
        let [sent, received] = ["sent", "received"].map(|what| format!("{what} {seq}"));
        // The timestamp of the interface's queue, which is not used, comes before that of the wire.
        let queue = || "queue 0".to_owned();
        [sent, received, queue(), queue()]
    });
    assert_eq!(calls, each.collect::<Vec<_>>());
    assert_eq!(records.last().unwrap()["summary"]["replied"], 50);
}

/// A line that waits for timestamps that never come delays none of the probes meanwhile.
#[test]
fn a_probe_that_is_due_goes_out_before_the_error_queue_is_read() {
    let server = Reflector::start("");
    for interval in ["300us", "900us", "20ms"] {
        let arguments = format!("-c 100 -i {interval}");
        let (_, records, _) = in_virtual_time(&server, &arguments, true);
        let sent = records.iter().filter(|it| it.get("sent").is_some());
        let late = |it: &Value| it["at_ns"].as_u64().unwrap() - it["due_ns"].as_u64().unwrap();
        let late: Vec<u64> = sent.map(late).collect();
        assert_eq!(late.len(), 100);
        // One datagram, and a few looks at the clock.
        assert!(
            late.iter().all(|late| *late < 50_000),
            "{interval}: {late:?}"
        );
    }
}

#[test]
fn no_line_waits_longer_than_a_millisecond_for_its_timestamps() {
    let server = Reflector::start("");
    for schedule in ["", "-i 20ms", "-i 300ms"] {
        // They never come.
        let arguments = format!("-D -c 10 {schedule}");
        let (said, records, _) = in_virtual_time(&server, &arguments, true);
        let wall: u64 = records[0]["wall_ns"].as_str().unwrap().parse().unwrap();
        let waited = records.iter().filter_map(|record| {
            let seq = record.get("reply")?;
            let mut lines = said.lines();
            let line = lines.find(|line| line.contains(&format!(" seq={seq} ")));
            let (time, _) = line.unwrap()[1..].split_once(']').unwrap();
            // To the microsecond, rounded down.
            let written: u64 = time.replace('.', "").parse().unwrap();
            let came = wall + record["at_ns"].as_u64().unwrap();
            Some(written * 1_000 + 999 - came)
        });
        let waited: Vec<u64> = waited.collect();
        assert_eq!(waited.len(), 10, "{said}");
        // A few looks at the clock, at 200 ns each, tell that it is over.
        let longest = waited.iter().max().unwrap();
        assert!((1_000_000..1_010_000).contains(longest), "{waited:?}");
    }
}

/// Datagrams that find no room in a socket that nobody reads for a while.
#[test]
fn what_this_host_dropped_is_said_to_be_its_own_doing() {
    let server = udp_socket();
    let file = Scratch::new();
    let file = file.path();
    let mut command = support::udping_with("-c 0 -i 20ms -W 30s --journal");
    command
        .arg(file)
        .arg(server.local_addr().unwrap().to_string());
    let running = Running::start(&mut command);
    let mut room = [0; 128];
    let (len, client) = next_datagram(&server, &mut room);
    running.signal("STOP");
    let stat = format!("/proc/{}/stat", running.id());
    while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {}
    for _ in 0..30_000 {
        server.send_to(&room[..len], client).unwrap();
    }
    running.signal("CONT");
    running.line_with("(DUP!)");
    running.signal("INT");
    let ended = running.finish();
    let told = "faster than udping could read them, and this host dropped them";
    assert!(ended.stdout.contains(told), "{}", ended.stderr);
    let replayed = run(support::udping_with("replay").arg(file));
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    assert!(replayed.stdout.contains(told), "{replayed:?}");
}

/// However many probes go out, no memory is asked for, and what is in use has a bound.
#[test]
fn no_datagram_costs_an_allocation_and_the_memory_stays_as_it_is() {
    let server = Reflector::start("");
    let journal = Scratch::new();
    let place = journal.path().display();
    for arguments in [
        "-c 0 -f -q".to_owned(),
        "-c 0 -q --timestamps kernel".to_owned(),
        format!("-c 0 -f -q --journal {place}"),
    ] {
        let count = Scratch::holding([0; 8]);
        let mut command = server.pinged(&arguments);
        count_allocations(&mut command, &count);
        let running = Running::start(&mut command);
        running.line_with("PING ");
        let mut looks = 0;
        let mut look = |least: u64| loop {
            looks += 1;
            running.signal("QUIT");
            let line = running.warning_with(" packets");
            let probes: u64 = line.split_once('/').unwrap().0.parse().unwrap();
            if probes >= least {
                return (probes, allocations(&count), resident(running.id()));
            }
            std::thread::sleep(Duration::from_secs(1));
        };
        // The table of probes has 2^17 places, which are filled first.
        let (first, then) = (look(140_000), look(350_000));
        running.signal("INT");
        let ended = running.finish();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let probes = then.0 - first.0;
        let asked = then.1 - first.1;
        assert!(first.1 > 0, "they are counted");
        // Each line that was asked for costs a few hundred.
        assert!(
            asked < probes / 50 + 500 * looks,
            "{arguments}: {asked} allocations for {probes} probes and {looks} lines"
        );
        let grown = then.2.saturating_sub(first.2);
        // The statistics have 4.6 MiB in all, which they touch part by part as time passes.
        assert!(
            grown < 4_700 + 512,
            "{arguments}: {grown} KB for {probes} probes"
        );
    }
}

#[test]
fn no_answer_costs_an_allocation() {
    for (place, serving, asking) in [
        ("127.0.0.1:0", "", "-f"),
        ("127.0.0.1:0", "--reply upper", "-f"),
        ("127.0.0.1:0", "--wire stamp --stateful", "-f --wire stamp"),
        // These answer from the address that was asked.
        ("0.0.0.0:0", "--rate-limit off --total-limit off", "-f"),
        ("[::]:0", "--rate-limit off --total-limit off", "-f"),
    ] {
        let count = Scratch::holding([0; 8]);
        let server = Reflector::bound_with(place, serving, |command| {
            count_allocations(command, &count);
        });
        let asked = |probes: u32| {
            let ended = run(&mut server.pinged(&format!("{asking} -q -c {probes}")));
            assert_eq!(ended.code, Some(0), "{ended:?}");
            allocations(&count)
        };
        let (few, many) = (asked(100), asked(10_000));
        assert!(few > 0, "they are counted");
        assert_eq!(many, few, "{place} {serving}");
    }
}

/// Has a command count its allocations in a file, which holds a number of 64 bits.
fn count_allocations(command: &mut Command, count: &Scratch) {
    command
        .env("LD_PRELOAD", shared_library("allocations"))
        .env("UDPING_ALLOCATIONS", count.path());
}

fn allocations(count: &Scratch) -> u64 {
    let bytes = std::fs::read(count.path()).unwrap();
    u64::from_ne_bytes(bytes.try_into().unwrap())
}

/// How much memory a process has, in KB.
fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}

/// A counterpart in C to load into a program.
fn shared_library(name: &str) -> PathBuf {
    let library = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("lib{name}.so"));
    let built = run(Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(counterparts().join(name).with_extension("c")));
    assert_eq!(built.code, Some(0), "{}", built.stderr);
    library
}

/// Two hosts with a cable between them, and behind the far one narrow, closed and
/// missing networks. Sets `$far`, which commands of the far host start with.
const TWO_HOSTS: &str = r#"
    set -e
    ip link set lo up
    unshare --net sleep 600 & host=$!
    trap 'kill $host $server 2> /dev/null' EXIT
    until [ "$(readlink /proc/$host/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
    far="nsenter -t $host -n"
    ip link add near type veth peer name far netns $host
    ip addr add 10.9.0.1/24 dev near
    ip link set near up
    $far ip link set lo up
    $far ip addr add 10.9.0.2/24 dev far
    $far ip link set far up
    ip route add 10.9.0.0/16 via 10.9.0.2
    $far sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
    $far ip link add narrow mtu 1000 type veth peer name end
    $far ip addr add 10.9.1.1/24 dev narrow
    $far ip link set narrow up
    $far ip link set end up
    $far ip route add prohibit 10.9.2.0/24
    $far ip route add unreachable 10.9.3.0/24
"#;

/// Runs `script` on the near one. To one address of it, the far one says only so much a
/// second.
fn between_two_hosts(script: &str) -> Option<Ended> {
    in_a_network_of_its_own(&format!("{TWO_HOSTS}{script}"))
}

/// The far host's reflector, once it answers.
const SERVER: &str = r#"
    $far "$UDPING" serve --bind 10.9.0.2:7000 > /dev/null 2>&1 & server=$!
    until "$UDPING" -q -c 1 10.9.0.2:7000 > /dev/null; do :; done
"#;

#[test]
fn whoever_cannot_deliver_a_probe_is_named_and_so_is_why() {
    let file = Scratch::new();
    let script = format!(
        r#"
    for last in 11 12 13 14 15; do ip addr add 10.9.0.$last/32 dev near; done
    while read -r arguments; do
        "$UDPING" -c 1 -W 60 --overwrite --journal {file} $arguments 2> /dev/null | grep 'seq=1' || :
        grep -o '"error":".*' {file} || :
    done <<END
    -I 10.9.0.11 10.9.2.5
    -I 10.9.0.12 10.9.3.5
    -I 10.9.0.13 10.9.0.2:9
    -I 10.9.0.14 -t 1 10.9.1.5
    -I 10.9.0.15 -M do -s 1200 10.9.1.6
    -M do -s 1600 10.9.1.7
    10.9.0.77
END
    "#,
        file = file.path().display()
    );
    let Some(ended) = between_two_hosts(&script) else {
        return;
    };
    assert_eq!(ended.stderr, "");
    let said: Vec<&str> = ended.stdout.lines().collect();
    for (line, why) in [
        ("10.9.0.2 refused seq=1 after ", "port unreachable"),
        (
            "seq=1 cannot reach 10.9.1.5: 10.9.0.2 reported after ",
            "time to live exceeded",
        ),
        (
            "seq=1 cannot reach 10.9.1.6: 10.9.0.2 reported after ",
            "message too long, mtu=1000",
        ),
        (
            "cannot send seq=1: message too long, mtu=1500",
            "message too long, mtu=1500",
        ),
        (
            "seq=1 cannot reach 10.9.2.5: 10.9.0.2 reported after ",
            "administratively prohibited",
        ),
        (
            "seq=1 cannot reach 10.9.3.5: 10.9.0.2 reported after ",
            "host unreachable",
        ),
        // This host itself finds nobody on the cable who has that address.
        (
            "seq=1 cannot reach 10.9.0.77: 10.9.0.1 reported after ",
            "host unreachable",
        ),
    ] {
        let error = format!("\"error\":\"{why}\"");
        let told = |it: &[&str]| it[0].starts_with(line) && it[1].starts_with(&error);
        assert!(said.windows(2).any(told), "{why}, {line}: {ended:?}");
    }
}

#[test]
fn a_network_that_goes_and_comes_back_is_survived_and_named() {
    let file = Scratch::new();
    let script = format!(
        r#"{SERVER}
        "$UDPING" -c 0 -i 50ms -w 60 --journal {file} 10.9.0.2:7000 | while read -r line; do
            echo "$line"
            case $stage$line in
            *seq=3\ *time=*) ip link set near down; stage='down ' ;;
            down*network\ is\ down*) ip link set near up; stage='back ' ;;
            back*time=*) break ;;
            esac
        done
        "$UDPING" replay {file}"#,
        file = file.path().display()
    );
    let Some(ended) = between_two_hosts(&script) else {
        return;
    };
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for line in [
        "the network is down (Network is unreachable",
        "the network is back after ",
        " could not be sent: Network is unreachable",
        " 0 differences",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {ended:?}");
    }
    let incidents = incidents(&file);
    let told: Vec<_> = incidents
        .iter()
        .map(|incident| &incident["incident"])
        .collect();
    assert_eq!(told, ["network_down", "network_up"], "{ended:?}");
}

#[test]
fn every_send_that_fails_for_its_length_is_counted_and_named() {
    // The first one learns from the router what the way takes; the others find it here.
    let script = r#"
        "$UDPING" -M do -s 1200 -c 5 -i 50ms -W 500ms 10.9.1.6:7000 || :"#;
    let Some(ended) = between_two_hosts(script) else {
        return;
    };
    for line in [
        "5 packets transmitted, 0 received, +1 errors, 100% packet loss",
        "\n4 could not be sent: message too long, mtu=1000\n",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {ended:?}");
    }
}

#[test]
fn what_this_host_could_not_send_is_loss_in_every_figure() {
    let file = Scratch::new();
    let script = format!(
        r#"{SERVER}
        "$UDPING" -c 20 -i 100ms -W 3s --journal {file} 10.9.0.2:7000 | while read -r line; do
            echo "$line"
            case $line in *seq=10\ *) ip link set near down ;; esac
        done
        "$UDPING" replay {file}"#,
        file = file.path().display()
    );
    let Some(ended) = between_two_hosts(&script) else {
        return;
    };
    let records = records(&std::fs::read_to_string(file.path()).unwrap());
    let summary = &records.last().unwrap()["summary"];
    let count = |key: &str| summary[key].as_u64().unwrap();
    let (unsent, replied) = (count("unsent"), count("replied"));
    assert!(unsent > 0 && replied >= 10, "{summary}");
    assert_eq!(count("sent") + unsent, 20, "{summary}");
    let loss = 100 - replied * 5;
    let line = format!("20 packets transmitted, {replied} received, {loss}% packet loss");
    let named = format!("\n{unsent} could not be sent: Network is unreachable");
    // The run and its replay.
    for line in [line, named] {
        assert_eq!(ended.stdout.matches(&line).count(), 2, "{line}: {ended:?}");
    }
}

#[test]
fn a_cable_that_is_pulled_out_is_named() {
    let script = format!(
        r#"{SERVER}
        "$UDPING" -c 0 -i 50ms -W 100ms -w 60 10.9.0.2:7000 | while read -r line; do
            echo "$line"
            case $stage$line in
            *seq=3\ *time=*) $far ip link set far down; stage='down ' ;;
            down*network\ is\ down*) $far ip link set far up; stage='back ' ;;
            back*network\ is\ back*) stage='on ' ;;
            on*time=*) break ;;
            esac
        done"#
    );
    let Some(ended) = between_two_hosts(&script) else {
        return;
    };
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for line in ["(no carrier on near)", "the network is back after "] {
        assert!(ended.stdout.contains(line), "{line}: {ended:?}");
    }
}

#[test]
fn a_probe_that_finds_the_send_queue_full_is_not_sent_and_named_so() {
    let file = Scratch::new();
    // A queue that holds less than one packet.
    let script = format!(
        r#"{SERVER}
        tc qdisc replace dev near root bfifo limit 10
        for arguments in '-c 3 -i 10ms' '-f -c 3 -W 10ms' 'heartbeat -c 3 -i 10ms'; do
            "$UDPING" $arguments -w 60 --overwrite --journal {file} 10.9.0.2:7000 || echo "exit $?"
            grep -c '"error":"No buffer space available' {file}
        done"#,
        file = file.path().display()
    );
    let Some(ended) = between_two_hosts(&script) else {
        return;
    };
    let said = |line: &str| ended.stdout.matches(line).count();
    let summary = "\n3 could not be sent: this host's send queue is full\n";
    assert_eq!(said(summary), 2, "{ended:?}");
    // Of one a second at the most, there is a line.
    assert!(
        said("cannot send seq=1: this host's send queue is full\n") >= 1,
        "{ended:?}"
    );
    for seq in 1..=3 {
        let line = format!("heartbeat {seq} could not be sent: this host's send queue is full\n");
        assert_eq!(said(&line), 1, "{ended:?}");
    }
    assert_eq!(said("\n3\n"), 3, "errors on record: {ended:?}");
    assert_eq!(said("exit 2\n"), 3, "{ended:?}");
}

#[test]
fn an_interface_that_is_made_anew_is_followed() {
    let script = format!(
        r#"{SERVER}
        "$UDPING" -I near -c 0 -i 50ms -w 60 10.9.0.2:7000 | while read -r line; do
            echo "$line"
            case $stage$line in
            *seq=3\ *time=*) ip link del near; stage='down ' ;;
            down*network\ is\ down*)
                ip link add near type veth peer name far netns $host
                ip addr add 10.9.0.1/24 dev near
                ip link set near up
                $far ip addr add 10.9.0.2/24 dev far
                $far ip link set far up
                stage='back ' ;;
            back*time=*) break ;;
            esac
        done"#
    );
    let Some(ended) = between_two_hosts(&script) else {
        return;
    };
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        ended.stdout.contains("the network is back after "),
        "{ended:?}"
    );
}

#[test]
fn a_change_of_address_is_survived_and_named() {
    let file = Scratch::new();
    for redact in ["", "--redact"] {
        let script = format!(
            r#"{SERVER}
            "$UDPING" -c 0 -i 50ms -w 60 {redact} --overwrite --journal {file} 10.9.0.2:7000 | while read -r line; do
                echo "$line"
                case $stage$line in
                *seq=3\ *time=*)
                    ip addr del 10.9.0.1/24 dev near
                    ip addr add 10.9.0.3/24 dev near
                    stage='moved ' ;;
                moved*starts\ from\ 10.9.0.3*) stage='on ' ;;
                on*time=*) break ;;
                esac
            done"#,
            file = file.path().display()
        );
        let Some(ended) = between_two_hosts(&script) else {
            return;
        };
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let line = "the way to 10.9.0.2 now starts from 10.9.0.3";
        assert!(ended.stdout.contains(line), "{ended:?}");
        let incidents = incidents(&file);
        let moved = incidents
            .iter()
            .find(|it| it["incident"] == "moved")
            .unwrap();
        let address = moved.get("address").and_then(Value::as_str);
        assert_eq!(address, redact.is_empty().then_some("10.9.0.3"), "{moved}");
    }
}
