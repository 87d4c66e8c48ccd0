//! `udping grade` on clients in several languages: right ones in many styles, and mutants that
//! each have one bug.
//! Owns that none of the right ones is accused, and that each bug is named.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

mod class;
mod heartbeat;
mod hostile;
mod server;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde::Deserialize;
use serde_json::Value;
use support::{Scratch, counterparts, run, udping};

/// A client: a right one's source with words replaced.
#[derive(Debug, Clone, Deserialize)]
struct Client {
    /// What is wrong with it; nothing with a right one.
    bug: Option<String>,
    name: Option<String>,
    /// A scenario that shows the bug.
    shows: Option<String>,
    file: String,
    #[serde(default)]
    replace: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct Clients {
    #[serde(default)]
    mutant: Vec<Client>,
    #[serde(default)]
    right: Vec<Client>,
}

fn clients(name: &str) -> Clients {
    let text = fs::read_to_string(counterparts().join("grade").join(name)).unwrap();
    toml::from_str(&text).unwrap()
}

/// The right client of each language, or all that are there with a file of their own.
fn right() -> Vec<Client> {
    let mut files = vec![
        "client.py",
        "client.c",
        "client.mjs",
        "Client.java",
        "client.go",
        "fields.py",
    ];
    if whole() {
        files.extend(["fields.c", "fields.mjs", "Fields.java", "fields.go"]);
    }
    let client = |file: &str| Client {
        bug: None,
        name: None,
        shows: None,
        file: file.to_owned(),
        replace: Vec::new(),
    };
    files.into_iter().map(client).collect()
}

/// Whether every client is graded in every scenario: `cargo xtask grade-proof`, half an hour.
fn whole() -> bool {
    env::var_os("UDPING_GRADE_PROOF").is_some()
}

/// Leaves the part of the clients that is asked for: `2/4` is the second of four.
fn keep_part(clients: &mut Vec<Client>) {
    let asked = env::var("UDPING_GRADE_PROOF").unwrap_or_default();
    let (part, parts) = asked.split_once('/').unwrap_or(("1", "1"));
    let (part, parts): (usize, usize) = (part.parse().unwrap(), parts.parse().unwrap());
    let mut index = 0;
    clients.retain(|_| {
        index += 1;
        (index - 1) % parts == part - 1
    });
}

/// How often clients with each bug, or with none, were said to have which.
type Confusion = BTreeMap<String, (usize, BTreeMap<String, usize>)>;

/// Prints a matrix: what is true, how many clients, and what was said of how many of them.
fn print(confusion: &Confusion) {
    println!("\n{:20} {:>3}  said", "true", "n");
    for (bug, (count, said)) in confusion {
        let said = said.iter().map(|(bug, count)| format!("{bug} {count}"));
        println!(
            "{bug:20} {count:3}  {}",
            said.collect::<Vec<_>>().join(", ")
        );
    }
}

/// What the grader says of a client.
fn grade(client: &Client, only: Option<&str>) -> (Option<i32>, Value) {
    let folder = Scratch::new();
    fs::create_dir(folder.path()).unwrap();
    let source = counterparts().join("grade").join(&client.file);
    let mut text = fs::read_to_string(source).unwrap();
    for (word, by) in &client.replace {
        assert!(text.contains(word), "{word} is not in {}", client.file);
        text = text.replace(word, by);
    }
    let file = client.file.rsplit('/').next().unwrap();
    fs::write(folder.path().join(file), text).unwrap();
    let mut command = udping();
    command.args(["grade", "client", "--format", "json", "--folder"]);
    command.arg(folder.path());
    let (stem, ending) = file.rsplit_once('.').unwrap();
    let (build, words) = match ending {
        "c" => (Some(format!("cc -O1 -o client {file}")), vec!["./client"]),
        "go" => (Some(format!("go build -o client {file}")), vec!["./client"]),
        "java" => (Some(format!("javac {file}")), vec!["java", stem]),
        "mjs" | "js" => (None, vec!["node", file]),
        _ => (None, vec!["python3", file]),
    };
    command.args(build.iter().flat_map(|it| ["--build", it]));
    command.args(only.iter().flat_map(|it| ["--only", it]));
    if stem.eq_ignore_ascii_case("fields") {
        command.args(["--assignment", "fixed-fields"]);
    }
    let ended = run(command.arg("--").args(words).args(["{host}", "{port}"]));
    fs::remove_dir_all(folder.path()).unwrap();
    let said = serde_json::from_str(&ended.stdout);
    let said = said.unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    (ended.code, said)
}

/// The bugs that are named, and whether they count.
fn bugs(said: &Value) -> Vec<(&str, bool)> {
    let verdicts = said["verdicts"].as_array().unwrap();
    verdicts
        .iter()
        .map(|it| (it["bug"].as_str().unwrap(), it["counts"] == true))
        .collect()
}

/// Whether something was not judged because this machine was too busy.
fn is_busy(said: &Value) -> bool {
    let scenarios = said["scenarios"].as_array().unwrap();
    let mut why = scenarios.iter().filter_map(|it| it["unjudged"].as_array());
    why.any(|it| it.contains(&Value::from("busy")))
}

/// Grades clients, so many at once, and gives what is wrong with the grader.
fn graded(clients: &[Client], at_once: usize, narrow: bool) -> Vec<String> {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let confusion = Mutex::new(Confusion::new());
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(client) = clients.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let only = client.shows.as_deref().filter(|_| narrow);
                    let (mut code, mut said) = grade(client, only);
                    // A machine that was too busy to say anything may be less so.
                    for _ in 0..2 {
                        if !is_busy(&said) || !bugs(&said).is_empty() {
                            break;
                        }
                        (code, said) = grade(client, only);
                    }
                    let found = bugs(&said);
                    let what = client.bug.as_ref().or(client.name.as_ref());
                    let what = format!("{} {:?}", client.file, what);
                    let is_right = match &client.bug {
                        None => code == Some(0) && said["passed"] == true,
                        Some(bug) => found.iter().any(|it| it.0 == bug),
                    };
                    let mut confusion = confusion.lock().unwrap();
                    let row = client.bug.as_deref().unwrap_or("right");
                    let (count, cells) = confusion.entry(row.to_owned()).or_default();
                    *count += 1;
                    let counting = found
                        .iter()
                        .filter(|it| it.1 || Some(it.0) == client.bug.as_deref());
                    let mut names: Vec<&str> = counting.map(|it| it.0).collect();
                    names.sort_unstable();
                    names.dedup();
                    if names.is_empty() {
                        names.push(if code == Some(0) { "right" } else { "unjudged" });
                    }
                    for name in names {
                        *cells.entry(name.to_owned()).or_default() += 1;
                    }
                    println!(
                        "{} {what}: {found:?}",
                        if is_right { "ok" } else { "WRONG" }
                    );
                    if !is_right {
                        wrong.lock().unwrap().push(format!("{what}: {said:#}"));
                    }
                }
            });
        }
    });
    print(&confusion.into_inner().unwrap());
    wrong.into_inner().unwrap()
}

