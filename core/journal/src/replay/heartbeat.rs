//! A heartbeats' journal against the machine, of either end.
//!
//! Owns which input each record is for the sender or the monitor. How heartbeats are answered is
//! the reflector's replay.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use super::error::{MAX_TABLE_ENTRIES, ReplayError};
use super::reflector::ReflectorReplay;
use super::report::{Difference, Report};
use crate::header::{Header, Kind, ScheduleSpec};
use crate::record::{BeatsRecord, Done, Record, Silent, Unreadable, WatchedRecord};
use udping_core::event::Output;
use udping_core::heartbeat::{Beat, Monitor, MonitorOutput, Sender, SenderState};
use udping_core::time::{ClientTime, ReflectorTime};

/// A replay of one end's journal.
#[derive(Debug, Clone)]
pub struct HeartbeatReplay {
    end: End,
    /// What answers heartbeats, if anything does.
    reflector: Option<Box<ReflectorReplay>>,
    report: Report,
}

/// The end whose journal it is.
#[derive(Debug, Clone)]
enum End {
    Sender(Sender),
    Receiver(Monitor<Vec<SenderState>>),
}

impl HeartbeatReplay {
    /// A replay of the run that `header` describes.
    ///
    /// # Errors
    /// [`ReplayError`] if neither end could have run it.
    pub fn new(header: &Header) -> Result<Self, ReplayError> {
        let end = match (header.kind, header.silence_ns, header.schedule) {
            (Kind::Heartbeat, Some(silence), _) => {
                let places = usize::try_from(header.table_entries).ok();
                let places = places.filter(|_| header.table_entries <= MAX_TABLE_ENTRIES);
                let places = places.ok_or(ReplayError::TableTooLarge(header.table_entries))?;
                let table = vec![SenderState::EMPTY; places];
                let silence = (silence > 0).then(|| Duration::from_nanos(silence));
                let watch = Monitor::new(silence, table);
                End::Receiver(watch.with_wall(header.wall()))
            }
            (Kind::Heartbeat, None, ScheduleSpec::Paced { interval_ns }) => {
                End::Sender(Sender::new(Duration::from_nanos(interval_ns), header.count))
            }
            _ => return Err(ReplayError::Kind),
        };
        let reflector = header.reflector.as_ref();
        let reflector = reflector.map(|_| ReflectorReplay::new(header).map(Box::new));
        Ok(Self {
            end,
            reflector: reflector.transpose()?,
            report: Report::of(header),
        })
    }

    /// What was found so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The receiver as it stands after the records fed so far, if it is a receiver's
    /// journal.
    #[must_use]
    pub fn watch(&self) -> Option<&Monitor<Vec<SenderState>>> {
        match &self.end {
            End::Receiver(watch) => Some(watch),
            End::Sender(_) => None,
        }
    }

    /// The sender as it stands after the records fed so far, if it is a sender's journal.
    #[must_use]
    pub fn sender(&self) -> Option<&Sender> {
        match &self.end {
            End::Sender(sender) => Some(sender),
            End::Receiver(_) => None,
        }
    }

    /// Takes the record on `line` (from 1 for the header), and says whether it is decided
    /// otherwise now.
    pub fn feed(&mut self, line: u64, record: &Record) -> Option<&Difference> {
        let before = self.report.differences;
        if self.report.can_judge(record) {
            let (end, report) = (&mut self.end, &mut self.report);
            let answering = self.reflector.as_mut();
            let decided = match (answering.filter(|_| is_of_answering(record)), end) {
                (Some(reflector), _) => Decided::Otherwise(reflector.decide(line, record)),
                (None, End::Sender(sender)) => sent(sender, report, line, record),
                (None, End::Receiver(watch)) => heard(watch, report, line, record),
            };
            match decided {
                Decided::Input => {}
                Decided::Otherwise(decided) => report.judge(line, record, decided.as_ref()),
            }
        }
        self.report.since(before)
    }
}

/// Whether it says what became of a datagram on its way to an answer.
fn is_of_answering(record: &Record) -> bool {
    matches!(
        record,
        Record::Received(_) | Record::Answered(_) | Record::Dropped(_) | Record::Transmitted(_)
    )
}

/// What a record comes to now.
enum Decided {
    /// Nothing is decided by it.
    Input,
    /// This is; nothing, if it is `None`.
    Otherwise(Option<Record>),
}

fn done(at_ns: u64) -> Record {
    Record::Done(Done { done: true, at_ns })
}

