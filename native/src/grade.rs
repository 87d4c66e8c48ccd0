//! `udping grade`: judges a program that somebody wrote for the assignment.
//!
//! Owns the order of things: a copy, trials at the same time, those again that a busy machine
//! may have spoilt, the verdicts. Each trial runs in a process of its own; what it shows is
//! the judge's.

mod answer;
mod assignment;
mod bug;
mod class;
mod confine;
mod copy;
mod formats;
mod heartbeat;
mod journal;
mod judge;
mod monitor;
mod names;
mod page;
mod printed;
mod program;
mod reader;
mod scenario;
mod server;
mod show;
mod starved;
mod transcript;
mod trial;
mod truth;
mod user;
mod verdict;

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;

use crate::ExitStatus;
use crate::cli::GradeArgs;
use crate::cli::grade::{GradeFormat, GradeWhat};
use crate::clock::Clock;
use crate::i18n::say;
use crate::warn;
use assignment::Assignment;
use bug::Bug;
use copy::Copy;
use judge::{Hints, Judged, Unjudged, judge};
use program::Program;
use scenario::Scenario;
use transcript::{End, Transcript};
use trial::Trial;
use verdict::{Report, Result as ScenarioResult};

/// How many scenarios are tried at once.
const AT_ONCE: usize = 16;

/// Between the starts of programs, which take much of a processor.
const STAGGER: Duration = Duration::from_millis(150);

/// How often a scenario is tried where the machine may have spoilt it.
const TRIES: usize = 4;

/// For how long scenarios are tried again: a machine that is busy all the time stays so.
const REPEATS: Duration = Duration::from_secs(90);

pub(crate) fn run(args: &GradeArgs) -> anyhow::Result<ExitStatus> {
    match args.what {
        GradeWhat::Client => {
            anyhow::ensure!(!args.program.is_empty(), say::GRADE_NO_PROGRAM);
            warn_of_open();
            let report = client(args, &args.folder, &args.program, args.build.as_deref())?;
            if let Some(folder) = &args.journals {
                journal::write(&assignment(args)?, &report.command, &report.results, folder)?;
            }
            end(args, &report)
        }
        GradeWhat::Server => {
            anyhow::ensure!(!args.program.is_empty(), say::GRADE_NO_PROGRAM);
            warn_of_open();
            end(args, &serve(args)?)
        }
        GradeWhat::Heartbeat => {
            anyhow::ensure!(!args.program.is_empty(), say::GRADE_NO_PROGRAM);
            warn_of_open();
            end(args, &heartbeat(args)?)
        }
        GradeWhat::HeartbeatServer => {
            anyhow::ensure!(!args.program.is_empty(), say::GRADE_NO_PROGRAM);
            warn_of_open();
            end(args, &monitor(args)?)
        }
        GradeWhat::Class => {
            warn_of_open();
            class::run(args)
        }
        GradeWhat::Serving => {
            let served = server::run(&serde_json::from_reader(io::stdin())?)?;
            serde_json::to_writer(io::stdout(), &served)?;
            Ok(ExitStatus::Success)
        }
        GradeWhat::Monitor => {
            let watched = monitor::run(&serde_json::from_reader(io::stdin())?)?;
            serde_json::to_writer(io::stdout(), &watched)?;
            Ok(ExitStatus::Success)
        }
        GradeWhat::Trial => {
            let seen = trial::run(&serde_json::from_reader(io::stdin())?)?;
            serde_json::to_writer(io::stdout(), &seen)?;
            Ok(ExitStatus::Success)
        }
        GradeWhat::Launch => {
            let end = confine::launch(&serde_json::from_reader(io::stdin())?);
            let end = end.unwrap_or_else(|error| End::NotStarted(format!("{error:#}")));
            serde_json::to_writer(io::stdout(), &end)?;
            Ok(ExitStatus::Success)
        }
        GradeWhat::Map => user::map().map(|()| ExitStatus::Success),
        GradeWhat::Isolate => confine::isolate().map(|()| ExitStatus::Success),
    }
}

