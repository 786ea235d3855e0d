//! The lists of where it hurts, as tables for the page and for files.

use std::collections::BTreeMap;

use kernel::figure::Figure;
use kernel::place::{Level, PlacePath};
use kernel::time::{Instant, date_plus_days};
use places::Place;
use places::geography::Geography;
use web::Page;
use web::table::{Cell, Column, ColumnKind, Table};

use super::{HERE, Known, List};
use crate::Grid;
use crate::hurts::{EVERY, SpotOf};
use crate::words::{Compared, Rise, Share};

/// A chance that nobody waits for: a hundred years of nights.
const CENTURY: i64 = 36_500;
/// Names of communities of a rise that are written out.
const NAMES: usize = 3;
/// Thousandths of an expectation in a hundredth.
const HUNDREDTH: i64 = 10;

impl Grid {
    /// All lists of a place, in the order in which one looks at them.
    pub(super) fn hurts_lists(
        &self,
        page: &Page,
        ground: Option<&Geography>,
        place: &Place,
        known: &Known,
    ) -> Vec<List> {
        let (from, to) = self.period(page, known);
        let list = |title: &str, says: &str, empty: &str, table: Table| List {
            title: page.t(title),
            says: page.t2(says, "from", &from, "to", &to),
            table,
            empty: page.t2(empty, "from", &from, "to", &to),
            more: None,
        };
        let first = if page.query.get("rises") == "all" { known.rises.len() } else { known.lines };
        let left = known.rises.len().saturating_sub(first);
        let more = || (page.t1("grid-hurts-rising-more", "n", left), format!("{HERE}?place={}&rises=all", place.id));
        let rising = list(
            "grid-hurts-rising",
            "grid-hurts-rising-says",
            "grid-hurts-rising-none",
            self.list_rising(page, place, known, first),
        );
        vec![
            List { more: (left > 0).then(more), ..rising },
            list(
                "grid-hurts-spots",
                "grid-hurts-spots-says",
                "grid-hurts-spots-none",
                self.list_spots(page, ground, known),
            ),
            list(
                "grid-hurts-returned",
                "grid-hurts-returned-says",
                "grid-hurts-returned-none",
                self.list_most(page, Compared::Returned, &known.returned),
            ),
            list(
                "grid-hurts-overdue",
                "grid-hurts-overdue-says",
                "grid-hurts-overdue-none",
                self.list_most(page, Compared::Overdue, &known.overdue),
            ),
            list(
                "grid-hurts-found",
                "grid-hurts-found-says",
                "grid-hurts-found-none",
                self.list_found(page, place, known),
            ),
        ]
    }

    /// The first and the last of the days over which places are compared.
    fn period(&self, page: &Page, known: &Known) -> (String, String) {
        self.days_up_to(page, known.at, known.days)
    }

    /// The first and the last of so many days up to a moment.
    pub(super) fn days_up_to(&self, page: &Page, at: Instant, days: i64) -> (String, String) {
        let last = self.hall.day(at);
        let first = date_plus_days(last, 1 - days.max(1)).unwrap_or(last);
        (page.full_date(first), page.full_date(last))
    }

    /// All lists in one table, for a file.
    pub(super) fn whole_table(&self, page: &Page, ground: Option<&Geography>, place: &Place, known: &Known) -> Table {
        let column = |kind, key| Column::new(kind, page.t(key));
        let columns = vec![
            column(ColumnKind::Text, "grid-hurts-list"),
            column(ColumnKind::Text, "grid-hurts-matter"),
            column(ColumnKind::Text, "grid-hurts-place"),
            column(ColumnKind::Number, "grid-hurts-number"),
            column(ColumnKind::Number, "grid-hurts-against"),
            column(ColumnKind::Text, "grid-hurts-note"),
        ];
        let mut table = Table::new(page.t("grid-nav-hurts"), columns);
        let mut add = |title: &str, rows: Vec<[Cell; 5]>| {
            let line = |row: [Cell; 5]| std::iter::once(Cell::from(page.t(title))).chain(row).collect::<Vec<Cell>>();
            table.rows.extend(rows.into_iter().map(line));
        };
        let rise = |rise: &Rise| {
            let against = Cell::Hundredths(rise.seen.expected / HUNDREDTH);
            let places = self.rise_places(page, place, rise);
            let note = format!("{} · {}", window(page, rise), once(page, rise.seen.once_in));
            [
                self.sort_called(page, &rise.seen.sort).into(),
                places.into(),
                rise.seen.reports.into(),
                against,
                note.into(),
            ]
        };
        add("grid-hurts-rising", known.rises.iter().map(rise).collect());
        let spot = |spot: &SpotOf| {
            let times = Cell::count(spot.cases.len() as u64);
            let last = page.minute(spot.newest.reported_at);
            let kind = self.kind_called(page, &spot.newest.kind);
            [kind.into(), self.spot_called(page, ground, spot).into(), times, Cell::Empty, last.into()]
        };
        add("grid-hurts-spots", known.spots.iter().map(spot).collect());
        let share = |share: &Share| {
            let kind = self.kind_called(page, &share.kind);
            let place = self.hall.places.tree().chain(&share.path, page.lang);
            [kind.into(), place.into(), share.number.into(), share.of.into(), Cell::Empty]
        };
        add("grid-hurts-returned", known.returned.iter().map(share).collect());
        add("grid-hurts-overdue", known.overdue.iter().map(share).collect());
        let below = Self::found_below(place, &known.found);
        let below = below.iter().map(|(path, (number, of))| {
            let place = self.hall.places.tree().chain(path, page.lang);
            [Cell::Empty, place.into(), (*number).into(), (*of).into(), Cell::Empty]
        });
        add("grid-hurts-found", below.collect());
        table
    }

