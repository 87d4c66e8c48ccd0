//! A journal's file as lines of text, whatever it is packed in.
//!
//! Owns how a file is opened, its lines, and what is said of one that is no record. What a record
//! means, it does not know.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use udping_journal::format::{Format, LOOKED_AT};
use udping_journal::{Record, parse_record};

use crate::i18n::{self, Message, say};

/// The longest line that is read. A journal's own are under a kilobyte or two.
const LONGEST_LINE: u64 = 1 << 20;

/// The text of the file at `path`, or of standard input where that is `-`.
///
/// # Errors
/// It cannot be opened, or is something else than a journal, which is named.
pub(crate) fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let mut input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| say::ReplayCannotOpen { name })?;
        Box::new(BufReader::with_capacity(1 << 16, file))
    };
    let mut head = Vec::new();
    Read::take(&mut input, LOOKED_AT as u64).read_to_end(&mut head)?;
    let format = Format::of(&head);
    let mut whole = Cursor::new(head).chain(input);
    let what = match format {
        None => return Ok(Box::new(whole)),
        Some(Format::Gzip) => {
            let text = MultiGzDecoder::new(whole);
            return Ok(Unpacked::lines(text, say::REPLAY_GZIP));
        }
        Some(Format::Zstd) => {
            // What it says is a description of the decoder.
            let text = StreamingDecoder::new(whole).map_err(|_| anyhow!(say::REPLAY_ZSTD))?;
            return Ok(Unpacked::lines(text, say::REPLAY_ZSTD));
        }
        Some(Format::Packed(how)) => bail!(say::ReplayIsPacked { how }),
        Some(Format::Utf16 { little_endian }) => {
            let mut bytes = Vec::new();
            whole.read_to_end(&mut bytes)?;
            let text = from_utf16(&bytes, little_endian).context(say::REPLAY_UTF16)?;
            return Ok(Box::new(Cursor::new(text)));
        }
        Some(Format::Capture) => say::REPLAY_IS_CAPTURE,
        Some(Format::Qlog) => say::REPLAY_IS_QLOG,
        Some(Format::Irtt) => say::REPLAY_IS_IRTT,
        Some(Format::Zip) => say::REPLAY_IS_ZIP,
        Some(Format::Html) => say::REPLAY_IS_HTML,
    };
    bail!(what)
}

/// What a decoder unpacks. What it says of a file that is damaged is for whoever wrote the decoder:
/// people are told `damaged`.
struct Unpacked<R> {
    decoder: R,
    damaged: Message,
    /// Some of it has been unpacked: it may be cut, which a journal may.
    begun: bool,
}

impl<R: Read + 'static> Unpacked<R> {
    fn lines(decoder: R, damaged: Message) -> Box<dyn BufRead> {
        Box::new(BufReader::new(Self {
            decoder,
            damaged,
            begun: false,
        }))
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer);
        self.begun |= read.is_ok();
        read.map_err(|error| {
            if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
                error
            } else if self.begun && is_cut(&error) {
                io::ErrorKind::UnexpectedEof.into()
            } else {
                io::Error::new(io::ErrorKind::InvalidData, self.damaged.to_string())
            }
        })
    }
}

/// Whether a decoder's error comes of an end that came too early.
fn is_cut(error: &io::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        let own = error.downcast_ref::<io::Error>();
        if own.is_some_and(|it| it.kind() == io::ErrorKind::UnexpectedEof) {
            return true;
        }
        // An error of the system's has no source, and one in it is its own.
        let inner = own.and_then(io::Error::get_ref);
        cause = inner.map_or_else(|| error.source(), |inner| Some(inner));
    }
    false
}

fn from_utf16(bytes: &[u8], little_endian: bool) -> Result<String, std::char::DecodeUtf16Error> {
    let units = bytes.as_chunks().0.iter().map(|pair| {
        if little_endian {
            u16::from_le_bytes(*pair)
        } else {
            u16::from_be_bytes(*pair)
        }
    });
    char::decode_utf16(units).collect()
}

/// The lines of a file, each of bounded length and checked to be text.
pub(crate) struct Lines {
    input: Box<dyn BufRead>,
    number: u64,
    buffer: Vec<u8>,
    /// The line in the buffer is to come again.
    again: bool,
}

pub(crate) struct Line<'a> {
    pub(crate) number: u64,
    pub(crate) text: &'a str,
    /// A newline ends it.
    pub(crate) complete: bool,
}

impl Line<'_> {
    /// The record that it is; `None` if it was cut within it.
    pub(crate) fn record(&self) -> anyhow::Result<Option<Record>> {
        match parse_record(self.text) {
            Ok((record, _)) => Ok(Some(record)),
            Err(_) if !self.complete => Ok(None),
            Err(error) => {
                let (line, what) = (self.number, i18n::localized(&error));
                bail!(say::ReplayLine { line, what })
            }
        }
    }
}

impl Lines {
    pub(crate) fn new(input: Box<dyn BufRead>) -> Self {
        Self {
            input,
            number: 0,
            buffer: Vec::new(),
            again: false,
        }
    }

    /// The number of the last line that does not come again.
    pub(super) fn number(&self) -> u64 {
        self.number - u64::from(self.again)
    }

    /// Has the next call give the same line, without its first `bytes`.
    pub(crate) fn give_back(&mut self, bytes: usize) {
        self.buffer.drain(..bytes.min(self.buffer.len()));
        self.again = true;
    }

    pub(crate) fn next(&mut self) -> anyhow::Result<Option<Line<'_>>> {
        if !std::mem::take(&mut self.again) {
            self.buffer.clear();
            let read =
                Read::take(&mut self.input, LONGEST_LINE).read_until(b'\n', &mut self.buffer);
            // What is packed and cut ends where it does.
            let read = match read {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.buffer.len(),
                read => read?,
            };
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
        }
        let number = self.number;
        let complete = self.buffer.last() == Some(&b'\n');
        if !complete && self.buffer.len() as u64 == LONGEST_LINE {
            bail!(say::ReplayLineTooLong { line: number });
        }
        let text = match std::str::from_utf8(&self.buffer) {
            Ok(text) => text.trim_end(),
            // The cut went through a character.
            Err(_) if !complete && number > 1 => "",
            Err(error) => bail!(say::ReplayLineNotText {
                line: number,
                byte: error.valid_up_to() + 1
            }),
        };
        Ok(Some(Line {
            number,
            text,
            complete,
        }))
    }
}
