//! This file edits as somebody: it keeps a draft, releases it from a day on, takes a release back, and puts in force
//! what a day brings.

use crate::permissions::May;
use crate::refusals::Why;
use hall::Fault;
use kernel::permission::{Actor, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::once::Once;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::Form;

use super::fields::{from_json, to_json};
use super::preview::{Effect, Past, Versions, effect};
use super::validate::{Checked, check, check_all};
use crate::Counter;
use crate::catalogue::Item;
use crate::records::{self, Draft, Release};

/// What a release rests on, and from when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The first day.
    pub from: Date,
    /// Key of the document in the rulebook's register.
    pub document: String,
    /// Its clause.
    pub clause: String,
}

/// How many drafts an import made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Drafts kept.
    pub drafts: usize,
}

/// A release as it goes into the store: all that has to be known before the transaction.
struct Ready {
    release: Release,
    draft: Draft,
    city: PlacePath,
    four_eyes: bool,
    /// It takes away the confidentiality of the item: then two people are needed, whatever the city's figure says.
    opens: bool,
    today: Date,
    once: String,
}

impl Counter {
    /// Returns the city as a whole, where the catalogue is edited.
    ///
    /// # Errors
    /// Fails if there are no places.
    pub fn city(&self) -> Result<PlacePath, Fault> {
        let tree = self.cases.hall.places.tree();
        tree.root().map(|city| city.path.clone()).ok_or_else(|| Fault::Broken("there are no places".to_owned()))
    }

    /// Checks that somebody may edit the items of a department. A post for one department edits that department's items
    /// alone.
    ///
    /// # Errors
    /// Fails with `NotFound` if it is not hers.
    pub fn may_edit(&self, actor: &Actor, department: &str) -> Result<(), Fault> {
        let target = Target { place: self.city()?, department: Some(department.to_owned()) };
        may(actor, May::CatalogueEdit, &target).map(|_| ()).map_err(|_| Fault::NotFound)
    }

    /// Returns today's date in the city.
    pub(crate) fn day(&self, now: Instant) -> Date {
        self.cases.hall.calendar().zone().date(now)
    }

    /// Puts in force what the releases say for today.
    ///
    /// # Errors
    /// Fails if releases no longer fit the files.
    pub async fn renew(&self, now: Instant) -> Result<(), Fault> {
        let releases = self.cases.hall.store.read(records::releases).await?;
        self.put_in_force(releases, now)
    }

    /// Does the same as [`Counter::renew`] for threads and the command line.
    pub fn renew_blocking(&self, now: Instant) -> Result<(), Fault> {
        let releases = self.cases.hall.store.read_blocking(records::releases)?;
        self.put_in_force(releases, now)
    }

