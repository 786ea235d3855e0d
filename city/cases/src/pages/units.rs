//! The units to which a case can be sent: those in which somebody holds a post by which she may handle it. Where nobody
//! does in the unit whose duty it is, the page says so and the one that stands in by rule is chosen.

use hall::Fault;
use kernel::case::Case;
use kernel::language::Lang;
use kernel::permission::Target;
use kernel::place::Level;
use kernel::procedure::{Action, Need, NeedKind};
use store::Tx;
use web::{Choice, Page};

use crate::Cases;
use crate::actions::Crew;

/// What is offered to whoever sends a case to a unit.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// The units, as a field holds them, with their names.
    offered: Vec<Choice>,
    /// The name of the unit whose duty it is.
    own: String,
    /// Nobody is there.
    is_empty: bool,
    /// The unit that stands in by rule, as a field holds it, and its name; none where somebody is there, or nowhere.
    stands_in: Option<(String, String)>,
}

/// The units to which a step can send a case, as the page of the case offers them.
#[derive(Clone, Debug)]
pub struct UnitsOffered {
    /// The name of the need that asks for one.
    pub need: String,
    /// What it is called.
    pub title: String,
    /// The units, as a field holds them, with their names.
    pub units: Vec<Choice>,
    /// Who gets the case where none is chosen, and that nobody is there; empty where the step does not say it.
    pub note: String,
    /// One has to be chosen: nobody is in the unit whose duty it is, and another stands in.
    pub must_choose: bool,
}

impl Units {
    /// The options of a need with one of them chosen. Where the case is handed to the unit, what stands below says who
    /// gets it if none is chosen.
    pub(super) fn for_need(&self, page: &Page, need: &Need, value: &str, is_handed: bool) -> (Vec<Choice>, String) {
        let asks_duty = is_handed && !need.required;
        let stands_in = self.stands_in.as_ref().filter(|_| asks_duty);
        let value = match stands_in {
            Some((unit, _)) if value.is_empty() => unit.as_str(),
            _ => value,
        };
        let options = self.offered.iter().map(|one| Choice { chosen: one.value == value, ..one.clone() }).collect();
        let note = match stands_in {
            _ if !asks_duty => String::new(),
            Some((_, name)) => page.t2("cases-unit-stands-in", "unit", &self.own, "instead", name),
            None if self.is_empty => page.t1("cases-unit-nobody", "unit", &self.own),
            None => page.t1("cases-unit-by-rule", "unit", &self.own),
        };
        (options, note)
    }
}

impl Cases {
    /// The units to which a step can send a case; none where it asks for no unit.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn units_offered(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        action: &Action,
    ) -> Result<Option<UnitsOffered>, Fault> {
        let Some(need) = action.needs.iter().find(|need| need.kind == NeedKind::Unit) else { return Ok(None) };
        let found = self.units(tx, page, case, [action])?;
        let is_handed = action.hands_to.as_deref() == Some(need.name.as_str());
        let (units, note) = found.for_need(page, need, "", is_handed);
        Ok(Some(UnitsOffered {
            need: need.name.clone(),
            title: need.title.get(page.lang).to_owned(),
            units,
            note,
            must_choose: need.required || (is_handed && found.stands_in.is_some()),
        }))
    }

    /// The units that are offered in the steps of a case; none where no step asks for one.
    pub(super) fn units<'a>(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        steps: impl IntoIterator<Item = &'a Action>,
    ) -> Result<Units, Fault> {
        let mut needs = steps.into_iter().flat_map(|action| &action.needs);
        if !needs.any(|need| need.kind == NeedKind::Unit) {
            return Ok(Units::default());
        }
        let crew = self.crew(tx, case.residence(), page.today())?;
        let name = |unit: &Target| self.office_name(&unit.place, unit.department.as_deref(), page.lang);
        let stands_in = self.stand_in(tx, case, &crew)?;
        let kind = self.kinds.get(&case.kind);
        let is_passed_on = kind.map(|kind| kind.is_passed_on(tx, case)).transpose()?.unwrap_or_default();
        Ok(Units {
            offered: self.units_above(case, page.lang, &crew),
            own: name(&case.decider),
            is_empty: !crew.has(&case.decider) && !is_passed_on,
            stands_in: stands_in.map(|unit| (kept(&unit), name(&unit))),
        })
    }

    /// The units that are offered for a case: every department at its street, its district and the city, or where its
    /// kind says that it has its office, as far as somebody there may handle it.
    fn units_above(&self, case: &Case, lang: Lang, crew: &Crew) -> Vec<Choice> {
        let (departments, kind) = (self.departments_of(&case.kind), self.kinds.get(&case.kind));
        let seat = |code: &str| kind.as_ref().and_then(|kind| kind.seat(code));
        let mut found = Vec::new();
        for level in [Level::Street, Level::District, Level::City] {
            let Some(place) = case.residence().at(level) else { continue };
            for (code, _) in departments.iter().filter(|(code, _)| seat(code).is_none_or(|seat| seat == level)) {
                let unit = Target { place: place.clone(), department: Some(code.clone()) };
                if crew.has(&unit) {
                    found.push(Choice::new(kept(&unit), self.office_name(&place, Some(code), lang), "-"));
                }
            }
        }
        found
    }
}

/// A unit as a procedure keeps it: `sanitation@1.4.`.
fn kept(unit: &Target) -> String {
    format!("{}@{}", unit.department.as_deref().unwrap_or_default(), unit.place)
}
