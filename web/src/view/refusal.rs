//! What the core refuses to run, in the user's language: every reason has its message.

use udping_core::ConfigError;
use udping_core::time::saturating_nanos;
use udping_journal::replay::{MAX_TABLE_ENTRIES, ReplayError};
use udping_link::{Direction, Impairments, ImpairmentsError, Rate};
use udping_sim::WorldError;

use super::i18n::{Localization, Value, key};

/// Why a run cannot be simulated.
pub(crate) fn world(l10n: &Localization, error: &WorldError) -> String {
    match error {
        WorldError::Session(error) => replay(l10n, error),
        WorldError::Impairments(way, error) => {
            let way = match way {
                Direction::Request => key::WAY_REQUEST,
                Direction::Reply => key::WAY_REPLY,
            };
            let what = impairments(l10n, error);
            let values = [
                ("way", Value::Text(l10n.get(way))),
                ("what", Value::Text(&what)),
            ];
            l10n.say(key::REFUSED_WAY, &values)
        }
        WorldError::Wire => l10n.get(key::REFUSED_WIRE).to_owned(),
        WorldError::NotSimulated => l10n.get(key::REFUSED_NOT_SIMULATED).to_owned(),
    }
}

/// Why a journal, or one under another timeout, cannot be replayed.
pub(crate) fn replay(l10n: &Localization, error: &ReplayError) -> String {
    match error {
        ReplayError::Config(error) => config(l10n, error),
        ReplayError::TableTooLarge(entries) => {
            let values = [
                ("entries", Value::Count(*entries)),
                ("most", Value::Count(MAX_TABLE_ENTRIES)),
            ];
            l10n.say(key::REFUSED_TABLE_SIZE, &values)
        }
        ReplayError::Kind => l10n.get(key::REFUSED_KIND).to_owned(),
    }
}

fn config(l10n: &Localization, error: &ConfigError) -> String {
    match error {
        ConfigError::ZeroTimeout => l10n.get(key::REFUSED_TIMEOUT).to_owned(),
        ConfigError::ZeroInterval => l10n.get(key::REFUSED_INTERVAL).to_owned(),
        ConfigError::ZeroWindow => l10n.get(key::REFUSED_WINDOW).to_owned(),
        ConfigError::TooLong => l10n.get(key::REFUSED_TOO_LONG).to_owned(),
        ConfigError::UnnumberedNeedsOneInFlight => l10n.get(key::REFUSED_MATCH_ANY).to_owned(),
        ConfigError::TableTooSmall { needed, supplied } => l10n.say(
            key::REFUSED_TABLE,
            &[
                ("needed", Value::Count(*needed)),
                ("supplied", Value::Count(*supplied)),
            ],
        ),
    }
}

fn impairments(l10n: &Localization, error: &ImpairmentsError) -> String {
    match error {
        ImpairmentsError::TooLong { field, given } => l10n.say(
            key::REFUSED_SPAN,
            &[
                ("field", Value::Text(field)),
                ("given", Value::Span(saturating_nanos(*given))),
                (
                    "most",
                    Value::Span(saturating_nanos(Impairments::MAX_DELAY)),
                ),
            ],
        ),
        ImpairmentsError::Transitions { .. } => {
            let least = l10n.share_ppm(Impairments::MIN_TRANSITIONS_PPM.into());
            let most = l10n.share_ppm(Rate::ALWAYS.ppm().into());
            let values = [("least", Value::Text(&least)), ("most", Value::Text(&most))];
            l10n.say(key::REFUSED_BURSTS, &values)
        }
    }
}
