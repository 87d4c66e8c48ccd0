//! The configuration of `udping monitor`, in TOML: settings for all, for a group, for a target.
//!
//! Owns which keys there are, and that each error says in which line it is. All of it is right, or
//! none of it is used. What a setting means is `target`'s.

mod table;

use std::collections::HashSet;
use std::fs;
use std::ops::Range;
use std::path::{Path as File, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use clap::ValueEnum as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::conditions::Conditions;
use super::target::{Asked, AskedWire, Group, Labels, Settings, TargetPlan};
use crate::cli::{WireArg, hops, size, tos};
use crate::https;
use crate::i18n::{chain, say};
use crate::net::{Source, Target};
use table::{Read, Table, Wrong, boolean, family, plain, rate, string, time, wrong};

/// A configuration that is right.
#[derive(Debug, Clone, Default)]
pub(crate) struct MonitorConfig {
    pub(crate) targets: Vec<TargetPlan>,
    /// Where further targets are found.
    pub(crate) discoveries: Vec<Discovery>,
}

/// Where targets are found, and how those are probed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Discovery {
    pub(crate) source: DiscoverySource,
    pub(crate) refresh: Duration,
    pub(crate) group: Option<Arc<Group>>,
    pub(crate) labels: Arc<Labels>,
    pub(crate) conditions: Conditions,
    pub(crate) settings: Arc<Settings>,
}

