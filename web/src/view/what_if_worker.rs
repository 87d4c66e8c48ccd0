//! What-ifs of long sessions, asked of the worker that read them.
//!
//! Owns the one question that is under way and the one that waits: a slider asks faster
//! than a million probes are decided, and only the latest answer is wanted.

use std::rc::Rc;

use js_sys::futures::spawn_local;

use super::app::App;
use super::run_view::RunView;
use crate::worker::Helper;

/// From this many probes on the worker is asked: fewer are decided within a frame or two.
pub(crate) const LONG: usize = 20_000;

/// The worker that holds a view's run, and what it is to be asked.
#[derive(Debug)]
pub(crate) struct WhatIfWorker {
    helper: Rc<Helper>,
    /// The timeout to ask about next.
    next: Option<u64>,
    busy: bool,
    /// The answer under way is still of interest.
    wanted: bool,
}

impl WhatIfWorker {
    pub(crate) fn new(helper: Helper) -> Self {
        Self {
            helper: Rc::new(helper),
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
        let helper = Rc::clone(&self.helper);
        spawn_local(async move {
            let next = || super::with(|app| of(app, &helper).and_then(Self::take)).flatten();
            while let Some(timeout_ns) = next() {
                let answer = helper.what_if(timeout_ns).await;
                super::with(|app| {
                    if of(app, &helper).is_some_and(|what_if_worker| what_if_worker.wanted) {
                        app.take_what_if(answer.map(Some));
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

/// The what_if_worker of the run shown, if it is still this one's.
fn of<'a>(app: &'a mut App, helper: &Rc<Helper>) -> Option<&'a mut WhatIfWorker> {
    let view: &mut RunView = app.replayed.as_mut()?;
    let what_if_worker = view.what_if_worker.as_mut()?;
    Rc::ptr_eq(&what_if_worker.helper, helper).then_some(what_if_worker)
}
