//! A journal's first line: what kind of run it is, and how it was configured.
//!
//! Owns its keys, what is wrong with one that nobody could have run, and the configuration that it
//! stands for. Knows nothing of the records that follow.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::num::NonZeroU64;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::both_summary::FarEnd;
use crate::json;
use crate::number::{LARGEST, UnixNanos};
use crate::scenario::Scenario;
use crate::served::ReflectorSpec;
use udping_core::time::{WallTime, saturating_nanos};
use udping_core::timestamp::Timestamps;
use udping_core::wire::WireName;
use udping_core::{Config, ConfigError, Schedule};

const NANOS_PER_SEC: u64 = 1_000_000_000;

/// The version of the format this code writes, and the newest it reads.
pub const VERSION: u32 = 2;

/// The first line of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Header {
    /// Always `journal`: the mark by which the format is known.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "journal")))]
    pub udping: String,
    /// The version of the format.
    #[cfg_attr(feature = "schema", schemars(extend("const" = VERSION)))]
    pub version: u32,
    /// What kind of run this is.
    pub kind: Kind,
    /// Which file of a journal that was split this is, from 2: it lacks what the files before
    /// it hold. Absent in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u64>,
    /// The program that wrote it.
    pub tool: String,
    /// Whom it pinged, as that was given, unless left out on request, or simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The address that was pinged, or listened on, with its zone if it has one. Left out
    /// as `host` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The port there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The wire's format.
    pub wire: WireName,
    /// The templates of a described wire, and only of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// When probes went out.
    pub schedule: ScheduleSpec,
    /// How many probes were to be sent; absent for no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<NonZeroU64>,
    /// How long a reply could take and still count.
    pub timeout_ns: u64,
    /// How long after the timeout a reply was still recognised as late.
    pub late_window_ns: u64,
    /// Replies without any number were credited.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub accept_unnumbered: bool,
    /// What the last digits of the probes' timestamps are made by.
    pub timestamp_key: u32,
    /// How many entries the table had: of the client, or of a receiver of heartbeats.
    pub table_entries: u64,
    /// Bytes of UDP payload a request was padded to; absent without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The clock that all times were read from; absent where time is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// The wall clock at the start, RFC 3339: a label, never computed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_start: Option<String>,
    /// What this end's wall clock read at time zero, in nanoseconds since 1970 UTC: what
    /// times are computed to be beside a capture, and what timestamps begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_ns: Option<UnixNanos>,
    /// What `t2_ns`, `t3_ns` and `clock_ns` count from: this many whole seconds after 1970
    /// UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch_s: Option<u64>,
    /// How long a sender of heartbeats may be silent before it is called stopped, or 0 for
    /// three times its beat: in the journal of a heartbeats' receiver, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence_ns: Option<u64>,
    /// Packets went over IPv6, where that makes a difference to their computed bytes.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub ipv6: bool,
    /// What a reflector answers, to whom, and what its packets met with: in the journal of one,
    /// and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reflector: Option<ReflectorSpec>,
    /// The other end, in a merged journal, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub far_end: Option<FarEnd>,
    /// Which program was graded, in the journal of one, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graded: Option<Graded>,
    /// What somebody pinned to the run in the lab: labels, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The whole of a simulated run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Scenario>,
}

/// A note that somebody pinned to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// Where it is pinned, in nanoseconds since the start.
    pub at_ns: u64,
    /// The number of the probe that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<u64>,
    /// What it says.
    pub text: String,
}

/// What was graded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Graded {
    /// The program with its arguments.
    pub program: String,
    /// The network's name.
    pub scenario: String,
    /// The bugs that it showed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bugs: Vec<String>,
}

/// What kind of run a journal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Kind {
    /// Real probes to a real server.
    Ping,
    /// A simulated network in virtual time.
    Simulation,
    /// The same exchange over UDP, over a new TCP connection each time, and over one
    /// that is kept.
    Compare,
    /// Heartbeats: of their sender, or with `silence_ns` of their receiver.
    Heartbeat,
    /// What a reflector received and did.
    Serve,
    /// What a program sent and got that is graded, as a right client decides on it, and what
    /// the program printed.
    Graded,
}

/// A described wire: the templates of what its ends send and take. They are labels, since
/// what was read by them is on record with each reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Description {
    /// What it is called, if it is one that has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What a client sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// What is taken: for a reply by a client, for a request by a server, in the order of
    /// trying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<String>,
    /// What a server answers: to each expectation its own, or to the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<String>,
}

/// A schedule as a journal names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ScheduleSpec {
    /// [`Schedule::StopAndWait`].
    StopAndWait {
        /// The pause after a reply or a loss.
        gap_ns: u64,
    },
    /// [`Schedule::Paced`].
    Paced {
        /// The distance of two slots.
        interval_ns: u64,
    },
    /// [`Schedule::Window`].
    Window {
        /// How many probes may be in flight together.
        size: u32,
    },
    /// [`Schedule::OnDemand`].
    OnDemand,
}

