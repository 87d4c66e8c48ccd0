//! Replay takes whatever it is given: it verifies, or says what is wrong and where.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::thread;

use serde_json::{Value, json};

use crate::support::journal::{Session, records};
use crate::support::{Ended, Reflector, Scratch, run, run_with_input, udping, udping_with};

/// A journal in which everything happens.
fn busy() -> &'static str {
    static BUSY: OnceLock<String> = OnceLock::new();
    BUSY.get_or_init(|| {
        let arguments = "simulate -c 30 -i 10ms -W 40ms --seed 11 --loss 10%,10% --delay 5ms,20ms \
                         --jitter 0,20ms --duplicate 20% --journal -";
        run(&mut udping_with(arguments)).stdout
    })
}

/// A small one, with a loss.
fn small() -> &'static str {
    static SMALL: OnceLock<String> = OnceLock::new();
    SMALL.get_or_init(|| {
        run(&mut udping_with(
            "simulate -c 2 --loss 50% --seed 1 --journal -",
        ))
        .stdout
    })
}

/// Replays this from standard input.
fn replay(journal: impl AsRef<[u8]>) -> Ended {
    run_with_input(udping().args(["replay", "-"]), journal.as_ref())
}

/// A journal that cannot be replayed at all, and why.
fn refused(journal: impl AsRef<[u8]>, why: &str) {
    let ended = replay(journal);
    assert_eq!(ended.code, Some(2), "{why}: {ended:?}");
    assert_eq!(ended.stdout, "", "{why}");
    assert!(
        ended.stderr.starts_with("udping: cannot replay -: "),
        "{why}: {ended:?}"
    );
    assert!(ended.stderr.contains(why), "{why}: {ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{why}: {ended:?}");
}

/// A journal that replays without a difference; returns what was said.
fn verified(journal: impl AsRef<[u8]>) -> String {
    let ended = replay(journal);
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended:?}"
    );
    assert!(ended.stdout.contains("\nverified: "), "{ended:?}");
    assert!(ended.stdout.contains(", 0 differences\n"), "{ended:?}");
    ended.stdout
}

#[test]
fn a_whole_journal_is_verified_and_summed_up() {
    let said = verified(busy());
    assert!(!said.contains("note:"), "{said}");
    assert!(said.starts_with("a simulation, by udping "), "{said}");
    assert!(said.contains("30 packets transmitted, "), "{said}");
    let file = Scratch::holding(busy());
    assert_eq!(run(udping().arg("replay").arg(file.path())).stdout, said);
}

