//! This file asks the server as residents, workers and leaders do, one request after another, and notes how long each
//! answer takes and how large it is.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use grid::Grid;
use kernel::earth::{Tile, world};
use kernel::place::{Level, PlaceId, PlacePath};
use lianglin::City;
use lianglin::demonstration::{NewPerson, Seed, open_account};

use super::GridArguments;
use super::meter::{Ask, Meter, is_page, is_redirect};
use super::plan::{Plan, Plans};
use super::stage::Stage;
use crate::counter::http::{Browser, sign_in, wait};
use crate::counter::server::{STATIC_PAGE, Server};
use crate::counter::text;

/// Says how many workers are asked, each in another community: from one of few reports to the one of most.
const WORKERS: usize = 12;
/// Are the zooms at which squares of the map are asked for.
const ZOOMS: std::ops::RangeInclusive<u8> = 9..=17;
/// Says of how many of the newest reports the spots are reported again.
const NEWEST: usize = 2_000;
/// Says how many seconds the messages of a stage that writes may take.
const TELLING: u64 = 120;
/// Names the dangers of which the screens before the last one told: those of `data/catalogue/grid/danger.toml`.
const DANGERS: &str = "fire gas hurt violence suicide water trapped electric collapse explosion crash";

/// Somebody who signs in.
struct Account {
    login: String,
    password: String,
}

impl Account {
    /// Signs in and returns the cookie.
    fn cookie(&self, port: u16) -> Result<String, String> {
        let cookies = sign_in(port, &self.login, &self.password, 1)?;
        cookies.into_iter().next().ok_or_else(|| "no cookie".to_owned())
    }
}

/// A spot with what is reported there.
struct Spot {
    kind: String,
    /// Where it is, as the form says it.
    at: String,
    condition: String,
    stops: bool,
}

/// Holds what is asked for. It is made while the database is open in this process.
pub struct Target {
    workers: Vec<Account>,
    communities: Vec<PlaceId>,
    unit: Account,
    city: Account,
    district: Account,
    spots: Vec<Spot>,
    /// A spot in each worker's community.
    own: Vec<Spot>,
    /// For each zoom the squares of the map that are asked for, in this order.
    pub tiles: BTreeMap<u8, Vec<(u32, u32)>>,
}

impl Target {
    /// Signs somebody in who reads the whole city, and returns the cookie.
    pub fn city_cookie(&self, port: u16) -> Result<String, String> {
        self.city.cookie(port)
    }
}

/// Prepares everything that is asked for later.
pub fn target(city: &Arc<City>, plans: &Plans) -> Result<Target, String> {
    let tree = city.places.tree();
    let chosen = chosen(plans);
    let community = |plan: &&Plan| plans.communities.get(plan.community).cloned();
    let places: Vec<PlacePath> = chosen.iter().filter_map(community).collect();
    let busiest = places.last().ok_or("there are no communities")?;
    let district = busiest.at(Level::District).ok_or("a community without a district")?;
    let street = busiest.at(Level::Street).ok_or("a community without a street")?;
    let root = tree.root().ok_or("there are no places")?.path.clone();
    let desk = city.house.get::<Grid>().map_err(text)?;
    let unit = desk.catalogue().last(Level::Street).ok_or("no unit stands in for the streets")?.code.clone();
    let account = |role: &str, login: String, place: &PlacePath, department: Option<&str>| {
        let person = NewPerson { role, login: &login, name: "王晓燕", place, department, must_change: false };
        let password = open_account(city, &person, (city.clock)()).map_err(text)?;
        Ok::<_, String>(Account { login, password })
    };
    let workers = places.iter().zip(0..);
    let workers = workers.map(|(place, at)| account("community_worker", format!("benchworker{at}"), place, None));
    let newest = plans.reports.len().saturating_sub(NEWEST);
    let newest = plans.reports.get(newest..).unwrap_or_default();
    // A point near an edge may belong to the community beside, so a worker names the compound.
    let own = |plan: &&Plan| spot(&desk, plans, &Plan { point: None, ..(*plan).clone() });
    Ok(Target {
        workers: workers.collect::<Result<_, _>>()?,
        communities: places.iter().map(PlacePath::id).collect(),
        unit: account("street_handler", "benchunit".to_owned(), &street, Some(&unit))?,
        city: account("organiser_city", "benchcity".to_owned(), &root, None)?,
        district: account("organiser_district", "benchdistrict".to_owned(), &district, None)?,
        spots: newest.iter().filter_map(|plan| spot(&desk, plans, plan)).collect(),
        own: chosen.iter().filter_map(own).collect(),
        tiles: tiles(city)?,
    })
}

