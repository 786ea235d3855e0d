//! What pages show of a case: words and dates in the visitor's language, never more of a person than her masks.

mod asked;
mod dates;
mod first;
mod path;
mod taking_part;

use house::{BesideLink, CaseAt};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::case::{Case, Event, Outcome, Recorded};
use kernel::language::Lang;
use kernel::permission::Permission;
use kernel::procedure::{ClockState, State, Waits};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use vault::Masked;
use web::{Choice, Light, Page};

pub use asked::{AskedRow, AskedView};
pub use dates::{DateStory, limit_words, story};
pub use first::{First, Turn};

use dates::told;
use path::To;
use taking_part::Sides;

use super::parts::{
    light, light_of_end, light_of_result, light_of_standstill, light_to_accept, light_to_decide, light_to_supply,
    light_to_the_hour, person, rating,
};
use crate::actions::{Known, Told, Words};
use crate::kind::{Kind, words_of};
use crate::notices::StateAt;
use crate::words::{Desk, ItemFacts, Lateness, PersonLine};
use crate::{Cases, rules};
use hall::Fault;

/// The masked fields of those who take part, by their records.
type Masks = BTreeMap<Uuid, Masked>;

/// Is the key of the words for who decides. Kinds of cases may say something else.
const OFFICE: &str = "cases-office";
/// The actions of every procedure that decide.
const DECISIONS: [&str; 4] = ["grant", "refuse", "not_accept", "close_uncorrected"];

/// A step of the path: `done`, `now`, `stop` or empty for what is ahead.
#[derive(Debug, Clone)]
pub struct PathStep {
    /// Class of the look.
    pub class: &'static str,
    /// What happened or will happen.
    pub title: String,
    /// When, who, and what was said.
    pub note: String,
    /// The same with the year, for a sheet that is kept.
    pub dated: String,
    /// Reason given with the step.
    pub reason: String,
    /// The numbers of other cases that were named with the step, for staff.
    pub others: Vec<String>,
}

/// The whole case for a page.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
pub struct CaseView {
    /// The number.
    pub number: String,
    /// The item's name.
    pub item: String,
    /// Code of the item.
    pub item_code: String,
    /// The state in words.
    pub state: String,
    /// Name of the state in the procedure.
    pub state_name: String,
    /// Who has to act: `applicant`, `counter`, `office`, `nobody`.
    pub waits_for: &'static str,
    /// Who has to act, in words.
    pub waits: String,
    /// The light.
    pub light: Light,
    /// The promised date.
    pub promised: Option<DateStory>,
    /// The statutory date.
    pub legal: Option<DateStory>,
    /// By when she is told whether it is accepted, with the year; empty once it is accepted or that day is over.
    pub answer_by: String,
    /// Who decides.
    pub office: String,
    /// The key of the words for that.
    pub office_key: &'static str,
    /// Where it was accepted.
    pub counter: Option<String>,
    /// Where the applicant lives.
    pub residence: String,
    /// Name of the result.
    pub result: String,
    /// The result is money that goes to an account.
    pub is_paid: bool,
    /// `granted`, `refused`, `withdrawn` or empty.
    pub outcome: &'static str,
    /// Reason of the decision, if any was given.
    pub decision: Option<String>,
    /// Papers: name and what became of it.
    pub papers: Vec<(String, String)>,
    /// Papers that nobody has seen yet, code and name, while the case is open.
    pub to_receive: Vec<(String, String)>,
    /// What is missing: names of papers that were asked for and did not come.
    pub missing: Vec<String>,
    /// What the applicant was asked to supply, while the case waits for her.
    pub asked: Option<AskedView>,
    /// Names of papers that were not handed over yet, as a sentence's list.
    pub to_bring: String,
    /// The promised limit, in words.
    pub limit: String,
    /// It is to be done at once, on the day on which it is accepted.
    pub is_at_once: bool,
    /// What was said with the last request, while the case waits for its applicant.
    pub missing_reason: String,
    /// What whoever takes part is shown and asked before anything else, and what staff read above the steps.
    pub first: First,
    /// The path, done and ahead.
    pub path: Vec<PathStep>,
    /// The path as the applicant is told, for paper that is handed to her.
    pub path_told: Vec<PathStep>,
    /// Masked fields of the person whom it is mainly about, in the order of the form.
    pub person: Vec<PersonLine>,
    /// The key of the words where there are no such fields: they were erased, or nobody gave any.
    pub person_none: &'static str,
    /// Those whose sealed records can be opened, by the identity of the record; empty where nobody's data are sealed.
    pub sealed: Vec<Choice>,
    /// It is the counter's: it has an item, a counter, papers and a promise.
    pub is_service: bool,
    /// The counter's letters are written of it.
    pub has_letters: bool,
    /// What its kind says beside that, with its clocks and who takes part: words and what they say.
    pub facts: Vec<(String, String)>,
    /// The states in which it stayed too long, such as waiting for acceptance, a sentence each.
    pub waited: Vec<String>,
    /// True when the case has ended.
    pub ended: bool,
    /// The rating given, in words.
    pub rating: Option<String>,
    /// What was done after a poor rating, as the applicant reads it.
    pub follow_up: Option<String>,
    /// Who has it in hand; empty for nobody.
    pub handler: String,
    /// Confidential case.
    pub confidential: bool,
    /// The page on which staff say in which community the applicant lives, while that is open; else empty.
    pub home: String,
    /// Pages of other departments about this case.
    pub beside: Vec<BesideLink>,
    /// The words behind the handles in its events, for whatever else is told of it on the same page.
    pub words: Words,
    /// Its kind, which has words of its own for what only the counter says.
    kind: Option<Arc<dyn Kind>>,
}

