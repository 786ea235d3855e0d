//! What people wrote in the events of cases, sealed: the events hold the identity of the words alone.

use kernel::place::PlaceId;
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

use super::lists::Key;

/// How many words are read at a time.
const PAGE: i64 = 1_000;

record! {
    /// Words of a case, sealed.
    pub struct WordRow {
        /// Their identity, as the event holds it.
        pub id: Uuid,
        /// The record under whose key they are sealed.
        pub record: Uuid,
        /// The words.
        pub sealed: Vec<u8>,
    }
}

/// Keeps words of a case. Where the same step was recorded meanwhile, they stand there already: somebody was faster.
pub fn insert(tx: &mut dyn Tx, case: &Key, row: &WordRow) -> Result<(), StoreError> {
    let sql = "insert into cases_word (district, case_id, id, record, sealed) values ($1, $2, $3, $4, $5) \
               on conflict do nothing";
    tx.put_one(sql, &args![case.district, case.id, row.id, row.record, row.sealed.clone()])
}

/// Returns all words of a case that are still kept, those of one record after those of another.
pub fn of_case(tx: &mut dyn Tx, case: &Key) -> Result<Vec<WordRow>, StoreError> {
    let sql = "select id, record, sealed from cases_word where district = $1 and case_id = $2 and id > $3 \
               order by id limit $4";
    let mut found: Vec<WordRow> = Vec::new();
    loop {
        let after = found.last().map_or(Uuid::nil(), |row| row.id);
        let page: Vec<WordRow> = store::all(tx, sql, &args![case.district, case.id, after, PAGE])?;
        let complete = i64::try_from(page.len()).is_ok_and(|count| count < PAGE);
        found.extend(page);
        if complete {
            found.sort_by_key(|row| row.record);
            return Ok(found);
        }
    }
}

record! {
    /// Words as they are kept, wherever.
    pub struct KeptWord {
        /// The district that keeps the case.
        pub district: PlaceId,
        /// The case.
        pub case: Uuid,
        /// Their identity, as the event holds it.
        pub id: Uuid,
        /// The record under whose key they are sealed.
        pub record: Uuid,
        /// The words, sealed.
        pub sealed: Vec<u8>,
    }
}

/// Returns the words of several cases that are still kept, those of one district after those of another.
pub fn of_cases(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<Vec<KeptWord>, StoreError> {
    let mut found = store::several::<KeptWord>(tx, cases, |marks| {
        format!(
            "select district, case_id, id, record, sealed from cases_word where district = $1 and case_id in ({marks})"
        )
    })?;
    found.sort_by_key(|row| row.district);
    Ok(found)
}

/// Where a look at all words goes on: after the words of that identity in that case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// The district that keeps the case.
    pub district: PlaceId,
    /// The case.
    pub case: Uuid,
    /// The words.
    pub id: Uuid,
}

/// Returns words of whatever cases, in the order of their keys, at most `limit` after some.
pub fn page(tx: &mut dyn Tx, after: &After, limit: i64) -> Result<Vec<KeptWord>, StoreError> {
    // asks all districts: the look is at what the whole city keeps
    let sql = "select district, case_id, id, record, sealed from cases_word \
               where (district, case_id, id) > ($1, $2, $3) order by district, case_id, id limit $4";
    store::all(tx, sql, &args![after.district, after.case, after.id, limit])
}

/// Removes words of a case, because the step that brought them was undone.
pub fn remove(tx: &mut dyn Tx, case: &Key, id: Uuid) -> Result<(), StoreError> {
    let sql = "delete from cases_word where district = $1 and case_id = $2 and id = $3";
    tx.exec(sql, &args![case.district, case.id, id]).map(drop)
}

/// Forgets the words that are sealed under a record.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from cases_word where district = $1 and record = $2", &args![district, record]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::looks;
    use kernel::time::Instant;

    /// Makes a store on each engine with the tables of words and of wishes to be told, and nothing else.
    fn settings() -> Vec<testkit::TestStore> {
        let own = |name: &str| ["cases/0019_looks_told", "cases/0021_words"].contains(&name);
        let wanted: Vec<store::Migration> =
            crate::MIGRATIONS.iter().filter(|migration| own(migration.name)).copied().collect();
        assert_eq!(wanted.len(), 2);
        let stores = testkit::stores();
        for store in &stores {
            store::migrate(store, &[wanted.as_slice()]).unwrap();
        }
        stores
    }

    /// The keys of words in the order in which they are looked at: by district, then by case, then by their own.
    fn kept() -> Vec<(Key, Uuid)> {
        let key = |district, case| Key { district: PlaceId(district), id: Uuid::from_u128(case) };
        let places = [(1, 9, 2), (1, 9, 7), (2, 3, 8), (2, 5, 1), (4, 3, 1), (4, 3, 2), (4, 4, 1)];
        places.map(|(district, case, id)| (key(district, case), Uuid::from_u128(id))).to_vec()
    }

    #[test]
    fn a_look_at_everything_goes_on_where_it_stopped() {
        for store in settings() {
            let done = store.write_blocking(|tx| {
                for (case, id) in kept().iter().rev() {
                    insert(tx, case, &WordRow { id: *id, record: Uuid::nil(), sealed: vec![1] })?;
                    looks::set_told_of_looks(tx, case, true, Instant::from_micros(5))?;
                }
                Ok::<_, StoreError>(())
            });
            done.unwrap();
            for limit in [1, 2, 3, 7] {
                let (words, cases) = store.read_blocking(move |tx| everything(tx, limit)).unwrap();
                assert_eq!(words, kept(), "{}: {limit} at once", store.name);
                let mut expected: Vec<Key> = kept().into_iter().map(|(case, _)| case).collect();
                expected.dedup();
                assert_eq!(cases, expected, "{}: {limit} at once", store.name);
            }
        }
    }

    /// Reads all words and all wishes, so many at once.
    fn everything(tx: &mut dyn Tx, limit: i64) -> Result<(Vec<(Key, Uuid)>, Vec<Key>), StoreError> {
        let (mut words, mut cases) = (Vec::new(), Vec::new());
        let mut after = After { district: PlaceId(i64::MIN), case: Uuid::nil(), id: Uuid::nil() };
        loop {
            let rows = page(tx, &after, limit)?;
            let Some(last) = rows.last() else { break };
            after = After { district: last.district, case: last.case, id: last.id };
            words.extend(rows.iter().map(|row| (Key { district: row.district, id: row.case }, row.id)));
        }
        let mut after = Key { district: PlaceId(i64::MIN), id: Uuid::nil() };
        loop {
            let rows = looks::watched(tx, &after, limit)?;
            let Some(last) = rows.last() else { break };
            after = Key { district: last.district, id: last.id };
            cases.extend(rows.iter().map(|row| Key { district: row.district, id: row.id }));
        }
        Ok((words, cases))
    }
}
