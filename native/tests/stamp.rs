//! The STAMP wire against an implementation written independently of it, both ways,
//! and what comes of replies that nobody should trust. Owns what is expected of each
//! meeting; how programs are started is `support`'s.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

#[path = "support/stamp.rs"]
#[allow(dead_code, reason = "other test programs use the rest of it")]
mod stamp_support;
mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use stamp_support::{Passed, Reflector, Relay, key_file, stamp_suite};
use support::journal::Session;
use support::{Ended, next_datagram, run, udp_socket, udping};

/// Pings with `--wire stamp`, journal on, and has the journal verified.
fn ping(port: u16, arguments: &str) -> Session {
    Session::ping("127.0.0.1", port, &format!("--wire stamp {arguments}"))
}

/// The final figures of a ping.
fn summary(port: u16, arguments: &str) -> Value {
    let ended = run(udping()
        .arg(format!("127.0.0.1:{port}"))
        .args("--wire stamp --json -q".split(' '))
        .args(arguments.split_whitespace()));
    let last = ended.stdout.lines().last().unwrap_or_default();
    let mut last: Value = serde_json::from_str(last).unwrap_or_else(|e| panic!("{e}: {ended:?}"));
    last["summary"].take()
}

fn key() -> String {
    format!("--hmac-key-file {}", key_file().display())
}

// ---- When a request is received -----------------------------------------------

/// A timestamp in NTP's format as seconds.
fn seconds(packet: &[u8], at: usize) -> f64 {
    let part = |at: usize| u32::from_be_bytes(packet[at..at + 4].try_into().unwrap());
    f64::from(part(at)) + f64::from(part(at + 4)) / 4_294_967_296.0
}

#[cfg(target_os = "linux")]
#[test]
fn t2_is_when_the_kernel_received_a_request_not_when_the_reflector_woke_up() {
    for arguments in ["", "--delay 100ms,0", "--stateful"] {
        let reflector = Reflector::stamp(arguments);
        let socket = udp_socket();
        let mut request = [0; 44];
        request[13] = 1;
        let ask = |asleep: Duration| {
            if !asleep.is_zero() {
                support::send_signal(reflector.id(), "STOP");
            }
            socket
                .send_to(&request, ("127.0.0.1", reflector.port))
                .unwrap();
            if !asleep.is_zero() {
                std::thread::sleep(asleep);
                support::send_signal(reflector.id(), "CONT");
            }
            let mut reply = [0; 64];
            assert_eq!(socket.recv(&mut reply).unwrap(), 44);
            // T3 is in the place of T1 (RFC 8762 §4.3.1).
            seconds(&reply, 4) - seconds(&reply, 16)
        };
        let (awake, woken) = (ask(Duration::ZERO), ask(Duration::from_millis(500)));
        // What is delayed on its way arrives later, and while the reflector slept.
        let at_least = if arguments.starts_with("--delay") {
            0.38
        } else {
            0.48
        };
        assert!((0.0..0.3).contains(&awake), "{arguments}: {awake} s");
        assert!((at_least..5.0).contains(&woken), "{arguments}: {woken} s");
    }
}

// ---- Our client and their reflector --------------------------------------------

#[test]
fn our_client_gets_along_with_their_reflector() {
    let Some(suite) = stamp_suite() else { return };
    let auth = format!("-A A {}", key());
    for (theirs, ours) in [
        ("", ""),
        ("--strict-packets", "-s 44"),
        ("-K PTP", ""),
        ("", "--timestamp-format ptp"),
        ("--stateful-reflector", "-s 200"),
        ("--tlv-mode ignore", ""),
        (&auth, &key()),
        (&auth, &format!("{} -s 150", key())),
    ] {
        let reflector = Reflector::suite(&suite, theirs);
        let session = ping(reflector.port, ours);
        let verified = session.which(|probe| probe.verified);
        assert_eq!(verified.len(), 10, "{theirs} | {ours}: {session:?}");
        let figures = summary(reflector.port, ours);
        let server = &figures["reflected"]["server"];
        assert_eq!(server["n"], 10, "{theirs} | {ours}: {figures}");
        assert!(figures["reflected"]["one_way"]["synchronized"] == false);
    }
}

