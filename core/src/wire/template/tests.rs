//! What templates mean, what is refused, and that no text and no bytes upset them.

use super::presets::{PRESETS, Preset};
use super::*;
use crate::time::WallTime;
use proptest::prelude::*;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

/// Sun Nov 29 23:33:28 2026, UTC.
const TIME: WallTime = WallTime::from_nanos(1_795_995_208_123_456_789);

fn compiled(text: &str, role: Role) -> Template {
    Template::compile(text, role).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn written(text: &str, seq: u64) -> Vec<u8> {
    let template = compiled(text, Role::Request);
    let mut buffer = [0xff; 512];
    let values = Values { seq, time: TIME };
    let len = template.write(values, &mut buffer).unwrap();
    assert_eq!(template.written_len(values), len, "{text}");
    assert!(len <= template.longest(), "{text}");
    buffer[..len].to_vec()
}

fn answered(expect: &str, answer: &str, request: &[u8]) -> Vec<u8> {
    let (expect, answer) = (
        compiled(expect, Role::Expect),
        compiled(answer, Role::Answer),
    );
    let reading = expect.read(request).unwrap();
    let mut buffer = [0xff; 512];
    let len = answer
        .answer(&expect, &reading, request, TIME, &mut buffer)
        .unwrap();
    let longer = len > request.len();
    assert!(!longer || answer.can_exceed(&expect), "it got longer");
    buffer[..len].to_vec()
}

fn failing(template: &str, bytes: &[u8]) -> (usize, usize, Why) {
    let mismatch = compiled(template, Role::Expect).read(bytes).unwrap_err();
    (mismatch.part, mismatch.offset, mismatch.why)
}

#[test]
fn each_part_is_written_as_its_name_says() {
    for (template, bytes) in [
        ("a\\n\\r\\t\\0\\x41\\\\\\{\\}", &b"a\n\r\t\0A\\{}"[..]),
        ("é", "é".as_bytes()),
        ("{seq}", b"7"),
        ("{seq+3330}", b"3337"),
        ("{seq-1}", b"6"),
        ("{seq-8}", b"4294967295"),
        ("{seq:05}", b"00007"),
        ("{seq-8:02}", b"99"),
        ("{seq:u8}", b"\x07"),
        ("{seq:u16be}", b"\0\x07"),
        ("{seq:u32le}", b"\x07\0\0\0"),
        ("{seq:u64be}", b"\0\0\0\0\0\0\0\x07"),
        ("{int}", b"0"),
        ("{int:03}", b"000"),
        ("{time}", b"1795995208.123456789"),
        ("{time:s}", b"1795995208"),
        ("{time:ms}", b"1795995208123"),
        ("{time:us}", b"1795995208123456"),
        ("{time:ns}", b"1795995208123456789"),
        ("{time:ms%10000:04}", b"8123"),
        ("{time:us%1000000}", b"123456"),
        ("{time:s:u32be}", b"\x6b\x0c\xb6\x48"),
        ("{time:hms}", b"23:33:28"),
        ("{time:asctime}", b"Sun Nov 29 23:33:28 2026"),
        ("{token}", b"5995208123456789"),
        ("{text:30}", b"abcdefghijklmnopqrstuvwxyzabcd"),
        ("{pad:3}", b"\0\0\0"),
        ("{pad:2:20}", b"  "),
        ("{len:u16be}PING {seq}", b"\0\x06PING 7"),
        ("{len:u8}a{len:u8}bc", b"\x04a\x02bc"),
        ("{len:03}abc", b"003abc"),
        ("{url:{time:hms}}", b"23%3A33%3A28"),
        ("{url:time:asctime}", b"Sun+Nov+29+23%3A33%3A28+2026"),
        ("(?i)Ping", b"Ping"),
        ("ping{any}", b"ping"),
    ] {
        assert_eq!(written(template, 7), bytes, "{template}");
    }
}

#[test]
fn what_a_template_refuses_has_its_column() {
    use Problem::*;
    let long = "a".repeat(MOST_LITERAL_BYTES + 1);
    let many = "{int}.".repeat(MOST_PARTS);
    for (template, column, problem) in [
        ("", 1, Empty),
        ("(?i)", 5, Empty),
        ("ab{seq", 3, Unclosed),
        ("ab}", 3, Unopened),
        ("\\q", 1, Escape),
        ("a\\", 2, Escape),
        ("\\x4", 1, Escape),
        ("\\x+1", 1, Escape),
        ("{sequence}", 1, UnknownPart),
        ("{}", 1, UnknownPart),
        ("{seq:5}", 1, BadFormat),
        ("{seq:00}", 1, BadFormat),
        ("{seq:019}", 1, BadFormat),
        ("{seq:u24be}", 1, BadFormat),
        ("{seq+}", 1, BadFormat),
        ("{seq+9999999999}", 1, BadFormat),
        ("{time:m}", 1, BadFormat),
        ("{time:ms%0}", 1, BadFormat),
        ("{text}", 1, BadFormat),
        ("{text:99999}", 1, BadFormat),
        ("{pad:3:2}", 1, BadFormat),
        ("{any:3}", 1, BadFormat),
        ("{len}", 1, BadFormat),
        ("{echo}", 1, OnlyInAnswer),
        ("é{byte:5=1}", 2, OnlyInAnswer),
        ("{url:any}", 1, NotInUrl),
        ("{url:{seq:u8}}", 1, NotInUrl),
        ("{url:text:65}", 1, NotInUrl),
        ("{seq} {seq}", 7, SecondSeq),
        ("{seq}{int}", 6, Touching),
        ("{word}{any}", 7, Touching),
        ("{seq}{any}", 6, Touching),
        ("{time}{seq}", 7, Touching),
        ("{seq}5", 6, DigitAfterNumber),
        ("{seq}{int:05}", 6, DigitAfterNumber),
        ("{seq}{int:u8}", 6, DigitAfterNumber),
        ("{url:seq}%31", 10, DigitAfterNumber),
        ("{time}{time:hms}", 7, DigitAfterNumber),
        ("{seq}{pad:3:30}", 6, DigitAfterNumber),
        ("{any}{text:3}", 6, AfterAny),
        ("{word}.", 7, AfterWord),
        (&long, MOST_LITERAL_BYTES + 1, TooManyLiterals),
        (&many, 12 * 6 + 1, TooManyParts),
        ("{text:65508}", 13, TooLong),
    ] {
        let error = Template::compile(template, Role::Expect).unwrap_err();
        assert_eq!(
            (error.column, error.problem),
            (column, problem),
            "{template}"
        );
        assert!(
            error.to_string().contains("write") || problem == Empty,
            "{error}"
        );
    }
    let error = Template::compile("ping {word}", Role::Request).unwrap_err();
    assert_eq!((error.column, error.problem), (6, NotInRequest));
    let error = Template::compile("{len:u8}{text:256}", Role::Request).unwrap_err();
    assert_eq!((error.column, error.problem), (1, LengthTooLarge));
    for fine in [
        "{seq:05}{int:04}",
        "{int:04}{seq}",
        "{seq}{text:3}",
        "{word}\\r\\n",
        "{any}\\n",
    ] {
        compiled(fine, Role::Expect);
    }
}

#[test]
fn a_datagram_is_read_from_left_to_right_and_its_end_is_tolerant() {
    let seq = |template: &str, bytes: &[u8]| {
        let read = compiled(template, Role::Expect).read(bytes);
        read.unwrap_or_else(|error| panic!("{template}: {error}"))
            .seq
    };
    for (template, bytes) in [
        ("{seq}", &b"7"[..]),
        ("{seq}", b"007"),
        ("{seq}", b"7\r\n\0\0\0\0\0\0\0\0\0\0"),
        ("{seq} \\r\\n", b"7 \r\n"),
        ("{seq} \\r\\n", b"7 "),
        ("{seq} \\r\\n", b"7 \0"),
        ("{seq+1} {int}", b"8 99999999999999999999999"),
        ("{seq-1}", b"6"),
        ("{seq:03}{int:02}", b"00712"),
        ("{seq:u16le}", b"\x07\0"),
        ("{any} {seq}", b"pong: 7"),
        ("{word} {seq}", b"\xff\xfe 7"),
        ("{word}\\n{seq}", b"a\n7"),
        ("(?i)ping {seq} {any}", b"PING 7 xyz"),
        ("(?i){any}PING {seq}", b"Hello, ping 7"),
        ("{len:u16be}{seq}", b"\0\x017\0\0"),
        ("{text:3}{seq}", b"7777"),
        ("{pad:2}{seq}", b"xy7"),
        ("{token}{seq}", b"12345678901234567"),
        ("{url:word}+{seq}", b"a%41+7"),
        ("{url:word} {seq}", b"a%2Fb 7"),
        ("{url:seq}+", b"%37+"),
        ("{url:text:2}{seq}", b"%3A+7"),
        ("{time:asctime} {seq}", b"Sun Nov  9 23:33:28 2026 7"),
    ] {
        assert_eq!(seq(template, bytes), Some(7), "{template} {bytes:?}");
    }
}

#[test]
fn where_a_datagram_fails_is_said() {
    for (template, bytes, wrong) in [
        ("ping {seq}", &b"pong 3"[..], (0, 1, Why::Literal)),
        ("ping {seq}", b"pi", (0, 2, Why::Ended)),
        ("ping {seq}", b"ping ", (1, 5, Why::Ended)),
        ("ping {seq}", b"ping x", (1, 5, Why::Digits)),
        ("ping {seq}", b"ping 3x", (2, 6, Why::More)),
        ("ping {seq}", b"ping 3\n x", (2, 7, Why::More)),
        ("ping {seq}", b"ping 4294967296", (1, 5, Why::TooLarge)),
        ("{seq:05}1", b"0001x", (0, 4, Why::Digits)),
        ("{seq:05}1", b"0001", (0, 4, Why::Ended)),
        ("{int:u32be}", b"abc", (0, 3, Why::Ended)),
        ("{time}", b"12", (0, 2, Why::Ended)),
        ("{time}", b"12,5", (0, 2, Why::Time)),
        ("{time}", b"12.", (0, 3, Why::Time)),
        ("{time}", b"12.5.6", (1, 4, Why::More)),
        ("{time:hms}", b"23:3x:00", (0, 4, Why::Time)),
        ("{text:4}", b"abc", (0, 3, Why::Ended)),
        ("{word}", b" a", (0, 0, Why::Word)),
        ("{any}end", b"no e n d", (1, 8, Why::Ended)),
        ("{len:u16be}{any}", b"\0\x03ab", (0, 0, Why::Length)),
        ("{len:u16be}{any}", b"\0\x01ab", (0, 0, Why::Length)),
        ("a{url:time:hms}", b"a23%3A3x", (1, 7, Why::Time)),
    ] {
        assert_eq!(failing(template, bytes), wrong, "{template} {bytes:?}");
    }
    let template = compiled("ping {seq}", Role::Expect);
    assert_eq!((template.span(1), template.span(2)), (Some(5..10), None));
}

#[test]
fn only_a_time_with_six_decimals_or_more_can_prove() {
    let read = |template: &str, text: &str| {
        let read = compiled(template, Role::Expect)
            .read(text.as_bytes())
            .unwrap();
        let nanos = |time: Option<WallTime>| time.map(WallTime::as_nanos);
        (nanos(read.time), nanos(read.timestamp))
    };
    let full = Some(TIME.as_nanos());
    assert_eq!(read("{time}", "1795995208.123456789"), (full, full));
    assert_eq!(read("{time}", "1795995208.1234567891"), (full, full));
    let micros = Some(1_795_995_208_123_456_000);
    assert_eq!(read("{time}", "1795995208.123456"), (micros, micros));
    assert_eq!(read("{time}", "1.5"), (Some(1_500_000_000), None));
    assert_eq!(read("{time:us}", "1795995208123456"), (micros, None));
    assert_eq!(read("{time:ms%10000:04}", "8123"), (None, None));
    assert_eq!(read("{time}", "99999999999999999999.5"), (None, None));
    for (template, verifies) in [("{time}", true), ("{time:ns}", false), ("{url:time}", true)] {
        assert_eq!(compiled(template, Role::Expect).verifies(), verifies);
    }
}

#[test]
fn a_number_comes_round_at_its_modulus() {
    for (template, modulus) in [
        ("{seq}", 1 << 32),
        ("{seq:02}", 100),
        ("{seq:018}", 1 << 32),
        ("{seq:u8}", 256),
        ("{seq:u16be}", 65_536),
        ("{seq:u64le}", 1 << 32),
    ] {
        let template = compiled(template, Role::Expect);
        assert_eq!(template.modulus(), Some(modulus));
        let read = |seq| {
            let mut buffer = [0; 32];
            let len = template
                .write(Values { seq, time: TIME }, &mut buffer)
                .unwrap();
            template.read(&buffer[..len]).unwrap().seq
        };
        assert_eq!(read(modulus + 5), Some(5));
        assert_eq!(read(modulus - 1), Some(modulus - 1));
    }
    assert_eq!(compiled("{int}", Role::Expect).modulus(), None);
}

#[test]
fn an_answer_is_made_of_its_request() {
    for (expect, answer, request, wanted) in [
        (
            "ping {seq} {time:ms}",
            "pong {rest}",
            &b"ping 7 123\n"[..],
            &b"pong 7 123\n"[..],
        ),
        (
            "PING {seq} {int} {int} \\r\\n",
            "{seq+1} {int} {int} \\r\\n",
            b"PING 9 5 06 \r\n",
            b"10 5 06 \r\n",
        ),
        ("{any}", "{upper}", b"ping \xe9", b"PING \xe9"),
        ("{any}", "{rest}", b"ping", b"ping"),
        ("{any}", "{echo} OK", b"ping", b"ping OK"),
        ("{any}", "{byte:2=N}", b"ping", b"piNg"),
        ("{any}", "{byte:9=N}", b"ping", b"ping"),
        ("{any}", "{byte:0=\\x00}", b"ping", b"\0ing"),
        ("{word} {word}", "{word}+{word}", b"a b", b"a+b"),
        (
            "{time:ms} {seq}",
            "{seq:03} {time:ms} {time:s}",
            b"99 7",
            b"007 99 1795995208",
        ),
        (
            "a{len:u8}{any}",
            "{len:u16be}{any}",
            b"a\x02xy",
            b"\0\x02xy",
        ),
        (
            "{url:seq} {url:text:2}",
            "{url:text:2}{seq}",
            b"%37 %41B",
            b"%41B7",
        ),
    ] {
        assert_eq!(
            answered(expect, answer, request),
            wanted,
            "{expect} {answer}"
        );
    }
    let echo = compiled("{echo}{echo}", Role::Answer);
    let any = compiled("{any}", Role::Expect);
    let read = any.read(b"ping").unwrap();
    assert_eq!(
        echo.answer(&any, &read, b"ping", TIME, &mut [0; 7]),
        Err(TooLong)
    );
    let missing = compiled("ab{int}", Role::Answer).unanswerable(&any);
    assert_eq!(missing, Some(2..7));
    assert_eq!(
        compiled("{any}{time}", Role::Answer).unanswerable(&any),
        None
    );
    let long = compiled("{len:u8}{any}", Role::Answer);
    let request = [b'a'; 256];
    let read = any.read(&request).unwrap();
    assert_eq!(
        long.answer(&any, &read, &request, TIME, &mut [0; 512]),
        Err(TooLong)
    );
}

#[test]
fn an_answer_that_can_be_longer_than_its_request_is_known() {
    for (expect, answer, longer) in [
        ("{any}", "{echo}", false),
        ("{any}", "{upper}", false),
        ("{any}", "pong", true),
        ("ping{any}", "pong", false),
        ("ping{any}", "pong{any}", false),
        ("ping{any}", "pong {any}", true),
        ("ping\\r\\n", "pong\\r\\n", true),
        ("ping \\r\\n", "pong", false),
        ("ping {seq}", "pong {rest}", false),
        ("ping {seq}", "{echo} OK", true),
        ("ping {seq}", "{seq}{seq}", true),
        ("ping {seq}", "{seq+1}", false),
        ("{seq}", "{seq+1}", true),
        ("{seq:05}", "{seq+1:05}", false),
        ("{seq:05}", "{seq}", true),
        ("{seq} {int}", "{int}", false),
        ("{seq:u8}", "{time}", true),
        ("{text:30}", "{time}", false),
        ("{text:5}", "{text:6}", true),
    ] {
        let (expect, answer) = (
            compiled(expect, Role::Expect),
            compiled(answer, Role::Answer),
        );
        assert_eq!(answer.can_exceed(&expect), longer, "{expect:?} {answer:?}");
    }
}

#[test]
fn every_presets_ends_understand_each_other() {
    for Preset {
        name,
        request,
        expect,
        answer,
        ..
    } in PRESETS
    {
        let request = compiled(request, Role::Request);
        let answer = compiled(answer, Role::Answer);
        assert_eq!(answer.unanswerable(&request), None, "{name}");
        assert_eq!(answer.can_exceed(&request), name == "echoed-url", "{name}");
        let expected: Vec<_> = expect
            .iter()
            .map(|text| compiled(text, Role::Expect))
            .collect();
        for seq in [1, 9, 99_999] {
            let (mut sent, mut reply) = ([0; 128], [0; 128]);
            let len = request
                .write(Values { seq, time: TIME }, &mut sent)
                .unwrap();
            let sent = &sent[..len];
            let read = request.read(sent).unwrap();
            let len = answer
                .answer(&request, &read, sent, TIME, &mut reply)
                .unwrap();
            let read = expected[0].read(&reply[..len]);
            let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(read.seq, request.modulus().map(|_| seq), "{name}");
            let proof = (expected[0].verifies() && request.verifies()).then_some(TIME);
            assert_eq!(read.timestamp, proof, "{name}");
        }
    }
    assert_eq!(
        presets::find("ufes").map(|preset| preset.answer),
        Some("{byte:5=1}")
    );
    assert_eq!(presets::find("textbook"), None);
}

#[test]
fn the_presets_bytes_are_what_courses_send() {
    for (name, bytes) in [
        ("pong", &b"ping"[..]),
        ("lower-pong", b"ping 7 1795995208123"),
        ("number-plus-one", b"PING 7 1795995208 123456 \r\n"),
        ("whole-number", b"Ping 7 1795995208123"),
        ("two-lines", b"7\nPING"),
        ("ufes", b"0000708123abcdefghijklmnopqrstuvwxyzabcd"),
        ("java-utf", b"\0\x14PING 7 1795995208123"),
        ("echoed-url", b"PING+6+23%3A33%3A28+secret+"),
        ("hash", b"#7 time:1795995208.123456789"),
        ("heartbeat", b"7 1795995208.123456789"),
        ("heartbeat-word", b"Heartbeat 7 1795995208.123456789"),
        ("heartbeat-comma", b"7,1795995208.123456789"),
        ("heartbeat-number", b"7"),
    ] {
        let preset = presets::find(name).unwrap();
        assert_eq!(written(preset.request, 7), bytes, "{name}");
    }
}

#[test]
fn calendar_days_are_the_gregorian_ones() {
    let written = |secs: u64| {
        let template = compiled("{time:asctime}", Role::Request);
        let mut buffer = [0; 24];
        let time = WallTime::from_nanos(secs * NANOS_PER_SEC);
        template
            .write(Values { seq: 1, time }, &mut buffer)
            .unwrap();
        String::from_utf8(buffer.to_vec()).unwrap()
    };
    // date -u -d @N "+%a %b %e %T %Y"
    for (secs, text) in [
        (0, "Thu Jan  1 00:00:00 1970"),
        (951_782_399, "Mon Feb 28 23:59:59 2000"),
        (951_782_400, "Tue Feb 29 00:00:00 2000"),
        (1_709_164_800, "Thu Feb 29 00:00:00 2024"),
        (4_107_542_400, "Mon Mar  1 00:00:00 2100"),
        (1_798_761_599, "Thu Dec 31 23:59:59 2026"),
    ] {
        assert_eq!(written(secs), text);
    }
}

/// Parts that write what they read, each with a literal that may follow any of them.
fn any_template() -> impl Strategy<Value = String> {
    const PARTS: [&str; 26] = [
        "{int}",
        "{int:04}",
        "{int:u8}",
        "{int:u32le}",
        "{time}",
        "{time:s}",
        "{time:ms}",
        "{time:us}",
        "{time:ns}",
        "{time:ms%10000:04}",
        "{time:hms}",
        "{time:asctime}",
        "{token}",
        "{text:5}",
        "{pad:3}",
        "{pad:2:20}",
        "{len:u16be}",
        "{len:u32le}",
        "{url:time}",
        "{url:time:hms}",
        "{url:time:asctime}",
        "{url:int}",
        "{time:us:u64be}",
        "ping",
        "{text:0}",
        "\\x80\\{",
    ];
    let seq = prop::sample::select(
        &[
            "{seq}",
            "{seq+1}",
            "{seq-5}",
            "{seq:05}",
            "{seq:u8}",
            "{seq:u16be}",
            "{seq:u64le}",
            "{url:seq}",
        ][..],
    );
    let parts = || prop::collection::vec(prop::sample::select(&PARTS[..]), 0..5);
    let gap = prop::sample::select(&[" ", "/", "\\t", "é"][..]);
    (any::<bool>(), parts(), seq, parts(), gap).prop_map(|(any_case, before, seq, after, gap)| {
        let all: Vec<_> = before.into_iter().chain([seq]).chain(after).collect();
        format!("{}{}", if any_case { "(?i)" } else { "" }, all.join(gap))
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(text in any_template(), seq: u64, time in 0..1_u64 << 62) {
        let time = WallTime::from_nanos(time);
        let template = Template::compile(&text, Role::Request).unwrap();
        let mut buffer = [0; 1024];
        let values = Values { seq, time };
        let len = template.write(values, &mut buffer).unwrap();
        prop_assert!(len <= template.longest());
        let read = template.read(&buffer[..len]);
        prop_assert!(read.is_ok(), "{text} {read:?}");
        let read = read.unwrap();
        prop_assert_eq!(read.seq, template.modulus().map(|modulus| seq % modulus));
        if template.verifies() {
            prop_assert_eq!(read.timestamp, Some(time));
        }
        // And so is what is padded at its end.
        prop_assert_eq!(template.read(&buffer[..len + 9]).map(|read| read.seq), Ok(read.seq));
        for short in 0..len {
            prop_assert_eq!(template.write(values, &mut buffer[..short]), Err(TooLong));
        }
    }

    #[test]
    fn any_text_and_any_bytes_are_taken_without_panic(
        text in "(\\(\\?i\\))?(\\{(seq|int|time|any|word|url:|len:|pad:|text:|echo|rest|upper|byte:1=)?[+:%0-9a-z]{0,6}\\}?|\\PC|[a\\\\]){0,8}",
        bytes in prop::collection::vec(any::<u8>(), 0..80), seq: u64, nanos: u64,
    ) {
        let time = WallTime::from_nanos(nanos);
        for role in [Role::Request, Role::Expect, Role::Answer] {
            match Template::compile(&text, role) {
                Ok(template) => {
                    let _ = template.read(&bytes);
                    let _ = template.write(Values { seq, time }, &mut [0; 64]);
                }
                Err(error) => prop_assert!(error.column <= text.chars().count() + 1),
            }
        }
    }

    #[test]
    fn an_answer_grows_only_where_that_is_known(
        expect in prop::sample::select(&["{any}", "ping{any}", "ping {seq} {int}", "{seq:03}{text:4}{any}", "{seq} {word}", "a {word} {int}\\r\\n", "{len:u8}{seq}"][..]),
        answer in prop::collection::vec(prop::sample::select(&["{echo}", "{rest}", "{seq}", "{seq+1}", "{seq-1}", "{seq:03}", "{int}", "{word}", "{any}", "a", "\\r\\n", "{byte:1=x}", "{len:u8}"][..]), 1..4),
        bytes in "(ping|a)? ?[0-9]{1,4}[ a]?[a-z0-9]{0,5} ?[0-9]{0,4}(\r\n)?",
    ) {
        let expect = Template::compile(expect, Role::Expect).unwrap();
        let answer = Template::compile(&answer.concat(), Role::Answer).unwrap();
        let bytes = bytes.as_bytes();
        if let Ok(reading) = expect.read(bytes)
            && answer.unanswerable(&expect).is_none()
            && let Ok(len) = answer.answer(&expect, &reading, bytes, TIME, &mut [0; 512])
        {
            prop_assert!(len <= bytes.len() || answer.can_exceed(&expect), "{len} {bytes:?}");
        }
    }
}
