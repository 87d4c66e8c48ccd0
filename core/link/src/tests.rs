//! How often and how long: the fates of many packets against what was asked.
//! Every seed is fixed, so each statistical check either always passes or never.

mod keys;

use std::vec::Vec;

use super::*;

const PACKETS: u64 = 100_000;
const MS: Duration = Duration::from_millis(1);

fn rate(ppm: u32) -> Rate {
    Rate::from_ppm(ppm).unwrap()
}

fn seed(seed: u64) -> Seed {
    Seed::new(seed).unwrap()
}

fn packet(seq: u64) -> PacketId {
    PacketId { seq, copy: 0 }
}

fn link(impairments: Impairments) -> Link {
    assert_eq!(impairments.validate(), Ok(()));
    Link::new(seed(2026), Direction::Request, impairments)
}

fn fates(impairments: Impairments) -> impl Iterator<Item = Fate> {
    let link = link(impairments);
    (1..=PACKETS).map(move |seq| link.fate(packet(seq)))
}

/// Asserts that `hits` out of `trials` is within five standard deviations of `ppm`.
fn assert_rate(hits: usize, trials: u64, ppm: u32) {
    let (hits, trials) = (exact(hits as u64), exact(trials));
    let p = f64::from(ppm) / 1e6;
    let sigma = (trials * p * (1.0 - p)).sqrt();
    assert!(
        (hits - trials * p).abs() <= 5.0 * sigma,
        "{hits} of {trials}, {ppm} ppm asked"
    );
}

fn bursty(enter_bad: u32, leave_bad: u32, loss_in_bad: u32, loss_in_good: u32) -> Impairments {
    let loss = Loss::Bursty {
        enter_bad: rate(enter_bad),
        leave_bad: rate(leave_bad),
        loss_in_bad: rate(loss_in_bad),
        loss_in_good: rate(loss_in_good),
    };
    Impairments {
        loss,
        ..Impairments::default()
    }
}

// How often.

#[test]
fn a_perfect_link_does_nothing() {
    let untouched = Fate {
        lost: false,
        delay: Duration::ZERO,
        corrupt: None,
        duplicate: None,
        held_back: false,
    };
    assert!(fates(Impairments::default()).all(|fate| fate == untouched));
}

#[test]
fn each_rate_is_kept_and_the_extremes_are_exact() {
    for ppm in [0, 100, 10_000, 300_000, 999_000, 1_000_000] {
        let impairments = Impairments {
            loss: Loss::Independent(rate(ppm)),
            duplicate: rate(ppm),
            reorder: Reorder {
                rate: rate(ppm),
                extra: MS,
            },
            corrupt: rate(ppm),
            ..Impairments::default()
        };
        let fates: Vec<_> = fates(impairments).collect();
        let count = |f: fn(&Fate) -> bool| fates.iter().filter(|fate| f(fate)).count();
        assert_rate(count(|fate| fate.lost), PACKETS, ppm);
        assert_rate(count(|fate| fate.duplicate.is_some()), PACKETS, ppm);
        assert_rate(count(|fate| fate.held_back), PACKETS, ppm);
        assert_rate(count(|fate| fate.corrupt.is_some()), PACKETS, ppm);
    }
}

#[test]
fn bursts_last_as_long_as_asked() {
    // Lost exactly while Bad: bursts of 1 / 20 % = 5, for 1 / (1 + 20) of the packets.
    let lost: Vec<bool> = fates(bursty(10_000, 200_000, 1_000_000, 0))
        .map(|f| f.lost)
        .collect();
    let losses = lost.iter().filter(|lost| **lost).count();
    let bursts = lost.chunk_by(|a, b| a == b).filter(|run| run[0]).count();
    let (losses, bursts) = (exact(losses as u64), exact(bursts as u64));
    assert!(
        (losses / bursts - 5.0).abs() < 0.4,
        "mean burst {}",
        losses / bursts
    );
    assert!(
        (losses / exact(PACKETS) - 1.0 / 21.0).abs() < 0.005,
        "{losses} lost"
    );
}

#[test]
fn both_states_of_a_bursty_link_have_their_own_rate() {
    let impairments = bursty(100_000, 300_000, 500_000, 20_000);
    let link = link(impairments);
    let (bad, good): (Vec<u64>, Vec<u64>) =
        (1..=PACKETS).partition(|seq| link.is_bad(*seq, rate(100_000), rate(300_000)));
    let lost = |seqs: &[u64]| {
        seqs.iter()
            .filter(|seq| link.fate(packet(**seq)).lost)
            .count()
    };
    assert_rate(lost(&bad), bad.len() as u64, 500_000);
    assert_rate(lost(&good), good.len() as u64, 20_000);
}

