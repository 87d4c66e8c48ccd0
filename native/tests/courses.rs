//! What courses' programs speak: stand-ins in four languages against `serve`, over UDP and
//! TCP, and against the receiver of heartbeats.
//! Owns the table of kinds. Must not know how programs are started: that is `support`.

mod support;

use std::process::Command;

use support::journal::Session;
use support::{Reflector, Scratch, Server, c_program, counterparts, python, run, udping};

/// A stand-in of this language.
fn stand_in(language: &str) -> Command {
    let in_folder = |interpreter: &str, name: &str| {
        let mut command = Command::new(interpreter);
        command.arg(counterparts().join(name));
        command
    };
    match language {
        "python" => python("courses.py"),
        "c" => c_program("courses"),
        "perl" => in_folder("perl", "courses.pl"),
        "javascript" => in_folder("node", "courses.mjs"),
        other => panic!("no stand-in in {other}"),
    }
}

/// A stand-in's client pings `serve`, which is to answer all five.
fn served(language: &str, kind: &str, arguments: &[&str]) {
    let reflector = Reflector::bound_with("127.0.0.1:0", "", |command| {
        command.args(arguments);
    });
    let port = reflector.port.to_string();
    let ended = run(stand_in(language).args(["ping", kind, "127.0.0.1", &port]));
    assert_eq!(ended.code, Some(0), "{language} {kind}: {ended:?}");
    let counts = reflector.stop().stdout;
    assert!(
        counts.contains("5 requests, 5 replies"),
        "{language} {kind}: {counts}"
    );
}

#[test]
fn clients_of_courses_are_served_as_templates_say() {
    for (language, kind, expect, answer) in [
        (
            "c",
            "number-plus-one",
            "PING {seq} {int} {int} \\r\\n",
            "{seq+1} {time:s} {time:us%1000000} \\r\\n",
        ),
        ("c", "java-utf", "{len:u16be}PING {seq} {any}", "{echo}"),
        ("c", "u64le", "{seq:u64le}{pad:888}", "{echo}"),
        ("perl", "lower-pong", "ping {seq} {int}", "pong {seq} {int}"),
        ("perl", "two-lines", "{seq}\\nPING", "{echo}"),
        ("perl", "pong", "(?i)ping{any}", "pong"),
        ("python", "ufes", "{seq:05}0{int:04}{text:30}", "{byte:5=1}"),
        ("python", "echoed-url", "PING{any}", "PINGECHO{rest}"),
        ("python", "line-end", "{any}", "{echo}\\n"),
        ("python", "prose", "{any}", "Your data was 30 bytes long"),
        ("javascript", "whole-number", "Ping {seq} {int}", "{upper}"),
        ("javascript", "hash", "#{seq} time:{time}", "{echo}"),
    ] {
        served(language, kind, &["--expect", expect, "--answer", answer]);
    }
}

/// `udping` pings a stand-in's server ten times; its journal is verified.
fn pinged(language: &str, kind: &str, arguments: &str) -> Session {
    let server = Server::start(stand_in(language).args(["serve", kind]));
    Session::ping("127.0.0.1", server.port, arguments)
}

#[test]
fn servers_of_courses_are_pinged_on_their_wires() {
    for (language, kind, arguments) in [
        ("c", "number-plus-one", "--wire number-plus-one"),
        ("c", "java-utf", "--wire java-utf"),
        (
            "c",
            "u64le",
            "--request {seq:u64le}{pad:888} --expect {seq:u64le}{pad:888}",
        ),
        ("perl", "lower-pong", "--wire lower-pong"),
        ("perl", "two-lines", "--wire two-lines"),
        ("perl", "pong", "--wire pong"),
        ("perl", "hello", "--match any"),
        ("python", "ufes", "--wire ufes"),
        ("python", "echoed-url", "--wire echoed-url"),
        ("python", "prose", "--match any"),
        ("python", "date", "--match any"),
        ("javascript", "whole-number", "--wire whole-number"),
        ("javascript", "hash", "--wire hash"),
        ("javascript", "heartbeat", "--wire heartbeat"),
        ("javascript", "counter", "--match any"),
    ] {
        let session = pinged(language, kind, arguments);
        let all: Vec<u64> = (1..=10).collect();
        assert_eq!(session.replied(), all, "{language} {kind}: {session:?}");
        // Only a whole time that comes back proves a reply.
        let proves = matches!(kind, "hash" | "heartbeat");
        let credited = session.which(|probe| probe.verified);
        assert_eq!(credited, if proves { all } else { Vec::new() }, "{kind}");
    }
}

