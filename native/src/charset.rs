//! Which characters can be shown to whoever reads: all of Unicode's, or only ASCII's.
//!
//! Owns how the locale says so, and what stands for a character that is not there. Knows
//! nothing of what is written; journals are UTF-8 in every locale, and never come here.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::LazyLock;

/// Whether all of Unicode can be shown.
pub(crate) fn is_unicode() -> bool {
    static UNICODE: LazyLock<bool> = LazyLock::new(|| {
        // A console of Windows takes UTF-16, and no variable says what it shows.
        cfg!(windows) || is_utf8(|name| std::env::var(name).ok())
    });
    *UNICODE
}

/// Whether the codeset is UTF-8, as POSIX has it: by the first of three variables that says
/// anything (XBD §8.2). `UTF-8` without a language is what macOS sets.
fn is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|locale| !locale.is_empty())
        .unwrap_or_default();
    let locale = locale.split('@').next().unwrap_or_default();
    let codeset = locale
        .split_once('.')
        .map_or(locale, |(_, codeset)| codeset);
    ["utf-8", "utf8"]
        .iter()
        .any(|utf8| codeset.eq_ignore_ascii_case(utf8))
}

/// `text` as it can be shown: as it is, or spelled in ASCII, as in `us` for `µs`.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if is_unicode() {
        Cow::Borrowed(text)
    } else {
        ascii(text)
    }
}

/// `text` spelled in ASCII.
pub(crate) fn ascii(text: &str) -> Cow<'_, str> {
    deunicode::deunicode_with_tofu_cow(text, "?")
}

/// Writes texts as they can be shown.
#[derive(Debug)]
pub(crate) struct TextWriter<W>(pub(crate) W);

impl<W: Write> Write for TextWriter<W> {
    /// Takes whole characters: a piece of a formatted text is never cut inside of one.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if is_unicode() {
            return self.0.write(bytes);
        }
        let text = String::from_utf8_lossy(bytes);
        self.0.write_all(ascii(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_anything_decides() {
        let utf8 = |set: &[(&str, &str)]| {
            is_utf8(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        for locale in ["C.UTF-8", "pt_BR.utf8", "de_DE.UTF-8@euro", "UTF-8"] {
            assert!(utf8(&[("LANG", locale)]), "{locale}");
            assert!(utf8(&[("LC_CTYPE", locale), ("LANG", "C")]), "{locale}");
            assert!(utf8(&[("LC_ALL", locale), ("LC_CTYPE", "C")]), "{locale}");
        }
        for locale in ["C", "POSIX", "pt_BR", "pt_BR.ISO-8859-1", "de_DE@euro"] {
            assert!(
                !utf8(&[("LC_ALL", locale), ("LANG", "C.UTF-8")]),
                "{locale}"
            );
        }
        assert!(utf8(&[("LC_ALL", ""), ("LANG", "C.UTF-8")]));
        assert!(!utf8(&[("LC_MESSAGES", "C.UTF-8")]));
        assert!(!utf8(&[]));
    }

    #[test]
    fn whatever_is_written_has_a_spelling_in_ascii() {
        for (text, spelled) in [
            ("10.5µs ±5ms", "10.5us +-5ms"),
            ("3 × 10 ÷ σ… ≤ ≥", "3 x 10 / s... <= >="),
            ("não há endereço", "nao ha endereco"),
            ("“—”", "\"--\""),
            ("\u{fffd}\u{e000}", "??"),
        ] {
            assert_eq!(ascii(text), spelled);
        }
    }
}