#[test]
fn clocks_are_called_synchronised_only_if_both_ends_say_so() {
    let Some(suite) = stamp_suite() else { return };
    for (theirs, ours, both) in [
        ("--clock-synchronized", "", false),
        ("", "--clock-error 1ms", false),
        ("--clock-synchronized", "--clock-error 1ms", true),
    ] {
        let reflector = Reflector::suite(&suite, theirs);
        let figures = summary(reflector.port, ours);
        let said = &figures["reflected"]["one_way"]["synchronized"];
        assert_eq!(*said, both, "{theirs} | {ours}: {figures}");
    }
}

#[test]
fn a_key_and_none_or_another_do_not_go_together() {
    let Some(suite) = stamp_suite() else { return };
    let reflector = Reflector::suite(&suite, &format!("-A A {}", key()));
    let session = ping(reflector.port, "-c 3 -W 0.2");
    assert!(session.credited_nothing(), "{session:?}");
    let ours = Reflector::stamp(&key());
    let session = ping(ours.port, "-c 3 -W 0.2");
    assert!(session.credited_nothing(), "{session:?}");
    let said = ours.stop();
    let why = "3 dropped as not requests of this format";
    assert!(said.stdout.contains(why), "{said:?}");
}

// ---- Their client and our reflector --------------------------------------------

/// Ten probes of stamp-suite's client, and its figures.
fn their_client(suite: &Path, port: u16, arguments: &str) -> Value {
    let said = run(Command::new(suite)
        .args(["-r", "127.0.0.1", "-p", &port.to_string()])
        .args("-c 10 -d 5 -L 2 --output-format json".split(' '))
        .args(arguments.split_whitespace()));
    let line = said.stdout.lines().find(|line| line.starts_with('{'));
    let line = line.unwrap_or_else(|| panic!("no figures: {said:?}"));
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"))
}

#[test]
fn their_client_gets_along_with_our_reflector() {
    let Some(suite) = stamp_suite() else { return };
    let auth = format!("-A A --verify-tlv-hmac {}", key());
    for (ours, theirs) in [
        ("", "--ssid 7 --on-zero-ssid stop"),
        ("--timestamp-format ptp", ""),
        ("", "-K PTP --extra-padding 100"),
        ("--stateful", "--timestamp-info --extra-padding 30"),
        (&key(), &auth),
        (&key(), &format!("{auth} --timestamp-info")),
        (&key(), &format!("{auth} --ssid 9 --extra-padding 20")),
    ] {
        let reflector = Reflector::stamp(ours);
        let figures = their_client(&suite, reflector.port, theirs);
        assert_eq!(
            figures["packets_received"], 10,
            "{ours} | {theirs}: {figures}"
        );
        let tlvs = &figures["measurements"]["tlv_validation"];
        assert_eq!(tlvs["rejected_replies"], 0, "{ours} | {theirs}: {tlvs}");
        let flags = &tlvs["flags"];
        for flag in ["unrecognized", "malformed", "integrity_failed"] {
            assert_eq!(flags[flag], 0, "{ours} | {theirs}: {tlvs}");
        }
        if theirs.contains("timestamp-info") {
            assert_eq!(tlvs["by_type"]["3"]["observed"], 10, "{tlvs}");
        }
    }
}

#[test]
fn what_we_do_not_know_comes_back_flagged_so() {
    let Some(suite) = stamp_suite() else { return };
    let reflector = Reflector::stamp("");
    let figures = their_client(&suite, reflector.port, "--location --direct-measurement");
    assert_eq!(figures["packets_received"], 10, "{figures}");
    let flags = &figures["measurements"]["tlv_validation"]["flags"];
    assert_eq!(flags["unrecognized"], 20, "{figures}");
    let malformed = their_client(&suite, reflector.port, "--malformed bad-length");
    assert_eq!(malformed["packets_received"], 10, "{malformed}");
}

