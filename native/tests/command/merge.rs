//! `udping merge`: both ends of a session on real sockets, laid side by side.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::journal::{records, verify};
use crate::support::{Ended, Reflector, Scratch, run, udping_with};

/// A server with these arguments, and its journal.
fn server(arguments: &str) -> (Reflector, Scratch) {
    let file = Scratch::new();
    let journal = file.path().display();
    let server = Reflector::start(&format!("{arguments} --journal {journal}"));
    (server, file)
}

/// A session with `server`, and its journal.
fn client(server: &Reflector, arguments: &str) -> Scratch {
    let file = Scratch::new();
    let ended = run(server.pinged(arguments).arg("--journal").arg(file.path()));
    assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
    file
}

fn merge(language: &str, client: &Path, server: &Path, both: &Path) -> Ended {
    let command = format!("--lang {language} merge");
    let mut command = udping_with(&command);
    run(command.arg(client).arg(server).arg("-o").arg(both))
}

/// The records that have this key.
fn with<'a>(records: &'a [Value], key: &'a str) -> impl Iterator<Item = &'a Value> {
    records.iter().filter(move |record| !record[key].is_null())
}

fn bounds(of: &Value) -> [i64; 2] {
    ["min", "max"].map(|key| of[key].as_i64().unwrap())
}

#[test]
fn each_loss_has_its_place_and_each_round_trip_its_parts() {
    let (server, its) = server("--loss 20%,20% --delay 3ms,6ms --seed 4");
    let ours = client(&server, "-c 30 -i 10ms -W 1s -q");
    let said = server.stop().stdout;
    let both = Scratch::new();
    let ended = merge("en", ours.path(), its.path(), both.path());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    verify(both.path());

    let records = records(&both.text());
    let figures = &with(&records, "both").next().unwrap()["both"];
    let [requests, replies] = ["lost_requests", "lost_replies"].map(|key| &figures[key]);
    let losses = format!("{requests} lost on the way here, {replies} replies lost on the way back");
    assert!(said.contains(&losses), "{said} {figures}");
    for line in [
        format!(
            "lost on the way there: {requests}; not answered: 0; lost on the way back: {replies}\n"
        ),
        "\nthere: mean ".to_owned(),
        "\nat the server: mean ".to_owned(),
        "\nback: mean ".to_owned(),
    ] {
        assert!(ended.stdout.contains(&line), "{line}: {ended:?}");
    }
    // Both read one clock, which has no drift against itself.
    let [least, most] = bounds(&figures["drift_ppb"]);
    assert!(least <= 0 && 0 <= most, "{figures}");
    let mut split = 0;
    for parts in with(&records, "server_ns") {
        let seq = &parts["parts"];
        let reply = records.iter().find(|it| it["reply"] == *seq).unwrap();
        let rtt = reply["rtt_ns"].as_i64().unwrap();
        let [there, back] = ["there_ns", "back_ns"].map(|key| bounds(&parts[key]));
        let server = parts["server_ns"].as_i64().unwrap();
        assert!(there[1] >= 3_000_000 && back[1] >= 6_000_000, "{parts}");
        // The server's time is by its clock, which may drift.
        let doubt = 10 + server / 500;
        assert!(
            there[0] + server + back[0] <= rtt + doubt,
            "{parts} {reply}"
        );
        assert!(
            there[1] + server + back[1] >= rtt - doubt,
            "{parts} {reply}"
        );
        split += 1;
    }
    assert!(split > 10, "{records:?}");

    let ended = merge("en", both.path(), its.path(), Scratch::new().path());
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("merged already"), "{ended:?}");
}

#[test]
fn what_a_server_does_not_answer_was_lost_there() {
    let (server, its) = server("--rate-limit 5");
    let ours = client(&server, "-c 20 -i 1ms -W 100ms -q");
    server.stop();
    let both = Scratch::new();
    let ended = merge("pt-BR", ours.path(), its.path(), both.path());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    verify(both.path());
    let records = records(&both.text());
    let places: Vec<&Value> = with(&records, "loss").map(|it| &it["loss"]).collect();
    assert!(places.len() > 5, "{places:?}");
    assert!(places.iter().all(|place| **place == "server"), "{places:?}");
    let said = "perdidas na ida: 0; sem resposta do servidor:";
    assert!(ended.stdout.contains(said), "{ended:?}");
}

#[test]
fn a_server_that_has_not_ended_may_have_seen_more() {
    let (server, its) = server("--loss 50%,0% --seed 1");
    let ours = client(&server, "-c 10 -i 1ms -W 100ms -q");
    // It writes many times a second: until the last reply is on record.
    let answered = format!("\"seq\":{}", 10);
    while !its.text().contains(&answered) {
        std::thread::yield_now();
    }
    let both = Scratch::new();
    let ended = merge("en", ours.path(), its.path(), both.path());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    verify(both.path());
    assert!(both.text().contains("\"complete\":false"), "{ended:?}");
    server.stop();
}

#[test]
fn journals_that_cannot_be_merged_are_refused_by_name() {
    let (one, its) = server("--reply pong");
    let ours = client(&one, "-c 2 -W 100ms --match any -q");
    one.stop();
    let (other, others) = server("");
    let theirs = client(&other, "-c 2 -q");
    other.stop();
    let both = Scratch::new();
    for (client, server, says) in [
        (&ours, &its, "--match any"),
        (&theirs, &its, "not of one session"),
        (&others, &its, "no client's journal"),
        (&theirs, &ours, "no server's journal"),
    ] {
        let ended = merge("en", client.path(), server.path(), both.path());
        assert_eq!(ended.code, Some(2), "{says}: {ended:?}");
        assert!(ended.stderr.contains(says), "{says}: {ended:?}");
        assert!(!both.path().exists(), "{says}");
    }
    let ended = merge("en", theirs.path(), others.path(), theirs.path());
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("exists already"), "{ended:?}");
}

