//! What a service manager and its journal are told, against a notify socket of the tests' own
//! (`sd_notify(3)`, `sd_watchdog_enabled(3)`, `sd-daemon(3)`).

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs::{self, File};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::{Reflector, Running, Scratch, as_whoever_tests, udping, udping_with, unheard};

/// A service manager, which is told things.
struct Manager {
    socket: UnixDatagram,
    name: String,
}

impl Manager {
    fn new(test: &str) -> Self {
        // No path is short enough for certain.
        let name = format!("udping-{test}-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let socket = UnixDatagram::bind_addr(&address).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        Self { socket, name }
    }

    /// Starts a command under it, with a watchdog of this many microseconds.
    fn start(&self, command: &mut Command, watchdog: u32) -> Running {
        command
            .env("NOTIFY_SOCKET", format!("@{}", self.name))
            .env("WATCHDOG_USEC", watchdog.to_string());
        Running::start(command)
    }

    /// The next thing that it is told.
    fn told(&self) -> String {
        let mut room = [0; 1024];
        let len = self.socket.recv(&mut room).unwrap();
        String::from_utf8(room[..len].to_vec()).unwrap()
    }

    /// The next one that is no sign of life.
    fn news(&self) -> String {
        loop {
            let told = self.told();
            if told != "WATCHDOG=1" {
                return told;
            }
        }
    }
}

/// What the kernel's monotonic clock says, in microseconds, at some time of now.
fn uptime() -> f64 {
    let uptime = fs::read_to_string("/proc/uptime").unwrap();
    uptime.split(' ').next().unwrap().parse::<f64>().unwrap() * 1e6
}

#[test]
fn a_monitor_says_when_it_is_ready_reads_again_lives_and_ends() {
    let manager = Manager::new("monitor");
    let reflector = Reflector::start("");
    let file = Scratch::new();
    let file = file.path().with_extension("toml");
    let target = format!("targets = [\"{}\"]\n", reflector.address());
    fs::write(&file, &target).unwrap();
    let mut command = udping_with("monitor --listen 127.0.0.1:0 -i 20ms");
    let monitor = manager.start(command.arg(&file).args(as_whoever_tests()), 200_000);
    assert_eq!(manager.told(), "READY=1");
    for _ in 0..3 {
        assert_eq!(manager.told(), "WATCHDOG=1");
    }
    for wrong in [false, true] {
        let text = if wrong { "targets = [1]" } else { &target };
        fs::write(&file, text).unwrap();
        let before = uptime();
        monitor.signal("HUP");
        let told = manager.news();
        let at = told.strip_prefix("RELOADING=1\nMONOTONIC_USEC=").unwrap();
        let at: f64 = at.parse().unwrap();
        // The uptime has hundredths of a second.
        assert!(
            at >= before - 10_000.0 && at <= uptime() + 10_000.0,
            "{before} {at}"
        );
        // Right or wrong, it goes on.
        assert_eq!(manager.news(), "READY=1");
    }
    monitor.warning_with("the configuration before stays");
    monitor.signal("TERM");
    assert_eq!(manager.news(), "STOPPING=1");
    assert_eq!(monitor.finish().code, Some(0));
    fs::remove_file(&file).unwrap();
}

#[test]
fn a_reflector_says_so_too_with_threads_and_with_heartbeats() {
    let manager = Manager::new("serve");
    for arguments in ["", "--threads 3", "--heartbeat"] {
        let line = format!("serve --bind 127.0.0.1:0 {arguments}");
        let serve = manager.start(&mut udping_with(&line), 200_000);
        assert_eq!(manager.told(), "READY=1", "{arguments}");
        for _ in 0..3 {
            assert_eq!(manager.told(), "WATCHDOG=1", "{arguments}");
        }
        serve.signal("TERM");
        assert_eq!(manager.news(), "STOPPING=1", "{arguments}");
        assert_eq!(serve.finish().code, Some(0));
    }
}

#[test]
fn a_watchdog_of_another_process_is_no_ones_and_a_manager_that_is_gone_ends_nothing() {
    let manager = Manager::new("other");
    let mut command = udping_with("serve --bind 127.0.0.1:0");
    let serve = manager.start(command.env("WATCHDOG_PID", "1"), 1);
    assert_eq!(manager.told(), "READY=1");
    let Manager { socket, name } = manager;
    serve.signal("TERM");
    assert_eq!(serve.finish().code, Some(0));
    let mut room = [0; 32];
    let len = socket.recv(&mut room).unwrap();
    assert_eq!(room[..len], *b"STOPPING=1");
    drop(socket);
    let mut command = udping_with("serve --bind 127.0.0.1:0");
    command.env("NOTIFY_SOCKET", format!("@{name}"));
    let serve = Running::start(&mut command);
    serve.warning_with("the service manager at NOTIFY_SOCKET is told nothing");
    serve.line_with("listening");
    serve.signal("TERM");
    assert_eq!(serve.finish().code, Some(0));
}

/// What a command writes to a file as its standard error, which the environment names as the
/// journal's if it is `named`.
fn errors(command: &mut Command, named: bool) -> String {
    let file = Scratch::holding("");
    let log = File::options().append(true).open(file.path()).unwrap();
    let meta = log.metadata().unwrap();
    let journal = (meta.dev(), meta.ino() + u64::from(!named));
    command.env("JOURNAL_STREAM", format!("{}:{}", journal.0, journal.1));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    command.status().unwrap();
    file.text()
}

#[test]
fn the_journal_is_told_how_much_each_line_matters_and_sees_no_colour() {
    let silent = unheard();
    let target = silent.local_addr().unwrap();
    let folder = Scratch::new();
    let missing: PathBuf = folder.path().join("missing.toml");
    let cases: [(Command, &[&str]); 3] = [
        (
            udping_with(&format!(
                "monitor -w 1s -i 50ms --listen 127.0.0.1:0 {target}"
            )),
            &["<6>figures for Prometheus are at http://"],
        ),
        (
            udping_with("monitor -w 1s -i 50ms name.invalid"),
            &["<4>name.invalid: "],
        ),
        (
            {
                let mut command = udping();
                command.arg("monitor").arg(&missing);
                command
            },
            &["<3>udping: "],
        ),
    ];
    for (mut command, expected) in cases {
        let told = errors(&mut command, true);
        for part in expected {
            assert!(told.lines().any(|it| it.starts_with(part)), "{told}");
        }
        let known = |line: &str| ["<3>", "<4>", "<6>"].iter().any(|it| line.starts_with(it));
        assert!(told.lines().all(known), "{told}");
        assert!(!told.contains('\u{1b}'), "{told}");
        let untold = errors(&mut command, false);
        assert!(!untold.lines().any(known) && !untold.is_empty(), "{untold}");
    }
}
