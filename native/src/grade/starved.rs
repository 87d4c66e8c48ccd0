//! How long a program waited for a processor: a busy machine's doing, and not its own.
//!
//! Owns what the scheduler says of it (`schedstat` in proc(5)), and the host of a virtual machine
//! (`steal` there). What that spoils, the judge knows.

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
    /// How long each processor was with another virtual machine, in nanoseconds. Whoever sleeps
    /// there meanwhile is woken late, which no thread's wait tells.
    stolen: Vec<u64>,
}

impl Starved {
    pub(super) fn new(program: u32) -> Self {
        Self {
            program,
            clock: Clock::start(),
            next: Duration::ZERO,
            waited: HashMap::new(),
            stolen: stolen(),
        }
    }

    /// The most that one of its threads waited, or that a processor was away, since the last look;
    /// nothing where it is not time yet, or the system does not tell.
    pub(super) fn look(&mut self) -> Option<Duration> {
        let now = self.clock.elapsed();
        if now < self.next {
            return None;
        }
        // In its namespace of processes it is the first, and this process is not seen.
        let is_outside = !Path::new("/proc/self").exists();
        let first = if is_outside { 1 } else { self.program };
        let away = stolen();
        let longer = away.iter().zip(&self.stolen);
        let longer = longer.map(|(now, before)| now.saturating_sub(*before));
        let (mut most, mut processes) = (longer.max().unwrap_or(0), vec![first]);
        self.stolen = away;
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

/// How long each processor was with another virtual machine so far, in nanoseconds: `steal` of
/// `/proc/stat`, in ticks of the clock. Nothing where the system does not tell.
fn stolen() -> Vec<u64> {
    const STEAL: usize = 8;
    let tick = 1_000_000_000 / rustix::param::clock_ticks_per_second().max(1);
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let each = stat.lines().filter(|it| {
        let number = it.strip_prefix("cpu");
        number.is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
    });
    let steals = each.map(|it| {
        let ticks = it.split(' ').nth(STEAL).and_then(|it| it.parse().ok());
        ticks.unwrap_or(0_u64).saturating_mul(tick)
    });
    steals.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_processor_has_its_own_time_away() {
        let processors = std::thread::available_parallelism().unwrap();
        assert!(stolen().len() >= processors.get());
    }
}