impl Discovery {
    /// Whether peers of this agent are found there.
    pub(crate) fn is_of_peers(&self) -> bool {
        self.group.as_deref().is_some_and(|group| group.mesh)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DiscoverySource {
    /// A file; in the last part of its path `*` is for anything.
    File(PathBuf),
    /// An address that is asked by HTTP, and who vouches for it, if not whoever this system
    /// believes.
    Http {
        url: String,
        ca_file: Option<PathBuf>,
    },
}

/// Reads a configuration file. What it leaves open is as `defaults` say.
///
/// # Errors
/// The first thing that is wrong with it, and in which line that stands.
pub(crate) fn read(file: &File, defaults: &Asked) -> anyhow::Result<MonitorConfig> {
    let name = file.display();
    let text = fs::read_to_string(file)
        .with_context(|| say::MonitorConfigUnreadable { file: &name }.to_string())?;
    let folder = file.parent().unwrap_or(File::new(""));
    parse(&text, folder, defaults).map_err(|Wrong { at, why }| {
        let before = text.get(..at).unwrap_or(&text);
        let line = before.matches('\n').count() + 1;
        anyhow!(
            say::MonitorConfigLine {
                file: name,
                line,
                why
            }
            .to_string()
        )
    })
}

/// The targets that the command line names.
///
/// # Errors
/// One of them is no host, or is there twice.
pub(crate) fn of_hosts(hosts: &[String], asked: &Asked) -> anyhow::Result<MonitorConfig> {
    let settings = Arc::new(asked.clone().settings()?);
    let labels = Arc::default();
    let mut config = MonitorConfig::default();
    for name in hosts {
        let host = Target::from_str(name).map_err(|why| anyhow!("{name}: {why}"))?;
        let twice = config.targets.iter().any(|it| &*it.name == name);
        ensure!(!twice, say::MonitorTwice { name: name.clone() });
        config.targets.push(TargetPlan {
            name: Arc::from(name.as_str()),
            group: None,
            labels: Arc::clone(&labels),
            host,
            conditions: Conditions::default(),
            settings: Arc::clone(&settings),
        });
    }
    Ok(config)
}

/// Files that the text names are sought from `folder` on.
fn parse(text: &str, folder: &File, defaults: &Asked) -> Read<MonitorConfig> {
    let parsed = DeTable::parse(text).map_err(|error| Wrong {
        at: error.span().unwrap_or_default().start,
        why: error.message().to_owned(),
    })?;
    let mut reader = Reader {
        folder,
        config: MonitorConfig::default(),
        names: HashSet::new(),
    };
    let (span, entries) = (parsed.span(), parsed.into_inner());
    let mut root = Table::new(entries, &span);
    let defaults = match root.take_table("defaults")? {
        Some(mut table) => {
            let scope = reader.scope(&mut table, &Scope::new(defaults.clone()))?;
            table.finish()?;
            scope
        }
        None => Scope::new(defaults.clone()),
    };
    reader.members(&mut root, &defaults, None)?;
    for value in root.take_array("groups")? {
        let span = value.span();
        let DeValue::Table(entries) = value.into_inner() else {
            let key = "groups";
            return Err(wrong(&span, say::MonitorTable { key }));
        };
        let mut table = Table::new(entries, &span);
        let name = table
            .take("name", string)?
            .ok_or_else(|| wrong(&span, say::MONITOR_GROUP_NAME))?;
        let mesh = table.take("mesh", boolean)?.unwrap_or_default();
        let scope = reader.scope(&mut table, &defaults)?;
        let group = Arc::new(Group { name, mesh });
        reader.members(&mut table, &scope, Some(&group))?;
        table.finish()?;
    }
    root.finish()?;
    let MonitorConfig {
        targets,
        discoveries,
    } = &reader.config;
    if targets.is_empty() && discoveries.is_empty() {
        return Err(wrong(&(0..0), say::MONITOR_NO_TARGETS));
    }
    Ok(reader.config)
}

/// What holds for the targets of a part of the file.
#[derive(Clone)]
struct Scope {
    asked: Asked,
    labels: Labels,
    conditions: Conditions,
}

struct Reader<'a> {
    folder: &'a File,
    config: MonitorConfig,
    names: HashSet<(Option<Arc<Group>>, Arc<str>)>,
}

impl Reader<'_> {
    /// The settings that a table says, and `outer` for what it leaves open.
    fn scope(&self, table: &mut Table<'_>, outer: &Scope) -> Read<Scope> {
        let Scope {
            mut asked,
            mut labels,
            mut conditions,
        } = outer.clone();
        let file = |value: &DeValue<'_>| self.file(value);
        set(&mut asked.interval, table.take("interval", time)?);
        set(&mut asked.timeout, table.take("timeout", time)?);
        set(&mut asked.resolve, table.take("resolve", time)?);
        set(&mut asked.family, table.take("family", family)?);
        if let Some(bytes) = table.take("size", |it| size(&plain(it)?))? {
            asked.size = Some(bytes);
        }
        if let Some(dscp) = table.take("tos", |it| tos(&plain(it)?))? {
            asked.path.tos = Some(dscp);
        }
        if let Some(ttl) = table.take("ttl", |it| hops(&plain(it)?))? {
            asked.path.ttl = Some(ttl);
        }
        if let Some(source) = table.take("source", |it| Source::from_str(&string(it)?))? {
            asked.path.source = Some(source);
        }
        let wire = table.take("wire", |it| WireArg::from_str(&string(it)?, true))?;
        set(&mut asked.wire, wire.map(AskedWire::Named));
        let wire_file = table.take("wire_file", file)?;
        set(&mut asked.wire, wire_file.map(AskedWire::InFile));
        if let Some(key) = table.take("hmac_key_file", file)? {
            asked.key_file = Some(key);
        }
        if let Some(bound) = table.take("clock_error", time)? {
            asked.clock_error = Some(bound);
        }
        if let Some(table) = table.take_table("labels")? {
            for (name, value) in table.entries {
                let span = name.span();
                let name = name.into_inner().into_owned();
                check_label(&name).map_err(|why| wrong(&span, why))?;
                let text = string(value.get_ref()).map_err(|why| wrong(&value.span(), why))?;
                labels.insert(name, text);
            }
        }
        if let Some(mut table) = table.take_table("excerpt")? {
            set(&mut conditions.outage, table.take("outage", boolean)?);
            let loss = table.take("loss", |it| rate(&plain(it)?))?;
            conditions.loss = loss.or(conditions.loss);
            conditions.rtt = table.take("rtt", time)?.or(conditions.rtt);
            table.finish()?;
        }
        Ok(Scope {
            asked,
            labels,
            conditions,
        })
    }

