//! Where a described wire comes from: a name, a file, or flags.
//!
//! Owns the file's format. What a template means is the core's.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;
use udping_core::wire::template::presets::Preset;
use udping_journal::Description;

use crate::i18n::say;

/// What a client sends that is told only what to expect: the textbook's request.
const REQUEST: &str = "Ping {seq} {time}";

/// A wire in a file (TOML).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFile {
    request: String,
    #[serde(default)]
    expect: Vec<String>,
    answer: Option<String>,
}

/// The wire of a name.
pub(crate) fn of_preset(preset: &Preset) -> Description {
    Description {
        name: Some(preset.name.to_owned()),
        request: Some(preset.request.to_owned()),
        expect: preset.expect.iter().copied().map(str::to_owned).collect(),
        answer: vec![preset.answer.to_owned()],
    }
}

/// The wire in a file.
pub(crate) fn of_file(path: &Path) -> anyhow::Result<Description> {
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| {
        let name = &name;
        say::WireFileUnreadable { name }.to_string()
    })?;
    let WireFile {
        request,
        expect,
        answer,
    } = toml::from_str(&text).with_context(|| say::WireFileWrong { name }.to_string())?;
    Ok(Description {
        answer: answer.into_iter().collect(),
        ..of_templates(Some(&request), &expect)
    })
}

/// The wire of flags. Without expectations a reply is to look like its request, in either
/// case.
pub(crate) fn of_templates(request: Option<&str>, expect: &[String]) -> Description {
    let request = request.unwrap_or(REQUEST);
    let echo = format!("(?i){}", request.trim_start_matches("(?i)"));
    Description {
        name: None,
        request: Some(request.to_owned()),
        expect: match expect {
            [] => vec![echo],
            expect => expect.to_vec(),
        },
        answer: Vec::new(),
    }
}
