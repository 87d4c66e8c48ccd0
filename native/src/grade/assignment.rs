//! What an assignment asks for: how many pings, their form, how long each waits.
//!
//! Owns the assignments that ship, and `grade.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use regex_lite::Regex;
use serde::Deserialize;
use udping_core::reflector::described::Answers;
use udping_core::wire::template::presets;
use udping_journal::parse_duration;

use super::scenario::{SCENARIOS, Scenario};
use super::truth::number;
use crate::i18n::say;

/// An assignment.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the assignment says, each by itself"
)]
pub(super) struct Assignment {
    pub(super) count: Option<usize>,
    pub(super) timeout: Duration,
    /// The least time between pings, if there is to be one.
    pub(super) interval: Option<Duration>,
    pub(super) wire: Wire,
    /// A late reply counts, with its real time.
    pub(super) accepts_late: bool,
    /// A reply from another port must not count; otherwise that is only advice.
    pub(super) checks_sender: bool,
    /// The server pads its replies with NUL, so that a client must take those.
    pub(super) pads: bool,
    /// An RTT or a loss must be printed for each ping.
    pub(super) prints_pings: bool,
    /// What a ping's line looks like: with a group `rtt` a round trip, without a loss. Any
    /// line is read by its words where there is none.
    pub(super) printed: Vec<Regex>,
    /// A heartbeat, with `{seq}`, and `{time}` in seconds or `{ms}`.
    pub(super) beat: String,
    pub(super) scenarios: Vec<&'static Scenario>,
    /// For each scenario that is passed; one where none is named.
    pub(super) points: BTreeMap<String, f64>,
}

/// What pings look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// The word ping, a number, and whatever follows.
    Textbook,
    /// Anything: it is echoed.
    Any,
    Described(&'static presets::Preset),
}

impl Wire {
    fn named(name: &str) -> Option<Self> {
        match name {
            "textbook" => Some(Self::Textbook),
            "any" => Some(Self::Any),
            other => presets::find(other).map(Self::Described),
        }
    }

    /// The name of a described one.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Textbook | Self::Any => None,
            Self::Described(preset) => Some(preset.name),
        }
    }

    /// What a server reads and answers, unless it echoes.
    pub(super) fn answer(self) -> Option<(String, String)> {
        match self {
            Self::Textbook | Self::Any => None,
            Self::Described(preset) => Some((preset.request.to_owned(), preset.answer.to_owned())),
        }
    }

    /// Whether its fields have fixed places.
    pub(super) fn has_fields(self) -> bool {
        matches!(self, Self::Described(preset) if preset.request.contains("{text:"))
    }

    /// The number of a request.
    pub(super) fn number(self, request: &[u8]) -> Option<i64> {
        let field = match self {
            Self::Described(preset) => {
                let answers = Answers::compile([(preset.request, preset.answer)]).ok();
                answers.and_then(|it| it.read(request)?.seq)
            }
            Self::Textbook | Self::Any => None,
        };
        let field = field.and_then(|it| i64::try_from(it).ok());
        field.or_else(|| number(request))
    }

    /// What a request should have been, if it is not.
    pub(super) fn malformed(self, request: &[u8], length: usize) -> Option<String> {
        match self {
            Self::Any => None,
            Self::Textbook => {
                let words = request
                    .windows(4)
                    .any(|it| it.eq_ignore_ascii_case(b"ping"));
                let has_number = number(request).is_some();
                let whole = length == request.len();
                (!words || !has_number || !whole).then(|| "Ping N TIME".to_owned())
            }
            Self::Described(preset) => {
                let pair = [(preset.request, preset.answer)];
                let answers = Answers::compile(pair).ok()?;
                let is_read = answers.read(request).is_some();
                (!is_read).then(|| preset.request.to_owned())
            }
        }
    }
}

/// An assignment as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the assignment says, each by itself"
)]
struct Written {
    count: Option<usize>,
    timeout: Option<String>,
    interval: Option<String>,
    wire: Option<String>,
    #[serde(default)]
    accept_late: bool,
    #[serde(default)]
    check_sender: bool,
    #[serde(default)]
    padded_replies: bool,
    #[serde(default)]
    print_each_ping: bool,
    #[serde(default)]
    printed: Vec<String>,
    beat: Option<String>,
    scenarios: Option<Vec<String>>,
    #[serde(default)]
    points: BTreeMap<String, f64>,
}

