//! What a fate depends on, and that nothing else moves it.

use std::{vec, vec::Vec};

use proptest::prelude::*;

use super::*;

/// Chi-square of 65 536 values sorted into 256 bins: 255 ± 23 if they are uniform.
fn assert_uniform(what: &str, bins: impl Iterator<Item = u64>) {
    let mut counts = vec![0_u64; 256];
    bins.take(1 << 16)
        .for_each(|bin| counts[usize::try_from(bin).unwrap()] += 1);
    let chi_square: f64 = counts
        .iter()
        .map(|n| (exact(*n) - 256.0).powi(2) / 256.0)
        .sum();
    assert!((160.0..370.0).contains(&chi_square), "{what}: {chi_square}");
}

#[test]
fn draws_are_uniform_alone_and_beside_their_neighbours() {
    let link = |number, direction| Link::new(seed(number), direction, Impairments::default());
    let (here, back) = (link(1, Direction::Request), link(1, Direction::Reply));
    let beside = link(2, Direction::Request);
    let draw = |link: Link, seq, copy, purpose| link.draw(PacketId { seq, copy }, purpose);
    let pair = |a: Draw, b: Draw| a.below(16) * 16 + b.below(16);
    let loss = |seq| draw(here, seq, 0, Purpose::Loss);

    assert_uniform("high bits", (1..).map(|seq| loss(seq).below(256)));
    assert_uniform("low bits", (1..).map(|seq| loss(seq).0 % 256));
    assert_uniform(
        "next packet",
        (1..).map(|seq| pair(loss(2 * seq), loss(2 * seq + 1))),
    );
    assert_uniform(
        "copy",
        (1..).map(|s| pair(loss(s), draw(here, s, 1, Purpose::Loss))),
    );
    assert_uniform(
        "purpose",
        (1..).map(|s| pair(loss(s), draw(here, s, 0, Purpose::Jitter))),
    );
    assert_uniform(
        "direction",
        (1..).map(|s| pair(loss(s), draw(back, s, 0, Purpose::Loss))),
    );
    assert_uniform(
        "seed",
        (1..).map(|s| pair(loss(s), draw(beside, s, 0, Purpose::Loss))),
    );
    let across = |number| draw(link(number, Direction::Request), 1, 0, Purpose::Loss);
    assert_uniform(
        "first packet of each seed",
        (0..).map(|number| across(number).below(256)),
    );
}

#[test]
fn one_bit_of_any_key_changes_half_the_draw() {
    let mut flips = 0_u64;
    for bit in 0..64 {
        for index in 0..256 {
            let (a, b) = (splitmix::at(7, index), splitmix::at(7, index ^ (1 << bit)));
            let (c, d) = (splitmix::at(index, 7), splitmix::at(index ^ (1 << bit), 7));
            flips += u64::from((a ^ b).count_ones() + (c ^ d).count_ones());
        }
    }
    let mean = exact(flips) / (2.0 * 64.0 * 256.0);
    assert!((mean - 32.0).abs() < 0.1, "{mean}");
}

fn any_rate() -> impl Strategy<Value = Rate> {
    (0..=1_000_000_u32).prop_map(rate)
}

fn any_duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        0..100_000_000_u64,
        0..=saturating_nanos(Impairments::MAX_DELAY)
    ]
    .prop_map(Duration::from_nanos)
}

fn any_conditions() -> impl Strategy<Value = Impairments> {
    let bursty = (
        1_000..=1_000_000_u32,
        0..=1_000_000_u64,
        any_rate(),
        any_rate(),
    )
        .prop_map(|(sum, share, loss_in_bad, loss_in_good)| {
            let enter = u32::try_from(u64::from(sum) * share / 1_000_000).unwrap();
            let (enter_bad, leave_bad) = (rate(enter), rate(sum - enter));
            Loss::Bursty {
                enter_bad,
                leave_bad,
                loss_in_bad,
                loss_in_good,
            }
        });
    let loss = prop_oneof![any_rate().prop_map(Loss::Independent), bursty];
    let jitter = prop_oneof![
        Just(Jitter::None),
        any_duration().prop_map(|spread| Jitter::Uniform { spread }),
        any_duration().prop_map(|sigma| Jitter::Normal { sigma }),
        any_duration().prop_map(|mean| Jitter::Exponential { mean }),
        (any_duration(), any_duration())
            .prop_map(|(mean, sigma)| Jitter::LogNormal { mean, sigma }),
    ];
    let reorder = (any_rate(), any_duration()).prop_map(|(rate, extra)| Reorder { rate, extra });
    (
        loss,
        any_duration(),
        jitter,
        any_rate(),
        reorder,
        any_rate(),
    )
        .prop_map(
            |(loss, delay, jitter, duplicate, reorder, corrupt)| Impairments {
                loss,
                delay,
                jitter,
                duplicate,
                reorder,
                corrupt,
            },
        )
}

