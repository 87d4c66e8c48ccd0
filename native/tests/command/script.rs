//! Scripts: what one says happens to single packets of every source, on real sockets; and a
//! simulated run that is written as one happens again.

use std::net::UdpSocket;
use std::time::Duration;

use crate::support::journal::Session;
use crate::support::{Reflector, Scratch, run, udping_with};

/// A server that follows this script.
fn serving(script: &str, arguments: &str) -> (Scratch, Reflector) {
    let file = Scratch::holding(script);
    let path = file.path().display();
    let server = Reflector::start(&format!("--script {path} {arguments}"));
    (file, server)
}

#[test]
fn single_packets_of_every_source_meet_what_was_written() {
    let script = "\
# Probes 1, 2 and 9 are as always.
drop request 3
drop reply 4
delay reply 5 1.3s

duplicate reply 6
duplicate request 7 1ms  # which is answered, too
drop reply 7
reorder request 8 60ms
";
    let (_file, server) = serving(script, "");
    for _ in 0..2 {
        let session = Session::ping("127.0.0.1", server.port, "-c 9 -i 20ms -W 1s");
        assert_eq!(session.lost(), [3, 4, 5], "{session:?}");
        assert_eq!(session.late(), [5], "{session:?}");
        assert_eq!(session.replied(), [1, 2, 6, 7, 8, 9], "{session:?}");
        assert_eq!(session.duplicates(), 1, "{session:?}");
        let rtt = |seq| session.probes[&seq].replied.unwrap();
        assert!(rtt(7) >= Duration::from_millis(1), "{session:?}");
        assert!(rtt(8) >= Duration::from_millis(60), "{session:?}");
    }
    let said = server.stop().stdout;
    let losses = "2 lost on the way here, 4 replies lost on the way back";
    assert!(said.contains(losses), "{said}");
}

#[test]
fn a_damaged_packet_and_a_copy_of_it_arrive() {
    let script = "corrupt request 1\nduplicate reply 2\ncorrupt reply 2\n";
    let (_file, server) = serving(script, "");
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut replies = Vec::new();
    let mut reply = [0; 64];
    for (request, answers) in [("Ping 1 8", 1), ("Ping 2 8", 2)] {
        socket
            .send_to(request.as_bytes(), server.address())
            .unwrap();
        for _ in 0..answers {
            let len = socket.recv(&mut reply).unwrap();
            replies.push(String::from_utf8_lossy(&reply[..len]).into_owned());
        }
    }
    replies[1..].sort();
    assert_eq!(replies, ["Ping 1 x", "Ping 2 8", "Ping 2 x"]);
}

#[test]
fn what_happened_in_a_simulation_happens_to_a_real_client() {
    let simulated = Scratch::new();
    let journal = Scratch::new();
    // With this seed no reply comes shortly before the timeout, so that a busy machine does not
    // make it late.
    let schedule = "-c 16 -i 20ms -W 600ms";
    let impairments = "--loss 10%,15% --delay 10ms,300ms --jitter 5ms,300ms --duplicate 15%,20%";
    let command = format!("simulate {schedule} {impairments} --seed 108 --journal");
    let ended = run(udping_with(&command)
        .arg(journal.path())
        .arg("--script-out")
        .arg(simulated.path()));
    let expected = Session::read(ended, &journal.text());
    let (late, lost) = (expected.late().len(), expected.lost().len());
    assert!(late > 0 && lost > late, "{expected:?}");
    assert!(expected.duplicates() > 2, "{expected:?}");

    let script = simulated.text();
    let (_file, server) = serving(&script, "");
    let session = Session::ping("127.0.0.1", server.port, schedule);
    assert_eq!(session.replied(), expected.replied(), "{script}");
    assert_eq!(session.lost(), expected.lost(), "{script}");
    assert_eq!(session.late(), expected.late(), "{script}");
    for (seq, probe) in &expected.probes {
        let real = &session.probes[seq];
        assert_eq!(real.duplicates, probe.duplicates, "{seq}: {script}");
        assert!(
            real.replied >= probe.replied && real.late >= probe.late,
            "{seq}: {real:?}"
        );
    }
}

#[test]
fn a_script_is_never_written_over() {
    let file = Scratch::holding("drop request 3\n");
    let ended = run(udping_with("simulate --seed 1 -q --script-out").arg(file.path()));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("exists already"), "{ended:?}");
    assert_eq!(file.text(), "drop request 3\n");
}

#[test]
fn a_mistake_is_refused_at_the_start_and_says_what_to_write() {
    for (language, script, says) in [
        (
            "en",
            "drop request 3\n  lose reply 4\n",
            "line 2, column 3: write drop, delay, duplicate, corrupt or reorder",
        ),
        (
            "pt-BR",
            "delay reply 4\n",
            "linha 1, coluna 14: escreva um tempo, como 1,3s ou 200ms",
        ),
    ] {
        let file = Scratch::holding(script);
        let path = file.path().display();
        let command = format!("--lang {language} serve --bind 127.0.0.1:0 --script {path}");
        let ended = run(&mut udping_with(&command));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stdout.is_empty(), "{ended:?}");
        assert!(ended.stderr.contains(says), "{ended:?}");
        assert!(ended.stderr.contains(&path.to_string()), "{ended:?}");
    }
    let ended = run(&mut udping_with(
        "serve --bind 127.0.0.1:0 --script /nowhere",
    ));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("/nowhere"), "{ended:?}");
}

#[test]
fn a_script_and_several_threads_do_not_go_together() {
    let file = Scratch::holding("drop request 3\n");
    let command = "serve --bind 127.0.0.1:0 --threads 2 --script";
    let ended = run(udping_with(command).arg(file.path()));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("--threads"), "{ended:?}");
}