#[test]
fn the_reflector_says_what_sets_its_clock() {
    // RFC 8972 §5.4 and §5.5: 5 for nothing, 1 for NTP, 4 for satellites; 2 for software.
    for (arguments, source) in [
        ("", 5),
        ("--clock-error 1ms", 1),
        ("--clock-error 1ms --clock-source gnss", 4),
    ] {
        let reflector = Reflector::stamp(arguments);
        let mut request = [0; 52];
        request[13] = 1;
        request[44..48].copy_from_slice(&[0x80, 3, 0, 4]);
        let reply = ask(reflector.port, &request);
        assert_eq!(reply[44..], [0, 3, 0, 4, source, 2, source, 2]);
        let synchronised = reply[12] & 0x80 != 0;
        assert_eq!(synchronised, source != 5, "{arguments}");
    }
}

/// The reply to one datagram.
fn ask(port: u16, request: &[u8]) -> Vec<u8> {
    let socket = udp_socket();
    let wait = Duration::from_mins(1);
    socket.set_read_timeout(Some(wait)).unwrap();
    socket.send_to(request, ("127.0.0.1", port)).unwrap();
    let mut reply = vec![0; 4_096];
    let (len, _) = next_datagram(&socket, &mut reply);
    reply.truncate(len);
    reply
}

// ---- By direction ---------------------------------------------------------------

#[test]
fn losses_are_told_by_direction() {
    let reflector = Reflector::stamp("--stateful --loss 20%,30% --seed 3");
    let figures = summary(reflector.port, "-i 2ms -c 200 -W 2s");
    let told = &figures["reflected"]["directions"];
    let said = reflector.stop().stdout;
    let number = |what: &str| -> u64 {
        let part = said
            .split(", ")
            .find(|part| part.trim_end().ends_with(what));
        let part = part.unwrap_or_else(|| panic!("{what} in {said}"));
        part.split(' ').next().unwrap().parse().unwrap()
    };
    // What was lost behind the last reply that came, nobody can tell.
    let unknown = 200 - told["probes"].as_u64().unwrap();
    for (told, done) in [
        (&told["lost_there"], number("lost on the way here")),
        (&told["lost_back"], number("lost on the way back")),
    ] {
        let told = told.as_u64().unwrap();
        assert!(
            told > 10 && told <= done && done <= told + unknown,
            "{told} of {done}: {figures}"
        );
    }
}

#[test]
fn a_path_that_differs_by_direction_is_seen_to() {
    let reflector = Reflector::stamp("--delay 30ms,5ms");
    let figures = summary(reflector.port, "-c 5");
    let reflected = &figures["reflected"];
    let ns = |value: &Value| value.as_i64().unwrap_or_else(|| panic!("{figures}"));
    // One machine, one clock.
    assert!(
        ns(&reflected["one_way"]["there"]["min_ns"]) >= 30_000_000,
        "{figures}"
    );
    let back = ns(&reflected["one_way"]["back"]["min_ns"]);
    assert!((5_000_000..30_000_000).contains(&back), "{figures}");
    let offset = &reflected["one_way"]["offset"];
    assert!(
        ns(&offset["ahead_ns"]).abs() <= ns(&offset["error_ns"]),
        "{figures}"
    );
    assert!(ns(&reflected["server"]["min_ns"]) < 5_000_000, "{figures}");
}

// ---- Decoded by tshark ----------------------------------------------------------

#[test]
fn tshark_reads_what_we_write() {
    if Command::new("tshark").arg("--version").output().is_err() {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "SKIPPED: tshark is not installed");
        return;
    }
    let reflector = Reflector::stamp("--stateful");
    let relay = Relay::faithful(reflector.port);
    assert_eq!(ping(relay.port, "-c 3").replied(), [1, 2, 3]);
    let passed = relay.passed();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stamp.pcap");
    std::fs::write(&file, pcap(&passed)).unwrap();

    let mut tshark = Command::new("tshark");
    tshark.arg("-r").arg(&file);
    // It has no dissector for STAMP; TWAMP's test packets have the same fields.
    tshark.args(["-d", "udp.port==862,twamp.test", "-T", "fields"]);
    // A field that stands in a tree too is given twice.
    tshark.args(["-E", "occurrence=f"]);
    for field in [
        "seq_number",
        "sender_seq_number",
        "sender_ttl",
        "error_estimate.s",
        "error_estimate.z",
        "timestamp",
        "receive_timestamp",
        "sender_timestamp",
    ] {
        tshark.args(["-e", &format!("twamp.test.{field}")]);
    }
    let read = run(&mut tshark);
    assert_eq!(read.code, Some(0), "{read:?}");
    let rows: Vec<Vec<&str>> = read
        .stdout
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), 6, "{read:?}");
    for (n, pair) in rows.chunks(2).enumerate() {
        let [request, reply] = pair else {
            panic!("{read:?}")
        };
        let n = n.to_string();
        assert_eq!((request[0], request[3], request[4]), (&*n, "0", "0"));
        assert_eq!((reply[0], reply[1], reply[2]), (&*n, &*n, "64"));
        assert_eq!(request[5], reply[7], "T1 came back: {read:?}");
        let order = [reply[7], reply[6], reply[5]];
        assert!(order.is_sorted(), "T1, T2, T3: {order:?}");
    }
}

