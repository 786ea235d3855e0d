//! This file makes the stations of the demonstration: one for about ten communities of the district that has ground, at
//! compounds apart from one another.

use std::sync::Arc;

use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlacePath};
use uuid::Uuid;

use crate::{May, Said, Service, Services, Stations};
use house::{OpenFault, Seed, Stage};

/// Says for how many communities there is one station.
const COMMUNITIES: usize = 10;
/// Names the community of the first station.
const FIRST: &str = "文安路社区";
/// Says how many metres two stations are apart at least.
const APART: f64 = 900.0;
/// Is the seed of the chance that decides what they offer.
const SEED: u64 = 18;
const HOURS: [&str; 4] = [
    "每天 08:30-20:00",
    "周一至周五 08:30-17:30\n周六、周日 09:00-16:00",
    "工作日 08:30-11:30 13:00-17:00",
    "每天 00:00-24:00",
];
const ROOMS: [&str; 3] = ["议事厅，24", "活动室，40\n书画室，12", ""];

/// Registers the stations.
///
/// # Errors
/// Fails with what the department refuses.
pub fn register(stations: &Arc<Stations>, stage: &Stage) -> Result<(), OpenFault> {
    let (places, now) = (&stations.hall.places, stage.now);
    let tree = places.tree();
    let district = tree.of_level(Level::District).find(|place| place.named(Lang::Zh) == stage.district);
    let Some((district, ground)) = district.zip(places.geography_blocking()?) else { return Ok(()) };
    let actor = keeper(&district.path);
    let count = (tree.of_level(Level::Community).filter(|place| district.path.contains(&place.path)).count()
        / COMMUNITIES)
        .max(1);
    let mut seed = Seed::new(SEED);
    let mut taken: Vec<planning::shape::Point> = Vec::new();
    while taken.len() < count {
        // Chance draws a compound that is far enough from the earlier ones. If there is none, no more stations are
        // made.
        let apart =
            |at: planning::shape::Point| taken.iter().all(|other| (other.x - at.x).hypot(other.y - at.y) >= APART);
        let first = |compound: &&places::geography::Compound| {
            // The first one stands where the demonstration's workers are. Chance places the others.
            !taken.is_empty() || tree.get(compound.community).is_some_and(|place| place.named(Lang::Zh) == FIRST)
        };
        let free: Vec<_> = ground.compounds.iter().filter(|compound| apart(compound.at)).filter(first).collect();
        let Some(compound) = free.get(seed.below(free.len())) else { break };
        taken.push(compound.at);
        let Some(community) = tree.get(compound.community) else { continue };
        let core = community.named(Lang::Zh).trim_end_matches("社区").to_owned();
        let english = community.named(Lang::En).to_owned();
        let mut services: Vec<Service> = Service::ALL.iter().copied().filter(|_| seed.below(100) < 55).collect();
        services.extend([Service::Rest, Service::Water]);
        let said = Said {
            community: community.id.to_string(),
            compound: compound.id.to_string(),
            name_zh: format!("{core}驿站"),
            name_en: format!("{english} station"),
            address: format!("{}东门旁", compound.name),
            telephone: "024-00000000".to_owned(),
            hours: HOURS.get(taken.len() % HOURS.len()).copied().unwrap_or_default().to_owned(),
            services: Services::parse(services.iter().map(|one| one.code())),
            rooms: ROOMS.get(taken.len() % ROOMS.len()).copied().unwrap_or_default().to_owned(),
        };
        let station = stations.read(&said, Some(&ground)).map_err(|faults| OpenFault::Said(format!("{faults:?}")))?;
        let (desk, actor, once) = (stations.clone(), actor.clone(), Uuid::now_v7().to_string());
        let done = stations.hall.store.write_blocking(move |tx| desk.register(tx, &station, &actor, &once, now));
        done?;
    }
    Ok(())
}

/// Returns the person who keeps the register of the district.
fn keeper(district: &PlacePath) -> Actor {
    let grant = Grant {
        post: Uuid::nil(),
        role: "organiser_district".to_owned(),
        place: district.clone(),
        department: None,
        permissions: [May::StationEdit].into_iter().collect(),
    };
    Actor { account: None, name: "佟建国".to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}
