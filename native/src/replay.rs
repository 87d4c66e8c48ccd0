//! `udping replay`: a journal's decisions, made again.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use udping_core::journal::{Header, Kind, Record, parse_record};
use udping_core::replay::{Replay, Report};
use udping_core::what_if::{Answer, Fate, WhatIf};

use crate::Verdict;
use crate::cli::ReplayArgs;
use crate::report;

/// The longest line that is read. A journal's own are under a kilobyte or two.
const LONGEST_LINE: u64 = 1 << 20;

/// How many differences and changes are printed.
const SHOWN: usize = 20;

pub(crate) fn run(args: &ReplayArgs) -> anyhow::Result<Verdict> {
    let name = args.file.display().to_string();
    let input: Box<dyn BufRead> = if args.file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file =
            File::open(&args.file).with_context(|| format!("cannot open the journal {name}"))?;
        Box::new(BufReader::with_capacity(1 << 16, file))
    };
    let mut lines = Lines {
        input,
        number: 0,
        buffer: Vec::new(),
    };
    let read = read(&mut lines, args.timeout);
    let journal = read.with_context(|| format!("cannot replay {name}"))?;

    let mut out = io::stdout().lock();
    let verdict = print(&mut out, &journal)?;
    if let (Some(timeout), Some(answer)) = (args.timeout, &journal.answer) {
        print_what_if(&mut out, &journal.header, timeout, answer)?;
    }
    out.flush()?;
    Ok(verdict)
}

/// A journal that has been read and replayed.
struct Replayed {
    header: Header,
    report: Report,
    summary: udping_core::stats::Summary,
    answer: Option<Answer>,
    /// Keys that this program does not know.
    unknown_keys: u64,
    /// Where the file was cut, if it was.
    cut: Option<String>,
    end_ns: u64,
}

fn read(
    lines: &mut Lines<Box<dyn BufRead>>,
    timeout: Option<Duration>,
) -> anyhow::Result<Replayed> {
    let Some(first) = lines.next()? else {
        bail!("it is empty: nothing was ever written to it")
    };
    if !first.complete
        && Header::parse(first.text).is_err()
        && first.text.starts_with("{\"udping\":")
    {
        bail!("it was cut within its first line, so it holds no session");
    }
    let header = Header::parse(first.text)?;
    let mut replay = Replay::new(&header)?;
    let mut what_if = timeout
        .map(|timeout| WhatIf::new(&header, timeout))
        .transpose()?;
    let (mut unknown_keys, mut cut, mut end_ns) = (0_u64, None, 0);
    while let Some(line) = lines.next()? {
        let (record, unknown) = match parse_record(line.text) {
            Ok(parsed) => parsed,
            Err(_) if !line.complete => {
                cut = Some(format!("within line {}", line.number));
                break;
            }
            Err(error) => bail!("line {}: {error}", line.number),
        };
        unknown_keys += u64::from(unknown);
        end_ns = end_ns.max(time_of(&record).unwrap_or(0));
        replay.feed(line.number, &record);
        if let Some(what_if) = &mut what_if {
            what_if.feed(&record);
        }
    }
    let report = replay.report().clone();
    if cut.is_none() && !report.summary {
        cut = Some(format!("after line {}", lines.number));
    }
    let summary = replay.session().stats().summary();
    let answer = what_if.map(WhatIf::finish);
    Ok(Replayed {
        header,
        report,
        summary,
        answer,
        unknown_keys,
        cut,
        end_ns,
    })
}

fn time_of(record: &Record) -> Option<u64> {
    match record {
        Record::Sent(it) => Some(it.at_ns),
        Record::Reply(it) => Some(it.at_ns),
        Record::Stop(it) => Some(it.at_ns),
        Record::Done(it) => Some(it.at_ns),
        _ => None,
    }
}

