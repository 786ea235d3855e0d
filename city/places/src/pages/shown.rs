//! What places show on the pages of others: doubts of the division as a lane, and places by name, pinyin or code.

use super::home::asked_code;
use super::review::within;
use crate::permissions::May;
use crate::records::{history, review};
use crate::{Place, Places};
use house::{Finder, Hit, Lane, Work};
use kernel::permission::Actor;
use std::sync::Arc;
use store::{StoreError, Tx};
use web::{Heading, Page, Service};

/// Places that a search shows.
const SHOWN: usize = 8;
/// Doubts that are looked at for somebody who has a part of the city.
const DOUBTS: i64 = 1_000;

/// Puts together everything that places show elsewhere.
pub(crate) fn shown(places: &Arc<Places>) -> Work {
    let (doubting, finding) = (places.clone(), places.clone());
    Work {
        services: services(),
        lanes: vec![Lane {
            key: "places-nav-review",
            href: "/places/review",
            permission: May::PlaceEdit,
            order: 75,
            count: Arc::new(move |tx, actor, _| doubting.open_doubts(tx, actor)),
        }],
        finders: vec![Finder {
            key: "places-found-places",
            order: 30,
            find: Arc::new(move |tx, page, words| finding.hits(tx, page, words)),
        }],
        ..Work::default()
    }
}

fn services() -> Vec<Service> {
    vec![
        Service {
            heading: Heading::Nearby,
            key: "places-nav",
            purpose: "places-nav-for",
            href: "/places",
            permission: None,
            order: 10,
        },
        Service {
            heading: Heading::Work,
            key: "places-nav-review",
            purpose: "places-nav-review-for",
            href: "/places/review",
            permission: Some(May::PlaceEdit),
            order: 75,
        },
    ]
}

impl Places {
    /// Returns how many doubts of the division wait where somebody may decide them.
    fn open_doubts(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<i64, StoreError> {
        let (scopes, tree) = (actor.scopes(May::PlaceEdit), self.tree());
        if scopes.iter().any(|scope| scope.place.depth() == 1) {
            return review::open_count(tx);
        }
        let open = review::reviews(tx, false, 0, DOUBTS)?;
        let hers = open.iter().filter(|review| within(&tree, &scopes, review)).count();
        Ok(i64::try_from(hers).unwrap_or(i64::MAX))
    }

    /// Returns the places that words mean. A code leads to those that bore it before, too.
    fn hits(&self, tx: &mut dyn Tx, page: &Page, words: &str) -> Result<Vec<Hit>, StoreError> {
        let tree = self.tree();
        let hit = |place: &Place| Hit {
            text: place.named(page.lang).to_owned(),
            detail: tree.chain(&place.path, page.lang),
            href: format!("/places/{}", place.id),
        };
        let mut hits: Vec<Hit> = tree.search(words, SHOWN).into_iter().map(hit).collect();
        if let Some(code) = asked_code(words) {
            for bore in history::bore(tx, &code)? {
                let Some(place) = tree.get(bore.place).filter(|_| hits.len() < SHOWN) else { continue };
                let former = page.t2("places-found-former", "code", &code, "until", bore.until);
                hits.push(Hit { detail: format!("{} · {former}", tree.chain(&place.path, page.lang)), ..hit(place) });
            }
        }
        Ok(hits)
    }
}
