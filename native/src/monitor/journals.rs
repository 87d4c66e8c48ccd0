//! The thread that writes the journals of targets: all that happens, or the last minutes of it.
//!
//! Owns the folders, that the loop never waits for a disk, and that excerpts keep within their
//! quota. What a journal holds is `scribe`'s.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use nix::unistd::{AccessFlags, access};
use udping_core::time::ClientTime;
use udping_journal::{StopReason, to_line};

use super::conditions::Cause;
use super::recent::{Happened, Recent};
use super::scribe::{Broken, Scribe, SessionHeader};
use crate::clock::Clock;
use crate::i18n::say;
use crate::report::seconds;
use crate::warn;

/// How much may wait to be written.
const QUEUE: usize = 1 << 14;

/// How often what waits is written.
const FLUSH: Duration = Duration::from_millis(500);

/// By what the name of an excerpt is known.
const FROM: &str = "-from-";

/// Where journals go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Folders {
    /// Of all that happens.
    pub(crate) all: Option<PathBuf>,
    /// Of excerpts, and how many bytes of them are kept.
    pub(crate) excerpts: Option<(PathBuf, u64)>,
}

enum Note {
    /// A journal begins in this file, with what is known so far.
    Begin {
        id: u64,
        file: PathBuf,
        session: Arc<SessionHeader>,
        recent: Recent,
    },
    Happened {
        id: u64,
        happened: Happened,
    },
    End {
        id: u64,
        at: ClientTime,
    },
    Excerpt(Box<Excerpt>),
}

/// The last minutes of a target.
struct Excerpt {
    /// The session's name.
    name: Arc<str>,
    session: Arc<SessionHeader>,
    recent: Recent,
    cause: Cause,
    at: ClientTime,
}

/// The loop's end of it.
pub(crate) struct Journals {
    notes: SyncSender<Note>,
    thread: JoinHandle<()>,
    folders: Folders,
    sessions: u64,
    /// How many journals lack something, since too much waited.
    pub(crate) incomplete: u64,
}

impl Journals {
    /// # Errors
    /// A folder cannot be made, or there is no thread.
    pub(crate) fn start(folders: Folders) -> anyhow::Result<Self> {
        let excerpts = folders.excerpts.as_ref().map(|(folder, _)| folder);
        for folder in folders.all.iter().chain(excerpts) {
            let name = folder.display().to_string();
            fs::create_dir_all(folder).with_context(|| say::JournalNotCreated { name })?;
            let closed = || say::MonitorFolderClosed {
                folder: folder.display(),
            };
            access(folder, AccessFlags::W_OK | AccessFlags::X_OK)
                .with_context(|| closed().to_string())?;
        }
        let (notes, queue) = sync_channel(QUEUE);
        let writer = Writer {
            journals: HashMap::new(),
            excerpts: folders.excerpts.clone(),
        };
        let thread = thread::Builder::new()
            .name("journals".to_owned())
            .spawn(move || writer.write_all(&queue))?;
        Ok(Self {
            notes,
            thread,
            folders,
            sessions: 0,
            incomplete: 0,
        })
    }

    /// The name of the journals of a session that begins now, of this target: no other has it.
    pub(crate) fn name(&mut self, target: &str, session: &SessionHeader) -> Arc<str> {
        self.sessions += 1;
        let safe = |it: char| it.is_alphanumeric() || ".-_".contains(it);
        let replaced = |it: char| if safe(it) { it } else { '_' };
        let target: String = target.chars().map(replaced).take(100).collect();
        let time = crate::journal::time_of_day(session.wall()).unwrap_or_default();
        let time = time.replace(['-', ':'], "");
        Arc::from(format!("{target}-{time}-{}", self.sessions))
    }

    /// Begins the journal of all that happens in a session, if there is to be one: its number.
    pub(crate) fn begin(&mut self, name: &str, session: &Arc<SessionHeader>) -> Option<u64> {
        let file = self.folders.all.as_ref()?.join(format!("{name}.jsonl"));
        self.follow(file, session, Recent::default())
    }

    /// Whether anything of it is kept.
    pub(crate) fn keeps(&self) -> bool {
        self.folders != Folders::default()
    }

