//! What a link does to packets, in words.

use udping_core::link::{Conditions, Jitter, Loss, Rate};

/// Everything that `way` does to a packet, or `nothing`.
pub(crate) fn conditions(way: &Conditions) -> String {
    let often = |rate: Rate, what: &str| (rate > Rate::NEVER).then(|| format!("{rate} {what}"));
    let loss = match way.loss {
        Loss::Independent(rate) => often(rate, "lost"),
        Loss::Bursty { .. } => Some("losses in bursts".to_owned()),
    };
    let delay = (!way.delay.is_zero()).then(|| format!("{:?} delay", way.delay));
    let jitter = match way.jitter {
        Jitter::None => None,
        Jitter::Uniform { spread } => Some(format!("±{spread:?} jitter")),
        Jitter::Normal { sigma } => Some(format!("jitter of σ {sigma:?}")),
        Jitter::Exponential { mean } | Jitter::LogNormal { mean, .. } => {
            Some(format!("{mean:?} jitter on average"))
        }
    };
    let held = format!("held back {:?}", way.reorder.extra);
    let parts: Vec<String> = [
        loss,
        delay,
        jitter,
        often(way.duplicate, "twice"),
        often(way.reorder.rate, &held),
        often(way.corrupt, "damaged"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use udping_core::link::Reorder;

    #[test]
    fn a_way_is_told_as_people_would() {
        assert_eq!(conditions(&Conditions::default()), "nothing");
        let ms = Duration::from_millis;
        let tenth = Rate::from_ppm(100_000).unwrap();
        let way = Conditions {
            loss: Loss::Independent(tenth),
            delay: ms(20),
            jitter: Jitter::Uniform { spread: ms(5) },
            duplicate: tenth,
            reorder: Reorder {
                rate: tenth,
                extra: ms(50),
            },
            corrupt: Rate::NEVER,
        };
        assert_eq!(
            conditions(&way),
            "10% lost, 20ms delay, ±5ms jitter, 10% twice, 10% held back 50ms"
        );
    }
}
