//! Mediations as a kind of cases: what the desk of cases shows and says of them, what must hold before an agreement is
//! drafted, a court asked or a case closed, what is counted, and how long the file is kept.

mod agreed;
mod choosing;
mod chose;
mod corrected;
mod court;
mod lacks;
mod named;
mod offers;
mod own;
mod people;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};

use bodies::{Begun, Bodies, Matter};
use cases::kind::{Asked, Change, Correcting, Count, Happened, Kind, Offer, Own, PartyStep, Series, StepTold, Untold};
use cases::{Cases, Key, events_of};
use hall::{Fault, Hall};
use house::BesideLink;
use jobs::ChannelKind;
use kernel::case::{Case, Event, FOR_WHOM, HOW_SAID, PAPER_ON, Recorded};
use kernel::figure::Cell;
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Actor, ActorKind, Permission};
use kernel::place::{PlaceId, PlacePath};
use kernel::procedure::By;
use kernel::refusal::Refusal;
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::Page;

use crate::actions::consents::consents;
use crate::actions::guarding::guarded;
use crate::actions::naming::{body_at, committee};
use crate::actions::{passing as following, rooms, weighing};
use crate::records::passing;
use crate::refusals::Why;
use crate::rules::court::{asked_until, effect_day};
use crate::rules::passing::{is_unnamed, side_of, untold};
use crate::rules::people::{member_of, number_of, record_of};
use crate::rules::{agreement, asking, counting, noted};
use crate::words::asking::{ASKS, BEGIN, CHOOSES, OBJECTS};
use crate::words::inside::{KEPT, WRITTEN};
use crate::words::passing::{ALONG, PAPERS, SAYS};
use crate::words::{
    ACCEPTED, AUTHORITY, CLASS, CONFIRMED, COURT, COURT_AGAIN, Classes, DETAIL, DOCUMENT, DOT, DRAFT, FIRST, GO_UP,
    HAND_DOWN, MEDIATES, MEDIATION, MEDIATOR, ORAL, PROLONGED, SEAL, SIDES, SUBSTITUTE, TO_COURT, VARY,
};
use agreed::{asks_of_text, has_content, holds_from, in_time, is_done, is_proposed};
use people::has_names;

/// The letter before the numbers of mediations (调).
const LETTER: char = 'T';

/// Mediations, as the desk of cases knows them.
pub struct Mediations {
    classes: Arc<Classes>,
    hall: Arc<Hall>,
    bodies: Arc<Bodies>,
    /// The desk that has this kind.
    cases: Weak<Cases>,
    /// The channels that reach people outside of the platform.
    channels: Vec<ChannelKind>,
}

impl Mediations {
    /// Makes the kind over the classes of disputes, the rosters of mediators, the desk that has it, and the channels
    /// that reach people outside of the platform.
    #[must_use]
    pub const fn new(
        classes: Arc<Classes>,
        hall: Arc<Hall>,
        bodies: Arc<Bodies>,
        cases: Weak<Cases>,
        channels: Vec<ChannelKind>,
    ) -> Self {
        Self { classes, hall, bodies, cases, channels }
    }

    fn desk(&self) -> Result<Arc<Cases>, Fault> {
        self.cases.upgrade().ok_or_else(|| Fault::Broken("the desk of cases is closed".to_owned()))
    }

