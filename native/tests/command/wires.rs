//! Described wires: what `udping wires` says of them, and a client that speaks them to
//! servers which know nothing of templates.

use std::net::UdpSocket;
use std::thread;

use crate::support::journal::{Session, records};
use crate::support::{Ended, Scratch, run, run_with_input, udp_socket, udping, udping_with};

/// A server that answers each request, by its number from 1, as `reply` says, until it has
/// had `requests`.
fn serve(requests: u32, reply: fn(u32, &[u8]) -> Vec<u8>) -> (u16, thread::JoinHandle<()>) {
    let socket: UdpSocket = udp_socket();
    let port = socket.local_addr().unwrap().port();
    let thread = thread::spawn(move || {
        let mut buffer = [0; 2048];
        for nth in 1..=requests {
            let (len, from) = socket.recv_from(&mut buffer).unwrap();
            socket.send_to(&reply(nth, &buffer[..len]), from).unwrap();
        }
    });
    (port, thread)
}

fn words(request: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(request).unwrap();
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_client_speaks_what_courses_servers_speak() {
    type Reply = fn(u32, &[u8]) -> Vec<u8>;
    let lower: Reply = |_, request| {
        let words = words(request);
        assert_eq!((words.len(), words[0].as_str()), (3, "ping"));
        format!("pong {} {}", words[1], words[2]).into_bytes()
    };
    let plus_one: Reply = |_, request| {
        let words = words(request);
        assert!(request.ends_with(b" \r\n"));
        let next = words[1].parse::<u32>().unwrap() + 1;
        format!("{next} {} {} \r\n", words[2], words[3]).into_bytes()
    };
    let ufes: Reply = |_, request| {
        assert_eq!(request.len(), 40);
        assert!(request[..10].iter().all(u8::is_ascii_digit));
        let mut reply = request.to_vec();
        assert_eq!(std::mem::replace(&mut reply[5], b'1'), b'0');
        reply
    };
    let java: Reply = |_, request| {
        assert_eq!(usize::from(request[1]), request.len() - 2);
        let mut reply = request.to_ascii_uppercase();
        reply.resize(512, 0);
        reply
    };
    let url: Reply = |_, request| {
        let rest = request.strip_prefix(b"PING+").unwrap();
        assert!(rest.ends_with(b"+secret+"));
        [b"PINGECHO+", rest].concat()
    };
    for (wire, reply) in [
        ("--wire lower-pong", lower),
        ("--wire number-plus-one", plus_one),
        ("--wire ufes", ufes),
        ("--wire java-utf", java),
        ("--wire echoed-url", url),
        ("--wire two-lines", |_, request| request.to_vec()),
        ("--wire hash", |_, request| request.to_vec()),
        ("--wire pong", |_, _| b"\xffhello".to_vec()),
        (
            "--request {seq:u64le}{pad:888} --expect {seq:u64le}{any}",
            |_, request| {
                assert_eq!(request.len(), 896);
                request[..20].to_vec()
            },
        ),
    ] {
        let (port, server) = serve(3, reply);
        let session = Session::ping("127.0.0.1", port, &format!("{wire} -c 3"));
        assert_eq!(session.replied(), [1, 2, 3], "{wire} {session:?}");
        server.join().unwrap();
    }
}

#[test]
fn only_a_reply_with_the_probes_whole_time_is_verified() {
    for (wire, verified) in [("hash", true), ("two-lines", false)] {
        let (port, server) = serve(1, |_, request| request.to_vec());
        let host = format!("127.0.0.1:{port}");
        let json = run(&mut udping_with(&format!(
            "{host} -c 1 --json --wire {wire}"
        )))
        .stdout;
        server.join().unwrap();
        let records = records(&json);
        assert_eq!(records[0]["wire"], "described");
        assert_eq!(records[0]["description"]["name"], wire);
        let reply = records.iter().find(|it| it.get("reply").is_some());
        let unverified = reply.unwrap().get("unverified").is_some();
        assert_eq!(unverified, !verified, "{json}");
    }
}

#[test]
fn a_number_that_comes_round_is_credited_to_the_probe_that_it_means() {
    let (port, server) = serve(25, |_, request| request.to_vec());
    let flags = "--request n{seq-1:01} --expect n{seq-1:01} -c 25 -W 200ms --linger 0 -i 50ms";
    let session = Session::ping("127.0.0.1", port, flags);
    assert_eq!(
        session.replied(),
        (1..=25).collect::<Vec<_>>(),
        "{session:?}"
    );
    server.join().unwrap();
}

#[test]
fn what_is_not_expected_is_no_reply() {
    let (port, server) = serve(3, |nth, request| match nth {
        2 => b"go away".to_vec(),
        _ => request.to_vec(),
    });
    let flags = "--request {seq} --expect #{seq} --expect {seq} -c 3 -W 100ms --linger 0";
    let session = Session::ping("127.0.0.1", port, flags);
    assert_eq!((session.replied(), session.lost()), (vec![1, 3], vec![2]));
    server.join().unwrap();
}

#[test]
fn a_wire_is_read_from_a_file() {
    let file = Scratch::holding("request = 'PING {seq}\\r\\n'\nexpect = ['ACK {seq}']\n");
    let (port, server) = serve(2, |_, request| {
        let words = words(request);
        format!("ACK {}", words[1]).into_bytes()
    });
    let flags = format!("--wire-file {} -c 2", file.path().display());
    let session = Session::ping("127.0.0.1", port, &flags);
    assert_eq!(session.replied(), [1, 2]);
    server.join().unwrap();

    let wrong = Scratch::holding("request = 'a'\nexpects = ['b']\n");
    let path = wrong.path().display();
    let ended = run(&mut udping_with(&format!("127.0.0.1 --wire-file {path}")));
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("describes no wire"), "{ended:?}");
    assert!(
        ended.stderr.contains("unknown field `expects`"),
        "{ended:?}"
    );
}

