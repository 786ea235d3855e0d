//! This page shows everybody the nearest station that is open now. The visitor says in which community or compound she
//! is. The device is never asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::place::{Level, PlaceId, PlacePath};
use places::Place;
use places::geography::Geography;
use planning::mobilize::Home;
use planning::network::{Search, Start, UNREACHED};
use web::{Choice, Light, Page, WebError, render};

use super::{light, services};
use crate::Stations;
use crate::actions::{MOST, start};
use crate::records::{self, Station};
use crate::rules::circle::access;
use crate::words::Walker;

/// Places that a search offers.
const FOUND: usize = 8;
/// Streets that words may mean, and communities of them that are offered.
const IN_STREETS: usize = 40;
/// Stations shown.
const SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "stations/find.html")]
struct FindPage {
    page: Page,
    words: String,
    here: String,
    choices: Vec<Choice>,
    place: Option<String>,
    elderly: bool,
    other_pace: String,
    lines: Vec<Line>,
    others: Vec<Line>,
    registered: bool,
    invented: bool,
}

/// A station as it is found.
struct Line {
    id: i64,
    name: String,
    address: String,
    light: Light,
    open: bool,
    minutes: Option<u32>,
    services: String,
}

/// Where she is.
enum Here {
    Place(PlacePath),
    Compound(i64, PlacePath),
}

/// `GET /stations?q=…&at=p:…|c:…&pace=…`
pub async fn get(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    let ground = desk.hall.places.geography().await?;
    let stations = desk.hall.store.read(|tx| records::open(tx, MOST)).await?;
    let words = page.query.get("q").to_owned();
    let mut choices = desk.found(&page, ground.as_deref(), &words);
    let only = match choices.as_slice() {
        [only] => Some(only.value.clone()),
        _ => None,
    };
    let asked = page.query.opt("at").map(str::to_owned).or(only);
    let here = asked.as_deref().and_then(|at| desk.here(ground.as_deref(), at));
    if here.is_some() {
        choices.clear();
    }
    let elderly = match page.query.get("pace") {
        "elderly" => true,
        "adult" => false,
        _ => page.elder,
    };
    let (lines, others) = match &here {
        Some(here) => desk.near(&page, ground.as_deref(), here, &stations, elderly)?,
        None => (Vec::new(), Vec::new()),
    };
    let at = asked.filter(|_| here.is_some()).unwrap_or_default();
    let other = if elderly { "adult" } else { "elderly" };
    render(&FindPage {
        place: here.as_ref().map(|here| desk.called(&page, ground.as_deref(), here)),
        other_pace: format!("/stations{}", page.query.address_with(&[("at", &at), ("pace", other), ("lang", "")])),
        here: at,
        words,
        choices,
        elderly,
        lines,
        others,
        registered: !stations.is_empty(),
        invented: ground.is_some_and(|ground| ground.invented),
        page,
    })
}

impl Stations {
    /// Returns the communities and compounds that words may mean, or else the communities of a street of that name or
    /// what an address names.
    fn found(&self, page: &Page, ground: Option<&Geography>, words: &str) -> Vec<Choice> {
        if words.is_empty() {
            return Vec::new();
        }
        let tree = self.hall.places.tree();
        let community = |place: &Place| Choice::new(format!("p:{}", place.id), tree.chain(&place.path, page.lang), "");
        let of_place = tree.search_in(words, Some(Level::Community), FOUND);
        let named =
            ground.into_iter().flat_map(|ground| &ground.compounds).filter(|compound| compound.name.contains(words));
        let of_compound = named.take(FOUND).filter_map(|compound| {
            let place = tree.get(compound.community)?;
            let chain = tree.chain(&place.path, page.lang);
            Some(Choice::new(format!("c:{}", compound.id), compound.name.clone(), "").hint(chain))
        });
        // A compound by its very name comes alone.
        let compounds: Vec<Choice> = of_compound.collect();
        if let Some(exact) = compounds.iter().find(|choice| choice.text == words) {
            return vec![exact.clone()];
        }
        let found: Vec<Choice> = of_place.into_iter().map(community).chain(compounds).take(FOUND).collect();
        if !found.is_empty() {
            return found;
        }
        places::communities_of(&tree, ground, words).into_iter().take(IN_STREETS).map(community).collect()
    }

