//! This part of the page shows one community of a proposal: the maps of today and of the proposal side by side, the
//! buildings that change, and what no division can mend.

use std::collections::{BTreeMap, BTreeSet};

use jobs::Work;
use kernel::language::Bilingual;
use kernel::place::PlaceId;
use web::Page;

use super::beside::Around;
use super::drawing::{self, Drawing, Legend, Patch, Spot};
use super::place::titled;
use super::{Desk, Names};
use crate::rules::geography::Geography;
use crate::rules::grids::given::Wish;
use crate::rules::grids::ground::Ground;
use crate::rules::grids::known::{Cause, Causes, Known};
use crate::rules::grids::numbering::Called;
use crate::rules::grids::proposal::{Asked, Member, Part, Piece, Proposal, Recalled};
use crate::rules::naming::english;
use crate::words::Kind;

/// Shows one community of a proposal.
pub(super) struct One {
    pub(super) name: String,
    /// Whether there are other communities, which the page of the whole proposal shows.
    pub(super) several: bool,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) moves: Vec<MoveRow>,
    /// The grids that are going to be called otherwise.
    pub(super) recalled: Vec<RecalledRow>,
    /// The new grids that have a name, a code or a kind of their own.
    pub(super) opened: Vec<OpenedRow>,
    /// Whether the buildings were laid again. Then there are no maps.
    pub(super) gone: bool,
}

/// A building that changes its grid.
pub(super) struct MoveRow {
    pub(super) compound: String,
    pub(super) building: String,
    pub(super) households: u32,
    /// Where it is, in metres.
    pub(super) at: planning::shape::Point,
    pub(super) from: String,
    pub(super) to: String,
}

/// A grid that is going to be called otherwise.
pub(super) struct RecalledRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) new_name: String,
    pub(super) new_kind: String,
    pub(super) new_code: String,
}

/// A new grid as a person wants it to be called.
pub(super) struct OpenedRow {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) kind: String,
}

fn opened_of(page: &Page, part: &Part, names: &Names) -> Vec<OpenedRow> {
    let row = |(to, wish): (&u32, &Wish)| OpenedRow {
        name: proposed(page, names, part, *to).0,
        code: wish.code.clone().unwrap_or_else(|| page.t("places-grids-code-next")),
        kind: page.t(Kind::of_grid(wish.exclusive).key()),
    };
    part.wishes.iter().map(row).collect()
}

/// Returns the grids that are going to be called otherwise, by their new code.
pub(super) fn recalled_of(page: &Page, part: &Part) -> Vec<RecalledRow> {
    let named = |called: &Called| {
        let en = english(&called.name, Kind::Grid);
        Bilingual { en, zh: called.name.clone() }.get(page.lang).to_owned()
    };
    let row = |(id, Recalled { before, after }): (&i64, &Recalled)| RecalledRow {
        id: *id,
        name: named(before),
        code: before.code.clone(),
        kind: page.t(Kind::of_grid(before.exclusive).key()),
        new_kind: page.t(Kind::of_grid(after.exclusive).key()),
        new_name: named(after),
        new_code: after.code.clone(),
    };
    let mut rows: Vec<RecalledRow> = part.recalled.iter().map(row).collect();
    rows.sort_by(|a, b| a.new_code.cmp(&b.new_code));
    rows
}

/// How many characters of a name stand on the map.
const SHORT: usize = 6;

/// Returns the name of a grid of a proposal. A grid of today has its own name; a new one is named by its number among
/// the new ones.
pub(super) fn proposed(page: &Page, names: &Names, part: &Part, to: u32) -> (String, String) {
    if let Some(grid) = part.grids.get(to as usize).copied().flatten() {
        return (names.name(grid), names.number(grid));
    }
    if let Some(name) = part.wishes.get(&to).and_then(|wish| wish.name.clone()) {
        let shown = Bilingual { en: english(&name, Kind::Grid), zh: name }.get(page.lang).to_owned();
        let short = shown.chars().take(SHORT).collect();
        return (shown, short);
    }
    let number = part.grids.iter().take(to as usize).filter(|grid| grid.is_none()).count() + 1;
    (page.t1("places-grids-new", "number", number), page.t1("places-grids-new-short", "number", number))
}

