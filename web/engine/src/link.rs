//! Share links: a simulated run and the place in it, in what follows the `#`.
//!
//! Owns the encoding and its version. Text from a link is hostile until decoded:
//! length, depth and every range are checked, and unknown fields are refused.

use serde::{Deserialize, Serialize};
use udping_journal::LARGEST;

use super::setup::Setup;

/// What a link carries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shared {
    /// The run, its interventions included.
    pub setup: Setup,
    /// Where the cursor is, in nanoseconds.
    pub at_ns: u64,
    /// How many events have happened there, where the time alone does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The chosen probe's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<u64>,
    /// What else the page wants back: short names and short values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub view: Vec<(String, String)>,
}

/// What follows the `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// Nothing that concerns the engine.
    None,
    /// A shared run.
    Shared(Box<Shared>),
    /// A journal to open, by its address.
    Log(String),
    /// A run to follow while it is measured, by its address.
    Live(String),
}

/// Why a link cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkError {
    /// It is longer than any link that this page makes.
    TooLong,
    /// It was made by a newer page.
    NewerVersion(u32),
    /// It was cut or changed on its way.
    Damaged(String),
}

/// The version of the encoding this code writes, and the newest it reads.
const VERSION: u32 = 1;
/// The longest fragment that is read, in bytes: enough for some 500 interventions.
const LONGEST: usize = 1 << 16;
/// The most of each list that a link may carry, and the longest word.
const MOST_VIEW: usize = 32;
const LONGEST_WORD: usize = 64;

impl Fragment {
    /// Reads what follows the `#`; the `#` itself may be there.
    ///
    /// # Errors
    /// [`LinkError`] says what is wrong with it.
    pub fn parse(fragment: &str) -> Result<Self, LinkError> {
        if fragment.len() > LONGEST {
            return Err(LinkError::TooLong);
        }
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        for pair in fragment.split('&') {
            match pair.split_once('=') {
                Some(("run", run)) => return Ok(Self::Shared(Box::new(Shared::parse(run)?))),
                Some(("log", log)) if !log.is_empty() => {
                    return percent_decoded(log).map(Self::Log);
                }
                Some(("live", live)) if !live.is_empty() => {
                    return percent_decoded(live).map(Self::Live);
                }
                _ => {}
            }
        }
        Ok(Self::None)
    }

    /// The language that a fragment asks for, as a tag (BCP 47), whatever else it carries.
    #[must_use]
    pub fn language(fragment: &str) -> Option<&str> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let mut pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(name, tag)| (name == "lang").then_some(tag))
    }
}

impl Shared {
    /// The fragment that carries it, without the `#`: letters, digits, `-`, `_`, `=`, `.`.
    #[must_use]
    pub fn fragment(&self) -> String {
        // Numbers, short names and lists of them: there is nothing that JSON cannot hold.
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("run={VERSION}.{}", to_letters(json.as_bytes()))
    }

    fn parse(text: &str) -> Result<Self, LinkError> {
        let damaged = |what: &str| LinkError::Damaged(what.to_owned());
        let (version, payload) = text.split_once('.').ok_or_else(|| damaged("no version"))?;
        let version: u32 = version.parse().map_err(|_| damaged("no version"))?;
        if version > VERSION {
            return Err(LinkError::NewerVersion(version));
        }
        let json = from_letters(payload).ok_or_else(|| damaged("not what a link is made of"))?;
        // As text, like every other JSON here: one reader in the page instead of two.
        let json = String::from_utf8(json).map_err(|_| damaged("not text"))?;
        let shared: Self =
            serde_json::from_str(&json).map_err(|error| LinkError::Damaged(error.to_string()))?;
        shared.check().map_err(damaged)?;
        Ok(shared)
    }

    /// What no link of this page's says.
    fn check(&self) -> Result<(), &'static str> {
        let setup = &self.setup;
        let times = setup.scenario.interventions.iter().map(|it| it.at_ns);
        let numbers = [
            setup.timeout_ns,
            setup.late_window_ns.unwrap_or(0),
            setup.scenario.service_ns,
            self.at_ns,
        ];
        if !(1..=Setup::MOST_PROBES).contains(&setup.count) {
            return Err("more probes than the page simulates, or none");
        }
        if numbers
            .into_iter()
            .chain(times)
            .any(|number| number > LARGEST)
        {
            return Err("a time beyond 2^53 ns");
        }
        let words = || self.view.iter().flat_map(|(name, value)| [name, value]);
        if self.view.len() > MOST_VIEW || words().any(|word| word.len() > LONGEST_WORD) {
            return Err("too long a view");
        }
        Ok(())
    }
}

