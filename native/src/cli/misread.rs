//! Arguments that were read as something else than whoever wrote them meant.
//!
//! Owns what to say then. Reads no argument itself.

use std::ffi::OsString;

use anyhow::{Result, anyhow, bail, ensure};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory as _, Error};

use super::values::Bind;
use super::{Cli, PingArgs};
use crate::i18n::{chain, say};
use crate::net::Target;

/// A port after its host, as netcat and the textbook's programs have it: clap calls it
/// superfluous.
pub(super) fn port_apart(error: &Error, command: &Command) -> Result<()> {
    let kind = match error.kind() {
        ErrorKind::ArgumentConflict => ContextKind::InvalidSubcommand,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        _ => return Ok(()),
    };
    let Some(ContextValue::String(given)) = error.get(kind) else {
        return Ok(());
    };
    // Where no host is to be named, it is something else again.
    let usage = error.get(ContextKind::Usage).map(ToString::to_string);
    if command.find_subcommand(given).is_some() || !usage.is_some_and(|it| it.contains("HOST")) {
        return Ok(());
    }
    if given.parse::<u16>().is_ok_and(|port| port > 0) {
        bail!(say::ArgPortApart { port: given }.to_string());
    }
    Ok(())
}

/// A long flag behind one dash, which clap reads as letters.
pub(super) fn one_dash(error: &Error, arguments: &[OsString], command: &Command) -> Result<()> {
    if !matches!(
        error.kind(),
        ErrorKind::UnknownArgument | ErrorKind::InvalidValue | ErrorKind::ValueValidation
    ) {
        return Ok(());
    }
    let words = arguments.iter().filter_map(|it| it.to_str());
    let mut names = words.filter_map(|it| Some((it, it.strip_prefix('-')?)));
    let long = names.find(|(_, name)| name.len() > 1 && !with_flag(name, command).is_empty());
    if let Some((given, _)) = long {
        bail!(say::ArgOneDash { given }.to_string());
    }
    Ok(())
}

/// A flag that only other commands have: clap would name one of this one's, however unlike.
pub(super) fn others_flag(error: &Error, arguments: &[OsString], command: &Command) -> Result<()> {
    let given = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(given)) if error.kind() == ErrorKind::UnknownArgument => given,
        _ => return Ok(()),
    };
    let others = with_flag(given.trim_start_matches('-'), command);
    if !given.starts_with("--") || others.is_empty() {
        return Ok(());
    }
    let words = arguments.iter().skip(1).filter_map(|it| it.to_str());
    let mut meant = words.filter_map(|it| near_in(it, command));
    if let Some(name) = meant.find(|it| others.contains(it)) {
        bail!(say::ArgDidYouMean { name }.to_string());
    }
    let others: Vec<_> = others.iter().map(|it| format!("`udping {it}`")).collect();
    let commands = others.join(", ");
    bail!(say::ArgOthersFlag { given, commands }.to_string())
}

/// The names of the commands that have this long flag; pinging's is its host's.
fn with_flag<'a>(name: &str, command: &'a Command) -> Vec<&'a str> {
    let has = |it: &Command| it.get_arguments().any(|it| it.get_long() == Some(name));
    let itself = has(command).then_some("HOST");
    let others = command.get_subcommands().filter(|it| has(it));
    itself
        .into_iter()
        .chain(others.map(Command::get_name))
        .collect()
}

/// The command whose name is almost this word.
fn near_in<'a>(word: &str, command: &'a Command) -> Option<&'a str> {
    let near = |name: &&str| strsim::osa_distance(word, name) == 1;
    let names = command.get_subcommands().map(Command::get_name);
    names.filter(|name| name.len() > 3).find(near)
}

/// A host that is not found, and almost has the name of a command.
pub(crate) fn unknown_host(error: anyhow::Error, host: &str) -> anyhow::Error {
    match near_in(host, &Cli::command()) {
        Some(name) => anyhow!("{}; {}", chain(&error), say::ArgDidYouMean { name }),
        None => error,
    }
}

/// What pinging several hosts at once knows.
const OF_SEVERAL: [&str; 16] = [
    "target", "others", "count", "interval", "timeout", "deadline", "size", "quiet", "ttl", "tos",
    "source", "ipv4", "ipv6", "wire", "tui", "color",
];

/// Several hosts, with what there is for one alone.
pub(super) fn several_hosts(cli: &Cli, matches: &ArgMatches, command: &Command) -> Result<()> {
    let PingArgs { others, .. } = &cli.ping;
    let is_port = |it: &&Target| it.port.is_none() && it.host.parse::<u16>().is_ok_and(|it| it > 0);
    if let Some(Target { host: port, .. }) = others.iter().find(is_port) {
        bail!(say::ArgPortApart { port }.to_string());
    }
    if others.is_empty() {
        return Ok(());
    }
    let given = |it: &&Arg| {
        let source = matches.value_source(it.get_id().as_str());
        source == Some(ValueSource::CommandLine)
    };
    let mut given = command.get_arguments().filter(given);
    if let Some(arg) = given.find(|it| !OF_SEVERAL.contains(&it.get_id().as_str())) {
        let long = arg.get_long().map(|it| format!("--{it}"));
        let flag = long.or(arg.get_short().map(|it| format!("-{it}")));
        let flag = flag.unwrap_or_default();
        bail!(say::ArgOneHost { flag }.to_string());
    }
    Ok(())
}

/// Where to listen, named as a host is: clap would only call it superfluous.
pub(super) fn bare_bind(error: &Error) -> Result<()> {
    let usage = error.get(ContextKind::Usage).map(ToString::to_string);
    if error.kind() != ErrorKind::UnknownArgument
        || !usage.is_some_and(|it| it.contains("udping serve"))
    {
        return Ok(());
    }
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(given)) if given.parse::<Bind>().is_ok() => {
            bail!(say::ArgBareBind { given }.to_string())
        }
        _ => Ok(()),
    }
}

/// A command after options, which then is read as a host to be pinged with them.
pub(super) fn command_as_host(cli: &Cli, command: &Command) -> Result<()> {
    let target = cli.ping.target.as_ref();
    if let Some(target) = target.filter(|target| target.port.is_none()) {
        let name = &target.host;
        ensure!(
            command.find_subcommand(name).is_none(),
            say::ArgCommandBehind { name }.to_string()
        );
    }
    Ok(())
}
