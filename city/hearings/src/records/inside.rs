//! Remembers the inside of mediations: the sealed file, clauses, sessions, proposals, and the days of the court.

use cases::Key;
use house::LastRow;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, all, args, one, scalar};
use uuid::Uuid;

use crate::words::IN_EFFECT;
use crate::words::inside::{
    BROKEN, ClauseRow, CourtRow, DONE, DueClause, DueCourt, FileRow, NewClause, NewProposal, NewSession, OPEN, PartRow,
    ProposalRow, SessionRow,
};

/// How many clauses, sessions or proposals of one mediation are read. A bound of the machine.
const OF_A_CASE: i64 = 200;

/// The file of a mediation, once somebody wrote into it.
///
/// # Errors
/// The store failed.
pub fn file(tx: &mut dyn Tx, case: &Key) -> Result<Option<FileRow>, StoreError> {
    let sql = "select record, sealed, changed_name, changed_at, stay from hearings_file \
               where district = $1 and case_id = $2";
    one(tx, sql, &args![case.district, case.id])
}

/// Begins the file of a mediation, or changes what is sealed of it beside its clauses.
///
/// # Errors
/// The store failed.
pub fn put_file(tx: &mut dyn Tx, case: &Key, file: &FileRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_file (district, case_id, record, sealed, changed_name, changed_at, stay) \
               values ($1, $2, $3, $4, $5, $6, $7) on conflict (district, case_id) do update set \
               sealed = excluded.sealed, changed_name = excluded.changed_name, changed_at = excluded.changed_at, \
               stay = excluded.stay";
    let values =
        args![case.district, case.id, file.record, file.sealed.clone(), &file.changed_name, file.changed_at, file.stay];
    tx.exec(sql, &values).map(drop)
}

/// Notes who changed the text of an agreement last, and when.
///
/// # Errors
/// The store failed.
pub fn touch(tx: &mut dyn Tx, case: &Key, name: &str, now: Instant) -> Result<(), StoreError> {
    let sql = "update hearings_file set changed_name = $1, changed_at = $2 where district = $3 and case_id = $4";
    tx.exec(sql, &args![name, now, case.district, case.id]).map(drop)
}

/// The clauses of an agreement in their order.
///
/// # Errors
/// The store failed.
pub fn clauses(tx: &mut dyn Tx, case: &Key) -> Result<Vec<ClauseRow>, StoreError> {
    let sql = "select id, owes, fen, due, sealed, stage, noted, noted_at, stay, lasting from hearings_clause \
               where district = $1 and case_id = $2 order by id limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Adds a clause with its sealed words, written during a stay.
///
/// # Errors
/// The store failed.
pub fn add_clause(
    tx: &mut dyn Tx,
    case: &Key,
    clause: &NewClause,
    sealed: Vec<u8>,
    stay: i64,
) -> Result<(), StoreError> {
    let sql = "insert into hearings_clause \
               (district, case_id, id, owes, fen, due, sealed, stage, noted, noted_at, is_active, stay, lasting) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, 0, $10, $11)";
    let none: Vec<u8> = Vec::new();
    let NewClause { id, owes, fen, due, lasting, .. } = clause;
    let values = args![case.district, case.id, *id, owes, *fen, *due, sealed, OPEN, none, stay, *lasting];
    tx.exec(sql, &values).map(drop)
}

/// Puts other words, another amount and another day into a clause. Says whether there is such a clause.
///
/// # Errors
/// The store failed.
pub fn change_clause(tx: &mut dyn Tx, case: &Key, clause: &NewClause, sealed: Vec<u8>) -> Result<bool, StoreError> {
    let sql = "update hearings_clause set owes = $1, fen = $2, due = $3, sealed = $4, lasting = $5 \
               where district = $6 and case_id = $7 and id = $8";
    let NewClause { id, owes, fen, due, lasting, .. } = clause;
    Ok(tx.exec(sql, &args![owes, *fen, *due, sealed, *lasting, case.district, case.id, *id])? > 0)
}

/// Takes a clause out. Says whether there was one.
///
/// # Errors
/// The store failed.
pub fn remove_clause(tx: &mut dyn Tx, case: &Key, id: Uuid) -> Result<bool, StoreError> {
    let sql = "delete from hearings_clause where district = $1 and case_id = $2 and id = $3";
    Ok(tx.exec(sql, &args![case.district, case.id, id])? > 0)
}

/// Notes how a clause is kept. Says whether there is such a clause.
///
/// # Errors
/// The store failed.
pub fn note_clause(
    tx: &mut dyn Tx,
    case: &Key,
    id: Uuid,
    stage: &str,
    noted: Vec<u8>,
    now: Instant,
) -> Result<bool, StoreError> {
    let sql = "update hearings_clause set stage = $1, noted = $2, noted_at = $3 \
               where district = $4 and case_id = $5 and id = $6";
    Ok(tx.exec(sql, &args![stage, noted, now, case.district, case.id, id])? > 0)
}

/// How many clauses of an agreement were not done yet. Of duties that last, those that were not kept.
///
/// # Errors
/// The store failed.
pub fn undone(tx: &mut dyn Tx, case: &Key) -> Result<i64, StoreError> {
    let sql = "select count(*) from hearings_clause where district = $1 and case_id = $2 and stage <> $3 \
               and (lasting = 0 or stage = $4)";
    Ok(scalar(tx, sql, &args![case.district, case.id, DONE, BROKEN])?.unwrap_or(0))
}

/// Notes whether clauses are to be kept now: their agreement is in effect and the case has not ended.
///
/// # Errors
/// The store failed.
pub fn set_active(tx: &mut dyn Tx, case: &Key, is_active: bool) -> Result<(), StoreError> {
    let sql = "update hearings_clause set is_active = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![is_active, case.district, case.id]).map(drop)
}

/// Clauses that are to be kept by a day of a span, its last day too, and were not done yet, after a row, at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn due_clauses(tx: &mut dyn Tx, span: [Date; 2], after: LastRow, limit: i64) -> Result<Vec<DueClause>, StoreError> {
    let [from, by] = span;
    // asks all districts: the reminders of a morning are those of the whole city
    let sql = "select district, case_id, id, due, owes from hearings_clause \
               where is_active = 1 and lasting = 0 and due >= $1 and due <= $2 and stage in ('open', 'part') \
               and (district, id) > ($3, $4) order by district, id limit $5";
    all(tx, sql, &args![from, by, after.district, after.id, limit])
}

