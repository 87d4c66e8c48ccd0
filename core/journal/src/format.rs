//! What a file is by its first bytes: a journal as it is, one that is packed, or what
//! people open by mistake.
//!
//! Owns the marks. Unpacks nothing.

/// How many bytes from a file's beginning [`Format::of`] looks at.
pub const LOOKED_AT: usize = 1 << 12;

/// What a file is, where that is no plain text of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// gzip (RFC 1952), of which a journal may be in it.
    Gzip,
    /// Zstandard (RFC 8878), the same.
    Zstd,
    /// Text in UTF-16, as PowerShell's `>` writes it; little endian if true.
    Utf16 {
        /// The order of a unit's bytes.
        little_endian: bool,
    },
    /// A packet capture, of libpcap or pcapng.
    Capture,
    /// A qlog, of QUIC.
    Qlog,
    /// The result of irtt.
    Irtt,
    /// Packed by a program of this name, which unpacks it, too.
    Packed(&'static str),
    /// A ZIP archive.
    Zip,
    /// A web page.
    Html,
}

impl Format {
    /// What the file is that begins with `head`; `None` if nothing speaks against text.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        Some(match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            // The xz format's §2.1.1.1; bzip2's, with the size of its blocks as a digit.
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Packed("xz"),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, ..] => Self::Packed("bzip2"),
            [0xff, 0xfe, ..] => Self::Utf16 {
                little_endian: true,
            },
            [0xfe, 0xff, ..] => Self::Utf16 {
                little_endian: false,
            },
            // libpcap's, in either order, with microseconds or nanoseconds; pcapng's.
            [0xa1, 0xb2, 0xc3, 0xd4, ..]
            | [0xd4, 0xc3, 0xb2, 0xa1, ..]
            | [0xa1, 0xb2, 0x3c, 0x4d, ..]
            | [0x4d, 0x3c, 0xb2, 0xa1, ..]
            | [0x0a, 0x0d, 0x0d, 0x0a, ..] => Self::Capture,
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Zip,
            _ => {
                let head = head.get(..LOOKED_AT).unwrap_or(head);
                let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
                let text = text.trim_ascii_start();
                let has = |word: &[u8]| text.windows(word.len()).any(|it| it == word);
                let starts = |word: &[u8]| {
                    let start = text.get(..word.len());
                    start.is_some_and(|start| start.eq_ignore_ascii_case(word))
                };
                if starts(b"<!doctype html") || starts(b"<html") {
                    Self::Html
                } else if starts(b"{\"udping\"") {
                    return None;
                } else if has(b"\"qlog_version\"") || has(b"\"qlog_format\"") {
                    Self::Qlog
                } else if has(b"\"irtt\"") && has(b"\"version\"") {
                    Self::Irtt
                } else {
                    return None;
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_by_its_first_bytes() {
        let little_endian = true;
        let cases: [(&[u8], Option<Format>); 20] = [
            (b"", None),
            (b"{\"udping\":\"journal\",\"qlog_version\":1}", None),
            (b"PING 192.0.2.1 56(84) bytes of data.", None),
            (b"\x1f\x8b\x08\0", Some(Format::Gzip)),
            (b"\x28\xb5\x2f\xfd\x04", Some(Format::Zstd)),
            (b"\xfd7zXZ\0\0\x04", Some(Format::Packed("xz"))),
            (b"BZh91AY&SY", Some(Format::Packed("bzip2"))),
            (b"BZh9\x17\x72\x45\x38", Some(Format::Packed("bzip2"))),
            (b"BZh9 is how a text begins", None),
            (b"\xff\xfe{\0\"\0", Some(Format::Utf16 { little_endian })),
            (
                b"\xfe\xff\0{\0\"",
                Some(Format::Utf16 {
                    little_endian: false,
                }),
            ),
            (b"\xd4\xc3\xb2\xa1\x02\0", Some(Format::Capture)),
            (b"\xa1\xb2\x3c\x4d\0\x02", Some(Format::Capture)),
            (b"\x0a\x0d\x0d\x0a\x1c\0", Some(Format::Capture)),
            (b"PK\x03\x04\x14\0", Some(Format::Zip)),
            (b"\xef\xbb\xbf \n<!DOCTYPE html>", Some(Format::Html)),
            (b"<HTML><head>", Some(Format::Html)),
            (
                b"\x1e{\"qlog_version\":\"0.3\",\"qlog_format\":\"JSON-SEQ\"}",
                Some(Format::Qlog),
            ),
            (b"{\"qlog_version\": \"0.4\"", Some(Format::Qlog)),
            (
                b"{\n    \"version\": {\n        \"irtt\": \"0.9.1\",",
                Some(Format::Irtt),
            ),
        ];
        for (head, format) in cases {
            assert_eq!(Format::of(head), format, "{head:?}");
        }
    }
}
