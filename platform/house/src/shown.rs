//! This file holds what departments show on each other's pages: beside a case, on the page of a place, in lists of
//! work, in the overview, in searches.

use std::sync::{Arc, OnceLock};

use kernel::permission::{Actor, Permission};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx};
use web::Page;
use web::table::Table;

use crate::beside::{Beside, BesideLink, CaseAt, CaseFiles, FilesOf};
use crate::dots::Dots;
use crate::found::{Finder, Found, Given, together};
use crate::numbered::Numbered;
use crate::sought::{Sought, sought};

/// The place on whose page something is shown.
#[derive(Clone, Copy, Debug)]
pub struct PlaceAt<'p> {
    /// Its identity.
    pub id: PlaceId,
    /// Where it lies.
    pub path: &'p PlacePath,
    /// Its level.
    pub level: Level,
}

/// One line of a section: a word, what it says, and where more of it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PanelLine {
    /// What it is about.
    pub term: String,
    /// What it says.
    pub text: String,
    /// The local address of a page with more. It is empty if there is none.
    pub href: String,
}

/// A section as one visitor sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Panel {
    /// Its heading.
    pub title: String,
    /// Its lines.
    pub lines: Vec<PanelLine>,
    /// Said where there are no lines.
    pub empty: String,
    /// Text and local address of the page with everything. The address is empty if there is none.
    pub more: (String, String),
}

/// Asks a department for something while a page is drawn.
pub type Ask<T> = Arc<dyn Fn(&mut dyn Tx, &Page) -> Result<T, StoreError> + Send + Sync>;

/// Asks a department what it shows on the page of a place.
pub type AskOfPlace = Arc<dyn Fn(&mut dyn Tx, &Page, PlaceAt<'_>) -> Result<Option<Panel>, StoreError> + Send + Sync>;

/// Asks a department how many pieces of work wait for an actor at a moment.
pub type AskWaiting = Arc<dyn Fn(&mut dyn Tx, &Actor, Instant) -> Result<i64, StoreError> + Send + Sync>;

/// Asks a department what a destination of its jobs is called, by what stands behind the colon of its lane.
pub type AskNamed = Arc<dyn Fn(&mut dyn Tx, &str) -> Result<Option<String>, StoreError> + Send + Sync>;

/// How a department calls the destinations outside of the platform to which its jobs go.
#[derive(Clone)]
pub struct DestinationNames {
    /// What stands before the colon of their lanes, as in `exchange:…`.
    pub lane: &'static str,
    /// What people call one of them. None if there is no such destination.
    pub name: AskNamed,
}

/// What a department shows on the page of a place. None where it has nothing to say there.
#[derive(Clone)]
pub struct Section {
    /// Small comes first.
    pub order: i32,
    /// What is shown to this visitor.
    pub show: AskOfPlace,
}

/// A lane of work in the list of what waits (待办).
#[derive(Clone)]
pub struct Lane {
    /// The key of its text.
    pub key: &'static str,
    /// The local address of its list.
    pub href: &'static str,
    /// What one must be permitted somewhere to see it.
    pub permission: Permission,
    /// Small comes first.
    pub order: i32,
    /// How many pieces wait for this actor.
    pub count: AskWaiting,
}

/// A lane with what waits in it for one visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneCount {
    /// Its name.
    pub text: String,
    /// The local address of its list.
    pub href: &'static str,
    /// How many pieces wait, as it is read: a dash where it cannot be told now.
    pub count: String,
}

/// The lanes of one visitor. A post sees lanes that it hardly ever fills, so those without work are folded on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lanes {
    /// Those in which something waits, or of which that cannot be told now.
    pub busy: Vec<LaneCount>,
    /// Those in which nothing waits.
    pub idle: Vec<LaneCount>,
}

impl Lanes {
    /// Whether this visitor has no lanes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.busy.is_empty() && self.idle.is_empty()
    }

    /// Leaves those that a page does not count elsewhere.
    pub fn retain(&mut self, stays: impl Fn(&LaneCount) -> bool) {
        self.busy.retain(&stays);
        self.idle.retain(&stays);
    }
}

/// What a tile says to one visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TileValue {
    /// The figure, as it is read.
    pub figure: String,
    /// What is said below it. It may be empty.
    pub note: String,
    /// Whether somebody should look at it now.
    pub urgent: bool,
}

/// A figure of the overview (总览) that opens the rows it counts.
#[derive(Clone)]
pub struct Tile {
    /// The key of its text.
    pub key: &'static str,
    /// The local address of the rows that it counts.
    pub href: &'static str,
    /// What one must be permitted somewhere to see it.
    pub permission: Permission,
    /// Small comes first.
    pub order: i32,
    /// The figure for this visitor.
    pub value: Ask<TileValue>,
}

