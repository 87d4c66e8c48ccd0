//! What a journal does not say, so that nobody takes silence for a fact.
//!
//! Owns which gaps are told, and in which order. What a replay found is the journal's report.

use udping_journal::replay::Report;
use udping_journal::{Header, Kind, Record};

use super::log::Log;
use super::message::{Arg, Message};

/// Whether a message says that what should stand last in the journal does not stand there.
pub(crate) fn is_of_end(missing: &Message) -> bool {
    matches!(
        missing.id,
        "missing-cut" | "missing-next-part" | "missing-end" | "missing-summary"
    )
}

/// What was missed while reading.
#[derive(Debug, Clone, Default)]
pub(crate) struct MissingData {
    /// The line that was cut, and how many bytes of it there are.
    pub(crate) cut: Option<(u64, u64)>,
    /// How many sessions follow in the file, and the line on which the next begins.
    pub(crate) other_sessions: Option<(u64, u64)>,
    /// The first line of a kind that is not known.
    unknown_record: Option<u64>,
    unknown_keys: u64,
    /// The first line with a key that is not known.
    unknown_key: Option<u64>,
    gap: Option<u64>,
    /// Lines that are no records: where, and what is wrong with them.
    left_out: Vec<(u64, Arg)>,
    kernel_timestamps: bool,
}

impl MissingData {
    /// Notes a line that is no record.
    pub(crate) fn leave_out(&mut self, line: u64, why: &Message) {
        let what = match why.arg("what") {
            Some(Arg::Text(what)) => Arg::Text(what.clone()),
            _ => Arg::Word(why.id),
        };
        self.left_out.push((line, what));
    }

    /// Notes what there is to note about a record.
    pub(crate) fn note(&mut self, line: u64, record: &Record, unknown_keys: u32) {
        match record {
            // Its keys are all unknown: that goes without saying.
            Record::Unknown => {
                self.unknown_record.get_or_insert(line);
                return;
            }
            Record::Kernel(_) => self.kernel_timestamps = true,
            Record::Gap(_) => {
                self.gap.get_or_insert(line);
            }
            _ => {}
        }
        if unknown_keys > 0 {
            self.unknown_keys += u64::from(unknown_keys);
            self.unknown_key.get_or_insert(line);
        }
    }

    /// Everything that is missing, the gravest first.
    pub(crate) fn messages(&self, header: &Header, report: &Report, log: &Log) -> Vec<Message> {
        let mut messages = Vec::new();
        if let Some((sessions, line)) = self.other_sessions {
            messages.push(
                Message::new("missing-other-sessions")
                    .with("sessions", Arg::Count(sessions))
                    .with("line", Arg::Number(line)),
            );
        }
        if let Some(part) = header.part {
            messages.push(Message::new("missing-parts").with("part", Arg::Number(part)));
        }
        if let Some((line, bytes)) = self.cut {
            messages.push(
                Message::new("missing-cut")
                    .with("line", Arg::Number(line))
                    .with("bytes", Arg::Count(bytes)),
            );
        }
        for (line, what) in &self.left_out {
            messages.push(
                Message::new("missing-line")
                    .with("line", Arg::Number(*line))
                    .with("what", what.clone()),
            );
        }
        if let Some(line) = self.gap {
            let left_out = self.left_out.len() as u64;
            let dropped = report.dropped.saturating_sub(left_out);
            messages.push(
                Message::new("missing-gap")
                    .with("records", Arg::Count(dropped))
                    .with("line", Arg::Number(line))
                    .with("unverifiable", Arg::Count(report.unverifiable)),
            );
        }
        if report.continues {
            messages.push(Message::new("missing-next-part"));
        } else if !report.done {
            messages.push(Message::new("missing-end"));
        } else if !report.summary {
            messages.push(Message::new("missing-summary"));
        }
        if let Some(line) = self.unknown_record {
            messages.push(
                Message::new("missing-unknown-records")
                    .with("records", Arg::Count(report.unknown))
                    .with("line", Arg::Number(line)),
            );
        }
        if let Some(line) = self.unknown_key {
            messages.push(
                Message::new("missing-unknown-keys")
                    .with("keys", Arg::Count(self.unknown_keys))
                    .with("line", Arg::Number(line)),
            );
        }
        if header.kind == Kind::Ping {
            if !self.kernel_timestamps {
                messages.push(Message::new("missing-kernel-timestamps"));
            }
            if header.target().is_none() {
                messages.push(Message::new("missing-target"));
            }
        }
        let seen = !log.reflections.is_empty() || header.far_end.is_some();
        if !seen && !matches!(header.kind, Kind::Heartbeat | Kind::Serve) {
            messages.push(Message::new("missing-server-times"));
        }
        messages
    }
}
