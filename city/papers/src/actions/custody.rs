//! This file moves originals from hand to hand (原件流转): they are taken in, sent on a list, confirmed and given back.
//! Every move says who and when, and no original is in two places.

use crate::refusals::Why;
use cases::{Known, Step, district, own_counter};
use hall::Fault;
use kernel::case::{Command, PaperForm, Relation};
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Tx;
use uuid::Uuid;

use super::{derived, doer_or_refusal, once, works_at};
use crate::records::custody::{self, HELD, MOVING, NewMove, Original, RETURNED};
use crate::records::sheet::{self, Line, Sheet};
use crate::words::{Deed, Doer, Holder, PaperOf, SheetNumber};
use crate::{Papers, rules};

/// Originals of a case to be taken in.
#[derive(Clone, Debug)]
pub struct Taking {
    /// Codes of their materials.
    pub papers: BTreeSet<String>,
    /// Sent twice with the same key, done once.
    pub once: String,
}

/// From which desk to which desk originals go.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Route {
    from: Holder,
    to: Holder,
}

/// Something that is done with originals: who does it, and the identity from which those of its moves follow.
struct Handling<'d> {
    doer: &'d Doer,
    id: Uuid,
    now: Instant,
}

impl Handling<'_> {
    /// Writes down where an original went.
    fn moved(&self, tx: &mut dyn Tx, paper: &PaperOf, deed: Deed, way: Way<'_>) -> Result<(), Fault> {
        let Way { from, to, sheet } = way;
        let new = NewMove { id: derived(self.id, &paper.show()), deed, from, to, sheet };
        Ok(custody::moved(tx, paper, &new, self.doer, self.now)?)
    }
}

/// The way of one original: nobody's desk is the resident.
#[derive(Clone, Copy)]
struct Way<'w> {
    from: Option<&'w Holder>,
    to: Option<&'w Holder>,
    /// Number of the list.
    sheet: Option<&'w str>,
}

/// Originals to be sent on one list.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Which originals they are.
    pub papers: BTreeSet<PaperOf>,
    /// The identity of the deed, from which the identities of its moves follow.
    pub id: Uuid,
    /// The key of the form. The same key twice has the same effect as once.
    pub once: String,
}

/// A list that is going to be confirmed.
#[derive(Clone, Debug)]
pub struct Confirming {
    /// The number of the list.
    pub number: SheetNumber,
    /// What arrived.
    pub arrived: BTreeSet<PaperOf>,
    /// What is different, in words.
    pub note: String,
    /// The identity of the deed, from which the identities of its moves follow.
    pub id: Uuid,
    /// The key of the form. The same key twice has the same effect as once.
    pub once: String,
}

impl Papers {
    /// Takes originals of a case in at the actor's desk. If the case still asks for such a paper, it is taken in there
    /// too. The actor must be allowed to see `known`.
    ///
    /// # Errors
    /// Refuses if the actor may not take papers in, if the case has no such paper, or if somebody holds it already.
    pub async fn take_in(
        self: &Arc<Self>,
        known: Known,
        taking: Taking,
        actor: Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        self.takes(&known, &actor)?;
        let doer = doer_or_refusal(&actor)?;
        if known.case.confidential && doer.desk.department.is_empty() {
            return Err(Refusal::new(Code::PermissionConfidential).into());
        }
        if taking.papers.is_empty() || !taking.papers.iter().all(|code| rules::is_asked(&known.case, code)) {
            return Err(Refusal::new(Code::FormPaperMissing).field("papers").into());
        }
        let (back_by, id, desk) = (self.back_by(now)?, Uuid::now_v7(), self.clone());
        let (scoped, digest) = (format!("{}/{}", known.case.id.0, taking.once), format!("{:?}", taking.papers));
        let write = move |tx: &mut dyn Tx| {
            if once(tx, "papers.take", &scoped, &digest, now)?.is_some() {
                return Ok(());
            }
            let handling = Handling { doer: &doer, id, now };
            for code in &taking.papers {
                taken(tx, &known, code, back_by, &handling)?;
            }
            desk.received(tx, &known, &taking, &actor, now)?;
            store::once::finish(tx, "papers.take", &scoped, "")?;
            Ok::<_, Fault>(())
        };
        self.counter.cases.hall.store.write(write).await
    }

    /// Lets the case take in, as originals, the papers that it still asks for.
    fn received(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        taking: &Taking,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        let wanted = taking.papers.iter().filter(|code| rules::is_wanted(&known.case, code));
        let papers: BTreeMap<String, PaperForm> = wanted.map(|code| (code.clone(), PaperForm::Original)).collect();
        if papers.is_empty() || known.case.closed_at.is_some() {
            return Ok(());
        }
        let command = Command::Receive { papers, counter: own_counter(actor) };
        let once = format!("take:{}", taking.once);
        let step = Step { district: district(&known.case), id: known.case.id.0, command, once };
        let case = self.counter.cases.step(tx, &step, actor, &Relation::default(), now)?;
        Self::keep_promises(tx, &case, now)
    }

