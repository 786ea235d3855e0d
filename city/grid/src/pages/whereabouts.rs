//! Where something is, as a page asks it: by the name of a compound, a community or a street, by a whole address as
//! in 附近, by a point of the map, or from the district down.

use kernel::place::{Level, PlaceId};
use kernel::refusal::Refusal;
use places::Lives;
use places::geography::Geography;
use web::{Choice, Page};

use crate::Grid;
use crate::finding::{self, Found, Land};
use crate::refusals::Why;
use crate::words::Spot;

/// Begins the answer that looks into a district or a street instead of naming a community.
const INTO: &str = "in:";

/// The places that an answer may mean, as a page lists them.
#[derive(Default)]
pub(super) struct Whereabouts {
    /// The places to choose from: a community, a compound or a point, else a district or a street to look into.
    pub choices: Vec<Choice>,
    /// The district or street in which they lie. It is empty where they answer to words.
    pub within: String,
    /// The answer that leads one level up. It is empty where there is none.
    pub above: String,
}

impl Whereabouts {
    /// The places that words mean.
    fn of(choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::default() }
    }
}

/// The answer that looks into the place of that identity, `all` for the whole city.
fn into(place: &str) -> String {
    format!("{INTO}{place}")
}

/// Whether an answer looks into a district or a street.
pub(super) fn looks_into(at: &str) -> bool {
    at.starts_with(INTO)
}

impl Grid {
    /// What the answer to "where" may mean: `words` as they were typed, `at` as far as it was chosen. What was chosen
    /// stands first where the words alone do not lead to it.
    ///
    /// # Errors
    /// A point that cannot be read or lies nowhere in the city, or words that mean no place.
    pub(super) fn whereabouts(
        &self,
        page: &Page,
        ground: Option<&Geography>,
        words: &str,
        at: &str,
        most_metres: u32,
    ) -> Result<Whereabouts, Refusal> {
        let meant = self.meant(page, ground, words, at, most_metres);
        let Ok(spot) = self.spot(ground, at, most_metres) else { return meant };
        let mut meant = meant.unwrap_or_default();
        if meant.choices.iter().all(|choice| choice.value != at) {
            meant.choices.iter_mut().for_each(|choice| choice.chosen = false);
            meant.choices.insert(0, Choice::new(at, self.place_words(page, ground, &spot), at));
        }
        Ok(meant)
    }

    /// What words mean, or what lies in the district or street into which she looks.
    fn meant(
        &self,
        page: &Page,
        ground: Option<&Geography>,
        words: &str,
        at: &str,
        most_metres: u32,
    ) -> Result<Whereabouts, Refusal> {
        if let Some(place) = at.strip_prefix(INTO) {
            let lives = Lives { words: String::new(), place: place.to_owned() };
            return Ok(self.asked(page, ground, &lives, at));
        }
        if words.is_empty() {
            return Ok(Whereabouts::default());
        }
        if places::seems_point(words) {
            let spot = self.pointed(ground, words, most_metres)?;
            return Ok(Whereabouts::of(vec![self.point_choice(page, ground, &spot)]));
        }
        let named = self.found(page, ground, words, at);
        if !named.is_empty() {
            return Ok(Whereabouts::of(named));
        }
        let lives = Lives { words: words.to_owned(), place: String::new() };
        let asked = self.asked(page, ground, &lives, at);
        if asked.choices.is_empty() {
            return Err(Refusal::new(Why::GridPlaceUnfound).field("where"));
        }
        Ok(asked)
    }

