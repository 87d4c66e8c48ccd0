//! The commands that the documents show: each works as it stands there, and prints what is shown,
//! whatever the numbers. Only hosts and ports differ, since a test takes free ones. That both
//! languages show the same commands is `xtask/tests/documents.rs`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use udping_journal::{Class, Record};

use crate::support::{Ended, Running, Scratch, run, udping, udping_with, without_a_path};

/// Commands that something else runs.
const RUN_ELSEWHERE: [(&str, &str); 17] = [
    ("udping monitor CONFIG.toml", "native/tests/monitor.rs"),
    (
        "udping grade server --port 12000 -- python3 server.py",
        "native/tests/grade",
    ),
    (
        "udping grade class submissions -o results",
        "native/tests/grade",
    ),
    (
        "udping grade heartbeat -- python3 heartbeat_client.py {host} {port}",
        "native/tests/grade",
    ),
    (
        "udping grade heartbeat-server --port 12000 -- python3 heartbeat_server.py",
        "native/tests/grade",
    ),
    ("udping grade client -- PROGRAM", "native/tests/grade"),
    (
        "udping grade client -- python3 client.py {host} {port}",
        "native/tests/grade",
    ),
    (
        "udping grade client --build 'javac *.java' -- java Client {host} {port}",
        "native/tests/grade",
    ),
    (
        "udping grade client --only late -- ./client",
        "native/tests/grade",
    ),
    ("cargo run --release -- demo", "udping demo, below it"),
    ("cargo xtask test", "whoever runs this"),
    (
        "cargo install --locked --path native",
        "builds this package",
    ),
    ("cargo xtask view", "native/tests/view.rs"),
    ("udping merge CLIENT SERVER -o BOTH", "the section on it"),
    ("udping view", "native/tests/view.rs"),
    ("udping view --follow run.jsonl", "native/tests/live.rs"),
    ("udping HOST -i 10ms -c 6000 --view", "native/tests/live.rs"),
];

/// A document as its reader would follow it, in a folder of its own.
struct Reader {
    folder: Scratch,
    locale: &'static str,
    /// The servers that are running, by what they speak, each with its address.
    servers: BTreeMap<&'static str, (Running, String)>,
    /// What was run.
    commands: usize,
}

/// What a server and its clients must agree on.
fn speaks(line: &str) -> &'static str {
    if line.contains("--wire stamp") {
        "--wire stamp"
    } else if line.contains("--tcp") || line.contains("compare ") {
        "--tcp"
    } else if line.contains("heartbeat") {
        "--heartbeat"
    } else {
        ""
    }
}

impl Reader {
    fn udping(&self) -> Command {
        let mut command = udping();
        command.current_dir(self.folder.path());
        command.env("LC_ALL", self.locale);
        command
    }

    fn serve(&mut self, line: &str) {
        let mut command = self.udping();
        let mut words = line.split_whitespace().skip(1);
        while let Some(word) = words.next() {
            if word == "--bind" {
                words.next();
            } else {
                command.arg(word);
            }
        }
        let server = Running::start(command.args(["--bind", "127.0.0.1:0"]));
        let line_of_address = server.line();
        let (_, port) = line_of_address.rsplit_once(':').unwrap();
        let address = format!("127.0.0.1:{port}");
        let before = self.servers.insert(speaks(line), (server, address));
        end(before);
    }

    /// Runs a command of a document; `None` for what goes on, or is run elsewhere.
    fn run(&mut self, line: &str) -> Option<Ended> {
        self.commands += 1;
        let line = line.trim_end_matches(" &");
        if line.starts_with("udping serve") {
            self.serve(line);
            return None;
        }
        if line.starts_with("jq ") {
            let mut shell = Command::new("sh");
            let shell = shell.args(["-c", line]).current_dir(self.folder.path());
            return Some(run(shell));
        }
        if line.starts_with("udping path") && without_a_path() {
            return None;
        }
        let words = line.strip_prefix("udping ");
        let words = words.unwrap_or_else(|| panic!("nothing here runs `{line}`"));
        let is_host = |word: &str| word.starts_with("HOST") || word == "127.0.0.1";
        if words.split_whitespace().any(is_host) && !self.servers.contains_key(speaks(line)) {
            self.serve(&format!("udping serve {}", speaks(line)));
        }
        let mut command = self.udping();
        for word in words.split_whitespace() {
            match word {
                "FILE" => command.arg("udping-demo.jsonl"),
                "COMMAND" => command.arg("true"),
                host if is_host(host) => command.arg(&self.servers[speaks(line)].1),
                _ => command.arg(word),
            };
        }
        if line.starts_with("udping heartbeat") && !line.contains(" -c ") {
            // It has no end; one that was sent will do.
            let running = Running::start(&mut command);
            running.line_with("heartbeat 1 ");
            running.signal("INT");
            return Some(running.finish());
        }
        Some(run(&mut command))
    }
}

