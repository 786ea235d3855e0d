//! What visits show on the pages of others: the appointments and home visits of today, as a lane, a tile and a list.

use std::sync::Arc;

use hall::Fault;
use house::{Daily, Lane, Numbered, Panel, PanelLine, Tile, TileValue, Work};
use kernel::permission::Permission;
use kernel::time::show_minute_of_day;
use store::Tx;
use web::{Heading, Page, Service};

use super::day::of_day;
use super::light;
use crate::Visits;
use crate::actions::reach;
use crate::records::visit::{self, Visit};
use crate::rules::read_number;
use crate::words::Kind;

/// Limits how many visits of a kind the page of the day shows.
const SHOWN: i64 = 20;

/// Puts together everything that visits show elsewhere.
pub(crate) fn shown(desk: &Arc<Visits>) -> Work {
    let (counting, today, listing) = (desk.clone(), desk.clone(), desk.clone());
    let lane = Lane {
        key: "visits-nav-staff",
        href: "/visits",
        permission: Permission::CaseRead,
        order: 26,
        count: Arc::new(move |tx, actor, now| {
            let (day, mut open) = (counting.today(now), 0);
            for place in reach(actor, Permission::CaseRead) {
                open += visit::count_open(tx, &place, day)?;
            }
            Ok(open)
        }),
    };
    let tile = Tile {
        key: "visits-tile-today",
        href: "/visits",
        permission: Permission::CaseSupervise,
        order: 30,
        value: Arc::new(move |tx, page| {
            let (day, mut visits) = (today.today(page.now), 0);
            for place in reach(&page.visitor.actor, Permission::CaseRead) {
                visits += visit::count_day(tx, &place, day)?;
            }
            Ok(TileValue { figure: visits.to_string(), note: String::new(), urgent: false })
        }),
    };
    let daily = Daily { order: 10, show: Arc::new(move |tx, page| Ok(listing.of_today(tx, page)?)) };
    Work {
        services: services(),
        lanes: vec![lane],
        tiles: vec![tile],
        dailies: vec![daily],
        numbered: vec![Numbered { read: |typed| read_number(typed).map(|number| number.text), href: "/appointments" }],
        ..Work::default()
    }
}

fn services() -> Vec<Service> {
    vec![
        Service {
            heading: Heading::Mine,
            key: "visits-nav",
            purpose: "visits-nav-for",
            href: "/appointments",
            permission: None,
            order: 20,
        },
        Service {
            heading: Heading::Today,
            key: "visits-nav-staff",
            purpose: "visits-nav-staff-for",
            href: "/visits",
            permission: Some(Permission::CaseRead),
            order: 10,
        },
    ]
}

impl Visits {
    /// Returns the appointments of today in the order of their times, and the home visits after them, without names.
    fn of_today(&self, tx: &mut dyn Tx, page: &Page) -> Result<Option<Panel>, Fault> {
        let places = reach(&page.visitor.actor, Permission::CaseRead);
        if places.is_empty() {
            return Ok(None);
        }
        let day = self.today(page.now);
        let mut visits = of_day(tx, &places, Kind::Counter, day, SHOWN)?;
        visits.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
        visits.extend(of_day(tx, &places, Kind::Home, day, SHOWN)?);
        let line = |visit: &Visit| PanelLine {
            term: match visit.kind {
                Kind::Counter => show_minute_of_day(visit.slot().minute),
                Kind::Home => page.t("visits-kind-home"),
            },
            text: format!("{} · {}", self.item_told(page, visit, false), light(page, visit).text),
            href: format!("/visits/{}", visit.number),
        };
        Ok(Some(Panel {
            title: page.t("visits-day-panel"),
            lines: visits.iter().map(line).collect(),
            empty: page.t("visits-day-none"),
            more: (page.t("visits-nav-staff"), "/visits".to_owned()),
        }))
    }
}
