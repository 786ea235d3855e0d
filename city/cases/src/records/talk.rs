//! Opinions asked of other offices, as lists need them; whether an applicant wants to be told; and what is said about a
//! case: notes inside the office, messages to and from the applicant. The words themselves are sealed under the
//! applicant's record, so that nobody can read them once it is erased.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kernel::case::{Case, Event};
use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::lists::Key;

/// Whether the applicant of a case looks herself and is not to be told outside of the platform.
pub fn is_quiet(tx: &mut dyn Tx, case: &Key) -> Result<bool, StoreError> {
    let sql = "select count(*) from cases_quiet where district = $1 and case_id = $2";
    Ok(store::scalar::<i64>(tx, sql, &args![case.district, case.id])?.unwrap_or(0) > 0)
}

/// Keeps what the applicant of a case wishes; said again it stays the same.
pub fn set_quiet(tx: &mut dyn Tx, case: &Key, quiet: bool, now: Instant) -> Result<(), StoreError> {
    if quiet {
        let sql = "insert into cases_quiet (district, case_id, since) values ($1, $2, $3) on conflict (district, case_id) do nothing";
        tx.exec(sql, &args![case.district, case.id, now]).map(drop)
    } else {
        tx.exec("delete from cases_quiet where district = $1 and case_id = $2", &args![case.district, case.id])
            .map(drop)
    }
}

/// Keeps the list of opinions that are asked for in step with the case.
pub fn note_consultations(tx: &mut dyn Tx, case: &Case, event: &Event, now: Instant) -> Result<(), StoreError> {
    match event {
        Event::Consulted { office, due, joint, .. } => {
            let sql = "insert into cases_asked (district, case_id, ordinal, number, item, office_path, office_department, due, joint, confidential) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
            let position = i64::try_from(case.consultations.len()).unwrap_or(i64::MAX) - 1;
            let department = office.department.clone().unwrap_or_default();
            let values = args![
                case.shard,
                case.id.0,
                position,
                &case.number,
                case.item(),
                &office.place,
                department,
                *due,
                *joint,
                case.confidential
            ];
            tx.exec(sql, &values).map(drop)
        }
        Event::Answered { number, .. } => {
            let position = i64::try_from(*number).unwrap_or(i64::MAX);
            let sql = "update cases_asked set answered_at = $1 where district = $2 and case_id = $3 and ordinal = $4";
            tx.exec(sql, &args![now, case.shard, case.id.0, position]).map(drop)
        }
        Event::Relocated { .. } => {
            for (asked, position) in case.consultations.iter().zip(0_i64..) {
                let sql =
                    "update cases_asked set office_path = $1 where district = $2 and case_id = $3 and ordinal = $4";
                tx.exec(sql, &args![&asked.office.place, case.shard, case.id.0, position])?;
            }
            super::requests::follow(tx, case)
        }
        _ => Ok(()),
    }
}

record! {
    /// An opinion that an office is asked for.
    pub struct AskedRow {
        /// The case's number.
        pub number: String,
        /// Code of the item.
        pub item: String,
        /// Place of the office that is asked.
        pub office_path: PlacePath,
        /// Its department.
        pub office_department: String,
        /// The last day for the answer.
        pub due: Date,
        /// The case is not decided without it.
        pub joint: bool,
    }
}

