//! What the grid shows on the pages of others: the open reports on the map.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use house::{At, Dot, Dots, Window};
use kernel::permission::{Permission, Scope};
use kernel::place::{PlaceId, PlacePath};
use store::{StoreError, Tx};
use uuid::Uuid;
use web::Page;

use crate::Grid;
use crate::records::map::{Part, SIDE, Spotted, open_in, public_open};
use crate::records::squares::{self, Heap};
use crate::rules::metres;
use crate::words::{GRID_MAP_ONE_BY_ONE, REPORT};

/// The most open reports that one look at the map goes through.
const MOST: i64 = 200_000;
/// How many squares on each side are one on the widest map.
const MOST_TIMES: f64 = 64.0;
/// Decimetres of a metre.
const DECIMETRES: f64 = 10.0;
/// All of the ground.
const EVERYWHERE: Part<'static> = Part { x: (i64::MIN, i64::MAX), y: (i64::MIN, i64::MAX), places: None };

/// The open reports as a layer of the map. As data everybody gets those that others may see, in the middle of their
/// community: a point would often say whose home it is.
pub(crate) fn dots(grid: &Arc<Grid>) -> Dots {
    let (desk, open) = (grid.clone(), grid.clone());
    Dots {
        layer: "reports",
        key: "grid-map-reports",
        from_zoom: 0,
        order: 20,
        show: Arc::new(move |tx, page, window| {
            if let Some(window) = window.filter(|window| window.together >= metres(SIDE))
                && let Some(heaps) = desk.heaps(tx, page, window)?
            {
                return Ok(heaps);
            }
            let found = spotted(tx, page, window.map_or(EVERYWHERE, part))?;
            Ok(found.into_iter().map(|report| desk.dot(page, report)).collect())
        }),
        public: Some(Arc::new(move |tx, page, _| {
            let found = public_open(tx, MOST)?;
            let nowhere = |report: Spotted| Dot { at: At::Community, href: String::new(), ..open.dot(page, report) };
            Ok(found.into_iter().map(nowhere).collect())
        })),
    }
}

/// The open reports that this visitor may read by the posts of today: those of her places, and if a post is limited to
/// a department, those of its offices. What two posts open is there once.
fn spotted(tx: &mut dyn Tx, page: &Page, part: Part<'_>) -> Result<Vec<Spotted>, StoreError> {
    let scopes = page.visitor.actor.scopes(Permission::CaseRead);
    if let [Scope { place, department: None }] = scopes.as_slice() {
        return open_in(tx, place, part, MOST);
    }
    let mut found: BTreeMap<(PlaceId, Uuid), Spotted> = BTreeMap::new();
    for scope in scopes {
        let inside = open_in(tx, &scope.place, part, MOST)?;
        let own = own_offices(tx, &scope)?;
        let hers = inside.into_iter().map(|report| ((report.district, report.case_id), report));
        found.extend(hers.filter(|(key, _)| own.as_ref().is_none_or(|own| own.contains(key))));
    }
    Ok(found.into_values().collect())
}

/// The middle of the reports of a square.
fn heaped(heap: Heap) -> Dot {
    let middle = |sum: i64| metres(sum / heap.reports.max(1));
    let at = if heap.known { At::Ground(middle(heap.x), middle(heap.y)) } else { At::Community };
    let id = format!("{}-{}-{}", heap.path.id(), heap.east, heap.north);
    Dot { id, at, place: heap.path, title: String::new(), href: String::new(), count: heap.reports }
}

/// The open reports that the department decides to which a scope is limited; none for a scope that is not limited.
fn own_offices(tx: &mut dyn Tx, scope: &Scope) -> Result<Option<BTreeSet<(PlaceId, Uuid)>>, StoreError> {
    let Some(department) = &scope.department else { return Ok(None) };
    let keys = cases::open_of_kind(tx, REPORT, department, MOST)?;
    Ok(Some(keys.into_iter().map(|key| (key.district, key.id)).collect()))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float beyond the range becomes its end, and no city is so large"
)]
fn part(window: &Window) -> Part<'_> {
    let low = |metres: f64| (metres * DECIMETRES).floor() as i64;
    let high = |metres: f64| (metres * DECIMETRES).ceil() as i64;
    let (x, y) = ((low(window.west), high(window.east)), (low(window.south), high(window.north)));
    Part { x, y, places: window.places.as_deref() }
}

impl Grid {
    /// The open reports that this visitor may read by squares of the ground. None where they are few enough to be
    /// looked at one by one, and where a post is limited to a department: squares do not know departments.
    fn heaps(&self, tx: &mut dyn Tx, page: &Page, window: &Window) -> Result<Option<Vec<Dot>>, StoreError> {
        let scopes = page.visitor.actor.scopes(Permission::CaseRead);
        if scopes.iter().any(|scope| scope.department.is_some()) {
            return Ok(None);
        }
        let inside = |place: &PlacePath| scopes.iter().any(|wide| wide.place != *place && wide.place.contains(place));
        let places: BTreeSet<PlacePath> =
            scopes.iter().map(|scope| scope.place.clone()).filter(|place| !inside(place)).collect();
        let mut total = 0;
        for place in &places {
            total += squares::total(tx, place)?;
        }
        let most =
            self.hall.figure(GRID_MAP_ONE_BY_ONE, page.now).map_err(|fault| StoreError::data(fault.to_string()))?;
        if total <= i64::from(most) {
            return Ok(None);
        }
        #[expect(clippy::cast_possible_truncation, reason = "between 1 and the most")]
        let times = (window.together / metres(SIDE)).floor().clamp(1.0, MOST_TIMES) as i64;
        // Larger squares are counted already, each of four of the next smaller ones.
        let times = (1..=times).rev().find(|times| times.count_ones() == 1).unwrap_or(1);
        let mut found = Vec::new();
        for place in &places {
            found.extend(squares::inside(tx, place, part(window), times, MOST)?.into_iter().map(heaped));
        }
        Ok(Some(found))
    }

    fn dot(&self, page: &Page, report: Spotted) -> Dot {
        let at = report.x.zip(report.y).map_or(At::Community, |(x, y)| At::Ground(metres(x), metres(y)));
        let kind = self.catalogue.kind_ever(&report.kind);
        let title = kind.map_or_else(|| report.kind.clone(), |kind| kind.name.get(page.lang).to_owned());
        let href = format!("/cases/{}", report.number);
        Dot { id: report.case_id.to_string(), at, place: report.path, title, href, count: 1 }
    }
}
