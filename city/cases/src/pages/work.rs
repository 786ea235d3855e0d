//! What an office does with a case beside the steps: who has it in hand, more time, another office, opinions, the word
//! of a higher level, ratings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use identity::OnDuty;
use kernel::case::{Case, Command, Handler, LateReason, Relation, late_since, late_told, may_extend, sign};
use kernel::permission::{Actor, ActorKind};
use kernel::place::{Level, PlacePath};
use kernel::procedure::Procedure;
use kernel::refusal::Code;
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Page, PostForm};

use crate::Cases;
use crate::actions::Known;
use crate::notices::WORK;
use crate::rules;
use hall::Fault;

/// Colleagues offered at most.
pub(super) const COLLEAGUES: i64 = 60;

/// What can be done beside the steps, and how it stands.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
pub struct Work {
    /// Who has it in hand; empty for nobody.
    pub handler: String,
    /// This visitor has it in hand.
    pub is_mine: bool,
    /// Taking it in hand and giving it on: colleagues, value and name; none when it is not hers to do.
    pub colleagues: Option<Vec<Choice>>,
    /// By how much it can still be extended; none when it cannot.
    pub extend: Option<u32>,
    /// The offices that can be asked, as places; empty when it is not hers to do.
    pub places: Vec<Choice>,
    /// The departments of those offices.
    pub departments: Vec<Choice>,
    /// The offices it can be given to, as places.
    pub to_places: Vec<Choice>,
    /// The departments it can be given to.
    pub to_departments: Vec<Choice>,
    /// Until when an opinion is asked for by default.
    pub opinion_by: String,
    /// The opinions asked for.
    pub opinions: Vec<OpinionLine>,
    /// What higher levels asked.
    pub asked: Vec<AskedLine>,
    /// Somebody of a higher level can ask.
    pub can_supervise: bool,
    /// The name of the place whose leaders may ask, if this visitor leads a level too high for it or the case is late.
    pub supervised_by: Option<String>,
    /// The case is late.
    pub is_late: bool,
    /// It is late and this visitor can say why: the reasons to choose from, and what was said.
    pub late: Option<LateForm>,
    /// A poor rating is to be followed up, until that day.
    pub follow_up_by: Option<String>,
    /// A rating can be called a mistake.
    pub can_appeal: bool,
    /// An appeal waits for this visitor's decision: its reason.
    pub appeal: Option<String>,
    /// What was typed for a deed that was refused.
    pub given: DeedGiven,
}

/// What was typed into the form of a deed. After a refusal it stands there again.
#[derive(Clone, Debug, Default)]
pub struct DeedGiven {
    deed: String,
    form: PostForm,
}

impl DeedGiven {
    pub(super) fn new(deed: &str, form: &PostForm) -> Self {
        Self { deed: deed.to_owned(), form: form.clone() }
    }

    /// Whether this deed was sent.
    #[must_use]
    pub fn was(&self, deed: &str) -> bool {
        self.deed == deed
    }

    /// What was typed into a field of this deed; empty when another was sent.
    #[must_use]
    pub fn said(&self, deed: &str, field: &str) -> &str {
        if self.was(deed) { self.form.get(field) } else { "" }
    }

    /// What was typed into a field of this deed where several have its form and the sent one is of that number.
    #[must_use]
    pub fn said_to(&self, deed: &str, number: impl Display, field: &str) -> &str {
        if self.said(deed, "number") == number.to_string() { self.said(deed, field) } else { "" }
    }

    /// Chooses what was chosen in a field of this deed; leaves the choices as they are when another was sent.
    fn choose(&self, deed: &str, field: &str, choices: &mut [Choice]) {
        if !self.was(deed) {
            return;
        }
        let sent = self.form.all(field);
        for choice in choices {
            choice.chosen = sent.contains(&choice.value.as_str());
        }
    }
}

impl Work {
    /// What can be done, with what was typed for a deed that was refused.
    #[must_use]
    pub(super) fn with(mut self, given: DeedGiven) -> Self {
        given.choose("consult", "place", &mut self.places);
        given.choose("consult", "department", &mut self.departments);
        given.choose("transfer", "place", &mut self.to_places);
        given.choose("transfer", "department", &mut self.to_departments);
        if let Some(colleagues) = &mut self.colleagues {
            given.choose("hand", "to", colleagues);
        }
        if let Some(late) = self.late.as_mut().filter(|_| given.was("explain")) {
            given.choose("explain", "reason", &mut late.reasons);
            given.said("explain", "note").clone_into(&mut late.note);
        }
        if given.was("consult") {
            given.said("consult", "due").clone_into(&mut self.opinion_by);
        }
        Self { given, ..self }
    }

