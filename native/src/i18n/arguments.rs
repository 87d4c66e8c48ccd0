//! The arguments' help and errors, in the language that is spoken.
//!
//! Owns no English: that stands beside the arguments, and what frames it is clap's, of
//! which nothing is read but kinds and contexts. A translation is found by the argument's
//! name, or the command's and the argument's.

use std::error::Error as _;
use std::io::{self, Write as _};

use clap::builder::{EnumValueParser, StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, Error, ErrorFormatter, ErrorKind};
use clap::{Arg, Command};

use crate::charset::shown;
use crate::warn;

use super::{Language, errors, language, portuguese, say};
use crate::headings::GENERAL;

include!(concat!(env!("OUT_DIR"), "/help.rs"));

/// The command line's grammar, with `--lang`, which [`super::choose`] has taken out
/// before, and with its help in the language that is spoken.
pub(crate) fn translate(command: Command) -> Command {
    let command = grouped(built(command.arg(lang())));
    match language() {
        Language::English => command,
        Language::Portuguese => localized(command, ROOT, &|ids, _| find(ids)),
    }
}

/// How many commands fit into a line of 80 columns.
const MOST_NAMES: usize = 8;

/// The grammar for a help that fits a screen: commands by their names only, and no lists of
/// values.
pub(crate) fn brief(command: Command) -> Command {
    let names = command
        .get_subcommands()
        .filter(|it| !it.is_hide_set() && it.get_name() != "help");
    let names: Vec<&str> = names.map(Command::get_name).collect();
    let lines = names.chunks(MOST_NAMES).map(|names| names.join("|"));
    let usage = usage(&command, &lines.collect::<Vec<String>>());
    command
        .override_usage(usage)
        .mut_args(|argument| argument.hide_possible_values(true))
        .mut_subcommands(|command| {
            let command = command.mut_args(|argument| match argument.get_id().as_str() {
                "lang" => argument.hide_short_help(true),
                _ => argument,
            });
            brief(command).hide(true)
        })
}

/// The grammar for the manual, which has all.
pub(crate) fn manual(command: Command) -> Command {
    let usage = usage(&command, &[say::USAGE_COMMAND.to_string()]);
    let is_help = command.get_name() == "help";
    command
        .override_usage(usage)
        .hide(is_help)
        .subcommand_help_heading(say::MAN_COMMANDS.text())
        .mut_args(|argument| argument.hide_short_help(false))
        .mut_subcommands(manual)
}

/// A command whose flags that every command has are a group, if there are others.
fn grouped(command: Command) -> Command {
    let has_groups = command
        .get_arguments()
        .any(|it| it.get_help_heading().is_some());
    command
        .mut_args(|argument| match argument.get_id().as_str() {
            "lang" | "help" | "version" if has_groups => argument.help_heading(GENERAL),
            _ => argument,
        })
        .mut_subcommands(grouped)
}

fn lang() -> Arg {
    Arg::new("lang")
        .long("lang")
        .value_name("LANGUAGE")
        .value_parser(EnumValueParser::<Language>::new())
        .global(true)
        .help("Language of the text: en, or pt-BR")
        .long_help("Language of the text: en, or pt-BR\n\nJournals have none. [default: the environment's]")
}

/// With what clap adds by itself.
fn built(mut command: Command) -> Command {
    command.build();
    command
}

/// What the command is called where it does its own work, which is pinging.
const ROOT: &str = "ping";

/// The translation with the first of these names that there is.
fn find(ids: &[&str]) -> Option<&'static str> {
    ids.iter().find_map(|id| {
        let place = HELP.binary_search_by(|(known, _)| (*known).cmp(id)).ok()?;
        HELP.get(place).map(|(_, text)| *text)
    })
}

/// Gives the translation with one of these names, if there is one, of what is there in
/// English.
type Find<'a> = dyn Fn(&[&str], &str) -> Option<&'static str> + 'a;

