//! This part of the page of grids by hand names grids and says of which kind they are.

use kernel::line::line_fault;
use kernel::refusal::{Code, Refusal};
use web::{Choice, Page, UploadForm};

use super::ground::{NEW, Read};
use crate::rules::grids::given::{Calls, Wish};
use crate::rules::grids::numbering::Called;
use crate::rules::grids::shapes::NAME_LIMIT;
use crate::words::Kind;

/// A grid with fields for its name and kind.
pub(super) struct CallLine {
    /// The names of its fields, with the identity of the grid, or `new` and a number.
    pub(super) name_field: String,
    pub(super) kind_field: String,
    pub(super) name: String,
    pub(super) name_label: String,
    pub(super) kind_label: String,
    pub(super) kinds: Vec<Choice>,
}

fn kinds(page: &Page, exclusive: bool) -> Vec<Choice> {
    let choice = |kind: Kind| Choice::new(kind.code(), page.t(kind.key()), Kind::of_grid(exclusive).code());
    [Kind::Grid, Kind::ExclusiveGrid].map(choice).to_vec()
}

/// The grids of today and the new ones that the form offers.
pub(super) fn lines(page: &Page, read: &Read, living: &[i64]) -> Vec<CallLine> {
    let line = |key: &str, name: String, title: String, exclusive: bool| CallLine {
        name_field: format!("name{key}"),
        kind_field: format!("kind{key}"),
        name,
        name_label: page.t1("places-hand-name", "grid", &title),
        kind_label: page.t1("places-hand-kind", "grid", &title),
        kinds: kinds(page, exclusive),
    };
    let today = living.iter().map(|grid| {
        let exclusive = read.names.kind(*grid) == Kind::ExclusiveGrid;
        line(&grid.to_string(), read.names.zh(*grid), read.names.name(*grid), exclusive)
    });
    let new = (1..=NEW).map(|number| {
        line(&format!("new{number}"), String::new(), page.t1("places-grids-new", "number", number), false)
    });
    today.chain(new).collect()
}

/// What the grids are called by the form. A form without these fields changes nothing.
pub(super) fn called(page: &Page, read: &Read, form: &UploadForm) -> Result<Calls, Refusal> {
    let mut calls = Calls::default();
    for (grid, before) in &read.today.called {
        let key = grid.0.to_string();
        if form.get(&format!("kind{key}")).is_empty() {
            continue;
        }
        let (name, exclusive) = typed(page, form, &key)?;
        let name = if name.is_empty() { before.name.clone() } else { name };
        calls.living.insert(grid.0, Called { name, exclusive, code: before.code.clone() });
    }
    for number in 1..=NEW {
        let (name, exclusive) = typed(page, form, &format!("new{number}"))?;
        let name = Some(name).filter(|name| !name.is_empty());
        if name.is_some() || exclusive {
            calls.new.insert(number.to_string(), Wish { name, code: None, exclusive });
        }
    }
    Ok(calls)
}

fn typed(page: &Page, form: &UploadForm, key: &str) -> Result<(String, bool), Refusal> {
    let (field, name) = (format!("name{key}"), form.get(&format!("name{key}")).trim());
    if name.chars().count() > NAME_LIMIT {
        let refusal = Refusal::new(Code::FormTooLong).field(field).with("limit", NAME_LIMIT);
        return Err(refusal.with("label", page.t("places-hand-called")));
    }
    if let Some(code) = line_fault(name) {
        return Err(Refusal::new(code).field(field).with("label", page.t("places-hand-called")));
    }
    Ok((name.to_owned(), form.get(&format!("kind{key}")) == Kind::ExclusiveGrid.code()))
}
