//! A ZIP archive whose files are stored as they are (PKWARE APPNOTE 6.3).
//!
//! Owns the format, and no more of it than a package needs: no compression, no dates. It knows
//! nothing of what is packed.

/// APPNOTE §4.4.3: 2.0, the version with folders.
const VERSION: u16 = 20;

/// APPNOTE §4.4.4, bit 11: names are UTF-8.
const UTF8: u16 = 1 << 11;

/// 1980-01-01, the first day that there is.
const DATE: u16 = 1 << 5 | 1;

/// An archive of these files, by name; `None` if one of them, or all together, have 4 GiB.
#[must_use]
pub(crate) fn archive<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Option<Vec<u8>> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, content) in files {
        let at = u32::try_from(out.len()).ok()?;
        let size = u32::try_from(content.len()).ok()?;
        let name_length = u16::try_from(name.len()).ok()?;
        let mut header = Vec::new();
        // Version, flags, no compression, no time, the date.
        for field in [VERSION, UTF8, 0, 0, DATE] {
            header.extend(field.to_le_bytes());
        }
        for field in [crc32(content), size, size] {
            header.extend(field.to_le_bytes());
        }
        header.extend(name_length.to_le_bytes());
        header.extend(0_u16.to_le_bytes());

        // §4.3.7.
        out.extend(*b"PK\x03\x04");
        out.extend(&header);
        out.extend(name.as_bytes());
        out.extend(content);

        // §4.3.12: the same, between who made it and where it is.
        directory.extend(*b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
        count = count.checked_add(1)?;
    }
    let at = u32::try_from(out.len()).ok()?;
    let size = u32::try_from(directory.len()).ok()?;
    out.extend(directory);
    // §4.3.16.
    out.extend(*b"PK\x05\x06");
    for field in [0, 0, count, count] {
        out.extend(field.to_le_bytes());
    }
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    Some(out)
}

/// CRC-32 as of ISO 3309, which §4.4.7 asks for.
fn crc32(content: &[u8]) -> u32 {
    !content.iter().fold(!0, |crc, byte| {
        let index = (crc ^ u32::from(*byte)) & 0xff;
        (crc >> 8) ^ (0..8).fold(index, |entry, _| (entry >> 1) ^ (0xedb8_8320 * (entry & 1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn an_archive_is_as_the_format_says() {
        let archive = archive([("a.txt", b"one".as_slice()), ("ä", b"")]).unwrap();
        let end = archive.len() - 22;
        let word = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
        let half = |at: usize| u16::from_le_bytes(archive[at..at + 2].try_into().unwrap()) as usize;
        assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
        assert_eq!((half(end + 8), half(end + 10)), (2, 2));
        let (size, mut at) = (word(end + 12), word(end + 16));
        assert_eq!(at + size, end);
        for (name, content) in [("a.txt", "one"), ("ä", "")] {
            assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
            assert_eq!(&archive[at + 46..at + 46 + name.len()], name.as_bytes());
            let local = word(at + 42);
            assert_eq!(&archive[local..local + 4], b"PK\x03\x04");
            // From the version to the extra field's length both say the same.
            assert_eq!(archive[local + 4..local + 30], archive[at + 6..at + 32]);
            assert_eq!(word(local + 14), crc32(content.as_bytes()) as usize);
            let from = local + 30 + name.len();
            assert_eq!(&archive[from..from + word(local + 18)], content.as_bytes());
            at += 46 + name.len();
        }
        assert_eq!(at, end);
    }
}
