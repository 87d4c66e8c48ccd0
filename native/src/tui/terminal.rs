//! The terminal while it is a view's: the thread that draws upon it and reads its keys.
//!
//! Owns that it is left as it was found, also while the process is suspended, and which key is
//! for what. What is drawn, the view knows.

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

use crate::clock::Clock;
use crate::i18n::say;
use crate::signals::{Signals, suspend};
use crate::stdio::PATIENCE;

/// How long the thread waits for a key between two looks at what has come.
const TICK: Duration = Duration::from_millis(50);

/// What is drawn upon the terminal.
pub(super) trait View: Send + 'static {
    /// How often it is drawn.
    const FRAME: Duration;

    /// Takes what has come since.
    ///
    /// # Errors
    /// The terminal's.
    fn take(&mut self, _: &mut Screen) -> io::Result<()> {
        Ok(())
    }

    /// Draws what is known by now.
    ///
    /// # Errors
    /// The terminal's.
    fn draw(&mut self, screen: &mut Screen) -> io::Result<()>;

    /// Takes a key that is the view's own, or whatever else the terminal says, such as that it
    /// has another size. Whether to draw at once.
    fn key(&mut self, _: Option<Key>) -> bool {
        false
    }
}

/// A view that is drawn until it is finished. The terminal is its own again when this is dropped.
pub(super) struct Shown {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Shown {
    /// Takes over the terminal and begins to draw the view that `view` makes. The keys that end
    /// a run do so by way of `signals`.
    pub(super) fn start(view: impl View, signals: &Signals) -> anyhow::Result<Self> {
        let screen = prepare(signals)?;
        let over = Arc::new(AtomicBool::new(false));
        let thread = {
            let (over, signals) = (Arc::clone(&over), signals.clone());
            thread::Builder::new()
                .name("tui".to_owned())
                .spawn(move || {
                    let shown = show(screen, view, &signals, &over);
                    if shown.is_err() {
                        // Nobody watches any more.
                        signals.stop();
                    }
                    shown
                })
        };
        Ok(Self {
            over,
            thread: Some(thread.context(say::TUI_NOT_STARTED)?),
        })
    }

    /// Whether nothing is drawn any more, although it should be.
    pub(super) fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Gives the terminal back, and says what went wrong, if something did: a terminal that
    /// takes nothing for [`PATIENCE`] is given up.
    pub(super) fn finish(&mut self) -> Option<String> {
        let thread = self.thread.take()?;
        self.over.store(true, Ordering::Release);
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
}

impl Drop for Shown {
    fn drop(&mut self) {
        // Nobody is left to report an error to.
        let _ = self.finish();
    }
}

fn show<V: View>(
    mut screen: Screen,
    mut view: V,
    signals: &Signals,
    over: &AtomicBool,
) -> io::Result<()> {
    let clock = Clock::start();
    let mut next_frame = Duration::ZERO;
    loop {
        view.take(&mut screen)?;
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
            next_frame = clock.elapsed() + V::FRAME;
            view.draw(&mut screen)?;
        }
        if event::poll(TICK)? {
            let at_once = match key(&event::read()?) {
                Some(Key::Quit) => {
                    signals.stop();
                    false
                }
                Some(Key::Suspend) => {
                    signals.ask_to_suspend();
                    false
                }
                other => view.key(other),
            };
            if at_once {
                next_frame = Duration::ZERO;
            }
        }
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
pub(super) struct Screen {
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

    /// Draws by `paint`.
    pub(super) fn paint(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let area = terminal_area();
        if area != self.area {
            self.terminal.resize(area)?;
            self.area = area;
        }
        self.terminal.draw(paint)?;
        Ok(())
    }

    /// Takes it again from whoever has had it meanwhile.
    pub(super) fn take_back(&mut self) -> io::Result<()> {
        self.give_back()?;
        self.take_again()
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

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
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
