//! Where a run's words and records go: standard output, and its journal.
//!
//! Owns what happens when either cannot be written. Knows nothing of what is said.

use std::fmt;
use std::io::{self, Write};

use udping_journal::comparison::Via;
use udping_journal::{Header, Record};

use crate::cli::RecordArgs;
use crate::journal::{Journal, Sink};
use crate::warn;
use crate::words::say;

/// The outlet of one run.
pub(crate) struct Outlet {
    out: Box<dyn Write>,
    quiet: bool,
    journal: Option<Journal>,
    /// What is not complete and why, already said once.
    incomplete: Vec<String>,
    /// Nobody reads standard output any more.
    closed: bool,
    /// Standard output failed otherwise.
    mute: bool,
}

impl Outlet {
    /// An outlet as `args` want it, for the run that `header` describes.
    pub(crate) fn open(args: &RecordArgs, header: &Header) -> anyhow::Result<Self> {
        Self::start(args, header, args.sinks()?)
    }

    /// The same into sinks that are open already, so that the journal's thread begins with
    /// no more rights than are left by now.
    pub(crate) fn start(
        args: &RecordArgs,
        header: &Header,
        sinks: Vec<Sink>,
    ) -> anyhow::Result<Self> {
        let out: Box<dyn Write> = if args.to_stdout() {
            Box::new(io::sink())
        } else {
            Box::new(io::stdout())
        };
        Ok(Self {
            out,
            quiet: args.quiet,
            journal: if sinks.is_empty() {
                None
            } else {
                Some(Journal::start(header, sinks)?)
            },
            incomplete: Vec::new(),
            closed: false,
            mute: false,
        })
    }

    pub(crate) fn record(&mut self, at_ns: u64, record: Record) {
        if let Some(journal) = &mut self.journal {
            journal.push(at_ns, record);
        }
    }

    pub(crate) fn record_via(&mut self, at_ns: u64, record: Record, via: Via) {
        if let Some(journal) = &mut self.journal {
            journal.push_via(at_ns, record, via);
        }
    }

    /// Says a line, unless little is to be said.
    pub(crate) fn say(&mut self, line: impl fmt::Display) {
        if !self.quiet {
            self.always(line);
        }
    }

    /// Says a line, unless nobody listens to standard output any more.
    pub(crate) fn always(&mut self, line: impl fmt::Display) {
        if self.closed || self.mute {
            return;
        }
        let said = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        match said {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => {
                self.mute = true;
                let why = &say::StdoutFailedWith { error }.to_string();
                warn(&format!("udping: {}", say::LostReport { why }));
                self.incomplete
                    .push(say::ReportIncomplete { why }.to_string());
            }
        }
    }

    /// Takes what the journal's thread reports; whether somebody still reads.
    pub(crate) fn attend(&mut self) -> bool {
        let complaints = self.journal.as_ref().map(Journal::take_complaints);
        for why in &complaints.unwrap_or_default() {
            warn(&format!("udping: {}", say::LostJournal { why }));
            self.incomplete
                .push(say::JournalIncomplete { why }.to_string());
        }
        self.closed |= self.journal.as_ref().is_some_and(Journal::closed);
        !self.closed
    }

    /// Ends the journal with `last`, which in a comparison is of `via`; whether everything
    /// that was asked for has been written.
    pub(crate) fn finish(mut self, last: Record, via: Option<Via>) -> bool {
        if let Some(journal) = self.journal.take() {
            let n = journal.missing();
            if n > 0 {
                warn(&format!("udping: {}", say::JournalHasGaps { n }));
            }
            let complaints = match via {
                Some(via) => journal.finish_via(last, via),
                None => journal.finish(last),
            };
            for why in complaints {
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