impl CaseView {
    /// The key of the words that its page says.
    #[must_use]
    pub fn key(&self, key: &'static str) -> &'static str {
        words_of(self.kind.as_deref(), self.is_service, key)
    }

    /// The same for paper that is handed to the applicant: the way speaks to her, whoever prints it.
    #[must_use]
    pub fn for_her(mut self) -> Self {
        self.path = std::mem::take(&mut self.path_told);
        self
    }
}

impl Cases {
    /// Draws the case for a page. Reads events with the words in them, and masks; nothing here opens a person's data.
    ///
    /// # Errors
    /// A failure of store or vault, or data that contradicts itself.
    pub fn view(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<CaseView, Fault> {
        let Told { case: worded, events, words } = self.in_words(tx, page, known)?;
        let (case, lang) = (&worded, page.lang);
        let procedure = self.procedure_of(case)?;
        // A case whose version is not kept may stand in a state that its procedure of today does not have.
        let state = Self::state(case, procedure)
            .or_else(|fault| self.procedures().state(&case.procedure, &case.state).ok_or(fault))?;
        let facts = self.items.facts_of(case.item(), case.item_version());
        let lateness = self.lateness(case, procedure, page.now)?;
        let desk = rules::desk(procedure, case, state);
        let masks = self.masks(tx, known)?;
        let (kind, is_service, told_to) = (self.kinds.get(&case.kind), case.service.is_some(), To::Party(known.person));
        let material = |code: &str| self.material_of(case, code, lang);
        // Once it is decided nothing is missing for it any more, whatever was to come later.
        let is_open = !state.terminal && state.clock != ClockState::Ended;
        let at = CaseAt { district: case.shard, id: case.id.0, number: &case.number, kind: &case.kind };
        let sent = self.shown.files(tx, page, at)?.unwrap_or_default();
        let asked = self.asked_view(page, case, &events, &sent)?;
        let (office, consents) = self.as_said(tx, page, case, &events)?;
        let sides = Sides { masks: &masks, consents: &consents, events: &events };
        let still = || case.missing().iter().filter(|_| is_open).map(|code| material(code)).collect();
        Ok(CaseView {
            number: case.number.clone(),
            item: self.named(case, facts.as_ref(), lang),
            item_code: case.item().to_owned(),
            state: self.state_words(page, &state_at(case, state)),
            state_name: case.state.clone(),
            waits_for: desk.waits_for,
            waits: self.waits(page, case, state, &desk),
            light: light_of(page, case, state, &lateness, self.supply_day(case, state)?),
            promised: told(page, lateness.promised.as_ref(), case.promised()),
            legal: told(page, lateness.legal.as_ref(), case.legal()),
            answer_by: answer_by(page, case, state, &lateness),
            office,
            counter: case.counter().map(|place| self.hall.places.tree().chain(place, lang)),
            residence: self.residence(page, case),
            result: facts.as_ref().map(|facts| facts.result.get(lang).to_owned()).unwrap_or_default(),
            is_paid: facts.as_ref().is_some_and(|facts| facts.is_paid),
            outcome: case.decided().map_or("", Outcome::code),
            decision: decision(&events),
            papers: self.papers_told(page, case, &sent.kept),
            to_bring: listed(lang, to_bring(case).filter(|_| is_open).map(|code| material(code))),
            to_receive: to_receive(case, state).map(|code| (code.clone(), material(code))).collect(),
            limit: case.promised().map(|clock| limit_words(page, clock.limit)).unwrap_or_default(),
            is_at_once: case.promised().is_some_and(|clock| clock.limit.amount == 0),
            missing: asked.as_ref().map_or_else(still, AskedView::missing),
            asked,
            missing_reason: asked::reason(procedure, case, &events),
            first: self.first(tx, page, case, &events, known.person)?,
            path: self.path(page, case, procedure, &events, if page.visitor.staff() { To::Staff } else { told_to }),
            path_told: self.path(page, case, procedure, &events, told_to),
            sealed: Self::sealed(page, procedure, known, &masks),
            is_service,
            office_key: kind.as_ref().map_or(OFFICE, |kind| kind.words(OFFICE)),
            has_letters: kind.as_ref().is_some_and(|kind| kind.has_letters()),
            facts: self.facts(page, procedure, case, kind.as_deref(), sides),
            waited: Self::waited(page, &self.hall.calendar(), procedure, case, &events),
            person: self.masked_person(page, known, &masks),
            person_none: person_none(known, &masks),
            ended: state.terminal,
            rating: case.rating().map(|score| rating(page, score)),
            follow_up: case.rated().and_then(|rated| rated.follow_up.clone()),
            handler: case.handler.as_ref().map(|handler| handler.name.clone()).unwrap_or_default(),
            confidential: case.confidential,
            home: home(page, case),
            beside: self.links(tx, page, case, &events)?,
            words,
            kind,
        })
    }

    /// What the office is called that decides a case, and what is said of the consents, as its kind says them.
    fn as_said(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<(String, BTreeMap<String, Vec<String>>), Fault> {
        let office = || self.office_name(&case.decider.place, case.decider.department.as_deref(), page.lang);
        let Some(kind) = self.kinds.get(&case.kind) else { return Ok((office(), BTreeMap::new())) };
        let named = kind.decider(tx, page, case)?;
        Ok((named.unwrap_or_else(office), kind.consents(tx, page, case, events)?))
    }

    /// The papers of a case, each with where it is.
    fn papers_told(&self, page: &Page, case: &Case, kept: &BTreeSet<String>) -> Vec<(String, String)> {
        let told = |(code, paper): (&String, &kernel::case::Paper)| {
            (self.material_of(case, code, page.lang), page.t(paper_key(*paper, kept.contains(code))))
        };
        case.papers().iter().map(told).collect()
    }

    /// The masked fields of those who take part, by their records.
    fn masks(&self, tx: &mut dyn Tx, known: &Known) -> Result<Masks, Fault> {
        let records: Vec<_> = known.records().into_iter().map(|record| (known.case.shard, record)).collect();
        Ok(self.hall.vault.masked(tx, &records)?.into_iter().collect())
    }

    /// What a case is called: as the item in the version it was opened under, else as its kind says.
    pub(in crate::pages) fn called(&self, case: &Case, lang: Lang) -> String {
        self.named(case, self.items.facts_of(case.item(), case.item_version()).as_ref(), lang)
    }

    fn named(&self, case: &Case, facts: Option<&ItemFacts>, lang: Lang) -> String {
        let named = facts.map(|facts| facts.name.get(lang).to_owned());
        named.unwrap_or_else(|| self.title(&case.kind, &self.subject(case), &case.procedure, lang))
    }

    /// The masked fields of the person whom a case is mainly about; none once they were erased.
    fn masked_person(&self, page: &Page, known: &Known, masks: &Masks) -> Vec<PersonLine> {
        let fields = known.person.and_then(|record| masks.get(&record).cloned());
        fields.map(|fields| person(page, &*self.items, fields)).unwrap_or_default()
    }

    /// Where the applicant lives, with a word where her community is not known yet.
    fn residence(&self, page: &Page, case: &Case) -> String {
        let chain = self.hall.places.tree().chain(case.residence(), page.lang);
        if case.is_unsettled() { page.t1("cases-home-unknown", "place", chain) } else { chain }
    }

    /// What departments show beside a case: its own department first, then all others.
    fn links(&self, tx: &mut dyn Tx, page: &Page, case: &Case, events: &[Recorded]) -> Result<Vec<BesideLink>, Fault> {
        let mut links = self.kinds.get(&case.kind).map(|kind| kind.links(case, page, events)).unwrap_or_default();
        let at = CaseAt { district: case.shard, id: case.id.0, number: &case.number, kind: &case.kind };
        links.extend(self.shown.beside(tx, page, at)?);
        Ok(links)
    }

    /// The day until which the applicant of a matter of the counter hands in what is missing.
    pub(in crate::pages) fn supply_day(&self, case: &Case, state: &State) -> Result<Option<Date>, Fault> {
        if case.service.is_none() || state.terminal || state.waits_for != Waits::Applicant {
            return Ok(None);
        }
        Ok(Some(self.supply_by(case, case.entered_at)?.on))
    }

    /// Name of a paper of an item; its code when the catalogue does not know it any more.
    #[must_use]
    pub fn material_name(&self, item: &str, code: &str, lang: Lang) -> String {
        let facts = self.items.facts(item);
        let known = facts.as_ref().and_then(|facts| facts.materials.iter().find(|(one, _)| one == code));
        known.map_or_else(|| code.to_owned(), |(_, name)| name.get(lang).to_owned())
    }
}

/// The key of the words for somebody who gave no data of her own.
const NOTHING: &str = "cases-person-nothing";

/// The key of the words for a person of whom nothing can be shown. The vault leaves out what was erased; what is there
/// without a field is of somebody who gave none.
fn person_none(known: &Known, masks: &Masks) -> &'static str {
    let is_there = known.person.is_some_and(|record| masks.contains_key(&record));
    if is_there { NOTHING } else { "cases-person-erased" }
}

impl Cases {
    /// Who has to act, in words: whoever works at the desk where it waits reads that it is her own, or she herself. A
    /// case that goes on and waits for nobody waits for its day.
    fn waits(&self, page: &Page, case: &Case, state: &State, desk: &Desk) -> String {
        let actor = &page.visitor.actor;
        if rules::is_own_desk(actor, desk) {
            let handler = case.handler.as_ref().map(|handler| handler.account);
            return page.t(match desk.waits_for {
                _ if handler.is_some() && handler == actor.account => "cases-waits-mine",
                "counter" => self.key_of(case, "cases-waits-own-counter"),
                _ => "cases-waits-own-office",
            });
        }
        match state.waits_for {
            Waits::Counter if !state.terminal => page.t(self.key_of(case, "cases-waits-counter")),
            Waits::Nobody if !state.terminal => {
                let until = case.latest.map(|due| page.t1("cases-waits-until", "date", page.date(due.on)));
                until.unwrap_or_else(|| page.t("cases-waits-later"))
            }
            _ if desk.waits_for == "party" => page.t(self.key_of(case, "cases-waits-party")),
            _ => page.t(&format!("cases-waits-{}", desk.waits_for)),
        }
    }
}

/// The page on which staff say in which community the applicant lives; empty once it is known, and for everybody else.
fn home(page: &Page, case: &Case) -> String {
    let asks = page.may(Permission::CaseAccept) && case.is_unsettled();
    if asks { format!("/cases/{}/home", case.number) } else { String::new() }
}

/// The papers that were not handed over yet, by code.
fn to_bring(case: &Case) -> impl Iterator<Item = &String> {
    case.papers().iter().filter(|(_, paper)| paper.later).map(|(code, _)| code)
}

/// The papers that nobody has seen yet, by code, while the case is open.
fn to_receive<'c>(case: &'c Case, state: &State) -> impl Iterator<Item = &'c String> {
    let unseen: BTreeSet<&String> = to_bring(case).chain(case.missing()).filter(|_| !state.terminal).collect();
    unseen.into_iter()
}

