//! Remembers compounds, buildings, units, owners and heads. A register keeps its district when its community moves to
//! another one.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use crate::words::area::Area;
use crate::words::register::{HeadKind, Purpose, Totals};

record! {
    /// A compound (小区) whose register is kept. Its fields stand in the order of [`COMPOUND`].
    pub struct Compound {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity among the compounds of places.
        pub id: i64,
        /// The community in which it lies.
        pub path: PlacePath,
        /// What it is called.
        pub name: String,
        /// Who changed the register last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
    }
}

const COMPOUND: &str = "district, id, path, name, changed_name, changed_at";

record! {
    /// A building (楼栋). Its fields stand in the order of [`BUILDING`].
    pub struct Building {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity among the buildings of places.
        pub id: i64,
        /// Its compound.
        pub compound: i64,
        /// What it is called.
        pub name: String,
        /// The area that its papers state; nothing where they do not.
        pub stated: Area,
    }
}

const BUILDING: &str = "district, id, compound, name, stated_cm2";

record! {
    /// A unit (专有部分). Its fields stand in the order of [`UNIT`].
    pub struct Unit {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its compound.
        pub compound: i64,
        /// Its building.
        pub building: i64,
        /// Its stair (单元). It may be empty.
        pub stair: String,
        /// Its number (房号).
        pub label: String,
        /// What it is used as.
        pub purpose: Purpose,
        /// Its private area.
        pub area: Area,
        /// The head as which its owners count.
        pub head: Uuid,
    }
}

pub(super) const UNIT: &str = "district, id, compound, building, stair, label, purpose, area_cm2, head";

record! {
    /// An owner: a handle of her sealed record, and what tells her from the others of the compound.
    pub struct Owner {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Her sealed record.
        pub id: Uuid,
        /// The compound.
        pub compound: i64,
        /// What tells her from others and gives nothing of her away.
        pub mark: String,
    }
}

record! {
    /// Who owns which part of a unit.
    pub struct Share {
        /// The unit.
        pub unit: Uuid,
        /// The sealed record of the owner.
        pub owner: Uuid,
        /// Her part.
        pub part: i64,
        /// Of so many parts.
        pub whole: i64,
    }
}

record! {
    /// A head of the count: the owners of one unit or of several, with one account and one vote. Its fields stand in
    /// the order of [`HEAD`].
    pub struct Head {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its compound.
        pub compound: i64,
        /// Who stands behind it.
        pub kind: HeadKind,
        /// The digest of the code by which an account is linked. Empty before a letter is printed, and once it is void.
        pub code: String,
        /// The account that votes for it.
        pub account: Option<Uuid>,
        /// When the account was linked.
        pub linked_at: Option<Instant>,
        /// From when on the account may vote online; none for one that was linked when there was no wait.
        pub votes_from: Option<Instant>,
    }
}

impl Head {
    /// When the wait of a newly linked account ends, while it lasts.
    #[must_use]
    pub fn waits_until(&self, now: Instant) -> Option<Instant> {
        self.votes_from.filter(|from| self.account.is_some() && *from > now)
    }
}

pub(super) const HEAD: &str = "district, id, compound, kind, code, account, linked_at, votes_from";

/// Keeps a compound, in place of what was kept of it before.
///
/// # Errors
/// The store failed.
pub fn put_compound(tx: &mut dyn Tx, compound: &Compound) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_compound ({COMPOUND}) values ($1, $2, $3, $4, $5, $6) on conflict (district, id) do \
         update set name = excluded.name, changed_name = excluded.changed_name, changed_at = excluded.changed_at"
    );
    let Compound { district, id, path, name, changed_name, changed_at } = compound;
    tx.exec(&sql, &args![*district, *id, path, name, changed_name, *changed_at]).map(drop)
}

