//! Writes into the file of a mediation: the agreement clause by clause, sessions, proposals, and what lies there on
//! paper. Words are sealed under a record of the file's own.

use std::sync::Arc;

use cases::{Doing, Key, Known, events_of};
use hall::{Fault, Sent};
use kernel::case::{Case, Command, Event, Recorded, Relation};
use kernel::permission::{Actor, Permission, may};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person, VaultError};

use crate::Hearings;
use crate::records::inside::{self, Writer};
use crate::records::passing;
use crate::refusals::Why;
use crate::rules::paper::is_bound;
use crate::rules::passing::stay_of;
use crate::rules::people::consents;
use crate::rules::{agreement, asking, session};
use crate::words::inside::{
    ANSWERS, FileRow, Head, INVITED, NewClause, NewProposal, NewSession, ON_PAPER, PartRow, STAGES, named,
};
use crate::words::people::Member;
use crate::words::{INVITE, MEDIATION, SIDES, TALKS};

/// What the record of a file is kept for. It stands in the vault.
const PURPOSE: &str = "人民调解卷宗";
/// The field of a step that holds the record of a session.
const RECORD: &str = "record";
/// The field of a step that says who is invited.
const WHOM: &str = "whom";
/// The field of a step that holds what was written in the text of an agreement.
const CHANGED: &str = "change";

/// Under which record something is sealed, and during which stay it is written.
#[derive(Clone, Copy)]
struct Writing {
    record: Uuid,
    stay: i64,
}

/// What somebody changes in a file.
#[derive(Clone, Debug)]
pub enum Change {
    /// The main facts and each side's responsibility.
    Head(Head),
    /// One more clause.
    Add(NewClause),
    /// Other words, another amount or another day for a clause.
    Edit(NewClause),
    /// A clause is taken out.
    Remove(Uuid),
    /// How a clause is kept: which, a code of [`STAGES`], in words.
    Note(Uuid, String, String),
    /// A session that was held.
    Session(NewSession),
    /// A proposal that was made.
    Propose(NewProposal),
    /// What came of a proposal: which, a code of [`ANSWERS`].
    Answer(Uuid, String),
    /// Which parts of the file lie there on paper: codes of [`ON_PAPER`].
    OnPaper(Vec<String>),
}

impl Change {
    /// What the log of events calls it.
    const fn code(&self) -> &'static str {
        match self {
            Self::Head(_) => "facts",
            Self::Add(_) => "clause",
            Self::Edit(_) => "clause_changed",
            Self::Remove(_) => "clause_removed",
            Self::Note(..) => "clause_noted",
            Self::Session(..) => "session",
            Self::Propose(_) => "proposal",
            Self::Answer(..) => "proposal_answered",
            Self::OnPaper(_) => "on_paper",
        }
    }
}

/// Who changes which file, when, by which form.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The number of the case.
    pub number: String,
    /// Who does it.
    pub actor: Actor,
    /// The form as a command that is done once.
    pub sent: Sent,
    /// The key of the form.
    pub once: String,
    /// What the step of the procedure says of it, where it is one.
    pub said: String,
    /// When.
    pub now: Instant,
}

/// The record under whose key the file of a mediation is sealed, and with which it is erased.
#[must_use]
pub fn file_record(case: Uuid) -> Uuid {
    Uuid::new_v5(&case, b"mediation file")
}

/// What something of a file is bound to: it opens as this alone.
pub(super) fn label(kind: &str, id: Uuid) -> String {
    format!("hearings/{kind}/{}", id.simple())
}

impl Hearings {
    /// The mediation of a number, for staff who may read its file. Once somebody mediates it, it is his alone.
    ///
    /// # Errors
    /// `NotFound` for everybody else and for cases of another kind.
    pub fn mediation(&self, tx: &mut dyn Tx, number: &str, actor: &Actor, now: Instant) -> Result<Known, Fault> {
        let known = self.cases.seen(tx, number, actor, None, now)?;
        if known.case.kind != MEDIATION {
            return Err(Fault::NotFound);
        }
        // Whoever gave the code of a side at the counter helps her; the file is not his.
        if self.cases.kind_shows(tx, &known.case, actor)? { Ok(known) } else { Err(Fault::NotFound) }
    }