/// Says what is not isolated on this system, before anything runs.
fn warn_of_open() {
    if !confine::isolates() {
        warn(&say::GRADE_NOT_ISOLATED);
    }
}

/// The assignment that the arguments name.
fn assignment(args: &GradeArgs) -> anyhow::Result<Assignment> {
    let mut assignment = Assignment::read(&args.assignment)?;
    if let Some(count) = args.count {
        assignment.count = (count > 0).then_some(count);
    }
    if let Some(timeout) = args.timeout {
        assignment.timeout = timeout;
    }
    if let Some(beat) = &args.beat {
        assignment.beat.clone_from(beat);
    }
    if !args.printed.is_empty() {
        assignment.printed = assignment::patterns(&args.printed)?;
    }
    if !args.only.is_empty() {
        let find = |name: &String| {
            Scenario::find(name).with_context(|| say::GradeAssignmentWord { word: name.clone() })
        };
        assignment.scenarios = args.only.iter().map(find).collect::<anyhow::Result<_>>()?;
    }
    Ok(assignment)
}

/// Grades a client.
fn client(
    args: &GradeArgs,
    folder: &Path,
    words: &[String],
    build: Option<&str>,
) -> anyhow::Result<Report> {
    let isolated = confine::isolates();
    let assignment = assignment(args)?;
    let copy = copied(args, folder, build)?;
    let program = program(args, words, &copy, isolated);
    grade(&assignment, &program, args.serial || !isolated)
}

/// A copy of a program's folder, built.
fn copied(args: &GradeArgs, folder: &Path, build: Option<&str>) -> anyhow::Result<Copy> {
    let copy = Copy::of(folder, &args.replace)?;
    if let Some(command) = build {
        copy.build(command)?;
    }
    copy.give()?;
    Ok(copy)
}

/// Grades a server.
fn serve(args: &GradeArgs) -> anyhow::Result<Report> {
    let copy = copied(args, &args.folder, args.build.as_deref())?;
    let assignment = assignment(args)?;
    let serving = server::Serving {
        program: program(args, &args.program, &copy, confine::isolates()),
        wire: assignment.wire.name().map(str::to_owned),
    };
    let tried = || -> anyhow::Result<Vec<ScenarioResult>> {
        let served = serde_json::from_slice(&stage("serving", &serving)?);
        Ok(server::judge(&served.context(say::GRADE_NO_TRIAL)?))
    };
    let mut results = tried()?;
    if results.iter().any(|it| it.judged.is_doubtful(&[])) {
        let again = tried()?;
        for result in &mut results {
            let same = again.iter().find(|it| it.scenario == result.scenario);
            let again = same.map_or_else(Judged::default, |it| it.judged.clone());
            result.judged = repeated(std::mem::take(&mut result.judged), again);
        }
    }
    Ok(Report::new(&assignment, &serving.program.words, results))
}

/// How long a sender of heartbeats is listened to after each.
const BETWEEN_BEATS: Duration = Duration::from_secs(10);

/// Grades a sender of heartbeats: where they are received, and where nobody listens.
fn heartbeat(args: &GradeArgs) -> anyhow::Result<Report> {
    let isolated = confine::isolates();
    let copy = copied(args, &args.folder, args.build.as_deref())?;
    let program = program(args, &args.program, &copy, isolated);
    // It goes on and on, and is stopped after a few.
    let few = Assignment {
        count: Some(2),
        timeout: BETWEEN_BEATS,
        ..assignment(args)?
    };
    let scenarios: Vec<&'static Scenario> = ["all-lost", "nobody"]
        .into_iter()
        .filter_map(Scenario::find)
        .collect();
    let at_once = if isolated && !args.serial { AT_ONCE } else { 1 };
    let mut results = Vec::new();
    let seen = all(&few, &program, &scenarios, at_once)?;
    for (scenario, mut seen) in scenarios.into_iter().zip(seen) {
        let mut judged = heartbeat::sender(&seen);
        if judged.findings.iter().any(|it| it.busy) {
            seen = one(&few, &program, scenario)?;
            judged = repeated(judged, heartbeat::sender(&seen));
        }
        let scenario = scenario.name;
        results.push(ScenarioResult {
            scenario,
            judged,
            seen,
        });
    }
    Ok(Report::new(&few, &program.words, results))
}

