//! The udping lab: the core in the browser.
//!
//! [`engine`] knows what there is to see, `view` shows it. Neither knows a wire or a
//! network, and neither decides anything about a probe: the core does.

pub mod api;
pub mod engine;
mod view;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page; the browser calls it once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    view::start();
}
