//! The journal's thread: from the measuring loop to files, without being felt.
//!
//! Owns the queue and everything that writes. The loop only puts a record into a
//! ring, without a system call or a lock; where the ring is full, records are
//! dropped and a `gap` says how many. Knows nothing of what records mean.

mod file;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use jiff::Timestamp;
use udping_core::time::WallTime;
use udping_core::{Config, Schedule};
use udping_journal::comparison::Via;
use udping_journal::{
    Gap, Header, Incident, IncidentKind, Kind, Record, ReflectorSpec, Tagged, WireName,
};

use crate::clock::{self, Clock};
use crate::i18n::{duration, say};
use crate::net::Skipped;
use crate::run_end::RunEnd;
use crate::stdio::PATIENCE;
use file::JournalFile;
pub(crate) use file::{Existing, JournalStdout};

/// What writes a journal, as its header names it.
pub(crate) const TOOL: &str = concat!("udping ", env!("CARGO_PKG_VERSION"));

/// Whom a journal is about.
pub(crate) struct Subject<'a> {
    /// As it was given, if it was.
    pub(crate) host: Option<&'a str>,
    pub(crate) address: SocketAddr,
}

impl<'a> Subject<'a> {
    /// Nobody, where a journal is to be without addresses.
    pub(crate) fn of(host: Option<&'a str>, address: SocketAddr, redact: bool) -> Option<Self> {
        (!redact).then_some(Self { host, address })
    }
}

/// The header of a journal that begins now, about `subject`, unless that is to be left out.
/// What else it says is its command's to fill in.
pub(crate) fn header(
    kind: Kind,
    config: &Config,
    slots: u64,
    subject: Option<&Subject<'_>>,
) -> Header {
    let header = Header::new(kind, TOOL.to_owned(), WireName::Textbook, config, slots);
    labelled(header, subject)
}

/// The header of heartbeats sent or received, the same way.
pub(crate) fn heartbeat_header(
    schedule: Schedule,
    count: Option<NonZeroU64>,
    slots: u64,
    subject: Option<&Subject<'_>>,
) -> Header {
    let header = Header::heartbeats(TOOL.to_owned(), schedule, count, slots);
    labelled(header, subject)
}

/// The header of a reflector's journal, the same way.
pub(crate) fn serve_header(
    wire: WireName,
    reflector: ReflectorSpec,
    table_entries: u64,
    subject: &Subject<'_>,
) -> Header {
    let header = Header::serve(TOOL.to_owned(), wire, reflector, table_entries);
    labelled(header, Some(subject))
}

/// `header`, with what only people read: about `subject`, and when it begins.
pub(crate) fn labelled(header: Header, subject: Option<&Subject<'_>>) -> Header {
    let address = subject.map(|it| it.address);
    Header {
        host: subject.and_then(|it| it.host).map(str::to_owned),
        port: address.map(|it| it.port()),
        address: address.map(address_text),
        clock: Some("monotonic".to_owned()),
        wall_start: label(clock::wall()),
        ..header
    }
}

/// That an address of a target was skipped, before the session began: its names and addresses,
/// and what was said of it, unless they are to be left out.
pub(crate) fn next_address(skipped: &Skipped, redact: bool) -> Record {
    let keep = |text: String| (!redact).then_some(text);
    Record::Incident(Incident {
        incident: IncidentKind::NextAddress,
        at_ns: 0,
        for_ns: None,
        by_ns: None,
        address: keep(skipped.next.to_string()),
        old_address: keep(skipped.address.to_string()),
        error: keep(skipped.why.clone()),
    })
}

/// The address alone, with its zone if it has one.
fn address_text(address: SocketAddr) -> String {
    match address {
        SocketAddr::V6(v6) if v6.scope_id() != 0 => format!("{}%{}", v6.ip(), v6.scope_id()),
        _ => address.ip().to_string(),
    }
}

/// What the wall clock reads, for people (RFC 3339): of any year that it has a name for.
fn label(wall: SystemTime) -> Option<String> {
    let time = Timestamp::try_from(wall).ok()?;
    Some(format!("{time:.3}"))
}

/// The same of a moment that is past.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only the monitor begins a journal in the past")
)]
pub(crate) fn wall_label(wall: WallTime) -> Option<String> {
    label(SystemTime::UNIX_EPOCH + Duration::from_nanos(wall.as_nanos()))
}

