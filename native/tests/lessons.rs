//! The commands at the end of each lesson of the lab, run as they stand there: they work, their
//! journals are verified, and what they show is what the lesson says they show.
//!
//! Only the port differs, since a test takes a free one, and with it the address that clients
//! are given.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use support::{Ended, Running, Scratch, run, udping, without_a_path};

/// What came of a lesson's commands.
struct Shown {
    /// The commands after the server's, in order.
    ended: Vec<Ended>,
    /// The command on a path of its own, if there is one and it is permitted.
    on_a_path: Option<Ended>,
    /// What the server said, by its end.
    served: String,
    /// The journal, line by line.
    journal: Vec<Value>,
    /// The commands.
    commands: Vec<String>,
    /// The values that the lesson says are shown.
    said: Value,
}

/// A lesson's file.
fn lesson(id: &str) -> Value {
    let of_this = |path: &PathBuf| read(path)["id"] == id;
    let path = files().into_iter().find(of_this);
    read(&path.unwrap_or_else(|| panic!("no lesson is called {id}")))
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/lessons");
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A command of a lesson, in a folder of its own, for a server on this address.
fn command(line: &str, folder: &Path, server: Option<&str>) -> Command {
    let words = line
        .strip_prefix("udping ")
        .expect("it is a udping command");
    let mut command = udping();
    command.current_dir(folder);
    let mut words = words.split_whitespace();
    while let Some(word) = words.next() {
        match (word, server) {
            ("--bind", None) => {
                // Replaced below.
                words.next();
            }
            (host, Some(address)) if host.starts_with("127.0.0.1") => {
                command.arg(address);
            }
            _ => {
                command.arg(word);
            }
        }
    }
    if server.is_none() {
        command.args(["--bind", "127.0.0.1:0"]);
    }
    command
}

/// Runs a lesson's commands as its reader would, Ctrl-C for the server included.
fn try_out(id: &str) -> Shown {
    let lesson = lesson(id);
    let commands = lesson["commands"].as_array().unwrap();
    let commands: Vec<&str> = commands.iter().filter_map(Value::as_str).collect();
    let folder = Scratch::folder();

    let (serve, others) = commands.split_first().expect("a lesson ends with commands");
    let server = Running::start(&mut command(serve, folder.path(), None));
    let listening = server.line_with("listening on ");
    let address = listening.rsplit(' ').next().unwrap().to_owned();
    let (paths, others): (Vec<&str>, Vec<&str>) = others
        .iter()
        .partition(|line| line.starts_with("udping path "));
    let path = paths.first().filter(|_| !without_a_path());
    let on_a_path = path.map(|line| run(&mut command(line, folder.path(), Some(&address))));
    let ended: Vec<_> = others
        .iter()
        .map(|line| run(&mut command(line, folder.path(), Some(&address))))
        .collect();
    for ended in ended.iter().chain(&on_a_path) {
        assert!(matches!(ended.code, Some(0 | 1)), "{id}: {ended:?}");
    }
    let mut told = String::new();
    if serve.contains("--heartbeat") {
        // What the lesson waits for.
        loop {
            let line = server.line();
            told.push_str(&line);
            told.push('\n');
            if line.contains("stopped") && line.contains("127.0.0.1") {
                break;
            }
        }
    }
    server.signal("INT");
    let end = server.finish();
    assert_eq!(end.code, Some(0), "{id}: {end:?}");
    told.push_str(&end.stdout);

    let all = commands.join(" ");
    let journals: BTreeSet<&str> = all
        .split_whitespace()
        .filter(|word| {
            Path::new(word)
                .extension()
                .is_some_and(|end| end == "jsonl")
        })
        .collect();
    assert_eq!(
        journals.len(),
        1,
        "{id} has one journal to open: {journals:?}"
    );
    let journal = folder.path().join(journals.first().unwrap());
    let replayed = run(udping().arg("replay").arg(&journal));
    assert_eq!(replayed.code, Some(0), "{id}: {replayed:?}");
    assert!(
        replayed.stdout.contains(" 0 differences"),
        "{id}: {replayed:?}"
    );
    let text = fs::read_to_string(&journal).unwrap();
    let journal = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let journal = journal.collect();
    Shown {
        ended,
        on_a_path,
        served: told,
        journal,
        commands: commands.into_iter().map(str::to_owned).collect(),
        said: lesson["shown"].clone(),
    }
}

impl Shown {
    /// A value that the lesson's words name: a count, or milliseconds.
    fn said(&self, name: &str) -> u64 {
        let text = self.said[name].as_str().unwrap_or_default();
        let digits = text.trim_end_matches(|unit: char| !unit.is_ascii_digit());
        let amount: u64 = digits.parse().unwrap_or_else(|_| panic!("{name}: {text}"));
        match &text[digits.len()..] {
            "s" => amount * 1_000,
            _ => amount,
        }
    }

    /// The numbers that lines with this key have under it.
    fn under<'a>(&'a self, key: &'a str) -> impl Iterator<Item = u64> + 'a {
        self.journal
            .iter()
            .filter_map(move |line| line[key].as_u64())
    }

    /// The RTTs of all that were answered in time, in milliseconds.
    fn rtts(&self) -> Vec<u64> {
        let replies = self.journal.iter().filter(|line| line["reply"].is_u64());
        let rtts = replies.filter_map(|line| line["rtt_ns"].as_u64());
        rtts.map(|ns| ns / 1_000_000).collect()
    }

    /// Which probes had no answer at all, not even a late one.
    fn unanswered(&self) -> Vec<u64> {
        let late = self.journal.iter().filter(|line| line["late_ns"].is_u64());
        let late: BTreeSet<u64> = late.filter_map(|line| line["reply"].as_u64()).collect();
        self.under("lost")
            .filter(|seq| !late.contains(seq))
            .collect()
    }

    fn summary(&self) -> &Value {
        &self.journal.last().expect("a journal has an end")["summary"]
    }
}

#[test]
fn every_lesson_is_tried() {
    let ids: BTreeSet<String> = files()
        .iter()
        .map(|path| read(path)["id"].as_str().unwrap().to_owned())
        .collect();
    let source = include_str!("lessons.rs");
    for id in ids {
        let (_, test) = source
            .split_once(&format!("try_out(\"{id}\")"))
            .unwrap_or_else(|| panic!("{id} is not tried"));
        let test = test.split("#[test]").next().unwrap();
        for name in lesson(&id)["shown"]
            .as_object()
            .into_iter()
            .flat_map(|it| it.keys())
        {
            let compared = test.contains(&format!("said(\"{name}\")"));
            assert!(compared, "{id} says {name}, which is not compared");
        }
    }
}

#[test]
fn the_first_ping() {
    let shown = try_out("first-ping");
    let rtts = shown.rtts();
    assert_eq!(rtts.len() as u64, shown.said("replies"));
    let least = shown.said("rtt");
    assert!(rtts.iter().all(|rtt| *rtt >= least), "{rtts:?}");
    assert_eq!(shown.ended[0].code, Some(0));
}

#[test]
fn a_server_that_receives_udp() {
    let shown = try_out("udp-server");
    assert_eq!(shown.rtts().len(), 5);
    let sent = shown.journal.iter().filter(|line| line["sent"].is_u64());
    let at: Vec<u64> = sent.filter_map(|line| line["at_ns"].as_u64()).collect();
    let lasts = (at[at.len() - 1] - at[0]).div_ceil(1_000_000);
    assert!(lasts.abs_diff(shown.said("lasts")) < 500, "{lasts} ms");
    let requests = shown
        .served
        .lines()
        .filter(|line| line.contains("127.0.0.1:"));
    // One line says where it listens, and one comes for each request.
    assert!(requests.count() >= 5, "{}", shown.served);
}

#[test]
fn a_request_over_udp_and_over_tcp() {
    let shown = try_out("udp-and-tcp");
    let via = |way: &str| {
        let lines = shown.journal.iter().filter(move |line| line["via"] == way);
        lines.collect::<Vec<_>>()
    };
    let lost = |way| via(way).iter().filter(|line| line["lost"].is_u64()).count();
    let lost_over_udp = lost("udp") as u64;
    assert_eq!(lost_over_udp, shown.said("lost"));
    assert_eq!((lost("tcp_new"), lost("tcp_kept")), (0, 0));
    let sent = |way| via(way).iter().filter(|line| line["sent"].is_u64()).count() as u64;
    assert_eq!(sent("udp"), shown.said("requests"));
    assert_eq!(
        sent("tcp_new") + sent("tcp_kept"),
        shown.said("tcp-requests")
    );
    let usual = 100;
    let late = (usual + shown.said("held")) * 1_000_000;
    let held_up = |line: &&&Value| line["rtt_ns"].as_u64() >= Some(late);
    let slow = |way| via(way).iter().filter(held_up).count();
    assert_eq!(slow("tcp_new") + slow("tcp_kept"), 2);
    let told = &shown.ended[0].stdout;
    let row = |name: &str| {
        let line = told.lines().find(|line| line.starts_with(name));
        let cells = line.unwrap_or_default().split_whitespace();
        cells.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("round trips")[2..], ["8", "20", "11"], "{told}");
    let Some(ended) = &shown.on_a_path else {
        return;
    };
    let told = &ended.stdout;
    let first = told.lines().find(|line| line.starts_with("tcp new"));
    let (_, connected) = first.unwrap().split_once("connected after ").unwrap();
    let (ms, _) = connected.split_once(' ').unwrap();
    let ms: f64 = ms.parse().unwrap();
    assert!((1_100.0..2_000.0).contains(&ms), "{told}");
    let (_, time) = first.unwrap().split_once("time=").unwrap();
    let answered: u64 = time.split_once(' ').unwrap().0.parse().unwrap();
    let least = shown.said("syn");
    assert!((least..least + 500).contains(&answered), "{told}");
    let lost = told.lines().find(|line| line.starts_with("lost ")).unwrap();
    assert!(lost.ends_with(" 0               0"), "{told}");
}

#[test]
fn how_the_delay_is_computed() {
    let shown = try_out("delay");
    let told = &shown.ended[0].stdout;
    let ways = shown.said("there") + shown.said("back");
    assert!(shown.rtts().iter().all(|rtt| *rtt >= ways), "{told}");
    // At least, since the machine may be busy and its delays are added.
    let one_way = &shown.summary()["reflected"]["one_way"];
    for way in ["there", "back"] {
        let least = one_way[way]["min_ns"].as_u64().unwrap() / 1_000_000;
        assert!(least.abs_diff(shown.said(way)) < 5, "{one_way}");
    }
    let clock = told
        .lines()
        .find(|line| line.starts_with("server's clock"))
        .unwrap();
    let figures = clock
        .split_whitespace()
        .filter_map(|word| word.parse::<f64>().ok());
    let said = [shown.said("behind"), shown.said("margin")];
    for (figure, said) in figures.zip(said) {
        #[expect(clippy::cast_precision_loss, reason = "a few milliseconds")]
        let said = said as f64;
        assert!((figure - said).abs() < 5.0, "{clock}");
    }
}

#[test]
fn the_timeout() {
    let shown = try_out("timeout");
    assert_eq!(shown.unanswered(), [3, 9]);
    assert_eq!(shown.summary()["late"], 1);
    assert_eq!(shown.under("sent").count() as u64, shown.said("pings"));
    assert_eq!(shown.rtts().len() as u64, shown.said("replied"));
    let dropped = "1 lost on the way here, 1 reply lost on the way back";
    assert!(shown.served.contains(dropped), "{}", shown.served);
}

#[test]
fn the_late_reply() {
    let shown = try_out("late-reply");
    assert_eq!(shown.ended[0].code, Some(1));
    assert_eq!(shown.under("lost").count() as u64, shown.said("lost"));
    assert_eq!(shown.summary()["late"], shown.said("lost"));
    let late = shown
        .journal
        .iter()
        .filter_map(|line| line["late_ns"].as_u64());
    let rtt = shown.said("rtt");
    assert!(
        late.map(|ns| ns / 1_000_000)
            .all(|ms| (rtt..rtt + 150).contains(&ms))
    );
    assert!(shown.commands[2].ends_with(&format!("--timeout {}ms", shown.said("timeout"))));
    let answered = shown.ended[1]
        .stdout
        .matches("replied instead of late")
        .count();
    assert_eq!(answered, 5, "{}", shown.ended[1].stdout);
}

#[test]
fn duplicates_and_order() {
    let shown = try_out("duplicates-and-order");
    // A busy machine may miss a slot; what it sent is answered.
    assert_eq!(shown.rtts().len(), shown.under("sent").count());
    assert!(shown.ended[0].stdout.contains("(DUP!)"));
    let held = shown.said("held");
    assert!(
        shown
            .rtts()
            .iter()
            .any(|rtt| (held..held + 10).contains(rtt))
    );
    assert!(
        shown.summary()["reordering"]["reordered"].as_u64() >= Some(1),
        "{}",
        shown.summary()
    );
}

#[test]
fn figures_that_mislead() {
    let shown = try_out("misleading-figures");
    let missed: u64 = shown.under("missed").sum();
    let pings = shown.said("pings");
    assert!(shown.under("sent").count() as u64 + missed >= pings);
    // All that the network loses, unless a busy machine did not send them.
    let lost = shown.unanswered().len() as u64;
    let loses = pings * shown.said("loss") / 100;
    assert!(
        lost <= loses && lost + missed >= loses,
        "{lost} lost, {missed} missed"
    );
    assert!(shown.ended[0].stdout.contains("p50/p90/p95/p99"));
}

#[test]
fn choosing_the_timeout() {
    let shown = try_out("choosing-a-timeout");
    assert_eq!(shown.unanswered().len(), 3);
    assert!(shown.commands[1].contains(&format!("-W {}ms ", shown.said("long"))));
    assert!(shown.commands[2].ends_with(&format!("--timeout {}ms", shown.said("short"))));
    let then = &shown.ended[1].stdout;
    assert!(
        then.matches("late instead of replied").count() >= 3,
        "{then}"
    );
}

#[test]
fn heartbeats() {
    let shown = try_out("heartbeat");
    assert_eq!(shown.ended[0].code, Some(0));
    let heard: Vec<u64> = shown.under("beat").collect();
    assert_eq!(heard, [1, 4, 5, 6, 8]);
    assert_eq!(heard.len() as u64, shown.said("sent") - shown.said("lost"));
    let silence = format!("--silence {}s ", shown.said("silence") / 1_000);
    assert!(shown.commands[0].contains(&silence));
    assert!(shown.served.contains("missing"), "{}", shown.served);
    assert!(shown.journal.iter().any(|line| line["stopped"].is_u64()));
}

#[test]
fn messages_and_streams() {
    let shown = try_out("messages");
    assert_eq!(shown.ended[0].code, Some(0));
    assert_eq!(shown.rtts().len(), 9, "three over each way");
}

#[test]
fn one_socket_many_clients() {
    let shown = try_out("one-socket");
    assert_eq!(shown.under("lost").collect::<Vec<_>>(), [5]);
}

#[test]
fn the_client_that_is_written() {
    let shown = try_out("write-the-client");
    assert_eq!(shown.under("lost").collect::<Vec<_>>(), [2, 4, 7, 8, 10]);
}
