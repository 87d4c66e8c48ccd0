//! The tools that the tasks use, each pinned, in target/tools.
//!
//! Owns their versions and how they get there. A tool that is there in the
//! right version is left alone, so that asking again costs little.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::run;
use crate::system::{
    self, CC, CHROMEDRIVER, CHROMIUM, CPP, FAKETIME, FIREFOX, GO, IP, JAVAC, JQ, KILL, NODE, NPM,
    PYTHON, Program, TSHARK,
};

/// Something that a task cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// rustfmt and clippy.
    Lints,
    /// The standard library of a microcontroller without one.
    ThumbTarget,
    /// The standard library for the browser.
    WasmTarget,
    /// The standard libraries of the systems beside this one that the command runs on.
    SystemTargets,
    /// Trunk and what it calls: wasm-bindgen and wasm-opt.
    Bundler,
    /// wasm-bindgen's test runner and a browser with its driver.
    WasmRunner,
    /// Node, playwright and axe, and the browsers that they drive.
    Playwright,
    /// What the command is tried against: programs in Python, C, Go, Java and for Node,
    /// networks made for the purpose, signals.
    Counterparts,
    /// An independent implementation of STAMP, and a decoder.
    Stamp,
    /// cargo-deny.
    Deny,
    /// cargo-fuzz and a C++ compiler.
    Fuzzer,
}

impl Tool {
    /// What `setup` brings: all that `test` and `view` need.
    pub(crate) const ALL: [Self; 10] = [
        Self::Lints,
        Self::ThumbTarget,
        Self::WasmTarget,
        Self::SystemTargets,
        Self::Bundler,
        Self::WasmRunner,
        Self::Playwright,
        Self::Counterparts,
        Self::Stamp,
        Self::Deny,
    ];

    fn programs(self) -> &'static [Program] {
        match self {
            Self::Bundler => &[NODE, NPM],
            Self::WasmRunner => &[CHROMIUM, CHROMEDRIVER],
            Self::Playwright => &[CHROMIUM, FIREFOX, NODE, NPM],
            Self::Counterparts => &[PYTHON, NODE, CC, GO, JAVAC, IP, JQ, KILL, FAKETIME],
            Self::Stamp => &[TSHARK],
            Self::Fuzzer => &[CPP],
            Self::Lints
            | Self::ThumbTarget
            | Self::WasmTarget
            | Self::SystemTargets
            | Self::Deny => &[],
        }
    }

    fn install(self) -> Result<()> {
        match self {
            Self::Lints => {
                rust_component("rustfmt", "fmt")?;
                rust_component("clippy", "clippy")
            }
            Self::ThumbTarget => rust_target(THUMB),
            Self::WasmTarget => rust_target(WASM),
            Self::SystemTargets => SYSTEMS.into_iter().try_for_each(rust_target),
            Self::Bundler => {
                cargo_tool(&TRUNK)?;
                cargo_tool(&WASM_BINDGEN)?;
                npm_packages(&[("binaryen", BINARYEN)])
            }
            Self::WasmRunner => cargo_tool(&WASM_BINDGEN),
            Self::Playwright => npm_packages(&[("playwright-core", PLAYWRIGHT), ("axe-core", AXE)]),
            Self::Counterparts => {
                python_packages()?;
                DEBIAN_PACKAGES.into_iter().try_for_each(debian_package)
            }
            Self::Stamp => cargo_tool(&STAMP_SUITE),
            Self::Deny => cargo_tool(&DENY),
            Self::Fuzzer => cargo_tool(&FUZZ),
        }
    }
}

/// The microcontroller that stands for every place without an operating system.
pub(crate) const THUMB: &str = "thumbv7m-none-eabi";
/// The browser.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Windows and macOS.
pub(crate) const SYSTEMS: [&str; 2] = ["x86_64-pc-windows-gnu", "aarch64-apple-darwin"];

/// What makes a tool sooner built, though it runs slower: it runs for seconds, and is built for minutes.
const BUILT_SOON: [(&str, &str); 5] = [
    ("CARGO_PROFILE_DEV_DEBUG", "0"),
    ("CARGO_PROFILE_DEV_PANIC", "abort"),
    ("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false"),
    ("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false"),
    ("CARGO_PROFILE_DEV_CODEGEN_UNITS", "1"),
];

