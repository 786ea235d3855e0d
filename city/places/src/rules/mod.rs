//! What can be said about places without looking anything up: names, editions, who is the same as whom, the tree, search.

pub mod edition;
pub mod geography;
pub mod grids;
pub mod matching;
pub mod naming;
pub mod outcome;
pub mod search;
pub mod tree;
pub mod units;
