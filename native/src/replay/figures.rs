//! The figures of a journal of any kind: as decided again, or as they stand there.
//!
//! Owns which of the two are shown. How they are computed is the core's; how they look, the
//! report's.

use std::io::{self, Write};
use std::time::Duration;

use udping_core::heartbeat::{MonitorSummary, SenderSummary};
use udping_core::stats::Summary;
use udping_journal::comparison::{Traffic, Via};
use udping_journal::replay::Verifier;
use udping_journal::{Header, Outages, Record, ServedSummary};

use crate::i18n::say;
use crate::report::{compare, heartbeat};
use crate::serve::ServiceCounts;

/// Figures on record.
#[derive(Debug, Default)]
pub(super) struct RecordedFigures {
    summaries: [Option<Summary>; 3],
    outages: Option<Outages>,
    traffic: [Option<Traffic>; 3],
    beats: Option<SenderSummary>,
    watched: Option<MonitorSummary>,
    served: Option<ServedSummary>,
}

impl RecordedFigures {
    pub(super) fn take(&mut self, via: Option<Via>, record: &Record) {
        let lane = via.map_or(0, Via::place);
        match record {
            Record::Summary(it) => {
                self.summaries[lane] = Some(*it.summary);
                self.outages = it.outages.as_deref().cloned();
            }
            Record::Traffic(it) => self.traffic[lane] = Some(it.traffic),
            Record::Beats(it) => self.beats = Some(it.beats),
            Record::Watched(it) => self.watched = Some(it.watched),
            Record::Served(it) => self.served = Some((*it.served).clone()),
            _ => {}
        }
    }
}

/// Figures of a whole run.
#[derive(Debug)]
pub(super) enum RunFigures {
    Session(Box<Summary>, Option<Outages>),
    Compare(Box<[compare::Lane; 3]>),
    Sender(SenderSummary),
    Receiver(MonitorSummary),
    Reflector(ServedSummary),
}

impl RunFigures {
    /// Those that `recorded` has, and for the rest those of `replay`.
    pub(super) fn of(replay: &Verifier, recorded: &RecordedFigures) -> Self {
        match replay {
            Verifier::Session(replay) => {
                let summary = recorded.summaries[0];
                let again = || replay.session().stats().summary();
                let outages = match summary {
                    Some(_) => recorded.outages.clone(),
                    None => replay.session().outages(),
                };
                Self::Session(Box::new(summary.unwrap_or_else(again)), outages)
            }
            Verifier::Compare(lanes) => Self::Compare(Box::new(Via::ALL.map(|via| {
                let place = via.place();
                let replay = &lanes[place];
                let summary = recorded.summaries[place];
                let traffic = recorded.traffic[place].or_else(|| replay.traffic());
                (
                    summary.unwrap_or_else(|| replay.session().stats().summary()),
                    traffic.unwrap_or_default(),
                )
            }))),
            Verifier::Reflector(replay) => {
                let served = recorded.served.as_ref().unwrap_or(replay.summary());
                Self::Reflector(served.clone())
            }
            Verifier::Heartbeat(replay) => match (replay.sender(), replay.watch()) {
                (Some(sender), _) => {
                    Self::Sender(recorded.beats.unwrap_or_else(|| sender.summary()))
                }
                (_, watch) => {
                    let again = watch.map(udping_core::heartbeat::Monitor::summary);
                    Self::Receiver(recorded.watched.or(again).unwrap_or_default())
                }
            },
        }
    }

    /// Prints them.
    pub(super) fn print(
        &self,
        out: &mut impl Write,
        header: &Header,
        elapsed: Duration,
    ) -> io::Result<()> {
        match self {
            // A session has its own report.
            Self::Session(..) => Ok(()),
            Self::Compare(lanes) => {
                writeln!(out, "\n{}", compare::table(lanes))?;
                for note in compare::notes(lanes, header.ipv6) {
                    writeln!(out, "{note}")?;
                }
                Ok(())
            }
            Self::Sender(sums) => writeln!(out, "\n{}", heartbeat::sent(sums, elapsed)),
            Self::Reflector(sums) => {
                writeln!(out, "\n{}", ServiceCounts::from(sums))?;
                sums.tcp.iter().try_for_each(|tcp| {
                    let dropped = tcp.dropped.values();
                    let over_tcp = say::ReplayServedTcp {
                        requests: tcp.received,
                        replies: tcp.answered,
                        dropped: dropped.fold(0, |sum: u64, n| sum.saturating_add(*n)),
                    };
                    writeln!(out, "{over_tcp}")
                })
            }
            Self::Receiver(sums) => writeln!(out, "\n{}", heartbeat::watched(sums)),
        }
    }
}