    fn list_rising(&self, page: &Page, place: &Place, known: &Known, first: usize) -> Table {
        let column = |kind, key| Column::new(kind, page.t(key));
        let columns = vec![
            column(ColumnKind::Link, "grid-hurts-sort"),
            column(ColumnKind::Text, "grid-hurts-place"),
            column(ColumnKind::Text, "grid-hurts-window"),
            column(ColumnKind::Number, "grid-hurts-reports"),
            column(ColumnKind::Number, "grid-hurts-expected"),
            column(ColumnKind::Text, "grid-hurts-chance"),
        ];
        let night = known.night.as_ref().map(|night| night.night.to_string()).unwrap_or_default();
        let row = |rise: &Rise| {
            let href = format!("{HERE}/rows?what=rise&night={night}&rise={}&place={}", rise.seen.ordinal, place.id);
            vec![
                Cell::link(self.sort_called(page, &rise.seen.sort), href.as_str()),
                self.rise_places(page, place, rise).into(),
                window(page, rise).into(),
                Cell::opened(rise.seen.reports, href),
                Cell::Hundredths(rise.seen.expected / HUNDREDTH),
                once(page, rise.seen.once_in).into(),
            ]
        };
        Table::new(page.t("grid-hurts-rising"), columns).with(known.rises.iter().take(first).map(row))
    }

    fn list_spots(&self, page: &Page, ground: Option<&Geography>, known: &Known) -> Table {
        let column = |kind, key| Column::new(kind, page.t(key));
        let columns = vec![
            column(ColumnKind::Link, "grid-hurts-matter"),
            column(ColumnKind::Text, "grid-hurts-place"),
            column(ColumnKind::Number, "grid-hurts-times"),
            column(ColumnKind::Moment, "grid-hurts-last"),
        ];
        let row = |spot: &SpotOf| {
            let href = format!("{HERE}/rows?what=spot&report={}/{}", spot.newest.district.0, spot.newest.case_id);
            vec![
                Cell::link(self.kind_called(page, &spot.newest.kind), href.as_str()),
                self.spot_called(page, ground, spot).into(),
                Cell::opened(i64::try_from(spot.cases.len()).unwrap_or(i64::MAX), href),
                spot.newest.reported_at.into(),
            ]
        };
        Table::new(page.t("grid-hurts-spots"), columns).with(known.spots.iter().map(row))
    }

    /// Where most were sent back or late.
    fn list_most(&self, page: &Page, compared: Compared, shares: &[Share]) -> Table {
        let tree = self.hall.places.tree();
        let (title, number) = match compared {
            Compared::Returned => ("grid-hurts-returned", "grid-hurts-returned-number"),
            Compared::Overdue => ("grid-hurts-overdue", "grid-hurts-overdue-number"),
            Compared::Found => ("grid-hurts-found", "grid-hurts-found-number"),
        };
        let row = |share: &Share| {
            let (what, place) = (compared.code(), share.path.id());
            let of = format!("{HERE}/rows?place={place}&kind={}", share.kind);
            let href = format!("{HERE}/rows?what={what}&place={place}&kind={}", share.kind);
            let kind = Cell::link(self.kind_called(page, &share.kind), href.as_str());
            let mut row = vec![kind, tree.chain(&share.path, page.lang).into()];
            row.extend(parts((share.number, href), (share.of, of)));
            row
        };
        let first = [
            Column::new(ColumnKind::Link, page.t("grid-hurts-matter")),
            Column::new(ColumnKind::Text, page.t("grid-hurts-place")),
        ];
        let columns = first.into_iter().chain(part_columns(page, number)).collect();
        Table::new(page.t(title), columns).with(shares.iter().map(row))
    }