    /// What the finder of 附近 answers, in our names of places.
    fn asked(&self, page: &Page, ground: Option<&Geography>, lives: &Lives, at: &str) -> Whereabouts {
        let tree = self.hall.places.tree();
        let asked = lives.asked(page, "at", &tree, ground);
        let ours = |choice: Choice| {
            let is_community = |id: i64| tree.get(PlaceId(id)).is_some_and(|place| place.level == Level::Community);
            let is_one = choice.value.parse().is_ok_and(is_community);
            let value = if is_one { format!("p:{}", choice.value) } else { into(&choice.value) };
            Choice { chosen: value == at, value, ..choice }
        };
        let mut choices: Vec<Choice> = asked.choices.into_iter().map(ours).collect();
        // A community is chosen for her where its whole name stands in what she wrote, and not for a likeness.
        if let [only] = choices.as_mut_slice()
            && let Some(id) = only.value.strip_prefix("p:").and_then(|id| id.parse().ok())
            && tree.get(PlaceId(id)).is_some_and(|place| finding::is_named(place, &lives.words))
        {
            only.chosen = true;
        }
        Whereabouts {
            within: asked.within_name,
            above: if asked.above.is_empty() { String::new() } else { into(&asked.above) },
            ..Whereabouts::of(choices)
        }
    }

    /// The compounds and communities that words may mean, or else the communities of a street of that name.
    fn found(&self, page: &Page, ground: Option<&Geography>, words: &str, chosen: &str) -> Vec<Choice> {
        let found = finding::found(&self.hall.places.tree(), ground, words);
        self.place_choices(page, found, chosen)
    }

    /// The same, or else the communities that a whole address may mean.
    pub(super) fn addressed(&self, page: &Page, ground: Option<&Geography>, words: &str, chosen: &str) -> Vec<Choice> {
        let named = self.found(page, ground, words, chosen);
        if !named.is_empty() {
            return named;
        }
        let addressed = finding::addressed(&self.hall.places.tree(), ground, words);
        self.place_choices(page, addressed, chosen)
    }

    /// What was found, to choose from: the one whose whole name was said is chosen where nothing was chosen yet.
    fn place_choices(&self, page: &Page, found: Vec<Found>, chosen: &str) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let said = finding::exact(&found).filter(|_| chosen.is_empty()).map(|one| one.at.clone());
        let chosen = said.as_deref().unwrap_or(chosen);
        let choice = |found: Found| {
            let chain = tree.chain(&found.community, page.lang);
            match found.compound {
                Some(name) => Choice::new(found.at, name, chosen).hint(chain),
                None => Choice::new(found.at, chain, chosen),
            }
        };
        found.into_iter().map(choice).collect()
    }

    /// Where it is: `p:` and a community, `c:` and a compound, `b:` and a building, `g:` and a point of the map.
    pub(super) fn spot(&self, ground: Option<&Geography>, at: &str, most_metres: u32) -> Result<Spot, Refusal> {
        let missing = || Refusal::new(Why::GridPlaceMissing).field("at");
        match at.split_once(':').ok_or_else(missing)? {
            ("g", point) => self.pointed(ground, point, most_metres),
            _ => finding::spot(&self.hall.places.tree(), ground, at).ok_or_else(missing),
        }
    }

    /// What lies at a point that somebody wrote or her browser told.
    fn pointed(&self, ground: Option<&Geography>, text: &str, most_metres: u32) -> Result<Spot, Refusal> {
        let tree = self.hall.places.tree();
        let land = Land { tree: &tree, ground, most_metres };
        finding::pointed(&land, text).map_err(|refusal| refusal.field("where"))
    }

    /// The words for a spot: its compound, its community with what lies above it, and its point.
    pub(super) fn place_words(&self, page: &Page, ground: Option<&Geography>, spot: &Spot) -> String {
        let chain = self.hall.places.tree().chain(&spot.community, page.lang);
        let compound = spot.compound.and_then(|id| ground?.compound(id)).map(|(_, compound)| compound.name.clone());
        let words = compound.into_iter().chain([chain]).chain(spot.point.map(|point| point.to_string()));
        words.collect::<Vec<_>>().join(" · ")
    }

    /// A point to choose, in the words of what lies there.
    fn point_choice(&self, page: &Page, ground: Option<&Geography>, spot: &Spot) -> Choice {
        let key = spot.point.map(|point| format!("g:{point}")).unwrap_or_default();
        Choice::new(key.clone(), self.place_words(page, ground, spot), &key)
    }
}
