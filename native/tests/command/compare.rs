//! `udping compare` and `serve --tcp`: to each other, and each to what was written apart.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use socket2::{Domain, Socket, Type};

use super::support::{
    Ended, Reflector, Running, Scratch, Server, python, run, udping, udping_with, unheard,
};

/// A comparison as its journal tells it.
struct Compared {
    ended: Ended,
    records: Vec<Value>,
}

impl Compared {
    /// Compares at `port`, and has the journal verified.
    fn at(port: u16, arguments: &str) -> Self {
        let file = Scratch::new();
        let ended = run(udping()
            .arg("compare")
            .arg(format!("127.0.0.1:{port}"))
            .args(arguments.split_whitespace())
            .arg("--journal")
            .arg(file.path()));
        let replayed = run(udping().arg("replay").arg(file.path()));
        assert_eq!(replayed.code, Some(0), "{replayed:?}\n{}", file.text());
        assert!(replayed.stdout.contains("\nverified: "), "{replayed:?}");
        let lines = file.text();
        let records = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        Self {
            ended,
            records: records.collect(),
        }
    }

    /// The figures of one way: its summary, or its traffic.
    fn figures(&self, via: &str, key: &str) -> &Value {
        let last = self.records.iter().rev();
        let mut last = last.filter(|it| it["via"] == via && it[key].is_object());
        &last.next().unwrap()[key]
    }

    fn count(&self, via: &str, key: &str) -> usize {
        let of = |it: &&Value| it["via"] == via && !it[key].is_null();
        self.records.iter().filter(of).count()
    }
}

/// A TCP socket that keeps others off `port` and does not listen; `None` if another has it.
fn closed(port: u16) -> Option<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    socket.bind(&address.into()).ok()?;
    Some(socket)
}

const VIAS: [&str; 3] = ["udp", "tcp_new", "tcp_kept"];

