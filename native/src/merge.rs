//! `udping merge`: a session's journal and its server's, side by side.
//!
//! Owns which of the server's datagrams is which probe's. What follows from both ends is
//! `udping-journal`'s.

mod server;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use udping_core::wire::low_bits;
use udping_core::wire::template::{Role, Template};
use udping_journal::both::{BothEnds, BothSummary, FarEnd};
use udping_journal::clocks::{Bounds, ClocksError};
use udping_journal::replay::Replay;
use udping_journal::{Far, Header, Kind, Parts, Record, WireName, to_line};

use crate::ExitStatus;
use crate::charset::TextWriter;
use crate::cli::MergeArgs;
use crate::i18n::{self, Number, say};
use crate::replay::{HEADER_START, Lines, is_next_part, open, parse_header};
use crate::report::millis;
use crate::visible;
use server::{Exchange, Key, Server, Token};

pub(crate) fn run(args: &MergeArgs) -> anyhow::Result<ExitStatus> {
    let [client, server] = [&args.client, &args.server].map(|path| path.display().to_string());
    let cannot = |name: &str| {
        let name = name.to_owned();
        move || say::MergeImpossible { name }
    };
    let mut session = ClientSession::read(&args.client).with_context(cannot(&client))?;
    let servers = server::read(&args.server, session.key).with_context(cannot(&server))?;
    let (far_end, known) = session.find(&servers).with_context(cannot(&server))?;
    ensure!(!known.is_empty(), say::MergeStrangers { client, server });
    let mut both = BothEnds::new(&far_end);
    for (record, seq) in &session.records {
        both.take(record, *seq);
    }
    let at_ns = session.end_ns;
    let far: Vec<Far> = known
        .into_iter()
        .map(|(seq, exchange)| exchange.far(seq, at_ns))
        .collect();
    for far in &far {
        both.take_far(far);
    }
    match both.lay_clocks().or_else(ClocksError::if_nothing) {
        Ok(()) => {}
        Err(_) => bail!(say::MERGE_UNEVEN),
    }
    let summary = both.summary(at_ns);
    let parts: Vec<Parts> = std::iter::from_fn(|| both.next_parts(at_ns)).collect();

    let merged = far.into_iter().map(Record::from);
    let merged = merged.chain([summary.clone().into()]);
    let merged = merged.chain(parts.iter().cloned().map(Record::from));
    session.header.far_end = Some(far_end);
    session.write(&args.output, merged)?;
    let out = &mut TextWriter(BufWriter::new(io::stdout().lock()));
    match print(out, &session.header, &summary.both, &parts) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context(say::STDOUT_FAILED)
        }
        _ => Ok(ExitStatus::Success),
    }
}

/// A client's session, as its journal has it.
struct ClientSession {
    header: Header,
    /// By what its probes are known.
    key: Key,
    /// Every record but the last figures, each with the probe that it is about.
    records: Vec<(Record, Option<u64>)>,
    /// The same as text.
    lines: Vec<String>,
    /// The last figures' line.
    figures: Option<String>,
    /// What the probes carry, by their numbers.
    tokens: BTreeMap<u64, Token>,
    end_ns: u64,
}

impl ClientSession {
    /// Reads the journal of a client.
    fn read(path: &Path) -> anyhow::Result<Self> {
        let mut lines = Lines::new(open(path)?);
        let first = lines.next()?.context(say::REPLAY_EMPTY)?;
        let header = parse_header(first.text.trim_start_matches('\u{feff}'), first.complete)?;
        ensure!(header.kind == Kind::Ping, say::MERGE_NO_CLIENT);
        ensure!(header.far_end.is_none(), say::MERGE_ALREADY);
        ensure!(header.part.is_none(), say::MERGE_PART);
        let (key, numbers) = key(&header)?;
        let mut latest = header.clone();
        let mut replay = Replay::new(&header)?;
        let mut session = Self {
            header,
            key,
            records: Vec::new(),
            lines: Vec::new(),
            figures: None,
            tokens: BTreeMap::new(),
            end_ns: 0,
        };
        while let Some(line) = lines.next()? {
            if line.text.is_empty() {
                continue;
            }
            if line.text.starts_with(HEADER_START) && is_next_part(&mut latest, line.text) {
                continue;
            }
            let is_header = line.text.starts_with(HEADER_START);
            ensure!(session.figures.is_none() && !is_header, say::MERGE_SEVERAL);
            let Some(record) = line.record()? else { break };
            let differs = replay.feed(line.number, &record).is_some();
            ensure!(!differs, say::MERGE_DIFFERS);
            session.take(line.text, record, &replay);
        }
        ensure!(!replay.report().continues, say::MERGE_PART);
        let most = session.tokens.last_key_value().map_or(0, |(seq, _)| *seq);
        ensure!(most < numbers, say::MergeNumbersRepeat { n: numbers });
        Ok(session)
    }

