//! Offices that handle cases: what they are called, and whether anybody holds a post by which she may work there. No
//! case is sent to a unit where it would wait for nobody.

use hall::Fault;
use kernel::case::{Case, Command};
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Permission, Target};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::Date;
use store::{StoreError, Tx};
use uuid::Uuid;

use super::{Doing, known};
use crate::Cases;
use crate::refusals::Why;
use crate::{records, rules};

/// The most kinds of posts of one place that are looked at. A bound of the machine.
const POSTS: i64 = 1_000;

/// Where posts are held by which somebody may handle cases, each with the one department to which it is limited.
pub(crate) struct Crew(Vec<Target>);

impl Crew {
    /// Whether somebody may handle what lies with a unit.
    pub(crate) fn has(&self, unit: &Target) -> bool {
        let reaches = |post: &Target| {
            post.place.contains(&unit.place) && (post.department.is_none() || post.department == unit.department)
        };
        self.0.iter().any(reaches)
    }
}

impl Cases {
    /// Name of the office that decides: its place and the department.
    pub fn office_name(&self, place: &PlacePath, department: Option<&str>, lang: Lang) -> String {
        let tree = self.hall.places.tree();
        let at = tree.get(place.id()).map(|place| place.named(lang).to_owned()).unwrap_or_default();
        match department.and_then(|code| self.department(code)) {
            Some(name) => rules::offices::office_words(&at, &name, lang),
            None => at,
        }
    }

    /// Who may handle cases at a place on a day: the posts there and at every place above it.
    pub(crate) fn crew(&self, tx: &mut dyn Tx, place: &PlacePath, on: Date) -> Result<Crew, StoreError> {
        let (mut posts, mut here) = (Vec::new(), Some(place.clone()));
        while let Some(at) = here {
            for post in identity::held_posts(tx, &at, on, POSTS)? {
                let role = self.roles.get(&post.role);
                if role.is_some_and(|role| role.permissions.contains(&Permission::CaseHandle)) {
                    posts.push(Target { place: at.clone(), department: post.department });
                }
            }
            here = at.parent();
        }
        Ok(Crew(posts))
    }

    /// The first of the units that stand in by rule for the one whose duty a case is, in which somebody may handle it.
    /// None where somebody may in the unit itself, or another platform puts it right.
    ///
    /// # Errors
    /// A failure of the store.
    pub(crate) fn stand_in(&self, tx: &mut dyn Tx, case: &Case, crew: &Crew) -> Result<Option<Target>, Fault> {
        let Some(kind) = self.kinds.get(&case.kind) else { return Ok(None) };
        if crew.has(&case.decider) || kind.is_passed_on(tx, case)? {
            return Ok(None);
        }
        Ok(kind.stands_in(case).into_iter().find(|unit| *unit != case.decider && crew.has(unit)))
    }

    /// Refuses a step that hands a case to a unit where nobody may handle it: one that was chosen, and the one whose
    /// duty it is as long as there is another that stands in.
    ///
    /// # Errors
    /// Nobody is there, or a failure of the store.
    pub(super) fn somebody_is_there(&self, tx: &mut dyn Tx, case: &Case, doing: &Doing<'_>) -> Result<(), Fault> {
        let Command::Act { action, fields, .. } = doing.command else { return Ok(()) };
        let procedure = self.procedure_of(case)?;
        let Some(need) = procedure.actions.get(action).and_then(|action| action.hands_to.as_ref()) else {
            return Ok(());
        };
        let on = self.hall.day(doing.now);
        let Some(unit) = fields.get(need).and_then(|answer| unit_of(answer)) else {
            let crew = self.crew(tx, &case.place, on)?;
            let Some(instead) = self.stand_in(tx, case, &crew)? else { return Ok(()) };
            let refusal = Refusal::new(Why::CaseUnitUnmanned).field(need);
            let refusal = refusal.with_both("unit", &self.office_in_both(&case.decider));
            return Err(refusal.with_both("instead", &self.office_in_both(&instead)).into());
        };
        if self.crew(tx, &unit.place, on)?.has(&unit) {
            return Ok(());
        }
        let refusal = Refusal::new(Why::CaseUnitEmpty).field(need);
        Err(refusal.with_both("unit", &self.office_in_both(&unit)).into())
    }

    /// Refuses an office that gets a case, or that is asked for its opinion, in which nobody may handle it.
    ///
    /// # Errors
    /// Nobody is there, or a failure of the store.
    pub(crate) fn somebody_is_at(&self, tx: &mut dyn Tx, office: &Target, on: Date) -> Result<(), Fault> {
        if self.crew(tx, &office.place, on)?.has(office) {
            return Ok(());
        }
        let refusal = Refusal::new(Why::CaseOfficeEmpty).field("department");
        Err(refusal.with_both("unit", &self.office_in_both(office)).into())
    }

    fn office_in_both(&self, office: &Target) -> Bilingual {
        let [zh, en] =
            [Lang::Zh, Lang::En].map(|lang| self.office_name(&office.place, office.department.as_deref(), lang));
        Bilingual::new(zh, en)
    }
}

/// The unit with which a case lies, of another case than the one at hand; none where there is no such case.
///
/// # Errors
/// A failure of the store, or a case that cannot be read.
pub fn decider_of(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Target>, Fault> {
    let Some(folded) = records::find(tx, district, id)? else { return Ok(None) };
    Ok(Some(known(&folded)?.case.decider))
}

/// The unit that an answer names, as the procedure keeps it: `sanitation@1.4.`.
fn unit_of(answer: &str) -> Option<Target> {
    let (department, place) = answer.trim().split_once('@')?;
    Some(Target { place: PlacePath::parse(place).ok()?, department: Some(department.to_owned()) })
}