#[test]
fn three_ways_answer_and_each_tells_its_cost() {
    let reflector = Reflector::start("--tcp");
    let compared = Compared::at(reflector.port, "-c 4");
    assert_eq!(compared.ended.code, Some(0), "{:?}", compared.ended);
    for (via, round_trips, connections) in [("udp", 4, 0), ("tcp_new", 8, 4), ("tcp_kept", 5, 1)] {
        assert_eq!(compared.figures(via, "summary")["replied"], 4, "{via}");
        let traffic = compared.figures(via, "traffic");
        assert_eq!(traffic["round_trips"], round_trips, "{via}");
        assert_eq!(traffic["connections"], connections, "{via}");
        // Whatever the system counts, a connection takes at least that.
        let least = [4, 4 * 4, 4 + 3][VIAS.iter().position(|it| *it == via).unwrap()];
        let packets = traffic["packets_out"].as_u64().unwrap();
        assert!(packets >= least, "{via}: {traffic}");
        let header = if via == "udp" { 28 } else { 40 };
        let payload = 4 * if via == "udp" { 27 } else { 28 };
        assert_eq!(traffic["bytes_out"], packets * header + payload, "{via}");
    }
    assert_eq!(compared.count("tcp_kept", "connected"), 1);
    assert_eq!(compared.count("tcp_kept", "carried"), 1);
    let said = &compared.ended.stdout;
    for words in ["TCP new", "round trips", "Measured:", "Computed:"] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let served = reflector.stop();
    assert!(
        served
            .stdout
            .contains("TCP: 5 connections, 8 requests, 8 replies"),
        "{served:?}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_system_counts_segments_and_retransmissions() {
    let reflector = Reflector::start("--tcp");
    let compared = Compared::at(reflector.port, "-c 2");
    for via in ["tcp_new", "tcp_kept"] {
        let traffic = compared.figures(via, "traffic");
        assert_eq!(
            (&traffic["counted"], &traffic["retransmitted"]),
            (&true.into(), &0.into()),
            "{traffic}"
        );
    }
}

#[test]
fn the_same_losses_are_silence_over_udp_and_delay_over_tcp() {
    // Of three datagrams this seed loses one, and of six TCP requests one three times in
    // a row, which takes 1.4 s to make up for.
    let reflector = Reflector::start("--tcp --loss 50% --seed 12");
    let compared = Compared::at(reflector.port, "-c 3 --linger 3s");
    let udp = compared.figures("udp", "summary");
    assert_eq!(
        (&udp["lost"], &udp["late"]),
        (&1.into(), &0.into()),
        "{udp}"
    );
    for via in ["tcp_new", "tcp_kept"] {
        let tcp = compared.figures(via, "summary");
        assert_eq!(tcp["lost"], tcp["late"], "all came: {via}: {tcp}");
        assert_eq!(
            tcp["replied"].as_u64().unwrap() + tcp["late"].as_u64().unwrap(),
            3,
            "{via}: {tcp}"
        );
    }
    let late = &compared.figures("tcp_kept", "summary")["late_rtt"]["min_ns"];
    assert!(late.as_u64() >= Some(1_400_000_000), "{late}");
    let held = reflector.running.warning_with("over TCP");
    assert!(held.contains("no segment is really lost"), "{held}");
    let said = &compared.ended.stdout;
    assert!(
        said.contains("arrived after the timeout, but did arrive"),
        "{said}"
    );
}

#[test]
fn without_tcp_the_rest_goes_on_and_a_sentence_says_so() {
    let (reflector, _closed) = std::iter::repeat_with(|| Reflector::start(""))
        .find_map(|it| Some((closed(it.port)?, it)))
        .map(|(closed, it)| (it, closed))
        .unwrap();
    let compared = Compared::at(reflector.port, "-c 2");
    assert_eq!(compared.ended.code, Some(0), "{:?}", compared.ended);
    assert_eq!(compared.figures("udp", "summary")["replied"], 2);
    for via in ["tcp_new", "tcp_kept"] {
        assert_eq!(compared.figures(via, "summary")["refused"], 2, "{via}");
    }
    let said = &compared.ended.stdout;
    assert!(
        said.contains("Nobody is listening for TCP on that port"),
        "{said}"
    );
}

#[test]
fn where_nobody_listens_at_all_that_is_the_result() {
    let (port, _sockets) = std::iter::repeat_with(unheard)
        .find_map(|socket| {
            let port = socket.local_addr().unwrap().port();
            Some((port, (closed(port)?, socket)))
        })
        .unwrap();
    let compared = Compared::at(port, "-c 2");
    assert_eq!(compared.ended.code, Some(1), "{:?}", compared.ended);
    for way in ["UDP", "TCP"] {
        let sentence = format!("Nobody is listening for {way} on that port");
        assert!(compared.ended.stdout.contains(&sentence), "{way}");
    }
}

#[test]
fn echoes_written_apart_answer_it_however_they_send() {
    for option in ["", "--upper", "--bare", "--chop"] {
        let server = Server::start(python("tcp_echo.py").args(option.split_whitespace()));
        let compared = Compared::at(server.port, "-c 2 -W 20s");
        for via in VIAS {
            let summary = compared.figures(via, "summary");
            assert_eq!(summary["replied"], 2, "{option} {via}: {summary}");
            assert_eq!(summary["unverified"], 0, "{option} {via}: {summary}");
        }
    }
}

#[test]
fn a_datagram_that_is_cut_or_altered_is_answered_and_said() {
    for (reply, size, truncated, altered) in [
        ("cut", 2_000, 2, 0),
        ("flipped", 100, 0, 2),
        ("padded", 2_000, 0, 0),
        ("prefixed", 100, 0, 0),
        ("upper", 100, 0, 0),
    ] {
        let server = Server::python(reply);
        let compared = Compared::at(server.port, &format!("-c 2 -W 20s -s {size}"));
        let summary = compared.figures("udp", "summary");
        assert_eq!(summary["replied"], 2, "{reply}: {summary}");
        let out = &compared.ended.stdout;
        for (count, name) in [(truncated, "truncated"), (altered, "altered")] {
            assert_eq!(summary[name], count, "{reply}: {summary}");
            let lines = out.matches(&format!("{name}: ")).count();
            assert_eq!(lines, count, "{reply}: {out}");
            let row = format!("of which {name}");
            assert_eq!(out.contains(&row), count > 0, "{reply}: {out}");
        }
    }
}

#[test]
fn a_server_that_only_accepts_answers_the_request_that_is_outstanding() {
    for (say, arguments) in [
        ("accepted", ""),
        ("accepted", "--no-line-end"),
        ("accepted", "--close-after=1"),
        ("two\nlines\n", ""),
        ("Your data was 23 bytes long", ""),
        ("accepted", "--chop"),
    ] {
        let (server, client) = if arguments == "--no-line-end" {
            ("", arguments)
        } else {
            (arguments, "")
        };
        let mut command = python("tcp_echo.py");
        let server = Server::start(command.args(["--say", say]).args(server.split_whitespace()));
        let compared = Compared::at(server.port, &format!("-c 2 -W 20s {client}"));
        let new = compared.figures("tcp_new", "summary");
        assert_eq!(
            (&new["replied"], &new["unverified"]),
            (&2.into(), &2.into()),
            "{say} {arguments}"
        );
        assert_eq!(
            (&new["duplicates"], &new["ignored"]),
            (&0.into(), &0.into()),
            "{say} {arguments}"
        );
        // What is waited for to see that no more comes is not part of the time.
        let rtt = new["rtt"]["min_ns"].as_u64().unwrap();
        assert!(rtt < 50_000_000 || arguments == "--chop", "{new}");
    }
}

#[test]
fn an_answer_that_comes_after_its_request_was_given_up_is_not_the_next_ones() {
    let server = Server::start(python("tcp_echo.py").args(["--say", "accepted", "--slow", "0.6"]));
    let compared = Compared::at(server.port, "-c 2 -W 200ms --linger 100ms");
    let kept = compared.figures("tcp_kept", "summary");
    assert_eq!(
        (&kept["replied"], &kept["lost"]),
        (&0.into(), &2.into()),
        "{kept}"
    );
}

#[test]
fn a_connection_that_is_closed_is_refused_and_made_anew() {
    let server = Server::start(python("tcp_echo.py").args(["--close-after", "1"]));
    let compared = Compared::at(server.port, "-c 3 -i 100ms -W 20s");
    let kept = compared.figures("tcp_kept", "summary");
    // One exchange finds the connection closed, the next has another.
    assert_eq!((&kept["replied"], &kept["refused"]), (&2.into(), &1.into()));
    assert_eq!(compared.count("tcp_kept", "connected"), 2);
    assert_eq!(compared.figures("tcp_new", "summary")["replied"], 3);
}

#[test]
fn a_tcp_that_falls_silent_is_lost_in_time() {
    let server = Server::start(python("tcp_echo.py").args(["--silent-after", "1"]));
    let compared = Compared::at(server.port, "-c 2 -W 2s --linger 100ms");
    let kept = compared.figures("tcp_kept", "summary");
    assert_eq!((&kept["replied"], &kept["lost"]), (&1.into(), &1.into()));
}

#[test]
fn a_signal_ends_it_with_a_whole_journal() {
    let reflector = Reflector::start("--tcp");
    let file = Scratch::new();
    let comparing = Running::start(
        udping_with("compare -c 0 -i 20ms --redact --journal")
            .arg(file.path())
            .arg(reflector.address().to_string()),
    );
    comparing.line_with("tcp persistent  seq=2");
    comparing.signal("INT");
    let ended = comparing.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let replayed = run(udping().arg("replay").arg(file.path()));
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    assert!(!replayed.stdout.contains("is cut"), "{replayed:?}");
    let text = file.text();
    assert_eq!(text.matches("\"stop\":\"signal\"").count(), 3, "{text}");
    assert!(!text.contains("127.0.0.1"), "{text}");
}

#[test]
fn a_server_that_answers_without_end_is_neither_kept_nor_waited_for() {
    // Its TCP side accepts and stays silent: meanwhile its UDP side goes on.
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = tcp.local_addr().unwrap();
    let Ok(udp) = UdpSocket::bind(address) else {
        return super::support::skipped("another program has that port");
    };
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut request = [0; 128];
            udp.set_read_timeout(Some(Duration::from_millis(20)))
                .unwrap();
            let mut client = None;
            while !over.load(Ordering::Relaxed) {
                if let Some((len, client)) = client {
                    let _ = udp.send_to(&request[..len], client);
                } else {
                    client = udp.recv_from(&mut request).ok();
                }
            }
        });
        let flooded = Compared::at(address.port(), "-c 2 -W 300ms");
        over.store(true, Ordering::Relaxed);
        assert_eq!(flooded.ended.code, Some(0), "{:?}", flooded.ended);
        assert!(
            flooded
                .ended
                .stdout
                .contains("faster than they could be looked at"),
            "{:?}",
            flooded.ended
        );
    });
}

