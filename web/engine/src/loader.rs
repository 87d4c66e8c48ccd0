//! A journal's bytes, in chunks of any size, to a [`Run`].
//!
//! Owns lines, limits and what is said of a bad file. Knows nothing of files: the
//! page reads, this is fed. No line is kept: each goes through the core's replay and
//! into the run's columns.

use udping_journal::comparison::Via;
use udping_journal::format::Format;
use udping_journal::replay::Verifier;
use udping_journal::{
    Far, FastLines, Gap, Header, HeaderError, Kind, Printed, Record, VERSION, parse_line,
};

use super::log::{Log, index_u32};
use super::message::{Arg, Message};
use super::missing_data::MissingData;
use super::run::{Indexes, Recorded, Run};

mod growing;

/// Reads a journal. Drop it to cancel.
#[derive(Debug, Default)]
pub struct Loader {
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    progress: Progress,
    session: Option<Box<SessionReader>>,
    /// The line before, which is no record. Another session's header explains it if it follows:
    /// the session was cut there. Otherwise it is left out.
    broken: Option<(LoadError, u64)>,
    /// The first line that was left out, and how many were.
    left_out: Option<(LoadError, usize)>,
    /// How many sessions follow the first, and on which line the second begins.
    others: Option<(u64, u64)>,
}

/// How a header starts.
const HEADER_START: &[u8] = b"{\"udping\":\"journal\"";

/// What follows the header.
#[derive(Debug)]
struct SessionReader {
    header: Header,
    replay: Verifier,
    /// One, or in a comparison one for each way.
    logs: Vec<Log>,
    /// What was made of each when it was shown last.
    indexes: Vec<Option<Indexes>>,
    missing_data: MissingData,
    /// Who senders of heartbeats are, by their numbers.
    names: Vec<(u64, String)>,
    /// What the server's journal says of the probes, of a merged one.
    far: Vec<Far>,
    /// What a graded program printed of the probes.
    printed: Vec<Printed>,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes taken.
    pub bytes: u64,
    /// Lines read.
    pub lines: u64,
    /// Probes found.
    pub probes: u64,
}

/// Why a journal cannot be opened: a sentence, and where.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LoadError {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1; 0 where the whole line is meant.
    pub column: u64,
    /// What is wrong.
    pub what: Message,
}

impl Loader {
    /// The longest line that is read, in bytes. The longest that a udping writes is a
    /// header with all its interventions.
    pub const LONGEST_LINE: usize = 1 << 20;

    /// How many lines that are no records are left out: what has more of them is no journal.
    pub const MOST_LEFT_OUT: usize = 20;

    /// The most events that a page can hold.
    pub const MOST_EVENTS: usize = 20_000_000;

