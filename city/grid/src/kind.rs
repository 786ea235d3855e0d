//! Reports as a kind of cases: what the desk of cases shows and says of them, what must hold before one is joined to
//! another, and what is counted.

mod alike;
mod appeals;
mod asked;
mod danger;
mod lists;
mod own;
mod pictures;
mod proof;
mod said;
mod told;
mod ways;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, Weak};

use cases::kind::{
    Asked, Attaching, Change, Count, Done, Happened, Kind, Offer, Own, Picture, Pictures, Series, StepTold,
};
use cases::{Cases, Key};
use hall::{Fault, Hall};
use house::BesideLink;
use kernel::case::{Case, Event, Recorded};
use kernel::figure::{Cell, Indicator};
use kernel::identifier::CaseNumber;
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Permission, Scope, Target};
use kernel::place::{Level, PlaceId};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use papers::purpose::PurposeKey;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Page};

use crate::catalogue::Editions;
use crate::peers::Peers;
use crate::records::{self, handling, joined};
use crate::refusals::Why;
use crate::rules::{self, counting, stage};
use crate::words::{
    ADDRESS_FIELD, ASK_REPORTER, ASK_SHELVE, CHECKED, COMPOUND, DUTY, EDITION, HANDLE, KIND, MERGE, MERGED, OTHER,
    REPORT, REPORTER, Report, SHELVE, VERIFY,
};

pub use appeals::Appeals;
pub(crate) use danger::{heard_first, heard_from_unit, staff_say};
pub(crate) use pictures::{at as picture_at, caption, look_key, looked_at, shown as photo_shown};
pub(crate) use proof::needed as proof_needed;
pub(crate) use ways::{has_reporter, with_telephone};

/// The letter before the numbers of reports (网).
const LETTER: char = 'W';

/// Reports, as the desk of cases knows them.
pub struct Reports {
    catalogue: Arc<Editions>,
    hall: Arc<Hall>,
    /// The desk, which keeps this kind itself.
    cases: Weak<Cases>,
    /// Signs why somebody looks at photos.
    looks: PurposeKey,
    /// Other platforms that put reports right, once they are known.
    peers: OnceLock<Peers>,
}

impl Reports {
    /// Makes the kind over a catalogue, what all departments use, and the desk of cases.
    #[must_use]
    pub fn new(catalogue: Arc<Editions>, hall: Arc<Hall>, cases: Weak<Cases>) -> Self {
        let looks = look_key(&hall);
        Self { catalogue, hall, cases, looks, peers: OnceLock::new() }
    }

    /// Says which other platforms put reports right.
    pub fn know_peers(&self, peers: Peers) {
        drop(self.peers.set(peers));
    }
}

