//! The target's address, looked up again now and then in a run that lasts.
//!
//! Owns a thread that asks, so that the measuring loop need not wait for servers of names.
//! What becomes of another address is the loop's.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::net::{Family, Options, Target, resolve};
use crate::run_end::RunEnd;
use crate::signals::Signals;

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to look up again, and how often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResolveAgain {
    pub(crate) every: Duration,
    /// The port where the target names none.
    pub(crate) port: u16,
    pub(crate) family: Family,
}

/// The measuring loop's end of it.
pub(super) struct TargetMonitor {
    moved: Receiver<SocketAddr>,
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl TargetMonitor {
    /// Watches whether `target` still has the address `server`.
    pub(super) fn start(
        again: ResolveAgain,
        target: Target,
        mut server: SocketAddr,
        options: Options,
        signals: Signals,
    ) -> io::Result<Self> {
        let (sender, moved) = channel();
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        let thread = thread::Builder::new()
            .name("target".to_owned())
            .spawn(move || {
                loop {
                    thread::park_timeout(again.every);
                    if ended.load(Ordering::Acquire) {
                        return;
                    }
                    let end = RunEnd::new(&signals, Some(PATIENCE));
                    let interface = options.interface_name();
                    // Without an answer the address that is known stays.
                    let Ok(found) = resolve(&target, again.port, again.family, interface, &end)
                    else {
                        continue;
                    };
                    let found = found.reached_from(options.family());
                    if found.server == server || found.others.contains(&server) {
                        continue;
                    }
                    server = found.server;
                    if sender.send(server).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self {
            moved,
            over,
            thread,
        })
    }

    /// The target's other address, if it has moved.
    pub(super) fn next(&self) -> Option<SocketAddr> {
        self.moved.try_recv().ok()
    }
}

impl Drop for TargetMonitor {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        // It may be waiting for a server of names, and nobody waits for that.
        self.thread.thread().unpark();
    }
}
