//! Localization and numbers in the user's language.
//!
//! Owns how a message is filled in, and how numbers, times and durations are written
//! (`Intl` knows the separators). The messages are `locales/*.ftl`, which `build.rs` reads
//! with Fluent's own parser. Where a text is shown, is others' to know.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use udping_core::stats::{Distribution, Ratio};
use udping_engine::foreign::visible;
use udping_engine::message::{Arg, Message};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// A message that exists in every language: its index in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(usize);

/// A language that the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Portuguese,
}

impl Language {
    /// Its tag (BCP 47).
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Portuguese => "pt-BR",
        }
    }

    /// The language that a tag asks for, if the catalogue has it.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "pt" => Some(Self::Portuguese),
            _ => None,
        }
    }

    /// CLDR's rule for whole numbers: the only ones that are counted here.
    fn plural(self, count: u64) -> &'static str {
        if ONE[self as usize].contains(&count) {
            "one"
        } else {
            "other"
        }
    }
}

/// A variable of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    /// A moment of the run, in nanoseconds.
    Time(u64),
    /// A duration in nanoseconds.
    Span(u64),
    /// A duration that may be negative, in nanoseconds.
    SignedSpan(i64),
    /// How many.
    Count(u64),
    /// A number that names something: never grouped.
    Number(u64),
    /// A share of a whole, in millionths.
    Share(u64),
    /// A share in millionths, to one decimal.
    Rate(u64),
    /// Our own words, shown as they are.
    Text(&'a str),
    /// A text from outside: what would not be seen in it is escaped.
    Foreign(&'a str),
}

/// One language's messages, and how it writes numbers.
#[derive(Debug)]
pub(crate) struct Localization {
    language: Language,
    /// Every message's name, in order, and its text.
    messages: Vec<(&'static str, &'static str)>,
    /// One for each count of decimals: least and most.
    formats: RefCell<Vec<((u8, u8), Function)>>,
    /// How many decimals a second needs so that this run's events can be told apart.
    decimals: Cell<u8>,
}

impl Localization {
    pub(crate) fn new(language: Language) -> Self {
        let texts = TEXTS[language as usize].split_terminator(END);
        Self {
            language,
            messages: NAMES.split_terminator(END).zip(texts).collect(),
            formats: RefCell::default(),
            decimals: Cell::new(3),
        }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Chooses how finely times are told: `usual_ns` is the run's usual RTT.
    pub(crate) fn tell_apart(&self, usual_ns: u64) {
        self.decimals.set(match usual_ns {
            0..10_000 => 7,
            10_000..100_000 => 6,
            100_000..1_000_000 => 5,
            1_000_000..10_000_000 => 4,
            _ => 3,
        });
    }

    /// A message without variables.
    pub(crate) fn get(&self, key: Key) -> &'static str {
        plain(self.text(key)).unwrap_or_default()
    }

    /// The message of this name, or the name itself: `build.rs` makes sure that it exists.
    pub(crate) fn named(&self, id: &'static str) -> &'static str {
        self.find(id).unwrap_or(id)
    }

    /// The message of a name that comes from the page, such as `help-button.aria-label`,
    /// if it has no variables.
    pub(crate) fn find(&self, id: &str) -> Option<&'static str> {
        plain(self.pattern(id)?)
    }

    /// A message with its variables.
    pub(crate) fn say(&self, key: Key, values: &[(&str, Value<'_>)]) -> String {
        self.fill(self.text(key), &|name| find(values, name))
    }

    /// The message of this name with its variables, such as `intervene-on.aria-label`.
    pub(crate) fn say_named(&self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        let pattern = self.pattern(id);
        self.fill(pattern.unwrap_or_default(), &|name| find(values, name))
    }

    /// The message of this name with variables that are looked up.
    pub(crate) fn say_looking_up<'a>(
        &self,
        id: &str,
        value: &dyn Fn(&str) -> Option<Value<'a>>,
    ) -> String {
        self.fill(self.pattern(id).unwrap_or_default(), value)
    }

    /// What the engine says.
    pub(crate) fn tell(&self, message: &Message) -> String {
        let pattern = self.pattern(message.id);
        self.fill(pattern.unwrap_or_default(), &|name| {
            message.arg(name).map(|arg| match arg {
                Arg::Time(at_ns) => Value::Time(*at_ns),
                Arg::Span(span_ns) => Value::Span(*span_ns),
                Arg::Count(count) => Value::Count(*count),
                Arg::Number(number) => Value::Number(*number),
                Arg::Share(ppm) => Value::Share(*ppm),
                Arg::Text(text) => Value::Foreign(text),
                Arg::Word(id) => Value::Text(self.named(id)),
            })
        })
    }

    fn text(&self, key: Key) -> &'static str {
        self.messages.get(key.0).map_or("", |(_, text)| text)
    }

    fn pattern(&self, id: &str) -> Option<&'static str> {
        let messages = &self.messages;
        let index = messages.binary_search_by_key(&id, |(name, _)| name).ok()?;
        messages.get(index).map(|(_, text)| *text)
    }

    fn fill<'a>(&self, pattern: &str, value: &dyn Fn(&str) -> Option<Value<'a>>) -> String {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some((text, opened)) = split(rest, OPEN)
            && let Some((inside, after)) = split(opened, CLOSE)
        {
            out.push_str(text);
            rest = after;
            if let Some((name, variants)) = split(inside, VARIANT) {
                let chosen = self.variant(variants, value(name));
                out.push_str(&self.fill(chosen, value));
            } else {
                match value(inside) {
                    Some(value) => out.push_str(&self.value(value)),
                    None => out.push_str(inside),
                }
            }
        }
        out + rest
    }

    /// A choice's text: of the variant whose key is the number itself, else `one`, else `other`.
    fn variant<'p>(&self, variants: &'p str, value: Option<Value<'_>>) -> &'p str {
        let count = match value {
            Some(Value::Count(count) | Value::Number(count)) => count,
            _ => u64::MAX,
        };
        [&count.to_string(), self.language.plural(count), "other"]
            .into_iter()
            .find_map(|wanted| {
                let mut rest = variants;
                while !rest.is_empty() {
                    let (variant, after) = split(rest, VARIANT).unwrap_or((rest, ""));
                    match variant.split_once(KEY) {
                        Some((key, text)) if key == wanted => return Some(text),
                        _ => rest = after,
                    }
                }
                None
            })
            .unwrap_or_default()
    }

    fn value(&self, value: Value<'_>) -> String {
        match value {
            Value::Time(at_ns) => self.time(at_ns),
            Value::Span(span_ns) => self.span(span_ns),
            Value::SignedSpan(span_ns) => self.signed_span(span_ns),
            Value::Count(count) => self.count(count),
            Value::Number(number) => number.to_string(),
            Value::Share(ppm) => self.share_ppm(ppm),
            Value::Rate(ppm) => self.rate(ppm, 1_000_000),
            Value::Text(text) => text.to_owned(),
            Value::Foreign(text) => visible(text),
        }
    }

    /// A whole number, with the language's separators.
    pub(crate) fn count(&self, count: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts above 2^53 do not occur")]
        self.decimal(count as f64, 0, 0)
    }

    /// A moment of the run, in seconds.
    pub(crate) fn time(&self, at_ns: u64) -> String {
        let decimals = self.decimals.get();
        format!(
            "{}\u{a0}s",
            self.decimal(seconds(at_ns), decimals, decimals)
        )
    }

    /// A moment of the run to the microsecond.
    pub(crate) fn time_exact(&self, at_ns: u64) -> String {
        let decimals = self.decimals.get().max(6);
        format!(
            "{}\u{a0}s",
            self.decimal(seconds(at_ns), decimals, decimals)
        )
    }

    /// A moment on an axis, in seconds: with as many decimals as the distance of two needs.
    pub(crate) fn tick(&self, at_ns: u64, step_ns: u64) -> String {
        let (mut whole, mut decimals) = (1_000_000_000, 0_u8);
        while !step_ns.is_multiple_of(whole) && whole > 1 {
            (whole, decimals) = (whole / 10, decimals + 1);
        }
        format!(
            "{}\u{a0}s",
            self.decimal(seconds(at_ns), decimals, decimals)
        )
    }

    /// A duration, in the unit that suits it, with four digits at most.
    pub(crate) fn span(&self, span_ns: u64) -> String {
        self.span_of(span_ns, 0)
    }

    /// A duration that may be negative.
    pub(crate) fn signed_span(&self, span_ns: i64) -> String {
        let size = self.span(span_ns.unsigned_abs());
        if span_ns < 0 {
            format!("−{size}")
        } else {
            size
        }
    }

    /// A percentile or the median, with no digit that is not known.
    pub(crate) fn percentile(&self, of: &Distribution, span_ns: u64) -> String {
        let (span_ns, unit) = of.known(span_ns);
        self.span_of(span_ns, unit.ilog10())
    }

    /// A duration of which so many `unknown` last digits are zero for not being known.
    fn span_of(&self, span_ns: u64, unknown: u32) -> String {
        // What would round to a thousand of a unit is one of the next.
        let (value, unit, digits) = match span_ns {
            0 => return format!("{}\u{a0}ms", self.count(0)),
            1..1_000 => (seconds(span_ns) * 1e9, "ns", 0_u32),
            1_000..999_950 => (seconds(span_ns) * 1e6, "µs", 3),
            999_950..999_950_000 => (seconds(span_ns) * 1e3, "ms", 6),
            _ => (seconds(span_ns), "s", 9),
        };
        let most = match value {
            ..10.0 => 3,
            ..100.0 => 2,
            ..1000.0 => 1,
            _ => 0,
        };
        let known = digits.saturating_sub(unknown);
        let most = u8::try_from(known).map_or(most, |known| known.min(most));
        format!("{}\u{a0}{unit}", self.decimal(value, 0, most))
    }

    /// A ratio as a percentage.
    pub(crate) fn share(&self, ratio: Ratio) -> String {
        format!("{}\u{a0}%", self.with_own_point(&ratio.to_string()))
    }

    /// A share of a picture, which needs no more than one decimal.
    pub(crate) fn rate(&self, part: u64, whole: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
        let percent = part as f64 * 100.0 / whole.max(1) as f64;
        // 0 and 100 only for what is exactly that.
        let (sign, percent) = match percent {
            ..0.05 if part > 0 => ("<\u{a0}", 0.1),
            99.95.. if part < whole => (">\u{a0}", 99.9),
            _ => ("", percent),
        };
        format!("{sign}{}\u{a0}%", self.decimal(percent, 0, 1))
    }

    /// Parts per million as a percentage.
    pub(crate) fn share_ppm(&self, ppm: u64) -> String {
        Ratio::new(ppm, 1_000_000).map_or_else(String::new, |ratio| self.share(ratio))
    }

    /// A number with at least `least` and at most `most` decimals.
    pub(crate) fn decimal(&self, value: f64, least: u8, most: u8) -> String {
        let mut formats = self.formats.borrow_mut();
        let index = formats
            .iter()
            .position(|(key, _)| *key == (least, most))
            .unwrap_or_else(|| {
                formats.push((
                    (least, most),
                    number_format(self.language.tag(), least, most),
                ));
                formats.len() - 1
            });
        formats
            .get(index)
            .and_then(|(_, format)| format.call1(&JsValue::UNDEFINED, &value.into()).ok())
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    }

    /// A plain number with this language's decimal sign.
    pub(crate) fn with_own_point(&self, plain: &str) -> String {
        match self.language {
            Language::English => plain.to_owned(),
            Language::Portuguese => plain.replace('.', ","),
        }
    }

    /// Reads a number as people of this language write it; a point always works too.
    pub(crate) fn read(&self, text: &str) -> Option<f64> {
        let text = text.trim();
        let plain = match self.language {
            Language::Portuguese if text.contains(',') => text.replace('.', "").replace(',', "."),
            Language::Portuguese => text.to_owned(),
            Language::English => text.replace(',', ""),
        };
        // JavaScript's `Number`, which takes the empty text for 0.
        Some(JsValue::from_str(&plain).unchecked_into_f64())
            .filter(|value| value.is_finite() && !plain.is_empty())
    }
}

