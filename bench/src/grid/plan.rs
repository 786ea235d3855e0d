//! This file plans the reports in the order in which they come: when, where, of which kind, under which number, and how
//! they end. A plan is small, so that a million fit in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use grid::Grid;
use grid::rules::decimetres;
use kernel::earth::Point;
use kernel::identifier::CaseNumber;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use lianglin::City;
use lianglin::demonstration::Seed;

use crate::counter::text;

/// Says over how many days the reports of a whole city came.
const DAYS: i64 = 183;
/// Says how many of a hundred reports workers found by themselves.
const FOUND: usize = 45;
/// Says how many of a hundred reports come back to one of the spots where the same is wrong again and again.
const AGAIN: usize = 15;
/// Says for how many reports there is such a spot.
const REPORTS_OF_A_SPOT: usize = 60;
/// Say of how many of a hundred others only the compound is known, and only the community.
const COMPOUND_ONLY: usize = 35;
const COMMUNITY_ONLY: usize = 5;
/// Say how many of a hundred reports are not there, are no matter for the street, stay where they are, and are sent
/// back once.
const NOT_THERE: usize = 5;
const DECLINED: usize = 3;
const STUCK: usize = 1;
const RETURNED: usize = 6;
/// Says how many of a hundred reports are handled slowly.
const SLOW: usize = 8;
/// Says how far from a building a report is, at most, in decimetres in each direction.
const AWAY: usize = 400;
/// Is the first minute of a day on which people report, and how many there are.
const FIRST_MINUTE: u32 = 360;
const MINUTES: usize = 960;
/// Parts of a whole by which chance is told.
const WHOLE: usize = 1_000_000;

/// How a report ends, if time allows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is handled, checked and closed.
    Closed,
    /// Nothing was found there.
    NotThere,
    /// It is no matter for the street.
    Declined,
    /// It was sent out, and nothing followed.
    Stuck,
}

/// A report that is going to be loaded.
#[derive(Clone)]
pub struct Plan {
    /// When it is reported.
    pub opened: Instant,
    /// The community, as a position in the list.
    pub community: usize,
    /// The compound.
    pub compound: Option<i64>,
    /// East and north, in decimetres.
    pub at: Option<(i64, i64)>,
    /// The same on the globe.
    pub point: Option<Point>,
    /// The condition, as a position in the list.
    pub condition: usize,
    /// Whether a worker found it.
    pub found: bool,
    /// How it ends.
    pub end: End,
    /// Whether it is sent back once.
    pub returned: bool,
    /// Whether it is handled slowly.
    pub slow: bool,
    /// The running number of its district and year.
    pub running: i64,
    /// The year of its number.
    pub year: i16,
}

/// Holds all reports that are going to be loaded, with what they are about.
pub struct Plans {
    /// The communities that have buildings.
    pub communities: Vec<PlacePath>,
    /// The keys of the conditions, those that are reported most first.
    pub conditions: Vec<String>,
    /// The reports, the oldest first.
    pub reports: Vec<Plan>,
    /// The last running number of each district and year.
    pub last: BTreeMap<(PlaceId, i16), i64>,
    /// The first six digits of the code of each district.
    pub codes: BTreeMap<PlaceId, String>,
    /// The present moment.
    pub now: Instant,
}

impl Plans {
    /// Returns the number that people read.
    pub fn number(&self, plan: &Plan) -> Result<String, String> {
        let district = self.communities.get(plan.community).map_or(PlaceId(0), PlacePath::district);
        let code = self.codes.get(&district).map(String::as_str).unwrap_or_default();
        let number = CaseNumber::of_series('W', code, plan.year, plan.running);
        number.map(|number| number.as_str().to_owned()).map_err(text)
    }
}

/// A spot of the city: the community and the compound of a building, and where it is.
#[derive(Clone, Copy)]
struct Place {
    community: usize,
    compound: i64,
    middle: (i64, i64),
    at: (i64, i64),
}

