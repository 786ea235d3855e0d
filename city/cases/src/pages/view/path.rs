//! The path of a case: what happened, where it is, what usually comes; in words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::case::{Case, Event, HER_WORD, IS_SURE, PROMISED, Recorded};
use kernel::permission::Target;
use kernel::procedure::{Action, By, ClockState, Need, NeedKind, Procedure, State, Waits};
use kernel::time::Instant;
use uuid::Uuid;
use web::Page;

use super::super::needs::answered;
use super::super::parts::rating;
use super::super::sure::her_word;
use super::{PathStep, item_of, listed};
use crate::kind::{Kind, PartyStep, StepTold};
use crate::notices::StateAt;
use crate::{Cases, rules};

/// The signs behind which a question says how it is to be answered.
const BESIDE: [char; 8] = ['（', '(', '：', ':', '；', ';', '？', '?'];

/// To whom a way is told.
#[derive(Clone, Copy)]
pub(super) enum To {
    /// To staff.
    Staff,
    /// As the applicant is told, or whoever takes part by that sealed record.
    Party(Option<Uuid>),
}

/// Whose way is told, and to whom.
pub(super) struct Way<'a> {
    pub page: &'a Page,
    pub case: &'a Case,
    pub procedure: &'a Procedure,
    /// Staff read it; otherwise it is told as the applicant is told.
    pub to_staff: bool,
    /// The sealed record of whoever reads it, where it is told to somebody who takes part.
    pub record: Option<Uuid>,
    /// The kind of the case, which says how its way is told to others than staff.
    pub kind: Option<Arc<dyn Kind>>,
}

impl Way<'_> {
    /// How a step of the procedure is told.
    fn step_told(&self, action: &str) -> StepTold {
        let kind = self.kind.as_ref().filter(|_| !self.to_staff);
        kind.map_or(StepTold::Titled, |kind| kind.step_told(action))
    }

    /// What a step asked, as whoever reads the way is told it.
    fn question(&self, need: &Need) -> String {
        let kind = self.kind.as_ref().filter(|_| !self.to_staff);
        let key = kind.and_then(|kind| kind.question_told(&need.name));
        key.map_or_else(|| need.title.get(self.page.lang).to_owned(), |key| self.page.t(key))
    }

    /// The key of the words of the kind's own for a state.
    fn state_key(&self, state: &str) -> Option<&'static str> {
        self.kind.as_ref().filter(|_| !self.to_staff)?.state_told(state)
    }

    /// Whether an event is told, with those that came after it.
    pub(super) fn tells(&self, event: &Event, later: &[Recorded]) -> bool {
        let told = |event: &Event| action_of(event).map_or(StepTold::Titled, |action| self.step_told(action));
        match told(event) {
            StepTold::Inner => false,
            last @ StepTold::Last(_) => later.iter().all(|one| told(&one.event) != last),
            StepTold::Titled | StepTold::Said(_) | StepTold::Bare(_) => true,
        }
    }
}

/// The step of the procedure that an event is.
fn action_of(event: &Event) -> Option<&str> {
    match event {
        Event::Opened(opened) => Some(&opened.action),
        Event::Acted { action, .. } => Some(action),
        _ => None,
    }
}