/// The text of a message that has no variables.
fn plain(text: &'static str) -> Option<&'static str> {
    Some(text).filter(|text| !text.contains(OPEN))
}

/// What is before and after the first such mark that is in no variable and in no choice.
fn split(text: &str, mark: char) -> Option<(&str, &str)> {
    let mut depth = 0_u32;
    let (at, _) = text.char_indices().find(|(_, char)| {
        let found = depth == 0 && *char == mark;
        match *char {
            OPEN => depth += 1,
            CLOSE => depth = depth.saturating_sub(1),
            _ => {}
        }
        found
    })?;
    let (before, after) = text.split_at(at);
    Some((before, after.strip_prefix(mark)?))
}

fn find<'a>(values: &[(&str, Value<'a>)], name: &str) -> Option<Value<'a>> {
    values
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

/// Nanoseconds as seconds, to show.
#[expect(clippy::cast_precision_loss, reason = "shown with far fewer digits")]
pub(crate) fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}

fn number_format(tag: &str, least: u8, most: u8) -> Function {
    let options = Object::new();
    for (name, value) in [
        ("minimumFractionDigits", least),
        ("maximumFractionDigits", most),
    ] {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let locales = Array::of1(&tag.into());
    js_sys::Intl::NumberFormat::new(&locales, &options)
        .format()
        .unchecked_into()
}
