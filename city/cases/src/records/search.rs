//! Cases that answer to words, newest first. No text of a case is indexed: before this, words became items, homes and
//! states. A search begins at the values of one word, at the values of two words together, or at the newest cases of
//! all. The index it goes through answers every condition; rows are read only for the cases that are found.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::lists::inside;
use super::{COLUMNS, CaseRow, Key};
use crate::rules::search::{Lead, Meaning, Size, State};

/// Where a list of findings goes on: before the case opened then.
pub type Before = (Instant, Uuid);

/// What to look for.
pub struct Wanted<'w> {
    /// Where somebody may look.
    pub scope: &'w Scope,
    /// What each word means; none of them empty.
    pub words: &'w [Meaning],
    /// How much there is to look through.
    pub size: Size,
    /// Go on before this one.
    pub before: Option<Before>,
    /// At most so many.
    pub limit: i64,
}

/// How many cases were ever opened, by the running numbers.
pub fn opened(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    // asks all districts: counts the cases of the whole city
    Ok(store::scalar(tx, "select coalesce(sum(last), 0) from cases_sequence", &[])?.unwrap_or(0))
}

record! {
    /// A case that was found, by what the list is ordered by.
    pub struct Found {
        /// Shard: identity of the resident's district.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
        /// When it was opened.
        pub opened_at: Instant,
    }
}

/// The newest cases that answer to every word.
pub fn search(tx: &mut dyn Tx, wanted: &Wanted<'_>) -> Result<Vec<Found>, StoreError> {
    let lead = wanted.size.lead(wanted.words, wanted.limit);
    let word = |at: usize| wanted.words.get(at);
    let (leading, from): ([Option<usize>; 2], Vec<From<'_>>) = match lead {
        Lead::Newest => ([None, None], vec![From::All]),
        Lead::Word(at) => {
            let values = word(at).into_iter().flat_map(|word| {
                let items = word.items.iter().map(|item| From::Item(item));
                items.chain(word.homes.iter().map(From::Home)).chain(word.states.iter().map(From::State))
            });
            ([Some(at), None], values.collect())
        }
        Lead::Pair { items, homes } => {
            let homes_of = || word(homes).into_iter().flat_map(|word| &word.homes);
            let items_of = word(items).into_iter().flat_map(|word| &word.items);
            let pairs = items_of.flat_map(|item| homes_of().map(move |home| From::Both(item, home)));
            ([Some(items), Some(homes)], pairs.collect())
        }
    };
    let rest = || wanted.words.iter().enumerate().filter(|(at, _)| !leading.contains(&Some(*at))).map(|(_, word)| word);
    let mut found: BTreeMap<Reverse<Before>, Found> = BTreeMap::new();
    for from in from {
        for one in newest(tx, wanted, rest(), from)? {
            found.insert(Reverse((one.opened_at, one.id)), one);
        }
    }
    Ok(found.into_values().take(usize::try_from(wanted.limit).unwrap_or(0)).collect())
}

/// The rows of what was found, in its order.
pub fn rows(tx: &mut dyn Tx, found: &[Found]) -> Result<Vec<CaseRow>, StoreError> {
    let keys: Vec<Key> = found.iter().map(|one| Key { district: one.district, id: one.id }).collect();
    super::rows(tx, &keys)
}

