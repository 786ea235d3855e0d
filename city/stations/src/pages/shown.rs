//! What stations show on the pages of others: the stations of a place, how many there are, and stations by their names.

use std::sync::Arc;

use house::{AskDots, At, Dot, Dots, Finder, Hit, Panel, PanelLine, PlaceAt, Section, Tile, TileValue, Work};
use kernel::place::Level;
use store::{StoreError, Tx};
use web::{Heading, Page, Service};

use super::light;
use crate::Stations;
use crate::actions::reach;
use crate::permissions::May;
use crate::records::{self, Station};

/// Stations that a place and a search show.
const SHOWN: i64 = 6;
/// The most stations that the map shows.
const ON_MAP: i64 = 20_000;

/// Everything that stations show elsewhere.
pub(crate) fn shown(desk: &Arc<Stations>) -> Work {
    let (at_place, finding) = (desk.clone(), desk.clone());
    let show: AskDots = Arc::new(|tx: &mut dyn Tx, page: &Page, _| {
        let found = records::open(tx, ON_MAP)?;
        Ok(found.into_iter().map(|station| dot(page, station)).collect())
    });
    let public = Some(show.clone());
    Work {
        services: services(),
        tiles: vec![Tile {
            key: "stations-tile-open",
            href: "/stations/list",
            permission: May::StationEdit,
            order: 50,
            value: Arc::new(|tx, page| {
                let open = records::count_open(tx, &reach(&page.visitor.actor, May::StationEdit))?;
                Ok(TileValue { figure: open.to_string(), note: String::new(), urgent: false })
            }),
        }],
        sections: vec![Section { order: 10, show: Arc::new(move |tx, page, at| at_place.of_place(tx, page, at)) }],
        finders: vec![Finder {
            key: "stations-found",
            order: 40,
            find: Arc::new(move |tx, page, words| finding.hits(tx, page, words)),
        }],
        dots: vec![Dots { layer: "stations", key: "stations-map", from_zoom: 11, order: 10, show, public }],
        ..Work::default()
    }
}

/// A station as a point of the map: at its compound, or somewhere in its community.
fn dot(page: &Page, station: Station) -> Dot {
    let title = station.name(page.lang).to_owned();
    let at = station.compound.map_or(At::Community, At::Compound);
    Dot {
        id: station.id.to_string(),
        at,
        title,
        href: format!("/stations/{}", station.id),
        place: station.path,
        count: 1,
    }
}

fn services() -> Vec<Service> {
    vec![
        Service {
            heading: Heading::Nearby,
            key: "stations-nav",
            purpose: "stations-nav-for",
            href: "/stations",
            permission: None,
            order: 20,
        },
        Service {
            heading: Heading::Topics,
            key: "stations-nav-coverage",
            purpose: "stations-nav-coverage-for",
            href: "/stations/coverage",
            permission: Some(May::StationEdit),
            order: 50,
        },
    ]
}

impl Stations {
    /// The open stations of a place, with the way to the nearest one from a community.
    fn of_place(&self, tx: &mut dyn Tx, page: &Page, place: PlaceAt<'_>) -> Result<Option<Panel>, StoreError> {
        let found = records::open_inside(tx, place.path, SHOWN)?;
        let line = |station: &Station| PanelLine {
            term: station.name(page.lang).to_owned(),
            text: format!("{} · {}", light(page, self, station).text, station.address),
            href: format!("/stations/{}", station.id),
        };
        let near = if place.level >= Level::Community {
            (page.t("stations-place-near"), format!("/stations?at=p:{}", place.id))
        } else {
            (page.t("stations-place-find"), "/stations".to_owned())
        };
        Ok(Some(Panel {
            title: page.t("stations-place-title"),
            lines: found.iter().map(line).collect(),
            empty: page.t("stations-place-none"),
            more: near,
        }))
    }

    /// The stations whose names hold the words.
    fn hits(&self, tx: &mut dyn Tx, page: &Page, words: &str) -> Result<Vec<Hit>, StoreError> {
        let tree = self.hall.places.tree();
        let hit = |station: Station| Hit {
            text: station.name(page.lang).to_owned(),
            detail: format!("{} · {}", tree.chain(&station.path, page.lang), station.address),
            href: format!("/stations/{}", station.id),
        };
        Ok(records::named(tx, words, SHOWN)?.into_iter().map(hit).collect())
    }
}
