//! Writes into the file of a mediation and reads it: the agreement clause by clause, sessions, proposals. Words are
//! sealed under a record of the file's own. What one side said alone opens for the mediator who wrote it down, with a
//! purpose and a line in the log.

use std::sync::Arc;

use cases::{Doing, Key, Known, Looking};
use hall::{Fault, Sent};
use kernel::case::{Case, Command, Holder, Relation};
use kernel::permission::{Actor, Permission, may};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{Labelled, NewRecord, Person, PersonField, VaultError};

use crate::Hearings;
use crate::records::inside::{self, Writer};
use crate::refusals::Why;
use crate::rules::{agreement, session};
use crate::words::inside::{
    ANSWERS, Agreement, Clause, ClauseRow, FileRow, Head, NewClause, NewProposal, NewSession, ProposalRow, STAGES,
    Said, SessionRow, named,
};
use crate::words::{MEDIATION, TALKS};

/// What the record of a file is kept for. It stands in the vault.
const PURPOSE: &str = "人民调解卷宗";
/// The field of a step that holds the record of a session.
const RECORD: &str = "record";
/// The field of a step that holds what was written in the text of an agreement.
const CHANGED: &str = "change";

/// What somebody changes in a file.
#[derive(Clone, Debug)]
pub enum Change {
    /// The main facts and each side's responsibility.
    Head(Head),
    /// One more clause.
    Add(NewClause),
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
}

impl Change {
    /// What the log of events calls it.
    const fn code(&self) -> &'static str {
        match self {
            Self::Head(_) => "facts",
            Self::Add(_) => "clause",
            Self::Remove(_) => "clause_removed",
            Self::Note(..) => "clause_noted",
            Self::Session(..) => "session",
            Self::Propose(_) => "proposal",
            Self::Answer(..) => "proposal_answered",
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

/// A session, opened as far as whoever reads may.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// As it is kept.
    pub row: SessionRow,
    /// Where, who was invited, what was said; none for a talk with one side alone, and once it is erased.
    pub said: Option<Said>,
}

/// A proposal, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// As it is kept.
    pub row: ProposalRow,
    /// What was proposed; empty once it is erased.
    pub what: String,
}

/// The record under whose key the file of a mediation is sealed, and with which it is erased.
#[must_use]
pub fn file_record(case: Uuid) -> Uuid {
    Uuid::new_v5(&case, b"mediation file")
}

