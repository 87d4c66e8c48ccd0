//! What a script asks for, by the order in which each source's datagrams come.
//!
//! Owns how many each source has sent, in bounded memory. What happens to a packet is the
//! script's to say, and what a script is the journal's.

use std::collections::HashMap;
use std::fs;
use std::mem;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context as _;
use udping_journal::{Action, PacketName, Script};
use udping_link::Direction;

use crate::i18n::say;

/// How many sources are told apart at least. Of more, those are forgotten that were silent
/// the longest, and count from 1 again.
const SOURCES: usize = 1 << 16;

/// A script, and the sources that it is played to.
#[derive(Debug, Default)]
pub(super) struct ScriptPlayer {
    script: Script,
    /// Those that sent something lately, and those that did before them.
    recent: HashMap<SocketAddr, u64>,
    older: HashMap<SocketAddr, u64>,
}

/// Reads a script, which is empty where there is no file.
pub(super) fn read(file: Option<&Path>) -> anyhow::Result<Script> {
    let Some(path) = file else {
        return Ok(Script::default());
    };
    let name = path.display().to_string();
    let text = fs::read_to_string(path);
    let text = text.with_context(|| say::ServeScriptUnreadable { name: name.clone() })?;
    text.parse().with_context(|| say::ServeScriptWrong { name })
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
        if self.recent.len() >= SOURCES && !self.recent.contains_key(&source) {
            self.older = mem::take(&mut self.recent);
        }
        let older = &mut self.older;
        let count = self.recent.entry(source);
        let count = count.or_insert_with(|| older.remove(&source).unwrap_or(0));
        *count += 1;
        *count
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn each_source_has_its_own_count_and_many_need_bounded_memory() {
        let script = "drop request 3".parse().expect("a script");
        let mut player = ScriptPlayer::new(script);
        let source = |number: u32| SocketAddr::from((Ipv4Addr::from(number), 5));
        for number in 1..=3 {
            assert_eq!(player.number(source(1)), number);
            assert_eq!(player.number(source(2)), number);
        }
        let others = u32::try_from(3 * SOURCES).expect("so few");
        for other in 3..others {
            player.number(source(other));
            // One that goes on sending is never forgotten.
            if other % 1000 == 0 {
                player.number(source(1));
            }
        }
        assert!(player.recent.len() + player.older.len() <= 2 * SOURCES);
        assert_eq!(player.number(source(1)), 4 + u64::from((others - 1) / 1000));
        assert_eq!(player.number(source(2)), 1);
    }
}
