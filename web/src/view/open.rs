//! Getting a journal into the page: by picking, dropping, or `#log=` on this site.
//!
//! Owns where a journal comes from and what is said when it fails; a worker reads it.
//! What a journal is, is the engine's to know.

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{JsString, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, File, ReadableStream, Response, Url};

use crate::worker::{WorkerError, WorkerHandle};
use udping_engine::loader::{LoadError, Progress};
use udping_engine::run::Run;
use udping_engine::scale::float;
use udping_engine::state::{Place, State};

use super::app::{App, Room};
use super::i18n::{Localization, Value, key};
use super::kept::{self, Outcome};
use super::open_beside;
use super::place::BESIDE;
use super::restore::Way;
use super::{share, with};

/// Why a journal was not opened.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The user cancelled, or opened something else.
    Cancelled,
    /// It is no journal.
    Load(LoadError),
    /// It is on another site.
    Elsewhere,
    /// It cannot be had.
    Unreachable(String),
}

/// Where an open journal is found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JournalSource {
    /// Nowhere: only its file has it.
    Nowhere,
    /// At this address of the site.
    Address(String),
    /// Among the journals that the browser keeps.
    Kept(String),
    /// At this address, while it is measured.
    Live(String),
}

/// Opens a file that the user chose: a journal, or the runs of a link.
pub(crate) fn file(file: &File) {
    let (name, modified) = (file.name(), file.last_modified());
    let file = file.clone();
    spawn_local(async move {
        let head = file.slice_with_i32_and_i32(0, 16);
        let head = match head {
            Ok(head) => JsFuture::from(head.array_buffer()).await,
            Err(error) => Err(error),
        };
        if head.is_ok_and(|head| State::is_file(&Uint8Array::new(&head).to_vec())) {
            // What cannot be read is damaged, and is said to be.
            let text = JsFuture::from(file.text()).await.unwrap_or_default();
            let text = String::from(JsString::from(text));
            with(|app| app.restore_file(&text));
        } else {
            blob(name, modified, file.into());
        }
    });
}

/// Opens a journal that the page has, and keeps it.
pub(crate) fn blob(name: String, modified: f64, blob: Blob) {
    spawn_local(async move {
        let same = kept::find(&name, modified, blob.size()).await;
        let id = same.unwrap_or_else(kept::new_id);
        let opened = open_blob(
            name.clone(),
            JournalSource::Kept(id.clone()),
            Place::default(),
            blob.clone(),
        );
        // Only now: storing a large file takes as much of the machine as reading it.
        if opened.await {
            keep(id, name, modified, blob).await;
        }
    });
}

/// Keeps a journal, and says so where it cannot be kept.
pub(super) async fn keep(id: String, name: String, modified: f64, blob: Blob) {
    let outcome = kept::put(&id, &name, modified, &blob).await;
    with(|app| {
        let l10n = &app.page.l10n;
        let not_kept = match outcome {
            Ok(Outcome::Kept(gone)) if gone.is_empty() => None,
            Ok(Outcome::Kept(gone)) => {
                let gone = gone.join(", ");
                let text = l10n.say(key::RECENT_GONE, &[("names", Value::Text(&gone))]);
                app.page.notice(&text);
                None
            }
            Ok(Outcome::TooLarge) => Some(key::RECENT_TOO_LARGE),
            Err(_) => Some(key::RECENT_REFUSED),
        };
        if let Some(why) = not_kept {
            app.replay.forget(&JournalSource::Kept(id));
            app.page.tell(why);
        }
    });
    recent().await;
}

/// Lists the journals that are kept.
pub(crate) async fn recent() {
    // A browser that keeps none has none to list.
    let list = kept::list().await.unwrap_or_default();
    with(|app| {
        app.replay.recent.put(list);
        app.page.invalidate();
    });
}

/// The same, when the page begins.
pub(crate) fn list_recent() {
    spawn_local(recent());
}

/// Opens a journal that the browser keeps.
pub(crate) fn kept(id: String, place: Place) {
    spawn_local(async move {
        let found = kept::get(&id).await.ok().flatten();
        let Some((name, modified, blob)) = found else {
            with(App::miss_kept);
            return;
        };
        let opened = open_blob(
            name.clone(),
            JournalSource::Kept(id.clone()),
            place,
            blob.clone(),
        );
        // It is the newest now.
        if opened.await {
            keep(id, name, modified, blob).await;
        }
    });
}

/// Whether it opened.
async fn open_blob(name: String, source: JournalSource, place: Place, blob: Blob) -> bool {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size"
    )]
    let size = Some(blob.size() as u64);
    open(name, source, place, async move {
        if is_gzip(&blob).await {
            return Ok((unpacked(&blob.stream()).map_err(damaged)?, None));
        }
        Ok((blob.stream(), size))
    })
    .await
}

/// Whether it begins as gzip does (RFC 1952 §2.3.1).
async fn is_gzip(blob: &Blob) -> bool {
    let Ok(head) = blob.slice_with_i32_and_i32(0, 2) else {
        return false;
    };
    let head = JsFuture::from(head.array_buffer()).await;
    head.is_ok_and(|head| Uint8Array::new(&head).to_vec() == [0x1f, 0x8b])
}

