//! What the Simulate room's form holds: everything a simulated run is made of.

use udping_core::journal::{Header, ScheduleSpec};
use udping_core::sim::Scenario;

use serde::{Deserialize, Serialize};

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
    pub linger_ns: Option<u64>,
    /// Bytes of UDP payload a request is padded to; absent without padding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Seed, conditions each way, and interventions.
    pub scenario: Scenario,
}

impl Setup {
    /// The most probes that the page simulates.
    pub const MOST_PROBES: u64 = 1_000_000;

    /// The journal header of this run.
    #[must_use]
    pub fn header(&self) -> Header {
        todo!()
    }

    /// The setup that a simulated run's header describes; `None` of a real run's.
    #[must_use]
    pub fn of(header: &Header) -> Option<Self> {
        let _ = header;
        todo!()
    }
}

impl Default for Setup {
    fn default() -> Self {
        todo!()
    }
}
