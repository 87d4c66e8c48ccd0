//! What the tests against real sockets share: starting programs, ending them by
//! their own handle, and reading what they said. The only place under the tests
//! that knows the journal's field names. Must not know what any test expects.

#![allow(dead_code, reason = "each crate of tests uses its own part")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot be set up fails by panicking"
)]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

pub(crate) mod journal;
pub(crate) mod netns;
pub(crate) mod prometheus;

/// No program here has any business taking longer, on however slow a machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// How often a test looks again, and how long it looks at the most.
const LOOK: Duration = Duration::from_millis(200);
const LOOKS: usize = 450;

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// What it said on standard error beside what it has given up.
    pub(crate) fn warnings(&self) -> Vec<&str> {
        let confined = |line: &&str| line.contains("sandbox") || line.contains("privileges");
        self.stderr.lines().filter(|it| !confined(it)).collect()
    }
}

/// A program that is running, and is killed if it is dropped before it ends.
#[derive(Debug)]
pub(crate) struct Running {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::start_to(command, Stdio::piped())
    }

    /// One whose standard output is `stdout`: if that is no pipe, it has no lines.
    pub(crate) fn start_to(command: &mut Command, stdout: impl Into<Stdio>) -> Self {
        let name = format!("{command:?}");
        // Whoever runs the tests may speak any language; what is expected is English, in UTF-8.
        if command.get_envs().all(|(name, _)| name != "LC_ALL") {
            command.env("LC_ALL", "C.UTF-8");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let stdin = child.stdin.take();
        let stdout: Box<dyn Read + Send> = match child.stdout.take() {
            Some(pipe) => Box::new(pipe),
            None => Box::new(std::io::empty()),
        };
        let stdout = lines_of(stdout);
        let stderr = lines_of(child.stderr.take().expect("it was piped"));
        Self {
            name,
            child,
            stdin,
            stdout,
            stderr,
        }
    }

    /// The next line on its standard output, without the end of line.
    pub(crate) fn line(&self) -> String {
        let line = self.stdout.recv_timeout(PATIENCE);
        let line = line.unwrap_or_else(|error| panic!("{} says nothing: {error}", self.name));
        line.trim_end().to_owned()
    }

    /// The next line on its standard output that contains `words`.
    pub(crate) fn line_with(&self, words: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(words) {
                return line;
            }
        }
    }

    /// The next line on its standard error that contains `words`.
    pub(crate) fn warning_with(&self, words: &str) -> String {
        loop {
            let line = self.stderr.recv_timeout(PATIENCE);
            let line = line
                .unwrap_or_else(|error| panic!("{} does not warn of {words}: {error}", self.name));
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Whether such a line comes on its standard error before `time` is over.
    pub(crate) fn warns_within(&self, time: Duration, words: &str) -> bool {
        while let Ok(line) = self.stderr.recv_timeout(time) {
            if line.contains(words) {
                return true;
            }
        }
        false
    }

    /// Where it says that figures are.
    pub(crate) fn scraped_at(&self) -> SocketAddr {
        let said = self.warning_with("/metrics");
        let (_, place) = said.split_once("://").expect("an address");
        let address = place.trim().trim_end_matches("/metrics").parse();
        address.unwrap_or_else(|error| panic!("{error} in {said}"))
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, by its name: `INT`.
    pub(crate) fn signal(&self, name: &str) {
        send_signal(self.id(), name);
    }

    /// Closes its input and waits until it has ended.
    pub(crate) fn finish(mut self) -> Ended {
        drop(self.stdin.take());
        let stdout = rest(&self.stdout, &self.name);
        let stderr = rest(&self.stderr, &self.name);
        let status = self.child.wait().expect("it is our child");
        Ended {
            code: status.code(),
            stdout,
            stderr,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only for a child that has ended and been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal, by its name, to a process that has not been waited for.
pub(crate) fn send_signal(process: u32, name: &str) {
    let killed = run(Command::new("kill").args([format!("-{name}"), process.to_string()]));
    assert_eq!(killed.code, Some(0), "{killed:?}");
}

/// Passes on `source` line by line until it ends, whether or not anybody listens:
/// a program must never stall because its pipe is full.
fn lines_of(source: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        while source
            .read_until(b'\n', &mut line)
            .is_ok_and(|length| length > 0)
        {
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
            line.clear();
        }
    });
    receiver
}

/// All that is still to come from a program that should be about to end.
fn rest(lines: &Receiver<String>, name: &str) -> String {
    use std::sync::mpsc::RecvTimeoutError::{Disconnected, Timeout};
    let mut text = String::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => text.push_str(&line),
            Err(Disconnected) => return text,
            Err(Timeout) => panic!("{name} does not end; it last said:\n{text}"),
        }
    }
}

/// The command under test.
pub(crate) fn udping() -> Command {
    Command::new(env!("CARGO_BIN_EXE_udping"))
}

/// What has root stay root: where the tests are, nobody else may read or write.
pub(crate) fn as_whoever_tests() -> &'static [&'static str] {
    let id = run(Command::new("id").arg("-u")).stdout;
    if id.trim() == "0" {
        &["--user", "root"]
    } else {
        &[]
    }
}

