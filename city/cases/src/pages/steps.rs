//! The steps that can be taken now are shown as forms. After a refusal they still hold what was typed; a reason from
//! the catalogue can fill them in.

use std::collections::BTreeMap;

use kernel::case::{
    Acting, BY_AGENT, Case, Command, FOR_WHOM, HAS_READ, HER_WORD, HER_WORDS, Moment, asks, ends_for_her, gives_time,
    hands_in, is_noted, is_of_herself, is_of_noted, lacking, possible, waits_for,
};
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Actor, ActorKind, Target};
use kernel::procedure::{Action, By, Need, NeedKind, Procedure, Telling};
use kernel::refusal::Refusal;
use kernel::time::Date;
use store::Tx;
use web::{Choice, Page, PostForm};

use super::needs::{NeedField, Offered};
use super::units::Units;
use super::view::{AskedView, CaseView};
use super::work::DeedGiven;
use crate::kind::{Attaching, Offer};
use crate::refusals::Why;
use crate::words::ReadyText;
use crate::{Cases, rules};
use hall::Fault;

/// The field of an address that names the step that is shown open.
const OPEN: &str = "open";

/// What a person can do with the case now.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
#[derive(Debug, Clone)]
pub struct ActionForm {
    /// Name in the procedure.
    pub name: String,
    /// What the button says.
    pub title: String,
    /// The usual next step.
    pub primary: bool,
    /// It is the visitor's own side's to take, not done by her for another: keys send only such a step.
    pub own: bool,
    /// Cannot be taken back.
    pub final_step: bool,
    /// Somebody is at it, or was led to it: it is shown open.
    pub open: bool,
    /// From when on it can be taken, where a day that was named is not over yet.
    pub from: Option<String>,
    /// Whose consent it needs and who has not given it, in a sentence; none where nobody's is missing.
    pub lacks: Option<String>,
    /// The heading that begins with it; empty where none does.
    pub group: String,
    /// What is said above its form.
    pub notes: Vec<String>,
    /// The address of the page where it is taken; none where its form stands here.
    pub page: Option<String>,
    /// Inputs.
    pub needs: Vec<NeedField>,
    /// What the reasons kept ready are called, in their order.
    pub ready: Vec<String>,
    /// The pictures that can be sent together with it; none where it takes none.
    pub attaching: Option<Attaching>,
    /// How many events the case has: the form sends it back as [`drawn`].
    pub drawn: i64,
}

impl ActionForm {
    /// Whether its inputs stand on the page: it does not wait, lacks no consent, and has no page of its own.
    pub(super) fn is_drawn(&self) -> bool {
        self.lacks.is_none() && self.from.is_none() && self.page.is_none()
    }
}

/// How many events the case had when the page was made from which the form of a step comes. Where the form does not say
/// it, the page showed no more than that the case was opened: what happened since is not taken as seen.
#[must_use]
pub fn drawn(form: &PostForm) -> i64 {
    form.get("drawn").parse().unwrap_or_default()
}

/// What was given for one step so far.
#[derive(Debug, Clone, Default)]
pub struct StepGiven {
    /// The step.
    pub action: String,
    /// Answers by need.
    pub fields: BTreeMap<String, String>,
    /// Papers ticked.
    pub papers: Vec<String>,
    /// Papers that came of those that were asked for: ticked at first where they are handed in.
    pub came: Vec<String>,
    /// The reasons kept ready that were chosen: their place in the list.
    pub ready: Option<usize>,
    /// What was typed for a deed beside the steps.
    pub deed: DeedGiven,
}

impl StepGiven {
    /// What was typed into the form of a deed beside the steps.
    pub(super) fn of_deed(deed: &str, form: &PostForm) -> Self {
        Self { deed: DeedGiven::new(deed, form), ..Self::default() }
    }

    /// The same, with what came of the papers that a case asks for.
    #[must_use]
    pub fn with_came(self, view: &CaseView) -> Self {
        Self { came: view.asked.as_ref().map(AskedView::came).unwrap_or_default(), ..self }
    }

