//! The journal of a reflector: that it holds what came and what became of it, that it is
//! verified, and that what is altered is found out.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::support::journal::{records, values, verify, verify_cut};
use crate::support::{Reflector, Scratch, run, udping_with};

/// A reflector that writes a journal.
fn serve(arguments: &str) -> (Reflector, Scratch) {
    let file = Scratch::new();
    let journal = file.path().display();
    let reflector = Reflector::start(&format!("{arguments} --journal {journal}"));
    (reflector, file)
}

/// Ends it, has its journal verified, and gives that without the header.
fn ended(reflector: Reflector, file: &Scratch) -> Vec<Value> {
    let said = reflector.stop();
    let verified = verify(file.path());
    // Its figures are those that the reflector said.
    let figures = said.stdout.lines().last().unwrap_or_default();
    assert!(verified.stdout.contains(figures), "{said:?} {verified:?}");
    records(&file.text()).split_off(1)
}

fn of<'a>(records: &'a [Value], tag: &str) -> Vec<&'a Value> {
    let has = |record: &&Value| record.get(tag).is_some();
    records.iter().filter(has).collect()
}

/// A socket that asks a reflector, and the answer if there is one in time.
fn ask(reflector: &Reflector, from: &UdpSocket, request: &[u8]) -> bool {
    from.set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    from.send_to(request, reflector.address()).unwrap();
    from.recv(&mut [0; 2048]).is_ok()
}

fn socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

#[test]
fn each_datagram_stands_there_with_what_it_says_and_what_became_of_it() {
    let (reflector, file) = serve("");
    let (client, address) = socket();
    for request in [&b"Ping 7 1700000000.123456789"[..], b"", b"hello"] {
        assert!(ask(&reflector, &client, request));
    }
    let all = ended(reflector, &file);
    let tags = ["received", "answered", "transmitted"];
    for (number, tags) in all.chunks(3).take(3).zip(1..).map(|(it, n)| (n, it)) {
        for (record, tag) in tags.iter().zip(["received", "answered", "transmitted"]) {
            assert_eq!(record[tag], number, "{record}");
        }
    }
    let received = of(&all, tags[0]);
    assert_eq!(received.len(), 3);
    assert!(
        received
            .iter()
            .all(|it| it["address"] == address.to_string())
    );
    assert_eq!(received[0]["seq"], 7);
    assert_eq!(received[0]["timestamp"], "1700000000123456789");
    assert_eq!(
        received.iter().map(|it| &it["size"]).collect::<Vec<_>>(),
        [27, 0, 5]
    );
    assert!(received[1..].iter().all(|it| it.get("seq").is_none()));
    let times: Vec<u64> = all.iter().map(|it| it["at_ns"].as_u64().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    if cfg!(target_os = "linux") {
        let early = |it: &&&Value| it["arrived_ns"].as_u64() < it["at_ns"].as_u64();
        assert_eq!(received.iter().filter(early).count(), 3, "{received:?}");
    }
    assert_eq!(all.last().unwrap()["served"]["answered"], 3);
}

#[test]
fn what_the_impairments_draw_is_on_record_and_is_drawn_again() {
    let impaired = "--loss 20% --delay 5ms --jitter 5ms --duplicate 30% --seed 5";
    for arguments in [
        impaired.to_owned(),
        "--loss 30%,20% --duplicate 30%,0 --reply pong --seed 2".to_owned(),
        format!("{impaired} --wire stamp --stateful"),
    ] {
        let (reflector, file) = serve(&arguments);
        let wire = if arguments.contains("stamp") {
            "--wire stamp"
        } else {
            "--match any"
        };
        let pinged = run(&mut reflector.pinged(&format!("-c 40 -i 5ms -W 300ms {wire}")));
        // Without a number in the replies, pings wait for each other.
        let pinged = if pinged.code == Some(2) {
            run(&mut reflector.pinged("-c 40 -W 50ms --match any"))
        } else {
            pinged
        };
        assert_eq!(pinged.code, Some(0), "{pinged:?}");
        let all = ended(reflector, &file);
        assert_eq!(values(&all, "received"), (1..=40).collect::<Vec<_>>());
        let duplicated = of(&all, "duplicate_ns").len();
        assert!(of(&all, "loss").len() > 3 && duplicated > 3, "{arguments}");
        let [there, back] = ["received", "answered"].map(|tag| {
            let lost = |it: &&&Value| it["loss"] == true;
            of(&all, tag).iter().filter(lost).count()
        });
        let served = &all.last().unwrap()["served"];
        assert_eq!(served["lost_requests"], there, "{arguments}");
        assert_eq!(served["lost_replies"], back, "{arguments}");
    }
}

#[test]
fn what_a_script_does_is_on_record_and_is_done_again() {
    let script = Scratch::holding(
        "drop request 2\ndelay reply 1 20ms\nduplicate request 3 10ms\nduplicate reply 4 5ms\n\
         corrupt request 5\ncorrupt reply 6\n",
    );
    let script = script.path().display().to_string();
    let (reflector, file) = serve(&format!(
        "--loss 5% --duplicate 20% --seed 9 --script {script}"
    ));
    for _ in 0..2 {
        let pinged = run(&mut reflector.pinged("-c 10 -i 5ms -W 300ms"));
        assert_eq!(pinged.code, Some(0), "{pinged:?}");
    }
    let all = ended(reflector, &file);
    for (tag, from) in [
        ("copies_ns", "received"),
        ("copies_ns", "answered"),
        ("corrupt", "received"),
    ] {
        let found = of(&all, tag);
        assert!(
            found.iter().any(|it| it.get(from).is_some()),
            "{tag} of {from}"
        );
    }
    assert!(of(&all, "duplicate").iter().any(|it| it["duplicate"] == 2));
    let header: Value = serde_json::from_str(file.text().lines().next().unwrap()).unwrap();
    assert!(
        header["reflector"]["script"]
            .as_str()
            .unwrap()
            .contains("drop request 2")
    );
}

#[test]
fn a_script_that_no_header_could_hold_is_refused_with_a_journal() {
    let lines: Vec<String> = (1..40_000).map(|n| format!("drop request {n}")).collect();
    let script = Scratch::holding(lines.join("\n"));
    let script = script.path().display().to_string();
    let file = Scratch::new();
    let file = file.path().display().to_string();
    let arguments = format!("serve --bind 127.0.0.1:0 --script {script} --journal {file}");
    let ended = run(&mut udping_with(&arguments));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("of 512 KiB at most"), "{ended:?}");
}

