//! What a program prints to its terminal, as lines with their times.
//!
//! Owns where a line ends, and how much of an output is kept. What lines mean, the judge knows.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use udping_core::time::saturating_nanos;

use super::transcript::Line;

/// How much a program may print.
const MOST_OUTPUT: usize = 1 << 20;

/// Reads a terminal.
#[derive(Debug)]
pub(super) struct Reader {
    master: File,
    partial: Vec<u8>,
    printed: usize,
    pub(super) lines: Vec<Line>,
}

impl Reader {
    /// Of a terminal that is read without waiting.
    pub(super) fn new(master: File) -> Self {
        Self {
            master,
            partial: Vec::new(),
            printed: 0,
            lines: Vec::new(),
        }
    }

    /// Whether there is more than a program may print.
    pub(super) fn is_full(&self) -> bool {
        self.printed > MOST_OUTPUT
    }

    /// Reads what is there at `now`, and says whether there was anything.
    pub(super) fn read(&mut self, now: Duration) -> bool {
        let mut bytes = [0; 8192];
        let mut some = false;
        // Nobody has the other end any more where it fails.
        while !self.is_full()
            && let Ok(read @ 1..) = self.master.read(&mut bytes)
        {
            some = true;
            self.printed += read;
            for byte in bytes.get(..read).unwrap_or_default() {
                match byte {
                    // What goes back to the beginning of a line writes a new one over it.
                    b'\n' | b'\r' => self.finish_line(now),
                    byte => self.partial.push(*byte),
                }
            }
        }
        some
    }

    /// Ends the line that has no end.
    pub(super) fn finish_line(&mut self, now: Duration) {
        let bytes = std::mem::take(&mut self.partial);
        let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        if !text.is_empty() {
            self.lines.push(Line {
                at_ns: saturating_nanos(now),
                text,
            });
        }
    }
}

impl AsFd for Reader {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.master.as_fd()
    }
}