/// Returns the newest report in a compound of each community that gets a worker: from one of few reports to the one of
/// most. A community without such a report gets none, because there she would find nothing.
fn chosen(plans: &Plans) -> Vec<&Plan> {
    let mut found: BTreeMap<usize, (usize, &Plan)> = BTreeMap::new();
    for plan in plans.reports.iter().filter(|plan| plan.compound.is_some()) {
        let (count, newest) = found.entry(plan.community).or_insert((0, plan));
        *count += 1;
        *newest = plan;
    }
    let mut order: Vec<(usize, &Plan)> = found.into_values().collect();
    order.sort_by_key(|one| one.0);
    let at = |part: usize| (order.len() * part / WORKERS).saturating_sub(1);
    (1..=WORKERS).filter_map(|part| order.get(at(part))).map(|one| one.1).collect()
}

/// Returns the spot of a report in the words of the form; none where only its community is known, or where it counts at
/// some hours alone.
fn spot(desk: &Grid, plans: &Plans, plan: &Plan) -> Option<Spot> {
    let condition = plans.conditions.get(plan.condition)?.clone();
    let (kind, found) = desk.catalogue().condition(&condition)?;
    // What counts at some hours alone would be refused at others.
    if found.daily.is_some() {
        return None;
    }
    let at = match plan.point {
        Some(point) => format!("g:{point}"),
        None => format!("c:{}", plan.compound?),
    };
    Some(Spot { kind: kind.name.zh.clone(), at, stops: found.stop.is_some(), condition })
}

/// Returns for each zoom the squares with most buildings first, and then others by chance.
fn tiles(city: &Arc<City>) -> Result<BTreeMap<u8, Vec<(u32, u32)>>, String> {
    let ground = city.places.geography_blocking().map_err(text)?.ok_or("no geography is laid")?;
    let plane = ground.plane().ok_or("the geography does not stand on the globe")?;
    let spots = ground.buildings.iter().filter_map(|building| plane.to_degrees((building.at.x, building.at.y)));
    let spots: Vec<(f64, f64)> = spots.map(|(latitude, longitude)| world(latitude, longitude)).collect();
    let squares = |zoom: u8| {
        let mut counts: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for spot in &spots {
            let tile = Tile::at(*spot, zoom);
            *counts.entry((tile.column(), tile.row())).or_default() += 1;
        }
        let mut order: Vec<((u32, u32), usize)> = counts.into_iter().collect();
        order.sort_by_key(|one| (std::cmp::Reverse(one.1), one.0));
        let mut squares: Vec<(u32, u32)> = order.into_iter().map(|one| one.0).collect();
        let (mut seed, fullest) = (Seed::new(u64::from(zoom)), squares.len().min(20));
        for at in fullest..squares.len() {
            let other = at + seed.below(squares.len() - at);
            squares.swap(at, other);
        }
        squares
    };
    Ok(ZOOMS.map(|zoom| (zoom, squares(zoom))).collect())
}

/// Holds a city that is asked, with whoever asks there.
struct Side<'s> {
    server: &'s Server,
    target: &'s Target,
    workers: Vec<String>,
    city: String,
    district: String,
    unit: String,
}

impl<'s> Side<'s> {
    /// Signs everybody in.
    fn new(server: &'s Server, target: &'s Target) -> Result<Self, String> {
        let cookie = |account: &Account| account.cookie(server.port);
        let workers = target.workers.iter().map(cookie).collect::<Result<Vec<_>, _>>()?;
        let (city, district, unit) = (cookie(&target.city)?, cookie(&target.district)?, cookie(&target.unit)?);
        Ok(Self { server, target, workers, city, district, unit })
    }
}