#[test]
fn what_is_no_journal_is_told_from_one_that_is_broken() {
    let missing = run(&mut udping_with("replay /nonexistent.jsonl"));
    assert_eq!(missing.code, Some(2));
    assert!(
        missing
            .stderr
            .contains("cannot open the journal /nonexistent.jsonl: No such file"),
        "{missing:?}"
    );
    let folder = run(&mut udping_with("replay /"));
    assert_eq!(folder.code, Some(2));
    assert!(folder.stderr.contains("Is a directory"), "{folder:?}");

    refused("", "it is empty: nothing was ever written to it");
    refused(
        "hello\n",
        "this is not a udping journal: its first line is not a header such as",
    );
    refused("{}\n", "this is not a udping journal");
    refused("[]\n", "this is not a udping journal");
    refused(
        "{\"udping\":\"toothbrush\",\"version\":1}\n",
        "this is not a udping journal",
    );
    refused(
        b"\x7fELF\x02\x01\x00\xff\xfe\n",
        "line 1 is not text, from its byte 8 on",
    );
    refused([0; 100], "this is not a udping journal");
    let noise: Vec<u8> = (0..100_000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    refused(noise, "this is not a udping journal");
}

#[test]
fn a_newer_version_is_known_as_that() {
    for version in ["3", "4294967295", "18446744073709551615"] {
        let newer = busy().replacen("\"version\":2", &format!("\"version\":{version}"), 1);
        refused(newer, "use a newer udping");
    }
}

#[test]
fn an_older_version_is_known_as_that_with_what_to_do() {
    let older = busy().replacen("\"version\":2", "\"version\":1", 1);
    let why = "format version 1 and this program reads 2; use the udping that wrote it";
    refused(older, why);
}

#[test]
fn hostile_numbers_are_refused_where_they_stand() {
    for (number, why) in [
        (
            "18446744073709551615",
            "a whole number from 0 to 9007199254740992",
        ),
        (
            "18446744073709551616",
            "a whole number from 0 to 9007199254740992",
        ),
        (
            "9007199254740993",
            "a whole number from 0 to 9007199254740992",
        ),
        ("-1", "a whole number from 0 to 9007199254740992"),
        ("1.5", "a whole number from 0 to 9007199254740992"),
        ("1e300", "a whole number from 0 to 9007199254740992"),
        ("1e999", "number out of range"),
        ("NaN", "expected"),
        ("\"12\"", "a whole number from 0 to 9007199254740992"),
        ("null", "a whole number from 0 to 9007199254740992"),
        ("[1]", "a whole number from 0 to 9007199254740992"),
    ] {
        let hostile = busy().replacen("\"at_ns\":0", &format!("\"at_ns\":{number}"), 1);
        let ended = replay(&hostile);
        assert_eq!(ended.code, Some(2), "{number}: {ended:?}");
        assert!(
            ended.stderr.contains("line 2: column "),
            "{number}: {ended:?}"
        );
        assert!(ended.stderr.contains(why), "{number}: {ended:?}");
    }
    for (key, number, why) in [
        (
            "timeout_ns",
            "18446744073709551615",
            "timeout_ns is 18446744073709551615, more than 2^53",
        ),
        ("timeout_ns", "-1", "the journal's header is malformed"),
        ("timeout_ns", "0", "the timeout is zero"),
        ("late_window_ns", "9007199254740993", "more than 2^53"),
        ("timestamp_key", "1.5", "the journal's header is malformed"),
        (
            "table_entries",
            "9007199254740992",
            "larger than the 4194304 that are supported",
        ),
        ("table_entries", "0", "there is room for 0"),
        ("count", "0", "the journal's header is malformed"),
        ("interval_ns", "0", "the interval is zero"),
    ] {
        let marker = format!("\"{key}\":");
        let (before, after) = busy().split_once(&marker).unwrap();
        let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        refused(format!("{before}{marker}{number}{rest}"), why);
    }
}

#[test]
fn deep_nesting_is_skipped_or_refused_and_never_overflows() {
    let deep = format!("{{\"x\":{}{}}}\n", "[".repeat(10_000), "]".repeat(10_000));
    let (header, rest) = busy().split_once('\n').unwrap();
    let ended = replay(format!("{header}\n{deep}{rest}"));
    assert!(matches!(ended.code, Some(0 | 2)), "{ended:?}");
    let deep = "[".repeat(10_000);
    refused(format!("{deep}\n"), "this is not a udping journal");
    let ended = replay(format!("{header}\n{deep}\n{rest}"));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("line 2: "), "{ended:?}");
}

#[test]
fn what_is_not_known_is_skipped_and_said() {
    let (header, rest) = busy().split_once('\n').unwrap();
    let header = header.replacen('{', "{\"mood\":\"good\",", 1);
    let rest = rest.replacen(
        "{\"sent\":1,",
        "{\"weather\":{\"rain\":[1,2]},\"sent\":1,",
        1,
    );
    let said = verified(format!("{header}\n{{\"tea\":3,\"at_ns\":5}}\n{rest}"));
    assert!(
        said.contains("note: skipped 1 record and 2 fields that this program does not know"),
        "{said}"
    );
}

