//! `udping replay`: a journal's decisions, made again.

mod figures;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use udping_core::journal::{Header, Kind, Record, parse_line};
use udping_core::replay::{Report, Verifier};
use udping_core::what_if::{Answer, Fate, WhatIf};

use crate::Verdict;
use crate::cli::ReplayArgs;
use crate::report::{self, count, seconds};
use figures::{Figures, Recorded};

/// How every journal starts, and by which one that was cut early is known.
const HEADER_START: &str = "{\"udping\":\"journal\"";

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

    match print(
        &mut BufWriter::new(io::stdout().lock()),
        &journal,
        args.timeout,
    ) {
        // The verdict stands, whether or not anybody reads on.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(error).context("cannot write to standard output");
        }
        _ => {}
    }
    Ok(if journal.report.differences == 0 {
        Verdict::Good
    } else {
        Verdict::Bad
    })
}

/// A journal that has been read and replayed.
struct Replayed {
    header: Header,
    report: Report,
    /// The figures; where a gap keeps them from being had, the recorded ones.
    figures: Figures,
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
    let text = first.text.trim_start_matches('\u{feff}');
    let begins_well = text.starts_with(HEADER_START) || HEADER_START.starts_with(text);
    if !first.complete && begins_well && Header::parse(text).is_err() {
        bail!("it was cut within its first line, so it holds no session");
    }
    let header = Header::parse(text)?;
    let mut replay = Verifier::new(&header)?;
    anyhow::ensure!(
        timeout.is_none() || matches!(replay, Verifier::Session(_)),
        "another timeout can be asked of a ping or a simulation only: leave out --timeout"
    );
    let mut what_if = timeout
        .map(|timeout| WhatIf::new(&header, timeout))
        .transpose()?;
    let mut unknown_keys = unknown_fields(text, &header);
    let (mut cut, mut end_ns, mut recorded) = (None, 0, Recorded::default());
    while let Some(line) = lines.next()? {
        if line.text.is_empty() && line.complete {
            continue;
        }
        let (record, via, mut unknown) = match parse_line(line.text) {
            Ok(parsed) => parsed,
            Err(_) if !line.complete => {
                cut = Some(format!("within line {}", line.number));
                break;
            }
            Err(error) => bail!("line {}: {error}", line.number),
        };
        // Only a comparison's records say which session they are of.
        unknown += u32::from(via.is_some() && header.kind != Kind::Compare);
        if record != Record::Unknown {
            unknown_keys += u64::from(unknown);
        }
        end_ns = end_ns.max(time_of(&record).unwrap_or(0));
        replay.feed(line.number, via, &record);
        // After a gap the packets are no longer all there.
        if let Some(what_if) = what_if.as_mut().filter(|_| replay.dropped() == 0) {
            what_if.feed(&record);
        }
        recorded.take(via, &record);
    }
    let report = replay.report();
    if cut.is_none() && !report.summary {
        cut = Some(format!("after line {}", lines.number));
    }
    let on_record = if report.dropped > 0 {
        recorded
    } else {
        Recorded::default()
    };
    let figures = Figures::of(&replay, &on_record);
    let answer = what_if.map(WhatIf::finish);
    Ok(Replayed {
        header,
        report,
        figures,
        answer,
        unknown_keys,
        cut,
        end_ns,
    })
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

fn time_of(record: &Record) -> Option<u64> {
    match record {
        Record::Sent(it) => Some(it.at_ns),
        Record::Reply(it) => Some(it.at_ns),
        Record::Stop(it) => Some(it.at_ns),
        Record::Done(it) => Some(it.at_ns),
        Record::Beat(it) => Some(it.at_ns),
        _ => None,
    }
}

fn print(out: &mut impl Write, journal: &Replayed, timeout: Option<Duration>) -> io::Result<()> {
    let Replayed { header, report, .. } = journal;
    let what = match header.kind {
        Kind::Simulation => "a simulation".to_owned(),
        Kind::Compare => format!("a comparison of UDP and TCP with {}", target(header)),
        Kind::Heartbeat if header.silence_ns.is_some() => {
            format!("heartbeats heard by {}", target(header))
        }
        Kind::Heartbeat => format!("heartbeats sent to {}", target(header)),
        _ => format!("a session with {}", target(header)),
    };
    let when = header
        .wall_start
        .as_ref()
        .map_or_else(String::new, |start| format!(", started {start}"));
    writeln!(out, "{what}, by {}{when}", header.tool)?;

    let verdict = if report.verified() {
        "verified"
    } else if report.differences > 0 {
        "NOT verified"
    } else {
        "verified in part"
    };
    writeln!(
        out,
        "{verdict}: {}, {}",
        count(report.decisions, "decision"),
        count(report.differences, "difference")
    )?;
    for difference in report.examples.iter().take(SHOWN) {
        writeln!(out, "  {difference}")?;
    }
    let more = report.differences.saturating_sub(SHOWN as u64);
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    print_notes(out, journal)?;

    let elapsed = Duration::from_nanos(journal.end_ns);
    match &journal.figures {
        Figures::Session(summary) => {
            let server = match header.kind {
                Kind::Simulation => "simulated server".to_owned(),
                _ => header.target.clone().unwrap_or_else(|| "server".to_owned()),
            };
            report::Report::new(
                &mut *out,
                report::Style::default(),
                server,
                String::new(),
                Duration::from_nanos(header.timeout_ns),
            )
            .summary(summary, elapsed)?;
        }
        other => other.print(out, header, elapsed)?,
    }
    if let (Some(timeout), Some(answer)) = (timeout, &journal.answer) {
        print_what_if(out, header, timeout, answer)?;
    }
    out.flush()
}

fn target(header: &Header) -> &str {
    header.target.as_deref().unwrap_or("a server left unnamed")
}

/// What keeps the journal from telling all.
fn print_notes(out: &mut impl Write, journal: &Replayed) -> io::Result<()> {
    let report = &journal.report;
    if let Some(place) = &journal.cut {
        let end = seconds(Duration::from_nanos(journal.end_ns));
        writeln!(
            out,
            "note: the journal is cut {place}, {end} s into the session; what stands before is all there is"
        )?;
    }
    if report.dropped > 0 {
        writeln!(
            out,
            "note: {} dropped when this was written, so {} after that cannot be verified, and the figures are those on record",
            were(report.dropped),
            count(report.unverifiable, "record"),
        )?;
    }
    if report.unknown > 0 || journal.unknown_keys > 0 {
        let skipped = [(report.unknown, "record"), (journal.unknown_keys, "field")]
            .map(|(number, what)| (number > 0).then(|| count(number, what)));
        let skipped: Vec<_> = skipped.into_iter().flatten().collect();
        writeln!(
            out,
            "note: skipped {} that this program does not know",
            skipped.join(" and ")
        )?;
    }
    Ok(())
}

fn were(records: u64) -> String {
    let verb = if records == 1 { "was" } else { "were" };
    format!("{} {verb}", count(records, "record"))
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
        "", "replied", "lost", "(late)", "refused", "unknown"
    )?;
    for (name, tally) in [("recorded", was), ("then", now)] {
        writeln!(
            out,
            "{name:>10} {:>9} {:>9} {:>9} {:>9} {:>9}",
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
