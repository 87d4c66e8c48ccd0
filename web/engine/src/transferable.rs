//! A run in a few long arrays, to hand from a worker to the page at the cost of a copy.
//!
//! Owns which column is which. Whoever unpacks is of the same build as whoever packed;
//! still, what does not fit together is refused.

use serde::{Deserialize, Serialize};
use udping_journal::Intervention;
use udping_journal::comparison::Via;
use udping_journal::replay::Report;
use udping_journal::{Header, Record, json, parse_record};
use udping_sim::World;

use super::log::{Code, Events, Flights, Log, NONE, Probes, Reflection, Revision, Wait};
use super::message::Message;
use super::run::{Origin, Recorded, Run};

/// A run's columns, and the rest as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferableRun {
    /// What is not columns.
    pub rest: String,
    /// Columns of 64 bits.
    pub longs: Vec<Vec<u64>>,
    /// Columns of 32 bits.
    pub ints: Vec<Vec<u32>>,
    /// Columns of 8 bits.
    pub bytes: Vec<Vec<u8>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Rest {
    /// As a journal's first line.
    header: String,
    simulated: bool,
    missing_data: Vec<Message>,
    via: Option<Via>,
    waited: Option<Wait>,
    others: Vec<TransferableRun>,
    figures: Option<Message>,
    names: Vec<(u64, String)>,
    /// Records of what a server's journal says, as lines.
    far: Vec<String>,
    printed: Vec<String>,
    verbatim: Vec<(u32, String)>,
    report: Report,
}

impl Rest {
    /// A simulated run's interventions, in the order in which a world carries them out.
    fn interventions(&self, header: &Header) -> Result<Vec<Intervention>, TransferError> {
        if !self.simulated {
            return Ok(Vec::new());
        }
        let world = World::new(header).map_err(|error| TransferError(error.to_string()))?;
        Ok(world.scenario().interventions.clone())
    }

    /// Puts the records that the columns do not hold in full into `log`.
    fn verbatim(&self, log: &mut Log) -> Result<(), TransferError> {
        for (event, line) in &self.verbatim {
            let (record, _) =
                parse_record(line).map_err(|error| TransferError(error.to_string()))?;
            log.keep(*event, record);
        }
        Ok(())
    }

    /// What the journal came to, with its events in `log`.
    fn recorded(self, log: Log) -> Result<Recorded, TransferError> {
        let far = records(&self.far, |record| match record {
            Record::Far(it) => Some(it),
            _ => None,
        });
        let printed = records(&self.printed, |record| match record {
            Record::Printed(it) => Some(it),
            _ => None,
        });
        let others = self.others.into_iter().map(TransferableRun::unpack);
        let others = others.collect::<Result<_, _>>()?;
        Ok(Recorded {
            log,
            report: self.report,
            missing_data: self.missing_data,
            via: self.via,
            waited: self.waited,
            others,
            figures: self.figures,
            names: self.names,
            far: far?,
            of_server: false,
            printed: printed?,
            of_program: false,
        })
    }
}

/// The records of one kind that stand on these lines.
fn records<T>(lines: &[String], of: fn(Record) -> Option<T>) -> Result<Vec<T>, TransferError> {
    let records = lines.iter().map(|line| {
        let (record, _) = parse_record(line).map_err(|error| TransferError(error.to_string()))?;
        of(record).ok_or_else(|| TransferError("a record is of another kind".to_owned()))
    });
    records.collect()
}

/// The columns do not make a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferError(String);

impl core::fmt::Display for TransferError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the run was damaged on its way to the page: {}", self.0)
    }
}

impl core::error::Error for TransferError {}

