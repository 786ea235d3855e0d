//! Remembers ballots, sealed until the end, written proxies, and the lines of ballots that are published after it.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use super::votes::Vote;
use crate::rules::audit::BallotLine;
use crate::rules::tally::Amount;
use crate::words::area::Area;
use crate::words::votes::Way;

record! {
    /// A ballot. Its fields stand in the order of [`BALLOT`].
    pub struct Ballot {
        /// The number of its right.
        pub number: i64,
        /// How it came.
        pub way: Way,
        /// Its area.
        pub area: Area,
        /// Its choices, sealed until the end. Nothing after it.
        pub sealed: Vec<u8>,
        /// The account that gave it online or entered its sheet. None after the end.
        pub account: Option<Uuid>,
        /// Who entered it. Empty after the end.
        pub entered_name: String,
        /// When. After the end it is the end of the vote.
        pub entered_at: Instant,
    }
}

record! {
    /// What is opened of a ballot at the count.
    pub struct SealedBallot {
        /// The number of its right.
        pub number: i64,
        /// Its area.
        pub area: Area,
        /// Its choices, sealed.
        pub sealed: Vec<u8>,
    }
}

const BALLOT: &str = "number, way, area_cm2, sealed, account, entered_name, entered_at";

record! {
    /// A written proxy (委托书). Its fields stand in the order of [`PROXY`].
    pub struct Proxy {
        /// The number of the right for which it was given.
        pub number: i64,
        /// The sealed record of whoever was given it.
        pub agent: Uuid,
        /// What tells her from other proxies of the vote by her telephone, and gives nothing of her away.
        pub mark: String,
        /// How many units the right has.
        pub unit_count: i64,
        /// Who entered it.
        pub given_name: String,
        /// When.
        pub given_at: Instant,
        /// When it was withdrawn.
        pub withdrawn_at: Option<Instant>,
        /// What tells her from others by her name alone. Empty for one that was entered when this was not kept.
        pub name_mark: String,
    }
}

const PROXY: &str = "number, agent, mark, unit_count, given_name, given_at, withdrawn_at, name_mark";

record! {
    /// A line of the published sheet.
    pub struct Cast {
        /// The commitment of the ballot.
        pub commitment: String,
        /// Its area.
        pub area: Area,
        /// Its choices.
        pub choices: String,
    }
}

/// Keeps a ballot, in place of the one of the same right.
///
/// # Errors
/// The store failed.
pub fn put(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, ballot: &Ballot) -> Result<(), StoreError> {
    let sql = "insert into property_ballot (district, vote, number, way, area_cm2, sealed, account, entered_name, \
               entered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (district, vote, number) do update \
               set way = excluded.way, sealed = excluded.sealed, account = excluded.account, \
               entered_name = excluded.entered_name, entered_at = excluded.entered_at";
    let Ballot { number, way, area, sealed, account, entered_name, entered_at } = ballot;
    let values = args![district, vote, *number, *way, *area, sealed, *account, entered_name, *entered_at];
    tx.exec(sql, &values).map(drop)
}

/// The ballot of a right.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, number: i64) -> Result<Option<Ballot>, StoreError> {
    let sql = format!("select {BALLOT} from property_ballot where district = $1 and vote = $2 and number = $3");
    one(tx, &sql, &args![district, vote, number])
}

/// Whether an account gave a ballot for a head in a vote that was not counted yet.
///
/// # Errors
/// The store failed.
pub fn has_voted(tx: &mut dyn Tx, district: PlaceId, head: Uuid, account: Uuid) -> Result<bool, StoreError> {
    let sql = "select count(*) from property_right r join property_ballot b on b.district = r.district \
               and b.vote = r.vote and b.number = r.number where r.district = $1 and r.head = $2 and b.way = 'online' \
               and b.account = $3";
    Ok(store::scalar::<i64>(tx, sql, &args![district, head, account])?.unwrap_or_default() > 0)
}

/// The ballots of a vote as they are opened at the count, by number: those after a number, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn sealed(
    tx: &mut dyn Tx,
    district: PlaceId,
    vote: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<SealedBallot>, StoreError> {
    let sql = "select number, area_cm2, sealed from property_ballot where district = $1 and vote = $2 and number > $3 \
               order by number limit $4";
    all(tx, sql, &args![district, vote, after, limit])
}

/// Takes a ballot away, because the proxy who gave it has no authority any more.
///
/// # Errors
/// The store failed.
pub fn take_away(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, number: i64) -> Result<(), StoreError> {
    let sql = "delete from property_ballot where district = $1 and vote = $2 and number = $3";
    tx.exec(sql, &args![district, vote, number]).map(drop)
}

