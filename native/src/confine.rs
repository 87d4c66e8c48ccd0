//! What a service gives up once its ports are open: root and its privileges, and the system
//! calls that what it does from then on does not take.
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
use crate::{inform, warn};

/// Stops being root, and says so.
pub(crate) fn give_up_privileges(args: &ConfineArgs) -> anyhow::Result<()> {
    if let Some(done) = privileges::give_up(args.user.as_deref())? {
        inform(&done);
    }
    Ok(())
}

/// What a thread is left able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Answer on sockets that are open.
    Answer,
    /// Take connections in, each with a thread of its own, and answer on them.
    Accept,
    /// Open sockets for probes, and measure. All other threads do anything but start programs.
    #[cfg(target_os = "linux")]
    Measure,
}

/// The sandbox that a task's threads are to go into, if one is wanted.
#[derive(Debug)]
pub(crate) struct Sandbox {
    task: Task,
    walls: Option<sandbox::Sandbox>,
}

impl Sandbox {
    pub(crate) fn prepare(args: &ConfineArgs, task: Task) -> Self {
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
    pub(crate) fn enter(&self, aloud: bool) {
        let Some(walls) = &self.walls else { return };
        match (walls.enter(), self.task) {
            (Ok(()), _) if !aloud => {}
            (Ok(()), Task::Answer) => inform(&say::CONFINED_IN_SANDBOX),
            (Ok(()), Task::Accept) => inform(&say::CONFINED_TCP_IN_SANDBOX),
            #[cfg(target_os = "linux")]
            (Ok(()), Task::Measure) => inform(&say::CONFINED_MEASURING),
            (Err(error), _) => warn(&none(&error)),
        }
    }
}

fn none(error: &anyhow::Error) -> String {
    let error = chain(error);
    say::ConfinedNoSandbox { error }.to_string()
}