    fn put_in_force(&self, releases: Vec<Release>, now: Instant) -> Result<(), Fault> {
        self.book.renew(releases, self.day(now)).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Fault::Broken(format!("the released catalogue does not fit the files:\n{}", lines.join("\n")))
        })
    }

    /// Returns the draft of an item, if there is one.
    pub async fn draft(&self, code: &str) -> Result<Option<Draft>, Fault> {
        let code = code.to_owned();
        Ok(self.cases.hall.store.read(move |tx| records::draft(tx, &code)).await?)
    }

    /// Checks what a form describes, as the version that it would become.
    #[must_use]
    pub fn checked_draft(&self, form: &Form, now: Instant) -> Checked {
        let version = self.book.last_version(&form.get("code").to_uppercase()) + 1;
        check(&self.book, form, version, self.day(now))
    }

    /// Checks what many forms of different items describe, as they would stand together.
    #[must_use]
    pub fn checked_drafts(&self, forms: &[&Form], now: Instant) -> Vec<Checked> {
        let version = |form: &Form| self.book.last_version(&form.get("code").to_uppercase()) + 1;
        let drafts: Vec<(&Form, i64)> = forms.iter().map(|form| (*form, version(form))).collect();
        check_all(&self.book, &drafts, self.day(now))
    }

    /// Says whether a draft takes away the confidentiality of an item in force.
    #[must_use]
    pub fn opens(&self, after: &Item) -> bool {
        self.catalogue().get(&after.code).is_some_and(|before| before.confidential && !after.confidential)
    }

    /// Keeps what stands in a form, whole or not, in place of the draft that it was begun on, as [`Draft::mark`] names
    /// it.
    ///
    /// # Errors
    /// Refuses if somebody has kept another draft meanwhile.
    pub async fn keep_draft(&self, form: &Form, begun_on: &str, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let (draft, begun_on) = (drafted(form, actor, now), begun_on.to_owned());
        let kept = self.cases.hall.store.write(move |tx| {
            let before = records::draft(tx, &draft.item)?;
            // Sent again it is kept already.
            if before.as_ref().is_some_and(|before| before.fields == draft.fields) {
                return Ok(());
            }
            if before.as_ref().map(Draft::mark).unwrap_or_default() != begun_on {
                return Err(Refusal::new(Why::CatalogueDraftTaken).into());
            }
            let draft = draft.clone().upon(before.as_ref());
            if before.is_none() {
                // Two may begin one at the same moment.
                let first = records::begin_draft(tx, &draft)?;
                return if first { Ok(()) } else { Err(Refusal::new(Why::CatalogueDraftTaken).into()) };
            }
            Ok::<_, Fault>(records::keep_draft(tx, &draft)?)
        });
        kept.await
    }

    /// Keeps several drafts, all or none. A form that is sent twice is kept once.
    pub async fn keep_drafts(
        &self,
        forms: &[Form],
        actor: &Actor,
        once: String,
        now: Instant,
    ) -> Result<Imported, Fault> {
        let drafts: Vec<Draft> = forms.iter().map(|form| drafted(form, actor, now)).collect();
        let digest = drafts.iter().map(|draft| draft.fields.as_str()).collect::<Vec<_>>().join("\n");
        self.cases
            .hall
            .store
            .write(move |tx| {
                match store::once::begin(tx, "counter.import", &once, &digest, now)? {
                    Once::Again(_) => return Ok(Imported { drafts: drafts.len() }),
                    Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                    Once::New => {}
                }
                for draft in &drafts {
                    let before = records::draft(tx, &draft.item)?;
                    records::keep_draft(tx, &draft.clone().upon(before.as_ref()))?;
                }
                store::once::finish(tx, "counter.import", &once, "")?;
                Ok(Imported { drafts: drafts.len() })
            })
            .await
    }

    /// Throws a draft away.
    pub async fn drop_draft(&self, code: &str) -> Result<(), Fault> {
        let code = code.to_owned();
        Ok(self.cases.hall.store.write(move |tx| records::drop_draft(tx, &code)).await?)
    }

    /// Returns what a draft would have meant for the last cases of its item. Returns none for an item that is new.
    ///
    /// # Errors
    /// Fails if the rulebook has no such figure.
    pub async fn preview(&self, after: &Item, actor: &Actor, now: Instant) -> Result<Option<Effect>, Fault> {
        let catalogue = self.catalogue();
        let Some(before) = catalogue.get(&after.code) else { return Ok(None) };
        let limit = i64::from(self.cases.hall.figure(crate::words::CATALOGUE_PREVIEW_CASES, now)?);
        let (desk, code, actor) = (self.cases.clone(), after.code.clone(), actor.clone());
        let past = self.cases.hall.store.read(move |tx| desk.past_of_item(tx, &code, limit)).await?;
        let opens = |case: &kernel::case::Case| {
            kernel::case::may_read(case, &actor, &kernel::case::Relation::applicant(false)).is_ok()
        };
        let past: Vec<Past> = past.into_iter().map(|case| Past { may_open: opens(&case), case }).collect();
        let calendar = self.cases.hall.calendar();
        let office = |item: &Item, home: &PlacePath, counter: Option<&PlacePath>| self.office(item, home, counter);
        Ok(Some(effect(Versions { before, after }, &past, &calendar, now, office)))
    }

    /// Releases the draft of an item from a day on. The release is an event of the log, and the draft is removed.
    ///
    /// # Errors
    /// Fails with `NotFound` without a draft. Refuses a draft with faults, a day that is past, a document or clause
    /// that is not in the register, a release while another waits, a draft that one has changed oneself where the city
    /// wants
    /// four eyes, and everywhere one that takes away an item's confidentiality.
    pub async fn release(
        &self,
        code: &str,
        basis: Basis,
        actor: &Actor,
        once: String,
        now: Instant,
    ) -> Result<(), Fault> {
        let draft = self.draft(code).await?;
        if let Some(draft) = draft {
            let ready = self.ready(draft, basis.clone(), actor, once, now)?;
            self.rests_on(&basis).await?;
            let (account, name) = (actor.account, actor.name.clone());
            self.cases.hall.store.write(move |tx| put_release(tx, &ready, account, &name, now)).await?;
        } else if !self.released_with(&once).await? {
            return Err(Refusal::new(Why::CatalogueDraftGone).with("item", code).into());
        }
        self.renew(now).await
    }

    /// Says whether a release was made with this key before, because the same form was sent again.
    async fn released_with(&self, once: &str) -> Result<bool, Fault> {
        let Ok(id) = Uuid::parse_str(once) else { return Ok(false) };
        Ok(self.cases.hall.store.read(move |tx| records::release(tx, id)).await?.is_some())
    }

    /// Checks everything that can be checked of a release before the transaction.
    fn ready(&self, draft: Draft, basis: Basis, actor: &Actor, once: String, now: Instant) -> Result<Ready, Fault> {
        let form = from_json(&draft.fields);
        let checked = self.checked_draft(&form, now);
        let Some((item, _)) = checked.entry.filter(|_| checked.wrong.is_empty()) else {
            return Err(Refusal::new(Why::CatalogueDraftFaulty).with("item", &draft.item).into());
        };
        let today = self.day(now);
        if basis.from < today {
            return Err(Refusal::new(Why::CatalogueFromPast).field("from").into());
        }
        let before = self.catalogue();
        let replaced = before.get(&item.code).map(|old| {
            let bare = crate::catalogue::Guide { item: old.code.clone(), ..crate::catalogue::Guide::default() };
            super::writing::write(old, before.guide(&old.code).unwrap_or(&bare))
        });
        let release = Release {
            id: Uuid::parse_str(&once).unwrap_or_else(|_| Uuid::now_v7()),
            item: item.code.clone(),
            version: item.version,
            entry: checked.text,
            replaced,
            from: basis.from,
            document: basis.document,
            clause: basis.clause,
            author_name: draft.author_name.clone(),
            released_by: actor.account,
            released_name: actor.name.clone(),
            released_at: now,
            withdrawn_at: None,
            withdrawn_name: None,
        };
        let four_eyes = self.cases.hall.figure(crate::words::CATALOGUE_FOUR_EYES, now)?;
        let opens = self.opens(&item);
        Ok(Ready { release, draft, city: self.city()?, four_eyes, opens, today, once })
    }

    /// Takes back a release that is not in force yet.
    ///
    /// # Errors
    /// Fails with `NotFound`. Refuses for a release whose day has come.
    pub async fn withdraw(&self, code: &str, id: Uuid, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let (code, name, city, today) = (code.to_owned(), actor.name.clone(), self.city()?, self.day(now));
        let account = actor.account;
        self.cases
            .hall
            .store
            .write(move |tx| {
                let found = records::release(tx, id)?.filter(|release| release.item == code).ok_or(Fault::NotFound)?;
                if found.withdrawn_at.is_some() {
                    return Ok(());
                }
                if found.from <= today {
                    return Err(Refusal::new(Why::CatalogueReleaseInForce).with("date", found.from).into());
                }
                records::withdraw(tx, id, &name, now)?;
                let payload = json!({ "item": &code, "version": found.version, "account": account });
                log(tx, &city, &code, "catalogue.withdrawn", &payload, now)?;
                Ok::<_, Fault>(())
            })
            .await?;
        self.renew(now).await
    }
}

