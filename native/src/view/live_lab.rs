//! The lab on a run of this command's own, which stays open after the run.
//!
//! Owns when it opens and closes. Knows nothing of what is served.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::LOOK;
use super::live::Live;
use super::server::Server;
use crate::cli::RecordArgs;
use crate::clock::Clock;
use crate::i18n::say;
use crate::journal::Sink;
use crate::signals::Signals;
use crate::warn;

/// How long a page may be away before it counts as closed: it may be loaded again.
const AWAY: Duration = Duration::from_secs(3);

/// The lab on a run of this command's own.
pub(crate) struct LiveLab {
    live: Arc<Live>,
    url: String,
    _server: Server,
}

impl LiveLab {
    /// Opens it on a run that is recorded as `record` says, in `sinks`. Where that leaves no
    /// file that can be read from its beginning, one is added which goes with the lab.
    ///
    /// # Errors
    /// There is no port, or no such file.
    pub(crate) fn open(
        record: &RecordArgs,
        sinks: &mut Vec<Sink>,
        no_open: bool,
    ) -> anyhow::Result<Self> {
        let live = Arc::new(Live::recorded(record, sinks)?);
        let server = Server::listen(None, None, None, None, Some(Arc::clone(&live)))?;
        let url = server.url();
        // Standard output is the report's or the journal's.
        warn(&say::ViewAddress { url: &url });
        let server = server.start()?;
        if !no_open {
            super::open_browser(&url);
        }
        Ok(Self {
            live,
            url,
            _server: server,
        })
    }

    /// The run has ended: the lab stays open until its pages are closed, or a signal comes.
    pub(crate) fn stay(self, signals: &Signals) {
        self.live.end();
        if signals.stopped() && !signals.interrupted() {
            return;
        }
        signals.arm_again();
        let url = &self.url;
        warn(&say::ViewStays { url });
        let mut away = Clock::start();
        while !signals.stopped() {
            if self.live.is_watched() {
                away = Clock::start();
            } else if away.elapsed() >= AWAY {
                return;
            }
            thread::sleep(LOOK);
        }
    }
}
