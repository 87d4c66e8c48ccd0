//! From root to nobody, or to whom one likes, with no capability left and none to get.

use std::fmt;

use anyhow::Context as _;
use nix::sys::prctl::set_no_new_privs;
use nix::unistd::{Gid, Uid, User, getegid, geteuid, getgid, getuid, setgid, setgroups, setuid};
use rustix::thread::{CapabilitySet, CapabilitySets, capabilities, set_capabilities};

use crate::i18n::say;

/// Who root becomes where nobody else is named.
const NOBODY: &str = "nobody";

/// Its number where no list of users has it: that of users who are none (Linux's
/// `overflowuid`).
const NOBODY_ID: u32 = 65_534;

/// Whom to become.
#[derive(Debug)]
struct Account {
    name: String,
    uid: Uid,
    gid: Gid,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.name, self.uid, self.gid)
    }
}

/// Stops being root, and drops every capability. Says what was done, or could not be;
/// nothing if there was nothing to give up.
///
/// # Errors
/// If the user that was named cannot be had; and if anything is left of root that should
/// not be.
pub(super) fn give_up(user: Option<&str>) -> anyhow::Result<Option<String>> {
    let had = capabilities(None).context(say::CONFINED_UNKNOWN_PRIVILEGES)?;
    let mut said = None;
    if let Some(account) = whom_to_be(user)? {
        match to_be(&account) {
            Ok(()) => said = Some(say::ConfinedTo { account }.to_string()),
            // In a container there may be nobody else to be.
            Err(error) if user.is_none() => {
                let error = error.desc();
                said = Some(say::ConfinedStillRoot { account, error }.to_string());
            }
            Err(error) => return Err(error).context(say::ConfinedCannotBecome { account }),
        }
    } else if !(had.effective | had.permitted).is_empty() {
        said = Some(say::CONFINED_PRIVILEGES.to_string());
    }
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    if had != none {
        set_capabilities(None, none).context(say::CONFINED_KEEPS_PRIVILEGES)?;
    }
    set_no_new_privs().context(say::CONFINED_MAY_GAIN)?;
    let root = Uid::from_raw(0);
    anyhow::ensure!(
        geteuid().is_root() || setuid(root).is_err(),
        say::CONFINED_NOT_TO_BE_TRUSTED
    );
    Ok(said)
}

/// The user to become; `None` to stay who we are.
fn whom_to_be(user: Option<&str>) -> anyhow::Result<Option<Account>> {
    let Some(user) = user else {
        return Ok(geteuid().is_root().then(someone_else));
    };
    let account = find(user)?.with_context(|| say::ConfinedNoUser { user }.to_string())?;
    if (account.uid, account.gid) == (geteuid(), getegid()) {
        return Ok(None);
    }
    if !geteuid().is_root() {
        anyhow::bail!(say::ConfinedOnlyRoot { account });
    }
    Ok(Some(account))
}

/// Who started this set-user-ID; or, if that was root itself, nobody.
fn someone_else() -> Account {
    let (uid, gid) = (getuid(), getgid());
    if !uid.is_root() {
        let name = say::CONFINED_STARTER.to_string();
        return Account { name, uid, gid };
    }
    // That there is no list of users is no reason to stay root.
    find(NOBODY).ok().flatten().unwrap_or(Account {
        name: NOBODY.to_owned(),
        uid: Uid::from_raw(NOBODY_ID),
        gid: Gid::from_raw(NOBODY_ID),
    })
}

fn find(user: &str) -> anyhow::Result<Option<Account>> {
    let found = match user.parse() {
        Ok(id) => User::from_uid(Uid::from_raw(id)),
        Err(_) => User::from_name(user),
    };
    let found = found.with_context(|| say::ConfinedCannotLookUp { user }.to_string())?;
    Ok(found.map(|User { name, uid, gid, .. }| Account { name, uid, gid }))
}

fn to_be(account: &Account) -> nix::Result<()> {
    setgroups(&[account.gid])?;
    setgid(account.gid)?;
    setuid(account.uid)
}
