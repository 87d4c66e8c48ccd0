//! A selection of a run, as a journal and as a table of values.
//!
//! Owns what an excerpt says of what it leaves out. What is selected, a filter and a stretch of time
//! say.

use core::ops::RangeInclusive;

use udping_journal::{Gap, Header, Note, Record, to_line};

use super::facts::Fact;
use super::filter::Matches;
use super::run::Run;
use super::times::{Moment, Times};

/// What is taken of a run.
#[derive(Debug, Clone)]
pub struct Selection<'a> {
    /// What a filter finds.
    pub found: &'a Matches,
    /// The stretch of time, in nanoseconds: of probes, when they were sent.
    pub range: RangeInclusive<u64>,
    /// What is pinned to the run.
    pub notes: &'a [Note],
}

impl Selection<'_> {
    /// The notes in its time.
    fn notes(&self) -> impl Iterator<Item = &Note> {
        let notes = self.notes.iter();
        notes.filter(|note| self.range.contains(&note.at_ns))
    }
}

/// The selection as a journal: every record that is left out is counted in a `gap` record, as the
/// format has it for what a writer had to drop. What comes before the first gap can be verified;
/// of the rest `udping replay` says how many records follow a gap.
///
/// What is left out at the end has no gap: such a journal stops before its session does.
#[must_use]
pub fn journal(run: &Run, selection: &Selection<'_>) -> String {
    Writer::of(Form::Journal)
        .advance(run, selection, usize::MAX)
        .unwrap_or_default()
}

/// What a selection is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As [`journal`] has it.
    Journal,
    /// As [`csv`] has it.
    Csv,
}

/// Writes a selection bit by bit, so that a page stays smooth on a million probes.
#[derive(Debug, Clone)]
pub struct Writer {
    form: Form,
    /// The event, or the probe, that comes next.
    next: usize,
    /// How many records were left out since the last one, and when the first of them was.
    gap: u64,
    gap_at: u64,
}

impl Writer {
    /// One that has written nothing yet.
    #[must_use]
    pub fn of(form: Form) -> Self {
        Self {
            form,
            next: 0,
            gap: 0,
            gap_at: 0,
        }
    }

    /// The next lines, of so many events or probes at most; `None` at the end. The run and the
    /// selection are the same each time.
    pub fn advance(&mut self, run: &Run, selection: &Selection<'_>, most: usize) -> Option<String> {
        let all = match self.form {
            Form::Journal => run.events(),
            Form::Csv => run.probes(),
        };
        if self.next > all {
            return None;
        }
        let (first, end) = (self.next, all.min(self.next.saturating_add(most)));
        // One past the end says that even an empty selection has its first line.
        self.next = if end == all { all + 1 } else { end };
        let mut lines = String::new();
        match self.form {
            Form::Journal => {
                if first == 0 {
                    let header = Header {
                        notes: selection.notes().cloned().collect(),
                        ..run.header().clone()
                    };
                    lines = to_line(&header).unwrap_or_default();
                }
                (first..end).for_each(|event| self.record(run, selection, event, &mut lines));
            }
            Form::Csv => {
                if first == 0 {
                    COLUMNS.clone_into(&mut lines);
                }
                for probe in (first..end).filter(|probe| selection.found.probe(*probe)) {
                    lines.extend(values(run, selection, probe));
                }
            }
        }
        Some(lines)
    }

    fn record(&mut self, run: &Run, selection: &Selection<'_>, event: usize, lines: &mut String) {
        // What only a simulation knows is in no journal.
        let Some(record) = run.log().record(event) else {
            return;
        };
        let at = run.event(event).map_or(0, |event| event.at_ns);
        if selection.found.event(event) && selection.range.contains(&at) {
            if self.gap > 0 {
                let gap = Record::Gap(Gap {
                    gap: self.gap,
                    at_ns: self.gap_at,
                });
                lines.push_str(&to_line(&gap).unwrap_or_default());
            }
            self.gap = 0;
            lines.push_str(&to_line(record.as_ref()).unwrap_or_default());
        } else {
            if self.gap == 0 {
                self.gap_at = at;
            }
            self.gap += 1;
        }
    }
}