impl Cases {
    /// The way of a case, for staff or as the applicant is told, whoever prints it for her.
    pub(super) fn path(
        &self,
        page: &Page,
        case: &Case,
        procedure: &Procedure,
        events: &[Recorded],
        to: To,
    ) -> Vec<PathStep> {
        let (to_staff, record) = match to {
            To::Staff => (true, None),
            To::Party(record) => (false, record),
        };
        let way = Way { page, case, procedure, to_staff, record, kind: self.kinds.get(&case.kind) };
        let (events, mut asked) = (joined(page, events), AskedFor::default());
        let mut taken: Vec<Taken> = Vec::new();
        for (recorded, place) in events.iter().zip(1..) {
            asked.follow(procedure, &recorded.event);
            if way.tells(&recorded.event, events.get(place..).unwrap_or_default())
                && let Some(step) = self.done(&way, events.get(..place).unwrap_or_default(), asked.is_open())
            {
                step.join(&mut taken);
            }
        }
        let mut steps: Vec<PathStep> = taken.into_iter().map(|step| step.drawn(page)).collect();
        let plain = |class: &'static str, name: &str, state: &State, note: String| PathStep {
            class,
            title: self.state_on(&way, name, state),
            dated: note.clone(),
            note,
            reason: String::new(),
            others: Vec::new(),
        };
        if let Some(state) = procedure.states.get(&case.state).filter(|state| !state.terminal) {
            let class = if state.ground.is_some() { "stop" } else { "now" };
            steps.push(plain(class, &case.state, state, self.until(&way, state)));
        }
        for ahead in rules::way_ahead(procedure, &case.state) {
            let step = plain("", ahead.state, ahead.facts, String::new());
            let told =
                way.state_key(ahead.state).is_some() && steps.last().is_some_and(|last| last.title == step.title);
            steps.extend(Some(step).filter(|_| !told));
        }
        steps
    }

    /// The words for a state on the way.
    fn state_on(&self, way: &Way<'_>, name: &str, state: &State) -> String {
        if way.to_staff {
            return state.title.get(way.page.lang).to_owned();
        }
        let at = StateAt { kind: &way.case.kind, item: item_of(way.case), name, state };
        self.state_told(&at, way.page.lang, &|key| way.page.t(key))
    }

    /// By when the state in which a case stands is over, where its kind tells that state in words of its own: the day
    /// on which it is due, or on which what was put off goes on. What waits for a party says so beside its question.
    fn until(&self, way: &Way<'_>, state: &State) -> String {
        let (page, case) = (way.page, way.case);
        if way.state_key(&case.state).is_none() {
            return String::new();
        }
        let day = match (state.waits_for, state.clock) {
            (Waits::Nobody, _) => case.latest.map(|latest| ("cases-told-put-off", latest.on)),
            (waits, ClockState::Running) if waits != Waits::Party => {
                let calendar = self.hall.calendar();
                rules::due(case, &calendar, page.now).map(|deadline| {
                    // She is promised a day, and it is kept until that day is over, whatever the hour of the unit.
                    let is_late = page.today() > deadline.due_on;
                    (if is_late { "cases-told-owed" } else { "cases-told-until" }, deadline.due_on)
                })
            }
            _ => None,
        };
        day.map(|(key, day)| page.t1(key, "date", page.date(day))).unwrap_or_default()
    }

    /// What a step that was taken is called, with what happened until then.
    pub(super) fn titled(&self, way: &Way<'_>, name: &str, action: &Action, until: &[Recorded]) -> String {
        let (page, decider) = (way.page, &way.case.decider);
        let (procedure, to_staff, record) = (way.procedure, way.to_staff, way.record);
        let step = PartyStep { action, procedure, until, to_staff, record };
        let of_party = || way.kind.as_ref().and_then(|kind| kind.party_told(page, way.case, &step));
        let said = |key: &str| {
            let office = self.office_name(&decider.place, decider.department.as_deref(), page.lang);
            page.t1(key, "office", office)
        };
        match way.step_told(name) {
            StepTold::Said(key) | StepTold::Last(key) => said(key),
            StepTold::Bare(key) => of_party().unwrap_or_else(|| said(key)),
            StepTold::Titled | StepTold::Inner => of_party().unwrap_or_else(|| action.told().get(page.lang).to_owned()),
        }
    }

    /// The names of papers, as the language writes lists.
    fn papers_named<'c>(&self, way: &Way<'_>, codes: impl Iterator<Item = &'c String>) -> String {
        let lang = way.page.lang;
        listed(lang, codes.map(|code| self.material_of(way.case, code, lang)))
    }

    /// What the office does among itself: not told to the applicant.
    fn is_inner(event: &Event) -> bool {
        matches!(
            event,
            Event::Assigned { .. }
                | Event::Consulted { .. }
                | Event::Answered { .. }
                | Event::Accounted { .. }
                | Event::Appealed { .. }
                | Event::AppealDecided { .. }
        )
    }

    /// What was done beside the steps of the procedure: title and what was said.
    fn beside(&self, way: &Way<'_>, event: &Event) -> Option<(String, String)> {
        let (page, lang) = (way.page, way.page.lang);
        let office = |target: &Target| self.office_name(&target.place, target.department.as_deref(), lang);
        Some(match event {
            Event::Received { papers, counter } => {
                let at = counter.as_ref().map(|place| self.hall.places.tree().chain(place, lang)).unwrap_or_default();
                (page.t1("cases-event-received", "papers", self.papers_named(way, papers.keys())), at)
            }
            Event::Waived { papers } => (page.t("cases-event-waived"), self.papers_named(way, papers.iter())),
            Event::TakenBack { papers, .. } => {
                (page.t("cases-event-taken-back"), self.papers_named(way, papers.iter()))
            }
            Event::Settled { place, .. } => (page.t("cases-event-settled"), self.hall.places.tree().chain(place, lang)),
            Event::Relocated { .. } => (page.t("cases-event-relocated"), String::new()),
            Event::Lapsed { role, .. } => {
                let party = way.procedure.parties.get(role).map_or(role.as_str(), |party| page.of(&party.title));
                (page.t1("cases-event-lapsed", "party", party), String::new())
            }
            Event::Supervised { note, answer_by } => {
                (page.t1("cases-event-supervised-by", "date", page.date(*answer_by)), note.clone())
            }
            Event::Accounted { answer, .. } => (page.t("cases-event-accounted"), answer.clone()),
            Event::Assigned { to: Some(handler) } => {
                (page.t1("cases-event-assigned", "name", &handler.name), String::new())
            }
            Event::Assigned { to: None } => (page.t("cases-event-let-go"), String::new()),
            Event::Extended { amount, reason } => (page.t1("cases-event-extended", "amount", amount), reason.clone()),
            Event::Transferred { to, reason } => {
                (page.t1("cases-event-transferred", "office", office(to)), reason.clone())
            }
            Event::Consulted { office: asked, question, .. } => {
                (page.t1("cases-event-consulted", "office", office(asked)), question.clone())
            }
            Event::Answered { agrees, text, .. } => {
                (page.t(if *agrees { "cases-event-agreed" } else { "cases-event-disagreed" }), text.clone())
            }
            Event::Explained { reason, note } => {
                let why = self.late_said(page, way.case, *reason);
                // In words among staff: what others are told is the reason.
                (page.t1("cases-event-explained", "why", why), if way.to_staff { note.clone() } else { String::new() })
            }
            Event::RatedAgain { score } => {
                (page.t1("cases-event-rated-again", "rating", rating(page, score)), String::new())
            }
            Event::FollowedUp { answer } => (page.t("cases-event-followed-up"), answer.clone()),
            Event::Appealed { reason } => (page.t("cases-event-appealed"), reason.clone()),
            Event::AppealDecided { upheld, reason } => (
                page.t(if *upheld { "cases-event-appeal-upheld" } else { "cases-event-appeal-refused" }),
                reason.clone(),
            ),
            Event::Opened(_) | Event::Acted { .. } | Event::Rated { .. } | Event::Recomputed(_) => return None,
        })
    }

    /// What was done last of what happened until then, as a step of the way. `is_open` says whether something that was
    /// asked for is still missing then.
    fn done(&self, way: &Way<'_>, until: &[Recorded], is_open: bool) -> Option<Taken> {
        let Way { page, procedure, .. } = *way;
        let recorded = until.last()?;
        let (title, reason) = match &recorded.event {
            Event::Opened(opened) => {
                let action = procedure.actions.get(&opened.action)?;
                // What one side said at first is not told to the other: whoever mediates says it in words of her own.
                let is_told = way.to_staff || procedure.parties.len() < 2;
                let answers = || self.answers(way, action, &opened.fields);
                (self.titled(way, &opened.action, action, until), if is_told { answers() } else { String::new() })
            }
            Event::Acted { action: name, fields, papers, .. } => {
                let action = procedure.actions.get(name)?;
                let is_part = is_open && action.by == By::Applicant && !papers.is_empty();
                let part = || page.t1("cases-event-supplied-part", "papers", self.papers_named(way, papers.iter()));
                let title = if is_part { part() } else { self.titled(way, name, action, until) };
                let is_inner = matches!(way.step_told(name), StepTold::Last(_) | StepTold::Bare(_));
                (title, if is_inner { String::new() } else { self.answers(way, action, fields) })
            }
            Event::Rated { score, .. } => (page.t1("cases-event-rated", "rating", rating(page, score)), String::new()),
            Event::Recomputed(_) if recorded.by.role != "system" => return None,
            Event::Recomputed(counted) => {
                (page.t1("cases-event-recomputed", "date", page.date(counted.due(PROMISED)?)), String::new())
            }
            other if Self::is_inner(other) && !way.to_staff => return None,
            other => self.beside(way, other)?,
        };
        let who = match recorded.by.role.as_str() {
            "applicant" => page.t("cases-by-applicant"),
            "system" => page.t("cases-by-system"),
            _ => recorded.by.name.clone(),
        };
        let who = if recorded.by.on_behalf { page.t1("cases-by-on-behalf", "name", &who) } else { who };
        let others = if way.to_staff { named_cases(procedure, &recorded.event) } else { Vec::new() };
        Some(Taken { title, reason, who, others, first: recorded.at, last: recorded.at, times: 1 })
    }

    /// What was asked and said with a step, in the order in which it was asked and in words. An answer that holds its
    /// question stands for both, as what was confirmed; who said that there is nothing to say is not repeated.
    fn answers(&self, way: &Way<'_>, action: &Action, fields: &BTreeMap<String, String>) -> String {
        let (page, case) = (way.page, way.case);
        let nothing = page.t("cases-answer-nothing");
        let line = |question: &str, answer: String| {
            let question = question.split(BESIDE).next().unwrap_or_default().trim_end();
            let is_whole = answer.contains(question);
            if is_whole { answer } else { page.t2("cases-answer", "question", question, "answer", answer) }
        };
        let words = answered(&action.needs, fields)
            // That she was sure is for her to say, not for others to read.
            .filter(|(need, _)| need.name != IS_SURE)
            .map(|(need, answer)| (need, self.told(page, case, need, answer)))
            .filter(|(_, answer)| *answer != nothing)
            .map(|(need, answer)| line(&way.question(need), answer));
        let her_word = fields.get(HER_WORD).and_then(|word| her_word(page, word));
        let her_word = her_word.map(|word| line(&page.t("cases-her-word"), word));
        words.chain(her_word).collect::<Vec<_>>().join(" · ")
    }
}

