//! The lab's JavaScript API: `simulate(setup)` and `replay(text, options)`.
//!
//! Owns the shapes that cross the border, and their TypeScript types. A thin shell: what
//! it returns, the engine computed. Usable without the lab's own page:
//!
//! ```js
//! import init, { simulate, replay } from "./udping-web.js";
//! await init();
//! const run = simulate({ count: 5, scenario: { seed: 7, reply: { delay_ns: 2e7 } } });
//! console.log(run.summary.replied, replay(run.journal).verified);
//! ```

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use udping_core::stats::Summary;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use udping_engine::export::journal;
use udping_engine::figures::Figures;
use udping_engine::loader::{LoadError, Loader};
use udping_engine::log::{Cursor, Symbol};
use udping_engine::message::{Arg, Message};
use udping_engine::run::Run;
use udping_engine::setup::Setup;
use udping_engine::what_if::WhatIf;
use udping_journal::json;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("api.d.ts");

/// A simulated run.
#[derive(Debug, Serialize)]
struct Simulated {
    summary: Summary,
    probes: Vec<Probe>,
    journal: String,
}

/// A replayed journal.
#[derive(Debug, Serialize)]
struct Replayed {
    verified: bool,
    decisions: u64,
    differences: u64,
    examples: Vec<Difference>,
    missing_data: Vec<MessageObject>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    probes: Option<Vec<Probe>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<WhatIfResult>,
}

/// How one probe fared.
#[derive(Debug, Serialize)]
struct Probe {
    seq: u64,
    sent_ns: u64,
    outcome: Symbol,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt_ns: Option<u64>,
}

/// One decision that the core would have made otherwise.
#[derive(Debug, Serialize)]
struct Difference {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    recorded: String,
    decided: String,
}

/// A message, without a language.
#[derive(Debug, Serialize)]
struct MessageObject {
    id: &'static str,
    #[serde(serialize_with = "as_object")]
    args: Vec<(&'static str, Value)>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Value {
    Number(u64),
    Text(String),
}

/// The same session under another timeout.
#[derive(Debug, Serialize)]
struct WhatIfResult {
    timeout_ns: u64,
    changes: Vec<ProbeChange>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct ProbeChange {
    seq: u64,
    outcome: Symbol,
}

/// What `replay` is asked for beyond the verdict.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    timeout_ns: Option<u64>,
    probes: bool,
}

/// Simulates a run, as `udping simulate` does, to its end.
///
/// # Errors
/// A sentence that names the field that is wrong.
#[wasm_bindgen(skip_typescript)]
pub fn simulate(setup: &JsValue) -> Result<JsValue, JsError> {
    let setup: Setup = from_js(setup)?;
    let header = setup.header().map_err(js_error)?;
    let run = Run::simulate(&header).map_err(js_error)?;
    to_js(&Simulated {
        summary: figures(&run),
        probes: probes(&run),
        journal: journal(&run).unwrap_or_default(),
    })
}

/// Replays a journal through the core: verdict, figures, and what it does not say.
///
/// # Errors
/// A sentence that says what is wrong with the journal or the options, and where.
#[wasm_bindgen(skip_typescript)]
pub fn replay(text: &str, options: &JsValue) -> Result<JsValue, JsError> {
    let options: Options = from_js(options)?;
    let mut loader = Loader::new();
    loader
        .feed(text.as_bytes())
        .map_err(|error| load_error(&error))?;
    let run = loader.finish().map_err(|error| load_error(&error))?;
    let report = run.report().cloned().unwrap_or_default();
    let ask = |timeout_ns| WhatIf::ask(&run, timeout_ns);
    let what_if = options.timeout_ns.map(ask).transpose().map_err(js_error)?;
    to_js(&Replayed {
        verified: report.verified(),
        decisions: report.decisions,
        differences: report.differences,
        examples: report
            .examples
            .into_iter()
            .map(|it| Difference {
                line: it.line,
                seq: it.seq,
                recorded: it.recorded,
                decided: it.decided,
            })
            .collect(),
        missing_data: run.missing_data().iter().map(message_object).collect(),
        summary: figures(&run),
        probes: options.probes.then(|| probes(&run)),
        what_if: what_if.map(|it| what_if_result(&run, &it)),
    })
}

fn as_object<S: serde::Serializer>(
    args: &[(&'static str, Value)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(args.iter().map(|(name, value)| (name, value)))
}

fn figures(run: &Run) -> Summary {
    Figures::default().at(run, end(run))
}

fn end(run: &Run) -> Cursor {
    run.seek(run.end_ns())
}

fn probes(run: &Run) -> Vec<Probe> {
    let all = (0..run.probes()).filter_map(|at| {
        let probe = run.probe(at, end(run))?;
        Some(Probe {
            seq: probe.seq,
            sent_ns: probe.sent_ns?,
            outcome: probe.symbol?,
            rtt_ns: probe.rtt_ns,
        })
    });
    all.collect()
}

fn what_if_result(run: &Run, what_if: &WhatIf) -> WhatIfResult {
    let changed = (0..run.probes()).filter_map(|at| {
        Some(ProbeChange {
            seq: run.probe(at, end(run))?.seq,
            outcome: what_if.changed(at)?,
        })
    });
    WhatIfResult {
        timeout_ns: what_if.timeout_ns,
        changes: changed.collect(),
        summary: what_if.summary,
    }
}

fn message_object(message: &Message) -> MessageObject {
    let args = message.args.iter().map(|(name, arg)| {
        let value = match arg {
            Arg::Time(number)
            | Arg::Span(number)
            | Arg::Count(number)
            | Arg::Number(number)
            | Arg::Share(number) => Value::Number(*number),
            Arg::Text(text) => Value::Text(text.clone()),
            Arg::Word(word) => Value::Text((*word).to_owned()),
        };
        (*name, value)
    });
    MessageObject {
        id: message.id,
        args: args.collect(),
    }
}

fn load_error(error: &LoadError) -> JsError {
    let column = match error.column {
        0 => String::new(),
        column => format!(", column {column}"),
    };
    let details: Vec<String> = message_object(&error.what)
        .args
        .into_iter()
        .map(|(name, value)| match value {
            Value::Number(number) => format!("{name} {number}"),
            Value::Text(text) => format!("{name}: {text}"),
        })
        .collect();
    let details = if details.is_empty() {
        String::new()
    } else {
        format!(" ({})", details.join(", "))
    };
    JsError::new(&format!(
        "line {}{column}: {}{details}",
        error.line, error.what.id
    ))
}

fn js_error(error: impl core::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

/// An argument; what is left out is the default.
///
/// By way of text: reading these types from JavaScript's values too would take a tenth of
/// the page's size.
fn from_js<T: Default + DeserializeOwned>(value: &JsValue) -> Result<T, JsError> {
    if value.is_undefined() {
        return Ok(T::default());
    }
    let json = js_sys::JSON::stringify(value)
        .map_err(|error| js_error(js_sys::Error::from(error).to_string()))?;
    json::from_str(&String::from(json)).map_err(js_error)
}

/// A result, as plain objects and numbers: what `JSON.stringify` writes as the command does.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(js_error)
}
