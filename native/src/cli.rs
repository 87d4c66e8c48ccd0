//! The command line: its grammar, its help, and nothing that acts.
//!
//! Owns which subcommands there are, how a line is read, and what is said of one that is wrong.
//! What the flags come to is their commands' business.

mod compare;
mod confine;
mod described;
mod examples;
mod fail;
mod family;
pub(crate) mod grade;
mod heartbeat;
mod impairments;
mod metrics;
mod misread;
mod monitor;
mod path;
mod record;
mod session;
mod socket;
mod stamp;
mod values;
mod wire;

pub(crate) use compare::CompareArgs;
pub(crate) use confine::ConfineArgs;
pub(crate) use described::DescribedArgs;
pub(crate) use fail::FailArgs;
pub(crate) use family::FamilyArgs;
pub(crate) use grade::GradeArgs;
pub(crate) use heartbeat::HeartbeatArgs;
pub(crate) use impairments::{ImpairmentArgs, ScriptArgs};
pub(crate) use metrics::MetricsArgs;
pub(crate) use misread::unknown_host;
pub(crate) use monitor::MonitorArgs;
pub(crate) use path::PathArgs;
pub(crate) use record::{FileArgs, RecordArgs};
pub(crate) use session::SessionArgs;
pub(crate) use socket::SocketArgs;
pub(crate) use stamp::{StampArgs, StampServeArgs};
pub(crate) use values::{Bind, RateLimitArg, positive_duration};
pub(crate) use wire::WireArg;
// What only the commands of Linux read.
#[cfg(target_os = "linux")]
pub(crate) use metrics::{ExportArgs, METRICS_PORT};
#[cfg(target_os = "linux")]
pub(crate) use values::{DEFAULT_PORT, hops, size};
#[cfg(target_os = "linux")]
pub(crate) use {socket::tos, stamp::key_in};

use std::ffi::OsString;
use std::net::IpAddr;
use std::num::{NonZeroU16, NonZeroU64};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::error::ContextKind;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use udping_core::guard::{DropReason, Network};
use udping_core::reflector::ReplyMode;
use udping_core::wire::text::Pattern;

use crate::duration::duration;
use crate::headings::{ANSWERS, HEARTBEATS, LIMITS, OUTPUT, PROBES, SCHEDULE};
use crate::i18n::{self, say};
use crate::net::Target;
use values::{pattern, replies, seconds};

/// What stands after the flags of pinging.
const AFTER_PING: &str = "\
    Exit status: 0 if any reply came in time, 1 if none did, or with -w fewer than -c says;\n\
    2 on an error, 3 if a condition of --fail holds.\n\
    Late replies are waited for at the end if any reply came, or if the run is recorded or watched.\n\
    Durations: 1s, 200ms, 50us, 1m30s, 1d, or seconds as 0.5 or 0,5. Rates: 30% or 0.3.\n\
    The last of a repeated flag wins. Try `udping demo` first: it needs nothing else.";

/// Reads the arguments, the program's name first; or ends the process, with help or with
/// what is wrong with one.
///
/// # Errors
///
/// What was meant was something else than what was said, and that is known.
pub(crate) fn read(arguments: Vec<OsString>) -> Result<Cli> {
    let mut command = grammar();
    if asks_for_brief_help(&arguments) {
        command = i18n::brief(command);
    }
    let (nothing, given) = (arguments.len() <= 1, arguments.clone());
    let cli = command
        .try_get_matches_from_mut(arguments)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    match cli {
        Ok((cli, matches)) => {
            misread::command_as_host(&cli, &command)?;
            misread::several_hosts(&cli, &matches, &command)?;
            Ok(cli)
        }
        Err(mut error) => {
            anyhow::ensure!(!nothing, say::ARG_NOTHING);
            misread::port_apart(&error, &command)?;
            misread::bare_bind(&error)?;
            misread::one_dash(&error, &given, &command)?;
            misread::others_flag(&error, &given, &command)?;
            // To pass it as a host, which clap would have tried.
            error.remove(ContextKind::Suggested);
            i18n::exit(error.format(&mut command))
        }
    }
}

/// The grammar, with its help in the language that is spoken.
pub(crate) fn grammar() -> clap::Command {
    // As in ping: the last of a repeated flag holds, so an alias may have defaults.
    i18n::translate(Cli::command())
        .args_override_self(true)
        .mut_subcommands(|it| it.args_override_self(true))
}