    /// The targets of a table, and where further ones are found.
    fn members(
        &mut self,
        table: &mut Table<'_>,
        scope: &Scope,
        group: Option<&Arc<Group>>,
    ) -> Read<()> {
        let shared = scope.build(&table.span)?;
        for value in table.take_array("targets")? {
            let span = value.span();
            let (name, host, built) = match value.into_inner() {
                DeValue::String(host) => (host.to_string(), host.to_string(), shared.clone()),
                DeValue::Table(entries) => {
                    let mut table = Table::new(entries, &span);
                    let host = table.take("host", string)?;
                    let host = host.ok_or_else(|| wrong(&span, say::ARG_NO_HOST))?;
                    let name = table.take("name", string)?.unwrap_or_else(|| host.clone());
                    let own = self.scope(&mut table, scope)?;
                    table.finish()?;
                    (name, host, own.build(&span)?)
                }
                _ => return Err(wrong(&span, say::MONITOR_TARGET_KIND)),
            };
            let host = Target::from_str(&host).map_err(|why| wrong(&span, why))?;
            let name: Arc<str> = Arc::from(name);
            if !self.names.insert((group.cloned(), Arc::clone(&name))) {
                return Err(wrong(&span, say::MonitorTwice { name }));
            }
            let (settings, labels, conditions) = built;
            self.config.targets.push(TargetPlan {
                name,
                group: group.cloned(),
                labels,
                host,
                conditions,
                settings,
            });
        }
        for place in [Place::File, Place::Url] {
            for value in table.take_array(place.list())? {
                let (settings, labels, conditions) = shared.clone();
                let (source, refresh) = self.place(value, place)?;
                self.config.discoveries.push(Discovery {
                    source,
                    refresh: refresh.unwrap_or(REFRESH),
                    group: group.cloned(),
                    labels,
                    conditions,
                    settings,
                });
            }
        }
        Ok(())
    }

    /// A place where targets are found, and how often it is looked at.
    fn place(
        &self,
        value: Spanned<DeValue<'_>>,
        kind: Place,
    ) -> Read<(DiscoverySource, Option<Duration>)> {
        let span = value.span();
        let (place, refresh, ca_file) = match value.into_inner() {
            DeValue::String(place) => (place.into_owned(), None, None),
            DeValue::Table(entries) => {
                let mut table = Table::new(entries, &span);
                let place = table.take(kind.key(), string)?;
                let place = place.ok_or_else(|| wrong(&span, say::MONITOR_SD_PLACE))?;
                let refresh = table.take("refresh", time)?;
                let ca_file = match kind {
                    Place::File => None,
                    Place::Url => table.take("ca_file", |it| self.file(it))?,
                };
                table.finish()?;
                (place, refresh, ca_file)
            }
            _ => return Err(wrong(&span, say::MONITOR_SD_PLACE)),
        };
        let source = match kind {
            Place::File => DiscoverySource::File(self.folder.join(place)),
            Place::Url => {
                let usable = https::check(&place).and_then(|()| https::config(ca_file.as_deref()));
                usable.map_err(|error| wrong(&span, chain(&error)))?;
                let url = place;
                DiscoverySource::Http { url, ca_file }
            }
        };
        Ok((source, refresh))
    }

    /// A file, which is sought beside the configuration.
    fn file(&self, value: &DeValue<'_>) -> Result<PathBuf, String> {
        string(value).map(|it| self.folder.join(it))
    }
}

/// What a place where targets are found is.
#[derive(Debug, Clone, Copy)]
enum Place {
    File,
    Url,
}

impl Place {
    /// The key of the list of them.
    const fn list(self) -> &'static str {
        match self {
            Self::File => "file_sd",
            Self::Url => "http_sd",
        }
    }

    /// The key of one in its table.
    const fn key(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Url => "url",
        }
    }
}

/// How often targets are sought again where nobody says; a file that changes is read at once.
const REFRESH: Duration = Duration::from_mins(1);

type Built = (Arc<Settings>, Arc<Labels>, Conditions);

impl Scope {
    fn new(asked: Asked) -> Self {
        Self {
            asked,
            labels: Labels::default(),
            conditions: Conditions::default(),
        }
    }

    fn build(&self, span: &Range<usize>) -> Read<Built> {
        let settings = self.asked.clone().settings();
        let settings = settings.map_err(|error| wrong(span, chain(&error)))?;
        let labels = Arc::new(self.labels.clone());
        Ok((Arc::new(settings), labels, self.conditions))
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// Whether a label may have this name: Prometheus' rule, and none of our own.
pub(crate) fn check_label(name: &str) -> Result<(), String> {
    let first = |it: u8| it.is_ascii_alphabetic() || it == b'_';
    let valid = name.bytes().next().is_some_and(first)
        && name.bytes().all(|it| first(it) || it.is_ascii_digit());
    let free = !OWN_LABELS.contains(&name) && !name.starts_with("__");
    if valid && free {
        return Ok(());
    }
    let name = name.to_owned();
    Err(say::MonitorLabel { name }.to_string())
}

/// The labels that the exposition has a meaning for.
const OWN_LABELS: [&str; 8] = [
    "target",
    "group",
    "outcome",
    "direction",
    "le",
    "quantile",
    "rank",
    "peer",
];

#[cfg(test)]
pub(crate) mod tests;