impl TransferableRun {
    /// Packs a run. A simulated one forgets where it could go on from: forking it takes
    /// a simulation from the start.
    ///
    /// # Errors
    /// [`TransferError`] if a record cannot be written, which none can cause.
    pub fn of(run: &Run) -> Result<Self, TransferError> {
        let wrong = |error: serde_json::Error| TransferError(error.to_string());
        let log = run.log();
        let verbatim = log.verbatim.iter();
        let verbatim = verbatim.map(|(event, record)| Ok((*event, serde_json::to_string(record)?)));
        let recorded = run.read_from_journal();
        // Few and short: a comparison waits for each of its answers.
        let others = recorded.iter().flat_map(|it| &it.others).map(Self::of);
        let far = recorded.iter().flat_map(|it| &it.far);
        let far = far.map(|far| serde_json::to_string(&Record::from(far.clone())));
        let printed = recorded.iter().flat_map(|it| &it.printed);
        let printed = printed.map(|it| serde_json::to_string(&Record::from(it.clone())));
        let rest = Rest {
            header: serde_json::to_string(run.header()).map_err(wrong)?,
            simulated: run.origin() == Origin::Simulated,
            missing_data: run.missing_data().to_vec(),
            via: recorded.and_then(|it| it.via),
            waited: recorded.and_then(|it| it.waited),
            others: others.collect::<Result<_, _>>()?,
            figures: run.figures().cloned(),
            names: recorded.map(|it| it.names.clone()).unwrap_or_default(),
            far: far.collect::<Result<_, _>>().map_err(wrong)?,
            printed: printed.collect::<Result<_, _>>().map_err(wrong)?,
            verbatim: verbatim.collect::<Result<_, _>>().map_err(wrong)?,
            report: run.report().cloned().unwrap_or_default(),
        };
        let (events, probes, flights) = (&log.events, &log.probes, &log.flights);
        let revised = || log.revisions.iter();
        let stamped = || log.reflections.iter();
        let skipped = || log.lines.iter();
        Ok(Self {
            rest: serde_json::to_string(&rest).map_err(wrong)?,
            longs: vec![
                events.at.clone(),
                events.value.clone(),
                probes.seq.clone(),
                flights.from.clone(),
                flights.until.clone(),
                revised().map(|it| it.until).collect(),
                stamped().map(|(_, it)| it.t2).collect(),
                stamped().map(|(_, it)| it.t3).collect(),
                stamped().map(|(_, it)| it.word()).collect(),
                skipped().map(|(_, line)| *line).collect(),
                log.differing.clone(),
            ],
            ints: vec![
                events.probe.clone(),
                probes.sent.clone(),
                probes.settled.clone(),
                probes.late.clone(),
                flights.probe.clone(),
                flights.copy.clone(),
                flights.launched.clone(),
                flights.ended.clone(),
                revised().map(|it| it.flight).collect(),
                revised().map(|it| it.event).collect(),
                stamped().map(|(event, _)| *event).collect(),
                skipped().map(|(event, _)| *event).collect(),
            ],
            bytes: vec![
                events.code.clone(),
                flights.flags.clone(),
                revised().map(|it| it.flags).collect(),
            ],
        })
    }

    /// The run.
    ///
    /// # Errors
    /// [`TransferError`] if these columns are of different runs, or none's.
    pub fn unpack(self) -> Result<Run, TransferError> {
        let rest: Rest =
            json::from_str(&self.rest).map_err(|error| TransferError(error.to_string()))?;
        let header =
            Header::parse(&rest.header).map_err(|error| TransferError(error.to_string()))?;
        let wrong = |what: &str| TransferError(what.to_owned());
        let (Ok(longs), Ok(ints), Ok(bytes)) = (
            <[Vec<u64>; 11]>::try_from(self.longs),
            <[Vec<u32>; 12]>::try_from(self.ints),
            <[Vec<u8>; 3]>::try_from(self.bytes),
        ) else {
            return Err(wrong("a column is missing"));
        };
        let [
            at,
            value,
            seq,
            from,
            until,
            revised_until,
            t2,
            t3,
            counting,
            line,
            differing,
        ] = longs;
        let [
            probe,
            sent,
            settled,
            late,
            flight_probe,
            copy,
            launched,
            ended,
            revised,
            revised_at,
            stamped,
            skipped,
        ] = ints;
        let [code, flags, revised_flags] = bytes;
        let alike = |lengths: &[usize]| lengths.iter().all(|len| Some(len) == lengths.first());
        if !alike(&[at.len(), value.len(), probe.len(), code.len()])
            || !alike(&[seq.len(), sent.len(), settled.len(), late.len()])
            || !alike(&[from.len(), until.len(), flight_probe.len(), copy.len()])
            || !alike(&[from.len(), launched.len(), ended.len(), flags.len()])
        {
            return Err(wrong("a column has another length"));
        }
        let columns = [&probe, &flight_probe];
        let probes = seq.len();
        let in_range =
            |value: &u32| *value == NONE || usize::try_from(*value).is_ok_and(|at| at < probes);
        if !columns.iter().all(|column| column.iter().all(in_range)) {
            return Err(wrong("a probe is missing"));
        }
        if code.iter().any(|byte| Code::from_byte(*byte).is_none()) {
            return Err(wrong("an event is of no kind"));
        }
        let revisions = revised
            .into_iter()
            .zip(revised_at)
            .zip(revised_until.into_iter().zip(revised_flags));
        let interventions = rest.interventions(&header)?;
        let mut log = Log::with(interventions);
        log.events = Events {
            at,
            code,
            probe,
            value,
        };
        log.flights = Flights::new([from, until], [flight_probe, copy, launched, ended], flags);
        log.revisions = revisions
            .map(|((flight, event), (until, flags))| Revision {
                flight,
                event,
                until,
                flags,
            })
            .collect();
        log.lines = skipped.into_iter().zip(line).collect();
        let times = t2.into_iter().zip(t3).zip(counting);
        log.reflections = stamped
            .into_iter()
            .zip(times)
            .map(|(event, ((t2, t3), word))| (event, Reflection::of(t2, t3, word)))
            .collect();
        rest.verbatim(&mut log)?;
        log.differing = differing;
        log.set_probes(Probes {
            seq,
            sent,
            settled,
            late,
        });
        if rest.simulated {
            return Ok(Run::simulated_elsewhere(header, log));
        }
        let recorded = rest.recorded(log)?;
        Ok(Run::recorded(header, recorded))
    }
}

