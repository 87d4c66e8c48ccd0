//! Errors, tried one by one: each names what was being done and what to try.

use std::net::UdpSocket;

use crate::support::{
    Ended, Reflector, Scratch, in_a_network_of_its_own, run, udping, udping_with,
};

/// An error that ends the command: exit code 2, one line of standard error with all
/// of these words in it.
fn says(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.starts_with("udping: "), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    for words in words {
        assert!(ended.stderr.contains(words), "{words}: {ended:?}");
    }
}

#[test]
fn an_unknown_host() {
    // Too long for a name, so that nobody needs to be asked.
    let host = "x".repeat(70);
    let ended = run(&mut udping_with(&host));
    says(
        &ended,
        &["cannot find the host", &host, "check the spelling"],
    );
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_port_apart_from_its_host() {
    for arguments in [
        "127.0.0.1 12000",
        "-c 3 localhost -q 12000",
        "::1 12000",
        "compare 127.0.0.1 12000",
        "heartbeat -c 1 127.0.0.1 12000",
    ] {
        let ended = run(&mut udping_with(arguments));
        says(&ended, &["a port comes after its host", "HOST:12000"]);
        assert_eq!(ended.stdout, "");
    }
    // Where there is no host, a number is just too much.
    let ended = run(&mut udping_with("simulate 12000"));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(!ended.stderr.contains("HOST"), "{ended:?}");

    let ended = run(&mut udping_with("--lang pt-BR 127.0.0.1 12000"));
    says(&ended, &["a porta vem depois do host", "HOST:12000"]);
}

#[test]
fn several_hosts_with_what_is_for_one() {
    for (flag, arguments) in [
        ("--every", "127.0.0.1 127.0.0.2 --every 1s"),
        ("--journal", "127.0.0.1 --journal x.jsonl 127.0.0.2"),
        ("-v", "-v 127.0.0.1 127.0.0.2"),
    ] {
        let ended = run(&mut udping_with(arguments));
        says(&ended, &["is for one host alone", flag]);
    }
}

#[test]
fn where_to_listen_without_its_option() {
    for given in ["12000", "0.0.0.0:12000"] {
        let ended = run(udping().args(["serve", given]));
        says(&ended, &[&format!("udping serve --bind {given}")]);
    }
}

#[test]
fn a_command_that_is_almost_one() {
    for (arguments, command) in [
        // Whoever has a host of that name may ping it.
        ("sreve", "serve"),
        ("-c 1 demmo:7", "demo"),
        ("sreve --loss 20%", "serve"),
        ("simulat --seed 7", "simulate"),
    ] {
        let Some(ended) = in_a_network_of_its_own(&format!("\"$UDPING\" {arguments}")) else {
            return;
        };
        says(&ended, &[&format!("did you mean `udping {command}`?")]);
    }
    let Some(ended) = in_a_network_of_its_own("\"$UDPING\" nowhere") else {
        return;
    };
    says(&ended, &["cannot find the host `nowhere`"]);
    assert!(!ended.stderr.contains("did you mean"), "{ended:?}");
}

#[test]
fn a_flag_that_is_not_there_gets_no_advice_but_a_true_one() {
    for (arguments, words) in [
        (
            "--loss 20% h",
            "--loss is a flag of `udping serve`, `udping path`, `udping simulate`",
        ),
        ("serve --ttl 3", "--ttl is a flag of `udping HOST`"),
        ("-count 3 h", "write --count"),
        ("-json h", "write --json"),
        ("replay -timeout 1s f", "write --timeout"),
    ] {
        let ended = run(&mut udping_with(arguments));
        says(&ended, &[words]);
    }
    let advice = |arguments: &str| {
        let said = run(&mut udping_with(arguments)).stderr;
        let tip = said.lines().find(|line| line.contains("tip: "));
        tip.map(str::to_owned)
    };
    assert_eq!(advice("h -Z"), None);
    assert_eq!(advice("h --buond"), None);
    let tip = advice("h --cuont 3").unwrap();
    assert!(tip.contains("'--count'"), "{tip}");
}

#[test]
fn a_command_behind_options() {
    let ended = run(&mut udping_with("-c 2 demo"));
    says(&ended, &["`demo` is a command", "udping demo", "demo:PORT"]);
}

#[test]
fn no_permission() {
    for command in ["", "heartbeat", "compare"] {
        let ended = run(&mut udping_with(&format!("{command} -c 1 255.255.255.255")));
        let broadcast = "that is a broadcast address, and the system does not permit";
        says(&ended, &["cannot reach 255.255.255.255:12000", broadcast]);
        // Only what has it is told of it.
        let flag = ended.stderr.contains("-b");
        assert_eq!(flag, command.is_empty(), "{command}: {ended:?}");
    }
}

#[test]
fn a_networks_own_broadcast_address_is_called_one_and_a_prohibited_route_is_not() {
    let script = r#"ip link add one type veth peer two && ip link set one up && ip link set two up
        ip addr add 10.9.9.1/24 dev one broadcast 10.9.9.255
        ip addr add 10.9.7.1/24 dev one
        ip route add prohibit 10.9.8.0/24
        "$UDPING" -c 1 10.9.9.255; "$UDPING" -c 1 10.9.7.255; "$UDPING" -c 1 10.9.8.1
        ip route add prohibit 255.255.255.255; "$UDPING" -b -c 1 255.255.255.255"#;
    let Some(ended) = in_a_network_of_its_own(script) else {
        return;
    };
    let said: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(said.len(), 4, "{ended:?}");
    assert!(said[0].contains("that is a broadcast address"), "{ended:?}");
    assert!(said[1].contains("that is a broadcast address"), "{ended:?}");
    assert!(said[2].contains("a prohibited route"), "{ended:?}");
    // Where it is allowed already, that is not the reason.
    assert!(said[3].contains("a prohibited route"), "{ended:?}");
    assert!(!said[3].contains("-b"), "{ended:?}");
}

#[test]
fn a_port_in_use() {
    let taken = Reflector::start("");
    let address = taken.address().to_string();
    let ended = run(udping().args(["serve", "--bind", &address]));
    says(
        &ended,
        &[
            "cannot listen on",
            &address,
            "another program has that port",
            "or 0",
        ],
    );
}

#[test]
fn an_address_that_is_not_ours() {
    let ended = run(udping().args(["serve", "--bind", "192.0.2.1:0"]));
    says(
        &ended,
        &["cannot listen on 192.0.2.1:0", "does not have that address"],
    );
}

#[test]
fn a_network_that_is_down() {
    let file = Scratch::new();
    let script = format!(
        "\"$UDPING\" -c 3 --journal {} 127.0.0.1",
        file.path().display()
    );
    let Some(ended) = in_a_network_of_its_own(&script) else {
        return;
    };
    says(
        &ended,
        &[
            "cannot reach 127.0.0.1:12000",
            "check the network connection",
        ],
    );
}

#[test]
fn a_way_that_closes_while_measuring_leaves_probes_unsent() {
    let file = Scratch::new();
    // The route goes after the third reply, and comes back after a failure to send;
    // the first reply after that ends the run by closing the pipe.
    let script = format!(
        r#"ip link set lo up && ip addr add 192.0.2.1/32 dev lo
        "$UDPING" serve --bind 192.0.2.1:7000 > /dev/null 2>&1 & server=$!
        until "$UDPING" -q -c 1 192.0.2.1:7000 > /dev/null; do :; done
        "$UDPING" -c 0 -i 50ms -w 60 --journal {file} 192.0.2.1:7000 | while read -r line; do
            echo "$line"
            case $stage$line in
            *seq=3\ *time=*) ip rule add pref 1 prohibit; ip rule del pref 0; stage='down ' ;;
            down*cannot\ send*) ip rule add pref 0 lookup local; stage='back ' ;;
            back*time=*) break ;;
            esac
        done
        kill $server; wait $server; "$UDPING" replay {file}"#,
        file = file.path().display()
    );
    let Some(ended) = in_a_network_of_its_own(&script) else {
        return;
    };
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for line in [
        "seq=3 ",
        "cannot send seq=",
        "Permission denied",
        " could not be sent: Permission denied",
        " 0 differences",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {ended:?}");
    }
}

