//! What is configured of a target, and how two of them are told apart.
//!
//! Knows nothing of sockets, nor of what became of its probes.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use udping_core::wire::stamp::{ErrorEstimate, Format};
use udping_core::{Config, Schedule};

use super::conditions::Conditions;
use super::sockets::Path;
use crate::cli::{DEFAULT_PORT, WireArg, key_in};
use crate::description;
use crate::i18n::say;
use crate::net::{Family, Target};
use crate::wire::WirePlan;

/// Names and values that the operator gives a target's series.
pub(crate) type Labels = BTreeMap<String, String>;

/// A target as it is configured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TargetPlan {
    /// The name as configured: the label `target`.
    pub(crate) name: Arc<str>,
    pub(crate) group: Option<Arc<Group>>,
    pub(crate) labels: Arc<Labels>,
    /// Whom to probe.
    pub(crate) host: Target,
    /// When its last minutes are written to a journal.
    pub(crate) conditions: Conditions,
    pub(crate) settings: Arc<Settings>,
}

/// A group of targets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Group {
    /// The label `group`.
    pub(crate) name: String,
    /// Its members probe one another.
    pub(crate) mesh: bool,
}

/// What tells a target from all others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TargetId {
    pub(crate) group: Option<Arc<Group>>,
    pub(crate) name: Arc<str>,
}

impl TargetPlan {
    pub(crate) fn id(&self) -> TargetId {
        TargetId {
            group: self.group.clone(),
            name: Arc::clone(&self.name),
        }
    }

    /// Whether it is a member of a group whose members probe one another.
    pub(crate) fn is_peer(&self) -> bool {
        self.group.as_deref().is_some_and(|group| group.mesh)
    }

    /// Its name as people see it, with its group's.
    pub(crate) fn full_name(&self) -> String {
        full_name(self.group.as_deref(), &self.name)
    }

    /// The port that it is probed at.
    pub(crate) fn port(&self) -> u16 {
        self.host.port.unwrap_or(self.settings.port)
    }
}

/// The name of a target as people see it, with its group's.
pub(crate) fn full_name(group: Option<&Group>, name: &str) -> String {
    match group {
        Some(group) => format!("{}/{name}", group.name),
        None => name.to_owned(),
    }
}

/// How a target is probed: what many of them share.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    asked: Asked,
    /// Of the files that were read for it: a key may be another under the same name.
    files: u64,
    pub(crate) config: Config,
    pub(crate) wire: WirePlan,
    /// Where the target names none.
    pub(crate) port: u16,
    pub(crate) path: Path,
    pub(crate) family: Family,
    /// How often the name is looked up again.
    pub(crate) resolve: Duration,
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked && self.files == other.files
    }
}

/// What a file or the command line asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) interval: Duration,
    /// How many probes; `None` for no end.
    pub(crate) count: Option<NonZeroU64>,
    pub(crate) timeout: Duration,
    pub(crate) size: Option<u32>,
    pub(crate) wire: AskedWire,
    pub(crate) path: Path,
    pub(crate) family: Family,
    pub(crate) resolve: Duration,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) clock_error: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AskedWire {
    Named(WireArg),
    InFile(PathBuf),
}

impl Asked {
    /// # Errors
    /// The parts do not go together, or a file that they name cannot be read.
    pub(crate) fn settings(self) -> anyhow::Result<Settings> {
        let stamp = self.wire == AskedWire::Named(WireArg::Stamp);
        let used = self.key_file.is_some() || self.clock_error.is_some();
        anyhow::ensure!(stamp || !used, say::MONITOR_NEEDS_STAMP);
        let described = !stamp && self.wire != AskedWire::Named(WireArg::Textbook);
        anyhow::ensure!(self.size.is_none() || !described, say::MONITOR_NO_SIZE);
        let (wire, port) = match &self.wire {
            AskedWire::Named(wire) => {
                let key = self.key_file.as_deref().map(key_in).transpose()?;
                let bound = self.clock_error.unwrap_or(Duration::MAX);
                let known = self.clock_error.is_some();
                let error = ErrorEstimate::new(bound, known, Format::Ntp);
                let plan = WirePlan::monitored(*wire, self.size, key, error)?;
                (plan, wire.default_port())
            }
            AskedWire::InFile(file) => (
                WirePlan::of_description(description::of_file(file)?)?,
                DEFAULT_PORT,
            ),
        };
        let config = Config::builder()
            .schedule(Schedule::Paced {
                interval: self.interval,
            })
            .count(self.count)
            .timeout(self.timeout)
            .late_window(self.timeout)
            .build()?;
        let config = wire.suited(config)?;
        config.check_table(MOST_ENTRIES)?;
        Ok(Settings {
            files: self.fingerprint()?,
            config,
            wire,
            port,
            path: self.path.clone(),
            family: self.family,
            resolve: self.resolve,
            asked: self,
        })
    }

    fn fingerprint(&self) -> std::io::Result<u64> {
        let mut hasher = DefaultHasher::new();
        let wire = match &self.wire {
            AskedWire::InFile(file) => Some(file),
            AskedWire::Named(_) => None,
        };
        for file in wire.into_iter().chain(&self.key_file) {
            fs::read(file)?.hash(&mut hasher);
        }
        Ok(hasher.finish())
    }
}

/// Probes of one target that may wait for a reply at once, its late ones included.
const MOST_ENTRIES: u64 = 1 << 14;
