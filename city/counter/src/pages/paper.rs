//! The questions of a paper as pages show them: one paper a page for residents, all of them on the worker's desk.

use kernel::refusal::Refusal;
use web::{Choice, Page, Problem, problem_of};

use crate::catalogue::{AskedMaterial, FieldKind, FormField};
use crate::forms::{self, Asked, Given, PREFIX, members};

/// A paper for a page.
pub struct PaperView {
    /// Its name.
    pub title: String,
    /// What to know before.
    pub hint: String,
    /// What it stands in for; empty where it is the paper itself.
    pub instead_of: String,
    /// She brings it on paper.
    pub on_paper: bool,
    /// Something was typed into it.
    pub touched: bool,
    /// The codes of the questions that are seen, for a hidden field.
    pub shown: String,
    /// The questions, those not seen now too.
    pub fields: Vec<FieldView>,
}

impl PaperView {
    /// Whether nothing was typed into it yet and nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.touched && self.fields.iter().all(|field| field.error.is_empty())
    }
}

/// One question for a page.
pub struct FieldView {
    /// The name of the input.
    pub name: String,
    /// The question.
    pub label: String,
    /// A word of help.
    pub hint: String,
    /// What is wrong.
    pub error: String,
    /// Which input it is: `text`, `area`, `date`, `decimal`, `numeric`, `tel`, `code`, `choice`, `members`, `consent`,
    /// `signature`.
    pub kind: &'static str,
    /// What was typed.
    pub value: String,
    /// The strokes of a signature.
    pub drawn: String,
    /// Must be answered.
    pub required: bool,
    /// What can be chosen.
    pub options: Vec<Choice>,
    /// Not asked under the answers so far.
    pub hidden: bool,
    /// `name=value` that it hangs on; empty for none.
    pub when: String,
    /// The table that a row is added to.
    pub table: String,
    /// The rows of a table of members.
    pub rows: Vec<RowView>,
}

/// One household member for a page.
pub struct RowView {
    /// Counted from 1.
    pub number: usize,
    /// Name, number, income: name of the input, what was typed, what is wrong.
    pub name: Cell,
    /// How she is related.
    pub relation: Cell,
    /// The choices of it.
    pub relations: Vec<Choice>,
    /// Identity number.
    pub id: Cell,
    /// Monthly income.
    pub income: Cell,
}

/// One input of a row.
pub struct Cell {
    /// Its name.
    pub name: String,
    /// What was typed.
    pub value: String,
    /// What is wrong.
    pub error: String,
}

/// A paper with what was typed and what is wrong.
#[must_use]
pub fn paper<'m>(
    page: &Page,
    asked: &Asked<'_>,
    given: &Given,
    faults: &[Problem],
    mut materials: impl Iterator<Item = &'m AskedMaterial>,
) -> PaperView {
    let form = asked.form;
    let seen: Vec<&str> = forms::visible(form, given).into_iter().map(|field| field.code.as_str()).collect();
    let stands_for = materials.find(|material| material.code == asked.paper && material.code != form.material);
    PaperView {
        title: page.of(&form.title).to_owned(),
        hint: form.hint.as_ref().map(|hint| page.of(hint).to_owned()).unwrap_or_default(),
        instead_of: stands_for.map(|material| page.of(&material.name).to_owned()).unwrap_or_default(),
        on_paper: forms::on_paper(form, given),
        touched: forms::touched(form, given),
        fields: form
            .fields
            .iter()
            .map(|field| FieldView {
                hidden: !seen.contains(&field.code.as_str()),
                when: field
                    .when
                    .as_ref()
                    .map(|when| format!("{PREFIX}{}={}", forms::key(form, &when.field), when.is))
                    .unwrap_or_default(),
                ..field_view(page, field, &forms::key(form, &field.code), given, faults)
            })
            .collect(),
        shown: seen.join(" "),
    }
}

