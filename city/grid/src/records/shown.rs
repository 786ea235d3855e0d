//! Remembers what the public may see of a report: how it stands, and her words once a worker released them.

use cases::Key;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, all, args, one, record};
use uuid::Uuid;

use crate::rules::stage::Stage;

record! {
    /// What the public may see of a report.
    pub struct Shown {
        /// The district that keeps its case.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// How it stands: a code of [`Stage`].
        pub stage: String,
        /// Her words, once a worker released them.
        pub words: Option<String>,
        /// When they were released.
        pub released_at: Option<Instant>,
        /// The name of that worker.
        pub released_by: Option<String>,
    }
}

record! {
    /// A report as the list of a community shows it.
    pub struct Line {
        /// The district that keeps its case.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The kind: `event/0102`.
        pub kind: String,
        /// The condition: `heap`.
        pub condition: String,
        /// The compound where it is.
        pub compound: Option<i64>,
        /// How many met with it.
        pub met: i64,
        /// When it was reported.
        pub reported_at: Instant,
        /// How it stands: a code of [`Stage`].
        pub stage: String,
        /// The name of the state of its case; none where it came before these were kept.
        pub state: Option<String>,
        /// Her words, once a worker released them.
        pub words: Option<String>,
    }
}

/// How a report stands of which only is known whether it is open: it came before the stages were kept.
const STAGE: &str = "coalesce(s.stage, case when r.open = 1 then 'reported' else 'closed' end)";

/// Begins what is shown of a report that somebody sent, whose sealed record that is.
///
/// # Errors
/// The store failed.
pub fn begin(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, record: Uuid) -> Result<(), StoreError> {
    let sql = "insert into grid_shown (district, case_id, record, stage) values ($1, $2, $3, $4) \
               on conflict (district, case_id) do nothing";
    tx.exec(sql, &args![district, case_id, record, Stage::Reported.code()]).map(drop)
}

/// What is shown of a report.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Option<Shown>, StoreError> {
    let sql = "select district, case_id, stage, words, released_at, released_by from grid_shown \
               where district = $1 and case_id = $2";
    one(tx, sql, &args![district, case_id])
}

/// Sets how a report stands.
///
/// # Errors
/// The store failed.
pub fn set_stage(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, stage: Stage) -> Result<(), StoreError> {
    let sql = "insert into grid_shown (district, case_id, stage) values ($1, $2, $3) \
               on conflict (district, case_id) do update set stage = excluded.stage";
    tx.exec(sql, &args![district, case_id, stage.code()]).map(drop)
}

/// Releases words to the public; none takes them back. They go with the record of whoever reported; where nobody did,
/// with `own`, the record of the case that seals its words.
///
/// # Errors
/// The store failed.
pub fn release(
    tx: &mut dyn Tx,
    at: &Key,
    words: Option<&str>,
    by: (Option<Instant>, Option<&str>),
    own: Uuid,
) -> Result<(), StoreError> {
    let (since, name) = by;
    let sql = "update grid_shown set words = $1, released_at = $2, released_by = $3, \
               record = coalesce(record, $6) where district = $4 and case_id = $5";
    tx.exec(sql, &args![words.map(str::to_owned), since, name.map(str::to_owned), at.district, at.id, own]).map(drop)
}

/// The reports of a community that others may see, the newest first, at most `limit`: all, or those at one stage. One
/// that was joined to another is left out, because the other one stands for both.
///
/// # Errors
/// The store failed.
pub fn lines(
    tx: &mut dyn Tx,
    community: &PlacePath,
    stage: Option<Stage>,
    limit: i64,
) -> Result<Vec<Line>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let narrowed = match stage {
        None => String::new(),
        Some(Stage::Closed) => format!("and r.open = 0 and {STAGE} = $2"),
        Some(_) => format!("and r.open = 1 and {STAGE} = $2"),
    };
    let stage = stage.map(|stage| Val::from(stage.code()));
    let values: Vec<Val> = args![community].into_iter().chain(stage).chain(args![limit]).collect();
    let at = values.len();
    let sql = format!(
        "select r.district, r.case_id, r.kind, r.condition, r.compound, r.met, r.reported_at, {STAGE}, r.stage, \
         s.words from grid_report r left join grid_shown s on s.district = r.district and s.case_id = r.case_id \
         where r.path = $1 and r.public = 1 {narrowed} and not exists (select 1 from grid_merge m \
         where m.district = r.district and m.case_id = r.case_id) order by r.reported_at desc, r.case_id limit ${at}"
    );
    all(tx, &sql, &values)
}

/// What is shown of some reports.
///
/// # Errors
/// The store failed.
pub fn of_cases(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<Vec<Shown>, StoreError> {
    store::several(tx, cases, |marks| {
        format!(
            "select district, case_id, stage, words, released_at, released_by from grid_shown \
             where district = $1 and case_id in ({marks})"
        )
    })
}

/// Takes the words of an erased record away from the public.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    let sql = "update grid_shown set words = null, released_at = null, released_by = null \
               where district = $1 and record = $2";
    tx.exec(sql, &args![district, record]).map(drop)
}
