//! `udping merge`: both ends of a session on real sockets, laid side by side.

use std::path::Path;

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
