//! The classroom's wire: `Ping <seq> <token>` in ASCII.
