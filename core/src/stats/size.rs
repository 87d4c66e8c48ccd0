//! How much room the statistics take, and how exact they are for it.
//!
//! Owns the sizes to choose from. Knows nothing of what is kept in the room.

use core::fmt::Debug;

use super::buckets::buckets;

/// What [`Stats`](super::Stats) and [`Windows`](super::Windows) are sized by: their type
/// parameter.
///
/// Choose [`Small`], [`Fleet`] or, with an allocator, [`Full`]; or give [`Inline`] or
/// [`Boxed`] numbers of your own. Percentiles are exact while a series has no more samples
/// than cells, and as exact as the buckets after that; everything else is as exact in the
/// least size as in the greatest.
///
/// The command takes [`Full`] for its one session and its windows.
///
/// | size | `Stats` takes at most | percentiles are exact to | and after that within |
/// |---|---|---|---|
/// | [`Small`] | 9 KiB | 165 samples | 1/8 (12.5 %) |
/// | [`Fleet`] | 24 KiB | 625 samples | 1/32 (3.2 %) |
/// | [`Full`] | 568 KiB, all but 4 KiB of it on the heap | 17 409 samples | 1/1024 (0.1 %) |
pub trait Size: Debug + Clone {
    /// Each octave is cut into 2 to the power of this many buckets. With n of them, a
    /// percentile is off by at most 1/2n of its value.
    const RESOLUTION: u32;

    /// How many numbers back a probe's neighbour is known for the delay variation: a
    /// power of two.
    const NEIGHBOURS: usize;

    /// The room of one series: samples while they fit, and counts by bucket after that.
    type Cells: AsRef<[u64]> + AsMut<[u64]> + Debug + Clone;

    /// The room of one delay variation: sequence numbers and delays.
    type Neighbours: AsRef<[Neighbour]> + AsMut<[Neighbour]> + Debug + Clone;

    /// An empty series' room: at least as many cells as there are buckets.
    fn cells() -> Self::Cells;

    /// An empty delay variation's room: [`Self::NEIGHBOURS`] times `None`.
    fn neighbours() -> Self::Neighbours;
}

/// A sequence number and a delay, where one is known.
pub type Neighbour = Option<(u64, u64)>;

/// For a microcontroller.
pub type Small = Inline<{ buckets(2) }, 2, 8>;

/// For a client among ten thousand.
pub type Fleet = Inline<{ buckets(4) }, 4, 16>;

/// For a program that has one session, or a few.
#[cfg(feature = "alloc")]
pub type Full = Boxed<{ buckets(9) }, 9, 256>;

/// Room inside the statistics themselves: for each series `CELLS` cells of 8 bytes, and for
/// each of three delay variations `NEIGHBOURS` places of 24 bytes.
///
/// There must be [`cells_needed`] cells for the `RESOLUTION` or more, which is checked when
/// it is compiled, and `NEIGHBOURS` must be a power of two.
#[derive(Debug, Clone, Copy)]
pub struct Inline<const CELLS: usize, const RESOLUTION: u32, const NEIGHBOURS: usize>;

/// The same as [`Inline`] on the heap, so that the statistics can be moved.
#[cfg(feature = "alloc")]
#[derive(Debug, Clone, Copy)]
pub struct Boxed<const CELLS: usize, const RESOLUTION: u32, const NEIGHBOURS: usize>;

/// How many cells a series must have for each octave to be cut into 2 to the power of
/// `resolution` buckets.
#[must_use]
pub const fn cells_needed(resolution: u32) -> usize {
    buckets(resolution)
}

impl<const CELLS: usize, const RESOLUTION: u32, const NEIGHBOURS: usize> Size
    for Inline<CELLS, RESOLUTION, NEIGHBOURS>
{
    const RESOLUTION: u32 = RESOLUTION;
    const NEIGHBOURS: usize = NEIGHBOURS;
    type Cells = [u64; CELLS];
    type Neighbours = [Neighbour; NEIGHBOURS];

    fn cells() -> Self::Cells {
        const { assert!(CELLS >= buckets(RESOLUTION)) }
        [0; CELLS]
    }

    fn neighbours() -> Self::Neighbours {
        const { assert!(NEIGHBOURS.is_power_of_two()) }
        [None; NEIGHBOURS]
    }
}

#[cfg(feature = "alloc")]
impl<const CELLS: usize, const RESOLUTION: u32, const NEIGHBOURS: usize> Size
    for Boxed<CELLS, RESOLUTION, NEIGHBOURS>
{
    const RESOLUTION: u32 = RESOLUTION;
    const NEIGHBOURS: usize = NEIGHBOURS;
    type Cells = alloc::boxed::Box<[u64]>;
    type Neighbours = alloc::boxed::Box<[Neighbour]>;

    fn cells() -> Self::Cells {
        const { assert!(CELLS >= buckets(RESOLUTION)) }
        alloc::vec![0; CELLS].into_boxed_slice()
    }

    fn neighbours() -> Self::Neighbours {
        const { assert!(NEIGHBOURS.is_power_of_two()) }
        alloc::vec![None; NEIGHBOURS].into_boxed_slice()
    }
}
