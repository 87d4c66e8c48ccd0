//! What befell the run from outside, and going on all the same.
//!
//! Owns when the run is told of it, and that it goes on from another address where the
//! old one leads nowhere. Who watches for it is `watch`'s, the sentences the report's.

use std::io::{self, ErrorKind};

use udping_core::table::Slot;
use udping_core::time::ClientTime;
use udping_journal::Recorder;
use udping_journal::{Befallen, Note, Record};

use super::run::Run;
use super::watch::{Watch, bare, lasting};
use crate::net::ClientSocket;
use crate::signals::Signals;
use crate::tui::What;
use crate::words::say;

impl Run<'_> {
    /// Has somebody watch what befalls the run from now on.
    pub(super) fn start_watch(&mut self, signals: &Signals) {
        self.watched = true;
        let plan = self.plan;
        let from = self.socket.address().ok();
        match Watch::start(signals, plan.server, &plan.options, from) {
            Ok(watch) => self.watch = Some(watch),
            Err(error) => self.report.note(say::NobodyWatched { error }),
        }
    }

    /// Hears what befell the run.
    pub(super) fn heed(&mut self, session: &Recorder<Vec<Slot>>) {
        while let Some(note) = self.watch.as_ref().and_then(Watch::next) {
            let moved = note.note == Befallen::Moved;
            match if moved { self.reopen() } else { Ok(()) } {
                Ok(()) => self.befell(session.client().now(), note),
                // As long as that is so, the watch says so every second.
                Err(error) => {
                    let error = crate::words::chain(&error);
                    self.say(|report| report.remark(&say::CannotMove { error }));
                }
            }
        }
    }

    /// Goes on with another socket, and from the address that leads to the server now.
    fn reopen(&mut self) -> anyhow::Result<()> {
        let plan = self.plan;
        let socket = ClientSocket::open(plan.server, &plan.options)?;
        socket.connect(plan.server)?;
        if let Some(watch) = &self.watch {
            watch.moved(socket.address()?);
        }
        self.overflown += self.socket.overflown();
        self.socket = socket;
        // What the old one was owed does not come any more.
        if let Some(pairs) = &mut self.pairs {
            pairs.restart();
        }
        Ok(())
    }

    /// Where probes are to leave by an interface that was made anew, goes on with the new
    /// one. As long as that cannot be, the next probe that cannot be sent says why.
    pub(super) fn follow_the_interface(&mut self) {
        if self.socket.is_left_behind(&self.plan.options) {
            let _ = self.reopen();
        }
    }

    /// A probe went out: if none did before, that is worth a word.
    pub(super) fn network_is_up(&mut self, session: &Recorder<Vec<Slot>>) {
        if let Some(since) = self.down_since.take() {
            let now = session.client().now();
            let time = now.checked_since(since).unwrap_or_default();
            self.befell(now, lasting(Befallen::NetworkUp, time));
        }
    }

    /// A probe could not go out: if that is the network's fault, and new, it is worth a
    /// word.
    pub(super) fn network_is_down(&mut self, now: ClientTime, error: &io::Error) {
        use ErrorKind::{
            AddrNotAvailable, HostUnreachable, InvalidInput, NetworkDown, NetworkUnreachable,
        };
        let gone = matches!(
            error.kind(),
            // Linux calls it invalid where this end's address is gone.
            AddrNotAvailable | HostUnreachable | InvalidInput | NetworkDown | NetworkUnreachable
        );
        if gone && self.down_since.is_none() {
            self.down_since = Some(now);
            let note = Note {
                error: Some(error.to_string()),
                ..bare(Befallen::NetworkDown)
            };
            self.befell(now, note);
        }
    }

    fn befell(&mut self, now: ClientTime, mut note: Note) {
        note.at_ns = now.as_nanos();
        self.show(now, || What::Note(Box::new(note.clone())));
        self.say(|report| report.befell(&note));
        if self.plan.redact {
            note.address = None;
        }
        self.record(now, Record::Note(note));
    }
}