/// How many reports a city has, over how many days they came, and among how many spots those are spread that come back.
#[derive(Clone, Copy)]
pub struct Size {
    /// How many reports there are.
    pub reports: usize,
    /// Over how many days they came.
    days: i64,
    /// At how many spots the same is wrong again and again.
    spots: usize,
}

impl Size {
    /// Returns the city of half a year with that many reports.
    pub fn whole(reports: usize) -> Self {
        Self { reports, days: DAYS, spots: reports / REPORTS_OF_A_SPOT + 1 }
    }

    /// Returns a city that is one part of this one: the same city after a part of the days, or one of as many days in
    /// which a part as much is reported each day.
    pub fn part(self, parts: usize, smaller: Smaller) -> Self {
        let reports = self.reports / parts;
        match smaller {
            Smaller::Days => {
                let days = self.days / i64::try_from(parts).unwrap_or(i64::MAX);
                Self { reports, days: days.max(1), ..self }
            }
            Smaller::Rate => Self::whole(reports),
        }
    }
}

/// Says in what the smaller city is smaller.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Smaller {
    /// It is the same city when it had reported for a tenth of the days: as much is open, and less is behind it.
    Days,
    /// As many days, and a tenth of the reports on each of them: less is open too, so that its lists are shorter.
    Rate,
}

/// Plans the reports of a city. The same size gives the same plans on the same day.
pub fn plans(city: &Arc<City>, size: Size) -> Result<Arc<Plans>, String> {
    let (tree, ground) = (city.places.tree(), city.places.geography_blocking().map_err(text)?);
    let ground = ground.ok_or("no geography is laid")?;
    let globe = ground.plane().ok_or("the geography does not stand on the globe")?;
    let mut numbers: BTreeMap<PlacePath, usize> = BTreeMap::new();
    let mut places: Vec<Place> = Vec::with_capacity(ground.buildings.len());
    for building in &ground.buildings {
        let compound = ground.compounds.get(building.compound as usize).ok_or("a building without a compound")?;
        let Some(community) = ground.community_of(building).and_then(|id| tree.get(id)) else { continue };
        let next = numbers.len();
        let community = *numbers.entry(community.path.clone()).or_insert(next);
        let (middle, at) = (decimetres(compound.at.x, compound.at.y), decimetres(building.at.x, building.at.y));
        places.push(Place { community, compound: compound.id, middle, at });
    }
    let mut communities: Vec<(PlacePath, usize)> = numbers.into_iter().collect();
    communities.sort_by_key(|one| one.1);
    let code = |path: &PlacePath| {
        let district = tree.get(path.district())?;
        Some((district.id, district.code.chars().take(6).collect::<String>()))
    };
    let codes = communities.iter().filter_map(|one| code(&one.0)).collect();
    let communities = communities.into_iter().map(|one| one.0).collect();
    let desk = city.house.get::<Grid>().map_err(text)?;
    let keys = |kind: &grid::catalogue::Kind| {
        let key = kind.key();
        kind.conditions.iter().map(|one| format!("{key}/{}", one.code)).collect::<Vec<_>>()
    };
    let conditions: Vec<String> = desk.catalogue().kinds().iter().flat_map(keys).collect();
    if places.is_empty() || conditions.is_empty() {
        return Err("there are no buildings or no conditions".to_owned());
    }
    let now = (city.clock)();
    let reports = Vec::with_capacity(size.reports);
    let mut plans = Plans { communities, conditions, reports, last: BTreeMap::new(), codes, now };
    let drawing = Drawing { city, size, places, plane: globe };
    let mut seed = Seed::new(20_190_101);
    for at in 0..size.reports {
        let plan = drawing.one(&mut plans, &mut seed, at);
        plans.reports.push(plan);
    }
    Ok(Arc::new(plans))
}

struct Drawing<'c> {
    city: &'c Arc<City>,
    size: Size,
    places: Vec<Place>,
    plane: kernel::earth::Plane,
}

