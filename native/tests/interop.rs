//! The command against programs written independently of it, on real sockets:
//! servers of the assignment, good and bad, and clients of it against `serve`.
//! Owns what is expected of each meeting. Must not know how programs are started
//! nor how a journal is spelt: that is `support`.
//!
//! Where a test wants a loss it waits a full second for it, as the assignment
//! does, unless no correct reply is on its way: then the timeout is short.

mod support;

use std::process::Command;
use std::time::Duration;

use support::journal::Session;
use support::{Reflector, Running, Server, c_program, counterparts, python};

const ALL_TEN: [u64; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/// Pings `server.py`, which is started with the arguments `serve`.
fn ping(serve: &str, arguments: &str) -> (Session, Server) {
    let server = Server::python(serve);
    (Session::ping("127.0.0.1", server.port, arguments), server)
}

#[test]
fn the_counterparts_pass_their_own_tests() {
    let source = std::fs::read_to_string(counterparts().join("test_counterparts.py")).unwrap();
    let (mut class, mut tests) = ("", Vec::new());
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("class ") {
            class = rest.split('(').next().unwrap();
        } else if let Some(rest) = line.strip_prefix("    def test_") {
            let test = rest.split('(').next().unwrap();
            tests.push(format!("test_counterparts.{class}.test_{test}"));
        }
    }
    // They wait for losses most of the time: four at once, dealt out like cards. Each says when
    // it begins and ends, so that no more than one of them has to end in time.
    let running: Vec<_> = (0..4)
        .map(|hand| {
            let dealt = tests.iter().skip(hand).step_by(4);
            let mut command = Command::new("sh");
            let script = "exec python3 -B -m unittest -v \"$@\" 2>&1";
            command.args(["-c", script, "unittest"]).args(dealt);
            Running::start(command.current_dir(counterparts()))
        })
        .collect();
    for python in running {
        let ended = python.finish();
        assert_eq!(ended.code, Some(0), "{}", ended.stdout);
        assert!(ended.stdout.contains("\nOK"), "{}", ended.stdout);
    }
}

// ---- Servers that answer well enough -----------------------------------------

#[test]
fn a_reply_that_brings_number_and_time_back_is_verified_whatever_surrounds_it() {
    for reply in [
        "upper", "lower", "echo", "padded", "prefixed", "suffixed", "receipt", "stamped",
    ] {
        let (session, _server) = ping(reply, "");
        assert_eq!(session.replied(), ALL_TEN, "{reply}: {session:?}");
        assert_eq!(
            session.which(|probe| probe.verified),
            ALL_TEN,
            "{reply}: {session:?}"
        );
        assert_eq!(session.ended.code, Some(0), "{reply}");
    }
}

#[test]
fn the_lines_are_those_of_ping() {
    let (session, _server) = ping("upper", "");
    let out = &session.ended.stdout;
    for seq in ALL_TEN {
        let start = format!(" bytes from 127.0.0.1: seq={seq} ");
        let whole = |line: &str| line.contains(" time=") && line.ends_with(" ms");
        assert!(
            out.lines().any(|line| line.contains(&start) && whole(line)),
            "{out}"
        );
    }
    let statistics: Vec<_> = out
        .lines()
        .skip_while(|line| !line.starts_with("--- "))
        .collect();
    assert!(statistics[0].ends_with(" ping statistics ---"), "{out}");
    assert!(
        statistics[1].starts_with("10 packets transmitted, 10 received, 0% packet loss, time "),
        "{out}"
    );
    assert!(
        statistics[2].starts_with("rtt min/avg/max/mdev = "),
        "{out}"
    );
}

#[test]
fn the_largest_datagram_is_a_reply_like_any_other() {
    let (session, _server) = ping("padded --size 65507", "");
    assert_eq!(
        session.which(|probe| probe.verified),
        ALL_TEN,
        "{session:?}"
    );
}

#[test]
fn ipv6() {
    let server = Server::python("upper --bind ::1");
    let session = Session::ping("[::1]", server.port, "");
    assert_eq!(session.replied(), ALL_TEN, "{session:?}");
}

#[test]
fn a_number_alone_is_credited_without_proof() {
    let (session, _server) = ping("no-time", "");
    assert_eq!(session.replied(), ALL_TEN, "{session:?}");
    assert_eq!(session.which(|probe| probe.verified), [0; 0], "{session:?}");
}

#[test]
fn a_server_can_compute_with_the_time() {
    let (session, _server) = ping("recent", "");
    assert_eq!(session.replied(), ALL_TEN, "{session:?}");
}

#[test]
fn a_time_that_was_read_as_a_float_is_no_proof_and_no_contradiction() {
    let (session, server) = ping("floated", "-c 200 -i 1ms");
    assert_eq!(session.replied().len(), 200, "{session:?}");
    let verified = session.which(|probe| probe.verified);
    assert_eq!(verified, server.told().whole, "{session:?}");
}

