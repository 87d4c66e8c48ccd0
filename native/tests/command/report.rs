//! What is printed has ping's shape, so that whoever reads ping's can read ours.

use crate::support::journal::records;
use crate::support::{
    Ended, Reflector, Scratch, Server, in_a_network_of_its_own, run, udping_with,
};

/// ping's line of counts, taken apart as programs do that read it.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    transmitted: u64,
    received: u64,
    duplicates: u64,
    errors: u64,
    loss: String,
}

fn counts(ended: &Ended) -> Counts {
    let mut lines = ended.stdout.lines();
    let title = lines.find(|line| line.ends_with(" ping statistics ---"));
    assert!(title.is_some_and(|it| it.starts_with("--- ")), "{ended:?}");
    let line = lines.next().unwrap_or_default();
    let mut counts = Counts {
        transmitted: 0,
        received: 0,
        duplicates: 0,
        errors: 0,
        loss: String::new(),
    };
    let parts: Vec<_> = line.split(", ").collect();
    for part in &parts {
        let (number, what) = part.trim_start_matches('+').split_once(' ').unwrap();
        match what {
            "packets transmitted" => counts.transmitted = number.parse().unwrap(),
            "received" => counts.received = number.parse().unwrap(),
            "duplicates" => counts.duplicates = number.parse().unwrap(),
            "errors" => counts.errors = number.parse().unwrap(),
            "packet loss" => number
                .strip_suffix('%')
                .unwrap()
                .clone_into(&mut counts.loss),
            _ => {
                let time = part
                    .strip_prefix("time ")
                    .and_then(|it| it.strip_suffix("ms"));
                assert!(
                    time.is_some_and(|it| it.parse::<u64>().is_ok()),
                    "{part} in {line}"
                );
            }
        }
    }
    assert!(
        parts.last().is_some_and(|last| last.starts_with("time ")),
        "{line}"
    );
    counts
}

#[test]
fn the_line_of_counts_is_pings_whatever_happened() {
    for (serving, arguments, expected) in [
        ("", "-c 3", (3, 3, 0, 0, "0")),
        ("--loss 100%", "-c 3 -W 20ms", (3, 0, 0, 0, "100")),
        (
            "--duplicate 100%,0 --delay 1ms,0",
            "-c 3 -i 20ms",
            (3, 3, 3, 0, "0"),
        ),
    ] {
        let server = Reflector::start(serving);
        // The last copy may come when there is nothing left to wait for.
        let counts = counts(&run(&mut server.pinged(arguments)));
        let (transmitted, received, duplicates, errors, loss) = expected;
        assert_eq!(
            (counts.transmitted, counts.received),
            (transmitted, received),
            "{serving}"
        );
        assert_eq!(
            (counts.errors, counts.loss.as_str()),
            (errors, loss),
            "{serving}"
        );
        let copies = duplicates.max(1) - 1..=duplicates;
        assert!(copies.contains(&counts.duplicates), "{serving}: {counts:?}");
    }
    let third = counts(&run(&mut udping_with("simulate -c 6 --seed 1 --loss 30%")));
    assert_eq!((third.received, third.loss.as_str()), (4, "33.3333"));
}

#[test]
fn the_line_of_times_is_pings_and_is_left_out_where_there_are_none() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-c 5"));
    let line = ended
        .stdout
        .lines()
        .find(|line| line.starts_with("rtt min/"));
    let times = line.and_then(|line| line.strip_prefix("rtt min/avg/max/mdev = "));
    let times = times.and_then(|times| times.strip_suffix(" ms")).unwrap();
    let times: Vec<f64> = times.split('/').map(|time| time.parse().unwrap()).collect();
    assert_eq!(times.len(), 4, "{ended:?}");
    assert!(times[0] <= times[1] && times[1] <= times[2], "{times:?}");

    let server = Reflector::start("--loss 100%");
    let ended = run(&mut server.pinged("-c 2 -W 20ms"));
    assert!(!ended.stdout.contains("rtt "), "{ended:?}");
    assert_eq!(ended.code, Some(1));
}

#[test]
fn every_loss_is_said_with_its_time_and_every_late_reply_with_its_true_one() {
    let server = Reflector::start("--delay 300ms");
    let ended = run(&mut server.pinged("-c 2 -i 40ms -W 50ms --linger 30s"));
    let number = |line: &str, before: &str, after: &str| -> f64 {
        let number = line
            .split_once(before)
            .and_then(|(_, rest)| rest.split_once(after));
        let number = number.unwrap_or_else(|| panic!("no {before} in {line}")).0;
        number.parse().unwrap()
    };
    for (seq, least) in [(1, 0.05), (2, 0.09)] {
        let named = |words: &str| {
            let probe = format!("127.0.0.1: seq={seq} ");
            let mut lines = ended.stdout.lines();
            let line = lines.find(|line| line.contains(&probe) && line.contains(words));
            line.unwrap_or_else(|| panic!("no {words} in {ended:?}"))
        };
        let lost = named("lost after 50.0 ms, at ");
        assert!(lost.starts_with("no reply from "), "{lost}");
        assert!(number(lost, ", at ", " s") >= least, "{lost}");
        let late = named("time=");
        let (rtt, by) = (
            number(late, "time=", " ms"),
            number(late, "late by ", " ms"),
        );
        assert!(rtt >= 300.0, "{late}");
        assert!((rtt - 50.0 - by).abs() <= 1.0, "{late}");
    }
    assert!(ended.stdout.contains("2 lost, 2 of them late"), "{ended:?}");
    assert!(ended.stdout.contains("late min/avg/max = "), "{ended:?}");
    assert_eq!(counts(&ended).loss, "100");
}