/// The numbers of other cases that were named with a step.
fn named_cases(procedure: &Procedure, event: &Event) -> Vec<String> {
    let Event::Acted { action, fields, .. } = event else { return Vec::new() };
    let needs = procedure.actions.get(action).map(|action| action.needs.as_slice()).unwrap_or_default();
    let of_cases = needs.iter().filter(|need| matches!(need.kind, NeedKind::Case));
    of_cases.filter_map(|need| fields.get(&need.name).cloned()).collect()
}

/// A step that was taken, or several in a row of which the same is told.
struct Taken {
    title: String,
    reason: String,
    /// Who took it. It is empty for whoever reported without a name.
    who: String,
    /// The numbers of other cases that were named with it, for staff.
    others: Vec<String>,
    /// When it was taken for the first and for the last time.
    first: Instant,
    last: Instant,
    times: usize,
}

impl Taken {
    /// What is told of it, and of whom.
    fn says(&self) -> [&str; 3] {
        [&self.title, &self.reason, &self.who]
    }

    /// Puts this step behind those that were taken before it.
    fn join(self, taken: &mut Vec<Self>) {
        match taken.last_mut().filter(|last| last.says() == self.says()) {
            Some(last) => {
                last.last = self.last;
                last.times += self.times;
            }
            None => taken.push(self),
        }
    }