proptest! {
    #[test]
    fn one_condition_decides_one_thing(
        a in any_conditions(), b in any_conditions(),
        number in 0..=Seed::MAX.get(), seq: u64, copy: u32,
    ) {
        prop_assert_eq!(a.validate(), Ok(()));
        let fate = |impairments| {
            Link::new(seed(number), Direction::Reply, impairments).fate(PacketId { seq, copy })
        };
        let (fate_a, fate_b) = (fate(a), fate(b));

        let mixed = fate(Impairments { loss: b.loss, ..a });
        prop_assert_eq!(mixed, Fate { lost: fate_b.lost, ..fate_a });
        let mixed = fate(Impairments { corrupt: b.corrupt, ..a });
        prop_assert_eq!(mixed, Fate { corrupt: fate_b.corrupt, ..fate_a });
        let mixed = fate(Impairments { duplicate: b.duplicate, ..a });
        prop_assert_eq!(mixed, Fate { duplicate: mixed.duplicate, ..fate_a });
        prop_assert_eq!(mixed.duplicate.is_some(), fate_b.duplicate.is_some());
        let mixed = fate(Impairments { reorder: b.reorder, ..a });
        let (delay, held_back) = (mixed.delay, fate_b.held_back);
        prop_assert_eq!(mixed, Fate { delay, held_back, ..fate_a });
        let mixed = fate(Impairments { delay: b.delay, jitter: b.jitter, ..a });
        let (delay, duplicate) = (mixed.delay, mixed.duplicate);
        prop_assert_eq!(mixed, Fate { delay, duplicate, ..fate_a });
    }

    #[test]
    fn a_higher_rate_hits_all_that_a_lower_one_hits(
        low in any_rate(), high in any_rate(), number in 0..=Seed::MAX.get(), seq: u64,
    ) {
        let (low, high) = (low.min(high), low.max(high));
        let lost = |rate| {
            let impairments = Impairments { loss: Loss::Independent(rate), ..Impairments::default() };
            Link::new(seed(number), Direction::Request, impairments).fate(packet(seq)).lost
        };
        prop_assert!(!lost(low) || lost(high));
    }

    #[test]
    fn corruption_changes_one_byte_and_undoes_itself(
        at: u64, mask: NonZeroU8, bytes in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let corruption = Corruption { at, mask };
        let mut damaged = bytes.clone();
        corruption.apply(&mut damaged);
        let changed = bytes.iter().zip(&damaged).filter(|(a, b)| a != b).count();
        prop_assert_eq!(changed, bytes.len().min(1));
        corruption.apply(&mut damaged);
        prop_assert_eq!(damaged, bytes);
    }
}

/// Every condition at work, with the given loss and jitter.
fn everything(loss: Loss, jitter: Jitter) -> Impairments {
    Impairments {
        loss,
        delay: 20 * MS,
        jitter,
        duplicate: rate(100_000),
        reorder: Reorder {
            rate: rate(50_000),
            extra: 30 * MS,
        },
        corrupt: rate(100_000),
    }
}

/// What a seed means, for ever: saved links and journals depend on it. x86-64, wasm32
/// and thumbv7m have been seen to agree on these numbers.
#[test]
fn pinned_digests() {
    let independent = Loss::Independent(rate(200_000));
    let sigma = 5 * MS;
    let burst = bursty(20_000, 200_000, 900_000, 1_000).loss;
    for (loss, jitter, pinned) in [
        (burst, Jitter::None, 215_014_367_317_582_933),
        (
            independent,
            Jitter::Uniform { spread: sigma },
            6_429_915_140_600_295_738,
        ),
        (
            independent,
            Jitter::Normal { sigma },
            14_402_935_890_988_815_310,
        ),
        (
            independent,
            Jitter::Exponential { mean: sigma },
            12_794_185_332_237_391_202,
        ),
        (
            independent,
            Jitter::LogNormal { mean: sigma, sigma },
            5_540_430_659_003_679_256,
        ),
    ] {
        let impairments = everything(loss, jitter);
        let mut digest = 0;
        for direction in [Direction::Request, Direction::Reply] {
            let link = Link::new(seed(42), direction, impairments);
            for packet in (1..=1_000).flat_map(|seq| [0, 1].map(|copy| PacketId { seq, copy })) {
                let fate = link.fate(packet);
                for word in [
                    u64::from(fate.lost),
                    saturating_nanos(fate.delay),
                    fate.corrupt.map_or(0, |corruption| corruption.at),
                    fate.corrupt
                        .map_or(0, |corruption| corruption.mask.get().into()),
                    fate.duplicate.map_or(u64::MAX, saturating_nanos),
                    u64::from(fate.held_back),
                ] {
                    digest = splitmix::at(digest, word);
                }
            }
        }
        assert_eq!(digest, pinned, "{impairments:?}");
    }
}

#[test]
fn pinned_losses() {
    let loss = Loss::Independent(rate(300_000));
    let link = Link::new(
        seed(1),
        Direction::Request,
        Impairments {
            loss,
            ..Impairments::default()
        },
    );
    let numbers: Vec<u64> = (1..=20)
        .filter(|seq| link.fate(packet(*seq)).lost)
        .collect();
    assert_eq!(numbers, [7, 8, 9, 15, 16, 17]);
}