/// Forgets what the ballots of a vote say, who entered them and when: who took part and how stays known. Every ballot
/// has the end of the vote from then on, so that no moment joins it with a line of the sheet.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, vote: &Vote) -> Result<(), StoreError> {
    let sql = "update property_ballot set sealed = $1, account = null, entered_name = '', entered_at = $2 \
               where district = $3 and vote = $4";
    tx.exec(sql, &args![Vec::<u8>::new(), vote.ends_at, vote.district, vote.id]).map(drop)
}

/// Who took part so far, by heads and area. It says nothing of what they chose.
///
/// # Errors
/// The store failed.
pub fn taking_part(tx: &mut dyn Tx, district: PlaceId, vote: Uuid) -> Result<Amount, StoreError> {
    let sql = "select count(*), coalesce(sum(area_cm2), 0) from property_ballot where district = $1 and vote = $2";
    let rows = tx.rows(sql, &args![district, vote])?;
    let Some(row) = rows.first() else { return Ok(Amount::default()) };
    Ok(Amount { heads: row.get(0)?, area: row.get(1)? })
}

/// Keeps a proxy, in place of one of the same right that was withdrawn.
///
/// # Errors
/// The store failed.
pub fn put_proxy(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, proxy: &Proxy) -> Result<(), StoreError> {
    let sql = "insert into property_proxy (district, vote, number, agent, mark, unit_count, given_name, given_at, \
               withdrawn_at, name_mark) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
               on conflict (district, vote, number) do update set agent = excluded.agent, mark = excluded.mark, \
               given_name = excluded.given_name, given_at = excluded.given_at, withdrawn_at = excluded.withdrawn_at, \
               name_mark = excluded.name_mark";
    let Proxy { number, agent, mark, unit_count, given_name, given_at, withdrawn_at, name_mark } = proxy;
    let values =
        args![district, vote, *number, *agent, mark, *unit_count, given_name, *given_at, *withdrawn_at, name_mark];
    tx.exec(sql, &values).map(drop)
}

/// The proxy of a right.
///
/// # Errors
/// The store failed.
pub fn proxy(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, number: i64) -> Result<Option<Proxy>, StoreError> {
    let sql = format!("select {PROXY} from property_proxy where district = $1 and vote = $2 and number = $3");
    one(tx, &sql, &args![district, vote, number])
}

/// How many units somebody has as a proxy in a vote, by one of the two marks that she may have.
///
/// # Errors
/// The store failed.
pub fn units_of_proxy(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, marks: [&str; 2]) -> Result<i64, StoreError> {
    let sql = "select coalesce(sum(unit_count), 0) from property_proxy where district = $1 and vote = $2 \
               and mark in ($3, $4) and withdrawn_at is null";
    let [mark, former] = marks;
    Ok(store::scalar(tx, sql, &args![district, vote, mark, former])?.unwrap_or_default())
}

/// Whether somebody of the same name but with another telephone is a proxy in a vote.
///
/// # Errors
/// The store failed.
pub fn has_namesake(
    tx: &mut dyn Tx,
    district: PlaceId,
    vote: Uuid,
    mark: &str,
    name_mark: &str,
) -> Result<bool, StoreError> {
    let sql = "select count(*) from property_proxy where district = $1 and vote = $2 and name_mark = $3 \
               and mark <> $4 and withdrawn_at is null";
    Ok(store::scalar::<i64>(tx, sql, &args![district, vote, name_mark, mark])?.unwrap_or_default() > 0)
}

/// Notes that a proxy was withdrawn.
///
/// # Errors
/// The store failed.
pub fn withdraw(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, number: i64, now: Instant) -> Result<(), StoreError> {
    let sql = "update property_proxy set withdrawn_at = $1 where district = $2 and vote = $3 and number = $4";
    tx.exec(sql, &args![now, district, vote, number]).map(drop)
}

/// Publishes the line of a ballot.
///
/// # Errors
/// The store failed.
pub fn add_cast(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, line: &BallotLine) -> Result<(), StoreError> {
    let sql = "insert into property_cast (district, vote, commitment, area_cm2, choices) values ($1, $2, $3, $4, $5)";
    tx.put(sql, &args![district, vote, &line.commitment, line.area, &line.choices])
}

/// The published lines of a vote, by commitment.
///
/// # Errors
/// The store failed.
pub fn casts(tx: &mut dyn Tx, district: PlaceId, vote: Uuid) -> Result<Vec<Cast>, StoreError> {
    let sql = "select commitment, area_cm2, choices from property_cast where district = $1 and vote = $2 \
               order by commitment";
    all(tx, sql, &args![district, vote])
}

/// The published lines whose commitments begin so, in hexadecimal digits; two at most, since only one is of use.
///
/// # Errors
/// The store failed.
pub fn casts_from(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, beginning: &str) -> Result<Vec<Cast>, StoreError> {
    let sql = "select commitment, area_cm2, choices from property_cast where district = $1 and vote = $2 \
               and commitment like $3 order by commitment limit 2";
    all(tx, sql, &args![district, vote, format!("{beginning}%")])
}
