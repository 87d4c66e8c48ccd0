//! A journal that is still written, followed: its lines as they come, from the first.
//!
//! Owns what becomes of a file that grows, is cut, replaced, or split into parts. Knows nothing
//! of who reads, nor of what lines mean beyond what a split journal says of its parts.

use std::ffi::OsString;
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use udping_journal::Header;

/// How much is read at once.
const CHUNK: usize = 1 << 16;

/// How many full parts of a split journal there are at most: `FILE.1` to `FILE.9`.
const PARTS: u32 = 9;

/// The longest first line that is looked for.
const LONGEST_HEADER: u64 = 1 << 20;

/// How a journal says that it goes on in another file.
const SPLIT: &[u8] = b"{\"split\":";

/// A place in a run's journal, as a reader knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JournalOffset {
    /// Of which run: from its first line.
    run: u64,
    /// How many bytes of it were read.
    bytes: u64,
}

impl JournalOffset {
    /// The place that [`JournalOffset::to_string`] wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (run, bytes) = text.split_once('-')?;
        Some(Self {
            run: u64::from_str_radix(run, 16).ok()?,
            bytes: bytes.parse().ok()?,
        })
    }
}

impl std::fmt::Display for JournalOffset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}-{}", self.run, self.bytes)
    }
}

/// What there is to read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Whole lines, and the place after them.
    Lines(Vec<u8>, JournalOffset),
    /// What was read is no more: another run begins.
    Restart,
    /// Nothing, for now.
    Nothing,
}

/// A file that is open, and how far it was read.
struct Part {
    file: File,
    /// Its first line, once that is whole.
    first: Option<Vec<u8>>,
    /// Its number; 1 where a journal was not split.
    number: u64,
    /// It is written no more.
    full: bool,
    position: u64,
}

/// Follows one journal for one reader. The parts of a split one are one journal to it.
pub(super) struct Follower {
    path: PathBuf,
    part: Option<Part>,
    place: Option<JournalOffset>,
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    /// The next line is a header that only says which part it begins.
    skips_header: bool,
    /// So many bytes were read before.
    behind: u64,
    /// Where the reader was before, until that is found again.
    resumes: Option<JournalOffset>,
}

impl Follower {
    /// Follows the journal at `path`, from where its reader was before, if that is still there.
    pub(super) fn new(path: &Path, resumes: Option<JournalOffset>) -> Self {
        Self {
            path: path.to_owned(),
            part: None,
            place: None,
            partial: Vec::new(),
            skips_header: false,
            behind: 0,
            resumes,
        }
    }

