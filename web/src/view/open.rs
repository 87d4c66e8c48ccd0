//! Getting a journal into the page: by picking, dropping, or `#log=` on this site.
//!
//! Owns the reading, in pieces small enough that the page goes on answering, and
//! what is said when it fails. What a journal is, is the engine's to know.

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{File, ReadableStream, ReadableStreamDefaultReader, Response, Url};

use crate::engine::loader::{LoadError, Loader, Progress};
use crate::engine::run::Run;

use super::words::key;
use crate::engine::message::Arg;

/// How long reading may keep the page from answering, in milliseconds.
const SLICE_MS: f64 = 10.0;
/// How many bytes are read between two looks at the time.
const PIECE: usize = 1 << 16;

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
pub(crate) fn file(file: File) {
    let name = file.name();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size"
    )]
    let size = Some(file.size() as u64);
    open(name, async move { Ok((file.stream(), size)) });
}

/// Opens a journal on this very site, as a link names it.
pub(crate) fn address(address: &str) {
    let address = address.to_owned();
    let name = address.rsplit('/').next().unwrap_or_default().to_owned();
    open(name, async move { fetch(&address).await });
}

async fn fetch(address: &str) -> Result<(ReadableStream, Option<u64>), Failure> {
    let unreachable = |what: JsValue| Failure::Unreachable(said(&what));
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
    let Some(turn) = super::with(|app| app.begin_loading()) else {
        return;
    };
    spawn_local(async move {
        let result = match source.await {
            Ok((stream, size)) => read(stream, size, turn).await,
            Err(failure) => Err(failure),
        };
        super::with(|app| app.end_loading(turn, &name, result));
    });
}

async fn read(stream: ReadableStream, size: Option<u64>, turn: u32) -> Result<Run, Failure> {
    let unreachable = |what: JsValue| Failure::Unreachable(said(&what));
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut loader = Loader::new();
    let mut since = now();
    let mut bytes = Vec::new();
    loop {
        let read = JsFuture::from(reader.read()).await.map_err(unreachable)?;
        let done = Reflect::get(&read, &"done".into()).is_ok_and(|done| done.is_truthy());
        if done {
            break;
        }
        let chunk: Uint8Array = Reflect::get(&read, &"value".into())
            .map_err(unreachable)?
            .unchecked_into();
        bytes.resize(chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes);
        for piece in bytes.chunks(PIECE) {
            if let Err(error) = loader.feed(piece) {
                // The rest is of no interest; that a stream cannot be cancelled changes nothing.
                drop(reader.cancel());
                return Err(Failure::Load(error));
            }
            if now() - since > SLICE_MS {
                if !proceed(turn, loader.progress(), size) {
                    drop(reader.cancel());
                    return Err(Failure::Cancelled);
                }
                breathe().await;
                since = now();
            }
        }
    }
    if !proceed(turn, loader.progress(), size) {
        return Err(Failure::Cancelled);
    }
    loader.finish().map_err(Failure::Load)
}

/// Shows the progress; false if the reading is no longer wanted.
fn proceed(turn: u32, progress: Progress, size: Option<u64>) -> bool {
    super::with(|app| app.loading_progress(turn, progress, size)).unwrap_or(false)
}

/// Lets the page draw and answer.
async fn breathe() {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Without a timer the reading goes on at once.
            if window.set_timeout_with_callback(&resolve).is_err() {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        }
    });
    // A timer's promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// The page's own time in milliseconds, to share it out; no decision depends on it.
pub(crate) fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

fn said(what: &JsValue) -> String {
    what.dyn_ref::<js_sys::Error>().map_or_else(
        || format!("{what:?}"),
        |error| String::from(error.message()),
    )
}

/// A failure in words: what is wrong, and where.
pub(crate) fn explain(words: &super::words::Words, name: &str, failure: &Failure) -> String {
    let name = ("name", Arg::Text(name.to_owned()));
    match failure {
        Failure::Cancelled => words.get(key::CANCELLED).to_owned(),
        Failure::Elsewhere => words.get(key::LOG_ELSEWHERE).to_owned(),
        Failure::Unreachable(what) => words.say(
            key::LOG_UNREACHABLE,
            &[name, ("what", Arg::Text(what.clone()))],
        ),
        Failure::Load(error) => {
            let (line, column) = (
                ("line", Arg::Number(error.line)),
                ("column", Arg::Number(error.column)),
            );
            let place = match (error.line, error.column) {
                (0, _) => words.say(key::LOAD_FAILED, &[name]),
                (_, 0) => words.say(key::LOAD_FAILED_LINE, &[name, line]),
                _ => words.say(key::LOAD_FAILED_COLUMN, &[name, line, column]),
            };
            format!("{place} {}", words.tell(&error.what))
        }
    }
}