    /// Gives an original back to the resident from the actor's desk.
    ///
    /// # Errors
    /// Refuses if the original is not there.
    pub fn give_back(
        tx: &mut dyn Tx,
        paper: &PaperOf,
        id: Uuid,
        key: &str,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        let doer = doer_or_refusal(actor)?;
        let scoped = format!("{}/{key}", paper.case);
        if once(tx, "papers.give_back", &scoped, &paper.material, now)?.is_some() {
            return Ok(());
        }
        let original = held_by(tx, paper, actor)?;
        let from = original.holder();
        custody::put(tx, &Original { state: RETURNED.to_owned(), since: now, ..original })?;
        let new = NewMove { id, deed: Deed::Returned, from: Some(&from), to: None, sheet: None };
        custody::moved(tx, paper, &new, &doer, now)?;
        Ok(store::once::finish(tx, "papers.give_back", &scoped, "")?)
    }

    /// Puts originals that go to one and the same desk on a list and sends them. Returns the list's number.
    ///
    /// # Errors
    /// Refuses if nothing is chosen, if an original is not there, or if they go to several desks.
    pub fn send(&self, tx: &mut dyn Tx, sending: &Sending, actor: &Actor, now: Instant) -> Result<String, Fault> {
        let doer = doer_or_refusal(actor)?;
        let digest = format!("{:?}", sending.papers);
        if let Some(number) = once(tx, "papers.send", &sending.once, &digest, now)? {
            return Ok(number);
        }
        let mut route: Option<Route> = None;
        let mut originals = Vec::new();
        for paper in &sending.papers {
            let original = held_by(tx, paper, actor)?;
            let from = original.holder();
            let to = self.goal(tx, &original)?.ok_or_else(|| Refusal::new(Why::PaperElsewhere))?;
            let own = Route { from, to };
            if *route.get_or_insert_with(|| own.clone()) != own {
                return Err(Refusal::new(Why::PaperListMixed).into());
            }
            originals.push(original);
        }
        let route = route.ok_or_else(|| Refusal::new(Code::FormPaperMissing).field("papers"))?;
        let number = self.listed(tx, &route, originals, &Handling { doer: &doer, id: sending.id, now })?;
        store::once::finish(tx, "papers.send", &sending.once, &number)?;
        Ok(number)
    }

    /// Writes a list and the moves of everything on it.
    fn listed(
        &self,
        tx: &mut dyn Tx,
        Route { from, to }: &Route,
        originals: Vec<Original>,
        handling: &Handling<'_>,
    ) -> Result<String, Fault> {
        let now = handling.now;
        let (shard, number) = self.next_number(tx, from, now)?;
        let number = number.as_str();
        let sheet = Sheet {
            district: shard,
            number: number.to_owned(),
            from_path: from.place.clone(),
            from_department: from.department.clone(),
            to_path: to.place.clone(),
            to_department: to.department.clone(),
            made_by: handling.doer.name.clone(),
            made_at: now,
            confirmed_by: None,
            confirmed_at: None,
            note: None,
        };
        sheet::insert(tx, &sheet)?;
        for original in originals {
            let paper = original.paper();
            let line = Line {
                case_district: original.district,
                case: original.case,
                material: original.material.clone(),
                case_number: original.number.clone(),
                item: original.item.clone(),
                arrived: None,
            };
            sheet::insert_line(tx, shard, number, &line)?;
            custody::put(
                tx,
                &Original { state: MOVING.to_owned(), since: now, sheet: Some(number.to_owned()), ..original },
            )?;
            let way = Way { from: Some(from), to: Some(to), sheet: Some(number) };
            handling.moved(tx, &paper, Deed::Sent, way)?;
        }
        Ok(number.to_owned())
    }

    fn next_number(&self, tx: &mut dyn Tx, from: &Holder, now: Instant) -> Result<(PlaceId, SheetNumber), Fault> {
        let shard = from.place.district();
        let tree = self.counter.cases.hall.places.tree();
        let code = tree.get(shard).map(|place| place.code.clone());
        let code = code.ok_or_else(|| Fault::Broken("the district of a desk is not in the tree".to_owned()))?;
        let year = self.counter.cases.hall.calendar().zone().date(now).year();
        let running = sheet::next_number(tx, shard, i64::from(year))?;
        Ok((shard, SheetNumber::new(&code, year, running)))
    }

    /// Returns where an original goes next, or nothing if it is where it belongs.
    pub(crate) fn goal(&self, tx: &mut dyn Tx, original: &Original) -> Result<Option<Holder>, Fault> {
        let known = self.counter.cases.known(tx, original.district, original.case)?;
        Ok(rules::next_holder(&original.holder(), &original.home(), &Holder::office(&known.case)))
    }

