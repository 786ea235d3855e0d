//! For a member of the family 我为家人办: for whom, then only what she can get.
//!
//! Nothing is kept and nobody signs in. The answers stand in the address, so that the page can be sent to a sister and
//! the way back works: a word for the relation, one of six bands of age and words for situations. None of them, nor all
//! together, says who it is; a name, a number or an exact age never stands there.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use web::{Choice, Page, WebError, render};

use super::ItemLine;
use super::asked::{age_words, who};
use crate::Counter;
use crate::catalogue::{Age, Catalogue, Fit, OLDEST, Person};

/// The bands of age: the first year of each. A band ends where the next one begins.
const BANDS: [u8; 6] = [0, 7, 16, 18, 60, 80];

/// The most items of one list.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "counter/family.html")]
struct FamilyPage {
    page: Page,
    relations: Vec<Choice>,
    bands: Vec<Choice>,
    situations: Vec<Choice>,
    found: Option<Found>,
}

/// What she can get.
struct Found {
    who: String,
    likely: Vec<ItemLine>,
    depends: Vec<ItemLine>,
}

/// `GET /family`: the questions; with an answer, what she can get.
///
/// # Errors
/// A failure to draw.
pub async fn get(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    let catalogue = counter.catalogue();
    let person = read(&page, &catalogue);
    let found = who(&page, &catalogue, &person).map(|who| counter.found_for(&page, &person, who));
    let people = catalogue.people();
    let relation = person.relation.clone().unwrap_or_default();
    let offered = people.relations().filter(|one| one.offered || one.code == relation);
    let band = person.age.and_then(band_of).map(|from| from.to_string()).unwrap_or_default();
    let mut bands = vec![Choice::new("", page.t("counter-family-age-unknown"), &band)];
    bands.extend(BANDS.iter().map(|from| Choice::new(from.to_string(), age_words(&page, years(*from)), &band)));
    let situation = |one: &crate::catalogue::Situation| Choice {
        chosen: person.situations.contains(&one.code),
        ..Choice::new(one.code.as_str(), page.of(&one.name), "")
    };
    render(&FamilyPage {
        relations: offered.map(|one| Choice::new(one.code.as_str(), page.of(&one.name), &relation)).collect(),
        situations: people.situations().map(situation).collect(),
        bands,
        found,
        page,
    })
}

/// The person whom the address describes; what is not known there counts as not said.
fn read(page: &Page, catalogue: &Catalogue) -> Person {
    let people = catalogue.people();
    let given: BTreeSet<&str> = page.query.all("now").into_iter().collect();
    let band = page.query.get("age").parse().ok().filter(|from| BANDS.contains(from));
    Person {
        relation: people.relation(page.query.get("who")).map(|relation| relation.code.clone()),
        age: band.map(years),
        situations: people
            .situations()
            .map(|one| one.code.clone())
            .filter(|code| given.contains(code.as_str()))
            .collect(),
    }
}

/// The ages of a band.
fn years(from: u8) -> Age {
    let next = BANDS.iter().copied().find(|next| *next > from);
    Age { from, to: next.map_or(OLDEST, |next| next - 1) }
}

/// The band in which an age lies; none for a range that no band holds.
fn band_of(age: Age) -> Option<u8> {
    BANDS.iter().copied().find(|from| years(*from).from <= age.from && age.to <= years(*from).to)
}

/// The address where the questions about a person are answered again: her age as a band.
pub(super) fn address(person: &Person) -> String {
    let band = person.age.and_then(band_of).map(|from| from.to_string());
    let single = [("who", person.relation.clone()), ("age", band)];
    let single = single.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    let now = person.situations.iter().map(|code| ("now", code.clone()));
    let pairs: Vec<String> = single.chain(now).map(|(name, value)| format!("{name}={value}")).collect();
    format!("/family?{}", pairs.join("&"))
}

impl Counter {
    fn found_for(&self, page: &Page, person: &Person, who: String) -> Found {
        let catalogue = self.catalogue();
        let suited = catalogue.suited(person);
        let of = |fit: Fit| {
            let found = suited.iter().filter(|hit| hit.verdict.fit == fit).take(SHOWN);
            found.map(|hit| self.hit_line(page, hit)).collect()
        };
        Found { who, likely: of(Fit::Likely), depends: of(Fit::Depends) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_stands_in_the_address_as_its_band() {
        let person = |age: Option<Age>| Person {
            relation: Some("mother".to_owned()),
            age,
            situations: ["hardship".to_owned()].into(),
        };
        for (age, address_of) in [
            (Some(Age::of(85)), "/family?who=mother&age=80&now=hardship"),
            (Some(Age::of(60)), "/family?who=mother&age=60&now=hardship"),
            (Some(Age::of(3)), "/family?who=mother&age=0&now=hardship"),
            (Some(Age { from: 10, to: 90 }), "/family?who=mother&now=hardship"),
            (None, "/family?who=mother&now=hardship"),
        ] {
            assert_eq!(address(&person(age)), address_of);
        }
        assert_eq!(address(&Person::default()), "/family?");
    }

    #[test]
    fn bands_follow_one_another_without_a_gap() {
        let ends: Vec<u8> = BANDS.iter().map(|from| years(*from).to).collect();
        assert_eq!(ends, [6, 15, 17, 59, 79, OLDEST]);
    }
}
