//! `udping replay`: a journal's decisions, made again.
//!
//! Owns what is printed of a journal, and the exit status that it comes to. How a file is read is
//! `input`'s; what a decision is, the journal's library knows.

mod figures;
mod incidents;
mod input;
mod json;

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use udping_journal::replay::{Difference, Report, Verifier};
use udping_journal::what_if::{ProbeFate, WhatIf, WhatIfReport};
use udping_journal::{Header, Kind, Record, parse_line};

use crate::ExitStatus;
use crate::charset::TextWriter;
use crate::cli::ReplayArgs;
use crate::fail::{self, FailCondition};
use crate::i18n::{self, Message, say};
use crate::report::{self, seconds};
use crate::visible;
use figures::{RecordedFigures, RunFigures};
use incidents::Incidents;
pub(crate) use input::{Lines, open};

/// How every journal starts, and by which one that was cut early is known.
pub(crate) const HEADER_START: &str = "{\"udping\":\"journal\"";

/// How many differences and changes are printed.
const SHOWN: usize = 20;

pub(crate) fn run(args: &ReplayArgs) -> anyhow::Result<ExitStatus> {
    let name = args.file.display().to_string();
    let impossible = || say::ReplayImpossible { name: name.clone() };
    let mut lines = Lines::new(open(&args.file).with_context(impossible)?);
    let out = &mut BufWriter::new(io::stdout().lock());
    let mut status = ExitStatus::Success;
    for n in 1.. {
        let line = lines.number() + 1;
        let Some(journal) = read(&mut lines, n, args.timeout).with_context(impossible)? else {
            break;
        };
        let is_session = matches!(journal.figures, RunFigures::Session(..));
        anyhow::ensure!(is_session || args.fail.fail.is_empty(), say::REPLAY_NO_FAIL);
        let heading = (n > 1 || journal.is_followed).then_some(say::ReplaySessionOf { n, line });
        let printed = if args.json {
            json::print(out, &journal, args.timeout)
        } else {
            let out = &mut TextWriter(&mut *out);
            print(out, heading.as_ref(), &journal, args.timeout)
        };
        match printed {
            // The verdict stands, whether or not anybody reads on.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                return Err(error).context(say::STDOUT_FAILED);
            }
            _ => {}
        }
        status = match status {
            ExitStatus::Failure => status,
            _ if journal.report.differences > 0 => ExitStatus::Failure,
            _ if journal.meets_any(&args.fail.fail) => ExitStatus::ConditionMet,
            ExitStatus::ConditionMet => status,
            _ if journal.cut.is_some() => ExitStatus::Cut,
            _ => status,
        };
    }
    Ok(status)
}

/// A journal that has been read and replayed.
struct Replayed {
    header: Header,
    replay: Verifier,
    report: Report,
    /// The figures; where a gap keeps them from being had, the recorded ones.
    figures: RunFigures,
    answer: Option<WhatIfReport>,
    incidents: Incidents,
    /// What the system said of the probes that it did not send: each reason once.
    send_errors: BTreeSet<String>,
    /// Keys that this program does not know.
    unknown_keys: u64,
    /// Where it was cut, if it was.
    cut: Option<String>,
    end_ns: u64,
    /// Another session's header follows.
    is_followed: bool,
}

impl Replayed {
    /// Says which of the conditions its figures meet; whether any.
    fn meets_any(&self, conditions: &[FailCondition]) -> bool {
        let RunFigures::Session(summary, _) = &self.figures else {
            return false;
        };
        let stats = match &self.replay {
            Verifier::Session(replay) if self.report.dropped == 0 => Some(replay.session().stats()),
            _ => None,
        };
        fail::any_met(conditions, summary, stats)
    }
}

