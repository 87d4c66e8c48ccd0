//! A journal's bytes, in chunks of any size, to a [`Run`].
//!
//! Owns lines, limits and what is said of a bad file. Knows nothing of files: the
//! page reads, this is fed. No line is kept: each goes through the core's replay and
//! into the run's columns.

use udping_core::journal::{Header, HeaderError, Record, VERSION, parse_record};
use udping_core::replay::Replay;

use super::lacks::Lacks;
use super::log::{Log, place};
use super::message::{Arg, Message};
use super::run::{Recorded, Run};

/// Reads a journal. Drop it to cancel.
#[derive(Debug, Default)]
pub struct Loader {
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    progress: Progress,
    session: Option<Box<Session>>,
}

/// What follows the header.
#[derive(Debug)]
struct Session {
    header: Header,
    replay: Replay,
    log: Log,
    lacks: Lacks,
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
        let mut rest = bytes;
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
        }
        self.progress.bytes += rest.len() as u64;
        self.keep(rest)
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let probes = |session: &Session| session.log.probes.seq.len() as u64;
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
        if let Err(error) = self.line(&last) {
            // A line without an end may be half a line; but half a header is no journal.
            if self.session.is_none() {
                return Err(error);
            }
            cut = Some((error.line, last.len() as u64));
        }
        let Some(session) = self.session else {
            return Err(LoadError {
                line: 1,
                column: 0,
                what: Message::new("load-empty"),
            });
        };
        let Session {
            header,
            replay,
            log,
            mut lacks,
        } = *session;
        lacks.cut = cut;
        let report = replay.report().clone();
        let lacks = lacks.tell(&header, &report, &log);
        let recorded = Recorded { log, report, lacks };
        Ok(Run::recorded(header, recorded))
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
        let text = core::str::from_utf8(bytes).map_err(|error| LoadError {
            line,
            column: error.valid_up_to() as u64 + 1,
            what: Message::new(if self.session.is_some() {
                "load-not-utf8"
            } else {
                "load-not-a-journal"
            }),
        })?;
        if let Some(session) = &mut self.session {
            session.record(line, text)
        } else {
            self.session = Some(Box::new(Session::new(line, text)?));
            Ok(())
        }
    }
}

impl Session {
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
                HeaderError::Malformed(what) => {
                    Message::new("load-bad-header").with("what", Arg::Text(what))
                }
                _ => Message::new("load-not-a-journal"),
            })
        })?;
        let replay = Replay::new(&header).map_err(|error| {
            wrong(Message::new("load-bad-config").with("what", Arg::Text(error.to_string())))
        })?;
        Ok(Self {
            header,
            replay,
            log: Log::default(),
            lacks: Lacks::default(),
        })
    }

    fn record(&mut self, line: u64, text: &str) -> Result<(), LoadError> {
        let (record, unknown_keys) = parse_record(text).map_err(|error| LoadError {
            line,
            column: error.column as u64,
            what: Message::new("load-malformed").with("what", Arg::Text(plain(&error.what))),
        })?;
        if self.log.events.at.len() >= Loader::MOST_EVENTS {
            let most = Arg::Count(Loader::MOST_EVENTS as u64);
            return Err(LoadError {
                line,
                column: 0,
                what: Message::new("load-too-many").with("events", most),
            });
        }
        self.lacks.note(line, &record, unknown_keys);
        let before = self.replay.report().differences;
        let differs = self.replay.feed(line, &record).and_then(|it| it.seq);
        let seq = self.seq_of(&record);
        let next = place(self.log.events.at.len());
        if let Some(event) = self.log.push_record(&record, seq) {
            let last = self.log.lines.last();
            let expected = last.map(|(from, at)| at + u64::from(event - from));
            if expected != Some(line) {
                self.log.lines.push((event, line));
            }
        }
        if self.replay.report().differences > before {
            // A summary is no event, and no probe's.
            self.log.mark_difference(next, differs);
        }
        Ok(())
    }

    /// The whole number of the probe that a record is about.
    fn seq_of(&self, record: &Record) -> Option<u64> {
        match record {
            Record::Sent(it) => Some(it.sent),
            Record::Reply(it) => {
                let client = self.replay.session().client();
                it.seq.or_else(|| client.unwrap_seq(it.reply?))
            }
            Record::Lost(it) => Some(it.lost),
            Record::Unreachable(it) => it.refused.or(it.unreachable),
            Record::Unsent(it) => Some(it.unsent),
            Record::Stamp(it) => Some(it.stamp),
            _ => None,
        }
    }
}

/// What is wrong, without the place, which counts lines within this one.
fn plain(what: &str) -> String {
    what.split(" at line ").next().unwrap_or(what).to_owned()
}

#[cfg(test)]
mod tests;
