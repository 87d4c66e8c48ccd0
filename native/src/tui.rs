//! The terminal view of a run while it runs (`--tui`).
//!
//! Owns the queue to the thread that draws, and what its keys change. The measuring loop only
//! puts what was decided into a ring, without a system call or a lock. Decides and measures
//! nothing.

mod draw;
#[cfg(target_os = "linux")]
mod fleet;
mod model;
mod terminal;

use std::io;
use std::time::Duration;

use udping_core::time::ClientTime;

use crate::charset;
use crate::clock::Clock;
use crate::signals::Signals;
use draw::ViewState;
#[cfg(target_os = "linux")]
pub(crate) use fleet::FleetTui;
use model::Snapshot;
pub(crate) use model::{TuiModel, ViewEvent};
use terminal::{Key, Screen, Shown, View};

/// What can wait for the thread: a fifth of a second at 300,000 a second.
const QUEUE: usize = 1 << 16;

/// Something that the loop reports, and when.
#[derive(Debug)]
struct QueuedEvent {
    at: ClientTime,
    event: ViewEvent,
}

/// The loop's end of it. The terminal is its own again when this is dropped.
pub(crate) struct Tui {
    queue: rtrb::Producer<QueuedEvent>,
    /// What found no room since the last time that something did.
    missed: u64,
    shown: Shown,
}

impl Tui {
    /// Takes over the terminal and begins to draw `model`, in colour or not. The keys
    /// that end a run do so by way of `signals`.
    pub(crate) fn start(model: TuiModel, colour: bool, signals: &Signals) -> anyhow::Result<Self> {
        let (queue, events) = rtrb::RingBuffer::new(QUEUE);
        let view = RunView::new(events, model, colour);
        Ok(Self {
            queue,
            missed: 0,
            shown: Shown::start(view, signals)?,
        })
    }

    /// Reports what happened at `at`. Where the thread is behind, it learns how much it has
    /// missed.
    pub(crate) fn push(&mut self, at: ClientTime, event: ViewEvent) {
        if self.missed > 0 {
            let event = ViewEvent::Missed(self.missed);
            if self.queue.push(QueuedEvent { at, event }).is_ok() {
                self.missed = 0;
            }
        }
        if self.missed > 0 || self.queue.push(QueuedEvent { at, event }).is_err() {
            self.missed += 1;
        }
    }

    /// Whether nothing is drawn any more, although it should be.
    pub(crate) fn has_ended(&self) -> bool {
        self.shown.has_ended()
    }

    /// Gives the terminal back, and says what went wrong, if something did.
    pub(crate) fn finish(&mut self) -> Option<String> {
        self.shown.finish()
    }
}

/// A run as it is drawn.
struct RunView {
    events: rtrb::Consumer<QueuedEvent>,
    model: TuiModel,
    clock: Clock,
    look: ViewState,
    /// Which of its charts was drawn.
    chart: usize,
    /// What is drawn, which may be frozen.
    shown: Snapshot,
}

impl RunView {
    fn new(events: rtrb::Consumer<QueuedEvent>, model: TuiModel, colour: bool) -> Self {
        Self {
            events,
            shown: model.snapshot(),
            model,
            clock: Clock::start(),
            look: ViewState {
                colour,
                ascii: !charset::is_unicode(),
                ..ViewState::default()
            },
            chart: 0,
        }
    }
}

impl View for RunView {
    const FRAME: Duration = Duration::from_millis(250);

    fn take(&mut self, screen: &mut Screen) -> io::Result<()> {
        while let Ok(QueuedEvent { at, event }) = self.events.pop() {
            if event.is_stop() {
                // Whoever stopped the process has had the terminal meanwhile.
                screen.take_back()?;
            }
            self.model.take(at, event, self.clock.elapsed());
        }
        Ok(())
    }

    fn draw(&mut self, screen: &mut Screen) -> io::Result<()> {
        self.model.pass(self.clock.elapsed());
        if !self.look.frozen {
            self.shown = self.model.snapshot();
        }
        screen.paint(|frame| self.chart = draw::draw(frame, &self.shown, self.look))
    }

    fn key(&mut self, key: Option<Key>) -> bool {
        let look = &mut self.look;
        match key {
            Some(Key::Freeze) => look.frozen = !look.frozen,
            Some(Key::Help) => look.help = !look.help,
            Some(Key::ZoomIn) => look.chart = Some(self.chart.saturating_sub(1)),
            Some(Key::ZoomOut) => look.chart = Some(self.chart + 1),
            Some(Key::Log) => look.log = !look.log,
            Some(Key::Back) => look.help = false,
            // The terminal's own.
            Some(Key::Quit | Key::Suspend) | None => {}
        }
        true
    }
}