/// Makes what the page shows of one community.
pub(super) fn one(desk: &Desk, page: &Page, work: &Work, part: &Part, around: &Around, proposal: &Proposal) -> One {
    let tree = desk.places.tree();
    let laid = around.laid_for(proposal);
    let place = tree.get(PlaceId(part.community));
    let ground = laid.zip(place).map(|(laid, place)| (laid, Ground::of(laid, &tree, &place.path)));
    let maps = ground.map(|(laid, ground)| maps(page, laid, &ground, part, &around.names));
    let gone = maps.is_none();
    let (before, after) = maps.unwrap_or_default();
    let moves = match laid {
        Some(laid) => moves_of(page, laid, part, &around.names),
        None => Vec::new(),
    };
    One {
        name: place.or_else(|| tree.at(&work.place)).map(|place| place.named(page.lang).to_owned()).unwrap_or_default(),
        several: proposal.parts.len() > 1,
        before,
        after,
        recalled: recalled_of(page, part),
        opened: opened_of(page, part, &around.names),
        moves,
        gone,
    }
}

/// Says in words why grids of a proposal are too small: of each cause how many there are, and what can be done.
pub(super) fn small(page: &Page, shown: &[&Part], asked: &Asked) -> Vec<String> {
    let mut counts = Causes::new();
    for (cause, count) in shown.iter().flat_map(|part| &part.small) {
        *counts.entry(*cause).or_default() += count;
    }
    let least = asked.limits.least.to_string();
    let head = if asked.counted.is_empty() { "places-grids-small" } else { "places-counted-small" };
    let line = |(cause, count): (&Cause, &u64)| {
        let count = count.to_string();
        let values = [("count", count.as_str()), ("name", asked.counted.name.as_str()), ("least", least.as_str())];
        let why = page.t(&format!("places-grids-small-{}", cause.word()));
        format!("{}{}{why}", page.text(head, &values), page.lang.pick("", " "))
    };
    counts.iter().map(line).collect()
}

/// Says in words what no division can mend about a piece. Returns nothing if all is well.
pub(super) fn note(page: &Page, laid: Option<&Geography>, piece: &Piece, asked: &Asked) -> Option<String> {
    let Asked { limits, counted, .. } = asked;
    let key = match (piece.known, counted.is_empty()) {
        (Known::Kept | Known::Best, _) => return None,
        (Known::Small, true) => "places-grids-note-small",
        (Known::Small, false) => "places-counted-note-small",
        (Known::Large, true) => "places-grids-note-large",
        (Known::Large, false) => "places-counted-note-large",
        (Known::Fewest, true) => "places-grids-note-fewest",
        (Known::Fewest, false) => "places-counted-note-fewest",
        (Known::None, true) => "places-grids-note-none",
        (Known::None, false) => "places-counted-note-none",
        (Known::NotFound, true) => "places-grids-note-not-found",
        (Known::NotFound, false) => "places-counted-note-not-found",
    };
    let building = laid.and_then(|laid| titled(page, laid, piece.building)).map(|(_, title)| title);
    let [least, most, households] = [limits.least.to_string(), limits.most.to_string(), piece.households.to_string()];
    let building = building.unwrap_or_default();
    let values = [
        ("building", building.as_str()),
        ("name", &counted.name),
        ("least", &least),
        ("most", &most),
        ("households", &households),
    ];
    Some(page.text(key, &values))
}

/// Returns the buildings that change their grid.
pub(super) fn moves_of(page: &Page, laid: &Geography, part: &Part, names: &Names) -> Vec<MoveRow> {
    let moves = part.members.iter().filter(|member| part.changes(member));
    moves.filter_map(|member| row_of(page, laid, part, names, member)).collect()
}

