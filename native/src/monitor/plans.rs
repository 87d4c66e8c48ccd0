//! Which targets there are to be, while it runs: the configuration, read again when it changes
//! or on SIGHUP, and what is found.
//!
//! Owns a thread for that, so that the loop waits for no file and no server. A configuration or
//! an answer that is wrong leaves what was before.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use super::config::{Discovery, DiscoverySource, MonitorConfig};
use super::discovery;
use super::source::Source;
use super::target::TargetPlan;
use super::terminal::Terminal;
use super::wake::Waker;
use crate::clock::Clock;
use crate::i18n::{chain, say};
use crate::sd_notify::ServiceManager;
use crate::signals::Signals;
use crate::warn;

/// How often it is looked whether a file has changed, for which there is no event.
const LOOK: Duration = Duration::from_millis(500);

/// The loop's end of it.
#[derive(Debug)]
pub(crate) struct Plans {
    changed: Receiver<Vec<TargetPlan>>,
}

impl Plans {
    /// Follows `source`, which said `config` when it was `known` so: whatever it says next wakes
    /// the loop. Where it is no file, there is nothing to read again, and the run ends with its
    /// `terminal`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn follow(
        source: Source,
        known: Vec<Stamp>,
        config: MonitorConfig,
        signals: Signals,
        terminal: Terminal,
        manager: ServiceManager,
        waker: Waker,
    ) -> std::io::Result<Self> {
        let (sender, changed) = channel();
        thread::Builder::new()
            .name("configuration".to_owned())
            .spawn(move || {
                let follower = Follower::new(source, known, config, terminal);
                follower.follow(&signals, &manager, &sender, &waker);
            })?;
        Ok(Self { changed })
    }

    /// The targets that there are to be by now, if they are others than before.
    pub(crate) fn next(&self) -> Option<Vec<TargetPlan>> {
        self.changed.try_iter().last()
    }
}

struct Follower {
    source: Source,
    terminal: Terminal,
    targets: Vec<TargetPlan>,
    found: Vec<Provider>,
    stamps: Vec<Stamp>,
}

/// One place where targets are found.
struct Provider {
    discovery: Discovery,
    /// The last answer that was right.
    targets: Vec<TargetPlan>,
    asked: Option<Duration>,
    stamps: Vec<Stamp>,
}

/// By what a file is known to be another: its time, its length.
pub(super) type Stamp = (PathBuf, Option<(SystemTime, u64)>);

/// What is known of the configuration's file. Taken before it is read, or a change between the two
/// would never be seen.
pub(super) fn stamps(source: &Source) -> Vec<Stamp> {
    source.file().map(stamp).into_iter().collect()
}

fn stamp(file: &Path) -> Stamp {
    let read = file
        .metadata()
        .and_then(|it| Ok((it.modified()?, it.len())));
    (file.to_owned(), read.ok())
}

impl Follower {
    fn new(source: Source, stamps: Vec<Stamp>, config: MonitorConfig, terminal: Terminal) -> Self {
        let mut follower = Self {
            source,
            terminal,
            targets: Vec::new(),
            found: Vec::new(),
            stamps,
        };
        follower.take(config);
        follower
    }

    /// Goes on with another configuration; of a place that stays, the last answer stays.
    fn take(&mut self, config: MonitorConfig) {
        self.targets = config.targets;
        let mut before = std::mem::take(&mut self.found);
        for discovery in config.discoveries {
            let known = before.iter().position(|it| it.discovery == discovery);
            self.found.push(match known {
                Some(index) => before.swap_remove(index),
                None => Provider {
                    discovery,
                    targets: Vec::new(),
                    asked: None,
                    stamps: Vec::new(),
                },
            });
        }
    }

    fn follow(
        mut self,
        signals: &Signals,
        manager: &ServiceManager,
        changed: &Sender<Vec<TargetPlan>>,
        waker: &Waker,
    ) {
        let clock = Clock::start();
        while !signals.stopped() {
            let asked = signals.take_reload();
            if self.source.file().is_none() && self.terminal.is_gone(asked) {
                signals.stop();
                waker.wake();
                return;
            }
            if asked {
                manager.reloading();
            }
            let mut new = self.read_again(asked);
            for place in &mut self.found {
                new |= place.look(clock.elapsed(), asked);
            }
            if new {
                let all = self.found.iter().flat_map(|it| &it.targets);
                let all = self.targets.iter().chain(all).cloned().collect();
                if changed.send(all).is_err() {
                    return;
                }
                waker.wake();
            } else if asked {
                // All is as it was.
                manager.ready();
            }
            thread::sleep(LOOK);
        }
    }

    /// Reads the configuration again if it is another one, or that was asked for. Whether it
    /// is right.
    fn read_again(&mut self, asked: bool) -> bool {
        let stamps = stamps(&self.source);
        let other = std::mem::replace(&mut self.stamps, stamps) != self.stamps;
        if !(other || asked) {
            return false;
        }
        match self.source.read() {
            Ok(config) => {
                self.take(config);
                true
            }
            Err(error) => {
                warn(&say::MonitorNotReloaded {
                    error: chain(&error),
                });
                false
            }
        }
    }
}

impl Provider {
    /// Looks there if it is time, and says whether there are other targets.
    fn look(&mut self, now: Duration, asked: bool) -> bool {
        let due = self
            .asked
            .is_none_or(|at| now >= at + self.discovery.refresh);
        let stamps: Vec<Stamp> = match &self.discovery.source {
            DiscoverySource::File(pattern) => {
                let files = discovery::files(pattern).unwrap_or_default();
                files.iter().map(|file| stamp(file)).collect()
            }
            DiscoverySource::Http { .. } => Vec::new(),
        };
        let other = stamps != self.stamps;
        if !(due || asked || other) {
            return false;
        }
        (self.asked, self.stamps) = (Some(now), stamps);
        match discovery::find(&self.discovery) {
            Ok(targets) => {
                let other = targets != self.targets;
                self.targets = targets;
                other
            }
            Err(error) => {
                warn(&say::MonitorNotFound {
                    error: chain(&error),
                });
                false
            }
        }
    }
}
