//! A journal's file: never written over by mistake, never by two at once, and split where
//! it would grow too long.
//!
//! Owns how it is opened and split. Knows nothing of what its lines mean.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use udping_journal::{Header, Split, to_line};

use super::BUFFER;
use crate::i18n::say;
use crate::run_end::RunEnd;
use crate::stdio::Stdout;

/// How many full files are kept beside the one that is written: `FILE.1`, the latest, to
/// `FILE.9`.
const KEPT: u32 = 9;

/// Room for the line that says where a journal goes on: two numbers of
/// up to 20 digits, and their keys.
const LAST_LINE: u64 = 64;

/// What is done with a file that holds something already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Existing {
    /// It is left as it is, and nothing is written.
    #[default]
    Refuse,
    /// It is replaced.
    Overwrite,
    /// It is continued.
    Append,
}

/// A journal's file that is written.
pub(crate) struct JournalFile {
    path: PathBuf,
    out: BufWriter<File>,
    /// How long it may grow. Only a regular file can be split.
    max: Option<u64>,
    length: u64,
    /// The header, once it is written.
    header: Option<Header>,
    /// How long the file was when that was done.
    begun: u64,
}

impl JournalFile {
    /// Opens the file at `path`, which is split before it grows beyond `max` bytes.
    ///
    /// # Errors
    /// It cannot be opened; something else writes to it; or it is not empty, and `existing`
    /// says to leave it.
    pub(super) fn open(path: &Path, existing: Existing, max: Option<u64>) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let failed = || say::JournalNotCreated { name: name.clone() };
        let mut options = File::options();
        options.create(true).write(true).truncate(false);
        options.read(existing == Existing::Append);
        let mut file = options.open(path).with_context(failed)?;
        let mut length = 0;
        let is_regular = file.metadata().with_context(failed)?.is_file();
        if is_regular {
            lock(&file, &name)?;
            length = file.metadata().with_context(failed)?.len();
            match existing {
                _ if length == 0 => {}
                Existing::Refuse => anyhow::bail!(say::JournalExists { name }),
                Existing::Overwrite => {
                    file.set_len(0).with_context(failed)?;
                    length = 0;
                }
                Existing::Append => length = end(&mut file).with_context(failed)?,
            }
        }
        Ok(Self {
            path: path.to_owned(),
            out: BufWriter::with_capacity(BUFFER, file),
            max: max.filter(|_| is_regular),
            length,
            header: None,
            begun: 0,
        })
    }

    /// Writes the header, whose `line` this is.
    pub(super) fn begin(&mut self, header: &Header, line: &[u8]) -> io::Result<()> {
        if self.is_full(line) {
            self.split()?;
        }
        self.header = Some(header.clone());
        self.write(line)?;
        self.begun = self.length;
        Ok(())
    }

    /// Writes a whole line, of what was noticed at `at_ns`.
    pub(super) fn line(&mut self, at_ns: u64, line: &[u8]) -> io::Result<()> {
        if self.is_full(line)
            && self.length > self.begun
            && let Some(mut header) = self.header.take()
        {
            let next = header.part.unwrap_or(1).saturating_add(1);
            let last = to_line(&Split { split: next, at_ns })?;
            self.write(last.as_bytes())?;
            self.split()?;
            header.part = Some(next);
            let mut first = serde_json::to_vec(&header)?;
            first.push(b'\n');
            self.begin(&header, &first)?;
        }
        self.write(line)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn is_full(&self, line: &[u8]) -> bool {
        let longer = self.length.saturating_add(line.len() as u64);
        let longer = longer.saturating_add(LAST_LINE);
        self.length > 0 && self.max.is_some_and(|max| longer > max)
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.length = self.length.saturating_add(line.len() as u64);
        self.out.write_all(line)
    }

    /// Has the file be the latest of those that are kept, and begins another.
    fn split(&mut self) -> io::Result<()> {
        self.out.flush()?;
        for number in (1..KEPT).rev() {
            match fs::rename(self.kept(number), self.kept(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.path, self.kept(1))?;
        let file = File::create_new(&self.path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        self.out = BufWriter::with_capacity(BUFFER, file);
        (self.length, self.begun) = (0, 0);
        Ok(())
    }

    fn kept(&self, number: u32) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(format!(".{number}"));
        name.into()
    }
}

/// Keeps every other writer away, as long as the file is open. Where a file system has no
/// locks, nobody is kept away.
fn lock(file: &File, name: &str) -> anyhow::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            let name = name.to_owned();
            anyhow::bail!(say::JournalInUse { name })
        }
        Err(TryLockError::Error(_)) | Ok(()) => Ok(()),
    }
}

/// Standard output, as a journal takes it: where it is a file, nobody else writes to that.
pub(crate) struct JournalStdout {
    out: Stdout,
    /// Holds the lock.
    _file: Option<File>,
}

impl JournalStdout {
    /// # Errors
    /// Something else writes to the file that it is.
    pub(crate) fn open(end: &RunEnd) -> anyhow::Result<Self> {
        Ok(Self {
            out: Stdout::new(end.clone()),
            _file: lock_stdout()?,
        })
    }
}

impl Write for JournalStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Where the kernel has the file that standard output is.
#[cfg(unix)]
const STDOUT_FILE: &str = "/proc/self/fd/1";

/// Locks the file that standard output is, if it is one.
#[cfg(unix)]
fn lock_stdout() -> anyhow::Result<Option<File>> {
    use std::os::fd::AsFd as _;
    // What cannot be looked at is written to all the same, and says then what is wrong with it.
    let Ok(stdout) = io::stdout().as_fd().try_clone_to_owned().map(File::from) else {
        return Ok(None);
    };
    if !stdout.metadata().is_ok_and(|it| it.is_file()) {
        return Ok(None);
    }
    // A lock belongs to what was opened, and a shell opens its file for all that it starts: one
    // opened here keeps those away, too, and ends with this process and not with the shell.
    let own = File::options().write(true).open(STDOUT_FILE);
    let file = own.unwrap_or(stdout);
    let name = fs::read_link(STDOUT_FILE).map_or_else(
        |_| say::STANDARD_OUTPUT.to_string(),
        |path| path.display().to_string(),
    );
    lock(&file, &name)?;
    Ok(Some(file))
}

/// Locks nothing: a lock there keeps away even who writes by standard output itself.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "with locks it can fail")]
fn lock_stdout() -> anyhow::Result<Option<File>> {
    Ok(None)
}

/// Goes to the end of what a file holds, on a line of its own. Returns how long that is.
fn end(file: &mut File) -> io::Result<u64> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    file.stream_position()
}