#[test]
fn an_altered_lane_is_found_out() {
    let reflector = Reflector::start("--tcp");
    let file = Scratch::new();
    let ended = run(udping_with("compare -c 2 --journal")
        .arg(file.path())
        .arg(reflector.address().to_string()));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let text = file.text();
    for (piece, other) in [
        ("\"via\":\"udp\"", "\"via\":\"tcp_new\""),
        ("\"round_trips\":4", "\"round_trips\":3"),
        ("\"connected\":1", "\"gossip\":1"),
    ] {
        let forged = Scratch::holding(text.replacen(piece, other, 1));
        assert_ne!(forged.text(), text, "{piece}");
        let replayed = run(udping().arg("replay").arg(forged.path()));
        assert_eq!(replayed.code, Some(1), "{piece}: {replayed:?}");
    }
}

#[test]
fn flags_that_make_no_sense_are_refused() {
    for (arguments, why) in [
        ("compare", "HOST"),
        ("compare 127.0.0.1 -W 0", "more than zero"),
        ("compare 127.0.0.1 -s 65508", "from 0 to 65507"),
        ("serve --tcp --wire stamp", "STAMP has no TCP"),
    ] {
        let ended = run(&mut udping_with(arguments));
        assert_eq!(ended.code, Some(2), "{arguments}: {ended:?}");
        assert!(ended.stderr.contains(why), "{arguments}: {ended:?}");
    }
}

