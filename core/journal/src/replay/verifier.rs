//! The replay of a journal of any kind.
//!
//! Owns which replay a kind takes, and how the three of a comparison count as one.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::error::ReplayError;
use super::heartbeat::HeartbeatReplay;
use super::reflector::ReflectorReplay;
use super::report::{Difference, KEPT, Report};
use super::session::Replay;
use crate::header::{Header, Kind};
use crate::record::Record;
use crate::traffic::Via;
use udping_core::client::Client;
use udping_core::table::Entry;

/// A replay in progress, of whatever kind the journal is.
#[derive(Debug, Clone)]
pub enum Verifier {
    /// Of a ping or a simulation.
    Session(Box<Replay>),
    /// Of a comparison: its three sessions, in the order of [`Via::ALL`].
    Compare(Box<[Replay; 3]>),
    /// Of heartbeats, of either end.
    Heartbeat(Box<HeartbeatReplay>),
    /// Of a reflector.
    Reflector(Box<ReflectorReplay>),
}

impl Verifier {
    /// A replay of the run that `header` describes.
    ///
    /// # Errors
    /// [`ReplayError`] if nobody could have run it.
    pub fn new(header: &Header) -> Result<Self, ReplayError> {
        Ok(match header.kind {
            Kind::Ping | Kind::Simulation | Kind::Graded => {
                Self::Session(Box::new(Replay::new(header)?))
            }
            Kind::Compare => {
                let lane = |via| Replay::lane(header, via);
                let [udp, new, kept] = Via::ALL;
                Self::Compare(Box::new([lane(udp)?, lane(new)?, lane(kept)?]))
            }
            Kind::Serve => Self::Reflector(Box::new(ReflectorReplay::new(header)?)),
            Kind::Heartbeat => Self::Heartbeat(Box::new(HeartbeatReplay::new(header)?)),
        })
    }

    /// Takes the record on `line` (from 1 for the header), which belongs to `via` in a
    /// comparison, and says whether it is decided otherwise now.
    pub fn feed(&mut self, line: u64, via: Option<Via>, record: &Record) -> Option<&Difference> {
        match self {
            Self::Session(replay) => replay.feed(line, record),
            Self::Heartbeat(replay) => replay.feed(line, record),
            Self::Reflector(replay) => replay.feed(line, record),
            Self::Compare(lanes) => {
                if let Some(via) = via {
                    return lanes.get_mut(via.place())?.feed(line, record);
                }
                // A gap is in all of them; anything else is nobody's.
                let [first, others @ ..] = &mut **lanes;
                if let Record::Gap(_) = record {
                    for lane in others {
                        lane.feed(line, record);
                    }
                }
                match record {
                    Record::Gap(_)
                    | Record::Split(_)
                    | Record::Incident(_)
                    | Record::Printed(_)
                    | Record::Unknown => first.feed(line, record),
                    _ => first.reject(line, record),
                }
            }
        }
    }

    /// What was found so far, in all sessions together.
    #[must_use]
    pub fn report(&self) -> Report {
        let Self::Compare(lanes) = self else {
            return self.first_report().clone();
        };
        let reports = || lanes.iter().map(Replay::report);
        let sum = |figure: fn(&Report) -> u64| reports().map(figure).fold(0, u64::saturating_add);
        let mut examples: Vec<Difference> = reports()
            .flat_map(|report| report.examples.iter().cloned())
            .collect();
        examples.sort_by_cached_key(|example| example.line);
        examples.truncate(KEPT);
        Report {
            decisions: sum(|report| report.decisions),
            differences: sum(|report| report.differences),
            examples,
            unknown: sum(|report| report.unknown),
            unverifiable: sum(|report| report.unverifiable),
            continued: reports().any(|report| report.continued),
            continues: reports().any(|report| report.continues),
            // A gap is told to all three.
            dropped: reports().map(|report| report.dropped).max().unwrap_or(0),
            done: reports().all(|report| report.done),
            summary: reports().all(|report| report.summary),
        }
    }

    /// The client as it stands after the records fed so far: in a comparison, that of
    /// `via`.
    #[must_use]
    pub fn client(&self, via: Option<Via>) -> Option<&Client<Vec<Entry>>> {
        let replay = match self {
            Self::Session(replay) => replay,
            Self::Compare(lanes) => lanes.get(via?.place())?,
            Self::Heartbeat(_) | Self::Reflector(_) => return None,
        };
        Some(replay.session().client())
    }

    /// How many records the writer dropped before this one.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.first_report().dropped
    }

    fn first_report(&self) -> &Report {
        match self {
            Self::Session(replay) => replay.report(),
            Self::Heartbeat(replay) => replay.report(),
            Self::Reflector(replay) => replay.report(),
            Self::Compare(lanes) => lanes[0].report(),
        }
    }
}
