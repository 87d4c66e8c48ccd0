//! The flags that say where a journal goes, and how much is printed.
//!
//! Owns what is opened for a journal before a run begins. What is written there, it does not know.

use std::path::{Path, PathBuf};

#[cfg(target_os = "linux")]
use anyhow::Context as _;
use clap::{ArgGroup, Args};
#[cfg(target_os = "linux")]
use nix::unistd::{AccessFlags, access};

use super::values::file_size;
use crate::headings::OUTPUT;
#[cfg(target_os = "linux")]
use crate::i18n::say;
use crate::journal::{Existing, Output, Sink};
use crate::run_end::RunEnd;

/// How a journal's file is written.
#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct FileArgs {
    /// Replace a journal that exists already.
    #[arg(
        long,
        hide_short_help = true,
        requires = "journal",
        overrides_with = "append"
    )]
    overwrite: bool,
    /// Write behind what FILE holds already.
    ///
    /// Each session has its own header.
    #[arg(
        long,
        hide_short_help = true,
        requires = "journal",
        overrides_with = "overwrite"
    )]
    append: bool,
    /// Begin another file before a journal grows beyond SIZE.
    ///
    /// As 10M or 1G; the full ones are FILE.1, the latest, to FILE.9.
    #[arg(long, hide_short_help = true, value_name = "SIZE", requires = "journal", value_parser = file_size)]
    journal_max: Option<u64>,
}

impl FileArgs {
    /// Opens the file at `path`.
    pub(crate) fn open(&self, path: &Path) -> anyhow::Result<Output> {
        let existing = if self.overwrite {
            Existing::Overwrite
        } else if self.append {
            Existing::Append
        } else {
            Existing::Refuse
        };
        Output::file(path, existing, self.journal_max)
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = OUTPUT, group = ArgGroup::new("recorded").multiple(true))]
pub(crate) struct RecordArgs {
    /// Record everything in FILE, as JSON Lines.
    ///
    /// - is standard output, as with --json.
    #[arg(long, group = "recorded", value_name = "FILE")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    /// Print the journal in place of the report.
    ///
    /// With -q only its first and last line.
    #[arg(long, group = "recorded")]
    json: bool,
    /// Leave names and addresses out of the journal.
    #[arg(long, hide_short_help = true, requires = "recorded")]
    pub(crate) redact: bool,
    /// Print only the first line and the summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl RecordArgs {
    /// Whether the journal takes standard output.
    pub(crate) fn to_stdout(&self) -> bool {
        self.json || self.journal.is_some() && self.file().is_none()
    }

    /// Whether there is a journal.
    pub(crate) fn is_on(&self) -> bool {
        self.json || self.journal.is_some()
    }

    /// Everywhere that the journal goes, of a run with this `end`.
    pub(crate) fn sinks(&self, end: &RunEnd) -> anyhow::Result<Vec<Sink>> {
        let mut sinks = Vec::new();
        if let Some(path) = self.file() {
            sinks.push(Sink::file(path, self.files.open(path)?));
        }
        if self.to_stdout() {
            sinks.push(Sink::standard_output(self.quiet, end)?);
        }
        Ok(sinks)
    }

    /// The file that holds this run's journal and nothing else, if there is one.
    #[cfg(feature = "lab")]
    pub(crate) fn new_file(&self) -> Option<&Path> {
        let is_file = |path: &&Path| path.metadata().is_ok_and(|file| file.is_file());
        self.file().filter(is_file).filter(|_| !self.files.append)
    }

    /// Whether the journal can be split by whoever this process is by now.
    ///
    /// # Errors
    /// It is to be, and may not.
    #[cfg(target_os = "linux")]
    pub(crate) fn can_split(&self) -> anyhow::Result<()> {
        let path = self.file().filter(|_| self.files.journal_max.is_some());
        let Some(folder) = path.and_then(Path::parent) else {
            return Ok(());
        };
        let here = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let writable = access(here, AccessFlags::W_OK | AccessFlags::X_OK);
        let folder = here.display().to_string();
        writable.with_context(|| say::ServeCannotSplit { folder })
    }

    fn file(&self) -> Option<&Path> {
        let path = self.journal.as_deref();
        path.filter(|path| *path != Path::new("-"))
    }
}