#[test]
fn a_faulty_servers_replies_are_credited_to_their_own_probes() {
    // It holds back its third reply until the eighth request, writes a wrong kind into the
    // fifth, and loses the time of the sixth.
    let session = pinged("python", "ufes-faulty", "--wire ufes -W 3s --linger 60s");
    assert_eq!(session.replied(), [1, 2, 4, 6, 7, 8, 9, 10], "{session:?}");
    assert_eq!(session.lost(), [3, 5], "{session:?}");
    assert_eq!(session.late(), [3], "{session:?}");
}

/// The stand-ins are each other's: what is expected here is not only `udping`'s idea of it.
#[test]
fn each_stand_in_is_answered_by_its_own_server() {
    for (language, kind) in [
        ("c", "number-plus-one"),
        ("c", "java-utf"),
        ("c", "u64le"),
        ("perl", "lower-pong"),
        ("perl", "two-lines"),
        ("perl", "pong"),
        ("python", "ufes"),
        ("python", "echoed-url"),
        ("javascript", "whole-number"),
        ("javascript", "hash"),
        ("javascript", "heartbeat"),
    ] {
        let server = Server::start(stand_in(language).args(["serve", kind]));
        let port = server.port.to_string();
        let ended = run(stand_in(language).args(["ping", kind, "127.0.0.1", &port]));
        assert_eq!(ended.code, Some(0), "{language} {kind}: {ended:?}");
    }
}

#[test]
fn two_kinds_of_client_are_served_by_one_reflector() {
    let both = ["--expect", "ping {seq} {int}", "--answer", "pong {rest}"]
        .into_iter()
        .chain(["--expect", "{seq}\\nPING", "--answer", "{echo}"]);
    let both: Vec<&str> = both.collect();
    served("perl", "lower-pong", &both);
    served("perl", "two-lines", &both);
}

