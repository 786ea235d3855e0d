//! The papers of a mediation, printed from what its file holds: one sheet that each paper fills with its own lines.
//! Names are masked until somebody says why they are opened; then both sides read it in the log.

mod ending;
mod opening;
mod renamed;
mod signed;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::{Key, Known, Looking};
use hall::{Fault, PurposeFields, Stated};
use kernel::case::{Case, Event, Recorded};
use kernel::identifier::CaseNumber;
use kernel::line::name_key;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use kernel::time::Date;
use store::Tx;
use web::{Page, PathPart, PostForm, TwoInPath, WebError, render_status};

use self::renamed::{NAMED, TO_COURT, as_signed};
use self::signed::Signed;
use crate::Hearings;
use crate::actions::naming::{Letter, committee, letter};
use crate::actions::powers::powers_of;
use crate::actions::reading::{OnPaper, Session};
use crate::actions::told::{Reader, agent_told, clause_told, member_read, special_told};
use crate::records::{inside, passing};
use crate::rules::choosing::agreed;
use crate::rules::court::{asked_until, effect_day};
use crate::rules::paper::{PRINTED, Printed, printable, rare_signs, step};
use crate::rules::talk_day::clock;
use crate::words::inside::{Agreement, INVITED, PRESENT, WAYS, named};
use crate::words::power::Power;
use crate::words::{CLASS, EFFECT_ON, FIRST, HEARINGS_FILE_KEPT, MEDIATES, MEDIATOR, SECOND, SUBSTITUTE, VARY};

/// The code of the purpose that is chosen before somebody chooses another.
const PRINTING: &str = "printing";
/// By how many days the years are counted for which a file is kept.
const DAYS_OF_A_YEAR: i64 = 365;
/// Of the text of rights and duties: how many lines there are.
const RIGHTS: usize = 8;
/// Of the other ways after a mediation: how many lines there are.
const WAYS_LEFT: usize = 3;

#[derive(Template)]
#[template(path = "hearings/sheet.html")]
pub(super) struct SheetPage {
    pub page: Page,
    pub number: String,
    /// A party prints it.
    pub is_own: bool,
    pub sheet: Sheet,
    /// Signs of the names that the printer may not have; empty where there are none.
    pub rare: String,
    /// Asked for while names are masked.
    pub why: Option<PurposeFields>,
}

/// A paper as it is printed. Parts that are empty are left out.
#[derive(Default)]
pub(super) struct Sheet {
    code: &'static str,
    /// The names that stand on it.
    names: Vec<String>,
    title: String,
    issuer: String,
    lead: Vec<String>,
    /// What stands on it of each who takes part, a list for each of them.
    people: Vec<Vec<(String, String)>>,
    facts: Vec<(String, String)>,
    sections: Vec<(String, Vec<String>)>,
    /// Who signs.
    signs: Vec<String>,
    /// Whether the seal of the committee belongs on it.
    is_sealed: bool,
    /// Words below: the day, copies.
    closing: Vec<String>,
}

/// The name of a paper in an address.
#[derive(Clone, Copy, Debug)]
pub struct PaperName(Printed);

impl PathPart for PaperName {
    fn read(text: &str) -> Option<Self> {
        PRINTED.into_iter().find(|paper| paper.code == text).map(Self)
    }
}

/// Why names are opened, and by which form.
#[derive(Clone)]
struct Purpose {
    stated: Result<String, Refusal>,
    once: String,
}

/// What papers are written from.
struct Matter<'m> {
    page: &'m Page,
    case: &'m Case,
    events: &'m [Recorded],
    agreement: &'m Agreement,
    sessions: &'m [Session],
    /// The names of the people of the first side and of the other.
    names: [Vec<String>; 2],
    /// What else stands on papers of them.
    people: [Vec<OnPaper>; 2],
    class: String,
    office: String,
    community: String,
    court_by: String,
    /// How long the file is kept.
    kept: String,
    /// What the invitation says of whoever invites.
    letter: &'m Letter,
    /// Who mediates; empty before somebody does.
    mediator: String,
    /// By whom the mediator was chosen or named; empty before.
    chosen_by: String,
    /// The agents of the parties, each with for whom and by which power he acts.
    agents: Vec<String>,
    /// The signatures below the agreement.
    signed: Signed,
}