/// The patterns of printed lines.
///
/// # Errors
/// Names the one that cannot be read.
pub(super) fn patterns(words: &[String]) -> anyhow::Result<Vec<Regex>> {
    let read = |word: &String| {
        Regex::new(word).with_context(|| say::GradeAssignmentWord { word: word.clone() })
    };
    words.iter().map(read).collect()
}

/// The assignments that ship, by name.
const SHIPPED: [(&str, &str); 3] = [
    ("textbook", include_str!("assignments/textbook.toml")),
    (
        "fixed-fields",
        include_str!("assignments/fixed-fields.toml"),
    ),
    ("java", include_str!("assignments/java.toml")),
];

impl Assignment {
    /// The assignment of this name, or of this file.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub(super) fn read(name: &str) -> anyhow::Result<Self> {
        let shipped = SHIPPED.iter().find(|(known, _)| *known == name);
        let text = match shipped {
            Some((_, text)) => (*text).to_owned(),
            None => {
                fs::read_to_string(Path::new(name)).with_context(|| say::GradeNoAssignment {
                    name: name.to_owned(),
                })?
            }
        };
        let written: Written = toml::from_str(&text).with_context(|| say::GradeNoAssignment {
            name: name.to_owned(),
        })?;
        let time = |text: Option<String>| {
            text.map(|text| {
                parse_duration(&text)
                    .map_err(|_| anyhow::anyhow!(say::ARG_DURATION))
                    .with_context(|| say::GradeAssignmentWord { word: text })
            })
            .transpose()
        };
        let wire = written.wire.unwrap_or_else(|| "textbook".to_owned());
        let all = || SCENARIOS.iter().map(|it| it.name.to_owned()).collect();
        let names: Vec<String> = written.scenarios.unwrap_or_else(all);
        let scenarios = names.into_iter().map(|word| {
            let found = Scenario::find(&word);
            found.with_context(|| say::GradeAssignmentWord { word })
        });
        Ok(Self {
            count: written.count,
            timeout: time(written.timeout)?.unwrap_or(Duration::from_secs(1)),
            interval: time(written.interval)?,
            accepts_late: written.accept_late,
            checks_sender: written.check_sender,
            pads: written.padded_replies,
            prints_pings: written.print_each_ping,
            beat: written.beat.unwrap_or_else(|| "{seq} {time}".to_owned()),
            printed: patterns(&written.printed)?,
            scenarios: scenarios.collect::<anyhow::Result<_>>()?,
            points: written.points,
            wire: Wire::named(&wire).with_context(|| say::GradeAssignmentWord { word: wire })?,
        })
    }

    /// What a scenario is worth.
    pub(super) fn points(&self, scenario: &str) -> f64 {
        self.points.get(scenario).copied().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assignments_that_ship_are_read() {
        for (name, _) in SHIPPED {
            let assignment = Assignment::read(name).unwrap();
            assert!(assignment.scenarios.len() > 8, "{name}");
        }
        let fields = Assignment::read("fixed-fields").unwrap().wire;
        let right = format!("{:05}0{:04}{:30}", 3, 17, "text");
        assert_eq!(fields.malformed(right.as_bytes(), 40), None);
        let short = format!("{:05}0{:4}{:13}", 3, 17, "text");
        assert!(fields.malformed(short.as_bytes(), 23).is_some());
    }

    #[test]
    fn a_textbook_ping_has_the_word_and_a_number() {
        for right in [
            "Ping 1 17.5",
            "PING 3 1700000000123 \r\n",
            "ping 7",
            "Ping 2 Mon Nov 30 11:00:00 2026",
        ] {
            assert_eq!(
                Wire::Textbook.malformed(right.as_bytes(), right.len()),
                None,
                "{right}"
            );
        }
        for wrong in ["hello", "ping", ""] {
            assert!(
                Wire::Textbook
                    .malformed(wrong.as_bytes(), wrong.len())
                    .is_some(),
                "{wrong}"
            );
        }
    }
}
