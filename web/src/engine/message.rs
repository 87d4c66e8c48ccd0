//! What is to be said, without a language: a name in the catalogue and arguments.
//!
//! Owns the names and argument types. The page owns words, number formats and units.

use serde::Serialize;

/// A sentence or label for a catalogue to put into words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// The catalogue's key, in kebab case, such as `why-lost`.
    pub id: &'static str,
    /// Its arguments, by name.
    pub args: Vec<(&'static str, Arg)>,
}

/// One argument of a [`Message`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// A point in the run's time: nanoseconds since its start.
    Time(u64),
    /// A duration in nanoseconds.
    Span(u64),
    /// How many.
    Count(u64),
    /// A number that names something (a probe, a line, a column): never grouped.
    Number(u64),
    /// Text from outside (a journal, an error): shown as it is, never as markup.
    Text(String),
    /// Another message's key, for a word that is translated by itself.
    Word(&'static str),
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self {
            id,
            args: Vec::new(),
        }
    }

    /// The message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: Arg) -> Self {
        self.args.push((name, arg));
        self
    }

    /// The argument of this name.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&Arg> {
        self.args
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, arg)| arg)
    }
}
