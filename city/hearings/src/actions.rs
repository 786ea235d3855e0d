//! Brings a dispute as somebody, and keeps a hearing point, each in one transaction. `inside` holds what is written
//! into the file of a mediation, `reading` what is read of it, `passing` what goes along to another office.

pub mod consents;
pub mod guarding;
pub mod inside;
pub mod inviting;
pub mod joining;
pub mod naming;
pub mod opinions;
pub mod passing;
pub mod power_files;
pub mod powers;
pub mod reading;
pub mod representing;
pub mod rooms;
pub mod siding;
pub mod talks;
pub mod told;
pub mod weighing;

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Arisen, Cases, NewCase};
use counter::Applied;
use hall::Fault;
use kernel::case::{Case, CaseId, Holder, Opening, Party, Relation};
use kernel::identifier::CaseNumber;
use kernel::language::Lang;
use kernel::permission::{Actor, Scope, Target, may};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person, PersonField};

use crate::Hearings;
use crate::permissions::May;
use crate::records;
use crate::rules;
use crate::rules::people::most;
use crate::words::{
    AUTHORITY, Bringing, CLASS, Class, DETAIL, DOCUMENT, FACTS, FIRST, MEDIATION, Matter, Motion, SECOND, SIDES, Side,
};

impl Hearings {
    /// Takes a dispute in: the case at the community, with what is sealed of both sides. Whoever mediates there may
    /// offer to mediate one for which nobody applied, and takes in what another authority transferred; then both sides
    /// are still to be asked. An opinion from which whoever keeps the hearing point brought it is settled with it; one
    /// that was settled meanwhile stays as it is. Sent twice it answers the first.
    ///
    /// # Errors
    /// What is missing or wrong, by its field; no post of a mediator there; or a failure.
    pub async fn bring(
        self: &Arc<Self>,
        bringing: Bringing,
        actor: Actor,
        once: String,
        now: Instant,
        opinion: Option<CaseNumber>,
    ) -> Result<Applied, Fault> {
        if let Some(refusal) = rules::faults(&bringing, self.sides_most()).into_iter().next() {
            return Err(refusal.into());
        }
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let applied = desk.brought(tx, &bringing, &actor, &once, now)?;
            if let Some(opinion) = opinion.as_ref().filter(|_| !applied.again) {
                let (case, origin, actor) = (&applied.case, opinion.as_str(), &actor);
                desk.arose(tx, &Arisen { case, origin, actor, now })?;
            }
            Ok::<_, Fault>(applied)
        };
        self.hall.store.write(write).await
    }

    /// The most people of each side of a new mediation, as its procedure has it.
    pub(crate) fn sides_most(&self) -> [usize; 2] {
        let procedure = self.cases.procedures().get(MEDIATION);
        SIDES.map(|side| procedure.map_or(usize::MAX, |procedure| most(procedure, side)))
    }

    pub(crate) fn brought(
        &self,
        tx: &mut dyn Tx,
        bringing: &Bringing,
        actor: &Actor,
        once: &str,
        now: Instant,
    ) -> Result<Applied, Fault> {
        let community = &bringing.community;
        let [more_own, more_other] = &bringing.more;
        let all = |one: &Side, more: &[Side]| -> Vec<(Uuid, Side)> {
            std::iter::once(one).chain(more).map(|side| (Uuid::now_v7(), side.clone())).collect()
        };
        let sides = [all(&bringing.own, more_own), all(&bringing.other, more_other)];
        let first = sides.first().and_then(|side| side.first()).map(|(record, _)| *record);
        let mut new = new_case(bringing, &sides, once);
        let sealed = |one: &(Uuid, Side)| sealed(&bringing.class, community.district(), one, now);
        new.records = sides.iter().flatten().map(sealed).collect();
        let applies = bringing.motion == Motion::Application;
        if applies {
            // Whoever brings it is the first of the first side.
            new.relation = first.map(Relation::of_record).unwrap_or_default();
        } else {
            may_offer(actor, community)?;
            // What he offered would be hidden from him where others mediate.
            if !self.bodies.mediates_for(tx, community, actor)? {
                return Err(Refusal::new(Code::PermissionConfidential).into());
            }
        }
        let case = self.cases.open(tx, &new, actor, now)?;
        let again = case.id != new.id;
        if !again {
            records::add_matter(tx, &matter(&case, bringing, now))?;
            let body = naming::body_at(&self.bodies, &self.hall, tx, &case.office.place)?;
            weighing::stand(tx, &case, body, &self.hall.calendar())?;
            records::triage::put(tx, weighing::at(&case), bringing.told)?;
        }
        // Where nobody applied, both sides get their codes with their invitations.
        let code = if applies { self.cases.give_code(tx, &case, FIRST, once, now)? } else { None };
        let record = Cases::sealed_party(&case, FIRST);
        Ok(Applied { case, record, code, again })
    }
}

