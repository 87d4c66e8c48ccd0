//! The command line: its grammar, its help, and nothing that acts.

mod compare;
mod confine;
mod fail;
mod family;
mod heartbeat;
mod impairments;
mod misread;
mod record;
mod session;
mod socket;
mod stamp;
mod values;

pub(crate) use crate::wire::WireArg;
pub(crate) use compare::CompareArgs;
pub(crate) use confine::ConfineArgs;
pub(crate) use fail::FailArgs;
pub(crate) use family::FamilyArgs;
pub(crate) use heartbeat::HeartbeatArgs;
pub(crate) use impairments::ImpairmentArgs;
pub(crate) use record::RecordArgs;
pub(crate) use session::SessionArgs;
pub(crate) use socket::SocketArgs;
pub(crate) use stamp::{StampArgs, StampServeArgs};
pub(crate) use values::{Bind, DEFAULT_PORT, RateLimitArg, Target, unit_duration};

use std::ffi::OsString;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use udping_core::guard::Network;
use udping_core::reflector::ReplyMode;
use udping_core::wire::text::Pattern;

use crate::i18n::{self, say};
use values::{duration, pattern, positive_duration};

/// Reads the arguments, the program's name first; or ends the process, with help or with
/// what is wrong with one.
///
/// # Errors
///
/// What was meant was something else than what was said, and that is known.
pub(crate) fn read(arguments: Vec<OsString>) -> Result<Cli> {
    // As in ping: the last of a repeated flag holds, so an alias may have defaults.
    let mut command = i18n::translate(Cli::command())
        .args_override_self(true)
        .mut_subcommands(|it| it.args_override_self(true));
    let cli = command
        .try_get_matches_from_mut(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match cli {
        Ok(cli) => misread::command_as_host(&cli, &command).map(|()| cli),
        Err(error) => {
            misread::second_host(&error, &command)?;
            misread::bare_bind(&error)?;
            i18n::exit(error.format(&mut command))
        }
    }
}

/// Measure the round trip of UDP datagrams.
///
/// By default ten probes, one after the other, each with one second for its reply.
/// Anything that echoes UDP can answer: a classroom server, or `udping serve`.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
#[command(
    after_help = "Exit status: 0 if any reply came in time, 1 if none did, or with -w fewer than -c says;\n\
    2 on an error, 3 if a condition of --fail holds.\n\
    Late replies are waited for at the end if any reply came, or if the run is recorded or watched.\n\
    Durations: 1s, 200ms, 50us, 1m30s, or seconds as 0.5. Rates: 30% or 0.3.\n\
    Try `udping demo` first: it needs nothing else."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) ping: PingArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer probes: a reflector, with whatever impairments you ask for.
    Serve(ServeArgs),
    /// See it work: a reflector with losses and ten probes to it, on this machine alone.
    Demo(DemoArgs),
    /// Ask the same over UDP, over a new TCP connection each time, and over one that is
    /// kept, and compare what each costs.
    Compare(CompareArgs),
    /// Send heartbeats: a number and the time, one way, to `udping serve --heartbeat` or
    /// the assignment's server.
    Heartbeat(HeartbeatArgs),
    /// Check a journal's decisions by making them again, or ask what another timeout
    /// would have meant.
    Replay(ReplayArgs),
    /// Run client, network and server in virtual time.
    Simulate(SimulateArgs),
    /// Open the browser lab: replay a journal, simulate, learn. Nothing leaves this machine.
    View(ViewArgs),
}

