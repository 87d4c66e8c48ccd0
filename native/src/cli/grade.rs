//! The flags of `udping grade`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::examples;
use super::values::positive_duration;
use crate::headings::{ANSWERS, OUTPUT};

/// Grading.
#[derive(Debug, Args)]
#[command(after_help = examples::GRADE)]
pub(crate) struct GradeArgs {
    /// What is graded: client, server, heartbeat, heartbeat-server or class.
    #[arg(value_enum, value_name = "WHAT", help_heading = None, hide_possible_values = true)]
    pub(crate) what: GradeWhat,
    /// With class, the folder in which each submission has one.
    #[arg(value_name = "DIR", help_heading = None)]
    pub(crate) submissions: Option<PathBuf>,
    /// The program with its arguments, behind `--`.
    ///
    /// {host} and {port} are the grader's; a client without looks at 127.0.0.1:12000.
    /// With class, what to run is guessed from the files where it is not named.
    #[arg(value_name = "PROGRAM", help_heading = None, last = true)]
    pub(crate) program: Vec<String>,
    /// The assignment: textbook, fixed-fields, java, or a file.
    ///
    /// TOML: count, timeout, interval, wire, `accept_late`, `check_sender`, `padded_replies`,
    /// `print_each_ping`, printed, scenarios, points.
    #[arg(long, value_name = "NAME", default_value = "textbook")]
    pub(crate) assignment: String,
    /// How many pings there should be; 0 for any number.
    #[arg(short = 'c', long, value_name = "N")]
    pub(crate) count: Option<usize>,
    /// How long each waits for its reply.
    #[arg(short = 'W', long, hide_short_help = true, value_name = "TIME", value_parser = positive_duration)]
    pub(crate) timeout: Option<Duration>,
    /// The folder of the program, which runs in a copy of it.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Compile first, as the shell reads it, in the copy.
    #[arg(long, hide_short_help = true, value_name = "COMMAND")]
    pub(crate) build: Option<String>,
    /// What a ping's line looks like, as a regular expression; may be repeated.
    ///
    /// With a group `rtt` it is a round trip, without a loss; a group `ping` is its number.
    #[arg(long, hide_short_help = true, value_name = "PATTERN")]
    pub(crate) printed: Vec<String>,
    /// Try one scenario only; may be repeated.
    #[arg(long, value_name = "SCENARIO")]
    pub(crate) only: Vec<String>,
    /// Listen where the program looks, or where a server does.
    #[arg(long, visible_alias = "port", help_heading = ANSWERS, value_name = "PORT")]
    pub(crate) listen: Option<u16>,
    /// Set HOST, PORT, `SERVER_HOST` and `SERVER_PORT`.
    #[arg(long, help_heading = ANSWERS, hide_short_help = true)]
    pub(crate) env: bool,
    /// What to type where the program asks.
    ///
    /// With \n between lines. [default with no TEXT: {host}\n{port}\n]
    #[arg(long, help_heading = ANSWERS, value_name = "TEXT", num_args = 0..=1, require_equals = true, default_missing_value = "{host}\\n{port}\\n")]
    pub(crate) stdin: Option<String>,
    /// A heartbeat for a server, with {seq}, and {time} in seconds or {ms}.
    #[arg(long, help_heading = ANSWERS, hide_short_help = true, value_name = "TEXT")]
    pub(crate) beat: Option<String>,
    /// Replace a word of the sources, in the copy.
    ///
    /// As `example.org={host}` or `5000={port}`; may be repeated.
    #[arg(long, help_heading = ANSWERS, hide_short_help = true, value_name = "WORD=TEXT")]
    pub(crate) replace: Vec<String>,
    /// As what to print the verdicts.
    #[arg(long, help_heading = OUTPUT, value_enum, default_value_t)]
    pub(crate) format: GradeFormat,
    /// Write a page with the verdicts, in both languages.
    #[arg(long, help_heading = OUTPUT, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Write a journal of each scenario of a client, for replay and view.
    ///
    /// What a right client decides on the same packets, beside what was printed. With class,
    /// they are written always.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_name = "FOLDER")]
    pub(crate) journals: Option<PathBuf>,
    /// With class, where the results go.
    ///
    /// A table, and a page and JSON for each; what is there already is not graded again.
    #[arg(short, long, help_heading = OUTPUT, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// With class, how many submissions are graded at the same time.
    #[arg(short, long, help_heading = OUTPUT, hide_short_help = true, value_name = "N", default_value_t = 1)]
    pub(crate) jobs: usize,
    /// One scenario after the other.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) serial: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GradeWhat {
    /// A client, on one network after another.
    Client,
    /// A server, which is asked in many ways.
    Server,
    /// A sender of heartbeats.
    Heartbeat,
    /// A server of heartbeats, which says what is missing and when they stop.
    HeartbeatServer,
    /// All submissions of a class.
    Class,
    /// A trial of a server, in a process of its own.
    #[value(hide = true)]
    Serving,
    /// A trial of a server of heartbeats, in a process of its own.
    #[value(hide = true)]
    Monitor,
    /// A trial of a client, in a process of its own.
    #[value(hide = true)]
    Trial,
    /// What confines the program of a trial.
    #[value(hide = true)]
    Launch,
    /// What says who is who in the namespace of a trial.
    #[value(hide = true)]
    Map,
    /// Whether the system isolates.
    #[value(hide = true)]
    Isolate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum GradeFormat {
    /// For people.
    #[default]
    Text,
    /// One object: whether it passed, and the verdicts.
    Json,
    /// As test runners write it.
    Junit,
    /// Gradescope's results.json.
    Gradescope,
    /// Classroom50's result.json.
    Classroom50,
}
