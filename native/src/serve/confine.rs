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
use crate::warn;
use crate::words::{Words, chain, say};

/// Stops being root, and says so.
pub(super) fn give_up_privileges(args: &ConfineArgs) -> anyhow::Result<()> {
    if let Some(done) = privileges::give_up(args.user.as_deref())? {
        warn(&done);
    }
    Ok(())
}

/// The sandbox that each thread is to go into, if one is wanted.
#[derive(Debug)]
pub(super) struct Sandbox(Option<sandbox::Sandbox>);

impl Sandbox {
    pub(super) fn prepare(args: &ConfineArgs) -> Self {
        if args.no_sandbox {
            return Self(None);
        }
        match sandbox::Sandbox::prepare() {
            Ok(sandbox) => Self(Some(sandbox)),
            Err(error) => {
                warn(&none(&error));
                Self(None)
            }
        }
    }

    /// None, for this reason, which is told if one was wanted.
    pub(super) fn impossible(args: &ConfineArgs, error: Words) -> Self {
        if !args.no_sandbox {
            warn(&say::ConfinedNoSandbox { error });
        }
        Self(None)
    }

    /// Goes into it, for good; `aloud` if the others need not say so too.
    pub(super) fn enter(&self, aloud: bool) {
        let Some(sandbox) = &self.0 else { return };
        match sandbox.enter() {
            Ok(()) if aloud => warn(&say::CONFINED_IN_SANDBOX),
            Ok(()) => {}
            Err(error) => warn(&none(&error)),
        }
    }
}

fn none(error: &anyhow::Error) -> String {
    let error = chain(error);
    say::ConfinedNoSandbox { error }.to_string()
}
