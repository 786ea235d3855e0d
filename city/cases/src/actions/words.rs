//! What people write about a case in their own words. The log of events is chained and kept for ever, so it holds a
//! handle in their place. The words stand in a table of their own, sealed under the record of the person whom the case
//! is mainly about, and are deleted with it; the chain stays whole.
//!
//! Events that were recorded before words were sealed hold them as they were typed. They are read as they are.

use std::collections::{BTreeMap, BTreeSet};

use kernel::case::{Case, Command, Recorded, handle_of, handled};
use kernel::place::PlaceId;
use kernel::procedure::Procedure;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{Labelled, NewRecord, Person, VaultError};
use web::Page;

use super::Known;
use crate::Cases;
use crate::records::Key;
use crate::records::words::{self, After, WordRow};
use hall::Fault;

/// What a record is kept for that seals the words of a case in which nobody's data are sealed.
const PURPOSE: &str = "办件中写下的文字";
/// The key of what stands in place of words that were deleted.
const ERASED: &str = "cases-words-erased";

/// In which case words are written, and when.
pub(super) struct Written<'w> {
    /// The case.
    pub case: Key,
    /// The sealed record that it is mainly about, if there is one.
    pub person: Option<Uuid>,
    /// Its procedure.
    pub procedure: &'w Procedure,
    /// How many events it had before.
    pub sequence: i64,
    /// When.
    pub now: Instant,
}

impl<'w> Written<'w> {
    /// Words that are written in a case that exists.
    pub fn of(known: &Known, procedure: &'w Procedure, now: Instant) -> Self {
        Self { case: known.key(), person: known.person, procedure, sequence: known.case.sequence, now }
    }
}

/// What somebody wrote with steps, as long as it is plain: one sentence after the other.
pub(super) fn said_in(procedure: &Procedure, recorded: &mut [Recorded]) -> String {
    let words = recorded.iter_mut().flat_map(|one| one.event.words_mut(Some(procedure)));
    words.map(|word| word.clone()).collect::<Vec<_>>().join("。")
}

/// The words of a case, opened: what was written, by the handles that stand in its events.
#[derive(Default)]
pub struct Words(BTreeMap<Uuid, String>);

impl Words {
    /// Returns what a text says: itself, the words that it stands for, or `erased` where these were deleted.
    #[must_use]
    pub fn read<'t>(&'t self, text: &'t str, erased: &'t str) -> &'t str {
        handled(text).map_or(text, |id| self.0.get(&id).map_or(erased, String::as_str))
    }

    fn put(&self, texts: Vec<&mut String>, erased: &str) {
        for text in texts {
            if handled(text).is_some() {
                *text = self.read(text, erased).to_owned();
            }
        }
    }

    /// Puts something else in place of the words that stand in some events.
    fn withhold(&mut self, events: &mut [Recorded], untold: &BTreeSet<usize>, instead: &str) {
        let untold = events.iter_mut().enumerate().filter(|(place, _)| untold.contains(place));
        for (_, one) in untold {
            for id in one.event.words_mut(None).into_iter().filter_map(|text| handled(text)) {
                self.0.insert(id, instead.to_owned());
            }
        }
    }

    /// Puts the words into events in place of their handles, for a page.
    pub fn tell(&self, page: &Page, events: &mut [Recorded]) {
        let erased = page.t(ERASED);
        for one in events {
            self.put(one.event.words_mut(None), &erased);
        }
    }

    /// Returns a case as a page tells it: with the words in place of their handles.
    #[must_use]
    pub fn told(&self, page: &Page, case: &Case) -> Case {
        let mut told = case.clone();
        self.put(told.words_mut(), &page.t(ERASED));
        told
    }
}

/// A case and what happened to it as a page tells them, with the words in place of their handles.
pub struct Told {
    /// The case.
    pub case: Case,
    /// What happened to it.
    pub events: Vec<Recorded>,
    /// The words.
    pub words: Words,
}

/// The record that seals the words of a case in which nobody's data are sealed.
#[must_use]
pub fn own_record(case: Uuid) -> Uuid {
    Uuid::new_v5(&case, b"words")
}

/// What words are bound to: they open under their own handle alone.
fn label(id: Uuid) -> String {
    format!("word/{}", id.simple())
}

fn has_handles(texts: &[&mut String]) -> bool {
    texts.iter().any(|text| handled(text).is_some())
}