/// A program that cargo installs from the registry.
struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// Whether its default features are needed, which cost minutes of building.
    extras: bool,
}

const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    program: "trunk",
    version: "0.21.14",
    extras: false,
};
const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.129",
    extras: false,
};
const STAMP_SUITE: CargoTool = CargoTool {
    package: "stamp-suite",
    program: "stamp-suite",
    version: "1.0.0",
    extras: true,
};
const DENY: CargoTool = CargoTool {
    package: "cargo-deny",
    program: "cargo-deny",
    version: "0.20.2",
    extras: false,
};
const FUZZ: CargoTool = CargoTool {
    package: "cargo-fuzz",
    program: "cargo-fuzz",
    version: "0.13.2",
    extras: true,
};

/// Has wasm-opt. Debian's own binaryen is too old: it breaks modules without a word.
const BINARYEN: &str = "132.0.0";
/// The last line of releases that runs on Debian 12's own Node. It drives Firefox as it is, over the
/// standard `WebDriver BiDi`.
const PLAYWRIGHT: &str = "1.60.0";
const AXE: &str = "4.14.1";
/// The oldest Node that the packages above accept.
const OLDEST_NODE: u32 = 18;

/// What reads the command's output and its journals in the tests, as people's scripts do.
const PYTHON_PACKAGES: [(&str, &str); 6] = [
    ("jc", "1.26.1"),
    ("kubernetes-validate", "1.37.0"),
    ("opentelemetry-proto", "1.45.2"),
    ("pingparsing", "1.4.2"),
    ("duckdb", "2.0.1"),
    ("pandas", "3.1.1"),
];

/// What operators run around a monitor or in its place: packages of Debian's, each with a program
/// of its name. Of docker-compose, the schema of its files is used.
const DEBIAN_PACKAGES: [&str; 5] = [
    "docker-compose",
    "prometheus",
    "prometheus-blackbox-exporter",
    "prometheus-smokeping-prober",
    "victoria-metrics",
];

/// A path below the folder of tools.
pub(crate) fn path(below: &str) -> PathBuf {
    crate::root().join("target/tools").join(below)
}

/// `PATH` with the tools before everything else, for programs that call others.
pub(crate) fn search_path() -> Result<std::ffi::OsString> {
    let own = [path("bin"), path("node_modules/.bin")];
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&inherited)))
        .context("putting PATH together")
}

/// Sees to it that these tools are there, installing what is missing.
pub(crate) fn ensure(tools: &[Tool]) -> Result<()> {
    let programs: Vec<_> = tools
        .iter()
        .flat_map(|tool| tool.programs())
        .copied()
        .collect();
    let mut unique = Vec::new();
    for program in programs {
        if !unique.contains(&program) {
            unique.push(program);
        }
    }
    system::ensure(&unique)?;
    tools.iter().try_for_each(|tool| tool.install())
}

fn rust_component(component: &str, subcommand: &str) -> Result<()> {
    if run::read(&mut run::cargo([subcommand, "--version"])).is_ok() {
        return Ok(());
    }
    run::run(Command::new("rustup").args(["component", "add", component])).with_context(|| {
        format!("{component} is missing; without rustup, install it with your Rust toolchain")
    })
}

