//! The udping lab: the core in the browser.
//!
//! [`udping_engine`] knows what there is to see, `view` shows it. Neither knows a wire or a
//! network, and neither decides anything about a probe: the core does.

pub mod api;
mod view;
pub mod worker;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts what the surroundings ask for, when the module is loaded: the lab in its page,
/// the worker's part in a worker, and nothing anywhere else, where only [`api`] is wanted.
#[wasm_bindgen(start)]
pub fn start() {
    let page = web_sys::window().and_then(|window| window.document());
    if page.is_some_and(|page| page.get_element_by_id("lab").is_some()) {
        view::start();
    } else {
        worker::serve();
    }
}
