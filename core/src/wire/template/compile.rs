//! From a template's text to its parts, or to what is wrong with it, where, and what to
//! write instead.
//!
//! Owns the grammar and every refusal. Must not know datagrams.

use super::{
    Format, LONGEST_DATAGRAM, MOST_LITERAL_BYTES, MOST_PARTS, MOST_URL_BYTES, Part, PartKind, Role,
    Template, TimeFormat,
};

/// A template that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateError {
    /// Which character of the text it is about, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing in it.
    Empty,
    /// A `{` without its `}`.
    Unclosed,
    /// A `}` without its `{`.
    Unopened,
    /// What follows a backslash is none of the escapes.
    Escape,
    /// No part has this name.
    UnknownPart,
    /// What stands after the name says no format that the part has.
    BadFormat,
    /// A part that only an answer can have.
    OnlyInAnswer,
    /// A part of a request that nobody knows how to write.
    NotInRequest,
    /// A part that cannot be percent-encoded.
    NotInUrl,
    /// A second sequence number.
    SecondSeq,
    /// Two parts of variable width touch, so nothing says where the first ends.
    Touching,
    /// A number is followed by a digit, so the digit would be read as its last.
    DigitAfterNumber,
    /// What follows `{any}` is no literal.
    AfterAny,
    /// What follows `{word}` does not begin with white space.
    AfterWord,
    /// The length does not fit into its field.
    LengthTooLarge,
    /// It has more than [`MOST_PARTS`] parts.
    TooManyParts,
    /// Its literals have more than [`MOST_LITERAL_BYTES`] bytes.
    TooManyLiterals,
    /// It can be longer than [`LONGEST_DATAGRAM`].
    TooLong,
}

impl Problem {
    /// Every one.
    pub const ALL: [Self; 18] = [
        Self::Empty,
        Self::Unclosed,
        Self::Unopened,
        Self::Escape,
        Self::UnknownPart,
        Self::BadFormat,
        Self::OnlyInAnswer,
        Self::NotInRequest,
        Self::NotInUrl,
        Self::SecondSeq,
        Self::Touching,
        Self::DigitAfterNumber,
        Self::AfterAny,
        Self::AfterWord,
        Self::LengthTooLarge,
        Self::TooManyParts,
        Self::TooManyLiterals,
        Self::TooLong,
    ];
}

impl core::fmt::Display for Problem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing in it; write a text, or {any}"),
            Self::Unclosed => f.write_str("no } ends this part; write \\{ for the character {"),
            Self::Unopened => f.write_str("no { begins this part; write \\} for the character }"),
            Self::Escape => f.write_str(
                "this is no escape; write \\n, \\r, \\t, \\0, \\xHH, \\\\, \\{ or \\}",
            ),
            Self::UnknownPart => f.write_str(
                "this is no part; write {seq}, {int}, {time}, {token}, {text:N}, {pad:N}, {len:u16be}, \
                 {url:…}, {word} or {any}, and in an answer also {echo}, {upper}, {rest} or {byte:N=C}",
            ),
            Self::BadFormat => f.write_str(
                "this part has no such format; write 05 for five digits, u8, u16be or u64le for binary, \
                 {time:s|ms|us|ns}, {time:ms%10000:04}, {time:hms}, {time:asctime}, {text:30}, \
                 {pad:30:20} or {byte:5=1}",
            ),
            Self::OnlyInAnswer => f.write_str("this part can only be in an answer; write {any}"),
            Self::NotInRequest => {
                f.write_str("nothing says what to send for this part; write the word itself")
            }
            Self::NotInUrl => write!(
                f,
                "this part cannot be in {{url:…}}; write one number in digits, a time, {{token}}, \
                 {{word}} or {{text:N}} with N up to {MOST_URL_BYTES}"
            ),
            Self::SecondSeq => f.write_str("there is a sequence number already; write {int}"),
            Self::Touching => f.write_str(
                "nothing says where the part before this one ends; write a literal between them, \
                 or a number with a width such as {seq:05}",
            ),
            Self::DigitAfterNumber => f.write_str(
                "this digit would be read as part of the number before it; write a literal between \
                 them, or a number with a width such as {seq:05}",
            ),
            Self::AfterAny => f.write_str("{any} ends at a literal; write one after it, or nothing"),
            Self::AfterWord => {
                f.write_str("{word} ends at white space; write some after it, or nothing")
            }
            Self::LengthTooLarge => {
                f.write_str("what follows is longer than this field can say; write {len:u32be}")
            }
            Self::TooManyParts => write!(
                f,
                "a template has at most {MOST_PARTS} parts; write several as one {{any}}"
            ),
            Self::TooManyLiterals => write!(
                f,
                "a template's literals have at most {MOST_LITERAL_BYTES} bytes; write {{text:N}} or {{pad:N}}"
            ),
            Self::TooLong => write!(
                f,
                "a datagram has at most {LONGEST_DATAGRAM} bytes; write a smaller number"
            ),
        }
    }
}