/// What something of a file is bound to: it opens as this alone.
fn label(kind: &str, id: Uuid) -> String {
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
        match change {
            Change::Head(_) | Change::Add(_) | Change::Remove(_) if !agreement::is_written_in(&state) => {
                return Err(Refusal::new(Why::HearingsTextFixed).into());
            }
            Change::Note(..) if !agreement::is_kept_in(&state) => {
                return Err(Refusal::new(Why::HearingsNotKeptNow).into());
            }
            Change::Session(..) | Change::Propose(_) if !session::is_held_in(&state) => {
                return Err(Refusal::new(Why::HearingsNoSession).into());
            }
            _ => {}
        }
        self.in_talks(&known.case, change)?;
        let record = self.file_of(tx, &key, deed)?;
        self.written(tx, change, &key, record, deed)?;
        match change {
            Change::Session(session) => self.held(tx, known, session, deed)?,
            Change::Head(_) | Change::Add(_) | Change::Remove(_) => self.rewritten(tx, known, deed)?,
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
    /// held before the mediation began.
    fn in_talks(&self, case: &Case, change: &Change) -> Result<(), Fault> {
        let (by, day, field) = match change {
            Change::Session(session) => (session.way.as_str(), session.held_on, "held_on"),
            Change::Propose(proposal) => (proposal.made_by.as_str(), proposal.made_on, "made_on"),
            _ => return Ok(()),
        };
        let begun = case.clock(TALKS).and_then(|clock| clock.started).map(|begun| self.hall.day(begun));
        if begun.is_some_and(|begun| day < begun) {
            return Err(Refusal::new(Code::FormEarly).field(field).into());
        }
        let agrees = |side: &str| case.parties_of(side).iter().all(|party| party.consented_at.is_some());
        let Some(side) = session::asks(by).iter().copied().find(|side| !agrees(side)) else { return Ok(()) };
        let refusal = Refusal::new(Why::HearingsNoConsent);
        Err(match self.cases.procedure_of(case)?.parties.get(side) {
            Some(rule) => refusal.with_both("side", &rule.title).into(),
            None => refusal.with("side", side).into(),
        })
    }

    /// The record of the file of a mediation, made at the first thing that is written into it.
    fn file_of(&self, tx: &mut dyn Tx, key: &Key, deed: &Deed) -> Result<Uuid, Fault> {
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
            at: deed.now,
        };
        self.hall.vault.seal(tx, &sealed)?;
        let file = FileRow { record, sealed: Vec::new(), changed_name: deed.actor.name.clone(), changed_at: deed.now };
        inside::put_file(tx, key, &file)?;
        Ok(record)
    }

    fn written(&self, tx: &mut dyn Tx, change: &Change, key: &Key, record: Uuid, deed: &Deed) -> Result<(), Fault> {
        let is_there = match change {
            Change::Head(head) => {
                let sealed = self.covered(tx, key, record, &label("head", key.id), &json!(head).to_string())?;
                let file = FileRow { record, sealed, changed_name: deed.actor.name.clone(), changed_at: deed.now };
                inside::put_file(tx, key, &file)?;
                true
            }
            Change::Add(clause) => {
                let sealed = self.covered(tx, key, record, &label("clause", clause.id), &clause.what)?;
                inside::add_clause(tx, key, clause, sealed)?;
                true
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
                let writer = Writer { account, name: &deed.actor.name, now: deed.now };
                inside::add_session(tx, key, session, sealed, writer)?;
                true
            }
            Change::Propose(proposal) => {
                let sealed = self.covered(tx, key, record, &label("proposal", proposal.id), &proposal.what)?;
                inside::add_proposal(tx, key, proposal, sealed)?;
                true
            }
            Change::Answer(_, answer) if named(&ANSWERS, answer).is_empty() => {
                return Err(Refusal::new(Code::FormChoice).field("answer").into());
            }
            Change::Answer(id, answer) => inside::answer_proposal(tx, key, *id, answer)?,
        };
        if is_there { Ok(()) } else { Err(Fault::NotFound) }
    }

    fn covered(&self, tx: &mut dyn Tx, key: &Key, record: Uuid, label: &str, words: &str) -> Result<Vec<u8>, Fault> {
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
            now: deed.now,
        };
        self.cases.go_on(tx, known, &doing).map(drop)
    }

    /// The agreement of a mediation, opened. Whoever calls it has checked that it may be shown: it is read by whoever
    /// may read the case.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn agreement(&self, tx: &mut dyn Tx, key: &Key) -> Result<Agreement, Fault> {
        let Some(file) = inside::file(tx, key)? else { return Ok(Agreement::default()) };
        let rows = inside::clauses(tx, key)?;
        let words = {
            let mut sealed = vec![Labelled { label: label("head", key.id), bytes: &file.sealed }];
            for row in &rows {
                sealed.push(Labelled { label: label("clause", row.id), bytes: &row.sealed });
                sealed.push(Labelled { label: label("note", row.id), bytes: &row.noted });
            }
            self.uncovered(tx, key, file.record, &sealed)?
        };
        let Some(words) = words else {
            let clause = |row: &ClauseRow| Clause { row: row.clone(), what: String::new(), noted: String::new() };
            return Ok(Agreement {
                head: Head::default(),
                clauses: rows.iter().map(clause).collect(),
                is_erased: true,
            });
        };
        let mut words = words.into_iter();
        let head = words.next().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let mut clauses = Vec::with_capacity(rows.len());
        for row in rows {
            let (what, noted) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            clauses.push(Clause { row, what, noted });
        }
        Ok(Agreement { head, clauses, is_erased: false })
    }

    /// The sessions of a mediation, opened but for talks with one side alone.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn sessions(&self, tx: &mut dyn Tx, key: &Key) -> Result<Vec<Session>, Fault> {
        let Some(file) = inside::file(tx, key)? else { return Ok(Vec::new()) };
        let mut sessions = Vec::new();
        for row in inside::sessions(tx, key)? {
            let said = if session::is_caucus(&row.way) { None } else { self.said(tx, key, file.record, &row)? };
            sessions.push(Session { row, said });
        }
        Ok(sessions)
    }

    fn said(&self, tx: &mut dyn Tx, key: &Key, record: Uuid, row: &SessionRow) -> Result<Option<Said>, Fault> {
        let sealed = [Labelled { label: label("session", row.id), bytes: &row.sealed }];
        let words = self.uncovered(tx, key, record, &sealed)?;
        let text = words.and_then(|words| words.into_iter().next());
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// The proposals of a mediation, opened.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn proposals(&self, tx: &mut dyn Tx, key: &Key) -> Result<Vec<Proposal>, Fault> {
        let Some(file) = inside::file(tx, key)? else { return Ok(Vec::new()) };
        let rows = inside::proposals(tx, key)?;
        let one = |row: &ProposalRow| label("proposal", row.id);
        let sealed: Vec<Labelled<'_>> =
            rows.iter().map(|row| Labelled { label: one(row), bytes: &row.sealed }).collect();
        let words = self.uncovered(tx, key, file.record, &sealed)?.unwrap_or_default();
        let texts = words.into_iter().chain(std::iter::repeat(String::new()));
        Ok(rows.iter().zip(texts).map(|(row, what)| Proposal { row: row.clone(), what }).collect())
    }

    /// Opens what one side said alone, for the mediator who wrote it down and who says why. The look stands in the log.
    ///
    /// # Errors
    /// `NotFound` for everybody else; a refusal without a purpose; a failure.
    pub fn open_caucus(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        id: Uuid,
        looking: &Looking<'_>,
    ) -> Result<Option<Said>, Fault> {
        let (key, account) = (known.key(), looking.actor.account);
        let file = inside::file(tx, &key)?.ok_or(Fault::NotFound)?;
        let rows = inside::sessions(tx, &key)?;
        let row = rows.iter().find(|row| row.id == id && Some(row.written_by) == account).ok_or(Fault::NotFound)?;
        let look = self.cases.look(&known.case, looking.actor, looking.purpose, looking.now)?;
        self.hall.vault.looked(tx, key.district, file.record, &look)?;
        self.said(tx, &key, file.record, row)
    }

    /// Opens sealed words in their order; none once the file is erased. What is empty was never written.
    fn uncovered(
        &self,
        tx: &mut dyn Tx,
        key: &Key,
        record: Uuid,
        sealed: &[Labelled<'_>],
    ) -> Result<Option<Vec<String>>, Fault> {
        let written: Vec<Labelled<'_>> = sealed
            .iter()
            .filter(|one| !one.bytes.is_empty())
            .map(|one| Labelled { label: one.label.clone(), bytes: one.bytes })
            .collect();
        let opened = match self.hall.vault.uncover_each(tx, key.district, record, &written) {
            Err(VaultError::Erased) => return Ok(None),
            opened => opened?,
        };
        let mut texts = opened.iter().map(|plain| String::from_utf8_lossy(plain).into_owned());
        let text = |one: &Labelled<'_>| {
            if one.bytes.is_empty() { String::new() } else { texts.next().unwrap_or_default() }
        };
        Ok(Some(sealed.iter().map(text).collect()))
    }

    /// The masked name of each side's first party, or its name in full where somebody says why it is opened. An
    /// organisation is named by its code.
    ///
    /// # Errors
    /// A refusal to open it, or a failure of store or vault.
    pub fn side_names(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        role: &str,
        looking: Option<&Looking<'_>>,
    ) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        for party in known.case.parties_of(role) {
            names.push(self.party_name(tx, known, &party.holder, looking)?);
        }
        Ok(names)
    }

    fn party_name(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        holder: &Holder,
        looking: Option<&Looking<'_>>,
    ) -> Result<String, Fault> {
        match holder {
            Holder::Record(record) => {
                let name = PersonField::Name;
                if let Some(looking) = looking {
                    let person = self.cases.open_party(tx, known, *record, looking)?;
                    return Ok(person.get(name).map(|name| name.expose().clone()).unwrap_or_default());
                }
                let masked = self.hall.vault.masked(tx, &[(known.key().district, *record)])?;
                let field = masked.into_iter().next().and_then(|(_, fields)| fields.get(&name).cloned());
                Ok(field.unwrap_or_default())
            }
            Holder::Organisation { code, .. } => Ok(code.clone()),
            _ => Ok(String::new()),
        }
    }
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
