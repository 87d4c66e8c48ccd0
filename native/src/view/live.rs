//! A run that the page shows while it is measured: server-sent events.
//!
//! Owns that no page is ever waited for by the measuring: each reads the journal's file at its
//! own pace. Knows nothing of what the page does with it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use tokio::io::{AsyncWriteExt as _, DuplexStream};
use tokio_util::io::ReaderStream;

use super::follow::{Follower, JournalOffset, Piece};
use crate::cli::RecordArgs;
use crate::clock::Clock;
use crate::i18n::say;
use crate::journal::{Existing, Output, Sink};
use crate::warn;

/// How often a file is looked at for more.
const LOOK: Duration = Duration::from_millis(50);

/// How often a page is told that nothing has come: a connection that is gone is then noticed.
const QUIET: Duration = Duration::from_secs(5);

/// How much is on its way to a page.
const BUFFER: usize = 1 << 18;

/// A journal that pages follow.
pub(super) struct Live {
    path: PathBuf,
    /// Nothing more will be written.
    ended: AtomicBool,
    /// How many pages look at it, and whether one ever did.
    pages: AtomicUsize,
    opened: AtomicBool,
    /// What it is written to, if that is only for the page.
    _spool: Option<Spool>,
}

/// A file that goes with whoever made it.
struct Spool(PathBuf);

impl Spool {
    fn new() -> anyhow::Result<Self> {
        let name = format!("udping-{:016x}.jsonl", crate::random()?);
        let path = std::env::temp_dir().join(name);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let named = || say::JournalNotCreated {
            name: path.display().to_string(),
        };
        options.open(&path).with_context(named)?;
        Ok(Self(path))
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // The system's own cleaning has to do where that fails.
        let _ = fs::remove_file(&self.0);
    }
}

impl Live {
    fn new(path: PathBuf, spool: Option<Spool>) -> Self {
        Self {
            path,
            ended: AtomicBool::new(false),
            pages: AtomicUsize::new(0),
            opened: AtomicBool::new(false),
            _spool: spool,
        }
    }

    /// Follows what is recorded as `record` says, in `sinks`. Where that leaves no file that can
    /// be read from its beginning, one is added which goes with this.
    pub(super) fn recorded(record: &RecordArgs, sinks: &mut Vec<Sink>) -> anyhow::Result<Self> {
        if let Some(path) = record.new_file() {
            return Ok(Self::new(path.to_owned(), None));
        }
        let spool = Spool::new()?;
        let output = Output::file(&spool.0, Existing::Refuse, None)?;
        sinks.push(Sink::file(&spool.0, output));
        Ok(Self::new(spool.0.clone(), Some(spool)))
    }

    /// Nothing more will be written.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// Whether a page looks at it, or none ever did.
    pub(super) fn is_watched(&self) -> bool {
        let opened = self.opened.load(Ordering::Relaxed);
        !opened || self.pages.load(Ordering::Relaxed) > 0
    }

    /// Follows a new file, which goes with this.
    #[cfg(target_os = "linux")]
    pub(super) fn spooled() -> anyhow::Result<Self> {
        let spool = Spool::new()?;
        Ok(Self::new(spool.0.clone(), Some(spool)))
    }

    #[cfg(target_os = "linux")]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Follows a file that something else writes.
    pub(super) fn file(path: &Path) -> anyhow::Result<Arc<Self>> {
        if fs::metadata(path).is_ok_and(|file| file.is_file()) {
            return Ok(Arc::new(Self::new(path.to_owned(), None)));
        }
        // What can be read only once is kept for pages that come later.
        let spool = Spool::new()?;
        let mut copy = File::options().append(true).open(&spool.0)?;
        let live = Arc::new(Self::new(spool.0.clone(), Some(spool)));
        let (from, there) = (path.to_owned(), Arc::downgrade(&live));
        thread::Builder::new()
            .name("follow".to_owned())
            .spawn(move || {
                let copied = File::open(&from).and_then(|mut from| io::copy(&mut from, &mut copy));
                if let Err(error) = copied.and_then(|_| copy.flush()) {
                    warn(&format!("udping: {}", say::ViewJournalUnreadable { error }));
                }
                if let Some(live) = there.upgrade() {
                    live.end();
                }
            })?;
        Ok(live)
    }
}

/// A page that looks at a run, for as long as this lives.
struct Page(Arc<Live>);

impl Page {
    fn of(live: Arc<Live>) -> Self {
        live.pages.fetch_add(1, Ordering::Relaxed);
        live.opened.store(true, Ordering::Relaxed);
        Self(live)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.0.pages.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers a page that wants to follow the run, from the beginning or from where it was.
pub(super) fn events(live: Arc<Live>, headers: &HeaderMap) -> Response {
    let before = headers.get("last-event-id");
    let before = before.and_then(|place| JournalOffset::parse(place.to_str().ok()?));
    let follower = Follower::new(&live.path, before);
    let (read, write) = tokio::io::duplex(BUFFER);
    tokio::spawn(async move {
        // The page has gone, which is its right.
        let _ = send(Page::of(live), follower, write).await;
    });
    let kind = [(header::CONTENT_TYPE, "text/event-stream")];
    (kind, Body::from_stream(ReaderStream::new(read))).into_response()
}

/// Sends what is read to a page, until that is closed.
async fn send(page: Page, mut follower: Follower, mut out: DuplexStream) -> io::Result<()> {
    let mut quiet = Clock::start();
    let (mut caught_up, mut said_end) = (false, false);
    loop {
        // Asked before reading: what was written before the end is then read.
        let ended = page.0.ended.load(Ordering::Acquire);
        let text = match follower.read() {
            Ok(Piece::Lines(lines, place)) => event(&lines, place),
            Ok(Piece::Restart) => {
                (caught_up, said_end) = (false, false);
                named("restart", "")
            }
            Ok(Piece::Nothing) if !caught_up => {
                caught_up = true;
                named("newest", "")
            }
            Ok(Piece::Nothing) if ended && !said_end => {
                said_end = true;
                named("end", "")
            }
            Ok(Piece::Nothing) if quiet.elapsed() >= QUIET => b":\n\n".to_vec(),
            Ok(Piece::Nothing) => {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            Err(error) => {
                let why = say::ViewJournalUnreadable { error }.to_string();
                out.write_all(&named("failed", &why)).await?;
                return out.shutdown().await;
            }
        };
        out.write_all(&text).await?;
        quiet = Clock::start();
    }
}

/// Lines as an event of the HTML standard (§9.2.5), which can be resumed after.
fn event(lines: &[u8], place: JournalOffset) -> Vec<u8> {
    let mut text = format!("id: {place}\n").into_bytes();
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        text.extend_from_slice(b"data: ");
        text.extend_from_slice(line);
    }
    text.push(b'\n');
    text
}

fn named(name: &str, data: &str) -> Vec<u8> {
    format!("event: {name}\ndata: {data}\n\n").into_bytes()
}
