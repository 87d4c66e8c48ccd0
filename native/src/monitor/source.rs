//! Where the configuration of `udping monitor` comes from: a file, or the command line.
//!
//! Owns which of them it is, and what the command line asks of all targets. What a file holds
//! is `config`'s.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::ensure;

use super::config::{self, MonitorConfig};
use super::target::{Asked, AskedWire};
use crate::cli::MonitorArgs;
use crate::i18n::say;

/// How often names are looked up again where nobody says.
pub(super) const RESOLVE: Duration = Duration::from_mins(1);

/// Where the configuration comes from.
pub(crate) enum Source {
    File(PathBuf, Asked),
    Hosts(Vec<String>, Asked),
}

impl Source {
    pub(super) fn of(args: &MonitorArgs) -> anyhow::Result<Self> {
        let asked = Asked {
            interval: args.interval,
            count: None,
            timeout: args.timeout,
            size: args.size,
            wire: AskedWire::Named(args.wire),
            path: super::sockets::Path::default(),
            family: args.family.family(),
            resolve: RESOLVE,
            key_file: None,
            clock_error: None,
        };
        let is_file = |it: &str| Path::new(it).extension() == Some(OsStr::new("toml"));
        Ok(match args.targets.as_slice() {
            [file] if is_file(file) => Self::File(PathBuf::from(file), asked),
            hosts => {
                ensure!(!hosts.iter().any(|it| is_file(it)), say::MONITOR_ONE_FILE);
                Self::Hosts(hosts.to_vec(), asked)
            }
        })
    }

    /// The file, if it is one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file, _) => Some(file),
            Self::Hosts(..) => None,
        }
    }

    /// What it says now.
    pub(super) fn read(&self) -> anyhow::Result<MonitorConfig> {
        match self {
            Self::File(file, asked) => config::read(file, asked),
            Self::Hosts(hosts, asked) => config::of_hosts(hosts, asked),
        }
    }
}