impl Kind for Reports {
    fn code(&self) -> &'static str {
        REPORT
    }

    fn series(&self) -> Series {
        Series::Own { name: REPORT, letter: LETTER }
    }

    fn subject(&self, case: &Case) -> String {
        let subject = |key: &String| Editions::subject(key, edition(case));
        let kind = case.fields.get(KIND).and_then(|key| self.catalogue.kind_of(&subject(key)));
        kind.map(|kind| Editions::subject(&kind.key(), edition(case))).unwrap_or_default()
    }

    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        self.catalogue.kind_of(item).map(|kind| kind.name.get(lang).to_owned())
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let Some(key) = case.fields.get(KIND) else { return Vec::new() };
        let Some((kind, condition)) = self.catalogue.condition_of(key, edition(case)) else { return Vec::new() };
        let system = self.catalogue.system(&kind.system).map(|system| system.name.get(page.lang));
        let mut facts = vec![
            (page.t("grid-fact-code"), format!("{} {}", system.unwrap_or_default(), kind.code)),
            (page.t("grid-fact-when"), condition.when.get(page.lang).to_owned()),
            (page.t("grid-fact-closes"), condition.closes.get(page.lang).to_owned()),
        ];
        facts.extend(self.full_code(kind, case, page).map(|told| (page.t("grid-fact-full"), told)));
        let duty = case.fields.get(DUTY).map(|code| page.t(&format!("grid-duty-{}", code.replace('_', "-"))));
        facts.extend(duty.map(|told| (page.t("grid-fact-duty"), told)));
        facts.extend(own::by_severity(case, page));
        if !kind.supervisor.is_empty() {
            facts.push((page.t("grid-fact-supervisor"), kind.supervisor.clone()));
        }
        facts.extend(self.compound(case).map(|name| (page.t("grid-fact-compound"), name)));
        facts.extend(case.fields.get(ADDRESS_FIELD).map(|told| (page.t("grid-fact-address"), told.clone())));
        facts
    }

    fn told(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let chain = self.hall.places.tree().chain(&case.place, page.lang);
        let wher = self.compound(case).into_iter().chain([chain]).collect::<Vec<_>>().join(" · ");
        let condition = case.fields.get(KIND).and_then(|key| self.catalogue.condition_of(key, edition(case)));
        let stands = condition.map(|(_, one)| (page.t("grid-fact-when"), one.when.get(page.lang).to_owned()));
        let written = case.fields.get(ADDRESS_FIELD).map(|told| (page.t("grid-told-address"), told.clone()));
        let told = stands.into_iter().chain([(page.t("grid-column-where"), wher)]).chain(written);
        told.chain(Self::by_when(page, case)).collect()
    }

    fn state_told(&self, state: &str) -> Option<&'static str> {
        told::state(state)
    }

    fn step_told(&self, action: &str) -> StepTold {
        told::step(action)
    }

    fn question_told(&self, need: &str) -> Option<&'static str> {
        told::question(need)
    }

    /// When the unit put it right, what it says, and its photos of the work; of a report that was joined to another,
    /// how that one stands.
    fn done(&self, tx: &mut dyn Tx, page: &Page, case: &Case, events: &[Recorded]) -> Result<Option<Done>, Fault> {
        if case.state == MERGED {
            return self.joined_to(tx, page, case);
        }
        let Some((at, said)) = stage::handled(events).filter(|_| stage::is_answered(&case.state)) else {
            return Ok(None);
        };
        let pictures = Self::of_work(tx, page, case, events)?;
        let facts = std::iter::once((page.t("grid-done-on"), page.full_date(at)));
        let facts = facts.chain(said.map(|said| (page.t("grid-done-what"), said.to_owned())));
        let why = proof::why_no_photo(page, events).map(|why| (page.t("grid-fact-no-photo"), why));
        Ok(Some(Done { facts: facts.chain(why).collect(), pictures, office: None }))
    }

    fn own(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
        _: Option<Uuid>,
    ) -> Result<Own, Fault> {
        let is_joined = case.state == MERGED;
        let into = if is_joined { handling::merged(tx, cases::district(case), case.id.0)? } else { None };
        let joined = match into {
            Some(into) => handling::state_of(tx, into.into_district, into.into_case)?,
            None => None,
        };
        let own = Self::own_of(page, case, events, joined.as_deref());
        self.with_alarm(tx, page, case, own)
    }

    /// Whoever hands in the work is told beforehand which photos are wanted of it, and whoever checks it which of them
    /// are missing.
    fn offered(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        steps: &[&str],
        _: Option<Uuid>,
    ) -> Result<Option<BTreeMap<String, Offer>>, Fault> {
        let mut offers = self.offers(page, case, steps);
        if let Some(offer) = offers.get_mut(HANDLE) {
            offer.notes.extend(self.proof_told(tx, page, case)?);
        }
        if let Some(offer) = offers.get_mut(VERIFY) {
            offer.notes.extend(self.proof_missing(tx, page, case)?);
            offer.choices.extend(self.ways_to_check(tx, page, case)?.map(|ways| (CHECKED.to_owned(), ways)));
        }
        Ok(Some(offers))
    }

    fn own_pictures(&self, tx: &mut dyn Tx, page: &Page, case: &Case, record: Uuid) -> Result<Vec<Picture>, Fault> {
        Self::of_reporter(tx, page, case, record)
    }

    fn pictures(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Option<Pictures>, Fault> {
        self.for_whoever_handles(tx, page, case)
    }

    /// Whoever says that it is put right shows what it was like before and what it is like now, in one go.
    fn attaches(&self, page: &Page, case: &Case, action: &str) -> Result<Option<Attaching>, Fault> {
        if action == HANDLE { self.proof(page, case).map(Some) } else { Ok(None) }
    }

    fn told_in_lists(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        cases: &[(PlaceId, Uuid)],
    ) -> Result<BTreeMap<Uuid, String>, Fault> {
        self.in_lists(tx, page, cases)
    }

    /// Those in which danger was heard.
    fn first_in_lists(&self, tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Key>, Fault> {
        let found = records::alarm::within(tx, scope, limit)?.into_iter();
        Ok(found.map(|place| Key { district: place.district, id: place.case_id }).collect())
    }

    /// She says herself whether it is done and how satisfied she is.
    fn asks_rating(&self) -> bool {
        false
    }

    /// That it speaks of danger, what was said last, who is asked first to look, what the unit handed in to whoever
    /// checks it, until when more time was given, and how many met with it.
    fn for_staff(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<Vec<(String, String)>, Fault> {
        let report = records::find(tx, cases::district(case), case.id.0)?.filter(|report| report.met > 1);
        let met = report.map(|report| (page.t("grid-fact-met"), page.t1("grid-met", "n", report.met)));
        let handed = stage::handled(events).filter(|_| case.state == "handled");
        let why = handed.and_then(|_| Some((page.t("grid-fact-no-photo"), proof::why_no_photo(page, events)?)));
        let handed = handed.and_then(|(at, said)| {
            let when = page.t1("grid-fact-handed", "at", page.minute(at));
            Some((when, said?.to_owned()))
        });
        let asked = self.asked_first(tx, page, case, events)?.into_iter();
        let said = self.said_last(page, case, events)?.into_iter();
        let danger = self.danger_told(tx, page, case)?.into_iter();
        let handed = danger.chain(said).chain(asked).chain(handed).chain(why);
        Ok(handed.chain(self.given_until(page, case)?).chain(met).collect())
    }

    fn following(&self, case: &Case, list: &str) -> Option<String> {
        lists::following(case, list)
    }

    fn joined(&self, page: &Page, number: &CaseNumber) -> Option<BesideLink> {
        Some(own::joined(page, number))
    }

    fn links(&self, case: &Case, page: &Page, events: &[Recorded]) -> Vec<BesideLink> {
        let is_asked = case.state == "disputed" || rules::forward::is_duty_decided(case, events);
        let duty = (is_asked && page.may(Permission::CaseSupervise)).then(|| BesideLink {
            href: format!("/report/duties?number={}", case.number),
            text: page.t("grid-beside-duty"),
            is_open: case.state == "disputed",
        });
        duty.into_iter().collect()
    }

    fn words(&self, told: &'static str) -> &'static str {
        match told {
            "counter-receipt-sent" | "counter-receipt-accepted" => "grid-receipt-sent",
            "counter-receipt-item" => "grid-receipt-item",
            "counter-receipt-on" => "grid-receipt-on",
            "counter-receipt-counter" => "grid-receipt-looks",
            "cases-office" => "grid-receipt-office",
            "cases-column-office" => "cases-column-handles",
            "cases-person" | "cases-by-applicant" => "grid-case-person",
            "cases-talk-send" => "grid-case-send",
            "cases-waits-counter" => "grid-case-waits",
            "cases-waits-own-counter" => "grid-case-waits-own",
            "cases-late-applicant" | "cases-waits-party" => "grid-case-late-person",
            "cases-notice-counter" | "cases-notice-office" => "grid-notice-desk",
            "cases-notice-supervised" => "grid-notice-supervised",
            "cases-notice-due" => "grid-notice-due",
            "cases-notice-late" => "grid-notice-late",
            "cases-notice-message" => "grid-notice-message",
            "cases-notice-applicant" | "cases-notice-party" => "grid-notice-own",
            "cases-notice" => "grid-notice-reporter",
            "counter-receipt-code-text" => "grid-receipt-code-text",
            "counter-receipt-follow" => "grid-receipt-follow",
            "counter-talk-send" => "grid-talk-send",
            "counter-turn-title" => "grid-turn-title",
            "counter-copy-proof" => "grid-copy-proof",
            "counter-copy-proof-hint" => "grid-copy-proof-hint",
            told => told,
        }
    }

    /// Whoever says that something is wrong in the street applies for nothing, and most say no name.
    fn has_applicant(&self) -> bool {
        false
    }

    fn answer_key(&self, answer: &str) -> Option<&'static str> {
        proof::told_of(answer)
    }

    fn own_answers(&self) -> &'static [&'static str] {
        &[DUTY, EDITION]
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        self.catalogue.units().iter().map(|unit| (unit.code.clone(), unit.name.clone())).collect()
    }

    fn seat(&self, department: &str) -> Option<Level> {
        self.catalogue.unit(department).map(|unit| unit.level)
    }

    fn alike(&self, tx: &mut dyn Tx, case: &Case, page: &Page) -> Result<Vec<Choice>, Fault> {
        self.likely(tx, case, page)
    }

    fn decider(&self, _: &mut dyn Tx, page: &Page, case: &Case) -> Result<Option<String>, Fault> {
        Ok(self.office_expected(page, case))
    }

    /// The units that get what is nobody else's: the street's, then the district's.
    fn stands_in(&self, case: &Case) -> Vec<Target> {
        let (tree, place) = (self.hall.places.tree(), &case.place);
        let last = |level: Level| {
            let unit = self.catalogue.last(level).filter(|_| place.at(level).is_some())?;
            Some(places::office_for(&tree, place, level, &unit.code))
        };
        [Level::Street, Level::District].into_iter().filter_map(last).collect()
    }

    /// A report goes to another platform each time it is sent to the unit whose duty it is by rule, also after it came
    /// back from there. Another unit that was chosen puts it right itself.
    fn is_passed_on(&self, tx: &mut dyn Tx, case: &Case) -> Result<bool, Fault> {
        let condition = case.fields.get(KIND).map(String::as_str).unwrap_or_default();
        let tree = self.hall.places.tree();
        let community = tree.at(&case.place).map(|place| place.code.as_str()).unwrap_or_default();
        if self.peers.get().is_none_or(|peers| peers.of(condition, community).is_none()) {
            return Ok(false);
        }
        Ok(rules::forward::is_by_rule(case, &cases::events_of(tx, case)?))
    }

    /// A report is joined only to one that this worker may see and that still goes on, also when the step leaves. Work
    /// is handed in, and counts as done, once there is proof of it, or it was said why there is none. What may be
    /// dangerous is never put off.
    fn check(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        match asked.action {
            MERGE => self.check_merge(tx, asked),
            HANDLE => self.check_handed_in(tx, asked),
            VERIFY => self.check_verified(tx, asked),
            ASK_REPORTER => ways::check_asks(asked.case),
            ASK_SHELVE | SHELVE => self.check_danger(tx, asked.case),
            _ => Ok(()),
        }
    }

    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let (case, district) = (happened.case, cases::district(happened.case));
        // Squares, then board, as where a report is added, so that no two transactions wait for each other.
        records::set_open(tx, district, case.id.0, case.closed_at.is_none())?;
        let unit = case.office.department.as_deref().unwrap_or_default();
        records::set_unit(tx, district, case.id.0, unit)?;
        handling::set_stage(tx, district, case.id.0, &case.state, self.hall.zone())?;
        let heard = records::alarm::of_case(tx, district, case.id.0)?;
        if case.closed_at.is_some() {
            joined::end(tx, district, case.id.0)?;
            records::alarm::end(tx, district, case.id.0)?;
        }
        for one in happened.recorded {
            let Event::Acted { action, fields, .. } = &one.event else { continue };
            let Some(number) = fields.get(OTHER).filter(|_| action == MERGE) else { continue };
            let from = records::find(tx, district, case.id.0)?;
            let into = self.by_number(tx, case, number)?;
            if let Some((from, into)) = from.zip(into) {
                handling::merge(tx, &from, &into, happened.now)?;
                records::alarm::carry(tx, heard.as_ref(), &into, happened.now)?;
            }
        }
        Ok(())
    }

    fn hears(&self, tx: &mut dyn Tx, case: &Case, said: &str, now: Instant) -> Result<Option<&'static str>, Fault> {
        self.heard_later(tx, case, said, now)
    }

    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        let (case, at) = (change.after, change.recorded.at);
        let counted = counting::counts(&change.recorded.event, case, change.calendar, at);
        let department = case.office.department.clone().unwrap_or_default();
        let cell = |day| Cell { place: case.place.clone(), department: department.clone(), day };
        // What is taken off was counted on the day on which it was reported.
        let day = |amount: i64| change.zone.date(if amount < 0 { case.opened_at } else { at });
        let own = counted.into_iter().map(|(indicator, amount)| Count { cell: cell(day(amount)), indicator, amount });
        own.chain(handed_over(change)).collect()
    }

    fn person(&self) -> Option<&'static str> {
        Some(REPORTER)
    }
}