/// A stand-in beats to `serve --heartbeat`, whose journal is verified; its last line.
fn watched(language: &str, kind: &str, arguments: &[&str]) -> String {
    let file = Scratch::new();
    let reflector = Reflector::bound_with("127.0.0.1:0", "--heartbeat", |command| {
        command.args(arguments).arg("--journal").arg(file.path());
    });
    let port = reflector.port.to_string();
    let ended = run(stand_in(language).args(["ping", kind, "127.0.0.1", &port]));
    assert_eq!(ended.code, Some(0), "{language} {kind}: {ended:?}");
    reflector.running.line_with("heartbeat 5 from");
    reflector.stop();
    let replayed = run(udping().arg("replay").arg(file.path()));
    assert!(replayed.stdout.contains("\nverified: "), "{replayed:?}");
    let text = file.text();
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn clients_that_want_their_heartbeats_answered_are_watched_and_answered() {
    let echo = ["--answer", "{echo}"];
    for (kind, expect) in [
        ("heartbeat", None),
        ("heartbeat-word", None),
        ("hash", Some("#{seq} time:{time}")),
        ("heartbeat-number", Some("{seq}")),
    ] {
        let expect = expect.map(|expect| ["--expect", expect]);
        let arguments: Vec<&str> = expect.iter().flatten().chain(&echo).copied().collect();
        let last = watched("javascript", kind, &arguments);
        for figure in ["\"senders\":1", "\"beats\":5", "\"missing\":0"] {
            assert!(last.contains(figure), "{kind}: {last}");
        }
    }
}

#[test]
fn heartbeats_are_sent_as_a_template_says() {
    for (kind, request) in [
        ("hash", "#{seq} time:{time}"),
        ("heartbeat", "{seq} {time}"),
    ] {
        let file = Scratch::new();
        let reflector = Reflector::bound_with("127.0.0.1:0", "--heartbeat", |command| {
            command.args(["--expect", request, "--answer", "{echo}"]);
        });
        let port = reflector.port;
        let sent = run(udping()
            .args([
                "heartbeat",
                &format!("127.0.0.1:{port}"),
                "-c",
                "5",
                "-i",
                "10ms",
            ])
            .args(["--request", request, "--journal"])
            .arg(file.path()));
        assert_eq!(sent.code, Some(0), "{kind}: {sent:?}");
        reflector.running.line_with("heartbeat 5 from");
        reflector.stop();
        let replayed = run(udping().arg("replay").arg(file.path()));
        assert!(replayed.stdout.contains("\nverified: "), "{replayed:?}");
        assert!(file.text().contains(&format!("\"request\":\"{request}\"")));
    }
    let wrong = run(udping().args(["heartbeat", "127.0.0.1", "--request", "{seq} {what}"]));
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.stderr.contains("column"), "{wrong:?}");
}

#[test]
fn a_number_in_binary_is_a_heartbeat_where_a_template_reads_it() {
    let arguments = ["--expect", "{seq:u64le}{any}", "--answer", "{echo}"];
    let file = Scratch::new();
    let reflector = Reflector::bound_with("127.0.0.1:0", "--heartbeat", |command| {
        command.args(arguments).arg("--journal").arg(file.path());
    });
    let port = reflector.port.to_string();
    let ended = run(stand_in("c").args(["ping", "u64le", "127.0.0.1", &port]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    drop(reflector.stop());
    assert!(file.text().contains("\"beats\":5"), "{}", file.text());
}

#[test]
fn a_client_with_a_socket_for_each_heartbeat_is_one_by_address() {
    let last = watched("python", "beat-sockets", &["--by", "address"]);
    assert!(
        last.contains("\"senders\":1") && last.contains("\"missing\":0"),
        "{last}"
    );
    let last = watched("python", "beat-sockets", &[]);
    assert!(last.contains("\"senders\":5"), "{last}");
}

#[test]
fn tcp_is_served_with_and_without_line_ends() {
    for kind in ["tcp", "tcp-line"] {
        let reflector = Reflector::start("--tcp");
        let port = reflector.port.to_string();
        let ended = run(python("courses.py").args(["ping", kind, "127.0.0.1", &port]));
        assert_eq!(ended.code, Some(0), "{kind}: {ended:?}");
    }
}

#[test]
fn an_answer_that_can_be_longer_needs_loopback_or_a_network() {
    let longer = ["--answer", "{echo} and more"];
    let refused = run(udping().args(["serve", "--bind", "0.0.0.0:0"]).args(longer));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(
        refused.stderr.contains("can be longer than its request"),
        "{refused:?}"
    );
    for arguments in [
        &["serve", "--answer", "{seq}"][..],
        &["serve", "--expect", "{any}"],
        &["serve", "--expect", "{", "--answer", "a"],
        &["serve", "--answer", "{nonsense}"],
        &["serve", "--reply", "upper", "--answer", "{echo}"],
    ] {
        let refused = run(udping().args(arguments));
        assert_eq!(refused.code, Some(2), "{arguments:?}: {refused:?}");
        assert!(!refused.stderr.is_empty());
    }
    let reflector = Reflector::bound_with("0.0.0.0:0", "--allow 127.0.0.0/8", |command| {
        command.args(longer);
    });
    drop(reflector.stop());
}
