//! Heartbeats: ours to ours, and each end to one that was written apart.

use std::net::UdpSocket;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::support::{
    Ended, Reflector, Running, Scratch, Server, python, run, udp_socket, udping, udping_with,
    unheard,
};

/// Sends heartbeats to `port`, and has the sender's journal verified.
fn beat(port: u16, arguments: &str) -> (Ended, Vec<Value>) {
    let file = Scratch::new();
    let ended = run(udping()
        .arg("heartbeat")
        .arg(format!("127.0.0.1:{port}"))
        .args(arguments.split_whitespace())
        .arg("--journal")
        .arg(file.path()));
    (ended, records(&file))
}

/// The records of a journal that `udping replay` verifies.
fn records(file: &Scratch) -> Vec<Value> {
    let replayed = run(udping().arg("replay").arg(file.path()));
    assert_eq!(replayed.code, Some(0), "{replayed:?}\n{}", file.text());
    assert!(replayed.stdout.contains("\nverified: "), "{replayed:?}");
    file.text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A receiver, and where its journal goes.
fn receiver(arguments: &str) -> (Reflector, Scratch) {
    let file = Scratch::new();
    let journal = file.path().display();
    let reflector = Reflector::start(&format!("--heartbeat {arguments} --journal {journal}"));
    (reflector, file)
}

/// The numbers of the records with this key.
fn numbers(records: &[Value], key: &str) -> Vec<u64> {
    let numbers = records.iter().filter_map(|record| record[key].as_u64());
    numbers.collect()
}

fn last<'a>(records: &'a [Value], key: &str) -> &'a Value {
    &records.last().unwrap()[key]
}

#[test]
fn what_is_lost_on_the_way_is_missing_and_silence_is_called() {
    let (reflector, file) = receiver("--silence 3s --loss 30%,0% --seed 3");
    let (sent, sender) = beat(reflector.port, "-c 10 -i 20ms");
    assert_eq!(sent.code, Some(0), "{sent:?}");
    assert_eq!(numbers(&sender, "sent"), (1..=10).collect::<Vec<_>>());
    assert_eq!(last(&sender, "beats")["sent"], 10);
    let stopped = reflector
        .running
        .line_with("has stopped, or nothing gets through");
    assert!(stopped.starts_with("127.0.0.1:"), "{stopped}");
    let ended = reflector.stop();
    assert!(ended.stdout.contains("missing"), "{ended:?}");
    let heard = records(&file);
    // The seed loses 1, 3 and 9; what went before the first, nobody can know.
    assert_eq!(numbers(&heard, "beat"), [2, 4, 5, 6, 7, 8, 10]);
    let watched = last(&heard, "watched");
    assert_eq!(
        (&watched["missing"], &watched["stopped"]),
        (&2.into(), &1.into())
    );
    let differences = heard.iter().filter(|it| it["difference_ns"].is_i64());
    assert_eq!(differences.count(), 7);
}

#[test]
fn what_the_receivers_own_queue_dropped_is_said_and_on_record() {
    let (reflector, file) = receiver("");
    let sender = udp_socket();
    let server = ("127.0.0.1", reflector.port);
    sender.send_to(b"1 0", server).unwrap();
    reflector.running.line_with("heartbeat 1 from");
    reflector.running.signal("STOP");
    let stat = format!("/proc/{}/stat", reflector.running.id());
    while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {}
    for beat in 2..30_000 {
        let text = format!("{beat} 0");
        sender.send_to(text.as_bytes(), server).unwrap();
    }
    reflector.running.signal("CONT");
    // It was the first for which there was room, or none would be dropped.
    reflector.running.line_with("heartbeat 2 from");
    let ended = reflector.stop();
    let said = "that this host dropped, since its queue was full";
    assert!(ended.stdout.contains(said), "{ended:?}");
    let dropped = records(&file).last().unwrap()["rx_dropped"].as_u64();
    assert!(dropped > Some(1000), "{dropped:?}");
}

