//! The one hint at the end of a run: right, or absent.

use std::net::UdpSocket;
use std::thread;

use crate::support::{
    Ended, Reflector, Scratch, in_a_network_of_its_own, in_a_network_with_names, next_datagram,
    run, udp_socket, udping, udping_with, unheard,
};

/// The last line of a report, which a hint is.
fn last(ended: &Ended) -> &str {
    ended.stdout.lines().next_back().unwrap_or_default()
}

/// What is said at the end of a run to a server of one's own, which serves so many requests,
/// each with `reply` if there is one, and then is no more.
fn after(requests: usize, reply: Option<&[u8]>) -> String {
    let server = udp_socket();
    let address = server.local_addr().unwrap().to_string();
    let reply = reply.map(<[u8]>::to_vec);
    let serving = thread::spawn(move || {
        for _ in 0..requests {
            let mut buffer = [0; 100];
            let (len, from) = next_datagram(&server, &mut buffer);
            match &reply {
                Some(reply) if reply.is_empty() => {
                    server.send_to(&buffer[..len], from).unwrap();
                }
                Some(reply) => {
                    server.send_to(reply, from).unwrap();
                }
                None => {}
            }
        }
    });
    let ended = run(udping().args([&address, "-c", "4", "-W", "1s"]));
    serving.join().unwrap();
    last(&ended).to_owned()
}

#[test]
fn a_server_that_answers_has_no_hint() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-c 2"));
    assert!(last(&ended).contains(" = "), "{ended:?}");
}

#[test]
fn a_server_that_stopped_is_not_called_absent() {
    // It took the first request and died of it, or nobody ever was there and it was lost.
    let hint = "No probe before seq=2 was refused: a server took them and then stopped, or they \
                were lost, and nobody is listening there.";
    assert_eq!(after(1, None), hint);
    let hint = "A server was there, and stopped during the run: look there for the reason.";
    assert_eq!(after(2, Some(b"")), hint);
    // Even if nothing that it said could be credited.
    assert_eq!(after(2, Some(b"pong")), hint);
}

#[test]
fn replies_without_a_number_are_said_and_how_to_credit_them() {
    let server = Reflector::start("--reply pong");
    let hint = "2 replies carried no sequence number: --match any credits such replies.";
    for more in ["", "-q"] {
        let ended = run(&mut server.pinged(&format!("-f -c 2 -W 2s {more}")));
        assert_eq!(last(&ended), hint, "{ended:?}");
    }
    let ended = run(&mut server.pinged("-f -c 2 -W 2s --lang pt-BR"));
    let hint = "2 respostas não trouxeram número de sequência: --match any aceita respostas assim.";
    assert_eq!(last(&ended), hint, "{ended:?}");
    let ended = run(&mut server.pinged("-c 2 --match any"));
    assert!(!ended.stdout.contains("--match"), "{ended:?}");
}

#[test]
fn the_commonest_reason_for_what_was_ignored_is_said() {
    let said = after(4, Some(b"PING 77 0"));
    assert_eq!(
        said,
        "4 datagrams were ignored, all for one reason: it names a probe that was never sent."
    );
    let said = after(4, Some(b"\xff\xfe\xff"));
    assert_eq!(
        said,
        "4 replies carried no sequence number: --match any credits such replies."
    );
}

#[test]
fn silence_has_no_hint() {
    let silent = udp_socket();
    let address = silent.local_addr().unwrap().to_string();
    let ended = run(udping().args([&address, "-c", "1", "-W", "100ms"]));
    assert_eq!(last(&ended), "", "{ended:?}");
    assert!(ended.stdout.contains("\n1 lost\n"), "{ended:?}");
}

#[test]
fn one_that_only_refuses_is_called_absent() {
    let absent = unheard();
    let address = absent.local_addr().unwrap();
    let ended = run(&mut udping_with(&format!("-c 2 {address}")));
    assert!(last(&ended).starts_with("Nobody is listening"), "{ended:?}");
}

#[test]
fn a_silent_group_is_no_loss_of_a_host() {
    let script = r#"ip link set lo up && ip route add 224.0.0.0/4 dev lo
        "$UDPING" -c 1 -W 100ms 224.0.0.251"#;
    let Some(ended) = in_a_network_of_its_own(script) else {
        return;
    };
    assert!(
        last(&ended).starts_with("224.0.0.251 is a multicast group: "),
        "{ended:?}"
    );
}

