//! `udping path`: a command and a server at the two ends of a path of their own, on which the
//! system's own TCP, UDP and ICMP meet impairments.
//!
//! Owns the order of things: the far end and its server, the near end and the command, and
//! the end of it all. How packets travel is `relay`'s, where they do `network`'s.

pub(crate) mod netlink;
mod network;
pub(crate) mod processes;
mod relay;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use nix::sys::signal::Signal;
use nix::unistd::Pid;

use crate::ExitStatus;
use crate::cli::PathArgs;
use crate::clock::Clock;
use crate::i18n::{chain, say};
use crate::report;
use crate::signals::Signals;
use crate::warn;
use network::ADDRESSES;
use processes::{Processes, next_ended, pass_on};
use relay::Relay;

/// How long the server has until it listens.
const START: Duration = Duration::from_secs(10);

/// How often it is looked whether it does, for which there is no event.
const LOOK: Duration = Duration::from_millis(20);

/// What stands for the server's address in the command.
const HOST: &str = "{host}";

/// Whether this process is on such a path, where nobody else can be harmed.
pub(crate) fn is_here() -> bool {
    network::has_device()
}

pub(crate) fn run(args: &PathArgs) -> anyhow::Result<ExitStatus> {
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let impairments = args.impairments.real_path()?;
    let script = args.script.read()?;
    let [near, far] = ADDRESSES;
    let far_device = network::check_tun()
        .and_then(|()| network::isolate())
        .and_then(|()| network::device(far))
        .map_err(|error| anyhow::anyhow!("{}\n{}", chain(&error), say::PATH_INSTEAD))?;
    let processes = Processes::new().context(say::NO_SIGNALS)?;
    let server = processes
        .start_apart(&mut server(args)?)
        .context(say::PATH_NO_SERVER)?;
    let done = wait_for_server(args, &processes, server, &signals).and_then(|stopped| {
        if let Some(code) = stopped {
            return Ok(code);
        }
        network::isolate_again()?;
        let devices = [network::device(near)?, far_device];
        let mut relay = Relay::new(devices, impairments, script).context(say::PATH_BROKE)?;
        if impairments.any() {
            warn(&say::PathImpairments {
                request: report::impairments(&impairments.request),
                reply: report::impairments(&impairments.reply),
                seed: impairments.seed,
            });
        }
        args.script.announce();
        let code = carry(args, &processes, server, &mut relay, &signals)?;
        let ([there, back], overflowed) = relay.counts();
        warn(&say::PathCounts {
            there: there.packets,
            there_lost: there.lost,
            back: back.packets,
            back_lost: back.lost,
        });
        if overflowed > 0 {
            warn(&say::PathOverflowed { n: overflowed });
        }
        Ok(code)
    });
    let ended = processes.end(server).context(say::PATH_NOT_ENDED);
    let code = done?;
    ended?;
    Ok(ExitStatus::Of(code))
}

/// Runs the command, and carries packets until it has ended: with what status.
fn carry(
    args: &PathArgs,
    processes: &Processes,
    server: Pid,
    relay: &mut Relay,
    signals: &Signals,
) -> anyhow::Result<u8> {
    let name = args.command.first().map(OsString::as_os_str);
    let name = name.unwrap_or_default();
    let command = processes.start(&mut command(args)?);
    let command = command.with_context(|| {
        say::PathNoCommand {
            name: name.display(),
        }
        .to_string()
    })?;
    // It came while the command was being started.
    if let Some(signal) = signals.stopped_by() {
        let signal = Signal::try_from(signal).context(say::PATH_BROKE)?;
        pass_on(signal, command).context(say::PATH_BROKE)?;
    }
    loop {
        while let Some((child, code)) = next_ended() {
            if child == command {
                return Ok(code);
            }
            if child == server {
                warn(&say::PathServerEnded { code });
            }
        }
        relay.carry().context(say::PATH_BROKE)?;
        processes
            .wait(relay.devices(), relay.wait())
            .context(say::PATH_BROKE)?;
        while let Some(arrival) = processes.next_signal().context(say::PATH_BROKE)? {
            if !arrival.from_terminal {
                pass_on(arrival.signal, command).context(say::PATH_BROKE)?;
            }
        }
    }
}

