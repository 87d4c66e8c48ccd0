//! The journal's thread: from the measuring loop to files, without being felt.
//!
//! Owns the queue and everything that writes. The loop only puts a record into a
//! ring, without a system call or a lock; where the ring is full, records are
//! dropped and a `gap` says how many. Knows nothing of what records mean.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use udping_core::journal::{Gap, Header, Record};

/// Records that can wait for the thread: 60 ms at a million a second.
const QUEUE: usize = 1 << 16;

/// How long the thread sleeps between two rounds, unless much is waiting already. It
/// shares the processors with what is measured, so it works seldom and then at length.
const NAP: Duration = Duration::from_millis(10);

/// How much of a sink's text is kept back before it is written, flushes apart.
const BUFFER: usize = 1 << 16;

/// Where a journal's lines go.
pub(crate) struct Sink {
    name: String,
    out: Box<dyn Write + Send>,
    /// Leave out everything but the header and the final figures.
    brief: bool,
    failed: bool,
}

impl Sink {
    /// A file, made anew.
    pub(crate) fn file(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let file = File::create(path).with_context(|| {
            format!(
                "cannot write the journal {name}: choose a file in a folder that you can write to"
            )
        })?;
        Ok(Self {
            name,
            out: Box::new(BufWriter::with_capacity(BUFFER, file)),
            brief: false,
            failed: false,
        })
    }

    pub(crate) fn standard_output(brief: bool) -> Self {
        let out = Box::new(BufWriter::with_capacity(BUFFER, io::stdout()));
        Self {
            name: "standard output".to_owned(),
            out,
            brief,
            failed: false,
        }
    }

    fn write(&mut self, line: &[u8], trouble: &Trouble) {
        if !self.failed {
            let written = self.out.write_all(line);
            self.check(written, trouble);
        }
    }

    fn flush(&mut self, trouble: &Trouble) {
        if !self.failed {
            let flushed = self.out.flush();
            self.check(flushed, trouble);
        }
    }

    fn check(&mut self, result: io::Result<()>, trouble: &Trouble) {
        if let Err(error) = result {
            self.failed = true;
            trouble.add(&self.name, &error);
        }
    }
}

/// What went wrong with the sinks, for the loop to find.
#[derive(Debug, Default)]
struct Trouble {
    any: AtomicBool,
    closed: AtomicBool,
    messages: Mutex<Vec<String>>,
}

impl Trouble {
    fn add(&self, name: &str, error: &io::Error) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            self.closed.store(true, Ordering::Relaxed);
            return;
        }
        let message = format!("cannot write the journal {name}: {error}");
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
        self.any.store(true, Ordering::Release);
    }
}

/// The loop's end of the queue.
pub(crate) struct Journal {
    queue: rtrb::Producer<Record>,
    /// No sink wants more than the header and the final figures.
    brief: bool,
    dropped: u64,
    dropped_at: u64,
    trouble: Arc<Trouble>,
    finish: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Journal {
    /// Starts the thread and lets it write `header` first.
    pub(crate) fn start(header: &Header, mut sinks: Vec<Sink>) -> anyhow::Result<Self> {
        let (queue, records) = rtrb::RingBuffer::new(QUEUE);
        let (trouble, finish) = (
            Arc::new(Trouble::default()),
            Arc::new(AtomicBool::new(false)),
        );
        let brief = sinks.iter().all(|sink| sink.brief);
        let mut header = serde_json::to_vec(header)?;
        header.push(b'\n');
        let thread = {
            let (trouble, finish) = (Arc::clone(&trouble), Arc::clone(&finish));
            thread::Builder::new()
                .name("journal".to_owned())
                .spawn(move || {
                    for sink in &mut sinks {
                        sink.write(&header, &trouble);
                        sink.flush(&trouble);
                    }
                    write_all(records, &mut sinks, &trouble, &finish);
                })
        };
        let thread = thread.context("cannot start the journal's thread")?;
        Ok(Self {
            queue,
            brief,
            dropped: 0,
            dropped_at: 0,
            trouble,
            finish,
            thread,
        })
    }

    /// Puts a record into the queue.
    pub(crate) fn push(&mut self, at_ns: u64, record: Record) {
        if self.brief {
            return;
        }
        if self.dropped > 0 && self.queue.slots() > QUEUE / 2 {
            let gap = Record::Gap(Gap {
                gap: self.dropped,
                at_ns: self.dropped_at,
            });
            if self.queue.push(gap).is_ok() {
                self.dropped = 0;
            }
        }
        if self.dropped > 0 || self.queue.push(record).is_err() {
            if self.dropped == 0 {
                self.dropped_at = at_ns;
            }
            self.dropped += 1;
        }
    }

    /// What went wrong since the last call.
    pub(crate) fn take_trouble(&self) -> Vec<String> {
        if !self.trouble.any.swap(false, Ordering::Acquire) {
            return Vec::new();
        }
        let mut messages = self
            .trouble
            .messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut messages)
    }

    /// Whether the reader of a sink went away.
    pub(crate) fn closed(&self) -> bool {
        self.trouble.closed.load(Ordering::Relaxed)
    }

    /// Writes what is left, and `last`, and returns what went wrong since.
    pub(crate) fn finish(mut self, at_ns: u64, last: Record) -> Vec<String> {
        // The loop is over, so waiting for room costs nothing now.
        let wait_for_room = |queue: &mut rtrb::Producer<Record>, record: Record| {
            let mut record = Some(record);
            while let Some(waiting) = record.take() {
                if self.thread.is_finished() {
                    break;
                }
                if let Err(rtrb::PushError::Full(back)) = queue.push(waiting) {
                    record = Some(back);
                    thread::sleep(Duration::from_millis(1));
                }
            }
        };
        if self.dropped > 0 {
            let gap = Record::Gap(Gap {
                gap: self.dropped,
                at_ns: self.dropped_at.min(at_ns),
            });
            wait_for_room(&mut self.queue, gap);
        }
        wait_for_room(&mut self.queue, last);
        self.finish.store(true, Ordering::Release);
        self.thread.thread().unpark();
        let panicked = self.thread.join().is_err();
        let mut messages = std::mem::take(
            &mut *self
                .trouble
                .messages
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        if panicked {
            messages
                .push("the journal's thread broke off, so the journal is not complete".to_owned());
        }
        messages
    }
}

fn write_all(
    mut records: rtrb::Consumer<Record>,
    sinks: &mut [Sink],
    trouble: &Trouble,
    finish: &AtomicBool,
) {
    let mut line = Vec::new();
    loop {
        // Asked before draining: what was queued before the end is then drained.
        let last_round = finish.load(Ordering::Acquire);
        let mut wrote = false;
        while let Ok(record) = records.pop() {
            wrote = true;
            line.clear();
            if let Err(error) = serde_json::to_writer(&mut line, &record) {
                trouble.add("(a record)", &error.into());
                continue;
            }
            line.push(b'\n');
            let last = matches!(record, Record::Summary(_));
            for sink in sinks.iter_mut().filter(|sink| last || !sink.brief) {
                sink.write(&line, trouble);
            }
        }
        if wrote {
            for sink in sinks.iter_mut() {
                sink.flush(trouble);
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
