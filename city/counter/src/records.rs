//! What is remembered of the catalogue's editing: drafts, and every version that was released. Of applications that
//! were saved to go on later, it is remembered which there are: their answers lie in the vault.

use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

/// The most releases that are kept in mind: of 115 items, decades of them.
const MOST_RELEASES: i64 = 20_000;
/// The most drafts at once.
const MOST_DRAFTS: i64 = 2_000;

const RELEASE: &str = "id, item, version, entry, replaced, from_day, document, clause, author_name, released_by, released_name, \
                       released_at, withdrawn_at, withdrawn_name";

record! {
    /// A version of an item that was released from a day on.
    pub struct Release {
        /// Identity.
        pub id: Uuid,
        /// Code of the item.
        pub item: String,
        /// The version.
        pub version: i64,
        /// The item with its guide, as the files of the catalogue write them.
        pub entry: String,
        /// The version it took the place of, written likewise; none for a new item.
        pub replaced: Option<String>,
        /// The first day it is in force.
        pub from: Date,
        /// Key of the document it rests on.
        pub document: String,
        /// The clause of that document.
        pub clause: String,
        /// Who wrote the draft.
        pub author_name: String,
        /// Account of the person who released it.
        pub released_by: Option<Uuid>,
        /// Her name.
        pub released_name: String,
        /// When.
        pub released_at: Instant,
        /// When it was withdrawn before it came into force.
        pub withdrawn_at: Option<Instant>,
        /// By whom.
        pub withdrawn_name: Option<String>,
    }
}

record! {
    /// An item as somebody is writing it.
    pub struct Draft {
        /// Code of the item.
        pub item: String,
        /// What stands in the form, as JSON: name of a field to its values.
        pub fields: String,
        /// Account of the person who wrote it last.
        pub author: Option<Uuid>,
        /// Her name.
        pub author_name: String,
        /// When.
        pub changed_at: Instant,
        /// The accounts of everybody who changed it since it was begun, divided by spaces.
        pub editors: String,
    }
}

impl Draft {
    /// Says whether an account has changed the draft. What no account changed could be anybody's.
    #[must_use]
    pub fn is_edited_by(&self, account: Option<Uuid>) -> bool {
        let Some(account) = account else { return true };
        self.author == Some(account) || self.editors.split(' ').any(|editor| editor == account.to_string())
    }

    /// Returns the draft as it is kept in place of another: whoever changed that one has changed this one too.
    #[must_use]
    pub fn upon(self, before: Option<&Self>) -> Self {
        let earlier = before.map(|before| (before.editors.split(' '), before.author));
        let (known, author) = earlier.map_or((None, None), |(known, author)| (Some(known), author));
        let mut editors: Vec<String> = known.into_iter().flatten().map(str::to_owned).collect();
        editors.extend([author, self.author].into_iter().flatten().map(|account| account.to_string()));
        editors.retain(|editor| !editor.is_empty());
        editors.sort_unstable();
        editors.dedup();
        Self { editors: editors.join(" "), ..self }
    }

    /// What tells this state of the draft from any other: when it was kept.
    #[must_use]
    pub fn mark(&self) -> String {
        self.changed_at.micros().to_string()
    }
}

/// The most documents of the city that are offered.
const MOST_DOCUMENTS: i64 = 1_000;

record! {
    /// A clause of a document of the city, as an editor entered it.
    pub struct OwnDocument {
        /// Identity.
        pub id: Uuid,
        /// The document's number, as `沈民发〔2026〕12号`.
        pub number: String,
        /// Its title.
        pub title: String,
        /// Who issued it.
        pub issuer: String,
        /// When.
        pub issued_on: Date,
        /// The clause.
        pub clause: String,
        /// What the clause says.
        pub words: String,
        /// Account of the person who entered it.
        pub added_by: Option<Uuid>,
        /// Her name.
        pub added_name: String,
        /// When.
        pub added_at: Instant,
    }
}