/// Reads the `n`th session and replays it; `None` after the last.
fn read(lines: &mut Lines, n: u64, timeout: Option<Duration>) -> anyhow::Result<Option<Replayed>> {
    let Some(first) = lines.next()? else {
        anyhow::ensure!(n > 1, say::REPLAY_EMPTY);
        return Ok(None);
    };
    let text = first.text.trim_start_matches('\u{feff}');
    let header = parse_header(text, first.complete)?;
    let mut replay = Verifier::new(&header)?;
    anyhow::ensure!(
        timeout.is_none() || matches!(replay, Verifier::Session(_)),
        say::REPLAY_NO_WHAT_IF
    );
    anyhow::ensure!(
        timeout.is_none() || header.part.is_none(),
        say::REPLAY_NO_WHAT_IF_OF_PART
    );
    let mut what_if = timeout
        .map(|timeout| WhatIf::new(&header, timeout))
        .transpose()?;
    let mut unknown_keys = unknown_fields(text, &header);
    let (mut cut, mut end_ns, mut recorded) = (None, 0, RecordedFigures::default());
    let (mut incidents, mut send_errors) = (Incidents::default(), BTreeSet::new());
    let (mut is_followed, mut latest) = (false, header.clone());
    while let Some(line) = lines.next()? {
        if line.text.is_empty() && line.complete {
            continue;
        }
        let next_header = line.text.find(HEADER_START);
        if next_header == Some(0) {
            if is_next_part(&mut latest, line.text) {
                continue;
            }
            is_followed = true;
            lines.give_back(0);
            break;
        }
        let (record, via, mut unknown) = match parse_line(line.text) {
            Ok(parsed) => parsed,
            // Another session was written behind one that was cut, here or on the next line.
            Err(_) if next_header.is_some() => {
                let line = line.number;
                cut = Some(say::ReplayWithin { line }.to_string());
                is_followed = true;
                lines.give_back(next_header.unwrap_or_default());
                break;
            }
            Err(_) if !line.complete => {
                let line = line.number;
                cut = Some(say::ReplayWithin { line }.to_string());
                break;
            }
            Err(error) => {
                let (line, what) = (line.number, i18n::localized(&error));
                let next = lines.next()?;
                is_followed = next.is_some_and(|next| next.text.starts_with(HEADER_START));
                anyhow::ensure!(is_followed, say::ReplayLine { line, what });
                lines.give_back(0);
                cut = Some(say::ReplayWithin { line }.to_string());
                break;
            }
        };
        // Only a comparison's records say which session they are of.
        unknown += u32::from(via.is_some() && header.kind != Kind::Compare);
        if record != Record::Unknown {
            unknown_keys += u64::from(unknown);
        }
        end_ns = end_ns.max(record.at_ns().unwrap_or(0));
        replay.feed(line.number, via, &record);
        // After a gap the packets are no longer all there.
        if let Some(what_if) = what_if.as_mut().filter(|_| replay.dropped() == 0) {
            what_if.feed(&record);
        }
        recorded.take(via, &record);
        incidents.take(&record);
        if let Record::Unsent(unsent) = record
            && send_errors.len() < SHOWN
        {
            send_errors.extend(unsent.error);
        }
    }
    let report = replay.report();
    if cut.is_none() && !report.summary && !report.continues {
        let line = lines.number();
        cut = Some(say::ReplayAfter { line }.to_string());
    }
    let on_record = if report.dropped > 0 || report.continued {
        recorded
    } else {
        RecordedFigures::default()
    };
    let figures = RunFigures::of(&replay, &on_record);
    Ok(Some(Replayed {
        header,
        replay,
        report,
        figures,
        answer: what_if.map(WhatIf::finish),
        incidents,
        send_errors,
        unknown_keys,
        cut,
        end_ns,
        is_followed,
    }))
}

/// Reads a session's first line, which may have been cut.
pub(crate) fn parse_header(text: &str, complete: bool) -> anyhow::Result<Header> {
    let begins_well = text.starts_with(HEADER_START) || HEADER_START.starts_with(text);
    if !complete && begins_well && Header::parse(text).is_err() {
        bail!(say::REPLAY_CUT_FIRST_LINE);
    }
    Ok(Header::parse(text)?)
}

/// Whether this is the header of the part that comes next, where the parts of a journal that was
/// split were joined; `header`, which began the part before, is then that one.
pub(crate) fn is_next_part(header: &mut Header, text: &str) -> bool {
    let next = Header::parse(text).ok().filter(|it| it.continues(header));
    let is_next = next.is_some();
    if let Some(next) = next {
        *header = next;
    }
    is_next
}

/// How many fields of a header's text nobody reads: those that could say anything.
fn unknown_fields(text: &str, header: &Header) -> u64 {
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
        return 0;
    };
    let nonsense = || json!([[]]);
    let unread = fields.keys().filter(|key| {
        let mut changed = fields.clone();
        changed.insert((*key).clone(), nonsense());
        Header::parse(&Value::Object(changed).to_string()).as_ref() == Ok(header)
    });
    unread.map(|_| 1).sum()
}