    /// Changes the file of a mediation. Sent twice it is changed once.
    ///
    /// # Errors
    /// `NotFound`, no permission, a state in which this cannot be changed, what the procedure refuses, or a failure.
    pub async fn change(self: &Arc<Self>, change: Change, deed: Deed) -> Result<(), Fault> {
        let desk = self.clone();
        self.hall.store.write(move |tx| desk.changed(tx, &change, &deed)).await
    }

    pub(crate) fn changed(&self, tx: &mut dyn Tx, change: &Change, deed: &Deed) -> Result<(), Fault> {
        let known = self.mediation(tx, &deed.number, &deed.actor, deed.now)?;
        may_handle(&known.case, &deed.actor)?;
        if !deed.sent.is_first(tx, "hearings.file", deed.now)? {
            return Ok(());
        }
        let (key, state) = (known.key(), known.case.state.clone());
        if is_bound(&state) {
            return Err(Refusal::new(Why::HearingsBound).into());
        }
        match change {
            Change::Head(_) if !agreement::is_written_in(&state) => {
                return Err(Refusal::new(Why::HearingsTextFixed).into());
            }
            Change::Add(_) | Change::Edit(_) | Change::Remove(_) => clauses_are_open(tx, &known.case)?,
            Change::Note(..) if !agreement::is_kept_in(&state) => {
                return Err(Refusal::new(Why::HearingsNotKeptNow).into());
            }
            Change::Session(..) | Change::Propose(_) if !session::is_held_in(&state) => {
                return Err(Refusal::new(Why::HearingsNoSession).into());
            }
            _ => {}
        }
        self.in_talks(tx, &known.case, change, deed.now)?;
        self.helpers_are_agreed(tx, &known, change)?;
        let stay = passing::stays(tx, &key)?.last().map_or(0, |stay| stay.number);
        // That a part lies there on paper holds no words: nothing is sealed for it.
        let record = match change {
            Change::OnPaper(_) => file_record(key.id),
            _ => self.file_of(tx, &key, stay, deed.now)?,
        };
        self.written(tx, change, &key, Writing { record, stay }, deed)?;
        match change {
            Change::Session(session) => self.held(tx, known, session, deed)?,
            Change::Head(_) | Change::Add(_) | Change::Edit(_) | Change::Remove(_) => {
                self.rewritten(tx, known, deed)?;
            }
            _ => {}
        }
        let detail = json!({ "deed": change.code() });
        let act = store::log::Act {
            district: key.district,
            stream: record,
            kind: "hearings.file",
            detail: &detail,
            by: deed.actor.account,
            by_name: &deed.actor.name,
            at: deed.now,
        };
        Ok(store::log::note(tx, &act)?)
    }

    /// What is said to the mediator alone, and what is proposed, is said by sides who agree to go on; and nothing was
    /// held before the mediation began, nor before the consent on which it rests.
    fn in_talks(&self, tx: &mut dyn Tx, case: &Case, change: &Change, now: Instant) -> Result<(), Fault> {
        let (by, day, field) = match change {
            Change::Session(session) => (session.way.as_str(), session.held_on, "held_on"),
            Change::Propose(proposal) => (proposal.made_by.as_str(), proposal.made_on, "made_on"),
            _ => return Ok(()),
        };
        let begun = case.clock(TALKS).and_then(|clock| clock.started).map(|begun| self.hall.day(begun));
        if begun.is_some_and(|begun| day < begun) {
            return Err(Refusal::new(Code::FormEarly).field(field).into());
        }
        // Nothing was said yet at a session that begins later today.
        if let Change::Session(session) = change
            && self.hall.zone().instant(session.held_on, session.begins_at) > now
        {
            return Err(Refusal::new(Why::HearingsHourAhead).field("begins").into());
        }
        self.all_agree(case, session::asks(by))?;
        match change {
            Change::Session(session) => self.agreed_by_then(tx, case, session),
            _ => Ok(()),
        }
    }