/// Whether `-h` is among the arguments: one letter of a cluster. It need not be right, since
/// only the help differs.
fn asks_for_brief_help(arguments: &[OsString]) -> bool {
    let letters = arguments.iter().filter_map(|it| it.to_str());
    let mut letters = letters.filter_map(|it| it.strip_prefix('-'));
    letters.any(|it| !it.starts_with('-') && it.contains('h'))
}

/// Measure round-trip times and packet loss over UDP.
///
/// By default ten probes, one after the other, each with one second for its reply.
/// Anything that echoes UDP can answer: a classroom server, or `udping serve`.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 80,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = examples::PING,
    after_long_help = format!("{}\n\n{AFTER_PING}", examples::PING)
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) ping: PingArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer probes: a reflector, with any impairments.
    Serve(Box<ServeArgs>),
    /// See it work: a lossy reflector and ten probes to it, on this machine alone.
    Demo(DemoArgs),
    /// Compare UDP with a new TCP connection each time, and with a persistent one.
    Compare(CompareArgs),
    /// Run a command and a server on a path of their own, with impairments.
    ///
    /// The system's own TCP, UDP and ICMP meet them. Linux only.
    Path(PathArgs),
    /// Send heartbeats, one way: a number and the time.
    ///
    /// To `udping serve --heartbeat`, or the assignment's server.
    Heartbeat(HeartbeatArgs),
    /// Measure many targets at once, without end.
    ///
    /// A configuration in TOML, or hosts. Linux only.
    Monitor(MonitorArgs),
    /// Judge a program for the assignment, in any language.
    ///
    /// Scripted networks, and what it prints beside what happened. Linux only.
    Grade(GradeArgs),
    /// Verify a journal's decisions, or ask about another timeout.
    ///
    /// The decisions are made again, and compared.
    Replay(ReplayArgs),
    /// Lay a session's journal and its server's side by side.
    ///
    /// Where each loss happened, and how each round trip divides.
    Merge(MergeArgs),
    /// Run client, network and server in virtual time.
    Simulate(SimulateArgs),
    /// List the wires, or read bytes as a template says.
    Wires(WiresArgs),
    /// Open the browser lab: replay a journal, simulate, learn.
    ///
    /// Nothing leaves this machine.
    #[cfg_attr(not(feature = "lab"), command(hide = true))]
    View(ViewArgs),
    /// Print the completions for a shell.
    Completions(CompletionsArgs),
    /// Print a page of the manual, or write all of them.
    Man(ManArgs),
}

