//! This file takes down what was read, so that the summary can say it: how many rows of each table, which columns were
//! not read, and into how many parts the ways and the buildings fall.

use std::collections::BTreeMap;

use kernel::language::Bilingual;
use planning::partition::Border;
use planning::pieces::Pieces;
use serde_json::{Map, Value, json};

use super::Table;
use crate::plan::summary::{Note, Summary};
use crate::plan::table::both;

/// Holds what was heard of the tables of a bundle.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heard {
    rows: BTreeMap<String, usize>,
    unread: BTreeMap<String, Vec<String>>,
    figures: Vec<(&'static str, Value)>,
    /// What a reader must know of how the tables were made.
    pub(super) said: Vec<Bilingual>,
    /// What a reader must know of the points and the ways, one line each.
    pub(super) notes: Vec<Note>,
}

impl Heard {
    /// Takes down how many rows a table has, and which columns were not read.
    pub(super) fn table(&mut self, name: &str, table: &Table) {
        self.rows.insert(name.to_owned(), table.rows);
        self.unread.insert(name.to_owned(), table.unread.clone());
    }

    /// Takes down into how many parts the ways fall. `source` names what they were read from.
    pub(super) fn parts(&mut self, pieces: &Pieces, nodes: usize, source: &str) {
        let (parts, largest, alone) = (pieces.count(), pieces.largest() as usize, pieces.alone());
        let outside = nodes.saturating_sub(largest);
        self.figures.extend([
            ("parts_of_the_ways", json!(parts)),
            ("nodes_outside_the_largest_part", json!(outside)),
            ("nodes_on_no_way", json!(alone)),
        ]);
        if parts > 1 {
            let share = outside as f64 * 100.0 / nodes.max(1) as f64;
            let said = both(
                format!(
                    "路网分成了 {parts} 块：{nodes} 个节点里有 {outside} 个（{share:.1} %）不在最大的一块上，其中 {alone} 个\
                     不在任何路上。{source} 如果没有导全，请重新导出。"
                ),
                format!(
                    "the ways fall into {parts} parts: {outside} of {nodes} nodes ({share:.1} %) lie outside the \
                     largest, {alone} of them on no way at all; if {source} was cut short, export it again"
                ),
            );
            self.notes.push(Note::new("parts_of_the_ways", said));
        }
    }

    /// Takes down how many buildings touch no other. `is_brought` says whether a person brought the table of borders.
    pub(super) fn touching(&mut self, buildings: usize, borders: &[Border], is_brought: bool) {
        let mut touches = vec![false; buildings];
        for building in borders.iter().flat_map(|border| [border.a, border.b]) {
            touches[building as usize] = true;
        }
        let alone = touches.iter().filter(|touches| !**touches).count();
        self.figures.push(("buildings_that_touch_none", json!(alone)));
        if alone > 0 && buildings > 1 {
            let (whole_zh, whole_en) = if is_brought {
                ("请看相邻表 adjacency.csv 有没有导全。", "; look whether the table adjacency.csv is whole")
            } else {
                ("", "")
            };
            let said = both(
                format!("{buildings} 栋楼里有 {alone} 栋和哪栋都不相邻，各自成一片。{whole_zh}"),
                format!("{alone} of {buildings} buildings touch no other, so each is a piece of its own{whole_en}"),
            );
            self.notes.push(Note::new("touch_none", said));
        }
    }

    /// Tells it at the end of a summary.
    pub fn tell(&self, summary: &mut Summary) {
        let rows: Map<String, Value> = self.rows.iter().map(|(name, rows)| (name.clone(), json!(rows))).collect();
        summary.more.push(("rows_read", Value::Object(rows)));
        summary.more.extend(self.figures.iter().cloned());
        summary.notes.extend(self.told());
    }

    /// Returns what a reader must know of the tables, one line each.
    pub fn told(&self) -> Vec<Note> {
        let said = self.said.iter().map(|said| Note::new("making", said.clone()));
        said.chain(self.notes.iter().cloned()).chain(self.not_read()).collect()
    }

    /// Says which columns were not read, if there are any.
    fn not_read(&self) -> Option<Note> {
        let unread = || self.unread.iter().filter(|(_, titles)| !titles.is_empty());
        let zh: Vec<String> = unread().map(|(name, titles)| format!("{name}（{}）", titles.join("、"))).collect();
        let en: Vec<String> = unread().map(|(name, titles)| format!("{name} ({})", titles.join(", "))).collect();
        let said = both(
            format!("没有读取的列：{}。", zh.join("；")),
            format!("columns that were not read: {}", en.join("; ")),
        );
        (!en.is_empty()).then(|| Note::new("not_read", said))
    }

    /// Returns what a reader must know of how the tables were made.
    pub fn of_the_making(&self) -> &[Bilingual] {
        &self.said
    }
}
