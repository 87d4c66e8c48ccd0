//! What the reflector gives up once its port is open: root and its privileges, and
//! every system call that answering does not take.
//!
//! Owns what is said of it. How it is done differs by system.

#[cfg_attr(not(target_os = "linux"), path = "confine/no_privileges.rs")]
mod privileges;
#[cfg_attr(
    not(all(
        target_os = "linux",
        any(
            target_arch = "x86_64",
            target_arch = "aarch64",
            target_arch = "riscv64"
        )
    )),
    path = "confine/no_sandbox.rs"
)]
mod sandbox;

use crate::cli::ConfineArgs;
use crate::i18n::{chain, say};
use crate::warn;

/// Stops being root, and says so.
pub(super) fn give_up_privileges(args: &ConfineArgs) -> anyhow::Result<()> {
    if let Some(done) = privileges::give_up(args.user.as_deref())? {
        warn(&done);
    }
    Ok(())
}

/// What a thread is left able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Answer on sockets that are open.
    Answer,
    /// Take connections in, each with a thread of its own, and answer on them.
    Accept,
}

/// The sandbox that a task's threads are to go into, if one is wanted.
#[derive(Debug)]
pub(super) struct Sandbox {
    task: Task,
    walls: Option<sandbox::Sandbox>,
}

impl Sandbox {
    pub(super) fn prepare(args: &ConfineArgs, task: Task) -> Self {
        let walls = if args.no_sandbox {
            None
        } else {
            sandbox::Sandbox::prepare(task)
                .inspect_err(|error| warn(&none(error)))
                .ok()
        };
        Self { task, walls }
    }

    /// Goes into it, for good; `aloud` if the others need not say so too.
    pub(super) fn enter(&self, aloud: bool) {
        let Some(walls) = &self.walls else { return };
        match (walls.enter(), self.task) {
            (Ok(()), Task::Answer) if aloud => warn(&say::CONFINED_IN_SANDBOX),
            (Ok(()), Task::Accept) if aloud => warn(&say::CONFINED_TCP_IN_SANDBOX),
            (Ok(()), _) => {}
            (Err(error), _) => warn(&none(&error)),
        }
    }
}

fn none(error: &anyhow::Error) -> String {
    let error = chain(error);
    say::ConfinedNoSandbox { error }.to_string()
}