#[test]
fn what_the_guard_remembered_and_drew_is_on_record_and_its_secret_is_not() {
    let (reflector, file) = serve("--rate-limit 20 --total-limit 200");
    let clients: Vec<UdpSocket> = (1..=5)
        .map(|n| UdpSocket::bind(format!("127.0.0.{n}:0")).unwrap())
        .collect();
    for n in 0..60 {
        for client in &clients {
            let request = format!("Ping {n} x");
            client
                .send_to(request.as_bytes(), reflector.address())
                .unwrap();
        }
    }
    // The answer to the last one says that all have come.
    let (last, _) = socket();
    while !ask(&reflector, &last, b"last") {}
    let all = ended(reflector, &file);
    let dropped = of(&all, "dropped");
    assert!(dropped.iter().any(|it| it["reason"] == "rate_limit"));
    let drawn = of(&all, "chance");
    assert!(drawn.iter().any(|it| it["chance"] == true));
    assert!(drawn.iter().any(|it| it["chance"] == false));
    assert_eq!(of(&all, "source").len(), 5, "each is new once");
    assert!(!file.text().contains("secret"));
}

#[test]
fn equal_requests_are_on_record_as_echoes_and_the_rule_is_applied_again() {
    let (reflector, file) = serve("");
    let (client, _) = socket();
    for _ in 0..3_000 {
        client.send_to(b"hello", reflector.address()).unwrap();
        let _ = client.set_read_timeout(Some(Duration::from_millis(1)));
        let _ = client.recv(&mut [0; 8]);
    }
    while !ask(&reflector, &client, b"last") {}
    let all = ended(reflector, &file);
    assert!(of(&all, "echo").len() > 1_000);
    assert_eq!(of(&all, "endpoint").len(), 1);
}

#[test]
fn an_altered_journal_is_found_out() {
    let (reflector, file) = serve("--loss 30% --seed 3 --rate-limit 20 --total-limit 200");
    for n in 0..40 {
        let (client, _) = socket();
        client
            .send_to(format!("Ping {n} x").as_bytes(), reflector.address())
            .unwrap();
    }
    let (last, _) = socket();
    while !ask(&reflector, &last, b"last") {}
    ended(reflector, &file);
    let text = file.text();
    for (from, to) in [
        ("\"loss\":true", "\"delay_ns\":1"),
        ("\"reason\":\"rate_limit\"", "\"reason\":\"total_limit\""),
        ("\"chance\":false", "\"chance\":true"),
        ("{\"transmitted\":", "{\"transmitted\":9"),
        ("\"seed\":3", "\"seed\":4"),
        ("{\"received\":2,", "{\"received\":3,"),
        ("\"rate_limit\":20", "\"rate_limit\":2"),
    ] {
        let forged = text.replacen(from, to, 1);
        assert!(text != forged, "{from}");
        let forged = Scratch::holding(forged);
        let found = run(Command::new(env!("CARGO_BIN_EXE_udping"))
            .arg("replay")
            .arg(forged.path()));
        assert_eq!(found.code, Some(1), "{from}: {found:?}");
        assert!(found.stdout.contains("NOT verified"), "{found:?}");
    }
    let cut = Scratch::holding(&text[..text.len() / 2]);
    verify_cut(cut.path());
}