impl core::fmt::Display for LinkError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong => write!(f, "the link is longer than {LONGEST} bytes"),
            Self::NewerVersion(version) => {
                write!(
                    f,
                    "the link has version {version}, and this page reads up to {VERSION}"
                )
            }
            Self::Damaged(what) => write!(f, "the link is damaged: {what}"),
        }
    }
}

impl core::error::Error for LinkError {}

/// The letters of base64 for addresses (RFC 4648 §5), without padding.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as letters. (The usual crate would take 2 KB of the page for it.)
fn to_letters(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |digit: usize| usize::from(three.get(digit).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..=three.len() {
            let letter = LETTERS.get(bits >> (18 - 6 * digit) & 63);
            text.extend(letter.copied().map(char::from));
        }
    }
    text
}

/// The bytes that letters stand for; `None` if they stand for none, or not as
/// [`to_letters`] writes them.
fn from_letters(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_usize, 0);
    for letter in text.bytes() {
        let six = LETTERS.iter().position(|known| *known == letter)?;
        bits = (bits << 6 | six) & 0xfff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 255).ok()?);
        }
    }
    (held < 6 && bits & ((1 << held) - 1) == 0).then_some(bytes)
}

/// The text that an address's `%XX` stand for.
fn percent_decoded(text: &str) -> Result<String, LinkError> {
    let damaged = || LinkError::Damaged("a % without its two digits".to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || {
            let digit = char::from(rest.next()?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        let (high, low) = digit().zip(digit()).ok_or_else(damaged)?;
        bytes.push(high << 4 | low);
    }
    String::from_utf8(bytes).map_err(|_| LinkError::Damaged("not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use udping_journal::{Action, Intervention};
    use udping_link::{Direction, PacketId, Seed};

    use super::*;
    use crate::history::History;
    use crate::presets::Preset;
    use crate::run::Run;

    fn shared(preset: Preset) -> Shared {
        let mut setup = preset.setup(Seed::from_low_bits(9_007_199_254_740_991));
        setup.scenario.interventions.push(Intervention {
            at_ns: 5_000_000,
            direction: Direction::Reply,
            packet: PacketId { seq: 1, copy: 2 },
            action: Action::Delay { by_ns: 77 },
        });
        Shared {
            setup,
            at_ns: 123_456_789,
            index: Some(7),
            probe: Some(3),
            view: vec![
                ("room".into(), "simulate".into()),
                ("é".into(), "ß%&#".into()),
            ],
        }
    }

    #[test]
    fn a_link_brings_back_what_was_shared() {
        for preset in Preset::ALL {
            let shared = shared(preset);
            let fragment = shared.fragment();
            let harmless = |c: char| c.is_ascii_alphanumeric() || "-_=.".contains(c);
            assert!(fragment.chars().all(harmless), "{fragment}");
            assert!(fragment.len() < 1_500, "{}", fragment.len());
            for text in [
                fragment.clone(),
                format!("#{fragment}"),
                format!("x=1&{fragment}"),
            ] {
                assert_eq!(
                    Fragment::parse(&text),
                    Ok(Fragment::Shared(Box::new(shared.clone())))
                );
            }
        }
    }

    #[test]
    fn a_link_gives_the_very_same_run() {
        let mut history =
            History::simulate(&Preset::HomeWifi.setup(Seed::from_low_bits(2))).unwrap();
        let cursor = history.run().seek(30_000_000);
        let flight = history.run().in_flight(cursor)[0].index;
        history.act(cursor, flight, Action::Drop).unwrap();
        let run = history.run();
        let shared = Shared {
            setup: Setup::of(run.header()).unwrap(),
            ..Shared::default()
        };
        let Ok(Fragment::Shared(back)) = Fragment::parse(&shared.fragment()) else {
            panic!()
        };
        let again = Run::simulate(&back.setup.header().unwrap()).unwrap();
        assert_eq!(crate::export::journal(&again), crate::export::journal(run));
    }

    #[test]
    fn a_journal_s_address_is_decoded() {
        let log = |text| Fragment::parse(text);
        assert_eq!(
            log("#log=/journal.jsonl"),
            Ok(Fragment::Log("/journal.jsonl".into()))
        );
        assert_eq!(log("log=a%20b%C3%A9"), Ok(Fragment::Log("a bé".into())));
        assert!(log("log=a%2").is_err() && log("log=%FF").is_err());
        assert_eq!(log("log="), Ok(Fragment::None));
        assert_eq!(log(""), Ok(Fragment::None));
        assert_eq!(log("#replay"), Ok(Fragment::None));
    }

    #[test]
    fn a_language_may_stand_beside_anything() {
        for (text, tag) in [
            ("#lang=pt-BR", Some("pt-BR")),
            ("#log=journal/1&lang=en", Some("en")),
            ("lang=&log=a", Some("")),
            ("#log=lang", None),
            ("#slang=en", None),
            ("", None),
        ] {
            assert_eq!(Fragment::language(text), tag, "{text}");
        }
        let both = Fragment::parse("#log=journal/1&lang=en");
        assert_eq!(both, Ok(Fragment::Log("journal/1".into())));
    }

    #[test]
    fn what_is_not_of_this_page_is_refused_with_a_reason() {
        let carrying = |json: &str| format!("run=1.{}", to_letters(json.as_bytes()));
        for (text, complaint) in [
            ("run=2.e30".to_owned(), "version 2"),
            ("run=e30".to_owned(), "no version"),
            ("run=1.???".to_owned(), "damaged"),
            (carrying("7"), "damaged"),
            (carrying(r#"{"setup":{"count":0}}"#), "none"),
            (carrying(r#"{"setup":{"count":1000001}}"#), "more probes"),
            (
                carrying(r#"{"setup":{"timeout_ns":9007199254740993}}"#),
                "2^53",
            ),
            (carrying(r#"{"at_ns":-1}"#), "damaged"),
            (carrying(r#"{"at_ns":1e400}"#), "damaged"),
            (carrying(r#"{"unknown":1}"#), "unknown field"),
            (carrying(&"[".repeat(20_000)), "damaged"),
            (
                carrying(&format!(r#"{{"view":[["{}","x"]]}}"#, "a".repeat(65))),
                "view",
            ),
            (format!("run=1.{}", "A".repeat(LONGEST)), "longer"),
        ] {
            let told = Fragment::parse(&text).unwrap_err().to_string();
            assert!(told.contains(complaint), "{told}");
        }
    }

    #[test]
    fn letters_are_those_of_the_standard() {
        // RFC 4648 §10, and the two letters that differ in addresses.
        for (bytes, letters) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
            ("ÿ?>", "w78_Pg"),
            ("~~~?", "fn5-Pw"),
        ] {
            assert_eq!(to_letters(bytes.as_bytes()), letters);
            assert_eq!(from_letters(letters).as_deref(), Some(bytes.as_bytes()));
        }
        // Half a byte, bits that say nothing, and what is no letter.
        for wrong in ["Z", "Zh", "Zm9", "Zm9v=", "Zm+v", "Zm/v", "é"] {
            assert_eq!(from_letters(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn bytes_survive_their_letters(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
            prop_assert_eq!(from_letters(&to_letters(&bytes)), Some(bytes));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = Fragment::parse(&text);
            let _ = Fragment::parse(&format!("run=1.{text}"));
        }

        #[test]
        fn a_damaged_link_is_refused_or_still_in_range(at in 0..700_usize, byte in any::<u8>()) {
            let json = serde_json::to_string(&shared(Preset::HomeWifi)).unwrap();
            let mut bytes = json.into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let text = format!("run=1.{}", to_letters(&bytes));
            if let Ok(Fragment::Shared(shared)) = Fragment::parse(&text) {
                prop_assert!((1..=Setup::MOST_PROBES).contains(&shared.setup.count));
                prop_assert!(Fragment::parse(&shared.fragment()).is_ok());
            }
        }
    }
}
