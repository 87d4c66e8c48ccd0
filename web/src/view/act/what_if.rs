//! Another timeout for a recorded session: asked for, answered, shown.
//!
//! Owns whom to ask and what is said of the answer. What would have happened is the
//! engine's to say.

use super::super::app::App;
use super::super::ask::Asker;
use super::super::journal::JournalPanel;
use super::super::refusal;
use super::super::words::{Value, key};
use crate::worker::Trouble;
use udping_engine::what_if::WhatIf;

impl App {
    /// Asks what another timeout would have meant; `None` asks no more.
    pub(crate) fn what_if(&mut self, timeout_ns: Option<u64>) {
        let words = &self.words;
        let Some(bench) = &mut self.replayed else {
            return;
        };
        let recorded = bench.run().header().timeout_ns;
        JournalPanel::put_timeout(words, bench, timeout_ns.unwrap_or(recorded));
        match (timeout_ns, &mut bench.asker) {
            (Some(timeout), Some(asker)) => asker.ask(timeout),
            (Some(timeout), None) => {
                let answer = WhatIf::ask(bench.run(), timeout);
                let answer = answer.map_err(|error| Trouble::Other(refusal::replay(words, &error)));
                self.take_what_if(answer.map(Some));
            }
            (None, asker) => {
                asker.iter_mut().for_each(Asker::forget);
                self.take_what_if(Ok(None));
            }
        }
    }

    /// Shows what another timeout would have meant.
    pub(crate) fn take_what_if(&mut self, answer: Result<Option<WhatIf>, Trouble>) {
        let words = &self.words;
        let Some(bench) = &mut self.replayed else {
            return;
        };
        match answer {
            Ok(answer) => {
                bench.what_if = answer;
                bench.edition += 1;
                let changes = bench.what_if.as_ref().map(WhatIf::changes);
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
