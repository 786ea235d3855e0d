//! What the desk of cases shows on the pages of others: lanes of work, figures of the overview, the day of a worker,
//! the page of a place, and what is found by a number or by words.

use std::collections::BTreeMap;
use std::sync::Arc;

use hall::Fault;
use hall::figures::Asked;
use hall::hiding::Row;
use house::{
    Daily, Finder, Hit, Lane, OverviewPanel, Panel, PanelLine, PlaceAt, Section, TablePanel, Tile, TileValue, Work,
};
use kernel::figure::Figure;
use kernel::permission::{Permission, Scope};
use kernel::place::{PlaceId, PlacePath};
use store::Tx;
use web::table::{self, Cell, ColumnKind, Table};
use web::{Heading, Page, Service};

use super::supervise::{inside, open_below, side_of};
use crate::Cases;
use crate::records::{self, CaseRow, Counts, InTime, Narrow, Share, figures};
use crate::rules::figures::month;
use crate::rules::indicators::INDICATORS;
use crate::words::{Cursor, PUBLISHER};

/// Cases that the page of the day, the overview and a search show.
const SHOWN: i64 = 8;

/// Puts together everything that the desk shows elsewhere.
pub(crate) fn shown(cases: &Arc<Cases>) -> Work {
    let (day, late, place, finding) = (cases.clone(), cases.clone(), cases.clone(), cases.clone());
    Work {
        services: services(),
        lanes: vec![requests(), homes(cases)],
        tiles: tiles(cases),
        dailies: vec![Daily { order: 20, show: Arc::new(move |tx, page| Ok(day.at_my_desk(tx, page)?)) }],
        overview_panels: vec![OverviewPanel {
            order: 10,
            show: Arc::new(move |tx, page| Ok(late.late_longest(tx, page)?)),
        }],
        sections: vec![Section { order: 40, show: Arc::new(move |tx, page, at| Ok(place.of_place(tx, page, at)?)) }],
        finders: vec![Finder {
            key: "cases-found",
            order: 10,
            find: Arc::new(move |tx, page, words| Ok(finding.hits(tx, page, words)?)),
        }],
        ..Work::default()
    }
}

/// What people can do on the pages of the desk; the queue, the search and the supervision are headings themselves.
fn services() -> Vec<Service> {
    vec![
        Service {
            heading: Heading::Foot,
            key: "cases-nav-figures",
            purpose: "cases-nav-figures-for",
            href: "/figures",
            permission: None,
            order: 10,
        },
        Service {
            heading: Heading::Tasks,
            key: "cases-nav-requests",
            purpose: "cases-nav-requests-for",
            href: "/requests",
            permission: Some(Permission::CaseHandle),
            order: 30,
        },
        Service {
            heading: Heading::Unit,
            key: "cases-people-title",
            purpose: "cases-people-for",
            href: "/queue/people",
            permission: Some(Permission::CaseRead),
            order: 10,
        },
    ]
}

/// What persons ask about their own data at the offices of the posts of today.
fn requests() -> Lane {
    Lane {
        key: "cases-nav-requests",
        href: "/requests",
        permission: Permission::CaseHandle,
        order: 30,
        count: Arc::new(|tx, actor, _| {
            let mut open = 0;
            for share in Share::of(&actor.scopes(Permission::CaseHandle)) {
                open += records::requests::count_open(tx, &share)?;
            }
            Ok(open)
        }),
    }
}

/// Applications that do not say in which community the applicant lives.
fn homes(cases: &Arc<Cases>) -> Lane {
    let desk = cases.clone();
    Lane {
        key: "cases-homes-nav",
        href: "/queue/homes",
        permission: Permission::CaseAccept,
        order: 5,
        count: Arc::new(move |tx, actor, _| super::homes::count(&desk, tx, &actor.scopes(Permission::CaseAccept))),
    }
}

fn tiles(cases: &Arc<Cases>) -> Vec<Tile> {
    let tile = |(key, href), order, urgent: bool, figure: fn(&Counts) -> i64| {
        let desk = cases.clone();
        Tile {
            key,
            href,
            permission: Permission::CaseSupervise,
            order,
            value: Arc::new(move |tx, page| {
                let figure = figure(&desk.supervised_counts(tx, page)?);
                Ok(TileValue { figure: figure.to_string(), note: String::new(), urgent: urgent && figure > 0 })
            }),
        }
    };
    vec![
        tile(("cases-tile-late", "/supervise?light=late#rows"), 10, true, |counts| counts.late),
        tile(("cases-tile-soon", "/supervise?light=soon#rows"), 11, false, |counts| counts.soon),
        tile(("cases-tile-open", "/supervise#rows"), 12, false, |counts| counts.open),
    ]
}

