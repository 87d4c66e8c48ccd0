//! The wire, as the options ask for it: the textbook's, STAMP, or a described one.
//!
//! Owns every choice that the wire makes for a command, and what a STAMP session draws at
//! random. What a wire does is the core's.

use std::num::NonZeroU16;

use udping_core::Config;
use udping_core::guard::Policy;
use udping_core::session::SessionWire;
use udping_core::time::WallTime;
use udping_core::wire::described::Described;
use udping_core::wire::stamp::{ErrorEstimate, Key, Mode, SessionSender};
use udping_core::wire::text::{LONGEST_REQUEST, Padding, Pattern, SHORTEST_REQUEST};
use udping_journal::{Description, Header};

use crate::cli::{PingArgs, ReplyArg, ServeArgs, WireArg};
use crate::description;
use crate::i18n::say;
use crate::reflector::AnyReflector;

/// Random bytes that a STAMP probe carries, unless another size is asked for.
const NONCE: usize = 16;

/// Bytes of a TLV before its value.
const TLV_HEADER: usize = 4;

/// What probes are to look like.
#[derive(Debug, Clone)]
pub(crate) enum WirePlan {
    /// The assignment's.
    Textbook(Padding),
    /// One that templates describe.
    Described {
        description: Description,
        wire: Box<Described>,
    },
    /// RFC 8762's.
    Stamp {
        key: Option<Key>,
        error: ErrorEstimate,
        /// Bytes of padding.
        padding: usize,
        /// What it repeats; `None` for random bytes.
        pattern: Option<Pattern>,
        /// Bytes of a probe, if a size was asked for.
        sized: Option<usize>,
    },
}

impl WirePlan {
    /// The client's end, as `args` ask for it.
    pub(crate) fn asked(args: &PingArgs) -> anyhow::Result<Self> {
        if let Some(description) = args.described.description()? {
            return Self::described(description, args);
        }
        match args.wire {
            WireArg::Described(preset) => Self::described(description::of_preset(preset), args),
            WireArg::Textbook => {
                anyhow::ensure!(!args.stamp.is_used(), say::NEEDS_STAMP);
                let size = args.session.padding()?;
                anyhow::ensure!(
                    args.pattern.is_none() || size > SHORTEST_REQUEST,
                    say::NOTHING_PADDED
                );
                Ok(Self::Textbook(Padding {
                    size,
                    pattern: args.pattern.unwrap_or_default(),
                }))
            }
            WireArg::Stamp => {
                let flag = "--match any";
                anyhow::ensure!(!args.session.credits_any(), say::NeedsTextbook { flag });
                let (key, error) = (args.stamp.key()?, args.stamp.error_estimate());
                Self::stamp(key, error, args.session.size, args.pattern)
            }
        }
    }

    /// Probes as `description` has them.
    fn described(description: Description, args: &PingArgs) -> anyhow::Result<Self> {
        anyhow::ensure!(!args.stamp.is_used(), say::NEEDS_STAMP);
        for (flag, given) in [
            ("-s", args.session.size.is_some()),
            ("--match any", args.session.credits_any()),
        ] {
            anyhow::ensure!(!given, say::NeedsTextbook { flag });
        }
        Self::of_description(description)
    }

    /// As [`Self::asked`], for a target of `monitor`.
    #[cfg(target_os = "linux")]
    pub(crate) fn monitored(
        wire: WireArg,
        size: Option<u32>,
        key: Option<Key>,
        error: ErrorEstimate,
    ) -> anyhow::Result<Self> {
        match wire {
            WireArg::Textbook => Ok(Self::Textbook(Padding {
                size: usize::try_from(size.unwrap_or(0))?,
                pattern: Pattern::default(),
            })),
            WireArg::Described(preset) => Self::of_description(description::of_preset(preset)),
            WireArg::Stamp => Self::stamp(key, error, size, None),
        }
    }

    /// Probes as `description` has them, whatever the arguments.
    pub(crate) fn of_description(description: Description) -> anyhow::Result<Self> {
        let request = description.request.as_deref().unwrap_or_default();
        let expected = description.expect.iter().map(String::as_str);
        let wire = Described::compile(request, expected)?;
        Ok(Self::Described {
            description,
            wire: Box::new(wire),
        })
    }

    /// The same session, as this wire can have it.
    pub(crate) fn suited(&self, config: Config) -> anyhow::Result<Config> {
        let Self::Described { wire, .. } = self else {
            return Ok(config);
        };
        let builder = config.to_builder();
        let config = builder.accept_unnumbered(wire.is_unnumbered()).build()?;
        wire.check(config.most_waiting())?;
        Ok(config)
    }