    /// A loader at the first byte.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`LoadError`]; the loader is of no more use then.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        if self.progress.bytes == 0
            && let Some(format) = Format::of(bytes)
        {
            return Err(named(format));
        }
        let mut rest = self.usual(bytes)?;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            self.progress.bytes += line.len() as u64 + 1;
            if self.partial.is_empty() {
                self.line(line)?;
            } else {
                self.keep(line)?;
                let line = core::mem::take(&mut self.partial);
                self.line(&line)?;
            }
            rest = self.usual(rest)?;
        }
        self.progress.bytes += rest.len() as u64;
        self.keep(rest)
    }

    /// Takes the lines that nothing is to be found out about: they stand as they are written,
    /// where lines are records. What is left begins with another line, or is empty.
    fn usual<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], LoadError> {
        let mut lines = FastLines::new(bytes);
        if let Some(session) = &mut self.session
            && self.partial.is_empty()
            && self.broken.is_none()
            && self.others.is_none()
        {
            for record in lines.by_ref() {
                self.progress.lines += 1;
                session.record(self.progress.lines, &record, None, 0)?;
            }
        }
        self.progress.bytes += (bytes.len() - lines.rest().len()) as u64;
        Ok(lines.rest())
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let probes = |session: &SessionReader| {
            let logs = session.logs.iter();
            logs.map(|log| log.probes.seq.len() as u64).sum()
        };
        Progress {
            probes: self.session.as_deref().map_or(0, probes),
            ..self.progress
        }
    }

    /// The bytes are at their end.
    ///
    /// # Errors
    /// [`LoadError`] if that is no journal, not even one that was cut.
    pub fn finish(mut self) -> Result<Run, LoadError> {
        let last = core::mem::take(&mut self.partial);
        let mut cut = None;
        self.line(&last)?;
        if let Some((error, bytes)) = self.broken.take() {
            // A line without an end may be half a line.
            if last.trim_ascii().is_empty() && self.others.is_none() {
                self.leave_out(&error)?;
            } else {
                cut = Some((error.line, bytes));
            }
        }
        // A header and nothing that is a record is no journal.
        if let (Some((first, count)), Some(session)) = (self.left_out, &self.session)
            && session.events() <= count * session.logs.len()
        {
            return Err(first);
        }
        let Some(session) = self.session else {
            return Err(LoadError {
                line: 1,
                column: 0,
                what: Message::new("load-empty"),
            });
        };
        Ok(session.end(cut, self.others))
    }

    /// Keeps the beginning of a line.
    fn keep(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        if self.partial.len() + bytes.len() > Self::LONGEST_LINE {
            return Err(self.too_long());
        }
        self.partial.extend_from_slice(bytes);
        Ok(())
    }

    fn too_long(&self) -> LoadError {
        let limit = Arg::Count(Self::LONGEST_LINE as u64);
        LoadError {
            line: self.progress.lines + 1,
            column: 0,
            what: Message::new("load-line-too-long").with("bytes", limit),
        }
    }

    /// Reads a line, its end left out.
    fn line(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        if bytes.len() > Self::LONGEST_LINE {
            return Err(self.too_long());
        }
        if bytes.trim_ascii().is_empty() {
            self.progress.lines += u64::from(!bytes.is_empty() || self.session.is_some());
            return Ok(());
        }
        self.progress.lines += 1;
        let line = self.progress.lines;
        if self.session.is_some() && has_header(bytes) {
            let (others, _) = self.others.get_or_insert((0, line));
            *others += 1;
        }
        // Only the first is shown.
        if self.others.is_some() {
            return Ok(());
        }
        if let Some((error, _)) = self.broken.take() {
            self.leave_out(&error)?;
        }
        let text = core::str::from_utf8(bytes).map_err(|error| LoadError {
            line,
            column: error.valid_up_to() as u64 + 1,
            what: Message::new(if self.session.is_some() {
                "load-not-utf8"
            } else {
                "load-not-a-journal"
            }),
        });
        if let Some(session) = &mut self.session {
            if let Err(error) = text.and_then(|text| session.line(line, text)) {
                if error.what.id == "load-too-many" {
                    return Err(error);
                }
                self.broken = Some((error, bytes.len() as u64));
            }
        } else {
            self.session = Some(Box::new(SessionReader::new(line, text?)?));
        }
        Ok(())
    }

    /// Goes on without a line, unless there have been too many such lines.
    fn leave_out(&mut self, error: &LoadError) -> Result<(), LoadError> {
        let (first, count) = self.left_out.get_or_insert((error.clone(), 0));
        *count += 1;
        if *count > Self::MOST_LEFT_OUT {
            return Err(first.clone());
        }
        if let Some(session) = &mut self.session {
            session.leave_out(error);
        }
        Ok(())
    }
}

/// Whether a header stands on a line, at its beginning or after half a record.
fn has_header(line: &[u8]) -> bool {
    // Searching takes as long as reading a record, and nearly every line has one brace only.
    let several = memchr::memrchr(b'{', line).is_some_and(|last| last > 0);
    line.starts_with(HEADER_START) || several && memchr::memmem::find(line, HEADER_START).is_some()
}

