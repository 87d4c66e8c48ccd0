//! What the Simulate room's form holds: everything a simulated run is made of.
//!
//! Owns how that becomes a journal's header, and back. What the form looks like, it does not know.

use core::num::NonZeroU64;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use udping_core::timestamp::Timestamps;
use udping_core::wire::described::Described;
use udping_core::wire::low_bits;
use udping_core::wire::template::presets::{self, PRESETS, Preset};
use udping_core::{Config, ConfigError};
use udping_journal::{Description, Header, Intervention, Kind, Scenario, ScheduleSpec, WireName};

/// A simulated run's configuration: the client's, and the network's (`scenario`).
///
/// In JSON it has a journal header's field names; what is left out is the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// When probes go out.
    pub schedule: ScheduleSpec,
    /// How many, from 1 to [`Setup::MOST_PROBES`].
    pub count: u64,
    /// How long a reply may take and still count.
    pub timeout_ns: u64,
    /// How long after the timeout a reply is recognised as late; one timeout where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_window_ns: Option<u64>,
    /// Bytes of UDP payload a request is padded to; absent without padding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The wire's name: `stamp`, or a described one's; absent for the textbook's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    /// Seed, impairments each way, and interventions.
    pub scenario: Scenario,
}

impl Setup {
    /// The most probes that the page simulates.
    pub const MOST_PROBES: u64 = 1_000_000;

    /// The journal header of this run: the one that `udping simulate` would write.
    ///
    /// # Errors
    /// The first rule of a configuration that it breaks.
    pub fn header(&self) -> Result<Header, ConfigError> {
        let late_window = self.late_window_ns.unwrap_or(self.timeout_ns);
        let config = Config::builder()
            .schedule(self.schedule.into())
            .count(NonZeroU64::new(self.count.clamp(1, Self::MOST_PROBES)))
            .timeout(Duration::from_nanos(self.timeout_ns))
            .late_window(Duration::from_nanos(late_window))
            .timestamps(Timestamps {
                key: low_bits(self.scenario.seed.get()),
                ..Timestamps::default()
            })
            .build()?;
        let tool = concat!("udping ", env!("CARGO_PKG_VERSION")).to_owned();
        let size = self.size.filter(|size| *size > 0);
        let scenario = self.scenario.clone();
        let header = Header::simulation(tool, &config, size, scenario);
        let Some(name) = self.wire.as_deref() else {
            return Ok(header);
        };
        if let Some(wire) = other_wires().find(|wire| wire.name() == name) {
            return Ok(header.on(wire));
        }
        Ok(match presets::find(name) {
            // What a wire is that nobody knows, a world says.
            None => header.on_described(Description::default()),
            Some(preset) => Header {
                accept_unnumbered: is_unnumbered(preset),
                ..header.on_described(Description {
                    name: Some(name.to_owned()),
                    request: Some(preset.request.to_owned()),
                    expect: preset.expect.iter().map(ToString::to_string).collect(),
                    answer: vec![preset.answer.to_owned()],
                })
            },
        })
    }

    /// The names of the wires that a run can have beside the textbook's.
    pub fn wires() -> impl Iterator<Item = &'static str> {
        other_wires()
            .map(WireName::name)
            .chain(PRESETS.iter().map(|preset| preset.name))
    }

    /// The same with one intervention more, which comes after those of the same moment.
    #[must_use]
    pub fn with(&self, cause: Intervention) -> Self {
        let mut setup = self.clone();
        insert(&mut setup.scenario.interventions, cause);
        setup
    }

    /// The setup that a simulated run's header describes; `None` of a real run's, and of
    /// one without end.
    #[must_use]
    pub fn of(header: &Header) -> Option<Self> {
        let scenario = header.scenario.clone()?;
        (header.kind == Kind::Simulation).then_some(())?;
        Some(Self {
            schedule: header.schedule,
            count: header.count?.get(),
            timeout_ns: header.timeout_ns,
            late_window_ns: Some(header.late_window_ns)
                .filter(|window| *window != header.timeout_ns),
            size: header.size,
            wire: if header.wire == WireName::Described {
                Some(header.description.as_ref()?.name.clone()?)
            } else {
                other_wires()
                    .find(|wire| *wire == header.wire)
                    .map(|wire| wire.name().to_owned())
            },
            scenario,
        })
    }
}

impl Default for Setup {
    /// The assignment, over a perfect network.
    fn default() -> Self {
        Self {
            schedule: ScheduleSpec::StopAndWait { gap_ns: 0 },
            count: 10,
            timeout_ns: 1_000_000_000,
            late_window_ns: None,
            size: None,
            wire: None,
            scenario: Scenario::default(),
        }
    }
}

/// Adds an intervention in its place; the index that it has there.
pub(crate) fn insert(all: &mut Vec<Intervention>, cause: Intervention) -> usize {
    Intervention::sort(all);
    let index = all.partition_point(|other| other.at_ns <= cause.at_ns);
    all.insert(index, cause);
    index
}

/// Those without a description, but for the textbook's.
fn other_wires() -> impl Iterator<Item = WireName> {
    let own = WireName::OWN.into_iter();
    own.filter(|wire| *wire != WireName::Textbook)
}

/// Whether replies on this wire have no number, so any is credited.
fn is_unnumbered(preset: &Preset) -> bool {
    let expected = preset.expect.iter().copied();
    Described::compile(preset.request, expected).is_ok_and(|wire| wire.is_unnumbered())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setup_survives_its_header() {
        let setup = Setup {
            schedule: ScheduleSpec::Paced {
                interval_ns: 5_000_000,
            },
            count: 77,
            late_window_ns: Some(3),
            size: Some(64),
            ..Setup::default()
        };
        for wire in Setup::wires() {
            let setup = Setup {
                wire: Some(wire.to_owned()),
                ..setup.clone()
            };
            assert_eq!(Setup::of(&setup.header().unwrap()), Some(setup));
        }
        assert_eq!(Setup::of(&setup.header().unwrap()), Some(setup));
        assert_eq!(
            Setup::of(&Setup::default().header().unwrap()),
            Some(Setup::default())
        );
    }

    #[test]
    fn a_run_has_at_least_one_probe_and_at_most_what_a_page_can_hold() {
        let count = |count| {
            let header = Setup {
                count,
                ..Setup::default()
            }
            .header();
            header.unwrap().count.map(NonZeroU64::get)
        };
        assert_eq!(count(0), Some(1));
        assert_eq!(count(u64::MAX), Some(Setup::MOST_PROBES));
    }
}