/// What a connection's request was answered, if it was.
fn ask_over_tcp(server: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.write_all(request).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn requests_over_tcp_stand_beside_datagrams_and_are_decided_again() {
    let impaired =
        "--tcp --rate-limit 8 --no-guard total-limit --delay 2ms --loss 30%,30% --seed 3";
    let (reflector, file) = serve(impaired);
    let server = reflector.address();
    let (client, _) = socket();
    for n in 0..6 {
        let request = format!("Ping {n} 1700000000.5\n");
        assert_eq!(ask_over_tcp(server, request.as_bytes()), request.as_bytes());
        ask(&reflector, &client, request.as_bytes());
    }
    // Two requests of one connection, of which the second has no end of line.
    assert_eq!(ask_over_tcp(server, b"one\ntwo"), b"one\ntwo");
    let refused = thread::scope(|scope| {
        let ask = || ask_over_tcp(server, b"more");
        let asking: Vec<_> = (0..22).map(|_| scope.spawn(ask)).collect();
        let answers = asking.into_iter().map(|it| it.join().unwrap());
        answers.filter(Vec::is_empty).count()
    });
    assert!(refused > 0);
    reflector.stop();
    verify(file.path());
    let all = records(&file.text()).split_off(1);
    let tcp: Vec<Value> = all
        .iter()
        .filter(|it| it.get("connection").is_some())
        .cloned()
        .collect();
    assert_eq!(values(&tcp, "received"), (1..=30).collect::<Vec<_>>());
    assert_eq!(values(&all, "received").len(), 36);
    let connections: Vec<u64> = of(&tcp, "received")
        .iter()
        .map(|it| it["connection"].as_u64().unwrap())
        .collect();
    assert_eq!(connections[..8], [1, 2, 3, 4, 5, 6, 7, 7]);
    assert_eq!((&tcp[0]["seq"], &tcp[0]["size"]), (&0.into(), &20.into()));
    let dropped = of(&tcp, "dropped");
    assert_eq!(dropped.len(), refused);
    assert!(dropped.iter().all(|it| it["reason"] == "rate_limit"));
    assert_eq!(of(&tcp, "transmitted").len(), 30 - refused);
    let delay = |it: &&&Value| it["delay_ns"].as_u64().unwrap() > 200_000_000;
    assert!(
        of(&tcp, "answered").iter().filter(delay).count() > 2,
        "{tcp:?}"
    );
    let figures = &all.last().unwrap()["served"];
    assert_eq!(figures["tcp"]["received"], 30);
    assert_eq!(figures["received"], 6);
    let times: Vec<u64> = all.iter().map(|it| it["at_ns"].as_u64().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");

    let text = file.text();
    let answered = text
        .lines()
        .find(|it| it.starts_with("{\"answered\"") && it.contains("\"connection\""));
    let altered = answered.unwrap().replace("\"delay_ns\":", "\"delay_ns\":1");
    let altered = Scratch::holding(text.replace(answered.unwrap(), &altered));
    let found = run(Command::new(env!("CARGO_BIN_EXE_udping"))
        .arg("replay")
        .arg(altered.path()));
    assert_eq!(found.code, Some(1), "{found:?}");
}

#[test]
fn the_journal_may_be_standard_output() {
    let reflector = udping_with("serve --bind 127.0.0.1:0 --json -v --redact");
    let refused = run(&mut { reflector });
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let running =
        crate::support::Running::start(&mut udping_with("serve --bind 127.0.0.1:0 --journal - -v"));
    let header: Value = serde_json::from_str(&running.line()).unwrap();
    assert_eq!(header["kind"], "serve");
    let port = header["port"].as_u64().unwrap();
    let (client, _) = socket();
    client
        .send_to(b"Ping 1 x", ("127.0.0.1", u16::try_from(port).unwrap()))
        .unwrap();
    running.line_with("\"transmitted\":1");
    running.signal("INT");
    let rest = running.finish().stdout;
    let last: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
    assert_eq!(last["served"]["answered"], 1, "{rest}");
}