/// The command under test, with these arguments.
pub(crate) fn udping_with(arguments: &str) -> Command {
    let mut command = udping();
    command.args(arguments.split_whitespace());
    command
}

pub(crate) fn run(command: &mut Command) -> Ended {
    Running::start(command).finish()
}

/// Gives `input` to a program, and closes it.
pub(crate) fn run_with_input(command: &mut Command, input: &[u8]) -> Ended {
    let mut running = Running::start(command);
    // One that has heard enough closes its end.
    if let Some(mut stdin) = running.stdin.take()
        && let Err(error) = stdin.write_all(input)
    {
        assert_eq!(error.kind(), ErrorKind::BrokenPipe, "{error}");
    }
    running.finish()
}

/// A path of its own for a test's file or folder, which goes with it.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("scratch-{}-{count}", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// A file with this in it.
    pub(crate) fn holding(content: impl AsRef<[u8]>) -> Self {
        let scratch = Self::new();
        std::fs::write(&scratch.0, content).unwrap();
        scratch
    }

    /// A file with a secret in it, for its owner alone.
    #[cfg(unix)]
    pub(crate) fn secret(content: impl AsRef<[u8]>) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = Self::holding(content);
        std::fs::set_permissions(&scratch.0, std::fs::Permissions::from_mode(0o600)).unwrap();
        scratch
    }

    /// A folder.
    pub(crate) fn folder() -> Self {
        let scratch = Self::new();
        std::fs::create_dir(&scratch.0).unwrap();
        scratch
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A test need not have made its file.
        let _ = if self.0.is_dir() {
            std::fs::remove_dir_all(&self.0)
        } else {
            std::fs::remove_file(&self.0)
        };
    }
}

/// `udping serve` on a free port of loopback.
#[derive(Debug)]
pub(crate) struct Reflector {
    pub(crate) running: Running,
    pub(crate) port: u16,
}

impl Reflector {
    pub(crate) fn start(arguments: &str) -> Self {
        Self::bound("127.0.0.1:0", arguments)
    }

    pub(crate) fn bound(address: &str, arguments: &str) -> Self {
        Self::bound_with(address, arguments, |_| {})
    }

    /// The same, its command changed by `change`.
    pub(crate) fn bound_with(
        address: &str,
        arguments: &str,
        change: impl FnOnce(&mut Command),
    ) -> Self {
        let mut command = udping();
        command
            .args(["serve", "--bind", address])
            .args(arguments.split_whitespace());
        change(&mut command);
        let running = Running::start(&mut command);
        let line = running.line();
        let port = line
            .strip_prefix("listening on ")
            .and_then(|address| address.rsplit_once(':'))
            .and_then(|(_, port)| port.parse().ok())
            .filter(|port| *port != 0);
        Self {
            port: port.unwrap_or_else(|| panic!("no port in {line:?}")),
            running,
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// `udping` on its way to this server.
    pub(crate) fn pinged(&self, arguments: &str) -> Command {
        let mut command = udping();
        command
            .arg(self.address().to_string())
            .args(arguments.split_whitespace());
        command
    }

    pub(crate) fn signal(&self, name: &str) {
        self.running.signal(name);
    }

    /// Ends it; it says on standard output what it did.
    pub(crate) fn stop(self) -> Ended {
        self.running.signal("TERM");
        let ended = self.running.finish();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended
    }
}

/// Says that a test cannot be tried here, and why, where everybody sees it: what a
/// test prints is kept from view otherwise.
pub(crate) fn skipped(why: &str) {
    let test = thread::current().name().unwrap_or_default().to_owned();
    let said = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
    said.expect("somebody reads what tests say");
}

/// Whether the system permits no `udping path`, which is said aloud.
pub(crate) fn without_a_path() -> bool {
    let ended = run(&mut udping_with("path -- true"));
    let without = ended.code != Some(0);
    if without {
        // Why not has to be said, and nothing else may be wrong.
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains("\nwithout it, "), "{ended:?}");
        skipped(ended.stderr.lines().next().unwrap_or_default());
    }
    without
}

/// A command in a network of its own, in which nothing is up, and with mounts of its own;
/// `None`, said aloud, where that is not permitted.
pub(crate) fn in_a_network_of_its_own(script: &str) -> Option<Ended> {
    let mut command = Command::new("unshare");
    command.args(["--net", "--mount", "sh", "-c", script]);
    command.env("UDPING", env!("CARGO_BIN_EXE_udping"));
    let possible = Command::new("unshare")
        .args(["--net", "--mount", "ip", "link"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !possible {
        skipped("no privilege, or no `ip`, for a network of its own");
        return None;
    }
    Some(run(&mut command))
}

/// The same, in which names have addresses as these lines of `hosts(5)` say, and no server of
/// names is asked.
pub(crate) fn in_a_network_with_names(hosts: &str, script: &str) -> Option<Ended> {
    let names = Scratch::holding(hosts);
    let sources = Scratch::holding("hosts: files\n");
    in_a_network_of_its_own(&format!(
        "mount --bind {} /etc/hosts && mount --bind {} /etc/nsswitch.conf || exit 99
        ip link set lo up
        {script}",
        names.path().display(),
        sources.path().display(),
    ))
}

/// Runs a script where the only name server never answers.
pub(crate) fn with_silent_resolver(script: &str) -> Option<Ended> {
    let servers = Scratch::holding("nameserver 127.0.0.1\n");
    let script = format!(
        r#"ip link set lo up
        "$UDPING" serve --bind 127.0.0.1:53 --loss 100% > /dev/null & server=$!
        until grep -q ' 0100007F:0035 ' /proc/net/udp; do :; done
        unshare --mount sh -c 'mount --bind "$0" /etc/resolv.conf && eval "$1"' {} '{script}'
        code=$?; kill $server; wait $server; exit $code"#,
        servers.path().display(),
    );
    in_a_network_of_its_own(&script)
}

/// The folder of programs written independently of this project's code.
pub(crate) fn counterparts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/counterparts")
}

/// A counterpart in Python.
pub(crate) fn python(file: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(counterparts().join(file));
    command
}

/// Python with the packages that `cargo xtask setup` brings; `None`, said aloud, where it has
/// not been run.
pub(crate) fn python_with_packages() -> Option<Command> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools");
    let program = tools.join("python/bin/python3");
    if program.is_file() {
        return Some(Command::new(program));
    }
    skipped("no Python packages: `cargo xtask setup` installs them");
    None
}

/// A counterpart in C, compiled when it is first asked for.
pub(crate) fn c_program(name: &str) -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        for name in ["upper_server", "nyu_client", "courses"] {
            let source = counterparts().join(name).with_extension("c");
            let built = run(Command::new("cc")
                .arg("-o")
                .arg(folder.join(name))
                .arg(source));
            assert_eq!(built.code, Some(0), "{}", built.stderr);
        }
        folder
    });
    Command::new(folder.join(name))
}

