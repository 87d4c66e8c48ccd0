//! What a service manager is told of a process that it has started (`sd_notify(3)`): that it is
//! ready, that it reads its configuration again, that it ends, and that it is alive.
//!
//! Owns the protocol, and who is told. When it is so, whoever runs knows.

use std::env;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::process;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::clock::{Clock, monotonic_micros};
use crate::i18n::say;
use crate::warn;

/// Whoever started this and wants to be told; nobody is told anything where there is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServiceManager(Option<Arc<Notified>>);

#[derive(Debug)]
struct Notified {
    socket: UnixDatagram,
    watchdog: Option<Watchdog>,
    failed: OnceLock<()>,
}

/// The process ends if it is silent for too long.
#[derive(Debug)]
struct Watchdog {
    /// Half of what is too long.
    every: Duration,
    clock: Clock,
    /// When it is to be heard of again, in microseconds of `clock`.
    next: AtomicU64,
    /// Threads that have to be alive.
    threads: usize,
    /// The one whose turn it is to say so: if one hangs, no round is completed.
    turn: AtomicUsize,
}

impl ServiceManager {
    /// As the environment says; `threads` have to be alive, for as long as any of it is to be
    /// called alive.
    pub(crate) fn from_env(threads: usize) -> Self {
        let Some(place) = env::var_os("NOTIFY_SOCKET") else {
            return Self(None);
        };
        let place = place.to_string_lossy();
        let address = match place.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name),
            None => SocketAddr::from_pathname(&*place),
        };
        let connected = address.and_then(|address| {
            let socket = UnixDatagram::unbound()?;
            socket.connect_addr(&address)?;
            Ok(socket)
        });
        match connected {
            Ok(socket) => Self(Some(Arc::new(Notified {
                socket,
                watchdog: Watchdog::from_env(threads),
                failed: OnceLock::new(),
            }))),
            Err(error) => {
                warn(&say::NotNotified { error });
                Self(None)
            }
        }
    }

    /// It does what it is for, after the start or after [`reloading`](Self::reloading).
    pub(crate) fn ready(&self) {
        self.tell("READY=1");
    }

    /// Its configuration is read again, which [`ready`](Self::ready) ends.
    pub(crate) fn reloading(&self) {
        if self.0.is_some() {
            let now = monotonic_micros();
            self.tell(&format!("RELOADING=1\nMONOTONIC_USEC={now}"));
        }
    }

    /// It is about to end.
    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// The loop of the thread with this number goes round. To be called at least every second.
    pub(crate) fn alive(&self, thread: usize) {
        let watchdog = self.0.as_ref().and_then(|it| it.watchdog.as_ref());
        if watchdog.is_some_and(|it| it.is_due(thread)) {
            self.tell("WATCHDOG=1");
        }
    }

    fn tell(&self, state: &str) {
        let Some(notified) = &self.0 else { return };
        if let Err(error) = notified.socket.send(state.as_bytes())
            && notified.failed.set(()).is_ok()
        {
            warn(&say::NotNotified { error });
        }
    }
}

impl Watchdog {
    /// If one is set, and for this process (`sd_watchdog_enabled(3)`).
    fn from_env(threads: usize) -> Option<Self> {
        let number = |name: &str| env::var(name).ok()?.parse::<u64>().ok();
        let is_ours = number("WATCHDOG_PID").is_none_or(|id| id == u64::from(process::id()));
        let limit = number("WATCHDOG_USEC").filter(|it| *it > 0 && is_ours)?;
        Some(Self {
            every: Duration::from_micros(limit / 2),
            clock: Clock::start(),
            next: AtomicU64::new(0),
            threads: threads.max(1),
            turn: AtomicUsize::new(0),
        })
    }

    /// Whether all threads have been heard of, this one last, and it is time to say so.
    fn is_due(&self, thread: usize) -> bool {
        let turn = self.turn.load(Ordering::Relaxed);
        if thread != turn {
            return false;
        }
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let now = self.clock.elapsed();
        if turn + 1 < self.threads {
            self.turn.store(turn + 1, Ordering::Relaxed);
            return false;
        }
        if micros(now) < self.next.load(Ordering::Relaxed) {
            return false;
        }
        self.turn.store(0, Ordering::Relaxed);
        let next = micros(now.saturating_add(self.every));
        self.next.store(next, Ordering::Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thread_that_hangs_is_enough_to_be_silent() {
        let watchdog = |threads| Watchdog {
            every: Duration::ZERO,
            clock: Clock::start(),
            next: AtomicU64::new(0),
            threads,
            turn: AtomicUsize::new(0),
        };
        let heard = |watchdog: &Watchdog, threads: &[usize]| {
            let due = threads.iter().map(|it| watchdog.is_due(*it));
            due.filter(|it| *it).count()
        };
        let alone = watchdog(1);
        assert_eq!(heard(&alone, &[0, 0, 0]), 3);
        let three = watchdog(3);
        assert_eq!(heard(&three, &[0, 0, 2, 1, 0, 2, 1]), 1);
        // The second hangs.
        assert_eq!(heard(&three, &[0, 2, 0, 2, 2, 0, 0, 2]), 0);
        assert_eq!(heard(&three, &[1, 2]), 1);
    }
}
