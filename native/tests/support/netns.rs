//! Networks of a test's own: a namespace for the whole test, and hosts in others beside it.
//!
//! Owns how they are made and linked. What runs in them is the test's.

use std::env;
use std::process::Command;

use super::{Running, run, skipped};

/// By what a test knows that it runs in a network of its own.
const INSIDE: &str = "UDPING_TEST_NETWORK";

/// Whether this is a network of the test's own. If not, it runs the test of this name again in
/// one, and passes on what came of it; it says so where that is not permitted.
pub(crate) fn is_own_network(test: &str) -> bool {
    if env::var_os(INSIDE).is_some_and(|it| it == test) {
        ip("link set lo up");
        return true;
    }
    let possible = run(Command::new("unshare").args(["--net", "ip", "link"]));
    if possible.code != Some(0) {
        skipped("no privilege, or no `ip`, for a network of its own");
        return false;
    }
    let mut command = Command::new("unshare");
    command.arg("--net").arg(env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]);
    let ended = run(command.env(INSIDE, test));
    assert!(
        ended.code == Some(0) && ended.stdout.contains("1 passed"),
        "{}\n{}",
        ended.stdout,
        ended.stderr
    );
    for line in ended.stderr.lines().filter(|it| it.starts_with("SKIPPED")) {
        skipped(line);
    }
    false
}

/// Runs `ip` with these words.
pub(crate) fn ip(words: &str) {
    let ended = run(Command::new("ip").args(words.split_whitespace()));
    assert_eq!(ended.code, Some(0), "ip {words}: {}", ended.stderr);
}

/// A host in a namespace of its own, which goes with it.
pub(crate) struct Host {
    /// Holds the namespace.
    holder: Running,
}

impl Host {
    /// One with an interface `eth0`, whose other end is `link` in this namespace.
    pub(crate) fn linked(link: &str) -> Self {
        let holder = Running::start(Command::new("unshare").args([
            "--net",
            "sh",
            "-c",
            "echo there; read _",
        ]));
        assert_eq!(holder.line(), "there");
        let host = Self { holder };
        let id = host.holder.id();
        ip(&format!(
            "link add {link} type veth peer name eth0 netns {id}"
        ));
        ip(&format!("link set {link} up"));
        for words in ["link set lo up", "link set eth0 up"] {
            host.ip(words);
        }
        host
    }

    /// A program on it.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        let space = format!("--net=/proc/{}/ns/net", self.holder.id());
        command.arg(space).arg(program);
        command
    }

    /// Runs `ip` with these words on it.
    pub(crate) fn ip(&self, words: &str) {
        let ended = run(self.command("ip").args(words.split_whitespace()));
        assert_eq!(ended.code, Some(0), "ip {words}: {}", ended.stderr);
    }

    /// The command under test on it.
    pub(crate) fn udping(&self, words: &str) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_udping"));
        command.args(words.split_whitespace());
        command
    }
}