/// The body of what is answered at `address`.
pub(crate) fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some(body.to_owned())
}

/// Looks until `found` is there.
pub(crate) fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    for _ in 0..LOOKS {
        if let Some(found) = found() {
            return found;
        }
        thread::sleep(LOOK);
    }
    panic!("in vain: {what}");
}

/// A UDP socket of loopback. Waiting for what does not come is an error there, and ends.
pub(crate) fn udp_socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// The next datagram that comes: its length, and where it came from. A signal ends no waiting
/// (EINTR), and where somebody stops and continues the whole machine, one comes.
pub(crate) fn next_datagram(socket: &UdpSocket, room: &mut [u8]) -> (usize, SocketAddr) {
    loop {
        match socket.recv_from(room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            received => return received.expect("a datagram comes"),
        }
    }
}

/// A UDP socket that keeps others off its port, while what is sent there is refused: it
/// hears only somebody else.
pub(crate) fn unheard() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect("127.0.0.1:9").unwrap();
    socket
}

/// A counterpart that serves.
#[derive(Debug)]
pub(crate) struct Server {
    running: Running,
    pub(crate) port: u16,
}

/// What a server did with the requests it received, by the numbers they carried.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) answered: Vec<u64>,
    pub(crate) dropped: Vec<u64>,
    /// Those whose time a float holds with all its digits.
    pub(crate) whole: Vec<u64>,
}

impl Server {
    pub(crate) fn start(command: &mut Command) -> Self {
        let running = Running::start(command);
        let line = running.line();
        let port = line
            .strip_prefix("PORT ")
            .and_then(|port| port.parse().ok());
        Self {
            port: port.unwrap_or_else(|| panic!("no port in {line:?}")),
            running,
        }
    }

    /// `server.py` with these arguments.
    pub(crate) fn python(arguments: &str) -> Self {
        Self::start(python("server.py").args(arguments.split_whitespace()))
    }

    /// The next thing it says.
    pub(crate) fn line(&self) -> String {
        self.running.line()
    }

    /// Ends the server and asks what it did.
    pub(crate) fn told(self) -> Told {
        let ended = self.running.finish();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let mut told = Told::default();
        for line in ended.stdout.lines() {
            match line.split_once(' ') {
                Some(("answered", number)) => told.answered.push(number.parse().unwrap()),
                Some(("whole", number)) => told.whole.push(number.parse().unwrap()),
                Some(("dropped" | "silent", number)) => told.dropped.push(number.parse().unwrap()),
                _ => panic!("a server says {line:?}"),
            }
        }
        told
    }
}
