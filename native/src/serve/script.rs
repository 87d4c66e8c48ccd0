//! What a script asks for, by the order in which each source's datagrams come.
//!
//! Owns how a script is played. What it does to a packet, and how datagrams are counted, is the
//! journal's.

use std::net::SocketAddr;

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

/// Whether a script is short enough for a journal's header.
pub(super) fn fits_a_header(script: &Script) -> anyhow::Result<()> {
    let kib = LONGEST_RECORDED >> 10;
    anyhow::ensure!(
        script.to_string().len() <= LONGEST_RECORDED,
        say::ServeScriptTooLong { kib }
    );
    Ok(())
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
