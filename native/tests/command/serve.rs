//! The reflector: what it answers, what trouble it makes, and whom it refuses.

use std::net::{SocketAddr, UdpSocket};
use std::process::Command;
use std::time::Duration;

use crate::support::journal::{Session, records};
use crate::support::{Reflector, Running, next_datagram, run, skipped, udping_with};

/// A client's socket on this address, which waits long enough for any reply.
fn client(address: &str) -> UdpSocket {
    let socket = UdpSocket::bind(address).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    socket
}

/// Sends a request, and returns the reply.
fn ask(server: &Reflector, client: &UdpSocket, request: &[u8]) -> Vec<u8> {
    client.send_to(request, server.address()).unwrap();
    let mut reply = [0; 2048];
    let (len, from) = next_datagram(client, &mut reply);
    assert_eq!(from, server.address());
    reply[..len].to_vec()
}

/// What a server says it did.
fn told(server: Reflector) -> String {
    server.stop().stdout
}

#[test]
fn the_first_line_names_the_address_even_into_a_pipe() {
    for (bind, start) in [
        ("127.0.0.1:0", "listening on 127.0.0.1:"),
        ("[::1]:0", "listening on [::1]:"),
        ("localhost:0", "listening on 127.0.0.1:"),
        (":0", "listening on 0.0.0.0:"),
    ] {
        let running = Running::start(&mut udping_with(&format!("serve --bind {bind}")));
        let line = running.line();
        let port = line
            .strip_prefix(start)
            .map(|port| port.parse::<u16>().unwrap());
        assert!(port.is_some_and(|port| port != 0), "{bind}: {line}");
    }
}

#[test]
fn each_answer_is_what_its_name_says() {
    for (reply, expected) in [
        ("echo", [&b"Ping 1 x\r\n\0"[..], b"hi", b"\xff\x00"]),
        ("upper", [b"PING 1 X\r\n\0", b"HI", b"\xff\x00"]),
        // Never more than was asked.
        ("pong", [b"pong", b"po", b"po"]),
    ] {
        let server = Reflector::start(&format!("--reply {reply}"));
        let client = client("127.0.0.1:0");
        for (request, expected) in [&b"Ping 1 x\r\n\0"[..], b"hi", b"\xff\x00"]
            .into_iter()
            .zip(expected)
        {
            assert_eq!(ask(&server, &client, request), expected, "{reply}");
        }
        assert_eq!(told(server), "3 requests, 3 replies\n");
    }
}

#[test]
fn an_empty_datagram_is_answered_by_one() {
    let server = Reflector::start("");
    assert_eq!(ask(&server, &client("127.0.0.1:0"), b""), b"");
}

#[test]
fn loss_acts_on_the_way_that_was_named() {
    for (loss, received, says) in [
        ("0", 5, "5 requests, 5 replies\n"),
        ("0.0", 5, "5 requests, 5 replies\n"),
        (
            "100%",
            0,
            "5 requests, 5 replies, 5 replies lost on the way back\n",
        ),
        (
            "1.0",
            0,
            "5 requests, 5 replies, 5 replies lost on the way back\n",
        ),
        (
            "0,100%",
            0,
            "5 requests, 5 replies, 5 replies lost on the way back\n",
        ),
        (
            "100%,0",
            0,
            "5 requests, 0 replies, 5 lost on the way here\n",
        ),
    ] {
        let server = Reflector::start(&format!("--loss {loss}"));
        let wait = if received > 0 { "30s" } else { "20ms" };
        let session = Session::ping("127.0.0.1", server.port, &format!("-c 5 -W {wait}"));
        assert_eq!(session.replied().len(), received, "{loss}: {session:?}");
        assert_eq!(told(server), says, "{loss}");
    }
}

/// The RTTs of a run through these conditions.
fn rtts(conditions: &str, arguments: &str) -> Vec<Duration> {
    let server = Reflector::start(conditions);
    let session = Session::ping("127.0.0.1", server.port, &format!("-W 30s {arguments}"));
    let rtts = session.probes.values().map(|probe| probe.replied.unwrap());
    rtts.collect()
}

#[test]
fn delay_acts_on_the_way_that_was_named_and_adds_up() {
    let ms = Duration::from_millis;
    for (delay, least) in [
        ("60ms", 60),
        ("0,60ms", 60),
        ("60ms,0", 60),
        ("40ms,60ms", 100),
    ] {
        for rtt in rtts(&format!("--delay {delay}"), "-c 2") {
            assert!(rtt >= ms(least), "{delay}: {rtt:?}");
        }
    }
}

#[test]
fn jitter_spreads_delays_to_both_sides() {
    let rtts = rtts("--delay 600ms --jitter 500ms --seed 1", "-c 10 -i 5ms");
    let (least, most) = (rtts.iter().min().unwrap(), rtts.iter().max().unwrap());
    assert!(*least >= Duration::from_millis(100), "{rtts:?}");
    assert!(
        *most > Duration::from_millis(800),
        "this seed spreads them: {rtts:?}"
    );
    assert!(
        *least < Duration::from_millis(600),
        "or the machine is too slow: {rtts:?}"
    );
}