    /// The same for the page that shows why the step was refused: what is not read yet is not ticked.
    #[must_use]
    pub fn after(mut self, refusal: &Refusal) -> Self {
        unread(&mut self.fields, refusal);
        self
    }

    /// What a command for a step gives; nothing for any other.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        match command {
            Command::Act { action, fields, papers, .. } => {
                Self { action: action.clone(), fields: fields.clone(), papers: papers.clone(), ..Self::default() }
            }
            _ => Self::default(),
        }
    }
}

/// Takes out of what was given the tick of somebody who read what she puts her name to, where the step was refused
/// because the case went on since: nobody has read yet what stands there now.
pub fn unread(fields: &mut BTreeMap<String, String>, refusal: &Refusal) {
    if refusal.code == Why::CaseWentOn {
        fields.remove(HAS_READ);
    }
}

/// What the forms of a case's steps are drawn from.
struct Drawing<'d> {
    page: &'d Page,
    procedure: &'d Procedure,
    case: &'d Case,
    /// The papers of its item.
    materials: &'d [Choice],
    given: &'d StepGiven,
    /// The units to which it can be sent.
    units: &'d Units,
    /// The cases with which it may be the same.
    alike: &'d [Choice],
}

impl Cases {
    /// What the actor can do now, as forms; `given` fills its own step in.
    ///
    /// # Errors
    /// A failure of the store, or data that contradicts itself.
    pub fn action_forms(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        acting: Acting<'_>,
        given: &StepGiven,
    ) -> Result<Vec<ActionForm>, Fault> {
        let (procedure, lang) = (self.procedure_of(case)?, page.lang);
        // A day that a letter named holds for a case too that was opened before procedures asked for limits.
        let limited = self.limited(procedure, case).unwrap_or_else(|fault| {
            tracing::error!(%fault, number = %case.number, "a page cannot say from when a step can be taken");
            None
        });
        let case = limited.as_ref().unwrap_or(case);
        let facts = self.items.facts_of(case.item(), case.item_version());
        let materials = facts.map(|facts| facts.materials).unwrap_or_default();
        let materials: Vec<Choice> =
            materials.iter().map(|(code, name)| Choice::new(code.as_str(), name.get(lang), "")).collect();
        let mut steps = possible(procedure, case, acting.actor, acting.relation);
        let calendar = self.hall.calendar();
        let moment = Moment { calendar: &calendar, now: page.now };
        steps.retain(|(_, action)| gives_time(procedure, case, action, moment).is_ok());
        let kind = self.kinds.get(&case.kind);
        let names: Vec<&str> = steps.iter().map(|(name, _)| *name).collect();
        let own = acting.relation.record;
        let offers = kind.as_ref().map(|kind| kind.offered(tx, page, case, &names, own)).transpose()?.flatten();
        steps.retain(|(name, _)| offers.as_ref().is_none_or(|offers| offers.contains_key(*name)));
        let units = self.units(tx, page, case, steps.iter().map(|(_, action)| *action))?;
        let names_case = steps.iter().flat_map(|(_, action)| &action.needs).any(|need| need.kind == NeedKind::Case);
        let asked = kind.as_ref().filter(|_| names_case);
        let alike = asked.map(|kind| kind.alike(tx, case, page)).transpose()?.unwrap_or_default();
        let drawing = Drawing { page, procedure, case, materials: &materials, given, units: &units, alike: &alike };
        let kind = kind.filter(|_| page.visitor.staff());
        let plain = Offer::default();
        let mut forms = Vec::with_capacity(steps.len());
        for (name, action) in steps {
            let attaching = kind.as_ref().map(|kind| kind.attaches(page, case, name)).transpose()?.flatten();
            let offer = offers.as_ref().and_then(|offers| offers.get(name)).unwrap_or(&plain);
            let form = ActionForm { attaching, ..self.action_form(&drawing, name, action, offer) };
            forms.push((offer.group, form));
        }
        Ok(grouped(page, forms))
    }