fn field_view(page: &Page, field: &FormField, key: &str, given: &Given, faults: &[Problem]) -> FieldView {
    let name = format!("{PREFIX}{key}");
    let value = forms::answer(given, key).to_owned();
    let is_table = field.kind == FieldKind::Members;
    FieldView {
        label: match field.kind {
            FieldKind::Consent => page.t("counter-form-consent"),
            _ => page.of(&field.title).to_owned(),
        },
        hint: field.hint.as_ref().map(|hint| page.of(hint).to_owned()).unwrap_or_default(),
        error: problem_of(faults, &name).to_owned(),
        kind: kind(field.kind),
        options: options(page, field, &value),
        drawn: forms::answer(given, &format!("{key}_drawn")).to_owned(),
        required: field.required,
        hidden: false,
        when: String::new(),
        table: if is_table { key.to_owned() } else { String::new() },
        rows: if is_table { rows(page, key, given, faults) } else { Vec::new() },
        value,
        name,
    }
}

fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Name | FieldKind::Address => "text",
        FieldKind::LongText => "area",
        FieldKind::Date => "date",
        FieldKind::Money => "decimal",
        FieldKind::Number => "numeric",
        FieldKind::Choice | FieldKind::YesNo => "choice",
        FieldKind::ResidentId => "code",
        FieldKind::Telephone => "tel",
        FieldKind::Members => "members",
        FieldKind::Consent => "consent",
        FieldKind::Signature => "signature",
    }
}

fn options(page: &Page, field: &FormField, value: &str) -> Vec<Choice> {
    match field.kind {
        FieldKind::YesNo => {
            vec![Choice::new("yes", page.t("counter-yes"), value), Choice::new("no", page.t("counter-no"), value)]
        }
        FieldKind::Consent => vec![Choice::new("yes", page.of(&field.title), value)],
        _ => {
            let option = |option: &crate::catalogue::FormOption| {
                Choice::new(option.code.as_str(), page.of(&option.title), value)
            };
            field.options.iter().map(option).collect()
        }
    }
}

fn rows(page: &Page, table: &str, given: &Given, faults: &[Problem]) -> Vec<RowView> {
    let cell = |row: usize, column: &str| {
        let key = members::cell(table, row, column);
        let name = format!("{PREFIX}{key}");
        Cell { value: forms::answer(given, &key).to_owned(), error: problem_of(faults, &name).to_owned(), name }
    };
    let relations = |chosen: &str| -> Vec<Choice> {
        let blank = Choice::new("", page.t("counter-relation-choose"), chosen);
        let relation = |code: &&str| Choice::new(*code, page.t(&format!("counter-relation-{code}")), chosen);
        std::iter::once(blank).chain(members::RELATIONS.iter().map(relation)).collect()
    };
    let row = |row: usize| {
        let relation = cell(row, "relation");
        RowView {
            number: row + 1,
            name: cell(row, "name"),
            relations: relations(&relation.value),
            relation,
            id: cell(row, "id"),
            income: cell(row, "income"),
        }
    };
    (0..members::rows(table, given)).map(row).collect()
}

/// A fault with the words of its field, where it does not have them yet.
pub(super) fn labelled(page: &Page, fault: &Refusal) -> Refusal {
    let Some(field) = fault.field.as_ref().filter(|_| !fault.detail.contains_key("label")) else {
        return fault.clone();
    };
    let label = match cell_of(field) {
        Some((row, column)) => page.t1(&format!("counter-member-{column}"), "row", row + 1),
        None if field.starts_with(PREFIX) => String::new(),
        None => page.t(&format!("counter-field-{}", field.replace('_', "-"))),
    };
    fault.clone().with("label", label)
}

/// Row and column of a cell's name, `p_IN_members_0_income`.
fn cell_of(field: &str) -> Option<(usize, &str)> {
    let (table, column) = field.strip_prefix(PREFIX)?.rsplit_once('_')?;
    let (_, row) = table.rsplit_once('_')?;
    let row = row.parse().ok()?;
    members::COLUMNS.contains(&column).then_some((row, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_known_by_its_name() {
        let table = [
            ("p_IN_members_0_income", Some((0, "income"))),
            ("p_IN_members_19_name", Some((19, "name"))),
            ("p_IN_house_hold_2_id", Some((2, "id"))),
            ("p_IN_members_0_faith", None),
            ("p_IN_members_x_name", None),
            ("p_IN_members_-1_name", None),
            ("p_IN_rent", None),
            ("p_0_name", None),
            ("IN_members_0_name", None),
            ("name", None),
            ("", None),
        ];
        for (field, expected) in table {
            assert_eq!(cell_of(field), expected, "{field}");
        }
    }
}
