//! A table that somebody brings: what its columns are called, how it is read, and what is wrong with it, row by row.

use std::collections::BTreeMap;

use kernel::refusal::Refusal;
use tables::{Limits, Wanted};
use web::Page;
use web::table::{Column, ColumnKind, Table};

use super::in_each;
use crate::rules::register::RowFault;

/// The most faulty rows on the page.
const TOLD: usize = 200;

/// A kind of table.
pub(super) struct Sheet {
    /// The beginning of the keys of its titles.
    pub titles: &'static str,
    /// Its columns, in the order in which a form for it has them.
    pub columns: &'static [&'static str],
    /// Those without which it is not read.
    pub required: &'static [&'static str],
    /// How large it may be.
    pub limits: Limits,
}

/// What is wrong with a table.
#[derive(Default)]
pub(super) struct Wrong {
    /// With all of it.
    pub refusal: Option<Refusal>,
    /// With its rows.
    pub rows: Vec<RowFault>,
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), rows: Vec::new() }
    }
}

impl From<Vec<RowFault>> for Wrong {
    fn from(rows: Vec<RowFault>) -> Self {
        Self { refusal: None, rows }
    }
}

impl Wrong {
    /// Whether nothing is wrong.
    pub(super) fn is_nothing(&self) -> bool {
        self.refusal.is_none() && self.rows.is_empty()
    }

    /// How many faulty rows are not on the page.
    pub(super) fn more(&self) -> usize {
        self.rows.len().saturating_sub(TOLD)
    }
}

impl Sheet {
    /// Reads a table.
    pub(super) fn read(&self, page: &Page, bytes: &[u8]) -> Result<tables::Table, Refusal> {
        let mut titles: BTreeMap<String, &'static str> = BTreeMap::new();
        for column in self.columns.iter().copied() {
            titles.extend(in_each(page, &self.key(column)).iter().map(|title| (tables::folded(title), column)));
        }
        let column = |title: &str| titles.get(title).copied();
        let called = |column: &'static str| page.t(&self.key(column));
        let wanted = Wanted { limits: self.limits, required: self.required, column: &column, called: &called };
        let table = tables::read(bytes, &wanted).map_err(|refusal| refusal.field("file"))?;
        if table.rows.is_empty() { Err(Refusal::new(tables::Why::TableEmpty).field("file")) } else { Ok(table) }
    }

    /// The titles of its columns, in one line.
    pub(super) fn told(&self, page: &Page) -> String {
        let titles: Vec<String> = self.columns.iter().map(|column| page.t(&self.key(column))).collect();
        titles.join(page.lang.pick("、", ", "))
    }

    /// What is wrong with its rows, by their lines; none if nothing is.
    pub(super) fn faults(&self, page: &Page, wrong: &Wrong) -> Option<Table> {
        let columns = vec![
            Column::new(ColumnKind::Number, page.t("property-fault-line")),
            Column::new(ColumnKind::Text, page.t("property-fault-column")),
            Column::new(ColumnKind::Text, page.t("property-fault-what")),
            Column::new(ColumnKind::Text, page.t("property-fault-remedy")),
        ];
        let row = |fault: &RowFault| {
            let named = page.t(&self.key(fault.refusal.field.as_deref().unwrap_or_default()));
            let told = fault.refusal.clone().with("label", &named);
            let line = i64::try_from(fault.line).unwrap_or(i64::MAX);
            vec![line.into(), named.into(), told.sentence(page.lang).into(), told.remedy(page.lang).into()]
        };
        let rows = wrong.rows.iter().take(TOLD).map(row);
        (!wrong.rows.is_empty()).then(|| Table::new(page.t("property-faults"), columns).with(rows))
    }

    fn key(&self, column: &str) -> String {
        format!("{}{}", self.titles, column.replace('_', "-"))
    }
}