#[test]
fn a_journal_that_cannot_be_written() {
    for place in ["/proc/udping.jsonl", "/nonexistent/udping.jsonl", "/"] {
        let ended = run(&mut udping_with(&format!(
            "-c 1 127.0.0.1 --journal {place}"
        )));
        says(
            &ended,
            &[
                "cannot write the journal",
                place,
                "folder that you can write to",
            ],
        );
        assert_eq!(ended.stdout, "", "said before anything was measured");
        let ended = run(&mut udping_with(&format!("simulate --journal {place}")));
        says(&ended, &["cannot write the journal", place]);
    }
}

#[test]
fn a_full_disk_costs_the_journal_and_not_the_measuring() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-c 5 -i 50ms --journal /dev/full"));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stdout.contains("5 packets transmitted, 5 received"),
        "{ended:?}"
    );
    let said: Vec<_> = ended.stderr.lines().collect();
    let why = "cannot write the journal /dev/full: No space left on device";
    assert!(
        said[0].contains(why) && said[0].contains("measuring continues"),
        "{said:?}"
    );
    assert!(
        said[1].contains(why) && said[1].contains("the journal is not complete"),
        "{said:?}"
    );
}

#[test]
fn a_full_disk_is_said_at_once() {
    let server = Reflector::start("");
    let running =
        crate::support::Running::start(&mut server.pinged("-c 0 -i 50ms --journal /dev/full"));
    running.warning_with("measuring continues without the journal");
    // It does go on.
    running.line_with("seq=5 ");
    running.signal("INT");
    assert_eq!(running.finish().code, Some(2));
}

