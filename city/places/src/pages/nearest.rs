//! This file shows the counter of a community wherever somebody has to go there: its address, telephone, hours and a
//! map that prints. The template `places/nearest.html` draws it.

use super::picture::picture;
use crate::records::unit;
use crate::words::{COMMUNITY_COUNTER, Unit};
use crate::{Place, Places};
use kernel::language::Lang;
use kernel::place::{Level, PlaceId};
use store::{StoreError, Tx};
use web::{Page, WebError};

/// Holds the counter of a community in the visitor's language.
pub struct Nearest {
    /// What the counter is called.
    pub name: String,
    /// The community with its street and district.
    pub place: String,
    /// Where it is. It is empty if nobody filled it in.
    pub address: String,
    /// Its number. It is empty if nobody filled it in.
    pub telephone: String,
    /// The city's hotline, for where there is no number.
    pub hotline: &'static str,
    /// When it is open.
    pub hours: String,
    /// The page of the community.
    pub href: String,
    /// The map as HTML. It is empty if nothing is laid there.
    pub map: String,
    /// Whether the map is invented.
    pub is_invented: bool,
}

/// The city's hotline, which answers where a community has no number on file.
const HOTLINE: &str = "12345";
/// Words of opening hours as they are stored, and in English.
const HOURS: [(&str, &str); 13] = [
    ("工作日", "Working days"),
    ("周一至周五", "Monday to Friday"),
    ("周一至周日", "every day"),
    ("每天", "every day"),
    ("周一", "Monday"),
    ("周五", "Friday"),
    ("周六", "Saturday"),
    ("周日", "Sunday"),
    ("节假日休息", "closed on holidays"),
    ("至", " to "),
    ("、", ", "),
    ("，", ", "),
    ("；", "; "),
];

/// Returns hours in a language. What no word is known for stays as it was written.
fn hours(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => text.to_owned(),
        Lang::En => HOURS.iter().fold(text.to_owned(), |text, (zh, en)| text.replace(zh, en)),
    }
}

impl Nearest {
    fn of(page: &Page, places: &Places, place: &Place, unit: Option<&Unit>) -> Self {
        let tree = places.tree();
        let above = tree.ancestors(place.id).into_iter().filter(|above| above.level > Level::City);
        let names: Vec<&str> = above.map(|above| above.named(page.lang)).chain([place.named(page.lang)]).collect();
        let text = |of: fn(&Unit) -> &String| unit.map(|unit| of(unit).clone()).unwrap_or_default();
        let called = unit.map(|unit| page.of(&unit.name).to_owned());
        Self {
            name: called.unwrap_or_else(|| place.named(page.lang).to_owned()),
            place: names.join(" · "),
            address: text(|unit| &unit.address),
            telephone: text(|unit| &unit.telephone),
            hotline: HOTLINE,
            hours: hours(&text(|unit| &unit.hours), page.lang),
            href: format!("/places/{}", place.id),
            map: String::new(),
            is_invented: false,
        }
    }
}

impl Places {
    /// Returns how to reach the counter of a community, as labels and what they say, for a letter. A community that has
    /// no address or number on file says whom to call instead. What is no community has none.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn counter_facts(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        community: PlaceId,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let tree = self.tree();
        let Some(place) = tree.get(community).filter(|place| place.level == Level::Community) else {
            return Ok(Vec::new());
        };
        let counter = unit::units(tx, place.id)?.into_iter().find(|unit| unit.department == COMMUNITY_COUNTER);
        let near = Nearest::of(page, self, place, counter.as_ref());
        let address = Some(near.address).filter(|address| !address.is_empty());
        let telephone = Some(near.telephone).filter(|telephone| !telephone.is_empty());
        let mut facts = vec![
            (page.t("places-nearest-counter"), near.name),
            (
                page.t("places-unit-address"),
                address.unwrap_or_else(|| format!("{} {HOTLINE}", page.t("places-nearest-no-address"))),
            ),
            (page.t("places-unit-telephone"), telephone.unwrap_or_else(|| HOTLINE.to_owned())),
        ];
        if !near.hours.is_empty() {
            facts.push((page.t("places-unit-hours"), near.hours));
        }
        Ok(facts)
    }

    /// Returns the counter of a community without a map, or nothing if the place is no community.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub async fn counter_at(&self, page: &Page, community: PlaceId) -> Result<Option<Nearest>, WebError> {
        let tree = self.tree();
        let Some(place) = tree.get(community).filter(|place| place.level == Level::Community).cloned() else {
            return Ok(None);
        };
        let units = self.store().read(move |tx| unit::units(tx, community)).await?;
        let counter = units.into_iter().find(|unit| unit.department == COMMUNITY_COUNTER);
        Ok(Some(Nearest::of(page, self, &place, counter.as_ref())))
    }

    /// Returns the counter of a community, or nothing if the place is no community.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub async fn nearest(&self, page: &Page, community: PlaceId) -> Result<Option<Nearest>, WebError> {
        let tree = self.tree();
        let Some(place) = tree.get(community).filter(|place| place.level == Level::Community).cloned() else {
            return Ok(None);
        };
        let Some(mut shown) = self.counter_at(page, community).await? else { return Ok(None) };
        if let Some(laid) = self.geography().await? {
            let drawn = page.clone();
            let draw = move || (laid.invented, picture(&drawn, &tree, &laid, &place));
            let (invented, map) = page.aside(draw).await?;
            (shown.is_invented, shown.map) = (invented && !map.is_empty(), map);
        }
        Ok(Some(shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_in_both_languages() {
        let table = [
            ("工作日 8:30–11:30、13:00–17:00", "Working days 8:30–11:30, 13:00–17:00"),
            ("周一至周五 9:00–16:00，节假日休息", "Monday to Friday 9:00–16:00, closed on holidays"),
            ("周一至周六 9:00–16:00", "Monday to Saturday 9:00–16:00"),
            ("每天 8:00–20:00", "every day 8:00–20:00"),
            ("24 小时", "24 小时"),
            ("", ""),
        ];
        for (zh, en) in table {
            assert_eq!((hours(zh, Lang::Zh).as_str(), hours(zh, Lang::En).as_str()), (zh, en));
        }
    }
}
