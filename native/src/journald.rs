//! How much a line on standard error matters, for systemd's journal (`sd-daemon(3)`).
//!
//! Owns when that is said: elsewhere nobody would understand it.

use std::sync::OnceLock;

/// A priority of syslog's (RFC 5424 §6.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Priority {
    Error,
    Warning,
    Info,
}

impl Priority {
    /// What a line begins with, where the journal reads it.
    pub(crate) fn prefix(self) -> &'static str {
        static READS: OnceLock<bool> = OnceLock::new();
        if !*READS.get_or_init(journal_reads) {
            return "";
        }
        match self {
            Self::Error => "<3>",
            Self::Warning => "<4>",
            Self::Info => "<6>",
        }
    }
}

/// Whether standard error is the stream that the environment names (`systemd.exec(5)`): it may
/// have been redirected since.
#[cfg(target_os = "linux")]
fn journal_reads() -> bool {
    let named = std::env::var("JOURNAL_STREAM").unwrap_or_default();
    let stat = nix::sys::stat::fstat(std::io::stderr());
    stat.is_ok_and(|it| named == format!("{}:{}", it.st_dev, it.st_ino))
}

/// systemd is Linux' own.
#[cfg(not(target_os = "linux"))]
const fn journal_reads() -> bool {
    false
}
