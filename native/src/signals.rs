//! Signals as flags that the loops look at between two waits.
//!
//! Owns which signal sets which flag. What a run makes of one, it does not know.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Which signals have come.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    stop: Arc<AtomicBool>,
    /// The number of the last one that set it, or 0.
    stop_number: Arc<AtomicUsize>,
    report: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
    suspend: Arc<AtomicBool>,
    reload: Arc<AtomicBool>,
    excerpt: Arc<AtomicBool>,
}

impl Signals {
    /// Takes over what would end the process (it is to end with a summary), SIGQUIT (print a
    /// line and go on) and SIGCONT (tell that the process was stopped). Once one of them was to
    /// end it, SIGINT kills; a further SIGTERM does not, since `timeout` sends two: to its child,
    /// and to its group.
    pub(crate) fn install() -> io::Result<Self> {
        Self::with_service(None)
    }

    /// The same, but for SIGHUP, on which a service reads its configuration again, and SIGUSR1,
    /// on which it writes what it knows of the last minutes.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only the monitor reads a configuration again")
    )]
    pub(crate) fn install_service() -> io::Result<Self> {
        Self::with_service(Some(Arc::default()))
    }

    /// Where there is a `reload`, SIGHUP sets that, and SIGUSR1 does not end the process.
    fn with_service(reload: Option<Arc<AtomicBool>>) -> io::Result<Self> {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let (stop, report, continued) = <(Arc<AtomicBool>, Arc<_>, Arc<_>)>::default();
        // Armed by the first signal, so the order of the two matters.
        signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&stop))?;
        let stop_number = Arc::<AtomicUsize>::default();
        let excerpt = Arc::<AtomicBool>::default();
        let stops = |signal: i32| {
            let number = signal.unsigned_abs() as usize;
            signal_hook::flag::register_usize(signal, Arc::clone(&stop_number), number)?;
            signal_hook::flag::register(signal, Arc::clone(&stop))
        };
        for signal in [SIGINT, SIGTERM] {
            stops(signal)?;
        }
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGALRM, SIGHUP, SIGPROF, SIGUSR1, SIGUSR2, SIGVTALRM};
            use signal_hook::consts::{SIGCONT, SIGQUIT, SIGXCPU};
            let hangup = (reload.is_none() && !ignores_hangup()).then_some(SIGHUP);
            if let Some(reload) = &reload {
                signal_hook::flag::register(SIGHUP, Arc::clone(reload))?;
                signal_hook::flag::register(SIGUSR1, Arc::clone(&excerpt))?;
            }
            let user = reload.is_none().then_some(SIGUSR1);
            for signal in [SIGALRM, SIGPROF, SIGUSR2, SIGVTALRM, SIGXCPU]
                .into_iter()
                .chain(hangup)
                .chain(user)
            {
                stops(signal)?;
            }
            signal_hook::flag::register(SIGQUIT, Arc::clone(&report))?;
            signal_hook::flag::register(SIGCONT, Arc::clone(&continued))?;
        }
        Ok(Self {
            stop,
            stop_number,
            report,
            continued,
            suspend: Arc::default(),
            reload: reload.unwrap_or_default(),
            excerpt,
        })
    }

    /// Whether the configuration is to be read again since the last call.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only the monitor reads a configuration again")
    )]
    pub(crate) fn take_reload(&self) -> bool {
        self.reload.swap(false, Ordering::Relaxed)
    }

    /// Whether the last minutes are to be written since the last call.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only the monitor writes them")
    )]
    pub(crate) fn take_excerpt(&self) -> bool {
        self.excerpt.load(Ordering::Relaxed) && self.excerpt.swap(false, Ordering::Relaxed)
    }

    /// Takes over what stops the process while a terminal is drawn upon: it is to be given
    /// back first.
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
        signal_hook::flag::register(signal_hook::consts::SIGTSTP, Arc::clone(&self.suspend))?;
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
            stop_number: Arc::clone(&self.stop_number),
            report,
            continued: Arc::default(),
            suspend: Arc::default(),
            reload: Arc::clone(&self.reload),
            excerpt: Arc::clone(&self.excerpt),
        })
    }

    /// Nobody's signals: for a loop that another thread ends.
    pub(crate) fn detached() -> Self {
        Self {
            stop: Arc::default(),
            stop_number: Arc::default(),
            report: Arc::default(),
            continued: Arc::default(),
            suspend: Arc::default(),
            reload: Arc::default(),
            excerpt: Arc::default(),
        }
    }

    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub(crate) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether it was Ctrl-C that asked for the end.
    #[cfg(feature = "lab")]
    pub(crate) fn interrupted(&self) -> bool {
        let interrupt = signal_hook::consts::SIGINT.unsigned_abs() as usize;
        self.stop_number.load(Ordering::Relaxed) == interrupt
    }

    /// The next signal is again the first one.
    #[cfg(feature = "lab")]
    pub(crate) fn arm_again(&self) {
        self.stop.store(false, Ordering::Relaxed);
    }

    /// The number of the signal that asked for the end, if one did.
    #[cfg(target_os = "linux")]
    pub(crate) fn stopped_by(&self) -> Option<i32> {
        let number = self.stop_number.load(Ordering::Relaxed);
        i32::try_from(number).ok().filter(|number| *number > 0)
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

/// Has a file that grows beyond the limit (`ulimit -f`) be an error of writing it, and not the
/// process's end (SIGXFSZ).
#[cfg_attr(
    not(unix),
    expect(clippy::unnecessary_wraps, reason = "with signals it can fail")
)]
pub(crate) fn survive_file_limit() -> io::Result<()> {
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default())?;
    Ok(())
}

/// Whether whoever started the process has it ignore SIGHUP, as `nohup` does. The kernel says
/// so where there is a `/proc`; elsewhere a child does, which inherits it, and which as a shell
/// without a terminal cannot change it (POSIX, `trap`).
#[cfg(unix)]
pub(crate) fn ignores_hangup() -> bool {
    ignored_by_status().unwrap_or_else(ignored_by_child)
}

/// What `proc(5)` says, if it does.
#[cfg(unix)]
fn ignored_by_status() -> Option<bool> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"))?;
    let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
    Some(mask >> (signal_hook::consts::SIGHUP - 1) & 1 == 1)
}

/// What a child does with it. Where there is no shell, there is no `nohup`.
#[cfg(unix)]
fn ignored_by_child() -> bool {
    use std::process::{Command, Stdio};
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "kill -HUP $$"]);
    let [input, output, error] = std::array::from_fn(|_| Stdio::null());
    shell.stdin(input).stdout(output).stderr(error);
    shell.status().is_ok_and(|status| status.success())
}