/// What is said of a file that is no text of a journal.
fn named(format: Format) -> LoadError {
    let what = match format {
        Format::Gzip => "load-is-gzip",
        Format::Zstd => "load-is-zstd",
        Format::Utf16 { .. } => "load-is-utf16",
        Format::Capture => "load-is-capture",
        Format::Qlog => "load-is-qlog",
        Format::Irtt => "load-is-irtt",
        Format::Packed(_) => "load-is-packed",
        Format::Zip => "load-is-zip",
        Format::Html => "load-is-html",
    };
    LoadError {
        line: 1,
        column: 0,
        what: Message::new(what),
    }
}

impl SessionReader {
    /// What the header on `line` begins.
    fn new(line: u64, text: &str) -> Result<Self, LoadError> {
        let wrong = |what| LoadError {
            line,
            column: 0,
            what,
        };
        // Some editors put a mark before the first character.
        let text = text.trim_start_matches('\u{feff}');
        let header = Header::parse(text).map_err(|error| {
            wrong(match error {
                HeaderError::NewerVersion(version) => Message::new("load-newer-version")
                    .with("version", Arg::Number(version.into()))
                    .with("known", Arg::Number(VERSION.into())),
                HeaderError::OlderVersion(version) => Message::new("load-older-version")
                    .with("version", Arg::Number(version.into()))
                    .with("known", Arg::Number(VERSION.into())),
                HeaderError::Malformed(what) => {
                    Message::new("load-bad-header").with("what", Arg::Text(what))
                }
                HeaderError::NotAJournal => Message::new("load-not-a-journal"),
            })
        })?;
        let replay = Verifier::new(&header).map_err(|error| {
            wrong(Message::new("load-bad-config").with("what", Arg::Text(error.to_string())))
        })?;
        let logs = if header.kind == Kind::Compare {
            Via::ALL.len()
        } else {
            1
        };
        Ok(Self {
            header,
            replay,
            logs: vec![Log::default(); logs],
            indexes: Vec::new(),
            missing_data: MissingData::default(),
            names: Vec::new(),
            far: Vec::new(),
            printed: Vec::new(),
        })
    }

    /// The run; of a comparison the first way, with the others in it.
    fn end(mut self, cut: Option<(u64, u64)>, others: Option<(u64, u64)>) -> Run {
        self.missing_data.cut = cut;
        self.missing_data.other_sessions = others;
        let mut ways = self.ways();
        let others = ways.split_off(1.min(ways.len()));
        let first = ways.pop();
        first
            .unwrap_or_else(|| Run::recorded(self.header, Recorded::default()))
            .with_others(others)
    }

    /// What each way came to, with its log in it.
    fn ways(&mut self) -> Vec<Run> {
        // The verdict is on the file, and the same for all its ways.
        let report = self.replay.report();
        let logs = core::mem::take(&mut self.logs);
        let mut indexes = core::mem::take(&mut self.indexes).into_iter();
        let several = logs.len() > 1;
        let ways = logs.into_iter().zip(Via::ALL).map(|(log, via)| {
            let recorded = Recorded {
                missing_data: self.missing_data.messages(&self.header, &report, &log),
                report: report.clone(),
                via: several.then_some(via),
                waited: None,
                others: Vec::new(),
                figures: figures(&self.replay, via),
                names: self.names.clone(),
                far: self.far.clone(),
                of_server: false,
                printed: self.printed.clone(),
                of_program: false,
                log,
            };
            let indexes = indexes.next().flatten();
            Run::growing(self.header.clone(), recorded, indexes)
        });
        ways.collect()
    }

    /// A line that is no record is a gap of one: what follows cannot be verified.
    fn leave_out(&mut self, error: &LoadError) {
        self.missing_data.leave_out(error.line, &error.what);
        for (way, log) in self.logs.iter_mut().enumerate() {
            let at_ns = log.events.at.last().copied().unwrap_or(0);
            let gap = Record::Gap(Gap { gap: 1, at_ns });
            if way == 0 {
                self.replay.feed(error.line, None, &gap);
            }
            if let Some(event) = log.push_record(&gap, None) {
                log.lines.push((event, error.line));
            }
        }
    }

    fn events(&self) -> usize {
        self.logs.iter().map(|log| log.events.at.len()).sum()
    }

