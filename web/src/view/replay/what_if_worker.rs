//! Another timeout of a long run, decided by the worker that read it.
//!
//! Owns the one question that is under way and the one that waits: only the latest answer is
//! wanted, and only once the marker rests.

use std::rc::Rc;

use js_sys::futures::spawn_local;

use crate::view::app::App;
use crate::view::input::later;
use crate::view::with;
use crate::worker::WorkerHandle;

/// How long the marker rests before a run of a million probes is decided again, in
/// milliseconds.
const REST: i32 = 250;

/// The worker that holds the run shown, and what it is to be asked.
#[derive(Debug)]
pub(crate) struct WhatIfWorker {
    handle: Rc<WorkerHandle>,
    /// The timeout to ask about next.
    next: Option<u64>,
    busy: bool,
    /// Counts the questions: an older one is not asked any more.
    turn: u32,
}

impl WhatIfWorker {
    pub(crate) fn new(handle: WorkerHandle) -> Self {
        Self {
            handle: Rc::new(handle),
            next: None,
            busy: false,
            turn: 0,
        }
    }

    /// Asks about another timeout when none has been asked for a while; the app hears of the
    /// answer.
    pub(crate) fn ask(&mut self, timeout_ns: u64) {
        self.next = Some(timeout_ns);
        self.turn += 1;
        let (turn, handle) = (self.turn, Rc::clone(&self.handle));
        later(REST, move |app| {
            if let Some(worker) = of(app, &handle)
                && worker.turn == turn
            {
                worker.begin();
            }
        });
    }

    fn begin(&mut self) {
        if core::mem::replace(&mut self.busy, true) {
            return;
        }
        let handle = Rc::clone(&self.handle);
        spawn_local(async move {
            let next = || with(|app| of(app, &handle).and_then(Self::take)).flatten();
            while let Some(timeout_ns) = next() {
                let answer = handle.what_if(timeout_ns).await;
                with(|app| {
                    if of(app, &handle).is_some() {
                        let answer = answer.map(Rc::new);
                        app.replay.take_what_if(&mut app.page, timeout_ns, answer);
                    }
                });
            }
        });
    }

    /// Wants no answer any more.
    pub(crate) fn forget(&mut self) {
        self.next = None;
        self.turn += 1;
    }

    fn take(&mut self) -> Option<u64> {
        let next = self.next.take();
        self.busy = next.is_some();
        next
    }
}

/// The worker of the run shown, if it is still this one.
fn of<'a>(app: &'a mut App, handle: &Rc<WorkerHandle>) -> Option<&'a mut WhatIfWorker> {
    let worker = app.replay.worker.as_mut()?;
    Rc::ptr_eq(&worker.handle, handle).then_some(worker)
}
