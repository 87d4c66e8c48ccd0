//! Standard output and standard error, whose readers may take nothing for as long as they
//! like, but not for ever: a run that is to end does.
//!
//! Owns how long that is. Knows nothing of what is written.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use crate::charset::shown;
use crate::run_end::RunEnd;

/// How long whatever is written to may take nothing at the end of a run, before it is given up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Standard output. Each write is the system's own: what shall be written together is to be
/// buffered, and [`LineWriter`](std::io::LineWriter) writes lines.
#[derive(Debug, Clone)]
pub(crate) struct Stdout {
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "nothing says whether there is room")
    )]
    end: RunEnd,
}

impl Stdout {
    /// One that waits for its reader until [`PATIENCE`] after `end`.
    pub(crate) const fn new(end: RunEnd) -> Self {
        Self { end }
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, line: impl Display) -> io::Result<()> {
        self.write_all(shown(&format!("{line}\n")).as_bytes())
    }
}

/// Writes to standard error what can be written there within [`PATIENCE`].
pub(crate) fn write_error(text: &str) {
    let text = shown(text);
    // Nobody is left to be told that it cannot.
    #[cfg(unix)]
    let _ = unix::Stderr.write_all(text.as_bytes());
    #[cfg(not(unix))]
    let _ = io::stderr().write_all(text.as_bytes());
}

#[cfg(not(unix))]
impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Write};
    use std::os::fd::{AsFd as _, BorrowedFd};
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::io::write;
    use rustix::pipe::PIPE_BUF;

    use super::{PATIENCE, Stdout};
    use crate::clock::Clock;
    use crate::i18n::{duration, say};
    use crate::poll::{POLL_INTERVAL, has_room};

    /// What was given up, of standard output and standard error: once is enough.
    static GIVEN_UP: [AtomicBool; 2] = [const { AtomicBool::new(false) }; 2];

    impl Write for Stdout {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let standard_output = io::stdout();
            write_patiently(standard_output.as_fd(), &GIVEN_UP[0], bytes, || {
                self.end.has_come()
            })
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Standard error.
    pub(super) struct Stderr;

    impl Write for Stderr {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            write_patiently(io::stderr().as_fd(), &GIVEN_UP[1], bytes, || true)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Writes some of `bytes` as soon as there is room for it, and gives that up when there
    /// has been none for [`PATIENCE`] since `is_over` held.
    fn write_patiently(
        to: BorrowedFd<'_>,
        given_up: &AtomicBool,
        bytes: &[u8],
        is_over: impl Fn() -> bool,
    ) -> io::Result<usize> {
        let mut over_since = None;
        while given_up.load(Ordering::Relaxed) || !has_room(to, POLL_INTERVAL)? {
            if is_over() && over_since.get_or_insert_with(Clock::start).elapsed() >= PATIENCE {
                given_up.store(true, Ordering::Relaxed);
            }
            if given_up.load(Ordering::Relaxed) {
                let patience = duration(PATIENCE);
                let why = say::NotTaken { patience }.to_string();
                return Err(io::Error::new(io::ErrorKind::TimedOut, why));
            }
        }
        // As much as a pipe takes without delay once it takes anything.
        Ok(write(to, bytes.get(..PIPE_BUF).unwrap_or(bytes))?)
    }
}
