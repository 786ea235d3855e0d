//! What waits with the offices of a department in some states, in the order of the queue. A small index finds each
//! office and the first of its cases; the rows are read of those alone that a list shows.

use kernel::permission::Scope;
use kernel::place::PlacePath;
use store::{StoreError, Tx, Val, args, record};

use super::CaseRow;
use super::lists::{Column, Narrow, Placed, placed_narrowed, placed_rows};
use crate::words::Cursor;

/// Offices of a department that are asked one by one, for each state; a place with more of them is read as a whole.
const SEATS: usize = 24;
/// Questions that one statement asks at most.
const TOGETHER: usize = 6;
/// So often a list looks on for cases that are chosen, before it says that it goes on there.
const LOOKS: usize = 20;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What comes behind this.
    pub after: Cursor,
    /// At most so many.
    pub limit: i64,
}

record! {
    /// An office of the department with open cases in a state.
    struct Seat {
        state: String,
        place: PlacePath,
    }
}

/// The open cases of a kind that the offices of some scopes decide and that are in some states, in the order of the
/// queue, at most `limit`. Of each office and state the index gives no more than the list shows, however many wait
/// there.
pub fn queue_at_offices(
    tx: &mut dyn Tx,
    scopes: &[Scope],
    states: &[&str],
    kind: &str,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let part = Part { after: Cursor::start(), limit };
    let (found, _) = chosen_at_offices(tx, scopes, states, &|row| row.kind == kind, part)?;
    Ok(found)
}

/// As [`queue_at_offices`], whatever their kind, those alone that are `chosen`, in the part of the list that is asked
/// for. Says where the list goes on; nowhere where these are the last.
pub fn chosen_at_offices(
    tx: &mut dyn Tx,
    scopes: &[Scope],
    states: &[&str],
    chosen: &dyn Fn(&CaseRow) -> bool,
    part: Part,
) -> Result<(Vec<CaseRow>, Option<Cursor>), StoreError> {
    let most = usize::try_from(part.limit).unwrap_or(usize::MAX);
    // One more says whether there are more.
    let limit = part.limit.saturating_add(1);
    let (mut found, mut after) = (Vec::new(), Some(part.after));
    for _ in 0..LOOKS {
        let Some(from) = after.filter(|_| found.len() <= most) else { break };
        let mut placed = Vec::new();
        for scope in scopes {
            placed.append(&mut placed_inside(tx, scope, states, from, limit)?);
        }
        placed.sort_by_key(|one| (one.rank, one.sort_at, one.id));
        placed.dedup_by_key(|one| one.id);
        // What lies behind as many as one office may give is not known to be the next.
        placed.truncate(most.saturating_add(1));
        let last = placed.last().filter(|_| placed.len() > most);
        after = last.map(|one| Cursor { rank: one.rank, sort_at: one.sort_at, id: one.id });
        found.extend(placed_rows(tx, &placed)?.into_iter().filter(|row| chosen(row)));
    }
    if found.len() > most {
        found.truncate(most);
        after = found.last().map(|row| Cursor { rank: row.rank, sort_at: row.sort_at, id: row.id });
    }
    Ok((found, after))
}

/// Which cases the offices inside a scope have in some states: of each office and state, or of each state, the first
/// in the order of the queue after the cursor, at most `limit`.
fn placed_inside(
    tx: &mut dyn Tx,
    scope: &Scope,
    states: &[&str],
    after: Cursor,
    limit: i64,
) -> Result<Vec<Placed>, StoreError> {
    if let Some(department) = scope.department.as_deref()
        && let Some(seats) = seats(tx, &scope.place, department, states)?
    {
        return at_seats(tx, department, &seats, after, limit);
    }
    let mut placed = Vec::new();
    for state in states {
        let narrow = Narrow { state: Some(*state), ..Narrow::default() };
        placed.append(&mut placed_narrowed(tx, Column::Office, scope, narrow, after, limit)?);
    }
    Ok(placed)
}

/// The offices of a department inside a place that have open cases in some states; none where there are too many to be
/// asked one by one.
fn seats(
    tx: &mut dyn Tx,
    place: &PlacePath,
    department: &str,
    states: &[&str],
) -> Result<Option<Vec<Seat>>, StoreError> {
    let (low, high) = place.range();
    let mut open: Vec<(String, String)> = states.iter().map(|state| ((*state).to_owned(), low.clone())).collect();
    let mut found = Vec::new();
    while !open.is_empty() {
        let mut next = Vec::new();
        for part in open.chunks(TOGETHER) {
            next.append(&mut first_seats(tx, department, &high, part)?);
        }
        // The mark sorts before every digit: this lies behind the place itself and before everything inside it.
        open = next.iter().map(|seat| (seat.state.clone(), format!("{}!", seat.place))).collect();
        found.append(&mut next);
        if found.len() > SEATS * states.len() {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

/// For each state the first office of a department that has open cases in it, from a path on and before another.
fn first_seats(
    tx: &mut dyn Tx,
    department: &str,
    high: &str,
    open: &[(String, String)],
) -> Result<Vec<Seat>, StoreError> {
    // asks all districts: an office has cases of residents of any district
    let question = |(number, state): (usize, usize)| {
        format!(
            "select * from (select state, office_path from cases_case where open = 1 and office_department = $1 \
             and state = ${state} and office_path >= ${} and office_path < $2 \
             order by office_path limit 1) as s{number}",
            state + 1
        )
    };
    let questions: Vec<String> = (0..open.len()).zip((3..).step_by(2)).map(question).collect();
    let from = open.iter().flat_map(|(state, low)| args![state, low]);
    let values: Vec<Val> = args![department, high].into_iter().chain(from).collect();
    store::all(tx, &questions.join(" union all "), &values)
}

/// Which open cases some offices have, each in one state: the first of each in the order of the queue after the cursor,
/// at most `limit`.
fn at_seats(
    tx: &mut dyn Tx,
    department: &str,
    seats: &[Seat],
    after: Cursor,
    limit: i64,
) -> Result<Vec<Placed>, StoreError> {
    // asks all districts: an office has cases of residents of any district
    let question = |(number, state): (usize, usize)| {
        format!(
            "select * from (select district, id, rank, sort_at from cases_case where open = 1 \
             and office_department = $1 and state = ${state} and office_path = ${} \
             and (rank, sort_at, id) > ($3, $4, $5) order by rank, sort_at, id limit $2) as s{number}",
            state + 1
        )
    };
    let mut placed = Vec::new();
    for part in seats.chunks(TOGETHER) {
        let questions: Vec<String> = (0..part.len()).zip((6..).step_by(2)).map(question).collect();
        let of = part.iter().flat_map(|seat| args![&seat.state, &seat.place]);
        let values: Vec<Val> =
            args![department, limit, after.rank, after.sort_at, after.id].into_iter().chain(of).collect();
        placed.append(&mut store::all(tx, &questions.join(" union all "), &values)?);
    }
    Ok(placed)
}