/// The light of a case: by its date, and before acceptance by when it must be accepted.
fn light_of(page: &Page, case: &Case, state: &State, lateness: &Lateness, supply_by: Option<Date>) -> Light {
    let (clock, is_service) = (state.clock, case.service.is_some());
    match (is_service, state.waits_for) {
        (true, _) if state.terminal => return light_of_end(page),
        (true, _) if clock == ClockState::Ended => return light_of_result(page),
        (true, Waits::Applicant) => return light_to_supply(page, supply_by),
        _ => {}
    }
    let is_told = !is_service && !page.visitor.staff();
    // While somebody is asked, the day is hers, and not the limit of the unit that waits for her.
    if is_told && (clock == ClockState::Stopped || state.waits_for == Waits::Party) {
        return light_of_standstill(page, case.latest.map(|due| due.on), state.waits_for == Waits::Nobody);
    }
    if is_told && clock == ClockState::NotStarted {
        return light_of_standstill(page, None, false);
    }
    if let Some(left) = light_to_the_hour(page, lateness.act_by) {
        return left;
    }
    let due = lateness.promised.as_ref().map(|deadline| deadline.due_on);
    let accept_by = Some(lateness.sort_at).filter(|_| lateness.rank == 0 && clock == ClockState::NotStarted);
    let left = light(page, clock, due, accept_by);
    match (accept_by, due) {
        (Some(at), _) if is_service => light_to_accept(page, &left, at),
        (None, Some(due)) if is_service && clock == ClockState::Running => light_to_decide(page, &left, due),
        _ => left,
    }
}

