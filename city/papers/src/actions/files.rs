//! This file works with files. The applicant or staff add them, staff look at them with a purpose, and they can be
//! removed before anybody looked. A file is first sealed, then put on the shelf, and then gets its row.

use crate::refusals::Why;
use cases::{Cases, Known, Step, district, own_counter};
use hall::Fault;
use kernel::case::{Acting, Command, Moment, PaperForm, Relation, asked_last, decide};
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{StoreError, Tx};
use uuid::Uuid;
use vault::VaultError;
use zeroize::Zeroizing;

use super::{APPLICANT, doer, once};
use crate::records::file::{self, File, Sent};
use crate::words::{Bounds, Content, Kind, PAPERS_BYTES_PER_CASE, PAPERS_FILES_PER_CASE, PAPERS_FILES_PER_MATERIAL};
use crate::{Keeps, Papers, content, rules};

/// Names what a file is sealed under. A file that is sealed under this label opens under no other.
const LABEL: &str = "file";
/// For how many days what was taken back counts: until then it lies on the shelf.
const KEPT_DAYS: i64 = 1;
const MEBIBYTE: i64 = 1024 * 1024;

/// Files for one paper of a case.
pub struct NewFile {
    /// The code of the material.
    pub material: String,
    /// What was sent.
    pub sent: Vec<Vec<u8>>,
    /// The key of the form. The same key twice has the same effect as once.
    pub once: String,
}

/// A file that is open.
pub struct Looked {
    /// What kind of file it is.
    pub kind: Kind,
    /// Its content.
    pub bytes: Zeroizing<Vec<u8>>,
    /// The code of the material.
    pub material: String,
    /// Which of the paper's files it is, counted from 1.
    pub place: usize,
}

/// A file whose sealed content is on the shelf.
#[derive(Clone)]
struct Laid {
    id: Uuid,
    kind: Kind,
    bytes: i64,
    size: Option<(u32, u32)>,
    digest: String,
}

/// What files are added to: a paper of a case, by whom, so many at most.
struct Adding {
    known: Known,
    /// The record under which the files are sealed.
    owner: Uuid,
    material: String,
    /// Her role; the applicant's own word for her.
    by_role: String,
    by_name: String,
    room: Room,
}

/// How much may be sent.
struct Room {
    /// How many files one paper may have.
    files_of_material: i64,
    /// What an applicant may have sent for one case. Staff are not bound by it.
    of_applicant: Option<Sent>,
}

impl Papers {
    /// Adds files to a paper of a case and takes the paper in as an electronic one. The actor must be allowed to see
    /// `known`.
    ///
    /// # Errors
    /// Refuses if a file may not be kept, if there are too many, if the sender may not send, or if the case has ended.
    pub async fn add(
        self: &Arc<Self>,
        known: Known,
        new: NewFile,
        actor: Actor,
        relation: Relation,
        now: Instant,
    ) -> Result<(), Fault> {
        let step = receiving(&known, &new, &actor, relation);
        let cases = &self.counter.cases;
        let procedure = cases.procedure_of(&known.case)?;
        let acting = Acting { actor: &actor, relation: &relation };
        decide(procedure, Some(&known.case), &step.command, acting, Moment { calendar: &cases.hall.calendar(), now })?;
        if new.sent.is_empty() {
            return Err(Refusal::new(Why::PaperFileMissing).field("file").into());
        }
        let (shard, owner) = cases.file_owner(&known).ok_or(Fault::NotFound)?;
        let room = self.room(&relation, now)?;
        let lengths: Vec<usize> = new.sent.iter().map(Vec::len).collect();
        let (key, digest) = (format!("{}/{}", step.id, new.once), format!("{} {lengths:?}", new.material));
        let mut laid = Vec::new();
        let done = match self.lay_all((shard, owner), new.sent, now, &mut laid).await {
            Ok(()) => {
                let by = if relation.is_applicant { None } else { doer(&actor) };
                let (by_role, by_name) =
                    by.map_or_else(|| (APPLICANT.to_owned(), String::new()), |doer| (doer.role, doer.name));
                let adding = Adding { known, owner, material: new.material, by_role, by_name, room };
                let (papers, rows) = (self.clone(), laid.clone());
                let write = move |tx: &mut dyn Tx| {
                    if once(tx, "papers.file", &key, &digest, now)?.is_some() {
                        return Ok(false);
                    }
                    papers.remember(tx, &adding, &rows, now)?;
                    let case = papers.counter.cases.step(tx, &step, &actor, &relation, now)?;
                    Self::keep_promises(tx, &case, now)?;
                    store::once::finish(tx, "papers.file", &key, "")?;
                    Ok::<_, Fault>(true)
                };
                self.counter.cases.hall.store.write(write).await
            }
            Err(fault) => Err(fault),
        };
        // Where it is not known whether the rows are there, the files are left to the night.
        if !matches!(done, Ok(true) | Err(Fault::Store(StoreError::Disconnected))) {
            self.take_away(&laid).await;
        }
        done.map(drop)
    }