/// The program at the near end.
fn command(args: &PathArgs) -> anyhow::Result<Command> {
    let [_, [far, _]] = ADDRESSES;
    let far = far.to_string();
    let mut words = args.command.iter().map(|word| match word.to_str() {
        Some(text) => text.replace(HOST, &far).into(),
        None => word.clone(),
    });
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).env("PATH", search_path()?);
    Ok(command)
}

/// The program at the far end.
fn server(args: &PathArgs) -> anyhow::Result<Command> {
    let mut command = if let Some(server) = &args.server {
        let [_, [far, _]] = ADDRESSES;
        let mut command = Command::new("/bin/sh");
        command
            .arg("-c")
            .arg(server.replace(HOST, &far.to_string()));
        command
    } else {
        let mut command = Command::new(env::current_exe().context(say::PATH_NO_SERVER)?);
        // Of both families, where the system has both.
        let everywhere: IpAddr = match UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)) {
            Ok(_) => Ipv6Addr::UNSPECIFIED.into(),
            Err(_) => Ipv4Addr::UNSPECIFIED.into(),
        };
        command.args(["serve", "--tcp", "--bind", &everywhere.to_string()]);
        command.args(["--rate-limit", "off", "--total-limit", "off"]);
        command.args(["--no-guard", "echo-loop"]);
        command
    };
    command.env("PATH", search_path()?).stdin(Stdio::null());
    if args.server.is_none() && !args.verbose {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    } else {
        // What the command prints may be read by a program.
        command.stdout(io::stderr());
    }
    Ok(command)
}

/// Where programs are found: as always, and then beside this one, so that `udping` is.
fn search_path() -> anyhow::Result<OsString> {
    let here = env::current_exe().context(say::PATH_NO_SERVER)?;
    let usual = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&usual).chain(here.parent().map(Into::into));
    Ok(env::join_paths(folders)?)
}

/// Waits until the server listens; or gives the status with which to end, if a signal says so.
fn wait_for_server(
    args: &PathArgs,
    processes: &Processes,
    server: Pid,
    signals: &Signals,
) -> anyhow::Result<Option<u8>> {
    let clock = Clock::start();
    // Ours opens two ports, one after the other.
    let both = args.server.is_none();
    while !listens(both) {
        if let Some((_, code)) = next_ended().filter(|(child, _)| *child == server) {
            let failed = anyhow::anyhow!(say::PathServerFailed { code });
            let is_shown = args.verbose || args.server.is_some();
            return Err(if is_shown {
                failed
            } else {
                failed.context(say::PATH_SHOW_SERVER)
            });
        }
        if clock.elapsed() >= START {
            warn(&say::PATH_SERVER_SILENT);
            break;
        }
        processes.wait_for_signal(LOOK).context(say::PATH_BROKE)?;
        let arrival = processes.next_signal().context(say::PATH_BROKE)?;
        let signal = arrival.map(|it| it.signal as i32);
        let signal = signal.or_else(|| signals.stopped_by());
        if let Some(signal) = signal {
            return Ok(u8::try_from(128 + signal).ok());
        }
    }
    Ok(None)
}

/// Whether somebody listens in this namespace: over UDP or TCP, or over both.
fn listens(both: bool) -> bool {
    // After a heading, a line for each socket; a TCP socket that listens is in state 0A.
    let socket = |protocol: &str, state: &str| {
        ["", "6"].iter().any(|family| {
            let list = fs::read_to_string(format!("/proc/self/net/{protocol}{family}"));
            let list = list.unwrap_or_default();
            list.lines()
                .skip(1)
                .any(|line| line.split_whitespace().nth(3) == Some(state))
        })
    };
    // A UDP socket without a peer is in state 07.
    let (udp, tcp) = (socket("udp", "07"), socket("tcp", "0A"));
    if both { udp && tcp } else { udp || tcp }
}