#[test]
fn what_befell_a_run_is_told_again() {
    let (header, rest) = busy().split_once('\n').unwrap();
    let slept = r#"{"incident":"slept","at_ns":20000000,"for_ns":3200000000}"#;
    let moved = r#"{"incident":"moved","at_ns":21000000,"address":"10.0.0.1\u001b[31m"}"#;
    let said = verified(format!("{header}\n{slept}\n{moved}\n{rest}"));
    for line in [
        "\nmeanwhile: 1 sleep, 1 change of address\n",
        "\n  at 0.020 s: the machine slept for 3.200 s",
        "now starts from 10.0.0.1\u{fffd}[31m:",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let many = verified(format!(
        "{header}\n{}{rest}",
        format!("{slept}\n").repeat(30)
    ));
    assert!(many.contains("\nmeanwhile: 30 sleeps\n"), "{many}");
    assert!(many.contains("\n  and 10 more\n"), "{many}");
}

#[test]
fn a_line_that_says_two_things_is_refused() {
    for (from, to, why) in [
        (
            "{\"sent\":1,",
            "{\"sent\":1,\"sent\":1,",
            "duplicate field `sent`",
        ),
        (
            "{\"sent\":1,",
            "{\"sent\":1,\"lost\":1,",
            "it is two records in one",
        ),
        (
            "{\"sent\":1,\"at_ns\":0,",
            "{\"sent\":1,",
            "a `sent` record needs `at_ns`",
        ),
        (
            "{\"sent\":1,",
            "\"sent\",{\"sent\":1,",
            "a record, which is a JSON object",
        ),
    ] {
        let ended = replay(busy().replacen(from, to, 1));
        assert_eq!(ended.code, Some(2), "{to}: {ended:?}");
        assert!(ended.stderr.contains("line 2"), "{to}: {ended:?}");
        assert!(ended.stderr.contains(why), "{to}: {ended:?}");
    }
}

#[test]
fn records_out_of_order_are_differences_and_no_disaster() {
    let (header, rest) = busy().split_once('\n').unwrap();
    let mut lines: Vec<_> = rest.lines().collect();
    lines.reverse();
    let ended = replay(format!("{header}\n{}\n", lines.join("\n")));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("\nNOT verified: "), "{ended:?}");
    assert!(
        ended.stdout.contains("\n  line 2: recorded {\"summary\""),
        "{ended:?}"
    );
    assert!(
        ended.stdout.contains(" more\n"),
        "not all are printed: {ended:?}"
    );

    let mut lines: Vec<_> = rest.lines().collect();
    lines.swap(0, 1);
    let ended = replay(format!("{header}\n{}\n", lines.join("\n")));
    assert_eq!(ended.code, Some(1), "{ended:?}");
}

