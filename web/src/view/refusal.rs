//! What the core refuses to run, in the user's language.
//!
//! A reason that has no words here is told in the core's own.

use udping_core::ConfigError;
use udping_core::time::saturating_nanos;
use udping_journal::replay::ReplayError;
use udping_link::{Direction, Impairments, ImpairmentsError, Rate};
use udping_sim::WorldError;

use super::i18n::{Value, Words, key};

/// Why a run cannot be simulated.
pub(crate) fn world(words: &Words, error: &WorldError) -> String {
    match error {
        WorldError::Session(error) => replay(words, error),
        WorldError::Impairments(way, error) => {
            let way = match way {
                Direction::Request => key::WAY_REQUEST,
                Direction::Reply => key::WAY_REPLY,
            };
            let what = conditions(words, error);
            let values = [
                ("way", Value::Text(words.get(way))),
                ("what", Value::Text(&what)),
            ];
            words.say(key::REFUSED_WAY, &values)
        }
        WorldError::NotSimulated => error.to_string(),
    }
}

/// Why a journal, or one under another timeout, cannot be replayed.
pub(crate) fn replay(words: &Words, error: &ReplayError) -> String {
    match error {
        ReplayError::Config(error) => config(words, error),
        _ => error.to_string(),
    }
}

fn config(words: &Words, error: &ConfigError) -> String {
    match error {
        ConfigError::ZeroTimeout => words.get(key::REFUSED_TIMEOUT).to_owned(),
        ConfigError::ZeroInterval => words.get(key::REFUSED_INTERVAL).to_owned(),
        ConfigError::ZeroWindow => words.get(key::REFUSED_WINDOW).to_owned(),
        ConfigError::TooLong => words.get(key::REFUSED_TOO_LONG).to_owned(),
        ConfigError::UnnumberedNeedsStopAndWait => words.get(key::REFUSED_MATCH_ANY).to_owned(),
        ConfigError::TableTooSmall { needed, supplied } => words.say(
            key::REFUSED_TABLE,
            &[
                ("needed", Value::Count(*needed)),
                ("supplied", Value::Count(*supplied)),
            ],
        ),
    }
}

fn conditions(words: &Words, error: &ImpairmentsError) -> String {
    match error {
        ImpairmentsError::TooLong { field, given } => words.say(
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
            let least = words.share_ppm(Impairments::MIN_TRANSITIONS_PPM.into());
            let most = words.share_ppm(Rate::ALWAYS.ppm().into());
            let values = [("least", Value::Text(&least)), ("most", Value::Text(&most))];
            words.say(key::REFUSED_BURSTS, &values)
        }
    }
}