impl Cases {
    /// The open cases that lie in the places that this visitor supervises.
    fn supervised_counts(&self, tx: &mut dyn Tx, page: &Page) -> Result<Counts, Fault> {
        let (near, mut counts) = (self.nearness(page.now)?, Counts::default());
        let shares = Share::of(&page.visitor.actor.scopes(Permission::CaseSupervise));
        for share in &shares {
            for (_, found) in open_below(tx, self, side_of(page), share, near)? {
                counts.add(&found);
            }
        }
        Ok(counts)
    }

    /// The open cases that lie inside a place by the place of the level below, as far as this visitor may read them;
    /// those at the place itself have none.
    ///
    /// # Errors
    /// A failure of the store, or a figure that the rulebook does not have.
    pub fn open_inside(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        place: &PlacePath,
    ) -> Result<BTreeMap<Option<PlaceId>, Counts>, Fault> {
        let (near, mut found) = (self.nearness(page.now)?, BTreeMap::<Option<PlaceId>, Counts>::new());
        let shares = Share::of(&narrowed(page, place));
        for share in &shares {
            for (child, counts) in open_below(tx, self, side_of(page), share, near)? {
                found.entry(child).or_default().add(&counts);
            }
        }
        Ok(found)
    }

    /// What waits at the desks of this visitor's posts, what will be late first.
    fn at_my_desk(&self, tx: &mut dyn Tx, page: &Page) -> Result<Option<Panel>, Fault> {
        if !page.may(Permission::CaseRead) {
            return Ok(None);
        }
        let (mut rows, _) = self.at_desks(tx, page, Narrow::default(), Cursor::start(), SHOWN)?;
        rows.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
        let line = |row: super::row::Row| PanelLine {
            term: row.item,
            text: standing(&row.about, &standing(&row.light.text, &row.state)),
            href: format!("/cases/{}", row.number),
        };
        Ok(Some(Panel {
            title: page.t("cases-day-title"),
            lines: self.rows(tx, page, &rows)?.into_iter().map(line).collect(),
            empty: page.t("cases-day-none"),
            more: (page.t("cases-day-all"), "/queue".to_owned()),
        }))
    }

    /// Of the cases that lie in the places that this visitor supervises those that are late longest.
    fn late_longest(&self, tx: &mut dyn Tx, page: &Page) -> Result<Option<TablePanel>, Fault> {
        let scopes = page.visitor.actor.scopes(Permission::CaseSupervise);
        if scopes.is_empty() {
            return Ok(None);
        }
        let (lit, side) = (self.lit(page, InTime::Late.code())?, side_of(page));
        let found = store::gather(&scopes, SHOWN, CaseRow::order, |scope| {
            let rows = records::queue_narrowed(tx, side, scope, Narrow::lit(lit), Cursor::start(), SHOWN)?;
            Ok::<_, Fault>(rows)
        })?;
        let found = self.shown_to(tx, &page.visitor.actor, found)?;
        let column = |kind, name: &str| table::Column::new(kind, page.t(&format!("cases-column-{name}")));
        let office = table::Column::new(ColumnKind::Text, self.office_title(page, &found));
        let texts = ["due", "light"].map(|name| column(ColumnKind::Text, name));
        let columns = [column(ColumnKind::Link, "item"), office].into_iter().chain(texts).collect();
        let cells = |row: super::row::Row| {
            let case = format!("/cases/{}", row.number);
            vec![Cell::numbered(row.item, case, row.number), row.office.into(), row.due.into(), row.light.into()]
        };
        let rows = self.rows(tx, page, &found)?.into_iter().map(cells);
        Ok(Some(TablePanel {
            table: Table::new(page.t("cases-late-longest"), columns).with(rows),
            empty: page.t("cases-late-longest-none"),
            more: (page.t("cases-late-longest-all"), "/supervise?light=late#rows".to_owned()),
        }))
    }

    /// On the page of a place: what is open and late there for whoever may read it, and the month's figures for
    /// everybody.
    fn of_place(&self, tx: &mut dyn Tx, page: &Page, place: PlaceAt<'_>) -> Result<Option<Panel>, Fault> {
        if place.level > kernel::place::Level::Community {
            return Ok(None);
        }
        let mut lines = Vec::new();
        let scopes = narrowed(page, place.path);
        if !scopes.is_empty() {
            let mut counts = Counts::default();
            for found in self.open_inside(tx, page, place.path)?.values() {
                counts.add(found);
            }
            let [open, late] = titles(&scopes, place.path);
            // The rows behind a number are shown to whoever supervises the same offices.
            let opens = inside(page.visitor.actor.scopes(Permission::CaseSupervise), place.path) == scopes;
            let rows = |light: &str| {
                if opens { format!("/supervise?place={}{light}#rows", place.id) } else { String::new() }
            };
            lines.push(PanelLine { href: rows(""), ..line(page, open, counts.open.to_string()) });
            lines.push(PanelLine { href: rows("&light=late"), ..line(page, late, counts.late.to_string()) });
        }
        lines.extend(self.of_month(tx, page, place)?);
        Ok(Some(Panel {
            title: page.t("cases-place-title"),
            lines,
            empty: page.t("cases-place-none"),
            more: (page.t("cases-place-all"), format!("/figures?place={}", place.id)),
        }))
    }

