//! Remembers mediators by roster, and the disputes that they have.

use std::fmt::Write as _;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{LISTED, StoreError, Tx, Val, all, args, listed, one};
use uuid::Uuid;

use crate::words::{Load, Matter, Mediated, Mediator, MediatorLoad, Rostered};

const MEDIATOR: &str = "district, id, path, account, name, address, employer, workplace, specialities, engaged, from_on, \
                        until_on, noted_name, noted_at";

/// Adds a mediator to a roster.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, mediator: &Mediator) -> Result<(), StoreError> {
    let sql = format!(
        "insert into bodies_mediator ({MEDIATOR}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let values = args![
        mediator.district,
        mediator.id,
        &mediator.path,
        mediator.account,
        &mediator.name,
        &mediator.address,
        &mediator.employer,
        &mediator.workplace,
        &mediator.specialities,
        mediator.engaged,
        mediator.from_on,
        mediator.until_on,
        &mediator.noted_name,
        mediator.noted_at
    ];
    tx.put_one(&sql, &values)
}

/// Takes a mediator off the roster as of a day.
///
/// # Errors
/// The store failed.
pub fn end(tx: &mut dyn Tx, mediator: &Mediator, until: Date) -> Result<(), StoreError> {
    let sql = "update bodies_mediator set until_on = $1 where district = $2 and id = $3";
    tx.put_one(sql, &args![until, mediator.district, mediator.id])
}

/// The mediator of an identity.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Mediator>, StoreError> {
    // asks all districts: a form names a mediator by the identity alone
    one(tx, &format!("select {MEDIATOR} from bodies_mediator where id = $1 limit 1"), &args![id])
}

/// The mediators of some identities, in no order; without those whom no roster knows.
///
/// # Errors
/// The store failed.
pub fn several(tx: &mut dyn Tx, ids: &[Uuid]) -> Result<Vec<Mediator>, StoreError> {
    let mut found = Vec::new();
    for part in ids.chunks(LISTED) {
        let ids: Vec<Val> = part.iter().map(|id| Val::from(*id)).collect();
        let (marks, values) = listed(1, &ids);
        // asks all districts: a dispute names its mediator by the identity alone
        let sql = format!("select {MEDIATOR} from bodies_mediator where id in ({marks})");
        found.extend(all::<Mediator>(tx, &sql, &values)?);
    }
    Ok(found)
}

/// The rosters of a place and of everything inside it, by place and first day, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Mediator>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {MEDIATOR} from bodies_mediator where path >= $1 and path < $2 order by path, from_on, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// The roster of exactly this place on a day, by first day, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn on_roster(tx: &mut dyn Tx, place: &PlacePath, on: Date, limit: i64) -> Result<Vec<Mediator>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!(
        "select {MEDIATOR} from bodies_mediator where path = $1 and from_on <= $2 and (until_on is null or until_on > $2) \
         order by from_on, id limit $3"
    );
    all(tx, &sql, &args![place, on, limit])
}

/// How many mediators the rosters of a place and of everything inside it have on a day, by place, at most `limit`
/// places.
///
/// # Errors
/// The store failed.
pub fn counts(tx: &mut dyn Tx, place: &PlacePath, on: Date, limit: i64) -> Result<Vec<Rostered>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select path, count(*) from bodies_mediator where path >= $1 and path < $2 \
               and from_on <= $3 and (until_on is null or until_on > $3) group by path order by path limit $4";
    all(tx, sql, &args![low, high, on, limit])
}

/// Forgets the name that lies under a sealed record that is erased, and where he works.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    let sql = "update bodies_mediator set name = null, address = null, employer = '', workplace = null \
               where district = $1 and id = $2";
    tx.exec(sql, &args![district, record]).map(drop)
}

/// Remembers where a dispute is now. Who mediates it is what the matter says where somebody begins to; else it stays,
/// as long as it lies at that office.
///
/// # Errors
/// The store failed.
pub fn put_matter(tx: &mut dyn Tx, matter: &Matter, begins: bool) -> Result<(), StoreError> {
    let mediates = if begins {
        "mediator = excluded.mediator, account = excluded.account"
    } else {
        "mediator = case when bodies_matter.office = excluded.office then bodies_matter.mediator else null end, \
         account = case when bodies_matter.office = excluded.office then bodies_matter.account else null end"
    };
    let sql = format!(
        "insert into bodies_matter (district, case_id, path, office, mediator, open, account) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (district, case_id) do update set \
         office = excluded.office, open = excluded.open, {mediates}"
    );
    let values = args![
        matter.district,
        matter.case_id,
        &matter.path,
        &matter.office,
        matter.mediator,
        matter.open,
        matter.account
    ];
    tx.put_one(&sql, &values)
}

const MATTER: &str = "district, case_id, path, office, mediator, open, account";

/// A dispute as the rosters know it.
///
/// # Errors
/// The store failed.
pub fn matter(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<Matter>, StoreError> {
    let sql = format!("select {MATTER} from bodies_matter where district = $1 and case_id = $2");
    one(tx, &sql, &args![district, case_id])
}

/// Some disputes as the rosters know them, in no order, each by its district and its case.
///
/// # Errors
/// The store failed.
pub fn matters(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<Vec<Matter>, StoreError> {
    store::several(tx, cases, |marks| {
        format!("select {MATTER} from bodies_matter where district = $1 and case_id in ({marks})")
    })
}

/// Who mediates open disputes at which office of a place and of everything inside it, each once, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn mediated_inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Mediated>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select office, mediator, account from bodies_matter where office >= $1 and office < $2 and open = 1 \
               group by office, mediator, account order by office limit $3";
    all(tx, sql, &args![low, high, limit])
}

/// The open disputes at an office that somebody mediates, or nobody, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_group(tx: &mut dyn Tx, group: &Mediated, limit: i64) -> Result<Vec<Matter>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let mut sql = format!("select {MATTER} from bodies_matter where office = $1 and open = 1");
    let mut values = args![&group.office].to_vec();
    for (column, value) in [("mediator", group.mediator), ("account", group.account)] {
        match value {
            Some(id) => {
                values.push(Val::from(id));
                let _ = write!(sql, " and {column} = ${}", values.len());
            }
            None => {
                let _ = write!(sql, " and {column} is null");
            }
        }
    }
    values.push(Val::from(limit));
    let _ = write!(sql, " order by case_id limit ${}", values.len());
    all(tx, &sql, &values)
}

/// How many open disputes each office of a place and of everything inside it has, by place, at most `limit` offices.
///
/// # Errors
/// The store failed.
pub fn loads(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Load>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select office, count(*) from bodies_matter where office >= $1 and office < $2 and open = 1 \
               group by office order by office limit $3";
    all(tx, sql, &args![low, high, limit])
}

/// How many open disputes each mediator of the offices of a place has.
///
/// # Errors
/// The store failed.
pub fn mediator_loads(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<MediatorLoad>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select mediator, count(*) from bodies_matter where path >= $1 and path < $2 and open = 1 \
               and mediator is not null group by mediator order by mediator limit $3";
    all(tx, sql, &args![low, high, limit])
}
