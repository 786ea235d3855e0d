//! Where an applicant lives, as the pages of the counter ask it: a community, or the district or street that she knows
//! if she does not know her community.

use hall::Fault;
use kernel::place::{Level, PlaceId, PlacePath};
use places::{Geography, Lives, Living, Step};
use std::sync::Arc;
use web::{Choice, Form, Page};

use crate::Counter;
use crate::words::Answers;

/// The name of the field.
const FIELD: &str = "residence";

impl Counter {
    /// Reads the compounds, so that words can find them. Whatever is asked afterwards knows them.
    pub(super) async fn know_ground(&self) -> Result<(), Fault> {
        Ok(self.cases.hall.places.geography().await.map(drop)?)
    }

    fn ground(&self) -> Option<Arc<Geography>> {
        self.cases.hall.places.geography_known()
    }

    /// Returns a community of the tree by the identity in a form.
    #[must_use]
    pub fn community(&self, id: &str) -> Option<PlacePath> {
        let id = PlaceId(id.parse().ok()?);
        let tree = self.cases.hall.places.tree();
        tree.get(id).filter(|place| place.level == Level::Community).map(|place| place.path.clone())
    }

    /// Returns where somebody lives: her community, or the district or street that she knows if she said that she does
    /// not know more.
    pub(super) fn home(&self, answers: &Answers) -> Option<PlacePath> {
        let known = self.community(&answers.residence);
        if known.is_some() || !answers.residence_unknown {
            return known;
        }
        self.wide(&answers.residence)
    }

    /// Returns a district or a street of the tree by the identity in a form.
    fn wide(&self, id: &str) -> Option<PlacePath> {
        let id = PlaceId(id.parse().ok()?);
        let tree = self.cases.hall.places.tree();
        let is_wide = |level| matches!(level, Level::District | Level::Street);
        tree.get(id).filter(|place| is_wide(place.level)).map(|place| place.path.clone())
    }

    /// Returns how far she knows it who does not know her community: the district or street that she chose, else the
    /// one that she looks into. It returns nothing if she looks or searches on.
    fn known_to(&self, answers: &Answers, form: &Form) -> Option<PlacePath> {
        let (is_lost, chosen) = (form.has("unknown"), self.wide(&answers.residence));
        let inside = || self.wide(form.get("residence_within"));
        if is_lost {
            return chosen.or_else(inside);
        }
        let is_silent = answers.residence.is_empty() && answers.residence_words.is_empty();
        let goes_on = answers.residence_unknown && !looks_on(form) && form.get("search") != "1";
        chosen.or_else(|| inside().filter(|_| is_silent)).filter(|_| goes_on)
    }

    /// Writes where somebody lives. If it is no community yet, it says so.
    pub(super) fn home_told(&self, page: &Page, home: &PlacePath) -> String {
        let chain = self.cases.hall.places.tree().chain(home, page.lang);
        if home.level() < Level::Community { page.t1("counter-home-open", "place", chain) } else { chain }
    }

    /// Returns the communities that answer to the words.
    #[must_use]
    pub fn communities(&self, page: &Page, words: &str) -> Vec<Choice> {
        let tree = self.cases.hall.places.tree();
        let found = places::communities_of(&tree, self.ground().as_deref(), words).into_iter();
        let above = |place: &places::Place| place.path.parent().map(|above| tree.chain(&above, page.lang));
        let choice = |place: &places::Place| {
            Choice::new(place.id.to_string(), place.named(page.lang), "").hint(above(place).unwrap_or_default())
        };
        found.map(choice).collect()
    }

    /// Takes in what a page's form says of where she lives.
    pub(super) fn settle(&self, answers: &mut Answers, form: &Form) -> Step {
        if let Some(known) = self.known_to(answers, form) {
            answers.residence_words.clear();
            (answers.residence, answers.residence_unknown) = (known.id().to_string(), true);
            return Step::Known;
        }
        if form.has("unknown") {
            // First she says in which district.
            answers.residence_words.clear();
            (answers.residence, answers.residence_unknown) = ("all".to_owned(), true);
            return Step::Choose;
        }
        let tree = self.cases.hall.places.tree();
        let mut lives = Lives { words: answers.residence_words.clone(), place: answers.residence.clone() };
        let step = lives.settle(form, FIELD, &tree, self.ground().as_deref());
        let is_unknown = answers.residence_unknown && (looks_on(form) || step == Step::Nothing);
        (answers.residence_words, answers.residence, answers.residence_unknown) =
            (lives.words, lives.place, is_unknown);
        step
    }

    /// Draws the question where she lives.
    pub(super) fn living(&self, page: &Page, answers: &Answers) -> Living {
        let lives = Lives { words: answers.residence_words.clone(), place: answers.residence.clone() };
        lives.asked(page, FIELD, &self.cases.hall.places.tree(), self.ground().as_deref())
    }
}

/// Whether she asks for other places to choose from: those one level up, or what lies in the one that she chose.
fn looks_on(form: &Form) -> bool {
    form.opt("residence_look").is_some() || form.has("deeper")
}
