//! Reads what lies inside a mediation: the agreement clause by clause, sessions, proposals. What one side said alone
//! opens for the mediator who wrote it down, with a purpose and a line in the log.

use cases::{Key, Known, Looking};
use hall::{Fault, Hall};
use kernel::case::Holder;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{Labelled, PersonField, VaultError};

use super::inside::label;
use crate::Hearings;
use crate::records::{inside, passing, renamed, sides};
use crate::rules::passing::seen;
use crate::rules::session;
use crate::words::inside::{Agreement, Clause, ProposalRow, Report, ReportRow, Said, SessionRow};
use crate::words::passing::{RECORD, TEXT};

/// What stands on papers of somebody who takes part, masked or in full; empty where it is not known.
#[derive(Clone, Default)]
pub struct OnPaper {
    /// Her name.
    pub name: String,
    /// Her telephone.
    pub telephone: String,
    /// Where she lives.
    pub address: String,
}

impl OnPaper {
    fn of(field: impl Fn(PersonField) -> Option<String>) -> Self {
        let [name, telephone, address] = [PersonField::Name, PersonField::Telephone, PersonField::Address]
            .map(|known| field(known).unwrap_or_default());
        Self { name, telephone, address }
    }
}

/// What names are sealed as that were corrected since an agreement holds.
pub(crate) const BEFORE: &str = "hearings/renamed";

/// A name that was corrected since an agreement holds, opened.
pub(crate) struct Before {
    /// The sealed record of whoever had it.
    pub record: Uuid,
    /// The name.
    pub name: String,
    /// When it was corrected.
    pub at: Instant,
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

impl Hearings {
    /// The agreement of a mediation, as [`agreement_of`] opens it.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn agreement(&self, tx: &mut dyn Tx, key: &Key) -> Result<Agreement, Fault> {
        agreement_of(&self.hall, tx, key)
    }

    /// The sessions that whoever mediates at the office of today reads: those that were held there, or whose records
    /// came along.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn sessions_here(&self, tx: &mut dyn Tx, key: &Key) -> Result<Vec<Session>, Fault> {
        let records = seen(&passing::stays(tx, key)?, RECORD);
        let mut sessions = self.sessions(tx, key)?;
        sessions.retain(|session| records.contains(&session.row.stay));
        Ok(sessions)
    }

    /// The sessions of a mediation, wherever they were held, opened but for talks with one side alone.
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
        let words = uncovered(&self.hall, tx, key, record, sealed.as_slice())?;
        let text = words.and_then(|words| words.into_iter().next());
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// The proposals of a mediation, as [`proposals_of`] opens them.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn proposals(&self, tx: &mut dyn Tx, key: &Key) -> Result<Vec<Proposal>, Fault> {
        proposals_of(&self.hall, tx, key)
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

    /// The names that were corrected since an agreement holds, the first correction first. What was erased is left out.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub(crate) fn names_before(&self, tx: &mut dyn Tx, key: &Key) -> Result<Vec<Before>, Fault> {
        let mut found = Vec::new();
        for row in renamed::of_case(tx, key)?.into_iter().filter(|row| !row.sealed.is_empty()) {
            let plain = match self.hall.vault.uncover(tx, key.district, row.record, BEFORE, &row.sealed) {
                Err(VaultError::Erased | VaultError::NotFound) => continue,
                plain => plain?,
            };
            let name = String::from_utf8_lossy(&plain).into_owned();
            found.push(Before { record: row.record, name, at: row.renamed_at });
        }
        Ok(found)
    }

    /// What stands on papers of each who takes part on a side: masked, or in full where somebody says why it is opened.
    /// An organisation is named by its code.
    ///
    /// # Errors
    /// A refusal to open it, or a failure of store or vault.
    pub fn side_people(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        role: &str,
        looking: Option<&Looking<'_>>,
    ) -> Result<Vec<OnPaper>, Fault> {
        let mut people = Vec::new();
        for (_, party) in known.case.standing(role) {
            people.push(self.party_on_paper(tx, known, &party.holder, looking)?);
        }
        Ok(people)
    }

    fn party_on_paper(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        holder: &Holder,
        looking: Option<&Looking<'_>>,
    ) -> Result<OnPaper, Fault> {
        match holder {
            Holder::Record(record) => {
                if let Some(looking) = looking {
                    let person = self.cases.open_party(tx, known, *record, looking)?;
                    return Ok(OnPaper::of(|field| person.get(field).map(|text| text.expose().clone())));
                }
                let masked = self.hall.vault.masked(tx, &[(known.key().district, *record)])?;
                let fields = masked.into_iter().next().map(|(_, fields)| fields).unwrap_or_default();
                Ok(OnPaper::of(|field| fields.get(&field).cloned()))
            }
            Holder::Organisation { code, .. } => Ok(OnPaper { name: code.clone(), ..OnPaper::default() }),
            _ => Ok(OnPaper::default()),
        }
    }
}

