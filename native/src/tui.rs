//! The terminal view of a run while it runs (`--tui`).
//!
//! Owns the thread that draws and reads keys, the queue to it, and that the terminal is
//! left as it was found. The measuring loop only puts what was decided into a ring,
//! without a system call or a lock. Decides and measures nothing.

mod draw;
#[cfg(target_os = "linux")]
mod fleet;
mod model;

use std::io::{self, IsTerminal as _};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{self, EnterAlternateScreen};
use ratatui::layout::Rect;
use ratatui::{DefaultTerminal, Frame, TerminalOptions, Viewport};
use udping_core::time::ClientTime;

use crate::charset;
use crate::clock::Clock;
use crate::i18n::say;
use crate::signals::{Signals, suspend};
use crate::stdio::PATIENCE;
use draw::ViewState;
#[cfg(target_os = "linux")]
pub(crate) use fleet::FleetTui;
use model::Snapshot;
pub(crate) use model::{TuiModel, ViewEvent};

/// What can wait for the thread: a fifth of a second at 300,000 a second.
const QUEUE: usize = 1 << 16;

/// How long the thread waits for a key between two looks at the queue.
const TICK: Duration = Duration::from_millis(50);

/// How often it draws what is new.
const FRAME: Duration = Duration::from_millis(250);

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
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Tui {
    /// Takes over the terminal and begins to draw `model`, in colour or not. The keys
    /// that end a run do so by way of `signals`.
    pub(crate) fn start(model: TuiModel, colour: bool, signals: &Signals) -> anyhow::Result<Self> {
        let screen = prepare(signals)?;
        let (queue, events) = rtrb::RingBuffer::new(QUEUE);
        let over = Arc::new(AtomicBool::new(false));
        let thread = {
            let (over, signals) = (Arc::clone(&over), signals.clone());
            thread::Builder::new()
                .name("tui".to_owned())
                .spawn(move || {
                    let shown = show(screen, events, model, colour, &signals, &over);
                    if shown.is_err() {
                        // Nobody watches any more.
                        signals.stop();
                    }
                    shown
                })
        };
        Ok(Self {
            queue,
            missed: 0,
            over,
            thread: Some(thread.context(say::TUI_NOT_STARTED)?),
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
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Gives the terminal back, and says what went wrong, if something did: a terminal that
    /// takes nothing for [`PATIENCE`] is given up.
    pub(crate) fn finish(&mut self) -> Option<String> {
        wait_for(&self.over, self.thread.take()?)
    }
}

/// Takes over the terminal, if that can be drawn upon.
fn prepare(signals: &Signals) -> anyhow::Result<Screen> {
    anyhow::ensure!(
        io::stdout().is_terminal() && io::stdin().is_terminal(),
        say::TUI_NO_TERMINAL
    );
    anyhow::ensure!(!is_dumb(), say::TUI_DUMB);
    signals.spare_the_terminal().context(say::NO_SIGNALS)?;
    Screen::take().context(say::TUI_NOT_STARTED)
}

/// Has the thread that draws give the terminal back, and says what went wrong, if something did.
fn wait_for(over: &AtomicBool, thread: JoinHandle<io::Result<()>>) -> Option<String> {
    over.store(true, Ordering::Release);
    let clock = Clock::start();
    while !thread.is_finished() {
        if clock.elapsed() >= PATIENCE {
            return Some(say::TUI_STUCK.to_string());
        }
        thread::sleep(Duration::from_millis(1));
    }
    match thread.join() {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some(say::TUI_BROKE.to_string()),
    }
}

impl Drop for Tui {
    fn drop(&mut self) {
        // Nobody is left to report an error to.
        let _ = self.finish();
    }
}

/// Whether the terminal can do no more than print lines.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|it| it == "dumb")
}

/// Whether the terminal has hung up: whoever showed it has ended, or the connection to it. The
/// library that reads it does not say so.
#[cfg(unix)]
fn is_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let mut terminal = [PollFd::new(&stdin, PollFlags::empty())];
    let answered = poll(&mut terminal, Some(&Timespec::default()));
    answered.is_ok() && !terminal[0].revents().is_empty()
}

/// The system ends a process whose terminal is closed.
#[cfg(not(unix))]
const fn is_gone() -> bool {
    false
}

/// What there is to draw upon. A terminal that does not know its size, as on a serial line, says
/// 0 × 0, and is taken to be as the first ones were.
fn terminal_area() -> Rect {
    let known = |length: u16, usual| if length == 0 { usual } else { length };
    let (columns, rows) = terminal::size().unwrap_or_default();
    Rect::new(0, 0, known(columns, 80), known(rows, 24))
}

/// As `ratatui::try_init`, but for the `area`.
fn init(area: Rect) -> io::Result<DefaultTerminal> {
    let viewport = Viewport::Fixed(area);
    execute!(io::stdout(), EnterAlternateScreen)?;
    ratatui::try_init_with_options(TerminalOptions { viewport }).inspect_err(|_| {
        // The first error says enough.
        let _ = ratatui::try_restore();
    })
}

/// The terminal while it is ours. Dropping ratatui's own part of it would panic where standard
/// error has gone with it.
struct Screen {
    terminal: ManuallyDrop<DefaultTerminal>,
    area: Rect,
}

impl Screen {
    /// Takes it over, and has a panic give it back first.
    fn take() -> io::Result<Self> {
        let area = terminal_area();
        let terminal = ManuallyDrop::new(init(area)?);
        Ok(Self { terminal, area })
    }

    /// Draws what is `shown`, and returns which of its charts that is.
    fn draw(&mut self, shown: &Snapshot, look: ViewState) -> io::Result<usize> {
        let mut chart = 0;
        self.paint(|frame| chart = draw::draw(frame, shown, look))?;
        Ok(chart)
    }

    /// Draws by `paint`.
    fn paint(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let area = terminal_area();
        if area != self.area {
            self.terminal.resize(area)?;
            self.area = area;
        }
        self.terminal.draw(paint)?;
        Ok(())
    }

    fn give_back(&mut self) -> io::Result<()> {
        let shown = self.terminal.show_cursor();
        ratatui::try_restore().and(shown)
    }

    /// After it was given back.
    fn take_again(&mut self) -> io::Result<()> {
        self.area = terminal_area();
        self.terminal = ManuallyDrop::new(init(self.area)?);
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A panic has given it back already, and its message must stay.
        if !thread::panicking() {
            // A terminal that cannot be written to cannot be put right either.
            let _ = self.give_back();
        }
    }
}

fn show(
    mut screen: Screen,
    mut events: rtrb::Consumer<QueuedEvent>,
    mut model: TuiModel,
    colour: bool,
    signals: &Signals,
    over: &AtomicBool,
) -> io::Result<()> {
    let clock = Clock::start();
    let mut look = ViewState {
        colour,
        ascii: !charset::is_unicode(),
        ..ViewState::default()
    };
    let mut chart = 0;
    let mut shown = model.snapshot();
    let mut next_frame = Duration::ZERO;
    loop {
        while let Ok(QueuedEvent { at, event }) = events.pop() {
            // Whoever stopped the process has had the terminal meanwhile.
            if event.is_stop() {
                screen.give_back()?;
                screen.take_again()?;
            }
            model.take(at, event, clock.elapsed());
        }
        if over.load(Ordering::Acquire) {
            return Ok(());
        }
        if is_gone() {
            return Err(io::Error::other(say::TUI_GONE.text()));
        }
        if signals.take_suspend() {
            screen.give_back()?;
            suspend()?;
            screen.take_again()?;
        }
        if clock.elapsed() >= next_frame {
            next_frame = clock.elapsed() + FRAME;
            model.pass(clock.elapsed());
            if !look.frozen {
                shown = model.snapshot();
            }
            chart = screen.draw(&shown, look)?;
        }
        if event::poll(TICK)? {
            next_frame = Duration::ZERO;
            match key(&event::read()?) {
                Some(Key::Quit) => signals.stop(),
                Some(Key::Suspend) => signals.ask_to_suspend(),
                Some(Key::Freeze) => look.frozen = !look.frozen,
                Some(Key::Help) => look.help = !look.help,
                Some(Key::ZoomIn) => look.chart = Some(chart.saturating_sub(1)),
                Some(Key::ZoomOut) => look.chart = Some(chart + 1),
                Some(Key::Log) => look.log = !look.log,
                Some(Key::Back) => look.help = false,
                None => {}
            }
        }
    }
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Quit,
    Suspend,
    Freeze,
    Help,
    ZoomIn,
    ZoomOut,
    Log,
    Back,
}

fn key(event: &Event) -> Option<Key> {
    let Event::Key(KeyEvent {
        code,
        modifiers,
        kind: KeyEventKind::Press | KeyEventKind::Repeat,
        ..
    }) = event
    else {
        return None;
    };
    match code {
        KeyCode::Char('c' | 'C') if modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Quit),
        KeyCode::Char('z' | 'Z') if modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Suspend),
        KeyCode::Char('q' | 'Q') => Some(Key::Quit),
        KeyCode::Char('p' | 'P' | ' ') => Some(Key::Freeze),
        KeyCode::Char('?' | 'h' | 'H') => Some(Key::Help),
        KeyCode::Char('+' | '=') => Some(Key::ZoomIn),
        KeyCode::Char('-' | '_') => Some(Key::ZoomOut),
        KeyCode::Char('l' | 'L') => Some(Key::Log),
        KeyCode::Esc | KeyCode::Enter => Some(Key::Back),
        _ => None,
    }
}