fn check(arguments: &[&str], input: &[u8]) -> Ended {
    run_with_input(udping().args(["wires", "--check"]).args(arguments), input)
}

#[test]
fn every_wire_is_listed_with_its_bytes() {
    let ended = run(&mut udping_with("wires"));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for text in [
        "textbook\n  Ping 1 1700000000.123456789\n",
        "\nlower-pong\n",
        "\\0\\x14PING 1 1700000000123\n",
    ] {
        assert!(ended.stdout.contains(text), "{text} {}", ended.stdout);
    }
}

#[test]
fn bytes_are_read_field_by_field_and_where_they_fail_is_said() {
    let read = check(&["ping {seq+1} {time}", "ping 4 12.5\n"], b"");
    assert_eq!(read.code, Some(0), "{read:?}");
    for line in [
        "     0  ping     \"ping \"",
        "     5  {seq+1}  \"4\"  = 3",
        "     7  {time}   \"12.5\"  = 12.500000000",
        "it reads all of them",
    ] {
        assert!(read.stdout.contains(line), "{line:?} {}", read.stdout);
    }
    let fails = check(&["ping {seq}"], b"ping x");
    assert_eq!(fails.code, Some(1), "{fails:?}");
    let said = "it fails at offset 5, at {seq}: not a number as the template has it\n";
    assert!(fails.stdout.ends_with(said), "{fails:?}");
    let more = check(&["ping {seq}", "ping 3 x"], b"");
    let said = "it fails at offset 6, after its last part: more than the template has\n";
    assert!(more.stdout.ends_with(said), "{more:?}");
    let hex = check(
        &["{len:u16be}PING {seq}", "--hex"],
        b"00 06\n5049 4e47 2033",
    );
    assert_eq!(hex.code, Some(0), "{hex:?}");
    assert!(hex.stdout.contains("\"\\0\\x06\"  = 6"), "{hex:?}");
    let odd = check(&["{any}", "123", "--hex"], b"");
    assert_eq!(odd.code, Some(2), "{odd:?}");
    assert!(odd.stderr.contains("no bytes in hexadecimal"), "{odd:?}");
    let portuguese = check(&["ping {seq}", "pong", "--lang", "pt-BR"], b"");
    assert!(
        portuguese
            .stdout
            .contains("ele falha na posição 1, em ping"),
        "{portuguese:?}"
    );
}
