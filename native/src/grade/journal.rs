//! The journal of a trial: what a right client decides on the packets that went, and beside it
//! what the program printed.
//!
//! Owns how a transcript becomes records. Which line is about which ping, and what is wrong, is
//! the judge's.

use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroU64;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::event::Output;
use udping_core::table::Entry;
use udping_core::time::ClientTime;
use udping_core::wire::{Claim, Probe, Unreadable};
use udping_core::{Config, Schedule};
use udping_journal::{Graded, Header, Kind, LARGEST, Printed, Record, Recorder};

use super::assignment::Assignment;
use super::judge::PingLine;
use super::transcript::{Packet, PacketRole, ReplyKind};
use super::verdict::Result as Trial;
use crate::i18n::say;
use crate::journal;

/// How many probes a client remembers: more than any program sends before it is killed.
const ENTRIES: usize = 1024;

/// How much later than its timeout a reply is still known.
const LATE_WINDOW: Duration = Duration::from_secs(2);

/// How much of a line is kept, in characters.
const MOST_OF_LINE: usize = 400;

/// Writes a journal for each trial into a folder.
///
/// # Errors
/// A file cannot be written.
pub(super) fn write(
    assignment: &Assignment,
    program: &str,
    trials: &[Trial],
    folder: &Path,
) -> anyhow::Result<()> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        say::GradeNoReport { path }
    };
    fs::create_dir_all(folder).with_context(|| failed(folder))?;
    for trial in trials {
        let path = folder.join(format!("{}.jsonl", trial.scenario));
        if let Some(text) = journal(assignment, program, trial)? {
            fs::write(&path, text).with_context(|| failed(&path))?;
        }
    }
    Ok(())
}

/// A trial's journal; there is none where nothing was sent.
fn journal(
    assignment: &Assignment,
    program: &str,
    trial: &Trial,
) -> anyhow::Result<Option<String>> {
    let is_request = |it: &&Packet| matches!(it.what, PacketRole::Request { .. });
    let pings = trial.seen.packets.iter().filter(is_request).count();
    let Some(count) = NonZeroU64::new(u64::try_from(pings)?) else {
        return Ok(None);
    };
    let config = Config::builder()
        .schedule(Schedule::OnDemand)
        .count(Some(count))
        .timeout(assignment.timeout)
        .late_window(LATE_WINDOW)
        .build()?;
    let mut bugs: Vec<String> = Vec::new();
    for finding in &trial.judged.findings {
        let id = finding.bug.id().to_owned();
        if !bugs.contains(&id) {
            bugs.push(id);
        }
    }
    let slots = u64::try_from(ENTRIES)?;
    let header = Header {
        graded: Some(Graded {
            program: program.to_owned(),
            scenario: trial.scenario.to_owned(),
            bugs,
        }),
        ..journal::header(Kind::Graded, &config, slots, None)
    };
    let mut client = RightClient {
        session: Recorder::new(config, ClientTime::ZERO, vec![Entry::default(); ENTRIES])?,
        probes: Vec::new(),
        records: Vec::new(),
    };
    client.decide(trial);
    let mut text = serde_json::to_string(&header)?;
    for record in client.records {
        write!(text, "\n{}", serde_json::to_string(&record)?)?;
    }
    text.push('\n');
    Ok(Some(text))
}

/// A client that gets what the program got.
struct RightClient {
    session: Recorder<Vec<Entry>>,
    probes: Vec<Probe>,
    records: Vec<Record>,
}

impl RightClient {
    /// Decides on everything that went, with what the program printed between.
    fn decide(&mut self, trial: &Trial) {
        let mut packets: Vec<&Packet> = trial.seen.packets.iter().collect();
        packets.sort_by_key(|it| it.at_ns);
        let mut lines: Vec<&PingLine> = trial.judged.pings.iter().collect();
        lines.sort_by_key(|it| it.at_ns);
        let mut lines = lines.into_iter().peekable();
        for packet in packets {
            while let Some(line) = lines.next_if(|it| it.at_ns < packet.at_ns) {
                self.print(trial, line);
            }
            self.take(packet);
        }
        for line in lines {
            self.print(trial, line);
        }
        let mut now = ClientTime::from_nanos(trial.seen.ended_ns);
        loop {
            let (output, record) = self.session.poll(now);
            self.records.extend(record);
            match output {
                Output::Wait(until) => now = until,
                Output::Done => break,
                Output::Send(_) | Output::Event(_) => {}
            }
        }
        self.records.push(self.session.summary());
    }

    fn take(&mut self, packet: &Packet) {
        let now = ClientTime::from_nanos(packet.at_ns);
        while let Some((_, lost)) = self.session.expire(now) {
            self.records.push(lost);
        }
        let record = match packet.what {
            PacketRole::Request { .. } => self.session.send_now(now).map(|(probe, record)| {
                self.probes.push(probe);
                record
            }),
            PacketRole::Reply {
                kind: ReplyKind::Stranger,
                ..
            } => Some(self.session.elsewhere(now, None).1),
            PacketRole::Reply { request, .. } => self.probes.get(request).map(|probe| {
                let claim = Claim::answering(probe);
                self.session.reply(now, &claim, |_, _| {}).1
            }),
            PacketRole::Noise => {
                let why = if packet.length == 0 {
                    Unreadable::Empty
                } else {
                    Unreadable::NotText
                };
                Some(self.session.unreadable(now, why).1)
            }
        };
        self.records.extend(record);
    }

