//! The worker's end: it does what it is asked and answers.

use std::cell::RefCell;

use js_sys::{Array, Uint8Array};
use udping_journal::Header;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::protocol::{Request, WorkerError, run_to_js};
use udping_engine::export::JournalWriter;
use udping_engine::loader::Loader;
use udping_engine::run::{Run, Simulation};
use udping_engine::transferable::TransferableRun;

/// What the worker is at.
#[derive(Debug, Default)]
struct State {
    loader: Option<Loader>,
    simulation: Option<Simulation>,
    writer: Option<JournalWriter>,
    /// The last run it made, to be asked about.
    run: Option<Run>,
    /// The last bytes it was fed; kept for its room.
    bytes: Vec<u8>,
}

/// How much is simulated between two reports: a good part of a tenth of a second.
const STEPS: usize = 100_000;

/// An answer, and what of it is handed over rather than copied.
type Answer = Result<(JsValue, Array), WorkerError>;

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Listens to the page, if this is a worker; otherwise does nothing.
pub(crate) fn serve() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let there = scope.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Ok(message) = event.data().dyn_into::<Array>() else {
            return;
        };
        let answer = STATE.with(|state| {
            let mut state = state.borrow_mut();
            match Request::from_js(&message.get(0)) {
                Some(request) => state.answer(request, &message.get(1)),
                None => Err(WorkerError::Other(
                    "the worker was asked nothing it knows".into(),
                )),
            }
        });
        post(&there, answer);
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker listens as long as it lives.
    listener.forget();
    post(&scope, Ok((JsValue::NULL, Array::new())));
}

fn post(scope: &DedicatedWorkerGlobalScope, answer: Answer) {
    let (ok, value, transfer) = match answer {
        Ok((value, transfer)) => (true, value, transfer),
        Err(error) => {
            let text = serde_json::to_string(&error).unwrap_or_default();
            (false, text.into(), Array::new())
        }
    };
    let message = Array::of2(&ok.into(), &value);
    // It fails only if the page is gone, and then nobody waits.
    let _ = scope.post_message_with_transfer(&message, &transfer);
}

impl State {
    fn answer(&mut self, request: Request, argument: &JsValue) -> Answer {
        let nothing = || (JsValue::NULL, Array::new());
        match request {
            Request::Begin => {
                self.run = None;
                self.loader = Some(Loader::new());
                Ok(nothing())
            }
            Request::Feed => self.feed(argument),
            Request::Finish if self.simulation.is_some() => {
                let run = self.simulation.take().map(Simulation::finish);
                self.keep(run.ok_or_else(no_journal)?)
            }
            Request::Finish => {
                let loader = self.loader.take().ok_or_else(no_journal)?;
                self.keep(loader.finish().map_err(WorkerError::Load)?)
            }
            Request::Simulate => {
                self.run = None;
                self.simulation = Some(Simulation::begin(&header(argument)?).map_err(other)?);
                Ok(nothing())
            }
            Request::Advance => {
                let simulation = self.simulation.as_mut().ok_or_else(no_journal)?;
                let more = simulation.advance(STEPS);
                let probes = udping_engine::scale::float(simulation.probes() as u64);
                Ok((
                    Array::of2(&probes.into(), &more.into()).into(),
                    Array::new(),
                ))
            }
            Request::WhatIf => {
                let run = self.run.as_ref().ok_or_else(no_journal)?;
                let timeout = udping_engine::scale::whole(argument.as_f64().unwrap_or(0.0));
                let decided = run.decided_again(timeout).map_err(other)?;
                let packed = TransferableRun::of(&decided).map_err(other)?;
                let (value, transfer) = run_to_js(&packed);
                Ok((value.into(), transfer))
            }
            Request::Write => {
                self.writer = Some(JournalWriter::begin(&header(argument)?).map_err(other)?);
                Ok(nothing())
            }
            Request::WriteScript => {
                self.writer = Some(JournalWriter::script(&header(argument)?).map_err(other)?);
                Ok(nothing())
            }
            Request::Piece => {
                let writer = self.writer.as_mut().ok_or_else(no_journal)?;
                let piece = writer.advance(STEPS);
                let piece = piece.map(|lines| Uint8Array::from(lines.as_bytes()));
                let transfer = piece.iter().map(Uint8Array::buffer).collect();
                let probes = udping_engine::scale::float(writer.probes());
                let answer = Array::of2(&probes.into(), &piece.into());
                Ok((answer.into(), transfer))
            }
        }
    }

    fn feed(&mut self, argument: &JsValue) -> Answer {
        let loader = self.loader.as_mut().ok_or_else(no_journal)?;
        let chunk: &Uint8Array = argument.dyn_ref().ok_or_else(no_journal)?;
        self.bytes
            .resize(usize::try_from(chunk.length()).unwrap_or(0), 0);
        chunk.copy_to(&mut self.bytes);
        let fed = loader.feed(&self.bytes);
        let progress = loader.progress();
        if let Err(error) = fed {
            self.loader = None;
            return Err(WorkerError::Load(error));
        }
        let counts = [progress.bytes, progress.lines, progress.probes];
        let counts = counts.map(|count| JsValue::from_f64(udping_engine::scale::float(count)));
        let [bytes, lines, probes] = &counts;
        Ok((Array::of3(bytes, lines, probes).into(), Array::new()))
    }

    /// Keeps a run to be asked about, and answers with a copy of it.
    fn keep(&mut self, run: Run) -> Answer {
        let packed = TransferableRun::of(&run).map_err(other)?;
        self.run = Some(run);
        let (value, transfer) = run_to_js(&packed);
        Ok((value.into(), transfer))
    }
}

fn header(argument: &JsValue) -> Result<Header, WorkerError> {
    Header::parse(&argument.as_string().unwrap_or_default()).map_err(other)
}

fn no_journal() -> WorkerError {
    WorkerError::Other("the worker has no journal".into())
}

fn other(error: impl core::fmt::Display) -> WorkerError {
    WorkerError::Other(error.to_string())
}