/// The datagrams as a capture file: `LINKTYPE_RAW` with IPv4 and UDP around them.
fn pcap(passed: &[Passed]) -> Vec<u8> {
    let mut file = 0xa1b2_c3d4_u32.to_le_bytes().to_vec();
    file.extend([2, 0, 4, 0]);
    for word in [0, 0, 65_535, 101_u32] {
        file.extend(word.to_le_bytes());
    }
    for Passed { request, bytes } in passed {
        let udp = u16::try_from(8 + bytes.len()).unwrap();
        let (from, to) = if *request {
            (50_000_u16, 862)
        } else {
            (862, 50_000)
        };
        let mut packet = vec![0x45, 0];
        packet.extend((20 + udp).to_be_bytes());
        packet.extend([0, 0, 0x40, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1]);
        for half in [from, to, udp, 0] {
            packet.extend(half.to_be_bytes());
        }
        packet.extend(bytes);
        let len = u32::try_from(packet.len()).unwrap();
        for word in [0, 0, len, len] {
            file.extend(u32::to_le_bytes(word));
        }
        file.extend(packet);
    }
    file
}

// ---- Replies that nobody should trust, each by the bug it once was ---------------

/// Pings through somebody who alters the replies of our own reflector.
fn altered(
    arguments: &str,
    mut alter: impl FnMut(usize, &[u8]) -> Vec<Vec<u8>> + Send + 'static,
) -> Session {
    let reflector = Reflector::stamp("");
    let mut count = 0;
    let relay = Relay::start(
        reflector.port,
        Box::new(move |reply| {
            count += 1;
            alter(count, reply)
        }),
    );
    ping(relay.port, arguments)
}

/// `reply` with these bytes at this place.
fn with(reply: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut reply = reply.to_vec();
    reply[at..at + bytes.len()].copy_from_slice(bytes);
    reply
}

/// The figures at the end, which an empty line begins.
fn statistics(ended: &Ended) -> &str {
    let at = ended.stdout.find("\n\n").unwrap_or_default();
    &ended.stdout[at..]
}

#[test]
fn cve_2025_47268_a_crafted_timestamp_does_not_touch_the_rtt() {
    let crafted = [0, 1, 1 << 63, u64::MAX, u64::MAX >> 1];
    let session = altered("", move |n, reply| {
        let stamp = crafted[n % crafted.len()].to_be_bytes();
        // T3, T2, or both.
        let reply = if n % 2 == 0 {
            with(reply, 4, &stamp)
        } else {
            reply.to_vec()
        };
        vec![if n % 3 == 0 {
            reply
        } else {
            with(&reply, 16, &stamp)
        }]
    });
    assert_eq!(session.replied().len(), 10, "{session:?}");
    for probe in session.probes.values() {
        assert!(
            probe
                .replied
                .is_some_and(|rtt| rtt < Duration::from_secs(1)),
            "{session:?}"
        );
    }
}

#[test]
fn cve_2025_48964_a_crafted_t1_is_credited_to_nobody() {
    let session = altered("-c 2 -W 2", |_, reply| vec![with(reply, 28, &[0xff; 8])]);
    assert!(session.credited_nothing(), "{session:?}");
    assert_eq!(session.ignored, ["foreign"; 2], "{session:?}");
}

