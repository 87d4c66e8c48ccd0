//! What a journal's file may be: several sessions, packed, cut, in UTF-16, or no journal.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::support::{Ended, run, run_with_input, udping, udping_with};

fn journal(seed: u32) -> String {
    let arguments = format!("simulate -c 9 --seed {seed} --loss 20% --delay 5ms --journal -");
    run(&mut udping_with(&arguments)).stdout
}

fn replay(journal: impl AsRef<[u8]>) -> Ended {
    run_with_input(udping().args(["replay", "-"]), journal.as_ref())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn several_sessions_are_verified_each_by_itself() {
    let (one, other) = (journal(1), journal(2));
    let first = one.lines().count() + 1;
    let ended = replay([&*one, &other, &one].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("session 1, from line 1\n"));
    let second = format!("\n\nsession 2, from line {first}\n");
    assert!(ended.stdout.contains(&second), "{ended:?}");
    assert_eq!(ended.stdout.matches("\nverified: ").count(), 3, "{ended:?}");

    // A difference in one is that one's alone.
    let altered = other.replacen("\"rtt_ns\":5000000", "\"rtt_ns\":5000001", 1);
    assert_ne!(altered, other);
    let ended = replay([&*one, &altered, &one].concat());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(ended.stdout.matches("\nverified: ").count(), 2, "{ended:?}");
    assert_eq!(ended.stdout.matches("\nNOT verified: ").count(), 1);

    // One that was cut, and written behind with and without a new line.
    let cut = &one[..one.len() - 700];
    for between in ["", "\n"] {
        let ended = replay([cut, between, &*other].concat());
        assert_eq!(ended.code, Some(4), "{ended:?}");
        for said in ["\nverified as far as it goes: ", "\nverified: ", " is cut "] {
            assert_eq!(ended.stdout.matches(said).count(), 1, "{said}: {ended:?}");
        }
    }
    let whole_lines = format!("{}\n", cut.rsplit_once('\n').unwrap().0);
    let ended = replay([&*whole_lines, &*other].concat());
    assert_eq!(ended.code, Some(4), "{ended:?}");
    let after = format!("is cut after line {}, ", whole_lines.lines().count());
    assert!(ended.stdout.contains(&after), "{ended:?}");
}

#[test]
fn a_packed_journal_is_read_as_it_is() {
    let text = journal(3);
    let plain = replay(&text);
    let both = [gzip(&text), gzip(&text)].concat();
    let zstd = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
    assert_eq!(replay(gzip(&text)).stdout, plain.stdout);
    assert_eq!(replay(&zstd).stdout, plain.stdout);
    assert_eq!(replay(&both).stdout.matches("\nverified: ").count(), 2);
    for packed in [gzip(&text), zstd] {
        let ended = replay(&packed[..packed.len() / 2]);
        assert!(matches!(ended.code, Some(2 | 4)), "{ended:?}");
    }
    // Stored, not compressed: so that what is cut is the text.
    let mut stored = GzEncoder::new(Vec::new(), Compression::none());
    stored.write_all(text.as_bytes()).unwrap();
    let stored = stored.finish().unwrap();
    let ended = replay(&stored[..stored.len() * 9 / 10]);
    assert_eq!(ended.code, Some(4), "{ended:?}");
    assert!(ended.stdout.contains("\nverified as far as it goes: "));
}

#[test]
fn a_packed_journal_that_is_damaged_is_called_so_and_nothing_more() {
    let text = journal(3);
    let zstd = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
    // In the header of its frame, in that of a block, and in what a block holds.
    let at = [
        &[4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 40][..],
        &[10, 11, 12, 20, 40],
    ];
    for ((packed, name), at) in [(zstd, "zstd"), (gzip(&text), "gzip")].iter().zip(at) {
        let mut damaged = 0;
        for at in at {
            let mut bytes = packed.clone();
            bytes[*at] ^= 0xff;
            let mut command = udping_with("--lang en replay -");
            let ended = run_with_input(&mut command, &bytes);
            let says =
                format!("udping: cannot replay -: it is compressed with {name}, and damaged\n");
            damaged += u32::from(ended.stderr == says);
            for word in ["Error", "kind:", "Failed", "corrupt", "it is empty"] {
                assert!(!ended.stderr.contains(word), "{name}, {at}: {ended:?}");
            }
        }
        assert!(damaged >= 3, "{name}: {damaged}");
    }
    let mut command = udping_with("--lang pt-BR replay -");
    let ended = run_with_input(&mut command, b"\x28\xb5\x2f\xfd\xff\xff\xff\xff");
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let says = ": est\u{e1} compactado com zstd, e est\u{e1} danificado\n";
    assert!(ended.stderr.ends_with(says), "{ended:?}");
}

#[test]
fn utf_16_is_read_too() {
    let text = journal(4);
    let plain = replay(&text).stdout;
    let units = || "\u{feff}".encode_utf16().chain(text.encode_utf16());
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    assert_eq!(replay(little).stdout, plain);
    assert_eq!(replay(big).stdout, plain);
    let ended = replay(b"\xff\xfe\x00\xd8\x00\xd8");
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("text in UTF-16, and damaged"));
}

#[test]
fn what_people_open_by_mistake_is_named() {
    let cases: [(&[u8], &str, &str); 8] = [
        (
            b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00",
            "a packet capture",
            "uma captura de pacotes",
        ),
        (
            b"\x0a\x0d\x0d\x0a\x6c\x00\x00\x00",
            "a packet capture",
            "uma captura de pacotes",
        ),
        (b"{\"qlog_version\":\"0.3\"}", "a qlog", "um qlog"),
        (
            b"{\n \"version\": {\n \"irtt\": \"0.9.1\"",
            "irtt's result",
            "resultado do irtt",
        ),
        (
            b"\xfd7zXZ\0\0\x04",
            "compressed with xz: unpack it first, with xz -d",
            "compactado com xz: descompacte primeiro, com xz -d",
        ),
        (
            b"BZh91AY&SY",
            "compressed with bzip2: unpack it first, with bzip2 -d",
            "compactado com bzip2: descompacte primeiro, com bzip2 -d",
        ),
        (b"PK\x03\x04\x14\x00", "a ZIP archive", "um arquivo ZIP"),
        (
            b"<!DOCTYPE html><html>",
            "a web page",
            "uma p\u{e1}gina da web",
        ),
    ];
    for (bytes, english, portuguese) in cases {
        for (lang, name) in [("en", english), ("pt-BR", portuguese)] {
            let mut command = udping_with(&format!("--lang {lang} replay -"));
            let ended = run_with_input(&mut command, bytes);
            assert_eq!(ended.code, Some(2), "{ended:?}");
            assert!(ended.stderr.contains(name), "{name}: {ended:?}");
        }
    }
}