    fn action_form(&self, drawing: &Drawing<'_>, name: &str, action: &Action, offer: &Offer) -> ActionForm {
        let Drawing { page, procedure, case, materials, given, units, alike } = *drawing;
        let lang = page.lang;
        let telling = procedure.telling(action);
        let ready = telling.map(|told| self.items.ready(case.item(), told)).unwrap_or_default();
        // What was asked for is handed in, and nothing else; what came of it is ticked.
        let hands = hands_in(procedure, case).is_some_and(|(step, _)| step == name);
        let came: &[String] = if hands { &given.came } else { &[] };
        let asked = asked(case, materials);
        let materials = if hands { &asked } else { materials };
        let given = Some(given).filter(|given| given.action == name);
        let chosen = given.and_then(|given| ready.get(given.ready?));
        let basis = match telling {
            Some(Telling::Grant | Telling::Refuse | Telling::Uncorrected) => self.items.basis(case.item()),
            _ => Bilingual::default(),
        };
        let value = |need: &Need| {
            let typed = given.and_then(|given| given.fields.get(&need.name)).map(String::as_str);
            let kept = chosen.and_then(|ready| said(ready, &need.name, lang));
            let preset = offer.preset.get(&need.name).map_or("", String::as_str);
            let usual = if need.name == "basis" { basis.get(lang) } else { preset };
            together(typed, kept, usual, need.kind == NeedKind::Reason)
        };
        let papers = given.map_or(came, |given| given.papers.as_slice());
        let offered = Offered { materials, papers, units, hands_to: action.hands_to.as_deref(), alike };
        // Only staff, who note what a party said, are asked how she said it; only she herself, whether she means it.
        let others =
            |need: &Need| if page.visitor.staff() { is_of_herself(action, need) } else { is_of_noted(action, need) };
        let asked = action.needs.iter().filter(|need| asks(case, action, need) && !others(need));
        let field = |need: &Need| {
            let need = &Need { required: need.required || offer.must.contains(&need.name.as_str()), ..need.clone() };
            let field = self.need_field(page, case, need, value(need), offered);
            NeedField { required: field.required || is_of_herself(action, need), ..field }
        };
        let mut needs: Vec<NeedField> = asked.map(field).collect();
        needs.retain(|need| !hands || need.kind != "papers" || !need.options.is_empty());
        chosen_from(&mut needs, offer, |name| given.and_then(|given| given.fields.get(name)).map(String::as_str));
        if page.visitor.staff() && is_noted(action) {
            let mut all = whose(page, offer, |name| given.and_then(|given| given.fields.get(name)).map(String::as_str));
            all.append(&mut needs);
            needs = all;
        }
        if page.visitor.actor.kind == ActorKind::Staff && ends_for_her(procedure, action) {
            let word = given.and_then(|given| given.fields.get(HER_WORD)).map_or("", String::as_str);
            asks_for_her(page, &mut needs, word);
        }
        ActionForm {
            name: name.to_owned(),
            title: offer.title.clone().unwrap_or_else(|| own_title(action, &page.visitor.actor).get(lang).to_owned()),
            primary: offer.primary.unwrap_or(action.primary),
            own: is_own(procedure, case, action, &page.visitor.actor),
            final_step: procedure.states.get(&action.to).is_some_and(|state| state.terminal),
            open: given.is_some() || page.query.get(OPEN) == name,
            from: first_day(page, waits_for(procedure, case, action, &self.hall.calendar())),
            lacks: lacks(page, procedure, case, action),
            group: String::new(),
            notes: offer.notes.clone(),
            page: offer.page.clone(),
            needs,
            ready: ready.iter().map(|ready| ready.title.get(lang).to_owned()).collect(),
            attaching: None,
            drawn: case.sequence,
        }
    }
}