const DOCUMENT: &str = "id, number, title, issuer, issued_on, clause, words, added_by, added_name, added_at";

/// Keeps a document of the city. One that is kept already stays as it is.
pub fn add_document(tx: &mut dyn Tx, own: &OwnDocument) -> Result<bool, StoreError> {
    let sql = format!(
        "insert into counter_document ({DOCUMENT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing"
    );
    let values = args![
        own.id,
        &own.number,
        &own.title,
        &own.issuer,
        own.issued_on,
        &own.clause,
        &own.words,
        own.added_by,
        &own.added_name,
        own.added_at
    ];
    Ok(tx.exec(&sql, &values)? == 1)
}

/// Every document of the city, the newest first.
pub fn documents(tx: &mut dyn Tx) -> Result<Vec<OwnDocument>, StoreError> {
    let sql = format!("select {DOCUMENT} from counter_document order by added_at desc, id limit $1");
    store::all(tx, &sql, &args![MOST_DOCUMENTS])
}

/// Every release, by item and version.
pub fn releases(tx: &mut dyn Tx) -> Result<Vec<Release>, StoreError> {
    store::all(
        tx,
        &format!("select {RELEASE} from counter_release order by item, version limit $1"),
        &args![MOST_RELEASES],
    )
}

/// One release.
pub fn release(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Release>, StoreError> {
    let sql = format!("select {RELEASE} from counter_release where id = $1{}", tx.lock_rows());
    store::one(tx, &sql, &args![id])
}

/// The releases of an item, the newest first, locked where the engine locks rows.
pub fn releases_of(tx: &mut dyn Tx, item: &str) -> Result<Vec<Release>, StoreError> {
    let sql = format!(
        "select {RELEASE} from counter_release where item = $1 order by version desc limit $2{}",
        tx.lock_rows()
    );
    store::all(tx, &sql, &args![item, MOST_RELEASES])
}

/// Keeps a release.
///
/// # Errors
/// [`StoreError::Conflict`] when another release took the version meanwhile, or whatever the store reports.
pub fn add_release(tx: &mut dyn Tx, new: &Release) -> Result<(), StoreError> {
    let added = tx.exec(
        "insert into counter_release (id, item, version, entry, replaced, from_day, document, clause, author_name, released_by, \
         released_name, released_at, withdrawn_at, withdrawn_name) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, null) on conflict (item, version) do nothing",
        &args![
            new.id,
            &new.item,
            new.version,
            &new.entry,
            &new.replaced,
            new.from,
            &new.document,
            &new.clause,
            &new.author_name,
            new.released_by,
            &new.released_name,
            new.released_at
        ],
    )?;
    if added == 1 { Ok(()) } else { Err(tx.conflict()) }
}

/// Takes a release back.
pub fn withdraw(tx: &mut dyn Tx, id: Uuid, name: &str, now: Instant) -> Result<(), StoreError> {
    tx.exec(
        "update counter_release set withdrawn_at = $1, withdrawn_name = $2 where id = $3 and withdrawn_at is null",
        &args![now, name, id],
    )
    .map(drop)
}

/// Every draft, by item.
pub fn drafts(tx: &mut dyn Tx) -> Result<Vec<Draft>, StoreError> {
    store::all(
        tx,
        "select item, fields, author, author_name, changed_at, editors from counter_draft order by item limit $1",
        &args![MOST_DRAFTS],
    )
}

/// The draft of an item, locked where the engine locks rows.
pub fn draft(tx: &mut dyn Tx, item: &str) -> Result<Option<Draft>, StoreError> {
    let sql = format!(
        "select item, fields, author, author_name, changed_at, editors from counter_draft where item = $1{}",
        tx.lock_rows()
    );
    store::one(tx, &sql, &args![item])
}

/// Keeps a draft in place of the one before.
pub fn keep_draft(tx: &mut dyn Tx, draft: &Draft) -> Result<(), StoreError> {
    tx.exec(
        "insert into counter_draft (item, fields, author, author_name, changed_at, editors) \
         values ($1, $2, $3, $4, $5, $6) \
         on conflict (item) do update set fields = excluded.fields, author = excluded.author, \
         author_name = excluded.author_name, changed_at = excluded.changed_at, editors = excluded.editors",
        &args![&draft.item, &draft.fields, draft.author, &draft.author_name, draft.changed_at, &draft.editors],
    )
    .map(drop)
}

/// Keeps the first draft of an item; false when there is one by now.
pub fn begin_draft(tx: &mut dyn Tx, draft: &Draft) -> Result<bool, StoreError> {
    let kept = tx.exec(
        "insert into counter_draft (item, fields, author, author_name, changed_at, editors) \
         values ($1, $2, $3, $4, $5, $6) \
         on conflict (item) do nothing",
        &args![&draft.item, &draft.fields, draft.author, &draft.author_name, draft.changed_at, &draft.editors],
    )?;
    Ok(kept == 1)
}

/// Throws a draft away.
pub fn drop_draft(tx: &mut dyn Tx, item: &str) -> Result<(), StoreError> {
    tx.exec("delete from counter_draft where item = $1", &args![item]).map(drop)
}

/// Notes that an application is saved until a day.
pub fn note_saved(tx: &mut dyn Tx, district: PlaceId, id: Uuid, until: Date) -> Result<(), StoreError> {
    tx.exec(
        "insert into counter_saved (district, id, until_day) values ($1, $2, $3) \
         on conflict (district, id) do update set until_day = excluded.until_day",
        &args![district, id, until],
    )
    .map(drop)
}

/// Returns until when an application is saved; none if it is not, or not any more.
pub fn saved_until(tx: &mut dyn Tx, district: PlaceId, id: Uuid, today: Date) -> Result<Option<Date>, StoreError> {
    let sql = "select until_day from counter_saved where district = $1 and id = $2 and until_day >= $3";
    store::scalar(tx, sql, &args![district, id, today])
}

/// Forgets that an application is saved.
pub fn forget_saved(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<(), StoreError> {
    tx.exec("delete from counter_saved where district = $1 and id = $2", &args![district, id]).map(drop)
}

/// Forgets what was saved until before a day, and counts what is still saved.
pub fn count_saved(tx: &mut dyn Tx, district: PlaceId, today: Date) -> Result<i64, StoreError> {
    tx.exec("delete from counter_saved where district = $1 and until_day < $2", &args![district, today])?;
    let sql = "select count(*) from counter_saved where district = $1";
    Ok(store::scalar(tx, sql, &args![district])?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u128) -> Option<Uuid> {
        (number > 0).then(|| Uuid::from_u128(number))
    }

    #[test]
    fn everybody_who_changed_a_draft_stays_its_editor() {
        let by = |author: u128| Draft {
            item: "MZ-17".to_owned(),
            fields: String::new(),
            author: account(author),
            author_name: String::new(),
            changed_at: Instant::from_micros(0),
            editors: String::new(),
        };
        for (authors, editors, others) in [
            (&[1_u128][..], &[1_u128][..], &[2_u128, 3][..]),
            (&[1, 2], &[1, 2], &[3]),
            (&[1, 2, 1, 3], &[1, 2, 3], &[4]),
            (&[1, 0, 2], &[1, 2], &[3]),
        ] {
            let mut kept: Option<Draft> = None;
            for author in authors {
                kept = Some(by(*author).upon(kept.as_ref()));
            }
            let kept = kept.unwrap();
            assert!(editors.iter().all(|one| kept.is_edited_by(account(*one))), "{authors:?}: {}", kept.editors);
            assert!(others.iter().all(|one| !kept.is_edited_by(account(*one))), "{authors:?}: {}", kept.editors);
            assert!(kept.is_edited_by(None), "nobody without an account");
        }
        let old = by(1);
        assert!(old.is_edited_by(account(1)), "a draft from before names its last author");
        assert!(by(2).upon(Some(&old)).is_edited_by(account(1)));
    }
}
