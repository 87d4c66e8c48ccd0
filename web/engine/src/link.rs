//! Links: what is shown, in what follows the `#`.
//!
//! Owns the letters, and which name stands for what. Text from a link is hostile until
//! decoded. What a state holds and whether it is in order is [`state`](super::state)'s.

use udping_journal::json;

use super::state::{Place, State, StateError, check_version};

/// What follows the `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// Nothing that concerns the engine.
    None,
    /// The Replay room, without a journal.
    Replay,
    /// Simulated runs.
    Run(Box<State>),
    /// A journal to open, by its address, and the place in it.
    Log(String, Box<Place>),
    /// A run to follow while it is measured, by its address.
    Live(String),
    /// A journal that this browser keeps, by its number there, and the place in it.
    Kept(String, Box<Place>),
}

/// The longest fragment that is read, in bytes.
const LONGEST: usize = 1 << 20;

impl Fragment {
    /// The longest fragment that is given away as a link, in bytes: what is longer becomes a
    /// file.
    pub const LONGEST_LINK: usize = 8_000;

    /// Reads what follows the `#`; the `#` itself may be there.
    ///
    /// # Errors
    /// [`StateError`] says what is wrong with it.
    pub fn parse(fragment: &str) -> Result<Self, StateError> {
        if fragment.len() > LONGEST {
            return Err(StateError::TooLong);
        }
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let named = |name: &str| {
            let mut pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find_map(|(known, value)| (known == name).then_some(value))
        };
        let place = || named("at").map_or(Ok(Box::default()), |at| place(at).map(Box::new));
        if let Some(run) = named("run") {
            let state = State::parse(&versioned(run)?)?;
            return Ok(Self::Run(Box::new(state)));
        }
        if let Some(log) = named("log").filter(|log| !log.is_empty()) {
            return Ok(Self::Log(percent_decoded(log)?, place()?));
        }
        if let Some(live) = named("live").filter(|live| !live.is_empty()) {
            return Ok(Self::Live(percent_decoded(live)?));
        }
        if let Some(kept) = named("kept") {
            return Ok(Self::Kept(kept.to_owned(), place()?));
        }
        let replay = fragment.split('&').any(|part| part == "replay");
        Ok(if replay { Self::Replay } else { Self::None })
    }

    /// The fragment that leads there, without the `#`: nothing in it needs an escape.
    #[must_use]
    pub fn text(&self) -> String {
        let at = |place: &Place| {
            if *place == Place::default() {
                return String::new();
            }
            // Numbers and short words: there is nothing that JSON cannot hold.
            let json = serde_json::to_string(place).unwrap_or_default();
            format!("&at={}.{}", State::VERSION, to_letters(json.as_bytes()))
        };
        match self {
            Self::None => String::new(),
            Self::Replay => "replay".to_owned(),
            Self::Run(state) => {
                let letters = to_letters(state.json().as_bytes());
                format!("run={}.{letters}", State::VERSION)
            }
            Self::Log(address, place) => format!("log={}{}", percent_encoded(address), at(place)),
            Self::Live(address) => format!("live={}", percent_encoded(address)),
            Self::Kept(number, place) => format!("kept={number}{}", at(place)),
        }
    }

    /// The language that a fragment asks for, as a tag (BCP 47), whatever else it carries.
    #[must_use]
    pub fn language(fragment: &str) -> Option<&str> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let mut pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(name, tag)| (name == "lang").then_some(tag))
    }
}

/// A place of a run; digits alone are the moment, in nanoseconds.
fn place(text: &str) -> Result<Place, StateError> {
    if let Ok(at_ns) = text.parse() {
        return Ok(Place {
            at_ns,
            ..Place::default()
        });
    }
    let place: Place = json::from_str(&versioned(text)?)
        .map_err(|error| StateError::Damaged(error.to_string()))?;
    let checked = place.check();
    checked.map_err(|what| StateError::Damaged(what.to_owned()))?;
    Ok(place)
}

/// The text behind a version and letters.
fn versioned(text: &str) -> Result<String, StateError> {
    let damaged = |what: &str| StateError::Damaged(what.to_owned());
    let (version, payload) = text.split_once('.').ok_or_else(|| damaged("no version"))?;
    check_version(version.parse().map_err(|_| damaged("no version"))?)?;
    let json = from_letters(payload).ok_or_else(|| damaged("not what a link is made of"))?;
    // As text, like every other JSON here: one reader in the page instead of two.
    String::from_utf8(json).map_err(|_| damaged("not text"))
}

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

/// An address as a value of a fragment: what could end it is written as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/:".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |half: u8| b"0123456789ABCDEF".get(usize::from(half));
            let digits = [byte >> 4, byte & 15].into_iter().filter_map(digit);
            encoded.push('%');
            encoded.extend(digits.copied().map(char::from));
        }
    }
    encoded
}

