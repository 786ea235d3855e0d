//! This file makes a mobilisation for the demonstration: invented people who offer help, a call of one street with
//! shifts and needs, and its first plan.

use std::sync::Arc;

use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind};
use kernel::place::{Level, PlacePath};
use kernel::time::{Instant, date_plus_days};
use uuid::Uuid;

use crate::{May, Mobilization, NewCall, NewNeed, Offer, Part, Parts, Role, Roles, Span};
use hall::Fault;
use house::{Invented, OpenFault, Seed, Stage};

/// Says how many people offer help.
const PEOPLE: usize = 220;
/// Is the seed of the chance that decides who they are.
const SEED: u64 = 77;

/// Lets people offer help, begins a call and asks for a plan. The plan is made and sent off when the server runs.
///
/// # Errors
/// Fails with what the department refuses.
pub fn begin(desk: &Arc<Mobilization>, stage: &Stage) -> Result<(), OpenFault> {
    let (tree, now) = (desk.hall.places.tree(), stage.now);
    let inside = |level: Level, name: &str| {
        tree.of_level(level).find(|place| place.named(Lang::Zh) == name).map(|place| place.path.clone())
    };
    let (Some(district), Some(street)) = (inside(Level::District, stage.district), inside(Level::Street, stage.street))
    else {
        return Ok(());
    };
    let communities: Vec<PlacePath> = tree
        .of_level(Level::Community)
        .filter(|place| district.contains(&place.path))
        .map(|place| place.path.clone())
        .collect();
    let own: Vec<PlacePath> = communities.iter().filter(|place| street.contains(place)).cloned().collect();
    let (offers, joining) = (offers(stage.worker, &communities, &own), desk.clone());
    let store = &desk.hall.store;
    store.write_blocking(move |tx| {
        offers.iter().try_for_each(|(offer, record)| joining.join(tx, offer, *record, now))
    })?;
    Ok(call(desk, &street, now)?)
}

/// Returns what people offer. Half of them live in the street of the call, and the others all over the district.
fn offers(staff: Option<Uuid>, communities: &[PlacePath], own: &[PlacePath]) -> Vec<(Offer, Uuid)> {
    let mut seed = Seed::new(SEED);
    let mut offers = Vec::new();
    for number in 0..PEOPLE {
        let homes = if number % 2 == 0 { own } else { communities };
        let Some(home) = homes.get(seed.below(homes.len())) else { continue };
        let person = Invented::next(&mut seed, "210102");
        let mut roles = Roles::default();
        roles.0.insert(Role::Gate);
        for (role, percent) in
            [(Role::Delivery, 50), (Role::Visit, 30), (Role::Medic, 8), (Role::Driver, 25), (Role::Comfort, 5)]
        {
            if seed.below(100) < percent {
                roles.0.insert(role);
            }
        }
        let mut parts = Parts::default();
        for part in Part::ALL {
            if seed.below(100) < 60 {
                parts.0.insert(*part);
            }
        }
        parts.0.insert(Part::Day);
        let account = if number == 0 { staff.unwrap_or_else(Uuid::now_v7) } else { Uuid::now_v7() };
        let offer = Offer { account, home: home.clone(), roles, parts, name: person.name, telephone: person.telephone };
        offers.push((offer, Uuid::now_v7()));
    }
    offers
}

fn call(mobilization: &Arc<Mobilization>, street: &PlacePath, now: Instant) -> Result<(), Fault> {
    let zone = mobilization.hall.zone();
    let today = zone.date(now);
    let days = [1, 2].map(|ahead| date_plus_days(today, ahead).unwrap_or(today));
    let spans: Vec<Span> = days
        .iter()
        .flat_map(|day| {
            [(8 * 60, 16 * 60), (16 * 60, 22 * 60)]
                .map(|(from, to)| Span { starts: zone.instant(*day, from), ends: zone.instant(*day, to) })
        })
        .collect();
    let Some(ground) = mobilization.hall.places.geography_blocking()? else { return Ok(()) };
    let tree = mobilization.hall.places.tree();
    let compounds: Vec<(i64, PlacePath, u32)> = ground
        .inside(&tree, street)
        .compounds
        .iter()
        .filter_map(|at| ground.compounds.get(*at as usize))
        .filter_map(|one| Some((one.id, tree.get(one.community)?.path.clone(), one.households)))
        .collect();
    let (desk, street, id, plan) = (mobilization.clone(), street.clone(), Uuid::now_v7(), Uuid::now_v7());
    mobilization.hall.store.write_blocking(move |tx| {
        let leader = leader(&street);
        let title = "暴雪应急值守（演示）".to_owned();
        let note = "穿防滑鞋，带好手套；人是虚构的，小区和道路也是。".to_owned();
        desk.begin(tx, &NewCall { id, place: street.clone(), title, note }, &leader, now)?;
        desk.add_shifts(tx, id, &leader, &spans, now)?;
        for (shift, role, least, most) in [
            (1, Role::Gate, 1, 2),
            (1, Role::Delivery, 1, 1),
            (2, Role::Gate, 1, 2),
            (3, Role::Gate, 1, 2),
            (4, Role::Gate, 1, 1),
        ] {
            let new = NewNeed {
                compounds: compounds.clone(),
                shift,
                role,
                least,
                most,
                by_households: false,
                meet: "东门值班亭".to_owned(),
                contact: "社区值班 024-00000000".to_owned(),
            };
            desk.put_needs(tx, id, &leader, &new)?;
        }
        let asked = serde_json::json!({ "call": id, "send": true });
        let kind = crate::PLAN.to_owned();
        let work = jobs::NewWork { id: plan, kind, place: street.clone(), asked, by: None, by_name: leader.name };
        jobs::ask(tx, &work, now)?;
        Ok(())
    })
}

/// Returns the street's secretary, who leads the call.
fn leader(street: &PlacePath) -> Actor {
    let grant = kernel::permission::Grant {
        post: Uuid::nil(),
        role: "secretary_street".to_owned(),
        place: street.clone(),
        department: None,
        permissions: [May::MobilizationLead].into_iter().collect(),
    };
    Actor { account: None, name: "关振东".to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}