/// The columns of [`csv`].
const COLUMNS: &str = "seq,sent_s,outcome,rtt_ms,deadline_s,reply_s,duplicate,reordered,\
    t2_s,t3_s,there_ms,server_ms,back_ms,clock_error_ms,line,note\n";

/// The selected probes as comma-separated values, one line each, the first with the columns' names.
/// Numbers have a decimal point and every digit that is known; what is not known is empty.
#[must_use]
pub fn csv(run: &Run, selection: &Selection<'_>) -> String {
    Writer::of(Form::Csv)
        .advance(run, selection, usize::MAX)
        .unwrap_or_default()
}

/// The line of a probe; `None` if it was not sent in the selection's time.
fn values(run: &Run, selection: &Selection<'_>, index: usize) -> Option<String> {
    let end = run.after(run.events());
    let probe = run.probe(index, end)?;
    let times = Times::of(run, index, end)?;
    if !selection.range.contains(&times.sent_ns) {
        return None;
    }
    let facts = |fact| u8::from(run.facts().has(index, fact)).to_string();
    let at = |moment| {
        times
            .at(moment)
            .map_or_else(String::new, |at| decimal(at, 9))
    };
    let span = |span: Option<u64>| span.map_or_else(String::new, |span| decimal(span, 6));
    let outcome = [
        Fact::Late,
        Fact::Replied,
        Fact::Refused,
        Fact::Unsent,
        Fact::Lost,
        Fact::InFlight,
    ];
    let outcome = outcome
        .into_iter()
        .find(|fact| run.facts().has(index, *fact));
    let ways = times.ways;
    let line = run.event(probe.sent_event).and_then(|event| event.line);
    let cells = [
        probe.seq.to_string(),
        decimal(times.sent_ns, 9),
        outcome.map_or("", Fact::word).to_owned(),
        span(probe.rtt_ns),
        at(Moment::Deadline),
        at(Moment::Arrived),
        facts(Fact::Duplicate),
        facts(Fact::Reordered),
        at(Moment::Reached),
        at(Moment::Answered),
        span(ways.map(|it| it.there_ns)),
        span(ways.map(|it| it.server_ns)),
        span(ways.map(|it| it.back_ns)),
        span(ways.and_then(|it| it.error_ns)),
        line.map_or_else(String::new, |line| line.to_string()),
        quoted(selection.notes().filter(|it| it.probe == Some(probe.seq))),
    ];
    Some(cells.join(",") + "\n")
}

/// Notes as one value on one line (RFC 4180 §2); empty without any.
fn quoted<'a>(notes: impl Iterator<Item = &'a Note>) -> String {
    let texts: Vec<String> = notes
        .map(|note| note.text.replace(['\r', '\n'], " ").replace('"', "\"\""))
        .collect();
    if texts.is_empty() {
        return String::new();
    }
    ["\"", &texts.join("; "), "\""].concat()
}