/// A tile as one visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileShown {
    /// Its name.
    pub text: String,
    /// The local address of the rows that it counts.
    pub href: &'static str,
    /// What it says.
    pub value: TileValue,
}

/// What a department shows on the page of the day (今天); none where this visitor has nothing to do with it.
#[derive(Clone)]
pub struct Daily {
    /// Small comes first.
    pub order: i32,
    /// What is shown to this visitor.
    pub show: Ask<Option<Panel>>,
}

/// A short table as one visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePanel {
    /// What it is about, and its rows.
    pub table: Table,
    /// Said where there are no rows.
    pub empty: String,
    /// Text and local address of the page with everything. The address is empty if there is none.
    pub more: (String, String),
}

/// What a department shows beneath the figures of the overview (总览): what somebody should look at first. None where
/// this visitor has nothing to do with it.
#[derive(Clone)]
pub struct OverviewPanel {
    /// Small comes first.
    pub order: i32,
    /// What is shown to this visitor.
    pub show: Ask<Option<TablePanel>>,
}

/// What all departments together show on each other's pages.
#[derive(Default)]
pub struct Everything {
    /// Beside a case.
    pub beside: Vec<Beside>,
    /// The files of a case.
    pub files: Vec<FilesOf>,
    /// On the page of a place.
    pub sections: Vec<Section>,
    /// In the list of what waits.
    pub lanes: Vec<Lane>,
    /// In the overview.
    pub tiles: Vec<Tile>,
    /// On the page of the day.
    pub dailies: Vec<Daily>,
    /// Beneath the figures of the overview.
    pub overview_panels: Vec<OverviewPanel>,
    /// In searches.
    pub finders: Vec<Finder>,
    /// Pages that are found by other words than their names.
    pub sought: Vec<Sought>,
    /// Where numbers lead that are no numbers of cases.
    pub numbered: Vec<Numbered>,
    /// On the map.
    pub dots: Vec<Dots>,
    /// In the list of background work.
    pub destinations: Vec<DestinationNames>,
}

/// What stands where a figure cannot be told now.
const UNKNOWN: &str = "–";

/// Takes what a department gives for another's page. What it cannot say, because data contradict themselves or a figure
/// of the rulebook is missing, is logged and none: the page stands without it. A failure of the store concerns all.
fn or_without<T>(part: &str, given: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match given {
        Err(fault @ StoreError::Data { .. }) => {
            tracing::error!(part, %fault, "a part of a page cannot be shown");
            Ok(None)
        }
        given => given.map(Some),
    }
}

/// Everything that departments show on each other's pages. It is filled once, when all departments are open; before
/// that it is empty. If one department cannot show something, the others still show theirs.
#[derive(Default)]
pub struct Shown {
    beside: OnceLock<Vec<Beside>>,
    files: OnceLock<Vec<FilesOf>>,
    sections: OnceLock<Vec<Section>>,
    lanes: OnceLock<Vec<Lane>>,
    tiles: OnceLock<Vec<Tile>>,
    dailies: OnceLock<Vec<Daily>>,
    overview_panels: OnceLock<Vec<OverviewPanel>>,
    finders: OnceLock<Vec<Finder>>,
    sought: OnceLock<Vec<Sought>>,
    numbered: OnceLock<Vec<Numbered>>,
    dots: OnceLock<Vec<Dots>>,
    destinations: OnceLock<Vec<DestinationNames>>,
}

impl Shown {
    /// Fills it, each list in its order. What is there already stays.
    pub fn fill(&self, all: Everything) {
        let Everything { beside, files, mut sections, mut lanes, mut tiles, mut dailies, .. } = all;
        let (mut overview_panels, mut finders, mut dots) = (all.overview_panels, all.finders, all.dots);
        sections.sort_by_key(|section| section.order);
        lanes.sort_by_key(|lane| lane.order);
        tiles.sort_by_key(|tile| tile.order);
        dailies.sort_by_key(|daily| daily.order);
        overview_panels.sort_by_key(|panel| panel.order);
        finders.sort_by_key(|finder| finder.order);
        dots.sort_by_key(|dots| dots.order);
        self.beside.get_or_init(|| beside);
        self.files.get_or_init(|| files);
        self.sections.get_or_init(|| sections);
        self.lanes.get_or_init(|| lanes);
        self.tiles.get_or_init(|| tiles);
        self.dailies.get_or_init(|| dailies);
        self.overview_panels.get_or_init(|| overview_panels);
        self.finders.get_or_init(|| finders);
        self.sought.get_or_init(|| all.sought);
        self.numbered.get_or_init(|| all.numbered);
        self.dots.get_or_init(|| dots);
        self.destinations.get_or_init(|| all.destinations);
    }