    /// No session began before the consent on which it rests: that of both sides to exactly this step, and for a talk
    /// with one side alone that of the side. Where a consent is lacking now, the step itself is refused.
    fn agreed_by_then(&self, tx: &mut dyn Tx, case: &Case, session: &NewSession) -> Result<(), Fault> {
        let (procedure, events) = (self.cases.procedure_of(case)?, events_of(tx, case)?);
        let is_caucus = session::is_caucus(&session.way);
        let sides: &[&'static str] = if is_caucus { session::asks(&session.way) } else { &SIDES };
        if sides.iter().any(|side| !consents(case, side)) {
            return Ok(());
        }
        let hour = self.hall.zone().instant(session.held_on, session.begins_at);
        let step = session::step(&case.state, &session.way).filter(|_| !is_caucus);
        let was_asked = step.is_none_or(|step| asking::was_asked(&events, procedure, step, hour));
        let lacks = |side: &'static str| {
            let mut standing = case.standing(side);
            standing.any(|(number, party)| {
                let is_older = party.consented_at.is_some_and(|at| asking::is_by(at, hour));
                !is_older && !asking::had_agreed(&events, procedure, Member { side, number }, hour)
            })
        };
        let Some(side) = sides.iter().copied().find(|&side| !was_asked || lacks(side)) else { return Ok(()) };
        let refusal = Refusal::new(Why::HearingsBeforeConsent).field("begins");
        Err(self.of_side(case, refusal, side)?.into())
    }

    /// A refusal that names a side as its procedure calls it.
    fn of_side(&self, case: &Case, refusal: Refusal, side: &str) -> Result<Refusal, Fault> {
        Ok(match self.cases.procedure_of(case)?.parties.get(side) {
            Some(rule) => refusal.with_both("side", &rule.title),
            None => refusal.with("side", side),
        })
    }

    /// Each of some sides agrees to go on.
    ///
    /// # Errors
    /// The first that does not at present, or a failure.
    pub(super) fn all_agree(&self, case: &Case, sides: &[&'static str]) -> Result<(), Fault> {
        let Some(side) = sides.iter().copied().find(|side| !consents(case, side)) else { return Ok(()) };
        Err(self.of_side(case, Refusal::new(Why::HearingsNoConsent), side)?.into())
    }

    /// Whoever is neither a side nor the mediator was at a session only if both sides agreed to invite exactly him
    /// since the mediation lies with the office of today (第二十条).
    fn helpers_are_agreed(&self, tx: &mut dyn Tx, known: &Known, change: &Change) -> Result<(), Fault> {
        let Change::Session(session) = change else { return Ok(()) };
        if !session.came.iter().any(|code| code == INVITED) {
            return Ok(());
        }
        let (key, events) = (known.key(), events_of(tx, &known.case)?);
        let (stays, words) = (passing::stays(tx, &key)?, self.cases.words_of(tx, &key)?);
        let today = stays.last().map_or(0, |stay| stay.number);
        let invited = |(place, one): (usize, &Recorded)| match &one.event {
            Event::Acted { action, fields, .. } if action == INVITE && stay_of(&stays, place) == today => {
                fields.get(WHOM).cloned()
            }
            _ => None,
        };
        let agreed: Vec<String> = events.iter().enumerate().filter_map(invited).collect();
        let agreed: Vec<&str> = agreed.iter().map(|whom| words.read(whom, "")).collect();
        if session::are_agreed(&session.said.invited, &agreed) {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsNotInvited).field("came").into())
    }

