//! Confines a program that is a stranger's: namespaces of network, processes and files, and
//! limits on what it may use.
//!
//! Owns the two processes between the grader and the program. Knows nothing of packets.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::net::if_::if_nametoindex;
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::{set_child_subreaper, set_pdeathsig};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::setsid;
use serde::{Deserialize, Serialize};

use super::transcript::End;
use super::user;
use crate::path::netlink::Netlink;
use crate::path::processes::children;

/// What the launcher is to start.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Launch {
    pub(super) words: Vec<String>,
    pub(super) folder: PathBuf,
    pub(super) terminal: PathBuf,
    pub(super) env: Vec<(String, String)>,
    pub(super) stdin: Option<String>,
    pub(super) isolated: bool,
}

/// How many processes and threads a program may have at once, a virtual machine's among them.
const MOST_PROCESSES: u64 = 400;

/// What a program may use: seconds of the processor, bytes of memory, bytes of a file, files,
/// and bytes of a core.
const LIMITS: [(Resource, u64); 5] = [
    (Resource::RLIMIT_CPU, 30),
    (Resource::RLIMIT_DATA, 4 << 30),
    (Resource::RLIMIT_FSIZE, 16 << 20),
    (Resource::RLIMIT_NOFILE, 512),
    (Resource::RLIMIT_CORE, 0),
];

/// The grader's own folder in the copy, and its files: where names are asked for.
const OWN: &str = ".udping-grade";
const OWN_FILES: [(&str, &str); 3] = [
    ("hosts", "127.0.0.1 localhost\n::1 localhost\n"),
    ("resolv.conf", "nameserver 127.0.0.1\n"),
    ("nsswitch.conf", "hosts: files dns\n"),
];

/// Writes the grader's own files into a copy.
///
/// # Errors
/// The system refuses.
pub(super) fn write_own(folder: &Path) -> io::Result<()> {
    let own = folder.join(OWN);
    fs::create_dir_all(&own)?;
    let mut files = OWN_FILES.iter();
    files.try_for_each(|(name, text)| fs::write(own.join(name), text))
}

/// Whether these files are not as they were written.
pub(super) fn is_tampered(folder: &Path) -> bool {
    OWN_FILES.iter().any(|(name, text)| {
        fs::read_to_string(folder.join(OWN).join(name)).map_or(true, |it| it != *text)
    })
}

/// A table of this process's network, as `/proc/net` has it.
pub(super) fn net(table: &str) -> String {
    // In a namespace of processes this one is not among those that are seen there.
    let process = if Path::new("/proc/self").exists() {
        "self"
    } else {
        "1"
    };
    fs::read_to_string(format!("/proc/{process}/net/{table}")).unwrap_or_default()
}

/// The tables of this process's network in which [`went_outside`] looks: opened before the
/// program hides this process's own.
pub(super) fn routes() -> Vec<File> {
    let tables = ["snmp", "snmp6"].map(|it| File::open(format!("/proc/self/net/{it}")));
    tables.into_iter().flatten().collect()
}

/// Whether something was to be sent for which the network has no route: it has loopback alone.
pub(super) fn went_outside(routes: &[File]) -> bool {
    let mut text = String::new();
    for mut table in routes {
        // What cannot be read says nothing.
        let _ = table.read_to_string(&mut text);
    }
    let mut ip = text.lines().filter(|it| it.starts_with("Ip:"));
    let named = ip.next().zip(ip.next()).is_some_and(|(names, values)| {
        let mut both = names.split(' ').zip(values.split(' '));
        both.any(|(name, value)| name == "OutNoRoutes" && value != "0")
    });
    let ipv6 = |line: &str| {
        let mut words = line.split_whitespace();
        words.next() == Some("Ip6OutNoRoutes") && words.next() != Some("0")
    };
    named || text.lines().any(ipv6)
}

