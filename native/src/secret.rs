//! Files that hold a secret: a key, hashes of passwords, what lets into a collector.
//!
//! Owns that one which others on this machine can read or change is refused, as ssh does. What
//! stands in it, its reader knows.

use std::fs::File;
use std::path::Path;

/// Opens one.
///
/// # Errors
/// It cannot be read, or others can, too.
pub(crate) fn open(path: &Path) -> anyhow::Result<File> {
    let file = File::open(path)?;
    check(&file, path)?;
    Ok(file)
}

/// Checks the one that is open, and that people know as `path`. A group of one's own may read it:
/// that is how a service that is not root gets its key.
///
/// # Errors
/// Others can read or change it.
#[cfg(unix)]
pub(crate) fn check(file: &File, path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o006;
    let meta = file.metadata()?;
    // A pipe or a device is whoever's made it.
    let is_open = meta.is_file() && meta.permissions().mode() & OTHERS != 0;
    let place = path.display().to_string();
    anyhow::ensure!(!is_open, crate::i18n::say::SecretOpenToAll { place });
    Ok(())
}

/// Who may read it is not in the file's mode.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub(crate) fn check(_: &File, _: &Path) -> anyhow::Result<()> {
    Ok(())
}