    /// Returns how much may be sent now for one paper and, by an applicant, for one case.
    fn room(&self, relation: &Relation, now: Instant) -> Result<Room, Fault> {
        let hall = &self.counter.cases.hall;
        let of_case = Sent {
            files: i64::from(hall.figure(PAPERS_FILES_PER_CASE, now)?),
            bytes: hall.figure(PAPERS_BYTES_PER_CASE, now)?,
        };
        Ok(Room {
            files_of_material: i64::from(hall.figure(PAPERS_FILES_PER_MATERIAL, now)?),
            of_applicant: relation.is_applicant.then_some(of_case),
        })
    }

    /// Looks at everything that was sent and puts it on the shelf. `laid` says what lies there, also after a failure.
    async fn lay_all(
        &self,
        owner: (PlaceId, Uuid),
        sent: Vec<Vec<u8>>,
        now: Instant,
        laid: &mut Vec<Laid>,
    ) -> Result<(), Fault> {
        let bounds = self.bounds(now)?;
        for sent in sent {
            let content = self.tidied(sent, bounds).await?;
            laid.push(self.lay(owner, content).await?);
        }
        Ok(())
    }

    /// Takes files from the shelf of which no row was written, so that whoever is refused leaves nothing behind.
    async fn take_away(&self, laid: &[Laid]) {
        for one in laid {
            if let Err(fault) = self.shelf.remove(&one.digest).await {
                tracing::warn!(%fault, "a file that was refused stays on the shelf until the night");
            }
        }
    }

    /// Looks at what was sent, on a thread of its own. Few files are read at the same time, because a picture takes
    /// much memory.
    async fn tidied(&self, sent: Vec<u8>, bounds: Bounds) -> Result<Content, Fault> {
        self.looked_at(move || content::tidy(&sent, bounds)).await
    }

    /// Returns a photograph or a document as it may be kept, with nothing beside it that was not meant to be shown. It
    /// is for departments that keep papers of their own on the shelf.
    ///
    /// # Errors
    /// Refuses what is too large, broken or active, and what is neither a picture nor a PDF.
    pub async fn document(&self, sent: Vec<u8>, now: Instant) -> Result<Content, Fault> {
        let bounds = self.bounds(now)?;
        self.tidied(sent, bounds).await
    }

    /// Returns a photograph as it may be kept: written anew as a JPEG of at most `side` pixels, with nothing beside the
    /// picture. It is for departments whose files are no papers.
    ///
    /// # Errors
    /// Refuses what is too large, cut off or broken, and whatever is no picture.
    pub async fn photo(&self, sent: Vec<u8>, bounds: Bounds, side: u32) -> Result<Content, Fault> {
        self.looked_at(move || content::photo(&sent, bounds, side)).await
    }

    async fn looked_at(
        &self,
        look: impl FnOnce() -> Result<Content, Refusal> + Send + 'static,
    ) -> Result<Content, Fault> {
        let closed = |fault: tokio::sync::AcquireError| Fault::Broken(fault.to_string());
        let turn = self.reading.acquire().await.map_err(closed)?;
        let read = tokio::task::spawn_blocking(look).await;
        drop(turn);
        // A picture that makes its decoder stop is a broken picture.
        Ok(read.unwrap_or_else(|_| Err(Refusal::new(Why::PaperFileBroken).field("file")))?)
    }