fn print(
    out: &mut impl Write,
    heading: Option<&say::ReplaySessionOf<u64, u64>>,
    journal: &Replayed,
    timeout: Option<Duration>,
) -> io::Result<()> {
    let Replayed { header, report, .. } = journal;
    if let Some(heading) = heading {
        let between = if heading.n > 1 { "\n" } else { "" };
        writeln!(out, "{between}{heading}")?;
    }
    let named = header.target().as_deref().map(visible);
    let target = named.as_deref().unwrap_or(say::REPLAY_UNNAMED.text());
    writeln!(out, "{}", title(header, target))?;

    writeln!(out, "{}", verdict(journal))?;
    for difference in report.examples.iter().take(SHOWN) {
        let Difference {
            line,
            recorded,
            decided,
            ..
        } = difference;
        let [recorded, decided] = [recorded, decided].map(|record| match record.as_str() {
            "" => say::REPLAY_NOTHING.text(),
            record => record,
        });
        let difference = say::ReplayDifference {
            line,
            recorded,
            decided,
        };
        writeln!(out, "  {difference}")?;
    }
    let n = report.differences.saturating_sub(SHOWN as u64);
    if n > 0 {
        writeln!(out, "  {}", say::AndMore { n })?;
    }
    print_gaps(out, journal)?;
    journal.incidents.print(out, target)?;
    if let Some(n) = journal.incidents.rx_dropped {
        // The record does not say whether it is an estimate.
        let about = report::about(true);
        match &journal.figures {
            RunFigures::Session(..) => writeln!(out, "{}", say::HostDropped { about, n })?,
            _ => writeln!(out, "{}", say::ServeRxDropped { about, n })?,
        }
    }

    let elapsed = Duration::from_nanos(journal.end_ns);
    match &journal.figures {
        // Only the last part of a journal that was split has any.
        _ if report.continued && !report.summary => {}
        RunFigures::Session(summary, outages) => {
            let server = match header.kind {
                Kind::Simulation => say::SIMULATE_SERVER.to_string(),
                _ => journal
                    .incidents
                    .last_target(header)
                    .as_deref()
                    .map_or_else(|| say::REPLAY_SERVER.to_string(), visible),
            };
            let mut report = report::Report::new(
                report::Style::default(),
                server,
                String::new(),
                Duration::from_nanos(header.timeout_ns),
            );
            // Of a session that is not all there, nobody can tell.
            let is_whole = journal.report.dropped == 0 && !journal.report.continued;
            if header.kind == Kind::Ping && is_whole {
                report.facts.rate_limit = journal.incidents.suspected_rate_limit();
            }
            for why in &journal.send_errors {
                report.send_error(&visible(why));
            }
            let start = header.timestamps().start;
            let is_real = header.kind == Kind::Ping && header.wall_ns.is_some();
            report.take_outages(outages.clone(), Some(start).filter(|_| is_real));
            report.summary(out, summary, &[], elapsed)?;
        }
        other => other.print(out, header, elapsed)?,
    }
    if let (Some(timeout), Some(answer)) = (timeout, &journal.answer) {
        print_what_if(out, header, timeout, answer)?;
    }
    out.flush()
}

/// What a journal holds, of whom, and who wrote it.
fn title(header: &Header, target: &str) -> String {
    // Whose journal it is, nobody knows.
    let tool = &visible(&header.tool);
    let when = header.wall_start.as_deref().map(visible);
    let when = when.map(|start| say::ReplayStarted { start }.to_string());
    let when = when.unwrap_or_default();
    match header.kind {
        Kind::Simulation => say::ReplaySimulation { tool, when }.to_string(),
        Kind::Compare => say::ReplayComparison { target, tool, when }.to_string(),
        Kind::Heartbeat if header.silence_ns.is_some() => {
            say::ReplayHeard { target, tool, when }.to_string()
        }
        Kind::Serve => say::ReplayServed { target, tool, when }.to_string(),
        Kind::Heartbeat => say::ReplayBeats { target, tool, when }.to_string(),
        Kind::Graded => {
            let graded = header.graded.clone().unwrap_or_default();
            let [program, scenario] = [&graded.program, &graded.scenario].map(|it| visible(it));
            let (program, scenario) = (&program, &scenario);
            say::ReplayGraded {
                program,
                scenario,
                tool,
                when,
            }
            .to_string()
        }
        Kind::Ping => say::ReplaySession { target, tool, when }.to_string(),
    }
}