/// Needs that are chosen from a list that the kind of the case gives, and needs that it calls by another name.
fn chosen_from<'g>(needs: &mut [NeedField], offer: &Offer, typed: impl Fn(&str) -> Option<&'g str>) {
    for need in needs {
        if let Some(label) = offer.labels.get(&need.name) {
            need.title.clone_from(label);
        }
        let Some(options) = offer.choices.get(&need.name) else { continue };
        need.kind = "choice";
        need.options = options_of(options, typed(&need.name));
    }
}

/// For whom staff note the step of a party, and which agent said it for her, where there is more than one answer.
fn whose<'g>(page: &Page, offer: &Offer, typed: impl Fn(&str) -> Option<&'g str>) -> Vec<NeedField> {
    let field = |(name, title): (&str, &str)| {
        let options = offer.choices.get(name)?;
        Some(NeedField {
            name: name.to_owned(),
            title: page.t(title),
            kind: "choice",
            required: name == FOR_WHOM,
            value: String::new(),
            range: None,
            options: options_of(options, typed(name)),
            note: String::new(),
        })
    };
    [(FOR_WHOM, "cases-for-whom"), (BY_AGENT, "cases-by-agent")].into_iter().filter_map(field).collect()
}

/// Options with the one chosen that was given; where nothing was given, as they came.
fn options_of(options: &[Choice], given: Option<&str>) -> Vec<Choice> {
    let is_chosen = |option: &Choice| given.map_or(option.chosen, |typed| typed == option.value);
    let one = |option: &Choice| Choice { chosen: is_chosen(option), ..option.clone() };
    options.iter().map(one).collect()
}

/// The forms below their headings, as the kind of the case orders them, the usual step first below each.
fn grouped(page: &Page, mut forms: Vec<((u8, &'static str), ActionForm)>) -> Vec<ActionForm> {
    forms.sort_by_key(|((place, _), form)| (*place, !form.primary));
    let mut last = 0;
    let heading = |((place, key), form): ((u8, &'static str), ActionForm)| {
        let group = if place == last { String::new() } else { page.t(key) };
        last = place;
        ActionForm { group, ..form }
    };
    forms.into_iter().map(heading).collect()
}

/// Whose consent an action needs and who has not given it, in a sentence; none where nobody's is missing.
fn lacks(page: &Page, procedure: &Procedure, case: &Case, action: &Action) -> Option<String> {
    let missing = lacking(case, action);
    if missing.is_empty() {
        return None;
    }
    let all = titles(page, procedure, action.consent.iter().map(String::as_str));
    let missing = titles(page, procedure, missing.into_iter());
    let words = [("step", page.of(&action.title)), ("all", all.as_str()), ("missing", missing.as_str())];
    Some(page.text("cases-step-lacks", &words))
}

/// What people call some roles, one after another.
fn titles<'a>(page: &Page, procedure: &'a Procedure, roles: impl Iterator<Item = &'a str>) -> String {
    let titles = roles.map(|role| procedure.parties.get(role).map_or(role, |party| page.of(&party.title)));
    titles.collect::<Vec<_>>().join(page.lang.pick("、", ", "))
}

/// The papers that a case asks for, among those of its item.
fn asked(case: &Case, materials: &[Choice]) -> Vec<Choice> {
    let named = |code: &String| {
        let known = materials.iter().find(|one| one.value == *code);
        known.cloned().unwrap_or_else(|| Choice::new(code.as_str(), code.as_str(), ""))
    };
    case.missing().iter().map(named).collect()
}

/// What a step is called: a party's own step says for staff, who note it for her, whose it is.
pub(super) fn own_title<'p>(action: &'p Action, actor: &Actor) -> &'p Bilingual {
    let is_noted = matches!(action.by, By::Party(_)) && actor.kind == ActorKind::Staff;
    if is_noted { action.told() } else { &action.title }
}