#[test]
fn a_number_in_prose_or_in_a_date_is_none() {
    for reply in ["prose", "date"] {
        let (session, _server) = ping(reply, "-c 40 -i 5ms -W 3");
        assert!(session.credited_nothing(), "{reply}: {session:?}");
        assert_eq!(session.ignored.len(), 40, "{reply}: {session:?}");
        assert_eq!(session.ended.code, Some(1), "{reply}");
    }
}

#[test]
fn a_bare_pong_is_credited_only_where_that_was_asked_for() {
    let (session, _server) = ping("pong", "--match any");
    assert_eq!(session.replied(), ALL_TEN, "{session:?}");
    assert_eq!(session.which(|probe| probe.verified), [0; 0], "{session:?}");

    let (session, _server) = ping("pong", "-f -c 3 -W 3");
    assert!(session.credited_nothing(), "{session:?}");
    assert_eq!(session.lost(), [1, 2, 3]);
    assert_eq!(session.ignored.len(), 3, "{session:?}");
    assert_eq!(session.ended.code, Some(1));
}

#[test]
fn a_reply_that_is_cut_or_altered_is_replied_and_said() {
    for (reply, arguments, truncated, altered) in [
        ("cut", "-s 2000", 10, 0),
        ("flipped", "-s 100", 0, 10),
        ("padded", "-s 2000", 0, 0),
        ("prefixed", "-s 100", 0, 0),
        ("suffixed", "-s 100", 0, 0),
        ("upper", "-s 100", 0, 0),
    ] {
        let (session, _server) = ping(reply, arguments);
        assert_eq!(
            session.which(|probe| probe.verified),
            ALL_TEN,
            "{reply}: {session:?}"
        );
        let out = &session.ended.stdout;
        for (count, name) in [(truncated, "truncated"), (altered, "altered")] {
            let summary = format!("{count} {name}");
            let line = format!("seq=1 is {name}");
            assert_eq!(out.contains(&summary), count > 0, "{reply}: {out}");
            assert_eq!(out.contains(&line), count > 0, "{reply}: {out}");
        }
    }
}

// ---- Loss --------------------------------------------------------------------

#[test]
fn what_the_textbooks_server_dropped_is_what_is_lost() {
    for server in [
        Server::python("upper --loss 4/11 --seed 4"),
        Server::start(c_program("upper_server").arg("5")),
    ] {
        let session = Session::ping("127.0.0.1", server.port, "");
        let told = server.told();
        assert!(
            !told.dropped.is_empty() && !told.answered.is_empty(),
            "this seed shows nothing: {told:?}"
        );
        assert_eq!(session.replied(), told.answered, "{session:?}");
        assert_eq!(session.lost(), told.dropped, "{session:?}");
        let summary = format!(
            "10 packets transmitted, {} received, {}0% packet loss",
            told.answered.len(),
            told.dropped.len()
        );
        assert!(session.ended.stdout.contains(&summary), "{session:?}");
        assert_eq!(session.ended.code, Some(0));
    }
}

#[test]
fn every_loss_has_its_line() {
    let (session, server) = ping("echo --drop 2,5", "");
    assert_eq!(session.lost(), [2, 5], "{session:?}");
    for seq in [2, 5] {
        let name = format!("seq={seq} ");
        let line = session
            .ended
            .stdout
            .lines()
            .find(|line| line.contains(&name) && !line.contains("time="));
        assert!(line.is_some(), "{session:?}");
    }
    assert_eq!(server.told().dropped, [2, 5]);
}

#[test]
fn a_server_that_falls_silent_loses_the_rest() {
    let (session, _server) = ping("echo --silent-after 8", "");
    assert_eq!(session.replied(), [1, 2, 3, 4, 5, 6, 7, 8], "{session:?}");
    assert_eq!(session.lost(), [9, 10], "{session:?}");
    assert_eq!(session.ended.code, Some(0));
}

#[test]
fn a_server_that_goes_away_refuses_which_is_no_loss() {
    let (session, _server) = ping("echo --close-after 3", "");
    assert_eq!(session.replied(), [1, 2, 3], "{session:?}");
    // The fourth may reach the socket just before it closes, and is lost with it.
    let (lost, refused) = (session.lost(), session.refused());
    assert!(lost.is_empty() || lost == [4], "{session:?}");
    let expected: Vec<u64> = (4..=10).filter(|seq| !lost.contains(seq)).collect();
    assert_eq!(refused, expected, "{session:?}");
}

// ---- Lateness ----------------------------------------------------------------