/// A sender's record, decided again.
fn sent(sender: &mut Sender, report: &mut Report, line: u64, record: &Record) -> Decided {
    let at = ClientTime::from_nanos;
    Decided::Otherwise(match record {
        Record::Sent(it) => poll(sender, report, line, at(it.at_ns), false),
        Record::Missed(it) => match sender.poll(at(it.at_ns)) {
            Output::Event(event) => Some(Record::event(sender.now(), &event)),
            Output::Send(probe) => Some(Record::sent(&probe)),
            Output::Wait(_) | Output::Done => None,
        },
        // It ends once.
        Record::Done(_) if report.done => None,
        Record::Done(it) => {
            report.done = true;
            poll(sender, report, line, at(it.at_ns), true)
        }
        Record::Unreachable(it) => {
            let outcome = sender.handle_unreachable(at(it.at_ns));
            let now = sender.now();
            // The network never says which heartbeat it is about.
            Some(Record::unreachable(now, None, it.error.clone(), &outcome))
        }
        Record::Unsent(it) => {
            let outcome = sender.handle_send_failure(at(it.at_ns), it.unsent);
            let now = sender.now();
            Some(Record::unsent(now, it.unsent, it.error.clone(), &outcome))
        }
        Record::Stop(it) => {
            sender.stop(at(it.at_ns));
            return Decided::Input;
        }
        Record::Beats(it) => {
            report.concluded(line, sender.now().as_nanos());
            Some(Record::Beats(BeatsRecord {
                beats: sender.summary(),
                ..it.clone()
            }))
        }
        _ => None,
    })
}

/// What a sender does next, or its end; slots that it misses before are missing on record.
fn poll(
    sender: &mut Sender,
    report: &mut Report,
    line: u64,
    now: ClientTime,
    ends: bool,
) -> Option<Record> {
    loop {
        return match sender.poll(now) {
            Output::Send(probe) => Some(Record::sent(&probe)),
            Output::Event(event) => {
                report.missing(line, Some(&Record::event(sender.now(), &event)));
                continue;
            }
            Output::Done if ends => Some(done(sender.now().as_nanos())),
            Output::Wait(_) | Output::Done => None,
        };
    }
}

/// A receiver's record, decided again.
fn heard(
    watch: &mut Monitor<Vec<SenderState>>,
    report: &mut Report,
    line: u64,
    record: &Record,
) -> Decided {
    let at = ReflectorTime::from_nanos;
    Decided::Otherwise(match record {
        Record::Beat(it) => {
            let beat = Beat {
                seq: it.beat,
                clock: it.clock_ns,
            };
            while let Some(stopped) = silent(at(it.at_ns), watch.poll(at(it.at_ns))) {
                report.missing(line, Some(&stopped));
            }
            let heard = watch.handle_beat(at(it.at_ns), it.from, beat);
            Some(Record::beat(watch.now(), it.from, beat, &heard))
        }
        Record::Unreadable(it) => {
            watch.handle_unreadable(at(it.at_ns));
            Some(Record::Unreadable(Unreadable {
                address: it.address.clone(),
                unreadable: it.unreadable,
                at_ns: watch.now().as_nanos(),
                ignored: Some(it.unreadable.into()),
            }))
        }
        Record::Silent(it) => {
            let output = watch.poll(at(it.at_ns));
            silent(watch.now(), output)
        }
        Record::Stop(it) => {
            watch.stop(at(it.at_ns));
            return Decided::Input;
        }
        // It ends once.
        Record::Done(_) if report.done => None,
        Record::Done(it) => {
            report.done = true;
            loop {
                match watch.poll(at(it.at_ns)) {
                    MonitorOutput::Done => break Some(done(watch.now().as_nanos())),
                    output @ MonitorOutput::Stopped { .. } => {
                        report.missing(line, silent(watch.now(), output).as_ref());
                    }
                    MonitorOutput::Wait(_) | MonitorOutput::Idle => break None,
                }
            }
        }
        Record::Watched(it) => {
            report.concluded(line, watch.now().as_nanos());
            Some(Record::Watched(WatchedRecord {
                watched: watch.summary(),
                ..it.clone()
            }))
        }
        Record::Named(_) => return Decided::Input,
        _ => None,
    })
}

fn silent(now: ReflectorTime, output: MonitorOutput) -> Option<Record> {
    match output {
        MonitorOutput::Stopped { key, deadline, .. } => Some(Record::Silent(Silent {
            stopped: key,
            at_ns: now.as_nanos(),
            deadline_ns: deadline.as_nanos(),
        })),
        MonitorOutput::Wait(_) | MonitorOutput::Idle | MonitorOutput::Done => None,
    }
}