/// The agreement of a mediation, opened: what was written of it at the office of today, or came along, and what the
/// sides say of how its clauses were kept. Whoever calls it has checked that it may be shown: it is read by whoever may
/// read the case.
///
/// # Errors
/// A failure of store or vault.
pub fn agreement_of(hall: &Hall, tx: &mut dyn Tx, key: &Key) -> Result<Agreement, Fault> {
    let Some(file) = inside::file(tx, key)? else { return Ok(Agreement::default()) };
    let text = seen(&passing::stays(tx, key)?, TEXT);
    let mut rows = inside::clauses(tx, key)?;
    rows.retain(|row| text.contains(&row.stay));
    let reports = sides::reports(tx, key)?;
    let none: Vec<u8> = Vec::new();
    let words = {
        let head = if text.contains(&file.stay) { &file.sealed } else { &none };
        let mut sealed = vec![Labelled { label: label("head", key.id), bytes: head }];
        for row in &rows {
            sealed.push(Labelled { label: label("clause", row.id), bytes: &row.sealed });
            sealed.push(Labelled { label: label("note", row.id), bytes: &row.noted });
        }
        sealed.extend(reports.iter().map(|row| Labelled { label: report_label(row), bytes: &row.sealed }));
        uncovered(hall, tx, key, file.record, sealed.as_slice())?
    };
    let is_erased = words.is_none();
    let mut words = words.unwrap_or_default().into_iter();
    let head = words.next().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let mut clauses = Vec::with_capacity(rows.len());
    for row in rows {
        let (what, noted) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        clauses.push(Clause { row, what, noted, reports: Vec::new() });
    }
    for row in reports {
        let report = Report { words: words.next().unwrap_or_default(), row };
        if let Some(clause) = clauses.iter_mut().find(|clause| clause.row.id == report.row.clause) {
            clause.reports.push(report);
        }
    }
    Ok(Agreement { head, clauses, is_erased })
}

/// What the words of a side about a clause are bound to.
pub(super) fn report_label(report: &ReportRow) -> String {
    label(&format!("report/{}", report.side), report.clause)
}

/// The proposals of a mediation, opened: those that were made at the office of today, or came along.
///
/// # Errors
/// A failure of store or vault.
pub fn proposals_of(hall: &Hall, tx: &mut dyn Tx, key: &Key) -> Result<Vec<Proposal>, Fault> {
    let Some(file) = inside::file(tx, key)? else { return Ok(Vec::new()) };
    let records = seen(&passing::stays(tx, key)?, RECORD);
    let mut rows = inside::proposals(tx, key)?;
    rows.retain(|row| records.contains(&row.stay));
    let one = |row: &ProposalRow| label("proposal", row.id);
    let sealed: Vec<Labelled<'_>> = rows.iter().map(|row| Labelled { label: one(row), bytes: &row.sealed }).collect();
    let words = uncovered(hall, tx, key, file.record, sealed.as_slice())?.unwrap_or_default();
    let texts = words.into_iter().chain(std::iter::repeat(String::new()));
    Ok(rows.iter().zip(texts).map(|(row, what)| Proposal { row: row.clone(), what }).collect())
}

/// Opens sealed words in their order, with the record under which they lie; none once the file is erased. What is empty
/// was never written.
pub(super) fn uncovered(
    hall: &Hall,
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
    let opened = match hall.vault.uncover_each(tx, key.district, record, &written) {
        Err(VaultError::Erased) => return Ok(None),
        opened => opened?,
    };
    let mut texts = opened.iter().map(|plain| String::from_utf8_lossy(plain).into_owned());
    let text = |one: &Labelled<'_>| if one.bytes.is_empty() { String::new() } else { texts.next().unwrap_or_default() };
    Ok(Some(sealed.iter().map(text).collect()))
}