/// The sessions of a mediation in their order.
///
/// # Errors
/// The store failed.
pub fn sessions(tx: &mut dyn Tx, case: &Key) -> Result<Vec<SessionRow>, StoreError> {
    let sql = "select id, held_on, begins_at, way, came, sealed, written_by, written_name, stay from hearings_session \
               where district = $1 and case_id = $2 order by held_on, begins_at, id limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Who writes a session down, and when.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'w> {
    /// The account.
    pub account: Uuid,
    /// The name.
    pub name: &'w str,
    /// When.
    pub now: Instant,
    /// During which stay.
    pub stay: i64,
}

/// Adds a session with its sealed words.
///
/// # Errors
/// The store failed.
pub fn add_session(
    tx: &mut dyn Tx,
    case: &Key,
    session: &NewSession,
    sealed: Vec<u8>,
    writer: Writer<'_>,
) -> Result<(), StoreError> {
    let sql = "insert into hearings_session (district, case_id, id, held_on, begins_at, way, came, sealed, \
               written_by, written_name, written_at, stay) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let values = args![
        case.district,
        case.id,
        session.id,
        session.held_on,
        session.begins_at,
        &session.way,
        session.came.join(" "),
        sealed,
        writer.account,
        writer.name,
        writer.now,
        writer.stay
    ];
    tx.exec(sql, &values).map(drop)
}