/// Pinging.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are what they are"
)]
pub(crate) struct PingArgs {
    /// Whom to ping: a name or address, with a port if it is not 12000 (862 with --wire stamp). IPv6 with a
    /// port as `[::1]:12000`.
    #[arg(value_name = "HOST[:PORT]", required = true)]
    pub(crate) target: Option<Target>,
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    /// What to pad with, as up to 32 hexadecimal digits, repeated: ff, 00ff. On the text
    /// wire a space precedes it. [default: spaces, on the STAMP wire random bytes]
    #[arg(short = 'p', long, value_name = "PATTERN", value_parser = pattern, requires = "size", allow_hyphen_values = true)]
    pub(crate) pattern: Option<Pattern>,
    /// With -i, keep a processor busy for the last stretch before each probe's time, so
    /// that it goes out exactly then. [default with no TIME: 200us]
    #[arg(
        long,
        value_name = "TIME",
        value_parser = duration,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "200us",
        requires = "interval"
    )]
    pub(crate) spin: Option<Duration>,
    /// End the whole run after this time, whatever it is waiting for.
    #[arg(short = 'w', long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) deadline: Option<Duration>,
    /// In a run that lasts, look up the target's name again this often, and follow it to
    /// another address if it has changed.
    #[arg(long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) resolve_again: Option<Duration>,
    /// Put the time of day before every line, in seconds since 1970.
    #[arg(short = 'D')]
    pub(crate) dated: bool,
    /// Say so when a probe goes out before the previous one is answered.
    #[arg(short = 'O')]
    pub(crate) outstanding: bool,
    #[command(flatten)]
    pub(crate) family: FamilyArgs,
    /// Show addresses, never names.
    #[arg(short = 'n')]
    pub(crate) numeric: bool,
    /// Also print what was ignored, and why.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) socket: SocketArgs,
    /// How probes look on the wire.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) wire: WireArg,
    #[command(flatten)]
    pub(crate) fail: FailArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// Watch the run in the terminal: RTTs over time, losses, histogram, windows. Without
    /// -c it has no end, and without -i or -f a probe goes out five times a second.
    #[arg(long, conflicts_with_all = ["json", "quiet", "dated", "outstanding", "verbose"])]
    pub(crate) tui: bool,
    /// Whether --tui is in colour.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
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
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 takes any free one. [default port: 12000, with --wire
    /// stamp 862]
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1")]
    pub(crate) bind: Bind,
    /// What requests and replies look like.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) wire: WireArg,
    /// What to answer, on the text wire.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) reply: ReplyArg,
    /// Requests a second from one source, or `off`. By default off on loopback and
    /// 1000 elsewhere.
    #[arg(long, value_name = "RATE|off", allow_hyphen_values = true)]
    pub(crate) rate_limit: Option<RateLimitArg>,
    /// Requests a second from all sources together, or `off`. By default off on
    /// loopback and 20000 elsewhere.
    #[arg(long, value_name = "RATE|off", allow_hyphen_values = true)]
    pub(crate) total_limit: Option<RateLimitArg>,
    /// Answer only this network, as 192.0.2.0/24 or an address; it may then use any
    /// source port. Can be given up to 32 times.
    #[arg(long, value_name = "NETWORK")]
    pub(crate) allow: Vec<Network>,
    /// Serve in this many threads (Linux). Each sender's requests go to one of them, and
    /// limits are each thread's own.
    #[arg(long, value_name = "N", default_value = "1", value_parser = threads)]
    pub(crate) threads: NonZeroU16,
    /// Print a line for every request.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) impairments: ImpairmentArgs,
    #[command(flatten)]
    pub(crate) stamp: StampServeArgs,
    #[command(flatten)]
    pub(crate) confine: ConfineArgs,
    /// Answer over TCP too, on the same port: a line for a request. A loss that is asked
    /// for is made up for by a delay there, as TCP would: 200 ms, doubled each time.
    #[arg(long, conflicts_with = "heartbeat", help_heading = None)]
    pub(crate) tcp: bool,
    /// Answer nothing; report who sends heartbeats, what is missing, and who fell silent.
    /// The impairments' second value is then 0: nothing goes back.
    #[arg(long, help_heading = HEARTBEATS, conflicts_with_all = [
        "wire", "reply", "rate_limit", "total_limit", "threads", "verbose", "stateful", "twamp_light",
    ])]
    pub(crate) heartbeat: bool,
    /// How long a client may be silent before it is called stopped.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = positive_duration, allow_hyphen_values = true, requires = "heartbeat", help_heading = HEARTBEATS)]
    pub(crate) silence: Duration,
    #[command(flatten, next_help_heading = HEARTBEATS)]
    pub(crate) record: RecordArgs,
}

const HEARTBEATS: &str = "Heartbeats (with --heartbeat)";

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

/// Demonstrating.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where the journal goes.
    #[arg(long, value_name = "FILE", default_value = "udping-demo.jsonl")]
    pub(crate) journal: PathBuf,
}

/// Replaying.
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// The journal; - for standard input.
    pub(crate) file: PathBuf,
    /// Decide again as if this had been the timeout.
    #[arg(short = 'W', long, value_name = "TIME", value_parser = positive_duration, allow_hyphen_values = true)]
    pub(crate) timeout: Option<Duration>,
    #[command(flatten)]
    pub(crate) fail: FailArgs,
}

/// Simulating.
#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    /// How long the server takes over a request.
    #[arg(long, value_name = "TIME", default_value = "0", value_parser = duration, allow_hyphen_values = true)]
    pub(crate) service: Duration,
    /// Whether the server tells its times, as STAMP's do.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) wire: WireArg,
    /// Print only the first line and the summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Write the journal to FILE; - for standard output, in place of the report.
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) fail: FailArgs,
    #[command(flatten)]
    pub(crate) impairments: ImpairmentArgs,
}

/// Viewing.
#[derive(Debug, Args)]
pub(crate) struct ViewArgs {
    /// The journal to open there.
    pub(crate) file: Option<PathBuf>,
    /// The port of the lab's server on loopback; 0 for any free one. [default: 12080, or
    /// the next free one]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Only print the address.
    #[arg(long)]
    pub(crate) no_open: bool,
}

fn threads(text: &str) -> Result<NonZeroU16, String> {
    text.parse()
        .ok()
        .filter(|threads: &NonZeroU16| threads.get() <= 256)
        .ok_or_else(|| say::ARG_THREADS.to_string())
}