fn end(server: Option<(Running, String)>) {
    if let Some((running, _)) = server {
        running.signal("TERM");
        let ended = running.finish();
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

/// A line without its numbers and its spacing.
fn shape(line: &str) -> String {
    let mut shape = String::new();
    for letter in line
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        // `1.5` and `182` are alike; so are `17` and `5`.
        if !(shape.ends_with('0') && matches!(letter, '0' | '.')) {
            shape.push(letter);
        }
    }
    shape
}

/// Asserts that what a document shows of a command's output is in it, in this order.
fn assert_shown(shown: &[&str], ended: &Ended, place: &str) {
    let mut printed = ended.stdout.lines().map(shape);
    for line in shown
        .iter()
        .filter(|line| !line.is_empty() && **line != "…")
    {
        let wanted = shape(line);
        assert!(
            printed.any(|line| line == wanted),
            "{place} shows this, and it is not printed there:\n{line}\n{}",
            ended.stdout
        );
    }
}

fn follow(path: &Path) -> usize {
    let portuguese = path.to_string_lossy().ends_with(".pt-BR.md");
    let mut reader = Reader {
        folder: Scratch::folder(),
        locale: if portuguese { "pt_BR.UTF-8" } else { "C.UTF-8" },
        servers: BTreeMap::new(),
        commands: 0,
    };
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let is_command = |line: &&str| language == "sh" || line.starts_with("$ ");
        // The commands are the same in both languages, their output is not.
        if (language != "sh" || portuguese) && language != "console" {
            continue;
        }
        for part in block.chunk_by(|_, next| !is_command(next)) {
            let command = part[0].strip_prefix("$ ").unwrap_or(part[0]);
            let command = command.split(" #").next().unwrap_or_default().trim();
            if RUN_ELSEWHERE.iter().any(|(line, _)| *line == command) {
                continue;
            }
            let place = format!("{}: {command}", path.display());
            if let Some(ended) = reader.run(command) {
                assert_eq!(ended.code, Some(0), "{place}: {ended:?}");
                assert_shown(&part[1..], &ended, &place);
            }
        }
    }
    let servers = std::mem::take(&mut reader.servers);
    for server in servers.into_values() {
        end(Some(server));
    }
    reader.commands
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn follow_all(folder: &str) {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect();
    let commands: usize = thread::scope(|scope| {
        let readers: Vec<_> = paths
            .iter()
            .map(|path| scope.spawn(|| follow(path)))
            .collect();
        readers.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert!(commands > 10, "{commands} commands were run");
}

#[test]
fn the_commands_of_the_readmes_work_and_print_what_is_shown() {
    follow_all("");
}

#[test]
fn the_commands_of_the_other_documents_do_too() {
    follow_all("docs");
}

/// The long flags that a text names.
fn flags(text: &str) -> BTreeSet<&str> {
    let words = text.split(|it: char| !it.is_ascii_lowercase() && it != '-');
    words
        .filter(|word| word.starts_with("--") && word.len() > 2)
        .collect()
}

/// The help of every command, and pinging's, whole.
fn every_help() -> Vec<String> {
    let help_of = |command: &str| run(&mut udping_with(&format!("{command} --help"))).stdout;
    let general = help_of("");
    let (_, commands) = general.split_once("\nCommands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    // A command begins its line; what it does may go on below.
    let commands = commands
        .lines()
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help");
    // The lab's is offered where there is one, and described anyhow.
    let mut help: Vec<String> = commands.chain(["view"]).map(help_of).collect();
    assert!(help.len() > 5, "{} commands", help.len());
    help.push(general.clone());
    help
}

/// The flags of a line of the help, short and long.
fn flags_of(line: &str) -> impl Iterator<Item = &str> {
    let begins = line.trim_start();
    let is_flag = begins.starts_with('-') && line.len() - begins.len() <= 6;
    let words = begins
        .split([' ', ',', '[', '='])
        .filter(|it| !it.is_empty());
    words.take_while(move |word| is_flag && word.starts_with('-') && word.len() > 1)
}

#[test]
fn every_flag_is_beside_those_of_other_tools() {
    let help = every_help();
    let offered: BTreeSet<&str> = help
        .iter()
        .flat_map(|it| it.lines().flat_map(flags_of))
        .collect();
    assert!(offered.len() > 60, "{offered:?}");
    for page in ["docs/flags.md", "docs/flags.pt-BR.md"] {
        let page = fs::read_to_string(root().join(page)).unwrap();
        // udping's column is the last one.
        let rows = page.lines().filter_map(|line| line.strip_suffix(" |"));
        let cells = rows.filter_map(|row| row.rsplit("| ").next());
        let code = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
        let flags = code.filter_map(|code| code.split(' ').next());
        let described: BTreeSet<&str> = flags.filter(|it| it.starts_with('-')).collect();
        assert_eq!(offered, described);
    }
}

#[test]
fn every_flag_is_in_the_page_of_the_command() {
    let page = fs::read_to_string(root().join("docs/command.md")).unwrap();
    let help = every_help();
    let offered = |help: &str| -> BTreeSet<String> {
        let lines = help
            .lines()
            .filter(|line| line.trim_start().starts_with('-'));
        lines.flat_map(flags).map(str::to_owned).collect()
    };
    let offered: BTreeSet<String> = help.iter().flat_map(|help| offered(help)).collect();
    let described: BTreeSet<String> = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .flat_map(flags)
        .map(str::to_owned)
        .collect();
    assert!(offered.len() > 40, "{offered:?}");
    assert_eq!(offered, described);
}

#[test]
fn the_page_of_the_journal_has_the_inputs_in_bold() {
    let page = fs::read_to_string(root().join("docs/journal.md")).unwrap();
    for kind in Record::TYPES {
        let is_tag = |row: &&str| row.split('`').nth(1) == Some(kind.tag);
        let row = page
            .lines()
            .filter(|line| line.starts_with("| "))
            .find(is_tag);
        let row = row.unwrap_or_else(|| panic!("no row begins with `{}`", kind.tag));
        for field in kind.fields {
            let bold = row.contains(&format!("**`{}`**", field.key));
            let plain = !bold && row.contains(&format!("`{}`", field.key));
            let is_input = field.class == Class::Input;
            assert!(bold == is_input && plain != is_input, "{field:?} in: {row}");
        }
    }
}