#[test]
fn a_name_with_another_address_that_was_not_tried_is_said_to_have_one() {
    let hosts = "::1 both.example\n127.0.0.1 both.example\n127.0.0.2 one.example\n";
    let script = r#""$UDPING" serve --bind '[::1]:7000' --loss 100% > /dev/null 2>&1 & server=$!
        until "$UDPING" -q -c 1 -W 10ms '[::1]:7000' | grep -q '^1 lost'; do :; done
        "$UDPING" -c 1 -W 100ms both.example:7000
        "$UDPING" -c 1 -W 100ms -6 both.example:7000
        "$UDPING" -c 1 -W 100ms '[::1]:7000'
        kill $server"#;
    let Some(ended) = in_a_network_with_names(hosts, script) else {
        return;
    };
    let hint = "both.example also has the address 127.0.0.1, which was not tried: -4 chooses it.";
    assert_eq!(ended.stdout.matches(hint).count(), 1, "{ended:?}");
    assert_eq!(ended.stdout.matches("not tried").count(), 1, "{ended:?}");
}

#[test]
fn the_next_address_of_a_name_is_tried_only_if_the_first_probe_is_refused() {
    let hosts = "::1 both.example\n127.0.0.1 both.example\n";
    let (file, silent) = (Scratch::new(), Scratch::new());
    let script = format!(
        r#""$UDPING" serve --bind 127.0.0.1:7000 > /dev/null 2>&1 & server=$!
        "$UDPING" serve --bind '[::1]:7001' --loss 100% > /dev/null 2>&1 & other=$!
        until "$UDPING" -q -c 1 127.0.0.1:7000 > /dev/null; do :; done
        until "$UDPING" -q -c 1 -W 10ms '[::1]:7001' | grep -q '^1 lost'; do :; done
        "$UDPING" -c 1 --journal {file} both.example:7000
        "$UDPING" -c 9 -f both.example:7000 | grep trying
        "$UDPING" -c 3 -i 1ms --json both.example:7000 | grep -c '"wire"'
        "$UDPING" -c 1 --lang pt-BR both.example:7000 | grep tentando
        "$UDPING" -c 1 -W 100ms --journal {silent} both.example:7001
        "$UDPING" -c 2 both.example:7002
        kill $server $other"#,
        file = file.path().display(),
        silent = silent.path().display(),
    );
    let Some(ended) = in_a_network_with_names(hosts, &script) else {
        return;
    };
    let said = &ended.stdout;
    let trying = "\n::1 refused; trying 127.0.0.1\nPING both.example(127.0.0.1:7000)";
    assert!(said.contains(trying), "{ended:?}");
    let all = "\n1 packets transmitted, 1 received, 0% packet loss";
    assert!(said.contains(all), "{ended:?}");
    // A flood, a journal on standard output (of one session), and Portuguese.
    let others = "\n::1 refused; trying 127.0.0.1\n1\n::1 recusou; tentando 127.0.0.1\n";
    assert!(said.contains(others), "{ended:?}");
    // That the first address refused is an incident; nothing else of it is on record.
    let journal = file.text();
    let skipped = r#"{"incident":"next_address","at_ns":0,"address":"127.0.0.1","old_address":"::1","error":"#;
    assert_eq!(journal.matches(skipped).count(), 1, "{journal}");
    let at = "\"host\":\"both.example\",\"address\":\"127.0.0.1\",\"port\":7000,";
    assert!(journal.contains(at), "{journal}");
    assert_eq!(journal.matches("\"sent\":1,").count(), 2, "{journal}");
    assert!(!journal.contains("\"unreachable\""), "{journal}");
    // After silence no other is tried.
    let silent = silent.text();
    assert!(
        silent.contains("\"address\":\"::1\",\"port\":7001,"),
        "{silent}"
    );
    assert!(silent.contains("\"lost\":1"), "{silent}");
    // Where all refuse, the last one's refusals are what there is.
    assert_eq!(
        said.matches("127.0.0.1 refused seq=").count(),
        2,
        "{ended:?}"
    );
    assert!(!said.contains("::1 refused seq="), "{ended:?}");
    assert!(last(&ended).starts_with("Nobody is listening"), "{ended:?}");
}