#[test]
fn the_state_found_by_looking_back_is_the_one_reached_by_walking() {
    for (enter, leave) in [(10_000, 90_000), (500, 500), (400_000, 600_000), (0, 1_000)] {
        let link = link(bursty(enter, leave, 1_000_000, 0));
        let stream = link.stream(Purpose::Burst, 0);
        let mut bad = None;
        for seq in 1..50_000 {
            let ppm = Draw(splitmix::at(stream, seq)).ppm();
            // One step of the chain, from each state.
            let from_good = ppm < enter;
            let from_bad = ppm < 1_000_000 - leave;
            bad = match bad {
                Some(false) => Some(from_good),
                Some(true) => Some(from_bad),
                // Where it starts does not matter once both states lead to one.
                None => (from_good == from_bad).then_some(from_good),
            };
            if let Some(bad) = bad {
                assert_eq!(link.fate(packet(seq)).lost, bad, "{seq}");
            }
        }
        assert!(bad.is_some());
    }
}

#[test]
fn a_link_that_never_enters_or_never_leaves_bad_stays_where_it_is() {
    assert!(fates(bursty(0, 1_000, 1_000_000, 0)).all(|fate| !fate.lost));
    assert!(fates(bursty(1_000, 0, 1_000_000, 0)).all(|fate| fate.lost));
}

// How long.

#[test]
fn each_jitter_has_its_mean_spread_and_least() {
    let base = 100 * MS;
    let third = 1.0 / 3.0_f64.sqrt();
    for (jitter, mean_ms, sigma_ms, least_ms) in [
        (Jitter::None, 100.0, 0.0, 100.0),
        (
            Jitter::Uniform { spread: 10 * MS },
            100.0,
            10.0 * third,
            90.0,
        ),
        (Jitter::Normal { sigma: 10 * MS }, 100.0, 10.0, 50.0),
        (Jitter::Exponential { mean: 10 * MS }, 110.0, 10.0, 100.0),
        (
            Jitter::LogNormal {
                mean: 10 * MS,
                sigma: 10 * MS,
            },
            110.0,
            10.0,
            100.0,
        ),
    ] {
        let impairments = Impairments {
            delay: base,
            jitter,
            duplicate: Rate::ALWAYS,
            ..Impairments::default()
        };
        let (first, second): (Vec<_>, Vec<_>) = fates(impairments)
            .map(|fate| (fate.delay, fate.duplicate.unwrap()))
            .unzip();
        for delays in [first, second] {
            let ms: Vec<f64> = delays
                .iter()
                .map(|delay| delay.as_secs_f64() * 1e3)
                .collect();
            let n = exact(PACKETS);
            let mean = ms.iter().sum::<f64>() / n;
            let sigma = (ms.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
            let least = ms.iter().copied().fold(f64::INFINITY, f64::min);
            assert!((mean - mean_ms).abs() < 0.15, "{jitter:?}: mean {mean}");
            assert!((sigma - sigma_ms).abs() < 0.3, "{jitter:?}: σ {sigma}");
            assert!(least >= least_ms - 1e-9, "{jitter:?}: least {least}");
        }
    }
}

#[test]
fn a_normal_deviate_is_as_often_far_out_as_it_should_be() {
    let impairments = Impairments {
        delay: 100 * MS,
        jitter: Jitter::Normal { sigma: 10 * MS },
        ..Impairments::default()
    };
    let delays: Vec<_> = fates(impairments).map(|fate| fate.delay).collect();
    let above = |limit| delays.iter().filter(|delay| **delay > limit).count();
    assert_rate(above(100 * MS), PACKETS, 500_000);
    assert_rate(above(110 * MS), PACKETS, 158_655);
    assert_rate(above(120 * MS), PACKETS, 22_750);
    assert_rate(above(130 * MS), PACKETS, 1_350);
}

#[test]
fn no_delay_is_negative_and_none_is_endless() {
    let most = Impairments::MAX_DELAY;
    for jitter in [
        Jitter::Uniform { spread: most },
        Jitter::Normal { sigma: most },
        Jitter::Exponential { mean: most },
        Jitter::LogNormal {
            mean: most,
            sigma: most,
        },
        Jitter::LogNormal {
            mean: Duration::from_nanos(1),
            sigma: most,
        },
        Jitter::LogNormal {
            mean: Duration::ZERO,
            sigma: most,
        },
    ] {
        // Above what `validate` permits on purpose: the link must not overflow.
        let reorder = Reorder {
            rate: Rate::ALWAYS,
            extra: Duration::MAX,
        };
        for delay in [Duration::ZERO, Duration::MAX] {
            let impairments = Impairments {
                delay,
                jitter,
                reorder,
                ..Impairments::default()
            };
            let link = Link::new(seed(1), Direction::Reply, impairments);
            for seq in 0..10_000 {
                let delay = link.fate(packet(seq)).delay;
                assert!((most..=3 * most).contains(&delay), "{jitter:?}: {delay:?}");
            }
        }
    }
}

#[test]
fn a_packet_held_back_takes_that_much_longer() {
    let jitter = Jitter::Exponential { mean: MS };
    let plain = Impairments {
        delay: MS,
        jitter,
        ..Impairments::default()
    };
    let reorder = Reorder {
        rate: rate(250_000),
        extra: 7 * MS,
    };
    for (held, plain) in fates(Impairments { reorder, ..plain }).zip(fates(plain)) {
        let extra = if held.held_back {
            7 * MS
        } else {
            Duration::ZERO
        };
        assert_eq!(held.delay, plain.delay + extra);
    }
}