#[wasm_bindgen]
extern "C" {
    /// The browser's own, which web-sys counts as unstable.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;

    /// A [`ReadableStream`], for the one method that takes the above.
    type Source;
    #[wasm_bindgen(method, catch, js_name = pipeThrough)]
    fn pipe_through(
        this: &Source,
        through: &DecompressionStream,
    ) -> Result<ReadableStream, JsValue>;
}

/// What is packed in it.
fn unpacked(stream: &ReadableStream) -> Result<ReadableStream, JsValue> {
    let gzip = DecompressionStream::new("gzip")?;
    stream.unchecked_ref::<Source>().pipe_through(&gzip)
}

fn damaged(what: JsValue) -> Failure {
    Failure::Unreachable(js_message(&what))
}

/// A small recorded run that the page has built in, to try Replay with.
const SAMPLE: &str = include_str!("../../sample.jsonl");

/// Opens the built-in journal.
pub(crate) fn sample() -> Result<(), JsValue> {
    let sample = share::text(SAMPLE)?;
    spawn_local(async {
        let name = "sample.jsonl".to_owned();
        open_blob(name, JournalSource::Nowhere, Place::default(), sample).await;
    });
    Ok(())
}

/// Opens a journal on this very site, as a link names it.
pub(crate) fn address(address: &str, place: Place) {
    let address = address.to_owned();
    let name = address.rsplit('/').next().unwrap_or_default().to_owned();
    let source = JournalSource::Address(address.clone());
    spawn_local(async move {
        open(name, source, place, fetch(&address)).await;
    });
}

async fn fetch(address: &str) -> Result<(ReadableStream, Option<u64>), Failure> {
    let unreachable = |what: JsValue| Failure::Unreachable(js_message(&what));
    let window = web_sys::window().ok_or(Failure::Elsewhere)?;
    let base = window.location().href().map_err(unreachable)?;
    let url = Url::new_with_base(address, &base).map_err(unreachable)?;
    if window.location().origin().ok() != Some(url.origin()) {
        return Err(Failure::Elsewhere);
    }
    let response: Response = JsFuture::from(window.fetch_with_str(&url.href()))
        .await
        .map_err(unreachable)?
        .unchecked_into();
    if !response.ok() {
        return Err(Failure::Unreachable(format!(
            "{} {}",
            response.status(),
            response.status_text()
        )));
    }
    let size = response
        .headers()
        .get("content-length")
        .ok()
        .flatten()
        .and_then(|size| size.parse().ok());
    let body = response
        .body()
        .ok_or_else(|| Failure::Unreachable(String::new()))?;
    Ok((body, size))
}

/// Reads what `source` gives and tells the app how it ended: whether it opened. It is spawned:
/// whoever asks may have the app in hand.
async fn open(
    name: String,
    source: JournalSource,
    place: Place,
    bytes: impl Future<Output = Result<(ReadableStream, Option<u64>), Failure>>,
) -> bool {
    let begin = |app: &mut App| app.background.begin(&app.page.l10n, key::LOADING);
    let Some(turn) = with(begin) else {
        return false;
    };
    let result = match bytes.await {
        Ok((stream, size)) => read(stream, size, turn).await,
        Err(failure) => Err(failure),
    };
    with(|app| {
        let opened = app.end_loading(turn, &name, result);
        if opened {
            app.replay.source = source;
            app.go_in_replay(&place);
        }
        opened
    })
    .unwrap_or(false)
}

/// Has a worker read, so that the page goes on answering.
async fn read(
    stream: ReadableStream,
    size: Option<u64>,
    turn: u32,
) -> Result<(Run, WorkerHandle), Failure> {
    let failed = |trouble| match trouble {
        WorkerError::Cancelled => Failure::Cancelled,
        WorkerError::Load(error) => Failure::Load(error),
        WorkerError::Other(what) => Failure::Unreachable(what),
    };
    let handle = WorkerHandle::start().map_err(failed)?;
    let run = handle.open(&stream, |progress| proceed(turn, progress, size));
    let run = run.await.map_err(failed)?;
    Ok((run, handle))
}

/// Has a worker read a journal that the page has.
pub(super) async fn read_blob(blob: &Blob, turn: u32) -> Result<(Run, WorkerHandle), Failure> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size"
    )]
    let size = blob.size() as u64;
    if is_gzip(blob).await {
        let stream = unpacked(&blob.stream()).map_err(damaged)?;
        return read(stream, None, turn).await;
    }
    read(blob.stream(), Some(size), turn).await
}

