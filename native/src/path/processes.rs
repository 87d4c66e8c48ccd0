//! The processes at the ends of the path: started, passed signals on to, and ended with
//! everything that they have started.
//!
//! Owns that none of them is left behind: whoever loses its parent becomes a child of this
//! process. Knows nothing of networks.

use std::fs;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::prctl::set_child_subreaper;
use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::time::TimeSpec;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::clock::Clock;

/// What asks a process to end, or to say something.
const SIGNALS: [Signal; 10] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGALRM,
    Signal::SIGVTALRM,
    Signal::SIGPROF,
    Signal::SIGXCPU,
];

/// How long whatever is still there at the end has to end by itself.
const GRACE: Duration = Duration::from_secs(2);

/// A signal to this process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) signal: Signal,
    /// The command has got its own, then.
    pub(super) from_terminal: bool,
}

/// Signals and children of this process, which has one thread.
pub(super) struct Processes {
    signals: SigSet,
    arrivals: SignalFd,
}

impl Processes {
    pub(super) fn new() -> io::Result<Self> {
        set_child_subreaper(true)?;
        let mut signals: SigSet = SIGNALS.into_iter().collect();
        signals.add(Signal::SIGCHLD);
        signals.thread_block()?;
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        Ok(Self {
            arrivals: SignalFd::with_flags(&signals, flags)?,
            signals,
        })
    }

    /// Starts a program, which is to take signals as usual.
    pub(super) fn start(&self, command: &mut Command) -> io::Result<Pid> {
        self.signals.thread_unblock()?;
        let child = command.spawn();
        self.signals.thread_block()?;
        let id = i32::try_from(child?.id()).map_err(io::Error::other)?;
        Ok(Pid::from_raw(id))
    }

    /// The same away from the terminal, whose signals are not for it.
    pub(super) fn start_apart(&self, command: &mut Command) -> io::Result<Pid> {
        self.start(command.process_group(0))
    }

    /// Waits until one of `files` has something to read, or a signal comes, or so long.
    pub(super) fn wait(
        &self,
        files: [BorrowedFd<'_>; 2],
        wait: Option<Duration>,
    ) -> io::Result<()> {
        let [near, far] = files.map(|file| PollFd::new(file, PollFlags::POLLIN));
        let arrivals = PollFd::new(self.arrivals.as_fd(), PollFlags::POLLIN);
        poll(&mut [near, far, arrivals], wait)
    }

    /// Waits for a signal, or so long.
    pub(super) fn wait_for_signal(&self, wait: Duration) -> io::Result<()> {
        let arrivals = PollFd::new(self.arrivals.as_fd(), PollFlags::POLLIN);
        poll(&mut [arrivals], Some(wait))
    }

    /// The next signal that came, other than a child's end.
    pub(super) fn next_signal(&self) -> io::Result<Option<Arrival>> {
        while let Some(arrival) = self.arrivals.read_signal()? {
            let number = i32::try_from(arrival.ssi_signo).map_err(io::Error::other)?;
            let signal = Signal::try_from(number)?;
            if signal != Signal::SIGCHLD {
                // The kernel's own have a positive code (sigaction(2)).
                let from_terminal = arrival.ssi_code > 0;
                return Ok(Some(Arrival {
                    signal,
                    from_terminal,
                }));
            }
        }
        Ok(None)
    }

    /// Ends every process that was started here, or by one of those: `apart` and its group
    /// first of all.
    pub(super) fn end(&self, apart: Pid) -> io::Result<()> {
        let clock = Clock::start();
        // None of them need be there any more.
        let _ = killpg(apart, Signal::SIGTERM);
        for child in children()? {
            let _ = kill(child, Signal::SIGTERM);
        }
        loop {
            while next_ended().is_some() {}
            let left = GRACE.saturating_sub(clock.elapsed());
            if left.is_zero() || children()?.is_empty() {
                break;
            }
            self.wait_for_signal(left)?;
            while self.arrivals.read_signal()?.is_some() {}
        }
        // Each that ends leaves us its children.
        loop {
            for child in children()? {
                let _ = kill(child, Signal::SIGKILL);
            }
            match waitpid(None, None) {
                Err(Errno::ECHILD) => return Ok(()),
                Ok(_) | Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// A child that has ended, and the status that a shell would give it.
pub(super) fn next_ended() -> Option<(Pid, u8)> {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(status) => match ended(status) {
                None if status != WaitStatus::StillAlive => {}
                ended => return ended,
            },
            Err(Errno::EINTR) => {}
            Err(_) => return None,
        }
    }
}

/// Waits until something can be read, or so long.
fn poll(files: &mut [PollFd<'_>], wait: Option<Duration>) -> io::Result<()> {
    match ppoll(files, wait.map(TimeSpec::from_duration), None) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Sends a signal to a child, unless it has just ended.
pub(super) fn pass_on(signal: Signal, to: Pid) -> io::Result<()> {
    match kill(to, signal) {
        Ok(()) | Err(Errno::ESRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn ended(status: WaitStatus) -> Option<(Pid, u8)> {
    let (child, code) = match status {
        WaitStatus::Exited(child, code) => (child, code),
        WaitStatus::Signaled(child, signal, _) => (child, 128 + signal as i32),
        _ => return None,
    };
    // The kernel keeps eight bits of it.
    Some((child, u8::try_from(code).unwrap_or(u8::MAX)))
}

/// The children of this process (`proc(5)`), which are ours until they are waited for.
pub(crate) fn children() -> io::Result<Vec<Pid>> {
    let ours = std::process::id().to_string();
    let mut children = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // One that has ended meanwhile was nobody's of ours.
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // The name before may contain anything; then come the state and the parent.
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let mut fields = after_name.split_whitespace();
        let state = fields.next();
        if fields.next() == Some(&*ours) && state != Some("Z") {
            children.push(Pid::from_raw(id));
        }
    }
    Ok(children)
}
