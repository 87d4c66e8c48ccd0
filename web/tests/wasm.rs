//! What only a browser can tell: that the page's elements are really written.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy does not see that these are tests"
)]

use udping_web::show_status;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_status_line_says_what_it_is_told() {
    let document = web_sys::window().unwrap().document().unwrap();
    let status = document.create_element("p").unwrap();
    status.set_id("status");
    document.body().unwrap().append_child(&status).unwrap();

    show_status(&document, "Working…").unwrap();

    assert_eq!(status.text_content().as_deref(), Some("Working…"));
    status.remove();
}

#[wasm_bindgen_test]
fn a_page_without_a_status_line_is_an_error() {
    let document = web_sys::window().unwrap().document().unwrap();

    let error = show_status(&document, "nobody reads this").unwrap_err();

    assert!(error.contains("`status`"), "{error}");
}