impl From<Schedule> for ScheduleSpec {
    fn from(schedule: Schedule) -> Self {
        match schedule {
            Schedule::StopAndWait { gap } => Self::StopAndWait {
                gap_ns: saturating_nanos(gap),
            },
            Schedule::Paced { interval } => Self::Paced {
                interval_ns: saturating_nanos(interval),
            },
            Schedule::Window { size } => Self::Window { size },
            Schedule::OnDemand => Self::OnDemand,
        }
    }
}

impl From<ScheduleSpec> for Schedule {
    fn from(spec: ScheduleSpec) -> Self {
        match spec {
            ScheduleSpec::StopAndWait { gap_ns } => Self::StopAndWait {
                gap: Duration::from_nanos(gap_ns),
            },
            ScheduleSpec::Paced { interval_ns } => Self::Paced {
                interval: Duration::from_nanos(interval_ns),
            },
            ScheduleSpec::Window { size } => Self::Window { size },
            ScheduleSpec::OnDemand => Self::OnDemand,
        }
    }
}

/// Why a first line is not a header this code can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderError {
    /// It is not a udping journal's first line at all.
    NotAJournal,
    /// It is one of a version that this code does not know.
    NewerVersion(u32),
    /// It is one of a version that this code no longer reads.
    OlderVersion(u32),
    /// It is one, with something wrong in it.
    Malformed(String),
}

impl core::fmt::Display for HeaderError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotAJournal => f.write_str(
                "this is not a udping journal: its first line is not a header such as {\"udping\":\"journal\",\"version\":2,…}",
            ),
            Self::OlderVersion(version) => write!(
                f,
                "this journal has format version {version} and this program reads {VERSION}; use the udping that wrote it, or measure again"
            ),
            Self::NewerVersion(version) => write!(
                f,
                "this journal has format version {version} and this program reads {VERSION}; use a newer udping"
            ),
            Self::Malformed(what) => write!(f, "the journal's header is malformed: {what}"),
        }
    }
}

impl core::error::Error for HeaderError {}

impl Header {
    /// A header for a session of `kind` with this configuration and table; what
    /// else it says is left out for the caller to fill in.
    #[must_use]
    pub fn new(
        kind: Kind,
        tool: String,
        wire: WireName,
        config: &Config,
        table_entries: u64,
    ) -> Self {
        Self {
            udping: "journal".to_string(),
            version: VERSION,
            kind,
            part: None,
            tool,
            host: None,
            address: None,
            port: None,
            wire,
            description: None,
            schedule: config.schedule().into(),
            count: config.count(),
            timeout_ns: saturating_nanos(config.timeout()),
            late_window_ns: saturating_nanos(config.late_window()),
            accept_unnumbered: config.accept_unnumbered(),
            timestamp_key: config.timestamps().key,
            table_entries,
            size: None,
            clock: None,
            wall_start: None,
            wall_ns: Some(config.timestamps().start)
                .filter(|wall| *wall > WallTime::ZERO)
                .map(UnixNanos),
            epoch_s: None,
            silence_ns: None,
            ipv6: false,
            reflector: None,
            far_end: None,
            graded: None,
            notes: Vec::new(),
            scenario: None,
        }
    }

    /// A header for heartbeats, which wait for no reply.
    #[must_use]
    pub fn heartbeats(
        tool: String,
        schedule: Schedule,
        count: Option<NonZeroU64>,
        table_entries: u64,
    ) -> Self {
        let config = Config::default();
        Self {
            schedule: schedule.into(),
            count,
            timeout_ns: 0,
            late_window_ns: 0,
            ..Self::new(
                Kind::Heartbeat,
                tool,
                WireName::Textbook,
                &config,
                table_entries,
            )
        }
    }

    /// A header for a reflector on this `wire`, whose guard remembers so many sources and
    /// replies.
    #[must_use]
    pub fn serve(
        tool: String,
        wire: WireName,
        reflector: ReflectorSpec,
        table_entries: u64,
    ) -> Self {
        Self {
            kind: Kind::Serve,
            wire,
            reflector: Some(reflector),
            ..Self::heartbeats(tool, Schedule::OnDemand, None, table_entries)
        }
    }

    /// Whether it begins the part that comes right after the one which `earlier` begins, of a
    /// journal that was split.
    #[must_use]
    pub fn continues(&self, earlier: &Self) -> bool {
        let next = earlier.part.unwrap_or(1).saturating_add(1);
        let part = Some(next);
        *self
            == Self {
                part,
                ..earlier.clone()
            }
    }

    /// Reads a journal's first line.
    ///
    /// # Errors
    /// [`HeaderError`] says what is wrong with it.
    pub fn parse(line: &str) -> Result<Self, HeaderError> {
        #[derive(Deserialize)]
        struct Format {
            udping: String,
            version: u64,
        }
        let format: Format = json::from_str(line).map_err(|_| HeaderError::NotAJournal)?;
        if format.udping != "journal" {
            return Err(HeaderError::NotAJournal);
        }
        if format.version > u64::from(VERSION) {
            return Err(HeaderError::NewerVersion(
                u32::try_from(format.version).unwrap_or(u32::MAX),
            ));
        }
        if format.version < u64::from(VERSION) {
            return Err(HeaderError::OlderVersion(
                u32::try_from(format.version).unwrap_or_default(),
            ));
        }
        let header: Self =
            json::from_str(line).map_err(|error| HeaderError::Malformed(error.to_string()))?;
        let too_large = header.numbers().find(|(_, number)| *number > LARGEST);
        if let Some((name, number)) = too_large {
            return Err(HeaderError::Malformed(format!(
                "{name} is {number}, more than 2^53"
            )));
        }
        Ok(header)
    }

