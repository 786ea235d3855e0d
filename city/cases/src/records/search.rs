//! Cases that answer to words, newest first: each word narrows, the rarest leads. No text of a case is indexed; words were resolved to items, homes and states.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, args};
use uuid::Uuid;

use super::{COLUMNS, CaseRow};
use crate::rules::search::Meaning;

/// Values of the leading word that are asked for one by one; with more of them the newest cases are gone through instead.
const LEADING: usize = 80;

/// Where a list of findings goes on: before the case opened then.
pub type Before = (Instant, Uuid);

/// What to look for.
pub struct Wanted<'w> {
    /// Where somebody may look.
    pub scope: &'w Scope,
    /// What each word means; none of them empty.
    pub words: &'w [Meaning],
    /// Go on before this one.
    pub before: Option<Before>,
    /// At most so many.
    pub limit: i64,
}

/// The newest cases that answer to every word.
///
/// # Errors
/// Whatever the store reports.
pub fn search(tx: &mut dyn Tx, wanted: &Wanted<'_>) -> Result<Vec<CaseRow>, StoreError> {
    let weight = |meaning: &Meaning| {
        if meaning.states.is_empty() { meaning.items.len() * 10 + meaning.homes.len() } else { usize::MAX }
    };
    let lead = wanted.words.iter().min_by_key(|meaning| weight(meaning));
    let Some(lead) = lead.filter(|lead| lead.states.is_empty() && lead.items.len() + lead.homes.len() <= LEADING)
    else {
        return newest(tx, wanted, wanted.words.iter(), None);
    };
    let mut found: BTreeMap<(std::cmp::Reverse<Instant>, Uuid), CaseRow> = BTreeMap::new();
    let rest = || wanted.words.iter().filter(|meaning| !std::ptr::eq(*meaning, lead));
    let items = lead.items.iter().map(|item| ("item", Val::from(item.as_str())));
    let homes = lead.homes.iter().map(|home| ("residence_path", Val::from(home)));
    for value in items.chain(homes) {
        for row in newest(tx, wanted, rest(), Some(value))? {
            found.insert((std::cmp::Reverse(row.opened_at), row.id), row);
        }
    }
    Ok(found.into_values().take(usize::try_from(wanted.limit).unwrap_or(0)).collect())
}

/// The newest cases under the conditions, with one column fixed where a word leads.
fn newest<'w>(
    tx: &mut dyn Tx,
    wanted: &Wanted<'_>,
    words: impl Iterator<Item = &'w Meaning>,
    fixed: Option<(&str, Val)>,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = Query { sql: format!("select {COLUMNS} from cases_case where 1 = 1"), values: Vec::new() };
    if let Some((column, value)) = fixed {
        let mark = query.mark(value);
        let _ = write!(query.sql, " and {column} = {mark}");
    }
    if let Some((at, id)) = wanted.before {
        let (first, second, third) = (query.mark(at), query.mark(at), query.mark(id));
        let _ = write!(query.sql, " and (opened_at < {first} or (opened_at = {second} and id > {third}))");
    }
    query.scope(wanted.scope);
    for meaning in words {
        query.word(meaning);
    }
    let limit = query.mark(wanted.limit);
    let _ = write!(query.sql, " order by opened_at desc, id limit {limit}");
    store::all(tx, &query.sql, &query.values)
}

struct Query {
    sql: String,
    values: Vec<Val>,
}

impl Query {
    fn mark(&mut self, value: impl Into<Val>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// What somebody with that scope may read: cases of its office, counter or residents.
    fn scope(&mut self, scope: &Scope) {
        if scope.place.depth() > 1 {
            let (from, to) = scope.place.range();
            let mut sides = Vec::new();
            for column in ["residence_path", "office_path", "counter_path"] {
                let (low, high) = (self.mark(from.as_str()), self.mark(to.as_str()));
                sides.push(format!("({column} >= {low} and {column} < {high})"));
            }
            let _ = write!(self.sql, " and ({})", sides.join(" or "));
        }
        match &scope.department {
            Some(department) => {
                let mark = self.mark(department.as_str());
                let _ = write!(self.sql, " and office_department = {mark}");
            }
            None => self.sql.push_str(" and confidential = 0"),
        }
    }

    fn word(&mut self, meaning: &Meaning) {
        let mut sides = Vec::new();
        if !meaning.items.is_empty() {
            let marks: Vec<String> = meaning.items.iter().map(|item| self.mark(item.as_str())).collect();
            sides.push(format!("item in ({})", marks.join(", ")));
        }
        if !meaning.homes.is_empty() {
            let marks: Vec<String> = meaning.homes.iter().map(|home| self.mark(home)).collect();
            sides.push(format!("residence_path in ({})", marks.join(", ")));
        }
        for (procedure, state) in &meaning.states {
            let (first, second) = (self.mark(procedure.as_str()), self.mark(state.as_str()));
            sides.push(format!("(procedure = {first} and state = {second})"));
        }
        let _ = write!(self.sql, " and ({})", sides.join(" or "));
    }
}

/// Rows by their numbers, in the district that each number names; unknown ones are left out.
///
/// # Errors
/// Whatever the store reports.
pub fn by_numbers(tx: &mut dyn Tx, numbers: &[(PlaceId, String)]) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!("select {COLUMNS} from cases_case where district = $1 and number = $2");
    let mut found = Vec::new();
    for (district, number) in numbers {
        found.extend(store::one::<CaseRow>(tx, &sql, &args![*district, number.as_str()])?);
    }
    Ok(found)
}

/// Whether a row lies where somebody with that scope may read.
#[must_use]
pub fn is_readable(row: &CaseRow, scope: &Scope) -> bool {
    let places: [Option<&PlacePath>; 3] =
        [Some(&row.residence_path), Some(&row.office_path), row.counter_path.as_ref()];
    let inside = places.into_iter().flatten().any(|place| scope.place.contains(place));
    let department = match &scope.department {
        Some(department) => *department == row.office_department,
        None => !row.confidential,
    };
    inside && department
}
