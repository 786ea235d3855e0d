//! The ground of the city as the map draws it: outlines of places, grids and compounds, and buildings, as places of the
//! world. It is put together once for a geography and a tree.

mod cells;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use house::{At, Dot};
use kernel::earth::{Bounds, Plane, Tile, degrees, world};
use kernel::language::Bilingual;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::Instant;
use places::Tree;
use places::geography::{Geography, Rings};
use planning::apart::apart;
use planning::shape::Point;
use tiles::Place;
use web::{Page, WebError};

use crate::Overview;
use cells::Cells;

/// How long the grids that were read are good for.
const GRIDS_SECONDS: i64 = 60;
/// How far beyond the edge of a square something is drawn, as a part of the square.
const BEYOND: f64 = 64.0 / 4_096.0;

/// The parts of the world in which areas are cut from one another: about a metre each.
const SCALE: f64 = 4e7;

/// Half the side of the square around a building, in degrees: about a metre.
const AROUND: f64 = 1e-5;

/// An area with its name.
#[derive(Debug)]
pub(crate) struct Outline {
    /// Which place or compound it is.
    pub id: i64,
    /// Its name.
    pub name: Bilingual,
    /// Its outer ring, then its holes.
    pub rings: Vec<Vec<Place>>,
    /// Its middle, where its name stands.
    pub middle: Place,
    /// Its western, northern, eastern and southern edge.
    edges: [f64; 4],
}

/// Areas that are found by where they are.
#[derive(Debug)]
pub(crate) struct Outlines {
    /// All of them.
    pub all: Vec<Outline>,
    cells: Cells,
}

impl Outlines {
    fn new(all: Vec<Outline>) -> Self {
        let cells = Cells::new(all.iter().map(|outline| outline.edges));
        Self { all, cells }
    }

    /// Those of which something may be seen in a square, in their order.
    pub fn seen(&self, tile: Tile) -> impl Iterator<Item = &Outline> {
        let near = self.cells.seen(tile).into_iter().filter_map(|at| self.all.get(at));
        near.filter(move |outline| outline.touches(tile))
    }
}

/// What an area is drawn around.
struct Around {
    id: i64,
    name: Bilingual,
    points: Vec<Place>,
}

/// The ground of a geography.
pub(crate) struct Ground {
    revision: (i64, i64),
    tree: Arc<Tree>,
    /// The plane of its metres.
    pub plane: Plane,
    /// What it covers, in degrees.
    pub bounds: Bounds,
    /// The buildings.
    pub buildings: Vec<Place>,
    /// In which cells of the world they are.
    building_cells: Cells,
    /// The areas around the buildings of each place, by level.
    pub places: BTreeMap<Level, Vec<Outline>>,
    /// The areas around the buildings of each compound.
    pub compounds: Outlines,
    /// Where the middle of each compound is.
    pub compound_middles: BTreeMap<i64, Place>,
    /// Where the middle of each community's buildings is.
    pub middles: BTreeMap<PlaceId, Place>,
    grids: Mutex<Option<(Instant, Arc<Grids>)>>,
}

/// The grids of today.
pub(crate) struct Grids {
    /// The areas around the buildings of each.
    pub outlines: Outlines,
    /// The grid of each building.
    of: BTreeMap<i64, PlaceId>,
}

/// A grid as a square around each of its buildings. Such squares hold these buildings and no others.
pub(crate) struct Squares<'g> {
    /// Which place it is.
    pub id: i64,
    /// Its Chinese name.
    pub name: &'g str,
    /// Its code.
    pub code: &'g str,
    /// Whether it is general or exclusive.
    pub kind: &'static str,
    /// Where they are, in degrees.
    pub boxes: Vec<Bounds>,
}

