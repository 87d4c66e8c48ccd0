//! The core's errors, in the language in use.
//!
//! Owns no English: that is what the errors say of themselves. What the system says
//! stays as the system says it.

use std::error::Error;

use udping_core::ConfigError;
use udping_core::guard::NetworkError;
use udping_core::wire::described::{ComesRound, DescriptionError, MOST_EXPECTATIONS};
use udping_core::wire::stamp::{Key, KeyTooShort};
use udping_core::wire::template::{
    LONGEST_DATAGRAM, MOST_LITERAL_BYTES, MOST_PARTS, MOST_URL_BYTES, Problem, TemplateError, Why,
};
use udping_journal::replay::{MAX_TABLE_ENTRIES, ReplayError};
use udping_journal::{HeaderError, LineError, Script, ScriptError, ScriptProblem, VERSION};
use udping_link::{Direction, Impairments, ImpairmentsError, Rate, RateError, Seed, SeedError};
use udping_sim::WorldError;

use super::{Language, duration, language, portuguese};

/// What an error and its causes say, each after a colon.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let said: Vec<String> = error.chain().map(localized).collect();
    said.join(": ")
}

/// What an error says, without its causes.
pub(crate) fn localized(error: &(dyn Error + 'static)) -> String {
    match language() {
        Language::English => error.to_string(),
        Language::Portuguese => in_portuguese(error),
    }
}

fn in_portuguese(error: &(dyn Error + 'static)) -> String {
    translated(error).unwrap_or_else(|| error.to_string())
}

fn translated(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref() {
        return Some(config(error));
    }
    if let Some(error) = error.downcast_ref() {
        return Some(header(error));
    }
    if let Some(error) = error.downcast_ref() {
        return Some(description(error));
    }
    if let Some(error) = error.downcast_ref() {
        return Some(template(error));
    }
    if let Some(why) = error.downcast_ref() {
        return Some(mismatch(*why).to_string());
    }
    if let Some(ComesRound { numbers, probes }) = error.downcast_ref() {
        return Some(portuguese::TemplateComesRound { numbers, probes }.to_string());
    }
    if let Some(LineError { column, what }) = error.downcast_ref()
        && *column > 0
    {
        // Without the column, which comes at the end.
        let what = LineError {
            column: 0,
            what: what.clone(),
        };
        return Some(portuguese::LineColumn { column, what }.to_string());
    }
    if let Some(error) = error.downcast_ref() {
        return match error {
            ReplayError::Config(why) => Some(
                portuguese::ReplayConfig {
                    why: in_portuguese(why),
                }
                .to_string(),
            ),
            ReplayError::TableTooLarge(slots) => {
                let most = MAX_TABLE_ENTRIES;
                Some(portuguese::ReplayTable { slots, most }.to_string())
            }
            ReplayError::Kind => Some(portuguese::REPLAY_KIND.to_string()),
        };
    }
    if let Some(error) = error.downcast_ref() {
        return match error {
            WorldError::NotSimulated => Some(portuguese::WORLD_NOT_SIMULATED.to_string()),
            // Here there need be no journal.
            WorldError::Wire => Some(portuguese::WORLD_WIRE.to_string()),
            WorldError::Session(ReplayError::Config(why)) => Some(in_portuguese(why)),
            WorldError::Session(why) => Some(in_portuguese(why)),
            WorldError::Impairments(Direction::Request, why) => Some(
                portuguese::WorldWayThere {
                    why: in_portuguese(why),
                }
                .to_string(),
            ),
            WorldError::Impairments(Direction::Reply, why) => Some(
                portuguese::WorldWayBack {
                    why: in_portuguese(why),
                }
                .to_string(),
            ),
        };
    }
    if let Some(error) = error.downcast_ref() {
        return Some(conditions(error));
    }
    if let Some(error) = error.downcast_ref() {
        let why = match error {
            RateError::NotANumber => portuguese::RATE_NOT_A_NUMBER,
            RateError::NoUnit => portuguese::RATE_NO_UNIT,
            RateError::TooHigh => portuguese::RATE_TOO_HIGH,
            RateError::TooFine => portuguese::RATE_TOO_FINE,
        };
        return Some(why.to_string());
    }
    if let Some(ScriptError { line, column, what }) = error.downcast_ref() {
        let what = script(what);
        return Some(portuguese::ScriptPlace { line, column, what }.to_string());
    }
    if error.is::<SeedError>() {
        return Some(portuguese::SeedWrong { most: Seed::MAX }.to_string());
    }
    if error.is::<NetworkError>() {
        return Some(portuguese::NETWORK_WRONG.to_string());
    }
    if error.is::<KeyTooShort>() {
        let least = Key::MIN_LEN;
        return Some(portuguese::KeyTooShort { least }.to_string());
    }
    None
}

fn config(error: &ConfigError) -> String {
    match error {
        ConfigError::ZeroTimeout => portuguese::CONFIG_ZERO_TIMEOUT.to_string(),
        ConfigError::ZeroInterval => portuguese::CONFIG_ZERO_INTERVAL.to_string(),
        ConfigError::ZeroWindow => portuguese::CONFIG_ZERO_WINDOW.to_string(),
        ConfigError::TooLong => portuguese::CONFIG_TOO_LONG.to_string(),
        ConfigError::UnnumberedNeedsOneInFlight => portuguese::CONFIG_MATCH_ANY.to_string(),
        ConfigError::TableTooSmall { needed, supplied } => {
            portuguese::ConfigTableTooSmall { needed, supplied }.to_string()
        }
    }
}

fn header(error: &HeaderError) -> String {
    match error {
        HeaderError::NotAJournal => portuguese::HEADER_NOT_A_JOURNAL.to_string(),
        HeaderError::NewerVersion(version) => {
            let known = VERSION;
            portuguese::HeaderNewer { version, known }.to_string()
        }
        HeaderError::OlderVersion(version) => {
            let known = VERSION;
            portuguese::HeaderOlder { version, known }.to_string()
        }
        HeaderError::Malformed(what) => portuguese::HeaderMalformed { what }.to_string(),
    }
}

fn conditions(error: &ImpairmentsError) -> String {
    match error {
        ImpairmentsError::TooLong { field, given } => portuguese::ImpairmentsTooLong {
            field,
            given: duration(*given),
            most: duration(Impairments::MAX_DELAY),
        }
        .to_string(),
        ImpairmentsError::Transitions { sum_ppm } => portuguese::ImpairmentsTransitions {
            sum: sum_ppm,
            least: Impairments::MIN_TRANSITIONS_PPM,
            most: Rate::ALWAYS.ppm(),
        }
        .to_string(),
    }
}

fn script(problem: &ScriptProblem) -> String {
    match problem {
        ScriptProblem::Action => portuguese::SCRIPT_ACTION.to_string(),
        ScriptProblem::Direction => portuguese::SCRIPT_DIRECTION.to_string(),
        ScriptProblem::Number => portuguese::SCRIPT_NUMBER.to_string(),
        ScriptProblem::Copy => portuguese::SCRIPT_COPY.to_string(),
        ScriptProblem::RequestCopy => portuguese::SCRIPT_REQUEST_COPY.to_string(),
        ScriptProblem::NoSuchCopy(number) => portuguese::ScriptNoSuchCopy { number }.to_string(),
        ScriptProblem::TooManyCopies => {
            let most = Script::MOST_COPIES;
            portuguese::ScriptTooManyCopies { most }.to_string()
        }
        ScriptProblem::Time => portuguese::SCRIPT_TIME.to_string(),
        ScriptProblem::Unit(unit) => portuguese::ScriptUnit { unit }.to_string(),
        ScriptProblem::TooLong => portuguese::SCRIPT_TOO_LONG.to_string(),
        ScriptProblem::Extra => portuguese::SCRIPT_EXTRA.to_string(),
    }
}

fn description(error: &DescriptionError) -> String {
    match error {
        DescriptionError::Request(error) => {
            let error = template(error);
            portuguese::TemplateInRequest { error }.to_string()
        }
        DescriptionError::Expect(index, error) => {
            let (number, error) = (index + 1, template(error));
            portuguese::TemplateInExpect { number, error }.to_string()
        }
        DescriptionError::Expectations => {
            let most = MOST_EXPECTATIONS;
            portuguese::TemplateExpectations { most }.to_string()
        }
        DescriptionError::RequestWithoutNumber => portuguese::TEMPLATE_NO_NUMBER.to_string(),
    }
}

fn template(TemplateError { column, problem }: &TemplateError) -> String {
    let problem = match problem {
        Problem::Empty => portuguese::TEMPLATE_EMPTY.to_string(),
        Problem::Unclosed => portuguese::TEMPLATE_UNCLOSED.to_string(),
        Problem::Unopened => portuguese::TEMPLATE_UNOPENED.to_string(),
        Problem::Escape => portuguese::TEMPLATE_ESCAPE.to_string(),
        Problem::UnknownPart => portuguese::TEMPLATE_UNKNOWN_PART.to_string(),
        Problem::BadFormat => portuguese::TEMPLATE_BAD_FORMAT.to_string(),
        Problem::OnlyInAnswer => portuguese::TEMPLATE_ONLY_IN_ANSWER.to_string(),
        Problem::NotInRequest => portuguese::TEMPLATE_NOT_IN_REQUEST.to_string(),
        Problem::NotInUrl => {
            let most = MOST_URL_BYTES;
            portuguese::TemplateNotInUrl { most }.to_string()
        }
        Problem::SecondSeq => portuguese::TEMPLATE_SECOND_SEQ.to_string(),
        Problem::Touching => portuguese::TEMPLATE_TOUCHING.to_string(),
        Problem::DigitAfterNumber => portuguese::TEMPLATE_DIGIT_AFTER_NUMBER.to_string(),
        Problem::AfterAny => portuguese::TEMPLATE_AFTER_ANY.to_string(),
        Problem::AfterWord => portuguese::TEMPLATE_AFTER_WORD.to_string(),
        Problem::LengthTooLarge => portuguese::TEMPLATE_LENGTH_TOO_LARGE.to_string(),
        Problem::TooManyParts => {
            let most = MOST_PARTS;
            portuguese::TemplateTooManyParts { most }.to_string()
        }
        Problem::TooManyLiterals => {
            let most = MOST_LITERAL_BYTES;
            portuguese::TemplateTooManyLiterals { most }.to_string()
        }
        Problem::TooLong => {
            let most = LONGEST_DATAGRAM;
            portuguese::TemplateTooLong { most }.to_string()
        }
    };
    portuguese::TemplateColumn { column, problem }.to_string()
}

fn mismatch(why: Why) -> super::Message {
    match why {
        Why::Ended => portuguese::MISMATCH_ENDED,
        Why::Literal => portuguese::MISMATCH_LITERAL,
        Why::Digits => portuguese::MISMATCH_DIGITS,
        Why::TooLarge => portuguese::MISMATCH_TOO_LARGE,
        Why::Time => portuguese::MISMATCH_TIME,
        Why::Word => portuguese::MISMATCH_WORD,
        Why::Length => portuguese::MISMATCH_LENGTH,
        Why::More => portuguese::MISMATCH_MORE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn every_error_of_the_core_is_translated() {
        let config = [
            ConfigError::ZeroTimeout,
            ConfigError::ZeroInterval,
            ConfigError::ZeroWindow,
            ConfigError::TooLong,
            ConfigError::UnnumberedNeedsOneInFlight,
            ConfigError::TableTooSmall {
                needed: 5,
                supplied: 4,
            },
        ];
        let conditions = [
            ImpairmentsError::TooLong {
                field: "delay",
                given: Duration::MAX,
            },
            ImpairmentsError::Transitions { sum_ppm: 1 },
        ];
        let mut errors: Vec<Box<dyn Error>> = Vec::new();
        for error in config {
            errors.push(Box::new(error));
            errors.push(Box::new(ReplayError::Config(error)));
            errors.push(Box::new(WorldError::Session(ReplayError::Config(error))));
        }
        for error in conditions {
            errors.push(Box::new(error));
            for way in [Direction::Request, Direction::Reply] {
                errors.push(Box::new(WorldError::Impairments(way, error)));
            }
        }
        errors.push(Box::new(ReplayError::TableTooLarge(9)));
        errors.push(Box::new(WorldError::NotSimulated));
        errors.push(Box::new(WorldError::Wire));
        errors.push(Box::new(HeaderError::NotAJournal));
        errors.push(Box::new(HeaderError::NewerVersion(9)));
        errors.push(Box::new(HeaderError::OlderVersion(1)));
        errors.push(Box::new(HeaderError::Malformed("x".to_owned())));
        for text in ["x", "5", "300%", "0.00001%"] {
            errors.push(Box::new(text.parse::<Rate>().unwrap_err()));
        }
        for what in [
            ScriptProblem::Action,
            ScriptProblem::Direction,
            ScriptProblem::Number,
            ScriptProblem::Copy,
            ScriptProblem::NoSuchCopy(3),
            ScriptProblem::TooManyCopies,
            ScriptProblem::Time,
            ScriptProblem::Unit("x".to_owned()),
            ScriptProblem::TooLong,
            ScriptProblem::Extra,
        ] {
            let (line, column) = (2, 5);
            errors.push(Box::new(ScriptError { line, column, what }));
        }
        errors.push(Box::new(SeedError));
        errors.push(Box::new(NetworkError));
        errors.push(Box::new(KeyTooShort));
        errors.push(Box::new(ComesRound {
            numbers: 100,
            probes: 51,
        }));
        errors.push(Box::new(DescriptionError::Expectations));
        errors.push(Box::new(DescriptionError::RequestWithoutNumber));
        for problem in Problem::ALL {
            let error = TemplateError { column: 3, problem };
            errors.push(Box::new(error));
            errors.push(Box::new(DescriptionError::Request(error)));
            errors.push(Box::new(DescriptionError::Expect(1, error)));
        }
        for why in Why::ALL {
            errors.push(Box::new(why));
        }
        for error in errors {
            let translated = translated(error.as_ref());
            assert!(
                translated
                    .as_ref()
                    .is_some_and(|own| *own != error.to_string()),
                "{error}: {translated:?}"
            );
        }
    }
}
