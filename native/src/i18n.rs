//! Internationalization: what people read, in their language.
//!
//! Owns which language that is, the catalogue that `build.rs` makes of `locales/*.ftl`,
//! and how a number is written. Knows nothing of where a message is shown. Journals and their keys
//! are in no language, and never come here.

mod arguments;
mod errors;

use std::ffi::OsString;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::ValueEnum;

pub(crate) use arguments::{brief, exit, manual, translate};
pub(crate) use errors::{chain, localized};

/// The messages: constants, and types with a field for each variable.
#[deny(dead_code, reason = "a message that nothing says is to go")]
#[allow(clippy::all, clippy::pedantic, reason = "nobody wrote this code")]
pub(crate) mod say {
    use super::{Language, Message, language};
    use std::fmt;

    include!(concat!(env!("OUT_DIR"), "/say.rs"));
}

/// What is said in Portuguese where the English stands elsewhere: beside the core's
/// errors, and in the library that reads the arguments.
#[deny(dead_code, reason = "a message that nothing says is to go")]
#[allow(clippy::all, clippy::pedantic, reason = "nobody wrote this code")]
mod portuguese {
    use super::Message;
    use std::fmt;

    include!(concat!(env!("OUT_DIR"), "/portuguese.rs"));
}

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    #[value(name = "en")]
    English,
    #[value(name = "pt-BR")]
    Portuguese,
}

/// The process speaks one language, chosen before it says anything.
static PORTUGUESE: AtomicBool = AtomicBool::new(false);

/// Whether that was asked for by `--lang`, and not found in the environment.
static ASKED: AtomicBool = AtomicBool::new(false);

/// The language that is spoken.
pub(crate) fn language() -> Language {
    if PORTUGUESE.load(Ordering::Relaxed) {
        Language::Portuguese
    } else {
        Language::English
    }
}

/// The language that was asked for by `--lang`, as a tag (BCP 47).
#[cfg(feature = "lab")]
pub(crate) fn asked() -> Option<&'static str> {
    let tag = match language() {
        Language::English => "en",
        Language::Portuguese => "pt-BR",
    };
    ASKED.load(Ordering::Relaxed).then_some(tag)
}

/// A message without variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Message([&'static str; 2]);

impl Message {
    pub(crate) fn text(self) -> &'static str {
        self.0[language() as usize]
    }
}

impl Message {
    /// In English, and in Portuguese: for what has both.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only a grader's page has both")
    )]
    pub(crate) const fn both(self) -> [&'static str; 2] {
        self.0
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// A number of a sentence or a table, with the language's decimal mark: `T` displays it
/// with a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number<T>(pub(crate) T);

impl<T> Number<T> {
    /// As ping's own lines have it in every language, since programs read them.
    pub(crate) fn with_point(self) -> T {
        self.0
    }
}

impl<T: fmt::Display> fmt::Display for Number<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0.to_string();
        match language() {
            Language::English => f.pad(&number),
            Language::Portuguese => f.pad(&number.replace('.', ",")),
        }
    }
}

/// A length of time in the unit that suits it: `1.5s`, `20ms`.
pub(crate) fn duration(length: Duration) -> Number<String> {
    Number(format!("{length:?}"))
}

/// Chooses the language: the one that `arguments` ask for with `--lang`, which is taken
/// out of them, so that it may stand anywhere; or else the environment's.
///
/// It has to be known before the arguments are read, since their errors are said in it.
/// What cannot be right is left in place for whoever reads them.
pub(crate) fn choose(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let (asked, left) = chosen(arguments);
    let language = asked.unwrap_or_else(|| {
        environment(|name| std::env::var_os(name).and_then(|it| it.into_string().ok()))
    });
    PORTUGUESE.store(language == Language::Portuguese, Ordering::Relaxed);
    ASKED.store(asked.is_some(), Ordering::Relaxed);
    left
}

/// The language that arguments ask for, if they do, and the other arguments.
fn chosen(arguments: impl IntoIterator<Item = OsString>) -> (Option<Language>, Vec<OsString>) {
    let mut asked = None;
    let mut left = Vec::new();
    let mut arguments = arguments.into_iter().peekable();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            left.push(argument);
            left.extend(arguments);
            break;
        }
        let attached = argument.to_str().and_then(|it| it.strip_prefix("--lang="));
        let value = match (attached, arguments.peek()) {
            (Some(value), _) => Language::from_str(value, true).ok(),
            (None, Some(value)) if argument == "--lang" => value
                .to_str()
                .and_then(|value| Language::from_str(value, true).ok()),
            _ => None,
        };
        if value.is_none() {
            left.push(argument);
            continue;
        }
        if attached.is_none() {
            arguments.next();
        }
        asked = value;
    }
    (asked, left)
}

/// The language of messages as POSIX has it: the first of three variables that says
/// anything. Any Portuguese gets the one that there is.
fn environment(variable: impl Fn(&str) -> Option<String>) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|locale| !locale.is_empty());
    let code = locale.as_deref().unwrap_or_default();
    match code.split(['_', '-', '.', '@']).next() {
        Some(code) if code.eq_ignore_ascii_case("pt") => Language::Portuguese,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lang_may_stand_anywhere_and_what_is_wrong_with_it_is_left() {
        let chosen = |arguments: &[&str]| {
            let (asked, left) = chosen(arguments.iter().map(OsString::from));
            (asked, left.join(" ".as_ref()).into_string().unwrap())
        };
        for arguments in [
            &["udping", "--lang", "pt-BR", "serve", "-v"],
            &["udping", "serve", "--lang=pt-br", "-v"] as &[_],
            &["udping", "--lang", "en", "serve", "-v", "--lang", "pt-BR"],
        ] {
            let expected = (Some(Language::Portuguese), "udping serve -v".to_owned());
            assert_eq!(chosen(arguments), expected);
        }
        for arguments in [
            &["udping", "--lang"] as &[_],
            &["udping", "--lang", "fr", "serve"],
            &["udping", "--lang=", "host"],
            &["udping", "--", "--lang", "en"],
        ] {
            assert_eq!(chosen(arguments), (None, arguments.join(" ")));
        }
    }

    #[test]
    fn the_environment_is_asked_as_posix_has_it() {
        let asked = |set: &[(&str, &str)]| {
            environment(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(asked(&[]), Language::English);
        assert_eq!(asked(&[("LANG", "pt_BR.UTF-8")]), Language::Portuguese);
        assert_eq!(asked(&[("LANG", "pt")]), Language::Portuguese);
        assert_eq!(asked(&[("LANG", "ptx")]), Language::English);
        assert_eq!(
            asked(&[("LC_ALL", "C"), ("LANG", "pt_BR.UTF-8")]),
            Language::English
        );
        assert_eq!(
            asked(&[("LC_ALL", ""), ("LC_MESSAGES", "pt_BR"), ("LANG", "C")]),
            Language::Portuguese
        );
    }
}
