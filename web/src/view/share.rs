//! Taking a run out of the page: as a link, as a journal.

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlTextAreaElement, Url};

use super::dom::{by_id, document, typed};
use super::i18n::{Key, Localization, Value, key};
use udping_engine::state::StateError;

/// Why a link could not be followed, in words.
pub(crate) fn explain(l10n: &Localization, error: &StateError) -> String {
    match error {
        StateError::TooLong => l10n.get(key::LINK_TOO_LONG).to_owned(),
        StateError::NewerVersion(version) => l10n.say(
            key::LINK_NEWER,
            &[("version", Value::Number((*version).into()))],
        ),
        StateError::OlderVersion(_) => l10n.get(key::LINK_OLDER).to_owned(),
        StateError::Damaged(what) => l10n.say(key::LINK_DAMAGED, &[("what", Value::Foreign(what))]),
    }
}

/// Copies the link that the dialog shows.
pub(crate) fn copy() {
    let area: HtmlTextAreaElement = typed("share-url");
    let Some(window) = web_sys::window() else {
        return;
    };
    // Over plain HTTP browsers have no clipboard.
    let promise = window
        .is_secure_context()
        .then(|| window.navigator().clipboard().write_text(&area.value()));
    spawn_local(async move {
        let copied = match promise {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        };
        if !copied {
            area.select();
        }
        super::with(|app| {
            app.page.tell(if copied {
                key::COPIED
            } else {
                key::COPY_FAILED
            });
        });
    });
}

/// Copies the command in an element.
pub(crate) fn copy_command(id: &str) {
    let text = by_id(id).text_content().unwrap_or_default();
    copy_text(&text, key::COPIED_COMMAND);
}

/// Copies a text, and says that it is copied.
pub(crate) fn copy_text(text: &str, copied: Key) {
    let promise = web_sys::window()
        .filter(web_sys::Window::is_secure_context)
        .map(|window| window.navigator().clipboard().write_text(text));
    spawn_local(async move {
        let done = match promise {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        };
        super::with(|app| {
            app.page.tell(if done { copied } else { key::COPY_REFUSED });
        });
    });
}

/// A file of these pieces (`Uint8Array`).
///
/// # Errors
/// What the browser says.
pub(crate) fn file(pieces: &Array) -> Result<Blob, JsValue> {
    pieces_of(pieces, "application/jsonl")
}

/// The same, of some type.
///
/// # Errors
/// What the browser says.
pub(crate) fn pieces_of(pieces: &Array, kind: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(pieces, &options)
}

/// A file of this text, of some type.
///
/// # Errors
/// What the browser says.
pub(crate) fn text_of(text: &str, kind: &str) -> Result<Blob, JsValue> {
    pieces_of(&Array::of1(&Uint8Array::from(text.as_bytes())), kind)
}

/// A file of this text.
///
/// # Errors
/// What the browser says.
pub(crate) fn text(text: &str) -> Result<Blob, JsValue> {
    file(&Array::of1(&Uint8Array::from(text.as_bytes())))
}

/// Gives the user a file, and says so in the words of `saved`, or why it could not be had.
pub(crate) fn save(
    l10n: &Localization,
    saved: Key,
    name: &str,
    file: Result<Blob, JsValue>,
) -> String {
    match file.and_then(|file| download(name, &file)) {
        Ok(()) => l10n.say(saved, &[("name", Value::Text(name))]),
        Err(error) => format!("{error:?}"),
    }
}

/// Gives the user a file.
///
/// # Errors
/// What the browser says.
pub(crate) fn download(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
