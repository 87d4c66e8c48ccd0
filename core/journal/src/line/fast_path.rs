//! The records that a long journal is made of, read without a JSON reader.
//!
//! Owns lines exactly as this library writes them, of the kinds that the table of records says
//! come often. Any other line is none of its business: [`line`](crate::line) reads all of JSON,
//! and says what is wrong with what is none.

use crate::record::Record;
use crate::rest::Rest;

/// The record on a line; `None` of a line that is written in any other way.
pub(crate) fn record(line: &[u8]) -> Option<Record> {
    let mut rest = Rest(line);
    let record = Record::read_fast(&mut rest)?;
    (rest.0 == b"}").then_some(record)
}

/// Reads the records that come often from whole lines, as far as these are exactly as this
/// library writes them. It ends before the first line that is not.
#[derive(Debug)]
pub struct FastLines<'a>(&'a [u8]);

impl<'a> FastLines<'a> {
    /// Reads from the beginning of a line.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self(text)
    }

    /// What was not read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }
}

impl Iterator for FastLines<'_> {
    type Item = Record;

    #[inline]
    fn next(&mut self) -> Option<Record> {
        let mut rest = Rest(self.0);
        let record = Record::read_fast(&mut rest)?;
        rest.skip("}\n").then(|| {
            self.0 = rest.0;
            record
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned as _;
    use alloc::format;
    use alloc::string::{String, ToString as _};
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::line::{parse_json, parse_line};
    use crate::number::LARGEST;

    fn lines() -> impl Strategy<Value = String> {
        let number = || {
            prop_oneof![
                Just("0".to_owned()),
                (0..=LARGEST).prop_map(|n| n.to_string()),
                "[0-9]{1,18}",
                "-?[0-9]{1,3}[.e]?[0-9]?",
            ]
        };
        let key = prop::sample::select(vec![
            "sent",
            "reply",
            "lost",
            "kernel",
            "at_ns",
            "due_ns",
            "deadline_ns",
            "rtt_ns",
            "late_ns",
            "duplicate_ns",
            "t2_ns",
            "t3_ns",
            "kernel_ns",
            "decided_rtt_ns",
            "new",
        ]);
        let fields = prop::collection::vec((key, number()), 0..4);
        let kind = prop::sample::select(vec![
            vec!["sent", "at_ns", "due_ns"],
            vec!["reply", "at_ns", "rtt_ns"],
            vec!["reply", "at_ns", "t2_ns", "t3_ns", "late_ns"],
            vec!["reply", "at_ns", "duplicate_ns"],
            vec!["lost", "at_ns", "deadline_ns"],
            vec!["kernel", "at_ns", "kernel_ns", "decided_rtt_ns"],
        ]);
        let kind = kind.prop_flat_map(move |keys| {
            let numbers = prop::collection::vec(number(), keys.len());
            numbers.prop_map(move |numbers| keys.iter().copied().zip(numbers).collect::<Vec<_>>())
        });
        let end = prop::sample::select(vec![
            "}",
            r#","synced":true}"#,
            r#","unverified":true}"#,
            "} ",
            ",}",
            "",
        ]);
        let (few, many) = (Just(Vec::new()), fields);
        (kind, prop_oneof![3 => few, 1 => many], end).prop_map(|(kind, more, end)| {
            let fields = kind.into_iter().chain(more);
            let fields: Vec<_> = fields
                .map(|(key, number)| format!("\"{key}\":{number}"))
                .collect();
            format!("{{{}{end}", fields.join(","))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_read_fast_is_what_the_json_reader_reads(line in lines()) {
            if let Some(record) = record(line.as_bytes()) {
                let (slowly, via, unknown) = parse_json(&line).unwrap();
                prop_assert_eq!((record, None, 0), (slowly, via, unknown));
            }
        }
    }

    #[test]
    fn what_a_run_writes_for_each_probe_is_read_fast() {
        for line in [
            r#"{"sent":1,"at_ns":0,"due_ns":0}"#,
            r#"{"reply":1,"at_ns":17000000,"rtt_ns":17000000}"#,
            r#"{"reply":1,"at_ns":17,"t2_ns":5,"t3_ns":6,"synced":true,"late_ns":17,"unverified":true}"#,
            r#"{"lost":1,"at_ns":17000000,"deadline_ns":17000000}"#,
            r#"{"kernel":1,"at_ns":17000000,"kernel_ns":17000000,"decided_rtt_ns":18000000}"#,
        ] {
            let read = record(line.as_bytes()).unwrap();
            let text = format!("{line}\n{line}\n{line}");
            let mut lines = FastLines::new(text.as_bytes());
            assert_eq!(
                lines.by_ref().collect::<Vec<_>>(),
                [read.clone(), read.clone()]
            );
            assert_eq!(lines.rest(), line.as_bytes());
            assert_eq!(serde_json::to_string(&read).unwrap(), line);
            assert_eq!(parse_line(line).unwrap(), (read, None, 0));
        }
        let sent = |number: &str| {
            record(format!(r#"{{"sent":{number},"at_ns":0,"due_ns":0}}"#).as_bytes())
        };
        assert!(sent(&LARGEST.to_string()).is_some());
        for other in [
            (LARGEST + 1).to_string().as_str(),
            "01",
            "-1",
            "1.0",
            "",
            "99999999999999999999",
        ] {
            assert!(sent(other).is_none(), "{other}");
        }
    }
}