/// Whether an action is the actor's own side's: of staff the office's, or a counter's at whose desk the case waits; of
/// others their own.
fn is_own(procedure: &Procedure, case: &Case, action: &Action, actor: &Actor) -> bool {
    match &action.by {
        By::Applicant | By::Party(_) => actor.kind != ActorKind::Staff,
        By::System => false,
        By::Office | By::Supervisor => true,
        By::Counter | By::Desk => procedure.states.get(&case.state).is_some_and(|state| {
            let desk = rules::desk(procedure, case, state);
            let department = Some(desk.department).filter(|code| !code.is_empty());
            let waits_at = Target { place: desk.place, department };
            actor.scopes(action.permission).iter().any(|scope| scope.covers(&waits_at))
        }),
    }
}

/// The first day on which an action can be taken that waits until a day is over, as long as it lies ahead.
fn first_day(page: &Page, waits_for: Option<Date>) -> Option<String> {
    let over = waits_for.filter(|day| page.today() <= *day)?;
    kernel::time::date_plus_days(over, 1).map(|day| page.date(day))
}

fn said<'r>(ready: &'r ReadyText, need: &str, lang: Lang) -> Option<&'r str> {
    ready.says.iter().find(|(name, _)| *name == need).map(|(_, text)| text.get(lang))
}

/// What stands in a field: what was typed, with a reason kept ready put in beside it; what usually stands there gives
/// way to such a reason.
fn together(typed: Option<&str>, kept: Option<&str>, usual: &str, lines: bool) -> String {
    let Some(kept) = kept else { return typed.unwrap_or(usual).to_owned() };
    let typed = typed.unwrap_or_default().trim();
    if typed.is_empty() || typed == usual.trim() {
        return kept.to_owned();
    }
    if typed.contains(kept.trim()) {
        return typed.to_owned();
    }
    format!("{typed}{}{kept}", if lines { "\n" } else { " " })
}

/// Staff who end a case in the applicant's name say why, and how she asked for it. Nothing is chosen for them.
fn asks_for_her(page: &Page, needs: &mut Vec<NeedField>, word: &str) {
    for need in needs.iter_mut().filter(|need| need.kind == "reason") {
        need.required = true;
        need.title = page.t("cases-her-reason");
    }
    let options = HER_WORDS.map(|one| Choice::new(one, page.t(&format!("cases-her-word-{one}")), word));
    needs.push(NeedField {
        name: HER_WORD.to_owned(),
        title: page.t("cases-her-word"),
        kind: "choice",
        required: true,
        value: String::new(),
        range: None,
        options: options.into(),
        note: String::new(),
    });
}

#[cfg(test)]
mod tests {
    use kernel::refusal::Code;

    use super::*;

    #[test]
    fn a_reason_kept_ready_wipes_nothing_that_was_typed() {
        let table = [
            (None, None, "按目录", true, "按目录"),
            (Some("我写的"), None, "按目录", true, "我写的"),
            (Some(""), Some("年龄未到"), "", true, "年龄未到"),
            (None, Some("年龄未到"), "", true, "年龄未到"),
            (Some("我写的"), Some("年龄未到"), "", true, "我写的\n年龄未到"),
            (Some("我写的"), Some("第三条"), "按目录", false, "我写的 第三条"),
            (Some("按目录"), Some("第三条"), "按目录", false, "第三条"),
            (Some("我写的\n年龄未到"), Some("年龄未到"), "", true, "我写的\n年龄未到"),
        ];
        for (typed, kept, usual, lines, expected) in table {
            assert_eq!(together(typed, kept, usual, lines), expected, "{typed:?} {kept:?}");
        }
    }

    #[test]
    fn what_is_not_read_yet_is_not_ticked() {
        let fields = BTreeMap::from([HAS_READ, "words"].map(|name| (name.to_owned(), "yes".to_owned())));
        let given = StepGiven { fields, ..StepGiven::default() };
        let again = |why: Code| given.clone().after(&Refusal::new(why)).fields.into_keys().collect::<Vec<_>>();
        assert_eq!(again(Why::CaseNotNow), [HAS_READ, "words"]);
        assert_eq!(again(Why::CaseWentOn), ["words"]);
    }
}
