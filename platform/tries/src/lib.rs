//! Slows down people who guess a password, a code or a number, and locks nobody out.
//!
//! - A try is reserved before it is checked, so simultaneous guesses get no further than guesses in a row. A correct
//!   try is given back.
//! - Wrong tries are counted for the guessed account or case, the network address and the telephone. After a few of
//!   them the next try waits, each time longer, up to a limit. They expire one by one.
//! - A device that was right before has its own count, so strangers' guesses do not slow it down ([`Guard`]).
//!
//! Counts are stored in the database under keyed digests, so they apply across servers and survive restarts. This
//! crate contains no figure: each [`Pace`] is an argument.

mod actions;
mod guard;
mod records;
mod rules;

pub use actions::{Limit, Reserved, hold, look, reserve};
pub use guard::{Digest, Guard, KEY};
pub use records::{MIGRATIONS, sweep};
pub use rules::{Count, Pace};
