//! This file keeps the decisions that make proposals of grids hold from a day on.

use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::{FromVal, StoreError, Tx, Val, all, args, one, record, scalar};
use uuid::Uuid;

use super::insert;
use crate::words::{AdoptionState, Author};

impl FromVal for AdoptionState {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        Self::parse(&String::from_val(value)?).ok_or_else(|| StoreError::data("expected a state of an adoption"))
    }
}

record! {
    /// An adoption, without the proposal.
    pub struct Adoption {
        /// Its identity.
        pub id: Uuid,
        /// The work that made the proposal.
        pub work: Uuid,
        /// The place for which somebody asked.
        pub place: PlaceId,
        /// The first day its grids hold.
        pub day: Date,
        /// The number of the decision, or a note.
        pub note: String,
        /// Which state it is in.
        pub state: AdoptionState,
        /// Households that change their grid.
        pub moved: i64,
        /// Who adopted it.
        pub by_name: String,
        /// When it was adopted.
        pub at: Instant,
        /// Who called it off.
        pub ended_name: Option<String>,
    }
}

/// An adoption that is going to be written.
pub struct NewAdoption<'a> {
    /// Its identity.
    pub id: Uuid,
    /// The work that made the proposal.
    pub work: Uuid,
    /// The place for which somebody asked.
    pub place: PlaceId,
    /// The first day its grids hold.
    pub day: Date,
    /// The number of the decision, or a note.
    pub note: &'a str,
    /// Households that change their grid.
    pub moved: i64,
    /// The proposal as it was worked out.
    pub plan: &'a [u8],
    /// Who adopts it.
    pub by: &'a Author,
    /// When it is adopted.
    pub at: Instant,
}

const COLUMNS: &str =
    "a.id, a.work, a.place, a.day, a.note, a.state, a.moved, a.adopted_name, a.adopted_at, a.ended_name";

/// Writes an adoption of a coming day, with the communities that it is about.
pub fn write(tx: &mut dyn Tx, new: &NewAdoption<'_>, communities: &[PlaceId]) -> Result<(), StoreError> {
    let sql = "insert into places_adoption (id, work, place, day, note, state, moved, plan, adopted_name, adopted_by, adopted_at) \
               values ($1, $2, $3, $4, $5, 'coming', $6, $7, $8, $9, $10)";
    let (name, by) = (&new.by.name, new.by.account);
    let values = args![new.id, new.work, new.place, new.day, new.note, new.moved, new.plan, name, by, new.at];
    tx.exec(sql, &values)?;
    let rows: Vec<Vec<Val>> = communities.iter().map(|community| args![*community, new.id].to_vec()).collect();
    insert(tx, "places_adoption_community", "community, adoption", &rows)
}

/// Returns an adoption.
pub fn adoption(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Adoption>, StoreError> {
    one(tx, &format!("select {COLUMNS} from places_adoption a where a.id = $1"), &args![id])
}

/// Returns the proposal of an adoption.
pub fn plan(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    scalar(tx, "select plan from places_adoption where id = $1", &args![id])
}

/// Returns the newest adoption of a proposal, with the proposal. This is what is left when the work itself was deleted.
pub fn of_work(tx: &mut dyn Tx, work: Uuid) -> Result<Option<(Adoption, Vec<u8>)>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from places_adoption a where a.work = $1 order by a.adopted_at desc, a.id desc limit 1"
    );
    let Some(found) = one::<Adoption>(tx, &sql, &args![work])? else { return Ok(None) };
    Ok(plan(tx, found.id)?.map(|plan| (found, plan)))
}

/// Says whether a proposal holds or is going to hold.
pub fn is_adopted(tx: &mut dyn Tx, work: Uuid) -> Result<bool, StoreError> {
    let sql = "select count(*) from places_adoption where work = $1 and state in ('coming', 'done')";
    Ok(scalar::<i64>(tx, sql, &args![work])?.unwrap_or_default() > 0)
}

/// Ends the waiting of an adoption. Returns false if it no longer waits.
pub fn settle(
    tx: &mut dyn Tx,
    id: Uuid,
    state: AdoptionState,
    by: Option<&str>,
    now: Instant,
) -> Result<bool, StoreError> {
    let sql =
        "update places_adoption set state = $2, ended_name = $3, ended_at = $4 where id = $1 and state = 'coming'";
    Ok(tx.exec(sql, &args![id, state.code(), by.map(str::to_owned), now])? == 1)
}

/// Limits how many communities one question is about.
const ASKED: usize = 1_000;

/// Returns the adoptions about some communities, the newest day first, at most `limit`.
pub fn about(tx: &mut dyn Tx, communities: &[PlaceId], limit: i64) -> Result<Vec<Adoption>, StoreError> {
    if communities.is_empty() {
        return Ok(Vec::new());
    }
    let asked = communities.get(..communities.len().min(ASKED)).unwrap_or_default();
    let marks: Vec<String> = (1..=asked.len()).map(|number| format!("${number}")).collect();
    let sql = format!(
        "select {COLUMNS} from places_adoption a where a.id in (select adoption from places_adoption_community where community in ({})) \
         order by a.day desc, a.adopted_at desc, a.id limit ${}",
        marks.join(", "),
        asked.len() + 1
    );
    let mut values: Vec<Val> = asked.iter().map(|community| Val::from(*community)).collect();
    values.push(Val::from(limit));
    all(tx, &sql, &values)
}

record! {
    struct Waits {
        day: Date,
    }
}

/// Returns the first coming day of an adoption about one of some communities.
pub fn coming(tx: &mut dyn Tx, communities: &[PlaceId]) -> Result<Option<Date>, StoreError> {
    let mut first: Option<Date> = None;
    let sql = "select a.day from places_adoption a join places_adoption_community c on c.adoption = a.id \
               where c.community = $1 and a.state = 'coming' order by a.day limit 1";
    for community in communities {
        let found = one::<Waits>(tx, sql, &args![*community])?.map(|row| row.day);
        first = first.into_iter().chain(found).min();
    }
    Ok(first)
}
