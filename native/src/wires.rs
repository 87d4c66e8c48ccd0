//! `udping wires`: the wires there are, and a template tried on bytes.
//!
//! Owns how templates, datagrams and their fields are printed. What they mean is the core's.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};

use anyhow::Context as _;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::template::presets::{PRESETS, Preset};
use udping_core::wire::template::{
    LONGEST_DATAGRAM, Mismatch, Role, Shown, Template, Value, Values,
};
use udping_core::wire::{Probe, text};

use crate::ExitStatus;
use crate::charset::TextWriter;
use crate::cli::WiresArgs;
use crate::i18n::{localized, say};

/// The examples' time: in November 2023.
const TIME: WallTime = WallTime::from_nanos(1_700_000_000_123_456_789);

pub(crate) fn run(args: &WiresArgs) -> anyhow::Result<ExitStatus> {
    let (said, status) = match &args.check {
        None => (list()?, ExitStatus::Success),
        Some(template) => {
            let bytes = bytes(args)?;
            check(template, &bytes)?
        }
    };
    TextWriter(io::stdout().lock())
        .write_all(said.as_bytes())
        .context(say::STDOUT_FAILED)?;
    Ok(status)
}

fn list() -> anyhow::Result<String> {
    let mut buffer = [0; 256];
    let probe = Probe {
        seq: 1,
        timestamp: TIME,
        due: ClientTime::ZERO,
        at: ClientTime::ZERO,
    };
    let len = text::encode_request(&probe, 0, &mut buffer)?;
    let mut said = format!(
        "textbook\n  {}\n\nstamp\n  {}\n",
        Shown(buffer.get(..len).unwrap_or_default()),
        say::WIRES_STAMP
    );
    for preset in &PRESETS {
        writeln!(said, "\n{}", preset.name)?;
        let [request, reply] = exchange(preset)?;
        for (label, template, example) in [
            (say::WIRES_REQUEST, preset.request, request),
            (say::WIRES_ANSWER, preset.answer, reply),
        ] {
            writeln!(said, "  {label:<9} {template}\n  {:9} {example}", "")?;
        }
        for template in preset.expect {
            writeln!(said, "  {:<9} {template}", say::WIRES_EXPECT)?;
        }
    }
    Ok(said)
}

/// An example of a request, and of its reply.
fn exchange(preset: &Preset) -> anyhow::Result<[String; 2]> {
    let (mut request, mut reply) = ([0; 256], [0; 256]);
    let template = Template::compile(preset.request, Role::Request)?;
    let answer = Template::compile(preset.answer, Role::Answer)?;
    let values = Values { seq: 1, time: TIME };
    let len = template.write(values, &mut request)?;
    let request = request.get(..len).unwrap_or_default();
    let reading = template.read(request)?;
    let len = answer.answer(&template, &reading, request, TIME, &mut reply)?;
    Ok([request, reply.get(..len).unwrap_or_default()].map(|bytes| Shown(bytes).to_string()))
}

/// The bytes that are to be read: the argument's, or those of standard input.
fn bytes(args: &WiresArgs) -> anyhow::Result<Vec<u8>> {
    let given = if let Some(text) = &args.bytes {
        text.as_bytes().to_vec()
    } else {
        let mut all = Vec::new();
        // Hexadecimal digits, and spaces between them.
        let most = u64::try_from(LONGEST_DATAGRAM)?.saturating_mul(4);
        let stdin = io::stdin().lock();
        stdin
            .take(most)
            .read_to_end(&mut all)
            .context(say::WIRES_STDIN)?;
        all
    };
    if !args.hex {
        return Ok(given);
    }
    let digits: Option<Vec<u8>> = given
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| u8::try_from(char::from(*byte).to_digit(16)?).ok())
        .collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0);
    let digits = digits.context(say::WIRES_NOT_HEX)?;
    let pairs = digits.chunks_exact(2);
    Ok(pairs
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect())
}

/// What each part of `template` reads, and where it fails.
fn check(text: &str, bytes: &[u8]) -> anyhow::Result<(String, ExitStatus)> {
    let template = Template::compile(text, Role::Expect)?;
    let part = |part| {
        template
            .span(part)
            .and_then(|span| text.get(span))
            .unwrap_or_default()
    };
    let mut rows = vec![(
        say::WIRES_OFFSET.to_string(),
        say::WIRES_PART.to_string(),
        say::WIRES_BYTES.to_string(),
    )];
    let mut failed = None;
    for field in template.fields(bytes) {
        match field {
            Ok(field) => {
                let read = Shown(bytes.get(field.bytes.clone()).unwrap_or_default());
                let mut read = format!("\"{read}\"");
                match field.value {
                    Value::Seq(number) | Value::Number(number) => write!(read, "  = {number}")?,
                    Value::Time(time, _) => {
                        let nanos = time.as_nanos();
                        let (secs, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
                        write!(read, "  = {secs}.{nanos:09}")?;
                    }
                    Value::Literal | Value::Bytes => {}
                }
                let offset = field.bytes.start.to_string();
                rows.push((offset, part(field.part).to_owned(), read));
            }
            Err(mismatch) => failed = Some(mismatch),
        }
    }
    let width = |column: fn(&(String, String, String)) -> &String| {
        let widths = rows.iter().map(|row| column(row).chars().count());
        widths.max().unwrap_or_default()
    };
    let (offsets, parts) = (width(|row| &row.0), width(|row| &row.1));
    let mut said = String::new();
    for (offset, part, bytes) in &rows {
        writeln!(said, "{offset:>offsets$}  {part:<parts$}  {bytes}")?;
    }
    let Some(Mismatch {
        part: at,
        offset,
        why,
    }) = failed
    else {
        writeln!(said, "{}", say::WIRES_READ)?;
        return Ok((said, ExitStatus::Success));
    };
    let (part, why) = (part(at), localized(&why));
    let fails = if part.is_empty() {
        say::WiresFailsAtEnd { offset, why }.to_string()
    } else {
        say::WiresFails { offset, part, why }.to_string()
    };
    writeln!(said, "{fails}")?;
    Ok((said, ExitStatus::Failure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_a_template_has_them() {
        assert_eq!(
            Shown(b"a b\n\r\t\0\\\xff~").to_string(),
            "a b\\n\\r\\t\\0\\\\\\xff~"
        );
    }

    #[test]
    fn every_preset_has_an_example() {
        let list = list().unwrap();
        for text in [
            "\nufes\n",
            "0000100123abcdef",
            "0000110123abcdef",
            "PINGECHO+0+22%3A13%3A20+secret+",
        ] {
            assert!(list.contains(text), "{list}");
        }
    }
}
