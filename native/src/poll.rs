//! How long anything is waited for in one go.
//!
//! Owns the bound of every wait of a loop that has signals to look at. What is waited for,
//! and whether to go on, is the loop's.

use std::time::Duration;
#[cfg(unix)]
use std::{io, os::fd::BorrowedFd};

#[cfg(unix)]
use rustix::event::{PollFd, PollFlags, Timespec, poll};
#[cfg(unix)]
use rustix::io::Errno;

/// How long a wait lasts before the loop looks at its signals again.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Whether there is room, or an error to be had, within `wait`.
#[cfg(unix)]
pub(crate) fn has_room(to: BorrowedFd<'_>, wait: Duration) -> io::Result<bool> {
    let wait = Timespec::try_from(wait).ok();
    let mut to = [PollFd::from_borrowed_fd(to, PollFlags::OUT)];
    match poll(&mut to, wait.as_ref()) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether nothing will ever come from there, or go there, any more: of a terminal, that it has
/// been closed.
#[cfg(target_os = "linux")]
pub(crate) fn has_hung_up(what: BorrowedFd<'_>) -> bool {
    let now = Timespec::default();
    let mut what = [PollFd::from_borrowed_fd(what, PollFlags::empty())];
    let ready = poll(&mut what, Some(&now));
    ready.is_ok() && what[0].revents().contains(PollFlags::HUP)
}
