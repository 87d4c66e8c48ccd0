//! What a link does to packets, as people read it.

use udping_link::{Impairments, Jitter, Loss, Rate};

use crate::i18n::{Number, duration, say};

/// Everything that `way` does to a packet, or `nothing`.
pub(crate) fn impairments(way: &Impairments) -> String {
    let often = |rate: Rate| Some(Number(rate)).filter(|_| rate > Rate::NEVER);
    let loss = match way.loss {
        Loss::Independent(rate) => often(rate).map(|rate| say::WayLost { rate }.to_string()),
        Loss::Bursty { .. } => Some(say::WAY_BURSTS.to_string()),
    };
    let delay = Some(duration(way.delay)).filter(|_| !way.delay.is_zero());
    let jitter = match way.jitter {
        Jitter::None => None,
        Jitter::Uniform { spread } => {
            let spread = duration(spread);
            Some(say::WayJitter { spread }.to_string())
        }
        Jitter::Normal { sigma } => {
            let sigma = duration(sigma);
            Some(say::WayJitterNormal { sigma }.to_string())
        }
        Jitter::Exponential { mean } | Jitter::LogNormal { mean, .. } => {
            let mean = duration(mean);
            Some(say::WayJitterMean { mean }.to_string())
        }
    };
    let held = often(way.reorder.rate).map(|rate| {
        let extra = duration(way.reorder.extra);
        say::WayHeld { rate, extra }.to_string()
    });
    let parts: Vec<String> = [
        loss,
        delay.map(|delay| say::WayDelay { delay }.to_string()),
        jitter,
        often(way.duplicate).map(|rate| say::WayTwice { rate }.to_string()),
        held,
        often(way.corrupt).map(|rate| say::WayDamaged { rate }.to_string()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        say::WAY_NOTHING.to_string()
    } else {
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use udping_link::Reorder;

    #[test]
    fn a_way_is_told_as_people_would() {
        assert_eq!(impairments(&Impairments::default()), "nothing");
        let ms = Duration::from_millis;
        let tenth = Rate::from_ppm(100_000).unwrap();
        let way = Impairments {
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
            impairments(&way),
            "10% lost, 20ms delay, ±5ms jitter, 10% duplicated, 10% held back by 50ms"
        );
    }
}
