//! What the sides of a mediation do for themselves, and what is noted of who they are: the name by which a side stands
//! on papers, and what a side says of how a clause was kept.

use std::sync::Arc;

use cases::{BELOW, Known, Message, events_of, in_app};
use hall::{Fault, Sent};
use kernel::case::{Case, Relation};
use kernel::identifier::CaseNumber;
use kernel::language::Lang;
use kernel::line::{name, name_fault};
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{Look, Person, PersonField};
use web::Page;

use super::inside::office;
use super::powers::{self, Called, Writer};
use super::reading::report_label;
use super::told::Reader;
use crate::Hearings;
use crate::records::{inside, sides};
use crate::refusals::Why;
use crate::rules::agreement::{is_kept_in, may_name, note_fault};
use crate::rules::people::{member_of, record_of};
use crate::words::inside::{NamedRow, REPORTS, ReportRow, named};
use crate::words::people::Member;
use crate::words::{MEDIATION, NAME_MOST};

/// The notice by which the office learns that a side said how a clause was kept.
const REPORTED: &str = "hearings-notice-reported";

/// What a side says of how a clause was kept.
#[derive(Clone, Debug)]
pub struct Reporting {
    /// The clause.
    pub clause: Uuid,
    /// A code of [`REPORTS`].
    pub stage: String,
    /// What she says of it; may be empty.
    pub words: String,
}

/// A mediation as somebody reads it with a code.
pub(crate) struct ByCode {
    /// The mediation.
    pub known: Known,
    /// How she reads of herself and of the other side.
    pub reader: Reader,
    /// Which of the people of a side she is; none for staff.
    pub member: Option<Member>,
}

/// A name that a mediator takes from the paper of a side.
#[derive(Clone, Debug)]
pub struct Naming {
    /// The number of the case.
    pub number: String,
    /// Whose it is.
    pub member: Member,
    /// The name as it stands on the paper.
    pub name: String,
    /// The form as a command that is done once.
    pub sent: Sent,
    /// Why the record is changed, in words that she reads.
    pub purpose: String,
    /// It was checked that she is no agent of the other side who is called so.
    pub told_apart: bool,
}

impl Hearings {
    /// Takes the name of a side from the paper that was seen, for whoever mediates. Papers call her by it.
    ///
    /// # Errors
    /// `NotFound` for everybody else; a name that is none; a refusal after the agreement was signed; a failure.
    pub async fn name_side(self: &Arc<Self>, naming: Naming, actor: Actor, now: Instant) -> Result<(), Fault> {
        let desk = self.clone();
        self.hall.store.write(move |tx| desk.took_name(tx, &naming, &actor, now)).await
    }

    pub(crate) fn took_name(&self, tx: &mut dyn Tx, naming: &Naming, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let known = self.mediated(tx, &naming.number, actor, now)?;
        let record = record_of(&known.case, naming.member).ok_or(Fault::NotFound)?;
        let kept = good_name(&naming.name, "real_name")?;
        self.may_name(tx, &known.case)?;
        let Naming { told_apart, .. } = *naming;
        let called = Called { side: naming.member.side, name: &kept, field: "real_name", told_apart };
        let alike = self.acting_alike(tx, &known.key(), &called)?;
        if !naming.sent.is_first(tx, "hearings.name", now)? {
            return Ok(());
        }
        let look = Look {
            account: actor.account,
            name: actor.name.clone(),
            place: self.hall.places.tree().chain(&known.case.office.place, Lang::Zh),
            purpose: naming.purpose.clone(),
            case_number: Some(known.case.number.clone()),
            at: now,
        };
        self.renamed(tx, &known, record, &kept, &look)?;
        powers::told_apart(tx, &known.key(), &alike, Writer { actor, name: &actor.name, sent: &naming.sent, now })?;
        let named_name = actor.name.clone();
        let row = NamedRow { side: naming.member.code(), by_herself: false, named_name, named_at: now };
        Ok(sides::name(tx, &known.key(), &row)?)
    }