/// The text that an address's `%XX` stand for.
fn percent_decoded(text: &str) -> Result<String, StateError> {
    let damaged = || StateError::Damaged("a % without its two digits".to_owned());
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
    String::from_utf8(bytes).map_err(|_| StateError::Damaged("not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use udping_journal::{Action, Intervention};
    use udping_link::{Direction, PacketId, Seed};

    use super::*;
    use crate::presets::Preset;
    use crate::setup::Setup;
    use crate::state::BranchState;

    fn state(preset: Preset) -> State {
        let setup = preset.setup(Seed::from_low_bits(9_007_199_254_740_991));
        let mut state = State::of(setup);
        state.branches.push(BranchState {
            parent: Some(0),
            cause: Some(Intervention {
                at_ns: 5_000_000,
                direction: Direction::Reply,
                packet: PacketId { seq: 1, copy: 2 },
                action: Action::Delay { by_ns: 77 },
            }),
            name: Some("ß".into()),
            ..BranchState::default()
        });
        state.place = Place {
            at_ns: 123_456_789,
            index: Some(7),
            probe: Some(3),
            branch: 1,
            compared: Some(0),
            view: vec![("é".into(), "ß%&#".into())],
            ..Place::default()
        };
        state
    }

    #[test]
    fn a_link_brings_back_what_was_shared() {
        for preset in Preset::ALL {
            let run = Fragment::Run(Box::new(state(preset)));
            let fragment = run.text();
            let harmless = |c: char| c.is_ascii_alphanumeric() || "-_=.".contains(c);
            assert!(fragment.chars().all(harmless), "{fragment}");
            assert!(fragment.len() < 1_500, "{}", fragment.len());
            for text in [
                fragment.clone(),
                format!("#{fragment}"),
                format!("x=1&{fragment}"),
            ] {
                assert_eq!(Fragment::parse(&text), Ok(run.clone()));
            }
        }
    }

    #[test]
    fn a_place_stands_beside_a_journal() {
        let place = Box::new(state(Preset::Textbook).place);
        for fragment in [
            Fragment::None,
            Fragment::Replay,
            Fragment::Log("journal/é &#%.jsonl".into(), place.clone()),
            Fragment::Log("a".into(), Box::default()),
            Fragment::Kept("k1".into(), place),
        ] {
            assert_eq!(Fragment::parse(&fragment.text()), Ok(fragment));
        }
    }

    #[test]
    fn a_moment_can_be_written_by_hand() {
        let place = Place {
            at_ns: 298_500_000_000,
            ..Place::default()
        };
        let there = Fragment::Log("journal/1".into(), Box::new(place));
        let written = Fragment::parse("#log=journal/1&at=298500000000");
        assert_eq!(written, Ok(there));
        assert!(Fragment::parse("#log=journal/1&at=5s").is_err());
    }

    #[test]
    fn a_journal_s_address_is_decoded() {
        let log = |text| Fragment::parse(text);
        let at = |address: &str| Fragment::Log(address.into(), Box::default());
        assert_eq!(log("#log=/journal.jsonl"), Ok(at("/journal.jsonl")));
        assert_eq!(log("log=a%20b%C3%A9"), Ok(at("a bé")));
        assert!(log("log=a%2").is_err() && log("log=%FF").is_err());
        assert_eq!(log("log="), Ok(Fragment::None));
        assert_eq!(log(""), Ok(Fragment::None));
        assert_eq!(log("#replays"), Ok(Fragment::None));
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
        let journal = Fragment::Log("journal/1".into(), Box::default());
        assert_eq!(both, Ok(journal));
    }

    #[test]
    fn what_is_not_of_this_page_is_refused_with_a_reason() {
        let carrying = |json: &str| format!("run=2.{}", to_letters(json.as_bytes()));
        let setup = |setup: &str| carrying(&format!(r#"{{"branches":[{{"setup":{setup}}}]}}"#));
        let many = r#"{"setup":{"count":1000000}},"#.repeat(5);
        for (text, complaint) in [
            ("run=3.e30".to_owned(), "version 3"),
            ("run=1.e30".to_owned(), "version 1"),
            ("run=e30".to_owned(), "no version"),
            ("run=2.???".to_owned(), "damaged"),
            (carrying("7"), "damaged"),
            (carrying("{}"), "branches"),
            (carrying(r#"{"branches":[]}"#), "no branch"),
            (carrying(r#"{"branches":[{}]}"#), "without conditions"),
            (
                carrying(r#"{"branches":[{"setup":{},"parent":0}]}"#),
                "before its parent",
            ),
            (
                carrying(r#"{"branches":[{"setup":{}}],"place":{"branch":1}}"#),
                "not there",
            ),
            (
                carrying(r#"{"branches":[{"setup":{}}],"place":{"window":[2,2]}}"#),
                "2^53",
            ),
            (
                carrying(&format!(
                    r#"{{"branches":[{}]}}"#,
                    many.trim_end_matches(',')
                )),
                "more probes",
            ),
            (setup(r#"{"count":0}"#), "none"),
            (setup(r#"{"count":1000001}"#), "more probes"),
            (setup(r#"{"timeout_ns":9007199254740993}"#), "2^53"),
            (setup(r#"{"timeout_ns":-1}"#), "damaged"),
            (setup(r#"{"timeout_ns":1e400}"#), "damaged"),
            (carrying(r#"{"unknown":1}"#), "unknown field"),
            (carrying(&"[".repeat(20_000)), "damaged"),
            (
                carrying(&format!(
                    r#"{{"branches":[{{"setup":{{}}}}],"place":{{"view":[["{}","x"]]}}}}"#,
                    "a".repeat(1_001)
                )),
                "view",
            ),
            ("log=a&at=2.AAAA".to_owned(), "damaged"),
            (format!("run=2.{}", "A".repeat(LONGEST)), "longer"),
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
            let _ = Fragment::parse(&format!("run=2.{text}"));
        }

        #[test]
        fn a_damaged_link_is_refused_or_still_in_range(at in 0..700_usize, byte in any::<u8>()) {
            let json = state(Preset::HomeWifi).json();
            let mut bytes = json.into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let text = format!("run=2.{}", to_letters(&bytes));
            if let Ok(Fragment::Run(state)) = Fragment::parse(&text) {
                let setups = state.setups().unwrap();
                prop_assert!(setups.iter().all(|it| (1..=Setup::MOST_PROBES).contains(&it.count)));
                prop_assert!(Fragment::parse(&Fragment::Run(state).text()).is_ok());
            }
        }
    }
}
