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
use super::table::Measured;
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

/// Holds a run of stages against one server.
struct Run<'r> {
    server: &'r Server,
    arguments: &'r GridArguments,
    stages: Vec<Stage>,
    left_out: Vec<String>,
}

/// Measures everything: first what is looked at, on the city as loaded, and then what is done.
pub fn all(server: &Server, target: &Target, arguments: &GridArguments, into: &mut Measured) -> Result<(), String> {
    let mut run = Run { server, arguments, stages: Vec::new(), left_out: Vec::new() };
    let cookie = |account: &Account| account.cookie(server.port);
    let workers = target.workers.iter().map(cookie).collect::<Result<Vec<_>, _>>()?;
    let (city, district, unit) = (cookie(&target.city)?, cookie(&target.district)?, cookie(&target.unit)?);
    run.pages("static page", &[Ask::page("", STATIC_PAGE)])?;
    run.looks(target, &workers, &unit)?;
    run.map(target, &city)?;
    run.hurts(target, &city, &district)?;
    run.reports(target)?;
    server.settle(TELLING)?;
    run.dispatches(target, &workers)?;
    into.stages = run.stages;
    into.left_out = run.left_out;
    Ok(())
}

impl Run<'_> {
    /// Asks for pages in turn until there were enough requests or the time is over. The first answer is told apart:
    /// what is kept in memory is made for it.
    fn pages(&mut self, name: &str, asks: &[Ask]) -> Result<(), String> {
        let count = self.arguments.requests.max(asks.len());
        let mut number = 0;
        let next = || {
            number += 1;
            asks.get((number - 1) % asks.len().max(1)).filter(|_| number <= count + 1)
        };
        let waiting = crate::stages::spinner(name);
        let stage = self.timed(name, next);
        waiting.finish_and_clear();
        self.keep(stage?);
        Ok(())
    }

    fn keep(&mut self, stage: Stage) {
        if let Some(told) = &stage.wrong {
            self.left_out.push(format!("{}: {told}", stage.name));
        }
        self.stages.push(stage);
    }

    fn timed<'a>(&self, name: &str, mut next: impl FnMut() -> Option<&'a Ask>) -> Result<Stage, String> {
        let until = Instant::now() + Duration::from_secs(self.arguments.seconds);
        let (port, mut meter) = (self.server.port, Meter::default());
        let mut browsers: BTreeMap<String, Browser> = BTreeMap::new();
        wait(async {
            while let Some(ask) = next() {
                if Instant::now() > until && meter.asked() > 2 {
                    break;
                }
                if !browsers.contains_key(&ask.cookie) {
                    browsers.insert(ask.cookie.clone(), Browser::connect(port, &ask.cookie).await?);
                }
                let Some(browser) = browsers.get_mut(&ask.cookie) else { break };
                meter.ask(browser, ask).await?;
            }
            Ok(())
        })?;
        Ok(meter.stage(name))
    }

    /// The lists of workers and of a unit, and what is public.
    fn looks(&mut self, target: &Target, workers: &[String], unit: &str) -> Result<(), String> {
        let lists = [
            ("worker: queue", "/queue"),
            ("worker: reports to look at", "/report/work?list=look"),
            ("worker: reports to send out", "/report/work?list=send"),
            ("worker: reports to check", "/report/work?list=check"),
            ("worker: tasks in the field", "/field"),
            ("worker: tasks for the phone", "/field/tasks.json"),
        ];
        for (name, path) in lists {
            let asks: Vec<Ask> = workers.iter().map(|cookie| Ask::page(cookie, path)).collect();
            self.pages(name, &asks)?;
        }
        self.pages("unit: reports to handle", &[Ask::page(unit, "/report/work?list=handle")])?;
        let mine = |id: &PlaceId| Ask::page(&format!("{}={id}", places::MY_PLACE), "/report/near");
        self.pages("public: reports of a community", &target.communities.iter().map(mine).collect::<Vec<_>>())?;
        let staged = |id: &PlaceId| Ask::page(&format!("{}={id}", places::MY_PLACE), "/report/near?stage=handling");
        self.pages("public: those being handled", &target.communities.iter().map(staged).collect::<Vec<_>>())
    }

    /// The squares of the map, as somebody sees them who reads the whole city.
    fn map(&mut self, target: &Target, city: &str) -> Result<(), String> {
        for (zoom, squares) in &target.tiles {
            let squares = squares.iter().take(self.arguments.requests);
            let asks: Vec<Ask> =
                squares.map(|(column, row)| Ask::page(city, format!("/map/tiles/{zoom}/{column}/{row}"))).collect();
            self.pages(&format!("tile, zoom {zoom}"), &asks)?;
        }
        Ok(())
    }

    /// Where it hurts, and the figures, of the city, of a district and of communities.
    fn hurts(&mut self, target: &Target, city: &str, district: &str) -> Result<(), String> {
        self.pages("where it hurts, city", &[Ask::page(city, "/report/hurts")])?;
        self.pages("where it hurts, district", &[Ask::page(district, "/report/hurts")])?;
        let inside = |id: &PlaceId| Ask::page(city, format!("/report/hurts?place={id}"));
        self.pages("where it hurts, community", &target.communities.iter().map(inside).collect::<Vec<_>>())?;
        self.pages("figures of the month, city", &[Ask::page(city, "/report/figures")])?;
        self.pages("figures of the month, district", &[Ask::page(district, "/report/figures")])?;
        self.pages("map of the city", &[Ask::page(city, "/map")])
    }

    /// Reports at the spots of the newest reports, screen by screen, each from an address of her own: the platform
    /// takes only some an hour from one address.
    fn reports(&mut self, target: &Target) -> Result<(), String> {
        let mut meters: [Meter; 3] = Default::default();
        let (until, port) = (Instant::now() + Duration::from_secs(self.arguments.seconds * 3), self.server.port);
        let waiting = crate::stages::spinner("reporting");
        let count = self.arguments.requests + 1;
        let done = wait(async {
            for (spot, number) in target.spots.iter().cycle().zip(0_u32..).take(count) {
                if Instant::now() > until {
                    break;
                }
                let [_, second, third, fourth] = (0x7f00_0000 | (number + 0x0100)).to_be_bytes();
                let from = Ipv4Addr::new(127, second, third, fourth.max(1));
                let mut browser = Browser::connect_from(port, "", from).await?;
                for (ask, meter) in screens(spot).iter().zip(&mut meters) {
                    meter.ask(&mut browser, ask).await?;
                }
            }
            Ok(())
        });
        waiting.finish_and_clear();
        done?;
        let names = ["report: what was meant", "report: already reported near", "report: sent"];
        for (meter, name) in meters.into_iter().zip(names) {
            self.keep(meter.stage(name));
        }
        Ok(())
    }

    /// Workers report what they found and send it out.
    fn dispatches(&mut self, target: &Target, workers: &[String]) -> Result<(), String> {
        let mut meters: [Meter; 2] = Default::default();
        let (until, port) = (Instant::now() + Duration::from_secs(self.arguments.seconds * 2), self.server.port);
        let waiting = crate::stages::spinner("sending out");
        let done = wait(async {
            let mut browsers = Vec::new();
            for cookie in workers {
                browsers.push(Browser::connect(port, cookie).await?);
            }
            for number in 0..=self.arguments.requests {
                let at = number % target.own.len().max(1);
                let (Some(spot), Some(browser)) = (target.own.get(at), browsers.get_mut(at)) else { break };
                if Instant::now() > until {
                    break;
                }
                let chosen = format!("{} {}", spot.condition, spot.at);
                let mut fields = vec![("what", "巡查"), ("where", "这里"), ("kind", spot.condition.as_str())];
                fields.extend([("at", spot.at.as_str()), ("new", chosen.as_str())]);
                if spot.stops {
                    fields.push(("called", "1"));
                }
                let found = Ask::form("", "/report/found", &fields, is_redirect);
                let [finds, sends] = &mut meters;
                let answer = finds.ask(browser, &found).await?;
                if !is_redirect(&answer) {
                    continue;
                }
                // The page offers a unit where somebody is on duty.
                let page = browser.ask(&answer.location, None).await?.text();
                let fields = [("action", "dispatch"), ("field_unit", standing_at(&page, "field_unit"))];
                let step = Ask::form("", format!("{}/act", answer.location), &fields, is_redirect);
                sends.ask(browser, &step).await?;
            }
            Ok(())
        });
        waiting.finish_and_clear();
        done?;
        for (meter, name) in meters.into_iter().zip(["worker: reports what she found", "worker: sends it out"]) {
            self.keep(meter.stage(name));
        }
        Ok(())
    }
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
    if spot.stops {
        sent.push(("called", "1"));
    }
    [
        Ask::form("", "/report/new", &[("screen", "say"), what, wher], is_page),
        Ask::form("", "/report/new", &[("screen", "which"), what, wher, kind, at], is_page),
        Ask::form("", "/report/new", &sent, is_redirect),
    ]
}
