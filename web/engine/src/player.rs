//! From wall time to model time, as a pure function: play, pause, speed, breakpoints.
//!
//! Owns no clock: the page says how much wall time has passed.

use std::time::Duration;

use udping_core::time::saturating_nanos;

use super::log::{Code, Cursor, EventKind, Symbol};
use super::run::Run;

/// Plays a run.
#[derive(Debug, Clone, Default)]
pub struct Player {
    /// How fast.
    pub speed: Speed,
    /// It stops at the first event that meets one of these.
    pub breakpoints: Vec<Breakpoint>,
    playing: bool,
    /// What is left of a tick after whole nanoseconds, in units of one over the
    /// speed's denominator.
    rest: u64,
}

/// Model time over wall time: one of [`Speed::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(u8);

/// Where to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakpoint {
    /// At any loss or refusal.
    Loss,
    /// Where a probe comes into this state.
    State(Symbol),
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
    pub const NORMAL: Self = Self(9);
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

    /// The speed at this index of [`Speed::ALL`]; the nearest end beyond it.
    #[must_use]
    pub fn nth(index: usize) -> Self {
        Self(u8::try_from(index.min(Self::ALL.len() - 1)).unwrap_or(0))
    }

    /// The speed at which a run of this length lasts about as long as people watch: the one
    /// that comes nearest to a quarter of a minute.
    #[must_use]
    pub fn suited_to(run_ns: u64) -> Self {
        /// How long playing is to last, in nanoseconds.
        const WATCHED: u128 = 15_000_000_000;
        let off = |(up, down): (u32, u32)| {
            let lasts = u128::from(run_ns) * u128::from(down) / u128::from(up);
            let (short, long) = (lasts.clamp(1, WATCHED), lasts.max(WATCHED));
            long / short
        };
        // The slower of two that are as near.
        let nearest = (0..Self::ALL.len()).min_by_key(|index| off(Self::nth(*index).ratio()));
        Self::nth(nearest.unwrap_or_default())
    }

    /// The speeds to offer for a run that this one suits: their indices.
    #[must_use]
    pub fn around(self) -> core::ops::RangeInclusive<usize> {
        let last = Self::ALL.len() - 1;
        let first = self.index().saturating_sub(5).min(last - 9);
        first..=first + 9
    }

    /// Its index in [`Speed::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0.into()
    }

    /// Model time over wall time, as (numerator, denominator).
    #[must_use]
    pub fn ratio(self) -> (u32, u32) {
        Self::ALL.get(self.index()).copied().unwrap_or((1, 1))
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

    /// For a run, at the speed that suits it.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        Self {
            speed: Speed::suited_to(run.end_ns()),
            ..Self::default()
        }
    }

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
        if !self.playing || wall > Self::LONGEST_TICK {
            return Tick {
                cursor,
                stopped: None,
            };
        }
        let (times, over) = self.speed.ratio();
        let scaled = saturating_nanos(wall)
            .saturating_mul(times.into())
            .saturating_add(self.rest);
        self.rest = scaled % u64::from(over);
        let at_ns = cursor.at_ns.saturating_add(scaled / u64::from(over));
        let target = run.seek(at_ns);
        // A cursor between two events of one moment stays there until time moves on.
        let target = if at_ns == cursor.at_ns {
            cursor
        } else {
            target
        };

        let met = (cursor.index..target.index).find_map(|event| {
            let mut points = self.breakpoints.iter();
            let point = points.find(|point| point.is_met(run, event))?;
            Some((run.after(event), *point))
        });
        let (cursor, stopped) = match met {
            Some((cursor, point)) => (cursor, Some(Stopped::At(point))),
            None if at_ns >= run.end_ns() => (target, Some(Stopped::End)),
            None => (target, None),
        };
        if stopped.is_some() {
            self.playing = false;
            self.rest = 0;
        }
        Tick { cursor, stopped }
    }
}

impl Breakpoint {
    /// Whether an event is one to stop at.
    fn is_met(self, run: &Run, event: usize) -> bool {
        let Some(kind) = run.log().code(event).map(Code::kind) else {
            return false;
        };
        match self {
            Self::Loss => matches!(kind, EventKind::Lost | EventKind::Refused),
            Self::State(symbol) => match symbol {
                Symbol::Lost => kind == EventKind::Lost,
                // That a packet is lost is not yet a probe's state.
                _ => {
                    kind != EventKind::Dropped
                        && run.event(event).and_then(|it| it.what.symbol()) == Some(symbol)
                }
            },
            Self::Seq(seq) => run.event(event).and_then(|it| it.seq) == Some(seq),
            Self::Timer => kind == EventKind::Lost,
        }
    }
}

