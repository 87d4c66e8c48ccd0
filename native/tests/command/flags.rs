//! Every flag does what its help says, and nonsense is refused in words.

use crate::support::journal::{Session, records, values};
use crate::support::{
    Ended, Reflector, Running, Scratch, in_a_network_of_its_own, run, udping, udping_with,
};

/// Runs `udping` with arguments that it must refuse before it does anything, and
/// returns what it says.
fn refused(arguments: &[&str]) -> String {
    let Ended {
        code,
        stdout,
        stderr,
    } = run(udping().args(arguments));
    assert_eq!(code, Some(2), "{arguments:?}: {stdout}{stderr}");
    assert_eq!(stdout, "", "{arguments:?}");
    assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
    stderr
}

#[test]
fn the_last_of_a_repeated_flag_holds_so_an_alias_may_have_defaults() {
    for command in ["simulate", "simulate -q"] {
        let arguments = format!("{command} -c 1 --seed 7 -W 1s -c 3 -W 2s --seed 9");
        let ended = run(&mut udping_with(&arguments));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.stdout.contains("3 packets transmitted"), "{ended:?}");
        assert!(ended.stdout.contains("seed 9, timeout 2s"), "{ended:?}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn nonsense_is_refused_by_the_flags_name_with_what_would_do() {
    let duration = "write a duration as 1s, 200ms, 50us, 1m30s, or in seconds as 0.5";
    let too_long = "longer than 104 days";
    for (arguments, name, why) in [
        ("h -c x", "--count", "a whole number from 0"),
        ("h -c -1", "--count", "a whole number from 0"),
        ("h -c 1.5", "--count", "a whole number from 0"),
        ("h -c 9007199254740993", "--count", "to 9007199254740992"),
        ("h -i x", "--interval", duration),
        ("h -i -1", "--interval", duration),
        ("h -i 0", "--interval", "more than zero"),
        (
            "h -i 1parsec",
            "--interval",
            "`parsec` is not a unit of time",
        ),
        ("h -i 1e9", "--interval", "`e` is not a unit of time"),
        ("h -W 0", "--timeout", "more than zero"),
        ("h -W nan", "--timeout", duration),
        ("h -W 105h5", "--timeout", duration),
        ("h -W 2600h", "--timeout", too_long),
        ("h -w 0", "--deadline", "more than zero"),
        ("h -w 1..5", "--deadline", duration),
        ("h --linger -1s", "--linger", duration),
        ("h --linger 99999999999", "--linger", too_long),
        ("h -s 65508", "--size", "from 0 to 65507"),
        ("h -s big", "--size", "from 0 to 65507"),
        ("h -t 0", "--ttl", "from 1 to 255"),
        ("h -t 256", "--ttl", "from 1 to 255"),
        ("h -f --window 0", "--window", "from 1 to 65536"),
        ("h -f --window 65537", "--window", "from 1 to 65536"),
        ("h -l 3 -i 1", "--interval", "cannot be used with"),
        ("h -f -i 1", "--interval", "cannot be used with"),
        ("h -A -i 1", "--interval", "cannot be used with"),
        ("h -A -f", "--flood", "cannot be used with"),
        ("h --ipv4 -6", "--ipv6", "cannot be used with"),
        ("h -s 40 -p xy", "--pattern", "1 to 32 hexadecimal digits"),
        ("h -p ff", "--size", "required"),
        ("h -Q af44", "--tos", "the name of a DSCP"),
        ("h -m -1", "-m", "from 0 to 4294967295"),
        ("h -F 100000", "-F", "from 0 to fffff"),
        ("h -S 0", "-S", "from 1 to 2147483647"),
        ("h --wire morse", "--wire", "possible values: textbook"),
        (
            "h --wire ufes --request x",
            "--request",
            "cannot be used with",
        ),
        (
            "h --wire ufes --wire-file x",
            "--wire-file",
            "cannot be used with",
        ),
        ("wires --hex", "--check", "required"),
        ("h --match all", "--match", "possible values: seq, any"),
        ("h --journal", "--journal", "a value is required"),
        ("h --frobnicate", "--frobnicate", "unexpected argument"),
        ("h:0", "HOST", "from 1 to 65535"),
        ("h:65536", "HOST", "from 1 to 65535"),
        (":7", "HOST", "a host is missing"),
        ("[::1", "HOST", "the bracket is not closed"),
        ("::1:12000", "HOST", "is written as [::1]:12000"),
        (
            "serve --bind nowhere",
            "--bind",
            "write it as 127.0.0.1:12000",
        ),
        ("serve --bind 127.0.0.1:65536", "--bind", "write it as"),
        (
            "serve --reply rot13",
            "--reply",
            "possible values: echo, upper, pong",
        ),
        ("serve --loss 101%", "--loss", "at most 100%"),
        ("serve --loss -1%", "--loss", "write it like 30%, 0.3"),
        ("serve --loss 1", "--loss", "write 1% or 1.0, which is 100%"),
        ("serve --loss 1%,2%,3%", "--loss", "two as REQUEST,REPLY"),
        ("serve --delay soon", "--delay", duration),
        ("serve --delay 1s,", "--delay", duration),
        ("serve --jitter -1ms", "--jitter", duration),
        (
            "serve --duplicate often",
            "--duplicate",
            "write it like 30%, 0.3",
        ),
        ("serve --reorder 1.1", "--reorder", "at most 100%"),
        ("serve --seed -1", "--seed", "from 0 to 9007199254740991"),
        (
            "serve --seed 9007199254740992",
            "--seed",
            "from 0 to 9007199254740991",
        ),
        ("serve --rate-limit 0", "--rate-limit", "1 or more"),
        ("serve --rate-limit never", "--rate-limit", "or `off`"),
        ("serve extra", "extra", "unexpected argument"),
        ("replay", "<FILE>", "required"),
        ("replay f --timeout 0", "--timeout", "more than zero"),
        ("simulate --service x", "--service", duration),
        ("simulate --seed x", "--seed", "a whole number"),
    ] {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let said = refused(&arguments);
        assert!(said.starts_with("error: "), "{arguments:?}: {said}");
        assert!(said.contains(name), "{arguments:?}: {said}");
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert!(said.contains("--help"), "{arguments:?}: {said}");
    }
    assert!(refused(&[""]).contains("a host is missing"));
    assert!(refused(&["a b"]).contains("a host is missing"));
}

#[test]
fn a_flag_that_needs_another_is_refused_without_it() {
    for (arguments, needed) in [
        ("h --redact", "--journal <FILE>|--json"),
        ("h -q --redact", "--journal <FILE>|--json"),
        ("compare h --redact", "--journal <FILE>|--json"),
        ("heartbeat h --redact", "--journal <FILE>|--json"),
        ("h --color never", "--tui"),
        ("h --spin", "--interval"),
        ("h -p ff", "--size"),
        ("serve --silence 1s", "--heartbeat"),
        ("serve --clock-source ntp", "--clock-error"),
        ("serve --heartbeat --clock-error 1s", "cannot be used with"),
        ("serve --heartbeat --hmac-key-file f", "cannot be used with"),
    ] {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let said = refused(&arguments);
        assert!(said.starts_with("error: "), "{arguments:?}: {said}");
        assert!(said.contains(needed), "{arguments:?}: {said}");
    }
}

#[test]
fn a_flag_without_effect_is_said_to_have_none() {
    let server = Reflector::start("");
    for (flags, said) in [
        ("-q -v", "-v has no effect with -q\n"),
        (
            "-q -D -O -l 2",
            "-D has no effect with -q\n-O has no effect with -q\n",
        ),
        ("--json -D", "-D has no effect with --json\n"),
        ("--journal - -v -q", "-v has no effect with --json\n"),
        (
            "-O",
            "-O has no effect without -i or -l: each probe waits for the one before\n",
        ),
        ("-v -D -O -i 1ms", ""),
        ("-v -D -O -f", ""),
    ] {
        let ended = run(&mut server.pinged(&format!("-c 1 {flags}")));
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(0), said),
            "{flags}"
        );
    }
    let said = "--seed has no effect without";
    for (flags, idle) in [
        ("--seed 7 --delay 1ms", true),
        ("--seed 7 --loss 1%", false),
    ] {
        let server = Reflector::start(flags);
        let ended = server.stop();
        assert_eq!(ended.stderr.contains(said), idle, "{ended:?}");
    }
}

