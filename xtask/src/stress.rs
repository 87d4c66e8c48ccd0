//! `cargo xtask stress`: whether the tests hold on a machine that is busy with something else.
//!
//! Owns the load, which tests are run under it, how often, and the table of what came of it.
//! How a runner says that a test passed is the tally's to know.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::{Metadata, Package, Target};
use clap::Args;

use crate::layers::{self, Layer, WASM_TEST};
use crate::run::Bounded;
use crate::tally::{Reader, Runner};
use crate::{page, run, test, tools};

/// How many loops keep the machine busy.
const LOOPS: usize = 4;

/// The package whose every test has a socket or a process.
const COMMAND: &str = "udping";

/// What a file of tests elsewhere names if it has one.
const NAMES: [&str; 2] = ["std::net::", "std::process::"];

#[derive(Debug, Args)]
pub(crate) struct StressArgs {
    /// How often each test runs
    #[arg(long, value_name = "N", default_value_t = 50)]
    times: u32,
    /// How often the whole suite runs after that
    #[arg(long, value_name = "M", default_value_t = 0)]
    suite: u32,
    /// Only the files of tests, or the tests, whose name contains this
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// How long a file of tests may run, before it is killed and has failed
    #[arg(long, value_name = "MINUTES", default_value_t = 30)]
    limit: u64,
}

/// Runs the tests under load, and fails if one of them does.
pub(crate) fn run(args: &StressArgs) -> Result<()> {
    let mut needs = page::NEEDS.to_vec();
    for layer in [Layer::Cargo, Layer::Wasm, Layer::E2e] {
        needs.extend(layer.needs());
    }
    tools::ensure(&needs)?;
    // The tests of the page and of the command that has it inside.
    page::build()?;
    let workspace = run::workspace()?;
    let mut files = files(&workspace)?;
    for file in files.iter().filter(|file| file.runner == Runner::Cargo) {
        run::run((file.command)(None)?.arg("--no-run"))?;
    }

    let load = Load::start();
    let mut table = Table::default();
    for round in 1..=args.times {
        let mut left = Vec::new();
        for file in files {
            let filter = args.only.as_deref();
            let filter = filter.filter(|only| !file.name.contains(*only));
            let ran = file.run(filter, Duration::from_secs(args.limit.saturating_mul(60)))?;
            let (tests, failed) = (ran.results.len(), ran.failures());
            println!(
                "round {round} of {}: {}: {tests} tests, {failed} failed",
                args.times, file.name
            );
            if failed > 0 {
                println!("{}", ran.output);
            }
            if tests > 0 {
                table.add(&file.name, ran.results);
                left.push(file);
            }
        }
        files = left;
        ensure!(!files.is_empty(), "no test has such a name");
    }
    for round in 1..=args.suite {
        println!("the whole suite, {round} of {}", args.suite);
        let passed = test::run(&[], &[]);
        if let Err(error) = &passed {
            println!("{error:?}");
        }
        let result = ("all its layers".to_owned(), passed.is_ok());
        table.add("the whole suite", vec![result]);
    }
    drop(load);

    print!("{}", table.text());
    let failures = table.failures();
    ensure!(failures == 0, "{failures} runs failed");
    Ok(())
}

/// A file of tests.
struct File {
    /// Its path, as its runner shows it.
    name: String,
    runner: Runner,
    command: Build,
}

/// The command that runs a file's tests, or those whose name contains what is given.
type Build = Box<dyn Fn(Option<&str>) -> Result<Command>>;

/// What running a file came to.
struct Ran {
    /// Each test's name, and whether it passed.
    results: Vec<(String, bool)>,
    /// All that was written.
    output: String,
}

impl File {
    /// Runs its tests, or those whose name contains `filter`, for no longer than `limit`.
    fn run(&self, filter: Option<&str>, limit: Duration) -> Result<Ran> {
        let Bounded { output, status } = run::bounded(&mut (self.command)(filter)?, limit)?;
        Ok(self.ran(output, status.map(|status| status.success())))
    }

    /// What came of a run that wrote `output` and then succeeded or failed, or was killed.
    fn ran(&self, mut output: String, success: Option<bool>) -> Ran {
        let mut reader = Reader::new(self.runner);
        output.lines().for_each(|line| reader.line(line));
        let hung = reader.unfinished();
        let mut results = reader.results();
        if success.is_none() {
            output += "\nkilled: it took too long\n";
            results.extend(hung.into_iter().map(|test| (test, false)));
        }
        if success != Some(true) && results.iter().all(|(_, passed)| *passed) {
            results.push(("outside of any test".to_owned(), false));
        }
        Ran { results, output }
    }
}

impl Ran {
    fn failures(&self) -> usize {
        self.results.iter().filter(|(_, passed)| !passed).count()
    }
}

/// Every file of tests that has a socket, a process or a page.
fn files(workspace: &Metadata) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for package in workspace.workspace_packages() {
        for target in &package.targets {
            if let Some(kind) = kind(target)
                && (package.name == COMMAND || is_real(target)?)
            {
                files.push(cargo_file(package, target, kind));
            }
        }
    }
    let web = layers::package(workspace, layers::WEB)?.clone();
    files.push(File {
        name: "web/tests/wasm.rs".to_owned(),
        runner: Runner::Cargo,
        command: Box::new(move |filter| {
            let mut test = layers::wasm_command(&web)?;
            test.args(filter);
            Ok(test)
        }),
    });
    for path in layers::e2e_files()? {
        files.push(File {
            name: path.clone(),
            runner: Runner::Tap,
            command: Box::new(move |filter| {
                let mut options = vec!["--test-reporter=tap".to_owned()];
                options.extend(filter.map(|filter| {
                    // It is taken for a regular expression.
                    let pattern = filter.replace(|it: char| !it.is_alphanumeric(), ".");
                    format!("--test-name-pattern={pattern}")
                }));
                let options: Vec<_> = options.iter().map(String::as_str).collect();
                layers::e2e_command(&path, &options)
            }),
        });
    }
    Ok(files)
}