    /// From the first talk on, of all staff only the mediator acts, and what a side took back herself nobody gives
    /// again for her, unless she did so on paper. No paper is older than what it answers.
    fn acts_rightly(&self, tx: &mut dyn Tx, asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
        if asked.actor.kind != ActorKind::Staff {
            return Ok(());
        }
        if !self.is_for(tx, asked.case, asked.actor)? {
            return Err(Refusal::new(Why::HearingsOtherMediator).into());
        }
        let desk = self.desk()?;
        let procedure = desk.procedure_of(asked.case)?;
        let Some(step) = procedure.actions.get(asked.action).filter(|step| step.gives_consent) else { return Ok(()) };
        let By::Party(role) = &step.by else { return Ok(()) };
        let whom = asked.fields.get(FOR_WHOM).and_then(|name| number_of(asked.case, role, name.trim()));
        let from = noted::asked_from(events, procedure, role, whom, self.hall.zone());
        if let (Some(from), Some(day)) = (from, noted::paper_day(asked.fields))
            && day < from
        {
            return Err(Refusal::new(Why::HearingsPaperOld).field(PAPER_ON).with("date", from).into());
        }
        if noted::is_on_paper(asked.fields) || !noted::took_back(events, procedure, role, whom) {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsTookBack).field(HOW_SAID).into())
    }

    /// Both sides were asked about a step before it is taken, and a side consents to a step about which it was asked.
    fn was_asked(&self, asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
        let desk = self.desk()?;
        let procedure = desk.procedure_of(asked.case)?;
        let steps = asking::steps(procedure, &asked.case.state);
        let Some(step) = procedure.actions.get(asked.action).filter(|_| !steps.is_empty()) else { return Ok(()) };
        let is_hers = step.gives_consent && matches!(step.by, By::Party(_));
        if !is_hers && !steps.contains(&asked.action) {
            return Ok(());
        }
        match asking::asked(events, procedure) {
            Some(about) if is_hers || about == asked.action => Ok(()),
            _ => Err(Refusal::new(Why::HearingsNotAsked).with_both("step", &step.title).into()),
        }
    }

    /// What a case is called.
    fn called(&self, case: &Case, lang: Lang) -> String {
        self.classes.called(&self.subject(case), lang).unwrap_or_default()
    }

    /// Each side said which papers may go along before the matter goes to another office. Procedures of before did not
    /// ask; by them nothing goes along.
    fn said_what_goes(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let desk = self.desk()?;
        let procedure = desk.procedure_of(asked.case)?;
        if !SAYS.iter().all(|(step, _)| procedure.actions.contains_key(*step)) {
            return Ok(());
        }
        let allowed = passing::allowed(tx, &key(asked.case))?;
        let Some(silent) = SIDES.into_iter().find(|side| allowed.iter().all(|one| one.side != *side)) else {
            return Ok(());
        };
        let refusal = Refusal::new(Why::HearingsPapersUnsaid);
        Err(match procedure.parties.get(silent) {
            Some(rule) => refusal.with_both("side", &rule.title).into(),
            None => refusal.with("side", silent).into(),
        })
    }

    /// The rosters know where a dispute is and who mediates it.
    fn note_matter(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let case = happened.case;
        let is_begun =
            |event: &Event| matches!(event, Event::Acted { action, .. } if MEDIATES.contains(&action.as_str()));
        let begun = happened.recorded.iter().rev().find(|one| is_begun(&one.event));
        let matter = Matter {
            district: cases::district(case),
            case_id: case.id.0,
            path: case.place.clone(),
            office: case.office.place.clone(),
            mediator: None,
            open: case.closed_at.is_none(),
            account: None,
        };
        let Some(recorded) = begun else { return self.bodies.note_matter(tx, &matter, None, happened.now) };
        let Event::Acted { action, fields, .. } = &recorded.event else { return Ok(()) };
        // The name that was typed lies sealed by now.
        let words = self.desk()?.words_of(tx, &key(case))?;
        let name = fields.get(MEDIATOR).map_or("", |name| words.read(name, ""));
        let begun = Begun { name, account: recorded.by.account, takes_over: action == SUBSTITUTE };
        self.bodies.note_matter(tx, &matter, Some(begun), happened.now)
    }
}

/// The answers that stand with a step by themselves, and the keys of their words. Cases of before hold the words.
const STORED: [(&str, &str); 4] =
    [(KEPT, KEPT), (WRITTEN, WRITTEN), ("见调解记录", KEPT), ("协议的文字改了，见“协议”", WRITTEN)];

fn key(case: &Case) -> Key {
    Key { district: cases::district(case), id: case.id.0 }
}

