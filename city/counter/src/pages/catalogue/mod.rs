//! The pages on which the city edits its catalogue: list and history, the form of an item, its effect, its release, and
//! a department's whole list.

pub mod edit;
pub mod import;
pub mod list;
mod parts;
pub mod preview;
pub mod release;

use crate::permissions::May;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Crumb, Form, Page, Problem, WebError};

use crate::Counter;
use crate::catalogue::{Catalogue, Guide, ItemCode};
use crate::editing::{COLUMNS, Wrong, fields, from_json};
use crate::records::Draft;

/// An item that may be edited: as it is in force, and as somebody is writing it.
struct Edited {
    code: String,
    department: String,
    /// What the form shows: the draft, or the item in force.
    form: Form,
    /// The draft, where there is one.
    draft: Option<Draft>,
    /// It is in force already.
    known: bool,
}

impl Counter {
    /// The item of a code with its draft; 404 for one that there is not, or that this visitor does not edit.
    async fn edited(&self, page: &Page, code: &ItemCode) -> Result<Edited, WebError> {
        page.require(May::CatalogueEdit)?;
        let code = code.as_str().to_owned();
        let (catalogue, draft) = (self.catalogue(), self.draft(&code).await?);
        let item = catalogue.get(&code);
        let waiting = || self.book.releases().iter().rev().find(|one| one.item == code).map(|one| one.entry.clone());
        let form = match (&draft, item) {
            (Some(draft), _) => from_json(&draft.fields),
            (None, Some(item)) => {
                let bare = Guide { item: code.clone(), ..Guide::default() };
                fields(item, catalogue.guide(&code).unwrap_or(&bare))
            }
            // A new item that was released and waits for its day, or was withdrawn.
            (None, None) => {
                let entry = waiting().and_then(|text| Catalogue::entry(&text)).ok_or(WebError::NotFound)?;
                fields(&entry.0, &entry.1)
            }
        };
        let department = item.map_or_else(|| form.get("department").to_owned(), |item| item.department.clone());
        self.may_edit(&page.visitor.actor, &department)?;
        Ok(Edited { known: item.is_some(), code, department, form, draft })
    }

    /// The name of a department.
    fn department_name(&self, page: &Page, code: &str) -> String {
        let catalogue = self.catalogue();
        catalogue.department(code).map_or_else(|| code.to_owned(), |one| page.of(&one.name).to_owned())
    }

    /// The name of a document of the rulebook's register.
    fn document_name(&self, page: &Page, id: &str) -> String {
        let document = self.cases.hall.rulebook.document(id);
        document.map_or_else(|| id.to_owned(), |document| page.of(&document.title).to_owned())
    }
}

/// Items for a workbook that can be changed and sent back: every cell is text, as it was typed.
fn workbook(page: &Page, rows: impl Iterator<Item = Vec<String>>) -> Table {
    let column = |name: &str| Column::new(ColumnKind::Text, page.t(&format!("counter-import-column-{name}")));
    let rows = rows.map(|row| row.into_iter().map(Cell::Text).collect::<Vec<Cell>>());
    Table::new(page.t("counter-nav-catalogue"), COLUMNS.map(column).to_vec()).with(rows)
}

/// The way back from a page about one item.
fn crumbs(page: &Page, code: Option<&str>) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb { text: page.t("counter-nav-catalogue"), href: "/catalogue".to_owned() }];
    crumbs.extend(code.map(|code| Crumb { text: code.to_owned(), href: format!("/catalogue/{code}") }));
    crumbs
}

/// The faults of a draft, each beside its field: the rule of the column in words, then exactly what the check found.
fn problems(page: &Page, wrong: &[Wrong]) -> Vec<Problem> {
    let problem = |one: &Wrong| Problem {
        field: one.field().to_owned(),
        text: page.t(&format!("counter-edit-rule-{}", one.rule())),
        remedy: [one.message.as_str(), one.remedy.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| format!("{part}."))
            .collect::<Vec<_>>()
            .join(" "),
    };
    wrong.iter().map(problem).collect()
}
