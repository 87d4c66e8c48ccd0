//! The copy of a submission in which it is built and run.
//!
//! Owns what is copied, and that it is gone in the end.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

use crate::i18n::say;

/// How many files a submission may have, and how many bytes.
const MOST_FILES: usize = 4000;
const MOST_BYTES: u64 = 256 << 20;

/// A copy, until it is dropped.
#[derive(Debug)]
pub(super) struct Copy(PathBuf);

impl Copy {
    /// Copies a folder, with words replaced in its texts.
    ///
    /// # Errors
    /// There is too much of it, or it cannot be read.
    pub(super) fn of(folder: &Path, replace: &[String]) -> anyhow::Result<Self> {
        let name = format!("udping-grade-{:016x}", crate::random()?);
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).context(say::GRADE_NO_COPY)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
        let copy = Self(path);
        let replace = replace.iter().map(|it| {
            let pair = it.split_once('=');
            pair.with_context(|| say::GradeAssignmentWord { word: it.clone() })
        });
        let replace: Vec<(&str, &str)> = replace.collect::<anyhow::Result<_>>()?;
        let mut left = (MOST_FILES, MOST_BYTES);
        copy_folder(folder, &copy.0, &replace, &mut left).context(say::GRADE_NO_COPY)?;
        Ok(copy)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Makes it the program's, once nothing more is built in it.
    ///
    /// # Errors
    /// The system refuses.
    pub(super) fn give(&self) -> anyhow::Result<()> {
        super::confine::write_own(&self.0).context(say::GRADE_NO_COPY)?;
        super::user::give(&self.0).context(say::GRADE_NO_COPY)
    }

    /// Compiles in it.
    ///
    /// # Errors
    /// Says what the compiler said.
    pub(super) fn build(&self, command: &str) -> anyhow::Result<()> {
        let output = Command::new("/bin/sh")
            .args(["-c", command])
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .context(say::GRADE_NOT_BUILT)?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        anyhow::ensure!(
            output.status.success(),
            "{}\n{}",
            say::GRADE_NOT_BUILT,
            said.trim_end()
        );
        Ok(())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's own cleaning.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy_folder(
    from: &Path,
    to: &Path,
    replace: &[(&str, &str)],
    left: &mut (usize, u64),
) -> anyhow::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        // Links lead out of it, and a history is no program.
        if kind.is_symlink() || name == ".git" {
            continue;
        }
        let target = to.join(&name);
        if kind.is_dir() {
            fs::create_dir(&target)?;
            copy_folder(&entry.path(), &target, replace, left)?;
        } else if kind.is_file() {
            let bytes = entry.metadata()?.len();
            let (files, room) = (left.0.checked_sub(1), left.1.checked_sub(bytes));
            *left = files.zip(room).context(say::GRADE_TOO_LARGE)?;
            fs::copy(entry.path(), &target)?;
            if !replace.is_empty()
                && let Ok(text) = fs::read_to_string(&target)
            {
                let replaced = replace.iter().fold(text, |text, (word, by)| {
                    text.replace(word, &super::program::filled(by, crate::cli::DEFAULT_PORT))
                });
                fs::write(&target, replaced)?;
            }
        }
    }
    Ok(())
}
