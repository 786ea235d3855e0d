//! Slows whoever guesses at a password, a code or a number, and locks nobody out.
//!
//! - A try is reserved before it is checked, so guesses that come at the same moment get no more through than guesses
//!   in a row. A try that was right is given back.
//! - Wrong tries are counted at what is guessed at, at the network address and at the telephone. After a few of them
//!   the next try waits, each time longer, up to a bound. They are forgotten one by one.
//! - A device that was right before has a count of its own. What strangers guess does not slow it ([`Guard`]).
//!
//! Counts stand in the database under keyed digests, so they hold for several servers and over restarts. This crate
//! holds no figure: each [`Pace`] is an argument.

mod actions;
mod guard;
mod records;
mod rules;

pub use actions::{Limit, Reserved, hold, look, reserve};
pub use guard::{Digest, Guard, KEY};
pub use records::{MIGRATIONS, sweep};
pub use rules::{Count, Pace};
