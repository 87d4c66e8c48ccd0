//! `udping man`: the pages of the manual, made of the help in the language that is spoken.
//!
//! Owns their sections. What a section says is the help's.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};

use anyhow::Context as _;
use clap::Command;
use clap::builder::StyledStr;
use clap_mangen::Man;

use crate::ExitStatus;
use crate::cli::{ManArgs, grammar};
use crate::i18n::{manual, say};

pub(crate) fn run(args: &ManArgs) -> anyhow::Result<ExitStatus> {
    let command = manual(grammar());
    let commands = || {
        let commands = command.get_subcommands();
        commands.filter(|it| !it.is_hide_set())
    };
    let Some(folder) = &args.out else {
        let command = match &args.command {
            None => Some(&command),
            Some(name) => commands().find(|it| it.get_name() == name),
        };
        let name = args.command.clone().unwrap_or_default();
        let page = page(command.with_context(|| say::ManNoCommand { name })?)?;
        Write::write_all(&mut io::stdout(), page.as_bytes()).context(say::STDOUT_FAILED)?;
        return Ok(ExitStatus::Success);
    };
    for command in commands().chain([&command]) {
        let path = folder.join(format!("{}.1", name(command)));
        fs::write(&path, page(command)?).with_context(|| say::ManNotWritten {
            path: path.display().to_string(),
        })?;
    }
    Ok(ExitStatus::Success)
}

fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

/// A page, as roff.
fn page(command: &Command) -> anyhow::Result<String> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut page = translated(&String::from_utf8(page)?);
    let text = |help: Option<&StyledStr>| help.map(ToString::to_string);
    let examples = text(command.get_after_help()).unwrap_or_default();
    if let Some((_, lines)) = examples.split_once('\n') {
        writeln!(page, ".SH {}\n.nf", say::MAN_EXAMPLES)?;
        for line in lines.lines() {
            writeln!(page, "{}", escaped(line))?;
        }
        writeln!(page, ".fi")?;
    }
    if let Some(after) = text(command.get_after_long_help()) {
        writeln!(page, ".SH {}", say::MAN_NOTES)?;
        let notes = after.strip_prefix(&examples).unwrap_or(&after).trim();
        for line in notes.lines() {
            writeln!(page, ".PP\n{}", escaped(line))?;
        }
    }
    let others = if command.has_subcommands() {
        "ping(8), fping(8)"
    } else {
        "udping(1)"
    };
    writeln!(page, ".SH {}\n{others}", say::MAN_SEE_ALSO)?;
    Ok(page)
}

/// A page with the titles of its sections in the language that is spoken, and each of an
/// option's values on a line of its own.
fn translated(page: &str) -> String {
    let line = |line: &str| match line.split_once(' ') {
        Some((".SH", "NAME")) => format!(".SH {}\n", say::MAN_NAME),
        Some((".SH", "SYNOPSIS")) => format!(".SH {}\n", say::MAN_SYNOPSIS),
        Some((".SH", "DESCRIPTION")) => format!(".SH {}\n", say::MAN_DESCRIPTION),
        Some((".SH", "OPTIONS")) => format!(".SH {}\n", say::MAN_OPTIONS),
        Some(("\\-", _)) => format!(".br\n{line}\n"),
        _ => format!("{line}\n"),
    };
    page.lines().map(line).collect()
}

/// Text as roff writes it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}