impl Cases {
    /// Takes the words out of events before they are stored, seals them apart, and leaves their handles. Says whether
    /// there were any.
    pub(super) fn seal_words(
        &self,
        tx: &mut dyn Tx,
        written: &Written<'_>,
        recorded: &mut [Recorded],
    ) -> Result<bool, Fault> {
        let case = &written.case;
        let mut taken: Vec<(Uuid, String)> = Vec::new();
        for (one, sequence) in recorded.iter_mut().zip(written.sequence + 1..) {
            for (text, place) in one.event.words_mut(Some(written.procedure)).into_iter().zip(0_usize..) {
                if !text.is_empty() {
                    // The transaction may run again: the identity is reckoned.
                    let id = Uuid::new_v5(&case.id, format!("word/{sequence}/{place}").as_bytes());
                    taken.push((id, std::mem::replace(text, handle_of(id))));
                }
            }
        }
        if taken.is_empty() {
            return Ok(false);
        }
        let plain: Vec<Labelled<'_>> =
            taken.iter().map(|(id, text)| Labelled { label: label(*id), bytes: text.as_bytes() }).collect();
        let (record, sealed) = self.covered_words(tx, written, &plain)?;
        for ((id, _), sealed) in taken.iter().zip(sealed) {
            words::insert(tx, case, &WordRow { id: *id, record, sealed })?;
        }
        Ok(true)
    }

    /// Seals words that a department keeps of a case beside its events, and returns their handle: [`Cases::words_of`]
    /// opens them, for whoever may read the case. `name` tells them from the others of that case: each is used once.
    ///
    /// # Errors
    /// Everything of the case was erased, words of that name are kept already, or a failure of store or vault.
    pub fn seal_word(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        name: &str,
        text: &str,
        now: Instant,
    ) -> Result<String, Fault> {
        let written = Written::of(known, self.procedure_of(&known.case)?, now);
        let id = Uuid::new_v5(&known.case.id.0, format!("word/{name}").as_bytes());
        let (record, sealed) =
            self.covered_words(tx, &written, &[Labelled { label: label(id), bytes: text.as_bytes() }])?;
        for sealed in sealed {
            words::insert(tx, &written.case, &WordRow { id, record, sealed })?;
        }
        Ok(handle_of(id))
    }

    /// Seals words under the person's record; where there is none, or it was erased, under one of the case's own.
    /// Returns which it was.
    fn covered_words(
        &self,
        tx: &mut dyn Tx,
        written: &Written<'_>,
        plain: &[Labelled<'_>],
    ) -> Result<(Uuid, Vec<Vec<u8>>), Fault> {
        let (vault, district) = (&self.hall.vault, written.case.district);
        if let Some(person) = written.person {
            match vault.cover_each(tx, district, person, plain) {
                Err(VaultError::Erased) => {}
                sealed => return Ok((person, sealed?)),
            }
        }
        let own = own_record(written.case.id);
        match vault.cover_each(tx, district, own, plain) {
            Err(VaultError::NotFound) => {}
            Err(VaultError::Erased) => return Err(Refusal::new(Code::VaultRecordErased).into()),
            sealed => return Ok((own, sealed?)),
        }
        let record = NewRecord {
            id: own,
            district,
            person: Person::new(),
            purpose: PURPOSE.to_owned(),
            retain_until: None,
            at: written.now,
        };
        vault.seal(tx, &record)?;
        Ok((own, vault.cover_each(tx, district, own, plain)?))
    }

    /// Opens the words of a case that are still kept. Whoever calls it has checked that they may be shown: they are
    /// read by whoever may read the case.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn words_of(&self, tx: &mut dyn Tx, case: &Key) -> Result<Words, Fault> {
        let rows = words::of_case(tx, case)?;
        let mut opened = BTreeMap::new();
        for group in rows.chunk_by(|one, other| one.record == other.record) {
            let Some(record) = group.first().map(|row| row.record) else { continue };
            let sealed: Vec<Labelled<'_>> =
                group.iter().map(|row| Labelled { label: label(row.id), bytes: &row.sealed }).collect();
            let plain = match self.hall.vault.uncover_each(tx, case.district, record, &sealed) {
                Err(VaultError::Erased) => continue,
                plain => plain?,
            };
            let texts = plain.iter().map(|plain| String::from_utf8_lossy(plain).into_owned());
            opened.extend(group.iter().map(|row| row.id).zip(texts));
        }
        Ok(Words(opened))
    }