#[test]
fn a_server_always_1300_ms_late_makes_ten_losses_and_ten_late_replies() {
    let (session, _server) = ping("upper --delay 1300", "");
    assert_eq!(session.replied(), [0; 0], "{session:?}");
    assert_eq!(session.lost(), ALL_TEN, "{session:?}");
    assert_eq!(
        session.late(),
        ALL_TEN,
        "the run lingers for the last: {session:?}"
    );
    for (seq, probe) in &session.probes {
        let rtt = probe.late.unwrap();
        // Credited to the probe before or after it, a reply would seem 300 or 2300 ms old.
        assert!(
            (Duration::from_millis(1300)..Duration::from_millis(2300)).contains(&rtt),
            "{seq}: {rtt:?}"
        );
    }
    assert!(
        session
            .ended
            .stdout
            .contains("10 packets transmitted, 0 received, 100% packet loss"),
        "{session:?}"
    );
    assert_eq!(session.ended.code, Some(1));
}

#[test]
fn one_late_reply_is_late_and_spoils_no_other() {
    let (session, _server) = ping("upper --hold 3:1300", "");
    assert_eq!(session.lost(), [3], "{session:?}");
    assert_eq!(session.late(), [3], "{session:?}");
    assert_eq!(
        session.replied(),
        [1, 2, 4, 5, 6, 7, 8, 9, 10],
        "{session:?}"
    );
    assert!(
        session.probes[&3].late >= Some(Duration::from_millis(1300)),
        "{session:?}"
    );
}

#[test]
fn a_late_bare_pong_is_its_own_probes() {
    let (session, _server) = ping("pong --delay 260", "--match any -c 3 -W 0.2 --linger 3");
    assert_eq!(session.replied(), [0; 0], "{session:?}");
    assert_eq!(session.lost(), [1, 2, 3], "{session:?}");
    assert_eq!(session.late(), [1, 2, 3], "{session:?}");
}

#[test]
fn of_bare_pongs_only_those_that_were_dropped_are_lost() {
    for arguments in ["--match any -W 1", "--match any -W 1 -i 50ms"] {
        let (session, server) = ping("pong --loss 0.3 --seed 7", arguments);
        let told = server.told();
        assert!(
            !told.dropped.is_empty(),
            "this seed shows nothing: {told:?}"
        );
        assert_eq!(session.replied(), told.answered, "{session:?}");
        assert_eq!(session.lost(), told.dropped, "{session:?}");
    }
}

#[test]
fn any_datagram_is_a_reply_where_any_is_credited() {
    for reply in [
        "empty",
        "garbage",
        "prose",
        "date",
        "next-number",
        "next-alone",
    ] {
        let (session, _server) = ping(reply, "--match any");
        assert_eq!(session.replied(), ALL_TEN, "{reply}: {session:?}");
        assert_eq!(session.which(|probe| probe.verified), [0; 0], "{reply}");
    }
}

// ---- Copies, order, numbers --------------------------------------------------

#[test]
fn copies_are_duplicates_and_count_once() {
    let (session, _server) = ping("upper --copies 3", "");
    assert_eq!(session.replied(), ALL_TEN, "{session:?}");
    // The last probe's copies come when there is nothing left to wait for.
    for (seq, probe) in session.probes.iter().filter(|(seq, _)| **seq < 10) {
        assert_eq!(probe.duplicates, 2, "{seq}: {session:?}");
    }
    let summary = format!(
        "10 received, +{} duplicates, 0% packet loss",
        session.duplicates()
    );
    assert!(session.ended.stdout.contains(&summary), "{session:?}");
}

#[test]
fn replies_in_reverse_order_find_their_probes() {
    let (session, _server) = ping("upper --reverse 10", "-i 20ms -c 10 -W 5");
    let mut reversed = ALL_TEN;
    reversed.reverse();
    assert_eq!(session.arrivals, reversed, "{session:?}");
    let rtts: Vec<_> = session
        .probes
        .values()
        .map(|probe| probe.replied.unwrap())
        .collect();
    assert!(
        rtts.is_sorted_by(|one, next| one > next),
        "the first waited longest: {rtts:?}"
    );
}

#[test]
fn replies_in_reverse_order_keep_a_window_going() {
    let (session, _server) = ping("upper --reverse 5", "-f --window 5 -c 10 -W 5");
    assert_eq!(
        session.arrivals,
        [5, 4, 3, 2, 1, 10, 9, 8, 7, 6],
        "{session:?}"
    );
}

#[test]
fn the_next_number_is_not_ours_and_never_another_probes() {
    for (reply, arguments) in [
        ("next-number", "-c 3"),
        ("next-nyu", "-c 3"),
        ("next-alone", "-c 3"),
        // All ten in flight: the number names one of them, the time gives it away.
        ("next-number", "-f --window 10 -c 10"),
        ("next-nyu", "-f --window 10 -c 10"),
    ] {
        let (session, server) = ping(reply, arguments);
        assert!(session.credited_nothing(), "{reply}: {session:?}");
        assert_eq!(
            session.ignored.len(),
            server.told().answered.len(),
            "{reply}: {session:?}"
        );
        assert_eq!(session.ended.code, Some(1), "{reply}");
    }
}

