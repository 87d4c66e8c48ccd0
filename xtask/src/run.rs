//! Running other programs: said before, and checked after.
//!
//! Owns how a program is started and how its failure reads. Knows no program by name but cargo.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, PipeReader, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use cargo_metadata::{Metadata, MetadataCommand};

/// The cargo that runs this task, and so the same toolchain.
pub(crate) fn cargo<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    // Cargo says to this task what package it is of. Passed on, that would have packages built
    // again whose build scripts look at such variables.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// What cargo says of the workspace.
pub(crate) fn workspace() -> Result<Metadata> {
    let asked = MetadataCommand::new().no_deps().exec();
    asked.context("asking cargo about the workspace")
}

/// Runs a program in the open; its failure is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    announce(command);
    let status = command
        .status()
        .with_context(|| format!("starting {}", line(command)))?;
    check(command, status)
}

/// Runs a program in the open and hands over each line that it writes, to either stream, in order.
pub(crate) fn watch(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<()> {
    announce(command);
    let (mut child, reader) = piped(command)?;
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader
        .read_until(b'\n', &mut bytes)
        .context("reading a program's output")?
        > 0
    {
        let text = String::from_utf8_lossy(&bytes);
        print!("{text}");
        on_line(text.trim_end());
        bytes.clear();
    }
    let status = child
        .wait()
        .with_context(|| format!("waiting for {}", line(command)))?;
    check(command, status)
}

/// Runs a program, prints all that it wrote once it has ended, and hands over each line: so several
/// can run at a time and be read one after the other.
pub(crate) fn watch_whole(command: &mut Command, on_line: impl FnMut(&str)) -> Result<()> {
    let (mut child, mut reader) = piped(command)?;
    let mut bytes = Vec::new();
    reader
        .read_to_end(&mut bytes)
        .context("reading a program's output")?;
    let status = child
        .wait()
        .with_context(|| format!("waiting for {}", line(command)))?;
    let text = String::from_utf8_lossy(&bytes);
    println!("$ {}\n{text}", line(command));
    text.lines().for_each(on_line);
    check(command, status)
}

/// Runs a program quietly and returns what it writes to its standard output.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("starting {}", line(command)))?;
    ensure!(
        output.status.success(),
        "`{}` failed ({}): {}",
        line(command),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    String::from_utf8(output.stdout)
        .with_context(|| format!("reading the output of {}", line(command)))
}

/// Starts a program without input whose two streams come through one pipe.
fn piped(command: &mut Command) -> Result<(Child, PipeReader)> {
    let (reader, writer) = std::io::pipe().context("making a pipe")?;
    let stderr = writer.try_clone().context("making a pipe")?;
    let child = command
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(stderr)
        .spawn()
        .with_context(|| format!("starting {}", line(command)))?;
    // The command holds ends of the pipe too, which would keep it from ever ending.
    command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
    Ok((child, reader))
}

/// What a program came to that had only so long.
#[derive(Debug)]
pub(crate) struct Bounded {
    /// All that it wrote, to either stream, in order.
    pub(crate) output: String,
    /// Absent if it was killed for taking longer.
    pub(crate) status: Option<ExitStatus>,
}

/// Runs a program quietly. Where it, or one that it started, takes longer than `limit`, it is
/// killed with its process group.
pub(crate) fn bounded(command: &mut Command, limit: Duration) -> Result<Bounded> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let (mut child, mut reader) = piped(command)?;
    let written = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&written);
    let (open, closed) = channel::<()>();
    thread::spawn(move || {
        let _open = open;
        let mut piece = [0; 4096];
        while let Ok(len @ 1..) = reader.read(&mut piece) {
            let mut written = to.lock().unwrap_or_else(PoisonError::into_inner);
            written.extend_from_slice(piece.get(..len).unwrap_or_default());
        }
    });
    let status = match closed.recv_timeout(limit) {
        Err(RecvTimeoutError::Timeout) => {
            kill(&mut child)?;
            None
        }
        _ => Some(child.wait()),
    };
    let status = status
        .transpose()
        .with_context(|| format!("waiting for {}", line(command)))?;
    let written = written.lock().unwrap_or_else(PoisonError::into_inner);
    let output = String::from_utf8_lossy(&written).into_owned();
    Ok(Bounded { output, status })
}

/// Kills a program that leads a process group, and those in it.
fn kill(child: &mut Child) -> Result<()> {
    #[cfg(unix)]
    read(Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]))?;
    #[cfg(not(unix))]
    child.kill().context("killing a program")?;
    child.wait().context("waiting for a program")?;
    Ok(())
}

fn announce(command: &Command) {
    println!("$ {}", line(command));
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// The command as a person would type it, by the program's short name.
fn line(command: &Command) -> String {
    let settings = command.get_envs().filter_map(|(name, value)| {
        let value = value.filter(|_| name != "PATH")?;
        Some(format!("{}={}", name.display(), value.display()))
    });
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let args = command.get_args().map(|arg| arg.display().to_string());
    settings
        .chain([program.display().to_string()])
        .chain(args)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_is_killed_with_those_that_it_started_and_what_ends_is_not() {
        let sh = |script: &str, limit| bounded(Command::new("sh").args(["-c", script]), limit);
        let minute = Duration::from_mins(1);
        let ended = sh("echo one; echo two >&2; exit 3", minute).unwrap();
        assert_eq!(ended.output, "one\ntwo\n");
        assert_eq!(ended.status.unwrap().code(), Some(3));

        // Both hold the pipe, which tells when they are gone.
        let hung = sh("sleep 600 & echo $!; sleep 600", Duration::from_secs(1)).unwrap();
        assert!(hung.status.is_none(), "{hung:?}");
        let other = hung.output.trim();
        // Whoever its parent is now may take a moment to notice.
        while let Ok(stat) = std::fs::read_to_string(format!("/proc/{other}/stat"))
            && !stat.contains(") Z ")
        {
            thread::yield_now();
        }
    }
}