impl core::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "column {}: {}", self.column, self.problem)
    }
}

impl core::error::Error for TemplateError {}

impl Template {
    /// Compiles `text` for its `role`.
    ///
    /// # Errors
    /// [`TemplateError`] has the column, and what to write.
    pub fn compile(text: &str, role: Role) -> Result<Self, TemplateError> {
        let mut template = Self {
            parts: [Part::NONE; MOST_PARTS],
            len: 0,
            literals: [0; MOST_LITERAL_BYTES],
            literals_len: 0,
            any_case: text.starts_with(ANY_CASE),
            optional: 0,
        };
        let at_column = |(at, problem): (usize, Problem)| TemplateError {
            column: text
                .char_indices()
                .take_while(|(start, _)| *start < at)
                .count()
                + 1,
            problem,
        };
        template.parse(text, role).map_err(at_column)?;
        template.optional = template.optional_end();
        if role != Role::Answer {
            template.check_read().map_err(at_column)?;
        }
        template
            .check_lengths(text.len(), role)
            .map_err(at_column)?;
        Ok(template)
    }

    fn parse(&mut self, text: &str, role: Role) -> Result<(), (usize, Problem)> {
        let mut at = if self.any_case { ANY_CASE.len() } else { 0 };
        while let Some(&first) = text.as_bytes().get(at) {
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            let len = match first {
                b'{' => {
                    let inner = text.get(at..).and_then(closed);
                    let inner = inner.ok_or((at, Problem::Unclosed))?;
                    let (kind, url) = part(inner).map_err(|problem| (at, problem))?;
                    allowed(kind, role).map_err(|problem| (at, problem))?;
                    let len = inner.len() + 2;
                    self.push(kind, url, at, len)?;
                    len
                }
                b'}' => return Err((at, Problem::Unopened)),
                _ => {
                    let (byte, len) = character(rest).ok_or((at, Problem::Escape))?;
                    self.push_literal(byte, at, len)?;
                    len
                }
            };
            at += len;
        }
        if self.len == 0 {
            return Err((at, Problem::Empty));
        }
        Ok(())
    }

    fn push(
        &mut self,
        kind: PartKind,
        url: bool,
        at: usize,
        len: usize,
    ) -> Result<(), (usize, Problem)> {
        let too_many = (at, Problem::TooManyParts);
        let place = self.parts.get_mut(self.len).ok_or(too_many)?;
        let narrow = |at: usize| u16::try_from(at).map_err(|_| (at, Problem::TooLong));
        *place = Part {
            kind,
            url,
            start: narrow(at)?,
            end: narrow(at + len)?,
        };
        self.len += 1;
        Ok(())
    }

    /// Adds a byte to the literal that all ends with, or begins one.
    fn push_literal(&mut self, byte: u8, at: usize, len: usize) -> Result<(), (usize, Problem)> {
        let full = (at, Problem::TooManyLiterals);
        let end = u16::try_from(self.literals_len).map_err(|_| full)?;
        *self.literals.get_mut(self.literals_len).ok_or(full)? = byte;
        self.literals_len += 1;
        let last = self.len.checked_sub(1);
        if let Some(part) = last.and_then(|last| self.parts.get_mut(last))
            && let PartKind::Literal { len: bytes, .. } = &mut part.kind
        {
            *bytes += 1;
            part.end = u16::try_from(at + len).map_err(|_| (at, Problem::TooLong))?;
            return Ok(());
        }
        self.push(PartKind::Literal { start: end, len: 1 }, false, at, len)
    }

    /// How many bytes of its end are line ends and NULs, if it ends with a literal.
    fn optional_end(&self) -> u16 {
        let Some(PartKind::Literal { start, len }) = self.parts().last().map(|part| part.kind)
        else {
            return 0;
        };
        let bytes = self.literal(start, len).iter().rev();
        let ends = bytes.take_while(|byte| super::read::is_padding(**byte));
        u16::try_from(ends.count()).unwrap_or(len)
    }

