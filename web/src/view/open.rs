//! Getting a journal into the page: by picking, dropping, or `#log=` on this site.
//!
//! Owns where a journal comes from and what is said when it fails; a worker reads it.
//! What a journal is, is the engine's to know.

use js_sys::Uint8Array;
use js_sys::futures::{JsFuture, spawn_local};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, File, ReadableStream, Response, Url};

use crate::worker::{WorkerError, WorkerHandle};
use udping_engine::loader::{LoadError, Progress};
use udping_engine::run::Run;

use super::app::{App, Room};
use super::i18n::{Localization, Value, key};
use super::with;
use udping_engine::scale::float;

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

/// Opens a file that the user chose.
pub(crate) fn file(file: &File) {
    blob(file.name(), file.clone().into());
}

/// Opens a journal that the page has.
pub(crate) fn blob(name: String, blob: Blob) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size"
    )]
    let size = Some(blob.size() as u64);
    open(name, async move {
        if is_gzip(&blob).await {
            return Ok((unpacked(&blob.stream()).map_err(damaged)?, None));
        }
        Ok((blob.stream(), size))
    });
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

/// Opens a journal on this very site, as a link names it.
pub(crate) fn address(address: &str) {
    let address = address.to_owned();
    let name = address.rsplit('/').next().unwrap_or_default().to_owned();
    open(name, async move { fetch(&address).await });
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

/// Reads what `source` gives and tells the app how it ended.
fn open(
    name: String,
    source: impl Future<Output = Result<(ReadableStream, Option<u64>), Failure>> + 'static,
) {
    spawn_local(async move {
        // Only now: whoever asked may have the app in hand.
        let begin = |app: &mut App| app.background.begin(&app.page.l10n, key::LOADING);
        let Some(turn) = with(begin) else { return };
        let result = match source.await {
            Ok((stream, size)) => read(stream, size, turn).await,
            Err(failure) => Err(failure),
        };
        with(|app| app.end_loading(turn, &name, result));
    });
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
    fn end_loading(&mut self, turn: u32, name: &str, result: Result<(Run, WorkerHandle), Failure>) {
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
            }
            Ok(_) | Err(Failure::Cancelled) => {}
            Err(failure) => {
                self.enter(Room::Replay);
                let text = explain(&self.page.l10n, name, &failure);
                self.replay.show_error(&text);
            }
        }
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
