//! Another timeout for a recorded session: asked for, answered, shown.
//!
//! Owns whom to ask and what is said of the answer. What would have happened is the
//! engine's to say.

use super::super::app::App;
use super::super::i18n::{Value, key};
use super::super::journal::JournalPanel;
use super::super::refusal;
use super::super::what_if_worker::WhatIfWorker;
use crate::worker::Trouble;
use udping_engine::what_if::WhatIf;

impl App {
    /// Asks what another timeout would have meant; `None` asks no more.
    pub(crate) fn what_if(&mut self, timeout_ns: Option<u64>) {
        let words = &self.words;
        let Some(view) = &mut self.replayed else {
            return;
        };
        let recorded = view.run().header().timeout_ns;
        JournalPanel::put_timeout(words, view, timeout_ns.unwrap_or(recorded));
        match (timeout_ns, &mut view.what_if_worker) {
            (Some(timeout), Some(what_if_worker)) => what_if_worker.ask(timeout),
            (Some(timeout), None) => {
                let answer = WhatIf::ask(view.run(), timeout);
                let answer = answer.map_err(|error| Trouble::Other(refusal::replay(words, &error)));
                self.take_what_if(answer.map(Some));
            }
            (None, what_if_worker) => {
                what_if_worker.iter_mut().for_each(WhatIfWorker::forget);
                self.take_what_if(Ok(None));
            }
        }
    }

    /// Shows what another timeout would have meant.
    pub(crate) fn take_what_if(&mut self, answer: Result<Option<WhatIf>, Trouble>) {
        let words = &self.words;
        let Some(view) = &mut self.replayed else {
            return;
        };
        match answer {
            Ok(answer) => {
                view.what_if = answer;
                view.edition += 1;
                let changes = view.what_if.as_ref().map(WhatIf::changes);
                if let Some(changes) = changes {
                    let said = words.say(
                        key::WHAT_IF_CHANGES,
                        &[("changes", Value::Count(changes as u64))],
                    );
                    self.announce(&said);
                }
            }
            Err(Trouble::Other(what)) => {
                let said = words.say(key::WHAT_IF_WRONG, &[("what", Value::Text(&what))]);
                self.notice(&said);
            }
            // Nobody waits any more.
            Err(Trouble::Cancelled | Trouble::Load(_)) => {}
        }
        self.invalidate();
    }

    /// The what-if slider was moved.
    pub(crate) fn slide_what_if(&mut self) {
        let timeout = self.replayed.as_ref().map(JournalPanel::slid_timeout);
        if let Some(timeout) = timeout {
            self.what_if(Some(timeout));
        }
    }
}
