//! A table that somebody brings: what its columns are called, how it is read, and what is wrong with it, row by row.
//! What was read goes back to the browser until somebody confirms it: nothing is kept before that.

use std::collections::BTreeMap;

use axum::response::Response;
use kernel::refusal::Refusal;
use tables::{Cell, Limits, Row, Wanted};
use web::table::{Column, ColumnKind, Table};
use web::{Form, Page, WebError};

use super::in_each;
use crate::rules::register::RowFault;

/// The most faulty rows on the page, and the most lines of what a table changes.
pub(super) const TOLD: usize = 200;
/// How many bytes of rows one field of a form carries; a form takes no field above 64 KiB.
const ROWS_OF_A_FIELD: usize = 32 * 1024;
/// The field in which rows come back.
const ROWS: &str = "row";

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

    /// The rows of a table as texts for the fields of a form, several in one.
    pub(super) fn sent(table: &tables::Table) -> Vec<String> {
        let mut fields: Vec<String> = Vec::new();
        for row in table.rows.iter().map(to_json) {
            match fields.last_mut().filter(|field| field.len() + row.len() < ROWS_OF_A_FIELD) {
                Some(field) => field.extend(["\n", row.as_str()]),
                None => fields.push(row),
            }
        }
        fields
    }

    /// The table that a form brings back; none if it brings no rows. A browser sent them, so that they are looked at
    /// again.
    pub(super) fn sent_back(&self, form: &Form) -> Option<tables::Table> {
        let lines = form.all(ROWS).into_iter().flat_map(str::lines);
        let mut table = tables::Table::default();
        table.rows = lines.filter_map(|line| self.row_of(line)).take(self.limits.rows).collect();
        (!table.rows.is_empty()).then_some(table)
    }

    /// A row from such a text; none from anything else.
    fn row_of(&self, text: &str) -> Option<Row> {
        let sent: serde_json::Value = serde_json::from_str(text).ok()?;
        let line = usize::try_from(sent.get("line")?.as_u64()?).ok()?;
        let cells = sent.get("cells")?;
        let cell = |column: &'static str| {
            let text = cells.get(column)?.as_str()?.to_owned();
            Some((column, Cell { text, ..Cell::default() }))
        };
        Some(Row { line, cells: self.columns.iter().copied().filter_map(cell).collect() })
    }

    /// The columns as an empty table, to be filled in and brought: `?format=xlsx` or `csv`.
    pub(super) async fn template(&self, page: &Page, name: &str) -> Result<Response, WebError> {
        let column = |column: &&'static str| Column::new(ColumnKind::Text, page.t(&self.key(column)));
        let columns = self.columns.iter().map(column).collect();
        let format = page.query.get("format").to_owned();
        Table::new(page.t("property-import-template"), columns).file(page, name, &format).await
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

/// A row as a text for a form.
fn to_json(row: &Row) -> String {
    let cells: BTreeMap<&str, &str> = row.cells.iter().map(|(column, cell)| (*column, cell.text.as_str())).collect();
    serde_json::json!({ "line": row.line, "cells": cells }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: Sheet = Sheet {
        titles: "property-sheet-",
        columns: &["unit", "owner"],
        required: &["unit"],
        limits: Limits { rows: 3, columns: 9, bytes: 1 << 20 },
    };

    #[test]
    fn rows_come_back_as_they_went() {
        let cell = |text: &str| Cell { text: text.to_owned(), ..Cell::default() };
        let row =
            |line: usize, owner: &str| Row { line, cells: [("unit", cell("101")), ("owner", cell(owner))].into() };
        let mut table = tables::Table::default();
        table.rows = vec![row(2, "李\"娜\n王芳"), row(3, "")];
        table.rows[1].cells.remove("owner");
        let fields = Sheet::sent(&table);
        assert_eq!(fields.len(), 1);
        let form = fields.into_iter().fold(Form::default(), |form, field| form.with(ROWS, field));
        assert_eq!(SHEET.sent_back(&form).map(|back| back.rows), Some(table.rows));
        let odd = "{}\n[]\n{\"line\":-1,\"cells\":{}}\n{\"line\":2,\"cells\":{\"password\":\"x\",\"unit\":7}}";
        let back = SHEET.sent_back(&Form::default().with(ROWS, odd)).map(|back| back.rows);
        assert_eq!(
            back,
            Some(vec![Row { line: 2, cells: BTreeMap::new() }]),
            "nothing but the columns, and texts alone"
        );
        assert!(SHEET.sent_back(&Form::default()).is_none());
    }

    #[test]
    fn many_rows_are_divided_among_fields() {
        let long = Cell { text: "名".repeat(4_000), ..Cell::default() };
        let mut table = tables::Table::default();
        table.rows = (0..9).map(|line| Row { line, cells: [("owner", long.clone())].into() }).collect();
        let fields = Sheet::sent(&table);
        assert!(fields.len() > 3 && fields.iter().all(|field| field.len() <= ROWS_OF_A_FIELD), "{}", fields.len());
    }
}