#[test]
fn a_line_that_never_ends_is_refused_before_it_fills_the_memory() {
    let (header, _) = busy().split_once('\n').unwrap();
    // 200 MB that no program has to hold.
    let script = "{ printf '%s' \"$1\"; head -c 200000000 /dev/zero | tr '\\0' ' '; } \
                  | (ulimit -v 100000; exec \"$0\" replay -)";
    for (start, line) in [(String::new(), 1), (format!("{header}\n"), 2)] {
        let ended =
            run(Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_udping"), &start]));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        let why = format!("line {line} is longer than a megabyte");
        assert!(ended.stderr.contains(&why), "{ended:?}");
    }
}

#[test]
fn what_editors_do_to_text_does_no_harm() {
    let crlf = verified(busy().replace('\n', "\r\n"));
    assert!(!crlf.contains("note:"), "{crlf}");
    let marked = verified(format!("\u{feff}{}", busy()));
    assert!(!marked.contains("note:"), "{marked}");
    let blank = verified(format!("{}\n\n", busy().replace('\n', "\n\n")));
    assert!(!blank.contains("note:"), "{blank}");
    let unended = verified(busy().trim_end());
    assert!(!unended.contains("note:"), "{unended}");
}

#[test]
fn a_journal_cut_anywhere_loads_and_says_where() {
    let journal = small();
    let check = |cut: usize| {
        let text = &journal[..cut];
        let ended = replay(text);
        let line = 1 + text.matches('\n').count();
        if !journal[..cut].contains('\n') && journal.as_bytes()[cut] != b'\n' {
            assert_eq!(ended.code, Some(2), "{cut}: {ended:?}");
            let why = if cut == 0 {
                "it is empty"
            } else {
                "it was cut within its first line"
            };
            assert!(ended.stderr.contains(why), "{cut}: {ended:?}");
            return;
        }
        let whole = cut + 1 == journal.len();
        let code = if whole { 0 } else { 4 };
        assert_eq!(ended.code, Some(code), "{cut}: {ended:?}");
        assert!(
            ended.stdout.contains(", 0 differences\n"),
            "{cut}: {ended:?}"
        );
        let place = if text.ends_with('\n') {
            format!("note: the journal is cut after line {}, ", line - 1)
        } else if journal.as_bytes()[cut] == b'\n' {
            format!("note: the journal is cut after line {line}, ")
        } else {
            format!("note: the journal is cut within line {line}, ")
        };
        assert_eq!(ended.stdout.contains(&place), !whole, "{cut}: {ended:?}");
    };
    // Each cut is a process, so a few at a time.
    let cuts: Vec<usize> = (0..journal.len()).collect();
    thread::scope(|scope| {
        for some in cuts.chunks(journal.len().div_ceil(4)) {
            scope.spawn(move || some.iter().copied().for_each(check));
        }
    });
}

#[test]
fn a_decision_that_was_altered_is_found() {
    // A key of each kind of decision, in its first record and in the last that has it.
    for key in [
        "sent",
        "due_ns",
        "rtt_ns",
        "lost",
        "deadline_ns",
        "late_ns",
        "duplicate_ns",
        "replied",
        "max_ns",
        "jitter_rfc3550_ns",
        "reordered",
    ] {
        let marker = format!("\"{key}\":");
        for at in [busy().find(&marker), busy().rfind(&marker)] {
            let value = at.unwrap_or_else(|| panic!("no {key}")) + marker.len();
            let (before, after) = busy().split_at(value);
            let end = after.find([',', '}']).unwrap();
            let number: u64 = after[..end].parse().unwrap();
            let altered = format!("{before}{}{}", number + 1, &after[end..]);
            let ended = replay(altered);
            assert_eq!(ended.code, Some(1), "{key}: {ended:?}");
            assert!(
                ended.stdout.contains("\nNOT verified: "),
                "{key}: {ended:?}"
            );
            let line = 1 + before.matches('\n').count();
            assert!(
                ended.stdout.contains(&format!("  line {line}: recorded ")),
                "{key}: {ended:?}"
            );
        }
    }
}

#[test]
fn a_decision_that_was_left_out_is_found() {
    for key in ["sent", "lost", "reply"] {
        let marker = format!("\n{{\"{key}\":");
        let start = busy().find(&marker).unwrap();
        let end = busy()[start + 1..].find('\n').unwrap() + start + 1;
        let ended = replay(format!("{}{}", &busy()[..start], &busy()[end..]));
        assert_eq!(ended.code, Some(1), "{key}: {ended:?}");
    }
}

#[test]
fn a_journal_of_a_hundred_thousand_probes_is_read_at_once() {
    let file = Scratch::new();
    let simulated = run(udping_with("simulate -q -c 100000 --journal").arg(file.path()));
    assert_eq!(simulated.code, Some(0));
    let ended = run(udping().arg("replay").arg(file.path()));
    // Each is sent and replied to; the end and the figures are decisions too.
    assert!(
        ended
            .stdout
            .contains("verified: 200002 decisions, 0 differences"),
        "{ended:?}"
    );
}

#[test]
fn a_real_session_names_its_server_and_its_start() {
    let server = Reflector::start("");
    let json = run(&mut udping_with(&format!(
        "-4 --json -c 2 localhost:{}",
        server.port
    )))
    .stdout;
    let start = records(&json)[0]["wall_start"].as_str().unwrap().to_owned();
    let said = verified(&json);
    let first = format!(
        "a session with localhost (127.0.0.1:{0}), by udping {1}, started {start}\n",
        server.port,
        env!("CARGO_PKG_VERSION")
    );
    assert!(said.starts_with(&first), "{said}");
    // Session::ping replays each of its runs; here is one more, with every kind of fate.
    let server = Reflector::start("--loss 20% --duplicate 20% --delay 30ms --jitter 30ms --seed 2");
    Session::ping("127.0.0.1", server.port, "-c 60 -i 5ms -W 40ms --linger 1s");
}

// mtr printed the names that others gave their hosts as they were.
#[test]
fn cve_2008_2357_what_a_stranger_wrote_does_not_steer_the_terminal() {
    let header = r#"{"udping":"journal","version":2,"kind":"ping","tool":"t\u001b[31m","host":"evil\u001b[2J\u0007\nverified: name\u009b","wire":"textbook","schedule":{"stop_and_wait":{"gap_ns":0}},"count":1,"timeout_ns":1000,"late_window_ns":0,"timestamp_key":1,"table_entries":8,"wall_start":"then\u001b[5m"}"#;
    let named = Scratch::holding(format!(
        "{header}\n{{\"sent\":1,\"at_ns\":0,\"due_ns\":0}}\n"
    ));
    let unknown = Scratch::holding(header.replace("\"ping\"", "\"pi\\u001b[2Jng\""));
    for (journal, code) in [(&named, 4), (&unknown, 2)] {
        let ended = run(udping().arg("replay").arg(journal.path()));
        assert_eq!(ended.code, Some(code), "{ended:?}");
        for said in [&ended.stdout, &ended.stderr] {
            let steers = said.chars().any(|it| it.is_control() && it != '\n');
            assert!(!steers, "{said:?}");
            assert!(!said.contains("\nverified: name"), "{said:?}");
        }
    }
}

/// What `replay --json` finds in `journal`, and its exit code.
fn found(journal: &Path, arguments: &str) -> (Value, Option<i32>) {
    let ended = run(udping_with(&format!("replay --json {arguments}")).arg(journal));
    assert_eq!(ended.stderr, "", "{ended:?}");
    (serde_json::from_str(&ended.stdout).unwrap(), ended.code)
}

#[test]
fn json_says_what_was_found_and_what_another_timeout_means() {
    let line = "simulate -c 60 -i 5ms --seed 3 --loss 20% --delay 20ms --jitter 9ms -W 50ms";
    let file = Scratch::new();
    run(udping_with(line).arg("--journal").arg(file.path()));
    let lines = records(&file.text());
    let (whole, code) = found(file.path(), "");
    assert_eq!((code, &whole["verified"]), (Some(0), &json!(true)));
    assert_eq!(whole["header"], lines[0]);
    assert_eq!(whole["summary"], lines.last().unwrap()["summary"]);
    for (key, value) in [
        ("differences", json!(0)),
        ("examples", json!([])),
        ("cut", json!(false)),
    ] {
        assert_eq!(whole[key], value, "{key}");
    }
    assert!(whole["decisions"].as_u64() > Some(100), "{whole}");
    assert!(whole.get("what_if").is_none(), "{whole}");

    let (shorter, _) = found(file.path(), "-W 20ms");
    let what_if = &shorter["what_if"];
    assert_eq!(what_if["timeout_ns"], 20_000_000);
    let replied = |key: &str| what_if[key]["replied"].as_u64().unwrap();
    assert_eq!(
        replied("recorded"),
        whole["summary"]["replied"].as_u64().unwrap()
    );
    let fewer = replied("recorded") - replied("decided");
    let changes = what_if["changes"].as_array().unwrap();
    assert_eq!(changes.len() as u64, fewer, "{what_if}");
    assert_eq!(changes[0]["recorded"], "replied", "{what_if}");
    assert_eq!(changes[0]["decided"], "late", "{what_if}");
}

#[test]
fn json_has_the_differences_and_where_a_journal_ends() {
    let journal = run(&mut udping_with(
        "simulate -c 3 --seed 1 --delay 5ms --json",
    ))
    .stdout;
    let changed = journal.replacen("\"rtt_ns\":5000000", "\"rtt_ns\":5000001", 1);
    assert_ne!(changed, journal);
    let (other, code) = found(Scratch::holding(&changed).path(), "");
    assert_eq!((code, &other["verified"]), (Some(1), &json!(false)));
    let [difference] = other["examples"].as_array().unwrap().as_slice() else {
        panic!("{other}");
    };
    assert_eq!(difference["recorded"]["rtt_ns"], 5_000_001);
    assert_eq!(difference["decided"]["rtt_ns"], 5_000_000);
    assert_eq!(
        (&difference["line"], &difference["seq"]),
        (&json!(3), &json!(1))
    );

    let cut: String = journal.split_inclusive('\n').take(4).collect();
    let (cut, _) = found(Scratch::holding(cut).path(), "");
    assert_eq!(cut["cut"], true, "{cut}");
    assert_eq!(cut["summary"]["sent"], 2, "{cut}");
}

#[test]
fn json_has_the_figures_of_every_kind_of_run() {
    let server = Reflector::start("--tcp");
    let file = Scratch::new();
    for (command, key, at) in [
        ("compare -c 1", "lanes", "/lanes/2/traffic/round_trips"),
        ("heartbeat -c 1", "beats", "/beats/sent"),
    ] {
        let target = server.address().to_string();
        let command = format!("{command} --overwrite --journal");
        run(udping_with(&command).arg(file.path()).arg(target));
        let (result, _) = found(file.path(), "");
        assert_eq!(result["verified"], true, "{result}");
        assert!(
            result.pointer(at).is_some_and(|it| *it != json!(0)),
            "{key}: {result}"
        );
    }
}

#[test]
fn a_rate_limit_is_suspected_in_the_replay_as_in_the_run() {
    let server = Reflector::start("--rate-limit 200");
    let file = Scratch::new();
    let command = "-i 2ms -c 1500 -W 500ms --journal";
    let ended = run(server.pinged(command).arg(file.path()));
    let replayed = run(udping().arg("replay").arg(file.path()));
    let last = |ended: &Ended| ended.stdout.lines().next_back().unwrap().to_owned();
    // On a busy machine replies may come too irregularly for a suspicion, in both.
    assert_eq!(last(&ended), last(&replayed), "{ended:?}");
}
