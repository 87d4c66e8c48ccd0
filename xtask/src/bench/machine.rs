//! The machine that measures, as far as it says.

use std::fmt;
use std::fs;
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};

use crate::run::read;

/// What a reader of the figures wants to know.
#[derive(Debug)]
pub(crate) struct Machine {
    /// As 2026-01-31.
    pub(crate) date: String,
    processor: String,
    cores: usize,
    system: String,
    compiler: String,
    revision: String,
    /// Load averages when the measuring began.
    load: String,
}

impl Machine {
    pub(crate) fn here() -> Result<Self> {
        let said = |program: &str, args: &[&str]| -> Result<String> {
            Ok(read(Command::new(program).args(args))?.trim().to_owned())
        };
        let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = processor
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        Ok(Self {
            date: said("date", &["-u", "+%F"])?,
            processor: model.map_or("unknown", |(_, model)| model).to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: said("uname", &["-srm"])?,
            compiler: said("rustc", &["--version"])?,
            revision: said("git", &["rev-parse", "--short", "HEAD"])?,
            load: fs::read_to_string("/proc/loadavg").unwrap_or_default(),
        })
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "date": self.date,
            "processor": self.processor,
            "cores": self.cores,
            "system": self.system,
            "compiler": self.compiler,
            "revision": self.revision,
            "load": self.load.trim(),
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let load: Vec<_> = self.load.split(' ').take(3).collect();
        write!(
            f,
            "{} ({} cores), {}, {}; commit {}; load averages at the start {}",
            self.processor,
            self.cores,
            self.system,
            self.compiler,
            self.revision,
            load.join(" ")
        )
    }
}
