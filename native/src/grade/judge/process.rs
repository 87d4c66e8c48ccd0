//! The judge of the process: whether it ended by itself, in time.
//!
//! Owns which end is which bug. What it sent and printed meanwhile is judged elsewhere.

use super::{Bug, End, Judge, Unjudged, seconds, shown};

impl Judge<'_> {
    /// Whether it ended by itself, in time.
    pub(super) fn process(&mut self) {
        const LIMIT_OF_TIME: i32 = 24;
        const LIMIT_OF_SIZE: i32 = 25;
        const KILLED: i32 = 9;
        let pings = self.truth.pings.len();
        let last = pings.checked_sub(1);
        let crash = self.printed.crash.clone();
        let exit = self.seen.end.status().unwrap_or_default();
        let in_thread = crash.as_ref().is_some_and(|it| {
            let it = it.to_lowercase();
            it.contains("exception in thread") || it.contains("panicked")
        });
        if self.seen.tcp {
            self.find(Bug::Tcp, None, "TCP", "UDP".to_owned(), false);
        }
        if self.seen.outside {
            self.find(Bug::Network, None, "", String::new(), false);
        }
        if self.seen.tampered {
            self.find(Bug::GraderFiles, None, "", String::new(), false);
        }
        match &self.seen.end {
            End::NotStarted(_) => self.judged.unjudged.push(Unjudged::NotStarted),
            End::Signal(LIMIT_OF_TIME | LIMIT_OF_SIZE | KILLED) => {
                self.find(Bug::Limits, last, &exit, String::new(), true);
            }
            End::Flood => self.find(Bug::Limits, last, "> 1 MiB", String::new(), false),
            End::Processes => self.find(Bug::Limits, last, "> 400", String::new(), false),
            End::Hung => self.hung(last),
            End::Endless => self.find(Bug::Endless, last, &pings.to_string(), String::new(), true),
            End::Exited(0) if !in_thread => {}
            End::Exited(_) if crash.is_none() => {}
            End::Exited(_) | End::Signal(_) if pings == 0 => {}
            End::Exited(_) | End::Signal(_) => {
                let none_came = (0..pings).all(|it| self.truth.in_time(it).is_none());
                let all = self.assignment.count.is_none_or(|it| pings >= it);
                let bug = if none_came && all && pings > 1 {
                    Bug::CrashAllLost
                } else {
                    Bug::Crash
                };
                let printed = crash.unwrap_or_default();
                let last_line = self.seen.output.last().map(|it| it.text.clone());
                let printed = match last_line {
                    Some(line) if !printed.is_empty() => format!("{printed} … {line}"),
                    _ => printed,
                };
                self.find(bug, last, &printed, exit, false);
            }
        }
    }

    /// It did nothing any more.
    fn hung(&mut self, last: Option<usize>) {
        let Some(last) = last else {
            return;
        };
        let enough = self.assignment.count.is_some_and(|it| last + 1 >= it);
        let waits = self.truth.in_time(last).is_none();
        let bug = if waits && !enough {
            Bug::NoTimeout
        } else {
            Bug::Hang
        };
        let silence =
            seconds(self.seen.ended_ns) - self.truth.pings.get(last).map_or(0.0, |it| it.at);
        self.find(bug, Some(last), "", shown(silence), false);
    }
}