    /// What is read from left to right must know where each part ends.
    fn check_read(&self) -> Result<(), (usize, Problem)> {
        let mut numbers = self
            .parts()
            .iter()
            .filter(|part| matches!(part.kind, PartKind::Seq { .. }));
        if let Some(second) = numbers.nth(1) {
            return Err((second.start.into(), Problem::SecondSeq));
        }
        for (index, (part, next)) in self
            .parts()
            .iter()
            .zip(self.parts().iter().skip(1))
            .enumerate()
        {
            let variable = |part: &Part| part.kind.read_len().1.is_none();
            let bytes = match next.kind {
                PartKind::Literal { start, len } => self.literal(start, len),
                _ => &[],
            };
            let ends_all = bytes.len() == self.optional_in(index + 1);
            let literal = matches!(next.kind, PartKind::Literal { .. });
            let first = bytes.first().copied();
            let problem = if variable(part) && variable(next) {
                Problem::Touching
            } else if part.kind.is_digit_run()
                && (next.can_begin_with_digit(first) || part.url && first == Some(b'%'))
            {
                Problem::DigitAfterNumber
            } else if part.kind == PartKind::Any && !literal {
                Problem::AfterAny
            } else if part.kind == PartKind::Word
                && !ends_all
                && !first.is_some_and(|byte| super::read::ends_word(byte, part.url))
            {
                Problem::AfterWord
            } else {
                continue;
            };
            return Err((next.start.into(), problem));
        }
        Ok(())
    }

    fn check_lengths(&self, text_len: usize, role: Role) -> Result<(), (usize, Problem)> {
        let mut following = 0;
        for part in self.parts().iter().rev() {
            if let PartKind::Len(format) = part.kind
                && role == Role::Request
                && format.values().is_some_and(|values| following >= values)
            {
                return Err((part.start.into(), Problem::LengthTooLarge));
            }
            following += part.written_len() as u64;
        }
        if self.longest() > LONGEST_DATAGRAM {
            return Err((text_len, Problem::TooLong));
        }
        Ok(())
    }
}

impl Part {
    /// Whether its first byte as it is written can be a digit; `literal` is a literal's.
    fn can_begin_with_digit(&self, literal: Option<u8>) -> bool {
        match self.kind {
            PartKind::Literal { .. } => literal.is_some_and(|byte| byte.is_ascii_digit()),
            PartKind::Pad { byte, .. } => byte.is_ascii_digit(),
            PartKind::Token | PartKind::Time(TimeFormat::Hms) => true,
            kind => kind.format().is_some(),
        }
    }
}

/// What begins a template whose letters are read in either case.
const ANY_CASE: &str = "(?i)";

/// What stands between the brace that `text` begins with and the one that closes it.
fn closed(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next()?;
            }
            b'{' => depth += 1,
            b'}' if depth <= 1 => return text.get(1..at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The byte that a text begins with, and how many it is written with.
fn character(text: &[u8]) -> Option<(u8, usize)> {
    let escaped = match text {
        [b'\\', b'n', ..] => b'\n',
        [b'\\', b'r', ..] => b'\r',
        [b'\\', b't', ..] => b'\t',
        [b'\\', b'0', ..] => 0,
        [b'\\', byte @ (b'\\' | b'{' | b'}'), ..] => *byte,
        [b'\\', b'x', high, low, ..] => return Some((super::read::hex(&[*high, *low])?, 4)),
        [b'\\', ..] | [] => return None,
        [byte, ..] => return Some((*byte, 1)),
    };
    Some((escaped, 2))
}

/// A whole number in digits and nothing else.
fn whole<T: core::str::FromStr>(text: &str) -> Result<T, Problem> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number.ok_or(Problem::BadFormat)
}

/// What a part is, and whether it is percent-encoded.
fn part(inner: &str) -> Result<(PartKind, bool), Problem> {
    let Some(inside) = inner.strip_prefix("url:") else {
        return kind(inner).map(|kind| (kind, false));
    };
    let bare = inside
        .strip_prefix('{')
        .and_then(|inside| inside.strip_suffix('}'));
    let kind = kind(bare.unwrap_or(inside))?;
    let encodes = match kind {
        PartKind::Time(TimeFormat::Full | TimeFormat::Hms | TimeFormat::AscTime)
        | PartKind::Token
        | PartKind::Word => true,
        PartKind::Text(len) => usize::from(len) <= MOST_URL_BYTES,
        PartKind::Len(_) => false,
        kind => matches!(kind.format(), Some(Format::Digits | Format::Width(_))),
    };
    if encodes {
        Ok((kind, true))
    } else {
        Err(Problem::NotInUrl)
    }
}

