//! The client under any calls in any order, checked after each of them; and the
//! replay of what its session put on record.
//!
//! The invariants are the property tests': this only makes the calls.
#![no_main]

#[path = "../../core/journal/tests/harness/mod.rs"]
mod harness;

use std::num::NonZeroU64;
use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use harness::{Carried, Op, Setup, When, Whom};
use libfuzzer_sys::fuzz_target;
use udping_core::schedule::Schedule;

/// The most slots that a table is given: enough to come round, quick to make.
const MAX_TABLE_ENTRIES: u64 = 64;

fuzz_target!(|run: Run| {
    let Run { setup, ops } = run;
    if setup
        .check()
        .is_ok_and(|config| config.check_table(MAX_TABLE_ENTRIES).is_ok())
    {
        harness::run(&setup, &ops);
    }
});

#[derive(Debug)]
struct Run {
    setup: Setup,
    ops: Vec<Op>,
}

impl Arbitrary<'_> for Run {
    fn arbitrary(u: &mut Unstructured<'_>) -> Result<Self> {
        let setup = setup(u)?;
        let ops = u.arbitrary_iter()?.map(|op| op.map(|Call(op)| op));
        Ok(Self {
            setup,
            ops: ops.collect::<Result<_>>()?,
        })
    }
}

fn setup(u: &mut Unstructured<'_>) -> Result<Setup> {
    Ok(Setup {
        schedule: match u.int_in_range(0..=3)? {
            0 => Schedule::StopAndWait {
                gap: Duration::from_nanos(number(u)?),
            },
            1 => Schedule::Paced {
                interval: Duration::from_nanos(number(u)?),
            },
            2 => Schedule::Window {
                size: u.arbitrary::<u8>()?.into(),
            },
            _ => Schedule::OnDemand,
        },
        count: NonZeroU64::new(number(u)?),
        timeout: number(u)?,
        late_window: number(u)?,
        accept_unnumbered: u.arbitrary()?,
        wall: number(u)?,
        key: u.arbitrary()?,
        spare_slots: u.int_in_range(0..=4)?,
        start: if u.ratio(3, 4)? { 0 } else { u.arbitrary()? },
    })
}

/// A small number, so that times meet; now and then any at all.
fn number(u: &mut Unstructured<'_>) -> Result<u64> {
    if u.ratio(7, 8)? {
        u.arbitrary::<u8>().map(u64::from)
    } else {
        u.arbitrary()
    }
}

/// An interval by a clock that may have been set back.
fn interval(u: &mut Unstructured<'_>) -> Result<i64> {
    if u.ratio(7, 8)? {
        u.int_in_range(-32..=255)
    } else {
        u.arbitrary()
    }
}

fn when(u: &mut Unstructured<'_>) -> Result<When> {
    Ok(match u.int_in_range(0..=7)? {
        0 => When::Before(number(u)?),
        1 => When::After(number(u)?),
        2 if u.ratio(1, 8)? => When::End,
        // The coarse grain meets deadlines; `number` finds the edges.
        _ => When::After(u.int_in_range(0..=20)?),
    })
}

fn whom(u: &mut Unstructured<'_>) -> Result<Whom> {
    Ok(if u.ratio(7, 8)? {
        Whom::Back(u.int_in_range(0..=8)?)
    } else {
        Whom::Number(number(u)?)
    })
}

fn maybe<'a, T>(
    u: &mut Unstructured<'a>,
    make: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if u.ratio(3, 4)? {
        make(u).map(Some)
    } else {
        Ok(None)
    }
}

struct Call(Op);

impl Arbitrary<'_> for Call {
    fn arbitrary(u: &mut Unstructured<'_>) -> Result<Self> {
        Ok(Self(match u.int_in_range(0..=11)? {
            0 => Op::Poll(when(u)?),
            1..=3 => Op::Drain(when(u)?),
            4..=6 => {
                let carried = match u.int_in_range(0..=5)? {
                    0 => Carried::Nothing,
                    1 => Carried::Of(u.int_in_range(0..=4)?),
                    2 => Carried::Number(number(u)?),
                    3 => Carried::Cut,
                    _ => Carried::Own,
                };
                let times = if u.ratio(1, 8)? {
                    Some((number(u)?, number(u)?))
                } else {
                    None
                };
                Op::Reply(when(u)?, maybe(u, whom)?, carried, u.arbitrary()?, times)
            }
            7 => Op::Unreachable(when(u)?, maybe(u, whom)?),
            8 => Op::SendFailure(when(u)?, whom(u)?),
            9 => Op::Kernel(whom(u)?, interval(u)?),
            10 => Op::SendNow(when(u)?),
            _ if u.ratio(1, 2)? => Op::Unreadable(when(u)?, u.arbitrary()?),
            _ => Op::Stop(when(u)?),
        }))
    }
}
