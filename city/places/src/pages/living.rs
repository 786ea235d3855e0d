//! This file asks where somebody lives (您住在哪个社区), the same way on every page that asks it: by words, or from the
//! district down. It needs no script, because each answer that is not a community yet is followed by what lies in it.

use crate::rules::geography::Geography;
use crate::rules::living::{self, Fit};
use crate::{Place, Tree};
use kernel::place::{Level, PlaceId};
use web::{Choice, Form, Page};

/// What the question's button says for the whole city: from the districts down.
const FROM_THE_TOP: &str = "all";

/// Holds an answer as far as it was given: words, and the identity of a place that was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lives {
    /// What was typed.
    pub words: String,
    /// The identity of the place: a community once the question is answered, before that what is looked into.
    pub place: String,
}

/// Says how far an answer leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The community is known.
    Known,
    /// The page is shown again with what can be chosen.
    Choose,
    /// Nothing was said.
    Nothing,
}

/// Holds the question as a page shows it: the template `places/living.html` draws it.
pub struct Living {
    /// The name of the field that is chosen.
    pub name: String,
    /// The name of the field that is typed in.
    pub field: String,
    /// What was typed.
    pub words: String,
    /// The places to choose from.
    pub choices: Vec<Choice>,
    /// The place in which they lie, if somebody looks into one.
    pub within: String,
    /// Its name. It is empty where the choices answer to words.
    pub within_name: String,
    /// What lies above it, to go back to. It is empty at the top.
    pub above: String,
    /// Whether the words mean nothing.
    pub is_in_vain: bool,
}

impl Living {
    /// Says whether somebody looks into a district or a street, not only into the city.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        !self.within.is_empty() && self.within != FROM_THE_TOP
    }
}

impl Lives {
    /// Reads the answer of a form whose field has that name.
    #[must_use]
    pub fn read(form: &Form, name: &str) -> Self {
        Self { words: form.get(&format!("{name}_words")).to_owned(), place: form.get(name).to_owned() }
    }

    /// Takes in what the form says: which way she looks, what she chose, or what the words mean.
    pub fn settle(&mut self, form: &Form, name: &str, tree: &Tree, ground: Option<&Geography>) -> Step {
        if let Some(look) = form.opt(&format!("{name}_look")) {
            self.words.clear();
            look.clone_into(&mut self.place);
            return Step::Choose;
        }
        let searches = form.get("search") == "1" && !self.words.is_empty();
        match place(tree, &self.place).filter(|_| !searches) {
            Some(place) if place.level == Level::Community => return Step::Known,
            Some(_) => {
                self.words.clear();
                return Step::Choose;
            }
            None => self.place.clear(),
        }
        let within = form.get(&format!("{name}_within"));
        if self.words.is_empty() {
            within.clone_into(&mut self.place);
            return Step::Nothing;
        }
        let Some(only) = living::living(tree, ground, &self.words).only() else { return Step::Choose };
        self.place = only.id.to_string();
        if only.level == Level::Community { Step::Known } else { Step::Choose }
    }

    /// Draws the question.
    #[must_use]
    pub fn asked(&self, page: &Page, name: &str, tree: &Tree, ground: Option<&Geography>) -> Living {
        let mut asked = Living {
            name: name.to_owned(),
            field: format!("{name}_words"),
            words: self.words.clone(),
            choices: Vec::new(),
            within: String::new(),
            within_name: String::new(),
            above: String::new(),
            is_in_vain: false,
        };
        let top = tree.root().filter(|_| self.place == FROM_THE_TOP);
        let chosen = place(tree, &self.place).or(top);
        let meant = living::living(tree, ground, &self.words);
        // Words that name one street or district alone ask which part of it.
        let wide = chosen.or_else(|| meant.only()).filter(|place| place.level < Level::Community);
        if let Some(wide) = wide {
            let parts = tree.children(wide.id).map(Fit::of);
            asked.choices = parts.map(|fit| choice(page, tree, &fit, "")).collect();
            asked.within = look_at(wide);
            wide.named(page.lang).clone_into(&mut asked.within_name);
            let above = wide.parent.and_then(|id| tree.get(id));
            asked.above = above.map(look_at).unwrap_or_default();
        } else if !self.words.is_empty() {
            asked.choices = meant.fits.iter().map(|fit| choice(page, tree, fit, &self.place)).collect();
            asked.is_in_vain = asked.choices.is_empty();
        } else if let Some(chosen) = chosen {
            asked.choices = vec![choice(page, tree, &Fit::of(chosen), &self.place)];
        }
        asked
    }
}

/// Returns what a button says that looks into a place.
fn look_at(place: &Place) -> String {
    if place.level <= Level::City { FROM_THE_TOP.to_owned() } else { place.id.to_string() }
}

fn place<'t>(tree: &'t Tree, id: &str) -> Option<&'t Place> {
    tree.get(PlaceId(id.parse().ok()?)).filter(|place| place.level <= Level::Community)
}

/// Returns a place to choose, with its compound, street and district as the second line.
pub fn choice(page: &Page, tree: &Tree, fit: &Fit<'_>, current: &str) -> Choice {
    let mut above: Vec<&str> = tree
        .ancestors(fit.place.id)
        .into_iter()
        .filter(|place| place.level > Level::City)
        .map(|place| place.named(page.lang))
        .collect();
    if !fit.compound.is_empty() {
        above.push(&fit.compound);
    }
    let name = fit.place.named(page.lang);
    Choice::new(fit.place.id.to_string(), name, current).hint(above.join(" · "))
}
