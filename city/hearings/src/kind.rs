//! Mediations as a kind of cases: what the desk of cases shows and says of them, what must hold before an agreement is
//! drafted, a court asked or a case closed, what is counted, and how long the file is kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use bodies::{Begun, Bodies, Choosing, Matter};
use cases::kind::{Asked, Change, Count, Happened, Kind, Series};
use cases::{Cases, Key, events_of};
use hall::{Fault, Hall};
use house::BesideLink;
use kernel::case::{Case, Event, HOW_SAID, Holder, Recorded};
use kernel::figure::Cell;
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Actor, ActorKind, Permission};
use kernel::procedure::By;
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant, date_plus_days};
use store::Tx;
use web::Page;

use crate::actions::weighing;
use crate::records::inside;
use crate::refusals::Why;
use crate::rules::court::{CourtDays, accepts_by, decides_by};
use crate::rules::{agreement, counting, noted, paper};
use crate::words::inside::CourtRow;
use crate::words::{
    ACCEPTED, CLASS, CONFIRMED, COURT, COURT_AGAIN, Classes, DRAFT, EFFECT_ON, FIRST, HAND_DOWN,
    HEARINGS_COURT_ACCEPTS, HEARINGS_COURT_DECIDES, HEARINGS_COURT_MORE, HEARINGS_FILE_KEPT, MEDIATES, MEDIATION,
    MEDIATOR, ORAL, PROLONGED, PROPOSE_CHANGE, SEAL, TALKS, TIE, TO_COURT, VARY,
};

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
            return Ok(inside::set_active(tx, &key, true)?);
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

/// The day that an answer names; none where it names none.
fn day_of(fields: &BTreeMap<String, String>, name: &str) -> Option<Date> {
    fields.get(name)?.trim().parse().ok()
}

/// The day from which an agreement holds, as it was entered; none in cases of before, where it was not asked for.
fn effect_day(events: &[Recorded]) -> Option<Date> {
    events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, .. } if matches!(action.as_str(), SEAL | ORAL) => day_of(fields, EFFECT_ON),
        _ => None,
    })
}

/// An agreement holds from a day of the mediation, not ahead.
fn holds_from(asked: &Asked<'_>, hall: &Hall) -> Result<(), Refusal> {
    let Some(day) = day_of(asked.fields, EFFECT_ON) else { return Ok(()) };
    let begun = asked.case.clock(TALKS).and_then(|clock| clock.started).map(|begun| hall.day(begun));
    if day > hall.day((hall.clock)()) || begun.is_some_and(|begun| day < begun) {
        return Err(Refusal::new(Why::HearingsEffectDay).field(EFFECT_ON));
    }
    Ok(())
}

/// A change was written down before both signed it; in cases of before it is written down with the step.
fn is_proposed(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    if asked.fields.contains_key("change") {
        return Ok(());
    }
    let events = events_of(tx, asked.case)?;
    let last = events.iter().rev().filter_map(paper::step).find(|step| matches!(*step, VARY | PROPOSE_CHANGE));
    if last == Some(PROPOSE_CHANGE) { Ok(()) } else { Err(Refusal::new(Why::HearingsNoChange).into()) }
}

/// The last day on which both may ask the court: so many days from the day of effect on.
fn court_until(case: &Case, effect: Option<Date>) -> Option<Date> {
    let clock = case.clock(COURT)?;
    effect.and_then(|from| date_plus_days(from, i64::from(clock.limit.amount))).or(clock.due)
}

/// Both have asked the court, or are asked about it again, within the days of the law or not at all.
fn in_time(asked: &Asked<'_>, effect: Option<Date>, today: Date) -> Result<(), Refusal> {
    let day = if asked.action == COURT_AGAIN { Some(today) } else { day_of(asked.fields, "sent_on") };
    let Some(day) = day else { return Ok(()) };
    match court_until(asked.case, effect) {
        Some(last) if day > last => Err(Refusal::new(Why::HearingsCourtLate).field("sent_on").with("date", last)),
        _ if day > today => Err(Refusal::new(Why::HearingsDay).field("sent_on")),
        _ => Ok(()),
    }
}

/// An agreement has a content before it is drafted or holds by word of mouth: what the law asks of it (第二十九条), and
/// what both consented to as it stands now.
fn has_content(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    let case = asked.case;
    let file = inside::file(tx, &key(case))?;
    let is_older = |changed: Instant| {
        let mut parties = case.parties.values().flatten();
        parties.any(|party| party.consented_at.is_some_and(|given| given < changed))
    };
    if file.as_ref().is_some_and(|file| is_older(file.changed_at)) {
        return Err(Refusal::new(Why::HearingsTextNewer).into());
    }
    // Cases of before may say it in one text.
    if asked.fields.get("clauses").is_some_and(|text| !text.trim().is_empty()) {
        return Ok(());
    }
    if inside::clauses(tx, &key(case))?.is_empty() {
        return Err(Refusal::new(Why::HearingsNoClauses).into());
    }
    let is_headed = file.is_some_and(|file| !file.sealed.is_empty());
    if is_headed || asked.action != DRAFT { Ok(()) } else { Err(Refusal::new(Why::HearingsNoHead).into()) }
}

/// What is said to be done is done clause by clause.
fn is_done(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    match inside::undone(tx, &key(asked.case))? {
        0 => Ok(()),
        count => Err(Refusal::new(Why::HearingsClausesOpen).with("count", count).into()),
    }
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
        class.map(|class| (page.t("hearings-fact-class"), page.of(&class.title).to_owned())).into_iter().collect()
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
        match asked.action {
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

    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let case = happened.case;
        self.note_matter(tx, happened)?;
        weighing::stand(tx, case)?;
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