/// Grades a server of heartbeats.
fn monitor(args: &GradeArgs) -> anyhow::Result<Report> {
    let copy = copied(args, &args.folder, args.build.as_deref())?;
    let assignment = assignment(args)?;
    let watch = monitor::Watch {
        program: program(args, &args.program, &copy, confine::isolates()),
        beat: assignment.beat.clone(),
    };
    let watched =
        serde_json::from_slice(&stage("monitor", &watch)?).context(say::GRADE_NO_TRIAL)?;
    let results = heartbeat::server(&watched);
    Ok(Report::new(&assignment, &watch.program.words, results))
}

/// Says what a report says, and gives it as a status.
fn end(args: &GradeArgs, report: &Report) -> anyhow::Result<ExitStatus> {
    match args.format {
        GradeFormat::Text => show::text(report)?,
        other => formats::print(report, &assignment(args)?, other)?,
    }
    if let Some(path) = &args.report {
        let page = page::page(report, &assignment(args)?);
        fs::write(path, page).with_context(|| say::GradeNoReport {
            path: path.display().to_string(),
        })?;
    }
    Ok(match report.passed() {
        Some(true) => ExitStatus::Success,
        Some(false) => ExitStatus::Failure,
        None => ExitStatus::Error,
    })
}

/// How the program of these arguments is started.
fn program(args: &GradeArgs, words: &[String], copy: &Copy, isolated: bool) -> Program {
    let names = |it: &String| it.contains("{port}") || it.contains("{host}");
    let is_told = words.iter().any(names) || args.env || args.stdin.is_some();
    // Nothing else is there in a network of its own.
    let usual = (isolated || !is_told).then_some(crate::cli::DEFAULT_PORT);
    let env = ["HOST", "SERVER_HOST", "PORT", "SERVER_PORT"].map(|name| {
        let value = if name.ends_with("HOST") {
            "{host}"
        } else {
            "{port}"
        };
        (name.to_owned(), value.to_owned())
    });
    let stdin = args.stdin.as_ref();
    Program {
        words: words.to_vec(),
        folder: copy.path().to_owned(),
        port: args.listen.or(usual),
        env: if args.env { env.to_vec() } else { Vec::new() },
        stdin: stdin.map(|it| it.replace("\\n", "\n")),
        isolated,
    }
}

/// Tries a program on every network of an assignment.
fn grade(assignment: &Assignment, program: &Program, serial: bool) -> anyhow::Result<Report> {
    let at_once = if serial { 1 } else { AT_ONCE };
    // How a program prints and sends shows where nothing goes wrong.
    let mut scenarios = assignment.scenarios.clone();
    let plain = Scenario::find("answered").filter(|it| !scenarios.contains(it));
    scenarios.extend(plain);
    let mut seen = all(assignment, program, &scenarios, at_once)?;
    let tell = |known: Hints| {
        let all = seen.iter().map(|it| judge(assignment, it, known).hints);
        all.fold(known, Hints::or)
    };
    let mut votes = [0; 4];
    for seen in &seen {
        let found = judge(assignment, seen, Hints::default()).units;
        votes = std::array::from_fn(|it| votes.get(it).unwrap_or(&0) + found.get(it).unwrap_or(&0));
    }
    let unit = judge::best_unit(votes);
    let known = tell(tell(Hints {
        unit,
        ..Hints::default()
    }));
    seen.truncate(assignment.scenarios.len());
    let mut results = Vec::new();
    for (scenario, seen) in assignment.scenarios.iter().zip(seen) {
        results.push(ScenarioResult {
            scenario: scenario.name,
            judged: judge_knowing(assignment, &seen, known),
            seen,
        });
    }
    // Whoever prints nothing, anywhere, has not done the half of it.
    let silent =
        |it: &ScenarioResult| it.seen.output.is_empty() && matches!(it.seen.end, End::Exited(_));
    if results.iter().all(silent)
        && let Some(first) = results.iter_mut().find(|it| it.seen.has_requests())
    {
        first.judged.say_nothing_printed();
    }
    let clock = Clock::start();
    let mut sure: Vec<Bug> = results.iter().flat_map(|it| it.judged.sure()).collect();
    for (result, scenario) in results.iter_mut().zip(&assignment.scenarios) {
        for _ in 1..TRIES {
            if !result.judged.is_doubtful(&sure) || clock.elapsed() > REPEATS {
                break;
            }
            let seen = one(assignment, program, scenario)?;
            let again = judge_knowing(assignment, &seen, known);
            if again.was_disturbed() {
                continue;
            }
            let before = std::mem::replace(&mut result.judged, again);
            if !before.was_disturbed() {
                let again = std::mem::take(&mut result.judged);
                result.judged = repeated(before, again);
            }
            result.seen = seen;
        }
        // Never an accusation by a busy machine.
        if result.judged.is_doubtful(&sure) {
            result.judged.leave_doubtful(&sure);
        }
        sure.extend(result.judged.sure());
    }
    // What is not said anywhere in the end is known nowhere.
    if let Some(always) = known.always
        && !results.iter().any(|it| it.judged.names(always))
    {
        let told = results.iter_mut().filter(|it| it.judged.lines > 0);
        told.for_each(|it| it.judged.unjudged.push(Unjudged::Busy));
    }
    Ok(Report::new(assignment, &program.words, results))
}

