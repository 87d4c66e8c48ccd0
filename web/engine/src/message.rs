//! What is to be said, without a language: a name in the catalogue and arguments.
//!
//! Owns the names and argument types. The page owns words, number formats and units.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A sentence or label for a catalogue to put into words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// The catalogue's key, in kebab case, such as `why-lost`.
    pub id: &'static str,
    /// Its arguments, by name.
    pub args: Vec<(&'static str, Arg)>,
}

/// One argument of a [`Message`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// A share of a whole, in millionths.
    Share(u64),
    /// Text from outside (a journal, an error): shown as it is, never as markup.
    Text(String),
    /// Another message's key, for a word that is translated by itself.
    Word(#[serde(deserialize_with = "known_key")] Key),
}

/// A message's key. By a name of its own, or serde would have it borrowed from what is read.
type Key = &'static str;

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

/// A message as it is written; reading it takes the names from [`EVERY`].
#[derive(Deserialize)]
struct Written {
    id: String,
    args: Vec<(String, Arg)>,
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let (id, names) = known(&written.id)?;
        let args = written.args.into_iter().map(|(name, arg)| {
            let known_name = names.iter().find(|known| **known == name);
            Ok((*known_name.ok_or_else(|| unknown(&name))?, arg))
        });
        Ok(Self {
            id,
            args: args.collect::<Result<_, _>>()?,
        })
    }
}

fn known_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
    Ok(known(&String::deserialize(deserializer)?)?.0)
}

/// The entry of [`EVERY`] with this key.
fn known<E: Error>(id: &str) -> Result<(Key, &'static [&'static str]), E> {
    let mut all = EVERY.iter();
    let found = all.find(|(known, _)| *known == id);
    found.copied().ok_or_else(|| unknown(id))
}

fn unknown<E: Error>(name: &str) -> E {
    E::custom(format!("no message has `{name}`"))
}