    fn list_found(&self, page: &Page, place: &Place, known: &Known) -> Table {
        let tree = self.hall.places.tree();
        let row = |(path, (number, of)): (PlacePath, (i64, i64))| {
            let name = tree.at(&path).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
            let all = format!("{HERE}/rows?place={}", path.id());
            let found = format!("{HERE}/rows?what={}&place={}", Compared::Found.code(), path.id());
            // Where none was found, the reports are shown of which none was.
            let mut row = vec![Cell::link(name, if number > 0 { found.as_str() } else { all.as_str() })];
            row.extend(parts((number, found), (of, all)));
            row
        };
        let first = Column::new(ColumnKind::Link, page.t("grid-hurts-place"));
        let columns = std::iter::once(first).chain(part_columns(page, "grid-hurts-found-number")).collect();
        Table::new(page.t("grid-hurts-found"), columns)
            .with(Self::found_below(place, &known.found).into_iter().map(row))
    }

    /// What was found of how many, in each place below that has reports; in a community, of the community itself.
    fn found_below(place: &Place, shares: &[Share]) -> BTreeMap<PlacePath, (i64, i64)> {
        let level = place.level.child().unwrap_or(Level::Community).min(Level::Community);
        let mut sums: BTreeMap<PlacePath, (i64, i64)> = BTreeMap::new();
        for share in shares {
            let path = share.path.at(level).unwrap_or_else(|| share.path.clone());
            let sum = sums.entry(path).or_default();
            *sum = (sum.0 + share.number, sum.1 + share.of);
        }
        sums
    }

    /// What a kind is called.
    pub(crate) fn kind_called(&self, page: &Page, kind: &str) -> String {
        self.catalogue.kind_ever(kind).map_or_else(|| kind.to_owned(), |kind| kind.name.get(page.lang).to_owned())
    }

    /// What a sort is called.
    pub(super) fn sort_called(&self, page: &Page, sort: &str) -> String {
        if sort == EVERY {
            return page.t("grid-hurts-every");
        }
        let named = sort.split_once('/').and_then(|(system, class)| {
            let classes = &self.catalogue.system(system)?.classes;
            classes.iter().find(|known| known.code == class)
        });
        named.map_or_else(|| sort.to_owned(), |class| class.name.get(page.lang).to_owned())
    }

    /// The communities of a rise: those inside the place by name, those beyond it as a number.
    pub(super) fn rise_places(&self, page: &Page, place: &Place, rise: &Rise) -> String {
        let tree = self.hall.places.tree();
        let (inside, beyond): (Vec<&PlacePath>, Vec<&PlacePath>) =
            rise.places.iter().partition(|path| place.path.contains(path));
        let name = |path: &&PlacePath| tree.at(path).map(|place| place.named(page.lang).to_owned());
        let names: Vec<String> = inside.iter().filter_map(name).take(NAMES).collect();
        let names = names.join(page.lang.pick("、", ", "));
        let more = inside.len().saturating_sub(NAMES) + beyond.len();
        if more == 0 { names } else { page.t2("grid-hurts-and-more", "names", &names, "n", more) }
    }

    fn spot_called(&self, page: &Page, ground: Option<&Geography>, spot: &SpotOf) -> String {
        let chain = self.hall.places.tree().chain(&spot.community, page.lang);
        let compound = spot.newest.compound.and_then(|id| ground?.compound(id)).map(|(_, one)| one.name.clone());
        compound.map_or_else(|| chain.clone(), |name| format!("{name} · {chain}"))
    }
}

/// The last days in which something rose.
fn window(page: &Page, rise: &Rise) -> String {
    page.t1("grid-hurts-last-days", "n", rise.seen.days)
}

/// How rarely something happens by chance, in a sentence.
pub(super) fn once(page: &Page, nights: i64) -> String {
    if nights > CENTURY { page.t("grid-hurts-once-century") } else { page.t1("grid-hurts-once", "n", nights) }
}

/// How many, of how many, and the share: never one without the others.
fn part_columns(page: &Page, number: &str) -> [Column; 3] {
    [
        Column::new(ColumnKind::Number, page.t(number)),
        Column::new(ColumnKind::Number, page.t("grid-hurts-of")),
        Column::new(ColumnKind::Share, page.t("grid-hurts-share")),
    ]
}

/// The same of one line: each number with the address of its rows.
fn parts(number: (i64, String), of: (i64, String)) -> [Cell; 3] {
    let share = Figure::Share { part: number.0, whole: of.0 }.number().map_or(Cell::Empty, Cell::Share);
    [Cell::opened(number.0, number.1), Cell::opened(of.0, of.1), share]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_none_of_nothing_is_none() {
        for (number, of, expected) in
            [(1, 18, Cell::Share(56)), (1, 3, Cell::Share(333)), (2, 3, Cell::Share(667)), (0, 0, Cell::Empty)]
        {
            let [_, _, share] = parts((number, String::new()), (of, String::new()));
            assert_eq!(share, expected, "{number} of {of}");
        }
    }
}