/// The cursor right after the next event that meets `breakpoint`; `None` if there is none.
#[must_use]
pub fn run_to(run: &Run, cursor: Cursor, breakpoint: Breakpoint) -> Option<Cursor> {
    (cursor.index..run.events())
        .find(|event| breakpoint.is_met(run, *event))
        .map(|event| run.after(event))
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;

    fn run() -> Run {
        Run::simulate(
            &Preset::Textbook
                .setup(Seed::from_low_bits(20))
                .header()
                .unwrap(),
        )
        .unwrap()
    }

    fn playing(index: usize) -> Player {
        Player {
            speed: Speed::nth(index),
            playing: true,
            ..Player::default()
        }
    }

    #[test]
    fn speeds_go_from_a_thousandth_to_a_thousand() {
        assert_eq!(Speed::nth(0).ratio(), (1, 1000));
        assert_eq!(Speed::default().ratio(), (1, 1));
        assert_eq!(Speed::nth(usize::MAX).ratio(), (1000, 1));
        assert_eq!(Speed::nth(Speed::ALL.len()).index(), Speed::ALL.len() - 1);
    }

    #[test]
    fn model_time_is_wall_time_times_speed_to_the_nanosecond_in_the_long_run() {
        let run = run();
        for (index, (times, over)) in Speed::ALL.into_iter().enumerate() {
            let mut player = playing(index);
            let mut cursor = Cursor::default();
            let mut wall = 0;
            for tick in 0..20_u64 {
                // Frames are not of one length, and not of whole microseconds.
                let dt = 16_600_003 / u64::from(times) + tick * 7;
                wall += dt;
                cursor = player.tick(&run, cursor, Duration::from_nanos(dt)).cursor;
            }
            let expected = wall * u64::from(times) / u64::from(over);
            assert_eq!(cursor, run.seek(expected), "speed {times}/{over}");
        }
    }

    #[test]
    fn a_run_of_any_length_has_a_speed_that_suits_it() {
        for run_ns in [
            5_000_000,
            316_000_000,
            2_000_000_000,
            40_000_000_000,
            900_000_000_000,
        ] {
            let speed = Speed::suited_to(run_ns);
            let (up, down) = speed.ratio();
            let lasts = run_ns * u64::from(down) / u64::from(up);
            assert!(
                (5_000_000_000..32_000_000_000).contains(&lasts),
                "{run_ns}: {lasts}"
            );
            assert!(speed.around().contains(&speed.index()));
        }
        assert_eq!(Speed::suited_to(0).index(), 0);
        assert_eq!(Speed::suited_to(u64::MAX).around(), 9..=18);
    }

    #[test]
    fn a_pause_of_the_page_is_skipped_and_a_paused_player_stands() {
        let run = run();
        let mut player = playing(9);
        let start = run.seek(1_000);
        let long = Player::LONGEST_TICK + Duration::from_nanos(1);
        assert_eq!(player.tick(&run, start, long).cursor, start);
        assert!(player.playing());
        player.pause();
        assert_eq!(
            player.tick(&run, start, Duration::from_millis(16)).cursor,
            start
        );
    }

    #[test]
    fn playing_ends_at_the_last_event() {
        let run = run();
        let mut player = playing(18);
        let mut cursor = Cursor::default();
        let tick = loop {
            let tick = player.tick(&run, cursor, Duration::from_millis(16));
            cursor = tick.cursor;
            if tick.stopped.is_some() {
                break tick;
            }
        };
        assert_eq!(tick.stopped, Some(Stopped::End));
        assert_eq!(cursor.index, run.events());
        assert!(!player.playing());
    }

    #[test]
    fn breakpoints_stop_right_after_their_event() {
        let run = run();
        let event_before = |cursor: Cursor| run.event(cursor.index - 1).unwrap();
        let loss = run_to(&run, Cursor::default(), Breakpoint::Loss).unwrap();
        assert_eq!(event_before(loss).what.name(), "event-lost");
        let next = run_to(&run, loss, Breakpoint::Loss).unwrap();
        assert!(next.index > loss.index);
        let third = run_to(&run, Cursor::default(), Breakpoint::Seq(3)).unwrap();
        assert_eq!(
            (event_before(third).seq, event_before(third).what.name()),
            (Some(3), "event-sent")
        );
        assert_eq!(run_to(&run, Cursor::default(), Breakpoint::Seq(11)), None);
        assert_eq!(
            run_to(&run, Cursor::default(), Breakpoint::State(Symbol::Late)),
            None
        );

        let mut player = playing(18);
        player.breakpoints = vec![Breakpoint::Timer];
        let tick = player.tick(&run, Cursor::default(), Duration::from_millis(400));
        assert_eq!(tick.stopped, Some(Stopped::At(Breakpoint::Timer)));
        assert_eq!(tick.cursor, loss);
        assert!(!player.playing());
        player.play();
        let on = player.tick(&run, tick.cursor, Duration::from_millis(400));
        assert_eq!(
            on.cursor, next,
            "a breakpoint is left behind when playing goes on"
        );
    }
}
