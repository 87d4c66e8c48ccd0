//! How long a program waited for a processor: a busy machine's doing, and not its own.
//!
//! Owns what the scheduler says of it (`schedstat` in proc(5)). What that spoils, the judge knows.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::clock::Clock;

/// How often it is looked at, at most.
const EVERY: Duration = Duration::from_millis(20);

/// A look takes no more than one part in so many of a processor.
const SHARE: u32 = 20;

/// The waits of a program, with all its children.
#[derive(Debug)]
pub(super) struct Starved {
    program: u32,
    clock: Clock,
    next: Duration,
    /// How long each thread has waited, in nanoseconds.
    waited: HashMap<u32, u64>,
}

impl Starved {
    pub(super) fn new(program: u32) -> Self {
        Self {
            program,
            clock: Clock::start(),
            next: Duration::ZERO,
            waited: HashMap::new(),
        }
    }

    /// The most that one of its threads waited since the last look; nothing where it is not time
    /// yet, or the system does not tell.
    pub(super) fn look(&mut self) -> Option<Duration> {
        let now = self.clock.elapsed();
        if now < self.next {
            return None;
        }
        // In its namespace of processes it is the first, and this process is not seen.
        let is_outside = !Path::new("/proc/self").exists();
        let first = if is_outside { 1 } else { self.program };
        let (mut most, mut processes) = (0, vec![first]);
        while let Some(process) = processes.pop() {
            let tasks = fs::read_dir(format!("/proc/{process}/task"));
            for task in tasks.into_iter().flatten().flatten() {
                let read = |name: &str| fs::read_to_string(task.path().join(name));
                let id = task.file_name().to_str().and_then(|it| it.parse().ok());
                // Whoever has ended meanwhile waits no more.
                let (Some(id), Ok(times)) = (id, read("schedstat")) else {
                    continue;
                };
                let waited = times.split(' ').nth(1).and_then(|it| it.parse().ok());
                let waited: u64 = waited.unwrap_or(0);
                let before = self.waited.insert(id, waited).unwrap_or(0);
                most = most.max(waited.saturating_sub(before));
                let children = read("children").unwrap_or_default();
                processes.extend(
                    children
                        .split_whitespace()
                        .filter_map(|it| it.parse::<u32>().ok()),
                );
            }
        }
        let end = self.clock.elapsed();
        self.next = end + EVERY.max(end.saturating_sub(now) * SHARE);
        Some(Duration::from_nanos(most))
    }
}
