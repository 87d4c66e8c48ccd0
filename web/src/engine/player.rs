//! From wall time to model time, as a pure function: play, pause, speed, breakpoints.
//!
//! Owns no clock: the page says how much wall time has passed.

use std::time::Duration;

use super::cursor::Cursor;
use super::log::Mark;
use super::run::Run;

/// Plays a run.
#[derive(Debug, Clone, Default)]
pub struct Player {
    /// How fast.
    pub speed: Speed,
    /// It stops at the first event that meets one of these.
    pub breakpoints: Vec<Breakpoint>,
    playing: bool,
}

/// Model time over wall time: one of [`Speed::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed(i8);

/// Where to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakpoint {
    /// At any loss or refusal.
    Loss,
    /// Where a probe comes into this state.
    State(Mark),
    /// At any event of the probe with this number.
    Seq(u64),
    /// Where a deadline runs out or a late horizon passes.
    Timer,
}

/// What a tick came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// Where the run stands now.
    pub cursor: Cursor,
    /// Why the playing stopped, if it did.
    pub stopped: Option<Stopped>,
}

/// Why playing stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The run is over.
    End,
    /// The event at the cursor's `index - 1` meets this breakpoint.
    At(Breakpoint),
}

impl Speed {
    /// Real time.
    pub const NORMAL: Self = Self(0);
    /// All speeds as (numerator, denominator), slowest first: 1/1000 to 1000.
    pub const ALL: [(u32, u32); 19] = [
        (1, 1000),
        (1, 500),
        (1, 200),
        (1, 100),
        (1, 50),
        (1, 20),
        (1, 10),
        (1, 5),
        (1, 2),
        (1, 1),
        (2, 1),
        (5, 1),
        (10, 1),
        (20, 1),
        (50, 1),
        (100, 1),
        (200, 1),
        (500, 1),
        (1000, 1),
    ];

    /// The speed at this place of [`Speed::ALL`]; the nearest end beyond it.
    #[must_use]
    pub fn nth(place: usize) -> Self {
        let _ = place;
        todo!()
    }

    /// Its place in [`Speed::ALL`].
    #[must_use]
    pub fn place(self) -> usize {
        todo!()
    }

    /// Model time over wall time, as (numerator, denominator).
    #[must_use]
    pub fn ratio(self) -> (u32, u32) {
        todo!()
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl Player {
    /// Longer pauses of the page (a hidden tab, a breakpoint of a debugger) are skipped.
    pub const LONGEST_TICK: Duration = Duration::from_millis(500);

    /// Whether it plays.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Starts to play.
    pub fn play(&mut self) {
        self.playing = true;
    }

    /// Stops.
    pub fn pause(&mut self) {
        self.playing = false;
    }

    /// `wall` has passed since the last tick: where the run stands now.
    pub fn tick(&mut self, run: &Run, cursor: Cursor, wall: Duration) -> Tick {
        let _ = (run, cursor, wall);
        todo!()
    }
}

/// The cursor right after the next event that meets `breakpoint`; `None` if there is none.
#[must_use]
pub fn run_to(run: &Run, cursor: Cursor, breakpoint: Breakpoint) -> Option<Cursor> {
    let _ = (run, cursor, breakpoint);
    todo!()
}