    fn line(&mut self, line: u64, text: &str) -> Result<(), LoadError> {
        let (record, via, unknown_keys) = parse_line(text).map_err(|error| LoadError {
            line,
            column: error.column as u64,
            what: Message::new("load-malformed").with("what", Arg::Text(plain(&error.what))),
        })?;
        self.record(line, &record, via, unknown_keys)
    }

    /// Takes the record on a line, on which so many keys were not known.
    fn record(
        &mut self,
        line: u64,
        record: &Record,
        via: Option<Via>,
        mut unknown_keys: u32,
    ) -> Result<(), LoadError> {
        // Only a comparison's records say which way they are of.
        unknown_keys += u32::from(via.is_some() && self.logs.len() == 1);
        if self.events() >= Loader::MOST_EVENTS {
            let most = Arg::Count(Loader::MOST_EVENTS as u64);
            return Err(LoadError {
                line,
                column: 0,
                what: Message::new("load-too-many").with("events", most),
            });
        }
        self.missing_data.note(line, record, unknown_keys);
        match record {
            Record::Named(it) => self.names.push((it.named, it.address.clone())),
            Record::Far(it) => self.far.push(it.clone()),
            Record::Printed(it) => self.printed.push(it.clone()),
            _ => {}
        }
        let difference = self.replay.feed(line, via, record);
        let differs = difference.map(|it| it.seq);
        let way = via.filter(|_| self.logs.len() > 1).map_or(0, Via::place);
        // The client that decides again may have stopped where records are missing.
        let numbered = self.replay.client(via).is_some();
        let sent = self.logs.get(way).filter(|_| numbered);
        let seq = record.seq(|low| sent?.unwrap_seq(low));
        let Some(log) = self.logs.get_mut(way) else {
            return Ok(());
        };
        let next = index_u32(log.events.at.len());
        if let Some(event) = log.push_record(record, seq) {
            let last = log.lines.last();
            let expected = last.map(|(from, at)| at + u64::from(event - from));
            if expected != Some(line) {
                log.lines.push((event, line));
            }
        }
        if let Some(differs) = differs {
            // A summary is no event, and no probe's.
            log.mark_difference(next, differs);
        }
        Ok(())
    }
}

/// Figures that a ping does not have: what a way cost, or what either end of heartbeats
/// makes of them.
fn figures(replay: &Verifier, via: Via) -> Option<Message> {
    let count = Arg::Count;
    match replay {
        Verifier::Session(_) => None,
        Verifier::Compare(lanes) => {
            let it = lanes.get(via.place())?.traffic()?;
            Some(
                Message::new("fact-traffic")
                    .with("trips", count(it.round_trips))
                    .with("out", count(it.packets_out))
                    .with("in", count(it.packets_in))
                    .with("up", count(it.bytes_out))
                    .with("down", count(it.bytes_in)),
            )
        }
        Verifier::Reflector(replay) => {
            let it = replay.summary();
            let dropped = it
                .dropped
                .values()
                .fold(0, |sum: u64, n| sum.saturating_add(*n));
            Some(
                Message::new("fact-served")
                    .with("received", count(it.received))
                    .with("answered", count(it.answered))
                    .with("dropped", count(dropped))
                    .with("there", count(it.lost_requests))
                    .with("back", count(it.lost_replies)),
            )
        }
        Verifier::Heartbeat(replay) => match (replay.sender(), replay.watch()) {
            (Some(sender), _) => {
                let it = sender.summary();
                Some(
                    Message::new("fact-beats")
                        .with("sent", count(it.sent))
                        .with("refused", count(it.refused))
                        .with("missed", count(it.missed)),
                )
            }
            (None, watch) => {
                let it = watch?.summary();
                Some(
                    Message::new("fact-watched")
                        .with("senders", count(it.senders))
                        .with("beats", count(it.beats))
                        .with("missing", count(it.missing))
                        .with("stopped", count(it.stopped)),
                )
            }
        },
    }
}

/// What is wrong, without the place, which counts lines within this one.
fn plain(what: &str) -> String {
    what.split(" at line ").next().unwrap_or(what).to_owned()
}

#[cfg(test)]
mod tests;
