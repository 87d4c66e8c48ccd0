//! The udping command.

fn main() {}
