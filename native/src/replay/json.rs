//! What a replay found, for programs: one JSON object on a line of its own.
//!
//! Owns its keys. What they hold is the journal's and the core's, under their names there.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use udping_core::heartbeat::{MonitorSummary, SenderSummary};
use udping_core::stats::Summary;
use udping_core::time::saturating_nanos;
use udping_journal::comparison::{Traffic, Via};
use udping_journal::replay::Difference;
use udping_journal::what_if::{Change, FateCounts, WhatIfReport};
use udping_journal::{Header, Outages, ServedSummary};

use super::Replayed;
use super::figures::RunFigures;

/// A session that was replayed.
#[derive(Serialize)]
struct SessionResult<'a> {
    /// Its journal's first line.
    header: &'a Header,
    /// Every decision was the same, and none was beyond verifying.
    verified: bool,
    decisions: u64,
    differences: u64,
    /// The first of them.
    examples: Vec<DifferenceResult>,
    /// Records that its writer dropped.
    dropped: u64,
    /// Records after these, which cannot be verified.
    unverifiable: u64,
    /// Records and fields that this program does not know.
    unknown_records: u64,
    unknown_fields: u64,
    /// Its end is not on record.
    cut: bool,
    /// The latest time on record.
    end_ns: u64,
    /// Why probes could not be sent.
    send_errors: &'a BTreeSet<String>,
    /// Datagrams that its host dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    rx_dropped: Option<u64>,
    #[serde(flatten)]
    figures: FiguresResult<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outages: Option<&'a Outages>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<WhatIfResult>,
}

#[derive(Serialize)]
struct DifferenceResult {
    /// The line of the journal, from 1.
    line: u64,
    /// The probe it is about.
    seq: Option<u64>,
    /// The record there; null where there is none.
    recorded: Value,
    /// The record that is decided now; null where nothing is.
    decided: Value,
}

/// The figures of a run, under the key of its kind.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum FiguresResult<'a> {
    Summary(&'a Summary),
    Lanes([LaneResult<'a>; 3]),
    Beats(&'a SenderSummary),
    Watched(&'a MonitorSummary),
    Served(&'a ServedSummary),
}

#[derive(Serialize)]
struct LaneResult<'a> {
    via: Via,
    summary: &'a Summary,
    traffic: &'a Traffic,
}

#[derive(Serialize)]
struct WhatIfResult {
    timeout_ns: u64,
    recorded: FateCounts,
    decided: FateCounts,
    changes: Vec<Change>,
}

impl From<&Difference> for DifferenceResult {
    fn from(difference: &Difference) -> Self {
        // An empty one is none.
        let record = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self {
            line: difference.line,
            seq: difference.seq,
            recorded: record(&difference.recorded),
            decided: record(&difference.decided),
        }
    }
}

impl<'a> From<&'a RunFigures> for FiguresResult<'a> {
    fn from(figures: &'a RunFigures) -> Self {
        match figures {
            RunFigures::Session(summary, _) => Self::Summary(summary),
            RunFigures::Compare(lanes) => {
                let [udp, new, kept] = &**lanes;
                let lane = |via, (summary, traffic): &'a (Summary, Traffic)| LaneResult {
                    via,
                    summary,
                    traffic,
                };
                let [first, second, third] = Via::ALL;
                Self::Lanes([lane(first, udp), lane(second, new), lane(third, kept)])
            }
            RunFigures::Sender(beats) => Self::Beats(beats),
            RunFigures::Receiver(watched) => Self::Watched(watched),
            RunFigures::Reflector(served) => Self::Served(served),
        }
    }
}

fn what_if(timeout: Duration, answer: &WhatIfReport) -> WhatIfResult {
    WhatIfResult {
        timeout_ns: saturating_nanos(timeout),
        recorded: answer.recorded(),
        decided: answer.decided(),
        changes: answer.changes().collect(),
    }
}

/// Prints what became of `journal`, and what another `timeout` would have meant.
pub(super) fn print(
    out: &mut impl Write,
    journal: &Replayed,
    timeout: Option<Duration>,
) -> io::Result<()> {
    let report = &journal.report;
    let result = SessionResult {
        header: &journal.header,
        verified: report.verified(),
        decisions: report.decisions,
        differences: report.differences,
        examples: report.examples.iter().map(Into::into).collect(),
        dropped: report.dropped,
        unverifiable: report.unverifiable,
        unknown_records: report.unknown,
        unknown_fields: journal.unknown_keys,
        cut: journal.cut.is_some(),
        end_ns: journal.end_ns,
        send_errors: &journal.send_errors,
        rx_dropped: journal.incidents.rx_dropped,
        figures: (&journal.figures).into(),
        outages: match &journal.figures {
            RunFigures::Session(_, outages) => outages.as_ref(),
            _ => None,
        },
        what_if: timeout
            .zip(journal.answer.as_ref())
            .map(|(timeout, answer)| what_if(timeout, answer)),
    };
    serde_json::to_writer(&mut *out, &result)?;
    writeln!(out)?;
    out.flush()
}
