//! Who a graded program is: somebody else than root, without a capability, so that the limit of
//! processes holds for it and it can mount and write nothing again.
//!
//! Owns the users of a trial's namespace. That nothing can be written there is
//! [`confine`](super::confine)'s.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::lchown;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::{set_no_new_privs, set_pdeathsig};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, getegid, geteuid, setgroups, setresgid, setresuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, configure_capability_in_ambient_set, set_capabilities,
    set_keep_capabilities,
};

use crate::i18n::say;

/// The program's user and group outside: none that anybody has.
const OUTSIDE: u32 = 65_533;

/// The same within, where root is 0.
const WITHIN: u32 = 1;

/// What it keeps of root: to read what root alone may, such as an interpreter in root's home.
const KEPT: CapabilitySet = CapabilitySet::DAC_READ_SEARCH;

/// Moves this process into a namespace of users of its own: with a further user where root
/// asks and the system permits it, otherwise with its own one alone.
///
/// # Errors
/// The system permits none.
pub(super) fn isolate() -> anyhow::Result<()> {
    let (user, group) = (geteuid(), getegid());
    // Two users can be mapped from outside only.
    let mapper = user.is_root().then(Mapper::start).transpose()?;
    unshare(CloneFlags::CLONE_NEWUSER)?;
    if !mapper.is_some_and(Mapper::map) {
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
        fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
    }
    Ok(())
}

/// A process outside of the namespace, which says who is who there.
struct Mapper(Child);

impl Mapper {
    fn start() -> anyhow::Result<Self> {
        let child = Command::new(env::current_exe()?)
            .args(["grade", "map"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context(say::GRADE_NO_LAUNCH)?;
        Ok(Self(child))
    }

    /// Whether this process has two users now.
    fn map(mut self) -> bool {
        if let Some(mut stdin) = self.0.stdin.take() {
            // Whoever does not read it says nothing either.
            let _ = writeln!(stdin, "{}", std::process::id());
        }
        let mut said = String::new();
        if let Some(stdout) = &mut self.0.stdout {
            let _ = stdout.read_to_string(&mut said);
        }
        let _ = self.0.wait();
        said == "mapped"
    }
}

/// The mapper's own work: the process that it is told has two users then.
///
/// # Errors
/// The system does not permit it.
pub(super) fn map() -> anyhow::Result<()> {
    let mut line = String::new();
    BufReader::new(std::io::stdin()).read_line(&mut line)?;
    let process: u32 = line.trim().parse()?;
    let users = format!("0 0 1\n{WITHIN} {OUTSIDE} 1\n");
    for map in ["gid_map", "uid_map"] {
        fs::write(format!("/proc/{process}/{map}"), &users)?;
    }
    print!("mapped");
    std::io::stdout().flush()?;
    Ok(())
}

/// Gives a folder and all in it to the program's user, where root grades.
///
/// # Errors
/// The system refuses.
pub(super) fn give(folder: &Path) -> std::io::Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    lchown(folder, Some(OUTSIDE), Some(OUTSIDE))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            give(&entry.path())?;
        } else {
            lchown(entry.path(), Some(OUTSIDE), Some(OUTSIDE))?;
        }
    }
    Ok(())
}

/// Becomes the program's user, if there is one, and gives up every capability that could undo
/// what confines it.
///
/// # Errors
/// The system refuses.
pub(super) fn become_program() -> anyhow::Result<()> {
    let users = fs::read_to_string("/proc/self/uid_map")?;
    let is_mapped = users.lines().count() > 1;
    let kept = if is_mapped {
        KEPT
    } else {
        CapabilitySet::empty()
    };
    if is_mapped {
        let (user, group) = (Uid::from_raw(WITHIN), Gid::from_raw(WITHIN));
        set_keep_capabilities(true)?;
        setgroups(&[group])?;
        setresgid(group, group, group)?;
        setresuid(user, user, user)?;
    }
    set_capabilities(
        None,
        CapabilitySets {
            effective: kept,
            permitted: kept,
            inheritable: kept,
        },
    )?;
    if is_mapped {
        configure_capability_in_ambient_set(KEPT, true)?;
    }
    // What a program file would give it is not given.
    set_no_new_privs()?;
    // Another user does not go with its parent, unless it says so again.
    set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}