impl Reports {
    /// How the report stands to which this one was joined, and who puts it right.
    fn joined_to(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Option<Done>, Fault> {
        let Some(merged) = handling::merged(tx, cases::district(case), case.id.0)? else { return Ok(None) };
        let state = handling::state_of(tx, merged.into_district, merged.into_case)?;
        let stands = state.as_deref().and_then(stage::outside).unwrap_or("grid-told-is-reported");
        let stands = page.t(stands);
        let office = cases::decider_of(tx, merged.into_district, merged.into_case)?;
        let office = office.map(|office| self.office(&office, page.lang));
        let facts = vec![(page.t("grid-done-joined"), merged.into_number), (page.t("grid-done-stands"), stands)];
        Ok(Some(Done { office, facts, pictures: Vec::new() }))
    }

    /// The name of the unit with which a report lies.
    fn office(&self, office: &Target, lang: Lang) -> String {
        let tree = self.hall.places.tree();
        let at = tree.get(office.place.id()).map(|place| place.named(lang)).unwrap_or_default();
        let unit = office.department.as_deref().and_then(|code| self.catalogue.unit(code));
        unit.map_or_else(|| at.to_owned(), |unit| cases::office_words(at, &unit.name, lang))
    }

    /// The name of the compound where it is, as far as that is known.
    /// The full code in the division in which it lies. A component has digits of its own behind it, which stand on the
    /// thing and are not kept here.
    fn full_code(&self, kind: &crate::catalogue::Kind, case: &Case, page: &Page) -> Option<String> {
        let tree = self.hall.places.tree();
        let code = kind.full_code(&tree.get(case.place.district())?.code)?;
        match self.catalogue.system(&kind.system)?.own_digits() {
            0 => Some(code),
            own => Some(page.t2("grid-fact-full-own", "code", code, "n", own)),
        }
    }

    fn compound(&self, case: &Case) -> Option<String> {
        let id: i64 = case.fields.get(COMPOUND)?.parse().ok()?;
        let ground = self.hall.places.geography_known()?;
        ground.compound(id).map(|(_, compound)| compound.name.clone())
    }

    /// The report of a number: of the district of another, or of the one that the number says.
    fn by_number(&self, tx: &mut dyn Tx, beside: &Case, number: &str) -> Result<Option<Report>, Fault> {
        let here = handling::by_number(tx, cases::district(beside), number)?;
        let Some(number) = CaseNumber::parse(number).ok().filter(|_| here.is_none()) else { return Ok(here) };
        let tree = self.hall.places.tree();
        let Some(district) = tree.by_code(&format!("{}000000", number.district_code())) else { return Ok(None) };
        Ok(handling::by_number(tx, district.id, number.as_str())?)
    }

    fn check_merge(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let refused = |why: Code| Err(Fault::from(Refusal::new(why).field(OTHER)));
        let typed = asked.fields.get(OTHER).map(|number| number.trim()).unwrap_or_default();
        if typed == asked.case.number {
            return refused(Why::GridMergeSelf);
        }
        let found = self.by_number(tx, asked.case, typed)?;
        let scopes = asked.actor.scopes(Permission::CaseRead);
        let may_see = |report: &Report| asked.leaves || scopes.iter().any(|scope| scope.place.contains(&report.path));
        let seen = found.filter(may_see);
        match seen {
            None => refused(Why::GridMergeUnknown),
            Some(report) if !report.open => refused(Why::GridMergeOver),
            Some(_) => Ok(()),
        }
    }
}

/// Takes from a unit what was counted to it of a report that another unit gets, and adds it to that one.
fn handed_over(change: &Change<'_>) -> Vec<Count> {
    let unit = |case: &Case| case.office.department.clone().unwrap_or_default();
    let Some(before) = change.before.filter(|before| unit(before) != unit(change.after)) else { return Vec::new() };
    let (from, to) = (unit(before), unit(change.after));
    let moved = |(indicator, at): (&'static Indicator, Instant)| {
        let cell =
            |unit: &String| Cell { place: before.place.clone(), department: unit.clone(), day: change.zone.date(at) };
        [(&from, -1), (&to, 1)].map(|(unit, amount)| Count { cell: cell(unit), indicator, amount })
    };
    counting::carried(before).into_iter().flat_map(moved).collect()
}

/// The edition of the catalogue under which a case was opened.
fn edition(case: &Case) -> i64 {
    case.fields.get(EDITION).and_then(|number| number.parse().ok()).unwrap_or_default()
}
