//! UDP ping over real sockets: everything behind the `udping` command.
//!
//! Owns the process: arguments, sockets, clock, signals, files, exit codes. Every
//! decision about a probe is `udping-core`'s.

mod charset;
mod cli;
mod clock;
mod compare;
mod completions;
mod confine;
mod delay_queue;
mod demo;
mod description;
mod duration;
mod fail;
#[cfg_attr(not(target_os = "linux"), path = "grade_absent.rs")]
mod grade;
mod headings;
mod heartbeat;
#[cfg(target_os = "linux")]
mod https;
mod i18n;
mod journal;
mod journald;
mod kernel_timestamps;
mod man;
mod merge;
#[cfg(target_os = "linux")]
mod metrics;
#[cfg_attr(not(target_os = "linux"), path = "monitor_absent.rs")]
mod monitor;
mod net;
mod outlet;
#[cfg_attr(not(target_os = "linux"), path = "path_absent.rs")]
mod path;
mod path_impairments;
mod ping;
mod poll;
mod rate_limit;
mod reflector;
mod replay;
mod report;
#[cfg(target_os = "linux")]
mod row;
mod run_end;
#[cfg_attr(not(target_os = "linux"), path = "sd_notify_absent.rs")]
mod sd_notify;
mod secret;
mod serve;
mod signals;
mod simulate;
mod stdio;
mod throttle;
mod tui;
#[cfg_attr(not(feature = "lab"), path = "view_absent.rs")]
mod view;
mod wire;
mod wires;

use std::fmt::Display;
use std::process::ExitCode;

use anyhow::Context as _;

use cli::Command;
use i18n::say;
use journald::Priority;
use udping_core::time::WallTime;
use udping_core::timestamp::Timestamps;
use udping_core::wire::low_bits;

/// What a command came to, as ping's exit codes say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExitStatus {
    /// A reply came; or the command did what it was asked.
    Success,
    /// No reply came; or the journal differs.
    Failure,
    /// Something else went wrong, and has been said.
    Error,
    /// A condition of `--fail` holds, and that has been said.
    ConditionMet,
    /// A journal was cut, and verified as far as it goes.
    Cut,
    /// Whatever the command on a path of its own came to.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only there are paths made")
    )]
    Of(u8),
}

/// Runs the command on the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = i18n::choose(std::env::args_os());
    let ready = signals::survive_file_limit().context(say::NO_SIGNALS);
    let done = ready
        .and_then(|()| cli::read(arguments))
        .and_then(|cli| match cli.command {
            Some(Command::Serve(args)) => serve::run(&args),
            Some(Command::Demo(args)) => demo::run(&args),
            Some(Command::Compare(args)) => compare::run(&args),
            Some(Command::Path(args)) => path::run(&args),
            Some(Command::Heartbeat(args)) => heartbeat::run(&args),
            Some(Command::Grade(args)) => grade::run(&args),
            Some(Command::Monitor(args)) => monitor::run(&args),
            Some(Command::Merge(args)) => merge::run(&args),
            Some(Command::Replay(args)) => replay::run(&args),
            Some(Command::Simulate(args)) => simulate::run(&args),
            Some(Command::Wires(args)) => wires::run(&args),
            Some(Command::View(args)) => view::run(&args),
            Some(Command::Completions(args)) => completions::run(&args),
            Some(Command::Man(args)) => man::run(&args),
            None if cli.ping.others.is_empty() => ping::run(&cli.ping),
            None => monitor::ping(&cli.ping),
        });
    match done {
        Ok(ExitStatus::Success) => ExitCode::SUCCESS,
        Ok(ExitStatus::Failure) => ExitCode::from(1),
        Ok(ExitStatus::Error) => ExitCode::from(2),
        Ok(ExitStatus::ConditionMet) => ExitCode::from(3),
        Ok(ExitStatus::Cut) => ExitCode::from(4),
        Ok(ExitStatus::Of(code)) => ExitCode::from(code),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            log(Priority::Error, &format!("udping: {}", i18n::chain(&error)));
            ExitCode::from(2)
        }
    }
}

/// Says on standard error what somebody should know of, if that can be written to.
fn warn(message: &(impl Display + ?Sized)) {
    log(Priority::Warning, message);
}

/// The same of what is as it should be.
fn inform(message: &(impl Display + ?Sized)) {
    log(Priority::Info, message);
}

fn log(priority: Priority, message: &(impl Display + ?Sized)) {
    let prefix = priority.prefix();
    let message = message.to_string();
    let lines: Vec<String> = message.lines().map(visible).collect();
    let between = format!("\n{prefix}");
    stdio::write_error(&format!("{prefix}{}\n", lines.join(&between)));
}

/// Somebody else's text in one line, without what would steer a terminal.
fn visible(text: &str) -> String {
    let mark = |it: char| {
        if it.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            it
        }
    };
    text.chars().map(mark).collect()
}

/// Whoever read our output went away: no fault of ours, and nobody to tell.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::BrokenPipe;
    error
        .chain()
        .any(|cause| cause.downcast_ref().is_some_and(broken))
}

/// What the timestamps of a session are made of, at whose time zero the wall clock read `start`.
fn timestamps(start: WallTime) -> anyhow::Result<Timestamps> {
    Ok(Timestamps {
        start,
        key: low_bits(random()?),
    })
}

/// A random number from the system.
fn random() -> anyhow::Result<u64> {
    getrandom::u64().map_err(|error| anyhow::anyhow!(say::NoRandom { error }))
}