    fn drawn(self, page: &Page) -> PathStep {
        let told = |show: &dyn Fn(Instant) -> String| {
            let (first, last) = (show(self.first), show(self.last));
            let when = if first == last { last } else { format!("{first} – {last}") };
            let when = if self.times > 1 { page.t2("cases-path-times", "when", when, "n", self.times) } else { when };
            if self.who.is_empty() { when } else { format!("{when} · {}", self.who) }
        };
        let note = told(&|at| page.minute(at));
        let dated = told(&|at| format!("{} {}", page.full_date(at), page.time_of_day(at)));
        PathStep { class: "done", title: self.title, note, dated, reason: self.reason, others: self.others }
    }
}

/// Makes one of papers that one person took in at one place within a minute.
fn joined(page: &Page, events: &[Recorded]) -> Vec<Recorded> {
    let mut joined: Vec<Recorded> = Vec::new();
    for recorded in events {
        let is_same = |last: &&mut Recorded| last.by == recorded.by && page.minute(last.at) == page.minute(recorded.at);
        let last = joined.last_mut().filter(is_same).map(|last| &mut last.event);
        match (&recorded.event, last) {
            (Event::Received { papers, counter }, Some(Event::Received { papers: known, counter: there }))
                if *there == *counter =>
            {
                known.extend(papers.clone());
            }
            _ => joined.push(recorded.clone()),
        }
    }
    joined
}

