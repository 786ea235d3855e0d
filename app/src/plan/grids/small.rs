//! This file says in words why grids have fewer households than the least: how many of each cause there are, and what
//! can be done.

use std::collections::BTreeMap;

use kernel::language::Bilingual;
use planning::partition::{Border, Cause, SmallPiece, causes};
use serde_json::{Value, json};

use crate::plan::summary::Note;
use crate::plan::table::both;
use crate::plan::town::Buildings;

/// The name of the figure.
pub(super) const SMALL: &str = "small_grids";

/// Returns the name of a cause for programs.
const fn name(cause: Cause) -> &'static str {
    match cause {
        Cause::Community => "community_too_small",
        Cause::Alone => "touches_no_building",
        Cause::Border => "touches_other_communities_only",
        Cause::Part => "part_of_its_own",
        Cause::Proven => "proven_unavoidable",
        Cause::Open => "not_proven",
    }
}

/// Says what a cause is, and what can be done.
const fn said(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::Community => (
            "所在的社区一共就不够，怎样划都不够。可以用 --least 把下限调低，或者和旁边的社区合起来划\
             （在楼栋表里写成同一个社区）。",
            "their whole communities have no more. Lower --least, or divide them together with a community beside \
             them (one name for both in the sheet of buildings).",
        ),
        Cause::Alone => (
            "各是一栋楼，和哪栋楼都不挨着。请在相邻表（adjacency.csv，一行写明挨着的两栋楼）里补上和它挨着的楼，或核对它的\
             坐标；确实孤立的，可以不改。",
            "each is one building, and none stands beside it. Add one to the table of neighbours (adjacency.csv: each \
             row names two buildings that stand side by side), or correct its point; one that does stand alone may \
             stay so.",
        ),
        Cause::Border => (
            "各是一栋楼，只和别的社区的楼挨着。请核对它属于哪个社区；没有写错的，可以不改。",
            "each is one building, and only buildings of other communities stand beside it. Check to which community \
             it belongs; one that is right may stay so.",
        ),
        Cause::Part => (
            "各是社区里单独的一片，和本社区其余的楼都不挨着。其实挨着的，请在相邻表（adjacency.csv，一行写明挨着的两栋楼）里\
             补上；确实隔开的，可以用 --least 把下限调低。",
            "each is a part of its community that lies apart from the rest. If it does not, add the buildings that \
             stand side by side to the table of neighbours (adjacency.csv: each row names two); if it does, lower \
             --least.",
        ),
        Cause::Proven => (
            "已证明所在的一片怎样划都有网格超出范围。可以用 --least 和 --most 放宽范围。",
            "it is proven that no division of their pieces keeps the bounds. Widen them with --least and --most.",
        ),
        Cause::Open => (
            "没有找到都在范围里的划法，也没有证明没有。请加大 --effort 再划。",
            "no division within bounds was found, and it is not proven that there is none. Plan with more --effort.",
        ),
    }
}

/// Counts the grids below the least by what is known of their cause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Small {
    least: u32,
    counts: BTreeMap<Cause, u64>,
}

impl Small {
    /// Counts those of some pieces.
    pub(super) fn of(town: &Buildings, borders: &[Border], least: u32, pieces: &[SmallPiece]) -> Self {
        let mut counts: BTreeMap<Cause, u64> = BTreeMap::new();
        for (cause, piece) in causes(&town.grid, borders, least, pieces).into_iter().zip(pieces) {
            *counts.entry(cause).or_default() += piece.small;
        }
        Self { least, counts }
    }

    /// Returns how many there are of each cause, as a figure of the summary, if there are any.
    pub(super) fn figure(&self) -> Option<(&'static str, Value)> {
        let counts: BTreeMap<&str, u64> = self.counts.iter().map(|(cause, count)| (name(*cause), *count)).collect();
        (!counts.is_empty()).then(|| (SMALL, json!(counts)))
    }

    /// Says of each cause how many there are and what can be done.
    pub(super) fn sentences(&self) -> impl Iterator<Item = Bilingual> {
        let least = self.least;
        self.counts.iter().map(move |(cause, count)| {
            let (zh, en) = said(*cause);
            both(
                format!("{count} 个网格不足 {least} 户：{zh}"),
                match count {
                    1 => format!("1 grid has fewer than {least} households: {en}"),
                    _ => format!("{count} grids have fewer than {least} households: {en}"),
                },
            )
        })
    }

    /// Does the same as notes of a summary.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        self.sentences().map(|said| Note::new(SMALL, said))
    }
}
