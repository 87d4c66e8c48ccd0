//! The layers of the tests: what each needs, and what each runs.
//!
//! Owns the list. Each layer tells how much it ran; whether that is enough is
//! decided in `test.rs`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use cargo_metadata::{Metadata, Package, Target};
use clap::ValueEnum;

use crate::run::{cargo, run, watch, watch_whole};
use crate::system::{CHROMEDRIVER, CHROMIUM, FIREFOX, NODE};
use crate::tally::Tally;
use crate::tools::{SYSTEMS, THUMB, Tool, WASM};
use crate::{page, tools};

/// A part of the tests that can be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layer {
    /// The sources are formatted
    Fmt,
    /// The page builds, and is light
    Web,
    /// Clippy has nothing to say, with any set of features, on any of the systems
    Clippy,
    /// What claims to need no operating system builds where there is none
    NoStd,
    /// The dependencies' licences, sources and duplicates are acceptable
    Deny,
    /// The documentation builds without a warning
    Doc,
    /// Unit, integration, interoperability and documentation tests, on this machine
    Cargo,
    /// The page's pieces, in a browser
    Wasm,
    /// The page as a whole, in a browser
    E2e,
}

/// How much a layer ran.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    /// Builds and lints that had to succeed.
    pub(crate) checks: u32,
    /// Tests that passed.
    pub(crate) tests: u32,
}

/// What the wasm32 tests of a package are called, so that the two kinds can be told apart.
pub(crate) const WASM_TEST: &str = "wasm";

/// The page's package.
pub(crate) const WEB: &str = "udping-web";

/// The fuzz targets are a workspace of their own.
const FUZZ: &str = "fuzz/Cargo.toml";

impl Layer {
    pub(crate) const ALL: [Self; 9] = [
        Self::Fmt,
        Self::Web,
        Self::Clippy,
        Self::NoStd,
        Self::Deny,
        Self::Doc,
        Self::Cargo,
        Self::Wasm,
        Self::E2e,
    ];

    /// The name that `--only` and `--skip` take.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether it has tests to count, and not only checks.
    pub(crate) fn has_tests(self) -> bool {
        matches!(self, Self::Cargo | Self::Wasm | Self::E2e)
    }

    /// Whether it looks at the built page.
    pub(crate) fn tests_the_page(self) -> bool {
        self == Self::E2e
    }

    /// Whether it compiles the command with the page inside.
    pub(crate) fn embeds_the_page(self) -> bool {
        matches!(self, Self::Clippy | Self::Cargo | Self::Doc)
    }

    pub(crate) fn needs(self) -> &'static [Tool] {
        match self {
            Self::Fmt => &[Tool::Lints],
            Self::Web => &page::NEEDS,
            Self::Clippy => &[Tool::Lints, Tool::WasmTarget, Tool::SystemTargets],
            Self::NoStd => &[Tool::ThumbTarget, Tool::WasmTarget],
            Self::Deny => &[Tool::Deny],
            Self::Cargo => &[Tool::Counterparts, Tool::Stamp],
            Self::Doc => &[],
            Self::Wasm => &[Tool::WasmTarget, Tool::WasmRunner],
            Self::E2e => &[Tool::Playwright],
        }
    }

    pub(crate) fn run(self, workspace: &Metadata) -> Result<Ran> {
        match self {
            Self::Fmt => checks([
                cargo(["fmt", "--all", "--check"]),
                cargo(["fmt", "--manifest-path", FUZZ, "--check"]),
            ]),
            Self::Web => page::build().map(|()| Ran {
                checks: 1,
                tests: 0,
            }),
            Self::Clippy => clippy(workspace),
            Self::NoStd => no_std(workspace),
            Self::Deny => {
                let mut deny = Command::new(tools::path("bin/cargo-deny"));
                deny.args(["--locked", "check", "bans", "licenses", "sources"]);
                checks([deny])
            }
            Self::Cargo => cargo_tests(workspace),
            Self::Doc => {
                let mut doc = cargo([
                    "doc",
                    "--workspace",
                    "--no-deps",
                    "--all-features",
                    "--locked",
                ]);
                doc.env("RUSTDOCFLAGS", "-D warnings");
                checks([doc])
            }
            Self::Wasm => wasm(workspace),
            Self::E2e => e2e(),
        }
    }
}

fn checks(commands: impl IntoIterator<Item = Command>) -> Result<Ran> {
    let mut ran = Ran::default();
    for mut command in commands {
        run(&mut command)?;
        ran.checks += 1;
    }
    Ok(ran)
}