impl Outline {
    /// The areas around the points of some things, of which no two overlap. There is none around fewer than three
    /// points, or around points on a line.
    fn around(things: Vec<Around>) -> Vec<Self> {
        let scaled = |at: &Place| Point { x: at.0 * SCALE, y: at.1 * SCALE };
        let points = |thing: &Around| thing.points.iter().map(scaled).collect::<Vec<Point>>();
        let groups: Vec<Vec<Point>> = things.iter().map(points).collect();
        let corner = |corner: Point| (corner.x / SCALE, corner.y / SCALE);
        let rings = apart(&groups).into_iter().map(|ring| ring.into_iter().map(corner).collect::<Vec<Place>>());
        things.into_iter().zip(rings).filter_map(|(thing, ring)| Self::of(thing.id, thing.name, vec![ring])).collect()
    }

    /// The areas of a place as somebody drew them.
    fn drawn(place: &places::Place, areas: &[Rings]) -> Vec<Self> {
        let on_map = |at: &kernel::earth::Point| {
            let (latitude, longitude) = at.degrees();
            world(latitude, longitude)
        };
        let rings = |area: &Rings| area.iter().map(|ring| ring.iter().map(on_map).collect()).collect();
        areas.iter().filter_map(|area| Self::of(place.id.0, place.name.clone(), rings(area))).collect()
    }

    /// An area with its rings; none where its outer ring has fewer than three corners.
    fn of(id: i64, name: Bilingual, rings: Vec<Vec<Place>>) -> Option<Self> {
        let ring = rings.first()?;
        let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let edges = ring.iter().fold(start, |[west, north, east, south], at| {
            [west.min(at.0), north.min(at.1), east.max(at.0), south.max(at.1)]
        });
        let middle = middle(ring)?;
        (ring.len() >= 3).then_some(Self { id, name, rings, middle, edges })
    }

    /// Its edges in degrees.
    pub fn bounds(&self) -> Bounds {
        let [west, north, east, south] = self.edges;
        let ((north, west), (south, east)) = (degrees((west, north)), degrees((east, south)));
        Bounds { west, south, east, north }
    }

    /// Whether something of it may be seen in a square.
    pub fn touches(&self, tile: Tile) -> bool {
        let [west, north, east, south] = self.edges;
        let (from, to) = (tile.inside((west, north)), tile.inside((east, south)));
        to.0 >= -BEYOND && to.1 >= -BEYOND && from.0 <= 1.0 + BEYOND && from.1 <= 1.0 + BEYOND
    }
}

/// The edges around two areas.
pub(crate) const fn around(one: Bounds, other: Bounds) -> Bounds {
    Bounds {
        west: one.west.min(other.west),
        south: one.south.min(other.south),
        east: one.east.max(other.east),
        north: one.north.max(other.north),
    }
}