/// It once sent one, and missed the rest.
#[test]
fn an_interval_shorter_than_a_look_at_the_clock_still_sends_them_all() {
    let listener = udp_socket();
    let port = listener.local_addr().unwrap().port();
    let (sent, sender) = beat(port, "-i 100ns -c 50 -w 30s");
    assert_eq!(sent.code, Some(0), "{sent:?}");
    assert_eq!(numbers(&sender, "sent"), (1..=50).collect::<Vec<_>>());
}

#[test]
fn a_client_written_apart_is_understood_and_two_are_told_apart() {
    let (reflector, file) = receiver("");
    let port = reflector.port.to_string();
    let mut clients: Vec<Running> = (0..2)
        .map(|_| Running::start(python("client.py").args(["heartbeat", "127.0.0.1", &port])))
        .collect();
    for client in clients.drain(..) {
        assert_eq!(client.finish().code, Some(0));
    }
    for _ in 0..2 {
        reflector.running.line_with("heartbeat 10 from");
    }
    reflector.stop();
    let heard = records(&file);
    assert_eq!(numbers(&heard, "beat").len(), 20);
    let watched = last(&heard, "watched");
    assert_eq!(
        (&watched["senders"], &watched["missing"]),
        (&2.into(), &0.into())
    );
    let named = heard.iter().filter(|it| it["named"].is_u64());
    assert_eq!(named.count(), 2);
}

#[test]
fn by_address_a_client_with_a_socket_for_each_heartbeat_is_one() {
    let (reflector, file) = receiver("--by address");
    for number in 1..=20 {
        let beat = format!("{number} 12:30:01");
        udp_socket()
            .send_to(beat.as_bytes(), reflector.address())
            .unwrap();
        reflector
            .running
            .line_with(&format!("heartbeat {number} from 127.0.0.1"));
    }
    // Nobody said what silence is, and a beat this fast is given three seconds.
    let stopped = reflector.running.line_with("has stopped");
    assert!(stopped.starts_with("127.0.0.1 has"), "{stopped}");
    assert!(stopped.contains("for 3.000 s"), "{stopped}");
    reflector.stop();
    let heard = records(&file);
    assert_eq!(heard[0]["silence_ns"], 0);
    let watched = last(&heard, "watched");
    assert_eq!(
        (
            &watched["senders"],
            &watched["missing"],
            &watched["stopped"]
        ),
        (&1.into(), &0.into(), &1.into())
    );
    let named: Vec<&Value> = heard.iter().filter(|it| it["named"].is_u64()).collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0]["address"], "127.0.0.1");
}

#[test]
fn a_server_written_apart_understands_ours() {
    let server = Server::start(python("heartbeat_server.py").args(["--silence", "3"]));
    let (sent, _) = beat(server.port, "-c 3 -i 20ms -s 60");
    assert_eq!(sent.code, Some(0), "{sent:?}");
    let said: Vec<String> = (0..4).map(|_| server.line()).collect();
    for (line, number) in said.iter().zip(1..=3) {
        let rest = line.strip_prefix(&format!("beat {number} "));
        let difference: f64 = rest.unwrap_or_else(|| panic!("{said:?}")).parse().unwrap();
        assert!(difference.abs() < 60.0, "one machine, one clock: {said:?}");
    }
    assert_eq!(said[3], "stopped");
}

/// Says `words` to `port` from one socket, each once the one before was told.
fn say(reflector: &Reflector, socket: &UdpSocket, words: &[(&str, &str)]) {
    for (words, told) in words {
        socket
            .send_to(words.as_bytes(), reflector.address())
            .unwrap();
        reflector.running.line_with(told);
    }
}