/// The case of a dispute at its community, opened by whoever brings it.
fn new_case(bringing: &Bringing, sides: &[Vec<(Uuid, Side)>; 2], once: &str) -> NewCase {
    let community = &bringing.community;
    let office = Target { place: community.clone(), department: Some(MEDIATION.to_owned()) };
    let parties =
        |side: &Vec<(Uuid, Side)>| side.iter().map(|one| Party::new(Holder::Record(one.0))).collect::<Vec<Party>>();
    let [first, second] = sides.each_ref().map(parties);
    let transferred = bringing
        .transfer
        .iter()
        .flat_map(|transfer| [(AUTHORITY, transfer.name.as_str()), (DOCUMENT, transfer.document.as_str())]);
    let detail = Some((DETAIL, bringing.detail.as_str())).filter(|detail| !detail.1.is_empty());
    let said = [(FACTS, bringing.facts.trim()), (CLASS, bringing.class.code.as_str())];
    let fields = said.into_iter().chain(detail).chain(transferred);
    let opening = Opening {
        kind: MEDIATION.to_owned(),
        action: bringing.motion.step().to_owned(),
        number: String::new(),
        place: community.clone(),
        point: None,
        parties: BTreeMap::from([(FIRST.to_owned(), first), (SECOND.to_owned(), second)]),
        office,
        counter: Some(community.clone()),
        clocks: BTreeMap::new(),
        limits: BTreeMap::new(),
        // A file of a mediation opens for its mediators and its parties alone.
        confidential: true,
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        service: None,
    };
    NewCase {
        id: CaseId(Uuid::now_v7()),
        procedure: MEDIATION.to_owned(),
        opening,
        records: Vec::new(),
        applicant: None,
        relation: Relation::default(),
        once: once.to_owned(),
        said: said_of(bringing),
    }
}

/// The identity of the hearing point of a community, the same whenever it is kept.
#[must_use]
pub fn point_id(community: PlaceId) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("hearings point {community}").as_bytes())
}

/// What is said of the people of both sides, to tell whether the same was sent again.
fn said_of(bringing: &Bringing) -> String {
    let told = |side: &Side| [side.name.clone(), side.telephone.clone(), side.address.clone()];
    let both = format!("{:?}", [&bringing.own, &bringing.other].map(told));
    let more: Vec<[String; 3]> = bringing.more.iter().flatten().map(told).collect();
    if more.is_empty() { both } else { format!("{both} {more:?}") }
}

/// What the vault seals of one of the people of a side.
fn sealed(class: &Class, district: PlaceId, one: &(Uuid, Side), now: Instant) -> NewRecord {
    let (id, side) = (one.0, &one.1);
    let person = Person::new().with(PersonField::Name, &side.name);
    let telephone = side.telephone.as_str();
    let person = if telephone.is_empty() { person } else { person.with(PersonField::Telephone, telephone) };
    let address = side.address.as_str();
    let person = if address.is_empty() { person } else { person.with(PersonField::Address, address) };
    let purpose = class.title.get(Lang::Zh).to_owned();
    NewRecord { id, district, person, purpose, retain_until: None, at: now }
}

fn matter(case: &Case, bringing: &Bringing, now: Instant) -> Matter {
    Matter {
        district: cases::district(case),
        case_id: case.id.0,
        path: case.place.clone(),
        number: case.number.clone(),
        class: bringing.class.code.clone(),
        source: bringing.motion.source().to_owned(),
        stage: case.state.clone(),
        brought_at: now,
        authority: bringing.transfer.as_ref().map(|transfer| transfer.authority.clone()).unwrap_or_default(),
        detail: bringing.detail.clone(),
    }
}

/// Only whoever mediates at a community offers it there. A post for any matter would not see the case afterwards.
fn may_offer(actor: &Actor, community: &PlacePath) -> Result<(), Refusal> {
    let target = Target { place: community.clone(), department: Some(MEDIATION.to_owned()) };
    let grant = may(actor, May::HearingsMediate, &target)?;
    if grant.covers_explicitly(&target) { Ok(()) } else { Err(Refusal::new(Code::PermissionConfidential)) }
}

/// The places in which somebody mediates.
#[must_use]
pub fn mediates(actor: &Actor) -> Vec<PlacePath> {
    let own = |scope: &Scope| scope.department.as_deref() == Some(MEDIATION);
    actor.scopes(May::HearingsMediate).into_iter().filter(own).map(|scope| scope.place).collect()
}

/// The places in which somebody keeps hearing points.
#[must_use]
pub fn reach(actor: &Actor) -> Vec<PlacePath> {
    let scopes = actor.scopes(May::HearingsPoint).into_iter();
    scopes.map(|scope| scope.place).collect()
}