    /// What there is to read now.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn read(&mut self) -> io::Result<Piece> {
        loop {
            let Some(part) = &mut self.part else {
                match self.begin()? {
                    Some(piece) => return Ok(piece),
                    None => continue,
                }
            };
            let mut chunk = vec![0; CHUNK];
            let read = part.file.read(&mut chunk)?;
            part.position += read as u64;
            if read == 0 {
                match self.at_end()? {
                    Some(piece) => return Ok(piece),
                    None => continue,
                }
            }
            chunk.truncate(read);
            let lines = self.lines(&chunk);
            if let Some(place) = &mut self.place
                && !lines.is_empty()
            {
                place.bytes += lines.len() as u64;
                return Ok(Piece::Lines(lines, *place));
            }
        }
    }

    /// Opens the first file; what to say of that, if there is something.
    fn begin(&mut self) -> io::Result<Option<Piece>> {
        let Some(oldest) = self.oldest() else {
            return Ok(Some(Piece::Nothing));
        };
        let mut part = match Part::open(&oldest) {
            Ok(part) => part,
            // It is just being replaced.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Some(Piece::Nothing));
            }
            Err(error) => return Err(error),
        };
        let Some(first) = &part.first else {
            return Ok(Some(Piece::Nothing));
        };
        let mut hasher = DefaultHasher::new();
        first.hash(&mut hasher);
        let run = hasher.finish();
        let mut restarts = false;
        if let Some(before) = self.resumes.take() {
            let length = part.file.metadata()?.len();
            // What was read of a journal in one part is what is there; of several, headers
            // were left out.
            let alone = oldest == self.path;
            if before.run == run && (!alone || before.bytes <= length) {
                if alone {
                    part.position = part.file.seek(SeekFrom::Start(before.bytes))?;
                    self.place = Some(before);
                } else {
                    self.behind = before.bytes;
                }
            } else {
                restarts = true;
            }
        }
        self.place.get_or_insert(JournalOffset { run, bytes: 0 });
        self.part = Some(part);
        Ok(restarts.then_some(Piece::Restart))
    }

    /// Everything of this file was read: goes on where there is more; says so where that is
    /// not known yet.
    fn at_end(&mut self) -> io::Result<Option<Piece>> {
        let Some(part) = &mut self.part else {
            return Ok(None);
        };
        let now = first_line(&self.path).ok().flatten();
        if now == part.first {
            let length = std::fs::metadata(&self.path).map(|file| file.len());
            let cut = length.is_ok_and(|length| length < part.position);
            return Ok(Some(if cut { self.restart() } else { Piece::Nothing }));
        }
        // It has another name by now, or is gone. While its place is empty, that is not known.
        let Some(now) = now else {
            let cut = part.file.metadata()?.len() < part.position;
            return Ok(Some(if cut { self.restart() } else { Piece::Nothing }));
        };
        let kept = |number: u32| kept(&self.path, number);
        let is_it = |number: &u32| first_line(&kept(*number)).is_ok_and(|it| it == part.first);
        let Some(place) = (1..=PARTS).find(is_it) else {
            return Ok(Some(self.restart()));
        };
        if !part.full {
            // What was written between the last reading and its renaming.
            part.full = true;
            return Ok(None);
        }
        let (path, first) = match place {
            1 => (self.path.clone(), Some(now)),
            later => (kept(later - 1), first_line(&kept(later - 1)).ok().flatten()),
        };
        let follows = first.is_some_and(|it| number(&it) == part.number + 1);
        if !follows {
            return Ok(Some(self.restart()));
        }
        self.part = Some(Part::open(&path)?);
        self.partial.clear();
        self.skips_header = true;
        Ok(None)
    }

    fn restart(&mut self) -> Piece {
        *self = Self::new(&self.path, None);
        Piece::Restart
    }

    /// The whole lines that end in `chunk`, without what was read before and what only says
    /// that the journal was split.
    fn lines(&mut self, chunk: &[u8]) -> Vec<u8> {
        let mut lines = Vec::new();
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            self.partial.extend_from_slice(piece);
            if !piece.ends_with(b"\n") {
                break;
            }
            let is_split = self.partial.starts_with(SPLIT);
            if !std::mem::take(&mut self.skips_header) && !is_split {
                let before = usize::try_from(self.behind).unwrap_or(usize::MAX);
                let before = before.min(self.partial.len());
                self.behind -= before as u64;
                if let Some(place) = &mut self.place {
                    place.bytes += before as u64;
                }
                lines.extend_from_slice(self.partial.get(before..).unwrap_or_default());
            }
            self.partial.clear();
        }
        lines
    }

    /// The file in which the journal at this path begins, as far as its parts are kept.
    fn oldest(&self) -> Option<PathBuf> {
        let first = |path: &Path| first_line(path).ok().flatten();
        let mut oldest = self.path.clone();
        let mut part = number(&first(&oldest)?);
        for kept in (1..=PARTS).map(|number| kept(&self.path, number)) {
            if part <= 1 {
                break;
            }
            match first(&kept).map(|it| number(&it)) {
                Some(before) if before + 1 == part => (oldest, part) = (kept, before),
                _ => break,
            }
        }
        Some(oldest)
    }
}

impl Part {
    fn open(path: &Path) -> io::Result<Self> {
        let first = first_line(path)?;
        Ok(Self {
            file: File::open(path)?,
            number: first.as_deref().map_or(1, number),
            first,
            full: false,
            position: 0,
        })
    }
}

/// A file's first line, once that is whole.
fn first_line(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut file = BufReader::new(File::open(path)?.take(LONGEST_HEADER));
    file.read_until(b'\n', &mut line)?;
    let whole = line.ends_with(b"\n") || line.len() as u64 == LONGEST_HEADER;
    Ok(whole.then_some(line))
}

/// Which part of a journal a first line begins.
fn number(first: &[u8]) -> u64 {
    let header = std::str::from_utf8(first).ok();
    let header = header.and_then(|line| Header::parse(line.trim_end()).ok());
    header.and_then(|header| header.part).unwrap_or(1)
}

fn kept(path: &Path, number: u32) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(format!(".{number}"));
    name.into()
}