fn kind(inner: &str) -> Result<PartKind, Problem> {
    let (name, format) = match inner.split_once(':') {
        Some((name, format)) => (name, Some(format)),
        None => (inner, None),
    };
    let number = || format.map_or(Ok(Format::Digits), number_format);
    let needed = || format.ok_or(Problem::BadFormat);
    let plain = match name {
        "token" => PartKind::Token,
        "word" => PartKind::Word,
        "any" => PartKind::Any,
        "echo" => PartKind::Echo,
        "upper" => PartKind::Upper,
        "rest" => PartKind::Rest,
        "int" => return Ok(PartKind::Int(number()?)),
        "time" => {
            return Ok(PartKind::Time(
                format.map_or(Ok(TimeFormat::Full), time_format)?,
            ));
        }
        "text" => return Ok(PartKind::Text(whole(needed()?)?)),
        "pad" => return pad(needed()?),
        "byte" => return byte(needed()?),
        "len" => {
            let format = number_format(needed()?)?;
            return Ok(PartKind::Len(format));
        }
        name => {
            let add = name.strip_prefix("seq").ok_or(Problem::UnknownPart)?;
            let add = added(add)?;
            return Ok(PartKind::Seq {
                add,
                format: number()?,
            });
        }
    };
    if format.is_some() {
        return Err(Problem::BadFormat);
    }
    Ok(plain)
}

/// What stands after `seq`: nothing, `+K` or `-K`.
fn added(text: &str) -> Result<i32, Problem> {
    if let Some(number) = text.strip_prefix('+') {
        whole(number)
    } else if let Some(number) = text.strip_prefix('-') {
        whole(number).map(|number: i32| -number)
    } else if text.is_empty() {
        Ok(0)
    } else {
        Err(Problem::UnknownPart)
    }
}

fn number_format(text: &str) -> Result<Format, Problem> {
    let binary = |bytes, little| Ok(Format::Binary { bytes, little });
    match text {
        "u8" => binary(1, false),
        "u16be" => binary(2, false),
        "u16le" => binary(2, true),
        "u32be" => binary(4, false),
        "u32le" => binary(4, true),
        "u64be" => binary(8, false),
        "u64le" => binary(8, true),
        _ => {
            let width = whole(text.strip_prefix('0').ok_or(Problem::BadFormat)?)?;
            // All of them fit into 64 bits.
            if (1..=18).contains(&width) {
                Ok(Format::Width(width))
            } else {
                Err(Problem::BadFormat)
            }
        }
    }
}

fn time_format(text: &str) -> Result<TimeFormat, Problem> {
    match text {
        "hms" => return Ok(TimeFormat::Hms),
        "asctime" => return Ok(TimeFormat::AscTime),
        _ => {}
    }
    let (time, format) = match text.split_once(':') {
        Some((time, format)) => (time, number_format(format)?),
        None => (text, Format::Digits),
    };
    let (unit, modulo) = match time.split_once('%') {
        Some((unit, modulo)) => (unit, whole(modulo)?),
        None => (time, 0),
    };
    if modulo == 0 && time.contains('%') {
        return Err(Problem::BadFormat);
    }
    let unit = match unit {
        "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" => 1_000,
        "ns" => 1,
        _ => return Err(Problem::BadFormat),
    };
    Ok(TimeFormat::Whole {
        unit,
        modulo,
        format,
    })
}

fn pad(text: &str) -> Result<PartKind, Problem> {
    let (len, byte) = match text.split_once(':') {
        Some((len, byte)) => (
            len,
            super::read::hex(byte.as_bytes()).ok_or(Problem::BadFormat)?,
        ),
        None => (text, 0),
    };
    Ok(PartKind::Pad {
        len: whole(len)?,
        byte,
    })
}

fn byte(text: &str) -> Result<PartKind, Problem> {
    let (at, to) = text.split_once('=').ok_or(Problem::BadFormat)?;
    let (byte, len) = character(to.as_bytes()).ok_or(Problem::BadFormat)?;
    if len != to.len() {
        return Err(Problem::BadFormat);
    }
    Ok(PartKind::Byte {
        at: whole(at)?,
        byte,
    })
}

fn allowed(kind: PartKind, role: Role) -> Result<(), Problem> {
    match (kind, role) {
        (_, Role::Answer) => Ok(()),
        (PartKind::Echo | PartKind::Upper | PartKind::Rest | PartKind::Byte { .. }, _) => {
            Err(Problem::OnlyInAnswer)
        }
        (PartKind::Word, Role::Request) => Err(Problem::NotInRequest),
        _ => Ok(()),
    }
}
