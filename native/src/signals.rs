//! Signals as flags that the loops look at between two waits.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Which signals have come.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    stop: Arc<AtomicBool>,
    report: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
}

impl Signals {
    /// Takes over SIGINT and SIGTERM (end with a summary) and, where they are, SIGQUIT
    /// (print a line and go on) and SIGCONT (tell that the process was stopped). A
    /// second SIGINT or SIGTERM kills.
    pub(crate) fn install() -> io::Result<Self> {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let (stop, report, continued) = <(Arc<AtomicBool>, Arc<_>, Arc<_>)>::default();
        for signal in [SIGINT, SIGTERM] {
            // Armed by the first signal, so the order of the two matters.
            signal_hook::flag::register_conditional_default(signal, Arc::clone(&stop))?;
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGCONT, SIGQUIT};
            signal_hook::flag::register(SIGQUIT, Arc::clone(&report))?;
            signal_hook::flag::register(SIGCONT, Arc::clone(&continued))?;
        }
        Ok(Self {
            stop,
            report,
            continued,
        })
    }

    /// The same signals for a further thread: each prints its own line on SIGQUIT.
    #[cfg_attr(
        not(unix),
        expect(clippy::unnecessary_wraps, reason = "with signals it can fail")
    )]
    pub(crate) fn another(&self) -> io::Result<Self> {
        let report = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        signal_hook::flag::register(signal_hook::consts::SIGQUIT, Arc::clone(&report))?;
        Ok(Self {
            stop: Arc::clone(&self.stop),
            report,
            continued: Arc::default(),
        })
    }

    /// Nobody's signals: for a loop that another thread ends.
    pub(crate) fn detached() -> Self {
        Self {
            stop: Arc::default(),
            report: Arc::default(),
            continued: Arc::default(),
        }
    }

    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub(crate) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether a line was asked for since the last call.
    pub(crate) fn take_report(&self) -> bool {
        self.report.load(Ordering::Relaxed) && self.report.swap(false, Ordering::Relaxed)
    }

    /// Whether the process was stopped and continued since the last call.
    pub(crate) fn take_continued(&self) -> bool {
        self.continued.swap(false, Ordering::Relaxed)
    }
}