    fn take(&mut self, text: &str, record: Record, replay: &Replay) {
        let client = replay.session().client();
        self.end_ns = self.end_ns.max(record.at_ns().unwrap_or(0));
        match &record {
            Record::Summary(_) => {
                self.figures = Some(format!("{text}\n"));
                return;
            }
            // Its parts are joined.
            Record::Split(_) => return,
            Record::Sent(it) => {
                if let Some(timestamp) = client.timestamp(it.sent) {
                    // STAMP counts from 0.
                    let from = u64::from(self.header.wire == WireName::Stamp);
                    let number = low_bits(it.sent.wrapping_sub(from));
                    let token = (number, timestamp.as_nanos());
                    self.tokens.insert(it.sent, token);
                }
            }
            _ => {}
        }
        let seq = record.seq(|low| client.unwrap_seq(low));
        self.lines.push(format!("{text}\n"));
        self.records.push((record, seq));
    }

    /// What the server's journal, or that session and source of it which knows most of them,
    /// says of this session's probes.
    ///
    /// # Errors
    /// Nothing tells which source it is.
    fn find<'a>(
        &self,
        servers: &'a [Server],
    ) -> anyhow::Result<(FarEnd, BTreeMap<u64, &'a Exchange>)> {
        let known = servers.iter().flat_map(|server| {
            let known = server.known(&self.tokens);
            known.map(|known| (server.end.clone(), known))
        });
        let mut known: Vec<_> = known.collect();
        known.sort_by_key(|(_, known)| Reverse(known.len()));
        let most = known.first().map_or(0, |(_, known)| known.len());
        let n = known.iter().take_while(|(_, it)| it.len() == most).count();
        ensure!(
            n < 2 || most == 0 || self.key == Key::Token,
            say::MergeAmbiguous { n }
        );
        Ok(known.into_iter().next().unwrap_or_else(|| {
            let (tool, complete) = (String::new(), false);
            (FarEnd { tool, complete }, BTreeMap::new())
        }))
    }

    /// Writes the merged journal.
    fn write(&self, path: &Path, merged: impl Iterator<Item = Record>) -> anyhow::Result<()> {
        let name = path.display().to_string();
        let failed = || say::JournalNotWritten { name: name.clone() };
        let mut out: Box<dyn Write> = match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                bail!(say::MergeExists { name })
            }
            file => Box::new(BufWriter::new(file.with_context(failed)?)),
        };
        let header = to_line(&self.header)?;
        let merged: Result<Vec<String>, _> = merged.map(|record| to_line(&record)).collect();
        let merged = merged?;
        let lines = std::iter::once(&header)
            .chain(&self.lines)
            .chain(&merged)
            .chain(&self.figures);
        for line in lines {
            out.write_all(line.as_bytes()).with_context(failed)?;
        }
        out.flush().with_context(failed)
    }
}

/// By what the probes of such a session are known at a server, and how many numbers its wire
/// tells apart.
fn key(header: &Header) -> anyhow::Result<(Key, u64)> {
    let no_number = |wire: String| say::MergeNoNumber { wire };
    ensure!(
        !header.accept_unnumbered || header.wire == WireName::Described,
        no_number("--match any".to_owned())
    );
    if header.wire != WireName::Described {
        return Ok(if header.wire.tells_timestamp() {
            (Key::Token, u64::MAX)
        } else {
            (Key::Number, 1 << 32)
        });
    }
    let description = header.description.as_ref();
    let request = description.and_then(|it| it.request.as_deref());
    let request = request.unwrap_or_default();
    let template = Template::compile(request, Role::Request)
        .map_err(|error| anyhow::anyhow!(i18n::localized(&error)))?;
    let modulus = template.modulus().with_context(|| {
        let name = description.and_then(|it| it.name.as_ref());
        let wire = name.map_or(request.to_owned(), |name| format!("--wire {name}"));
        no_number(wire).to_string()
    })?;
    Ok(if template.verifies() {
        (Key::Token, u64::MAX)
    } else {
        (Key::Number, modulus)
    })
}

