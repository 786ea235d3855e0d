//! The ways through a procedure: which state may follow which.

use super::Procedure;
use std::collections::{BTreeMap, BTreeSet};

/// The states that follow each state by one action.
pub(super) type Edges<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub(super) fn edges(procedure: &Procedure) -> Edges<'_> {
    let mut edges = Edges::new();
    for action in procedure.actions.values() {
        for from in &action.from {
            let to = edges.entry(from.as_str()).or_default();
            to.insert(action.to.as_str());
            to.extend(action.leaves.get(from).map(String::as_str));
        }
    }
    edges
}

pub(super) fn reversed<'a>(edges: &Edges<'a>) -> Edges<'a> {
    let mut backwards = Edges::new();
    for (from, tos) in edges {
        for to in tos {
            backwards.entry(*to).or_default().insert(*from);
        }
    }
    backwards
}

/// The states that are named, and every state that may follow them.
pub(super) fn closure<'a>(from: impl Iterator<Item = &'a str>, edges: &Edges<'a>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = from.collect();
    while let Some(state) = open.pop() {
        if reached.insert(state) {
            open.extend(edges.get(state).into_iter().flatten().copied());
        }
    }
    reached
}