#[test]
fn copies_stragglers_new_counts_and_returns_are_told_apart() {
    let (reflector, file) = receiver("--silence 3s");
    let socket = udp_socket();
    say(
        &reflector,
        &socket,
        &[
            ("7 12:30:01", "whether there were heartbeats before 7"),
            ("Ping 9 12:30:02", "missing from"),
            ("9 12:30:02", "already received"),
            ("8 12:30:01", "late, others overtook it"),
            ("hello", "not a heartbeat"),
        ],
    );
    reflector.running.line_with("has stopped");
    say(&reflector, &socket, &[("10", "is back")]);
    reflector.running.line_with("has stopped");
    say(
        &reflector,
        &socket,
        &[("1", "has restarted its numbering, from 1")],
    );
    let ended = reflector.stop();
    assert!(
        ended.stdout.contains("its times are not dates"),
        "{ended:?}"
    );
    let heard = records(&file);
    let watched = last(&heard, "watched");
    for (key, number) in [
        ("beats", 5),
        ("missing", 0),
        ("late", 1),
        ("duplicates", 1),
        ("restarts", 1),
        ("stopped", 2),
        ("back", 2),
        ("unreadable", 1),
    ] {
        assert_eq!(watched[key], number, "{key}: {watched}");
    }
}

#[test]
fn nobody_listening_is_a_result_of_its_own() {
    let unheard = unheard();
    let port = unheard.local_addr().unwrap().port();
    for count in [1, 3] {
        let (ended, records) = beat(port, &format!("-c {count} -i 20ms"));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(
            ended.stdout.contains("Nobody was listening on that port"),
            "{ended:?}"
        );
        // The last one, too.
        assert_eq!(last(&records, "beats")["refused"], count, "{records:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_refusal_does_not_keep_the_processor_busy() {
    let unheard = unheard();
    let port = unheard.local_addr().unwrap().port();
    let sender = Running::start(&mut udping_with(&format!(
        "heartbeat -i 100ms 127.0.0.1:{port}"
    )));
    sender.line_with("heartbeat 12 sent");
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", sender.id())).unwrap();
    let lasted = Duration::from_millis(1_100);
    // Behind the name in brackets: state, ten others, and time in hundredths of a second.
    let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: u64 = [fields[11], fields[12]]
        .into_iter()
        .map(|it| it.parse::<u64>().unwrap())
        .sum();
    assert!(
        Duration::from_millis(ticks * 10) < lasted / 3,
        "{ticks} ticks in {lasted:?}"
    );
    sender.signal("INT");
    let ended = sender.finish();
    assert_eq!(ended.code, Some(1), "{ended:?}");
}

#[test]
fn a_signal_ends_either_with_a_whole_journal() {
    let (reflector, file) = receiver("--redact");
    let sent = Scratch::new();
    let sender = Running::start(
        udping_with("heartbeat -i 10ms --redact --journal")
            .arg(sent.path())
            .arg(reflector.address().to_string()),
    );
    sender.line_with("heartbeat 3 sent");
    sender.signal("INT");
    let ended = sender.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    reflector.stop();
    for file in [&file, &sent] {
        let records = records(file);
        assert!(records.iter().any(|it| it["stop"] == "signal"));
        assert!(!file.text().contains("127.0.0.1"), "{}", file.text());
    }
}

#[test]
fn a_deadline_ends_it_and_json_takes_standard_output() {
    let (reflector, _file) = receiver("-q");
    let address = reflector.address().to_string();
    let mut command = udping_with("heartbeat -i 10ms -w 100ms --json");
    let ended = run(command.arg(&address));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let lines: Vec<Value> = ended
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["kind"], "heartbeat");
    assert!(lines.iter().any(|it| it["stop"] == "deadline"));
    let ended = reflector.stop();
    assert!(!ended.stdout.contains("heartbeat 1 from"), "-q: {ended:?}");
}

#[test]
fn flags_that_make_no_sense_are_refused_with_a_word_on_why() {
    for (arguments, why) in [
        ("serve --heartbeat --loss 20%", "as --loss 20%,0%"),
        (
            "serve --heartbeat --answer {echo} --json --redact",
            "--redact",
        ),
        ("serve --heartbeat --tcp", "cannot be used with"),
        ("serve --heartbeat --wire stamp", "cannot be used with"),
        ("serve --silence 1s", "--heartbeat"),
        ("serve --heartbeat --silence 0", "more than zero"),
        ("heartbeat", "HOST"),
        ("heartbeat 127.0.0.1 -s 65508", "from 0 to 65507"),
        ("heartbeat 127.0.0.1 -i 0", "more than zero"),
    ] {
        let ended = run(&mut udping_with(arguments));
        assert_eq!(ended.code, Some(2), "{arguments}: {ended:?}");
        assert!(ended.stderr.contains(why), "{arguments}: {ended:?}");
    }
}

#[test]
fn an_altered_journal_is_found_out() {
    let (reflector, file) = receiver("--silence 100ms");
    let (sent, _) = beat(reflector.port, "-c 3 -i 10ms");
    assert_eq!(sent.code, Some(0));
    reflector.running.line_with("has stopped");
    reflector.stop();
    records(&file);
    let text = file.text();
    let forged = text.replacen("\"order\":\"next\"", "\"order\":\"late\"", 1);
    assert_ne!(text, forged);
    let forged = Scratch::holding(forged);
    let ended = run(Command::new(env!("CARGO_BIN_EXE_udping"))
        .arg("replay")
        .arg(forged.path()));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("NOT verified"), "{ended:?}");
    let asked = run(udping_with("replay --timeout 1s").arg(file.path()));
    assert_eq!(asked.code, Some(2));
    assert!(asked.stderr.contains("leave out --timeout"), "{asked:?}");
}

