//! `udping simulate`: client, network and server in virtual time.
//!
//! Owns the way from its flags to a journal's header, and where the journal and the script go. What
//! happens in that world is the simulator's.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::time::saturating_nanos;
use udping_core::timestamp::Timestamps;
use udping_core::wire::low_bits;
use udping_journal::Scenario;
use udping_journal::{Header, Record, to_line};
use udping_sim::{Decision, Fates, Recorded, Step, World};

use crate::ExitStatus;
use crate::charset::TextWriter;
use crate::cli::{SimulateArgs, WireArg};
use crate::fail;
use crate::i18n::{duration, say};
use crate::journal::{JournalStdout, Output, TOOL};
use crate::path_impairments::PathImpairments;
use crate::report::{Report, Style};
use crate::run_end::RunEnd;
use crate::signals::Signals;
use crate::stdio::Stdout;
use crate::wire;

pub(crate) fn run(args: &SimulateArgs) -> anyhow::Result<ExitStatus> {
    let PathImpairments {
        seed,
        request,
        reply,
    } = args.impairments.path()?;
    let flag = "--match any";
    anyhow::ensure!(
        args.wire == WireArg::Textbook || !args.session.credits_any(),
        say::NeedsTextbook { flag }
    );
    let config = args.session.config().context(say::SIMULATE_IMPOSSIBLE)?;
    let timestamps = Timestamps {
        key: low_bits(seed.get()),
        ..Timestamps::default()
    };
    let config = config.to_builder().timestamps(timestamps).build()?;
    anyhow::ensure!(config.count().is_some(), say::SIMULATE_ENDLESS);
    let size = Some(u64::try_from(args.session.padding()?)?).filter(|size| *size > 0);
    let scenario = Scenario {
        seed,
        request,
        reply,
        service_ns: saturating_nanos(args.service),
        interventions: Vec::new(),
    };
    let header = Header::simulation(TOOL.to_owned(), &config, size, scenario);
    let header = wire::simulated(args.wire, header)?;
    let mut world = World::new(&header).context(say::SIMULATE_IMPOSSIBLE)?;

    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let end = RunEnd::new(&signals, None);
    let mut journal = Journals::create(args, &end)?;
    let script = args.script_out.as_deref().map(ScriptFile::create);
    let mut script = script.transpose()?;
    let mut out: Box<dyn Write> = if journal.takes_standard_output() {
        Box::new(io::sink())
    } else {
        Box::new(TextWriter(BufWriter::new(Stdout::new(end.clone()))))
    };
    let style = Style {
        quiet: args.quiet,
        terse: args.session.flood,
        ..Style::default()
    };
    let mut report = Report::new(
        style,
        say::SIMULATE_SERVER.to_string(),
        say::SIMULATE_SERVER.to_string(),
        config.timeout(),
    );
    // Whoever reads the report may go away; the journal is written to its end.
    let timeout = duration(config.timeout());
    let heading = say::SimulateHeading { seed, timeout };
    let mut said = writeln!(out, "{heading}").and_then(|()| out.flush());

    journal.begin(&header)?;
    while !signals.stopped()
        && let Some(step) = world.step()
    {
        if let Some(script) = &mut script {
            script.fates.take(step);
        }
        journal.step(step)?;
        if said.is_ok() {
            said = match step.decision() {
                Some(Decision::Outcome(outcome)) => {
                    report.outcome(&mut out, step.at, &outcome, None, None)
                }
                Some(Decision::Event(event)) => report.event(&mut out, &event),
                _ => Ok(()),
            };
        }
        if said.is_err() && args.journal.is_none() && script.is_none() {
            break;
        }
    }
    if world.is_done() {
        journal.summary(&world.summary().named(&header))?;
    }
    journal.flush()?;
    if let Some(script) = script {
        script.write(&world)?;
    }
    let summary = world.session().stats().summary();
    report.take_outages(world.session().outages(), None);
    let elapsed = Duration::from_nanos(world.now().as_nanos());
    match said.and_then(|()| report.summary(&mut out, &summary, &[], elapsed)) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(error).context(say::STDOUT_FAILED);
        }
        _ => {}
    }
    let stats = Some(world.session().stats());
    Ok(if fail::any_met(&args.fail.fail, &summary, stats) {
        ExitStatus::ConditionMet
    } else if summary.replied == 0 {
        ExitStatus::Failure
    } else {
        ExitStatus::Success
    })
}

