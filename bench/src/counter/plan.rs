//! This file plans what is loaded, case by case in the order of opening: where, what, when, and under which number. A
//! plan is small, so that a million fit in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use counter::catalogue::Item;
use kernel::calendar::Unit;
use kernel::identifier::CaseNumber;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::Instant;
use lianglin::City;
use lianglin::demonstration::Seed;

use super::text;

/// Says for how many days the city has worked like this.
const DAYS: i64 = 3 * 365;
/// Says how many days a case counts as recent. Older cases have ended, as far as their steps allow.
const RECENT_DAYS: i64 = 45;
/// Says how many of a hundred recent cases are still open. That is 3 % of all cases, because 45 days are 4.1 % of three
/// years.
const RECENT_OPEN: usize = 73;
/// Says how many of a hundred cases come over the internet.
const ONLINE: usize = 25;
/// Says how many of a hundred cases at a counter are taken in elsewhere than where the applicant lives.
const ELSEWHERE: usize = 25;
/// Is the first minute of a counter's day. `OPEN_MINUTES` says how many minutes the day has.
const OPENS: u32 = 510;
const OPEN_MINUTES: usize = 500;
/// Says how many times an item is drawn again for an open case whose limit would be long over.
const DRAWS: usize = 8;

/// A case that is going to be loaded.
#[derive(Clone, Copy)]
pub struct Plan {
    /// When it is opened.
    pub opened: Instant,
    /// The community where the applicant lives, as a position in the list.
    pub residence: usize,
    /// The community where it is taken in, or nothing for an online case.
    pub counter: Option<usize>,
    /// The item, as a position in the list.
    pub item: usize,
    /// The running number of its district and year.
    pub running: i64,
    /// The year of its number.
    pub year: i16,
    /// Whether it does not end.
    pub stays_open: bool,
}

/// Holds all cases that are going to be loaded, with what they are about.
pub struct Plans {
    /// The communities.
    pub communities: Vec<PlacePath>,
    /// The first six digits of the district's code, for each community.
    pub codes: Vec<String>,
    /// The items.
    pub items: Vec<Item>,
    /// The cases in the order of opening.
    pub cases: Vec<Plan>,
    /// The last running number of each district and year.
    pub last: BTreeMap<(PlaceId, i16), i64>,
    /// The present moment.
    pub now: Instant,
}

impl Plans {
    /// Returns the number that people read.
    pub fn number(&self, plan: &Plan) -> Result<String, String> {
        let code = self.codes.get(plan.residence).map(String::as_str).unwrap_or_default();
        CaseNumber::new(code, plan.year, plan.running).map(|number| number.as_str().to_owned()).map_err(text)
    }
}

/// Plans that many cases over all communities and items. The same number gives the same plan on the same day.
pub fn plans(city: &Arc<City>, count: usize) -> Result<Arc<Plans>, String> {
    let tree = city.places.tree();
    let communities: Vec<PlacePath> = tree.of_level(Level::Community).map(|place| place.path.clone()).collect();
    let code = |path: &PlacePath| {
        let district = tree.get(path.district());
        district.map(|district| district.code.chars().take(6).collect::<String>()).unwrap_or_default()
    };
    let codes = communities.iter().map(code).collect();
    let items: Vec<Item> = city.counter.catalogue().items().cloned().collect();
    if communities.is_empty() || items.is_empty() {
        return Err("there are no communities or no items".to_owned());
    }
    let now = (city.clock)();
    let mut plans = Plans { communities, codes, items, cases: Vec::with_capacity(count), last: BTreeMap::new(), now };
    let (mut seed, drawing) = (Seed::new(20_190_101), Drawing { city, count });
    for at in 0..count {
        let plan = drawing.one(&mut plans, &mut seed, at);
        plans.cases.push(plan);
    }
    Ok(Arc::new(plans))
}

struct Drawing<'c> {
    city: &'c Arc<City>,
    count: usize,
}

impl Drawing<'_> {
    fn one(&self, plans: &mut Plans, seed: &mut Seed, at: usize) -> Plan {
        let opened = self.opened(plans.now, seed, at);
        let age = plans.now.seconds_since(opened) / 86_400;
        let stays_open = age < RECENT_DAYS && seed.below(100) < RECENT_OPEN;
        let residence = seed.below(plans.communities.len());
        let elsewhere = seed.below(100) < ELSEWHERE;
        let counter = if elsewhere { seed.below(plans.communities.len()) } else { residence };
        let counter = (seed.below(100) >= ONLINE).then_some(counter);
        let item = item(&plans.items, seed, at, stays_open.then_some(age));
        let year = self.city.cases.hall.calendar().zone().date(opened).year();
        let district = plans.communities.get(residence).map_or(PlaceId(0), PlacePath::district);
        let last = plans.last.entry((district, year)).or_default();
        *last += 1;
        Plan { opened, residence, counter, item, running: *last, year, stays_open }
    }

    /// Returns a moment within the hours of a working day. The moments are spread evenly over the years.
    fn opened(&self, now: Instant, seed: &mut Seed, at: usize) -> Instant {
        let (at, count) = (i64::try_from(at).unwrap_or(0), i64::try_from(self.count.max(1)).unwrap_or(1));
        let evenly =
            now.plus_days(-DAYS).plus_seconds(at * (DAYS * 86_400 / count) + at * (DAYS * 86_400 % count) / count);
        let calendar = self.city.cases.hall.calendar();
        let zone = calendar.zone();
        let day = zone.date(calendar.next_working_minute(evenly));
        let minute = OPENS + u32::try_from(seed.below(OPEN_MINUTES)).unwrap_or(0);
        let chance = i64::try_from(seed.below(60_000_000)).unwrap_or(0);
        let opened = Instant::from_micros(zone.instant(day, minute).micros() + chance);
        if opened < now { opened } else { now.plus_minutes(-1) }
    }
}

/// Returns every item once, and then items by chance. For a case that is still open it is one whose promise is not long
/// over.
fn item(items: &[Item], seed: &mut Seed, at: usize, open_for: Option<i64>) -> usize {
    if at < items.len() {
        return at;
    }
    let days = |item: usize| {
        items.get(item).map_or(0, |item| match item.promised.unit {
            Unit::WorkingHour | Unit::UrgentHour => 1,
            Unit::CalendarDay | Unit::WorkingDay => i64::from(item.promised.amount),
        })
    };
    let mut drawn = seed.below(items.len());
    for _ in 0..DRAWS {
        match open_for {
            Some(age) if days(drawn) * 3 / 2 + 2 < age => drawn = seed.below(items.len()),
            _ => break,
        }
    }
    drawn
}
