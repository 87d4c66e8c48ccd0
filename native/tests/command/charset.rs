//! What is read in a locale without UTF-8 is ASCII, of every subcommand in both languages;
//! journals stay as they are.

use std::process::Command;

use crate::support::{Ended, Running, Scratch, run, udping_with};

/// A simulation whose report has `µ`, and losses.
const SHORT: &str = "simulate -c 9 -W 900us --seed 5 --loss 20% --delay 300us --jitter 90us";

/// The languages, as arguments.
const LANGUAGES: [&str; 2] = ["--lang en", "--lang pt-BR"];

fn in_ascii(arguments: &str) -> Command {
    let mut command = udping_with(arguments);
    command.env("LC_ALL", "C");
    command
}

fn assert_ascii(ended: &Ended, what: &str) {
    for text in [&ended.stdout, &ended.stderr] {
        let odd = text.lines().find(|line| !line.is_ascii());
        assert_eq!(odd, None, "{what}");
    }
}

/// Runs the command both ways: in ASCII it says nothing else, and something in both.
fn assert_spelled(arguments: &str) {
    let ended = run(&mut in_ascii(arguments));
    assert_ascii(&ended, arguments);
    assert!(ended.stdout.len() + ended.stderr.len() > 0, "{arguments}");
}

/// A server that speaks this language in ASCII, and its address.
fn serving(arguments: &str) -> (Running, String) {
    let server = Running::start(&mut in_ascii(&format!(
        "serve --bind 127.0.0.1:0 {arguments}"
    )));
    let line = server.line();
    let port = line.rsplit(':').next().unwrap().to_owned();
    (server, format!("127.0.0.1:{port}"))
}

fn stopped(server: Running, what: &str) {
    server.signal("TERM");
    assert_ascii(&server.finish(), what);
}

#[test]
fn a_report_has_its_symbols_where_the_locale_has_them() {
    for language in LANGUAGES {
        let arguments = format!("{language} {SHORT}");
        let utf8 = run(&mut udping_with(&arguments));
        assert!(utf8.stdout.contains("900µs"), "{utf8:?}");
        let ascii = run(&mut in_ascii(&arguments));
        assert_ascii(&ascii, &arguments);
        assert!(ascii.stdout.contains("900us"), "{ascii:?}");
    }
}

#[test]
fn help_and_errors_are_ascii_where_the_locale_is() {
    for language in LANGUAGES {
        for command in [
            "",
            "serve",
            "compare",
            "heartbeat",
            "demo",
            "replay",
            "simulate",
            "view",
        ] {
            for flag in ["-h", "--help", "--no-such-flag", "--loss 200%"] {
                assert_spelled(&format!("{language} {command} {flag}"));
            }
        }
        for wrong in [
            "--version",
            "a..b",
            "bücher..example",
            "127.0.0.1 -I não",
            "replay não-há.jsonl",
            "127.0.0.1:9 -c 1 --hmac-key-file não --wire stamp",
            "simulate --journal /não/há",
        ] {
            assert_spelled(&format!("{language} {wrong}"));
        }
    }
    let utf8 = run(&mut udping_with("--lang pt-BR --help"));
    assert!(utf8.stdout.contains("não"), "{utf8:?}");
    let ascii = run(&mut in_ascii("--lang pt-BR --help"));
    assert!(ascii.stdout.contains("nao"), "{ascii:?}");
    let error = run(&mut in_ascii("--lang pt-BR --no-such-flag"));
    assert_eq!(error.code, Some(2), "{error:?}");
}

#[test]
fn help_and_errors_are_styled_on_a_terminal_alone() {
    for locale in ["C", "C.UTF-8"] {
        for arguments in ["--help", "--no-such-flag"] {
            let styled = |name: &str, value: &str| {
                let mut command = udping_with(arguments);
                command.env("LC_ALL", locale).env(name, value);
                let ended = run(&mut command);
                (ended.stdout + &ended.stderr).contains('\u{1b}')
            };
            assert!(styled("CLICOLOR_FORCE", "1"), "{locale}: {arguments}");
            assert!(!styled("TERM", "xterm"), "{locale}: {arguments}");
        }
    }
}

#[test]
fn runs_are_ascii_where_the_locale_is() {
    for language in LANGUAGES {
        let impairments = "--loss 40% --jitter 1ms --seed 2";
        let (server, address) = serving(&format!("{language} -v --tcp {impairments}"));
        server.warning_with("+-1ms");
        for run in ["-c 9 -i 10ms -W 50ms -v", "compare -c 3 --linger 0"] {
            assert_spelled(&format!("{language} {run} {address}"));
        }
        stopped(server, "serve");
        let (server, address) = serving(&format!("{language} --heartbeat --loss 40%,0% --seed 2"));
        assert_spelled(&format!("{language} heartbeat -c 5 -i 10ms {address}"));
        stopped(server, "serve --heartbeat");
        // Nobody listens there now.
        assert_spelled(&format!("{language} -c 2 -W 50ms {address}"));
        let journal = Scratch::new();
        let path = journal.path().display();
        assert_spelled(&format!("{language} demo --journal {path}"));
        assert_spelled(&format!("{language} replay {path}"));
        assert_spelled(&format!("{language} replay --timeout 1us {path}"));
    }
}

#[test]
fn a_journal_is_utf8_in_every_locale() {
    let arguments = format!("{SHORT} --journal -");
    let utf8 = run(&mut udping_with(&arguments));
    assert_eq!(run(&mut in_ascii(&arguments)).stdout, utf8.stdout);
    // A target is on record as it was given.
    let (server, address) = serving("");
    let (_, port) = address.rsplit_once(':').unwrap();
    let recorded = run(&mut in_ascii(&format!("--json -c 1 １２７.0.0.1:{port}")));
    assert!(recorded.stdout.contains("１２７"), "{recorded:?}");
    stopped(server, "serve");
}
