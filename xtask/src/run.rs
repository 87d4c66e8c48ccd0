//! Running other programs: said before, and checked after.
//!
//! Owns how a program is started and how its failure reads. Knows no program by name but cargo.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

/// The cargo that runs this task, and so the same toolchain.
pub(crate) fn cargo<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
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
    let (reader, writer) = std::io::pipe().context("making a pipe")?;
    let stderr = writer.try_clone().context("making a pipe")?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(stderr)
        .spawn()
        .with_context(|| format!("starting {}", line(command)))?;
    // The command holds ends of the pipe too, which would keep it from ever ending.
    command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
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
