//! What-ifs of long sessions, asked of the worker that read them.
//!
//! Owns the one question that is under way and the one that waits: a slider asks faster
//! than a million probes are decided, and only the latest answer is wanted.

use std::rc::Rc;

use js_sys::futures::spawn_local;

use crate::view::app::App;
use crate::view::with;
use crate::worker::WorkerHandle;

/// The worker that holds the run shown, and what it is to be asked.
#[derive(Debug)]
pub(crate) struct WhatIfWorker {
    handle: Rc<WorkerHandle>,
    /// The timeout to ask about next.
    next: Option<u64>,
    busy: bool,
    /// The answer under way is still of interest.
    wanted: bool,
}

impl WhatIfWorker {
    pub(crate) fn new(handle: WorkerHandle) -> Self {
        Self {
            handle: Rc::new(handle),
            next: None,
            busy: false,
            wanted: false,
        }
    }

    /// Asks about another timeout; the app hears of the answer.
    pub(crate) fn ask(&mut self, timeout_ns: u64) {
        (self.next, self.wanted) = (Some(timeout_ns), true);
        if core::mem::replace(&mut self.busy, true) {
            return;
        }
        let handle = Rc::clone(&self.handle);
        spawn_local(async move {
            let next = || with(|app| of(app, &handle).and_then(Self::take)).flatten();
            while let Some(timeout_ns) = next() {
                let answer = handle.what_if(timeout_ns).await;
                with(|app| {
                    if of(app, &handle).is_some_and(|worker| worker.wanted) {
                        app.replay.take_what_if(&mut app.page, answer.map(Some));
                    }
                });
            }
        });
    }

    /// Wants no answer any more.
    pub(crate) fn forget(&mut self) {
        (self.next, self.wanted) = (None, false);
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
