//! What the page and its worker say to each other.

use js_sys::{Array, BigUint64Array, Uint8Array, Uint32Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, JsValue};

use udping_engine::loader::LoadError;
use udping_engine::transferable::TransferableRun;

/// What the page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    /// Make ready for a journal.
    Begin,
    /// Here are its next bytes; the answer is how far the reading is.
    Feed,
    /// That was all, or simulate to the end; the answer is the run.
    Finish,
    /// Begin to simulate a header (JSON).
    Simulate,
    /// Go on; the answer is how many probes were sent, and whether there is more to do.
    Advance,
    /// Decide the last run again under another timeout; the answer is that run.
    WhatIf,
    /// Begin to write the journal of a simulated header (JSON).
    Write,
    /// Begin to write its script.
    WriteScript,
    /// Go on; the answer is how many probes were sent, and the next bytes, if there are more.
    Piece,
}

impl Request {
    const ALL: [Self; 9] = [
        Self::Begin,
        Self::Feed,
        Self::Finish,
        Self::Simulate,
        Self::Advance,
        Self::WhatIf,
        Self::Write,
        Self::WriteScript,
        Self::Piece,
    ];

    pub(super) fn to_js(self) -> JsValue {
        (self as u8).into()
    }

    pub(super) fn from_js(value: &JsValue) -> Option<Self> {
        let number = value.as_f64()?;
        Self::ALL
            .into_iter()
            .find(|request| f64::from(*request as u8).total_cmp(&number).is_eq())
    }
}

/// Why the worker could not do it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerError {
    /// It was stopped. The page's own finding: a worker never sends it.
    Cancelled,
    /// The file is no journal.
    Load(LoadError),
    /// The file or the connection gave out, or the worker did: a sentence from outside.
    Other(String),
}

/// A run as an array of a text and typed arrays, and what of it can be transferred.
pub(super) fn run_to_js(packed: &TransferableRun) -> (Array, Array) {
    let transfer = Array::new();
    let longs = packed.longs.iter().map(|column| {
        let column = BigUint64Array::from(column.as_slice());
        transfer.push(&column.buffer());
        column
    });
    let longs: Array = longs.collect();
    let ints = packed.ints.iter().map(|column| {
        let column = Uint32Array::from(column.as_slice());
        transfer.push(&column.buffer());
        column
    });
    let ints: Array = ints.collect();
    let bytes = packed.bytes.iter().map(|column| {
        let column = Uint8Array::from(column.as_slice());
        transfer.push(&column.buffer());
        column
    });
    let bytes: Array = bytes.collect();
    let run = Array::of4(&packed.rest.as_str().into(), &longs, &ints, &bytes);
    (run, transfer)
}

/// The run that came as such an array.
pub(super) fn run_from_js(value: &JsValue) -> Option<TransferableRun> {
    let run: &Array = value.dyn_ref()?;
    let columns = |at| run.get(at).dyn_into::<Array>().ok();
    let longs = columns(1)?.into_iter().map(|column| {
        let column: BigUint64Array = column.dyn_into().ok()?;
        Some(column.to_vec())
    });
    let ints = columns(2)?.into_iter().map(|column| {
        let column: Uint32Array = column.dyn_into().ok()?;
        Some(column.to_vec())
    });
    let bytes = columns(3)?.into_iter().map(|column| {
        let column: Uint8Array = column.dyn_into().ok()?;
        Some(column.to_vec())
    });
    Some(TransferableRun {
        rest: run.get(0).as_string()?,
        longs: longs.collect::<Option<_>>()?,
        ints: ints.collect::<Option<_>>()?,
        bytes: bytes.collect::<Option<_>>()?,
    })
}
