//! STAMP's ends for tests: ours, stamp-suite's, and a relay between two ends that
//! keeps or alters what passes. Must not know what any test expects.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::support::{Ended, Running, run, udping};

/// The version of the independent implementation, as `xtask/src/tools.rs` pins it.
const STAMP_SUITE: &str = "1.0.0";

/// A key as both implementations read it from a file.
pub(crate) const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// A file that holds [`KEY`], for its owner alone.
pub(crate) fn key_file() -> PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("stamp-key-{}-{count}", std::process::id());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&file, KEY).unwrap();
        let chmod = run(Command::new("chmod").arg("400").arg(&file));
        assert_eq!(chmod.code, Some(0), "{chmod:?}");
        file
    });
    file.clone()
}

/// A program that reflects.
#[derive(Debug)]
pub(crate) struct Reflector {
    running: Running,
    pub(crate) port: u16,
}

impl Reflector {
    /// Ours on loopback, with these arguments too.
    pub(crate) fn ours(arguments: &str) -> Self {
        Self::start(
            udping()
                .args(["serve", "--bind", "127.0.0.1:0"])
                .args(arguments.split_whitespace()),
        )
    }

    /// Ours on the STAMP wire.
    pub(crate) fn stamp(arguments: &str) -> Self {
        Self::ours(&format!("--wire stamp {arguments}"))
    }

    /// stamp-suite's.
    pub(crate) fn suite(suite: &Path, arguments: &str) -> Self {
        // It says where it listens on standard error.
        let line = format!(
            "exec '{}' -i -S 127.0.0.1 -o 0 {arguments} 2>&1",
            suite.display()
        );
        Self::start(Command::new("sh").args(["-c", &line]).env("NO_COLOR", "1"))
    }

    fn start(command: &mut Command) -> Self {
        let running = Running::start(command);
        loop {
            let line = running.line();
            if let Some((_, address)) = line.split_once("istening on ") {
                let address = address.split(' ').next().unwrap_or_default();
                let address: SocketAddr = address
                    .parse()
                    .unwrap_or_else(|error| panic!("{error} in {line:?}"));
                let port = address.port();
                return Self { running, port };
            }
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.running.id()
    }

    /// Ends it and gives what it said last.
    pub(crate) fn stop(self) -> Ended {
        let stopped = run(Command::new("kill").args(["-INT", &self.id().to_string()]));
        assert_eq!(stopped.code, Some(0), "the reflector was still there");
        self.running.finish()
    }
}

/// stamp-suite, installed on the first call; `None`, with a visible line, only where
/// the registry is out of reach.
pub(crate) fn stamp_suite() -> Option<PathBuf> {
    static SUITE: OnceLock<Option<PathBuf>> = OnceLock::new();
    SUITE.get_or_init(find_or_install).clone()
}

fn find_or_install() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools");
    let program = tools.join("bin/stamp-suite");
    let there = |program: &Path| {
        program.is_file()
            && run(Command::new(program).arg("--version"))
                .stdout
                .contains(STAMP_SUITE)
    };
    if there(&program) {
        return Some(program);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let installed = Command::new(cargo)
        .args(["install", "stamp-suite", "--version", STAMP_SUITE])
        .args(["--locked", "--debug", "--quiet", "--force", "--root"])
        .arg(&tools)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .unwrap();
    if installed.status.success() {
        assert!(
            there(&program),
            "stamp-suite was installed, and is not there"
        );
        return Some(program);
    }
    let said = String::from_utf8_lossy(&installed.stderr);
    let unreachable = [
        "download",
        "registry index",
        "failed to get",
        "network",
        "resolve host",
    ];
    assert!(
        unreachable.iter().any(|reason| said.contains(reason)),
        "stamp-suite cannot be installed: {said}"
    );
    // Past the harness, which would hide it: a test that did not run must be seen.
    let reason = said.lines().next().unwrap_or_default();
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: no stamp-suite, since the registry is out of reach ({reason})"
    );
    None
}

/// What passed a relay, and which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passed {
    pub(crate) request: bool,
    pub(crate) bytes: Vec<u8>,
}

/// What a relay does with a reply: the datagrams that the client gets in its place.
type Alter = Box<dyn FnMut(&[u8]) -> Vec<Vec<u8>> + Send>;

/// Somebody between a client and a reflector.
#[derive(Debug)]
pub(crate) struct Relay {
    pub(crate) port: u16,
    passed: Arc<Mutex<Vec<Passed>>>,
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// One that passes everything on as it is.
    pub(crate) fn faithful(to: u16) -> Self {
        Self::start(to, Box::new(|reply| vec![reply.to_vec()]))
    }

    pub(crate) fn start(to: u16, mut alter: Alter) -> Self {
        let inner = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        inner.connect((Ipv4Addr::LOCALHOST, to)).unwrap();
        let outer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = outer.local_addr().unwrap().port();
        let (passed, end) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let thread = {
            let (passed, end): (Arc<Mutex<Vec<Passed>>>, _) =
                (Arc::clone(&passed), Arc::clone(&end));
            std::thread::spawn(move || {
                // How soon it ends, and how long a reflector may take.
                let [look, patience] = [100, 2_000].map(Duration::from_millis);
                outer.set_read_timeout(Some(look)).unwrap();
                inner.set_read_timeout(Some(patience)).unwrap();
                let mut buffer = vec![0; 65_536];
                let note = |request, bytes: &[u8]| {
                    let bytes = bytes.to_vec();
                    passed.lock().unwrap().push(Passed { request, bytes });
                };
                // One probe at a time: that is how its clients send.
                while !end.load(Ordering::Relaxed) {
                    let Ok((len, client)) = outer.recv_from(&mut buffer) else {
                        continue;
                    };
                    note(true, &buffer[..len]);
                    inner.send(&buffer[..len]).unwrap();
                    let Ok(len) = inner.recv(&mut buffer) else {
                        continue;
                    };
                    note(false, &buffer[..len]);
                    for reply in alter(&buffer[..len]) {
                        outer.send_to(&reply, client).unwrap();
                    }
                }
            })
        };
        Self {
            port,
            passed,
            end,
            thread: Some(thread),
        }
    }

    /// What has passed so far.
    pub(crate) fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap().clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        let thread = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(
                thread.is_some_and(|ended| ended.is_ok()),
                "a relay broke off"
            );
        }
    }
}