    fn here(&self, ground: Option<&Geography>, at: &str) -> Option<Here> {
        let tree = self.hall.places.tree();
        let (kind, id) = at.split_once(':')?;
        let id: i64 = id.parse().ok()?;
        match kind {
            "p" => tree
                .get(PlaceId(id))
                .filter(|place| place.level >= Level::Community)
                .map(|place| Here::Place(place.path.clone())),
            "c" => {
                let (_, compound) = ground?.compound(id)?;
                Some(Here::Compound(id, tree.get(compound.community)?.path.clone()))
            }
            _ => None,
        }
    }

    fn called(&self, page: &Page, ground: Option<&Geography>, here: &Here) -> String {
        let tree = self.hall.places.tree();
        match here {
            Here::Place(path) => tree.chain(path, page.lang),
            Here::Compound(id, path) => {
                let name = ground.and_then(|ground| ground.compound(*id)).map(|(_, one)| one.name.clone());
                format!("{} · {}", tree.chain(path, page.lang), name.unwrap_or_default())
            }
        }
    }

    /// Returns the stations within the longest walk, open ones first, then the nearest first. Returns also those of the
    /// community or street that are not on the map.
    fn near(
        &self,
        page: &Page,
        ground: Option<&Geography>,
        here: &Here,
        stations: &[Station],
        elderly: bool,
    ) -> Result<(Vec<Line>, Vec<Line>), Fault> {
        let path = match here {
            Here::Place(path) | Here::Compound(_, path) => path,
        };
        let walker = if elderly { Walker::Elderly } else { Walker::Adult };
        let walks = self.pace(walker, path, page.now)?;
        let mut near: Vec<Line> = Vec::new();
        let broken = |fault: planning::network::Fault| Fault::Broken(fault.to_string());
        if let Some(ground) = ground {
            let homes = self.homes(ground, here, walks.speed);
            let ways = ground.ways(walks.speed).map_err(broken)?;
            let mut search = Search::new(ground.nodes.len());
            search.run_owned(&ways.forward, &homes, walks.far);
            for station in stations {
                let time = start(ground, station).and_then(|start| search.times().get(start.node as usize).copied());
                if let Some(time) = time.filter(|time| *time != UNREACHED && *time <= walks.far) {
                    near.push(self.found_line(page, station, Some(time.div_ceil(600))));
                }
            }
        }
        near.sort_by_key(|line| (!line.open, line.minutes, line.id));
        near.truncate(SHOWN);
        // Without a map those of the community, and where there are none those of its street.
        let street = path.at(Level::Street).unwrap_or_else(|| path.clone());
        let unplaced = |station: &&Station| ground.and_then(|ground| start(ground, station)).is_none();
        let inside = |place: &PlacePath| -> Vec<Line> {
            let own = stations.iter().filter(unplaced).filter(|station| place.contains(&station.path));
            own.take(SHOWN).map(|station| self.found_line(page, station, None)).collect()
        };
        let own = inside(path);
        let mut others = if own.is_empty() { inside(&street) } else { own };
        others.sort_by_key(|line| (!line.open, line.id));
        Ok((near, others))
    }

    /// Returns from where somebody walks: the gates of her compound, or the middle of the community's households.
    fn homes(&self, ground: &Geography, here: &Here, speed: u32) -> Vec<Start> {
        let of = |home: Home| Start { node: home.node, time: access(home.access, speed) };
        match here {
            Here::Compound(id, _) => {
                let gates = ground.compound(*id).map(|(_, one)| one.gates.clone()).unwrap_or_default();
                gates.into_iter().map(|node| Start { node, time: 0 }).collect()
            }
            Here::Place(path) => {
                let inside = ground.inside(&self.hall.places.tree(), path);
                ground.middle(&inside).map(of).into_iter().collect()
            }
        }
    }

    fn found_line(&self, page: &Page, station: &Station, minutes: Option<u32>) -> Line {
        let light = light(page, self, station);
        Line {
            id: station.id,
            name: station.name(page.lang).to_owned(),
            address: station.address.clone(),
            open: light.class == "ok",
            light,
            minutes,
            services: services(page, station).join(page.lang.pick("、", ", ")),
        }
    }
}