/// Nanoseconds in a unit of ten to the `digits` of them, exactly.
fn decimal(nanos: u64, digits: u32) -> String {
    let unit = 10_u64.pow(digits);
    let width = digits as usize;
    let text = format!("{}.{:0width$}", nanos / unit, nanos % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::loader::Loader;
    use crate::presets::Preset;
    use crate::query::Query;

    fn recorded() -> Run {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.count = 40;
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        open(&crate::export::journal(&run).unwrap())
    }

    fn open(journal: &str) -> Run {
        let mut loader = Loader::new();
        loader.feed(journal.as_bytes()).unwrap();
        loader.finish().unwrap()
    }

    fn excerpt(run: &Run, text: &str) -> Run {
        let found = Matches::of(run, &Query::parse(text, &[]).unwrap());
        let range = 0..=u64::MAX;
        open(&journal(
            run,
            &Selection {
                found: &found,
                range,
                notes: &[],
            },
        ))
    }

    #[test]
    fn an_excerpt_names_what_it_leaves_out() {
        let run = recorded();
        let part = excerpt(&run, "lost");
        let report = part.report().unwrap();
        assert!(!report.verified() && report.differences == 0);
        assert!(report.unverifiable > 0);
        let lost = (0..run.probes()).filter(|it| run.facts().has(*it, Fact::Lost));
        assert_eq!(part.probes(), lost.count());
        let gaps = (0..part.events()).filter_map(|event| match part.event(event)?.what {
            crate::log::EventData::Gap { dropped } => Some(dropped),
            _ => None,
        });
        assert!(gaps.sum::<u64>() > 10);
    }

    #[test]
    fn what_is_written_bit_by_bit_is_what_is_written_at_once() {
        let run = recorded();
        for text in ["", "lost", "seq:9999"] {
            let found = Matches::of(&run, &Query::parse(text, &[]).unwrap());
            let range = 0..=u64::MAX;
            let selection = Selection {
                found: &found,
                range,
                notes: &[],
            };
            let whole = [
                (Form::Journal, journal(&run, &selection)),
                (Form::Csv, csv(&run, &selection)),
            ];
            for ((form, whole), most) in whole.into_iter().zip([7, 40]) {
                let mut writer = Writer::of(form);
                let pieces = core::iter::from_fn(|| writer.advance(&run, &selection, most));
                assert_eq!(pieces.collect::<String>(), whole);
                assert!(!whole.is_empty());
            }
        }
    }

    #[test]
    fn notes_in_its_time_go_with_it() {
        let run = recorded();
        let found = Matches::of(&run, &Query::default());
        let note = |at_ns, probe, text: &str| Note {
            at_ns,
            probe,
            text: text.to_owned(),
        };
        let notes = [
            note(0, Some(1), "=\"first\",\nhere"),
            note(1, Some(1), "again"),
            note(7, None, "seven"),
            note(u64::MAX, None, "too late"),
        ];
        let selection = Selection {
            found: &found,
            range: 0..=1_000_000_000,
            notes: &notes,
        };
        let part = open(&journal(&run, &selection));
        assert_eq!(part.header().notes, notes[..3]);
        assert_eq!(crate::notes::Notes::of(&part.header().notes).all().len(), 3);
        let csv = csv(&run, &selection);
        let lines: Vec<&str> = csv.lines().filter(|line| line.ends_with('"')).collect();
        let [line] = lines[..] else {
            panic!("{csv}");
        };
        assert!(line.starts_with("1,") && line.ends_with(",\"=\"\"first\"\", here; again\""));
    }

    #[test]
    fn what_begins_at_the_start_is_verified() {
        let run = recorded();
        for part in [excerpt(&run, ""), excerpt(&run, "at<500ms")] {
            let report = part.report().unwrap();
            assert_eq!((report.differences, report.unverifiable), (0, 0));
            assert!(report.decisions > 0);
        }
        assert!(excerpt(&run, "at<500ms").events() < run.events());
    }

    #[test]
    fn a_table_of_values_has_every_digit() {
        assert_eq!(decimal(1_750_012_044, 9), "1.750012044");
        assert_eq!(decimal(55_800_000, 6), "55.8");
        assert_eq!(decimal(2_000_000_000, 9), "2");
        assert_eq!(decimal(0, 6), "0");
        let run = recorded();
        let found = Matches::of(&run, &Query::parse("late or replied", &[]).unwrap());
        let range = 1..=u64::MAX;
        let csv = csv(
            &run,
            &Selection {
                found: &found,
                range,
                notes: &[],
            },
        );
        let mut lines = csv.lines();
        let names = lines.next().unwrap().split(',').count();
        let end = run.after(run.events());
        let mut rows = 0;
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), names);
            let probe = run.find(cells[0].parse().unwrap()).unwrap();
            let rtt_ms: f64 = cells[3].parse().unwrap();
            let known = run.probe(probe, end).unwrap().rtt_ns.unwrap();
            assert!((rtt_ms * 1e6 - crate::scale::float(known)).abs() < 1.0);
            rows += 1;
        }
        assert!(rows > 10 && rows <= found.probes());
    }
}
