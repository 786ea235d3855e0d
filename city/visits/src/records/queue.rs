//! This file keeps the queue of a counter: running numbers and turns that begin again each day, and the numbers that
//! were handed out.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{FromVal, StoreError, Tx, Val, args, record};
use uuid::Uuid;

use crate::words::{CounterDay, Turn};

impl FromVal for Turn {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        Self::parse(&String::from_val(value)?).ok_or_else(|| StoreError::data("expected a state of a number"))
    }
}

record! {
    /// A number that was handed out. Its columns have the order of [`COLUMNS`].
    pub struct Ticket {
        /// The shard.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The running number of the day.
        pub running: i64,
        /// The code of the item, which is empty if it was left open.
        pub item: String,
        /// The appointment to which it belongs.
        pub visit: Option<Uuid>,
        /// The minute of that appointment, while it gives precedence.
        pub due: Option<i64>,
        /// Which state it is in.
        pub state: Turn,
        /// Its place among those who wait.
        pub turn: i64,
        /// How many times nobody came.
        pub absences: i64,
        /// The worker who called it.
        pub worker: Option<Uuid>,
        /// When it was handed out.
        pub issued_at: Instant,
        /// The window to which it was called, where the counter has several.
        pub window: Option<i64>,
    }
}

const COLUMNS: &str = "district, id, running, item, visit, due, state, turn, absences, worker, issued_at, desk_window";

record! {
    /// Holds the day's next number and the next turn.
    pub struct Next {
        /// The running number.
        pub running: i64,
        /// The turn.
        pub turn: i64,
    }
}

/// Holds the day of a counter until the unit of work ends. So, on engines that lock rows, its seats and numbers are
/// given one after the other.
pub fn hold(tx: &mut dyn Tx, at: CounterDay<'_>) -> Result<(), StoreError> {
    let sql = "insert into visits_desk (district, community, day, numbers, turns) values ($1, $2, $3, 0, 0) \
               on conflict (district, community, day) do update set numbers = visits_desk.numbers";
    tx.exec(sql, &args![at.district(), at.community(), at.day]).map(drop)
}

/// Takes the day's next number and turn.
pub fn next_number(tx: &mut dyn Tx, at: CounterDay<'_>) -> Result<Next, StoreError> {
    let sql = "insert into visits_desk (district, community, day, numbers, turns) values ($1, $2, $3, 1, 1) \
               on conflict (district, community, day) do update set numbers = visits_desk.numbers + 1, turns = visits_desk.turns + 1 \
               returning numbers, turns";
    let next = store::one(tx, sql, &args![at.district(), at.community(), at.day])?;
    next.ok_or_else(|| StoreError::data("visits_desk gave no number"))
}

/// Takes the day's next turn alone: the end of the queue.
pub fn next_turn(tx: &mut dyn Tx, at: CounterDay<'_>) -> Result<i64, StoreError> {
    let sql =
        "update visits_desk set turns = turns + 1 where district = $1 and community = $2 and day = $3 returning turns";
    let turn = store::scalar(tx, sql, &args![at.district(), at.community(), at.day])?;
    turn.ok_or_else(|| StoreError::data("a number without its day"))
}

/// Writes a number that is handed out.
pub fn insert(tx: &mut dyn Tx, ticket: &Ticket, at: CounterDay<'_>) -> Result<(), StoreError> {
    let sql = "insert into visits_ticket (district, id, community, day, running, item, visit, due, state, turn, absences, worker, issued_at, changed_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let values = args![
        ticket.district,
        ticket.id,
        at.community(),
        at.day,
        ticket.running,
        &ticket.item,
        ticket.visit,
        ticket.due,
        ticket.state.code(),
        ticket.turn,
        ticket.absences,
        ticket.worker,
        ticket.issued_at,
        ticket.issued_at
    ];
    tx.exec(sql, &values).map(drop)
}

/// The numbers of a counter's day in one state, by turn, at most `limit`.
pub fn in_state(tx: &mut dyn Tx, at: CounterDay<'_>, state: Turn, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from visits_ticket where district = $1 and community = $2 and day = $3 and state = $4 order by turn limit $5"
    );
    store::all(tx, &sql, &args![at.district(), at.community(), at.day, state.code(), limit])
}

/// The numbers called and not yet served, the last called first, at most `limit`.
pub fn called(tx: &mut dyn Tx, at: CounterDay<'_>, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from visits_ticket where district = $1 and community = $2 and day = $3 and state = 'called' \
         order by changed_at desc, running limit $4"
    );
    store::all(tx, &sql, &args![at.district(), at.community(), at.day, limit])
}

/// The window to which a worker called a number last on this day.
pub fn window_of(tx: &mut dyn Tx, at: CounterDay<'_>, worker: Uuid) -> Result<Option<i64>, StoreError> {
    let sql = "select desk_window from visits_ticket where district = $1 and community = $2 and day = $3 \
               and worker = $4 and desk_window is not null order by changed_at desc limit 1";
    store::scalar(tx, sql, &args![at.district(), at.community(), at.day, worker])
}

/// How many numbers wait.
pub fn waiting(tx: &mut dyn Tx, at: CounterDay<'_>) -> Result<i64, StoreError> {
    let sql =
        "select count(*) from visits_ticket where district = $1 and community = $2 and day = $3 and state = 'waiting'";
    Ok(store::scalar(tx, sql, &args![at.district(), at.community(), at.day])?.unwrap_or(0))
}

/// A number of a counter's day by identity.
pub fn find(tx: &mut dyn Tx, at: CounterDay<'_>, id: Uuid) -> Result<Option<Ticket>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from visits_ticket where district = $1 and id = $2 and community = $3 and day = $4{}",
        tx.lock_rows()
    );
    store::one(tx, &sql, &args![at.district(), id, at.community(), at.day])
}

/// Changes a number that is still in the state in which it was read.
///
/// # Errors
/// Returns a conflict if somebody else was faster.
pub fn change(tx: &mut dyn Tx, before: Turn, ticket: &Ticket, now: Instant) -> Result<(), StoreError> {
    let sql = "update visits_ticket set state = $1, turn = $2, due = $3, absences = $4, worker = $5, changed_at = $6, \
               desk_window = $7 where district = $8 and id = $9 and state = $10";
    let values = args![
        ticket.state.code(),
        ticket.turn,
        ticket.due,
        ticket.absences,
        ticket.worker,
        now,
        ticket.window,
        ticket.district,
        ticket.id,
        before.code()
    ];
    if tx.exec(sql, &values)? == 1 { Ok(()) } else { Err(tx.conflict()) }
}
