//! Sorting of numbers.
//!
//! Owns the one sorting routine of the page: each kind of what is sorted would take its own,
//! 1.3 kB compressed. `sort_by_cached_key` sorts by it too, where its key is a `u64`.

/// The indices of `keys` in their order, those of equal ones in order of index.
pub fn ordered(keys: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    let mut pairs: Vec<(u64, usize)> = keys.zip(0..).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, index)| index)
}

/// Numbers in order, each once.
pub(crate) fn in_order(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut pairs: Vec<(u64, usize)> = numbers.map(|number| (number, 0)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.into_iter().map(|(number, _)| number).collect()
}