    /// The record of the file of a mediation, made at the first thing that is written into it.
    pub(super) fn file_of(&self, tx: &mut dyn Tx, key: &Key, stay: i64, now: Instant) -> Result<Uuid, Fault> {
        if let Some(file) = inside::file(tx, key)? {
            return Ok(file.record);
        }
        let record = file_record(key.id);
        let sealed = NewRecord {
            id: record,
            district: key.district,
            person: Person::new(),
            purpose: PURPOSE.to_owned(),
            retain_until: None,
            at: now,
        };
        self.hall.vault.seal(tx, &sealed)?;
        // Nobody wrote the text of an agreement yet: no consent is older than it.
        let (sealed, changed_name, changed_at) = (Vec::new(), String::new(), Instant::from_micros(0));
        inside::put_file(tx, key, &FileRow { record, sealed, changed_name, changed_at, stay })?;
        Ok(record)
    }

    fn written(&self, tx: &mut dyn Tx, change: &Change, key: &Key, at: Writing, deed: &Deed) -> Result<(), Fault> {
        let Writing { record, stay } = at;
        let is_there = match change {
            Change::Head(head) => {
                let sealed = self.covered(tx, key, record, &label("head", key.id), &json!(head).to_string())?;
                let changed_name = deed.actor.name.clone();
                let file = FileRow { record, sealed, changed_name, changed_at: deed.now, stay };
                inside::put_file(tx, key, &file)?;
                true
            }
            Change::Add(clause) => {
                let sealed = self.covered(tx, key, record, &label("clause", clause.id), &clause.what)?;
                inside::add_clause(tx, key, clause, sealed, stay)?;
                true
            }
            Change::Edit(clause) => {
                let sealed = self.covered(tx, key, record, &label("clause", clause.id), &clause.what)?;
                inside::change_clause(tx, key, clause, sealed)?
            }
            Change::Remove(id) => inside::remove_clause(tx, key, *id)?,
            Change::Note(_, stage, _) if named(&STAGES, stage).is_empty() => {
                return Err(Refusal::new(Code::FormChoice).field("stage").into());
            }
            Change::Note(id, stage, words) => {
                let sealed = self.covered(tx, key, record, &label("note", *id), words)?;
                inside::note_clause(tx, key, *id, stage, sealed, deed.now)?
            }
            Change::Session(session) => {
                let words = json!(session.said).to_string();
                let sealed = self.covered(tx, key, record, &label("session", session.id), &words)?;
                let account = deed.actor.account.ok_or(Fault::NotFound)?;
                let writer = Writer { account, name: &deed.actor.name, now: deed.now, stay };
                inside::add_session(tx, key, session, sealed, writer)?;
                true
            }
            Change::Propose(proposal) => {
                let sealed = self.covered(tx, key, record, &label("proposal", proposal.id), &proposal.what)?;
                inside::add_proposal(tx, key, proposal, sealed, stay)?;
                true
            }
            Change::Answer(_, answer) if named(&ANSWERS, answer).is_empty() => {
                return Err(Refusal::new(Code::FormChoice).field("answer").into());
            }
            Change::Answer(id, answer) => inside::answer_proposal(tx, key, *id, answer)?,
            Change::OnPaper(parts) => {
                noted(tx, key, parts, stay, deed)?;
                true
            }
        };
        if is_there { Ok(()) } else { Err(Fault::NotFound) }
    }

    /// Seals words under the record of a file.
    ///
    /// # Errors
    /// A refusal where the file was erased, or a failure of the vault.
    pub(super) fn covered(
        &self,
        tx: &mut dyn Tx,
        key: &Key,
        record: Uuid,
        label: &str,
        words: &str,
    ) -> Result<Vec<u8>, Fault> {
        match self.hall.vault.cover(tx, key.district, record, label, words.as_bytes()) {
            Err(VaultError::Erased) => Err(Refusal::new(Code::VaultRecordErased).into()),
            sealed => Ok(sealed?),
        }
    }