/// `GET /cases/{number}/mediation/{paper}`: with masked names.
///
/// # Errors
/// 404 if this visitor may not see the case, if it is no mediation, or if there is no such paper yet.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    TwoInPath(number, paper): TwoInPath<CaseNumber, PaperName>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let (drawn, asked) = (page.clone(), number.to_string());
    let here = desk.clone();
    let read = move |tx: &mut dyn Tx| here.sheet(tx, &drawn, &asked, paper.0, None);
    let sheet = desk.hall.store.read(read).await?;
    let why = desk.hall.purposes.fields(&page, &Stated::chosen(PRINTING), None);
    let (number, rare) = (number.to_string(), String::new());
    render_status(StatusCode::OK, &SheetPage { page, number, is_own: false, sheet, rare, why: Some(why) })
}

/// `POST /cases/{number}/mediation/{paper}`: with the names in full, for the purpose that is stated. Both sides read
/// the look.
///
/// # Errors
/// As [`get`]; no permission to open personal data.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    TwoInPath(number, paper): TwoInPath<CaseNumber, PaperName>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let sent = Stated::of(&form);
    let purpose = Purpose { stated: desk.hall.purposes.stated(&sent.code, &sent.word), once: form.key().to_owned() };
    let (drawn, asked, here) = (page.clone(), number.to_string(), desk.clone());
    let write = move |tx: &mut dyn Tx| here.sheet(tx, &drawn, &asked, paper.0, Some(&purpose));
    let number = number.to_string();
    match web::settled(desk.hall.store.write(write).await)? {
        Ok(sheet) => {
            let rare = rare_signs(&sheet.names);
            render_status(StatusCode::OK, &SheetPage { page, number, is_own: false, sheet, rare, why: None })
        }
        Err(refusal) => {
            let (drawn, asked, here) = (page.clone(), number.clone(), desk.clone());
            let read = move |tx: &mut dyn Tx| here.sheet(tx, &drawn, &asked, paper.0, None);
            let sheet = desk.hall.store.read(read).await?;
            let why = desk.hall.purposes.fields(&page, &sent, Some(&refusal));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render_status(
                status,
                &SheetPage { page, number, is_own: false, sheet, rare: String::new(), why: Some(why) },
            )
        }
    }
}

impl Hearings {
    fn sheet(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &str,
        paper: Printed,
        purpose: Option<&Purpose>,
    ) -> Result<Sheet, Fault> {
        let known = self.mediation(tx, number, &page.visitor.actor, page.now)?;
        let mut people = self.both_sides(tx, page, &known, purpose)?;
        let mut told = Vec::new();
        if let Some((_, key)) = NAMED.into_iter().find(|(code, _)| *code == paper.code) {
            let renamed = self.renamings(tx, page, &known, &people, purpose.is_some())?;
            if paper.code != TO_COURT {
                as_signed(&mut people, &renamed);
            }
            told.extend(renamed.iter().map(|one| one.told(page, key)));
        }
        let mut sheet = self.sheet_of(tx, page, &known, paper, people)?;
        sheet.sections.extend((!told.is_empty()).then(|| (page.t("hearings-print-renamed"), told)));
        Ok(sheet)
    }