#[test]
fn a_right_client_of_each_language_passes() {
    let mut clients = right();
    if whole() {
        clients.extend(self::clients("styles.toml").right);
        clients.extend(self::clients("outsider.toml").right);
    }
    keep_part(&mut clients);
    let wrong = graded(&clients, 2, false);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// As a machine does it that keeps a program from its timer, once.
#[test]
fn what_a_busy_machine_can_cause_is_not_said_unless_it_shows_again() {
    let waits_longer = "number == 7 and not os.path.exists('ran') and open('ran', 'w')";
    let expired = format!(
        "left <= 0 and {waits_longer}:\n            deadline += 0.3\n            continue\n        if left <= 0:"
    );
    let replace = [
        ("import socket", "import os, socket"),
        ("left <= 0:", &expired),
    ];
    let client = Client {
        bug: None,
        name: None,
        shows: None,
        file: "client.py".to_owned(),
        replace: replace
            .map(|(word, by)| (word.to_owned(), by.to_owned()))
            .to_vec(),
    };
    let (_, said) = grade(&client, Some("edges"));
    assert!(bugs(&said).is_empty(), "{said:#}");
    // That it was not the same again, or that this machine was too busy to tell.
    let unjudged = &said["scenarios"][0]["unjudged"];
    assert_ne!(*unjudged, serde_json::json!([]), "{said:#}");
}

#[test]
fn each_bug_is_named() {
    let mut mutants = clients("mutants.toml").mutant;
    let (mut bugs, mut files) = (Vec::new(), Vec::new());
    mutants.retain(|it| {
        let new = !bugs.contains(&it.bug) || !files.contains(&it.file);
        bugs.push(it.bug.clone());
        files.push(it.file.clone());
        new || whole()
    });
    if whole() {
        mutants.extend(clients("outsider.toml").mutant);
    }
    assert!(mutants.len() >= 14, "{mutants:?}");
    keep_part(&mut mutants);
    let wrong = graded(&mutants, 3, !whole());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_does_not_start_or_does_not_ping_is_not_judged() {
    let folder = Scratch::new();
    fs::create_dir(folder.path()).unwrap();
    let graded = |words: &[&str]| {
        let mut command = udping();
        command.args([
            "grade", "client", "--format", "json", "--only", "answered", "--folder",
        ]);
        command.arg(folder.path()).arg("--").args(words);
        run(&mut command)
    };
    for words in [["./absent"], ["true"]] {
        let ended = graded(&words);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        let said: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(said["passed"], Value::Null);
    }
    fs::remove_dir_all(folder.path()).unwrap();
}