/// A command with its help as `find` has it; without, it stays as it is.
fn localized(mut command: Command, name: &str, find: &Find<'_>) -> Command {
    let about = format!("about-{name}");
    let english = english(command.get_about());
    if let Some(text) = find(&[&about], &english) {
        let (short, more) = text.split_once("\n\n").unwrap_or((text, ""));
        command = command.about(short);
        if !more.is_empty() {
            command = command.long_about(text);
        }
    }
    if let Some(examples) = command.get_after_help().map(ToString::to_string)
        && let Some(text) = find(&[&format!("{about}.examples")], &examples)
    {
        command = command.after_help(text);
    }
    if let Some(after) = command.get_after_long_help().map(ToString::to_string)
        && let Some(text) = find(&[&format!("{about}.after")], &after)
    {
        let examples = command.get_after_help().map(ToString::to_string);
        let parts: Vec<String> = examples.into_iter().chain([text.to_owned()]).collect();
        command = command.after_long_help(parts.join("\n\n"));
    }
    let command = command
        .mut_args(|argument| localized_argument(argument, name, find))
        .mut_subcommands(|command| {
            let name = command.get_name().to_owned();
            localized(command, &name, find)
        });
    framed(command)
}

/// A command with what clap would say in English around its help.
fn framed(command: Command) -> Command {
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        usage_title()
    );
    let usage = usage(&command, &[say::USAGE_COMMAND.to_string()]);
    command
        .help_template(template)
        .override_usage(usage)
        .subcommand_help_heading(portuguese::CLAP_COMMANDS.text())
        .mut_args(|argument| {
            if argument.get_help_heading().is_some() {
                return argument;
            }
            let heading = if argument.is_positional() {
                portuguese::CLAP_ARGUMENTS
            } else {
                portuguese::CLAP_OPTIONS
            };
            argument.help_heading(heading.text())
        })
}

fn usage_title() -> String {
    let style = Styles::styled().get_usage().to_owned();
    format!("{style}{}{style:#}", say::USAGE)
}

/// How a command is used; each way on a line of its own, below the first. Its commands are
/// among those in `lines`.
fn usage(command: &Command, lines: &[String]) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let options = say::USAGE_OPTIONS;
    let positionals = command
        .get_positionals()
        .map(|argument| format!(" {argument}"));
    let itself = format!("{name} {options}{}", positionals.collect::<String>());
    if !command.has_subcommands() {
        return itself;
    }
    let indent = say::USAGE.text().chars().count() + 1;
    let lines = lines
        .iter()
        .map(|line| format!("\n{:indent$}{name} {line}", ""));
    format!("{itself}{}", lines.collect::<String>())
}

fn localized_argument(mut argument: Arg, command: &str, find: &Find<'_>) -> Arg {
    if let Some(heading) = argument.get_help_heading()
        && let Some(word) = heading.split(' ').next()
        && let Some(text) = find(&[&format!("heading-{}", word.to_lowercase())], heading)
    {
        argument = argument.help_heading(text);
    }
    let takes_values = argument.get_action().takes_values();
    let value = argument
        .get_value_names()
        .and_then(|names| names.first())
        .filter(|_| takes_values)
        .and_then(|value| {
            let id = value
                .to_lowercase()
                .replace(|letter: char| !letter.is_alphanumeric(), "-")
                .replace("--", "-");
            find(&[&format!("value-{}", id.trim_end_matches('-'))], value)
        });
    if let Some(value) = value {
        argument = argument.value_name(value);
    }
    let name = argument.get_id().to_string().replace('_', "-");
    let own = format!("{command}-{name}");
    let Some(text) = find(&[&own, &name], &english(argument.get_help())) else {
        return argument;
    };
    let (short, long) = if takes_values {
        with_values(&argument, &[&own, &name], text, find)
    } else {
        (first_paragraph(text).to_owned(), text.to_owned())
    };
    argument
        .hide_possible_values(true)
        .hide_default_value(true)
        .help(short)
        .long_help(long)
}

/// The first of several paragraphs.
fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or(text)
}

fn english(help: Option<&StyledStr>) -> String {
    help.map_or_else(String::new, ToString::to_string)
}