/// Says what both ends come to.
fn print(
    out: &mut impl Write,
    header: &Header,
    both: &BothSummary,
    parts: &[Parts],
) -> io::Result<()> {
    let target = header.target().as_deref().map(visible);
    let target = target.unwrap_or_else(|| say::REPLAY_UNNAMED.to_string());
    let n = both.reached;
    writeln!(out, "{}", say::MergeHeading { target, n })?;
    let losses = say::MergeLosses {
        requests: both.lost_requests,
        unanswered: both.unanswered,
        replies: both.lost_replies,
    };
    writeln!(out, "{losses}")?;
    if both.lost_somewhere > 0 {
        let n = both.lost_somewhere;
        writeln!(out, "{}", say::MergeLostSomewhere { n })?;
    }
    if let (Some(first), Some(last), Some(drift)) =
        (both.first_offset_ns, both.last_offset_ns, both.drift_ppb)
    {
        for (bounds, when) in [(first, say::MERGE_FIRST), (last, say::MERGE_LAST)] {
            let (offset, doubt) = (middle(bounds), doubt(bounds));
            writeln!(
                out,
                "{}",
                say::MergeOffset {
                    when,
                    offset,
                    doubt
                }
            )?;
        }
        let [least, most] = [drift.min, drift.max].map(ppm);
        writeln!(out, "{}", say::MergeDrift { least, most })?;
    }
    let way = |what, part: fn(&Parts) -> Option<Bounds>| {
        let WayFigures { mean, most, doubt } = WayFigures::of(parts.iter().filter_map(part))?;
        Some(say::MergeWay {
            what,
            mean,
            most,
            doubt,
        })
    };
    if let Some(there) = way(say::MERGE_THERE, |it| it.there_ns) {
        writeln!(out, "{there}")?;
    }
    let server = parts
        .iter()
        .filter_map(|it| i64::try_from(it.server_ns?).ok());
    let server = server.map(|it| Bounds { min: it, max: it });
    if let Some(WayFigures { mean, most, .. }) = WayFigures::of(server) {
        writeln!(out, "{}", say::MergeServer { mean, most })?;
    }
    if let Some(back) = way(say::MERGE_BACK, |it| it.back_ns) {
        writeln!(out, "{back}")?;
    }
    out.flush()
}

/// The times of one way, in milliseconds: each in the middle of its bounds.
struct WayFigures {
    mean: Number<String>,
    most: Number<String>,
    /// How far any may be from there.
    doubt: Number<String>,
}

impl WayFigures {
    fn of(all: impl Iterator<Item = Bounds>) -> Option<Self> {
        let (mut sum, mut count, mut most, mut doubt) = (0_i64, 0_i64, 0, 0);
        for bounds in all {
            let middle = bounds.min.midpoint(bounds.max);
            sum = sum.saturating_add(middle);
            count += 1;
            most = middle.max(most);
            doubt = bounds.max.saturating_sub(bounds.min).max(doubt);
        }
        Some(Self {
            mean: of_nanos(sum.checked_div(count)?),
            most: of_nanos(most),
            doubt: of_nanos(doubt / 2),
        })
    }
}

fn of_nanos(nanos: i64) -> Number<String> {
    millis(Duration::from_nanos(nanos.unsigned_abs()))
}

/// The middle of an offset's bounds, in seconds.
fn middle(bounds: Bounds) -> Number<String> {
    let nanos = bounds.min.midpoint(bounds.max);
    let sign = if nanos < 0 { "\u{2212}" } else { "" };
    let length = nanos.unsigned_abs();
    let (whole, part) = (length / 1_000_000_000, length % 1_000_000_000);
    Number(format!("{sign}{whole}.{part:09}"))
}

/// How far an offset may be from there, in milliseconds.
fn doubt(bounds: Bounds) -> impl Display {
    of_nanos(bounds.max.saturating_sub(bounds.min).saturating_add(1) / 2)
}

/// A drift in parts per million.
fn ppm(ppb: i64) -> Number<String> {
    let sign = if ppb < 0 { "\u{2212}" } else { "" };
    let amount = ppb.unsigned_abs();
    let (whole, part) = (amount / 1_000, amount % 1_000);
    Number(format!("{sign}{whole}.{part:03}"))
}