#[test]
fn a_port_that_tcp_has_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = run(udping_with("serve --tcp --bind").arg(address));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("for TCP"), "{ended:?}");
}

// ---- The server's side -------------------------------------------------------

#[test]
fn clients_written_apart_are_served_whatever_pieces_they_send() {
    let reflector = Reflector::start("--tcp");
    for how in [
        "one-line",
        "in-pieces",
        "all-at-once",
        "without-an-end",
        "no-line-end",
        "endless",
        "empty-lines",
    ] {
        let port = reflector.port.to_string();
        let ended = run(python("tcp_client.py").args([how, "127.0.0.1", &port]));
        assert_eq!(ended.code, Some(0), "{how}: {ended:?}");
    }
    let served = reflector.stop();
    assert!(
        served.stdout.contains("1 request without an end"),
        "{served:?}"
    );
}

fn connect(reflector: &Reflector) -> TcpStream {
    let stream = TcpStream::connect(reflector.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    stream
}

fn answer(mut stream: &TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = vec![0; request.len()];
    stream.read_exact(&mut reply).unwrap();
    String::from_utf8(reply).unwrap()
}

#[test]
fn idle_connections_keep_nobody_out_and_the_idlest_gives_way() {
    let reflector = Reflector::start("--tcp --reply upper");
    // The first one says something, so it is the second that is idle longest.
    let first = connect(&reflector);
    assert_eq!(answer(&first, "one\n"), "ONE\n");
    let mut second = connect(&reflector);
    let crowd: Vec<TcpStream> = (0..254)
        .map(|_| {
            let mut stream = connect(&reflector);
            // Half a request: it waits for the rest.
            stream.write_all(b"half").unwrap();
            stream
        })
        .collect();
    assert_eq!(answer(&first, "two\n"), "TWO\n");
    let late = connect(&reflector);
    assert_eq!(answer(&late, "late\n"), "LATE\n");
    assert_eq!(second.read(&mut [0; 8]).unwrap(), 0, "it gave way");
    assert_eq!(answer(&first, "three\n"), "THREE\n");
    // UDP never waits for any of them.
    let ended = run(&mut reflector.pinged("-c 2"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    drop(crowd);
    let served = reflector.stop();
    assert!(
        served.stdout.contains("1 connection closed to make room"),
        "{served:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_gave_way_takes_its_thread_along() {
    // Each reply is to be held for longer than the test may last.
    let reflector = Reflector::start("--tcp --delay 1h");
    let crowd: Vec<TcpStream> = (0..400)
        .map(|_| {
            let mut stream = connect(&reflector);
            stream.write_all(b"hello\n").unwrap();
            stream
        })
        .collect();
    let threads = || {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", reflector.running.id()));
        tasks.unwrap().count()
    };
    // The crowd is let in bit by bit, and the main thread and UDP's are there, too.
    let mut gave_way = 0;
    for mut stream in &crowd[..144] {
        gave_way += usize::from(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)));
    }
    assert_eq!(gave_way, 144);
    let gone = (0..6_000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        threads() <= 260
    });
    assert!(gone, "{} threads", threads());
    drop(crowd);
    reflector.stop();
}

#[test]
fn requests_that_come_together_are_delayed_together_and_stay_in_order() {
    let reflector = Reflector::start("--tcp --delay 200ms");
    let stream = connect(&reflector);
    let lines = "line of the same kind\n".repeat(50);
    let mut rest = &stream;
    rest.write_all(lines.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut replies = String::new();
    rest.read_to_string(&mut replies).unwrap();
    assert_eq!(replies, lines);
}

#[test]
fn whom_the_rules_exclude_is_hung_up_on() {
    let reflector = Reflector::start("--tcp --allow 192.0.2.0/24");
    let mut stream = connect(&reflector);
    stream.write_all(b"Ping 1 12345\n").unwrap();
    let mut reply = Vec::new();
    // The connection may be reset, since what it said was not read to the end.
    let _ = stream.read_to_end(&mut reply);
    assert!(reply.is_empty());
    let served = reflector.stop();
    assert!(served.stdout.contains("1 dropped"), "{served:?}");
}

#[test]
fn it_ends_at_once_whoever_is_connected() {
    let reflector = Reflector::start("--tcp --delay 60s");
    let mut waiting = connect(&reflector);
    waiting.write_all(b"Ping 1 12345\nhalf").unwrap();
    let _idle = connect(&reflector);
    // `stop` waits for its end; the reply would be due in a minute.
    let served = reflector.stop();
    assert!(served.stdout.contains("TCP: "), "{served:?}");
}