fn clippy(workspace: &Metadata) -> Result<Ran> {
    let lint =
        |package: &Package| cargo(["clippy", "--locked", "--package", package.name.as_str()]);
    let mut commands = Vec::new();
    for package in workspace.workspace_packages() {
        for selection in selections(package) {
            let mut all = lint(package);
            all.arg("--all-targets").args(selection);
            commands.push(all);
        }
    }
    // For the browser: what runs there. The engine's own tests, which run here, need more than it has.
    let mut page = lint(package(workspace, WEB)?);
    page.args(["--target", WASM, "--lib", "--test"])
        .arg(format!("{WASM_TEST}*"));
    commands.push(page);
    // Nothing is linked, so these need no linker of those systems.
    for system in SYSTEMS {
        let mut command = lint(package(workspace, "udping")?);
        command.args(["--target", system]);
        commands.push(command);
    }
    // Without its default feature it is not linked, and so needs no C++ compiler.
    commands.push(cargo([
        "clippy",
        "--locked",
        "--manifest-path",
        FUZZ,
        "--no-default-features",
    ]));
    checks(commands.into_iter().map(|mut clippy| {
        clippy.args(["--", "-D", "warnings"]);
        clippy
    }))
}

/// Every library that does without an operating system, by its own word.
fn no_std(workspace: &Metadata) -> Result<Ran> {
    let mut commands = Vec::new();
    for package in workspace.workspace_packages() {
        let mut libraries = package.targets.iter().filter(|target| target.is_lib());
        let Some(library) = libraries.next() else {
            continue;
        };
        let source = fs::read_to_string(&library.src_path)
            .with_context(|| format!("reading {}", library.src_path))?;
        if !source.contains("#![no_std]") {
            continue;
        }
        for target in [THUMB, WASM] {
            for selection in selections(package) {
                let mut build = cargo(["build", "--locked", "--lib", "--target", target]);
                build
                    .args(["--package", package.name.as_str()])
                    .args(selection);
                commands.push(build);
            }
        }
    }
    checks(commands)
}

/// The ways to choose a package's features that are worth checking: none, its defaults, each alone, all.
fn selections(package: &Package) -> Vec<Vec<String>> {
    let mut selections = vec![vec!["--no-default-features".to_owned()]];
    let features: Vec<_> = package
        .features
        .iter()
        .filter(|(name, enables)| *name != "default" || !enables.is_empty())
        .collect();
    for (name, _) in &features {
        selections.push(vec![
            "--no-default-features".to_owned(),
            "--features".to_owned(),
            (*name).clone(),
        ]);
    }
    if features.len() > 1 {
        selections.push(vec!["--all-features".to_owned()]);
    }
    selections
}

fn cargo_tests(workspace: &Metadata) -> Result<Ran> {
    let mut tests = 0;
    for package in workspace.workspace_packages() {
        let files: Vec<_> = integration_tests(package)
            .filter(|target| !target.name.starts_with(WASM_TEST))
            .collect();
        if package.features.is_empty() {
            tests += cargo_test(package, &[], &files)?;
            continue;
        }
        // The bare package is what most people depend on; its tests must not need a feature unsaid.
        let (bare, featured): (Vec<_>, Vec<_>) = files
            .iter()
            .partition(|target| target.required_features.is_empty());
        tests += cargo_test(package, &["--no-default-features"], &bare)?;
        if package.targets.iter().any(Target::is_bin) {
            // A command's tests start it and wait for it, and a feature only adds to it: one that
            // passed without is not run again.
            let mut args = vec!["--all-features", "--lib", "--bins"];
            args.extend(featured.iter().flat_map(|target| ["--test", &target.name]));
            tests += cargo_test(package, &args, &featured)?;
        } else {
            tests += cargo_test(package, &["--all-features"], &files)?;
        }
    }
    Ok(Ran { checks: 0, tests })
}

/// Runs tests of a package, each of these files among them.
fn cargo_test(package: &Package, args: &[&str], files: &[&Target]) -> Result<u32> {
    let mut test = test_command(&["--package", package.name.as_str()]);
    let mut expected: Vec<_> = files.iter().map(|file| shown_path(package, file)).collect();
    if package.name == "udping-core" {
        // The core's contract is a doctest, with or without features.
        expected.push("documentation of udping_core".to_owned());
    }
    // Every example has a test that runs it.
    let examples = package.targets.iter().filter(|target| target.is_example());
    expected.extend(examples.map(|it| format!("unittests {}", shown_path(package, it))));
    let mut tally = Tally::default();
    watch(test.args(args), |line| tally.cargo_line(line))?;
    count(
        &format!("{} {}", package.name, args.join(" ")),
        &tally,
        &expected,
    )
}