/// Every wire that has a name, of the list that shows them.
fn named_wires() -> Vec<String> {
    let shown = run(&mut udping_with("wires")).stdout;
    let names = shown
        .lines()
        .filter(|line| !line.starts_with(' ') && !line.is_empty());
    names.map(str::to_owned).collect()
}

#[test]
fn both_ends_of_every_named_wire_are_verified_and_merged_by_number() {
    let wires = named_wires();
    assert!(wires.len() >= 12, "{wires:?}");
    for wire in wires {
        let flag = format!("--wire {wire}");
        let (server, its) = server(&format!("{flag} --loss 20%,20% --seed 3"));
        // Without a number, each probe waits for its reply.
        let interval = if wire == "pong" { "" } else { "-i 5ms" };
        let ours = client(&server, &format!("{flag} -c 12 -W 200ms -q {interval}"));
        let said = server.stop().stdout;
        verify(ours.path());
        verify(its.path());
        let sent = records(&its.text());
        assert_eq!(with(&sent, "received").count(), 12, "{wire}");
        let both = Scratch::new();
        let ended = merge("en", ours.path(), its.path(), both.path());
        if wire == "pong" {
            assert_eq!(ended.code, Some(2), "{ended:?}");
            assert!(ended.stderr.contains("(--wire pong)"), "{ended:?}");
            continue;
        }
        assert_eq!(ended.code, Some(0), "{wire}: {ended:?}");
        verify(both.path());
        let records = records(&both.text());
        let figures = &with(&records, "both").next().unwrap()["both"];
        assert_eq!(figures["reached"], 12, "{wire}");
        let [requests, replies] = ["lost_requests", "lost_replies"].map(|key| &figures[key]);
        let losses = format!("{requests} lost on the way here, {replies} ");
        assert!(said.contains(&losses), "{wire}: {said} {figures}");
        let split = with(&records, "server_ns").count();
        let answered = with(&records, "rtt_ns").count();
        assert!(answered > 3 && split == answered, "{wire}: {records:?}");
    }
}

/// The files of a journal that was split, the oldest first.
fn joined(journal: &Scratch) -> Scratch {
    let path = journal.path().display();
    let kept = (1..=9).rev().map(|number| format!("{path}.{number}"));
    let kept = kept.filter_map(|file| {
        let text = std::fs::read_to_string(&file).ok()?;
        std::fs::remove_file(file).unwrap();
        Some(text)
    });
    Scratch::holding(kept.collect::<String>() + &journal.text())
}

#[test]
fn the_parts_of_split_journals_are_joined() {
    // Whom root becomes may not rename files here.
    let id = Command::new("id").arg("-u").output();
    let is_root = id.is_ok_and(|it| it.stdout == b"0\n");
    let user = if is_root { "--user root" } else { "" };
    let (server, its) = server(&format!(
        "--loss 10%,10% --seed 2 --journal-max 8192 {user}"
    ));
    let ours = client(&server, "-c 150 -i 1ms -W 200ms -q --journal-max 5000");
    server.stop();
    let both = Scratch::new();
    let ended = merge("en", ours.path(), its.path(), both.path());
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("join its files"), "{ended:?}");
    let [ours, its] = [&ours, &its].map(joined);
    assert!(ours.text().contains("\"split\":3"), "{}", ours.text());
    assert!(its.text().contains("\"split\":3"), "{}", its.text());
    verify(ours.path());
    verify(its.path());
    let ended = merge("en", ours.path(), its.path(), both.path());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("has 150 of its probes"), "{ended:?}");
    assert!(!both.text().contains("\"split\""), "{}", both.text());
    verify(both.path());
    // Without a part in the middle, what follows is another session.
    let text = ours.text();
    let parts: Vec<&str> = text.split_inclusive("{\"udping\":").collect();
    let first = parts[1].trim_end_matches("{\"udping\":");
    let cut = Scratch::holding(format!(
        "{{\"udping\":{first}{{\"udping\":{}",
        parts[3..].concat()
    ));
    let ended = merge("en", cut.path(), its.path(), Scratch::new().path());
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("several sessions"), "{ended:?}");
}

#[test]
fn where_numbers_do_not_tell_probes_apart_nothing_is_merged() {
    let (server, its) = server("--expect {seq:u8} --answer {echo}");
    let wire = "--request {seq:u8} --expect {seq:u8} -W 50ms --linger 0";
    let ours = client(&server, &format!("{wire} -c 3 -q"));
    let others = client(&server, &format!("{wire} -c 3 -q"));
    let many = client(&server, &format!("{wire} -c 260 -i 1ms -q"));
    server.stop();
    for (client, says) in [
        (&ours, "3 clients in it sent the same numbers"),
        (&others, "3 clients in it sent the same numbers"),
        (&many, "tells 256 numbers apart"),
    ] {
        let ended = merge("en", client.path(), its.path(), Scratch::new().path());
        assert_eq!(ended.code, Some(2), "{says}: {ended:?}");
        assert!(ended.stderr.contains(says), "{says}: {ended:?}");
    }
}