    /// Puts on record what the program printed.
    fn print(&mut self, trial: &Trial, line: &PingLine) {
        let Some(probe) = self.probes.get(line.ping) else {
            return;
        };
        let number = line.ping + 1;
        let findings = trial.judged.findings.iter();
        let mut of_it = findings.filter(|it| it.ping == Some(number));
        // A length of time is never negative here, nor beyond what a journal holds.
        let nanos = line.rtt.map(|it| {
            let length = Duration::try_from_secs_f64(it.max(0.0));
            let nanos = length.map_or(LARGEST, udping_core::time::saturating_nanos);
            nanos.min(LARGEST)
        });
        self.records.push(Record::Printed(Printed {
            printed: probe.seq,
            at_ns: line.at_ns,
            line: line.text.chars().take(MOST_OF_LINE).collect(),
            rtt_ns: nanos,
            bug: of_it.next().map(|it| it.bug.id().to_owned()),
        }));
    }
}

#[cfg(test)]
mod tests {
    use udping_journal::parse_line;
    use udping_journal::replay::Verifier;

    use super::super::bug::Bug;
    use super::super::judge::{Finding, Judged};
    use super::super::transcript::{End, Transcript};
    use super::*;

    fn packet(at_ms: u64, what: PacketRole, bytes: &[u8]) -> Packet {
        Packet {
            at_ns: at_ms * 1_000_000,
            what,
            bytes: bytes.to_vec(),
            length: bytes.len(),
        }
    }

    /// Two pings, whose replies are late; the first one's is credited to the second.
    fn late() -> Trial {
        let ping = PacketRole::Request { port: 5000 };
        let reply = |request, kind| PacketRole::Reply { request, kind };
        let line = |ping, at_ms: u64, text: &str, rtt| PingLine {
            ping,
            at_ns: at_ms * 1_000_000,
            text: text.to_owned(),
            rtt,
        };
        Trial {
            scenario: "late",
            judged: Judged {
                pings: vec![
                    line(0, 1002, "Request timed out", None),
                    line(1, 1302, "RTT 0.3", Some(0.3)),
                ],
                findings: vec![Finding {
                    bug: Bug::LateCredited,
                    ping: Some(2),
                    printed: String::new(),
                    truth: String::new(),
                    busy: false,
                    disturbed: false,
                }],
                ..Judged::default()
            },
            seen: Transcript {
                packets: vec![
                    packet(2, ping, b"Ping 1"),
                    packet(1001, ping, b"Ping 2"),
                    packet(1100, PacketRole::Noise, b"\xff"),
                    packet(1200, reply(1, ReplyKind::Stranger), b"Ping 2"),
                    packet(1302, reply(0, ReplyKind::Plain), b"Ping 1"),
                    packet(2301, reply(1, ReplyKind::Plain), b"Ping 2"),
                ],
                output: Vec::new(),
                end: End::Exited(0),
                ended_ns: 2_400_000_000,
                late_ns: 0,
                late: Vec::new(),
                outside: false,
                tampered: false,
                tcp: false,
                unseen: false,
                refused: false,
                open: Vec::new(),
            },
        }
    }

    #[test]
    fn a_journal_verifies_and_has_what_was_printed_beside_what_is_right() {
        let assignment = Assignment::read("textbook").unwrap();
        let text = journal(&assignment, "./client", &late()).unwrap().unwrap();
        let (first, rest) = text.split_once('\n').unwrap();
        let header = Header::parse(first).unwrap();
        assert_eq!(header.graded.as_ref().unwrap().bugs, ["late-credited"]);
        let mut verifier = Verifier::new(&header).unwrap();
        let mut printed = Vec::new();
        for (number, line) in (2..).zip(rest.lines()) {
            let (record, _, unknown) = parse_line(line).unwrap();
            assert_eq!(unknown, 0, "{line}");
            verifier.feed(number, None, &record);
            if let Record::Printed(it) = record {
                printed.push((it.printed, it.rtt_ns, it.bug));
            }
        }
        let report = verifier.report();
        assert!(report.done && report.summary, "{text}");
        assert_eq!((report.differences, report.unverifiable), (0, 0), "{text}");
        let bug = Some("late-credited".to_owned());
        assert_eq!(printed, [(1, None, None), (2, Some(300_000_000), bug)]);
        // A right client knows two losses, and whose the replies are.
        assert_eq!(text.matches("\"late_ns\"").count(), 2, "{text}");
        assert_eq!(text.matches("{\"lost\":").count(), 2, "{text}");
    }
}