#[test]
fn domos_a_nonsense_t2_does_not_make_the_rtt_negative() {
    let session = altered("-c 5", |_, reply| {
        let t3: [u8; 8] = reply[4..12].try_into().unwrap();
        let later = (u64::from_be_bytes(t3) + (15 << 32)).to_be_bytes();
        vec![with(reply, 16, &later)]
    });
    assert_eq!(session.replied().len(), 5, "{session:?}");
    let said = statistics(&session.ended);
    assert!(
        said.contains("5 replies with impossible server timestamps"),
        "{said}"
    );
    assert!(
        !said.contains("in the server") && !said.contains('-'.to_string().repeat(4).as_str()),
        "{said}"
    );
}

#[test]
fn fping_36_more_replies_than_probes_are_not_more_than_all() {
    let session = altered("-c 5", |_, reply| vec![reply.to_vec(); 5]);
    assert_eq!(session.replied(), [1, 2, 3, 4, 5], "{session:?}");
    let said = statistics(&session.ended);
    assert!(
        said.contains("5 packets transmitted, 5 received, +"),
        "{said}"
    );
    assert!(said.contains(", 0% packet loss"), "{said}");
}

#[test]
fn fping_no_reply_at_all_divides_by_nothing() {
    let session = altered("-c 2 -W 0.1", |_, _| Vec::new());
    assert_eq!(session.lost(), [1, 2], "{session:?}");
    let said = statistics(&session.ended);
    assert!(
        said.contains("2 packets transmitted, 0 received, 100% packet loss"),
        "{said}"
    );
}

#[test]
fn cve_2022_23093_lengths_that_point_beyond_the_packet_are_not_followed() {
    let session = altered("", |n, reply| {
        let len = u16::try_from(n * 6_553).unwrap_or(u16::MAX).to_be_bytes();
        vec![with(reply, 46, &len), reply[..n * 4].to_vec(), Vec::new()]
    });
    // The padding's own length is wrong, so it was not returned; the rest stands.
    assert_eq!(session.replied().len(), 10, "{session:?}");
}

#[test]
fn a_reply_to_another_session_is_credited_to_nobody() {
    let session = altered("-c 3 -W 0.2", |_, reply| {
        let other = [reply[14] ^ 1, reply[15]];
        vec![with(reply, 14, &other)]
    });
    assert!(session.credited_nothing(), "{session:?}");
}

#[test]
fn of_a_true_reply_and_a_forged_one_the_true_one_counts() {
    // Who cannot see the requests has to guess T1; the forger here is nearly right.
    let session = altered("", |_, reply| {
        let near = reply[35] ^ 1;
        vec![with(reply, 35, &[near]), reply.to_vec()]
    });
    assert_eq!(
        session.which(|probe| probe.verified).len(),
        10,
        "{session:?}"
    );
    assert!(
        session.ignored.iter().all(|why| why == "foreign"),
        "{session:?}"
    );
}

/// What a session's first requests were, and the port they came from.
fn requests(arguments: &str) -> (u16, Vec<Vec<u8>>) {
    let server = udp_socket();
    let wait = Duration::from_mins(1);
    server.set_read_timeout(Some(wait)).unwrap();
    let port = server.local_addr().unwrap().port();
    let session = ping(port, &format!("-c 2 -W 0.05 {arguments}"));
    assert_eq!(session.lost(), [1, 2], "{session:?}");
    let mut from = Vec::new();
    let requests = (0..2).map(|_| {
        let mut request = vec![0; 2_048];
        let (len, client) = next_datagram(&server, &mut request);
        request.truncate(len);
        from.push(client.port());
        request
    });
    let requests = requests.collect();
    assert_eq!(from[0], from[1], "one socket for a session");
    (from[0], requests)
}

#[test]
fn who_does_not_see_the_requests_has_a_port_an_ssid_and_a_nonce_to_guess() {
    for (arguments, ssid_at, padding_at) in [(String::new(), 14, 48), (key(), 26, 116)] {
        let sessions: Vec<_> = (0..4).map(|_| requests(&arguments)).collect();
        let ssid = |request: &[u8]| [request[ssid_at], request[ssid_at + 1]];
        let nonce = |request: &[u8]| request[padding_at..].to_vec();
        for (_, sent) in &sessions {
            assert_eq!(sent[0].len(), padding_at + 16);
            assert_ne!(ssid(&sent[0]), [0, 0], "0 would be none");
            assert_eq!(ssid(&sent[0]), ssid(&sent[1]), "the session's own");
            assert_eq!(nonce(&sent[0]), nonce(&sent[1]));
        }
        // Two of four may be alike by chance; all are not.
        let firsts = || sessions.iter().map(|(_, sent)| &sent[0][..]);
        let ports = sessions.iter().map(|(port, _)| *port);
        assert!(ports.collect::<BTreeSet<_>>().len() > 1);
        assert!(firsts().map(ssid).collect::<BTreeSet<_>>().len() > 1);
        assert_eq!(firsts().map(nonce).collect::<BTreeSet<_>>().len(), 4);
    }
}