/// Returns a building with its grid of today and the proposed one.
pub(super) fn row_of(page: &Page, laid: &Geography, part: &Part, names: &Names, member: &Member) -> Option<MoveRow> {
    let at = laid.buildings.binary_search_by_key(&member.building, |building| building.id).ok()?;
    let building = laid.buildings.get(at)?;
    Some(MoveRow {
        compound: laid.compound_of(building).map(|compound| compound.name.clone()).unwrap_or_default(),
        building: building.name.clone(),
        households: member.households,
        at: building.at,
        from: member.from.map_or_else(|| page.t("places-grids-none"), |grid| names.name(grid)),
        to: proposed(page, names, part, member.to).0,
    })
}

/// Draws the maps of today and of the proposal. A grid has the same colour on both.
fn maps(page: &Page, laid: &Geography, ground: &Ground, part: &Part, names: &Names) -> (String, String) {
    let members: BTreeMap<i64, &Member> = part.members.iter().map(|member| (member.building, member)).collect();
    // Grids of today come first, and new ones after them.
    let old: BTreeMap<i64, usize> = part.living.iter().copied().zip(0..).collect();
    let new: BTreeMap<u32, usize> =
        (0..).zip(&part.grids).filter(|(_, grid)| grid.is_none()).map(|(to, _)| to).zip(part.living.len()..).collect();
    let count = old.len() + new.len();
    let from = |member: &Member| member.from.and_then(|grid| old.get(&grid).copied());
    let to = |member: &Member| match part.to(member) {
        Some(grid) => old.get(&grid).copied(),
        None => new.get(&member.to).copied(),
    };
    let of = |at: u32| members.get(ground.ids.get(at as usize)?).copied();
    let mut touching = BTreeSet::new();
    for border in &ground.borders {
        if let (Some(a), Some(b)) = (of(border.a), of(border.b)) {
            touching.extend(from(a).zip(from(b)));
            touching.extend(to(a).zip(to(b)));
        }
    }
    let classes = drawing::classes(count, &touching);
    let places: Vec<_> = part
        .members
        .iter()
        .filter_map(|member| titled(page, laid, member.building).map(|(building, title)| (member, building.at, title)))
        .collect();
    let points: Vec<_> = places.iter().map(|(_, at, _)| *at).collect();
    let ways = drawing::ways(laid, &points);
    let draw = |grid: &dyn Fn(&Member) -> Option<usize>, label: &str| {
        let spot = |(member, at, title): &(&Member, planning::shape::Point, String)| Spot {
            at: *at,
            grid: grid(member),
            moved: part.changes(member),
            title: title.clone(),
        };
        let spots: Vec<Spot> = places.iter().map(spot).collect();
        let households = |at: usize| -> u64 {
            let inside = part.members.iter().filter(|member| grid(member) == Some(at));
            inside.map(|member| u64::from(member.households)).sum()
        };
        let patch = |at: usize, (name, number): (String, String)| Patch {
            number,
            title: page.t2("places-grids-patch", "name", name, "households", households(at)),
        };
        let living = part.living.iter().map(|grid| (names.name(*grid), names.number(*grid)));
        let fresh = new.keys().map(|to| proposed(page, names, part, *to));
        let patches: Vec<Patch> = living.chain(fresh).enumerate().map(|(at, name)| patch(at, name)).collect();
        let said = |shown: bool, key: &str| if shown { page.t(key) } else { String::new() };
        let legend = Legend {
            moved: said(spots.iter().any(|spot| spot.moved), "places-grids-ringed"),
            without: said(spots.iter().any(|spot| spot.grid.is_none()), "places-grids-none"),
        };
        let drawing = Drawing { spots: &spots, patches: &patches, classes: &classes, ways: &ways, legend: &legend };
        drawing::figure(&drawing, &page.t(label))
    };
    (draw(&from, "places-grids-map"), draw(&to, "places-grids-map-after"))
}
