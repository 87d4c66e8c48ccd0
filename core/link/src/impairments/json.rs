//! How impairments are written as JSON. Owns the shared pieces of their serde
//! attributes, and the check that nothing out of range is read.

use core::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::Impairments;
use udping_core::time::saturating_nanos;

/// A duration as a whole number of nanoseconds; for `#[serde(with = …)]`.
pub(crate) struct Nanoseconds;

impl Nanoseconds {
    pub(crate) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(saturating_nanos(*duration))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_nanos)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Nanoseconds {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Nanoseconds".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = u64::json_schema(generator);
        schema.insert(
            "maximum".into(),
            saturating_nanos(Impairments::MAX_DELAY).into(),
        );
        schema
    }
}

/// Whether `value` may be left out.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

// The derived `remote = "Self"` functions do the work; these make them the type's own.
impl Serialize for Impairments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Impairments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let impairments = Self::deserialize(deserializer)?;
        impairments.validate().map_err(D::Error::custom)?;
        Ok(impairments)
    }
}

#[cfg(test)]
mod tests {
    use core::fmt::Debug;
    use std::string::ToString;

    use super::super::{Jitter, Loss, Reorder};
    use super::*;
    use crate::{Direction, PacketId, Rate, Seed};

    /// Pins how `value` is written, and that it reads back.
    fn is_written<T>(value: &T, text: &str)
    where
        T: Serialize + for<'de> Deserialize<'de> + PartialEq + Debug,
    {
        assert_eq!(serde_json::to_string(value).unwrap(), text);
        assert_eq!(serde_json::from_str::<T>(text).unwrap(), *value);
    }

    fn rate(ppm: u32) -> Rate {
        Rate::from_ppm(ppm).unwrap()
    }

    #[test]
    fn a_perfect_link_is_empty() {
        is_written(&Impairments::default(), "{}");
    }

    #[test]
    fn each_condition_has_its_unit_in_its_name() {
        let ms = Duration::from_millis;
        is_written(
            &Impairments {
                loss: Loss::Independent(rate(300_000)),
                delay: ms(20),
                jitter: Jitter::Normal { sigma: ms(2) },
                duplicate: rate(1),
                reorder: Reorder {
                    rate: rate(2),
                    extra: ms(50),
                },
                corrupt: rate(3),
            },
            "{\"loss\":{\"independent_ppm\":300000},\"delay_ns\":20000000,\
             \"jitter\":{\"normal\":{\"sigma_ns\":2000000}},\"duplicate_ppm\":1,\
             \"reorder\":{\"rate_ppm\":2,\"extra_ns\":50000000},\"corrupt_ppm\":3}",
        );
        is_written(
            &Loss::Bursty {
                enter_bad: rate(10_000),
                leave_bad: rate(250_000),
                loss_in_bad: rate(800_000),
                loss_in_good: rate(0),
            },
            "{\"bursty\":{\"enter_bad_ppm\":10000,\"leave_bad_ppm\":250000,\
             \"loss_in_bad_ppm\":800000}}",
        );
        is_written(
            &Jitter::Uniform { spread: ms(1) },
            r#"{"uniform":{"spread_ns":1000000}}"#,
        );
        is_written(
            &Jitter::Exponential { mean: ms(1) },
            r#"{"exponential":{"mean_ns":1000000}}"#,
        );
        is_written(
            &Jitter::LogNormal {
                mean: ms(1),
                sigma: ms(2),
            },
            r#"{"log_normal":{"mean_ns":1000000,"sigma_ns":2000000}}"#,
        );
    }

    #[test]
    fn the_keys_of_a_draw_are_written_too() {
        is_written(&Seed::MAX, "9007199254740991");
        is_written(&Direction::Request, "\"request\"");
        is_written(&PacketId { seq: 7, copy: 0 }, r#"{"seq":7}"#);
        is_written(&PacketId { seq: 7, copy: 1 }, r#"{"seq":7,"copy":1}"#);
    }

    #[test]
    fn what_is_out_of_range_is_refused_by_name() {
        for (text, complaint) in [
            (r#"{"delay_ns":3600000000001}"#, "delay is 3600.000000001s"),
            (
                r#"{"jitter":{"uniform":{"spread_ns":3600000000001}}}"#,
                "jitter.spread is",
            ),
            (
                r#"{"jitter":{"normal":{"sigma_ns":3600000000001}}}"#,
                "jitter.sigma is",
            ),
            (
                r#"{"jitter":{"exponential":{"mean_ns":3600000000001}}}"#,
                "jitter.mean is",
            ),
            (
                r#"{"jitter":{"log_normal":{"mean_ns":3600000000001,"sigma_ns":0}}}"#,
                "jitter.mean is",
            ),
            (
                r#"{"jitter":{"log_normal":{"mean_ns":0,"sigma_ns":3600000000001}}}"#,
                "jitter.sigma is",
            ),
            (
                r#"{"reorder":{"rate_ppm":0,"extra_ns":3600000000001}}"#,
                "reorder.extra is",
            ),
            (
                r#"{"loss":{"bursty":{"enter_bad_ppm":999,"leave_bad_ppm":0,"loss_in_bad_ppm":1}}}"#,
                "add up to 999 ppm: together they must be from 1000 to 1000000 ppm",
            ),
            (
                r#"{"loss":{"bursty":{"enter_bad_ppm":1,"leave_bad_ppm":1000000,"loss_in_bad_ppm":1}}}"#,
                "add up to 1000001 ppm",
            ),
            (r#"{"duplicate_ppm":1000001}"#, "at most 100%"),
            (r#"{"delay_ns":-1}"#, "invalid value"),
            (r#"{"delay_ms":20}"#, "unknown field `delay_ms`"),
            (
                r#"{"jitter":{"normal":{"sigma_ns":1,"mean_ns":1}}}"#,
                "unknown field `mean_ns`",
            ),
        ] {
            let error = serde_json::from_str::<Impairments>(text)
                .unwrap_err()
                .to_string();
            assert!(error.contains(complaint), "{text}: {error}");
        }
        let error = serde_json::from_str::<Seed>("9007199254740992")
            .unwrap_err()
            .to_string();
        assert!(error.contains("from 0 to 9007199254740991"), "{error}");
    }

    #[cfg(feature = "schema")]
    #[test]
    fn the_schema_knows_names_and_ranges() {
        let schema = schemars::schema_for!(Impairments).to_value();
        let delay = &schema["properties"]["delay_ns"];
        assert_eq!(delay["type"], "integer", "{schema:#}");
        assert_eq!(
            (&delay["minimum"], &delay["maximum"]),
            (&0.into(), &3_600_000_000_000_u64.into())
        );
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["$defs"]["Rate"]["maximum"], 1_000_000);
        assert_eq!(schema.get("required"), None);
        let seed = schemars::schema_for!(Seed).to_value();
        assert_eq!(seed["maximum"], Seed::MAX.get());
        assert!(schema.to_string().contains("loss_in_good_ppm"));
    }
}
