//! Reads of registers, votes and income no more than a page shows: one part of a long list, or a sum by one statement.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use super::ballots::Cast;
use super::register::{HEAD, Head, Share, UNIT, Unit};
use super::votes::{RIGHT, Right};
use crate::words::area::Area;
use crate::words::income::{Income, Portion};
use crate::words::votes::Way;

/// Which part of a list is read: so many lines behind the first ones.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The lines before it.
    pub skip: i64,
    /// The most lines of it.
    pub limit: i64,
}

record! {
    /// What the units of a building add up to.
    pub struct BuildingSum {
        /// The building.
        pub building: i64,
        /// How many units.
        pub units: i64,
        /// Their private area.
        pub area: Area,
    }
}

record! {
    /// A unit or several that took part in a vote, and how.
    pub struct TookPart {
        /// The units, as people call them.
        pub units: String,
        /// How their ballot came.
        pub way: Way,
    }
}

record! {
    /// A written proxy of a vote, with the units for which it was given.
    pub struct ProxyLine {
        /// The number of the right for which it was given.
        pub number: i64,
        /// The units of the right, as people call them.
        pub units: String,
        /// The sealed record of whoever was given it.
        pub agent: Uuid,
        /// Who entered it.
        pub given_name: String,
        /// When.
        pub given_at: Instant,
        /// When it was withdrawn.
        pub withdrawn_at: Option<Instant>,
    }
}

record! {
    /// How many units share an income, and their area.
    pub struct Shared {
        /// How many units.
        pub units: i64,
        /// Their private area.
        pub area: Area,
    }
}

/// What the units of each building of a compound add up to.
///
/// # Errors
/// The store failed.
pub fn building_sums(tx: &mut dyn Tx, district: PlaceId, compound: i64) -> Result<Vec<BuildingSum>, StoreError> {
    let sql = "select building, count(*), sum(area_cm2) from property_unit where district = $1 and compound = $2 \
               group by building order by building";
    all(tx, sql, &args![district, compound])
}

/// The units of a building, by stair and number.
///
/// # Errors
/// The store failed.
pub fn units_of(tx: &mut dyn Tx, district: PlaceId, building: i64, span: Span) -> Result<Vec<Unit>, StoreError> {
    let sql = format!(
        "select {UNIT} from property_unit where district = $1 and building = $2 order by stair, label, id \
         limit $3 offset $4"
    );
    all(tx, &sql, &args![district, building, span.limit, span.skip])
}

/// The units of a head, by building, stair and number.
///
/// # Errors
/// The store failed.
pub fn units_of_head(tx: &mut dyn Tx, head: &Head) -> Result<Vec<Unit>, StoreError> {
    let sql = format!(
        "select {UNIT} from property_unit where district = $1 and compound = $2 and head = $3 \
         order by building, stair, label"
    );
    all(tx, &sql, &args![head.district, head.compound, head.id])
}

/// Who owns which part of a unit.
///
/// # Errors
/// The store failed.
pub fn shares_of_unit(tx: &mut dyn Tx, unit: &Unit) -> Result<Vec<Share>, StoreError> {
    let sql = "select unit, owner, part, whole from property_share where district = $1 and unit = $2 order by owner";
    all(tx, sql, &args![unit.district, unit.id])
}

/// The heads that have units in a building.
///
/// # Errors
/// The store failed.
pub fn heads_in(tx: &mut dyn Tx, district: PlaceId, building: i64) -> Result<Vec<Head>, StoreError> {
    let sql = format!(
        "select {HEAD} from property_head where district = $1 and id in (select u.head from property_unit u \
         where u.district = $2 and u.building = $3) order by id"
    );
    all(tx, &sql, &args![district, district, building])
}

/// Who took part in a vote, by number.
///
/// # Errors
/// The store failed.
pub fn took_part(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, span: Span) -> Result<Vec<TookPart>, StoreError> {
    let sql = "select r.units, b.way from property_ballot b join property_right r on r.district = b.district \
               and r.vote = b.vote and r.number = b.number where b.district = $1 and b.vote = $2 order by b.number \
               limit $3 offset $4";
    all(tx, sql, &args![district, vote, span.limit, span.skip])
}

/// The published lines of a vote, by commitment.
///
/// # Errors
/// The store failed.
pub fn casts(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, span: Span) -> Result<Vec<Cast>, StoreError> {
    let sql = "select commitment, area_cm2, choices from property_cast where district = $1 and vote = $2 \
               order by commitment limit $3 offset $4";
    all(tx, sql, &args![district, vote, span.limit, span.skip])
}

/// The rights of a vote, by number.
///
/// # Errors
/// The store failed.
pub fn rights(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, span: Span) -> Result<Vec<Right>, StoreError> {
    let sql = format!(
        "select {RIGHT} from property_right where district = $1 and vote = $2 order by number limit $3 offset $4"
    );
    all(tx, &sql, &args![district, vote, span.limit, span.skip])
}

/// The rights of a vote whose owners have no account that is linked, by number. The developer has none either.
///
/// # Errors
/// The store failed.
pub fn unlinked(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, span: Span) -> Result<Vec<Right>, StoreError> {
    let sql = format!(
        "select {RIGHT} from property_right where district = $1 and vote = $2 and not exists (select 1 \
         from property_head h where h.district = property_right.district and h.id = property_right.head \
         and h.account is not null) order by number limit $3 offset $4"
    );
    all(tx, &sql, &args![district, vote, span.limit, span.skip])
}

/// The written proxies of a vote with the units of each, by number.
///
/// # Errors
/// The store failed.
pub fn proxies(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, span: Span) -> Result<Vec<ProxyLine>, StoreError> {
    let sql = "select p.number, r.units, p.agent, p.given_name, p.given_at, p.withdrawn_at from property_proxy p \
               join property_right r on r.district = p.district and r.vote = p.vote and r.number = p.number \
               where p.district = $1 and p.vote = $2 order by p.number limit $3 offset $4";
    all(tx, sql, &args![district, vote, span.limit, span.skip])
}

/// How many units share an income, and their area.
///
/// # Errors
/// The store failed.
pub fn shared(tx: &mut dyn Tx, income: &Income) -> Result<Shared, StoreError> {
    let sql = "select count(*), coalesce(sum(area_cm2), 0) from property_portion where district = $1 \
               and income_id = $2";
    let found = one(tx, sql, &args![income.district, income.id])?;
    Ok(found.unwrap_or(Shared { units: 0, area: Area::default() }))
}

/// What falls to units, in the order of the list.
///
/// # Errors
/// The store failed.
pub fn portions(tx: &mut dyn Tx, income: &Income, span: Span) -> Result<Vec<Portion>, StoreError> {
    let sql = "select place, unit, area_cm2, share_fen from property_portion where district = $1 and income_id = $2 \
               order by place limit $3 offset $4";
    all(tx, sql, &args![income.district, income.id, span.limit, span.skip])
}
