//! The server's end of a described wire, as the options ask for it.
//!
//! Owns which expectation has which answer, and where an answer may be longer than its
//! request. What a template reads and writes is the core's.

use std::net::SocketAddr;

use udping_core::reflector::described::{Answers, AnswersError, MOST_ANSWERS};

use crate::cli::ServeArgs;
use crate::i18n::say;

/// What is expected where only an answer was given.
const ANYTHING: &str = "{any}";

/// What `serve` at `address` answers to what, if templates say so.
pub(super) fn answers(args: &ServeArgs, address: SocketAddr) -> anyhow::Result<Option<Answers>> {
    let (expect, answer) = (&args.expect, &args.answer);
    // A receiver of heartbeats may read them so and answer nothing.
    if answer.is_empty() && (expect.is_empty() || args.heartbeat) {
        return Ok(None);
    }
    let expected: Vec<&str> = match (expect.as_slice(), answer.len()) {
        ([], 1) => vec![ANYTHING],
        _ => expect.iter().map(String::as_str).collect(),
    };
    anyhow::ensure!(expected.len() == answer.len(), say::SERVE_ANSWERS_PAIRED);
    let pairs = expected.into_iter().zip(answer.iter().map(String::as_str));
    let answers = Answers::compile(pairs).map_err(refused)?;
    anyhow::ensure!(
        !answers.can_exceed() || address.ip().is_loopback() || !args.allow.is_empty(),
        say::SERVE_ANSWER_LONGER
    );
    Ok(Some(answers))
}

/// What is wrong with the templates, in the language in use.
pub(super) fn refused(error: AnswersError) -> anyhow::Error {
    match error {
        AnswersError::Expect(index, error) => {
            let number = index + 1;
            anyhow::Error::new(error).context(say::ServeExpectWrong { number }.to_string())
        }
        AnswersError::Answer(index, error) => {
            let number = index + 1;
            anyhow::Error::new(error).context(say::ServeAnswerWrong { number }.to_string())
        }
        AnswersError::Unanswerable { index, column } => {
            let number = index + 1;
            anyhow::anyhow!(say::ServeUnanswerable { number, column }.to_string())
        }
        AnswersError::Count => {
            let most = MOST_ANSWERS;
            anyhow::anyhow!(say::ServeAnswersTooMany { most }.to_string())
        }
    }
}