    /// Keeps the name that a side gives herself, until a mediator has taken it from her paper.
    ///
    /// # Errors
    /// `NotFound` for everybody else; a name that is none; a refusal once it was taken from a paper; a failure.
    pub(crate) fn named_herself(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
        typed: &str,
        sent: &Sent,
    ) -> Result<(), Fault> {
        let (known, record, member) = self.own_side(tx, page, number)?;
        let (kept, side) = (good_name(typed, "name")?, member.code());
        self.may_name_herself(tx, &known, member)?;
        if !sent.is_first(tx, "hearings.name", page.now)? {
            return Ok(());
        }
        let look = Look {
            account: page.visitor.actor.account,
            name: page.in_chinese("cases-plain-person"),
            place: String::new(),
            purpose: page.in_chinese("hearings-name-herself"),
            case_number: Some(known.case.number.clone()),
            at: page.now,
        };
        self.renamed(tx, &known, record, &kept, &look)?;
        let row = NamedRow { side, by_herself: true, named_name: String::new(), named_at: page.now };
        Ok(sides::name(tx, &known.key(), &row)?)
    }

    /// A name is taken until somebody agreed to the text that names both sides: from then on it changes as the text
    /// does.
    ///
    /// # Errors
    /// A refusal once somebody agreed to the text, it lies there to be signed, or the agreement holds; a failure.
    pub(crate) fn may_name(&self, tx: &mut dyn Tx, case: &Case) -> Result<(), Fault> {
        Ok(may_name(case, self.cases.procedure_of(case)?, &events_of(tx, case)?)?)
    }

    /// A side names herself until then, and until a mediator has taken her name from her paper.
    fn may_name_herself(&self, tx: &mut dyn Tx, known: &Known, member: Member) -> Result<(), Fault> {
        self.may_name(tx, &known.case)?;
        let (named, side) = (sides::named(tx, &known.key())?, member.code());
        if named.iter().any(|one| one.side == side && !one.by_herself) {
            return Err(Refusal::new(Why::HearingsNameKept).field("name").into());
        }
        Ok(())
    }

    /// Why a side does not name herself any more; none while she may.
    ///
    /// # Errors
    /// `NotFound` for everybody who is no side; a failure.
    pub(crate) fn name_locked(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
    ) -> Result<Option<Refusal>, Fault> {
        let (known, _, member) = self.own_side(tx, page, number)?;
        match self.may_name_herself(tx, &known, member) {
            Err(Fault::Refused(refusal)) => Ok(Some(refusal)),
            may => may.map(|()| None),
        }
    }

    fn renamed(&self, tx: &mut dyn Tx, known: &Known, record: Uuid, name: &str, look: &Look) -> Result<(), Fault> {
        let person = Person::new().with(PersonField::Name, name);
        Ok(self.hall.vault.change(tx, cases::district(&known.case), record, &person, look)?)
    }