    /// Returns the links of all departments beside a case.
    pub fn beside(&self, tx: &mut dyn Tx, page: &Page, case: CaseAt<'_>) -> Result<Vec<BesideLink>, StoreError> {
        let mut links = Vec::new();
        for beside in self.beside.get().into_iter().flatten() {
            links.extend(or_without("beside a case", beside(tx, page, case))?.into_iter().flatten());
        }
        Ok(links)
    }

    /// Returns the files that lie at a case. None where cases of its kind have no files, or nobody keeps any.
    pub fn files(&self, tx: &mut dyn Tx, page: &Page, case: CaseAt<'_>) -> Result<Option<CaseFiles>, StoreError> {
        let mut kept: Option<CaseFiles> = None;
        for files in self.files.get().into_iter().flatten() {
            let Some(found) = or_without("the files of a case", files(tx, page, case))?.flatten() else { continue };
            match &mut kept {
                Some(kept) => {
                    kept.files.extend(found.files);
                    kept.kept.extend(found.kept);
                }
                None => kept = Some(found),
            }
        }
        Ok(kept)
    }

    /// Returns the sections of all departments on the page of a place.
    pub fn sections(&self, tx: &mut dyn Tx, page: &Page, place: PlaceAt<'_>) -> Result<Vec<Panel>, StoreError> {
        let mut panels = Vec::new();
        for section in self.sections.get().into_iter().flatten() {
            panels.extend(or_without("a section of a place", (section.show)(tx, page, place))?.flatten());
        }
        Ok(panels)
    }

    /// Returns the lanes that an actor may see.
    pub fn lanes<'s>(&'s self, actor: &'s Actor) -> impl Iterator<Item = &'s Lane> {
        self.lanes.get().into_iter().flatten().filter(|lane| actor.has(lane.permission))
    }

    /// Returns the tiles that an actor may see.
    pub fn tiles<'s>(&'s self, actor: &'s Actor) -> impl Iterator<Item = &'s Tile> {
        self.tiles.get().into_iter().flatten().filter(|tile| actor.has(tile.permission))
    }

    /// The lanes that a visitor may see, each with what waits in it for the posts of today.
    pub fn lane_counts(&self, tx: &mut dyn Tx, page: &Page) -> Result<Lanes, StoreError> {
        let mut lanes = Lanes::default();
        for lane in self.lanes(&page.visitor.actor) {
            let count = or_without(lane.key, (lane.count)(tx, &page.visitor.actor, page.now))?;
            let list = if count == Some(0) { &mut lanes.idle } else { &mut lanes.busy };
            let count = count.map_or_else(|| UNKNOWN.to_owned(), |count| count.to_string());
            list.push(LaneCount { text: page.t(lane.key), href: lane.href, count });
        }
        Ok(lanes)
    }

    /// The tiles that a visitor may see and that are wanted, each with its figure. Nothing is counted for the others.
    pub fn tile_values(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        wanted: impl Fn(&Tile) -> bool,
    ) -> Result<Vec<TileShown>, StoreError> {
        let mut shown = Vec::new();
        for tile in self.tiles(&page.visitor.actor).filter(|tile| wanted(tile)) {
            let value = or_without(tile.key, (tile.value)(tx, page))?;
            let value = value.unwrap_or_else(|| TileValue { figure: UNKNOWN.to_owned(), ..TileValue::default() });
            shown.push(TileShown { text: page.t(tile.key), href: tile.href, value });
        }
        Ok(shown)
    }

    /// What all departments show on the page of the day.
    pub fn day(&self, tx: &mut dyn Tx, page: &Page) -> Result<Vec<Panel>, StoreError> {
        let mut panels = Vec::new();
        for daily in self.dailies.get().into_iter().flatten() {
            panels.extend(or_without("a panel of the day", (daily.show)(tx, page))?.flatten());
        }
        Ok(panels)
    }

    /// What all departments show beneath the figures of the overview.
    pub fn overview_panels(&self, tx: &mut dyn Tx, page: &Page) -> Result<Vec<TablePanel>, StoreError> {
        let mut panels = Vec::new();
        for panel in self.overview_panels.get().into_iter().flatten() {
            panels.extend(or_without("a panel of the overview", (panel.show)(tx, page))?.flatten());
        }
        Ok(panels)
    }

