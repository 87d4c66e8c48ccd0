//! The terminal view, in a pseudo-terminal with somebody at it
//! (`counterparts/terminal.py`): what it shows, and that the terminal is left as it was.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::net::UdpSocket;
use std::process::Command;

use serde_json::Value;

use support::{Reflector, Scratch, python, run, udping};

/// The line of marks below the graph, where there were losses, and where there were refusals.
const LOST: &str = "line: *×[ ×]*";
const REFUSED: &str = "line: *![ !]*";

/// Runs `udping` with these arguments in a terminal of this size, step by step, and
/// returns what the terminal says of it. It has been left as it was found.
fn watched(size: &str, steps: &[&str], arguments: &str, change: impl Fn(&mut Command)) -> Value {
    let mut command = python("terminal.py");
    command.arg(size).args(steps).arg("--");
    command.arg(env!("CARGO_BIN_EXE_udping"));
    command.args(arguments.split_whitespace());
    command.env("TERM", "xterm-256color").env_remove("NO_COLOR");
    change(&mut command);
    let ended = run(&mut command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let told: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(told["same"], true, "in its old mode: {told}");
    assert_eq!(told["alternate"], false, "on its own screen: {told}");
    assert_eq!(told["cursor"], true, "with its cursor: {told}");
    told
}

/// The same in a terminal that is left: how it ended.
fn left_by(steps: &[&str], arguments: &str, hangup: &str) -> Value {
    let mut command = python("terminal.py");
    command.arg("24x80").args(steps).arg("--");
    command.arg(env!("CARGO_BIN_EXE_udping"));
    command.args(arguments.split_whitespace());
    command.env("TERM", "xterm-256color").env("HANGUP", hangup);
    let ended = run(&mut command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    serde_json::from_str(&ended.stdout).unwrap()
}

fn text(told: &Value) -> &str {
    told["text"].as_str().unwrap()
}

#[test]
fn it_shows_the_run_and_leaves_a_summary_whatever_ends_it() {
    let server = Reflector::start("");
    let arguments = format!("-i 20ms --tui {}", server.address());
    for end in [
        "send:q",
        r"send:\x03",
        "signal:INT",
        "signal:TERM",
        "signal:HUP",
        "signal:USR1",
        "signal:USR2",
        "signal:ALRM",
        "signal:VTALRM",
        "signal:PROF",
        "signal:XCPU",
    ] {
        let steps = ["see:q quit", "see:loss 0%", "see:10 min", "see:█", end];
        let told = watched("24x80", &steps, &arguments, |_| {});
        assert_eq!(told["code"], 0, "{end}: {told}");
        assert!(text(&told).contains("ping statistics ---"), "{end}: {told}");
        assert!(text(&told).contains("last 10 s: "), "{end}: {told}");
        assert!(told["colours"].as_u64() > Some(0), "{told}");
    }
}

#[test]
fn other_signals_leave_it_going() {
    let server = Reflector::start("");
    let arguments = format!("-i 20ms --tui {}", server.address());
    for signal in ["QUIT", "PIPE", "XFSZ", "WINCH", "CHLD", "URG", "CONT"] {
        let signal = format!("signal:{signal}");
        let steps = ["see:█", &signal, "send:?", "see:freeze the view", "send:q"];
        let told = watched("24x80", &steps, &arguments, |_| {});
        assert_eq!(told["code"], 0, "{signal}: {told}");
    }
}

#[test]
fn it_ends_by_itself_where_a_count_or_a_deadline_says_so() {
    let server = Reflector::start("");
    for limit in ["-c 30 -i 20ms", "-w 1", "-f -c 2000"] {
        let arguments = format!("{limit} --tui {}", server.address());
        let told = watched("24x80", &[], &arguments, |_| {});
        assert_eq!(told["code"], 0, "{limit}: {told}");
        assert!(text(&told).contains("ping statistics ---"), "{told}");
    }
}

#[test]
fn losses_are_marked_and_help_and_freezing_are_a_key_away() {
    let server = Reflector::start("--loss 50% --seed 3");
    let arguments = format!("-i 20ms -W 50ms --tui {}", server.address());
    let steps = [
        LOST,
        "send:?",
        "see:freeze the view",
        "send:?",
        "see:p freeze",
        "send:p",
        "see:measuring continues",
        "send:p",
        "see:p freeze",
        "send:q",
    ];
    let told = watched("24x80", &steps, &arguments, |_| {});
    assert_eq!(told["code"], 0, "{told}");
}

/// What is read in each language: the loss, the recent probes, and that nobody listens.
const LANGUAGES: [(&str, [&str; 4]); 2] = [
    (
        "en",
        [
            "loss ",
            "recent: ",
            " lost",
            "Nobody is listening on that port",
        ],
    ),
    (
        "pt-BR",
        [
            "perda ",
            "recentes: ",
            " perdida",
            "Ninguém está escutando nessa porta",
        ],
    ),
];

#[test]
fn the_loss_is_seen_at_every_size_in_both_languages() {
    let server = Reflector::start("--loss 100%");
    for (language, [loss, recent, lost, _]) in LANGUAGES {
        let arguments = format!(
            "--lang {language} -i 20ms -W 20ms --tui {}",
            server.address()
        );
        for size in [
            "24x80", "50x200", "12x40", "0x0", "9x20", "5x30", "2x20", "1x20",
        ] {
            let mut steps = vec![format!("see:{loss}100%")];
            if ["24x80", "50x200", "12x40", "0x0"].contains(&size) {
                steps.extend([recent, lost].map(|what| format!("see:{what}")));
                steps.push(LOST.to_owned());
            }
            steps.push("send:q".to_owned());
            let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
            let told = watched(size, &steps, &arguments, |_| {});
            assert_eq!(told["code"], 1, "{size}: {told}");
        }
    }
}

#[test]
fn a_closed_port_is_named_at_every_size_in_both_languages() {
    // Taken, so that nobody else listens there, by a socket that is another's.
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap();
    closed.connect("127.0.0.1:9").unwrap();
    let address = closed.local_addr().unwrap();
    for (language, [loss, .., nobody]) in LANGUAGES {
        let arguments = format!("--lang {language} -i 20ms --tui {address}");
        let steps = [
            &format!("see:{loss}100%"),
            &format!("see:{nobody}"),
            REFUSED,
            "send:q",
        ];
        for size in ["24x80", "50x200", "12x40"] {
            watched(size, &steps, &arguments, |_| {});
        }
    }
}

#[test]
fn the_graph_can_be_zoomed_and_has_a_logarithmic_scale() {
    let server = Reflector::start("");
    let arguments = format!("-i 20ms --tui {}", server.address());
    let steps = [
        // Once zoomed it stays as it is, however long the run.
        "see:q quit",
        "send:++",
        "see:each 200ms",
        "send:-",
        "see:each 1s",
        "send:-",
        "see:each 5s",
        "send:+",
        "see:each 1s",
        "send:l",
        "see:each 1s  log scale",
        "send:p",
        "see:measuring continues",
        "send:+",
        "see:each 200ms  log scale",
        "send:l",
        "see:each 200ms  ×",
        "send:q",
    ];
    let told = watched("24x80", &steps, &arguments, |_| {});
    assert_eq!(told["code"], 0, "{told}");
}

#[test]
fn what_is_drawn_is_ascii_where_the_locale_is() {
    let server = Reflector::start("--loss 50% --seed 3");
    for (language, [_, _, lost, _]) in LANGUAGES {
        let arguments = format!(
            "--lang {language} -i 20ms -W 50ms --tui {}",
            server.address()
        );
        let steps = [
            &format!("see:{lost}"),
            "see:##",
            "send:?",
            "see:Ctrl-C",
            "send:q",
        ];
        let told = watched("24x80", &steps, &arguments, |command| {
            command.env("LC_ALL", "C");
        });
        assert_eq!(told["beyond_ascii"], 0, "{told}");
        let steps = [&format!("see:{lost}"), "see:█", "send:q"];
        let told = watched("24x80", &steps, &arguments, |_| {});
        assert!(told["beyond_ascii"].as_u64() > Some(0), "{told}");
    }
}

#[test]
fn it_fits_any_size_and_follows_a_change() {
    let server = Reflector::start("");
    let arguments = format!("-i 20ms --tui {}", server.address());
    let steps = [
        "see:q quit",
        "size:10x40",
        "see:loss 0%",
        "size:3x12",
        "see:q quit",
        "size:1x1",
        "size:50x160",
        "see:how often",
        "see:█",
        "send:q",
    ];
    let told = watched("24x80", &steps, &arguments, |_| {});
    assert_eq!(told["code"], 0, "{told}");
}

#[test]
fn there_are_no_colours_where_none_are_wanted() {
    let server = Reflector::start("--loss 50% --seed 3");
    let steps = [LOST, "see:█", "send:q"];
    let arguments = format!("-i 20ms -W 50ms --tui {}", server.address());
    let plain = [
        watched("24x80", &steps, &arguments, |command| {
            command.env("NO_COLOR", "1");
        }),
        watched(
            "24x80",
            &steps,
            &format!("{arguments} --color never"),
            |_| {},
        ),
    ];
    for told in plain {
        assert_eq!(told["colours"], 0, "{told}");
    }
}

#[test]
fn the_journal_is_whole_and_verified_with_it() {
    let server = Reflector::start("");
    let file = Scratch::new();
    let arguments = format!(
        "-i 20ms --tui --journal {} {}",
        file.path().display(),
        server.address()
    );
    watched(
        "24x80",
        &["see:10 min", "see:█", "send:q"],
        &arguments,
        |_| {},
    );
    support::journal::verify(file.path());
}

#[test]
fn it_comes_back_after_a_stop_and_says_so() {
    let server = Reflector::start("");
    let arguments = format!("-i 20ms --tui {}", server.address());
    let steps = [
        "see:█",
        "signal:STOP",
        "signal:CONT",
        "see:udping was stopped",
        "see:q quit",
        "send:q",
    ];
    let told = watched("24x80", &steps, &arguments, |_| {});
    assert!(text(&told).contains("meanwhile: 1 stop"), "{told}");
}

#[test]
fn a_suspension_gives_the_terminal_back_for_as_long() {
    let server = Reflector::start("");
    let arguments = format!("-i 20ms --tui {}", server.address());
    for suspend in [r"send:\x1a", "signal:TSTP"] {
        let steps = [
            "see:q quit",
            suspend,
            "stopped:",
            "signal:CONT",
            "see:q quit",
            "send:q",
        ];
        let told = watched("24x80", &steps, &arguments, |_| {});
        assert_eq!(told["code"], 0, "{suspend}: {told}");
    }
}

#[test]
fn a_terminal_that_prints_lines_only_is_not_drawn_upon() {
    let server = Reflector::start("");
    let arguments = format!("--tui {}", server.address());
    let told = watched("24x80", &[], &arguments, |command| {
        command.env("TERM", "dumb");
    });
    assert_eq!(told["code"], 2, "{told}");
    assert!(text(&told).contains("TERM=dumb"), "{told}");
}

#[test]
fn an_error_leaves_the_terminal_alone() {
    let told = watched("24x80", &[], "--tui -t 1 255.255.255.255:9", |_| {});
    assert_eq!(told["code"], 2, "{told}");
    assert!(text(&told).contains("a broadcast address"), "{told}");
}

#[test]
fn without_a_terminal_it_says_so() {
    let ended = run(udping().args(["--tui", "127.0.0.1:9"]));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("--tui draws on a terminal"),
        "{ended:?}"
    );
    let json = run(udping().args(["--tui", "--json", "127.0.0.1:9"]));
    assert_eq!(json.code, Some(2), "{json:?}");
}

#[test]
fn a_terminal_that_goes_away_ends_the_run_with_a_whole_journal() {
    let server = Reflector::start("");
    for hangup in ["heeded", "ignored"] {
        let file = Scratch::new();
        let arguments = format!(
            "-i 20ms --tui --journal {} {}",
            file.path().display(),
            server.address()
        );
        let told = left_by(&["see:█", "hangup:"], &arguments, hangup);
        // Its summary had nowhere to go.
        assert_eq!(told["code"], 2, "{hangup}: {told}");
        assert!(told["seconds"].as_f64() < Some(1.0), "{hangup}: {told}");
        support::journal::verify(file.path());
        assert!(file.text().lines().last().unwrap().contains("\"summary\""));
    }
}

#[test]
fn a_monitor_without_a_configuration_ends_with_its_terminal() {
    let server = Reflector::start("");
    let address = server.address();
    let user = support::as_whoever_tests().join(" ");
    // How it ended, and when the last thing happened that its journal has, in nanoseconds.
    let left = |what: &str, shown: &str, hangup: &str| {
        let folder = Scratch::folder();
        let to = folder.path().display();
        let arguments = format!("monitor {user} -i 20ms --journal {to} {what}");
        let told = left_by(&[shown, "hangup:"], &arguments, hangup);
        let journals = std::fs::read_dir(folder.path()).unwrap();
        let journals: Vec<_> = journals.map(|it| it.unwrap().path()).collect();
        assert_eq!(journals.len(), 1, "{what}: {journals:?}");
        support::journal::verify(&journals[0]);
        let records = support::journal::records(&std::fs::read_to_string(&journals[0]).unwrap());
        let last = records.iter().filter_map(|it| it["at_ns"].as_u64()).max();
        (told, last.unwrap())
    };
    let sent = format!("see:{address}: sent ");
    let (told, last) = left(&format!("-w 1m {address}"), &sent, "heeded");
    // Its summary had nowhere to go.
    assert_eq!(told["code"], 2, "{told}");
    assert!(last < 50_000_000_000, "{last}: {told}");

    // With one, it is read again, and with `nohup` nothing is: both go on until they are ended.
    let file = Scratch::folder();
    let configuration = file.path().join("targets.toml");
    std::fs::write(&configuration, format!("targets = ['{address}']\n")).unwrap();
    for (what, hangup) in [
        (configuration.display().to_string(), "heeded"),
        (address.to_string(), "ignored"),
    ] {
        let (told, last) = left(&format!("-w 3s {what}"), "see:1 target", hangup);
        assert!(last > 2_000_000_000, "{what}: {last}: {told}");
    }
}

#[test]
fn a_terminal_that_takes_nothing_does_not_keep_a_signal_from_ending_the_run() {
    let server = Reflector::start("");
    let address = server.address();
    let run = &|signal: &str| {
        let file = Scratch::new();
        let arguments = format!(
            "-i 20ms --tui --journal {} {address}",
            file.path().display()
        );
        let signal = format!("signal:{signal}");
        let told = left_by(&["see:█", "freeze:", &signal], &arguments, "heeded");
        assert_eq!(told["code"], 2, "{signal}: {told}");
        assert!(told["seconds"].as_f64() < Some(1.0), "{signal}: {told}");
        support::journal::verify(file.path());
    };
    // Each waits for the terminal, for as long as it may.
    std::thread::scope(|scope| {
        for signal in ["TERM", "HUP", "INT", "USR1"] {
            scope.spawn(move || run(signal));
        }
    });
}

#[test]
fn several_hosts_have_a_row_each() {
    let (up, gone) = (Reflector::start(""), Reflector::start(""));
    let arguments = format!("-i 50ms -W 200ms --tui {} {}", up.address(), gone.address());
    gone.stop();
    let [one, other] = [&up.address().to_string(), "outage"].map(|it| format!("see:{it}"));
    let steps = [
        "see:q quit",
        &one,
        &other,
        "see:0%",
        "see:100%",
        "see:×",
        "send:q",
    ];
    let told = watched("24x80", &steps, &arguments, |_| {});
    assert_eq!(told["code"], 1, "one has not answered: {told}");
    assert!(
        text(&told).contains(&format!("{}: sent", up.address())),
        "{told}"
    );
}