#[test]
fn twampy_an_empty_datagram_does_not_end_the_reflector() {
    for wire in [
        "--wire stamp",
        "--wire stamp --twamp-light",
        "--wire textbook",
    ] {
        let reflector = Reflector::ours(wire);
        let socket = udp_socket();
        for _ in 0..10 {
            socket.send_to(&[], ("127.0.0.1", reflector.port)).unwrap();
        }
        let wire = wire.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let session = Session::ping("127.0.0.1", reflector.port, &wire);
        assert_eq!(session.replied().len(), 10, "{wire}: {session:?}");
    }
}

#[test]
fn a_key_in_the_environment_is_as_good_as_one_in_a_file_and_a_short_one_is_refused() {
    let reflector = Reflector::stamp(&key());
    let ping = |key: &str| {
        run(udping()
            .arg(format!("127.0.0.1:{}", reflector.port))
            .args(["--wire", "stamp", "-c", "2"])
            .env("UDPING_HMAC_KEY", key))
    };
    let good = ping(stamp_support::KEY);
    assert_eq!(good.code, Some(0), "{good:?}");
    let short = ping("0011");
    assert_eq!(short.code, Some(2), "{short:?}");
    assert!(short.stderr.contains("UDPING_HMAC_KEY"), "{short:?}");
    assert!(
        !short.stderr.contains("0011"),
        "a key is never printed: {short:?}"
    );
}

#[test]
fn a_key_file_that_is_none_is_refused_with_what_to_try() {
    let folder = support::Scratch::folder();
    let file = |content: &[u8]| support::Scratch::secret(content);
    let (empty, short, long) = (file(b""), file(b"secret"), file(&[7; 5_000]));
    let missing = support::Scratch::new();
    for (path, says) in [
        (missing.path(), "cannot read the key in"),
        (folder.path(), "cannot read the key in"),
        (empty.path(), "at least 16 bytes"),
        (short.path(), "at least 16 bytes"),
        (long.path(), "more than 4096 bytes"),
        (Path::new("/dev/zero"), "more than 4096 bytes"),
    ] {
        for mut command in [
            support::udping_with("127.0.0.1:1 --wire stamp"),
            support::udping_with("serve --bind 127.0.0.1:0 --wire stamp"),
        ] {
            let ended = run(command.arg("--hmac-key-file").arg(path));
            assert_eq!(ended.code, Some(2), "{ended:?}");
            assert!(ended.stderr.contains(says), "{path:?}: {ended:?}");
            assert!(!ended.stderr.contains("secret"), "{ended:?}");
        }
    }
    std::fs::remove_dir(folder.path()).unwrap();
}

#[test]
fn a_key_that_others_can_read_or_change_is_refused() {
    let file = support::Scratch::holding(stamp_support::KEY);
    let place = file.path().display();
    let chmod = |mode: &str| {
        let chmod = run(Command::new("chmod").arg(mode).arg(file.path()));
        assert_eq!(chmod.code, Some(0), "{chmod:?}");
    };
    for mode in ["644", "622"] {
        chmod(mode);
        let ended = run(&mut support::udping_with(&format!(
            "127.0.0.1:1 --wire stamp --hmac-key-file {place}"
        )));
        assert_eq!(ended.code, Some(2), "{mode}: {ended:?}");
        let advice = format!("chmod o= {place}");
        assert!(ended.stderr.contains(&advice), "{mode}: {ended:?}");
    }
    for mode in ["640", "600"] {
        chmod(mode);
        let said = Reflector::stamp(&format!("--hmac-key-file {place}"));
        assert!(!said.stop().stderr.contains("chmod"), "{mode}");
    }
}