    /// Begins a journal in this file, with what is known so far: its number.
    pub(crate) fn follow(
        &mut self,
        file: PathBuf,
        session: &Arc<SessionHeader>,
        recent: Recent,
    ) -> Option<u64> {
        self.sessions += 1;
        let id = self.sessions;
        let session = Arc::clone(session);
        let begun = self.send(Note::Begin {
            id,
            file,
            session,
            recent,
        });
        begun.then_some(id)
    }

    /// Whether there is room for it.
    pub(crate) fn happened(&mut self, id: u64, happened: Happened) -> bool {
        self.send(Note::Happened { id, happened })
    }

    pub(crate) fn end(&mut self, id: u64, at: ClientTime) {
        self.send(Note::End { id, at });
    }

    /// Writes the last minutes, if that is wanted at all.
    pub(crate) fn excerpt(
        &mut self,
        name: &Arc<str>,
        session: &Arc<SessionHeader>,
        recent: &Recent,
        cause: Cause,
        at: ClientTime,
    ) {
        if self.folders.excerpts.is_some() {
            self.send(Note::Excerpt(Box::new(Excerpt {
                name: Arc::clone(name),
                session: Arc::clone(session),
                recent: recent.clone(),
                cause,
                at,
            })));
        }
    }

    fn send(&mut self, note: Note) -> bool {
        let sent = self.notes.try_send(note).is_ok();
        self.incomplete += u64::from(!sent);
        sent
    }

    /// Ends all journals, each at its session's time, and waits until they are written.
    pub(crate) fn finish(self, open: impl Iterator<Item = (u64, ClientTime)>) {
        for (id, at) in open {
            // The measuring is over, so that it may wait.
            if self.notes.send(Note::End { id, at }).is_err() {
                break;
            }
        }
        drop(self.notes);
        if self.thread.join().is_err() {
            warn(&say::JOURNAL_THREAD_BROKE);
        }
        if self.incomplete > 0 {
            let n = self.incomplete;
            warn(&say::MonitorJournalsIncomplete { n });
        }
    }
}

/// A journal that is written.
struct Open {
    file: PathBuf,
    session: Arc<SessionHeader>,
    /// Once its first probe went out.
    scribe: Option<Scribe>,
    /// What is not in the file yet.
    lines: String,
}

struct Writer {
    journals: HashMap<u64, Open>,
    excerpts: Option<(PathBuf, u64)>,
}

impl Writer {
    fn write_all(mut self, queue: &Receiver<Note>) {
        let mut clock = Clock::start();
        loop {
            let over = match queue.recv_timeout(FLUSH) {
                Ok(note) => {
                    self.take(note);
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            };
            if over || clock.elapsed() >= FLUSH {
                clock = Clock::start();
                self.journals.retain(|_, journal| journal.flush());
            }
            if over {
                return;
            }
        }
    }

    fn take(&mut self, note: Note) {
        match note {
            Note::Begin {
                id,
                file,
                session,
                recent,
            } => {
                let mut journal = Open {
                    file,
                    session,
                    scribe: None,
                    lines: String::new(),
                };
                let begun = recent.iter().all(|it| journal.take(&it).is_ok());
                if begun {
                    self.journals.insert(id, journal);
                }
            }
            Note::Happened { id, happened } => {
                if let Some(journal) = self.journals.get_mut(&id)
                    && journal.take(&happened).is_err()
                {
                    let name = journal.file.display().to_string();
                    warn(&say::MonitorJournalBroken { name });
                    journal.flush();
                    self.journals.remove(&id);
                }
            }
            Note::End { id, at } => {
                if let Some(mut journal) = self.journals.remove(&id) {
                    journal.finish(at, StopReason::Signal);
                    journal.flush();
                }
            }
            Note::Excerpt(excerpt) => {
                if let Some((folder, quota)) = &self.excerpts
                    && let Err(error) = write_excerpt(&excerpt, folder, *quota)
                {
                    let name = folder.display().to_string();
                    let error = crate::i18n::chain(&error.context(say::JournalNotCreated { name }));
                    warn(&error);
                }
            }
        }
    }
}

impl Open {
    fn take(&mut self, happened: &Happened) -> Result<(), Broken> {
        if self.scribe.is_none() {
            let Some((scribe, header)) = Scribe::begin(&self.session, happened) else {
                return Ok(());
            };
            self.line(&header);
            self.scribe = Some(scribe);
        }
        let Self { scribe, lines, .. } = self;
        let taken = scribe.as_mut().map(|it| it.take(happened, add(lines)));
        taken.unwrap_or(Ok(()))
    }