    /// A paper of a mediation that somebody may see, with the names that stand on it.
    ///
    /// # Errors
    /// `NotFound` if there is no such paper yet, or a failure.
    pub(super) fn sheet_of(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        paper: Printed,
        people: [Vec<OnPaper>; 2],
    ) -> Result<Sheet, Fault> {
        let key = known.key();
        let told = self.cases.in_words(tx, page, known)?;
        if !printable(&told.events, &passing::stays(tx, &key)?).contains(&paper) {
            return Err(Fault::NotFound);
        }
        let (agreement, sessions) = (self.agreement(tx, &key)?, self.sessions_here(tx, &key)?);
        let court = inside::court(tx, &key)?;
        let class = told.case.fields.get(CLASS).and_then(|code| self.classes.get(code));
        let office = committee(&self.bodies, &self.hall, tx, page, &told.case.office.place)?;
        let kept = self.hall.figure_at(HEARINGS_FILE_KEPT, &told.case.place, page.today())?;
        let due = asked_until(&told.case, effect_day(&told.events), &self.hall.calendar());
        let chosen_by = chosen_by(page, &told.case, &told.events, &office);
        let letter = letter(&self.bodies, &self.hall, tx, page, &told.case)?;
        let matter = Matter {
            page,
            letter: &letter,
            case: &told.case,
            events: &told.events,
            agreement: &agreement,
            sessions: &sessions,
            names: people.each_ref().map(|side| side.iter().map(|one| one.name.clone()).collect()),
            people,
            class: class.map(|class| page.of(&class.title).to_owned()).unwrap_or_default(),
            office,
            chosen_by,
            agents: self.agents_told(tx, page, &key)?,
            signed: self.signed_told(tx, page, &told.case, &told.events, &key)?,
            mediator: answer_to(&told.events, &MEDIATES, MEDIATOR),
            community: self.hall.places.tree().chain(&told.case.place, page.lang),
            kept: page.t1("hearings-print-years", "years", kept / DAYS_OF_A_YEAR),
            court_by: court.and_then(|court| court.decides_by).or(due).map(|day| page.date(day)).unwrap_or_default(),
        };
        Ok(matter.written(paper))
    }

    /// The agents of the parties whose powers hold, in words.
    fn agents_told(&self, tx: &mut dyn Tx, page: &Page, key: &Key) -> Result<Vec<String>, Fault> {
        let mut powers = powers_of(&self.hall, tx, key)?;
        powers.retain(|power| power.row.stands() && power.row.is_shown());
        let told = |power: &Power| {
            let (giver, agent) = (member_read(page, &power.row.giver, Reader::Paper), agent_told(page, power));
            let of = page.t2("hearings-agent-of", "agent", agent, "giver", giver);
            format!("{of}{}{}", page.lang.pick("：", ": "), special_told(page, &power.row))
        };
        Ok(powers.iter().map(told).collect())
    }

    fn both_sides(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        purpose: Option<&Purpose>,
    ) -> Result<[Vec<OnPaper>; 2], Fault> {
        let stated = purpose.map(|purpose| purpose.stated.clone().map(|text| (text, &purpose.once))).transpose()?;
        let looking = stated.as_ref().map(|(text, once)| Looking {
            actor: &page.visitor.actor,
            purpose: text,
            now: page.now,
            once: Some(once.as_str()),
        });
        let looking = looking.as_ref();
        Ok([self.side_people(tx, known, FIRST, looking)?, self.side_people(tx, known, SECOND, looking)?])
    }
}

/// By whom whoever mediates was chosen, or named: the law leaves it to the parties or to the committee (第十九条).
fn chosen_by(page: &Page, case: &Case, events: &[Recorded], office: &str) -> String {
    let is_of = |one: &&Recorded| step(one).is_some_and(|step| MEDIATES.contains(&step));
    let Some(begun) = events.iter().rev().find(is_of) else { return String::new() };
    let name = answer_to(events, &MEDIATES, MEDIATOR);
    let chosen = agreed(case, events, str::to_owned).filter(|chosen| name_key(chosen) == name_key(&name));
    match chosen {
        _ if step(begun) == Some(SUBSTITUTE) => page.t("hearings-print-chosen-anew"),
        Some(_) => page.t("hearings-print-chosen"),
        None => page.t2("hearings-print-chosen-by", "committee", office, "name", &begun.by.name),
    }
}

/// The last answer to one of some steps; empty where none says anything.
fn answer_to(events: &[Recorded], steps: &[&str], field: &str) -> String {
    let said = events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, .. } if steps.contains(&action.as_str()) => fields.get(field).cloned(),
        _ => None,
    });
    said.unwrap_or_default()
}