#[test]
fn answers_meet_the_way_back_and_are_on_record_and_decided_again() {
    let impaired = "--answer {echo} --loss 20%,30% --delay 2ms,5ms --duplicate 20%,20% --seed 4";
    let (reflector, file) = receiver(impaired);
    let pinged = run(&mut reflector.pinged("-c 20 -i 5ms -W 500ms -q"));
    assert_eq!(pinged.code, Some(0), "{pinged:?}");
    let said = reflector.stop().stdout;
    let all = records(&file);
    assert_eq!(numbers(&all, "received"), (1..=20).collect::<Vec<_>>());
    let of = |tag: &str, lost: bool| {
        let those = all.iter().filter(|it| it.get(tag).is_some());
        those.filter(|it| (it["loss"] == true) == lost).count()
    };
    let lost = [of("received", true), of("answered", true)];
    assert!(
        lost[0] > 0 && lost[1] > 0 && of("transmitted", false) > 10,
        "{all:?}"
    );
    assert!(
        said.contains(&format!("{} lost on the way here", lost[0])),
        "{said}"
    );
    assert!(
        said.contains(&format!("{} replies lost on the way back", lost[1])),
        "{said}"
    );
    let text = file.text();
    for (from, to) in [
        ("\"delay_ns\":5000000", "\"delay_ns\":5000001"),
        ("{\"received\":2,", "{\"received\":3,"),
        ("{\"transmitted\":", "{\"transmitted\":9"),
    ] {
        let forged = Scratch::holding(text.replacen(from, to, 1));
        assert_ne!(forged.text(), text, "{from}");
        let mut replay = Command::new(env!("CARGO_BIN_EXE_udping"));
        let found = run(replay.arg("replay").arg(forged.path()));
        assert_eq!(found.code, Some(1), "{from}: {found:?}");
    }
}

#[test]
fn what_is_sent_to_nobodys_delay_is_counted_when_it_arrives() {
    let (reflector, file) = receiver("--delay 150ms,0ms --silence 5s");
    let (sent, _) = beat(reflector.port, "-c 2 -i 10ms");
    assert_eq!(sent.code, Some(0));
    reflector.running.line_with("heartbeat 2 from");
    reflector.stop();
    let heard = records(&file);
    let late = heard.iter().filter_map(|it| it["difference_ns"].as_i64());
    let least = Duration::from_millis(149).as_nanos();
    assert!(late.clone().count() == 2);
    assert!(late.clone().all(|it| u128::try_from(it).unwrap() >= least));
}
