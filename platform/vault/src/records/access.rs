//! The access log 查阅记录: who looked into which record, when and why.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{Tx, Val, args, record};
use uuid::Uuid;

use crate::VaultError;
use crate::words::{Look, Looks};

/// How many looks at a record are read at once where no page of them is asked for.
const ACCESS_LIMIT: i64 = 500;

record! {
    struct AccessRow {
        at: Instant,
        deed: String,
        account: Option<Uuid>,
        name: String,
        place: String,
        purpose: String,
        case_number: Option<String>,
    }
}

/// What was done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Somebody saw it unmasked.
    Opened,
    /// Somebody changed it.
    Changed,
}

impl Deed {
    const fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Changed => "changed",
        }
    }
}

/// One line of a record's access log 查阅记录.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// When it happened.
    pub at: Instant,
    /// Whether the record was seen or changed.
    pub deed: Deed,
    /// The account that did it.
    pub account: Option<Uuid>,
    /// The name of whoever did it.
    pub name: String,
    /// The place on whose behalf it was done.
    pub place: String,
    /// The purpose.
    pub purpose: String,
    /// The case for which it was done.
    pub case_number: Option<String>,
}

/// One line of the access log of a district, with the identity by which a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The identity of the line. Later lines have greater ones.
    pub id: Uuid,
    /// What it says.
    pub access: Access,
}

record! {
    struct LoggedRow {
        id: Uuid,
        at: Instant,
        deed: String,
        account: Option<Uuid>,
        name: String,
        place: String,
        purpose: String,
        case_number: Option<String>,
    }
}

record! {
    /// Somebody who looked, with how often.
    pub struct Looker {
        /// The account, none for the platform itself or for a person without an account.
        pub account: Option<Uuid>,
        /// The name, as the persons read it.
        pub name: String,
        /// The place on whose behalf.
        pub place: String,
        /// How many lines of the log.
        pub count: i64,
        /// How many persons.
        pub persons: i64,
    }
}

record! {
    /// When somebody looked at which record; to be counted, never to be shown.
    pub struct SeenAt {
        /// When.
        pub at: Instant,
        /// The record.
        pub record: Uuid,
    }
}

pub fn insert_access(
    tx: &mut dyn Tx,
    district: PlaceId,
    record: Uuid,
    deed: Deed,
    look: &Look,
    id: Uuid,
) -> Result<(), VaultError> {
    tx.exec(
        "insert into vault_access (district, record, id, at, deed, account, name, place, purpose, case_number) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &args![
            district,
            record,
            id,
            look.at,
            deed.code(),
            look.account,
            look.name.as_str(),
            look.place.as_str(),
            look.purpose.trim(),
            look.case_number.clone()
        ],
    )?;
    Ok(())
}