impl Matter<'_> {
    fn written(&self, paper: Printed) -> Sheet {
        let sheet = match paper.code {
            "application" => self.application(),
            "rights" => self.rights(),
            "invitation" => self.invitation(),
            "record" => self.record(),
            "agreement" | "oral" => self.agreed(paper.code == "oral"),
            "ended" => self.ended(),
            "visit" => self.visit(),
            "closing" => self.closed(),
            "court" => self.court(),
            _ => self.cover(),
        };
        let title = if sheet.title.is_empty() { self.t(paper.title) } else { sheet.title };
        let names = self.names.concat();
        Sheet { code: paper.code, title, issuer: self.office.clone(), names, ..sheet }
    }

    fn t(&self, key: &str) -> String {
        self.page.t(key)
    }

    /// The names of the people of each side, one after another.
    fn joined(&self) -> [String; 2] {
        self.names.each_ref().map(|names| names.join(self.page.lang.pick("、", ", ")))
    }

    /// Both sides and what it is about: the head of most papers.
    fn sides(&self) -> Vec<(String, String)> {
        let [first, second] = self.joined();
        vec![
            (self.t("hearings-paper-first"), first),
            (self.t("hearings-paper-second"), second),
            (self.t("hearings-fact-class"), self.class.clone()),
        ]
    }

    /// The agents who act for the parties, one after another.
    fn acting(&self) -> Vec<(String, String)> {
        let agents = self.agents.join(self.page.lang.pick("；", "; "));
        if agents.is_empty() { Vec::new() } else { vec![(self.t("hearings-print-agent"), agents)] }
    }

    /// Who mediates, and who chose or named him.
    fn mediated(&self) -> Vec<(String, String)> {
        let told = [("hearings-present-mediator", &self.mediator), ("hearings-print-chosen-how", &self.chosen_by)];
        let told = told.into_iter().filter(|(_, text)| !text.is_empty());
        told.map(|(key, text)| (self.t(key), text.clone())).collect()
    }

    /// The last answer to one of these steps that says something.
    fn answer(&self, steps: &[&str], field: &str) -> String {
        answer_to(self.events, steps, field)
    }

    /// The day of the last of these steps; empty where none was taken.
    fn day(&self, steps: &[&str]) -> String {
        let taken = self.events.iter().rev().find(|one| step(one).is_some_and(|name| steps.contains(&name)));
        taken.map(|one| self.page.date(self.page.zone().date(one.at))).unwrap_or_default()
    }

    /// The day from which the agreement holds; in cases of before that of the step.
    fn effect(&self) -> String {
        let day = self.answer(&["seal", "oral"], EFFECT_ON).parse::<Date>();
        day.map_or_else(|_| self.day(&["seal", "oral"]), |day| self.page.date(day))
    }

    fn signatures(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.t(key)).collect()
    }

    /// Where both sides sign; each of several people of a side by her name.
    fn both_sign(&self) -> Vec<String> {
        let [first, second] = self.names.each_ref();
        let sign = |key: &str, names: &Vec<String>| match names.as_slice() {
            [] | [_] => vec![self.t(key)],
            several => several.iter().map(|name| format!("{} {name}", self.t(key))).collect(),
        };
        [sign("hearings-paper-first", first), sign("hearings-paper-second", second)].concat()
    }

    fn all_sign(&self) -> Vec<String> {
        [self.both_sign(), vec![self.mediator_signs()]].concat()
    }

    /// Where the mediator signs, by name.
    fn mediator_signs(&self) -> String {
        format!("{} {}", self.t("hearings-present-mediator"), self.mediator).trim_end().to_owned()
    }

    /// A section of which nothing is printed where there is no text.
    fn section(&self, key: &str, text: String) -> Vec<(String, Vec<String>)> {
        if text.is_empty() { Vec::new() } else { vec![(self.t(key), vec![text])] }
    }

    /// The texts whose keys are numbered from 1.
    fn numbered(&self, begins: &str, count: usize) -> Vec<String> {
        (1..=count).map(|number| self.t(&format!("{begins}{number}"))).collect()
    }

    fn rights(&self) -> Sheet {
        Sheet {
            facts: self.sides(),
            sections: vec![(self.t("hearings-print-rights-head"), self.numbered("hearings-print-right-", RIGHTS))],
            signs: self.both_sign(),
            ..Sheet::default()
        }
    }

    fn invitation(&self) -> Sheet {
        Sheet {
            lead: vec![
                self.page.t2("hearings-sheet-lead", "place", &self.office, "class", &self.class),
                self.t("hearings-sheet-free"),
                self.t("hearings-sheet-will"),
                self.t("hearings-sheet-court"),
            ],
            facts: [vec![(self.t("hearings-print-where"), self.community.clone())], self.letter.facts(self.page)]
                .concat(),
            closing: vec![self.t("hearings-print-invitation-code")],
            is_sealed: true,
            ..Sheet::default()
        }
    }

    fn record(&self) -> Sheet {
        let mut sections = Vec::new();
        // What one side said alone is on no paper.
        for session in self.sessions {
            let Some(said) = &session.said else { continue };
            let row = &session.row;
            let begins = u32::try_from(row.begins_at).map(clock).unwrap_or_default();
            let came: Vec<String> = row.came.split(' ').map(|code| self.t(Reader::Paper.key(&PRESENT, code))).collect();
            let came = came.join(self.page.lang.pick("、", ", "));
            let line = |key: &str, text: &str| self.page.t1(key, "text", text);
            let mut lines = vec![line("hearings-print-place", &said.place), line("hearings-print-came", &came)];
            lines.extend((!said.invited.is_empty()).then(|| line("hearings-print-invited", &said.invited)));
            lines.push(said.said.clone());
            let way = self.t(named(&WAYS, &row.way));
            sections.push((format!("{} {begins} · {way}", self.page.date(row.held_on)), lines));
        }
        // Whoever helped signs too, where somebody did.
        let helped = self.sessions.iter().any(|session| session.row.came.split(' ').any(|code| code == INVITED));
        let helpers = if helped { self.signatures(&["hearings-present-invited"]) } else { Vec::new() };
        Sheet {
            lead: vec![self.t("hearings-print-record-lead")],
            facts: [self.sides(), self.mediated()].concat(),
            sections,
            signs: [self.all_sign(), helpers].concat(),
            is_sealed: true,
            ..Sheet::default()
        }
    }

    fn agreed(&self, is_oral: bool) -> Sheet {
        let text = self.answer(&["draft", "oral"], "clauses");
        let clauses: Vec<String> = (1_usize..)
            .zip(&self.agreement.clauses)
            .map(|(number, clause)| clause_told(self.page, number, clause, Reader::Paper))
            .collect();
        let head = &self.agreement.head;
        let mut sections = self.section("hearings-field-main-facts", head.facts.clone());
        sections.extend(self.section("hearings-field-duties", head.duties.clone()));
        sections.extend((!clauses.is_empty()).then(|| (self.t("hearings-clauses"), clauses)));
        sections.extend(self.section("hearings-print-agreed", text));
        let signed: &[String] = if is_oral { &[] } else { self.signed.lines.as_slice() };
        sections.extend((!signed.is_empty()).then(|| (self.t("hearings-print-signed"), signed.to_vec())));
        let holds = if is_oral { "hearings-print-oral-holds" } else { "hearings-print-holds" };
        let (mut closing, varied) = (vec![self.t(holds), self.effect()], self.day(&[VARY]));
        closing.extend((!varied.is_empty()).then(|| self.page.t1("hearings-print-varied", "at", varied)));
        Sheet {
            facts: [self.sides(), self.acting(), self.mediated()].concat(),
            sections,
            signs: if is_oral {
                vec![self.mediator_signs()]
            } else {
                [self.all_sign(), self.signed.agents.clone()].concat()
            },
            is_sealed: !is_oral,
            closing,
            ..Sheet::default()
        }
    }
}
