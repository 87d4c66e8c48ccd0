//! The configuration of `udping monitor`, in TOML: settings for all, for a group, for a target.
//!
//! Owns the file's format, and that each error says in which line it is. All of it is right, or
//! none of it is used. What a setting means is `target`'s.

use std::collections::HashSet;
use std::fmt::Display;
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
use udping_link::Rate;

use super::conditions::Conditions;
use super::target::{Asked, AskedWire, Group, Labels, Settings, TargetPlan};
use crate::cli::{WireArg, hops, positive_duration, size, tos};
use crate::https;
use crate::i18n::{chain, localized, say};
use crate::net::{Family, Source, Target};

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

/// What is wrong, and where in the text it stands.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    at: usize,
    why: String,
}

type Read<T> = Result<T, Wrong>;

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
        for (key, name) in [("file_sd", "file"), ("http_sd", "url")] {
            for value in table.take_array(key)? {
                let (settings, labels, conditions) = shared.clone();
                let (source, refresh) = self.place(value, name)?;
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

    /// A place where targets are found, which a table calls `name`, and how often it is looked
    /// at.
    fn place(
        &self,
        value: Spanned<DeValue<'_>>,
        name: &str,
    ) -> Read<(DiscoverySource, Option<Duration>)> {
        let span = value.span();
        let (place, refresh, ca_file) = match value.into_inner() {
            DeValue::String(place) => (place.into_owned(), None, None),
            DeValue::Table(entries) => {
                let mut table = Table::new(entries, &span);
                let place = table.take(name, string)?;
                let place = place.ok_or_else(|| wrong(&span, say::MONITOR_SD_PLACE))?;
                let refresh = table.take("refresh", time)?;
                let ca_file = match name {
                    "url" => table.take("ca_file", |it| self.file(it))?,
                    _ => None,
                };
                table.finish()?;
                (place, refresh, ca_file)
            }
            _ => return Err(wrong(&span, say::MONITOR_SD_PLACE)),
        };
        if name == "file" {
            return Ok((DiscoverySource::File(self.folder.join(place)), refresh));
        }
        let usable = https::check(&place).and_then(|()| https::config(ca_file.as_deref()));
        usable.map_err(|error| wrong(&span, chain(&error)))?;
        let url = place;
        Ok((DiscoverySource::Http { url, ca_file }, refresh))
    }

    /// A file, which is sought beside the configuration.
    fn file(&self, value: &DeValue<'_>) -> Result<PathBuf, String> {
        string(value).map(|it| self.folder.join(it))
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

/// A table of the file, of which each key is taken once.
struct Table<'a> {
    entries: DeTable<'a>,
    span: Range<usize>,
}

impl<'a> Table<'a> {
    fn new(entries: DeTable<'a>, span: &Range<usize>) -> Self {
        let span = span.clone();
        Self { entries, span }
    }

    fn take<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Read<Option<T>> {
        let Some(value) = self.entries.remove(key) else {
            return Ok(None);
        };
        let read = read(value.get_ref());
        read.map(Some).map_err(|why| wrong(&value.span(), why))
    }

    fn take_table(&mut self, key: &str) -> Read<Option<Self>> {
        let Some(value) = self.entries.remove(key) else {
            return Ok(None);
        };
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(entries) => Ok(Some(Self { entries, span })),
            _ => Err(wrong(&span, say::MonitorTable { key })),
        }
    }

    fn take_array(&mut self, key: &str) -> Read<Vec<Spanned<DeValue<'a>>>> {
        let Some(value) = self.entries.remove(key) else {
            return Ok(Vec::new());
        };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(values) => Ok(values.into_iter().collect()),
            _ => Err(wrong(&span, say::MonitorList { key })),
        }
    }

    /// Whatever is left is a key that nobody knows.
    fn finish(self) -> Read<()> {
        self.entries.into_iter().next().map_or(Ok(()), |(key, _)| {
            let span = key.span();
            let key = key.into_inner().into_owned();
            Err(wrong(&span, say::MonitorUnknownKey { key }))
        })
    }
}