#[cfg(test)]
mod tests {
    use udping_journal::Action;
    use udping_link::Seed;

    use super::*;
    use crate::export::journal;
    use crate::history::History;
    use crate::loader::Loader;
    use crate::presets::Preset;

    fn acted_on() -> History {
        let mut history =
            History::simulate(&Preset::HomeWifi.setup(Seed::from_low_bits(2))).unwrap();
        let cursor = history.run().seek(30_000_000);
        let flight = history.run().in_flight(cursor)[0].index;
        let action = Action::Delay { by_ns: 9_000_000 };
        history.act(cursor, flight, action).unwrap();
        history
    }

    fn loaded(text: &str) -> Run {
        let mut loader = Loader::new();
        loader.feed(text.as_bytes()).unwrap();
        loader.finish().unwrap()
    }

    #[test]
    fn a_run_survives_the_way_to_the_page() {
        let history = acted_on();
        let text = journal(history.run()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(5, r#"{"sent":9000,"at_ns":1,"due_ns":7,"new":1}"#);
        lines.insert(
            9,
            r#"{"reply":3,"at_ns":2,"t2_ns":5,"t3_ns":6,"count":9,"synced":true,"timestamp":null}"#,
        );
        for run in [
            history.run().as_ref(),
            &loaded(&text),
            &loaded(&lines.join("\n")),
        ] {
            let back = TransferableRun::of(run).unwrap().unpack().unwrap();
            assert!(back.log() == run.log());
            assert_eq!(back.report(), run.report());
            assert_eq!(
                (back.missing_data(), back.header()),
                (run.missing_data(), run.header())
            );
            assert_eq!(back.origin(), run.origin());
        }
    }

    #[test]
    fn an_unpacked_simulation_can_still_be_forked() {
        let mut here = acted_on();
        let packed = TransferableRun::of(here.run()).unwrap();
        let mut there = History::of(packed.unpack().unwrap());
        let cursor = here.run().seek(100_000_000);
        let flight = here.run().in_flight(cursor)[0].index;
        let moved = here.act(cursor, flight, Action::Drop);
        assert_eq!(there.act(cursor, flight, Action::Drop), moved);
        assert!(here.run().log() == there.run().log());
    }

    #[test]
    fn columns_that_do_not_fit_together_are_refused() {
        let whole = TransferableRun::of(acted_on().run()).unwrap();
        let spoilt = |spoil: fn(&mut TransferableRun)| {
            let mut packed = whole.clone();
            spoil(&mut packed);
            packed.unpack().unwrap_err().to_string()
        };
        assert!(spoilt(|it| it.rest.clear()).contains("EOF"));
        assert!(spoilt(|it| drop(it.longs.pop())).contains("missing"));
        assert!(spoilt(|it| it.longs[0].truncate(7)).contains("length"));
        assert!(spoilt(|it| it.ints[0][0] = 1 << 20).contains("probe"));
        assert!(spoilt(|it| it.bytes[0][0] = 31).contains("kind"));
    }
}
