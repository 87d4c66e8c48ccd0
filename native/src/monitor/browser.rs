//! What the page of all targets asks of the loop: rows, and journals of single targets.
//!
//! Owns a thread that looks once a second, so that pages ask nothing of the loop but whom to
//! follow.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::rows::Rows;
use super::snapshot::{PATIENCE, Snapshots};
use super::wake::Waker;
use crate::row::Row;
use crate::view::Targets;

/// How long a moment of the rows is.
const MOMENT: Duration = Duration::from_secs(1);

/// Somebody looks at a target.
pub(crate) struct Follow {
    /// With its group's.
    pub(crate) name: String,
    /// Where its journal is to be written.
    pub(crate) file: PathBuf,
    /// Whether there is such a target.
    pub(crate) answer: SyncSender<bool>,
}

/// The page's end of it.
pub(crate) struct Browser {
    rows: Arc<Mutex<Vec<Row>>>,
    follows: Sender<Follow>,
    waker: Waker,
}

impl Browser {
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn start(
        snapshots: Snapshots,
        waker: Waker,
    ) -> io::Result<(Self, Receiver<Follow>)> {
        let rows = Arc::<Mutex<Vec<Row>>>::default();
        let shown = Arc::clone(&rows);
        let (follows, asked) = channel();
        // Nobody waits for it: it ends with the process.
        thread::Builder::new()
            .name("rows".to_owned())
            .spawn(move || {
                let mut history = Rows::default();
                loop {
                    if let Some(snapshot) = snapshots.take(PATIENCE) {
                        let rows = history.update(&snapshot);
                        *shown.lock().unwrap_or_else(PoisonError::into_inner) = rows;
                    }
                    thread::sleep(MOMENT);
                }
            })?;
        let browser = Self {
            rows,
            follows,
            waker,
        };
        Ok((browser, asked))
    }
}

impl Targets for Browser {
    fn rows(&self) -> Vec<Row> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.clone()
    }

    fn follow(&self, name: &str, file: PathBuf) -> bool {
        let (answer, answered) = sync_channel(1);
        let name = name.to_owned();
        let asked = self.follows.send(Follow { name, file, answer });
        self.waker.wake();
        asked.is_ok() && answered.recv_timeout(PATIENCE).unwrap_or(false)
    }
}