/// The flag that chooses a target, if it has tests that run here.
fn kind(target: &Target) -> Option<&'static str> {
    let browser = target.is_test() && target.name.starts_with(WASM_TEST);
    if !target.test || browser {
        None
    } else if target.is_test() {
        Some("--test")
    } else if target.is_example() {
        Some("--example")
    } else if target.is_bin() {
        Some("--bin")
    } else {
        target.is_lib().then_some("--lib")
    }
}

/// Whether a file of tests says that it has a socket or a process.
fn is_real(target: &Target) -> Result<bool> {
    let text = fs::read_to_string(&target.src_path)
        .with_context(|| format!("reading {}", target.src_path))?;
    Ok(NAMES.iter().any(|name| text.contains(name)))
}

fn cargo_file(package: &Package, target: &Target, kind: &str) -> File {
    let mut args = vec!["--package".to_owned(), package.name.to_string()];
    args.push(kind.to_owned());
    if kind != "--lib" {
        args.push(target.name.clone());
    }
    if !target.required_features.is_empty() {
        args.extend(["--features".to_owned(), target.required_features.join(",")]);
    }
    let path = target.src_path.strip_prefix(crate::root());
    File {
        name: path.unwrap_or(&target.src_path).to_string(),
        runner: Runner::Cargo,
        command: Box::new(move |filter| {
            let mut test = layers::test_command(&args);
            test.args(filter);
            Ok(test)
        }),
    }
}

/// Loops that do nothing but keep the machine busy, until this is dropped.
struct Load {
    over: Arc<AtomicBool>,
    loops: Vec<JoinHandle<()>>,
}

impl Load {
    fn start() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let loops = (0..LOOPS)
            .map(|_| {
                let over = Arc::clone(&over);
                std::thread::spawn(move || {
                    let mut turns = 0_u64;
                    while !over.load(Ordering::Relaxed) {
                        turns = black_box(turns.wrapping_add(1));
                    }
                })
            })
            .collect();
        Self { over, loops }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for each in self.loops.drain(..) {
            // A loop cannot fail.
            let _ = each.join();
        }
    }
}

/// How often each test ran, and failed.
#[derive(Debug, Default)]
struct Table(BTreeMap<String, (u32, u32)>);

impl Table {
    fn add(&mut self, file: &str, results: Vec<(String, bool)>) {
        for (test, passed) in results {
            let (runs, failures) = self.0.entry(format!("{file}: {test}")).or_default();
            *runs += 1;
            *failures += u32::from(!passed);
        }
    }

    fn failures(&self) -> u32 {
        self.0.values().map(|(_, failures)| failures).sum()
    }

    /// What failed stands at the end, where it is seen.
    fn text(&self) -> String {
        let mut rows: Vec<_> = self.0.iter().collect();
        rows.sort_by_key(|(_, (_, failures))| *failures);
        let runs: u32 = self.0.values().map(|(runs, _)| runs).sum();
        let all = ("in all".to_owned(), (runs, self.failures()));
        let row = |(test, (runs, failures)): (&String, &(u32, u32))| {
            format!("{runs:>6} {failures:>9}  {test}")
        };
        let rows = rows.into_iter().chain([(&all.0, &all.1)]).map(row);
        let head = format!("\n{:>6} {:>9}", "runs", "failures");
        [head]
            .into_iter()
            .chain(rows)
            .collect::<Vec<_>>()
            .join("\n")
            + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_counts_runs_and_puts_failures_last() {
        let mut table = Table::default();
        table.add("a.rs", vec![("one".into(), false), ("two".into(), true)]);
        table.add("a.rs", vec![("one".into(), true), ("two".into(), true)]);
        assert_eq!(table.failures(), 1);
        let text = table.text();
        let rows: Vec<_> = text.lines().skip(2).map(str::trim_start).collect();
        assert_eq!(rows[0], "2         0  a.rs: two");
        assert_eq!(rows[1], "2         1  a.rs: one");
        assert_eq!(rows[2], "4         1  in all");
    }

    #[test]
    fn what_was_killed_has_failed_and_what_hung_is_named() {
        let file = File {
            name: "a.rs".to_owned(),
            runner: Runner::Cargo,
            command: Box::new(|_| Ok(Command::new("true"))),
        };
        let long = "has been running for over 60 seconds";
        let output = format!("test one {long}\ntest two {long}\ntest one ... ok\n");
        let ran = file.ran(output.clone(), None);
        let wanted = [("one".to_owned(), true), ("two".to_owned(), false)];
        assert_eq!(ran.results, wanted);
        assert!(ran.output.ends_with("\nkilled: it took too long\n"));
        assert_eq!(file.ran(output, Some(true)).failures(), 0);
        assert_eq!(file.ran("test one ... ok\n".to_owned(), None).failures(), 1);
    }

    #[test]
    fn the_load_ends_when_it_is_dropped() {
        let load = Load::start();
        let over = Arc::clone(&load.over);
        assert_eq!(load.loops.len(), LOOPS);
        drop(load);
        assert_eq!(Arc::strong_count(&over), 1);
    }
}
