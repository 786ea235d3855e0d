//! Mediations as a kind of cases: what the desk of cases shows and says of them, what must hold before an agreement is
//! drafted, a court asked or a case closed, what is counted, and how long the file is kept.

mod agreed;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};

use bodies::{Begun, Bodies, Choosing, Matter};
use cases::kind::{Asked, Change, Count, Happened, Kind, Series, Untold};
use cases::{Cases, Key, events_of};
use hall::{Fault, Hall};
use house::BesideLink;
use kernel::case::{Case, Event, HOW_SAID, Holder, Recorded};
use kernel::figure::Cell;
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Actor, ActorKind, Permission};
use kernel::place::{PlaceId, PlacePath};
use kernel::procedure::By;
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant, date_plus_days};
use store::Tx;
use uuid::Uuid;
use web::Page;

use crate::actions::{passing as following, rooms, weighing};
use crate::records::{inside, passing};
use crate::refusals::Why;
use crate::rules::court::{CourtDays, accepts_by, decides_by};
use crate::rules::passing::{is_unnamed, side_of, untold};
use crate::rules::{agreement, counting, noted};
use crate::words::inside::CourtRow;
use crate::words::passing::{ALONG, PAPERS, SAYS};
use crate::words::{
    ACCEPTED, AUTHORITY, CLASS, CONFIRMED, COURT_AGAIN, Classes, DOCUMENT, DRAFT, FIRST, GO_UP, HAND_DOWN,
    HEARINGS_COURT_ACCEPTS, HEARINGS_COURT_DECIDES, HEARINGS_COURT_MORE, HEARINGS_FILE_KEPT, MEDIATES, MEDIATION,
    MEDIATOR, ORAL, PROLONGED, SEAL, SIDES, TIE, TO_COURT, VARY,
};
use agreed::{day_of, effect_day, has_content, holds_from, in_time, is_done, is_proposed, takes_effect};

/// The letter before the numbers of mediations (调).
const LETTER: char = 'T';

/// Mediations, as the desk of cases knows them.
pub struct Mediations {
    classes: Arc<Classes>,
    hall: Arc<Hall>,
    bodies: Arc<Bodies>,
    /// The desk that has this kind.
    cases: Weak<Cases>,
}

impl Mediations {
    /// Makes the kind over the classes of disputes, the rosters of mediators, and the desk that has it.
    #[must_use]
    pub const fn new(classes: Arc<Classes>, hall: Arc<Hall>, bodies: Arc<Bodies>, cases: Weak<Cases>) -> Self {
        Self { classes, hall, bodies, cases }
    }

    fn desk(&self) -> Result<Arc<Cases>, Fault> {
        self.cases.upgrade().ok_or_else(|| Fault::Broken("the desk of cases is closed".to_owned()))
    }

    /// From the first talk on, of all staff only the mediator acts, and what a side took back herself nobody gives
    /// again for her, unless she did so on paper.
    fn acts_rightly(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
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
        if noted::is_on_paper(asked.fields) || !noted::took_back(&events_of(tx, asked.case)?, procedure, role) {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsTookBack).field(HOW_SAID).into())
    }

    /// The days that the rulebook gives a court that was asked on a day.
    fn court_days(&self, case: &Case, on: Date) -> Result<CourtDays, Fault> {
        Ok(CourtDays {
            accepts: self.hall.figure_at(HEARINGS_COURT_ACCEPTS, &case.place, on)?,
            decides: self.hall.figure_at(HEARINGS_COURT_DECIDES, &case.place, on)?,
            more: self.hall.figure_at(HEARINGS_COURT_MORE, &case.place, on)?,
        })
    }

    /// What is noted of a court comes after it was asked, and not before it happened.
    fn follows_court(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let court = inside::court(tx, &key(asked.case))?;
        let not_accepted = || Fault::from(Refusal::new(Why::HearingsCourtNotAccepted));
        if asked.action == PROLONGED {
            return court.and_then(|court| court.accepted_on).map(drop).ok_or_else(not_accepted);
        }
        let today = self.hall.day((self.hall.clock)());
        for name in ["accepted_on", "confirmed_on"] {
            let Some(day) = day_of(asked.fields, name) else { continue };
            if day > today || court.as_ref().is_some_and(|court| day < court.sent_on) {
                return Err(Refusal::new(Why::HearingsDay).field(name).into());
            }
        }
        Ok(())
    }

    /// What a step changes beside the case: which clauses are to be kept, and the days of the court.
    fn follow(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        action: &str,
        fields: &BTreeMap<String, String>,
        now: Instant,
    ) -> Result<(), Fault> {
        let (key, today) = (key(case), self.hall.day(now));
        if matches!(action, SEAL | ORAL) {
            return takes_effect(tx, &key);
        }
        if action == TO_COURT {
            let sent_on = day_of(fields, "sent_on").unwrap_or(today);
            let days = self.court_days(case, sent_on)?;
            let accepts_by = accepts_by(sent_on, days).ok_or_else(beyond)?;
            let (accepted_on, decides_by, ended_at) = (None, None, None);
            let court = CourtRow { sent_on, accepts_by, accepted_on, decides_by, is_prolonged: false, ended_at };
            return Ok(inside::put_court(tx, &key, &court)?);
        }
        let Some(mut court) = inside::court(tx, &key)?.filter(|court| court.ended_at.is_none()) else {
            return Ok(());
        };
        match action {
            ACCEPTED => court.accepted_on = Some(day_of(fields, "accepted_on").unwrap_or(today)),
            PROLONGED => court.is_prolonged = true,
            _ if case.state != AT_COURT => court.ended_at = Some(now),
            _ => return Ok(()),
        }
        if let Some(accepted_on) = court.accepted_on {
            let days = self.court_days(case, court.sent_on)?;
            court.decides_by = Some(decides_by(accepted_on, court.is_prolonged, days).ok_or_else(beyond)?);
        }
        Ok(inside::put_court(tx, &key, &court)?)
    }

    /// A case that ended has no clause to be kept any more, and its file is kept as long as the rulebook says.
    fn end(&self, tx: &mut dyn Tx, case: &Case, now: Instant) -> Result<(), Fault> {
        let (key, on) = (key(case), self.hall.day(now));
        inside::set_active(tx, &key, false)?;
        let Some(file) = inside::file(tx, &key)? else { return Ok(()) };
        let days = self.hall.figure_at(HEARINGS_FILE_KEPT, &case.place, on)?;
        let until = date_plus_days(on, days).ok_or_else(beyond)?;
        Ok(self.hall.vault.retain_until(tx, key.district, file.record, Some(until))?)
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

    /// Whoever begins to mediate is on the roster of the office, and nothing ties him to a party.
    fn check_mediator(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let (case, answer) = (asked.case, |name: &str| asked.fields.get(name).map_or("", |text| text.trim()));
        let parties: Vec<&Holder> = case.parties.values().flatten().map(|party| &party.holder).collect();
        let choosing = Choosing {
            district: cases::district(case),
            office: &case.office.place,
            parties: &parties,
            name: answer(MEDIATOR),
            tie: answer(TIE),
            actor: asked.actor,
            fields: [MEDIATOR, TIE],
        };
        self.bodies.check_mediator(tx, &choosing)
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
        let Event::Acted { fields, .. } = &recorded.event else { return Ok(()) };
        // The name that was typed lies sealed by now.
        let words = self.desk()?.words_of(tx, &key(case))?;
        let name = fields.get(MEDIATOR).map_or("", |name| words.read(name, ""));
        let begun = Begun { name, account: recorded.by.account };
        self.bodies.note_matter(tx, &matter, Some(begun), happened.now)
    }
}

