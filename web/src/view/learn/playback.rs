//! A stage in time: from where to where it may be seen, and where it stands.
//!
//! Owns playing, which moves down the ladder at an even pace, whatever time that is.

use udping_engine::lesson::layout::Layout;
use udping_engine::lesson::scene::Stage;

/// How fast a ladder is played, in pixels a second.
const PACE: f64 = 150.0;
/// Longer pauses of the page are skipped, in milliseconds.
const LONGEST_FRAME: f64 = 500.0;
/// With less motion: how long each moment is shown, in milliseconds.
const STILL: f64 = 700.0;

/// A stage, and where it stands.
#[derive(Debug)]
pub(super) struct Playback {
    pub(super) stage: Stage,
    pub(super) layout: Layout,
    /// How far it may be seen.
    pub(super) limit_ns: u64,
    pub(super) at_ns: u64,
    playing: bool,
    /// It shows an answer, which is to be in sight once it is reached.
    pub(super) reveals: bool,
    /// The last frame's time while playing, and what is left of a still moment.
    last_ms: Option<f64>,
    rest: f64,
}

impl Playback {
    pub(super) fn new(stage: Stage, at_ns: u64, limit_ns: u64) -> Self {
        Self {
            layout: Layout::new(&stage),
            stage,
            limit_ns,
            at_ns: at_ns.min(limit_ns),
            playing: false,
            reveals: false,
            last_ms: None,
            rest: 0.0,
        }
    }

    pub(super) fn playing(&self) -> bool {
        self.playing
    }

    /// Whether it stands at the last moment that may be seen.
    pub(super) fn is_over(&self) -> bool {
        !self.playing && self.at_ns >= self.limit_ns
    }

    pub(super) fn play(&mut self) {
        self.playing = true;
        self.last_ms = None;
        self.rest = 0.0;
    }

    pub(super) fn pause(&mut self) {
        self.playing = false;
    }

    pub(super) fn go(&mut self, at_ns: u64) {
        self.at_ns = at_ns.min(self.limit_ns);
    }

    pub(super) fn to(&mut self, at_ns: u64) {
        self.pause();
        self.go(at_ns);
    }

    pub(super) fn step(&mut self, steps: isize) {
        self.pause();
        self.go(self.layout.step(self.at_ns, steps));
    }

    /// A frame at `frame_ms`; whether anything changed. Calm, it goes from moment to moment.
    pub(super) fn frame(&mut self, frame_ms: f64, calm: bool) -> bool {
        if !self.playing {
            return false;
        }
        let wall = (frame_ms - self.last_ms.unwrap_or(frame_ms)).clamp(0.0, LONGEST_FRAME);
        self.last_ms = Some(frame_ms);
        let before = self.at_ns;
        if calm {
            self.rest += wall;
            if self.rest >= STILL {
                self.rest -= STILL;
                self.go(self.layout.step(self.at_ns, 1));
            }
        } else {
            // What is less than a moment is kept for the next frame.
            self.rest += wall / 1e3 * PACE;
            let at_ns = self.layout.at_ns(self.layout.y(self.at_ns) + self.rest);
            if at_ns > self.at_ns {
                self.rest = 0.0;
            }
            self.go(at_ns);
        }
        if self.at_ns >= self.limit_ns {
            self.playing = false;
            return true;
        }
        self.at_ns != before
    }
}