/// Returns a position in a list of which the first ones come most often.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position in a list of thousands"
)]
fn skewed(seed: &mut Seed, length: usize, power: f64) -> usize {
    let part = (seed.below(WHOLE) as f64 / WHOLE as f64).powf(power);
    ((part * length as f64) as usize).min(length.saturating_sub(1))
}

impl Drawing<'_> {
    fn one(&self, plans: &mut Plans, seed: &mut Seed, at: usize) -> Plan {
        let opened = self.opened(plans.now, seed, at);
        let (mut condition, mut place, mut known) = (skewed(seed, plans.conditions.len(), 2.0), self.place(seed), 100);
        if seed.below(100) < AGAIN {
            // The same spot has the same thing wrong each time.
            let mut spot = Seed::new(u64::try_from(seed.below(self.size.spots)).unwrap_or(0));
            (condition, place) = (skewed(&mut spot, plans.conditions.len(), 2.0), self.place(&mut spot));
        } else {
            known = seed.below(100);
        }
        let (compound, spot) = match known {
            0..COMMUNITY_ONLY => (None, None),
            known if known < COMMUNITY_ONLY + COMPOUND_ONLY => (Some(place.compound), Some(place.middle)),
            _ => (Some(place.compound), Some(beside(seed, place.at))),
        };
        let exact = known >= COMMUNITY_ONLY + COMPOUND_ONLY;
        let point = spot.filter(|_| exact).and_then(|at| self.plane.to_point(metres(at)));
        let end = match seed.below(100) {
            0..NOT_THERE => End::NotThere,
            chance if chance < NOT_THERE + DECLINED => End::Declined,
            chance if chance < NOT_THERE + DECLINED + STUCK => End::Stuck,
            _ => End::Closed,
        };
        let year = self.city.hall.zone().date(opened).year();
        let district = plans.communities.get(place.community).map_or(PlaceId(0), PlacePath::district);
        let last = plans.last.entry((district, year)).or_default();
        *last += 1;
        Plan {
            opened,
            community: place.community,
            compound,
            at: spot,
            point,
            condition,
            found: seed.below(100) < FOUND,
            end,
            returned: seed.below(100) < RETURNED,
            slow: seed.below(100) < SLOW,
            running: *last,
            year,
        }
    }

    fn place(&self, seed: &mut Seed) -> Place {
        let at = skewed(seed, self.places.len(), 1.3);
        self.places.get(at).copied().unwrap_or(Place { community: 0, compound: 0, middle: (0, 0), at: (0, 0) })
    }

    /// Returns a moment between six in the morning and ten at night, spread evenly over the days.
    fn opened(&self, now: Instant, seed: &mut Seed, at: usize) -> Instant {
        let (at, count) = (i64::try_from(at).unwrap_or(0), i64::try_from(self.size.reports.max(1)).unwrap_or(1));
        let zone = self.city.hall.zone();
        let day = zone.date(now.plus_seconds((at * self.size.days / count - self.size.days + 1) * 86_400));
        let minute = FIRST_MINUTE + u32::try_from(seed.below(MINUTES)).unwrap_or(0);
        let chance = i64::try_from(seed.below(60_000_000)).unwrap_or(0);
        let opened = Instant::from_micros(zone.instant(day, minute).micros() + chance);
        if opened < now { opened } else { now.plus_minutes(-1 - i64::try_from(seed.below(600)).unwrap_or(0)) }
    }
}

fn beside(seed: &mut Seed, at: (i64, i64)) -> (i64, i64) {
    let mut away = || i64::try_from(seed.below(AWAY)).unwrap_or(0) - i64::try_from(AWAY / 2).unwrap_or(0);
    (at.0 + away(), at.1 + away())
}

#[expect(clippy::cast_precision_loss, reason = "decimetres of a city lie far below 2^53")]
fn metres(at: (i64, i64)) -> (f64, f64) {
    (at.0 as f64 / 10.0, at.1 as f64 / 10.0)
}