/// Pinging.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are what they are"
)]
pub(crate) struct PingArgs {
    /// Whom to ping: a name or address.
    ///
    /// With a port if it is not 12000 (862 with --wire stamp); IPv6 with a port as
    /// `[::1]:12000`.
    #[arg(value_name = "HOST[:PORT]", help_heading = None, hide_short_help = true, required = true)]
    pub(crate) target: Option<Target>,
    /// Further hosts, at the same time (Linux).
    ///
    /// One line each, and a second between their probes unless -i says otherwise. With
    /// several hosts there are only -c, -i, -W, -w, -s, -q, -t, -Q, -I, -4, -6, --wire and
    /// --tui.
    #[arg(value_name = "HOST[:PORT]", help_heading = None, hide_short_help = true)]
    pub(crate) others: Vec<Target>,
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    /// Pad with these bytes in hexadecimal, as ff or 00ff.
    ///
    /// Up to 16, repeated; on the textbook's wire a space precedes them. [default: spaces, on
    /// the STAMP wire random bytes]
    #[arg(short = 'p', long, help_heading = PROBES, hide_short_help = true, value_name = "PATTERN", value_parser = pattern, requires = "size", allow_hyphen_values = true)]
    pub(crate) pattern: Option<Pattern>,
    /// Busy-wait for TIME before each probe, with -i.
    ///
    /// A processor is kept busy, so that each goes out exactly on time. [default with no
    /// TIME: 200us]
    #[arg(
        long,
        help_heading = SCHEDULE,
        hide_short_help = true,
        value_name = "TIME",
        value_parser = duration,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "200us",
        requires = "interval"
    )]
    pub(crate) spin: Option<Duration>,
    /// End the whole run after TIME.
    ///
    /// Whatever it is waiting for, a name's address included.
    #[arg(short = 'w', long, help_heading = SCHEDULE, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) deadline: Option<Duration>,
    /// End after this many replies in time.
    ///
    /// Without -c nothing else ends the run.
    #[arg(long, help_heading = SCHEDULE, hide_short_help = true, value_name = "N", value_parser = replies, allow_hyphen_values = true)]
    pub(crate) until: Option<NonZeroU64>,
    /// Wait at most TIME for the host to come up.
    ///
    /// With a probe a second; measuring begins only then.
    #[arg(long, help_heading = SCHEDULE, hide_short_help = true, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) wait: Option<Duration>,
    /// Print the figures every TIME, a second or more.
    ///
    /// Those since the last time, and all; the journal gets them, too.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_name = "TIME", value_parser = seconds, allow_hyphen_values = true)]
    pub(crate) every: Option<Duration>,
    /// Look up the host's name again every TIME.
    ///
    /// The run follows it to another address if it has changed.
    #[arg(long, help_heading = PROBES, hide_short_help = true, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) resolve_again: Option<Duration>,
    /// Put the time of day before every line.
    ///
    /// In seconds since 1970.
    #[arg(short = 'D', help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) dated: bool,
    /// Report a probe sent before the last is answered.
    #[arg(short = 'O', help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) outstanding: bool,
    #[command(flatten)]
    pub(crate) family: FamilyArgs,
    /// Show addresses, never names.
    #[arg(short = 'n', help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) numeric: bool,
    /// Also print what was ignored, and why.
    #[arg(short, long, help_heading = OUTPUT)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) socket: SocketArgs,
    /// Format of the probes, by name.
    ///
    /// `udping wires` shows them all.
    #[arg(long, help_heading = PROBES, value_enum, default_value_t)]
    pub(crate) wire: WireArg,
    #[command(flatten)]
    pub(crate) described: DescribedArgs,
    #[command(flatten)]
    pub(crate) fail: FailArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// Watch the run in the terminal.
    ///
    /// RTTs over time, losses, histogram, windows. Without -c it has no end, and without
    /// -i, -l, -f or -A a probe goes out five times a second.
    #[arg(long, help_heading = OUTPUT, conflicts_with_all = ["json", "quiet", "dated", "outstanding", "verbose"])]
    pub(crate) tui: bool,
    /// Show the run in the browser lab while it is measured.
    ///
    /// The lab stays open after the run, until its pages are closed or Ctrl-C. Nothing leaves
    /// this machine.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) view: bool,
    /// With --view, only print the address.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, requires = "view")]
    pub(crate) no_open: bool,
    /// Whether --tui is in colour.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_enum, value_name = "WHEN", default_value_t, requires = "tui")]
    pub(crate) color: ColorArg,
    #[command(flatten)]
    pub(crate) stamp: StampArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ColorArg {
    /// If the terminal can, and `NO_COLOR` is not set.
    #[default]
    Auto,
    /// Never.
    Never,
}