#[test]
fn a_server_that_writes_over_the_number_is_believed_only_where_it_is_right() {
    // UFES's pong type falls on the number of our request: each reply says 1.
    let (session, _server) = ping("ufes", "-c 3");
    assert_eq!(session.replied(), [1], "{session:?}");
    assert_eq!(session.lost(), [2, 3], "{session:?}");
    assert_eq!(
        (session.late().len(), session.duplicates()),
        (0, 0),
        "{session:?}"
    );
}

// ---- Noise -------------------------------------------------------------------

#[test]
fn a_reply_from_another_address_or_port_is_nobodys() {
    // 127.0.0.2 is an address of this machine on Linux without further ado.
    let addresses: &[&str] = if cfg!(target_os = "linux") {
        &["127.0.0.1", "127.0.0.2"]
    } else {
        &["127.0.0.1"]
    };
    for address in addresses {
        let (session, server) = ping(&format!("upper --from {address}"), "-f -c 3 -W 2");
        assert!(session.credited_nothing(), "{address}: {session:?}");
        assert_eq!(session.lost(), [1, 2, 3], "{address}: {session:?}");
        assert_eq!(server.told().answered, [1, 2, 3]);
    }
}

#[test]
fn noise_ahead_of_a_reply_is_ignored_and_the_reply_still_counts() {
    for noise in ["garbage", "empty", "huge"] {
        let (session, _server) = ping(&format!("upper --before {noise}"), "");
        assert_eq!(
            session.which(|probe| probe.verified),
            ALL_TEN,
            "{noise}: {session:?}"
        );
        assert_eq!(session.ignored.len(), 10, "{noise}: {session:?}");
    }
}

#[test]
fn noise_in_place_of_a_reply_is_no_reply() {
    for noise in ["garbage", "empty", "huge"] {
        let (session, _server) = ping(noise, "-f -c 3 -W 3");
        assert!(session.credited_nothing(), "{noise}: {session:?}");
        assert_eq!(session.lost(), [1, 2, 3], "{noise}: {session:?}");
        assert_eq!(session.ignored.len(), 3, "{noise}: {session:?}");
        assert_eq!(session.ended.code, Some(1), "{noise}");
    }
}

// ---- Clients of the assignment -----------------------------------------------

/// Runs these clients all at once against one `serve`, and expects each to end with `code`.
fn clients_end_with(code: i32, serving: &str, clients: Vec<Command>) {
    let server = Reflector::start(serving);
    let port = server.port.to_string();
    let running: Vec<_> = clients
        .into_iter()
        .map(|mut client| Running::start(client.args(["127.0.0.1", &port])))
        .collect();
    for client in running {
        let ended = client.finish();
        assert_eq!(ended.code, Some(code), "{ended:?}");
    }
    server.stop();
}

/// `client.py` in each of these roles.
fn pythons(assignments: &str, options: &[&str]) -> Vec<Command> {
    let client = |assignment| {
        let mut command = python("client.py");
        command.args(options).arg(assignment);
        command
    };
    assignments.split_whitespace().map(client).collect()
}

fn perl() -> Command {
    let mut command = Command::new("perl");
    command.arg(counterparts().join("bare_client.pl"));
    command
}

fn node() -> Command {
    let mut command = Command::new("node");
    command.arg(counterparts().join("burst_client.mjs"));
    command
}

#[test]
fn a_client_of_each_kind_is_served_by_an_echo() {
    let assignments =
        "textbook java unsw ufes yale two-integers two-shorts brazil bare dated letters heartbeat";
    let mut clients = pythons(assignments, &[]);
    clients.extend([c_program("nyu_client"), perl(), node()]);
    clients_end_with(0, "", clients);
}

#[test]
fn capitals_and_pong_are_what_two_courses_ask_for() {
    clients_end_with(0, "--reply upper", pythons("textbook", &["--strict"]));
    clients_end_with(0, "--reply pong", pythons("bare", &["--strict"]));
}

#[test]
fn a_client_sees_the_loss_that_serve_was_told_to_make() {
    clients_end_with(1, "--loss 50% --seed 1", pythons("textbook", &[]));
    clients_end_with(0, "--loss 100%", pythons("heartbeat", &[]));
}

#[test]
fn replies_out_of_order_find_their_pings() {
    clients_end_with(
        0,
        "--reply upper --delay 20ms --jitter 20ms --seed 1",
        vec![node()],
    );
}
