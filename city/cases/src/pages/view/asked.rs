//! What the applicant was asked to supply, as she and staff read it: each paper with what came of it, by when the rest
//! is to come, and what happens after that day.

use house::{CaseFile, CaseFiles};
use kernel::case::{AskedPaper, Case, Event, PaperForm, Recorded, asked_papers, hands_in};
use kernel::language::Lang;
use kernel::procedure::{ClockState, Procedure, State, Waits};
use web::Page;

use super::listed;
use crate::Cases;
use hall::Fault;

/// One paper that was asked for.
#[derive(Debug, Clone)]
pub struct AskedRow {
    /// The code of the material.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The class of its light: `ok` or `stop`.
    pub class: &'static str,
    /// Whether it came, and when.
    pub state: String,
    /// It came, or need not be given.
    pub came: bool,
    /// It is asked for no more, because data confirmed it.
    pub is_waived: bool,
    /// The files that were sent of it since it was asked for.
    pub files: Vec<CaseFile>,
}

/// What was asked for.
#[derive(Debug, Clone)]
pub struct AskedView {
    /// Each paper.
    pub rows: Vec<AskedRow>,
    /// The names of those that are still missing, as the language writes lists.
    pub left: String,
    /// What was said with it.
    pub reason: String,
    /// By when it is to come.
    pub until: String,
    /// What happens after that day; empty where nothing follows.
    pub then: String,
    /// The clocks stand still meanwhile; otherwise they have not started.
    pub is_stopped: bool,
    /// Other papers that came since then, in a sentence; empty where none did or nothing is missing.
    pub not_this: String,
    /// How many MB a file may have; empty where no files can be sent.
    pub megabytes: String,
    /// The name of the step by which it is handed in.
    pub hand_in: String,
}

impl AskedView {
    /// The names of the papers that are still missing.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        self.rows.iter().filter(|row| !row.came).map(|row| row.name.clone()).collect()
    }

    /// The codes of the papers that came.
    #[must_use]
    pub fn came(&self) -> Vec<String> {
        self.rows.iter().filter(|row| row.came && !row.is_waived).map(|row| row.code.clone()).collect()
    }

    /// Nothing is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.rows.iter().all(|row| row.came)
    }
}

impl Cases {
    /// What the applicant was asked for; none while the case does not wait for her.
    pub(super) fn asked_view(
        &self,
        page: &Page,
        case: &Case,
        events: &[Recorded],
        sent: &CaseFiles,
    ) -> Result<Option<AskedView>, Fault> {
        let procedure = self.procedure_of(case)?;
        let asked = asked_papers(procedure, case, events);
        let Some(last) = asked.iter().map(|paper| paper.asked_at).max() else { return Ok(None) };
        let first = asked.iter().map(|paper| paper.asked_at).min().unwrap_or(last);
        let CaseFiles { files, megabytes, .. } = sent;
        let by = self.supply_by(case, last)?;
        let name = |code: &str| self.material_of(case, code, page.lang);
        let rows: Vec<AskedRow> = asked.iter().map(|paper| row(page, paper, files, name(&paper.material))).collect();
        let other = |file: &&CaseFile| file.is_hers && file.at >= first && rows.iter().all(|r| r.code != file.material);
        let others: Vec<&CaseFile> = files.iter().filter(other).collect();
        let mut names: Vec<String> = others.iter().map(|file| name(&file.material)).collect();
        names.dedup();
        let not_this = others.last().filter(|_| rows.iter().any(|row| !row.came)).map(|file| {
            page.t2("cases-asked-not-this", "date", page.day(file.at), "papers", listed(page.lang, names.into_iter()))
        });
        let key = if page.today() > by.on { "cases-asked-until-over" } else { "cases-asked-until" };
        let is_stopped = |state: &State| state.clock == ClockState::Stopped;
        let left = rows.iter().filter(|row| !row.came).map(|row| row.name.clone());
        Ok(Some(AskedView {
            left: listed(page.lang, left),
            rows,
            reason: reason(procedure, case, events),
            until: page.t1(key, "date", page.date(by.on)),
            then: by.then.map(|then| page.t1("cases-asked-then", "outcome", page.of(&then))).unwrap_or_default(),
            is_stopped: procedure.states.get(&case.state).is_some_and(is_stopped),
            not_this: not_this.unwrap_or_default(),
            megabytes: megabytes.clone(),
            hand_in: hands_in(procedure, case).map(|(step, _)| step.to_owned()).unwrap_or_default(),
        }))
    }

    /// Name of a paper of the item in the version that the case was opened under; its code when nothing knows it.
    pub(super) fn material_of(&self, case: &Case, code: &str, lang: Lang) -> String {
        let facts = self.items.facts_of(case.item(), case.item_version());
        let known = facts.as_ref().and_then(|facts| facts.materials.iter().find(|(one, _)| one == code));
        known.map_or_else(|| code.to_owned(), |(_, name)| name.get(lang).to_owned())
    }
}

fn row(page: &Page, paper: &AskedPaper, files: &[CaseFile], name: String) -> AskedRow {
    let state = match paper.came {
        None => page.t("cases-asked-missing"),
        Some(came) => {
            let key = match came.form {
                None => "cases-asked-waived",
                Some(PaperForm::Electronic) => "cases-asked-sent",
                Some(PaperForm::Original | PaperForm::Copy) => "cases-asked-seen",
            };
            page.t1(key, "date", page.day(came.at))
        }
    };
    let since = |file: &&CaseFile| file.material == paper.material && file.at >= paper.asked_at;
    AskedRow {
        code: paper.material.clone(),
        name,
        class: if paper.came.is_some() { "ok" } else { "stop" },
        state,
        came: paper.came.is_some(),
        is_waived: paper.came.is_some_and(|came| came.form.is_none()),
        files: files.iter().filter(|_| paper.came.is_some()).filter(since).cloned().collect(),
    }
}

/// What was said with the step by which the applicant was asked last; empty while the case does not wait for her.
pub(super) fn reason(procedure: &Procedure, case: &Case, events: &[Recorded]) -> String {
    let waits = |name: &str| {
        let state = procedure.states.get(name);
        state.is_some_and(|state| state.waits_for == Waits::Applicant && state.outcome.is_none())
    };
    let said = |recorded: &Recorded| match &recorded.event {
        Event::Acted { fields, to, .. } if waits(to) => Some(fields.values().cloned().collect::<Vec<_>>().join(" · ")),
        _ => None,
    };
    if waits(&case.state) { events.iter().rev().find_map(said).unwrap_or_default() } else { String::new() }
}
