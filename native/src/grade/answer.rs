//! A request to a server, and what its answer is: the request again in any case, with anything
//! around it, or what a described wire says.
//!
//! Owns what a right answer is. When it came, and from where, is the trial's.

use serde::{Deserialize, Serialize};
use udping_core::time::WallTime;
use udping_core::wire::template::{Role, Template, Values, presets};

/// The numbers of requests are above this one, so that they are told from all others, and have
/// five digits, which is as many as the narrowest field has.
const FIRST: usize = 70_000;

/// A wire, from the side of a client.
pub(super) enum Wire {
    Textbook,
    Described {
        request: Box<Template>,
        answers: Vec<Template>,
    },
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Right,
    /// The request more than once.
    Repeated,
    /// A part of the request, from its beginning.
    Truncated,
    /// Something from which no client can tell whose answer it is.
    Changed,
}

impl Wire {
    /// The textbook's, or the described one of this name.
    pub(super) fn named(name: Option<&str>) -> Self {
        let described = || {
            let preset = presets::find(name?)?;
            let request = Template::compile(preset.request, Role::Request).ok()?;
            let answers = preset.expect.iter().map(|it| {
                let template = Template::compile(it, Role::Expect);
                template.ok()
            });
            Some(Self::Described {
                request: Box::new(request),
                answers: answers.collect::<Option<_>>()?,
            })
        };
        described().unwrap_or(Self::Textbook)
    }

    /// The request of this number.
    pub(super) fn request(&self, number: usize, time: WallTime) -> Vec<u8> {
        let number = FIRST + number;
        let textbook = || {
            // Milliseconds: with more digits they could look like a number.
            let seconds = time.as_nanos() / 1_000_000_000;
            let millis = time.as_nanos() / 1_000_000 % 1000;
            format!("Ping {number} {seconds}.{millis:03}").into_bytes()
        };
        match self {
            Self::Textbook => textbook(),
            Self::Described { request, .. } => {
                let seq = u64::try_from(number).unwrap_or_default();
                let mut bytes = vec![0; request.longest()];
                match request.write(Values { seq, time }, &mut bytes) {
                    Ok(length) => {
                        bytes.truncate(length);
                        bytes
                    }
                    Err(_) => textbook(),
                }
            }
        }
    }

    /// The number of the request that an answer is one to, if it says that.
    pub(super) fn number(&self, answer: &[u8]) -> Option<usize> {
        if let Self::Described { answers, .. } = self {
            let seq = answers.iter().find_map(|it| it.read(answer).ok()?.seq);
            let seq = seq.and_then(|it| usize::try_from(it).ok());
            if let Some(number) = seq.and_then(|it| it.checked_sub(FIRST)) {
                return Some(number);
            }
        }
        let text = String::from_utf8_lossy(answer);
        let numbers = text.split(|it: char| !it.is_ascii_digit());
        let mut numbers = numbers.filter(|it| it.len() == 5);
        let number = numbers.find_map(|it| it.parse::<usize>().ok()?.checked_sub(FIRST));
        number.filter(|it| *it < 10_000)
    }

    /// What an answer to a request is.
    pub(super) fn kind(&self, request: &[u8], answer: &[u8]) -> Kind {
        match self {
            Self::Textbook => echo(request, answer),
            Self::Described { answers, .. } => {
                let is_read = answers.iter().any(|it| it.read(answer).is_ok());
                if is_read { Kind::Right } else { Kind::Changed }
            }
        }
    }
}

/// What an answer is where it should be the request again, in whichever case, with anything
/// around it.
fn echo(request: &[u8], answer: &[u8]) -> Kind {
    let plain = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        let ends = |it: char| it == '\0' || it.is_whitespace();
        text.trim_matches(ends).to_owned()
    };
    let (request, answer) = (plain(request), plain(answer));
    match answer.matches(&request).count() {
        0 => {}
        1 => return Kind::Right,
        _ => return Kind::Repeated,
    }
    if request.starts_with(&answer) && !answer.contains(' ') {
        // Of a number there is nothing.
        return Kind::Truncated;
    }
    let Some((number, time)) = request.split_once(' ').and_then(|it| it.1.split_once(' ')) else {
        return Kind::Changed;
    };
    let has_number = answer
        .split(|it: char| !it.is_ascii_digit())
        .any(|it| it == number);
    let rest = answer.rsplit_once(number).map_or("", |it| it.1);
    let rest = rest.strip_prefix(' ').unwrap_or_default();
    if has_number && !rest.is_empty() && rest.len() < time.len() && time.starts_with(rest) {
        Kind::Truncated
    } else if has_number {
        // In another word, or with a time of its own.
        Kind::Right
    } else if request.starts_with(&answer) {
        Kind::Truncated
    } else {
        Kind::Changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[u8] = b"Ping 70012 1700000012.345";

    #[test]
    fn an_answer_may_say_more_in_any_case_but_neither_less_nor_something_else() {
        for (answer, kind) in [
            ("PING 70012 1700000012.345", Kind::Right),
            ("ping 70012 1700000012.345", Kind::Right),
            ("Ping 70012 1700000012.345\0\0\0\0", Kind::Right),
            ("PONG: Ping 70012 1700000012.345", Kind::Right),
            ("Ping 70012 1700000012.345 OK\r\n", Kind::Right),
            ("{\"echo\": \"PING 70012 1700000012.345\"}", Kind::Right),
            ("b'Ping 70012 1700000012.345'", Kind::Right),
            ("Pong 70012 1700000012.345", Kind::Right),
            ("Pong 70012", Kind::Right),
            ("Ping 70012", Kind::Right),
            ("Reply 70012 1700000012.345 1700000012.5 abc", Kind::Right),
            ("70012 1700000012.345 PING", Kind::Right),
            (
                "Ping 70012 1700000012.345Ping 70012 1700000012.345",
                Kind::Repeated,
            ),
            ("Ping 70012 17000", Kind::Truncated),
            ("PONG Ping 70012 1700000012.34", Kind::Truncated),
            ("Ping 700", Kind::Truncated),
            ("Pi", Kind::Truncated),
            ("", Kind::Truncated),
            ("543.2100000071 21007 gniP", Kind::Changed),
            ("pong", Kind::Changed),
            ("Hello from server", Kind::Changed),
            ("Ping 70013 1700000012.345", Kind::Changed),
            ("Your data was 25 bytes long", Kind::Changed),
        ] {
            assert_eq!(echo(REQUEST, answer.as_bytes()), kind, "{answer}");
        }
    }

    #[test]
    fn a_request_is_of_its_wire_and_so_is_its_answer() {
        let wire = Wire::named(Some("ufes"));
        let mut request = wire.request(12, WallTime::from_nanos(1_700_000_012_345_000_000));
        assert_eq!(request.len(), 40);
        assert_eq!(wire.kind(&request, &request), Kind::Changed);
        if let Some(kind) = request.get_mut(5) {
            *kind = b'1';
        }
        assert_eq!(wire.kind(&[], &request), Kind::Right);
        assert_eq!(wire.number(&request), Some(12));
        let textbook = Wire::named(None);
        let request = textbook.request(12, WallTime::from_nanos(1_700_000_012_345_000_000));
        assert_eq!(request, REQUEST);
        assert_eq!(textbook.number(REQUEST), Some(12));
        assert_eq!(textbook.number(b"pong 12"), None);
    }
}
