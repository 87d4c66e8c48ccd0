//! The flags that make a network worse: the same for `serve`, `simulate` and `path`.
//!
//! One value acts on the way back; two, as `REQUEST,REPLY`, on each way.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use udping_journal::Script;
use udping_link::{Direction, Impairments, ImpairmentsError, Jitter, Loss, Rate, Reorder, Seed};

use crate::duration::duration;
use crate::headings::IMPAIRMENTS;
use crate::i18n::say;
use crate::path_impairments::PathImpairments;
use crate::warn;

#[derive(Debug, Args)]
#[command(next_help_heading = IMPAIRMENTS)]
pub(crate) struct ImpairmentArgs {
    /// Packets that are lost, as 30% or 0.3.
    #[arg(
        long,
        value_name = "RATE",
        default_value = "0%",
        allow_hyphen_values = true
    )]
    pub(crate) loss: Pair<Rate>,
    /// How long each packet takes.
    #[arg(
        long,
        value_name = "TIME",
        default_value = "0",
        allow_hyphen_values = true
    )]
    pub(crate) delay: Pair<Span>,
    /// How far delays vary, up and down.
    ///
    /// Uniformly distributed.
    #[arg(
        long,
        value_name = "TIME",
        default_value = "0",
        allow_hyphen_values = true
    )]
    pub(crate) jitter: Pair<Span>,
    /// Packets that arrive twice.
    #[arg(
        long,
        value_name = "RATE",
        default_value = "0%",
        allow_hyphen_values = true
    )]
    pub(crate) duplicate: Pair<Rate>,
    /// Packets that are held back for 50 ms.
    ///
    /// So that later ones overtake them.
    #[arg(
        long,
        value_name = "RATE",
        default_value = "0%",
        allow_hyphen_values = true
    )]
    pub(crate) reorder: Pair<Rate>,
    /// Seed of the chances. [default: a random one]
    ///
    /// The same seed repeats the same impairments.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) seed: Option<Seed>,
}

macro_rules! scripts {
    ($($name:literal),+) => {
        [$(($name, include_str!(concat!("../../../web/lessons/scripts/", $name)))),+]
    };
}

/// What happens to single packets: the same for `serve` and `path`.
#[derive(Debug, Args)]
#[command(next_help_heading = IMPAIRMENTS)]
pub(crate) struct ScriptArgs {
    /// Do to single packets what FILE says.
    ///
    /// A line for each, as `drop request 3`, `delay reply 4 1.3s`, or with duplicate, corrupt or
    /// reorder. The number is that of the datagram among those of its source; with `path`, that of
    /// the packet among all that travel its way. `lesson-1.txt` to `lesson-13.txt`, the scripts of
    /// the lab's lessons, are there without a file.
    #[arg(id = "script", long, value_name = "FILE", hide_short_help = true)]
    pub(crate) file: Option<PathBuf>,
}

/// The lessons' scripts, for whoever has no file of such a name.
const SCRIPTS: [(&str, &str); 13] = scripts!(
    "lesson-1.txt",
    "lesson-2.txt",
    "lesson-3.txt",
    "lesson-4.txt",
    "lesson-5.txt",
    "lesson-6.txt",
    "lesson-7.txt",
    "lesson-8.txt",
    "lesson-9.txt",
    "lesson-10.txt",
    "lesson-11.txt",
    "lesson-12.txt",
    "lesson-13.txt"
);

impl ScriptArgs {
    /// Reads the script, which is empty without a file.
    pub(crate) fn read(&self) -> anyhow::Result<Script> {
        let Some(path) = &self.file else {
            return Ok(Script::default());
        };
        let name = path.display().to_string();
        let text = fs::read_to_string(path).or_else(|error| {
            let own = SCRIPTS.iter().find(|(script, _)| *script == name);
            own.map(|(_, text)| (*text).to_owned()).ok_or(error)
        });
        let text = text.with_context(|| say::ServeScriptUnreadable { name: name.clone() })?;
        text.parse().with_context(|| say::ServeScriptWrong { name })
    }

    /// Says whose script is followed, if there is one.
    pub(crate) fn announce(&self) {
        if let Some(path) = &self.file {
            let name = path.display();
            warn(&say::ServeScript { name });
        }
    }
}

/// What is wrong with an argument.
type Wrong = Box<dyn Error + Send + Sync>;

/// A value for each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair<T> {
    request: T,
    reply: T,
}

impl<T> Pair<T> {
    fn on(self, direction: Direction) -> T {
        match direction {
            Direction::Request => self.request,
            Direction::Reply => self.reply,
        }
    }
}

impl<T: FromStr<Err: Into<Wrong>> + Default> FromStr for Pair<T> {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let value = |text: &str| text.parse().map_err(T::Err::into);
        let values: Vec<_> = text.split(',').collect();
        match *values.as_slice() {
            [reply] => Ok(Self {
                request: T::default(),
                reply: value(reply)?,
            }),
            [request, reply] => Ok(Self {
                request: value(request)?,
                reply: value(reply)?,
            }),
            _ => Err(say::ARG_PAIR.text().into()),
        }
    }
}

/// A duration as the command line writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span(Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        duration(text).map(Self)
    }
}

impl ImpairmentArgs {
    /// What they ask for in one direction.
    fn way(&self, direction: Direction) -> Result<Impairments, ImpairmentsError> {
        let Span(delay) = self.delay.on(direction);
        let Span(jitter) = self.jitter.on(direction);
        let reorder = self.reorder.on(direction);
        let impairments = Impairments {
            loss: Loss::Independent(self.loss.on(direction)),
            delay,
            jitter: if jitter.is_zero() {
                Jitter::None
            } else {
                Jitter::Uniform { spread: jitter }
            },
            duplicate: self.duplicate.on(direction),
            reorder: if reorder == Rate::NEVER {
                Reorder::default()
            } else {
                Reorder {
                    rate: reorder,
                    extra: Reorder::EXTRA,
                }
            },
            ..Impairments::default()
        };
        impairments.validate().map(|()| impairments)
    }

    /// What they ask for on both ways, with a random seed if none was given.
    pub(crate) fn path(&self) -> anyhow::Result<PathImpairments> {
        let (request, reply) = (self.way(Direction::Request), self.way(Direction::Reply));
        let seed = match self.seed {
            Some(seed) => seed,
            None => Seed::from_low_bits(crate::random()?),
        };
        Ok(PathImpairments {
            seed,
            request: request.context(say::NO_SUCH_REQUEST_IMPAIRMENTS)?,
            reply: reply.context(say::NO_SUCH_REPLY_IMPAIRMENTS)?,
        })
    }

    /// The same for real packets, of which a seed decides nothing else: says so where there is
    /// nothing that it decides.
    pub(crate) fn real_path(&self) -> anyhow::Result<PathImpairments> {
        let path = self.path()?;
        let by_chance = |way: Impairments| Impairments {
            delay: Duration::ZERO,
            ..way
        };
        let mut ways = [path.request, path.reply].into_iter();
        if self.seed.is_some() && ways.all(|way| by_chance(way) == Impairments::default()) {
            warn(&say::NO_EFFECT_SEED);
        }
        Ok(path)
    }
}