/// Every message that the engine can say, with its arguments' names, sorted by key. A
/// catalogue that has all of these is complete.
pub const EVERY: &[(&str, &[&str])] = &[
    ("changed-count", &["count"]),
    ("changed-delay", &["way", "span"]),
    ("changed-loss", &["way", "share"]),
    ("changed-other", &[]),
    ("changed-seed", &["seed"]),
    ("changed-timeout", &["span"]),
    ("changed-way", &["way"]),
    ("event-answered", &[]),
    ("event-done", &[]),
    ("event-dropped", &[]),
    ("event-duplicate", &[]),
    ("event-gap", &[]),
    ("event-heard", &[]),
    ("event-ignored", &[]),
    ("event-incident", &[]),
    ("event-intervened", &[]),
    ("event-kernel-rtt", &[]),
    ("event-late", &[]),
    ("event-lost", &[]),
    ("event-missed", &[]),
    ("event-not-answered", &[]),
    ("event-received", &[]),
    ("event-reflected", &[]),
    ("event-refused", &[]),
    ("event-replied", &[]),
    ("event-sent", &[]),
    ("event-silent", &[]),
    ("event-stopped", &[]),
    ("event-transmitted", &[]),
    ("event-unanswered", &[]),
    ("event-unsent", &[]),
    ("fact-beats", &["sent", "refused", "missed"]),
    (
        "fact-served",
        &["received", "answered", "dropped", "there", "back"],
    ),
    ("fact-traffic", &["trips", "out", "in", "up", "down"]),
    ("fact-watched", &["senders", "beats", "missing", "stopped"]),
    ("filter-and", &[]),
    ("filter-at", &[]),
    ("filter-back", &[]),
    ("filter-differs", &[]),
    ("filter-duplicate", &[]),
    ("filter-event", &[]),
    ("filter-ignored", &[]),
    ("filter-in-flight", &[]),
    ("filter-late", &[]),
    ("filter-line", &[]),
    ("filter-lost", &[]),
    ("filter-not", &[]),
    ("filter-number", &[]),
    ("filter-or", &[]),
    ("filter-refused", &[]),
    ("filter-reordered", &[]),
    ("filter-replied", &[]),
    ("filter-rtt", &[]),
    ("filter-sent", &[]),
    ("filter-seq", &[]),
    ("filter-server", &[]),
    ("filter-span", &[]),
    ("filter-there", &[]),
    ("filter-time", &[]),
    ("filter-unsent", &[]),
    ("load-bad-config", &["what"]),
    ("load-bad-header", &["what"]),
    ("load-empty", &[]),
    ("load-is-capture", &[]),
    ("load-is-gzip", &[]),
    ("load-is-html", &[]),
    ("load-is-irtt", &[]),
    ("load-is-packed", &[]),
    ("load-is-qlog", &[]),
    ("load-is-utf16", &[]),
    ("load-is-zip", &[]),
    ("load-is-zstd", &[]),
    ("load-line-too-long", &["bytes"]),
    ("load-malformed", &["what"]),
    ("load-newer-version", &["version", "known"]),
    ("load-not-a-journal", &[]),
    ("load-not-utf8", &[]),
    ("load-older-version", &["version", "known"]),
    ("load-too-many", &["events"]),
    ("missing-cut", &["line", "bytes"]),
    ("missing-end", &[]),
    ("missing-gap", &["records", "line", "unverifiable"]),
    ("missing-kernel-timestamps", &[]),
    ("missing-line", &["line", "what"]),
    ("missing-next-part", &[]),
    ("missing-other-sessions", &["sessions", "line"]),
    ("missing-parts", &["part"]),
    ("missing-server-times", &[]),
    ("missing-summary", &[]),
    ("missing-target", &[]),
    ("missing-unknown-keys", &["keys", "line"]),
    ("missing-unknown-records", &["records", "line"]),
    ("preset-always-late", &[]),
    ("preset-campus-lan", &[]),
    ("preset-home-wifi", &[]),
    ("preset-satellite", &[]),
    ("preset-textbook", &[]),
    ("query-bad-number", &[]),
    ("query-bad-span", &[]),
    ("query-bad-time", &[]),
    ("query-needs-term", &[]),
    ("query-needs-value", &[]),
    ("query-too-deep", &[]),
    ("query-unclosed", &[]),
    ("query-unknown-field", &[]),
    ("query-unknown-word", &[]),
    ("query-unopened", &[]),
    ("state-due", &[]),
    ("state-late", &[]),
    ("state-lost", &[]),
    ("state-refused", &[]),
    ("state-replied", &[]),
    ("state-unsent", &[]),
    ("state-waiting", &[]),
    ("why-answered", &[]),
    ("why-done", &[]),
    ("why-dropped-reply", &["seq"]),
    ("why-dropped-request", &["seq"]),
    ("why-due", &["seq", "due"]),
    ("why-due-open", &["seq"]),
    ("why-duplicate", &["seq", "rtt"]),
    ("why-gap", &["records"]),
    ("why-heard-duplicate", &["seq"]),
    ("why-heard-first", &["seq"]),
    ("why-heard-gap", &["seq", "from"]),
    ("why-heard-late", &["seq"]),
    ("why-heard-next", &["seq"]),
    ("why-heard-no-room", &["seq"]),
    ("why-heard-restart", &["seq"]),
    ("why-heard-too-old", &["seq"]),
    ("why-ignored", &[]),
    ("why-ignored-already-settled", &["seq"]),
    ("why-ignored-ambiguous", &[]),
    ("why-ignored-bad-kernel-rtt", &[]),
    ("why-ignored-elsewhere", &[]),
    ("why-ignored-empty", &[]),
    ("why-ignored-foreign", &[]),
    ("why-ignored-malformed", &[]),
    ("why-ignored-no-sequence", &[]),
    ("why-ignored-not-sent", &[]),
    ("why-ignored-not-text", &[]),
    ("why-ignored-nothing-in-flight", &[]),
    ("why-ignored-timestamp-mismatch", &["seq"]),
    ("why-ignored-too-old", &["seq"]),
    ("why-ignored-unauthentic", &[]),
    ("why-incident-clock-ahead", &["span"]),
    ("why-incident-clock-back", &["span"]),
    ("why-incident-moved", &["address"]),
    ("why-incident-moved-target", &["address"]),
    ("why-incident-network-down", &["error"]),
    ("why-incident-network-up", &["span"]),
    ("why-incident-next-address", &["address", "error", "old"]),
    ("why-incident-otherwise", &[]),
    ("why-incident-slept", &["span"]),
    ("why-incident-stalled", &["span"]),
    ("why-incident-stopped", &["span"]),
    ("why-incident-waited", &["span"]),
    ("why-intervened-corrupt", &["seq"]),
    ("why-intervened-delay", &["seq", "by"]),
    ("why-intervened-drop", &["seq"]),
    ("why-intervened-duplicate", &["seq", "after"]),
    ("why-intervened-nothing", &["seq"]),
    ("why-kernel-rtt", &["seq", "kernel"]),
    ("why-late", &["seq", "rtt", "timeout", "over"]),
    (
        "why-late-window",
        &["seq", "deadline", "horizon", "timeout"],
    ),
    ("why-lost", &["seq", "deadline", "timeout"]),
    ("why-missed", &["slots"]),
    ("why-not-answered-echo-loop", &[]),
    ("why-not-answered-malformed", &[]),
    ("why-not-answered-not-allowed", &[]),
    ("why-not-answered-own-port", &[]),
    ("why-not-answered-rate-limit", &[]),
    ("why-not-answered-reflector-port", &[]),
    ("why-not-answered-reply-shaped", &[]),
    ("why-not-answered-session-limit", &[]),
    ("why-not-answered-source-address", &[]),
    ("why-not-answered-system-port", &[]),
    ("why-not-answered-total-limit", &[]),
    ("why-not-answered-unauthentic", &[]),
    ("why-received", &[]),
    ("why-reflected", &["seq"]),
    ("why-refused", &["seq", "after"]),
    ("why-replied", &["seq", "rtt", "timeout", "left"]),
    ("why-replied-altered", &["seq", "rtt", "timeout", "left"]),
    ("why-replied-truncated", &["seq", "rtt", "timeout", "left"]),
    ("why-replied-unverified", &["seq", "rtt", "timeout", "left"]),
    ("why-sent-asked", &["seq", "at"]),
    ("why-sent-first", &["seq", "at"]),
    ("why-sent-gap", &["seq", "at", "gap"]),
    ("why-sent-next", &["seq", "at"]),
    ("why-sent-paced", &["seq", "at", "interval"]),
    ("why-sent-window", &["seq", "at", "size"]),
    ("why-silent", &["silence"]),
    ("why-silent-beats", &[]),
    ("why-stopped-closed-pipe", &[]),
    ("why-stopped-deadline", &[]),
    ("why-stopped-excerpt", &[]),
    ("why-stopped-failure", &[]),
    ("why-stopped-replies", &[]),
    ("why-stopped-signal", &[]),
    ("why-transmitted", &[]),
    ("why-unanswered", &["seq"]),
    ("why-unsent", &["seq"]),
    ("why-waiting", &["seq", "sent", "deadline", "left"]),
];

#[cfg(test)]
/// Whether the catalogue knows a message with just these arguments.
pub(crate) fn is_listed(message: &Message) -> bool {
    let names = message.args.iter().map(|(name, _)| *name);
    EVERY
        .iter()
        .any(|(id, args)| *id == message.id && names.clone().eq(args.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_names_nothing_twice() {
        assert!(EVERY.is_sorted_by(|one, other| one.0 < other.0));
    }

    #[test]
    fn a_message_survives_being_written() {
        let message = Message::new("load-malformed").with("what", Arg::Text("<b>\"".into()));
        let text = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), message);
        let other = text.replace("load-malformed", "load-nonsense");
        assert!(serde_json::from_str::<Message>(&other).is_err());
        let other = text.replace("\"what\"", "\"why\"");
        assert!(serde_json::from_str::<Message>(&other).is_err());
    }

    #[test]
    fn a_message_with_another_argument_is_not_listed() {
        assert!(is_listed(&Message::new("load-empty")));
        assert!(!is_listed(
            &Message::new("load-empty").with("x", Arg::Count(1))
        ));
        assert!(!is_listed(&Message::new("load-nonsense")));
    }
}
