//! Where a run's lines and records go: standard output, and its journal.
//!
//! Owns what happens when either cannot be written. Knows nothing of what is written.

use std::fmt;
use std::io::{self, LineWriter, Write};

use udping_journal::comparison::Via;
use udping_journal::{Header, Record};

use crate::charset::TextWriter;
use crate::cli::RecordArgs;
use crate::i18n::say;
use crate::journal::{Journal, Sink};
use crate::run_end::RunEnd;
use crate::stdio::Stdout;
use crate::warn;

/// Whether standard output can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StandardOutput {
    Open,
    /// Nobody reads it any more.
    Closed,
    /// It failed otherwise.
    Failed,
}

/// How far the journal is.
enum JournalState {
    /// It waits for its header, with the records that come after that.
    Held(Journal, Vec<(u64, Record, Option<Via>)>),
    Open(Journal),
    /// There is none, or no more.
    Absent,
}

/// The outlet of one run.
pub(crate) struct Outlet {
    out: Box<dyn Write + Send>,
    quiet: bool,
    journal: JournalState,
    /// What is not complete and why, already said once.
    incomplete: Vec<String>,
    state: StandardOutput,
    /// What goes wrong is not said before the end.
    warnings_held: bool,
}

impl Outlet {
    /// An outlet as `args` want it, for the run that `header` describes, into sinks that are open
    /// already: the journal's thread then begins with no more rights than are left by now.
    pub(crate) fn start(
        args: &RecordArgs,
        header: Header,
        sinks: Vec<Sink>,
        end: &RunEnd,
    ) -> anyhow::Result<Self> {
        let mut outlet = Self::held(args.to_stdout(), args.quiet, sinks, end)?;
        outlet.begin(header);
        Ok(outlet)
    }

    /// An outlet that is `silent`, since its journal takes standard output, or `quiet`, which
    /// says only what [`Outlet::always`] does; of a run whose header is not certain yet: see
    /// [`Outlet::begin`].
    pub(crate) fn held(
        silent: bool,
        quiet: bool,
        sinks: Vec<Sink>,
        end: &RunEnd,
    ) -> anyhow::Result<Self> {
        let out: Box<dyn Write + Send> = if silent {
            Box::new(io::sink())
        } else {
            Box::new(TextWriter(LineWriter::new(Stdout::new(end.clone()))))
        };
        Ok(Self {
            out,
            quiet,
            journal: if sinks.is_empty() {
                JournalState::Absent
            } else {
                JournalState::Held(Journal::start(sinks)?, Vec::new())
            },
            incomplete: Vec::new(),
            state: StandardOutput::Open,
            warnings_held: false,
        })
    }

    /// Begins the journal with `header`, and with what was recorded so far, if it has not
    /// begun.
    pub(crate) fn begin(&mut self, header: Header) {
        match std::mem::replace(&mut self.journal, JournalState::Absent) {
            JournalState::Held(mut journal, records) => {
                journal.begin(header);
                for (at_ns, record, via) in records {
                    journal.push(at_ns, record, via);
                }
                self.journal = JournalState::Open(journal);
            }
            begun => self.journal = begun,
        }
    }

    /// How many records wait for the journal to begin.
    pub(crate) fn held_records(&self) -> usize {
        match &self.journal {
            JournalState::Held(_, records) => records.len(),
            JournalState::Open(_) | JournalState::Absent => 0,
        }
    }

    /// Forgets what was recorded, if the journal has not begun.
    pub(crate) fn forget(&mut self) {
        if let JournalState::Held(_, records) = &mut self.journal {
            records.clear();
        }
    }

    pub(crate) fn record(&mut self, at_ns: u64, record: Record) {
        self.push(at_ns, record, None);
    }

    /// The same of a comparison's session.
    pub(crate) fn record_via(&mut self, at_ns: u64, record: Record, via: Via) {
        self.push(at_ns, record, Some(via));
    }

    fn push(&mut self, at_ns: u64, record: Record, via: Option<Via>) {
        match &mut self.journal {
            JournalState::Held(_, records) => records.push((at_ns, record, via)),
            JournalState::Open(journal) => journal.push(at_ns, record, via),
            JournalState::Absent => {}
        }
    }

    /// Says a line, unless little is to be said.
    pub(crate) fn say(&mut self, line: impl fmt::Display) {
        if !self.quiet {
            self.always(line);
        }
    }

    /// Says a line.
    pub(crate) fn always(&mut self, line: impl fmt::Display) {
        self.write(|out| writeln!(out, "{line}").and_then(|()| out.flush()));
    }

    /// Writes by `sentence`, unless nobody listens to standard output any more.
    pub(crate) fn write(&mut self, sentence: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.state != StandardOutput::Open {
            return;
        }
        match sentence(&mut self.out) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.state = StandardOutput::Closed;
            }
            Err(error) => {
                self.state = StandardOutput::Failed;
                self.lose_report(&say::StdoutFailedWith { error }.to_string());
            }
        }
    }

    /// Has what goes wrong not be said before the end.
    pub(crate) fn hold_warnings(&mut self, held: bool) {
        self.warnings_held = held;
    }

    /// The report will not be complete: says so at once, and at the end.
    pub(crate) fn lose_report(&mut self, why: &str) {
        self.lose(&say::LostReport { why }, &say::ReportIncomplete { why });
    }

    /// The journal will not be complete: says so at once, and at the end.
    pub(crate) fn lose_journal(&mut self, why: &str) {
        self.lose(&say::LostJournal { why }, &say::JournalIncomplete { why });
    }

    fn lose(&mut self, now: &dyn fmt::Display, at_the_end: &dyn fmt::Display) {
        if !self.warnings_held {
            warn(&format!("udping: {now}"));
        }
        self.incomplete.push(at_the_end.to_string());
    }

    /// Takes what the journal's thread reports; whether somebody still reads.
    pub(crate) fn attend(&mut self) -> bool {
        if let JournalState::Open(journal) = &self.journal {
            if journal.closed() {
                self.state = StandardOutput::Closed;
            }
            for why in journal.take_complaints() {
                self.lose_journal(&why);
            }
        }
        self.state != StandardOutput::Closed
    }

    /// Ends the journal with `last`, which in a comparison is of `via`; whether everything
    /// that was asked for has been written.
    pub(crate) fn finish(mut self, last: Record, via: Option<Via>) -> bool {
        if let JournalState::Open(journal) = self.journal {
            let n = journal.missing();
            if n > 0 {
                warn(&format!("udping: {}", say::JournalHasGaps { n }));
            }
            for why in journal.finish(last, via) {
                self.incomplete
                    .push(say::JournalIncomplete { why }.to_string());
            }
        }
        for message in &self.incomplete {
            warn(&format!("udping: {message}"));
        }
        self.incomplete.is_empty()
    }
}
