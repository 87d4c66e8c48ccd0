//! `udping simulate`: client, network and server in virtual time.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::journal::{Header, to_line};
use udping_core::sim::{Scenario, What, World};
use udping_core::time::nanos;

use crate::Verdict;
use crate::cli::SimulateArgs;
use crate::report::{Report, Style};

pub(crate) fn run(args: &SimulateArgs) -> anyhow::Result<Verdict> {
    let seed = args.conditions.seed()?;
    let [request, reply] = args.conditions.both()?;
    let config = args.session.config(seed.get());
    anyhow::ensure!(
        config.count.is_some(),
        "a simulation without end would never print its summary; give a count with -c"
    );
    let size = Some(u64::try_from(args.session.padding()?)?).filter(|size| *size > 0);
    let scenario = Scenario {
        seed,
        request,
        reply,
        service_ns: nanos(args.service),
        interventions: Vec::new(),
    };
    let header = Header::simulation(
        concat!("udping ", env!("CARGO_PKG_VERSION")).to_owned(),
        &config,
        size,
        scenario,
    );
    let mut world = World::new(&header).context("this cannot be simulated")?;

    let to_stdout = args.journal.as_deref() == Some(Path::new("-"));
    let mut journal: Option<Box<dyn Write>> = match &args.journal {
        None => None,
        Some(_) if to_stdout => Some(Box::new(BufWriter::new(io::stdout().lock()))),
        Some(path) => {
            let file = File::create(path)
                .with_context(|| format!("cannot write the journal {}", path.display()))?;
            Some(Box::new(BufWriter::new(file)))
        }
    };
    let out: Box<dyn Write> = if to_stdout {
        Box::new(io::sink())
    } else {
        Box::new(BufWriter::new(io::stdout()))
    };
    let style = Style {
        quiet: args.quiet,
        terse: args.session.flood,
        ..Style::default()
    };
    let mut report = Report::new(
        out,
        style,
        "simulated server".to_owned(),
        "simulated server".to_owned(),
        config.timeout,
    );
    report.heading(&format!(
        "UDPING in virtual time, seed {seed}, timeout {:?}",
        config.timeout
    ))?;

    let mut log = |line: String| match &mut journal {
        Some(journal) => journal
            .write_all(line.as_bytes())
            .context("cannot write the journal"),
        None => Ok(()),
    };
    log(to_line(&header)?)?;
    for step in &mut world {
        if let Some(record) = &step.record {
            log(to_line(record)?)?;
        }
        match &step.what {
            What::Arrived(_, outcome) => report.outcome(outcome, None, None)?,
            What::Event(event) => report.event(event)?,
            _ => {}
        }
    }
    log(to_line(&world.summary())?)?;
    if let Some(journal) = &mut journal {
        journal.flush().context("cannot write the journal")?;
    }
    let summary = world.session().stats().summary();
    report.summary(&summary, Duration::from_nanos(world.now().as_nanos()))?;
    Ok(if summary.replied == 0 {
        Verdict::Bad
    } else {
        Verdict::Good
    })
}