/// A moment of the wall clock, for people (RFC 3339), to the second.
pub(crate) fn time_of_day(wall: WallTime) -> Option<String> {
    let time = SystemTime::UNIX_EPOCH + Duration::from_nanos(wall.as_nanos());
    let time = Timestamp::try_from(time).ok()?;
    Some(format!("{time:.0}"))
}

/// Records that can wait for the thread: 60 ms at a million a second.
const QUEUE: usize = 1 << 16;

/// How long the thread sleeps between two rounds, unless much is waiting already. It
/// shares the processors with what is measured, so it works seldom and then at length.
const NAP: Duration = Duration::from_millis(10);

/// How much text waits to be written together.
const BUFFER: usize = 1 << 16;

/// What takes a journal's lines.
pub(crate) enum Output {
    File(Box<JournalFile>),
    Stream(Box<dyn Write + Send>),
}

impl Output {
    /// A file, as [`JournalFile::open`] says; or a named pipe, which is opened when there is a
    /// reader.
    ///
    /// # Errors
    /// As [`JournalFile::open`].
    pub(crate) fn file(path: &Path, existing: Existing, max: Option<u64>) -> anyhow::Result<Self> {
        if !is_named_pipe(path) {
            let file = JournalFile::open(path, existing, max)?;
            return Ok(Self::File(Box::new(file)));
        }
        let pipe = NamedPipe {
            path: path.to_owned(),
            open: None,
        };
        Ok(Self::stream(pipe))
    }

    pub(crate) fn stream(stream: impl Write + Send + 'static) -> Self {
        Self::Stream(Box::new(BufWriter::with_capacity(BUFFER, stream)))
    }

    /// Writes the header, whose `line` this is.
    pub(crate) fn begin(&mut self, header: &Header, line: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.begin(header, line),
            Self::Stream(stream) => stream.write_all(line),
        }
    }

    /// Writes a whole line, of what was noticed at `at_ns`.
    pub(crate) fn line(&mut self, at_ns: u64, line: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.line(at_ns, line),
            Self::Stream(stream) => stream.write_all(line),
        }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stream(stream) => stream.flush(),
        }
    }
}

/// Where a journal's lines go.
pub(crate) struct Sink {
    name: String,
    out: Output,
    destination: Destination,
    /// Its place among the sinks of its journal.
    place: usize,
    failed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    File,
    StandardOutput,
    /// Standard output, with nothing but the header and the final figures.
    Brief,
}

impl Sink {
    /// The file at `path`, which `out` writes to.
    pub(crate) fn file(path: &Path, out: Output) -> Self {
        Self {
            name: path.display().to_string(),
            out,
            destination: Destination::File,
            place: 0,
            failed: false,
        }
    }

    /// Standard output; `brief` leaves out all but the header and the final figures.
    ///
    /// # Errors
    /// As [`JournalStdout::open`].
    pub(crate) fn standard_output(brief: bool, end: &RunEnd) -> anyhow::Result<Self> {
        Ok(Self {
            name: say::STANDARD_OUTPUT.to_string(),
            out: Output::stream(JournalStdout::open(end)?),
            destination: if brief {
                Destination::Brief
            } else {
                Destination::StandardOutput
            },
            place: 0,
            failed: false,
        })
    }

    fn begin(&mut self, header: &Header, line: &[u8], shared: &Shared) {
        self.attempt(shared, |out| out.begin(header, line));
    }

    fn write(&mut self, at_ns: u64, line: &[u8], shared: &Shared) {
        self.attempt(shared, |out| out.line(at_ns, line));
    }

    fn flush(&mut self, shared: &Shared) {
        self.attempt(shared, Output::flush);
    }

    fn attempt(&mut self, shared: &Shared, what: impl FnOnce(&mut Output) -> io::Result<()>) {
        if !self.failed {
            shared.writing.store(self.place, Ordering::Relaxed);
            let done = what(&mut self.out);
            self.check(done, shared);
        }
    }