fn rust_target(target: &str) -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries =
        run::read(Command::new(rustc).args(["--print", "target-libdir", "--target", target]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    run::run(Command::new("rustup").args(["target", "add", target])).with_context(|| {
        format!("Rust's {target} is missing; without rustup, install it with your toolchain")
    })
}

fn cargo_tool(tool: &CargoTool) -> Result<()> {
    let program = path("bin").join(tool.program);
    let wanted = format!(" {}", tool.version);
    let there = |program: &Path| {
        program.is_file()
            && run::read(Command::new(program).arg("--version"))
                .is_ok_and(|said| said.trim_end().ends_with(&wanted))
    };
    if there(&program) {
        return Ok(());
    }
    println!(
        "Installing {} {} into target/tools, which takes minutes, once",
        tool.package, tool.version
    );
    let mut install = run::cargo([
        "install",
        tool.package,
        "--version",
        tool.version,
        "--locked",
        "--debug",
    ]);
    install.arg("--root").arg(path("")).envs(BUILT_SOON);
    if !tool.extras {
        install.arg("--no-default-features");
    }
    // It may be there in another version, or cut short.
    run::run(install.arg("--force"))?;
    ensure!(
        there(&program),
        "{} was installed but does not call itself version {}",
        tool.program,
        tool.version
    );
    Ok(())
}

fn npm_packages(packages: &[(&str, &str)]) -> Result<()> {
    let node = NODE.require()?;
    let version = run::read(Command::new(&node).arg("--version"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= OLDEST_NODE),
        "{} is version {}, and the web tools need {OLDEST_NODE} or newer",
        node.display(),
        version.trim()
    );
    let missing: Vec<_> = packages
        .iter()
        .filter(|(name, version)| npm_version(name).as_deref() != Some(*version))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut install = Command::new(NPM.require()?);
    install.args([
        "install",
        "--save-exact",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefix",
    ]);
    install.arg(path("")).args(
        missing
            .iter()
            .map(|(name, version)| format!("{name}@{version}")),
    );
    std::fs::create_dir_all(path("")).context("making target/tools")?;
    run::run(&mut install)?;
    for (name, version) in packages {
        let found = npm_version(name);
        ensure!(
            found.as_deref() == Some(*version),
            "npm installed {name} {found:?} instead of {version}"
        );
    }
    Ok(())
}

/// Brings a program of Debian's without installing its package, which would start a service. Where
/// there is no `apt-get`, tests that need it say so.
fn debian_package(package: &str) -> Result<()> {
    let folder = path("debian");
    let downloads = Program::new(&["apt-get"], "apt").find();
    let program = folder.join("usr/bin").join(package);
    if program.is_file() || downloads.is_none() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder).context("making target/tools/debian")?;
    let download = || {
        let mut download = Command::new("apt-get");
        run::run(download.args(["download", package]).current_dir(&folder))
    };
    // What it knew of may be gone, and a bare machine knows of nothing.
    if download().is_err() {
        system::update()?;
        download()?;
    }
    for file in std::fs::read_dir(&folder)? {
        let file = file?.path();
        let is_package = file.extension().is_some_and(|it| it == "deb");
        if is_package {
            run::run(Command::new("dpkg").arg("-x").arg(&file).arg(&folder))?;
            std::fs::remove_file(&file)?;
        }
    }
    Ok(())
}

/// Brings Python's packages, wheels only, so that nothing of them runs here to be built.
fn python_packages() -> Result<()> {
    let wanted = PYTHON_PACKAGES.map(|(name, version)| format!("{name}=={version}"));
    let pip = || {
        let mut python = Command::new(path("python/bin/python3"));
        python.args(["-m", "pip"]);
        python
    };
    let missing = || {
        let there = run::read(pip().arg("freeze")).unwrap_or_default();
        let there: Vec<_> = there.lines().map(str::to_owned).collect();
        wanted.iter().find(|package| !there.contains(package))
    };
    if missing().is_none() {
        return Ok(());
    }
    let mut venv = Command::new(PYTHON.require()?);
    run::run(venv.args(["-m", "venv"]).arg(path("python")))
        .context("on Debian, Python's venv comes with `apt-get install python3-venv`")?;
    let install = ["install", "--quiet", "--only-binary", ":all:"];
    run::run(pip().args(install).args(&wanted))?;
    let package = missing();
    ensure!(package.is_none(), "pip did not install {package:?}");
    Ok(())
}

/// The version of a package in target/tools; none if it is not there or unreadable, and so to be installed.
fn npm_version(name: &str) -> Option<String> {
    let manifest =
        std::fs::read_to_string(path("node_modules").join(name).join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pins_agree_wherever_they_are_written() {
        let trunk = include_str!("../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_bindgen = \"{}\"", WASM_BINDGEN.version)));
        let (binaryen, _) = BINARYEN.split_once('.').unwrap();
        assert!(trunk.contains(&format!("wasm_opt = \"version_{binaryen}\"")));
        let tests = include_str!("../../native/tests/support/stamp.rs");
        assert!(tests.contains(&format!("STAMP_SUITE: &str = \"{}\"", STAMP_SUITE.version)));
        let page = include_str!("../../web/Cargo.toml");
        assert!(page.contains(&format!("wasm-bindgen = \"={}\"", WASM_BINDGEN.version)));
    }
}
