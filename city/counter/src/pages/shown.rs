//! What the counter shows on the pages of others: drafts of the catalogue as a lane, and items by words, pinyin or
//! code.

use std::sync::Arc;

use house::{Finder, Found, Hit, Lane, URGENT, Work};
use kernel::permission::{Actor, Permission};
use store::{StoreError, Tx};
use web::{Form, Heading, Page, Service, WebError};

use super::asked::understood;
use crate::catalogue::Elsewhere;
use crate::records::{self, Draft};
use crate::{Counter, May};

/// Items that a search shows.
const SHOWN: usize = 8;
/// The heading of what was found among the items.
const ITEMS: &str = "counter-found-items";
/// The heading of whom to call in danger.
const CALL: &str = "counter-found-call";

/// Everything that the counter shows elsewhere.
pub(crate) fn shown(counter: &Arc<Counter>) -> Work {
    let (drafting, finding, calling) = (counter.clone(), counter.clone(), counter.clone());
    Work {
        services: services(),
        lanes: vec![Lane {
            key: "counter-lane-drafts",
            href: "/catalogue",
            permission: May::CatalogueEdit,
            order: 60,
            count: Arc::new(move |tx, actor, _| drafting.drafts_of(tx, actor)),
        }],
        finders: vec![
            Finder { key: CALL, order: URGENT, find: Arc::new(move |_, page, words| Ok(calling.calls(page, words))) },
            Finder { key: ITEMS, order: 20, find: Arc::new(move |_, page, words| Ok(finding.hits(page, words))) },
        ],
        ..Work::default()
    }
}

fn services() -> Vec<Service> {
    vec![
        Service {
            heading: Heading::Mine,
            key: "counter-nav-follow",
            purpose: "counter-nav-follow-for",
            href: "/follow",
            permission: None,
            order: 10,
        },
        Service {
            heading: Heading::Work,
            key: "counter-nav-catalogue",
            purpose: "counter-nav-catalogue-for",
            href: "/catalogue",
            permission: Some(May::CatalogueEdit),
            order: 10,
        },
    ]
}

impl Counter {
    /// How many drafts of the catalogue wait for an editor: those of her department, or all of them.
    fn drafts_of(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<i64, StoreError> {
        let (scopes, catalogue) = (actor.scopes(May::CatalogueEdit), self.catalogue());
        let any = scopes.iter().any(|scope| scope.department.is_none());
        let hers = |draft: &Draft| {
            let item = catalogue.get(&draft.item);
            any || item.is_some_and(|item| {
                scopes.iter().any(|scope| scope.department.as_deref() == Some(item.department.as_str()))
            })
        };
        let count = records::drafts(tx)?.iter().filter(|draft| hers(draft)).count();
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The items that words mean: for a worker the form at the desk, for everybody else the guide. What is done
    /// elsewhere leads to the page that says where. For whom they were looked for is said back first, and leads to the
    /// page on which that can be changed.
    fn hits(&self, page: &Page, words: &str) -> Vec<Hit> {
        let (catalogue, at_desk) = (self.catalogue(), page.may(Permission::CaseAccept));
        let answer = catalogue.ask(words, page.lang, SHOWN);
        let hit = |found: &crate::catalogue::Hit<'_>| {
            let line = self.hit_line(page, found);
            let address = if at_desk { "/desk?item=" } else { "/items/" };
            let parts = [line.department, line.time, line.why];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            Hit { detail: parts.join(" · "), href: format!("{address}{}", line.code), text: line.name }
        };
        let asked = asked(words);
        let person = understood(page, &catalogue, &answer.person, format!("/items{asked}"));
        let person =
            person.map(|person| Hit { text: person.text, detail: page.t("counter-asked-change"), href: person.change });
        let items = answer.hits.iter().chain(&answer.excluded).take(SHOWN).map(hit);
        let elsewhere = answer.elsewhere.iter().filter(|one| !one.urgent);
        let elsewhere = elsewhere.map(|one| told_elsewhere(page, one, &asked));
        if answer.elsewhere_first {
            elsewhere.chain(person).chain(items).collect()
        } else {
            person.into_iter().chain(items).chain(elsewhere).collect()
        }
    }

    /// Whom to call where words speak of danger.
    fn calls(&self, page: &Page, words: &str) -> Vec<Hit> {
        let (catalogue, asked) = (self.catalogue(), asked(words));
        let answer = catalogue.ask(words, page.lang, SHOWN);
        let urgent = answer.elsewhere.iter().filter(|one| one.urgent);
        urgent.map(|one| told_elsewhere(page, one, &asked)).collect()
    }

    /// What other departments find by words: what stands before the items, and what stands in their place where there
    /// are none.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) async fn found_beside(&self, page: &Page, words: &str) -> Result<(Vec<Hit>, Vec<Hit>), WebError> {
        let (shown, drawn, asked) = (self.shown.clone(), page.clone(), words.to_owned());
        let found = self.cases.hall.store.read(move |tx| shown.find(tx, &drawn, &asked)).await?;
        let others = found.into_iter().filter(|group| ![ITEMS, CALL].contains(&group.key));
        let (first, rest): (Vec<Found>, Vec<Found>) = others.partition(|group| group.first);
        let hits = |groups: Vec<Found>| groups.into_iter().flat_map(|group| group.hits).collect();
        Ok((hits(first), hits(rest)))
    }
}

/// The query that asks for these words.
fn asked(words: &str) -> String {
    Form::default().with("q", words).address_with(&[])
}

/// What is done elsewhere, which leads to the page that says where.
fn told_elsewhere(page: &Page, one: &Elsewhere, asked: &str) -> Hit {
    Hit {
        text: page.of(&one.name).to_owned(),
        detail: page.of(&one.go).to_owned(),
        href: format!("/items{asked}"),
    }
}