    /// Whether an answer is owed by this visitor: an opinion, a word to a higher level, a poor rating, an appeal.
    #[must_use]
    pub fn waits_for_me(&self) -> bool {
        self.opinions.iter().any(|opinion| opinion.can_answer)
            || self.asked.iter().any(|asked| asked.can_answer)
            || self.follow_up_by.is_some()
            || self.appeal.is_some()
            || self.late.as_ref().is_some_and(|late| !late.is_told)
    }
}

/// Why a case is late.
pub struct LateForm {
    /// By when it was due, in a sentence that asks why.
    pub since: String,
    /// The reasons, the one given last chosen.
    pub reasons: Vec<Choice>,
    /// What was said with it.
    pub note: String,
    /// Something was said.
    pub is_told: bool,
}

/// One opinion.
pub struct OpinionLine {
    /// Its number in the case.
    pub number: usize,
    /// Who is asked.
    pub office: String,
    /// What.
    pub question: String,
    /// Until when.
    pub due: String,
    /// The case is not decided without it.
    pub joint: bool,
    /// The answer: agreed, words, who.
    pub answer: Option<(bool, String, String)>,
    /// This visitor can answer.
    pub can_answer: bool,
}

/// One question of a higher level.
pub struct AskedLine {
    /// Its number in the case.
    pub number: usize,
    /// What was said.
    pub note: String,
    /// Until when an answer is owed.
    pub answer_by: String,
    /// It is late.
    pub late: bool,
    /// The answer.
    pub answer: Option<String>,
    /// This visitor can answer.
    pub can_answer: bool,
}