/// The help of an argument with its default and the values that it can have, which clap would
/// frame in English: short and long.
fn with_values(argument: &Arg, names: &[&str], text: &str, find: &Find<'_>) -> (String, String) {
    let (mut values, mut lines) = (Vec::new(), Vec::new());
    let shown = argument.get_possible_values().into_iter();
    for value in shown.filter(|value| !value.is_hide_set()) {
        if let Some(help) = value.get_help() {
            let ids = names
                .iter()
                .map(|name| format!("{name}.{}", value.get_name()));
            let ids: Vec<String> = ids.collect();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let help = find(&ids, &english(Some(help))).unwrap_or_default();
            lines.push(format!("- {}: {help}", value.get_name()));
        }
        values.push(value.get_name().to_owned());
    }
    let defaults = argument.get_default_values().iter();
    let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
    let default = (!defaults.is_empty() && !argument.is_hide_default_value_set()).then(|| {
        let value = defaults.join(" ");
        portuguese::ClapDefault { value }.to_string()
    });
    let each = (!lines.is_empty())
        .then(|| format!("{}\n{}", portuguese::CLAP_EACH_VALUE, lines.join("\n")));
    let values = (!values.is_empty()).then(|| {
        let values = values.join(", ");
        portuguese::ClapValues { values }.to_string()
    });
    let values = values.filter(|_| each.is_none());
    let short = [Some(first_paragraph(text).to_owned()), default.clone()];
    let long = [Some(text.to_owned()), each, default, values];
    let join = |parts: &[Option<String>], between| {
        let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
        parts.join(between)
    };
    (join(&short, " "), join(&long, "\n\n"))
}

/// Ends the process as clap would: with help or version, or with what is wrong.
pub(crate) fn exit(error: Error) -> ! {
    match language() {
        Language::Portuguese if error.use_stderr() => printed(&error.apply::<Portuguese>()),
        _ => printed(&error),
    }
}

/// Ends the process with a text of clap's, as [`Error::exit`] would, but as it can be shown.
fn printed<F: ErrorFormatter>(error: &Error<F>) -> ! {
    let text = error.render().ansi().to_string();
    let text = shown(&text);
    let written = if error.use_stderr() {
        // Nobody is left to be told that it cannot be written.
        let _ = anstream::stderr().write_all(text.as_bytes());
        Ok(())
    } else {
        let mut out = anstream::stdout();
        out.write_all(text.as_bytes()).and_then(|()| out.flush())
    };
    let code = match written {
        Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {
            warn(&format!(
                "udping: {}",
                say::StdoutFailedWith { error: failed }
            ));
            2
        }
        _ => error.exit_code(),
    };
    std::process::exit(code)
}

/// Says in Portuguese what is wrong with arguments.
struct Portuguese;

impl ErrorFormatter for Portuguese {
    fn format_error(error: &Error<Self>) -> StyledStr {
        let styles = Styles::styled();
        let (red, green) = (styles.get_error(), styles.get_valid());
        let (error_is, tip) = (portuguese::CLAP_ERROR, portuguese::CLAP_TIP);
        let mut parts = vec![format!("{red}{error_is}{red:#} {}", sentence(error))];
        for kind in [
            ContextKind::SuggestedSubcommand,
            ContextKind::SuggestedArg,
            ContextKind::SuggestedValue,
        ] {
            if let Some(name) = quoted(error, kind) {
                let similar = portuguese::ClapSimilar { name };
                parts.push(format!("  {green}{tip}{green:#} {similar}"));
            }
        }
        if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage)
            // What stands before it is clap's title.
            && let Some((_, usage)) = usage.to_string().split_once(' ')
        {
            parts.push(format!("{} {usage}", usage_title()));
        }
        parts.push(format!("{}\n", portuguese::CLAP_MORE));
        StyledStr::from(parts.join("\n\n"))
    }
}

/// What a part of an error says, quoted.
fn quoted<F: ErrorFormatter>(error: &Error<F>, kind: ContextKind) -> Option<String> {
    let quote = |text: &String| format!("'{text}'");
    match error.get(kind)? {
        ContextValue::String(text) => Some(quote(text)),
        ContextValue::Strings(texts) => {
            let texts: Vec<_> = texts.iter().map(quote).collect();
            Some(texts.join(", "))
        }
        _ => None,
    }
}