#[test]
fn duplication_answers_twice_and_a_request_that_came_twice_too() {
    for (duplicate, requests) in [("100%", 4), ("100%,0", 8), ("100%,100%", 8)] {
        // Copies arrive while the next are waited for.
        let server = Reflector::start(&format!("--duplicate {duplicate} --delay 10ms"));
        let session = Session::ping("127.0.0.1", server.port, "-c 4 -i 100ms -W 30s");
        assert_eq!(session.replied(), [1, 2, 3, 4], "{session:?}");
        // On a busy machine the run can be over before the last of them are there.
        assert!(session.duplicates() >= 1, "{duplicate}: {session:?}");
        assert_eq!(
            told(server),
            format!("{requests} requests, {requests} replies\n")
        );
    }
}

#[test]
fn reordering_lets_later_packets_overtake() {
    let server = Reflector::start("--reorder 30% --seed 2");
    let session = Session::ping("127.0.0.1", server.port, "-c 12 -i 5ms -W 30s");
    assert!(!session.arrivals.is_sorted(), "{session:?}");
    assert!(
        session.ended.stdout.contains(" out of order"),
        "{session:?}"
    );
    assert_eq!(
        session.replied().len(),
        session.probes.len(),
        "none is lost"
    );
}

#[test]
fn the_same_seed_loses_the_same_packets() {
    // What became of each request, as the server tells it.
    let fates = |seed: u64| {
        let server = Reflector::start(&format!("-v --loss 20%,20% --seed {seed}"));
        let line = server.running.warning_with("on the way here");
        let words = format!("on the way here: 20% lost; on the way back: 20% lost; seed {seed}");
        assert_eq!(line.trim_end(), words);
        let session = Session::ping("127.0.0.1", server.port, "-c 40 -i 1ms -W 500ms --linger 0");
        let told = told(server);
        let fates = told.lines().filter_map(|line| line.rsplit_once(": "));
        let fates: Vec<_> = fates.map(|(_, fate)| fate.to_owned()).collect();
        assert_eq!(fates.len(), session.probes.len());
        let lost = fates.iter().filter(|fate| fate.contains("lost")).count();
        assert!(
            (1..=session.lost().len()).contains(&lost),
            "{fates:?} {session:?}"
        );
        fates
    };
    let first = fates(7);
    assert_eq!(first.len(), 40);
    assert_eq!(first, fates(7));
    assert_ne!(first, fates(8));
}

#[test]
fn every_request_has_a_line_where_that_is_wanted() {
    let server = Reflector::start("--verbose --loss 50% --seed 1");
    assert_eq!(run(&mut server.pinged("-c 6 -W 500ms")).code, Some(0));
    let told = told(server);
    for seq in 1..=6 {
        let start = format!("request {seq} from 127.0.0.1:");
        assert!(told.lines().any(|line| line.starts_with(&start)), "{told}");
    }
    assert!(told.contains("27 bytes, answered\n"), "{told}");
    assert!(told.contains("answered, the reply lost\n"), "{told}");
}

#[test]
fn many_clients_are_served_at_once() {
    let server = Reflector::start("--delay 20ms");
    let clients: Vec<_> = (0..8)
        .map(|_| Running::start(&mut server.pinged("-q -c 40 -i 10ms -W 60s")))
        .collect();
    for client in clients {
        let ended = client.finish();
        assert!(ended.stdout.contains(" 0% packet loss"), "{ended:?}");
    }
}

#[test]
fn a_reply_comes_from_the_address_that_was_asked() {
    if !cfg!(target_os = "linux") {
        skipped("only Linux has 127.0.0.2, and tells which address was asked");
        return;
    }
    for bind in ["0.0.0.0:0", "[::]:0"] {
        let server = Reflector::bound(bind, "--rate-limit off --total-limit off");
        for host in ["127.0.0.1", "127.0.0.2", "127.3.4.5"] {
            let session = Session::ping(host, server.port, "-c 3");
            assert_eq!(
                session.replied(),
                [1, 2, 3],
                "{bind} at {host}: {session:?}"
            );
        }
        if bind.starts_with('[') {
            let session = Session::ping("[::1]", server.port, "-c 3");
            assert_eq!(session.replied(), [1, 2, 3], "{bind}: {session:?}");
        }
        // Held back, they still know where they were asked.
        let late = Reflector::bound(bind, "--rate-limit off --delay 5ms,5ms");
        let session = Session::ping("127.0.0.2", late.port, "-c 3");
        assert_eq!(session.replied(), [1, 2, 3], "{bind}: {session:?}");
    }
}

#[test]
fn replies_that_leave_together_come_from_where_each_was_asked() {
    if !cfg!(target_os = "linux") {
        skipped("only Linux has 127.0.0.2, and tells which address was asked");
        return;
    }
    for bind in ["0.0.0.0:0", "[::]:0"] {
        let server = Reflector::bound(bind, "--rate-limit off --total-limit off");
        let client = client("127.0.0.1:0");
        // While it is stopped, more than a batch comes in.
        server.signal("STOP");
        let asked = |number: u8| SocketAddr::from(([127, 0, 0, 1 + number % 7 / 3], server.port));
        for number in 0..100 {
            client.send_to(&[number], asked(number)).unwrap();
        }
        server.signal("CONT");
        for number in 0..100 {
            let mut reply = [0; 2];
            let (len, from) = next_datagram(&client, &mut reply);
            assert_eq!((len, reply[0], from), (1, number, asked(number)), "{bind}");
        }
    }
}