    /// The figures of this month at a place, which everybody may see; nothing while there are none.
    fn of_month(&self, tx: &mut dyn Tx, page: &Page, place: PlaceAt<'_>) -> Result<Vec<PanelLine>, Fault> {
        let month = month(page.zone(), page.now);
        let sum = figures::month_sum(tx, &month, place.path, None)?;
        if sum.applied == 0 && sum.decided == 0 {
            return Ok(Vec::new());
        }
        let (path, slots) = (place.path, &[]);
        let asked = Asked { publisher: PUBLISHER, place: path, own: false, department: None, month: &month, slots };
        let withheld = self.withheld(tx, page, &asked)?;
        let told = |key: &str, code: &str, figure: Figure| {
            let mut declared = INDICATORS.iter().filter(|indicator| indicator.code == code);
            let tells = declared.all(|indicator| withheld.tells(Row::Total, None, indicator, INDICATORS));
            line(page, key, if tells { figure.to_string() } else { page.t("cases-figures-withheld") })
        };
        let on_time = Figure::Share { part: sum.on_time, whole: sum.decided };
        Ok(vec![
            told("cases-place-applied", "cases.applied", Figure::Count(sum.applied)),
            told("cases-place-decided", "cases.decided", Figure::Count(sum.decided)),
            told("cases-place-on-time", "cases.on_time_share", on_time),
        ])
    }

    /// The cases that a number or words mean, as far as this visitor may read them.
    fn hits(&self, tx: &mut dyn Tx, page: &Page, words: &str) -> Result<Vec<Hit>, Fault> {
        if !page.may(Permission::CaseRead) {
            return Ok(Vec::new());
        }
        let found = self.found(tx, page, words, None, SHOWN)?;
        let hit = |row: super::row::Row| Hit {
            text: row.item,
            detail: format!("{} · {}", row.number, row.state),
            href: format!("/cases/{}", row.number),
        };
        Ok(self.rows(tx, page, &found)?.into_iter().map(hit).collect())
    }
}

/// How a case stands: its light, where that says anything, and its state.
fn standing(first: &str, second: &str) -> String {
    [first, second].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn line(page: &Page, key: &str, text: String) -> PanelLine {
    PanelLine { term: page.t(key), text, href: String::new() }
}

/// Where this visitor may read or supervise cases inside a place: her posts at it or above it hold there, those inside
/// it hold where they are.
fn narrowed(page: &Page, place: &PlacePath) -> Vec<Scope> {
    inside(page.visitor.actor.scopes(Permission::CaseRead), place)
}

/// What the numbers of open and of late cases are called. A share is not called the place's number: that takes a post
/// for all departments there or above.
fn titles(scopes: &[Scope], place: &PlacePath) -> [&'static str; 2] {
    if scopes.iter().any(|scope| scope.department.is_none() && scope.place.contains(place)) {
        ["cases-tile-open", "cases-tile-late"]
    } else {
        ["cases-place-own-open", "cases-place-own-late"]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_light_that_says_nothing_leaves_no_dot() {
        assert_eq!(standing("", "协议生效，履行中"), "协议生效，履行中");
        assert_eq!(standing("还剩 2 天", "受理中"), "还剩 2 天 · 受理中");
    }

    #[test]
    fn a_share_of_a_place_is_not_called_the_place_s_number() {
        let path = |text: &str| PlacePath::parse(text).unwrap();
        let held = |place: &str, department: Option<&str>| Scope {
            place: path(place),
            department: department.map(str::to_owned),
        };
        let (whole, share) = ("cases-tile-open", "cases-place-own-open");
        let table = [
            (vec![held("1.", None)], Some(("1.4.", whole))),
            (vec![held("1.4.", None)], Some(("1.4.", whole))),
            (vec![held("1.4.57.", None)], Some(("1.4.57.", share))),
            (vec![held("1.", Some("health"))], Some(("1.4.", share))),
            (vec![held("1.4.57.", Some("health")), held("1.", None)], Some(("1.4.57.", whole))),
            (vec![held("1.5.", None)], None),
        ];
        for (scopes, expected) in table {
            let place = path("1.4.");
            let told = format!("{scopes:?}");
            let found = inside(scopes, &place);
            let title = titles(&found, &place)[0];
            let first = found.first().map(|scope| (scope.place.clone(), title));
            assert_eq!(first, expected.map(|(narrowed, title)| (path(narrowed), title)), "{told}");
        }
    }
}
