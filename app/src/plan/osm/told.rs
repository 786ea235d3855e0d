//! This file tells what a reader must know of an extract: what it lacks, and what of it does not count.

use kernel::language::Bilingual;

use crate::plan::table::both;

/// Counts what of an extract has to be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Nodes that are there more than once.
    pub repeated_nodes: u64,
    /// Ways that are there more than once.
    pub repeated_ways: u64,
    /// Nodes of ways that lie just where another one lies.
    pub stacked: u64,
    /// Squares and other areas that are relations of several ways.
    pub squares: u64,
    /// Ways, and nodes on them, with rules for certain hours.
    pub conditional: u64,
    /// Ways whose kind nobody has heard of.
    pub unknown_ways: u64,
    /// Barriers whose kind nobody has heard of.
    pub unknown_barriers: u64,
    /// Ferries without a duration that can be read.
    pub ferries: u64,
    /// Stretches between two nodes that take too long.
    pub too_long: u64,
}

impl Told {
    /// Returns a sentence for each count that is not 0.
    pub fn sentences(&self) -> Vec<Bilingual> {
        let all = self.of_things().into_iter().chain(self.of_tags());
        all.filter(|(count, _)| *count > 0).map(|(_, said)| said).collect()
    }

    /// Says what is there too often, or is drawn in a way that does not count.
    fn of_things(&self) -> [(u64, Bilingual); 4] {
        let Self { repeated_nodes: nodes, repeated_ways: ways, stacked, squares, too_long, .. } = *self;
        let repeated = both(
            format!("有 {nodes} 个节点、{ways} 条路重复出现，以最后一个为准。请重新截取地图，不要把几份拼在一起。"),
            format!(
                "{nodes} nodes and {ways} ways are there more than once; the last one of each counts. Cut the extract \
                 anew instead of joining several."
            ),
        );
        let stacked_said = both(
            format!("有 {stacked} 个节点和别的节点在同一处，却没有接上，从那里走不到另一条路上。"),
            format!(
                "{stacked} nodes lie just where another one lies without being joined to it; nobody changes there."
            ),
        );
        let squares_said = both(
            format!("有 {squares} 个广场由几条线围成（multipolygon），没有算作可以走的地方。"),
            format!("{squares} squares are drawn as relations (multipolygon); nobody walks on them or round them."),
        );
        let too_long_said = both(
            format!("有 {too_long} 段路两点之间太远，没有算进去。"),
            format!("{too_long} stretches are too long between two nodes; they are left out."),
        );
        [(nodes + ways, repeated), (stacked, stacked_said), (squares, squares_said), (too_long, too_long_said)]
    }

    /// Says what is tagged in a way that is not read.
    fn of_tags(&self) -> [(u64, Bilingual); 4] {
        let Self { conditional, unknown_ways: ways, unknown_barriers: barriers, ferries, .. } = *self;
        let conditional_said = both(
            format!("有 {conditional} 处规定只在部分时段有效（foot:conditional 等），这里只按平时的规定算。"),
            format!(
                "{conditional} ways and gates have rules for certain hours (foot:conditional and the like); only \
                 their usual rule counts."
            ),
        );
        let ways_said = both(
            format!("有 {ways} 条路的 highway 值不认识，没有算作可以走的路。"),
            format!("{ways} ways have an unknown kind of highway; nobody walks on them."),
        );
        let barriers_said = both(
            format!("有 {barriers} 处障碍的 barrier 值不认识，算作不能通过。"),
            format!("{barriers} barriers have an unknown kind; nobody passes them."),
        );
        let ferries_said = both(
            format!("有 {ferries} 条轮渡没有写明能读懂的时间（duration），按每秒 3 米算。"),
            format!("{ferries} ferries have no duration that can be read; they are taken to go 3 metres a second."),
        );
        [(conditional, conditional_said), (ways, ways_said), (barriers, barriers_said), (ferries, ferries_said)]
    }
}
