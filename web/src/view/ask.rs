//! What-ifs of long sessions, asked of the worker that read them.
//!
//! Owns the one question that is under way and the one that waits: a slider asks faster
//! than a million probes are decided, and only the latest answer is wanted.

use std::rc::Rc;

use js_sys::futures::spawn_local;

use super::app::App;
use super::bench::Bench;
use crate::worker::Helper;

/// From this many probes on the worker is asked: fewer are decided within a frame or two.
pub(crate) const LONG: usize = 20_000;

/// The worker that holds a bench's run, and what it is to be asked.
#[derive(Debug)]
pub(crate) struct Asker {
    helper: Rc<Helper>,
    /// The timeout to ask about next.
    next: Option<u64>,
    asking: bool,
    /// The answer under way is still of interest.
    wanted: bool,
}

impl Asker {
    pub(crate) fn new(helper: Helper) -> Self {
        Self {
            helper: Rc::new(helper),
            next: None,
            asking: false,
            wanted: false,
        }
    }

    /// Asks about another timeout; the app hears of the answer.
    pub(crate) fn ask(&mut self, timeout_ns: u64) {
        (self.next, self.wanted) = (Some(timeout_ns), true);
        if core::mem::replace(&mut self.asking, true) {
            return;
        }
        let helper = Rc::clone(&self.helper);
        spawn_local(async move {
            let next = || super::with(|app| of(app, &helper).and_then(Self::take)).flatten();
            while let Some(timeout_ns) = next() {
                let answer = helper.what_if(timeout_ns).await;
                super::with(|app| {
                    if of(app, &helper).is_some_and(|asker| asker.wanted) {
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
        self.asking = next.is_some();
        next
    }
}

/// The asker of the run shown, if it is still this one's.
fn of<'a>(app: &'a mut App, helper: &Rc<Helper>) -> Option<&'a mut Asker> {
    let bench: &mut Bench = app.replayed.as_mut()?;
    let asker = bench.asker.as_mut()?;
    Rc::ptr_eq(&asker.helper, helper).then_some(asker)
}