#[test]
fn heartbeats_and_comparisons_try_it_too() {
    let hosts = "::1 both.example\n127.0.0.1 both.example\n";
    let files: [Scratch; 4] = std::array::from_fn(|_| Scratch::new());
    let [beats, exchanges, silent, unheard] = files.each_ref().map(|it| it.path().display());
    let script = format!(
        r#""$UDPING" serve --tcp --bind 127.0.0.1:7000 > /dev/null 2>&1 & server=$!
        "$UDPING" serve --bind '[::1]:7001' --loss 100% > /dev/null 2>&1 & other=$!
        until "$UDPING" -q -c 1 127.0.0.1:7000 > /dev/null; do :; done
        until "$UDPING" -q -c 1 -W 10ms '[::1]:7001' | grep -q '^1 lost'; do :; done
        "$UDPING" heartbeat -c 3 -i 300ms --journal {beats} both.example:7000; echo "$?"
        "$UDPING" compare -c 2 -W 20s --journal {exchanges} both.example:7000; echo "$?"
        "$UDPING" compare -c 1 --json --redact both.example:7000
        "$UDPING" heartbeat -c 2 -i 300ms --lang pt-BR both.example:7000 | grep tentando
        "$UDPING" heartbeat -c 2 -i 300ms --journal {unheard} both.example:7001 | grep trying
        "$UDPING" compare -c 1 -W 100ms --journal {silent} both.example:7001 | grep trying
        "$UDPING" heartbeat -c 2 -i 300ms both.example:7002
        kill $server $other"#,
    );
    let Some(ended) = in_a_network_with_names(hosts, &script) else {
        return;
    };
    let said = &ended.stdout;
    for begin in ["HEARTBEAT", "COMPARE"] {
        let trying = format!("\n::1 refused; trying 127.0.0.1\n{begin} both.example (127.0.0.1:");
        assert!(said.contains(&trying), "{ended:?}");
    }
    // Both went well, and nothing else is said of the first address.
    assert!(said.contains("\nheartbeats sent: 3, in "), "{ended:?}");
    let answered = said.lines().find(|it| it.starts_with("answered in time"));
    let answered = answered.unwrap_or_default().split_whitespace().skip(3);
    assert_eq!(answered.collect::<Vec<_>>(), ["2", "2", "2"], "{ended:?}");
    assert_eq!(said.lines().filter(|it| *it == "0").count(), 2, "{ended:?}");
    assert!(
        said.contains("\n::1 recusou; tentando 127.0.0.1\n"),
        "{ended:?}"
    );
    let trying = said.matches("::1 refused; trying 127.0.0.1\n").count();
    assert_eq!(
        trying, 3,
        "two, and the last: none after silence: {ended:?}"
    );
    let nobody = "\nNobody was listening on that port: ";
    assert_eq!(said.matches(nobody).count(), 1, "{ended:?}");

    let skipped = r#"{"incident":"next_address","at_ns":0,"address":"127.0.0.1","old_address":"::1","error":"#;
    for file in &files[..2] {
        let journal = file.text();
        assert_eq!(journal.matches(skipped).count(), 1, "{journal}");
        assert!(!journal.contains("\"unreachable\""), "{journal}");
        let at = "\"host\":\"both.example\",\"address\":\"127.0.0.1\",\"port\":7000,";
        assert!(journal.contains(at), "{journal}");
        let replayed = run(udping().arg("replay").arg(file.path()));
        assert_eq!(replayed.code, Some(0), "{replayed:?}");
    }
    let redacted = said.lines().find(|it| it.contains("next_address"));
    assert!(redacted.is_some_and(|it| !it.contains("::1")), "{ended:?}");
    for file in &files[2..] {
        let journal = file.text();
        let at = "\"address\":\"::1\",\"port\":7001,";
        assert!(journal.contains(at), "{journal}");
    }
}

