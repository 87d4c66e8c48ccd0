//! The reflector's counters, as Prometheus asks for them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{Running, Scratch, run, udping_with};

/// That of "secret", at the least cost, as Python's bcrypt makes it.
const HASH: &str = "$2b$04$KqyeF4UPqVzAy0VPGUBDLeOfCPqdyVcN21afP.yaXEfd2Fy9mTyrS";

/// What is answered to a request for `path` with these further headers.
fn get(address: &str, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A reflector with these flags: the program, its address, and that of its counters.
fn start(flags: &str) -> (Running, String, String) {
    let line = format!("serve --bind 127.0.0.1:0 --metrics 0 {flags}");
    let server = Running::start(&mut udping_with(&line));
    let listening = server.line_with("listening on ");
    let address = listening.rsplit(' ').next().unwrap().to_owned();
    let said = server.warning_with("/metrics");
    let place = said.split("://").nth(1).unwrap();
    let place = place.trim().trim_end_matches("/metrics").to_owned();
    (server, address, place)
}

#[test]
fn a_scrape_counts_what_was_asked_and_answered() {
    let (server, address, metrics) = start("--loss 0,100% --seed 1");
    assert!(metrics.starts_with("127.0.0.1:"), "loopback: {metrics}");
    let pinged = run(&mut udping_with(&format!(
        "{address} -c 3 -i 10ms -W 100ms"
    )));
    assert_eq!(pinged.code, Some(1), "all replies are lost");
    let accept = "Accept: application/openmetrics-text; version=1.0.0\r\n";
    let answer = get(&metrics, "/metrics", accept);
    assert!(
        answer.contains("content-type: application/openmetrics-text"),
        "{answer}"
    );
    for line in [
        "udping_reflector_requests_total 3",
        "udping_reflector_replies_total 3",
        "udping_reflector_impairment_lost_total{direction=\"back\"} 3",
        "# EOF",
    ] {
        assert!(answer.lines().any(|it| it == line), "{line}: {answer}");
    }
    for path in ["/-/ready", "/-/healthy"] {
        assert!(
            get(&metrics, path, "").starts_with("HTTP/1.1 200"),
            "{path}"
        );
    }
    assert!(get(&metrics, "/nothing", "").starts_with("HTTP/1.1 404"));
    server.signal("TERM");
    server.finish();
}

#[test]
fn without_the_password_nothing_is_said() {
    let file = Scratch::secret(format!("basic_auth_users:\n  alice: {HASH}\n"));
    let (server, _, metrics) = start(&format!("--web-config {}", file.path().display()));
    for headers in ["", "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n"] {
        let answer = get(&metrics, "/metrics", headers);
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        assert!(!answer.contains("udping_"), "{answer}");
    }
    let right = get(
        &metrics,
        "/metrics",
        "Authorization: Basic YWxpY2U6c2VjcmV0\r\n",
    );
    assert!(right.starts_with("HTTP/1.1 200"), "{right}");
    server.signal("TERM");
    server.finish();
}

#[test]
fn a_web_configuration_that_is_wrong_is_refused_by_its_name() {
    for (wrong, said) in [
        ("tls_server_confg: {}\n", "tls_server_confg"),
        ("basic_auth_users:\n  alice: secret\n", "bcrypt"),
        (
            "tls_server_config:\n  cert_file: /none.pem\n  key_file: /none.key\n",
            "none.key",
        ),
    ] {
        let file = Scratch::secret(wrong);
        let place = file.path().display();
        let line = format!("serve --bind 127.0.0.1:0 --metrics 0 --web-config {place}");
        let ended = run(&mut udping_with(&line));
        assert_eq!(ended.code, Some(2), "{wrong}");
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
        assert!(
            ended.stderr.contains(&place.to_string()),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn passwords_that_others_can_read_are_refused() {
    let file = Scratch::holding(format!("basic_auth_users:\n  alice: {HASH}\n"));
    let place = file.path().display();
    let line = format!("serve --bind 127.0.0.1:0 --metrics 0 --web-config {place}");
    let ended = run(&mut udping_with(&line));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let advice = format!("chmod o= {place}");
    assert!(ended.stderr.contains(&advice), "{ended:?}");
}