impl Kind for Mediations {
    fn code(&self) -> &'static str {
        MEDIATION
    }

    fn series(&self) -> Series {
        Series::Own { name: MEDIATION, letter: LETTER }
    }

    fn subject(&self, case: &Case) -> String {
        let class = case.fields.get(CLASS).cloned().unwrap_or_default();
        match case.fields.get(DETAIL).filter(|detail| !detail.is_empty()) {
            Some(detail) => format!("{class}{DOT}{detail}"),
            None => class,
        }
    }

    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        self.classes.called(item, lang)
    }

    fn offered(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        steps: &[&str],
        record: Option<Uuid>,
    ) -> Result<Option<BTreeMap<String, Offer>>, Fault> {
        self.offers(tx, page, case, steps, record).map(Some)
    }

    fn correcting(&self, tx: &mut dyn Tx, correcting: &Correcting<'_>) -> Result<(), Fault> {
        self.keeps_name(tx, correcting)
    }

    fn consents(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<BTreeMap<String, Vec<String>>, Fault> {
        let (desk, guarded) = (self.desk()?, guarded(&self.hall, tx, case)?);
        Ok(consents(page, case, desk.procedure_of(case)?, events, &guarded))
    }

    fn own(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
        record: Option<Uuid>,
    ) -> Result<Own, Fault> {
        self.own_of(tx, page, case, events, record)
    }

    fn decider(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Option<String>, Fault> {
        committee(&self.bodies, &self.hall, tx, page, &case.decider.place).map(Some)
    }

    /// Passing a mediation to another level is shown before it is done: somebody else mediates it then.
    fn weighs(&self, action: &str) -> bool {
        matches!(action, GO_UP | HAND_DOWN)
    }

    fn moves_by_steps(&self) -> bool {
        true
    }

    fn may_have(&self, tx: &mut dyn Tx, case: &Case, account: Uuid) -> Result<bool, Fault> {
        let on_roster = self.bodies.is_on_roster(tx, &case.office.place, account, (self.hall.clock)())?;
        Ok(on_roster != Some(false) && !self.is_tied_to(tx, case, account)?)
    }

    fn answer_key(&self, answer: &str) -> Option<&'static str> {
        STORED.into_iter().find(|(said, _)| *said == answer).map(|(_, key)| key)
    }

    /// What the mediator checks of a side before it goes on is not told to the other.
    fn step_told(&self, action: &str) -> StepTold {
        match action {
            "take_on" => StepTold::Last("hearings-told-taken-on"),
            "begin" => StepTold::Last("hearings-told-begun"),
            "write" | "write_together" => StepTold::Last("hearings-told-written"),
            action if CHOOSES.contains(&action) => StepTold::Bare("hearings-told-chose"),
            action if OBJECTS.contains(&action) => StepTold::Bare("hearings-told-objected"),
            _ => StepTold::Titled,
        }
    }

    fn party_told(&self, page: &Page, case: &Case, step: &PartyStep<'_>) -> Option<String> {
        told::party_told(page, case, step)
    }

    fn party_meant(&self, page: &Page, step: &PartyStep<'_>) -> Option<String> {
        told::meant(page, step)
    }

    /// Until when both may ask the court counts from the day of effect, and never ends on a day off.
    fn clock_until(&self, case: &Case, clock: &str, events: &[Recorded]) -> Option<Date> {
        if clock == COURT { asked_until(case, effect_day(events), &self.hall.calendar()) } else { None }
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let class = self.classes.called(&self.subject(case), page.lang);
        let class = class.map(|class| (page.t("hearings-fact-class"), class));
        let said = [(AUTHORITY, "hearings-field-authority-name"), (DOCUMENT, "hearings-field-document")];
        let said = said.into_iter().filter_map(|(name, key)| Some((page.t(key), case.fields.get(name)?.clone())));
        class.into_iter().chain(said).collect()
    }

    fn links(&self, case: &Case, page: &Page, _: &[Recorded]) -> Vec<BesideLink> {
        if !page.visitor.staff() {
            return Vec::new();
        }
        let link = |tail: &str, key: &str| BesideLink {
            href: format!("/cases/{}/{tail}", case.number),
            text: page.t(key),
            is_open: false,
        };
        let mut links = vec![
            link("agreement", "hearings-beside-agreement"),
            link("sessions", "hearings-beside-sessions"),
            link("mediation", "hearings-beside-file"),
        ];
        links.push(BesideLink {
            href: format!("/bodies/{}#mediators", case.office.place.id()),
            text: page.t("hearings-beside-roster"),
            is_open: false,
        });
        if case.closed_at.is_none() && page.may(Permission::CaseHandle) {
            links.push(link("invitation", "hearings-beside-invite"));
            links.push(link("powers", "hearings-power-title"));
        }
        links
    }

    fn own_links(&self, case: &Case, page: &Page, record: Option<Uuid>) -> Vec<BesideLink> {
        let member = record.filter(|_| !page.visitor.staff()).and_then(|record| member_of(case, record));
        // Whoever left has no part in what goes on.
        if member.is_some_and(|member| record_of(case, member).is_none()) {
            return Vec::new();
        }
        let link = |tail: &str, key: &str| BesideLink {
            href: format!("/follow/{}/{tail}", case.number),
            text: page.t(key),
            is_open: false,
        };
        // While it is to be kept, it is a door at the top of her page.
        let is_below = agreement::is_seen_in(&case.state) && !agreement::is_kept_in(&case.state);
        let text = is_below.then(|| link("agreement", "hearings-beside-agreement"));
        let runs = case.closed_at.is_none() && !agreement::is_agreed_in(&case.state) && !page.visitor.staff();
        let powers = || link("powers", "hearings-power-title");
        let is_open = case.closed_at.is_none() && !page.visitor.staff();
        let own = runs.then(|| link("name", "hearings-name-title")).into_iter().chain(is_open.then(powers));
        text.into_iter().chain(own).collect()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        vec![(MEDIATION.to_owned(), self.classes.office.title.clone())]
    }

    fn words(&self, told: &'static str) -> &'static str {
        match told {
            "counter-receipt-sent" | "counter-receipt-accepted" => "hearings-receipt-sent",
            "counter-receipt-item" => "hearings-receipt-item",
            "counter-receipt-on" => "hearings-receipt-on",
            "counter-receipt-counter" => "hearings-receipt-where",
            "cases-office" | "cases-column-office" => "hearings-receipt-office",
            "cases-talk-send" => "hearings-case-send",
            "cases-hand-none" => "hearings-hand-none",
            "cases-late-applicant" => "hearings-case-late-person",
            "counter-receipt-code-text" => "hearings-receipt-code-text",
            "counter-receipt-follow" => "hearings-receipt-follow",
            told => told,
        }
    }

    /// A mediator has no tie to a party, a matter goes down only where there is a level below, and what is agreed,
    /// asked of a court and said to be done is what it is said to be.
    fn check(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        // All that is asked of the log is asked of what is read here.
        let events = events_of(tx, asked.case)?;
        let events = events.as_slice();
        self.acts_rightly(tx, asked, events)?;
        self.agent_may(tx, asked, events)?;
        self.was_asked(asked, events)?;
        self.comes_as_asked(tx, asked, events)?;
        if ASKS.contains(&asked.action) {
            self.is_named(tx, asked)?;
            Self::answers_objection(asked, events)?;
            asks_of_text(tx, asked)?;
        }
        self.is_untied(tx, asked, events)?;
        if CHOOSES.contains(&asked.action) {
            self.may_be_chosen(tx, asked)?;
        }
        if asked.action == BEGIN {
            self.keeps_choice(tx, asked, events)?;
        }
        if matches!(asked.action, BEGIN | DRAFT | ORAL) {
            has_names(tx, asked, events)?;
        }
        if MEDIATES.contains(&asked.action) {
            self.check_mediator(tx, asked)?;
        }
        if asked.action == HAND_DOWN && asked.case.office.place == asked.case.place {
            return Err(Refusal::new(Why::HearingsLowest).into());
        }
        if side_of(asked.action).is_some() && is_unnamed(asked.fields) {
            return Err(Refusal::new(Why::HearingsPapersUnnamed).field(ALONG).into());
        }
        match asked.action {
            GO_UP | HAND_DOWN => self.said_what_goes(tx, asked),
            TO_COURT | COURT_AGAIN => Ok(in_time(asked, effect_day(events), &self.hall)?),
            SEAL => holds_from(asked, events, &self.hall),
            VARY => is_proposed(asked, events),
            ACCEPTED | PROLONGED | CONFIRMED => self.follows_court(tx, asked),
            DRAFT => has_content(tx, asked),
            ORAL => {
                holds_from(asked, events, &self.hall)?;
                has_content(tx, asked)
            }
            "performed" => is_done(tx, asked),
            _ => Ok(()),
        }
    }

    /// Until somebody mediates it, those who do for its body know of it; then nobody else of the office, or above it.
    fn is_for(&self, tx: &mut dyn Tx, case: &Case, actor: &Actor) -> Result<bool, Fault> {
        self.bodies.knows(tx, cases::district(case), case.id.0, actor)
    }

    fn hidden(&self, tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)], actor: &Actor) -> Result<BTreeSet<Uuid>, Fault> {
        self.bodies.others_of(tx, cases, actor)
    }

    fn known_inside(&self, tx: &mut dyn Tx, place: &PlacePath, actor: &Actor) -> Result<Option<Vec<Key>>, Fault> {
        let known = self.bodies.known_inside(tx, place, actor)?.into_iter();
        Ok(Some(known.map(|(district, id)| Key { district, id }).collect()))
    }

    /// What was said at an office before is not told where not both sides let it go along.
    fn untold(&self, tx: &mut dyn Tx, case: &Case, events: &[Recorded]) -> Result<Option<Untold>, Fault> {
        let stays = passing::stays(tx, &key(case))?;
        let events = if stays.is_empty() { BTreeSet::new() } else { untold(events, &stays) };
        Ok((!events.is_empty()).then_some(Untold { events, instead: "hearings-stayed" }))
    }

    /// What each side lets go along, and what came along from the office before.
    fn for_staff(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        _: &[Recorded],
    ) -> Result<Vec<(String, String)>, Fault> {
        let told = |papers: &str| {
            let known = PAPERS.into_iter().filter(|(code, _)| papers.split(' ').any(|paper| paper == *code));
            let names: Vec<String> = known.map(|(_, name)| page.t(name)).collect();
            let none = || page.t("hearings-along-none");
            if names.is_empty() { none() } else { names.join(page.lang.pick("、", ", ")) }
        };
        let coming = own::coming(tx, page, case)?.into_iter();
        let mut lines: Vec<(String, String)> = coming.map(|when| (page.t("hearings-arranged"), when)).collect();
        if let Some(stay) = passing::stays(tx, &key(case))?.last() {
            lines.push((page.t("hearings-along-came"), told(&stay.along)));
        }
        for one in passing::allowed(tx, &key(case))? {
            let side = page.t(&format!("hearings-side-{}", one.side));
            lines.push((page.t1("hearings-along-allowed", "side", side), told(&one.papers)));
        }
        Ok(lines)
    }

    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let case = happened.case;
        self.note_matter(tx, happened)?;
        following::follow(tx, &key(case), case, happened.recorded)?;
        let body = body_at(&self.bodies, &self.hall, tx, &case.office.place)?;
        weighing::stand(tx, case, body, &self.hall.calendar())?;
        let teller = rooms::Teller { channels: &self.channels, hall: &self.hall };
        let desk = self.desk()?;
        let procedure = desk.procedure_of(case)?;
        // What happened before is read only where this step takes a consent back.
        if asking::stays_away(happened.recorded, procedure) && asking::stays_away(&events_of(tx, case)?, procedure) {
            rooms::call_off_coming(tx, case, teller, happened.now)?;
        }
        rooms::let_go(tx, case, teller, happened.now)?;
        for one in happened.recorded {
            if let Event::Acted { action, fields, .. } = &one.event {
                self.follow(tx, case, action, fields, happened.now)?;
            }
        }
        if case.closed_at.is_some() { self.end(tx, case, happened.now) } else { Ok(()) }
    }

    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        let (case, day) = (change.after, change.zone.date(change.recorded.at));
        let department = case.office.department.clone().unwrap_or_default();
        let cell = Cell { place: case.place.clone(), department, day };
        let counted = counting::counts(&change.recorded.event);
        counted.into_iter().map(|indicator| Count { cell: cell.clone(), indicator, amount: 1 }).collect()
    }

    fn person(&self) -> Option<&'static str> {
        Some(FIRST)
    }
}