/// Holds what one city is asked in a stage.
struct Turn {
    port: u16,
    asks: Vec<Ask>,
    browsers: BTreeMap<String, Browser>,
    meter: Meter,
}

impl Turn {
    async fn ask(&mut self, number: usize) -> std::io::Result<()> {
        let Some(ask) = self.asks.get(number % self.asks.len().max(1)) else { return Ok(()) };
        if self.browsers.get(&ask.cookie).is_none_or(|kept| !kept.is_fresh()) {
            self.browsers.insert(ask.cookie.clone(), Browser::connect(self.port, &ask.cookie).await?);
        }
        let Some(browser) = self.browsers.get_mut(&ask.cookie) else { return Ok(()) };
        let told = |fault: std::io::Error| std::io::Error::other(format!("{}: {fault}", ask.path));
        self.meter.ask(browser, ask).await.map(drop).map_err(told)
    }
}

/// Holds a run of stages against some cities, which are asked in turn, so that whatever else the machine does slows all
/// of them alike.
struct Run<'r> {
    sides: Vec<Side<'r>>,
    arguments: &'r GridArguments,
    /// The stages of each city.
    stages: Vec<Vec<Stage>>,
}

/// Measures everything: first what is looked at, on the cities as loaded, and then what is done. It returns the stages
/// of each city.
pub fn all(cities: &[(&Server, &Target)], arguments: &GridArguments) -> Result<Vec<Vec<Stage>>, String> {
    let sides = cities.iter().map(|(server, target)| Side::new(server, target)).collect::<Result<Vec<_>, _>>()?;
    let stages = sides.iter().map(|_| Vec::new()).collect();
    let mut run = Run { sides, arguments, stages };
    run.pages("static page", |_| vec![Ask::page("", STATIC_PAGE)])?;
    run.looks()?;
    run.map()?;
    run.hurts()?;
    run.reports()?;
    for side in &run.sides {
        side.server.settle(TELLING)?;
    }
    run.dispatches()?;
    Ok(run.stages)
}