fn print(out: &mut impl Write, journal: &Replayed) -> anyhow::Result<Verdict> {
    let Replayed { header, report, .. } = journal;
    let what = match header.kind {
        Kind::Simulation => "a simulation".to_owned(),
        _ => format!(
            "a session with {}",
            header.target.as_deref().unwrap_or("a server left unnamed")
        ),
    };
    let when = header
        .wall_start
        .as_ref()
        .map_or_else(String::new, |start| format!(", started {start}"));
    writeln!(out, "{what}, by {}{when}", header.tool)?;

    if report.verified() {
        writeln!(
            out,
            "verified: {} decisions, 0 differences",
            report.decisions
        )?;
    } else if report.differences > 0 {
        writeln!(
            out,
            "NOT verified: {} decisions, {} differences",
            report.decisions, report.differences
        )?;
    } else {
        writeln!(
            out,
            "verified in part: {} decisions, 0 differences",
            report.decisions
        )?;
    }
    for difference in report.examples.iter().take(SHOWN) {
        writeln!(out, "  {difference}")?;
    }
    let more = report.differences.saturating_sub(SHOWN as u64);
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    if let Some(place) = &journal.cut {
        writeln!(
            out,
            "note: the journal is cut {place}; what stands before is all there is"
        )?;
    }
    if report.dropped > 0 {
        writeln!(
            out,
            "note: {} records were dropped when this was written; {} after that cannot be verified",
            report.dropped, report.unverifiable
        )?;
    }
    if report.unknown > 0 || journal.unknown_keys > 0 {
        writeln!(
            out,
            "note: skipped {} records and {} fields of kinds that this program does not know",
            report.unknown, journal.unknown_keys
        )?;
    }
    let server = match header.kind {
        Kind::Simulation => "simulated server".to_owned(),
        _ => header.target.clone().unwrap_or_else(|| "server".to_owned()),
    };
    let mut lines = report::Report::new(
        out,
        report::Style::default(),
        server,
        String::new(),
        Duration::from_nanos(header.timeout_ns),
    );
    lines.summary(&journal.summary, Duration::from_nanos(journal.end_ns))?;
    Ok(if report.differences == 0 {
        Verdict::Good
    } else {
        Verdict::Bad
    })
}

fn print_what_if(
    out: &mut impl Write,
    header: &Header,
    timeout: Duration,
    answer: &Answer,
) -> io::Result<()> {
    let (was, now) = (answer.recorded(), answer.decided());
    writeln!(
        out,
        "\n--- with a timeout of {timeout:?} in place of {:?} ---",
        Duration::from_nanos(header.timeout_ns)
    )?;
    writeln!(
        out,
        "{:>10} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "", "replied", "lost", "of it late", "refused", "unknown"
    )?;
    for (name, tally) in [("recorded", was), ("then", now)] {
        writeln!(
            out,
            "{name:>10} {:>9} {:>9} {:>10} {:>9} {:>9}",
            tally.replied, tally.lost, tally.late, tally.refused, tally.unknown
        )?;
    }
    let mut changes = answer.changes();
    for change in changes.by_ref().take(SHOWN) {
        writeln!(
            out,
            "  seq={}: {} instead of {}",
            change.seq,
            fate(change.decided),
            fate(change.recorded)
        )?;
    }
    let more = changes.count();
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    writeln!(
        out,
        "The packets are those that were sent: under another timeout some would have gone out at other times."
    )?;
    if now.unknown > 0 {
        writeln!(
            out,
            "Unknown: nobody listened for that long, so nobody can tell."
        )?;
    }
    Ok(())
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::InFlight => "in flight",
        Fate::Replied => "replied",
        Fate::Lost => "lost",
        Fate::Late => "late",
        Fate::Refused => "refused",
        Fate::Unsent => "not sent",
        _ => "unknown",
    }
}

/// The lines of a file, each of bounded length and checked to be text.
struct Lines<R> {
    input: R,
    number: u64,
    buffer: Vec<u8>,
}

struct Line<'a> {
    number: u64,
    text: &'a str,
    /// A newline ends it.
    complete: bool,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> anyhow::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let read =
            io::Read::take(&mut self.input, LONGEST_LINE).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        let complete = self.buffer.last() == Some(&b'\n');
        if !complete && read as u64 == LONGEST_LINE {
            bail!("line {number} is longer than a megabyte: this is not a udping journal");
        }
        let text = match std::str::from_utf8(&self.buffer) {
            Ok(text) => text.trim_end(),
            // The cut went through a character.
            Err(_) if !complete && number > 1 => "",
            Err(error) => bail!(
                "line {number} is not text, from its byte {} on: this is not a udping journal",
                error.valid_up_to() + 1
            ),
        };
        Ok(Some(Line {
            number,
            text,
            complete,
        }))
    }
}