    /// Keeps what a side says of how a clause was kept. The mediator is told and notes it.
    ///
    /// # Errors
    /// `NotFound` for everybody else; a refusal while no agreement is in effect; what is wrong by its field; a failure.
    pub(crate) fn reported(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
        reporting: &Reporting,
        sent: &Sent,
    ) -> Result<(), Fault> {
        let (known, _, member) = self.own_side(tx, page, number)?;
        let (key, words) = (known.key(), reporting.words.trim());
        if !is_kept_in(&known.case.state) {
            return Err(Refusal::new(Why::HearingsNotKeptNow).into());
        }
        if named(&REPORTS, &reporting.stage).is_empty() {
            return Err(Refusal::new(Code::FormChoice).field("stage").into());
        }
        if let Some(refusal) = note_fault(words) {
            return Err(refusal.into());
        }
        let file = inside::file(tx, &key)?.ok_or(Fault::NotFound)?;
        if !inside::clauses(tx, &key)?.iter().any(|clause| clause.id == reporting.clause) {
            return Err(Fault::NotFound);
        }
        if !sent.is_first(tx, "hearings.report", page.now)? {
            return Ok(());
        }
        let (clause, stage) = (reporting.clause, reporting.stage.clone());
        let mut row = ReportRow { clause, side: member.code(), stage, sealed: Vec::new(), said_at: page.now };
        if !words.is_empty() {
            row.sealed = self.covered(tx, &key, file.record, &report_label(&row), words)?;
        }
        sides::report(tx, &key, &row)?;
        let detail = json!({ "deed": "report", "side": row.side });
        let act = store::log::Act {
            district: key.district,
            stream: file.record,
            kind: "hearings.file",
            detail: &detail,
            by: page.visitor.actor.account,
            by_name: "",
            at: page.now,
        };
        store::log::note(tx, &act)?;
        self.tell_reported(tx, &known, &row, page.now)
    }

    fn tell_reported(&self, tx: &mut dyn Tx, known: &Known, row: &ReportRow, now: Instant) -> Result<(), Fault> {
        let case = &known.case;
        let about = cases::About { number: &case.number, procedure: &case.procedure, state: &case.state };
        let key = format!("{REPORTED}:{}:{}:{}", row.clause, row.side, now.micros());
        let message = Message { text: REPORTED, key: &key, about };
        let notice = in_app(&office(known), message, &self.hall.calendar(), now);
        let notice = notice.with(BELOW, format!("agreement#clause-{}", row.clause));
        Ok(jobs::notify(tx, &notice).map(drop)?)
    }

    /// The mediation of a number for whoever reads it with a code. Whoever left reads nothing of what goes on without
    /// her.
    ///
    /// # Errors
    /// `NotFound` for everybody else; a failure.
    pub(crate) fn read_by_code(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<ByCode, Fault> {
        let (known, relation) = self.counter.taking_part(tx, page, number)?;
        // Whoever asked with her account has no code, and is meant by the record of the case.
        let record = relation.record.or(known.person).filter(|_| !page.visitor.staff());
        let member = record.and_then(|record| member_of(&known.case, record));
        let has_left = member.is_some_and(|member| record_of(&known.case, member).is_none());
        if known.case.kind != MEDIATION || has_left {
            return Err(Fault::NotFound);
        }
        let reader = Reader::of(&known.case, record);
        Ok(ByCode { known, reader, member })
    }

    /// The mediation of a number for a party that proved with her code that she is one: her record, and which of the
    /// people of a side she is.
    pub(crate) fn own_side(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
    ) -> Result<(Known, Uuid, Member), Fault> {
        if page.visitor.staff() {
            return Err(Fault::NotFound);
        }
        let (known, Relation { record, .. }) = self.counter.taking_part(tx, page, number)?;
        if known.case.kind != MEDIATION {
            return Err(Fault::NotFound);
        }
        let record = record.or(known.person).ok_or(Fault::NotFound)?;
        let member = member_of(&known.case, record).ok_or(Fault::NotFound)?;
        // Whoever left has no part in what goes on.
        record_of(&known.case, member).ok_or(Fault::NotFound)?;
        Ok((known, record, member))
    }
}

/// A name as it is kept, from the field of that name.
///
/// # Errors
/// It is empty, too long, or holds a sign that no name has.
fn good_name(typed: &str, field: &'static str) -> Result<String, Refusal> {
    let kept = name(typed);
    if kept.is_empty() {
        return Err(Refusal::new(Code::FormMissing).field(field));
    }
    if kept.chars().count() > NAME_MOST {
        return Err(Refusal::new(Code::FormTooLong).field(field).with("limit", NAME_MOST));
    }
    name_fault(typed).map_or(Ok(kept), |code| Err(Refusal::new(code).field(field)))
}