// ---- Whom it refuses ---------------------------------------------------------

#[test]
fn a_source_is_held_to_its_rate_which_is_said() {
    let server = Reflector::start("--rate-limit 5");
    server
        .running
        .warning_with("at most 5 requests a second are answered to one source");
    let json = records(&run(&mut server.pinged("--json -c 60 -i 1ms -W 1s")).stdout);
    let mut answers = json.iter().filter(|it| it.get("reply").is_some());
    let replied = answers.clone().count() as u64;
    let last = answers.next_back().unwrap()["at_ns"].as_u64().unwrap();
    // The burst, and what was earned until the last of them.
    let most = 5 + last / 200_000_000 + 1;
    assert!((5..=most).contains(&replied), "{replied} of at most {most}");
    server
        .running
        .warning_with("its source is over the rate limit (");
    let told = told(server);
    assert!(told.contains(" dropped by the rate limit"), "{told}");
}

#[test]
fn without_a_word_loopback_has_no_limit_and_the_rest_has() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-f -c 3000"));
    assert!(
        ended
            .stdout
            .contains("3000 packets transmitted, 3000 received"),
        "{ended:?}"
    );

    let server = Reflector::bound("0.0.0.0:0", "");
    server
        .running
        .warning_with("at most 1000 requests a second are answered to one source");
    let ended = run(&mut server.pinged("-q -f -c 4000 -W 50ms -w 2"));
    let told = told(server);
    assert!(
        told.contains(" dropped by the rate limit"),
        "{told} {ended:?}"
    );

    let server = Reflector::bound("0.0.0.0:0", "--rate-limit off --total-limit off");
    let ended = run(&mut server.pinged("-f -c 3000"));
    assert!(
        ended
            .stdout
            .contains("3000 packets transmitted, 3000 received"),
        "{ended:?}"
    );
}

#[test]
fn its_own_port_is_never_answered() {
    let server = Reflector::start("");
    let twin = client(&format!("127.0.0.2:{}", server.port));
    twin.send_to(b"ping", server.address()).unwrap();
    server.running.warning_with("its source port is our own");
    assert_eq!(ask(&server, &client("127.0.0.1:0"), b"ping"), b"ping");
    assert_eq!(
        told(server),
        "2 requests, 1 reply, 1 dropped for coming from our own port\n"
    );
}

#[test]
fn ports_that_no_client_has_are_never_answered() {
    let server = Reflector::start("");
    // The kernel gives nobody port 0, so the datagrams are made by hand.
    let program = "import socket, struct, sys
try:
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
except PermissionError:
    sys.exit(3)
for port in (0, 7, 53, 123, 1023):
    raw.sendto(struct.pack('!HHHH', port, int(sys.argv[1]), 12, 0) + b'ping', ('127.0.0.1', 0))";
    let port = server.port.to_string();
    let sent = run(Command::new("python3").args(["-c", program, &port]));
    if sent.code == Some(3) {
        skipped("no privilege to send from ports that no client has");
        return;
    }
    assert_eq!(sent.code, Some(0), "{sent:?}");
    server
        .running
        .warning_with("its source port is 0 or a system port");
    assert_eq!(ask(&server, &client("127.0.0.1:0"), b"ping"), b"ping");
    assert_eq!(
        told(server),
        "6 requests, 1 reply, 5 dropped for their source port\n"
    );
}

#[test]
fn two_echo_servers_that_were_set_on_each_other_fall_silent() {
    let one = Reflector::start("");
    // What the first receives in its sleep seems to come from where the second will be.
    one.running.signal("STOP");
    let decoy = client("127.0.0.9:0");
    let place = decoy.local_addr().unwrap();
    decoy.send_to(b"for ever and ever", one.address()).unwrap();
    drop(decoy);
    let other = Reflector::bound(&place.to_string(), "");
    one.running.signal("CONT");
    let noticed = |server: &Reflector| {
        server
            .running
            .warns_within(Duration::from_millis(50), "our own reply keeps coming back")
    };
    assert!(
        (0..400).any(|_| noticed(&one) || noticed(&other)),
        "they never stop"
    );
    for server in [one, other] {
        let told = told(server);
        let requests: u64 = told.split_once(' ').unwrap().0.parse().unwrap();
        // On loopback a thousand at once, and then a thousand in each second of that patience.
        assert!(requests < 22_000, "{told}");
    }
}

#[test]
fn a_client_that_always_says_the_same_is_served() {
    let server = Reflector::start("--reply upper");
    let client = client("127.0.0.1:0");
    for _ in 0..200 {
        assert_eq!(ask(&server, &client, b"ping"), b"PING");
    }
}