#[test]
fn a_report_that_cannot_be_written_costs_nothing_but_itself() {
    let server = Reflector::start("");
    let file = Scratch::new();
    let script = format!(
        "\"$0\" {} -c 3 --journal {} > /dev/full",
        server.address(),
        file.path().display()
    );
    let ended =
        run(std::process::Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_udping")]));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("the report is not complete: cannot write to standard output"),
        "{ended:?}"
    );
    let replay = crate::support::journal::verify(file.path());
    assert!(
        replay.stdout.contains("3 packets transmitted, 3 received"),
        "{replay:?}"
    );

    for command in [
        "simulate",
        "replay",
        "demo",
        "--help",
        "serve -h",
        "--version",
    ] {
        let file = if command == "replay" {
            file.path().display().to_string()
        } else {
            String::new()
        };
        let script = format!("\"$0\" {command} {file} > /dev/full");
        let ended = run(std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_udping")])
            .current_dir(env!("CARGO_TARGET_TMPDIR")));
        assert_eq!(ended.code, Some(2), "{command}: {ended:?}");
        assert!(
            ended.stderr.contains("No space left on device"),
            "{command}: {ended:?}"
        );
        assert!(!ended.stderr.contains("panicked"), "{command}: {ended:?}");
    }
}

#[test]
fn a_datagram_that_is_too_long() {
    let server = Reflector::start("");
    let fits = run(&mut server.pinged("-c 1 -s 65507"));
    assert_eq!(fits.code, Some(0), "{fits:?}");
    // IPv6 has 20 bytes less; its loopback takes them all the same, or says so.
    let six = UdpSocket::bind("[::1]:0").unwrap();
    let port = six.local_addr().unwrap().port();
    let ended = run(&mut udping_with(&format!(
        "-c 1 -W 50ms -s 65507 [::1]:{port}"
    )));
    assert!(matches!(ended.code, Some(1 | 2)), "{ended:?}");
}

#[cfg(not(feature = "lab"))]
#[test]
fn without_the_lab_a_run_cannot_be_shown_there_and_what_to_do_is_said() {
    for arguments in [
        "127.0.0.1 --view",
        "view --follow run.jsonl",
        "view run.jsonl",
    ] {
        let ended = run(&mut udping_with(arguments));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.stderr.contains("without the browser lab"),
            "{ended:?}"
        );
        assert!(ended.stderr.contains("`cargo xtask "), "{ended:?}");
        assert_eq!(ended.stdout, "");
    }
}

/// A program whose standard output is a terminal which is closed once it has said
/// something: what it says of that when SIGTERM ends it.
#[cfg(target_os = "linux")]
fn left_by_its_terminal(arguments: &str) -> Ended {
    let script = r"import os, pty, signal, subprocess, sys
ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdout=theirs, start_new_session=True)
os.close(theirs)
os.read(ours, 100)
os.close(ours)
child.send_signal(signal.SIGTERM)
sys.exit(child.wait())";
    let mut command = std::process::Command::new("python3");
    command.args(["-c", script, env!("CARGO_BIN_EXE_udping")]);
    run(command.args(arguments.split_whitespace()))
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_is_closed_is_named_as_what_cannot_be_written_to() {
    let file = Scratch::new();
    let journal = format!("--journal {}", file.path().display());
    for flags in ["", "--tcp", &journal] {
        let ended = left_by_its_terminal(&format!("serve --bind 127.0.0.1:0 {flags}"));
        assert_eq!(ended.code, Some(2), "{flags}: {ended:?}");
        let why = "\nudping: cannot write to standard output: Input/output error (os error 5)\n";
        let said = format!("\n{}", ended.stderr);
        assert!(said.ends_with(why), "{flags}: {ended:?}");
    }
    crate::support::journal::verify(file.path());
}
