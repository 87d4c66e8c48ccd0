//! All targets of a monitor in the browser: asked over bare sockets, as the page would.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use support::{Reflector, Running, udping};

/// A stream with the answer to come.
fn asked(address: &str, path: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    BufReader::new(stream)
}

/// The whole answer: its code and its body.
fn get(address: &str, path: &str) -> (String, String) {
    let mut answer = String::new();
    asked(address, path).read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
}

#[test]
fn the_browser_sees_all_targets_and_the_lab_opens_on_each() {
    let (up, gone) = (Reflector::start(""), Reflector::start(""));
    let monitor = Running::start(
        udping()
            .args([
                "monitor",
                "--view",
                "--no-open",
                "-i",
                "20ms",
                "-W",
                "100ms",
            ])
            .args([up.address(), gone.address()].map(|it| it.to_string())),
    );
    gone.stop();
    let said = monitor.warning_with("http://127.0.0.1:");
    let (_, url) = said.trim().split_once("http://").unwrap();
    let (address, page) = url.split_once('/').unwrap();
    let token = page.strip_prefix("monitor/").unwrap();
    let (code, html) = get(address, &format!("/{page}"));
    assert_eq!(code, "200");
    assert!(html.contains(&format!("data-token=\"{token}\"")), "{html}");
    for program in ["/monitor.js", "/monitor.css"] {
        assert!(html.contains(program) && get(address, program).0 == "200");
    }
    let rows = loop {
        let (code, rows) = get(address, &format!("/{page}/rows"));
        assert_eq!(code, "200");
        let rows: Value = serde_json::from_str(&rows).unwrap();
        if rows[0]["state"] == "up" && rows[1]["state"] == "down" {
            break rows;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    let name = up.address().to_string();
    assert_eq!(
        (&rows[0]["name"], rows.as_array().unwrap().len()),
        (&name.clone().into(), 2)
    );
    assert!(
        rows[0]["rtt_ms"].as_f64() > Some(0.0) && rows[0]["loss"] == 0.0,
        "{rows}"
    );
    let history = rows[1]["history"].as_array().unwrap();
    assert!(history.iter().any(|it| it == "lost"), "{rows}");
    // Its last minutes first, from its first probe on, and then what comes.
    let live = asked(address, &format!("/live/{token}/{name}"));
    let mut lines = live.lines().map(Result::unwrap);
    assert!(lines.next().unwrap().contains("200"));
    // Before anything is written, it is said that this is the newest.
    let data = lines.filter_map(|it| it.strip_prefix("data: ").map(str::to_owned));
    let mut data = data.filter(|it| it.starts_with('{'));
    let header: Value = serde_json::from_str(&data.next().unwrap()).unwrap();
    assert_eq!(header["udping"], "journal");
    let mut replies = data.filter(|it| it.contains("\"rtt_ns\""));
    assert!(replies.nth(100).is_some(), "it goes on");
    for path in [
        "/monitor/0".to_owned(),
        "/monitor/0/rows".to_owned(),
        format!("/live/0/{name}"),
        format!("/live/{token}/nobody"),
    ] {
        assert_eq!(get(address, &path).0, "404", "{path}");
    }
    monitor.signal("TERM");
    assert_eq!(monitor.finish().code, Some(0));
}