#[test]
fn what_no_client_could_run_is_refused_before_anything_happens() {
    for (arguments, why) in [
        (
            "127.0.0.1 --match any --wire stamp",
            "--match any is for the textbook's wire",
        ),
        (
            "simulate --match any --wire stamp",
            "--match any is for the textbook's wire",
        ),
        (
            "serve --reply pong --wire stamp",
            "--reply is for the textbook's wire",
        ),
        (
            "127.0.0.1 --clock-error 1s",
            "STAMP's flags need --wire stamp",
        ),
        (
            "127.0.0.1 --wire ufes -s 60",
            "-s is for the textbook's wire",
        ),
        (
            "127.0.0.1 --wire ufes --match any",
            "--match any is for the textbook's wire",
        ),
        (
            "127.0.0.1 --wire ufes --clock-error 1s",
            "STAMP's flags need --wire stamp",
        ),
        (
            "127.0.0.1 --request {seq}{int}",
            "column 6: nothing says where",
        ),
        (
            "127.0.0.1 --expect a --expect {echo}",
            "expectation 2, column 1: this part can only be in an answer",
        ),
        (
            "127.0.0.1 --request a --expect {seq}",
            "a sequence number that its request does not have",
        ),
        (
            "127.0.0.1 -c 300 --request {seq:u8}",
            "300 probes fit into timeout and late window, and the wire has 256 numbers",
        ),
        (
            "127.0.0.1 --wire pong -f",
            "replies without a number can only be matched one probe at a time",
        ),
        (
            "127.0.0.1 --wire-file nowhere",
            "cannot read the wire in nowhere",
        ),
        ("127.0.0.1 -s 20 -p ff", "nothing is padded for -p"),
        (
            "127.0.0.1 -s 40 --wire stamp -p ff",
            "nothing is padded for -p",
        ),
        (
            "127.0.0.1 --resolve-again 1s",
            "needs a name, and 127.0.0.1 is an address",
        ),
        ("serve --threads 2 --loss 1%", "several threads do not"),
        ("serve --redact --json", "--redact needs --heartbeat"),
        ("serve --threads 2 --json", "several threads do not"),
        (
            "127.0.0.1 --match any -f",
            "only be matched one probe at a time",
        ),
        (
            "127.0.0.1 -i 1us -W 1h -c 0",
            "use a longer interval, or a shorter timeout",
        ),
        ("simulate -i 1us -W 1h -c 0", "give a count with -c"),
        ("simulate -i 1us -W 1h -c 9999999", "use a longer interval"),
        ("serve --delay 2h", "it must be from 0 to 3600s"),
    ] {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let said = refused(&arguments);
        assert!(said.starts_with("udping: "), "{arguments:?}: {said}");
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
}

#[test]
fn without_arguments_it_says_what_to_try_first() {
    let said = refused(&[]);
    assert!(said.contains("try `udping demo` first"), "{said}");
    assert!(said.contains("`udping -h`"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn help_names_every_flag_and_the_exit_codes() {
    let ended = run(&mut udping_with("--help"));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for flag in "-c -i -W -w -s -q -D -O -4 -6 -n -v -t -f --window --linger --wire --match \
                 --journal --json --redact serve demo replay simulate"
        .split_whitespace()
    {
        assert!(ended.stdout.contains(flag), "{flag}: {}", ended.stdout);
    }
    assert!(ended.stdout.contains("Exit status: 0 if any reply"));
    let version = run(&mut udping_with("-V")).stdout;
    assert_eq!(version, concat!("udping ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn durations_mean_the_same_however_they_are_written() {
    let server = Reflector::start("");
    for (text, nanos) in [
        ("2s", 2_000_000_000_u64),
        ("2", 2_000_000_000),
        ("2.5", 2_500_000_000),
        ("2500ms", 2_500_000_000),
        ("2500000us", 2_500_000_000),
        ("1m", 60_000_000_000),
    ] {
        let json = run(&mut server.pinged(&format!("--json -c 1 -W {text}"))).stdout;
        let header = &records(&json)[0];
        assert_eq!(header["timeout_ns"], nanos, "{text}");
        assert_eq!(
            header["late_window_ns"], nanos,
            "{text}: it is the timeout by default"
        );
    }
}

#[test]
fn ten_probes_one_after_the_other_with_a_second_each_is_what_nothing_asks_for() {
    let server = Reflector::start("");
    let json = records(&run(&mut server.pinged("--json")).stdout);
    let header = &json[0];
    assert_eq!(header["count"], 10);
    assert_eq!(header["timeout_ns"], 1_000_000_000);
    assert_eq!(header["schedule"]["stop_and_wait"]["gap_ns"], 0);
    assert_eq!(values(&json, "sent"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn an_interval_is_a_beat_from_the_start() {
    let server = Reflector::start("");
    let session = records(&run(&mut server.pinged("--json -c 5 -i 20ms")).stdout);
    for (seq, due) in values(&session, "sent")
        .into_iter()
        .zip(values(&session, "due_ns"))
    {
        // Slots that a busy machine missed leave gaps, and never shift the beat.
        assert_eq!(due % 20_000_000, 0, "{seq}");
        assert!(due / 20_000_000 >= seq - 1, "{seq}");
    }
}

#[test]
fn the_timeout_is_each_probes_own_and_exact() {
    let server = Reflector::start("--loss 100%");
    let session = records(&run(&mut server.pinged("--json -c 3 -W 30ms")).stdout);
    let sent: Vec<_> = session
        .iter()
        .filter(|it| it.get("sent").is_some())
        .collect();
    let at: Vec<u64> = sent.iter().filter_map(|it| it["at_ns"].as_u64()).collect();
    let deadlines = values(&session, "deadline_ns");
    let expected: Vec<u64> = at.iter().map(|at| at + 30_000_000).collect();
    assert_eq!(deadlines, expected);
}

#[test]
fn a_deadline_ends_the_run_short_of_its_count() {
    let server = Reflector::start("");
    let file = Scratch::new();
    let ended = run(server
        .pinged("-c 1000000 -i 10ms -w 200ms --journal")
        .arg(file.path()));
    assert_eq!(
        ended.code,
        Some(1),
        "fewer replies than -c by -w: {ended:?}"
    );
    let session = records(&file.text());
    assert!(
        session.iter().any(|it| it["stop"] == "deadline"),
        "{session:?}"
    );
    let endless = run(&mut server.pinged("-c 0 -i 10ms -w 200ms"));
    assert_eq!(
        endless.code,
        Some(0),
        "no count to fall short of: {endless:?}"
    );
}

#[test]
fn a_size_pads_probes_to_it() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-c 2 -s 1200"));
    let replies = ended.stdout.matches("1200 bytes from 127.0.0.1: seq=");
    assert_eq!(replies.count(), 2, "{ended:?}");
    assert!(ended.stdout.contains("probes of 1200 bytes"), "{ended:?}");
    let json = run(&mut server.pinged("--json -c 1 -s 1200")).stdout;
    assert_eq!(records(&json)[0]["size"], 1200);
}

/// A Python program that answers one probe over UDP, after printing what `said` makes of its
/// `data` and the first of its ancillary data, `control`, which `option` asks for.
fn observer(family: &str, option: &str, said: &str) -> Running {
    let program = format!(
        "import socket, sys
s = socket.socket(socket.{family}, socket.SOCK_DGRAM)
s.bind(('::1' if s.family == socket.AF_INET6 else '127.0.0.1', 0))
{option}
print(s.getsockname()[1], flush=True)
data, control, flags, peer = s.recvmsg(2048, 256)
print({said}, flush=True)
s.sendto(data.upper(), peer)"
    );
    let mut python = std::process::Command::new("python3");
    Running::start(python.args(["-c", &program]))
}

#[test]
fn a_probe_smaller_than_its_text_is_as_long_as_that() {
    let (text, stamp) = (Reflector::start(""), Reflector::start("--wire stamp"));
    for (server, flags, bytes, probes) in [
        (&text, "-s 0", 27, "text probes,"),
        (&text, "-s 20", 27, "text probes of 27 bytes or more,"),
        (&text, "-s 30", 30, "text probes of 30 bytes or more,"),
        (&text, "-s 56", 56, "probes of 56 bytes,"),
        (&stamp, "--wire stamp -s 0", 44, "STAMP probes of 44 bytes,"),
        (
            &stamp,
            "--wire stamp -s 44",
            44,
            "STAMP probes of 44 bytes,",
        ),
        (
            &stamp,
            "--wire stamp -s 45",
            64,
            "STAMP probes of 64 bytes,",
        ),
        (
            &stamp,
            "--wire stamp -s 65",
            65,
            "STAMP probes of 65 bytes,",
        ),
    ] {
        let ended = run(&mut server.pinged(&format!("-c 1 {flags}")));
        assert!(ended.stdout.contains(probes), "{flags}: {ended:?}");
        let line = format!("\n{bytes} bytes from 127.0.0.1: seq=1 ");
        assert!(ended.stdout.contains(&line), "{flags}: {ended:?}");
    }
}

#[test]
fn padding_repeats_the_pattern_that_was_asked_for() {
    let server = observer("AF_INET", "", "data[27:].hex()");
    let ended = run(&mut udping_with(&format!(
        "-c 1 -s 33 -p 61ff0 127.0.0.1:{}",
        server.line()
    )));
    assert_eq!(server.line(), "2061ff0061ff");
    // Its server answers in upper case, which is no damage.
    assert!(ended.stdout.contains(" 1 received"), "{ended:?}");
    assert!(!ended.stdout.contains("altered"), "{ended:?}");

    let server = observer("AF_INET", "", "data[48:].hex()");
    let flags = "--wire stamp -c 1 -W 100ms -s 65 -p 0123";
    run(&mut udping_with(&format!(
        "{flags} 127.0.0.1:{}",
        server.line()
    )));
    assert_eq!(
        server.line(),
        "01230123012301230123012301230123 01".replace(' ', "")
    );
}

#[test]
fn the_class_of_service_goes_by_its_name_too() {
    for (tos, byte) in [("ef", "b8"), ("AF41", "88"), ("cs1", "20"), ("0xb9", "b9")] {
        let option = "s.setsockopt(socket.IPPROTO_IP, 13, 1)  # IP_RECVTOS";
        let server = observer("AF_INET", option, "control[0][2].hex()");
        let ended = run(&mut udping_with(&format!(
            "-c 1 -Q {tos} 127.0.0.1:{}",
            server.line()
        )));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(server.line(), byte);
    }
}

#[test]
fn a_flow_label_is_sent_over_ipv6_and_refused_over_ipv4() {
    let option = "s.setsockopt(41, 11, 1)  # IPV6_FLOWINFO";
    let server = observer("AF_INET6", option, "control[0][2].hex()");
    let ended = run(&mut udping_with(&format!(
        "-c 1 -F beef [::1]:{}",
        server.line()
    )));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(server.line(), "0000beef");
    let said = refused(&["-F", "beef", "127.0.0.1"]);
    assert!(said.contains("-F is for IPv6"), "{said}");
}

#[test]
fn a_mark_is_what_this_hosts_routes_go_by_and_needs_a_capability() {
    let script = r#"ip link add one type veth peer two && ip link set one up && ip link set two up
        ip addr add 10.9.9.1/24 dev one && ip rule add fwmark 7 prohibit
        "$UDPING" -q -c 1 -W 10ms 10.9.9.2
        for mark in 0x7 8; do "$UDPING" -q -c 1 -W 10ms -m $mark 10.9.9.2; done
        setpriv --bounding-set -all --inh-caps -all "$UDPING" -m 7 10.9.9.2"#;
    let Some(ended) = in_a_network_of_its_own(script) else {
        return;
    };
    let sent = ended.stdout.matches("1 packets transmitted").count();
    assert_eq!(sent, 2, "{ended:?}");
    let said: Vec<_> = ended.stderr.lines().collect();
    assert!(said[0].contains("a prohibited route"), "{ended:?}");
    assert!(said[1].contains("-m 7: setting a mark needs"), "{ended:?}");
    assert_eq!(said.len(), 2, "{ended:?}");
}

#[test]
fn broadcasting_is_allowed_where_it_is_asked_for_and_who_answers_is_named() {
    let script = r#"ip link add one type veth peer two && ip link set one up && ip link set two up
        ip addr add 10.9.9.1/24 dev one broadcast 10.9.9.255
        "$UDPING" -b -c 1 -W 10ms 10.9.9.255"#;
    let Some(ended) = in_a_network_of_its_own(script) else {
        return;
    };
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let hint = "10.9.9.255 is a broadcast address: ";
    assert!(ended.stdout.contains(hint), "{ended:?}");
}

#[test]
fn the_send_buffer_is_as_large_as_was_asked_for() {
    // The kernel doubles what is asked for (`socket(7)`).
    let script = r#"ip link set lo up
        "$UDPING" -S 20000 -q -c 0 -i 10s --linger 0 127.0.0.1 > /dev/null & client=$!
        until ss -uanm | grep -o 'tb40000'; do kill -0 $client || break; done
        kill $client"#;
    let Some(ended) = in_a_network_of_its_own(script) else {
        return;
    };
    assert_eq!(ended.stdout, "tb40000\n", "{ended:?}");
}

#[test]
fn several_probes_are_in_flight_with_a_line_for_each_reply() {
    let server = Reflector::start("");
    for (flags, schedule) in [
        ("-l 3", "{\"window\":{\"size\":3}}"),
        ("-l 1", "{\"stop_and_wait\":{\"gap_ns\":0}}"),
        ("-A", "{\"stop_and_wait\":{\"gap_ns\":0}}"),
        ("-A -l 2", "{\"window\":{\"size\":2}}"),
        ("-f", "{\"window\":{\"size\":32}}"),
    ] {
        let json = run(&mut server.pinged(&format!("--json -c 1 {flags}"))).stdout;
        assert_eq!(records(&json)[0]["schedule"].to_string(), schedule);
    }
    let ended = run(&mut server.pinged("-c 9 -l 3"));
    assert_eq!(ended.stdout.matches(" time=").count(), 9, "{ended:?}");
}

#[test]
fn quiet_leaves_the_first_line_and_the_summary() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-q -c 3"));
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("PING 127.0.0.1("), "{lines:?}");
    assert_eq!(lines[1], "", "{lines:?}");
    let [.., title, counts, times] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert!(title.ends_with(" ping statistics ---"), "{lines:?}");
    let all = "3 packets transmitted, 3 received";
    assert!(counts.starts_with(all), "{lines:?}");
    assert!(times.starts_with("rtt min/avg/max/mdev = "), "{lines:?}");
    assert!(!ended.stdout.contains("seq="), "{lines:?}");
}

#[test]
fn the_time_of_day_goes_before_every_line() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-D -c 3"));
    let stamped: Vec<_> = ended
        .stdout
        .lines()
        .filter(|it| it.contains("seq="))
        .collect();
    assert_eq!(stamped.len(), 3, "{ended:?}");
    for line in stamped {
        let stamp = line
            .strip_prefix('[')
            .and_then(|line| line.split_once("] "));
        let (seconds, micros) = stamp.unwrap().0.split_once('.').unwrap();
        assert!(seconds.parse::<u64>().unwrap() > 1_700_000_000, "{line}");
        assert_eq!(
            (micros.len(), micros.parse::<u32>().is_ok()),
            (6, true),
            "{line}"
        );
    }
}

#[test]
fn what_is_outstanding_is_said_when_the_next_goes_out() {
    let server = Reflector::start("--loss 100%");
    // No deadline passes meanwhile, however busy the machine is.
    let running = Running::start(&mut server.pinged("-O -c 0 -i 20ms -W 60s --linger 0"));
    for seq in [1, 2, 3] {
        running.line_with(&format!("no answer yet for seq={seq}"));
    }
    running.signal("INT");
    assert_eq!(running.finish().code, Some(1));
    let silent = run(&mut server.pinged("-c 3 -i 20ms -W 500ms --linger 0"));
    assert!(!silent.stdout.contains("no answer yet"), "{silent:?}");
}

#[test]
fn a_family_is_the_one_that_was_asked_for() {
    let server = Reflector::start("");
    let ended = run(&mut udping_with(&format!(
        "-4 -c 1 localhost:{}",
        server.port
    )));
    let first = format!("PING localhost(127.0.0.1:{})", server.port);
    assert!(ended.stdout.starts_with(&first), "{ended:?}");
    assert!(refused(&["-6", "127.0.0.1"]).contains("has no IPv6 address; leave out -6"));
    assert!(refused(&["-4", "::1"]).contains("has no IPv4 address; leave out -4"));

    let server = Reflector::bound("[::1]:0", "");
    let ended = run(&mut udping_with(&format!("-6 -c 1 [::1]:{}", server.port)));
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn names_are_left_out_where_numbers_are_wanted() {
    let server = Reflector::start("");
    let ended = run(&mut udping_with(&format!(
        "-n -4 -c 1 localhost:{}",
        server.port
    )));
    assert!(!ended.stdout.contains("localhost"), "{ended:?}");
}

#[test]
fn what_was_ignored_is_said_where_that_is_wanted_and_why() {
    let server = Reflector::start("--reply pong");
    let why = "ignored, it carries no sequence number (--match any credits such replies)";
    let loud = run(&mut server.pinged("-v -c 1 -W 2s"));
    assert!(loud.stdout.contains(why), "{loud:?}");
    let quiet = run(&mut server.pinged("-c 1 -W 2s"));
    assert!(!quiet.stdout.contains("ignored, "), "{quiet:?}");
    assert!(quiet.stdout.contains("1 lost, 1 ignored"), "{quiet:?}");
    let credited = run(&mut server.pinged("-c 1 --match any"));
    assert_eq!(credited.code, Some(0), "{credited:?}");
    assert!(credited.stdout.contains("(unverified"), "{credited:?}");
    // The first says why, and so does one that has no line of its own otherwise.
    for (server, arguments, lines) in [
        (&server, "-c 3 --match any", 3),
        (&Reflector::start("--reply echo"), "-c 3", 0),
    ] {
        let credited = run(&mut server.pinged(arguments));
        let count = |words| credited.stdout.matches(words).count();
        assert_eq!(count("so nothing proves"), lines.min(1), "{credited:?}");
        assert_eq!(
            count("(unverified)"),
            lines.saturating_sub(1),
            "{credited:?}"
        );
        assert_eq!(count("3 unverified"), lines.min(1), "{credited:?}");
    }
}

#[test]
fn the_time_to_live_is_the_one_that_was_asked_for() {
    let option = "s.setsockopt(socket.IPPROTO_IP, 12, 1)  # IP_RECVTTL";
    let ttl = "'TTL', int.from_bytes(control[0][2], sys.byteorder)";
    let server = observer("AF_INET", option, ttl);
    let port = server.line();
    let ended = run(&mut udping_with(&format!("-t 7 -c 1 127.0.0.1:{port}")));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(server.line(), "TTL 7");
}

#[test]
fn a_flood_keeps_its_window_in_flight() {
    let server = Reflector::start("--loss 100%");
    let session = records(&run(&mut server.pinged("--json -f --window 3 -c 6 -W 50ms")).stdout);
    assert_eq!(session[0]["schedule"]["window"]["size"], 3);
    let order: Vec<_> = session
        .iter()
        .filter_map(|it| {
            Some((
                it.get("sent").is_some(),
                it.get("sent").or(it.get("lost"))?.as_u64()?,
            ))
        })
        .collect();
    let first: Vec<_> = order.iter().take(4).copied().collect();
    assert_eq!(
        first,
        [(true, 1), (true, 2), (true, 3), (false, 1)],
        "{order:?}"
    );

    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-f -c 500"));
    assert!(
        ended
            .stdout
            .contains("500 packets transmitted, 500 received"),
        "{ended:?}"
    );
    assert!(
        !ended.stdout.contains("seq="),
        "replies get no lines: {ended:?}"
    );
}

/// An up-or-down check takes no longer than its timeout.
#[test]
fn late_replies_alone_are_waited_for_only_where_somebody_wants_them() {
    let server = Reflector::start("--delay 1900ms,0ms");
    let file = Scratch::new();
    let journal = format!("--journal {}", file.path().display());
    for (flags, lingers) in [("", false), ("--linger 30s", true), (&journal, true)] {
        let ended = run(&mut server.pinged(&format!("-c 1 -W 1s {flags}")));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(
            ended.stdout.contains("seq=1 lost after 1000 ms"),
            "{ended:?}"
        );
        assert_eq!(ended.stdout.contains("(late by "), lingers, "{ended:?}");
    }
}

#[test]
fn a_host_that_was_late_once_is_not_called_down() {
    let server = Reflector::start("--delay 1500ms,0ms");
    let ended = run(&mut server.pinged("-c 2 -W 1s"));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(ended.stdout.matches("(late by ").count(), 2, "{ended:?}");
}

#[test]
fn lingering_decides_whether_a_late_reply_is_known() {
    let server = Reflector::start("--delay 150ms");
    let known = Session::ping("127.0.0.1", server.port, "-c 2 -W 20ms --linger 30s");
    assert_eq!(
        (known.lost(), known.late()),
        (vec![1, 2], vec![1, 2]),
        "{known:?}"
    );
    let unknown = Session::ping("127.0.0.1", server.port, "-c 2 -W 20ms --linger 0");
    assert_eq!(
        (unknown.lost(), unknown.late()),
        (vec![1, 2], vec![]),
        "{unknown:?}"
    );
}

#[test]
fn the_textbooks_wire_can_be_asked_for_by_name() {
    let server = Reflector::start("");
    let json = run(&mut server.pinged("--wire textbook --json -c 1")).stdout;
    assert_eq!(records(&json)[0]["wire"], "textbook");
}
