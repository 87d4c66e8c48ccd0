//! The terminal that the process was started from, and whether it is still there.
//!
//! Owns when its end is the end of a monitor that has no configuration to read again.

use std::fs::File;
use std::os::fd::AsFd as _;

use crate::poll::has_hung_up;
use crate::signals::ignores_hangup;

/// The process's own terminal, opened before the sandbox closes.
#[derive(Debug)]
pub(crate) struct Terminal {
    /// None if it was started without one, or is to outlive it (`nohup`).
    file: Option<File>,
    /// SIGHUP has come.
    asked: bool,
}

impl Terminal {
    /// To be looked for before the signals are taken over: who ignores SIGHUP is not known then.
    pub(crate) fn find() -> Self {
        Self {
            file: File::open("/dev/tty").ok().filter(|_| !ignores_hangup()),
            asked: false,
        }
    }

    /// Takes that SIGHUP came, if it was `asked` for anything by now; whether that was the
    /// terminal's end. A shell sends it before its terminal is closed.
    pub(crate) fn is_gone(&mut self, asked: bool) -> bool {
        self.asked |= asked;
        let file = self.file.as_ref().filter(|_| self.asked);
        file.is_some_and(|it| has_hung_up(it.as_fd()))
    }
}