/// The compounds of a place and of everything inside it whose registers are kept, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn compounds(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Compound>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COMPOUND} from property_compound where path >= $1 and path < $2 order by path, name, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// The compound of an identity.
///
/// # Errors
/// The store failed.
pub fn compound(tx: &mut dyn Tx, id: i64) -> Result<Option<Compound>, StoreError> {
    // asks all districts: the identity of places does not say which district keeps the register
    one(tx, &format!("select {COMPOUND} from property_compound where id = $1"), &args![id])
}

/// The compound of a community with a name.
///
/// # Errors
/// The store failed.
pub fn compound_named(tx: &mut dyn Tx, place: &PlacePath, name: &str) -> Result<Option<Compound>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = format!("select {COMPOUND} from property_compound where path = $1 and name = $2 order by id limit 1");
    one(tx, &sql, &args![place, name])
}

/// The compound of an identity whose row is locked on engines that lock rows, so that its register stays as it is.
///
/// # Errors
/// The store failed.
pub fn held_compound(tx: &mut dyn Tx, district: PlaceId, id: i64) -> Result<Option<Compound>, StoreError> {
    let sql = format!("select {COMPOUND} from property_compound where district = $1 and id = $2{}", tx.lock_rows());
    one(tx, &sql, &args![district, id])
}

/// Keeps a building, in place of what was kept of it before.
///
/// # Errors
/// The store failed.
pub fn put_building(tx: &mut dyn Tx, building: &Building) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_building ({BUILDING}) values ($1, $2, $3, $4, $5) on conflict (district, id) do \
         update set name = excluded.name, stated_cm2 = excluded.stated_cm2"
    );
    let Building { district, id, compound, name, stated } = building;
    tx.exec(&sql, &args![*district, *id, *compound, name, *stated]).map(drop)
}