    /// Returns what departments show on the map, what lies lowest first.
    pub fn dots(&self) -> &[Dots] {
        self.dots.get().map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns what the department that sends to a lane calls its destination.
    pub fn destination(&self, tx: &mut dyn Tx, lane: &str) -> Result<Option<String>, StoreError> {
        let (kind, which) = lane.split_once(':').unwrap_or((lane, ""));
        let found = self.destinations.get().into_iter().flatten().find(|one| one.lane == kind);
        let Some(found) = found else { return Ok(None) };
        Ok(or_without(found.lane, (found.name)(tx, which))?.flatten())
    }

    /// Returns what all departments find by words, each under the key of its heading. A department that finds nothing
    /// is left out. What cannot wait comes first, then the pages that the words surely mean, then what is called so.
    pub fn find(&self, tx: &mut dyn Tx, page: &Page, words: &str) -> Result<Vec<Found>, StoreError> {
        let mut given = Vec::new();
        for finder in self.finders.get().into_iter().flatten() {
            let hits = or_without(finder.key, (finder.find)(tx, page, words))?.unwrap_or_default();
            given.push(Given { key: finder.key, order: finder.order, hits });
        }
        let pages = sought(page, words, self.sought.get().map(Vec::as_slice).unwrap_or_default());
        Ok(together(words, pages, given))
    }

    /// Returns the local address of the page where somebody looks with a number that is no number of a case, and with
    /// her code. None if no department has such numbers.
    #[must_use]
    pub fn numbered(&self, number: &str) -> Option<String> {
        self.numbered.get().into_iter().flatten().find_map(|one| one.address(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::permission::{ActorKind, Grant};
    use uuid::Uuid;

    fn lane(key: &'static str, permission: Permission, order: i32) -> Lane {
        Lane { key, href: "/x", permission, order, count: Arc::new(|_, _, _| Ok(0)) }
    }

    fn tile(key: &'static str, permission: Permission, order: i32) -> Tile {
        Tile { key, href: "/x", permission, order, value: Arc::new(|_, _| Ok(TileValue::default())) }
    }

    /// Returns somebody with these permissions at one place.
    fn actor(permissions: &[Permission]) -> Actor {
        let grant = Grant {
            post: Uuid::nil(),
            role: "worker".to_owned(),
            place: PlacePath::root(PlaceId(1)),
            department: None,
            permissions: permissions.iter().copied().collect(),
        };
        Actor { account: Some(Uuid::nil()), name: String::new(), kind: ActorKind::Staff, grants: vec![grant] }
    }

    fn everything() -> Everything {
        use Permission as May;
        Everything {
            lanes: vec![lane("c", May::CaseRead, 30), lane("a", May::CaseAccept, -1), lane("b", May::CaseRead, 30)],
            tiles: vec![tile("z", May::CaseSupervise, 2), tile("y", May::CaseRead, 1)],
            ..Everything::default()
        }
    }

    fn lanes(shown: &Shown, permissions: &[Permission]) -> Vec<&'static str> {
        shown.lanes(&actor(permissions)).map(|lane| lane.key).collect()
    }

    fn tiles(shown: &Shown, permissions: &[Permission]) -> Vec<&'static str> {
        shown.tiles(&actor(permissions)).map(|tile| tile.key).collect()
    }

    #[test]
    fn lists_stand_in_their_order_and_everybody_sees_her_own() {
        use Permission as May;
        let shown = Shown::default();
        shown.fill(everything());
        let table: [(&[Permission], &[&str], &[&str]); 5] = [
            (&[], &[], &[]),
            (&[May::CaseAccept], &["a"], &[]),
            // Of two with the same order the one that was given first comes first.
            (&[May::CaseRead], &["c", "b"], &["y"]),
            (&[May::CaseSupervise], &[], &["z"]),
            (&[May::CaseAccept, May::CaseRead, May::CaseSupervise], &["a", "c", "b"], &["y", "z"]),
        ];
        for (permissions, own_lanes, own_tiles) in table {
            assert_eq!(lanes(&shown, permissions), own_lanes, "{permissions:?}");
            assert_eq!(tiles(&shown, permissions), own_tiles, "{permissions:?}");
        }
        assert_eq!(shown.lanes(&Actor::nobody()).count() + shown.tiles(&Actor::system()).count(), 0);
    }

    #[test]
    fn what_was_filled_once_stays() {
        let shown = Shown::default();
        assert!(lanes(&shown, &[Permission::CaseRead]).is_empty(), "nothing before all departments are open");
        shown.fill(everything());
        shown.fill(Everything { lanes: vec![lane("d", Permission::CaseRead, 0)], ..Everything::default() });
        assert_eq!(lanes(&shown, &[Permission::CaseRead]), ["c", "b"]);
        assert_eq!(tiles(&shown, &[Permission::CaseRead]), ["y"]);
    }

    #[test]
    fn what_cannot_be_said_is_left_out_and_a_failure_of_the_store_is_not() {
        assert_eq!(or_without("lane", Ok(3)), Ok(Some(3)));
        assert_eq!(or_without::<i64>("lane", Err(StoreError::data("the rulebook has no such figure"))), Ok(None));
        for failure in [StoreError::Busy, StoreError::Conflict, StoreError::Closed] {
            assert_eq!(or_without::<i64>("lane", Err(failure.clone())), Err(failure));
        }
    }
}