/// The papers that the applicant was asked for, and those of them that are still missing, as the events tell it.
#[derive(Debug, Default)]
struct AskedFor {
    asked: BTreeSet<String>,
    missing: BTreeSet<String>,
}

impl AskedFor {
    fn is_open(&self) -> bool {
        !self.missing.is_empty()
    }

    fn follow(&mut self, procedure: &Procedure, event: &Event) {
        match event {
            Event::Acted { to, papers, .. } => {
                let asks = procedure.states.get(to).is_some_and(|state| state.waits_for == Waits::Applicant);
                if asks {
                    self.asked.extend(papers.iter().cloned());
                    self.missing.extend(papers.iter().cloned());
                } else {
                    self.came(papers.iter());
                }
            }
            Event::Received { papers, .. } => self.came(papers.keys()),
            Event::Waived { papers } => self.came(papers.iter()),
            Event::TakenBack { papers, .. } => self.missing.extend(papers.intersection(&self.asked).cloned()),
            _ => {}
        }
    }

    fn came<'c>(&mut self, papers: impl Iterator<Item = &'c String>) {
        for paper in papers {
            self.missing.remove(paper);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::case::PaperForm;

    fn acted(to: &str, papers: &[&str]) -> Event {
        Event::Acted {
            action: String::new(),
            from: String::new(),
            to: to.to_owned(),
            fields: BTreeMap::new(),
            papers: papers.iter().map(|code| (*code).to_owned()).collect(),
            counter: None,
            parties: Vec::new(),
            overdue: None,
            latest: None,
        }
    }

    #[test]
    fn what_was_asked_for_is_open_until_all_of_it_came() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/procedures/separate.toml");
        let procedure = kernel::procedure::load("separate", &std::fs::read_to_string(file).unwrap()).unwrap();
        let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<String>>();
        let received = |code: &str| Event::Received {
            papers: BTreeMap::from([(code.to_owned(), PaperForm::Copy)]),
            counter: None,
        };
        let mut asked = AskedFor::default();
        for (step, event, is_open) in [
            ("nothing was asked for", received("ID"), false),
            ("two are asked for", acted("correction", &["HK", "PH"]), true),
            ("another one comes", received("BK"), true),
            ("one comes", received("HK"), true),
            ("the other need not come", Event::Waived { papers: set(&["PH"]) }, false),
            ("one is taken back", Event::TakenBack { papers: set(&["HK", "BK"]), seen: BTreeMap::new() }, true),
            ("it is handed in", acted("handling", &["HK"]), false),
        ] {
            asked.follow(&procedure, &event);
            assert_eq!(asked.is_open(), is_open, "{step}: {:?}", asked.missing);
        }
    }
}