/// Reflecting.
#[derive(Debug, Args)]
#[command(next_help_heading = ANSWERS, after_help = examples::SERVE)]
pub(crate) struct ServeArgs {
    /// Where to listen.
    ///
    /// Port 0 takes any free one. [default port: 12000, with --wire stamp 862]
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1")]
    pub(crate) bind: Bind,
    /// Format of requests, by name.
    ///
    /// `udping wires` shows them all.
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) wire: WireArg,
    /// Speak the wire that FILE describes.
    ///
    /// TOML: `request`, a list `expect`, and for a server `answer`.
    #[arg(long, hide_short_help = true, value_name = "FILE", conflicts_with_all = ["wire", "reply", "expect", "answer"])]
    pub(crate) wire_file: Option<PathBuf>,
    /// What to answer: echo, upper or pong.
    ///
    /// On the textbook's wire.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) reply: ReplyArg,
    /// Take what this template reads for a request.
    ///
    /// As 'ping {seq} {any}': see `udping wires`. Up to four, tried in their order, each with
    /// its --answer. [default with one --answer: anything]
    #[arg(long, hide_short_help = true, value_name = "TEMPLATE", conflicts_with_all = ["wire", "reply"], allow_hyphen_values = true)]
    pub(crate) expect: Vec<String>,
    /// Answer as this template says.
    ///
    /// As 'pong {seq}', or {echo}, {upper}, {rest}, {byte:5=1}. One that can be longer than its
    /// request needs loopback or --allow.
    #[arg(long, hide_short_help = true, value_name = "TEMPLATE", conflicts_with_all = ["wire", "reply"], allow_hyphen_values = true)]
    pub(crate) answer: Vec<String>,
    /// Requests a second from one source, or `off`.
    ///
    /// By default off on loopback and 1000 elsewhere.
    #[arg(long, help_heading = LIMITS, value_name = "RATE|off", allow_hyphen_values = true)]
    pub(crate) rate_limit: Option<RateLimitArg>,
    /// Requests a second from all sources, or `off`.
    ///
    /// By default off on loopback and 20000 elsewhere.
    #[arg(long, help_heading = LIMITS, hide_short_help = true, value_name = "RATE|off", allow_hyphen_values = true)]
    pub(crate) total_limit: Option<RateLimitArg>,
    /// Answer only this network; may be repeated.
    ///
    /// As 192.0.2.0/24 or an address, up to 32 times. It may then use any source port.
    #[arg(long, help_heading = LIMITS, value_name = "NETWORK")]
    pub(crate) allow: Vec<Network>,
    /// Switch a check off, on loopback only; may be repeated.
    ///
    /// Also on the path of `udping path`.
    #[arg(long, help_heading = LIMITS, hide_short_help = true, value_name = "NAME", value_enum)]
    pub(crate) no_guard: Vec<GuardArg>,
    /// Serve in N threads (Linux).
    ///
    /// Each sender's requests go to one of them, and limits are each thread's own.
    #[arg(long, help_heading = LIMITS, hide_short_help = true, value_name = "N", default_value = "1", value_parser = threads)]
    pub(crate) threads: NonZeroU16,
    /// Print a line for every request.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) impairments: ImpairmentArgs,
    #[command(flatten)]
    pub(crate) script: ScriptArgs,
    #[command(flatten)]
    pub(crate) stamp: StampServeArgs,
    #[command(flatten)]
    pub(crate) confine: ConfineArgs,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    /// Answer over TCP too, on the same port.
    ///
    /// A line for a request, or what came before a pause of 50 ms. Each loss is turned into
    /// a delay there, as by TCP's retransmission: 200 ms, doubled each time.
    #[arg(long, conflicts_with = "heartbeat", help_heading = ANSWERS)]
    pub(crate) tcp: bool,
    /// Report on heartbeats.
    ///
    /// Who sends them, what is missing, and who fell silent. They are answered only with
    /// --answer. Without it the impairments' second value is 0.
    #[arg(long, help_heading = HEARTBEATS, conflicts_with_all = [
        "wire", "reply", "rate_limit", "total_limit", "no_guard", "threads", "verbose", "script", "stateful", "twamp_light", "hmac_key_file", "metrics",
        "timestamp_format", "clock_error",
    ])]
    pub(crate) heartbeat: bool,
    /// How long a client may be silent [default: 3 beats]
    ///
    /// And 3 s at least; 15 s while one heartbeat is all that came.
    #[arg(long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true, requires = "heartbeat", help_heading = HEARTBEATS)]
    pub(crate) silence: Option<Duration>,
    /// Tell clients apart by socket, or by address.
    ///
    /// By address, one that opens a new socket for each heartbeat is one client, and so are
    /// all behind one NAT.
    #[arg(long, hide_short_help = true, value_enum, default_value_t, requires = "heartbeat", help_heading = HEARTBEATS)]
    pub(crate) by: ByArg,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ByArg {
    /// Its address and port.
    #[default]
    Socket,
    /// Its address.
    Address,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ReplyArg {
    /// The request, byte for byte.
    #[default]
    Echo,
    /// The request in upper case, as the textbook's server does.
    Upper,
    /// Just `pong`.
    Pong,
}

impl From<ReplyArg> for ReplyMode {
    fn from(reply: ReplyArg) -> Self {
        match reply {
            ReplyArg::Echo => Self::Echo,
            ReplyArg::Upper => Self::Upper,
            ReplyArg::Pong => Self::Pong,
        }
    }
}

/// A check that a request has to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GuardArg {
    /// Its source is the address of a host.
    SourceAddress,
    /// Its source port is not below 1024.
    SystemPort,
    /// Its source port is not the reflector's own.
    OwnPort,
    /// Its source port is not 862, 2112 or 12000.
    ReflectorPort,
    /// One source's rate.
    RateLimit,
    /// The rate of all sources.
    TotalLimit,
    /// It is not our own reply coming back, too often.
    EchoLoop,
    /// It does not look like a STAMP reply.
    ReplyShaped,
}

impl From<GuardArg> for DropReason {
    fn from(guard: GuardArg) -> Self {
        match guard {
            GuardArg::SourceAddress => Self::SourceAddress,
            GuardArg::SystemPort => Self::SystemPort,
            GuardArg::OwnPort => Self::OwnPort,
            GuardArg::ReflectorPort => Self::ReflectorPort,
            GuardArg::RateLimit => Self::RateLimit,
            GuardArg::TotalLimit => Self::TotalLimit,
            GuardArg::EchoLoop => Self::EchoLoop,
            GuardArg::ReplyShaped => Self::ReplyShaped,
        }
    }
}

