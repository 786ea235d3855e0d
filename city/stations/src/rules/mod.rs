//! These rules say what holds for stations: when they are open, how far they are, who lives near one, where the next
//! one belongs.

pub mod circle;
pub mod hours;
pub mod next;
