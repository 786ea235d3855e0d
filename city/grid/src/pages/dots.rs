//! What the grid shows on the pages of others: the open reports on the map.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::Share;
use house::{At, Dot, Dots, Window};
use kernel::permission::{Permission, Scope};
use kernel::place::PlaceId;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::Page;

use crate::Grid;
use crate::records::map::{Part, SIDE, Spotted, Whose, open_in, public_open};
use crate::records::squares::{self, Heap};
use crate::rules::metres;
use crate::words::GRID_MAP_ONE_BY_ONE;

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

/// What each post adds to what a visitor may read, so that nothing is counted twice. No report is confidential, so a
/// post that would add those alone adds nothing.
fn shares(scopes: &[Scope]) -> Vec<Share> {
    let mut shares = Share::of(scopes);
    shares.retain(|share| !share.sealed_only);
    shares
}

/// Whose reports a post reads.
fn whose(share: &Share) -> Whose<'_> {
    Whose { place: &share.scope.place, unit: share.scope.department.as_deref() }
}

/// Whose reports inside its place another post reads.
fn others(share: &Share) -> impl Iterator<Item = Whose<'_>> {
    share.without.iter().map(|unit| Whose { place: &share.scope.place, unit: Some(unit) })
}

/// How many open reports a post adds.
fn total_of(tx: &mut dyn Tx, share: &Share) -> Result<i64, StoreError> {
    let mut total = squares::total(tx, whose(share))?;
    for other in others(share) {
        total -= squares::total(tx, other)?;
    }
    Ok(total)
}

/// The open reports that a post adds, by squares of the ground.
fn heaps_of(tx: &mut dyn Tx, share: &Share, part: Part<'_>, times: i64) -> Result<Vec<Heap>, StoreError> {
    let mut heaps = squares::inside(tx, whose(share), part, times, MOST)?;
    for other in others(share) {
        take_off(&mut heaps, squares::inside(tx, other, part, times, MOST)?);
    }
    Ok(heaps)
}

/// Takes off what is in the same squares, or in the same communities of which no more is known.
fn take_off(heaps: &mut Vec<Heap>, less: Vec<Heap>) {
    let spot = |heap: &Heap| (heap.east, heap.north, (!heap.known).then(|| heap.path.clone()));
    let less: BTreeMap<_, Heap> = less.into_iter().map(|heap| (spot(&heap), heap)).collect();
    for heap in heaps.iter_mut() {
        let Some(less) = less.get(&spot(heap)) else { continue };
        heap.reports -= less.reports;
        heap.x -= less.x;
        heap.y -= less.y;
    }
    heaps.retain(|heap| heap.reports > 0);
}

/// The open reports that this visitor may read by the posts of today: those of her places, and if a post is limited to
/// a department, those of its offices. What two posts open is there once.
fn spotted(tx: &mut dyn Tx, page: &Page, part: Part<'_>) -> Result<Vec<Spotted>, StoreError> {
    let shares = shares(&page.visitor.actor.scopes(Permission::CaseRead));
    if let [share] = shares.as_slice() {
        return open_in(tx, whose(share), part, MOST);
    }
    let mut found: BTreeMap<(PlaceId, Uuid), Spotted> = BTreeMap::new();
    for share in &shares {
        let inside = open_in(tx, whose(share), part, MOST)?;
        found.extend(inside.into_iter().map(|report| ((report.district, report.case_id), report)));
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
    /// looked at one by one.
    fn heaps(&self, tx: &mut dyn Tx, page: &Page, window: &Window) -> Result<Option<Vec<Dot>>, StoreError> {
        let shares = shares(&page.visitor.actor.scopes(Permission::CaseRead));
        let mut total = 0;
        for share in &shares {
            total += total_of(tx, share)?;
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
        for share in &shares {
            found.extend(heaps_of(tx, share, part(window), times)?.into_iter().map(heaped));
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

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::PlacePath;

    #[test]
    fn what_two_posts_read_is_added_by_one_of_them() {
        let scope = |place: &str, department: Option<&str>| Scope {
            place: PlacePath::parse(place).unwrap(),
            department: department.map(str::to_owned),
        };
        let told = |scopes: &[Scope]| -> Vec<String> {
            let told = |share: Share| {
                let unit = share.scope.department.unwrap_or_default();
                format!("{} {unit} -{}", share.scope.place, share.without.join(","))
            };
            shares(scopes).into_iter().map(told).collect()
        };
        let lamps = Some("lamps");
        assert_eq!(
            told(&[scope("1.2.", None), scope("1.2.3.", lamps), scope("1.4.", lamps)]),
            ["1.2.  -", "1.4. lamps -"]
        );
        assert_eq!(told(&[scope("1.2.", None), scope("1.2.", lamps)]), ["1.2.  -"]);
        let around = [scope("1.2.3.", None), scope("1.2.", lamps), scope("1.", Some("roads")), scope("1.5.", None)];
        assert_eq!(told(&around), ["1.2.3.  -lamps,roads", "1.2. lamps -", "1. roads -", "1.5.  -roads"]);
    }

    #[test]
    fn what_another_post_shows_is_taken_off_square_by_square() {
        let heap = |path: &str, known: bool, east: i64, reports: i64| Heap {
            path: PlacePath::parse(path).unwrap(),
            known,
            east,
            north: 0,
            reports,
            x: east * reports,
            y: 0,
        };
        let mut heaps = vec![heap("1.2.3.4.", true, 5, 3), heap("1.2.3.4.", true, 6, 1), heap("1.2.3.4.", false, 0, 2)];
        heaps.push(heap("1.2.3.5.", false, 0, 1));
        let less = vec![heap("1.2.3.5.", true, 5, 1), heap("1.2.3.4.", true, 6, 1), heap("1.2.3.4.", false, 0, 1)];
        take_off(&mut heaps, less);
        let left: Vec<(String, i64, i64)> =
            heaps.iter().map(|heap| (heap.path.to_string(), heap.east, heap.reports)).collect();
        let expected = [("1.2.3.4.", 5, 2), ("1.2.3.4.", 0, 1), ("1.2.3.5.", 0, 1)];
        assert_eq!(left, expected.map(|(path, east, reports)| (path.to_owned(), east, reports)));
        assert_eq!(heaps[0].x, 10, "the sum of where they are goes down with them");
    }
}