/// Where a demonstration's journal goes unless it is told.
pub(crate) const DEMO_JOURNAL: &str = "udping-demo.jsonl";

/// Demonstrating.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where the journal goes. [default: udping-demo.jsonl]
    ///
    /// Where the folder cannot be written to, there is none by default.
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

/// Replaying.
#[derive(Debug, Args)]
#[command(after_help = examples::REPLAY)]
pub(crate) struct ReplayArgs {
    /// The journal; - for standard input.
    pub(crate) file: PathBuf,
    /// Decide again as if this had been the timeout.
    #[arg(short = 'W', long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) timeout: Option<Duration>,
    #[command(flatten)]
    pub(crate) fail: FailArgs,
    /// Print what was found as JSON, one object a session.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Merging.
#[derive(Debug, Args)]
#[command(after_help = examples::MERGE)]
pub(crate) struct MergeArgs {
    /// The client's journal, as --journal wrote it.
    pub(crate) client: PathBuf,
    /// The server's, as `udping serve --journal` did.
    pub(crate) server: PathBuf,
    /// Where the journal of both ends goes.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Simulating.
#[derive(Debug, Args)]
#[command(after_help = examples::SIMULATE)]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    /// How long the server takes over a request.
    #[arg(long, help_heading = PROBES, value_name = "TIME", default_value = "0", value_parser = duration, allow_hyphen_values = true)]
    pub(crate) service: Duration,
    /// Format of the probes, by name.
    ///
    /// `udping wires` shows them all. STAMP's server tells its times.
    #[arg(long, help_heading = PROBES, value_enum, default_value_t)]
    pub(crate) wire: WireArg,
    /// Print only the first line and the summary.
    #[arg(short, long, help_heading = OUTPUT)]
    pub(crate) quiet: bool,
    /// Record everything in FILE, as JSON Lines.
    ///
    /// - is standard output, in place of the report.
    #[arg(long, help_heading = OUTPUT, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Write every packet's fate into FILE.
    ///
    /// As a script, so that `udping serve --script FILE` does the same to a real client.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_name = "FILE")]
    pub(crate) script_out: Option<PathBuf>,
    /// Print the journal in place of the report.
    ///
    /// With -q only its first and last line.
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) fail: FailArgs,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) impairments: ImpairmentArgs,
}

/// Describing wires.
#[derive(Debug, Args)]
#[command(after_help = examples::WIRES)]
pub(crate) struct WiresArgs {
    /// Read bytes as this template says, field by field.
    ///
    /// Exit status 1 if they are not so. Parts are {seq}, {int}, {time}, {token}, {text:N},
    /// {pad:N}, {len:u16be}, {url:PART}, {word} and {any}.
    #[arg(long, value_name = "TEMPLATE", allow_hyphen_values = true)]
    pub(crate) check: Option<String>,
    /// The bytes to read, as text. [default: standard input]
    #[arg(requires = "check", allow_hyphen_values = true)]
    pub(crate) bytes: Option<String>,
    /// The bytes are in hexadecimal.
    #[arg(long, requires = "check")]
    pub(crate) hex: bool,
}

/// Viewing.
#[derive(Debug, Args)]
pub(crate) struct ViewArgs {
    /// The journal to open there.
    #[arg(conflicts_with = "follow")]
    pub(crate) file: Option<PathBuf>,
    /// Follow a journal that is still written.
    ///
    /// Also through its parts (--journal-max), or from a named pipe.
    #[arg(long, value_name = "FILE")]
    pub(crate) follow: Option<PathBuf>,
    /// Open the journal at this moment, counted from its start.
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "file")]
    pub(crate) at: Option<Duration>,
    /// Let others on the network look, at this address.
    ///
    /// One of this machine's. They can open the page and what it was opened on, and change
    /// nothing. Nothing is encrypted.
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<IpAddr>,
    /// The port of the lab's server.
    ///
    /// 0 takes any free one. [default: 12080, or the next free one]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Only print the address.
    #[arg(long)]
    pub(crate) no_open: bool,
}

/// Completing.
#[derive(Debug, Args)]
#[command(after_help = examples::COMPLETIONS)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Printing the manual.
#[derive(Debug, Args)]
#[command(after_help = examples::MAN)]
pub(crate) struct ManArgs {
    /// The command whose page it is; udping's own by default.
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub(crate) command: Option<String>,
    /// Write all pages into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
}

fn threads(text: &str) -> Result<NonZeroU16, String> {
    text.parse()
        .ok()
        .filter(|threads: &NonZeroU16| threads.get() <= 256)
        .ok_or_else(|| say::ARG_THREADS.to_string())
}