/// Where the packets' fates go.
struct ScriptFile {
    name: String,
    file: File,
    fates: Fates,
}

impl ScriptFile {
    fn create(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let file = match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                anyhow::bail!(say::SimulateScriptExists { name })
            }
            file => file.with_context(|| say::SimulateScriptNotWritten { name: name.clone() })?,
        };
        let fates = Fates::default();
        Ok(Self { name, file, fates })
    }

    fn write(self, world: &World) -> anyhow::Result<()> {
        let Self {
            name,
            mut file,
            fates,
        } = self;
        write!(file, "{}", fates.script(world))
            .with_context(|| say::SimulateScriptNotWritten { name })
    }
}

/// Where the journal goes: to a file, to standard output, or to both.
struct Journals {
    file: Option<(String, Output)>,
    stdout: Option<BufWriter<JournalStdout>>,
    /// Standard output gets only the first line and the last.
    brief: bool,
}

impl Journals {
    fn create(args: &SimulateArgs, end: &RunEnd) -> anyhow::Result<Self> {
        let path = args.journal.as_deref();
        let to_stdout = args.json || path == Some(Path::new("-"));
        let file = path.filter(|path| *path != Path::new("-")).map(|path| {
            let name = path.display().to_string();
            anyhow::Ok((name, args.files.open(path)?))
        });
        let stdout = to_stdout.then(|| anyhow::Ok(BufWriter::new(JournalStdout::open(end)?)));
        Ok(Self {
            file: file.transpose()?,
            stdout: stdout.transpose()?,
            brief: args.quiet,
        })
    }

    fn takes_standard_output(&self) -> bool {
        self.stdout.is_some()
    }

    /// Writes the first line.
    fn begin(&mut self, header: &Header) -> anyhow::Result<()> {
        let line = || to_line(header);
        self.write(true, line, |file, line| file.begin(header, line))
    }

    /// Writes what is on record of a step, if anybody wants more than the first line and the
    /// last.
    fn step(&mut self, step: &Step<Recorded>) -> anyhow::Result<()> {
        let wanted = self.file.is_some() || self.stdout.is_some() && !self.brief;
        match wanted.then(|| step.record()).flatten() {
            Some(record) => self.line(!self.brief, &record),
            None => Ok(()),
        }
    }

    /// Writes the last line.
    fn summary(&mut self, summary: &Record) -> anyhow::Result<()> {
        self.line(true, summary)
    }

    fn line(&mut self, to_stdout: bool, record: &Record) -> anyhow::Result<()> {
        let at_ns = record.at_ns().unwrap_or_default();
        self.write(
            to_stdout,
            || to_line(record),
            |file, line| file.line(at_ns, line),
        )
    }

    fn write(
        &mut self,
        to_stdout: bool,
        line: impl FnOnce() -> Result<String, serde_json::Error>,
        to_file: impl FnOnce(&mut Output, &[u8]) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let stdout = self.stdout.as_mut().filter(|_| to_stdout);
        if self.file.is_none() && stdout.is_none() {
            return Ok(());
        }
        let line = line()?;
        if let Some((name, file)) = &mut self.file {
            to_file(file, line.as_bytes()).with_context(|| failed(name))?;
        }
        let said = stdout.map_or(Ok(()), |out| out.write_all(line.as_bytes()));
        self.take(said)
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        if let Some((name, out)) = &mut self.file {
            out.flush().with_context(|| failed(name))?;
        }
        let said = self.stdout.as_mut().map_or(Ok(()), Write::flush);
        self.take(said)
    }

    /// Whoever reads standard output may go away; a file is written to its end.
    fn take(&mut self, said: io::Result<()>) -> anyhow::Result<()> {
        match said {
            Err(error) if self.file.is_some() && error.kind() == io::ErrorKind::BrokenPipe => {
                self.stdout = None;
                Ok(())
            }
            said => said.with_context(|| failed("-")),
        }
    }
}

fn failed(name: &str) -> String {
    say::JournalNotWritten { name }.to_string()
}