impl Ground {
    /// Puts the ground together. There is none for a geography of which nobody said where it stands, or without
    /// buildings.
    pub fn new(laid: &Geography, tree: &Arc<Tree>) -> Option<Self> {
        let plane = laid.plane()?;
        let on_globe = |at: Point| plane.to_degrees((at.x, at.y));
        let spots: Vec<(f64, f64)> = laid.buildings.iter().filter_map(|building| on_globe(building.at)).collect();
        if spots.is_empty() || spots.len() != laid.buildings.len() {
            return None;
        }
        let start = Bounds { west: 180.0, south: 90.0, east: -180.0, north: -90.0 };
        let bounds = spots.iter().fold(start, |edge, at| Bounds {
            west: edge.west.min(at.1),
            south: edge.south.min(at.0),
            east: edge.east.max(at.1),
            north: edge.north.max(at.0),
        });
        let buildings: Vec<Place> = spots.into_iter().map(|(latitude, longitude)| world(latitude, longitude)).collect();
        let mut compounds: BTreeMap<u32, Vec<Place>> = BTreeMap::new();
        let mut inside: BTreeMap<PlaceId, Vec<Place>> = BTreeMap::new();
        for (building, at) in laid.buildings.iter().zip(&buildings) {
            compounds.entry(building.compound).or_default().push(*at);
            let community = laid.community_of(building).and_then(|id| tree.get(id));
            for above in community.into_iter().flat_map(|place| tree.ancestors(place.id).into_iter().chain([place])) {
                inside.entry(above.id).or_default().push(*at);
            }
        }
        let mut things: BTreeMap<Level, Vec<Around>> = BTreeMap::new();
        for (id, points) in &inside {
            let Some(found) = tree.get(*id).filter(|found| !laid.outlines.contains_key(&found.id)) else { continue };
            let thing = Around { id: id.0, name: found.name.clone(), points: points.clone() };
            things.entry(found.level).or_default().push(thing);
        }
        let around = things.into_iter().map(|(level, things)| (level, Outline::around(things)));
        let mut places: BTreeMap<Level, Vec<Outline>> = around.collect();
        for (id, areas) in &laid.outlines {
            let Some(found) = tree.get(*id) else { continue };
            places.entry(found.level).or_default().extend(Outline::drawn(found, areas));
        }
        let compound = |(at, points): (&u32, &Vec<Place>)| {
            let compound = laid.compounds.get(*at as usize)?;
            let name = Bilingual::new(compound.name.clone(), compound.name.clone());
            Some(Around { id: compound.id, name, points: points.clone() })
        };
        let outlines = Outlines::new(Outline::around(compounds.iter().filter_map(compound).collect()));
        let of_compound =
            |(at, points): (&u32, &Vec<Place>)| Some((laid.compounds.get(*at as usize)?.id, middle(points)?));
        let compound_middles = compounds.iter().filter_map(of_compound).collect();
        let middles = inside.iter().filter_map(|(id, points)| Some((*id, middle(points)?))).collect();
        let grids = Mutex::new(None);
        let (revision, tree, compounds) = ((laid.revision, laid.outlined), tree.clone(), outlines);
        let building_cells = Cells::new(buildings.iter().map(|at| [at.0, at.1, at.0, at.1]));
        Some(Self {
            revision,
            tree,
            plane,
            bounds,
            buildings,
            building_cells,
            places,
            compounds,
            compound_middles,
            middles,
            grids,
        })
    }

    /// The buildings that may be seen in a square, in their order.
    pub fn buildings_seen(&self, tile: Tile) -> impl Iterator<Item = Place> {
        self.building_cells.seen(tile).into_iter().filter_map(|at| self.buildings.get(at).copied())
    }

    /// The edges of what is built in a place, or of everything if too little is.
    pub fn bounds_of(&self, place: &places::Place) -> Bounds {
        let outlines = self.places.get(&place.level).into_iter().flatten();
        let parts = outlines.filter(|outline| outline.id == place.id.0).map(Outline::bounds);
        parts.reduce(around).unwrap_or(self.bounds)
    }

    /// Where a thing of a department is; none in a community that has no buildings.
    pub fn spot(&self, dot: &Dot) -> Option<Place> {
        let known = match dot.at {
            At::Ground(east, north) => {
                self.plane.to_degrees((east, north)).map(|(latitude, longitude)| world(latitude, longitude))
            }
            At::Compound(id) => self.compound_middles.get(&id).copied(),
            At::Community => None,
        };
        known.or_else(|| self.middles.get(&dot.place.id()).copied())
    }

    /// The places, of whatever level, whose middle lies in a square: what is known only to be in them is shown there.
    pub fn standing_in(&self, tile: Tile) -> Vec<PlacePath> {
        let here = self.middles.iter().filter(|(_, at)| tile.holds(**at));
        here.filter_map(|(id, _)| self.tree.get(*id)).map(|place| place.path.clone()).collect()
    }

    /// The code of a place; nothing for one that is not in the tree.
    pub fn code(&self, id: i64) -> Option<&str> {
        self.tree.get(PlaceId(id)).map(|place| place.code.as_str())
    }

    /// The code of a grid, and whether it is general or exclusive; nothing for a grid that is not in the tree.
    pub fn grid(&self, id: i64) -> Option<(&str, &'static str)> {
        let grid = self.tree.get(PlaceId(id))?;
        let kind = if grid.kind == places::Kind::ExclusiveGrid { "exclusive" } else { "general" };
        Some((&grid.code, kind))
    }

    /// Whether it is still that of this geography and this tree.
    pub fn is_of(&self, laid: &Geography, tree: &Arc<Tree>) -> bool {
        self.revision == (laid.revision, laid.outlined) && Arc::ptr_eq(&self.tree, tree)
    }

