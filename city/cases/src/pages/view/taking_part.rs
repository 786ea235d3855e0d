//! Who takes part in a case and how its clocks stand, as its page says it; and the states in which it stayed too long.

use std::collections::BTreeMap;

use kernel::calendar::{Calendar, Unit};
use kernel::case::{Case, CaseClock, Due, Event, Holder, Overstay, Party, Recorded};
use kernel::procedure::{PartyRule, Procedure};
use kernel::time::{Date, Instant};
use uuid::Uuid;
use vault::{Masked, PersonField};
use web::{Choice, Page};

use super::{Masks, limit_words};
use crate::Cases;
use crate::actions::Known;
use crate::kind::Kind;

/// What is known of those who take part: their masked fields, what the kind says of their consent, by role, and what
/// happened.
#[derive(Clone, Copy)]
pub(super) struct Sides<'s> {
    pub masks: &'s Masks,
    pub consents: &'s BTreeMap<String, Vec<String>>,
    pub events: &'s [Recorded],
}

impl Cases {
    /// What stands on the page beside what every case has. Of a case of the counter the page says clocks and applicant
    /// itself.
    pub(super) fn facts(
        &self,
        page: &Page,
        procedure: &Procedure,
        case: &Case,
        kind: Option<&dyn Kind>,
        sides: Sides<'_>,
    ) -> Vec<(String, String)> {
        let mut facts = Vec::new();
        if case.service.is_none() {
            let until = |clock: &str| kind.and_then(|kind| kind.clock_until(case, clock, sides.events));
            facts.extend(self.clocks(page, procedure, case, until));
            facts.extend(self.parties(page, procedure, case, sides));
        }
        facts.extend(kind.map(|kind| kind.facts(case, page)).unwrap_or_default());
        facts
    }

    /// The clocks of a case. `until` gives the last day of one that its kind counts by a law of its own.
    fn clocks(
        &self,
        page: &Page,
        procedure: &Procedure,
        case: &Case,
        until: impl Fn(&str) -> Option<Date>,
    ) -> Vec<(String, String)> {
        let calendar = self.hall.calendar();
        let mut rules: Vec<_> = procedure.clocks.iter().collect();
        rules.sort_by_key(|(_, rule)| rule.order);
        let mut lines = Vec::new();
        for (name, rule) in rules {
            if let Some(clock) = case.clock(name) {
                lines.push((page.of(&rule.title).to_owned(), clock_words(page, &calendar, clock, until(name))));
            }
        }
        lines
    }

    fn parties(&self, page: &Page, procedure: &Procedure, case: &Case, sides: Sides<'_>) -> Vec<(String, String)> {
        let mut rules: Vec<_> = procedure.parties.iter().collect();
        rules.sort_by_key(|(_, rule)| rule.order);
        let mut lines = Vec::new();
        for (role, rule) in rules {
            let said = sides.consents.get(role).map(Vec::as_slice).unwrap_or_default();
            for (number, party) in case.parties_of(role).iter().enumerate() {
                let who = self.who(page, party, sides.masks);
                let line = match said.get(number) {
                    Some(said) => page.t2("cases-party-said", "who", who, "said", said),
                    None => consent(page, rule, party, who),
                };
                lines.push((page.of(&rule.title).to_owned(), line));
            }
        }
        lines
    }

    fn who(&self, page: &Page, party: &Party, masks: &Masks) -> String {
        match &party.holder {
            Holder::Record(record) => masked_name(page, masks.get(record)),
            Holder::Account(_) => page.t("cases-party-account"),
            Holder::Unit(unit) => self.office_name(&unit.place, unit.department.as_deref(), page.lang),
            Holder::Organisation { code, .. } => code.clone(),
            Holder::Nobody => page.t("cases-party-nobody"),
        }
    }