/// By when she is told whether an application is accepted, for paper; empty where no such day lies ahead.
fn answer_by(page: &Page, case: &Case, state: &State, lateness: &Lateness) -> String {
    let waits = case.service.is_some() && lateness.rank == 0 && state.clock == ClockState::NotStarted;
    let day = page.zone().date(lateness.sort_at);
    if !waits || page.today() > day {
        return String::new();
    }
    page.t1("cases-light-accept-told", "date", page.full_date(day))
}

impl CaseView {
    /// Whether the record of the person whom it is mainly about is there, with data of hers or without: messages and
    /// notes are sealed under it.
    #[must_use]
    pub fn seals_words(&self) -> bool {
        !self.person.is_empty() || self.person_none == NOTHING
    }

    /// The same with every step dated in full, for a sheet that is kept.
    #[must_use]
    pub fn on_paper(mut self) -> Self {
        for step in &mut self.path {
            step.note.clone_from(&step.dated);
        }
        self
    }
}

/// The state in which a case stands, as it is told to its applicant.
fn state_at<'c>(case: &'c Case, state: &'c State) -> StateAt<'c> {
    StateAt { kind: &case.kind, item: item_of(case), name: &case.state, state }
}

/// The item of a matter of the counter; none for other cases.
fn item_of(case: &Case) -> Option<&str> {
    case.service.as_ref().map(|_| case.item())
}

