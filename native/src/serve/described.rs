//! The server's end of a described wire, as the options ask for it.
//!
//! Owns which expectation has which answer, and where an answer may be longer than its
//! request. What a template reads and writes is the core's.

use std::net::SocketAddr;
use std::slice;

use udping_core::reflector::described::{Answers, AnswersError, MOST_ANSWERS};
use udping_journal::Description;

use crate::cli::{ReplyArg, ServeArgs, WireArg};
use crate::description;
use crate::i18n::say;

/// What is expected where only an answer was given.
const ANYTHING: &str = "{any}";

/// What `serve` at `address` answers to what, if templates say so, and how a journal names it.
pub(super) fn answers(
    args: &ServeArgs,
    address: SocketAddr,
) -> anyhow::Result<Option<(Description, Answers)>> {
    let Some(described) = description(args)? else {
        return Ok(None);
    };
    anyhow::ensure!(!args.stamp.is_used(), say::NEEDS_STAMP);
    anyhow::ensure!(
        args.reply == ReplyArg::default(),
        say::NeedsTextbook { flag: "--reply" }
    );
    let expected = match &described.request {
        Some(request) => slice::from_ref(request),
        None => &described.expect,
    };
    anyhow::ensure!(
        expected.len() == described.answer.len(),
        say::SERVE_ANSWERS_PAIRED
    );
    let pairs = expected.iter().zip(&described.answer);
    let pairs = pairs.map(|(expect, answer)| (expect.as_str(), answer.as_str()));
    let answers = Answers::compile(pairs).map_err(refused)?;
    anyhow::ensure!(
        !answers.can_exceed() || address.ip().is_loopback() || !args.allow.is_empty(),
        say::SERVE_ANSWER_LONGER
    );
    Ok(Some((described, answers)))
}

/// The wire of a name, a file, or flags: with a request, what a server reads; without one, what
/// it expects.
fn description(args: &ServeArgs) -> anyhow::Result<Option<Description>> {
    if let WireArg::Described(preset) = args.wire {
        return Ok(Some(description::of_preset(preset)));
    }
    if let Some(path) = &args.wire_file {
        return description::of_file(path).map(Some);
    }
    let (expect, answer) = (&args.expect, &args.answer);
    // A receiver of heartbeats may read them so and answer nothing.
    if answer.is_empty() && (expect.is_empty() || args.heartbeat) {
        return Ok(None);
    }
    let anything = expect.is_empty() && answer.len() == 1;
    Ok(Some(Description {
        name: None,
        request: None,
        expect: if anything {
            vec![ANYTHING.to_owned()]
        } else {
            expect.clone()
        },
        answer: answer.clone(),
    }))
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
