//! What the kernel tells of probes after they were sent: its stamps on them, and who
//! could not deliver them.
//!
//! Owns the way from a word to the probe it names. What that decides is the core's.

use std::io;
use std::net::IpAddr;

use udping_core::table::Slot;
use udping_journal::Recorder;

use super::run::Run;
use super::stamps::{Interval, Pairs};
use crate::net::{Obstacle, Undelivered, Word};
use crate::tui::What;

impl Run<'_> {
    /// Takes the words that the kernel has: all, or up to the last probe's stamp, where
    /// nothing says that there are more. Whether some probe was not delivered.
    pub(super) fn take_words(&mut self, session: &mut Recorder<Vec<Slot>>) -> bool {
        let mut any = false;
        while let Ok(Some(word)) = self.socket.next_word() {
            let stamp = matches!(word, Word::Stamp(..));
            any |= matches!(word, Word::Undelivered(_));
            self.tell(session, word);
            let waiting = self.pairs.as_ref().is_some_and(Pairs::waiting);
            if stamp && !waiting && !self.socket.words_pending() {
                break;
            }
        }
        any
    }

    pub(super) fn tell(&mut self, session: &mut Recorder<Vec<Slot>>, word: Word) {
        match word {
            Word::Stamp(number, at) => {
                let pairs = self.pairs.as_mut();
                if let Some(interval) = pairs.and_then(|pairs| pairs.transmitted(number, at)) {
                    self.stamped(session, interval);
                }
            }
            Word::Undelivered(undelivered) => {
                let Undelivered { why, by, .. } = undelivered;
                let seq = self.wire.recognise(undelivered.beginning(), session);
                self.undelivered(session, seq, why, by);
            }
            Word::Narrow(mtu) => self.narrow = Some(mtu),
        }
    }

    /// An error of a call says that some probe was not delivered: the one with this
    /// number, or it does not say which. Where the kernel's words name every such probe,
    /// that has been told, or will be.
    pub(super) fn guess(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        seq: Option<u64>,
        error: &io::Error,
    ) {
        if let Some(why) = Obstacle::of(error)
            && !self.socket.names_errors()
        {
            self.undelivered(session, seq, why, None);
        }
    }

    fn undelivered(
        &mut self,
        session: &mut Recorder<Vec<Slot>>,
        seq: Option<u64>,
        why: Obstacle,
        by: Option<IpAddr>,
    ) {
        let now = self.clock.client_time();
        let (outcome, record) = session.unreachable(now, seq, Some(why.to_string()));
        self.record(now, record);
        self.show(now, || What::Outcome(outcome));
        self.say(|report| report.undelivered(&outcome, why, by));
    }

    pub(super) fn stamped(&mut self, session: &mut Recorder<Vec<Slot>>, interval: Interval) {
        let (outcome, record) = session.stamp(interval.seq, interval.kernel_ns);
        let now = session.client().now();
        self.record(now, record);
        self.show(now, || What::Outcome(outcome));
        self.say(|report| report.outcome(&outcome, None, None));
    }
}
