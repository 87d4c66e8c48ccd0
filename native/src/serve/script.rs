//! What a script asks for, by the order in which each source's datagrams come.
//!
//! Owns where a script comes from. What it does to a packet, and how datagrams are counted,
//! is the journal's.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context as _;
use udping_journal::{Action, PacketName, Script, SourceCounts};
use udping_link::Direction;

use crate::i18n::say;

/// How long a script may be that goes into a journal's header, as it is written there: a line
/// of a journal is a mebibyte at most.
const LONGEST_RECORDED: usize = 1 << 19;

/// A script, and the sources that it is played to.
#[derive(Debug, Default)]
pub(super) struct ScriptPlayer {
    script: Script,
    counts: SourceCounts,
}

/// Reads a script, which is empty where there is no file; `recorded` says that it goes into a
/// journal.
pub(super) fn read(file: Option<&Path>, recorded: bool) -> anyhow::Result<Script> {
    let Some(path) = file else {
        return Ok(Script::default());
    };
    let name = path.display().to_string();
    let text = fs::read_to_string(path);
    let text = text.with_context(|| say::ServeScriptUnreadable { name: name.clone() })?;
    let script: Script = text
        .parse()
        .with_context(|| say::ServeScriptWrong { name })?;
    let kib = LONGEST_RECORDED >> 10;
    anyhow::ensure!(
        !recorded || script.to_string().len() <= LONGEST_RECORDED,
        say::ServeScriptTooLong { kib }
    );
    Ok(script)
}

impl ScriptPlayer {
    pub(super) fn new(script: Script) -> Self {
        Self {
            script,
            ..Self::default()
        }
    }

    /// Counts a datagram: the number by which a script calls it, 0 where there is none.
    pub(super) fn number(&mut self, source: SocketAddr) -> u64 {
        if self.script.is_empty() {
            return 0;
        }
        self.counts.count(source)
    }

    /// What is to happen to the request with this number or to a copy of it, or to the reply
    /// to that.
    pub(super) fn actions(&self, number: u64, direction: Direction, copy: u32) -> &[Action] {
        self.script.actions(PacketName {
            number,
            direction,
            copy,
        })
    }
}