/// Shows the progress; false if the reading is no longer wanted.
fn proceed(turn: u32, progress: Progress, size: Option<u64>) -> bool {
    let wanted = with(|app| {
        let l10n = &app.page.l10n;
        let megabytes = l10n.decimal(float(progress.bytes) / 1e6, 1, 1);
        let text = [
            ("megabytes", Value::Text(&megabytes)),
            ("probes", Value::Count(progress.probes)),
        ];
        let text = l10n.say(key::LOADING_PROGRESS, &text);
        let size = size.filter(|size| *size > 0);
        let part = size.map(|size| (progress.bytes, size));
        app.background.progress(turn, part, &text)
    });
    wanted.unwrap_or(false)
}

impl App {
    /// Goes to a place in the journal shown; nowhere if it names none.
    pub(super) fn go_in_replay(&mut self, place: &Place) {
        if *place == Place::default() {
            return;
        }
        let timeouts = self.replay.view.as_ref().map(|view| &view.what_if.timeouts);
        let recorded = timeouts.and_then(|it| it.as_ref().map(|it| it.recorded_ns()));
        if let Some(timeout) = place.what_if_ns.or(recorded) {
            self.replay.what_if(&mut self.page, timeout);
        }
        // A moment of the run under that timeout, if it is decided at once.
        self.in_lab(|run| run.go_to(place));
        let beside = self
            .replay
            .view
            .as_ref()
            .and_then(|view| view.beside.as_deref());
        if let Some(id) = place.get(BESIDE).filter(|id| Some(*id) != beside) {
            open_beside::kept(id.to_owned());
        }
    }

    /// Shows the runs of a file.
    fn restore_file(&mut self, text: &str) {
        match State::parse_file(text) {
            Ok(state) => {
                self.settle_address();
                self.restore(Box::new(state), Way::Link);
            }
            Err(error) => {
                let text = share::explain(&self.page.l10n, &error);
                self.page.notice(&text);
            }
        }
    }

    /// A journal is not kept any more.
    fn miss_kept(&mut self) {
        self.enter(Room::Replay);
        let text = self.page.l10n.get(key::RECENT_MISSING);
        self.replay.show_error(text);
        self.page.invalidate();
    }

    pub(super) fn open_recent(&mut self, id: &str) {
        self.settle_address();
        kept(id.to_owned(), Place::default());
    }

    pub(super) fn remove_recent(&mut self, id: &str) {
        let id = id.to_owned();
        self.replay.forget(&JournalSource::Kept(id.clone()));
        spawn_local(async move {
            // What is not kept any more needs no removing.
            let _ = kept::remove(&id).await;
            recent().await;
        });
    }

    pub(super) fn clear_recent(&mut self) {
        if matches!(self.replay.source, JournalSource::Kept(_)) {
            self.replay.source = JournalSource::Nowhere;
        }
        spawn_local(async move {
            let _ = kept::clear().await;
            recent().await;
        });
    }

    /// Whether a journal is shown now.
    fn end_loading(
        &mut self,
        turn: u32,
        name: &str,
        result: Result<(Run, WorkerHandle), Failure>,
    ) -> bool {
        let wanted = self.background.end(turn);
        match result {
            Ok((run, handle)) if wanted => {
                let probes = run.probes() as u64;
                self.live.stop();
                self.replay.put(name, run, handle);
                self.enter(Room::Replay);
                let loaded = [
                    ("probes", Value::Count(probes)),
                    ("name", Value::Foreign(name)),
                ];
                let text = self.page.l10n.say(key::LOADED, &loaded);
                self.page.announce(&text);
                return true;
            }
            Ok(_) | Err(Failure::Cancelled) => {}
            Err(failure) => {
                self.enter(Room::Replay);
                let text = explain(&self.page.l10n, name, &failure);
                self.replay.show_error(&text);
            }
        }
        false
    }
}

impl App {
    /// Why what is followed cannot be read, in words.
    pub(super) fn explain_load(&self, name: &str, error: LoadError) -> String {
        explain(&self.page.l10n, name, &Failure::Load(error))
    }
}

/// What the browser says of a failure.
fn js_message(what: &JsValue) -> String {
    what.dyn_ref::<js_sys::Error>().map_or_else(
        || format!("{what:?}"),
        |error| String::from(error.message()),
    )
}

/// A failure in words: what is wrong, and where.
pub(super) fn explain(l10n: &Localization, name: &str, failure: &Failure) -> String {
    let name = ("name", Value::Foreign(name));
    match failure {
        Failure::Cancelled => l10n.get(key::CANCELLED).to_owned(),
        Failure::Elsewhere => l10n.get(key::LOG_ELSEWHERE).to_owned(),
        Failure::Unreachable(what) => l10n.say(
            key::LOG_UNREACHABLE,
            &[name, ("what", Value::Foreign(what))],
        ),
        Failure::Load(error) => {
            let (line, column) = (
                ("line", Value::Number(error.line)),
                ("column", Value::Number(error.column)),
            );
            let place = match (error.line, error.column) {
                (0, _) => l10n.say(key::LOAD_FAILED, &[name]),
                (_, 0) => l10n.say(key::LOAD_FAILED_LINE, &[name, line]),
                _ => l10n.say(key::LOAD_FAILED_COLUMN, &[name, line, column]),
            };
            format!("{place} {}", l10n.tell(&error.what))
        }
    }
}