    /// Returns the list of a number.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such list.
    pub(crate) fn sheet(&self, tx: &mut dyn Tx, number: &SheetNumber) -> Result<Sheet, Fault> {
        let tree = self.counter.cases.hall.places.tree();
        let shard = tree.by_code(&number.district_code()).map(|place| place.id).ok_or(Fault::NotFound)?;
        sheet::find(tx, shard, number.as_str())?.ok_or(Fault::NotFound)
    }

    /// Confirms a list at the desk that receives. What arrived is now there, and what did not arrive is with the sender
    /// again.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such list, and refuses if it was confirmed before.
    pub fn confirm(&self, tx: &mut dyn Tx, done: &Confirming, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let doer = doer_or_refusal(actor)?;
        let sheet = self.sheet(tx, &done.number)?;
        let there = Route { from: sheet.from(), to: sheet.to() };
        if !works_at(actor, &there.to) {
            return Err(Fault::NotFound);
        }
        let key = format!("{}/{}", done.number.as_str(), done.once);
        let vault = &self.counter.cases.hall.vault;
        let digest = vault.told_apart(&format!("{:?} {}", done.arrived, done.note));
        if once(tx, "papers.confirm", &key, &digest, now)?.is_some() {
            return Ok(());
        }
        if sheet.confirmed_at.is_some() {
            return Err(Refusal::new(Why::PaperListDone).into());
        }
        let back = Route { from: there.to.clone(), to: there.from.clone() };
        let handling = Handling { doer: &doer, id: done.id, now };
        for line in sheet::lines(tx, sheet.district, &sheet.number)? {
            let paper = line.paper();
            let is_there = done.arrived.contains(&paper);
            sheet::arrived(tx, &sheet, &paper, is_there)?;
            arrive(tx, &paper, &sheet.number, if is_there { &there } else { &back }, &handling)?;
        }
        let note = Some(done.note.trim().to_owned()).filter(|note| !note.is_empty());
        sheet::confirm(tx, &sheet, &doer.name, note, now)?;
        Ok(store::once::finish(tx, "papers.confirm", &key, "")?)
    }

    /// Returns by when an original that is taken in now should be given back.
    fn back_by(&self, now: Instant) -> Result<Date, Fault> {
        self.counter.cases.hall.day_after(now, crate::words::PAPERS_ORIGINAL_BACK, now)
    }
}

/// Returns an original that one of the actor's desks holds.
fn held_by(tx: &mut dyn Tx, paper: &PaperOf, actor: &Actor) -> Result<Original, Fault> {
    let elsewhere = || Refusal::new(Why::PaperElsewhere);
    let original = custody::find(tx, paper)?.ok_or_else(elsewhere)?;
    if original.state == HELD && works_at(actor, &original.holder()) { Ok(original) } else { Err(elsewhere().into()) }
}

fn taken(tx: &mut dyn Tx, known: &Known, code: &str, back_by: Date, handling: &Handling<'_>) -> Result<(), Fault> {
    let (case, desk) = (&known.case, &handling.doer.desk);
    let paper = PaperOf { district: district(case), case: case.id.0, material: code.to_owned() };
    if custody::find(tx, &paper)?.is_some_and(|one| one.state != RETURNED) {
        return Err(Refusal::new(Why::PaperElsewhere).into());
    }
    let original = Original {
        district: paper.district,
        case: paper.case,
        material: paper.material.clone(),
        number: case.number.clone(),
        item: case.item().to_owned(),
        state: HELD.to_owned(),
        holder_path: desk.place.clone(),
        holder_department: desk.department.clone(),
        home_path: desk.place.clone(),
        home_department: desk.department.clone(),
        since: handling.now,
        back_by,
        sheet: None,
        confidential: case.confidential,
    };
    custody::put(tx, &original)?;
    handling.moved(tx, &paper, Deed::Taken, Way { from: None, to: Some(desk), sheet: None })
}

/// Notes that an original of a list is at its goal, or with the sender again.
fn arrive(
    tx: &mut dyn Tx,
    paper: &PaperOf,
    number: &str,
    Route { from, to }: &Route,
    handling: &Handling<'_>,
) -> Result<(), Fault> {
    let original = custody::find(tx, paper)?.filter(|one| one.sheet.as_deref() == Some(number));
    let original = original.ok_or_else(|| Fault::Broken(format!("{number}: a paper on it is on no list")))?;
    let missing = original.holder() == *to;
    let here = Original {
        state: HELD.to_owned(),
        holder_path: to.place.clone(),
        holder_department: to.department.clone(),
        since: handling.now,
        sheet: None,
        ..original
    };
    custody::put(tx, &here)?;
    let deed = if missing { Deed::Missing } else { Deed::Received };
    handling.moved(tx, paper, deed, Way { from: Some(from), to: Some(to), sheet: Some(number) })
}