/// Judges a transcript; a bug that all of the program's times have is said where it shows by
/// itself, and elsewhere what else is wrong.
fn judge_knowing(assignment: &Assignment, seen: &Transcript, known: Hints) -> Judged {
    let unknown = Hints {
        always: None,
        ..known
    };
    let alone = judge(assignment, seen, unknown);
    match known.always {
        Some(always) if !alone.names(always) => judge(assignment, seen, known),
        _ => alone,
    }
}

/// What was found, and again.
fn repeated(mut before: Judged, again: Judged) -> Judged {
    let was = before.findings.len();
    before.findings.retain(|it| !it.busy || again.shows(it.bug));
    for finding in &mut before.findings {
        finding.busy = false;
    }
    if before.findings.len() < was {
        before.unjudged.push(Unjudged::NotRepeated);
    }
    // The packets that are kept are those of the last time.
    before.pings = again.pings;
    before
}

/// Tries several networks, so many at once.
fn all(
    assignment: &Assignment,
    program: &Program,
    scenarios: &[&'static Scenario],
    at_once: usize,
) -> anyhow::Result<Vec<Transcript>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, anyhow::Result<Transcript>)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let (next, done) = (&next, &done);
        for worker in 0..at_once.min(scenarios.len()) {
            scope.spawn(move || {
                thread::sleep(STAGGER * u32::try_from(worker).unwrap_or(0));
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(scenario) = scenarios.get(index) else {
                        return;
                    };
                    let seen = one(assignment, program, scenario);
                    if let Ok(mut done) = done.lock() {
                        done.push((index, seen));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|it| it.0);
    done.into_iter().map(|it| it.1).collect()
}

/// Tries one network, in a process of its own.
fn one(
    assignment: &Assignment,
    program: &Program,
    scenario: &Scenario,
) -> anyhow::Result<Transcript> {
    let trial = Trial {
        scenario: scenario.name.to_owned(),
        program: program.clone(),
        count: u64::try_from(assignment.count.unwrap_or(30))?,
        timeout: assignment.timeout,
        answer: assignment.wire.answer(),
    };
    serde_json::from_slice(&stage("trial", &trial)?).context(say::GRADE_NO_TRIAL)
}

/// Runs a stage in a process of its own: what it needs, and what it gives.
fn stage(name: &str, needs: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    let mut child = Command::new(env::current_exe()?)
        .args(["grade", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context(say::GRADE_NO_LAUNCH)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&serde_json::to_vec(needs)?)?;
    }
    Ok(child.wait_with_output()?.stdout)
}
