//! Fluent's catalogues as build scripts read them: the page's, and the command's.
//!
//! Owns what is taken of the format, the languages there are, and what must hold
//! between two of them. Knows nothing of who says the messages, or how they are stored.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use fluent_syntax::parser;

/// The languages' tags (BCP 47), and CLDR's rule for whole numbers: which of them are
/// `one`. All others are `other`.
pub(crate) const LANGUAGES: [(&str, &[u64]); 2] = [("en", &[1]), ("pt-BR", &[0, 1])];

pub(crate) type Failure = Box<dyn Error>;

/// A language's messages by name; an attribute's name is `message.attribute`.
pub(crate) type Messages = BTreeMap<String, Message>;

/// One message in one language.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) text: Vec<Part>,
    pub(crate) variables: BTreeSet<String>,
}

/// A piece of a message.
#[derive(Debug)]
pub(crate) enum Part {
    Text(String),
    Variable(String),
    /// A choice by number: a variable's name, then each variant's key and text. A key is
    /// a number itself, `one` or, always, `other`.
    Choice(String, Vec<(String, Vec<Part>)>),
}

/// Adds the messages of the file at `path`.
///
/// # Errors
/// If it cannot be read, says something twice, or uses what is not supported.
pub(crate) fn read(path: &str, messages: &mut Messages) -> Result<(), Failure> {
    println!("cargo::rerun-if-changed={path}");
    let source = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let resource =
        parser::parse(source.as_str()).map_err(|(_, errors)| format!("{path}: {errors:?}"))?;
    for entry in &resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let name = message.id.name;
        let values = message.value.iter().map(|value| (name.to_owned(), value));
        let attributes = message.attributes.iter();
        let attributes = attributes.map(|it| (format!("{name}.{}", it.id.name), &it.value));
        for (id, pattern) in values.chain(attributes) {
            let mut read = Message::default();
            read.text = parts(pattern, &mut read.variables)
                .map_err(|what| format!("{path}: `{id}`: {what}"))?;
            if messages.insert(id.clone(), read).is_some() {
                return Err(format!("{path}: `{id}` is there twice").into());
            }
        }
    }
    Ok(())
}

fn parts(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    for element in &pattern.elements {
        let expression = match element {
            // Each line of a text is an element of its own.
            PatternElement::TextElement { value } => {
                if let Some(Part::Text(text)) = parts.last_mut() {
                    text.push_str(value);
                } else {
                    parts.push(Part::Text((*value).to_owned()));
                }
                continue;
            }
            PatternElement::Placeable { expression } => expression,
        };
        parts.push(match expression {
            // Braces, and spaces at the ends.
            Expression::Inline(InlineExpression::StringLiteral { value }) => {
                Part::Text((*value).to_owned())
            }
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                variables.insert(id.name.to_owned());
                Part::Variable(id.name.to_owned())
            }
            Expression::Select {
                selector: InlineExpression::VariableReference { id },
                variants: given,
            } => {
                variables.insert(id.name.to_owned());
                let mut variants = Vec::new();
                for variant in given {
                    let key = match &variant.key {
                        VariantKey::Identifier { name } => *name,
                        VariantKey::NumberLiteral { value } => *value,
                    };
                    if variant.default && key != "other" {
                        return Err(format!("the default variant is `{key}`, not `other`").into());
                    }
                    variants.push((key.to_owned(), self::parts(&variant.value, variables)?));
                }
                Part::Choice(id.name.to_owned(), variants)
            }
            _ => return Err("only variables and choices by number are supported".into()),
        });
    }
    Ok(parts)
}

/// Checks that both languages have the same messages with the same variables.
///
/// # Errors
/// The first message that one of them lacks, or has otherwise.
pub(crate) fn agree(first: &Messages, second: &Messages) -> Result<(), Failure> {
    let [(one, _), (other, _)] = LANGUAGES;
    for (here, there, missing_in) in [(first, second, other), (second, first, one)] {
        for (id, message) in here {
            let Some(other) = there.get(id) else {
                return Err(format!("locales/{missing_in}.ftl lacks the message `{id}`").into());
            };
            if other.variables != message.variables {
                return Err(format!(
                    "`{id}` has the variables {:?} in one language and {:?} in the other",
                    message.variables, other.variables
                )
                .into());
            }
        }
    }
    Ok(())
}