    /// Those whose sealed records can be opened, each with its role and masked name.
    pub(super) fn sealed(page: &Page, procedure: &Procedure, known: &Known, masks: &Masks) -> Vec<Choice> {
        let role = |record: Uuid| {
            let held = |parties: &Vec<Party>| parties.iter().any(|party| party.holder == Holder::Record(record));
            let found = known.case.parties.iter().find(|(_, parties)| held(parties));
            let rule = found.and_then(|(role, _)| procedure.parties.get(role));
            rule.map(|rule| page.of(&rule.title).to_owned()).unwrap_or_default()
        };
        let choice = |record: Uuid| {
            let text = format!("{} {}", role(record), masked_name(page, masks.get(&record)));
            Choice::new(record.to_string(), text.trim(), "")
        };
        known.records().into_iter().map(choice).collect()
    }

    /// The states in which a case stayed longer than its procedure allows, a sentence each: those that it left too
    /// late, and the one that it is in.
    pub(super) fn waited(
        page: &Page,
        calendar: &Calendar,
        procedure: &Procedure,
        case: &Case,
        events: &[Recorded],
    ) -> Vec<String> {
        let title = |state: &str| {
            let state = procedure.states.get(state);
            state.map(|state| page.of(&state.title).to_owned()).unwrap_or_default()
        };
        let told = |due: Due| due.at.map_or_else(|| page.date(due.on), |at| page.minute(at));
        let left = |stay: &Overstay| {
            let due = told(Due { on: stay.due, at: due_at(events, stay) });
            let words = [("state", title(&stay.state)), ("due", due), ("left", page.minute(stay.left_at))];
            let words: Vec<(&str, &str)> = words.iter().map(|(name, text)| (*name, text.as_str())).collect();
            page.text("cases-waited", &words)
        };
        let now = case.latest.filter(|due| case.closed_at.is_none() && due.is_over(calendar, page.now));
        let now = now.map(|due| page.t2("cases-waits-too-long", "state", title(&case.state), "due", told(due)));
        case.overstays.iter().map(left).chain(now).collect()
    }
}

/// The moment until which a state should have been left that was left too late, as it was counted while it lasted; none
/// where only the day was counted.
fn due_at(events: &[Recorded], stay: &Overstay) -> Option<Instant> {
    let left = |one: &Recorded| one.at == stay.left_at && matches!(one.event, Event::Acted { overdue: Some(_), .. });
    let before = events.iter().take_while(|one| !left(one));
    let counted = before.filter_map(|one| match &one.event {
        Event::Opened(opened) => Some(opened.latest),
        Event::Acted { latest: Some(latest), .. } => Some(Some(*latest)),
        Event::Recomputed(counted) => Some(counted.latest),
        _ => None,
    });
    counted.last().flatten().filter(|due| due.on == stay.due).and_then(|due| due.at)
}

fn masked_name(page: &Page, fields: Option<&Masked>) -> String {
    let name = fields.and_then(|fields| fields.get(&PersonField::Name)).cloned();
    name.unwrap_or_else(|| page.t(if fields.is_some() { "cases-party-unnamed" } else { "cases-person-erased" }))
}

fn consent(page: &Page, rule: &PartyRule, party: &Party, who: String) -> String {
    match party.consented_at {
        _ if !rule.must_consent => who,
        Some(at) => page.t2("cases-party-consents", "who", who, "at", page.minute(at)),
        None => page.t1("cases-party-no-consent", "who", who),
    }
}

/// How a clock stands: by when it is due, when it ended, or what it will count. `until` is the last day of one that has
/// started, where its kind gives another one.
fn clock_words(page: &Page, calendar: &Calendar, clock: &CaseClock, until: Option<Date>) -> String {
    let Some(deadline) = clock.deadline(calendar, page.now) else {
        return clock.on.map_or_else(|| limit_words(page, clock.limit), |date| page.date(date));
    };
    let hours = matches!(clock.limit.unit, Unit::WorkingHour | Unit::UrgentHour) && clock.on.is_none();
    let due = if hours { page.minute(deadline.due) } else { page.date(until.unwrap_or(deadline.due_on)) };
    let open = deadline.provisional && clock.ended.is_none();
    let due = if open { page.t1("cases-date-provisional", "date", due) } else { due };
    match clock.ended {
        Some(at) => page.t2("cases-clock-ended", "due", due, "at", page.minute(at)),
        None if clock.stands() => page.t1("cases-clock-stands", "due", due),
        None => due,
    }
}