    /// Seals a file under the applicant's record and puts it on the shelf. It is durable there before any row names it.
    async fn lay(&self, owner: (PlaceId, Uuid), content: Content) -> Result<Laid, Fault> {
        let vault = self.counter.cases.hall.vault.clone();
        let Content { kind, bytes, size } = content;
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let bytes = Zeroizing::new(bytes);
        let (shard, person) = owner;
        let seal = move |tx: &mut dyn Tx| vault.cover(tx, shard, person, LABEL, &bytes).map_err(closed);
        let sealed = self.counter.cases.hall.store.read(seal).await?;
        let digest = self.shelf.put(sealed).await?;
        Ok(Laid { id: Uuid::now_v7(), kind, bytes: length, size, digest })
    }

    fn remember(&self, tx: &mut dyn Tx, adding: &Adding, laid: &[Laid], now: Instant) -> Result<(), Fault> {
        let Adding { known, owner, material, by_role, by_name, room } = adding;
        let (shard, case) = (district(&known.case), known.case.id.0);
        self.counter.hold(tx, "files of a case", &case.to_string(), now)?;
        let there = file::of_case(tx, shard, case)?.iter().filter(|one| one.material == *material).count();
        if i64::try_from(there + laid.len()).is_ok_and(|count| count > room.files_of_material) {
            return Err(Refusal::new(Why::PaperFileMany).field("file").with("limit", room.files_of_material).into());
        }
        if let Some(most) = &room.of_applicant {
            let sent = file::sent(tx, shard, case, by_role, now.plus_days(-KEPT_DAYS))?;
            let files = sent.files.saturating_add(i64::try_from(laid.len()).unwrap_or(i64::MAX));
            let bytes = laid.iter().fold(sent.bytes, |bytes, one| bytes.saturating_add(one.bytes));
            if files > most.files || bytes > most.bytes {
                let full = Refusal::new(Why::PaperCaseFull).field("file").with("files", most.files);
                return Err(full.with("megabytes", most.bytes / MEBIBYTE).into());
            }
        }
        for one in laid {
            let row = File {
                district: shard,
                id: one.id,
                case,
                person: *owner,
                material: material.clone(),
                kind: one.kind.code().to_owned(),
                bytes: one.bytes,
                width: one.size.map(|(width, _)| i64::from(width)),
                height: one.size.map(|(_, height)| i64::from(height)),
                digest: one.digest.clone(),
                by_role: by_role.clone(),
                by_name: by_name.clone(),
                at: now,
                seen_at: None,
                removed_at: None,
            };
            file::insert(tx, &row)?;
        }
        Ok(())
    }

    /// Removes a file. The applicant may take back her own, and staff may take back those of staff, as long as nobody
    /// looked at it. A paper of which nothing is left is to be brought again, unless staff saw it.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such file, and refuses if somebody looked at it.
    pub fn remove(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        id: Uuid,
        acting: Acting<'_>,
        now: Instant,
    ) -> Result<(), Fault> {
        let shard = district(&known.case);
        let found = file::find(tx, shard, known.case.id.0, id)?.ok_or(Fault::NotFound)?;
        if (found.by_role == APPLICANT) != acting.relation.is_applicant {
            return Err(Fault::NotFound);
        }
        if found.seen_at.is_some() {
            return Err(Refusal::new(Why::PaperFileLooked).into());
        }
        file::remove(tx, shard, id, now)?;
        if known.case.closed_at.is_some() {
            return Ok(());
        }
        let Some(command) = self.taking_back(tx, known, &found, acting)? else { return Ok(()) };
        let once = format!("take-back/{id}");
        let step = Step { district: shard, id: known.case.id.0, command, once };
        self.counter.cases.step(tx, &step, acting.actor, acting.relation, now).map(drop)
    }