#[test]
fn the_next_address_is_tried_where_connecting_fails() {
    // The system's resolver puts addresses that it cannot connect to last: here, both.
    let hosts = "192.0.2.1 both.example\n192.0.2.2 both.example\n";
    let script = r#"ip route add prohibit 192.0.2.0/24; "$UDPING" -c 1 both.example:7000"#;
    let Some(ended) = in_a_network_with_names(hosts, script) else {
        return;
    };
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stdout.contains("; trying 192.0.2."), "{ended:?}");
    assert!(
        ended.stdout.starts_with("cannot reach 192.0.2."),
        "{ended:?}"
    );
    assert!(
        ended.stderr.starts_with("udping: cannot reach"),
        "{ended:?}"
    );
}

/// What is said of a run whose server answers from `answering`, of another port or address.
#[cfg(target_os = "linux")]
fn answered_from(answering: UdpSocket, arguments: &str) -> Ended {
    let server = udp_socket();
    let address = server.local_addr().unwrap().to_string();
    let serving = thread::spawn(move || {
        for _ in 0..2 {
            let mut buffer = [0; 100];
            let (len, from) = next_datagram(&server, &mut buffer);
            answering.send_to(&buffer[..len], from).unwrap();
        }
    });
    let mut command = udping_with(arguments);
    let ended = run(command.args([&address, "-c", "2", "-W", "1s"]));
    serving.join().unwrap();
    ended
}

#[cfg(target_os = "linux")]
#[test]
fn replies_from_elsewhere_are_seen_and_named_and_never_credited() {
    for from in ["127.0.0.1:0", "127.0.0.9:0"] {
        let answering = UdpSocket::bind(from).unwrap();
        let from = answering.local_addr().unwrap();
        let journal = Scratch::new();
        let arguments = format!("-v --journal {}", journal.path().display());
        let ended = answered_from(answering, &arguments);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let hint = format!("2 datagrams came from elsewhere, the last from {from}: ");
        assert!(last(&ended).starts_with(&hint), "{ended:?}");
        assert!(ended.stdout.contains("2 ignored"), "{ended:?}");
        let line = format!("27 bytes from {from}: ignored, it is not 127.0.0.1");
        assert_eq!(ended.stdout.matches(&line).count(), 2, "{ended:?}");
        let on_record = journal.text();
        let each = "\"unreadable\":\"elsewhere\"";
        assert_eq!(on_record.matches(each).count(), 2, "{on_record}");
        let address = format!("\"address\":\"{from}\"");
        assert_eq!(on_record.matches(&address).count(), 2, "{on_record}");
        let replayed = run(udping().arg("replay").arg(journal.path()));
        assert_eq!(replayed.code, Some(0), "{replayed:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_comparison_names_them_too() {
    let answering = UdpSocket::bind("127.0.0.1:0").unwrap();
    let from = answering.local_addr().unwrap();
    let journal = Scratch::new();
    let arguments = format!("compare --journal {}", journal.path().display());
    let ended = answered_from(answering, &arguments);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let hint = format!("\n2 datagrams came from elsewhere, the last from {from}: ");
    assert!(ended.stdout.contains(&hint), "{ended:?}");
    let on_record = journal.text();
    let each = format!("\"address\":\"{from}\"");
    assert_eq!(on_record.matches(&each).count(), 2, "{on_record}");
    let replayed = run(udping().arg("replay").arg(journal.path()));
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
}

/// A server that takes the first datagram and then is no more.
fn takes_one() -> (String, thread::JoinHandle<()>) {
    let server = udp_socket();
    let address = server.local_addr().unwrap().to_string();
    let serving = thread::spawn(move || {
        next_datagram(&server, &mut [0; 100]);
    });
    (address, serving)
}

#[test]
fn nor_do_heartbeats_and_comparisons_call_a_server_absent_that_took_something() {
    let (address, serving) = takes_one();
    let arguments = format!("heartbeat -c 4 -i 200ms {address}");
    let ended = run(&mut udping_with(&arguments));
    serving.join().unwrap();
    let hint = "Some heartbeats were refused: nobody was listening then.";
    assert!(last(&ended).starts_with(hint), "{ended:?}");

    let (address, serving) = takes_one();
    let ended = run(&mut udping_with(&format!(
        "compare -c 3 -W 200ms {address}"
    )));
    serving.join().unwrap();
    let absent = "Nobody is listening for UDP";
    assert!(!ended.stdout.contains(absent), "{ended:?}");
}
