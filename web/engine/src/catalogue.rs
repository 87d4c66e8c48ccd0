//! One language's words, from the file that the page fetches: Fluent's format, as far as
//! the page uses it.
//!
//! Owns reading `locales/*.ftl` in the browser. What must hold of these files, `build.rs`
//! has checked, so that whatever is not understood here is left as it stands.

use std::collections::HashMap;

/// What a text holds besides words: a variable is `START name NAMED`, a choice by number
/// is `CHOOSE name NAMED (key KEYED text NEXT)… END`.
pub mod mark {
    /// A variable begins.
    pub const START: char = '\x01';
    /// The end of a variable's name.
    pub const NAMED: char = '\x02';
    /// A choice begins.
    pub const CHOOSE: char = '\x03';
    /// The end of a variant's key.
    pub const KEYED: char = '\x04';
    /// The end of a choice.
    pub const END: char = '\x05';
    /// The end of a variant.
    pub const NEXT: char = '\x06';
}

/// Messages by name; an attribute's name is `message.attribute`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    messages: HashMap<String, String>,
}

impl Catalogue {
    /// Reads a file.
    #[must_use]
    pub fn parse(file: &str) -> Self {
        let mut messages: Vec<(String, String)> = Vec::new();
        let mut depth = 0_usize;
        for line in file.lines() {
            let text = line.trim_start_matches(' ');
            let nested = depth > 0 || text.len() < line.len();
            depth += text.matches('{').count();
            depth -= text.matches('}').count().min(depth);
            if !nested && text.starts_with('#') {
                continue;
            }
            let attribute = text.strip_prefix('.').filter(|_| nested);
            let named = match (nested, attribute) {
                (_, Some(attribute)) => attribute.split_once('=').map(|(name, value)| {
                    let message = messages.last().map_or("", |(id, _)| id.as_str());
                    let message = message.split('.').next().unwrap_or_default();
                    ([message, ".", name.trim_end()].concat(), value)
                }),
                (false, None) => text
                    .split_once('=')
                    .map(|(name, value)| (name.trim_end().to_owned(), value)),
                (true, None) => None,
            };
            if let Some((name, value)) = named {
                messages.push((name, value.trim_start().to_owned()));
            } else if let Some((_, pattern)) = messages.last_mut() {
                pattern.push('\n');
                pattern.push_str(text);
            }
        }
        let messages = messages.into_iter();
        let encoded = messages.map(|(id, text)| (id, encoded(text.trim())));
        Self {
            // A message that only has attributes says nothing itself.
            messages: encoded.filter(|(_, text)| !text.is_empty()).collect(),
        }
    }

    /// The text of this name.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&str> {
        self.messages.get(id).map(String::as_str)
    }
}

/// A pattern with [`mark`]s for what is in braces.
fn encoded(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    text(&mut rest, &mut out, false);
    out
}

/// Takes text up to its end; a variant's ends where another or the choice's end begins.
fn text(rest: &mut &str, out: &mut String, variant: bool) {
    while let Some(at) = rest.find(['{', '\n']) {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if rest[at..].starts_with('{') {
            *rest = after.trim_start();
            placeable(rest, out);
        } else if variant && after.trim_start().starts_with(['[', '*', '}']) {
            *rest = after.trim_start();
            return;
        } else {
            *rest = after;
            out.push('\n');
        }
    }
    out.push_str(rest);
    *rest = "";
}

/// Takes what is in braces, from behind the opening one to behind the closing one.
fn placeable(rest: &mut &str, out: &mut String) {
    let end = rest.find([' ', '\n', '}']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let name = name.trim_start_matches('$');
    *rest = after.trim_start();
    let Some(variants) = rest.strip_prefix("->") else {
        out.extend([mark::START]);
        out.push_str(name);
        out.push(mark::NAMED);
        *rest = rest.strip_prefix('}').unwrap_or(rest);
        return;
    };
    out.push(mark::CHOOSE);
    out.push_str(name);
    out.push(mark::NAMED);
    *rest = variants.trim_start();
    while let Some((key, value)) = rest
        .trim_start_matches('*')
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        out.push_str(key);
        out.push(mark::KEYED);
        *rest = value.trim_start();
        text(rest, out, true);
        out.push(mark::NEXT);
    }
    out.push(mark::END);
    *rest = rest.strip_prefix('}').unwrap_or(rest);
}

#[cfg(test)]
mod tests {
    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
    use fluent_syntax::parser;
    use proptest::prelude::*;

    use super::*;

    /// What Fluent's own parser makes of a pattern.
    fn by_fluent(pattern: &Pattern<&str>, out: &mut String) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => out.push_str(value),
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::VariableReference { id }),
                } => out.extend(['\x01'.to_string().as_str(), id.name, "\x02"]),
                PatternElement::Placeable {
                    expression:
                        Expression::Select {
                            selector: InlineExpression::VariableReference { id },
                            variants,
                        },
                } => {
                    out.extend(["\x03", id.name, "\x02"]);
                    for variant in variants {
                        use fluent_syntax::ast::VariantKey;
                        let (VariantKey::Identifier { name: key }
                        | VariantKey::NumberLiteral { value: key }) = variant.key;
                        out.extend([key, "\x04"]);
                        by_fluent(&variant.value, out);
                        out.push('\x06');
                    }
                    out.push('\x05');
                }
                other @ PatternElement::Placeable { .. } => panic!("{other:?}"),
            }
        }
    }

    fn fluent(file: &str) -> Catalogue {
        let mut messages = HashMap::new();
        for entry in parser::parse(file).unwrap().body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let id = message.id.name;
            let own = message.value.map(|value| (id.to_owned(), value));
            let more = message.attributes.into_iter();
            let more = more.map(|it| (format!("{id}.{}", it.id.name), it.value));
            for (id, pattern) in own.into_iter().chain(more) {
                let mut text = String::new();
                by_fluent(&pattern, &mut text);
                messages.insert(id, text);
            }
        }
        Catalogue { messages }
    }

    #[test]
    fn every_file_reads_as_fluent_reads_it() {
        for (name, file) in [
            ("en", include_str!("../../locales/en.ftl")),
            ("pt-BR", include_str!("../../locales/pt-BR.ftl")),
            ("learn.en", include_str!("../../locales/learn.en.ftl")),
            ("learn.pt-BR", include_str!("../../locales/learn.pt-BR.ftl")),
        ] {
            let (ours, theirs) = (Catalogue::parse(file), fluent(file));
            assert!(theirs.messages.len() > 300, "{name}");
            for (id, text) in &theirs.messages {
                assert_eq!(ours.find(id), Some(text.as_str()), "{name}: {id}");
            }
            assert_eq!(ours, theirs, "{name}");
        }
    }

    #[test]
    fn the_grammar_s_corners_read_as_fluent_reads_them() {
        let file = "# A comment\nfirst = One\n    two\n\n    three { $name }, and\n    .title = { $n }\n\
            second =\n    .aria-label = { $n ->\n        [0] none\n        [one] one { $n }\n       *[other] { $n } of\n    } them\n\
            third = a = b { $n ->\n    [one] x\n   *[other] y\n} and { $m ->\n    [one] v\n   *[other] w\n}.\n";
        assert_eq!(Catalogue::parse(file), fluent(file));
        let read = Catalogue::parse(file);
        assert_eq!(
            read.find("first"),
            Some("One\ntwo\n\nthree \x01name\x02, and")
        );
        assert_eq!(read.find("second"), None);
        assert_eq!(read.find("nothing"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(file in "[ a-c=.{}$>*\\[\\]\n#-]{0,60}") {
            let _ = Catalogue::parse(&file);
        }
    }
}
