//! `cargo xtask`: everything a person would otherwise remember.
//!
//! Owns the command line of the project's tasks. Knows nothing of the protocol.

mod bench;
mod fuzz;
mod layers;
mod page;
mod run;
mod stress;
mod system;
mod tally;
mod test;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use layers::Layer;
use tools::Tool;

/// Tasks of the udping project. Each installs what it needs into target/tools, once.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install everything that the other tasks need
    Setup,
    /// Run every layer of tests, or some; this is what CI runs
    Test {
        /// Run only these layers
        #[arg(long, value_name = "LAYER", value_delimiter = ',')]
        only: Vec<Layer>,
        /// Leave these layers out
        #[arg(long, value_name = "LAYER", value_delimiter = ',')]
        skip: Vec<Layer>,
    },
    /// Run the tests that have a socket, a process or a page again and again, on a machine that
    /// four loops keep busy
    Stress(stress::StressArgs),
    /// Build the browser lab into dist/
    Web,
    /// Build the lab into the command, and open it, with a journal if one is given
    View {
        /// The journal to open
        file: Option<PathBuf>,
    },
    /// Have the lab look at a run of 1,000 probes a second, and say how long its thread works in
    /// a frame
    Live {
        /// How long the run is
        #[arg(long, value_name = "N", default_value_t = 600)]
        seconds: u32,
    },
    /// Have a monitor measure 1,000 targets, and fail if its memory grows
    Soak {
        /// How long it measures
        #[arg(long, value_name = "N", default_value_t = 60)]
        minutes: u32,
    },
    /// Compare udping with other tools, as far as they are installed
    Bench(bench::BenchArgs),
    /// Take the README's pictures of the browser lab again
    Screenshots,
    /// Regenerate the journal's JSON Schema from the types
    Schema,
    /// Grade every mutant and every right style of a client, and print what the grader said
    GradeProof {
        /// Only a part, so that a run is short: 2/4 is the second of four
        #[arg(long, value_name = "PART/PARTS", default_value = "1/1")]
        part: String,
    },
    /// Feed random input to everything that parses
    Fuzz {
        /// How long each target runs
        #[arg(long, value_name = "N", default_value_t = 60)]
        seconds: u64,
    },
}

fn main() -> ExitCode {
    match run_task(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Only the sentences: a backtrace of this program explains nothing about the one that failed.
            eprintln!("\nerror: {error}");
            error
                .chain()
                .skip(1)
                .for_each(|cause| eprintln!("  because: {cause}"));
            ExitCode::FAILURE
        }
    }
}

fn run_task(task: Task) -> Result<()> {
    let task = match task {
        // Read before the working directory changes.
        Task::View { file: Some(file) } => Task::View {
            file: Some(
                std::path::absolute(&file)
                    .with_context(|| format!("finding {}", file.display()))?,
            ),
        },
        other => other,
    };
    let root = root();
    std::env::set_current_dir(root).with_context(|| format!("entering {}", root.display()))?;

    match task {
        Task::Setup => tools::ensure(&Tool::ALL),
        Task::Test { only, skip } => test::run(&only, &skip),
        Task::Stress(args) => stress::run(&args),
        Task::Web => page::build(),
        Task::View { file } => page::view(file.as_deref()),
        Task::Live { seconds } => bench::watch(seconds),
        Task::Soak { minutes } => bench::soak(minutes),
        Task::Bench(args) => bench::run(&args),
        Task::Screenshots => page::screenshots(),
        Task::Schema => schema(),
        Task::GradeProof { part } => grade_proof(&part),
        Task::Fuzz { seconds } => fuzz::run(seconds),
    }
}

/// Writes the schema again: the test that compares it with the types does so when asked to.
fn schema() -> Result<()> {
    let test = [
        "test",
        "--package",
        "udping-sim",
        "--test",
        "journal",
        "schema",
    ];
    run::run(run::cargo(test).env("UPDATE_GOLDEN", "1"))
}

/// The tests of the grader, with every client in every scenario.
fn grade_proof(part: &str) -> Result<()> {
    tools::ensure(&[Tool::Counterparts])?;
    let test = ["test", "--package", "udping", "--test", "grade"];
    let clients = ["--", "--nocapture", "right_client", "each_bug"];
    run::run(
        run::cargo(test)
            .args(clients)
            .env("UDPING_GRADE_PROOF", part),
    )
}

/// The workspace's folder: every task works from there.
fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}
