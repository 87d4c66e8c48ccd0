//! The page's end: a worker to ask, and its answers as futures.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::futures::JsFuture;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use udping_journal::{Header, json, to_line};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Event, MessageEvent, ReadableStream, ReadableStreamDefaultReader, Worker, WorkerOptions,
    WorkerType,
};

pub use super::protocol::WorkerError;
use super::protocol::{Request, run_from_js};
use udping_engine::loader::Progress;
use udping_engine::run::Run;

/// A worker. Dropping it stops whatever it is at.
#[derive(Debug)]
pub struct WorkerHandle {
    worker: Worker,
    requests: Rc<RefCell<Requests>>,
    _listeners: [Closure<dyn FnMut(JsValue)>; 2],
}

/// Who waits for an answer, in the order of asking, which is that of answering.
#[derive(Debug, Default)]
struct Requests {
    waiting: VecDeque<Function>,
    /// The worker is ready, or will never be.
    ready: bool,
    /// Who waits for that.
    arriving: Vec<Function>,
    broken: Option<WorkerError>,
}

/// How many chunks are on their way to the worker at once: enough that it need not wait.
const AHEAD: usize = 8;

impl WorkerHandle {
    /// Starts a worker.
    ///
    /// # Errors
    /// [`WorkerError::Other`] if the browser has none.
    pub fn start() -> Result<Self, WorkerError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("./start.js", &options).map_err(js_error)?;
        let requests = Rc::new(RefCell::new(Requests::default()));
        let there = Rc::clone(&requests);
        let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let event: MessageEvent = event.unchecked_into();
            if let Ok(message) = event.data().dyn_into::<Array>() {
                Requests::deliver(&there, &message);
            }
        });
        let there = Rc::clone(&requests);
        let failed = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let message = Reflect::get(&event, &"message".into()).ok();
            let message = message.and_then(|message| message.as_string());
            event.unchecked_into::<Event>().prevent_default();
            Requests::give_up(
                &there,
                WorkerError::Other(message.unwrap_or_else(|| "the worker failed".into())),
            );
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            requests,
            _listeners: [heard, failed],
        })
    }

    /// Reads a journal to its end. `proceed` is told how far it is, and says whether to
    /// go on.
    ///
    /// # Errors
    /// [`WorkerError`] says why there is no run.
    pub async fn open(
        &self,
        stream: &ReadableStream,
        mut proceed: impl FnMut(Progress) -> bool,
    ) -> Result<Run, WorkerError> {
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let read = self.read(&reader, &mut proceed).await;
        if read.is_err() {
            // Of a stream that cannot be cancelled either, no more is read.
            drop(reader.cancel());
        }
        read
    }

    async fn read(
        &self,
        reader: &ReadableStreamDefaultReader,
        proceed: &mut impl FnMut(Progress) -> bool,
    ) -> Result<Run, WorkerError> {
        self.request(Request::Begin, &JsValue::NULL, None).await?;
        let mut ahead: VecDeque<JsFuture> = VecDeque::new();
        loop {
            let piece = JsFuture::from(reader.read()).await.map_err(js_error)?;
            if Reflect::get(&piece, &"done".into()).is_ok_and(|done| done.is_truthy()) {
                break;
            }
            let chunk: Uint8Array = Reflect::get(&piece, &"value".into())
                .map_err(js_error)?
                .unchecked_into();
            let buffer = chunk.buffer();
            ahead.push_back(self.post(Request::Feed, &chunk, Some(&buffer))?);
            if ahead.len() >= AHEAD
                && let Some(fed) = ahead.pop_front()
            {
                report(&self.answer_of(fed).await?, proceed)?;
            }
        }
        for fed in ahead {
            report(&self.answer_of(fed).await?, proceed)?;
        }
        let run = self.request(Request::Finish, &JsValue::NULL, None).await?;
        unpack(&run)
    }

    /// Simulates the run that `header` describes. `proceed` is told how many probes were
    /// sent, and says whether to go on.
    ///
    /// # Errors
    /// [`WorkerError`] says why there is no run.
    pub async fn simulate(
        &self,
        header: &Header,
        mut proceed: impl FnMut(u64) -> bool,
    ) -> Result<Run, WorkerError> {
        self.describe(Request::Simulate, header).await?;
        loop {
            let answer = self.request(Request::Advance, &JsValue::NULL, None).await?;
            let answer: &Array = answer.dyn_ref().ok_or_else(garbled)?;
            let probes = answer.get(0).as_f64().unwrap_or(0.0);
            if !proceed(udping_engine::scale::whole(probes)) {
                return Err(WorkerError::Cancelled);
            }
            if !answer.get(1).is_truthy() {
                break;
            }
        }
        let run = self.request(Request::Finish, &JsValue::NULL, None).await?;
        unpack(&run)
    }

    /// Writes the journal of the simulated run that `header` describes, or its script, in pieces
    /// (`Uint8Array`).
    /// `proceed` is told how many probes were sent, and says whether to go on.
    ///
    /// # Errors
    /// [`WorkerError`] says why there is no journal.
    pub async fn write(
        &self,
        header: &Header,
        script: bool,
        mut proceed: impl FnMut(u64) -> bool,
    ) -> Result<Array, WorkerError> {
        let request = if script {
            Request::WriteScript
        } else {
            Request::Write
        };
        self.describe(request, header).await?;
        let pieces = Array::new();
        loop {
            let answer = self.request(Request::Piece, &JsValue::NULL, None).await?;
            let answer: &Array = answer.dyn_ref().ok_or_else(garbled)?;
            let probes = answer.get(0).as_f64().unwrap_or(0.0);
            if !proceed(udping_engine::scale::whole(probes)) {
                return Err(WorkerError::Cancelled);
            }
            let piece = answer.get(1);
            if piece.is_undefined() {
                return Ok(pieces);
            }
            pieces.push(&piece);
        }
    }

    /// Asks for something that takes a header.
    async fn describe(&self, request: Request, header: &Header) -> Result<JsValue, WorkerError> {
        let header = to_line(header).map_err(|error| WorkerError::Other(error.to_string()))?;
        self.request(request, &header.into(), None).await
    }

    /// Decides the run that it read or simulated last under another timeout.
    ///
    /// # Errors
    /// [`WorkerError::Other`] if there is no such run, or no client accepts that timeout.
    pub async fn what_if(&self, timeout_ns: u64) -> Result<Run, WorkerError> {
        let timeout = JsValue::from_f64(udping_engine::scale::float(timeout_ns));
        let answer = self.request(Request::WhatIf, &timeout, None).await?;
        unpack(&answer)
    }

    /// Stops whatever it is at: that is [`WorkerError::Cancelled`] for whoever waits. It is
    /// of no more use then.
    pub fn stop(&self) {
        self.worker.terminate();
        Requests::give_up(&self.requests, WorkerError::Cancelled);
    }

    async fn request(
        &self,
        request: Request,
        argument: &JsValue,
        transfer: Option<&JsValue>,
    ) -> Result<JsValue, WorkerError> {
        self.ready().await?;
        self.answer_of(self.post(request, argument, transfer)?)
            .await
    }

    /// Waits until the worker listens.
    async fn ready(&self) -> Result<(), WorkerError> {
        let requests = Rc::clone(&self.requests);
        let arrival = Promise::new(&mut |resolve, _| {
            let mut requests = requests.borrow_mut();
            if requests.ready {
                let _ = resolve.call0(&JsValue::NULL);
            } else {
                requests.arriving.push(resolve);
            }
        });
        JsFuture::from(arrival).await.map_err(js_error)?;
        match &self.requests.borrow().broken {
            Some(broken) => Err(broken.clone()),
            None => Ok(()),
        }
    }

    fn post(
        &self,
        request: Request,
        argument: &JsValue,
        transfer: Option<&JsValue>,
    ) -> Result<JsFuture, WorkerError> {
        let mut requests = self.requests.borrow_mut();
        if let Some(broken) = &requests.broken {
            return Err(broken.clone());
        }
        let answer = Promise::new(&mut |resolve, _| requests.waiting.push_back(resolve));
        let message = Array::of2(&request.to_js(), argument);
        let transfer = transfer.map_or_else(Array::new, Array::of1);
        self.worker
            .post_message_with_transfer(&message, &transfer)
            .map_err(js_error)?;
        Ok(JsFuture::from(answer))
    }

    /// Waits for an answer: `[ok, value]`.
    async fn answer_of(&self, answer: JsFuture) -> Result<JsValue, WorkerError> {
        let answer: Array = answer.await.map_err(js_error)?.unchecked_into();
        let value = answer.get(1);
        if answer.get(0).is_truthy() {
            return Ok(value);
        }
        if let Some(broken) = &self.requests.borrow().broken {
            return Err(broken.clone());
        }
        let text = value.as_string().unwrap_or_default();
        Err(json::from_str(&text).unwrap_or(WorkerError::Other(text)))
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Requests {
    /// Hands an answer, `[ok, value]`, to who waits for it. The first message of all
    /// answers nobody: the worker is ready.
    fn deliver(requests: &RefCell<Self>, answer: &Array) {
        if !requests.borrow().ready {
            return Self::arrive(requests);
        }
        let waiting = requests.borrow_mut().waiting.pop_front();
        if let Some(resolve) = waiting {
            let _ = resolve.call1(&JsValue::NULL, answer);
        }
    }

    fn arrive(requests: &RefCell<Self>) {
        let arriving = {
            let mut requests = requests.borrow_mut();
            requests.ready = true;
            core::mem::take(&mut requests.arriving)
        };
        for resolve in arriving {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }

    /// The worker will answer no more, and whoever waits is told.
    fn give_up(requests: &RefCell<Self>, why: WorkerError) {
        let waiting = {
            let mut requests = requests.borrow_mut();
            requests.broken.get_or_insert(why);
            core::mem::take(&mut requests.waiting)
        };
        let answer = Array::of2(&false.into(), &JsValue::NULL);
        for resolve in waiting {
            let _ = resolve.call1(&JsValue::NULL, &answer);
        }
        Self::arrive(requests);
    }
}

fn report(answer: &JsValue, proceed: &mut impl FnMut(Progress) -> bool) -> Result<(), WorkerError> {
    let counts: &Array = answer.dyn_ref().ok_or_else(garbled)?;
    let count = |at| udping_engine::scale::whole(counts.get(at).as_f64().unwrap_or(0.0));
    let progress = Progress {
        bytes: count(0),
        lines: count(1),
        probes: count(2),
    };
    if proceed(progress) {
        Ok(())
    } else {
        Err(WorkerError::Cancelled)
    }
}

fn unpack(answer: &JsValue) -> Result<Run, WorkerError> {
    let packed = run_from_js(answer).ok_or_else(garbled)?;
    packed
        .unpack()
        .map_err(|error| WorkerError::Other(error.to_string()))
}

fn garbled() -> WorkerError {
    WorkerError::Other("the worker's answer makes no sense".into())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "for `map_err`, which gives it away"
)]
fn js_error(what: JsValue) -> WorkerError {
    let text = what.dyn_ref::<js_sys::Error>();
    WorkerError::Other(text.map_or_else(
        || format!("{what:?}"),
        |error| String::from(error.message()),
    ))
}
