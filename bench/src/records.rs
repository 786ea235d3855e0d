//! These are the tables and statements of the measurements. The same texts go through the store, the bare loop and
//! pgbench.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{Migration, StoreError, Tx, args, log};
use uuid::Uuid;

/// Is the district to which all cases of the measurement belong.
pub const DISTRICT: PlaceId = PlaceId(4);

/// Lists the tables: cases (whose events go into the store's log), and a log of the same shape for the bare loops.
pub const TABLES: [Migration; 1] = [Migration {
    name: "bench/0001_case",
    sql: "create table bench_case (\n  district {int} not null,\n  id {uuid} not null,\n  community {int} not null,\n  title {text} not \
          null,\n  state {text} not null,\n  opened_at {int} not null,\n  primary key (district, id)\n) {strict};\n\
          create index bench_case_community on bench_case (district, community, opened_at);\n\
          create table bench_event (\n  district {int} not null,\n  stream {uuid} not null,\n  sequence {int} not null,\n  at {int} not null,\n  \
          kind {text} not null,\n  payload {text} not null,\n  previous {bytes} not null,\n  hash {bytes} not null,\n  \
          primary key (district, stream, sequence)\n) {strict};\n\
          create index bench_event_at on bench_event (at);\n",
}];

/// Inserts a case.
pub const CASE: &str =
    "insert into bench_case (district, id, community, title, state, opened_at) values ($1, $2, $3, $4, $5, $6)";

/// Inserts an event as [`log::append`] does, into a table of the same shape. The bare loops write this.
pub const EVENT: &str = "insert into bench_event (district, stream, sequence, at, kind, payload, previous, hash) \
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (district, stream, sequence) do nothing";

/// A case that is going to be opened.
#[derive(Clone, serde::Deserialize)]
pub struct NewCase {
    /// The community from which it comes.
    pub community: i64,
    /// What it is about.
    pub title: String,
}

/// Opens a case: it writes its row and its first event.
pub fn open(tx: &mut dyn Tx, id: Uuid, case: &NewCase, now: Instant) -> Result<(), StoreError> {
    tx.exec(CASE, &args![DISTRICT, id, case.community, &case.title, "received", now])?;
    let payload = format!("{{\"community\":{}}}", case.community);
    log::append(tx, DISTRICT, id, 0, &[("opened", payload)], now)
}

/// Returns how many cases there are.
pub fn count(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    Ok(store::scalar(tx, "select count(*) from bench_case", &[])?.unwrap_or_default())
}

/// Returns the same unit for pgbench, with pgbench's own variables and an identity that is made from a random number.
pub fn pgbench_script() -> String {
    let id = "cast(lpad(to_hex(cast(:n as bigint)), 32, '0') as uuid)";
    let fill = |sql: &str, values: &[&str]| {
        let numbered = values.iter().enumerate().rev();
        numbered.fold(sql.to_owned(), |text, (place, value)| text.replace(&format!("${}", place + 1), value))
    };
    let zeros = "decode(repeat('00', 32), 'hex')";
    let case = fill(CASE, &["4", id, ":c", "'老年人优待证申请'", "'received'", "1795399200000000"]);
    let event = fill(EVENT, &["4", id, "1", "1795399200000000", "'opened'", "'{\"community\":100}'", zeros, zeros]);
    format!("\\set n random(1, 9000000000000000000)\n\\set c random(1, 931)\nbegin;\n{case};\n{event};\ncommit;\n")
}