    fn line(&mut self, it: &impl serde::Serialize) {
        self.lines.push_str(&to_line(it).unwrap_or_default());
    }

    fn finish(&mut self, at: ClientTime, why: StopReason) {
        if let Some(scribe) = self.scribe.take() {
            scribe.finish(at, why, add(&mut self.lines));
        }
    }

    /// Writes what waits. Whether that succeeds.
    fn flush(&mut self) -> bool {
        if self.lines.is_empty() {
            return true;
        }
        let mut options = File::options();
        options.append(true).create(true);
        let written = options
            .open(&self.file)
            .and_then(|mut file| file.write_all(self.lines.as_bytes()));
        self.lines.clear();
        if let Err(error) = &written {
            let name = self.file.display().to_string();
            warn(&say::MonitorJournalNotWritten { name, error });
        }
        written.is_ok()
    }
}

/// Puts records into lines. None of those that are made here has no line.
fn add(lines: &mut String) -> impl FnMut(udping_journal::Record) {
    |record| lines.push_str(&to_line(&record).unwrap_or_default())
}

/// Writes the last minutes of a target, of which older ones give way.
fn write_excerpt(excerpt: &Excerpt, folder: &Path, quota: u64) -> anyhow::Result<()> {
    let mut journal = Open {
        file: PathBuf::new(),
        session: Arc::clone(&excerpt.session),
        scribe: None,
        lines: String::new(),
    };
    for happened in excerpt.recent.iter() {
        if journal.take(&happened).is_err() {
            // Begun again from there on, as if nothing had been known before.
            journal.scribe = None;
            journal.lines.clear();
        }
    }
    let Some(scribe) = &journal.scribe else {
        return Ok(());
    };
    let (first, at_ns) = (scribe.first(), scribe.at_ns(excerpt.at));
    journal.finish(excerpt.at, StopReason::Excerpt);
    let name = format!("{}{FROM}{first}.jsonl", excerpt.name);
    let file = folder.join(&name);
    // In one step, so that nobody reads half of it.
    let beginning = folder.join(format!(".{name}"));
    fs::write(&beginning, &journal.lines)?;
    fs::rename(&beginning, &file)?;
    keep_within(folder, quota, &file)?;
    warn(&say::MonitorExcerpt {
        why: excerpt.cause.text(),
        file: file.display().to_string(),
        at: seconds(Duration::from_nanos(at_ns)),
    });
    Ok(())
}

/// Removes the oldest excerpts beyond `quota` bytes, but for the `newest`.
fn keep_within(folder: &Path, quota: u64, newest: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.contains(FROM) && name.ends_with(".jsonl") && !name.starts_with('.') {
            let file = path.metadata()?;
            files.push((file.modified()?, path, file.len()));
        }
    }
    for path in beyond(files, quota, newest) {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Of files with when they were written and how long they are, the oldest beyond `quota` bytes, but
/// for the `newest`.
fn beyond(
    mut files: Vec<(SystemTime, PathBuf, u64)>,
    quota: u64,
    newest: &Path,
) -> impl Iterator<Item = PathBuf> {
    files.sort();
    let mut all: u64 = files.iter().map(|(.., len)| len).sum();
    let others = files.into_iter().filter(move |(_, path, _)| path != newest);
    others
        .take_while(move |(.., len)| {
            let goes = all > quota;
            all -= if goes { *len } else { 0 };
            goes
        })
        .map(|(_, path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_several_excerpts_give_way_and_the_newest_stays() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let file = |(seconds, name): (u64, &str)| (at(seconds), PathBuf::from(name), 10);
        let files = || [(3, "c"), (1, "z"), (4, "a"), (2, "y")].map(file).to_vec();
        for (quota, gone) in [
            (40, &[][..]),
            (39, &["z"]),
            (20, &["z", "y"]),
            (19, &["z", "y", "c"]),
            (5, &["z", "y", "c"]),
        ] {
            let beyond: Vec<_> = beyond(files(), quota, Path::new("a")).collect();
            let gone: Vec<_> = gone.iter().map(PathBuf::from).collect();
            assert_eq!(beyond, gone, "{quota}");
        }
        // What was written last may look old, where a clock was set.
        let beyond: Vec<_> = beyond(files(), 10, Path::new("z")).collect();
        assert_eq!(beyond, ["y", "c", "a"].map(PathBuf::from));
    }
}