impl Run<'_> {
    /// Asks each city for its pages in turn until there were enough requests or the time is over. The first answer is
    /// told apart: what is kept in memory is made for it.
    fn pages(&mut self, name: &str, asks: impl Fn(&Side<'_>) -> Vec<Ask>) -> Result<(), String> {
        let turn = |side: &Side<'_>| Turn {
            port: side.server.port,
            asks: asks(side),
            browsers: BTreeMap::new(),
            meter: Meter::default(),
        };
        let mut turns: Vec<Turn> = self.sides.iter().map(turn).collect();
        let most = turns.iter().map(|turn| turn.asks.len()).max().unwrap_or_default();
        let (count, until) = (self.arguments.requests.max(most), self.until(1));
        let waiting = crate::stages::spinner(name);
        let done = wait(async {
            for number in 0..=count {
                if Instant::now() > until && number > 2 {
                    break;
                }
                for turn in &mut turns {
                    turn.ask(number).await?;
                }
            }
            Ok(())
        });
        waiting.finish_and_clear();
        done?;
        for (turn, stages) in turns.into_iter().zip(&mut self.stages) {
            stages.push(turn.meter.stage(name));
        }
        Ok(())
    }

    /// When a stage ends that has so many requests in a row: each city has as much time.
    fn until(&self, in_a_row: u64) -> Instant {
        let cities = u64::try_from(self.sides.len()).unwrap_or(u64::MAX);
        Instant::now() + Duration::from_secs(self.arguments.seconds * in_a_row * cities)
    }

    /// The lists of workers and of a unit, and what is public.
    fn looks(&mut self) -> Result<(), String> {
        let lists = [
            ("worker: queue", "/queue"),
            ("worker: reports to look at", "/report/work?list=look"),
            ("worker: reports to send out", "/report/work?list=send"),
            ("worker: reports to check", "/report/work?list=check"),
            ("worker: tasks in the field", "/field"),
            ("worker: tasks for the phone", "/field/tasks.json"),
        ];
        for (name, path) in lists {
            self.pages(name, |side| side.workers.iter().map(|cookie| Ask::page(cookie, path)).collect())?;
        }
        self.pages("unit: reports to handle", |side| vec![Ask::page(&side.unit, "/report/work?list=handle")])?;
        for (name, path) in [
            ("public: reports of a community", "/report/near"),
            ("public: those being handled", "/report/near?stage=handling"),
        ] {
            let mine = |id: &PlaceId| Ask::page(&format!("{}={id}", places::MY_PLACE), path);
            self.pages(name, |side| side.target.communities.iter().map(mine).collect())?;
        }
        Ok(())
    }

    /// The squares of the map, as somebody sees them who reads the whole city.
    fn map(&mut self) -> Result<(), String> {
        let most = self.arguments.requests;
        for zoom in ZOOMS {
            self.pages(&format!("tile, zoom {zoom}"), |side| {
                let squares = side.target.tiles.get(&zoom).into_iter().flatten().take(most);
                let path = |(column, row): &(u32, u32)| format!("/map/tiles/{zoom}/{column}/{row}");
                squares.map(|square| Ask::page(&side.city, path(square))).collect()
            })?;
        }
        Ok(())
    }

    /// Where it hurts, and the figures, of the city, of a district and of communities.
    fn hurts(&mut self) -> Result<(), String> {
        self.pages("where it hurts, city", |side| vec![Ask::page(&side.city, "/report/hurts")])?;
        self.pages("where it hurts, district", |side| vec![Ask::page(&side.district, "/report/hurts")])?;
        self.pages("where it hurts, community", |side| {
            let inside = |id: &PlaceId| Ask::page(&side.city, format!("/report/hurts?place={id}"));
            side.target.communities.iter().map(inside).collect()
        })?;
        self.pages("figures of the month, city", |side| vec![Ask::page(&side.city, "/report/figures")])?;
        self.pages("figures of the month, district", |side| vec![Ask::page(&side.district, "/report/figures")])?;
        self.pages("map of the city", |side| vec![Ask::page(&side.city, "/map")])
    }

    /// Reports at the spots of the newest reports, screen by screen, each from an address of her own: the platform
    /// takes only some an hour from one address.
    fn reports(&mut self) -> Result<(), String> {
        let (names, until) =
            (["report: what was meant", "report: already reported near", "report: sent"], self.until(3));
        let mut meters: Vec<[Meter; 3]> = self.sides.iter().map(|_| Default::default()).collect();
        let waiting = crate::stages::spinner("reporting");
        let done = wait(async {
            for (at, number) in (0..=self.arguments.requests).zip(0_u32..) {
                if Instant::now() > until {
                    break;
                }
                let [_, second, third, fourth] = (0x7f00_0000 | (number + 0x0100)).to_be_bytes();
                let from = Ipv4Addr::new(127, second, third, fourth.max(1));
                for (side, meters) in self.sides.iter().zip(&mut meters) {
                    let Some(spot) = side.target.spots.get(at % side.target.spots.len().max(1)) else { continue };
                    let mut browser = Browser::connect_from(side.server.port, "", from).await?;
                    for (ask, meter) in screens(spot).iter().zip(meters) {
                        meter.ask(&mut browser, ask).await?;
                    }
                }
            }
            Ok(())
        });
        waiting.finish_and_clear();
        done?;
        self.keep(meters, names);
        Ok(())
    }

    /// Keeps what was noted of some stages in each city.
    fn keep<const COUNT: usize>(&mut self, meters: Vec<[Meter; COUNT]>, names: [&str; COUNT]) {
        for (meters, stages) in meters.into_iter().zip(&mut self.stages) {
            stages.extend(meters.into_iter().zip(names).map(|(meter, name)| meter.stage(name)));
        }
    }

    /// Workers report what they found and send it out.
    fn dispatches(&mut self) -> Result<(), String> {
        let (names, until) = (["worker: reports what she found", "worker: sends it out"], self.until(2));
        let mut meters: Vec<[Meter; 2]> = self.sides.iter().map(|_| Default::default()).collect();
        let waiting = crate::stages::spinner("sending out");
        let done = wait(async {
            for number in 0..=self.arguments.requests {
                if Instant::now() > until {
                    break;
                }
                for (side, meters) in self.sides.iter().zip(&mut meters) {
                    let at = number % side.target.own.len().max(1);
                    let (Some(spot), Some(cookie)) = (side.target.own.get(at), side.workers.get(at)) else { continue };
                    // The server lets go of a connection on which nothing is said for a while.
                    let mut browser = Browser::connect(side.server.port, cookie).await?;
                    found_and_sent(&mut browser, spot, meters).await?;
                }
            }
            Ok(())
        });
        waiting.finish_and_clear();
        done?;
        self.keep(meters, names);
        Ok(())
    }
}