/// Whether the decisions on record are those that are made now.
fn verdict(journal: &Replayed) -> String {
    let report = &journal.report;
    let decisions = say::Decisions {
        n: report.decisions,
    };
    let differences = say::Differences {
        n: report.differences,
    };
    if report.verified() && (journal.cut.is_some() || report.continues) {
        say::ReplayVerifiedSoFar {
            decisions,
            differences,
        }
        .to_string()
    } else if report.verified() {
        say::ReplayVerified {
            decisions,
            differences,
        }
        .to_string()
    } else if report.differences > 0 {
        say::ReplayNotVerified {
            decisions,
            differences,
        }
        .to_string()
    } else {
        say::ReplayVerifiedInPart {
            decisions,
            differences,
        }
        .to_string()
    }
}

/// What keeps the journal from telling all.
fn print_gaps(out: &mut impl Write, journal: &Replayed) -> io::Result<()> {
    let report = &journal.report;
    if let Some(place) = &journal.cut {
        let end = seconds(Duration::from_nanos(journal.end_ns));
        writeln!(out, "{}", say::ReplayCut { place, end })?;
    }
    if report.continues {
        let part = journal.header.part.unwrap_or(1).saturating_add(1);
        writeln!(out, "{}", say::ReplayNextPart { part })?;
    }
    if let Some(part) = journal.header.part {
        let records = report.unverifiable;
        writeln!(out, "{}", say::ReplayPart { part, records })?;
    } else if report.dropped > 0 {
        let (dropped, unverifiable) = (report.dropped, report.unverifiable);
        let gap = say::ReplayGap {
            dropped,
            unverifiable,
        };
        writeln!(out, "{gap}")?;
    }
    let records = say::SkippedRecords { n: report.unknown };
    let fields = say::SkippedFields {
        n: journal.unknown_keys,
    };
    let what = match (records.n, fields.n) {
        (0, 0) => return Ok(()),
        (_, 0) => records.to_string(),
        (0, _) => fields.to_string(),
        _ => say::SkippedBoth { records, fields }.to_string(),
    };
    writeln!(out, "{}", say::ReplaySkipped { what })
}

fn print_what_if(
    out: &mut impl Write,
    header: &Header,
    timeout: Duration,
    answer: &WhatIfReport,
) -> io::Result<()> {
    let (was, now) = (answer.recorded(), answer.decided());
    let title = say::WhatIfTitle {
        timeout: i18n::duration(timeout),
        recorded: i18n::duration(Duration::from_nanos(header.timeout_ns)),
    };
    writeln!(out, "\n{title}")?;
    let columns = [
        (say::WHAT_IF_REPLIED, was.replied, now.replied),
        (say::WHAT_IF_LOST, was.lost, now.lost),
        (say::WHAT_IF_LATE, was.late, now.late),
        (say::WHAT_IF_REFUSED, was.refused, now.refused),
        (say::WHAT_IF_UNKNOWN, was.unknown, now.unknown),
    ]
    .map(|(name, was, now)| [name.to_string(), was.to_string(), now.to_string()]);
    let names = ["", say::WHAT_IF_RECORDED.text(), say::WHAT_IF_THEN.text()];
    let widest = names.map(|name| name.chars().count()).into_iter().max();
    let indent = widest.unwrap_or(0);
    for (row, name) in names.into_iter().enumerate() {
        write!(out, "{name:>indent$}")?;
        for column in &columns {
            let width = column[0].chars().count().max(9);
            write!(out, " {:>width$}", column[row])?;
        }
        writeln!(out)?;
    }
    let mut changes = answer.changes();
    for change in changes.by_ref().take(SHOWN) {
        let change = say::WhatIfChange {
            seq: change.seq,
            decided: fate(change.decided),
            recorded: fate(change.recorded),
        };
        writeln!(out, "  {change}")?;
    }
    let n = changes.count();
    if n > 0 {
        writeln!(out, "  {}", say::AndMore { n })?;
    }
    writeln!(out, "{}", say::WHAT_IF_PACKETS)?;
    if now.unknown > 0 {
        writeln!(out, "{}", say::WHAT_IF_NOBODY_KNOWS)?;
    }
    Ok(())
}

fn fate(fate: ProbeFate) -> Message {
    match fate {
        ProbeFate::InFlight => say::BECOME_IN_FLIGHT,
        ProbeFate::Replied => say::BECOME_REPLIED,
        ProbeFate::Lost => say::BECOME_LOST,
        ProbeFate::Late => say::BECOME_LATE,
        ProbeFate::Refused => say::BECOME_REFUSED,
        ProbeFate::Unsent => say::BECOME_UNSENT,
        ProbeFate::Unknown => say::BECOME_UNKNOWN,
    }
}
