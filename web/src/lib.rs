//! The udping lab.
//!
//! Owns the page. Knows nothing of the wire or of the network: the core decides.

pub mod api;
pub mod engine;

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Document;

/// Starts what the surroundings ask for: the lab in its page, and nothing anywhere else.
///
/// # Errors
/// When the page has no status line: a sentence for the console.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), String> {
    match web_sys::window().and_then(|window| window.document()) {
        Some(document) => show_status(&document, "Ready."),
        None => Ok(()),
    }
}

/// Replaces the text of the page's status line, the element with the id `status`.
///
/// # Errors
/// When the page has no such element.
pub fn show_status(document: &Document, text: &str) -> Result<(), String> {
    let status = document
        .get_element_by_id("status")
        .ok_or("the page has no element with the id `status`")?;
    status.set_text_content(Some(text));
    Ok(())
}