    /// Returns what the case is told once a file is removed: that no file of its paper is left which came since it was
    /// last asked for, and in which form staff saw the paper since then. Nothing if other files are left.
    fn taking_back(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        removed: &File,
        acting: Acting<'_>,
    ) -> Result<Option<Command>, Fault> {
        let (shard, case, material) = (district(&known.case), &known.case, &removed.material);
        let events = self.counter.cases.events(tx, case)?;
        let asked = asked_last(self.counter.cases.procedure_of(case)?, &events, material);
        let asked_at = asked.and_then(|index| events.get(index)).map(|recorded| recorded.at);
        let counts = |one: &File| one.material == *material && asked_at.is_none_or(|asked| one.at >= asked);
        if file::of_case(tx, shard, case.id.0)?.iter().any(counts) {
            return Ok(None);
        }
        let since = events.get(asked.map_or(0, |index| index + 1)..).unwrap_or_default();
        let seen = rules::seen(since, material, &file::added(tx, shard, case.id.0, material)?);
        Ok(Some(Command::TakeBack {
            papers: BTreeSet::from([material.clone()]),
            seen: seen.into_iter().map(|form| (material.clone(), form)).collect(),
            counter: if acting.relation.is_applicant { None } else { own_counter(acting.actor) },
        }))
    }

    /// Opens a file for its applicant, without a line in the log. `known` must be her case.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such file, and refuses if it is erased.
    pub async fn look_at_own(&self, known: Known, id: Uuid) -> Result<Looked, Fault> {
        let (shard, case) = (district(&known.case), known.case.id.0);
        let rows =
            self.counter.cases.hall.store.read(move |tx| Ok::<_, Fault>(file::of_case(tx, shard, case)?)).await?;
        self.uncovered(&rows, id).await
    }

    /// Opens a file for staff. Before anything is shown, the look is written down with its purpose, where the applicant
    /// can read it.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such file. Refuses if the actor has no permission or no purpose, or if the
    /// file is erased.
    pub async fn look_at(
        &self,
        known: Known,
        id: Uuid,
        actor: Actor,
        purpose: &str,
        now: Instant,
    ) -> Result<Looked, Fault> {
        let look = self.counter.cases.look(&known.case, &actor, purpose, now)?;
        let (shard, case, cases) = (district(&known.case), known.case.id.0, self.counter.cases.clone());
        let note = move |tx: &mut dyn Tx| {
            let rows = file::of_case(tx, shard, case)?;
            let found = rows.iter().find(|one| one.id == id).ok_or(Fault::NotFound)?;
            cases.hall.within_measure(tx, shard, found.person, &look)?;
            cases.hall.vault.looked(tx, shard, found.person, &look).map_err(closed)?;
            file::seen(tx, shard, id, now)?;
            Ok::<_, Fault>(rows)
        };
        let rows = self.counter.cases.hall.store.write(note).await?;
        self.uncovered(&rows, id).await
    }

    /// Says whether somebody may open files of a case at all. The same posts open the person's data.
    #[must_use]
    pub fn may_look(known: &Known, actor: &Actor) -> bool {
        Cases::may_open(&known.case, actor).is_ok()
    }

    async fn uncovered(&self, rows: &[File], id: Uuid) -> Result<Looked, Fault> {
        let found = rows.iter().find(|one| one.id == id).ok_or(Fault::NotFound)?;
        let before = rows.iter().take_while(|one| one.id != id).filter(|one| one.material == found.material).count();
        let kind =
            Kind::parse(&found.kind).ok_or_else(|| Fault::Broken(format!("a file of the kind {}", found.kind)))?;
        let sealed = self.shelf.get(&found.digest).await?;
        let sealed = sealed.ok_or_else(|| Refusal::new(Why::PaperFileGone))?;
        let (vault, shard, person) = (self.counter.cases.hall.vault.clone(), found.district, found.person);
        let open = move |tx: &mut dyn Tx| vault.uncover(tx, shard, person, LABEL, &sealed).map_err(closed);
        let bytes = self.counter.cases.hall.store.read(open).await?;
        Ok(Looked { kind, bytes, material: found.material.clone(), place: before + 1 })
    }
}

/// Returns the step by which the case takes the paper in as an electronic one.
fn receiving(known: &Known, new: &NewFile, actor: &Actor, relation: Relation) -> Step {
    let papers = BTreeMap::from([(new.material.clone(), PaperForm::Electronic)]);
    let counter = if relation.is_applicant { None } else { own_counter(actor) };
    let command = Command::Receive { papers, counter };
    Step { district: district(&known.case), id: known.case.id.0, command, once: new.once.clone() }
}