impl Cases {
    /// What can be done beside the steps.
    ///
    /// # Errors
    /// A failure of the store, or data that contradicts itself.
    pub fn work(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<Work, Fault> {
        let case = &known.case;
        let procedure = self.procedure_of(case)?;
        let actor = &page.visitor.actor;
        let can = |command: &Command| sign(procedure, Some(case), command, actor, &Relation::default()).is_ok();
        let open = !Self::state(case, procedure)?.terminal;
        let (reason, answer) = (String::new(), String::new());
        let most = self.hall.figure(crate::words::CASE_EXTENSION_MOST, page.now)?;
        let left = most.saturating_sub(case.promised().map_or(0, |clock| clock.extended));
        let passes = open && can(&Command::Transfer { to: case.office.clone(), reason: reason.clone() });
        let gives = passes && !self.moves_by_steps(case);
        let today = page.today();
        let colleagues =
            if open && can(&Command::Assign { to: None }) { Some(self.colleagues(tx, page, known)?) } else { None };
        let poor = self.follow_up_due(known, page)?;
        let rated = case.rated();
        Ok(Work {
            handler: case.handler.as_ref().map(|handler| handler.name.clone()).unwrap_or_default(),
            is_mine: case.handler.as_ref().is_some_and(|handler| Some(handler.account) == actor.account),
            colleagues,
            extend: Some(left).filter(|left| {
                let command = Command::Extend { amount: 1, reason: reason.clone(), most };
                may_extend(procedure, case) && *left > 0 && can(&command)
            }),
            places: if passes { self.office_places(page, case.residence()) } else { Vec::new() },
            departments: if passes { self.office_departments(page, &case.kind) } else { Vec::new() },
            to_places: if gives { self.office_places(page, case.residence()) } else { Vec::new() },
            to_departments: if gives { self.office_departments(page, &case.kind) } else { Vec::new() },
            opinion_by: self.hall.day_after(page.now, crate::words::CASE_OPINION, page.now)?.to_string(),
            opinions: self.opinions(page, known, &can),
            asked: Self::supervisions(page, known, today, &can),
            can_supervise: open && can(&Command::Supervise { note: reason.clone(), answer_by: today }),
            is_late: open && late_since(procedure, case, &self.hall.calendar(), page.now).is_some(),
            supervised_by: if open { self.supervised_by(page, procedure, case) } else { None },
            late: self.late(page, (procedure, case), &can),
            follow_up_by: poor.filter(|_| can(&Command::FollowUp { answer })).map(|date| page.date(date)),
            can_appeal: rated.is_some_and(|rated| rated.appeal.is_none())
                && can(&Command::Appeal { reason: reason.clone() }),
            appeal: rated
                .and_then(|rated| rated.appeal.as_ref())
                .filter(|appeal| appeal.upheld.is_none() && can(&Command::DecideAppeal { upheld: true, reason }))
                .map(|appeal| appeal.reason.clone()),
            given: DeedGiven::default(),
        })
    }

    fn late(&self, page: &Page, asked: (&Procedure, &Case), can: &dyn Fn(&Command) -> bool) -> Option<LateForm> {
        let ((procedure, case), calendar) = (asked, self.hall.calendar());
        let due = late_since(procedure, case, &calendar, page.now)?;
        let explain = Command::Explain { reason: LateReason::Other, note: String::new() };
        let told = late_told(procedure, case, &calendar, page.now).and_then(|(said, _)| said);
        let given = told.map_or("", |late| late.reason.code());
        let waited =
            case.overstays.iter().any(|stay| stay.due == due) || case.latest.is_some_and(|stay| stay.on == due);
        let since = if waited { "cases-late-waited" } else { self.key_of(case, "cases-late-since") };
        can(&explain).then(|| LateForm {
            since: page.t1(since, "date", page.date(due)),
            reasons: self.late_choices(page, case, given),
            note: told.map(|late| late.note.clone()).unwrap_or_default(),
            is_told: told.is_some(),
        })
    }

    /// The place whose leaders may ask after a case, the one directly above the office: told to whoever stands above
    /// them, and of a late case to everybody who may not ask herself.
    fn supervised_by(&self, page: &Page, procedure: &Procedure, case: &Case) -> Option<String> {
        let command = Command::Supervise { note: String::new(), answer_by: page.today() };
        let refusal = sign(procedure, Some(case), &command, &page.visitor.actor, &Relation::default()).err()?;
        let is_late = late_since(procedure, case, &self.hall.calendar(), page.now).is_some();
        let office = &case.office.place;
        let above = office.parent().or_else(|| is_late.then(|| office.clone()));
        let above = above.filter(|_| is_late || refusal.code == Code::CaseSuperviseOneLevel)?;
        let tree = self.hall.places.tree();
        tree.at(&above).map(|place| place.named(page.lang).to_owned())
    }

    fn follow_up_due(&self, known: &Known, page: &Page) -> Result<Option<Date>, Fault> {
        self.follow_up_by(&known.case, page.now)
    }

    /// Whoever works at the desk where the case lies: her own name first, then her colleagues'.
    pub(super) fn at_desk(tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<BTreeMap<Uuid, String>, Fault> {
        let case = &known.case;
        let places = [Some(&case.office.place), case.counter()];
        let mut found = BTreeMap::new();
        for place in places.into_iter().flatten() {
            for one in identity::on_duty(tx, place, page.today(), COLLEAGUES)? {
                let same = one.department.is_none() || one.department == case.office.department;
                if same || Some(place) == case.counter() {
                    found.insert(one.account, one.name);
                }
            }
        }
        Ok(found)
    }

    /// Says whether whoever holds the post works on cases, and does not only look on.
    pub(super) fn works(&self, post: &OnDuty) -> bool {
        let role = self.roles.get(&post.role);
        role.is_some_and(|role| WORK.iter().any(|permission| role.permissions.contains(permission)))
    }

    /// The colleagues who can work on a case at the desk where it waits, without this visitor.
    fn colleagues(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<Vec<Choice>, Fault> {
        Ok(colleague_choices(page, &self.able(tx, page, known)?))
    }

    /// Whoever can work on a case at the desk where it waits, and may open it there: a confidential one by a post of
    /// its own department alone. It is given to nobody else.
    fn able(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<BTreeMap<Uuid, String>, Fault> {
        let case = &known.case;
        let procedure = self.procedure_of(case)?;
        let desk = rules::desk(procedure, case, Self::state(case, procedure)?);
        let mut found = Self::at_desk(tx, page, known)?;
        let mut able = BTreeSet::new();
        for one in identity::on_duty(tx, &desk.place, page.today(), COLLEAGUES)? {
            let same = match &one.department {
                Some(own) => desk.department.is_empty() || *own == desk.department,
                None => !case.confidential,
            };
            if same && self.works(&one) && self.opens(tx, case, &one)? {
                able.insert(one.account);
            }
        }
        found.retain(|account, _| able.contains(account));
        Ok(found)
    }

    /// Whether only steps of its procedure send a case to another office.
    pub(super) fn moves_by_steps(&self, case: &Case) -> bool {
        self.kinds.get(&case.kind).is_some_and(|kind| kind.moves_by_steps())
    }

    /// Whether the kind of a case lets a colleague know of it and have it in hand.
    pub(super) fn opens(&self, tx: &mut dyn Tx, case: &Case, colleague: &OnDuty) -> Result<bool, Fault> {
        let Some(kind) = self.kinds.get(&case.kind) else { return Ok(true) };
        let account = Some(colleague.account);
        let actor = Actor { account, name: colleague.name.clone(), kind: ActorKind::Staff, grants: Vec::new() };
        Ok(kind.is_for(tx, case, &actor)? && kind.may_have(tx, case, colleague.account)?)
    }

    /// Places with offices: the city, its districts, and the streets of the applicant's district.
    fn office_places(&self, page: &Page, residence: &PlacePath) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let own = residence.at(Level::District).unwrap_or_else(|| residence.clone());
        let city = tree.root().into_iter();
        let districts = tree.of_level(Level::District);
        let streets = tree.of_level(Level::Street).filter(|street| own.contains(&street.path));
        city.chain(districts)
            .chain(streets)
            .map(|place| Choice {
                chosen: place.path == own,
                ..Choice::new(place.path.as_str(), place.named(page.lang), "")
            })
            .collect()
    }

    /// The departments, none chosen: the one that has the case already is no office to give it to.
    fn office_departments(&self, page: &Page, kind: &str) -> Vec<Choice> {
        let all = self.departments_of(kind).into_iter();
        all.map(|(code, name)| Choice::new(code.as_str(), page.of(&name), "")).collect()
    }

    fn opinions(&self, page: &Page, known: &Known, can: &dyn Fn(&Command) -> bool) -> Vec<OpinionLine> {
        let line = |(number, asked): (usize, &kernel::case::Consultation)| OpinionLine {
            number,
            office: self.office_name(&asked.office.place, asked.office.department.as_deref(), page.lang),
            question: asked.question.clone(),
            due: page.date(asked.due),
            joint: asked.joint,
            answer: asked.answer.as_ref().map(|answer| (answer.agrees, answer.text.clone(), answer.name.clone())),
            can_answer: asked.answer.is_none() && can(&Command::Answer { number, agrees: true, text: String::new() }),
        };
        known.case.consultations.iter().enumerate().map(line).collect()
    }

    fn supervisions(page: &Page, known: &Known, today: Date, can: &dyn Fn(&Command) -> bool) -> Vec<AskedLine> {
        let line = |(number, asked): (usize, &kernel::case::Supervision)| AskedLine {
            number,
            note: asked.note.clone(),
            answer_by: page.date(asked.answer_by),
            late: asked.answer.is_none() && asked.answer_by < today,
            answer: asked.answer.clone(),
            can_answer: asked.answer.is_none() && can(&Command::Account { number, answer: String::new() }),
        };
        known.case.supervisions.iter().enumerate().map(line).collect()
    }

    /// The colleague of an account, when she works on cases at the desk where the case lies.
    pub(super) fn handler(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        account: Uuid,
    ) -> Result<Option<Handler>, Fault> {
        Ok(self.able(tx, page, known)?.remove(&account).map(|name| Handler { account, name }))
    }
}

/// Colleagues to choose from, without this visitor. Among several nobody is chosen for her.
pub(super) fn colleague_choices(page: &Page, found: &BTreeMap<Uuid, String>) -> Vec<Choice> {
    let others = found.iter().filter(|(account, _)| Some(**account) != page.visitor.actor.account);
    let mut choices: Vec<Choice> = others.map(|(account, name)| Choice::new(account.to_string(), name, "")).collect();
    if choices.len() > 1 {
        choices.insert(0, Choice::new("", page.t("cases-choose"), ""));
    }
    choices
}

/// The words for a reason of lateness.
pub(super) fn late_words(page: &Page, reason: LateReason) -> String {
    page.t(&format!("cases-late-{}", reason.code().replace('_', "-")))
}

impl Cases {
    /// The words for a reason why a case is late, as its kind says it.
    pub(super) fn late_said(&self, page: &Page, case: &Case, reason: LateReason) -> String {
        match reason {
            LateReason::Applicant => page.t(self.key_of(case, "cases-late-applicant")),
            _ => late_words(page, reason),
        }
    }

    fn late_choices(&self, page: &Page, case: &Case, given: &str) -> Vec<Choice> {
        // Nothing is chosen for anybody: a reason that nobody meant is worse than none.
        let none = given.is_empty().then(|| Choice::new("", page.t("cases-late-choose"), given));
        let choice = |reason: LateReason| Choice::new(reason.code(), self.late_said(page, case, reason), given);
        none.into_iter().chain(LateReason::ALL.into_iter().map(choice)).collect()
    }
}