/// Whose cases are gone through.
#[derive(Clone, Copy)]
enum From<'w> {
    All,
    Both(&'w str, &'w PlacePath),
    Item(&'w str),
    Home(&'w PlacePath),
    State(&'w State),
}

/// The newest cases under the conditions, among those of one value or two where words lead.
fn newest<'w>(
    tx: &mut dyn Tx,
    wanted: &Wanted<'_>,
    words: impl Iterator<Item = &'w Meaning>,
    from: From<'_>,
) -> Result<Vec<Found>, StoreError> {
    // asks all districts: a search goes through the whole city
    let mut query =
        Query { sql: "select district, id, opened_at from cases_case where ".to_owned(), values: Vec::new() };
    match from {
        From::All => query.sql.push_str("1 = 1"),
        From::Item(item) => query.equal("item", item),
        From::Home(home) => query.equal("residence_path", home),
        From::State(state) => query.state(state),
        From::Both(item, home) => {
            query.equal("item", item);
            query.sql.push_str(" and ");
            query.equal("residence_path", home);
        }
    }
    if let Some((at, id)) = wanted.before {
        let (first, second) = (query.mark(at), query.mark(id));
        let _ = write!(query.sql, " and (opened_at, id) < ({first}, {second})");
    }
    query.scope(wanted.scope);
    for meaning in words.filter(|meaning| !meaning.all) {
        query.word(meaning);
    }
    let limit = query.mark(wanted.limit);
    let _ = write!(query.sql, " order by opened_at desc, id desc limit {limit}");
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

    fn equal(&mut self, column: &str, value: impl Into<Val>) {
        let mark = self.mark(value);
        let _ = write!(self.sql, "{column} = {mark}");
    }

    fn state(&mut self, state: &State) {
        let (procedure, state) = (self.mark(state.procedure.as_str()), self.mark(state.state.as_str()));
        let _ = write!(self.sql, "procedure = {procedure} and state = {state}");
    }

    fn marks(&mut self, values: impl Iterator<Item = Val>) -> String {
        let marks: Vec<String> = values.map(|value| self.mark(value)).collect();
        marks.join(", ")
    }

    /// What somebody with that scope may read: cases of its office, counter or residents.
    fn scope(&mut self, scope: &Scope) {
        if scope.place.depth() > 1 {
            inside(&mut self.sql, &mut self.values, &["residence_path", "office_path", "counter_path"], &scope.place);
        }
        match &scope.department {
            Some(department) => {
                self.sql.push_str(" and ");
                self.equal("office_department", department.as_str());
            }
            None => self.sql.push_str(" and confidential = 0"),
        }
    }

    fn word(&mut self, meaning: &Meaning) {
        let mut sides = Vec::new();
        if !meaning.items.is_empty() {
            let marks = self.marks(meaning.items.iter().map(|item| Val::from(item.as_str())));
            sides.push(format!("{} in ({marks})", apart("item")));
        }
        let lengths: BTreeSet<usize> = meaning.within.iter().map(|place| place.as_str().len()).collect();
        for length in lengths {
            let places = meaning.within.iter().filter(|place| place.as_str().len() == length);
            let marks = self.marks(places.map(Val::from));
            sides.push(format!("substr(residence_path, 1, {length}) in ({marks})"));
        }
        for state in &meaning.states {
            let mut side = Self { sql: String::new(), values: std::mem::take(&mut self.values) };
            side.state(state);
            self.values = side.values;
            // Few cases are in a passing state: they are looked up together, in the index of states.
            sides.push(if state.last {
                format!("({})", side.sql)
            } else {
                format!("(district, id) in (select district, id from cases_case where {})", side.sql)
            });
        }
        let _ = write!(self.sql, " and ({})", sides.join(" or "));
    }
}

/// A column as a value that no index knows.
fn apart(column: &str) -> String {
    format!("coalesce({column}, '')")
}

/// Rows by their numbers, in the district that each number names; unknown ones are left out.
pub fn by_numbers(tx: &mut dyn Tx, numbers: &[(PlaceId, String)]) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!("select {COLUMNS} from cases_case where district = $1 and number = $2");
    let mut found = Vec::new();
    for (district, number) in numbers {
        found.extend(store::one::<CaseRow>(tx, &sql, &args![*district, number.as_str()])?);
    }
    Ok(found)
}

/// The rows of these cases that lie where somebody with one of these scopes may read.
pub fn readable(tx: &mut dyn Tx, keys: &[Key], scopes: &[Scope]) -> Result<Vec<CaseRow>, StoreError> {
    let mut found = super::rows(tx, keys)?;
    found.retain(|row| scopes.iter().any(|scope| is_readable(row, scope)));
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