/// A worker reports what she found at a spot and sends it out.
async fn found_and_sent(browser: &mut Browser, spot: &Spot, [finds, sends]: &mut [Meter; 2]) -> std::io::Result<()> {
    let chosen = format!("{} {}", spot.condition, spot.at);
    let mut fields = vec![("what", "巡查"), ("where", "这里"), ("kind", spot.condition.as_str())];
    fields.extend([("at", spot.at.as_str()), ("new", chosen.as_str())]);
    if spot.stops {
        fields.push(("called", "1"));
    }
    let found = Ask::form("", "/report/found", &fields, is_redirect);
    let answer = finds.ask(browser, &found).await?;
    if !is_redirect(&answer) {
        return Ok(());
    }
    // The page offers a unit where somebody is on duty.
    let page = browser.ask(&answer.location, None).await?.text();
    let fields = [("action", "dispatch"), ("field_unit", standing_at(&page, "field_unit"))];
    let step = Ask::form("", format!("{}/act", answer.location), &fields, is_redirect);
    sends.ask(browser, &step).await?;
    Ok(())
}

/// Returns what stands chosen for a field on a page, or else the first that is offered where one must be chosen; empty
/// where nothing is.
fn standing_at<'p>(page: &'p str, field: &str) -> &'p str {
    let name = format!("name=\"{field}\"");
    let value = |tag: &'p str| tag.split_once("value=\"")?.1.split_once('"').map(|split| split.0);
    let mut tags = page.split('<').skip_while(|tag| !tag.contains(&name));
    let first = tags.next().unwrap_or_default();
    let must = first.contains(" required");
    let options: Vec<&str> = if first.starts_with("select") {
        tags.take_while(|tag| !tag.starts_with("/select")).collect()
    } else {
        std::iter::once(first).chain(tags).filter(|tag| tag.contains(&name)).collect()
    };
    let chosen =
        options.iter().find(|tag| tag.contains(" checked") || tag.contains(" selected")).and_then(|tag| value(tag));
    let offered = options.iter().filter_map(|tag| value(tag)).find(|value| !value.is_empty()).filter(|_| must);
    chosen.filter(|value| !value.is_empty() || !must).or(offered).unwrap_or_default()
}

/// Returns the three screens of a report at a spot as they are filled in.
fn screens(spot: &Spot) -> [Ask; 3] {
    let (condition, at) = (spot.condition.as_str(), spot.at.as_str());
    let wher = at.strip_prefix("g:").unwrap_or("小区");
    let said = [("what", spot.kind.as_str()), ("where", wher)];
    let chosen = [said[0], said[1], ("kind", condition), ("at", at)];
    let [what, wher, kind, at] = chosen;
    let mut sent = vec![("screen", "send"), what, wher, kind, at, ("words", "门口堆着，过不去人")];
    sent.push(("warned", DANGERS));
    if spot.stops {
        sent.push(("called", "1"));
    }
    [
        Ask::form("", "/report/new", &[("screen", "say"), what, wher], is_page),
        Ask::form("", "/report/new", &[("screen", "which"), what, wher, kind, at], is_page),
        Ask::form("", "/report/new", &sent, is_redirect),
    ]
}
