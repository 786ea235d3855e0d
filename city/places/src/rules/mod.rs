//! This folder says about places what needs no look at the store: names, editions, which place is which, the tree, and
//! search.

pub mod edition;
pub mod geography;
pub mod grids;
pub mod living;
pub mod matching;
pub mod naming;
pub mod outcome;
pub mod outlines;
pub mod search;
pub mod spot;
pub mod tree;
pub mod units;