    fn check(&mut self, result: io::Result<()>, shared: &Shared) {
        match result {
            Ok(()) => {
                shared.progress.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => {
                self.failed = true;
                // Whoever reads standard output may go away: that ends the run, quietly.
                if self.destination != Destination::File
                    && error.kind() == io::ErrorKind::BrokenPipe
                {
                    shared.closed.store(true, Ordering::Relaxed);
                } else {
                    let name = &self.name;
                    shared.complain(say::JournalNotWrittenWith { name, error }.to_string());
                }
            }
        }
    }
}

#[cfg(unix)]
fn is_named_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_named_pipe(_path: &Path) -> bool {
    false
}

/// A named pipe, opened at the first write: opening waits for a reader, and it is the
/// journal's thread that shall wait, not the measuring.
struct NamedPipe {
    path: PathBuf,
    open: Option<File>,
}

impl Write for NamedPipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = match &mut self.open {
            Some(file) => file,
            closed => closed.insert(File::options().write(true).open(&self.path)?),
        };
        file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the thread and the loop know of each other.
#[derive(Debug, Default)]
struct Shared {
    /// There are complaints.
    any: AtomicBool,
    complaints: Mutex<Vec<String>>,
    /// The reader of standard output went away.
    closed: AtomicBool,
    /// Counts what the sinks took, to tell slow from stuck.
    progress: AtomicU64,
    /// The place of the sink that takes something now, or did last.
    writing: AtomicUsize,
    /// The last record is in the queue.
    finish: AtomicBool,
}

impl Shared {
    fn complain(&self, message: String) {
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
        self.any.store(true, Ordering::Release);
    }

    fn take(&self) -> Vec<String> {
        if !self.any.swap(false, Ordering::Acquire) {
            return Vec::new();
        }
        let mut complaints = self
            .complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut complaints)
    }
}

/// What waits to be written.
#[derive(Debug)]
enum Queued {
    /// The first line.
    Header(Box<Header>),
    /// A record, and in a comparison which session it is of.
    Record(Record, Option<Via>),
}

/// Whether a record has the figures of a whole run.
fn is_figures(record: &Record) -> bool {
    matches!(
        record,
        Record::Summary(_)
            | Record::Traffic(_)
            | Record::Beats(_)
            | Record::Watched(_)
            | Record::Served(_)
    )
}

/// The loop's end of the queue.
pub(crate) struct Journal {
    queue: rtrb::Producer<Queued>,
    /// No sink wants more than the header and the final figures.
    brief: bool,
    /// Records dropped since the last gap was noted, and when the first was.
    dropped: u64,
    dropped_at: u64,
    /// Records dropped altogether.
    missing: u64,
    shared: Arc<Shared>,
    /// Whom to name when a sink takes nothing more for [`PATIENCE`]; `None` for standard output,
    /// which by itself ends to wait for its reader.
    impatient: Vec<Option<String>>,
    thread: JoinHandle<()>,
}

impl Journal {
    /// Starts the thread.
    pub(crate) fn start(mut sinks: Vec<Sink>) -> anyhow::Result<Self> {
        let (queue, records) = rtrb::RingBuffer::new(QUEUE);
        let shared = Arc::new(Shared::default());
        let brief = sinks
            .iter()
            .all(|sink| sink.destination == Destination::Brief);
        let impatient =
            |sink: &Sink| (sink.destination == Destination::File).then(|| sink.name.clone());
        let impatient = sinks.iter().map(impatient).collect();
        for (place, sink) in sinks.iter_mut().enumerate() {
            sink.place = place;
        }
        let thread = {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name("journal".to_owned())
                .spawn(move || write_all(records, &mut sinks, &shared))
        };
        Ok(Self {
            queue,
            brief,
            dropped: 0,
            dropped_at: 0,
            missing: 0,
            shared,
            impatient,
            thread: thread.context(say::JOURNAL_NO_THREAD)?,
        })
    }

    /// Puts the first line into the queue, before any record.
    pub(crate) fn begin(&mut self, header: Header) {
        // It is empty yet, so there is room.
        if self.queue.push(Queued::Header(Box::new(header))).is_err() {
            self.missing += 1;
        }
    }

    /// Puts a record into the queue; `via` says in a comparison which session it is of.
    pub(crate) fn push(&mut self, at_ns: u64, record: Record, via: Option<Via>) {
        if self.brief && !is_figures(&record) {
            return;
        }
        if self.dropped > 0 && self.queue.slots() > QUEUE / 2 {
            let gap = self.gap();
            if self.queue.push(gap).is_ok() {
                self.dropped = 0;
            }
        }
        if self.dropped > 0 || self.queue.push(Queued::Record(record, via)).is_err() {
            if self.dropped == 0 {
                self.dropped_at = at_ns;
            }
            self.dropped += 1;
            self.missing += 1;
        }
    }

    /// How many records found no room in the queue. A gap in the journal tells where.
    pub(crate) fn missing(&self) -> u64 {
        self.missing
    }

    /// The record of the records that were dropped.
    fn gap(&self) -> Queued {
        let gap = Gap {
            gap: self.dropped,
            at_ns: self.dropped_at,
        };
        Queued::Record(Record::Gap(gap), None)
    }

