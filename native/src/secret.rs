//! Files that hold a secret: a key, hashes of passwords, what lets into a collector.
//!
//! Owns that one which others on this machine can read or change is refused, as ssh does. What
//! stands in it, its reader knows.

use std::fs::{File, Metadata};
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
pub(crate) fn check(file: &File, path: &Path) -> anyhow::Result<()> {
    let meta = file.metadata()?;
    let place = path.display().to_string();
    anyhow::ensure!(
        !is_open_to_all(&meta),
        crate::i18n::say::SecretOpenToAll { place }
    );
    Ok(())
}

/// Whether others can read or change it.
#[cfg(unix)]
fn is_open_to_all(meta: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o006;
    // A pipe or a device is whoever's made it.
    meta.is_file() && meta.permissions().mode() & OTHERS != 0
}

/// Who may read it is not in the file's mode.
#[cfg(not(unix))]
const fn is_open_to_all(_: &Metadata) -> bool {
    false
}