    /// The grids of today, if they were read a short time ago.
    pub fn grids(&self, now: Instant) -> Option<Arc<Grids>> {
        let kept = self.grids.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(until, _)| *until > now).map(|(_, grids)| grids.clone())
    }

    /// Draws the areas around the buildings of each grid, which were read just now, and keeps them for a while.
    pub fn keep_grids(&self, laid: &Geography, of: BTreeMap<i64, PlaceId>, now: Instant) -> Arc<Grids> {
        let mut inside: BTreeMap<PlaceId, Vec<Place>> = BTreeMap::new();
        for (building, at) in laid.buildings.iter().zip(&self.buildings) {
            if let Some(grid) = of.get(&building.id) {
                inside.entry(*grid).or_default().push(*at);
            }
        }
        let grid = |(id, points): (PlaceId, Vec<Place>)| {
            Some(Around { id: id.0, name: self.tree.get(id)?.name.clone(), points })
        };
        let outlines = Outlines::new(Outline::around(inside.into_iter().filter_map(grid).collect()));
        let grids = Arc::new(Grids { outlines, of });
        let until = now.plus_seconds(GRIDS_SECONDS);
        *self.grids.lock().unwrap_or_else(PoisonError::into_inner) = Some((until, grids.clone()));
        grids
    }

    /// The grids of a place that hold buildings, each as squares around them.
    pub fn squares(&self, laid: &Geography, grids: &Grids, place: &PlacePath) -> Vec<Squares<'_>> {
        let mut inside: BTreeMap<PlaceId, Vec<Bounds>> = BTreeMap::new();
        for (building, at) in laid.buildings.iter().zip(&self.buildings) {
            let Some(grid) = grids.of.get(&building.id) else { continue };
            let (latitude, longitude) = degrees(*at);
            let (west, east) = (longitude - AROUND, longitude + AROUND);
            let (south, north) = (latitude - AROUND, latitude + AROUND);
            inside.entry(*grid).or_default().push(Bounds { west, south, east, north });
        }
        let squares = |(id, squares): (PlaceId, Vec<Bounds>)| {
            let name = self.tree.get(id).filter(|grid| place.contains(&grid.path))?.name.zh.as_str();
            let (code, kind) = self.grid(id.0)?;
            Some(Squares { id: id.0, name, code, kind, boxes: squares })
        };
        inside.into_iter().filter_map(squares).collect()
    }
}

impl Overview {
    /// The ground that was put together last; none where the tree is another by now. Whether the same geography is
    /// still laid is for whoever uses it to ask (`places::is_laid`).
    pub(crate) fn ground_known(&self) -> Option<(Arc<Geography>, Arc<Ground>)> {
        let (tree, laid) = (self.hall.places.tree(), self.hall.places.geography_known()?);
        let kept = self.ground.lock().unwrap_or_else(PoisonError::into_inner).clone();
        kept.filter(|ground| ground.is_of(&laid, &tree)).map(|ground| (laid, ground))
    }

    /// The ground as it is laid now, if it stands on the globe.
    pub(crate) async fn ground(&self, page: &Page) -> Result<Option<(Arc<Geography>, Arc<Ground>)>, WebError> {
        let (tree, Some(laid)) = (self.hall.places.tree(), self.hall.places.geography().await?) else {
            return Ok(None);
        };
        let kept = self.ground.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(ground) = kept.filter(|ground| ground.is_of(&laid, &tree)) {
            return Ok(Some((laid, ground)));
        }
        let whole = laid.clone();
        let Some(made) = page.aside(move || Ground::new(&whole, &tree)).await?.map(Arc::new) else { return Ok(None) };
        *self.ground.lock().unwrap_or_else(PoisonError::into_inner) = Some(made.clone());
        Ok(Some((laid, made)))
    }
}

fn middle(points: &[Place]) -> Option<Place> {
    let count = u32::try_from(points.len()).ok().filter(|count| *count > 0)?;
    let sum = points.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    Some((sum.0 / f64::from(count), sum.1 / f64::from(count)))
}