/// Turns a refusal of the vault into an answer.
pub(super) fn closed(fault: VaultError) -> Fault {
    match fault {
        VaultError::Erased | VaultError::NotFound => Refusal::new(Why::PaperFileGone).into(),
        VaultError::NoPurpose => Refusal::new(Code::VaultPurposeMissing).field("purpose").into(),
        other => other.into(),
    }
}

/// What a look at files on the shelf found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspected {
    /// How many files were looked at.
    pub looked: u64,
    /// The digests of files that are not on the shelf.
    pub missing: Vec<String>,
    /// The digests of files that are not what was put there, or that cannot be read.
    pub altered: Vec<String>,
    /// The last digest that was looked at; none when there was none.
    pub last: Option<String>,
}

impl Inspected {
    /// Adds what a further look found.
    pub fn add(&mut self, further: &Self) {
        self.looked += further.looked;
        self.missing.extend_from_slice(&further.missing);
        self.altered.extend_from_slice(&further.altered);
        self.last.clone_from(&further.last);
    }
}

impl Papers {
    /// Looks at files whose digests come after `after`, at most `limit` of them, and says which are missing on the
    /// shelf or altered: papers, and what other departments keep there. Nothing is opened for it.
    ///
    /// # Errors
    /// Fails if the store failed.
    pub async fn inspect(&self, after: &str, limit: i64) -> Result<Inspected, Fault> {
        let (store, after) = (&self.counter.cases.hall.store, after.to_owned());
        let kept = self.kept_elsewhere();
        let lists = kept.clone();
        let digests = store.read(move |tx| listed(&lists, tx, &after, limit)).await?;
        let mut found = Inspected { last: digests.last().cloned(), ..Inspected::default() };
        for digest in digests {
            found.looked += 1;
            match self.shelf.get(&digest).await {
                Ok(Some(_)) => {}
                Ok(None) => {
                    let (wanted, needs) = (digest.clone(), kept.clone());
                    // It may have been removed in the meantime.
                    if store.read(move |tx| is_wanted(&needs, tx, &wanted)).await? {
                        found.missing.push(digest);
                    }
                }
                Err(fault) => {
                    tracing::debug!(digest, %fault, "a file on the shelf");
                    found.altered.push(digest);
                }
            }
        }
        Ok(found)
    }
}

/// Returns the digests of all files that come after one, in their order, at most `limit`.
fn listed(kept: &[Keeps], tx: &mut dyn Tx, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    let mut digests: BTreeSet<String> = file::digests(tx, after, limit)?.into_iter().collect();
    for keeps in kept {
        digests.extend((keeps.lists)(tx, after, limit)?);
    }
    Ok(digests.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
}

/// Whether a row of any department names a file on the shelf.
fn is_wanted(kept: &[Keeps], tx: &mut dyn Tx, digest: &str) -> Result<bool, StoreError> {
    Ok(file::owner(tx, digest)?.is_some() || Papers::is_needed_by(kept, tx, digest)?)
}

/// Removes from one part of the shelf the files that no row names any more, and those that were never finished. Returns
/// how many files it removed.
pub(crate) async fn sweep(papers: &Arc<Papers>, part: u16, before: Instant, now: Instant) -> Result<u64, Fault> {
    let mut removed = papers.shelf.clear_unfinished(part, before)?;
    for digest in papers.shelf.part(part, before).await? {
        let (vault, wanted) = (papers.counter.cases.hall.vault.clone(), digest.clone());
        let desk = papers.clone();
        let needed = move |tx: &mut dyn Tx| {
            let Some(owner) = file::owner(tx, &wanted)? else {
                return Ok(desk.is_needed_elsewhere(tx, &wanted)?);
            };
            // A record without masks is erased, so nobody can read its files any more.
            let kept = !vault.masked(tx, &[(owner.district, owner.person)])?.is_empty();
            if !kept {
                file::forget(tx, owner.district, owner.person, now)?;
            }
            Ok::<_, Fault>(kept)
        };
        if !papers.counter.cases.hall.store.write(needed).await? {
            papers.shelf.remove(&digest).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
