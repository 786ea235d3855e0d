//! Counts open cases at desks by who has them in hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kernel::place::PlaceId;
use kernel::time::Zone;
use store::{LISTED, StoreError, Tx, Val, args, listed, record};
use uuid::Uuid;

use super::lists::{Column, InTime, Key, Lit};
use super::share::{Counts, Nearness, Share};

record! {
    struct InHand {
        name: Option<String>,
        open: i64,
        late: i64,
        soon: i64,
        stopped: i64,
    }
}

/// Counts the open cases at the desks of a scope, or those of one kind, by who has them in hand, as the queue counts
/// and lists them; an empty name stands for what nobody has. Returns at most `limit` people.
pub fn in_hand(
    tx: &mut dyn Tx,
    share: &Share,
    kind: Option<&str>,
    near: Nearness,
    zone: Zone,
    limit: i64,
) -> Result<Vec<(String, Counts)>, StoreError> {
    let (mut sql, mut values) = counting(share, near, zone);
    if let Some(kind) = kind {
        values.push(Val::from(kind));
        let _ = write!(sql, " and kind = ${}", values.len());
    }
    values.push(Val::from(limit));
    let _ = write!(sql, " group by handler_name order by 2 desc limit ${}", values.len());
    counted(tx, &sql, &values)
}

/// Counts those of some cases that are open and that the share counts at its desks, by who has them in hand. Somebody
/// may stand there more than once.
pub fn in_hand_of(
    tx: &mut dyn Tx,
    share: &Share,
    keys: &[Key],
    near: Nearness,
    zone: Zone,
) -> Result<Vec<(String, Counts)>, StoreError> {
    let mut by_district: BTreeMap<PlaceId, Vec<Uuid>> = BTreeMap::new();
    for key in keys {
        by_district.entry(key.district).or_default().push(key.id);
    }
    let mut found = Vec::new();
    for (district, mut ids) in by_district {
        ids.sort_unstable();
        ids.dedup();
        for part in ids.chunks(LISTED) {
            let (mut sql, mut values) = counting(share, near, zone);
            values.push(Val::from(district));
            let _ = write!(sql, " and district = ${}", values.len());
            let ids: Vec<Val> = part.iter().map(|id| Val::from(*id)).collect();
            let (marks, ids) = listed(values.len().saturating_add(1), &ids);
            values.extend(ids);
            let _ = write!(sql, " and id in ({marks}) group by handler_name");
            found.extend(counted(tx, &sql, &values)?);
        }
    }
    Ok(found)
}

/// The statement up to the conditions of a share, with its values.
fn counting(share: &Share, near: Nearness, zone: Zone) -> (String, Vec<Val>) {
    // asks all districts: a desk has cases of residents of any district
    let mut values = Vec::new();
    let summed = |light: InTime| {
        let (condition, asked) = Lit { light, near, zone }.condition(Column::Desk, values.len().saturating_add(1));
        values.extend(asked);
        format!("sum(case when {condition} then 1 else 0 end)")
    };
    let sums = [InTime::Late, InTime::Soon, InTime::Stopped].map(summed).join(", ");
    let (from, to) = share.scope.place.range();
    values.extend(args![from, to]);
    let (from, to) = (values.len().saturating_sub(1), values.len());
    let mut sql = format!(
        "select handler_name, count(*), {sums} from cases_case where open = 1 and desk_path >= ${from} and desk_path < ${to}"
    );
    share.restrict(&mut sql, &mut values, "desk_department");
    (sql, values)
}

fn counted(tx: &mut dyn Tx, sql: &str, values: &[Val]) -> Result<Vec<(String, Counts)>, StoreError> {
    let counts = |row: InHand| {
        let InHand { name, open, late, soon, stopped } = row;
        (name.unwrap_or_default(), Counts { open, late, soon, stopped })
    };
    Ok(store::all::<InHand>(tx, sql, values)?.into_iter().map(counts).collect())
}