pub fn accesses(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<Vec<Access>, VaultError> {
    let rows = store::all::<AccessRow>(
        tx,
        "select at, deed, account, name, place, purpose, case_number from vault_access \
         where district = $1 and record = $2 order by at desc, id desc limit $3",
        &args![district, record, ACCESS_LIMIT],
    )?;
    Ok(rows.into_iter().map(Access::from).collect())
}

/// Returns the lines of a record that are older than a line, the newest first. The identity of a line begins with its
/// moment.
pub fn accesses_before(
    tx: &mut dyn Tx,
    district: PlaceId,
    record: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Logged>, VaultError> {
    let before = before.unwrap_or_else(|| Uuid::from_u128(u128::MAX));
    let rows = store::all::<LoggedRow>(
        tx,
        "select id, at, deed, account, name, place, purpose, case_number from vault_access \
         where district = $1 and record = $2 and id < $3 order by id desc limit $4",
        &args![district, record, before, limit],
    )?;
    Ok(rows.into_iter().map(Logged::from).collect())
}

pub fn looks(tx: &mut dyn Tx, asked: &Looks) -> Result<Vec<Logged>, VaultError> {
    let before = asked.before.unwrap_or_else(|| Uuid::from_u128(u128::MAX));
    let order = |one: &Logged, other: &Logged| other.id.cmp(&one.id);
    let who = if asked.account.is_some() { " and account = $6" } else { "" };
    let sql = format!(
        "select id, at, deed, account, name, place, purpose, case_number from vault_access \
         where district = $1 and at >= $2 and at < $3 and id < $4{who} order by id desc limit $5"
    );
    store::gather(&asked.districts, asked.limit, order, |district| {
        let mut values = args![*district, asked.from, asked.until, before, asked.limit].to_vec();
        values.extend(asked.account.map(Val::from));
        Ok(store::all::<LoggedRow>(tx, &sql, &values)?.into_iter().map(Logged::from).collect())
    })
}

/// Returns when an account looked at which records of some districts, the newest first.
pub fn seen(tx: &mut dyn Tx, asked: &Looks, account: Uuid) -> Result<Vec<SeenAt>, VaultError> {
    let order = |one: &SeenAt, other: &SeenAt| (other.at, other.record).cmp(&(one.at, one.record));
    let mut found = Vec::new();
    for district in &asked.districts {
        found.extend(store::all::<SeenAt>(
            tx,
            "select at, record from vault_access where district = $1 and account = $2 and at >= $3 and at < $4 \
             order by at desc, record limit $5",
            &args![*district, account, asked.from, asked.until, asked.limit],
        )?);
    }
    found.sort_by(order);
    Ok(found)
}

/// Counts the persons at whose records an account looked since a moment.
pub fn persons_seen(tx: &mut dyn Tx, account: Uuid, since: Instant) -> Result<i64, VaultError> {
    // asks all districts: those whom one person saw on a day lived in any of them
    let sql = "select count(*) from (select distinct district, record from vault_access \
               where account = $1 and at >= $2) as seen";
    Ok(store::scalar::<i64>(tx, sql, &args![account, since])?.unwrap_or_default())
}

/// Says whether an account has looked at a record since a moment.
pub fn saw(
    tx: &mut dyn Tx,
    district: PlaceId,
    record: Uuid,
    account: Uuid,
    since: Instant,
) -> Result<bool, VaultError> {
    let sql = "select count(*) from vault_access where district = $1 and record = $2 and account = $3 and at >= $4";
    let found = store::scalar::<i64>(tx, sql, &args![district, record, account, since])?;
    Ok(found.unwrap_or_default() > 0)
}

pub fn lookers(tx: &mut dyn Tx, asked: &Looks) -> Result<Vec<Looker>, VaultError> {
    let who = if asked.account.is_some() { " and account = $5" } else { "" };
    let sql = format!(
        "select account, name, place, count(*), count(distinct record) from vault_access \
         where district = $1 and at >= $2 and at < $3{who} group by account, name, place order by 4 desc, name limit $4"
    );
    let mut found: Vec<Looker> = Vec::new();
    for district in &asked.districts {
        let mut values = args![*district, asked.from, asked.until, asked.limit].to_vec();
        values.extend(asked.account.map(Val::from));
        for one in store::all::<Looker>(tx, &sql, &values)? {
            let same = |other: &&mut Looker| {
                (other.account, &other.name, &other.place) == (one.account, &one.name, &one.place)
            };
            match found.iter_mut().find(same) {
                Some(known) => {
                    known.count += one.count;
                    known.persons += one.persons;
                }
                None => found.push(one),
            }
        }
    }
    found.sort_by(|one, other| (other.count, &one.name).cmp(&(one.count, &other.name)));
    Ok(found)
}

impl From<LoggedRow> for Logged {
    fn from(row: LoggedRow) -> Self {
        let LoggedRow { id, at, deed, account, name, place, purpose, case_number } = row;
        Self { id, access: AccessRow { at, deed, account, name, place, purpose, case_number }.into() }
    }
}

impl From<AccessRow> for Access {
    fn from(row: AccessRow) -> Self {
        let deed = if row.deed == Deed::Changed.code() { Deed::Changed } else { Deed::Opened };
        let AccessRow { at, account, name, place, purpose, case_number, .. } = row;
        Self { at, deed, account, name, place, purpose, case_number }
    }
}