fn wrong(span: &Range<usize>, why: impl Display) -> Wrong {
    Wrong {
        at: span.start,
        why: why.to_string(),
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn string(value: &DeValue<'_>) -> Result<String, String> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| say::MONITOR_TEXT.to_string())
}

fn boolean(value: &DeValue<'_>) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| say::MONITOR_TRUE_OR_FALSE.to_string())
}

/// A text, or a number as it is written.
fn plain(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::Integer(number) => Ok(number.as_str().to_owned()),
        DeValue::Float(number) => Ok(number.as_str().to_owned()),
        value => string(value),
    }
}

fn time(value: &DeValue<'_>) -> Result<Duration, String> {
    positive_duration(&plain(value)?)
}

fn rate(text: &str) -> Result<Rate, String> {
    Rate::from_str(text).map_err(|error| localized(&error))
}

fn family(value: &DeValue<'_>) -> Result<Family, String> {
    match string(value)?.as_str() {
        "ipv4" => Ok(Family::V4),
        "ipv6" => Ok(Family::V6),
        "any" => Ok(Family::Any),
        _ => Err(say::MONITOR_FAMILY.to_string()),
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
pub(crate) mod tests {
    use super::super::sockets::Path;
    use super::*;

    fn asked() -> Asked {
        Asked {
            interval: Duration::from_secs(1),
            count: None,
            timeout: Duration::from_secs(1),
            size: None,
            wire: AskedWire::Named(WireArg::Textbook),
            path: Path::default(),
            family: Family::Any,
            resolve: Duration::from_mins(1),
            key_file: None,
            clock_error: None,
        }
    }

    /// A place where targets are found, which are of this site.
    pub(crate) fn discovery(source: DiscoverySource, site: &str) -> Discovery {
        let site = ("site".to_owned(), site.to_owned());
        Discovery {
            source,
            refresh: REFRESH,
            group: None,
            labels: Arc::new(Labels::from([site])),
            conditions: Conditions::default(),
            settings: Arc::new(asked().settings().unwrap()),
        }
    }

    fn parsed(text: &str) -> Read<MonitorConfig> {
        parse(text, File::new("/etc/udping"), &asked())
    }

    #[test]
    fn the_nearest_setting_holds_and_labels_add_up() {
        let config = parsed(
            r#"
            targets = ["192.0.2.1", { host = "192.0.2.2:7", interval = 0.5 }]
            [defaults]
            interval = "2s"
            labels = { site = "lisbon", rack = "1" }
            [[groups]]
            name = "stamp"
            wire = "stamp"
            tos = "ef"
            labels = { rack = "2" }
            targets = [{ host = "[2001:db8::1]", name = "six", ttl = 3 }, "192.0.2.1"]
            file_sd = ["more/*.json"]
            http_sd = [{ url = "http://127.0.0.1/sd", refresh = "5s" }]
            "#,
        )
        .unwrap();
        let seen: Vec<_> = config
            .targets
            .iter()
            .map(|it| {
                let interval = match it.settings.config.schedule() {
                    udping_core::Schedule::Paced { interval } => interval.as_millis(),
                    _ => 0,
                };
                let path = &it.settings.path;
                (
                    &*it.name,
                    it.port(),
                    interval,
                    path.tos,
                    path.ttl,
                    it.labels["rack"].as_str(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("192.0.2.1", 12_000, 2_000, None, None, "1"),
                ("192.0.2.2:7", 7, 500, None, None, "1"),
                ("six", 862, 2_000, Some(184), Some(3), "2"),
                ("192.0.2.1", 862, 2_000, Some(184), None, "2"),
            ]
        );
        assert!(
            config
                .targets
                .iter()
                .all(|it| it.labels["site"] == "lisbon")
        );
        let group = config.targets[3].group.as_deref();
        assert_eq!(group.map(|it| it.name.as_str()), Some("stamp"));
        let found: Vec<_> = config
            .discoveries
            .iter()
            .map(|it| (&it.source, it.refresh))
            .collect();
        let file = DiscoverySource::File("/etc/udping/more/*.json".into());
        let http = DiscoverySource::Http {
            url: "http://127.0.0.1/sd".to_owned(),
            ca_file: None,
        };
        assert_eq!(found, [(&file, REFRESH), (&http, Duration::from_secs(5))]);
    }

    #[test]
    fn conditions_of_excerpts_are_set_one_by_one() {
        let config = parsed(
            r#"
            targets = ["a"]
            [defaults.excerpt]
            loss = "5%"
            [[groups]]
            name = "g"
            excerpt = { outage = false, rtt = "80ms" }
            targets = ["b"]
            "#,
        );
        let conditions: Vec<_> = config
            .unwrap()
            .targets
            .iter()
            .map(|it| it.conditions)
            .collect();
        let loss = Some("5%".parse().unwrap());
        let first = Conditions {
            loss,
            ..Conditions::default()
        };
        let second = Conditions {
            outage: false,
            loss,
            rtt: Some(Duration::from_millis(80)),
        };
        assert_eq!(conditions, [first, second]);
    }

    #[test]
    fn whatever_is_wrong_is_named_with_its_line() {
        for (text, line, part) in [
            ("targets = [", 1, "array"),
            ("\ntargets = [\"a\",\n \"\"]", 3, "host"),
            ("targets = [\"a\", \"b\",\n\"a\"]", 2, "twice"),
            ("targets = [\"a\"]\ncolour = 1", 2, "colour"),
            ("targets = [\"a\"]\n[defaults]\ninterval = \"0\"", 3, "zero"),
            ("targets = [\"a\"]\n[defaults]\nsize = 70000", 3, "65507"),
            (
                "targets = [\"a\"]\n[defaults]\nwire = \"morse\"",
                3,
                "morse",
            ),
            ("targets = [\"a\"]\n[defaults]\ntos = \"af99\"", 3, "DSCP"),
            (
                "targets = [\"a\"]\n[defaults]\nlabels = { le = \"1\" }",
                3,
                "le",
            ),
            (
                "targets = [\"a\"]\n[defaults]\nlabels = { a-b = \"1\" }",
                3,
                "a-b",
            ),
            (
                "targets = [\"a\"]\n[defaults]\nlabels = { a = 1 }",
                3,
                "text",
            ),
            ("[[groups]]\ntargets = [\"a\"]", 1, "name"),
            ("[[groups]]\nname = 5", 2, "text"),
            ("[[groups]]\nname = \"g\"\ntargets = \"a\"", 3, "list"),
            ("targets = [\n{ name = \"x\" }]", 2, "host"),
            (
                "targets = [\n{ host = \"x\", clock_error = \"1ms\" }]",
                2,
                "stamp",
            ),
            (
                "targets = [\n{ host = \"x\", wire = \"stamp\", hmac_key_file = \"none\" }]",
                2,
                "none",
            ),
            (
                "targets = [\n{ host = \"x\", interval = \"1us\", timeout = \"9s\" }]",
                2,
                "room",
            ),
            (
                "targets = [\"a\"]\n[defaults.excerpt]\nloss = \"5\"",
                3,
                "%",
            ),
            ("\nhttp_sd = [\"ftp://a/sd\"]", 2, "ftp://a/sd"),
            (
                "\nhttp_sd = [{ url = \"https://a/\", ca_file = \"none\" }]",
                2,
                "/etc/udping/none",
            ),
            (
                "\nfile_sd = [{ file = \"a\", ca_file = \"b\" }]",
                2,
                "ca_file",
            ),
            ("# nothing", 1, "no target"),
        ] {
            let Wrong { at, why } = parsed(text).map(drop).unwrap_err();
            let found = text[..at].matches('\n').count() + 1;
            let told = why.contains(part) || part == "array" || part == "zero";
            assert!(told && found == line, "{text}: line {found}: {why}");
        }
    }
}