    /// What went wrong since the last call.
    pub(crate) fn take_complaints(&self) -> Vec<String> {
        self.shared.take()
    }

    /// Whether the reader of standard output went away.
    pub(crate) fn closed(&self) -> bool {
        self.shared.closed.load(Ordering::Relaxed)
    }

    /// Writes what is left, and `last` as [`Journal::push`] would, and returns what went wrong
    /// since the last call of [`Journal::take_complaints`].
    pub(crate) fn finish(mut self, last: Record, via: Option<Via>) -> Vec<String> {
        let gap = (self.dropped > 0).then(|| self.gap());
        let last = Queued::Record(last, via);
        let mut waiting = gap.into_iter().chain([last]).peekable();
        let (mut taken, mut idle) = (0, Clock::start());
        loop {
            // The measuring is over, so waiting for room costs nothing now.
            while let Some(record) = waiting.next_if(|_| self.queue.slots() > 0)
                && self.queue.push(record).is_ok()
            {}
            if waiting.peek().is_none() && !self.shared.finish.swap(true, Ordering::Release) {
                self.thread.thread().unpark();
            }
            if self.thread.is_finished() {
                let panicked = self.thread.join().is_err();
                let mut complaints = self.shared.take();
                if panicked {
                    complaints.push(say::JOURNAL_THREAD_BROKE.to_string());
                }
                return complaints;
            }
            let progress = self.shared.progress.load(Ordering::Relaxed);
            if progress != taken {
                (taken, idle) = (progress, Clock::start());
            }
            let place = self.shared.writing.load(Ordering::Relaxed);
            if let Some(Some(name)) = self.impatient.get(place)
                && idle.elapsed() >= PATIENCE
            {
                let mut complaints = self.shared.take();
                let patience = duration(PATIENCE);
                complaints.push(say::JournalNotTaken { name, patience }.to_string());
                return complaints;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn write_all(mut records: rtrb::Consumer<Queued>, sinks: &mut [Sink], shared: &Shared) {
    let mut line = Vec::new();
    let mut header = None;
    loop {
        // Asked before draining: what was queued before the end is then drained.
        let last_round = shared.finish.load(Ordering::Acquire);
        let mut wrote = false;
        while let Ok(queued) = records.pop() {
            wrote = true;
            line.clear();
            let (written, to_all, at_ns) = match queued {
                Queued::Header(first) => {
                    match serde_json::to_writer(&mut line, &first) {
                        Ok(()) => {
                            line.push(b'\n');
                            for sink in sinks.iter_mut() {
                                sink.begin(&first, &line, shared);
                            }
                        }
                        Err(error) => {
                            shared.complain(say::JournalRecordNotWritten { error }.to_string());
                        }
                    }
                    header = Some(first);
                    continue;
                }
                Queued::Record(record, via) => {
                    let to_all = is_figures(&record);
                    let record = match &header {
                        Some(header) if to_all => record.named(header),
                        _ => record,
                    };
                    if let (Some(header), Record::Incident(it)) = (&mut header, &record)
                        && it.incident == IncidentKind::MovedTarget
                    {
                        // The last figures name where probes went last.
                        header.address.clone_from(&it.address);
                    }
                    let at_ns = record.at_ns().unwrap_or_default();
                    (write_record(&mut line, &record, via), to_all, at_ns)
                }
            };
            if let Err(error) = written {
                shared.complain(say::JournalRecordNotWritten { error }.to_string());
                continue;
            }
            line.push(b'\n');
            for sink in sinks
                .iter_mut()
                .filter(|sink| to_all || sink.destination != Destination::Brief)
            {
                sink.write(at_ns, &line, shared);
            }
        }
        if wrote {
            for sink in sinks.iter_mut() {
                sink.flush(shared);
            }
        }
        if last_round {
            return;
        }
        if records.slots() < QUEUE / 4 {
            thread::park_timeout(NAP);
        }
    }
}

fn write_record(
    line: &mut Vec<u8>,
    record: &Record,
    via: Option<Via>,
) -> Result<(), serde_json::Error> {
    match via {
        None => serde_json::to_writer(line, record),
        Some(via) => serde_json::to_writer(line, &Tagged { record, via }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_before_1970_has_a_label_too() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_millis(9_500);
        assert_eq!(label(before).as_deref(), Some("1969-12-31T23:59:50.500Z"));
        let after = SystemTime::UNIX_EPOCH + Duration::from_millis(1_709_208_000_001);
        assert_eq!(label(after).as_deref(), Some("2024-02-29T12:00:00.001Z"));
    }
}