    /// Opens the words of several cases as [`Cases::words_of`] does, and asks for all of them together. A case without
    /// words that are still kept is left out.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn words_of_each(&self, tx: &mut dyn Tx, cases: &[Key]) -> Result<BTreeMap<Uuid, Words>, Fault> {
        let keys: Vec<(PlaceId, Uuid)> = cases.iter().map(|case| (case.district, case.id)).collect();
        let rows = words::of_cases(tx, &keys)?;
        let mut opened: BTreeMap<Uuid, Words> = BTreeMap::new();
        for group in rows.chunk_by(|one, other| one.district == other.district) {
            let Some(district) = group.first().map(|row| row.district) else { continue };
            let sealed: Vec<(Uuid, Labelled<'_>)> =
                group.iter().map(|row| (row.record, Labelled { label: label(row.id), bytes: &row.sealed })).collect();
            for (row, plain) in group.iter().zip(self.hall.vault.uncover_several(tx, district, &sealed)?) {
                let Some(plain) = plain else { continue };
                let text = String::from_utf8_lossy(&plain).into_owned();
                opened.entry(row.case).or_default().0.insert(row.id, text);
            }
        }
        Ok(opened)
    }

    /// The words that stand behind the handles in some events of a case. Nothing is read where there are none.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn words_in(&self, tx: &mut dyn Tx, case: &Key, events: &mut [Recorded]) -> Result<Words, Fault> {
        let sealed = events.iter_mut().any(|one| has_handles(&one.event.words_mut(None)));
        if sealed { self.words_of(tx, case) } else { Ok(Words::default()) }
    }

    /// A case and its events as a page tells them.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn in_words(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<Told, Fault> {
        let mut events = self.events(tx, &known.case)?;
        let mut words = self.words_in(tx, &known.key(), &mut events)?;
        if page.visitor.staff()
            && let Some(untold) = self.kind_untold(tx, &known.case, &events)?
        {
            words.withhold(&mut events, &untold.events, &page.t(untold.instead));
        }
        words.tell(page, &mut events);
        Ok(Told { case: words.told(page, &known.case), events, words })
    }

    /// The case as a command is decided on it, where that compares words: with the words of the last explanation. None
    /// where nothing has to be opened.
    pub(super) fn compared(&self, tx: &mut dyn Tx, known: &Known, command: &Command) -> Result<Option<Case>, Fault> {
        let late = known.case.late.as_ref().filter(|late| handled(&late.note).is_some());
        let (Some(late), Command::Explain { .. }) = (late, command) else { return Ok(None) };
        let words = self.words_of(tx, &known.key())?;
        let mut case = known.case.clone();
        // What was deleted is like nothing that is said now.
        let note = words.read(&late.note, &late.note).to_owned();
        case.late = Some(kernel::case::Late { note, ..late.clone() });
        Ok(Some(case))
    }
}

/// What a look at sealed words found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordsInspected {
    /// How many were looked at.
    pub looked: u64,
    /// How many of them cannot be opened, although nobody has deleted them.
    pub unreadable: u64,
    /// Where the look goes on. None where all were looked at.
    pub next: Option<After>,
}

impl Cases {
    /// Looks whether sealed words can be opened, at most `limit` of them after some; from the first where none are
    /// named.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn inspect_words(&self, tx: &mut dyn Tx, after: Option<After>, limit: i64) -> Result<WordsInspected, Fault> {
        let first = After { district: PlaceId(i64::MIN), case: Uuid::nil(), id: Uuid::nil() };
        let rows = words::page(tx, &after.unwrap_or(first), limit)?;
        let mut unreadable = 0;
        for row in &rows {
            match self.hall.vault.uncover(tx, row.district, row.record, &label(row.id), &row.sealed) {
                Ok(_) => {}
                Err(VaultError::Damaged | VaultError::NotFound | VaultError::Erased) => unreadable += 1,
                Err(fault) => return Err(fault.into()),
            }
        }
        let next = rows.last().map(|row| After { district: row.district, case: row.case, id: row.id });
        Ok(WordsInspected { looked: u64::try_from(rows.len()).unwrap_or(u64::MAX), unreadable, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_by_their_handles_and_old_texts_as_they_are() {
        let (kept, gone) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let words = Words(BTreeMap::from([(kept, "sealed:收入不符".to_owned())]));
        for (text, told) in [
            (handle_of(kept), "sealed:收入不符"),
            (handle_of(gone), "—"),
            ("缺首页".to_owned(), "缺首页"),
            ("sealed:x".to_owned(), "sealed:x"),
            (String::new(), ""),
        ] {
            assert_eq!(words.read(&text, "—"), told, "{text}");
            let mut put = text;
            words.put(vec![&mut put], "—");
            assert_eq!(put, told);
        }
    }

    #[test]
    fn words_open_under_their_own_handle_alone() {
        let ids = [Uuid::from_u128(1), Uuid::from_u128(2)];
        assert_ne!(label(ids[0]), label(ids[1]));
        assert_ne!(own_record(ids[0]), own_record(ids[1]));
        let mut texts = ["字".to_owned(), handle_of(ids[0])];
        let [plain, handle] = &mut texts;
        assert!(!has_handles(&[plain]) && has_handles(&[handle]));
    }
}