fn wasm(workspace: &Metadata) -> Result<Ran> {
    let page = package(workspace, WEB)?;
    let mut test = wasm_command(page)?;
    let expected: Vec<_> = integration_tests(page)
        .filter(|target| target.name.starts_with(WASM_TEST))
        .map(|target| shown_path(page, target))
        .collect();
    let mut tally = Tally::default();
    watch(&mut test, |line| tally.cargo_line(line))?;
    let tests = count("udping-web (in the browser)", &tally, &expected)?;
    Ok(Ran { checks: 0, tests })
}

/// The tests of the page's pieces, in a browser.
pub(crate) fn wasm_command(page: &Package) -> Result<Command> {
    let pattern = format!("{WASM_TEST}*");
    let mut test = test_command(&[
        "--package",
        page.name.as_str(),
        "--target",
        WASM,
        "--test",
        &pattern,
    ]);
    test.env("PATH", tools::search_path()?)
        .env("CHROMEDRIVER", CHROMEDRIVER.require()?)
        // The runner reads the whole program, and that takes longer than all else.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            crate::root().join("web/webdriver.json"),
        );
    Ok(test)
}

/// How many files of tests of the page run at a time: a browser waits as much as it works.
const AT_A_TIME: usize = 2;

fn e2e() -> Result<Ran> {
    let files = e2e_files()?;
    // Once for all files, with the page in it.
    let build = ["build", "--package", "udping", "--features", "lab"];
    run(&mut cargo(build))?;
    let mut waiting = files.clone();
    // The longest files take the longest, more or less: begun first, they do not end last. Those
    // for Firefox are short, and run what stands in others.
    waiting.sort_by_key(|file| {
        let length = fs::metadata(file).map_or(0, |found| found.len());
        (file.contains("firefox"), length)
    });
    let waiting = Mutex::new(waiting);
    let next = || waiting.lock().ok()?.pop();
    let tallies = thread::scope(|scope| {
        let lanes = [(); AT_A_TIME].map(|()| scope.spawn(|| e2e_lane(next)));
        let ended = lanes.map(|lane| lane.join().map_err(|_| anyhow!("a thread panicked"))?);
        ended.into_iter().collect::<Result<Vec<_>>>()
    })?;
    let tests = count("the page", &Tally::of_all(tallies), &files)?;
    Ok(Ran { checks: 0, tests })
}

/// Runs the files that `next` gives, one by one: `node --test` counts a file without a test as one.
fn e2e_lane(next: impl Fn() -> Option<String>) -> Result<Tally> {
    let mut tally = Tally::default();
    while let Some(file) = next() {
        tally.open(&file);
        let mut test = e2e_command(&file, &["--test-reporter=spec"])?;
        test.env("UDPING", crate::root().join("target/debug/udping"));
        watch_whole(&mut test, |line| tally.node_line(line))?;
    }
    Ok(tally)
}

/// The files of tests of the page as a whole.
pub(crate) fn e2e_files() -> Result<Vec<String>> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir("web/tests/e2e").context("listing web/tests/e2e")? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.insert(path.to_string_lossy().into_owned());
        }
    }
    Ok(files.into_iter().collect())
}

/// One of them, with options for node's test runner.
pub(crate) fn e2e_command(file: &str, options: &[&str]) -> Result<Command> {
    let mut test = Command::new(NODE.require()?);
    test.args(options)
        .arg(file)
        .env("CHROMIUM", CHROMIUM.require()?)
        .env("FIREFOX", FIREFOX.require()?)
        .env("NO_COLOR", "1");
    Ok(test)
}

/// A `cargo test` whose words the tally can read, whatever the environment prefers.
pub(crate) fn test_command<A: AsRef<OsStr>>(args: &[A]) -> Command {
    let mut test = cargo(["test", "--locked"]);
    test.args(args)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_QUIET", "false");
    test
}

fn count(what: &str, tally: &Tally, expected: &[String]) -> Result<u32> {
    let tests = tally
        .verify(expected)
        .with_context(|| format!("counting the tests of {what}"))?;
    println!("{what}: {tests} tests passed\n");
    Ok(tests)
}

pub(crate) fn package<'a>(workspace: &'a Metadata, name: &str) -> Result<&'a Package> {
    let mut packages = workspace.workspace_packages().into_iter();
    packages
        .find(|package| package.name == name)
        .with_context(|| format!("the workspace has no package {name}"))
}

fn integration_tests(package: &Package) -> impl Iterator<Item = &Target> {
    package.targets.iter().filter(|target| target.is_test())
}

/// A test's file as `cargo test` shows it: below its package's folder.
fn shown_path(package: &Package, target: &Target) -> String {
    let folder = package.manifest_path.parent();
    let below = folder.and_then(|folder| target.src_path.strip_prefix(folder).ok());
    below.unwrap_or(&target.src_path).to_string()
}