/// The sentence; the kind's own in English where there is none.
fn sentence<F: ErrorFormatter>(error: &Error<F>) -> String {
    let argument = || quoted(error, ContextKind::InvalidArg).unwrap_or_default();
    let others = || {
        quoted(error, ContextKind::PriorArg)
            .unwrap_or_else(|| portuguese::CLAP_CONFLICT_SOME.to_string())
    };
    let value = quoted(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::ArgumentConflict => match quoted(error, ContextKind::InvalidSubcommand) {
            Some(command) => portuguese::ClapConflictCommand {
                command,
                others: others(),
            }
            .to_string(),
            None if argument() == others() => portuguese::ClapConflictItself {
                argument: argument(),
            }
            .to_string(),
            None => portuguese::ClapConflict {
                argument: argument(),
                others: others(),
            }
            .to_string(),
        },
        ErrorKind::NoEquals => portuguese::ClapNoEquals {
            argument: argument(),
        }
        .to_string(),
        ErrorKind::InvalidValue if value == "''" => {
            let argument = argument();
            portuguese::ClapNoValue { argument }.to_string() + &values(error)
        }
        ErrorKind::InvalidValue => {
            let argument = argument();
            portuguese::ClapValue { value, argument }.to_string() + &values(error)
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(errors::localized).unwrap_or_default();
            let argument = argument();
            portuguese::ClapValueBecause {
                value,
                argument,
                why,
            }
            .to_string()
        }
        ErrorKind::InvalidSubcommand => {
            let command = quoted(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            portuguese::ClapSubcommand { command }.to_string()
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::Strings(missing)) => missing.join("\n  "),
                _ => String::new(),
            };
            format!("{}\n  {missing}", portuguese::CLAP_MISSING)
        }
        ErrorKind::TooManyValues => {
            let argument = argument();
            portuguese::ClapUnexpectedValue { value, argument }.to_string()
        }
        ErrorKind::UnknownArgument => {
            let argument = argument();
            portuguese::ClapUnknown { argument }.to_string()
        }
        ErrorKind::InvalidUtf8 => portuguese::CLAP_NOT_TEXT.to_string(),
        kind => kind.to_string(),
    }
}

/// The values that an argument can have, on a line of their own.
fn values<F: ErrorFormatter>(error: &Error<F>) -> String {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => {
            let values = values.join(", ");
            format!("\n  {}", portuguese::ClapValues { values })
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory as _;
    use std::cell::RefCell;
    use std::collections::{BTreeMap, BTreeSet};

    /// Whatever is looked up while the help is translated: by the name found, what it
    /// translates; and what has no translation.
    fn looked_up() -> (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>) {
        let found = RefCell::new(BTreeMap::<String, BTreeSet<String>>::new());
        let missing = RefCell::new(BTreeSet::new());
        let command = grouped(built(Cli::command().arg(lang())));
        localized(command, ROOT, &|ids, english| {
            let Some(id) = ids.iter().find(|id| find(&[id]).is_some()) else {
                missing.borrow_mut().insert(format!("{ids:?}: {english}"));
                return None;
            };
            let mut found = found.borrow_mut();
            let known = found.entry((*id).to_owned()).or_default();
            known.insert(english.to_owned());
            find(&[id])
        });
        (found.into_inner(), missing.into_inner())
    }

    #[test]
    fn every_argument_is_translated() {
        assert_eq!(looked_up().1, BTreeSet::new());
    }

    #[test]
    fn no_translation_is_left_over() {
        let (used, _) = looked_up();
        for (id, _) in HELP {
            assert!(used.contains_key(*id), "{id}");
        }
    }

    #[test]
    fn arguments_that_share_a_translation_say_the_same_in_english() {
        // clap's words for `-h` differ by what else there is to see.
        for (id, english) in looked_up().0.into_iter().filter(|(id, _)| id != "help") {
            assert_eq!(english.len(), 1, "{id} is said to mean all of {english:?}");
        }
    }
}