/// Whether this system permits namespaces to this user: tried in a process of its own.
pub(super) fn isolates() -> bool {
    let probe = std::env::current_exe().and_then(|it| {
        Command::new(it)
            .args(["grade", "isolate"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
    });
    probe.is_ok_and(|status| status.success())
}

/// This process must not outlive the grader, and gets whatever loses its parent.
///
/// # Errors
/// The system refuses, which it never does.
pub(super) fn stay_below() -> anyhow::Result<()> {
    set_pdeathsig(Signal::SIGKILL)?;
    set_child_subreaper(true)?;
    Ok(())
}

/// Moves this process into namespaces of its own: of users if it has no privileges, of
/// network, whose loopback interface is up, and of mounts; and its children into one of
/// processes.
///
/// # Errors
/// The system permits none.
pub(super) fn isolate() -> anyhow::Result<()> {
    user::isolate()?;
    unshare(
        CloneFlags::CLONE_NEWNET
            | CloneFlags::CLONE_NEWNS
            | CloneFlags::CLONE_NEWPID
            | CloneFlags::CLONE_NEWIPC,
    )?;
    Netlink::open()?.set_up(if_nametoindex("lo")?)?;
    Ok(())
}

/// Starts the program, waits for it, and tells on standard output how it ended: the launcher.
///
/// # Errors
/// The terminal or a limit is not to be had.
pub(super) fn launch(launch: &Launch) -> anyhow::Result<End> {
    stay_below()?;
    setsid()?;
    // The first terminal that a leader of a session opens is its own.
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&launch.terminal)?;
    io::stdout().write_all(b" ")?;
    io::stdout().flush()?;
    if launch.isolated {
        files(&launch.folder)?;
    }
    for (resource, most) in LIMITS {
        setrlimit(resource, most, most)?;
    }
    if launch.isolated {
        setrlimit(Resource::RLIMIT_NPROC, MOST_PROCESSES, MOST_PROCESSES)?;
        user::become_program()?;
    }
    let mut words = launch.words.iter();
    let mut command = Command::new(words.next().map_or("", String::as_str));
    command
        .args(words)
        .current_dir(&launch.folder)
        .env("TERM", "dumb")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .envs(launch.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(terminal.try_clone()?)
        .stderr(terminal)
        .process_group(0);
    if launch.stdin.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ok(End::NotStarted(error.to_string())),
    };
    // Nobody else has the terminal when the program has ended.
    drop(command);
    if let (Some(mut stdin), Some(text)) = (child.stdin.take(), &launch.stdin) {
        // One that does not read it does without.
        let _ = stdin.write_all(text.as_bytes());
    }
    let status = child.wait()?;
    Ok(match status.code() {
        Some(code) => End::Exited(code),
        None => End::Signal(status.signal().unwrap_or_default()),
    })
}

/// The folder alone can be written to, names are asked for within, and only the namespace's
/// processes are to be seen.
fn files(folder: &Path) -> anyhow::Result<()> {
    let none: Option<&str> = None;
    let own = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(none, "/", none, own, none)?;
    mount(Some(folder), folder, none, MsFlags::MS_BIND, none)?;
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let folder = folder.canonicalize()?;
    for line in mounts.lines() {
        let Some(place) = line.split(' ').nth(4) else {
            continue;
        };
        let place = place.replace("\\040", " ");
        if Path::new(&place) == folder || place.starts_with("/dev") || place.starts_with("/proc") {
            continue;
        }
        let flags = line.split(' ').nth(5).unwrap_or_default();
        let mut kept = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY;
        for (name, flag) in [
            ("nosuid", MsFlags::MS_NOSUID),
            ("nodev", MsFlags::MS_NODEV),
            ("noexec", MsFlags::MS_NOEXEC),
            ("noatime", MsFlags::MS_NOATIME),
            ("relatime", MsFlags::MS_RELATIME),
        ] {
            if flags.split(',').any(|it| it == name) {
                kept |= flag;
            }
        }
        let remounted = mount(none, place.as_str(), none, kept, none);
        // The root must not be writable; what is hidden below another mount may be.
        if place == "/" {
            remounted?;
        }
    }
    for (name, _) in OWN_FILES {
        let file = folder.join(OWN).join(name);
        let target = Path::new("/etc").join(name).canonicalize();
        if let Ok(target) = target {
            mount(Some(&file), &target, none, MsFlags::MS_BIND, none)?;
        }
    }
    for place in ["/tmp", "/dev/shm", "/var/tmp"] {
        // A folder within would vanish.
        if !folder.starts_with(place) && Path::new(place).is_dir() {
            let _ = mount(
                Some("tmpfs"),
                place,
                Some("tmpfs"),
                MsFlags::MS_NOSUID | MsFlags::MS_NODEV,
                Some("size=64m,mode=1777"),
            );
        }
    }
    // Some containers permit none; then the names of others are seen, and no more.
    let _ = mount(
        Some("proc"),
        "/proc",
        Some("proc"),
        MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC,
        none,
    );
    Ok(())
}

/// How many processes and threads there are in the system.
pub(super) fn all_processes() -> usize {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let count = load.split([' ', '/']).nth(4);
    count.and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// Whether a program has about as many processes as it may have, where the system had `before`
/// at first.
pub(super) fn too_many_processes(before: usize) -> bool {
    all_processes() > before + 300 && descendants() > 380
}

/// Whether it has so many that they are why it comes to nothing.
pub(super) fn has_many(before: usize) -> bool {
    all_processes() > before + 60 && descendants() > 80
}

/// How many descendants this process has: in a namespace of processes all that are there.
fn descendants() -> usize {
    let is_outside = !Path::new("/proc/self").exists();
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id: Option<u32> = entry.file_name().to_str().and_then(|it| it.parse().ok());
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let parent = after_name.split_whitespace().nth(1);
        let parent: Option<u32> = parent.and_then(|it| it.parse().ok());
        parents.extend(id.zip(parent));
    }
    if is_outside {
        return parents.len();
    }
    let mut found = vec![std::process::id()];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(parents.iter().filter(|it| it.1 == parent).map(|it| it.0));
        at += 1;
    }
    found.len() - 1
}

/// Ends whatever this process still has of children.
pub(super) fn end_all() {
    loop {
        for child in children().unwrap_or_default() {
            let _ = kill(child, Signal::SIGKILL);
        }
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => std::thread::sleep(std::time::Duration::from_millis(2)),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}
