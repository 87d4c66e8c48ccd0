//! What only a browser can tell: the JavaScript API across the border, and that wasm
//! simulates what the host does.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy does not see that these are tests"
)]

use udping_web::api::{replay, simulate};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn get(value: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(value, &JsValue::from_str(key)).unwrap()
}

#[wasm_bindgen_test]
fn a_simulated_run_replays_without_a_difference() {
    let run = simulate(&JsValue::UNDEFINED).unwrap();
    let journal = get(&run, "journal").as_string().unwrap();
    assert!(journal.starts_with("{\"udping\":\"journal\""));

    let replayed = replay(&journal, &JsValue::UNDEFINED).unwrap();

    assert_eq!(get(&replayed, "verified").as_bool(), Some(true));
    assert!(get(&replayed, "decisions").as_f64() > Some(10.0));
    let sent = |of: &JsValue| get(&get(of, "summary"), "sent").as_f64();
    assert_eq!(sent(&replayed), sent(&run));
}

#[wasm_bindgen_test]
fn nonsense_is_an_error_and_not_a_run() {
    assert!(simulate(&JsValue::from_str("nonsense")).is_err());
    assert!(replay("nonsense", &JsValue::UNDEFINED).is_err());
}