    /// Every number that is not checked where it is read.
    fn numbers(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let schedule = match self.schedule {
            ScheduleSpec::StopAndWait { gap_ns } => ("gap_ns", gap_ns),
            ScheduleSpec::Paced { interval_ns } => ("interval_ns", interval_ns),
            ScheduleSpec::Window { size } => ("size", size.into()),
            ScheduleSpec::OnDemand => ("", 0),
        };
        [
            schedule,
            ("count", self.count.map_or(0, NonZeroU64::get)),
            ("timeout_ns", self.timeout_ns),
            ("late_window_ns", self.late_window_ns),
            ("table_entries", self.table_entries),
            ("size", self.size.unwrap_or(0)),
            ("epoch_s", self.epoch_s.unwrap_or(0)),
            ("part", self.part.unwrap_or(0)),
            ("silence_ns", self.silence_ns.unwrap_or(0)),
        ]
        .into_iter()
        .chain(self.scenario.iter().flat_map(Scenario::numbers))
    }

    /// What the probes' timestamps are made of.
    #[must_use]
    pub fn timestamps(&self) -> Timestamps {
        Timestamps {
            start: self.wall_ns.map_or(WallTime::ZERO, |UnixNanos(wall)| wall),
            key: self.timestamp_key,
        }
    }

    /// What this end's wall clock read at time zero, counted from the epoch: what T1 and T4
    /// are on the scale of T2 and T3.
    #[must_use]
    pub fn wall(&self) -> Option<WallTime> {
        let UnixNanos(wall) = self.wall_ns?;
        let epoch = self.epoch_s?.saturating_mul(NANOS_PER_SEC);
        wall.as_nanos().checked_sub(epoch).map(WallTime::from_nanos)
    }

    /// Whom it is about, for people: `host (address:port)`, as far as that is on record.
    #[must_use]
    pub fn target(&self) -> Option<String> {
        let at = self.address.as_ref().map(|address| {
            let bracketed = address.contains(':');
            let (open, close) = if bracketed { ("[", "]") } else { ("", "") };
            match self.port {
                Some(port) => format!("{open}{address}{close}:{port}"),
                None => address.clone(),
            }
        });
        match (&self.host, at) {
            (Some(host), Some(at)) if self.address.as_ref() != Some(host) => {
                Some(format!("{host} ({at})"))
            }
            (host, at) => at.or_else(|| host.clone()),
        }
    }

    /// The client's configuration.
    ///
    /// # Errors
    /// The first rule that the header breaks: nobody has checked it before.
    pub fn config(&self) -> Result<Config, ConfigError> {
        Config::builder()
            .schedule(self.schedule.into())
            .count(self.count)
            .timeout(Duration::from_nanos(self.timeout_ns))
            .late_window(Duration::from_nanos(self.late_window_ns))
            .accept_unnumbered(self.accept_unnumbered)
            .timestamps(self.timestamps())
            .build()
    }
}

/// What the wall clock reads at the beginning of a simulated run: in November 2023.
const SIMULATED_START: WallTime = WallTime::from_nanos(1_700_000_000 * NANOS_PER_SEC);

/// The fewest and most entries that a simulated client's table has.
const SIMULATED_ENTRIES: core::ops::RangeInclusive<u64> = 1 << 10..=1 << 20;

impl Header {
    /// The header of a simulated run: all there is to know about it. `tool` is
    /// the name and version of the program that simulates.
    #[must_use]
    pub fn simulation(
        tool: String,
        config: &Config,
        size: Option<u64>,
        scenario: Scenario,
    ) -> Self {
        let (least, most) = (*SIMULATED_ENTRIES.start(), *SIMULATED_ENTRIES.end());
        let needed = config.entries_needed().max(least);
        let entries = needed
            .checked_next_power_of_two()
            .map_or(most, |it| it.min(most));
        Self {
            scenario: Some(scenario),
            size,
            wall_ns: Some(UnixNanos(SIMULATED_START)),
            epoch_s: Some(SIMULATED_START.as_nanos() / NANOS_PER_SEC),
            ..Self::new(Kind::Simulation, tool, WireName::Textbook, config, entries)
        }
    }

    /// The same simulated run on a wire without a description.
    #[must_use]
    pub fn on(self, wire: WireName) -> Self {
        Self { wire, ..self }
    }

    /// The same run on a described wire.
    #[must_use]
    pub fn on_described(self, description: Description) -> Self {
        Self {
            wire: WireName::Described,
            description: Some(description),
            ..self
        }
    }
}