/// The state in which a court has the agreement.
const AT_COURT: &str = "at_court";

fn beyond() -> Fault {
    Fault::Broken("a day of a mediation lies after the calendar".to_owned())
}

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
        case.fields.get(CLASS).cloned().unwrap_or_default()
    }

    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        Some(self.classes.get(item)?.title.get(lang).to_owned())
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let class = case.fields.get(CLASS).and_then(|code| self.classes.get(code));
        let class = class.map(|class| (page.t("hearings-fact-class"), page.of(&class.title).to_owned()));
        let said = [(AUTHORITY, "hearings-field-authority-name"), (DOCUMENT, "hearings-field-document")];
        let said = said.into_iter().filter_map(|(name, key)| Some((page.t(key), case.fields.get(name)?.clone())));
        class.into_iter().chain(said).collect()
    }

    fn links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
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
        }
        links
    }

    fn own_links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
        if !agreement::is_seen_in(&case.state) {
            return Vec::new();
        }
        let (href, text) = (format!("/follow/{}/agreement", case.number), page.t("hearings-beside-agreement"));
        vec![BesideLink { href, text, is_open: false }]
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
            "cases-late-applicant" => "hearings-case-late-person",
            "counter-receipt-code-text" => "hearings-receipt-code-text",
            "counter-receipt-follow" => "hearings-receipt-follow",
            told => told,
        }
    }

    /// A mediator has no tie to a party, a matter goes down only where there is a level below, and what is agreed,
    /// asked of a court and said to be done is what it is said to be.
    fn check(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        self.acts_rightly(tx, asked)?;
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
            TO_COURT | COURT_AGAIN => {
                let effect = effect_day(&events_of(tx, asked.case)?);
                Ok(in_time(asked, effect, self.hall.day((self.hall.clock)()))?)
            }
            SEAL => Ok(holds_from(asked, &self.hall)?),
            VARY => is_proposed(tx, asked),
            ACCEPTED | PROLONGED | CONFIRMED => self.follows_court(tx, asked),
            DRAFT => has_content(tx, asked),
            ORAL => {
                holds_from(asked, &self.hall)?;
                has_content(tx, asked)
            }
            "performed" => is_done(tx, asked),
            _ => Ok(()),
        }
    }

    /// Once somebody mediates it, nobody else of the office, or above it, knows of it.
    fn is_for(&self, tx: &mut dyn Tx, case: &Case, actor: &Actor) -> Result<bool, Fault> {
        Ok(self.bodies.is_mediator(tx, cases::district(case), case.id.0, actor)? != Some(false))
    }

    fn hidden(&self, tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)], actor: &Actor) -> Result<BTreeSet<Uuid>, Fault> {
        self.bodies.others_of(tx, cases, actor)
    }

    fn hidden_inside(&self, tx: &mut dyn Tx, place: &PlacePath, actor: &Actor) -> Result<Vec<Key>, Fault> {
        let others = self.bodies.others_inside(tx, place, actor)?.into_iter();
        Ok(others.map(|(district, id)| Key { district, id }).collect())
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
        let mut lines = Vec::new();
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
        weighing::stand(tx, case)?;
        rooms::let_go(tx, case, self.hall.day(happened.now))?;
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
