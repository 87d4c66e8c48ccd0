//! Programs that come from the system's package manager.
//!
//! Owns finding them and, where apt-get and the right to use it are there,
//! installing them. Knows nothing of why they are needed.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::run;

/// A program under any of its names, and the Debian package that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Program {
    names: &'static [&'static str],
    package: &'static str,
}

pub(crate) const CHROMIUM: Program = Program {
    names: &["chromium", "chromium-browser", "google-chrome"],
    package: "chromium",
};
pub(crate) const CHROMEDRIVER: Program = Program {
    names: &["chromedriver"],
    package: "chromium-driver",
};
pub(crate) const FIREFOX: Program = Program {
    names: &["firefox-esr", "firefox"],
    package: "firefox-esr",
};
pub(crate) const NODE: Program = Program {
    names: &["node", "nodejs"],
    package: "nodejs",
};
pub(crate) const NPM: Program = Program {
    names: &["npm"],
    package: "npm",
};
pub(crate) const PYTHON: Program = Program {
    names: &["python3"],
    package: "python3",
};
pub(crate) const GO: Program = Program {
    names: &["go"],
    package: "golang-go",
};
pub(crate) const JAVAC: Program = Program {
    names: &["javac"],
    package: "default-jdk-headless",
};
pub(crate) const CC: Program = Program {
    names: &["cc"],
    package: "gcc",
};
pub(crate) const IP: Program = Program {
    names: &["ip"],
    package: "iproute2",
};
pub(crate) const KILL: Program = Program {
    names: &["kill"],
    package: "procps",
};
pub(crate) const JQ: Program = Program {
    names: &["jq"],
    package: "jq",
};
pub(crate) const FAKETIME: Program = Program {
    names: &["faketime"],
    package: "faketime",
};
pub(crate) const TSHARK: Program = Program {
    names: &["tshark"],
    package: "tshark",
};
pub(crate) const CPP: Program = Program {
    names: &["c++", "g++", "clang++"],
    package: "g++",
};

impl Program {
    /// A program that its package names otherwise.
    pub(crate) const fn new(names: &'static [&'static str], package: &'static str) -> Self {
        Self { names, package }
    }

    /// Where it is, searching `PATH`.
    pub(crate) fn find(self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .flat_map(|folder| self.names.iter().map(move |name| folder.join(name)))
            .find(|candidate| candidate.is_file())
    }

    /// Where it is; an error names the package.
    pub(crate) fn require(self) -> Result<PathBuf> {
        self.find().with_context(|| {
            format!(
                "{} is missing; on Debian it comes with `apt-get install {}`",
                self.names[0], self.package
            )
        })
    }
}

/// Installs those of `programs` that are missing, or says what a person has to install.
pub(crate) fn ensure(programs: &[Program]) -> Result<()> {
    let missing = programs.iter().filter(|program| program.find().is_none());
    let packages: Vec<_> = missing.map(|program| program.package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    let by_hand = format!(
        "please run `apt-get install {0}` or install {0} your system's way",
        packages.join(" ")
    );
    println!("Missing: {}", packages.join(", "));
    let Some(prefix) = right_to_install()? else {
        bail!("only root, or sudo without a password, with apt-get can install here: {by_hand}");
    };
    let install = [
        &["install", "--yes", "--no-install-recommends"],
        packages.as_slice(),
    ]
    .concat();
    for words in [&["update"], install.as_slice()] {
        run::run(&mut apt_get(prefix, words)).context(by_hand.clone())?;
    }
    for program in programs {
        program.require()?;
    }
    Ok(())
}

/// Has apt-get learn what there is to install, where it may.
pub(crate) fn update() -> Result<()> {
    match right_to_install()? {
        Some(prefix) => run::run(&mut apt_get(prefix, &["update"])),
        None => bail!("only root, or sudo without a password, can run `apt-get update` here"),
    }
}

fn apt_get(prefix: &[&str], words: &[&str]) -> Command {
    let asks_nothing = &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    let line = [prefix, asks_nothing, words].concat();
    let mut command = Command::new(line[0]);
    command.args(&line[1..]);
    command
}

/// What to put before apt-get so that it may install and asks nothing; none if there is no such way.
fn right_to_install() -> Result<Option<&'static [&'static str]>> {
    const SUDO: &[&str] = &["sudo", "-n"];
    let there = |names| Program { names, package: "" }.find().is_some();
    if !there(&["apt-get"]) {
        return Ok(None);
    }
    if run::read(Command::new("id").arg("-u"))?.trim() == "0" {
        return Ok(Some(&[]));
    }
    let sudo =
        there(&["sudo"]) && run::read(Command::new(SUDO[0]).args(&SUDO[1..]).arg("true")).is_ok();
    Ok(sudo.then_some(SUDO))
}