    /// Takes the step of the procedure that a session is: it needs the consent of both sides. A talk with one side
    /// alone is no step.
    fn held(&self, tx: &mut dyn Tx, known: Known, session: &NewSession, deed: &Deed) -> Result<(), Fault> {
        if session::is_caucus(&session.way) {
            return Ok(());
        }
        let action = session::step(&known.case.state, &session.way)
            .ok_or_else(|| Refusal::new(Why::HearingsNotApart).field("way"))?;
        self.stepped(tx, known, (action, RECORD), deed)
    }

    /// Takes the step of the procedure that a change of the text is: what both sides consented to before, they did not
    /// consent to this text. Procedures of before had no such step; there a consent that is older than the text is
    /// found when it is asked for.
    fn rewritten(&self, tx: &mut dyn Tx, known: Known, deed: &Deed) -> Result<(), Fault> {
        inside::touch(tx, &known.key(), &deed.actor.name, deed.now)?;
        // Both signed the change: nobody is asked again, and its clauses are to be kept from now on.
        if agreement::is_agreed_in(&known.case.state) {
            return Ok(inside::set_active(tx, &known.key(), true)?);
        }
        let action = agreement::writing_step(&known.case.state);
        if !self.cases.procedure_of(&known.case)?.actions.contains_key(action) {
            return Ok(());
        }
        self.stepped(tx, known, (action, CHANGED), deed)
    }

    fn stepped(&self, tx: &mut dyn Tx, known: Known, step: (&str, &str), deed: &Deed) -> Result<(), Fault> {
        let command = Command::Act {
            action: step.0.to_owned(),
            fields: [(step.1.to_owned(), deed.said.clone())].into(),
            papers: Vec::new(),
            counter: None,
            on_behalf: false,
        };
        let doing = Doing {
            command: &command,
            once: &deed.once,
            actor: &deed.actor,
            relation: Relation::default(),
            drawn: None,
            now: deed.now,
        };
        self.cases.go_on(tx, known, &doing).map(drop)
    }
}

/// Clauses are changed while the text is written, and after both signed a change of what holds.
fn clauses_are_open(tx: &mut dyn Tx, case: &Case) -> Result<(), Fault> {
    let is_open = agreement::is_written_in(&case.state) || agreement::is_varied(&case.state, &events_of(tx, case)?);
    if is_open { Ok(()) } else { Err(Refusal::new(Why::HearingsTextFixed).into()) }
}

/// Notes which parts of a file lie there on paper, and takes back what was noted of the others during this stay.
fn noted(tx: &mut dyn Tx, key: &Key, parts: &[String], stay: i64, deed: &Deed) -> Result<(), Fault> {
    for (code, _) in ON_PAPER {
        if parts.iter().any(|part| part == code) {
            let (part, noted_name) = (code.to_owned(), deed.actor.name.clone());
            inside::note_part(tx, key, &PartRow { part, stay, noted_name, noted_at: deed.now })?;
        } else {
            inside::unnote_part(tx, key, code, stay)?;
        }
    }
    Ok(())
}

/// Whether somebody may write into the file of a mediation: whoever handles it by a post of its own department.
///
/// # Errors
/// What is missing.
pub fn may_handle(case: &Case, actor: &Actor) -> Result<(), Refusal> {
    may(actor, Permission::CaseHandle, &case.office)?;
    let is_explicit = actor.holding(Permission::CaseHandle).any(|grant| grant.covers_explicitly(&case.office));
    if is_explicit { Ok(()) } else { Err(Refusal::new(Code::PermissionConfidential)) }
}

/// Whether somebody who may read a mediation may also write into its file.
#[must_use]
pub fn handles(case: &Case, actor: &Actor) -> bool {
    may_handle(case, actor).is_ok()
}

/// The office of a mediation, as notices name their recipients.
#[must_use]
pub fn office(known: &Known) -> cases::Recipient {
    cases::Recipient::desk(&known.case.office.place, known.case.office.department.as_deref())
}
