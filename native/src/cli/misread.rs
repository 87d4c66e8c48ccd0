//! Arguments that were read as something else than whoever wrote them meant.
//!
//! Owns what to say then. Reads no argument itself.

use anyhow::{Result, bail, ensure};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use super::Cli;
use super::values::Bind;
use crate::i18n::say;

/// A port after its host, as netcat and the textbook's programs have it, or a second host:
/// clap calls the first a command that cannot be had with a host, and would have the
/// second one too.
pub(super) fn second_host(error: &Error, command: &Command) -> Result<()> {
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
    // What is superfluous elsewhere, clap names as well as can be.
    ensure!(
        kind != ContextKind::InvalidSubcommand,
        say::ArgSecondHost { given }.to_string()
    );
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