/// The proposals of a mediation in their order.
///
/// # Errors
/// The store failed.
pub fn proposals(tx: &mut dyn Tx, case: &Key) -> Result<Vec<ProposalRow>, StoreError> {
    let sql = "select id, made_on, made_by, sealed, answer, stay from hearings_proposal \
               where district = $1 and case_id = $2 order by made_on, id limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Adds a proposal with its sealed words, made during a stay.
///
/// # Errors
/// The store failed.
pub fn add_proposal(
    tx: &mut dyn Tx,
    case: &Key,
    proposal: &NewProposal,
    sealed: Vec<u8>,
    stay: i64,
) -> Result<(), StoreError> {
    let sql = "insert into hearings_proposal (district, case_id, id, made_on, made_by, sealed, answer, stay) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let NewProposal { id, made_on, made_by, .. } = proposal;
    let values = args![case.district, case.id, *id, *made_on, made_by, sealed, OPEN, stay];
    tx.exec(sql, &values).map(drop)
}

/// The parts of a file that lie there on paper.
///
/// # Errors
/// The store failed.
pub fn on_paper(tx: &mut dyn Tx, case: &Key) -> Result<Vec<PartRow>, StoreError> {
    let sql = "select part, stay, noted_name, noted_at from hearings_part \
               where district = $1 and case_id = $2 order by part, stay limit $3";
    all(tx, sql, &args![case.district, case.id, OF_A_CASE])
}

/// Notes that a part of a file lies there on paper. What was noted before during that stay stays as it was.
///
/// # Errors
/// The store failed.
pub fn note_part(tx: &mut dyn Tx, case: &Key, part: &PartRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_part (district, case_id, part, stay, noted_name, noted_at) \
               values ($1, $2, $3, $4, $5, $6) on conflict (district, case_id, part, stay) do nothing";
    let PartRow { part, stay, noted_name, noted_at } = part;
    tx.exec(sql, &args![case.district, case.id, part, *stay, noted_name, *noted_at]).map(drop)
}

/// Takes back what was noted of a part during a stay.
///
/// # Errors
/// The store failed.
pub fn unnote_part(tx: &mut dyn Tx, case: &Key, part: &str, stay: i64) -> Result<(), StoreError> {
    let sql = "delete from hearings_part where district = $1 and case_id = $2 and part = $3 and stay = $4";
    tx.exec(sql, &args![case.district, case.id, part, stay]).map(drop)
}

/// Notes what came of a proposal. Says whether there is such a proposal.
///
/// # Errors
/// The store failed.
pub fn answer_proposal(tx: &mut dyn Tx, case: &Key, id: Uuid, answer: &str) -> Result<bool, StoreError> {
    let sql = "update hearings_proposal set answer = $1 where district = $2 and case_id = $3 and id = $4";
    Ok(tx.exec(sql, &args![answer, case.district, case.id, id])? > 0)
}

/// The days of the court, once both asked it.
///
/// # Errors
/// The store failed.
pub fn court(tx: &mut dyn Tx, case: &Key) -> Result<Option<CourtRow>, StoreError> {
    let sql = "select sent_on, accepts_by, accepted_on, decides_by, is_prolonged, ended_at from hearings_court \
               where district = $1 and case_id = $2";
    one(tx, sql, &args![case.district, case.id])
}

/// Keeps the days of the court, in place of those before.
///
/// # Errors
/// The store failed.
pub fn put_court(tx: &mut dyn Tx, case: &Key, court: &CourtRow) -> Result<(), StoreError> {
    let sql = "insert into hearings_court \
               (district, case_id, sent_on, accepts_by, accepted_on, decides_by, is_prolonged, ended_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (district, case_id) do update set \
               sent_on = excluded.sent_on, accepts_by = excluded.accepts_by, accepted_on = excluded.accepted_on, \
               decides_by = excluded.decides_by, is_prolonged = excluded.is_prolonged, ended_at = excluded.ended_at";
    let values = args![
        case.district,
        case.id,
        court.sent_on,
        court.accepts_by,
        court.accepted_on,
        court.decides_by,
        court.is_prolonged,
        court.ended_at
    ];
    tx.exec(sql, &values).map(drop)
}

/// Courts that are to accept or to decide by a day or an earlier one, after a row, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn due_courts(tx: &mut dyn Tx, by: Date, after: LastRow, limit: i64) -> Result<Vec<DueCourt>, StoreError> {
    // asks all districts: the reminders of a morning are those of the whole city
    let sql = "select district, case_id, coalesce(decides_by, accepts_by) from hearings_court \
               where ended_at is null and coalesce(decides_by, accepts_by) <= $1 and (district, case_id) > ($2, $3) \
               order by district, case_id limit $4";
    all(tx, sql, &args![by, after.district, after.id, limit])
}

/// Agreements in effect about which both may ask a court until a day of a span, its last day too, after a row, at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn due_asks(tx: &mut dyn Tx, span: [Date; 2], after: LastRow, limit: i64) -> Result<Vec<DueCourt>, StoreError> {
    let [from, by] = span;
    // asks all districts: the reminders of a morning are those of the whole city
    let sql = "select district, case_id, due_on from hearings_matter \
               where open = 1 and stage = $1 and due_on >= $2 and due_on <= $3 and (district, case_id) > ($4, $5) \
               order by district, case_id limit $6";
    all(tx, sql, &args![IN_EFFECT, from, by, after.district, after.id, limit])
}

/// Forgets the sealed words of the files that lie under an erased record, and the names of those who wrote them down.
/// Days, amounts and how far clauses were kept stay: they name nobody.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    let sql = "select case_id from hearings_file where district = $1 and record = $2 limit 1";
    let Some(case_id) = scalar::<Uuid>(tx, sql, &args![district, record])? else { return Ok(()) };
    let none: Vec<u8> = Vec::new();
    for sql in [
        "update hearings_file set sealed = $1, changed_name = '' where district = $2 and case_id = $3",
        "update hearings_clause set sealed = $1, noted = $1, is_active = 0 where district = $2 and case_id = $3",
        "update hearings_session set sealed = $1, written_name = '' where district = $2 and case_id = $3",
        "update hearings_proposal set sealed = $1 where district = $2 and case_id = $3",
        "update hearings_report set sealed = $1 where district = $2 and case_id = $3",
        "update hearings_power set sealed = $1, noted_name = '' where district = $2 and case_id = $3",
        "update hearings_renamed set sealed = $1 where district = $2 and case_id = $3",
    ] {
        tx.exec(sql, &args![&none, district, case_id])?;
    }
    for sql in [
        "update hearings_part set noted_name = '' where district = $1 and case_id = $2",
        "update hearings_named set named_name = '' where district = $1 and case_id = $2",
        // The night takes the bytes from the shelf.
        "delete from hearings_power_file where district = $1 and case_id = $2",
    ] {
        tx.exec(sql, &args![district, case_id])?;
    }
    Ok(())
}