/// Names one after another, as the language writes lists.
fn listed(lang: Lang, names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(lang.pick("、", ", "))
}

/// The words for a paper. An original was given back when it was seen, unless somebody keeps it.
fn paper_key(paper: kernel::case::Paper, is_kept: bool) -> &'static str {
    use kernel::case::PaperForm;
    match (paper.waived, paper.later, paper.form) {
        (true, ..) => "cases-paper-waived",
        (_, true, _) => "cases-paper-later",
        (_, _, PaperForm::Original) if is_kept => "cases-paper-seen",
        (_, _, PaperForm::Original) => "cases-paper-original",
        (_, _, PaperForm::Copy) => "cases-paper-copy",
        (_, _, PaperForm::Electronic) => "cases-paper-electronic",
    }
}

/// What was said with the decision: reasons, basis, remedies.
fn decision(events: &[Recorded]) -> Option<String> {
    let said = |recorded: &Recorded| match &recorded.event {
        Event::Acted { action, fields, .. } if DECISIONS.contains(&action.as_str()) => {
            let words: Vec<&str> = ["reason", "basis", "remedy"]
                .iter()
                .filter_map(|name| fields.get(*name))
                .map(String::as_str)
                .filter(|text| !text.is_empty())
                .collect();
            Some(words.join(" · "))
        }
        _ => None,
    };
    events.iter().rev().find_map(said).filter(|words| !words.is_empty())
}