/// Makes somebody's draft of what stands in a form.
fn drafted(form: &Form, actor: &Actor, now: Instant) -> Draft {
    Draft {
        item: form.get("code").to_uppercase(),
        fields: to_json(form),
        author: actor.account,
        author_name: actor.name.clone(),
        changed_at: now,
        editors: String::new(),
    }
}

/// Writes a release. It is refused if another draft or another release came between.
fn put_release(tx: &mut dyn Tx, ready: &Ready, account: Option<Uuid>, name: &str, now: Instant) -> Result<(), Fault> {
    let Ready { release, draft, city, four_eyes, opens, today, once } = ready;
    let digest = format!("{} {} {} {}", release.item, release.from, release.document, release.clause);
    match store::once::begin(tx, "counter.release", once, &digest, now)? {
        Once::Again(_) => return Ok(()),
        Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        Once::New => {}
    }
    if records::draft(tx, &draft.item)?.as_ref() != Some(draft) {
        return Err(Refusal::new(Why::CatalogueDraftChanged).into());
    }
    let is_own = draft.is_edited_by(account);
    if *opens && is_own {
        return Err(Refusal::new(Why::CatalogueOpensFourEyes).with("item", &release.item).into());
    }
    if *four_eyes && is_own {
        return Err(Refusal::new(Why::CatalogueFourEyes).into());
    }
    let earlier = records::releases_of(tx, &release.item)?;
    if let Some(waiting) = earlier.iter().find(|other| other.withdrawn_at.is_none() && other.from > *today) {
        return Err(Refusal::new(Why::CatalogueReleaseWaiting).with("date", waiting.from).into());
    }
    records::add_release(tx, release)?;
    records::drop_draft(tx, &draft.item)?;
    let payload = json!({
        "item": &release.item, "version": release.version, "from": release.from.to_string(), "document": &release.document,
        "clause": &release.clause, "account": account, "name": name, "author": draft.author, "entry": &release.entry,
        "editors": draft.editors.split_whitespace().collect::<Vec<&str>>(), "no_longer_confidential": opens,
    });
    log(tx, city, &release.item, "catalogue.released", &payload, now)?;
    store::once::finish(tx, "counter.release", once, &release.version.to_string())?;
    Ok(())
}

/// Appends an event to the item's own stream in the city's log.
pub(super) fn log(
    tx: &mut dyn Tx,
    city: &PlacePath,
    code: &str,
    kind: &str,
    payload: &serde_json::Value,
    now: Instant,
) -> Result<(), StoreError> {
    let stream = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("counter.catalogue/{code}").as_bytes());
    let (last, _) = store::log::last(tx, city.id(), stream)?;
    store::log::append(tx, city.id(), stream, last, &[(kind, payload.to_string())], now)
}
