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
    suspend: Arc<AtomicBool>,
}

impl Signals {
    /// Takes over SIGINT, SIGTERM and SIGHUP (end with a summary) and, where they are,
    /// SIGQUIT (print a line and go on) and SIGCONT (tell that the process was stopped).
    /// Once one of them was to end it, SIGINT kills; a further SIGTERM does not, since
    /// `timeout` sends two: to its child, and to its group.
    pub(crate) fn install() -> io::Result<Self> {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let (stop, report, continued) = <(Arc<AtomicBool>, Arc<_>, Arc<_>)>::default();
        // Armed by the first signal, so the order of the two matters.
        signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&stop))?;
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGCONT, SIGHUP, SIGQUIT};
            if !is_ignored(SIGHUP) {
                signal_hook::flag::register(SIGHUP, Arc::clone(&stop))?;
            }
            signal_hook::flag::register(SIGQUIT, Arc::clone(&report))?;
            signal_hook::flag::register(SIGCONT, Arc::clone(&continued))?;
        }
        Ok(Self {
            stop,
            report,
            continued,
            suspend: Arc::default(),
        })
    }

    /// Takes over what else would end or stop the process while a terminal is drawn upon:
    /// it is to be given back first.
    #[cfg_attr(
        not(unix),
        expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "with signals it has something to take over, and can fail"
        )
    )]
    pub(crate) fn spare_the_terminal(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGALRM, SIGTSTP, SIGUSR1, SIGUSR2};
            for signal in [SIGALRM, SIGUSR1, SIGUSR2] {
                signal_hook::flag::register(signal, Arc::clone(&self.stop))?;
            }
            signal_hook::flag::register(SIGTSTP, Arc::clone(&self.suspend))?;
        }
        Ok(())
    }

    /// Has the process be stopped for a while, once the terminal is given back.
    pub(crate) fn ask_to_suspend(&self) {
        self.suspend.store(true, Ordering::Relaxed);
    }

    /// Whether that is wanted since the last call.
    pub(crate) fn take_suspend(&self) -> bool {
        self.suspend.swap(false, Ordering::Relaxed)
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
            suspend: Arc::default(),
        })
    }

    /// Nobody's signals: for a loop that another thread ends.
    pub(crate) fn detached() -> Self {
        Self {
            stop: Arc::default(),
            report: Arc::default(),
            continued: Arc::default(),
            suspend: Arc::default(),
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

/// Stops the process, until somebody has it go on.
#[cfg_attr(
    not(unix),
    expect(clippy::unnecessary_wraps, reason = "with signals it can fail")
)]
pub(crate) fn suspend() -> io::Result<()> {
    #[cfg(unix)]
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
    Ok(())
}

/// Whether whoever started the process has it ignore `signal`, as `nohup` does SIGHUP. Where
/// that cannot be known, it is not taken over.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_none_or(|mask| mask >> (signal - 1) & 1 == 1)
}
