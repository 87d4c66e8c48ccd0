//! A session as its journal tells it: what became of every probe.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::{Ended, Scratch, run, udping};

/// One run of the command against a server.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) ended: Ended,
    pub(crate) probes: BTreeMap<u64, Probe>,
    /// The numbers of the probes replied to in time, in order of arrival.
    pub(crate) arrivals: Vec<u64>,
    /// Why replies were ignored, in order.
    pub(crate) ignored: Vec<String>,
}

/// What became of a probe. A lost probe may be late as well.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    pub(crate) replied: Option<Duration>,
    pub(crate) verified: bool,
    pub(crate) lost: bool,
    pub(crate) late: Option<Duration>,
    pub(crate) refused: bool,
    pub(crate) duplicates: usize,
}

impl Session {
    /// Pings `host:port` with these arguments, journal on, and has the journal verified.
    pub(crate) fn ping(host: &str, port: u16, arguments: &str) -> Self {
        let file = Scratch::new();
        let ended = run(udping()
            .arg(format!("{host}:{port}"))
            .args(arguments.split_whitespace())
            .arg("--journal")
            .arg(file.path()));
        let text = std::fs::read_to_string(file.path())
            .unwrap_or_else(|error| panic!("no journal: {error}; {ended:?}"));
        verify(file.path());
        Self::read(ended, &text)
    }

    /// The session that a journal holds, of a command that has ended.
    pub(crate) fn read(ended: Ended, text: &str) -> Self {
        let mut session = Self {
            ended,
            probes: BTreeMap::new(),
            arrivals: Vec::new(),
            ignored: Vec::new(),
        };
        for line in text.lines() {
            let record =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
            session.take(&record);
        }
        for (seq, probe) in &session.probes {
            let fates = [probe.replied.is_some(), probe.lost, probe.refused];
            let lives = fates.into_iter().filter(|fate| *fate).count();
            assert_eq!(lives, 1, "one life for {seq}: {session:?}");
            assert!(
                probe.late.is_none() || probe.lost,
                "a late probe stays lost, {seq}: {session:?}"
            );
        }
        session
    }

    /// Probes for which `is` holds.
    pub(crate) fn which(&self, is: impl Fn(&Probe) -> bool) -> Vec<u64> {
        self.probes
            .iter()
            .filter(|(_, probe)| is(probe))
            .map(|(&seq, _)| seq)
            .collect()
    }

    pub(crate) fn replied(&self) -> Vec<u64> {
        self.which(|probe| probe.replied.is_some())
    }

    pub(crate) fn lost(&self) -> Vec<u64> {
        self.which(|probe| probe.lost)
    }

    pub(crate) fn late(&self) -> Vec<u64> {
        self.which(|probe| probe.late.is_some())
    }

    pub(crate) fn refused(&self) -> Vec<u64> {
        self.which(|probe| probe.refused)
    }

    pub(crate) fn duplicates(&self) -> usize {
        self.probes.values().map(|probe| probe.duplicates).sum()
    }

    /// Nothing was credited to any probe, in time or late, or as a copy.
    pub(crate) fn credited_nothing(&self) -> bool {
        self.replied().is_empty() && self.late().is_empty() && self.duplicates() == 0
    }

    fn take(&mut self, record: &Value) {
        let number = |name: &str| record.get(name).and_then(Value::as_u64);
        let interval = |name: &str| number(name).map(Duration::from_nanos);
        let flag = |name: &str| record.get(name).and_then(Value::as_bool) == Some(true);
        if let Some(reason) = record.get("ignored").and_then(Value::as_str) {
            self.ignored.push(reason.to_owned());
        } else if let Some(seq) = number("sent") {
            let before = self.probes.insert(seq, Probe::default());
            assert!(before.is_none(), "{seq} was sent twice");
        } else if let Some(seq) = number("lost") {
            self.probe(seq).lost = true;
        } else if let Some(seq) = number("refused") {
            self.probe(seq).refused = true;
        } else if record.get("reply").is_some() {
            let seq = number("seq")
                .or(number("reply"))
                .unwrap_or_else(|| panic!("credited to nobody: {record}"));
            let probe = self.probe(seq);
            if let Some(rtt) = interval("rtt_ns") {
                probe.replied = Some(rtt);
                probe.verified = !flag("unverified");
                self.arrivals.push(seq);
            } else if let Some(rtt) = interval("late_ns") {
                probe.late = Some(rtt);
            } else {
                interval("duplicate_ns").unwrap_or_else(|| panic!("it came to nothing: {record}"));
                probe.duplicates += 1;
            }
        }
    }

    fn probe(&mut self, seq: u64) -> &mut Probe {
        self.probes
            .get_mut(&seq)
            .unwrap_or_else(|| panic!("{seq} is decided but was not sent"))
    }
}

/// Every journal of a real session must replay without a difference.
pub(crate) fn verify(file: &Path) -> Ended {
    let replay = run(udping().arg("replay").arg(file));
    assert_eq!(replay.code, Some(0), "{replay:?}");
    assert!(replay.stdout.contains(" 0 differences"), "{replay:?}");
    replay
}

/// The same for one that was cut.
pub(crate) fn verify_cut(file: &Path) -> Ended {
    let replay = run(udping().arg("replay").arg(file));
    assert_eq!(replay.code, Some(4), "{replay:?}");
    let so_far = "\nverified as far as it goes: ";
    assert!(replay.stdout.contains(so_far), "{replay:?}");
    assert!(replay.stdout.contains(" 0 differences"), "{replay:?}");
    replay
}

/// The records of a journal, its header first.
pub(crate) fn records(text: &str) -> Vec<Value> {
    let record =
        |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
    text.lines().map(record).collect()
}

/// The values of `key` in those records that have it, in order.
pub(crate) fn values(records: &[Value], key: &str) -> Vec<u64> {
    let number = |record: &Value| record.get(key).and_then(Value::as_u64);
    records.iter().filter_map(number).collect()
}