/// The opinions that the offices inside a scope are asked for, those due first, at most `limit`.
pub fn asked(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<AskedRow>, StoreError> {
    // asks all districts: an office is asked about residents of any district
    let (from, to) = scope.place.range();
    let mut sql = "select number, item, office_path, office_department, due, joint from cases_asked \
                   where answered_at is null and office_path >= $1 and office_path < $2"
        .to_owned();
    let mut values = args![from, to].to_vec();
    super::restrict(&mut sql, &mut values, scope, "office_department");
    values.push(Val::from(limit));
    let _ = write!(sql, " order by due, number limit ${}", values.len());
    store::all(tx, &sql, &values)
}

record! {
    /// Something said about a case, still sealed.
    pub struct TalkRow {
        /// Its identity.
        pub id: Uuid,
        /// `note`, `to_applicant`, `from_applicant`.
        pub kind: String,
        /// When.
        pub at: Instant,
        /// Who, as colleagues read it; empty for the applicant.
        pub name: String,
        /// The words.
        pub sealed: Vec<u8>,
        /// When the other side saw it.
        pub read_at: Option<Instant>,
        /// The sealed record of the party by whom or to whom it was said; none for the person whom the case is mainly
        /// about, and for notes.
        pub party: Option<Uuid>,
    }
}

/// Something said about a case, on its way in.
pub struct NewTalk<'t> {
    /// Its identity.
    pub id: Uuid,
    /// `note`, `to_applicant`, `from_applicant`.
    pub kind: &'t str,
    /// Who.
    pub account: Option<Uuid>,
    /// Who, as colleagues read it.
    pub name: &'t str,
    /// The words, sealed.
    pub sealed: Vec<u8>,
    /// The sealed record of the party by whom or to whom it is said, if it is another than the one whom the case is
    /// mainly about.
    pub party: Option<Uuid>,
}

/// Keeps something said.
pub fn say(tx: &mut dyn Tx, case: &Key, talk: NewTalk<'_>, now: Instant) -> Result<(), StoreError> {
    let sql = "insert into cases_talk (district, case_id, id, kind, at, account, name, sealed, party) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let NewTalk { id, kind, account, name, sealed, party } = talk;
    tx.exec(sql, &args![case.district, case.id, id, kind, now, account, name, sealed, party]).map(drop)
}

/// What was said about a case, the oldest first, at most `limit`.
pub fn said(tx: &mut dyn Tx, case: &Key, limit: i64) -> Result<Vec<TalkRow>, StoreError> {
    let sql = "select id, kind, at, name, sealed, read_at, party from cases_talk \
               where district = $1 and case_id = $2 order by at, id limit $3";
    store::all(tx, sql, &args![case.district, case.id, limit])
}

/// How much was said about a case.
pub fn count(tx: &mut dyn Tx, case: &Key) -> Result<i64, StoreError> {
    let sql = "select count(*) from cases_talk where district = $1 and case_id = $2";
    Ok(store::scalar(tx, sql, &args![case.district, case.id])?.unwrap_or(0))
}

record! {
    /// A case about which something was said that the other side has not seen.
    struct Unseen {
        case_id: Uuid,
    }
}

/// About which of these cases something was said to staff, or to the applicant, that the other side has not seen.
pub fn unseen(tx: &mut dyn Tx, keys: &[(PlaceId, Uuid)], to_staff: bool) -> Result<BTreeSet<Uuid>, StoreError> {
    let said = if to_staff { "kind = 'from_applicant'" } else { "kind = 'to_applicant' and party is null" };
    let found = store::several::<Unseen>(tx, keys, |marks| {
        format!(
            "select case_id from cases_talk where district = $1 and {said} and read_at is null \
             and case_id in ({marks}) group by case_id"
        )
    })?;
    Ok(found.into_iter().map(|one| one.case_id).collect())
}

/// Marks messages of a kind as seen: those by or to a party, or, with none, the person whom the case is mainly about.
pub fn seen(tx: &mut dyn Tx, case: &Key, kind: &str, party: Option<Uuid>, now: Instant) -> Result<(), StoreError> {
    let sql = "update cases_talk set read_at = $1 where district = $2 and case_id = $3 and kind = $4 \
               and read_at is null and";
    match party {
        Some(party) => {
            let sql = format!("{sql} party = $5");
            tx.exec(&sql, &args![now, case.district, case.id, kind, party]).map(drop)
        }
        None => tx.exec(&format!("{sql} party is null"), &args![now, case.district, case.id, kind]).map(drop),
    }
}
