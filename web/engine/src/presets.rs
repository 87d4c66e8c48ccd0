//! Networks with a name.
//!
//! Owns their figures. Their names for people are the catalogue's.

use std::time::Duration;

use udping_core::time::saturating_nanos;
use udping_journal::Scenario;
use udping_journal::ScheduleSpec;
use udping_link::{Impairments, Jitter, Loss, Rate, Reorder, Seed};

use super::setup::Setup;

/// A named setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// A switch away.
    CampusLan,
    /// A busy living room.
    HomeWifi,
    /// Up and down again.
    Satellite,
    /// The textbook's server: 30 % loss.
    Textbook,
    /// Every reply 1.3 s late.
    AlwaysLate,
}

impl Preset {
    /// All, in the order to show them.
    pub const ALL: [Self; 5] = [
        Self::CampusLan,
        Self::HomeWifi,
        Self::Satellite,
        Self::Textbook,
        Self::AlwaysLate,
    ];

    /// The catalogue's key for its name, such as `preset-campus-lan`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CampusLan => "preset-campus-lan",
            Self::HomeWifi => "preset-home-wifi",
            Self::Satellite => "preset-satellite",
            Self::Textbook => "preset-textbook",
            Self::AlwaysLate => "preset-always-late",
        }
    }

    /// The setup, with the given seed's chance.
    #[must_use]
    pub fn setup(self, seed: Seed) -> Setup {
        let (request, reply) = self.ways();
        let setup = Setup {
            scenario: Scenario {
                seed,
                request,
                reply,
                service_ns: 50_000,
                ..Scenario::default()
            },
            ..Setup::default()
        };
        match self {
            Self::CampusLan => Setup {
                schedule: ScheduleSpec::Paced {
                    interval_ns: saturating_nanos(ms(10)),
                },
                count: 20,
                timeout_ns: saturating_nanos(ms(100)),
                ..setup
            },
            Self::HomeWifi => Setup {
                schedule: ScheduleSpec::Paced {
                    interval_ns: saturating_nanos(ms(20)),
                },
                count: 100,
                timeout_ns: saturating_nanos(ms(100)),
                late_window_ns: Some(saturating_nanos(ms(400))),
                ..setup
            },
            Self::Satellite => Setup {
                schedule: ScheduleSpec::Paced {
                    interval_ns: saturating_nanos(ms(200)),
                },
                count: 30,
                timeout_ns: saturating_nanos(ms(1_500)),
                ..setup
            },
            Self::Textbook | Self::AlwaysLate => setup,
        }
    }

    /// The way there and the way back.
    fn ways(self) -> (Impairments, Impairments) {
        let still = Impairments::default();
        match self {
            Self::CampusLan => {
                let way = Impairments {
                    delay: us(150),
                    jitter: Jitter::Exponential { mean: us(60) },
                    loss: Loss::Independent(rate(500)),
                    ..still
                };
                (way, way)
            }
            Self::HomeWifi => {
                // Fades come in bursts; retries make the tail long.
                let way = Impairments {
                    delay: ms(4),
                    jitter: Jitter::LogNormal {
                        mean: ms(6),
                        sigma: ms(12),
                    },
                    loss: Loss::Bursty {
                        enter_bad: rate(15_000),
                        leave_bad: rate(250_000),
                        loss_in_bad: rate(600_000),
                        loss_in_good: Rate::NEVER,
                    },
                    duplicate: rate(10_000),
                    reorder: Reorder {
                        rate: rate(20_000),
                        extra: ms(30),
                    },
                    ..still
                };
                (way, way)
            }
            Self::Satellite => {
                let way = Impairments {
                    delay: ms(270),
                    jitter: Jitter::Normal { sigma: ms(8) },
                    loss: Loss::Independent(rate(10_000)),
                    ..still
                };
                (way, way)
            }
            // The server of the assignment throws 30 % away; the way back is clean.
            Self::Textbook => (
                Impairments {
                    delay: ms(40),
                    jitter: Jitter::Uniform { spread: ms(15) },
                    loss: Loss::Independent(rate(300_000)),
                    ..still
                },
                Impairments {
                    delay: ms(40),
                    jitter: Jitter::Uniform { spread: ms(15) },
                    ..still
                },
            ),
            Self::AlwaysLate => (
                Impairments {
                    delay: ms(20),
                    ..still
                },
                Impairments {
                    delay: ms(1_280),
                    jitter: Jitter::Uniform { spread: ms(5) },
                    ..still
                },
            ),
        }
    }
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn us(micros: u64) -> Duration {
    Duration::from_micros(micros)
}

/// A rate in parts per million, at most all of them.
const fn rate(ppm: u32) -> Rate {
    match Rate::from_ppm(ppm) {
        Ok(rate) => rate,
        Err(_) => Rate::ALWAYS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Figures;
    use crate::run::Run;

    fn figures(preset: Preset, count: u64) -> udping_core::stats::Summary {
        let mut setup = preset.setup(Seed::from_low_bits(1));
        setup.count = count;
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        Figures::default().at(&run, run.after(run.events()))
    }

    #[test]
    fn each_network_behaves_as_its_name_says() {
        let lan = figures(Preset::CampusLan, 2_000);
        let loss = lan.loss().unwrap();
        assert!(loss.part() * 200 < loss.whole() && lan.rtt.unwrap().median_ns < 1_000_000);
        let wifi = figures(Preset::HomeWifi, 5_000);
        let rtt = wifi.rtt.unwrap();
        assert!(rtt.p99_ns > 2 * rtt.median_ns, "{rtt:?}");
        assert!(wifi.duplicates > 0 && wifi.reordering.unwrap().reordered > 0);
        assert!(wifi.loss_runs.unwrap().longest > 1);
        let space = figures(Preset::Satellite, 1_000).rtt.unwrap();
        assert!((500_000_000..600_000_000).contains(&space.median_ns));
        let textbook = figures(Preset::Textbook, 10_000).loss().unwrap();
        assert!(textbook.part().abs_diff(3_000) < 150, "{textbook}");
        let late = figures(Preset::AlwaysLate, 10);
        assert_eq!((late.replied, late.lost, late.late), (0, 10, 10));
        let rtt = late.late_rtt.unwrap().mean_ns;
        assert!(rtt.abs_diff(1_300_000_000) < 10_000_000, "{rtt}");
    }
}
