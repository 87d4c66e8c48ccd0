//! The world of a session: our client and the reflector, as a journal's header describes them.
//!
//! Owns how a header becomes a world. What happens in it is the world's.

use alloc::vec::Vec;
use core::time::Duration;

use udping_core::guard::Policy;
use udping_core::table::Entry;
use udping_journal::{Header, Record, Recorder};
use udping_link::Direction;

use crate::client::{ClientEnd, Decision, Recorded};
use crate::error::WorldError;
use crate::server::ServerEnd;
use crate::wire;
use crate::world::{Step, World};

impl Step<Recorded> {
    /// What the client decided, if it was touched.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        self.note.as_ref()?.decision()
    }

    /// What the journal says of it, if it touched the client.
    #[must_use]
    pub fn record(&self) -> Option<Record> {
        self.note.as_ref()?.record(self.at)
    }
}

impl World {
    /// The world that a simulated run's header describes, before its first step. Its
    /// server is as `serve` on loopback.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn new(header: &Header) -> Result<Self, WorldError> {
        Self::with_policy(header, &ServerEnd::<Recorded>::POLICY)
    }

    /// The same, with a server that answers by `policy`.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_policy(header: &Header, policy: &Policy) -> Result<Self, WorldError> {
        let scenario = header.scenario.clone().ok_or(WorldError::NotSimulated)?;
        for (direction, impairments) in [
            (Direction::Request, &scenario.request),
            (Direction::Reply, &scenario.reply),
        ] {
            impairments
                .validate()
                .map_err(|error| WorldError::Impairments(direction, error))?;
        }
        let client = ClientEnd::new(header)?;
        let server = ServerEnd::new(
            wire::ServerWire::of(header)?,
            policy,
            scenario.seed,
            // Those of all probes that the client remembers.
            header.table_entries,
            Duration::from_nanos(scenario.service_ns),
            wire::wall(header),
        );
        Ok(Self::between(client, server, scenario))
    }

    /// The client and its figures.
    #[must_use]
    pub fn session(&self) -> &Recorder<Vec<Entry>> {
        &self.client.session
    }

    /// The last line of the journal, once the session is over.
    #[must_use]
    pub fn summary(&self) -> Record {
        self.session().summary()
    }
}