    /// STAMP probes of `size` bytes altogether, or the next size above that they can have:
    /// padding is as long as what nobody can guess has to be, or there is none.
    pub(crate) fn stamp(
        key: Option<Key>,
        error: ErrorEstimate,
        size: Option<u32>,
        pattern: Option<Pattern>,
    ) -> anyhow::Result<Self> {
        let base = key.as_ref().map_or(Mode::Open, Mode::Auth).base_len();
        let padding = match size {
            None => NONCE,
            Some(size) => {
                let beyond = usize::try_from(size)?.saturating_sub(base);
                match beyond {
                    0 => 0,
                    _ => beyond.saturating_sub(TLV_HEADER).max(NONCE),
                }
            }
        };
        anyhow::ensure!(pattern.is_none() || padding > 0, say::NOTHING_PADDED);
        Ok(Self::Stamp {
            key,
            error,
            padding,
            pattern,
            sized: size.map(|_| match padding {
                0 => base,
                _ => base + TLV_HEADER + padding,
            }),
        })
    }

    /// How the first line calls the probes.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Described { description, .. } => match &description.name {
                Some(name) => say::ProbesNamed { name }.to_string(),
                None => say::PROBES_DESCRIBED.to_string(),
            },
            Self::Textbook(Padding { size: 0, .. }) => say::PROBES_TEXT.to_string(),
            Self::Textbook(Padding { size, .. }) if *size < LONGEST_REQUEST => {
                let least = size.max(&SHORTEST_REQUEST);
                say::ProbesAtLeast { least }.to_string()
            }
            Self::Textbook(Padding { size, .. }) => say::ProbesSized { bytes: size }.to_string(),
            Self::Stamp { key, sized, .. } => {
                let kind = match key {
                    None => say::PROBES_STAMP,
                    Some(_) => say::PROBES_STAMP_AUTHENTICATED,
                };
                match sized {
                    None => kind.to_string(),
                    Some(bytes) => say::ProbesStampSized { kind, bytes }.to_string(),
                }
            }
        }
    }

    /// Makes the wire of a session at whose time zero the wall clock read `wall`.
    pub(crate) fn open(&self, wall: WallTime) -> anyhow::Result<Wire> {
        Ok(match self {
            Self::Textbook(padding) => Wire::Textbook { padding: *padding },
            Self::Described { wire, .. } => Wire::Described((**wire).clone()),
            Self::Stamp {
                key,
                error,
                padding,
                pattern,
                ..
            } => {
                let mut filled = vec![0; *padding];
                match pattern {
                    None => getrandom::fill(&mut filled)
                        .map_err(|error| anyhow::anyhow!(say::NoRandom { error }))?,
                    Some(pattern) => {
                        let bytes = pattern.as_bytes().iter().cycle();
                        filled.iter_mut().zip(bytes).for_each(|(to, it)| *to = *it);
                    }
                }
                let [low, high, ..] = crate::random()?.to_le_bytes();
                // Zero would mean that there is none.
                let ssid = NonZeroU16::new(u16::from_le_bytes([low, high]));
                Wire::Stamp(SessionSender::new(
                    key.clone(),
                    *error,
                    ssid.unwrap_or(NonZeroU16::MAX),
                    filled,
                    wall,
                ))
            }
        })
    }
}

/// The wire of one session.
pub(crate) type Wire = SessionWire<Vec<u8>>;

/// Tells a journal what it needs of the wire, and of the plan that it was made by.
pub(crate) fn fill_in(header: &mut Header, plan: &WirePlan, wire: &Wire) {
    header.wire = wire.name();
    let size = match wire {
        Wire::Textbook { padding } => padding.size,
        Wire::Described(_) => {
            if let WirePlan::Described { description, .. } = plan {
                header.description = Some(description.clone());
            }
            0
        }
        Wire::Stamp(sender) => {
            header.epoch_s = Some(sender.epoch_s());
            sender.request_len()
        }
    };
    header.size = u64::try_from(size).ok().filter(|size| *size > 0);
}

/// The server's end, where no templates describe it.
pub(crate) fn reflector(args: &ServeArgs, policy: &Policy) -> anyhow::Result<AnyReflector> {
    match args.wire {
        WireArg::Textbook | WireArg::Described(_) => {
            anyhow::ensure!(!args.stamp.is_used(), say::NEEDS_STAMP);
            AnyReflector::text(args.reply.into(), policy)
        }
        WireArg::Stamp if args.reply != ReplyArg::default() => {
            anyhow::bail!(say::NeedsTextbook { flag: "--reply" })
        }
        WireArg::Stamp => AnyReflector::stamp(args.stamp.terms()?, args.stamp.stateful, policy),
    }
}

/// The header of a run that is simulated on `wire`.
pub(crate) fn simulated(wire: WireArg, header: Header) -> anyhow::Result<Header> {
    Ok(match wire {
        WireArg::Textbook | WireArg::Stamp => header.on(wire.name()),
        WireArg::Described(preset) => {
            let expected = preset.expect.iter().copied();
            let described = Described::compile(preset.request, expected)?;
            Header {
                accept_unnumbered: described.is_unnumbered(),
                ..header.on_described(description::of_preset(preset))
            }
        }
    })
}
