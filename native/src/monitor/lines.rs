//! A line for each target: at the end, and while it runs in place, where a terminal is.
//!
//! Owns a thread that draws, so that the loop never waits for a terminal.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use udping_core::stats::Ratio;

use super::figures::Settled;
use super::snapshot::{PATIENCE, Snapshots, TargetSnapshot};
use super::target::full_name;
use crate::charset::shown;
use crate::i18n::say;
use crate::report::millis;

/// How often lines are drawn again.
const REFRESH: Duration = Duration::from_millis(500);

/// What is said of a target.
pub(crate) fn line(target: &TargetSnapshot) -> String {
    let figures = &target.figures;
    let [lost, refused, unsent] =
        [Settled::Lost, Settled::Refused, Settled::Unsent].map(|it| figures.count(it));
    let settled = figures.sent() - figures.in_flight();
    // As for one host: what could not be sent was asked for and not answered.
    let share = Ratio::new(lost + refused + unsent, settled);
    let counts = say::MonitorLine {
        name: full_name(target.group.as_deref(), &target.name),
        sent: figures.sent() - unsent,
        lost,
        refused,
        unsent,
        in_flight: figures.in_flight(),
        loss: share.map_or_else(|| "–".to_owned(), |it| it.to_string()),
    };
    let Some([shortest, mean, longest]) = figures.rtts() else {
        return counts.to_string();
    };
    let rtts = say::MonitorRtts {
        shortest: millis(shortest),
        mean: millis(mean),
        longest: millis(longest),
    };
    format!("{counts}; {rtts}")
}

/// Lines that are drawn until they are stopped.
pub(crate) struct Lines {
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Lines {
    /// Draws them, if there is a terminal.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn start(snapshots: Snapshots) -> std::io::Result<Option<Self>> {
        if !stdout().is_terminal() {
            return Ok(None);
        }
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        let thread = thread::Builder::new()
            .name("lines".to_owned())
            .spawn(move || {
                let mut drawn = 0;
                while !ended.load(Ordering::Acquire) {
                    if let Some(snapshot) = snapshots.take(PATIENCE) {
                        let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
                        let size = (usize::from(columns), usize::from(rows));
                        let text = drawing(&snapshot.targets, drawn, size);
                        drawn = snapshot.targets.len().min(size.1.saturating_sub(1));
                        // A terminal that is gone ends the run by its signal.
                        let _ = stdout().write_all(shown(&text).as_bytes());
                        let _ = stdout().flush();
                    }
                    thread::park_timeout(REFRESH);
                }
                // What is said at the end takes their place.
                let _ = stdout().write_all(up(drawn).as_bytes());
            })?;
        Ok(Some(Self { over, thread }))
    }

    pub(crate) fn stop(self) {
        self.over.store(true, Ordering::Release);
        self.thread.thread().unpark();
        // It draws nothing any more either way.
        let _ = self.thread.join();
    }
}

/// The lines in place of those that were `drawn`, as many as the terminal has rows for.
fn drawing(targets: &[TargetSnapshot], drawn: usize, (columns, rows): (usize, usize)) -> String {
    let mut text = up(drawn);
    for target in targets.iter().take(rows.saturating_sub(1)) {
        let line: String = line(target)
            .chars()
            .take(columns.saturating_sub(1))
            .collect();
        // What stood there before is erased to the end of its line.
        let _ = writeln!(text, "{line}\x1b[K");
    }
    text
}

/// Moves up so many lines, and erases all below.
fn up(lines: usize) -> String {
    match lines {
        0 => String::new(),
        lines => format!("\x1b[{lines}A\x1b[J"),
    }
}

#[cfg(test)]
mod tests {
    use udping_core::event::Outcome;
    use udping_core::time::ClientTime;

    use super::super::figures::Figures;
    use super::*;

    /// So many replies, the first after 1 ms and each 1 ms later than the one before, so many
    /// losses, and one probe in flight.
    fn target(name: &str, replied: u64, lost: u64) -> TargetSnapshot {
        let mut figures = Figures::new(false);
        for seq in 1..=replied + lost {
            figures.settle_one(seq, (seq <= replied).then(|| Duration::from_millis(seq)));
        }
        figures.send_one(replied + lost + 1);
        TargetSnapshot {
            name: Arc::from(name),
            group: None,
            labels: Arc::default(),
            journal: None,
            figures,
        }
    }

    #[test]
    fn loss_is_the_share_of_what_is_settled() {
        let text = line(&target("a", 3, 1));
        assert_eq!(
            text,
            "a: sent 5, lost 1, refused 0, unsent 0, in flight 1; 25% loss; rtt 1.00/2.00/3.00 ms"
        );
        assert_eq!(
            line(&target("b", 0, 0)),
            "b: sent 1, lost 0, refused 0, unsent 0, in flight 1; –% loss"
        );
        let mut down = target("c", 3, 0);
        for seq in 5..=11 {
            down.figures.send_one(seq);
            let unsent = Outcome::Unsent { seq };
            down.figures.outcome(ClientTime::ZERO, &unsent, None, None);
        }
        assert_eq!(
            line(&down),
            "c: sent 4, lost 0, refused 0, unsent 7, in flight 1; 70% loss; rtt 1.00/2.00/3.00 ms"
        );
    }

    #[test]
    fn lines_are_drawn_in_place_and_fit_the_terminal() {
        let targets = ["a", "b", "c"].map(|name| target(name, 1, 0));
        let first = drawing(&targets, 0, (20, 3));
        assert_eq!(first.lines().count(), 2, "{first}");
        let widest = first
            .lines()
            .map(|it| it.trim_end_matches("\x1b[K").len())
            .max();
        assert_eq!(widest, Some(19));
        assert!(drawing(&targets, 2, (20, 3)).starts_with("\x1b[2A"));
    }
}