#[test]
fn a_copy_is_marked_as_one() {
    let server = Server::python("upper --copies 2");
    let ended = run(&mut udping_with(&format!("-c 3 127.0.0.1:{}", server.port)));
    let copy = ended
        .stdout
        .lines()
        .find(|line| line.contains("seq=1 ") && line.ends_with(" ms (DUP!)"));
    assert!(copy.is_some(), "{ended:?}");
}

#[test]
fn nobody_listening_is_a_result_of_its_own_and_no_loss() {
    // A port that was free a moment ago, on an address that nobody else uses.
    let port = std::net::UdpSocket::bind("127.0.0.77:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let ended = run(&mut udping_with(&format!("-c 3 127.0.0.77:{port}")));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for seq in [1, 2, 3] {
        let line = format!("127.0.0.77 refused seq={seq} after ");
        assert!(ended.stdout.contains(&line), "{ended:?}");
    }
    assert_eq!(counts(&ended).errors, 3);
    assert!(ended.stdout.contains("\n3 refused\n"), "{ended:?}");
    assert!(!ended.stdout.contains("lost"), "{ended:?}");
    assert!(!ended.stdout.contains("losses"), "{ended:?}");
    // In a hurry, the word on one probe comes with the sending of the next, and the
    // kernel keeps only one: of probes sent in one batch, some are only seen lost.
    let flood = run(&mut udping_with(&format!(
        "-f --window 4 -c 8 127.0.0.77:{port}"
    )));
    let flood = counts(&flood);
    assert_eq!(flood.transmitted, 8);
    assert!((1..=8).contains(&flood.errors), "{}", flood.errors);

    let sentence = "Nobody is listening on that port: start a server there, or check the port.\n";
    assert!(ended.stdout.ends_with(sentence), "{ended:?}");
}

#[test]
fn an_outage_is_listed_with_begin_and_length_in_the_run_and_its_replay() {
    let file = Scratch::new();
    let script = format!(
        r#"ip link set lo up && ip addr add 192.0.2.1/32 dev lo
        "$UDPING" serve --bind 192.0.2.1:7000 > /dev/null 2>&1 & server=$!
        until "$UDPING" -q -c 1 192.0.2.1:7000 > /dev/null; do :; done
        "$UDPING" -c 0 -i 50ms -w 60 --until 9 --journal {file} 192.0.2.1:7000 | while IFS= read -r line; do
            echo "$line"
            case $line in
            *seq=3\ *time=*) ip rule add pref 1 prohibit; ip rule del pref 0 ;;
            *nor\ *before*) ip rule add pref 0 lookup local ;;
            esac
        done
        kill $server; wait $server; "$UDPING" replay {file}"#,
        file = file.path().display()
    );
    let Some(ended) = in_a_network_of_its_own(&script) else {
        return;
    };
    let records = records(&file.text());
    let outages = &records.last().unwrap()["outages"];
    let outage = &outages["longest"][0];
    assert_eq!(outages["count"], 1);
    // The network is gone as soon as the script has read the third reply.
    let first = outage["first"].as_u64().unwrap();
    assert!(first > 3, "{outages}");
    let probes = outage["probes"].as_u64().unwrap();
    assert!(probes > 3, "{outages}");
    let nanos = outage["for_ns"].as_u64().unwrap();
    assert!(nanos >= probes * 49_000_000, "{outages}");
    let lines: Vec<_> = ended
        .stdout
        .lines()
        .filter(|line| line.starts_with("  at "))
        .filter(|line| {
            line.contains(&format!(
                "Z): {probes} probes unanswered from seq={first} on, for "
            ))
        })
        .collect();
    assert_eq!(lines.len(), 2, "{ended:?}");
    assert_eq!(lines[0], lines[1]);
}

#[test]
fn a_host_that_is_down_to_the_end_has_an_outage_without_one() {
    let ended = run(&mut udping_with("simulate -c 3 -W 1s --loss 100% --seed 1"));
    let listed = "\n1 outage:\n  at 0.000 s: 3 probes unanswered from seq=1 on, to the end\n";
    assert!(ended.stdout.contains(listed), "{ended:?}");
    let alone = run(&mut udping_with("simulate -c 1 -W 1s --loss 100% --seed 1"));
    assert!(!alone.stdout.contains("outage"), "{alone:?}");
}