/// The buildings of a compound, by name.
///
/// # Errors
/// The store failed.
pub fn buildings(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Vec<Building>, StoreError> {
    let sql =
        format!("select {BUILDING} from property_building where district = $1 and compound = $2 order by name, id");
    all(tx, &sql, &args![district, compound])
}

/// Keeps a unit, in place of what was kept of it before.
///
/// # Errors
/// The store failed.
pub fn put_unit(tx: &mut dyn Tx, unit: &Unit) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_unit ({UNIT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (district, id) do \
         update set purpose = excluded.purpose, area_cm2 = excluded.area_cm2, head = excluded.head"
    );
    let Unit { district, id, compound, building, stair, label, purpose, area, head } = unit;
    let values = args![*district, *id, *compound, *building, stair, label, *purpose, *area, *head];
    tx.exec(&sql, &values).map(drop)
}

/// The units of a compound, by building, stair and number.
///
/// # Errors
/// The store failed.
pub fn units(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Vec<Unit>, StoreError> {
    let sql = format!(
        "select {UNIT} from property_unit where district = $1 and compound = $2 order by building, stair, label"
    );
    all(tx, &sql, &args![district, compound])
}

/// The units of a building, by stair and number.
///
/// # Errors
/// The store failed.
pub fn units_of(tx: &mut dyn Tx, district: PlaceId, building: i64) -> Result<Vec<Unit>, StoreError> {
    let sql =
        format!("select {UNIT} from property_unit where district = $1 and building = $2 order by stair, label, id");
    all(tx, &sql, &args![district, building])
}

/// A unit, wherever it is kept.
///
/// # Errors
/// The store failed.
pub fn unit(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Unit>, StoreError> {
    // asks all districts: the identity of a unit does not say which district keeps it
    one(tx, &format!("select {UNIT} from property_unit where id = $1"), &args![id])
}

/// Drops a unit with its shares.
///
/// # Errors
/// The store failed.
pub fn drop_unit(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<(), StoreError> {
    drop_shares(tx, district, id)?;
    tx.exec("delete from property_unit where district = $1 and id = $2", &args![district, id]).map(drop)
}

/// What a register adds up to.
///
/// # Errors
/// The store failed.
pub fn totals(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Totals, StoreError> {
    let sql = "select count(*), count(distinct head), coalesce(sum(area_cm2), 0) from property_unit \
               where district = $1 and compound = $2";
    let rows = tx.rows(sql, &args![district, compound])?;
    let Some(row) = rows.first() else { return Ok(Totals::default()) };
    Ok(Totals { units: row.get(0)?, heads: row.get(1)?, area: row.get(2)? })
}

/// Adds an owner.
///
/// # Errors
/// The store failed.
pub fn add_owner(tx: &mut dyn Tx, owner: &Owner) -> Result<(), StoreError> {
    let sql = "insert into property_owner (district, id, compound, mark) values ($1, $2, $3, $4)";
    tx.exec(sql, &args![owner.district, owner.id, owner.compound, &owner.mark]).map(drop)
}

/// The owners of a compound.
///
/// # Errors
/// The store failed.
pub fn owners(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Vec<Owner>, StoreError> {
    let sql = "select district, id, compound, mark from property_owner where district = $1 and compound = $2";
    all(tx, sql, &args![district, compound])
}

/// The owners of a compound who own nothing there any more.
///
/// # Errors
/// The store failed.
pub fn former_owners(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Vec<Owner>, StoreError> {
    let sql = "select o.district, o.id, o.compound, o.mark from property_owner o where o.district = $1 \
               and o.compound = $2 and not exists (select 1 from property_share s where s.district = o.district \
               and s.owner = o.id)";
    all(tx, sql, &args![district, compound])
}

/// Drops an owner.
///
/// # Errors
/// The store failed.
pub fn drop_owner(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from property_owner where district = $1 and id = $2", &args![district, id]).map(drop)
}

/// Adds a share of a unit.
///
/// # Errors
/// The store failed.
pub fn add_share(tx: &mut dyn Tx, district: PlaceId, share: &Share) -> Result<(), StoreError> {
    let sql = "insert into property_share (district, unit, owner, part, whole) values ($1, $2, $3, $4, $5)";
    tx.exec(sql, &args![district, share.unit, share.owner, share.part, share.whole]).map(drop)
}

/// Drops the shares of a unit.
///
/// # Errors
/// The store failed.
pub fn drop_shares(tx: &mut dyn Tx, district: PlaceId, unit: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from property_share where district = $1 and unit = $2", &args![district, unit]).map(drop)
}

/// The shares of the units of a building.
///
/// # Errors
/// The store failed.
pub fn shares_of(tx: &mut dyn Tx, district: PlaceId, building: i64) -> Result<Vec<Share>, StoreError> {
    let sql = "select s.unit, s.owner, s.part, s.whole from property_unit u join property_share s \
               on s.district = u.district and s.unit = u.id where u.district = $1 and u.building = $2 \
               order by s.unit, s.owner";
    all(tx, sql, &args![district, building])
}

/// Adds a head. One that is there stays as it is, with its account.
///
/// # Errors
/// The store failed.
pub fn add_head(tx: &mut dyn Tx, head: &Head) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_head ({HEAD}) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (district, id) \
         do nothing"
    );
    let Head { district, id, compound, kind, code, account, linked_at, votes_from } = head;
    tx.exec(&sql, &args![*district, *id, *compound, *kind, code, *account, *linked_at, *votes_from]).map(drop)
}

/// Drops the heads of a compound behind which no unit stands any more.
///
/// # Errors
/// The store failed.
pub fn drop_empty_heads(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<(), StoreError> {
    let sql = "delete from property_head where district = $1 and compound = $2 and not exists (select 1 \
               from property_unit u where u.district = property_head.district and u.head = property_head.id)";
    tx.exec(sql, &args![district, compound]).map(drop)
}

/// The heads of a compound.
///
/// # Errors
/// The store failed.
pub fn heads(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Vec<Head>, StoreError> {
    let sql = format!("select {HEAD} from property_head where district = $1 and compound = $2 order by id");
    all(tx, &sql, &args![district, compound])
}

/// The head of an identity, held for a change.
///
/// # Errors
/// The store failed.
pub fn head(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Head>, StoreError> {
    let sql = format!("select {HEAD} from property_head where district = $1 and id = $2{}", tx.lock_rows());
    one(tx, &sql, &args![district, id])
}

record! {
    /// An owner of a unit that belongs to a head.
    pub struct Behind {
        /// The head.
        pub head: Uuid,
        /// The sealed record of the owner.
        pub owner: Uuid,
    }
}

/// The owners behind the heads of a compound.
///
/// # Errors
/// The store failed.
pub fn behind(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Vec<Behind>, StoreError> {
    let sql = "select distinct u.head, s.owner from property_unit u join property_share s \
               on s.district = u.district and s.unit = u.id where u.district = $1 and u.compound = $2 \
               order by u.head, s.owner";
    all(tx, sql, &args![district, compound])
}

/// Gives a head another code in place of the one that it has, or none.
///
/// # Errors
/// The store failed.
pub fn set_code(tx: &mut dyn Tx, head: &Head, code: &str) -> Result<(), StoreError> {
    let sql = "update property_head set code = $1 where district = $2 and id = $3";
    tx.exec(sql, &args![code, head.district, head.id]).map(drop)
}

/// The head to whose code a digest belongs.
///
/// # Errors
/// The store failed.
pub fn head_of_code(tx: &mut dyn Tx, code: &str) -> Result<Option<Head>, StoreError> {
    // asks all districts: a code does not say where its unit is
    let sql = format!("select {HEAD} from property_head where code = $1{}", tx.lock_rows());
    one(tx, &sql, &args![code])
}

/// The heads for which an account votes.
///
/// # Errors
/// The store failed.
pub fn heads_of_account(tx: &mut dyn Tx, account: Uuid) -> Result<Vec<Head>, StoreError> {
    // asks all districts: an account does not say where its units are
    all(tx, &format!("select {HEAD} from property_head where account = $1 order by district, id"), &args![account])
}

/// Links a head with the account that votes for it, online from a moment on. Its units remember the account.
///
/// # Errors
/// The store failed.
pub fn link(tx: &mut dyn Tx, head: &Head, account: Uuid, at: Instant, from: Instant) -> Result<(), StoreError> {
    let sql = "update property_head set account = $1, linked_at = $2, votes_from = $3 where district = $4 and id = $5";
    tx.exec(sql, &args![account, at, from, head.district, head.id])?;
    let sql = "update property_unit set linked_last = $1 where district = $2 and compound = $3 and head = $4";
    tx.exec(sql, &args![account, head.district, head.compound, head.id]).map(drop)
}

/// Takes the account away that votes for a head.
///
/// # Errors
/// The store failed.
pub fn unlink(tx: &mut dyn Tx, head: &Head, at: Instant) -> Result<(), StoreError> {
    let sql = "update property_head set account = null, linked_at = $1, votes_from = null \
               where district = $2 and id = $3";
    tx.exec(sql, &args![at, head.district, head.id]).map(drop)
}

/// Lets the account of a head vote online from a moment on.
///
/// # Errors
/// The store failed.
pub fn set_votes_from(tx: &mut dyn Tx, head: &Head, from: Instant) -> Result<(), StoreError> {
    let sql = "update property_head set votes_from = $1 where district = $2 and id = $3";
    tx.exec(sql, &args![from, head.district, head.id]).map(drop)
}

/// The accounts that voted last for the units of a head, also when these belonged to another one.
///
/// # Errors
/// The store failed.
pub fn linked_last(tx: &mut dyn Tx, head: &Head) -> Result<Vec<Uuid>, StoreError> {
    let sql = "select distinct linked_last from property_unit where district = $1 and compound = $2 and head = $3 \
               and linked_last is not null order by linked_last";
    let rows = tx.rows(sql, &args![head.district, head.compound, head.id])?;
    rows.iter().map(|row| row.get(0)).collect()
}
