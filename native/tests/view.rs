//! What `udping view` serves, and to whom: asked over bare sockets, as a browser would and
//! as a hostile page would. Owns the server's promises; what the page does with what it
//! gets, the tests in web/ tell.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;

use support::{Running, udping};

/// A server, and where it is.
struct Lab {
    running: Running,
    port: u16,
    fragment: String,
}

/// An answer: its first line and headers in lower case, and its body.
struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Lab {
    fn start(args: &[&str]) -> Self {
        let running = Running::start(udping().args(["view", "--no-open"]).args(args));
        let line = running.line_with("the lab is at");
        let address = line.split("http://127.0.0.1:").nth(1).unwrap();
        let (port, fragment) = address.split_once('/').unwrap();
        Self {
            port: port.parse().unwrap(),
            fragment: fragment.to_owned(),
            running,
        }
    }

    fn ask(&self, path: &str, host: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        Answer {
            head: String::from_utf8_lossy(&all[..end]).to_ascii_lowercase(),
            body: all[end + 4..].to_vec(),
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(path, &format!("127.0.0.1:{}", self.port), "")
    }
}

impl Answer {
    fn code(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1);
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// A file of this test's own.
fn journal(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_page_comes_with_a_policy_that_lets_nothing_else_in() {
    let lab = Lab::start(&["--port", "0"]);
    let page = lab.get("/");
    assert_eq!(page.code(), "200");
    assert!(String::from_utf8_lossy(&page.body).contains("udping lab"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    for unsafe_word in ["'unsafe-inline'", "'unsafe-eval'", "http:", "https:", " *"] {
        assert!(!policy.contains(unsafe_word), "{policy}");
    }
    for path in ["/", "/udping-web_bg.wasm", "/style.css", "/nowhere"] {
        let answer = lab.get(path);
        let header = |name| answer.header(name).unwrap_or_default().to_owned();
        assert_eq!(header("content-security-policy"), policy, "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    assert_eq!(lab.get("/nowhere").code(), "404");
    assert_eq!(lab.get("/../Cargo.toml").code(), "404");
}

#[test]
fn every_file_has_its_kind_and_comes_compressed_where_that_is_understood() {
    let lab = Lab::start(&["--port", "0"]);
    let host = format!("localhost:{}", lab.port);
    for (path, kind) in [
        ("/index.html", "text/html; charset=utf-8"),
        ("/start.js", "text/javascript; charset=utf-8"),
        ("/udping-web_bg.wasm", "application/wasm"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icon.svg", "image/svg+xml"),
        ("/style.css", "text/css; charset=utf-8"),
    ] {
        let plain = lab.ask(path, &host, "");
        assert_eq!(plain.code(), "200", "{path}");
        assert_eq!(plain.header("content-type"), Some(kind));
        assert_eq!(plain.header("content-encoding"), None);
        let brotli = lab.ask(path, &host, "Accept-Encoding: gzip, br\r\n");
        assert_eq!(brotli.header("content-encoding"), Some("br"));
        assert!(brotli.body.len() < plain.body.len(), "{path}");
        let gzip = lab.ask(path, &host, "Accept-Encoding: gzip\r\n");
        assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    }
}

#[test]
fn a_page_of_another_name_that_leads_here_gets_nothing() {
    let lab = Lab::start(&["--port", "0"]);
    let right = [
        format!("127.0.0.1:{}", lab.port),
        format!("localhost:{}", lab.port),
    ];
    for host in right {
        assert_eq!(lab.ask("/", &host, "").code(), "200", "{host}");
    }
    let port = lab.port;
    for host in [
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("[::1]:{port}"),
        String::new(),
    ] {
        let answer = lab.ask("/", &host, "");
        assert_eq!(answer.code(), "421", "{host}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("<html"));
    }
}

#[test]
fn the_journal_is_behind_a_token_that_is_another_every_time() {
    let text = "a journal's text\n";
    let file = journal("view-token.jsonl", text);
    let file = file.to_str().unwrap();
    let [lab, other] = [0, 1].map(|_| Lab::start(&["--port", "0", file]));
    let token = |lab: &Lab| {
        let token = lab.fragment.strip_prefix("#log=journal/").unwrap();
        assert_eq!(token.len(), 32);
        token.to_owned()
    };
    assert_ne!(token(&lab), token(&other));
    let found = lab.get(&format!("/journal/{}", token(&lab)));
    assert_eq!(
        (found.code(), found.body.as_slice()),
        ("200", text.as_bytes())
    );
    let length = text.len().to_string();
    assert_eq!(found.header("content-length"), Some(length.as_str()));
    assert_eq!(found.header("cache-control"), Some("no-store"));
    assert_eq!(found.header("server-timing"), Some("udping-view"));
    for path in [
        format!("/journal/{}", token(&other)),
        format!("/journal/{}", &token(&lab)[1..]),
        "/journal/".to_owned(),
        "/journal".to_owned(),
    ] {
        assert_eq!(lab.get(&path).code(), "404", "{path}");
    }
    let foreign = lab.ask(&format!("/journal/{}", token(&lab)), "evil.example", "");
    assert_eq!(foreign.code(), "421");
}

#[test]
fn a_journal_is_opened_at_the_moment_that_is_asked_for() {
    let file = journal("view-at.jsonl", "a journal's text\n");
    let lab = Lab::start(&["--port", "0", "--at", "1.5s", file.to_str().unwrap()]);
    assert!(lab.fragment.ends_with("&at=1500000000"), "{}", lab.fragment);
}

#[test]
fn a_language_that_is_asked_for_is_the_page_s_too() {
    let fragment = |args: &str| {
        let running = Running::start(udping().args(args.split(' ')));
        let line = running.line_with("http://127.0.0.1:");
        line.rsplit('/').next().unwrap().to_owned()
    };
    let asked = "view --no-open --port 0 --lang";
    assert_eq!(fragment(&format!("{asked} pt-BR")), "#lang=pt-BR");
    assert_eq!(fragment(&format!("{asked} en")), "#lang=en");
    let file = journal("view-language.jsonl", "a journal's text\n");
    let with_a_journal = fragment(&format!("{asked} pt-BR {}", file.display()));
    assert!(with_a_journal.ends_with("&lang=pt-BR"), "{with_a_journal}");
    // What is only the environment's leaves the choice to the page.
    assert_eq!(Lab::start(&["--port", "0"]).fragment, "");
}

#[test]
fn a_taken_port_is_passed_over_with_a_word() {
    // Whoever holds it, this test or another program: the default port is taken.
    let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, 12_080));
    let lab = Lab::start(&[]);
    let said = lab.running.warning_with("12080 is taken");
    assert!(said.contains(&lab.port.to_string()), "{said}");
    assert!(lab.port > 12_080);
    assert_eq!(lab.get("/").code(), "200");
}

#[test]
fn it_listens_on_loopback_alone_and_ends_at_a_signal() {
    let lab = Lab::start(&["--port", "0"]);
    let sockets = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let port = format!(":{:04X}", lab.port);
    let own: Vec<&str> = sockets
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .filter(|local| local.ends_with(&port))
        .collect();
    if cfg!(target_os = "linux") {
        assert!(!own.is_empty());
        assert!(
            own.iter().all(|local| local.starts_with("0100007F")),
            "{own:?}"
        );
    }
    lab.running.signal("INT");
    assert_eq!(lab.running.finish().code, Some(0));
}

#[test]
fn what_cannot_be_opened_is_said_before_anything_is_served() {
    for (name, complaint) in [("no-such-file.jsonl", "cannot open"), (".", "is a folder")] {
        let ended = support::run(udping().args(["view", "--no-open", name]));
        assert_eq!(ended.code, Some(2));
        assert!(ended.stderr.contains(complaint), "{}", ended.stderr);
    }
}
